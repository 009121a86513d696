"""Level 3: a cat, its vacuum, and whose turn it is."""

from __future__ import annotations

import math

import numpy as np

from clip_art import tones
from clip_art.kit import INK, Pen, Scene, ease, oval

CAT_S = 14.5
BONK_S, SPIN_S, EXIT_S, RETURN_S = 6.3, 7.3, 9.4, 11.4
CAT, VACUUM = 0x8D87A6, 0x3E4A5E


def draw_vacuum_cat(pen: Pen, t_s: float) -> None:
    """A cat rides the vacuum with great dignity, until the vacuum has its turn."""
    pen.wash(0xF7D9B5, 0xF2C594)
    for stripe in range(-40, 1300, 120):
        pen.box(stripe, 0, 60, 540, 0xFFFFFF, line=0, alpha=0.18)
    pen.box(-20, 520, 1320, 26, 0xFFF4E2)
    pen.box(-20, 546, 1320, 200, 0xB9794B)
    pen.box(130, 110, 210, 160, 0x9FD8FF, r=6, line=14)
    pen.stroke([(150, 240), (210, 180), (250, 215), (320, 150)], line=6, ink=0x5C9A5B)
    draw_plant(pen, 1190, 560, math.exp(-4 * (t_s - BONK_S)) if t_s > BONK_S else 0.0, t_s)
    jolt = 16 * math.exp(-6 * (t_s - BONK_S)) * math.sin(50 * t_s) if t_s > BONK_S else 0.0
    if t_s < 2.8:
        draw_rider(pen, -200 + 1700 * (t_s / 2.8), 640, 1, t_s)
    elif t_s < 4.9:
        draw_rider(pen, 1480 - 1700 * (t_s - 2.8) / 2.1, 640, -1, t_s, glasses=True)
    elif t_s < SPIN_S:
        x = -160 + 1120 * min(1.0, (t_s - 4.9) / (BONK_S - 4.9))
        draw_rider(
            pen,
            x + jolt - 40 * ease(t_s, BONK_S, BONK_S + 0.25),
            640,
            1,
            t_s,
            glasses=True,
            bowl=True,
            lean=jolt,
        )
    elif t_s < EXIT_S + 0.6:
        turns = 0.5 * (t_s - SPIN_S) + 1.6 * (t_s - SPIN_S) ** 2
        face = math.cos(2 * math.pi * turns)
        x = 920 + 1.0e3 * max(0.0, t_s - EXIT_S) ** 1.2 * 2.4
        draw_rider(pen, x, 640, face if abs(face) > 0.12 else 0.12, t_s, glasses=True, bowl=True)
        for number in range(3):
            r = 150 + 26 * number
            angle = 9 * t_s + 2.1 * number
            pen.stroke(
                [
                    (x + r * math.cos(angle + k / 4), 640 + 0.22 * r * math.sin(angle + k / 4))
                    for k in range(6)
                ],
                line=5,
                ink=0xFFFFFF,
                alpha=0.8,
            )
    elif t_s < RETURN_S:
        fade = 1 - ease(t_s, EXIT_S + 0.6, RETURN_S - 0.2)
        for number in range(4):  # only dust is left
            grow = 1 + 0.8 * (1 - fade)
            pen.oval(
                960 + 74 * number,
                645 - 9 * (number % 2) - 26 * (1 - fade),
                46 * grow,
                30 * grow,
                0xF3E6D6,
                line=0,
                alpha=0.85 * fade,
            )
    else:
        x = 1480 - 430 * (t_s - RETURN_S)
        draw_carrier(pen, max(640.0, x), 640, t_s, walking=x > 640)


def draw_rider(
    pen: Pen,
    x: float,
    y: float,
    face: float,
    t_s: float,
    *,
    glasses: bool = False,
    bowl: bool = False,
    lean: float = 0.0,
) -> None:
    """Draw the cat on the vacuum; ``face`` 1 looks right, -1 left, in between it turns."""
    pen.shadow(x, y + 34, 180, 16)
    draw_vacuum(pen, x, y, t_s)
    with pen.at(x, y - 30 + 2 * math.sin(40 * t_s), turn=lean):
        with pen.at(0, 0, scale=(face, 1)):
            tail = 16 * math.sin(3 * t_s)
            pen.stroke([(-80, -30), (-140, -60), (-150, -130 + tail), (-120, -160 + tail)], line=34)
            pen.stroke(
                [(-80, -30), (-140, -60), (-150, -130 + tail), (-120, -160 + tail)],
                line=22,
                ink=CAT,
            )
            pen.blob([(-100, 0), (-104, -90), (-50, -190), (40, -196), (86, -100), (92, 0)], CAT)
            pen.blob([(10, -10), (14, -110), (56, -120), (78, -60), (78, -8)], 0xC9C4DA, line=0)
            for px in (34, 74):
                pen.box(px - 20, -34, 40, 40, CAT, r=18)
        draw_cat_head(pen, 28 * face, -226, t_s, look=0.35 * face, glasses=glasses)
        if bowl:
            draw_bowl(pen, 28 * face, -322, t_s)


