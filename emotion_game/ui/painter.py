"""The brush that every screen draws with; keeps what is costly to make between frames."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Literal, assert_never

import pygame
from pygame import Rect

from emotion_game.ui import icons, mascot, sprites, theme
from emotion_game.ui.i18n import Translator
from emotion_game.ui.icons import Icon
from emotion_game.ui.modes import ModeStyles
from emotion_game.ui.text import Cache, Typesetter, Weight
from emotion_game.ui.theme import Colour, Palette
from emotion_game.ui.transition import Transition

Align = Literal["left", "center", "right"]

#: Steps in which rings are drawn: finer ones cannot be told apart.
_STEPS = 72
#: Memory for small pictures. All steps of one screen's ring are 44 MB at 720p and are wanted once a
#: round: more room than this only made a booth's memory grow for its first twenty rounds.
_SPRITES_BYTES = 16_000_000
_PREMULTIPLIED = pygame.BLEND_PREMULTIPLIED


class Painter:
    """Draw text, boxes and small pictures on one surface.

    Args:
        styles: how the modes look.
        clock: monotonic seconds, for everything that moves.

    Attributes:
        surface: where to draw; ``begin`` sets it for each frame.
        palette: the colours of the frame's mode.
        tr: the frame's language.
        unit: length of one layout unit, px.
        still: no movement is wanted.
        now_s: the frame's time; stands still when ``still``.
        since_s: how long the present screen has been shown; "for ever" when ``still``.
    """

    surface: pygame.Surface
    palette: Palette
    tr: Translator
    unit: float
    still: bool
    now_s: float
    since_s: float

    def __init__(self, styles: ModeStyles, clock: Callable[[], float] = time.monotonic) -> None:
        self._styles = styles
        self.clock = clock
        self.typesetter = Typesetter()
        self._sprites: Cache[tuple[object, ...], pygame.Surface]
        self._sprites = Cache(
            _SPRITES_BYTES, lambda picture: picture.get_pitch() * picture.get_height()
        )
        self._high_contrast = False
        self._screen: type[object] | None = None
        self._shown_at_s = 0.0
        self._transition = Transition()

    def begin(
        self,
        surface: pygame.Surface,
        mode: str,
        tr: Translator,
        *,
        high_contrast: bool = False,
        reduced_motion: bool = False,
        screen: type[object] | None = None,
        wipes: bool = True,
    ) -> None:
        """Start a frame of a screen; a new one ``wipes`` the one before away, or comes at once."""
        self._high_contrast = high_contrast
        self.surface = surface
        self.palette, self._mode = self.palette_for(mode), mode
        self.tr = tr
        self.unit = theme.unit_px(surface.get_size())
        self.still = reduced_motion
        now_s = self.clock()
        if screen is not self._screen:
            self._transition.stop()
            if wipes and self._screen is not None and not reduced_motion:
                self._transition.start(surface, now_s)
            self._screen, self._shown_at_s = screen, now_s
        self.now_s = 0.0 if reduced_motion else now_s
        self.since_s = math.inf if reduced_motion else now_s - self._shown_at_s

    def finish(self) -> None:
        """End a frame: what is left of the screen before goes on top."""
        if self.still:
            self._transition.stop()
        self._transition.draw(self.surface, self.palette, self.clock())

    def palette_for(self, mode: str) -> Palette:
        """Return the colours of a mode as this frame draws them."""
        return self._styles.palette(mode, high_contrast=self._high_contrast)

    @property
    def poster_shadow(self) -> Colour:
        """The colour of the hard shadow under large type."""
        if not self.palette.patterned:
            return self.palette.ground
        return self.palette.panel if self.palette.is_light else self.palette.outline

    @property
    def moves(self) -> bool:
        """Whether shakes, flashes and what grows are wanted: not in high contrast either."""
        return not self.still and not self._high_contrast

    def px(self, units: float) -> int:
        """Return ``units`` in px, at least 1."""
        return max(1, round(units * self.unit))

    def keep(self, key: tuple[object, ...], make: Callable[[], pygame.Surface]) -> pygame.Surface:
        """Return the picture of ``key``, made by ``make`` when it is not kept yet."""
        return self._sprites.get(key, make)

    # Grounds and boxes

    def ground(self) -> None:
        """Fill the window with the mode's slowly drifting pattern."""
        palette, surface = self.palette, self.surface
        if not palette.patterned:
            surface.fill(palette.ground)
            return
        side = self.px(sprites.TILE)
        motif = self._styles.motif(self._mode)
        tile = self.keep(("tile", side, palette, motif), lambda: sprites.tile(side, palette, motif))
        shift = round(self.now_s * theme.DRIFT * self.unit) % side
        width, height = surface.get_size()
        row = [
            (tile, (x, y))
            for y in range(shift - side, height, side)
            for x in range(shift - side, width, side)
        ]
        surface.fblits(row)

    def split_ground(self, modes: Sequence[str]) -> None:
        """Fill the window with the grounds of all modes side by side, jagged seams between them."""
        surface, palette, mode = self.surface, self.palette, self._mode
        whole = surface.get_rect()
        tall = whole.height > whole.width
        length, across = (whole.width, whole.height) if tall else (whole.height, whole.width)
        edges = [round(across * number / len(modes)) for number in range(len(modes) + 1)]
        for each, (start, end) in zip(modes, pairwise(edges), strict=True):
            self.palette, self._mode = self.palette_for(each), each
            band = (0, start, length, end - start) if tall else (start, 0, end - start, length)
            surface.set_clip(Rect(band))
            self.ground()
        surface.set_clip(None)
        self.palette, self._mode = palette, mode
        for (one, other), seam in zip(pairwise(modes), edges[1:], strict=False):
            self._seam(self.palette_for(one), self.palette_for(other), seam, length, tall=tall)

    def _seam(self, first: Palette, second: Palette, seam: int, length: int, *, tall: bool) -> None:
        depth, step = self.px(4), self.px(12)
        for number, start in enumerate(range(-step, length + step, step)):
            side = depth if number % 2 else -depth
            ends = [(start, 0), (start + step // 2, side), (start + step, 0)]
            points = [(a, seam + b) if tall else (seam + b, a) for a, b in ends]
            colour = (first if number % 2 else second).ground
            pygame.draw.polygon(self.surface, colour, points)
            for start_at, end_at in pairwise(points):
                pygame.draw.aaline(
                    self.surface, first.outline, start_at, end_at, self.px(theme.OUTLINE)
                )

    def panel(self, area: Rect, colour: Colour, radius_px: int | None = None) -> None:
        """Fill a box with smooth round corners."""
        radius = self.px(theme.RADIUS) if radius_px is None else radius_px
        radius = min(radius, area.width // 2, area.height // 2)
        surface = self.surface
        if radius < 1:
            surface.fill(colour, area)
            return
        disc = self.keep(("disc", radius, colour), lambda: sprites.disc(radius, colour))
        surface.fill(colour, area.inflate(0, -2 * radius))
        surface.fill(colour, (area.left + radius, area.top, area.width - 2 * radius, radius))
        surface.fill(
            colour, (area.left + radius, area.bottom - radius, area.width - 2 * radius, radius)
        )
        self._corners(area, disc, radius)

    def framed(
        self, area: Rect, fill: Colour, frame: Colour, width_px: int, radius_px: int | None = None
    ) -> None:
        """Fill a box and frame it inside its edge."""
        radius = self.px(theme.RADIUS) if radius_px is None else radius_px
        radius = min(radius, area.width // 2, area.height // 2)
        line = min(width_px, radius)
        if radius < 1:
            self.surface.fill(fill, area)
            return
        disc = self.keep(
            ("disc", radius, fill, frame, line),
            lambda: sprites.disc(radius, frame, fill, line),
        )
        # Every pixel is filled once: on a 4K screen filling is what takes the time.
        paint, left, top, width, height = self.surface.fill, *area
        right, bottom, span = area.right - radius, area.bottom, width - 2 * radius
        paint(fill, (left + radius, top + line, span, height - 2 * line))
        paint(frame, (left + radius, top, span, line))
        paint(frame, (left + radius, bottom - line, span, line))
        tall = height - 2 * radius
        for edge, inner in ((left, left + line), (right + radius - line, right)):
            paint(frame, (edge, top + radius, line, tall))
            paint(fill, (inner, top + radius, radius - line, tall))
        self._corners(area, disc, radius)

    def _corners(self, area: Rect, disc: pygame.Surface, radius: int) -> None:
        """Set the quarters of ``disc`` into the corners."""
        right, bottom = area.right - radius, area.bottom - radius
        for place, part in (
            (area.topleft, (0, 0, radius, radius)),
            ((right, area.top), (radius, 0, radius, radius)),
            ((area.left, bottom), (0, radius, radius, radius)),
            ((right, bottom), (radius, radius, radius, radius)),
        ):
            self.surface.blit(disc, place, part, special_flags=_PREMULTIPLIED)

    def card(
        self,
        area: Rect,
        fill: Colour | None = None,
        *,
        shadow: float = theme.SHADOW,
        radius_px: int | None = None,
        frame: Colour | None = None,
    ) -> None:
        """Draw a box as everything in this game looks: thick outline, hard shadow.

        The shadow, ``shadow`` units, falls inside ``area``.
        """
        palette = self.palette
        depth = self.px(shadow) if shadow else 0
        edge = palette.outline if frame is None else frame
        upper = Rect(area.left, area.top, area.width, area.height - depth)
        if depth:
            radius = self.px(theme.RADIUS) if radius_px is None else radius_px
            below = min(area.height, 2 * radius + depth)
            shade = Rect(area.left, area.bottom - below, area.width, below)
            self.panel(shade, palette.outline, radius_px)
        self.framed(
            upper,
            palette.panel if fill is None else fill,
            edge,
            self.px(theme.OUTLINE),
            radius_px,
        )

    def around(self, area: Rect, colour: Colour, width_px: int | None = None) -> None:
        """Fill a frame of ``width_px`` outside ``area``, or all of the window around it."""
        whole = self.surface.get_rect()
        outer = whole if width_px is None else area.inflate(2 * width_px, 2 * width_px)
        paint = self.surface.fill
        paint(colour, (outer.left, outer.top, outer.width, area.top - outer.top))
        paint(colour, (outer.left, area.bottom, outer.width, outer.bottom - area.bottom))
        paint(colour, (outer.left, area.top, area.left - outer.left, area.height))
        paint(colour, (area.right, area.top, outer.right - area.right, area.height))

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
        shadow: Colour | None = None,
    ) -> Rect:
        """Draw ``text`` in at most ``lines`` lines inside ``area`` and return the box it takes.

        ``size`` is the wanted em in units; longer text is wrapped by words, then shrunk, then
        cut with an ellipsis. Set ``top`` to hang it from the area's top instead of the middle.
        ``shadow`` is the colour of a hard shadow, for posters.
        """
        if not text.strip() or area.width < 1 or area.height < 1:
            return Rect(area.center, (0, 0))
        ink = self.palette.text if colour is None else colour
        size_px, broken = self.typesetter.fit(
            text, weight, self.px(size), area.width, area.height, lines
        )
        if not broken:
            return Rect(area.center, (0, 0))
        step = self.typesetter.font(weight, size_px).get_linesize()
        height = step * len(broken)
        y = area.top if top else area.top + (area.height - height) // 2
        taken: list[Rect] = []
        before = self.surface.get_clip()
        self.surface.set_clip(area.clip(before))
        for line in broken:
            picture = self.typesetter.line(line, weight, size_px, ink)
            place = picture.get_rect(top=y)
            match align:
                case "left":
                    place.left = area.left
                case "right":
                    place.right = area.right
                case "center":
                    place.centerx = area.centerx
                case _:
                    assert_never(align)
            if shadow is not None:
                drop = max(1, round(size_px * 0.055))
                below = self.typesetter.line(line, weight, size_px, shadow)
                self.surface.blit(below, place.move(drop, drop))
            self.surface.blit(picture, place)
            taken.append(place)
            y += step
        self.surface.set_clip(before)
        return taken[0].unionall(taken[1:])

    def width_of(self, text: str, size: float, weight: Weight = Weight.BOLD) -> int:
        """Return the width of ``text`` on one line at ``size`` units, px."""
        return self.typesetter.width(text, weight, self.px(size))

    def digits(self, text: str, area: Rect, size: float, ink: Colour, grown: float) -> None:
        """Draw a few large signs in the middle of ``area``, ``grown`` times their size."""
        size_px = self.px(size)
        step = round(grown * 16)
        shadow = self.poster_shadow

        def make() -> pygame.Surface:
            drop = round(size_px * 0.05)
            above = self.typesetter.line(text, Weight.BOLD, size_px, ink)
            both = pygame.Surface(
                (above.get_width() + drop, above.get_height() + drop), pygame.SRCALPHA
            )
            both.blit(self.typesetter.line(text, Weight.BOLD, size_px, shadow), (drop, drop))
            both.blit(above, (0, 0))
            if step == 16:
                return both
            width, height = both.get_size()
            # Seen for a few frames only: quick beats smooth.
            return pygame.transform.scale(both, (width * step // 16, height * step // 16))

        picture = self.keep(("digits", text, size_px, ink, shadow, step), make)
        self.surface.blit(picture, picture.get_rect(center=area.center))

    def stamp(
        self,
        text: str,
        area: Rect,
        size: float,
        *,
        turn_deg: float,
        grown: float,
        glad: bool = False,
    ) -> None:
        """Stamp a word on the middle of ``area``, turned, ``grown`` times its size."""
        palette = self.palette
        fill, ink = (
            (palette.accent, palette.on_accent) if glad else (palette.danger, palette.on_danger)
        )

        def make() -> pygame.Surface:
            turned = math.radians(turn_deg)
            room = area.width * math.cos(turned) - area.height * math.sin(turned)
            size_px, lines = self.typesetter.fit(
                text, Weight.BOLD, self.px(size), round(room * 0.86), round(area.height * 0.7), 1
            )
            words = self.typesetter.line(lines[0] if lines else text, Weight.BOLD, size_px, ink)
            edge = max(2, size_px // 14)
            box = Rect(0, 0, words.get_width() + size_px, words.get_height() + 4 * edge)
            picture = pygame.Surface(box.inflate(2 * edge, 2 * edge).size, pygame.SRCALPHA)
            box.topleft = (edge, edge)
            outer = box.inflate(2 * edge, 2 * edge)
            for colour, part in (
                (palette.shade, outer),
                (fill, box),
                (ink, box.inflate(-2 * edge, -2 * edge)),
                (fill, box.inflate(-3 * edge, -3 * edge)),
            ):
                pygame.draw.rect(picture, colour, part, border_radius=part.height // 5)
            picture.blit(words, words.get_rect(center=box.center))
            return pygame.transform.rotozoom(picture, turn_deg, 1.0)

        picture = self.keep(("stamp", text, area.size, size, turn_deg, fill), make)
        if grown != 1.0:
            # Seen for a few frames only: quick beats smooth.
            wide, tall = picture.get_size()
            picture = pygame.transform.scale(picture, (round(wide * grown), round(tall * grown)))
        self.surface.blit(picture, picture.get_rect(center=area.center))

    def bubble(self, area: Rect, fill: Colour, *, below: bool) -> None:
        """Draw a speech bubble whose speaker is below it, or on its left."""
        edge, tail = self.px(theme.OUTLINE), self.px(3)
        self.card(area, fill)
        low = area.bottom - self.px(theme.SHADOW)
        if below:
            roots = ((area.centerx - tail, low - edge), (area.centerx + tail, low - edge))
            tip = (area.centerx, low + 2 * tail)
            inner = [(x, y - edge) for x, y in (*roots, tip)]
            inner[0], inner[1] = (
                (inner[0][0] + 2 * edge, inner[0][1]),
                (inner[1][0] - 2 * edge, inner[1][1]),
            )
            inner[2] = (tip[0], tip[1] - 3 * edge)
        else:
            roots = (
                (area.left + edge, area.centery - tail),
                (area.left + edge, area.centery + tail),
            )
            tip = (area.left - 2 * tail, area.centery + tail)
            inner = [
                (roots[0][0] + edge, roots[0][1] + 2 * edge),
                (roots[1][0] + edge, roots[1][1] - 2 * edge),
                (tip[0] + 3 * edge, tip[1] - edge // 2),
            ]
        pygame.draw.polygon(self.surface, self.palette.outline, (*roots, tip))
        pygame.draw.polygon(self.surface, fill, inner)

    def rays(self, centre: tuple[int, int]) -> None:
        """Let the sun rise behind something: rays over the ground, slowly turning."""
        if not self.palette.patterned:
            return
        reach, count = sum(self.surface.get_size()), 12
        turn = self.now_s * 0.12
        for number in range(count):
            ends = [turn + math.tau * (number + half) / count for half in (0.0, 0.5)]
            points = [
                (centre[0] + reach * math.cos(a), centre[1] + reach * math.sin(a)) for a in ends
            ]
            pygame.draw.polygon(self.surface, self.palette.ray, [centre, *points])

    def shake(self, strength: float) -> None:
        """Move what is drawn by up to ``strength`` units; never where no motion is wanted."""
        if strength <= 0 or not self.moves:
            return
        reach = strength * self.unit
        dx, dy = math.sin(self.now_s * 91) * reach, math.cos(self.now_s * 77) * reach
        self.surface.scroll(round(dx), round(dy))

    # Small pictures

    def icon(self, kind: Icon, area: Rect, ink: Colour) -> None:
        """Draw an icon in the middle of ``area``."""
        side = min(area.size)
        picture = self.keep((kind, side, ink), lambda: icons.icon(kind, side, ink))
        self.surface.blit(picture, picture.get_rect(center=area.center))

    def badge(self, kind: Icon, area: Rect, fill: Colour, ink: Colour) -> None:
        """Draw an icon on an outlined disc in the middle of ``area``."""
        side = min(area.size)
        disc = Rect(0, 0, side, side)
        disc.center = area.center
        self.framed(disc, fill, self.palette.outline, self.px(theme.OUTLINE * 0.8), side // 2)
        self.icon(kind, disc.inflate(-side * 0.42, -side * 0.42), ink)

    def mascot(
        self,
        area: Rect,
        mode: str,
        feeling: float | None,
        *,
        asleep: bool = False,
        cheers: bool = False,
        crown: float | None = None,
    ) -> None:
        """Draw the mascot in the middle of ``area``; see ``mascot.Pose`` for ``feeling``.

        It blinks and looks about by itself; ``asleep`` keeps its eyes shut. ``crown`` is how far
        the crown has come down on its head, 0..1.
        """
        side = min(area.size)
        if side < 8:
            return
        t_s = self.now_s
        # Cheap, steady idling: a blink every 3.7 s, a glance every 5.3 s.
        blink = t_s % 3.7
        lid = 1.0 if asleep else max(0.0, 1 - abs(blink - 0.09) / 0.09)
        glance = t_s % 5.3
        gaze = math.sin((glance - 3.4) * math.pi / 1.9) if glance > 3.4 else 0.0
        pose = mascot.Pose(
            self._styles.face(mode),
            feeling,
            (gaze if glance < 4.5 else -gaze, 0.0),
            lid,
            t_s,
            cheers,
        )
        picture = mascot.draw(side, pose, self.palette_for(mode))
        bob = 0.0
        if feeling is not None and feeling >= mascot.BREAKS and not self.still:
            bob = 0.025 * side * abs(math.sin(t_s * 7.5))
        if cheers and self.moves:
            bob = 0.07 * side * abs(math.sin(t_s * 5.0))
        place = picture.get_rect(center=area.center).move(0, -round(bob))
        self.surface.blit(picture, place, special_flags=_PREMULTIPLIED)
        if crown is not None:
            wide = round(side * mascot.CROWN_WIDE)
            gold = self.keep(("worn crown", wide), lambda: mascot.draw_crown(wide))
            above = round((1.0 - crown) * 0.5 * side)
            top = place.top + round(side * mascot.CROWN_FOOT) - gold.get_height() - above
            self.surface.blit(gold, (place.centerx - wide // 2, top), special_flags=_PREMULTIPLIED)

    def ring(
        self, area: Rect, share: float, width: float, full: Colour, empty: Colour | None = None
    ) -> None:
        """Draw a ring in the middle of ``area``, filled clockwise to ``share`` (0..1)."""
        side = min(area.size)
        step = round(min(max(share, 0.0), 1.0) * _STEPS)
        if share > 0:
            step = max(step, 1)
        rest = self.palette.panel if empty is None else empty
        edge = self.palette.outline
        picture = self.keep(
            ("ring", side, step, width, full, rest, edge),
            lambda: sprites.ring(side, step / _STEPS, width, full, rest, edge),
        )
        self.surface.blit(picture, picture.get_rect(center=area.center))
