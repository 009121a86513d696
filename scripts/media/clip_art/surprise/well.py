"""Level 3: a look into a well, by moonlight."""

from __future__ import annotations

import math

import numpy as np

from clip_art import tones
from clip_art.kit import Pen, Scene, bump, ease, mix, oval, pop, shake

WELL_S = 18.5
STONE_S, PLOP_S, PASS_S = 1.2, 2.6, 4.3
#: Clouds over the moon; after each one she is further up, and after the last she is gone.
CLOUDS_S = ((6.2, 7.1), (8.3, 9.2), (10.4, 11.4))
#: At which ring she hangs after the first, second cloud (0 is the rim), and how far round.
HOLDS = ((6, 0.0), (4, 0.5), (2, -0.4))
HANDS_S = (13.3, 14.4)
FACE_S = 15.9
RINGS = 10
SHRINK = 0.74
CENTRE = (640.0, 372.0)


def radius(ring: float) -> float:
    """Return how wide a ring of stones is, px; 0 is the rim."""
    return 660 * math.pow(SHRINK, ring)


def moonlight(t_s: float) -> float:
    """Return how bright it is, 0..1."""
    light = 1.0
    for start_s, end_s in CLOUDS_S:
        light -= 0.97 * ease(t_s, start_s - 0.5, start_s) * (1 - ease(t_s, end_s, end_s + 0.5))
    light -= 0.55 * ease(t_s, 11.9, 15.0)
    return max(0.0, light)


def draw_well(pen: Pen, t_s: float) -> None:
    """A stone falls, something answers, and comes up."""
    if t_s >= FACE_S:
        draw_drowned(pen, t_s)
        return
    light = moonlight(t_s)
    sway = shake(t_s, 4, 0.21)
    jolt = shake(t_s, 10 * sum(math.exp(-6 * (t_s - at)) for at in HANDS_S if t_s >= at), 7)
    lean = 1 + 0.10 * ease(t_s, 0.0, 5.0) + 0.03 * math.sin(0.8 * t_s)
    pen.veil(0x000000, 1)
    with pen.at(CENTRE[0] + sway[0] + jolt[0], CENTRE[1] + sway[1] + jolt[1], scale=lean):
        draw_stones(pen, light)
        draw_water(pen, t_s, light)
        if STONE_S < t_s < PLOP_S:
            fall = (t_s - STONE_S) / (PLOP_S - STONE_S)
            size = 26 * (1 - fall) ** 2 + 2
            pen.oval(
                30 * (1 - fall),
                -40 * (1 - fall),
                size,
                size,
                mix(0x000000, 0x8A8C90, light),
                line=3,
            )
        held = sum(t_s >= (a + b) / 2 for a, b in CLOUDS_S)
        if t_s > 5.2 and held < len(CLOUDS_S):
            draw_climber(pen, t_s, *HOLDS[held], light)
        if held == len(CLOUDS_S):
            draw_wet_prints(pen, light)
    pen.still("well-dark", lambda p: p.dark_around(640, 372, 760, 0.9))
    for number, at_s in enumerate(HANDS_S):
        if t_s >= at_s:
            draw_hand(pen, 380 + 520 * number, t_s - at_s, 1 - 2 * number, light)


def draw_stones(pen: Pen, light: float) -> None:
    """Draw ring within ring of stones around (0, 0), darker the deeper."""
    for ring in range(RINGS):
        r, inner = radius(ring), radius(ring + 1)
        near = 0.72**ring
        base = mix(0x04050A, 0x77808C, light * (0.16 + 0.70 * near))
        pen.oval(0, 0, r, r, base, line=0)
        joint = mix(0x020308, 0x2A2F3A, light * near)
        count = 14
        for k in range(count):
            a = 2 * math.pi * (k + 0.5 * (ring % 2)) / count
            shade = mix(base, 0x000000, 0.16 * ((k * 7 + ring * 3) % 4))
            b = a + 2 * math.pi / count
            if (k * 5 + ring) % 3 == 0:
                pen.poly(
                    [
                        (r * math.cos(a), r * math.sin(a)),
                        (r * math.cos(b), r * math.sin(b)),
                        (inner * math.cos(b), inner * math.sin(b)),
                        (inner * math.cos(a), inner * math.sin(a)),
                    ],
                    shade,
                    line=0,
                )
            pen.stroke(
                [(r * math.cos(a), r * math.sin(a)), (inner * math.cos(a), inner * math.sin(a))],
                line=1 + 5 * near,
                ink=joint,
            )
        pen.oval(0, 0, r, r, None, line=1 + 6 * near, ink=joint)


