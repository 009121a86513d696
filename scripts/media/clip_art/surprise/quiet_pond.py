"""Level 1: a rubber duck on a lake at night."""

from __future__ import annotations

import math

import numpy as np

from clip_art import tones
from clip_art.kit import Pen, Scene, bump, ease, mix, oval, pop, shake

POND_S = 14.0
FIN_S, DIVE_S, QUIET_S, BITE_S, SHUT_S, BURP_S = 2.6, 6.4, 7.0, 9.4, 10.9, 12.0
WATER_PX = 430.0


def draw_pond_scene(pen: Pen, t_s: float) -> None:
    """The duck does not turn round. It should."""
    pen.still("lake", draw_lake)
    bite = t_s >= BITE_S
    if not bite or t_s > SHUT_S + 0.6:
        draw_far_fin(pen, t_s)
    swell = 26 * ease(t_s, BITE_S - 0.7, BITE_S)
    if t_s < BITE_S or t_s > BURP_S:
        again = pop(t_s, BURP_S, 0.4) if t_s > BURP_S else 1.0
        bob = 6 * math.sin(1.9 * t_s)
        draw_duck(pen, 640, 520 + bob - swell + 160 * (1 - again), t_s)
    draw_front_water(pen, t_s, swell)
    if bite and t_s < SHUT_S + 0.7:
        draw_jaws(pen, t_s)


def draw_lake(pen: Pen) -> None:
    """Draw moon, hills and the lake."""
    pen.wash(0x16223F, 0x2A3C5C)
    pen.oval(930, 130, 62, 62, 0xF4EFD2, line=0)
    pen.glow(930, 130, 260, 0xF4EFD2, 0.25)
    for k in range(30):
        pen.oval((k * 211) % 1280, (k * 97) % 260, 2, 2, 0xFFFFFF, line=0, alpha=0.6)
    pen.blob(
        [
            (-100, 440),
            (200, 330),
            (480, 400),
            (800, 320),
            (1100, 390),
            (1400, 330),
            (1400, 480),
            (-100, 480),
        ],
        0x121B30,
        line=0,
    )
    pen.box(0, WATER_PX, 1280, 300, 0x1B3350, line=0)
    for k in range(9):
        pen.box(
            890 - 8 * k,
            WATER_PX + 10 + 24 * k,
            80 + 16 * k,
            5,
            0xF4EFD2,
            line=0,
            alpha=0.28 - 0.025 * k,
        )


def draw_far_fin(pen: Pen, t_s: float) -> None:
    """Draw what goes round behind the duck."""
    if not FIN_S < t_s < DIVE_S + 0.6:
        return
    share = (t_s - FIN_S) / (DIVE_S - FIN_S)
    x = 1240 - 1000 * share + 230 * math.sin(5 * share)
    y = 462 + 26 * share
    size = 0.5 + 0.75 * share
    down = 120 * ease(t_s, DIVE_S - 0.3, DIVE_S + 0.5)
    with pen.inside(oval_band(y)), pen.at(x, y + down, scale=size):
        pen.blob([(-60, 20), (-20, -60), (30, -110), (36, -40), (60, 20)], 0x48607F, line=5)
    if down < 100:
        for k in range(3):
            pen.stroke(
                [(x + 30 + 50 * k, y + 2), (x + 110 + 70 * k, y + 10 + 4 * k)],
                line=4,
                ink=0x5D7FA6,
                alpha=0.6 - 0.15 * k,
            )


def oval_band(y: float) -> object:
    """Return everything above the line at which something stands in the water."""
    return oval(640, y - 594, 4000, 600)


def draw_front_water(pen: Pen, t_s: float, swell: float) -> None:
    """Draw the water in front of the duck."""
    top = [
        (
            x,
            556
            + 6 * math.sin(x / 60 + 1.6 * t_s)
            - 1.4 * swell * math.exp(-(((x - 640) / 260) ** 2)),
        )
        for x in range(-60, 1400, 60)
    ]
    pen.blob([*top, (1500, 900), (-200, 900)], 0x20405F, line=4)
    for k in range(3):
        r = (60 * t_s + 90 * k) % 270
        pen.shape(
            oval(640, 566, 130 + r, 16 + r * 0.12),
            None,
            line=3,
            ink=0x6F93BC,
            alpha=max(0.0, 0.5 - r / 540),
        )
    for k in range(6):  # bubbles, nearer and nearer
        start = QUIET_S + 0.5 + 0.22 * k
        age = t_s - start
        if 0 < age < 0.5:
            pen.oval(
                640 + 50 * math.sin(5 * k) * (1 - k / 6),
                590 - 26 * age,
                7 + 3 * k,
                6 + 3 * k,
                0x9CC4E4,
                line=3,
                alpha=0.8,
            )


def draw_duck(pen: Pen, x: float, y: float, t_s: float) -> None:
    """Draw the rubber duck; it looks at you."""
    turn = 4 * math.sin(1.5 * t_s)
    dazed = t_s > BURP_S
    squeak = 0.12 * bump(t_s, 1.2, 0.3) + 0.12 * bump(t_s, 8.6, 0.3) + 0.12 * bump(t_s, 12.9, 0.3)
    with pen.at(x, y, turn=turn, scale=(1 + squeak, 1 - squeak)):
        pen.blob(
            [
                (-120, 0),
                (-150, -70),
                (-90, -60),
                (-20, -50),
                (60, -90),
                (120, -40),
                (100, 40),
                (-70, 50),
            ],
            0xFFD84D,
        )
        pen.oval(56, -120, 72, 68, 0xFFD84D)
        pen.blob([(100, -120), (160, -116), (156, -92), (98, -96)], 0xFF8A3C)
        look = (0.2, 0.1) if not 5.2 < t_s < 6.6 else (-0.9, 0.0)
        if 8.0 < t_s < BITE_S:
            look = (0.0, 0.9)
        pen.eye(70, -136, 18, look=look, pupil=0.5 - 0.2 * dazed, line=4)
        pen.blob([(-60, -20), (20, -26), (40, 10), (-30, 24)], 0xF2C230)
        if dazed:
            pen.stroke(
                [(20, -190), (34, -214), (50, -196), (66, -220), (84, -192)], line=6, ink=0x4F9A63
            )


