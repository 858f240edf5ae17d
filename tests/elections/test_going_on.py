"""A count that goes on is no result: what is read of people, parties, areas and elections meanwhile."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.elections.factories import CandidacyFactory, ContestFactory, ElectionFactory
from tests.people.factories import AreaFactory, PartyFactory, PoliticianFactory
from tsushinbo.elections.models import Contest, Election, MunicipalPartyVotes, PartyResult
from tsushinbo.elections.queries import list_votes_in, party_totals, records_of, runs_of, standings, standings_of
from tsushinbo.elections.queries.counts import being_counted
from tsushinbo.people.models import Party, Politician, Tier

pytestmark = pytest.mark.django_db
NIGHT = datetime.fromisoformat("2024-10-27T23:00:00+09:00")
AT = datetime.fromisoformat("2024-10-27T21:35:00+09:00")
PART, WHOLE = {"counted_percent": Decimal("43.2"), "counted_at": AT}, {"counted_percent": Decimal(100)}
WORDS = "開票率 43.2%・21:35現在"


def stood(person: Politician, election: Election, tier: Tier, outcome: dict[str, Any], **count: Any) -> Contest:
    contest: Contest = ContestFactory.create(election=election, tier=tier, **count)
    CandidacyFactory(contest=contest, politician=person, **outcome)
    return contest


@pytest.mark.parametrize(
    ("district", "block", "seat", "block_seat", "expected"),
    [
        (PART, {}, {"elected": True}, {"elected": False}, (None, False, WORDS)),
        (PART, {}, {"elected": False}, {"elected": False}, (None, False, WORDS)),
        (WHOLE, PART, {"elected": False}, {"elected": True}, (None, False, WORDS)),
        (WHOLE, PART, {"elected": False, "elected_from_list": True}, {"elected": True}, (None, False, WORDS)),
        (WHOLE, PART, {"elected": True}, {"elected": False}, (True, False, WORDS)),
        (WHOLE, WHOLE, {"elected": False, "elected_from_list": True}, {"elected": True}, (True, True, "")),
        ({}, {}, {"elected": False}, {"elected": False}, (False, False, "")),
    ],
)
def test_a_seat_is_won_or_lost_when_it_is_counted_to_the_end(
    district: dict[str, Any],
    block: dict[str, Any],
    seat: dict[str, Any],
    block_seat: dict[str, Any],
    expected: tuple[bool | None, bool, str],
) -> None:
    person, election = PoliticianFactory(), ElectionFactory()
    stood(person, election, Tier.SINGLE_SEAT, seat, **district)
    stood(person, election, Tier.PROPORTIONAL, block_seat, **block)
    (run,) = runs_of(person, NIGHT)
    assert (run.elected, run.from_list, run.counting) == expected


def test_nothing_is_won_before_the_polls_close_and_nothing_is_counted() -> None:
    person = PoliticianFactory()
    contest = stood(person, ElectionFactory(), Tier.SINGLE_SEAT, {"elected": True, "votes": 5}, **PART)
    (run,) = runs_of(person, datetime.fromisoformat("2024-10-27T19:59:59+09:00"))
    assert (run.elected, run.waits, run.counting) == (None, {contest.pk}, "")
    assert standings_of([run]) == {}


def test_a_person_takes_one_query_however_many_counts_go_on(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    person = PoliticianFactory()
    for _ in range(3):
        stood(person, ElectionFactory(), Tier.SINGLE_SEAT, {"elected": True, "votes": 5}, **PART)
    stood(person, ElectionFactory(polling_on="2024-11-10", announced_on=date(2024, 11, 1)), Tier.SINGLE_SEAT, {}, uncontested=True)  # fmt: skip
    with django_assert_num_queries(1):
        assert [run.counting for run in runs_of(person, NIGHT)] == ["", WORDS, WORDS, WORDS]


def test_who_leads_in_the_district_has_not_won_it() -> None:
    person, election = PoliticianFactory(), ElectionFactory()
    district = stood(person, election, Tier.SINGLE_SEAT, {"elected": True}, **PART)
    block = stood(person, election, Tier.PROPORTIONAL, {"elected": False, "dual": True}, **WHOLE)
    assert [row.result for row in standings(block, decided=True)] == ["名簿では当選なし"]
    Contest.objects.filter(pk=district.pk).update(counted_percent=100)
    assert [row.result for row in standings(block, decided=True)] == ["小選挙区で当選"]


def block(election: Election, party: Party, name: str, votes: int | None, **count: Any) -> Contest:
    """A block in which the party has a list, with its result where ``votes`` are given."""
    contest: Contest = ContestFactory.create(election=election, tier=Tier.PROPORTIONAL, name=name, **count)
    CandidacyFactory(contest=contest, party=party)
    if votes is not None:
        fields = {"party": party, "party_name": party.name, "votes": votes, "seats": 1}
        PartyResult.objects.create(election=election, tier=Tier.PROPORTIONAL, area_name=name, **fields)
    return contest


@pytest.mark.parametrize(
    ("last", "votes", "going_on"),
    [
        (PART, 50, True),
        (WHOLE, 50, False),
        ({}, None, True),  # nothing of it is on record yet
        ({}, 50, False),  # from a table of past elections
        ({"polling_on": date(2024, 11, 3)}, None, False),  # put off: nobody waits for it
        ({"uncontested": True}, None, False),
    ],
)
def test_nothing_is_added_up_while_a_count_goes_on(last: dict[str, Any], votes: int | None, going_on: bool) -> None:
    election, party = ElectionFactory(), PartyFactory()
    block(election, party, "北", 100, **WHOLE)
    block(election, party, "南", votes, **last)
    assert being_counted([election.pk]) == ({election.pk} if going_on else set())
    (record,) = records_of(party, NIGHT)
    assert record.counting is going_on
    assert (record.lists.votes is None, record.seats == 0) == (going_on, going_on)
    assert (party_totals(election) == []) is going_on


def test_an_election_of_which_no_percentage_is_on_record_is_one_of_the_past() -> None:
    election, party = ElectionFactory(), PartyFactory()
    block(election, party, "北", 100)
    block(election, party, "南", None)
    assert being_counted([election.pk]) == set()


def test_seats_of_candidates_are_added_up_when_all_are_counted() -> None:
    election = ElectionFactory(seats=1)
    contest = ContestFactory(election=election, tier=Tier.AT_LARGE, **PART)
    CandidacyFactory(contest=contest, party=PartyFactory(), votes=10, elected=True)
    assert party_totals(election) == []
    Contest.objects.filter(pk=contest.pk).update(counted_percent=100)
    assert party_totals(election) != []


def test_records_of_a_party_take_the_same_queries_for_few_and_many_counts(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    party = PartyFactory()
    for count in (PART, WHOLE, PART, WHOLE):
        block(ElectionFactory(), party, "北", 100, **count)
    with django_assert_num_queries(4):
        assert sorted(record.counting for record in records_of(party, NIGHT)) == [False, False, True, True]


def test_an_area_shows_the_newest_list_votes_that_are_counted_to_the_end() -> None:
    area, party = AreaFactory(), PartyFactory()
    before, now = ElectionFactory(polling_on="2021-10-31"), ElectionFactory()
    for election in (before, now):
        fields = {"area_name": area.name, "votes": 10, "valid_votes": 20}
        MunicipalPartyVotes.objects.create(election=election, area=area, party=party, **fields)
    contest = block(now, party, "北", 100, **PART)
    found = list_votes_in(area)
    assert found is not None
    assert found.election == before
    Contest.objects.filter(pk=contest.pk).update(counted_percent=100)
    found = list_votes_in(area)
    assert found is not None
    assert found.election == now
