"""Places and their ranges: by hand, the same with any number of threads, and holding the true places."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tsushinbo.scoring import ranks
from tsushinbo.scoring.method import METHOD

pytestmark = pytest.mark.any_database

FEW_DRAWS = replace(METHOD.scores, draws=400)


def planted(seed: int, members: int, spread: float = 2) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """True values, what is estimated of them, and standard errors of every size."""
    random = np.random.default_rng(seed)
    truth, noise = random.normal(50, spread, members), np.exp(random.normal(0, 0.5, members))
    kept = spread**2 / (spread**2 + noise**2)
    return truth, 50 + kept * (truth + noise * random.normal(size=members) - 50), np.sqrt(kept) * noise


def test_equal_values_share_a_place() -> None:
    assert ranks.places([50, 70, 50, 40]).tolist() == [2, 1, 2, 4]
    assert ranks.places([]).tolist() == []
    assert ranks.places([3, 3, 3]).tolist() == [1, 1, 1]


@settings(deadline=None)
@given(st.lists(st.integers(0, 30), max_size=40))
def test_a_place_is_one_more_than_there_are_better(values: list[int]) -> None:
    assert ranks.places(values).tolist() == [1 + sum(other > value for other in values) for value in values]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(-3, 9), st.integers(1, 4)), max_size=20))
def test_values_of_several_are_placed_as_if_each_were_written_out(several: list[tuple[int, int]]) -> None:
    values, times = (
        np.array(column, dtype=np.int64) for column in (zip(*several, strict=True) if several else ((), ()))
    )
    assert np.repeat(ranks.places(values, times), times).tolist() == ranks.places(np.repeat(values, times)).tolist()


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(
            st.integers(-5, 5),
            st.integers(-(1 << 40), 1 << 40),
            st.integers(-(1 << 61), 1 << 61),
        ),
        max_size=30,
    )
)
def test_falling_order_keeps_equal_ones_in_their_order(values: list[int]) -> None:
    wanted = sorted(range(len(values)), key=lambda i: -values[i])
    assert ranks.descending(np.array(values, dtype=np.int64)).tolist() == wanted
    six_decimals = np.array([value % 1_000_003 / 1e6 for value in values])
    for numbers in (six_decimals, six_decimals / 3):
        assert ranks.descending(numbers).tolist() == sorted(range(len(values)), key=lambda i: -numbers[i])


def test_what_is_known_exactly_has_one_place() -> None:
    values = [10.0, 30.0, 20.0]
    for low, high in (
        ranks.ranges_by_draws(values, [0, 0, 0], [np.arange(3)])[0],
        ranks.ranges_expected(values, [0, 0, 0]),
    ):
        assert low.tolist() == high.tolist() == [3, 1, 2]


def test_what_is_not_known_at_all_may_have_any_place() -> None:
    for low, high in (
        ranks.ranges_by_draws([50.0] * 20, [5.0] * 20, [np.arange(20)])[0],
        ranks.ranges_expected([50.0] * 20, [5.0] * 20),
    ):
        assert low.max() <= 2
        assert high.min() >= 19


def test_nobody_and_one_member() -> None:
    assert [end.tolist() for end in ranks.ranges_by_draws([], [], [np.arange(0)])[0]] == [[], []]
    assert [end.tolist() for end in ranks.ranges_expected([], [])] == [[], []]
    assert [end.tolist() for end in ranks.ranges_by_draws([4.0], [1.0], [np.arange(1), np.arange(0)])[0]] == [[1], [1]]
    assert [end.tolist() for end in ranks.ranges_expected([4.0], [1.0])] == [[1], [1]]


def test_threads_change_nothing_and_the_seed_does() -> None:
    _, values, errors = planted(1, 300)
    populations = [np.arange(300), np.arange(0, 300, 3)]
    one, four = (ranks.ranges_by_draws(values, errors, populations, FEW_DRAWS, threads=threads) for threads in (1, 4))
    for ends, others in zip(one, four, strict=True):
        assert [end.tolist() for end in ends] == [end.tolist() for end in others]
    other = ranks.ranges_by_draws(values, errors, populations, replace(FEW_DRAWS, draws_seed=7))
    assert any((ends[0] != others[0]).any() for ends, others in zip(one, other, strict=True))


def test_draws_come_in_pairs_of_opposite_signs() -> None:
    """Of two such draws the first member of one is the last of the other: half of the members apart on average, not a third."""
    low, high = ranks.ranges_by_draws(
        np.linspace(0, 1e-6, 500), [1.0] * 500, [np.arange(500)], replace(FEW_DRAWS, draws=2)
    )[0]
    assert np.mean(high - low) > 0.45 * 500


def test_a_population_is_ranked_without_the_others() -> None:
    _, values, errors = planted(2, 200)
    low, high = ranks.ranges_by_draws(values, errors, [np.arange(40)], FEW_DRAWS)[0]
    assert low.size == 40
    assert high.max() <= 40


@pytest.mark.parametrize("members", [20, 100, 1000])
def test_ranges_hold_the_true_places(members: int) -> None:
    inside = {"draws": [], "expected": []}
    for seed in range(max(4, 1500 // members)):
        truth, values, errors = planted(seed, members)
        true = ranks.places(truth)
        found = {
            "draws": ranks.ranges_by_draws(values, errors, [np.arange(members)], FEW_DRAWS)[0],
            "expected": ranks.ranges_expected(values, errors),
        }
        for name, (low, high) in found.items():
            assert np.all((low <= ranks.places(values)) & (ranks.places(values) <= high))
            inside[name].append(np.mean((low <= true) & (true <= high)))
    assert all(0.93 <= np.mean(shares) <= 0.995 for shares in inside.values()), inside


@pytest.mark.parametrize(("members", "spread"), [(20, 2), (300, 0.5), (3000, 6)])
def test_what_is_expected_is_what_is_drawn(members: int, spread: float) -> None:
    _, values, errors = planted(3, members, spread)
    drawn, expected = (
        ranks.ranges_by_draws(values, errors, [np.arange(members)])[0],
        ranks.ranges_expected(values, errors),
    )
    for end, other in zip(drawn, expected, strict=True):
        assert np.mean(np.abs(end - other)) <= max(0.7, 0.012 * members)


def test_ranges_of_several_alike_are_those_of_each_written_out() -> None:
    _, values, errors = planted(4, 400)
    times = np.random.default_rng(4).integers(1, 9, 400)
    together = ranks.ranges_expected(values, errors, times=times)
    apart = ranks.ranges_expected(np.repeat(values, times), np.repeat(errors, times))
    for end, other in zip(together, apart, strict=True):
        assert np.repeat(end, times).tolist() == other.tolist()


def test_from_200_members_on_what_is_expected_is_nearer_to_endless_draws_than_2000_draws_are() -> None:
    members = METHOD.scores.draws_members
    _, values, errors = planted(5, members)
    endless, drawn = (
        ranks.ranges_by_draws(values, errors, [np.arange(members)], parameters)[0]
        for parameters in (replace(METHOD.scores, draws=60_000, draws_seed=5), METHOD.scores)
    )
    expected = ranks.ranges_expected(values, errors)
    distance, other = (np.abs(np.subtract(ends, endless)).mean() for ends in (expected, drawn))
    assert distance < 0.8 * other


def test_more_than_65535_members_fit() -> None:
    members = 70_000
    values = np.linspace(0, 100, members)
    low, high = ranks.ranges_by_draws(
        values, np.full(members, 0.01), [np.arange(members)], replace(FEW_DRAWS, draws=40)
    )[0]
    assert high[0] > 69_900
    assert low[-1] == 1
