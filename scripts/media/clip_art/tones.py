"""A small synthesiser: every sound is (samples,) float64 at 48 kHz, mixed on a Track."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import signal

RATE_HZ = 48_000
Wave = NDArray[np.float64]


class Track:
    """A stereo sound to put others on."""

    def __init__(self, seconds: float) -> None:
        self.samples: Wave = np.zeros((round(seconds * RATE_HZ), 2))

    def put(self, at_s: float, wave: Wave, gain: float = 1.0, pan: float = 0.0) -> None:
        """Mix a sound in at a time; ``pan`` -1 left .. 1 right. What sticks out is cut off."""
        start = round(at_s * RATE_HZ)
        wave = wave[: max(0, len(self.samples) - start)]
        sides = np.array([1 - max(0.0, pan), 1 + min(0.0, pan)])
        self.samples[start : start + len(wave)] += gain * wave[:, None] * sides

    def bring_up(self, until_s: float, gain: float) -> None:
        """Make everything before a time louder: the quiet before a scream is still to be heard."""
        self.samples[: round(until_s * RATE_HZ)] *= gain

    def reverb(self, rng: np.random.Generator, seconds: float = 1.2, share: float = 0.25) -> None:
        """Put the whole track into a room."""
        t = times(seconds)
        for side in range(2):
            room = rng.standard_normal(len(t)) * np.exp(-6 * t / seconds)
            wet = signal.fftconvolve(self.samples[:, side], room)[: len(self.samples)]
            self.samples[:, side] += share * wet / np.sqrt((room**2).sum())


def times(seconds: float) -> Wave:
    """Return the sample times of a sound."""
    return np.arange(round(seconds * RATE_HZ)) / RATE_HZ


def envelope(seconds: float, attack_s: float, release_s: float) -> Wave:
    """Rise, stay, fall; 0..1."""
    t = times(seconds)
    return np.clip(np.minimum(t / attack_s, (seconds - t) / release_s), 0, 1)


def saw(hz: Wave | float, seconds: float, harmonics: int = 24) -> Wave:
    """Return a band-limited sawtooth; ``hz`` may change over time."""
    phase = 2 * np.pi * np.cumsum(np.broadcast_to(hz, times(seconds).shape)) / RATE_HZ
    top = float(np.max(hz))
    count = max(1, min(harmonics, int(16_000 / top)))
    return sum((np.sin(n * phase) / n for n in range(1, count + 1)), np.zeros_like(phase))


def formants(wave: Wave, bands: list[tuple[float, float, float]]) -> Wave:
    """Shape a buzz into a voice: each band is (centre Hz, width Hz, gain)."""
    out = np.zeros_like(wave)
    for centre, width, gain in bands:
        b, a = signal.iirpeak(centre, centre / width, fs=RATE_HZ)
        out += gain * signal.lfilter(b, a, wave)
    return out


AH = [(730.0, 110.0, 1.0), (1090.0, 120.0, 0.6), (2440.0, 180.0, 0.25)]
OO = [(320.0, 80.0, 1.0), (800.0, 100.0, 0.4), (2240.0, 180.0, 0.08)]


def sing(hz: float, seconds: float, bands: list[tuple[float, float, float]] = AH) -> Wave:
    """Sing one vowel with a little vibrato."""
    t = times(seconds)
    pitch = hz * (1 + 0.008 * np.sin(2 * np.pi * 5.2 * t) * np.clip(t * 2, 0, 1))
    return formants(saw(pitch, seconds), bands) * envelope(seconds, 0.08, 0.15)


def burp(rng: np.random.Generator, hz: float, seconds: float) -> Wave:
    """Burp."""
    t = times(seconds)
    rough = signal.lfilter([0.002], [1, -0.998], rng.standard_normal(len(t)))
    pitch = hz * (1.15 - 0.35 * t / seconds) * (1 + 4.0 * rough)
    flutter = 0.6 + 0.4 * np.sign(np.sin(2 * np.pi * np.cumsum(26 + 60 * rough) / RATE_HZ))
    flutter = signal.lfilter([0.01], [1, -0.99], flutter)
    body = formants(
        saw(np.clip(pitch, 30, 400), seconds, 40),
        [(420.0, 130.0, 1.0), (900.0, 160.0, 0.7), (1900.0, 300.0, 0.2)],
    )
    wave: Wave = body * flutter * envelope(seconds, 0.02, 0.12) * 1.6
    return wave


def honk(hz: float, seconds: float) -> Wave:
    """Honk like a duck with a trumpet."""
    t = times(seconds)
    pitch = hz * (1 + 0.25 * np.exp(-30 * t) - 0.12 * t / seconds)
    nose = [(1000.0, 140.0, 1.0), (1700.0, 220.0, 0.9), (2900.0, 300.0, 0.4)]
    return formants(saw(pitch, seconds, 40), nose) * envelope(seconds, 0.01, 0.06) * 1.5


def bell(hz: float, seconds: float = 1.4) -> Wave:
    """Return one tine of a music box."""
    t = times(seconds)
    parts = ((1.0, 1.0, 3.0), (2.0, 0.3, 4.5), (5.4, 0.16, 9.0))
    wave = sum(
        (g * np.sin(2 * np.pi * hz * r * t) * np.exp(-d * t) for r, g, d in parts), np.zeros_like(t)
    )
    return wave * np.clip(t * 400, 0, 1)


def pluck(hz: float, seconds: float = 0.5) -> Wave:
    """Return a short round plucked note."""
    t = times(seconds)
    return saw(hz, seconds, 5) * np.exp(-7 * t) * np.clip(t * 300, 0, 1)


def noise(rng: np.random.Generator, seconds: float, low_hz: float, high_hz: float) -> Wave:
    """Return noise between two frequencies."""
    sos = signal.butter(2, (low_hz, high_hz), "bandpass", fs=RATE_HZ, output="sos")
    wave: Wave = signal.sosfilt(sos, rng.standard_normal(round(seconds * RATE_HZ)))
    wave /= np.abs(wave).max()
    return wave


def thud(rng: np.random.Generator, hz: float = 70.0, seconds: float = 0.35) -> Wave:
    """Return a knock on something heavy."""
    t = times(seconds)
    body = np.sin(2 * np.pi * hz * (t + 0.02 * np.exp(-40 * t))) * np.exp(-12 * t)
    return body + 0.3 * noise(rng, seconds, 200, 1_200) * np.exp(-60 * t)


def tick(rng: np.random.Generator, hz: float = 2_600.0) -> Wave:
    """Return one tick of a clock."""
    t = times(0.06)
    return noise(rng, 0.06, hz * 0.7, hz * 1.4) * np.exp(-90 * t)


def whoosh(rng: np.random.Generator, seconds: float) -> Wave:
    """Return air rushing past."""
    swell: Wave = np.sin(np.pi * times(seconds) / seconds) ** 2
    return noise(rng, seconds, 300, 3_000) * swell


def scream(rng: np.random.Generator, seconds: float) -> Wave:
    """Return a shriek: clashing voices over a roar."""
    t = times(seconds)
    bend = 1 + 0.10 * np.exp(-8 * t) + 0.02 * np.sin(2 * np.pi * 9 * t)
    wave = np.zeros_like(t)
    for hz in (523.0, 587.0, 622.0, 831.0, 1175.0):
        wave += saw(hz * bend * (1 + 0.01 * rng.standard_normal()), seconds, 12)
    wave = 0.25 * wave + 0.8 * noise(rng, seconds, 400, 5_000)
    wave += 1.2 * np.sin(2 * np.pi * 48 * t) * np.exp(-2 * t)
    return np.tanh(1.5 * wave) * envelope(seconds, 0.006, 0.5 * seconds)


def drone(rng: np.random.Generator, hz: float, seconds: float) -> Wave:
    """Return a low uneasy hum."""
    t = times(seconds)
    beat = np.sin(2 * np.pi * hz * t) + np.sin(2 * np.pi * hz * 1.012 * t)
    beat += 0.5 * np.sin(2 * np.pi * hz * 1.5 * t + np.sin(2 * np.pi * 0.3 * t))
    air = 0.4 * noise(rng, seconds, 80, 400)
    return (beat / 2.5 + air) * envelope(seconds, 1.0, 0.05)


def glide(from_hz: float, to_hz: float, seconds: float, harmonics: int = 3) -> Wave:
    """Slide from one pitch to another, like a slide whistle."""
    t = times(seconds)
    hz = from_hz * (to_hz / from_hz) ** (t / seconds)
    hz = hz * (1 + 0.012 * np.sin(2 * np.pi * 6 * t))
    return saw(hz, seconds, harmonics) * envelope(seconds, 0.03, 0.06)


def boing(hz: float = 180.0, seconds: float = 0.9) -> Wave:
    """Return a spring let go."""
    t = times(seconds)
    bend = hz * (1 + 0.5 * np.exp(-3 * t) * np.sin(2 * np.pi * 11 * t))
    return saw(bend, seconds, 6) * np.exp(-4 * t) * np.clip(t * 200, 0, 1)


def blip(hz: float, seconds: float = 0.12, bend: float = 1.6) -> Wave:
    """Return a bubble: a short sine that bends upwards."""
    t = times(seconds)
    phase = 2 * np.pi * np.cumsum(hz * bend ** (t / seconds)) / RATE_HZ
    return np.sin(phase) * envelope(seconds, 0.006, 0.6 * seconds)


def rip(rng: np.random.Generator, hz: float, seconds: float, end: float = 0.6) -> Wave:
    """Return the rudest sound of all: a wet flutter that falls in pitch by ``end``."""
    t = times(seconds)
    wander = signal.lfilter([0.0015], [1, -0.9985], rng.standard_normal(len(t)))
    pitch = hz * end ** (t / seconds) * (1 + 5 * wander)
    phase = np.cumsum(np.clip(pitch, 20, 300)) / RATE_HZ
    puffs = np.exp(-9 * (phase % 1.0)) * (1 + 0.4 * rng.standard_normal(len(t)))
    body = formants(puffs, [(260.0, 160.0, 1.0), (620.0, 240.0, 0.8), (1500.0, 500.0, 0.3)])
    return np.tanh(3 * body) * envelope(seconds, 0.015, 0.08)


def laugh(
    rng: np.random.Generator, hz: float, count: int = 6, pace_s: float = 0.19, fall: float = 0.8
) -> Wave:
    """Laugh: ha, ha, ha, each a little lower, no two alike."""
    seconds = count * pace_s + 0.3
    wave = np.zeros(round(seconds * RATE_HZ))
    for number in range(count):
        length_s = pace_s * rng.uniform(0.55, 0.75)
        t = times(length_s)
        tone = hz * fall ** (number / max(1, count - 1)) * rng.uniform(0.96, 1.05)
        pitch = tone * (1.12 - 0.25 * t / length_s)
        voice = formants(saw(pitch, length_s), AH)
        voice = voice + 0.10 * noise(rng, length_s, 900, 4_000)
        voice *= envelope(length_s, 0.02, 0.06)
        start = round((number * pace_s + rng.uniform(0, 0.015)) * RATE_HZ)
        wave[start : start + len(voice)] += voice * (1 - 0.35 * number / count)
    return wave


def shout(rng: np.random.Generator, hz: float, seconds: float, rough: float = 0.5) -> Wave:
    """Shout "aaah" like somebody who has found a spider."""
    t = times(seconds)
    shape = 0.8 + 0.35 * np.clip(t / 0.15, 0, 1) - 0.12 * (t / seconds) ** 3
    pitch = hz * shape * (1 + 0.02 * np.sin(2 * np.pi * 7 * t))
    growl = 1 + rough * np.sign(np.sin(2 * np.pi * 0.5 * np.cumsum(pitch) / RATE_HZ))
    wave = saw(pitch, seconds, 40) * growl + 0.25 * rng.standard_normal(len(t))
    bands = [(850.0, 130.0, 1.0), (1350.0, 160.0, 0.9), (2700.0, 250.0, 0.5), (3600.0, 300.0, 0.3)]
    return np.tanh(1.6 * formants(wave, bands)) * envelope(seconds, 0.03, 0.12)


def bleat(hz: float, seconds: float = 0.7) -> Wave:
    """Bleat, sweetly."""
    t = times(seconds)
    wobble = 1 + 0.05 * np.sin(2 * np.pi * 11 * t)
    beat = 0.65 + 0.35 * np.sin(2 * np.pi * 11 * t)
    bands = [(700.0, 120.0, 1.0), (1800.0, 200.0, 0.7), (2600.0, 300.0, 0.3)]
    return formants(saw(hz * wobble, seconds), bands) * beat * envelope(seconds, 0.05, 0.2)


def croak(rng: np.random.Generator, hz: float = 110.0, seconds: float = 0.35) -> Wave:
    """Croak."""
    t = times(seconds)
    puffs = np.exp(-6 * ((38 * t) % 1.0))
    wave = saw(hz * (1 + 0.3 * t), seconds, 30) * puffs + 0.1 * rng.standard_normal(len(t)) * puffs
    return formants(wave, [(500.0, 120.0, 1.0), (1400.0, 200.0, 0.5)]) * envelope(
        seconds, 0.02, 0.06
    )


def brass(hz: float, seconds: float) -> Wave:
    """Return a soft horn."""
    t = times(seconds)
    wave = saw(hz * (1 + 0.004 * np.sin(2 * np.pi * 5 * t)), seconds)
    shaped = formants(wave, [(600.0, 300.0, 1.0), (1300.0, 400.0, 0.4)])
    return shaped * envelope(seconds, 0.03, min(0.12, 0.4 * seconds))


def strings(hz: float, seconds: float, attack_s: float = 0.15) -> Wave:
    """Return a few violins on one note, not quite together."""
    wave = sum((saw(hz * detune, seconds, 14) for detune in (0.995, 1.0, 1.006)), np.zeros(1))
    sos = signal.butter(2, min(8 * hz, 9_000), "lowpass", fs=RATE_HZ, output="sos")
    soft: Wave = signal.sosfilt(sos, wave)
    return soft / 3 * envelope(seconds, attack_s, min(0.25, 0.4 * seconds))


def sting(rng: np.random.Generator, seconds: float = 1.4) -> Wave:
    """Return the chord of a film when it is too late: shrill strings that slide up, and a blow."""
    t = times(seconds)
    wave = np.zeros_like(t)
    for hz in (740.0, 784.0, 1109.0, 1175.0, 1661.0):
        slide = hz * (1 + 0.05 * np.clip(t / 0.2, 0, 1)) * (1 + 0.006 * rng.standard_normal())
        wave += saw(slide, seconds, 10)
    hit = noise(rng, seconds, 60, 6_000) * np.exp(-9 * t)
    low = np.sin(2 * np.pi * 50 * t) * np.exp(-2.5 * t)
    mixed = np.tanh(0.35 * wave + 1.4 * hit + 1.2 * low)
    return mixed * envelope(seconds, 0.004, 0.5 * seconds)


def heart(rng: np.random.Generator) -> Wave:
    """Return one double beat of a heart."""
    wave = np.zeros(round(0.5 * RATE_HZ))
    for at_s, hz, gain in ((0.0, 55.0, 1.0), (0.17, 47.0, 0.7)):
        beat = thud(rng, hz, 0.25)
        start = round(at_s * RATE_HZ)
        wave[start : start + len(beat)] += gain * beat
    return wave


def creak(rng: np.random.Generator, seconds: float, hz: float = 95.0) -> Wave:
    """Return an old hinge."""
    t = times(seconds)
    wander = np.cumsum(rng.standard_normal(len(t))) / 50
    pitch = np.clip(hz + 0.6 * hz * np.sin(2 * np.pi * 0.55 * t) + wander, 40, 260)
    voice = formants(saw(pitch, seconds), [(900.0, 90.0, 1.0), (2100.0, 160.0, 0.6)])
    return voice * envelope(seconds, 0.3 * seconds, 0.3 * seconds)


def swell(rng: np.random.Generator, seconds: float, low_hz: float, high_hz: float) -> Wave:
    """Return air that grows and grows and stops dead."""
    return noise(rng, seconds, low_hz, high_hz) * (times(seconds) / seconds) ** 2.5


def drip(hz: float = 1_300.0) -> Wave:
    """Return one drop falling into water."""
    return blip(hz, 0.09, 1.9) * 0.8
