"""Copies, leaks and faults are found; pictures that only look alike are not called copies."""

from __future__ import annotations

import csv
import importlib.util
import json
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from emotion_game.errors import TrainingError
from emotion_game.game.types import EMOTIONS
from emotion_game.training.data import checks as checks
from emotion_game.training.data.checks import Kind, drop_leaks, find_leaks, refuse_leaks
from emotion_game.training.data.faces import LabelledFaces
from emotion_game.training.data.folders import person_from_name

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "check_data.py"


def picture(seed, side=48):
    """Return smooth random shapes, another for each seed."""
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 6), dtype=np.uint8)
    return cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC)


def faces(*pictures, names="face", groups=None):
    stacked = np.stack([np.asarray(each, dtype=np.uint8)[:, :, np.newaxis] for each in pictures])
    shares = np.eye(len(EMOTIONS), dtype=np.float32)[[0] * len(pictures)]
    return LabelledFaces(
        stacked, shares, tuple(f"{names}{index}" for index in range(len(pictures))), groups
    )


def as_jpeg(gray):
    return cv2.imdecode(cv2.imencode(".jpg", gray, [cv2.IMWRITE_JPEG_QUALITY, 30])[1], 0)


def brighter(gray):
    return np.clip(gray * 0.7 + 60, 0, 255)


def cropped_tighter(gray):
    return cv2.resize(gray[1:-1, 1:-1], gray.shape)


def with_a_mark(gray):
    return cv2.putText(gray.copy(), "stock", (4, 30), 0, 0.4, 255)


def smaller(gray):
    return cv2.resize(cv2.resize(gray, (24, 24), interpolation=cv2.INTER_AREA), gray.shape)


# --- Copies ---------------------------------------------------------------------------------------


def test_the_same_pixels_are_found():
    train = faces(picture(1), picture(2), picture(1), names="t")
    valid = faces(picture(3), picture(1), names="v")
    leaks = find_leaks(train, valid)
    assert [(leak.kind, leak.files) for leak in leaks] == [
        (Kind.SAME, ("t0", "v1")),
        (Kind.SAME, ("t2", "v1")),
    ]


@pytest.mark.parametrize("change", [as_jpeg, brighter, cropped_tighter, with_a_mark, smaller])
@pytest.mark.parametrize("portrait", ["astronaut", "hopper"])
def test_changed_copies_are_found(change, portrait, request):
    photograph = cv2.cvtColor(request.getfixturevalue(portrait), cv2.COLOR_BGR2GRAY)
    gray = cv2.resize(photograph[:256, 128:384], (48, 48), interpolation=cv2.INTER_AREA)
    train = faces(picture(1), gray, names="t")
    leaks = find_leaks(train, faces(change(gray), names="v"))
    assert [(leak.kind, leak.files) for leak in leaks] == [(Kind.NEAR, ("t1", "v0"))]
    assert leaks[0].likeness >= checks.LIKENESS
    leaks = find_leaks(train, faces(change(gray)[:, ::-1], names="v"))
    assert [(leak.kind, leak.files) for leak in leaks] == [(Kind.MIRRORED, ("t1", "v0"))]


def test_other_pictures_are_no_copies(astronaut, hopper):
    portraits = [
        cv2.resize(cv2.cvtColor(each[:256, 128:384], cv2.COLOR_BGR2GRAY), (48, 48))
        for each in (astronaut, hopper)
    ]
    many = [picture(seed) for seed in range(60)]
    assert find_leaks(faces(portraits[0], *many), faces(portraits[1])) == []
    assert find_leaks(faces(*many[:30]), faces(*many[30:])) == []


def test_pictures_that_show_nothing_are_copies_of_nothing_else():
    gray = np.full((48, 48), 90)
    assert find_leaks(faces(gray), faces(gray + 1, picture(0))) == []
    assert [leak.kind for leak in find_leaks(faces(gray), faces(gray))] == [Kind.SAME]


def test_a_symmetric_copy_is_told_once():
    half = picture(4)[:, :24]
    gray = np.hstack([half, half[:, ::-1]])
    assert [leak.kind for leak in find_leaks(faces(gray), faces(gray))] == [Kind.SAME]


