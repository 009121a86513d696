"""Level 2: a choir, and its smallest singer."""

from __future__ import annotations

import math

import numpy as np

from clip_art import tones
from clip_art.kit import INK, Pen, Scene, box, ease, mix, shake
from clip_art.props import draw_bow

CHOIR_S = 14.0
CHORDS = ((0.8, (196, 247, 294, 392)), (2.0, (220, 262, 330, 440)), (3.2, (247, 294, 392, 494)))
CHORD_S = 1.1
INHALE_S, BURP_S, BURP_LENGTH_S = 4.6, 6.6, 1.3
ANSWER_S, FINALE_S = 9.9, 11.0
SINGERS = ((190, 1.0), (400, 1.15), (640, 0.72), (880, 1.2), (1090, 0.95))


def draw_choir(pen: Pen, t_s: float) -> None:
    """Four potatoes sing like angels; the small one takes a very deep breath."""
    pen.wash(0x2F4B7C, 0x6A86B8)
    for x in (120, 380, 640, 900, 1160):  # chapel windows
        with pen.inside(box(0, 0, 1280, 330)):
            pen.box(x - 52, 50, 104, 400, mix(0xFFE7A3, 0x9FD8FF, x / 1160), r=52, line=8)
            pen.stroke([(x, 54), (x, 330)], line=6)
            pen.stroke([(x - 50, 190), (x + 50, 190)], line=6)
        pen.box(x - 66, 324, 132, 18, 0x8FA6CC, r=6)
    pen.glow(640, 60, 620, 0xFFF2C0, 0.35)
    pen.box(-20, 560, 1320, 180, 0x7A4E34)
    pen.box(-20, 560, 1320, 22, 0x9C6A48)
    order = (0, 1, 3, 4, 2)
    for number in order:
        x, size = SINGERS[number]
        draw_potato(pen, x, 610 if number != 2 else 640, size, t_s, number)
    if BURP_S < t_s < BURP_S + BURP_LENGTH_S:  # what came out
        for number in range(6):
            age = (t_s - BURP_S - 0.18 * number) / 1.2
            if 0 < age < 1:
                grow = 14 + 30 * age
                pen.oval(
                    690 + 330 * age + 30 * math.sin(number * 2),
                    520 - 60 * age - 20 * number % 50,
                    grow,
                    grow * 0.8,
                    0xB8E07A,
                    line=4,
                    alpha=0.8 * (1 - age),
                )


def sings(t_s: float, number: int) -> float:
    """Return how wide open a potato's mouth is, 0..1."""
    small = number == 2
    if small:
        if BURP_S <= t_s < BURP_S + BURP_LENGTH_S:
            return 1.0
        return 0.8 if FINALE_S <= t_s < FINALE_S + 1.9 else 0.0
    if any(at_s <= t_s < at_s + CHORD_S for at_s, _ in CHORDS):
        return 0.7 + 0.1 * math.sin(30 * t_s)
    if number == 3 and ANSWER_S <= t_s < ANSWER_S + 0.5:
        return 0.9
    return 1.0 if FINALE_S <= t_s < FINALE_S + 1.9 else 0.0


