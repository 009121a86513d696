"""Level 3: a torch, a bedroom, three dolls on a shelf."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from clip_art import tones
from clip_art.kit import Pen, Point, Scene, bump, ease, mix, oval, pop, shake

TORCH_S = 18.5
#: Where the light points at which time; in between it glides.
PATH = (
    (0.0, (1080.0, 380.0)),
    (1.4, (1060.0, 380.0)),
    (2.5, (200.0, 350.0)),
    (3.4, (220.0, 360.0)),
    (4.3, (640.0, 190.0)),
    (5.6, (650.0, 195.0)),
    (6.3, (900.0, 540.0)),
    (6.75, (880.0, 540.0)),
    (7.0, (200.0, 360.0)),
    (8.3, (212.0, 350.0)),
    (8.9, (640.0, 190.0)),
    (10.1, (632.0, 190.0)),
    (10.5, (880.0, 530.0)),
    (12.2, (880.0, 520.0)),
    (14.2, (640.0, 190.0)),
    (15.2, (640.0, 60.0)),
)
CREAK_S, GONE_S, LUMP_S, FAIL_S, AGAIN_S, FACE_S = 6.6, 7.5, 10.4, 12.2, 14.0, 16.0
CLICKS_S = (12.9, 13.4, 14.0)


def spot_at(t_s: float) -> Point:
    """Return the middle of the light."""
    for (start_s, a), (end_s, b) in pairwise(PATH):
        if t_s < end_s:
            share = ease(t_s, start_s, end_s)
            return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share
    return PATH[-1][1]


def draw_torchlight(pen: Pen, t_s: float) -> None:
    """The light wanders, comes back, and counts the dolls."""
    if t_s >= FACE_S:
        draw_doll_face(pen, t_s)
        return
    dark = FAIL_S <= t_s < AGAIN_S
    pen.veil(0x000000, 1)
    if dark:
        return
    fear = 2 + 5 * ease(t_s, 8.9, 9.6)
    sx, sy = shake(t_s, 0.5 * fear, 2.1)
    x, y = spot_at(t_s)
    x, y = x + 2 * sx, y + sy
    pen.still("bedroom", draw_bedroom)
    draw_wardrobe_door(pen, t_s)
    draw_dolls(pen, t_s)
    draw_lump(pen, t_s)
    light = 1 - 0.8 * bump(t_s, 11.3, 0.35) - 0.9 * bump(t_s, 11.75, 0.35)
    pen.dark_around(x, y, 330, 1.0)
    far = 330.0  # beyond the gradient there is nothing
    pen.box(-200, -200, 1680, max(0.0, y - far + 200), 0x05040A, line=0)
    pen.box(-200, y + far, 1680, 1200, 0x05040A, line=0)
    pen.box(-200, -200, max(0.0, x - far + 200), 1200, 0x05040A, line=0)
    pen.box(x + far, -200, 1680, 1200, 0x05040A, line=0)
    pen.veil(0x000000, 1 - light)


def draw_bedroom(pen: Pen) -> None:
    """Draw the room as it is by day: wardrobe, shelf, door and bed."""
    pen.wash(0x8A8494, 0x6A6472)
    for x in range(0, 1281, 64):
        pen.box(x, 0, 28, 560, 0x9A94A8, line=0, alpha=0.5)
    pen.box(-20, 560, 1320, 200, 0x5A4A42)
    for x in range(-40, 1300, 150):
        pen.stroke([(x, 565), (x - 60, 720)], line=4, ink=0x463830)
    pen.box(60, 90, 280, 480, 0x6E5240, line=7)  # the wardrobe
    pen.box(84, 116, 232, 430, 0x07060A, line=5)
    pen.box(470, 232, 340, 20, 0x7A5C46, line=6)  # the shelf
    for x in (500, 780):
        pen.poly([(x - 8, 252), (x + 8, 252), (x, 300)], 0x7A5C46, line=4)
    pen.box(990, 130, 190, 434, 0x84684E, line=7)  # the door
    pen.box(1014, 156, 142, 160, 0x927658, line=4)
    pen.box(1014, 340, 142, 190, 0x927658, line=4)
    pen.oval(1012, 350, 10, 10, 0xD9B45A, line=4)
    pen.box(620, 430, 34, 230, 0x5C4232, r=8)  # the bed
    pen.box(640, 540, 560, 110, 0x5C4232, r=8)
    pen.box(660, 490, 130, 64, 0xE6E0D4, r=26)
    pen.box(640, 650, 24, 60, 0x5C4232)
    pen.box(1170, 650, 24, 60, 0x5C4232)
    pen.box(665, 656, 500, 64, 0x050308, line=0)


def draw_wardrobe_door(pen: Pen, t_s: float) -> None:
    """Draw the doors of the wardrobe: a hand's breadth open, then wide."""
    opened = 0.16 + 0.64 * ease(t_s, CREAK_S, CREAK_S + 0.3)
    wide = 116 * (1 - opened)
    pen.box(84, 116, 116, 430, 0x7E6048, line=5)
    pen.poly(
        [(316, 116), (316 - wide, 116 - 16 * opened), (316 - wide, 546 + 16 * opened), (316, 546)],
        0x7E6048,
        line=5,
    )
    pen.oval(190, 330, 8, 8, 0xD9B45A, line=4)


