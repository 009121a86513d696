"""A series of matches between the same players: who is first to two wins has won it.

Between two players that is best of three. A draw, and a match that a fault ended, count for nobody.
"""

from __future__ import annotations

from dataclasses import dataclass

from emotion_game.game.types import MatchResult

WINS_NEEDED = 2


@dataclass(frozen=True, slots=True)
class Series:
    """How many matches each player has won, from left to right of the mirrored screen."""

    wins: tuple[int, ...] = ()

    @property
    def winner(self) -> int | None:
        """Who has won the series; None while it goes on."""
        return next((n for n, wins in enumerate(self.wins) if wins >= WINS_NEEDED), None)


def after(series: Series, result: MatchResult) -> Series:
    """Return the series with one more match.

    A new one begins once it is won, and where another number of players plays.
    """
    players = len(result.out_s)
    if series.winner is not None or len(series.wins) != players:
        series = Series((0,) * players)
    if result.void or result.winner is None:
        return series
    wins = list(series.wins)
    wins[result.winner] += 1
    return Series(tuple(wins))
