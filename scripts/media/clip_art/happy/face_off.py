"""Level 3: somebody looks at you, very seriously."""

from __future__ import annotations

import math

import numpy as np

from clip_art import tones
from clip_art.kit import Pen, Scene, bump, ease, mix, oval, ring, shake

FACE_OFF_S = 20.0
#: (time, side): which eyebrow goes up when.
BROWS = ((2.4, -1), (2.75, 1), (3.1, -1), (3.28, 1), (3.46, -1), (3.64, 1), (4.1, 0))
HONKS_S = (5.5, 5.95, 6.25)
LICK_S, LICK_END_S = 7.3, 9.2
BLOW_S, FULL_S = 9.9, 11.6
LEAK_S, FLY_S, LAND_S = 12.4, 12.9, 15.2
LAST_BROW_S, LAUGH_S = 16.3, 17.0
SKIN, MOUSTACHE = 0xF2B98F, 0x5A3A2E


def draw_face_off(pen: Pen, t_s: float) -> None:
    """A duel of straight faces; the other side uses every means."""
    pen.still("duel", draw_wall)
    zoom = 0.86 + 0.14 * ease(t_s, 0.0, 2.2)
    if t_s < FLY_S:
        swell = ease(t_s, BLOW_S, FULL_S)
        tight = shake(t_s, 5 * swell * (t_s > FULL_S), 14)
        draw_shoulders(pen, zoom, t_s)
        with pen.at(640 + tight[0], 410 + tight[1] - 30 * swell, scale=zoom):
            draw_head(pen, t_s, swell)
    elif t_s < LAND_S:
        draw_shoulders(pen, 1.0, t_s)
        draw_flight(pen, t_s)
    else:
        near = 1 + 0.75 * ease(t_s, LAND_S + 0.5, LAUGH_S - 0.2)
        flat = 0.35 * ring(t_s, LAND_S, 3.5, 6)
        joy = t_s >= LAUGH_S
        hop = 26 * abs(math.sin(11 * (t_s - LAUGH_S))) if joy else 0.0
        with pen.at(640, 560, scale=near), pen.at(-640, -560 - 90 * (near - 1)):
            draw_shoulders(pen, 1.0, t_s)
            with pen.at(
                640,
                560 - hop,
                scale=(0.40 * (1 + flat), 0.40 * (1 - flat)),
                turn=9 * math.sin(7 * t_s) * joy,
            ):
                draw_head(pen, t_s, 0.0)


def draw_wall(pen: Pen) -> None:
    """Draw a plain warm wall with rays from the middle."""
    pen.wash(0xE8543F, 0xB8322F)
    for k in range(16):
        a, b = 2 * math.pi * k / 16, 2 * math.pi * (k + 0.5) / 16
        pen.poly(
            [
                (640, 400),
                (640 + 900 * math.cos(a), 400 + 900 * math.sin(a)),
                (640 + 900 * math.cos(b), 400 + 900 * math.sin(b)),
            ],
            0xF27A4E,
            line=0,
            alpha=0.5,
        )


def draw_shoulders(pen: Pen, zoom: float, t_s: float) -> None:
    """Draw a suit with a collar; empty, it sags a little."""
    empty = FLY_S <= t_s < LAND_S
    with pen.at(640, 760, scale=zoom):
        pen.blob(
            [(-420, 120), (-380, -60), (-160, -140), (160, -140), (380, -60), (420, 120)], 0x2F3A5C
        )
        pen.poly([(-90, -140), (90, -140), (0, 20)], 0xFFFFFF)
        pen.poly([(0, -86), (-70, -126), (-70, -46)], 0xFFD84D)
        pen.poly([(0, -86), (70, -126), (70, -46)], 0xFFD84D)
        pen.oval(0, -86, 18, 18, 0xF4B73A, line=5)
        if empty:
            pen.oval(0, -140, 84, 20, 0x1F2740)


def lift(t_s: float, side: int) -> float:
    """Return how far an eyebrow is up, px."""
    up = sum(bump(t_s, at, 0.34) for at, which in BROWS if which in (side, 0))
    up += 1.3 * bump(t_s, LAST_BROW_S, 0.4) * (side == 1)
    return 52 * up


