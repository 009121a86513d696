"""The processes beside the game: the screen that tells why nobody can play, and the leaderboard.

Both are children of the supervisor like the game, so that a broken game cannot take them along.
"""

from __future__ import annotations

import logging
import math
import time
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path

import pygame

from emotion_game import paths
from emotion_game.errors import SettingsError
from emotion_game.game.modes import Modes
from emotion_game.game.types import MARATHON_LEVEL
from emotion_game.kiosk import flow
from emotion_game.kiosk.attract import BOARD_S
from emotion_game.kiosk.flow import Booth, BoothRules, Page
from emotion_game.kiosk.ipc import Link, own_streams
from emotion_game.kiosk.pin import is_pin
from emotion_game.kiosk.settings import (
    KioskSettings,
    game_settings_of,
    kiosk_file,
    load_kiosk_settings,
    offered_modes,
)
from emotion_game.kiosk.supervisor import AGAIN, LEFT, ON, Show
from emotion_game.kiosk.window import KioskWindow, displays
from emotion_game.monitor import GameStatus, Monitor
from emotion_game.scores import BackgroundBoard, Score, ScoreBoard, ScoreError, open_board
from emotion_game.screens.attract import AttractView
from emotion_game.screens.leaderboard import ScoreRow
from emotion_game.screens.operator import OperatorView, PinView
from emotion_game.screens.out_of_service import Closed, ClosedView
from emotion_game.settings import load_game_settings
from emotion_game.ui.intents import Intent, OperatorIntent, TypeKey, UserIntent
from emotion_game.ui.live import CameraStatus, CameraView
from emotion_game.ui.view import Screen, View

log = logging.getLogger(__name__)

_TURN_S = 1 / 30
#: A display that is not there is looked for so often.
_LOOK_S = 0.5
_PLACES = 10
_WHY = {
    Show.BROKEN: Closed.BROKEN,
    Show.SWITCHED_OFF: Closed.SWITCHED_OFF,
    Show.CLOSED: Closed.HOURS,
}
_CODES = {
    OperatorIntent.IN_SERVICE: ON,
    OperatorIntent.RESTART: AGAIN,
    OperatorIntent.DESKTOP: LEFT,
}


@dataclass(slots=True)
class ClosedBooth:
    """The screen that tells why nobody can play; behind the gesture and the PIN, the menu.

    Attributes:
        code: exit status for the supervisor, once the operator has chosen.
    """

    settings: KioskSettings
    modes: Modes
    why: Closed
    booth: Booth
    code: int | None = None

    def take(self, intent: UserIntent, now_s: float) -> None:
        """Do what was pressed."""
        match self.booth.page, intent:
            case _, OperatorIntent.MENU:
                self.go(flow.MenuAsked(), now_s)
            case Page.PIN, TypeKey(key):
                self.go(flow.Typed(key), now_s)
            case Page.PIN, Intent.ERASE:
                self.go(flow.Erased(), now_s)
            case Page.PIN, Intent.DONE if self.booth.attempts.wait_s(now_s) <= 0.0:
                right = is_pin(self.booth.digits, self.settings.operator.pin_hash)
                self.go(flow.PinChecked(right), now_s)
            case ((Page.PIN | Page.MENU), Intent.BACK):
                self.go(flow.MenuClosed(), now_s)
            case Page.MENU, OperatorIntent() if intent in _CODES:
                self.code = _CODES[intent]

    def go(self, event: flow.Event, now_s: float) -> None:
        """Give the booth's pages one event."""
        rules = BoothRules(self.settings.game.idle_s, self.settings.game.rounds_per_player)
        self.booth, _ = flow.step(self.booth, event, now_s, rules)

    def screen(self, now_s: float) -> Screen:
        """Return what is shown."""
        mode = next(iter(self.modes))
        match self.booth.page:
            case Page.PIN:
                wait_s = math.ceil(self.booth.attempts.wait_s(now_s))
                return PinView(mode, len(self.booth.digits), self.booth.wrong, wait_s)
            case Page.MENU:
                return OperatorView(mode, self.settings.game.volume_cap, (), closed=True)
            case _:
                opens = self.settings.hours.opens
                told = f"{opens:%H:%M}" if opens and self.why is Closed.HOURS else ""
                return ClosedView(mode, self.why, told)


