"""Results on the score board, names, and a board that is away."""

from __future__ import annotations

import threading
from concurrent.futures import wait
from dataclasses import replace
from types import SimpleNamespace

import pytest
from table import Table

from emotion_game.app import engine, game_settings, scorekeeper
from emotion_game.errors import GameError
from emotion_game.game.keyboard import Keyboard, Keys
from emotion_game.game.types import MARATHON_LEVEL
from emotion_game.scores import open_board
from emotion_game.scores.score import NICKNAME_LENGTH
from emotion_game.screens.leaderboard import BoardStatus
from emotion_game.ui.intents import ChooseLevel, ChooseMode, Intent, TypeKey
from emotion_game.ui.notices import NoticeKind


@pytest.fixture
def board(monkeypatch, tmp_path):
    """Where results go; ``url`` may be changed before the table is set."""
    place = SimpleNamespace(url=f"sqlite:///{tmp_path / 'scores.sqlite3'}", folder=tmp_path / "w")
    monkeypatch.setattr(
        scorekeeper, "open_board", lambda url: open_board(place.url, folder=place.folder)
    )
    return place


@pytest.fixture
def table(board):
    with_game = Table(scores=True)
    with with_game.game.services.stack:
        yield with_game


@pytest.fixture
def disk(board, tmp_path):
    """Let neither database nor spool take anything until ``free`` is called."""
    place = tmp_path / "disk"
    place.write_text("in the way")
    board.url, board.folder = f"sqlite:///{place / 's.sqlite3'}", place / "w"

    def free() -> None:
        place.unlink()
        place.mkdir()

    return SimpleNamespace(free=free)


def settle(table):
    """Let the board's thread answer."""
    wait([table.game.engine.scores.background.ask(lambda _: None)], timeout=120)
    return table.show(0.3, 0.2)


def lose(table, after_s=1.0, level=1):
    table.press(ChooseMode("happy"), ChooseLevel(level), Intent.GO_ON).until("Playing")
    return table.show(0.05, after_s).until("Result", 0.99)


def type_name(table, keys):
    table.press(Intent.ENTER_NAME)
    return table.press(*(TypeKey(key, real=True) for key in keys)).press(Intent.DONE)


def test_a_result_is_kept_named_and_shown(table):
    settle(lose(table))
    assert table.screen.best is None
    assert table.screen.rank == 1
    assert table.screen.can_name
    assert type_name(table, "Kim").name == "Result"
    assert table.screen.nickname == "Kim"
    settle(table.press(Intent.SCORES))
    assert table.screen.status is BoardStatus.READY
    (row,) = table.screen.rows
    assert (row.rank, row.nickname, row.own) == (1, "Kim", True)
    settle(table.press(ChooseLevel(2)))
    assert table.screen.rows == ()
    settle(table.press(ChooseLevel(MARATHON_LEVEL), ChooseMode("surprise")))
    assert (table.screen.mode, table.screen.level) == ("surprise", MARATHON_LEVEL)
    assert table.press(Intent.BACK).name == "Result"


def test_a_better_round_is_a_record_and_is_told_its_place(table):
    settle(lose(table))
    first = table.screen.points
    table.press(Intent.BACK)
    settle(lose(table, after_s=4.0))
    assert (table.screen.best, table.screen.record, table.screen.rank) == (first, True, 1)
    table.press(Intent.BACK)
    settle(lose(table, after_s=2.0))
    assert (table.screen.record, table.screen.rank) == (False, 2)
    table.press(Intent.BACK, ChooseMode("happy"))
    settle(table)
    assert table.screen.bests[1] > first


def test_whoever_gave_a_name_is_measured_by_it_until_the_title(table):
    settle(lose(table, after_s=4.0))
    type_name(table, "Ann")
    table.press(Intent.BACK)
    settle(lose(table, after_s=1.0))
    low = table.screen.points
    type_name(table, "Bo")
    settle(table.press(Intent.AGAIN).until("Playing").show(0.05, 2.0).until("Result", 0.99))
    assert (table.screen.best, table.screen.record, table.screen.rank) == (low, True, 2)
    table.press(Intent.ENTER_NAME)
    assert table.screen.text == "Bo"


def test_the_keyboard_takes_as_many_letters_as_the_board():
    assert Keyboard().longest == NICKNAME_LENGTH


@pytest.mark.parametrize(("keys", "fault"), [("", "empty"), ("shit", "word"), ("漢", "character")])
def test_a_name_that_is_refused_says_why_and_can_be_mended(table, keys, fault):
    lose(table)
    type_name(table, keys)
    assert (table.name, table.screen.fault) == ("Name", fault)
    assert table.press(TypeKey("a"), Intent.ERASE).screen.fault == ""
    assert table.press(Intent.BACK).name == "Result"
    assert table.screen.nickname == ""


