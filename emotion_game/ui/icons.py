"""Icons, drawn from lines and circles; premultiplied (see ``vector``)."""

from __future__ import annotations

import math
from enum import Enum, auto

import pygame

from emotion_game.ui.theme import Colour
from emotion_game.ui.vector import Canvas, Point, arc


class Icon(Enum):
    """What an icon shows."""

    PLAY = auto()
    BACK = auto()
    AGAIN = auto()
    NEXT = auto()
    STOP = auto()
    PAUSE = auto()
    QUIT = auto()
    CAMERA = auto()
    FULLSCREEN = auto()
    LANGUAGE = auto()
    CHECK = auto()
    WARNING = auto()
    SOUND = auto()
    SOUND_OFF = auto()
    MUSIC = auto()
    FILM = auto()
    FLAG = auto()
    FLASH = auto()
    STAR = auto()
    STAR_EMPTY = auto()
    CROWN = auto()
    TROPHY = auto()
    ENDLESS = auto()
    DUEL = auto()
    ONE_PLAYER = auto()
    OPTIONS = auto()
    PENCIL = auto()
    SAVE = auto()
    SHIFT = auto()
    LIGHT = auto()
    NEARER = auto()
    FARTHER = auto()
    CENTRE = auto()
    TURN = auto()
    CLOCK = auto()
    CONTRAST = auto()
    MOTION = auto()
    GAMEPAD = auto()
    NO_FACE = auto()
    DELETE = auto()
    ERASE = auto()
    UNDO = auto()
    PLUS = auto()
    MINUS = auto()
    LOCK = auto()


def _star(canvas: Canvas, ink: Colour, *, filled: bool) -> None:
    points = [
        (0.5 + r * math.cos(a), 0.53 + r * math.sin(a))
        for i in range(10)
        for r, a in [(0.42 if i % 2 == 0 else 0.19, math.radians(-90 + 36 * i))]
    ]
    if filled:
        canvas.shape(ink, points)
    canvas.line(ink, points, 0.09, closed=True)


def _head(canvas: Canvas, ink: Colour, x: float, size: float) -> None:
    """Draw a bust: head and shoulders."""
    canvas.disc(ink, (x, 0.5 - 0.6 * size), 0.42 * size)
    canvas.shape(ink, arc((x, 0.5 + 0.85 * size), 0.75 * size, 180, 360))


def _arrow(canvas: Canvas, ink: Colour, tail: Point, tip: Point, width: float = 0.11) -> None:
    dx, dy = tip[0] - tail[0], tip[1] - tail[1]
    length = math.hypot(dx, dy)
    ux, uy = dx / length, dy / length
    barb = 0.2
    canvas.line(ink, [tail, tip], width)
    canvas.line(
        ink,
        [
            (tip[0] - barb * (ux + uy), tip[1] - barb * (uy - ux)),
            tip,
            (tip[0] - barb * (ux - uy), tip[1] - barb * (uy + ux)),
        ],
        width,
    )


def _speaker(canvas: Canvas, ink: Colour) -> None:
    points = [(0.06, 0.36), (0.24, 0.36), (0.46, 0.16), (0.46, 0.84), (0.24, 0.64), (0.06, 0.64)]
    canvas.shape(ink, points)
    canvas.line(ink, points, 0.05, closed=True)


def icon(kind: Icon, size_px: int, ink: Colour) -> pygame.Surface:
    """Return an icon of ``size_px`` by ``size_px`` on a transparent ground."""
    canvas = Canvas((size_px, size_px), fine=3)
    _DRAWN[kind](canvas, ink)
    return canvas.surface()


def _play(c: Canvas, ink: Colour) -> None:
    triangle = [(0.3, 0.2), (0.3, 0.8), (0.78, 0.5)]
    c.shape(ink, triangle)
    c.line(ink, triangle, 0.12, closed=True)


def _back(c: Canvas, ink: Colour) -> None:
    c.line(ink, [(0.85, 0.5), (0.18, 0.5)], 0.13)
    c.line(ink, [(0.45, 0.2), (0.15, 0.5), (0.45, 0.8)], 0.13)


def _next(c: Canvas, ink: Colour) -> None:
    c.line(ink, [(0.2, 0.2), (0.5, 0.5), (0.2, 0.8)], 0.14)
    c.line(ink, [(0.52, 0.2), (0.82, 0.5), (0.52, 0.8)], 0.14)


def _again(c: Canvas, ink: Colour) -> None:
    c.line(ink, arc((0.5, 0.52), 0.33, -30, 250), 0.13)
    c.shape(ink, [(0.56, 0.12), (0.95, 0.1), (0.86, 0.5)])


