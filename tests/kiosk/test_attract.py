"""The attract loop: a clip's best seconds and its leaderboard in turn."""

from __future__ import annotations

import pytest

from emotion_game.kiosk.attract import BOARD_S, CLIP_S, Slides, begins_s
from emotion_game.screens.leaderboard import BoardStatus, ScoreRow

ROWS = (ScoreRow(1, "다람쥐", 900, False),)


class FakeFrame:
    pixels, order = "pixels", "BGR"


class FakeStage:
    """Plays a 30 s clip whose first picture comes when ``frame`` is set."""

    def __init__(self):
        self.player, self.frame, self.frames, self.ended = self, None, 0, False
        self.volume, self.begun_s = 1.0, []

    def set_volume(self, volume):
        self.volume = volume

    def play_next(self, mode, level, language, begin_s):
        self.begun_s.append(begin_s("happy/1/goat", 30.0))
        return True

    def drop_failed(self, language):
        return False

    def poll(self):
        return False

    def stop(self):
        self.frame = None


class FakeScores:
    def __init__(self):
        self.asked, self.shown, self.status = 0, [], BoardStatus.LOADING

    def ask_loss_seconds(self):
        self.asked += 1

    def loss_seconds(self):
        return {"happy/1/goat": 12.0} if self.asked else {}

    def show(self, mode, level):
        self.shown.append((mode, level))

    def rows(self, own):
        return (ROWS if self.status is BoardStatus.READY else ()), self.status


@pytest.mark.parametrize(
    ("losses_s", "length_s", "expected_s"),
    [
        ({}, 30.0, 20.0),
        ({}, 24.0, 14.0),  # the last third is shorter than a slide
        ({}, 6.0, 0.0),
        ({}, 0.0, 0.0),
        ({"goat": 12.0}, 30.0, 7.0),
        ({"goat": 2.0}, 30.0, 0.0),
        ({"goat": 29.0}, 30.0, 20.0),
        ({"cat": 12.0}, 30.0, 20.0),
    ],
)
def test_a_clip_begins_before_most_players_lose_or_at_its_end(losses_s, length_s, expected_s):
    assert begins_s(losses_s, "goat", length_s) == pytest.approx(expected_s)


def test_clip_and_leaderboard_take_turns():
    stage, scores = FakeStage(), FakeScores()
    slides = Slides(stage, lambda: scores, [("happy", 1), ("happy", 2)])
    opening = slides.view(0.0, "en")
    assert opening.pixels is None
    assert opening.rows is None, "nobody knows yet that nobody has played"
    assert stage.volume == 0.0
    stage.frame = FakeFrame
    assert slides.view(1.0, "en").pixels == "pixels"
    assert stage.begun_s == [7.0], "before the second at which most lose it"

    assert slides.view(CLIP_S + 1.0, "en").rows is None
    assert scores.shown == [("happy", 1)]
    scores.status = BoardStatus.READY
    board = slides.view(CLIP_S + 1.5, "en")
    assert (board.level, board.rows) == (1, ROWS)

    # Until the next clip's first picture the leaderboard stands.
    opening = slides.view(CLIP_S + BOARD_S + 2.0, "en")
    assert (opening.pixels, opening.level, opening.rows) == (None, 1, ROWS)
    stage.frame = FakeFrame
    assert slides.view(CLIP_S + BOARD_S + 2.5, "en").level == 2
    assert scores.asked == 1


def test_without_a_board_clips_follow_each_other():
    stage = FakeStage()
    slides = Slides(stage, lambda: None, [("happy", 1)])
    slides.view(0.0, "en")
    slides.view(CLIP_S + 1.0, "en")
    assert stage.begun_s == [20.0, 20.0]
