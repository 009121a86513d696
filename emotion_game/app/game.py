"""The running game: one object for each thing that has a life of its own, and the main loop."""

from __future__ import annotations

import logging
import threading
from importlib import import_module
from typing import TYPE_CHECKING

from emotion_game.addresses import safe_name
from emotion_game.app import navigation, status, views
from emotion_game.app.face_feed import quality_of, sides_of
from emotion_game.app.page import Page
from emotion_game.app.preferences import Preferences
from emotion_game.app.services import Services, language_of
from emotion_game.app.setup import PlayOptions
from emotion_game.app.sound_cues import SoundCues
from emotion_game.errors import ClipError
from emotion_game.game import crown, events, replay, states
from emotion_game.game.check import Check, look
from emotion_game.game.keyboard import Keyboard
from emotion_game.game.round import step
from emotion_game.game.types import LEVELS, MatchResult, Outcome, RoundResult
from emotion_game.monitor import GameStatus, LastRound, NoMonitor
from emotion_game.screens.duel import DuelPlayingView
from emotion_game.screens.playing import PlayingView
from emotion_game.ui.i18n import Language
from emotion_game.ui.intents import UserIntent
from emotion_game.ui.notices import NoticeKind
from emotion_game.ui.view import View
from emotion_game.vision.camera import DEMO
from emotion_game.vision.pipeline import FrameAnalysis

if TYPE_CHECKING:
    from emotion_game.app.scorekeeper import Ranking, ScoreKeeper

log = logging.getLogger(__name__)

FRAME_S = 1 / 60
#: A screen has finished moving in after this time; then its picture is taken.
SETTLED_S = 0.8
#: A turn of the main loop that took longer: the computer slept, or the window was held.
SLEPT_S = 2.0

#: Imported by name: what follows it is heavy, and not every game keeps scores.
_SCOREKEEPER = "emotion_game.app.scorekeeper"
_IN_CLIP = states.Playing | states.Paused


