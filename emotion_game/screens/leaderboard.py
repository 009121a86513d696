"""The leaderboard of one mode and level."""

from __future__ import annotations

from emotion_game.game.types import LEVELS, MARATHON_LEVEL, Mode
from emotion_game.screens import plain, theme
from emotion_game.screens.i18n import Translator
from emotion_game.screens.layout import Layout, rows
from emotion_game.screens.menu import MODE_NAMES
from emotion_game.screens.painter import Painter
from emotion_game.screens.pictures import Pictures
from emotion_game.screens.view import BoardStatus, ChooseLevel, ChooseMode, Intent, ScoresView, View


def lay_out(screen: ScoresView, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
    """Place headline, line and buttons."""
    specs: list[plain.Spec] = [("back", tr("Back"), Intent.BACK)]
    specs += [(f"mode.{mode}", tr(MODE_NAMES[mode]), ChooseMode(mode)) for mode in Mode]
    specs += [(f"level.{level}", str(level), ChooseLevel(level)) for level in LEVELS]
    specs.append(("marathon", tr("Marathon"), ChooseLevel(MARATHON_LEVEL)))
    return plain.lay_out(size_px, specs, per_row=4)


def draw(
    painter: Painter, screen: ScoresView, view: View, layout: Layout, pictures: Pictures
) -> None:
    """Draw the places; the window draws the buttons."""
    tr = painter.tr
    level = tr("Marathon") if screen.level == MARATHON_LEVEL else str(screen.level)
    line = {
        BoardStatus.LOADING: tr("One moment…"),
        BoardStatus.AWAY: tr("The score board is away"),
        BoardStatus.READY: "" if screen.rows else tr("Nobody yet. Be the first!"),
    }[screen.status]
    plain.draw(painter, layout, f"{tr(MODE_NAMES[screen.mode])} · {level}", line)
    for row, place in zip(screen.rows, rows(layout.regions["picture"], [1] * 10, 0), strict=False):
        name = row.nickname or tr("No name")
        painter.text(f"{row.rank}.  {name}  {row.points}", place, theme.BODY)
