"""What holds of every round, whatever happens in it: for one player, two and four."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rules_for_tests import BOOK, face, nobody, rules

from emotion_game.game.events import (
    Again,
    Back,
    CameraFailed,
    ClipEnded,
    ClipFailed,
    ClipStarted,
    Command,
    Event,
    GoOn,
    NextLevel,
    NoClips,
    Observed,
    Pause,
    PlayClip,
    ResumeClip,
    SaveResult,
    Slept,
    Start,
    StopClip,
    Tick,
)
from emotion_game.game.round import step
from emotion_game.game.states import Countdown, Finished, Menu, Paused, Playing, Ready, State
from emotion_game.game.types import Outcome, Reason, RoundResult

PLAYERS = (1, 2, 4)
MOST = max(PLAYERS)
CLIP_S = 6.0
#: A score of each possible player, None while away; how late the picture comes.
Shown = tuple[tuple[float | None, ...], float]
Moves = list[tuple[float, Event | Shown | str]]

_scores = st.none() | st.floats(0.0, 1.0)
_shown = st.tuples(st.tuples(*[_scores] * MOST), st.floats(-3.0, 0.0))
_news = st.sampled_from(
    [
        Again(), NextLevel(), Back(), Tick(), Slept(), Pause(), GoOn(), CameraFailed(),
        ClipStarted("c", CLIP_S), ClipEnded(), ClipFailed(), NoClips(), "start",
    ]
)  # fmt: skip
_moves = st.lists(st.tuples(st.floats(0.0, 2.0), _news | _shown), max_size=60)

every_number = pytest.mark.parametrize("players", PLAYERS)


def runs(
    moves: Moves,
    players: int,
    order: Callable[[tuple[Any, ...]], tuple[Any, ...]] = tuple,
    book: Any = BOOK,
) -> Iterator[tuple[State, Event, State, tuple[Command, ...]]]:
    """Yield (state before, event, state after, commands) of a random game."""
    state: State = Menu()
    now_s = 0.0
    for step_s, move in moves:
        now_s += step_s
        if move == "start":
            event: Event = Start("happy", 2, players=players)
        elif isinstance(move, tuple):
            scores, late_s = move
            t_s = now_s + late_s
            sides = [nobody(t_s) if each is None else face(t_s, each) for each in scores]
            event = Observed(order(tuple(sides[:players])))
        else:
            assert not isinstance(move, str)
            event = move
        before = state
        state, commands = step(state, event, now_s, book)
        yield before, event, state, commands


def through(players: int, shown: list[tuple[float | None, ...]], book: Any = BOOK) -> list[Any]:
    """Return the results of a round whose players are calm until the clip, then do as shown."""
    calm: Shown = ((0.0,) * MOST, 0.0)
    moves: Moves = [(0.1, "start")]
    moves += [each for _ in range(12) for each in ((0.1, calm), (0.0, Tick()))]
    moves += [each for _ in range(31) for each in ((0.1, calm), (0.0, Tick()))]
    moves += [(0.1, ClipStarted("c", CLIP_S))]
    moves += [each for scores in shown for each in ((0.1, (scores, 0.0)), (0.0, Tick()))]
    return [
        command.result
        for *_, commands in runs(moves, players, book=book)
        for command in commands
        if isinstance(command, SaveResult)
    ]


@every_number
@settings(max_examples=300)
@given(moves=_moves)
def test_a_round_has_one_result_and_the_clip_is_always_stopped(players, moves):
    clip_on = False
    for before, _event, after, commands in runs(moves, players):
        saved = [each for each in commands if isinstance(each, SaveResult)]
        entered = isinstance(after, Finished) and not isinstance(before, Finished)
        assert len(saved) == (1 if entered else 0)
        for command in commands:
            if isinstance(command, PlayClip):
                clip_on = True
            elif isinstance(command, StopClip):
                clip_on = False
        if isinstance(after, Menu | Ready | Countdown | Finished):
            assert not clip_on
        if isinstance(after, Paused):
            assert clip_on == isinstance(after.held, Playing)


@every_number
@settings(max_examples=200)
@given(moves=_moves)
def test_the_same_events_give_the_same_game(players, moves):
    assert list(runs(moves, players)) == list(runs(moves, players))


@every_number
@settings(max_examples=200)
@given(moves=_moves)
def test_the_place_before_the_camera_does_not_matter(players, moves):
    def mirrored(sides: tuple[Any, ...]) -> tuple[Any, ...]:
        return sides[::-1]

    for (*_, one, _commands), (*_, other, _more) in zip(
        runs(moves, players), runs(moves, players, mirrored), strict=True
    ):
        assert type(one) is type(other)
        if isinstance(one, Playing):
            assert one.sides == other.sides[::-1]
        if isinstance(one, Finished) and not isinstance(one.result, RoundResult):
            assert one.result.out_s == other.result.out_s[::-1]
            winner = one.result.winner
            assert other.result.winner == (None if winner is None else players - 1 - winner)


@every_number
@settings(max_examples=200)
@given(moves=_moves)
def test_who_is_out_stays_out(players, moves):
    for before, _event, after, _commands in runs(moves, players):
        if isinstance(before, Playing) and isinstance(after, Playing | Countdown):
            for was, now in zip(before.sides, after.sides, strict=True):
                assert was.is_in or now.out_s == was.out_s


@every_number
@settings(max_examples=150)
@given(
    shown=st.lists(st.tuples(*[st.none() | st.floats(0.0, 0.59)] * MOST), min_size=1, max_size=120)
)
def test_nobody_loses_below_the_threshold(players, shown):
    smooth = {key: rules(smoothing_s=0.1) for key in BOOK}
    for result in through(players, shown, smooth):
        assert result.reason is not Reason.HELD


@every_number
@settings(max_examples=150)
@given(shown=st.lists(st.tuples(*[_scores] * MOST), min_size=1, max_size=220), breaks=st.booleans())
def test_a_countdown_ends_in_time_and_never_with_a_laugh(players, shown, breaks):
    """Whatever is shown: calm players get the clip, who laughs on gets none, and nobody waits."""
    calm: Shown = ((0.0,) * MOST, 0.0)
    moves: Moves = [(0.1, "start"), *[each for _ in range(12) for each in ((0.1, calm),)]]
    if breaks:
        moves += [each for _ in range(31) for each in ((0.1, calm), (0.0, Tick()))]
        moves += [(0.1, ClipStarted("c", CLIP_S)), (0.1, calm), (0.1, Pause()), (5.0, GoOn())]
    moves += [each for scores in shown for each in ((0.1, (scores, 0.0)), (0.0, Tick()))]
    began_s, now_s = None, 0.0
    for (step_s, _move), (before, event, after, commands) in zip(
        moves, runs(moves, players), strict=True
    ):
        now_s += step_s
        if isinstance(after, Countdown) and not isinstance(before, Countdown):
            began_s = now_s
        if isinstance(after, Countdown):
            assert began_s is not None
            limit = BOOK["happy", 2]
            # One more second for who has only just become calm.
            assert now_s - began_s <= limit.countdown_s + limit.settle_s + 1.2
        if isinstance(before, Countdown) and any(
            isinstance(each, PlayClip | ResumeClip) for each in commands
        ):
            assert isinstance(event, Tick)
            assert not before.restless
            # Everybody who was seen in the newest picture was calm, or between the two limits.
            assert all((side.judgement.smoothed or 0.0) < 0.6 for side in before.sides_in)


@settings(max_examples=200)
@given(scores=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=55))
def test_a_calm_rival_changes_nothing(scores):
    alone = through(1, [(score,) for score in scores])
    for rivals in (1, 3):
        together = through(1 + rivals, [(score, *[0.0] * rivals) for score in scores])
        lost_s = [each.decided_s for each in alone if each.outcome is Outcome.LOST]
        out_s = [side_s for each in together for side_s in each.out_s[:1]]
        if rivals == 1:
            assert out_s == lost_s
        else:
            assert together == []  # three are still in
