"""Face pictures with label distributions, as arrays and as ``tf.data`` pipelines."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from emotion_game.errors import TrainingError
from emotion_game.game.types import EMOTIONS
from emotion_game.vision.crop import CropSpec, crop_face

_VOTE_COLUMNS = (*EMOTIONS, "unknown", "NF")


@dataclass(frozen=True, slots=True)
class LabelledFaces:
    """Faces with a distribution over the emotions.

    Attributes:
        pictures: (n, size, size, 1) uint8 gray crops.
        shares: (n, 8) float32 in the order of ``EMOTIONS``; each row sums to 1.
        files: where each picture came from.
    """

    pictures: NDArray[np.uint8]
    shares: NDArray[np.float32]
    files: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.files)

    def majority(self) -> NDArray[np.int64]:
        """Return the index of each face's most voted emotion, (n,)."""
        return np.argmax(self.shares, axis=1)


def ferplus_shares(votes: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """Turn ten people's votes into a distribution, or None for a face to leave out.

    The rule of FER+ (Barsoum et al., "Training Deep Networks for Facial Expression
    Recognition with Crowd-Sourced Label Distribution", 2016): single votes are noise and
    dropped; a face whose majority is "unknown" or "not a face" is dropped.

    Args:
        votes: (10,) counts: the 8 emotions, unknown, NF.

    Returns:
        (8,) float32 summing to 1, or None.
    """
    kept = np.where(votes > 1, votes, 0)
    if kept.sum() == 0 or int(np.argmax(kept)) >= len(EMOTIONS):
        return None
    emotions = kept[: len(EMOTIONS)]
    return np.asarray(emotions / emotions.sum(), dtype=np.float32)


def load_ferplus(folder: Path, split: str, crop: CropSpec) -> LabelledFaces:
    """Read one split of FER+: ``labels.csv`` and ``images/`` under ``folder``.

    Args:
        folder: holds ``labels.csv`` (file, split, one column of votes per emotion, unknown,
            NF) and ``images/``.
        split: the value of the ``split`` column to keep.
        crop: size and detail of the crops; the pictures are already cut to the face.

    Raises:
        TrainingError: missing file, column or picture, wrong votes, or an empty split.
    """
    table = folder / "labels.csv"
    try:
        with table.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise TrainingError(
            f"Cannot read {table}: {error.strerror}.", hint="Unpack the FER+ data there."
        ) from error
    missing = {"file", "split", *_VOTE_COLUMNS} - set(rows[0] if rows else {})
    if missing:
        raise TrainingError(f"{table} lacks the column(s) {', '.join(sorted(missing))}.")
    pictures, shares, files = [], [], []
    for line, row in enumerate(rows, start=2):
        if row["split"] != split:
            continue
        try:
            votes = np.array([int(row[column]) for column in _VOTE_COLUMNS], dtype=np.float32)
        except (TypeError, ValueError) as error:
            raise TrainingError(
                f"{table}, line {line}: expected whole numbers of votes, found {row}."
            ) from error
        share = ferplus_shares(votes)
        if share is None:
            continue
        path = folder / "images" / row["file"]
        picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        if picture is None:
            raise TrainingError(f"{path} is not a readable picture ({table}, line {line}).")
        pictures.append(crop_face(np.asarray(picture, dtype=np.uint8), None, crop))
        shares.append(share)
        files.append(row["file"])
    if not files:
        raise TrainingError(f"{table} has no usable face in the split {split!r}.")
    return LabelledFaces(np.stack(pictures), np.stack(shares), tuple(files))
