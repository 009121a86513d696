"""Flat vector drawing in one style: thick round outlines, warm fills, soft shadows."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import skia
from numpy.typing import NDArray

WIDTH_PX = 1280
HEIGHT_PX = 720
FPS = 30

INK = 0x2B2440
#: Backgrounds that were drawn once, by name.
_STILLS: dict[str, skia.Image] = {}
Point = tuple[float, float]


@dataclass(frozen=True)
class Scene:
    """One clip: its words, its length, and how it looks and sounds.

    Attributes:
        file: MODE/LEVEL/name.mp4.
        draw: paints the picture at t_s seconds; the same picture for the same time, always.
        sound: makes (samples, 2) float sound at 48 kHz from a random generator.
    """

    file: str
    title_en: str
    title_ko: str
    duration_s: float
    draw: Callable[[Pen, float], None]
    sound: Callable[[np.random.Generator], NDArray[np.float64]]


def ease(t_s: float, start_s: float, end_s: float) -> float:
    """Go from 0 to 1 between two times, slow at both ends."""
    x = min(1.0, max(0.0, (t_s - start_s) / (end_s - start_s)))
    return x * x * (3 - 2 * x)


def pop(t_s: float, start_s: float, length_s: float = 0.35) -> float:
    """Go from 0 to 1 overshooting, like something that springs out."""
    x = (t_s - start_s) / length_s
    if x <= 0:
        return 0.0
    return 1.0 - math.exp(-5 * x) * math.cos(7 * x) if x < 3 else 1.0


def shake(t_s: float, amount: float, speed_hz: float = 13.0) -> Point:
    """Return a trembling offset in px: no pattern to the eye, the same for the same time."""
    a = 2 * math.pi * speed_hz * t_s
    return amount * math.sin(a) + 0.5 * amount * math.sin(1.7 * a), amount * math.sin(1.3 * a + 1)


def bump(t_s: float, at_s: float, length_s: float) -> float:
    """Go from 0 to 1 and back to 0 within ``length_s``, softly."""
    x = (t_s - at_s) / length_s
    return math.sin(math.pi * x) ** 2 if 0 < x < 1 else 0.0


def ring(t_s: float, at_s: float, speed_hz: float = 4.0, fade: float = 5.0) -> float:
    """Swing from 1 around 0 after a blow at ``at_s``, dying away; 0 before it."""
    age = t_s - at_s
    return math.cos(2 * math.pi * speed_hz * age) * math.exp(-fade * age) if age >= 0 else 0.0


def mix(first: int, second: int, share: float) -> int:
    """Blend two 0xRRGGBB colours."""
    share = min(1.0, max(0.0, share))
    parts = (
        round(((first >> s) & 255) * (1 - share) + ((second >> s) & 255) * share)
        for s in (16, 8, 0)
    )
    red, green, blue = parts
    return red << 16 | green << 8 | blue


class Pen:
    """Draw on one picture; positions and sizes in px, colours as 0xRRGGBB, alpha 0..1."""

    def __init__(self, canvas: skia.Canvas) -> None:
        self.canvas = canvas

    @contextmanager
    def at(
        self,
        x: float,
        y: float,
        *,
        turn: float = 0.0,
        scale: float | Point = 1.0,
    ) -> Iterator[None]:
        """Draw around (x, y), turned by degrees clockwise and scaled."""
        self.canvas.save()
        self.canvas.translate(x, y)
        self.canvas.rotate(turn)
        self.canvas.scale(*(scale if isinstance(scale, tuple) else (scale, scale)))
        yield
        self.canvas.restore()

    def still(self, name: str, paint: Callable[[Pen], None]) -> None:
        """Lay a background that never changes under the picture; drawn once, then copied.

        Args:
            name: of this background; no other one may have it.
            paint: draws it on a picture of 1280x720.
        """
        if name not in _STILLS:
            surface = skia.Surface(WIDTH_PX, HEIGHT_PX)
            paint(Pen(surface.getCanvas()))
            _STILLS[name] = surface.makeImageSnapshot()
        self.canvas.drawImage(
            _STILLS[name], 0, 0, skia.SamplingOptions(skia.FilterMode.kLinear), None
        )

    @contextmanager
    def inside(self, path: skia.Path) -> Iterator[None]:
        """Draw only within a path."""
        self.canvas.save()
        self.canvas.clipPath(path, doAntiAlias=True)
        yield
        self.canvas.restore()

    def shape(
        self,
        path: skia.Path,
        fill: int | None,
        *,
        line: float = 6.0,
        ink: int = INK,
        alpha: float = 1.0,
        blur: float = 0.0,
        shader: skia.Shader | None = None,
    ) -> None:
        """Fill a path and draw its outline (``line`` 0: none)."""
        if fill is not None or shader is not None:
            paint = skia.Paint(AntiAlias=True, Color=_argb(fill or 0, alpha))
            if shader is not None:
                paint.setShader(shader)
            if blur:
                paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
            self.canvas.drawPath(path, paint)
        if line:
            self.canvas.drawPath(path, _stroke(ink, line, alpha))

    def oval(self, x: float, y: float, rx: float, ry: float, fill: int | None, **kw: float) -> None:
        """Draw an ellipse around (x, y)."""
        self.shape(oval(x, y, rx, ry), fill, **kw)  # type: ignore[arg-type]

    def box(
        self, x: float, y: float, w: float, h: float, fill: int | None, *, r: float = 0, **kw: float
    ) -> None:
        """Draw a rectangle with its top left corner at (x, y) and corners of radius ``r``."""
        self.shape(box(x, y, w, h, r), fill, **kw)  # type: ignore[arg-type]

    def blob(self, points: Sequence[Point], fill: int | None, **kw: float) -> None:
        """Draw a smooth closed curve through points."""
        self.shape(curve(points, closed=True), fill, **kw)  # type: ignore[arg-type]

    def poly(self, points: Sequence[Point], fill: int | None, **kw: float) -> None:
        """Draw a polygon."""
        path = skia.Path.Polygon([skia.Point(*p) for p in points], True)
        self.shape(path, fill, **kw)  # type: ignore[arg-type]

    def stroke(
        self, points: Sequence[Point], *, line: float = 6.0, ink: int = INK, alpha: float = 1.0
    ) -> None:
        """Draw a smooth open line through points."""
        self.canvas.drawPath(curve(points, closed=False), _stroke(ink, line, alpha))

    def shadow(self, x: float, y: float, rx: float, ry: float, alpha: float = 0.25) -> None:
        """Draw a soft shadow on the ground."""
        self.shape(oval(x, y, rx, ry), 0x000000, line=0, alpha=alpha, blur=12)

    def wash(self, top: int, bottom: int) -> None:
        """Fill the picture from top to bottom."""
        shader = skia.GradientShader.MakeLinear(
            [skia.Point(0, 0), skia.Point(0, HEIGHT_PX)], [_argb(top), _argb(bottom)]
        )
        self.shape(box(0, 0, WIDTH_PX, HEIGHT_PX), None, line=0, shader=shader)

    def glow(self, x: float, y: float, radius: float, colour: int, alpha: float) -> None:
        """Lay a round light over the picture, strongest in the middle."""
        shader = skia.GradientShader.MakeRadial(
            skia.Point(x, y), radius, [_argb(colour, alpha), _argb(colour, 0)]
        )
        around = box(x - radius, y - radius, 2 * radius, 2 * radius)
        self.shape(around, None, line=0, shader=shader)

    def dark_around(self, x: float, y: float, radius: float, strength: float = 1.0) -> None:
        """Darken everything but a round spot."""
        clear, dark = _argb(0x05040A, 0), _argb(0x05040A, strength)
        shader = skia.GradientShader.MakeRadial(
            skia.Point(x, y), radius, [clear, clear, dark], [0.0, 0.35, 1.0]
        )
        self.shape(box(-200, -200, 1680, 1120), None, line=0, shader=shader)

    def veil(self, colour: int, alpha: float) -> None:
        """Cover the whole picture."""
        if alpha > 0:
            self.shape(box(-200, -200, 1680, 1120), colour, line=0, alpha=min(1.0, alpha))

    def eye(
        self,
        x: float,
        y: float,
        r: float,
        *,
        look: Point = (0, 0),
        lid: float = 0.0,
        skin: int = 0xFFFFFF,
        pupil: float = 0.45,
        line: float = 5.0,
    ) -> None:
        """Draw an eye; ``look`` -1..1 each way, ``lid`` 0 open .. 1 shut."""
        if lid >= 0.85:  # shut: a lash line reads better than a skin-coloured ball
            self.stroke([(x - r, y), (x, y + 0.35 * r), (x + r, y)], line=line + 2)
            return
        ball = oval(x, y, r, r)
        self.shape(ball, 0xFFFFFF, line=0)
        with self.inside(ball):
            px, py = x + look[0] * r * 0.5, y + look[1] * r * 0.5
            self.oval(px, py, r * pupil, r * pupil, INK, line=0)
            self.oval(px + r * 0.14, py - r * 0.16, r * 0.13, r * 0.13, 0xFFFFFF, line=0)
            if lid > 0:
                edge = y - r + 2 * r * min(1.0, lid)
                self.box(x - 2 * r, y - 3 * r, 4 * r, edge - y + 3 * r, skin, line=line)
        self.shape(ball, None, line=line)


def oval(x: float, y: float, rx: float, ry: float) -> skia.Path:
    """Return an ellipse around (x, y)."""
    return skia.Path.Oval(skia.Rect.MakeLTRB(x - rx, y - ry, x + rx, y + ry))


def box(x: float, y: float, w: float, h: float, r: float = 0) -> skia.Path:
    """Return a rectangle with its top left corner at (x, y)."""
    return skia.Path.RRect(skia.Rect.MakeXYWH(x, y, w, h), r, r)


def curve(points: Sequence[Point], *, closed: bool) -> skia.Path:
    """Return the Catmull-Rom curve through points."""
    p = list(points)
    padded = [p[-1], *p, p[0], p[1]] if closed else [p[0], *p, p[-1]]
    builder = skia.PathBuilder()
    builder.moveTo(*padded[1])
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        builder.cubicTo(
            b[0] + (c[0] - a[0]) / 6,
            b[1] + (c[1] - a[1]) / 6,
            c[0] - (d[0] - b[0]) / 6,
            c[1] - (d[1] - b[1]) / 6,
            c[0],
            c[1],
        )
    if closed:
        builder.close()
    return builder.detach()


def _argb(colour: int, alpha: float = 1.0) -> int:
    return round(255 * min(1.0, max(0.0, alpha))) << 24 | colour


def _stroke(ink: int, width: float, alpha: float) -> skia.Paint:
    return skia.Paint(
        AntiAlias=True,
        Color=_argb(ink, alpha),
        Style=skia.Paint.kStroke_Style,
        StrokeWidth=width,
        StrokeCap=skia.Paint.kRound_Cap,
        StrokeJoin=skia.Paint.kRound_Join,
    )
