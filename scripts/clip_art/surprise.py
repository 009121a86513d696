"""Clips that make it hard not to jump.

No light flickers faster than three times a second: a rule of broadcasting that protects
people with photosensitive epilepsy (WCAG 2.2, success criterion 2.3.1).
"""

from __future__ import annotations

import math

import numpy as np

from clip_art import tones
from clip_art.kit import Pen, Scene, ease, mix, oval, pop, shake

# --- level 1: the ticking box -----------------------------------------------------------------

BOX_S = 11.0
PEEP_S, SHUT_S, JUMP_S = 5.6, 7.2, 9.0


def draw_box(pen: Pen, t_s: float) -> None:
    """A present ticks, shakes, looks at you, goes quiet - and opens."""
    pen.wash(0x1B2340, 0x0D1122)
    pen.glow(640, 340, 620, 0x6F86D6, 0.30)
    pen.box(-20, 560, 1320, 200, 0x33254A)
    pen.box(-20, 560, 1320, 14, 0x4A3768, line=0)
    zoom = 1 + 0.35 * ease(t_s, 0.0, JUMP_S - 0.4)
    jump = pop(t_s, JUMP_S, 0.30)
    open_jump = t_s >= JUMP_S
    rattle = 6 * ease(t_s, 2.2, 4.4) * (t_s < 4.8)
    dx, dy = shake(t_s, rattle, 11)
    if open_jump:
        sx, sy = shake(t_s, 14 * math.exp(-3 * (t_s - JUMP_S)), 9)
        dx, dy = dx + sx, dy + sy
    lift = ease(t_s, PEEP_S, PEEP_S + 0.7) * (1 - ease(t_s, SHUT_S, SHUT_S + 0.12))
    sink = 60 * ease(t_s, JUMP_S, JUMP_S + 0.2)
    with pen.at(640, 600 + sink, scale=zoom), pen.at(dx, dy):
        pen.shadow(0, 6, 200, 18, 0.5)
        if lift > 0:
            pen.box(-140, -208 - 46 * lift, 280, 60 + 46 * lift, 0x0A0812, line=0)
            look = 0.9 * math.sin(3.2 * (t_s - PEEP_S - 0.5)) if t_s > PEEP_S + 0.6 else 0.0
            blink = 1.0 if 6.75 < t_s < 6.87 else 0.1
            for side in (-1, 1):
                pen.eye(side * 46, -200 - 12 * lift, 22, look=(look, 0), lid=blink, skin=0x0A0812)
        if open_jump:
            draw_jack(pen, jump, t_s)
        pen.box(-150, -180, 300, 180, 0xC83C55, r=8)
        pen.box(-24, -180, 48, 180, 0xF4CF73)
        if open_jump:
            fly = t_s - JUMP_S
            with pen.at(190 + 520 * fly, -260 - 420 * fly + 500 * fly**2, turn=460 * fly):
                draw_lid(pen)
        else:
            tilt = 3 * math.sin(40 * t_s) * rattle / 6
            with pen.at(0, -180 - 46 * lift, turn=tilt - 4 * lift):
                draw_lid(pen)
    pen.dark_around(640, 380, 900 if not open_jump else 1300, 0.92)


def draw_lid(pen: Pen) -> None:
    """Draw the lid with its bow, its lower edge at (0, 0)."""
    pen.box(-168, -52, 336, 56, 0xE4566F, r=8)
    pen.box(-24, -52, 48, 56, 0xF4CF73)
    pen.blob([(0, -54), (-70, -100), (-86, -56), (-30, -44)], 0xF4CF73)
    pen.blob([(0, -54), (70, -100), (86, -56), (30, -44)], 0xF4CF73)
    pen.oval(0, -56, 17, 15, 0xFFE39C)


