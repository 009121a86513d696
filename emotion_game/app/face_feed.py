"""The camera and the inference thread behind it, as one thing that sees the player."""

from __future__ import annotations

import logging
import os
import time
from collections import deque
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from emotion_game.addresses import safe_name
from emotion_game.app.notices import Notices
from emotion_game.errors import CameraError
from emotion_game.game.check import FrameQuality
from emotion_game.game.types import Observation, RelativeBox
from emotion_game.settings import CameraSettings
from emotion_game.timing import Timings
from emotion_game.ui.live import CameraStatus, CameraView
from emotion_game.ui.notices import NoticeKind
from emotion_game.vision.camera import DEMO, Camera, Frame
from emotion_game.vision.pipeline import Analyser, FrameAnalysis, Pipeline
from emotion_game.vision.slot import LatestSlot

log = logging.getLogger(__name__)

DEFAULT_CAMERA = "0"
_CAMERAS = (DEFAULT_CAMERA, "1", "2", DEMO)
#: Brightness is measured on every so manieth pixel; it needs no more.
_COARSE = 4
#: The rate of pictures is taken over so long.
_RATE_OVER_S = 5.0


class FaceFeed:
    """Camera, slot and inference thread; the thread begins with :meth:`start_reading`.

    Args:
        wanted: the camera that was asked for; one that cannot be opened is then an error. None:
            the first device, or else the demo player.
        remembered: the camera that was chosen the last time, taken where none is asked for.
        settings: how the camera is opened.
        notices: where faults are said.
        timings: gets the stages.
    """

    def __init__(
        self,
        wanted: str | None,
        remembered: str | None,
        settings: CameraSettings,
        notices: Notices,
        timings: Timings,
    ) -> None:
        self.newest: FrameAnalysis | None = None
        self._wanted = wanted
        self._settings = settings
        self._notices = notices
        self._timings = timings
        self._slot: LatestSlot[Frame] = LatestSlot()
        # When the newest pictures were captured; more than a camera gives in that time.
        self._seen_s: deque[float] = deque(maxlen=1000)
        self._worked = False  # the camera that was asked for
        self._works = False  # the one in use
        self._opened_s = time.monotonic()
        self._face_seen = False
        self._was_lost = False
        self._analyser: Analyser | None = None
        self._pipeline: Pipeline | None = None
        self.camera = self._open(wanted or remembered or DEFAULT_CAMERA)

    def start_reading(self, analyser: Analyser) -> None:
        """Start reading faces."""
        self._analyser = analyser
        self._pipeline = Pipeline(analyser, self._slot)

    def close(self) -> None:
        """End both threads."""
        self._tell_of_no_face()
        self.camera.close()
        if self._pipeline is not None:
            self._pipeline.close()

    def watch(self) -> bool:
        """Look after camera and thread once a frame; return whether either has failed.

        Raises:
            CameraError: when the camera that was asked for never gave pictures.
        """
        self._watch_first_picture()
        lost = self.camera.is_lost()
        if lost and not self._was_lost:
            name = safe_name(self.camera.spec)
            log.warning("The camera %s is lost: %s", name, self.camera.error or "no picture comes")
            self._notices.say(NoticeKind.CAMERA_FAILED, name)
        elif self._was_lost and not lost:
            self._notices.settle(NoticeKind.CAMERA_FAILED)
        self._was_lost = lost
        if self._pipeline is None or self._analyser is None or self._pipeline.error is None:
            return lost
        log.error("the inference thread failed", exc_info=self._pipeline.error)
        self._pipeline = Pipeline(self._analyser, self._slot)
        return True

    def drain(self) -> list[FrameAnalysis]:
        """Return everything seen since the last call, oldest first."""
        seen = [] if self._pipeline is None else self._pipeline.drain()
        # What the thread still had in hand of the camera before is of somebody else.
        seen = [each for each in seen if each.observation.t_s >= self._opened_s]
        if seen:
            self.newest = seen[-1]
            self._face_seen |= any(each.observation.box is not None for each in seen)
        self._seen_s.extend(each.observation.t_s for each in seen)
        return seen

    def rate_hz(self, now_s: float) -> float:
        """Return how many pictures a second were read over the newest seconds."""
        while self._seen_s and now_s - self._seen_s[0] > _RATE_OVER_S:
            self._seen_s.popleft()
        return len(self._seen_s) / _RATE_OVER_S

    @property
    def ready(self) -> bool:
        """Whether the camera works and a picture of it was read."""
        return self.newest is not None and not self.camera.is_lost()

    def choose_players(self, players: int = 1) -> None:
        """Make the largest faces of the next frame the players."""
        if self._pipeline is not None:
            self._pipeline.choose_players(players)

    def next_camera(self) -> str:
        """Take the next camera of those that may be there; return its name."""
        known = list(dict.fromkeys((*([self._wanted] if self._wanted else []), *_CAMERAS)))
        if self.camera.spec not in known:
            known.append(self.camera.spec)
        self._change(known[(known.index(self.camera.spec) + 1) % len(known)])
        return self.camera.spec

    def view(self, *, recording: bool = False) -> CameraView:
        """Return what the screens show of the camera."""
        name, demo = safe_name(self.camera.spec), self.camera.spec == DEMO
        if self.camera.is_lost():
            return CameraView(name, CameraStatus.LOST, demo=demo)
        if self.newest is None:
            return CameraView(name, CameraStatus.STARTING, demo=demo)
        seen = self.newest
        return CameraView(name, CameraStatus.WORKING, seen.picture, _boxes(seen), recording, demo)

    def _watch_first_picture(self) -> None:
        """Put the demo player in the place of a camera that never worked."""
        if self.ready:
            self._works = self._worked = True
        if self._works or not self.camera.is_lost():
            return
        # One that gave a picture and no more may come back; one may also never have had another.
        waited_s = time.monotonic() - self._opened_s
        if self.camera.frames and waited_s <= self._settings.first_picture_s:
            return
        error = self.camera.error or CameraError(
            f"The camera {safe_name(self.camera.spec)} gives no picture.",
            hint="Check it, or start with --camera demo.",
        )
        if self._wanted is not None and not self._worked:
            raise error
        log.warning("%s The demo player stands in.", error.message)
        self._change(DEMO)
        self._notices.say(NoticeKind.NO_CAMERA_DEMO)

    def _tell_of_no_face(self) -> None:
        """Say so if a film that played the player never showed a face."""
        spec = self.camera.spec
        # A face may come before a live camera at any time.
        if self.newest is not None and not self._face_seen and _is_film(spec):
            log.warning("No face was seen in %s. Is it dark, or of something else?", spec)

    def _change(self, spec: str) -> None:
        self._tell_of_no_face()
        self._notices.settle(NoticeKind.CAMERA_FAILED)
        if spec != DEMO:
            self._notices.settle(NoticeKind.NO_CAMERA_DEMO)
        self._face_seen = self._works = self._was_lost = False
        self.camera.close()
        self.newest = None
        self._opened_s = time.monotonic()
        self.camera = self._open(spec)

    def _open(self, spec: str) -> Camera:
        return Camera(spec, self._settings, self._slot, self._timings)


