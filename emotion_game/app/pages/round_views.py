"""From the rules' state to what a round shows."""

from __future__ import annotations

from typing import assert_never

from emotion_game.app.engine import Engine
from emotion_game.app.pages.base import Offer
from emotion_game.game import crown, series, states
from emotion_game.game.judge import Baseline, RoundRules
from emotion_game.game.points import composure, round_points
from emotion_game.game.round import can_pause, next_level, rules_of
from emotion_game.game.types import MatchResult, Outcome, RoundResult
from emotion_game.screens.countdown import CountdownView
from emotion_game.screens.match import MatchPlayingView, MatchReadyView, MatchResultView, MatchSide
from emotion_game.screens.paused import PausedView
from emotion_game.screens.playing import PlayingView
from emotion_game.screens.ready import Advice, ReadyView
from emotion_game.screens.result import ResultView
from emotion_game.ui.view import Screen

#: Advice about movement stays at least this long, so that it can be read.
MOVED_S = 0.8


def screen_of(engine: Engine, offer: Offer, now_s: float) -> Screen:
    """Return what the round shows in the rules' present state."""
    state = engine.state
    match state:
        case states.Menu():
            raise AssertionError("no round runs")
        case states.Ready():
            return _ready_view(engine, state, now_s)
        case states.Countdown() | states.Starting():
            return CountdownView(
                state.mode,
                state.level,
                state.left_s(now_s, rules_of(state, engine.rules))
                if isinstance(state, states.Countdown)
                else 0.0,
                engine.calls.consent if len(state.sides) == 1 else None,
                _stage(state),
                restless=isinstance(state, states.Countdown) and state.restless,
                begun=has_begun(state),
            )
        case states.Playing():
            if len(state.sides) == 1:
                return _playing_view(engine, state, now_s)
            return _match_playing_view(engine, state, now_s)
        case states.Paused(held, since_s):
            playing = held.resumes if isinstance(held, states.Countdown) else held
            playing = playing if isinstance(playing, states.Playing) else None
            shown = playing is not None and engine.modes[held.mode].shows_clock
            return PausedView(
                held.mode,
                held.level,
                0.0 if playing is None else playing.clip_time_s(since_s),
                playing.duration_s if playing is not None and shown else 0.0,
            )
        case states.Finished(result):
            if isinstance(result, RoundResult):
                return _result_view(engine, offer, result, now_s)
            return _match_result_view(engine, offer, result, now_s)
        case _:
            assert_never(state)


def has_begun(state: states.State) -> bool:
    """Return whether a player who left now would lose something."""
    match state:
        case states.Playing():
            return True
        case states.Countdown() | states.Starting():
            resumes = isinstance(state, states.Countdown) and state.resumes is not None
            return resumes or state.stage > 1
        case states.Paused(held):
            return has_begun(held)
        case _:
            return False


def _stage(state: states.Round) -> int:
    """Return which clip of a marathon this is; 0 where it is none."""
    return 0 if state.marathon is None else state.stage


def _ready_view(engine: Engine, state: states.Ready, now_s: float) -> ReadyView | MatchReadyView:
    rules = rules_of(state, engine.rules)
    advice = [_advice(side.baseline, state.began_s, now_s, rules) for side in state.sides]
    progress = [side.baseline.progress(rules) for side in state.sides]
    if len(state.sides) == 1:
        return ReadyView(state.mode, state.level, advice[0], progress[0], engine.calls.consent)
    names = _names(engine, len(state.sides))
    sides = tuple(MatchSide(*each) for each in zip(names, advice, progress, strict=True))
    return MatchReadyView(state.mode, state.level, sides)


def _names(engine: Engine, players: int) -> tuple[str, ...]:
    """Return what so many players are called; "" for who gave no name."""
    return (*engine.names, *("",) * players)[:players]


def _advice(baseline: Baseline, began_s: float, now_s: float, rules: RoundRules) -> Advice:
    """Return what a player is told while the baseline is taken."""
    if baseline.refused:
        return Advice.SHOWING
    face_s = baseline.t_s if baseline.t_s is not None else began_s
    if now_s - face_s > rules.grace_s and baseline.progress(rules) < 1.0:
        return Advice.NO_FACE
    moved = baseline.moved_s is not None and now_s - baseline.moved_s < MOVED_S
    return Advice.MOVING if moved else Advice.HOLD_STILL


