"""FER2013's CSV, on a few made-up rows."""

from __future__ import annotations

import numpy as np
import pytest

from emotion_game.errors import TrainingError
from emotion_game.game.types import EMOTIONS
from emotion_game.training.data.fer2013 import LABELS, load_fer2013
from emotion_game.vision.crop import CropSpec

CROP = CropSpec(size_px=48)
HEADER = "emotion,pixels,Usage"


def pixels(value, count=48 * 48):
    return " ".join([str(value)] * count)


def write_table(folder, *lines, header=HEADER):
    path = folder / "fer2013.csv"
    path.write_text("\n".join([header, *lines]) + "\n", "utf-8")
    return path


def test_each_split_and_each_label_is_read(tmp_path):
    lines = [f"{label},{pixels(10 + label)},Training" for label in range(7)]
    table = write_table(
        tmp_path, *lines, f"3,{pixels(200)},PublicTest", f"5,{pixels(255)},PrivateTest"
    )
    train = load_fer2013(table, "train", CROP)
    assert [EMOTIONS[index] for index in train.majority()] == list(LABELS)
    assert [int(picture.mean()) for picture in train.pictures] == list(range(10, 17))
    assert train.shares.sum(axis=1) == pytest.approx(1.0)
    assert train.files[0] == "fer2013.csv, line 2"
    assert EMOTIONS[load_fer2013(table, "valid", CROP).majority()[0]] == "happiness"
    test = load_fer2013(table, "test", CROP)
    assert EMOTIONS[test.majority()[0]] == "surprise"
    assert test.files == ("fer2013.csv, line 10",)


def test_pixels_keep_their_place(tmp_path):
    values = np.random.default_rng(0).integers(0, 256, (48, 48))
    text = " ".join(map(str, values.ravel()))
    # The form with other columns first and spaces after the commas is about as well.
    table = write_table(tmp_path, f"Training, {text}, 6", header="Usage, pixels, emotion")
    faces = load_fer2013(table, "train", CROP)
    np.testing.assert_array_equal(faces.pictures[0, :, :, 0], values)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (f"3,{pixels(1, 2303)},Training", "line 3: expected 2304 gray values, found 2303"),
        (f"3,{pixels(256)},Training", "line 3: expected gray values of 0 to 255"),
        (f"3,{pixels(-1)},Training", "line 3: expected gray values of 0 to 255"),
        (f"3,{pixels('x')},Training", "line 3: expected gray values of 0 to 255"),
        (f"7,{pixels(1)},Training", r"line 3: expected an emotion of 0 anger.*found '7'"),
        (f"happy,{pixels(1)},Training", "line 3: expected an emotion of .*found 'happy'"),
        (f"3,{pixels(1)},Train", "line 3: expected Usage to be one of Training.*'Train'"),
        ("3,1 2 3", "line 3: expected 3 values, found 2"),
    ],
)
def test_a_wrong_line_is_named(tmp_path, line, told):
    table = write_table(tmp_path, f"0,{pixels(1)},Training", line)
    with pytest.raises(TrainingError, match=rf"fer2013\.csv, {told}"):
        load_fer2013(table, "train", CROP)


def test_a_wrong_file_is_named(tmp_path):
    with pytest.raises(TrainingError, match=r"Cannot read .*none\.csv"):
        load_fer2013(tmp_path / "none.csv", "train", CROP)
    table = write_table(tmp_path, header="emotion,pixels")
    with pytest.raises(TrainingError, match=r"lacks the column\(s\) Usage; it has emotion, pixels"):
        load_fer2013(table, "train", CROP)
    table.write_bytes(b"\xff\xfe\x00emotion")
    with pytest.raises(TrainingError, match=r"fer2013\.csv is not a CSV file in UTF-8"):
        load_fer2013(table, "train", CROP)
    table = write_table(tmp_path, f"0,{pixels(1)},Training")
    with pytest.raises(TrainingError, match="no face in the split 'test'"):
        load_fer2013(table, "test", CROP)
