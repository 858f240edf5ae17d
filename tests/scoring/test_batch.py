"""A whole run: who is compared with whom, what little data gives, and what must not matter."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.scoring.planted import Planted, plant
from tsushinbo.scoring import composite, ranks
from tsushinbo.scoring.batch import NOBODY, LeftOut, Ranking, Run, run
from tsushinbo.scoring.deviation import Scale, Unplaced
from tsushinbo.scoring.method import DIMENSIONS, KINDS, METHOD
from tsushinbo.scoring.ruler import Ruler, populations_of
from tsushinbo.scoring.tallies import Owners, Tallies, digest, owner_key

pytestmark = pytest.mark.any_database

QUICK = replace(METHOD, scores=replace(METHOD.scores, draws=100))


def tallies(rows: list[tuple[int, int, int, int]], *, party: bool = False) -> Tallies:
    """Pledges as (id, owner, good, bad); half of the voters call them clear."""
    columns = np.array(rows, dtype=np.int64).reshape(len(rows), 4).T
    n = columns[2] + columns[3]
    counts = np.array([columns[2], columns[3], n // 4, n // 4, *[np.zeros(len(rows), np.int64)] * 4])
    return Tallies.from_counts(
        pledge=columns[0],
        owner=columns[1],
        party=np.full(len(rows), party),
        counts=counts,
        assessed=np.zeros((6, len(rows)), dtype=np.int64),
    )


def owners(*kinds: str) -> Owners:
    return Owners(
        np.arange(len(kinds), dtype=np.int64), np.array([KINDS.index(kind) for kind in kinds], dtype=np.int64)
    )


def people(count: int, kind: str = "mayor", start: int = 0) -> tuple[list[tuple[int, int, int, int]], list[str]]:
    """Politicians with two pledges of 20 ballots each, from worst to best."""
    rows = [
        (2 * i + half, start + i, 20 * i // max(count - 1, 1), 20 - 20 * i // max(count - 1, 1))
        for i in range(count)
        for half in (0, 1)
    ]
    return [(pledge + 2 * start, *rest) for pledge, *rest in rows], [kind] * count


def found(result: Run, kind: str, population: str = "all") -> Ranking:
    return next(one for one in result.rankings if (one.kind, one.population) == (kind, population))


def population(result: Run, name: str) -> Scale:
    return next(one.scale for one in result.populations if one.name == name)


@pytest.mark.parametrize("rows", [[], [(1, 0, 0, 0)], [(1, 0, 1, 0)], [(1, 0, 0, 1), (2, 0, 0, 0)]])
def test_none_and_one_ballot_break_nothing_and_claim_nothing(rows: list[tuple[int, int, int, int]]) -> None:
    result = run(tallies(rows), owners("mayor", "governor"), QUICK)
    assert result.counts["members"] == 0
    assert all(one.scale.reason is Unplaced.FEW for one in result.populations)
    assert not any(
        one.rows.size for one in result.rankings if one.kind not in ("ballots", "pledges", "pledge-discussed")
    )
    assert np.all(np.abs(result.totals.value - 50) < 10)
    assert np.all(1.96 * result.totals.error > 10)


def test_nobody_at_all() -> None:
    result = run(tallies([]), owners(), QUICK)
    assert set(result.counts.values()) == {0}
    assert result.fingerprint() == run(tallies([]), owners(), QUICK).fingerprint()


def test_twenty_members_have_a_scale_and_nineteen_do_not() -> None:
    for count, reason in ((19, Unplaced.FEW), (20, None)):
        rows, kinds = people(count)
        result = run(tallies(rows), owners(*kinds), QUICK)
        assert population(result, "executive").reason is reason
        assert any(one.kind == "deviation" for one in result.rankings) is (reason is None)


def test_members_need_thirty_evaluations_on_two_pledges() -> None:
    rows = [(1, 0, 15, 14), (2, 0, 0, 0), (3, 1, 29, 1), (4, 2, 15, 14), (5, 2, 0, 1)]
    result = run(tallies(rows), owners("mayor", "mayor", "mayor"), QUICK)
    assert result.totals.members().tolist() == [False, False, True]
    assert result.totals.evaluations.tolist() == [29, 30, 30]
    assert result.totals.judged.tolist() == [1, 1, 2]
    assert result.totals.pledges.tolist() == [2, 1, 2]


def test_who_gives_both_ratings_counts_once() -> None:
    before = tallies([(1, 0, 5, 5), (2, 0, 0, 0)])
    ratings, total = np.array([[12, 0], [15, 3]]), np.array([[600, 0], [700, 100]])
    result = run(replace(before, ratings=ratings, total=total, squares=total * 50), owners("mayor"), QUICK)
    assert result.totals.evaluations.tolist() == [10 + 15 + 3]
    assert result.totals.judged.tolist() == [2]
    assert result.counts["assessments"] == 18


def test_all_alike_have_no_deviation_score() -> None:
    rows = [(2 * i + half, i, 10, 10) for i in range(25) for half in (0, 1)]
    result = run(tallies(rows), owners(*["mayor"] * 25), QUICK)
    assert population(result, "all").reason is Unplaced.ALIKE
    assert all(np.isnan(one.deviation).all() for one in result.populations)


def test_offices_are_compared_apart_and_together_and_parties_by_themselves() -> None:
    mayors, kinds = people(20)
    governors, more = people(20, "councillors", start=20)
    party = tallies([(1000, 5, 30, 0), (1001, 5, 30, 0)], party=True)
    politicians = tallies([*mayors, *governors])
    every = Tallies(
        *(
            np.concatenate([a, b], axis=-1)
            for (_, a), (_, b) in zip(politicians.columns(), party.columns(), strict=True)
        )
    )
    two = owners(*kinds, *more)
    everybody = Owners(np.append(two.id, 5), np.append(two.kind, KINDS.index("party")))
    result = run(every, everybody, QUICK)
    members = {one.name: one.scale.members for one in result.populations}
    assert members == {
        "all": 40,
        "diet": 20,
        "executive": 20,
        "assembly": 0,
        "prefectural_assembly": 0,
        "municipal_assembly": 0,
        "party": 1,
    }
    assert found(result, "support", "party").rows.tolist() == [40]
    assert result.owners.kind[40] == KINDS.index("party")
    assert result.owners.id[40] == result.owners.id[5] == 5
    assert result.totals.value[40] > result.totals.value[5]


def test_every_kind_has_its_populations() -> None:
    assert populations_of("governor") == ["all", "executive"]
    assert populations_of("municipal_assembly") == ["all", "assembly", "municipal_assembly"]
    assert populations_of("none") == ["all"]
    assert populations_of("party") == ["party"]
    with pytest.raises(ValueError, match="not one of"):
        populations_of("king")


def test_the_better_judged_stand_higher_and_equal_ones_share_a_place() -> None:
    rows, kinds = people(20)
    rows = [*rows, (900, 20, 10, 10), (901, 20, 10, 10), (902, 21, 10, 10), (903, 21, 10, 10)]
    result = run(tallies(rows), owners(*kinds, "mayor", "mayor"), QUICK)
    ranking = found(result, "deviation")
    assert ranking.rows[0] == 19
    assert np.all(np.diff(ranking.value) <= 0)
    assert np.all((ranking.low <= ranking.place) & (ranking.place <= ranking.high))
    place = dict(zip(ranking.rows.tolist(), ranking.place.tolist(), strict=True))
    assert place[20] == place[21]
    assert max(place.values()) == 22


def test_pledges_are_ranked_from_ten_ballots_on() -> None:
    result = run(tallies([(5, 0, 9, 0), (6, 0, 5, 5), (7, 0, 9, 1)]), owners("mayor"), QUICK)
    support = found(result, "pledge-support")
    assert result.pledges[support.rows].tolist() == [7, 6]
    discussed = found(result, "pledge-discussed")
    assert result.pledges[discussed.rows].tolist() == [6, 7, 5]
    assert discussed.place.tolist() == discussed.low.tolist() == discussed.high.tolist() == [1, 1, 3]


def test_pledges_with_very_many_ballots_stand_where_their_values_put_them() -> None:
    """Counts too large for a table of them; two pledges are alike."""
    rows = [(1, 0, 9_000_000, 1_000_000), (2, 0, 70, 30), (3, 0, 9_000_000, 1_000_000), (4, 0, 1, 10**9), (5, 0, 9, 0)]
    result = run(tallies(rows), owners("mayor"), QUICK)
    ranking = found(result, "pledge-support")
    assert result.pledges[ranking.rows].tolist() == [1, 3, 2, 4]
    assert ranking.place.tolist() == [1, 1, 3, 4]
    marks = [
        result.ruler.mark("support", good, good + bad).points for _, _, good, bad in (rows[0], rows[2], *rows[1::2])
    ]
    assert ranking.value.tolist() == marks
    discussed = found(result, "pledge-discussed")
    assert result.pledges[discussed.rows].tolist() == [4, 1, 3, 2, 5]


def test_every_pledge_that_is_shown_is_ranked_by_its_mark() -> None:
    planted = plant(5, 80, ballots=30)
    result = run(planted.tallies, planted.owners, QUICK)
    for name, number in (("support", 0), ("achievement", 5)):
        ranking = found(result, f"pledge-{name}")
        total, n = composite.column(planted.tallies, number)
        assert sorted(ranking.rows.tolist()) == np.flatnonzero(n >= 10).tolist()
        marks = [result.ruler.mark(name, int(total[row]), int(n[row])).points for row in ranking.rows]
        assert ranking.value.tolist() == marks
        assert ranking.place.tolist() == [1 + sum(other > mark for other in marks) for mark in marks]
        assert np.all((ranking.low <= ranking.place) & (ranking.place <= ranking.high))
        scale = result.ruler.pledges[name]
        assert (scale.mean, scale.sd) == (pytest.approx(np.mean(marks)), pytest.approx(np.std(marks)))


small = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=15)


@settings(deadline=None, max_examples=25)
@given(small, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_byte(drawn: list[tuple[int, int, int]], random) -> None:
    rows = [(pledge, *rest) for pledge, rest in enumerate(drawn)]
    shuffled = list(rows)
    random.shuffle(shuffled)
    everybody = owners(*["mayor"] * 6)
    turned = Owners(everybody.id[::-1], everybody.kind[::-1])
    assert run(tallies(rows), everybody, QUICK).fingerprint() == run(tallies(shuffled), turned, QUICK).fingerprint()


def test_threads_change_no_byte() -> None:
    planted = plant(1, 60)
    one, three = (run(planted.tallies, planted.owners, QUICK, threads=threads).summary() for threads in (1, 3))
    assert one == three


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(small, st.integers(0, 14))
def test_a_ballot_cast_and_withdrawn_leaves_no_trace(drawn: list[tuple[int, int, int]], which: int) -> None:
    rows = [(pledge, *rest) for pledge, rest in enumerate(drawn)]
    before, everybody = tallies(rows), owners(*["mayor"] * 6)
    cast = replace(before, positive=before.positive.copy(), n=before.n.copy())
    chosen = which % len(rows)
    cast.positive[0, chosen] += 1
    cast.n[0, chosen] += 1
    changed = run(cast, everybody, QUICK)
    cast.positive[0, chosen] -= 1
    cast.n[0, chosen] -= 1
    after = run(cast, everybody, QUICK)
    assert after.fingerprint() == run(before, everybody, QUICK).fingerprint() != changed.fingerprint()


def with_one_more(planted: Planted, pledge: int) -> Tallies:
    positive, n = planted.tallies.positive.copy(), planted.tallies.n.copy()
    positive[0, pledge] += 1
    n[0, pledge] += 1
    return replace(planted.tallies, positive=positive, n=n)


def test_one_ballot_moves_its_owner_a_little_and_others_hardly() -> None:
    planted = plant(2, 60, ballots=30)
    before = run(planted.tallies, planted.owners, QUICK)
    pledge = int(np.flatnonzero(planted.tallies.n[0] > 20)[0])
    after = run(with_one_more(planted, pledge), planted.owners, QUICK)
    moved = after.totals.value - before.totals.value
    assert 0 < abs(moved[planted.owner[pledge]]) < 0.2
    assert np.max(np.abs(np.delete(moved, planted.owner[pledge]))) < 0.02
    places = [found(one, "deviation") for one in (before, after)]
    ranges = [dict(zip(one.rows.tolist(), zip(one.low, one.high, strict=True), strict=True)) for one in places]
    assert all(abs(a - b) <= 2 for row in ranges[0] for a, b in zip(ranges[0][row], ranges[1][row], strict=True))


@pytest.mark.parametrize("seed", range(2))
def test_one_good_ballot_never_lowers_the_pledges_support(seed: int) -> None:
    """Also when everything is fitted anew."""
    planted = plant(seed, 12, ballots=8)
    before = run(planted.tallies, planted.owners, QUICK).ruler
    for pledge in range(0, planted.tallies.pledge.size, 9):
        after = run(with_one_more(planted, pledge), planted.owners, QUICK).ruler
        positive, n = int(planted.tallies.positive[0, pledge]), int(planted.tallies.n[0, pledge])
        assert after.mark("support", positive + 1, n + 1).points > before.mark("support", positive, n).points


def test_a_constant_added_to_every_total_keeps_the_deviation_scores() -> None:
    planted = plant(3, 60)
    totals = run(planted.tallies, planted.owners, QUICK).totals.value
    scales = [Scale.of(totals + constant, least=20) for constant in (0, 7.5)]
    assert scales[0].place(totals) == pytest.approx(scales[1].place(totals + 7.5))


def test_one_owner_between_two_runs_stands_where_the_run_put_it() -> None:
    planted = plant(4, 40)
    result = run(planted.tallies, planted.owners, QUICK)
    ruler = Ruler.from_dict(result.ruler.as_dict())
    assert ruler == result.ruler
    for owner in (0, 17):
        own = planted.tallies.of(planted.owner == owner)
        totals = ruler.totals(own, np.zeros(own.pledge.size, dtype=np.int64), 1)
        assert totals.value[0] == result.totals.value[owner]
        assert totals.error[0] == result.totals.error[owner]


def test_a_pledges_row_gives_points_mean_and_deviation() -> None:
    planted = plant(4, 40)
    ruler = run(planted.tallies, planted.owners, QUICK).ruler
    scale = ruler.pledges["support"]
    mark = ruler.mark("support", 18, 20)
    prior = ruler.priors["support"]
    assert mark.points == pytest.approx(float(prior.posterior(18, 20)[0]), abs=1e-6)
    assert (mark.shown, mark.missing, mark.mean) == (True, 0, scale.mean)
    assert mark.deviation == pytest.approx(50 + 10 * (mark.points - scale.mean) / scale.sd)
    reach = 1.96 * float(prior.posterior(18, 20)[1]) ** 0.5
    assert mark.interval == pytest.approx(
        (mark.deviation - 10 * reach / scale.sd, mark.deviation + 10 * reach / scale.sd), rel=1e-4
    )
    many, once = (ruler.mark("support", 9 * n, 10 * n).interval for n in (20, 2))
    assert many is not None
    assert once is not None
    assert many[1] - many[0] < once[1] - once[0]
    few = ruler.mark("clarity", 2, 4)
    assert (few.shown, few.missing) == (False, 6)
    nothing = run(tallies([]), owners(), QUICK).ruler.mark("support", 0, 0)
    assert (nothing.deviation, nothing.interval, nothing.reason, nothing.mean) == (None, None, Unplaced.FEW, 50)


def test_a_run_records_what_is_needed_to_do_it_again() -> None:
    planted = plant(4, 40)
    result = run(planted.tallies, planted.owners, QUICK)
    summary = result.summary()
    assert summary["version"] == METHOD.version
    assert summary["parameters"]["scores"]["draws"] == 100
    assert summary["counts"]["ballots"] == planted.tallies.ballots.sum()
    assert sum(summary["histograms"]["all"]) == summary["counts"]["members"]
    assert summary["digest"] == run(planted.tallies, planted.owners, QUICK).digest
    assert summary["digest"] != run(with_one_more(planted, 0), planted.owners, QUICK).digest
    assert set(summary["ruler"]["priors"]) == set(DIMENSIONS)


def test_the_record_of_the_input_tells_every_column_apart() -> None:
    """Also where two columns could be written in the same bytes, and where numbers need more of them."""
    everybody = owners("mayor", "mayor")
    inputs = [[(1, 0, 0, 1), (2, 0, 1, 0)], [(1, 0, 1, 0), (2, 0, 0, 1)], [(1, 0, 128, 0)], [(1, 0, 40_000, 0)]]
    inputs += [[(1, 0, 3 * 10**9, 0)], [(1, 1, 128, 0)], [(1 << 49, 0, 128, 0)], []]
    digests = {digest(tallies(rows), everybody, "") for rows in inputs}
    assert len(digests) == len(inputs)
    assert digest(tallies([]), everybody, "x") not in digests


def test_input_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="not among the owners"):
        run(tallies([(1, 4, 1, 1)]), owners("mayor"), QUICK)
    with pytest.raises(ValueError, match="pledge is given twice"):
        run(tallies([(1, 0, 1, 1), (1, 0, 1, 1)]), owners("mayor"), QUICK)
    with pytest.raises(ValueError, match="owner is given twice"):
        run(tallies([]), Owners(np.array([1, 1]), np.array([0, 0])), QUICK)
    with pytest.raises(ValueError, match="kind of an owner"):
        Owners(np.array([1]), np.array([len(KINDS)]))
    with pytest.raises(ValueError, match="0 <= positive"):
        tallies([(1, 0, -1, 3)])
    with pytest.raises(ValueError, match="between 0 and 100"):
        replace(tallies([(1, 0, 1, 3)]), total=np.array([[1], [0]]))
    with pytest.raises(ValueError, match="one row a pledge"):
        replace(tallies([(1, 0, 1, 3)]), owner=np.array([0, 0]))


def without(owners: set[int], pledges: set[int]) -> LeftOut:
    """Politicians and pledges by id."""
    keys = owner_key(np.array(sorted(owners), dtype=np.int64), np.zeros(len(owners), dtype=bool))
    return LeftOut(keys, np.array(sorted(pledges), dtype=np.int64))


def test_who_is_left_out_has_no_place_and_leaves_no_gap() -> None:
    rows, kinds = people(24)
    result = run(tallies(rows), owners(*kinds), QUICK, left_out=without({5, 20}, {10, 11, 40, 41}))
    for one in result.rankings:
        subjects = result.pledges if one.kind.startswith("pledge-") else result.owners.id
        gone = {10, 11, 40, 41} if one.kind.startswith("pledge-") else {5, 20}
        assert gone.isdisjoint(subjects[one.rows].tolist())
        assert one.place.tolist() == ranks.places(one.value).tolist()
        assert one.high.max(initial=0) <= one.rows.size
    assert found(result, "deviation").rows.size == 22
    assert all(sum(one.histogram.counts) == one.members.size for one in result.populations)


def test_who_is_left_out_moves_nobody_on_the_scale() -> None:
    rows, kinds = people(24)
    whole, some = (
        run(tallies(rows), owners(*kinds), QUICK, left_out=one)
        for one in (without(set(), set()), without({5, 20}, set()))
    )
    assert whole.ruler == some.ruler
    assert whole.counts == some.counts
    before = dict(zip(found(whole, "deviation").rows.tolist(), found(whole, "deviation").value.tolist(), strict=True))
    for row, value in zip(found(some, "deviation").rows.tolist(), found(some, "deviation").value.tolist(), strict=True):
        assert before[row] == value
    assert whole.digest != some.digest


def test_with_nobody_left_out_a_run_is_what_it_was() -> None:
    rows, kinds = people(24)
    plain, same = run(tallies(rows), owners(*kinds), QUICK), run(tallies(rows), owners(*kinds), QUICK, left_out=NOBODY)
    assert plain.fingerprint() == same.fingerprint()
    assert plain.digest == digest(tallies(rows), owners(*kinds), json.dumps(QUICK.parameters(), sort_keys=True))


def test_pledges_that_are_left_out_are_ranked_as_if_they_were_not_there() -> None:
    rows, kinds = people(24)
    some = found(run(tallies(rows), owners(*kinds), QUICK, left_out=without(set(), {10, 11})), "pledge-support")
    whole = found(run(tallies(rows), owners(*kinds), QUICK), "pledge-support")
    assert some.rows.tolist() == [row for row in whole.rows.tolist() if row not in {10, 11}]
    assert some.place.tolist() == ranks.places(some.value).tolist()
