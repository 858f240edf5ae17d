"""Texts about who stands: approved with a contact in a campaign, and not at all on the day of polling; taking away always works."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.accounts.factories import UserFactory
from tests.activities.factories import MemberReportFactory, ReportFactory
from tests.books.factories import LinkFactory
from tests.comments.factories import CommentFactory, PendingFactory
from tests.moderation.conftest import at_desk
from tests.moderation.factories import waiting_text
from tests.people.factories import CorrectionFactory, PoliticianFactory
from tests.pledges.factories import PledgeFactory
from tests.standing import ANNOUNCED, CLOSED, CONTACT, POLLING, SECOND, stands
from tsushinbo.accounts.membership import close_account
from tsushinbo.accounts.models import User
from tsushinbo.accounts.queries import exported
from tsushinbo.elections.queries import mode
from tsushinbo.evaluations.models import Assessment
from tsushinbo.moderation.contacts import is_contact, read_contact
from tsushinbo.moderation.models import Appeal, DecisionReason, PosterContact, Reviewable
from tsushinbo.moderation.models.takedowns import Takedown
from tsushinbo.moderation.queries import desk as queue
from tsushinbo.moderation.queries.campaigns import until_polls
from tsushinbo.moderation.services import (
    PollingDay,
    WaitsForPolls,
    answer_appeal,
    decide,
    forget_contacts_of_nothing,
    hide,
    keep_contact,
    open_appeal,
    restore,
)
from tsushinbo.moderation.services.takedowns import due_of
from tsushinbo.people.models import Politician
from tsushinbo.pledges.contents import Content
from tsushinbo.pledges.models import PledgeProposal
from tsushinbo.replies.models import Reply

pytestmark = pytest.mark.django_db
State = Reviewable.State
EARLY = datetime(2027, 4, 10, tzinfo=ANNOUNCED.tzinfo)
Make = Callable[[Politician], Any]


def comment(person: Politician) -> Reviewable:
    return PendingFactory.create(report=ReportFactory.create(politician=person))


def member_report(person: Politician) -> Reviewable:
    return MemberReportFactory.create(politician=person)


def assessment(person: Politician) -> Reviewable:
    return Assessment.objects.create(
        pledge=PledgeFactory.create(politician=person), author=UserFactory.create(), progress=1, achievement=1,
        comment="予算に計上されました。", worded=True, made_at=EARLY, submitted_at=EARLY,
    )  # fmt: skip


def proposal(person: Politician) -> Reviewable:
    pledge = PledgeFactory.create(politician=person)
    return PledgeProposal.objects.create(
        politician=person, author=UserFactory.create(), content={**Content.of(pledge).kept, "title": "新しい公約"}, submitted_at=EARLY
    )  # fmt: skip


def reply(person: Politician) -> Reviewable:
    answered = CommentFactory.create(report=ReportFactory.create(politician=person))
    return Reply.objects.create(
        politician=person, author=UserFactory.create(), comment=answered, body="実施します。", made_at=EARLY, changed_at=EARLY,
        submitted_at=EARLY,
    )  # fmt: skip


def book(person: Politician) -> Reviewable:
    return LinkFactory.create(politician=person)


def correction(person: Politician) -> Reviewable:
    return CorrectionFactory.create(politician=person)


def reason(person: Politician) -> Reviewable:
    return waiting_text(at=EARLY, pledge=PledgeFactory.create(politician=person))


SIGNED = (comment, member_report, assessment, proposal, reply)
FREE = (book, correction)
EVERY = (*SIGNED, *FREE, reason)


@pytest.fixture
def candidate() -> Politician:
    person = PoliticianFactory.create()
    stands(person)
    return person


def state_of(item: Reviewable) -> str:
    return str(type(item)._default_manager.get(pk=item.pk).state)


@pytest.mark.parametrize("make", [*SIGNED, *FREE])
@pytest.mark.parametrize(("at", "waits"), [(POLLING - SECOND, False), (POLLING, True), (CLOSED - SECOND, True), (CLOSED, False)])  # fmt: skip
def test_on_the_day_of_polling_an_approval_waits_until_the_polls_close(
    candidate: Politician, moderator: User, make: Make, at: datetime, waits: bool
) -> None:
    item = make(candidate)
    keep_contact(item, CONTACT, by=None, at=EARLY)
    if waits:
        with pytest.raises(PollingDay, match="4月25日20時まで公開できません"):
            decide(item=item, approve=True, by=moderator, at=at)
        assert state_of(item) == State.PENDING
    else:
        decide(item=item, approve=True, by=moderator, at=at)
        assert state_of(item) == State.APPROVED


@pytest.mark.parametrize("make", EVERY)
def test_taking_away_works_while_people_vote(candidate: Politician, moderator: User, make: Make) -> None:
    item = make(candidate)
    decide(item=item, approve=False, by=moderator, reason=DecisionReason.OTHER, at=POLLING)
    assert state_of(item) == State.REJECTED
    with pytest.raises(PollingDay):
        restore(item=item, by=moderator, at=POLLING)
    assert state_of(item) == State.REJECTED


def test_what_is_public_is_hidden_while_people_vote_and_comes_back_later(
    candidate: Politician, moderator: User
) -> None:
    shown = CommentFactory.create(report=ReportFactory.create(politician=candidate))
    keep_contact(shown, CONTACT, by=None, at=EARLY)
    hide(item=shown, by=moderator, reason=DecisionReason.DEFAMATION, at=POLLING)
    with pytest.raises(PollingDay):
        restore(item=shown, by=moderator, at=CLOSED - SECOND)
    restore(item=shown, by=moderator, at=CLOSED)


@pytest.mark.parametrize("make", SIGNED)
@pytest.mark.parametrize(("at", "waits"), [(ANNOUNCED - SECOND, False), (ANNOUNCED, True), (POLLING - SECOND, True), (CLOSED, False)])  # fmt: skip
def test_in_a_campaign_a_text_without_a_contact_waits(
    candidate: Politician, moderator: User, make: Make, at: datetime, waits: bool
) -> None:
    item = make(candidate)
    if waits:
        with pytest.raises(WaitsForPolls, match="投稿者の連絡先が付いていないため"):
            decide(item=item, approve=True, by=moderator, at=at)
        assert state_of(item) == State.PENDING
        keep_contact(item, CONTACT, by=None, at=at)
    decide(item=item, approve=True, by=moderator, at=at)


@pytest.mark.parametrize(("at", "waits"), [(ANNOUNCED - SECOND, False), (ANNOUNCED, True), (CLOSED - SECOND, True), (CLOSED, False)])  # fmt: skip
def test_reasons_of_ballots_wait_through_the_whole_campaign(
    candidate: Politician, moderator: User, at: datetime, waits: bool
) -> None:
    item = reason(candidate)
    if waits:
        with pytest.raises((WaitsForPolls, PollingDay)):
            decide(item=item, approve=True, by=moderator, at=at)
    else:
        decide(item=item, approve=True, by=moderator, at=at)


@pytest.mark.parametrize("make", EVERY)
def test_nothing_waits_of_who_does_not_stand(candidate: Politician, moderator: User, make: Make) -> None:
    decide(item=make(PoliticianFactory.create()), approve=True, by=moderator, at=POLLING)


def test_polls_that_close_early_release_early(moderator: User) -> None:
    person = PoliticianFactory.create()
    stands(person, polls_close_at=time(18))
    item = book(person)
    with pytest.raises(PollingDay):
        decide(item=item, approve=True, by=moderator, at=CLOSED.replace(hour=17, minute=59, second=59))
    decide(item=item, approve=True, by=moderator, at=CLOSED.replace(hour=18))


def test_an_appeal_is_granted_when_the_polls_have_closed_and_stays_open_before(
    candidate: Politician, moderator: User, colleague: User
) -> None:
    item = member_report(candidate)
    keep_contact(item, CONTACT, by=None, at=EARLY)
    decide(item=item, approve=False, by=moderator, reason=DecisionReason.OTHER, at=EARLY)
    appeal = open_appeal(item=item, by=item.written_by, text="出典があります。", at=EARLY)
    with pytest.raises(PollingDay):
        answer_appeal(appeal=appeal, grant=True, by=colleague, answer="戻します。", at=POLLING)
    assert Appeal.objects.get().state == Appeal.State.OPEN
    answer_appeal(appeal=appeal, grant=True, by=colleague, answer="戻します。", at=CLOSED)


# the desk


def test_the_desk_says_until_when_a_text_waits_and_offers_no_approval(candidate: Politician, moderator: User) -> None:
    with time_machine.travel(ANNOUNCED - SECOND, tick=False):
        desk = at_desk(moderator)
    item = comment(candidate)
    address = reverse("moderation:text", args=[item.kind, item.pk])
    for at, said in (
        (ANNOUNCED - SECOND, ""),
        (ANNOUNCED, "投稿者の連絡先がないため"),
        (POLLING, "投票日のため"),
        (CLOSED, ""),
    ):
        with time_machine.travel(at, tick=False):
            for page in (address, reverse("moderation:desk")):
                html = desk.get(page).content.decode()
                assert ("投票が終わるまで公開できません" in html) == bool(said)
                assert said in html
                assert ('value="approve" data-deed' in html) == (not said)
                assert "却下する" in html


def test_what_is_sent_all_the_same_is_refused_with_the_reason(candidate: Politician, moderator: User) -> None:
    item = book(candidate)
    with time_machine.travel(POLLING, tick=False):
        desk = at_desk(moderator)
        decided = {"version": item.version, "deed": "approve", "reason": "", "note": ""}
        response = desk.post(reverse("moderation:decide", args=[item.kind, item.pk]), decided)
        assert response.status_code == 409
        assert "投票が終わる4月25日20時まで公開できません" in response.content.decode()
        items = {"items": [f"{item.kind} {item.pk} {item.version}"], "deed": "approve"}
        page = desk.post(reverse("moderation:bulk"), items, follow=True).content.decode()
        assert "1件は判断できませんでした。投票日のため" in page
    assert state_of(item) == State.PENDING


def test_the_desk_asks_no_more_the_more_texts_there_are(
    candidate: Politician, moderator: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with time_machine.travel(POLLING, tick=False):
        until_polls([], POLLING)
        for number in range(1, 8):
            PendingFactory.create(report=ReportFactory.create(politician=candidate), body=f"意見{number}")
        rows = list(PendingFactory._meta.model.for_desk())
        queue.until_polls(rows[:1], POLLING)
        mode.forget()
        mode.running(POLLING)
        # Who stands, and the contacts of comments.
        with django_assert_num_queries(2):
            held = queue.until_polls(rows, POLLING)
        assert len(held.frozen) == len(held.unsigned) == 7


# contacts


@pytest.mark.parametrize(
    "typed",
    ["namae@example.jp", "https://sns.example/@namae", "https://example.jp/form?id=1", "ＮＡＭＡＥ＠example.jp", " namae@example.jp "],
)  # fmt: skip
def test_a_contact_is_an_address_that_somebody_answers(typed: str) -> None:
    assert is_contact(read_contact(typed))


@pytest.mark.parametrize(
    "typed",
    [
        "", "namae", "@namae", "03-1234-5678", "http://example.jp/", "javascript:alert(1)", "https://good.example@bad.example/",
        "https://", "https://localhost", "namae@", "namae@example", '"><script>@example.jp', "https://example.jp/\"onclick=x", "a" * 190 + "@example.jp",
        "data:text/html,x@example.jp",
    ],
)  # fmt: skip
def test_what_reaches_nobody_is_no_contact(typed: str) -> None:
    assert not is_contact(read_contact(typed))


def test_a_contact_goes_with_its_text_and_with_its_account(candidate: Politician) -> None:
    taken_back, kept = comment(candidate), comment(candidate)
    author = UserFactory.create()
    for item in (taken_back, kept):
        keep_contact(item, CONTACT, by=author, at=ANNOUNCED)
    assert exported(author)["contacts"][0]["contact"] == CONTACT
    taken_back.delete()
    assert forget_contacts_of_nothing() == 1
    assert PosterContact.objects.get().subject_id == kept.pk
    close_account(user=author)
    assert not PosterContact.objects.exists()


# takedown requests


@pytest.mark.parametrize(("at", "on_record"), [(ANNOUNCED - SECOND, False), (ANNOUNCED, True), (CLOSED - SECOND, True), (CLOSED, False)])  # fmt: skip
def test_the_desk_of_takedowns_tells_what_is_on_record_beside_what_a_claimant_says(
    candidate: Politician, moderator: User, at: datetime, on_record: bool
) -> None:
    item = comment(candidate)
    with time_machine.travel(at, tick=False):
        desk = at_desk(moderator)
        request = Takedown.objects.create(
            page="/activities/", words="意見", right="honour", how="事実と違います。", name="見本", email=CONTACT, candidate=True,
            election="見本市長選挙", received_at=at, due_at=due_of(candidate=True, contact_missing=False, at=at), kind=item.kind, subject_id=item.pk,
        )  # fmt: skip
        assert request.due_at - at == timedelta(days=2)
        html = desk.get(reverse("moderation:takedown-desk", args=[request.pk])).content.decode()
        assert ("の選挙運動の期間</a>の候補者でした" in html) == on_record
        assert ("候補者として記録されていません" in html) == (not on_record)
