"""The review: which emotion does a kept face show?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pygame
from numpy.typing import NDArray
from pygame import Rect

from emotion_game.game.types import EMOTIONS, Outcome
from emotion_game.screens.words import LEVEL_NAMES
from emotion_game.ui import theme
from emotion_game.ui.i18n import Translator, mark
from emotion_game.ui.icons import Icon
from emotion_game.ui.intents import Intent, Label
from emotion_game.ui.layout import (
    Button,
    ButtonStyle,
    Layout,
    columns,
    contain,
    is_tall,
    page,
    rows,
    toast_strip,
)
from emotion_game.ui.painter import Painter
from emotion_game.ui.pictures import Pictures
from emotion_game.ui.text import Weight
from emotion_game.ui.view import Screen, View

EMOTION_NAMES: dict[str, str] = {
    "neutral": mark("Neutral"),
    "happiness": mark("Happiness"),
    "surprise": mark("Surprise"),
    "sadness": mark("Sadness"),
    "anger": mark("Anger"),
    "disgust": mark("Disgust"),
    "fear": mark("Fear"),
    "contempt": mark("Contempt"),
}
OUTCOMES: dict[Outcome, str] = {
    Outcome.WON: mark("won"),
    Outcome.LOST: mark("lost"),
    Outcome.FORFEIT: mark("forfeited"),
    Outcome.VOID: mark("void"),
}

#: A button's name, label, intent, icon and keys.
_Spec = tuple[str, str, Intent, Icon, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class ReviewView(Screen):
    """A kept face waits for its label.

    Attributes:
        mode: of the round; sets the colours.
        picture: (side, side) uint8 gray.
        emotions: what the model had said, in the order of ``EMOTIONS``; None if unknown.
        about: level, outcome and time of the call; None if unknown.
        number: which picture this is, from 1 to ``total``.
        can_undo: there is a step to take back.
    """

    picture: NDArray[np.uint8]
    emotions: tuple[float, ...] | None
    about: tuple[int, Outcome, str] | None
    number: int
    total: int
    can_undo: bool

    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """Place the face, the emotions with what the model said, and what else can be done."""
        gap = round(theme.GAP * theme.unit_px(size_px))
        if is_tall(size_px):
            title, face, list_, tools = rows(page(size_px), (1.1, 5.4, 6, 0.8), gap)
        else:
            title, body, tools = rows(page(size_px), (0.9, 6.6, 0.95), gap)
            face, list_ = columns(body, (1, 1.2), 2 * gap)
        places = rows(list_, [1] * len(EMOTIONS), gap // 2)
        regions = {"title": title, "face": face, "toast": toast_strip(size_px)}
        buttons = []
        for number, (emotion, place) in enumerate(zip(EMOTIONS, places, strict=True), start=1):
            press, regions[f"bar.{emotion}"] = columns(place, (1, 1.25), gap)
            digits = (pygame.K_1 + number - 1, pygame.K_KP1 + number - 1)
            label = f"{number}  {tr(EMOTION_NAMES[emotion])}"
            buttons.append(Button(emotion, press, label, Label(emotion), keys=digits))
        specs: list[_Spec] = [
            ("skip", tr("Skip (S)"), Intent.SKIP, Icon.NEXT, (pygame.K_s, pygame.K_SPACE)),
            ("delete", tr("Delete (D)"), Intent.DELETE, Icon.DELETE, (pygame.K_d, pygame.K_DELETE)),
            ("close", tr("Close (Esc)"), Intent.BACK, Icon.QUIT, ()),
        ]
        if self.can_undo:
            specs.insert(2, _undo(tr))
        for (name, label, intent, sign, keys), place in zip(
            specs, columns(tools, [1] * len(specs), gap), strict=True
        ):
            buttons.append(Button(name, place, label, intent, icon=sign, keys=keys))
        return Layout(regions, tuple(buttons))

    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """Draw the face large, and what the model had said of it as bars."""
        painter.ground()
        regions, palette, tr = layout.regions, painter.palette, painter.tr
        name, count = columns(regions["title"], (1.7, 1), painter.px(2))
        painter.text(tr("What does this face show?"), name, theme.HEAD, align="left")
        progress = tr("{number} of {total}", number=self.number, total=self.total)
        painter.text(progress, count, theme.HEAD, palette.accent, align="right")
        face, words = rows(regions["face"], (8, 1.3), painter.px(1))
        _draw_face(painter, contain(face, 1, 1), self)
        painter.text(
            _about(self, tr), words, theme.SMALL, palette.muted, weight=Weight.MEDIUM, lines=2
        )
        highest = max(self.emotions, default=0.0) if self.emotions else 0.0
        for index, emotion in enumerate(EMOTIONS):
            share = None if self.emotions is None else self.emotions[index]
            _draw_bar(painter, regions[f"bar.{emotion}"], share, best=share == highest)


@dataclass(frozen=True, slots=True)
class ReviewDoneView(Screen):
    """No kept face is left to label; ``labelled`` counts those of this session by emotion."""

    labelled: Mapping[str, int]
    deleted: int
    skipped: int
    next_step: str

    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """Place what was done, what to do next, and the way out."""
        gap = round(theme.GAP * theme.unit_px(size_px))
        title, counts, next_step, tools = rows(page(size_px), (1.4, 3.6, 2.6, 1.2), 2 * gap)
        undo, close = columns(tools, (1, 1), 2 * gap)
        name, label, intent, sign, keys = _undo(tr)
        buttons = (
            Button(name, undo, label, intent, icon=sign, keys=keys),
            Button("close", close, tr("Close (Esc)"), Intent.BACK, ButtonStyle.MAIN, Icon.CHECK),
        )
        regions = {
            "title": title,
            "counts": counts,
            "next": next_step,
            "toast": toast_strip(size_px),
        }
        return Layout(regions, buttons, "close")

    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """Draw how many pictures went where, and the command that trains with them."""
        painter.ground()
        regions, palette, tr = layout.regions, painter.palette, painter.tr
        painter.text(tr("All reviewed"), regions["title"], theme.TITLE, align="left")
        cells = [(tr(EMOTION_NAMES[name]), self.labelled.get(name, 0)) for name in EMOTIONS]
        cells += [(tr("Deleted"), self.deleted), (tr("Skipped"), self.skipped)]
        gap = painter.px(1.4)
        upper, lower = rows(regions["counts"], (1, 1), gap)
        places = [*columns(upper, [1] * 5, gap), *columns(lower, [1] * 5, gap)]
        for (name, count), place in zip(cells, places, strict=True):
            painter.panel(place, palette.panel)
            number, words = rows(place.inflate(-gap, -gap), (1.5, 1), 0)
            painter.text(str(count), number, theme.HEAD, palette.accent if count else palette.muted)
            painter.text(name, words, theme.SMALL, weight=Weight.MEDIUM)
        heading, command = rows(regions["next"], (1, 2.4), gap)
        painter.text(tr("Train with them next:"), heading, theme.BODY, align="left")
        painter.panel(command, palette.panel)
        painter.text(
            self.next_step,
            command.inflate(-2 * gap, -gap),
            theme.SMALL,
            weight=Weight.MEDIUM,
            align="left",
            lines=4,
        )


def _undo(tr: Translator) -> _Spec:
    return "undo", tr("Undo (Z)"), Intent.UNDO, Icon.UNDO, (pygame.K_z, pygame.K_BACKSPACE)


def _draw_face(painter: Painter, area: Rect, screen: ReviewView) -> None:
    side = screen.picture.shape[0]
    pixels = screen.picture.repeat(3).reshape(side, -1, 3)
    small = pygame.image.frombuffer(pixels.tobytes(), pixels.shape[1::-1], "RGB")
    large = pygame.transform.smoothscale(small, area.size)
    painter.surface.blit(large, area)
    pygame.draw.rect(painter.surface, painter.palette.raised, area, painter.px(0.4))


def _about(screen: ReviewView, tr: Translator) -> str:
    if screen.about is None:
        return tr("Nothing is known of this call")
    level, outcome, time = screen.about
    return (
        f"{tr.mode(screen.mode, 'name')} · {level} {tr(LEVEL_NAMES[level])}"
        f" · {tr(OUTCOMES[outcome])} · {time}"
    )


def _draw_bar(painter: Painter, area: Rect, share: float | None, *, best: bool) -> None:
    """Draw a probability (0..1), the highest in the accent's colour; None leaves it empty."""
    palette = painter.palette
    bar, number = columns(area, (3.4, 1), painter.px(1.4))
    bar = bar.inflate(0, -bar.height // 2)
    painter.panel(bar, palette.panel, bar.height // 3)
    if share is None:
        return
    ink = palette.accent if best else palette.muted
    if (width := round(bar.width * share)) > 0:
        full = Rect(bar.left, bar.top, max(width, painter.px(0.6)), bar.height)
        painter.panel(full, ink, bar.height // 3)
    painter.text(f"{share:.0%}", number, theme.BODY, ink, weight=Weight.MEDIUM, align="right")
