"""Between the decision and the result: the room sees it, and nothing can change it any more."""

from __future__ import annotations

import json

import numpy as np
import pytest
from table import BOX, BOXES, CLIP_S, Table

from emotion_game.app.finale import CAUGHT_S, FREEZE_S, TRIUMPH_S
from emotion_game.app.sound_cues import SoundCues
from emotion_game.clips.soundboard import Effect
from emotion_game.game import events
from emotion_game.game.types import Outcome
from emotion_game.screens.finale import CaughtView, TriumphView, cut_face
from emotion_game.ui.intents import ChangeOption, ChooseLevel, ChooseMode, Intent, Option


@pytest.fixture
def table(tmp_path):
    table = Table(results_file=tmp_path / "results.json")
    with table.game.services.stack:
        yield table


def play(table, players=1, mode="happy"):
    table.press(ChooseMode(mode), *[Intent.MORE_PLAYERS] * (players - 1))
    table.press(ChooseLevel(1), *[Intent.GO_ON] * (1 if players == 1 else 2))
    calm = {"rival": 0.05, "others": (0.05, 0.05)}
    return table.until("Playing" if players == 1 else "MatchPlaying", **calm)


def lose(table):
    return play(table).show(0.05, 1.5).until("Caught", 0.99)


def test_a_loss_shows_the_face_of_that_instant_over_the_clip_that_stands_still(table):
    screen = lose(table).screen
    assert screen.faces == (BOX,)
    assert screen.playing.hold_share == 1.0
    assert screen.playing.pixels.shape == (72, 128, 3)
    (result,) = table.game.results
    assert screen.seconds == pytest.approx(result.decided_s, abs=0.15)
    table.game.feed.queue.clear()
    later = table.show(0.1, FREEZE_S).screen
    assert isinstance(later, CaughtView)
    assert later.picture is screen.picture
    assert later.playing.pixels is screen.playing.pixels
    assert later.seconds == screen.seconds


def test_the_result_comes_by_itself(table):
    lose(table)
    began_s = table.now_s
    table.until("Result", 0.99)
    assert table.now_s - began_s == pytest.approx(CAUGHT_S, abs=0.2)


@pytest.mark.parametrize(
    "press", [Intent.GO_ON, Intent.BACK, Intent.AGAIN, Intent.PAUSE, Intent.NEXT_LEVEL]
)
def test_a_press_only_shows_the_result_sooner(table, press):
    lose(table).press(press)
    assert table.name == "Result"
    assert table.screen.result.outcome is Outcome.LOST
    assert len(table.game.results) == 1


@pytest.mark.parametrize(
    "press",
    [Intent.TOGGLE_LANGUAGE, Intent.TOGGLE_FULLSCREEN, ChangeOption(Option.MUTE)],
    ids=str,
)
def test_what_holds_on_every_page_skips_nothing(table, press):
    assert lose(table).press(press).name == "Caught"


def nothing(table):
    pass


def camera_lost(table):
    table.game.feed.lost = True


def gone(table):
    table.show(None, 0.5)


def asleep(table):
    table.game.engine.step(events.Slept(), table.now_s)


def clip_broken(table):
    table.game.engine.step(events.ClipFailed(), table.now_s)


@pytest.mark.parametrize("happens", [nothing, camera_lost, gone, asleep, clip_broken])
def test_nothing_that_happens_meanwhile_changes_what_is_saved(table, happens):
    lose(table)
    (before,) = table.game.results
    happens(table)
    table.until("Result", 0.05)
    assert table.game.results == [before]
    assert table.screen.result == before


def test_a_window_closed_meanwhile_loses_nothing(tmp_path):
    table = Table(results_file=tmp_path / "results.json")
    with table.game.services.stack:
        lose(table).press(Intent.QUIT)
        assert not table.game.running
    (written,) = json.loads((tmp_path / "results.json").read_text("utf-8"))["rounds"]
    assert written["outcome"] == "lost"


