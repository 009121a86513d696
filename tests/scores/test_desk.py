"""The main loop's side: it never waits for the database."""

from __future__ import annotations

import sqlite3
import threading

import pytest
from score_maker import make_board, make_score

from emotion_game.scores import BackgroundBoard, NicknameError, ScoreError
from emotion_game.scores.database import Database
from emotion_game.scores.spool import Add, Spool

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

        def noting(database, method=method, **how):
            found.add(threading.current_thread())
            return method(database, **how)

        monkeypatch.setattr(Database, name, noting)
    return found


def test_a_server_holds_up_neither_keeping_nor_naming(postgres, tmp_path, callers):
    desk = BackgroundBoard(make_board(postgres, tmp_path / "spool"))
    score = make_score()
    desk.keep(score)
    desk.name(score.id, "Kim")
    assert [each.nickname for each in desk.ask(best).result(LIMIT_S)] == ["Kim"]
    assert len(callers) == 1
    assert threading.current_thread() not in callers
    desk.close()


@pytest.fixture
def lock(url, tmp_path):
    """Let another program hold the database of a board until the answer is called."""
    make_board(url, tmp_path / "spool").modes()  # So it is there.
    other = sqlite3.connect(tmp_path / "scores.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield other.close
    other.close()


def test_what_a_locked_database_does_not_take_waits_and_is_delivered(open_desk, lock):
    desk = open_desk()
    score = make_score()
    desk.keep(score)
    desk.name(score.id, "Kim")
    asked = desk.ask(best)
    with pytest.raises(ScoreError, match="locked"):
        asked.result(LIMIT_S)
    assert "locked" in desk.board.trouble
    assert desk.board.waiting() == 2
    lock()
    assert [each.nickname for each in desk.ask(best).result(LIMIT_S)] == ["Kim"]
    desk.close()


def test_what_an_earlier_game_left_is_delivered_at_the_start(open_desk, url, tmp_path):
    score = make_score()
    Spool(tmp_path / "spool").put(Add(score=score))
    desk = open_desk()
    assert [each.id for each in desk.ask(best).result(LIMIT_S)] == [score.id]
    desk.close()


def test_closing_delivers_what_is_left(open_desk, url, tmp_path, lock):
    desk = open_desk()
    scores = [make_score(minute) for minute in range(5)]
    for score in scores:
        desk.keep(score)
    assert desk.board.waiting() == 5
    lock()
    desk.close()
    board = make_board(url, tmp_path / "spool")
    assert board.waiting() == 0
    assert {each.id for each in best(board)} == {each.id for each in scores}


def test_a_result_that_no_file_takes_is_said_and_delivered_all_the_same(url, tmp_path, lock):
    (tmp_path / "file").touch()
    desk = BackgroundBoard(make_board(url, tmp_path / "file" / "spool", busy_s=0.2))
    score = make_score()
    with pytest.raises(ScoreError, match="Cannot keep the result"):
        desk.keep(score)
    lock()
    assert [each.id for each in desk.ask(best).result(LIMIT_S)] == [score.id]
    desk.close()