def draw_jack(pen: Pen, jump: float, t_s: float) -> None:
    """Draw the jack on its spring, coming at the viewer."""
    reach = 60 + 120 * jump
    sway = 26 * math.sin(7 * (t_s - JUMP_S)) * math.exp(-0.8 * (t_s - JUMP_S))
    turns = [
        (sway * k / 12 + (46 if k % 2 else -46), -150 - reach * k / 12 + 60) for k in range(13)
    ]
    pen.stroke(turns, line=20)
    pen.stroke(turns, line=10, ink=0xB9C4DD)
    with pen.at(sway, -110 - reach, scale=0.3 + 0.72 * jump, turn=0.4 * sway):
        for side in (-1, 1):
            pen.blob(
                [(side * 40, -80), (side * 150, -190), (side * 190, -70), (side * 100, -10)],
                0x7A4FC0,
            )
            pen.oval(side * 188, -66, 20, 20, 0xF4CF73)
        pen.blob([(-40, -100), (0, -210), (40, -100)], 0x3FA6A0)
        pen.oval(0, -206, 22, 22, 0xF4CF73)
        pen.oval(0, 0, 138, 128, 0xFFF3E4)
        for side in (-1, 1):
            pen.oval(side * 84, 22, 34, 28, 0xF27A6B, line=0, alpha=0.8)
            pen.eye(side * 54, -34, 46, look=(0, 0), pupil=0.22)
            pen.stroke([(side * 14, -98), (side * 92, -108)], line=10)
        pen.oval(0, 8, 30, 27, 0xE4344F)
        mouth = oval(0, 62, 92, 48)
        pen.shape(mouth, 0x4A0F22, line=7)
        with pen.inside(mouth):
            for k in range(-4, 5):
                pen.box(k * 24 - 11, 6, 22, 36, 0xFFFFFF, r=6, line=4)
                pen.box(k * 24 - 11, 88, 22, 36, 0xFFFFFF, r=6, line=4)
        pen.shape(mouth, None, line=7)


def box_sound(rng: np.random.Generator) -> np.ndarray:
    """Ticking, a slowing music box, silence, spring and trumpet."""
    track = tones.Track(BOX_S)
    for number in range(17):
        track.put(0.2 + 0.5 * number, tones.tick(rng, 2_600 if number % 2 else 2_000), 0.30)
    at_s = 0.6
    for number, hz in enumerate((784, 659, 698, 587, 659, 523, 587, 494, 523)):
        track.put(at_s, tones.bell(hz), 0.16)
        at_s += 0.42 + 0.03 * number
    for number in range(8):
        track.put(2.9 + 0.24 * number, tones.thud(rng, 130, 0.15), 0.10 + 0.02 * number)
    track.put(PEEP_S, tones.sing(165, 0.7, tones.OO) * np.linspace(0.2, 1, 33_600), 0.10)
    track.put(SHUT_S + 0.1, tones.thud(rng, 150, 0.25), 0.30)
    t = tones.times(1.3)
    boing = np.sin(2 * np.pi * np.cumsum(190 + 90 * np.sin(2 * np.pi * 9 * t)) / tones.RATE_HZ)
    track.put(JUMP_S, boing * np.exp(-2.2 * t), 0.7)
    track.put(JUMP_S, tones.noise(rng, 1.2, 2_500, 12_000) * np.exp(-4 * tones.times(1.2)), 0.8)
    for hz in (233, 294, 349, 415):
        track.put(JUMP_S, tones.honk(hz, 0.9), 0.6)
    track.reverb(rng, 0.9, 0.15)
    return track.samples


# --- level 2: the peephole --------------------------------------------------------------------

HOLE_S = 13.0
KNOCKS_S = (0.7, 1.05, 1.4)
LOOK_S = 2.4
#: The lamp in the hallway goes out at the first time and on again at the second.
OUT_S = ((4.2, 4.9), (6.0, 6.7), (7.8, 8.6))
EYE_S = 10.9


def draw_peephole(pen: Pen, t_s: float) -> None:
    """Somebody knocked. Through the peephole: a hallway, a lamp that fails, and a visitor."""
    arrive = ease(t_s, LOOK_S, LOOK_S + 1.3)
    pen.wash(0x6B4A34, 0x4A3224)
    for x in (140, 760):
        pen.box(x, 60, 380, 760, 0x7C5940, r=10, line=7)
    knock = sum(math.exp(-18 * (t_s - at)) for at in KNOCKS_S if t_s >= at)
    radius = 26 + 330 * arrive
    dx, dy = shake(t_s, 5 * knock + 0.5, 8)
    centre = (640 + dx, 360 + dy)
    pen.veil(0x000000, 0.95 * arrive)
    pen.oval(*centre, radius + 16 + 14 * arrive, radius + 16 + 14 * arrive, 0xB08A4A, line=8)
    hole = oval(*centre, radius, radius)
    with pen.inside(hole), pen.at(*centre, scale=0.08 + 0.92 * arrive):
        draw_hallway(pen, t_s)
    if t_s >= EYE_S:
        with pen.inside(hole):
            draw_giant_eye(pen, t_s)
    pen.shape(hole, None, line=12)
    pen.dark_around(640, 360, 1250, 0.7)
    pen.veil(0x000000, ease(t_s, HOLE_S - 0.5, HOLE_S - 0.05))


