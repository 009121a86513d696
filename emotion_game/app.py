"""Put settings, camera, clips, rules and window together, and run the main loop."""

from __future__ import annotations

import json
import logging
import random
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TextIO

from emotion_game import paths
from emotion_game.clips.choose import PlayerChoice, open_player
from emotion_game.clips.library import Clip, Library, clip_from_file, load_library
from emotion_game.clips.player import ClipFrame, PlayerState
from emotion_game.clips.probe import probe_clip
from emotion_game.errors import CameraError, ClipError, GameError
from emotion_game.game import replay, session
from emotion_game.game.judge import RoundRules
from emotion_game.game.playlist import Playlist
from emotion_game.game.session import RuleBook
from emotion_game.game.types import LEVELS, Mode, RoundResult
from emotion_game.memory import return_large_blocks
from emotion_game.screens.i18n import Language, default_language
from emotion_game.screens.view import (
    Advice,
    CameraStatus,
    CameraView,
    ChooseLevel,
    ChooseMode,
    Consent,
    CountdownView,
    Intent,
    MenuView,
    Notice,
    NoticeKind,
    PlayingView,
    ReadyView,
    ResultView,
    Screen,
    UserIntent,
    View,
)
from emotion_game.screens.window import Window
from emotion_game.settings import GameSettings, load_game_settings
from emotion_game.timing import Timings
from emotion_game.vision.camera import DEMO, Camera, Frame
from emotion_game.vision.crop import crop_face
from emotion_game.vision.detector import HaarDetector, PlayerTrack
from emotion_game.vision.installed import load_active
from emotion_game.vision.pipeline import Analyser, Pipeline, Seen
from emotion_game.vision.slot import LatestSlot
from emotion_game.wrong_calls import (
    DEFAULT_FOLDER,
    FaceMemory,
    RecordError,
    WrongCalls,
    crop_to_keep,
)

log = logging.getLogger(__name__)

FRAME_S = 1 / 60
NOTICE_S = 6.0
#: A screen has finished moving in after this time; then its picture is taken.
SETTLED_S = 0.8
_DEFAULT_CAMERA = "0"
_CAMERAS = (_DEFAULT_CAMERA, "1", "2", DEMO)


@dataclass(frozen=True, slots=True)
class PlayOptions:
    """What ``emotion-game play`` was asked for; None = not given.

    ``rounds``: end after so many results; None plays until the player quits.
    ``seconds``: end after so many seconds, whatever happens.
    ``repeat``: when a round is over, start the same one again.
    ``record``: ask each player whether faces of wrong calls may be kept; a ``record_folder``,
    here or in the configuration, asks for it too.
    """

    mode: Mode | None = None
    level: int | None = None
    clip: Path | None = None
    camera: str | None = None
    player: PlayerChoice = "auto"
    config: Path | None = None
    language: Language | None = None
    seed: int | None = None
    fullscreen: bool = False
    offscreen: bool = False
    screenshots: Path | None = None
    record: bool = False
    record_folder: Path | None = None
    results_file: Path | None = None
    events_file: Path | None = None
    rounds: int | None = None
    seconds: float | None = None
    repeat: bool = False


def game_settings(config: Path | None) -> GameSettings:
    """Load the given ``game.toml``, or the shipped one."""
    return load_game_settings(config or paths.CONFIGS / "game.toml")


def rule_book(settings: GameSettings) -> RuleBook:
    """Turn the settings into the rules of every mode and level."""
    return {
        (mode, level): RoundRules(**settings.rounds[mode.value, level].model_dump())
        for mode in Mode
        for level in LEVELS
    }


def make_analyser(
    settings: GameSettings, timings: Timings | None = None, *, smallest_face: float | None = None
) -> Analyser:
    """Load the shipped detector and the active classifier.

    Args:
        settings: ``track`` tells how small a player's face may be.
        timings: gets the stages.
        smallest_face: another limit, for pictures that were not taken at a booth.

    Raises:
        ModelError: when either is missing or altered.
    """
    classifier = load_active()
    limit = settings.track.smallest_face if smallest_face is None else smallest_face
    detector = HaarDetector(smallest_face=limit)
    return Analyser(detector, classifier, PlayerTrack(settings.track), timings)


