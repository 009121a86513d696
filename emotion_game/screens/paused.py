"""The round waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pygame import Rect

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
    is_tall,
    page,
    rows,
    toast_strip,
)
from emotion_game.ui.painter import Painter
from emotion_game.ui.pictures import Pictures
from emotion_game.ui.view import Screen, View
from emotion_game.ui.widgets import clock, draw_poster, draw_progress


@dataclass(frozen=True, slots=True)
class PausedView(Screen):
    """The round waits; no picture of the clip is shown. ``GO_ON`` (or ``PAUSE``) or ``BACK``.

    ``duration_s``: 0 before the clip, and where the player does not see the clip's time.
    """

    # A pause comes at once.
    at_once: ClassVar[bool] = True
    gone_at_once: ClassVar[bool] = True

    level: int
    clip_t_s: float
    duration_s: float

    def escape(self) -> Intent:
        """See :class:`Screen`: nobody loses a round by one key."""
        return Intent.STOP

    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """Place the sleeping mascot, the clip's time and the two ways on."""
        gap = round(theme.GAP * theme.unit_px(size_px))
        if is_tall(size_px):
            face, words, bar = rows(page(size_px), (5, 2.6, 2), 2 * gap)
            go, back = rows(bar, (1, 1), gap)
        else:
            body, bar = rows(page(size_px), (5, 1.3), 2 * gap)
            face, words = columns(body, (1, 1.3), 2 * gap)
            back, go = columns(bar, (1, 2), 2 * gap)
        regions = {"face": face, "words": words, "toast": toast_strip(size_px)}
        buttons = (
            Button("go", go, tr("Go on"), Intent.GO_ON, ButtonStyle.MAIN, Icon.PLAY),
            Button("back", back, tr("Give up"), Intent.BACK, icon=Icon.QUIT),
        )
        return Layout(regions, buttons, "go")

    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """Draw the word, the mascot asleep and, if one plays, how far the clip is."""
        painter.ground()
        tr = painter.tr
        painter.mascot(layout.regions["face"], self.mode, 0.0, asleep=True)
        words = layout.regions["words"]
        area = Rect(words.left, 0, words.width, min(words.height, painter.px(46)))
        area.centery = words.centery
        name, about, times, bar, _ = rows(area, (2.4, 1, 1.2, 0.5, 0.6), painter.px(1))
        draw_poster(painter, tr("Paused"), name, theme.POSTER * 1.3, align="center")
        painter.text(
            f"{tr.mode(self.mode, 'name')} · {level_name(self.level, tr)}", about, theme.LARGE
        )
        if self.duration_s > 0.0:
            painter.text(f"{clock(self.clip_t_s)} / {clock(self.duration_s)}", times, theme.HEAD)
            draw_progress(painter, bar, self.clip_t_s / self.duration_s)
