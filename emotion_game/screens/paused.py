"""The round waits."""

from __future__ import annotations

from pygame import Rect

from emotion_game.screens import theme
from emotion_game.screens.i18n import Translator
from emotion_game.screens.icons import Icon
from emotion_game.screens.layout import (
    Button,
    Layout,
    Look,
    columns,
    is_tall,
    page,
    rows,
    toast_strip,
)
from emotion_game.screens.painter import Painter
from emotion_game.screens.pictures import Pictures
from emotion_game.screens.view import Intent, PausedView, View
from emotion_game.screens.widgets import clock, draw_poster, draw_progress
from emotion_game.screens.words import level_name


def lay_out(screen: PausedView, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
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
        Button("go", go, tr("Go on"), Intent.GO_ON, Look.MAIN, Icon.PLAY),
        Button("back", back, tr("Give up"), Intent.BACK, icon=Icon.QUIT),
    )
    return Layout(regions, buttons, "go")


def draw(
    painter: Painter, screen: PausedView, view: View, layout: Layout, pictures: Pictures
) -> None:
    """Draw the word, the mascot asleep and, if one plays, how far the clip is."""
    painter.ground()
    tr = painter.tr
    painter.mascot(layout.regions["face"], screen.mode, 0.0, asleep=True)
    words = layout.regions["words"]
    area = Rect(words.left, 0, words.width, min(words.height, painter.px(46)))
    area.centery = words.centery
    name, about, times, bar, _ = rows(area, (2.4, 1, 1.2, 0.5, 0.6), painter.px(1))
    draw_poster(painter, tr("Paused"), name, theme.POSTER * 1.3, align="center")
    painter.text(
        f"{tr.mode(screen.mode, 'name')} · {level_name(screen.level, tr)}", about, theme.LARGE
    )
    if screen.duration_s > 0.0:
        painter.text(f"{clock(screen.clip_t_s)} / {clock(screen.duration_s)}", times, theme.HEAD)
        draw_progress(painter, bar, screen.clip_t_s / screen.duration_s)
