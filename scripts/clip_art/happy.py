"""Clips that make it hard not to smile."""

from __future__ import annotations

import math

import numpy as np

from clip_art import tones
from clip_art.kit import INK, Pen, Scene, box, ease, mix, oval, pop, shake

# --- level 1: the dignified duck --------------------------------------------------------------

DUCK_S = 11.0
HONK_S = 7.4
DUCK, BEAK = 0xFFD84D, 0xFF8A3C


def draw_duck(pen: Pen, t_s: float) -> None:
    """A duck sits for its portrait; a feather floats down; it holds out as long as it can."""
    pen.wash(0x7B2D43, 0x4A1B33)
    for x in range(0, 1300, 90):  # the curtain's folds
        pen.box(x, 0, 34, 720, 0x000000, line=0, alpha=0.10)
    pen.glow(640, 300, 560, 0xFFD9A0, 0.45)
    pen.box(-20, 610, 1320, 140, 0x8B5A3C)
    pen.box(430, 560, 420, 80, 0xC99A5B, r=18)
    strain = ease(t_s, 4.6, HONK_S)
    burst = t_s >= HONK_S
    after = pop(t_s, HONK_S)
    dx, dy = shake(t_s, 5 * strain) if not burst else (0.0, 0.0)
    swell = 1 + 0.16 * strain * (not burst) + (0.12 * math.exp(-3 * (t_s - HONK_S)) * burst)
    tickle = ease(t_s, 3.4, 4.2)
    pen.shadow(640, 572, 190, 18)
    with pen.at(640 + dx, 566 + dy, scale=(swell, 2 - swell)):
        pen.blob([(-150, -70), (-230, -120), (-205, -30), (-120, -8)], DUCK)  # tail
        pen.blob(
            [(-170, -70), (-120, -170), (0, -210), (120, -170), (160, -80), (90, 0), (-100, 0)],
            DUCK,
        )
        wing = (
            18 * math.sin(30 * t_s) * math.exp(-(t_s - HONK_S)) if burst else 2 * math.sin(2 * t_s)
        )
        with pen.at(-50, -120, turn=wing):
            pen.blob([(-10, -30), (70, -20), (60, 50), (-20, 70), (-70, 40)], 0xF2C230)
        draw_bow(pen, 30, -196)
        with pen.at(
            30,
            -290,
            turn=-4 * strain
            + (8 * math.sin(16 * t_s) * math.exp(-2 * (t_s - HONK_S)) if burst else 0),
        ):
            draw_duck_head(pen, t_s, strain=strain, burst=burst, tickle=tickle)
    if burst:
        height = 250 * math.sin(math.pi * min(1.0, (t_s - HONK_S) / 1.3))
        landed = t_s > HONK_S + 1.3
        hat_x = 670 + 190 * ease(t_s, HONK_S, HONK_S + 1.3)
        hat_y = 170 - height + 460 * ease(t_s, HONK_S + 0.5, HONK_S + 1.3)
        with pen.at(hat_x, hat_y, turn=360 * ease(t_s, HONK_S, HONK_S + 1.3)):
            draw_hat(pen)
        if not landed or t_s > HONK_S + 2.1:
            peep = pop(t_s, HONK_S + 2.1) if landed else 0.0
            draw_duckling(pen, 860, 556 - 70 * peep, peep, t_s)
            if landed:
                with pen.at(hat_x, hat_y):
                    draw_hat(pen)
        for number in range(7):  # feathers fly
            angle = number * 0.9
            far = 60 + 330 * after * (0.7 + 0.1 * number)
            fall = 60 * (t_s - HONK_S) ** 2
            with pen.at(
                640 + far * math.cos(angle),
                260 - 0.5 * far * math.sin(angle) + fall,
                turn=200 * t_s + 50 * number,
                scale=0.7,
            ):
                draw_feather(pen)
    else:
        fall = ease(t_s, 0.8, 3.4)
        sway = 90 * math.sin(2.4 * t_s) * (1 - fall)
        wag = 10 * math.sin(9 * t_s) * tickle
        with pen.at(
            822 + sway + dx,
            -40 + 296 * fall + dy,
            turn=20 + 30 * math.sin(2.4 * t_s) * (1 - fall) + wag,
        ):
            draw_feather(pen)
    draw_frame(pen)