def _undo(c: Canvas, ink: Colour) -> None:
    c.line(ink, arc((0.5, 0.52), 0.33, 210, -70), 0.13)
    c.shape(ink, [(0.44, 0.12), (0.05, 0.1), (0.14, 0.5)])


def _stop(c: Canvas, ink: Colour) -> None:
    c.box(ink, 0.2, 0.2, 0.6, 0.6, 0.12)


def _pause(c: Canvas, ink: Colour) -> None:
    for x in (0.2, 0.58):
        c.box(ink, x, 0.16, 0.22, 0.68, 0.08)


def _quit(c: Canvas, ink: Colour) -> None:
    c.line(ink, [(0.2, 0.2), (0.8, 0.8)], 0.14)
    c.line(ink, [(0.8, 0.2), (0.2, 0.8)], 0.14)


def _camera(c: Canvas, ink: Colour) -> None:
    c.box(ink, 0.05, 0.24, 0.62, 0.52, 0.13)
    lens = [(0.72, 0.46), (0.92, 0.3), (0.92, 0.7), (0.72, 0.54)]
    c.shape(ink, lens)
    c.line(ink, lens, 0.05, closed=True)


def _fullscreen(c: Canvas, ink: Colour) -> None:
    for x, sx in ((0.14, 1), (0.86, -1)):
        for y, sy in ((0.14, 1), (0.86, -1)):
            c.line(ink, [(x, y + 0.24 * sy), (x, y), (x + 0.24 * sx, y)], 0.12)


def _language(c: Canvas, ink: Colour) -> None:
    c.line(ink, arc((0.5, 0.5), 0.4, 0, 360), 0.09)
    c.line(ink, [(0.1, 0.5), (0.9, 0.5)], 0.09)
    c.line(ink, arc((0.5, 0.5), 0.17, 0, 360, 0.4), 0.09)


def _check(c: Canvas, ink: Colour) -> None:
    c.line(ink, [(0.16, 0.54), (0.4, 0.78), (0.86, 0.24)], 0.17)


def _warning(c: Canvas, ink: Colour) -> None:
    c.line(ink, [(0.5, 0.13), (0.94, 0.87), (0.06, 0.87)], 0.09, closed=True)
    c.line(ink, [(0.5, 0.42), (0.5, 0.58)], 0.1)
    c.disc(ink, (0.5, 0.73), 0.058)


def _sound(c: Canvas, ink: Colour) -> None:
    _speaker(c, ink)
    c.line(ink, arc((0.46, 0.5), 0.2, -50, 50), 0.1)
    c.line(ink, arc((0.46, 0.5), 0.42, -50, 50), 0.1)


def _sound_off(c: Canvas, ink: Colour) -> None:
    _speaker(c, ink)
    c.line(ink, [(0.64, 0.38), (0.9, 0.64)], 0.11)
    c.line(ink, [(0.9, 0.38), (0.64, 0.64)], 0.11)


def _music(c: Canvas, ink: Colour) -> None:
    c.oval(ink, (0.27, 0.77), 0.3, 0.22, -20)
    c.oval(ink, (0.73, 0.69), 0.3, 0.22, -20)
    c.line(ink, [(0.38, 0.74), (0.38, 0.24), (0.84, 0.15), (0.84, 0.66)], 0.09)
    c.line(ink, [(0.38, 0.3), (0.84, 0.21)], 0.14)


def _film(c: Canvas, ink: Colour) -> None:
    c.line(ink, [(0.1, 0.18), (0.9, 0.18), (0.9, 0.82), (0.1, 0.82)], 0.1, closed=True)
    c.shape(ink, [(0.4, 0.34), (0.4, 0.66), (0.68, 0.5)])


def _flag(c: Canvas, ink: Colour) -> None:
    c.line(ink, [(0.24, 0.1), (0.24, 0.92)], 0.12)
    c.shape(ink, [(0.24, 0.08), (0.9, 0.3), (0.24, 0.56)])


def _flash(c: Canvas, ink: Colour) -> None:
    bolt = [(0.58, 0.06), (0.2, 0.56), (0.46, 0.56), (0.4, 0.94), (0.8, 0.42), (0.53, 0.42)]
    c.shape(ink, bolt)
    c.line(ink, bolt, 0.05, closed=True)


def _crown(c: Canvas, ink: Colour) -> None:
    points = [
        (0.1, 0.28), (0.32, 0.5), (0.5, 0.16), (0.68, 0.5), (0.9, 0.28), (0.82, 0.72), (0.18, 0.72),
    ]  # fmt: skip
    c.shape(ink, points)
    c.line(ink, points, 0.07, closed=True)
    c.line(ink, [(0.18, 0.86), (0.82, 0.86)], 0.1)
    for x, y in ((0.1, 0.25), (0.5, 0.13), (0.9, 0.25)):
        c.disc(ink, (x, y), 0.075)


