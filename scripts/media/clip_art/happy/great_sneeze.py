"""Level 1: an elephant is about to sneeze."""

from __future__ import annotations

import math

import numpy as np

from clip_art import tones
from clip_art.kit import INK, Pen, Scene, bump, ease, oval, pop, ring, shake

SNEEZE_S = 14.0
GASPS_S = ((1.7, 2.5), (3.1, 4.3), (4.9, 6.6))
PIP_S, POP_S = 7.5, 8.6
TWITCH_S, BOOM_S = 10.0, 11.0
LAND_S = 12.9
GREY, EAR, MOUSE = 0x9AA5BC, 0xC7A6B8, 0xB98C6A


def draw_sneeze(pen: Pen, t_s: float) -> None:
    """An elephant breathes in, and in, and in; the mouse has an itch, too."""
    gasp = max(ease(t_s, a, b) * (1 - ease(t_s, b + 0.1, b + 0.5)) for a, b in GASPS_S[:2])
    last = ease(t_s, *GASPS_S[2]) * (t_s < PIP_S)
    pull = max(0.35 * gasp, last)
    boom = math.exp(-1.6 * (t_s - BOOM_S)) if t_s >= BOOM_S else 0.0
    dx, dy = shake(t_s, 7 * last + 22 * boom + 16 * math.exp(-6 * abs(t_s - LAND_S)), 9)
    pen.still("savanna", draw_savanna)
    with pen.at(dx, dy):
        bend = 14 * pull - 30 * boom
        draw_tree(pen, 190, 520, bend + 1.5 * math.sin(1.3 * t_s))
        for number in range(26):  # grass leans to the breath, and away from the boom
            x = 30 + 50 * number
            lean = (26 * pull - 44 * boom) * (1 if x < 860 else -1)
            tall = 28 + 9 * math.sin(3 * number)
            pen.stroke(
                [(x, 640), (x + lean / 2, 640 - tall / 2), (x + lean, 640 - tall)],
                line=6,
                ink=0x5C8A3A,
            )
        if pull > 0.15 and t_s < PIP_S:
            for number in range(9):  # leaves on their way into the trunk
                way = (t_s * 1.1 + number * 0.37) % 1.0
                spot = (220 + 340 * way, 250 + 40 * number * (1 - way) + 130 * way)
                with pen.at(*spot, turn=400 * t_s + 40 * number, scale=1 - 0.6 * way):
                    pen.blob([(-22, 0), (0, -10), (22, 0), (0, 10)], 0x7FB04A, line=4)
        if t_s < BOOM_S or t_s >= LAND_S - 0.35:
            fall = 0.0 if t_s < BOOM_S else -900 * (1 - ease(t_s, LAND_S - 0.35, LAND_S)) ** 1.0
            flat = 0.20 * ring(t_s, LAND_S, 3.0, 5.0)
            draw_elephant(pen, 860, 640 + fall, t_s, gasp, last, flat)
        else:
            age = t_s - BOOM_S
            with pen.at(860 + 1500 * age, 420 - 700 * age, turn=560 * age, scale=1 - 0.4 * age):
                draw_elephant(pen, 0, 220, t_s, 0, 0, 0.0)
        if boom > 0.03:
            for number in range(10):
                far = 1100 * (1 - boom) * (0.6 + 0.05 * number)
                pen.oval(
                    390 + far,
                    560 - 34 * (number % 4) * (1 - boom),
                    46 + 60 * (1 - boom),
                    34 + 44 * (1 - boom),
                    0xF3E6C8,
                    line=0,
                    alpha=0.9 * boom,
                )
        if PIP_S <= t_s < POP_S:
            draw_bubble(pen, t_s)
        if POP_S <= t_s < POP_S + 0.2:
            for k in range(6):
                a = math.pi * k / 3
                pen.stroke(
                    [
                        (452 + 22 * math.cos(a), 260 + 22 * math.sin(a)),
                        (452 + 42 * math.cos(a), 260 + 42 * math.sin(a)),
                    ],
                    line=5,
                    ink=0xFFFFFF,
                )
        draw_rock_and_mouse(pen, t_s)


