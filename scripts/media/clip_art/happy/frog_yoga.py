"""Level 2: a frog that rises above all things, and a fly."""

from __future__ import annotations

import math

import numpy as np

from clip_art import tones
from clip_art.kit import Pen, Scene, bump, ease, mix, pop, ring, shake

YOGA_S = 16.0
LAND_S, FLICK_S, SNAP_S, DANCE_S = 3.6, 4.6, 6.0, 6.4
SHOT_S, LOOK_S, YANK_S = 8.6, 9.0, 10.3
SIT_S, FLYBY_S, SPLAT_S = 11.2, 12.2, 14.6
FROG, BELLY, TONGUE = 0x7CBF5A, 0xD6E8A0, 0xF0708C


def draw_yoga(pen: Pen, t_s: float) -> None:
    """The frog breathes; the fly lands; the tongue has its own plans."""
    pen.still("pond", draw_pond)
    wave = 26 * ring(t_s, SPLAT_S, 1.6, 1.8) + 9 * ring(t_s, YANK_S, 2.0, 2.0)
    if FLYBY_S <= t_s < SPLAT_S - 0.4:
        draw_flyby(pen, t_s)
    bob = 5 * math.sin(1.7 * t_s) + wave
    for number in range(3):
        pen.oval(
            640,
            590 + bob,
            330 + 70 * number + 12 * math.sin(2 * t_s + number),
            70 + 14 * number,
            None,
            line=4,
            ink=0x7EC7CF,
            alpha=0.6 - 0.15 * number,
        )
    with pen.at(640, 585 + bob, turn=0.2 * wave):
        pen.oval(0, 0, 290, 56, 0x3F8F4F)
        pen.oval(0, -8, 262, 42, 0x5CB062, line=0)
        pen.poly([(0, -6), (240, -52), (290, -30)], 0x4F9FB0, line=0)
        if t_s < YANK_S + 0.5:
            gone = ease(t_s, YANK_S, YANK_S + 0.35) ** 2
            if gone < 1:
                stretch = 0.5 * bump(t_s, YANK_S, 0.4)
                with pen.at(
                    1500 * gone,
                    -10 - 160 * gone,
                    turn=70 * gone,
                    scale=(1 + stretch, 1 - 0.5 * stretch),
                ):
                    draw_frog(pen, t_s)
        fly_on_pad = t_s >= SIT_S - 0.6
        if fly_on_pad:
            down = ease(t_s, SIT_S - 0.6, SIT_S)
            hop = -24 * bump(t_s, SPLAT_S, 0.5)
            with pen.at(0, -60 - 260 * (1 - down) + hop, scale=1.0):
                draw_fly(pen, t_s, sitting=down > 0.98)
    if t_s < SIT_S - 0.6:
        x, y = fly_spot(t_s)
        with pen.at(x, y, turn=14 * math.sin(17 * t_s) * (DANCE_S < t_s < SHOT_S)):
            draw_fly(pen, t_s, sitting=False)
    if t_s >= SPLAT_S - 0.4:
        fall = ease(t_s, SPLAT_S - 0.4, SPLAT_S)
        if fall < 1:
            with pen.at(980, -200 + 800 * fall, turn=180):
                draw_frog(pen, t_s)
        else:
            draw_wet_frog(pen, t_s)


def draw_pond(pen: Pen) -> None:
    """Draw the far shore, reeds and water."""
    pen.wash(0xFBD8B4, 0xF6B7A0)
    pen.oval(640, 300, 150, 150, 0xFFF0C8, line=0)
    for x, r in ((120, 210), (400, 150), (900, 170), (1180, 230)):
        pen.oval(x, 430, r, 110, 0xD98F86, line=0)
    pen.box(-20, 430, 1320, 320, 0x4F9FB0, line=0)
    pen.box(-20, 430, 1320, 10, 0x3E8796, line=0)
    for x in (90, 140, 1130, 1190):
        pen.stroke([(x, 640), (x + 6, 430), (x - 4, 300)], line=9, ink=0x3F7A4A)
        pen.box(x - 15, 250, 24, 90, 0x8A5A3C, r=12)


