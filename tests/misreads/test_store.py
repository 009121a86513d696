"""Kept faces: which, how they lie on the disk, and that nothing is left when they may not stay."""

from __future__ import annotations

import codecs
import csv
import errno
import json
import os
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from modes_for_tests import MODES

from emotion_game.errors import PictureError
from emotion_game.game.types import EMOTIONS, Outcome, Reason, RoundResult
from emotion_game.misreads import FaceMemory, Misreads, RecordError, SeenFace, crop_to_keep
from emotion_game.vision.crop import CropSpec, crop_face

LOST = RoundResult(
    mode="happy",
    level=2,
    outcome=Outcome.LOST,
    reason=Reason.HELD,
    clip_id="happy/2/cat",
    duration_s=30.0,
    decided_s=10.0,
    began_s=9.0,
    baseline=0.1,
    threshold=0.6,
    hold_s=1.0,
    curve=(),
)
WON = replace(LOST, outcome=Outcome.WON, reason=Reason.CLIP_ENDED, decided_s=30.0, began_s=None)


def shares(happiness: float) -> tuple[float, ...]:
    rest = (1 - happiness) / 7
    return tuple(happiness if name == "happiness" else rest for name in EMOTIONS)


def face(t_s: float, happiness: float = 0.5, shade: int = 90) -> SeenFace:
    return SeenFace(t_s, shares(happiness), np.full((48, 48, 1), shade, np.uint8))


@pytest.fixture
def calls(tmp_path) -> Misreads:
    return Misreads(tmp_path / "틀린 판정")


@pytest.fixture
def three(calls) -> list[str]:
    calls.keep(LOST, [face(9.2, 0.8, 10), face(9.4, 0.9, 20), face(9.6, 0.95, 30)], "model 1")
    return calls.waiting()


def everything_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


# --- Which faces ----------------------------------------------------------------------------------


@pytest.mark.parametrize("detail_px", [0, 24, 48, 96, 128])
@pytest.mark.parametrize("margin", [-0.1, 0.2])
def test_a_kept_picture_read_by_training_is_what_the_network_was_given(detail_px, margin):
    spec = CropSpec(size_px=96, margin=margin, shift_down=0.05, detail_px=detail_px)
    rng = np.random.default_rng(3)
    frame = rng.integers(0, 256, (240, 320, 3), dtype=np.uint8)
    for box_px in ((100.3, 60.7, 90.0, 90.0), (-20.0, -10.0, 60.0, 70.0), (280.0, 200.0, 90, 80)):
        given = crop_face(frame, box_px, spec)
        kept = crop_face(frame, box_px, crop_to_keep(spec))
        png = cv2.imencode(".png", kept)[1]
        read = cv2.imdecode(png, cv2.IMREAD_GRAYSCALE)
        assert np.array_equal(crop_face(read, None, spec), given)


WEIGHTS = MODES["happy"].weights


def memory_of(seconds: float, rate_hz: float = 30.0) -> FaceMemory:
    memory = FaceMemory()
    for number in range(round(seconds * rate_hz)):
        t_s = number / rate_hz
        memory.add(t_s, shares((t_s % 10) / 10), lambda: np.zeros((48, 48, 1), np.uint8))
    return memory


def test_a_lost_round_keeps_its_hold_at_most_five_a_second():
    kept = [each.t_s for each in memory_of(10.0).behind(LOST, WEIGHTS)]
    assert len(kept) == pytest.approx(5, abs=1)
    assert all(9.0 <= t_s <= 10.0 for t_s in kept)
    assert all(b - a >= 0.2 for a, b in pairwise(kept))


def test_a_long_hold_keeps_its_last_second_and_a_half():
    kept = memory_of(10.0).behind(replace(LOST, began_s=2.0), WEIGHTS)
    assert 6 <= len(kept) <= 8
    assert kept[0].t_s >= 8.5


def test_a_hold_between_two_faces_keeps_the_last_one():
    (kept,) = memory_of(10.0, rate_hz=1.0).behind(
        replace(LOST, began_s=9.5, decided_s=9.8), WEIGHTS
    )
    assert kept.t_s == 9.0


def test_a_won_round_keeps_the_eight_that_scored_highest_in_order():
    kept = memory_of(30.0).behind(WON, WEIGHTS)
    assert len(kept) == 8
    assert all(each.emotions[1] > 0.9 for each in kept)
    assert [each.t_s for each in kept] == sorted(each.t_s for each in kept)


@pytest.mark.parametrize("outcome", [Outcome.FORFEIT, Outcome.VOID])
def test_what_is_no_call_on_an_expression_keeps_nothing(outcome):
    assert memory_of(10.0).behind(replace(LOST, outcome=outcome), WEIGHTS) == ()


