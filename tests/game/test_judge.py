from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_for_tests import RULES, rules

from emotion_game.game.judge import (
    Baseline,
    Judgement,
    find_losses,
    read,
    read_baseline,
    remove_baseline,
    smooth,
)


def judge(readings, round_rules=RULES):
    judgement = Judgement()
    for t_s, score in readings:
        judgement = read(judgement, t_s, score, round_rules)
    return judgement


def steady(score, from_s, until_s, step_s=0.1):
    count = round((until_s - from_s) / step_s)
    return [(round(from_s + i * step_s, 6), score) for i in range(count + 1)]


def test_one_high_frame_does_not_lose():
    assert judge([*steady(0.1, 0, 1), (1.1, 1.0), *steady(0.1, 1.2, 2)]).lost_s is None


def test_a_held_score_loses_after_the_hold_time():
    judgement = judge(steady(0.9, 0, 1))
    assert judgement.began_s == 0.0
    assert judgement.lost_s == pytest.approx(0.5)


def test_a_score_between_the_thresholds_neither_starts_nor_ends_a_hold():
    assert judge(steady(0.5, 0, 5)).began_s is None
    assert judge([(0.0, 0.9), *steady(0.5, 0.1, 1)]).lost_s == pytest.approx(0.5)


def test_a_calm_face_drains_the_hold():
    judgement = judge([*steady(0.9, 0, 0.4), *steady(0.0, 0.5, 0.7)])
    assert judgement.held_s == pytest.approx(0.1)
    assert judgement.began_s == 0.0
    assert judge([*steady(0.9, 0, 0.4), *steady(0.0, 0.5, 1.0)]).began_s is None


def test_two_laughs_with_a_short_dip_lose():
    dip = [*steady(0.9, 0, 0.4), (0.5, 0.1), *steady(0.9, 0.6, 0.9)]
    assert judge(dip).lost_s is not None


def test_no_face_neither_fills_nor_drains_the_hold():
    before = judge(steady(0.9, 0, 0.3))
    after = judge([*steady(0.9, 0, 0.3), (0.4, None), (0.5, None)])
    assert after.held_s == before.held_s
    assert after.lost_s is None


def test_a_gap_in_the_readings_is_not_counted_as_laughing():
    judgement = judge([(0.0, 0.9), (10.0, 0.9)])
    assert judgement.held_s == pytest.approx(RULES.max_step_s)
    assert judgement.lost_s is None


def test_old_and_doubled_readings_change_nothing():
    judgement = judge(steady(0.9, 0, 0.3))
    assert read(judgement, 0.2, 0.0, RULES) == judgement
    assert read(judgement, 0.3, 0.0, RULES) == judgement


def test_smoothing_does_not_depend_on_the_frame_rate():
    fine, coarse = 0.0, 0.0
    for _ in range(10):
        fine = smooth(fine, 1.0, 0.01, 0.1)
    coarse = smooth(coarse, 1.0, 0.1, 0.1)
    assert fine == pytest.approx(coarse)
    assert smooth(None, 0.7, 0.1, 0.1) == 0.7


def test_smoothing_starts_anew_after_the_face_was_away():
    round_rules = rules(smoothing_s=5.0)
    assert judge([(0.0, 1.0), (0.5, None), (2.0, 0.0)], round_rules).smoothed == 0.0


def test_the_baseline_is_removed_and_full_scores_stay_full():
    assert remove_baseline(0.2, 0.2) == 0.0
    assert remove_baseline(0.1, 0.2) == 0.0
    assert remove_baseline(1.0, 0.2) == 1.0
    assert remove_baseline(0.6, 0.2) == pytest.approx(0.5)
    assert remove_baseline(1.0, 1.0) == 0.0


@given(
    st.lists(
        st.tuples(st.floats(0.001, 2.0), st.none() | st.floats(0.0, 1.0)), min_size=1, max_size=80
    )
)
def test_the_hold_stays_in_its_bounds_and_a_loss_stays(steps):
    t_s, judgement = 0.0, Judgement()
    for step_s, score in steps:
        t_s += step_s
        before = judgement
        judgement = read(judgement, t_s, score, RULES)
        assert 0.0 <= judgement.held_s <= RULES.hold_s
        assert (judgement.began_s is None) == (judgement.held_s == 0 and not judgement.showing)
        if before.lost_s is not None:
            assert judgement.lost_s == before.lost_s


@given(st.lists(st.floats(0.0, 0.59), min_size=1, max_size=60))
def test_nobody_loses_below_the_threshold(scores):
    readings = [(i * 0.1, score) for i, score in enumerate(scores)]
    assert judge(readings).lost_s is None
    assert find_losses(readings, RULES)[0] == ()


def test_losses_of_an_endless_round_rearm():
    readings = [
        *steady(0.0, 0, 0.9),
        *steady(0.9, 1, 2),
        *steady(0.0, 2.1, 4),
        *steady(0.9, 4.1, 5),
        *steady(0.0, 5.1, 6),
    ]
    losses, timeline = find_losses(readings, RULES)
    assert [(loss.began_s, loss.ended_s) for loss in losses] == [(1.0, 2.1), (4.1, 5.1)]
    assert all(loss.lost_s == pytest.approx(loss.began_s + RULES.hold_s) for loss in losses)
    assert [t for t, _ in timeline] == [t for t, _ in readings]


def test_a_loss_ends_when_the_face_goes_and_at_the_end_of_the_recording():
    gone = [*steady(0.9, 0, 1), *[(t, None) for t, _ in steady(0, 1.1, 4)]]
    assert [loss.ended_s for loss in find_losses(gone, RULES)[0]] == [1.0]
    assert [loss.ended_s for loss in find_losses(steady(0.9, 0, 1), RULES)[0]] == [1.0]


def take(readings, round_rules=RULES):
    baseline = Baseline()
    for t_s, score in readings:
        baseline = read_baseline(baseline, t_s, score, round_rules)
    return baseline


def test_the_baseline_is_the_median_of_a_neutral_stretch():
    baseline = take([*steady(0.1, 0, 0.9), (1.0, 0.25)])
    assert baseline.progress(RULES) == 1.0
    assert baseline.value() == pytest.approx(0.1)


def test_a_smile_refuses_the_baseline_and_starts_it_anew():
    smiling = take([*steady(0.1, 0, 0.8), (0.9, 0.8)])
    assert smiling.refused
    assert smiling.progress(RULES) == 0.0
    assert not take([*steady(0.1, 0, 0.8), (0.9, 0.8), (1.0, 0.1)]).refused


def test_a_gap_without_a_face_starts_the_baseline_anew_but_one_missed_frame_does_not():
    assert take([*steady(0.1, 0, 0.8), (0.9, None), (1.0, 0.1)]).progress(RULES) == 1.0
    assert take([*steady(0.1, 0, 0.8), (0.9, None), (1.2, None)]).readings == ()


def test_a_slow_camera_needs_its_least_number_of_readings():
    assert take([(0.0, 0.1), (0.5, 0.1), (1.0, 0.1)]).progress(RULES) == pytest.approx(0.6)
