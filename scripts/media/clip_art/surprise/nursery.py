"""Level 2: a camera watches over a nursery at night."""

from __future__ import annotations

import math

import numpy as np
import skia

from clip_art import tones
from clip_art.kit import HEIGHT_PX, WIDTH_PX, Pen, Scene, ease, oval, pop, shake

NURSERY_S = 16.5
#: The picture fails for a moment; after each time the bear sits somewhere else.
BREAKS_S = (4.2, 7.2, 9.8)
BREAK_LENGTH_S = 0.55
STEPS_S = (11.9, 12.3)
OUT_S, FACE_S = 12.6, 14.1
#: Where the bear's seat is, and how large it is, before and after each break.
SEATS = ((1040.0, 372.0, 0.50), (850.0, 560.0, 0.78), (560.0, 600.0, 1.15))
GREEN = 0x7CE08A


def green(light: float) -> int:
    """Return a shade of the night camera; 0 black .. 1 bright."""
    light = min(1.0, max(0.0, light))
    return round(20 + 130 * light) << 16 | round(34 + 206 * light) << 8 | round(26 + 128 * light)


def draw_nursery(pen: Pen, t_s: float) -> None:
    """The cot, the shelf, the bear on the shelf. The bear."""
    if t_s >= FACE_S:
        draw_bear_face(pen, t_s)
    elif t_s < OUT_S:
        broken = any(at <= t_s < at + BREAK_LENGTH_S for at in BREAKS_S)
        seat = sum(t_s >= at + 0.25 for at in BREAKS_S)
        drift = 3 * math.sin(0.7 * t_s)
        pen.still("nursery", draw_room)
        with pen.at(drift, 0):
            draw_mobile(pen, t_s)
            if seat == len(SEATS):
                pen.still("cot", draw_cot)
            if seat < len(SEATS):
                x, y, size = SEATS[seat]
                with pen.at(x, y, scale=size):
                    draw_bear(pen, t_s, seat)
            else:  # so near that only the top of it is in the picture
                with pen.at(640, 980 - 40 * ease(t_s, 10.4, 12.4), scale=2.9):
                    draw_bear(pen, t_s, seat)
            if seat < len(SEATS):
                pen.still("cot", draw_cot)
        if broken:
            draw_static(pen, t_s)
    draw_overlay(pen, t_s)


def draw_room(pen: Pen) -> None:
    """Draw the wall, the shelf and the floor."""
    pen.box(0, 0, 1280, 720, green(0.22), line=0)
    pen.glow(560, 330, 620, GREEN, 0.22)
    pen.box(-20, 520, 1320, 220, green(0.14), line=0)
    pen.box(120, 90, 200, 240, green(0.06), line=8, ink=green(0.34))  # a window, black
    pen.stroke([(220, 90), (220, 330)], line=6, ink=green(0.34))
    pen.stroke([(120, 210), (320, 210)], line=6, ink=green(0.34))
    pen.box(900, 372, 300, 20, green(0.42), line=5, ink=green(0.05))
    for k, (wide, tall) in enumerate(((30, 96), (24, 80), (34, 108))):
        pen.box(
            1130 + 0 * k - 220 + 36 * k,
            372 - tall,
            wide,
            tall,
            green(0.25 + 0.08 * k),
            line=4,
            ink=green(0.05),
        )


def draw_cot(pen: Pen) -> None:
    """Draw the cot in front, with somebody small asleep in it."""
    pen.blob([(250, 560), (300, 516), (420, 520), (500, 560)], green(0.55), line=4, ink=green(0.05))
    pen.oval(290, 520, 40, 34, green(0.72), line=4, ink=green(0.05))
    pen.stroke([(272, 522), (282, 527), (292, 522)], line=4, ink=green(0.05))
    pen.box(170, 556, 400, 120, green(0.34), line=0)
    for x in range(170, 580, 40):
        pen.box(x, 440, 12, 230, green(0.5), line=4, ink=green(0.05))
    for y in (430, 660):
        pen.box(158, y, 430, 18, green(0.5), r=8, line=4, ink=green(0.05))


def draw_mobile(pen: Pen, t_s: float) -> None:
    """Draw the mobile over the cot; it turns, and stops."""
    turned = 0.9 * min(t_s, BREAKS_S[1]) + 0.3 * math.sin(0.9 * t_s)
    pen.stroke([(370, 0), (370, 150)], line=4, ink=green(0.4))
    for k in range(4):
        a = turned + math.pi * k / 2
        x = 370 + 110 * math.cos(a)
        pen.stroke([(370, 150), (x, 160)], line=4, ink=green(0.4))
        pen.stroke([(x, 160), (x, 214)], line=3, ink=green(0.4))
        pen.oval(x, 230, 20, 18, green(0.5 + 0.1 * math.sin(a)), line=4, ink=green(0.05))


