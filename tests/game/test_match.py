"""Several players before one camera: the last straight face wins."""

from __future__ import annotations

import json
from typing import Any

import pytest
from rules_for_tests import BOOK, RULES, face, nobody

from emotion_game.game.events import (
    Again,
    Back,
    CameraFailed,
    ChoosePlayers,
    ClipEnded,
    ClipFailed,
    ClipStarted,
    Event,
    GoOn,
    NoClips,
    Observed,
    Pause,
    PauseClip,
    PlayClip,
    ResumeClip,
    SaveResult,
    Slept,
    Start,
    StopClip,
    Tick,
)
from emotion_game.game.marathon import harder
from emotion_game.game.replay import decode, encode
from emotion_game.game.round import LAST_STRAIGHT_FACE, can_pause, step
from emotion_game.game.states import Countdown, Menu, Paused, Playing, Ready, Starting
from emotion_game.game.types import Reason

CLIPS = LAST_STRAIGHT_FACE.clips
CLIP_S = 6.0
LEFT, RIGHT = 0, 1


def seen(t_s: float, score: float | None):
    return nobody(t_s) if score is None else face(t_s, score)


class Match:
    def __init__(self, players: int = 2, book: Any = BOOK) -> None:
        self.state: Any = Menu()
        self.book = book
        self.now_s = 50.0
        self.commands: list[Any] = []
        self.send(Start("happy", 2, players=players))

    def send(self, event: Event, after_s: float = 0.0) -> Match:
        self.now_s += after_s
        # As recorded and replayed, so that this holds for every event of a duel.
        now_s, event = decode(encode(event, self.now_s))
        self.state, commands = step(self.state, event, now_s, self.book)
        self.commands += commands
        return self

    def show(self, *scores_then_s: float | None) -> Match:
        """Let the players look into the camera: each one's score (None: away), then how long."""
        *scores, for_s = scores_then_s
        for _ in range(round(for_s / 0.1)):
            self.now_s += 0.1
            self.send(Observed(tuple(seen(self.now_s, score) for score in scores))).send(Tick())
        return self

    @property
    def results(self):
        return [each.result for each in self.commands if isinstance(each, SaveResult)]


def playing(players: int = 2) -> Match:
    calm = (0.0,) * players
    duel = Match(players).show(*calm, 1.2)
    assert isinstance(duel.state, Countdown)
    duel.show(*calm, 3.1)
    assert isinstance(duel.state, Starting)
    assert duel.commands[-1] == PlayClip("happy", 2)
    return duel.send(ClipStarted("duck", CLIP_S), after_s=0.1)


def test_a_duel_asks_the_camera_for_two():
    assert Match().commands == [ChoosePlayers(players=2)]


@pytest.mark.parametrize(("left", "right", "winner"), [(0.9, 0.1, RIGHT), (0.1, 0.9, LEFT)])
def test_the_last_straight_face_wins(left, right, winner):
    duel = playing().show(0.1, 0.1, 1.0).show(left, right, 1.0)
    (result,) = duel.results
    assert (result.winner, result.void, result.reason) == (winner, False, Reason.HELD)
    assert result.out_s[1 - winner] == pytest.approx(1.1 + RULES.hold_s)
    assert result.out_s[winner] is None
    assert StopClip() in duel.commands
    assert len(result.curves[LEFT]) == len(result.curves[RIGHT]) > 10
    assert isinstance(duel.send(Again()).state, Ready)


def test_two_rings_full_in_one_picture():
    duel = playing().show(0.9, 0.9, 1.0)
    assert duel.results[0].winner is None
    assert None not in duel.results[0].out_s
    # Who began first is out first, though a slow picture shows both rings full.
    duel = playing().show(0.9, 0.1, 0.1).show(0.9, 0.9, 0.5)
    assert duel.results[0].winner == RIGHT


def test_each_has_a_baseline_and_a_threshold_above_it():
    duel = Match().show(0.25, 0.0, 1.2).show(0.0, 0.0, 3.1).send(ClipStarted("c", CLIP_S))
    assert [side.neutral for side in duel.state.sides] == pytest.approx([0.25, 0.0])
    duel.show(0.65, 0.65, 1.0)
    assert duel.results[0].winner == LEFT


def test_who_smiles_gets_no_baseline_and_the_other_need_not_begin_again():
    duel = Match().show(0.0, 0.9, 3.0)
    assert isinstance(duel.state, Ready)
    assert [side.baseline.progress(RULES) for side in duel.state.sides] == [1.0, 0.0]
    duel.show(0.9, 0.0, 1.2)
    assert isinstance(duel.state, Countdown)


def test_both_calm_to_the_end_go_on_with_a_harder_clip_and_then_it_is_a_draw():
    duel = playing()
    for clip in range(1, CLIPS + 1):
        assert duel.state.stage == clip
        duel.show(0.1, 0.1, CLIP_S).send(ClipEnded())
        if clip < CLIPS:
            assert isinstance(duel.state, Countdown)
            duel.show(0.0, 0.0, 3.1).send(ClipStarted("next", CLIP_S))
    (result,) = duel.results
    assert (result.winner, result.reason, result.clips) == (
        None,
        Reason.CLIP_ENDED,
        CLIPS,
    )
    assert result.threshold == harder(RULES, CLIPS).threshold < RULES.threshold


