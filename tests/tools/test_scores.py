"""The operator's commands, each in a process of its own."""

from __future__ import annotations

import codecs
import csv
import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

import emotion_game
from emotion_game.game.types import MARATHON_LEVEL, Outcome, Reason
from emotion_game.scores import Score, open_board
from emotion_game.scores.database import Database
from emotion_game.scores.spool import Add, Spool

ROOT = Path(emotion_game.__file__).parent.parent


def score(points, nickname, mode="happy", level=1, outcome=Outcome.LOST):
    return Score(
        id=uuid4(),
        finished_at=datetime(2026, 11, 22, 12, 0, tzinfo=UTC),
        booth="booth-1",
        mode=mode,
        level=level,
        outcome=outcome,
        reason=Reason.HELD,
        clip_id="happy/1/duck",
        clip_duration_s=20.0,
        decided_s=10.0,
        points=points,
        composure=0.5,
        nickname=nickname,
        rules_version="r1",
        model_version="m1",
    )


@pytest.fixture
def url(tmp_path):
    """A board with four results; one of them still waits in its spool."""
    url = f"sqlite:///{tmp_path / 'board.sqlite3'}"
    folder = tmp_path / "emotion-game" / "waiting"
    board = open_board(url, folder=folder)
    board.keep(score(300, "민지"))
    board.keep(score(500, "[red]=Kim"))
    board.keep(score(700, None, mode="surprise", level=3))
    board.close()
    Spool(folder / Database(url).key).put(Add(score=score(400, "민지")))
    return url


