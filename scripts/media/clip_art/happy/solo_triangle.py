"""Level 3: a great orchestra, and one note for the triangle."""

from __future__ import annotations

import math

import numpy as np

from clip_art import tones
from clip_art.kit import Pen, Scene, bump, ease, mix, oval, pop, ring, shake

SOLO_S = 20.0
READY_S, HUSH_S, CLOSE_S = 4.2, 6.6, 7.0
RIP_S, RIP_END_S = 8.6, 10.3
TING_S, PIP_S = 12.9, 14.2
SNORT_S, LAUGH_S, LAST_TING_S = 15.4, 15.9, 19.0
SUIT, HEDGE, FUR = 0x24243C, 0x7A5A44, 0xF0D2A8


def draw_solo(pen: Pen, t_s: float) -> None:
    """He has waited all evening for this note."""
    close = CLOSE_S <= t_s < 11.0 or 12.2 <= t_s < 14.9
    if close:
        draw_close_up(pen, t_s)
    elif 11.0 <= t_s < 12.2 or 14.9 <= t_s < LAUGH_S:
        draw_maestro_close(pen, t_s)
    else:
        draw_hall(pen, t_s)


def draw_stage(pen: Pen) -> None:
    """Draw curtain, arch and floor."""
    pen.wash(0x6E1F33, 0x3C1226)
    for x in range(0, 1300, 84):
        pen.box(x, 0, 36, 560, 0x000000, line=0, alpha=0.14)
    pen.box(-20, 0, 1320, 52, 0xC99A3E, line=8)
    for x in range(40, 1280, 100):
        pen.oval(x, 58, 44, 30, 0xC99A3E, line=6)
    pen.box(-20, 540, 1320, 200, 0x9A6238)
    pen.box(-20, 540, 1320, 16, 0xB97C48, line=0)
    pen.glow(930, 380, 420, 0xFFE9A8, 0.28)


def draw_hall(pen: Pen, t_s: float) -> None:
    """Draw the whole stage."""
    pen.still("stage", draw_stage)
    laugh = t_s >= LAUGH_S
    dx, dy = shake(t_s, 4 * laugh, 7)
    with pen.at(dx, dy):
        for number, x in enumerate((470, 585, 700)):
            draw_fiddler(pen, x, 560 - 14 * (number % 2), number, t_s)
        draw_chair_and_hedgehog(pen, 990, 590, t_s)
        draw_maestro(pen, 220, 640, t_s)


def draw_fiddler(pen: Pen, x: float, y: float, number: int, t_s: float) -> None:
    """Draw one of the fiddling mice."""
    playing = t_s < HUSH_S
    laugh = t_s >= LAUGH_S
    colour = (0xA9A4B8, 0xC2A78C, 0x8F8AA0)[number]
    bow = 26 * math.sin(8 * t_s + number) * playing
    sway = 5 * math.sin(4 * t_s + number) * playing + 8 * math.sin(16 * t_s + number) * laugh
    hop = 16 * abs(math.sin(10 * t_s + number)) * laugh
    with pen.at(x, y - hop, turn=sway):
        pen.blob([(-46, 30), (-44, -70), (0, -96), (44, -70), (46, 30)], SUIT)
        pen.poly([(-14, -84), (14, -84), (0, -30)], 0xFFFFFF, line=4)
        for side in (-1, 1):
            pen.oval(side * 40, -160, 26, 26, colour)
        pen.oval(0, -126, 46, 42, colour)
        for side in (-1, 1):
            if laugh or playing:
                pen.stroke(
                    [
                        (side * 18 - 10, -130),
                        (side * 18, -140 + 8 * playing),
                        (side * 18 + 10, -130),
                    ],
                    line=5,
                )
            else:
                pen.eye(side * 18, -132, 12, look=(0.9, 0), line=4)
        if laugh:
            pen.oval(0, -104, 16, 12 + 5 * math.sin(19 * t_s + number), 0x6B1A2E, line=4)
        pen.oval(0, -116, 6, 5, 0xE0607A, line=3)
        with pen.at(34, -70, turn=-24):
            pen.blob(
                [(-44, 0), (-20, -20), (0, -8), (20, -18), (40, 0), (20, 18), (0, 8), (-20, 20)],
                0xB5652D,
                line=5,
            )
            pen.stroke([(40, 0), (86, 0)], line=8)
            pen.stroke([(0 + bow, -50), (10 + bow, 40)], line=4)


