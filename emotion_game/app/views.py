"""From the game's state to what the screen shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emotion_game.addresses import safe_name
from emotion_game.app import duel_views
from emotion_game.app.page import Page
from emotion_game.game import crown, duel, session, states
from emotion_game.game.points import composure, round_points
from emotion_game.game.types import LEVELS, MARATHON_LEVEL, Outcome
from emotion_game.screens.view import (
    BoardStatus,
    CheckView,
    CountdownView,
    LevelView,
    NameView,
    OptionsView,
    PausedView,
    PlayingView,
    ReadyView,
    ResultView,
    ScoresView,
    Screen,
    TitleView,
    View,
    WarningView,
)

if TYPE_CHECKING:
    from emotion_game.app.game import Game


def view_of(game: Game, now_s: float) -> View:
    """Return everything that one frame shows."""
    screen = _screen(game, now_s)
    recording = game.calls.recording and isinstance(screen, PlayingView)
    return View(
        screen=screen,
        camera=game.eyes.view(recording=recording),
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
            return TitleView(game.mode, preferences.crowns, game.can_quit)
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
                safe_name(game.eyes.camera.spec),
                preferences.high_contrast,
                preferences.reduced_motion,
            )
        case Page.SCORES:
            own = None if game.standing is None else game.standing.score.id
            if game.scores is None:
                return ScoresView(game.mode, game.board_level, (), BoardStatus.AWAY)
            rows, status = game.scores.rows(own)
            return ScoresView(game.mode, game.board_level, rows, status)
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
        0 if game.standing is None else game.standing.score.points,
    )


def _round_view(game: Game, state: session.AnyState, now_s: float) -> Screen:
    match state:
        case (
            duel.DuelReady()
            | duel.DuelCountdown()
            | duel.DuelStarting()
            | duel.DuelPlaying()
            | duel.DuelPaused()
            | duel.DuelFinished()
        ):
            return duel_views.screen_of(game, state, now_s)
        case states.Menu():
            return TitleView(game.mode, game.preferences.crowns, game.can_quit)
        case states.Ready(mode, level):
            progress = state.baseline.progress(session.rules_of(state, game.rules))
            rules = game.rules[mode, level]
            advice = duel_views.advice_of(state.baseline, state.began_s, now_s, rules)
            return ReadyView(mode, level, advice, progress, game.calls.consent)
        case states.Countdown(mode, level):
            left_s = state.began_s + session.rules_of(state, game.rules).countdown_s - now_s
            stage = 0 if state.marathon is None else state.marathon.stage
            return CountdownView(mode, level, max(0.0, left_s), game.calls.consent, stage)
        case states.Starting(mode, level):
            stage = 0 if state.marathon is None else state.marathon.stage
            return CountdownView(mode, level, 0.0, game.calls.consent, stage)
        case states.Playing():
            return _playing_view(game, state, now_s)
        case states.Paused(held, since_s):
            playing = held if isinstance(held, states.Playing) else None
            return PausedView(
                held.mode,
                held.level,
                0.0 if playing is None else playing.clip_time_s(since_s),
                0.0 if playing is None else playing.duration_s,
            )
        case states.Finished():
            return _result_view(game, state, now_s)


def _playing_view(game: Game, state: states.Playing, now_s: float) -> PlayingView:
    rules = session.rules_of(state, game.rules)
    frame = game.stage.frame
    away = state.paused_s is not None or (state.over and state.hidden)
    return PlayingView(
        mode=state.mode,
        level=state.level,
        pixels=None if frame is None else frame.pixels,
        order="BGR" if frame is None else frame.order,
        frame_id=game.stage.frames,
        clip_t_s=min(state.clip_time_s(now_s), state.duration_s),
        duration_s=state.duration_s,
        score=None if state.hidden else state.judgement.smoothed,
        threshold=rules.threshold,
        hold_share=state.judgement.held_s / rules.hold_s,
        paused=away,
        forfeit_in_s=state.forfeit_in_s(now_s, rules) if state.hidden else None,
        stage=0 if state.marathon is None else state.marathon.stage,
        can_pause=session.can_pause(state),
    )


def _result_view(game: Game, state: states.Finished, now_s: float) -> ResultView:
    result = state.result
    counts = result.outcome in (Outcome.WON, Outcome.LOST)
    points = round_points(result) if counts else None
    single = counts and bool(result.curve)
    standing = game.standing
    if standing is not None:
        standing.poll()
    best = None if standing is None else standing.best
    return ResultView(
        result=result,
        clip_title=game.stage.title(game.language),
        next_level=session.next_level(result),
        faces=game.calls.count(result),
        points=points,
        composure=composure(result.curve, result.threshold) if single else None,
        best=best,
        record=points is not None and best is not None and points > best,
        rank=None if standing is None else standing.rank,
        can_name=points is not None and points > 0 and standing is not None,
        nickname=game.nickname,
        wins=game.row.wins,
        wins_needed=crown.WINS_NEEDED,
        crowned=game.crowned,
        stage=result.stage,
        moment=game.souvenir.view(now_s),
        moment_file=game.souvenir.file,
    )
