"""The parts that screens are made of: meter, notices, table, keypad, headers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pygame
from pygame import Rect

from emotion_game.game.struggle import LIMIT_AT, nearness, stretched
from emotion_game.ui import sprites, theme
from emotion_game.ui.buttons import draw_button
from emotion_game.ui.icons import Icon
from emotion_game.ui.intents import UserIntent
from emotion_game.ui.layout import Button, ButtonStyle, rows
from emotion_game.ui.painter import Align, Painter

__all__ = [
    "clock",
    "draw_advice",
    "draw_button",
    "draw_meter",
    "draw_poster",
    "draw_progress",
    "keypad",
    "limit_x",
]


_DIGITS = tuple("0123456789")
_KEYPAD = (pygame.K_KP0, *range(pygame.K_KP1, pygame.K_KP9 + 1))


def draw_meter(painter: Painter, area: Rect, score: float | None, threshold: float) -> None:
    """Draw the score (0..1), stretched, as a bar with the limit as a line across it.

    Beyond the limit the ground is striped, so that the forbidden part shows without colours.
    """
    palette, surface = painter.palette, painter.surface
    near = nearness(score, threshold)
    radius = area.height // 3
    edge = painter.px(theme.OUTLINE)
    if near > 0:
        swing = 1.0 if painter.still else theme.pulse(painter.now_s, 0.5)
        reach = round(painter.px(1.2) * near * (0.45 + 0.55 * swing))
        painter.panel(area.inflate(2 * reach, 2 * reach), palette.danger, radius + reach)
    painter.framed(area, palette.panel, palette.outline, edge, radius)
    inner = area.inflate(-2 * edge, -2 * edge)
    limit = limit_x(area, edge)
    beyond = Rect(limit, inner.top, max(0, inner.right - radius // 2 - limit), inner.height)
    if beyond.width > 0:
        pattern = painter.keep(
            ("stripes", beyond.size, palette.danger),
            lambda: sprites.stripes(beyond.size, palette.danger, 120, painter.px(3)),
        )
        surface.blit(pattern, beyond)
    shown = 0.0 if score is None else stretched(score, threshold)
    if score is not None and shown > 0:
        over = score >= threshold
        inset = painter.px(0.5)
        bar = inner.inflate(-2 * inset, -2 * inset)
        bar.width = max(bar.height // 2, round(bar.width * shown))
        painter.panel(bar, palette.danger if over else palette.safe, bar.height // 3)
    line = Rect(0, 0, painter.px(1.5), area.height + painter.px(2.6))
    line.center = (limit, area.centery)
    painter.panel(line, palette.outline, line.width // 2)
    painter.panel(line.inflate(-painter.px(0.7), -painter.px(0.7)), palette.danger, line.width // 4)


def limit_x(area: Rect, edge_px: int = 0) -> int:
    """Return where the limit stands on a meter at ``area`` with so wide an edge, px."""
    return area.left + edge_px + round((area.width - 2 * edge_px) * LIMIT_AT)


def draw_progress(painter: Painter, area: Rect, share: float) -> None:
    """Draw how far something is, 0..1, as an outlined bar."""
    palette = painter.palette
    edge = painter.px(theme.OUTLINE * 0.7)
    radius = area.height // 2
    painter.framed(area, palette.panel, palette.outline, edge, radius)
    inner = area.inflate(-2 * edge, -2 * edge)
    inner.width = round(inner.width * min(max(share, 0.0), 1.0))
    if inner.width > 0:
        painter.panel(inner, palette.accent, inner.height // 2)


def draw_advice(
    painter: Painter, area: Rect, icon: Icon, words: str, *, good: bool, share: float = 0.0
) -> None:
    """Draw one advice to the player; bad news stands on the danger colour, with its own sign.

    ``share`` (0..1) is how soon good news goes on by itself, as a bar at the lower edge.
    """
    palette = painter.palette
    painter.card(area, palette.panel if good else palette.danger)
    ink = palette.text if good else palette.on_danger
    inner = area.inflate(-painter.px(6), -painter.px(3.4))
    if good and share > 0:
        inner.height -= painter.px(2.4)
        bar = Rect(inner.left, inner.bottom, inner.width, painter.px(2))
        draw_progress(painter, bar, share)
    side = min(painter.px(8.5), inner.height, inner.width // 4)
    sign = Rect(inner.left, inner.centery - side // 2, side, side)
    painter.icon(icon, sign, palette.safe if good else ink)
    left = sign.right + painter.px(2.2)
    label = Rect(left, inner.top, inner.right - left, inner.height)
    size = theme.HEAD if area.width > painter.px(62) else theme.LARGE
    painter.text(words, label, size, ink, lines=3, align="left")


def draw_poster(
    painter: Painter, text: str, area: Rect, size: float = theme.TITLE, align: Align = "left"
) -> Rect:
    """Draw a screen's headline: the mode's second colour with a hard shadow."""
    shadow = painter.poster_shadow
    return painter.text(text, area, size, painter.palette.accent, align=align, shadow=shadow)


def keypad(
    area: Rect,
    keys: Sequence[Sequence[str]],
    intent_of: Callable[[str], UserIntent],
    gap_px: int,
    *,
    digits_press: bool = False,
) -> tuple[Button, ...]:
    """Place rows of keys in ``area``, every key equally wide; each is named "key.X".

    With ``digits_press``, digits of a real keyboard press the same keys (a PIN).
    """
    widest = max((len(row) for row in keys), default=1)
    width = (area.width - gap_px * (widest - 1)) // widest
    buttons = []
    for row, strip in zip(keys, rows(area, [1] * len(keys), gap_px), strict=True):
        taken = len(row) * width + gap_px * (len(row) - 1)
        left = area.left + (area.width - taken) // 2
        for number, key in enumerate(row):
            place = Rect(left + number * (width + gap_px), strip.top, width, strip.height)
            codes: tuple[int, ...] = ()
            if digits_press and key in _DIGITS:
                codes = (pygame.K_0 + int(key), _KEYPAD[int(key)])
            buttons.append(
                Button(f"key.{key}", place, key, intent_of(key), ButtonStyle.KEY, keys=codes)
            )
    return tuple(buttons)


def clock(seconds: float) -> str:
    """Return ``seconds`` as minutes and seconds, "1:05"."""
    whole = max(0, int(seconds))
    return f"{whole // 60}:{whole % 60:02d}"
