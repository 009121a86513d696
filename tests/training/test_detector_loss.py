from __future__ import annotations

import math

import keras
import numpy as np
import pytest
import tensorflow as tf

from emotion_game.training.detector.config import DetectorLossSettings
from emotion_game.training.detector.loss import YoloLoss, make_targets, overlap_loss
from emotion_game.vision.yolo import decode, make_grid

ANCHORS = [
    *[(10, 10), (12, 12), (16, 16)],
    *[(20, 30), (30, 40), (40, 50)],
    *[(60, 80), (90, 110), (140, 160)],
]
GRID = make_grid(64, 64, ANCHORS)
PAPER = DetectorLossSettings(assign_iou=1.0, ignore_iou=0.5)
NONE = np.zeros((0, 4), np.float32)


def boxes(*rows) -> np.ndarray:
    return np.array(rows, np.float32).reshape(-1, 4)


def row_of(x_px: float, y_px: float, anchor: int) -> int:
    """The row of one anchor in the cell that holds a point."""
    stride = (8, 16, 32)[anchor // 3]
    found = (
        (GRID.strides_px[:, 0] == stride)
        & (GRID.corners_px == [x_px // stride * stride, y_px // stride * stride]).all(axis=1)
        & (GRID.anchors_px == ANCHORS[anchor]).all(axis=1)
    )
    (index,) = np.flatnonzero(found)
    return int(index)


def perfect(target: np.ndarray) -> np.ndarray:
    """The raw output that decodes to the target exactly."""
    found = np.zeros_like(target)
    found[:, 4] = np.where(target[:, 0] > 0, 30.0, -30.0)
    found[:, 5] = 30.0
    faces = target[:, 0] > 0
    place = (target[faces, 2:4] - GRID.corners_px[faces]) / GRID.strides_px[faces]
    found[faces, :2] = np.log(place / (1 - place))
    found[faces, 2:4] = np.log(target[faces, 4:] / GRID.anchors_px[faces])
    return found


# --- Targets --------------------------------------------------------------------------------------


def test_a_face_goes_to_the_best_anchor_of_its_cell():
    target = make_targets(boxes([13, 14, 30, 40]), NONE, GRID, PAPER)
    assert np.flatnonzero(target[:, 0]).tolist() == [row_of(28, 34, 4)]
    assert target[row_of(28, 34, 4)].tolist() == [1, 1, 28, 34, 30, 40]


def test_other_anchors_of_much_the_same_shape_learn_it_too_if_asked():
    several = DetectorLossSettings(assign_iou=0.5)
    target = make_targets(boxes([13, 14, 30, 40]), NONE, GRID, several)
    # 20x30 within 30x40 is 600/1200; 40x50 round it 1200/2000.
    expected = {row_of(28, 34, anchor) for anchor in (3, 4, 5)}
    assert set(np.flatnonzero(target[:, 0]).tolist()) == expected


def test_priors_that_overlap_a_face_are_not_told_off():
    face = boxes([13, 14, 30, 40])
    target = make_targets(face, NONE, GRID, PAPER)
    # The next cell's prior of the same shape lies 16 px to the right: IoU 14/46 without its
    # shift down of 2 px; the larger anchor of the face's own cell is above one half.
    assert target[row_of(28, 34, 5), :2].tolist() == [0.0, 0.0]
    assert target[row_of(44, 34, 4), :2].tolist() == [0.0, 1.0]


def test_nothing_is_known_inside_an_ignored_region():
    target = make_targets(NONE, boxes([0, 0, 16, 16]), GRID, PAPER)
    assert target[row_of(4, 4, 0), 1] == 0.0
    assert target[row_of(8, 8, 3), 1] == 0.0  # its centre, (8, 8), is inside
    assert target[row_of(20, 20, 0), 1] == 1.0
    assert target[:, 0].sum() == 0.0


def test_a_face_in_an_ignored_region_is_learned_all_the_same():
    target = make_targets(boxes([13, 14, 30, 40]), boxes([0, 0, 64, 64]), GRID, PAPER)
    assert target[row_of(28, 34, 4), :2].tolist() == [1.0, 1.0]
    assert target[:, 1].sum() == 1.0


def test_the_smaller_of_two_faces_in_a_cell_keeps_the_prior():
    target = make_targets(boxes([13, 14, 30, 40], [14, 16, 28, 38]), NONE, GRID, PAPER)
    assert target[row_of(28, 35, 4), 4:].tolist() == [28, 38]


def test_a_face_whose_centre_is_outside_is_not_assigned():
    assert make_targets(boxes([60, 60, 20, 20]), NONE, GRID, PAPER)[:, 0].sum() == 0.0


# --- Boxes' losses --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["giou", "ciou"])
def test_the_same_box_costs_nothing(kind):
    same = tf.constant([[10.0, 10.0, 4.0, 6.0]])
    assert float(overlap_loss(kind, same, same)[0]) == pytest.approx(0.0, abs=1e-5)


def test_giou_by_hand():
    # Two squares of 2x2, centres 4 apart: no overlap, union 8, hull 6x2 = 12.
    true, found = tf.constant([[1.0, 1.0, 2.0, 2.0]]), tf.constant([[5.0, 1.0, 2.0, 2.0]])
    assert float(overlap_loss("giou", true, found)[0]) == pytest.approx(1 + 4 / 12, abs=1e-5)


def test_ciou_by_hand():
    # 2x2 and 2x4 around the same centre: IoU 4/8; the shapes' angles are atan(1), atan(1/2).
    true, found = tf.constant([[5.0, 5.0, 2.0, 2.0]]), tf.constant([[5.0, 5.0, 2.0, 4.0]])
    shape = 4 / math.pi**2 * (math.atan(1) - math.atan(0.5)) ** 2
    weight = shape / (1 - 0.5 + shape)
    expected = 1 - 0.5 + weight * shape
    assert float(overlap_loss("ciou", true, found)[0]) == pytest.approx(expected, abs=1e-5)


def test_ciou_counts_the_distance_of_the_centres():
    # 2x2 squares, 1 apart: IoU 2/6, distance 1, hull 3x2 with diagonal 13.
    true, found = tf.constant([[1.0, 1.0, 2.0, 2.0]]), tf.constant([[2.0, 1.0, 2.0, 2.0]])
    expected = 1 - 1 / 3 + 1 / 13
    assert float(overlap_loss("ciou", true, found)[0]) == pytest.approx(expected, abs=1e-5)


# --- The whole loss -------------------------------------------------------------------------------


@pytest.mark.parametrize("box", ["squared", "giou", "ciou"])
def test_a_perfect_answer_costs_nothing_and_decodes_to_the_face(box):
    settings = DetectorLossSettings(box=box, assign_iou=1.0)
    target = make_targets(boxes([13, 14, 30, 40]), NONE, GRID, settings)
    answer = perfect(target)
    loss = YoloLoss(GRID, settings)
    assert float(loss(target[np.newaxis], answer[np.newaxis])) == pytest.approx(0.0, abs=1e-4)
    found, _ = decode(answer, GRID, 0.5)
    assert found.tolist() == [pytest.approx([13, 14, 30, 40], abs=1e-3)]


@pytest.mark.parametrize("box", ["squared", "giou", "ciou"])
def test_a_worse_box_costs_more(box):
    settings = DetectorLossSettings(box=box, assign_iou=1.0)
    target = make_targets(boxes([13, 14, 30, 40]), NONE, GRID, settings)
    loss = YoloLoss(GRID, settings)
    costs = []
    for off in (0.0, 0.2, 0.5):
        answer = perfect(target)
        answer[target[:, 0] > 0, 2] += off
        costs.append(float(loss(target[np.newaxis], answer[np.newaxis])))
    assert costs[0] < costs[1] < costs[2]


def test_squared_error_by_hand():
    settings = DetectorLossSettings(box="squared", box_weight=3.0, assign_iou=1.0)
    target = make_targets(boxes([13, 14, 30, 40]), NONE, GRID, settings)
    answer = perfect(target)
    answer[target[:, 0] > 0, 2] += 0.5
    # 3 x (2 - 1200/4096) x 0.5^2
    expected = 3 * (2 - 1200 / 4096) * 0.25
    found = float(YoloLoss(GRID, settings)(target[np.newaxis], answer[np.newaxis]))
    assert found == pytest.approx(expected, rel=1e-4)


def test_objectness_by_hand_without_a_face():
    settings = DetectorLossSettings(assign_iou=1.0)
    target = make_targets(NONE, NONE, GRID, settings)
    answer = np.full_like(target, -30.0)
    answer[0, 4] = 0.0  # one prior says 50%: -ln(1/2)
    found = float(YoloLoss(GRID, settings)(target[np.newaxis], answer[np.newaxis]))
    assert found == pytest.approx(math.log(2), rel=1e-4)


def test_what_is_ignored_costs_nothing():
    settings = DetectorLossSettings(assign_iou=1.0)
    target = make_targets(NONE, boxes([0, 0, 64, 64]), GRID, settings)
    answer = np.full_like(target, 5.0)
    found = float(YoloLoss(GRID, settings)(target[np.newaxis], answer[np.newaxis]))
    assert found == pytest.approx(0.0, abs=1e-5)


@pytest.mark.parametrize("box", ["squared", "giou", "ciou"])
def test_gradients_are_finite_with_and_without_a_face(box):
    settings = DetectorLossSettings(box=box)
    loss = YoloLoss(GRID, settings)
    for faces in (NONE, boxes([13, 14, 30, 40])):
        target = make_targets(faces, NONE, GRID, settings)
        answer = keras.Variable(np.random.default_rng(7).normal(0, 5, (1, *target.shape)))
        with tf.GradientTape() as tape:
            cost = loss(target[np.newaxis], answer.value)
        gradient = tape.gradient(cost, answer.value)
        assert np.isfinite(gradient.numpy()).all()
