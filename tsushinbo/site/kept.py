"""Values that are dear to work out and may be some minutes old."""

import threading
import time
from collections.abc import Callable


class Kept[T]:
    """A value worked out at most once in ``seconds`` by each process.

    Who asks while one visitor works it out anew gets the last value at once; only the very first wait for each other.
    """

    def __init__(self, work_out: Callable[[], T], seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._work_out, self._seconds, self._clock = work_out, seconds, clock
        self._lock = threading.Lock()
        self._value: T | None = None
        self._made_at: float | None = None

    def get(self) -> T:
        """The value, worked out now if there is none or it is too old."""
        value = self._value
        if value is not None and not self._is_old():
            return value
        if not self._lock.acquire(blocking=value is None):
            assert value is not None  # noqa: S101 - without a value we would have waited
            return value
        try:
            if self._value is None or self._is_old():
                self._value = self._work_out()
                self._made_at = self._clock()
            return self._value
        finally:
            self._lock.release()

    def forget(self) -> None:
        """Work it out anew at the next call."""
        self._value = self._made_at = None

    def _is_old(self) -> bool:
        return self._made_at is None or self._clock() - self._made_at >= self._seconds