def draw_water(pen: Pen, t_s: float, light: float) -> None:
    """Draw the water far down, and the moon in it."""
    r = radius(RINGS)
    pen.oval(0, 0, r * 2.2, r * 2.2, 0x03050A, line=0)
    broken = math.exp(-1.5 * (t_s - PLOP_S)) if t_s >= PLOP_S else 0.0
    wobble = 7 * broken * math.sin(21 * t_s)
    moon = mix(0x03050A, 0xDDE2D2, 0.85 * light)
    pen.oval(10 + wobble, -8, 26 + 9 * broken * math.sin(17 * t_s), 26 - wobble, moon, line=0)
    if broken > 0.02:
        for k in range(3):
            wave = 60 * (t_s - PLOP_S) - 14 * k
            if 0 < wave < 70:
                pen.oval(0, 0, wave, wave, None, line=3, ink=moon, alpha=0.6 * broken)
    cross = (t_s - PASS_S) / 1.1
    if 0 < cross < 1:  # something goes past between the moon and its picture
        with pen.inside(oval(0, 0, r * 2, r * 2)):
            pen.oval(-90 + 190 * cross, 20 - 40 * cross, 24, 28, 0x010204, line=0)


def draw_climber(pen: Pen, t_s: float, ring: int, turn: float, light: float) -> None:
    """Draw her clinging to a ring, seen from above: hair, and long pale arms."""
    size = radius(ring) / 300
    rise = 6 * math.sin(2.0 * t_s)
    skin = mix(0x05060A, 0xB9C4BE, light * (0.25 + 0.75 * 0.8**ring))
    hair = mix(0x000000, 0x11131A, light)
    up = ease(t_s, 9.6, 10.2) if ring == 2 else 0.0
    with pen.at(0, 0, turn=math.degrees(turn)), pen.at(0, radius(ring) * 0.62 + rise, scale=size):
        pen.blob(
            [(-70, -30), (-50, -130), (0, -190), (50, -130), (70, -30)],
            mix(0, 0x59626A, light),
            line=0,
        )
        for side in (-1, 1):
            arm = [(side * 46, -50), (side * 150, -20), (side * 190, 90 + 8 * side * math.sin(t_s))]
            pen.stroke(arm, line=32, ink=0x020308)
            pen.stroke(arm, line=25, ink=skin)
            for k in range(-2, 3):
                pen.stroke([arm[2], (arm[2][0] + 13 * k, arm[2][1] + 42)], line=9, ink=skin)
        pen.oval(0, -20, 76, 86, hair, line=0)
        if up > 0:  # the face turns up, as far as the hair lets you see
            pen.oval(0, 10 * up, 40 * up, 52 * up, skin, line=0)
            for side in (-1, 1):
                pen.oval(side * 15 * up, 4, 9 * up, 11 * up, 0x040306, line=0)
                pen.oval(side * 15 * up, 4, 3 * up, 3 * up, 0xF4F4E8, line=0)
            pen.oval(0, 34 * up, 8 * up, 12 * up, 0x040306, line=0)
        for k in range(-4, 5):
            if up and abs(k) < 2:
                continue
            pen.stroke(
                [(k * 12, -90), (k * 20, -10), (k * 19, 70 + 10 * math.sin(k + 2 * t_s))],
                line=13,
                ink=hair,
            )


def draw_wet_prints(pen: Pen, light: float) -> None:
    """Draw the prints of wet hands on the stones: upwards, to the rim."""
    wet = mix(0x05070C, 0x9FB4C0, light)
    for number, (ring, a) in enumerate(
        ((4.5, 1.2), (3.4, 1.75), (2.4, 1.3), (1.4, 1.8), (0.7, 1.4))
    ):
        r, size = radius(ring), 0.9 * radius(ring) / 400
        with pen.at(r * math.cos(a), r * math.sin(a), scale=size, turn=math.degrees(a) - 90):
            pen.oval(0, 0, 34, 40, wet, line=0)
            for k in range(-2, 3):
                pen.stroke([(k * 14, 10), (k * 22, 74 - 6 * abs(k))], line=13, ink=wet)
            pen.stroke([(0, -20), (4 * (-1) ** number, -110)], line=6, ink=wet)


