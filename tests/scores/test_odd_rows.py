"""A file may hold whatever somebody wrote into it: one odd row must not hide the others."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from uuid import uuid4

import pytest
from score_maker import make_score, put

ODD_ROWS = [
    ("id", "no-uuid"), ("id", 7), ("finished_at", "yesterday"),
    ("finished_at", 5), ("finished_at", "2026-13-45"), ("finished_at", b"\0"),
    ("points", "many"), ("decided_s", "late"), ("decided_s", float("inf")), ("level", "x"),
    ("nickname", b"\xff\xfe"), ("nickname", "x" * 99), ("outcome", "??"),
    ("clip_id", b"\0\xff"), ("booth", ""), ("mode", b"\xff"),
]  # fmt: skip


@pytest.mark.parametrize(("column", "value"), ODD_ROWS)
def test_an_odd_row_hides_neither_the_board_nor_a_players_best(board, tmp_path, column, value):
    sound = make_score(nickname="Kim", points=400)
    put(board, sound)
    put(board, make_score(points=300))
    with closing(sqlite3.connect(tmp_path / "scores.sqlite3")) as file:
        file.row_factory = sqlite3.Row
        found = file.execute("SELECT * FROM emotion_game_rounds WHERE points = 400").fetchone()
        row = {**dict(found), "id": uuid4().hex, "points": 900, column: value}
        places = ", ".join("?" * len(row))
        names = ", ".join(row)
        file.execute(
            f"INSERT INTO emotion_game_rounds ({names}) VALUES ({places})", tuple(row.values())
        )
        file.commit()
    assert [each.points for each in board.leaderboard("happy", 1, 1)] == [400]
    assert [each.points for each in board.leaderboard("happy", 1, 10)] == [400, 300]
    assert board.personal_best("Kim", "happy", 1) == sound
    assert len(board.results()) == 2
    assert "happy" in board.modes()
    assert board.clip_statistics()