def draw_hallway(pen: Pen, t_s: float) -> None:
    """Draw the hallway behind the door around (0, 0)."""
    off = any(a <= t_s < b for a, b in OUT_S)
    light = 0.06 if off else 1.0
    if t_s >= OUT_S[-1][1]:
        light = 0.8
    pen.poly(
        [(-420, -420), (420, -420), (420, 420), (-420, 420)], mix(0x06060C, 0x6C7A66, light), line=0
    )
    far = [(-90, -90), (90, -90), (90, 80), (-90, 80)]
    pen.poly([(-420, 420), (420, 420), (90, 80), (-90, 80)], mix(0x050508, 0x5A3F38, light), line=4)
    pen.poly([(-130, 420), (130, 420), (30, 80), (-30, 80)], mix(0x050508, 0x8C2F3B, light), line=0)
    pen.poly(
        [(-420, -420), (420, -420), (90, -90), (-90, -90)], mix(0x050508, 0x8D9684, light), line=4
    )
    pen.poly(far, mix(0x040408, 0x465248, light), line=4)
    for side in (-1, 1):
        for near, deep in ((0.86, 0.62), (0.5, 0.36)):
            x1, x2 = side * (90 + 330 * near), side * (90 + 330 * deep)
            b1, b2 = 80 + 340 * near, 80 + 340 * deep
            pen.poly(
                [(x1, b1), (x1, -0.62 * b1), (x2, -0.62 * b2), (x2, b2)],
                mix(0x050508, 0x3C2C26, light),
                line=4,
            )
    if not off:
        pen.oval(0, -190, 34, 12, 0xFFF3C4, line=4)
        pen.glow(0, -170, 340, 0xFFE9A8, 0.30 * light)
    if OUT_S[0][1] <= t_s < OUT_S[1][0]:
        draw_visitor(pen, 0, 92, 0.42)
    elif OUT_S[1][1] <= t_s < OUT_S[2][0]:
        draw_visitor(pen, 20, 250, 1.25)


def draw_visitor(pen: Pen, x: float, y: float, scale: float) -> None:
    """Draw the visitor: long, dark, with too little face; feet at (x, y)."""
    with pen.at(x, y, scale=scale, turn=-3):
        pen.shadow(0, 0, 70, 10, 0.5)
        pen.blob(
            [(-52, 0), (-64, -150), (-46, -250), (46, -250), (64, -150), (52, 0)], 0x12101C, line=4
        )
        for side in (-1, 1):
            pen.stroke(
                [(side * 50, -230), (side * 74, -110), (side * 66, 10)], line=15, ink=0x12101C
            )
        with pen.at(6, -286, turn=14):
            pen.blob(
                [(-36, 30), (-40, -20), (0, -52), (40, -20), (36, 30), (0, 52)], 0xD8D4C6, line=4
            )
            for side in (-1, 1):
                pen.oval(side * 16, -6, 12, 17, 0x08060C, line=0)
                pen.oval(side * 16, -3, 2.5, 2.5, 0xF4F0DC, line=0)
            pen.oval(1, 30, 7, 13, 0x08060C, line=0)
            pen.blob(
                [
                    (-44, 40),
                    (-50, -30),
                    (0, -66),
                    (50, -30),
                    (46, 60),
                    (32, -10),
                    (0, -34),
                    (-32, -8),
                ],
                0x12101C,
                line=0,
            )


