from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotion_game.vision.detector import iou

# --- The detector ---------------------------------------------------------------------------------


def test_the_demo_player_is_found_all_through_the_film(detector, demo_film):
    assert len(demo_film) > 60
    for t_s, picture in demo_film:
        height, width = picture.shape[:2]
        found = detector.detect(picture)
        assert found, f"no face at {t_s:.1f} s"
        x, y, w, h = max((face.box_px for face in found), key=lambda box: box[2] * box[3])
        assert x < width / 2 < x + w, f"the face at {t_s:.1f} s is not in the middle"
        assert y < height / 2 < y + h
        assert 0.2 * height < h < 0.6 * height


def test_the_astronauts_face_is_the_most_certain_one(detector, astronaut):
    best = detector.detect(astronaut)[0]
    assert iou(best.box_px, (175, 70, 100, 100)) > 0.5
    assert 0.0 < best.confidence <= 1.0


def test_faces_come_most_certain_first(detector, astronaut, hopper):
    height = 512
    small = cv2.resize(hopper, (round(hopper.shape[1] * height / hopper.shape[0]), height))
    found = detector.detect(np.hstack([astronaut, small]))
    assert len(found) >= 2
    confidences = [face.confidence for face in found]
    assert confidences == sorted(confidences, reverse=True)
    middles = [face.box_px[0] + face.box_px[2] / 2 for face in found]
    assert min(middles) < 512 < max(middles)


@pytest.mark.parametrize("scale", [0.5, 2.0, 4.0])
def test_boxes_are_in_pixels_of_the_picture_that_was_given(detector, astronaut, scale):
    reference = detector.detect(astronaut)[0].box_px
    resized = cv2.resize(astronaut, None, fx=scale, fy=scale)
    found = detector.detect(resized)[0].box_px
    assert iou(tuple(side / scale for side in found), reference) > 0.6


def test_gray_and_alpha_pictures_give_the_same_faces(detector, astronaut):
    colour = detector.detect(astronaut)
    gray = cv2.cvtColor(astronaut, cv2.COLOR_BGR2GRAY)
    assert detector.detect(gray) == colour
    assert detector.detect(gray[:, :, np.newaxis]) == colour
    assert detector.detect(cv2.cvtColor(astronaut, cv2.COLOR_BGR2BGRA)) == colour


@pytest.mark.parametrize(
    "shape", [(1, 1, 3), (1, 1), (2, 2, 4), (1, 9000), (9000, 1, 3), (20, 20, 3), (4320, 7680, 3)]
)
@pytest.mark.parametrize("value", [0, 255])
def test_blank_pictures_of_any_size_hold_no_face(detector, shape, value):
    assert detector.detect(np.full(shape, value, np.uint8)) == []


# --- Overlap --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ((0, 0, 10, 10), (0, 0, 10, 10), 1.0),
        ((0, 0, 10, 10), (5, 0, 10, 10), 1 / 3),
        ((0, 0, 10, 10), (2, 2, 5, 5), 0.25),
        ((0, 0, 10, 10), (10, 0, 10, 10), 0.0),
        ((0, 0, 10, 10), (90, 90, 10, 10), 0.0),
    ],
)
def test_iou(a, b, expected):
    assert iou(a, b) == pytest.approx(expected)
    assert iou(b, a) == pytest.approx(expected)


box_of_any_kind = st.tuples(
    st.floats(-500, 500), st.floats(-500, 500), st.floats(1, 500), st.floats(1, 500)
)


@given(box_of_any_kind, box_of_any_kind)
def test_iou_lies_between_0_and_1(a, b):
    assert 0.0 <= iou(a, b) <= 1.0 + 1e-9
