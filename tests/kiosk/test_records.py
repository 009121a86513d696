"""What a booth writes of a day: journal, consents, log."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from emotion_game.errors import GameError
from emotion_game.game.events import Start, Tick
from emotion_game.game.replay import encode
from emotion_game.kiosk import event_journal as journal
from emotion_game.kiosk import logs
from emotion_game.kiosk.consent import ConsentLog
from emotion_game.kiosk.crash import last_clear_line
from emotion_game.kiosk.event_journal import EventJournal
from emotion_game.kiosk.settings import LogSettings

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("players", [1, 2, 4])
def test_the_trail_holds_the_running_round_alone_and_at_once(tmp_path, players):
    path = tmp_path / "new" / "events.jsonl"
    kept = EventJournal(path)
    start, tick = Start("happy", 1, players=players), Tick()
    lines = [encode(event, now_s) for now_s, event in enumerate((start, tick, start, tick))]
    for line in lines:
        kept.add(line)
    assert path.read_text().splitlines() == lines[2:]
    kept.close()
    kept.add("after the end")


def test_a_trail_that_cannot_be_kept_does_not_stop_the_game(tmp_path, monkeypatch, caplog):
    (tmp_path / "file").write_text("")
    EventJournal(tmp_path / "file" / "events.jsonl").add('[1,"Tick"]')
    assert "events.jsonl" in caplog.text
    monkeypatch.setattr(journal, "MAX_BYTES", 40)
    path = tmp_path / "events.jsonl"
    short = EventJournal(path)
    for _ in range(10):
        short.add('[1,"Tick"]')
    assert path.stat().st_size <= 40
    short.add('[2,"Start","happy",2]')
    assert path.read_text().splitlines() == ['[2,"Start","happy",2]']
    short.close()


def test_consents_hold_time_version_and_language(tmp_path):
    consents = ConsentLog(tmp_path / "new" / "consents.jsonl")
    assert list(consents) == []
    consents.add("1+abc", "ko", NOON)
    with consents.path.open("ab") as file:
        file.write(b'{"at": "2026-')  # the power was cut here
    consents.add("1+abc", "en", NOON)
    assert list(consents) == [
        {"at": "2026-11-22T12:00:00+00:00", "notice": "1+abc", "language": language}
        for language in ("ko", "en")
    ]


def test_a_consent_that_cannot_be_kept_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(GameError, match="consents"):
        ConsentLog(tmp_path / "file" / "consents.jsonl").add("1", "ko", NOON)


@pytest.fixture
def quiet_root():
    root = logging.getLogger()
    before, level, raises = list(root.handlers), root.level, logging.raiseExceptions
    levels = [each.level for each in before]
    yield root
    for each, was in zip(before, levels, strict=True):
        each.setLevel(was)
    for handler in [each for each in root.handlers if each not in before]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)
    logging.raiseExceptions = raises


@pytest.mark.parametrize("json_lines", [False, True])
def test_the_log_rotates_and_names_nobody(tmp_path, quiet_root, json_lines):
    settings = LogSettings(json_lines=json_lines, max_mb=0.1, kept=2)
    path = logs.log_to_file(settings, tmp_path / "log")
    log = logging.getLogger("emotion_game.test")
    log.warning("Name(nickname='길동') in %s", Path.home() / "kept")
    try:
        raise ValueError("broken\nin two lines")
    except ValueError:
        log.exception("failed")
    text = path.read_text("utf-8")
    assert "길동" not in text
    assert str(Path.home()) + os.sep not in text
    assert "ValueError: broken" in text
    if json_lines:
        first, second = (json.loads(line) for line in text.splitlines())
        assert (first["level"], first["logger"]) == ("WARNING", "emotion_game.test")
        assert "in two lines" in second["trace"]
    for n in range(3000):
        log.warning("%d %s", n, "x" * 100)
    assert len(list(path.parent.iterdir())) == 3
    assert all(each.stat().st_size <= 100_000 for each in path.parent.iterdir())


def test_a_log_that_cannot_be_kept_is_told_at_the_start(tmp_path, quiet_root):
    (tmp_path / "file").write_text("")
    with pytest.raises(GameError, match=r"kiosk\.log"):
        logs.log_to_file(LogSettings(), tmp_path / "file")


def test_a_log_holds_no_password_of_a_camera(tmp_path, quiet_root):
    path = logs.log_to_file(LogSettings(), tmp_path)
    try:
        raise OSError("rtsp://admin:s3cret@cam/1")
    except OSError:
        logging.getLogger("x").exception("the camera %s", "http://cam/v?pwd=s3cret")
    text = path.read_text("utf-8")
    assert "http://cam/v?pwd=***" in text
    assert "rtsp://admin:***@cam/1" in text
    assert "s3cret" not in text


def test_a_record_of_the_game_reaches_the_log_as_it_was(monkeypatch, capsys, caplog, quiet_root):
    handlers = list(quiet_root.handlers)
    logs.log_to_supervisor()
    try:
        raise ValueError("broken")
    except ValueError:
        logging.getLogger("emotion_game.app").exception("the camera %s", "0")
    sys.stderr.flush()
    line = capsys.readouterr().err.strip()
    quiet_root.handlers[:] = handlers
    with caplog.at_level(logging.INFO):
        told = logs.pass_on(line)
        assert logs.pass_on("ALSA lib pcm.c") == "ALSA lib pcm.c"
    assert "ValueError: broken" in told
    first, second = caplog.records
    assert (first.name, first.levelname, first.message) == (
        "emotion_game.app", "ERROR", "the camera 0",
    )  # fmt: skip
    assert (second.name, second.levelname) == ("game.stderr", "INFO")


def test_whether_a_consent_could_be_kept_is_tried_and_leaves_nothing(tmp_path):
    path = tmp_path / "data" / "consents.jsonl"
    ConsentLog(path).check()
    assert [*path.parent.iterdir()] == [path]
    assert path.read_bytes() == b""
    (tmp_path / "file").write_text("")
    with pytest.raises(GameError, match=r"Cannot log the consent in .*consents\.jsonl"):
        ConsentLog(tmp_path / "file" / "consents.jsonl").check()


@pytest.mark.skipif(sys.platform != "linux", reason="no small disk can be made here")
def test_a_full_disk_is_noticed_before_anybody_agrees(tmp_path):
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(small)],
        capture_output=True, check=False,
    )  # fmt: skip
    if mounted.returncode:
        pytest.skip("only root may mount a small disk")
    try:
        kept = ConsentLog(small / "consents.jsonl")
        kept.check()
        kept.add("1", "ko", NOON)
        (small / "more").write_bytes(b"x" * 4096)
        with suppress(OSError):
            (small / "rest").write_bytes(b"x" * 100_000)
        with pytest.raises(GameError, match="No space left"):
            kept.check()
    finally:
        subprocess.run(["umount", str(small)], check=True)


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (["Traceback (most recent call last):", '  File "x"', "ValueError: 3"], "ValueError: 3"),
        (["Fatal Python error: Aborted", "Thread 0x1 (main):", '  File "x"'],
         "Fatal Python error: Aborted"),
        (["a camera", "ERROR a.b: It broke\nTraceback\nX: y", "INFO a.b: bye"],
         "ERROR a.b: It broke"),
        (["INFO a: b", "WARNING c: d", "", "   "], ""),
        ([], ""),
    ],
)  # fmt: skip
def test_the_line_that_tells_best(said, line):
    assert last_clear_line(said) == line
