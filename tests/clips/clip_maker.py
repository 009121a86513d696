"""Write small test clips with PyAV."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

RATE_HZ = 44_100
FPS = 25
MakeClip = Callable[..., Path]


def write_clip(
    path: Path,
    *,
    seconds: float = 1.2,
    size: tuple[int, int] = (160, 96),
    sound: bool = True,
    rotation: int = 0,
) -> Path:
    """Write a clip whose grey level rises with time; its top left quarter is white."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w", options={"movflags": "faststart"}) as container:
        video = container.add_stream("libx264", rate=FPS, options={"g": "10", "crf": "18"})
        video.width, video.height = size
        video.pix_fmt = "yuv420p"
        if rotation:
            video.set_display_rotation(rotation)
        audio = container.add_stream("aac", rate=RATE_HZ, layout="stereo") if sound else None
        pictures = round(seconds * FPS)
        for number in range(pictures):
            grey = 30 + 150 * number // pictures
            pixels = np.full((size[1], size[0], 3), grey, np.uint8)
            pixels[: size[1] // 2, : size[0] // 2] = 255
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(video.encode(frame))
        container.mux(video.encode())
        if audio is not None:
            t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
            wave = (8_000 * np.sin(2 * np.pi * 440 * t)).astype(np.int16)
            for start in range(0, len(wave), 1024):
                piece = np.repeat(wave[start : start + 1024], 2)[None]
                samples = av.AudioFrame.from_ndarray(piece, format="s16", layout="stereo")
                samples.sample_rate, samples.pts = RATE_HZ, start
                samples.time_base = Fraction(1, RATE_HZ)
                container.mux(audio.encode(samples))
            container.mux(audio.encode())
    return path