def draw_cat_head(
    pen: Pen,
    x: float,
    y: float,
    t_s: float,
    *,
    look: float,
    glasses: bool = False,
    lid: float = 0.42,
) -> None:
    """Draw the most serious face in the house."""
    with pen.at(x, y):
        for side in (-1, 1):
            pen.poly([(side * 92, -20), (side * 84, -116), (side * 22, -72)], CAT)
            pen.poly([(side * 76, -44), (side * 73, -88), (side * 42, -66)], 0xE7A6B4, line=0)
        pen.oval(0, 0, 108, 86, CAT)
        for stripe in (-24, 0, 24):
            pen.stroke([(stripe, -82), (stripe * 0.8, -56)], line=9, ink=0x6C6787)
        if glasses:
            for side in (-1, 1):
                pen.box(side * 46 - 40, -34, 80, 46, 0x1C1830, r=14)
                pen.stroke(
                    [(side * 46 - 20, -20), (side * 46 - 4, -20)], line=5, ink=0xFFFFFF, alpha=0.7
                )
            pen.stroke([(-8, -20), (8, -20)], line=8)
        else:
            for side in (-1, 1):
                pen.eye(side * 44, -12, 27, look=(look, 0), lid=lid, skin=CAT, pupil=0.4)
        pen.poly([(-13, 20), (13, 20), (0, 34)], 0xE7838F, line=5)
        pen.stroke([(-24, 56), (0, 44), (24, 56)], line=6)
        for side in (-1, 1):
            for lift in (-10, 6, 22):
                pen.stroke([(side * 62, 26 + lift / 3), (side * 138, 22 + lift)], line=4)


def draw_vacuum(pen: Pen, x: float, y: float, t_s: float) -> None:
    """Draw the robot vacuum, its middle at (x, y)."""
    pen.box(x - 165, y - 34, 330, 66, VACUUM, r=33)
    pen.box(x - 165, y - 34, 330, 26, 0x5D6C86, r=13)
    pen.oval(x + 110, y + 6, 10, 10, 0x7CFF9B if t_s % 1 < 0.6 else 0x2E7D46, line=4)
    for wheel in (-90, 90):
        pen.oval(x + wheel, y + 30, 20, 14, INK, line=0)


def draw_bowl(pen: Pen, x: float, y: float, t_s: float) -> None:
    """Draw a goldfish bowl on a head; the fish is serious, too."""
    with pen.at(x, y + 10):
        pen.oval(0, -50, 74, 62, 0xBFEAFF, alpha=0.9)
        with pen.inside(oval(0, -50, 74, 62)):
            pen.box(-90, -58 + 4 * math.sin(7 * t_s), 180, 90, 0x6EC3F0, line=0)
        fish = 16 * math.sin(2 * t_s)
        pen.poly([(fish - 22, -36), (fish - 48, -52), (fish - 48, -20)], 0xFF8A3C, line=4)
        pen.oval(fish, -36, 30, 19, 0xFF8A3C, line=4)
        pen.eye(fish + 12, -40, 8, lid=0.4, skin=0xFF8A3C, line=3)
        pen.oval(0, -50, 74, 62, None, line=6)
        pen.oval(0, -106, 46, 9, 0xE6F8FF, line=5)


