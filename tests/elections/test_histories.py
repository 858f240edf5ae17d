"""What was before: results of a person, contests of a district, elections around an area, and the term that an election began."""

from datetime import datetime
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.elections.factories import CandidacyFactory, ContestFactory, ElectionFactory
from tests.people.factories import (
    AreaFactory,
    ConstituencyFactory,
    PartyFactory,
    PoliticianFactory,
    PrefectureFactory,
    TermFactory,
)
from tsushinbo.elections.models import Election, PartyResult
from tsushinbo.elections.queries import (
    around,
    contests_of,
    districts_with_contests,
    records_of,
    runs_of,
    standings_of,
    term_begun_by,
    terms_begun_by,
)
from tsushinbo.people.models import Office, Politician, Tier

pytestmark = pytest.mark.django_db
LATER = datetime.fromisoformat("2026-12-01T12:00:00+09:00")


def stood(person: Politician, votes: int, others: list[int], **fields: object) -> None:
    contest = ContestFactory(
        election__polling_on=fields.pop("polling_on", "2024-10-27"), tier=fields.pop("tier", Tier.SINGLE_SEAT)
    )
    CandidacyFactory(contest=contest, politician=person, votes=votes, **fields)
    for number in others:
        CandidacyFactory(contest=contest, votes=number, elected=number == max(others))


def test_a_persons_results_have_share_place_and_near_miss(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    person = PoliticianFactory()
    stood(person, 40_000, [50_000, 10_000], elected=False)
    stood(person, 70_000, [20_000, 10_000], elected=True, polling_on="2021-10-31")
    runs = runs_of(person, LATER)
    with django_assert_num_queries(1):
        found = standings_of(runs)
    lost, won = (found[run.candidacies[0].pk] for run in runs)
    assert (lost.share, lost.rank, lost.near_miss) == (0.4, 2, 0.8)
    assert (won.share, won.rank, won.near_miss) == (0.7, 1, None)


def test_nothing_is_worked_out_while_the_polls_are_open() -> None:
    person = PoliticianFactory()
    stood(person, 40_000, [50_000], elected=False)
    assert standings_of(runs_of(person, datetime.fromisoformat("2024-10-27T19:59:59+09:00"))) == {}
    assert standings_of(runs_of(person, datetime.fromisoformat("2024-10-27T20:00:00+09:00"))) != {}


def test_no_place_is_told_while_the_votes_are_counted() -> None:
    person = PoliticianFactory()
    stood(person, 40_000, [50_000], elected=None)
    contest = person.candidacies.get().contest
    contest.counted_percent = Decimal("99.99")
    contest.save()
    assert standings_of(runs_of(person, LATER)) == {}


def test_a_place_needs_the_votes_of_everybody() -> None:
    person = PoliticianFactory()
    stood(person, 40_000, [50_000], elected=False)
    CandidacyFactory(contest=person.candidacies.get().contest, votes=None)
    (standing,) = standings_of(runs_of(person, LATER)).values()
    assert (standing.share, standing.rank, standing.near_miss) == (None, None, None)


@pytest.mark.parametrize(
    ("starts_on", "office", "fits"),
    [
        ("2024-10-27", Office.REPRESENTATIVES, True),
        ("2024-10", Office.REPRESENTATIVES, True),
        ("2025-02-04", Office.REPRESENTATIVES, True),
        ("2025-02-05", Office.REPRESENTATIVES, False),
        ("2024-10-26", Office.REPRESENTATIVES, False),
        ("2024", Office.REPRESENTATIVES, False),
        ("", Office.REPRESENTATIVES, False),
        ("2024-10-27", Office.COUNCILLORS, False),
    ],
)
def test_a_term_began_with_the_election_of_its_office_just_before(starts_on: str, office: Office, fits: bool) -> None:
    election = ElectionFactory(polling_on="2024-10-27")
    term = TermFactory(starts_on=starts_on, office=office)
    assert (term_begun_by(election, [term]) is not None) == fits
    assert (terms_begun_by(election, [term.politician_id]) == {term.politician_id: term}) == fits


def test_the_first_of_two_terms_is_the_one_that_began_with_it() -> None:
    election, person = ElectionFactory(polling_on="2024-10-27"), PoliticianFactory()
    later, first = (TermFactory(politician=person, starts_on=day) for day in ("2024-12-01", "2024-10-27"))
    assert term_begun_by(election, [later, first]) == first


def test_no_term_is_guessed_for_an_election_without_a_day() -> None:
    election = ElectionFactory(polling_on="2024-10", precision="month")
    term = TermFactory(starts_on="2024-10-27")
    assert term_begun_by(election, [term]) is None
    assert terms_begun_by(election, [term.politician_id]) == {}


def test_a_district_has_the_contests_of_all_its_boundaries() -> None:
    prefecture = PrefectureFactory()
    old, new, other = (
        ConstituencyFactory(name=name, boundaries=year, prefecture=prefecture)
        for name, year in (("見本県第1区", "2014"), ("見本県第1区", "2024"), ("見本県第2区", "2024"))
    )
    before = ContestFactory(constituency=old, election__polling_on="2014-12-14")
    after = ContestFactory(constituency=new, election__polling_on="2024-10-27")
    ContestFactory(constituency=other)
    assert list(contests_of(new)) == list(contests_of(old)) == [after, before]
    assert districts_with_contests([old, new, ConstituencyFactory()]) == {old.pk: 1, new.pk: 1}


def test_around_a_place_are_its_prefecture_and_the_country() -> None:
    prefecture = PrefectureFactory()
    village = AreaFactory(prefecture=prefecture, kind="village")
    general = ElectionFactory(kind="general", area=None)
    governor = ElectionFactory(area=prefecture, office=Office.GOVERNOR, level=Election.Level.PREFECTURAL)
    by_election = ElectionFactory(area=prefecture, kind="by", polling_on="2024-04-28")
    ElectionFactory(area=village, office=Office.MAYOR, level=Election.Level.MUNICIPAL)
    ElectionFactory(area=PrefectureFactory(), office=Office.GOVERNOR)
    ElectionFactory(area=None, kind="by")
    assert set(around(village)) == {general, governor, by_election}
    assert set(around(prefecture)) == {general}


def result(election: Election, tier: Tier, area: str, party: object, **counts: object) -> None:
    PartyResult.objects.create(
        election=election, tier=tier, area_name=area, party=party, party_name=str(party), **counts
    )


def test_a_partys_record_adds_up_blocks_and_prefers_the_national_row(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    party, other = PartyFactory(), PartyFactory()
    election = ElectionFactory()
    result(election, Tier.SINGLE_SEAT, "全国", party, votes=Decimal("600"), seats=3)
    result(election, Tier.SINGLE_SEAT, "全国", other, votes=Decimal("400"), seats=1)
    for block in ("北", "南"):
        result(election, Tier.PROPORTIONAL, block, party, votes=Decimal("25"), seats=1)
        result(election, Tier.PROPORTIONAL, block, other, votes=Decimal("75"), seats=4)
    result(ElectionFactory(polling_on="2030-01-01"), Tier.PROPORTIONAL, "全国", party, votes=Decimal(1), seats=1)
    with django_assert_num_queries(3):
        (record,) = records_of(party, LATER)
    assert (record.districts.votes, record.districts.share, record.districts.seats) == (600, 0.6, 3)
    assert (record.lists.votes, record.lists.share, record.lists.seats) == (50, 0.25, 2)
    assert record.seats == 5
