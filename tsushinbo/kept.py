"""Values that are dear to work out and may be some minutes old."""

import threading
import time
from collections.abc import Callable


class Kept[T]:
    """A value worked out at most once in ``seconds`` by each process; None is a value like any other.

    Who asks while one visitor works it out anew gets the last value at once; only the very first wait for each other.
    """

    def __init__(self, work_out: Callable[[], T], seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._work_out, self._seconds, self._clock = work_out, seconds, clock
        self._lock = threading.Lock()
        # The value and when it was worked out, always changed together.
        self._made: tuple[T, float] | None = None

    def get(self) -> T:
        """The value, worked out now if there is none or it is too old."""
        made = self._made
        if made is not None and not self._is_old(made):
            return made[0]
        if not self._lock.acquire(blocking=made is None):
            assert made is not None  # noqa: S101 - without a value we would have waited
            return made[0]
        try:
            made = self._made
            if made is None or self._is_old(made):
                made = self._work_out(), self._clock()
                self._made = made
            return made[0]
        finally:
            self._lock.release()

    def forget(self) -> None:
        """Work it out anew at the next call."""
        self._made = None

    def _is_old(self, made: tuple[T, float]) -> bool:
        return self._clock() - made[1] >= self._seconds
