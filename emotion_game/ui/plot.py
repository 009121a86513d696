"""The score's curve over the clip's time, for the result screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby, pairwise

import pygame
from pygame import Rect

from emotion_game.game.struggle import closest, stretched
from emotion_game.game.types import CurvePoint, RoundResult
from emotion_game.ui import theme
from emotion_game.ui.icons import Icon
from emotion_game.ui.painter import Painter
from emotion_game.ui.sprites import stripes
from emotion_game.ui.text import Weight
from emotion_game.ui.theme import Colour
from emotion_game.ui.vector import Canvas
from emotion_game.ui.widgets import clock

#: Distances between the marks of the time axis, s; the first that gives few enough is used.
_TICKS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)
_MOST_TICKS = 6


class CurvePlot:
    """The plot, drawn once for each result, size and language."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._result: RoundResult | None = None
        self._plot = pygame.Surface((1, 1))

    def show(self, painter: Painter, area: Rect, result: RoundResult) -> None:
        """Draw a card with the curve, the limit, the losing hold and times without a face."""
        painter.card(area)
        inner = area.inflate(-painter.px(5), -painter.px(3.4)).move(0, -painter.px(0.4))
        self._show(painter, inner, result, _draw)

    def strip(self, painter: Painter, area: Rect, result: RoundResult, now_s: float) -> None:
        """Draw the curve alone in ``area``, with the clip's time ``now_s`` marked on it."""
        self._show(painter, area, result, _draw_strip)
        if result.curve:
            mark = painter.px(0.5)
            at = _axes(area, result).x(now_s) - mark // 2
            painter.surface.fill(painter.palette.text, (at, area.top, mark, area.height))

    def _show(
        self,
        painter: Painter,
        inner: Rect,
        result: RoundResult,
        draw: Callable[[Painter, Rect, RoundResult], None],
    ) -> None:
        key = (inner.size, painter.tr.language, painter.palette, draw)
        if result is not self._result or key != self._key:
            self._result, self._key = result, key
            self._plot = pygame.Surface(inner.size)
            page, painter.surface = painter.surface, self._plot
            try:
                draw(painter, Rect((0, 0), inner.size), result)
            finally:
                painter.surface = page
        painter.surface.blit(self._plot, inner)


@dataclass(frozen=True, slots=True)
class _Axes:
    """Places clip time (0..``span_s``) and score (0..1, stretched) inside ``frame``."""

    frame: Rect
    span_s: float
    threshold: float

    def x(self, t_s: float) -> int:
        return self.frame.left + round(self.frame.width * min(max(t_s / self.span_s, 0.0), 1.0))

    def y(self, score: float) -> int:
        return self.frame.bottom - round(self.frame.height * stretched(score, self.threshold))

    def band(self, from_s: float, to_s: float, least_px: int) -> Rect:
        """Return the full-height band between two times, at least ``least_px`` wide."""
        left, right = self.x(from_s), self.x(to_s)
        return Rect(left, self.frame.top, max(least_px, right - left), self.frame.height)


def _axes(frame: Rect, result: RoundResult) -> _Axes:
    return _Axes(frame, max(result.duration_s, result.curve[-1].t_s, 0.001), result.threshold)


def _draw(painter: Painter, inner: Rect, result: RoundResult) -> None:
    palette = painter.palette
    painter.surface.fill(palette.panel)
    if not result.curve:
        tr = painter.tr
        why = tr("Nothing was measured") if result.clip_id else tr("The clip never started")
        painter.text(why, inner, theme.BODY, palette.muted, lines=2)
        return
    row = painter.px(4.4)
    axes = _axes(Rect(inner.left, inner.top + row, inner.width, inner.height - 2 * row), result)
    gaps = _draw_graph(painter, axes, result)
    _draw_times(painter, axes, row)
    _draw_legend(
        painter,
        Rect(inner.left, inner.top - painter.px(0.4), inner.width, row),
        lost=result.began_s is not None,
        gaps=gaps,
    )


def _draw_strip(painter: Painter, inner: Rect, result: RoundResult) -> None:
    if not result.curve:
        _draw(painter, inner, result)
        return
    painter.surface.fill(painter.palette.panel)
    axes = _axes(inner.inflate(0, -painter.px(1)), result)
    _draw_graph(painter, axes, result)
    nearest = closest(result.curve)
    if result.began_s is None and nearest is not None:
        _draw_moment(painter, axes, nearest.t_s, painter.palette.accent, painter.palette.on_accent)


def _draw_graph(painter: Painter, axes: _Axes, result: RoundResult) -> bool:
    """Draw curve, limit, hold and gaps; return whether there are gaps."""
    palette, frame = painter.palette, axes.frame
    gaps = _draw_gaps(painter, axes, result)
    if result.began_s is not None:
        hold = axes.band(result.began_s, result.decided_s, painter.px(0.8))
        pattern = stripes(hold.size, palette.danger, 150, painter.px(2.4))
        painter.surface.blit(pattern, hold)
        pygame.draw.rect(painter.surface, palette.danger, hold, painter.px(0.3))
    _dashes(painter, frame.left, frame.right, axes.y(result.threshold))
    _draw_curve(painter, axes, result)
    if result.began_s is not None:
        began = axes.x(result.began_s)
        _draw_moment(
            painter, axes, result.decided_s, palette.danger, palette.on_danger, beside=began
        )
    return gaps


