"""Level 1: an old clock, one minute to midnight."""

from __future__ import annotations

import math

import numpy as np

from clip_art import tones
from clip_art.kit import Pen, Scene, ease, mix, oval, pop, shake

CLOCK_S = 13.0
MIDNIGHT_S, DOOR_S, SPRING_S, DROOP_S, JUMP_S = 5.0, 6.2, 8.0, 8.9, 10.9


def draw_clock_scene(pen: Pen, t_s: float) -> None:
    """It strikes, its door opens, and nobody is at home."""
    pen.still("parlour", draw_parlour)
    zoom = 1 + 0.55 * ease(t_s, 0.5, JUMP_S - 0.5)
    with pen.at(640, 300, scale=zoom), pen.at(-640, -270):
        if zoom > 1:
            pen.still("parlour", draw_parlour)
        draw_clock(pen, t_s)
    pen.still("parlour-dark", lambda p: p.dark_around(640, 330, 760, 0.94))
    if t_s >= JUMP_S:
        draw_cuckoo(pen, t_s)
    pen.veil(0x000000, ease(t_s, CLOCK_S - 0.5, CLOCK_S - 0.05))


def draw_parlour(pen: Pen) -> None:
    """Draw the wall of an old parlour."""
    pen.wash(0x3B3A55, 0x1E1D33)
    for x in range(0, 1300, 80):
        pen.box(x, 0, 40, 720, 0x000000, line=0, alpha=0.10)
        for y in range(30, 720, 90):
            pen.oval(x + 20, y, 5, 8, 0x54527A, line=0)
    pen.glow(640, 300, 520, 0xE8B86A, 0.22)


def draw_clock(pen: Pen, t_s: float) -> None:
    """Draw the carved clock with its pendulum."""
    ticking = t_s < MIDNIGHT_S
    swing = 15 * math.cos(math.pi * t_s) * (1.0 if ticking else math.exp(-2 * (t_s - MIDNIGHT_S)))
    with pen.at(640, 460, turn=swing):
        pen.stroke([(0, 0), (0, 150)], line=8, ink=0x8A6A2E)
        pen.oval(0, 160, 36, 36, 0xD9A441)
    for side, length in ((-1, 110 + 4 * t_s), (1, 170 - 4 * t_s)):
        pen.stroke([(640 + side * 66, 460), (640 + side * 66, 470 + length)], line=4, ink=0x8A6A2E)
        pen.box(640 + side * 66 - 14, 470 + length, 28, 62, 0x5A3F2A, r=12)
    pen.poly([(640, 40), (840, 200), (440, 200)], 0x5A3A28)
    pen.poly([(640, 70), (790, 190), (490, 190)], 0x6E4A32, line=4)
    pen.box(470, 196, 340, 270, 0x7A5236, r=12)
    for side in (-1, 1):
        pen.blob(
            [
                (640 + side * 170, 210),
                (640 + side * 240, 280),
                (640 + side * 190, 360),
                (640 + side * 226, 440),
                (640 + side * 160, 460),
            ],
            0x4F7A4A,
        )
    pen.oval(640, 374, 88, 88, 0xF1E6C8)
    for k in range(12):
        a = math.pi * k / 6
        far = 58 if k % 3 == 0 else 66
        pen.stroke(
            [
                (640 + far * math.sin(a), 374 - far * math.cos(a)),
                (640 + 76 * math.sin(a), 374 - 76 * math.cos(a)),
            ],
            line=6,
        )
    late = min(t_s, MIDNIGHT_S)
    step = math.floor(2 * late) / 2
    hand = -6 * (MIDNIGHT_S - step) / MIDNIGHT_S * 3
    tremble = 1.5 * math.sin(60 * t_s) * (MIDNIGHT_S < t_s < MIDNIGHT_S + 1.0)
    with pen.at(640, 374, turn=hand + tremble):
        pen.stroke([(0, 10), (0, -68)], line=7)
    with pen.at(640, 374, turn=hand / 12):
        pen.stroke([(0, 10), (0, -44)], line=10)
    pen.oval(640, 374, 9, 9, 0xD9A441, line=4)
    draw_hatch(pen, t_s)


def draw_hatch(pen: Pen, t_s: float) -> None:
    """Draw the hatch over the face, and the spring that comes without its bird."""
    opened = ease(t_s, DOOR_S, SPRING_S - 0.4)
    pen.box(596, 200, 88, 84, 0x07060C, r=10)
    if t_s > SPRING_S:
        out = pop(t_s, SPRING_S, 0.5)
        droop = ease(t_s, DROOP_S, DROOP_S + 0.8)
        nod = 6 * math.sin(9 * t_s) * math.exp(-1.4 * (t_s - SPRING_S))
        points = []
        for k in range(11):
            share = k / 10
            wiggle = 15 if k % 2 else -15
            points.append(
                (
                    640 + wiggle * (1 - 0.3 * share) + 18 * share * out,
                    256
                    - 34 * share * out * (1 - 2.1 * droop * share)
                    + nod * share
                    + 26 * share * droop,
                )
            )
        for wide, ink in ((13, 0x2B2440), (6, 0xB9C4DD)):
            pen.stroke(points, line=wide, ink=ink)
        tip = points[-1]
        pen.box(tip[0] - 22, tip[1] - 12, 44, 12, 0xB5763E, r=5, line=4)
        for k in range(2):  # a feather is all that is left
            pen.blob(
                [
                    (tip[0] - 8 + 14 * k, tip[1] - 12),
                    (tip[0] - 16 + 26 * k, tip[1] - 38),
                    (tip[0] + 14 * k, tip[1] - 18),
                ],
                0x6FA8D8,
                line=3,
            )
    leaf = 44 * (1 - 0.8 * opened)
    for side in (-1, 1):
        hinge = 640 + side * 44
        pen.poly(
            [
                (hinge, 200),
                (hinge - side * leaf, 200 - 10 * opened),
                (hinge - side * leaf, 284 + 10 * opened),
                (hinge, 284),
            ],
            0x8A5F3C,
            line=5,
        )


