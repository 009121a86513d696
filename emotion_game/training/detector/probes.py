"""Trials of face detectors on frames made for it: sizes, a still face, bad pictures, time.

The held-back pictures are small and their faces large. The game sees 640x480 frames with faces of
any size, so faces are laid into such frames at stated widths, on pictures without a face.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from emotion_game.errors import TrainingError
from emotion_game.training.classifier.evaluate import Estimate
from emotion_game.training.detector.boxes import BoxedPicture, Boxes
from emotion_game.training.detector.evaluate import (
    FOUND_IOU,
    Contender,
    DetectorFigures,
    Picture,
    Truth,
    figures,
    look,
    share_of,
)
from emotion_game.vision.detector import BoxPx, Face, iou
from emotion_game.vision.pictures import read_picture

FRAME_PX: Final = (640, 480)
#: Widths of the faces that are laid into frames.
FACE_WIDTHS_PX: Final = (30, 40, 60, 100, 160, 240, 320)
#: Widths of the faces that are kept still: far, as players sit, near.
STILL_WIDTHS_PX: Final = (60, 120, 240)
_STILL_REPEATS: Final = 16
#: A camera's noise in a lit room, gray levels; and how far a still head is moved, pixels.
_STILL_NOISE: Final = 4.0
_STILL_SHIFT_PX: Final = 1.0
_TURN_DEG: Final = 20.0
_WARM_UP: Final = 3
#: A face of which less is left in the picture is neither to be found nor not to be found.
_LEAST_SHOWN: Final = 0.5

Progress = Callable[[Sequence[Any]], Iterable[Any]]


# --- Faces in frames ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FramedFace:
    """A (480, 640, 3) uint8 BGR frame and the box of the one face in it."""

    frame: Picture
    box_px: BoxPx


def frame_faces(
    pictures: Sequence[BoxedPicture], width_px: int, count: int, seed: int
) -> list[FramedFace]:
    """Lay single faces into frames at one width and at random places, each wholly visible.

    Args:
        pictures: those with exactly one face show it; those without any are the background.
        width_px: of the face in the frame.
        count: of frames, at most; every face is used once.
        seed: of the choice; the same for every width gives the same faces.

    Raises:
        TrainingError: without a single face or a picture without a face.
    """
    singles = [each for each in pictures if len(each.boxes_px) == 1 and not len(each.ignored_px)]
    empty = [each for each in pictures if Truth.of(each).faceless]
    if not singles or not empty:
        raise TrainingError(
            f"Expected pictures of one face and pictures without any, found {len(singles)} and"
            f" {len(empty)}.",
            hint="Hold back more pictures.",
        )
    rng = np.random.default_rng(seed)
    framed = []
    for at in rng.permutation(len(singles))[:count]:
        chosen = singles[at]
        behind = read_picture(empty[int(rng.integers(len(empty)))].file)
        spot = rng.random(2)
        box = chosen.boxes_px[0].tolist()
        framed.append(lay_face(read_picture(chosen.file), box, behind, width_px, spot))
    return framed


def lay_face(
    picture: Picture, box_px: Sequence[float], behind: Picture, width_px: int, spot: NDArray[Any]
) -> FramedFace:
    """Scale a picture until its face has a width, and lay it on another picture.

    Args:
        picture: BGR.
        box_px: of its face.
        behind: BGR; scaled until it fills the frame.
        width_px: of the face in the frame.
        spot: (2,) where the face lies between left and right, top and bottom edge, 0..1.
    """
    frame_size = np.array(FRAME_PX)
    background = _scaled(behind, float((frame_size / behind.shape[1::-1]).max()))
    frame = np.ascontiguousarray(background[: FRAME_PX[1], : FRAME_PX[0]])
    factor = width_px / box_px[2]
    scaled = _scaled(picture, factor)
    left, top, width, height = (each * factor for each in box_px)
    room = np.maximum(0.0, frame_size - (width, height))
    shift = np.round(spot * room - (left, top)).astype(int)
    low = np.maximum(shift, 0)
    high = np.minimum(shift + scaled.shape[1::-1], frame_size)
    part = scaled[low[1] - shift[1] : high[1] - shift[1], low[0] - shift[0] : high[0] - shift[0]]
    frame[low[1] : high[1], low[0] : high[0]] = part
    return FramedFace(frame, (left + int(shift[0]), top + int(shift[1]), width, height))


def _scaled(picture: Picture, factor: float) -> Picture:
    # Rounded up, so that a background has no gap at the edge.
    size = (int(np.ceil(picture.shape[1] * factor)), int(np.ceil(picture.shape[0] * factor)))
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, size, interpolation=method), np.uint8)


def _best(faces: Sequence[Face], box_px: BoxPx) -> BoxPx | None:
    """Return the reported box that overlaps a face most, if it has found it."""
    best = max((face.box_px for face in faces), key=lambda each: iou(each, box_px), default=None)
    return best if best is not None and iou(best, box_px) >= FOUND_IOU else None


@dataclass(frozen=True, slots=True)
class WidthFigures:
    """Share of the faces of one width in a 640 px wide frame that are found."""

    width_px: int
    faces: int
    recall: Estimate


def recall_by_width(
    contenders: Sequence[Contender],
    pictures: Sequence[BoxedPicture],
    count: int = 60,
    seed: int = 0,
    progress: Progress = iter,
) -> list[list[WidthFigures]]:
    """Return, for each detector, its recall at every one of :data:`FACE_WIDTHS_PX`.

    Args:
        contenders: as the game uses them.
        pictures: see :func:`frame_faces`.
        count: of faces.
        seed: of the choice.
        progress: wraps the widths.
    """
    found: list[list[WidthFigures]] = [[] for _ in contenders]
    for width_px in progress(FACE_WIDTHS_PX):
        framed = frame_faces(pictures, width_px, count, seed)
        for mine, each in zip(found, contenders, strict=True):
            hits = sum(
                _best(each.detector.detect(one.frame), one.box_px) is not None for one in framed
            )
            mine.append(WidthFigures(width_px, len(framed), share_of(hits, len(framed))))
    return found


# --- A still face ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StillFigures:
    """How much the box of a face that keeps still jumps.

    Attributes:
        width_px: of the face.
        faces: that were found in every frame; only they count.
        lost: frames of all faces in which the face was not found, share.
        centre: standard deviation of the box's centre, in shares of the face's width; the
            worse of across and down, root mean square over the faces.
        width: the same of the box's width.
    """

    width_px: int
    faces: int
    lost: float
    centre: float | None
    width: float | None


def still_faces(
    contenders: Sequence[Contender],
    pictures: Sequence[BoxedPicture],
    count: int = 8,
    seed: int = 0,
    progress: Progress = iter,
) -> list[list[StillFigures]]:
    """Return, for each detector, how its boxes jump at every one of :data:`STILL_WIDTHS_PX`.

    Each face is shown 16 times, moved by up to a pixel, with fresh noise; the known movement is
    taken off the box again.

    Args:
        contenders: as the game uses them.
        pictures: see :func:`frame_faces`.
        count: of faces.
        seed: of the choice, the movement and the noise.
        progress: wraps the widths.
    """
    found: list[list[StillFigures]] = [[] for _ in contenders]
    for width_px in progress(STILL_WIDTHS_PX):
        rng = np.random.default_rng(seed)
        boxes: list[list[list[BoxPx | None]]] = [[] for _ in contenders]
        for one in frame_faces(pictures, width_px, count, seed):
            shown = [_shaken(one, rng) for _ in range(_STILL_REPEATS)]
            for mine, each in zip(boxes, contenders, strict=True):
                mine.append([_settled(each, one, frame, shift) for frame, shift in shown])
        for figures_of, mine in zip(found, boxes, strict=True):
            figures_of.append(_still(width_px, mine))
    return found


def _shaken(one: FramedFace, rng: np.random.Generator) -> tuple[Picture, NDArray[np.float64]]:
    shift = rng.uniform(-_STILL_SHIFT_PX, _STILL_SHIFT_PX, 2)
    move = np.array([[1.0, 0.0, shift[0]], [0.0, 1.0, shift[1]]])
    moved = cv2.warpAffine(one.frame, move, FRAME_PX, borderMode=cv2.BORDER_REPLICATE)
    return _with_noise(np.asarray(moved), _STILL_NOISE, rng), shift


def _with_noise(picture: NDArray[Any], deviation: float, rng: np.random.Generator) -> Picture:
    noise = rng.standard_normal(picture.shape, np.float32) * np.float32(deviation)
    return np.clip(np.rint(picture + noise), 0, 255).astype(np.uint8)


def _settled(
    contender: Contender, one: FramedFace, frame: Picture, shift: NDArray[np.float64]
) -> BoxPx | None:
    across, down = shift.tolist()
    x, y, width, height = one.box_px
    box = _best(contender.detector.detect(frame), (x + across, y + down, width, height))
    return None if box is None else (box[0] - across, box[1] - down, box[2], box[3])


def _still(width_px: int, boxes: Sequence[Sequence[BoxPx | None]]) -> StillFigures:
    lost = sum(box is None for face in boxes for box in face)
    whole = [face for face in boxes if None not in face]
    shown = sum(map(len, boxes))
    if not whole:
        return StillFigures(width_px, 0, lost / shown, None, None)
    found = np.array(whole, np.float64) / width_px  # (faces, repeats, 4)
    centres = (found[..., :2] + found[..., 2:] / 2).std(axis=1)
    across, down = np.sqrt((centres**2).mean(axis=0))
    width = np.sqrt((found[..., 2].std(axis=1) ** 2).mean())
    return StillFigures(width_px, len(whole), lost / shown, float(max(across, down)), float(width))


# --- Bad pictures ---------------------------------------------------------------------------------


def _as_it_is(picture: Picture, truth: Truth, rng: np.random.Generator) -> tuple[Picture, Truth]:
    return picture, truth


def _dark(picture: Picture, truth: Truth, rng: np.random.Generator) -> tuple[Picture, Truth]:
    """Leave a fifth of the light; the noise stays."""
    return _with_noise(picture * 0.2, _STILL_NOISE, rng), truth


def _blurred(picture: Picture, truth: Truth, rng: np.random.Generator) -> tuple[Picture, Truth]:
    """Blur by 4% of the widest face, or of a quarter of the picture without one."""
    widest = truth.boxes_px[:, 2].max(initial=0.0) or truth.width / 4
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.04 * float(widest)), np.uint8), truth


def _jpeg(picture: Picture, truth: Truth, rng: np.random.Generator) -> tuple[Picture, Truth]:
    """Compress to JPEG quality 10."""
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 10])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8), truth


def _gray(picture: Picture, truth: Truth, rng: np.random.Generator) -> tuple[Picture, Truth]:
    gray = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR), np.uint8), truth


def _turned(picture: Picture, truth: Truth, rng: np.random.Generator) -> tuple[Picture, Truth]:
    """Turn by 20 degrees to a random side."""
    return turn(picture, truth, _TURN_DEG * float(rng.choice([-1, 1])))


def turn(picture: Picture, truth: Truth, angle_deg: float) -> tuple[Picture, Truth]:
    """Turn a picture about its middle, and with it the boxes.

    A face is an ellipse in its box; the new box encloses the turned ellipse. What the turn moves
    out of the picture by more than a half becomes an ignored region.

    Args:
        picture: BGR.
        truth: of it.
        angle_deg: counter-clockwise.
    """
    height, width = picture.shape[:2]
    affine = cv2.getRotationMatrix2D((width / 2, height / 2), angle_deg, 1.0)
    turned = cv2.warpAffine(picture, affine, (width, height), borderMode=cv2.BORDER_REPLICATE)
    shown, faces = _turned_boxes(truth.boxes_px, affine, (width, height))
    _, ignored = _turned_boxes(truth.ignored_px, affine, (width, height))
    hidden = np.concatenate([ignored, faces[shown < _LEAST_SHOWN]])
    return np.asarray(turned, np.uint8), replace(
        truth,
        boxes_px=faces[shown >= _LEAST_SHOWN],
        ignored_px=hidden[(hidden[:, 2:] > 0).all(axis=1)],
    )


def _turned_boxes(
    boxes_px: Boxes, affine: NDArray[Any], size: tuple[int, int]
) -> tuple[NDArray[np.float64], Boxes]:
    """Return the share of each box that is left in the picture, and the clipped boxes."""
    sides = boxes_px[:, 2:].astype(np.float64)
    centres = (boxes_px[:, :2] + sides / 2) @ affine[:, :2].T + affine[:, 2]
    # Half extents of an ellipse with half axes a, b: sqrt(a^2 cos^2 + b^2 sin^2) across.
    sides = np.sqrt((sides**2) @ (affine[:, :2] ** 2).T)
    low = np.clip(centres - sides / 2, 0, size)
    high = np.clip(centres + sides / 2, 0, size)
    clipped = np.concatenate([low, high - low], axis=1)
    shown = clipped[:, 2:].prod(axis=1) / np.maximum(sides.prod(axis=1), 1e-9)
    return shown, clipped.astype(np.float32)


Change = Callable[[Picture, Truth, np.random.Generator], tuple[Picture, Truth]]
CHANGES: Final[dict[str, Change]] = {
    "as they are": _as_it_is,
    "dark": _dark,
    "blurred": _blurred,
    "JPEG 10": _jpeg,
    "gray": _gray,
    "turned 20 degrees": _turned,
}


def slices(
    contenders: Sequence[Contender],
    pictures: Sequence[BoxedPicture],
    count: int = 100,
    seed: int = 0,
    progress: Progress = iter,
) -> dict[str, list[DetectorFigures]]:
    """Return every detector's figures on pictures that each of :data:`CHANGES` has made bad.

    Args:
        contenders: their eager form.
        pictures: held back.
        count: of pictures of each group, at most; the same ones for every change.
        seed: of the choice and the changes.
        progress: wraps the names of the changes.
    """
    rng = np.random.default_rng(seed)
    chosen: list[BoxedPicture] = []
    for group in sorted({each.group for each in pictures}):
        mine = [each for each in pictures if each.group == group]
        chosen += [mine[at] for at in rng.permutation(len(mine))[:count]]
    found = {}
    for name in progress(list(CHANGES)):
        rng = np.random.default_rng(seed)
        truths = []

        def changed(name: str = name, rng: np.random.Generator = rng) -> Iterable[Picture]:
            for each in chosen:
                picture, truth = CHANGES[name](read_picture(each.file), Truth.of(each), rng)
                truths.append(truth)  # noqa: B023 - used up within the round
                yield picture

        reported = look(contenders, changed())
        found[name] = [
            figures(each, truths, mine) for each, mine in zip(contenders, reported, strict=True)
        ]
    return found


# --- Time -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TimeFigures:
    """One search of a 640x480 frame on one thread, milliseconds.

    Attributes:
        median_ms: by the clock.
        late_ms: 95% are done by then.
        cpu_ms: median of the processor time of this thread, which leaves out other programs.
        cold_ms: the same for the first search after another detector's, whose data has taken the
            place of this one's in the processor's caches.
    """

    median_ms: float
    late_ms: float
    cpu_ms: float
    cold_ms: float


@contextmanager
def _one_thread() -> Iterator[None]:
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)


def measure_time(
    contenders: Sequence[Contender],
    pictures: Sequence[BoxedPicture],
    rounds: int = 3,
    seed: int = 0,
) -> list[TimeFigures]:
    """Time every detector on the same frames, in turn, so that other work slows all alike.

    Each searches a frame twice, one right after the other: the first is the cold one.

    Args:
        contenders: to time.
        pictures: see :func:`frame_faces`.
        rounds: through the frames.
        seed: of their choice.
    """
    frames = [
        one.frame
        for width_px in STILL_WIDTHS_PX
        for one in frame_faces(pictures, width_px, 12, seed)
    ]
    clock_ms: list[list[float]] = [[] for _ in contenders]
    thread_ms: list[list[float]] = [[] for _ in contenders]
    cold_ms: list[list[float]] = [[] for _ in contenders]
    with _one_thread():
        for each in contenders:
            for frame in frames[:_WARM_UP]:
                each.detector.detect(frame)
        for number, frame in enumerate(frames * rounds):
            for step in range(len(contenders)):
                # Nobody is always first.
                at = (step + number) % len(contenders)
                begin_cold_s = time.thread_time()
                contenders[at].detector.detect(frame)
                begin_s, begin_cpu_s = time.perf_counter(), time.thread_time()
                contenders[at].detector.detect(frame)
                cold_ms[at].append((begin_cpu_s - begin_cold_s) * 1000)
                thread_ms[at].append((time.thread_time() - begin_cpu_s) * 1000)
                clock_ms[at].append((time.perf_counter() - begin_s) * 1000)
    return [
        TimeFigures(
            float(np.median(clock)),
            float(np.quantile(clock, 0.95)),
            float(np.median(thread)),
            float(np.median(cold)),
        )
        for clock, thread, cold in zip(clock_ms, thread_ms, cold_ms, strict=True)
    ]
