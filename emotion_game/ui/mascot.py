"""The mascot: a television that keeps a straight face, as long as it can.

Its face is computed from the score, so that it strains, sweats and breaks with the player.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import pygame

from emotion_game.game.modes import FaceName
from emotion_game.ui.theme import Colour, Palette, mix
from emotion_game.ui.vector import Canvas, Point, arc

#: From this feeling on the straight face is lost.
BREAKS = 0.7
#: The feeling that a score right below the threshold shows.
STRAINED = 0.6

_EYES = (0.355, 0.645)
_EYE_Y = 0.48
_LINE = 0.03
_CASE_STEPS = 8
#: From here on a lid is down.
_SHUT = 0.85
#: Where drops of sweat run down, each from a strain on.
_SWEAT = ((0.9, 0.3, 0.5), (0.1, 0.36, 0.75), (0.93, 0.56, 0.92))
#: Lids of the mascot that nobody faces.
_SHUT_GREY: Colour = (128, 122, 140)
_WHITE: Colour = (255, 255, 255)
_TEAR: Colour = (84, 176, 255)


@dataclass(frozen=True, slots=True)
class Pose:
    """One moment of the mascot.

    Attributes:
        face: which way it loses its straight face.
        feeling: 0 the straight face, 0..``BREAKS`` ever more strained, from there to 1 laughing
            or gasping; None when nobody is seen.
        gaze: where the pupils point, -1..1 to the right and down.
        lid: how far a blink has come, 0..1.
        beat_s: time, for drops, wobble and laughter.
        cheers: it is proud of somebody, whatever it feels.
    """

    face: FaceName
    feeling: float | None = 0.0
    gaze: Point = (0.0, 0.0)
    lid: float = 0.0
    beat_s: float = 0.0
    cheers: bool = False


def draw(size_px: int, pose: Pose, palette: Palette) -> pygame.Surface:
    """Return the mascot, ``size_px`` square and premultiplied."""
    ink = (0, 0, 0) if palette.outline == _WHITE else palette.outline
    gone = pose.feeling is None
    feeling = 0.0 if pose.feeling is None else min(max(pose.feeling, 0.0), 1.0)
    broken = not gone and feeling >= BREAKS
    strain = 0.0 if gone else min(feeling / STRAINED, 1.0)
    skin = palette.no_face if gone else palette.skin
    glass = mix(palette.glass, palette.no_face, 0.35) if gone else palette.glass
    step = round(strain * _CASE_STEPS)
    if not gone and not broken and strain > 0.5:
        glass = mix(glass, palette.blush, 0.35 * (step / _CASE_STEPS - 0.5))
    wiggle = round(2 * math.sin(pose.beat_s * 17)) if broken or pose.cheers else 0
    bent = broken and pose.face == "gasping"
    canvas = _case(size_px, skin, glass, ink, step, wiggle, bent=bent).settle()
    if pose.cheers:
        _cheering(canvas, pose, ink, palette)
    elif gone:
        _searching(canvas, pose, ink)
    elif not broken:
        _straight(canvas, pose, ink, palette, strain)
    else:
        FACES[pose.face](canvas, pose, ink, palette)
    return canvas.surface()


@lru_cache(maxsize=12)
def _case(
    size_px: int, skin: Colour, glass: Colour, ink: Colour, strain: int, wiggle: int, *, bent: bool
) -> Canvas:
    """Return the set with an empty screen: feet, antennas, case; kept, for it changes rarely.

    ``strain`` is in steps of ``_CASE_STEPS``, ``wiggle`` -2..2; neither moves but the antennas.
    """
    canvas = Canvas((size_px, size_px), fine=2)
    swing, stiff = 0.0125 * wiggle, 0.03 * strain / _CASE_STEPS
    for side in (-1, 1):
        tip = (0.5 + side * (0.2 + stiff) + swing, 0.105 - 0.3 * stiff + side * swing)
        if bent:
            bend = [(0.5, 0.25), (0.5 + side * 0.16, 0.2), (0.5 + side * 0.08, 0.13), tip]
        else:
            bend = [(0.5, 0.25), (0.5 + side * 0.12, 0.16), tip]
        canvas.line(ink, bend, 0.055)
        canvas.line(skin, bend, 0.022)
        canvas.disc(ink, tip, 0.062)
        canvas.disc(skin, tip, 0.036)
    for x in (0.22, 0.64):
        canvas.box(ink, x - 0.026, 0.8, 0.192, 0.19, 0.07)
        canvas.box(mix(skin, ink, 0.25), x, 0.82, 0.14, 0.144, 0.05)
    canvas.box(ink, 0.04, 0.19, 0.92, 0.72, 0.2)
    canvas.box(mix(skin, ink, 0.22), 0.066, 0.216, 0.868, 0.668, 0.176)
    canvas.box(skin, 0.066, 0.216, 0.868, 0.634, 0.176)
    canvas.box(ink, 0.12, 0.268, 0.76, 0.534, 0.15)
    canvas.box(glass, 0.144, 0.292, 0.712, 0.486, 0.128)
    return canvas.settle()


def _eye(
    canvas: Canvas,
    centre: Point,
    size: Point,
    pupil: float,
    gaze: Point,
    lid: float,
    ink: Colour,
    lid_colour: Colour,
) -> None:
    """Draw an eye of ``size`` whose lid is down by ``lid`` (0..1)."""
    width, height = size
    canvas.oval(ink, centre, width + 2 * _LINE * 0.8, height + 2 * _LINE * 0.8)
    canvas.oval(_WHITE, centre, width, height)
    reach_x, reach_y = max(width / 2 - pupil, 0.0), max(height / 2 - pupil, 0.0)
    spot = (centre[0] + gaze[0] * reach_x * 0.8, centre[1] + gaze[1] * reach_y * 0.8)
    canvas.disc(ink, spot, pupil)
    canvas.disc(_WHITE, (spot[0] - pupil * 0.35, spot[1] - pupil * 0.4), pupil * 0.3)
    if lid <= 0:
        return
    if lid > _SHUT:
        canvas.oval(lid_colour, centre, width, height)
        canvas.line(ink, arc(centre, width * 0.42, 20, 160, height * 0.22), _LINE)
        return
    edge = centre[1] - height / 2 + height * lid
    rise = math.degrees(math.asin(max(-1.0, min(1.0, (edge - centre[1]) / (height / 2)))))
    over = arc(centre, width / 2, 180 - rise, 360 + rise, height / 2)
    canvas.shape(lid_colour, over)
    half = max(width / 2 * math.cos(math.radians(rise)), width * 0.3)
    canvas.line(
        ink, [(centre[0] - half - 0.012, edge), (centre[0] + half + 0.012, edge)], _LINE * 0.95
    )


def _straight(canvas: Canvas, pose: Pose, ink: Colour, palette: Palette, strain: float) -> None:
    """Draw the face that is kept, the harder the more it strains."""
    happy = pose.face == "laughing"
    if strain > 0.45:
        for x in (0.225, 0.775):
            canvas.oval(
                mix(palette.glass, palette.blush, 0.7), (x, 0.62), 0.11 * strain, 0.07 * strain
            )
    # Half-closed lids are what makes it deadpan; they open as it gets hard.
    lid = 0.46 - (0.2 if happy else 0.46) * strain
    lid += (1 - lid) * pose.lid
    tall = 0.15 + (0.0 if happy else 0.045) * strain
    pupil = 0.046 - (0.0 if happy else 0.012) * strain
    gaze = (pose.gaze[0] * (1 - 0.3 * strain), pose.gaze[1] + 0.5 * (1 - strain))
    shake = 0.006 * math.sin(pose.beat_s * 43) * max(0.0, strain - 0.6) / 0.4
    for side, x in zip((-1, 1), _EYES, strict=True):
        _eye(
            canvas,
            (x + shake, _EYE_Y),
            (0.165, tall),
            pupil,
            gaze,
            lid,
            ink,
            mix(palette.skin, ink, 0.1),
        )
        inner = 0.035 * strain * (1 if happy else -1)
        brow_y = 0.36 - (0.0 if happy else 0.03) * strain
        canvas.line(
            ink,
            [(x - side * 0.085, brow_y + inner), (x + side * 0.095, brow_y - inner * 0.5)],
            0.036,
        )
    wave, half = 0.022 * max(0.0, strain - 0.2), 0.125 - 0.015 * strain
    curl = 0.03 * max(0.0, strain - 0.55) if happy else 0.0
    mouth = [
        (
            0.5 + shake + half * u,
            0.688 - curl * u * u + wave * math.sin(u * 5.5 + pose.beat_s * 9),
        )
        for u in (i / 12 - 1 for i in range(25))
    ]
    canvas.line(ink, mouth, 0.036)
    for number, (x, y, least) in enumerate(_SWEAT):
        if strain >= least:
            slide = (pose.beat_s * 0.55 + 0.37 * number) % 1.0
            _drop(canvas, (x, y + 0.16 * slide), 0.045 * min(1.0, 0.2 + 4 * (1 - slide)), ink)


def _drop(canvas: Canvas, centre: Point, radius: float, ink: Colour) -> None:
    """Draw a drop of sweat or a tear, its tip upwards."""
    for colour, reach in ((ink, radius + _LINE * 0.6), (_TEAR, radius)):
        tip = (centre[0], centre[1] - 1.9 * reach)
        canvas.shape(colour, [tip, *arc(centre, reach, -25, 205)])
    canvas.disc(_WHITE, (centre[0] - radius * 0.3, centre[1] + radius * 0.1), radius * 0.26)


def _cheering(canvas: Canvas, pose: Pose, ink: Colour, palette: Palette) -> None:
    """Draw the face that is proud: a straight face no more, now that it need not be kept."""
    bounce = 0.008 * math.sin(pose.beat_s * 10)
    for side, x in zip((-1, 1), _EYES, strict=True):
        canvas.oval(palette.blush, (x + side * 0.1, 0.6), 0.12, 0.08)
        canvas.line(ink, arc((x, 0.52 + bounce), 0.08, 200, 340, 0.11), 0.045)
        canvas.line(
            ink, [(x - side * 0.08, 0.33 + bounce), (x + side * 0.07, 0.345 + bounce)], 0.034
        )
    canvas.line(ink, arc((0.5, 0.6 + bounce), 0.15, 18, 162, 0.13), 0.042)


#: The worn crown: its width, and where its foot stands, in widths of the mascot from its top.
CROWN_WIDE, CROWN_FOOT = 0.4, 0.235
_GOLD: Colour = (255, 205, 48)
_RUBY: Colour = (226, 38, 76)


def draw_crown(wide_px: int) -> pygame.Surface:
    """Return the crown as it is worn, premultiplied."""
    canvas = Canvas((wide_px, round(wide_px * 0.62)), fine=2)
    peaks = [(0.05, 0.1), (0.27, 0.34), (0.5, 0.05), (0.73, 0.34), (0.95, 0.1)]
    body = [(0.12, 0.56), *peaks, (0.88, 0.56)]
    ink: Colour = (70, 34, 8)
    canvas.line(ink, body, 0.07, closed=True)
    canvas.shape(_GOLD, body)
    canvas.line(ink, [(0.13, 0.47), (0.87, 0.47)], 0.03)
    for number, (x, y) in enumerate(peaks):
        if number % 2 == 0:
            canvas.disc(ink, (x, y + 0.005), 0.055)
            canvas.disc(_RUBY, (x, y + 0.005), 0.032)
    return canvas.surface()


def _laughing(canvas: Canvas, pose: Pose, ink: Colour, palette: Palette) -> None:
    """Draw the face that burst out laughing."""
    bounce = 0.012 * math.sin(pose.beat_s * 15)
    for side, x in zip((-1, 1), _EYES, strict=True):
        canvas.oval(palette.blush, (x + side * 0.115, 0.6), 0.13, 0.09)
        canvas.line(ink, arc((x, 0.5 + bounce), 0.085, 205, 335, 0.1), 0.045)
        canvas.line(
            ink, [(x - side * 0.05, 0.345 + bounce), (x + side * 0.09, 0.36 + bounce)], 0.034
        )
        slide = (pose.beat_s * 0.9 + (0.5 if side > 0 else 0.0)) % 1.0
        _drop(canvas, (0.5 + side * (0.3 + 0.16 * slide), 0.53 + 0.14 * slide), 0.034, ink)
    top, depth, half = 0.575 + bounce, 0.17 - bounce, 0.17
    bowl = arc((0.5, top), half, 0, 180, depth)
    canvas.shape(ink, bowl)
    canvas.oval(palette.blush, (0.5, top + depth * 0.72), half * 1.05, depth * 0.5)
    teeth = [(-0.9, 0.0), (0.9, 0.0), (0.8, 0.045), (-0.8, 0.045)]
    canvas.shape(_WHITE, [(0.5 + half * x, top + y) for x, y in teeth])
    canvas.line(ink, bowl, 0.032, closed=True)


def _gasping(canvas: Canvas, pose: Pose, ink: Colour, palette: Palette) -> None:
    """Draw the face that was startled."""
    shake = 0.008 * math.sin(pose.beat_s * 47)
    for side, x in zip((-1, 1), _EYES, strict=True):
        _eye(canvas, (x + shake, 0.475), (0.2, 0.23), 0.026, (0.0, 0.0), 0.0, ink, ink)
        canvas.line(ink, arc((x - side * 0.01, 0.4), 0.1, 225, 315, 0.1), 0.034)
    canvas.oval(ink, (0.5 + shake, 0.69), 0.15, 0.165)
    canvas.oval(palette.blush, (0.5 + shake, 0.728), 0.095, 0.06)
    for number, (x, y) in enumerate(((0.91, 0.27), (0.09, 0.3))):
        slide = (pose.beat_s * 0.8 + 0.4 * number) % 1.0
        _drop(canvas, (x, y + 0.1 * slide), 0.045, ink)


#: How it may lose its straight face.
FACES: dict[FaceName, Callable[[Canvas, Pose, Colour, Palette], None]] = {
    "laughing": _laughing,
    "gasping": _gasping,
}


def _searching(canvas: Canvas, pose: Pose, ink: Colour) -> None:
    """Draw the face that looks for the player."""
    gaze = (math.sin(pose.beat_s * 2.4), 0.0)
    for side, x in zip((-1, 1), _EYES, strict=True):
        _eye(canvas, (x, 0.47), (0.165, 0.165), 0.044, gaze, pose.lid, ink, _SHUT_GREY)
        canvas.line(ink, [(x - side * 0.08, 0.345), (x + side * 0.09, 0.33)], 0.034)
    canvas.line(ink, [(0.45, 0.69), (0.53, 0.675), (0.57, 0.69)], 0.034)
