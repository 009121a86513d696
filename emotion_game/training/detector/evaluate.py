"""Figures of face detectors, side by side on the same pictures; average precision is pycocotools'.

For curves a detector is asked once a picture for everything it will say, far below the threshold
of the game, and thresholds are laid on afterwards.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from scipy.stats import binomtest

from emotion_game.errors import TrainingError
from emotion_game.training.classifier.evaluate import Estimate, bootstrap
from emotion_game.training.detector.boxes import BoxedPicture, Boxes
from emotion_game.vision.detector import Face, FaceDetector

#: From this overlap on, a box has found the face.
FOUND_IOU: Final = 0.5
#: The share of faceless pictures that may raise a false alarm.
ALARM_SHARE: Final = 0.01
#: Recall is told for faces between these widths, in pixels of a 640 px wide frame.
SIZE_EDGES_PX: Final = (40.0, 80.0, 160.0, 320.0)
FRAME_WIDTH_PX: Final = 640.0
_MOST_FACES: Final = 100
_RECALLS: Final = np.linspace(0.0, 1.0, 101)

Picture = NDArray[np.uint8]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Contender:
    """A detector under test.

    Attributes:
        name: in the tables.
        detector: as the game uses it.
        eager: the same, but reports weak faces too.
        threshold: confidence from which ``detector`` reports a face; 0 = it knows no such.
    """

    name: str
    detector: FaceDetector
    eager: FaceDetector
    threshold: float


@dataclass(frozen=True, slots=True)
class Truth:
    """What is in one picture.

    Attributes:
        width: of the picture, pixels.
        boxes_px: (n, 4) x, y, width, height of its faces.
        ignored_px: (m, 4) regions where a found face is neither right nor wrong.
        group: kind of picture.
        person: what is resampled together.
    """

    width: int
    boxes_px: Boxes
    ignored_px: Boxes
    group: str
    person: str

    @classmethod
    def of(cls, picture: BoxedPicture) -> Truth:
        """Return what is known of a picture of a data set."""
        return cls(
            picture.width, picture.boxes_px, picture.ignored_px, picture.group, picture.person
        )

    @property
    def faceless(self) -> bool:
        """Return whether any face found here is a false alarm."""
        return not len(self.boxes_px) and not len(self.ignored_px)


@dataclass(frozen=True, slots=True)
class Matches:
    """What one detector found in n pictures, laid on the truth at :data:`FOUND_IOU`.

    Attributes:
        scores: (d,) confidence of each reported face, the most certain first; those in ignored
            regions are left out.
        hits: (d,) whether it is a face not found before.
        of: (d,) index of its picture.
        face_scores: (f,) confidence of the box that found each face; -1 = none.
        face_widths: (f,) width of each face in pixels of a 640 px wide frame.
        face_of: (f,) index of its picture.
        loudest: (n,) the greatest confidence in each picture; -1 = nothing reported.
    """

    scores: Floats
    hits: NDArray[np.bool_]
    of: NDArray[np.intp]
    face_scores: Floats
    face_widths: Floats
    face_of: NDArray[np.intp]
    loudest: Floats

    def average_precision(self, pictures: NDArray[np.intp]) -> float:
        """Return AP at :data:`FOUND_IOU` of some pictures, which may be named several times.

        The same figure as pycocotools', but fast enough to resample. NaN without a face.
        """
        return float(self.precisions(pictures).mean())

    def precisions(self, pictures: NDArray[np.intp]) -> Floats:
        """Return COCO's curve: precision, made falling, at recall 0, 0.01 ... 1.

        Args:
            pictures: indices, which may be named several times; NaN without a face in them.
        """
        weights = np.bincount(pictures, minlength=len(self.loudest))
        faces = weights[self.face_of].sum()
        if not faces:
            return np.full(len(_RECALLS), np.nan)
        mine = weights[self.of]
        right, wrong = np.cumsum(mine * self.hits), np.cumsum(mine * ~self.hits)
        precision = right / np.maximum(right + wrong, 1)
        falling = np.maximum.accumulate(precision[::-1])[::-1]
        places = np.searchsorted(right / faces, _RECALLS, side="left")
        return np.asarray(np.append(falling, 0.0)[places])

    def recall(self, threshold: float, chosen: NDArray[np.bool_] | None = None) -> float | None:
        """Return the share of (chosen) faces found at or above a threshold; None without any."""
        scores = self.face_scores if chosen is None else self.face_scores[chosen]
        return float((scores >= max(threshold, 0.0)).mean()) if len(scores) else None

    def precision(self, threshold: float) -> float | None:
        """Return the share of reported faces that are right; None when none is reported."""
        reported = self.scores >= threshold
        return float(self.hits[reported].mean()) if reported.any() else None


@dataclass(frozen=True, slots=True)
class SizeFigures:
    """Recall among the faces of one range of widths, at the game's threshold."""

    widths: str
    faces: int
    recall: float


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """One detector on one kind of picture.

    Attributes:
        group: its name, "all" for every picture.
        pictures: how many.
        faces: how many.
        ap50: average precision at IoU 0.5, with the interval over people.
        ap: mean over IoU 0.5, 0.55 ... 0.95.
        recall: at the game's threshold.
        precision: at the game's threshold; None when nothing was reported.
        strict_recall: at the threshold with 1% false alarms; None without faceless pictures.
        sizes: recall by width of the face.
        precisions: at IoU 0.5 and recall 0, 0.01 ... 1.
    """

    group: str
    pictures: int
    faces: int
    ap50: Estimate
    ap: float
    recall: float
    precision: float | None
    strict_recall: float | None
    sizes: tuple[SizeFigures, ...]
    precisions: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class AlarmFigures:
    """False alarms on pictures without a face.

    Attributes:
        pictures: how many there are.
        alarms: those with a face reported at the game's threshold.
        share: of them, with Wilson's 95% interval.
        strict_threshold: the least one with at most 1% of them.
    """

    pictures: int
    alarms: int
    share: Estimate
    strict_threshold: float


