"""Which files of a folder count, and what is said of the rest."""

from __future__ import annotations

import os

import pytest

from emotion_game.media import FILMS, PICTURES, describe, look_below, why_left_out


def fill(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")


def names_in(folder, kind=PICTURES):
    return [path.relative_to(folder).as_posix() for path in look_below(folder, kind).files]


def test_what_systems_and_people_leave_behind_is_left_out_and_counted(tmp_path):
    fill(
        tmp_path,
        *("b.PNG", "a.jpg", "deep/er/c.gif", "deep/d.avif", "사진/가.webp"),
        *("._a.jpg", "Thumbs.db", "desktop.ini", ".DS_Store", "__MACOSX/a.jpg", "@eaDir/b.png"),
        *(".hidden.png", ".cache/thumb/e.png", ".git/f.png"),
        *(".Trash-1000/files/g.png", "$RECYCLE.BIN/S-1/h.jpg", ".Trashes/i.jpg"),
        *(".ipynb_checkpoints/a-checkpoint.jpg", "a-checkpoint.jpg", "old-checkpoint.jpg"),
        *("notes.txt", "labels.csv", "clip.mp4"),
        *("phone.HEIC", "logo.svg", "camera.CR2", "layers.psd"),
    )
    found = look_below(tmp_path, PICTURES)
    assert [path.relative_to(tmp_path).as_posix() for path in found.files] == [
        "a.jpg",
        "b.PNG",
        "deep/d.avif",
        "deep/er/c.gif",
        # Nothing lies beside it that it could be a copy of.
        "old-checkpoint.jpg",
        "사진/가.webp",
    ]
    assert [path.name for path in found.unread] == [
        "camera.CR2",
        "layers.psd",
        "logo.svg",
        "phone.HEIC",
    ]
    assert found.left_out == {
        "of the system": 6,
        "hidden": 3,
        "in the trash": 3,
        "as checkpoints": 2,
        "as no pictures": 3,
    }
    assert describe(found.left_out) == (
        "Left out: 2 as checkpoints, 3 as no pictures, 3 hidden, 3 in the trash, 6 of the system."
    )


def test_a_folder_that_is_named_may_be_hidden_itself(tmp_path):
    fill(tmp_path, ".Trash-1000/a.png", ".Trash-1000/.b.png")
    assert names_in(tmp_path / ".Trash-1000") == ["a.png"]
    assert describe(look_below(tmp_path / ".Trash-1000", PICTURES).left_out) == (
        "Left out: 1 hidden."
    )


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_links_lead_into_no_circle(tmp_path):
    fill(tmp_path / "in", "a.png", "sub/b.png")
    fill(tmp_path / "out", "c.png")
    (tmp_path / "in" / "loop").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "sub" / "up").symlink_to("..")
    (tmp_path / "in" / "gone.png").symlink_to(tmp_path / "nowhere.png")
    (tmp_path / "in" / "self.png").symlink_to("self.png")
    (tmp_path / "in" / "linked.png").symlink_to(tmp_path / "out" / "c.png")
    os.mkfifo(tmp_path / "in" / "pipe.png")
    found = look_below(tmp_path / "in", PICTURES)
    assert [path.name for path in found.files] == ["a.png", "linked.png", "b.png"]
    assert found.left_out == {"as linked folders": 2, "as broken links": 2, "as no plain files": 1}
    # A link that is named itself is followed.
    assert [path.name for path in look_below(tmp_path / "in" / "loop", PICTURES).files] == [
        "a.png",
        "linked.png",
        "b.png",
    ]


def test_films_are_told_from_pictures(tmp_path):
    fill(tmp_path, "a.MTS", "b.gif", "c.png", ".d.mp4", "old.swf")
    found = look_below(tmp_path, FILMS)
    assert [path.name for path in found.files] == ["a.MTS", "b.gif"]
    assert [path.name for path in found.unread] == ["old.swf"]
    assert found.left_out == {"as no films": 1, "hidden": 1}


def test_nothing_is_said_of_nothing(tmp_path):
    assert look_below(tmp_path / "nowhere", PICTURES).files == ()
    assert describe({}) == ""
    assert why_left_out("Ada_0001.jpg") == ""
