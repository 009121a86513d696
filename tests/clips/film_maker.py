"""Write small odd films: any container, codec, rate and track that PyAV can make."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

RATE_HZ = 48_000


def every(hz: float, seconds: float) -> list[float]:
    """Return evenly spaced times, seconds."""
    return [number / hz for number in range(round(seconds * hz))]


def write_film(
    path: Path,
    *,
    seconds: float = 3.0,
    times_s: list[float] | None = None,
    size: tuple[int, int] = (64, 48),
    video: str = "libx264",
    pixels: str = "yuv420p",
    audio: str | None = "aac",
    gain: Callable[[np.ndarray], np.ndarray] = lambda t: np.full_like(t, 0.1585),
    rotation: int = 0,
    b_frames: int = 0,
    metadata: dict[str, str] | None = None,
) -> Path:
    """Write a film: a white square on a grey ground, moving right; a hum of 997 Hz.

    With the default gain a hum in both channels is -16 LUFS loud, as the library wants it.

    Args:
        path: its suffix chooses the container.
        seconds: length.
        times_s: when the pictures come; by default ten a second.
        size: width and height, px.
        video: FFmpeg's name of the encoder.
        pixels: pixel format.
        audio: FFmpeg's name of the encoder; None for no sound track.
        gain: amplitude of the hum at times in seconds, 0..1.
        rotation: display rotation, degrees counterclockwise.
        b_frames: how many pictures in a row may refer to a later one (libx264).
        metadata: tags of the file.
    """
    times_s = every(10, seconds) if times_s is None else times_s
    path.parent.mkdir(parents=True, exist_ok=True)
    options = {"movflags": "use_metadata_tags"} if path.suffix == ".mp4" else {}
    with av.open(str(path), "w", options=options) as out:
        out.metadata.update(metadata or {})
        stream = out.add_stream(video, rate=10 if video in {"gif", "mpeg4"} else 1000)
        stream.width, stream.height, stream.pix_fmt = *size, pixels
        stream.codec_context.time_base = Fraction(1, 10 if video in {"gif", "mpeg4"} else 1000)
        if video == "libx264":
            stream.options = {"preset": "ultrafast", "crf": "30", "bf": str(b_frames)}
        if rotation:
            stream.set_display_rotation(rotation)
        sound = None
        if audio is not None:
            sound = out.add_stream(audio, rate=RATE_HZ, layout="stereo", bit_rate=128_000)
        for t_s in times_s:
            out.mux(stream.encode(_picture(t_s / seconds, t_s, size, pixels, stream)))
        out.mux(stream.encode(None))
        if sound is not None:
            t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
            wave = (gain(t) * np.sin(2 * np.pi * 997 * t)).astype(np.float32)
            resampler = av.AudioResampler(
                sound.codec_context.format, "stereo", RATE_HZ, frame_size=sound.frame_size or 1024
            )
            frame = av.AudioFrame.from_ndarray(np.repeat(wave, 2)[None], "flt", "stereo")
            frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, 0, Fraction(1, RATE_HZ)
            for piece in [*resampler.resample(frame), *resampler.resample(None)]:
                out.mux(sound.encode(piece))
            out.mux(sound.encode(None))
    return path


def _picture(
    share: float, t_s: float, size: tuple[int, int], pixels: str, stream: av.VideoStream
) -> av.VideoFrame:
    width, height = size
    canvas = np.full((height, width, 3), 90, np.uint8)
    left = round(share * (width - width // 4))
    canvas[height // 8 : height // 2, left : left + width // 4] = 255
    frame = av.VideoFrame.from_ndarray(canvas, format="rgb24").reformat(format=pixels)
    frame.time_base = stream.codec_context.time_base
    frame.pts = round(t_s / float(frame.time_base))
    return frame