def test_the_keyboard_begins_in_the_language_of_the_screen(table):
    lose(table).press(Intent.ENTER_NAME)
    assert table.screen.layout is Keys.LATIN
    table.press(Intent.BACK, Intent.TOGGLE_LANGUAGE, Intent.ENTER_NAME)
    assert table.screen.layout is Keys.HANGUL
    assert table.press(TypeKey("ㄱ"), TypeKey("ㅏ")).screen.text == "가"


def test_a_marathon_has_a_leaderboard_of_its_own(table):
    table.press(ChooseMode("happy"), Intent.MARATHON, Intent.GO_ON)
    table.until("Playing").until("Countdown").until("Playing").until("Result", 0.99)
    points = table.screen.points
    settle(table.press(Intent.SCORES))
    assert table.screen.level == MARATHON_LEVEL
    assert [row.points for row in table.screen.rows] == [points]


def test_a_board_that_is_away_is_said_and_loses_nothing(board, tmp_path):
    board.url = f"sqlite:///{tmp_path / 'missing' / 'x' / 's.sqlite3'}"
    (tmp_path / "missing").write_text("in the way")
    table = Table(scores=True)
    with table.game.services.stack:
        settle(lose(table))
        assert NoticeKind.SCORES_WAIT in table.said
        assert table.screen.points > 0
        type_name(table, "Kim")
        settle(table.press(Intent.SCORES))
        assert table.screen.status is BoardStatus.AWAY
        waiting = table.game.engine.scores.waiting()
    assert waiting == 2
    (tmp_path / "missing").unlink()
    (tmp_path / "missing" / "x").mkdir(parents=True)
    again = open_board(board.url, folder=board.folder)
    again.deliver()
    (score,) = again.leaderboard("happy", 1, 10)
    assert score.nickname == "Kim"
    again.close()


def test_a_full_disk_is_said_and_result_and_name_are_delivered_from_memory(disk, table):
    settle(lose(table))
    assert table.name == "Result"
    assert NoticeKind.SCORE_NOT_KEPT in table.said
    # It would be wrong to say besides that the result is kept for later.
    assert NoticeKind.SCORES_WAIT not in table.said
    type_name(table, "  Kim ")
    assert (table.name, table.screen.nickname) == ("Result", "Kim")
    assert table.game.engine.scores.waiting() == 2
    disk.free()
    settle(table.press(Intent.SCORES))
    assert [(row.nickname, row.own) for row in table.screen.rows] == [("Kim", True)]


def test_the_demo_player_stands_on_no_board(board):
    table = Table(scores=None)
    assert table.game.engine.scores is None
    table = Table(scores=None, offscreen=False)
    with table.game.services.stack:
        assert table.game.engine.scores is not None
        table.game.feed.camera.spec = "demo"
        lose(table)
        assert table.game.engine.ranking is None
        assert not table.screen.can_name


def test_a_wrong_url_is_said_at_the_start(board):
    board.url = "no such database"
    with pytest.raises(GameError):
        Table(scores=True)


def test_the_rules_version_changes_with_every_number():
    book = game_settings(None).rounds
    (key, numbers), *rest = book.items()
    other = {key: replace(numbers, hold_s=numbers.hold_s + 0.01), **dict(rest)}
    assert scorekeeper.rules_version(book) == scorekeeper.rules_version(dict(book))
    assert scorekeeper.rules_version(book) != scorekeeper.rules_version(other)


@pytest.mark.usefixtures("board")
def test_the_board_opens_beside_the_running_game(monkeypatch):
    ended = threading.Event()
    monkeypatch.setattr(engine, "import_module", lambda _: ended.wait())
    table = Table(scores=True, waits_for_scores=False)
    with table.services.stack:
        table.show(0.3, 0.2)
        assert table.game.engine.scores is None, "nobody waits for it"
        ended.set()
        while table.game.engine.scores is None:
            table.show(0.3, 0.1)


def test_a_result_does_not_miss_a_board_that_is_still_opening(table):
    game = table.game
    game.services.stack.callback(game.engine.scores.close)
    game.engine.scores = None
    lose(table)
    assert game.engine.ranking is not None
    settle(table)
    kept = game.engine.scores
    assert kept.waiting() + len(kept.background.board.results()) >= 1


def test_what_waits_is_tried_again_without_anybodys_doing(disk, table):
    settle(lose(table))
    assert table.game.engine.scores.waiting() == 1
    disk.free()
    for _ in range(3):
        table.show(0.3, scorekeeper.RETRY_S)
    settle(table)
    assert table.game.engine.scores.waiting() == 0
