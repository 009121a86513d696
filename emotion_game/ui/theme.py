"""The visual language: colours, type sizes, spacing, motion.

A party game on a television: flat strong colours, thick outlines, hard shadows, big type. Sizes
are in units: 1 unit is 1 % of the shorter side, see :func:`unit_px`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from emotion_game.game.modes import PaletteName

Colour = tuple[int, int, int]

#: What is laid out for 16:10 fits every window that is longer.
_LEAST_ASPECT = 1.6
#: Smallest window the player can make, px.
MIN_SIZE_PX = (800, 480)

# Type scale, units.
GIANT = 44.0
POSTER = 15.0
TITLE = 10.5
HEAD = 6.8
LARGE = 5.0
BODY = 3.9
SMALL = 3.1

# Spacing and strokes, units.
MARGIN = 4.0
GAP = 2.2
RADIUS = 2.4
OUTLINE = 0.5
#: How far a box's hard shadow falls downwards; what can be pressed stands higher.
SHADOW = 0.9

#: Height of the strip at the bottom that is kept free for notices, units.
TOAST = 7.0

# Motion, seconds.
TRANSITION_S = 0.4
POP_S = 0.35
PULSE_S = 1.1
#: How fast the pattern behind everything moves, units a second.
DRIFT = 2.2


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one mode, RGB.

    Attributes:
        ground: behind everything; ``ray`` is the pattern upon it.
        panel: boxes on the ground; ``raised`` is a box that can be pressed.
        outline: around boxes, and their shadow.
        accent: the mode's second colour, what matters now; ``on_accent`` is text upon it.
        text: text on ground, panel and raised; ``muted`` is the less important text.
        danger: the score is over the limit; ``safe`` is the opposite.
        no_face: times and places without a face.
        skin: the mascot's case; ``glass`` is its screen.
        blush: tongue, cheeks and confetti.
        patterned: whether the ground carries its pattern.
    """

    ground: Colour
    ray: Colour
    panel: Colour
    raised: Colour
    hover: Colour
    outline: Colour
    accent: Colour
    on_accent: Colour
    text: Colour
    muted: Colour
    danger: Colour
    on_danger: Colour
    safe: Colour
    no_face: Colour
    skin: Colour
    glass: Colour
    blush: Colour
    patterned: bool = True

    @property
    def shade(self) -> Colour:
        """The dark colour: what lies behind a picture that everybody shall look at."""
        return self.outline if self.patterned else self.ground

    @property
    def is_light(self) -> bool:
        """Whether dark text stands on it."""
        return _luminance(self.ground) > _luminance(self.text)


WARM = Palette(
    ground=(255, 201, 52),
    ray=(255, 211, 92),
    panel=(255, 246, 222),
    raised=(255, 255, 250),
    hover=(255, 232, 166),
    outline=(62, 12, 44),
    accent=(176, 8, 84),
    on_accent=(255, 255, 255),
    text=(62, 12, 44),
    muted=(92, 42, 52),
    danger=(176, 14, 8),
    on_danger=(255, 255, 255),
    safe=(0, 88, 62),
    no_face=(150, 132, 118),
    skin=(240, 76, 60),
    glass=(255, 240, 205),
    blush=(255, 128, 120),
)

COLD = Palette(
    ground=(34, 18, 98),
    ray=(43, 25, 116),
    panel=(56, 36, 142),
    raised=(74, 52, 172),
    hover=(96, 72, 206),
    outline=(12, 4, 46),
    accent=(64, 232, 255),
    on_accent=(12, 4, 46),
    text=(246, 248, 255),
    muted=(206, 206, 246),
    danger=(255, 138, 150),
    on_danger=(46, 4, 16),
    safe=(138, 244, 190),
    no_face=(134, 128, 176),
    skin=(64, 200, 240),
    glass=(222, 246, 255),
    blush=(255, 96, 150),
)

FRESH = Palette(
    ground=(160, 226, 150),
    ray=(178, 236, 166),
    panel=(240, 252, 228),
    raised=(252, 255, 246),
    hover=(206, 242, 186),
    outline=(6, 48, 40),
    accent=(0, 92, 84),
    on_accent=(255, 255, 255),
    text=(6, 48, 40),
    muted=(30, 70, 58),
    danger=(164, 20, 20),
    on_danger=(255, 255, 255),
    safe=(0, 84, 120),
    no_face=(118, 140, 118),
    skin=(255, 150, 60),
    glass=(246, 255, 226),
    blush=(255, 128, 120),
)

#: High contrast: black and white, one strong colour a mode, frames instead of fills.
_PLAIN = Palette(
    ground=(0, 0, 0),
    ray=(0, 0, 0),
    panel=(0, 0, 0),
    raised=(0, 0, 0),
    hover=(58, 58, 58),
    outline=(255, 255, 255),
    accent=(255, 224, 0),
    on_accent=(0, 0, 0),
    text=(255, 255, 255),
    muted=(255, 255, 255),
    danger=(255, 140, 140),
    on_danger=(0, 0, 0),
    safe=(120, 255, 160),
    no_face=(150, 150, 150),
    skin=(255, 224, 0),
    glass=(255, 255, 255),
    blush=(255, 140, 140),
    patterned=False,
)

#: What a mode may choose from, and the same in high contrast.
PALETTES: dict[PaletteName, Palette] = {"warm": WARM, "cold": COLD, "fresh": FRESH}
PLAIN_PALETTES: dict[PaletteName, Palette] = {
    "warm": _PLAIN,
    "cold": replace(_PLAIN, accent=(90, 235, 255), skin=(90, 235, 255)),
    "fresh": replace(_PLAIN, accent=(130, 255, 130), skin=(130, 255, 130)),
}


#: A match's players, from left to right: colour, and ink upon it. They tell people apart who see
#: colours differently (Okabe and Ito, 2008), and stand for the same in every mode.
PLAYERS: tuple[tuple[Colour, Colour], ...] = (
    ((0, 98, 158), (255, 255, 255)),
    ((188, 66, 0), (255, 255, 255)),
    ((60, 196, 150), (0, 0, 0)),
    ((236, 150, 200), (0, 0, 0)),
)


def unit_px(size_px: tuple[int, int]) -> float:
    """Return the length of one unit in a window of ``size_px``, px.

    It is 1 % of the shorter side; less where the window is nearly square, for what stands side by
    side in it has less room.
    """
    return max(min(min(size_px), max(size_px) / _LEAST_ASPECT) / 100, 1.0)


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast ratio of two colours, 1..21 (WCAG 2.2)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    shares = [c / 255 for c in colour]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """Return the colour ``share`` (0..1) of the way from ``one`` to ``other``."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


# Easing: shares of the time (0..1) to shares of the way.


def ease_out(share: float) -> float:
    """Start fast, come to rest softly."""
    return 1 - (1 - min(max(share, 0.0), 1.0)) ** 3


def ease_in_out(share: float) -> float:
    """Start and come to rest softly."""
    share = min(max(share, 0.0), 1.0)
    return share * share * (3 - 2 * share)


def pulse(t_s: float, period_s: float = PULSE_S) -> float:
    """Return a soft swing between 0 and 1 that takes ``period_s`` there and back."""
    return 0.5 - 0.5 * math.cos(math.tau * t_s / period_s)
