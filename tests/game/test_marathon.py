"""A marathon: clips without end, harder each time, until the player laughs."""

from __future__ import annotations

import pytest
from rules_for_tests import BOOK, RULES, face, nobody

from emotion_game.game.events import (
    Again,
    Back,
    CameraFailed,
    ClipEnded,
    ClipStarted,
    Observed,
    PlayClip,
    SaveResult,
    Start,
    Tick,
)
from emotion_game.game.marathon import harder, level_of
from emotion_game.game.points import round_points
from emotion_game.game.round import next_level, rules_of, step
from emotion_game.game.states import Countdown, Finished, Menu, Playing, Starting, State
from emotion_game.game.types import Outcome, Reason

CLIP_S = 5.0


class Runner:
    def __init__(self) -> None:
        self.state: State = Menu()
        self.now_s = 10.0
        self.results = []
        self.played: list[int] = []
        self.send(Start("happy", 3, marathon=True)).show(0.0, 1.2)

    def send(self, event) -> Runner:
        self.state, commands = step(self.state, event, self.now_s, BOOK)
        self.results += [each.result for each in commands if isinstance(each, SaveResult)]
        self.played += [each.level for each in commands if isinstance(each, PlayClip)]
        return self

    def show(self, score, for_s: float) -> Runner:
        for _ in range(round(for_s / 0.1)):
            self.now_s += 0.1
            seen = nobody(self.now_s) if score is None else face(self.now_s, score)
            self.send(Observed((seen,))).send(Tick())
        return self

    def begin(self) -> Runner:
        assert isinstance(self.state, Countdown)
        self.show(0.0, 3.2)
        assert isinstance(self.state, Starting)
        return self.send(ClipStarted("clip", CLIP_S))

    def survive(self, clips: int) -> Runner:
        for _ in range(clips):
            self.begin().show(0.0, CLIP_S).send(ClipEnded())
        return self


def test_the_levels_rise_and_the_rules_tighten_until_the_player_laughs():
    runner = Runner().survive(6).begin()
    assert runner.played == [1, 1, 2, 2, 3, 3, 3]
    assert isinstance(runner.state, Playing)
    assert runner.results == []
    hardest = rules_of(runner.state, BOOK)
    assert hardest == harder(RULES, 7)
    runner.show(0.9, 1.0)
    (result,) = runner.results
    assert (result.outcome, result.reason, result.stage) == (Outcome.LOST, Reason.HELD, 7)
    assert result.threshold == hardest.threshold
    assert result.earlier_s == pytest.approx(6 * CLIP_S)
    assert result.earlier_points == 2 * 1000 + 2 * 2000 + 2 * 3000
    assert round_points(result) > result.earlier_points
    assert next_level(result) is None
    runner.send(Again())
    assert isinstance(runner.state, Countdown)
    assert (runner.state.level, runner.state.stage) == (1, 1)


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        (lambda r: r.send(CameraFailed()), Reason.CAMERA_FAULT),
        (lambda r: r.send(Back()), Reason.STOPPED),
        (lambda r: r.show(None, 10.0), Reason.FACE_GONE),
    ],
)
def test_what_was_survived_counts_however_the_marathon_ends(end, reason):
    runner = Runner().survive(2).begin().show(0.0, 1.0)
    end(runner)
    (result,) = runner.results
    assert (result.outcome, result.reason, result.stage) == (Outcome.WON, reason, 2)
    assert round_points(result) == result.earlier_points == 2000
    assert isinstance(runner.state, Finished)


def test_in_its_first_clip_a_marathon_ends_as_any_round():
    runner = Runner().begin().show(0.0, 1.0).send(CameraFailed())
    assert [result.outcome for result in runner.results] == [Outcome.VOID]
    runner = Runner().begin().send(Back())
    assert runner.state == Menu()
    assert runner.results == []


def test_it_never_becomes_harder_than_the_floor():
    assert harder(RULES, 1) == RULES
    hardest = harder(RULES, 1000)
    assert hardest.threshold == pytest.approx(RULES.threshold * RULES.marathon_floor)
    assert hardest.hold_s == pytest.approx(RULES.hold_s * RULES.marathon_floor)
    assert hardest.release_threshold < hardest.threshold
    assert [level_of(stage, RULES) for stage in (1, 2, 3, 4, 5, 99)] == [1, 1, 2, 2, 3, 3]
