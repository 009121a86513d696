"""Tables as spreadsheets save them: read, or one line names the file and the line."""

from __future__ import annotations

import codecs
import logging
import shutil
import unicodedata

import cv2
import numpy as np
import pytest
from faces_for_tests import votes

from emotion_game.errors import TrainingError
from emotion_game.game.types import EMOTIONS
from emotion_game.training.data import checks as checks
from emotion_game.training.data.faces import FaceCutter, load_ferplus, load_pictures
from emotion_game.training.data.folders import people_from_table
from emotion_game.training.data.pictures import default_split, read_table
from emotion_game.training.data.tables import Label, picture_file, read_labels, read_rows
from emotion_game.vision.crop import CropSpec
from emotion_game.vision.detector import Face

TEXT = "file,person,label\na.png,사람1,happiness\nb.png,사람2,neutral\n"
ROWS = [
    (2, {"file": "a.png", "person": "사람1", "label": "happiness"}),
    (3, {"file": "b.png", "person": "사람2", "label": "neutral"}),
]


class FindsAll:
    """A detector that finds the same face in every picture."""

    def detect(self, picture):
        return [Face((5.0, 5.0, 30.0, 30.0), 1.0)]


def rows_of(path, content):
    path.write_bytes(content)
    return list(read_rows(path, ("file", "label"), ("person", "split")))


def fault_of(path, content):
    with pytest.raises(TrainingError) as caught:
        rows_of(path, content)
    message = str(caught.value)
    assert str(path) in message
    assert "\n" not in message
    return message


#: How the same table looks when other programs have saved it.
SAVED = {
    "as it is": TEXT.encode(),
    "with a mark": codecs.BOM_UTF8 + TEXT.encode(),
    "by Excel in Korea": TEXT.replace("\n", "\r\n").encode("cp949"),
    "with a mark and quoted": codecs.BOM_UTF8
    + TEXT.replace("file,", '"file",').replace("사람1", '"사람1"').encode(),
    "with semicolons": TEXT.replace(",", ";").encode(),
    "with tabs": TEXT.replace(",", "\t").encode("cp949"),
    "with spaces": TEXT.replace(",", " , ").encode(),
    "with spaces and quoted": TEXT.replace(",사람1,", ', "사람1", ').encode(),
    "by an old Mac": TEXT.replace("\n", "\r").encode(),
    "with capitals": TEXT.replace("file,person,label", " File,PERSON,Label ").encode(),
    "without a last line end": TEXT.rstrip().encode(),
    "with empty lines after it": (TEXT + "\n,,\n \n").encode(),
    "with columns of somebody's own": TEXT.replace("label", "label,note,note")
    .replace("happiness", "happiness,x,")
    .replace("neutral", "neutral,,")
    .encode(),
    "padded": TEXT.replace("happiness", "happiness,,").encode(),
}


@pytest.mark.parametrize("content", SAVED.values(), ids=SAVED.keys())
def test_a_table_is_read_however_it_was_saved(tmp_path, content):
    assert rows_of(tmp_path / "표.csv", content) == ROWS


def test_excels_first_line_is_passed_over(tmp_path):
    content = ("sep=;\r\n" + TEXT.replace(",", ";")).encode()
    assert [(line - 1, row) for line, row in rows_of(tmp_path / "a.csv", content)] == ROWS


def test_that_cp949_was_taken_is_said(tmp_path, caplog):
    with caplog.at_level(logging.WARNING):
        rows_of(tmp_path / "a.csv", TEXT.encode())
        assert not caplog.records
        rows_of(tmp_path / "a.csv", TEXT.encode("cp949"))
    assert "a.csv is not in UTF-8; it is read as CP949" in caplog.text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "lacks the column(s) file, label; it has none"),
        (b"picture,label\n", "lacks the column(s) file; it has picture, label"),
        (b"file,label,File\na,b,c\n", "line 1 has the column(s) file twice"),
        (b"file,label\na.png,fear\nb.png\n", "line 3: expected 2 values, found 1"),
        (b"file,label\na.png,fear,x\n", "line 2: expected 2 values, found 3"),
        (b'file,label\na.png,"fear\nb.png,fear\n', "line 2 is not a line of a CSV file"),
        (b"file,label\na.png,f\0ear\n", "line 2 holds a NUL byte"),
        (TEXT.encode("utf-16"), "is not a CSV file in UTF-8: it is in UTF-16"),
        (TEXT.encode("utf-16-le"), "it is in UTF-16, without its mark"),
        (TEXT.encode("utf-32"), "it is in UTF-32"),
        (bytes(2000), "nothing but NUL bytes"),
        ("file,label\na.png,fear\nJosé.png,fear\n".encode("latin-1"), "line 3 is neither in UTF-8"),
    ],
)
def test_what_is_wrong_with_a_table_is_one_line(tmp_path, content, said):
    assert said in fault_of(tmp_path / "labels.csv", content)


