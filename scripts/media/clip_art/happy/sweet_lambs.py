"""Level 2: three on a meadow say what they have to say."""

from __future__ import annotations

import math

import numpy as np

from clip_art import tones
from clip_art.kit import Pen, Scene, bump, ease, oval, pop, shake

LAMBS_S = 16.0
BAA_S = (1.0, 2.4)
INHALE_S, SCREAM_S, SCREAM_END_S = 3.9, 4.9, 7.0
TIMID_S, CALM_S = 9.0, 9.9
SECOND_S, SECOND_END_S = 10.9, 12.0
FLOWER_S = 13.4
FINALE_S = 14.3
PLACES_PX = (270, 610, 985)
WOOL, GOAT, FACE = 0xFFF8EC, 0xD9CDBB, 0x4A4358


def voice(t_s: float) -> float:
    """Return how much the goat is screaming, 0..1."""
    for start_s, end_s in (
        (SCREAM_S, SCREAM_END_S),
        (SECOND_S, SECOND_END_S),
        (FINALE_S, LAMBS_S + 1),
    ):
        if start_s <= t_s < end_s:
            return min(1.0, (t_s - start_s) / 0.08)
    return 0.0


def draw_lambs(pen: Pen, t_s: float) -> None:
    """Two sweet voices, and a third."""
    pen.still("meadow", draw_meadow)
    loud = voice(t_s)
    quake = shake(t_s, 9 * loud, 12)
    close = ease(t_s, SCREAM_S, SCREAM_S + 0.25) * (1 - ease(t_s, SCREAM_END_S, SCREAM_END_S + 0.1))
    with (
        pen.at(640 + quake[0], 360 + quake[1], scale=1 + 0.04 * loud + 0.31 * close),
        pen.at(-640 - 150 * close, -360 - 30 * close),
    ):
        pen.still("meadow", draw_meadow)
        draw_flower(pen, t_s)
        draw_sheep(pen, 0, t_s)
        draw_sheep(pen, 1, t_s)
        draw_goat(pen, t_s)


def draw_meadow(pen: Pen) -> None:
    """Draw hills, a fence and flowers."""
    pen.wash(0x9FDCF7, 0xF3FBE0)
    pen.oval(170, 130, 66, 66, 0xFFE680, line=0)
    for x, y, s in ((520, 120, 1.0), (930, 90, 1.3)):
        for dx, r in ((-60, 34), (0, 50), (60, 36)):
            pen.oval(x + dx * s, y, r * s * 1.3, r * s, 0xFFFFFF, line=0)
    pen.blob(
        [(-100, 480), (200, 380), (600, 440), (1000, 360), (1400, 460), (1400, 800), (-100, 800)],
        0xA9D86E,
        line=0,
    )
    pen.box(-100, 520, 1500, 300, 0x8CC653, line=0)
    for x in range(-40, 1360, 140):
        pen.box(x, 400, 22, 130, 0xC99A6B, r=6, line=5)
    for y in (424, 474):
        pen.box(-60, y, 1400, 18, 0xC99A6B, r=4, line=5)
    for k in range(16):
        x, y = (k * 173) % 1280, 560 + (k * 67) % 140
        pen.oval(x, y, 7, 7, (0xFFFFFF, 0xFFD1E0, 0xFFF19A)[k % 3], line=0)


def draw_flower(pen: Pen, t_s: float) -> None:
    """Draw the flower in front, that was only a flower so far."""
    shouts = FLOWER_S <= t_s < FLOWER_S + 0.55 or t_s >= FINALE_S
    lean = 4 * math.sin(1.8 * t_s) - 26 * voice(t_s) * (t_s < FINALE_S)
    with pen.at(796, 676, turn=lean, scale=1 + 0.15 * shouts):
        pen.stroke([(0, 30), (4, -40), (0, -84)], line=9, ink=0x4F8F3C)
        for k in range(7):
            a = 2 * math.pi * k / 7
            pen.oval(30 * math.cos(a), -98 + 30 * math.sin(a), 19, 19, 0xFF8FB4, line=4)
        pen.oval(0, -98, 25, 25, 0xFFE27A, line=5)
        if shouts:
            pen.oval(0, -90, 12, 13, 0x6B2434, line=4)
        if t_s > 12.9:
            for side in (-1, 1):
                pen.eye(side * 10, -108, 7, line=3)


