from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from modes_for_tests import MODES

from emotion_game.app import game_settings
from emotion_game.game.types import Observation
from emotion_game.tools.choosing import (
    Figures,
    Grid,
    Outcomes,
    frontier,
    judge_all,
    propose,
)
from emotion_game.tools.recordings import Recordings, Segment

RULES = game_settings(None).rounds["happy", 1]
NOW = [Figures()] * 3
GRID = Grid((0.5, 0.7, 0.9), (0.9,), (0.3, 0.5, 0.7, 0.9))


def people(count, score_of, label, tag=None):
    """Return recordings of 4 s: ``label`` from 1 to 3 s, calm around it."""
    names = [f"{label}{number}.mp4" for number in range(count)]
    segments = [Segment(0, 1, "neutral"), Segment(1, 3, label), Segment(3, 4, "neutral")]
    seen = {}
    for number, name in enumerate(names):
        score = score_of(number)
        seen[name] = [
            Observation(step / 20, (1 - at, at, *[0.0] * 6))
            for step in range(80)
            for at in [score if 20 <= step < 60 else 0.05]
        ]
    tags = {} if tag is None else {name: {"person": tag} for name in names}
    return Recordings(Path(label), dict.fromkeys(names, segments), seen, tags)


def test_the_threshold_between_talk_and_smiles_is_found():
    smiles = people(20, lambda number: 0.85, "smile")
    talk = people(20, lambda number: 0.6, "talk")
    fine = Grid((0.5, 0.55, 0.65, 0.68, 0.71, 0.9, 0.95), (0.9,), (0.3, 0.5, 0.7, 0.9))
    outcomes = judge_all([smiles, talk], MODES["happy"], RULES, fine, 1.0)
    assert outcomes.calm_s.sum() == pytest.approx(20 * 2 + 20 * 4)
    proposals = propose(outcomes, (0.0, 0.0, 0.0), NOW)
    assert all(each.reached for each in proposals)
    assert {each.numbers.threshold for each in proposals} == {0.68}
    for each in proposals:
        assert (each.validated.caught, each.validated.shown) == (20, 20)
        assert each.validated.false_losses == 0


def test_harder_levels_hold_shorter_and_ask_for_no_more():
    mixed = people(40, lambda number: 0.5 + number / 80, "smile")
    talk = people(20, lambda number: 0.4 + number / 40, "talk")
    outcomes = judge_all([mixed, talk], MODES["happy"], RULES, GRID, 1.0)
    easy, middle, hard = (each.numbers for each in propose(outcomes, (0.5, 2.0, 9.0), NOW))
    assert easy.hold_s > middle.hold_s > hard.hold_s
    assert easy.threshold >= middle.threshold >= hard.threshold
    assert easy.release_threshold >= middle.release_threshold >= hard.release_threshold


def outcomes_of(caught, false, shown=1, people=None):
    """Return outcomes on three thresholds and three holds; (points, recordings) each."""
    count = len(caught[0])
    return Outcomes(
        Grid((0.5, 0.6, 0.7), (0.9,), (0.3, 0.5, 0.7)),
        people or tuple(f"p{number}" for number in range(count)),
        np.full(count, shown),
        np.full(count, 60.0),
        np.array(caught),
        np.array(false),
    )


def test_a_plateau_wins_over_a_lucky_peak():
    # The last threshold and hold catch all; their neighbours nothing. The first ones catch most.
    caught = [[1, 1, 1, 0]] * 6 + [[0, 0, 0, 0]] * 2 + [[1, 1, 1, 1]]
    proposals = propose(outcomes_of(caught, [[0] * 4] * 9), (1.0, 1.0, 1.0), NOW)
    assert proposals[0].numbers.threshold == 0.5
    assert proposals[0].fitted == Figures(3, 4, 0, 240.0)


def test_the_expected_figures_are_of_people_who_did_not_choose():
    # Every person is caught by one threshold of their own alone: what suits the others fails.
    count = 30
    caught = np.zeros((9, count), int)
    for number in range(count):
        caught[3 * (number % 3) : 3 * (number % 3) + 3, number] = 1
    outcomes = outcomes_of(caught, np.zeros((9, count), int))
    proposals = propose(outcomes, (9.0, 9.0, 9.0), NOW, parts=count)
    assert proposals[0].validated.shown == count
    assert proposals[0].validated.caught <= proposals[0].fitted.caught
    # One person in all recordings: nobody is left to choose, so nothing is expected.
    alone = propose(
        outcomes_of(caught, np.zeros((9, count), int), people=("p",) * count), (9.0,) * 3, NOW
    )
    assert alone[0].validated == Figures()
    assert alone[0].validated.line() == "caught 0 of 0, 0 false in 0.0 min"


def test_people_are_told_by_their_tag():
    seen = people(3, lambda number: 0.9, "smile", tag="kim")
    assert {seen.person(name) for name in seen.truth} == {"kim"}
    assert len({seen.only({name}).person(name) for name in seen.truth}) == 1
    unnamed = people(3, lambda number: 0.9, "smile")
    assert len({unnamed.person(name) for name in unnamed.truth}) == 3


def test_the_frontier_holds_what_no_other_numbers_beat():
    caught = [[1, 0], [1, 0], [1, 1], *[[0, 0]] * 6]
    false = [[0, 0], [1, 0], [2, 0], *[[0, 0]] * 6]
    found = frontier(outcomes_of(caught, false))
    assert [(each.caught, each.false_losses) for _, each in found] == [(1, 0), (2, 2)]
    assert frontier(outcomes_of(caught, false), 0.5)[0][0].hold_s == 0.5


def test_levels_need_hold_times_of_their_own():
    outcomes = outcomes_of([[1]] * 9, [[0]] * 9)
    with pytest.raises(ValueError, match="4 levels need as many hold times"):
        propose(outcomes, (1.0,) * 4, [Figures()] * 4)
