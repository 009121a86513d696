"""The way through the game, screen by screen."""

from __future__ import annotations

import json

import pytest
from table import CLIP_S, Table

from emotion_game.app.preferences import Preferences, load_preferences, preferences_file
from emotion_game.game.check import CheckAdvice
from emotion_game.game.types import LEVELS, MARATHON_LEVEL, Outcome, Reason
from emotion_game.screens.ready import Advice
from emotion_game.ui.intents import (
    ChangeOption,
    ChooseLevel,
    ChooseMode,
    Intent,
    Option,
    PlugGamepad,
)
from emotion_game.ui.notices import NoticeKind


@pytest.fixture
def table():
    with_game = Table()
    with with_game.game.services.stack:
        yield with_game


def test_from_the_title_to_a_won_round_and_the_next_level(table):
    assert table.press(ChooseMode("happy")).name == "Level"
    assert table.press(ChooseLevel(1)).name == "Check"
    table.until("Ready")
    table.until("Countdown").until("Playing")
    table.until("Result")
    assert table.screen.result.outcome is Outcome.WON
    assert table.screen.points > 900
    assert table.screen.next_level == 2
    # The same player goes on without a new baseline, within a moment.
    before_s = table.now_s
    assert table.show(0.05, 1.0).press(Intent.NEXT_LEVEL).name == "Countdown"
    assert table.now_s - before_s < 2.0
    assert table.screen.level == 2


def test_surprise_warns_and_who_declines_is_back_at_the_title(table):
    table.press(ChooseMode("surprise"), ChooseLevel(3)).until("Warning")
    assert table.show(0.05, 10.0).name == "Warning"
    assert table.press(Intent.BACK).name == "Title"
    table.press(ChooseMode("surprise"), ChooseLevel(3)).until("Warning")
    assert table.press(Intent.GO_ON).name == "Ready"


@pytest.mark.parametrize(
    ("way", "screens"),
    [
        ([ChooseMode("happy")], ["Level", "Title"]),
        ([ChooseMode("happy"), ChooseLevel(2)], ["Check", "Level", "Title"]),
        ([ChooseMode("happy"), ChooseLevel(2), Intent.GO_ON], ["Ready", "Level", "Title"]),
        ([Intent.OPTIONS], ["Options", "Title"]),
    ],
)
def test_back_works_everywhere(table, way, screens):
    names = [table.press(*way).name]
    while names[-1] != "Title":
        names.append(table.press(Intent.BACK).name)
    assert names == screens


def test_the_check_holds_a_player_back_until_all_is_good(table):
    table.press(ChooseMode("happy"), ChooseLevel(1)).show(None, 5.0)
    assert table.name == "Check"
    assert table.screen.advice is CheckAdvice.NO_FACE
    assert table.press(Intent.GO_ON).name == "Ready"


def test_the_baseline_refuses_a_smile_and_says_so(table):
    table.press(ChooseMode("happy"), ChooseLevel(1), Intent.GO_ON).show(0.9, 5.0)
    assert (table.name, table.screen.advice) == ("Ready", Advice.SHOWING)
    table.show(None, 2.0)
    assert table.screen.advice is Advice.NO_FACE


def playing(table, level=1):
    table.press(ChooseMode("happy"), ChooseLevel(level), Intent.GO_ON)
    return table.until("Playing").show(0.05, 1.0)


def test_a_break_stops_the_clip_and_costs_nothing(table):
    playing(table).press(Intent.PAUSE)
    assert table.name == "Paused"
    played_s = table.player.played_s
    table.show(0.99, 20.0)
    assert (table.name, table.player.played_s) == ("Paused", played_s)
    assert table.press(Intent.PAUSE).name == "Countdown"
    assert table.screen.seconds_left == pytest.approx(3.0, abs=0.2)
    table.until("Playing")
    assert table.player.played_s == played_s
    table.until("Result")
    assert table.screen.result.outcome is Outcome.WON
    assert table.screen.result.decided_s == pytest.approx(CLIP_S, abs=0.5)


def test_no_break_while_the_ring_fills(table):
    playing(table).show(0.99, 0.5).press(Intent.PAUSE)
    assert table.name == "Playing"
    assert not table.screen.can_pause
    assert NoticeKind.CANNOT_PAUSE in table.said


def test_a_loss_has_points_a_curve_and_a_moment(table):
    playing(table).until("Result", 0.99)
    screen = table.screen
    assert screen.result.outcome is Outcome.LOST
    assert 0 < screen.points < 500
    early = screen.moment
    table.show(0.99, 1.5)
    moment = table.screen.moment
    assert early.decisive_share > moment.decisive_share
    assert moment.player.shape[0] == moment.clip.shape[0]
    assert 0.4 < moment.decisive_share < 1.0
    first = moment.frame_id
    assert any(table.show(0.5, 0.3).screen.moment.frame_id != first for _ in range(5))
    table.press(Intent.AGAIN)
    assert table.game.engine.instant_replay.view(table.now_s) is None