def test_nothing_seen_nothing_kept():
    memory = memory_of(10.0)
    memory.clear()
    assert memory.behind(LOST, WEIGHTS) == memory.behind(WON, WEIGHTS) == ()


def test_the_memory_is_bounded_and_holds_copies():
    frame = np.zeros((48, 48, 1), np.uint8)
    memory = FaceMemory()
    for number in range(4000):
        memory.add(number * 0.25, shares(number / 4000), lambda: frame)
    frame[:] = 255
    assert len(memory._faces) == 1500
    assert all(not each.picture.any() for each in memory.behind(WON, WEIGHTS))


# --- On the disk ----------------------------------------------------------------------------------


def test_a_call_is_pictures_and_one_line_and_no_more(calls):
    assert not calls.folder.exists()
    assert calls.keep(LOST, [face(9.2, 0.8, 10), face(9.4, 0.9, 20)], "expression 7") == 2
    calls.keep(WON, [face(3.0)], "expression 7")
    lines = (calls.folder / "calls.jsonl").read_text("utf-8").splitlines()
    first, second = (json.loads(line) for line in lines)
    assert set(first) == {"time", "mode", "level", "outcome", "model", "pictures"}
    assert (first["mode"], first["level"], first["outcome"]) == ("happy", 2, "lost")
    assert first["model"] == "expression 7"
    assert [each["t_s"] for each in first["pictures"]] == [9.2, 9.4]
    assert first["pictures"][1]["emotions"]["happiness"] == 0.9
    names = [each["file"] for line in (first, second) for each in line["pictures"]]
    assert sorted(names) == calls.waiting()
    assert everything_in(calls.folder) == {
        "calls.jsonl",
        "unreviewed",
        *(f"unreviewed/{name}" for name in names),
    }
    assert {name.rpartition("_")[0] for name in names[:2]} != {names[2].rpartition("_")[0]}
    assert (calls.read(names[1]) == 20).all()
    if os.name == "posix":
        assert calls.folder.stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_made_is_one_clear_error(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RecordError, match="Cannot keep pictures in") as caught:
        Misreads(tmp_path / "file").keep(LOST, [face(1.0)], "model")
    assert str(tmp_path / "file") in str(caught.value)
    assert everything_in(tmp_path) == {"file"}