def draw_giant_eye(pen: Pen, t_s: float) -> None:
    """Fill the peephole with an eye that looks back."""
    age = t_s - EYE_S
    near = 1 + 0.25 * pop(t_s, EYE_S, 0.25) + 0.06 * age
    dx, dy = shake(t_s, 16 * math.exp(-1.6 * age), 10)
    with pen.at(640 + dx, 360 + dy, scale=near):
        pen.veil(0xB9AE9A, 1)
        pen.oval(0, 0, 800, 800, 0xA99C88, line=0)
        for k in range(5):
            pen.stroke(
                [(-300, 150 + 26 * k), (0, 232 + 24 * k), (300, 150 + 26 * k)], line=7, ink=0x7C6C60
            )
        ball = oval(0, 0, 262, 176)
        pen.shape(ball, 0xFFF6EC, line=10)
        with pen.inside(ball):
            for k in range(22):
                a = 2 * math.pi * k / 22
                bend = 0.09 * math.sin(5 * k)
                pen.stroke(
                    [
                        (270 * math.cos(a), 180 * math.sin(a)),
                        (190 * math.cos(a + bend), 130 * math.sin(a + bend)),
                        (132 * math.cos(a), 100 * math.sin(a + bend)),
                    ],
                    line=5,
                    ink=0xC8202E,
                )
            look = 12 * math.sin(5 * age)
            pen.oval(look, 0, 112, 112, 0xD98E1F)
            for k in range(24):
                a = 2 * math.pi * k / 24
                pen.stroke(
                    [
                        (look + 44 * math.cos(a), 44 * math.sin(a)),
                        (look + 104 * math.cos(a), 104 * math.sin(a)),
                    ],
                    line=4,
                    ink=0x8A4A10,
                )
            pen.oval(look, 0, 40 + 6 * math.sin(9 * age), 52, 0x050308, line=0)
            pen.oval(look + 40, -44, 18, 18, 0xFFFFFF, line=0)
        pen.shape(ball, None, line=14)
        pen.stroke([(-320, -130), (0, -262), (320, -130)], line=36, ink=0x2A211C)


def peephole_sound(rng: np.random.Generator) -> np.ndarray:
    """Knocks, a hum, a lamp that buzzes, a heart, silence, and the scream."""
    track = tones.Track(HOLE_S)
    for at_s in KNOCKS_S:
        track.put(at_s, tones.thud(rng, 110, 0.3), 0.5)
    track.put(1.9, tones.drone(rng, 55, EYE_S - 1.9 - 1.2), 0.16)
    for number in range(4):
        track.put(1.9 + 0.35 * number, tones.thud(rng, 75, 0.18), 0.14, pan=0.4 * (-1) ** number)
    for start_s, end_s in OUT_S:
        track.put(start_s, tones.tick(rng, 3_800), 0.4)
        track.put(end_s, tones.tick(rng, 3_200), 0.3)
        t = tones.times(0.5)
        track.put(end_s, np.sign(np.sin(2 * np.pi * 100 * t)) * np.exp(-8 * t), 0.05)
    track.put(OUT_S[0][1], tones.bell(311, 1.2), 0.14)
    for hz in (208, 220, 311):
        track.put(OUT_S[1][1], tones.bell(hz, 1.2), 0.2)
    for number in range(8):
        beat_s = 5.0 + 0.62 * number
        track.put(beat_s, tones.thud(rng, 52, 0.25), 0.22)
        track.put(beat_s + 0.18, tones.thud(rng, 46, 0.25), 0.16)
    track.put(EYE_S, tones.scream(rng, 1.5), 0.9)
    track.put(EYE_S, tones.thud(rng, 60, 0.8), 1.0)
    track.reverb(rng, 1.4, 0.22)
    return track.samples


# --- level 3: the corridor --------------------------------------------------------------------

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
    track.reverb(rng, 1.8, 0.20)
    return track.samples


SURPRISE: tuple[Scene, ...] = (
    Scene(
        "surprise/1/ticking-box.mp4", "The Ticking Box", "째깍이는 상자", BOX_S, draw_box, box_sound
    ),
    Scene(
        "surprise/2/peephole.mp4",
        "Who Is There?",
        "누구세요?",
        HOLE_S,
        draw_peephole,
        peephole_sound,
    ),
    Scene(
        "surprise/3/corridor.mp4",
        "The Corridor",
        "복도 끝의 문",
        CORRIDOR_S,
        draw_corridor,
        corridor_sound,
    ),
)
