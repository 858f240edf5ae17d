"""The agreement of a visitor and a politician: hand-counted examples, and laws."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsushinbo.scoring.agreement import DOUBLE, MINIMUM, WIDTH, Agreement, agreement

places = st.integers(0, WIDTH)
answers = st.none() | places


@st.composite
def pairs(draw: st.DrawFn) -> tuple[list[int | None], list[int | None], list[int]]:
    n = draw(st.integers(0, 40))
    of = [st.lists(kind, min_size=n, max_size=n) for kind in (answers, answers, st.sampled_from([1, DOUBLE]))]
    return draw(of[0]), draw(of[1]), draw(of[2])


def test_a_hand_counted_example() -> None:
    found = agreement([4, 3, 0], [4, 1, None], [2, 1, 1])
    assert found == Agreement(points=10, most=12, missing=4, compared=2, answered=3)
    assert (found.percent, found.low, found.high) == (83, 63, 88)


@pytest.mark.parametrize(
    ("mine", "theirs", "percent"),
    [
        ([4, 4, 4], [4, 4, 4], 100),
        ([4, 4, 4], [0, 0, 0], 0),
        ([4, 0, 2], [2, 2, 2], 67),
        ([4, 4], [4, 0], 50),
        # As the Wahl-O-Mat counts on its three places: 2 + 1 + 0 of 6 points.
        ([4, 4, 4], [4, 2, 0], 50),
        # 12.5 is rounded up.
        ([4, 4], [1, 0], 13),
        ([], [], 0),
    ],
)
def test_examples_of_percentages(mine: list[int], theirs: list[int], percent: int) -> None:
    assert agreement(mine, theirs).percent == percent


@given(pairs())
def test_it_stays_between_0_and_100_and_inside_its_range(case: tuple[list, list, list]) -> None:
    found = agreement(*case)
    assert 0 <= found.low <= found.percent <= 100 or found.compared == 0
    assert found.low <= found.high <= 100
    assert found.percent <= found.high or found.compared == 0
    assert 0 <= found.compared <= found.answered <= len(case[0])


@given(pairs())
def test_it_is_the_same_from_either_side(case: tuple[list, list, list]) -> None:
    mine, theirs, weights = case
    one, other = agreement(mine, theirs, weights), agreement(theirs, mine, weights)
    assert (one.points, one.most, one.compared) == (other.points, other.most, other.compared)


@given(pairs())
def test_turning_the_scale_round_changes_nothing(case: tuple[list, list, list]) -> None:
    mine, theirs, weights = case

    def turned(row: list[int | None]) -> list[int | None]:
        return [None if place is None else WIDTH - place for place in row]

    assert agreement(turned(mine), turned(theirs), weights) == agreement(mine, theirs, weights)


@given(pairs())
def test_who_thinks_the_same_agrees_in_full(case: tuple[list, list, list]) -> None:
    mine, _, weights = case
    found = agreement(mine, mine, weights)
    assert found.points == found.most
    assert found.low == found.high == found.percent


@given(pairs(), answers, st.integers(1, DOUBLE))
def test_a_statement_that_the_visitor_skips_counts_nowhere(
    case: tuple[list, list, list], theirs_too: int | None, weight: int
) -> None:
    mine, theirs, weights = case
    assert agreement([*mine, None], [*theirs, theirs_too], [*weights, weight]) == agreement(mine, theirs, weights)


@given(pairs())
def test_order_of_statements_does_not_matter(case: tuple[list, list, list]) -> None:
    mine, theirs, weights = case
    assert agreement(mine[::-1], theirs[::-1], weights[::-1]) == agreement(mine, theirs, weights)


@given(pairs())
def test_double_weight_is_the_statement_asked_twice(case: tuple[list, list, list]) -> None:
    mine, theirs, weights = case
    asked = [index for index, weight in enumerate(weights) for _ in range(weight)]
    twice = agreement([mine[index] for index in asked], [theirs[index] for index in asked])
    once = agreement(mine, theirs, weights)
    assert (twice.points, twice.most, twice.missing) == (once.points, once.most, once.missing)


@given(pairs())
def test_doubling_everything_changes_no_percentage(case: tuple[list, list, list]) -> None:
    mine, theirs, _ = case
    light, heavy = agreement(mine, theirs), agreement(mine, theirs, [DOUBLE] * len(mine))
    assert (light.percent, light.low, light.high) == (heavy.percent, heavy.low, heavy.high)


@given(pairs(), st.data())
def test_going_silent_never_lifts_the_low_end_nor_the_points(
    case: tuple[list, list, list], data: st.DataObject
) -> None:
    mine, theirs, weights = case
    silent = [place if data.draw(st.booleans()) else None for place in theirs]
    before, after = agreement(mine, theirs, weights), agreement(mine, silent, weights)
    assert after.points <= before.points
    assert after.low <= before.low
    assert after.high >= before.high


@given(pairs(), st.data())
def test_coming_nearer_never_lowers_it(case: tuple[list, list, list], data: st.DataObject) -> None:
    mine, theirs, weights = case
    nearer = [
        their if my is None or their is None else data.draw(st.integers(min(my, their), max(my, their)))
        for my, their in zip(mine, theirs, strict=True)
    ]
    assert agreement(mine, nearer, weights).percent >= agreement(mine, theirs, weights).percent


def test_a_value_is_shown_from_five_compared_statements_on() -> None:
    few = agreement([4] * MINIMUM, [4] * (MINIMUM - 1) + [None])
    assert (few.compared, few.shown) == (MINIMUM - 1, False)
    assert replace(few, compared=MINIMUM).shown


@pytest.mark.parametrize(("mine", "theirs", "weights"), [([5], [1], [1]), ([1], [-1], [1]), ([1], [1], [3]), ([1], [1], [0]), ([1], [], [1])])  # fmt: skip
def test_what_is_no_answer_is_refused(mine: list[int], theirs: list[int], weights: list[int]) -> None:
    with pytest.raises(ValueError, match=r"place|counts|zip"):
        agreement(mine, theirs, weights)
