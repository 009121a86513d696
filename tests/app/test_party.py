"""Names, and a tournament from its names to its winner."""

from __future__ import annotations

import json
from contextlib import closing

import pytest
from table import CLIP_S, Table

from emotion_game.app import scorekeeper
from emotion_game.clips.player import PlayerState
from emotion_game.game.tournament import CALL_S, MOST, SETTLE_S, Kind
from emotion_game.game.types import Outcome, Reason
from emotion_game.scores import open_board
from emotion_game.ui.intents import ChooseLevel, ChooseMode, Intent, NamePlayer, TypeKey


@pytest.fixture
def table():
    with_game = Table()
    with with_game.game.services.stack:
        yield with_game


def typed(name: str) -> list[TypeKey]:
    return [TypeKey(letter, real=True) for letter in name]


def ask_who_plays(table: Table) -> Table:
    return table.press(ChooseMode("happy"), Intent.TOURNAMENT)


def begin(table: Table, *names: str) -> Table:
    """Begin a tournament of these players."""
    ask_who_plays(table).press(*[Intent.ADD_PLAYER] * (len(names) - 3), NamePlayer(0))
    for name in names:
        table.press(*typed(name), Intent.DONE)
    assert table.screen.names == names
    return table.press(Intent.GO_ON, Intent.GO_ON)


def test_the_room_sees_who_laughed_before_the_next_one_is_called(table):
    begin(table, "Ana", "Ben", "Cho")
    table.press(Intent.GO_ON).until("Playing").until("Caught", 0.99).until("Tournament", 0.99)
    assert called(table) == "Ben"
    table.press(Intent.GO_ON).until("Playing").until("Triumph").press(Intent.GO_ON).show(0.05, 0.1)
    assert (table.name, called(table)) == ("Tournament", "Cho")


def turn(table: Table, laughs_after_s: float) -> Table:
    """Play the turn of who is called; a laugh that comes after the clip is none."""
    table.press(Intent.GO_ON).until("Playing")
    table.show(0.05, min(laughs_after_s, CLIP_S))
    ends_s = table.now_s + 30.0
    while not table.name.startswith("Tournament"):
        assert table.now_s < ends_s, table.name
        table.show(0.99, 0.1)
    return table


def called(table: Table) -> str:
    return table.screen.names[table.screen.called]


# --- Names ------------------------------------------------------------------------------------


def test_names_are_typed_one_after_the_other_and_stand_at_their_faces(table):
    table.press(ChooseMode("happy"), *[Intent.MORE_PLAYERS] * 2, ChooseLevel(1), NamePlayer(0))
    assert (table.name, table.screen.player) == ("Name", 1)
    table.press(*typed("Ana"), Intent.DONE)
    assert (table.name, table.screen.player) == ("Name", 2)
    table.press(Intent.BACK)
    assert (table.name, table.screen.names) == ("Players", ("Ana", "", ""))
    table.press(NamePlayer(2), *typed("Kim"), Intent.DONE, Intent.BACK, Intent.GO_ON)
    calm = {"rival": 0.05, "others": (0.05,)}
    table.until("MatchReady", **calm)
    assert [side.name for side in table.screen.sides] == ["Ana", "", "Kim"]
    table.until("MatchPlaying", **calm).until("MatchResult", 0.99, rival=0.99, others=(0.05,))
    assert table.screen.sides[table.screen.winner].name == "Kim"
    # A name is typed once.
    table.press(Intent.BACK, ChooseMode("happy"), Intent.MORE_PLAYERS, ChooseLevel(1))
    assert table.screen.names == ("Ana", "")
    table.press(Intent.BACK, Intent.MORE_PLAYERS, ChooseLevel(1))
    assert table.screen.names == ("Ana", "", "Kim")


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("Ana", "taken"),
        ("  aNA ", "taken"),
        ("player 3", "taken"),
        ("", "empty"),
        ("shit", "word"),
        ("Ben", ""),
    ],
)
def test_a_name_twice_or_one_that_may_not_be_is_refused(table, name, fault):
    ask_who_plays(table).press(NamePlayer(0), *typed("Ana"), Intent.DONE)
    table.press(*typed(name), Intent.DONE)
    assert table.name == "Name"
    assert (table.screen.fault, table.screen.player) == (fault, 2 if fault else 3)
    assert not table.press(TypeKey("x")).screen.fault


