"""Runs of the scores: what they write, when they write nothing, and what an interruption leaves."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.evaluations.counting import AT, cast
from tests.people.factories import PoliticianFactory
from tests.pledges.factories import PledgeFactory
from tests.rankings.scene import Scene, forget_scene, make_scene
from tsushinbo.evaluations.models import Alert, Ballot, PledgeConsensus, ScoreRun, Standing, Tally
from tsushinbo.evaluations.queries import runs, scores
from tsushinbo.evaluations.queries.inputs import read_inputs
from tsushinbo.evaluations.services import recount
from tsushinbo.evaluations.services import runs as run_services
from tsushinbo.people.models import Politician, Term
from tsushinbo.pledges.models import Pledge
from tsushinbo.rankings.models import Facet, Kind, Population, Ranking, RankingPart, RankingRow
from tsushinbo.rankings.queries.complete import incomplete
from tsushinbo.rankings.queries.facets import read_facets
from tsushinbo.rankings.services import score, scoring, writing
from tsushinbo.scoring.method import METHOD


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene()


@pytest.fixture(autouse=True)
def _nothing_read_before() -> Iterator[None]:
    runs.forget()
    yield
    runs.forget()


def run() -> ScoreRun:
    """Make a run, which there must be."""
    made = score().run
    assert made is not None
    return made


def rows(kind: Kind, population: Population = Population.ALL, of: ScoreRun | None = None) -> list[RankingRow]:
    """The rows of a ranking of the current run, in order."""
    made = of or ScoreRun.objects.get(current=True)
    return list(
        RankingRow.objects.filter(ranking__run=made, ranking__kind=kind, ranking__population=population).order_by(
            "position"
        )
    )


def test_a_run_says_from_what_it_was_made_and_is_current(scene: Scene) -> None:
    made = run()
    assert (made.number, made.current, made.method_version) == (runs.current().number, True, METHOD.version)  # type: ignore[union-attr]
    assert made.counts["ballots"] == Ballot.objects.count()
    assert made.counts["pledges"] == len(scene.pledges)
    assert made.counts["owners"] == len(scene.people) + 1
    assert made.seconds is not None
    assert made.finished_at >= made.as_of
    assert len(made.inputs_digest) == len(made.outputs_digest) == 64
    assert sum(made.histograms["all"]) == made.counts["members"] == len(scene.people)
    assert made.parameters["scores"]["least_members"] == METHOD.scores.least_members


def test_every_ranking_has_its_rows_in_the_order_of_its_values(scene: Scene) -> None:
    made = run()
    assert not incomplete(made)
    assert {one.kind for one in made.rankings.all()} == set(Kind)
    for ranking in made.rankings.all():
        found = list(ranking.rows.order_by("position"))
        assert [row.position for row in found] == list(range(1, ranking.members + 1))
        values = [row.value for row in found]
        assert values == sorted(values, reverse=True)
        for row in found:
            assert row.place == 1 + sum(value > row.value for value in values)
            assert row.place_low <= row.place <= row.place_high
            assert [row.pledge_id is not None, row.politician_id is not None, row.party_id is not None].count(True) == 1
            assert not row.frozen


def test_the_ranking_by_deviation_is_what_each_report_card_works_out(scene: Scene) -> None:
    run()
    for population in (Population.ALL, Population.DIET):
        for row in rows(Kind.DEVIATION, population):
            told = scores.explanation(Politician.objects.get(pk=row.politician_id))
            assert told is not None
            (one,) = [one for one in told["populations"] if one["name"] == population]
            assert row.value == pytest.approx(one["deviation"], abs=1e-5)
            assert [row.low, row.high] == pytest.approx(one["interval"], abs=1e-5)
            assert row.n == told["evaluations"]


def test_the_rankings_by_a_dimension_are_what_each_report_card_works_out(scene: Scene) -> None:
    run()
    found = rows(Kind.SUPPORT)
    assert len(found) == len(scene.people)
    for row in found:
        told = scores.explanation(Politician.objects.get(pk=row.politician_id))
        assert told is not None
        support = told["dimensions"][0]
        assert (row.value, row.n) == (pytest.approx(support["value"], abs=1e-5), support["n"])
        assert [row.low, row.high] == pytest.approx(support["interval"], abs=1e-5)


def test_the_ranking_of_pledges_shows_what_each_page_shows(scene: Scene) -> None:
    run()
    found = rows(Kind.PLEDGE_SUPPORT)
    assert found
    for row in found:
        marks = scores.marks(Pledge.objects.select_related("tally").get(pk=row.pledge_id))
        assert marks is not None
        assert (row.value, row.n) == (pytest.approx(marks["support"].points, abs=1e-6), marks["support"].n)
    listed = {row.pledge_id for row in found}
    assert listed == {tally.pk for tally in Tally.objects.all() if tally.ballots >= METHOD.scores.least_shown}


def test_counts_are_exact(scene: Scene) -> None:
    run()
    for row in rows(Kind.PLEDGE_DISCUSSED):
        assert row.value == row.n == Ballot.objects.filter(pledge=row.pledge_id).count()
        assert (row.low, row.high, row.place_low, row.place_high) == (None, None, row.place, row.place)
    for row in rows(Kind.PLEDGES):
        assert row.value == row.n == 3


def test_the_same_input_in_another_order_gives_the_same_bytes(db: None) -> None:
    make_scene()
    first = run()
    forget_scene()
    make_scene(backwards=True)
    second = score(force=True).run
    assert second is not None
    assert second.consensus["open"]
    assert second.inputs_digest == first.inputs_digest
    assert second.outputs_digest == first.outputs_digest
    assert (second.ruler, second.histograms, second.consensus) == (first.ruler, first.histograms, first.consensus)


def test_nothing_changed_gives_no_new_run(scene: Scene) -> None:
    first = run()
    again = score()
    assert again.run is None
    assert again.same == first
    assert ScoreRun.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda scene: cast(Pledge.objects.get(pk=scene.pledges[0]), 5),
        lambda scene: Term.objects.filter(politician=scene.people[0]).update(office="governor"),
        lambda scene: Term.objects.filter(politician=scene.people[0]).update(prefecture=None),
        lambda scene: Pledge.objects.filter(pk=scene.pledges[0]).update(policy_area=scene.topics[1]),
        lambda scene: Pledge.objects.filter(pk=scene.pledges[0]).update(published=False),
        lambda scene: Pledge.objects.filter(pk=scene.pledges[0]).update(source_on="1999"),
        lambda scene: PoliticianFactory(),
    ],
    ids=["ballot", "office", "prefecture", "topic", "hidden", "year", "politician"],
)
def test_whatever_changes_the_result_makes_a_new_run(scene: Scene, change: Callable[[Scene], object]) -> None:
    first = run()
    change(scene)
    second = score()
    assert second.run is not None
    assert second.run.inputs_digest != first.inputs_digest
    assert list(ScoreRun.objects.filter(current=True)) == [second.run]


def test_who_voted_counts_for_consensus_even_where_tallies_stay(scene: Scene) -> None:
    first = run()
    ballot = Ballot.objects.filter(choice="good").first()
    assert ballot is not None
    Ballot.objects.filter(pledge=ballot.pledge_id, voter=ballot.voter).update(voter=4)
    second = score().run
    assert second is not None
    assert second.ruler == first.ruler
    assert second.inputs_digest != first.inputs_digest


def test_hidden_pledges_and_merged_people_are_left_out(scene: Scene) -> None:
    Pledge.objects.filter(pk__in=scene.of(0)).update(published=False)
    gone = PoliticianFactory(merged_into=Politician.objects.get(pk=scene.people[1]))
    made = run()
    assert made.counts["pledges"] == len(scene.pledges) - 3
    assert made.counts["owners"] == len(scene.people) + 1
    listed = set(RankingRow.objects.values_list("politician", flat=True))
    assert not listed & {scene.people[0], gone.pk}
    assert not set(RankingRow.objects.values_list("pledge", flat=True)) & set(scene.of(0))


def test_without_ballots_nothing_is_claimed(db: None) -> None:
    make_scene(ballots=0)
    made = run()
    assert made.counts["ballots"] == made.counts["members"] == 0
    for kind in (Kind.DEVIATION, Kind.PLEDGE_SUPPORT, Kind.PLEDGE_CONSENSUS):
        assert not rows(kind)
    assert len(rows(Kind.PLEDGES)) == 24
    assert not made.consensus["open"]


def test_an_empty_site_has_a_run(db: None) -> None:
    assert run().counts["pledges"] == 0
    assert not RankingRow.objects.exists()


# consensus


def test_consensus_lists_by_what_is_agreed_on_and_marks_what_bridges(scene: Scene) -> None:
    made = run()
    assert made.consensus["open"]
    kept = {row.pledge_id: row for row in PledgeConsensus.objects.filter(run=made)}
    found = rows(Kind.PLEDGE_CONSENSUS)
    assert len(found) == len(kept) == made.consensus["shown"] > 0
    for row in found:
        assert row.value == pytest.approx(100 * kept[row.pledge_id].intercept, abs=1e-6)
    assert sum(row.bridging for row in kept.values()) == made.consensus["bridging"] > 0
    assert all(row.low_support >= 0.5 for row in kept.values() if row.bridging)


def test_consensus_stays_closed_with_few_ballots_a_voter(db: None) -> None:
    make_scene(ballots=900)
    made = run()
    assert not made.consensus["open"]
    assert made.consensus["median_ballots"] < METHOD.consensus.median_ballots
    assert not PledgeConsensus.objects.exists()
    assert Ranking.objects.get(run=made, kind=Kind.PLEDGE_CONSENSUS).members == 0


def test_held_and_excluded_ballots_are_in_no_number(scene: Scene) -> None:
    some, others = [10**12 + n for n in range(20)], [10**12 + n for n in range(20, 30)]
    Ballot.objects.filter(voter__in=some).update(standing=Standing.HELD)
    Ballot.objects.filter(voter__in=others).update(standing=Standing.EXCLUDED)
    recount(scene.pledges)
    held = run()
    assert held.counts["held"] == Ballot.objects.filter(standing=Standing.HELD).count() > 0
    assert held.counts["excluded"] == Ballot.objects.filter(standing=Standing.EXCLUDED).count() > 0
    Ballot.objects.filter(voter__in=[*some, *others]).delete()
    recount(scene.pledges)
    without = score(force=True).run
    assert without is not None
    assert (without.ruler, without.consensus) == (held.ruler, held.consensus)
    assert without.outputs_digest == held.outputs_digest


# facets


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
    assert set(ranking.parts.values_list("facet", "value")) == {(facet.value, value) for facet, value in expected}


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


# what is frozen


def alert(politician: int, **rest: datetime) -> Alert:
    now = timezone.now()
    return Alert.objects.create(
        politician_id=politician,
        kind="burst",
        choice="good",
        strength=9.0,
        **{"begins_at": now - timedelta(hours=6), "ends_at": now, "found_at": now, **rest},
    )


def storm(scene: Scene, person: int) -> None:
    """Many new voters for the pledges of one person."""
    for pledge in scene.of(person):
        rows = [
            Ballot(pledge_id=pledge, voter=n + 1, choice="good", clarity=True, cast_at=AT, changed_at=AT)
            for n in range(300)
        ]
        Ballot.objects.bulk_create(rows)
    recount(scene.of(person))


def test_a_sudden_change_leaves_the_order_as_it_was_and_says_so(scene: Scene) -> None:
    first = run()
    last = rows(Kind.DEVIATION)[-1]
    person = scene.people.index(last.politician_id)  # type: ignore[arg-type]
    storm(scene, person)
    alert(scene.people[person])
    second = run()
    kept = next(row for row in rows(Kind.DEVIATION) if row.politician_id == last.politician_id)
    assert kept.frozen
    assert (kept.value, kept.n) == (last.value, last.n)
    assert [row.politician_id for row in rows(Kind.DEVIATION) if row.frozen] == [last.politician_id]
    values = [row.value for row in rows(Kind.DEVIATION)]
    assert values == sorted(values, reverse=True)
    assert kept.place == 1 + sum(value > kept.value for value in values)
    assert not any(row.frozen for row in rows(Kind.BALLOTS))
    # Nothing new: the earlier values are those that were kept.
    assert score().same == second
    Alert.objects.all().delete()
    third = run()
    moved = next(row for row in rows(Kind.DEVIATION, of=third) if row.politician_id == last.politician_id)
    assert not moved.frozen
    assert moved.value > last.value
    assert first.number < second.number < third.number


def test_an_alert_of_long_ago_freezes_nothing(scene: Scene) -> None:
    run()
    long_ago = timezone.now() - timedelta(days=METHOD.attacks.frozen_days + 1)
    alert(scene.people[0], begins_at=long_ago, ends_at=long_ago, found_at=long_ago)
    storm(scene, 0)
    run()
    assert not RankingRow.objects.filter(frozen=True).exists()


# one at a time, whole or not at all


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


# age


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


def test_a_party_stands_among_parties(db: None) -> None:
    scene = make_scene()
    pledge = PledgeFactory(politician=None, party=scene.party)
    for voter in range(3):
        cast(pledge, voter)
    run()
    (row,) = rows(Kind.BALLOTS, Population.PARTY)
    assert (row.party_id, row.value) == (scene.party.pk, 3)
    assert not Ranking.objects.get(kind=Kind.BALLOTS, population=Population.PARTY).parts.exists()


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
