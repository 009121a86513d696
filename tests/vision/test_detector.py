from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotion_game.settings import PlayerTrackSettings
from emotion_game.vision.detector import Face, PlayerTrack, iou

SETTINGS = PlayerTrackSettings(smallest_face=0.0, min_iou=0.2, forget_s=3.0, box_smoothing_s=0.1)
STEP_S = 1 / 30

PLAYER = (200.0, 150.0, 100.0, 100.0)
BYSTANDER = (400.0, 150.0, 100.0, 100.0)
LARGE_BYSTANDER = (380.0, 100.0, 180.0, 180.0)


def faces(*boxes: tuple[float, float, float, float]) -> list[Face]:
    return [Face(box, 0.9) for box in boxes]


def moved(box, across_px: float, down_px: float = 0.0, scale: float = 1.0):
    return (box[0] + across_px, box[1] + down_px, box[2] * scale, box[3] * scale)


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


# --- Who is the player ----------------------------------------------------------------------------


def test_the_largest_face_at_the_start_is_the_player():
    track = PlayerTrack(SETTINGS)
    assert track.follow(faces(BYSTANDER, LARGE_BYSTANDER, PLAYER), 0.0) == LARGE_BYSTANDER


def test_nobody_there():
    track = PlayerTrack(SETTINGS)
    assert track.follow([], 0.0) is None
    assert track.follow(faces(PLAYER), 1.0) == PLAYER


def test_a_larger_bystander_never_becomes_the_player():
    track = PlayerTrack(SETTINGS)
    track.follow(faces(PLAYER), 0.0)
    for number in range(1, 600):
        wobble = moved(PLAYER, 15 * math.sin(number / 10), 5 * math.cos(number / 7))
        box = track.follow(faces(LARGE_BYSTANDER, wobble), number * STEP_S)
        assert box is not None
        assert iou(box, wobble) > 0.6


def test_a_player_who_changes_seats_is_followed():
    track = PlayerTrack(SETTINGS)
    track.follow(faces(PLAYER), 0.0)
    for number in range(1, 60):
        player = moved(PLAYER, -3.0 * number)
        box = track.follow(faces(BYSTANDER, player), number * STEP_S)
        assert iou(box, player) > 0.6


def test_a_bystander_alone_is_not_the_player_until_the_player_is_forgotten():
    track = PlayerTrack(SETTINGS)
    track.follow(faces(PLAYER), 0.0)
    for tenth in range(1, 30):
        assert track.follow(faces(LARGE_BYSTANDER), tenth / 10) is None
    assert track.follow(faces(LARGE_BYSTANDER), 3.1) == LARGE_BYSTANDER


def test_a_player_who_comes_back_in_time_is_still_the_player():
    track = PlayerTrack(SETTINGS)
    track.follow(faces(PLAYER), 0.0)
    for tenth in range(1, 28):
        assert track.follow([], tenth / 10) is None
    assert iou(track.follow(faces(LARGE_BYSTANDER, PLAYER), 2.8), PLAYER) > 0.9


def test_a_head_in_quick_motion_is_still_the_player():
    track = PlayerTrack(SETTINGS)
    track.follow(faces(PLAYER), 0.0)
    # The cascade missed a blurred head for 0.3 s; it is back two thirds of a width further on.
    for number in range(1, 9):
        track.follow([], number * STEP_S)
    assert track.follow(faces(moved(PLAYER, 65.0)), 0.3) == moved(PLAYER, 65.0)


def test_a_small_face_inside_the_players_is_not_the_player():
    track = PlayerTrack(SETTINGS)
    track.follow(faces(PLAYER), 0.0)
    # A false hit of the cascade on the mouth.
    assert track.follow(faces((235.0, 215.0, 30.0, 30.0)), STEP_S) is None


def test_reset_makes_the_largest_face_the_player():
    track = PlayerTrack(SETTINGS)
    track.follow(faces(PLAYER), 0.0)
    assert track.follow(faces(LARGE_BYSTANDER), STEP_S) is None
    track.reset()
    assert track.follow(faces(PLAYER, LARGE_BYSTANDER), 2 * STEP_S) == LARGE_BYSTANDER


def test_smoothing_calms_a_jumping_box_and_stays_with_the_face():
    track = PlayerTrack(SETTINGS)
    jumps = [moved(PLAYER, 8.0 * (-1) ** number) for number in range(60)]
    boxes = [track.follow(faces(box), number * STEP_S) for number, box in enumerate(jumps)]
    left_px = [box[0] for box in boxes[20:]]
    assert max(left_px) - min(left_px) < 8.0  # the raw box jumps by 16
    assert abs(np.mean(left_px) - PLAYER[0]) < 2.0


def test_without_smoothing_the_box_is_the_detectors():
    track = PlayerTrack(SETTINGS.model_copy(update={"box_smoothing_s": 0.0}))
    for number in range(10):
        box = moved(PLAYER, 8.0 * (-1) ** number)
        assert track.follow(faces(box), number * STEP_S) == box


@given(
    st.lists(
        st.tuples(st.floats(-20, 20), st.floats(-20, 20), st.floats(0.9, 1.1)),
        min_size=2,
        max_size=40,
    )
)
def test_the_smoothed_box_lies_between_the_detectors_boxes(jitter):
    track = PlayerTrack(SETTINGS)
    given_boxes = []
    for number, (across_px, down_px, scale) in enumerate(jitter):
        given_boxes.append(moved(PLAYER, across_px, down_px, scale))
        box = track.follow(faces(given_boxes[-1]), number * STEP_S)
        assert box is not None
        for side in range(4):
            sides = [each[side] for each in given_boxes]
            assert min(sides) - 1e-6 <= box[side] <= max(sides) + 1e-6
