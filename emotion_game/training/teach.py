"""Distillation: a teacher's answers mixed into the labels.

Hinton et al., "Distilling the Knowledge in a Neural Network", 2015; here with the teacher's
probabilities computed once, on the unchanged faces.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

from emotion_game.training.data import LabelledFaces
from emotion_game.vision.classifier import ExpressionClassifier
from emotion_game.vision.crop import CropSpec, Picture, crop_face


def mix_teacher(
    faces: LabelledFaces,
    bundle: Path,
    share: float,
    progress: Callable[[list[Picture]], Iterable[Picture]] = list,
) -> LabelledFaces:
    """Return the faces with ``share`` of each label distribution replaced by the teacher's answer.

    Args:
        faces: crops of any size.
        bundle: the teacher's model bundle; it looks at each face as in the game.
        share: 0..1.
        progress: wraps the faces for a progress bar.
    """
    teacher = ExpressionClassifier(bundle)
    whole = CropSpec(teacher.crop.size_px, detail_px=0)
    answers = np.array(
        [teacher.classify(crop_face(face, None, whole)) for face in progress(list(faces.pictures))],
        dtype=np.float32,
    )
    return replace(faces, shares=(1 - share) * faces.shares + share * answers)
