"""Distillation: the answers of one or more teachers mixed into the labels.

Hinton et al., "Distilling the Knowledge in a Neural Network", 2015; here with the teacher's
probabilities computed once, on the unchanged faces.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from emotion_game.errors import TrainingError
from emotion_game.game.types import EMOTIONS
from emotion_game.training.data import FaceCutter, LabelledFaces
from emotion_game.training.folders import pictures_of_people
from emotion_game.vision.camera import read_picture
from emotion_game.vision.classifier import ExpressionClassifier
from emotion_game.vision.crop import CropSpec, Picture, crop_face


def mix_teacher(
    faces: LabelledFaces,
    teachers: Sequence[Path],
    share: float,
    progress: Callable[[list[Picture]], Iterable[Picture]] = list,
) -> LabelledFaces:
    """Return the faces with ``share`` of each label distribution replaced by the teacher's answer.

    Args:
        faces: crops of any size.
        teachers: model bundles; each looks at each face as in the game, and their mean is what
            is taught.
        share: 0..1.
        progress: wraps the faces for a progress bar.
    """
    answers = _answers(teachers, progress(list(faces.pictures)))
    return replace(faces, shares=(1 - share) * faces.shares + share * answers)


def load_talking(
    folder: Path,
    cutter: FaceCutter,
    teachers: Sequence[Path],
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
        teachers: see :func:`mix_teacher`.
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
    shares = _answers(teachers, pictures)
    shares[:, EMOTIONS.index("neutral")] += shares[:, EMOTIONS.index("surprise")]
    shares[:, EMOTIONS.index("surprise")] = 0.0
    return LabelledFaces(np.stack(pictures), shares, tuple(files), tuple(groups))


def _answers(teachers: Sequence[Path], faces: Iterable[Picture]) -> NDArray[np.float32]:
    classifiers = [ExpressionClassifier(bundle) for bundle in teachers]
    wholes = [CropSpec(each.crop.size_px, detail_px=0) for each in classifiers]
    answers = [
        [
            each.classify(crop_face(face, None, whole))
            for each, whole in zip(classifiers, wholes, strict=True)
        ]
        for face in faces
    ]
    return np.mean(answers, axis=1, dtype=np.float32)
