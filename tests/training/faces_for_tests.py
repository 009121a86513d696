"""Made-up faces for the trainer's tests: brightness tells the label."""

from __future__ import annotations

import csv

import cv2
import numpy as np

from emotion_game.game.types import EMOTIONS
from emotion_game.training.data.faces import LabelledFaces

VOTES = (*EMOTIONS, "unknown", "NF")


def made_up_faces(count: int, size_px: int = 32, seed: int = 0) -> LabelledFaces:
    """Return faces of happiness and neutral in turn."""
    rng = np.random.default_rng(seed)
    labels = np.array([EMOTIONS.index("happiness"), EMOTIONS.index("neutral")])[
        np.arange(count) % 2
    ]
    noise = rng.integers(0, 60, (count, size_px, size_px, 1))
    pictures = (noise + 120 * labels[:, None, None, None]).astype(np.uint8)
    shares = np.eye(len(EMOTIONS), dtype=np.float32)[labels]
    return LabelledFaces(pictures, shares, tuple(f"{number}.png" for number in range(count)))


def write_ferplus(folder, rows, columns=("file", "split", *VOTES)):
    """Write pictures whose brightness tells their label, and the table of votes."""
    (folder / "images").mkdir(parents=True)
    with (folder / "labels.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for number, (split, counts) in enumerate(rows):
            name = f"{number}.png"
            rng = np.random.default_rng(number)
            picture = rng.integers(0, 120, (48, 48)) + 25 * int(np.argmax(counts))
            cv2.imwrite(str(folder / "images" / name), picture.clip(0, 255).astype(np.uint8))
            writer.writerow([name, split, *counts])
    return folder


def votes(**given):
    """Return the ten columns of votes."""
    return [given.get(name, 0) for name in VOTES]