@dataclass(frozen=True, slots=True)
class DetectorFigures:
    """Everything about one detector on one set of pictures."""

    name: str
    threshold: float
    groups: tuple[GroupFigures, ...]
    alarms: AlarmFigures | None


Found = list[list[Face]]


def look(
    contenders: Sequence[Contender],
    pictures: Iterable[Picture],
) -> list[Found]:
    """Return what each detector, the eager one, reports in each picture."""
    found: list[Found] = [[] for _ in contenders]
    for picture in pictures:
        for mine, each in zip(found, contenders, strict=True):
            mine.append(each.eager.detect(picture))
    return found


def figures(contender: Contender, truths: Sequence[Truth], found: Found) -> DetectorFigures:
    """Compute every figure of one detector.

    Args:
        contender: its name and threshold.
        truths: of each picture.
        found: what it reported in each, see :func:`look`.

    Raises:
        TrainingError: when no picture has a face.
    """
    if not any(len(truth.boxes_px) for truth in truths):
        raise TrainingError("No picture of the set has a face.", hint="Hold back more pictures.")
    alarms = _alarms(contender, truths, found)
    strict = None if alarms is None else alarms.strict_threshold
    groups: list[GroupFigures] = []
    # Without kinds, or of one kind only, every picture is in "all".
    kinds = sorted({truth.group for truth in truths if len(truth.boxes_px)})
    for kind in (*kinds, "all") if len(kinds) > 1 else ("all",):
        mine = [at for at, truth in enumerate(truths) if kind in ("all", truth.group)]
        own, reported = [truths[at] for at in mine], [found[at] for at in mine]
        groups.append(_group(kind, own, reported, contender.threshold, strict))
    return DetectorFigures(contender.name, contender.threshold, tuple(groups), alarms)


def _group(
    name: str, truths: Sequence[Truth], found: Found, threshold: float, strict: float | None
) -> GroupFigures:
    matches, ap = match(truths, found)
    ap50 = bootstrap(matches.average_precision, np.array([truth.person for truth in truths]))
    assert ap50 is not None  # a group has faces
    recall = matches.recall(threshold)
    assert recall is not None
    return GroupFigures(
        name,
        len(truths),
        len(matches.face_of),
        ap50,
        ap,
        recall,
        matches.precision(threshold),
        None if strict is None else matches.recall(strict),
        tuple(_sizes(matches, threshold)),
        tuple(matches.precisions(np.arange(len(truths))).tolist()),
    )


def _sizes(matches: Matches, threshold: float) -> Iterable[SizeFigures]:
    edges = (0.0, *SIZE_EDGES_PX, float("inf"))
    for low, high in pairwise(edges):
        chosen = (matches.face_widths >= low) & (matches.face_widths < high)
        recall = matches.recall(threshold, chosen)
        if recall is not None:
            name = f"{low:g} to {high:g}" if high < np.inf else f"from {low:g}"
            yield SizeFigures(name if low else f"under {high:g}", int(chosen.sum()), recall)


def _alarms(contender: Contender, truths: Sequence[Truth], found: Found) -> AlarmFigures | None:
    loudest = np.array(
        [
            max((face.confidence for face in faces), default=-1.0)
            for truth, faces in zip(truths, found, strict=True)
            if truth.faceless
        ]
    )
    if not len(loudest):
        return None
    # Nothing reported is -1, so that at threshold 0 whatever is reported counts.
    alarms = int((loudest >= contender.threshold).sum())
    return AlarmFigures(
        len(loudest), alarms, share_of(alarms, len(loudest)), strict_threshold(loudest)
    )


