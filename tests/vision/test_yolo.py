from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotion_game.vision.yolo import (
    Letterbox,
    decode,
    iou_of,
    letterbox,
    make_grid,
    suppress,
    to_rgb,
)

ANCHORS = [
    *[(10, 10), (12, 12), (16, 16)],
    *[(20, 30), (30, 40), (40, 50)],
    *[(60, 80), (90, 110), (140, 160)],
]
GRID = make_grid(64, 32, ANCHORS)


def boxes(*rows) -> np.ndarray:
    return np.array(rows, np.float32).reshape(-1, 4)


def raw(**rows) -> np.ndarray:
    """Every prior says no; the named row says ``rows``."""
    found = np.zeros((len(GRID.anchors_px), 6), np.float32)
    found[:, 4] = -20.0
    found[:, 5] = 20.0
    for index, values in rows.items():
        found[int(index[1:])] = values
    return found


# --- Grid and decoding ----------------------------------------------------------------------------


def test_the_grid_has_three_anchors_on_every_cell_of_three_scales():
    assert len(GRID.anchors_px) == 3 * (8 * 4 + 4 * 2 + 2 * 1)
    assert GRID.corners_px[3].tolist() == [8.0, 0.0]  # the second cell of the first row
    assert GRID.corners_px[24].tolist() == [0.0, 8.0]  # the first of the second row
    assert GRID.anchors_px[:4].tolist() == [[10, 10], [12, 12], [16, 16], [10, 10]]
    assert GRID.anchors_px[-1].tolist() == [140, 160]
    assert GRID.strides_px[[0, 96, 120]].ravel().tolist() == [8, 16, 32]


@pytest.mark.parametrize(
    ("width", "height", "anchors"),
    [(60, 32, ANCHORS), (64, 33, ANCHORS), (64, 32, ANCHORS[:8]), (64, 32, [1, 2, 3])],
)
def test_a_grid_that_cannot_be_is_refused(width, height, anchors):
    with pytest.raises(ValueError, match="expected 9 anchors"):
        make_grid(width, height, anchors)


def test_decoding_by_hand():
    # Cell (8, 0) of stride 8, anchor 12x12: sigmoid(0) = 1/2, exp(ln 2) = 2.
    rows = raw(r4=[0.0, 0.0, np.log(2), 0.0, 0.0, np.log(3)])
    found, confidence = decode(rows, GRID, 0.3)
    # The centre is (12, 4), the size (24, 12), the confidence 1/2 x 3/4.
    assert found.tolist() == [pytest.approx([0.0, -2.0, 24.0, 12.0], abs=1e-4)]
    assert confidence.tolist() == [pytest.approx(0.375)]
    assert decode(rows, GRID, 0.4)[0].shape == (0, 4)


@pytest.mark.parametrize("value", [1e6, -1e6])
def test_wild_outputs_stay_finite(value):
    found, confidence = decode(np.full((len(GRID.anchors_px), 6), value, np.float32), GRID, 0.0)
    assert np.isfinite(found).all()
    assert np.isfinite(confidence).all()


# --- Non-maximum suppression ----------------------------------------------------------------------


def test_overlapping_boxes_are_one_face_and_are_blended():
    found, confidence = suppress(
        boxes([10, 10, 20, 20], [12, 10, 20, 20], [100, 100, 20, 20]),
        np.array([0.5, 0.5, 0.9], np.float32),
        0.5,
    )
    assert confidence.tolist() == pytest.approx([0.9, 0.5])
    assert found[0].tolist() == [100, 100, 20, 20]
    assert found[1].tolist() == pytest.approx([11, 10, 20, 20])


def test_the_most_certain_box_outweighs_a_doubtful_one():
    found, _ = suppress(
        boxes([10, 10, 20, 20], [14, 10, 20, 20]), np.array([0.9, 0.3], np.float32), 0.5
    )
    # Weights 0.81 and 0.09.
    assert found[0, 0] == pytest.approx(10.4)


