"""Who posts about somebody who stands gives a contact, in the campaign and at no other time: services, forms, and what readers see."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.accounts.factories import UserFactory, log_in_with_second_factor
from tests.activities.factories import ReportFactory
from tests.comments.factories import CommentFactory
from tests.evaluations.assessing import assess, self_assess
from tests.people.factories import DelegateFactory, PoliticianFactory
from tests.pledges.factories import PledgeFactory, PolicyAreaFactory
from tests.pledges.weighing import confirm, editor, propose
from tests.standing import ANNOUNCED, CLOSED, CONTACT, POLLING, SECOND, stands
from tsushinbo.accounts.models import User
from tsushinbo.activities.services import Wording, change_report, post_report
from tsushinbo.addresses import encode
from tsushinbo.comments.models import Comment
from tsushinbo.comments.services import Writer, post_comment
from tsushinbo.evaluations.models import Ballot, Choice, Reason, ReasonText
from tsushinbo.evaluations.services import cast_ballot
from tsushinbo.moderation.models import PosterContact
from tsushinbo.moderation.services import ContactRefused, decide, keep_contact
from tsushinbo.people.models import Politician
from tsushinbo.pledges.contents import Content
from tsushinbo.pledges.models import PledgeDraft, PledgeRevision
from tsushinbo.pledges.services.importing import import_pledges
from tsushinbo.pledges.services.proposals import change_pledge, propose_change, propose_pledge, register_pledge
from tsushinbo.replies.services import answer

pytestmark = pytest.mark.django_db
EARLY = datetime(2027, 4, 10, tzinfo=ANNOUNCED.tzinfo)
SAID = Wording(
    title="点検しました", happened_on=date(2027, 4, 1), body="41か所です。", source_title="会議録", source_url="https://www.example.com/"
)  # fmt: skip
Post = Callable[[Politician, str, datetime], object]


def office_of(person: Politician) -> User:
    return DelegateFactory.create(politician=person).user


def content_of(person: Politician) -> Content:
    return Content.of(PledgeFactory.create(politician=person))


def comment(person: Politician, contact: str, at: datetime) -> object:
    report = ReportFactory.create(politician=person)
    return post_comment(report=report, writer=Writer(number=7), nickname="", body="賛成です。", contact=contact, at=at)


def member_report(person: Politician, contact: str, at: datetime) -> object:
    return post_report(politician=person, author=UserFactory.create(), wording=SAID, contact=contact, at=at)


def own_report(person: Politician, contact: str, at: datetime) -> object:
    return post_report(politician=person, author=office_of(person), wording=SAID, contact=contact, at=at)


def changed_report(person: Politician, contact: str, at: datetime) -> object:
    report = ReportFactory.create(
        politician=person, by_owner=False, source_title="会議録", source_url="https://www.example.com/"
    )
    wording = replace(SAID, body="42か所です。")
    return change_report(
        report=report, author=report.author, wording=wording, contact=contact, seen=report.changed_at, at=at
    )


def proposal(person: Politician, contact: str, at: datetime) -> object:
    content = replace(content_of(person), title="別の公約", text="別の公約です。")
    return propose_pledge(owner=person, author=UserFactory.create(), content=content, contact=contact, at=at)


def registered(person: Politician, contact: str, at: datetime) -> object:
    content = replace(content_of(person), title="別の公約", text="別の公約です。")
    return register_pledge(owner=person, author=editor(), content=content, contact=contact, at=at)


def change(person: Politician, contact: str, at: datetime) -> object:
    pledge = PledgeFactory.create(politician=person)
    content = replace(Content.of(pledge), text="直しました。")
    return propose_change(
        pledge=pledge, author=UserFactory.create(), content=content, reason="誤り", seen=0, contact=contact, at=at
    )


def changed(person: Politician, contact: str, at: datetime) -> object:
    pledge = PledgeFactory.create(politician=person)
    content = replace(Content.of(pledge), text="直しました。")
    return change_pledge(pledge=pledge, author=editor(), content=content, reason="誤り", seen=0, contact=contact, at=at)


def manifesto(person: Politician, contact: str, at: datetime) -> object:
    author = UserFactory.create()
    draft = PledgeDraft.objects.create(politician=person, author=author, fields={}, rows=[], saved_at=at)
    contents = [replace(content_of(person), title=title, text=title) for title in ("一つめ", "二つめ")]
    return import_pledges(draft=draft, author=author, contents=contents, at_once=False, contact=contact, at=at)


def evidence(person: Politician, contact: str, at: datetime) -> object:
    return propose(PledgeFactory.create(politician=person), contact=contact, at=at)


def assessment(person: Politician, contact: str, at: datetime) -> object:
    return assess(
        PledgeFactory.create(politician=person), UserFactory.create(), comment="進みました。", contact=contact, at=at
    )


def own_assessment(person: Politician, contact: str, at: datetime) -> object:
    return self_assess(
        PledgeFactory.create(politician=person), office_of(person), comment="進めました。", contact=contact, at=at
    )


def reply(person: Politician, contact: str, at: datetime) -> object:
    target = CommentFactory.create(report=ReportFactory.create(politician=person))
    return answer(target=target, author=office_of(person), body="実施します。", seen="", contact=contact, at=at)


POSTS = (
    comment, member_report, own_report, changed_report, proposal, registered, change, changed, manifesto, evidence, assessment, own_assessment, reply,
)  # fmt: skip


@pytest.fixture
def candidate() -> Politician:
    PolicyAreaFactory.create(code="childcare", name="子育て")
    person = PoliticianFactory.create()
    stands(person)
    return person


@pytest.mark.parametrize("post", POSTS)
@pytest.mark.parametrize(("at", "asked"), [(ANNOUNCED - SECOND, False), (ANNOUNCED, True), (POLLING - SECOND, True), (CLOSED, False)])  # fmt: skip
def test_a_contact_is_asked_from_the_announcement_until_the_polls_close(
    candidate: Politician, post: Post, at: datetime, asked: bool
) -> None:
    if asked:
        for wrong in ("", "namae"):
            with pytest.raises(ContactRefused) as refusal:
                post(candidate, wrong, at)
            assert set(refusal.value.faults) == {"contact"}
        assert not PosterContact.objects.exists()
    # At other times what was sent is not kept.
    post(candidate, CONTACT, at)
    assert PosterContact.objects.exists() == asked
    assert all(row.contact == CONTACT and row.given_at == at for row in PosterContact.objects.all())


@pytest.mark.parametrize("post", [comment, member_report, proposal, change, evidence, assessment, manifesto])
def test_what_waits_for_approval_is_taken_with_a_contact_while_people_vote(candidate: Politician, post: Post) -> None:
    with pytest.raises(ContactRefused):
        post(candidate, "", CLOSED - SECOND)
    post(candidate, CONTACT, CLOSED - SECOND)


@pytest.mark.parametrize("post", POSTS)
def test_nothing_is_asked_about_who_does_not_stand(candidate: Politician, post: Post) -> None:
    post(PoliticianFactory.create(), "", POLLING - SECOND)
    assert not PosterContact.objects.exists()


def test_numbers_without_words_need_no_contact(candidate: Politician) -> None:
    assert assess(PledgeFactory.create(politician=candidate), UserFactory.create(), at=ANNOUNCED).worded is False


def test_the_same_words_with_other_numbers_keep_their_contact(candidate: Politician) -> None:
    pledge, author = PledgeFactory.create(politician=candidate), UserFactory.create()
    assess(pledge, author, comment="進みました。", contact=CONTACT, at=ANNOUNCED)
    second = assess(pledge, author, 50, 50, comment="進みました。", at=POLLING - SECOND)
    assert PosterContact.objects.filter(**PosterContact.key_of(second), contact=CONTACT).exists()


def test_what_an_approval_makes_bears_the_contact_of_its_proposal(candidate: Politician) -> None:
    moderator = UserFactory.create(role="moderator")
    for waits in (proposal(candidate, CONTACT, ANNOUNCED), change(candidate, CONTACT, ANNOUNCED)):
        decide(item=waits, approve=True, by=moderator, at=ANNOUNCED + SECOND)  # type: ignore[arg-type]
        revision = PledgeRevision.objects.order_by("-pk")[0]
        assert PosterContact.objects.filter(**PosterContact.key_of(revision), contact=CONTACT).exists()


def test_a_ballot_is_taken_with_its_reason_which_waits(candidate: Politician) -> None:
    pledge = PledgeFactory.create(politician=candidate)
    cast_ballot(pledge=pledge, voter=1, choice=Choice.GOOD, reasons=[Reason.OTHER], text="必要です。", at=POLLING)
    assert (Ballot.objects.count(), ReasonText.objects.get().state) == (1, "pending")


# forms


@pytest.fixture
def browser() -> Client:
    client = Client()
    user = UserFactory.create(role="editor")
    with time_machine.travel(ANNOUNCED - SECOND, tick=False):
        log_in_with_second_factor(client, user)
    return client


def addresses_of(person: Politician) -> dict[str, str]:
    pledge = PledgeFactory.create(politician=person)
    report = ReportFactory.create(politician=person)
    return {
        "comment": reverse("comments:comments", args=[report.pk]),
        "report page": report.get_absolute_url(),
        "report": f"{reverse('activities:new')}?politician={encode(person.pk)}",
        "pledge": f"{reverse('pledges:new')}?politician={encode(person.pk)}",
        "change": reverse("pledges:edit", args=[pledge.pk]),
        "evidence": reverse("pledges:propose-evidence", args=[pledge.pk]),
        "assessment": reverse("evaluations:assess", args=[pledge.pk]),
    }


FORMS = ("comment", "report page", "report", "pledge", "change", "evidence", "assessment")


@pytest.mark.parametrize("name", FORMS)
def test_a_form_asks_in_the_campaign_alone_and_says_what_the_law_forbids(
    candidate: Politician, browser: Client, name: str
) -> None:
    address = addresses_of(candidate)[name]
    for at, asked in ((ANNOUNCED - SECOND, False), (ANNOUNCED, True), (CLOSED - SECOND, True), (CLOSED, False)):
        with time_machine.travel(at, tick=False):
            html = browser.get(address).content.decode()
            assert html.count('name="contact"') == asked
            assert ("公職選挙法 第137条の2" in html) == asked
            assert ("公職選挙法 第235条" in html) == asked
            assert ("今日は投票日です" in html) == (at == CLOSED - SECOND)


FILLED = {
    "body": "点検を続けてください。", "title": "点検しました", "happened_on": "2027-04-01", "text": "給食費を無償にします。", "topic": "childcare", "reason": "誤り",
    "seen": "0", "source_title": "会議録", "source_url": "https://www.example.com/", "source_on": "2025-11", "url": "https://www.example.com/b/", "publisher": "見本市",
    "dated_on": "2026-03-24", "shows": "計上されました。", "status": "started", "progress": "40", "achievement": "20", "comment": "進みました。", "voice": "citizen",
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name in FORMS if name != "report page"])
def test_a_missing_or_wrong_contact_is_said_beside_the_field_and_nothing_typed_is_lost(
    candidate: Politician, browser: Client, name: str
) -> None:
    address = addresses_of(candidate)[name]
    with time_machine.travel(ANNOUNCED, tick=False):
        for typed, message in (("", "連絡先が入力されていません。"), ("@namae", "連絡先を読み取れません。")):
            response = browser.post(address, {**FILLED, "contact": typed})
            html = response.content.decode()
            assert response.status_code == 422
            assert html.count(message) == 2  # above the form, and beside the field
            assert f'name="contact" value="{typed}"' in html
            assert 'aria-describedby="contact_hint id_contact_error"' in html
            assert {
                "comment": "点検を続けてください。",
                "assessment": "進みました。",
                "evidence": "計上されました。",
            }.get(name, "会議録") in html
        assert not PosterContact.objects.exists()
        assert browser.post(address, {**FILLED, "contact": CONTACT}).status_code in {302, 303}
        assert PosterContact.objects.get().contact == CONTACT


def test_a_form_that_was_opened_before_the_announcement_comes_back_with_the_field(candidate: Politician) -> None:
    address = addresses_of(candidate)["comment"]
    with time_machine.travel(ANNOUNCED, tick=False):
        response = Client().post(address, {"body": "点検を続けてください。"})
        assert response.status_code == 422
        assert 'name="contact"' in response.content.decode()
        assert "点検を続けてください。" in response.content.decode()
        assert not Comment.objects.exists()


def test_the_list_of_a_manifesto_is_signed_once(candidate: Politician, browser: Client) -> None:
    author = User.objects.get(groups__name="editor")
    rows = [{"title": "給食", "text": "給食費を無償にします。", "topic": "childcare"}]
    shared = {"source_url": "https://www.example.com/", "source_title": "政策集", "source_on": "2025-11"}
    draft = PledgeDraft.objects.create(politician=candidate, author=author, fields=shared, rows=rows, saved_at=EARLY)
    sent = {
        "page": "1",
        "r1-title": "給食",
        "r1-text": "給食費を無償にします。",
        "r1-topic": "childcare",
        "r1-use": "1",
        **shared,
    }
    with time_machine.travel(ANNOUNCED, tick=False):
        response = browser.post(draft.get_absolute_url(), sent)
        assert response.status_code == 422
        assert "連絡先が入力されていません" in response.content.decode()
        assert browser.post(draft.get_absolute_url(), {**sent, "contact": CONTACT}).status_code == 303
    assert PosterContact.objects.get().contact == CONTACT


def test_the_office_signs_its_answer(candidate: Politician) -> None:
    target = CommentFactory.create(report=ReportFactory.create(politician=candidate))
    client, address = Client(), reverse("replies:reply", args=["comment", target.pk])
    with time_machine.travel(ANNOUNCED, tick=False):
        client.force_login(office_of(candidate))
        refused = client.post(address, {"body": "実施します。", "seen": ""})
        assert refused.status_code == 422
        assert "連絡先が入力されていません" in refused.content.decode()
        assert "実施します。" in refused.content.decode()
        assert client.post(address, {"body": "実施します。", "seen": "", "contact": CONTACT}).status_code == 303
        assert CONTACT in Client().get(target.report.get_absolute_url()).content.decode()


def test_the_form_of_a_ballot_says_that_a_reason_waits(candidate: Politician) -> None:
    address = reverse("evaluations:ballot", args=[PledgeFactory.create(politician=candidate).pk])
    for at, said in ((ANNOUNCED - SECOND, False), (ANNOUNCED, True), (CLOSED - SECOND, True), (CLOSED, False)):
        with time_machine.travel(at, tick=False):
            html = Client().get(address).content.decode()
            assert ("書いた理由は、" in html) == said
            assert 'name="contact"' not in html


# what readers see


@pytest.mark.parametrize("contact", [CONTACT, "https://sns.example/@namae"])
def test_the_contact_stands_beside_the_post_until_the_polls_close(candidate: Politician, contact: str) -> None:
    report = ReportFactory.create(politician=candidate)
    pledge = PledgeFactory.create(politician=candidate)
    said = CommentFactory.create(report=report)
    moderator = UserFactory.create(role="moderator")
    words = assess(pledge, UserFactory.create(), comment="進みました。", contact=contact, at=ANNOUNCED)
    decide(item=words, approve=True, by=moderator, at=ANNOUNCED)
    for item in (report, said):
        keep_contact(item, contact, by=None, at=ANNOUNCED)
    pages = {
        report.get_absolute_url(): 2,
        pledge.get_absolute_url(): 1,
        reverse("evaluations:assessments", args=[pledge.pk]): 1,
    }
    for at, shown in ((ANNOUNCED, True), (POLLING, True), (CLOSED - SECOND, True), (CLOSED, False)):
        with time_machine.travel(at, tick=False):
            for page, times in pages.items():
                html = Client().get(page).content.decode()
                assert html.count("投稿者の連絡先：") == times * shown
                link = f'<a href="{contact}" rel="ugc nofollow noopener">'
                assert html.count(link) == times * (shown and contact.startswith("https"))


def test_evidence_and_wordings_show_the_contact_of_who_gave_them(candidate: Politician) -> None:
    pledge = PledgeFactory.create(politician=candidate)
    confirm(propose(pledge, contact="ed@example.jp", at=ANNOUNCED), at=ANNOUNCED)
    content = replace(Content.of(pledge), text="直しました。")
    change_pledge(pledge=pledge, author=editor(), content=content, reason="誤り", seen=0, contact=CONTACT, at=ANNOUNCED)
    with time_machine.travel(POLLING, tick=False):
        html = Client().get(pledge.get_absolute_url()).content.decode()
        assert "投稿者の連絡先：ed@example.jp" in html
        assert f"投稿者の連絡先：{CONTACT}" in html