def test_a_won_round_is_celebrated_before_its_result(table):
    play(table).until("Triumph", 0.05)
    assert table.screen.seconds == pytest.approx(CLIP_S, abs=0.3)
    assert not table.screen.crowned
    began_s = table.now_s
    table.until("Result")
    assert table.now_s - began_s == pytest.approx(TRIUMPH_S, abs=0.2)
    assert table.press(Intent.AGAIN).until("Triumph").press(Intent.BACK).name == "Result"
    assert table.press(Intent.AGAIN).until("Triumph").screen.crowned


def test_who_stays_away_is_neither_caught_nor_celebrated(table):
    seen = play(table).show(0.05, 1.0).until("Result", None, limit_s=20.0)
    assert seen.screen.result.outcome is Outcome.FORFEIT
    kinds = {type(view.screen) for view in table.game.window.views}
    assert not kinds & {CaughtView, TriumphView}


@pytest.mark.parametrize(
    ("left", "right", "faces"),
    [(0.99, 0.05, BOXES[:1]), (0.05, 0.99, BOXES[1:2]), (0.99, 0.99, BOXES[:2])],
)
def test_of_two_the_one_who_laughed_is_caught(table, left, right, faces):
    play(table, 2).show(0.05, 1.0, rival=0.05).until("Caught", left, rival=right)
    assert table.screen.faces == faces
    table.until("MatchResult", 0.05, rival=0.05)
    assert len(table.game.matches) == 1


def test_of_four_the_last_ones_who_gave_way_are_caught_and_not_who_was_out_before(table):
    play(table, 4).show(0.05, 1.0, rival=0.05, others=(0.05, 0.05))
    table.show(0.99, 1.5, rival=0.05, others=(0.05, 0.05))
    assert table.name == "MatchPlaying"
    table.until("Caught", 0.99, rival=0.99, others=(0.05, 0.99))
    assert table.screen.faces == (BOXES[1], BOXES[3])
    (match,) = table.game.matches
    assert match.winner == 2


class Board:
    """Counts what would sound."""

    def __init__(self):
        self.played = []

    def play(self, effect):
        self.played.append(effect)

    def __getattr__(self, name):
        return lambda *_: None


@pytest.fixture
def heard(table, monkeypatch):
    board = Board()
    monkeypatch.setattr("emotion_game.app.sound_cues.SoundBoard", lambda *_, **__: board)
    engine = table.game.engine
    engine.cues = SoundCues(engine.preferences, engine.modes)
    return board.played


def test_it_warns_while_the_ring_fills_then_hits_then_says_that_it_is_lost(table, heard):
    play(table).show(0.05, 1.0)
    assert Effect.WARNING not in heard
    table.until("Caught", 0.99)
    assert heard[-2:] == [Effect.WARNING, Effect.CAUGHT]
    assert Effect.LOSE not in heard
    table.until("Result", 0.99)
    assert heard[-1] is Effect.LOSE
    assert heard.count(Effect.CAUGHT) == 1


def test_the_crowd_gasps_when_a_close_call_is_over_and_not_at_each_one(table, heard):
    play(table).show(0.05, 1.0).show(0.99, 0.3).show(0.05, 0.6)
    assert heard.count(Effect.GASP) == 1
    assert table.screen.close_s is not None
    table.show(0.99, 0.2).show(0.05, 0.6)
    assert heard.count(Effect.GASP) == 1
    assert table.show(0.05, 1.5).screen.close_s is None


@pytest.mark.parametrize(
    "box", [(0.3, 0.3, 0.2, 0.3), (-0.1, -0.1, 0.3, 0.3), (0.9, 0.8, 0.3, 0.4)]
)
@pytest.mark.parametrize("shape", [0.3, 1.0, 4.0])
def test_a_face_at_any_edge_is_cut_whole(box, shape):
    picture = np.zeros((480, 640, 3), np.uint8)
    part = cut_face(picture, box, shape)
    assert part.shape[0] > 100
    assert part.shape[1] > 80
    assert 0.5 < part.shape[1] / part.shape[0] < 1.8