def draw_savanna(pen: Pen) -> None:
    """Draw sky, sun and ground."""
    pen.wash(0x8FD3F0, 0xFDE9B8)
    pen.oval(1090, 130, 74, 74, 0xFFE27A, line=0)
    pen.blob(
        [(-80, 600), (200, 470), (520, 540), (900, 460), (1400, 580), (1400, 800), (-80, 800)],
        0xC9C070,
        line=0,
    )
    pen.box(-60, 610, 1400, 200, 0xE0B860)


def draw_tree(pen: Pen, x: float, y: float, lean: float) -> None:
    """Draw a thorn tree that leans by degrees."""
    with pen.at(x, y, turn=lean):
        pen.stroke([(0, 110), (6, 0), (0, -150)], line=34)
        pen.stroke([(0, 110), (6, 0), (0, -150)], line=22, ink=0x8A5F3C)
        with pen.at(0, -170, turn=lean * 0.8):
            pen.blob([(-150, 20), (-110, -60), (0, -90), (120, -60), (160, 16), (0, 44)], 0x6FA544)


def draw_elephant(
    pen: Pen, x: float, y: float, t_s: float, gasp: float, last: float, flat: float
) -> None:
    """Draw the elephant standing on (x, y), facing left; ``last`` swells it like a balloon."""
    swell = 0.28 * last
    tremble = shake(t_s, 4.0 * (last > 0.97))[0]
    relief = PIP_S <= t_s < BOOM_S
    dazed = t_s >= LAND_S
    with pen.at(x + tremble, y, scale=(1 + swell + flat, 1 + 0.6 * swell - flat)):
        if not BOOM_S <= t_s < LAND_S:
            pen.shadow(20, 4, 270, 22)
        pen.stroke([(250, -250), (310, -210), (300, -140)], line=14)
        for leg in (-120, 150):
            pen.box(leg - 10, -120, 96, 122, 0x8590A8, r=24)
        pen.blob(
            [
                (-190, -80),
                (-210, -240),
                (-90, -370),
                (110, -380),
                (262, -270),
                (258, -90),
                (120, -60),
                (-60, -56),
            ],
            GREY,
        )
        for leg in (-190, 80):
            pen.box(leg, -130, 100, 132, GREY, r=26)
            for toe in (20, 50, 80):
                pen.oval(leg + toe, -8, 13, 10, 0xF1E9DA, line=4)
        back = 22 * max(0.5 * gasp, last)
        with pen.at(-170, -300, turn=back):
            pen.oval(-20, 0, 132, 124, GREY)
            brow = 16 * last - 10 * relief
            shut = 0.95 if last > 0.5 else (0.55 if gasp > 0.4 else 0.3 + 0.3 * relief)
            if relief and bump(t_s, 9.2, 0.3) > 0.2:
                shut = 1.0
            for eye_x in (-92, -22):
                pen.eye(eye_x, -34, 25, look=(-0.6, 0.3 if t_s < 9.2 else 0.7), lid=shut, skin=GREY)
                pen.stroke(
                    [(eye_x - 24, -74 + brow), (eye_x + 2, -84), (eye_x + 26, -74 + brow)], line=8
                )
            trunk = trunk_points(t_s, max(0.6 * gasp, last), relief or dazed)
            pen.stroke(trunk, line=66)
            pen.stroke(trunk, line=54, ink=GREY)
            for k in (1, 2, 3):
                px, py = trunk[k]
                pen.stroke([(px - 22, py + 2), (px, py + 9), (px + 22, py + 2)], line=4)
            tip = trunk[-1]
            pen.oval(tip[0], tip[1], 17, 11 + 9 * last, 0x6E5A6E, line=5)
            if last > 0.3:
                pen.oval(36, 34, 46 * last, 38 * last, 0xF0A0A0, line=0, alpha=0.7)
            flap = 1 + 0.25 * last + 0.05 * math.sin(3 * t_s)
            with pen.at(70, -20, turn=-16 * last, scale=(flap, 1)):
                pen.blob([(0, -70), (90, -120), (150, -20), (110, 90), (30, 90), (-10, 20)], EAR)
        if dazed:
            for k in range(3):
                a = 5 * t_s + 2.1 * k
                pen.oval(
                    -180 + 120 * math.cos(a), -480 + 26 * math.sin(a), 12, 12, 0xFFE27A, line=4
                )


