"""One run at a time, whole or not at all; and what becomes of earlier ones."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.evaluations.counting import AT, cast
from tests.pledges.factories import PledgeFactory
from tests.rankings.scene import Scene, make_scene, run
from tsushinbo.evaluations.models import Ballot, PledgeConsensus, ScoreRun, Tally
from tsushinbo.evaluations.queries import runs
from tsushinbo.evaluations.queries.inputs import read_inputs
from tsushinbo.evaluations.services import runs as run_services
from tsushinbo.pledges.models import Pledge
from tsushinbo.rankings.models import Ranking, RankingPart, RankingRow
from tsushinbo.rankings.queries.complete import incomplete
from tsushinbo.rankings.queries.facets import read_facets
from tsushinbo.rankings.services import score, scoring, writing


def test_wrong_tallies_stop_the_run_until_they_are_counted_anew(scene: Scene) -> None:
    first = run()
    Tally.objects.filter(pk=scene.pledges[0]).update(good=999)
    outcome = score()
    assert outcome.run is None
    assert outcome.wrong["ballots"] == [scene.pledges[0]]
    assert ScoreRun.objects.get(current=True) == first
    outcome = score(rebuild=True)
    assert outcome.rebuilt == {"ballots": 1, "assessments": 0, "reactions": 0}
    assert outcome.same == first


@pytest.mark.parametrize("where", ["write_rankings", "write_consensus", "make_current"])
def test_an_interrupted_run_leaves_the_earlier_one_and_is_cleared_by_the_next(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    first = run()
    cast(Pledge.objects.get(pk=scene.pledges[0]), 5)

    def pulled(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(scoring, where, pulled)
        with pytest.raises(KeyboardInterrupt):
            score()
    left = ScoreRun.objects.get(finished_at=None)
    assert ScoreRun.objects.get(current=True) == first
    assert not incomplete(first)
    second = run()
    assert not ScoreRun.objects.filter(pk=left.pk).exists()
    assert not RankingRow.objects.filter(ranking__run=left.pk).exists()
    assert not RankingPart.objects.filter(ranking__run=left.pk).exists()
    assert not PledgeConsensus.objects.filter(run=left.pk).exists()
    assert not incomplete(second)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_one() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def other() -> None:
        with run_services.alone() as mine:
            assert mine
            begun.set()
            assert go_on.wait(30)
        connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    assert begun.wait(30)
    outcome = score()
    assert outcome.busy
    assert outcome.run is None
    go_on.set()
    thread.join(30)
    assert score().run is not None
    assert not ScoreRun.objects.filter(finished_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_voters_are_not_kept_waiting_by_reading_nor_between_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = make_scene()
    monkeypatch.setattr(writing, "BATCH", 50)
    waited: list[bool] = []
    ordinary = writing.Pen.rest

    def rest(pen: writing.Pen, began: float) -> None:
        # Another process casts a ballot in the middle of the run: no transaction is open.
        waited.append(connection.in_atomic_block)
        if len(waited) == 3:
            voting = threading.Thread(
                target=lambda: (cast(Pledge.objects.get(pk=scene.pledges[0]), 9), connection.close())
            )
            voting.start()
            voting.join(30)
        ordinary(pen, began)

    monkeypatch.setattr(writing.Pen, "rest", rest)
    made = run()
    assert len(waited) > 10
    assert not any(waited)
    assert Ballot.objects.filter(voter=9).exists()
    assert made.counts["ballots"] == Ballot.objects.count() - 1


def test_rankings_of_earlier_runs_go_a_while_after_nobody_reads_them(scene: Scene) -> None:
    first = run()
    cast(Pledge.objects.get(pk=scene.pledges[0]), 5)
    second = run()
    assert not incomplete(first)
    scoring.clear_old_rows(at=second.finished_at + timedelta(minutes=1))  # type: ignore[operator]
    assert not Ranking.objects.filter(run=first).exists()
    assert not PledgeConsensus.objects.filter(run=first).exists()
    assert ScoreRun.objects.filter(pk=first.pk).exists()
    assert not incomplete(second)


def test_after_a_month_the_last_run_of_each_day_is_kept(scene: Scene) -> None:
    made = run()
    now = datetime.fromisoformat("2026-11-24T03:00:00+00:00")

    def finished(at: str) -> int:
        copy = ScoreRun.objects.get(pk=made.pk)
        copy.pk, copy.current, copy.finished_at = None, False, datetime.fromisoformat(at)
        copy._state.adding = True
        copy.save()
        return copy.number

    # 15:00 UTC is midnight in Tokyo.
    old = [finished(at) for at in ("2026-10-01T01:00Z", "2026-10-01T14:59Z", "2026-10-01T15:00Z", "2026-10-02T14:00Z")]
    young = [finished(at) for at in ("2026-11-20T01:00Z", "2026-11-20T02:00Z")]
    unfinished = finished("2026-11-20T01:00Z")
    ScoreRun.objects.filter(pk=unfinished).update(finished_at=None)
    run_services.thin_runs(at=now)
    assert sorted(ScoreRun.objects.values_list("number", flat=True)) == [made.number, old[1], old[3], *young]


def test_the_chores_wait_longer_after_a_long_run(scene: Scene) -> None:
    assert runs.is_due(AT)
    made = run()
    finished = made.finished_at
    assert finished is not None
    ScoreRun.objects.update(seconds=100.0)
    assert not runs.is_due(finished + timedelta(seconds=899))
    assert runs.is_due(finished + timedelta(seconds=900))
    ScoreRun.objects.update(method_version="1999.1")
    assert runs.is_due(finished)
    assert runs.read_current() is None


def test_reading_asks_the_same_few_questions_however_much_there_is(scene: Scene) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as taken:
            inputs = read_inputs()
            read_facets(inputs.owners, inputs.tallies)
        return len(taken)

    first = asked()
    cast(PledgeFactory(), 1)
    assert asked() == first <= 30


def test_clearing_does_not_look_at_every_run_there_was(scene: Scene) -> None:
    made = run()

    def asked() -> int:
        with CaptureQueriesContext(connection) as taken:
            scoring.clear_old_rows(at=made.finished_at + timedelta(minutes=1))  # type: ignore[operator]
        return len(taken)

    first = asked()
    for _ in range(5):
        copy = ScoreRun.objects.get(pk=made.pk)
        copy.pk, copy.current = None, False
        copy._state.adding = True
        copy.save()
    assert asked() == first
    assert ScoreRun.objects.count() == 6
