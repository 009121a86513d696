"""Face pictures with label distributions, as arrays and as ``tf.data`` pipelines."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import GroupShuffleSplit

from emotion_game.errors import PictureError, TrainingError
from emotion_game.game.types import EMOTIONS
from emotion_game.training.data.tables import (
    LABELS,
    Label,
    picture_file,
    read_labels,
    read_rows,
    refuse_unknown,
)
from emotion_game.vision.crop import CropSpec, Picture, crop_face, to_gray
from emotion_game.vision.detector import BoxPx, FaceDetector
from emotion_game.vision.pictures import read_picture

#: Gray faces (n, side, side, 1) in 0..255 to (n, 8) probabilities.
Teach = Callable[[NDArray[np.float32]], NDArray[np.float32]]

_VOTE_COLUMNS = (*EMOTIONS, "unknown", "NF")
#: Ten people voted on each face; one face of FER+ has nine votes.
VOTES_PER_FACE = (9, 10)


@dataclass(frozen=True, slots=True)
class LabelledFaces:
    """Faces with a distribution over the emotions.

    Attributes:
        pictures: (n, size, size, 1) uint8 gray crops.
        shares: (n, 8) float32 in the order of ``EMOTIONS``; each row sums to 1, or to less where
            a teacher fills in the rest, see ``load_training``.
        files: where each picture came from.
        groups: what must not be torn apart by a split, e.g. the person; none: each file alone.
    """

    pictures: NDArray[np.uint8]
    shares: NDArray[np.float32]
    files: tuple[str, ...]
    groups: tuple[str, ...] | None = None

    def __len__(self) -> int:
        return len(self.files)

    def taken(self, indices: NDArray[np.int64]) -> LabelledFaces:
        """Return the faces at these indices, in that order."""
        return LabelledFaces(
            self.pictures[indices],
            self.shares[indices],
            tuple(self.files[index] for index in indices),
            None if self.groups is None else tuple(self.groups[index] for index in indices),
        )

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
    table = folder / LABELS
    pictures, shares, files = [], [], []
    for line, row in read_rows(table, ("file", "split", *_VOTE_COLUMNS)):
        if row["split"] != split:
            continue
        try:
            votes = np.array([int(row[column]) for column in _VOTE_COLUMNS], dtype=np.float32)
        except (TypeError, ValueError) as error:
            raise TrainingError(
                f"{table}, line {line}: expected whole numbers of votes, found {row}."
            ) from error
        if votes.min() < 0 or votes.sum() not in VOTES_PER_FACE:
            raise TrainingError(
                f"{table}, line {line}: expected the votes of ten people, found"
                f" {int(votes.sum())} votes."
            )
        share = ferplus_shares(votes)
        if share is None:
            continue
        try:
            picture = to_gray(read_picture(picture_file(folder / "images", row["file"])))
        except PictureError as error:
            why = error.message.removesuffix(".")
            raise TrainingError(f"{why} ({table}, line {line}).", hint=error.hint) from error
        pictures.append(crop_face(picture, None, crop))
        shares.append(share)
        files.append(row["file"])
    if not files:
        raise TrainingError(f"{table} has no usable face in the split {split!r}.")
    return LabelledFaces(np.stack(pictures), np.stack(shares), tuple(files))


def join(parts: Sequence[LabelledFaces]) -> LabelledFaces:
    """Return the faces of several sources as one.

    Raises:
        TrainingError: when their crops differ in size.
    """
    sizes = {part.pictures.shape[1:] for part in parts}
    if len(sizes) != 1:
        raise TrainingError(f"Expected one or more sources of one crop size, found {sizes}.")
    return LabelledFaces(
        np.concatenate([part.pictures for part in parts]),
        np.concatenate([part.shares for part in parts]),
        tuple(file for part in parts for file in part.files),
        tuple(group for part in parts for group in part.groups or part.files),
    )


def hold_back(faces: LabelledFaces, share: float, seed: int) -> tuple[LabelledFaces, LabelledFaces]:
    """Split off a share of the groups for choices; the same call gives the same split.

    Returns:
        (kept, held).

    Raises:
        TrainingError: when there are too few faces to split.
    """
    splitter = GroupShuffleSplit(n_splits=1, test_size=share, random_state=seed)
    try:
        kept, held = next(splitter.split(faces.files, groups=faces.groups or faces.files))
    except ValueError as error:
        raise TrainingError(
            f"{len(faces)} faces cannot be split, {share:.0%} held back: {error}.",
            hint="Add pictures, or change data.held_back_share.",
        ) from error
    return faces.taken(kept), faces.taken(held)


def person_split(person: str) -> str:
    """Return "train" or "test" for a person, the same on every machine.

    Half of the people of a set of portraits are trained on, the other half only measured.
    """
    return ("train", "test")[hashlib.sha1(person.encode("utf-8")).digest()[0] % 2]


def largest_face(detector: FaceDetector, picture: NDArray[Any]) -> BoxPx | None:
    """Return the box of the largest face the detector finds, or None."""
    boxes = [face.box_px for face in detector.detect(picture)]
    return max(boxes, key=lambda box: box[2] * box[3], default=None)


class FaceCutter:
    """Cuts the largest face out of whole pictures as the game would, with the box's noise.

    Args:
        crop: the game's crop.
        detector: the game's detector.
        crops_a_picture: crops cut from each picture.
        box_noise: each crop's margin and place differ by up to this share of the box.
        seed: of that noise.
    """

    def __init__(
        self,
        crop: CropSpec,
        detector: FaceDetector,
        crops_a_picture: int = 1,
        box_noise: float = 0.0,
        seed: int = 0,
    ) -> None:
        self._crop = crop
        self._detector = detector
        self._crops_a_picture = crops_a_picture
        self._box_noise = box_noise
        self._rng = np.random.default_rng(seed)

    def cut(self, picture: Picture) -> list[Picture]:
        """Return the crops, (size, size, 1) uint8 each; none when no face was found."""
        found = largest_face(self._detector, picture)
        if found is None:
            return []
        x, y, width, height = found
        longer = max(width, height)
        crops = []
        for _ in range(self._crops_a_picture):
            move_x, move_y, grow = self._rng.uniform(-self._box_noise, self._box_noise, 3)
            box = (x + longer * move_x, y + longer * move_y, width, height)
            spec = replace(self._crop, margin=self._crop.margin + grow)
            crops.append(crop_face(picture, box, spec))
        return crops


def load_pictures(
    folder: Path,
    cutter: FaceCutter,
    *,
    split: str | None = None,
    progress: Callable[[list[Label]], Iterable[Label]] = list,
) -> LabelledFaces:
    """Cut faces out of whole pictures as the game would: ``labels.csv`` and ``images/``.

    The table has the columns file, label and, optionally, person. The largest face of each
    picture is taken; a picture in which the detector finds none is left out.

    Args:
        folder: holds the table and the pictures.
        cutter: cuts the crops.
        split: keep only the people of this half, see :func:`person_split`.
        progress: wraps the rows for a progress bar.

    Raises:
        TrainingError: missing table, column or picture, unknown label, or no face at all.
    """
    rows = read_labels(folder, need_person=split is not None)
    refuse_unknown(folder, rows)
    pictures, labels, files, groups = [], [], [], []
    for row in progress([row for row in rows if not split or person_split(row.person) == split]):
        for face in cutter.cut(read_picture(picture_file(folder / "images", row.file))):
            pictures.append(face)
            labels.append(EMOTIONS.index(row.label))
            files.append(row.file)
            groups.append(row.person or row.file)
    if not files:
        raise TrainingError(f"No face was found in the pictures of {folder}.")
    shares = np.eye(len(EMOTIONS), dtype=np.float32)[labels]
    return LabelledFaces(np.stack(pictures), shares, tuple(files), tuple(groups))