def draw_sheep(pen: Pen, number: int, t_s: float) -> None:
    """Draw one of the sheep; the second one loses its wool."""
    x = PLACES_PX[number]
    loud = voice(t_s) * (t_s < FINALE_S)
    said_s = BAA_S[number]
    says = said_s <= t_s < said_s + 0.7 or (number == 1 and TIMID_S <= t_s < TIMID_S + 0.4)
    finale = t_s >= FINALE_S
    bare = number == 1 and t_s >= SECOND_S + 0.25
    blown = 26 * loud
    jump = -50 * bump(t_s, SECOND_S, 0.4) * number
    hop = squash_of(t_s, said_s)
    with pen.at(x - blown * 0.6, 610 + jump, turn=-0.35 * blown, scale=(1 + hop, 1 - hop)):
        pen.shadow(0, 6 - jump, 130, 16)
        for leg in (-70, -26, 26, 70):
            pen.box(leg - 13, -64, 26, 70, FACE if not bare else 0xF7C4B8, r=10)
        if bare:
            pen.blob(
                [(-104, -70), (-100, -150), (0, -172), (104, -150), (108, -70), (0, -44)], 0xF9CDC0
            )
            for k in range(5):
                pen.stroke([(-60 + 30 * k, -110), (-52 + 30 * k, -116)], line=4, ink=0xE49C90)
            pen.stroke([(-100, -130), (-124, -140), (-116, -118)], line=7)
        else:
            for k in range(11):
                a = 2 * math.pi * k / 11
                pen.oval(110 * math.cos(a) - blown, -120 + 66 * math.sin(a), 46, 42, WOOL)
            pen.oval(-blown * 0.6, -120, 118, 72, WOOL, line=0)
        stare = SCREAM_END_S - 1.9 < t_s < 8.9 or t_s > SECOND_S
        with pen.at(
            104 - 0.4 * blown, -176, turn=-8 * says + 6 * math.sin(1.5 * t_s + number) * (not stare)
        ):
            for side in (-1, 1):
                pen.blob(
                    [(side * 30, -34), (side * 82, -50), (side * 88, -22), (side * 36, -12)], FACE
                )
            pen.blob([(-42, -50), (42, -50), (46, 20), (20, 62), (-20, 62), (-46, 20)], FACE)
            if not bare:
                for dx in (-26, 0, 26):
                    pen.oval(dx, -54, 24, 20, WOOL, line=5)
            look, lid = (0.1, 0.0), 0.25
            if stare:
                look, lid = (0.9, 0.0), 0.0
            if number == 1 and bare and 12.3 < t_s < FINALE_S:
                look, lid = (0.0, 0.1), 1.0 if 12.8 < t_s < 12.92 else 0.0
            if loud or finale:
                lid = 1.0
            wide = 17 + 5 * stare
            for side in (-1, 1):
                if lid >= 0.85:
                    pen.stroke(
                        [(side * 20 - 14, -14), (side * 20, -8), (side * 20 + 14, -14)],
                        line=6,
                        ink=0xFFFFFF,
                    )
                else:
                    pen.eye(side * 20, -14, wide, look=look, lid=lid, skin=FACE, line=4)
            if finale:
                pen.oval(0, 44, 24, 26, 0x8A2A40, line=5)
            elif says:
                pen.oval(0, 40, 15, 13, 0x8A2A40, line=4)
            else:
                pen.stroke([(-12, 40), (0, 44), (12, 40)], line=5, ink=0xFFFFFF)
    if number == 1 and SECOND_S <= t_s < SECOND_S + 1.6:  # off it comes, all of it
        fly = t_s - SECOND_S
        for k in range(12):
            a = 2 * math.pi * k / 12
            out = 620 * fly
            pen.oval(
                x - 40 + out * math.cos(a) - 260 * fly,
                490 + 0.6 * out * math.sin(a),
                40,
                36,
                WOOL,
                line=5,
                alpha=max(0.0, min(1.0, 1.6 - fly)),
            )


def squash_of(t_s: float, said_s: float) -> float:
    """Return how flat a sheep is: down before it speaks, tall while it does."""
    return 0.10 * bump(t_s, said_s - 0.3, 0.3) - 0.08 * bump(t_s, said_s, 0.6)


def draw_goat(pen: Pen, t_s: float) -> None:
    """Draw the third voice."""
    loud = voice(t_s)
    breath = ease(t_s, INHALE_S, SCREAM_S - 0.3) * (t_s < SCREAM_S)
    chew = t_s >= SCREAM_END_S + 0.3 and not loud and t_s < 12.9
    rattle = shake(t_s, 5 * loud, 17)
    with pen.at(PLACES_PX[2] + rattle[0], 610, scale=(1 + 0.06 * breath, 1 + 0.10 * breath)):
        pen.shadow(20, 6, 150, 16)
        for leg in (-60, -20, 90, 130):
            pen.box(leg - 14, -80, 28, 86, GOAT, r=8)
        pen.blob([(-90, -70), (-96, -170), (60, -180), (160, -160), (164, -70), (40, -56)], GOAT)
        pen.stroke([(158, -150), (190, -176), (180, -196)], line=16)
        pen.stroke([(-60, -120), (-96, -190), (-92, -240)], line=84)
        pen.stroke([(-60, -120), (-96, -190), (-92, -240)], line=72, ink=GOAT)
        with pen.at(-96, -262, turn=-10 * breath - 16 * loud, scale=1 + 0.10 * loud):
            for side in (-1, 1):
                pen.stroke([(side * 26, -70), (side * 44, -124), (side * 84, -140)], line=24)
                pen.stroke(
                    [(side * 26, -70), (side * 44, -124), (side * 84, -140)], line=13, ink=0xA89A86
                )
                droop = 10 * math.sin(30 * t_s) * loud
                pen.blob(
                    [
                        (side * 56, -40),
                        (side * 124, -30 + droop),
                        (side * 120, 0 + droop),
                        (side * 56, -12),
                    ],
                    GOAT,
                )
            pen.blob(
                [
                    (-62, -70),
                    (62, -70),
                    (70, 10),
                    (52, 70 + 96 * loud),
                    (-52, 70 + 96 * loud),
                    (-70, 10),
                ],
                GOAT,
            )
            goat_face(pen, t_s, loud, chew=chew, breath=breath)


