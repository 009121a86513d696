"""Figures of a classifier on labelled faces; the arithmetic is scikit-learn's."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    precision_recall_fscore_support,
    roc_auc_score,
)

from emotion_game.errors import TrainingError
from emotion_game.game.types import EMOTIONS
from emotion_game.training.classifier.calibrate import expected_calibration_error
from emotion_game.training.data.faces import LabelledFaces, largest_face
from emotion_game.training.data.folders import pictures_of_people
from emotion_game.training.data.pictures import LabelledPicture, read_table
from emotion_game.training.data.tables import (
    picture_file,
)
from emotion_game.vision.classifier import ExpressionClassifier
from emotion_game.vision.crop import CropSpec, Picture, crop_face
from emotion_game.vision.detector import BoxPx, FaceDetector
from emotion_game.vision.pictures import read_picture

Probabilities = NDArray[np.float64]
Labels = NDArray[np.int64]
#: The modes' emotions; the game turns on these two.
SCORED = ("happiness", "surprise")
#: A slice with fewer faces of an emotion, or of the others, has no area worth printing.
LEAST_FOR_AUC = 10
_RESAMPLES = 1000
#: Runs before the clock counts.
_WARM_UP = 20


def classify_all(
    classifier: ExpressionClassifier,
    faces: LabelledFaces,
    progress: Callable[[NDArray[np.uint8]], Iterable[Picture]] = iter,
) -> Probabilities:
    """Return (n, 8) probabilities as the game computes them, mirrored look included."""
    return np.array([classifier.classify(face) for face in progress(faces.pictures)])


def accuracy(probabilities: Probabilities, faces: LabelledFaces) -> float:
    """Return the share of faces whose likeliest emotion is the majority's."""
    return float(accuracy_score(faces.majority(), probabilities.argmax(axis=1)))


def auc(probabilities: Probabilities, labels: Labels, emotion: str) -> float:
    """Return the area under the ROC curve of one emotion against all others."""
    index = EMOTIONS.index(emotion)
    return float(roc_auc_score(labels == index, probabilities[:, index]))


# --- Whole pictures -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DetectedFaces:
    """Labelled pictures with the box the game's detector finds in them.

    Attributes:
        pictures: whole pictures, (height, width, 3) uint8 BGR.
        boxes_px: the box of each.
        labels: (n,) index into ``EMOTIONS``.
        missed: pictures without a found face; they are left out.
        persons: who is in each picture; the file where that is not known.
        files: name of each picture.
    """

    pictures: tuple[NDArray[np.uint8], ...]
    boxes_px: tuple[BoxPx, ...]
    labels: Labels
    missed: int
    persons: tuple[str, ...]
    files: tuple[str, ...]

    def crops(self, crop: CropSpec) -> list[Picture]:
        """Cut every face."""
        return [
            crop_face(picture, box, crop)
            for picture, box in zip(self.pictures, self.boxes_px, strict=True)
        ]

    def cut(self, crop: CropSpec) -> LabelledFaces:
        """Cut every face; each label gets the whole share."""
        shares = np.eye(len(EMOTIONS), dtype=np.float32)[self.labels]
        return LabelledFaces(np.stack(self.crops(crop)), shares, self.files)


def detect_faces(
    folder: Path,
    detector: FaceDetector,
    progress: Callable[[list[LabelledPicture]], Iterable[LabelledPicture]] = list,
    split: str = "all",
) -> DetectedFaces:
    """Find the largest face of every picture of a folder with ``labels.csv`` and ``images/``.

    Args:
        folder: holds the table and the pictures.
        detector: the game's.
        progress: wraps the loop over the pictures.
        split: see :func:`read_table`.

    Raises:
        TrainingError: see :func:`read_table`; or when no face was found at all.
        PictureError: when a picture cannot be read.
    """
    return _detect(folder / "images", read_table(folder, split), detector, progress)


def detect_talking(
    folder: Path,
    detector: FaceDetector,
    progress: Callable[[list[LabelledPicture]], Iterable[LabelledPicture]] = list,
) -> DetectedFaces:
    """Find the largest face of pictures of people in speech, of the half "test".

    Args:
        folder: see :func:`pictures_of_people`; nobody in it is surprised, so all are neutral.
        detector: the game's.
        progress: wraps the loop over the pictures.

    Raises:
        TrainingError: see :func:`pictures_of_people`; or when no face was found at all.
        PictureError: when a picture cannot be read.
    """
    table = [
        LabelledPicture(str(path.relative_to(folder)), "neutral", person)
        for path, person in pictures_of_people(folder, "test")
    ]
    return _detect(folder, table, detector, progress)


