"""The game as a booth plays it: attract, consent, one visitor after another, an operator's menu."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

from emotion_game.addresses import safe_name
from emotion_game.app.game import Game
from emotion_game.app.pages.base import Offer, Page
from emotion_game.app.pages.levels import LevelsPage
from emotion_game.app.pages.round import RoundPage
from emotion_game.app.pages.title import TitlePage
from emotion_game.app.pages.tournament import TournamentPage
from emotion_game.app.setup import PlayOptions
from emotion_game.errors import ClipError, GameError
from emotion_game.game import states
from emotion_game.game.tournament import CALL_S, CLIPS
from emotion_game.game.types import MatchResult, Outcome, Reason, RoundResult
from emotion_game.kiosk import paths
from emotion_game.kiosk.attract import Slides
from emotion_game.kiosk.consent import ConsentLog
from emotion_game.kiosk.event_journal import EventJournal
from emotion_game.kiosk.face_feed import BoothFaceFeed
from emotion_game.kiosk.ipc import Link, own_streams
from emotion_game.kiosk.pages import (
    AttractPage,
    BoothPage,
    CallStaffPage,
    ConsentPage,
    OperatorPage,
    PinGuard,
    PinPage,
)
from emotion_game.kiosk.services import BoothServices, open_services
from emotion_game.kiosk.settings import kiosk_file, load_kiosk_settings, offered_modes
from emotion_game.kiosk.supervisor import AGAIN, LEFT, OFF
from emotion_game.kiosk.visit import Visit
from emotion_game.kiosk.window import KioskWindow
from emotion_game.monitor import GameStatus
from emotion_game.screens.consent import ConsentView
from emotion_game.screens.operator import OperatorView
from emotion_game.screens.out_of_service import Closed, ClosedView
from emotion_game.ui.intents import Intent, OperatorIntent, UserIntent
from emotion_game.ui.view import Screen, View

log = logging.getLogger(__name__)

_VOLUME_STEP = 0.1
_CODES = {
    OperatorIntent.RESTART: AGAIN,
    OperatorIntent.OUT_OF_SERVICE: OFF,
    OperatorIntent.DESKTOP: LEFT,
}
#: A tournament's call takes at most this share of the time after which a visit ends.
_CALL_SHARE = 0.65
#: The camera takes this long to open; nobody needs to be told.
OPENING_S = 4.0
#: A round that the camera made void is told for so long; then a camera that is still gone is.
VOID_S = 5.0


class BoothGame(Game):
    """The game in the kiosk's mode.

    Args:
        options: of the game.
        services: a booth's.

    Attributes:
        visit: the present visitor, in numbers.
        code: exit status that tells the supervisor what the operator wants.
    """

    window: KioskWindow
    feed: BoothFaceFeed

    def __init__(self, options: PlayOptions, services: BoothServices) -> None:
        self.kiosk = services.kiosk
        modes = offered_modes(self.kiosk, services.settings.modes)
        game = self.kiosk.game
        offer = Offer(
            modes,
            game.languages,
            at_home=False,
            # The final is a round more.
            tournament_clips=min(CLIPS, game.rounds_per_player - 1),
            # A visit ends when nobody is there: who is called late has not ended it yet.
            call_s=min(CALL_S, game.idle_s * _CALL_SHARE),
        )
        super().__init__(options, services, offer)
        self.visit = Visit(self.clock.monotonic())
        self.code = 0
        self._guard = PinGuard(self.kiosk.operator.pin_hash)
        self._woken_s = 0.0
        self._slides: Slides | None = None
        # A round begins when somebody who agreed wants one.
        self.wants_start = False
        # Why a consent cannot be logged; "": it can.
        self._unsaved = ""
        self.engine.silent = True
        self.engine.mode, self.engine.level = modes[0], self.kiosk.game.levels[0]

    @property
    def visiting(self) -> bool:
        """Whether somebody who agreed is playing."""
        return not isinstance(self.pages.top, BoothPage)

    # --- The way through a visit ------------------------------------------------------------------

    def first_page(self) -> Page:
        """See :class:`Game`."""
        return AttractPage(self._attract, self._ask_consent)

    def _ask_consent(self, now_s: float) -> None:
        self.visit = self.visit.touched(now_s)
        self._show(ConsentPage(self._consent, self._agree, self._leave))

    def _agree(self, now_s: float) -> None:
        try:
            self.services.monitor.agreed(self.engine.language)
        except GameError as error:
            # Without the record of a consent nobody is filmed.
            log.error("%s", error)
            self._unsaved = error.message
            page = CallStaffPage(self.engine.mode, self._can_save, self._leave, now_s)
            self.pages.replace(page)
            return
        self.visit, self._woken_s = self.visit.begun(now_s), now_s
        self.feed.wake()
        self.engine.prefer(music=True)
        self.engine.silent = False
        self.engine.set_volume()
        if len(self.offer.modes) > 1:
            self.pages.replace(TitlePage(self.context))
        else:
            self.engine.mode = self.offer.modes[0]
            self.pages.replace(LevelsPage(self.context, is_home=True))
        log.info("a visit begins")

    def _can_save(self) -> bool:
        try:
            self.services.monitor.check_consents()
        except GameError as error:
            self._unsaved = error.message
            return False
        self._unsaved = ""
        return True

    def _leave(self, now_s: float) -> None:
        """Nobody plays any more: leave the round, forget the player, close the camera."""
        engine = self.engine
        if self.visiting:
            log.info("the visit is over")
            engine.leave(now_s)
            engine.next_player()
            engine.forget_names()
            engine.stage.stop()
            self.feed.rest()
        self.pages.clear()
        self.visit = self.visit.begun(now_s)
        self.services.preferences.start_over()
        engine.language = self.offer.languages[0]
        engine.silent = True
        engine.set_volume()

    def _ask_pin(self, now_s: float) -> None:
        if isinstance(self.pages.top, PinPage | OperatorPage):
            return
        self._leave(now_s)
        menu = OperatorPage(self.pages, self._menu, _CODES, self._end, self._turn_volume)
        self._show(PinPage(self.pages, self._guard, menu, self.engine.mode))

    def _show(self, page: Page) -> None:
        """Show a page of the booth's in the place of the slides."""
        if self._slides is not None:
            self._slides.stop()
        self.pages.push(page)

    def _end(self, code: int) -> None:
        self.code, self.running = code, False

    def _turn_volume(self, step: int) -> None:
        volume = round(self.engine.preferences.volume + step * _VOLUME_STEP, 1)
        self.engine.prefer(volume=max(0.0, volume))

    # --- One turn ---------------------------------------------------------------------------------

    def turn(self, now_s: float) -> None:
        """See :class:`Game`."""
        engine = self.engine
        if self.window.take_touched():
            self.visit = self.visit.touched(now_s)
        if self.window.take_pressed() and isinstance(self.pages.top, AttractPage):
            self._ask_consent(now_s)
        self._watch(now_s)
        over = isinstance(engine.state, states.Finished)
        super().turn(now_s)
        if isinstance(engine.state, states.Finished) and not over:
            self._count(engine.state.result, now_s)
        if engine.stage.failed:
            self._replace_player()

    def _count(self, result: RoundResult | MatchResult, now_s: float) -> None:
        """Count a round that has just ended."""
        if isinstance(result, MatchResult):
            self.visit = self.visit.after_round(not result.void, now_s)
            return
        # A player that gave no picture in time may not even know that it failed.
        self.engine.stage.failed |= result.reason is Reason.CLIP_FAULT
        self.visit = self.visit.after_round(result.outcome is not Outcome.VOID, now_s)
        # A day has thousands of rounds; the board keeps them, not the memory.
        self.results[-1] = replace(result, curve=())

    def _watch(self, now_s: float) -> None:
        """Note whether the camera works, and end what nobody waits for."""
        top = self.pages.top
        limit_s = top.idle_s if isinstance(top, BoothPage) else self.kiosk.game.idle_s
        if limit_s is None:
            return
        engine = self.engine
        plays = engine.in_round and not isinstance(engine.state, states.Paused)
        if plays or engine.finale is not None:
            self.visit = self.visit.touched(now_s)
        self.visit = self.visit.with_camera(self._camera_lost(), now_s)
        if self.visit.is_idle(limit_s, now_s):
            self._leave(now_s)

    def _camera_lost(self) -> bool | None:
        camera = self.feed.camera
        if self.feed.resting:
            return None
        if camera.is_lost():
            return True
        return False if camera.frames else None

    def _replace_player(self) -> None:
        try:
            self.engine.stage.replace_player(self.options.player)
        except ClipError as error:
            log.error("%s", error)
            return
        self.engine.set_volume()

    # --- Intents ----------------------------------------------------------------------------------

    def obey(self, intent: UserIntent, now_s: float) -> None:
        """See :class:`Game`."""
        if intent == OperatorIntent.MENU:
            self._ask_pin(now_s)
        elif self.visiting and intent is not Intent.TOGGLE_LANGUAGE:
            self._play(intent, now_s)
        else:
            super().obey(intent, now_s)

    def _play(self, intent: UserIntent, now_s: float) -> None:
        if self.closed(now_s) is not None:
            return
        page = self.pages.top
        again = intent in (Intent.AGAIN, Intent.NEXT_LEVEL, Intent.MARATHON)
        if again and self.visit.lost_s is not None:
            return
        leaves = page.is_home and intent is Intent.BACK
        reads = isinstance(self.engine.state, states.Finished) and self.engine.finale is None
        if isinstance(page, RoundPage) and reads:
            more = self.visit.rounds < self.kiosk.game.rounds_per_player
            leaves = not more and (again or intent is Intent.BACK)
        elif isinstance(page, TournamentPage) and page.over:
            # All have had their rounds.
            more = self.visit.rounds < self.kiosk.game.rounds_per_player
            leaves = not more and (again or intent is Intent.BACK)
        if leaves:
            self._leave(now_s)
        else:
            super().obey(intent, now_s)

    # --- Views ------------------------------------------------------------------------------------

    def closed(self, now_s: float) -> Closed | None:
        """Return why the player cannot go on just now; None: nothing hinders."""
        lost_s = self.visit.lost_s
        if lost_s is None or self._reads_result(now_s - lost_s):
            return None
        if now_s - max(lost_s, self._woken_s) < OPENING_S and self.feed.camera.frames == 0:
            return None
        return Closed.STAFF if self.visit.wants_staff(now_s) else Closed.MOMENT

    def _reads_result(self, lost_for_s: float) -> bool:
        """Say whether the player looks at a result; a void one only says that it is void."""
        if not isinstance(self.engine.state, states.Finished):
            return False
        result = self.engine.state.result
        void = result.void if isinstance(result, MatchResult) else result.outcome is Outcome.VOID
        return not void or lost_for_s < VOID_S

    def view(self, now_s: float) -> View:
        """See :class:`Game`."""
        view = super().view(now_s)
        why = self.closed(now_s) if self.visiting else None
        if why is not None:
            return replace(view, screen=ClosedView(self.engine.mode, why), notices=())
        speaks = self.visiting or isinstance(self.pages.top, ConsentPage)
        return view if speaks else replace(view, notices=())

    def _attract(self, now_s: float) -> Screen:
        if self.menu_shown_s is None:
            return ClosedView(self.engine.mode, Closed.MOMENT)
        if self._slides is None:
            # Who only passes by was not warned: frightening clips are for those who chose them.
            calm = [name for name in self.offer.modes if not self.engine.modes[name].warns]
            modes = calm or self.offer.modes
            offered = [(mode, level) for level in self.kiosk.game.levels for mode in modes]
            self._slides = Slides(self.engine.stage, lambda: self.engine.scores, offered)
        return self._slides.view(now_s, self.engine.language)

    def _consent(self) -> ConsentView:
        notice = self.kiosk.notice
        lines = notice.text(self.engine.language).splitlines()
        paragraphs = tuple(line for line in lines if line.strip())
        return ConsentView(self.engine.mode, notice.run_by, notice.contact, paragraphs)

    def _menu(self) -> OperatorView:
        status = self.status(self.clock.monotonic())
        lines = (
            ("camera", status.camera),
            ("model", status.model),
            ("rounds", str(status.rounds)),
            ("player", status.clip_player),
            ("waiting", str(status.waiting_results)),
        )
        return OperatorView(self.engine.mode, self.engine.preferences.volume, lines)

    def status(self, now_s: float) -> GameStatus:
        """See :class:`Game`; a camera may be off."""
        status = super().status(now_s)
        if self._unsaved:
            faults = (self._unsaved, *status.faults)
            status = status.model_copy(update={"faults": faults})
        if not self.feed.resting:
            return status
        return status.model_copy(
            update={"camera": f"{safe_name(self.kiosk.game.camera)} (off)", "camera_working": True}
        )


def play(config: Path | None) -> int:
    """Be the game's process; return the exit status for the supervisor."""
    settings = load_kiosk_settings(kiosk_file(config))
    orders, signs = own_streams()
    link = Link(
        orders,
        signs,
        EventJournal(paths.journal_file()),
        ConsentLog(paths.consent_file()),
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
