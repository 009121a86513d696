"""Time that goes by only when every thread of the game has kept up with it.

A game that plays in real time is at the mercy of the machine. Where that stalls, a grin passes
unseen or the round is void, and rightly so. Here the main loop's sleep moves the time on, and
before it does, it waits for the camera, the inference thread and the clip: a round comes out the
same on every machine, and as fast as the machine can.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from emotion_game.app import face_feed as eyes
from emotion_game.clips import pyav_player
from emotion_game.clips.pyav_player import PyAvPlayer
from emotion_game.vision import camera, pipeline
from emotion_game.vision.camera import Camera, VideoSource
from emotion_game.vision.pipeline import FrameAnalysis, Pipeline
from emotion_game.vision.slot import LatestSlot

#: For a thread to keep up, on whatever machine; one that needs longer hangs.
LIMIT_S = 600.0
#: The least that a sleep takes: one picture of the demo player's film.
STEP_S = 1 / 30


class SteadyTime:
    """A game's clock; the game's film camera and embedded player have it for the time, too."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now_s = 1000.0
        self._moved = threading.Condition()
        self._cameras: list[Camera] = []
        self._pipelines: list[Pipeline] = []
        self._next_s: dict[threading.Thread, float] = {}
        self._put_s = self._seen_s = 0.0
        for module in (eyes, camera, pyav_player):
            monkeypatch.setattr(module, "time", self)
        self._watch_cameras(monkeypatch)
        self._watch_pipelines(monkeypatch)
        self._watch_players(monkeypatch)

    def monotonic(self) -> float:
        return self.now_s

    perf_counter = time = monotonic

    def sleep(self, seconds: float) -> None:
        """Let the time go by, after everything that is due now was done."""
        wait_for(self._all_is_done)
        with self._moved:
            self.now_s += max(seconds, STEP_S)
            self._moved.notify_all()

    def _all_is_done(self) -> bool:
        for each in self._cameras:
            owes = self._next_s.get(each._thread, 0.0) <= self.now_s
            if each._thread.is_alive() and each.error is None and owes:
                return False
        reads = any(each._thread.is_alive() and each.error is None for each in self._pipelines)
        return not reads or self._seen_s >= self._put_s

    def _watch_cameras(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def pace(source: VideoSource, stop: threading.Event) -> None:
            with self._moved:
                self._next_s[threading.current_thread()] = source._due_s
                while source._due_s > self.now_s and not stop.is_set():
                    self._moved.wait(0.05)

        monkeypatch.setattr(VideoSource, "pace", pace)
        note_each(monkeypatch, Camera, self._cameras)

    def _watch_pipelines(self, monkeypatch: pytest.MonkeyPatch) -> None:
        steady = self
        put = LatestSlot.put

        def put_frame(slot: LatestSlot, frame: camera.Frame) -> None:
            steady._put_s = frame.t_s
            put(slot, frame)

        class Noting(queue.SimpleQueue):
            def put(self, item: object) -> None:
                super().put(item)
                if isinstance(item, FrameAnalysis):
                    steady._seen_s = item.observation.t_s

        monkeypatch.setattr(LatestSlot, "put", put_frame)
        noting = SimpleNamespace(SimpleQueue=Noting, Empty=queue.Empty)
        monkeypatch.setattr(pipeline, "queue", noting)
        note_each(monkeypatch, Pipeline, self._pipelines)

    def _watch_players(self, monkeypatch: pytest.MonkeyPatch) -> None:
        poll = PyAvPlayer.poll

        def is_ready(player: PyAvPlayer) -> bool:
            clip = player._decoding
            if clip is None:
                return True
            if clip.pictures_over.is_set():
                return clip.sound_over.is_set()
            more = player._next is not None or not clip._pictures.empty()
            return more and clip.sound_ready.is_set()

        def poll_ready(player: PyAvPlayer) -> object:
            wait_for(lambda: is_ready(player))
            return poll(player)

        monkeypatch.setattr(PyAvPlayer, "poll", poll_ready)
        # The sound's thread never rests, so that its end is not late.
        monkeypatch.setattr(pyav_player, "SOUND_LEAD_S", float("inf"))


def wait_for(done: Callable[[], object]) -> None:
    ends_s = time.monotonic() + LIMIT_S
    while not done():
        assert time.monotonic() < ends_s, "a thread of the game hangs"
        time.sleep(0.001)


def note_each(monkeypatch: pytest.MonkeyPatch, kind: type, made: list) -> None:
    """Put every new object of a kind on a list."""
    make = kind.__init__

    def make_and_note(self: object, *args: object, **options: object) -> None:
        make(self, *args, **options)
        made.append(self)

    monkeypatch.setattr(kind, "__init__", make_and_note)
