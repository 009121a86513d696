"""Nobody plays: clips and leaderboards in turn, and the wish to be touched."""

from __future__ import annotations

from emotion_game.screens import theme
from emotion_game.screens.i18n import Translator
from emotion_game.screens.icons import Icon
from emotion_game.screens.kiosk_view import AttractView
from emotion_game.screens.layout import (
    Button,
    Layout,
    Look,
    columns,
    contain,
    is_tall,
    page,
    rows,
    toast_strip,
)
from emotion_game.screens.painter import Painter
from emotion_game.screens.pictures import Pictures
from emotion_game.screens.view import Intent, View
from emotion_game.screens.widgets import draw_poster, draw_table
from emotion_game.screens.words import level_name

_SWING_S = 1.4
_PLACES = 10
#: Share of a row's height that its letters take.
_OF_ROW = 0.66


def lay_out(screen: AttractView, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
    """Place the picture or the leaderboard, the poster beside it and the one button."""
    gap = round(theme.GAP * theme.unit_px(size_px))
    whole = page(size_px)
    tall = is_tall(size_px)
    upper, bar = (
        rows(whole, (9 if tall else 6.2, 1.2), 2 * gap) if screen.playable else (whole, whole)
    )
    if tall:
        words, show = rows(upper, (4, 5), 2 * gap)
    else:
        show, words = columns(upper, (1.75, 1), 2 * gap)
    bar = bar.inflate(-bar.width // 4, 0)
    regions = {"show": show, "words": words, "toast": toast_strip(size_px)}
    play = Button("play", bar, tr("Touch to play"), Intent.GO_ON, Look.MAIN, Icon.PLAY)
    if not screen.playable:
        return Layout(regions, ())
    return Layout(regions, (play,), "play")


def draw(
    painter: Painter, screen: AttractView, view: View, layout: Layout, pictures: Pictures
) -> None:
    """Draw what is shown now, and the mascot that tries to keep a straight face."""
    painter.ground()
    tr, palette = painter.tr, painter.palette
    show, words = layout.regions["show"], layout.regions["words"]
    if screen.pixels is not None:
        height, width = screen.pixels.shape[:2]
        place = contain(show.inflate(-painter.px(2), -painter.px(2)), width, height)
        painter.around(place, palette.outline, painter.px(theme.OUTLINE * 1.6))
        pictures.clip.show(painter, place, screen.pixels, screen.order, frame=screen.frame_id)
    else:
        head, table = rows(show, (1, 6), painter.px(1))
        title = f"{tr.mode(screen.mode, 'name')} · {level_name(screen.level, tr)}"
        draw_poster(painter, title, head, theme.HEAD)
        # Read from some steps away.
        size = min(theme.HEAD, table.height / painter.px(1) / _PLACES * _OF_ROW)
        draw_table(painter, table, screen.rows or (), _PLACES, tr("No name"), size)
        if screen.rows == ():
            painter.text(tr("Nobody yet. Be the first!"), table, theme.HEAD, lines=2)
    face, name, rule, line = rows(words, (3, 1.5, 1, 1.2), painter.px(1))
    strain = 0.5 + 0.5 * theme.pulse(painter.now_s, _SWING_S) if screen.pixels is not None else 0.0
    painter.mascot(face, screen.mode, 0.0 if painter.still else strain)
    draw_poster(painter, tr.mode(screen.mode, "name"), name, align="center")
    painter.text(tr.mode(screen.mode, "rule"), rule, theme.LARGE, palette.text, lines=2)
    painter.text(tr("Come closer!"), line, theme.HEAD, palette.accent)
