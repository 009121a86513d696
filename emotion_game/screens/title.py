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
    grid,
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

#: Posters beside each other, by how many modes there are: in a wide window and in a tall one.
_IN_A_WIDE_ROW = {1: 1, 2: 2, 3: 3, 4: 4, 5: 3, 6: 3}
_IN_A_TALL_ROW = {1: 1, 2: 1, 3: 1, 4: 2, 5: 2, 6: 2}

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
    count = len(screen.modes)
    if is_tall(size_px):
        if count == 2:
            first, sign, second, bar = rows(whole, (4, 2.6, 4, 1.7), 2 * gap)
            posters = [first, second]
        else:
            sign, body, bar = rows(whole, (2.6, 8, 1.7), 2 * gap)
            posters = grid(body, count, _IN_A_TALL_ROW[count], 2 * gap)
        pairs = [specs[start : start + 2] for start in range(0, len(specs), 2)]
        tools = [
            place
            for pair, strip in zip(pairs, rows(bar, [1] * len(pairs), gap), strict=True)
            for place in columns(strip, [1] * len(pair), gap)
        ]
    else:
        in_a_row = _IN_A_WIDE_ROW[count]
        shares = (2.5, 5.2, 1.15) if count == in_a_row else (2, 7, 1.2)
        sign, body, bar = rows(whole, shares, gap)
        sign = sign.inflate(-round(sign.width * 0.2), 0)
        posters = grid(body, count, in_a_row, 4 * gap if count < 4 else 2 * gap)
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


def draw(
    painter: Painter, screen: TitleView, view: View, layout: Layout, pictures: Pictures
) -> None:
    """Draw the sign with mascot, name and one line."""
    if len(screen.modes) <= (2 if is_tall(painter.surface.get_size()) else 4):
        painter.split_ground(screen.modes)
    else:
        painter.ground()  # posters in several rows: no seam would fall between them
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
