"""Small pictures drawn from lines and circles: logo, rings, the pattern of the ground.

All are premultiplied (see ``vector``); callers keep them (see ``Painter``).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import pygame

from emotion_game.game.modes import FaceName, MotifName
from emotion_game.ui import theme
from emotion_game.ui.mascot import Pose
from emotion_game.ui.mascot import draw as draw_mascot
from emotion_game.ui.theme import Colour, Palette
from emotion_game.ui.vector import Canvas, Point, arc

#: Side of the ground's pattern before it repeats, units.
TILE = 36.0
#: Rings from this side on are drawn once as fine as they are shown.
_LARGE_PX = 300


def disc(
    radius_px: int, colour: Colour, inner: Colour | None = None, line_px: int = 0
) -> pygame.Surface:
    """Return a filled circle, its inside of another colour; its quarters are boxes' corners."""
    canvas = Canvas((2 * radius_px, 2 * radius_px), fine=3)
    canvas.disc(colour, (0.5, 0.5), 0.5)
    if inner is not None:
        canvas.disc(inner, (0.5, 0.5), 0.5 - line_px / (2 * radius_px))
    return canvas.surface()


def ring(
    size_px: int, share: float, width: float, full: Colour, empty: Colour, edge: Colour
) -> pygame.Surface:
    """Return an outlined ring filled clockwise from the top to ``share`` (0..1).

    ``width`` is the ring's breadth in shares of ``size_px``.
    """
    # A large one is smooth enough as it is; twice as fine, it would take a frame's time at 4K.
    canvas = Canvas((size_px, size_px), fine=2 if size_px < _LARGE_PX else 1)
    line = min(0.024, width * 0.22)
    middle, outer, inner = (0.5, 0.5), 0.498 - line, 0.5 - width + line
    canvas.disc(edge, middle, 0.498)
    canvas.disc(empty, middle, outer)
    if share > 0:
        end_deg = -90 + 360 * min(share, 1.0)
        canvas.shape(full, [*arc(middle, outer, -90, end_deg), *arc(middle, inner, end_deg, -90)])
        if share < 1:
            centre, half = (outer + inner) / 2, (outer - inner) / 2
            for angle_deg in (-90.0, end_deg):
                canvas.disc(full, arc(middle, centre, angle_deg, angle_deg)[0], half)
    canvas.disc(edge, middle, inner)
    canvas.hole(middle, inner - line)
    return canvas.surface()


def tile(size_px: int, palette: Palette, motif: MotifName) -> pygame.Surface:
    """Return one square of the ground's pattern, opaque; it repeats without a seam."""
    canvas = Canvas((size_px, size_px), fine=2)
    motifs = ((0.2, 0.24, -14.0), (0.72, 0.74, 12.0), (0.7, 0.2, 20.0), (0.22, 0.76, -8.0))
    for number, (x, y, turn) in enumerate(motifs):
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                centre = (x + dx, y + dy)
                if number % 2:
                    canvas.disc(palette.ray, centre, 0.05)
                else:
                    MOTIFS[motif](canvas, palette.ray, centre, turn)
    picture = pygame.Surface((size_px, size_px))
    picture.fill(palette.ground)
    picture.blit(canvas.surface(), (0, 0), special_flags=pygame.BLEND_PREMULTIPLIED)
    return picture


def _grin(canvas: Canvas, ink: Colour, centre: Point, turn_deg: float) -> None:
    canvas.line(ink, arc(centre, 0.13, 20 + turn_deg, 160 + turn_deg), 0.055)
    for side in (40, 140):
        angle = math.radians(-side + turn_deg)
        spot = (centre[0] + 0.1 * math.cos(angle), centre[1] + 0.1 * math.sin(angle) * 0.7)
        canvas.disc(ink, spot, 0.032)


def _bolt(canvas: Canvas, ink: Colour, centre: Point, turn_deg: float) -> None:
    points = [(0.04, -0.19), (-0.1, 0.03), (0.0, 0.03), (-0.04, 0.19), (0.11, -0.05), (0.01, -0.05)]
    canvas.shape(ink, [(centre[0] + x, centre[1] + y) for x, y in points])


def _drop(canvas: Canvas, ink: Colour, centre: Point, turn_deg: float) -> None:
    tip = (centre[0] + 0.004 * turn_deg, centre[1] - 0.18)
    canvas.shape(ink, [tip, *arc((centre[0], centre[1] + 0.03), 0.09, -20, 200)])


#: What the ground may be strewn with.
MOTIFS: dict[MotifName, Callable[[Canvas, Colour, Point, float], None]] = {
    "grins": _grin,
    "bolts": _bolt,
    "drops": _drop,
}


def logo(size_px: int) -> pygame.Surface:
    """Return the game's mark for a window's icon: the mascot with its face kept."""
    return mascot(size_px, "laughing", 0.0, theme.WARM)


def mascot(size_px: int, face: FaceName, feeling: float | None, palette: Palette) -> pygame.Surface:
    """Return the mascot once, straight alpha, for outside the game's own frames."""
    picture = pygame.Surface((size_px, size_px), pygame.SRCALPHA)
    picture.blit(draw_mascot(size_px, Pose(face, feeling), palette), (0, 0))
    return picture


def stripes(size: tuple[int, int], colour: Colour, alpha: int, step_px: int) -> pygame.Surface:
    """Return diagonal stripes, one every ``step_px``, straight alpha."""
    picture = pygame.Surface(size, pygame.SRCALPHA)
    for start in range(-size[1] - step_px, size[0], step_px):
        points = [
            (start, size[1]),
            (start + step_px // 2, size[1]),
            (start + step_px // 2 + size[1], 0),
            (start + size[1], 0),
        ]
        pygame.draw.polygon(picture, (*colour, alpha), points)
    return picture
