"""Level 1: five penguins at the edge of the ice."""

from __future__ import annotations

import math

import numpy as np

from clip_art import tones
from clip_art.kit import Pen, Scene, bump, ease, pop, ring, shake

QUEUE_S = 14.0
HALT_S = 3.4
#: When each penguin, from the first to the last but one, goes into the water.
PLUNGES_S = (7.4, 9.0, 9.35, 9.7)
POKE_S = 6.7
CRACK_S, SINK_S, GONE_S = 11.3, 11.7, 13.2
EDGE_PX = 905
GAP_PX = 128


def draw_queue(pen: Pen, t_s: float) -> None:
    """Nobody wants to be the first; the smallest one helps."""
    pen.still("ice", draw_ice_back)
    for number, at_s in enumerate(PLUNGES_S):
        draw_splash(pen, 985 + 34 * number, t_s - at_s - 0.55)
    sink = 230 * ease(t_s, SINK_S, GONE_S)
    tilt = 2.0 * ring(t_s, CRACK_S, 5, 6)
    for number in (0, 1, 2, 3):
        draw_one(pen, number, t_s)
    draw_shelf(pen, -40, EDGE_PX if t_s < CRACK_S else 552)
    if t_s >= CRACK_S:
        with pen.at(728, 520 + sink, turn=tilt):
            pen.box(-172, 0, 349, 300, 0xEAF6FF)
            pen.box(-169, 3, 343, 28, 0xFFFFFF, line=0)
    with pen.at(0, sink):
        draw_small(pen, t_s, tilt)
    draw_water(pen, t_s)
    if t_s > GONE_S - 0.2:
        for k in range(3):
            age = t_s - GONE_S - 0.16 * k + 0.2
            if 0 < age < 0.45:
                pen.oval(
                    380 + 330 - 14 * k, 612 - 50 * age, 10 + 4 * k, 10 + 4 * k, 0xDFF3FF, line=4
                )


def draw_ice_back(pen: Pen) -> None:
    """Draw sky and far bergs."""
    pen.wash(0x9BD0F2, 0xE9F6FF)
    pen.oval(220, 150, 62, 62, 0xFFF3B8, line=0)
    for x, size, colour in ((240, 1.0, 0xC7E2F4), (1080, 1.3, 0xB6D8EF), (700, 0.7, 0xD4EAF7)):
        with pen.at(x, 600, scale=size):
            pen.poly(
                [(-220, 0), (-120, -190), (-40, -120), (30, -240), (130, -90), (230, 0)],
                colour,
                line=0,
            )


def draw_shelf(pen: Pen, left: float, right: float) -> None:
    """Draw the ice to stand on."""
    pen.box(left, 520, right - left, 300, 0xEAF6FF)
    pen.box(left + 3, 523, right - left - 6, 28, 0xFFFFFF, line=0)


def draw_water(pen: Pen, t_s: float) -> None:
    """Draw the sea in front of the ice."""
    top = [(x, 624 + 7 * math.sin(x / 70 + 2 * t_s)) for x in range(-120, 1421, 60)]
    pen.blob([*top, (1500, 900), (-200, 900)], 0x3E8EC4)
    pen.box(0, 694, 1280, 60, 0x2F7AB0, line=0)


def draw_splash(pen: Pen, x: float, age: float) -> None:
    """Draw the drops of a plunge."""
    if not 0 < age < 0.8:
        return
    for k in range(7):
        vx, vy = (k - 3) * 70, -430 + 40 * abs(k - 3)
        pen.oval(x + vx * age, 600 + vy * age + 700 * age * age, 13, 16, 0xBFE6FF, line=4)


def walk_x(number: int, t_s: float) -> float:
    """Return where a penguin stands; they close up when the first one stops."""
    goal = EDGE_PX - 62 - GAP_PX * number
    stop_s = HALT_S + 0.16 * number
    x = goal + 270 * min(0.0, t_s - stop_s)
    return x + 26 * ring(t_s, stop_s, 2.5, 5) * (number > 0)


