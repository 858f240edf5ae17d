"""The operator says in what a contest differs from its election."""

from datetime import date, datetime, time

import pytest
from django.test import Client

from tests.accounts.factories import UserFactory, log_in_with_second_factor
from tests.elections.factories import CandidacyFactory, UpcomingElectionFactory
from tsushinbo.elections.models import Contest
from tsushinbo.elections.phases import TOKYO, Phase
from tsushinbo.elections.queries import hold_of, phase_of
from tsushinbo.elections.services.days import DaysRefused, set_days

pytestmark = pytest.mark.django_db
SAME = {"announced_on": None, "polling_on": None, "polls_close_at": None, "uncontested": False}


@pytest.fixture
def contest() -> Contest:
    election = UpcomingElectionFactory.create(announced_on=date(2026, 12, 6), polling_on="2026-12-13", precision="day")
    made: Contest = CandidacyFactory.create(contest__election=election).contest
    return made


def kept(contest: Contest) -> Contest:
    return Contest.objects.select_related("election__area").get(pk=contest.pk)


def test_a_poll_is_put_off_and_everything_follows(contest: Contest) -> None:
    set_days(contest, **{**SAME, "polling_on": date(2026, 12, 20)})
    at = datetime(2026, 12, 13, 21, tzinfo=TOKYO)
    assert phase_of(kept(contest), at) is Phase.CAMPAIGN
    hold = hold_of(contest.candidacies.get().politician_id or 0, at)
    assert hold is not None
    assert hold.until == datetime(2026, 12, 20, 20, tzinfo=TOKYO)
    set_days(contest, **SAME)
    assert phase_of(kept(contest), at) is Phase.AFTER


@pytest.mark.parametrize(
    "other",
    [
        {"polls_close_at": time(15, 59)},
        {"polls_close_at": time(20, 1)},
        {"announced_on": date(2026, 12, 14)},
        {"polling_on": date(2026, 12, 5)},
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(contest: Contest, other: dict[str, object]) -> None:
    with pytest.raises(DaysRefused):
        set_days(contest, **{**SAME, "uncontested": True, **other})  # type: ignore[arg-type]
    assert not kept(contest).uncontested


def test_the_operator_writes_it_in_the_admin(client: Client, contest: Contest) -> None:
    log_in_with_second_factor(client, UserFactory.create(is_staff=True, is_superuser=True))
    address = f"/admin/elections/contest/{contest.pk}/change/"
    assert "繰延投票" in client.get(address).content.decode()
    refused = client.post(address, {"polls_close_at": "21:00"}).content.decode()
    assert "投票所を閉じる時刻は、20:00までの4時間のあいだで" in refused
    assert (
        client.post(address, {"polling_on": "2026-12-20", "polls_close_at": "18:00", "name": "別の名前"}).status_code
        == 302
    )
    changed = kept(contest)
    assert (changed.polling_on, changed.polls_close_at, changed.name) == (date(2026, 12, 20), time(18), contest.name)
    assert client.get("/admin/elections/contest/?q=見本").status_code == 200
