"""How loud a clip is (EBU R128, ITU-R BS.1770), and how to even it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

RATE_HZ = 48_000
#: Every clip is brought to this loudness, so that no clip is a surprise by its volume alone.
TARGET_LUFS = -16.0
PEAK_DBFS = -1.0
#: Below this there is nothing to even but noise: the clip counts as silent.
SILENT_LUFS = -50.0
#: A sound closer to the target than this is left alone ...
CLOSE_LU = 1.0
#: ... and one further off than this is a fault of a clip in the library.
FAULT_LU = 2.0

#: The limiter works at four times the rate, so that it sees peaks between samples, too.
_OVERSAMPLING = 4
_ROUNDS = 4
#: Another round of limiting must make it this much louder.
_WORTH_LU = 0.25
_PIECE = 4_096

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Loudness:
    """What was measured of one sound.

    Attributes:
        lufs: integrated loudness; -70 is the lowest that is not silence.
        peak_dbfs: true peak, measured at four times the rate; at least -120.
    """

    lufs: float
    peak_dbfs: float

    @property
    def silent(self) -> bool:
        """Whether there is nothing to hear."""
        return self.lufs < SILENT_LUFS

    def fault(self, tolerance_lu: float) -> str:
        """Say what is wrong with the loudness, in half a sentence; "" when nothing is.

        A sound whose peaks leave no room may stay quieter: a bang in a silent room is one.
        """
        if self.silent:
            return ""
        if self.peak_dbfs > PEAK_DBFS:
            return f"peaks at {self.peak_dbfs:.1f} dBFS"
        no_room = self.peak_dbfs > PEAK_DBFS - 3
        if self.lufs > TARGET_LUFS + tolerance_lu or (
            self.lufs < TARGET_LUFS - tolerance_lu and not no_room
        ):
            return f"loudness {self.lufs:.1f} LUFS"
        return ""


def measure(samples: Samples) -> Loudness:
    """Measure a sound.

    Args:
        samples: (n, 2) float32 at 48 kHz, full scale -1..1.
    """
    frames = _filtered(samples, [("ebur128", "metadata=1:peak=true")])
    # The last picture of the running measurement holds the figures of the whole.
    found: dict[str, str] = {}
    for frame in frames:
        found = frame.metadata or found
    peak = float(found.get("lavfi.r128.true_peak", 0.0))
    return Loudness(
        lufs=float(found.get("lavfi.r128.I", -70.0)),
        peak_dbfs=round(20 * float(np.log10(max(peak, 1e-6))), 2),
    )


def even(samples: Samples, peak_dbfs: float) -> Samples:
    """Bring a sound to the target loudness, holding its peaks below a limit.

    A gain alone where the peaks allow it. Where they do not, a limiter takes the tops off, and
    the gain is raised again for what that cost: dynamics between the tops stay as they were.

    Args:
        samples: (n, 2) float32 at 48 kHz.
        peak_dbfs: no true peak of the result is above this.
    """
    found = measure(samples)
    gain_db = TARGET_LUFS - found.lufs
    if found.peak_dbfs + gain_db <= peak_dbfs:
        return (samples * np.float32(10 ** (gain_db / 20))).astype(np.float32)
    best, loudest = samples, -np.inf
    for _ in range(_ROUNDS):
        limited = _limited(samples, gain_db, peak_dbfs)
        reached = measure(limited)
        if reached.lufs < loudest + _WORTH_LU:
            break  # nothing but tops: more gain only flattens them
        best, loudest = limited, reached.lufs
        gain_db += TARGET_LUFS - reached.lufs
    # Clicks of a few samples slip through the limiter's smoothing.
    over_db = max(0.0, measure(best).peak_dbfs - peak_dbfs)
    return (best * np.float32(10 ** (-over_db / 20))).astype(np.float32)


def _limited(samples: Samples, gain_db: float, peak_dbfs: float) -> Samples:
    limit = 10 ** (peak_dbfs / 20)
    frames = _filtered(
        samples,
        [
            ("volume", f"{gain_db:.3f}dB:precision=float"),
            ("aresample", str(RATE_HZ * _OVERSAMPLING)),
            ("alimiter", f"limit={limit:.5f}:attack=5:release=80:level=false:latency=true"),
            ("aresample", str(RATE_HZ)),
            ("aformat", "sample_fmts=flt:channel_layouts=stereo"),
        ],
    )
    parts = [frame.to_ndarray().reshape(-1, 2) for frame in frames]
    whole = np.concatenate(parts)[: len(samples)].astype(np.float32)
    return np.pad(whole, ((0, len(samples) - len(whole)), (0, 0)))


def _filtered(samples: Samples, filters: list[tuple[str, str]]) -> list[AudioFrame]:
    """Send a sound through a chain of FFmpeg's filters."""
    graph = av.filter.Graph()
    chain = [
        graph.add(
            "abuffer",
            sample_rate=str(RATE_HZ),
            sample_fmt="flt",
            channel_layout="stereo",
            time_base=f"1/{RATE_HZ}",
        ),
        *(graph.add(name, arguments) for name, arguments in filters),
        graph.add("abuffersink"),
    ]
    graph.link_nodes(*chain).configure()
    found: list[AudioFrame] = []
    for start in range(0, len(samples), _PIECE):
        graph.push(as_frame(samples[start : start + _PIECE], start))
        found += _pulled(graph)
    graph.push(None)
    return found + _pulled(graph)


def _pulled(graph: av.filter.Graph) -> list[AudioFrame]:
    found: list[AudioFrame] = []
    while True:
        try:
            frame = graph.pull()
        except (av.BlockingIOError, av.EOFError):
            return found
        assert isinstance(frame, AudioFrame)
        found.append(frame)


def as_frame(samples: Samples, start: int) -> AudioFrame:
    """Return samples, (n, 2) float32 at 48 kHz, as one frame that begins at sample ``start``."""
    frame = AudioFrame.from_ndarray(
        np.ascontiguousarray(samples).reshape(1, -1), format="flt", layout="stereo"
    )
    frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, start, Fraction(1, RATE_HZ)
    return frame