def draw_hand(pen: Pen, x: float, age: float, flip: int, light: float) -> None:
    """Draw a hand that takes hold of the rim, right before you."""
    up = pop(age, 0.0, 0.22)
    skin = mix(0x0A0C10, 0xC2CCC4, 0.25 + 0.6 * light)
    grip = 10 * bump(age, 0.5, 0.7)
    with pen.at(x, 860 - 190 * up, scale=(flip * 1.5, 1.5), turn=-8 * flip):
        pen.blob([(-70, 120), (-74, 10), (-60, -30), (60, -30), (74, 20), (70, 120)], skin, line=5)
        for k in range(4):
            knuckle = (-52 + 35 * k, -40)
            tip = (-60 + 40 * k, -118 + 10 * abs(k - 1) + grip)
            for wide, ink in ((36, 0x0A0C12), (28, skin)):
                pen.stroke([(knuckle[0], 10), knuckle, tip], line=wide, ink=ink)
            pen.oval(tip[0], tip[1] - 4, 9, 13, 0x2A2E30, line=0)
            pen.stroke(
                [(knuckle[0] - 10, -36), (knuckle[0], -30), (knuckle[0] + 10, -36)],
                line=4,
                ink=0x6E7A76,
            )
        for k in range(3):
            drop = (0.7 * age + 0.33 * k) % 1.0
            pen.oval(-40 + 40 * k, -20 + 120 * drop, 5, 8, 0x8FA8B4, line=0, alpha=1 - drop)


def draw_drowned(pen: Pen, t_s: float) -> None:
    """Draw her face, come up over the rim."""
    age = t_s - FACE_S
    near = 0.60 + 0.62 * pop(t_s, FACE_S, 0.22) + 0.12 * age
    dx, dy = shake(t_s, 26 * math.exp(-1.1 * age), 10)
    rise = 420 * (1 - pop(t_s, FACE_S, 0.18))
    pen.veil(0x04070A, 1)
    pen.glow(640, 300, 760, 0x7FA8A8, 0.55)
    skin, ink = 0xBFCFC6, 0x0A1012
    gape = 1 + 0.10 * math.sin(22 * t_s) * math.exp(-0.6 * age)
    with pen.at(
        640 + dx, 300 + dy + rise, scale=near, turn=6 * math.sin(15 * t_s) * math.exp(-1.2 * age)
    ):
        pen.blob(
            [
                (-420, 560),
                (-380, -160),
                (-220, -400),
                (0, -440),
                (220, -400),
                (380, -160),
                (420, 560),
            ],
            0x07090C,
            line=0,
        )
        pen.blob(
            [
                (-235, -80),
                (-200, -270),
                (0, -350),
                (200, -270),
                (235, -80),
                (200, 190),
                (110, 420 * gape),
                (-110, 420 * gape),
                (-200, 190),
            ],
            skin,
            line=9,
            ink=ink,
        )
        for side in (-1, 1):
            pen.shape(oval(side * 108, -84, 96, 84), 0x1A2A2C, line=0, blur=14)
            pen.oval(side * 108, -86, 62, 56, 0xEDF3EA, line=6, ink=ink)
            pen.oval(side * 108, -86, 30, 30, 0xCBD8CF, line=0)
            pen.oval(side * 108 + 2, -84, 7 + 2 * math.sin(25 * t_s), 8, 0x101A1A, line=0)
            for k in range(3):
                pen.stroke(
                    [
                        (side * (70 + 40 * k), -30),
                        (side * (64 + 42 * k), 30),
                        (side * (70 + 44 * k), 90),
                    ],
                    line=5,
                    ink=0x8FA59E,
                )
            pen.stroke(
                [(side * 172, 30), (side * 150, 130), (side * 168, 230)], line=9, ink=0x93A8A0
            )
        pen.blob([(-18, 30), (0, 0), (18, 30), (0, 40)], 0x26343A, line=0)
        mouth = [
            (0, 74),
            (92, 90),
            (140, 210),
            (96, 370 * gape),
            (0, 396 * gape),
            (-96, 370 * gape),
            (-140, 210),
            (-92, 90),
        ]
        pen.blob(mouth, 0x020405, line=9, ink=ink)
        for k in range(-4, 5):
            lift = 5 * abs(k)
            pen.box(k * 22 - 9, 84 + lift, 18, 40, 0xD6D9C0, r=6, line=3, ink=ink)
            pen.box(k * 20 - 8, 340 * gape - lift * 1.6, 16, 36, 0xD6D9C0, r=6, line=3, ink=ink)
        for x in (-220, -168, -120, -40, 74, 140, 190, 236):
            bend = 18 * math.sin(x)
            pen.stroke(
                [(x * 0.35, -350), (x + bend, -190), (x * 1.05, 0), (x * 1.1 + bend, 200)],
                line=15,
                ink=0x07090C,
            )
        for k in range(7):
            fall = (1.1 * age + 0.29 * k) % 1.0
            pen.oval(
                -240 + 80 * k, -260 + 620 * fall, 8, 13, 0xA8D0D8, line=0, alpha=0.8 * (1 - fall)
            )
    pen.veil(0x000000, ease(t_s, WELL_S - 0.9, WELL_S - 0.1))


