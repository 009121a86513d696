"""For the operator: the PIN, and the menu behind it."""

from __future__ import annotations

from dataclasses import dataclass

from pygame import Rect

from emotion_game.ui import theme
from emotion_game.ui.i18n import Translator, mark
from emotion_game.ui.icons import Icon
from emotion_game.ui.intents import ChangeOption, Intent, OperatorIntent, Option, TypeKey
from emotion_game.ui.layout import (
    Button,
    ButtonStyle,
    Layout,
    columns,
    inside,
    is_tall,
    page,
    rows,
    toast_strip,
)
from emotion_game.ui.painter import Painter
from emotion_game.ui.pictures import Pictures
from emotion_game.ui.text import Weight
from emotion_game.ui.view import Screen, View
from emotion_game.ui.widgets import draw_poster, keypad

_KEYS = (("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"), ("0",))
#: Names of the lines that a booth says of itself.
LINES: dict[str, str] = {
    "camera": mark("Camera"),
    "rate": mark("Readings a second"),
    "rounds": mark("Rounds since the start"),
    "player": mark("Clip player"),
    "waiting": mark("Results waiting"),
    "model": mark("Model"),
}


@dataclass(frozen=True, slots=True)
class PinView(Screen):
    """The operator's PIN: ``TypeKey`` of a digit, ``ERASE``, ``DONE``, ``BACK``.

    Attributes:
        length: how many digits stand there.
        wrong: the last one was wrong.
        wait_s: seconds until the next try; 0: now.
    """

    length: int
    wrong: bool
    wait_s: int

    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """Place the digits so far, the keys, and the three buttons below."""
        unit = theme.unit_px(size_px)
        gap = round(theme.GAP * unit)
        head, line, fault, keys, bar = rows(page(size_px), (1, 1, 0.6, 5, 1.1), round(gap * 0.7))
        block = inside(keys, round(60 * unit), keys.height)
        row = inside(bar, round(90 * unit), bar.height)
        leave, erase, done = columns(row, (1.2, 0.8, 1.4), gap)
        buttons = (
            *keypad(block, _KEYS, TypeKey, round(0.9 * unit), digits_press=True),
            Button("back", leave, tr("Back"), Intent.BACK, icon=Icon.BACK),
            Button("erase", erase, "", Intent.ERASE, icon=Icon.ERASE),
            Button("done", done, tr("Done"), Intent.DONE, ButtonStyle.MAIN, Icon.CHECK),
        )
        regions = {"head": head, "line": line, "fault": fault, "toast": toast_strip(size_px)}
        return Layout(regions, buttons)

    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """Draw a dot for each digit, and why it does not open."""
        painter.ground()
        palette, tr, regions = painter.palette, painter.tr, layout.regions
        draw_poster(painter, tr("Operator PIN"), regions["head"], align="center")
        line = inside(regions["line"], painter.px(70), regions["line"].height)
        painter.card(line, shadow=0.5, frame=palette.danger if self.wrong else None)
        side = painter.px(2.6)
        step = side * 2
        left = line.centerx - (self.length * step - side) // 2
        for number in range(self.length):
            dot = Rect(left + number * step, line.centery - side // 2, side, side)
            painter.panel(dot, palette.text, side // 2)
        words = ""
        if self.wait_s:
            words = tr("Too many wrong tries: wait {seconds} s", seconds=self.wait_s)
        elif self.wrong:
            words = tr("That PIN is wrong")
        painter.text(words, regions["fault"], theme.LARGE, palette.danger)


@dataclass(frozen=True, slots=True)
class LeaveView(Screen):
    """Leave for the desktop? ``OperatorIntent.DESKTOP`` or ``BACK``."""

    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """Place the question above its two answers."""
        gap = round(theme.GAP * theme.unit_px(size_px))
        _, head, line, _, bar, _ = rows(page(size_px), (1, 1.2, 1.6, 0.5, 1.2, 1), gap)
        stay, leave = columns(bar, (1, 1), gap)
        buttons = (
            Button("back", stay, tr("Stay"), Intent.BACK, ButtonStyle.MAIN, Icon.BACK),
            Button("desktop", leave, tr("To the desktop"), OperatorIntent.DESKTOP, icon=Icon.QUIT),
        )
        regions = {"head": head, "line": line, "toast": toast_strip(size_px)}
        return Layout(regions, buttons, "back")

    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """Draw the question and what follows."""
        painter.ground()
        tr, regions = painter.tr, layout.regions
        draw_poster(painter, tr("Leave for the desktop?"), regions["head"], align="center")
        words = tr("Nobody can play then, and the game does not start again by itself.")
        painter.text(words, regions["line"], theme.HEAD, weight=Weight.MEDIUM, lines=3)


@dataclass(frozen=True, slots=True)
class OperatorView(Screen):
    """The operator's menu: ``OperatorIntent``, ``ChangeOption`` of the volume, ``BACK``.

    Attributes:
        volume: 0..1.
        lines: what the booth says of itself: a name (translated by the screen) and a value.
        closed: the game does not run; it can be put back in service.
    """

    volume: float
    lines: tuple[tuple[str, str], ...]
    closed: bool = False

    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """Place what the booth says of itself, the volume and the switches."""
        gap = round(theme.GAP * theme.unit_px(size_px))
        shares = (1, 4, 4.5, 1.1) if is_tall(size_px) else (1, 3.2, 2.9, 1.1)
        head, card, switches, bar = rows(page(size_px), shares, gap)
        upper, lower = rows(switches, (1, 1), gap)
        quieter, level, louder = columns(upper, (1, 1.6, 1), gap)
        restart, off, desktop = columns(lower, (1, 1, 1), gap)
        back = inside(bar, bar.width // 2, bar.height)
        if self.closed:
            service = ("service", off, tr("Back in service"), OperatorIntent.IN_SERVICE)
            icon = Icon.CHECK
        else:
            service = ("service", off, tr("Out of service"), OperatorIntent.OUT_OF_SERVICE)
            icon = Icon.STOP
        again, leave = OperatorIntent.RESTART, OperatorIntent.DESKTOP
        buttons = (
            Button("quieter", quieter, "", ChangeOption(Option.VOLUME, -1), icon=Icon.MINUS),
            Button("louder", louder, "", ChangeOption(Option.VOLUME, 1), icon=Icon.PLUS),
            Button("restart", restart, tr("Restart"), again, icon=Icon.AGAIN),
            Button(*service, icon=icon),
            Button(
                "desktop",
                desktop,
                tr("To the desktop"),
                leave,
                icon=Icon.QUIT,
            ),
            Button("back", back, tr("Back"), Intent.BACK, ButtonStyle.MAIN, Icon.BACK),
        )
        regions = {"head": head, "card": card, "level": level, "toast": toast_strip(size_px)}
        return Layout(regions, buttons, "back")

    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """Draw the lines in two columns, and the volume between its buttons."""
        painter.ground()
        palette, tr, regions = painter.palette, painter.tr, layout.regions
        draw_poster(painter, tr("Operator"), regions["head"])
        card = regions["card"]
        painter.card(card)
        inner = card.inflate(-painter.px(6), -painter.px(4))
        half = -(-len(self.lines) // 2)
        for number, column in enumerate(columns(inner, (1, 1), painter.px(5))):
            part = self.lines[number * half : (number + 1) * half]
            for (name, value), place in zip(part, rows(column, [1] * half, 0), strict=False):
                label, told = columns(place, (1.2, 1), painter.px(1))
                painter.text(
                    tr(LINES[name]), label, theme.BODY, palette.muted, weight=Weight.MEDIUM,
                    align="left",
                )  # fmt: skip
                painter.text(value, told, theme.BODY, align="right", lines=2)
        level = regions["level"]
        painter.card(level, shadow=0.5)
        sign, words = columns(
            level.inflate(-painter.px(4), -painter.px(2)), (1, 2.4), painter.px(2)
        )
        painter.icon(Icon.SOUND if self.volume else Icon.SOUND_OFF, sign, palette.text)
        painter.text(f"{self.volume:.0%}", words, theme.HEAD)