def draw_maestro(pen: Pen, x: float, y: float, t_s: float) -> None:
    """Draw the conductor, a heron with a great opinion of himself."""
    conducting = t_s < HUSH_S
    laugh = t_s >= LAUGH_S
    beat = math.sin(2 * math.pi * 1.45 * t_s) * conducting
    fall = 78 * ease(t_s, LAUGH_S + 0.7, LAUGH_S + 1.1)
    kick = 14 * math.sin(15 * t_s) * (t_s > LAUGH_S + 1.1)
    with pen.at(
        x, y + 0.7 * fall, turn=fall + kick * 0.3 + 5 * math.sin(14 * t_s) * laugh * (fall < 1)
    ):
        for side in (-1, 1):
            pen.stroke(
                [(side * 20, -100), (side * 24, 0), (side * 24 + 26, 4)], line=12, ink=0xD98E1F
            )
        pen.blob(
            [
                (-70, -90),
                (-60, -230),
                (0, -300),
                (60, -230),
                (70, -90),
                (20, -60),
                (0, -30),
                (-20, -60),
            ],
            SUIT,
        )
        pen.poly([(-22, -286), (22, -286), (0, -150)], 0xFFFFFF)
        pen.stroke([(0, -290), (-16, -340), (6, -390)], line=38)
        pen.stroke([(0, -290), (-16, -340), (6, -390)], line=27, ink=0xDDE4F0)
        raised = 90 * ease(t_s, HUSH_S - 0.3, HUSH_S) * (t_s < LAUGH_S)
        for side in (-1, 1):
            up = 40 * beat * side + (raised if side == 1 else 0)
            hand = (side * 130, -250 - up)
            pen.stroke([(side * 56, -240), (side * 100, -210 - up * 0.4), hand], line=34)
            pen.stroke([(side * 56, -240), (side * 100, -210 - up * 0.4), hand], line=24, ink=SUIT)
            pen.oval(*hand, 17, 17, 0xFFFFFF, line=5)
            if side == 1:
                pen.stroke([hand, (hand[0] + 70, hand[1] - 40)], line=6, ink=0xFFF6DC)
        with pen.at(6, -420, turn=6 * beat - 0.95 * fall):
            draw_maestro_head(pen, t_s)


def draw_maestro_head(pen: Pen, t_s: float) -> None:
    """Draw the heron's head around (0, 0), looking right."""
    laugh = t_s >= LAUGH_S
    for k in range(4):
        pen.stroke(
            [(-30, -30 + 10 * k), (-90, -60 + 22 * k), (-110, -40 + 26 * k)], line=16, ink=0x6A7690
        )
    pen.oval(0, 0, 62, 54, 0xDDE4F0)
    gape = (22 + 14 * math.sin(19 * t_s)) if laugh else 0
    pen.poly([(40, -14), (190, 2 - gape * 0.4), (44, 12)], 0xF2A93B)
    pen.poly([(40, 12), (170, 10 + gape), (36, 30)], 0xE08E24)
    if laugh:
        pen.stroke([(0, -14), (16, -28), (32, -14)], line=8)
        drop = (2.2 * t_s) % 1.0
        pen.oval(-10 - 70 * drop, -20 + 80 * drop, 9, 13, 0x8FDCFF, line=4)
    else:
        calm = t_s < HUSH_S - 0.3
        pen.eye(16, -14, 18, look=(0.8, 0), lid=1.0 if calm else 0.1, skin=0xDDE4F0, line=5)
        pen.stroke([(-6, -44), (20, -46), (38, -36)], line=7)