def well_sound(rng: np.random.Generator) -> np.ndarray:
    """Wind, a stone, a drop, scraping that comes nearer, nothing, two hands, and her."""
    track = tones.Track(WELL_S)
    wind = tones.noise(rng, 12.5, 150, 600)
    track.put(0.0, wind * (0.6 + 0.4 * np.sin(2 * np.pi * 0.17 * tones.times(12.5))), 0.10)
    track.put(0.0, tones.drone(rng, 41, 11.8), 0.16)
    track.put(STONE_S, tones.tick(rng, 1_500), 0.22)
    track.put(STONE_S + 0.6, tones.tick(rng, 1_300), 0.14)
    track.put(PLOP_S, tones.drip(300), 0.35)
    track.put(
        PLOP_S + 0.03, tones.noise(rng, 0.5, 300, 2_500) * np.exp(-9 * tones.times(0.5)), 0.14
    )
    for number, hz in enumerate((494, 466, 494, 370)):  # somebody sings, far down
        track.put(4.5 + 0.6 * number, tones.sing(hz, 0.62, tones.OO), 0.10)
    for (start_s, end_s), gain in zip(CLOUDS_S, (0.10, 0.16, 0.24), strict=True):
        for number in range(4):
            at_s = start_s + (end_s - start_s) * number / 4
            scrape = tones.noise(rng, 0.16, 700, 3_200) * tones.envelope(0.16, 0.05, 0.08)
            track.put(at_s, scrape, gain, pan=0.5 * (-1) ** number)
            track.put(at_s + 0.1, tones.thud(rng, 95, 0.14), gain)
    for hz in (277, 294, 415):
        track.put(9.2, tones.strings(hz, 1.6, 0.9), 0.08)
    for at_s in (11.9, 12.7, 13.9, 15.0):
        track.put(at_s, tones.drip(1_100), 0.10, pan=0.3)
    for number, at_s in enumerate(HANDS_S):
        slap = tones.noise(rng, 0.25, 200, 3_500) * np.exp(-18 * tones.times(0.25))
        track.put(at_s, slap, 0.55, pan=-0.5 + number)
        track.put(at_s, tones.thud(rng, 85, 0.3), 0.45, pan=-0.5 + number)
    breath = tones.noise(rng, 0.8, 300, 1_600) * np.sin(np.pi * tones.times(0.8) / 0.8) ** 2
    track.put(FACE_S - 0.95, breath, 0.06)
    track.put(FACE_S, tones.scream(rng, 2.3), 0.9)
    track.put(FACE_S, tones.shout(rng, 390, 1.9, 0.9), 0.8)
    track.put(FACE_S, tones.thud(rng, 46, 1.1), 1.2)
    track.bring_up(FACE_S - 0.01, 1.8)
    track.reverb(rng, 2.2, 0.26)
    return track.samples


SCENE = Scene(
    "surprise/3/well.mp4",
    "The Well",
    "우물",
    WELL_S,
    draw_well,
    well_sound,
)
