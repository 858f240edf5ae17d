"""Values that are dear to work out."""

import threading
from collections.abc import Callable

import pytest

from tsushinbo.kept import Kept


class Clock:
    """A clock that goes when told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def counting() -> tuple[Callable[[], int], list[int]]:
    """A dear piece of work, and how often it was done."""
    done: list[int] = []

    def work() -> int:
        done.append(1)
        return len(done)

    return work, done


def test_value_is_worked_out_once_until_it_is_old() -> None:
    (work, done), clock = counting(), Clock()
    kept = Kept(work, 10, clock)
    assert kept.get() == 1
    clock.now = 9.9
    assert kept.get() == 1
    clock.now = 10
    assert kept.get() == 2
    assert len(done) == 2


def test_forgotten_value_is_worked_out_anew() -> None:
    work, _ = counting()
    kept = Kept(work, 10, Clock())
    assert kept.get() == 1
    kept.forget()
    assert kept.get() == 2


def test_who_asks_meanwhile_gets_the_last_value_at_once() -> None:
    clock, started, go_on = Clock(), threading.Event(), threading.Event()
    values = iter(["old", "new"])

    def work() -> str:
        value = next(values)
        if value == "new":
            started.set()
            assert go_on.wait(30)
        return value

    kept = Kept(work, 10, clock)
    assert kept.get() == "old"
    clock.now = 20
    first: list[str] = []
    slow = threading.Thread(target=lambda: first.append(kept.get()))
    slow.start()
    assert started.wait(30)
    assert kept.get() == "old"
    go_on.set()
    slow.join(30)
    assert first == ["new"]
    assert kept.get() == "new"


def test_failed_work_is_tried_again() -> None:
    outcomes = iter([ZeroDivisionError(), "value"])

    def work() -> str:
        outcome = next(outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    kept = Kept(work, 10, Clock())
    with pytest.raises(ZeroDivisionError):
        kept.get()
    assert kept.get() == "value"
