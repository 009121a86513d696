"""Face boxes in a picture, and which of them is the player."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import cv2
import cv2.data
import numpy as np
from numpy.typing import NDArray

from emotion_game.errors import ModelError
from emotion_game.settings import PlayerTrackSettings
from emotion_game.vision.crop import to_gray

BoxPx = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Face:
    """A face: box (x, y, width, height) in pixels and confidence 0..1."""

    box_px: BoxPx
    confidence: float


class FaceDetector(Protocol):
    """Find every face in a picture."""

    def detect(self, picture: NDArray[Any]) -> list[Face]:
        """Return the faces of a (height, width[, 3|4]) uint8 BGR picture, most certain first."""
        ...


class HaarDetector:
    """OpenCV's frontal-face cascade (Viola and Jones, 2001).

    Args:
        longest_px: larger pictures are reduced to this for the search.
        scale_step: growth of the search window from one scale to the next.
        min_neighbors: overlapping hits that make a face.
        smallest_face: least width of a face, in shares of the picture's longer side; 0 finds
            faces down to the cascade's own 24 px. The search takes longest for small ones.

    Raises:
        ModelError: when OpenCV comes without its cascade files.
    """

    _CASCADE = "haarcascade_frontalface_default.xml"

    def __init__(
        self,
        longest_px: int = 480,
        scale_step: float = 1.1,
        min_neighbors: int = 5,
        smallest_face: float = 0.0,
    ) -> None:
        path = Path(cv2.data.haarcascades) / self._CASCADE
        self._cascade = cv2.CascadeClassifier(str(path))
        if self._cascade.empty():
            raise ModelError(
                f"OpenCV's face cascade {path} is missing.",
                hint="Install opencv-python 4.13 or newer, below 5.",
            )
        self._longest_px = longest_px
        self._scale_step = scale_step
        self._min_neighbors = min_neighbors
        self._smallest_face = smallest_face

    def detect(self, picture: NDArray[Any]) -> list[Face]:
        """See :class:`FaceDetector`."""
        gray = to_gray(picture)
        factor = max(1.0, max(gray.shape) / self._longest_px)
        if factor > 1.0:
            size = (max(1, round(gray.shape[1] / factor)), max(1, round(gray.shape[0] / factor)))
            gray = np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        smallest_px = round(max(gray.shape) * self._smallest_face)
        boxes, _, weights = self._cascade.detectMultiScale3(
            cv2.equalizeHist(gray),
            scaleFactor=self._scale_step,
            minNeighbors=self._min_neighbors,
            minSize=(smallest_px, smallest_px),
            outputRejectLevels=True,
        )
        faces = [
            Face(
                (float(x * factor), float(y * factor), float(w * factor), float(h * factor)),
                # The cascade's last-stage sum is no probability; this only orders the faces.
                1.0 / (1.0 + math.exp(-float(weight) / 20.0)),
            )
            for (x, y, w, h), weight in zip(boxes, np.ravel(weights), strict=True)
        ]
        return sorted(faces, key=lambda face: -face.confidence)


def iou(a: BoxPx, b: BoxPx) -> float:
    """Return the intersection over union of two boxes, 0..1."""
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    if width <= 0.0 or height <= 0.0:
        return 0.0
    common = width * height
    return common / (a[2] * a[3] + b[2] * b[3] - common)


class PlayerTrack:
    """Follow one player from frame to frame, so that a bystander's laugh does not count.

    The largest face at the start is the player; afterwards the face that overlaps the last box
    most, or the nearest one that can be the same head in motion. Somebody else's face is no
    player: then the player is away. Once away for ``forget_s``, the largest face is the player.
    """

    def __init__(self, settings: PlayerTrackSettings) -> None:
        self._settings = settings
        self._found_px: BoxPx | None = None
        self._smoothed_px: BoxPx | None = None
        self._seen_s = 0.0

    def reset(self) -> None:
        """Forget the player; the largest face of the next picture is the new one."""
        self._found_px = None

    def follow(self, faces: Sequence[Face], t_s: float) -> BoxPx | None:
        """Return the player's smoothed box among ``faces`` captured at ``t_s``, or None."""
        if not faces:
            return None
        step_s = t_s - self._seen_s
        # Compared with the box as it was found: the smoothed one lags behind a moving head.
        last = None if step_s > self._settings.forget_s else self._found_px
        if last is None:
            found = max((face.box_px for face in faces), key=lambda each: each[2] * each[3])
            self._smoothed_px = None
        else:
            found = max(
                (face.box_px for face in faces),
                key=lambda each: (iou(last, each), -_head_widths_apart(last, each)),
            )
            overlaps = iou(last, found) >= self._settings.min_iou
            if not overlaps and not _may_be_same(last, found, step_s):
                return None
        self._found_px, self._seen_s = found, t_s
        self._smoothed_px = self._smooth(found, step_s)
        return self._smoothed_px

    def _smooth(self, found: BoxPx, step_s: float) -> BoxPx:
        before = self._smoothed_px
        if before is None or self._settings.box_smoothing_s == 0.0 or iou(before, found) < 0.5:
            return found
        share = 1.0 - math.exp(-step_s / self._settings.box_smoothing_s)
        return (
            before[0] + (found[0] - before[0]) * share,
            before[1] + (found[1] - before[1]) * share,
            before[2] + (found[2] - before[2]) * share,
            before[3] + (found[3] - before[3]) * share,
        )


def _head_widths_apart(a: BoxPx, b: BoxPx) -> float:
    across = (a[0] + a[2] / 2) - (b[0] + b[2] / 2)
    down = (a[1] + a[3] / 2) - (b[1] + b[3] / 2)
    return math.hypot(across, down) / a[2]


def _may_be_same(a: BoxPx, b: BoxPx, step_s: float) -> bool:
    # A head moves about one width in half a second; two heads side by side are more than
    # one width apart, so the reach never grows to a neighbour.
    reach = min(0.9, 0.4 + step_s)
    return _head_widths_apart(a, b) < reach and 0.6 < b[2] / a[2] < 1.7
