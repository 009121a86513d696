"""Before Surprise: flashes, loud sounds, from 12 years."""

from __future__ import annotations

from emotion_game.screens import plain
from emotion_game.screens.i18n import Translator
from emotion_game.screens.layout import Layout
from emotion_game.screens.painter import Painter
from emotion_game.screens.pictures import Pictures
from emotion_game.screens.view import Intent, View, WarningView


def lay_out(screen: WarningView, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
    """Place headline, line and buttons."""
    return plain.lay_out(
        size_px, [("back", tr("No, thanks"), Intent.BACK), ("go", tr("I am ready"), Intent.GO_ON)]
    )


def draw(
    painter: Painter, screen: WarningView, view: View, layout: Layout, pictures: Pictures
) -> None:
    """Draw the warning; the window draws the buttons."""
    plain.draw(
        painter,
        layout,
        painter.tr("Careful!"),
        painter.tr("Flashing pictures and loud, sudden sounds. From 12 years."),
    )
