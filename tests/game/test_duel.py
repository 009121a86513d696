"""A duel: two players before one camera, the last straight face wins."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rules_for_tests import BOOK, RULES, face, nobody

from emotion_game.game.duel import (
    CLIPS,
    DuelCountdown,
    DuelFinished,
    DuelPaused,
    DuelPlaying,
    DuelReady,
    DuelStarting,
)
from emotion_game.game.events import (
    Again,
    Back,
    CameraFailed,
    ChoosePlayer,
    ClipEnded,
    ClipFailed,
    ClipStarted,
    Event,
    GoOn,
    NoClips,
    ObservedTwo,
    Pause,
    PauseClip,
    PlayClip,
    ResumeClip,
    SaveDuel,
    Slept,
    StartDuel,
    StopClip,
    Tick,
)
from emotion_game.game.marathon import harder
from emotion_game.game.replay import decode, encode
from emotion_game.game.session import can_pause, step
from emotion_game.game.states import Menu
from emotion_game.game.types import Mode, Reason

CLIP_S = 6.0
LEFT, RIGHT = 0, 1


def seen(t_s: float, score: float | None):
    return nobody(t_s) if score is None else face(t_s, score)


class Duel:
    def __init__(self, book: Any = BOOK) -> None:
        self.state: Any = Menu()
        self.book = book
        self.now_s = 50.0
        self.commands: list[Any] = []
        self.send(StartDuel(Mode.HAPPY, 2))

    def send(self, event: Event, after_s: float = 0.0) -> Duel:
        self.now_s += after_s
        # As recorded and replayed, so that this holds for every event of a duel.
        now_s, event = decode(encode(event, self.now_s))
        self.state, commands = step(self.state, event, now_s, self.book)
        self.commands += commands
        return self

    def show(self, left: float | None, right: float | None, for_s: float) -> Duel:
        for _ in range(round(for_s / 0.1)):
            self.now_s += 0.1
            self.send(ObservedTwo(seen(self.now_s, left), seen(self.now_s, right))).send(Tick())
        return self

    @property
    def results(self):
        return [each.result for each in self.commands if isinstance(each, SaveDuel)]


def playing() -> Duel:
    duel = Duel().show(0.0, 0.0, 1.2)
    assert isinstance(duel.state, DuelCountdown)
    duel.show(0.0, 0.0, 3.1)
    assert isinstance(duel.state, DuelStarting)
    assert duel.commands[-1] == PlayClip(Mode.HAPPY, 2)
    return duel.send(ClipStarted("duck", CLIP_S), after_s=0.1)


def test_a_duel_asks_the_camera_for_two():
    assert Duel().commands == [ChoosePlayer(players=2)]


@pytest.mark.parametrize(("left", "right", "winner"), [(0.9, 0.1, RIGHT), (0.1, 0.9, LEFT)])
def test_the_last_straight_face_wins(left, right, winner):
    duel = playing().show(0.1, 0.1, 1.0).show(left, right, 1.0)
    (result,) = duel.results
    assert (result.winner, result.void, result.reason) == (winner, False, Reason.HELD)
    assert result.out_s[1 - winner] == pytest.approx(1.1 + RULES.hold_s)
    assert result.out_s[winner] is None
    assert StopClip() in duel.commands
    assert len(result.curves[LEFT]) == len(result.curves[RIGHT]) > 10
    assert isinstance(duel.send(Again()).state, DuelReady)


def test_two_rings_full_in_one_picture():
    duel = playing().show(0.9, 0.9, 1.0)
    assert duel.results[0].winner is None
    assert None not in duel.results[0].out_s
    # Who began first is out first, though a slow picture shows both rings full.
    duel = playing().show(0.9, 0.1, 0.1).show(0.9, 0.9, 0.5)
    assert duel.results[0].winner == RIGHT


def test_each_has_a_baseline_and_a_threshold_above_it():
    duel = Duel().show(0.25, 0.0, 1.2).show(0.0, 0.0, 3.1).send(ClipStarted("c", CLIP_S))
    assert duel.state.neutral == pytest.approx((0.25, 0.0))
    duel.show(0.65, 0.65, 1.0)
    assert duel.results[0].winner == LEFT


def test_who_smiles_gets_no_baseline_and_the_other_need_not_begin_again():
    duel = Duel().show(0.0, 0.9, 3.0)
    assert isinstance(duel.state, DuelReady)
    assert [each.progress(RULES) for each in duel.state.baselines] == [1.0, 0.0]
    duel.show(0.9, 0.0, 1.2)
    assert isinstance(duel.state, DuelCountdown)


def test_both_calm_to_the_end_go_on_with_a_harder_clip_and_then_it_is_a_draw():
    duel = playing()
    for clip in range(1, CLIPS + 1):
        assert duel.state.clip == clip
        duel.show(0.1, 0.1, CLIP_S).send(ClipEnded())
        if clip < CLIPS:
            assert isinstance(duel.state, DuelCountdown)
            duel.show(0.0, 0.0, 3.1).send(ClipStarted("next", CLIP_S))
    (result,) = duel.results
    assert (result.winner, result.reason, result.clips) == (None, Reason.CLIP_ENDED, CLIPS)
    assert result.threshold == harder(RULES, CLIPS).threshold < RULES.threshold


def test_a_ring_that_is_filling_at_the_end_goes_into_overtime():
    duel = playing().show(0.1, 0.1, CLIP_S - 0.2).show(0.1, 0.9, 0.3).send(ClipEnded())
    assert duel.results == []
    duel.show(0.1, 0.9, 0.5)
    assert duel.results[0].winner == LEFT
    duel = playing().show(0.1, 0.1, CLIP_S - 0.2).show(0.1, 0.9, 0.3).send(ClipEnded())
    assert isinstance(duel.show(0.1, 0.0, 0.3).state, DuelCountdown)


def test_the_clip_waits_for_a_face_and_nobody_loses_meanwhile():
    duel = playing().show(0.1, 0.1, 1.0).show(None, 0.1, 1.2)
    assert duel.commands[-1] == PauseClip()
    duel.show(None, 0.99, 1.5)
    assert duel.state.paused_s is not None
    assert duel.state.sides[RIGHT].judgement.held_s == 0.0
    duel.show(0.1, 0.1, 1.0)
    assert duel.commands[-1] == ResumeClip()
    assert duel.state.paused_s is None


def test_who_stays_away_is_out_and_both_away_is_a_draw():
    duel = playing().show(0.1, 0.1, 1.0).show(0.1, None, 6.0)
    assert (duel.results[0].winner, duel.results[0].reason) == (LEFT, Reason.FACE_GONE)
    duel = playing().show(0.1, 0.1, 1.0).show(None, None, 6.0)
    assert (duel.results[0].winner, duel.results[0].void) == (None, False)


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (CameraFailed(), Reason.CAMERA_FAULT),
        (Slept(), Reason.INTERRUPTED),
        (ClipFailed(), Reason.CLIP_FAULT),
        (ClipEnded(), Reason.CLIP_FAULT),
    ],
)
def test_a_fault_decides_nothing(event, reason):
    duel = playing().show(0.1, 0.9, 0.3).send(event)
    (result,) = duel.results
    assert (result.winner, result.void, result.reason) == (None, True, reason)


def test_a_starved_pipeline_and_players_who_never_come_void_the_duel():
    duel = playing().show(0.1, 0.1, 1.0).send(Tick(), after_s=3.0)
    assert duel.results[0].reason is Reason.STARVED
    duel = Duel().show(0.1, None, 25.0)
    assert duel.results[0].reason is Reason.NOT_READY
    duel = Duel().show(0.0, 0.0, 4.4).send(NoClips())
    assert duel.results[0].reason is Reason.NO_CLIP


def test_a_break_takes_no_time_and_is_not_granted_to_who_laughs():
    duel = playing().show(0.1, 0.1, 2.0).send(Pause())
    assert isinstance(duel.state, DuelPaused)
    duel.show(0.99, None, 30.0).send(GoOn())
    assert isinstance(duel.state, DuelPlaying)
    assert duel.state.clip_time_s(duel.now_s) == pytest.approx(2.0)
    duel.show(0.1, 0.9, 0.3)
    assert not can_pause(duel.state)
    assert isinstance(duel.send(Pause()).state, DuelPlaying)
    assert duel.send(Back()).state == Menu()
    assert duel.commands[-1] == StopClip()


_moves = st.one_of(
    st.sampled_from(
        [
            Again(), Back(), Tick(), Slept(), Pause(), GoOn(), CameraFailed(),
            ClipStarted("c", 6.0), ClipEnded(), ClipFailed(), NoClips(), StartDuel(Mode.HAPPY, 1),
        ]
    ),
    st.tuples(*2 * (st.none() | st.floats(0.0, 1.0),)),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.floats(0.0, 1.5), _moves), max_size=60))
def test_a_duel_has_one_result_and_the_clip_is_always_stopped(moves):
    state, now_s, clip_on = Menu(), 0.0, False
    for step_s, move in moves:
        now_s += step_s
        if isinstance(move, tuple):
            move = ObservedTwo(*(seen(now_s, score) for score in move))
        before = state
        state, commands = step(state, move, now_s, BOOK)
        saved = sum(isinstance(each, SaveDuel) for each in commands)
        entered = isinstance(state, DuelFinished) and not isinstance(before, DuelFinished)
        assert saved == entered
        for command in commands:
            if isinstance(command, PlayClip):
                clip_on = True
            elif isinstance(command, StopClip):
                clip_on = False
        if isinstance(state, Menu | DuelReady | DuelCountdown | DuelFinished):
            assert not clip_on
