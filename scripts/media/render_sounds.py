"""Synthesise the menu music and the effects of the game: emotion_game/clips/sounds/*.ogg.

    python scripts/media/render_sounds.py
    python scripts/media/render_sounds.py --out runs/sounds --preview runs/sounds.png

Needs the extra ``media`` (scipy, soundfile; skia-python for the preview). All of it is CC0-1.0.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import numpy as np
import soundfile
import typer
from clip_art import tones
from clip_art.tones import RATE_HZ, Track, Wave
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from scipy import signal

from emotion_game.clips.audio import RATE_HZ as GAME_HZ
from emotion_game.clips.loudness import measure

#: Music lies under everything, effects stand out; no peak comes near full scale.
MUSIC_LUFS, PEAK_DBFS = -23.0, -3.0
BEAT_S = 0.5
BARS = 8
LOOP_S = 4 * BARS * BEAT_S
_BLOCK = 4_096

app = typer.Typer(add_completion=False)


class Loop(Track):
    """A sound without an end: what rings over its end goes on at its beginning."""

    def put(self, at_s: float, wave: Wave, gain: float = 1.0, pan: float = 0.0) -> None:
        """Mix a sound in at a time; ``pan`` -1 left .. 1 right."""
        places = (round(at_s * RATE_HZ) + np.arange(len(wave))) % len(self.samples)
        sides = np.array([1 - max(0.0, pan), 1 + min(0.0, pan)])
        np.add.at(self.samples, places, gain * wave[:, None] * sides)

    def reverb(self, rng: np.random.Generator, seconds: float = 1.2, share: float = 0.25) -> None:
        """Put the whole loop into a room that has heard it before."""
        length = len(self.samples)
        self.samples = np.tile(self.samples, (2, 1))
        super().reverb(rng, seconds, share)
        self.samples = self.samples[length:]


def note(half_tones: float) -> float:
    """Return a pitch in Hz, counted in half tones from A4."""
    return float(440.0 * 2 ** (half_tones / 12))


def menu_music(rng: np.random.Generator) -> Wave:
    """A sly tiptoe: plucked bass, off-beat chords, a glockenspiel that has an idea now and then."""
    track = Loop(LOOP_S)
    roots = (-21, -21, -24, -24, -19, -19, -14, -17)  # C C A A D D G E, low
    minor = (False, False, True, True, True, True, False, False)
    for bar in range(BARS):
        at_s = 4 * BEAT_S * bar
        third = 3 if minor[bar] else 4
        for beat, step in enumerate((0, 7, 0, 7)):
            track.put(at_s + BEAT_S * beat, tones.pluck(note(roots[bar] - 12 + step), 0.45), 0.50)
        for beat in range(4):
            for voice in (0, third, 7):
                track.put(
                    at_s + BEAT_S * (beat + 0.5),
                    tones.pluck(note(roots[bar] + 12 + voice), 0.2),
                    0.13,
                    pan=0.3,
                )
            shaker = tones.noise(rng, 0.08, 5_000, 12_000) * np.exp(-50 * tones.times(0.08))
            track.put(at_s + BEAT_S * (beat + 0.5), shaker, 0.10, pan=-0.4)
    melody: tuple[tuple[float, int], ...] = (
        (0, 3),
        (0.5, 7),
        (1, 10),
        (2, 7),
        (2.5, 5),
        (3, 3),
        (8, 0),
        (8.5, 3),
        (9, 7),
        (10, 8),
        (10.5, 7),
        (11, 3),
        (16, 5),
        (16.5, 8),
        (17, 12),
        (18, 10),
        (18.5, 8),
        (19, 5),
        (24, 10),
        (24.5, 14),
        (25, 15),
        (26, 14),
        (27, 11),
        (29, 10),
        (30, 11),
    )
    for at_beats, pitch in melody:
        track.put(BEAT_S * at_beats, tones.bell(note(pitch), 0.9), 0.22, pan=-0.2)
    track.reverb(rng, 0.5, 0.10)
    return track.samples


def happy_music(rng: np.random.Generator) -> Wave:
    """A skip: plucked strings, hand claps, a kazoo with confidence."""
    track = Loop(LOOP_S)
    roots = (-9, -9, -4, -4, -2, -2, -9, -2)  # C F G C, middle
    for bar in range(BARS):
        at_s = 4 * BEAT_S * bar
        for beat in range(4):
            step = (0, 7)[beat % 2]
            track.put(at_s + BEAT_S * beat, tones.brass(note(roots[bar] - 24 + step), 0.22), 0.42)
            for half, gain in ((0.0, 0.10), (0.5, 0.16), (0.75, 0.09)):
                for voice in (0, 4, 7, 12):
                    track.put(
                        at_s + BEAT_S * (beat + half) + 0.008 * voice / 4,
                        tones.pluck(note(roots[bar] + voice), 0.25),
                        gain,
                        pan=0.35,
                    )
            if beat % 2:
                clap = tones.noise(rng, 0.12, 900, 4_500) * np.exp(-38 * tones.times(0.12))
                track.put(at_s + BEAT_S * beat, clap, 0.22, pan=-0.2)
    melody: tuple[tuple[float, int, float], ...] = (
        (0, 7, 1),
        (1, 12, 0.5),
        (1.5, 14, 0.5),
        (2, 16, 1),
        (3, 12, 1),
        (4, 14, 0.5),
        (4.5, 12, 0.5),
        (5, 10, 1),
        (6, 7, 1.5),
        (8, 8, 1),
        (9, 12, 0.5),
        (9.5, 8, 0.5),
        (10, 5, 1),
        (11, 8, 1),
        (12, 7, 2),
        (16, 10, 0.5),
        (16.5, 10, 0.5),
        (17, 14, 1),
        (18, 17, 1),
        (19, 14, 1),
        (20, 16, 0.5),
        (20.5, 14, 0.5),
        (21, 12, 1),
        (22, 10, 1.5),
        (24, 7, 1),
        (25, 12, 1),
        (26, 16, 1),
        (27, 19, 1),
        (28, 17, 0.5),
        (28.5, 14, 0.5),
        (29, 10, 1),
        (30, 11, 1),
    )
    for at_beats, pitch, beats in melody:
        length_s = 0.92 * BEAT_S * beats
        kazoo = tones.formants(
            tones.saw(note(pitch - 9), length_s), [(900.0, 260.0, 1.0), (2300.0, 500.0, 0.5)]
        )
        track.put(BEAT_S * at_beats, kazoo * tones.envelope(length_s, 0.02, 0.06), 0.30, pan=-0.15)
    track.reverb(rng, 0.4, 0.08)
    return track.samples


def surprise_music(rng: np.random.Generator) -> Wave:
    """A cellar: a hum, a heart, a music box that has been left wound up."""
    track = Loop(LOOP_S)
    t = tones.times(LOOP_S)
    for cycles, gain in ((55.0, 0.30), (55.0 + 1 / LOOP_S * 6, 0.24), (82.5, 0.12)):
        hz = round(cycles * LOOP_S) / LOOP_S  # whole cycles: no seam
        track.samples += gain * (np.sin(2 * np.pi * hz * t))[:, None]
    track.samples *= (0.75 + 0.25 * np.sin(2 * np.pi * 2 / LOOP_S * t))[:, None]
    for bar in range(BARS):
        track.put(4 * BEAT_S * bar, tones.heart(rng), 0.40)
        if bar % 2:
            air = tones.noise(rng, 1.8, 300, 1_400) * np.sin(np.pi * tones.times(1.8) / 1.8) ** 2
            track.put(4 * BEAT_S * bar + 0.6, air, 0.12, pan=0.7 * (-1) ** (bar // 2))
    melody = (
        (0, 0),
        (1.5, 3),
        (3, 7),
        (4.5, 6),
        (8, 0),
        (9.5, 3),
        (11, 8),
        (13, 7),
        (16, 5),
        (17.5, 3),
        (19, 2),
        (20.5, 3),
        (24, 0),
        (25.5, -1),
        (27, 3),
        (29, 2),
    )
    for number, (beat, pitch) in enumerate(melody):
        track.put(
            BEAT_S * beat,
            tones.bell(note(pitch) * (1 - 0.004 * (number % 3)), 2.2),
            0.22,
            pan=-0.35,
        )
    track.put(BEAT_S * 14, tones.creak(rng, 1.6, 80), 0.05, pan=0.6)
    track.reverb(rng, 1.6, 0.22)
    return track.samples


def effect(seconds: float, *parts: tuple[float, Wave, float]) -> Wave:
    """Return a short sound made of (time s, wave, gain)."""
    track = Track(seconds)
    for at_s, wave, gain in parts:
        track.put(at_s, wave, gain)
    fade = np.minimum(1.0, (seconds - tones.times(seconds)) / 0.02)
    return track.samples * fade[:, None]


def pressed(samples: Wave, strength: float) -> Wave:
    """Press the loudest down, so that the rest can be turned up."""
    louder: Wave = np.tanh(strength * samples / np.abs(samples).max())
    return louder


def win(rng: np.random.Generator) -> Wave:
    """A fanfare that goes up."""
    parts = [(0.11 * k, tones.brass(note(p), 0.16), 0.7) for k, p in enumerate((-9, -5, -2))]
    parts += [(0.33, tones.brass(note(p), 0.75), 0.45) for p in (3, -2, -5, 7)]
    parts += [
        (0.33 + 0.09 * k, tones.bell(note(15 + p), 0.7), 0.25) for k, p in enumerate((0, 4, 7, 12))
    ]
    return effect(1.4, *parts)


def lose(rng: np.random.Generator) -> Wave:
    """A trombone that shrugs: three steps down, and a long one that wobbles."""
    parts = [(0.26 * k, tones.brass(note(p), 0.22), 0.8) for k, p in enumerate((-14, -15, -16))]
    t = tones.times(0.8)
    pitch = note(-17) * (1 + 0.03 * np.sin(2 * np.pi * 6 * t)) * 2 ** (-0.10 * t / 0.8)
    wah = tones.formants(tones.saw(pitch, 0.8), [(520.0, 220.0, 1.0), (1100.0, 300.0, 0.5)])
    parts.append((0.78, wah * tones.envelope(0.8, 0.03, 0.3), 0.9))
    return effect(1.65, *parts)


def crown(rng: np.random.Generator) -> Wave:
    """Drums, a fanfare in thirds, and bells all over it."""
    parts = [(0.05 * k, tones.thud(rng, 110, 0.12), 0.20 + 0.03 * k) for k in range(10)]
    for k, (p, beats) in enumerate(((-2, 1), (-2, 1), (-2, 1), (3, 4))):
        for third in (0, -5, -9):
            parts.append((0.5 + 0.14 * k, tones.brass(note(p + third), 0.12 * beats), 0.45))
    for third in (7, 3, -2, -9):
        parts.append((1.5, tones.brass(note(third), 1.0), 0.45))
    for k in range(14):
        parts.append((1.5 + 0.07 * k, tones.bell(note((15, 19, 22, 27)[k % 4]), 0.8), 0.14))
    return effect(2.8, *parts)


def warning(rng: np.random.Generator) -> Wave:
    """Two low pulses: it is getting close."""
    t = tones.times(0.16)
    pulse = (tones.saw(196, 0.16, 6) + 0.5 * np.sin(2 * np.pi * 98 * t)) * tones.envelope(
        0.16, 0.01, 0.06
    )
    return effect(0.42, (0.0, pulse, 0.6), (0.2, pulse, 0.6))


def gasp(rng: np.random.Generator) -> Wave:
    """A crowd draws its breath, and lets it out in relief."""
    parts: list[tuple[float, Wave, float]] = []
    for _ in range(9):
        at_s, length_s = rng.uniform(0.0, 0.08), rng.uniform(0.28, 0.36)
        breath = (
            tones.noise(rng, length_s, 900, 5_500)
            * np.linspace(0.1, 1.0, round(length_s * tones.RATE_HZ)) ** 2
        )
        parts.append((at_s, breath * tones.envelope(length_s, 0.05, 0.05), 0.16))
    for number in range(12):
        hz = 130 * 2 ** (number % 6 / 5) * rng.uniform(0.97, 1.03)
        length_s = rng.uniform(0.5, 0.75)
        t = tones.times(length_s)
        voice = tones.formants(
            tones.saw(hz * (1.12 - 0.28 * t / length_s), length_s, 20),
            [(430.0, 110.0, 1.0), (820.0, 160.0, 0.6), (2500.0, 400.0, 0.12)],
        )
        voice *= tones.envelope(length_s, 0.06, 0.3)
        parts.append((0.4 + rng.uniform(0.0, 0.07), voice, 0.13))
    samples = effect(1.3, *parts)
    return pressed(samples, 2.5)


def caught(rng: np.random.Generator) -> Wave:
    """The needle slips off the record, something rushes up, a stamp falls, and the room laughs."""
    scratch = tones.rip(rng, 900, 0.16, 0.25)
    rush = tones.swell(rng, 0.42, 300, 5_000)
    blow = tones.noise(rng, 0.4, 50, 5_000) * np.exp(-14 * tones.times(0.4))
    parts = [(0.0, scratch, 0.55), (0.1, rush, 0.45)]
    parts += [(0.52, blow, 1.1), (0.52, tones.thud(rng, 62, 0.5), 1.3)]
    parts += [(0.52, tones.brass(note(p), 0.35), 0.25) for p in (-17, -11, -5)]
    for number, hz in enumerate((150.0, 208.0, 255.0, 178.0)):
        laughing = tones.laugh(rng, hz, 6, 0.15 + 0.012 * number)
        parts.append((0.72 + 0.06 * number, laughing, 0.75))
    # The blow is the loudest: pressed down, the rest of it comes up.
    samples = effect(2.0, *parts)
    return pressed(samples, 4.0)


def error(rng: np.random.Generator) -> Wave:
    """A door that stays shut."""
    buzz = tones.saw(138, 0.13, 10) * tones.envelope(0.13, 0.005, 0.03)
    return effect(0.34, (0.0, buzz, 0.5), (0.17, buzz, 0.5))


MUSIC: dict[str, Callable[[np.random.Generator], Wave]] = {
    "music_menu": menu_music,
    "music_happy": happy_music,
    "music_surprise": surprise_music,
}
#: Name -> (how it is made, its peak in dBFS).
EFFECTS: dict[str, tuple[Callable[[np.random.Generator], Wave], float]] = {
    "move": (lambda rng: effect(0.09, (0.0, tones.blip(620, 0.06, 1.15), 0.8)), -14.0),
    "select": (
        lambda rng: effect(
            0.3, (0.0, tones.pluck(note(3), 0.25), 0.7), (0.06, tones.pluck(note(10), 0.24), 0.8)
        ),
        -8.0,
    ),
    "back": (
        lambda rng: effect(
            0.3, (0.0, tones.pluck(note(3), 0.25), 0.7), (0.06, tones.pluck(note(-4), 0.24), 0.8)
        ),
        -10.0,
    ),
    "beep": (
        lambda rng: effect(0.22, (0.0, tones.glide(660, 660, 0.16, 4), 0.8)),
        -11.0,
    ),
    "go": (
        lambda rng: effect(0.6, (0.0, tones.glide(1_320, 1_320, 0.45, 4), 0.8)),
        -12.0,
    ),
    "warning": (warning, -9.0),
    "gasp": (gasp, -7.0),
    "caught": (caught, PEAK_DBFS),
    "win": (win, -4.0),
    "lose": (lose, -4.0),
    "crown": (crown, PEAK_DBFS),
    "error": (error, -9.0),
}


@app.command()
def render(
    out: Annotated[Path, typer.Option(help="The folder to fill.")] = Path(
        "emotion_game/clips/sounds"
    ),
    seed: Annotated[int, typer.Option(help="Seed of every noise.")] = 7,
    preview: Annotated[
        Path | None, typer.Option(help="Draw the waveforms into this PNG, too.")
    ] = None,
) -> None:
    """Synthesise every sound again; the same seed makes the same samples."""
    out.mkdir(parents=True, exist_ok=True)
    table = Table("sound", "s", "KB", "LUFS", "true peak dBFS")
    drawn: list[tuple[str, Wave]] = []
    for name, make in MUSIC.items():
        loop = at_game_rate(make(np.random.default_rng(seed)), loop=True)
        gain_db = MUSIC_LUFS - measure(at_48k(loop)).lufs
        add(table, drawn, out, name, at_most(loop * 10 ** (gain_db / 20), PEAK_DBFS))
    for name, (make, peak_dbfs) in EFFECTS.items():
        wave = at_game_rate(make(np.random.default_rng(seed)), loop=False)
        add(table, drawn, out, name, wave * 10 ** (peak_dbfs / 20) / np.abs(wave).max())
    Console().print(table)
    if preview is not None:
        draw_waves(drawn, preview)


def add(table: Table, drawn: list[tuple[str, Wave]], out: Path, name: str, samples: Wave) -> None:
    """Write one sound and note what it is like."""
    path = out / f"{name}.ogg"
    write_ogg(samples, path)
    heard = measure(at_48k(samples))
    table.add_row(
        name,
        f"{len(samples) / GAME_HZ:.2f}",
        f"{path.stat().st_size / 1e3:.0f}",
        f"{heard.lufs:.1f}",
        f"{heard.peak_dbfs:.1f}",
    )
    drawn.append((name, samples))


def at_most(samples: Wave, peak_dbfs: float) -> Wave:
    """Turn a sound down until no sample is above a peak."""
    return samples * min(1.0, 10 ** (peak_dbfs / 20) / float(np.abs(samples).max()))


def at_game_rate(samples: Wave, *, loop: bool) -> Wave:
    """Bring 48 kHz to the game's rate; a loop is filtered as one that goes round."""
    up, down = Fraction(GAME_HZ, RATE_HZ).as_integer_ratio()
    if not loop:
        once: Wave = signal.resample_poly(samples, up, down, axis=0)
        return once
    length = len(samples) * up // down
    round_trip: Wave = signal.resample_poly(np.tile(samples, (3, 1)), up, down, axis=0)
    return round_trip[length : 2 * length]


