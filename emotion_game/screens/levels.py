"""How hard shall it be?"""

from __future__ import annotations

from emotion_game.game.types import LEVELS
from emotion_game.screens import plain
from emotion_game.screens.i18n import Translator
from emotion_game.screens.layout import Layout
from emotion_game.screens.menu import LEVEL_NAMES, MODE_NAMES
from emotion_game.screens.painter import Painter
from emotion_game.screens.pictures import Pictures
from emotion_game.screens.view import ChooseLevel, Intent, LevelView, View


def lay_out(screen: LevelView, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
    """Place headline, line and buttons."""
    specs: list[plain.Spec] = [
        (f"level.{level}", f"{level} {tr(LEVEL_NAMES[level])}", ChooseLevel(level))
        for level in LEVELS
    ]
    if not screen.duel:
        specs.append(("marathon", tr("Marathon"), Intent.MARATHON))
    players = tr("One player") if screen.duel else tr("Two players")
    specs += [("duel", players, Intent.TOGGLE_DUEL), ("back", tr("Back"), Intent.BACK)]
    return plain.lay_out(size_px, specs)


def draw(
    painter: Painter, screen: LevelView, view: View, layout: Layout, pictures: Pictures
) -> None:
    """Draw the mode; the window draws the buttons."""
    line = painter.tr("Duel: the last straight face wins") if screen.duel else ""
    plain.draw(painter, layout, painter.tr(MODE_NAMES[screen.mode]), line)
