"""The leaderboard of one mode and level."""

from __future__ import annotations

from emotion_game.game.types import LEVELS, MARATHON_LEVEL
from emotion_game.screens import theme
from emotion_game.screens.i18n import Translator
from emotion_game.screens.icons import Icon
from emotion_game.screens.layout import (
    Button,
    Layout,
    Look,
    columns,
    grid,
    is_tall,
    page,
    rows,
    toast_strip,
)
from emotion_game.screens.painter import Painter
from emotion_game.screens.pictures import Pictures
from emotion_game.screens.view import BoardStatus, ChooseLevel, ChooseMode, Intent, ScoresView, View
from emotion_game.screens.widgets import draw_poster, draw_table
from emotion_game.screens.words import level_name

_TABS = (*LEVELS, MARATHON_LEVEL)


def lay_out(screen: ScoresView, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
    """Place the headline, the tabs of modes and levels, and the table."""
    gap = round(theme.GAP * theme.unit_px(size_px))
    count = len(screen.modes)
    if is_tall(size_px):
        in_a_row = count if count < 4 else -(-count // 2)
        lines = -(-count // in_a_row)
        head, modes, levels, table, back = rows(
            page(size_px), (1, 0.9 * lines, 0.9, 8 - 0.9 * (lines - 1), 0.9), gap
        )
        mode_places = grid(modes, count, in_a_row, gap)
        level_places = columns(levels, (1, 1, 1, 1.2), gap)
        back = back.inflate(-back.width // 2, 0)
    else:
        side, table = columns(page(size_px), (1, 2.1), 2 * gap)
        # Two columns of tabs as soon as one would be too low for fingers.
        in_a_row = 1 if count < 3 else 2
        lines = -(-count // in_a_row)
        shares = (1.2, 2, 3.2, 1) if in_a_row == 1 else (1.2, lines, 2, 1)
        head, modes, levels, back = rows(side, shares, gap)
        mode_places = grid(modes, count, in_a_row, gap // 2)
        level_places = grid(levels, len(_TABS), in_a_row, gap // 2)
    buttons = [
        Button(
            f"mode.{mode}",
            place,
            tr.mode(mode, "name"),
            ChooseMode(mode),
            Look.TAB,
            selected=mode == screen.mode,
        )
        for mode, place in zip(screen.modes, mode_places, strict=True)
    ]
    buttons += [
        Button(
            "marathon" if level == MARATHON_LEVEL else f"level.{level}",
            place,
            level_name(level, tr),
            ChooseLevel(level),
            Look.TAB,
            selected=level == screen.level,
        )
        for level, place in zip(_TABS, level_places, strict=True)
    ]
    buttons.append(Button("back", back, tr("Back"), Intent.BACK, icon=Icon.BACK))
    regions = {"head": head, "table": table, "toast": toast_strip(size_px)}
    return Layout(regions, tuple(buttons), "back")


def draw(
    painter: Painter, screen: ScoresView, view: View, layout: Layout, pictures: Pictures
) -> None:
    """Draw the places, or why there are none."""
    painter.ground()
    tr, regions = painter.tr, layout.regions
    draw_poster(painter, tr("Scores"), regions["head"])
    table = regions["table"]
    if screen.rows and screen.status is BoardStatus.READY:
        draw_table(painter, table, screen.rows, nameless=tr("No name"))
        return
    words = {
        BoardStatus.LOADING: tr("One moment…"),
        BoardStatus.AWAY: tr("The score board is away"),
        BoardStatus.READY: tr("Nobody yet. Be the first!"),
    }[screen.status]
    painter.card(table)
    face, line = rows(table.inflate(-painter.px(6), -painter.px(8)), (2.2, 1), 0)
    away = screen.status is BoardStatus.AWAY
    painter.mascot(face, screen.mode, None if away else 0.0)
    painter.text(words, line, theme.HEAD, lines=2)
