"""The main loop's side: it never waits for the database."""

from __future__ import annotations

import sqlite3
import threading

import pytest
from score_maker import make_board, make_score

from emotion_game.scores import BackgroundBoard, NicknameError, ScoreError
from emotion_game.scores.database import Database

#: Whatever a busy machine may need.
LIMIT_S = 120


@pytest.fixture
def open_desk(url, tmp_path):
    return lambda: BackgroundBoard(make_board(url, tmp_path / "spool", busy_s=0.2))


def best(board):
    return board.leaderboard("happy", 1, 10)


def test_an_answer_holds_everything_that_was_kept_before(open_desk):
    desk = open_desk()
    score = make_score()
    desk.keep(score)
    assert desk.name(score.id, "Kim") == "Kim"
    assert [each.nickname for each in desk.ask(best).result(LIMIT_S)] == ["Kim"]
    with pytest.raises(NicknameError):
        desk.name(score.id, "씨발")
    desk.close()


@pytest.fixture
def callers(monkeypatch):
    """The threads that have turned to the database."""
    found = set()
    for name in ("reading", "writing"):
        method = getattr(Database, name)

        def noting(database, method=method):
            found.add(threading.current_thread())
            return method(database)

        monkeypatch.setattr(Database, name, noting)
    return found


def test_a_locked_database_holds_up_neither_keeping_nor_naming(open_desk, tmp_path, callers):
    desk = open_desk()
    assert desk.ask(best).result(LIMIT_S) == ()
    other = sqlite3.connect(tmp_path / "scores.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    score = make_score()
    desk.keep(score)
    desk.name(score.id, "Kim")
    asked = desk.ask(best)
    with pytest.raises(ScoreError, match="locked"):
        asked.result(LIMIT_S)
    assert "locked" in desk.board.trouble
    assert len(callers) == 1
    assert threading.current_thread() not in callers
    other.execute("ROLLBACK")
    other.close()
    assert [each.id for each in desk.ask(best).result(LIMIT_S)] == [score.id]
    desk.close()


def test_what_an_earlier_game_left_is_delivered_at_the_start(open_desk, url, tmp_path):
    score = make_score()
    make_board(url, tmp_path / "spool").keep(score)
    desk = open_desk()
    assert [each.id for each in desk.ask(best).result(LIMIT_S)] == [score.id]
    desk.close()


def test_closing_delivers_what_is_left(open_desk, url, tmp_path):
    desk = open_desk()
    scores = [make_score(minute) for minute in range(5)]
    for score in scores:
        desk.keep(score)
    desk.close()
    board = make_board(url, tmp_path / "spool")
    assert board.waiting() == 0
    assert {each.id for each in best(board)} == {each.id for each in scores}


def test_a_result_that_cannot_be_spooled_is_said_and_delivered_all_the_same(url, tmp_path):
    (tmp_path / "file").touch()
    desk = BackgroundBoard(make_board(url, tmp_path / "file" / "spool"))
    score = make_score()
    with pytest.raises(ScoreError, match="Cannot keep the result"):
        desk.keep(score)
    assert [each.id for each in desk.ask(best).result(LIMIT_S)] == [score.id]
    desk.close()