class Game:
    """The running game.

    A booth makes a game of its own of it: :meth:`view` says what is shown, :meth:`obey` what a
    press does, :meth:`to_title` sends the player away.

    Args:
        options: what was asked for; a mode is one of the settings'.
        services: what it is played with; :meth:`run` closes them at its end.

    Attributes:
        can_quit: whether the title offers to leave the game.
        results: of the rounds of one player so far.
        matches: of the rounds of several so far.
    """

    def __init__(self, options: PlayOptions, services: Services) -> None:
        self.options = options
        self.clock = services.clock
        self.monitor = services.monitor
        self.timings = services.timings
        self.notices = services.notices
        self.records = services.records
        self.stage = services.stage
        self.calls = services.calls
        self.instant_replay = services.instant_replay
        self.window = services.window
        self.feed = services.feed
        self.stack = services.stack
        self._kept = services.preferences
        self._load_analyser = services.load_analyser
        self._open_cues = services.open_cues
        self._open_scores = services.open_scores
        settings = services.settings
        self.rules = settings.rounds
        self.check_rules = settings.check
        self.modes = settings.modes
        self.mode = options.mode or next(iter(self.modes))
        self.level = options.level or LEVELS[0]
        self.language: Language = language_of(options, self._kept)
        self.can_quit = True
        self.last_round: LastRound | None = None
        self.results: list[RoundResult] = []
        self.matches: list[MatchResult] = []
        self.menu_shown_s: float | None = None
        #: Those that the title offers.
        self.offered = tuple(self.modes)
        self.marathon = False
        self.duel = options.duel
        self.state: states.State = states.Menu()
        chosen = options.mode is not None and options.level is None
        self.page = Page.LEVELS if chosen else Page.TITLE
        self.came_from = Page.TITLE
        self.board_level = self.level
        self.check = Check()
        self.scores: ScoreKeeper | None = None
        self._importing: threading.Thread | None = None
        self.cues: SoundCues | None = None
        self.ranking: Ranking | None = None
        self.nickname = ""
        self.row = crown.WinStreak()
        self.crowned = False
        self.keyboard = Keyboard()
        self.name_fault = ""
        self.running = True
        self.wants_start = options.offscreen or (
            options.mode is not None and options.level is not None
        )
        self._shown: type[object] = type(None)
        self._shown_since_s = 0.0

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
        with self.stack:
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
                    self.step(events.Slept(), frame_began_s)
                self.turn(frame_began_s)
                spent_s = self.clock.monotonic() - frame_began_s
                self.timings.add("frame", spent_s * 1000)
                self.clock.sleep(max(0.0, FRAME_S - spent_s))
        return self.results

    def load(self) -> None:
        """Show the first picture, and open what takes longer than anybody waits for one.

        Raises:
            GameError: when networks or clip player are missing or broken, or when the camera that
                was asked for cannot be opened.
        """
        self._draw(self.clock.monotonic())
        if self._open_scores is not None:
            # What speaks to databases takes a third of a second to import: nobody waits for it.
            self._importing = threading.Thread(target=import_module, args=(_SCOREKEEPER,))
            self._importing.start()
            self.stack.callback(self._importing.join)
        self.analyser = self._load_analyser()
        self.feed.watch()
        self.stack.callback(self.stage.close)
        self.stage.open(self.options.player)
        if self._open_cues is not None:
            self.cues = self._open_cues()
            self.stack.callback(self.cues.close)
        self.set_volume()
        self.feed.look(self.analyser)

    def open_scores(self) -> None:
        """Open the score board, if results are kept and it is not open yet.

        Raises:
            GameError: when its URL is wrong.
        """
        if self.scores is not None or self._open_scores is None:
            return
        bundle = self.analyser.classifier.bundle
        self.scores = self._open_scores(f"{bundle.name} {bundle.version}")
        self.stack.callback(self.scores.close)

    # --- One turn of the main loop --------------------------------------------------------------

    def turn(self, now_s: float) -> None:
        """Do what is due now, and show it."""
        # What was pressed was pressed on the picture that the player sees.
        for intent in self.window.handle_events(self._shown_view):
            if self.cues is not None:
                self.cues.press(intent)
            self.obey(intent, now_s)
        for order in self.monitor.turn(now_s, lambda: self.status(now_s)):
            status.carry_out(self, order, now_s)
        if self.feed.watch():
            self.step(events.CameraFailed(), now_s)
        for seen in self.feed.drain():
            self._take(seen)
        navigation.go_on_by_itself(self, now_s)
        first_picture = self._poll_clip(now_s)
        self.step(events.Tick(), self.clock.monotonic())
        self.instant_replay.watch()
        if self._importing is not None and not self._importing.is_alive():
            self._importing = None
            self.open_scores()
        if self.scores is not None:
            self.scores.watch(now_s)
        self._draw(self.clock.monotonic())
        if first_picture and self.stage.clip is not None:
            clip = self.stage.clip
            self.step(events.ClipStarted(clip.clip_id, clip.duration_s), self.clock.monotonic())
        if isinstance(self.state, states.Finished):
            self._after_round(now_s)

    def view(self, now_s: float) -> View:
        """Return everything that the window shows."""
        return views.view_of(self, now_s)

    def obey(self, intent: UserIntent, now_s: float) -> None:
        """Do what the player wants, if it can be done on this screen."""
        navigation.obey(self, intent, now_s)

    def status(self, now_s: float) -> GameStatus:
        """Return how the game is, for whoever watches over it."""
        return status.status_of(self, now_s)

    def to_title(self, now_s: float) -> None:
        """Leave whatever is shown for the title; the next player may come."""
        self.wants_start = False
        while not isinstance(self.state, states.Menu):
            self.step(events.Back(), now_s)
        navigation.to_title(self)

    @property
    def screen_name(self) -> str:
        """What is shown, in one word, e.g. "title" or "playing"."""
        return self._shown.__name__.removesuffix("View").lower()

    def _take(self, seen: FrameAnalysis) -> None:
        """Take one observation: to the rules, the replay, the memory of faces or the check."""
        if isinstance(self.state, states.Playing):
            if len(self.state.sides) == 1:
                self.calls.remember(seen, self.state, self.analyser.classifier)
            self.instant_replay.play(seen, self.state, self.stage.frame)
        elif self.page is Page.CHECK:
            self.check = look(self.check, quality_of(seen, self.check.players), self.check_rules)
        with self.timings.measure("judge"):
            self.step(events.Observed(sides_of(seen, self._players)), self.clock.monotonic())
        age_s = self.clock.monotonic() - seen.observation.t_s
        self.timings.add("capture_to_decision", age_s * 1000)
        self.instant_replay.react(seen)

    @property
    def _players(self) -> int:
        """How many play now."""
        match self.state:
            case states.Paused(held):
                return len(held.sides)
            case states.Menu() | states.Finished():
                return 1
            case running:
                return len(running.sides)

    def start(self, now_s: float) -> None:
        """Start a round of the chosen mode and level, if there is a clip for it."""
        if not self.has_clips():
            return
        self.page = Page.ROUND
        self.feed.camera.rewind()
        players = 2 if self.duel else 1
        self.step(events.Start(self.mode, self.level, self.marathon, players), now_s)

    def has_clips(self) -> bool:
        """Return whether the chosen mode and level have a clip; say so if not.

        Raises:
            ClipError: when there is none and nobody could choose another level.
        """
        level = LEVELS[0] if self.marathon else self.level
        if self.stage.library.counts()[self.mode, level]:
            return True
        where = f"{self.mode}/{level}"
        if self.options.rounds is not None:
            raise ClipError(
                f"There is no playable clip for {where}.",
                hint=f"Add one: emotion-game clips add FILM --mode {self.mode} --level {level}.",
            )
        self.notices.say(NoticeKind.NO_CLIPS, where)
        return False

    def _after_round(self, now_s: float) -> None:
        if self.options.repeat:
            self.feed.camera.rewind()
            self.step(events.Again(), now_s)
        elif self.options.rounds is not None and self._rounds >= self.options.rounds:
            # The result stays until its picture was taken, if pictures were asked for.
            shown_s = now_s - self._shown_since_s
            self.running = self.records.wants_screenshots and shown_s < 2 * SETTLED_S

    @property
    def _rounds(self) -> int:
        return len(self.results) + len(self.matches)

    def step(self, event: events.Event, now_s: float) -> None:
        """Give the rules one event and carry out what they command."""
        if self.records.wants_events or not isinstance(self.monitor, NoMonitor):
            line = replay.encode(event, now_s)
            self.monitor.event(line)
            self.records.event(line)
        before = self.state
        self.state, commands = step(before, event, now_s, self.rules)
        for command in commands:
            self._carry_out(command, now_s)
        if type(self.state) is not type(before):
            log.info("%s -> %s", type(before).__name__, type(self.state).__name__)
            navigation.entered(self, before)

    def _carry_out(self, command: events.Command, now_s: float) -> None:
        match command:
            case events.ChoosePlayers(players):
                self.feed.choose_players(players)
            case events.PlayClip(mode, level):
                if not self._play_next(mode, level):
                    self.step(events.NoClips(), now_s)
            case events.PauseClip():
                self.stage.player.pause()
            case events.ResumeClip():
                self.stage.player.resume()
            case events.StopClip():
                self.stage.stop()
            case events.SaveResult(result):
                if isinstance(result, RoundResult):
                    self._save(result, now_s)
                else:
                    self._save_match(result, now_s)

    def _play_next(self, mode: str, level: int) -> bool:
        """Play a clip; a marathon takes one of an easier level where its own has none."""
        lowest = LEVELS[0] if self.marathon else level
        levels = range(level, lowest - 1, -1)
        return any(self.stage.play_next(mode, each, self.language) for each in levels)

    def _save(self, result: RoundResult, now_s: float) -> None:
        self.results.append(result)
        self.last_round = status.last_round(result)
        decisive = result.outcome in (Outcome.WON, Outcome.LOST) and bool(result.clip_id)
        self.instant_replay.decide(now_s, decisive=decisive, lost=result.outcome is Outcome.LOST)
        self._write(result)
        self.ranking = None
        self.open_scores()
        if self.scores is not None and (self.options.scores or self.feed.camera.spec != DEMO):
            self.ranking = self.scores.keep(result)
        self.row = crown.after(self.row, result)
        self.crowned = self.row.crowned and result.outcome is Outcome.WON
        if self.cues is not None:
            self.cues.decide(result, crowned=self.crowned)
        if result.outcome is not Outcome.VOID:
            crowns = self.preferences.crowns | ({result.mode} if self.crowned else set())
            self.prefer(hint_seen=True, crowns=crowns)

    def _save_match(self, result: MatchResult, now_s: float) -> None:
        # A match stands on no leaderboard: its players have no common name and no common score.
        self.matches.append(result)
        lost = result.winner is not None
        self.instant_replay.decide(now_s, decisive=not result.void, lost=lost)
        self._write(result)
        if not result.void:
            if self.cues is not None:
                self.cues.end_duel()
            self.prefer(hint_seen=True)

    def _write(self, result: RoundResult | MatchResult) -> None:
        self.records.result(result, safe_name(self.feed.camera.spec), self.stage.player.name)

    def _poll_clip(self, now_s: float) -> bool:
        """Take the player's news; return whether the clip's first picture is about to be drawn."""
        news = self.stage.poll()
        starting = isinstance(self.state, states.Starting)
        first_picture = news and starting
        in_clip = starting or isinstance(self.state, _IN_CLIP)
        if in_clip and self.stage.drop_failed(self.language):
            self.step(events.ClipFailed(), now_s)
        elif self.stage.ended:
            self.step(events.ClipEnded(), now_s)
        return first_picture

    # --- What is remembered -----------------------------------------------------------------------

    @property
    def preferences(self) -> Preferences:
        """The options as they are now."""
        return self._kept.now

    def prefer(self, **changed: object) -> None:
        """Change preferences and keep them."""
        self._kept.change(**changed)

    def set_volume(self) -> None:
        """Let clips, music and effects play as loud as the player wants it."""
        volume = 0.0 if self.preferences.muted else self.preferences.volume
        self.stage.player.set_volume(volume)
        if self.cues is not None:
            self.cues.prefer(self.preferences)

    # --- What the screen shows --------------------------------------------------------------------

    def _draw(self, now_s: float) -> None:
        view = self._shown_view = self.view(now_s)
        if type(view.screen) is not self._shown:
            # The first picture of all is taken at once: a round may begin within the second.
            first = self._shown is type(None)
            self._shown, self._shown_since_s = type(view.screen), 0.0 if first else now_s
            log.info("screen: %s", self._shown.__name__)
        kind = "draw_clip" if isinstance(view.screen, PlayingView | DuelPlayingView) else "draw"
        with self.timings.measure(kind):
            self.window.draw(view)
        if self.cues is not None:
            self.cues.update(view.screen, self.window.focus, self.preferences, now_s)
        if self.menu_shown_s is None:
            self.menu_shown_s = self.clock.time()
        if self.records.wants_screenshots and now_s - self._shown_since_s > SETTLED_S:
            self._take_shot(view)

    def _take_shot(self, view: View) -> None:
        """Keep one picture of each screen of each round."""
        kind = self.screen_name
        if isinstance(view.screen, PlayingView) and view.screen.hold_share > 0.4:
            kind += "-holding"
        number = self._rounds + (not kind.endswith("result"))
        self.records.screenshot(self.window, number, kind)
