"""FER2013's pictures and FER+'s votes joined, from two tiny CSV files to training's faces."""

from __future__ import annotations

import csv
import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from emotion_game.errors import TrainingError
from emotion_game.game.types import EMOTIONS
from emotion_game.training.data import fer2013 as fer2013
from emotion_game.training.data.faces import load_ferplus
from emotion_game.training.data.fer2013 import write_ferplus
from emotion_game.vision.crop import CropSpec

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "prepare_ferplus.py"
USAGES = ("Training", "Training", "Training", "PublicTest", "PrivateTest", "Training")
#: neutral, happiness, surprise, sadness, anger, disgust, fear, contempt, unknown, NF
VOTES = (
    (0, 10, 0, 0, 0, 0, 0, 0, 0, 0),
    (7, 0, 0, 3, 0, 0, 0, 0, 0, 0),
    (0, 0, 0, 0, 0, 0, 0, 0, 0, 10),
    (0, 0, 8, 0, 0, 0, 2, 0, 0, 0),
    (0, 0, 0, 0, 9, 0, 0, 0, 1, 0),
    # One face of the published table has nine votes.
    (4, 0, 0, 0, 0, 3, 1, 0, 1, 0),
)


@pytest.fixture
def faces():
    return np.random.default_rng(5).integers(0, 256, (len(USAGES), 48, 48))


@pytest.fixture
def sources(tmp_path, faces):
    """Write fer2013.csv and fer2013new.csv; the third face is none and has no name."""
    first, second = tmp_path / "fer2013.csv", tmp_path / "fer2013new.csv"
    with first.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["emotion", "pixels", "Usage"])
        for face, usage in zip(faces, USAGES, strict=True):
            writer.writerow([3, " ".join(map(str, face.ravel())), usage])
    with second.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Usage", "Image name", *EMOTIONS, "unknown", "NF"])
        for number, (usage, votes) in enumerate(zip(USAGES, VOTES, strict=True)):
            name = "" if number == 2 else f"fer{number:07d}.png"
            writer.writerow([usage, name, *votes])
    return first, second


def change_line(table, line, old, new):
    lines = table.read_text("utf-8").splitlines()
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    table.write_text("\n".join(lines) + "\n", "utf-8")


def test_what_is_written_is_what_training_reads(tmp_path, sources, faces):
    out = tmp_path / "made" / "ferplus"
    assert write_ferplus(*sources, out) == {"train": 3, "valid": 1, "test": 1}
    crop = CropSpec(size_px=48)
    train = load_ferplus(out, "train", crop)
    assert train.files == tuple(f"train/fer000000{number}.png" for number in (0, 1, 5))
    np.testing.assert_array_equal(train.pictures[:, :, :, 0], faces[[0, 1, 5]])
    np.testing.assert_allclose(train.shares[1, :4], [0.7, 0, 0, 0.3])
    test = load_ferplus(out, "test", crop)
    np.testing.assert_array_equal(test.pictures[0, :, :, 0], faces[4])
    assert EMOTIONS[test.majority()[0]] == "anger"
    assert not list(out.rglob("*.part"))


def test_an_interrupted_run_goes_on(tmp_path, sources, monkeypatch):
    out = tmp_path / "ferplus"

    def cut_off(rows):
        for number, row in enumerate(rows):
            if number == 4:
                raise KeyboardInterrupt
            yield row

    with pytest.raises(KeyboardInterrupt):
        write_ferplus(*sources, out, cut_off)
    assert not (out / "labels.csv").exists()
    there = {path: path.stat().st_mtime_ns for path in out.rglob("*.png")}
    assert len(there) == 3
    damaged = out / "images" / "train" / "fer0000001.png"
    damaged.write_bytes(b"")
    write_ferplus(*sources, out)
    assert len(load_ferplus(out, "train", CropSpec(size_px=48))) == 3
    for path, written_ns in there.items():
        assert path == damaged or path.stat().st_mtime_ns == written_ns


def test_a_full_disk_leaves_nothing_half_written(tmp_path, sources, monkeypatch):
    out = tmp_path / "ferplus"
    whole = Path.write_bytes

    def full(path, content):
        if path.name.startswith("fer0000003"):
            whole(path, content[:20])
            raise OSError(28, "No space left on device")
        return whole(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(TrainingError, match=r"fer0000003\.png: No space left on device"):
        write_ferplus(*sources, out)
    assert {path.name for path in out.rglob("*") if path.is_file()} == {
        "fer0000000.png",
        "fer0000001.png",
    }


@pytest.mark.parametrize(
    ("line", "old", "new", "told"),
    [
        (2, ",10,", ",11,", "line 2: expected the votes of ten people, found 11"),
        (3, ",7,", ",2,", "line 3: expected the votes of ten people, found 5"),
        (3, ",7,", ",-7,", "line 3: expected the votes of ten people"),
        (3, ",7,", ",many,", "line 3: expected whole numbers of votes"),
        (5, "PublicTest", "PrivateTest", r"line 5 is of PublicTest but .*line 5 of PrivateTest"),
        (5, "PublicTest", "Public", "line 5: expected Usage to be one of"),
        (6, "fer0000004.png", "../fer.png", r"line 6: expected the name of a PNG file"),
        (1, "NF", "N", r"lacks the column\(s\) NF"),
    ],
)
def test_wrong_votes_are_named(tmp_path, sources, line, old, new, told):
    change_line(sources[1], line, old, new)
    with pytest.raises(TrainingError, match=told):
        write_ferplus(*sources, tmp_path / "out")
    assert not (tmp_path / "out" / "labels.csv").exists()


@pytest.mark.parametrize("shorter", [0, 1])
def test_files_of_different_length_are_refused(tmp_path, sources, shorter):
    lines = sources[shorter].read_text("utf-8").splitlines()
    sources[shorter].write_text("\n".join(lines[:-1]) + "\n", "utf-8")
    name = sources[shorter].name.replace(".", r"\.")
    with pytest.raises(TrainingError, match=rf"{name} has fewer lines than"):
        write_ferplus(*sources, tmp_path / "out")


def test_the_script_says_what_it_wrote(tmp_path, sources, monkeypatch, capsys):
    spec = importlib.util.spec_from_file_location("prepare_ferplus", SCRIPT)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    out = tmp_path / "out"
    monkeypatch.setattr(
        sys,
        "argv",
        ["prepare_ferplus.py", f"--fer2013={sources[0]}", f"--votes={sources[1]}", f"--out={out}"],
    )
    with pytest.raises(SystemExit) as ended:
        script.run_script(script.main)
    assert ended.value.code == 0
    assert capsys.readouterr().out.strip().endswith("3 train, 1 valid, 1 test")
    assert (out / "labels.csv").exists()

    monkeypatch.setattr(fer2013, "VOTES_PER_FACE", (10,))
    with pytest.raises(SystemExit) as ended:
        script.run_script(script.main)
    assert ended.value.code == 1
    told = capsys.readouterr().err.strip().splitlines()[-1]
    assert "line 7: expected the votes of ten people, found 9" in told
