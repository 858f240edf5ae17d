"""Standings in which some keep an earlier value."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsushinbo.scoring import ranks
from tsushinbo.scoring.freezing import Earlier, Standings, freeze


def ranked(values: dict[int, float], error: float = 1.0) -> Standings:
    """Standings of subjects with these values, made as a run makes them."""
    subject = np.array(sorted(values, key=lambda one: (-values[one], one)), dtype=np.int64)
    value = np.array([values[one] for one in subject.tolist()], dtype=np.float64)
    errors = np.full(value.size, error)
    low, high = ranks.ranges_expected(value, errors)
    count = np.full(value.size, 30)
    return Standings(subject, value, errors, count, ranks.places(value), low, high, np.zeros(value.size, dtype=bool))


def earlier(values: dict[int, float], error: float = 1.0) -> Earlier:
    size = len(values)
    return Earlier(
        np.array(list(values), dtype=np.int64), np.array(list(values.values())), np.full(size, error), np.full(size, 12)
    )


def test_who_is_frozen_keeps_the_earlier_value_and_all_places_are_made_anew() -> None:
    found = freeze(ranked({1: 70, 2: 60, 3: 50}), earlier({3: 65}))
    assert found.subject.tolist() == [1, 3, 2]
    assert found.value.tolist() == [70, 65, 60]
    assert found.place.tolist() == [1, 2, 3]
    assert found.n.tolist() == [30, 12, 30]
    assert found.frozen.tolist() == [False, True, False]


def test_equal_values_share_a_place_and_stand_in_the_order_of_their_subjects() -> None:
    found = freeze(ranked({1: 70, 2: 60, 3: 50}), earlier({3: 60}))
    assert found.subject.tolist() == [1, 2, 3]
    assert found.place.tolist() == [1, 2, 2]


def test_who_is_new_is_not_frozen_and_who_left_does_not_come_back() -> None:
    standings = ranked({1: 70, 2: 60})
    assert freeze(standings, earlier({9: 99})) is standings
    assert freeze(standings, earlier({})) is standings
    assert freeze(ranked({}), earlier({9: 99})).subject.size == 0


def test_ranges_hold_the_places_and_follow_the_earlier_error() -> None:
    values = {subject: float(subject) for subject in range(40)}
    sharp, vague = (freeze(ranked(values), earlier({5: 20.0}, error)) for error in (0.01, 8.0))
    row = sharp.subject.tolist().index(5)
    assert sharp.place_high[row] - sharp.place_low[row] < vague.place_high[row] - vague.place_low[row]
    for found in (sharp, vague):
        assert np.all((found.place_low <= found.place) & (found.place <= found.place_high))


@given(
    st.dictionaries(st.integers(0, 50), st.integers(0, 100).map(float), min_size=1),
    st.dictionaries(st.integers(0, 60), st.integers(0, 100).map(float)),
)
def test_nobody_is_lost_and_the_order_is_that_of_the_values(now: dict[int, float], before: dict[int, float]) -> None:
    found = freeze(ranked(now), earlier(before))
    assert dict(zip(found.subject.tolist(), found.value.tolist(), strict=True)) == {
        subject: before.get(subject, value) for subject, value in now.items()
    }
    assert np.all(np.diff(found.value) <= 0)
    assert found.place.tolist() == [1 + int(np.sum(found.value > value)) for value in found.value]
    again = freeze(found, earlier(before))
    assert again.subject.tolist() == found.subject.tolist()
    assert again.place_low.tolist() == pytest.approx(found.place_low.tolist())
