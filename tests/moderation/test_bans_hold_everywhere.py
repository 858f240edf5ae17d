"""Who is banned writes no text in any room; ballots and numbers, which are no texts, are taken."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from tests.accounts.factories import UserFactory
from tests.activities.factories import ReportFactory
from tests.comments.factories import CommentFactory
from tests.evaluations.assessing import assess, self_assess
from tests.people.factories import DelegateFactory
from tests.pledges.factories import PledgeFactory
from tsushinbo.accounts import voters
from tsushinbo.accounts.models import User
from tsushinbo.evaluations.models import Assessment, Ballot, Choice, Reason, ReasonText
from tsushinbo.evaluations.services import cast_ballot
from tsushinbo.moderation.models import Ban, DecisionReason
from tsushinbo.moderation.services import Banned, ban_account, ban_network
from tsushinbo.pledges.contents import Content
from tsushinbo.pledges.models import Pledge, PledgeProposal
from tsushinbo.pledges.services.drafts import save_draft
from tsushinbo.pledges.services.importing import import_pledges
from tsushinbo.pledges.services.proposals import change_pledge, propose_change, propose_pledge, register_pledge
from tsushinbo.replies.models import Reply
from tsushinbo.replies.services import answer

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
OTHER = DecisionReason.OTHER
VOTER = 4711


@pytest.fixture
def pledge() -> Pledge:
    return PledgeFactory.create()


def said(pledge: Pledge) -> Content:
    return replace(Content.of(pledge), title="給食費を無償にします", text="小中学校の給食費を無償にします。")


def propose(pledge: Pledge, author: User) -> None:
    propose_pledge(owner=pledge.owner, author=author, content=said(pledge), at=AT)


def register(pledge: Pledge, author: User) -> None:
    register_pledge(owner=pledge.owner, author=author, content=said(pledge), at=AT)


def propose_other_words(pledge: Pledge, author: User) -> None:
    propose_change(pledge=pledge, author=author, content=said(pledge), reason="直す", seen=0, at=AT)


def change(pledge: Pledge, author: User) -> None:
    change_pledge(pledge=pledge, author=author, content=said(pledge), reason="直す", seen=0, at=AT)


def send_list(pledge: Pledge, author: User) -> None:
    draft = save_draft(author=author, owner=pledge.owner, fields={}, rows=[], at=AT)
    import_pledges(draft=draft, author=author, contents=[said(pledge)], at_once=False, at=AT)


def reply(pledge: Pledge, author: User) -> None:
    report = ReportFactory.create(politician=pledge.politician, publish_at=AT - timedelta(days=1))
    answer(target=CommentFactory.create(report=report), author=author, body="違います。", seen="", at=AT)


def comment_on_own(pledge: Pledge, author: User) -> None:
    self_assess(pledge, author, comment="順調です。", at=AT)


def written() -> int:
    return PledgeProposal.objects.count() + Reply.objects.count() + Assessment.objects.count()


@pytest.mark.parametrize("deed", [propose, propose_other_words, send_list], ids=lambda deed: deed.__name__)
def test_a_member_who_is_banned_proposes_nothing(
    pledge: Pledge, citizen: User, moderator: User, deed: Callable[[Pledge, User], None]
) -> None:
    ban_account(account=citizen, by=moderator, reason=OTHER, until=AT + timedelta(days=1), at=AT)
    with pytest.raises(Banned):
        deed(pledge, citizen)
    assert written() == 0
    Ban.objects.update(until=AT)
    deed(pledge, citizen)
    assert written() == 1


@pytest.mark.parametrize("deed", [register, change, reply, comment_on_own], ids=lambda deed: deed.__name__)
def test_who_speaks_for_a_politician_and_is_banned_publishes_nothing(
    pledge: Pledge, moderator: User, deed: Callable[[Pledge, User], None]
) -> None:
    office = DelegateFactory.create(politician=pledge.politician).user
    ban_account(account=office, by=moderator, reason=OTHER, at=AT)
    before = Pledge.objects.values().get()
    with pytest.raises(Banned):
        deed(pledge, office)
    assert written() == 0
    assert Pledge.objects.values().get() == before
    Ban.objects.update(until=AT)
    deed(pledge, office)


def test_the_numbers_of_who_is_banned_are_taken_and_the_words_that_stand_stay(
    pledge: Pledge, citizen: User, moderator: User, client: Client
) -> None:
    assess(pledge, citizen, comment="まだです。", at=AT)
    ban_account(account=citizen, by=moderator, reason=OTHER, at=AT)
    with pytest.raises(Banned):
        assess(pledge, citizen, comment="まだまだです。", at=AT)
    assert assess(pledge, citizen, progress=50, comment="まだです。", at=AT).progress == 50
    assert assess(pledge, UserFactory.create(), at=AT).comment == ""
    client.force_login(citizen)
    sent = {"progress": "60", "achievement": "10", "comment": "新しい文です。"}
    page = client.post(reverse("evaluations:assess", args=[pledge.pk]), sent)
    assert page.status_code == 422
    assert "投稿を停止しています" in page.content.decode()
    assert "マイページの「お知らせ」から、異議を申し立てられます。" in page.content.decode()
    assert "新しい文です。" in page.content.decode()


@pytest.mark.parametrize("who", ["account", "network"])
def test_the_ballot_of_who_is_banned_is_taken_without_a_text(
    pledge: Pledge, citizen: User, moderator: User, who: str
) -> None:
    if who == "account":
        ban_account(account=citizen, by=moderator, reason=OTHER, at=AT)
    else:
        ban_network(network="hash", by=moderator, reason=OTHER, at=AT)
    given = {"pledge": pledge, "voter": VOTER, "choice": Choice.BAD, "account": citizen, "network": "hash", "at": AT}
    with pytest.raises(Banned):
        cast_ballot(**given, reasons=[Reason.OTHER], text="財源が足りません。")
    assert not Ballot.objects.exists()
    cast_ballot(**given, reasons=[Reason.OTHER])
    assert (Ballot.objects.count(), ReasonText.objects.count()) == (1, 0)


def test_the_ballot_box_says_that_texts_are_stopped_and_keeps_what_was_typed(
    pledge: Pledge, citizen: User, moderator: User, client: Client
) -> None:
    ban_account(account=citizen, by=moderator, reason=OTHER, at=timezone.now())
    given = HttpResponse()
    voters.remember(given, RequestFactory().get("/"), voters.Voter(VOTER, owed_cookie=True))
    client.cookies.update(given.cookies)
    client.force_login(citizen)
    address = reverse("evaluations:ballot", args=[pledge.pk])
    page = client.post(address, {"choice": "bad", "reasons": ["other"], "reason_text": "財源が足りません。"})
    assert page.status_code == 422
    assert "投稿を停止しています" in page.content.decode()
    assert "財源が足りません。" in page.content.decode()
    assert client.post(address, {"choice": "bad", "reasons": ["other"]}).status_code == 303