def test_a_void_round_has_no_points_and_no_moment(table):
    playing(table)
    table.game.feed.lost = True
    table.show(0.05, 0.1)
    table.game.feed.lost = False
    table.show(0.05, 2.0)
    assert table.screen.result.reason is Reason.CAMERA_FAULT
    assert (table.screen.points, table.screen.moment) == (None, None)


def test_three_wins_in_a_row_win_the_crown(table):
    playing(table).until("Result")
    assert (table.screen.wins, table.screen.crowned) == (1, False)
    for level in LEVELS[1:]:
        table.press(Intent.NEXT_LEVEL).until("Playing").until("Result")
        assert table.screen.wins == level
    assert table.screen.crowned
    table.press(Intent.BACK)
    assert table.name == "Title"
    assert table.screen.crowns == {"happy"}
    assert table.game.engine.streak.wins == 0


def test_a_marathon_goes_on_until_the_player_laughs(table):
    table.press(ChooseMode("happy"), Intent.MARATHON, Intent.GO_ON)
    for stage in (1, 2, 3):
        table.until("Playing")
        assert table.screen.stage == stage
        if stage < 3:
            table.until("Countdown")
    assert table.screen.level == 2
    table.until("Result", 0.99)
    assert (table.screen.stage, table.screen.result.outcome) == (3, Outcome.LOST)
    assert table.screen.points > 1900
    assert table.press(Intent.AGAIN).until("Playing").screen.stage == 1
    assert MARATHON_LEVEL not in LEVELS


def test_a_duel_from_the_levels_to_its_result(table):
    table.press(ChooseMode("happy"), Intent.MORE_PLAYERS)
    assert table.screen.players == 2
    assert table.press(ChooseLevel(1)).name == "Players"
    table.press(Intent.GO_ON)
    assert table.game.feed.chosen == [2]
    table.show(0.05, 2.0)
    assert (table.screen.advice, table.screen.players) == (CheckAdvice.NEED_MORE, 2)
    assert table.screen.present == 1
    table.until("MatchReady", rival=0.05).until("MatchPlaying", rival=0.05)
    table.show(0.05, 1.0, rival=0.05).until("MatchResult", rival=0.99)
    assert (table.screen.winner, table.screen.void) == (0, False)
    assert table.screen.sides[1].out_s is not None
    table.show(0.05, 1.5, rival=0.99)
    assert table.screen.moment is not None
    assert table.press(Intent.AGAIN).name == "MatchReady"
    assert table.press(Intent.BACK).name == "Level"


def test_one_to_four_play_and_then_one_again(table):
    table.press(ChooseMode("happy"))
    for players in (2, 3, 4, 1, 2):
        assert table.press(Intent.MORE_PLAYERS).screen.players == players
    assert table.press(Intent.MARATHON, Intent.BACK).screen.players == 1


def test_best_of_three(table):
    table.press(ChooseMode("happy"), Intent.MORE_PLAYERS, ChooseLevel(1), Intent.GO_ON)
    table.until("MatchReady", rival=0.05)
    standings = []
    for loser in (0, 1, 0, 0):
        table.until("MatchPlaying", rival=0.05)
        table.until("MatchResult", *(0.99, 0.05)[loser:1], rival=(0.05, 0.99)[loser])
        screen = table.screen
        standings.append(([side.wins for side in screen.sides], screen.champion))
        table.press(Intent.AGAIN)
    assert standings == [([0, 1], None), ([1, 1], None), ([1, 2], 1), ([0, 1], None)]


def test_of_four_the_last_straight_face_wins(table):
    table.press(ChooseMode("happy"), *[Intent.MORE_PLAYERS] * 3, ChooseLevel(1), Intent.GO_ON)
    table.show(0.05, 2.0, rival=0.05, others=(0.05,))
    assert (table.screen.players, table.screen.present) == (4, 3)
    calm = {"rival": 0.05, "others": (0.05, 0.05)}
    table.until("MatchReady", **calm).until("MatchPlaying", **calm).show(0.05, 0.5, **calm)
    table.show(0.05, 1.2, rival=0.99, others=(0.05, 0.05))
    assert table.name == "MatchPlaying", "three are still in"
    assert [side.out_s is None for side in table.screen.sides] == [True, False, True, True]
    table.show(0.05, 1.2, rival=0.99, others=(0.99, 0.05))
    # Who is out may go.
    table.until("MatchResult", 0.99, rival=None, others=(None, 0.05))
    assert (table.screen.winner, len(table.screen.sides)) == (3, 4)
    assert table.screen.sides[3].wins == 1
    outs = [side.out_s for side in table.screen.sides[:3]]
    assert outs[1] < outs[2] < outs[0]


