"""A visit to the booth, in numbers: who is still there, how often, with what camera.

Pure, as the rules of the game are: time comes in as an argument.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

#: The operator's pages close by themselves: no visitor may find them open.
OPERATOR_IDLE_S = 30.0
#: The same for the question of consent: who does not answer has walked on.
CONSENT_IDLE_S = 40.0
#: A camera gone for this long needs staff.
STAFF_S = 60.0


@dataclass(frozen=True, slots=True)
class Visit:
    """One visitor, or nobody.

    Attributes:
        touched_s: when somebody was last there: a touch, or a round that ran.
        rounds: finished by this player.
        lost_s: since when the camera is gone; None: it worked when it was last wanted.
    """

    touched_s: float
    rounds: int = 0
    lost_s: float | None = None

    def begun(self, now_s: float) -> Visit:
        """Return the next visit. A camera that is gone stays gone until it shows something."""
        return Visit(now_s, lost_s=self.lost_s)

    def touched(self, now_s: float) -> Visit:
        """Return the visit of somebody who has just been there."""
        return replace(self, touched_s=now_s)

    def after_round(self, counts: bool, now_s: float) -> Visit:
        """Return the visit after a round; ``counts``: it was decided, not void."""
        return replace(self, touched_s=now_s, rounds=self.rounds + counts)

    def with_camera(self, lost: bool | None, now_s: float) -> Visit:
        """Return the visit with what is known of the camera; None: it is off, or opening."""
        if lost is None or (lost and self.lost_s is not None):
            return self
        return replace(self, lost_s=now_s if lost else None)

    def is_idle(self, limit_s: float, now_s: float) -> bool:
        """Say whether nobody was there for this long."""
        return now_s - self.touched_s >= limit_s

    def wants_staff(self, now_s: float) -> bool:
        """Say whether the camera is gone for too long."""
        return self.lost_s is not None and now_s - self.lost_s >= STAFF_S


# --- The hidden gesture ---------------------------------------------------------------------------

CORNER = 0.12
TAPS = 5
TAPS_S = 4.0


@dataclass(frozen=True, slots=True)
class CornerTaps:
    """Five taps into the upper left corner within four seconds ask for the operator's menu.

    Attributes:
        times_s: of the newest taps there.
    """

    times_s: tuple[float, ...] = ()

    def tap(self, x: float, y: float, now_s: float) -> tuple[CornerTaps, bool]:
        """Take a tap at shares of width and height; return the count, and whether it is full."""
        if x > CORNER or y > CORNER:
            return CornerTaps(), False
        times_s = (*(t for t in self.times_s if now_s - t <= TAPS_S), now_s)
        full = len(times_s) >= TAPS
        return CornerTaps(() if full else times_s), full
