"""Leaving a round or the game: who would lose something is asked first."""

from __future__ import annotations

import pytest
from table import CLIP_S, Table

from emotion_game.game.types import Outcome, Reason
from emotion_game.screens.confirm import Question
from emotion_game.ui.intents import ChooseLevel, ChooseMode, Intent


@pytest.fixture
def table():
    with_game = Table()
    with with_game.game.services.stack:
        yield with_game


def playing(table, *way):
    table.press(ChooseMode("happy"), *(way or (ChooseLevel(1),)), Intent.GO_ON)
    return table.until("Playing").show(0.05, 1.0)


def test_esc_on_the_title_asks_and_only_yes_quits(table):
    assert table.press(Intent.STOP).name == "Confirm"
    assert table.screen.question is Question.QUIT
    assert table.press(Intent.BACK).name == "Title"
    assert table.game.running
    table.press(Intent.STOP, Intent.QUIT)
    assert not table.game.running


def test_esc_in_a_clip_asks_and_who_stays_has_lost_nothing(table):
    playing(table)
    played_s = table.player.played_s
    assert table.press(Intent.STOP).name == "Confirm"
    assert table.screen.question is Question.ROUND
    # The clip stands still meanwhile, and no laugh counts.
    table.show(0.99, 30.0)
    assert (table.name, table.player.played_s) == ("Confirm", played_s)
    assert table.press(Intent.BACK).name == "Countdown"
    table.until("Playing").until("Result")
    assert table.screen.result.outcome is Outcome.WON
    assert table.screen.result.decided_s == pytest.approx(CLIP_S, abs=0.5)


def test_who_agrees_is_back_at_the_levels_without_a_result(table):
    playing(table).press(Intent.STOP, Intent.AGREE)
    assert table.name == "Level"
    assert table.game.results == []


def test_a_laugh_is_not_paused_off_by_the_question(table):
    playing(table).show(0.99, 0.4).press(Intent.STOP)
    assert table.name == "Confirm"
    # The round goes on behind it, and its result is shown.
    table.until("Result", 0.99, 3.0)
    assert table.screen.result.outcome is Outcome.LOST


def test_esc_in_a_break_asks_and_goes_back_to_the_break(table):
    playing(table).press(Intent.PAUSE, Intent.STOP)
    assert table.name == "Confirm"
    assert table.press(Intent.BACK).name == "Paused"
    assert table.press(Intent.STOP, Intent.AGREE).name == "Level"


def test_esc_on_the_way_back_from_a_break_asks(table):
    playing(table).press(Intent.PAUSE, Intent.GO_ON)
    assert (table.name, table.screen.begun) == ("Countdown", True)
    assert table.press(Intent.STOP).name == "Confirm"
    assert table.press(Intent.BACK).name == "Countdown"
    assert table.until("Playing").press(Intent.STOP, Intent.AGREE).name == "Level"


def test_a_question_goes_when_a_fault_ends_the_round(table):
    playing(table).press(Intent.STOP)
    table.show(0.05, 0.2)
    table.press(Intent.BACK)
    assert table.name == "Countdown"
    table.press(Intent.STOP)
    table.game.engine.leave(table.now_s)
    assert table.show(0.05, 0.2).name == "Level"


def test_before_the_clip_there_is_nothing_to_ask(table):
    table.press(ChooseMode("happy"), ChooseLevel(1), Intent.GO_ON).until("Countdown")
    assert not table.screen.begun
    assert table.press(Intent.BACK).name == "Level"


# --- A marathon that is left ----------------------------------------------------------------------


def held(table, clips):
    """Play a marathon until so many clips are held and the next one plays."""
    playing(table, Intent.MARATHON)
    for stage in range(1, clips + 1):
        table.until("Countdown").until("Playing").show(0.05, 1.0)
        assert table.screen.stage == stage + 1
    return table


def test_a_marathon_that_is_left_tells_of_the_clips_that_were_held(table):
    held(table, 2).press(Intent.STOP)
    assert table.screen.question is Question.MARATHON
    table.press(Intent.AGREE)
    screen = table.screen
    assert (table.name, screen.result.reason) == ("Result", Reason.STOPPED)
    # The clip that was left is no part of it.
    assert (screen.clip_title, screen.stage, screen.moment) == ("", 2, None)
    assert screen.result.earlier_s == pytest.approx(2 * CLIP_S)
    assert screen.points == screen.result.earlier_points > 0


def test_a_face_that_goes_ends_a_marathon_the_same_way(table):
    held(table, 1).until("Result", None)
    screen = table.screen
    assert (screen.result.reason, screen.stage, screen.clip_title) == (Reason.FACE_GONE, 1, "")


def test_a_round_that_never_had_a_clip_names_none(table):
    playing(table).until("Result").press(Intent.AGAIN).show(0.05, 0.5)
    table.game.feed.lost = True
    table.show(0.05, 0.1)
    assert table.screen.result.reason is Reason.CAMERA_FAULT
    assert table.screen.clip_title == ""


# --- The countdown, and the clock -----------------------------------------------------------------


def test_who_laughs_at_three_two_one_is_asked_to_settle(table):
    table.press(ChooseMode("happy"), ChooseLevel(1), Intent.GO_ON).until("Countdown")
    table.show(0.99, 8.0)
    assert (table.name, table.screen.restless) == ("Countdown", True)
    assert table.screen.seconds_left == pytest.approx(1.0, abs=0.15)
    table.until("Playing")
    assert table.game.results == []


def test_who_does_not_settle_gets_no_clip_and_no_loss(table):
    table.press(ChooseMode("happy"), ChooseLevel(1), Intent.GO_ON).until("Countdown")
    table.until("Result", 0.99)
    result = table.screen.result
    assert (result.outcome, result.reason) == (Outcome.VOID, Reason.NOT_READY)


@pytest.mark.parametrize(("mode", "shown"), [("happy", True), ("surprise", False)])
def test_a_mode_of_frights_does_not_say_how_much_of_the_clip_is_left(table, mode, shown):
    table.press(ChooseMode(mode), ChooseLevel(1), Intent.GO_ON)
    if not shown:
        table.press(Intent.GO_ON)
    table.until("Playing").show(0.05, 1.0)
    assert table.screen.shows_clock is shown
    table.press(Intent.PAUSE)
    assert (table.screen.duration_s > 0) is shown


@pytest.mark.parametrize(("mode", "shown"), [("happy", True), ("surprise", False)])
def test_nor_in_a_duel(table, mode, shown):
    table.press(ChooseMode(mode), Intent.MORE_PLAYERS, ChooseLevel(1), Intent.GO_ON, Intent.GO_ON)
    if not shown:
        table.press(Intent.GO_ON)
    table.until("MatchPlaying", rival=0.05)
    assert table.screen.shows_clock is shown