def draw_close_wall(pen: Pen) -> None:
    """Draw what is behind the conductor's face."""
    pen.wash(0x7A2438, 0x3C1226)
    pen.glow(640, 330, 560, 0xFFD9A0, 0.3)


def draw_maestro_close(pen: Pen, t_s: float) -> None:
    """Draw how the conductor takes it."""
    pen.still("close", draw_close_wall)
    snort = t_s > 14.9
    hold = ease(t_s, 15.0, LAUGH_S - 0.1) if snort else 0.0
    twitch = 5 * math.sin(52 * t_s) * (hold if snort else 0.4 * (t_s > 11.6))
    skin = mix(0xDDE4F0, 0xF08A80, 0.7 * hold)
    with pen.at(560 + twitch, 380, scale=1 + 0.10 * hold):
        for k in range(4):
            pen.stroke(
                [(-120, -150 + 40 * k), (-330, -260 + 80 * k), (-420, -200 + 100 * k)],
                line=50,
                ink=0x6A7690,
            )
        pen.stroke([(-60, 160), (-100, 300), (-90, 460)], line=190)
        pen.stroke([(-60, 160), (-100, 300), (-90, 460)], line=176, ink=skin)
        pen.oval(0, 0, 230 + 26 * hold, 205, skin)
        pen.poly([(150, -46), (560, 10), (170, 44)], 0xF2A93B, line=8)
        bulge = 50 * hold
        pen.blob(
            [(150, 44), (330, 50 + bulge), (520, 22), (330, 90 + bulge), (140, 110)],
            0xE08E24,
            line=8,
        )
        blink = 11.75 < t_s < 11.88 or 15.1 < t_s < 15.2
        pen.eye(
            60,
            -60,
            70,
            look=(0.6, 0.1 if not snort else -0.1),
            lid=1.0 if blink else 0.12,
            skin=skin,
            pupil=0.36 - 0.1 * hold,
            line=9,
        )
        brow = 34 * pop(t_s, 11.15, 0.3) if not snort else -10.0
        pen.stroke([(-40, -166 - brow), (60, -190 - brow), (150, -150 - brow * 0.4)], line=24)
        if snort:
            pen.oval(-150, -40 + 180 * ((1.2 * t_s) % 1.0), 18, 26, 0x8FDCFF, line=6)


def draw_chair_and_hedgehog(pen: Pen, x: float, y: float, t_s: float) -> None:
    """Draw the hedgehog on a very high chair."""
    laugh = t_s >= LAUGH_S
    for side in (-1, 1):
        pen.stroke([(x + side * 34, y - 150), (x + side * 60, y + 60)], line=14, ink=0x5A3A24)
    pen.stroke([(x - 48, y - 40), (x + 48, y - 40)], line=10, ink=0x5A3A24)
    pen.box(x - 70, y - 168, 140, 26, 0xC83C55, r=10)
    bow = 50 * bump(t_s, 17.6, 1.2)
    with pen.at(x, y - 168, scale=0.62, turn=-bow):
        draw_hedgehog(pen, t_s)
    if not laugh:
        pen.stroke([(x - 170, y + 60), (x - 170, y - 180)], line=9, ink=0x3A2A20)
        pen.poly(
            [(x - 216, y - 270), (x - 126, y - 250), (x - 136, y - 180), (x - 226, y - 196)],
            0xFFFBEA,
        )
        pen.oval(x - 172, y - 222, 6, 6, 0x2B2440, line=0)  # one note


