"""What followers are told of pledges and reports, by the services that make it so."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.accounts.factories import UserFactory
from tests.notices.factories import NOON
from tests.people.factories import AreaFactory, DelegateFactory, PoliticianFactory, TermFactory
from tests.pledges.factories import PledgeFactory
from tsushinbo.accounts.models import User
from tsushinbo.accounts.roles import Role
from tsushinbo.activities.models import ActivityReport
from tsushinbo.activities.services import Wording, change_report, post_report
from tsushinbo.moderation.services import decide
from tsushinbo.notices import services
from tsushinbo.notices.models import Event, Follow, Notice, Subject
from tsushinbo.people.models import Politician
from tsushinbo.pledges.models import Pledge
from tsushinbo.pledges.services import confirm_evidence, propose_evidence, undo_status_change

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
