"""The ranking of people by their activity reports."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.activities.factories import MemberReportFactory, ReportFactory
from tests.people.factories import PoliticianFactory
from tests.rankings.scene import Scene, rows, run
from tsushinbo.activities.models import ActivityReport
from tsushinbo.elections.queries import running
from tsushinbo.evaluations.queries.inputs import read_owners
from tsushinbo.people.models import Politician
from tsushinbo.rankings.models import Kind, Population, Ranking, RankingRow
from tsushinbo.rankings.queries.reports import read_reports
from tsushinbo.rankings.services import score

pytestmark = pytest.mark.django_db
APPROVED = ActivityReport.State.APPROVED


def report(count: int, person: int, **columns: object) -> None:
    ReportFactory.create_batch(count, politician=Politician.objects.get(pk=person), **columns)


def listed(population: Population = Population.ALL) -> list[tuple[int | None, int, float]]:
    return [(row.politician_id, row.place, row.value) for row in rows(Kind.ACTIVITIES, population)]


def test_who_has_more_reports_comes_first_and_equal_ones_share_a_place(scene: Scene) -> None:
    first, second, third, fourth = (scene.people[n] for n in (3, 1, 2, 0))
    for person, count in ((first, 5), (second, 2), (third, 2), (fourth, 1)):
        report(count, person)
    run()
    assert listed() == [(first, 1, 5), (second, 2, 2), (third, 2, 2), (fourth, 4, 1)]
    assert listed(Population.EXECUTIVE) == [(first, 1, 5), (second, 2, 2)]
    assert listed(Population.DIET) == [(third, 1, 2), (fourth, 2, 1)]
    for row in rows(Kind.ACTIVITIES):
        assert (row.low, row.high, row.place_low, row.place_high) == (None, None, row.place, row.place)
        assert row.n == row.value


def test_only_what_everybody_may_read_counts(scene: Scene) -> None:
    person = Politician.objects.get(pk=scene.people[0])
    for state in ActivityReport.State:
        ReportFactory(politician=person, state=state)
    MemberReportFactory(politician=person, state=APPROVED)
    report(1, person.pk, publish_at=timezone.now() + timedelta(hours=1))
    run()
    assert listed() == [(person.pk, 1, 2)]
    # An hour later nothing was written and yet there is one more.
    ActivityReport.objects.filter(publish_at__gt=timezone.now()).update(publish_at=timezone.now())
    run()
    assert listed() == [(person.pk, 1, 3)]


def test_without_reports_nobody_has_a_place(scene: Scene) -> None:
    made = run()
    found = Ranking.objects.filter(run=made, kind=Kind.ACTIVITIES)
    assert set(found.values_list("population", "members")) == {
        (population, 0) for population in Population if population != Population.PARTY
    }
    assert not RankingRow.objects.filter(ranking__in=found).exists()
    assert score().same == made


def test_reports_of_somebody_without_pledges_count_and_of_who_was_merged_do_not(db: None) -> None:
    someone = PoliticianFactory()
    report(1, someone.pk)
    report(1, PoliticianFactory(merged_into=someone).pk)
    run()
    assert listed() == [(someone.pk, 1, 1)]


def test_counting_takes_one_query(scene: Scene, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    report(2, scene.people[0])
    report(1, scene.people[1])
    owners = read_owners()
    # What a process asks once in some seconds.
    running(timezone.now())
    with django_assert_num_queries(1):
        counts = read_reports(owners, timezone.now())
    assert counts.sum() == 3
    assert counts[owners.id == scene.people[0]].tolist() == [2]