def draw_hedgehog(pen: Pen, t_s: float) -> None:
    """Draw the hedgehog sitting on (0, 0), with triangle and beater."""
    ready = ease(t_s, READY_S, HUSH_S)
    ripping = RIP_S <= t_s < RIP_END_S or PIP_S <= t_s < PIP_S + 0.25
    shiver = shake(t_s, 6 * ripping, 21)
    rise = 24 * bump(t_s, RIP_S, RIP_END_S - RIP_S) + 16 * bump(t_s, PIP_S, 0.3)
    with pen.at(shiver[0], shiver[1] * 0.5 - rise):
        spikes: list[tuple[float, float]] = []
        bristle = 1 + 0.12 * ripping + 0.03 * math.sin(3 * t_s)
        for k in range(25):
            a = math.pi * (1.08 - 1.16 * k / 24) + math.pi
            r = (172 if k % 2 == 0 else 132) * bristle
            spikes.append((r * math.cos(a) * 0.95, -130 + r * math.sin(a)))
        pen.poly([*spikes, (130, 0), (-130, 0)], HEDGE)
        pen.blob([(-100, 0), (-112, -110), (-60, -190), (60, -190), (112, -110), (100, 0)], FUR)
        pen.blob([(-104, 0), (-100, -70), (0, -90), (100, -70), (104, 0)], SUIT)
        pen.poly([(-22, -84), (22, -84), (0, -30)], 0xFFFFFF, line=5)
        pen.poly([(0, -78), (-34, -94), (-34, -62)], 0xC83C55, line=4)
        pen.poly([(0, -78), (34, -94), (34, -62)], 0xC83C55, line=4)
        for side in (-1, 1):
            pen.oval(side * 86, -196, 26, 26, FUR)
            pen.oval(side * 52, 8, 40, 20, FUR)
        draw_hedgehog_face(pen, t_s, ready)
        draw_triangle(pen, t_s, ready)


def draw_hedgehog_face(pen: Pen, t_s: float, ready: float) -> None:
    """Draw the face of somebody who must not miss his moment."""
    laugh = t_s >= LAUGH_S + 0.6
    shock = RIP_S + 0.1 <= t_s < 12.2
    look, lid = (-0.9, 0.1), 0.3
    if t_s < READY_S:
        look = (-0.6, 0.5 if math.sin(1.5 * t_s) > 0 else 0.0)
    elif t_s < CLOSE_S:
        look, lid = (-0.8, 0.0), 0.0
    elif t_s < RIP_S:
        look, lid = ((-0.9, 0.0) if t_s < 7.8 else (0.9, 0.0)), 0.0
        if 7.55 < t_s < 7.68:
            lid = 1.0
    elif RIP_S <= t_s < RIP_END_S:
        look, lid = (0.0, 0.0), 0.0
    elif t_s < 11.0:
        look, lid = ((-0.9, 0.0) if t_s < 10.75 else (0.0, 0.2)), 0.0
    elif t_s < TING_S:
        look, lid = (0.9, 0.0), 0.2
    elif t_s < PIP_S:
        look, lid = (0.0, 0.0), 0.9 if t_s > TING_S + 0.3 else 0.3
    elif t_s < 14.9:
        look, lid = (-0.9, 0.0), 0.0
    size = 30 + 8 * shock
    red = 0.7 * ease(t_s, RIP_S, RIP_S + 0.8) * (t_s < LAUGH_S)
    for side in (-1, 1):
        pen.oval(side * 72, -108, 26, 18, 0xF0705A, line=0, alpha=0.35 + 0.6 * red)
        if laugh:
            pen.stroke([(side * 42 - 20, -146), (side * 42, -164), (side * 42 + 20, -146)], line=8)
        else:
            pen.eye(side * 42, -150, size, look=look, lid=lid, skin=FUR, pupil=0.42 - 0.18 * shock)
        up = 16 * shock + 10 * ready
        pen.stroke([(side * 24, -196 - up), (side * 62, -190 - up * 0.4)], line=8)
    pen.oval(0, -122, 20, 16, 0x2B2440)
    if laugh:
        pen.oval(0, -90, 26, 14 + 6 * math.sin(18 * t_s), 0x6B1A2E, line=5)
    elif RIP_S <= t_s < RIP_END_S or PIP_S <= t_s < PIP_S + 0.3:
        pen.oval(0, -92, 9, 8, 0x6B1A2E, line=5)
    elif TING_S + 0.2 < t_s < PIP_S:
        pen.stroke([(-22, -96), (0, -88), (22, -96)], line=6)
    else:
        pen.stroke([(-16, -92), (0, -94), (16, -92)], line=6)
    if (t_s > READY_S + 0.8 and t_s < RIP_S) or shock:
        drop = (0.9 * t_s) % 1.0
        pen.oval(104, -190 + 90 * drop, 9, 14, 0x8FDCFF, line=4)