def test_a_table_that_is_none_is_told(tmp_path):
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(TrainingError, match="Cannot read"):
            list(read_rows(path, ("file",)))


def test_a_letter_on_the_edge_of_what_is_read_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr("emotion_game.training.data.tables._CHUNK_BYTES", 7)
    for encoding in ("utf-8", "cp949"):
        assert rows_of(tmp_path / "a.csv", TEXT.encode(encoding)) == ROWS
    wrong = TEXT.encode() + b"\xff,x,y\n"
    assert "line 4 is neither" in fault_of(tmp_path / "a.csv", wrong)


def test_labels_need_a_file(tmp_path):
    (tmp_path / "labels.csv").write_bytes(codecs.BOM_UTF8 + b"label,file\nfear,a.png\njoy,\n")
    with pytest.raises(TrainingError, match=r"labels\.csv, line 3 names no file"):
        read_labels(tmp_path)
    (tmp_path / "labels.csv").write_bytes(b"Label;File;Split\nfear;a.png;test\n")
    assert read_labels(tmp_path) == [Label(2, "a.png", "fear", "", "test")]


# --- Every reader ---------------------------------------------------------------------------------


@pytest.fixture(params=["with a mark", "by Excel in Korea"])
def saved(request, tmp_path):
    """Pictures of eight people whose names and table are Korean."""
    (tmp_path / "images").mkdir()
    lines = ["file,person,label"]
    for number in range(16):
        name = f"{number}.png"
        noise = np.random.default_rng(number).integers(0, 256, (48, 48), dtype=np.uint8)
        assert cv2.imwrite(str(tmp_path / "images" / name), noise)
        lines.append(f"{name},사람{number // 2},{('happiness', 'neutral')[number % 2]}")
    text = "\r\n".join(lines)
    mark = request.param == "with a mark"
    content = codecs.BOM_UTF8 + text.encode() if mark else text.encode("cp949")
    (tmp_path / "labels.csv").write_bytes(content)
    return tmp_path


def test_check_training_and_evaluation_read_the_same_table(saved):
    assert checks.survey(checks.read_pictures(saved)).good
    cutter = FaceCutter(CropSpec(size_px=32), FindsAll())
    train = load_pictures(saved, cutter, split="train")
    assert default_split(saved) == "test"
    test = read_table(saved, "test")
    assert len(train) + len(test) == 16
    people = {each.person for each in test}
    assert set(train.groups) | people == {f"사람{number}" for number in range(8)}


def test_people_are_read_from_such_a_table_too(saved):
    shutil.move(saved / "labels.csv", saved / "images" / "people.csv")
    person_of = people_from_table(saved / "images" / "people.csv")
    assert person_of(saved / "images" / "15.png") == "사람7"


def test_ferplus_is_read_from_such_a_table_too(tmp_path):
    columns = ";".join(["File", "Split", *EMOTIONS, "unknown", "nf"])
    row = ";".join(["a.png", "train", *map(str, votes(happiness=10))])
    (tmp_path / "labels.csv").write_bytes(codecs.BOM_UTF8 + f"{columns}\r\n{row}\r\n".encode())
    (tmp_path / "images").mkdir()
    assert cv2.imwrite(str(tmp_path / "images" / "a.png"), np.full((48, 48), 9, np.uint8))
    assert load_ferplus(tmp_path, "train", CropSpec(size_px=32)).files == ("a.png",)
    assert not checks.survey(checks.read_ferplus(tmp_path), bits=0).counts["train"]["neutral"]


def test_names_of_windows_and_of_a_mac_are_found(tmp_path):
    taken_apart = unicodedata.normalize("NFD", "웃음.png")
    (tmp_path / "train").mkdir()
    (tmp_path / "train" / taken_apart).write_bytes(b"")
    found = picture_file(tmp_path, "train\\웃음.png")
    assert found.is_file()
    (tmp_path / "people.csv").write_text("file,person\ntrain\\웃음.png,Ada\n", "utf-8")
    assert people_from_table(tmp_path / "people.csv")(tmp_path / "train" / taken_apart) == "Ada"
    assert picture_file(tmp_path, "none.png") == tmp_path / "none.png"
