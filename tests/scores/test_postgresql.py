"""One board for several booths: a real PostgreSQL server, started and stopped here."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest
import score_maker
from score_maker import make_board, make_score, put

from emotion_game.scores import ScoreError
from emotion_game.scores.database import Database

#: Whatever a busy machine may need; far from the "for ever" that these tests are about.
LIMIT_S = 300


@pytest.fixture
def booths(postgres, tmp_path):
    """Two booths with spools of their own and one board."""
    boards = [make_board(postgres, tmp_path / f"spool-{number}") for number in range(2)]
    yield boards
    for board in boards:
        board.close()


def test_two_booths_write_to_one_new_board_at_once(booths, stored):
    scores = [[make_score(minute, booth=f"booth-{n}") for minute in range(30)] for n in range(2)]
    start = threading.Barrier(2)
    failed = []

    def play(number: int) -> None:
        start.wait()
        for score in scores[number]:
            try:
                put(booths[number], score)
            except ScoreError as error:
                failed.append(str(error))

    threads = [threading.Thread(target=play, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LIMIT_S)
    assert failed == []
    kept = [row["id"] for row in stored(booths[0])]
    assert sorted(kept) == sorted(str(score.id) for both in scores for score in both)
    assert booths[0].leaderboard("happy", 1, 60) == booths[1].leaderboard("happy", 1, 60)


def test_a_result_waits_in_the_spool_until_it_is_delivered(booths, stored, tmp_path):
    booths[0].keep(make_score())
    assert booths[0].waiting() == len(list((tmp_path / "spool-0").glob("*.json"))) == 1
    assert stored(booths[1]) == []
    assert booths[0].deliver() == 1
    assert len(stored(booths[1])) == 1
    assert list((tmp_path / "spool-0").iterdir()) == []


def test_two_booths_may_deliver_the_same_result(booths, stored):
    score = make_score()
    for board in booths:
        put(board, score)
    assert len(stored(booths[0])) == 1


def test_a_server_that_goes_away_in_mid_way_gets_each_result_once(cluster, booths, stored):
    left, right = booths
    before, during, later = (make_score(minute) for minute in range(3))
    put(left, before)
    cluster.stop()
    began_s = time.monotonic()
    left.keep(during)
    right.keep(later)
    assert left.keep_name(during.id, "Kim") == "Kim"
    for board in booths:
        with pytest.raises(ScoreError, match="Cannot use the score board"):
            board.deliver()
    assert time.monotonic() - began_s < LIMIT_S
    assert (left.waiting(), right.waiting()) == (2, 1)
    assert "geheim" not in left.trouble
    assert "p@ss" not in left.trouble
    with pytest.raises(ScoreError, match="Cannot use the score board postgresql://booth@127"):
        left.leaderboard("happy", 1, 10)
    cluster.start()
    assert (left.deliver(), right.deliver()) == (2, 1)
    assert (left.deliver(), right.deliver()) == (0, 0)
    kept = [row["id"] for row in stored(right)]
    assert sorted(kept) == sorted(str(each.id) for each in (before, during, later))
    assert right.personal_best("Kim", "happy", 1).id == during.id


def test_results_written_before_the_plug_was_pulled_are_there(cluster, booths, stored):
    scores = [make_score(minute) for minute in range(5)]
    for score in scores:
        put(booths[0], score)
        assert booths[0].waiting() == 0
    cluster.stop()
    cluster.start()
    assert len(stored(booths[1])) == 5


def test_a_row_that_is_locked_for_long_does_not_hold_the_booth_for_ever(postgres, tmp_path):
    import psycopg

    board = make_board(postgres, tmp_path / "spool", busy_s=0.5)
    put(board, make_score())
    with psycopg.connect(postgres) as other:
        other.execute("LOCK TABLE emotion_game_rounds")
        began_s = time.monotonic()
        board.keep(make_score())
        with pytest.raises(ScoreError, match="lock timeout"):
            board.deliver()
        assert time.monotonic() - began_s < LIMIT_S
        other.rollback()
    assert board.deliver() == 1
    board.close()


def test_a_wrong_password_is_said_and_not_shown(cluster, postgres):
    wrong = postgres.replace("geheim", "falsch%2Fwort")
    with (
        pytest.raises(ScoreError, match="Check the user and the password") as refused,
        Database(wrong).reading(),
    ):
        pass
    assert "falsch" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_newer_board_is_refused(postgres, booths):
    import psycopg

    put(booths[0], make_score())
    with psycopg.connect(postgres) as other:
        other.execute("UPDATE emotion_game_schema SET version = 7")
    booths[1].keep(make_score())
    with pytest.raises(ScoreError, match="version 7; this game knows version 1"):
        booths[1].deliver()
    assert booths[1].waiting() == 1


def test_the_command_line_lists_a_shared_board(booths, postgres, tmp_path):
    put(booths[0], make_score(nickname="민지"))
    command = [sys.executable, "-m", "emotion_game", "scores", "list", "--database", postgres]
    env = score_maker.environment() | {"XDG_DATA_HOME": str(tmp_path)}
    done = subprocess.run(
        command, env=env, capture_output=True, encoding="utf-8", timeout=LIMIT_S, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "민지" in done.stdout