def draw_bear(pen: Pen, t_s: float, seat: int) -> None:
    """Draw the bear sitting on (0, 0); its eyes shine in the infrared."""
    fur, dark = green(0.36), green(0.03)
    turn = (0.0, -6.0, 8.0, 0.0)[seat]
    for side in (-1, 1):
        pen.oval(side * 62, -14, 42, 30, fur, line=5, ink=dark)
    pen.oval(0, -66, 76, 74, fur, line=5, ink=dark)
    pen.oval(0, -58, 44, 46, green(0.5), line=0)
    for side in (-1, 1):
        pen.oval(side * 82, -84, 26, 40, fur, line=5, ink=dark)
    with pen.at(0, -168, turn=turn):
        for side in (-1, 1):
            pen.oval(side * 60, -56, 32, 32, fur, line=5, ink=dark)
        pen.oval(0, 0, 84, 76, fur, line=5, ink=dark)
        pen.oval(0, 26, 40, 30, green(0.5), line=4, ink=dark)
        pen.oval(0, 12, 13, 10, dark, line=0)
        for side in (-1, 1):
            pen.oval(side * 32, -14, 13, 13, dark, line=0)
            shine = 0.0 if seat == 0 and t_s < 2.5 else 4.0 + 2.0 * (seat > 0)
            if shine:
                pen.oval(
                    side * 32,
                    -14,
                    shine + 2 * (seat > 1),
                    shine + 2 * (seat > 1),
                    green(1.0),
                    line=0,
                )
        wide = 14 + 10 * seat
        pen.stroke([(-wide, 38 - 3 * seat), (0, 46), (wide, 38 - 3 * seat)], line=5, ink=dark)
        if seat >= 2:
            for k in range(-3, 4):
                pen.stroke([(k * 9, 36), (k * 9, 50)], line=3, ink=dark)


def draw_static(pen: Pen, t_s: float) -> None:
    """Draw a failing picture: grey-green snow of little contrast, the same for the same time."""
    rng = np.random.default_rng(round(t_s * 15))
    snow = np.zeros((45, 80, 4), np.uint8)
    grey = rng.integers(40, 95, (45, 80))
    snow[:, :, 0], snow[:, :, 1], snow[:, :, 2] = grey * 0.5, grey, grey * 0.6
    snow[:, :, 3] = 255
    image = skia.Image.fromarray(snow)
    pen.canvas.drawImageRect(
        image,
        skia.Rect.MakeWH(WIDTH_PX, HEIGHT_PX),
        skia.SamplingOptions(skia.FilterMode.kNearest),
    )
    tear = (t_s * 900) % 720
    pen.box(0, tear, 1280, 60, green(0.30), line=0, alpha=0.6)


def draw_overlay(pen: Pen, t_s: float) -> None:
    """Draw the lines of the screen and the corners of its finder."""
    if t_s < FACE_S:
        pen.still("vignette", lambda p: p.dark_around(640, 360, 900, 0.85))
    for x, y, dx, dy in ((60, 50, 1, 1), (1220, 50, -1, 1), (60, 670, 1, -1), (1220, 670, -1, -1)):
        pen.stroke(
            [(x, y + 60 * dy), (x, y), (x, y), (x + 60 * dx, y)], line=5, ink=green(0.7), alpha=0.7
        )
    if OUT_S <= t_s < FACE_S:
        pen.stroke([(610, 340), (670, 380)], line=5, ink=green(0.5), alpha=0.6)
        pen.stroke([(670, 340), (610, 380)], line=5, ink=green(0.5), alpha=0.6)
    elif t_s % 1.6 < 0.8:
        pen.oval(110, 92, 11, 11, 0xC8323C, line=0)


