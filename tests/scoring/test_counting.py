"""Counting ballots in chunks: exact, whatever their order and size."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tsushinbo.scoring.counting import NO, SILENT, YES, BallotCount

pytestmark = pytest.mark.any_database

PLEDGES = [3, 8, 21, 1 << 49]
said = st.sampled_from([YES, NO, SILENT])
ballots = st.lists(
    st.tuples(st.sampled_from(PLEDGES), st.sampled_from([YES, NO]), said, said, said, st.sampled_from([0, 1])),
    max_size=60,
)
Ballot = tuple[int, ...]


def add(count: BallotCount, chunk: list[Ballot]) -> None:
    columns = np.array(chunk, dtype=np.int64).reshape(len(chunk), 6).T
    count.add(columns[0], columns[1], columns[2:5], columns[5])


def by_hand(given_ballots: list[Ballot]) -> list[list[int]]:
    """One count at a time, as a person would."""
    counted = Counter[tuple[str, int]]()
    for pledge, choice, clarity, feasibility, sincerity, other in given_ballots:
        counted[("good" if choice else "bad", pledge)] += 1
        for value, yes, no in (
            (clarity, "clear", "unclear"),
            (feasibility, "feasible", "infeasible"),
            (sincerity, "sincere", "insincere"),
        ):
            if value != SILENT:
                counted[(yes if value else no, pledge)] += 1
        counted[("other", pledge)] += other
    return [[counted[(name, pledge)] for pledge in PLEDGES] for name in BallotCount.NAMES]


@settings(deadline=None)
@given(ballots, st.integers(1, 70))
def test_chunks_of_any_size_and_order_count_the_same(given_ballots: list[Ballot], size: int) -> None:
    count = BallotCount(PLEDGES)
    for start in range(0, len(given_ballots), size):
        add(count, given_ballots[start : start + size])
    assert count.counts.tolist() == by_hand(given_ballots)


def test_nothing_is_counted_of_a_chunk_with_a_fault() -> None:
    count = BallotCount(PLEDGES)
    good = (8, YES, SILENT, SILENT, SILENT, 0)
    for bad in (
        (9, *good[1:]),
        (1 << 50, *good[1:]),
        (8, SILENT, *good[2:]),
        (8, 2, *good[2:]),
        (8, YES, -2, *good[3:]),
        (*good[:5], SILENT),
    ):
        with pytest.raises(ValueError, match="ballot"):
            add(count, [good, bad])
    assert not count.counts.any()


def test_pledges_must_be_in_order() -> None:
    for pledges in ([2, 1], [1, 1]):
        with pytest.raises(ValueError, match="rising order"):
            BallotCount(pledges)


def test_no_pledges_and_no_ballots() -> None:
    count = BallotCount([])
    add(count, [])
    assert count.counts.shape == (9, 0)


def test_very_many_ballots_on_few_pledges() -> None:
    """More than 65,535 of a pledge: what is added up at a time is cut there."""
    random = np.random.default_rng(1)
    size = 300_000
    pledge = np.array(PLEDGES)[random.choice(4, size, p=[0.7, 0.2, 0.09, 0.01])]
    choice, other = random.integers(0, 2, size), random.integers(0, 2, size)
    reasons = random.integers(-1, 2, (3, size))
    reasons[0] = YES
    count = BallotCount(PLEDGES)
    count.add(pledge, choice, reasons, other)
    expected = [
        [np.sum((pledge == one) & (column == value)) for one in PLEDGES]
        for column in (choice, *reasons)
        for value in (YES, NO)
    ]
    assert count.counts[:8].tolist() == expected
    assert count.counts[8].tolist() == [np.sum(other[pledge == one]) for one in PLEDGES]


def test_threads_that_add_at_the_same_time_lose_nothing() -> None:
    random = np.random.default_rng(1)
    ballots = 400_000
    pledge, said = random.integers(0, 50, ballots), random.integers(0, 2, ballots)
    silent = np.full((3, ballots), SILENT)
    alone, together = BallotCount(np.arange(50)), BallotCount(np.arange(50))
    alone.add(pledge, said, silent, said)

    def add(start: int) -> None:
        part = slice(start, start + 1000)
        together.add(pledge[part], said[part], silent[:, part], said[part])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(0, ballots, 1000)))
    assert together.counts.tolist() == alone.counts.tolist()