def fly_spot(t_s: float) -> tuple[float, float]:
    """Return where the fly is until it sits down."""
    nose = (640.0, 338.0)
    if t_s < 2.0:
        return -80.0, 200.0
    if t_s < LAND_S:
        share = ease(t_s, 2.0, LAND_S)
        wide = 1 - share
        return (
            nose[0] - 640 * wide + 150 * wide * math.sin(5 * t_s),
            nose[1] - 20 - 200 * wide + 90 * wide * math.cos(7 * t_s),
        )
    if t_s < FLICK_S:
        return nose[0], nose[1] - 14
    if t_s < DANCE_S:
        up = ease(t_s, FLICK_S, FLICK_S + 0.2)
        down = ease(t_s, SNAP_S, DANCE_S)
        return nose[0] + 210 * up - 210 * down, nose[1] - 14 - 150 * up + 10 * down
    if t_s < SHOT_S:
        hop = abs(math.sin(8.5 * t_s))
        return 640 + 26 * math.sin(4.25 * t_s), 202 - 26 * hop
    away = ease(t_s, SHOT_S, SHOT_S + 0.15)
    stay = 12 * math.sin(9 * t_s)
    return 640 - 150 * away, 202 - 50 * away + stay


def draw_fly(pen: Pen, t_s: float, *, sitting: bool) -> None:
    """Draw the fly around (0, 0); sitting, it meditates."""
    beat = 0.3 + 0.7 * abs(math.sin(60 * t_s)) if not sitting else 0.9
    for side in (-1, 1):
        with pen.at(side * 12, -16, turn=side * (38 if not sitting else 70)):
            pen.oval(0, -22, 13 * beat + 3, 26, 0xFFFFFF, line=3, alpha=0.85)
    pen.oval(0, 0, 25, 22, 0x4A4460, line=4)
    if sitting:
        peek = SPLAT_S - 1.6 < t_s < SPLAT_S - 0.9 or SPLAT_S + 0.5 < t_s < SPLAT_S + 1.0
        for side in (-1, 1):
            pen.eye(
                side * 11,
                -8,
                11,
                look=(0.5, -0.4),
                lid=0.1 if peek and side == 1 else 1.0,
                skin=0x4A4460,
                line=4,
            )
            if not (peek and side == 1):
                pen.stroke(
                    [(side * 11 - 9, -8), (side * 11, -4), (side * 11 + 9, -8)],
                    line=4,
                    ink=0xFFFFFF,
                )
            pen.stroke([(side * 20, 6), (side * 42, 14), (side * 30, 24)], line=4)
            pen.stroke([(side * 8, 20), (side * 26, 30), (-side * 6, 32)], line=4)
    else:
        for side in (-1, 1):
            pen.eye(side * 11, -8, 12, look=(0, 0.3), lid=0.0, line=3)
            pen.stroke([(side * 14, 18), (side * 24, 34)], line=4)
    if DANCE_S < t_s < SHOT_S:
        pen.stroke([(-8, 8), (0, 13), (8, 8)], line=3, ink=0xFFFFFF)


def draw_frog(pen: Pen, t_s: float) -> None:
    """Draw the frog sitting around (0, 0), legs crossed."""
    breath = 0.03 * math.sin(2.1 * t_s) * (t_s < LAND_S)
    anger = ease(t_s, DANCE_S + 0.6, SHOT_S - 0.2) * (t_s < SHOT_S + 0.2)
    skin = mix(FROG, 0xE8603C, 0.6 * anger)
    dx = shake(t_s, 4 * anger, 15)[0]
    with pen.at(dx, 0, scale=(1 + breath + 0.08 * anger, 1 - breath - 0.05 * anger)):
        for side in (-1, 1):
            pen.blob(
                [(side * 60, -20), (side * 190, -64), (side * 214, -10), (side * 60, 12)], skin
            )
        pen.blob([(-110, 0), (-124, -110), (-76, -210), (76, -210), (124, -110), (110, 0)], skin)
        pen.blob(
            [(-70, -4), (-84, -90), (-40, -170), (40, -170), (84, -90), (70, -4)], BELLY, line=0
        )
        for side in (-1, 1):
            pen.stroke([(side * 104, -160), (side * 172, -100), (side * 168, -46)], line=34)
            pen.stroke(
                [(side * 104, -160), (side * 172, -100), (side * 168, -46)], line=22, ink=skin
            )
            for k in (-1, 0, 1):
                pen.oval(side * 168 + 12 * k, -34, 9, 12, BELLY, line=4)
        draw_frog_head(pen, t_s, skin, anger)


