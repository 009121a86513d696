"""The board as the game and the operator use it, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import csv
import io
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta, timezone
from uuid import uuid4

import pytest
from pydantic import ValidationError
from score_maker import NOON, make_board, make_score, put

from emotion_game.game.points import round_points
from emotion_game.game.types import CurvePoint, Outcome, Reason, RoundResult
from emotion_game.scores import ClipStatistics, NicknameError, Score


@pytest.fixture(params=["sqlite", "postgresql"])
def board(request, tmp_path):
    """The same tests on both databases."""
    url = request.getfixturevalue("url" if request.param == "sqlite" else "postgres")
    board = make_board(url, tmp_path / "spool")
    yield board
    board.close()


def test_a_result_comes_back_as_it_was_put(board):
    score = make_score(nickname="민지 Kim", clip_id="happy/1/새 🦆 clip", points=1234)
    put(board, score)
    assert board.leaderboard("happy", 1, 10) == (score,)
    assert board.waiting() == 0
    assert board.trouble == ""


def test_the_same_result_counts_once(board, stored):
    score = make_score()
    put(board, score)
    put(board, score)
    put(board, score.model_copy(update={"points": 999}))
    assert [row["points"] for row in stored(board)] == ["400"]


def test_times_are_kept_in_utc(board):
    seoul = timezone(timedelta(hours=9))
    put(board, make_score(finished_at=NOON.astimezone(seoul)))
    found = board.leaderboard("happy", 1, 1)[0]
    assert found.finished_at == NOON
    assert found.finished_at.utcoffset() == timedelta(0)


def test_a_player_stands_on_the_leaderboard_once_with_the_best_result(board):
    for points, nickname in [(300, "Kim"), (500, "KIM"), (400, "Lee"), (450, None), (440, None)]:
        put(board, make_score(points=points, nickname=nickname))
    places = board.leaderboard("happy", 1, 10)
    assert [(each.points, each.nickname) for each in places] == [
        (500, "KIM"),
        (450, None),
        (440, None),
        (400, "Lee"),
    ]
    assert board.leaderboard("happy", 1, 2) == places[:2]


def test_of_equal_results_the_earlier_is_ahead(board):
    put(board, make_score(5, nickname="late"))
    put(board, make_score(1, nickname="early"))
    put(board, make_score(3, nickname="between"))
    names = [each.nickname for each in board.leaderboard("happy", 1, 10)]
    assert names == ["early", "between", "late"]


def test_a_leaderboard_has_one_mode_and_level(board):
    wanted = make_score(10, mode="surprise", level=2)
    put(board, wanted)
    put(board, make_score(10, mode="surprise", level=1))
    put(board, make_score(10, mode="happy", level=2))
    assert board.leaderboard("surprise", 2, 10) == (wanted,)


def test_results_may_be_of_a_time(board):
    early, late = make_score(9), make_score(10)
    put(board, early, late)
    assert board.results(NOON + timedelta(minutes=10)) == (late,)
    assert board.results() == (early, late)


def test_forfeits_and_void_rounds_are_on_no_leaderboard(board):
    put(board, make_score(outcome=Outcome.FORFEIT, reason=Reason.FACE_GONE, nickname="Kim"))
    put(board, make_score(outcome=Outcome.VOID, reason=Reason.STARVED, nickname="Kim"))
    assert board.leaderboard("happy", 1, 10) == ()
    assert board.personal_best("Kim", "happy", 1) is None


def test_a_personal_best_is_of_one_player_mode_and_level(board):
    best = make_score(points=700, nickname="Kim")
    for score in (
        best,
        make_score(points=600, nickname="kim"),
        make_score(points=900, nickname="Lee"),
        make_score(points=900, nickname="Kim", level=2),
        make_score(points=900),
    ):
        put(board, score)
    assert board.personal_best(" KIM", "happy", 1) == best
    assert board.personal_best("Park", "happy", 1) is None


def test_a_nickname_is_given_after_the_result_and_may_be_changed(board):
    score = make_score()
    put(board, score)
    assert board.keep_name(score.id, "  Kim  Min\u200bji ") == "Kim Minji"
    board.deliver()
    assert board.personal_best("kim minji", "happy", 1).id == score.id
    board.keep_name(score.id, "이준")
    board.deliver()
    assert board.personal_best("kim minji", "happy", 1) is None
    assert [each.nickname for each in board.leaderboard("happy", 1, 10)] == ["이준"]


def test_a_refused_nickname_changes_nothing(board):
    score = make_score(nickname="Kim")
    put(board, score)
    with pytest.raises(NicknameError):
        board.keep_name(score.id, "씨발")
    assert board.waiting() == 0
    assert board.leaderboard("happy", 1, 10) == (score,)


def test_a_nickname_for_a_result_that_is_gone_is_dropped(board):
    board.keep_name(uuid4(), "Kim")
    board.deliver()
    assert board.waiting() == 0
    assert board.leaderboard("happy", 1, 10) == ()


def test_a_deleted_player_is_gone_and_nobody_else(board, stored):
    for nickname in ("Kim", "KIM", "kim2", None):
        put(board, make_score(nickname=nickname))
    assert board.delete_player("kIm") == 2
    assert board.delete_player("kIm") == 0
    assert sorted(row["nickname"] for row in stored(board)) == ["", "kim2"]


def test_results_may_be_kept_while_others_are_delivered(board, stored):
    done = threading.Event()

    def deliver() -> None:
        while not done.is_set():
            board.deliver()

    with ThreadPoolExecutor(1) as threads:
        delivering = threads.submit(deliver)
        for minute in range(50):
            board.keep(make_score(minute))
        done.set()
        delivering.result()
    board.deliver()
    assert len(stored(board)) == 50


def test_clip_statistics_tell_which_clips_are_hard(board):
    for outcome, decided_s in (
        (Outcome.LOST, 4.0),
        (Outcome.LOST, 9.0),
        (Outcome.LOST, 5.0),
        (Outcome.LOST, 6.0),
        (Outcome.WON, 20.0),
        (Outcome.FORFEIT, 3.0),
        (Outcome.VOID, 1.0),
    ):
        put(board, make_score(outcome=outcome, decided_s=decided_s, clip_id="happy/1/duck"))
    put(board, make_score(outcome=Outcome.WON, clip_id="happy/1/cat"))
    put(board, make_score(outcome=Outcome.FORFEIT, reason=Reason.NOT_READY, clip_id=""))
    assert board.clip_statistics() == (
        ClipStatistics("happy/1/cat", plays=1, losses=0, median_loss_s=None, voids=0),
        ClipStatistics("happy/1/duck", plays=6, losses=4, median_loss_s=5.5, voids=1),
    )


def test_an_export_holds_every_result_oldest_first_without_void_ones(board, stored):
    put(board, make_score(2, nickname="둘"))
    put(board, make_score(1, nickname="하나", outcome=Outcome.FORFEIT))
    put(board, make_score(3, outcome=Outcome.VOID))
    rows = stored(board)
    assert [row["nickname"] for row in rows] == ["하나", "둘"]
    assert list(rows[0]) == list(Score.model_fields)
    assert rows[1]["finished_at"] == "2026-11-22T12:02:00Z"
    assert rows[1]["composure"] == "0.5"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_a_nickname_cannot_run_as_a_formula(board, stored, start):
    put(board, make_score(nickname=start + "1+1"))
    assert stored(board)[0]["nickname"] == f"'{start}1+1"


def test_line_breaks_and_quotes_survive_the_export(board):
    put(board, make_score(nickname='a"b,c', clip_id="x,\"y'"))
    text = io.StringIO(newline="")
    assert board.export_csv(text) == 1
    row = next(csv.DictReader(io.StringIO(text.getvalue(), newline="")))
    assert (row["nickname"], row["clip_id"]) == ('a"b,c', "x,\"y'")


# --- What a score is ------------------------------------------------------------------------------

ROUND = RoundResult(
    mode="surprise",
    level=3,
    outcome=Outcome.LOST,
    reason=Reason.HELD,
    clip_id="surprise/3/door",
    duration_s=20.0,
    decided_s=5.0,
    began_s=4.6,
    baseline=0.1,
    threshold=0.5,
    hold_s=0.4,
    curve=(CurvePoint(0.0, 0.0), CurvePoint(5.0, 0.5)),
)
GIVEN = {
    "score_id": uuid4(),
    "finished_at": NOON,
    "booth": "left",
    "rules_version": "r1",
    "model_version": "m1",
}


def test_a_score_counts_the_points_of_its_round():
    score = Score.of(ROUND, **GIVEN)
    assert score.id == GIVEN["score_id"]
    assert score.points == round_points(ROUND) == round(3 * 0.25 * (700 + 150))
    assert score.composure == 0.5
    assert (score.clip_id, score.decided_s, score.nickname) == ("surprise/3/door", 5.0, None)


def test_a_clip_with_an_odd_file_name_costs_no_result(board):
    odd = replace(ROUND, clip_id="surprise/3/\udcff\n" + "가" * 400)
    score = Score.of(odd, **GIVEN | {"booth": ""})
    put(board, score)
    assert board.leaderboard("surprise", 3, 1) == (score,)
    assert score.clip_id.startswith("surprise/3/??가")
    assert len(score.clip_id) == 300
    assert score.booth == "booth"


@pytest.mark.parametrize(
    "change",
    [
        {"finished_at": NOON.replace(tzinfo=None)},
        {"composure": 1.1},
        {"points": -1},
        {"level": 0},
        {"decided_s": float("nan")},
        {"nickname": "a\x00b"},
        {"nickname": ""},
        {"picture": b"..."},
    ],
)
def test_a_score_out_of_range_is_refused(change):
    with pytest.raises(ValidationError):
        make_score(**change)