def test_the_search_finds_what_comparing_one_by_one_finds():
    rng = np.random.default_rng(0)
    first = rng.integers(0, 2**63, 700, dtype=np.uint64)
    second = rng.integers(0, 2**63, 600, dtype=np.uint64)
    second[[5, 300, 599]] = first[[1, 2, 3]] ^ np.uint64(0b1011)
    found = checks.near_pairs(first, second, 16)
    expected = {
        (i, j, (int(a) ^ int(b)).bit_count())
        for i, a in enumerate(first)
        for j, b in enumerate(second)
        if (int(a) ^ int(b)).bit_count() <= 16
    }
    assert {tuple(row) for row in found.tolist()} == expected
    assert {(1, 5, 3), (2, 300, 3), (3, 599, 3)} <= expected
    assert checks.near_pairs(first[:0], second, 16).shape == (0, 3)


# --- What training asks ---------------------------------------------------------------------------


def test_people_in_both_parts_are_leaks():
    train = faces(picture(1), picture(2), picture(3), names="t", groups=("Ada", "Kim", "Ada"))
    valid = faces(picture(4), picture(5), names="v", groups=("Ada", "Grace"))
    leaks = find_leaks(train, valid)
    assert [(leak.kind, leak.files) for leak in leaks] == [
        (Kind.PERSON, ("t0", "v0")),
        (Kind.PERSON, ("t2", "v0")),
    ]
    assert drop_leaks(train, valid).files == ("t1",)


def test_training_on_a_leak_is_refused_unless_told(caplog):
    train = faces(*(picture(seed) for seed in range(5)), names="t")
    valid = faces(*(picture(seed) for seed in range(1, 7)), names="v")
    with pytest.raises(TrainingError, match=r"4 picture\(s\) .*4 same.*t1 = v0") as error:
        refuse_leaks(train, valid)
    assert "--drop-leaks" in str(error.value)
    assert "and 1 more pairs" in str(error.value)
    refuse_leaks(train, valid, allow=True)
    assert "too good" in caplog.text
    kept = drop_leaks(train, valid)
    assert kept.files == ("t0",)
    refuse_leaks(kept, valid)
    assert drop_leaks(kept, valid) is kept
    with pytest.raises(TrainingError, match="Every face"):
        drop_leaks(valid, valid)


def test_all_crops_of_a_leaking_picture_go():
    train = LabelledFaces(
        faces(picture(1), picture(2), picture(3)).pictures,
        np.eye(8, dtype=np.float32)[:3],
        ("a.png", "a.png", "b.png"),
    )
    assert drop_leaks(train, faces(picture(1))).files == ("b.png",)


# --- Whole sources --------------------------------------------------------------------------------


def write(path, gray):
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), gray)


@pytest.fixture
def split_folders(tmp_path):
    folder = tmp_path / "booth"
    for number, split in enumerate(("train", "train", "valid")):
        for name in ("neutral", "happiness"):
            write(folder / split / name / f"P{number}_1.png", picture([number, len(name)]))
    return folder


def test_a_good_source_is_good(split_folders):
    found = checks.survey(checks.read_folders(split_folders, person_from_name))
    assert found.good
    assert found.counts["train"]["neutral"] == 2
    assert found.counts["valid"]["happiness"] == 1


def test_every_fault_of_a_folder_is_listed(split_folders):
    train, valid = split_folders / "train", split_folders / "valid"
    write(train / "hapiness" / "P8_1.png", picture(8))
    (train / "fear").mkdir()
    (train / "neutral" / "P9_1.png").write_bytes(b"no picture")
    write(train / "neutral" / "P10_1.png", np.full((48, 48), 7, np.uint8))
    write(train / "happiness" / "P11_1.png", picture(11))
    write(train / "neutral" / "P11_2.png", picture(11))
    write(train / "neutral" / "P11_3.png", picture(11))
    write(valid / "neutral" / "P12_1.png", brighter(picture(11)).astype(np.uint8))
    write(valid / "neutral" / "P0_2.png", picture(13))
    found = checks.survey(checks.read_folders(split_folders, person_from_name))
    faults = "\n".join(fault for _, fault in found.faults)
    assert "hapiness is named after no emotion of the game (did you mean happiness?)" in faults
    assert "fear is a class folder without a picture" in faults
    assert "P9_1.png is not a readable picture" in faults
    assert "P10_1.png shows nothing" in faults
    assert "P11_1.png is labelled happiness, its copy train/neutral/P11_2.png neutral" in faults
    assert len(found.faults) == 5
    assert found.doubles["train"] == 2
    kinds = [leak.kind for leak in found.leaks]
    assert (kinds.count(Kind.NEAR), kinds.count(Kind.PERSON)) == (3, 2)
    assert {leak.files[1] for leak in found.leaks if leak.kind is Kind.PERSON} == {
        "valid/neutral/P0_2.png"
    }


