"""Type: the embedded fonts, and text that always fits its box."""

from __future__ import annotations

import io
import logging
import os
from collections import OrderedDict
from collections.abc import Callable
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import Generic, TypeVar

import pygame

from emotion_game.errors import ScreenError
from emotion_game.paths import FONTS
from emotion_game.ui.theme import Colour
from emotion_game.ui.vector import Canvas, arc

log = logging.getLogger(__name__)

K = TypeVar("K")
V = TypeVar("V")

#: Memory for rendered lines: some hundred at 720p, the last screen at 4K. A booth's ever new points
#: and seconds fill it in the course of a day, whatever its size.
_LINES_BYTES = 24_000_000
#: What a line should rather end with.
_ENDS = (".", "!", "?", ":", "…")
#: Width of a text in px.
Measure = Callable[[str], int]

#: Where systems keep their fonts, and which of them have kanji, kana and signs, best first. Fonts
#: of coloured pictures are left out: pygame draws them at one size only, or not at all.
_SYSTEM_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "C:/Windows/Fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
)
_SYSTEM_FONTS = (
    "NotoSansCJK-Bold.ttc",
    "NotoSansCJK-Regular.ttc",
    "malgunbd.ttf",
    "YuGothB.ttc",
    "msgothic.ttc",
    "AppleSDGothicNeo.ttc",
    "Arial Unicode.ttf",
    "NanumGothicBold.ttf",
    "wqy-zenhei.ttc",
    "seguisym.ttf",
    "NotoSansSymbols2-Regular.ttf",
    "Symbola.ttf",
    "DejaVuSans-Bold.ttf",
)
#: Zero-width joiner, variation selectors, keycap, skin tones.
_JOINERS = frozenset("\u200d\ufe0e\ufe0f\u20e3" + "".join(map(chr, range(0x1F3FB, 0x1F400))))
#: A sign that Unicode never assigns.
_NOWHERE = "\uffff"
#: Stands for "no font has it" among the fonts' files.
_FACE = "straight face"


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
    """Return ``text`` with what no font can draw (controls, broken file names) made spaces.

    Signs that only join or colour emoji go without a trace.
    """
    return "".join(
        letter if letter.isprintable() else " " for letter in text if letter not in _JOINERS
    )


