"""Files are read without waiting, and written whole or not at all."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from test_cli import ROOT, emotion_game_command

from emotion_game.files import beside, check_writable, open_plain, write_beside


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk without a byte left, on which older files lie."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if os.name != "posix" or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root can mount a small disk")
    for name in ("out.json", "events.jsonl", "scores.csv"):
        (folder / name).write_text("old")
    (folder / "shots").mkdir()
    with (folder / "filler").open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(512))
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def content_of(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "filler"
    }


OLD = {"out.json": "old", "events.jsonl": "old", "scores.csv": "old"}


# --- Reading --------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="such files are of Unix")
def test_only_plain_files_are_opened(tmp_path: Path) -> None:
    plain, link = tmp_path / "plain", tmp_path / "link"
    plain.write_bytes(b"content")
    link.symlink_to(plain)
    (tmp_path / "itself").symlink_to(tmp_path / "itself")
    (tmp_path / "to a device").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        for path in (plain, link):
            with open_plain(path) as file:
                assert file.read() == b"content"
        for name, said in {
            "": "a folder",
            "pipe": "a pipe",
            "socket": "a socket",
            "to a device": "a device",
            "itself": "symbolic links",
            "missing": "No such file",
        }.items():
            with pytest.raises(OSError, match=said):
                open_plain(tmp_path / name)
    with pytest.raises(OSError, match="it is a link, not a plain file"):
        open_plain(link, links=False)


# --- Writing --------------------------------------------------------------------------------------


def test_what_fails_half_way_leaves_the_older_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_beside(path, b"old")

    def stopped() -> None:
        with beside(path) as file:
            file.write(b"new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert content_of(tmp_path) == {"file": "old"}
    write_beside(path, b"new")
    check_writable(path)
    check_writable(tmp_path / "not there yet")
    assert content_of(tmp_path) == {"file": "new"}
    (tmp_path / "folder").mkdir()
    for wrong in (tmp_path / "folder", tmp_path / "nowhere" / "file"):
        with pytest.raises(OSError, match=r"s a directory|No such file"):
            check_writable(wrong)
        with pytest.raises(OSError, match=r"s a directory|No such file"):
            write_beside(wrong, b"new")


def test_a_name_of_255_bytes_and_a_link_keep_their_names(tmp_path: Path) -> None:
    name = "가" * 85
    write_beside(tmp_path / name, b"new")
    (tmp_path / "link").symlink_to(name)
    write_beside(tmp_path / "link", b"newer")
    assert (tmp_path / "link").is_symlink()
    assert content_of(tmp_path) == {name: "newer", "link": "newer"}


@pytest.mark.skipif(os.name != "posix", reason="such files are of Unix")
def test_pipes_and_devices_are_written_to_as_they_are(tmp_path: Path) -> None:
    write_beside(Path("/dev/null"), b"gone")
    assert Path("/dev/null").is_char_device()
    pipe, read = tmp_path / "pipe", []
    os.mkfifo(pipe)
    with pytest.raises(OSError, match="No such device"):  # nobody reads it
        write_beside(pipe, b"new")
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    ready = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    reader.start()
    write_beside(pipe, b"x" * 200_000)
    os.close(ready)
    reader.join()
    assert read == [b"x" * 200_000]
    assert pipe.is_fifo()


def test_on_a_full_disk_the_older_file_stays_alone(full_disk: Path) -> None:
    check_writable(full_disk / "out.json")
    with pytest.raises(OSError, match="No space left"):
        write_beside(full_disk / "out.json", b"new")
    assert content_of(full_disk) == OLD


def test_a_round_on_a_full_disk_is_played_and_its_result_printed(full_disk: Path) -> None:
    answer = emotion_game_command(
        *("play", "--offscreen", "--mode", "happy", "--level", 1, "--camera", "demo"),
        *("--json", full_disk / "out.json", "--events", full_disk / "events.jsonl"),
        *("--screenshots", full_disk / "shots"),
    )
    assert answer.code == 1
    assert answer.stdout.startswith("lost after ")
    assert content_of(full_disk) == OLD
    told = [line for line in answer.said if "No space left on device" in line]
    for what, name in {"screenshot": "shots", "events": "events.", "results": "out."}.items():
        assert [f"the {what}" in line and name in line for line in told].count(True) == 1
    assert told[-1] == answer.said[-1]
    (full_disk / "filler").unlink()
    answer = emotion_game_command(
        *("play", "--offscreen", "--mode", "happy", "--level", 1, "--camera", "demo"),
        *("--json", full_disk / "out.json"),
    )
    assert answer.code == 0
    (written,) = json.loads((full_disk / "out.json").read_text("utf-8"))["rounds"]
    assert written["outcome"] == "lost"


def test_an_export_to_a_full_disk_leaves_the_older_file(full_disk: Path) -> None:
    answer = emotion_game_command("scores", "export", full_disk / "scores.csv")
    assert answer.code == 1
    (line,) = answer.said
    assert "No space left on device" in line
    assert content_of(full_disk) == OLD


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("arguments", [["--version"], ["clips", "list", "--json"], ["--help"]])
def test_output_that_nobody_can_take_is_one_clear_line(arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "emotion_game", *arguments],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            timeout=600,
            check=False,
        )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("Cannot write to stdout: No space left on device.")