def draw_bear_face(pen: Pen, t_s: float) -> None:
    """Draw the bear before the lens."""
    age = t_s - FACE_S
    near = 0.7 + 0.5 * pop(t_s, FACE_S, 0.24) + 0.10 * age
    dx, dy = shake(t_s, 22 * math.exp(-1.3 * age), 9)
    pen.box(0, 0, 1280, 720, green(0.08), line=0)
    pen.glow(640, 360, 760, GREEN, 0.35)
    fur, dark = green(0.42), green(0.02)
    with pen.at(640 + dx, 330 + dy, scale=near, turn=5 * math.sin(15 * t_s) * math.exp(-1.3 * age)):
        for side in (-1, 1):
            pen.oval(side * 290, -230, 130, 130, fur, line=10, ink=dark)
            pen.oval(side * 290, -230, 76, 76, green(0.25), line=0)
        pen.oval(0, 20, 400, 350, fur, line=10, ink=dark)
        for k in range(26):  # fur on end
            a = 2 * math.pi * k / 26
            pen.stroke(
                [
                    (390 * math.cos(a), 20 + 340 * math.sin(a)),
                    (436 * math.cos(a + 0.05), 20 + 382 * math.sin(a + 0.05)),
                ],
                line=9,
                ink=dark,
            )
        for side in (-1, 1):
            pen.oval(side * 160, -80, 96, 100, dark, line=0)
            r = 34 + 3 * math.sin(26 * t_s)
            pen.oval(side * 160, -76, r + 22, r + 22, green(0.75), line=0)
            pen.oval(side * 160, -76, r, r, green(1.0), line=0)
            pen.oval(side * 160, -76, 11, 11, dark, line=0)
            pen.stroke(
                [(side * 50, -160), (side * 150, -214), (side * 266, -236)], line=18, ink=dark
            )
        pen.oval(0, 40, 54, 38, dark, line=0)
        gape = 1 + 0.07 * math.sin(24 * t_s)
        mouth = oval(0, 190, 250, 130 * gape)
        pen.shape(mouth, green(0.01), line=10, ink=dark)
        with pen.inside(mouth):
            for k in range(-6, 7):
                edge = math.sqrt(max(0.0, 1 - (k / 6.6) ** 2)) * 130 * gape
                for way, long in ((-1, 74), (1, 62)):
                    pen.poly(
                        [
                            (k * 38 - 20, 190 + way * edge),
                            (k * 38 + 20, 190 + way * edge),
                            (k * 38, 190 + way * (edge - long)),
                        ],
                        green(0.92),
                        line=4,
                        ink=dark,
                    )
        pen.shape(mouth, None, line=10, ink=dark)
    pen.veil(0x000000, ease(t_s, NURSERY_S - 0.8, NURSERY_S - 0.1))


def nursery_sound(rng: np.random.Generator) -> np.ndarray:
    """Hiss, a lullaby that loses its way, breaks, small steps, nothing, and the bear."""
    track = tones.Track(NURSERY_S)
    track.put(0.0, tones.noise(rng, OUT_S, 1_000, 6_000), 0.020)
    tune = (659, 587, 523, 587, 659, 659, 659, 587, 587, 554, 494)
    at_s = 0.4
    for number, hz in enumerate(tune):
        if not any(b - 0.05 <= at_s < b + BREAK_LENGTH_S for b in BREAKS_S):
            track.put(at_s, tones.bell(hz * (1 - 0.006 * number), 1.4), 0.13, pan=-0.4)
        at_s += 0.52 + 0.05 * number
    for start_s in BREAKS_S:
        crackle = tones.noise(rng, BREAK_LENGTH_S, 600, 7_000)
        track.put(start_s, crackle * tones.envelope(BREAK_LENGTH_S, 0.02, 0.05), 0.16)
        track.put(start_s + BREAK_LENGTH_S + 0.1, tones.thud(rng, 58, 0.5), 0.18)
    for hz, gain in ((311, 0.05), (330, 0.05), (466, 0.05)):
        track.put(7.8, tones.strings(hz, OUT_S - 7.8, 3.0), gain)
    for at_s in STEPS_S:
        track.put(at_s, tones.thud(rng, 120, 0.15), 0.22, pan=0.3)
    track.put(OUT_S, tones.tick(rng, 2_400), 0.4)
    giggle = tones.laugh(rng, 900, 3, 0.16)
    track.put(FACE_S - 0.85, giggle, 0.035, pan=-0.8)
    track.put(FACE_S, tones.sting(rng, 1.9), 0.9)
    track.put(FACE_S, tones.shout(rng, 110, 1.6, 1.2), 0.9)
    track.put(FACE_S, tones.thud(rng, 52, 1.0), 1.0)
    track.bring_up(FACE_S - 0.01, 2.4)
    track.reverb(rng, 1.0, 0.14)
    return track.samples


SCENE = Scene(
    "surprise/2/nursery.mp4",
    "The Night Camera",
    "밤의 감시 카메라",
    NURSERY_S,
    draw_nursery,
    nursery_sound,
)
