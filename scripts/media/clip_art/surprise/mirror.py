"""Level 2: somebody brushes her hair before a mirror."""

from __future__ import annotations

import math

import numpy as np

from clip_art import tones
from clip_art.kit import Pen, Scene, bump, ease, mix, oval, pop, shake

MIRROR_S = 16.0
STOP_S, LATE_S = 4.0, 5.6
TILT_S, TILT_LATE_S = 6.4, 7.5
SMILE_S = 8.4
DARK_S, LIGHT_S = 10.2, 11.3
TURN_S = 13.4
SKIN, HAIR, DRESS = 0xC9B7A6, 0x14121C, 0x4E4A63


def draw_mirror(pen: Pen, t_s: float) -> None:
    """The reflection is late; then it does as it likes."""
    if t_s >= TURN_S:
        draw_turned(pen, t_s)
        return
    light = 1 - ease(t_s, DARK_S - 0.5, DARK_S) + 0.75 * ease(t_s, LIGHT_S, LIGHT_S + 0.7)
    light -= 0.25 * bump(t_s, 5.9, 0.5) + 0.30 * bump(t_s, 8.0, 0.6)
    zoom = 1 + 0.16 * ease(t_s, 0.0, TURN_S)
    pen.veil(0x000000, 1)
    with pen.at(640, 340, scale=zoom), pen.at(-640, -340):
        pen.still("bathroom", draw_bathroom)
        glass = oval(640, 300, 218, 268)
        pen.shape(glass, 0x27303C, line=0)
        with pen.inside(glass):
            pen.still("bathroom-behind", draw_behind)
            if t_s < DARK_S:  # when the lamp comes back, the glass is empty
                draw_reflection(pen, t_s)
            pen.poly([(470, 20), (560, 20), (420, 600), (380, 560)], 0xFFFFFF, line=0, alpha=0.05)
        pen.shape(glass, None, line=26, ink=0x2A2118)
        pen.shape(glass, None, line=14, ink=0x7A6238)
        draw_back(pen, t_s)
    pen.still("bathroom-dark", lambda p: p.dark_around(640, 300, 780, 0.95))
    pen.veil(0x000000, 1 - light)


def draw_bathroom(pen: Pen) -> None:
    """Draw tiles and a basin."""
    pen.wash(0x3D4C4C, 0x222B2E)
    for x in range(0, 1281, 80):
        pen.stroke([(x, 0), (x, 720)], line=3, ink=0x1E2628)
    for y in range(0, 721, 80):
        pen.stroke([(0, y), (1280, y)], line=3, ink=0x1E2628)
    pen.glow(640, 120, 560, 0xE6E8C0, 0.22)
    pen.box(250, 610, 780, 200, 0x8C9690, r=40, line=5)
    pen.stroke([(640, 640), (640, 590), (676, 590)], line=14, ink=0x59605E)


def draw_behind(pen: Pen) -> None:
    """Draw what the glass shows behind her: a dark door."""
    pen.box(380, 0, 520, 600, 0x2B343A, line=0)
    pen.box(700, 150, 110, 420, 0x10141A, line=4)
    pen.glow(560, 120, 320, 0xE6E8C0, 0.12)


def stroke_of(t_s: float, stop_s: float) -> float:
    """Return where the brush is on its way, 0 top .. 1 bottom; -1 when it rests."""
    if t_s >= stop_s:
        return -1.0
    return 0.5 - 0.5 * math.cos(2 * math.pi * t_s / 1.6)


def draw_back(pen: Pen, t_s: float) -> None:
    """Draw her from behind: hair and shoulders, near and dark."""
    tilt = 9 * ease(t_s, TILT_S, TILT_S + 0.6) * (1 - ease(t_s, 8.9, 9.4))
    near = 40 * ease(t_s, 11.9, 13.0)
    with pen.at(760, 760 - near):
        pen.blob([(-250, 60), (-220, -90), (-80, -150), (80, -150), (220, -90), (250, 60)], DRESS)
        with pen.at(0, -130, turn=tilt):
            pen.blob(
                [
                    (-120, 70),
                    (-130, -120),
                    (-60, -232),
                    (60, -232),
                    (130, -120),
                    (120, 70),
                    (60, 150),
                    (-60, 150),
                ],
                HAIR,
                line=5,
                ink=0x08070C,
            )
            for k in range(-3, 4):
                pen.stroke([(k * 16, -220), (k * 30, -60), (k * 30, 120)], line=3, ink=0x2C2838)
        brush = stroke_of(t_s, STOP_S)
        if brush >= 0:
            hand = (150, -300 + 210 * brush)
            draw_arm(pen, (200, -60), (270, -190 + 60 * brush), hand, flip=1)


