from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotion_game.game.points import composure, points, round_points, survived
from emotion_game.game.types import CurvePoint, Outcome, Reason, RoundResult

share = st.floats(0.0, 1.0)
level = st.integers(1, 10)

ROUND = RoundResult(
    mode="happy",
    level=2,
    outcome=Outcome.LOST,
    reason=Reason.HELD,
    clip_id="happy/2/duck",
    duration_s=20.0,
    decided_s=10.0,
    began_s=9.0,
    baseline=0.05,
    threshold=0.6,
    hold_s=0.6,
    curve=(CurvePoint(0.0, 0.0), CurvePoint(5.0, 0.0), CurvePoint(10.0, 0.6)),
)


def curve(*scores, step_s=1.0):
    return tuple(CurvePoint(index * step_s, score) for index, score in enumerate(scores))


@given(share, share, share, level)
def test_more_time_never_gives_fewer_points(a, b, calm, at):
    low, high = sorted((a, b))
    assert points(low, calm, at) <= points(high, calm, at)


@given(share, share, share, level)
def test_more_composure_never_gives_fewer_points(a, b, time, at):
    low, high = sorted((a, b))
    assert points(time, low, at) <= points(time, high, at)


@given(share, share, level)
def test_a_higher_level_never_gives_fewer_points(time, calm, at):
    assert points(time, calm, at) <= points(time, calm, at + 1)


@given(share, share, level)
def test_points_are_whole_and_bounded(time, calm, at):
    found = points(time, calm, at)
    assert isinstance(found, int)
    assert 0 <= found <= 1000 * at


def test_points_of_known_rounds():
    assert points(1.0, 1.0, 1) == 1000
    assert points(1.0, 1.0, 3) == 3000
    assert points(1.0, 0.0, 1) == 700
    assert points(0.5, 0.5, 2) == 850
    assert points(0.0, 1.0, 3) == 0


@pytest.mark.parametrize(
    "arguments", [(-0.1, 0.5, 1), (1.1, 0.5, 1), (0.5, float("nan"), 1), (0.5, 2.0, 1), (1, 1, 0)]
)
def test_arguments_out_of_range_are_refused(arguments):
    with pytest.raises(ValueError, match="must be"):
        points(*arguments)


@given(st.lists(st.none() | share, max_size=30), st.floats(0.01, 1.0))
def test_composure_is_a_share(scores, threshold):
    assert 0.0 <= composure(curve(*scores), threshold) <= 1.0


@given(st.lists(share, min_size=2, max_size=30), st.integers(0, 29), share, st.floats(0.01, 1.0))
def test_a_higher_score_never_gives_more_composure(scores, index, other, threshold):
    raised = list(scores)
    index %= len(raised)
    raised[index] = max(raised[index], other)
    assert composure(curve(*raised), threshold) <= composure(curve(*scores), threshold) + 1e-12


def test_composure_of_known_curves():
    assert composure(curve(0.0, 0.0, 0.0), 0.6) == 1.0
    assert composure(curve(0.6, 0.9, 1.0), 0.6) == 0.0
    assert composure(curve(0.3, 0.3), 0.6) == pytest.approx(0.5)
    # 2 s at rest, then 1 s rising to the threshold: (2 + 0.5) / 3.
    assert composure(curve(0.0, 0.0, 0.0, 0.6), 0.6) == pytest.approx(2.5 / 3)


def test_a_stretch_without_a_face_is_no_evidence():
    assert composure(curve(0.3, 0.3, None, None, 0.3, 0.3), 0.6) == pytest.approx(0.5)
    assert composure(curve(None, 0.0, None), 0.6) == 0.0
    assert composure((), 0.6) == 0.0


def test_a_threshold_of_nothing_is_refused():
    with pytest.raises(ValueError, match="above 0"):
        composure(curve(0.1, 0.1), 0.0)


def test_a_lost_round_counts_to_its_decision():
    assert survived(ROUND) == 0.5
    assert round_points(ROUND) == points(0.5, 0.75, 2)


def test_a_won_round_survived_the_whole_clip_however_late_it_was_decided():
    won = replace(ROUND, outcome=Outcome.WON, reason=Reason.CLIP_ENDED, decided_s=19.9)
    assert survived(won) == 1.0
    late = replace(ROUND, decided_s=21.0)
    assert survived(late) == 1.0


@pytest.mark.parametrize("outcome", [Outcome.FORFEIT, Outcome.VOID])
def test_hiding_and_faults_give_no_points(outcome):
    assert round_points(replace(ROUND, outcome=outcome)) == 0


def test_a_round_without_a_clip_survived_nothing():
    assert survived(replace(ROUND, clip_id="", duration_s=0.0, decided_s=0.0)) == 0.0