@pytest.mark.parametrize("fits", [0, 1, 2])
def test_a_full_disk_leaves_nothing_of_the_call(calls, three, monkeypatch, fits):
    before = {path: path.read_bytes() for path in calls.folder.rglob("*.*")}
    write, written = Path.write_bytes, []

    def full_disk(self: Path, content: bytes) -> int:
        if len(written) >= fits:
            write(self, content[: len(content) // 2])
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(self)
        return write(self, content)

    monkeypatch.setattr(Path, "write_bytes", full_disk)
    with pytest.raises(RecordError, match="No space left on device"):
        calls.keep(LOST, [face(1.0), face(1.2)], "model")
    monkeypatch.undo()
    assert {path: path.read_bytes() for path in calls.folder.rglob("*.*")} == before


def test_labels_move_pictures_into_class_folders_and_back(calls, three):
    calls.label(three[0], "neutral")
    calls.label(three[1], "surprise")
    assert calls.waiting() == three[2:]
    assert (calls.folder / "reviewed" / "neutral" / three[0]).is_file()
    counts = calls.counts()
    assert counts.unreviewed == 1
    assert list(counts.reviewed) == list(EMOTIONS)
    assert {name: n for name, n in counts.reviewed.items() if n} == {"neutral": 1, "surprise": 1}
    calls.unlabel(three[0], "neutral")
    assert calls.waiting() == [three[0], three[2]]
    # The training would take an empty class folder for a mistake.
    assert [path.name for path in calls.reviewed.iterdir()] == ["surprise"]


def test_a_label_never_overwrites(calls, three):
    other = calls.reviewed / "fear" / three[0]
    other.parent.mkdir(parents=True)
    other.write_bytes(b"somebody's")
    with pytest.raises(RecordError, match="there is one already"):
        calls.label(three[0], "fear")
    assert other.read_bytes() == b"somebody's"
    assert three[0] in calls.waiting()


def test_a_deleted_picture_is_gone_and_so_is_what_was_said_of_it(calls, three):
    content = calls.delete(three[0])
    assert everything_in(calls.unreviewed) == set(three[1:])
    calls.restore(three[0], content)
    assert (calls.read(three[0]) == 10).all()
    calls.delete(three[0])
    calls.label(three[1], "neutral")
    calls.settle()
    (call,) = calls.calls()
    assert [picture.file for picture in call.pictures] == three[1:]
    calls.delete(three[2])
    (calls.reviewed / "neutral" / three[1]).unlink()
    calls.settle()
    assert calls.calls() == []
    assert not (calls.folder / "calls.jsonl").exists()


def test_pictures_that_cannot_be_read_or_deleted_are_named(calls, three):
    (calls.unreviewed / three[0]).write_bytes(b"no picture")
    (calls.unreviewed / three[1]).write_bytes(b"")
    for name in three[:2]:
        with pytest.raises(PictureError, match=name):
            calls.read(name)
    for name in ("none.png",):
        with pytest.raises(PictureError, match=name):
            calls.read(name)
        with pytest.raises(RecordError, match=name):
            calls.delete(name)


def test_training_learns_which_pictures_belong_to_one_call(calls, three):
    calls.settle()
    assert not calls.people.exists()
    calls.keep(WON, [face(2.0)], "model")
    (fourth,) = set(calls.waiting()) - set(three)
    for name, emotion in zip((*three, fourth), ("fear", "fear", "anger", "fear"), strict=True):
        calls.label(name, emotion)
    calls.settle()
    with calls.people.open(newline="", encoding="utf-8") as file:
        person = {row["file"]: row["person"] for row in csv.DictReader(file)}
    one = three[0].rpartition("_")[0]
    assert {
        person[f"fear/{three[0]}"],
        person[f"fear/{three[1]}"],
        person[f"anger/{three[2]}"],
    } == {one}
    assert person[f"fear/{fourth}"] != one
    assert len(person) == 4
    assert calls.delete_all() == 4
    assert not calls.folder.exists()


def test_a_last_line_without_its_end_spoils_no_other(calls, three):
    path = calls.folder / "calls.jsonl"
    path.write_bytes(path.read_bytes().rstrip())
    calls.keep(WON, [face(2.0)], "model")
    assert [call.outcome for call in calls.calls()] == [Outcome.LOST, Outcome.WON]


@pytest.mark.parametrize("line", ["{", '{"time": 3}', "[]", '{"mode": "happy"}'])
def test_a_broken_line_is_named(calls, three, line):
    with (calls.folder / "calls.jsonl").open("a") as file:
        file.write(line + "\n")
    with pytest.raises(RecordError, match=r"calls\.jsonl, line 2 is no call"):
        calls.calls()


def test_delete_all_does_not_mind_what_goes_by_itself_meanwhile(calls, three, monkeypatch):
    listed = list(calls._pictures())
    calls.label(three[0], "contempt")  # as a review in another window does
    monkeypatch.setattr(calls, "_pictures", lambda: [*listed, *type(calls)._pictures(calls)])
    assert calls.delete_all() >= 3
    assert not calls.folder.exists()


def test_delete_all_leaves_no_face_and_nobody_elses_files(calls, three):
    calls.label(three[0], "contempt")
    (calls.unreviewed / "x.png.part").write_bytes(b"half a face")
    assert calls.delete_all() == 3
    assert not calls.folder.exists()
    assert calls.delete_all() == 0
    calls.keep(LOST, [face(1.0)], "model")
    (calls.folder / "notes.txt").write_text("mine")
    assert calls.delete_all() == 1
    assert everything_in(calls.folder) == {"notes.txt"}


# --- Edited by hand -------------------------------------------------------------------------------


def test_calls_saved_by_an_editor_are_read_and_added_to(calls, three):
    path = calls.folder / "calls.jsonl"
    text = path.read_text("utf-8")
    path.write_bytes(codecs.BOM_UTF8 + text.replace("\n", "\r\n\r\n").rstrip().encode())
    assert [len(call.pictures) for call in calls.calls()] == [3]
    calls.keep(LOST, [face(1.0)], "model 1")
    assert [len(call.pictures) for call in calls.calls()] == [3, 1]


def test_calls_in_another_encoding_are_told_and_left_alone(calls, three):
    path = calls.folder / "calls.jsonl"
    before = path.read_text("utf-8").encode("utf-16")
    path.write_bytes(before)
    with pytest.raises(RecordError, match=r"calls\.jsonl is no text file in UTF-8: .*UTF-16"):
        calls.calls()
    with pytest.raises(RecordError, match="UTF-16"):
        calls.keep(LOST, [face(1.0)], "model 1")
    assert path.read_bytes() == before
    assert calls.waiting() == three


def test_what_a_mac_puts_beside_the_pictures_is_no_picture(calls, three):
    (calls.unreviewed / f"._{three[0]}").write_bytes(b"of a Mac")
    assert calls.waiting() == three
    calls.label(three[0], "happiness")
    (calls.reviewed / "happiness" / f"._{three[0]}").write_bytes(b"of a Mac")
    calls.settle()
    assert calls.counts().reviewed["happiness"] == 1
    assert calls.people.read_text("utf-8").count("\n") == 2