def draw_cuckoo(pen: Pen, t_s: float) -> None:
    """Draw where the bird has been: right here."""
    age = t_s - JUMP_S
    up = pop(t_s, JUMP_S, 0.26)
    dx, dy = shake(t_s, 20 * math.exp(-2.2 * age), 9)
    gape = 1.0 if age < 0.75 or 1.0 < age < 1.5 else 0.15
    with pen.at(
        640 + dx,
        1000 - 690 * up + dy,
        scale=1.05 + 0.1 * age,
        turn=4 * math.sin(13 * age) * math.exp(-1.5 * age),
    ):
        pen.blob(
            [(-330, 420), (-300, 60), (-170, -190), (0, -250), (170, -190), (300, 60), (330, 420)],
            0x3F7FBF,
            line=9,
        )
        for k in range(5):
            a = -1.9 + 0.17 * k
            pen.stroke(
                [(240 * math.cos(a) * 0.2, -230), (60 * (k - 2), -330 - 20 * (k % 2))],
                line=26,
                ink=0x2B2440,
            )
            pen.stroke(
                [(240 * math.cos(a) * 0.2, -230), (60 * (k - 2), -330 - 20 * (k % 2))],
                line=15,
                ink=0xE4566F,
            )
        for side in (-1, 1):
            pen.eye(
                side * 118, -70, 96, look=(0, 0.05), pupil=0.15 + 0.02 * math.sin(30 * t_s), line=9
            )
            for k in range(4):
                a = 0.6 + 0.7 * k
                pen.stroke(
                    [
                        (side * 118 + 90 * math.cos(a), -70 + 90 * math.sin(a)),
                        (side * 118 + 60 * math.cos(a + 0.1), -70 + 60 * math.sin(a + 0.1)),
                    ],
                    line=4,
                    ink=0xD8343F,
                )
        pen.blob([(-100, 70), (0, 20), (100, 70), (60, 120), (0, 96), (-60, 120)], 0xF2A93B, line=9)
        low = 50 + 170 * gape
        mouth = oval(0, 110 + low / 2, 78, low / 2)
        pen.shape(mouth, mix(0x6B1A2E, 0x2A0610, 0.4), line=9)
        with pen.inside(mouth):
            pen.oval(0, 110 + low, 54, 60, 0xF0708C, line=6)
        pen.blob(
            [(-78, 104 + low * 0.7), (0, 122 + low * 0.9), (78, 104 + low * 0.7), (0, 150 + low)],
            0xE08E24,
            line=9,
        )


def clock_sound(rng: np.random.Generator) -> np.ndarray:
    """Ticking, one stroke, a creak, a spring, silence, and the call at last."""
    track = tones.Track(CLOCK_S)
    for number in range(10):
        track.put(0.25 + 0.5 * number, tones.tick(rng, (2_400, 1_800)[number % 2]), 0.30)
    track.put(0.0, tones.drone(rng, 62, 10.2), 0.05)
    for hz, gain in ((196, 0.5), (293, 0.2), (523, 0.12)):
        track.put(MIDNIGHT_S, tones.bell(hz, 2.6), 0.35 * gain / 0.5)
    for number in range(6):
        track.put(MIDNIGHT_S + 0.1 * number, tones.tick(rng, 3_200), 0.14)
    track.put(DOOR_S, tones.creak(rng, 1.6, 140), 0.20)
    track.put(SPRING_S, tones.boing(260, 0.8), 0.22)
    track.put(DROOP_S, tones.glide(520, 260, 0.8, 2), 0.07)
    track.put(9.9, tones.tick(rng, 2_000), 0.16)
    track.put(10.45, tones.tick(rng, 1_700), 0.16)
    for at_s, hz, long_s in ((JUMP_S, 740, 0.75), (JUMP_S + 1.0, 587, 0.6)):
        track.put(at_s, tones.honk(hz, long_s), 0.7)
        track.put(at_s, tones.shout(rng, hz * 1.5, long_s, 0.3), 0.6)
        track.put(
            at_s, tones.noise(rng, long_s, 1_500, 9_000) * np.exp(-5 * tones.times(long_s)), 0.6
        )
    track.put(JUMP_S, tones.thud(rng, 60, 0.6), 0.8)
    track.put(JUMP_S, tones.boing(140, 1.0), 0.4)
    track.reverb(rng, 0.9, 0.14)
    return track.samples


SCENE = Scene(
    "surprise/1/cuckoo-clock.mp4",
    "Midnight",
    "자정",
    CLOCK_S,
    draw_clock_scene,
    clock_sound,
)
