"""On the day of polling nothing new about who stands becomes public, on no way that leads past the desk; nothing is lost, and taking away works."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.accounts.factories import UserFactory, log_in_with_second_factor
from tests.activities.factories import ReportFactory
from tests.books.factories import ChosenFactory
from tests.comments.factories import CommentFactory
from tests.evaluations.assessing import self_assess
from tests.notices.factories import followed
from tests.people.factories import DelegateFactory, PoliticianFactory
from tests.pledges.factories import PledgeFactory, PolicyAreaFactory, RevisionFactory
from tests.pledges.weighing import confirm, editor, propose
from tests.standing import ANNOUNCED, CLOSED, CONTACT, POLLING, SECOND, stands
from tsushinbo.accounts.models import User
from tsushinbo.activities.models import ActivityReport
from tsushinbo.activities.queries import latest, published
from tsushinbo.activities.services import Wording, change_report, post_report, postpone_scheduled, save_draft
from tsushinbo.addresses import encode
from tsushinbo.books.isbn import plain_with_check
from tsushinbo.books.lookup import Facts
from tsushinbo.books.queries import public_links
from tsushinbo.books.services import propose_book
from tsushinbo.elections.models import Contest
from tsushinbo.elections.queries import mode
from tsushinbo.evaluations.services.merging import merge_pledges
from tsushinbo.moderation.models import DecisionReason
from tsushinbo.moderation.services import PollingDay, WaitsForPolls, hide
from tsushinbo.notices.models import Notice
from tsushinbo.notices.services import fan_out
from tsushinbo.people.models import Politician
from tsushinbo.pledges import services as pledge_services
from tsushinbo.pledges.contents import Content
from tsushinbo.pledges.models import Evidence, Pledge, PledgeDraft
from tsushinbo.pledges.services.importing import import_pledges
from tsushinbo.pledges.services.proposals import change_pledge, register_pledge, revert_pledge
from tsushinbo.replies.models import Reply
from tsushinbo.replies.services import answer

pytestmark = pytest.mark.django_db
EARLY = datetime(2027, 4, 1, 9, tzinfo=ANNOUNCED.tzinfo)
SAID = Wording(title="点検しました", happened_on=date(2027, 3, 20), body="41か所です。")
Deed = Callable[[Politician, datetime], object]


@pytest.fixture
def candidate() -> Politician:
    PolicyAreaFactory.create(code="childcare", name="子育て")
    person = PoliticianFactory.create()
    stands(person)
    return person


def office_of(person: Politician) -> User:
    return DelegateFactory.create(politician=person).user


def pledge_of(person: Politician) -> Pledge:
    return PledgeFactory.create(politician=person)


def confirmed(person: Politician, at: datetime) -> object:
    return confirm(propose(pledge_of(person), contact=CONTACT, at=ANNOUNCED), at=at)


def undone(person: Politician, at: datetime) -> object:
    change = confirm(propose(pledge_of(person), at=EARLY), at=EARLY)
    return pledge_services.undo_status_change(change=change, by=editor(), reason="訂正", at=at)


def registered(person: Politician, at: datetime) -> object:
    content = replace(Content.of(pledge_of(person)), title="別の公約", text="別の公約です。")
    return register_pledge(owner=person, author=office_of(person), content=content, contact=CONTACT, at=at)


def changed(person: Politician, at: datetime) -> object:
    pledge = pledge_of(person)
    content = replace(Content.of(pledge), text="直しました。")
    return change_pledge(pledge=pledge, author=editor(), content=content, reason="誤り", seen=0, contact=CONTACT, at=at)


def reverted(person: Politician, at: datetime) -> object:
    pledge = pledge_of(person)
    change_pledge(
        pledge=pledge,
        author=editor(),
        content=replace(Content.of(pledge), text="直しました。"),
        reason="誤り",
        seen=0,
        at=EARLY,
    )
    return revert_pledge(pledge=pledge, number=1, by=editor(), reason="元の文面へ", seen=2, at=at)


def imported(person: Politician, at: datetime) -> object:
    author = office_of(person)
    draft = PledgeDraft.objects.create(politician=person, author=author, fields={}, rows=[], saved_at=at)
    contents = [replace(Content.of(pledge_of(person)), title="一つめ", text="一つめです。")]
    try:
        return import_pledges(draft=draft, author=author, contents=contents, at_once=True, contact=CONTACT, at=at)
    finally:
        assert PledgeDraft.objects.exists() == (POLLING <= at < CLOSED)


def merged(person: Politician, at: datetime) -> object:
    return merge_pledges(source=pledge_of(person), target=pledge_of(person), by=editor(), reason="同じ公約", at=at)


def assessed(person: Politician, at: datetime) -> object:
    return self_assess(pledge_of(person), office_of(person), at=at)


def answered(person: Politician, at: datetime) -> object:
    target = CommentFactory.create(report=ReportFactory.create(politician=person))
    return answer(target=target, author=office_of(person), body="実施します。", seen="", contact=CONTACT, at=at)


def reworded(person: Politician, at: datetime) -> object:
    office = office_of(person)
    report = post_report(politician=person, author=office, wording=SAID, at=EARLY)
    wording = replace(SAID, body="42か所です。")
    return change_report(report=report, author=office, wording=wording, contact=CONTACT, seen=EARLY, at=at)


def chosen(person: Politician, at: datetime) -> object:
    facts = Facts(plain_with_check("978400123456"), "見本の市政")
    return propose_book(target=person, facts=facts, why="仕事を知る本です。", author=editor(), at_once=True, at=at)


DEEDS = (chosen, confirmed, undone, registered, changed, reverted, imported, merged, assessed, answered, reworded)


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize(("at", "waits"), [(POLLING - SECOND, False), (POLLING, True), (CLOSED - SECOND, True), (CLOSED, False)])  # fmt: skip
def test_what_would_be_public_at_once_is_refused_with_the_reason_and_the_time(
    candidate: Politician, deed: Deed, at: datetime, waits: bool
) -> None:
    if waits:
        with pytest.raises(PollingDay, match="4月25日20時まで公開できません（公職選挙法第129条）"):
            deed(candidate, at)
    else:
        deed(candidate, at)


@pytest.mark.parametrize("deed", DEEDS)
def test_who_does_not_stand_goes_on_as_ever(candidate: Politician, deed: Deed) -> None:
    if deed is imported:
        return  # it looks after its draft by the time
    deed(PoliticianFactory.create(), POLLING)


def test_evidence_without_a_contact_waits_through_the_campaign(candidate: Politician) -> None:
    waiting = propose(pledge_of(candidate), at=EARLY)
    with pytest.raises(WaitsForPolls):
        confirm(waiting, at=ANNOUNCED)
    assert Evidence.objects.get().state == "proposed"
    confirm(waiting, at=CLOSED)


# reports of the politicians themselves


def test_what_the_office_posts_while_people_vote_comes_out_when_the_polls_close(candidate: Politician) -> None:
    report = post_report(politician=candidate, author=office_of(candidate), wording=SAID, contact=CONTACT, at=POLLING)
    assert report.publish_at == CLOSED
    for at, shown in ((POLLING, False), (CLOSED - SECOND, False), (CLOSED, True)):
        assert list(published(at)) == [report] * shown
        assert report.is_public(at) == shown
        with time_machine.travel(at, tick=False):
            assert Client().get(report.get_absolute_url()).status_code == (200 if shown else 404)
            assert ("点検しました" in Client().get(reverse("activities:reports")).content.decode()) == shown


def test_what_was_up_stays_up(candidate: Politician) -> None:
    report = ReportFactory.create(politician=candidate, submitted_at=POLLING - SECOND)
    with time_machine.travel(POLLING, tick=False):
        assert Client().get(report.get_absolute_url()).status_code == 200


def test_a_report_set_to_a_time_in_the_voting_waits_though_nobody_knew_of_the_candidacy(db: None) -> None:
    person = PoliticianFactory.create()
    at_ten = POLLING + timedelta(hours=10)
    report = post_report(politician=person, author=office_of(person), wording=SAID, publish_at=at_ten, at=EARLY)
    book = ChosenFactory.create(politician=None, report=report)
    reader = UserFactory.create()
    follow = followed(reader, person)
    type(follow).objects.update(followed_at=EARLY)
    assert report.publish_at == at_ten
    stands(person)
    for at in (at_ten, CLOSED - SECOND):
        assert not published(at).exists()
        assert not report.is_public(at)
        assert latest(at, 3, politician=person).total == 0
        assert book not in public_links(at)
        assert fan_out(at=at) == 0
    assert postpone_scheduled(at=POLLING) == 1
    assert postpone_scheduled(at=at_ten) == 0
    report.refresh_from_db()
    assert report.publish_at == CLOSED
    assert fan_out(at=CLOSED - SECOND) == 0
    assert list(published(CLOSED)) == [report]
    assert fan_out(at=CLOSED) == Notice.objects.count() == 1


def test_a_time_that_is_set_into_the_voting_becomes_the_close_of_the_polls(candidate: Politician) -> None:
    office, at_ten = office_of(candidate), POLLING + timedelta(hours=10)
    report = post_report(politician=candidate, author=office, wording=SAID, publish_at=at_ten, at=EARLY)
    assert report.publish_at == CLOSED
    before = post_report(
        politician=candidate, author=office, wording=replace(SAID, title="前日"), publish_at=POLLING - SECOND, at=EARLY
    )
    assert before.publish_at == POLLING - SECOND
    later = change_report(
        report=before,
        author=office,
        wording=replace(SAID, title="当日"),
        publish_at=POLLING,
        contact=CONTACT,
        seen=EARLY,
        at=ANNOUNCED,
    )
    assert later.publish_at == CLOSED


def test_a_poll_that_is_put_off_holds_its_own_day(candidate: Politician) -> None:
    Contest.objects.update(polling_on=date(2027, 5, 2), announced_on=date(2027, 4, 18))
    mode.forget()
    own = Contest.objects.get()
    assert own.polling_on == date(2027, 5, 2)
    report = post_report(politician=candidate, author=office_of(candidate), wording=SAID, contact=CONTACT, at=POLLING)
    assert report.publish_at == POLLING
    again = post_report(
        politician=candidate,
        author=office_of(candidate),
        wording=replace(SAID, title="二"),
        contact=CONTACT,
        at=POLLING + timedelta(days=7),
    )
    assert again.publish_at == CLOSED + timedelta(days=7)


def test_a_draft_is_kept_and_a_report_taken_from_sight_while_people_vote(candidate: Politician) -> None:
    office = office_of(candidate)
    save_draft(author=office, politician=candidate, fields={"title": "あとで"}, at=POLLING)
    report = ReportFactory.create(politician=candidate)
    hide(item=report, by=UserFactory.create(role="moderator"), reason=DecisionReason.PRIVACY, at=POLLING)
    assert ActivityReport.objects.get().state == "hidden"


# pages


def test_the_form_says_that_it_comes_out_when_the_polls_close(candidate: Politician) -> None:
    client, office = Client(), office_of(candidate)
    address = f"{reverse('activities:new')}?politician={encode(candidate.pk)}"
    with time_machine.travel(POLLING, tick=False):
        client.force_login(office)
        assert "投票が終わってから公開されます。" in client.get(address).content.decode()
        sent = {"title": "点検しました", "happened_on": "2027-03-20", "body": "41か所です。", "contact": CONTACT}
        page = client.post(address, sent, follow=True).content.decode()
        assert "2027年4月25日 20時00分に公開されます。" in page
    report = ActivityReport.objects.get()
    with time_machine.travel(CLOSED, tick=False):
        assert Client().get(report.get_absolute_url()).status_code == 200


def test_an_answer_that_is_refused_stays_in_the_form(candidate: Politician) -> None:
    target = CommentFactory.create(report=ReportFactory.create(politician=candidate))
    client, address = Client(), reverse("replies:reply", args=["comment", target.pk])
    with time_machine.travel(POLLING, tick=False):
        client.force_login(office_of(candidate))
        response = client.post(address, {"body": "実施します。", "seen": "", "contact": CONTACT})
        html = response.content.decode()
        assert response.status_code == 422
        assert "4月25日20時まで公開できません" in html
        assert "実施します。" in html
        assert CONTACT in html
    assert not Reply.objects.exists()


@pytest.mark.parametrize("name", ["confirm", "register", "assess"])
def test_pages_say_why_they_publish_nothing_and_lose_nothing(candidate: Politician, name: str) -> None:
    pledge, client = pledge_of(candidate), Client()
    with time_machine.travel(POLLING, tick=False):
        if name == "confirm":
            log_in_with_second_factor(client, editor())
            address = reverse("pledges:confirm-evidence", args=[propose(pledge, contact=CONTACT, at=ANNOUNCED).pk])
            sent = {"seen": "0"}
        elif name == "register":
            log_in_with_second_factor(client, editor())
            address = f"{reverse('pledges:new')}?politician={encode(candidate.pk)}"
            sent = {
                "text": "給食費を無償にします。", "topic": "childcare", "source_url": "https://www.example.com/", "source_title": "公報", "source_on": "2025-11",
                "contact": CONTACT, "distinct": encode(pledge.pk),
            }  # fmt: skip
        else:
            client.force_login(office_of(candidate))
            address = reverse("evaluations:assess", args=[pledge.pk])
            sent = {"voice": "owner", "progress": "40", "achievement": "20"}
        html = client.post(address, sent).content.decode()
        assert "4月25日20時まで公開できません" in html
        if name == "register":
            assert "給食費を無償にします。" in html
    assert Pledge.objects.count() == 1


# paper


def test_of_who_stands_paper_gets_a_line_that_says_why(candidate: Politician) -> None:
    pledge, report = pledge_of(candidate), ReportFactory.create(politician=candidate)
    RevisionFactory.create(pledge=pledge)
    other = PoliticianFactory.create()
    pages = (
        candidate.get_absolute_url(), reverse("site:politician-pledges", args=[candidate.pk]), pledge.get_absolute_url(), report.get_absolute_url(),
        reverse("activities:politician-reports", args=[candidate.pk]), reverse("evaluations:assessments", args=[pledge.pk]),
    )  # fmt: skip
    for at, held in ((ANNOUNCED - SECOND, False), (ANNOUNCED, True), (CLOSED - SECOND, True), (CLOSED, False)):
        with time_machine.travel(at, tick=False):
            for page in pages:
                html = Client().get(page).content.decode()
                assert ("site/paper" in html) == held, page
                assert ("印刷できません（公職選挙法 第146条）" in html) == held, page
            assert "site/paper" not in Client().get(other.get_absolute_url()).content.decode()