def _detect(
    folder: Path,
    table: list[LabelledPicture],
    detector: FaceDetector,
    progress: Callable[[list[LabelledPicture]], Iterable[LabelledPicture]],
) -> DetectedFaces:
    pictures, boxes, labels, persons, files = [], [], [], [], []
    for each in progress(table):
        picture = read_picture(picture_file(folder, each.file))
        box_px = largest_face(detector, picture)
        if box_px is None:
            continue
        pictures.append(picture)
        boxes.append(box_px)
        labels.append(EMOTIONS.index(each.label))
        persons.append(each.person or each.file)
        files.append(each.file)
    if not pictures:
        raise TrainingError(f"No face was found in the {len(table)} pictures of {folder}.")
    return DetectedFaces(
        tuple(pictures),
        tuple(boxes),
        np.array(labels),
        len(table) - len(pictures),
        tuple(persons),
        tuple(files),
    )


# --- Figures --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with the ends of its 95% interval."""

    value: float
    low: float
    high: float


Statistic = Callable[[NDArray[np.intp]], float]


def bootstrap(statistic: Statistic, groups: NDArray[Any], seed: int = 7) -> Estimate | None:
    """Return a figure with the interval that 1,000 resamplings of whole groups give.

    The percentile bootstrap (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993,
    chapter 13). Pictures of one person are alike, so people are drawn, not pictures.

    Args:
        statistic: (indices of faces) to a figure; NaN where the drawn faces have none.
        groups: (n,) which group each face belongs to.
        seed: of the draws; two statistics with the same groups see the same draws.

    Returns:
        None where the figure itself is NaN.
    """
    value = statistic(np.arange(len(groups)))
    if np.isnan(value):
        return None
    # The faces of group g are order[starts[g] : starts[g] + sizes[g]].
    _, member, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    order = np.argsort(member, kind="stable")
    starts = np.cumsum(sizes) - sizes
    rng = np.random.default_rng(seed)
    drawn = []
    for _ in range(_RESAMPLES):
        picks = rng.integers(len(sizes), size=len(sizes))
        ends = np.cumsum(sizes[picks])
        before = np.repeat(starts[picks] - (ends - sizes[picks]), sizes[picks])
        drawn.append(statistic(order[before + np.arange(ends[-1])]))
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return Estimate(float(value), float(low), float(high))


@dataclass(frozen=True, slots=True)
class Measure:
    """A number for each face by which a set is cut into slices.

    Attributes:
        name: what it is, with its unit.
        values: (n,).
        edges: where one slice ends and the next begins; the first and the last are open.
    """

    name: str
    values: NDArray[np.float64]
    edges: tuple[float, ...]


def thirds(name: str, values: NDArray[np.float64]) -> Measure:
    """Return a measure that cuts the set into a low, a middle and a high third."""
    return Measure(name, values, tuple(float(edge) for edge in np.quantile(values, [1 / 3, 2 / 3])))


def picture_measures(faces: NDArray[np.uint8]) -> tuple[Measure, ...]:
    """Measure (n, size, size, 1) crops as the network sees them.

    Brightness is the mean and contrast the standard deviation of the gray values, 0..255;
    sharpness the variance of the Laplacian (Pech-Pacheco et al., "Diatom autofocusing in
    brightfield microscopy", 2000), low in a blurred face.
    """
    gray = faces[..., 0]
    sharp = [float(cv2.Laplacian(each, cv2.CV_64F).var()) for each in gray]
    return (
        thirds("brightness (0..255)", gray.mean(axis=(1, 2), dtype=np.float64)),
        thirds("contrast (0..255)", gray.std(axis=(1, 2), dtype=np.float64)),
        thirds("sharpness (Laplacian variance)", np.array(sharp)),
    )


