"""The shipped detector on the public portraits."""

from __future__ import annotations

import json
import shutil

import cv2
import numpy as np
import pytest

from emotion_game.errors import ModelError
from emotion_game.vision.bundle import CONTRACT, task_of
from emotion_game.vision.detector import iou
from emotion_game.vision.installed import check_bundle, check_detector
from emotion_game.vision.yolo_detector import SHIPPED, YoloDetector

#: Where the astronaut's face lies in her picture of 512 px.
FACE = (185.0, 70.0, 85.0, 110.0)


@pytest.fixture(scope="module")
def yolo() -> YoloDetector:
    return YoloDetector()


@pytest.fixture(scope="module")
def closer() -> YoloDetector:
    return YoloDetector(closer_look=True)


def far_away(portrait: np.ndarray, width_px: int, at: tuple[int, int]) -> np.ndarray:
    """Lay a portrait, its face ``width_px`` wide, into a gray frame of 640x480."""
    side = round(512 * width_px / FACE[2])
    frame = np.full((480, 640, 3), 120, np.uint8)
    small = cv2.resize(portrait, (side, side), interpolation=cv2.INTER_AREA)
    frame[at[1] : at[1] + side, at[0] : at[0] + side] = small
    return frame


def test_the_box_lies_on_the_face(yolo, astronaut):
    best = yolo.detect(astronaut)[0]
    assert iou(best.box_px, FACE) > 0.6
    assert best.confidence > 0.8


@pytest.mark.parametrize("width_px", [45, 80, 130, 180])
def test_faces_from_45_px_on_are_found_in_a_frame(yolo, astronaut, width_px):
    side = round(512 * width_px / FACE[2])
    portrait = astronaut[: min(512, round(470 / side * 512))]
    scale = side / 512
    small = cv2.resize(portrait, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)[:, :640]
    frame = np.full((480, 640, 3), 120, np.uint8)
    frame[: small.shape[0], : small.shape[1]] = small
    best = yolo.detect(frame)[0]
    assert iou(best.box_px, tuple(value * scale for value in FACE)) > 0.5


def test_a_closer_look_finds_what_is_too_small_for_one_look(yolo, closer, astronaut):
    frame = far_away(astronaut, 18, (420, 60))
    scale = 18 / FACE[2]
    expected = (420 + FACE[0] * scale, 60 + FACE[1] * scale, 18.0, FACE[3] * scale)
    assert not any(iou(face.box_px, expected) > 0.5 for face in yolo.detect(frame))
    assert any(iou(face.box_px, expected) > 0.5 for face in closer.detect(frame))


def test_a_closer_look_still_gives_one_box_a_face(closer, astronaut):
    larger = cv2.resize(astronaut, (1024, 1024))
    boxes = [face.box_px for face in closer.detect(larger)]
    on_her = [box for box in boxes if iou(box, tuple(2 * value for value in FACE)) > 0.3]
    assert len(on_her) == 1


def test_faces_smaller_than_asked_for_are_left_out(astronaut):
    assert YoloDetector(smallest_face=0.1).detect(astronaut)
    assert not YoloDetector(smallest_face=0.3).detect(astronaut)


def test_boxes_lie_in_the_picture(yolo, astronaut):
    for face in yolo.detect(astronaut[100:300, 150:250]):
        x, y, width, height = face.box_px
        assert min(x, y) >= 0
        assert x + width <= 100.001
        assert y + height <= 200.001


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((4, 4, 3), np.float32),
        np.zeros((0, 4, 3), np.uint8),
        np.zeros((4, 4, 2), np.uint8),
        np.zeros((4, 4, 3), np.uint16),
    ],
)
def test_what_is_no_picture_is_refused(yolo, picture):
    with pytest.raises(ValueError, match="picture"):
        yolo.detect(picture)


# --- The bundle -----------------------------------------------------------------------------------


@pytest.fixture
def bundle(tmp_path):
    return shutil.copytree(SHIPPED, tmp_path / "detector")


def test_the_shipped_bundle_is_sound():
    assert check_detector(SHIPPED).task == task_of(SHIPPED) == "face-detection"


@pytest.mark.parametrize("name", ["model.tflite", "model.keras"])
def test_an_altered_file_is_named(bundle, name):
    (bundle / name).write_bytes(b"something else")
    with pytest.raises(ModelError, match=name):
        check_detector(bundle)


@pytest.mark.parametrize(
    ("key", "value", "fault"),
    [
        ("labels", ["cat"], "labels cat; expected face"),
        ("task", "expression", "task"),
        ("input", {"width_px": 320, "height_px": 192, "colour": "rgb", "lowest": 0, "highest": 255},
         "expected one float32 tensor"),
        ("anchors_px", [[1, 2]], "anchors_px"),
        ("least_confidence", 1.5, "least_confidence"),
    ],
)  # fmt: skip
def test_a_contract_that_does_not_fit_is_refused(bundle, key, value, fault):
    contract = json.loads((bundle / CONTRACT).read_text("utf-8"))
    (bundle / CONTRACT).write_text(json.dumps({**contract, key: value}), "utf-8")
    with pytest.raises(ModelError, match=fault):
        check_detector(bundle)


def test_a_detector_is_no_classifier_and_a_folder_of_neither_is_told(bundle, tmp_path):
    with pytest.raises(ModelError, match="task"):
        check_bundle(bundle)
    (tmp_path / CONTRACT).write_text("[]", "utf-8")
    with pytest.raises(ModelError, match="names no task"):
        task_of(tmp_path)