def draw_frog_head(pen: Pen, t_s: float, skin: int, anger: float) -> None:
    """Draw the head with its eyes on top."""
    stuck = FLICK_S + 0.15 <= t_s < SNAP_S
    with pen.at(0, -252):
        pen.blob(
            [(-150, 10), (-130, -60), (0, -84), (130, -60), (150, 10), (90, 64), (-90, 64)], skin
        )
        for side in (-1, 1):
            pen.oval(side * 84, -84, 48, 46, skin)
            look, lid, size = (0.0, 0.0), 1.0, 30.0
            if t_s >= LAND_S + 0.35:
                look = (-0.8 * side, 0.8)
                lid = 0.3 if side == 1 or t_s > LAND_S + 0.7 else 1.0
            if stuck:
                look, lid = (-0.8 * side, -0.1), 0.0
            elif DANCE_S - 0.3 < t_s < SHOT_S:
                twitch = 0.25 * abs(math.sin(23 * t_s)) * (side == 1) * (t_s > DANCE_S + 0.5)
                look, lid = (-0.5 * side, -0.9), 0.25 + twitch
            elif LOOK_S <= t_s < YANK_S:
                blink = 9.55 < t_s < 9.67
                look, lid = ((0.9, 0.0) if t_s < 9.3 else (0.0, 0.1)), 1.0 if blink else 0.0
                size = 32.0
            elif t_s >= SHOT_S:
                look, lid = (0.9, 0.0), 0.0
            pen.eye(
                side * 84,
                -88,
                size,
                look=look,
                lid=lid,
                skin=skin,
                pupil=0.45 - 0.15 * (t_s > LOOK_S),
            )
            pen.oval(side * 18, -24, 5, 4, 0x3F6B34, line=0)
        if anger > 0.1:
            for side in (-1, 1):
                pen.stroke([(side * 34, -112), (side * 112, -140)], line=10)
        draw_tongue(pen, t_s)


def draw_tongue(pen: Pen, t_s: float) -> None:
    """Draw mouth and tongue in the head's system."""
    if FLICK_S <= t_s < SNAP_S:
        # It flies up, misses, slaps the own forehead, and is peeled off slowly.
        out = ease(t_s, FLICK_S, FLICK_S + 0.12)
        peel = ease(t_s, FLICK_S + 0.7, SNAP_S - 0.05)
        pen.oval(0, 26, 60, 26, 0x6B2434)
        pull = 120 * peel * math.sin(math.pi * 0.5 * peel)
        line = [(0, 34), (10 + pull, 66 + 10 * peel), (60 + pull, -10), (0, -62 * out)]
        pen.stroke(line, line=30)
        pen.stroke(line, line=20, ink=TONGUE)
        pen.oval(0, -60 * out + 2, 34, 22, TONGUE, line=6)
    elif t_s >= SHOT_S and t_s < YANK_S + 0.5:
        out = ease(t_s, SHOT_S, SHOT_S + 0.14)
        tight = t_s > SHOT_S + 0.14
        hum = 5 * math.sin(50 * t_s) * math.exp(-3 * (t_s - SHOT_S)) * tight
        pen.oval(20, 22, 46, 24, 0x6B2434)
        end = (30 + 800 * out, 26 - 30 * out)
        mid = ((30 + end[0]) / 2, (24 + end[1]) / 2 + hum * 3)
        for wide, ink in ((30, 0x2B2440), (20, TONGUE)):
            pen.stroke([(24, 26), mid, end], line=wide, ink=ink)
    elif SNAP_S <= t_s < SNAP_S + 0.4:
        flap = 12 * math.sin(40 * t_s)
        pen.stroke([(-80, 24), (-30, 30 + flap), (30, 30 - flap), (80, 24)], line=8)
    else:
        calm = t_s < LAND_S + 0.3
        lift = -10 if calm else 6
        pen.stroke([(-92, 18), (-40, 32), (40, 32), (92, 18 + lift * 0.4)], line=8)


