"""Small pictures drawn from lines and circles: the icons, the mascot, the hold ring.

All are drawn several times too large and scaled down, which smooths their edges; callers keep
them (see ``Painter``), since that is too slow for every frame.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import Enum, auto
from itertools import pairwise

import pygame

from emotion_game.game.types import Mode
from emotion_game.screens.theme import Colour, Palette

_OVERSIZE = 3
_Point = tuple[float, float]


class Icon(Enum):
    """What an icon shows."""

    PLAY = auto()
    BACK = auto()
    AGAIN = auto()
    NEXT = auto()
    STOP = auto()
    QUIT = auto()
    CAMERA = auto()
    FULLSCREEN = auto()
    LANGUAGE = auto()
    CHECK = auto()
    WARNING = auto()
    SOUND_OFF = auto()
    FILM = auto()
    FLAG = auto()
    STAR = auto()
    STAR_EMPTY = auto()
    NO_FACE = auto()
    DELETE = auto()
    UNDO = auto()


class _Board:
    """An oversized square to draw on in shares (0..1) of its side."""

    def __init__(self, size_px: int) -> None:
        self.size_px = max(size_px, 1)
        self.side = self.size_px * _OVERSIZE
        self.surface = pygame.Surface((self.side, self.side), pygame.SRCALPHA)

    def at(self, points: Sequence[_Point]) -> list[_Point]:
        return [(x * self.side, y * self.side) for x, y in points]

    def line(self, colour: Colour, points: Sequence[_Point], width: float) -> None:
        """Draw a stroke with round ends and joints."""
        placed = self.at(points)
        thick = max(1, round(width * self.side))
        for start, end in pairwise(placed):
            # Own quadrangles: pygame cuts the ends of thick sloped lines flat.
            dx, dy = end[0] - start[0], end[1] - start[1]
            length = math.hypot(dx, dy) or 1.0
            nx, ny = -dy / length * thick / 2, dx / length * thick / 2
            corners = [
                (start[0] + nx, start[1] + ny),
                (end[0] + nx, end[1] + ny),
                (end[0] - nx, end[1] - ny),
                (start[0] - nx, start[1] - ny),
            ]
            pygame.draw.polygon(self.surface, colour, corners)
        for point in placed:
            pygame.draw.circle(self.surface, colour, point, thick / 2)

    def shape(self, colour: Colour, points: Sequence[_Point]) -> None:
        pygame.draw.polygon(self.surface, colour, self.at(points))

    def disc(self, colour: Colour, centre: _Point, radius: float) -> None:
        pygame.draw.circle(self.surface, colour, self.at([centre])[0], radius * self.side)

    def box(
        self, colour: Colour, x: float, y: float, width: float, height: float, radius: float = 0.0
    ) -> None:
        (left, top), (right, bottom) = self.at([(x, y), (x + width, y + height)])
        area = pygame.Rect(round(left), round(top), round(right - left), round(bottom - top))
        pygame.draw.rect(self.surface, colour, area, border_radius=round(radius * self.side))

    def oval(self, colour: Colour, centre: _Point, width: float, height: float) -> None:
        area = pygame.Rect(0, 0, round(width * self.side), round(height * self.side))
        area.center = (round(centre[0] * self.side), round(centre[1] * self.side))
        pygame.draw.ellipse(self.surface, colour, area)

    def finish(self) -> pygame.Surface:
        """Return the picture in its final size."""
        return pygame.transform.smoothscale(self.surface, (self.size_px, self.size_px))


def _arc(centre: _Point, radius: float, start_deg: float, end_deg: float) -> list[_Point]:
    """Return points on an arc; 0 degrees is to the right, growing clockwise."""
    steps = max(2, math.ceil(abs(end_deg - start_deg) / 4))
    angles = [math.radians(start_deg + (end_deg - start_deg) * i / steps) for i in range(steps + 1)]
    return [(centre[0] + radius * math.cos(a), centre[1] + radius * math.sin(a)) for a in angles]


def _star(board: _Board, ink: Colour, *, filled: bool) -> None:
    points = [
        (0.5 + r * math.cos(a), 0.53 + r * math.sin(a))
        for i in range(10)
        for r, a in [(0.46 if i % 2 == 0 else 0.2, math.radians(-90 + 36 * i))]
    ]
    if filled:
        board.shape(ink, points)
    board.line(ink, [*points, points[0]], 0.06)


def icon(kind: Icon, size_px: int, ink: Colour) -> pygame.Surface:
    """Return an icon of ``size_px`` by ``size_px`` on a transparent ground."""
    board = _Board(size_px)
    match kind:
        case Icon.PLAY:
            triangle = [(0.28, 0.18), (0.28, 0.82), (0.8, 0.5)]
            board.shape(ink, triangle)
            board.line(ink, [*triangle, triangle[0]], 0.1)
        case Icon.BACK:
            board.line(ink, [(0.85, 0.5), (0.18, 0.5)], 0.12)
            board.line(ink, [(0.45, 0.2), (0.15, 0.5), (0.45, 0.8)], 0.12)
        case Icon.NEXT:
            board.line(ink, [(0.2, 0.2), (0.5, 0.5), (0.2, 0.8)], 0.13)
            board.line(ink, [(0.52, 0.2), (0.82, 0.5), (0.52, 0.8)], 0.13)
        case Icon.AGAIN:
            board.line(ink, _arc((0.5, 0.52), 0.33, -40, 250), 0.12)
            board.shape(ink, [(0.56, 0.14), (0.94, 0.1), (0.86, 0.48)])
        case Icon.STOP:
            board.box(ink, 0.2, 0.2, 0.6, 0.6, 0.1)
        case Icon.QUIT:
            board.line(ink, [(0.2, 0.2), (0.8, 0.8)], 0.13)
            board.line(ink, [(0.8, 0.2), (0.2, 0.8)], 0.13)
        case Icon.CAMERA:
            board.box(ink, 0.06, 0.24, 0.6, 0.52, 0.12)
            board.shape(ink, [(0.7, 0.46), (0.94, 0.28), (0.94, 0.72), (0.7, 0.54)])
        case Icon.FULLSCREEN:
            for x, sx in ((0.14, 1), (0.86, -1)):
                for y, sy in ((0.14, 1), (0.86, -1)):
                    board.line(ink, [(x, y + 0.24 * sy), (x, y), (x + 0.24 * sx, y)], 0.11)
        case Icon.LANGUAGE:
            board.line(ink, _arc((0.5, 0.5), 0.4, 0, 360), 0.08)
            board.line(ink, [(0.1, 0.5), (0.9, 0.5)], 0.08)
            board.line(
                ink,
                [
                    (0.5 + 0.17 * math.cos(t), 0.5 + 0.4 * math.sin(t))
                    for t in (math.tau * i / 60 for i in range(61))
                ],
                0.08,
            )
        case Icon.CHECK:
            board.line(ink, [(0.16, 0.54), (0.4, 0.78), (0.86, 0.24)], 0.15)
        case Icon.WARNING:
            board.line(ink, [(0.5, 0.14), (0.92, 0.84), (0.08, 0.84), (0.5, 0.14)], 0.1)
            board.line(ink, [(0.5, 0.4), (0.5, 0.58)], 0.11)
            board.disc(ink, (0.5, 0.72), 0.06)
        case Icon.SOUND_OFF:
            board.shape(
                ink,
                [(0.06, 0.36), (0.26, 0.36), (0.5, 0.14), (0.5, 0.86), (0.26, 0.64), (0.06, 0.64)],
            )
            board.line(ink, [(0.64, 0.38), (0.9, 0.64)], 0.1)
            board.line(ink, [(0.9, 0.38), (0.64, 0.64)], 0.1)
        case Icon.FILM:
            board.line(ink, [(0.1, 0.18), (0.9, 0.18), (0.9, 0.82), (0.1, 0.82), (0.1, 0.18)], 0.09)
            board.shape(ink, [(0.4, 0.34), (0.4, 0.66), (0.66, 0.5)])
        case Icon.FLAG:
            board.line(ink, [(0.24, 0.1), (0.24, 0.92)], 0.11)
            board.shape(ink, [(0.24, 0.1), (0.88, 0.3), (0.24, 0.54)])
        case Icon.STAR:
            _star(board, ink, filled=True)
        case Icon.STAR_EMPTY:
            _star(board, ink, filled=False)
        case Icon.DELETE:
            board.line(ink, [(0.14, 0.26), (0.86, 0.26)], 0.1)
            board.line(ink, [(0.4, 0.13), (0.6, 0.13)], 0.1)
            board.line(ink, [(0.24, 0.3), (0.3, 0.88), (0.7, 0.88), (0.76, 0.3)], 0.1)
            for x in (0.43, 0.57):
                board.line(ink, [(x, 0.44), (x, 0.72)], 0.07)
        case Icon.UNDO:
            board.line(ink, _arc((0.5, 0.52), 0.33, 220, -70), 0.12)
            board.shape(ink, [(0.44, 0.14), (0.06, 0.1), (0.14, 0.48)])
        case Icon.NO_FACE:
            for start in range(0, 360, 60):
                board.line(ink, _arc((0.5, 0.5), 0.4, start, start + 34), 0.09)
            board.line(ink, [*_arc((0.5, 0.38), 0.13, -200, 60), (0.5, 0.58)], 0.1)
            board.disc(ink, (0.5, 0.73), 0.06)
    return board.finish()


def mascot(size_px: int, mode: Mode, feeling: float | None, palette: Palette) -> pygame.Surface:
    """Return the mascot, a television with a face.

    ``feeling`` runs from 0, the straight face, to 1, the whole laugh or gasp of ``mode``; with
    None the set is off: nobody is seen.
    """
    board = _Board(size_px)
    skin = palette.no_face if feeling is None else palette.accent
    ink = palette.on_accent
    for x in (0.3, 0.7):
        board.line(skin, [(0.5, 0.24), (x, 0.08)], 0.035)
        board.disc(skin, (x, 0.07), 0.05)
    board.box(skin, 0.2, 0.84, 0.16, 0.14, 0.05)
    board.box(skin, 0.64, 0.84, 0.16, 0.14, 0.05)
    board.box(skin, 0.04, 0.18, 0.92, 0.74, 0.2)
    board.box(ink, 0.1, 0.24, 0.8, 0.62, 0.15)
    board.box(skin, 0.125, 0.265, 0.75, 0.57, 0.13)
    if feeling is None:
        for x in (0.34, 0.66):
            board.line(ink, [(x - 0.06, 0.46), (x + 0.06, 0.58)], 0.04)
            board.line(ink, [(x + 0.06, 0.46), (x - 0.06, 0.58)], 0.04)
        board.line(ink, [(0.4, 0.72), (0.6, 0.72)], 0.04)
    elif mode is Mode.HAPPY:
        _laugh(board, ink, palette.danger, feeling)
    else:
        _gasp(board, ink, palette.danger, feeling)
    return board.finish()


def _laugh(board: _Board, ink: Colour, tongue: Colour, feeling: float) -> None:
    """Draw a straight face that turns into a laugh."""
    for x in (0.33, 0.67):
        board.line(ink, [(x - 0.08, 0.38), (x + 0.08, 0.38)], 0.035)
        if feeling < 0.6:
            board.disc(ink, (x, 0.49), 0.052)
        else:
            board.line(ink, _arc((x, 0.53), 0.075, 200, 340), 0.042)
    half, depth = 0.13 + 0.08 * feeling, 0.2 * feeling
    corners = 0.7 - 0.06 * feeling
    lip = [
        (0.5 + half * (i / 10 - 1), corners + depth * (1 - (i / 10 - 1) ** 2)) for i in range(21)
    ]
    if feeling >= 0.6:
        board.shape(ink, lip)
        board.oval(tongue, (0.5, corners + depth * 0.72), half * 0.9, depth * 0.42)
        board.line(ink, [*lip, lip[0]], 0.045)
    else:
        board.line(ink, lip, 0.045)


def _gasp(board: _Board, ink: Colour, tongue: Colour, feeling: float) -> None:
    """Draw a straight face that turns into a gasp."""
    brow = 0.38 - 0.05 * feeling
    for x in (0.33, 0.67):
        bent = _arc((x, brow + 0.1), 0.1, 225, 315)
        board.line(ink, bent if feeling >= 0.6 else [(x - 0.08, brow), (x + 0.08, brow)], 0.035)
        board.disc(ink, (x, 0.49), 0.052 + 0.03 * feeling)
        if feeling >= 0.3:
            board.disc((255, 255, 255), (x, 0.49), 0.05 * feeling)
            board.disc(ink, (x, 0.49), 0.022)
    if feeling < 0.3:
        board.line(ink, [(0.37, 0.7), (0.63, 0.7)], 0.045)
    else:
        board.oval(ink, (0.5, 0.7), 0.1 + 0.09 * feeling, 0.06 + 0.16 * feeling)
        board.oval(tongue, (0.5, 0.71 + 0.03 * feeling), 0.06 + 0.04 * feeling, 0.07 * feeling)


def ring(size_px: int, share: float, width: float, full: Colour, empty: Colour) -> pygame.Surface:
    """Return a ring filled clockwise from the top to ``share`` (0..1).

    ``width`` is the ring's breadth in shares of ``size_px``.
    """
    board = _Board(size_px)
    radius = 0.5 - width / 2 - 0.01
    board.line(empty, _arc((0.5, 0.5), radius, 0, 360), width)
    if share > 0:
        board.line(full, _arc((0.5, 0.5), radius, -90, -90 + 360 * min(share, 1.0)), width)
    return board.finish()