def draw_arm(
    pen: Pen,
    shoulder: tuple[float, float],
    elbow: tuple[float, float],
    hand: tuple[float, float],
    *,
    flip: int,
) -> None:
    """Draw an arm with a brush in its hand."""
    pen.stroke([shoulder, elbow, hand], line=56)
    pen.stroke([shoulder, elbow, hand], line=46, ink=DRESS)
    pen.oval(*hand, 26, 24, SKIN, line=5)
    pen.stroke([hand, (hand[0] - flip * 46, hand[1] - 6)], line=18)
    pen.oval(hand[0] - flip * 66, hand[1] - 8, 16, 36, 0x5A3A28, line=5)


def draw_reflection(pen: Pen, t_s: float) -> None:
    """Draw her face in the glass."""
    tilt = -9 * ease(t_s, TILT_LATE_S, TILT_LATE_S + 0.9) * (1 - ease(t_s, 9.6, 10.0))
    near = 0.16 * ease(t_s, SMILE_S, DARK_S - 0.3)
    with pen.at(640, 330, scale=0.86 + near):
        pen.blob([(-190, 330), (-170, 180), (-60, 130), (60, 130), (170, 180), (190, 330)], DRESS)
        with pen.at(0, 130, turn=tilt):
            draw_face(
                pen,
                smile=ease(t_s, SMILE_S, DARK_S - 0.4),
                eyes=ease(t_s, LATE_S, LATE_S + 0.4),
                t_s=t_s,
            )
        brush = stroke_of(t_s, LATE_S)
        if brush >= 0:
            draw_arm(pen, (160, 210), (230, 110 + 50 * brush), (136, -70 + 190 * brush), flip=1)


def draw_face(pen: Pen, *, smile: float, eyes: float, t_s: float) -> None:
    """Draw a face on a neck at (0, 0): calm, then less so."""
    pale = mix(SKIN, 0xB9B8A8, smile)
    pen.blob(
        [(-136, 60), (-142, -170), (-70, -300), (70, -300), (142, -170), (136, 60)],
        HAIR,
        line=5,
        ink=0x08070C,
    )
    pen.box(-34, -60, 68, 90, mix(pale, 0x000000, 0.2), line=4)
    pen.blob(
        [
            (-92, -130),
            (-76, -232),
            (0, -262),
            (76, -232),
            (92, -130),
            (62, -38),
            (0, -6),
            (-62, -38),
        ],
        pale,
        line=5,
    )
    for side in (-1, 1):
        x = side * 38
        pen.oval(
            x, -138, 26 + 3 * smile, 19 + 9 * smile, mix(pale, 0x141018, 0.35 + 0.5 * smile), line=0
        )
        blink = 2.1 < t_s < 2.23
        if blink:
            pen.stroke([(x - 18, -138), (x, -133), (x + 18, -138)], line=5)
        else:
            pen.oval(x, -138, 19, 12 + 7 * smile, 0xF4F0E4, line=4)
            pupil = 9 - 5 * smile
            pen.oval(x + 8 * eyes * (1 - smile), -138 + 2 * eyes, pupil, pupil, 0x0A080C, line=0)
        pen.stroke([(x - 24, -172), (x, -178), (x + 24, -172 + 5 * smile)], line=6, ink=HAIR)
    pen.stroke([(-4, -112), (-9, -86), (4, -84)], line=4, ink=mix(pale, 0x000000, 0.4))
    wide = 22 + 44 * smile
    if smile < 0.5:
        pen.stroke(
            [(-wide, -52 - 14 * smile), (0, -50 + 10 * smile), (wide, -52 - 14 * smile)],
            line=6,
            ink=0x5A2A30,
        )
    else:
        mouth = [
            (-wide, -76),
            (-wide * 0.5, -56),
            (0, -50),
            (wide * 0.5, -56),
            (wide, -76),
            (wide * 0.5, -34),
            (0, -22),
            (-wide * 0.5, -34),
        ]
        pen.blob(mouth, 0x1A060A, line=5)
        for k in range(-3, 4):
            pen.box(k * 14 - 6, -54 + 2 * abs(k) * -1.5, 12, 14, 0xE8E2CC, r=4, line=2)
    for side in (-1, 1):  # hair over the temples
        pen.stroke(
            [(side * 8, -262), (side * 76, -214), (side * 104, -90), (side * 100, 40)],
            line=30,
            ink=HAIR,
        )


