"""Face boxes in a picture: what every detector gives, and OpenCV's cascade to compare with."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import cv2
import cv2.data
import numpy as np
from numpy.typing import NDArray

from emotion_game.errors import ModelError
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
                hint="Install opencv-python-headless 4.13 or newer, below 5.",
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