def _trophy(c: Canvas, ink: Colour) -> None:
    c.shape(ink, [(0.26, 0.1), (0.74, 0.1), *arc((0.5, 0.32), 0.24, 0, 180, 0.28)])
    c.line(ink, arc((0.26, 0.27), 0.15, 90, 270, 0.12), 0.08)
    c.line(ink, arc((0.74, 0.27), 0.15, -90, 90, 0.12), 0.08)
    c.line(ink, [(0.5, 0.58), (0.5, 0.8)], 0.13)
    c.line(ink, [(0.28, 0.86), (0.72, 0.86)], 0.13)


def _endless(c: Canvas, ink: Colour) -> None:
    c.line(
        ink,
        [
            (
                0.5 + 0.38 * math.cos(t) / (1 + math.sin(t) ** 2) * 1.1,
                0.5 + 0.62 * math.sin(t) * math.cos(t) / (1 + math.sin(t) ** 2),
            )
            for t in (math.tau * i / 48 for i in range(48))
        ],
        0.13,
        closed=True,
    )


def _duel(c: Canvas, ink: Colour) -> None:
    _head(c, ink, 0.26, 0.34)
    _head(c, ink, 0.74, 0.34)


def _one_player(c: Canvas, ink: Colour) -> None:
    _head(c, ink, 0.5, 0.48)


def _options(c: Canvas, ink: Colour) -> None:
    for y, x in ((0.22, 0.66), (0.5, 0.32), (0.78, 0.58)):
        c.line(ink, [(0.12, y), (0.88, y)], 0.09)
        c.disc(ink, (x, y), 0.12)


def _pencil(c: Canvas, ink: Colour) -> None:
    c.line(ink, [(0.78, 0.22), (0.36, 0.64)], 0.2)
    c.shape(ink, [(0.14, 0.86), (0.23, 0.6), (0.4, 0.77)])


def _save(c: Canvas, ink: Colour) -> None:
    _arrow(c, ink, (0.5, 0.1), (0.5, 0.6), 0.12)
    c.line(ink, [(0.12, 0.66), (0.12, 0.86), (0.88, 0.86), (0.88, 0.66)], 0.12)


def _shift(c: Canvas, ink: Colour) -> None:
    right = [(0.9, 0.52), (0.68, 0.52), (0.68, 0.86)]
    points = [(0.5, 0.12), *right, *((1 - x, y) for x, y in reversed(right))]
    c.shape(ink, points)
    c.line(ink, points, 0.06, closed=True)


def _light(c: Canvas, ink: Colour) -> None:
    c.disc(ink, (0.5, 0.5), 0.21)
    for i in range(8):
        a = math.tau * i / 8
        c.line(
            ink,
            [(0.5 + r * math.cos(a), 0.5 + r * math.sin(a)) for r in (0.34, 0.43)],
            0.1,
        )


def _nearer(c: Canvas, ink: Colour) -> None:
    for x, y in ((0.1, 0.1), (0.9, 0.1), (0.1, 0.9), (0.9, 0.9)):
        _arrow(c, ink, (0.5 + (x - 0.5) * 0.2, 0.5 + (y - 0.5) * 0.2), (x, y), 0.1)


def _farther(c: Canvas, ink: Colour) -> None:
    for x, y in ((0.1, 0.1), (0.9, 0.1), (0.1, 0.9), (0.9, 0.9)):
        _arrow(c, ink, (x, y), (0.5 + (x - 0.5) * 0.25, 0.5 + (y - 0.5) * 0.25), 0.1)


def _centre(c: Canvas, ink: Colour) -> None:
    c.disc(ink, (0.5, 0.5), 0.14)
    _arrow(c, ink, (0.04, 0.5), (0.3, 0.5), 0.1)
    _arrow(c, ink, (0.96, 0.5), (0.7, 0.5), 0.1)


def _turn(c: Canvas, ink: Colour) -> None:
    c.disc(ink, (0.5, 0.22), 0.17)
    c.shape(ink, arc((0.5, 0.68), 0.3, 180, 360, 0.24))
    _arrow(c, ink, (0.5, 0.86), (0.94, 0.86), 0.1)
    c.line(ink, [(0.06, 0.86), (0.5, 0.86)], 0.1)


def _clock(c: Canvas, ink: Colour) -> None:
    c.line(ink, arc((0.5, 0.5), 0.38, 0, 360), 0.11)
    c.line(ink, [(0.5, 0.28), (0.5, 0.52), (0.66, 0.62)], 0.1)


