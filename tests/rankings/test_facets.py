"""What the rankings of a run can be narrowed by."""

import itertools

import numpy as np
import pytest
from django.db.models import QuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.activities.factories import ReportFactory
from tests.evaluations.counting import cast
from tests.pledges.factories import PartyPledgeFactory
from tests.rankings.scene import Scene, rows, run
from tsushinbo.people.models import Politician
from tsushinbo.pledges.models import Pledge, PolicyArea
from tsushinbo.rankings.models import Facet, Kind, Population, Ranking, RankingPart
from tsushinbo.rankings.queries import known, page_of
from tsushinbo.rankings.queries.facets import OF_TERMS, Several, Values


def positions(ranking: Ranking, facet: Facet, value: str) -> list[int]:
    found = ranking.parts.filter(facet=facet, value=value).order_by("number")
    joined = np.frombuffer(b"".join(bytes(part.positions) for part in found), dtype="<i4").tolist()
    assert {part.size for part in found} == {len(joined)}
    assert [part.number for part in found] == list(range(len(found)))
    assert all(len(part.positions) == 4 * RankingPart.BLOCK for part in list(found)[:-1])
    return list(joined)


def test_people_are_narrowed_by_the_term_that_says_their_office(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RankingPart, "BLOCK", 4)
    made = run()
    ranking = Ranking.objects.get(run=made, kind=Kind.DEVIATION, population=Population.ALL)
    place = {row.politician_id: row.position for row in rows(Kind.DEVIATION)}
    expected = {
        (Facet.OFFICE, "mayor"): scene.people[1::2],
        (Facet.OFFICE, "representatives"): scene.people[::2],
        (Facet.PREFECTURE, "010006"): scene.people[::2],
        (Facet.PARTY, "7"): scene.people[::4],
    }
    for (facet, value), people in expected.items():
        assert positions(ranking, facet, value) == sorted(place[pk] for pk in people)
    of_terms = ranking.parts.filter(facet__in=OF_TERMS).values_list("facet", "value")
    assert set(of_terms) == {(facet.value, value) for facet, value in expected}


def test_pledges_are_narrowed_by_topic_owner_and_year(scene: Scene) -> None:
    made = run()
    ranking = Ranking.objects.get(run=made, kind=Kind.PLEDGE_DISCUSSED)
    place = {row.pledge_id: row.position for row in rows(Kind.PLEDGE_DISCUSSED)}
    assert len(place) == len(scene.pledges)
    of = {pk: n for n, pk in enumerate(scene.pledges)}
    assert positions(ranking, Facet.POLICY_AREA, "scene-1") == sorted(place[pk] for pk in scene.pledges[1::2])
    assert positions(ranking, Facet.OFFICE, "mayor") == sorted(place[pk] for pk in of if of[pk] // 3 % 2)
    assert positions(ranking, Facet.PARTY, "7") == sorted(place[pk] for pk in of if of[pk] // 3 % 4 == 0)
    dated = [pk for pk in of if of[pk] % 5 and of[pk] % 3 == 1]
    assert positions(ranking, Facet.YEAR, "2021") == sorted(place[pk] for pk in dated)
    assert not ranking.parts.filter(facet=Facet.YEAR, value__in=["", "0"]).exists()


# On a busy machine an example may take as long as it likes.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    pledges=st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["", "a", "b", "c"]))),
    ranked=st.lists(st.integers(0, 9), unique=True),
)
def test_narrowed_to_what_is_gathered_a_list_is_the_whole_one_filtered(
    pledges: list[tuple[int, str]], ranked: list[int]
) -> None:
    whose = np.array([owner for owner, _ in pledges], dtype=np.int64)
    several = Several.of(Values.of([value for _, value in pledges]), whose, 10)
    found = {word: positions.tolist() for word, positions in several.positions(np.array(ranked, dtype=np.int64))}
    assert found == {
        word: [n for n, owner in enumerate(ranked, start=1) if (owner, word) in pledges]
        for word in sorted({value for _, value in pledges if value})
    }


@pytest.fixture
def mixed(scene: Scene) -> Scene:
    """Pledges of four topics and four years, some of neither and some hidden; half of the people have reports."""
    random = np.random.default_rng(7)
    topics = [
        *scene.topics,
        *(PolicyArea.objects.create(code=f"more-{n}", name=f"見本分野{n}", position=n) for n in (8, 9)),
    ]
    for pk in scene.pledges:
        Pledge.objects.filter(pk=pk).update(
            policy_area=topics[random.choice(4, p=(0.6, 0.2, 0.15, 0.05))],
            source_on=random.choice(["", "2019", "2020-04", "2021-01-02", "2022"]),
            published=random.random() < 0.9,
        )
    for pk in scene.people[::2]:
        ReportFactory.create_batch(int(random.integers(1, 4)), politician=Politician.objects.get(pk=pk))
    return scene


TOPICS, YEARS = ("scene-0", "scene-1", "more-8", "more-9"), ("2019", "2020", "2021", "2022")


def having(pledges: QuerySet[Pledge], topic: str, year: str) -> set[int]:
    """The politicians with a published pledge of a topic and one of a year, where those are asked for."""
    everybody = set(pledges.values_list("politician", flat=True))
    for asked in ({"policy_area": topic} if topic else {}, {"source_on__startswith": year} if year else {}):
        if asked:
            everybody &= set(pledges.filter(**asked).values_list("politician", flat=True))
    return everybody


def test_people_narrowed_by_topic_and_year_are_the_whole_list_filtered(mixed: Scene) -> None:
    run()
    seen, published = known(), Pledge.objects.filter(published=True)
    assert seen is not None
    shown = 0
    for (kind, population), ranking in seen.rankings.items():
        if kind.startswith("pledge-") or population == Population.PARTY:
            continue
        whole = page_of(ranking, {}, 1).rows
        assert len(whole) == ranking.members
        for topic, year, office in itertools.product(("", *TOPICS), ("", *YEARS), ("", "mayor")):
            asked = {Facet.POLICY_AREA: topic, Facet.YEAR: year, Facet.OFFICE: office}
            page = page_of(ranking, {facet: value for facet, value in asked.items() if value}, 1)
            some = having(published, topic, year) | (set() if topic or year else set(mixed.people))
            some &= set(mixed.people[1::2]) if office else set(mixed.people)
            assert page.rows == [row for row in whole if row.subject.pk in some]
            assert page.total == len(page.rows)
            shown += len(page.rows)
    assert shown > 1000


def test_somebody_is_in_the_parts_of_all_their_topics(mixed: Scene) -> None:
    made = run()
    ranking = Ranking.objects.get(run=made, kind=Kind.PLEDGES, population=Population.ALL)
    together = sum(len(positions(ranking, Facet.POLICY_AREA, topic)) for topic in TOPICS)
    pairs = Pledge.objects.filter(published=True).values_list("politician", "policy_area").distinct()
    assert together == pairs.count() > ranking.members


def test_a_party_is_narrowed_by_its_pledges_alone(scene: Scene) -> None:
    pledge = PartyPledgeFactory(party=scene.party, policy_area=scene.topics[1], source_on="2023-07")
    cast(pledge, 1)
    made = run()
    ranking = Ranking.objects.get(run=made, kind=Kind.BALLOTS, population=Population.PARTY)
    assert set(ranking.parts.values_list("facet", "value")) == {("topic", "scene-1"), ("period", "2023")}
    # Nor are its members narrowed by it.
    whole = Ranking.objects.get(run=made, kind=Kind.BALLOTS, population=Population.ALL)
    assert not whole.parts.filter(facet=Facet.YEAR, value="2023").exists()