def draw_jaws(pen: Pen, t_s: float) -> None:
    """Draw the mouth that comes up all around the duck."""
    rise = pop(t_s, BITE_S, 0.30)
    shut = ease(t_s, SHUT_S, SHUT_S + 0.18)
    sink = ease(t_s, SHUT_S + 0.2, SHUT_S + 0.7)
    dx, dy = shake(t_s, 16 * math.exp(-2 * (t_s - BITE_S)), 9)
    with pen.at(640 + dx, 1000 - 640 * rise + 900 * sink + dy):
        pen.oval(0, 330, 620, 560, 0x35597F, line=10)
        for side in (-1, 1):
            pen.eye(
                side * 300,
                -120,
                78,
                look=(-0.5 * side, 0.6),
                pupil=0.28,
                lid=0.1,
                skin=0x35597F,
                line=9,
            )
        gape = 250 * (1 - 0.94 * shut)
        mouth = oval(0, 190, 470, gape)
        pen.shape(mouth, mix(0x5A1428, 0x1A0408, 0.35), line=10)
        with pen.inside(mouth):
            pen.oval(0, 190 + gape * 0.75, 250, 110, 0xD8607C, line=7)
            for k in range(-7, 8):
                edge = math.sqrt(max(0.0, 1 - (k / 7.6) ** 2))
                pen.poly(
                    [
                        (62 * k - 32, 176 - gape * edge),
                        (62 * k + 32, 176 - gape * edge),
                        (62 * k, 250 - gape * edge),
                    ],
                    0xFFFDF0,
                    line=5,
                )
                pen.poly(
                    [
                        (62 * k - 32, 204 + gape * edge),
                        (62 * k + 32, 204 + gape * edge),
                        (62 * k, 136 + gape * edge),
                    ],
                    0xFFFDF0,
                    line=5,
                )
            if t_s < SHUT_S:
                pen.oval(0, 120 + 40 * (t_s - BITE_S), 60, 54, 0xFFD84D)
                for side in (-1, 1):
                    pen.eye(side * 22, 104 + 40 * (t_s - BITE_S), 19, pupil=0.25, line=4)
                pen.oval(0, 140 + 40 * (t_s - BITE_S), 22, 10, 0xFF8A3C, line=5)
        pen.shape(mouth, None, line=10)
        for k in range(9):
            age = t_s - BITE_S
            if age < 1.0:
                vx, vy = (k - 4) * 190, -700
                pen.oval(
                    vx * age + 80 * (k - 4),
                    100 + vy * age + 900 * age * age,
                    22,
                    28,
                    0xBFE6FF,
                    line=5,
                )


def pond_sound(rng: np.random.Generator) -> np.ndarray:
    """Crickets, a squeak, two notes that come closer, nothing, bubbles, and the bite."""
    track = tones.Track(POND_S)
    for number in range(26):
        at_s = 0.1 + 0.25 * number
        if at_s < DIVE_S:
            t = tones.times(0.12)
            chirp = np.sin(2 * np.pi * 4_300 * t) * np.sign(np.sin(2 * np.pi * 40 * t))
            track.put(at_s, chirp * np.exp(-12 * t), 0.025, pan=0.7 * (-1) ** number)
    for at_s, gain in ((1.2, 0.3), (8.6, 0.22), (12.9, 0.4)):
        track.put(at_s, tones.glide(900, 1_500, 0.12, 4), gain)
        track.put(at_s + 0.14, tones.glide(1_400, 1_000, 0.12, 4), gain)
    at_s = FIN_S
    for number in range(14):
        if at_s > DIVE_S:
            break
        hz = (82, 87)[number % 2]
        track.put(at_s, tones.strings(hz, 0.3, 0.04), 0.25 + 0.04 * number)
        track.put(at_s, tones.thud(rng, hz, 0.2), 0.10)
        at_s += max(0.20, 0.62 - 0.045 * number)
    track.put(DIVE_S + 0.2, tones.drip(420), 0.35, pan=-0.3)
    for number in range(6):
        track.put(
            QUIET_S + 0.5 + 0.22 * number, tones.drip(360 + 60 * number), 0.10 + 0.03 * number
        )
    t = tones.times(1.5)
    track.put(BITE_S, tones.noise(rng, 1.5, 150, 7_000) * np.exp(-2.5 * t), 1.0)
    roar = tones.shout(rng, 150, 1.4, 0.9)
    track.put(BITE_S, roar, 0.9)
    for hz in (233, 247, 466):
        track.put(BITE_S, tones.brass(hz, 1.0), 0.5)
    track.put(BITE_S, tones.thud(rng, 50, 0.9), 1.0)
    track.put(SHUT_S + 0.12, tones.thud(rng, 140, 0.25), 0.8)
    track.put(SHUT_S + 0.3, tones.noise(rng, 0.7, 200, 2_000) * np.exp(-4 * tones.times(0.7)), 0.3)
    track.put(BURP_S - 0.3, tones.burp(rng, 85, 0.55), 0.6)
    track.reverb(rng, 1.0, 0.12)
    return track.samples


SCENE = Scene(
    "surprise/1/quiet-pond.mp4",
    "The Quiet Lake",
    "고요한 호수",
    POND_S,
    draw_pond_scene,
    pond_sound,
)
