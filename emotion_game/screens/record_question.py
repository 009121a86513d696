"""The question whether faces of this round may be kept; nobody who does not answer agrees."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

import pygame
from pygame import Rect

from emotion_game.ui import theme
from emotion_game.ui.i18n import Translator
from emotion_game.ui.icons import Icon
from emotion_game.ui.intents import Intent
from emotion_game.ui.layout import Button, Layout, columns, is_tall, rows
from emotion_game.ui.painter import Painter
from emotion_game.ui.text import Weight

_REGION = "consent"


class Consent(Enum):
    """What the player said to the keeping of face pictures in this round."""

    ASKED = auto()
    GIVEN = auto()
    REFUSED = auto()


@dataclass(frozen=True, slots=True)
class Question:
    """The question's place at the bottom of a screen, and the ``rest`` above it."""

    rest: Rect
    regions: dict[str, Rect] = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()


def lay_out(
    consent: Consent | None, area: Rect, size_px: tuple[int, int], tr: Translator
) -> Question:
    """Cut the question off ``area``; nothing is cut off where nobody is asked."""
    if consent is None:
        return Question(area)
    gap = round(theme.GAP * theme.unit_px(size_px))
    if is_tall(size_px):
        rest, strip = rows(area, (5.6, 1), 2 * gap)
        words, answers = rows(strip, (1.5, 1), gap)
        no, yes = columns(answers, (1, 1), gap)
    else:
        rest, strip = rows(area, (3.7, 1), 2 * gap)
        words, no, yes = columns(strip, (3.3, 1, 1), gap)
    # "No" comes first for Tab and the arrows: consent is never the shortest way.
    buttons = (
        Button(
            "refuse",
            no,
            tr("No (N)"),
            Intent.REFUSE,
            selected=consent is Consent.REFUSED,
            keys=(pygame.K_n,),
        ),
        Button(
            "agree",
            yes,
            tr("Yes, I agree (Y)"),
            Intent.AGREE,
            selected=consent is Consent.GIVEN,
            keys=(pygame.K_y,),
        ),
    )
    return Question(rest, {_REGION: words}, buttons)


def draw(painter: Painter, layout: Layout) -> None:
    """Draw the question if the layout holds it."""
    if _REGION not in layout.regions:
        return
    area, palette, tr = layout.regions[_REGION], painter.palette, painter.tr
    painter.card(area)
    inner = area.inflate(-painter.px(4), -painter.px(2.4))
    side = min(painter.px(8), inner.height)
    painter.icon(Icon.CAMERA, Rect(inner.left, inner.top, side, inner.height), palette.accent)
    left = inner.left + side + painter.px(2.4)
    upper, lower = rows(
        Rect(left, inner.top, inner.right - left, inner.height), (1, 1.7), painter.px(0.4)
    )
    painter.text(tr("Recording of face pictures is on"), upper, theme.BODY, align="left")
    painter.text(
        tr(
            "Only if you agree: should the game judge you wrongly, the operator may keep small"
            " grey pictures of your face from this round to train it."
        ),
        lower,
        theme.SMALL,
        palette.muted,
        weight=Weight.MEDIUM,
        align="left",
        lines=3,
    )
