"""Runs of the scores: what they write, and when they write nothing."""

from collections.abc import Callable

import pytest

from tests.activities.factories import ReportFactory
from tests.evaluations.counting import cast
from tests.people.factories import PoliticianFactory
from tests.pledges.factories import PledgeFactory
from tests.rankings.scene import Scene, forget_scene, make_scene, rows, run
from tsushinbo.evaluations.models import Ballot, PledgeConsensus, ScoreRun, Standing, Tally
from tsushinbo.evaluations.queries import runs, scores
from tsushinbo.evaluations.services import recount
from tsushinbo.people.models import Politician, Term
from tsushinbo.pledges.models import Pledge
from tsushinbo.rankings.models import Kind, Population, Ranking, RankingRow
from tsushinbo.rankings.queries.complete import incomplete
from tsushinbo.rankings.services import score
from tsushinbo.scoring.method import METHOD


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
        lambda scene: ReportFactory(politician_id=scene.people[0]),
    ],
    ids=["ballot", "office", "prefecture", "topic", "hidden", "year", "politician", "report"],
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


def test_a_party_stands_among_parties(db: None) -> None:
    scene = make_scene()
    pledge = PledgeFactory(politician=None, party=scene.party)
    for voter in range(3):
        cast(pledge, voter)
    run()
    (row,) = rows(Kind.BALLOTS, Population.PARTY)
    assert (row.party_id, row.value) == (scene.party.pk, 3)


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
