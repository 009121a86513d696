"""Level 2: who has knocked?"""

from __future__ import annotations

import math

import numpy as np

from clip_art import tones
from clip_art.kit import Pen, Scene, ease, mix, oval, pop, shake

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
    track.bring_up(EYE_S - 0.01, 2.0)
    track.reverb(rng, 1.4, 0.22)
    return track.samples


SCENE = Scene(
    "surprise/2/peephole.mp4", "Who Is There?", "누구세요?", HOLE_S, draw_peephole, peephole_sound
)