def wrap(text: str, measure: Measure, width_px: int) -> list[str]:
    """Break ``text`` by words into lines of at most ``width_px``; longer words by letters."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if measure(longer) <= width_px:
            line = longer
            continue
        if line:
            lines.append(line)
        line = ""
        for letter in word:
            if line and measure(line + letter) > width_px:
                lines.append(line)
                line = ""
            line += letter
    return [*lines, line] if line else lines


def balance(text: str, measure: Measure, width_px: int) -> list[str]:
    """Return ``text`` in two lines where it reads best; none if no break between words fits.

    That is after a sentence, and else where the lines are most alike.
    """
    words = text.split()
    ways = [[" ".join(words[:cut]), " ".join(words[cut:])] for cut in range(1, len(words))]
    wide = [(max(map(measure, way)), way) for way in ways]
    fitting = [(not way[0].endswith(_ENDS), width, way) for width, way in wide if width <= width_px]
    return min(fitting)[2] if fitting else []


def shorten(text: str, measure: Measure, width_px: int) -> str:
    """Return ``text`` cut to ``width_px`` with an ellipsis; empty when not even that fits."""
    if measure(text) <= width_px:
        return text
    for length in range(len(text) - 1, -1, -1):
        cut = text[:length].rstrip() + "…"
        if measure(cut) <= width_px:
            return cut
    return ""


#: Letters of a name (camera, clip) that are shown among other words.
LONGEST_NAME = 30


def shorten_middle(text: str, letters: int) -> str:
    """Return ``text`` cut in its middle to ``letters``: names and addresses differ at both ends."""
    if len(text) <= letters:
        return text
    head = letters // 2
    return f"{text[:head].rstrip()}…{text[head + 1 - letters :].lstrip()}"


class Typesetter:
    """Render text in the embedded fonts; keeps fonts, line breaks and pictures of lines.

    A letter that the embedded fonts lack (kanji, emoji) is drawn in the first of the system's
    fonts that has it; where none has, it becomes a small straight face.

    Raises:
        ScreenError: an embedded font is missing.
    """

    #: Text shrinks to this share of the wanted size before it is cut with an ellipsis.
    SMALLEST = 0.45
    #: Height of a line of the embedded fonts in ems, rounded up.
    LINE = 1.22

    def __init__(self) -> None:
        for weight in Weight:
            if not (FONTS / weight).is_file():
                raise ScreenError(
                    f"no font at {FONTS / weight}.", hint="Install the package again."
                )
        # Read by Python: SDL finds no file in a path that the system cannot decode.
        self._files = {weight: (FONTS / weight).read_bytes() for weight in Weight}
        self._fonts: Cache[tuple[Weight, int], pygame.font.Font] = Cache(64)
        self._others: Cache[tuple[str, int], pygame.font.Font] = Cache(16)
        self._homes: dict[str, str] = {}
        self._other_files: list[str] | None = None
        self._blocks: Cache[tuple[str, Weight, int, int, int, int], tuple[int, list[str]]]
        self._blocks = Cache(512)
        self._widths: Cache[tuple[str, Weight, int], int] = Cache(512)
        self._lines: Cache[tuple[str, Weight, int, Colour], pygame.Surface]
        self._lines = Cache(_LINES_BYTES, lambda line: line.get_pitch() * line.get_height())

    def font(self, weight: Weight, size_px: int) -> pygame.font.Font:
        """Return the font of ``weight`` whose em is ``size_px``."""
        return self._fonts.get(
            (weight, size_px), lambda: pygame.font.Font(io.BytesIO(self._files[weight]), size_px)
        )

    def width(self, text: str, weight: Weight, size_px: int) -> int:
        """Return the width of ``text`` on one line, px."""
        key = (text, weight, size_px)
        return self._widths.get(key, lambda: self._measure(printable(text), weight, size_px))

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

            def measure(part: str, size: int = size) -> int:
                return self._measure(part, weight, size)

            broken = wrap(text, measure, width_px)
            room = max(1, min(lines, height_px // self.font(weight, size).get_linesize()))
            # A word cut in two reads badly: while there is room to shrink, shrink.
            whole = all(measure(word) <= width_px for word in text.split())
            if len(broken) <= room and (whole or size <= smallest):
                if len(broken) == 2:
                    broken = balance(text, measure, width_px) or broken
                return size, broken
            if size <= smallest:
                kept = broken[: room - 1]
                return size, [*kept, shorten(" ".join(broken[room - 1 :]), measure, width_px)]
            size = max(smallest, min(size - 1, round(size * 0.94)))

    def line(self, text: str, weight: Weight, size_px: int, colour: Colour) -> pygame.Surface:
        """Return one rendered line on a transparent ground."""
        key = (text, weight, size_px, colour)
        return self._lines.get(key, lambda: self._render(*key))

    # Letters that the embedded fonts lack

    def _measure(self, text: str, weight: Weight, size_px: int) -> int:
        font = self.font(weight, size_px)
        if not self._has_strangers(text):
            return font.size(text)[0]
        return sum(self._run_width(home, run, font, size_px) for home, run in self._runs(text))

    def _run_width(self, home: str, run: str, font: pygame.font.Font, size_px: int) -> int:
        if home == _FACE:
            return len(run) * size_px
        return (self._other(home, size_px) if home else font).size(run)[0]

    def _render(self, text: str, weight: Weight, size_px: int, ink: Colour) -> pygame.Surface:
        font = self.font(weight, size_px)
        if not self._has_strangers(text):
            return font.render(text, True, ink)
        whole = pygame.Surface(
            (max(1, self._measure(text, weight, size_px)), font.get_linesize()), pygame.SRCALPHA
        )
        x = 0
        for home, run in self._runs(text):
            width = self._run_width(home, run, font, size_px)
            if home == _FACE:
                face = straight_face(size_px, ink)
                y = (whole.get_height() - size_px) // 2
                for number in range(len(run)):
                    whole.blit(face, (x + number * size_px, y))
            else:
                other = self._other(home, size_px) if home else font
                picture = other.render(run, True, ink)
                # Sit on the same baseline.
                whole.blit(picture, (x, font.get_ascent() - other.get_ascent()))
            x += width
        return whole

    def _has_strangers(self, text: str) -> bool:
        return any(self._home(letter) for letter in text)

    def _runs(self, text: str) -> list[tuple[str, str]]:
        """Return the text cut where the font changes, each part with its font's file."""
        return [(home, "".join(letters)) for home, letters in groupby(text, self._home)]

    def _home(self, letter: str) -> str:
        """Return the file of the font that draws ``letter``; "" is ours, ``_FACE`` none."""
        if (home := self._homes.get(letter)) is None:
            home = self._homes[letter] = self._find_home(letter)
        return home

    def _find_home(self, letter: str) -> str:
        if letter == " " or _draws(self.font(Weight.BOLD, 24), letter):
            return ""
        if self._other_files is None:
            self._other_files = _system_fonts()
        for path in self._other_files:
            try:
                if _draws(self._other(path, 24), letter):
                    return path
            except pygame.error as error:
                log.warning("the system's font %s cannot be used: %s", path, error)
        return _FACE

    def _other(self, path: str, size_px: int) -> pygame.font.Font:
        return self._others.get((path, size_px), lambda: pygame.font.Font(path, size_px))


def _system_fonts() -> list[str]:
    """Return the files of ``_SYSTEM_FONTS`` that are installed; asking fc-list takes seconds."""
    found: dict[str, str] = {}
    for top in _SYSTEM_FOLDERS:
        for folder, _, files in os.walk(top):
            for name in set(files).intersection(_SYSTEM_FONTS):
                found.setdefault(name, str(Path(folder, name)))
    return [found[name] for name in _SYSTEM_FONTS if name in found]


def _draws(font: pygame.font.Font, letter: str) -> bool:
    """Return whether the font has the letter: whether it looks unlike one that no font has."""
    # SDL's metrics are those of the empty box for a missing letter; they do not tell.
    seen, box = (
        pygame.image.tobytes(font.render(text, False, (255, 255, 255), (0, 0, 0)), "RGB")
        for text in (letter, _NOWHERE)
    )
    return seen != box


def straight_face(size_px: int, ink: Colour) -> pygame.Surface:
    """Return what stands for a letter that no font here has, ``size_px`` square."""
    canvas = Canvas((size_px, size_px), fine=3)
    canvas.line(ink, arc((0.5, 0.5), 0.37, 0, 360), 0.07)
    for x in (0.38, 0.62):
        canvas.disc(ink, (x, 0.43), 0.055)
    canvas.line(ink, [(0.38, 0.62), (0.62, 0.62)], 0.065)
    return canvas.surface()
