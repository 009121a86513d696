from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from emotion_game.game.check import Check, CheckAdvice, CheckRules, FrameQuality, update

RULES = CheckRules(
    darkest=0.12,
    brightest=0.9,
    smallest_face=0.1,
    largest_face=0.8,
    edge=0.01,
    bystander=0.7,
    steady_share=0.7,
    least_rate_hz=4.0,
    window_s=2.0,
    margin=0.1,
    settle_s=0.4,
    good_s=1.0,
)
FACE = (0.4, 0.3, 0.2, 0.3)
GOOD = FrameQuality(0.0, 0.5, (FACE,), 0.5)


def watch(check: Check, sight: FrameQuality, for_s: float, step_s: float = 0.1) -> Check:
    began_s = check.t_s or 0.0
    for step in range(1, round(for_s / step_s) + 1):
        check = update(check, replace(sight, t_s=began_s + step * step_s), RULES)
    return check


def test_a_good_picture_passes_after_the_good_time():
    check = watch(Check(), GOOD, 0.9)
    assert check.advice is CheckAdvice.GOOD
    assert 0.5 < check.progress(RULES) < 1.0
    assert watch(check, GOOD, 0.5).progress(RULES) == 1.0


@pytest.mark.parametrize(
    ("sight", "advice"),
    [
        (FrameQuality(0.0, 0.5), CheckAdvice.NO_FACE),
        (FrameQuality(0.0, 0.05), CheckAdvice.TOO_DARK),
        (FrameQuality(0.0, 0.97), CheckAdvice.TOO_BRIGHT),
        (replace(GOOD, face_light=0.05), CheckAdvice.TOO_DARK),
        (replace(GOOD, face_light=0.95), CheckAdvice.TOO_BRIGHT),
        (replace(GOOD, faces=((0.5, 0.5, 0.05, 0.07),)), CheckAdvice.TOO_FAR),
        (replace(GOOD, faces=((0.2, 0.05, 0.6, 0.9),)), CheckAdvice.TOO_NEAR),
        (replace(GOOD, faces=((0.0, 0.3, 0.2, 0.3),)), CheckAdvice.OFF_CENTRE),
        (replace(GOOD, faces=((0.85, 0.3, 0.2, 0.3),)), CheckAdvice.OFF_CENTRE),
        (replace(GOOD, bystander=0.9), CheckAdvice.SEVERAL),
        (replace(GOOD, bystander=0.4), CheckAdvice.GOOD),
    ],
)
def test_what_is_wrong_is_said(sight, advice):
    check = watch(Check(), sight, 1.0)
    assert check.advice is advice
    assert (check.progress(RULES) > 0.0) == (advice is CheckAdvice.GOOD)
    # Somebody who was good before is told so too, once it has lasted.
    later = watch(watch(Check(), GOOD, 5.0), sight, 3.0)
    assert later.advice is advice


def test_a_face_that_comes_and_goes_turns_away():
    check = Check()
    for step in range(40):
        sight = GOOD if step % 2 else FrameQuality(0.0, 0.5)
        check = update(check, replace(sight, t_s=step * 0.1), RULES)
    assert check.advice is CheckAdvice.TURN


def test_too_few_pictures_a_second_are_said():
    assert watch(Check(), GOOD, 4.0, step_s=0.5).advice is CheckAdvice.SLOW
    assert watch(Check(), GOOD, 4.0, step_s=0.2).advice is CheckAdvice.GOOD


@pytest.mark.parametrize("players", [2, 3, 4])
def test_a_match_needs_all_its_players_and_says_how_many_are_there(players):
    everybody = replace(GOOD, faces=(FACE, (0.1, 0.3, 0.2, 0.3), FACE, FACE)[:players])
    assert watch(Check(players=players), everybody, 1.0).advice is CheckAdvice.GOOD
    # Until all have come nobody is a player yet.
    waiting = FrameQuality(0.0, 0.5, others=players - 1)
    check = watch(Check(players=players), waiting, 1.0)
    assert (check.advice, check.present) == (CheckAdvice.NEED_MORE, players - 1)
    one_gone = replace(everybody, faces=everybody.faces[1:])
    check = watch(watch(Check(players=players), everybody, 1.0), one_gone, 4.0)
    assert (check.advice, check.present) == (CheckAdvice.NEED_MORE, players - 1)
    nobody = FrameQuality(0.0, 0.5)
    assert watch(Check(players=players), nobody, 1.0).advice is CheckAdvice.NO_FACE
    one_too_many = replace(everybody, bystander=0.9, others=1)
    check = watch(Check(players=players), one_too_many, 1.0)
    assert (check.advice, check.present) == (CheckAdvice.SEVERAL, players + 1)


def test_a_single_picture_does_not_change_the_advice():
    check = watch(Check(), GOOD, 1.0)
    check = watch(check, replace(GOOD, face_light=0.01), 0.3)
    assert check.advice is CheckAdvice.GOOD
    assert watch(check, GOOD, 0.1).advice is CheckAdvice.GOOD


def test_a_value_on_its_limit_does_not_flicker():
    check = watch(Check(), GOOD, 1.0)
    said = []
    for step in range(60):
        width = 0.098 if (step // 6) % 2 else 0.102
        sight = replace(GOOD, faces=((0.5, 0.4, width, 0.1),), t_s=1.0 + (step + 1) * 0.1)
        check = update(check, sight, RULES)
        said.append(check.advice)
    assert said.count(CheckAdvice.TOO_FAR) > 30
    assert sum(a is not b for a, b in pairwise(said)) == 1


def test_nothing_is_said_of_a_single_first_picture():
    check = update(Check(), replace(FrameQuality(0.0, 0.5), t_s=5.0), RULES)
    assert check.advice is CheckAdvice.WAITING


def test_verdicts_that_never_settle_do_not_keep_an_old_advice():
    check = watch(Check(), FrameQuality(0.0, 0.5), 1.0)
    assert check.advice is CheckAdvice.NO_FACE
    for step in range(40):
        light = 0.01 if step % 2 else 0.99
        check = update(check, replace(GOOD, face_light=light, t_s=1.1 + step * 0.1), RULES)
    assert check.advice in (CheckAdvice.TOO_DARK, CheckAdvice.TOO_BRIGHT)


def test_an_older_picture_changes_nothing():
    check = watch(Check(), GOOD, 1.0)
    assert update(check, replace(GOOD, t_s=0.5, face_light=0.0), RULES) == check
