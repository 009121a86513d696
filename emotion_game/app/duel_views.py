"""From a duel's state to what the screen shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emotion_game.game import duel, session
from emotion_game.game.judge import Baseline, RoundRules
from emotion_game.screens.view import (
    Advice,
    CountdownView,
    DuelPlayingView,
    DuelReadyView,
    DuelResultView,
    DuelSide,
    PausedView,
    Screen,
)

if TYPE_CHECKING:
    from emotion_game.app.game import Game

#: Advice about movement stays at least this long, so that it can be read.
MOVED_S = 0.8


def advice_of(baseline: Baseline, began_s: float, now_s: float, rules: RoundRules) -> Advice:
    """Return what a player is told while the baseline is taken."""
    if baseline.refused:
        return Advice.SMILING
    face_s = baseline.t_s if baseline.t_s is not None else began_s
    if now_s - face_s > rules.grace_s and baseline.progress(rules) < 1.0:
        return Advice.NO_FACE
    moved = baseline.moved_s is not None and now_s - baseline.moved_s < MOVED_S
    return Advice.MOVING if moved else Advice.HOLD_STILL


def screen_of(game: Game, state: duel.DuelState, now_s: float) -> Screen:
    """Return the screen of a duel."""
    match state:
        case duel.DuelReady(mode, level, began_s):
            rules = duel.rules_of(state, game.rules)
            one, other = (
                DuelSide(advice_of(each, began_s, now_s, rules), each.progress(rules))
                for each in state.baselines
            )
            return DuelReadyView(mode, level, (one, other))
        case duel.DuelCountdown(mode, level, began_s):
            left_s = began_s + duel.rules_of(state, game.rules).countdown_s - now_s
            return CountdownView(mode, level, max(0.0, left_s))
        case duel.DuelStarting(mode, level):
            return CountdownView(mode, level, 0.0)
        case duel.DuelPlaying():
            return _playing(game, state, now_s)
        case duel.DuelPaused(held, since_s):
            playing = held if isinstance(held, duel.DuelPlaying) else None
            return PausedView(
                held.mode,
                held.level,
                0.0 if playing is None else playing.clip_time_s(since_s),
                0.0 if playing is None else playing.duration_s,
            )
        case duel.DuelFinished(result):
            one, other = (DuelSide(out_s=out_s) for out_s in result.out_s)
            return DuelResultView(
                result.mode,
                result.level,
                result.winner,
                result.void,
                result.reason.value,
                (one, other),
                game.stage.title(game.language),
                game.souvenir.view(now_s),
                game.souvenir.file,
            )


def _playing(game: Game, state: duel.DuelPlaying, now_s: float) -> DuelPlayingView:
    rules = duel.rules_of(state, game.rules)
    frame = game.stage.frame
    one, other = (
        DuelSide(
            score=None if side.hidden else side.judgement.smoothed,
            hold_share=side.judgement.held_s / rules.hold_s,
            away=side.hidden,
        )
        for side in state.sides
    )
    gone = [side.forfeit_in_s(now_s, rules) for side in state.sides if side.hidden]
    return DuelPlayingView(
        mode=state.mode,
        level=state.level,
        pixels=None if frame is None else frame.pixels,
        order="BGR" if frame is None else frame.order,
        frame_id=game.stage.frames,
        clip_t_s=min(state.clip_time_s(now_s), state.duration_s),
        duration_s=state.duration_s,
        threshold=rules.threshold,
        sides=(one, other),
        paused=state.paused_s is not None or (state.over and bool(gone)),
        forfeit_in_s=min(gone, default=None),
        sudden=state.clip,
        can_pause=session.can_pause(state),
    )
