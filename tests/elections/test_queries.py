"""Lists, results and who may see them when."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.elections.factories import CandidacyFactory, ContestFactory, ElectionFactory, UpcomingElectionFactory
from tests.people.factories import AreaFactory, PartyFactory, PoliticianFactory
from tsushinbo.elections.models import Contest, PartyResult
from tsushinbo.elections.queries import (
    ElectionFilter,
    contest_rows,
    contests_alike,
    elections_alike,
    is_decided,
    listed,
    party_totals,
    standings,
    upcoming,
    years,
)
from tsushinbo.people.models import Office, Tier

pytestmark = pytest.mark.django_db
TODAY = date(2026, 12, 1)
EVERYTHING = ElectionFilter()


def names(*, past: bool, **wanted: str) -> list[str]:
    return [election.name for election in listed(TODAY, ElectionFilter(**wanted), past=past)]


def test_those_to_come_are_listed_by_their_earliest_day() -> None:
    UpcomingElectionFactory(name="未定")
    UpcomingElectionFactory(name="月", polling_on="2027-04", precision="month")
    UpcomingElectionFactory(name="遅くとも", precision="latest", window_ends_on=date(2030, 2, 7))
    UpcomingElectionFactory(
        name="期間", precision="window", window_starts_on=date(2026, 11, 4), window_ends_on=date(2026, 12, 3)
    )
    UpcomingElectionFactory(name="日", polling_on="2026-12-13", precision="day")
    assert names(past=False) == ["期間", "日", "月", "遅くとも", "未定"]
    assert names(past=True) == []
    assert [election.name for election in upcoming(TODAY)] == names(past=False)
    assert years() == ["2030", "2027", "2026"]


@pytest.mark.parametrize(
    ("polling_on", "precision", "ends_on", "past"),
    [
        ("2026-11-30", "day", None, True),
        ("2026-12-01", "day", None, False),
        ("2026-11", "month", None, True),
        ("2026-12", "month", None, False),
        ("2026", "year", None, False),
        ("2025", "year", None, True),
        ("", "window", date(2026, 11, 30), True),
        ("", "window", date(2026, 12, 1), False),
        ("", "unknown", None, False),
    ],
)
def test_an_election_is_over_when_its_last_possible_day_is(
    polling_on: str, precision: str, ends_on: date | None, past: bool
) -> None:
    UpcomingElectionFactory(name="選挙", polling_on=polling_on, precision=precision, window_ends_on=ends_on)
    assert names(past=past) == ["選挙"]
    assert names(past=not past) == []


def test_lists_are_narrowed() -> None:
    tokyo = AreaFactory(code="130001", name="東京都")
    ward = AreaFactory(code="131091", name="品川区", prefecture=tokyo)
    ElectionFactory(name="区長", level="municipal", office=Office.MAYOR, area=ward, polling_on="2022-12-04")
    ElectionFactory(name="知事", level="prefectural", office=Office.GOVERNOR, area=tokyo, polling_on="2024-07-07")
    ElectionFactory(name="衆院", polling_on="2026-02-08")
    assert names(past=True) == ["衆院", "知事", "区長"]
    assert names(past=True, level="municipal") == ["区長"]
    assert names(past=True, office="governor") == ["知事"]
    assert names(past=True, prefecture="130001") == ["知事", "区長"]
    assert names(past=True, year="2026") == ["衆院"]


@pytest.mark.parametrize(
    ("at", "decided"),
    [
        (datetime(2026, 12, 13, 10, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 12, 13, 11, 0, 0, tzinfo=UTC), True),
        (datetime(2026, 12, 12, 15, 0, tzinfo=UTC), False),
        (datetime(2026, 12, 13, 15, 0, tzinfo=UTC), True),
    ],
)
def test_results_are_shown_from_eight_in_the_evening_of_japan(at: datetime, decided: bool) -> None:
    election = UpcomingElectionFactory(polling_on="2026-12-13", precision="day")
    assert is_decided(election, at) is decided


def district(*votes: int | None, tier: str = Tier.SINGLE_SEAT, elected: int | None = 0) -> Contest:
    contest = ContestFactory(tier=tier)
    for number, cast in enumerate(votes):
        CandidacyFactory(contest=contest, key=f"c-{number}", votes=cast, elected=number == elected)
    return contest


def test_shares_ranks_and_near_misses_are_of_the_votes() -> None:
    rows = standings(district(40_000, 50_000, 10_000, elected=1), decided=True)
    assert [row.share for row in rows] == [0.4, 0.5, 0.1]
    assert [row.rank for row in rows] == [2, 1, 3]
    assert [row.near_miss for row in rows] == [0.8, None, 0.2]
    assert [row.result for row in rows] == ["落選", "当選", "落選"]


def test_equal_votes_share_a_rank() -> None:
    assert [row.rank for row in standings(district(5, 5, 3), decided=True)] == [1, 1, 3]


def test_nothing_of_votes_is_worked_out_before_the_polls_close() -> None:
    rows = standings(district(40_000, 50_000), decided=False)
    assert [row.candidacy.key for row in rows] == ["c-0", "c-1"]
    assert {(row.share, row.rank, row.near_miss) for row in rows} == {(None, None, None)}


def test_a_missing_count_leaves_out_what_needs_it() -> None:
    rows = standings(district(40_000, None), decided=True)
    assert {(row.share, row.rank, row.near_miss) for row in rows} == {(None, None, None)}


@pytest.mark.parametrize("tier", [Tier.AT_LARGE, Tier.PREFECTURAL])
def test_a_near_miss_has_no_meaning_outside_single_seats(tier: str) -> None:
    assert {row.near_miss for row in standings(district(50, 40, tier=tier), decided=True)} == {None}


def test_uncontested_candidates_have_no_share() -> None:
    assert [row.share for row in standings(district(None), decided=True)] == [None]


def test_who_won_the_district_did_not_lose_by_the_list() -> None:
    winner, loser = PoliticianFactory(), PoliticianFactory()
    election = ElectionFactory()
    seat = ContestFactory(election=election)
    block = ContestFactory(election=election, tier=Tier.PROPORTIONAL)
    CandidacyFactory(contest=seat, politician=winner, dual=True, elected=True)
    CandidacyFactory(contest=seat, politician=loser, dual=True, elected=False, elected_from_list=True)
    CandidacyFactory(contest=block, key="a", politician=winner, dual=True, elected=False)
    CandidacyFactory(contest=block, key="b", politician=loser, dual=True, elected=True)
    CandidacyFactory(contest=block, key="c", politician=None, dual=True, elected=False)
    CandidacyFactory(contest=block, key="d", politician=None, elected=False)
    assert [row.result for row in standings(block, decided=True)] == ["小選挙区で当選", "当選", "名簿では当選なし", "落選"]  # fmt: skip
    assert [row.result for row in standings(seat, decided=True)] == ["当選", "比例復活で当選"]


def test_a_contest_without_a_winner_is_told_from_one_without_results() -> None:
    nobody, unknown = district(5, 4, elected=None), ContestFactory()
    CandidacyFactory(contest=unknown)
    rows = {
        row.contest.pk: row.nobody for row in contest_rows(Contest.objects.all(), datetime(2026, 12, 1, tzinfo=UTC))
    }
    assert rows == {nobody.pk: True, unknown.pk: False}


def test_votes_of_blocks_are_added_up_and_a_national_row_is_the_sum() -> None:
    election, party = ElectionFactory(), PartyFactory(name="見本党")
    for tier, area, votes, seats in (
        (Tier.PROPORTIONAL, "比例東京都ブロック", 100, 2), (Tier.PROPORTIONAL, "比例東海ブロック", 50, 1),
        (Tier.SINGLE_SEAT, "全国", 70, 3), (Tier.SINGLE_SEAT, "東京都", 30, 1),
    ):  # fmt: skip
        PartyResult.objects.create(
            election=election, tier=tier, area_name=area, party=party, party_name="見本党", votes=votes, seats=seats
        )
    found = {tier: [(row.votes, row.seats) for row in rows] for tier, rows in party_totals(election)}
    assert found == {"小選挙区": [(70, 3)], "比例代表": [(150, 3)]}


def test_parties_are_added_up_from_candidates_only_where_every_seat_is_on_record() -> None:
    party = PartyFactory(name="見本党")
    election = ElectionFactory(seats=2)
    contest = ContestFactory(election=election, tier=Tier.AT_LARGE)
    CandidacyFactory(contest=contest, party=party, votes=10, elected=True)
    assert party_totals(election) == []
    CandidacyFactory(contest=contest, party=party, votes=8, elected=True)
    [(_, [row])] = party_totals(election)
    assert (row.name, row.votes, row.seats) == ("見本党", 18, 2)


def test_elections_alike_are_of_the_same_office_and_area() -> None:
    ward = AreaFactory()
    shared = {"level": "municipal", "office": Office.MAYOR, "area": ward}
    before = ElectionFactory(**shared, polling_on="2018-10-07")
    held = ElectionFactory(**shared, polling_on="2022-10-02")
    rerun = ElectionFactory(**shared, polling_on="2022-12-04")
    ElectionFactory(level="municipal", office=Office.MUNICIPAL_ASSEMBLY, area=ward)
    ElectionFactory(level="municipal", office=Office.MAYOR, area=AreaFactory())
    UpcomingElectionFactory(area=ward, polling_on=f"{TODAY + timedelta(days=9)}", precision="day")
    assert list(elections_alike(held)) == [rerun, before]
    contests = [ContestFactory(election=one, tier=Tier.AT_LARGE, name="見本区") for one in (before, held, rerun)]
    assert list(contests_alike(contests[1])) == [contests[2], contests[0]]