def trunk_points(t_s: float, lift: float, relaxed: float) -> list[tuple[float, float]]:
    """Return the trunk's middle line in the head's system, from its root to its tip."""
    sway = 10 * math.sin(2.2 * t_s) * (1 - lift)
    hanging = [(-60, 20), (-86, 90), (-96, 160), (-100 + sway, 215), (-122 + sway, 258)]
    raised = [(-60, 16), (-124, 44), (-186, 20), (-232, -36), (-256, -96)]
    curled = [(-60, 20), (-100, 80), (-150, 108), (-196, 84), (-206, 30)]
    rest = curled if relaxed and t_s < BOOM_S else hanging
    return [
        (a[0] + (b[0] - a[0]) * lift, a[1] + (b[1] - a[1]) * lift)
        for a, b in zip(rest, raised, strict=True)
    ]


def draw_bubble(pen: Pen, t_s: float) -> None:
    """Draw all that came out: one soap bubble."""
    age = t_s - PIP_S
    x, y = 482 - 30 * ease(age, 0, 1.0), 350 - 90 * ease(age, 0, 1.1)
    r = 20 * pop(t_s, PIP_S, 0.3)
    pen.oval(x, y, r, r, 0xFFFFFF, line=4, alpha=0.55)
    pen.oval(x - r / 3, y - r / 3, r / 5, r / 5, 0xFFFFFF, line=0)


def draw_rock_and_mouse(pen: Pen, t_s: float) -> None:
    """Draw the mouse on its rock, at first calm."""
    pen.blob([(250, 660), (270, 590), (330, 556), (410, 562), (450, 620), (460, 664)], 0x9C8F86)
    twitch = ease(t_s, TWITCH_S, BOOM_S - 0.25) * (t_s < BOOM_S)
    hop = 70 * bump(t_s, LAND_S, 0.5)
    kick = 40 * math.exp(-4 * (t_s - BOOM_S)) if t_s >= BOOM_S else 0.0
    with pen.at(350 - kick, 566 - hop, scale=(1 - 0.10 * twitch, 1 + 0.16 * twitch)):
        pen.stroke([(-40, -14), (-86, -20), (-104, -60)], line=7)
        pen.blob([(-46, 0), (-44, -50), (0, -74), (44, -50), (46, 0)], MOUSE)
        with pen.at(4, -96, turn=-14 * twitch + (12 if BOOM_S <= t_s < BOOM_S + 0.5 else 0)):
            for side in (-1, 1):
                pen.oval(side * 46, -40, 32, 32, MOUSE)
                pen.oval(side * 46, -40, 18, 18, 0xF0B4B4, line=0)
            pen.oval(0, 0, 52, 46, MOUSE)
            staring = POP_S < t_s < TWITCH_S
            to_us = 9.3 < t_s < TWITCH_S or BOOM_S + 0.7 < t_s < LAND_S - 0.2
            look = (0.0, 0.15) if to_us else (0.8, -0.4)
            sneezing = BOOM_S <= t_s < BOOM_S + 0.5
            lid = 1.0 if sneezing or twitch > 0.4 else (0.0 if staring or to_us else 0.25)
            if 9.55 < t_s < 9.68 or BOOM_S + 1.2 < t_s < BOOM_S + 1.32:
                lid = 1.0
            for side in (-1, 1):
                pen.eye(side * 22, -8, 15, look=look, lid=lid, skin=MOUSE, line=4)
            wiggle = 4 * math.sin(40 * t_s) * (TWITCH_S - 0.3 < t_s < BOOM_S - 0.2)
            pen.oval(wiggle, 14, 9, 7, 0xE0607A, line=4)
            for side in (-1, 1):
                pen.stroke([(side * 18, 18), (side * 60, 10)], line=3)
                pen.stroke([(side * 18, 22), (side * 58, 26)], line=3)
            if sneezing:
                pen.oval(0, 32, 22, 18, 0x6B2434, line=5)
            elif twitch > 0.2:
                pen.oval(0, 31, 8, 5 + 6 * twitch, 0x6B2434, line=4)
            else:
                pen.stroke([(-10, 30), (0, 33), (10, 30)], line=4)
    if t_s > BOOM_S:
        for k in range(2):
            lift = 60 * (t_s - BOOM_S) + 30 * k
            if lift < 150:
                pen.shape(
                    oval(410 + 26 * k, 470 - lift, 12, 9),
                    0xFFFFFF,
                    line=3,
                    ink=INK,
                    alpha=max(0.0, 0.8 - lift / 150),
                )


