"""A whole game without camera, networks, window or waiting: time goes by when the test says so."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from emotion_game.app import Game, PlayOptions, Services, game_settings
from emotion_game.app.calls import CallKeeper
from emotion_game.app.clip_adder import ClipAdder
from emotion_game.app.files import Records
from emotion_game.app.instant_replay import InstantReplay
from emotion_game.app.moment_film import MomentOrder
from emotion_game.app.moment_saver import MomentProcess, Saving
from emotion_game.app.notices import Notices
from emotion_game.app.preferences import PreferenceStore
from emotion_game.app.services import closing, scores_opener
from emotion_game.app.stage import Stage
from emotion_game.clips.library import Clip, Library
from emotion_game.clips.player import ClipFrame, PlayerState
from emotion_game.game.modes import Modes
from emotion_game.game.types import EMOTIONS, LEVELS, Observation, RelativeBox
from emotion_game.monitor import Monitor, NoMonitor
from emotion_game.timing import Timings
from emotion_game.ui.intents import UserIntent
from emotion_game.ui.live import CameraStatus, CameraView
from emotion_game.ui.notices import NoticeKind
from emotion_game.ui.view import View
from emotion_game.vision.detector import BoxPx
from emotion_game.vision.pipeline import FrameAnalysis

CLIP_S = 6.0
BOX = (0.4, 0.3, 0.2, 0.3)
#: Where a match's players sit, from left to right of the mirrored picture.
BOXES = (BOX, (0.1, 0.3, 0.2, 0.3), (0.7, 0.3, 0.2, 0.3), (0.05, 0.6, 0.2, 0.3))
STEP_S = 0.1


class FakeWindow:
    """Keeps the views; gives back what the test wants the player to do."""

    def __init__(self) -> None:
        self.fullscreen = False
        self.focus = ""
        self.wanted: list[UserIntent] = []
        self.views: list[View] = []

    def handle_events(self, view: View) -> list[UserIntent]:
        wanted, self.wanted = self.wanted, []
        return wanted

    def draw(self, view: View) -> None:
        self.views.append(view)

    def set_fullscreen(self, fullscreen: bool) -> None:
        self.fullscreen = fullscreen


class FakePlayer:
    """Shows one picture at once and ends when its time is over."""

    name, sound, error = "fake", True, ""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.state = PlayerState.IDLE
        self.played_s = 0.0
        self.volume = 1.0
        self._turned_s = 0.0

    def play(self, path: Path, from_s: float = 0.0) -> None:
        self.state, self.played_s, self._turned_s = PlayerState.PLAYING, 0.0, self.table.now_s

    def poll(self) -> ClipFrame | None:
        if self.state is not PlayerState.PLAYING:
            return None
        self.played_s += self.table.now_s - self._turned_s
        self._turned_s = self.table.now_s
        if self.played_s >= CLIP_S:
            self.state = PlayerState.ENDED
        return ClipFrame(np.full((72, 128, 3), 90, np.uint8), "BGR", self.played_s)

    def pause(self) -> None:
        self.state = PlayerState.PAUSED

    def resume(self) -> None:
        self.state, self._turned_s = PlayerState.PLAYING, self.table.now_s

    def stop(self) -> None:
        self.state = PlayerState.IDLE

    def set_volume(self, volume: float) -> None:
        self.volume = volume

    def close(self) -> None:
        pass


class FakeFaceFeed:
    """Sees what the test shows."""

    def __init__(self) -> None:
        self.queue: list[FrameAnalysis] = []
        self.newest: FrameAnalysis | None = None
        self.ready = True
        self.lost = False
        self.chosen: list[int] = []
        self.camera = SimpleNamespace(
            spec="0", rewind=lambda: None, is_lost=lambda: self.lost, error=None
        )

    def start_reading(self, analyser: object) -> None:
        pass

    def drain(self) -> list[FrameAnalysis]:
        queue, self.queue = self.queue, []
        return queue

    def watch(self) -> bool:
        return self.lost

    def rate_hz(self, now_s: float) -> float:
        return 10.0

    def choose_players(self, players: int = 1) -> None:
        self.chosen.append(players)

    def next_camera(self) -> str:
        self.camera.spec = "1"
        return "1"

    def view(self, *, recording: bool = False) -> CameraView:
        return CameraView("0", CameraStatus.WORKING, recording=recording)


class Table:
    """The game, and the player before it.

    Args:
        monitor: watches over the game; None: nobody.
        preferences: where the options are kept; None: nowhere.
        moments: where replays are saved.
        start_saving: what saves them.
        waits_for_scores: the score board is open before the first turn.
        adder: makes clips of films; None: one that nobody gives any.
        options: of the game.
    """

    def __init__(
        self,
        monitor: Monitor | None = None,
        preferences: Path | None = None,
        moments: Path = Path("nowhere"),
        start_saving: Callable[[MomentOrder], Saving] = MomentProcess,
        waits_for_scores: bool = True,
        adder: ClipAdder | None = None,
        **options: object,
    ) -> None:
        self.now_s = 1000.0
        self.clock = SimpleNamespace(
            monotonic=lambda: self.now_s, time=lambda: self.now_s, sleep=lambda _: None
        )
        plain = PlayOptions(offscreen=True, language="en", scores=False, seed=1, player="pyav")
        asked = replace(plain, **options)
        self.player = FakePlayer(self)
        self._start_saving = start_saving
        self.adder = adder or ClipAdder()
        self._choices, self._gathered = 0, False
        self.services = self._services(asked, monitor or NoMonitor(), preferences, moments)
        self.game = self.make_game(asked)
        self.game.wants_start = False
        self.game.load()
        if waits_for_scores:
            self.game.engine.open_scores()

    def make_game(self, options: PlayOptions) -> Game:
        """Make the game from ``services``."""
        return Game(options, self.services)

    def _services(
        self, options: PlayOptions, monitor: Monitor, preferences: Path | None, moments: Path
    ) -> Services:
        settings = game_settings(options.config)
        notices, records, stack = Notices(self.clock), Records(options), ExitStack()
        replay = InstantReplay(notices, moments, self._start_saving)
        stack.callback(replay.close)
        bundle = SimpleNamespace(name="net", version="1.0")
        return Services(
            settings=settings,
            clock=self.clock,
            monitor=monitor,
            timings=Timings(),
            notices=notices,
            preferences=PreferenceStore(notices, preferences),
            records=records,
            adder=self.adder,
            stage=Stage(
                _library(settings.modes),
                random.Random(options.seed),
                notices,
                mute_allowed=False,
                open_player=lambda _: self.player,
                probe=lambda _: SimpleNamespace(has_sound=True, duration_s=CLIP_S),
            ),
            calls=CallKeeper(None, notices, settings.modes),
            instant_replay=replay,
            window=FakeWindow(),
            feed=FakeFaceFeed(),
            load_analyser=lambda: SimpleNamespace(classifier=SimpleNamespace(bundle=bundle)),
            open_cues=None,
            open_scores=scores_opener(options, settings, notices),
            stack=closing(records, stack),
        )

    @property
    def screen(self):
        return self.game.window.views[-1].screen

    @property
    def name(self) -> str:
        return type(self.screen).__name__.removesuffix("View")

    @property
    def said(self) -> set[NoticeKind]:
        return {notice.kind for view in self.game.window.views for notice in view.notices}

    def press(self, *intents: UserIntent) -> Table:
        for intent in intents:
            self.game.window.wanted.append(intent)
            self.game.turn(self.now_s)
        return self

    def show(
        self,
        score: float | None,
        for_s: float,
        rival: float | None = None,
        others: tuple[float | None, ...] = (),
        emotion: str = "happiness",
    ) -> Table:
        """Look into the camera for a while with this score.

        ``rival`` and ``others`` are the scores of a match's second player, third and so on.
        """
        for _ in range(round(for_s / STEP_S)):
            self.now_s += STEP_S
            chosen = self.game.feed.chosen
            players = max(chosen[-1:] or [1])
            if len(chosen) != self._choices:
                self._choices, self._gathered = len(chosen), False
            scores = [score, rival, *others, *(None,) * len(BOXES)][:players]
            pairs = list(zip(scores, BOXES, strict=False))
            # As the camera's thread does: nobody is a player before all have come.
            gathers = not self._gathered and None in scores and players > 1
            self._gathered |= None not in scores
            here = tuple(_pixels(box) for each, box in pairs if each is not None)
            seen = tuple(
                _observation(self.now_s, None if gathers else each, box, emotion)
                for each, box in pairs
            )
            picture = np.full((48, 64, 3), 120, np.uint8)
            rest = here if gathers else ()
            boxes = tuple(None for _ in seen)
            self.game.feed.queue.append(FrameAnalysis(seen, boxes, rest, picture))
            self.game.turn(self.now_s)
        return self

    def until(self, name: str, score: float | None = 0.05, limit_s: float = 30.0, **more) -> Table:
        """Look into the camera until a screen comes."""
        ends_s = self.now_s + limit_s
        while self.name != name:
            assert self.now_s < ends_s, f"{name} never came: still {self.name}"
            self.show(score, STEP_S, **more)
        return self


def _pixels(box: RelativeBox) -> BoxPx:
    """Return a box in pixels of the picture that is shown."""
    return box[0] * 64, box[1] * 48, box[2] * 64, box[3] * 48


def _observation(t_s, score, box, emotion) -> Observation:
    if score is None:
        return Observation(t_s)
    rest = (1.0 - score) / (len(EMOTIONS) - 1)
    shares = tuple(score if name == emotion else rest for name in EMOTIONS)
    return Observation(t_s, shares, box, 1)


def _library(modes: Modes) -> Library:
    return Library(
        tuple(
            Clip(f"{mode}/{level}/{n}", Path("x"), mode, level, "Duck", "오리", CLIP_S, "CC0-1.0")
            for mode in modes
            for level in LEVELS
            for n in range(2)
        )
    )