def draw_duck_head(pen: Pen, t_s: float, *, strain: float, burst: bool, tickle: float) -> None:
    """Draw the head around its centre, looking to the right."""
    red = mix(DUCK, 0xFF6B4A, 0.75 * strain * (not burst))
    cheek = 1 + 0.22 * strain * (not burst)
    pen.oval(0, 0, 105 * cheek, 100, red)
    if burst:
        gape = 26 + 26 * abs(math.sin(11 * t_s)) * math.exp(-0.5 * (t_s - HONK_S))
        pen.blob([(60, 14), (120, 30 + gape), (210, 30 + gape), (150, 20)], BEAK)
        pen.oval(120, 22 + gape / 2, 40, gape / 2, 0xB3243B, line=5)
        pen.blob([(62, -14), (130, -34), (225, -10 - gape / 2), (150, 14), (66, 20)], BEAK)
        for x in (-18, 50):  # laughing eyes
            pen.stroke([(x - 20, -26), (x, -48), (x + 20, -26)], line=8)
        for side in (-1, 1):
            drop = (2.5 * t_s) % 1.0
            pen.oval(16 + side * (80 + 40 * drop), -20 + 70 * drop, 9, 13, 0x7FD4FF, line=4)
        return
    pucker = 1 - 0.3 * strain
    with pen.at(64, 8, scale=(pucker, 1 + 0.25 * strain)):
        pen.blob([(0, -22), (70, -30), (150, -4), (80, 22), (4, 26)], BEAK)
        pen.stroke([(8, 4), (60, 8 + 10 * math.sin(20 * t_s) * strain), (130, 0)], line=5)
    look = (0.2 + 0.8 * tickle, -0.9 * ease(t_s, 1.2, 2.0) * (1 - tickle) + 0.2 * tickle)
    lid = 0.36 * (1 - tickle) + 0.02 if strain < 0.75 else 0.9
    if 2.6 < t_s < 2.75:
        lid = 1.0
    pen.eye(-18, -26, 27, look=look, lid=lid, skin=red)
    pen.eye(52, -28, 25, look=look, lid=lid, skin=red)
    pen.oval(52, -28, 38, 38, None, line=8, ink=0xB5651D)  # the monocle
    pen.stroke([(86, -10), (100, 60), (60, 120)], line=4, ink=0xB5651D)
    brow = -10 * tickle
    pen.stroke([(-48, -66 + brow), (-18, -76 + brow), (8, -68 + brow)], line=9)
    with pen.at(0, -84, turn=-5):
        draw_hat(pen)
    if strain > 0.3:  # sweat
        pen.oval(-92, -50 + 70 * (t_s % 0.8), 9, 14, 0x7FD4FF, line=4)


def draw_hat(pen: Pen) -> None:
    """Draw a top hat standing on (0, 0)."""
    pen.box(-62, -120, 124, 120, 0x3B3350, r=8)
    pen.box(-62, -42, 124, 26, 0xC83C55, line=5)
    pen.box(-100, -12, 200, 24, 0x3B3350, r=12)


def draw_bow(pen: Pen, x: float, y: float) -> None:
    """Draw a bow tie around (x, y)."""
    pen.poly([(x, y), (x - 58, y - 30), (x - 58, y + 30)], 0xC83C55)
    pen.poly([(x, y), (x + 58, y - 30), (x + 58, y + 30)], 0xC83C55)
    pen.oval(x, y, 17, 17, 0xE4566F, line=5)


def draw_feather(pen: Pen) -> None:
    """Draw a white feather around (0, 0)."""
    pen.blob([(-50, 0), (-20, -18), (30, -14), (56, 0), (28, 16), (-22, 14)], 0xFFFFFF, line=5)
    pen.stroke([(-66, 4), (40, 0)], line=4, ink=0x9A93B0)