def draw_triangle(pen: Pen, t_s: float, ready: float) -> None:
    """Draw triangle and beater; at the great moment the beater touches it."""
    swing = 12 * ring(t_s, TING_S, 3, 1.5) + 12 * ring(t_s, LAST_TING_S, 3, 1.5)
    up = 90 * ready
    with pen.at(-176, -140 - 0.5 * up, turn=swing):
        pen.stroke([(0, -70), (0, -50)], line=5)
        for wide, ink in ((16, 0x2B2440), (8, 0xE6ECF6)):
            pen.stroke(
                [(0, -50), (0, -50), (-50, 38), (-50, 38), (50, 38), (50, 38), (8, -36)],
                line=wide,
                ink=ink,
            )
    pen.stroke([(-100, -70), (-150, -110 - 0.4 * up), (-176, -206 - 0.5 * up)], line=22)
    pen.stroke([(-100, -70), (-150, -110 - 0.4 * up), (-176, -206 - 0.5 * up)], line=12, ink=SUIT)
    aim = ease(t_s, 8.2, RIP_S)
    hit = max(bump(t_s, TING_S - 0.12, 0.24), bump(t_s, LAST_TING_S - 0.12, 0.24))
    near = max(hit, 0.75 * aim if t_s < RIP_END_S else 0.0)
    hand = (-46 - 34 * near, -44 - (16 + 0.4 * up) * near - 0.1 * up)
    pen.stroke([(100, -60), (40, -34), hand], line=22)
    pen.stroke([(100, -60), (40, -34), hand], line=12, ink=SUIT)
    pen.stroke([hand, (hand[0] - 74, hand[1] - 38)], line=13)
    pen.stroke([hand, (hand[0] - 74, hand[1] - 38)], line=6, ink=0xE6ECF6)
    pen.oval(*hand, 14, 14, FUR, line=5)
    for at_s in (TING_S, LAST_TING_S):
        if 0 <= t_s - at_s < 0.7:
            r = 60 + 160 * (t_s - at_s)
            for k in range(8):
                a = math.pi * k / 4
                pen.stroke(
                    [
                        (-176 + r * math.cos(a), -150 - 0.5 * up + r * math.sin(a)),
                        (-176 + (r + 24) * math.cos(a), -150 - 0.5 * up + (r + 24) * math.sin(a)),
                    ],
                    line=6,
                    ink=0xFFF3B8,
                )


def draw_close_up(pen: Pen, t_s: float) -> None:
    """Draw the hedgehog alone in its spotlight."""
    pen.still("spot", draw_spot)
    creep = 1.55 + 0.25 * ease(t_s, CLOSE_S, RIP_S)
    with pen.at(690, 640, scale=creep):
        pen.box(-130, 0, 260, 40, 0xC83C55, r=12)
        draw_hedgehog(pen, t_s)
        for start_s, end_s in ((RIP_S, RIP_END_S), (PIP_S, PIP_S + 0.3)):
            if start_s < t_s < end_s + 0.4:
                for k in range(5):
                    age = (t_s - start_s - 0.2 * k) / 0.9
                    if 0 < age < 1 and (k == 0 or end_s - start_s > 0.5):
                        pen.oval(
                            140 + 120 * age,
                            -10 - 30 * age - 9 * k,
                            12 + 26 * age,
                            9 + 20 * age,
                            0xCBE08A,
                            line=4,
                            alpha=0.8 * (1 - age),
                        )


def draw_spot(pen: Pen) -> None:
    """Draw darkness with one cone of light."""
    pen.veil(0x1A0A16, 1)
    pen.poly([(560, -20), (780, -20), (1120, 740), (200, 740)], 0x5A2438, line=0)
    pen.shape(oval(680, 640, 420, 90), 0x7A3A48, line=0)


