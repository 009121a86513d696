"""The title: what the game is, and its modes as posters."""

from __future__ import annotations

from pygame import Rect

from emotion_game.screens import theme
from emotion_game.screens.i18n import OWN_NAMES, Language, Translator, mark
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
from emotion_game.screens.text import Weight
from emotion_game.screens.view import ChooseMode, Intent, TitleView, UserIntent, View

#: How to play, in one line, for who has never played.
HOW_TO = mark("Pick one. Watch the clip. Keep a straight face!")

#: So many posters stand beside each other before they take another row.
_IN_A_WIDE_ROW, _IN_A_TALL_ROW = 3, 2

_Spec = tuple[str, str, UserIntent, Icon]


def lay_out(screen: TitleView, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
    """Place the sign with the name, a poster for each mode, and the small buttons below."""
    gap = round(theme.GAP * theme.unit_px(size_px))
    whole = page(size_px)
    other: Language = "en" if view.language == "ko" else "ko"
    specs: list[_Spec] = [
        ("scores", tr("Scores"), Intent.SCORES, Icon.TROPHY),
        ("language", OWN_NAMES[other], Intent.TOGGLE_LANGUAGE, Icon.LANGUAGE),
    ]
    if screen.has_options:
        specs.insert(1, ("options", tr("Options"), Intent.OPTIONS, Icon.OPTIONS))
    if screen.can_quit:
        specs.append(("quit", tr("Quit"), Intent.QUIT, Icon.QUIT))
    if is_tall(size_px):
        if len(screen.modes) == 2:
            first, sign, second, bar = rows(whole, (4, 2.6, 4, 1.7), 2 * gap)
            posters = [first, second]
        else:
            sign, body, bar = rows(whole, (2.6, 8, 1.7), 2 * gap)
            posters = _grid(body, len(screen.modes), _IN_A_TALL_ROW, 2 * gap)
        pairs = [specs[start : start + 2] for start in range(0, len(specs), 2)]
        tools = [
            place
            for pair, strip in zip(pairs, rows(bar, [1] * len(pairs), gap), strict=True)
            for place in columns(strip, [1] * len(pair), gap)
        ]
    else:
        sign, body, bar = rows(whole, (2.5, 5.2, 1.15), gap)
        sign = sign.inflate(-round(sign.width * 0.2), 0)
        posters = _grid(body, len(screen.modes), _IN_A_WIDE_ROW, 4 * gap)
        tools = columns(bar, [1] * len(specs), gap)
    buttons = [
        Button(
            f"mode.{mode}",
            place,
            tr.mode(mode, "name"),
            ChooseMode(mode),
            Look.MODE,
            note=tr.mode(mode, "rule"),
            mode=mode,
            crowned=mode in screen.crowns,
        )
        for mode, place in zip(screen.modes, posters, strict=True)
    ]
    buttons += [
        Button(name, place, label, intent, icon=icon)
        for (name, label, intent, icon), place in zip(specs, tools, strict=True)
    ]
    regions = {"sign": sign, "toast": toast_strip(size_px)}
    return Layout(regions, tuple(buttons), f"mode.{screen.mode}")


def _grid(area: Rect, count: int, in_a_row: int, gap_px: int) -> list[Rect]:
    """Place so many posters, in as few rows as hold them, all about equally large."""
    lines = -(-count // in_a_row)
    gap_px //= lines
    places: list[Rect] = []
    for number, line in enumerate(rows(area, [1] * lines, gap_px)):
        of_line = count // lines + (number < count % lines)
        places += columns(line, [1] * of_line, gap_px)
    return places


def draw(
    painter: Painter, screen: TitleView, view: View, layout: Layout, pictures: Pictures
) -> None:
    """Draw the sign with mascot, name and one line."""
    painter.split_ground(screen.modes)
    tr, palette = painter.tr, painter.palette
    sign = layout.regions["sign"]
    painter.card(sign, palette.panel, shadow=1.2)
    inner = sign.inflate(-painter.px(5), -painter.px(2))
    face = Rect(inner.left, inner.top, inner.height, inner.height - painter.px(1))
    painter.mascot(face, screen.mode, 0.0)
    left = face.right + painter.px(2)
    words = Rect(left, inner.top, inner.right - left, face.height)
    name, line = rows(words, (1.9, 1), 0)
    shadow = theme.mix(palette.panel, palette.skin, 0.55)
    painter.text(tr("Straight Face"), name, theme.POSTER, palette.text, shadow=shadow)
    tagline = tr(HOW_TO) if view.hint else tr("The camera is watching you.")
    painter.text(tagline, line, theme.LARGE, palette.muted, weight=Weight.MEDIUM, lines=2)
