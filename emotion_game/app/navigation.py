"""From what the player wants to what the game does: the way through the screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emotion_game.addresses import safe_name
from emotion_game.app.page import Page
from emotion_game.game import events, states
from emotion_game.game.check import Check
from emotion_game.game.crown import WinStreak
from emotion_game.game.keyboard import Keyboard, Keys
from emotion_game.game.round import can_pause
from emotion_game.game.types import LEVELS, MARATHON_LEVEL, RoundResult
from emotion_game.screens.record_question import Consent
from emotion_game.ui.intents import (
    ChangeOption,
    ChooseLevel,
    ChooseMode,
    Intent,
    Label,
    OperatorIntent,
    Option,
    PlugGamepad,
    TypeKey,
    UserIntent,
)
from emotion_game.ui.notices import NoticeKind

if TYPE_CHECKING:
    from emotion_game.app.game import Game

_VOLUME_STEP = 0.1
#: In these a break may be refused.
_BUSY = states.Starting | states.Playing


def obey(game: Game, intent: UserIntent, now_s: float) -> None:
    """Do what the player wants, if it can be done on this screen."""
    match intent:
        case Intent.QUIT:
            game.running = False
        case Intent.BACK:
            _back(game, now_s)
        case ChooseMode(mode):
            _choose_mode(game, mode)
        case ChooseLevel(level):
            _choose_level(game, level)
        case Intent.MARATHON if game.page is Page.LEVELS:
            game.marathon, game.duel = True, False
            _check(game)
        case Intent.TOGGLE_DUEL if game.page is Page.LEVELS:
            game.duel, game.marathon = not game.duel, False
        case Intent.GO_ON:
            _go_on(game, now_s)
        case Intent.PAUSE:
            _pause(game, now_s)
        case Intent.AGAIN if game.page is Page.ROUND:
            game.feed.camera.rewind()
            game.step(events.Again(), now_s)
        case Intent.NEXT_LEVEL if game.page is Page.ROUND:
            game.feed.camera.rewind()
            game.step(events.NextLevel(), now_s)
            if isinstance(game.state, states.Ready):
                game.level = game.state.level
        case Intent.SCORES:
            _show_scores(game)
        case Intent.OPTIONS if game.page is Page.TITLE:
            game.page = Page.OPTIONS
        case Intent.ENTER_NAME if game.page is Page.ROUND and can_name(game):
            keys = Keys.HANGUL if game.language == "ko" else Keys.LATIN
            text = "" if game.scores is None else game.scores.nickname
            game.keyboard = Keyboard(text, keys)
            game.name_fault = ""
            game.page = Page.NAME
        case Intent.SAVE_MOMENT if isinstance(game.state, states.Finished):
            game.instant_replay.save()
        case ChangeOption(option, step):
            _change(game, option, step)
        case Intent.TOGGLE_LANGUAGE:
            _change(game, Option.LANGUAGE, 1)
        case Intent.TOGGLE_FULLSCREEN:
            _change(game, Option.FULLSCREEN, 1)
        case Intent.NEXT_CAMERA:
            _change(game, Option.CAMERA, 1)
        case PlugGamepad(name, found):
            game.notices.say(NoticeKind.GAMEPAD_FOUND if found else NoticeKind.GAMEPAD_LOST, name)
        case _ if game.page is Page.NAME:
            _type(game, intent)
        case Intent.AGREE:
            game.calls.answer(Consent.GIVEN)
        case Intent.REFUSE:
            game.calls.answer(Consent.REFUSED)
        case Intent.WRONG_CALL if (result := shown_result(game)) is not None:
            game.calls.mark(result, game.analyser.classifier)
        case Intent() | Label() | TypeKey() | OperatorIntent():
            pass  # not on this screen


def go_on_by_itself(game: Game, now_s: float) -> None:
    """Start what was asked for on the command line, and leave a check that is passed."""
    if game.wants_start and game.feed.ready:
        game.wants_start = False
        game.start(now_s)
    elif game.page is Page.CHECK and game.check.progress(game.check_rules) >= 1.0:
        _go_on(game, now_s)


def entered(game: Game, before: states.State) -> None:
    """Follow the rules into another state."""
    over = isinstance(before, states.Finished)
    if isinstance(game.state, states.Menu):
        # From a result the next player comes; a round that was left is tried again.
        if over:
            to_title(game)
        else:
            game.page = Page.LEVELS
    if isinstance(before, states.Playing) and isinstance(game.state, states.Countdown):
        game.calls.next_clip()
    elif isinstance(game.state, states.Menu) or over or isinstance(before, states.Menu):
        # Consent, faces and replay belong to one round.
        game.calls.next_round()
        game.instant_replay.clear()
        game.ranking, game.nickname = None, ""


def shown_result(game: Game) -> RoundResult | None:
    """Return the result of one player that is on the screen."""
    result = game.state.result if isinstance(game.state, states.Finished) else None
    return result if isinstance(result, RoundResult) else None


def can_name(game: Game) -> bool:
    """Return whether the result on the screen may be given a nickname."""
    return game.ranking is not None and game.ranking.score.points > 0


def to_title(game: Game) -> None:
    """Show the title; whoever comes next may be somebody else."""
    game.page, game.row, game.crowned, game.duel = Page.TITLE, WinStreak(), False, False
    if game.scores is not None:
        game.scores.forget_player()


def _choose_mode(game: Game, mode: str) -> None:
    game.mode = mode
    if game.page is Page.SCORES:
        _ask_scores(game)
    elif game.page is Page.TITLE:
        game.page = Page.LEVELS


def _choose_level(game: Game, level: int) -> None:
    if game.page is Page.SCORES:
        game.board_level = level
        _ask_scores(game)
    elif game.page is Page.LEVELS and level in LEVELS:
        game.level, game.marathon = level, False
        _check(game)


def _check(game: Game) -> None:
    """Begin the camera check."""
    if game.has_clips():
        players = 2 if game.duel else 1
        game.page, game.check = Page.CHECK, Check(players=players)
        game.feed.choose_players(players)


def _go_on(game: Game, now_s: float) -> None:
    if game.page is Page.CHECK and game.modes[game.mode].warns:
        game.page = Page.WARNING
    elif game.page in (Page.CHECK, Page.WARNING):
        game.start(now_s)
    elif game.page is Page.ROUND and isinstance(game.state, states.Paused):
        game.step(events.GoOn(), now_s)


def _pause(game: Game, now_s: float) -> None:
    if game.page is not Page.ROUND:
        return
    if isinstance(game.state, states.Paused):
        game.step(events.GoOn(), now_s)
    elif can_pause(game.state):
        game.step(events.Pause(), now_s)
    elif isinstance(game.state, _BUSY):
        game.notices.say(NoticeKind.CANNOT_PAUSE)


def _back(game: Game, now_s: float) -> None:
    game.wants_start = False
    match game.page:
        case Page.ROUND:
            game.step(events.Back(), now_s)
        case Page.CHECK:
            game.page = Page.LEVELS
        case Page.NAME:
            game.page = Page.ROUND
        case Page.SCORES:
            game.page = game.came_from
        case Page.LEVELS | Page.WARNING | Page.OPTIONS:
            to_title(game)


def _show_scores(game: Game) -> None:
    game.open_scores()
    if game.scores is None or game.page not in (Page.TITLE, Page.LEVELS, Page.ROUND):
        return
    if game.page is Page.ROUND and shown_result(game) is None:
        return
    game.came_from, game.page = game.page, Page.SCORES
    game.board_level = MARATHON_LEVEL if game.marathon else game.level
    _ask_scores(game)


def _ask_scores(game: Game) -> None:
    if game.scores is not None:
        game.scores.show(game.mode, game.board_level)


def _type(game: Game, intent: UserIntent) -> None:
    match intent:
        case TypeKey(key, real):
            game.keyboard = game.keyboard.press_real(key) if real else game.keyboard.press(key)
        case Intent.ERASE:
            game.keyboard = game.keyboard.erase()
        case Intent.SHIFT:
            game.keyboard = game.keyboard.shift()
        case Intent.SWITCH_KEYS:
            game.keyboard = game.keyboard.switch()
        case Intent.DONE:
            _give_name(game)
            return
    game.name_fault = ""


def _give_name(game: Game) -> None:
    if game.scores is not None and game.ranking is not None:
        game.name_fault = game.scores.name(game.ranking, game.keyboard.text)
        if game.name_fault:
            if game.cues is not None:
                game.cues.refuse()
            return
        game.nickname = game.scores.nickname
    game.page = Page.ROUND


def _change(game: Game, option: Option, step: int) -> None:
    now = game.preferences
    match option:
        case Option.LANGUAGE:
            game.language = "en" if game.language == "ko" else "ko"
            game.prefer(language=game.language)
        case Option.VOLUME:
            volume = min(1.0, max(0.0, round(now.volume + step * _VOLUME_STEP, 1)))
            game.prefer(volume=volume, muted=False)
            game.set_volume()
        case Option.MUTE:
            game.prefer(muted=not now.muted)
            game.set_volume()
        case Option.MUSIC:
            game.prefer(music=not now.music)
        case Option.FULLSCREEN:
            game.window.set_fullscreen(not game.window.fullscreen)
            game.prefer(fullscreen=game.window.fullscreen)
        case Option.CAMERA:
            # In mid-round another camera would be another player.
            if isinstance(game.state, states.Menu):
                camera = game.feed.next_camera()
                # A password is not written down: a camera that has one is asked for at each start.
                game.prefer(camera=camera if safe_name(camera) == camera else None)
                game.check = Check(players=game.check.players)
        case Option.HIGH_CONTRAST:
            game.prefer(high_contrast=not now.high_contrast)
        case Option.REDUCED_MOTION:
            game.prefer(reduced_motion=not now.reduced_motion)