def draw_one(pen: Pen, number: int, t_s: float) -> None:
    """Draw one of the four tall ones, on the ice or on its way down."""
    drop_s = PLUNGES_S[number]
    x, y = walk_x(number, t_s), 524.0
    # The poke travels from behind to the front.
    shove = 20 * bump(t_s, POKE_S + 0.12 * (3 - number), 0.35)
    turn = 0.0
    if t_s >= drop_s:
        age = t_s - drop_s
        if number == 0:  # the first one tips like a tree
            turn = 95 * ease(age, 0, 0.55) ** 1.5
            x, y = x + 70 * ease(age, 0.2, 0.6), y + 560 * max(0.0, age - 0.45) ** 1.3
        else:
            x += (EDGE_PX + 90 - x) * ease(age, 0, 0.42)
            y += -150 * math.sin(math.pi * min(1.0, age / 0.5)) + 900 * max(0.0, age - 0.42) ** 1.6
            turn = 130 * ease(age, 0.1, 0.5)
        if age > 1.0:
            return
    else:
        x += shove
        turn = shove * 0.25
        if number == 0 and t_s > POKE_S + 0.35:  # arms row in vain
            turn = 9 * ease(t_s, POKE_S + 0.36, POKE_S + 0.7)
    draw_penguin(pen, x, y, t_s, number, turn)


def draw_penguin(pen: Pen, x: float, y: float, t_s: float, number: int, turn: float) -> None:
    """Draw a penguin standing on (x, y)."""
    walking = t_s < HALT_S + 0.16 * number
    step = math.sin(9 * t_s + 2 * number) * walking
    rowing = number == 0 and POKE_S + 0.3 < t_s < PLUNGES_S[0] + 0.5
    with pen.at(x, y, turn=turn + 7 * step), pen.at(0, -4 * abs(step)):
        for side in (-1, 1):
            pen.oval(side * 24 + 6, 0 - 8 * max(0.0, side * step), 24, 10, 0xFF9A3C, line=5)
        pen.blob(
            [(-56, -10), (-66, -110), (-48, -220), (0, -256), (48, -220), (66, -110), (56, -10)],
            0x2F3550,
        )
        pen.blob(
            [(-34, -12), (-42, -100), (-14, -170), (26, -172), (50, -100), (42, -12)],
            0xFFFFFF,
            line=0,
        )
        arm = 40 * math.sin(34 * t_s) if rowing else 6 * math.sin(9 * t_s + number) * walking
        for side in (-1, 1):
            with pen.at(side * 56, -150, turn=-side * (18 + (60 + arm if rowing else arm))):
                pen.blob([(-10, 0), (12, 0), (10, 70), (0, 92), (-12, 66)], 0x2F3550)
        look, lid = penguin_look(t_s, number)
        for eye_x in (-8, 34):
            pen.eye(eye_x, -204, 16, look=look, lid=lid, skin=0x2F3550, line=4)
        pen.poly([(4, -188), (64, -176), (6, -166)], 0xFF9A3C, line=5)
        if number == 0:
            draw_scarf(pen)


def draw_scarf(pen: Pen) -> None:
    """Draw the leader's scarf."""
    pen.box(-54, -160, 108, 24, 0xE4566F, r=12)
    pen.box(-46, -146, 26, 66, 0xE4566F, r=10)


def penguin_look(t_s: float, number: int) -> tuple[tuple[float, float], float]:
    """Return where a tall penguin looks, and how far its lids are down."""
    if t_s < HALT_S + 0.4:
        return (0.5, 0.0), 0.35
    if t_s < 4.6:  # down over the edge
        return (0.8, 0.9), 0.0
    if t_s < 5.5:  # at each other, at nobody
        return ((-0.9, 0.0) if number % 2 == 0 else (0.9, -0.3)), 0.1
    if t_s < POKE_S + 0.1:  # at you
        return (0.1, 0.1), 1.0 if 5.95 < t_s < 6.08 else 0.3
    if number and t_s > PLUNGES_S[0] + 0.5:
        return (0.9, 0.9), 0.0
    return (0.5, 0.2), 0.0


