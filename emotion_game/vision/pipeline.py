"""Frames to observations: the analyser, and the thread it runs in while the game plays."""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emotion_game.game.types import Observation
from emotion_game.timing import Timings
from emotion_game.vision.camera import Frame
from emotion_game.vision.classifier import ExpressionClassifier
from emotion_game.vision.detector import BoxPx, FaceDetector, PlayerTrack
from emotion_game.vision.slot import LatestSlot


@dataclass(frozen=True, slots=True)
class Seen:
    """An observation with the picture it was read from.

    Attributes:
        box_px: the player's face as it was cut, pixels; None when no face was found.
    """

    observation: Observation
    picture: NDArray[np.uint8]
    box_px: BoxPx | None


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

    def see(self, picture: NDArray[np.uint8], t_s: float) -> Seen:
        """Do as :meth:`observe`, and say besides where the face was cut."""
        with self.timings.measure("detect"):
            faces = self.detector.detect(picture)
            box_px = self.track.follow(faces, t_s)
        if box_px is None:
            return Seen(Observation(t_s, faces=len(faces)), picture, None)
        with self.timings.measure("crop"):
            face = self.classifier.cut(picture, box_px)
        with self.timings.measure("classify"):
            emotions = self.classifier.classify(face)
        height, width = picture.shape[:2]
        box = (box_px[0] / width, box_px[1] / height, box_px[2] / width, box_px[3] / height)
        return Seen(Observation(t_s, emotions, box, len(faces)), picture, box_px)


class Pipeline:
    """The inference thread.

    Every observation reaches ``drain``; frames it has no time for are dropped by the slot and
    counted there. When the analyser fails, ``error`` is set and the thread ends.
    """

    def __init__(self, analyser: Analyser, slot: LatestSlot[Frame]) -> None:
        self.error: Exception | None = None
        self._analyser = analyser
        self._slot = slot
        self._seen: queue.SimpleQueue[Seen] = queue.SimpleQueue()
        self._choose = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="inference", daemon=True)
        self._thread.start()

    def choose_player(self) -> None:
        """Make the largest face of the next frame the player."""
        self._choose.set()

    def drain(self) -> list[Seen]:
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
            if self._choose.is_set():
                self._choose.clear()
                self._analyser.track.reset()
            try:
                seen = self._analyser.see(frame.picture, frame.t_s)
            except Exception as error:  # noqa: BLE001 - a thread that dies becomes an event
                self.error = error
                return
            self._seen.put(seen)
