"""The processes beside the game: the screen that tells why nobody can play, and the leaderboard.

Both are children of the supervisor like the game, so that a broken game cannot take them along.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial
from itertools import cycle
from pathlib import Path

import pygame

from emotion_game import paths
from emotion_game.app.pages.base import PageStack
from emotion_game.errors import SettingsError
from emotion_game.game.modes import Modes
from emotion_game.game.types import MARATHON_LEVEL
from emotion_game.kiosk.attract import BOARD_S
from emotion_game.kiosk.ipc import Link, own_streams
from emotion_game.kiosk.pages import BoothPage, OperatorPage, PinGuard, PinPage
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
from emotion_game.screens.operator import OperatorView
from emotion_game.screens.out_of_service import Closed, ClosedView
from emotion_game.settings import load_game_settings
from emotion_game.ui.intents import OperatorIntent, UserIntent
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


class ClosedPage(BoothPage):
    """It tells why nobody can play.

    Args:
        settings: of the booth.
        mode: in whose colours it is drawn.
        why: the reason.
    """

    def __init__(self, settings: KioskSettings, mode: str, why: Closed) -> None:
        opens = settings.hours.opens
        told = f"{opens:%H:%M}" if opens and why is Closed.HOURS else ""
        self._view = ClosedView(mode, why, told)

    def view(self, now_s: float) -> ClosedView:
        """See :class:`Page`."""
        return self._view

    def obey(self, intent: UserIntent, now_s: float) -> None:
        """See :class:`Page`: there is nothing to press."""


class ClosedBooth:
    """The closed screen; behind the gesture and the PIN, the menu.

    Args:
        settings: of the booth.
        mode: in whose colours it is drawn.
        why: why nobody can play.
        now_s: monotonic.

    Attributes:
        pages: the closed screen, PIN and menu.
        code: exit status for the supervisor, once the operator has chosen.
    """

    def __init__(self, settings: KioskSettings, mode: str, why: Closed, now_s: float) -> None:
        self.pages = PageStack()
        self.pages.push(ClosedPage(settings, mode, why))
        self.code: int | None = None
        self._mode = mode
        self._touched_s = now_s
        self._guard = PinGuard(settings.operator.pin_hash)
        menu = OperatorView(mode, settings.game.volume_cap, (), closed=True)
        self._menu = OperatorPage(self.pages, lambda: menu, _CODES, self._end)

    def turn(self, intents: Sequence[UserIntent], *, touched: bool, now_s: float) -> None:
        """Do what was pressed; leave the operator's pages when nobody is there."""
        for intent in intents:
            if intent != OperatorIntent.MENU:
                self.pages.top.obey(intent, now_s)
            elif isinstance(self.pages.top, ClosedPage):
                self.pages.push(PinPage(self.pages, self._guard, self._menu, self._mode))
                touched = True
        if touched:
            self._touched_s = now_s
        top = self.pages.top
        limit_s = top.idle_s if isinstance(top, BoothPage) else None
        if limit_s is not None and now_s - self._touched_s >= limit_s:
            self.pages.clear()

    def _end(self, code: int) -> None:
        self.code = code


def show_closed(why: Show, config: Path | None) -> int:
    """Be the screen's process; return the exit status for the supervisor."""
    settings = load_kiosk_settings(kiosk_file(config))
    try:
        modes = game_settings_of(settings).modes
    except SettingsError:
        # It may be why the booth is closed; then the shipped modes lend their colours.
        modes = load_game_settings(paths.CONFIGS / "game.toml").modes
    closed = ClosedBooth(settings, next(iter(modes)), _WHY[why], time.monotonic())
    link = Link(*own_streams())
    link.end_on_signals()
    window = KioskWindow(settings.screen, modes, language=settings.game.languages[0])
    try:
        while closed.code is None and _goes_on(link, why.value):
            now_s = time.monotonic()
            shown = _view(closed.pages.top.view(now_s), settings, now_s)
            intents = window.handle_events(shown)
            closed.turn(intents, touched=window.take_touched(), now_s=now_s)
            window.draw(_view(closed.pages.top.view(now_s), settings, now_s))
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
