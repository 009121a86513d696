"""The title: what the game is, and its modes as posters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pygame import Rect

from emotion_game.ui import theme
from emotion_game.ui.i18n import OWN_NAMES, Language, Translator, mark
from emotion_game.ui.icons import Icon
from emotion_game.ui.intents import ChooseMode, Intent, UserIntent
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
from emotion_game.ui.text import Weight
from emotion_game.ui.view import Screen, View

#: How to play, in one line, for who has never played.
HOW_TO = mark("Pick one. Watch the clip. Keep a straight face!")

#: Posters beside each other, by how many modes there are: in a wide window and in a tall one.
_IN_A_WIDE_ROW = {1: 1, 2: 2, 3: 3, 4: 4, 5: 3, 6: 3}
_IN_A_TALL_ROW = {1: 1, 2: 1, 3: 1, 4: 2, 5: 2, 6: 2}

_Spec = tuple[str, str, UserIntent, Icon]


@dataclass(frozen=True, slots=True)
class TitleView(Screen):
    """The first screen: what the game is, and its modes as big cards.

    One press on a mode (``ChooseMode``) leads to its levels. Besides: ``SCORES``, ``OPTIONS`` (if
    ``has_options``), ``TOGGLE_LANGUAGE`` and, if ``can_quit``, ``QUIT``.

    Attributes:
        mode: the mode that was played last; its card has the focus.
        modes: every mode that is offered, 1 to 6.
        crowns: modes whose crown was won on this machine.
        can_quit: False at a booth.
        has_options: the player may change them; not at a booth.
    """

    first: ClassVar[bool] = True

    modes: tuple[str, ...]
    crowns: frozenset[str] = frozenset()
    can_quit: bool = True
    has_options: bool = True

    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """Place the sign with the name, a poster for each mode, and the small buttons below."""
        gap = round(theme.GAP * theme.unit_px(size_px))
        whole = page(size_px)
        other: Language = "en" if view.language == "ko" else "ko"
        specs: list[_Spec] = [
            ("scores", tr("Scores"), Intent.SCORES, Icon.TROPHY),
            ("language", OWN_NAMES[other], Intent.TOGGLE_LANGUAGE, Icon.LANGUAGE),
        ]
        if self.has_options:
            specs.insert(1, ("options", tr("Options"), Intent.OPTIONS, Icon.OPTIONS))
        if self.can_quit:
            specs.append(("quit", tr("Quit"), Intent.QUIT, Icon.QUIT))
        count = len(self.modes)
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
                ButtonStyle.MODE,
                note=tr.mode(mode, "rule"),
                mode=mode,
                crowned=mode in self.crowns,
            )
            for mode, place in zip(self.modes, posters, strict=True)
        ]
        buttons += [
            Button(name, place, label, intent, icon=icon)
            for (name, label, intent, icon), place in zip(specs, tools, strict=True)
        ]
        regions = {"sign": sign, "toast": toast_strip(size_px)}
        return Layout(regions, tuple(buttons), f"mode.{self.mode}")

    def escape(self) -> Intent:
        """See :class:`Screen`: here it leaves the game, where that is allowed; it asks first."""
        return Intent.STOP if self.can_quit else Intent.BACK

    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """Draw the sign with mascot, name and one line."""
        if len(self.modes) <= (2 if is_tall(painter.surface.get_size()) else 4):
            painter.split_ground(self.modes)
        else:
            painter.ground()  # posters in several rows: no seam would fall between them
        tr, palette = painter.tr, painter.palette
        sign = layout.regions["sign"]
        painter.card(sign, palette.panel, shadow=1.2)
        inner = sign.inflate(-painter.px(5), -painter.px(2))
        face = Rect(inner.left, inner.top, inner.height, inner.height - painter.px(1))
        painter.mascot(face, self.mode, 0.0)
        left = face.right + painter.px(2)
        words = Rect(left, inner.top, inner.right - left, face.height)
        name, line = rows(words, (1.9, 1), 0)
        shadow = theme.mix(palette.panel, palette.skin, 0.55)
        painter.text(tr("Straight Face"), name, theme.POSTER, palette.text, shadow=shadow)
        tagline = tr(HOW_TO) if view.hint else tr("The camera is watching you.")
        painter.text(tagline, line, theme.LARGE, palette.muted, weight=Weight.MEDIUM, lines=2)