def draw_head(pen: Pen, t_s: float, swell: float) -> None:
    """Draw the head around the middle of its face; ``swell`` 0..1 makes a balloon of it."""
    small = t_s >= LAND_S
    laugh = t_s >= LAUGH_S
    honk = sum(bump(t_s, at, 0.3) for at in HONKS_S)
    wiggle = 10 * math.sin(32 * t_s) * bump(t_s, 4.5, 0.9)
    wide, high = 1 + 0.95 * swell, 1 + 0.55 * swell
    skin = mix(SKIN, 0xF0604A, 0.55 * swell)
    for side in (-1, 1):
        with pen.at(side * 196 * wide, 0, turn=side * wiggle * 2, scale=1 - 0.3 * swell):
            pen.oval(side * 10, 0, 42, 60, skin)
            pen.oval(side * 12, 4, 20, 34, mix(skin, 0xB0503A, 0.4), line=0)
    pen.blob(
        [
            (-190 * wide, 20),
            (-170 * wide, -190 * high),
            (0, -285 * high),
            (170 * wide, -190 * high),
            (190 * wide, 20),
            (150 * wide, 190 * high),
            (0, 270 * high),
            (-150 * wide, 190 * high),
        ],
        skin,
    )
    for k in (-1, 0, 1):  # all the hair there is
        sway = 8 * math.sin(3 * t_s + k) + 30 * k
        pen.stroke(
            [
                (18 * k, -284 * high),
                (18 * k + sway * 0.6, -320 * high),
                (18 * k + sway, -346 * high),
            ],
            line=7,
        )
    if small:
        for y in (-200, -170, 150):  # wrinkles
            pen.stroke([(-90, y), (0, y - 14), (90, y)], line=7, ink=0xC07A58)
    pen.oval(-110 * wide, 96, 46 + 60 * swell, 34 + 50 * swell, 0xF08A70, line=0, alpha=0.6)
    pen.oval(110 * wide, 96, 46 + 60 * swell, 34 + 50 * swell, 0xF08A70, line=0, alpha=0.6)
    draw_eyes(pen, t_s, swell, skin)
    flare = 1 + 0.5 * honk
    with pen.at(0, 40, scale=(1 + 0.45 * honk, 1 - 0.18 * honk)):
        pen.blob([(-30, -80), (30, -80), (66, 20), (0, 66), (-66, 20)], mix(skin, 0xE8806A, 0.45))
        for side in (-1, 1):
            pen.oval(side * 26, 32, 11 * flare, 9 * flare, 0x7A3A34, line=0)
    draw_mouth(pen, t_s, swell, laugh=laugh)


def draw_eyes(pen: Pen, t_s: float, swell: float, skin: int) -> None:
    """Draw eyes and brows."""
    laugh = t_s >= LAUGH_S
    lick = bump(t_s, LICK_S + 0.5, LICK_END_S - LICK_S - 0.5)
    for side in (-1, 1):
        x = side * 84 * (1 + 0.5 * swell)
        if laugh:
            pen.stroke([(x - 42, -66), (x, -106), (x + 42, -66)], line=15)
            drop = (2.2 * t_s + 0.3 * side) % 1.0
            pen.oval(x + side * (60 + 60 * drop), -40 + 130 * drop, 13, 19, 0x8FDCFF, line=5)
            continue
        look = (0.0, 0.05)
        if lick > 0.1:
            look = (0.5 - 0.4 * side, -0.8)
        if t_s > FULL_S and swell > 0.9:
            look = (0.9 * math.copysign(1, math.sin(5.5 * (t_s - FULL_S))), 0.0)
        if t_s > LAND_S:
            look = (0.0, 0.05)
        lid = 0.30 - 0.3 * swell
        if any(at <= t_s < at + 0.12 for at in (1.3, 6.9, 9.5, 15.9)):
            lid = 1.0
        pen.eye(x, -84, 46 + 26 * swell, look=look, lid=lid, skin=skin, pupil=0.34, line=7)
        up = lift(t_s, side) + 34 * swell
        wet = 1.0 if side == 1 and t_s > LICK_S + 1.3 else 0.0
        brow = [(x - 56, -150 - up), (x, -172 - up - 8 * bool(up)), (x + 56, -150 - up)]
        if wet:  # licked flat, with a curl
            brow = [(x - 56, -150 - up), (x, -156 - up), (x + 58, -160 - up), (x + 70, -184 - up)]
        pen.stroke(brow, line=26, ink=0x2B2440)
        pen.stroke(brow, line=16, ink=MOUSTACHE)