def show_closed(why: Show, config: Path | None) -> int:
    """Be the screen's process; return the exit status for the supervisor."""
    settings = load_kiosk_settings(kiosk_file(config))
    try:
        modes = game_settings_of(settings).modes
    except SettingsError:
        # It may be why the booth is closed; then the shipped modes lend their colours.
        modes = load_game_settings(paths.CONFIGS / "game.toml").modes
    closed = ClosedBooth(settings, modes, _WHY[why], Booth(touched_s=time.monotonic()))
    link = Link(*own_streams())
    link.end_on_signals()
    window = KioskWindow(settings.screen, modes, language=settings.game.languages[0])
    try:
        while closed.code is None and _goes_on(link, why.value):
            now_s = time.monotonic()
            for intent in window.handle_events(_view(closed.screen(now_s), settings, now_s)):
                closed.take(intent, now_s)
            if window.take_touched():
                closed.go(flow.Touched(), now_s)
            closed.go(flow.Tick(in_round=False, camera_lost=None), now_s)
            window.draw(_view(closed.screen(now_s), settings, now_s))
            time.sleep(_TURN_S)
    finally:
        link.close()
        window.close()
    return LEFT if link.told_to_end else closed.code or 0


def show_board(config: Path | None) -> None:
    """Be the leaderboard's process, for a second display; while there is none, wait for it."""
    settings = load_kiosk_settings(kiosk_file(config))
    link = Link(*own_streams())
    link.end_on_signals()
    game = game_settings_of(settings)
    desk = BackgroundBoard(open_board(game.scores.url or None))
    try:
        # On another display it would cover the game.
        while _wait_for_display(settings, link) and _show_board(settings, game.modes, link, desk):
            log.warning("The leaderboard's display is gone.")
    finally:
        link.close()
        desk.close()


def _wait_for_display(settings: KioskSettings, link: Link) -> bool:
    """Return whether the leaderboard's display is there now; False: the end was ordered."""
    told = False
    pygame.display.init()
    while displays() <= _board_display(settings):
        if not told:
            log.warning("There is no display %d for the leaderboard.", _board_display(settings))
            told = True
        if not _goes_on(link, "board"):
            return False
        time.sleep(_LOOK_S)
    return True


def _show_board(settings: KioskSettings, modes: Modes, link: Link, desk: BackgroundBoard) -> bool:
    """Show leaderboards in turn; return whether it was the display that ended it."""
    offer, number = settings.game, _board_display(settings)
    offered = offered_modes(settings, modes)
    levels = (*offer.levels, MARATHON_LEVEL)
    turns = cycle([(mode, level) for mode in offered for level in levels])
    window = KioskWindow(settings.screen, modes, language=offer.languages[0], display=number)
    (mode, level), since_s, asked = next(turns), time.monotonic(), None
    rows: tuple[ScoreRow, ...] | None = None
    try:
        while _goes_on(link, "board"):
            if displays() <= number:
                return True
            now_s = time.monotonic()
            if asked is None:
                asked = desk.ask(partial(_top, mode, level))
            if asked.done():
                rows = _rows(asked)
            if now_s - since_s > BOARD_S:
                (mode, level), since_s, asked, rows = next(turns), now_s, None, None
            screen = AttractView(mode, level, rows=rows, playable=False)
            view = _view(screen, settings, now_s)
            window.handle_events(view)
            window.draw(view)
            time.sleep(_TURN_S)
    finally:
        window.close()
    return False


def _board_display(settings: KioskSettings) -> int:
    return settings.screen.leaderboard_display or 0


def _rows(asked: Future[tuple[Score, ...]]) -> tuple[ScoreRow, ...] | None:
    """Return what the board has answered; None where it is away."""
    try:
        scores = asked.result()
    except ScoreError:
        return None
    return tuple(
        ScoreRow(rank, score.nickname or "", score.points)
        for rank, score in enumerate(scores, start=1)
    )


def _top(mode: str, level: int, board: ScoreBoard) -> tuple[Score, ...]:
    return board.leaderboard(mode, level, _PLACES)


def _goes_on(link: Monitor, screen: str) -> bool:
    """Give a sign of life; return whether nobody has ordered the end."""
    status = GameStatus(
        screen=screen, in_round=False, camera="", camera_working=True, frame_rate_hz=0.0, rounds=0
    )
    return all(order.kind != "end" for order in link.turn(time.monotonic(), lambda: status))


def _view(screen: Screen, settings: KioskSettings, now_s: float) -> View:
    # Both languages in turn: nobody can choose one here.
    languages = settings.game.languages
    language = languages[int(now_s / 6.0) % len(languages)]
    return View(screen, CameraView("", CameraStatus.STARTING), language)
