"""What thresholds catch among the faces that a training held back."""

from __future__ import annotations

import pytest
from scipy.stats import binomtest

from emotion_game.errors import ModelError
from emotion_game.game.types import EMOTIONS
from emotion_game.vision.held_back import (
    HELD_BACK,
    MAX_HELD_BACK_BYTES,
    HeldBack,
    HeldReading,
    catch,
    loses,
    read_held_back,
    share,
    write_held_back,
)

HAPPY, FEAR = EMOTIONS.index("happiness"), EMOTIONS.index("fear")


def row(**scores):
    return tuple(scores.get(name, 0.0) for name in EMOTIONS)


def reading(rows, network="0" * 64):
    return HeldReading(network=network, name="a", probabilities=tuple(rows))


@pytest.fixture
def held():
    """Four happy faces, two afraid, two neutral."""
    labels = (HAPPY,) * 4 + (FEAR,) * 2 + (0,) * 2
    scores = [0.9, 0.8, 0.86, 0.2, 0.1, 0.1, 0.9, 0.1]
    rows = [
        row(happiness=each, fear=0.6 if at in (4, 5) else 0.0) for at, each in enumerate(scores)
    ]
    return HeldBack(split="held_back", labels=labels, readings=(reading(rows),))


def test_a_threshold_is_counted_among_those_who_show_it_and_the_others(held):
    found = catch(held, held.readings[0], (("happiness", 1.0),), 0.85)
    assert (found.caught.count, found.caught.of) == (2, 4)
    assert (found.alarms.count, found.alarms.of) == (1, 4)


def test_a_weaker_emotion_of_the_mode_counts_neither_way(held):
    weights = (("happiness", 1.0), ("fear", 0.5))
    found = catch(held, held.readings[0], weights, 0.85)
    assert (found.caught.of, found.alarms.of) == (4, 2)
    nobody = catch(held, held.readings[0], (("surprise", 1.0),), 0.5)
    assert nobody.caught is None
    assert nobody.alarms.of == 8


@pytest.mark.parametrize(("count", "of"), [(0, 5), (3, 7), (34, 34), (500, 900)])
def test_the_interval_is_wilsons(count, of):
    expected = binomtest(count, of).proportion_ci(method="wilson")
    found = share(count, of)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-6)


def test_fewer_faces_than_chance_would_explain_are_said():
    labels = (HAPPY,) * 40
    old = reading([row(happiness=0.9)] * 40)

    def new(lost):
        return reading([row(happiness=0.5 if at < lost else 0.9) for at in range(40)])

    held = HeldBack(split="held_back", labels=labels, readings=(old,))
    for lost, expected in ((0, False), (3, False), (8, True)):
        assert loses(held, new(lost), old, (("happiness", 1.0),), 0.85) == expected
    assert not loses(held, old, new(8), (("happiness", 1.0),), 0.85)


def test_figures_are_read_as_written_and_others_refused(tmp_path, held):
    assert read_held_back(tmp_path) is None
    write_held_back(tmp_path, held)
    assert read_held_back(tmp_path) == held
    content = (tmp_path / HELD_BACK).read_text()
    for wrong in ("{", content.replace('"labels":[1,', '"labels":['), content.replace("0.86", "7")):
        (tmp_path / HELD_BACK).write_text(wrong)
        with pytest.raises(ModelError, match="does not hold figures"):
            read_held_back(tmp_path)
    (tmp_path / HELD_BACK).write_text(" " * (MAX_HELD_BACK_BYTES + 1))
    with pytest.raises(ModelError, match="is larger than"):
        read_held_back(tmp_path)
