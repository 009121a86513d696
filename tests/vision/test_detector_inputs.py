"""Whatever a camera or a file gives: every detector answers, or says what it expected."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest

from emotion_game import paths
from emotion_game.vision.detector import HaarDetector, iou
from emotion_game.vision.pictures import read_picture

SHIPPED = paths.MODELS / "detector"
SHAPES = [(1, 1), (1, 1, 1), (1, 1, 3), (2, 1, 4), (1, 5000, 3), (5000, 1), (7, 300, 3), (31, 33)]


@pytest.fixture(
    scope="module",
    params=[
        "haar",
        "yolo",
    ],
)
def searcher(request):
    if request.param == "haar":
        return HaarDetector()
    from emotion_game.vision.yolo_detector import YoloDetector

    return YoloDetector(SHIPPED)


def largest(faces):
    return max((face.box_px for face in faces), key=lambda box: box[2] * box[3])


def check_faces(faces, shape):
    """Every box is finite, has an area and touches the picture; confidences fall."""
    for face in faces:
        x, y, width, height = face.box_px
        assert all(isinstance(each, float) and math.isfinite(each) for each in face.box_px)
        assert width > 0
        assert height > 0
        assert x < shape[1]
        assert y < shape[0]
        assert x + width > 0
        assert y + height > 0
        assert 0.0 <= face.confidence <= 1.0
    confidences = [face.confidence for face in faces]
    assert confidences == sorted(confidences, reverse=True)


@pytest.mark.parametrize("shape", SHAPES)
def test_pictures_of_a_few_pixels_or_lines_are_searched(searcher, shape):
    picture = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
    assert searcher.detect(picture) == []


def test_a_face_in_an_8k_picture_is_found(searcher, astronaut):
    picture = np.full((4320, 7680, 3), 90, np.uint8)
    picture[60:4260, 1700:5900] = cv2.resize(astronaut[20:320, 75:375], (4200, 4200))
    faces = searcher.detect(picture)
    check_faces(faces, picture.shape)
    assert iou(largest(faces), (1700 + 100 * 14, 60 + 50 * 14, 1400, 1400)) > 0.4


def test_gray_alpha_and_colour_show_the_same_face(searcher, astronaut):
    colour = largest(searcher.detect(astronaut))
    gray = cv2.cvtColor(astronaut, cv2.COLOR_BGR2GRAY)
    alpha = np.dstack([astronaut, np.zeros(gray.shape, np.uint8)])
    for picture in (gray, gray[:, :, np.newaxis], cv2.merge([gray] * 3), alpha):
        faces = searcher.detect(picture)
        check_faces(faces, picture.shape)
        assert iou(largest(faces), colour) > 0.7


def test_views_and_locked_pictures_are_searched_and_left_alone(searcher, astronaut):
    wide = np.repeat(np.repeat(astronaut, 2, axis=0), 2, axis=1)
    view = wide[::2, ::2][:, ::-1]
    view.flags.writeable = False
    before = view.copy()
    faces = searcher.detect(view)
    check_faces(faces, view.shape)
    copied = searcher.detect(np.ascontiguousarray(view))
    assert faces == copied
    assert faces
    np.testing.assert_array_equal(view, before)


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((0, 0, 3), np.uint8),
        np.zeros((48, 0), np.uint8),
        np.zeros((0, 64, 3), np.uint8),
        np.zeros((48, 64, 3), np.float32),
        np.zeros((48, 64, 3), np.uint16),
        np.zeros((48, 64, 2), np.uint8),
        np.zeros((48, 64, 5), np.uint8),
        np.zeros((1, 48, 64, 3), np.uint8),
        np.zeros(64, np.uint8),
    ],
    ids=lambda picture: f"{picture.dtype}{picture.shape}",
)
def test_what_is_no_picture_is_an_error_that_says_what_was_expected(searcher, picture, astronaut):
    with pytest.raises(ValueError, match="expected"):
        searcher.detect(picture)
    assert searcher.detect(astronaut), "an error must not end the search for good"


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_phones_turned_photograph_is_searched_upright(searcher, astronaut, orientation, tmp_path):
    from PIL import Image

    turned = {3: cv2.ROTATE_180, 6: cv2.ROTATE_90_COUNTERCLOCKWISE, 8: cv2.ROTATE_90_CLOCKWISE}
    stored = cv2.rotate(astronaut[:, 20:420], turned[orientation])
    exif = Image.Exif()
    exif[274] = orientation
    file = tmp_path / "phone.jpg"
    Image.fromarray(stored[:, :, ::-1].copy()).save(file, exif=exif, quality=95)
    picture = read_picture(file)
    assert picture.shape[:2] == (512, 400)
    faces = searcher.detect(picture)
    check_faces(faces, picture.shape)
    assert iou(largest(faces), (155, 70, 100, 100)) > 0.4
