"""A nickname is typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pygame import Rect

from emotion_game.game.keyboard import Keys
from emotion_game.ui import theme
from emotion_game.ui.i18n import Translator, mark
from emotion_game.ui.icons import Icon
from emotion_game.ui.intents import Intent, TypeKey
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
from emotion_game.ui.widgets import draw_poster, keypad

#: By the value of a ``scores.NicknameFault``; "taken" is refused by the game itself.
NAME_FAULTS: dict[str, str] = {
    "empty": mark("Type at least one letter"),
    "too_long": mark("That is too long"),
    "character": mark("One of these signs cannot be shown"),
    "word": mark("Please choose another name"),
    "taken": mark("Somebody here has this name already"),
}
#: What the switch leads to from each set of keys.
_NEXT_KEYS: dict[Keys, str] = {Keys.LATIN: "한글", Keys.HANGUL: "123", Keys.DIGITS: "ABC"}
_BLINK_S = 1.0


@dataclass(frozen=True, slots=True)
class NameView(Screen):
    """A nickname is typed: with the keys on the screen, or on a real keyboard.

    A key on the screen is ``TypeKey(key)``, a space ``TypeKey(" ")``; besides ``ERASE``,
    ``SHIFT``, ``SWITCH_KEYS`` (Latin, Hangul, digits in turn), ``DONE`` and ``BACK`` (no name).

    Attributes:
        text: so far, Hangul composed to syllables; at most ``longest`` characters.
        keys: rows of the keys that are shown now; each key is one character.
        layout: which keys these are.
        shifted: upper case, or doubled consonants.
        fault: why the text was refused, a key of ``NAME_FAULTS``; "" while it was not.
        points: what the name is for; 0 for none.
        player: whose name this is, from 1; 0 where there is only one player.
    """

    typed: ClassVar[bool] = True

    text: str
    keys: tuple[tuple[str, ...], ...]
    layout: Keys
    shifted: bool
    longest: int
    fault: str = ""
    points: int = 0
    player: int = 0

    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """Place the name's line, the keys, and erase, shift, switch and done below them."""
        unit = theme.unit_px(size_px)
        gap = round(theme.GAP * unit)
        tall = is_tall(size_px)
        whole = page(size_px)
        shares = (1, 1.3, 0.8, 5, 2.1) if tall else (1.15, 1.5, 0.75, 4.4, 1.25)
        head, line, fault, keys, bar = rows(whole, shares, round(gap * 0.7))
        if tall:
            upper, lower = rows(bar, (1, 1), gap // 2)
            shift, switch, space, erase = columns(upper, (1, 1, 2.2, 1), gap // 2)
            leave, done = columns(lower, (1, 1.6), gap // 2)
        else:
            leave, shift, switch, space, erase, done = columns(
                bar, (1.5, 1, 1.1, 2, 1, 2), gap // 2
            )
        row_px = min(keys.height, round((12 if tall else 13) * unit) * max(1, len(self.keys)))
        block = Rect(keys.left, 0, keys.width, row_px)
        block.bottom = keys.bottom
        buttons = (
            *keypad(block, self.keys, TypeKey, round(0.9 * unit)),
            Button("shift", shift, "", Intent.SHIFT, icon=Icon.SHIFT, selected=self.shifted),
            Button("switch", switch, _NEXT_KEYS[self.layout], Intent.SWITCH_KEYS),
            Button("key. ", space, tr("Space"), TypeKey(" ")),
            Button("erase", erase, "", Intent.ERASE, icon=Icon.ERASE),
            Button("back", leave, tr("Back") if self.player else tr("No name"), Intent.BACK),
            Button("done", done, tr("Done"), Intent.DONE, ButtonStyle.MAIN, Icon.CHECK),
        )
        regions = {"head": head, "line": line, "fault": fault, "toast": toast_strip(size_px)}
        return Layout(regions, buttons, "")

    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """Draw the text so far with its cursor, how much fits, and why it was refused."""
        painter.ground()
        palette, tr, regions = painter.palette, painter.tr, layout.regions
        name, points = columns(regions["head"], (1.6, 1), painter.px(2))
        asks = tr("Your name?")
        if self.player:
            asks = tr("Player {number}: your name?", number=self.player)
        draw_poster(painter, asks, name)
        if self.points:
            words = tr("{points} points", points=f"{self.points:,}")
            painter.text(words, points, theme.HEAD, align="right")
        line = regions["line"]
        refused = bool(self.fault)
        painter.card(line, shadow=0.5, frame=palette.danger if refused else None)
        inner = line.inflate(-painter.px(5), -painter.px(1.6))
        count_width = painter.px(12)
        text = Rect(inner.left, inner.top, inner.width - count_width, inner.height)
        taken = painter.text(self.text, text, theme.TITLE, align="left")
        end = taken.right + painter.px(0.6) if self.text else text.left
        if painter.still or painter.now_s % _BLINK_S < _BLINK_S / 2:
            cursor = Rect(min(end, text.right), 0, painter.px(0.7), round(inner.height * 0.7))
            cursor.centery = inner.centery
            painter.panel(cursor, palette.accent, cursor.width // 2)
        count = Rect(text.right, inner.top, count_width, inner.height)
        painter.text(
            f"{len(self.text)}/{self.longest}", count, theme.BODY, palette.muted, align="right"
        )
        if refused:
            area = regions["fault"]
            words = tr(NAME_FAULTS[self.fault])
            side = min(area.height, painter.px(5))
            width = painter.width_of(words, theme.LARGE)
            left = max(area.left, area.centerx - (width + 2 * side) // 2)
            painter.icon(
                Icon.WARNING, Rect(left, area.centery - side // 2, side, side), palette.danger
            )
            label = Rect(left + side + painter.px(1.2), area.top, area.width, area.height).clip(
                area
            )
            painter.text(words, label, theme.LARGE, palette.danger, align="left")