def draw_carrier(pen: Pen, x: float, y: float, t_s: float, *, walking: bool) -> None:
    """Draw the cat on foot with the vacuum riding on its back, wearing the glasses."""
    step = 14 * math.sin(9 * t_s) * walking
    bob = 5 * abs(math.sin(9 * t_s)) * walking
    pen.shadow(x + 30, y + 40, 210, 16)
    with pen.at(x, y - bob):
        tail = 10 * math.sin(3 * t_s)
        for width, ink in ((34, INK), (22, CAT)):
            pen.stroke(
                [(170, -100), (240, -130), (250, -210 + tail), (220, -240 + tail)],
                line=width,
                ink=ink,
            )
        for leg, lift in ((-90, step), (-40, -step), (110, -step), (160, step)):
            pen.box(leg - 22, -70 + min(0, lift), 44, 108, CAT, r=20)
        pen.blob(
            [
                (-130, -60),
                (-120, -140),
                (0, -160),
                (150, -150),
                (196, -90),
                (170, -36),
                (0, -28),
                (-110, -36),
            ],
            CAT,
        )
        with pen.at(50, -190 - bob, turn=2 * math.sin(9 * t_s) * walking):
            draw_vacuum(pen, 0, 0, t_s)
            for side in (-1, 1):
                pen.box(-70 + side * 40 - 34, -64, 68, 42, 0x1C1830, r=12)
            pen.stroke([(-80, -50), (-60, -50)], line=7)
            draw_bowl(pen, 70, -44, t_s)
        blink = 1.0 if 13.75 < t_s < 13.95 else 0.42
        look = -0.4 if walking else 0.0
        draw_cat_head(pen, -150, -170, t_s, look=look, lid=blink)


def draw_plant(pen: Pen, x: float, y: float, wobble: float, t_s: float) -> None:
    """Draw the plant that gets bumped."""
    with pen.at(x, y, turn=10 * wobble * math.sin(30 * t_s)):
        for lean in (-50, -20, 15, 48):
            pen.blob(
                [(0, -70), (lean - 16, -150), (lean * 1.6, -240), (lean + 18, -150)],
                0x4E9A63,
                line=5,
            )
        pen.poly([(-54, -80), (54, -80), (40, 20), (-40, 20)], 0xD9653B)
        pen.box(-62, -98, 124, 30, 0xE67D50, r=6)


def cat_sound(rng: np.random.Generator) -> np.ndarray:
    """A solemn march, a hum, a bonk, a spin, silence, and the march again, smaller."""
    track = tones.Track(CAT_S)

    def march(start_s: float, notes: list[int], beat_s: float, gain: float) -> None:
        for number, hz in enumerate(notes):
            at_s = start_s + beat_s * number
            if hz:
                horn = tones.formants(
                    tones.saw(hz, beat_s * 0.9), [(600.0, 300.0, 1.0), (1300.0, 400.0, 0.4)]
                )
                track.put(at_s, horn * tones.envelope(beat_s * 0.9, 0.02, 0.1), gain)
                track.put(at_s, tones.pluck(hz / 4, beat_s), 0.9 * gain)

    def hum(start_s: float, end_s: float, hz: float, rise: float = 1.0) -> None:
        length_s = end_s - start_s
        bend = hz * rise ** (tones.times(length_s) / length_s)
        wave = tones.saw(bend, length_s, 8) + 0.6 * tones.noise(rng, length_s, 400, 3_000)
        track.put(start_s, wave * tones.envelope(length_s, 0.2, 0.2), 0.07)

    march(0.1, [262, 262, 392, 392, 440, 523, 392], 0.38, 0.34)
    march(2.85, [262, 262, 392, 392, 440, 523], 0.34, 0.34)
    march(4.95, [294, 294, 440, 440], 0.32, 0.34)
    hum(0.0, BONK_S, 110)
    track.put(BONK_S, tones.thud(rng, 160, 0.4), 1.0, pan=0.3)
    track.put(BONK_S + 0.04, tones.bell(1_320, 0.8), 0.25, pan=0.3)
    hum(SPIN_S, EXIT_S + 0.5, 110, rise=9.0)
    for number in range(14):
        at_s = SPIN_S + 2.1 * (number / 14) ** 0.7
        track.put(at_s, tones.pluck(330 * 2 ** (number / 12), 0.2), 0.3)
    track.put(EXIT_S, tones.whoosh(rng, 0.8), 0.7, pan=0.6)
    march(RETURN_S + 0.05, [262, 262, 392, 392, 440, 523, 392], 0.30, 0.30)
    track.put(CAT_S - 0.75, tones.honk(300, 0.18), 0.35)
    track.put(CAT_S - 0.45, tones.honk(240, 0.35), 0.4)
    track.reverb(rng, 0.6, 0.10)
    return track.samples


SCENE = Scene(
    "happy/3/vacuum-cat.mp4",
    "The Cat and the Vacuum",
    "고양이와 로봇 청소기",
    CAT_S,
    draw_vacuum_cat,
    cat_sound,
)
