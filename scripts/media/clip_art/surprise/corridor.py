"""Level 3: a corridor, and the door at its end."""

from __future__ import annotations

import math

import numpy as np

from clip_art import tones
from clip_art.kit import Pen, Scene, ease, mix, pop, shake

CORRIDOR_S = 15.0
WALK_END_S, DOOR_S, BLACK_S, FACE_S = 6.6, 7.2, 10.2, 12.3
STEPS_S = tuple(0.5 + 0.75 * k for k in range(9))
#: Short failures of the lamp, never three in one second.
DIPS_S = (1.6, 3.1, 3.7, 5.4, 6.9, 8.3, 8.9, 9.6)


def draw_corridor(pen: Pen, t_s: float) -> None:
    """A walk down a corridor to a door that opens by itself; the lamp fails; something came."""
    if t_s >= FACE_S:
        draw_face(pen, t_s)
        return
    light = 1 - sum(0.75 * math.exp(-(((t_s - at) / 0.09) ** 2)) for at in DIPS_S)
    light *= 1 - ease(t_s, BLACK_S - 0.15, BLACK_S)
    pen.veil(0x000000, 1)
    if light < 0.02:
        # In the black, for a moment, two points of light that were not there.
        glint = ease(t_s, FACE_S - 0.75, FACE_S - 0.4) * (
            1 - ease(t_s, FACE_S - 0.25, FACE_S - 0.15)
        )
        for side in (-1, 1):
            pen.glow(640 + side * 34, 330, 46, 0xE8E4C8, 0.7 * glint)
            pen.oval(640 + side * 34, 330, 8, 8, 0xFFFBE6, line=0, alpha=0.9 * glint)
        return
    walk = ease(t_s, 0.2, WALK_END_S)
    bob = 5 * math.sin(2 * math.pi * t_s / 0.75) * (t_s < WALK_END_S)
    with pen.at(640, 350 + bob, scale=1 + 0.5 * walk):
        draw_walls(pen, t_s, walk, max(0.0, light))
    pen.dark_around(640, 340, 760, 0.97)


def draw_walls(pen: Pen, t_s: float, walk: float, light: float) -> None:
    """Draw the corridor around its vanishing point (0, 0)."""
    dark = 0x06070A

    def lit(colour: int, near: float) -> int:
        return mix(dark, colour, light * (0.30 + 0.55 * near))

    w, h = 900, 520
    pen.poly([(-w, h), (w, h), (90, 90), (-90, 90)], lit(0x4D4A3C, 0.5), line=0)
    pen.poly([(-w, -h), (w, -h), (90, -110), (-90, -110)], lit(0x36403C, 0.4), line=0)
    for side in (-1, 1):
        pen.poly(
            [(side * w, -h), (side * w, h), (side * 90, 90), (side * 90, -110)],
            lit(0x4B6058, 0.5),
            line=0,
        )
        pen.poly(
            [(side * w, 0.35 * h), (side * w, h), (side * 90, 90), (side * 90, 40)],
            lit(0x33443F, 0.5),
            line=0,
        )
    for k in range(9):  # tiles and door frames come past
        depth = ((k - 4.0 * walk) % 9) / 9
        near = 0.02 + 0.98 * depth**2.2
        x, bottom, top = 90 + (w - 90) * near, 90 + (h - 90) * near, -110 - (h - 110) * near
        pen.poly([(-x, bottom), (x, bottom)], None, line=1 + 5 * near, ink=lit(0x1A1A18, near))
        pen.poly([(-x, top), (x, top)], None, line=1 + 4 * near, ink=lit(0x1A1A18, near))
        x2 = x + 60 * near + 6
        for side in (-1, 1):
            if k % 3 == 0:
                b2 = bottom + (h - 90) * (x2 - x) / (w - 90)
                tall = 0.62
                pen.poly(
                    [
                        (side * x, bottom),
                        (side * x2, b2),
                        (side * x2, -tall * b2),
                        (side * x, -tall * bottom),
                    ],
                    lit(0x231C1A, near),
                    line=2 + 3 * near,
                    ink=dark,
                )
    pen.poly([(-90, -110), (90, -110), (90, 90), (-90, 90)], lit(0x3A4A44, 0.4), line=0)
    lamp = ((0.25 + walk * 0.75) % 1.0) ** 2
    pen.oval(
        0, -112 - 200 * lamp, 16 + 90 * lamp, 4 + 16 * lamp, mix(dark, 0xEFF5D0, light), line=0
    )
    pen.glow(0, -100 - 180 * lamp, 330, 0xDDE8B8, 0.30 * light)
    opened = ease(t_s, DOOR_S, BLACK_S - 0.4)
    pen.box(-52, -66, 104, 156, 0x000000, line=5, ink=lit(0x6B5A44, 0.6))
    if opened > 0:  # not quite nothing stands behind it
        seen = ease(t_s, DOOR_S + 1.2, BLACK_S - 0.3) * light
        pen.blob(
            [(-20, 90), (-24, 0), (-10, -36), (14, -36), (26, 0), (22, 90)],
            mix(0x000000, 0x15161C, seen),
            line=0,
        )
        pen.oval(2, -40, 13, 17, mix(0x000000, 0x57574E, seen), line=0)
        for side in (-1, 1):
            pen.oval(2 + side * 5, -42, 3, 4, 0x000000, line=0)
    leaf = 104 * (1 - 0.86 * opened)
    skew = 26 * opened
    pen.poly(
        [(-52, -66), (-52 + leaf, -66 - skew), (-52 + leaf, 90 + skew), (-52, 90)],
        lit(0x5B3A2E, 0.7),
        line=3,
        ink=dark,
    )
    pen.oval(-52 + leaf - 10 * (1 - opened) - 2, 14, 4, 4, lit(0xC9A55A, 0.8), line=0)