def draw_potato(pen: Pen, x: float, y: float, size: float, t_s: float, number: int) -> None:
    """Draw one singer standing on (x, y)."""
    small = number == 2
    mouth = sings(t_s, number)
    breath = ease(t_s, INHALE_S, BURP_S - 0.5) * (t_s < BURP_S) * small
    burping = (BURP_S <= t_s < BURP_S + BURP_LENGTH_S and small) or (
        FINALE_S <= t_s < FINALE_S + 1.9
    )
    dx, _ = shake(t_s + number, 5.0 if burping else 2.0 * (breath > 0.95), 16)
    sway = 3 * math.sin(2.6 * t_s) * (t_s < 4.4)
    wide, high = 1 + 0.75 * breath, 1 + 0.22 * breath
    if mouth:
        high += 0.05
    shocked = ease(t_s, BURP_S + 0.1, BURP_S + 0.3) * (t_s < ANSWER_S) * (not small)
    skin = (0xD9A066, 0xC88F58, 0xE8BC7C, 0xCF9A62, 0xBF854F)[number]
    with pen.at(x + dx, y, turn=sway, scale=size):
        pen.shadow(0, 4, 120 * wide, 16)
        pen.blob(
            [
                (0, 0),
                (-95 * wide, -30),
                (-112 * wide, -130 * high),
                (-70 * wide, -250 * high),
                (10, -280 * high),
                (85 * wide, -235 * high),
                (112 * wide, -120 * high),
                (88 * wide, -24),
            ],
            skin,
        )
        for px, py in ((-66, -70), (72, -90), (-50, -236), (60, -50)):
            pen.oval(px * wide, py * high, 9, 6, mix(skin, INK, 0.35), line=0)
        draw_bow(pen, 0, -38)
        turn_to_small = math.copysign(1, 640 - x) if not small else 0.0
        look = (turn_to_small * shocked, 0.35 * shocked)
        if small and t_s > BURP_S + BURP_LENGTH_S and t_s < ANSWER_S:
            look = (math.sin(2.4 * (t_s - BURP_S - BURP_LENGTH_S)), -0.2)
        wide_eye = 24 + 9 * shocked
        singing = mouth > 0 and not burping
        if singing:
            for side in (-1, 1):
                pen.stroke(
                    [(side * 38 - 18, -196), (side * 38, -208), (side * 38 + 18, -196)], line=7
                )
        else:
            lid = (
                0.95 if burping and not small else (0.0 if shocked > 0.2 or breath > 0.3 else 0.25)
            )
            for side in (-1, 1):
                pen.eye(
                    side * 40 * (1 + 0.3 * breath),
                    -196 * high,
                    wide_eye,
                    look=look,
                    lid=lid,
                    skin=skin,
                    pupil=0.45 - 0.2 * shocked,
                )
        if shocked > 0.2:
            for side in (-1, 1):
                pen.stroke([(side * 20, -252), (side * 60, -240)], line=7)
        if breath:
            pen.oval(0, -130 * high, 12 + 6 * math.sin(9 * t_s), 14, 0x6B2434, line=5)
            for side in (-1, 1):
                pen.oval(
                    side * 92, -140 * high, 40 * breath, 36 * breath, 0xF09A7E, line=0, alpha=0.7
                )
        elif mouth:
            grow = 1.35 if burping else 1.0
            pen.oval(
                0, -122, (30 + 16 * (burping)) * grow, (16 + 26 * mouth) * grow, 0x6B2434, line=6
            )
            pen.oval(0, -108 + 8 * mouth, 20 * grow, 12 * mouth, 0xE87A86, line=0)
        elif small and t_s >= BURP_S + BURP_LENGTH_S:
            pen.stroke([(-22, -128), (0, -116), (26, -130)], line=6)
            for side in (-1, 1):
                pen.oval(side * 78, -150, 22, 15, 0xF27A6B, line=0, alpha=0.7)
        else:
            pen.stroke([(-16, -122), (16, -122)], line=6)
        if t_s > FINALE_S + 1.9 and not small:
            pen.stroke([(-26, -128), (0, -112), (26, -128)], line=6)


def choir_sound(rng: np.random.Generator) -> np.ndarray:
    """Three heavenly chords, a breath, a burp, embarrassment, an answer, a finale."""
    track = tones.Track(CHOIR_S)
    for at_s, notes in CHORDS:
        for number, hz in enumerate(notes):
            track.put(at_s, tones.sing(hz, CHORD_S), 0.22, pan=-0.6 + 0.4 * number)
    inhale = tones.noise(rng, 1.4, 500, 2_600) * np.linspace(0, 1, round(1.4 * tones.RATE_HZ)) ** 2
    track.put(INHALE_S, inhale, 0.22)
    track.put(BURP_S, tones.burp(rng, 92, BURP_LENGTH_S), 0.85)
    for number in range(3):
        track.put(8.3 + 0.5 * number, tones.tick(rng, 1_500), 0.12)
    track.put(ANSWER_S, tones.burp(rng, 150, 0.42), 0.6, pan=0.4)
    for number, hz in enumerate((73, 98, 123, 147, 196)):
        track.put(FINALE_S, tones.burp(rng, hz, 1.9), 0.38, pan=-0.6 + 0.3 * number)
    for number, hz in enumerate((392, 494, 587, 784)):
        track.put(FINALE_S + 2.1, tones.sing(hz / 2, 0.8), 0.2, pan=-0.4 + 0.25 * number)
    track.reverb(rng, 1.8, 0.28)
    return track.samples


SCENE = Scene(
    "happy/2/potato-choir.mp4", "The Potato Choir", "감자 합창단", CHOIR_S, draw_choir, choir_sound
)
