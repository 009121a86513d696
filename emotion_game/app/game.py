"""The main loop: takes what was pressed and seen, lets the rules go on, shows the page on top."""

from __future__ import annotations

import logging
from typing import assert_never

from emotion_game.app.engine import Engine
from emotion_game.app.pages.base import Context, Offer, Page, PageStack
from emotion_game.app.pages.levels import LevelsPage
from emotion_game.app.pages.own_clips import OwnClipsPage
from emotion_game.app.pages.round import begin_round
from emotion_game.app.pages.title import TitlePage
from emotion_game.app.services import Services
from emotion_game.app.setup import PlayOptions
from emotion_game.game import events, states
from emotion_game.game.types import MatchResult, RoundResult
from emotion_game.monitor import GameStatus, Order
from emotion_game.screens.playing import ClipScreen, PlayingView
from emotion_game.ui.intents import ChangeOption, DropFile, Intent, Option, PlugGamepad, UserIntent
from emotion_game.ui.notices import NoticeKind
from emotion_game.ui.view import View

log = logging.getLogger(__name__)

FRAME_S = 1 / 60
#: A screen has finished moving in after this time; then its picture is taken.
SETTLED_S = 0.8
#: A turn of the main loop that took longer: the computer slept, or the window was held.
SLEPT_S = 2.0