def _is_film(spec: str) -> bool:
    return os.path.isfile(spec)  # noqa: PTH113 - Path.is_file() raises on names that are too long


def _boxes(seen: FrameAnalysis) -> tuple[RelativeBox | None, ...]:
    """Return the players' boxes; while not all of a match have come, those of who has."""
    boxes = tuple(each.box for each in seen.observations)
    if len(boxes) == 1 or any(box is not None for box in boxes):
        return boxes
    height_px, width_px = seen.picture.shape[:2]
    largest = sorted(seen.others_px, key=lambda box_px: -box_px[2] * box_px[3])[: len(boxes)]
    here = [
        (x / width_px, y / height_px, width / width_px, height / height_px)
        # In the mirrored picture the face further right in the camera's is on the left.
        for x, y, width, height in sorted(largest, key=lambda box_px: -box_px[0])
    ]
    return (*here, *(None,) * (len(boxes) - len(here)))


def sides_of(seen: FrameAnalysis, players: int) -> tuple[Observation, ...]:
    """Return what was seen of so many players, from left to right of the mirrored screen."""
    missing = players - len(seen.observations)
    return (*seen.observations[:players], *(Observation(seen.observation.t_s),) * missing)


def quality_of(seen: FrameAnalysis, players: int) -> FrameQuality:
    """Measure what the camera check needs of a picture: light, and where the faces are."""
    coarse = seen.picture[::_COARSE, ::_COARSE]
    gray = cv2.cvtColor(coarse, cv2.COLOR_BGR2GRAY)
    light = float(gray.mean()) / 255.0
    boxes = tuple(each.box for each in sides_of(seen, players) if each.box is not None)
    others = len(seen.others_px)
    if not boxes:
        return FrameQuality(seen.observation.t_s, light, others=others)
    width_px = seen.picture.shape[1]
    widest_px = max((box_px[2] for box_px in seen.others_px), default=0.0)
    bystander = widest_px / (min(box[2] for box in boxes) * width_px)
    face_light = min(_face_light(gray, box) for box in boxes)
    return FrameQuality(seen.observation.t_s, light, boxes, face_light, bystander, others)


def _face_light(gray: NDArray[Any], box: RelativeBox) -> float:
    height, width = gray.shape
    left, top = max(0, int(box[0] * width)), max(0, int(box[1] * height))
    right, bottom = int((box[0] + box[2]) * width), int((box[1] + box[3]) * height)
    face = gray[top : max(top + 1, bottom), left : max(left + 1, right)]
    return float(np.median(face)) / 255.0 if face.size else 0.0
