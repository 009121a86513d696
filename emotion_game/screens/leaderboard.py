"""The leaderboard of one mode and level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from pygame import Rect

from emotion_game.game.types import LEVELS, MARATHON_LEVEL
from emotion_game.screens.words import level_name
from emotion_game.ui import theme
from emotion_game.ui.i18n import Translator
from emotion_game.ui.icons import Icon
from emotion_game.ui.intents import ChooseLevel, ChooseMode, Intent
from emotion_game.ui.layout import (
    Button,
    ButtonStyle,
    Layout,
    columns,
    grid,
    is_tall,
    page,
    rows,
    toast_strip,
)
from emotion_game.ui.painter import Painter
from emotion_game.ui.pictures import Pictures
from emotion_game.ui.view import Screen, View
from emotion_game.ui.widgets import draw_poster

_TABS = (*LEVELS, MARATHON_LEVEL)


class BoardStatus(Enum):
    """Whether the score board has answered."""

    LOADING = auto()
    READY = auto()
    AWAY = auto()


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One place on the leaderboard; ``own``: the result of the round just played."""

    rank: int
    nickname: str
    points: int
    own: bool = False


@dataclass(frozen=True, slots=True)
class ScoresView(Screen):
    """The leaderboard of one mode and level.

    ``ChooseMode`` and ``ChooseLevel`` show another one; level ``MARATHON_LEVEL`` is the marathon.

    Attributes:
        modes: every mode that is offered.
    """

    level: int
    rows: tuple[ScoreRow, ...]
    status: BoardStatus
    modes: tuple[str, ...]

    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """Place the headline, the tabs of modes and levels, and the table."""
        gap = round(theme.GAP * theme.unit_px(size_px))
        count = len(self.modes)
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
                ButtonStyle.TAB,
                selected=mode == self.mode,
            )
            for mode, place in zip(self.modes, mode_places, strict=True)
        ]
        buttons += [
            Button(
                "marathon" if level == MARATHON_LEVEL else f"level.{level}",
                place,
                level_name(level, tr),
                ChooseLevel(level),
                ButtonStyle.TAB,
                selected=level == self.level,
            )
            for level, place in zip(_TABS, level_places, strict=True)
        ]
        buttons.append(Button("back", back, tr("Back"), Intent.BACK, icon=Icon.BACK))
        regions = {"head": head, "table": table, "toast": toast_strip(size_px)}
        return Layout(regions, tuple(buttons), "back")

    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """Draw the places, or why there are none."""
        painter.ground()
        tr, regions = painter.tr, layout.regions
        draw_poster(painter, tr("Scores"), regions["head"])
        table = regions["table"]
        if self.rows and self.status is BoardStatus.READY:
            draw_table(painter, table, self.rows, nameless=tr("No name"))
            return
        words = {
            BoardStatus.LOADING: tr("One moment…"),
            BoardStatus.AWAY: tr("The score board is away"),
            BoardStatus.READY: tr("Nobody yet. Be the first!"),
        }[self.status]
        painter.card(table)
        face, line = rows(table.inflate(-painter.px(6), -painter.px(8)), (2.2, 1), 0)
        away = self.status is BoardStatus.AWAY
        painter.mascot(face, self.mode, None if away else 0.0)
        painter.text(words, line, theme.HEAD, lines=2)


def draw_table(
    painter: Painter,
    area: Rect,
    entries: Sequence[ScoreRow],
    places: int = 10,
    nameless: str = "",
    size: float = theme.BODY * 1.08,
) -> None:
    """Draw a leaderboard of up to ``places`` rows in one card; one's own row stands out.

    ``nameless`` is what stands for a player without a nickname; ``size`` is that of the letters.
    """
    palette = painter.palette
    painter.card(area)
    inner = area.inflate(-painter.px(3.4), -painter.px(4))
    for entry, place in zip(entries, rows(inner, [1] * places, painter.px(0.4)), strict=False):
        ink = palette.text
        if entry.own:
            painter.panel(place, palette.accent, place.height // 3)
            ink = palette.on_accent
        row = place.inflate(-painter.px(2), 0)
        rank, name, points = columns(row, (0.9, 6, 2.2), painter.px(1.4))
        if entry.rank == 1:
            side = min(rank.height, painter.px(max(5.4, size * 1.4)))
            sign = Rect(rank.left, rank.centery - side // 2, side, side)
            painter.icon(Icon.CROWN, sign, ink if entry.own else palette.accent)
        else:
            painter.text(f"{entry.rank}", rank, size, ink, align="left")
        painter.text(entry.nickname or nameless, name, size, ink, align="left")
        painter.text(f"{entry.points:,}", points, size, ink, align="right")