class Game:
    """The running game.

    Args:
        options: what was asked for; a mode is one of the settings'.
        services: what it is played with; :meth:`run` closes them at its end.
        offer: what a player is offered; None: everything, at home.

    Attributes:
        engine: what the pages act on.
        pages: the page that is shown, and those that it goes back to.
        menu_shown_s: when the first picture was shown, by the wall clock; None: not yet.
    """

    def __init__(
        self, options: PlayOptions, services: Services, offer: Offer | None = None
    ) -> None:
        self.options = options
        self.services = services
        self.clock = services.clock
        self.window = services.window
        self.feed = services.feed
        self.engine = Engine(options, services)
        self.offer = offer or Offer(tuple(services.settings.modes))
        self.pages = PageStack()
        self.context = Context(self.engine, self.offer, self.pages)
        self.pages.push(self.first_page())
        if options.mode is not None and options.level is None:
            self.pages.push(LevelsPage(self.context))
        self.running = True
        self.menu_shown_s: float | None = None
        self.wants_start = options.offscreen or (
            options.mode is not None and options.level is not None
        )
        self._shown: type[object] = type(None)
        self._shown_since_s = 0.0

    def first_page(self) -> Page:
        """Return the page that is never left."""
        return TitlePage(self.context)

    @property
    def results(self) -> list[RoundResult]:
        """The results of one player so far, in order."""
        return self.engine.results

    @property
    def matches(self) -> list[MatchResult]:
        """The results of several players so far, in order."""
        return self.engine.matches

    @property
    def screen_name(self) -> str:
        """What is shown, in one word, e.g. "title" or "playing"."""
        return self._shown.__name__.removesuffix("View").lower()

    def run(self) -> list[RoundResult]:
        """Play until the player quits or the options' limit is reached.

        Returns:
            The results in order; those of several players are in ``matches``.

        Raises:
            GameError: when the camera that was asked for cannot be opened; at the end, when
                results, events or screenshots could not be written. What was played is in
                ``results`` and ``matches`` all the same.
        """
        began_s = self.clock.monotonic()
        with self.services.stack:
            self.load()
            turned_s, clock_s = self.clock.monotonic(), self.clock.time()
            while self.running:
                frame_began_s = self.clock.monotonic()
                if self.options.seconds and frame_began_s - began_s >= self.options.seconds:
                    break
                # A sleeping computer's monotonic clock stands still on some systems.
                stood_still_s = max(frame_began_s - turned_s, self.clock.time() - clock_s)
                turned_s, clock_s = frame_began_s, self.clock.time()
                if stood_still_s > SLEPT_S:
                    log.warning("The game stood still for %.1f s.", stood_still_s)
                    self.engine.step(events.Slept(), frame_began_s)
                self.turn(frame_began_s)
                spent_s = self.clock.monotonic() - frame_began_s
                self.services.timings.add("frame", spent_s * 1000)
                self.clock.sleep(max(0.0, FRAME_S - spent_s))
        return self.results

    def load(self) -> None:
        """Show the first picture, and open what takes longer than anybody waits for one.

        Raises:
            GameError: when networks or clip player are missing or broken, or when the camera that
                was asked for cannot be opened.
        """
        self._draw(self.clock.monotonic())
        self.engine.open()

    def turn(self, now_s: float) -> None:
        """Do what is due now, and show it."""
        engine = self.engine
        # What was pressed was pressed on the picture that the player sees.
        for intent in self.window.handle_events(self._shown_view):
            if engine.cues is not None:
                engine.cues.press(intent)
            self.obey(intent, now_s)
        for order in self.services.monitor.turn(now_s, lambda: self.status(now_s)):
            self._follow(order, now_s)
        if self.feed.watch():
            engine.step(events.CameraFailed(), now_s)
        for seen in self.feed.drain():
            self.pages.top.take(seen)
            engine.take(seen)
        if self.wants_start and self.feed.ready:
            self.wants_start = False
            self.start(now_s)
        first_picture = engine.poll_clip(now_s)
        engine.step(events.Tick(), self.clock.monotonic())
        engine.watch(now_s)
        self.pages.top.turn(now_s)
        self._draw(self.clock.monotonic())
        if first_picture:
            engine.clip_shown()
        if isinstance(engine.state, states.Finished):
            self._after_round(now_s)

    def view(self, now_s: float) -> View:
        """Return everything that the window shows."""
        engine, screen = self.engine, self.pages.top.view(now_s)
        preferences = engine.preferences
        recording = engine.calls.recording and isinstance(screen, PlayingView)
        return View(
            screen=screen,
            camera=self.feed.view(recording=recording),
            language=engine.language,
            # A clip is not covered for long, and a booth's visitors can mend nothing.
            notices=engine.notices.at(
                now_s, lasting=self.offer.at_home and not isinstance(screen, ClipScreen)
            ),
            hint=not preferences.hint_seen and not self.options.offscreen,
            high_contrast=preferences.high_contrast,
            reduced_motion=preferences.reduced_motion,
        )

    def obey(self, intent: UserIntent, now_s: float) -> None:
        """Do what was pressed: what holds on every page, then what the page makes of it."""
        at_home = self.offer.at_home
        match intent:
            case Intent.BACK:
                self.wants_start = False
            case Intent.QUIT if at_home:
                self.running = False
            case Intent.TOGGLE_LANGUAGE if len(self.offer.languages) > 1:
                self.engine.change(Option.LANGUAGE)
            case Intent.TOGGLE_FULLSCREEN if at_home:
                self.engine.change(Option.FULLSCREEN)
            case Intent.NEXT_CAMERA if at_home:
                self.engine.change(Option.CAMERA)
            case ChangeOption(option, step) if at_home:
                self.engine.change(option, step)
            case DropFile() if at_home:
                self._show_own_clips()
            case Intent.NOT_CHOSEN if not isinstance(self._shown_view.screen, ClipScreen):
                self.engine.notices.say(NoticeKind.USE_ARROWS)
            case PlugGamepad(name, found):
                kind = NoticeKind.GAMEPAD_FOUND if found else NoticeKind.GAMEPAD_LOST
                self.engine.notices.say(kind, name)
            case _:
                pass  # not here
        self.pages.top.obey(intent, now_s)

    def _show_own_clips(self) -> None:
        """Show the page that takes films, unless a round is played."""
        if self.engine.in_round:
            self.engine.notices.say(NoticeKind.DROP_LATER)
        elif not isinstance(self.pages.top, OwnClipsPage):
            self.pages.push(OwnClipsPage(self.context))

    def status(self, now_s: float) -> GameStatus:
        """Return how the game is, for whoever watches over it."""
        return self.engine.status(self.screen_name, now_s)

    def start(self, now_s: float) -> None:
        """Start a round of the chosen mode and level, if there is a clip for it."""
        self.pages.home()
        if not isinstance(self.pages.top, LevelsPage):
            self.pages.push(LevelsPage(self.context))
        begin_round(self.context, now_s)

    def _follow(self, order: Order, now_s: float) -> None:
        """Do what the operator orders."""
        match order.kind:
            case "end":
                self.running = False
            case "volume":
                self.engine.prefer(volume=order.value, muted=False)
                self.engine.set_volume()
            case "void_round":
                if self.engine.in_round:
                    self.engine.step(events.Back(), now_s)
            case _:
                assert_never(order.kind)

    def _after_round(self, now_s: float) -> None:
        if self.options.repeat:
            self.feed.camera.rewind()
            self.engine.step(events.Again(), now_s)
        elif self.options.rounds is not None and self._rounds >= self.options.rounds:
            # The result stays until its picture was taken, if pictures were asked for.
            shown = self.engine.finale is None and now_s - self._shown_since_s >= 2 * SETTLED_S
            self.running = self.services.records.wants_screenshots and not shown

    @property
    def _rounds(self) -> int:
        return len(self.results) + len(self.matches)

    def _draw(self, now_s: float) -> None:
        view = self._shown_view = self.view(now_s)
        if type(view.screen) is not self._shown:
            # The first picture of all is taken at once: a round may begin within the second.
            first = self._shown is type(None)
            self._shown, self._shown_since_s = type(view.screen), 0.0 if first else now_s
            log.info("screen: %s", self._shown.__name__)
        kind = "draw_clip" if isinstance(view.screen, ClipScreen) else "draw"
        with self.services.timings.measure(kind):
            self.window.draw(view)
        cues = self.engine.cues
        if cues is not None:
            cues.update(view.screen, self.window.focus, self.engine.preferences, now_s)
        if self.menu_shown_s is None:
            self.menu_shown_s = self.clock.time()
        if self.services.records.wants_screenshots and now_s - self._shown_since_s > SETTLED_S:
            self._take_shot(view)

    def _take_shot(self, view: View) -> None:
        """Keep one picture of each screen of each round."""
        kind = self.screen_name
        if isinstance(view.screen, PlayingView) and view.screen.hold_share > 0.4:
            kind += "-holding"
        over = kind.endswith("result") or self.engine.finale is not None
        number = self._rounds + (not over)
        self.services.records.screenshot(self.window, number, kind)