def solo_sound(rng: np.random.Generator) -> np.ndarray:
    """A symphony that heads for one note; the note; what it does to the hall."""
    track = tones.Track(SOLO_S)
    chords = (
        (196, 247, 294),
        (220, 262, 330),
        (247, 294, 370),
        (262, 330, 392),
        (294, 370, 440),
        (330, 392, 494),
        (370, 440, 587),
        (392, 494, 587),
    )
    for number, chord in enumerate(chords):
        at_s, gain = 0.05 + 0.69 * number, 0.12 + 0.022 * number
        for voice, hz in enumerate(chord):
            track.put(at_s, tones.strings(hz, 0.74, 0.08), gain, pan=-0.5 + 0.4 * voice)
            track.put(at_s, tones.brass(hz / 2, 0.6), gain)
        for beat in range(4):
            hz = chord[beat % 3] * 2
            track.put(at_s + 0.172 * beat, tones.pluck(hz, 0.2), 0.8 * gain, pan=0.3)
        track.put(at_s, tones.thud(rng, 65, 0.4), 2 * gain)
    for number in range(26):
        track.put(4.9 + 0.062 * number, tones.thud(rng, 60, 0.2), 0.05 + 0.018 * number)
    for hz in (196, 294, 392, 494, 587, 784):
        track.put(5.6, tones.strings(hz, HUSH_S - 5.6, 0.4), 0.22)
        track.put(5.6, tones.brass(hz / 2, HUSH_S - 5.6), 0.2)
    track.put(
        HUSH_S - 0.05, tones.noise(rng, 0.5, 3_000, 12_000) * np.exp(-7 * tones.times(0.5)), 0.5
    )
    track.put(7.5, tones.blip(1_700, 0.05, 0.8), 0.10)
    track.put(7.85, tones.noise(rng, 0.2, 700, 2_000) * np.exp(-12 * tones.times(0.2)), 0.05)
    track.put(RIP_S, tones.rip(rng, 120, RIP_END_S - RIP_S, 0.55), 1.0)
    track.put(RIP_END_S + 0.08, tones.rip(rng, 150, 0.12, 1.3), 0.6)
    track.put(11.15, tones.blip(330, 0.14, 1.3), 0.22, pan=-0.3)
    track.put(11.75, tones.blip(1_500, 0.05, 0.8), 0.12)
    for at_s, gain in ((TING_S, 0.35), (LAST_TING_S, 0.40)):
        track.put(at_s, tones.bell(2_637, 2.0), gain)
        track.put(at_s, tones.bell(3_951, 1.2), 0.5 * gain)
    track.put(PIP_S, tones.rip(rng, 260, 0.16, 1.5), 0.7)
    for number in range(4):  # he does what he can
        puff = tones.noise(rng, 0.10, 500, 2_200) * np.exp(-20 * tones.times(0.10))
        track.put(15.02 + 0.16 * number, puff, 0.14 + 0.05 * number)
    snort = tones.noise(rng, 0.4, 300, 3_000) * np.exp(-5 * tones.times(0.4))
    track.put(SNORT_S + 0.33, snort, 0.9)
    track.put(LAUGH_S, tones.laugh(rng, 330, 13, 0.19, 0.8), 1.6, pan=-0.3)
    for number, hz in enumerate((520, 610, 450, 250, 700)):
        track.put(
            LAUGH_S + 0.3 + 0.17 * number,
            tones.laugh(rng, hz, 14 - number, 0.16 + 0.01 * number),
            0.85,
            pan=-0.8 + 0.4 * number,
        )
    track.put(LAUGH_S + 1.05, tones.thud(rng, 90, 0.4), 0.8, pan=-0.5)
    track.reverb(rng, 1.3, 0.16)
    return track.samples


SCENE = Scene(
    "happy/3/solo-triangle.mp4",
    "The Big Solo",
    "일생일대의 독주",
    SOLO_S,
    draw_solo,
    solo_sound,
)
