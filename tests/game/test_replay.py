from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_for_tests import face, nobody

from emotion_game.game import events
from emotion_game.game.replay import decode, encode, replay
from emotion_game.game.states import Finished
from emotion_game.game.types import Outcome
from emotion_game.settings import load_game_settings

REPLAYS = Path(__file__).parent.parent / "replays"
# The numbers in force when the rounds were recorded, so that tuning the game breaks no replay.
BOOK = load_game_settings(REPLAYS / "game.toml").rounds


@pytest.mark.parametrize(
    ("name", "outcome", "decided_s"),
    [
        ("demo_happy_lost", Outcome.LOST, pytest.approx(4.5, abs=0.05)),
        ("demo_surprise_won", Outcome.WON, pytest.approx(11.0, abs=0.05)),
    ],
)
def test_a_recorded_round_replays_to_the_same_result(name, outcome, decided_s):
    lines = (REPLAYS / f"{name}.jsonl").read_text("utf-8").splitlines()
    state, results = replay(lines, BOOK)
    assert [result.outcome for result in results] == [outcome]
    assert results[0].decided_s == decided_s
    assert isinstance(state, Finished)
    assert state.result == results[0]
    assert replay(lines, BOOK) == (state, results)


def test_a_recorded_round_without_its_smile_is_won():
    lines = (REPLAYS / "demo_happy_lost.jsonl").read_text("utf-8").splitlines()
    calm, started_s = [], None
    for line in lines:
        now_s, event = decode(line)
        if isinstance(event, events.ClipStarted):
            started_s = now_s
        if isinstance(event, events.Observed):
            event = events.Observed((face(event.t_s, 0.01),))
        calm.append(encode(event, now_s))
    assert started_s is not None
    t_s = decode(lines[-1])[0]
    while t_s < started_s + 11.0:
        t_s += 0.1
        calm.append(encode(events.Observed((face(t_s, 0.01),)), t_s))
    calm.append(encode(events.ClipEnded(), t_s))
    assert [result.outcome for result in replay(calm, BOOK)[1]] == [Outcome.WON]


@given(
    st.floats(0, 1e6),
    st.sampled_from(
        [
            events.Start("surprise", 3),
            events.Start("happy", 1, marathon=True),
            events.Start("happy", 2, players=4),
            events.Pause(),
            events.GoOn(),
            events.Slept(),
            events.Again(),
            events.NextLevel(),
            events.Back(),
            events.Tick(),
            events.Observed((face(1.5, 0.3),)),
            events.Observed((nobody(2.25),)),
            events.Observed((face(1.5, 0.3), nobody(1.5), face(1.5, 0.9))),
            events.ClipStarted("happy/1/오리", 9.5),
            events.ClipEnded(),
            events.ClipFailed(),
            events.NoClips(),
            events.CameraFailed(),
        ]
    ),
)
def test_events_survive_writing_and_reading(now_s, event):
    assert decode(encode(event, now_s)) == (now_s, event)


@pytest.mark.parametrize("line", ["", "{}", "[1]", '[1,"Nothing"]', '[1,"Start",7,1]'])
def test_a_line_that_is_no_event_is_refused(line):
    with pytest.raises(ValueError, match="no recorded event"):
        decode(line)


def test_a_record_of_a_mode_that_is_not_known_here_is_refused():
    with pytest.raises(ValueError, match="no rules for the mode 'sad'"):
        replay(['[1,"Start","sad",1]'], BOOK)


def test_an_editors_mark_and_empty_lines_change_nothing():
    content = (REPLAYS / "demo_happy_lost.jsonl").read_text("utf-8")
    edited = f"\ufeff{content}\n\n".splitlines()
    assert replay(edited, BOOK) == replay(content.splitlines(), BOOK)
