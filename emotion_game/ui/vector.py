"""Smooth shapes drawn in memory: what mascot, logo and rings are made of.

OpenCV draws with smooth edges in a tenth of the time that oversized pygame drawing takes, so that
the mascot can move in every frame. Drawn over nothing, its blending yields premultiplied colours:
blit the surfaces with ``pygame.BLEND_PREMULTIPLIED``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import cv2
import numpy as np
import pygame
from numpy.typing import NDArray

from emotion_game.ui.theme import Colour

Point = tuple[float, float]

#: Fractional bits of a coordinate that OpenCV is given.
_SHIFT = 4
_ONE = 1 << _SHIFT


class Canvas:
    """A transparent picture; coordinates and widths are shares of ``side_px``.

    Args:
        size_px: width and height.
        side_px: the length that counts as 1; the width unless given.
        fine: draw so many times larger and shrink: smoother still, for pictures that are kept.
    """

    def __init__(
        self, size_px: tuple[int, int], side_px: float | None = None, *, fine: int = 1
    ) -> None:
        width, height = max(1, size_px[0]), max(1, size_px[1])
        self._size = (width, height)
        self.side = float(width if side_px is None else side_px) * fine
        self._pixels = np.zeros((height * fine, width * fine, 4), np.uint8)

    def settle(self) -> Canvas:
        """Return a canvas of the wanted size to go on drawing on; this one stays as it is."""
        other = Canvas(self._size, self.side * self._size[0] / self._pixels.shape[1])
        other._pixels[:] = self._shrunk()
        return other

    def _shrunk(self) -> NDArray[np.uint8]:
        if self._pixels.shape[1::-1] == self._size:
            return self._pixels
        small = cv2.resize(self._pixels, self._size, interpolation=cv2.INTER_AREA)
        return np.asarray(small, np.uint8)

    def _at(self, points: Sequence[Point]) -> NDArray[np.int32]:
        # A pixel's centre, not its corner, is what OpenCV calls a whole number.
        scale, half = self.side * _ONE, _ONE / 2
        return np.asarray([(x * scale - half, y * scale - half) for x, y in points]).astype(
            np.int32
        )

    def _reach(self, radius: float) -> int:
        """Return a radius as OpenCV wants it: it fills the pixels under the edge as well."""
        return round((radius * self.side - 0.5) * _ONE)

    def shape(self, colour: Colour, points: Sequence[Point]) -> None:
        """Fill a polygon."""
        cv2.fillPoly(self._pixels, [self._at(points)], _bgra(colour), cv2.LINE_AA, _SHIFT)

    def line(
        self, colour: Colour, points: Sequence[Point], width: float, *, closed: bool = False
    ) -> None:
        """Draw a stroke with round ends and joints."""
        thick = max(1, round(width * self.side))
        cv2.polylines(
            self._pixels, [self._at(points)], closed, _bgra(colour), thick, cv2.LINE_AA, _SHIFT
        )

    def disc(self, colour: Colour, centre: Point, radius: float) -> None:
        """Fill a circle."""
        self.oval(colour, centre, 2 * radius, 2 * radius)

    def hole(self, centre: Point, radius: float) -> None:
        """Make a circle transparent again."""
        (x, y) = self._at([centre])[0]
        reach = self._reach(radius)
        cv2.circle(self._pixels, (int(x), int(y)), reach, (0, 0, 0, 0), -1, cv2.LINE_AA, _SHIFT)

    def oval(self, colour: Colour, centre: Point, width: float, height: float) -> None:
        """Fill an ellipse."""
        (x, y) = self._at([centre])[0]
        axes = (self._reach(width / 2), self._reach(height / 2))
        if min(axes) <= 0:
            return
        cv2.ellipse(
            self._pixels,
            (int(x), int(y)),
            axes,
            0,
            0,
            360,
            _bgra(colour),
            -1,
            cv2.LINE_AA,
            _SHIFT,
        )

    def box(
        self, colour: Colour, x: float, y: float, width: float, height: float, radius: float = 0.0
    ) -> None:
        """Fill a rectangle with round corners."""
        self.shape(colour, rounded(x, y, width, height, radius))

    def surface(self) -> pygame.Surface:
        """Return the picture, premultiplied; it shares the canvas's memory."""
        return pygame.image.frombuffer(self._shrunk().data, self._size, "BGRA")


@lru_cache(maxsize=1024)
def _unit_arc(start_deg: float, end_deg: float) -> tuple[Point, ...]:
    """Return cosines and sines along an arc."""
    steps = max(2, math.ceil(abs(end_deg - start_deg) / 4))
    angles = [math.radians(start_deg + (end_deg - start_deg) * i / steps) for i in range(steps + 1)]
    return tuple((math.cos(a), math.sin(a)) for a in angles)


def arc(
    centre: Point, radius: float, start_deg: float, end_deg: float, height: float | None = None
) -> list[Point]:
    """Return points on an arc; 0 degrees is to the right, growing clockwise.

    ``height`` is the vertical radius of an ellipse; a circle unless given.
    """
    x, y = centre
    tall = radius if height is None else height
    return [(x + radius * c, y + tall * s) for c, s in _unit_arc(start_deg, end_deg)]


def rounded(x: float, y: float, width: float, height: float, radius: float) -> list[Point]:
    """Return the outline of a rectangle with round corners."""
    radius = min(radius, width / 2, height / 2)
    if radius <= 0:
        return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    right, bottom = x + width - radius, y + height - radius
    left, top = x + radius, y + radius
    return [
        *arc((left, top), radius, 180, 270),
        *arc((right, top), radius, 270, 360),
        *arc((right, bottom), radius, 0, 90),
        *arc((left, bottom), radius, 90, 180),
    ]


def _bgra(colour: Colour) -> tuple[int, int, int, int]:
    return colour[2], colour[1], colour[0], 255
