"""A small synthesiser: every sound is (samples,) float64 at 48 kHz, mixed on a Track."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import signal
from scipy.ndimage import minimum_filter1d, uniform_filter1d

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
    return body * flutter * envelope(seconds, 0.02, 0.12) * 1.6


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
    wave = signal.sosfilt(sos, rng.standard_normal(round(seconds * RATE_HZ)))
    return wave / np.abs(wave).max()


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
    return noise(rng, seconds, 300, 3_000) * np.sin(np.pi * times(seconds) / seconds) ** 2


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


# --- loudness ---------------------------------------------------------------------------------

#: ITU-R BS.1770-5, tables 1 and 2: the K-weighting filter at 48 kHz.
_K_WEIGHTING = np.array(
    [
        [
            1.53512485958697,
            -2.69169618940638,
            1.19839281085285,
            1,
            -1.69065929318241,
            0.73248077421585,
        ],
        [1.0, -2.0, 1.0, 1, -1.99004745483398, 0.99007225036621],
    ]
)


def loudness_lufs(samples: Wave) -> float:
    """Measure integrated loudness with both gates, ITU-R BS.1770-5."""
    weighted = signal.sosfilt(_K_WEIGHTING, samples, axis=0)
    size, step = round(0.4 * RATE_HZ), round(0.1 * RATE_HZ)
    power = np.array(
        [
            (weighted[i : i + size] ** 2).mean(axis=0).sum()
            for i in range(0, len(weighted) - size + 1, step)
        ]
    )
    power = power[power > 10 ** ((-70 + 0.691) / 10)]
    power = power[power > power.mean() / 10]
    return float(-0.691 + 10 * np.log10(power.mean()))


def master(samples: Wave, target_lufs: float = -16.0, peak_dbfs: float = -2.0) -> Wave:
    """Bring a clip to its loudness and keep every peak under the ceiling.

    The ceiling is 1 dB under the one promised: AAC and resampling put peaks back on.
    """
    ceiling = 10 ** (peak_dbfs / 20)
    for _ in range(4):  # limiting lowers the loudness a little: approach it
        samples = samples * 10 ** ((target_lufs - loudness_lufs(samples)) / 20)
        samples = _limit(samples, ceiling)
    return samples


def _limit(samples: Wave, ceiling: float) -> Wave:
    """Turn the gain down smoothly around every peak, 5 ms ahead of it."""
    reach = round(0.005 * RATE_HZ)
    fine = np.abs(signal.resample_poly(samples, 4, 1, axis=0)).max(axis=1)  # between samples too
    peaks = fine[: 4 * len(samples)].reshape(-1, 4).max(axis=1)
    need = np.minimum(1.0, ceiling / np.maximum(peaks, 1e-9))
    gain = uniform_filter1d(minimum_filter1d(need, 2 * reach + 1), reach)
    return samples * gain[:, None]
