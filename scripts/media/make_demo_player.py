"""Make the demo player's film from two public-domain portraits: neutral, then a broad smile.

The portraits come inside packages (extra ``media``): Grace Hopper (US Navy; matplotlib's sample
data) and Eileen Collins (NASA; scikit-image's ``astronaut``).
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import av
import cv2
import matplotlib.cbook
import numpy as np
import skimage.data
import typer
from numpy.typing import NDArray
from rich.progress import track

from emotion_game.paths import VIDEOS
from emotion_game.vision.yolo_detector import YoloDetector

WIDTH_PX, HEIGHT_PX, RATE_HZ = 640, 480, 30
FACE_PX = 170
FADE_S = 0.35
#: When the smile begins and ends; the baseline (2.5 s), the countdown (3 s) and some seconds of
#: the clip lie before it.
SMILE_FROM_S, SMILE_UNTIL_S, LENGTH_S = 10.0, 20.0, 24.0


def portrait(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the BGR portrait on a canvas twice the film's size, its face in the middle."""
    face = max(YoloDetector().detect(picture), key=lambda found: found.box_px[2])
    x, y, width, height = face.box_px
    scale = 2 * FACE_PX / width
    across, down = WIDTH_PX - (x + width / 2) * scale, HEIGHT_PX - (y + height / 2) * scale
    matrix = np.array([[scale, 0, across], [0, scale, down]])
    size = (2 * WIDTH_PX, 2 * HEIGHT_PX)
    sharp = cv2.warpAffine(
        picture, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    # Outside the portrait the repeated edge is blurred into a plain wall.
    inside = cv2.warpAffine(np.full(picture.shape[:2], 255, np.uint8), matrix, size)
    inside = cv2.GaussianBlur(cv2.erode(inside, np.ones((31, 31), np.uint8)), (0, 0), 12)
    share = inside[:, :, np.newaxis] / 255.0
    wall = cv2.GaussianBlur(sharp, (0, 0), 40)
    return np.asarray(sharp * share + wall * (1 - share), dtype=np.uint8)


def smile_share(t_s: float) -> float:
    """Return how much of the smiling portrait is shown, 0..1."""
    rise = (t_s - SMILE_FROM_S) / FADE_S
    fall = (SMILE_UNTIL_S - t_s) / FADE_S
    return min(1.0, max(0.0, min(rise, fall)))


def main(
    out: Annotated[Path, typer.Option(help="The film to write.")] = VIDEOS / "demo_player.mp4",
    seed: Annotated[int, typer.Option(help="Seed of the sensor noise.")] = 7,
) -> None:
    """Draw the film and write it as H.264."""
    rng = np.random.default_rng(seed)
    hopper = cv2.imread(str(matplotlib.cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)))
    collins = cv2.cvtColor(skimage.data.astronaut(), cv2.COLOR_RGB2BGR)
    neutral, smiling = portrait(np.asarray(hopper)), portrait(np.asarray(collins))
    half = out.with_suffix(".part.mp4")
    with av.open(str(half), "w", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("libx264", rate=RATE_HZ, options={"crf": "26"})
        stream.width, stream.height, stream.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
        for index in track(range(round(LENGTH_S * RATE_HZ)), description="Demo player"):
            t_s = index / RATE_HZ
            share = smile_share(t_s)
            mixed = cv2.addWeighted(smiling, share, neutral, 1 - share, 0)
            # A hand-held camera: slow sway, slight roll and zoom; whole periods fit the film.
            turn = 2 * math.pi * t_s / LENGTH_S
            matrix = cv2.getRotationMatrix2D(
                (WIDTH_PX, HEIGHT_PX), 2.0 * math.sin(3 * turn), 0.5 + 0.02 * math.sin(2 * turn)
            )
            matrix[0, 2] += -WIDTH_PX / 2 + 12 * math.sin(4 * turn)
            matrix[1, 2] += -HEIGHT_PX / 2 + 8 * math.sin(5 * turn + 1)
            frame = cv2.warpAffine(
                mixed, matrix, (WIDTH_PX, HEIGHT_PX), borderMode=cv2.BORDER_REPLICATE
            )
            noisy = np.clip(frame + rng.normal(0, 2.5, frame.shape), 0, 255).astype(np.uint8)
            for packet in stream.encode(av.VideoFrame.from_ndarray(noisy, format="bgr24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    half.replace(out)


if __name__ == "__main__":
    typer.run(main)