def goat_face(pen: Pen, t_s: float, loud: float, *, chew: bool, breath: float) -> None:
    """Draw eyes that look both ways, and a mouth that is mostly mouth."""
    for side in (-1, 1):
        size = 27 + 9 * loud
        ball = oval(side * 36, -34, size, size)
        pen.shape(ball, 0xFFF6C8, line=5)
        away = (9 * side, 3 * side) if not loud else (0, 0)
        pen.box(side * 36 - 13 + away[0], -39 + away[1], 26, 11, 0x2B2440, r=4, line=0)
    if loud:
        tremble = 5 * math.sin(60 * t_s)
        mouth = oval(0, 66, 48, 74 + tremble)
        pen.shape(mouth, 0x5A1628, line=7)
        with pen.inside(mouth):
            pen.oval(0, 130 + 4 * math.sin(44 * t_s), 36, 44, 0xF0708C, line=5)
            for dx in (-14, 14):
                pen.box(dx - 13, -12, 26, 34, 0xFFFFFF, r=6, line=4)
        pen.shape(mouth, None, line=7)
        return
    grind = 10 * math.sin(6 * t_s) if chew else 0.0
    pen.oval(grind * 0.4, 40, 44, 30, 0xEADFCF, line=5)
    for side in (-1, 1):
        pen.oval(side * 14 + grind * 0.4, 30, 5, 4, 0x2B2440, line=0)
    if breath:
        pen.oval(0, 50, 10 + 4 * breath, 9 + 6 * breath, 0x5A1628, line=4)
    else:
        pen.stroke([(-18 + grind, 50), (grind, 55), (18 + grind, 50)], line=5)
    if chew:
        pen.stroke([(16 + grind, 52), (52 + grind, 64), (70 + grind, 56)], line=5, ink=0x5C9A3C)
    pen.poly([(-12, 70), (12, 70), (0, 108)], 0xEADFCF, line=5)
    if pop(t_s, SCREAM_END_S, 0.2) and t_s < SCREAM_END_S + 0.3:
        pen.stroke([(-20, 52), (20, 52)], line=6)


def lambs_sound(rng: np.random.Generator) -> np.ndarray:
    """A flute, two bleats, a scream, chewing, a scream at close range, a flower, everybody."""
    track = tones.Track(LAMBS_S)
    for number, hz in enumerate((523, 587, 659, 784, 659, 587, 523)):
        track.put(0.1 + 0.42 * number, tones.glide(hz, hz, 0.4, 2), 0.09)
    track.put(BAA_S[0], tones.bleat(300, 0.7), 0.6, pan=-0.5)
    track.put(BAA_S[1], tones.bleat(380, 0.7), 0.6)
    air = tones.noise(rng, 0.7, 500, 2_600) * np.linspace(0, 1, round(0.7 * tones.RATE_HZ)) ** 2
    track.put(INHALE_S, air, 0.3, pan=0.4)
    track.put(SCREAM_S, tones.shout(rng, 430, SCREAM_END_S - SCREAM_S), 0.95, pan=0.2)
    for number in range(6):
        track.put(7.35 + 0.5 * number, tones.tick(rng, 900), 0.35, pan=0.4)
    track.put(8.0, tones.noise(rng, 0.9, 2_000, 5_000) * tones.envelope(0.9, 0.4, 0.4), 0.03)
    track.put(TIMID_S, tones.bleat(420, 0.4), 0.22)
    track.put(CALM_S, tones.sing(262, 0.4, tones.OO), 0.15)
    track.put(SECOND_S, tones.shout(rng, 520, SECOND_END_S - SECOND_S), 1.0, pan=0.2)
    track.put(SECOND_S + 0.25, tones.blip(500, 0.2, 2.5), 0.6)
    for number in range(3):
        track.put(12.2 + 0.35 * number, tones.tick(rng, 900), 0.35, pan=0.4)
    track.put(12.8, tones.blip(1_700, 0.05, 0.8), 0.2)
    track.put(FLOWER_S, tones.shout(rng, 1_150, 0.55, 0.1), 0.5)
    for number, hz in enumerate((330, 415, 494, 1_000)):
        length_s = LAMBS_S - FINALE_S - 0.25
        track.put(FINALE_S, tones.shout(rng, hz, length_s), 0.5, pan=-0.5 + 0.33 * number)
    track.reverb(rng, 0.8, 0.10)
    return track.samples


SCENE = Scene(
    "happy/2/sweet-lambs.mp4",
    "Three Sweet Voices",
    "고운 목소리 셋",
    LAMBS_S,
    draw_lambs,
    lambs_sound,
)
