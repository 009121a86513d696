"""Where things stand: every screen turns the window's size into regions and buttons."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from pygame import Rect

from emotion_game.ui import theme
from emotion_game.ui.icons import Icon
from emotion_game.ui.intents import UserIntent

#: A button's icon and edges take as much room as so many letters.
_SIGN_LETTERS = 6.0


class ButtonStyle(Enum):
    """How a button is drawn."""

    MAIN = auto()  # the one most people want
    PLAIN = auto()
    MODE = auto()  # a poster in its mode's own colours, with the mascot's face
    LEVEL = auto()  # a choice with stars
    CARD = auto()  # a large choice: icon, name, note
    SWITCH = auto()  # an option: icon, name, and how it stands in ``value``
    TAB = auto()  # one of several views of the same thing
    KEY = auto()  # of a keyboard or keypad
    SMALL = auto()  # for the operator, or one of many


@dataclass(frozen=True, slots=True)
class Button:
    """Something that can be pressed; ``name`` is its key for the focus.

    ``keys`` are pygame's numbers of the keys that press it whatever has the focus.
    ``value`` is what a switch stands at; ``on`` whether it is on, None where it has no on and off.
    ``crowned`` puts the crown on a mode's poster. ``share`` (0..1) is how far what was asked for
    is, as a bar at the lower edge.
    """

    name: str
    rect: Rect
    label: str
    intent: UserIntent
    style: ButtonStyle = ButtonStyle.PLAIN
    icon: Icon | None = None
    note: str = ""
    selected: bool = False
    mode: str | None = None
    level: int = 0
    keys: tuple[int, ...] = ()
    value: str = ""
    on: bool | None = None
    crowned: bool = False
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """One screen at one size.

    Attributes:
        regions: named places for what is only drawn; "toast" is where the notices go.
        buttons: in the order that Tab walks.
        first: name of the button that has the focus when the screen opens; "" for none until
            Tab or an arrow is pressed, so that a second Enter does not end a round.
    """

    regions: Mapping[str, Rect]
    buttons: tuple[Button, ...]
    first: str = ""


def is_tall(size_px: tuple[int, int]) -> bool:
    """Return whether a window of ``size_px`` is higher than wide."""
    return size_px[1] > size_px[0]


def page(size_px: tuple[int, int]) -> Rect:
    """Return the window's area inside its margins, above the strip for notices."""
    unit = theme.unit_px(size_px)
    margin = round(theme.MARGIN * unit)
    width, height = size_px
    bottom = round(theme.TOAST * unit) + margin // 2
    return Rect(margin, margin, width - 2 * margin, height - margin - bottom - margin // 2)


def toast_strip(size_px: tuple[int, int]) -> Rect:
    """Return the strip that ``page`` leaves free for notices at the bottom."""
    unit = theme.unit_px(size_px)
    margin = round(theme.MARGIN * unit)
    height = round(theme.TOAST * unit)
    return Rect(margin, size_px[1] - height - margin // 2, size_px[0] - 2 * margin, height)


def rows(area: Rect, shares: Sequence[float], gap_px: int) -> list[Rect]:
    """Cut ``area`` from top to bottom in proportion to ``shares``, ``gap_px`` between."""
    free = area.height - gap_px * (len(shares) - 1)
    cuts, top, used = [], area.top, 0.0
    for index, share in enumerate(shares):
        start = top + round(free * used / sum(shares)) + gap_px * index
        used += share
        end = top + round(free * used / sum(shares)) + gap_px * index
        cuts.append(Rect(area.left, start, area.width, end - start))
    return cuts


def columns(area: Rect, shares: Sequence[float], gap_px: int) -> list[Rect]:
    """Cut ``area`` from left to right in proportion to ``shares``, ``gap_px`` between."""
    turned = rows(Rect(area.top, area.left, area.height, area.width), shares, gap_px)
    return [Rect(cut.top, cut.left, cut.height, cut.width) for cut in turned]


def label_shares(labels: Sequence[str]) -> list[float]:
    """Return shares of a row for buttons, in proportion to what their labels need."""
    wide = ("W", "F")
    return [
        _SIGN_LETTERS
        + sum(2 if unicodedata.east_asian_width(each) in wide else 1 for each in label)
        for label in labels
    ]


def grid(area: Rect, count: int, in_a_row: int, gap_px: int) -> list[Rect]:
    """Place ``count`` boxes of one size, row by row; a last row that is not full stands centred."""
    lines = [range(start, min(start + in_a_row, count)) for start in range(0, count, in_a_row)]
    places: list[Rect] = []
    for line, strip in zip(lines, rows(area, [1] * len(lines), gap_px), strict=True):
        full = columns(strip, [1] * in_a_row, gap_px)
        free_px = strip.right - full[len(line) - 1].right
        places += [full[column].move(free_px // 2, 0) for column in range(len(line))]
    return places


def contain(area: Rect, width: float, height: float) -> Rect:
    """Return the largest centred rectangle of ``width`` to ``height`` inside ``area``."""
    scale = min(area.width / width, area.height / height)
    fitted = Rect(0, 0, max(1, int(width * scale)), max(1, int(height * scale)))
    fitted.center = area.center
    return fitted


def inside(area: Rect, width_px: int, height_px: int) -> Rect:
    """Return a centred box of that size, or as much of it as ``area`` has."""
    box = Rect(0, 0, min(width_px, area.width), min(height_px, area.height))
    box.center = area.center
    return box


def neighbour(buttons: Sequence[Button], name: str, dx: int, dy: int) -> str:
    """Return the button that an arrow key leads to from ``name``; itself when there is none.

    Without a focus ("") any arrow leads to the first button.

    ``dx`` and ``dy`` are the arrow's direction, -1..1, y downwards. A button counts as lying in
    that direction when it starts beyond the current one's edge; straight ahead beats sideways.
    """
    if not name:
        return buttons[0].name
    here = next(button.rect for button in buttons if button.name == name)

    def cost(there: Rect) -> float | None:
        if dx:
            ahead = there.left - here.right if dx > 0 else here.left - there.right
            aside = max(there.top - here.bottom, here.top - there.bottom, 0)
            drift = abs(there.centery - here.centery)
        else:
            ahead = there.top - here.bottom if dy > 0 else here.top - there.bottom
            aside = max(there.left - here.right, here.left - there.right, 0)
            drift = abs(there.centerx - here.centerx)
        return None if ahead < 0 else ahead + 3 * aside + 0.05 * drift

    costs = {button.name: cost(button.rect) for button in buttons}
    reachable = {key: value for key, value in costs.items() if value is not None}
    return min(reachable, key=reachable.__getitem__, default=name)