def test_neighbours_stay_two_faces():
    found, _ = suppress(
        boxes([0, 0, 20, 20], [12, 0, 20, 20]), np.array([0.9, 0.8], np.float32), 0.5
    )
    assert len(found) == 2


def test_no_box_is_no_face():
    found, confidence = suppress(boxes(), np.zeros(0, np.float32), 0.5)
    assert found.shape == (0, 4)
    assert confidence.shape == (0,)


box = st.tuples(st.floats(-50, 50), st.floats(-50, 50), st.floats(1, 60), st.floats(1, 60))


@given(st.lists(box, min_size=1, max_size=12), st.data())
def test_suppression_leaves_the_most_certain_box_first(found, data):
    certain = data.draw(st.lists(st.floats(0.05, 1), min_size=len(found), max_size=len(found)))
    kept, confidence = suppress(boxes(*found), np.array(certain, np.float32), 0.5)
    assert 1 <= len(kept) <= len(found)
    assert confidence[0] == pytest.approx(max(certain))
    assert confidence.tolist() == sorted(confidence.tolist(), reverse=True)


def test_iou_by_hand():
    found = iou_of(
        np.array([0, 0, 10, 10], np.float32),
        boxes([0, 0, 10, 10], [5, 0, 10, 10], [20, 20, 5, 5], [2, 2, 5, 5]),
    )
    assert found.tolist() == pytest.approx([1.0, 1 / 3, 0.0, 0.25])


# --- Letterbox ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((480, 640, 3), Letterbox(0.4, 0, 0)),
        ((384, 256, 3), Letterbox(0.5, 64, 0)),
        ((96, 256, 3), Letterbox(1.0, 0, 48)),
        ((4320, 7680, 3), Letterbox(1 / 30, 0, 24)),
        ((1, 1, 3), Letterbox(192.0, 32, 0)),
    ],
)
def test_a_picture_keeps_its_proportions(shape, expected):
    fitted, how = letterbox(np.full(shape, 200, np.uint8), 256, 192)
    assert fitted.shape == (192, 256, 3)
    assert (how.left_px, how.top_px) == (expected.left_px, expected.top_px)
    assert how.scale == pytest.approx(expected.scale)
    assert fitted[96, 128].tolist() == [200, 200, 200]


def test_a_thread_of_a_picture_still_fits():
    fitted, _ = letterbox(np.full((5000, 1, 3), 200, np.uint8), 256, 192)
    assert fitted.shape == (192, 256, 3)
    assert (fitted == 200).all(axis=2).sum() == 192


@given(box, st.integers(1, 900), st.integers(1, 900))
def test_boxes_come_back_from_the_input_where_they_were(one, width, height):
    _, how = letterbox(np.zeros((height, width, 3), np.uint8), 256, 192)
    back = how.to_picture(how.to_input(boxes(one)))
    assert back[0].tolist() == pytest.approx(list(one), abs=0.05)


def test_colours_are_red_green_blue():
    blue = np.zeros((2, 2, 3), np.uint8)
    blue[..., 0] = 255
    assert to_rgb(blue)[0, 0].tolist() == [0, 0, 255]
    assert to_rgb(np.dstack([blue, np.zeros((2, 2), np.uint8)]))[0, 0].tolist() == [0, 0, 255]
    assert to_rgb(np.full((2, 2), 7, np.uint8))[0, 0].tolist() == [7, 7, 7]
    assert to_rgb(np.full((2, 2, 1), 7, np.uint8))[0, 0].tolist() == [7, 7, 7]


@pytest.mark.parametrize(
    "picture",
    [np.zeros((4, 4, 3), np.float32), np.zeros((0, 4, 3), np.uint8), np.zeros((4, 4, 2), np.uint8)],
)
def test_what_is_no_picture_is_refused(picture):
    with pytest.raises(ValueError, match="picture"):
        to_rgb(picture)
