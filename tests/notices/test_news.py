"""What followers are told of pledges and reports, by the services that make it so."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.accounts.factories import UserFactory
from tests.notices.factories import NOON
from tests.people.factories import AreaFactory, DelegateFactory, PoliticianFactory, TermFactory
from tests.pledges.factories import PledgeFactory, PolicyAreaFactory
from tsushinbo.accounts.models import User
from tsushinbo.accounts.roles import Role
from tsushinbo.activities.models import ActivityReport
from tsushinbo.activities.services import Wording, change_report, post_report
from tsushinbo.addresses import derived_id
from tsushinbo.moderation.services import decide
from tsushinbo.notices import services
from tsushinbo.notices.models import Event, Follow, Notice, Subject
from tsushinbo.people.models import Politician
from tsushinbo.pledges.contents import Content
from tsushinbo.pledges.models import Pledge, PledgeDraft
from tsushinbo.pledges.services import PledgeRow, confirm_evidence, keep_pledges, propose_evidence, undo_status_change
from tsushinbo.pledges.services.importing import import_pledges

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def follower() -> User:
    return UserFactory.create()


@pytest.fixture
def politician(follower: User) -> Politician:
    person = PoliticianFactory.create(name="見本太郎", family_name="見本", given_name="太郎")
    Follow.objects.create(user=follower, subject=Subject.POLITICIAN, subject_id=person.pk, followed_at=NOON - HOUR)
    return person


def post(politician: Politician, author: User, **more: object) -> ActivityReport:
    wording = Wording(
        title="通学路を点検しました",
        happened_on=date(2026, 4, 1),
        body="41か所を確かめました。",
        source_title="市の発表",
        source_url="https://city.example.jp/",
    )
    return post_report(politician=politician, author=author, wording=wording, at=NOON, **more)  # type: ignore[arg-type]


def told(at: object = NOON) -> list[str]:
    services.fan_out(at=at)  # type: ignore[arg-type]
    return list(Notice.objects.order_by("pk").values_list("title", flat=True))


REPORT = "見本太郎さんの活動報告「通学路を点検しました」"


def test_a_report_of_the_office_is_told_at_once(politician: Politician) -> None:
    report = post(politician, DelegateFactory(politician=politician).user)
    assert told() == [REPORT]
    assert Notice.objects.get().url == report.get_absolute_url()


def test_a_report_for_later_is_told_when_it_is_published(politician: Politician) -> None:
    office = DelegateFactory(politician=politician).user
    report = post(politician, office, publish_at=NOON + 2 * HOUR)
    assert told(NOON + HOUR) == []
    wording = Wording(title="直しました", happened_on=date(2026, 4, 1), body="41か所を確かめました。")
    change_report(
        report=report,
        author=office,
        wording=wording,
        publish_at=NOON + 3 * HOUR,
        seen=report.changed_at,
        at=NOON + HOUR,
    )
    assert told(NOON + 2 * HOUR) == []
    assert told(NOON + 3 * HOUR) == ["見本太郎さんの活動報告「直しました」"]


def test_a_members_report_is_told_when_it_is_approved(politician: Politician) -> None:
    report = post(politician, UserFactory.create())
    assert told() == []
    decide(item=report, approve=True, by=UserFactory.create(role=Role.MODERATOR), at=NOON + HOUR)
    assert REPORT in told(NOON + HOUR)
    assert not Event.objects.exists()


def test_a_report_that_is_rejected_is_told_to_no_follower(politician: Politician, follower: User) -> None:
    report = post(politician, UserFactory.create())
    decide(item=report, approve=False, by=UserFactory.create(role=Role.MODERATOR), at=NOON + HOUR)
    told(NOON + HOUR)
    assert not Notice.objects.filter(user=follower).exists()


def test_who_follows_the_place_is_told_of_its_mayor() -> None:
    area, mayor, neighbour = AreaFactory.create(), PoliticianFactory.create(), UserFactory.create()
    TermFactory(politician=mayor, area=area, running=True)
    Follow.objects.create(user=neighbour, subject=Subject.AREA, subject_id=int(area.pk), followed_at=NOON - HOUR)
    post(mayor, DelegateFactory(politician=mayor).user)
    assert len(told()) == 1


def confirmed(pledge: Pledge) -> User:
    """Two editors agree that a pledge was begun."""
    first, second = UserFactory.create(role=Role.EDITOR), UserFactory.create(role=Role.EDITOR)
    evidence = propose_evidence(
        pledge=pledge, title="予算書", url="https://city.example.jp/b/", publisher="市", dated_on=date(2026, 4, 1), shows="計上",
        status=Pledge.Status.STARTED, by=first, at=NOON,
    )  # fmt: skip
    confirm_evidence(evidence=evidence, by=second, seen=0, at=NOON)
    return second


def test_a_status_is_told_once_to_who_follows_pledge_and_politician(politician: Politician, follower: User) -> None:
    pledge = PledgeFactory.create(politician=politician, title="給食費を無償にします")
    Follow.objects.create(user=follower, subject=Subject.PLEDGE, subject_id=pledge.pk, followed_at=NOON - HOUR)
    editor = confirmed(pledge)
    assert told() == ["公約「給食費を無償にします」の実施状況が「着手」になりました"]
    change = pledge.status_changes.get()
    undo_status_change(change=change, by=editor, reason="別の事業でした", at=NOON + HOUR)
    told(NOON + HOUR)
    assert Notice.objects.latest("pk").text == "別の事業でした"


def test_a_partys_followers_are_told_of_its_pledges(follower: User) -> None:
    from tests.pledges.factories import PartyPledgeFactory

    pledge = PartyPledgeFactory.create()
    Follow.objects.create(user=follower, subject=Subject.PARTY, subject_id=pledge.party_id, followed_at=NOON - HOUR)
    confirmed(pledge)
    assert len(told()) == 1
    assert timezone.localdate(Notice.objects.get().told_at) == date(2026, 4, 8)


def table(politician: Politician, *keys: str) -> list[PledgeRow]:
    """Pledges of a politician as an import brings them."""
    topic = PolicyAreaFactory.create()
    return [
        PledgeRow(
            id=derived_id("pledge", key), key=key, politician_id=politician.pk, party_id=None, election_id=None, election_name="見本選挙",
            title=f"公約{key}", text="本文", quoted=True, policy_area_id=topic.pk, deadline="", numeric_target="", funding="",
            authority="", target="", source_title="見本の出典", source_publisher="", source_url="https://www.example.com/", source_on="",
            source_checked_on=None, licence="CC BY 4.0", attribution="", created_at=NOON,
        )
        for key in keys
    ]  # fmt: skip


def test_an_import_is_one_line_however_many_pledges_and_batches_it_brings(politician: Politician) -> None:
    rows = table(politician, *map(str, range(30)))
    keep_pledges(rows[:20], at=NOON, reason="取り込み")
    keep_pledges(rows, at=NOON, reason="取り込み")
    assert told() == ["見本太郎の公約が30件加わりました"]
    assert Notice.objects.get().url == politician.get_absolute_url()
    # Nothing new, nothing told; a wording that changed at the source is no new pledge.
    keep_pledges(rows, at=NOON + HOUR, reason="取り込み")
    keep_pledges([rows[0]._replace(text="直した本文")], at=NOON + HOUR, reason="取り込み")
    assert len(told(NOON + HOUR)) == 1


def test_an_import_into_a_site_where_nobody_follows_anything_tells_nothing() -> None:
    rows = table(PoliticianFactory.create(), "1", "2")
    with CaptureQueriesContext(connection) as seen:
        keep_pledges(rows, at=NOON, reason="取り込み")
    assert len([query for query in seen if "notices_" in query["sql"]]) == 1
    assert not Event.objects.exists()


def test_an_import_writes_nothing_for_owners_that_nobody_follows(politician: Politician) -> None:
    others = [PoliticianFactory.create() for _ in range(4)]
    costs = []
    for batch, owners in enumerate(([politician], [politician, *others])):
        rows = [row for owner in owners for row in table(owner, f"{batch}-{owner.pk}")]
        with CaptureQueriesContext(connection) as seen:
            keep_pledges(rows, at=NOON + batch * HOUR, reason="取り込み")
        costs.append(len([query for query in seen if "notices_" in query["sql"]]))
    assert costs[0] == costs[1]
    assert set(Event.objects.values_list("subject", "subject_id")) == {(Subject.POLITICIAN, politician.pk)}


def test_a_list_that_the_office_brings_is_one_line(politician: Politician) -> None:
    office, topic = DelegateFactory.create(politician=politician).user, PolicyAreaFactory.create()
    contents = [
        Content(
            title=f"給食費を無償にします{n}", text=f"{n}番目です。", topic=topic.pk, policy_area=topic.name, source_title="選挙公報",
            source_url="https://www.example.com/", source_on="2025-11",
        )
        for n in range(3)
    ]  # fmt: skip
    for number, expected in ((1, "公約「給食費を無償にします0」が登録されました"), (3, "公約が2件加わりました")):
        draft = PledgeDraft.objects.create(author=office, politician=politician, fields={}, saved_at=NOON)
        import_pledges(draft=draft, author=office, contents=contents[:number], at_once=True, at=NOON + number * HOUR)
        assert told(NOON + number * HOUR)[-1].endswith(expected)
    assert Notice.objects.count() == 2
