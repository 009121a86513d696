"""The game as a booth plays it: attract, notice, one visitor after another, an operator's menu."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from emotion_game.addresses import safe_name
from emotion_game.app.calls import CallKeeper
from emotion_game.app.game import Game
from emotion_game.app.page import Page as GamePage
from emotion_game.app.preferences import Preferences
from emotion_game.app.setup import PlayOptions
from emotion_game.app.status import status_of
from emotion_game.clips.library import Library
from emotion_game.errors import ClipError, GameError
from emotion_game.game import states
from emotion_game.game.types import MatchResult, Outcome, Reason, RoundResult
from emotion_game.kiosk import flow
from emotion_game.kiosk import paths as places
from emotion_game.kiosk.attract import Slides
from emotion_game.kiosk.consent import ConsentLog
from emotion_game.kiosk.event_journal import EventJournal
from emotion_game.kiosk.face_feed import BoothFaceFeed
from emotion_game.kiosk.flow import Booth, BoothRules, Page
from emotion_game.kiosk.ipc import Link, own_streams
from emotion_game.kiosk.pin import is_pin
from emotion_game.kiosk.settings import (
    KioskSettings,
    kiosk_file,
    load_kiosk_settings,
    offered_modes,
)
from emotion_game.kiosk.supervisor import AGAIN, LEFT, OFF
from emotion_game.kiosk.window import KioskWindow
from emotion_game.monitor import GameStatus, Monitor, Order
from emotion_game.screens.kiosk_view import (
    AttractView,
    Closed,
    ClosedView,
    ConsentView,
    OperatorIntent,
    OperatorView,
    PinView,
)
from emotion_game.screens.view import (
    ChangeOption,
    DuelResultView,
    Intent,
    NoticeKind,
    Option,
    ResultView,
    TitleView,
    TypeKey,
    UserIntent,
    View,
)

log = logging.getLogger(__name__)

#: What belongs to a player at home.
_NOT_AT_A_BOOTH = (
    Intent.QUIT,
    Intent.OPTIONS,
    Intent.TOGGLE_FULLSCREEN,
    Intent.NEXT_CAMERA,
    Intent.SAVE_MOMENT,
    Intent.WRONG_CALL,
)
_VOLUME_STEP = 0.1
#: States in which nobody plays.
_OVER = states.Menu | states.Finished
#: No device, file or stream is called so.
_NO_CAMERA = "the camera is off"
#: The camera takes this long to open; nobody needs to be told.
_OPENING_S = 4.0
#: A round that the camera made void is told for so long; then a camera that is still gone is.
_VOID_S = 5.0


class BoothGame(Game):
    """The game in the kiosk's mode.

    Args:
        settings: of the kiosk.
        monitor: the supervisor's.
        options: of the game.

    Attributes:
        booth: which page is shown, and why.
        code: exit status that tells the supervisor what the operator wants.
    """

    window: KioskWindow
    feed: BoothFaceFeed

    def __init__(self, settings: KioskSettings, monitor: Monitor, options: PlayOptions) -> None:
        self.kiosk = settings
        self.booth = Booth(touched_s=time.monotonic())
        self.code = 0
        self._booth_rules = BoothRules(settings.game.idle_s, settings.game.rounds_per_player)
        self._woken_s = 0.0
        self._slides: Slides | None = None
        # No camera is opened before somebody agrees: the booth's own feed takes over below.
        super().__init__(replace(options, camera=_NO_CAMERA), _Reporter(monitor, self))
        offer = settings.game
        self.preferences = self._load_preferences()
        self.feed.close()
        self.feed = BoothFaceFeed(offer.camera, self.settings.camera, self.notices, self.timings)
        plain = self.window
        self.window = KioskWindow(
            settings.screen, self.modes, offscreen=options.offscreen, language=self.language
        )
        self.stack.callback(self.window.close)
        # Its window alone: closing the display in between would let the desktop through, and an
        # X server without another client would start anew.
        plain._window.destroy()
        self.can_quit = False
        self.offered = offered_modes(settings, self.modes)
        kept = (c for c in self.stage.library if c.mode in self.offered and c.level in offer.levels)
        self.stage.library = Library(tuple(kept))
        # Whoever agreed to the notice was told that no picture is kept.
        self.calls = CallKeeper(None, self.notices, self.modes)
        self.mode, self.level = self.offered[0], offer.levels[0]

    # --- What differs from the game at home -------------------------------------------------------

    def _load_preferences(self) -> Preferences:
        volume = self.kiosk.game.volume_cap
        # Music all day long is for nobody; it begins with a visit.
        return Preferences(volume=volume, language=self.kiosk.game.languages[0], music=False)

    def prefer(self, **changed: object) -> None:
        """Change a preference for this visit: the next visitor starts afresh."""
        volume = changed.get("volume")
        if isinstance(volume, float):
            changed["volume"] = min(volume, self.kiosk.game.volume_cap)
        self.preferences = self.preferences.model_copy(update=changed)

    def set_volume(self) -> None:
        """See :class:`Game`; nobody plays: no sound."""
        if self.booth.page is Page.GAME:
            super().set_volume()

    # --- One turn ---------------------------------------------------------------------------------

    def _turn(self, now_s: float) -> None:
        if self.window.take_touched():
            self._go(flow.Touched(), now_s)
        if self.window.take_pressed() and self.booth.page is Page.ATTRACT:
            self._go(flow.Begin(), now_s)
        in_round = not isinstance(self.state, _OVER | states.Paused)
        self._go(flow.Tick(in_round=in_round, camera_lost=self._camera_lost()), now_s)
        before = self.state
        super()._turn(now_s)
        match self.state:
            case now if now is before:
                pass
            case states.Finished(RoundResult() as result):
                # A player that gave no picture in time may not even know that it failed.
                self.stage.failed |= result.reason is Reason.CLIP_FAULT
                self._go(flow.RoundOver(result.outcome is not Outcome.VOID), now_s)
                # A day has thousands of rounds; the board keeps them, not the memory.
                self.results[-1] = replace(result, curve=())
            case states.Finished(MatchResult() as result):
                self._go(flow.RoundOver(not result.void), now_s)
        if self.stage.failed:
            self._replace_player()

    def _camera_lost(self) -> bool | None:
        camera = self.feed.camera
        if self.feed.resting:
            return None
        if camera.is_lost():
            return True
        return False if camera.frames else None

    def _replace_player(self) -> None:
        try:
            self.stage.replace_player(self.options.player)
        except ClipError as error:
            log.error("%s", error)
            return
        self.set_volume()

    def _go(self, event: flow.Event, now_s: float) -> None:
        before = self.booth.page
        self.booth, commands = flow.step(self.booth, event, now_s, self._booth_rules)
        for command in commands:
            match command:
                case flow.StartCamera():
                    self.feed.wake()
                    self.prefer(music=True)
                    self._woken_s = now_s
                case flow.EndVisit():
                    self._end_visit(now_s)
        if self.booth.page is before:
            return
        log.info("booth: %s -> %s", before.name, self.booth.page.name)
        if before is Page.ATTRACT and self._slides is not None:
            self._slides.stop()
        if self.booth.page is Page.GAME:
            self.set_volume()

    def _end_visit(self, now_s: float) -> None:
        self.to_title(now_s)
        self.stage.stop()
        self.feed.rest()
        self.preferences = self._load_preferences().model_copy(
            update={"volume": self.preferences.volume}
        )
        self.language = self.kiosk.game.languages[0]
        self.page = self.came_from = self._first_page()

    def _first_page(self) -> GamePage:
        if len(self.offered) > 1:
            return GamePage.TITLE
        self.mode = self.offered[0]
        return GamePage.LEVELS

    # --- Intents ----------------------------------------------------------------------------------

    def obey(self, intent: UserIntent, now_s: float) -> None:
        """See :class:`Game`."""
        if intent == OperatorIntent.MENU:
            self._go(flow.MenuAsked(), now_s)
            return
        if intent is Intent.TOGGLE_LANGUAGE:
            if len(self.kiosk.game.languages) > 1:
                self.language = "en" if self.language == "ko" else "ko"
            return
        match self.booth.page:
            case Page.ATTRACT if intent is Intent.GO_ON:
                self._go(flow.Begin(), now_s)
            case Page.NOTICE:
                self._answer(intent, now_s)
            case Page.GAME:
                self._play(intent, now_s)
            case Page.PIN:
                self._type_pin(intent, now_s)
            case Page.MENU:
                self._operate(intent, now_s)

    def _answer(self, intent: UserIntent, now_s: float) -> None:
        if intent is Intent.BACK:
            self._go(flow.ToTitle(), now_s)
        if intent is not Intent.AGREE:
            return
        try:
            self.monitor.agreed(self.language)
        except GameError as error:
            # Without the record of a consent nobody is filmed.
            log.error("%s", error)
            self.notices.say(NoticeKind.SCORE_NOT_KEPT)
            return
        self.page = self.came_from = self._first_page()
        self._go(flow.Agreed(), now_s)

    def _play(self, intent: UserIntent, now_s: float) -> None:
        if intent in _NOT_AT_A_BOOTH or isinstance(intent, ChangeOption):
            return
        if self.closed(now_s) is not None:
            return
        home = self.page is self._first_page() and isinstance(self.state, states.Menu)
        if intent is Intent.BACK and home:
            self._go(flow.ToTitle(), now_s)
            return
        again = intent in (Intent.AGAIN, Intent.NEXT_LEVEL, Intent.MARATHON)
        if again and self.booth.lost_s is not None:
            return
        more = flow.may_play_again(self.booth, self._booth_rules)
        finished = isinstance(self.state, states.Finished)
        if not more and (again or (finished and intent is Intent.BACK)) and not self._naming:
            self._go(flow.ToTitle(), now_s)
            return
        super().obey(intent, now_s)

    @property
    def _naming(self) -> bool:
        return self.page in (GamePage.NAME, GamePage.SCORES)

    def _type_pin(self, intent: UserIntent, now_s: float) -> None:
        match intent:
            case TypeKey(key):
                self._go(flow.Typed(key), now_s)
            case Intent.ERASE:
                self._go(flow.Erased(), now_s)
            case Intent.BACK:
                self._go(flow.MenuClosed(), now_s)
            case Intent.DONE if self.booth.attempts.wait_s(now_s) <= 0.0:
                right = is_pin(self.booth.digits, self.kiosk.operator.pin_hash)
                if not right:
                    log.warning("a wrong PIN at the booth")
                self._go(flow.PinChecked(right), now_s)

    def _operate(self, intent: UserIntent, now_s: float) -> None:
        codes = {
            OperatorIntent.RESTART: AGAIN,
            OperatorIntent.OUT_OF_SERVICE: OFF,
            OperatorIntent.DESKTOP: LEFT,
        }
        if isinstance(intent, OperatorIntent) and intent in codes:
            log.info("the operator chose %s", intent.name)
            self.code, self.running = codes[intent], False
        elif intent is Intent.BACK:
            self._go(flow.MenuClosed(), now_s)
        elif isinstance(intent, ChangeOption) and intent.option is Option.VOLUME:
            volume = round(self.preferences.volume + intent.step * _VOLUME_STEP, 1)
            self.prefer(volume=min(self.kiosk.game.volume_cap, max(0.0, volume)))

    # --- Views ------------------------------------------------------------------------------------

    def closed(self, now_s: float) -> Closed | None:
        """Return why the player cannot go on just now; None: nothing hinders."""
        lost_s = self.booth.lost_s
        if lost_s is None or self._reads_result(now_s - lost_s):
            return None
        if now_s - max(lost_s, self._woken_s) < _OPENING_S and self.feed.camera.frames == 0:
            return None
        return Closed.STAFF if self.booth.wants_staff(now_s) else Closed.MOMENT

    def _reads_result(self, lost_for_s: float) -> bool:
        """Say whether the player looks at a result; a void one only says that it is void."""
        match self.state:
            case states.Finished(RoundResult() as result):
                return result.outcome is not Outcome.VOID or lost_for_s < _VOID_S
            case states.Finished(MatchResult() as result):
                return not result.void or lost_for_s < _VOID_S
        return False

    def view(self, now_s: float) -> View:
        """See :class:`Game`."""
        view = super().view(now_s)
        notices = self.notices.at(now_s) if self.booth.page is Page.GAME else ()
        mode = self.mode
        match self.booth.page:
            case Page.ATTRACT:
                return replace(view, screen=self._attract(now_s), notices=notices)
            case Page.NOTICE:
                notice = self.kiosk.notice
                lines = notice.text(self.language).splitlines()
                paragraphs = tuple(line for line in lines if line.strip())
                screen = ConsentView(mode, notice.run_by, notice.contact, paragraphs)
                return replace(view, screen=screen, notices=self.notices.at(now_s))
            case Page.PIN:
                wait_s = math.ceil(self.booth.attempts.wait_s(now_s))
                pin = PinView(mode, len(self.booth.digits), self.booth.wrong, wait_s)
                return replace(view, screen=pin, notices=notices)
            case Page.MENU:
                menu = OperatorView(mode, self.preferences.volume, self._lines())
                return replace(view, screen=menu, notices=notices)
            case Page.GAME:
                return self._game_view(view, now_s)

    def _game_view(self, view: View, now_s: float) -> View:
        why = self.closed(now_s)
        if why is not None:
            return replace(view, screen=ClosedView(self.mode, why), notices=())
        screen = view.screen
        match screen:
            case ResultView() | DuelResultView():
                # The replay shows, but no film of a visitor is kept.
                screen = replace(screen, can_save=False)
            case TitleView():
                # What can be changed here is the operator's to change.
                screen = replace(screen, has_options=False)
        return replace(view, screen=screen)

    def _attract(self, now_s: float) -> ClosedView | AttractView:
        if self.menu_shown_s is None:
            return ClosedView(self.mode, Closed.MOMENT)
        if self._slides is None:
            offer = self.kiosk.game
            # Who only passes by was not warned: frightening clips are for those who chose them.
            calm = [name for name in self.offered if not self.modes[name].warns]
            modes = calm or self.offered
            offered = [(mode, level) for level in offer.levels for mode in modes]
            self._slides = Slides(self.stage, lambda: self.scores, offered)
        return self._slides.view(now_s, self.language)

    def adjusted(self, status: GameStatus) -> GameStatus:
        """Return the status as a booth's operator understands it: a camera may be off."""
        if not self.feed.resting:
            return status
        return status.model_copy(
            update={"camera": f"{safe_name(self.kiosk.game.camera)} (off)", "camera_working": True}
        )

    def _lines(self) -> tuple[tuple[str, str], ...]:
        status = self.adjusted(status_of(self, time.monotonic()))
        return (
            ("camera", status.camera),
            ("model", status.model),
            ("rounds", str(status.rounds)),
            ("player", status.clip_player),
            ("waiting", str(status.waiting_results)),
        )


