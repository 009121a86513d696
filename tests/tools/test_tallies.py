from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from modes_for_tests import MODES

from emotion_game.app import game_settings
from emotion_game.game.judge import Loss
from emotion_game.game.types import Observation
from emotion_game.tools.recordings import Recordings, Segment
from emotion_game.tools.tallies import (
    Calm,
    Tally,
    compare,
    slices,
    tally,
    unknown_labels,
    without_tags,
)

RULES = replace(
    game_settings(None).rounds["happy", 1],
    threshold=0.6,
    release_threshold=0.5,
    hold_s=0.5,
    smoothing_s=0.0,
)


def counted(losses, segments, mode="happy"):
    found = Tally()
    found.add(Path("x.mp4"), losses, segments, MODES[mode], min_length_s=1.0)
    return found


GROWS = [Segment(0, 4, "neutral"), Segment(4, 6, "slight"), Segment(6, 8, "smile")]


def test_a_loss_in_the_faint_smile_that_a_smile_grew_from_catches_it():
    found = counted([Loss(4.3, 5.0, 5.5)], GROWS)
    assert (found.caught, found.shown, found.false_losses) == (1, 1, 0)
    assert found.delays_s == [0.0]


def test_a_loss_before_the_faint_smile_or_in_one_apart_from_it_catches_nothing():
    assert counted([Loss(3.0, 3.5, 4.2)], GROWS).caught == 0
    apart = [Segment(0, 2, "slight"), Segment(4, 6, "smile")]
    assert counted([Loss(0.5, 1.0, 1.5)], apart).caught == 0


def test_covered_mouths_fear_and_open_mouths_are_told_apart():
    segments = [Segment(0, 2, "covered"), Segment(2, 5, "talk"), Segment(5, 7, "fear")]
    found = counted([Loss(0.5, 1.0, 1.5), Loss(3.0, 3.5, 4.0)], segments, "surprise")
    assert found.apart == {"covered": Calm(2.0, 1), "fear": Calm(2.0, 0)}
    assert found.calm == {"talk": Calm(3.0, 1)}
    assert [each.outcome for each in found.moments] == ["apart", "false"]
    figures = found.figures()
    assert figures["apart"]["covered"] == {"length_s": 2.0, "false_losses": 1}
    assert figures["false_losses"] == 1
    # A mode that says so counts them.
    afraid = replace(MODES["surprise"], truth=("surprise", "fear"))
    lost = Tally()
    lost.add(Path("x.mp4"), [Loss(5.2, 5.7, 6.0)], segments, afraid, min_length_s=1.0)
    assert (lost.caught, lost.caught_by_label) == (1, {"fear": (1, 1)})


def recordings(scores, labels, tags=None):
    """Return recordings of 3 s with one label and one happiness each."""
    truth = {name: [Segment(0.0, 3.0, label)] for name, label in labels.items()}
    seen = {
        name: [Observation(step / 10, (1 - score, score, *[0.0] * 6)) for step in range(30)]
        for name, score in scores.items()
    }
    return Recordings(Path("players"), truth, seen, tags or {})


LABELS = {"a": "smile", "b": "smile", "c": "talk", "d": "smile"}
TAGS = {"a": {"skin": "dark"}, "b": {"skin": "light", "hat": "yes"}, "c": {"skin": "dark"}}


def test_players_are_sliced_by_their_tags():
    seen = recordings({"a": 0.9, "b": 0.1, "c": 0.9, "d": 0.9}, LABELS, TAGS)
    found = slices([seen], MODES["happy"], RULES, 1.0, ["skin", "hat"])
    assert [
        (tag, word, each.caught, each.shown, each.false_losses) for tag, word, each in found
    ] == [
        ("skin", "dark", 1, 1, 1),
        ("skin", "light", 0, 1, 0),
        ("hat", "yes", 0, 1, 0),
    ]
    assert list(without_tags([seen], ["skin", "hat"])) == [
        "players: a, c without the tag(s) hat: left out of those slices.",
        "players: d without the tag(s) skin, hat: left out of those slices.",
    ]


def test_labels_that_nobody_knows_are_told_once_each():
    seen = recordings({"a": 0.1, "b": 0.1}, {"a": "smlie", "b": "smlie"})
    (line,) = unknown_labels([seen], MODES)
    assert "unknown label 'smlie' (a at 0 s, b at 0 s)" in line
    assert "smile" in line
    assert not list(unknown_labels([recordings({"a": 0.1}, {"a": "yawn"})], MODES))


def test_two_networks_are_compared_segment_by_segment():
    first = recordings({"a": 0.9, "b": 0.9, "c": 0.1, "d": 0.1}, LABELS)
    second = recordings({"a": 0.9, "b": 0.1, "c": 0.9, "d": 0.1}, LABELS)
    of_first, of_second = (tally([each], MODES["happy"], RULES, 1.0) for each in (first, second))
    found = compare(of_first, of_second)
    assert (found.both, found.first, found.second, found.neither) == (1, 1, 0, 1)
    assert (found.first_false, found.second_false) == (0, 1)
    assert "by this alone 1" in found.line()
    with pytest.raises(ValueError, match="shorter"):
        compare(of_first, Tally())


def test_an_uneven_share_is_told_from_chance():
    names = [f"{number:02d}" for number in range(12)]
    labels = dict.fromkeys(names, "smile")
    good = tally([recordings(dict.fromkeys(names, 0.9), labels)], MODES["happy"], RULES, 1.0)
    poor = tally([recordings(dict.fromkeys(names, 0.1), labels)], MODES["happy"], RULES, 1.0)
    assert compare(good, poor).caught_p == pytest.approx(2 * 0.5**12)  # all heads or all tails
    assert compare(good, good).caught_p == 1.0