def draw_flyby(pen: Pen, t_s: float) -> None:
    """Draw a goose far away, and whom it takes along."""
    share = (t_s - FLYBY_S) / (SPLAT_S - 0.4 - FLYBY_S)
    x, y = 1380 - 1560 * share, 150 + 26 * math.sin(6 * t_s)
    flap = math.sin(13 * t_s)
    behind = (x + 250, y + 80 + 40 * math.sin(4 * t_s))
    for wide, ink in ((13, 0x2B2440), (7, TONGUE)):
        pen.stroke(
            [(x + 20, y + 26), ((x + behind[0]) / 2, behind[1] + 14), behind], line=wide, ink=ink
        )
    with pen.at(*behind, turn=-60 + 30 * math.sin(9 * t_s), scale=0.34):
        for side in (-1, 1):
            pen.stroke(
                [(side * 50, 60), (side * 130, 150 + 40 * math.sin(20 * t_s))], line=40, ink=FROG
            )
        pen.oval(0, 40, 110, 90, FROG, line=14)
        pen.oval(0, -50, 120, 66, FROG, line=14)
        for side in (-1, 1):
            pen.eye(side * 66, -110, 42, look=(0, 0), pupil=0.25, line=12)
        pen.oval(0, -30, 60, 30, 0x6B2434, line=10)
    pen.blob([(x - 70, y), (x, y - 36), (x + 80, y - 4), (x, y + 34)], 0xFFFFFF, line=5)
    pen.stroke([(x - 60, y - 4), (x - 110, y - 40), (x - 140, y - 44)], line=22)
    pen.stroke([(x - 60, y - 4), (x - 110, y - 40), (x - 140, y - 44)], line=13, ink=0xFFFFFF)
    pen.poly([(x - 150, y - 52), (x - 184, y - 40), (x - 150, y - 34)], 0xFF9A3C, line=4)
    pen.oval(x - 144, y - 48, 4, 4, 0x2B2440, line=0)
    pen.blob([(x - 30, y - 10), (x + 30, y - 10), (x + 40, y - 20 - 90 * flap)], 0xE6EEF6, line=5)


def draw_wet_frog(pen: Pen, t_s: float) -> None:
    """Draw two eyes over the water, and what else has come home: the tongue."""
    age = t_s - SPLAT_S
    for k in range(9):
        vx, vy = (k - 4) * 80, -620 + 50 * abs(k - 4)
        if age < 0.9:
            pen.oval(980 + vx * age, 560 + vy * age + 900 * age * age, 15, 18, 0xBFEAF2, line=4)
    up = pop(t_s, SPLAT_S + 0.45, 0.4)
    if up > 0:
        y = 620 - 60 * up
        pen.oval(980, y + 30, 120, 60, FROG)
        for side in (-1, 1):
            pen.oval(980 + side * 66, y - 24, 40, 38, FROG)
            pen.eye(
                980 + side * 66,
                y - 26,
                26,
                look=(-0.9, 0.0),
                skin=FROG,
                lid=1.0 if 15.5 < t_s < 15.62 else 0.45,
            )
        pen.box(830, 622, 300, 110, 0x4F9FB0, line=0)
        pen.stroke([(850, 622), (980, 628), (1110, 622)], line=5, ink=0x7EC7CF)