def make_folder(folder: Path) -> None:
    """Make a folder for screenshots unless it is there.

    Raises:
        GameError: when it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GameError(
            f"Cannot make the folder {folder}: {error.strerror or error}.",
            hint="Choose another one.",
        ) from error


def _open_for_writing(path: Path) -> TextIO:
    try:
        return path.open("w", encoding="utf-8")
    except OSError as error:
        raise GameError(
            f"Cannot write to {path}: {error.strerror or error}.", hint="Choose another file."
        ) from error


class ResultsFile:
    """The ``--json`` file: rewritten whole after each round, beside and then renamed.

    Args:
        path: the file; it is written at once, so that a wrong path shows before the round.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rounds: list[dict[str, Any]] = []
        self.write()

    def add(self, result: RoundResult, camera: str, player: str) -> None:
        """Keep one more result for the next ``write``."""
        self._rounds.append({**asdict(result), "camera": camera, "player": player})

    def write(self) -> None:
        """Write every result so far.

        Raises:
            GameError: when the file cannot be written; the old one is left as it was.
        """
        part = self._path.with_name(self._path.name + ".part")
        text = json.dumps({"rounds": self._rounds}, ensure_ascii=False, indent=1)
        try:
            part.write_text(text + "\n", encoding="utf-8")
            part.replace(self._path)
        except OSError as error:
            raise GameError(
                f"Cannot write the results to {self._path}: {error.strerror or error}.",
                hint="Choose another file with --json, or free some space.",
            ) from error