def test_faces_can_be_looked_for(tmp_path, astronaut):
    from emotion_game.vision.detector import HaarDetector

    write(tmp_path / "happiness" / "a.png", astronaut)
    # A close crop: found only with a rim around it.
    write(tmp_path / "happiness" / "c.png", cv2.resize(astronaut[70:190, 165:285], (48, 48)))
    write(tmp_path / "neutral" / "b.png", picture(2, side=128))
    found = checks.survey(checks.read_folders(tmp_path), detector=HaarDetector())
    assert [file for file, _ in found.faults] == ["neutral/b.png"]


def write_csv(path, *rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)


def test_ferplus_is_looked_through(tmp_path):
    votes = [*EMOTIONS, "unknown", "NF"]
    write_csv(
        tmp_path / "labels.csv",
        ["file", "split", *votes],
        ["a.png", "train", 0, 10, 0, 0, 0, 0, 0, 0, 0, 0],
        ["b.png", "train", 0, 0, 0, 0, 0, 0, 0, 0, 10, 0],
        ["c.png", "valid", 10, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        ["d.png", "valid", 10, 0, 5, 0, 0, 0, 0, 0, 0, 0],
        ["e.png", "valid", 10, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    )
    for name in "abc":
        write(tmp_path / "images" / f"{name}.png", picture("abc".index(name)))
    found = checks.survey(checks.read_ferplus(tmp_path))
    assert {split: sum(counts.values()) for split, counts in found.counts.items()} == {
        "train": 1,
        "valid": 1,
    }
    assert found.left_out == {"train": 1}
    assert [file for file, _ in found.faults] == ["d.png", "e.png"]
    assert "line 5: expected the votes of ten people, found 15" in found.faults[0][1]


def test_a_table_of_pictures_is_looked_through(tmp_path):
    write_csv(
        tmp_path / "labels.csv",
        ["file", "person", "label", "split"],
        ["a.png", "Ada", "happiness", "train"],
        ["b.png", "Ada", "neutral", "valid"],
        ["c.png", "Kim", "joy", "valid"],
    )
    for number, name in enumerate("ab"):
        write(tmp_path / "images" / f"{name}.png", picture(number))
    found = checks.survey(checks.read_pictures(tmp_path))
    assert [leak.kind for leak in found.leaks] == [Kind.PERSON]
    assert "line 4: the label 'joy' is no emotion of the game" in found.faults[0][1]
    # Without the column, people are split as training splits them: nobody is in two parts.
    write_csv(
        tmp_path / "labels.csv",
        ["file", "person", "label"],
        ["a.png", "Ada", "happiness"],
        ["b.png", "Ada", "neutral"],
    )
    assert checks.survey(checks.read_pictures(tmp_path)).good


def test_fer2013_is_looked_through(tmp_path):
    def row(emotion, gray, usage):
        return [emotion, " ".join(map(str, gray.ravel())), usage]

    table = tmp_path / "fer2013.csv"
    write_csv(
        table,
        ["emotion", "pixels", "Usage"],
        row(3, picture(1), "Training"),
        row(9, picture(2), "Training"),
        row(3, picture(3)[:40], "Training"),
        row(6, picture(4), "PublicTest"),
        row(6, picture(1), "PrivateTest"),
    )
    found = checks.survey(checks.read_fer2013(table))
    assert [file for file, _ in found.faults] == ["line 3", "line 4"]
    assert [(leak.splits, leak.files) for leak in found.leaks] == [
        (("train", "test"), ("line 2", "line 6"))
    ]


# --- The script -----------------------------------------------------------------------------------


@pytest.fixture
def check_data(monkeypatch, capsys):
    spec = importlib.util.spec_from_file_location("check_data", SCRIPT)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["check_data.py", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            script.run_script(script.main)
        printed = capsys.readouterr()
        return ended.value.code, printed.out, printed.err

    return run


def test_the_script_tells_good_from_bad(check_data, split_folders):
    code, out, _ = check_data("--folders", split_folders, "--people-by-name")
    assert code == 0
    assert "happiness" in out
    write(split_folders / "valid" / "neutral" / "P0_9.png", picture([0, 7]))
    code, out, err = check_data("--folders", split_folders, "--people-by-name")
    assert code == 1
    assert "leak(s)" in out
    assert "2 picture(s) are in two splits (pairs: 1 same, 2 person)" in " ".join(err.split())
    code, out, _ = check_data("--folders", split_folders, "--json")
    found = json.loads(out)
    assert (code, found["good"], found["counts"]["valid"]["neutral"]) == (1, False, 2)
    assert found["leaks"][0] == {
        "kind": "same",
        "splits": ["train", "valid"],
        "files": ["train/neutral/P0_1.png", "valid/neutral/P0_9.png"],
        "bits": 0,
        "likeness": 1.0,
    }


def test_the_script_wants_one_source(check_data, tmp_path):
    code, _, err = check_data()
    assert code == 2
    assert "name one of" in err
    code, _, err = check_data("--folders", tmp_path)
    assert code == 1
    assert "has no usable picture" in err
    code, _, err = check_data("--fer2013", tmp_path / "none.csv")
    assert code == 1
    assert "Cannot read" in err


def test_one_picture_a_class_is_found_as_the_training_would(check_data, tmp_path):
    for name, suffix in (("happiness", ".PNG"), ("neutral", ".JPG")):
        write(tmp_path / name / f"a{suffix}", picture(len(name)))
    code, out, err = check_data("--folders", tmp_path, "--json")
    assert code == 1
    found = json.loads(out)
    assert not found["good"]
    ((_, fault),) = found["faults"]
    assert "train_classifier.py would refuse it: neutral has one face only" in fault
    assert "happiness has one face only" in fault
    assert "would refuse it" in " ".join(err.split())


def test_copies_that_the_split_tears_apart_are_found_as_the_training_would(check_data, tmp_path):
    for number in range(12):
        for name in ("happiness", "neutral"):
            write(tmp_path / name / f"{number}.png", picture([number // 6, len(name)]))
    code, out, _ = check_data("--folders", tmp_path, "--json")
    assert code == 1
    ((_, fault),) = json.loads(out)["faults"]
    assert "picture(s) are in two splits" in fault


def test_a_split_without_its_other_half_is_found_as_the_training_would(check_data, split_folders):
    (split_folders / "valid").rename(split_folders / "test")
    code, out, _ = check_data("--folders", split_folders, "--json")
    assert code == 1
    ((_, fault),) = json.loads(out)["faults"]
    assert "has train, test, but no valid" in fault


def test_pictures_without_people_are_found_as_the_training_would(check_data, tmp_path):
    write(tmp_path / "images" / "a.png", picture(0))
    write_csv(tmp_path / "labels.csv", ["file", "label"], ["a.png", "fear"])
    code, out, _ = check_data("--pictures", tmp_path, "--json")
    assert code == 1
    ((_, fault),) = json.loads(out)["faults"]
    assert "lacks the column(s) person; it has file, label" in fault


def test_each_kind_of_fault_comes_with_what_to_do(check_data, tmp_path):
    for number in range(8):
        for name in ("happiness", "neutral", "joy"):
            write(tmp_path / name / f"{number}.png", picture([number, len(name)]))
    (tmp_path / "neutral" / "broken.png").write_bytes(b"no picture")
    write(tmp_path / "neutral" / "gray.png", np.full((48, 48), 90, np.uint8))
    (tmp_path / "happiness" / "twin.png").write_bytes((tmp_path / "neutral" / "1.png").read_bytes())
    code, out, err = check_data("--folders", tmp_path, "--json")
    assert code == 1
    remedies = json.loads(out)["remedies"]
    for remedy in ("Name each class folder", "cannot be read", "show nothing", "two labels"):
        assert len([each for each in remedies if remedy in each]) == 1
        assert remedy in " ".join(err.split())
    _, out, _ = check_data("--folders", tmp_path)
    assert "- Take away pictures that show nothing." in out


def test_leaks_come_with_what_to_do(check_data, split_folders):
    source = next((split_folders / "valid").rglob("*.png"))
    target = split_folders / "train" / source.parent.name / "copy.png"
    target.write_bytes(source.read_bytes())
    _, out, _ = check_data("--folders", split_folders, "--json")
    assert any("--drop-leaks" in each for each in json.loads(out)["remedies"])
