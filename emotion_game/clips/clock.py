"""Clip time from machine time: starts once, holds while paused, never goes back."""

from __future__ import annotations


class ClipClock:
    """Turn readings of one monotonic clock into clip time.

    Every method takes the reading ``now_s`` instead of asking for it, so that a picture can be
    stamped with the moment it was shown, and a test needs no waiting.
    """

    def __init__(self) -> None:
        self._zero_s: float | None = None
        self._held_since_s: float | None = None
        self._floor_s = 0.0

    @property
    def started(self) -> bool:
        """Whether the clip has begun."""
        return self._zero_s is not None

    def start(self, now_s: float) -> None:
        """Call this moment clip time 0."""
        self._zero_s = now_s

    def hold(self, now_s: float) -> None:
        """Stop the time here; a second call changes nothing."""
        if self._held_since_s is None:
            self._held_since_s = now_s

    def go_on(self, now_s: float) -> None:
        """Let the time run again after :meth:`hold`."""
        if self._zero_s is not None and self._held_since_s is not None:
            self._zero_s += now_s - self._held_since_s
        self._held_since_s = None

    def shift(self, by_s: float) -> None:
        """Correct the time; a step back shows as standing still until it is made up for."""
        if self._zero_s is not None:
            self._zero_s -= by_s

    def position_s(self, now_s: float) -> float:
        """Return the clip time at ``now_s``, never less than returned before."""
        if self._zero_s is None:
            return 0.0
        if self._held_since_s is not None:
            now_s = min(now_s, self._held_since_s)
        self._floor_s = max(self._floor_s, now_s - self._zero_s)
        return self._floor_s
