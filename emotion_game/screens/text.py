"""Type: the embedded fonts, and text that always fits its box."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from enum import StrEnum
from typing import Generic, TypeVar

import pygame

from emotion_game.errors import ScreenError
from emotion_game.paths import FONTS
from emotion_game.screens.theme import Colour

K = TypeVar("K")
V = TypeVar("V")


class Weight(StrEnum):
    """The two embedded fonts."""

    BOLD = "StraightFaceSans-ExtraBold.otf"
    MEDIUM = "StraightFaceSans-Medium.otf"


class Cache(Generic[K, V]):
    """Keep the entries used last, up to a total weight of ``size``.

    ``weigh`` gives an entry's weight; without it every entry weighs 1.
    """

    def __init__(self, size: int, weigh: Callable[[V], int] = lambda _: 1) -> None:
        self._size = size
        self._weigh = weigh
        self._weight = 0
        self._entries: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K, make: Callable[[], V]) -> V:
        """Return the entry of ``key``, made by ``make`` when there is none."""
        if key in self._entries:
            self._entries.move_to_end(key)
            return self._entries[key]
        entry = make()
        self._entries[key] = entry
        self._weight += self._weigh(entry)
        while self._weight > self._size and len(self._entries) > 1:
            self._weight -= self._weigh(self._entries.popitem(last=False)[1])
        return entry


def printable(text: str) -> str:
    """Return ``text`` with what no font can draw (controls, broken file names) made spaces."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def wrap(text: str, font: pygame.font.Font, width_px: int) -> list[str]:
    """Break ``text`` by words into lines of at most ``width_px``; longer words by letters."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if font.size(longer)[0] <= width_px:
            line = longer
            continue
        if line:
            lines.append(line)
        line = ""
        for letter in word:
            if line and font.size(line + letter)[0] > width_px:
                lines.append(line)
                line = ""
            line += letter
    return [*lines, line] if line else lines


def shorten(text: str, font: pygame.font.Font, width_px: int) -> str:
    """Return ``text`` cut to ``width_px`` with an ellipsis; empty when not even that fits."""
    if font.size(text)[0] <= width_px:
        return text
    for length in range(len(text) - 1, -1, -1):
        cut = text[:length].rstrip() + "…"
        if font.size(cut)[0] <= width_px:
            return cut
    return ""


def shorten_middle(text: str, letters: int) -> str:
    """Return ``text`` cut in its middle to ``letters``: names and addresses differ at both ends."""
    if len(text) <= letters:
        return text
    head = letters // 2
    return f"{text[:head].rstrip()}…{text[head + 1 - letters :].lstrip()}"


class Typesetter:
    """Render text in the embedded fonts; keeps fonts, line breaks and pictures of lines.

    Raises:
        ScreenError: an embedded font is missing.
    """

    #: Text shrinks to this share of the wanted size before it is cut with an ellipsis.
    SMALLEST = 0.78
    #: Height of a line of the embedded fonts in ems, rounded up.
    LINE = 1.22

    def __init__(self) -> None:
        for weight in Weight:
            if not (FONTS / weight).is_file():
                raise ScreenError(
                    f"no font at {FONTS / weight}.", hint="Install the package again."
                )
        self._fonts: Cache[tuple[Weight, int], pygame.font.Font] = Cache(64)
        self._blocks: Cache[tuple[str, Weight, int, int, int, int], tuple[int, list[str]]]
        self._blocks = Cache(512)
        self._lines: Cache[tuple[str, Weight, int, Colour], pygame.Surface] = Cache(512)

    def font(self, weight: Weight, size_px: int) -> pygame.font.Font:
        """Return the font of ``weight`` whose em is ``size_px``."""
        return self._fonts.get((weight, size_px), lambda: pygame.font.Font(FONTS / weight, size_px))

    def fit(
        self, text: str, weight: Weight, size_px: int, width_px: int, height_px: int, lines: int
    ) -> tuple[int, list[str]]:
        """Return the size, at most ``size_px``, and the lines that fit the box.

        Shrinks before it cuts: only text that overflows at ``SMALLEST`` gets an ellipsis.
        """
        key = (text, weight, size_px, width_px, height_px, lines)
        return self._blocks.get(key, lambda: self._fit(*key))

    def _fit(
        self, text: str, weight: Weight, size_px: int, width_px: int, height_px: int, lines: int
    ) -> tuple[int, list[str]]:
        text = printable(text)
        size = max(1, min(size_px, int(height_px / self.LINE)))
        smallest = max(1, min(size, round(size_px * self.SMALLEST)))
        while True:
            font = self.font(weight, size)
            broken = wrap(text, font, width_px)
            room = max(1, min(lines, height_px // font.get_linesize()))
            # A word cut in two reads badly: while there is room to shrink, shrink.
            whole = all(font.size(word)[0] <= width_px for word in text.split())
            if len(broken) <= room and (whole or size <= smallest):
                return size, broken
            if size <= smallest:
                kept = broken[: room - 1]
                return size, [*kept, shorten(" ".join(broken[room - 1 :]), font, width_px)]
            size = max(smallest, min(size - 1, round(size * 0.94)))

    def line(self, text: str, weight: Weight, size_px: int, colour: Colour) -> pygame.Surface:
        """Return one rendered line on a transparent ground."""
        return self._lines.get(
            (text, weight, size_px, colour),
            lambda: self.font(weight, size_px).render(text, True, colour),
        )
