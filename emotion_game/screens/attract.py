"""Nobody plays: clips and leaderboards in turn, and the wish to be touched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from emotion_game.screens.leaderboard import ScoreRow, draw_table
from emotion_game.screens.words import level_name
from emotion_game.ui import theme
from emotion_game.ui.i18n import Translator
from emotion_game.ui.icons import Icon
from emotion_game.ui.intents import Intent
from emotion_game.ui.layout import (
    Button,
    ButtonStyle,
    Layout,
    columns,
    contain,
    is_tall,
    page,
    rows,
    toast_strip,
)
from emotion_game.ui.painter import Painter
from emotion_game.ui.pictures import Pictures
from emotion_game.ui.view import Screen, View
from emotion_game.ui.widgets import draw_poster

_SWING_S = 1.4
_PLACES = 10
#: Share of a row's height that its letters take.
_OF_ROW = 0.66


@dataclass(frozen=True, slots=True)
class AttractView(Screen):
    """Nobody plays: clips without sound and leaderboards in turn; any touch begins (``GO_ON``).

    Attributes:
        mode: of what is shown.
        level: of the leaderboard.
        pixels: newest picture of the clip, (height, width, 3|4) uint8; None: the leaderboard.
        order: its channel order as pygame names it.
        frame_id: changes when ``pixels`` does.
        rows: the leaderboard; None: not known yet.
        playable: there is a button; not on a second display.
    """

    level: int = 0
    pixels: NDArray[np.uint8] | None = None
    order: Literal["BGR", "BGRA", "RGB"] = "BGR"
    frame_id: int = 0
    rows: tuple[ScoreRow, ...] | None = ()
    playable: bool = True

    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """Place the picture or the leaderboard, the poster beside it and the one button."""
        gap = round(theme.GAP * theme.unit_px(size_px))
        whole = page(size_px)
        tall = is_tall(size_px)
        upper, bar = (
            rows(whole, (9 if tall else 6.2, 1.2), 2 * gap) if self.playable else (whole, whole)
        )
        if tall:
            words, show = rows(upper, (4, 5), 2 * gap)
        else:
            show, words = columns(upper, (1.75, 1), 2 * gap)
        bar = bar.inflate(-bar.width // 4, 0)
        regions = {"show": show, "words": words, "toast": toast_strip(size_px)}
        play = Button("play", bar, tr("Touch to play"), Intent.GO_ON, ButtonStyle.MAIN, Icon.PLAY)
        if not self.playable:
            return Layout(regions, ())
        return Layout(regions, (play,), "play")

    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """Draw what is shown now, and the mascot that tries to keep a straight face."""
        painter.ground()
        tr, palette = painter.tr, painter.palette
        show, words = layout.regions["show"], layout.regions["words"]
        if self.pixels is not None:
            height, width = self.pixels.shape[:2]
            place = contain(show.inflate(-painter.px(2), -painter.px(2)), width, height)
            painter.around(place, palette.outline, painter.px(theme.OUTLINE * 1.6))
            pictures.clip.show(painter, place, self.pixels, self.order, frame=self.frame_id)
        else:
            head, table = rows(show, (1, 6), painter.px(1))
            title = f"{tr.mode(self.mode, 'name')} · {level_name(self.level, tr)}"
            draw_poster(painter, title, head, theme.HEAD)
            # Read from some steps away.
            size = min(theme.HEAD, table.height / painter.px(1) / _PLACES * _OF_ROW)
            draw_table(painter, table, self.rows or (), _PLACES, tr("No name"), size)
            if self.rows == ():
                painter.text(tr("Nobody yet. Be the first!"), table, theme.HEAD, lines=2)
        face, name, rule, line = rows(words, (3, 1.5, 1, 1.2), painter.px(1))
        strain = (
            0.5 + 0.5 * theme.pulse(painter.now_s, _SWING_S) if self.pixels is not None else 0.0
        )
        painter.mascot(face, self.mode, 0.0 if painter.still else strain)
        draw_poster(painter, tr.mode(self.mode, "name"), name, align="center")
        painter.text(tr.mode(self.mode, "rule"), rule, theme.LARGE, palette.text, lines=2)
        painter.text(tr("Come closer!"), line, theme.HEAD, palette.accent)
