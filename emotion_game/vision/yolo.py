"""YOLOv3's arithmetic: letterbox, grid, decoding and non-maximum suppression.

Play, evaluation and training all use these; nothing here knows a network.
Redmon and Farhadi, "YOLOv3: An Incremental Improvement", 2018, section 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

STRIDES_PX = (8, 16, 32)
ANCHORS_A_CELL = 3
#: tx, ty, tw, th, objectness, one class.
CHANNELS = 6
#: What surrounds a picture that has another shape than the network's input.
FILL = 114
#: exp(tw) beyond e^4 = 55 anchors is no box; it only overflows.
MAX_LOG_SIZE = 4.0

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Letterbox:
    """How a picture was fitted into the network's input: scaled by ``scale``, then shifted."""

    scale: float
    left_px: int
    top_px: int

    def to_picture(self, boxes_px: Floats) -> Floats:
        """Turn (n, 4) boxes x, y, width, height of the input into pixels of the picture."""
        shift = np.array([self.left_px, self.top_px, 0.0, 0.0], np.float32)
        return np.asarray((boxes_px - shift) / self.scale, np.float32)

    def to_input(self, boxes_px: Floats) -> Floats:
        """Turn (n, 4) boxes x, y, width, height of the picture into pixels of the input."""
        shift = np.array([self.left_px, self.top_px, 0.0, 0.0], np.float32)
        return np.asarray(boxes_px * self.scale + shift, np.float32)


