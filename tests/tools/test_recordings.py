from __future__ import annotations

import pytest

from emotion_game.errors import GameError
from emotion_game.game.judge import Loss
from emotion_game.game.types import Mode
from emotion_game.tools.recordings import Segment, Tally, read_ground_truth

SEGMENTS = [
    Segment(0.0, 4.0, "neutral"),
    Segment(4.0, 6.0, "smile"),
    Segment(6.0, 7.0, "slight"),
    Segment(7.0, 10.0, "talk"),
    Segment(10.0, 10.4, "smile"),
    Segment(10.4, 20.0, "neutral"),
]


def tally(*losses, mode=Mode.HAPPY):
    counted = Tally()
    counted.add("x.mp4", losses, SEGMENTS, mode, min_length_s=1.0)
    return counted


def test_a_loss_in_a_smile_catches_it_with_its_delay():
    counted = tally(Loss(4.2, 5.0, 6.1))
    assert (counted.caught, counted.shown, counted.false_losses) == (1, 1, 0)
    assert counted.delays_s == [1.0]
    assert counted.calm_s == pytest.approx(4.0 + 3.0 + 9.6)
    assert "caught 1 of 1, 0 false losses in 17 s" in counted.line()


def test_a_smile_without_a_loss_is_missed_and_a_loss_while_talking_is_false():
    counted = tally(Loss(7.5, 8.3, 9.0))
    assert (counted.caught, counted.shown, counted.false_losses) == (0, 1, 1)
    assert len(counted.notes) == 2
    assert "(3.61 a minute)" in counted.line()


def test_ambiguous_and_short_segments_count_neither_way():
    counted = tally(Loss(6.2, 6.6, 6.9), Loss(10.0, 10.5, 10.8))
    assert (counted.caught, counted.false_losses) == (0, 0)


def test_a_smile_is_false_in_surprise():
    assert tally(Loss(4.2, 5.0, 6.1), mode=Mode.SURPRISE).false_losses == 1


def test_ground_truth_that_cannot_be_read_is_one_clear_error(tmp_path):
    path = tmp_path / "ground_truth.json"
    with pytest.raises(GameError, match="Cannot read the ground truth"):
        read_ground_truth(path)
    path.write_text('{"a.mp4": {"segments": [[0, 1]]}}', "utf-8")
    with pytest.raises(GameError, match="Expected"):
        read_ground_truth(path)
