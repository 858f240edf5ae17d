"""Pages of rankings as they are read: by position, narrowed, named."""

from collections.abc import Sequence

import pytest
from django.http import Http404
from pytest_django import DjangoAssertNumQueries

from tests.people.factories import (
    AreaFactory,
    ConstituencyFactory,
    GroupFactory,
    PartyFactory,
    PoliticianFactory,
    TermFactory,
)
from tests.pledges.factories import PartyPledgeFactory, PledgeFactory
from tests.rankings.factories import make_ranking, make_run
from tsushinbo.evaluations.models import PledgeConsensus
from tsushinbo.people.models import Office, Party, Politician, Tier
from tsushinbo.pledges.models import Pledge
from tsushinbo.rankings.models import Facet, Kind, Population, RankingPart
from tsushinbo.rankings.queries import SIZE, PartyNamed, Person, PledgeNamed, known, page_of, standing_of, unranked_of
from tsushinbo.rankings.queries.known import Listed

pytestmark = pytest.mark.django_db


def found(kind: Kind, population: Population = Population.ALL) -> Listed:
    seen = known()
    assert seen is not None
    listed = seen.find(kind, population)
    assert listed is not None
    return listed


def people(count: int) -> list[Politician]:
    return [PoliticianFactory() for _ in range(count)]


def person(page: object) -> Person:
    subject = page.rows[0].subject  # type: ignore[attr-defined]
    assert isinstance(subject, Person)
    return subject


def test_a_page_holds_its_rows_in_their_order() -> None:
    those = people(2 * SIZE + 3)
    make_ranking(make_run(), Kind.SUPPORT, those)
    pages = [page_of(found(Kind.SUPPORT), {}, number) for number in (1, 2, 3)]
    assert [row.position for page in pages for row in page.rows] == list(range(1, len(those) + 1))
    assert [row.subject.pk for page in pages for row in page.rows] == [one.pk for one in those]
    assert {page.total for page in pages} == {len(those)}


@pytest.mark.parametrize("count", [0, 1, SIZE])
def test_there_is_nothing_beyond_the_last_page(count: int) -> None:
    make_ranking(make_run(), Kind.SUPPORT, people(count))
    assert len(page_of(found(Kind.SUPPORT), {}, 1).rows) == count
    with pytest.raises(Http404):
        page_of(found(Kind.SUPPORT), {}, 2)
    with pytest.raises(Http404):
        page_of(found(Kind.SUPPORT), {Facet.PREFECTURE: "130001"}, 2)


def narrowed(values: Sequence[str], *more: Sequence[str]) -> None:
    facets = dict(zip((Facet.PREFECTURE, Facet.PARTY, Facet.OFFICE), (values, *more), strict=False))
    make_ranking(make_run(), Kind.SUPPORT, people(len(values)), facets=facets)


def test_a_narrowed_page_keeps_the_places_of_the_whole() -> None:
    narrowed(["13", "27", "13", "", "27", "13"])
    page = page_of(found(Kind.SUPPORT), {Facet.PREFECTURE: "13"}, 1)
    assert [row.place for row in page.rows] == [1, 3, 6]
    assert page.total == 3


def test_two_facets_leave_what_both_share() -> None:
    narrowed(["13", "27", "13", "13"], ["1", "1", "2", "1"])
    page = page_of(found(Kind.SUPPORT), {Facet.PREFECTURE: "13", Facet.PARTY: "1"}, 1)
    assert [row.place for row in page.rows] == [1, 4]
    assert page.total == 2


def test_three_facets_leave_what_all_share() -> None:
    narrowed(["13", "13", "13"], ["1", "1", "2"], ["mayor", "governor", "mayor"])
    asked = {Facet.PREFECTURE: "13", Facet.PARTY: "1", Facet.OFFICE: "mayor"}
    assert [row.place for row in page_of(found(Kind.SUPPORT), asked, 1).rows] == [1]