def _draw_moment(
    painter: Painter,
    axes: _Axes,
    decided_s: float,
    ground: Colour,
    ink: Colour,
    beside: int | None = None,
) -> None:
    """Write when the round was lost, or nearly, on a sign left of ``beside``, or of the moment."""
    right = axes.x(decided_s) if beside is None else beside
    words = painter.tr("{seconds} s", seconds=f"{decided_s:.1f}")
    sign = Rect(0, 0, painter.width_of(words, theme.BODY) + painter.px(2.6), painter.px(5))
    sign.midright = (right - painter.px(1.2), axes.frame.top + painter.px(3.2))
    if sign.left < axes.frame.left:
        sign.left = axes.x(decided_s) + painter.px(1.2)
    painter.panel(sign, ground, sign.height // 3)
    painter.text(words, sign, theme.BODY, ink)


def _draw_gaps(painter: Painter, axes: _Axes, result: RoundResult) -> bool:
    """Shade the times without a face; return whether there are any."""
    points = result.curve
    bands = [
        axes.band(here.t_s, after.t_s, 1) for here, after in pairwise(points) if here.score is None
    ]
    if points[-1].score is None:
        bands.append(axes.band(points[-1].t_s, result.decided_s, 1))
    for band in bands:
        painter.surface.fill(painter.palette.no_face, band)
    return bool(bands)


def _draw_curve(painter: Painter, axes: _Axes, result: RoundResult) -> None:
    """Draw the scores as a line that breaks where there was no face."""
    palette, surface = painter.palette, painter.surface
    frame = axes.frame
    pygame.draw.line(surface, palette.muted, frame.bottomleft, frame.bottomright, painter.px(0.3))
    canvas = Canvas(surface.get_size(), 1.0)
    width = painter.px(0.8)
    for over, pairs in groupby(
        pairwise(result.curve), lambda pair: _is_over(pair, result.threshold)
    ):
        if over is None:
            continue
        steps = list(pairs)
        points = [steps[0][0], *(after for _, after in steps)]
        line = [(axes.x(p.t_s), axes.y(p.score)) for p in points if p.score is not None]
        canvas.line(palette.danger if over else palette.safe, line, width)
    surface.blit(canvas.surface(), (0, 0), special_flags=pygame.BLEND_PREMULTIPLIED)


def _is_over(pair: tuple[CurvePoint, CurvePoint], threshold: float) -> bool | None:
    """Return whether a step of the curve touches the limit; None where the face was gone."""
    here, after = pair
    if here.score is None or after.score is None:
        return None
    return max(here.score, after.score) >= threshold


def _dashes(painter: Painter, left: int, right: int, y: int) -> None:
    """Draw the limit's line."""
    dash, stroke = painter.px(1.6), painter.px(0.4)
    for x in range(left, right, 2 * dash):
        width = min(dash, right - x)
        painter.surface.fill(painter.palette.accent, Rect(x, y - stroke // 2, width, stroke))


def _draw_times(painter: Painter, axes: _Axes, row_px: int) -> None:
    """Mark the time axis in minutes and seconds."""
    palette, frame = painter.palette, axes.frame
    step_s = next((tick for tick in _TICKS_S if axes.span_s / tick <= _MOST_TICKS), _TICKS_S[-1])
    for t_s in range(0, int(axes.span_s) + 1, step_s):
        x = axes.x(t_s)
        painter.surface.fill(palette.muted, Rect(x, frame.bottom, painter.px(0.3), painter.px(0.8)))
        words = clock(t_s)
        label = Rect(0, 0, painter.width_of(words, theme.SMALL, Weight.MEDIUM) + 2, row_px)
        label.midtop = (x, frame.bottom + painter.px(0.6))
        label.clamp_ip(painter.surface.get_rect())
        painter.text(words, label, theme.SMALL, palette.muted, weight=Weight.MEDIUM)


def _draw_legend(painter: Painter, area: Rect, *, lost: bool, gaps: bool) -> None:
    """Name the limit, the losing hold and the gaps, each beside a sample."""
    palette = painter.palette
    entries = [("limit", painter.tr("Limit"))]
    if lost:
        entries.append(("hold", painter.tr("Lost here")))
    if gaps:
        entries.append(("gap", painter.tr("No face")))
    swatch, gap, left = painter.px(4), painter.px(1.2), area.left
    share = area.width // 3
    for kind, words in entries:
        sample = Rect(left, 0, swatch, painter.px(2.4))
        sample.centery = area.centery
        match kind:
            case "limit":
                _dashes(painter, sample.left, sample.right, sample.centery)
            case "hold":
                painter.icon(Icon.FLAG, sample, palette.danger)
            case _:
                painter.surface.fill(palette.no_face, sample)
        label = Rect(sample.right + gap, area.top, share - swatch - 2 * gap, area.height)
        taken = painter.text(
            words, label, theme.SMALL, palette.text, weight=Weight.MEDIUM, align="left"
        )
        left = taken.right + painter.px(3)
