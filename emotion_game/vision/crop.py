"""The one face crop: play, evaluation and training all call :func:`crop_face`.

What the classifier sees in the game must be what it saw in training, so the numbers that
decide the crop travel with the weights in ``model.json`` as a :class:`CropSpec`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class CropSpec:
    """How a face is cut out and scaled.

    Attributes:
        size_px: side of the square the network gets.
        margin: how far the square reaches past the detector's box on each side, as a
            share of the box's longer side (0.1 = 10% on every side; negative cuts in).
        shift_down: how far the square's centre is moved down, as a share of the box's longer side.
        detail_px: the crop is first reduced to this many pixels a side, so that a sharp
            webcam face holds no more detail than the training pictures; 0 = no reduction.
    """

    size_px: int = 96
    margin: float = 0.0
    shift_down: float = 0.0
    detail_px: int = 48


def to_gray(picture: NDArray[Any]) -> Picture:
    """Return a gray (height, width) uint8 picture from gray, BGR or BGRA uint8.

    Raises:
        ValueError: when the array is not a uint8 picture of 1, 3 or 4 channels.
    """
    if picture.dtype != np.uint8 or picture.size == 0:
        raise ValueError(
            f"expected a non-empty uint8 picture, found {picture.dtype} {picture.shape}"
        )
    if picture.ndim == 2:
        return picture
    if picture.ndim == 3 and picture.shape[2] == 1:
        return picture[:, :, 0]
    if picture.ndim == 3 and picture.shape[2] == 3:
        return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    if picture.ndim == 3 and picture.shape[2] == 4:
        return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGRA2GRAY), dtype=np.uint8)
    raise ValueError(f"expected a picture of 1, 3 or 4 channels, found shape {picture.shape}")


def crop_face(
    picture: NDArray[Any], box_px: tuple[float, float, float, float] | None, spec: CropSpec
) -> Picture:
    """Cut one face out of a picture.

    Args:
        picture: (height, width[, 1|3|4]) uint8; gray, BGR or BGRA.
        box_px: detector's box (x, y, width, height) in pixels; ``None`` takes the whole
            picture as the already cropped face, without margin.
        spec: margin, size and detail.

    Returns:
        (size_px, size_px, 1) uint8 gray. Where the square leaves the picture, the edge
        pixels are repeated.

    Raises:
        ValueError: when the picture is not uint8 or the box has no area.
    """
    gray = to_gray(picture)
    if box_px is None:
        face = gray
    else:
        x, y, width, height = box_px
        if width <= 0 or height <= 0:
            raise ValueError(f"expected a box with an area, found {box_px}")
        longer = max(width, height)
        side = max(2, round(longer * (1 + 2 * spec.margin)))
        left = round(x + width / 2 - side / 2)
        top = round(y + height / 2 + longer * spec.shift_down - side / 2)
        face = _cut(gray, left, top, side)
    if spec.detail_px:
        face = _resize(face, spec.detail_px)
    return _resize(face, spec.size_px)[:, :, np.newaxis]


def _cut(gray: Picture, left: int, top: int, side: int) -> Picture:
    height, width = gray.shape
    # Clamped, so that a box wholly outside the picture still yields edge pixels, not an error.
    columns = slice(min(max(left, 0), width - 1), max(min(left + side, width), 1))
    rows = slice(min(max(top, 0), height - 1), max(min(top + side, height), 1))
    inside = gray[rows, columns]
    if inside.shape == (side, side):
        return inside
    before_x, before_y = max(0, -left), max(0, -top)
    after_x, after_y = (
        max(0, side - before_x - inside.shape[1]),
        max(0, side - before_y - inside.shape[0]),
    )
    padded = cv2.copyMakeBorder(inside, before_y, after_y, before_x, after_x, cv2.BORDER_REPLICATE)
    return np.asarray(padded[:side, :side], dtype=np.uint8)


def _resize(face: Picture, side_px: int) -> Picture:
    if face.shape == (side_px, side_px):
        return face
    shrinks = min(face.shape) > side_px
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(face, (side_px, side_px), interpolation=method), dtype=np.uint8)