def _contrast(c: Canvas, ink: Colour) -> None:
    c.line(ink, arc((0.5, 0.5), 0.38, 0, 360), 0.1)
    c.shape(ink, arc((0.5, 0.5), 0.38, 90, 270))


def _motion(c: Canvas, ink: Colour) -> None:
    c.disc(ink, (0.66, 0.5), 0.22)
    for y, x in ((0.32, 0.1), (0.5, 0.04), (0.68, 0.1)):
        c.line(ink, [(x, y), (0.32, y)], 0.09)


def _gamepad(c: Canvas, ink: Colour) -> None:
    c.line(ink, [(0.24, 0.5), (0.76, 0.5)], 0.42)
    c.line(ink, [(0.2, 0.55), (0.13, 0.74)], 0.2)
    c.line(ink, [(0.8, 0.55), (0.87, 0.74)], 0.2)


def _no_face(c: Canvas, ink: Colour) -> None:
    for start in range(0, 360, 60):
        c.line(ink, arc((0.5, 0.5), 0.4, start, start + 32), 0.1)
    c.line(ink, [*arc((0.5, 0.38), 0.13, -200, 60), (0.5, 0.57)], 0.11)
    c.disc(ink, (0.5, 0.73), 0.065)


def _delete(c: Canvas, ink: Colour) -> None:
    c.line(ink, [(0.14, 0.26), (0.86, 0.26)], 0.11)
    c.line(ink, [(0.4, 0.13), (0.6, 0.13)], 0.11)
    c.line(ink, [(0.24, 0.3), (0.3, 0.88), (0.7, 0.88), (0.76, 0.3)], 0.11)
    for x in (0.43, 0.57):
        c.line(ink, [(x, 0.44), (x, 0.72)], 0.08)


def _erase(c: Canvas, ink: Colour) -> None:
    c.line(ink, [(0.36, 0.2), (0.92, 0.2), (0.92, 0.8), (0.36, 0.8), (0.08, 0.5)], 0.1, closed=True)
    c.line(ink, [(0.48, 0.38), (0.72, 0.62)], 0.1)
    c.line(ink, [(0.72, 0.38), (0.48, 0.62)], 0.1)


def _plus(c: Canvas, ink: Colour) -> None:
    c.line(ink, [(0.5, 0.16), (0.5, 0.84)], 0.17)
    c.line(ink, [(0.16, 0.5), (0.84, 0.5)], 0.17)


def _minus(c: Canvas, ink: Colour) -> None:
    c.line(ink, [(0.16, 0.5), (0.84, 0.5)], 0.17)


def _lock(c: Canvas, ink: Colour) -> None:
    c.box(ink, 0.16, 0.44, 0.68, 0.48, 0.1)
    c.line(ink, [(0.3, 0.46), *arc((0.5, 0.34), 0.2, 180, 360), (0.7, 0.46)], 0.11)


_DRAWN = {
    Icon.PLAY: _play,
    Icon.BACK: _back,
    Icon.AGAIN: _again,
    Icon.NEXT: _next,
    Icon.STOP: _stop,
    Icon.PAUSE: _pause,
    Icon.QUIT: _quit,
    Icon.CAMERA: _camera,
    Icon.FULLSCREEN: _fullscreen,
    Icon.LANGUAGE: _language,
    Icon.CHECK: _check,
    Icon.WARNING: _warning,
    Icon.SOUND: _sound,
    Icon.SOUND_OFF: _sound_off,
    Icon.MUSIC: _music,
    Icon.FILM: _film,
    Icon.FLAG: _flag,
    Icon.FLASH: _flash,
    Icon.STAR: lambda c, ink: _star(c, ink, filled=True),
    Icon.STAR_EMPTY: lambda c, ink: _star(c, ink, filled=False),
    Icon.CROWN: _crown,
    Icon.TROPHY: _trophy,
    Icon.ENDLESS: _endless,
    Icon.DUEL: _duel,
    Icon.ONE_PLAYER: _one_player,
    Icon.OPTIONS: _options,
    Icon.PENCIL: _pencil,
    Icon.SAVE: _save,
    Icon.SHIFT: _shift,
    Icon.LIGHT: _light,
    Icon.NEARER: _nearer,
    Icon.FARTHER: _farther,
    Icon.CENTRE: _centre,
    Icon.TURN: _turn,
    Icon.CLOCK: _clock,
    Icon.CONTRAST: _contrast,
    Icon.MOTION: _motion,
    Icon.GAMEPAD: _gamepad,
    Icon.NO_FACE: _no_face,
    Icon.DELETE: _delete,
    Icon.ERASE: _erase,
    Icon.UNDO: _undo,
    Icon.PLUS: _plus,
    Icon.MINUS: _minus,
    Icon.LOCK: _lock,
}
