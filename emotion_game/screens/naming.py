"""A nickname is typed."""

from __future__ import annotations

from emotion_game.screens import plain, theme
from emotion_game.screens.i18n import Translator, mark
from emotion_game.screens.layout import Layout
from emotion_game.screens.painter import Painter
from emotion_game.screens.pictures import Pictures
from emotion_game.screens.view import Intent, NameView, TypeKey, View

#: By the value of a ``scores.NicknameFault``.
NAME_FAULTS: dict[str, str] = {
    "empty": mark("Type at least one letter"),
    "too_long": mark("That is too long"),
    "character": mark("One of these signs cannot be shown"),
    "word": mark("Please choose another name"),
}


def lay_out(screen: NameView, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
    """Place headline, line and buttons."""
    specs: list[plain.Spec] = [
        (f"key.{key}", key, TypeKey(key)) for row in screen.keys for key in row
    ]
    specs += [
        ("erase", tr("Erase"), Intent.ERASE),
        ("shift", tr("Shift"), Intent.SHIFT),
        ("switch", "ABC / 한글 / 123", Intent.SWITCH_KEYS),
        ("done", tr("Done"), Intent.DONE),
        ("back", tr("No name"), Intent.BACK),
    ]
    return plain.lay_out(size_px, specs, per_row=10)


def draw(
    painter: Painter, screen: NameView, view: View, layout: Layout, pictures: Pictures
) -> None:
    """Draw the text so far; the window draws the buttons."""
    plain.draw(
        painter,
        layout,
        painter.tr("Your name?"),
        painter.tr(NAME_FAULTS[screen.fault]) if screen.fault else "",
    )
    painter.text(screen.text or "_", layout.regions["picture"], theme.TITLE)