def test_a_duel_that_was_asked_for_begins_at_once_and_counts_as_a_round():
    table = Table(players=2, mode="happy", level=2, rounds=1)
    with table.game.services.stack:
        table.game.start(table.now_s)
        table.until("MatchReady", rival=0.05).until("MatchPlaying", rival=0.05)
        table.until("MatchResult", 0.99, rival=0.05)
        assert not table.game.running
        assert [(duel.level, duel.winner) for duel in table.game.matches] == [(2, 1)]
        assert table.game.results == []


def test_sleep_in_mid_round_voids_it():
    table = Table(rounds=1)

    def sleep_once(_: float) -> None:
        table.now_s += 0.05 if slept else 3600.0
        slept.append(True)

    slept: list[bool] = []
    playing(table)
    table.clock.sleep = sleep_once
    (result,) = table.game.run()
    assert (result.outcome, result.reason) == (Outcome.VOID, Reason.INTERRUPTED)


def test_a_gamepad_that_comes_or_goes_is_said(table):
    table.press(PlugGamepad("Pad", found=True), PlugGamepad("Pad", found=False))
    assert {NoticeKind.GAMEPAD_FOUND, NoticeKind.GAMEPAD_LOST} <= table.said


# --- Options --------------------------------------------------------------------------------------


@pytest.fixture
def remembered(tmp_path):
    """Preferences are kept here, though the game runs offscreen."""
    return tmp_path / "data" / "preferences.json"


def test_options_are_kept(remembered):
    table = Table(preferences=remembered)
    game = table.game
    table.press(Intent.OPTIONS)
    for option in Option:
        table.press(ChangeOption(option, -1))
    shown = table.screen
    assert (shown.volume, shown.muted, shown.music, shown.fullscreen) == (0.9, True, False, True)
    assert (shown.high_contrast, shown.reduced_motion) == (True, True)
    assert table.player.volume == 0.0
    view = table.game.window.views[-1]
    assert (view.language, view.high_contrast, view.reduced_motion) == ("ko", True, True)
    kept = load_preferences(remembered)
    assert kept == game.engine.preferences
    assert (kept.language, kept.volume, kept.camera) == ("ko", 0.9, "1")
    table.press(ChangeOption(Option.MUTE))
    assert table.player.volume == 0.9


def test_a_read_only_folder_is_said_and_the_options_hold_all_the_same(remembered):
    table = Table(preferences=remembered)
    remembered.parent.write_text("in the way")
    table.press(ChangeOption(Option.HIGH_CONTRAST))
    assert table.game.engine.preferences.high_contrast
    table.show(0.0, 0.1)
    assert NoticeKind.PREFERENCES_NOT_KEPT in table.said


@pytest.mark.parametrize("content", ["", "{", '{"volume": 7}', "[1]", '{"camera": 3}', "\xff"])
def test_a_broken_file_gives_the_defaults_and_a_log_line(tmp_path, caplog, content):
    path = tmp_path / "preferences.json"
    path.write_text(content, encoding="latin-1")
    assert load_preferences(path) == Preferences()
    assert str(path) in caplog.text


def test_a_missing_file_is_no_fault_and_a_newer_one_is_read(tmp_path, caplog):
    path = tmp_path / "preferences.json"
    assert load_preferences(path) == Preferences()
    path.write_text(json.dumps({"volume": 0.4, "hats": 3, "crowns": ["happy"]}))
    kept = load_preferences(path)
    assert (kept.volume, kept.crowns) == (0.4, {"happy"})
    assert not caplog.text
    assert preferences_file().name == "preferences.json"


def test_a_camera_with_a_password_is_not_written_down(table):
    for spec, kept in (
        ("1", "1"),
        ("http://u:s3cret@cam/v", None),
        ("http://cam/v", "http://cam/v"),
    ):
        table.game.feed.next_camera = lambda spec=spec: spec
        table.press(ChangeOption(Option.CAMERA, 1))
        assert table.game.engine.preferences.camera == kept
    table.game.feed.camera.spec = "http://u:s3cret@cam/v"
    table.press(Intent.OPTIONS)
    assert table.screen.camera == "http://u:***@cam/v"


def test_the_hint_goes_after_the_first_round():
    table = Table(offscreen=False)
    table.press(ChooseMode("happy"), ChooseLevel(1), Intent.GO_ON)
    assert table.game.window.views[-1].hint
    table.until("Playing").until("Result", 0.99)
    assert not table.game.window.views[-1].hint


def test_a_frame_computes_what_is_shown_once(table, monkeypatch):
    counted = []
    view = table.game.view
    monkeypatch.setattr(table.game, "view", lambda now_s: counted.append(now_s) or view(now_s))
    table.show(0.05, 1.0)
    assert len(counted) == 10
    # What was pressed was pressed on the picture that was shown.
    table.press(ChooseMode("happy"))
    assert len(counted) == 11