def draw_face(pen: Pen, t_s: float) -> None:
    """Draw what was behind the door, now in front of you."""
    age = t_s - FACE_S
    near = 0.50 + 0.50 * pop(t_s, FACE_S, 0.22) + 0.08 * age
    dx, dy = shake(t_s, 24 * math.exp(-1.1 * age), 10)
    pen.veil(0x120507, 1)
    pen.glow(640, 340, 700, 0x8E1420, 0.75)
    gape = 1 + 0.10 * math.sin(26 * t_s) * math.exp(-age)
    with pen.at(640 + dx, 345 + dy, scale=near, turn=4 * math.sin(17 * t_s) * math.exp(-1.2 * age)):
        pen.blob(
            [
                (-330, 420),
                (-300, -120),
                (-190, -360),
                (0, -420),
                (200, -360),
                (310, -110),
                (330, 420),
                (0, 480),
            ],
            0x0B090F,
            line=0,
        )
        pen.blob(
            [
                (-205, -60),
                (-180, -250),
                (0, -330),
                (180, -250),
                (205, -60),
                (160, 180),
                (70, 330 * gape),
                (-70, 330 * gape),
                (-160, 180),
            ],
            0xDAD5C4,
            line=9,
        )
        for side in (-1, 1):
            pen.blob(
                [(side * 150, 60), (side * 170, 140), (side * 110, 230), (side * 124, 120)],
                0xA9A18F,
                line=0,
            )
            pen.blob(
                [
                    (side * 30, -70),
                    (side * 60, -160),
                    (side * 140, -150),
                    (side * 168, -70),
                    (side * 110, 4),
                    (side * 50, -10),
                ],
                0x0A060A,
            )
            for drip in (70, 118):
                pen.stroke(
                    [
                        (side * drip, -10),
                        (side * (drip - 3), 60),
                        (side * (drip + 4), 110 + drip * 0.4),
                    ],
                    line=10,
                    ink=0x241016,
                )
            pen.oval(side * 98, -78, 34, 34, 0xFFFDF0, line=0)
            pen.oval(side * 98 - 4, -74, 8 + 2 * math.sin(20 * t_s), 9, 0x050205, line=0)
            pen.stroke(
                [(side * 20, -168), (side * 90, -212), (side * 176, -196)], line=9, ink=0x8F8674
            )
        pen.blob([(-16, 34), (0, 6), (16, 34), (0, 46)], 0x241016, line=0)
        mouth_points = [
            (0, 84),
            (78, 100),
            (108, 180),
            (60, 300 * gape),
            (0, 318 * gape),
            (-60, 300 * gape),
            (-108, 180),
            (-78, 100),
        ]
        pen.blob(mouth_points, 0x23040A, line=9)
        for k in range(-3, 4):
            tip = 138 - 5 * abs(k)
            pen.poly(
                [(k * 24 - 12, 94 + 2 * abs(k)), (k * 24 + 12, 94 + 2 * abs(k)), (k * 24, tip)],
                0xEFE8CF,
                line=4,
            )
            pen.poly(
                [
                    (k * 19 - 10, 298 * gape - 4 * abs(k)),
                    (k * 19 + 10, 298 * gape - 4 * abs(k)),
                    (k * 19, 258 * gape),
                ],
                0xEFE8CF,
                line=4,
            )
        for x in (-230, -160, -70, 60, 150, 225):  # hair across the forehead
            pen.stroke([(x * 0.6, -360), (x, -200), (x * 1.12, 40)], line=13, ink=0x0B090F)
    pen.veil(0x000000, ease(t_s, CORRIDOR_S - 0.8, CORRIDOR_S - 0.1))