def test_a_ring_that_is_filling_at_the_end_goes_into_overtime():
    duel = playing().show(0.1, 0.1, CLIP_S - 0.2).show(0.1, 0.9, 0.3).send(ClipEnded())
    assert duel.results == []
    duel.show(0.1, 0.9, 0.5)
    assert duel.results[0].winner == LEFT
    duel = playing().show(0.1, 0.1, CLIP_S - 0.2).show(0.1, 0.9, 0.3).send(ClipEnded())
    assert isinstance(duel.show(0.1, 0.0, 0.3).state, Countdown)


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
    duel = Match().show(0.1, None, 25.0)
    assert duel.results[0].reason is Reason.NOT_READY
    duel = Match().show(0.0, 0.0, 4.4).send(NoClips())
    assert duel.results[0].reason is Reason.NO_CLIP


def test_a_break_takes_no_time_and_is_not_granted_to_who_laughs():
    duel = playing().show(0.1, 0.1, 2.0).send(Pause())
    assert isinstance(duel.state, Paused)
    duel.show(0.99, None, 30.0).send(GoOn())
    # Both must be calm before the clip goes on.
    assert isinstance(duel.show(0.1, 0.9, 6.0).state, Countdown)
    assert isinstance(duel.show(0.1, 0.1, 1.1).state, Playing)
    assert duel.state.clip_time_s(duel.now_s) == pytest.approx(2.0, abs=0.15)
    duel.show(0.1, 0.9, 0.3)
    assert not can_pause(duel.state)
    assert isinstance(duel.send(Pause()).state, Playing)
    assert duel.send(Back()).state == Menu()
    assert duel.commands[-1] == StopClip()


def test_of_four_the_last_straight_face_wins_and_who_is_out_may_do_as_he_likes():
    match = playing(4).show(0.1, 0.1, 0.1, 0.1, 1.0).show(0.9, 0.1, 0.1, 0.1, 1.0)
    assert match.results == []
    assert [side.is_in for side in match.state.sides] == [False, True, True, True]
    # Neither laughing on nor leaving stops the clip for the others.
    match.show(0.99, 0.1, 0.1, 0.1, 0.5).show(None, 0.1, 0.1, 0.1, 2.0)
    assert PauseClip() not in match.commands
    match.show(None, 0.1, 0.9, 0.1, 0.7)
    match.show(None, 0.9, 0.0, 0.1, 0.7)
    (result,) = match.results
    assert (result.winner, result.reason) == (3, Reason.HELD)
    assert result.out_s[0] < result.out_s[2] < result.out_s[1]
    assert result.out_s[3] is None
    assert match.send(Again()).commands[-1] == ChoosePlayers(players=4)


def test_of_four_the_clip_waits_for_who_is_away_until_he_is_out():
    match = playing(4).show(0.1, 0.1, 0.1, 0.1, 1.0).show(0.1, None, 0.1, 0.1, 2.0)
    assert match.commands[-1] == PauseClip()
    match.show(0.1, None, 0.1, 0.1, RULES.forfeit_s)
    assert match.results == []
    assert [side.is_in for side in match.state.sides] == [True, False, True, True]
    assert match.commands[-1] == ResumeClip()
    assert match.state.paused_s is None


def test_of_three_who_begins_last_stays_in_when_one_picture_shows_all_rings_full():
    match = playing(3)
    for number in range(10):
        match.now_s += 0.05
        scores = [0.9 if number >= side else 0.1 for side in range(3)]
        match.send(Observed(tuple(seen(match.now_s, score) for score in scores)))
    match.now_s += 0.4
    match.send(Observed(tuple(seen(match.now_s, 0.9) for _ in range(3))))
    (result,) = match.results
    assert result.winner == 2
    assert result.out_s[2] is None


def test_who_is_out_stays_out_in_the_next_clip_and_those_left_share_a_draw():
    match = playing(3).show(0.9, 0.1, 0.1, 1.0).show(0.0, 0.1, 0.1, CLIP_S - 1.0)
    match.send(ClipEnded())
    for clip in (2, 3):
        assert isinstance(match.state, Countdown)
        match.show(None, 0.0, 0.0, 3.1).send(ClipStarted("next", CLIP_S))
        assert match.state.stage == clip
        match.show(None, 0.1, 0.1, CLIP_S).send(ClipEnded())
    (result,) = match.results
    assert (result.winner, result.reason, result.clips) == (None, Reason.CLIP_ENDED, 3)
    assert [out_s is None for out_s in result.out_s] == [False, True, True]


def test_a_picture_read_for_another_number_of_players_is_no_news():
    match = playing().show(0.1, 0.1, 1.0)
    before = match.state
    match.send(Observed((face(match.now_s + 0.1, 0.9),)))
    assert match.state == before


def test_records_of_earlier_versions_are_read():
    side = [1.5, None, None, 0]
    assert decode('[1.0,"StartDuel","happy",2]') == (1.0, Start("happy", 2, players=2))
    assert decode('[1.0,"Start","happy",2]') == (1.0, Start("happy", 2))
    assert decode('[1.0,"Start","happy",2,true]') == (1.0, Start("happy", 2, marathon=True))
    two = Observed((nobody(1.5), nobody(1.5)))
    assert decode(f'[1.0,"ObservedTwo",{json.dumps(side)},{json.dumps(side)}]') == (1.0, two)
    one = Observed((nobody(1.5),))
    assert decode(f'[1.0,"Observed",{json.dumps(side)[1:-1]}]') == (1.0, one)
    assert encode(one, 1.0) == '[1.0,"Observed",1.5,null,null,0]'
