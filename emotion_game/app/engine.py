"""The running game without its pages: what is chosen, and the rules with all they command."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING, assert_never

from emotion_game.addresses import safe_name
from emotion_game.app.face_feed import sides_of
from emotion_game.app.preferences import Preferences
from emotion_game.app.services import Services, language_of
from emotion_game.app.setup import PlayOptions
from emotion_game.app.sound_cues import SoundCues
from emotion_game.errors import ClipError
from emotion_game.game import crown, events, replay, states
from emotion_game.game.round import step
from emotion_game.game.series import Series, after
from emotion_game.game.types import LEVELS, MatchResult, Outcome, RoundResult
from emotion_game.monitor import GameStatus, LastRound, NoMonitor
from emotion_game.ui.i18n import Language
from emotion_game.ui.intents import Option
from emotion_game.ui.notices import NoticeKind
from emotion_game.vision.camera import DEMO
from emotion_game.vision.pipeline import FrameAnalysis

if TYPE_CHECKING:
    from emotion_game.app.scorekeeper import Ranking, ScoreKeeper

log = logging.getLogger(__name__)

#: Imported by name: what follows it is heavy, and not every game keeps scores.
_SCOREKEEPER = "emotion_game.app.scorekeeper"
_IN_CLIP = states.Playing | states.Paused
_VOLUME_STEP = 0.1


class Engine:
    """What the pages show and act on: gives the rules their events, carries out their commands.

    Args:
        options: what was asked for; a mode is one of the settings'.
        services: what the game is played with.

    Attributes:
        state: the rules'.
        mode: the chosen one; as are ``level``, ``marathon``, ``players`` and ``language``.
        names: of who plays in a match or a tournament; "" for who gave none. Kept until
            :meth:`forget_names`, so that a name is typed once.
        series: who of a match's players has won how many.
        wanted_clip: which clip the next round plays, if it can; "": whichever comes.
        results: of the rounds of one player so far.
        matches: of the rounds of several so far.
        streak: wins in a row towards the crown.
        crowned: the newest round won the crown.
        ranking: where the newest result stands on the board; None where it is not kept.
        nickname: what the newest result was given.
        silent: clips, music and effects make no sound, whatever the player chose: nobody plays.
        scores: the score board; None until it is open, or where no result is kept.
        cues: music and effects; None where there are none.
    """

    def __init__(self, options: PlayOptions, services: Services) -> None:
        self.options = options
        self.services = services
        self.clock = services.clock
        self.timings = services.timings
        self.notices = services.notices
        self.stage = services.stage
        self.calls = services.calls
        self.instant_replay = services.instant_replay
        self.window = services.window
        self.feed = services.feed
        self.rules = services.settings.rounds
        self.check_rules = services.settings.check
        self.modes = services.settings.modes
        self.mode = options.mode or next(iter(self.modes))
        self.level = options.level or LEVELS[0]
        self.marathon = False
        self.players = options.players
        self.names: tuple[str, ...] = ()
        self.series = Series()
        self.wanted_clip = ""
        self.language: Language = language_of(options, services.preferences)
        self.state: states.State = states.Menu()
        self.results: list[RoundResult] = []
        self.matches: list[MatchResult] = []
        self.streak = crown.WinStreak()
        self.crowned = False
        self.ranking: Ranking | None = None
        self.nickname = ""
        self.silent = False
        self.scores: ScoreKeeper | None = None
        self.cues: SoundCues | None = None
        self._last_round: LastRound | None = None
        self._importing: threading.Thread | None = None

    # --- Opening ----------------------------------------------------------------------------------

    def open(self) -> None:
        """Open what takes longer than anybody waits for a first picture.

        Raises:
            GameError: when networks or clip player are missing or broken, or when the camera that
                was asked for cannot be opened.
        """
        services = self.services
        if services.open_scores is not None:
            # What speaks to databases takes a third of a second to import: nobody waits for it.
            self._importing = threading.Thread(target=import_module, args=(_SCOREKEEPER,))
            self._importing.start()
            services.stack.callback(self._importing.join)
        self.analyser = services.load_analyser()
        self.feed.watch()
        services.stack.callback(self.stage.close)
        self.stage.open(self.options.player)
        if services.open_cues is not None:
            self.cues = services.open_cues()
            services.stack.callback(self.cues.close)
        self.set_volume()
        self.feed.start_reading(self.analyser)

    def open_scores(self) -> None:
        """Open the score board, if results are kept and it is not open yet.

        Raises:
            GameError: when its URL is wrong.
        """
        if self.scores is not None or self.services.open_scores is None:
            return
        bundle = self.analyser.classifier.bundle
        self.scores = self.services.open_scores(f"{bundle.name} {bundle.version}")
        self.services.stack.callback(self.scores.close)

    # --- One turn of the main loop ----------------------------------------------------------------

    def watch(self, now_s: float) -> None:
        """Follow what goes on beside the main loop: replay and score board."""
        self.instant_replay.watch()
        if self._importing is not None and not self._importing.is_alive():
            self._importing = None
            self.open_scores()
        if self.scores is not None:
            self.scores.watch(now_s)

    def take(self, seen: FrameAnalysis) -> None:
        """Take one observation: to the rules, the replay, the memory of faces."""
        if isinstance(self.state, states.Playing):
            if len(self.state.sides) == 1:
                self.calls.remember(seen, self.state, self.analyser.classifier)
            self.instant_replay.play(seen, self.state, self.stage.frame)
        with self.timings.measure("judge"):
            self.step(events.Observed(sides_of(seen, self._players)), self.clock.monotonic())
        age_s = self.clock.monotonic() - seen.observation.t_s
        self.timings.add("capture_to_decision", age_s * 1000)
        self.instant_replay.react(seen)

    def poll_clip(self, now_s: float) -> bool:
        """Take the player's news; return whether the clip's first picture is about to be drawn."""
        news = self.stage.poll()
        starting = isinstance(self.state, states.Starting)
        first_picture = news and starting
        waits = isinstance(self.state, states.Countdown) and self.state.resumes is not None
        in_clip = starting or waits or isinstance(self.state, _IN_CLIP)
        if in_clip and self.stage.drop_failed(self.language):
            self.step(events.ClipFailed(), now_s)
        elif self.stage.ended:
            self.step(events.ClipEnded(), now_s)
        return first_picture

    def clip_shown(self) -> None:
        """Tell the rules that the clip's first picture is on the screen."""
        if self.stage.clip is not None:
            clip = self.stage.clip
            self.step(events.ClipStarted(clip.clip_id, clip.duration_s), self.clock.monotonic())

    @property
    def _players(self) -> int:
        """How many play now."""
        match self.state:
            case states.Paused(held):
                return len(held.sides)
            case states.Menu() | states.Finished():
                return 1
            case states.Ready() | states.Countdown() | states.Starting() | states.Playing():
                return len(self.state.sides)
            case _:
                assert_never(self.state)

    # --- The rules --------------------------------------------------------------------------------

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

    def start(self, now_s: float) -> None:
        """Start a round of the chosen mode and level; it has clips."""
        self.feed.camera.rewind()
        self.step(events.Start(self.mode, self.level, self.marathon, self.players), now_s)

    def step(self, event: events.Event, now_s: float) -> None:
        """Give the rules one event and carry out what they command."""
        monitor, records = self.services.monitor, self.services.records
        if records.wants_events or not isinstance(monitor, NoMonitor):
            line = replay.encode(event, now_s)
            monitor.event(line)
            records.event(line)
        before = self.state
        self.state, commands = step(before, event, now_s, self.rules)
        for command in commands:
            self._carry_out(command, now_s)
        if type(self.state) is not type(before):
            log.info("%s -> %s", type(before).__name__, type(self.state).__name__)
            self._forget_round(before)

    def leave(self, now_s: float) -> None:
        """Leave the round, if there is one."""
        while not isinstance(self.state, states.Menu):
            self.step(events.Back(), now_s)

    def next_player(self) -> None:
        """Forget the player; whoever comes next may be somebody else."""
        self.streak, self.crowned, self.players = crown.WinStreak(), False, 1
        self.series, self.wanted_clip = Series(), ""
        if self.scores is not None:
            self.scores.forget_player()

    def give_name(self, typed: str) -> str:
        """Give the newest result its nickname, where results are kept.

        Returns:
            Why it is refused, a ``NicknameFault`` value; "" when it is taken.
        """
        if self.scores is None or self.ranking is None:
            return ""
        fault = self.scores.name(self.ranking, typed)
        if not fault:
            self.nickname = self.scores.nickname
        return fault

    def forget_names(self) -> None:
        """Forget who played: whoever comes next is somebody else."""
        self.names = ()

    def _forget_round(self, before: states.State) -> None:
        """Forget what belongs to one round or clip, when the rules have left it."""
        if isinstance(before, states.Playing) and isinstance(self.state, states.Countdown):
            self.calls.next_clip()
        elif isinstance(self.state, states.Menu) or isinstance(
            before, states.Menu | states.Finished
        ):
            # Consent, faces and replay belong to one round.
            self.calls.next_round()
            self.instant_replay.clear()
            self.ranking, self.nickname = None, ""

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
            case _:
                assert_never(command)

    def _play_next(self, mode: str, level: int) -> bool:
        """Play a clip; a marathon takes one of an easier level where its own has none."""
        # Wanted once: one that fails is replaced as any other is.
        wanted, self.wanted_clip = self.wanted_clip, ""
        if wanted and self.stage.play_again(wanted, self.language):
            return True
        lowest = LEVELS[0] if self.marathon else level
        levels = range(level, lowest - 1, -1)
        return any(self.stage.play_next(mode, each, self.language) for each in levels)

    # --- What is remembered -----------------------------------------------------------------------

    def _save(self, result: RoundResult, now_s: float) -> None:
        self.results.append(result)
        self._last_round = _last_round(result)
        decisive = result.outcome in (Outcome.WON, Outcome.LOST) and bool(result.clip_id)
        self.instant_replay.decide(now_s, decisive=decisive, lost=result.outcome is Outcome.LOST)
        self._write(result)
        self.ranking = None
        self.open_scores()
        if self.scores is not None and (self.options.scores or self.feed.camera.spec != DEMO):
            self.ranking = self.scores.keep(result)
        self.streak = crown.after(self.streak, result)
        self.crowned = self.streak.crowned and result.outcome is Outcome.WON
        if self.cues is not None:
            self.cues.decide(result, crowned=self.crowned)
        if result.outcome is not Outcome.VOID:
            crowns = self.preferences.crowns | ({result.mode} if self.crowned else set())
            self.prefer(hint_seen=True, crowns=crowns)

    def _save_match(self, result: MatchResult, now_s: float) -> None:
        # A match stands on no leaderboard: its players have no common name and no common score.
        self.matches.append(result)
        self.series = after(self.series, result)
        lost = result.winner is not None
        self.instant_replay.decide(now_s, decisive=not result.void, lost=lost)
        self._write(result)
        if not result.void:
            if self.cues is not None:
                self.cues.end_match()
            self.prefer(hint_seen=True)

    def _write(self, result: RoundResult | MatchResult) -> None:
        records = self.services.records
        records.result(result, safe_name(self.feed.camera.spec), self.stage.player.name)

    @property
    def preferences(self) -> Preferences:
        """The options as they are now."""
        return self.services.preferences.now

    def prefer(self, **changed: object) -> None:
        """Change preferences and keep them."""
        self.services.preferences.change(**changed)

    def set_volume(self) -> None:
        """Let clips, music and effects play as loud as the player wants it."""
        quiet = self.preferences.muted or self.silent
        self.stage.player.set_volume(0.0 if quiet else self.preferences.volume)
        if self.cues is not None:
            self.cues.prefer(self.preferences)

    def change(self, option: Option, step: int = 1) -> None:
        """Change one option: a switch is turned over, the rest goes ``step`` (-1, 1) on."""
        now = self.preferences
        match option:
            case Option.LANGUAGE:
                self.language = "en" if self.language == "ko" else "ko"
                self.prefer(language=self.language)
            case Option.VOLUME:
                volume = min(1.0, max(0.0, round(now.volume + step * _VOLUME_STEP, 1)))
                self.prefer(volume=volume, muted=False)
                self.set_volume()
            case Option.MUTE:
                self.prefer(muted=not now.muted)
                self.set_volume()
                self.notices.settle(NoticeKind.MUTED)
                self.notices.settle(NoticeKind.UNMUTED)
                self.notices.say(NoticeKind.UNMUTED if now.muted else NoticeKind.MUTED)
            case Option.MUSIC:
                self.prefer(music=not now.music)
            case Option.FULLSCREEN:
                self.window.set_fullscreen(not self.window.fullscreen)
                self.prefer(fullscreen=self.window.fullscreen)
            case Option.CAMERA:
                # In mid-round another camera would be another player.
                if isinstance(self.state, states.Menu):
                    camera = self.feed.next_camera()
                    self.notices.say(NoticeKind.CAMERA_CHOSEN, safe_name(camera))
                    # A password is not written down: a camera with one is asked for at each start.
                    self.prefer(camera=camera if safe_name(camera) == camera else None)
            case Option.HIGH_CONTRAST:
                self.prefer(high_contrast=not now.high_contrast)
            case Option.REDUCED_MOTION:
                self.prefer(reduced_motion=not now.reduced_motion)
            case _:
                assert_never(option)

    # --- For whoever watches over the game --------------------------------------------------------

    @property
    def in_round(self) -> bool:
        """Whether a round is being played."""
        return not isinstance(self.state, states.Menu | states.Finished)

    def status(self, screen: str, now_s: float) -> GameStatus:
        """Return how the game is; ``screen`` says what is shown."""
        faults = []
        camera = self.feed.camera
        if camera.is_lost():
            why = camera.error
            faults.append(why.message if why is not None else "The camera gives no picture.")
        if not self.stage.player.sound:
            faults.append("There is no sound device.")
        if self.scores is not None and self.scores.trouble:
            faults.append(self.scores.trouble)
        bundle = self.analyser.classifier.bundle
        return GameStatus(
            screen=screen,
            in_round=self.in_round,
            camera=safe_name(camera.spec),
            camera_working=not camera.is_lost() and self.feed.newest is not None,
            frame_rate_hz=self.feed.rate_hz(now_s),
            rounds=len(self.results),
            last_round=self._last_round,
            volume=0.0 if self.preferences.muted else self.preferences.volume,
            clip_player=self.stage.player.name,
            model=f"{bundle.name} {bundle.version}",
            waiting_results=0 if self.scores is None else self.scores.waiting(),
            faults=tuple(faults),
        )


def _last_round(result: RoundResult) -> LastRound:
    """Return a round that has just finished as an operator wants to know it."""
    return LastRound(
        finished_at=datetime.now(UTC),
        mode=result.mode,
        level=result.level,
        outcome=result.outcome,
        reason=result.reason,
        clip_id=result.clip_id,
        decided_s=max(0.0, result.decided_s),
    )
