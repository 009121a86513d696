"""What the detector learns from: targets on the grid, and the loss over them."""

from __future__ import annotations

import math
from typing import Any, Literal

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from emotion_game.training.detector.config import DetectorLossSettings
from emotion_game.vision.yolo import MAX_LOG_SIZE, Grid, iou_of

Floats = NDArray[np.float32]
#: Columns of a target row: is a face, counts for objectness, centre x, y, width, height (px).
TARGET_COLUMNS = 6
_TINY = 1e-7


def make_targets(
    faces_px: Floats, ignored_px: Floats, grid: Grid, settings: DetectorLossSettings
) -> Floats:
    """Assign faces to priors.

    A face belongs to the cell its centre lies in, there to the anchor whose shape overlaps it
    most and to every other one that overlaps it by ``assign_iou``. Where two faces want the same
    prior, the smaller one has it: the larger has more choice. A prior that overlaps a face by
    more than ``ignore_iou`` without belonging to it, and one whose cell lies in an ignored
    region, is not told off.

    Args:
        faces_px: (n, 4) x, y, width, height in pixels of the input.
        ignored_px: (m, 4) regions in which nothing is known.
        grid: of the input.
        settings: ``assign_iou`` and ``ignore_iou``.

    Returns:
        (priors, 6) float32; see ``TARGET_COLUMNS``.
    """
    target = np.zeros((len(grid.anchors_px), TARGET_COLUMNS), np.float32)
    target[:, 1] = 1.0
    centres = grid.corners_px + grid.strides_px / 2
    for x, y, width, height in ignored_px:
        inside = (
            (centres[:, 0] >= x)
            & (centres[:, 0] <= x + width)
            & (centres[:, 1] >= y)
            & (centres[:, 1] <= y + height)
        )
        target[inside, 1] = 0.0
    priors = grid.priors_px
    shapes = np.concatenate([np.zeros_like(grid.anchors_px), grid.anchors_px], axis=1)
    for face in faces_px[np.argsort(-faces_px[:, 2] * faces_px[:, 3], kind="stable")]:
        centre = face[:2] + face[2:] / 2
        target[(iou_of(face, priors) > settings.ignore_iou) & (target[:, 0] == 0.0), 1] = 0.0
        away = centre - grid.corners_px
        here = np.flatnonzero(np.all((away >= 0.0) & (away < grid.strides_px), axis=1))
        if not len(here):
            continue  # its centre lies outside the picture
        fit = iou_of(np.concatenate([np.zeros(2, np.float32), face[2:]]), shapes[here])
        chosen = here[(fit >= settings.assign_iou) | (fit == fit.max())]
        target[chosen] = [1.0, 1.0, centre[0], centre[1], face[2], face[3]]
    return target


def overlap_loss(kind: Literal["giou", "ciou"], true: Any, found: Any) -> Any:
    """Return 1 - GIoU (Rezatofighi et al., 2019) or 1 - CIoU (Zheng et al., 2020) a row.

    Args:
        kind: which one.
        true: (..., 4) centre x, y, width, height.
        found: likewise.
    """
    true_low, true_high = true[..., :2] - true[..., 2:] / 2, true[..., :2] + true[..., 2:] / 2
    low, high = found[..., :2] - found[..., 2:] / 2, found[..., :2] + found[..., 2:] / 2
    common = tf.reduce_prod(
        tf.maximum(tf.minimum(true_high, high) - tf.maximum(true_low, low), 0.0), axis=-1
    )
    union = tf.reduce_prod(true[..., 2:], -1) + tf.reduce_prod(found[..., 2:], -1) - common
    iou = common / (union + _TINY)
    hull = tf.maximum(true_high, high) - tf.minimum(true_low, low)
    if kind == "giou":
        area = tf.reduce_prod(hull, axis=-1)
        return 1.0 - iou + (area - union) / (area + _TINY)
    apart = tf.reduce_sum((true[..., :2] - found[..., :2]) ** 2, -1)
    diagonal = tf.reduce_sum(hull**2, -1)
    angle = tf.atan(true[..., 2] / (true[..., 3] + _TINY)) - tf.atan(
        found[..., 2] / (found[..., 3] + _TINY)
    )
    shape = 4 / math.pi**2 * angle**2
    # Its weight is no path for the gradient (Zheng et al., equation 11).
    weight = tf.stop_gradient(shape / (1.0 - iou + shape + _TINY))
    return 1.0 - iou + apart / (diagonal + _TINY) + weight * shape


class YoloLoss(keras.losses.Loss):
    """Objectness, box and class over all priors of a batch, per face that was assigned.

    Boxes of small faces weigh more, by 2 - area / input area, as in the authors' code.

    Args:
        grid: of the input.
        settings: kind and weights.
    """

    def __init__(self, grid: Grid, settings: DetectorLossSettings) -> None:
        # Already one number for the batch.
        super().__init__(reduction=None, name="yolo")
        self.settings = settings
        self.corners = tf.constant(grid.corners_px)
        self.strides = tf.constant(grid.strides_px)
        self.anchors = tf.constant(grid.anchors_px)
        self.area_px = float(np.prod((grid.corners_px + grid.strides_px).max(axis=0)))

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Return the loss of (n, priors, 6) targets and (n, priors, 6) raw outputs."""
        face, counts, box = y_true[..., 0], y_true[..., 1], y_true[..., 2:]
        faces = tf.maximum(tf.reduce_sum(face), 1.0)
        objectness = tf.nn.sigmoid_cross_entropy_with_logits(face, y_pred[..., 4])
        kind = tf.nn.sigmoid_cross_entropy_with_logits(tf.ones_like(face), y_pred[..., 5])
        small = 2.0 - box[..., 2] * box[..., 3] / self.area_px
        parts = (
            tf.reduce_sum(counts * objectness)
            + self.settings.class_weight * tf.reduce_sum(face * kind)
            + self.settings.box_weight * tf.reduce_sum(face * small * self._box(box, y_pred, face))
        )
        return parts / faces

    def _box(self, true: Any, raw: Any, face: Any) -> Any:
        if self.settings.box == "squared":
            # On sigmoid(tx), sigmoid(ty), tw, th, the paper's coordinates.
            place = (true[..., :2] - self.corners) / self.strides
            size = tf.math.log(tf.maximum(true[..., 2:], _TINY) / self.anchors)
            apart = tf.concat([place - tf.sigmoid(raw[..., :2]), size - raw[..., 2:4]], axis=-1)
            return tf.where(face > 0.0, tf.reduce_sum(apart**2, axis=-1), 0.0)
        centres = self.corners + tf.sigmoid(raw[..., :2]) * self.strides
        sizes = self.anchors * tf.exp(tf.clip_by_value(raw[..., 2:4], -MAX_LOG_SIZE, MAX_LOG_SIZE))
        found = tf.concat([centres, sizes], axis=-1)
        # Rows without a face get their own box as the truth: no loss, and no nan either.
        true = tf.where(face[..., tf.newaxis] > 0.0, true, tf.stop_gradient(found))
        return overlap_loss(self.settings.box, true, found)
