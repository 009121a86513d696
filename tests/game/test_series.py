from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotion_game.game.series import WINS_NEEDED, Series, after
from emotion_game.game.types import MatchResult, Reason


def match(winner: int | None, players: int = 2, *, void: bool = False) -> MatchResult:
    return MatchResult(
        mode="happy",
        level=1,
        winner=winner,
        void=void,
        reason=Reason.CAMERA_FAULT if void else Reason.HELD,
        clips=1,
        clip_id="duck",
        duration_s=6.0,
        threshold=0.5,
        out_s=(None,) * players,
        curves=((),) * players,
    )


def test_best_of_three_is_won_by_two_wins():
    series = after(Series(), match(0))
    assert (series.wins, series.winner) == ((1, 0), None)
    series = after(after(series, match(1)), match(1))
    assert (series.wins, series.winner) == ((1, 2), 1)
    assert after(series, match(0)) == Series((1, 0)), "what comes after it is a new series"


def test_draws_and_faults_count_for_nobody():
    series = after(Series(), match(0))
    assert after(series, match(None)) == series
    assert after(series, match(None, void=True)) == series
    assert after(series, replace(match(1), void=True)) == series


def test_another_number_of_players_begins_anew():
    assert after(Series((1, 1)), match(2, players=3)) == Series((0, 0, 1))


@pytest.mark.parametrize("players", [2, 3, 4])
@given(winners=st.lists(st.one_of(st.none(), st.integers(0, 3)), max_size=30))
def test_a_series_has_one_winner_and_is_never_longer_than_it_must_be(players, winners):
    series, decided = Series(), 0
    for each in winners:
        decided = 0 if series.winner is not None else decided
        winner = None if each is None else each % players
        series = after(series, match(winner, players))
        decided += winner is not None
        leaders = [n for n, wins in enumerate(series.wins) if wins >= WINS_NEEDED]
        assert leaders == ([] if series.winner is None else [series.winner])
        assert sum(series.wins) == decided <= players * (WINS_NEEDED - 1) + 1
