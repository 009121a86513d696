"""The round waits."""

from __future__ import annotations

from emotion_game.screens import plain
from emotion_game.screens.i18n import Translator
from emotion_game.screens.layout import Layout
from emotion_game.screens.painter import Painter
from emotion_game.screens.pictures import Pictures
from emotion_game.screens.view import Intent, PausedView, View


def lay_out(screen: PausedView, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
    """Place headline, line and buttons."""
    return plain.lay_out(
        size_px, [("go", tr("Go on"), Intent.GO_ON), ("back", tr("Back"), Intent.BACK)]
    )


def draw(
    painter: Painter, screen: PausedView, view: View, layout: Layout, pictures: Pictures
) -> None:
    """Draw the word; the window draws the buttons."""
    plain.draw(painter, layout, painter.tr("Paused"))