def agreement(faces: LabelledFaces) -> Measure:
    """Measure the share of votes that the majority's emotion got."""
    return Measure(
        "vote agreement", faces.shares.max(axis=1).astype(np.float64), (0.5, 0.8, 0.9999)
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """What a classifier reads in a labelled set.

    Attributes:
        name: of the set.
        probabilities: (n, 8).
        labels: (n,) index into ``EMOTIONS``.
        groups: (n,) who is in each picture.
        measures: by which to slice.
        missed: pictures in which the detector found no face; in no figure.
    """

    name: str
    probabilities: Probabilities
    labels: Labels
    groups: NDArray[Any]
    measures: tuple[Measure, ...]
    missed: int = 0

    def hits(self) -> NDArray[np.bool_]:
        """Return whether each face's likeliest emotion is its label, (n,)."""
        return np.asarray(self.probabilities.argmax(axis=1) == self.labels)

    def auc_of(self, emotion: str, indices: NDArray[np.intp], least: int = 1) -> float:
        """Return one emotion's area among some faces; NaN with fewer than ``least`` of a side."""
        labels = self.labels[indices]
        shown = int((labels == EMOTIONS.index(emotion)).sum())
        if shown < least or len(labels) - shown < least:
            return float("nan")
        return auc(self.probabilities[indices], labels, emotion)


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """One emotion's share of right calls among the calls and among the faces, 0..1."""

    emotion: str
    support: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class AlarmFigures:
    """What one threshold of ``model.json`` does on this set.

    Attributes:
        emotion: whose score.
        stated_rate: the share of false alarms it was chosen for.
        threshold: the score.
        false_alarm_rate: share of the other faces above it here.
        hit_rate: share of the emotion's faces above it here; None without any.
    """

    emotion: str
    stated_rate: float
    threshold: float
    false_alarm_rate: float
    hit_rate: float | None


@dataclass(frozen=True, slots=True)
class SliceFigures:
    """A part of the set; an area is None where an emotion, or the others, have under 10 faces."""

    measure: str
    values: str
    faces: int
    accuracy: Estimate
    auc: dict[str, float | None]


@dataclass(frozen=True, slots=True)
class SetFigures:
    """Every figure of one classifier on one set.

    Attributes:
        name: of the set.
        faces: read.
        missed: pictures without a found face.
        accuracy: share of faces whose likeliest emotion is the label.
        auc: per emotion of :data:`SCORED`; None where the set lacks it.
        calibration_error: expected calibration error with 15 bins, 0..1.
        classes: per emotion.
        confusion: counts; rows are labels, columns calls, both in the order of ``EMOTIONS``.
        alarms: per threshold of ``model.json``.
        slices: per measure.
    """

    name: str
    faces: int
    missed: int
    accuracy: Estimate
    auc: dict[str, Estimate | None]
    calibration_error: float
    classes: tuple[ClassFigures, ...]
    confusion: list[list[int]]
    alarms: tuple[AlarmFigures, ...]
    slices: tuple[SliceFigures, ...]


def figures(reading: Reading, limits: dict[str, dict[str, float]]) -> SetFigures:
    """Compute every figure of a reading.

    Args:
        reading: at least one face.
        limits: the thresholds of ``model.json``.
    """
    # Imported here, since it brings TensorFlow along, which nothing else here needs.

    labels, calls = reading.labels, reading.probabilities.argmax(axis=1)
    names = range(len(EMOTIONS))
    table = precision_recall_fscore_support(labels, calls, labels=names, zero_division=0.0)
    whole = bootstrap(partial(_share, reading.hits()), reading.groups)
    assert whole is not None  # the accuracy of one face or more is a number
    return SetFigures(
        name=reading.name,
        faces=len(labels),
        missed=reading.missed,
        accuracy=whole,
        auc={
            emotion: bootstrap(partial(reading.auc_of, emotion), reading.groups)
            for emotion in SCORED
        },
        calibration_error=expected_calibration_error(reading.probabilities, labels),
        classes=tuple(
            ClassFigures(emotion, int(support), float(precision), float(recall), float(f1))
            for emotion, precision, recall, f1, support in zip(EMOTIONS, *table, strict=True)
        ),
        confusion=confusion_matrix(labels, calls, labels=names).tolist(),
        alarms=_alarms(reading, limits),
        slices=tuple(each for measure in reading.measures for each in _slices(reading, measure)),
    )


def _alarms(reading: Reading, limits: dict[str, dict[str, float]]) -> tuple[AlarmFigures, ...]:
    found = []
    for emotion, by_rate in limits.items():
        index = EMOTIONS.index(emotion)
        shown, scores = reading.labels == index, reading.probabilities[:, index]
        for rate, threshold in by_rate.items():
            above = scores > threshold
            found.append(
                AlarmFigures(
                    emotion,
                    float(rate),
                    threshold,
                    float(above[~shown].mean()) if (~shown).any() else 0.0,
                    float(above[shown].mean()) if shown.any() else None,
                )
            )
    return tuple(found)


def _share(hits: NDArray[np.bool_], indices: NDArray[np.intp]) -> float:
    return float(hits[indices].mean())


def _slices(reading: Reading, measure: Measure) -> list[SliceFigures]:
    hits = reading.hits()
    place = np.searchsorted(measure.edges, measure.values, side="right")
    texts = [f"{edge:.3g}" for edge in measure.edges]
    ranges = [
        f"under {texts[0]}",
        *(f"{low} to {high}" for low, high in pairwise(texts)),
        f"from {texts[-1]}",
    ]
    found = []
    for number, values in enumerate(ranges):
        indices = np.flatnonzero(place == number)
        if not len(indices):
            continue
        areas = {emotion: reading.auc_of(emotion, indices, LEAST_FOR_AUC) for emotion in SCORED}
        estimate = bootstrap(partial(_share, hits[indices]), reading.groups[indices])
        assert estimate is not None
        found.append(
            SliceFigures(
                measure.name,
                values,
                len(indices),
                estimate,
                {name: None if np.isnan(area) else area for name, area in areas.items()},
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class TalkFigures:
    """How often faces in speech read as surprised.

    Attributes:
        name: of the set.
        faces: how many.
        people: how many people's.
        alarms: share of the faces whose surprise is at least a score, by that score.
    """

    name: str
    faces: int
    people: int
    alarms: dict[float, Estimate]


def _alarms_at(reading: Reading, score: float) -> Statistic:
    surprise = reading.probabilities[:, EMOTIONS.index("surprise")]
    return partial(_share, surprise >= score)


def talk_figures(reading: Reading, scores: Iterable[float]) -> TalkFigures:
    """Return how often a reading of :func:`detect_talking`'s faces reaches each score."""
    estimates = {
        score: bootstrap(_alarms_at(reading, score), reading.groups) for score in sorted(scores)
    }
    return TalkFigures(
        reading.name,
        len(reading.labels),
        len(set(reading.groups.tolist())),
        {score: each for score, each in estimates.items() if each is not None},
    )


# --- Two classifiers ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure of two classifiers on the same faces; ``difference`` is first minus second."""

    set_name: str
    figure: str
    first: float
    second: float
    difference: Estimate
    more_is_better: bool = True


def _gap(one: Statistic, other: Statistic, indices: NDArray[np.intp]) -> float:
    return one(indices) - other(indices)


def compare(first: Reading, second: Reading) -> list[Difference]:
    """Return the paired differences of accuracy and areas.

    Both classifiers are measured on the same resampled faces, so what makes a set hard or easy
    for both falls out of the interval.

    Raises:
        TrainingError: when they did not read the same faces.
    """
    if not np.array_equal(first.labels, second.labels):
        raise TrainingError(f"{first.name}: the two models did not read the same faces.")
    return _differences(
        first,
        {
            "accuracy": (partial(_share, first.hits()), partial(_share, second.hits())),
            **{
                f"AUC {emotion}": (partial(first.auc_of, emotion), partial(second.auc_of, emotion))
                for emotion in SCORED
            },
        },
    )


def compare_talk(first: Reading, second: Reading, scores: Iterable[float]) -> list[Difference]:
    """Return the paired differences of the share of faces in speech that reach each score."""
    return _differences(
        first,
        {
            f"surprise of at least {score:g}": (
                _alarms_at(first, score),
                _alarms_at(second, score),
            )
            for score in sorted(scores)
        },
        more_is_better=False,
    )


def _differences(
    first: Reading,
    kinds: dict[str, tuple[Statistic, Statistic]],
    more_is_better: bool = True,
) -> list[Difference]:
    everything = np.arange(len(first.labels))
    found = []
    for name, (one, other) in kinds.items():
        difference = bootstrap(partial(_gap, one, other), first.groups)
        if difference is not None:
            values = one(everything), other(everything)
            found.append(Difference(first.name, name, *values, difference, more_is_better))
    return found


# --- Cost -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cost:
    """What a classifier costs on this machine, one thread.

    Attributes:
        cpu_ms: mean processor time of one face, mirrored look included: what the machine's other
            work does not change.
        classify_ms: (median, 95th percentile) by the clock of the same.
        bytes: size of each file of the bundle.
        machine: processor, as the system names it.
    """

    cpu_ms: float
    classify_ms: tuple[float, float]
    bytes: dict[str, int]
    machine: str


def measure_cost(folder: Path, classifier: ExpressionClassifier, repeats: int = 300) -> Cost:
    """Time a bundle on a gray face; the machine's other work is in the figures."""
    size_px = classifier.bundle.input.size_px
    face = np.full((size_px, size_px, 1), 128, np.uint8)
    began_s = time.process_time()
    classify_ms = _time_ms(lambda: classifier.classify(face), repeats)
    cpu_ms = (time.process_time() - began_s) * 1000 / (repeats + _WARM_UP)
    return Cost(
        cpu_ms,
        classify_ms,
        {name: (folder / name).stat().st_size for name in classifier.bundle.sha256},
        _machine(),
    )


def _time_ms(action: Callable[[], object], repeats: int) -> tuple[float, float]:
    times_ms = []
    for _ in range(repeats + _WARM_UP):
        begin_s = time.perf_counter()
        action()
        times_ms.append((time.perf_counter() - begin_s) * 1000)
    median, late = np.quantile(times_ms[_WARM_UP:], [0.5, 0.95])
    return float(median), float(late)


def _machine() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
