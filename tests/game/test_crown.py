from __future__ import annotations

from dataclasses import replace

import pytest
from test_points import ROUND

from emotion_game.game.crown import WinStreak, after
from emotion_game.game.types import Outcome


def row_of(*levels: int) -> WinStreak:
    row = WinStreak()
    for level in levels:
        row = after(row, replace(ROUND, outcome=Outcome.WON, level=level))
    return row


@pytest.mark.parametrize("levels", [(1, 2, 3), (1, 1, 1), (2, 3, 3), (3, 1, 2, 2)])
def test_three_wins_in_a_row_win_the_crown(levels):
    assert row_of(*levels).crowned
    assert not row_of(*levels[:-1]).crowned


@pytest.mark.parametrize(("levels", "wins"), [((1, 2, 1), 1), ((3, 2), 1), ((1, 2, 3, 3), 1)])
def test_an_easier_win_and_the_one_after_the_crown_begin_a_new_row(levels, wins):
    assert row_of(*levels).wins == wins


def test_what_breaks_a_row_and_what_does_not():
    row = row_of(1, 2)
    assert after(row, replace(ROUND, outcome=Outcome.VOID)) == row
    for outcome in (Outcome.LOST, Outcome.FORFEIT):
        assert after(row, replace(ROUND, outcome=outcome)) == WinStreak()
    other = replace(ROUND, outcome=Outcome.WON, mode="surprise", level=3)
    assert after(row, other).wins == (1 if ROUND.mode == "happy" else 3)
