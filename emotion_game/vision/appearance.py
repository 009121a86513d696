"""What a head and the clothes under it look like, to tell two people apart for a few minutes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from emotion_game.vision.detector import BoxPx

#: Head with hair, and clothes: left, top, width, height in widths and heights of the face's box.
_REGIONS = ((-0.1, -0.35, 1.2, 1.35), (-0.3, 1.15, 1.6, 1.0))
_SIDE_PX = 24
_LEAST_PX = 4
_HUES, _SATURATIONS, _BRIGHTNESSES = 12, 6, 8

Histogram = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Appearance:
    """Histograms of colour and brightness a region; None where it leaves the picture."""

    regions: tuple[Histogram | None, ...]

    @staticmethod
    def of(picture: NDArray[Any], box_px: BoxPx) -> Appearance:
        """Measure a face in a (height, width, 3) uint8 BGR picture."""
        x, y, width, height = box_px
        return Appearance(
            tuple(
                _histogram(picture, x + left * width, y + top * height, wide * width, tall * height)
                for left, top, wide, tall in _REGIONS
            )
        )

    def distance(self, other: Appearance) -> float:
        """Return the mean Hellinger distance of the regions both have: 0 alike, 1 nothing shared.

        On 8 recorded players 98% of the pairs of one player's pictures are within 0.27; 80% of
        the pairs of different people in one photograph are further apart than 0.28.
        """
        distances = [
            (_hellinger(mine[:-_BRIGHTNESSES], its[:-_BRIGHTNESSES])
             + _hellinger(mine[-_BRIGHTNESSES:], its[-_BRIGHTNESSES:])) / 2
            for mine, its in zip(self.regions, other.regions, strict=True)
            if mine is not None and its is not None
        ]  # fmt: skip
        return float(np.mean(distances)) if distances else 0.0

    def mixed(self, other: Appearance, share: float) -> Appearance:
        """Return this appearance moved by ``share`` towards another one."""
        return Appearance(
            tuple(
                its if mine is None else mine if its is None else mine + (its - mine) * share
                for mine, its in zip(self.regions, other.regions, strict=True)
            )
        )


def _histogram(
    picture: NDArray[Any], x: float, y: float, width: float, height: float
) -> Histogram | None:
    left, top = max(0, int(x)), max(0, int(y))
    right = min(picture.shape[1], int(x + width))
    bottom = min(picture.shape[0], int(y + height))
    # A strip of the chest misleads more than it helps.
    if right - left < _LEAST_PX or bottom - top < max(_LEAST_PX, 0.15 * height):
        return None
    small = cv2.resize(
        picture[top:bottom, left:right], (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_NEAREST
    )
    hsv = cv2.cvtColor(small, cv2.COLOR_BGR2HSV)
    colours = cv2.calcHist([hsv], [0, 1], None, [_HUES, _SATURATIONS], [0, 180, 0, 256])
    brightness = cv2.calcHist([hsv], [2], None, [_BRIGHTNESSES], [0, 256])
    counts = np.concatenate([colours.ravel(), brightness.ravel()])
    return np.asarray(counts / _SIDE_PX**2, np.float32)


def _hellinger(a: Histogram, b: Histogram) -> float:
    return float(np.sqrt(max(0.0, 1.0 - float(np.sqrt(a * b).sum()))))
