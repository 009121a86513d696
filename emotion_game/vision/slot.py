"""The hand-over of frames between threads: the newest wins, and drops are counted."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class LatestSlot(Generic[T]):
    """Hold the newest item; a slower reader skips the older ones."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._item: T | None = None
        self.dropped = 0

    def put(self, item: T) -> None:
        """Replace whatever waits; an item nobody took counts as dropped."""
        with self._condition:
            if self._item is not None:
                self.dropped += 1
            self._item = item
            self._condition.notify()

    def take(self, timeout_s: float) -> T | None:
        """Wait for an item and remove it; None when none came in time."""
        with self._condition:
            self._condition.wait_for(lambda: self._item is not None, timeout_s)
            item, self._item = self._item, None
            return item