def at_48k(samples: Wave) -> NDArray[np.float32]:
    """Return the game's samples at the rate that loudness is measured at."""
    up, down = Fraction(RATE_HZ, GAME_HZ).as_integer_ratio()
    # Half a second of silence behind: a sound shorter than the measuring window counts, too.
    padded = np.pad(samples, ((0, GAME_HZ // 2), (0, 0)))
    resampled: Wave = signal.resample_poly(padded, up, down, axis=0)
    return resampled.astype(np.float32)


def write_ogg(samples: Wave, path: Path) -> None:
    """Write stereo samples as Ogg Vorbis, beside first, then renamed."""
    beside = path.with_name(f".{path.name}.part")
    with soundfile.SoundFile(
        beside, "w", GAME_HZ, 2, "VORBIS", format="OGG", compression_level=0.5
    ) as file:
        for start in range(0, len(samples), _BLOCK):  # whole, libsndfile runs out of stack
            file.write(samples[start : start + _BLOCK])
    beside.replace(path)


def draw_waves(sounds: list[tuple[str, Wave]], path: Path) -> None:
    """Draw every waveform under the other into one PNG."""
    import skia

    row_px, width_px = 90, 1400
    surface = skia.Surface(width_px, row_px * len(sounds))
    page = surface.getCanvas()
    page.clear(0xFF202020)
    font = skia.Font(skia.Typeface("DejaVu Sans"), 14)
    for row, (name, samples) in enumerate(sounds):
        middle = row_px * (row + 0.5)
        for x, piece in enumerate(np.array_split(samples, width_px)):
            low, high = float(piece.min()), float(piece.max())
            page.drawLine(
                x,
                middle - high * row_px / 2,
                x,
                middle - low * row_px / 2 + 1,
                skia.Paint(Color=0xFF7FD4FF),
            )
        text = f"{name}  {len(samples) / GAME_HZ:.2f} s"
        page.drawString(text, 6, row_px * row + 16, font, skia.Paint(Color=0xFFFFD84D))
    surface.makeImageSnapshot().save(str(path), skia.kPNG)


if __name__ == "__main__":
    app()