def draw_duckling(pen: Pen, x: float, y: float, peep: float, t_s: float) -> None:
    """Draw the duckling that was under the hat."""
    if peep <= 0:
        return
    with pen.at(x, y - 40, scale=max(0.05, peep)):
        pen.oval(0, 0, 52, 50, 0xFFE98A)
        pen.eye(-18, -8, 12, line=4)
        pen.eye(18, -8, 12, line=4)
        gape = 7 + 7 * math.sin(24 * t_s) * (t_s < HONK_S + 3.0)
        pen.oval(0, 16, 18, gape + 4, BEAK, line=4)


def draw_frame(pen: Pen) -> None:
    """Draw the gilded frame around the picture."""
    for inset, colour, width in ((0, 0x8A5A1E, 64), (10, 0xD9A441, 36), (24, 0xF4CF73, 8)):
        pen.box(inset, inset, 1280 - 2 * inset, 720 - 2 * inset, None, line=width, ink=colour)
    pen.box(33, 33, 1214, 654, None, line=5)


def duck_sound(rng: np.random.Generator) -> np.ndarray:
    """A stately harpsichord, a tickle, a squeaky strain, a honk, and a small honk."""
    track = tones.Track(DUCK_S)
    tune = [392, 494, 587, 494, 440, 523, 659, 523, 392, 494, 587, 784]
    for number, hz in enumerate(tune):
        track.put(0.3 + 0.34 * number, tones.pluck(hz), 0.30, pan=-0.2)
        if number % 2 == 0:
            track.put(0.3 + 0.34 * number, tones.pluck(hz / 2, 0.7), 0.30, pan=0.2)
    for number in range(9):  # the strain: higher and quicker
        at_s = 4.8 + 2.5 * (1 - (1 - number / 9) ** 0.6)
        track.put(at_s, tones.honk(520 + 60 * number, 0.09), 0.05 + 0.012 * number)
    track.put(HONK_S, tones.honk(233, 0.75), 0.9)
    for number in range(5):
        track.put(HONK_S + 0.85 + 0.17 * number, tones.honk(330 - 14 * number, 0.12), 0.55)
    track.put(HONK_S + 1.25, tones.thud(rng, 120), 0.4, pan=0.4)
    track.put(HONK_S + 2.15, tones.honk(880, 0.16), 0.45, pan=0.4)
    track.put(HONK_S + 2.45, tones.honk(830, 0.3), 0.45, pan=0.4)
    track.reverb(rng, 0.7, 0.12)
    return track.samples


# --- level 2: the choir of potatoes -----------------------------------------------------------

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


# --- level 3: the cat on the vacuum -----------------------------------------------------------

CAT_S = 14.5
BONK_S, SPIN_S, EXIT_S, RETURN_S = 6.3, 7.3, 9.4, 11.4
CAT, VACUUM = 0x8D87A6, 0x3E4A5E


def draw_vacuum_cat(pen: Pen, t_s: float) -> None:
    """A cat rides the vacuum with great dignity, until the vacuum has its turn."""
    pen.wash(0xF7D9B5, 0xF2C594)
    for x in range(-40, 1300, 120):
        pen.box(x, 0, 60, 540, 0xFFFFFF, line=0, alpha=0.18)
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


HAPPY: tuple[Scene, ...] = (
    Scene(
        "happy/1/dignified-duck.mp4",
        "The Dignified Duck",
        "점잖은 오리",
        DUCK_S,
        draw_duck,
        duck_sound,
    ),
    Scene(
        "happy/2/potato-choir.mp4",
        "The Potato Choir",
        "감자 합창단",
        CHOIR_S,
        draw_choir,
        choir_sound,
    ),
    Scene(
        "happy/3/vacuum-cat.mp4",
        "The Cat and the Vacuum",
        "고양이와 로봇 청소기",
        CAT_S,
        draw_vacuum_cat,
        cat_sound,
    ),
)
