"""The brush that every screen draws with; keeps what is costly to make between frames."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pygame
from pygame import Rect

from emotion_game.game.types import Mode
from emotion_game.screens import sprites, theme
from emotion_game.screens.i18n import Translator
from emotion_game.screens.sprites import Icon
from emotion_game.screens.text import Cache, Typesetter, Weight, printable
from emotion_game.screens.theme import Colour, Palette

Align = Literal["left", "center", "right"]

#: Steps in which rings and faces are drawn: finer ones cannot be told apart.
_STEPS = 72
_FACE_STEPS = 12
#: Memory for small pictures; a whole round stays under 400 MB. On a 4K screen one ring is 2 MB.
_SPRITES_BYTES = 64_000_000


class Painter:
    """Draw text, panels and small pictures on one surface.

    Attributes:
        surface: where to draw; ``begin`` sets it for each frame.
        palette: the colours of the frame's mode.
        tr: the frame's language.
        unit: length of one layout unit, px.
    """

    surface: pygame.Surface
    palette: Palette
    tr: Translator
    unit: float

    def __init__(self) -> None:
        self._type = Typesetter()
        self._sprites: Cache[tuple[object, ...], pygame.Surface]
        self._sprites = Cache(
            _SPRITES_BYTES, lambda picture: picture.get_pitch() * picture.get_height()
        )
        self._ground_key: tuple[object, ...] = ()
        self._ground = pygame.Surface((1, 1))

    def begin(self, surface: pygame.Surface, mode: Mode, tr: Translator) -> None:
        """Start a frame."""
        self.surface = surface
        self.palette = theme.palette_for(mode)
        self.tr = tr
        self.unit = theme.unit_px(surface.get_size())

    def px(self, units: float) -> int:
        """Return ``units`` in px, at least 1."""
        return max(1, round(units * self.unit))

    def keep(self, key: tuple[object, ...], make: Callable[[], pygame.Surface]) -> pygame.Surface:
        """Return the picture of ``key``, made by ``make`` when it is not kept yet."""
        return self._sprites.get(key, make)

    # Grounds

    def ground(self) -> None:
        """Fill the window with the mode's sunburst."""
        size, palette = self.surface.get_size(), self.palette

        def make() -> pygame.Surface:
            picture = pygame.Surface(size)
            picture.fill(palette.ground)
            centre = pygame.Vector2(size[0] / 2, size[1] * 0.42)
            reach = float(sum(size))
            for ray in range(0, 360, 20):
                ends = [centre + pygame.Vector2(reach, 0).rotate(ray + edge) for edge in (-5, 5)]
                pygame.draw.polygon(picture, palette.ray, [centre, *ends])
            return picture

        # One ground is as large as the window: of these only the newest is worth its memory.
        key = (size, palette)
        if self._ground_key != key:
            self._ground_key, self._ground = key, make()
        self.surface.blit(self._ground, (0, 0))

    def panel(self, area: Rect, colour: Colour, radius_px: int | None = None) -> None:
        """Fill a box with smooth round corners."""
        radius = self.px(theme.RADIUS) if radius_px is None else radius_px
        radius = min(radius, area.width // 2, area.height // 2)
        if radius < 1:
            self.surface.fill(colour, area)
            return
        self.surface.fill(colour, area.inflate(0, -2 * radius))
        self.surface.fill(colour, area.inflate(-2 * radius, 0))
        # A quarter circle covers its centre's pixel too, hence one less at the far sides.
        left, right = area.left + radius, area.right - radius - 1
        top, bottom = area.top + radius, area.bottom - radius - 1
        draw = pygame.draw.aacircle
        draw(self.surface, colour, (left, top), radius, draw_top_left=True)
        draw(self.surface, colour, (right, top), radius, draw_top_right=True)
        draw(self.surface, colour, (left, bottom), radius, draw_bottom_left=True)
        draw(self.surface, colour, (right, bottom), radius, draw_bottom_right=True)

    def framed(self, area: Rect, fill: Colour, frame: Colour, width_px: int) -> None:
        """Fill a box and frame it inside its edge."""
        radius = self.px(theme.RADIUS)
        self.panel(area, frame, radius)
        self.panel(area.inflate(-2 * width_px, -2 * width_px), fill, max(0, radius - width_px))

    def veil(self, area: Rect, colour: Colour, opacity: float) -> None:
        """Cover ``area`` with ``colour`` at ``opacity`` (0..1)."""
        size = area.size

        def make() -> pygame.Surface:
            cover = pygame.Surface(size)
            cover.fill(colour)
            cover.set_alpha(round(255 * opacity))
            return cover

        self.surface.blit(self.keep(("veil", size, colour, opacity), make), area)

    # Text

    def text(
        self,
        text: str,
        area: Rect,
        size: float,
        colour: Colour | None = None,
        *,
        weight: Weight = Weight.BOLD,
        align: Align = "center",
        top: bool = False,
        lines: int = 1,
    ) -> Rect:
        """Draw ``text`` in at most ``lines`` lines inside ``area`` and return the box it takes.

        ``size`` is the wanted em in units; longer text is wrapped by words, then shrunk, then
        cut with an ellipsis. Set ``top`` to hang it from the area's top instead of the middle.
        """
        if not text.strip() or area.width < 1 or area.height < 1:
            return Rect(area.center, (0, 0))
        ink = self.palette.text if colour is None else colour
        size_px, broken = self._type.fit(
            text, weight, self.px(size), area.width, area.height, lines
        )
        step = self._type.font(weight, size_px).get_linesize()
        height = step * len(broken)
        y = area.top if top else area.top + (area.height - height) // 2
        taken: list[Rect] = []
        before = self.surface.get_clip()
        self.surface.set_clip(area.clip(before))
        for line in broken:
            picture = self._type.line(line, weight, size_px, ink)
            place = picture.get_rect(top=y)
            match align:
                case "left":
                    place.left = area.left
                case "right":
                    place.right = area.right
                case "center":
                    place.centerx = area.centerx
            self.surface.blit(picture, place)
            taken.append(place)
            y += step
        self.surface.set_clip(before)
        return taken[0].unionall(taken[1:])

    def width_of(self, text: str, size: float, weight: Weight = Weight.BOLD) -> int:
        """Return the width of ``text`` on one line at ``size`` units, px."""
        return self._type.font(weight, self.px(size)).size(printable(text))[0]

    # Small pictures

    def icon(self, kind: Icon, area: Rect, ink: Colour) -> None:
        """Draw an icon in the middle of ``area``."""
        side = min(area.size)
        picture = self.keep((kind, side, ink), lambda: sprites.icon(kind, side, ink))
        self.surface.blit(picture, picture.get_rect(center=area.center))

    def mascot(self, area: Rect, mode: Mode, feeling: float | None) -> None:
        """Draw the mascot in the middle of ``area``; see ``sprites.mascot``."""
        side = min(area.size)
        palette = theme.palette_for(mode)
        step = None if feeling is None else round(min(max(feeling, 0.0), 1.0) * _FACE_STEPS)
        shown = None if step is None else step / _FACE_STEPS
        picture = self.keep(
            ("mascot", side, mode, step), lambda: sprites.mascot(side, mode, shown, palette)
        )
        self.surface.blit(picture, picture.get_rect(center=area.center))

    def ring(self, area: Rect, share: float, width: float, full: Colour) -> None:
        """Draw a ring in the middle of ``area``, filled clockwise to ``share`` (0..1)."""
        side = min(area.size)
        step = round(min(max(share, 0.0), 1.0) * _STEPS)
        empty = self.palette.raised
        picture = self.keep(
            ("ring", side, step, width, full, empty),
            lambda: sprites.ring(side, step / _STEPS, width, full, empty),
        )
        self.surface.blit(picture, picture.get_rect(center=area.center))
