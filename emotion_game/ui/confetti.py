"""Confetti: small paper that falls, for whoever kept the straight face."""

from __future__ import annotations

import math

from emotion_game.ui.painter import Painter

_PIECES = 46
_FALLS_S = 4.5


def draw_confetti(painter: Painter, pieces: int = _PIECES) -> None:
    """Draw the confetti of this moment; every piece's way follows from its number."""
    palette, surface = painter.palette, painter.surface
    width, height = surface.get_size()
    inks = (palette.accent, palette.skin, palette.panel, palette.safe, palette.blush)
    for number in range(pieces):
        # The golden ratio spreads them evenly without a random number.
        column = number * 0.618034 % 1.0
        fall = (
            painter.now_s / _FALLS_S * (0.7 + 0.6 * (number * 0.37 % 1.0)) + number * 0.29
        ) % 1.0
        sway = math.sin(painter.now_s * 2.1 + number) * painter.px(2)
        long, wide = painter.px(3.4), painter.px(1.7)
        turn = abs(math.cos(painter.now_s * 3.3 + number * 1.7))
        size = (
            (max(2, round(long * turn)), wide) if number % 2 else (wide, max(2, round(long * turn)))
        )
        at = (round(column * width + sway), round(fall * (height + 2 * long) - long))
        surface.fill(inks[number % len(inks)], (*at, *size))