def draw_dolls(pen: Pen, t_s: float) -> None:
    """Draw the dolls on the shelf; the middle one has somewhere to be."""
    for number, x in enumerate((548, 640, 732)):
        if number == 1 and t_s >= GONE_S:
            continue
        draw_doll(pen, x, 232, (0x9A4A52, 0x3A3444, 0x4A6A58)[number], number, t_s)


def draw_doll(pen: Pen, x: float, y: float, dress: int, number: int, t_s: float) -> None:
    """Draw one doll sitting on (x, y)."""
    with pen.at(x, y, scale=0.9):
        for side in (-1, 1):
            pen.stroke([(side * 16, -20), (side * 20, 40)], line=12, ink=0xE8DCCB)
            pen.oval(side * 20, 46, 11, 8, 0x1A1620, line=3)
        pen.blob([(-44, 0), (-20, -66), (20, -66), (44, 0)], dress, line=4)
        hair = (0xB5833C, 0x16131C, 0x6A3A24)[number]
        pen.oval(0, -98, 44, 44, hair, line=4)
        pen.oval(0, -92, 34, 36, 0xF1E9DC, line=4)
        for side in (-1, 1):
            pen.oval(side * 13, -94, 8, 8, 0xFFFFFF, line=3)
            look = 3.0 * ease(t_s, 5.0, 5.25) if number == 1 else 0.0  # at you, now
            pen.oval(side * 13 - 3 + look, -94 + look * 0.6, 4, 4, 0x101018, line=0)
            pen.oval(side * 20, -78, 7, 5, 0xE88A8A, line=0, alpha=0.8)
        pen.stroke([(-6, -72), (0, -70), (6, -72)], line=3, ink=0xA83A4A)
        pen.blob([(-36, -104), (-20, -132), (20, -132), (36, -104), (0, -118)], hair, line=0)


def draw_lump(pen: Pen, t_s: float) -> None:
    """Draw the blanket, and what is under it; then what is not."""
    up = ease(t_s, 8.0, 8.2) * (1 - ease(t_s, 11.2, 12.1))
    breath = 5 * math.sin(3 * t_s) * up
    top = 540 - 92 * up - breath
    pen.blob(
        [
            (760, 556),
            (800, 534),
            (880, top),
            (960, top + 6),
            (1040, 532),
            (1180, 528),
            (1204, 600),
            (1190, 640),
            (700, 640),
            (700, 580),
        ],
        0x5F7A96,
    )
    for k in range(4):
        pen.stroke([(780 + 100 * k, 560), (790 + 100 * k, 636)], line=4, ink=0x48607A)


