"""Colours, type sizes and spacing. Sizes are in units: 1 unit is 1 % of the shorter side."""

from __future__ import annotations

from dataclasses import dataclass

from emotion_game.game.types import Mode

Colour = tuple[int, int, int]

#: Smallest window the player can make, px.
MIN_SIZE_PX = (960, 540)

# Type scale, units.
GIANT = 44.0
TITLE = 10.5
HEAD = 6.6
LARGE = 4.8
BODY = 3.7
SMALL = 2.9

# Spacing and strokes, units.
MARGIN = 3.6
GAP = 2.0
RADIUS = 2.2
STROKE = 0.55

#: Height of the strip at the bottom that is kept free for notices, units.
TOAST = 7.0


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one mode, RGB.

    Attributes:
        ground: behind everything; ``ray`` is its lighter stripe.
        panel: boxes on the ground; ``raised`` is a box that can be pressed.
        accent: what matters now; ``on_accent`` is text upon it.
        text: text on ground, panel and raised; ``muted`` is the less important text.
        danger: the score is over the limit; ``safe`` is the opposite.
        no_face: times and places without a face.
    """

    ground: Colour
    ray: Colour
    panel: Colour
    raised: Colour
    hover: Colour
    accent: Colour
    on_accent: Colour
    text: Colour
    muted: Colour
    danger: Colour
    on_danger: Colour
    safe: Colour
    no_face: Colour


WARM = Palette(
    ground=(46, 20, 30),
    ray=(54, 25, 34),
    panel=(70, 34, 42),
    raised=(98, 50, 54),
    hover=(122, 64, 64),
    accent=(255, 190, 60),
    on_accent=(52, 22, 16),
    text=(255, 247, 236),
    muted=(232, 200, 184),
    danger=(255, 105, 92),
    on_danger=(46, 8, 8),
    safe=(150, 226, 140),
    no_face=(150, 132, 132),
)

COLD = Palette(
    ground=(15, 24, 52),
    ray=(20, 31, 63),
    panel=(29, 44, 84),
    raised=(43, 65, 118),
    hover=(56, 84, 146),
    accent=(96, 214, 255),
    on_accent=(6, 24, 48),
    text=(240, 247, 255),
    muted=(184, 204, 236),
    danger=(255, 116, 124),
    on_danger=(46, 8, 16),
    safe=(134, 230, 178),
    no_face=(124, 136, 158),
)


def palette_for(mode: Mode) -> Palette:
    """Return warm colours for Happy, cold ones for Surprise."""
    return WARM if mode is Mode.HAPPY else COLD


def unit_px(size_px: tuple[int, int]) -> float:
    """Return the length of one unit in a window of ``size_px``, px."""
    return max(min(size_px) / 100, 1.0)
