"""Level 1: a duck that holds out as long as it can."""

from __future__ import annotations

import math

import numpy as np

from clip_art import tones
from clip_art.kit import Pen, Scene, ease, mix, pop, shake
from clip_art.props import draw_bow

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


SCENE = Scene(
    "happy/1/dignified-duck.mp4", "The Dignified Duck", "점잖은 오리", DUCK_S, draw_duck, duck_sound
)
