"""Who stands in an election has no place: a run leaves them out, and a page whoever came since."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.elections.factories import CandidacyFactory, ContestFactory, UpcomingElectionFactory
from tests.rankings.factories import make_ranking, make_run
from tests.rankings.scene import Scene, rows, run
from tsushinbo.cli import chores
from tsushinbo.elections.models import Candidacy
from tsushinbo.elections.queries import mode
from tsushinbo.evaluations.models import ScoreRun
from tsushinbo.evaluations.queries import runs
from tsushinbo.evaluations.queries.held_back import stands_out
from tsushinbo.people.models import Politician
from tsushinbo.pledges.models import Pledge
from tsushinbo.rankings import queries as rankings
from tsushinbo.rankings.models import Kind, Population, Ranking, RankingPart
from tsushinbo.rankings.queries.complete import incomplete
from tsushinbo.rankings.services import score
from tsushinbo.scoring import ranks

# In Japan: the last second before the quiet phase, its first, that of the campaign, the last and the first after the polls.
BEFORE, QUIET, CAMPAIGN, LAST, AFTER = (
    datetime.fromisoformat(f"{moment}+09:00").astimezone(UTC)
    for moment in ("2026-11-12T23:59:59", "2026-11-13T00:00:00", "2026-12-13T00:00:00", "2026-12-20T19:59:59", "2026-12-20T20:00:00")
)  # fmt: skip
PEOPLE_KINDS = [kind for kind in Kind if not kind.startswith("pledge-") and kind != Kind.ACTIVITIES]
PLEDGE_KINDS = [kind for kind in Kind if kind.startswith("pledge-") and kind != Kind.PLEDGE_CONSENSUS]


def stands(*people: int) -> None:
    """Let these people stand in one election."""
    election = UpcomingElectionFactory(polling_on="2026-12-20", precision="day", announced_on="2026-12-13")
    contest = ContestFactory(election=election)
    for pk in people:
        CandidacyFactory(contest=contest, politician=Politician.objects.get(pk=pk))
    mode.forget()


def at(moment: datetime) -> time_machine.travel:
    mode.forget()
    rankings.forget()
    return time_machine.travel(moment, tick=False)


def politicians(kind: Kind, population: Population = Population.ALL) -> set[int | None]:
    return {row.politician_id for row in rows(kind, population)}


@pytest.mark.parametrize(
    ("moment", "people", "pledges"),
    [(BEFORE, True, True), (QUIET, False, True), (CAMPAIGN, False, False), (LAST, False, False), (AFTER, True, True)],
)
def test_a_run_leaves_out_who_stands_when_it_reads(scene: Scene, moment: datetime, people: bool, pledges: bool) -> None:
    standing = scene.people[:2]
    with at(BEFORE):
        run()
        ranked = {kind: politicians(kind) for kind in PEOPLE_KINDS}
        judged = {kind: {row.pledge_id for row in rows(kind)} for kind in PLEDGE_KINDS}
    stands(*standing)
    with at(moment):
        made = score().run or ScoreRun.objects.get(current=True)
    for kind, known in ranked.items():
        assert politicians(kind) == (known if people else known - set(standing))
    gone = {pledge for number in range(2) for pledge in scene.of(number)}
    for kind, known in judged.items():
        assert {row.pledge_id for row in rows(kind)} == (known if pledges else known - gone)
    assert made.counts["left_out"] == (0 if people else 2)
    assert made.counts["left_out_pledges"] == (0 if pledges else len(gone))
    assert not incomplete(made)


def test_places_and_parts_have_no_gap_where_somebody_stood(scene: Scene) -> None:
    stands(*scene.people[:3])
    with at(CAMPAIGN):
        made = run()
    for ranking in Ranking.objects.filter(run=made):
        values = [row.value for row in ranking.rows.order_by("position")]
        assert [row.place for row in ranking.rows.order_by("position")] == ranks.places(values).tolist()
        assert ranking.members == len(values)
        if ranking.members:
            last = RankingPart.objects.filter(ranking=ranking, facet="office").order_by("-size").first()
            assert last is None or last.size <= ranking.members


def test_nobody_else_moves_on_the_scale(scene: Scene) -> None:
    with at(BEFORE):
        before = run()
        values = {row.politician_id: row.value for row in rows(Kind.DEVIATION)}
    stands(*scene.people[:3])
    with at(QUIET):
        after = run()
    assert after.ruler == before.ruler
    for row in rows(Kind.DEVIATION):
        assert row.value == values[row.politician_id]
    assert sum(after.histograms["all"]) == sum(before.histograms["all"]) - len(values.keys() & set(scene.people[:3]))


def test_chores_make_a_run_as_soon_as_others_stand(scene: Scene) -> None:
    with at(BEFORE):
        made = run()
        ScoreRun.objects.update(seconds=100.0)
        assert not runs.is_due(BEFORE)
    stands(scene.people[0])
    assert not runs.is_due(BEFORE)
    assert not runs.others_stand(BEFORE)
    assert runs.is_due(QUIET)
    assert runs.others_stand(QUIET)
    with at(QUIET):
        second = run()
        assert second.number > made.number
        assert score().same == second
    assert not runs.others_stand(QUIET)
    assert not runs.others_stand(CAMPAIGN - timedelta(seconds=1))
    assert runs.others_stand(CAMPAIGN)
    with at(CAMPAIGN):
        run()
    assert not runs.others_stand(LAST)
    assert runs.others_stand(AFTER)


def test_who_withdraws_stands_no_more(scene: Scene) -> None:
    stands(scene.people[0])
    with at(QUIET):
        run()
    Candidacy.objects.all().delete()
    mode.forget()
    assert runs.others_stand(QUIET)


@pytest.mark.django_db
def test_without_a_run_nobody_has_to_hurry() -> None:
    assert not runs.others_stand(QUIET)


def test_mark_tells_who_stands_and_what_is_hidden_of_them(scene: Scene) -> None:
    assert stands_out(QUIET).mark == ""
    stands(*scene.people[:2])
    assert stands_out(QUIET).people == scene.people[:2]
    assert len({stands_out(moment).mark for moment in (BEFORE, QUIET, CAMPAIGN)}) == 3
    assert stands_out(CAMPAIGN).mark == stands_out(LAST).mark


class Stop(threading.Event):
    """Lets time pass at once, and remembers how long it was waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.waited: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for nothing."""
        self.waited.append(timeout or 0)
        return self.is_set()


def test_chores_begin_sooner_where_others_stand() -> None:
    stop, answers = Stop(), iter([False, False, True])
    assert not chores._wait(stop, 600, lambda: next(answers))
    assert stop.waited == [chores.POST_EVERY_SECONDS] * 3


def test_chores_wait_as_long_as_ever_for_anything_else() -> None:
    stop = Stop()
    assert not chores._wait(stop, 600, None)
    assert stop.waited == [pytest.approx(600, abs=5)]
    stop.set()
    assert chores._wait(stop, 600, lambda: False)


@pytest.mark.django_db
def test_what_cannot_be_seen_is_no_hurry(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def broken(moment: datetime) -> bool:
        raise ZeroDivisionError

    monkeypatch.setattr(runs, "others_stand", broken)
    assert not chores._others_stand()
    assert "who stands" in caplog.text


def page(client: Client, name: str, kind: str) -> str:
    return client.get(reverse(f"rankings:{name}", args=[kind])).content.decode()


@pytest.mark.parametrize("kind", [*PEOPLE_KINDS, Kind.ACTIVITIES])
def test_page_of_an_older_run_leaves_out_whoever_came_since(client: Client, scene: Scene, kind: Kind) -> None:
    people = [Politician.objects.get(pk=pk) for pk in scene.people[:3]]
    make_ranking(make_run(), kind, people)
    stands(scene.people[1])
    for moment, shown in ((BEFORE, 3), (QUIET, 2), (LAST, 2), (AFTER, 3)):
        with at(moment):
            text = page(client, "ranking", kind)
        assert text.count('<th role="rowheader"') == shown
        assert ("この順位に入れていません" in text) is (shown == 2)


@pytest.mark.parametrize("kind", [*PLEDGE_KINDS, Kind.PLEDGE_CONSENSUS])
def test_pledges_are_left_out_from_the_announcement_on(client: Client, scene: Scene, kind: Kind) -> None:
    pledges = [Pledge.objects.get(pk=scene.of(number)[0]) for number in range(3)]
    make_ranking(make_run(), kind, pledges)
    stands(scene.people[1])
    for moment, shown in ((QUIET, 3), (CAMPAIGN, 2), (LAST, 2), (AFTER, 3)):
        with at(moment):
            text = page(client, "ranking", kind)
        assert text.count('<th role="rowheader"') == shown
        assert ("の公約は、投票が終わるまでこの順位に入れていません" in text) is (shown == 2)


def test_line_says_how_many_the_run_left_out(client: Client, scene: Scene) -> None:
    stands(*scene.people[:2])
    with at(CAMPAIGN):
        run()
        rankings.forget()
        assert "（2人）" in page(client, "ranking", Kind.PLEDGES)
        assert "（6件）" in page(client, "ranking", Kind.PLEDGE_DISCUSSED)
        assert (
            "選挙のため"
            not in client.get(f"{reverse('rankings:ranking', args=[Kind.PLEDGES])}?office=party").content.decode()
        )


def test_who_has_too_few_evaluations_is_not_listed_either(client: Client, scene: Scene) -> None:
    made = make_run()
    people = [Politician.objects.get(pk=pk) for pk in scene.people[:3]]
    make_ranking(made, Kind.PLEDGES, people)
    make_ranking(made, Kind.DEVIATION, people[:1])
    stands(scene.people[1])
    for moment, shown in ((BEFORE, 2), (QUIET, 1), (AFTER, 2)):
        with at(moment):
            assert page(client, "unranked", Kind.DEVIATION).count('<th scope="row">') == shown