def test_a_value_that_nobody_has_leaves_nothing() -> None:
    narrowed(["13", "27"], ["1", "1"])
    assert page_of(found(Kind.SUPPORT), {Facet.PREFECTURE: "01"}, 1).total == 0
    assert page_of(found(Kind.SUPPORT), {Facet.PREFECTURE: "13", Facet.PARTY: "9"}, 1).rows == []


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of two pages, so that a ranking of three has two."""
    monkeypatch.setattr(RankingPart, "BLOCK", 2 * SIZE)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_narrowed_page_is_found_in_its_block(number: int) -> None:
    narrowed(["13", "27"] * (2 * SIZE + 2), ["1"] * (4 * SIZE + 4))
    one = page_of(found(Kind.SUPPORT), {Facet.PREFECTURE: "27"}, number)
    both = page_of(found(Kind.SUPPORT), {Facet.PREFECTURE: "27", Facet.PARTY: "1"}, number)
    first = 2 * SIZE * (number - 1) + 2
    assert [row.position for row in one.rows] == list(range(first, min(first + 2 * SIZE, 4 * SIZE + 5), 2))
    assert one == both


def test_a_person_is_named_by_the_running_term() -> None:
    someone = PoliticianFactory()
    city = AreaFactory(name="見本市")
    TermFactory(politician=someone, office=Office.REPRESENTATIVES, running=False, starts_on="2024-10-27")
    TermFactory(
        politician=someone, office=Office.MAYOR, area=city, starts_on="2022-12-04", party=PartyFactory(name="見本党")
    )
    make_ranking(make_run(), Kind.SUPPORT, [someone])
    assert person(page_of(found(Kind.SUPPORT), {}, 1)) == Person(someone.pk, someone.spaced_name, "見本市長・見本党")


def test_a_person_without_a_running_term_is_named_by_the_newest() -> None:
    someone = PoliticianFactory()
    for year in ("2017", "2021"):
        district = ConstituencyFactory(name=f"{year}年の区")
        TermFactory(politician=someone, running=False, starts_on=year, constituency=district, tier=Tier.SINGLE_SEAT)
    make_ranking(make_run(), Kind.SUPPORT, [someone])
    assert person(page_of(found(Kind.SUPPORT), {}, 1)).known_as == "元衆議院議員・2021年の区"


def test_of_two_running_terms_the_office_is_that_which_narrows() -> None:
    someone, group = PoliticianFactory(), GroupFactory(name="見本会")
    for office in (Office.MUNICIPAL_ASSEMBLY, Office.COUNCILLORS):
        TermFactory(politician=someone, office=office, group=group)
    make_ranking(make_run(), Kind.SUPPORT, [someone, *people(2)])
    page = page_of(found(Kind.SUPPORT), {}, 1)
    assert person(page).known_as == "参議院議員・見本会"
    assert len(page.rows) == 3


def test_a_person_without_any_term_has_a_name_alone() -> None:
    someone = PoliticianFactory(name="例示一郎", family_name="", given_name="")
    make_ranking(make_run(), Kind.SUPPORT, [someone])
    assert person(page_of(found(Kind.SUPPORT), {}, 1)) == Person(someone.pk, "例示一郎", "")


def test_parties_and_pledges_are_named() -> None:
    run, party = make_run(), PartyFactory(name="見本党")
    of_person, of_party = PledgeFactory(overdue=True), PartyPledgeFactory(party=party, published=False)
    make_ranking(run, Kind.SUPPORT, [party], population=Population.PARTY)
    make_ranking(run, Kind.PLEDGE_SUPPORT, [of_person, of_party])
    assert page_of(found(Kind.SUPPORT, Population.PARTY), {}, 1).rows[0].subject == PartyNamed(party.pk, "見本党")
    first, second = (row.subject for row in page_of(found(Kind.PLEDGE_SUPPORT), {}, 1).rows)
    assert isinstance(first, PledgeNamed)
    assert isinstance(second, PledgeNamed)
    assert (first.name, first.owner, first.topic, first.overdue) == (
        of_person.title, of_person.politician.name, of_person.policy_area.name, True,
    )  # fmt: skip
    assert (second.owner, second.published) == ("見本党", False)
    assert of_party.title not in second.name


def test_what_is_supported_on_both_sides_is_told_where_that_is_ranked() -> None:
    run, (agreed, divided) = make_run(), (PledgeFactory(), PledgeFactory())
    for pledge, bridging in ((agreed, True), (divided, False)):
        PledgeConsensus.objects.create(run=run, pledge=pledge, intercept=0.2, low_support=0.6, bridging=bridging)
    make_ranking(run, Kind.PLEDGE_CONSENSUS, [divided, agreed])
    make_ranking(run, Kind.PLEDGE_SUPPORT, [divided, agreed])

    def told(kind: Kind) -> list[bool]:
        subjects = (row.subject for row in page_of(found(kind), {}, 1).rows)
        return [subject.bridging for subject in subjects if isinstance(subject, PledgeNamed)]

    assert told(Kind.PLEDGE_CONSENSUS) == [False, True]
    assert told(Kind.PLEDGE_SUPPORT) == [False, False]


def test_a_deleted_pledge_leaves_its_place_empty() -> None:
    pledges = [PledgeFactory() for _ in range(3)]
    make_ranking(make_run(), Kind.PLEDGE_DISCUSSED, pledges)
    Pledge.objects.filter(pk=pledges[1].pk).delete()
    assert [row.position for row in page_of(found(Kind.PLEDGE_DISCUSSED), {}, 1).rows] == [1, 3]


@pytest.mark.parametrize(("asked", "queries"), [((), 1), (("prefecture",), 2), (("prefecture", "party"), 3)])
def test_a_page_takes_one_query_and_one_for_each_facet(
    asked: tuple[str, ...], queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    narrowed(["13"] * (SIZE + 5), ["1"] * (SIZE + 5))
    listed = found(Kind.SUPPORT)
    with django_assert_num_queries(queries):
        page_of(listed, {name: "13" if name == "prefecture" else "1" for name in asked}, 2)


def test_who_leafs_through_what_two_facets_share_has_it_laid_together_once(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    count = 2 * SIZE + 5
    make_ranking(
        make_run(), Kind.SUPPORT, people(count),
        facets={Facet.PREFECTURE: ["13"] * count, Facet.PARTY: ["1", "2"] * (count // 2) + ["1"]},
    )  # fmt: skip
    listed = found(Kind.SUPPORT)
    page_of(listed, {Facet.PREFECTURE: "13", Facet.PARTY: "1"}, 1)
    with django_assert_num_queries(1):
        page = page_of(listed, {Facet.PARTY: "1", Facet.PREFECTURE: "13"}, 2)
    assert [row.position for row in page.rows] == [51, 53, 55]
    # Other values are another list.
    assert page_of(listed, {Facet.PREFECTURE: "13", Facet.PARTY: "2"}, 2).total == SIZE + 2


def test_what_is_known_is_read_once_for_a_run(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make_ranking(make_run(), Kind.SUPPORT, people(1), facets={Facet.PARTY: ["5"], Facet.YEAR: ["2025"]})
    with django_assert_num_queries(2):
        seen = known()
        known()
    assert seen is not None
    with django_assert_num_queries(1):
        assert (seen.parties, seen.years) == (frozenset({5}), ("2025",))
    assert seen.members(Kind.SUPPORT) == 1
    assert seen.find(Kind.DEVIATION) is None


def test_nothing_is_known_before_the_first_run() -> None:
    assert known() is None
    assert standing_of(PoliticianFactory()) == {}


def test_a_standing_leads_to_the_page_it_is_on(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    run, those = make_run(), people(SIZE + 1)
    make_ranking(run, Kind.DEVIATION, those, frozen=[SIZE + 1])
    make_ranking(run, Kind.DEVIATION, those[::-1], population=Population.DIET)
    make_ranking(run, Kind.SUPPORT, those)
    known()
    with django_assert_num_queries(1):
        standings = standing_of(those[-1])
    assert list(standings) == [Population.ALL, Population.DIET]
    whole, diet = standings.values()
    assert (whole.place, whole.place_low, whole.place_high, whole.members, whole.frozen) == (26, 24, 26, 26, True)
    assert whole.get_absolute_url() == "/rankings/deviation/?page=2"
    assert diet.get_absolute_url() == "/rankings/deviation/?office=diet"
    assert standing_of(those[-2])[Population.ALL].get_absolute_url() == "/rankings/deviation/"
    assert standing_of(PoliticianFactory()) == {}


def test_a_party_stands_among_parties() -> None:
    party: Party = PartyFactory()
    make_ranking(make_run(), Kind.DEVIATION, [PartyFactory(), party], population=Population.PARTY)
    assert standing_of(party)[Population.PARTY].place == 2


def test_who_has_too_few_evaluations_is_listed_in_the_order_of_the_syllabary(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    run = make_run()
    ranked = PoliticianFactory(kana="あ")
    unread, second, first = PoliticianFactory(kana=""), PoliticianFactory(kana="うえ"), PoliticianFactory(kana="いろ")
    everybody = [ranked, unread, second, first]
    make_ranking(run, Kind.SUPPORT, [ranked])
    make_ranking(run, Kind.PLEDGES, everybody)
    make_ranking(run, Kind.BALLOTS, [ranked, second], values=[50.0, 7.0])
    seen = known()
    assert seen is not None
    with django_assert_num_queries(3):
        page = unranked_of(seen, Kind.SUPPORT, Population.ALL, 1)
    with django_assert_num_queries(2):
        assert unranked_of(seen, Kind.SUPPORT, Population.ALL, 1) == page
    assert [(one.pk, count) for one, count in page.rows] == [(first.pk, 0), (second.pk, 7), (unread.pk, 0)]
    assert page.total == 3
    with pytest.raises(Http404):
        unranked_of(seen, Kind.SUPPORT, Population.ALL, 2)
