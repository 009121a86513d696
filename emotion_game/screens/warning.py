"""Before a mode that warns, such as Surprise: flashes, loud sounds, from 12 years."""

from __future__ import annotations

from dataclasses import dataclass

from pygame import Rect

from emotion_game.ui import sprites, theme
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


@dataclass(frozen=True, slots=True)
class WarningView(Screen):
    """Before a mode that warns: flashing pictures, loud sounds, from 12 years.

    ``GO_ON`` accepts; ``BACK`` declines and goes back to the title. Neither is chosen by itself.
    """

    level: int

    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """Place the three warnings and the two answers; to decline is the first of them."""
        gap = round(theme.GAP * theme.unit_px(size_px))
        shares = (2, 6, 1.5) if is_tall(size_px) else (1.9, 4, 1.5)
        head, cards, bar = rows(page(size_px), shares, 2 * gap)
        cut = rows if is_tall(size_px) else columns
        places = cut(cards, (1, 1, 1), 2 * gap)
        no, yes = columns(bar, (1, 1), 2 * gap)
        regions = {"head": head, "toast": toast_strip(size_px)}
        regions |= {f"card.{number}": place for number, place in enumerate(places)}
        buttons = (
            Button("back", no, tr("No, thanks"), Intent.BACK, icon=Icon.BACK),
            Button("go", yes, tr("I dare!"), Intent.GO_ON, ButtonStyle.MAIN, Icon.CHECK),
        )
        return Layout(regions, buttons)

    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """Draw what is to be expected: a sign and few words each."""
        painter.ground()
        palette, tr = painter.palette, painter.tr
        head = layout.regions["head"]
        tape = Rect(head.left, head.bottom - painter.px(2.4), head.width, painter.px(2.4))
        pattern = painter.keep(
            ("tape", tape.size, palette.danger),
            lambda: sprites.stripes(tape.size, palette.danger, 255, painter.px(5)),
        )
        painter.surface.fill(palette.outline, tape)
        painter.surface.blit(pattern, tape)
        side = head.height - tape.height - painter.px(2)
        sign = Rect(head.left, head.top, side, side)
        painter.icon(Icon.WARNING, sign, palette.danger)
        words = Rect(sign.right + painter.px(3), head.top, 0, side)
        words.width = head.right - words.left
        painter.text(
            tr("Careful!"),
            words,
            theme.POSTER,
            palette.danger,
            align="left",
            shadow=palette.outline,
        )
        items = (
            (Icon.FLASH, tr("Flashing pictures")),
            (Icon.SOUND, tr("Loud, sudden sounds")),
            (None, tr("From 12 years")),
        )
        for number, (icon, line) in enumerate(items):
            place = layout.regions[f"card.{number}"]
            painter.card(place)
            inner = place.inflate(-painter.px(4), -painter.px(4))
            if inner.width > 2 * inner.height:
                picture, label = columns(inner, (1, 2.4), painter.px(3))
            else:
                picture, label = rows(inner, (1.7, 1), painter.px(1))
            if icon is None:
                painter.badge(Icon.STOP, picture, palette.danger, palette.danger)
                painter.text("12+", picture, theme.TITLE, palette.on_danger)
            else:
                painter.icon(icon, picture, palette.accent)
            painter.text(line, label, theme.HEAD, lines=2)