def sneeze_sound(rng: np.random.Generator) -> np.ndarray:
    """Three breaths, each larger; silence; a pip; then the small one's turn."""
    track = tones.Track(SNEEZE_S)
    for number, hz in enumerate((392, 440, 392, 330, 349)):
        track.put(0.15 + 0.28 * number, tones.pluck(hz, 0.4), 0.22, pan=-0.3)
    for (start_s, end_s), hz, gain in zip(GASPS_S, (150, 165, 185), (0.35, 0.5, 0.9), strict=True):
        long_s = end_s - start_s
        air = tones.noise(rng, long_s, 350, 2_800) * np.linspace(0, 1, round(long_s * 48_000)) ** 2
        track.put(start_s, air, 0.45 * gain, pan=0.3)
        track.put(start_s, tones.sing(hz, long_s, tones.AH), 0.30 * gain, pan=0.3)
    track.put(4.9, tones.glide(180, 900, 1.7), 0.10)
    track.put(PIP_S, tones.blip(1_250, 0.10, 1.5), 0.5, pan=0.2)
    track.put(POP_S, tones.blip(2_100, 0.05, 0.6), 0.35)
    track.put(POP_S + 0.15, tones.bell(1_568, 0.9), 0.12)
    for number in range(5):  # the itch
        track.put(
            TWITCH_S - 0.1 + 0.19 * number,
            tones.blip(900 + 120 * number, 0.08, 1.2),
            0.16,
            pan=-0.4,
        )
    t = tones.times(1.6)
    blast = tones.noise(rng, 1.6, 60, 5_000) * np.exp(-3.2 * t)
    track.put(BOOM_S, np.tanh(3 * blast), 0.9)
    track.put(BOOM_S, tones.thud(rng, 48, 1.2), 1.0)
    track.put(BOOM_S, tones.shout(rng, 520, 0.35, 0.2), 0.5, pan=-0.3)
    track.put(BOOM_S + 0.1, tones.glide(900, 200, 1.1), 0.25, pan=0.7)
    track.put(LAND_S - 0.55, tones.glide(1_300, 300, 0.5), 0.20, pan=0.3)
    track.put(LAND_S, tones.thud(rng, 60, 0.6), 0.9, pan=0.3)
    track.put(LAND_S + 0.05, tones.boing(150, 0.8), 0.35, pan=0.3)
    track.reverb(rng, 0.6, 0.08)
    return track.samples


SCENE = Scene(
    "happy/1/great-sneeze.mp4",
    "The Great Sneeze",
    "엄청난 재채기",
    SNEEZE_S,
    draw_sneeze,
    sneeze_sound,
)