def draw_turned(pen: Pen, t_s: float) -> None:
    """Draw her as she turns round, all at once and very near."""
    age = t_s - TURN_S
    near = 1.5 + 0.75 * pop(t_s, TURN_S, 0.24) + 0.10 * age
    dx, dy = shake(t_s, 20 * math.exp(-1.3 * age), 9)
    pen.veil(0x1A1F22, 1)
    pen.glow(640, 340, 700, 0x9FB0A0, 0.45)
    with pen.at(640 + dx, 640 + dy, scale=near, turn=5 * math.sin(14 * t_s) * math.exp(-1.4 * age)):
        pen.blob(
            [(-180, 200), (-190, -150), (-90, -330), (90, -330), (190, -150), (180, 200)],
            HAIR,
            line=0,
        )
        pale = 0xC6C4B2
        pen.blob(
            [
                (-112, -130),
                (-92, -250),
                (0, -284),
                (92, -250),
                (112, -130),
                (80, 0),
                (0, 60),
                (-80, 0),
            ],
            pale,
            line=6,
        )
        for side in (-1, 1):
            pen.oval(side * 46, -150, 42, 46, 0x17121A, line=0)
            pen.oval(side * 46, -150, 27, 29, 0xFBF8EA, line=4)
            tiny = 5 + 1.5 * math.sin(23 * t_s)
            pen.oval(side * 46, -148, tiny, tiny, 0x050305, line=0)
            pen.stroke(
                [(side * 12, -206), (side * 60, -222), (side * 96, -200)], line=6, ink=0x8E8B7C
            )
            pen.stroke([(side * 84, -90), (side * 70, -30), (side * 50, 20)], line=5, ink=0x9C9988)
        pen.blob([(-10, -92), (0, -108), (10, -92), (0, -86)], 0x3A3034, line=0)
        gape = 1 + 0.08 * math.sin(25 * t_s)
        mouth = oval(0, -18, 62, 62 * gape)
        pen.shape(mouth, 0x16060A, line=6)
        with pen.inside(mouth):
            for k in range(-4, 5):
                drop = 4 * abs(k)
                pen.box(k * 15 - 7, -82 + drop, 14, 24, 0xE8E2CC, r=4, line=3)
                pen.box(k * 15 - 6, 28 * gape - drop, 12, 24, 0xE8E2CC, r=4, line=3)
        pen.shape(mouth, None, line=6)
        for x in (-96, -58, 40, 88):
            pen.stroke([(x * 0.4, -290), (x, -180), (x * 1.15, 60)], line=9, ink=HAIR)
    pen.veil(0x000000, ease(t_s, MIRROR_S - 0.8, MIRROR_S - 0.1))


def mirror_sound(rng: np.random.Generator) -> np.ndarray:
    """Brush strokes, one too many, a lamp, a drip, silence, and a scream."""
    track = tones.Track(MIRROR_S)
    track.put(0.0, tones.drone(rng, 58, DARK_S), 0.12)
    for number in range(4):
        for late, gain, until in ((0.0, 0.16, STOP_S), (0.02, 0.05, LATE_S)):
            at_s = 0.1 + 1.6 * number + late
            if at_s < until - 0.3:
                brush = tones.noise(rng, 0.7, 2_000, 7_000) * np.sin(np.pi * tones.times(0.7) / 0.7)
                track.put(at_s, brush, gain, pan=0.3)
    for at_s in (1.2, 3.4, 6.0, 8.1, 11.6, 12.6):
        track.put(at_s, tones.drip(900), 0.12, pan=0.5)
    for at_s in (5.95, 8.1):
        t = tones.times(0.4)
        track.put(at_s, np.sign(np.sin(2 * np.pi * 100 * t)) * np.exp(-8 * t), 0.05)
    for hz in (415, 440, 622):
        track.put(SMILE_S, tones.strings(hz, DARK_S - SMILE_S, 1.4), 0.10)
    for number in range(6):
        track.put(7.4 + 0.85 * number, tones.heart(rng), 0.22 if number < 4 else 0.12)
    track.put(DARK_S - 0.1, tones.tick(rng, 3_600), 0.4)
    track.put(LIGHT_S, tones.tick(rng, 3_200), 0.3)
    track.put(LIGHT_S, tones.bell(233, 1.6), 0.10)
    breath = tones.noise(rng, 0.7, 400, 2_000) * np.sin(np.pi * tones.times(0.7) / 0.7) ** 2
    track.put(12.5, breath, 0.07, pan=0.6)
    track.put(TURN_S, tones.sting(rng, 1.9), 0.9)
    track.put(TURN_S, tones.scream(rng, 1.6), 0.7)
    track.put(TURN_S, tones.thud(rng, 55, 0.9), 1.0)
    track.bring_up(TURN_S - 0.01, 2.4)
    track.reverb(rng, 1.2, 0.20)
    return track.samples


SCENE = Scene(
    "surprise/2/mirror.mp4",
    "The Mirror",
    "거울",
    MIRROR_S,
    draw_mirror,
    mirror_sound,
)
