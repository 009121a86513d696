"""Who plays: the names of a match's or a tournament's players."""

from __future__ import annotations

from dataclasses import dataclass

from pygame import Rect

from emotion_game.screens.words import player_name
from emotion_game.ui import theme
from emotion_game.ui.i18n import Translator
from emotion_game.ui.icons import Icon
from emotion_game.ui.intents import Intent, NamePlayer, UserIntent
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
from emotion_game.ui.live import player_badge
from emotion_game.ui.painter import Painter
from emotion_game.ui.pictures import Pictures
from emotion_game.ui.view import Screen, View
from emotion_game.ui.widgets import draw_poster


@dataclass(frozen=True, slots=True)
class PlayersView(Screen):
    """Who plays: one press on a place (``NamePlayer``) leads to its name.

    Besides: ``GO_ON``, ``BACK``; ``ADD_PLAYER`` and ``REMOVE_PLAYER`` where that can be done.

    Attributes:
        names: of all who play; "" for who gave none.
        tournament: they take turns; otherwise they sit side by side, in this order.
        can_add: there is room for one more.
        can_remove: there are more than there must be.
    """

    names: tuple[str, ...]
    tournament: bool = False
    can_add: bool = False
    can_remove: bool = False

    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """Place the headline, a card for each player, and the buttons below them."""
        unit = theme.unit_px(size_px)
        gap = round(theme.GAP * unit)
        count = len(self.names)
        if is_tall(size_px):
            head, line, body, bar = rows(page(size_px), (1, 1.1, 7.4, 2), gap)
            in_a_row = 1
            go, lower = rows(bar, (1, 1), gap)
            others = lower
        else:
            upper, body, bar = rows(page(size_px), (1.5, 4.6, 1.15), gap)
            head, line = columns(upper, (1, 1.5), 2 * gap)
            in_a_row = 2
            others, go = columns(bar, (1.6, 1), gap)
        lines = -(-count // in_a_row)
        tallest = round(17 * unit)
        high = min(body.height, lines * tallest + (lines - 1) * gap)
        body = Rect(body.left, body.top + (body.height - high) // 2, body.width, high)
        places = grid(body, count, in_a_row, gap)
        regions = {"head": head, "line": line, "toast": toast_strip(size_px)}
        buttons = []
        for number, place in enumerate(places):
            side = min(place.height, round(9 * unit))
            regions[f"number.{number}"] = Rect(place.left, place.top, side, place.height)
            place = Rect(
                place.left + side + gap // 2, place.top, place.width - side - gap // 2, place.height
            )
            note = "" if self.names[number] else tr("Press to type a name")
            buttons.append(
                Button(
                    f"player.{number}",
                    place,
                    player_name(self.names, number, tr),
                    NamePlayer(number),
                    ButtonStyle.CARD,
                    Icon.PENCIL,
                    note=note,
                )
            )
        specs: list[tuple[str, str, UserIntent, Icon]] = [
            ("back", tr("Back"), Intent.BACK, Icon.BACK)
        ]
        if self.tournament:
            if self.can_remove:
                specs.append(("fewer", tr("Fewer"), Intent.REMOVE_PLAYER, Icon.MINUS))
            if self.can_add:
                specs.append(("more", tr("More"), Intent.ADD_PLAYER, Icon.PLUS))
        buttons += [
            Button(name, place, label, intent, icon=icon)
            for (name, label, intent, icon), place in zip(
                specs, columns(others, [1] * len(specs), gap), strict=True
            )
        ]
        buttons.append(Button("go", go, tr("Go on"), Intent.GO_ON, ButtonStyle.MAIN, Icon.NEXT))
        return Layout(regions, tuple(buttons), "go")

    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """Draw the headline, what to do, and the numbers."""
        painter.ground()
        tr, regions, palette = painter.tr, layout.regions, painter.palette
        draw_poster(painter, tr("Who plays?"), regions["head"])
        words = tr("Sit side by side, from left to right as you see yourselves.")
        if self.tournament:
            words = tr("All take turns at the same clips. The two best play the final.")
        painter.text(words, regions["line"], theme.LARGE, align="left", lines=3)
        for number in range(len(self.names)):
            area = regions[f"number.{number}"]
            if self.tournament:
                painter.text(f"{number + 1}", area, theme.TITLE, palette.accent)
            else:
                side = min(*area.size, painter.px(8))
                disc = Rect(0, 0, side, side)
                disc.center = area.center
                player_badge(painter, disc, number)