class _Reporter:
    """The monitor of a booth, told the booth's own status.

    Args:
        monitor: the supervisor's.
        game: whose status it is.
    """

    def __init__(self, monitor: Monitor, game: BoothGame) -> None:
        self._monitor = monitor
        self._game = game

    def turn(self, now_s: float, status: Callable[[], GameStatus]) -> Sequence[Order]:
        """See :class:`~emotion_game.monitor.Monitor`."""
        return self._monitor.turn(now_s, lambda: self._game.adjusted(status()))

    def event(self, line: str) -> None:
        """See :class:`~emotion_game.monitor.Monitor`."""
        self._monitor.event(line)

    def agreed(self, language: str) -> None:
        """See :class:`~emotion_game.monitor.Monitor`."""
        self._monitor.agreed(language)


def play(config: Path | None) -> int:
    """Be the game's process; return the exit status for the supervisor."""
    settings = load_kiosk_settings(kiosk_file(config))
    orders, signs = own_streams()
    link = Link(
        orders,
        signs,
        EventJournal(places.journal_file()),
        ConsentLog(places.consent_file()),
        settings.notice.mark(),
    )
    link.end_on_signals()
    options = PlayOptions(
        camera=settings.game.camera,
        player=settings.game.player,
        config=settings.game.config,
        language=settings.game.languages[0],
        scores=True,
    )
    try:
        game = BoothGame(settings, link, options)
        game.run()
    finally:
        link.close()
    return LEFT if link.told_to_end else game.code
