"""Figures of a classifier on labelled faces; the arithmetic is scikit-learn's."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score, roc_auc_score

from emotion_game.errors import TrainingError
from emotion_game.game.types import EMOTIONS
from emotion_game.training.data import LabelledFaces
from emotion_game.vision.camera import read_picture
from emotion_game.vision.classifier import ExpressionClassifier
from emotion_game.vision.crop import CropSpec, Picture, crop_face
from emotion_game.vision.detector import FaceDetector

Probabilities = NDArray[np.float64]
#: The modes' emotions; the game turns on these two.
SCORED = ("happiness", "surprise")
FALSE_ALARM_RATES = (0.05, 0.01, 0.001)


def classify_all(classifier: ExpressionClassifier, faces: LabelledFaces) -> Probabilities:
    """Return (n, 8) probabilities as the game computes them, mirrored look included."""
    return np.array([classifier.classify(face) for face in faces.pictures])


def accuracy(probabilities: Probabilities, faces: LabelledFaces) -> float:
    """Return the share of faces whose likeliest emotion is the majority's."""
    return float(accuracy_score(faces.majority(), probabilities.argmax(axis=1)))


def auc(probabilities: Probabilities, labels: NDArray[np.int64], emotion: str) -> float:
    """Return the area under the ROC curve of one emotion against all others."""
    index = EMOTIONS.index(emotion)
    return float(roc_auc_score(labels == index, probabilities[:, index]))


def thresholds(
    probabilities: Probabilities, labels: NDArray[np.int64]
) -> dict[str, dict[str, float]]:
    """Return the scores of the modes' emotions at stated shares of false alarms.

    A false alarm is a face of another emotion whose score lies above the threshold.
    """
    found: dict[str, dict[str, float]] = {}
    for emotion in SCORED:
        index = EMOTIONS.index(emotion)
        others = probabilities[labels != index, index]
        found[emotion] = {
            str(rate): round(float(np.quantile(others, 1 - rate)), 4) for rate in FALSE_ALARM_RATES
        }
    return found


@dataclass(frozen=True, slots=True)
class DetectedFaces:
    """Labelled pictures with the box the game's detector finds in them.

    Attributes:
        pictures: whole pictures, (height, width, 3) uint8 BGR.
        boxes_px: the box of each.
        labels: (n,) index into ``EMOTIONS``.
        missed: pictures without a found face; they are left out.
    """

    pictures: tuple[NDArray[np.uint8], ...]
    boxes_px: tuple[tuple[float, float, float, float], ...]
    labels: NDArray[np.int64]
    missed: int

    def crops(self, crop: CropSpec) -> list[Picture]:
        """Cut every face."""
        return [
            crop_face(picture, box, crop)
            for picture, box in zip(self.pictures, self.boxes_px, strict=True)
        ]


def detect_faces(
    folder: Path, detector: FaceDetector, progress: Callable[[list[Path]], list[Path]] = list
) -> DetectedFaces:
    """Read ``labels.csv`` (file, label) and ``images/`` and find the largest face of each.

    Raises:
        TrainingError: when the table is missing or names an unknown label.
    """
    table = folder / "labels.csv"
    try:
        with table.open(newline="", encoding="utf-8") as file:
            labels = {row["file"]: row["label"] for row in csv.DictReader(file)}
    except (OSError, KeyError) as error:
        raise TrainingError(
            f"Cannot read the columns file and label of {table}: {error}."
        ) from error
    unknown = sorted(set(labels.values()) - set(EMOTIONS))
    if unknown:
        raise TrainingError(f"{table} has labels the game does not know: {', '.join(unknown)}.")
    pictures, boxes, kept, missed = [], [], [], 0
    for path in progress([folder / "images" / name for name in labels]):
        picture = read_picture(path)
        faces = detector.detect(picture)
        if not faces:
            missed += 1
            continue
        pictures.append(picture)
        boxes.append(max((face.box_px for face in faces), key=lambda box: box[2] * box[3]))
        kept.append(EMOTIONS.index(labels[path.name]))
    return DetectedFaces(tuple(pictures), tuple(boxes), np.array(kept), missed)