def test_ones_own_name_may_be_typed_again(table):
    ask_who_plays(table).press(NamePlayer(0), *typed("Ana"), Intent.DONE, Intent.BACK)
    table.press(NamePlayer(0), Intent.ERASE, *typed("a"), Intent.DONE, Intent.BACK)
    assert table.screen.names == ("Ana", "", "")


def test_three_to_eight_take_part(table):
    ask_who_plays(table)
    assert (len(table.screen.names), table.screen.can_remove) == (3, False)
    table.press(*[Intent.ADD_PLAYER] * 9)
    assert (len(table.screen.names), table.screen.can_add) == (MOST, False)
    table.press(*[Intent.REMOVE_PLAYER] * 9)
    assert len(table.screen.names) == 3
    assert table.press(Intent.BACK).name == "Level"


# --- A tournament -----------------------------------------------------------------------------


def test_a_tournament_of_five(table):
    names = ("Ana", "Ben", "Cho", "Dae", "Eun")
    begin(table, *names)
    assert (called(table), table.screen.kind, table.screen.number) == ("Ana", Kind.CLIP, 1)
    for place, name in enumerate(names):
        assert called(table) == name
        turn(table, 1.0 + place)
    first = {result.clip_id for result in table.game.results}
    assert len(first) == 1, "all play the same clip"
    assert (called(table), table.screen.number) == ("Ben", 2)
    standings = [table.screen.names[row.player] for row in table.screen.table]
    assert standings == list(reversed(names))
    for place in (1, 2, 3, 4, 0):
        assert called(table) == names[place]
        turn(table, 1.0 + place)
    assert {result.level for result in table.game.results} == {1, 2}
    assert (table.screen.kind, called(table)) == (Kind.FINAL, "Dae"), "the better one plays last"
    turn(table, 5.0)
    turn(table, 1.0)
    assert table.name == "TournamentOver"
    assert table.screen.names[table.screen.winner] == "Dae"
    assert [result.level for result in table.game.results][-2:] == [3, 3]
    assert len({result.clip_id for result in table.game.results}) == 3
    assert len(table.game.results) == 12
    # The same again, without a name being typed.
    assert table.press(Intent.AGAIN).name == "Tournament"
    assert called(table) == "Ana"
    assert all(row.total == 0 for row in table.screen.table)


def test_who_ties_for_the_final_plays_sudden_death(table):
    begin(table, "Ana", "Ben", "Cho")
    for _ in range(2):
        for _ in range(3):
            turn(table, 4.0 if called(table) == "Ana" else 2.0)
    assert table.screen.kind is Kind.SUDDEN_DEATH
    assert called(table) == "Ben"
    turn(table, 1.0)
    turn(table, 2.0)
    assert (table.screen.kind, called(table)) == (Kind.FINAL, "Cho")


def test_nobody_waits_for_ever_for_who_is_called(table):
    begin(table, "Ana", "Ben", "Cho")
    # The one before may still sit there: it does not begin at once.
    table.show(0.05, SETTLE_S - 1.0)
    assert table.name == "Tournament"
    assert table.screen.begins_s is not None
    table.show(0.05, 1.5)
    assert table.name == "Ready"
    table.until("Playing").until("Tournament", 0.99)
    assert table.screen.begins_s is None
    table.show(None, CALL_S + 0.5)
    assert (called(table), table.screen.news.player, table.screen.news.points) == ("Cho", 1, None)
    turn(table, 3.0)
    assert called(table) == "Ben"
    table.show(None, CALL_S + 0.5)
    assert table.screen.news.left
    assert [row.player for row in table.screen.table if row.left] == [1]
    assert called(table) == "Cho"


def test_who_leaves_is_out_and_the_last_one_has_won(table):
    begin(table, "Ana", "Ben", "Cho")
    turn(table, 2.0)
    table.press(Intent.HAS_LEFT)
    assert (called(table), table.screen.news.player, table.screen.news.left) == ("Cho", 1, True)
    table.press(Intent.HAS_LEFT)
    assert (table.name, table.screen.winner) == ("TournamentOver", 0)
    assert table.press(Intent.BACK).name == "Title"


