"""Which clip comes next: random, and none twice until all were played."""

from __future__ import annotations

import random
from collections.abc import Sequence


class Playlist:
    """Draw clips of one mode and level.

    Args:
        clip_ids: the clips; may be empty.
        rng: the source of chance, seeded by whoever wants a repeatable game.
    """

    def __init__(self, clip_ids: Sequence[str], rng: random.Random) -> None:
        self._all = list(dict.fromkeys(clip_ids))
        self._waiting: list[str] = []
        self._last = ""
        self._rng = rng

    def draw(self) -> str | None:
        """Return the next clip, or None when there is none."""
        if not self._all:
            return None
        if not self._waiting:
            self._waiting = self._rng.sample(self._all, len(self._all))
            # A new pass must not begin with the clip that has just been seen.
            if len(self._all) > 1 and self._waiting[-1] == self._last:
                self._waiting.insert(0, self._waiting.pop())
        self._last = self._waiting.pop()
        return self._last

    def remove(self, clip_id: str) -> None:
        """Take a broken clip out for good."""
        self._all = [kept for kept in self._all if kept != clip_id]
        self._waiting = [kept for kept in self._waiting if kept != clip_id]
