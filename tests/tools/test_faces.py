from __future__ import annotations

import cv2
import numpy as np
import pytest

from emotion_game.errors import PictureError
from emotion_game.game.types import EMOTIONS
from emotion_game.tools.faces import find_pictures, read_faces


@pytest.fixture
def astronaut_file(tmp_path, astronaut):
    path = tmp_path / "우주인.png"
    path.write_bytes(cv2.imencode(".png", astronaut)[1].tobytes())
    return path


def check_face(face: dict, width: int, height: int) -> None:
    assert list(face) == ["box", "confidence", "expression", "emotions"]
    x, y, w, h = face["box"]
    assert 0 <= x < x + w <= width
    assert 0 <= y < y + h <= height
    assert 0.0 <= face["confidence"] <= 1.0
    assert tuple(face["emotions"]) == EMOTIONS
    assert sum(face["emotions"].values()) == pytest.approx(1.0, abs=1e-4)
    assert face["emotions"][face["expression"]] == max(face["emotions"].values())


def test_a_smile_in_a_picture(analyser, astronaut_file):
    found = read_faces(analyser, astronaut_file, whole_image=False)
    assert list(found) == ["file", "width", "height", "faces"]
    assert (found["file"], found["width"], found["height"]) == (str(astronaut_file), 512, 512)
    for face in found["faces"]:
        check_face(face, 512, 512)
    assert found["faces"][0]["expression"] == "happiness"


def test_a_straight_face_in_a_picture(analyser, hopper_file):
    found = read_faces(analyser, hopper_file, whole_image=False)
    assert found["faces"][0]["expression"] == "neutral"


def test_the_whole_picture_is_the_face_when_asked_for(analyser, tmp_path, astronaut):
    face = astronaut[70:170, 175:275]
    path = tmp_path / "cropped.png"
    path.write_bytes(cv2.imencode(".png", face)[1].tobytes())
    found = read_faces(analyser, path, whole_image=True)
    (face,) = found["faces"]
    check_face(face, 100, 100)
    assert face["box"] == [0, 0, 100, 100]
    assert face["confidence"] == 1.0
    assert face["expression"] == "happiness"


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000, 3), (2000, 3000, 4)])
@pytest.mark.parametrize("whole_image", [False, True])
def test_pictures_without_a_face(analyser, tmp_path, shape, whole_image):
    path = tmp_path / "blank.png"
    path.write_bytes(cv2.imencode(".png", np.full(shape, 200, np.uint8))[1].tobytes())
    found = read_faces(analyser, path, whole_image=whole_image)
    assert (found["height"], found["width"]) == shape[:2]
    assert len(found["faces"]) == (1 if whole_image else 0)


def test_pictures_of_a_folder_come_in_name_order_and_nothing_else(tmp_path):
    for name in ("b.png", "a.JPG", "notes.txt", "sub/c.webp", "folder.png/d.bmp"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"")
    single = tmp_path / "notes.txt"
    names = [path.relative_to(tmp_path).as_posix() for path in find_pictures([tmp_path, single])]
    assert names == ["a.JPG", "b.png", "folder.png/d.bmp", "sub/c.webp", "notes.txt"]


def test_an_empty_folder_is_told_when_its_turn_comes(analyser, tmp_path):
    (path,) = find_pictures([tmp_path])
    with pytest.raises(PictureError, match="holds no picture") as caught:
        read_faces(analyser, path, whole_image=False)
    assert str(tmp_path) in str(caught.value)


def test_a_missing_picture_is_told_when_its_turn_comes(analyser, tmp_path):
    (path,) = find_pictures([tmp_path / "none.png"])
    with pytest.raises(PictureError, match=r"none\.png"):
        read_faces(analyser, path, whole_image=False)