class Game:
    """The running game: one object per thing that has a life of its own.

    Raises:
        GameError: when something that cannot be replaced is missing or broken.
    """

    def __init__(self, options: PlayOptions) -> None:
        return_large_blocks()
        self.options = options
        self._stack = ExitStack()
        self.timings = Timings()
        self.results: list[RoundResult] = []
        self.menu_shown_s: float | None = None
        self._settings = game_settings(options.config)
        self._rules = rule_book(self._settings)
        if options.screenshots is not None:
            make_folder(options.screenshots)
        self._events = _open_for_writing(options.events_file) if options.events_file else None
        if self._events is not None:
            self._stack.callback(self._events.close)
        self._results_file = ResultsFile(options.results_file) if options.results_file else None
        self._mode = options.mode or Mode.HAPPY
        self._level = options.level or LEVELS[0]
        self._language: Language = options.language or default_language()
        self._library = self._load_clips()
        self._rng = random.Random(options.seed)
        self._playlists: dict[tuple[Mode, int], Playlist] = {}
        self._state: session.State = session.Menu()
        self._notices: list[tuple[float, Notice]] = []
        self._clip: Clip | None = None
        self._clip_frame: ClipFrame | None = None
        self._clip_frames = 0
        self._seen: Seen | None = None
        folder = options.record_folder or self._settings.record.folder
        if folder is None and options.record:
            folder = DEFAULT_FOLDER
        self._wrong_calls = None if folder is None else WrongCalls(folder)
        self._consent = Consent.ASKED
        self._faces = FaceMemory()
        self._camera_worked = False
        self._camera_was_lost = False
        self._shots: list[str] = []
        self._screen_since_s = 0.0
        self._running = True
        self._wants_start = options.offscreen or (
            options.mode is not None and options.level is not None
        )
        self._window = Window(
            fullscreen=options.fullscreen,
            offscreen=options.offscreen,
            language=self._language,
        )
        self._stack.callback(self._window.close)
        self._slot: LatestSlot[Frame] = LatestSlot()
        self._camera = self._new_camera(options.camera or _DEFAULT_CAMERA)
        # A first picture before the networks load: the menu is there at once.
        self._draw(time.monotonic())

    def run(self) -> list[RoundResult]:
        """Play until the player quits or the options' limit is reached.

        Returns:
            The results in order.

        Raises:
            GameError: when the camera that was asked for cannot be opened, or the results
                cannot be written.
        """
        began_s = time.monotonic()
        with self._stack:
            self._load()
            while self._running:
                frame_began_s = time.monotonic()
                if self.options.seconds and frame_began_s - began_s >= self.options.seconds:
                    break
                self._turn(frame_began_s)
                spent_s = time.monotonic() - frame_began_s
                self.timings.add("frame", spent_s * 1000)
                time.sleep(max(0.0, FRAME_S - spent_s))
        if self._results_file is not None:
            self._results_file.write()
        return self.results

    def _load(self) -> None:
        self._stack.callback(lambda: self._camera.close())
        self._analyser = make_analyser(self._settings, self.timings)
        self._watch_first_picture()
        self._player = open_player(self.options.player)
        self._stack.callback(self._player.close)
        self._pipeline = Pipeline(self._analyser, self._slot)
        self._stack.callback(lambda: self._pipeline.close())
        if self.options.player == "auto" and self._player.name != "vlc":
            self._notify(NoticeKind.NO_VLC)
        if not self._player.sound:
            self._notify(NoticeKind.NO_SOUND)

    # --- One turn of the main loop --------------------------------------------------------------

    def _turn(self, now_s: float) -> None:
        view = self._view(now_s)
        for intent in self._window.handle_events(view):
            self._obey(intent, now_s)
        self._watch_camera(now_s)
        for seen in self._pipeline.drain():
            self._seen = seen
            self._remember_face(seen)
            with self.timings.measure("judge"):
                self._step(session.Observed(seen.observation), time.monotonic())
            decided_s = time.monotonic()
            self.timings.add("capture_to_decision", (decided_s - seen.observation.t_s) * 1000)
        if self._wants_start and self._seen is not None and not self._camera.is_lost():
            self._wants_start = False
            self._start(now_s)
        first_picture = self._poll_clip(now_s)
        self._step(session.Tick(), time.monotonic())
        self._draw(time.monotonic())
        if first_picture and self._clip is not None:
            started = session.ClipStarted(self._clip.clip_id, self._clip.duration_s)
            self._step(started, time.monotonic())
        if isinstance(self._state, session.Finished):
            self._after_round(now_s)

    def _start(self, now_s: float) -> None:
        if self._library.counts()[self._mode, self._level] == 0:
            where = f"{self._mode.value}/{self._level}"
            if self.options.rounds is not None:
                raise ClipError(
                    f"There is no playable clip for {where}.",
                    hint=f"Add one under {paths.VIDEOS / where}.",
                )
            self._notify(NoticeKind.NO_CLIPS, where)
            return
        self._camera.rewind()
        self._step(session.Start(self._mode, self._level), now_s)

    def _after_round(self, now_s: float) -> None:
        if self.options.repeat:
            self._obey(Intent.AGAIN, now_s)
        elif self.options.rounds is not None and len(self.results) >= self.options.rounds:
            # The result stays until its picture was taken, if pictures were asked for.
            shown_s = now_s - self._screen_since_s
            self._running = self.options.screenshots is not None and shown_s < 2 * SETTLED_S

    def _step(self, event: session.Event, now_s: float) -> None:
        if self._events is not None:
            print(replay.encode(event, now_s), file=self._events)
        before = type(self._state)
        self._state, commands = session.step(self._state, event, now_s, self._rules)
        for command in commands:
            self._carry_out(command, now_s)
        if type(self._state) is not before:
            if isinstance(self._state, session.Menu | session.Ready):
                # Consent and faces belong to one round.
                self._consent = Consent.ASKED
                self._faces.clear()
            self._screen_since_s = now_s
            log.info("%s -> %s", before.__name__, type(self._state).__name__)

    def _carry_out(self, command: session.Command, now_s: float) -> None:
        match command:
            case session.ChoosePlayer():
                self._pipeline.choose_player()
            case session.PlayClip(mode, level):
                self._play_next(mode, level, now_s)
            case session.PauseClip():
                self._player.pause()
            case session.ResumeClip():
                self._player.resume()
            case session.StopClip():
                self._player.stop()
                self._clip_frame = None
            case session.SaveResult(result):
                self._save(result)

    def _save(self, result: RoundResult) -> None:
        self.results.append(result)
        if self._results_file is not None:
            self._results_file.add(result, self._camera.spec, self._player.name)
            try:
                self._results_file.write()
            except GameError as error:
                # The game goes on; the next result, or the end, writes this one too.
                log.error("%s", error)

    def _obey(self, intent: UserIntent, now_s: float) -> None:
        match intent:
            case ChooseMode(mode):
                self._mode = mode
            case ChooseLevel(level):
                self._level = level
            case Intent.START:
                self._wants_start = True
            case Intent.AGAIN:
                self._camera.rewind()
                self._step(session.Again(), now_s)
            case Intent.NEXT_LEVEL:
                self._camera.rewind()
                self._step(session.NextLevel(), now_s)
                self._level = getattr(self._state, "level", self._level)
            case Intent.BACK:
                self._wants_start = False
                self._step(session.Back(), now_s)
            case Intent.QUIT:
                self._running = False
            case Intent.TOGGLE_LANGUAGE:
                self._language = "en" if self._language == "ko" else "ko"
            case Intent.TOGGLE_FULLSCREEN:
                self._window.set_fullscreen(not self._window.fullscreen)
            case Intent.NEXT_CAMERA:
                self._next_camera()
            case Intent.AGREE:
                self._consent = Consent.GIVEN
            case Intent.REFUSE:
                self._consent = Consent.REFUSED
            case Intent.WRONG_CALL:
                self._keep_faces()
            case _:
                pass  # not on this screen

    # --- Wrong calls ------------------------------------------------------------------------------

    def _remember_face(self, seen: Seen) -> None:
        """Keep the player's face in memory while a round is played, with consent only."""
        state, box_px, emotions = self._state, seen.box_px, seen.observation.emotions
        if self._consent is not Consent.GIVEN or self._wrong_calls is None:
            return
        if not isinstance(state, session.Playing) or box_px is None or emotions is None:
            return
        t_s = seen.observation.t_s
        if t_s > state.seen_s:
            spec = crop_to_keep(self._analyser.classifier.crop)
            self._faces.add(
                state.clip_time_s(t_s), emotions, lambda: crop_face(seen.picture, box_px, spec)
            )

    def _keep_faces(self) -> None:
        """Write the faces behind a call that the operator marks as wrong."""
        if self._wrong_calls is None or not isinstance(self._state, session.Finished):
            return
        result = self._state.result
        faces = self._faces.behind(result)
        if not faces:
            return
        bundle = self._analyser.classifier.bundle
        try:
            count = self._wrong_calls.keep(result, faces, f"{bundle.name} {bundle.version}")
        except RecordError as error:
            # The faces stay in memory until the next round, so it can be tried again.
            log.error("%s", error)
            self._notify(NoticeKind.FACES_NOT_KEPT, str(self._wrong_calls.folder))
            return
        self._faces.clear()
        self._notify(NoticeKind.FACES_KEPT, str(count))

    # --- Clips ----------------------------------------------------------------------------------

    def _load_clips(self) -> Library:
        if self.options.clip is not None:
            clip = clip_from_file(self.options.clip, self._mode, self._level)
            everywhere = (
                replace(
                    clip, clip_id=f"{mode.value}/{level}/{clip.path.stem}", mode=mode, level=level
                )
                for mode in Mode
                for level in LEVELS
            )
            return Library(tuple(everywhere))
        library = load_library()
        for fault in library.faults:
            log.warning("%s", fault)
        return library

    def _play_next(self, mode: Mode, level: int, now_s: float) -> None:
        if (mode, level) not in self._playlists:
            clip_ids = [clip.clip_id for clip in self._library.clips(mode, level)]
            self._playlists[mode, level] = Playlist(clip_ids, self._rng)
        self._clip_frame = None
        while (clip_id := self._playlists[mode, level].draw()) is not None:
            self._clip = self._library.get(clip_id)
            fault = self._fault(self._clip)
            if not fault:
                self._player.play(self._clip.path)
                return
            self._skip(self._clip, fault)
        self._notify(NoticeKind.NO_CLIPS, f"{mode.value}/{level}")
        self._step(session.NoClips(), now_s)

    def _fault(self, clip: Clip) -> str:
        """Return why a clip cannot be used; only a file that was asked for may be mute."""
        try:
            mute = not probe_clip(clip.path).has_sound
        except ClipError as error:
            return error.message
        return "it has no sound." if mute and self.options.clip is None else ""

    def _skip(self, clip: Clip, fault: str) -> None:
        log.warning("The clip %s is skipped: %s", clip.path, fault)
        self._notify(NoticeKind.CLIP_SKIPPED, clip.title(self._language))
        self._playlists[clip.mode, clip.level].remove(clip.clip_id)

    def _poll_clip(self, now_s: float) -> bool:
        """Take the player's news; return whether the clip's first picture is about to be drawn."""
        frame = self._player.poll()
        first_picture = frame is not None and isinstance(self._state, session.Starting)
        if frame is not None:
            self._clip_frame = frame
            self._clip_frames += 1
        playing = isinstance(self._state, session.Starting | session.Playing)
        if self._player.state is PlayerState.FAILED and playing and self._clip is not None:
            self._skip(self._clip, self._player.error)
            self._player.stop()
            self._step(session.ClipFailed(), now_s)
        elif self._player.state is PlayerState.ENDED:
            self._step(session.ClipEnded(), now_s)
        return first_picture

    # --- Camera ---------------------------------------------------------------------------------

    def _watch_first_picture(self) -> None:
        """Put the demo player in the place of a camera that never gave a picture."""
        if self._camera.frames > 0:
            self._camera_worked = True
            return
        if not self._camera.is_lost():
            return
        error = self._camera.error or CameraError(
            f"The camera {self._camera.spec} gives no picture.",
            hint="Check it, or start with --camera demo.",
        )
        if self.options.camera is not None and not self._camera_worked:
            raise error
        log.warning("%s The demo player stands in.", error.message)
        self._notify(NoticeKind.NO_CAMERA_DEMO)
        self._open_camera(DEMO)

    def _watch_camera(self, now_s: float) -> None:
        self._watch_first_picture()
        lost = self._camera.is_lost()
        if lost and not self._camera_was_lost:
            log.warning("The camera %s is lost: %s", self._camera.spec, self._camera.error)
            self._notify(NoticeKind.CAMERA_FAILED, self._camera.spec)
        if lost:
            self._step(session.CameraFailed(), now_s)
        self._camera_was_lost = lost
        if self._pipeline.error is not None:
            log.error("the inference thread failed", exc_info=self._pipeline.error)
            self._step(session.CameraFailed(), now_s)
            self._pipeline = Pipeline(self._analyser, self._slot)

    def _open_camera(self, spec: str) -> None:
        self._camera.close()
        self._seen = None
        self._camera = self._new_camera(spec)

    def _new_camera(self, spec: str) -> Camera:
        return Camera(spec, self._settings.camera, self._slot, self.timings)

    def _next_camera(self) -> None:
        if not isinstance(self._state, session.Menu):
            return
        known = list(
            dict.fromkeys((*([self.options.camera] if self.options.camera else []), *_CAMERAS))
        )
        self._open_camera(known[(known.index(self._camera.spec) + 1) % len(known)])

    # --- What the screen shows --------------------------------------------------------------------

    def _notify(self, kind: NoticeKind, detail: str = "") -> None:
        log.info("notice: %s %s", kind.name, detail)
        self._notices.append((time.monotonic() + NOTICE_S, Notice(kind, detail)))

    def _draw(self, now_s: float) -> None:
        view = self._view(now_s)
        kind = "draw_clip" if isinstance(view.screen, PlayingView) else "draw"
        with self.timings.measure(kind):
            self._window.draw(view)
        if self.menu_shown_s is None:
            self.menu_shown_s = time.time()
        if self.options.screenshots is not None and now_s - self._screen_since_s > SETTLED_S:
            self._take_shot(self.options.screenshots, view)

    def _take_shot(self, folder: Path, view: View) -> None:
        """Keep one picture of each screen of each round."""
        kind = type(view.screen).__name__.removesuffix("View").lower()
        if isinstance(view.screen, PlayingView) and view.screen.hold_share > 0.4:
            kind += "-holding"
        shot = f"{len(self.results) + (kind != 'result'):02d}-{kind}"
        if shot not in self._shots:
            self._shots.append(shot)
            self._window.screenshot(folder / f"{len(self._shots):02d}-{kind}.png")

    def _view(self, now_s: float) -> View:
        self._notices = [kept for kept in self._notices if kept[0] > now_s]
        return View(
            screen=self._screen(now_s),
            camera=self._camera_view(),
            language=self._language,
            notices=tuple(notice for _, notice in self._notices),
        )

    def _camera_view(self) -> CameraView:
        if self._camera.is_lost():
            return CameraView(self._camera.spec, CameraStatus.LOST)
        if self._seen is None:
            return CameraView(self._camera.spec, CameraStatus.STARTING)
        seen = self._seen
        return CameraView(
            self._camera.spec,
            CameraStatus.WORKING,
            seen.picture,
            seen.observation.box,
            recording=self._asks_consent() is Consent.GIVEN
            and isinstance(self._state, session.Playing),
        )

    def _asks_consent(self) -> Consent | None:
        return None if self._wrong_calls is None else self._consent

    def _screen(self, now_s: float) -> Screen:
        state = self._state
        match state:
            case session.Menu():
                return MenuView(self._mode, self._level, self._library.counts())
            case session.Ready(mode, level):
                return ReadyView(
                    mode,
                    level,
                    self._advice(state, now_s),
                    state.baseline.progress(self._rules[mode, level]),
                    self._asks_consent(),
                )
            case session.Countdown(mode, level):
                left_s = state.began_s + self._rules[mode, level].countdown_s - now_s
                return CountdownView(mode, level, max(0.0, left_s), self._asks_consent())
            case session.Starting(mode, level):
                return CountdownView(mode, level, 0.0, self._asks_consent())
            case session.Playing():
                return self._playing_view(state, now_s)
            case session.Finished(result):
                title = "" if self._clip is None else self._clip.title(self._language)
                faces = len(self._faces.behind(result))
                return ResultView(result, title, session.next_level(result), faces)

    def _advice(self, state: session.Ready, now_s: float) -> Advice:
        if state.baseline.refused:
            return Advice.SMILING
        face_s = state.baseline.t_s if state.baseline.t_s is not None else state.began_s
        away = now_s - face_s > self._rules[state.mode, state.level].grace_s
        return Advice.NO_FACE if away else Advice.HOLD_STILL

    def _playing_view(self, state: session.Playing, now_s: float) -> PlayingView:
        rules = self._rules[state.mode, state.level]
        frame = self._clip_frame
        hidden = state.seen_s > state.face_s
        away = state.paused_s is not None or (state.over and hidden)
        return PlayingView(
            mode=state.mode,
            level=state.level,
            pixels=None if frame is None else frame.pixels,
            order="BGR" if frame is None else frame.order,
            frame_id=self._clip_frames,
            clip_t_s=min(state.clip_time_s(now_s), state.duration_s),
            duration_s=state.duration_s,
            score=None if hidden else state.judgement.smoothed,
            threshold=rules.threshold,
            hold_share=state.judgement.held_s / rules.hold_s,
            paused=away,
            forfeit_in_s=state.forfeit_in_s(now_s, rules) if hidden else None,
        )