def letterbox(
    picture: NDArray[np.uint8], width_px: int, height_px: int
) -> tuple[NDArray[np.uint8], Letterbox]:
    """Fit a (h, w, 3) uint8 picture into (height_px, width_px, 3), keeping its proportions."""
    height, width = picture.shape[:2]
    scale = min(width_px / width, height_px / height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    left, top = (width_px - size[0]) // 2, (height_px - size[1]) // 2
    fitted = reduce(picture, size)
    if size == (width_px, height_px):
        return fitted, Letterbox(scale, 0, 0)
    canvas = np.full((height_px, width_px, 3), FILL, np.uint8)
    canvas[top : top + size[1], left : left + size[0]] = fitted
    return canvas, Letterbox(scale, left, top)


def reduce(picture: NDArray[np.uint8], size_px: tuple[int, int]) -> NDArray[np.uint8]:
    """Scale a picture to (width, height): by halves while that goes, then linearly.

    Averaging all the way takes five times as long and looks no different to the network.
    """
    while picture.shape[1] >= 2 * size_px[0] and picture.shape[0] >= 2 * size_px[1]:
        half = (picture.shape[1] // 2, picture.shape[0] // 2)
        picture = np.asarray(cv2.resize(picture, half, interpolation=cv2.INTER_AREA), np.uint8)
    if picture.shape[1::-1] != size_px:
        picture = np.asarray(cv2.resize(picture, size_px, interpolation=cv2.INTER_LINEAR), np.uint8)
    return picture


def to_rgb(picture: NDArray[Any]) -> NDArray[np.uint8]:
    """Return (h, w, 3) RGB from a gray, BGR or BGRA uint8 picture; alpha is left out.

    Raises:
        ValueError: when the array is not a uint8 picture of 1, 3 or 4 channels.
    """
    if picture.dtype != np.uint8 or picture.size == 0:
        raise ValueError(
            f"expected a non-empty uint8 picture, found {picture.dtype} {picture.shape}"
        )
    channels = 1 if picture.ndim == 2 else picture.shape[2] if picture.ndim == 3 else 0
    codes = {1: cv2.COLOR_GRAY2RGB, 3: cv2.COLOR_BGR2RGB, 4: cv2.COLOR_BGRA2RGB}
    if channels not in codes:
        raise ValueError(f"expected a picture of 1, 3 or 4 channels, found shape {picture.shape}")
    return np.asarray(cv2.cvtColor(picture, codes[channels]), np.uint8)


@dataclass(frozen=True, slots=True)
class Grid:
    """Every prior of an input size, in the order of the network's output rows.

    Attributes:
        corners_px: (n, 2) x, y of each prior's cell.
        strides_px: (n, 1) side of the cell.
        anchors_px: (n, 2) width, height of the prior.
    """

    corners_px: Floats
    strides_px: Floats
    anchors_px: Floats

    @property
    def priors_px(self) -> Floats:
        """Return (n, 4) priors x, y, width, height, centred in their cells."""
        centres = self.corners_px + self.strides_px / 2
        return np.concatenate([centres - self.anchors_px / 2, self.anchors_px], axis=1)


def make_grid(width_px: int, height_px: int, anchors_px: Any) -> Grid:
    """Lay three anchors on every cell of the three feature maps.

    Args:
        width_px: of the input, a multiple of 32.
        height_px: likewise.
        anchors_px: (9, 2) width, height, smallest area first: three a scale.

    Raises:
        ValueError: when a size is no multiple of 32 or there are not nine anchors.
    """
    anchors = np.asarray(anchors_px, np.float32)
    scales = len(STRIDES_PX)
    if anchors.shape != (scales * ANCHORS_A_CELL, 2) or width_px % 32 or height_px % 32:
        raise ValueError(
            f"expected 9 anchors (width, height) and multiples of 32 px, found shape"
            f" {anchors.shape} and {width_px}x{height_px}"
        )
    corners, strides, sizes = [], [], []
    for number, stride in enumerate(STRIDES_PX):
        rows, columns = height_px // stride, width_px // stride
        y, x = np.mgrid[:rows, :columns].astype(np.float32) * stride
        cells = np.stack([x, y], axis=-1).reshape(-1, 1, 2).repeat(ANCHORS_A_CELL, axis=1)
        corners.append(cells.reshape(-1, 2))
        own = anchors[number * ANCHORS_A_CELL : (number + 1) * ANCHORS_A_CELL]
        sizes.append(np.tile(own, (rows * columns, 1)))
        strides.append(np.full((rows * columns * ANCHORS_A_CELL, 1), stride, np.float32))
    return Grid(np.concatenate(corners), np.concatenate(strides), np.concatenate(sizes))


def decode(rows: Floats, grid: Grid, least_confidence: float) -> tuple[Floats, Floats]:
    """Turn the network's output into boxes.

    The centre is a sigmoid within its cell, the size an exponential of the anchor's;
    confidence is objectness times class, both sigmoids.

    Args:
        rows: (n, 6) raw tx, ty, tw, th, objectness, class.
        grid: of the input.
        least_confidence: weaker ones are left out.

    Returns:
        (m, 4) x, y, width, height in pixels of the input and (m,) confidences 0..1, unordered.
    """
    confidence = sigmoid(rows[:, 4]) * sigmoid(rows[:, 5])
    keep = np.flatnonzero(confidence >= least_confidence)
    chosen = rows[keep]
    centres = grid.corners_px[keep] + sigmoid(chosen[:, :2]) * grid.strides_px[keep]
    sizes = grid.anchors_px[keep] * np.exp(np.clip(chosen[:, 2:4], -MAX_LOG_SIZE, MAX_LOG_SIZE))
    return np.concatenate([centres - sizes / 2, sizes], axis=1), confidence[keep]


def suppress(boxes_px: Floats, confidences: Floats, most_iou: float) -> tuple[Floats, Floats]:
    """Keep one box a face: greedy non-maximum suppression, each winner blended with its rivals.

    A winner is the mean of all boxes it suppresses, weighted by confidence. Choosing one of
    them lets the box jump between neighbouring anchors on a still face (Bazarevsky et al.,
    "BlazeFace", 2019, section 3.4).

    Args:
        boxes_px: (n, 4) x, y, width, height.
        confidences: (n,) 0..1.
        most_iou: boxes that overlap more are the same face.

    Returns:
        (m, 4) boxes and (m,) confidences, the most certain first.
    """
    order = np.argsort(-confidences, kind="stable")
    boxes, confidences = boxes_px[order], confidences[order]
    left = np.ones(len(boxes), bool)
    kept, certain = [], []
    for index in range(len(boxes)):
        if not left[index]:
            continue
        same = left & (iou_of(boxes[index], boxes) > most_iou)
        same[index] = True
        left &= ~same
        # Squared, so that a crowd of doubtful boxes does not pull a certain one aside.
        weights = confidences[same, np.newaxis] ** 2
        kept.append((boxes[same] * weights).sum(axis=0) / weights.sum())
        certain.append(confidences[index])
    return np.array(kept, np.float32).reshape(-1, 4), np.array(certain, np.float32)


def iou_of(box_px: Floats, boxes_px: Floats) -> Floats:
    """Return the (n,) intersections over union of one box with (n, 4) boxes."""
    lowest = np.maximum(box_px[:2], boxes_px[:, :2])
    highest = np.minimum(box_px[:2] + box_px[2:], boxes_px[:, :2] + boxes_px[:, 2:])
    common = np.prod(np.clip(highest - lowest, 0.0, None), axis=1)
    areas = boxes_px[:, 2] * boxes_px[:, 3] + box_px[2] * box_px[3] - common
    return np.asarray(common / np.maximum(areas, 1e-9), np.float32)


def sigmoid(x: Floats) -> Floats:
    """Return 1 / (1 + exp(-x))."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(x, -30.0, 30.0))), np.float32)
