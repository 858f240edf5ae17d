"""Mails leave out who stands in a running campaign (公職選挙法 第142条の4); the bell does not."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.accounts.factories import UserFactory
from tests.elections.factories import CandidacyFactory, ContestFactory, UpcomingElectionFactory
from tests.people.factories import DelegateFactory, PoliticianFactory
from tests.pledges.factories import PledgeFactory
from tsushinbo.accounts.models import User
from tsushinbo.activities.services import Wording, post_report
from tsushinbo.elections.models import Election
from tsushinbo.elections.queries import running
from tsushinbo.mail.models import Message
from tsushinbo.notices import services
from tsushinbo.notices.models import Follow, Kind, MailChoice, Notice, Pace, Subject
from tsushinbo.people.models import Politician
from tsushinbo.pledges.services.news import tell_registered

pytestmark = pytest.mark.django_db
TOKYO = ZoneInfo("Asia/Tokyo")
POLLING = date(2026, 4, 26)
Telling = Callable[[Politician, datetime], None]


def tokyo(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of April 2026."""
    return datetime(2026, 4, day, hour, minute, tzinfo=TOKYO)


@pytest.fixture
def follower() -> User:
    user = UserFactory.create()
    MailChoice.objects.create(user=user, pace=Pace.INSTANT, changed_at=tokyo(1, 0))
    return user


def stands(politician: Politician, announced: date | None = date(2026, 4, 14), **more: object) -> None:
    election = UpcomingElectionFactory.create(
        **{"announced_on": announced, "polling_on": POLLING.isoformat(), "precision": Election.Precision.DAY, **more}
    )
    CandidacyFactory.create(contest=ContestFactory.create(election=election), politician=politician)


def followed(user: User, **names: str) -> Politician:
    person = PoliticianFactory.create(**names)
    Follow.objects.create(user=user, subject=Subject.POLITICIAN, subject_id=person.pk, followed_at=tokyo(1, 0))
    return person


def report(person: Politician, at: datetime, title: str = "通学路を点検しました") -> None:
    wording = Wording(title=title, happened_on=date(2026, 3, 20), body="41か所を確かめました。")
    author = DelegateFactory.create(politician=person).user
    post_report(politician=person, author=author, wording=wording, contact="office@example.jp", at=at)


def pledge(person: Politician, at: datetime) -> None:
    tell_registered(PledgeFactory.create(politician=person), by=None, at=at)


def mailed(at: datetime) -> int:
    services.fan_out(at=at)
    return services.mail_due(at=at)


@pytest.mark.parametrize("telling", [report, pledge])
@pytest.mark.parametrize(
    ("at", "mails"),
    [
        pytest.param(tokyo(13, 23, 59), 1, id="the-eve-of-the-announcement"),
        pytest.param(tokyo(14, 0), 0, id="the-day-of-the-announcement"),
        pytest.param(tokyo(25, 23, 59), 0, id="the-eve-of-the-polls"),
        pytest.param(tokyo(26, 20), 1, id="after-the-polls"),
        pytest.param(tokyo(27, 7), 1, id="the-day-after"),
    ],
)
def test_no_mail_tells_of_a_candidate_during_the_campaign(
    follower: User, telling: Telling, at: datetime, mails: int
) -> None:
    person = followed(follower)
    stands(person)
    telling(person, at)
    assert mailed(at) == mails
    assert Notice.objects.filter(user=follower).count() == 1
    # What was left out comes with no later mail either.
    assert mailed(tokyo(30, 7)) == 0


@pytest.mark.parametrize("telling", [report, pledge])
def test_news_of_the_day_of_polling_wait_until_the_polls_close(follower: User, telling: Telling) -> None:
    person = followed(follower)
    stands(person)
    telling(person, tokyo(26, 0))
    assert mailed(tokyo(26, 19, 59)) == 0
    assert not Notice.objects.filter(user=follower).exists()
    assert mailed(tokyo(26, 20)) == 1
    assert Notice.objects.filter(user=follower).count() == 1


def test_an_announcement_that_is_not_on_record_is_reckoned_from_the_length_of_the_campaign(follower: User) -> None:
    person = followed(follower)
    stands(person, announced=None)
    report(person, tokyo(11, 23), "告示の前です")
    assert mailed(tokyo(11, 23)) == 1
    report(person, tokyo(12, 0), "告示されたはずです（公職選挙法 第34条：長くて14日前）")
    assert mailed(tokyo(12, 0)) == 0


def test_an_election_whose_day_is_not_known_leaves_nobody_out(follower: User) -> None:
    person = followed(follower)
    stands(person, announced=None, polling_on="2026-04", precision=Election.Precision.MONTH)
    report(person, tokyo(20, 9))
    assert mailed(tokyo(20, 9)) == 1


def test_a_mail_of_others_says_how_many_it_leaves_out(follower: User) -> None:
    candidate, other = followed(follower, name="見本候補"), followed(follower, name="見本議員")
    stands(candidate)
    MailChoice.objects.update(pace=Pace.DAILY)
    report(candidate, tokyo(20, 9))
    report(other, tokyo(20, 10))
    assert mailed(tokyo(21, 7)) == 1
    mail = Message.objects.get()
    for text in (mail.text, mail.html):
        assert "見本議員" in text
        assert "見本候補" not in text
        assert "選挙に立候補している方のお知らせ1件は、選挙運動の期間中のため、メールに載せていません。" in text
    assert "見本議員さんの活動報告" in mail.subject


def test_who_is_told_of_a_party_and_follows_nobody_who_stands_gets_the_mail(follower: User) -> None:
    stands(PoliticianFactory.create())
    person = followed(follower)
    report(person, tokyo(20, 9))
    assert mailed(tokyo(20, 9)) == 1
    assert "載せていません" not in Message.objects.get().text


def test_what_a_candidates_office_answers_to_one_person_is_not_mailed_either(follower: User) -> None:
    person = PoliticianFactory.create()
    stands(person)
    services.tell(
        users=[follower.pk], kind=Kind.REPLY, title="回答", url="/pledges/1/", at=tokyo(20, 9), about=person.pk
    )
    assert mailed(tokyo(20, 9)) == 0
    assert Notice.objects.get().read_at is None


def test_one_query_a_round_asks_who_stands(follower: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(3):
        stands(PoliticianFactory.create())
    at = tokyo(20, 9) + timedelta(minutes=1)
    with time_machine.travel(at, tick=False):
        running(at)
        with django_assert_num_queries(2):
            services.mail_due(at=at)


def test_the_settings_of_the_mails_say_so(client: Client, follower: User) -> None:
    client.force_login(follower)
    assert "公示・告示の日から投票が終わるまで" in client.get("/accounts/notices/mail/").content.decode()
