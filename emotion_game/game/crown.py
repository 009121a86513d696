"""The crown of a mode: three wins in a row, none at a lower level than the one before.

A loss or a forfeit ends the row, and so does leaving for the title, as the next player may come
from there. A void round changes nothing. A win below the level of the last one begins a new row.
"""

from __future__ import annotations

from dataclasses import dataclass

from emotion_game.game.types import ModeName, Outcome, RoundResult

WINS_NEEDED = 3


@dataclass(frozen=True, slots=True)
class WinStreak:
    """Wins in a row; ``level`` is that of the last one."""

    mode: ModeName | None = None
    level: int = 0
    wins: int = 0

    @property
    def crowned(self) -> bool:
        """Whether the last win won the crown."""
        return self.wins == WINS_NEEDED


def after(row: WinStreak, result: RoundResult) -> WinStreak:
    """Return the row with one more result; after the crown the next win begins a new row."""
    if result.outcome is Outcome.VOID or result.stage:
        return row
    if result.outcome is not Outcome.WON:
        return WinStreak()
    goes_on = row.mode == result.mode and result.level >= row.level and row.wins < WINS_NEEDED
    return WinStreak(result.mode, result.level, row.wins + 1 if goes_on else 1)
