"""How many judged a pledge moves nothing in the order of what is found while its politician stands in an election."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from tests.cast import tally
from tests.elections.factories import CandidacyFactory, ContestFactory, UpcomingElectionFactory
from tests.pledges.factories import PartyPledgeFactory, PledgeFactory
from tsushinbo.elections.queries import mode
from tsushinbo.pledges.models import Pledge
from tsushinbo.search import words
from tsushinbo.search.models import Kind
from tsushinbo.search.queries import find, rows
from tsushinbo.search.services import catch_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def pledges() -> list[Pledge]:
    """Alike in words: the older was judged by very many, and its politician stands; the newest is of a party and judged by many."""
    old = timezone.now() - timedelta(days=400)
    known = [PledgeFactory(title="保育園を増やします", created_at=old + timedelta(days=day)) for day in range(2)]
    known.append(PartyPledgeFactory(title="保育園を増やします", created_at=old + timedelta(days=2)))
    tally(known[0], 900, 100)
    tally(known[2], 400, 100)
    election = UpcomingElectionFactory(polling_on="2026-12-20", precision="day", announced_on="2026-12-13")
    CandidacyFactory(contest=ContestFactory(election=election), politician=known[0].politician)
    catch_up()
    return known


@pytest.mark.parametrize(
    ("moment", "judged"),
    [("2026-12-12T23:59:59", True), ("2026-12-13T00:00:00", False), ("2026-12-20T19:59:59", False), ("2026-12-20T20:00:00", True)],
)  # fmt: skip
def test_ballots_of_who_stands_lift_no_pledge(pledges: list[Pledge], moment: str, judged: bool) -> None:
    mode.forget()
    with time_machine.travel(f"{moment}+09:00", tick=False):
        found = list(find(Kind.PLEDGES, words.read("保育園")).keys)
        shown = {row.pk: row.hold for row in rows(Kind.PLEDGES, found)}
    first, second, of_party = (pledge.pk for pledge in pledges)
    # Behind the others where nothing but its age counts; those of a party count as ever.
    assert found == ([of_party, first, second] if judged else [of_party, second, first])
    assert (shown[first] is None) is judged
    assert shown[second] is shown[of_party] is None