def yoga_sound(rng: np.random.Generator) -> np.ndarray:
    """A hum, a buzz, a slap, a dance, a shot, silence, a journey, and a very small hum."""
    track = tones.Track(YOGA_S)

    def buzz(start_s: float, end_s: float, hz: float, gain: float) -> None:
        long_s = end_s - start_s
        t = tones.times(long_s)
        pitch = hz * (1 + 0.10 * np.sin(2 * np.pi * 2.3 * t) + 0.03 * np.sin(2 * np.pi * 31 * t))
        track.put(start_s, tones.saw(pitch, long_s, 10) * tones.envelope(long_s, 0.1, 0.05), gain)

    for start_s in (0.1, 1.9):
        track.put(start_s, tones.sing(110, 1.7, tones.OO), 0.45)
        track.put(start_s, tones.sing(165, 1.7, tones.OO), 0.25)
    track.put(0.05, tones.bell(330, 2.5), 0.20)
    buzz(2.0, LAND_S, 210, 0.16)
    track.put(LAND_S, tones.blip(700, 0.06), 0.2)
    track.put(LAND_S + 0.35, tones.blip(300, 0.10, 1.4), 0.35)
    track.put(FLICK_S, tones.glide(300, 1_400, 0.12), 0.4)
    slap = tones.noise(rng, 0.15, 400, 4_000) * np.exp(-35 * tones.times(0.15))
    track.put(FLICK_S + 0.13, slap, 1.0)
    track.put(FLICK_S + 0.7, tones.glide(200, 760, SNAP_S - FLICK_S - 0.72, 8), 0.20)
    track.put(SNAP_S, slap, 0.9)
    track.put(SNAP_S + 0.02, tones.boing(230, 0.5), 0.5)
    for number in range(12):  # the dance
        hz = (784, 988, 880, 988)[number % 4]
        track.put(DANCE_S + 0.05 + 0.18 * number, tones.pluck(hz, 0.16), 0.30)
        if number % 2 == 0:
            track.put(DANCE_S + 0.05 + 0.18 * number, tones.tick(rng, 5_000), 0.25)
    for number in range(5):
        track.put(7.3 + 0.24 * number, tones.thud(rng, 70 + 8 * number, 0.2), 0.15 + 0.04 * number)
    track.put(SHOT_S, tones.glide(240, 1_800, 0.15), 0.6)
    track.put(SHOT_S + 0.15, tones.boing(90, 0.9), 0.7, pan=0.5)
    track.put(9.55, tones.blip(1_700, 0.05, 0.8), 0.16)
    track.put(YANK_S - 0.25, tones.honk(420, 0.2), 0.5, pan=0.8)
    track.put(YANK_S, tones.shout(rng, 330, 0.5, 0.2), 0.6, pan=0.6)
    track.put(YANK_S, tones.whoosh(rng, 0.5), 0.6, pan=0.6)
    buzz(YANK_S + 0.2, SIT_S, 240, 0.10)
    track.put(SIT_S + 0.1, tones.sing(660, 1.3, tones.OO), 0.30)
    track.put(SIT_S + 0.1, tones.bell(1_320, 1.5), 0.10)
    length_s = SPLAT_S - 0.4 - FLYBY_S
    cry = tones.shout(rng, 300, length_s, 0.25)
    track.put(FLYBY_S, cry * np.sin(np.pi * tones.times(length_s) / length_s) ** 2, 0.35)
    for number in range(4):
        track.put(FLYBY_S + 0.3 + 0.45 * number, tones.honk(400, 0.2), 0.22, pan=0.5 - 0.3 * number)
    track.put(SPLAT_S - 0.4, tones.glide(1_500, 300, 0.4), 0.3, pan=0.5)
    splash = tones.noise(rng, 0.9, 300, 7_000) * np.exp(-5 * tones.times(0.9))
    track.put(SPLAT_S, splash, 0.8, pan=0.4)
    track.put(SPLAT_S, tones.thud(rng, 75, 0.5), 0.7, pan=0.4)
    track.put(SPLAT_S + 0.55, tones.croak(rng, 120, 0.4), 0.6, pan=0.4)
    track.put(15.45, tones.sing(660, 0.5, tones.OO), 0.25)
    track.reverb(rng, 0.8, 0.10)
    return track.samples


SCENE = Scene(
    "happy/2/frog-yoga.mp4",
    "Inner Peace",
    "마음의 평화",
    YOGA_S,
    draw_yoga,
    yoga_sound,
)
