"""Level 1: a present that ticks."""

from __future__ import annotations

import math

import numpy as np

from clip_art import tones
from clip_art.kit import Pen, Scene, ease, oval, pop, shake

BOX_S = 11.0
PEEP_S, SHUT_S, JUMP_S = 5.6, 7.2, 9.0


def draw_box(pen: Pen, t_s: float) -> None:
    """A present ticks, shakes, looks at you, goes quiet - and opens."""
    pen.wash(0x1B2340, 0x0D1122)
    pen.glow(640, 340, 620, 0x6F86D6, 0.30)
    pen.box(-20, 560, 1320, 200, 0x33254A)
    pen.box(-20, 560, 1320, 14, 0x4A3768, line=0)
    zoom = 1 + 0.35 * ease(t_s, 0.0, JUMP_S - 0.4)
    jump = pop(t_s, JUMP_S, 0.30)
    open_jump = t_s >= JUMP_S
    rattle = 6 * ease(t_s, 2.2, 4.4) * (t_s < 4.8)
    dx, dy = shake(t_s, rattle, 11)
    if open_jump:
        sx, sy = shake(t_s, 14 * math.exp(-3 * (t_s - JUMP_S)), 9)
        dx, dy = dx + sx, dy + sy
    lift = ease(t_s, PEEP_S, PEEP_S + 0.7) * (1 - ease(t_s, SHUT_S, SHUT_S + 0.12))
    sink = 110 * ease(t_s, JUMP_S, JUMP_S + 0.2)
    with pen.at(640, 600 + sink, scale=zoom), pen.at(dx, dy):
        pen.shadow(0, 6, 200, 18, 0.5)
        if lift > 0:
            pen.box(-140, -208 - 46 * lift, 280, 60 + 46 * lift, 0x0A0812, line=0)
            look = 0.9 * math.sin(3.2 * (t_s - PEEP_S - 0.5)) if t_s > PEEP_S + 0.6 else 0.0
            blink = 1.0 if 6.75 < t_s < 6.87 else 0.1
            for side in (-1, 1):
                pen.eye(side * 46, -200 - 12 * lift, 22, look=(look, 0), lid=blink, skin=0x0A0812)
        if open_jump:
            draw_jack(pen, jump, t_s)
        pen.box(-150, -180, 300, 180, 0xC83C55, r=8)
        pen.box(-24, -180, 48, 180, 0xF4CF73)
        if open_jump:
            fly = t_s - JUMP_S
            with pen.at(190 + 520 * fly, -260 - 420 * fly + 500 * fly**2, turn=460 * fly):
                draw_lid(pen)
        else:
            tilt = 3 * math.sin(40 * t_s) * rattle / 6
            with pen.at(0, -180 - 46 * lift, turn=tilt - 4 * lift):
                draw_lid(pen)
    pen.dark_around(640, 380, 900 if not open_jump else 1300, 0.92)


def draw_lid(pen: Pen) -> None:
    """Draw the lid with its bow, its lower edge at (0, 0)."""
    pen.box(-168, -52, 336, 56, 0xE4566F, r=8)
    pen.box(-24, -52, 48, 56, 0xF4CF73)
    pen.blob([(0, -54), (-70, -100), (-86, -56), (-30, -44)], 0xF4CF73)
    pen.blob([(0, -54), (70, -100), (86, -56), (30, -44)], 0xF4CF73)
    pen.oval(0, -56, 17, 15, 0xFFE39C)


def draw_jack(pen: Pen, jump: float, t_s: float) -> None:
    """Draw the jack on its spring, coming at the viewer."""
    reach = 60 + 120 * jump
    sway = 26 * math.sin(7 * (t_s - JUMP_S)) * math.exp(-0.8 * (t_s - JUMP_S))
    turns = [
        (sway * k / 12 + (46 if k % 2 else -46), -150 - reach * k / 12 + 60) for k in range(13)
    ]
    pen.stroke(turns, line=20)
    pen.stroke(turns, line=10, ink=0xB9C4DD)
    with pen.at(sway, -110 - reach, scale=0.3 + 0.72 * jump, turn=0.4 * sway):
        for side in (-1, 1):
            pen.blob(
                [(side * 40, -80), (side * 150, -190), (side * 190, -70), (side * 100, -10)],
                0x7A4FC0,
            )
            pen.oval(side * 188, -66, 20, 20, 0xF4CF73)
        pen.blob([(-40, -100), (0, -210), (40, -100)], 0x3FA6A0)
        pen.oval(0, -206, 22, 22, 0xF4CF73)
        pen.oval(0, 0, 138, 128, 0xFFF3E4)
        for side in (-1, 1):
            pen.oval(side * 84, 22, 34, 28, 0xF27A6B, line=0, alpha=0.8)
            pen.eye(side * 54, -34, 46, look=(0, 0), pupil=0.22)
            pen.stroke([(side * 14, -98), (side * 92, -108)], line=10)
        pen.oval(0, 8, 30, 27, 0xE4344F)
        mouth = oval(0, 62, 92, 48)
        pen.shape(mouth, 0x4A0F22, line=7)
        with pen.inside(mouth):
            for k in range(-4, 5):
                pen.box(k * 24 - 11, 6, 22, 36, 0xFFFFFF, r=6, line=4)
                pen.box(k * 24 - 11, 88, 22, 36, 0xFFFFFF, r=6, line=4)
        pen.shape(mouth, None, line=7)


def box_sound(rng: np.random.Generator) -> np.ndarray:
    """Ticking, a slowing music box, silence, spring and trumpet."""
    track = tones.Track(BOX_S)
    for number in range(17):
        track.put(0.2 + 0.5 * number, tones.tick(rng, 2_600 if number % 2 else 2_000), 0.30)
    at_s = 0.6
    for number, hz in enumerate((784, 659, 698, 587, 659, 523, 587, 494, 523)):
        track.put(at_s, tones.bell(hz), 0.16)
        at_s += 0.42 + 0.03 * number
    for number in range(8):
        track.put(2.9 + 0.24 * number, tones.thud(rng, 130, 0.15), 0.10 + 0.02 * number)
    track.put(PEEP_S, tones.sing(165, 0.7, tones.OO) * np.linspace(0.2, 1, 33_600), 0.10)
    track.put(SHUT_S + 0.1, tones.thud(rng, 150, 0.25), 0.30)
    t = tones.times(1.3)
    boing = np.sin(2 * np.pi * np.cumsum(190 + 90 * np.sin(2 * np.pi * 9 * t)) / tones.RATE_HZ)
    track.put(JUMP_S, boing * np.exp(-2.2 * t), 0.7)
    track.put(JUMP_S, tones.noise(rng, 1.2, 2_500, 12_000) * np.exp(-4 * tones.times(1.2)), 0.8)
    for hz in (233, 294, 349, 415):
        track.put(JUMP_S, tones.honk(hz, 0.9), 0.6)
    track.reverb(rng, 0.9, 0.15)
    return track.samples


SCENE = Scene(
    "surprise/1/ticking-box.mp4", "The Ticking Box", "째깍이는 상자", BOX_S, draw_box, box_sound
)
