"""Faces and labels: FER+, whole pictures, and how they are split."""

from __future__ import annotations

import csv

import cv2
import matplotlib.cbook
import numpy as np
import pytest
from faces_for_tests import made_up_faces, votes, write_ferplus

from emotion_game.errors import TrainingError
from emotion_game.game.types import EMOTIONS
from emotion_game.training.data.faces import (
    FaceCutter,
    LabelledFaces,
    ferplus_shares,
    hold_back,
    join,
    load_ferplus,
    load_pictures,
    person_split,
)
from emotion_game.vision.crop import CropSpec
from emotion_game.vision.detector import HaarDetector

CROP = CropSpec(size_px=32)


@pytest.fixture
def ferplus(tmp_path):
    happy, calm = votes(happiness=10), votes(neutral=7, sadness=3)
    return write_ferplus(
        tmp_path / "fer",
        [("train", happy), ("train", calm)] * 8 + [("valid", happy), ("valid", calm)] * 4,
    )


def test_votes_become_shares_by_the_rule_of_ferplus():
    shares = ferplus_shares(np.array(votes(happiness=6, neutral=3, fear=1), np.float32))
    assert shares is not None
    assert shares[EMOTIONS.index("happiness")] == pytest.approx(6 / 9)
    assert shares[EMOTIONS.index("fear")] == 0.0
    assert shares.sum() == pytest.approx(1.0)


@pytest.mark.parametrize("left_out", [{"unknown": 8, "fear": 2}, {"NF": 10}, {"fear": 1}, {}])
def test_faces_nobody_agrees_on_are_left_out(left_out):
    assert ferplus_shares(np.array(votes(**left_out), np.float32)) is None


def test_a_split_is_read(ferplus):
    faces = load_ferplus(ferplus, "train", CROP)
    assert faces.pictures.shape == (16, 32, 32, 1)
    assert faces.shares.shape == (16, 8)
    assert set(faces.majority()) == {EMOTIONS.index("happiness"), EMOTIONS.index("neutral")}


def test_faults_of_the_data_name_the_file(tmp_path, ferplus):
    with pytest.raises(TrainingError, match=r"nowhere.labels\.csv"):
        load_ferplus(tmp_path / "nowhere", "train", CROP)
    with pytest.raises(TrainingError, match="no usable face in the split 'test'"):
        load_ferplus(ferplus, "test", CROP)
    (ferplus / "images" / "3.png").write_bytes(b"no picture")
    with pytest.raises(TrainingError, match=r"3\.png is not a readable picture .*line 5"):
        load_ferplus(ferplus, "train", CROP)
    bad = write_ferplus(tmp_path / "bad", [("train", ["many", *votes()[1:]])])
    with pytest.raises(TrainingError, match="line 2: expected whole numbers of votes"):
        load_ferplus(bad, "train", CROP)
    short = write_ferplus(tmp_path / "short", [("train", votes(fear=9))], ("file", "split", "fear"))
    with pytest.raises(TrainingError, match=r"lacks the column\(s\) NF, anger"):
        load_ferplus(short, "train", CROP)


def test_the_same_faces_are_held_back_every_time():
    faces = made_up_faces(40)
    kept, held = hold_back(faces, 0.2, seed=3)
    again, _ = hold_back(faces, 0.2, seed=3)
    assert kept.files == again.files
    assert len(held) == 8
    assert not set(kept.files) & set(held.files)
    assert set(kept.files) | set(held.files) == set(faces.files)
    other, _ = hold_back(faces, 0.2, seed=4)
    assert other.files != kept.files


def test_a_person_is_on_one_side_only():
    faces = made_up_faces(40)
    people = tuple(f"person {number // 4}" for number in range(40))
    kept, held = hold_back(
        LabelledFaces(faces.pictures, faces.shares, faces.files, people), 0.3, seed=1
    )
    assert kept.groups is not None
    assert held.groups is not None
    assert not set(kept.groups) & set(held.groups)
    np.testing.assert_array_equal(
        kept.pictures[0], faces.pictures[faces.files.index(kept.files[0])]
    )