@pytest.fixture
def scores(tmp_path):
    """Run ``emotion-game scores``; return (exit code, stdout, stderr)."""

    def run(*arguments: object, answer: str = "", encoding: str = "utf-8", **variables: str):
        done = subprocess.run(
            [sys.executable, "-m", "emotion_game", "scores", *map(str, arguments)],
            cwd=ROOT,
            env=os.environ
            | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": encoding, "COLUMNS": "120"}
            | {"XDG_DATA_HOME": str(tmp_path)}
            | variables,
            input=answer,
            capture_output=True,
            encoding="utf-8",
            timeout=600,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout, done.stderr

    return run


def test_a_list_ranks_each_mode_and_level(scores, url):
    code, out, err = scores("list", "--database", url, "--json")
    assert (code, err) == (0, "")
    listed = json.loads(out)
    assert listed["database"] == url
    assert listed["waiting"] == 0
    assert [(r["rank"], r["mode"], r["level"], r["points"]) for r in listed["results"]] == [
        (1, "happy", 1, 500),
        (2, "happy", 1, 400),
        (1, "surprise", 3, 700),
    ]
    assert listed["results"][1]["nickname"] == "민지"


def test_a_list_may_be_of_one_mode_level_and_length(scores, url):
    code, out, _ = scores("list", "--database", url, "--mode", "happy", "--level", 1, "--limit", 1)
    assert code == 0
    assert "[red]=Kim" in out
    assert "민지" not in out
    assert "surprise" not in out
    code, out, _ = scores("list", "--database", url, "--mode", "happy", "--level", 2)
    assert (code, out) == (0, "No results yet.\n")


def test_marathons_are_listed_and_named(scores, url):
    board = open_board(url)
    board.keep(score(9000, "Ana", level=MARATHON_LEVEL))
    board.close()
    code, out, _ = scores("list", "--database", url, "--json")
    assert code == 0
    places = [(r["mode"], r["marathon"], r["points"]) for r in json.loads(out)["results"]]
    assert places == [
        ("happy", False, 500),
        ("happy", False, 400),
        ("happy", True, 9000),
        ("surprise", False, 700),
    ]
    code, out, _ = scores("list", "--database", url, "--marathon")
    assert code == 0
    (row,) = (line for line in out.splitlines() if "happy" in line)
    assert "Ana" in row
    assert "marathon" in row
    assert str(MARATHON_LEVEL) not in row
    code, out, err = scores("list", "--database", url, "--marathon", "--level", 1)
    assert (code, out) == (2, "")
    assert "either --level or --marathon" in err


def test_the_clips_are_told_with_how_many_lost_when(scores, url):
    code, out, _ = scores("clips", "--database", url, "--json")
    assert code == 0
    assert json.loads(out)["clips"] == [
        {"clip_id": "happy/1/duck", "plays": 4, "losses": 4, "median_loss_s": 10.0, "voids": 0}
    ]
    code, out, _ = scores("clips", "--database", url)
    assert code == 0
    assert "100%" in out


def test_an_export_goes_to_stdout_or_to_a_file(scores, url, tmp_path):
    code, out, err = scores("export", "--database", url, encoding="ascii")
    assert (code, err) == (0, "")
    assert out.startswith(next(iter(Score.model_fields)))
    rows = list(csv.DictReader(io.StringIO(out)))
    assert sorted(row["nickname"] for row in rows) == ["", "[red]=Kim", "민지", "민지"]
    file = tmp_path / "점수.csv"
    code, out, _ = scores("export", file, "--database", url)
    assert code == 0
    assert "4 result(s)" in out
    # Excel takes a file without the mark for the system's code page, and 민지 becomes gibberish.
    assert file.read_bytes().startswith(codecs.BOM_UTF8)
    with file.open(encoding="utf-8-sig", newline="") as opened:
        assert list(csv.DictReader(opened)) == rows
    assert list(tmp_path.glob("*.part")) == []


def test_an_export_to_nowhere_is_one_clear_line(scores, url, tmp_path):
    code, out, err = scores("export", tmp_path / "nowhere" / "x.csv", "--database", url)
    assert (code, out) == (1, "")
    assert "Cannot write" in err
    assert len(err.splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_an_export_to_a_full_disk_is_one_clear_line(url):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "emotion_game", "scores", "export", "--database", url],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            timeout=600,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.startswith("Cannot write to stdout: No space left on device.")
    assert len(done.stderr.splitlines()) == 1


def test_a_player_is_deleted_after_a_yes(scores, url):
    code, out, _ = scores("delete", "민지", "--database", url, answer="y\n")
    assert code == 0
    assert "2 result(s) of 민지 deleted" in out
    code, _, err = scores("delete", "민지", "--database", url, "--yes")
    assert code == 1
    assert "Nobody on sqlite:" in err


@pytest.mark.parametrize("answer", ["n\n", ""])
def test_without_a_yes_nothing_is_deleted(scores, url, answer):
    code, out, err = scores("delete", "민지", "--database", url, answer=answer)
    assert (code, out.strip()) == (1, "")  # The question itself is on stderr.
    assert "Nothing was deleted." in err
    assert len(json.loads(scores("list", "--database", url, "--json")[1])["results"]) == 3


def test_the_environment_names_the_board(scores, url):
    code, out, _ = scores("list", "--json", EMOTION_GAME_DATABASE_URL=url)
    assert code == 0
    assert json.loads(out)["database"] == url


def test_a_new_user_has_an_empty_board_in_the_data_folder(scores, tmp_path):
    code, out, _ = scores("list", "--json")
    assert code == 0
    assert json.loads(out)["results"] == []
    if sys.platform == "linux":
        assert (tmp_path / "emotion-game" / "scores.sqlite3").exists()


@pytest.mark.parametrize("command", [["list"], ["export"], ["delete", "Kim", "--yes"]])
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("sqlite:////nowhere/x.db", "unable to open database file"),
        ("postgresql://booth:geheim@127.0.0.1:1/x", "Cannot use the score board"),
        ("mysql://booth:geheim@127.0.0.1/x", "not supported"),
    ],
)
def test_a_board_that_cannot_be_reached_is_one_line_without_a_password(
    scores, command, given, said
):
    pytest.importorskip("psycopg", reason="psycopg is not installed (extra postgres)")
    code, out, err = scores(*command, "--database", given)
    assert (code, out) == (1, "")
    assert said in err
    assert "geheim" not in err
    assert len(err.splitlines()) == 1


def test_wrong_usage_exits_with_2(scores):
    assert scores("list", "--limit", 0)[0] == 2
    assert scores("delete")[0] == 2
