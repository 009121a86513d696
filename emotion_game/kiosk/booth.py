"""The game as a booth plays it: attract, notice, one visitor after another, an operator's menu."""

from __future__ import annotations

import logging
import math
from dataclasses import replace
from pathlib import Path

from emotion_game.addresses import safe_name
from emotion_game.app.game import Game
from emotion_game.app.page import Page as GamePage
from emotion_game.app.setup import PlayOptions
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
from emotion_game.kiosk.services import BoothServices, open_services
from emotion_game.kiosk.settings import kiosk_file, load_kiosk_settings, offered_modes
from emotion_game.kiosk.supervisor import AGAIN, LEFT, OFF
from emotion_game.kiosk.window import KioskWindow
from emotion_game.monitor import GameStatus
from emotion_game.screens.attract import AttractView
from emotion_game.screens.consent import ConsentView
from emotion_game.screens.duel import DuelResultView
from emotion_game.screens.operator import OperatorView, PinView
from emotion_game.screens.out_of_service import Closed, ClosedView
from emotion_game.screens.result import ResultView
from emotion_game.screens.title import TitleView
from emotion_game.ui.intents import (
    ChangeOption,
    Intent,
    OperatorIntent,
    Option,
    TypeKey,
    UserIntent,
)
from emotion_game.ui.notices import NoticeKind
from emotion_game.ui.view import View

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
#: The camera takes this long to open; nobody needs to be told.
_OPENING_S = 4.0
#: A round that the camera made void is told for so long; then a camera that is still gone is.
_VOID_S = 5.0


class BoothGame(Game):
    """The game in the kiosk's mode.

    Args:
        options: of the game.
        services: a booth's.

    Attributes:
        booth: which page is shown, and why.
        code: exit status that tells the supervisor what the operator wants.
    """

    window: KioskWindow
    feed: BoothFaceFeed

    def __init__(self, options: PlayOptions, services: BoothServices) -> None:
        super().__init__(options, services)
        self.kiosk = services.kiosk
        offer = self.kiosk.game
        self.booth = Booth(touched_s=self.clock.monotonic())
        self.code = 0
        self._booth_rules = BoothRules(offer.idle_s, offer.rounds_per_player)
        self._woken_s = 0.0
        self._slides: Slides | None = None
        self.can_quit = False
        # A round begins when somebody who agreed wants one.
        self.wants_start = False
        self.offered = offered_modes(self.kiosk, self.modes)
        self.mode, self.level = self.offered[0], offer.levels[0]

    # --- What differs from the game at home -------------------------------------------------------

    def set_volume(self) -> None:
        """See :class:`Game`; nobody plays: no sound."""
        if self.booth.page is Page.GAME:
            super().set_volume()

    # --- One turn ---------------------------------------------------------------------------------

    def turn(self, now_s: float) -> None:
        """See :class:`Game`."""
        if self.window.take_touched():
            self._go(flow.Touched(), now_s)
        if self.window.take_pressed() and self.booth.page is Page.ATTRACT:
            self._go(flow.Begin(), now_s)
        in_round = not isinstance(self.state, _OVER | states.Paused)
        self._go(flow.Tick(in_round=in_round, camera_lost=self._camera_lost()), now_s)
        before = self.state
        super().turn(now_s)
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
        self._kept.start_over()
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
            self.prefer(volume=max(0.0, volume))

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

    def status(self, now_s: float) -> GameStatus:
        """See :class:`Game`; a camera may be off."""
        status = super().status(now_s)
        if not self.feed.resting:
            return status
        return status.model_copy(
            update={"camera": f"{safe_name(self.kiosk.game.camera)} (off)", "camera_working": True}
        )

    def _lines(self) -> tuple[tuple[str, str], ...]:
        status = self.status(self.clock.monotonic())
        return (
            ("camera", status.camera),
            ("model", status.model),
            ("rounds", str(status.rounds)),
            ("player", status.clip_player),
            ("waiting", str(status.waiting_results)),
        )


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
        game = BoothGame(options, open_services(settings, link, options))
        game.run()
    finally:
        link.close()
    return LEFT if link.told_to_end else game.code