def test_too_few_faces_to_split_are_refused():
    with pytest.raises(TrainingError, match="1 faces cannot be split"):
        hold_back(made_up_faces(1), 0.1, seed=0)


def test_sources_of_one_size_join():
    joined = join([made_up_faces(4), made_up_faces(6, seed=1)])
    assert len(joined) == 10
    assert len(joined.groups or ()) == 10
    with pytest.raises(TrainingError, match="one crop size"):
        join([made_up_faces(4), made_up_faces(4, size_px=48)])


def test_people_fall_into_halves_that_never_change():
    people = [f"Person_{number}" for number in range(1000)]
    halves = [person_split(person) for person in people]
    assert 450 < halves.count("train") < 550
    # Fixed, or a person trained on today would be measured with tomorrow.
    assert [person_split(name) for name in ("Ada_Lovelace", "Alan_Turing", "Grace_Hopper")] == [
        "train",
        "test",
        "train",
    ]


@pytest.fixture
def portraits(tmp_path):
    """Two whole photographs, one wall without a face, and their table."""
    from skimage.data import astronaut

    folder = tmp_path / "portraits"
    (folder / "images").mkdir(parents=True)
    with matplotlib.cbook.get_sample_data("grace_hopper.jpg") as file:
        hopper = cv2.imdecode(np.frombuffer(file.read(), np.uint8), cv2.IMREAD_COLOR)
    pictures = {
        "collins.png": astronaut()[:, :, ::-1],
        "hopper.png": hopper,
        "wall.png": np.full((200, 200, 3), 120, np.uint8),
    }
    for name, picture in pictures.items():
        cv2.imwrite(str(folder / "images" / name), picture)
    (folder / "labels.csv").write_text(
        "file,person,label\ncollins.png,Eileen,happiness\n"
        "hopper.png,Grace_Hopper,neutral\nwall.png,Wall,neutral\n"
    )
    return folder


def test_faces_are_found_in_whole_pictures(portraits):
    exact = load_pictures(portraits, FaceCutter(CROP, HaarDetector()))
    assert exact.files == ("collins.png", "hopper.png")
    assert exact.groups == ("Eileen", "Grace_Hopper")
    noisy = load_pictures(portraits, FaceCutter(CROP, HaarDetector(), 3, 0.1, seed=5))
    assert noisy.files.count("hopper.png") == 3
    first, second = (noisy.pictures[index].astype(int) for index in (0, 1))
    assert 1 < np.abs(first - second).mean() < 60
    half = load_pictures(portraits, FaceCutter(CROP, HaarDetector()), split="train")
    assert half.groups == tuple(
        name for name in ("Eileen", "Grace_Hopper") if person_split(name) == "train"
    )


def test_faults_of_whole_pictures_are_named(portraits, tmp_path):
    table = portraits / "labels.csv"
    rows = list(csv.reader(table.read_text().splitlines()))
    table.write_text("file,label\n" + "\n".join(f"{row[0]},{row[2]}" for row in rows[1:]))
    with pytest.raises(TrainingError, match=r"lacks the column\(s\) person"):
        load_pictures(portraits, FaceCutter(CROP, HaarDetector()), split="train")
    table.write_text("file,label\nwall.png,bored\n")
    with pytest.raises(TrainingError, match="does not know: bored"):
        load_pictures(portraits, FaceCutter(CROP, HaarDetector()))
    table.write_text("file,label\nwall.png,neutral\n")
    with pytest.raises(TrainingError, match="No face was found"):
        load_pictures(portraits, FaceCutter(CROP, HaarDetector()))
    with pytest.raises(TrainingError, match="Cannot read"):
        load_pictures(tmp_path / "nowhere", FaceCutter(CROP, HaarDetector()))