def test_a_camera_that_is_lost_in_a_turn_has_it_played_again(table):
    begin(table, "Ana", "Ben", "Cho")
    table.press(Intent.GO_ON).until("Playing").show(0.9, 0.3)
    table.game.feed.lost = True
    table.show(None, 0.2)
    assert (table.name, called(table)) == ("Tournament", "Ana")
    assert table.screen.news.reason == Reason.CAMERA_FAULT
    # While it is away nobody can come, and no turn begins or is missed.
    table.show(None, 2 * CALL_S).press(Intent.GO_ON)
    assert (table.name, called(table)) == ("Tournament", "Ana")
    table.game.feed.lost = False
    turn(table, 3.0)
    assert called(table) == "Ben"
    assert [result.outcome for result in table.game.results] == [Outcome.VOID, Outcome.LOST]


def test_who_runs_from_a_clip_has_missed_the_turn_and_from_the_baseline_has_not(table):
    begin(table, "Ana", "Ben", "Cho")
    table.press(Intent.GO_ON).until("Ready").press(Intent.BACK)
    assert (table.name, called(table)) == ("Tournament", "Ana")
    table.press(Intent.GO_ON).until("Playing").show(0.4, 0.5).press(Intent.BACK)
    assert (table.name, called(table)) == ("Tournament", "Ben")
    assert (table.screen.news.player, table.screen.news.points) == (0, None)


def test_who_never_shows_a_straight_face_has_missed_the_turn(table):
    begin(table, "Ana", "Ben", "Cho")
    table.press(Intent.GO_ON).until("Ready").until("Tournament", 0.9, limit_s=60.0)
    assert called(table) == "Ben"


def test_a_clip_that_breaks_is_replaced_for_all(table):
    begin(table, "Ana", "Ben", "Cho")
    turn(table, 3.0)
    broken = table.game.results[-1].clip_id
    table.press(Intent.GO_ON).until("Playing").show(0.05, 1.0)
    table.player.state = PlayerState.FAILED
    table.show(0.05, 0.2)
    assert (table.name, called(table)) == ("Tournament", "Ana")
    assert table.screen.news.reason == Reason.CLIP_FAULT
    assert all(row.total == 0 for row in table.screen.table)
    for _ in range(3):
        turn(table, 3.0)
    played = {result.clip_id for result in table.game.results[-3:]}
    assert len(played) == 1
    assert broken not in played


def test_stopping_asks_and_loses_nothing_by_accident(table):
    begin(table, "Ana", "Ben", "Cho")
    turn(table, 3.0)
    table.press(Intent.BACK)
    assert table.screen.asks
    left_s = table.show(None, 2 * CALL_S).screen.wait_s
    assert left_s == pytest.approx(CALL_S, abs=0.5), "the call stands still"
    table.press(Intent.GO_ON)
    assert (table.screen.asks, called(table)) == (False, "Ben")
    assert table.press(Intent.BACK, Intent.BACK).name == "Title"


def test_a_tournament_of_a_frightening_mode_warns_first(table):
    table.press(ChooseMode("surprise"), Intent.TOURNAMENT, Intent.GO_ON, Intent.GO_ON)
    assert table.name == "Warning"
    assert table.press(Intent.GO_ON).name == "Tournament"


def test_results_carry_the_names_and_no_crown_is_shared(tmp_path, monkeypatch):
    where = f"sqlite:///{tmp_path / 'scores.sqlite3'}"
    monkeypatch.setattr(scorekeeper, "open_board", lambda url: open_board(where, folder=tmp_path))
    table = Table(scores=True)
    with table.game.services.stack:
        begin(table, "Ana", "Ben", "Cho")
        for _ in range(3):
            turn(table, 99.0)
            assert table.game.engine.streak.wins == 1
            assert not table.game.engine.crowned
        table.press(Intent.BACK, Intent.BACK)
        assert table.game.engine.streak.wins == 0
    with closing(open_board(where, folder=tmp_path)) as board:
        assert {score.nickname for score in board.leaderboard("happy", 1, 10)} == {
            *("Ana", "Ben", "Cho")
        }


def test_the_events_of_a_tournament_are_those_of_its_rounds(tmp_path):
    results = tmp_path / "results.json"
    table = Table(results_file=results)
    with table.game.services.stack:
        begin(table, "Ana", "Ben", "Cho")
        turn(table, 2.0)
        turn(table, 3.0)
    written = json.loads(results.read_text("utf-8"))["rounds"]
    assert [each["outcome"] for each in written] == ["lost", "lost"]
