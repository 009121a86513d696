"""The score as it is watched: the limit stands still, small signs move, close calls are told."""

from __future__ import annotations

from itertools import pairwise

import pytest

from emotion_game.game.struggle import (
    CLOSE_CALL_S,
    LIMIT_AT,
    close_call_s,
    closest,
    nearness,
    stretched,
)
from emotion_game.game.types import CurvePoint


@pytest.mark.parametrize("threshold", [0.05, 0.3, 0.55, 0.6, 0.85, 0.98])
def test_the_limit_stands_at_a_fixed_place_and_the_scale_keeps_the_order(threshold):
    assert stretched(threshold, threshold) == pytest.approx(LIMIT_AT)
    places = [stretched(number / 1000, threshold) for number in range(1001)]
    assert places[0] == 0.0
    assert places[-1] == pytest.approx(1.0)
    assert all(one <= other for one, other in pairwise(places))
    # What the judge calls over is over on the meter, too.
    assert all(
        (number / 1000 >= threshold) == (place >= LIMIT_AT - 1e-9)
        for number, place in enumerate(places)
    )


@pytest.mark.parametrize("threshold", [0.0, 1.0])
def test_a_limit_at_the_end_of_the_scale_is_drawn_too(threshold):
    assert 0.0 <= stretched(0.5, threshold) <= 1.0


def test_small_signs_move_the_meter_far_more_than_the_score():
    """From 0.02 to 0.3 is a face that begins to give way: a third of the meter."""
    assert stretched(0.3, 0.85) - stretched(0.02, 0.85) > 1 / 3


def test_near_is_told_before_the_limit():
    assert nearness(None, 0.85) == 0.0
    assert nearness(0.5, 0.85) == 0.0
    assert 0.0 < nearness(0.75, 0.85) < 1.0
    assert nearness(0.85, 0.85) == pytest.approx(1.0)
    assert nearness(0.99, 0.85) == 1.0


def curve(*scores, step_s=0.1):
    return tuple(CurvePoint(number * step_s, score) for number, score in enumerate(scores))


def test_a_close_call_is_told_once_the_face_has_fallen_back():
    rising = curve(0.1, 0.2, 0.8)
    assert close_call_s(rising, 0.85, 0.2) is None
    fallen = curve(0.1, 0.2, 0.8, 0.9, 0.3, 0.1)
    assert close_call_s(fallen, 0.85, 0.5) == pytest.approx(0.1)
    assert close_call_s(fallen, 0.85, 0.4 + CLOSE_CALL_S - 0.2) is not None
    assert close_call_s(fallen, 0.85, 0.4 + CLOSE_CALL_S + 0.2) is None


@pytest.mark.parametrize("scores", [(), (None,), (None, None), (0.1, 0.2), (0.9,), (0.9, None)])
def test_no_close_call_without_one(scores):
    assert close_call_s(curve(*scores), 0.85, 1.0) is None


def test_the_closest_point_is_the_highest_that_was_seen():
    assert closest(()) is None
    assert closest(curve(None, None)) is None
    assert closest(curve(0.1, None, 0.7, 0.2)) == CurvePoint(0.2, 0.7)