def draw_small(pen: Pen, t_s: float, tilt: float) -> None:
    """Draw the small one at the end of the queue, on the floe that will break."""
    arrive = 4
    x = walk_x(arrive, t_s)
    after = ease(t_s, 10.1, 10.8)
    x += (700 - x) * after
    poke = bump(t_s, POKE_S - 0.1, 0.4)
    walking = t_s < HALT_S + 0.5 or 0.02 < after < 0.98
    step = math.sin(13 * t_s) * walking
    fear = t_s >= CRACK_S + 0.15
    dx = shake(t_s, 2.0 * (CRACK_S < t_s < SINK_S))[0]
    peek = 30 * bump(t_s, 5.5, 1.3)
    with pen.at(x + dx + 14 * poke, 524 - peek * 0.4, turn=8 * step + 10 * poke + tilt, scale=0.62):
        for side in (-1, 1):
            pen.oval(side * 26, 0, 26, 12, 0xFF9A3C, line=7)
        pen.blob(
            [(-66, -10), (-76, -100), (-50, -190), (0, -214), (50, -190), (76, -100), (66, -10)],
            0x8E9AB8,
            line=8,
        )
        pen.blob([(-40, -12), (-46, -90), (0, -140), (46, -90), (40, -12)], 0xFFFFFF, line=0)
        for side in (-1, 1):
            reach = 75 * poke if side == 1 else 0.0
            with pen.at(side * 62, -110, turn=-side * (20 + reach)):
                pen.blob([(-12, 0), (14, 0), (12, 60), (0, 80), (-14, 56)], 0x8E9AB8, line=8)
        smug = 10.0 < t_s < CRACK_S
        look = (0.7, -0.2) if t_s < 10.0 else ((0.0, 0.1) if smug or t_s > SINK_S else (0.0, 0.9))
        lid = 0.5 if smug else (0.0 if not (12.35 < t_s < 12.48) else 1.0)
        for side in (-1, 1):
            pen.eye(side * 28, -158, 22, look=look, lid=lid, skin=0x8E9AB8, line=6)
        pen.poly([(-18, -136), (18, -136), (0, -112)], 0xFF9A3C, line=6)
        if smug:
            pen.stroke([(-34, -110), (0, -94 - 6 * pop(t_s, 10.6)), (34, -110)], line=7)
        elif fear:
            pen.stroke([(-20, -96), (0, -102), (20, -96)], line=7)


def queue_sound(rng: np.random.Generator) -> np.ndarray:
    """A small march that stops, a poke, a fall, three more, a crack, and bubbles."""
    track = tones.Track(QUEUE_S)
    for number in range(12):
        hz = (131, 98)[number % 2]
        track.put(0.1 + 0.28 * number, tones.brass(hz, 0.18), 0.5)
        if number % 2:
            track.put(0.1 + 0.28 * number, tones.pluck(392, 0.2), 0.25, pan=0.3)
    for number in range(5):
        track.put(
            HALT_S + 0.16 * number,
            tones.blip(330 - 24 * number, 0.09, 0.7),
            0.45,
            pan=0.3 - 0.2 * number,
        )
    track.put(4.0, tones.drip(), 0.25, pan=0.6)
    track.put(5.0, tones.tick(rng, 1_800), 0.10)
    track.put(5.95, tones.blip(1_900, 0.05, 0.8), 0.14)
    track.put(POKE_S + 0.02, tones.honk(760, 0.10), 0.45, pan=-0.3)
    for number in range(3):
        track.put(POKE_S + 0.14 + 0.12 * number, tones.blip(420 + 60 * number, 0.08), 0.4)
    track.put(PLUNGES_S[0] - 0.45, tones.glide(500, 640, 0.4), 0.16, pan=0.4)
    track.put(PLUNGES_S[0], tones.glide(900, 240, 0.6), 0.30, pan=0.4)
    for number, at_s in enumerate(PLUNGES_S):
        if number:
            track.put(at_s, tones.glide(420 + 90 * number, 980 + 90 * number, 0.28), 0.20)
        splash = tones.noise(rng, 0.5, 500, 6_000) * np.exp(-8 * tones.times(0.5))
        track.put(at_s + 0.55, splash, 0.5, pan=0.4)
        track.put(at_s + 0.55, tones.drip(700 + 120 * number), 0.5, pan=0.4)
    for number, hz in enumerate((523, 587, 659, 784)):  # so pleased with itself
        track.put(10.2 + 0.19 * number, tones.pluck(hz, 0.3), 0.32)
    crack = tones.noise(rng, 0.3, 800, 9_000) * np.exp(-22 * tones.times(0.3))
    track.put(CRACK_S, crack, 0.8)
    track.put(CRACK_S + 0.02, tones.thud(rng, 130, 0.3), 0.5)
    track.put(SINK_S + 0.1, tones.brass(196, 0.35), 0.35)
    track.put(SINK_S + 0.5, tones.brass(185, 0.35), 0.35)
    track.put(SINK_S + 0.9, tones.brass(175, 0.8), 0.40)
    for number in range(4):
        track.put(GONE_S + 0.13 * number, tones.drip(520 + 130 * number), 0.35)
    track.reverb(rng, 0.6, 0.08)
    return track.samples


SCENE = Scene(
    "happy/1/penguin-queue.mp4",
    "After You",
    "먼저 들어가세요",
    QUEUE_S,
    draw_queue,
    queue_sound,
)