def draw_doll_face(pen: Pen, t_s: float) -> None:
    """Draw the doll, lit from below, nearer than a doll should be."""
    age = t_s - FACE_S
    near = 0.62 + 0.62 * pop(t_s, FACE_S, 0.22) + 0.10 * age
    dx, dy = shake(t_s, 26 * math.exp(-1.1 * age), 10)
    pen.veil(0x08060A, 1)
    pen.glow(640, 620, 760, 0xE8D8B0, 0.55)
    pale, ink = 0xEFE6D6, 0x120E16
    drop = 70 * (0.75 + 0.25 * math.sin(24 * t_s)) * math.exp(-0.25 * age)
    with pen.at(640 + dx, 340 + dy, scale=near, turn=7 * math.sin(13 * t_s) * math.exp(-1.2 * age)):
        pen.blob(
            [
                (-400, 460),
                (-390, -120),
                (-250, -400),
                (0, -470),
                (250, -400),
                (390, -120),
                (400, 460),
            ],
            0x0E0B12,
            line=0,
        )
        pen.oval(0, 0, 280, 320, pale, line=10, ink=ink)
        pen.shape(oval(0, -150, 260, 150), 0x6A5F66, line=0, alpha=0.35, blur=40)
        for side in (-1, 1):
            pen.oval(side * 180, 96, 60, 46, 0xD86A6A, line=0, alpha=0.55)
            pen.stroke([(side * 60, -176), (side * 130, -196), (side * 200, -160)], line=8, ink=ink)
        pen.oval(-112, -58, 84, 86, 0x060408, line=7, ink=ink)  # one socket is empty
        for k in range(7):
            a = 2 * math.pi * k / 7 + 0.4
            far = 84 + 60 + 26 * math.sin(3 * k)
            pen.stroke(
                [
                    (-112 + 82 * math.cos(a), -58 + 84 * math.sin(a)),
                    (-112 + 112 * math.cos(a + 0.14), -58 + 112 * math.sin(a + 0.14)),
                    (-112 + far * math.cos(a), -58 + far * math.sin(a)),
                ],
                line=5,
                ink=0x4A4048,
            )
        pen.oval(-112, -50, 7 + 2 * math.sin(9 * t_s), 8, 0xFFF3C8, line=0)
        pen.oval(112, -58, 84, 86, 0xFFFFFF, line=9, ink=ink)
        pen.oval(112, -56, 44, 44, mix(0x7FB6D8, 0xFFFFFF, 0.2), line=6, ink=ink)
        pen.oval(112, -56, 12 + 2 * math.sin(27 * t_s), 13, 0x050306, line=0)
        for k in range(-3, 4):
            a = -math.pi / 2 + 0.3 * k
            pen.stroke(
                [
                    (112 + 84 * math.cos(a), -58 + 86 * math.sin(a)),
                    (112 + 116 * math.cos(a), -58 + 118 * math.sin(a)),
                ],
                line=7,
                ink=ink,
            )
        pen.oval(0, 60, 20, 14, mix(pale, 0x6A4A50, 0.5), line=0)
        # The jaw is a hinge, as in a puppet: it falls.
        pen.box(-96, 130, 192, 70 + drop * 1.6, 0x0A0306, r=16, line=8, ink=ink)
        for k in range(-3, 4):
            pen.poly(
                [(k * 26 - 13, 132), (k * 26 + 13, 132), (k * 26, 176)], 0xF4ECD0, line=3, ink=ink
            )
            low = 196 + drop * 1.6
            pen.poly(
                [(k * 26 - 13, low), (k * 26 + 13, low), (k * 26, low - 40)],
                0xF4ECD0,
                line=3,
                ink=ink,
            )
        pen.blob(
            [
                (-100, 190 + drop * 1.6),
                (100, 190 + drop * 1.6),
                (84, 300 + drop),
                (0, 330 + drop),
                (-84, 300 + drop),
            ],
            pale,
            line=8,
            ink=ink,
        )
        pen.stroke([(60, -310), (90, -230), (50, -190), (84, -150)], line=5, ink=0x4A4048)
        for x in (-290, -240, 230, 286):
            pen.stroke([(x * 0.5, -420), (x, -160), (x * 1.06, 300)], line=24, ink=0x0E0B12)
    pen.veil(0x000000, ease(t_s, TORCH_S - 0.9, TORCH_S - 0.1))


def torch_sound(rng: np.random.Generator) -> np.ndarray:
    """Breath, a creak, a heart, a switch that does not work, a small laugh, and the doll."""
    track = tones.Track(TORCH_S)
    track.put(0.0, tones.drone(rng, 46, FAIL_S), 0.14)
    track.put(0.1, tones.tick(rng, 2_600), 0.30)
    for number in range(6):
        breath = tones.noise(rng, 0.9, 350, 1_500) * np.sin(np.pi * tones.times(0.9) / 0.9) ** 2
        track.put(0.6 + 1.95 * number, breath, 0.05 + 0.012 * number, pan=(-0.1, 0.1)[number % 2])
    track.put(CREAK_S - 0.4, tones.creak(rng, 0.9, 120), 0.22, pan=-0.7)
    for hz in (233, 247):
        track.put(8.9, tones.strings(hz, 1.6, 0.5), 0.13)
    track.put(8.95, tones.bell(1_244, 1.2), 0.05)
    track.put(LUMP_S + 0.1, tones.thud(rng, 60, 0.5), 0.22)
    track.put(
        11.3, tones.noise(rng, 0.8, 500, 2_500) * tones.envelope(0.8, 0.3, 0.3), 0.07, pan=0.5
    )
    at_s, gap_s = 8.9, 0.9
    while at_s < FACE_S - 1.6:
        track.put(at_s, tones.heart(rng), 0.24)
        at_s, gap_s = at_s + gap_s, max(0.46, gap_s * 0.93)
    for at_s in CLICKS_S:
        track.put(at_s, tones.tick(rng, 2_600), 0.35)
    for number in range(5):  # small feet, from left to right
        track.put(12.45 + 0.17 * number, tones.thud(rng, 190, 0.08), 0.12, pan=-0.8 + 0.4 * number)
    track.put(15.1, tones.laugh(rng, 1_050, 3, 0.17), 0.030, pan=0.9)
    track.put(FACE_S, tones.scream(rng, 2.3), 0.9)
    track.put(FACE_S, tones.sting(rng, 2.0), 0.8)
    track.put(FACE_S, tones.thud(rng, 50, 1.0), 1.2)
    track.bring_up(FACE_S - 0.01, 2.2)
    track.reverb(rng, 1.1, 0.16)
    return track.samples


SCENE = Scene(
    "surprise/3/torchlight.mp4",
    "Three Dolls",
    "세 개의 인형",
    TORCH_S,
    draw_torchlight,
    torch_sound,
)
