"""Distillation: the answers of one or more teachers in place of a part of each label.

Hinton et al., "Distilling the Knowledge in a Neural Network", 2015; the teachers see each face as
the pupil sees it, randomly changed (Beyer et al., "Knowledge distillation: A good teacher is
patient and consistent", 2022).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from emotion_game.errors import TrainingError
from emotion_game.game.types import EMOTIONS
from emotion_game.training.data.faces import FaceCutter, LabelledFaces, Teach
from emotion_game.training.data.folders import pictures_of_people
from emotion_game.vision.classifier import ExpressionClassifier
from emotion_game.vision.pictures import read_picture

#: Faces labelled at once.
BATCH = 64


class Teachers:
    """The mean answer of one or more trained networks, one look at each face.

    Args:
        bundles: of the networks; their inputs may differ in size.

    Raises:
        ModelError: see :class:`ExpressionClassifier`.
    """

    def __init__(self, bundles: Sequence[Path]) -> None:
        # A training has every core to itself.
        self._networks = [ExpressionClassifier(path, os.cpu_count() or 1) for path in bundles]

    def __call__(self, faces: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return (n, 8) probabilities for (n, side, side, 1) float32 faces in 0..255."""
        answers = [network.look(_scaled(faces, network.crop.size_px)) for network in self._networks]
        return np.mean(answers, axis=0, dtype=np.float32)


def _scaled(faces: NDArray[np.float32], side_px: int) -> NDArray[np.float32]:
    if faces.shape[1] == side_px:
        return faces
    scaled = [cv2.resize(face, (side_px, side_px)) for face in faces]
    return np.stack(scaled).reshape(-1, side_px, side_px, 1).astype(np.float32)


def load_talking(
    folder: Path,
    cutter: FaceCutter,
    teach: Teach,
    progress: Callable[[list[tuple[Path, str]]], Iterable[tuple[Path, str]]] = list,
) -> LabelledFaces:
    """Cut faces out of pictures of people in speech; the teacher labels them.

    A mouth open in speech looks surprised, and sets of labelled faces hold little speech. Who
    talks is taken not to be surprised: what the teacher calls surprise becomes neutral. Only
    people of the half "train" are taken; a picture without a face that the detector finds is
    left out.

    Args:
        folder: see :func:`pictures_of_people`.
        cutter: cuts the crops.
        teach: labels the faces.
        progress: wraps the files for a progress bar.

    Raises:
        TrainingError: see :func:`pictures_of_people`; or no face at all.
    """
    pictures, files, groups = [], [], []
    for file, person in progress(pictures_of_people(folder, "train")):
        for face in cutter.cut(read_picture(file)):
            pictures.append(face)
            files.append(str(file.relative_to(folder)))
            groups.append(person)
    if not files:
        raise TrainingError(f"No face was found in the pictures of {folder}.")
    faces = np.stack(pictures)
    batches = [
        faces[start : start + BATCH].astype(np.float32) for start in range(0, len(faces), BATCH)
    ]
    shares = np.concatenate([teach(batch) for batch in batches])
    shares[:, EMOTIONS.index("neutral")] += shares[:, EMOTIONS.index("surprise")]
    shares[:, EMOTIONS.index("surprise")] = 0.0
    return LabelledFaces(faces, shares, tuple(files), tuple(groups))
