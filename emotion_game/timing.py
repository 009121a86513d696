"""What time it is, and how long the stages of the game take."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Clock(Protocol):
    """What the game reads the time from: the module ``time``, or another that stands in for it."""

    def monotonic(self) -> float:
        """Return seconds since some fixed moment; they never go back."""
        ...

    def time(self) -> float:
        """Return seconds since 1970, as the system's clock has them."""
        ...

    def sleep(self, seconds: float, /) -> None:
        """Let so many seconds go by."""
        ...


class Timings:
    """Keep the newest durations of each named stage, milliseconds; safe across threads."""

    def __init__(self, kept: int = 20_000) -> None:
        # Appending to a deque is atomic, so the threads that measure need no lock.
        self.ms: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=kept))

    @contextmanager
    def measure(self, stage: str) -> Iterator[None]:
        """Time the body of a ``with`` block as one run of ``stage``."""
        began_s = time.perf_counter()
        try:
            yield
        finally:
            self.add(stage, (time.perf_counter() - began_s) * 1000)

    def add(self, stage: str, ms: float) -> None:
        """Record a duration that was measured elsewhere."""
        self.ms[stage].append(ms)