def draw_mouth(pen: Pen, t_s: float, swell: float, *, laugh: bool) -> None:
    """Draw moustache, mouth and what comes out of it."""
    if laugh:
        gape = 52 + 30 * abs(math.sin(11 * (t_s - LAUGH_S)))
        mouth = oval(0, 150 + gape / 3, 118, gape)
        pen.shape(mouth, 0x6B1A2E, line=8)
        with pen.inside(mouth):
            pen.box(-100, 66, 200, 44, 0xFFFFFF, r=8, line=5)
            pen.oval(0, 170 + gape, 70, 50, 0xF0708C, line=5)
        pen.shape(mouth, None, line=8)
        fall = t_s - LAUGH_S
        with pen.at(0, 110 - 300 * fall + 900 * fall * fall, turn=400 * fall):
            draw_moustache(pen)
        return
    out = ease(t_s, LICK_S, LICK_S + 0.9) * (1 - ease(t_s, LICK_END_S - 0.35, LICK_END_S))
    if out > 0:
        sweep = ease(t_s, LICK_S + 0.9, LICK_S + 1.5)
        tip = (210 - 60 * sweep, -150 - 6 * math.sin(3 * t_s))
        path = [
            (20, 150),
            (120 * out, 170),
            (230 * out, 90 - 60 * out),
            (20 + (tip[0] - 20) * out, 150 + (tip[1] - 150) * out),
        ]
        pen.stroke(path, line=56)
        pen.stroke(path, line=44, ink=0xF0708C)
        pen.oval(20, 152, 48, 18, 0x6B1A2E, line=6)
    elif swell > 0.05:
        leak = t_s >= LEAK_S
        x = 60 * ease(t_s, LEAK_S, LEAK_S + 0.2)
        quiver = 5 * math.sin(70 * t_s) * leak
        pen.oval(x, 158 + quiver, 16 + 14 * leak, 13 + 6 * leak, 0x6B1A2E, line=6)
        if leak:
            for k in range(3):
                pen.stroke(
                    [(x + 50 + 26 * k, 150 - 8 * k), (x + 90 + 26 * k, 146 - 14 * k)],
                    line=5,
                    ink=0xFFFFFF,
                    alpha=0.9,
                )
    else:
        tremble = 7 * math.sin(34 * t_s) * ease(t_s, LAST_BROW_S + 0.35, LAUGH_S - 0.05)
        pen.stroke([(-50, 158), (-18, 156 + tremble), (18, 156 - tremble), (50, 158)], line=10)
    with pen.at(0, 110, scale=(1 + 0.6 * swell, 1)):
        draw_moustache(pen)


def draw_moustache(pen: Pen) -> None:
    """Draw the moustache around (0, 0)."""
    for side in (-1, 1):
        pen.blob(
            [
                (0, -16),
                (side * 70, -26),
                (side * 130, 4),
                (side * 158, -34),
                (side * 140, 26),
                (side * 60, 26),
                (0, 12),
            ],
            MOUSTACHE,
        )


def draw_flight(pen: Pen, t_s: float) -> None:
    """Draw the head as a balloon that was let go."""
    share = (t_s - FLY_S) / (LAND_S - FLY_S)
    wide = 1 - 0.35 * share

    def spot(part: float) -> tuple[float, float]:
        a = 2 * math.pi * (2.6 * part + 0.8 * part * part)
        reach = math.sin(math.pi * min(1.0, part * 1.02)) ** 0.7
        return 640 + 480 * reach * math.sin(a), 380 - 60 * reach + 250 * reach * math.sin(
            1.7 * a
        ) + (180 * part * part)

    for k in range(9):
        x, y = spot(max(0.0, share - 0.012 * k))
        grow = 16 + 5 * k
        pen.oval(x, y, grow, grow, 0xFFFFFF, line=0, alpha=0.35 * (1 - k / 9))
    x, y = spot(share)
    nx, ny = spot(min(1.0, share + 0.01))
    turn = math.degrees(math.atan2(ny - y, nx - x)) + 90
    pulse = 0.12 * math.sin(45 * t_s)
    scale = 0.85 * wide * (1 - share) + 0.42 * share
    with pen.at(x, y, turn=turn * (1 - share**6), scale=(scale * (1 + pulse), scale * (1 - pulse))):
        draw_head(pen, FULL_S + 0.3 + share, 0.9 * (1 - share))


