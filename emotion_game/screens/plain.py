"""A screen at its simplest: a headline, a line, a stack of buttons. For what is not yet drawn."""

from __future__ import annotations

from collections.abc import Sequence

from pygame import Rect

from emotion_game.screens import theme
from emotion_game.screens.layout import Button, Layout, Look, page, toast_strip
from emotion_game.screens.painter import Painter
from emotion_game.screens.text import Weight
from emotion_game.screens.view import UserIntent

Spec = tuple[str, str, UserIntent]


def lay_out(size_px: tuple[int, int], specs: Sequence[Spec], per_row: int = 3) -> Layout:
    """Place the buttons (name, label, intent) in rows under headline, line and picture."""
    unit = theme.unit_px(size_px)
    gap = round(theme.GAP * unit)
    whole = page(size_px)
    height = round(9 * unit)
    count = -(-len(specs) // per_row)
    top = whole.bottom - count * (height + gap) + gap
    width = (whole.width - gap * (per_row - 1)) // per_row
    buttons = tuple(
        Button(
            name,
            Rect(
                whole.left + (index % per_row) * (width + gap),
                top + (index // per_row) * (height + gap),
                width,
                height,
            ),
            label,
            intent,
            Look.MAIN if index == 0 else Look.PLAIN,
        )
        for index, (name, label, intent) in enumerate(specs)
    )
    title = Rect(whole.left, whole.top, whole.width, round(12 * unit))
    line = Rect(whole.left, title.bottom, whole.width, round(7 * unit))
    picture = Rect(
        whole.left, line.bottom, whole.width, max(round(8 * unit), top - line.bottom - gap)
    )
    regions = {"title": title, "line": line, "picture": picture, "toast": toast_strip(size_px)}
    return Layout(regions, buttons, specs[0][0] if specs else "")


def draw(painter: Painter, layout: Layout, title: str, line: str = "") -> None:
    """Draw headline and line; the window draws the buttons."""
    painter.ground()
    painter.text(title, layout.regions["title"], theme.TITLE)
    if line:
        painter.text(line, layout.regions["line"], theme.BODY, weight=Weight.MEDIUM, lines=2)