def share_of(count: int, total: int) -> Estimate:
    """Return a share with Wilson's 95% interval."""
    interval = binomtest(count, total).proportion_ci(method="wilson")
    return Estimate(count / total, float(interval.low), float(interval.high))


def strict_threshold(loudest: Floats, share: float = ALARM_SHARE) -> float:
    """Return the least threshold that at most a share of pictures reach.

    Args:
        loudest: (n,) greatest confidence in each picture; -1 = nothing reported.
        share: of the pictures.
    """
    falling = np.sort(loudest)[::-1]
    allowed = int(share * len(falling))
    return float(max(0.0, np.nextafter(falling[allowed], np.inf)))


# --- pycocotools ----------------------------------------------------------------------------------


def match(truths: Sequence[Truth], found: Found) -> tuple[Matches, float]:
    """Lay what was found on what is there, and return the mean AP over IoU 0.5 to 0.95 as well.

    Args:
        truths: of each picture; at least one with a face.
        found: the faces reported in each.
    """
    with contextlib.redirect_stdout(io.StringIO()):  # it prints its progress
        judge = COCOeval(*_as_coco(truths, found), iouType="bbox")
        judge.params.maxDets = [_MOST_FACES]
        judge.params.areaRng = [[0.0, 1e12]]
        judge.params.areaRngLbl = ["all"]
        judge.evaluate()
        judge.accumulate()
    precision = judge.eval["precision"][..., 0, 0, 0]  # (IoU, recall)
    # Each starts with an empty array, so that joining nothing keeps its kind.
    scores: list[NDArray[Any]] = [np.empty(0)]
    hits, of = [np.empty(0, bool)], [np.empty(0, np.intp)]
    face_scores: list[NDArray[Any]] = [np.empty(0)]
    widths: list[NDArray[Any]] = [np.empty(0)]
    face_of = [np.empty(0, np.intp)]
    loudest = np.full(len(truths), -1.0)
    for at, (seen, truth) in enumerate(zip(judge.evalImgs, truths, strict=True)):
        if seen is None:  # neither a face nor a report
            continue
        confidences = np.array(seen["dtScores"], np.float64)
        counted = ~seen["dtIgnore"][0].astype(bool)
        matched = seen["dtMatches"][0] > 0
        scores.append(confidences[counted])
        hits.append(matched[counted])
        of.append(np.full(int(counted.sum()), at))
        loudest[at] = confidences.max(initial=-1.0)
        by_id = dict(zip(seen["dtIds"], confidences, strict=True))
        kept = ~np.array(seen["gtIgnore"], bool)
        reports = np.array(seen["gtMatches"][0])[kept]
        face_scores.append(np.array([by_id.get(int(each), -1.0) for each in reports]))
        # COCO lists the faces in their order, ignored regions behind them.
        widths.append(truth.boxes_px[:, 2] * (FRAME_WIDTH_PX / truth.width))
        face_of.append(np.full(len(truth.boxes_px), at))
    everything = np.concatenate(scores)
    # Within equal scores pycocotools keeps the order of the pictures, and so does this.
    order = np.argsort(-everything, kind="mergesort")
    return (
        Matches(
            everything[order],
            np.concatenate(hits)[order],
            np.concatenate(of)[order],
            np.concatenate(face_scores),
            np.concatenate(widths).astype(np.float64),
            np.concatenate(face_of),
            loudest,
        ),
        float(precision.mean()),
    )


def _as_coco(truths: Sequence[Truth], found: Found) -> tuple[COCO, COCO]:
    images = [{"id": at} for at in range(1, len(truths) + 1)]
    categories = [{"id": 1, "name": "face"}]
    faces: list[dict[str, Any]] = []
    reports: list[dict[str, Any]] = []
    for image, truth, mine in zip(images, truths, found, strict=True):
        for crowd, boxes in enumerate((truth.boxes_px, truth.ignored_px)):
            for box in boxes.tolist():
                faces.append(_annotation(len(faces), image["id"], box, iscrowd=crowd))
        for face in mine:
            box = list(face.box_px)
            reports.append(_annotation(len(reports), image["id"], box, score=face.confidence))
    made = []
    for listed in (faces, reports):
        each = COCO()
        each.dataset = {"images": images, "categories": categories, "annotations": listed}
        each.createIndex()
        made.append(each)
    return made[0], made[1]


def _annotation(at: int, image: int, box: list[float], **more: float) -> dict[str, Any]:
    area = box[2] * box[3]
    # Ids from 1: pycocotools takes 0 for "not matched".
    return {"id": at + 1, "image_id": image, "category_id": 1, "bbox": box, "area": area, **more}