def face_off_sound(rng: np.random.Generator) -> np.ndarray:
    """A duel at noon: drums, boops, honks, a lick, a balloon, and the end of all dignity."""
    track = tones.Track(FACE_OFF_S)
    for at_s in (0.1, 0.45, 1.0, 1.35, 1.9):
        track.put(at_s, tones.thud(rng, 75, 0.4), 0.55)
    for number, hz in enumerate((440, 587, 440, 587, 440)):
        track.put(0.1 + 0.14 * number, tones.glide(hz, hz, 0.13, 2), 0.22)
    track.put(0.95, tones.glide(349, 330, 0.9, 2), 0.22)
    for at_s, side in BROWS:
        track.put(
            at_s, tones.blip({-1: 392, 1: 523, 0: 784}[side], 0.16, 1.25), 0.55, pan=0.4 * side
        )
    for number in range(7):
        track.put(
            4.55 + 0.11 * number,
            tones.blip(1_300 + 180 * (number % 2), 0.07, 1.1),
            0.25,
            pan=0.6 * (-1) ** number,
        )
    for number, at_s in enumerate(HONKS_S):
        track.put(at_s, tones.honk((262, 262, 196)[number], (0.25, 0.16, 0.4)[number]), 0.65)
    for at_s in (1.3, 6.9, 9.5, 15.9):
        track.put(at_s, tones.blip(1_700, 0.05, 0.8), 0.16)
    slide = tones.noise(rng, 0.9, 300, 1_600) * tones.envelope(0.9, 0.3, 0.2)
    track.put(LICK_S, slide, 0.30)
    track.put(LICK_S, tones.glide(140, 420, 0.9, 8), 0.14)
    track.put(
        LICK_S + 0.95, tones.noise(rng, 0.5, 900, 4_000) * tones.envelope(0.5, 0.1, 0.2), 0.35
    )
    track.put(LICK_S + 0.95, tones.glide(500, 1_100, 0.5, 4), 0.20)
    track.put(LICK_END_S - 0.35, tones.blip(900, 0.3, 0.3), 0.45)
    long_s = FULL_S - BLOW_S
    squeak = tones.glide(240, 1_500, long_s, 9) * (
        0.6 + 0.4 * np.sign(np.sin(2 * np.pi * 13 * tones.times(long_s)))
    )
    track.put(BLOW_S, squeak, 0.22)
    track.put(BLOW_S, tones.swell(rng, long_s, 400, 3_000), 0.35)
    for number in range(2):
        track.put(FULL_S + 0.25 + 0.4 * number, tones.glide(1_500, 1_620, 0.08, 6), 0.14)
    track.put(LEAK_S, tones.rip(rng, 190, FLY_S - LEAK_S, 1.1), 0.35)
    fly_s = LAND_S - FLY_S
    t = tones.times(fly_s)
    track.put(
        FLY_S, tones.rip(rng, 240, fly_s, 0.25) * (0.7 + 0.3 * np.sin(2 * np.pi * 2.4 * t)), 1.0
    )
    whine = 900 * (1 + 0.35 * np.sin(2 * np.pi * 2.4 * t)) * 0.35 ** (t / fly_s)
    track.put(FLY_S, tones.saw(whine, fly_s, 6) * tones.envelope(fly_s, 0.05, 0.3), 0.16)
    track.put(LAND_S, tones.thud(rng, 120, 0.3), 0.8)
    track.put(LAND_S + 0.02, tones.boing(210, 0.6), 0.4)
    track.put(LAST_BROW_S, tones.blip(784, 0.2, 1.3), 0.55, pan=0.3)
    snort = tones.noise(rng, 0.25, 500, 2_500) * np.exp(-6 * tones.times(0.25))
    track.put(LAUGH_S - 0.22, snort, 0.6)
    track.put(LAUGH_S, tones.laugh(rng, 560, 14, 0.17, 0.75), 1.6)
    for number in range(3):
        track.put(
            LAUGH_S + 0.25 + 0.15 * number,
            tones.laugh(rng, 300 + 90 * number, 12, 0.18),
            0.55,
            pan=-0.7 + 0.7 * number,
        )
    track.reverb(rng, 0.6, 0.08)
    return track.samples


SCENE = Scene(
    "happy/3/face-off.mp4",
    "The Serious Gentleman",
    "아주 진지한 신사",
    FACE_OFF_S,
    draw_face_off,
    face_off_sound,
)
