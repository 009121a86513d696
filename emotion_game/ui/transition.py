"""The wipe from one screen to the next: a slanted band sweeps the old picture away."""

from __future__ import annotations

import pygame

from emotion_game.ui import theme
from emotion_game.ui.theme import Palette

#: Steps of the slanted edge, hidden behind the band.
_STAIRS = 24
_SLANT = 0.35
_BAND = 0.16


class Transition:
    """Keep the last picture of the screen before until it is wiped away."""

    def __init__(self) -> None:
        self._old: pygame.Surface | None = None
        self._began_s = 0.0

    def start(self, surface: pygame.Surface, now_s: float) -> None:
        """Keep what ``surface`` shows; the next screen wipes it away."""
        self._old = surface.copy()
        self._began_s = now_s

    def stop(self) -> None:
        """End the wipe."""
        self._old = None

    def draw(self, surface: pygame.Surface, palette: Palette, now_s: float) -> None:
        """Draw what is left of the old picture and the band before it."""
        if self._old is None:
            return
        share = (now_s - self._began_s) / theme.TRANSITION_S
        if share >= 1 or self._old.get_size() != surface.get_size():
            self._old = None
            return
        width, height = surface.get_size()
        slant, band = height * _SLANT, (width + height) * _BAND
        # The band's trailing edge starts outside on the left and leaves on the right.
        reach = width + slant + 2 * band
        edge = theme.ease_in_out(share) * reach - band
        for stair in range(_STAIRS):
            top = height * stair // _STAIRS
            bottom = height * (stair + 1) // _STAIRS
            left = max(0, round(edge - slant * (stair + 0.5) / _STAIRS))
            if left < width:
                part = (left, top, width - left, bottom - top)
                surface.blit(self._old, part[:2], part)
        for colour, start, end in (
            (palette.outline, -0.56, 0.56),
            (palette.accent, -0.5, 0.0),
            (palette.skin, 0.0, 0.5),
        ):
            points = [
                (edge + start * band, 0),
                (edge + end * band, 0),
                (edge + end * band - slant, height),
                (edge + start * band - slant, height),
            ]
            pygame.draw.polygon(surface, colour, points)
