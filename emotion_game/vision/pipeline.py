"""Frames to observations: the analyser, and the thread it runs in while the game plays."""

from __future__ import annotations

import queue
import threading
import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emotion_game.game.types import Observation
from emotion_game.timing import Timings
from emotion_game.vision.camera import Frame
from emotion_game.vision.classifier import ExpressionClassifier
from emotion_game.vision.detector import BoxPx, FaceDetector
from emotion_game.vision.slot import LatestSlot
from emotion_game.vision.tracking import PlayerTrack


@dataclass(frozen=True, slots=True)
class FrameAnalysis:
    """What was read from one picture.

    Attributes:
        observations: one a player, from left to right of the mirrored picture that players see.
        boxes_px: each player's face as it was cut, pixels; None where there is none.
        others_px: faces that are no player's.
        picture: what it was read from.
    """

    observations: tuple[Observation, ...]
    boxes_px: tuple[BoxPx | None, ...]
    others_px: tuple[BoxPx, ...]
    picture: NDArray[np.uint8]

    @property
    def observation(self) -> Observation:
        """Return the first player's."""
        return self.observations[0]

    @property
    def box_px(self) -> BoxPx | None:
        """Return the first player's."""
        return self.boxes_px[0]


class Analyser:
    """Picture to observation; play, ``judge`` and ``bench`` all use this one."""

    def __init__(
        self,
        detector: FaceDetector,
        classifier: ExpressionClassifier,
        track: PlayerTrack,
        timings: Timings | None = None,
    ) -> None:
        self.detector = detector
        self.classifier = classifier
        self.track = track
        self.timings = timings or Timings()

    def observe(self, picture: NDArray[np.uint8], t_s: float) -> Observation:
        """Read the player's expression in a (height, width, 3) uint8 BGR picture.

        Args:
            picture: the frame.
            t_s: its time of capture.
        """
        return self.see(picture, t_s).observation

    def see(self, picture: NDArray[np.uint8], t_s: float) -> FrameAnalysis:
        """Read every player's expression, and say where the faces were cut."""
        started_s = time.perf_counter()
        followed = self.track.follow(picture, t_s, self.detector)
        # Timed apart, or the many cheap frames would hide what a detection costs.
        stage = "detect" if followed.detected else "track"
        self.timings.add(stage, (time.perf_counter() - started_s) * 1000)
        observations = tuple(
            self._read(picture, box_px, t_s, followed.faces) for box_px in followed.players_px
        )
        return FrameAnalysis(observations, followed.players_px, followed.others_px, picture)

    def _read(
        self, picture: NDArray[np.uint8], box_px: BoxPx | None, t_s: float, faces: int
    ) -> Observation:
        if box_px is None:
            return Observation(t_s, faces=faces)
        with self.timings.measure("crop"):
            face = self.classifier.cut(picture, box_px)
        with self.timings.measure("classify"):
            emotions = self.classifier.classify(face)
        height, width = picture.shape[:2]
        box = (box_px[0] / width, box_px[1] / height, box_px[2] / width, box_px[3] / height)
        return Observation(t_s, emotions, box, faces)


class Pipeline:
    """The inference thread.

    Every observation reaches ``drain``; frames it has no time for are dropped by the slot and
    counted there. When the analyser fails, ``error`` is set and the thread ends.
    """

    def __init__(self, analyser: Analyser, slot: LatestSlot[Frame]) -> None:
        self.error: Exception | None = None
        self._analyser = analyser
        self._slot = slot
        self._seen: queue.SimpleQueue[FrameAnalysis] = queue.SimpleQueue()
        self._choose: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="inference", daemon=True)
        self._thread.start()

    def choose_players(self, count: int = 1) -> None:
        """Make the ``count`` largest faces of the next frame the players."""
        self._choose.put(count)

    def drain(self) -> list[FrameAnalysis]:
        """Return everything seen since the last call, oldest first."""
        seen = []
        while True:
            try:
                seen.append(self._seen.get_nowait())
            except queue.Empty:
                return seen

    def close(self) -> None:
        """End the thread within a bound."""
        self._stop.set()
        self._thread.join(timeout=2.0)

    def _run(self) -> None:
        while not self._stop.is_set():
            frame = self._slot.take(timeout_s=0.1)
            if frame is None:
                continue
            while not self._choose.empty():
                self._analyser.track.reset(self._choose.get())
            try:
                seen = self._analyser.see(frame.picture, frame.t_s)
            except Exception as error:  # noqa: BLE001 - a thread that dies becomes an event
                self.error = error
                return
            self._seen.put(seen)