def _playing_view(engine: Engine, state: states.Playing, now_s: float) -> PlayingView:
    rules = rules_of(state, engine.rules)
    frame = engine.stage.frame
    (side,) = state.sides
    away = state.paused_s is not None or (state.over and side.hidden)
    return PlayingView(
        mode=state.mode,
        level=state.level,
        pixels=None if frame is None else frame.pixels,
        order="BGR" if frame is None else frame.order,
        frame_id=engine.stage.frames,
        clip_t_s=min(state.clip_time_s(now_s), state.duration_s),
        duration_s=state.duration_s,
        score=None if side.hidden else side.judgement.smoothed,
        threshold=rules.threshold,
        hold_share=side.judgement.held_s / rules.hold_s,
        paused=away,
        forfeit_in_s=side.forfeit_in_s(now_s, rules) if side.hidden else None,
        stage=_stage(state),
        can_pause=can_pause(state),
        shows_clock=engine.modes[state.mode].shows_clock,
    )


def _match_playing_view(engine: Engine, state: states.Playing, now_s: float) -> MatchPlayingView:
    rules = rules_of(state, engine.rules)
    frame = engine.stage.frame
    names = _names(engine, len(state.sides))
    sides = tuple(
        MatchSide(
            name,
            score=None if side.hidden else side.judgement.smoothed,
            hold_share=side.judgement.held_s / rules.hold_s,
            out_s=side.out_s,
            away=side.hidden and side.is_in,
        )
        for name, side in zip(names, state.sides, strict=True)
    )
    gone = [side.forfeit_in_s(now_s, rules) for side in state.sides_in if side.hidden]
    return MatchPlayingView(
        mode=state.mode,
        level=state.level,
        pixels=None if frame is None else frame.pixels,
        order="BGR" if frame is None else frame.order,
        frame_id=engine.stage.frames,
        clip_t_s=min(state.clip_time_s(now_s), state.duration_s),
        duration_s=state.duration_s,
        threshold=rules.threshold,
        sides=sides,
        paused=state.paused_s is not None or (state.over and bool(gone)),
        forfeit_in_s=min(gone, default=None),
        sudden=state.stage,
        can_pause=can_pause(state),
        shows_clock=engine.modes[state.mode].shows_clock,
    )


def _match_result_view(
    engine: Engine, offer: Offer, result: MatchResult, now_s: float
) -> MatchResultView:
    players = len(result.out_s)
    wins = engine.series.wins or (0,) * players
    sides = tuple(
        MatchSide(name, out_s=out_s, wins=won)
        for name, out_s, won in zip(_names(engine, players), result.out_s, wins, strict=True)
    )
    return MatchResultView(
        mode=result.mode,
        level=result.level,
        winner=result.winner,
        void=result.void,
        reason=result.reason.value,
        sides=sides,
        clip_title=engine.stage.title(result.clip_id, engine.language),
        moment=engine.instant_replay.view(now_s),
        moment_file=engine.instant_replay.file,
        can_save=offer.at_home,
        wins_needed=series.WINS_NEEDED,
        champion=engine.series.winner,
    )


def _result_view(engine: Engine, offer: Offer, result: RoundResult, now_s: float) -> ResultView:
    counts = result.outcome in (Outcome.WON, Outcome.LOST)
    points = round_points(result) if counts else None
    single = counts and bool(result.curve)
    ranking = engine.ranking
    if ranking is not None:
        ranking.poll()
    best = None if ranking is None else ranking.best
    return ResultView(
        result=result,
        clip_title=engine.stage.title(result.clip_id, engine.language),
        next_level=next_level(result),
        faces=engine.calls.count(result),
        points=points,
        composure=composure(result.curve, result.threshold) if single else None,
        best=best,
        record=points is not None and best is not None and points > best,
        rank=None if ranking is None else ranking.rank,
        can_name=points is not None and points > 0 and ranking is not None,
        nickname=engine.nickname,
        wins=engine.streak.wins,
        wins_needed=crown.WINS_NEEDED,
        crowned=engine.crowned,
        stage=result.stage,
        moment=engine.instant_replay.view(now_s),
        moment_file=engine.instant_replay.file,
        can_save=offer.at_home,
    )