def corridor_sound(rng: np.random.Generator) -> np.ndarray:
    """Steps, hum, a door, a heart, nothing, and then everything at once."""
    track = tones.Track(CORRIDOR_S)
    track.put(0.0, tones.drone(rng, 49, BLACK_S), 0.20)
    for number, at_s in enumerate(STEPS_S):
        track.put(at_s, tones.thud(rng, 85, 0.22), 0.20, pan=0.3 * (-1) ** number)
    for at_s in DIPS_S:
        t = tones.times(0.3)
        buzz = np.sign(np.sin(2 * np.pi * 100 * t)) * np.exp(-12 * t)
        track.put(at_s - 0.05, buzz, 0.06, pan=0.2)
    for number, hz in enumerate((659, 622, 659, 494, 466)):  # a lullaby from somewhere
        track.put(2.4 + 0.9 * number, tones.bell(hz, 1.8), 0.07, pan=-0.5)
    t = tones.times(2.6)
    creak_hz = (
        95 + 60 * np.sin(2 * np.pi * 0.55 * t) + 8 * np.cumsum(rng.standard_normal(len(t))) / 400
    )
    creak = tones.formants(
        tones.saw(np.clip(creak_hz, 40, 260), 2.6), [(900.0, 90.0, 1.0), (2100.0, 160.0, 0.6)]
    )
    track.put(DOOR_S, creak * tones.envelope(2.6, 0.3, 0.4), 0.28)
    for number in range(9):
        beat_s = 6.9 + 4.3 * (1 - (1 - number / 9) ** 0.8)
        track.put(beat_s, tones.thud(rng, 52, 0.25), 0.20 + 0.015 * number)
    track.put(BLACK_S - 0.1, tones.tick(rng, 3_600), 0.5)
    breath = tones.noise(rng, 0.6, 400, 2_000) * np.sin(np.pi * tones.times(0.6) / 0.6) ** 2
    track.put(FACE_S - 0.8, breath, 0.06, pan=0.7)
    track.put(FACE_S, tones.scream(rng, 2.2), 1.0)
    track.put(FACE_S, tones.thud(rng, 55, 1.0), 1.2)
    track.bring_up(FACE_S - 0.01, 2.2)
    track.reverb(rng, 1.8, 0.20)
    return track.samples


SCENE = Scene(
    "surprise/3/corridor.mp4",
    "The Corridor",
    "복도 끝의 문",
    CORRIDOR_S,
    draw_corridor,
    corridor_sound,
)
