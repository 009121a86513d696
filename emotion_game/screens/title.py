"""The title: what the game is, and its two modes."""

from __future__ import annotations

from emotion_game.game.types import Mode
from emotion_game.screens import plain
from emotion_game.screens.i18n import OWN_NAMES, Translator
from emotion_game.screens.layout import Layout
from emotion_game.screens.menu import MODE_NAMES
from emotion_game.screens.painter import Painter
from emotion_game.screens.pictures import Pictures
from emotion_game.screens.view import ChooseMode, Intent, TitleView, View


def lay_out(screen: TitleView, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
    """Place headline, line and buttons."""
    specs: list[plain.Spec] = [
        (f"mode.{mode}", tr(MODE_NAMES[mode]), ChooseMode(mode))
        for mode in sorted(Mode, key=lambda mode: mode is not screen.mode)
    ]
    specs += [
        ("scores", tr("Scores"), Intent.SCORES),
        ("options", tr("Options"), Intent.OPTIONS),
        ("language", OWN_NAMES["en" if view.language == "ko" else "ko"], Intent.TOGGLE_LANGUAGE),
    ]
    if screen.can_quit:
        specs.append(("quit", tr("Quit"), Intent.QUIT))
    return plain.lay_out(size_px, specs, per_row=2)


def draw(
    painter: Painter, screen: TitleView, view: View, layout: Layout, pictures: Pictures
) -> None:
    """Draw the game's name; the window draws the buttons."""
    plain.draw(
        painter, layout, painter.tr("Straight Face"), painter.tr("The camera is watching you.")
    )
