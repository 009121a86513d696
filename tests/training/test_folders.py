"""Class folders: what is found, cut and split, and what is refused."""

from __future__ import annotations

import logging

import cv2
import numpy as np
import pytest

from emotion_game.errors import TrainingError
from emotion_game.game.types import EMOTIONS
from emotion_game.training.data.folders import (
    load_class_folders,
    people_from_table,
    person_from_name,
    pictures_of_people,
    split_by_person,
    split_by_seed,
    splits_in,
)
from emotion_game.vision.crop import CropSpec, crop_face
from emotion_game.vision.detector import HaarDetector

CROP = CropSpec(size_px=32, detail_px=0)


def write_picture(path, seed, shape=(40, 40, 3)):
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
    assert cv2.imwrite(str(path), picture)
    return picture


@pytest.fixture
def booth(tmp_path):
    """Two emotions of three people, in the order that the game does not use."""
    folder = tmp_path / "booth"
    for number, person in enumerate(("Ada", "Grace", "Ada", "Grace", "Kim", "Kim")):
        for name in ("surprise", "happiness"):
            write_picture(folder / name / f"{person}_{number}.png", [number, len(name)])
    return folder


# --- Reading --------------------------------------------------------------------------------------


def test_labels_come_from_the_folders_in_the_order_of_the_game(booth):
    picture = write_picture(booth / "neutral" / "deeper" / "calm_one_1.JPG", 9, (60, 80, 3))
    write_picture(booth / "happiness" / "gray_1.bmp", 10, (48, 48))
    (booth / "happiness" / "Thumbs.db").write_bytes(b"no picture")
    (booth / ".cache").mkdir()
    faces = load_class_folders(booth, CROP)
    names = [EMOTIONS[index] for index in faces.majority()]
    assert names == ["neutral"] + ["happiness"] * 7 + ["surprise"] * 6
    assert faces.pictures.shape == (14, 32, 32, 1)
    assert faces.shares.sum(axis=1) == pytest.approx(1.0)
    assert faces.groups is None
    assert faces.files[0].endswith("neutral/deeper/calm_one_1.JPG")
    # The picture is cut by the game's own function; JPEG itself changes it a little.
    expected = crop_face(picture, None, CROP)
    assert np.abs(faces.pictures[0].astype(int) - expected).mean() < 25
    np.testing.assert_array_equal(
        faces.pictures[8],
        crop_face(cv2.imread(str(booth / "surprise" / "Ada_0.png")), None, CROP),
    )


def test_faces_are_found_in_whole_photographs(tmp_path, astronaut, hopper, caplog):
    for name, photograph in (("happiness", astronaut), ("neutral", hopper)):
        (tmp_path / name).mkdir()
        cv2.imwrite(str(tmp_path / name / "portrait_1.png"), photograph)
    write_picture(tmp_path / "neutral" / "noise_1.png", 3, (120, 120, 3))
    with caplog.at_level(logging.WARNING):
        faces = load_class_folders(tmp_path, CROP, detector=HaarDetector())
    assert [EMOTIONS[index] for index in faces.majority()] == ["neutral", "happiness"]
    assert "No face found in 1 picture(s)" in caplog.text
    assert "noise_1.png" in caplog.text
    box = max(HaarDetector().detect(astronaut), key=lambda face: face.box_px[2]).box_px
    np.testing.assert_array_equal(faces.pictures[1], crop_face(astronaut, box, CROP))


def test_a_source_without_faces_is_refused(booth):
    with pytest.raises(TrainingError, match="No face was found in 12 of 12 pictures"):
        load_class_folders(booth, CROP, detector=HaarDetector())


def test_every_unreadable_picture_is_counted_and_five_are_named(booth):
    for number in range(7):
        (booth / "surprise" / f"broken_{number}.png").write_bytes(b"no picture" * number)
    with pytest.raises(TrainingError, match=r"7 unreadable picture") as error:
        load_class_folders(booth, CROP)
    assert str(error.value).count("broken_") == 5
    assert "and 2 more" in str(error.value)


def test_faulty_folders_are_named(tmp_path, booth):
    with pytest.raises(TrainingError, match=r"There is no folder .*nowhere"):
        load_class_folders(tmp_path / "nowhere", CROP)
    (booth / "anger").mkdir()
    with pytest.raises(TrainingError, match=r"anger is a class folder without a picture"):
        load_class_folders(booth, CROP)
    (booth / "anger").rename(booth / "Happyness")
    with pytest.raises(TrainingError, match=r"Happyness is named after .*did you mean happiness"):
        load_class_folders(booth, CROP)
    (booth / "Happyness").rename(booth / "holidays 2026")
    with pytest.raises(TrainingError, match=r"holidays 2026 is named after no .*known are neutral"):
        load_class_folders(booth, CROP)
    (booth / "holidays 2026").rmdir()
    (booth / "surprise" / "phone.heic").write_bytes(b"picture")
    with pytest.raises(TrainingError, match=r"phone\.heic is of a kind that is not read"):
        load_class_folders(booth, CROP)


def test_one_class_only_is_refused(tmp_path):
    with pytest.raises(TrainingError, match=r"2 or more emotions, has none"):
        load_class_folders(tmp_path, CROP)
    write_picture(tmp_path / "fear" / "a.png", 0)
    with pytest.raises(TrainingError, match=r"2 or more emotions, has only fear"):
        load_class_folders(tmp_path, CROP)


# --- Splitting ------------------------------------------------------------------------------------


