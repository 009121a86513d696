"""From the game's state to what the screen shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emotion_game.addresses import safe_name
from emotion_game.app.page import Page
from emotion_game.game import crown, states
from emotion_game.game.judge import Baseline, RoundRules
from emotion_game.game.points import composure, round_points
from emotion_game.game.round import can_pause, next_level, rules_of
from emotion_game.game.types import LEVELS, MARATHON_LEVEL, MatchResult, Outcome, RoundResult
from emotion_game.screens.check import CheckView
from emotion_game.screens.countdown import CountdownView
from emotion_game.screens.duel import DuelPlayingView, DuelReadyView, DuelResultView, DuelSide
from emotion_game.screens.leaderboard import BoardStatus, ScoresView
from emotion_game.screens.levels import LevelView
from emotion_game.screens.naming import NameView
from emotion_game.screens.options import OptionsView
from emotion_game.screens.paused import PausedView
from emotion_game.screens.playing import PlayingView
from emotion_game.screens.ready import Advice, ReadyView
from emotion_game.screens.result import ResultView
from emotion_game.screens.title import TitleView
from emotion_game.screens.warning import WarningView
from emotion_game.ui.view import Screen, View

if TYPE_CHECKING:
    from emotion_game.app.game import Game

#: Advice about movement stays at least this long, so that it can be read.
MOVED_S = 0.8


def view_of(game: Game, now_s: float) -> View:
    """Return everything that one frame shows."""
    screen = _screen(game, now_s)
    recording = game.calls.recording and isinstance(screen, PlayingView)
    return View(
        screen=screen,
        camera=game.feed.view(recording=recording),
        language=game.language,
        notices=game.notices.at(now_s),
        hint=not game.preferences.hint_seen and not game.options.offscreen,
        high_contrast=game.preferences.high_contrast,
        reduced_motion=game.preferences.reduced_motion,
    )


def _screen(game: Game, now_s: float) -> Screen:
    preferences = game.preferences
    match game.page:
        case Page.TITLE:
            return TitleView(game.mode, game.offered, preferences.crowns, game.can_quit)
        case Page.LEVELS:
            bests = {}
            if game.scores is not None:
                bests = game.scores.bests(game.mode, (*LEVELS, MARATHON_LEVEL))
            counts = game.stage.library.counts()
            return LevelView(game.mode, game.level, counts, game.duel, bests)
        case Page.CHECK:
            progress = game.check.progress(game.check_rules)
            return CheckView(game.mode, game.level, game.check.advice, progress, game.duel)
        case Page.WARNING:
            return WarningView(game.mode, game.level)
        case Page.OPTIONS:
            return OptionsView(
                game.mode,
                preferences.volume,
                preferences.muted,
                preferences.music,
                game.window.fullscreen,
                safe_name(game.feed.camera.spec),
                preferences.high_contrast,
                preferences.reduced_motion,
            )
        case Page.SCORES:
            own = None if game.ranking is None else game.ranking.score.id
            if game.scores is None:
                return ScoresView(game.mode, game.board_level, (), BoardStatus.AWAY, game.offered)
            rows, status = game.scores.rows(own)
            return ScoresView(game.mode, game.board_level, rows, status, game.offered)
        case Page.NAME:
            return _name_view(game)
        case Page.ROUND:
            return _round_view(game, game.state, now_s)


def _name_view(game: Game) -> NameView:
    keyboard = game.keyboard
    return NameView(
        game.mode,
        keyboard.text,
        keyboard.rows(),
        keyboard.keys,
        keyboard.shifted,
        keyboard.longest,
        game.name_fault,
        0 if game.ranking is None else game.ranking.score.points,
    )


def _round_view(game: Game, state: states.State, now_s: float) -> Screen:
    match state:
        case states.Menu():
            return TitleView(game.mode, game.offered, game.preferences.crowns, game.can_quit)
        case states.Ready():
            return _ready_view(game, state, now_s)
        case states.Countdown() | states.Starting():
            left_s = 0.0
            if isinstance(state, states.Countdown):
                left_s = max(0.0, state.began_s + rules_of(state, game.rules).countdown_s - now_s)
            consent = game.calls.consent if len(state.sides) == 1 else None
            return CountdownView(state.mode, state.level, left_s, consent, _stage(state))
        case states.Playing():
            if len(state.sides) == 1:
                return _playing_view(game, state, now_s)
            return _duel_playing_view(game, state, now_s)
        case states.Paused(held, since_s):
            playing = held if isinstance(held, states.Playing) else None
            return PausedView(
                held.mode,
                held.level,
                0.0 if playing is None else playing.clip_time_s(since_s),
                0.0 if playing is None else playing.duration_s,
            )
        case states.Finished(result):
            if isinstance(result, RoundResult):
                return _result_view(game, result, now_s)
            return _duel_result_view(game, result, now_s)


def _stage(state: states.Round) -> int:
    """Return which clip of a marathon this is; 0 where it is none."""
    return 0 if state.marathon is None else state.stage


def _ready_view(game: Game, state: states.Ready, now_s: float) -> ReadyView | DuelReadyView:
    rules = rules_of(state, game.rules)
    advice = [_advice(side.baseline, state.began_s, now_s, rules) for side in state.sides]
    progress = [side.baseline.progress(rules) for side in state.sides]
    if len(state.sides) == 1:
        return ReadyView(state.mode, state.level, advice[0], progress[0], game.calls.consent)
    one, other = (DuelSide(*each) for each in zip(advice, progress, strict=True))
    return DuelReadyView(state.mode, state.level, (one, other))


def _advice(baseline: Baseline, began_s: float, now_s: float, rules: RoundRules) -> Advice:
    """Return what a player is told while the baseline is taken."""
    if baseline.refused:
        return Advice.SHOWING
    face_s = baseline.t_s if baseline.t_s is not None else began_s
    if now_s - face_s > rules.grace_s and baseline.progress(rules) < 1.0:
        return Advice.NO_FACE
    moved = baseline.moved_s is not None and now_s - baseline.moved_s < MOVED_S
    return Advice.MOVING if moved else Advice.HOLD_STILL


def _playing_view(game: Game, state: states.Playing, now_s: float) -> PlayingView:
    rules = rules_of(state, game.rules)
    frame = game.stage.frame
    (side,) = state.sides
    away = state.paused_s is not None or (state.over and side.hidden)
    return PlayingView(
        mode=state.mode,
        level=state.level,
        pixels=None if frame is None else frame.pixels,
        order="BGR" if frame is None else frame.order,
        frame_id=game.stage.frames,
        clip_t_s=min(state.clip_time_s(now_s), state.duration_s),
        duration_s=state.duration_s,
        score=None if side.hidden else side.judgement.smoothed,
        threshold=rules.threshold,
        hold_share=side.judgement.held_s / rules.hold_s,
        paused=away,
        forfeit_in_s=side.forfeit_in_s(now_s, rules) if side.hidden else None,
        stage=_stage(state),
        can_pause=can_pause(state),
    )


def _duel_playing_view(game: Game, state: states.Playing, now_s: float) -> DuelPlayingView:
    rules = rules_of(state, game.rules)
    frame = game.stage.frame
    one, other = (
        DuelSide(
            score=None if side.hidden else side.judgement.smoothed,
            hold_share=side.judgement.held_s / rules.hold_s,
            away=side.hidden,
        )
        for side in state.sides
    )
    gone = [side.forfeit_in_s(now_s, rules) for side in state.sides_in if side.hidden]
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
        sudden=state.stage,
        can_pause=can_pause(state),
    )


def _duel_result_view(game: Game, result: MatchResult, now_s: float) -> DuelResultView:
    one, other = (DuelSide(out_s=out_s) for out_s in result.out_s)
    return DuelResultView(
        mode=result.mode,
        level=result.level,
        winner=result.winner,
        void=result.void,
        reason=result.reason.value,
        sides=(one, other),
        clip_title=game.stage.title(game.language),
        moment=game.instant_replay.view(now_s),
        moment_file=game.instant_replay.file,
    )


def _result_view(game: Game, result: RoundResult, now_s: float) -> ResultView:
    counts = result.outcome in (Outcome.WON, Outcome.LOST)
    points = round_points(result) if counts else None
    single = counts and bool(result.curve)
    ranking = game.ranking
    if ranking is not None:
        ranking.poll()
    best = None if ranking is None else ranking.best
    return ResultView(
        result=result,
        clip_title=game.stage.title(game.language),
        next_level=next_level(result),
        faces=game.calls.count(result),
        points=points,
        composure=composure(result.curve, result.threshold) if single else None,
        best=best,
        record=points is not None and best is not None and points > best,
        rank=None if ranking is None else ranking.rank,
        can_name=points is not None and points > 0 and ranking is not None,
        nickname=game.nickname,
        wins=game.row.wins,
        wins_needed=crown.WINS_NEEDED,
        crowned=game.crowned,
        stage=result.stage,
        moment=game.instant_replay.view(now_s),
        moment_file=game.instant_replay.file,
    )