def test_subfolders_for_the_splits_are_seen(tmp_path, booth):
    assert splits_in(booth) == ()
    booth.rename(tmp_path / "valid")
    assert splits_in(tmp_path) == ("valid",)
    (tmp_path / "training").mkdir()
    with pytest.raises(TrainingError, match="has training beside valid"):
        splits_in(tmp_path)
    with pytest.raises(TrainingError, match="There is no folder"):
        splits_in(tmp_path / "nowhere")


def test_a_seed_splits_every_class_alike(booth):
    faces = load_class_folders(booth, CROP)
    kept, off = split_by_seed(faces, 1 / 3, seed=1)
    again = split_by_seed(faces, 1 / 3, seed=1)[1]
    other = split_by_seed(faces, 1 / 3, seed=2)[1]
    assert off.files == again.files != other.files
    assert sorted(kept.files + off.files) == sorted(faces.files)
    assert np.bincount(off.majority()).tolist() == [0, 2, 2]


def test_a_class_of_one_face_cannot_be_split(booth):
    write_picture(booth / "contempt" / "only.png", 0)
    faces = load_class_folders(booth, CROP)
    with pytest.raises(TrainingError, match=r"contempt has one face only .*only\.png"):
        split_by_seed(faces, 0.5, seed=0)
    with pytest.raises(TrainingError, match="12 faces cannot be split, 1%"):
        split_by_seed(faces.taken(np.arange(12)), 0.01, seed=0)


def test_nobody_is_in_both_parts_by_name(booth):
    faces = load_class_folders(booth, CROP, person_of=person_from_name)
    kept, off = split_by_person(faces, 0.3, seed=0)
    assert set(kept.groups) | set(off.groups) == {"Ada", "Grace", "Kim"}
    assert not set(kept.groups) & set(off.groups)
    assert len(off) == 4


def test_people_come_from_a_table(booth):
    table = booth / "people.csv"
    rows = [
        f"{path.relative_to(booth).as_posix()},P{path.stem[-1]}" for path in booth.rglob("*.png")
    ]
    table.write_text("\n".join(["file,person", *rows]), "utf-8")
    faces = load_class_folders(booth, CROP, person_of=people_from_table(table))
    assert set(faces.groups) == {f"P{number}" for number in range(6)}
    write_picture(booth / "surprise" / "new.png", 0)
    with pytest.raises(TrainingError, match=r"people\.csv does not say who is on .*new\.png"):
        load_class_folders(booth, CROP, person_of=people_from_table(table))
    table.write_text("file,name\n", "utf-8")
    with pytest.raises(TrainingError, match=r"lacks the column\(s\) person"):
        people_from_table(table)


def test_unknown_people_cannot_be_split(booth):
    faces = load_class_folders(booth, CROP)
    with pytest.raises(TrainingError, match="needs to know the people"):
        split_by_person(faces, 0.5, seed=0)
    one = load_class_folders(booth, CROP, person_of=lambda path: "Ada")
    with pytest.raises(TrainingError, match="All 12 faces are of one person, Ada"):
        split_by_person(one, 0.5, seed=0)
    with pytest.raises(TrainingError, match="does not name a person"):
        person_from_name(booth / "nobody.png")


# --- Which files count ----------------------------------------------------------------------------


def test_a_folder_of_a_club_is_read_without_what_systems_leave_behind(booth, caplog):
    expected = load_class_folders(booth, CROP).files
    for junk in (
        *("happiness/._Ada_0.png", "happiness/.ipynb_checkpoints/Ada_0-checkpoint.png"),
        *("surprise/.Trash-1000/old.png", "__MACOSX/happiness/Ada_0.png", "$RECYCLE.BIN/a.png"),
    ):
        (booth / junk).parent.mkdir(parents=True, exist_ok=True)
        (booth / junk).write_bytes((booth / "happiness" / "Ada_0.png").read_bytes())
    with caplog.at_level(logging.WARNING):
        assert load_class_folders(booth, CROP).files == expected
    assert "Left out: 1 as checkpoints, 1 in the trash, 1 of the system." in caplog.text


def test_every_format_that_the_game_reads_is_trained_on(booth):
    for suffix in (".webp", ".avif", ".gif", ".TIFF", ".jfif"):
        kind = ".jpg" if suffix == ".jfif" else suffix.lower()
        content = cv2.imencode(kind, np.full((40, 40, 3), 90, np.uint8))[1].tobytes()
        (booth / "happiness" / f"Ada{suffix}").write_bytes(content)
    assert len(load_class_folders(booth, CROP)) == 12 + 5


def test_pictures_of_people_in_a_format_that_is_not_read_are_named(tmp_path):
    for number in range(9):
        write_picture(tmp_path / f"P{number}_1.png", number)
    assert len(pictures_of_people(tmp_path, "train")) > 0
    (tmp_path / "P1_2.heic").write_bytes(b"")
    with pytest.raises(TrainingError, match=r"P1_2\.heic is of a kind that is not read, HEIC"):
        pictures_of_people(tmp_path, "train")


def test_all_classes_of_one_face_are_named(booth):
    write_picture(booth / "contempt" / "only.PNG", 0)
    write_picture(booth / "fear" / "single.JPG", 1)
    said = r"fear has one face only .*single\.JPG\), contempt has one face only .*only\.PNG"
    with pytest.raises(TrainingError, match=said):
        split_by_seed(load_class_folders(booth, CROP), 0.5, seed=0)
