from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from rules_for_tests import BOOK, RULES, face, nobody, rules

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
    NextLevel,
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
from emotion_game.game.judge import Judgement
from emotion_game.game.round import can_pause, next_level, step
from emotion_game.game.states import (
    Countdown,
    Finished,
    Menu,
    Paused,
    Playing,
    Ready,
    Side,
    Starting,
    State,
)
from emotion_game.game.types import Outcome, Reason

HAPPY = "happy"
CLIP_S = 10.0


class Player:
    """Plays the game by hand: feeds events, keeps the commands."""

    def __init__(self, state: State | None = None, book: Any = BOOK) -> None:
        self.state = state or Menu()
        self.book = book
        self.now_s = 100.0
        self.commands: list[Any] = []

    def send(self, event: Event, after_s: float = 0.0) -> Player:
        self.now_s += after_s
        self.state, commands = step(self.state, event, self.now_s, self.book)
        self.commands += commands
        return self

    def show(self, score: float | None, for_s: float, step_s: float = 0.1) -> Player:
        """Look into the camera for a while with this score of happiness (None: no face)."""
        for _ in range(round(for_s / step_s)):
            self.now_s += step_s
            seen = nobody(self.now_s) if score is None else face(self.now_s, score)
            self.send(Observed((seen,))).send(Tick())
        return self

    @property
    def results(self):
        return [each.result for each in self.commands if isinstance(each, SaveResult)]


def playing(book: Any = BOOK) -> Player:
    player = Player(book=book).send(Start(HAPPY, 1)).show(0.0, 1.2)
    assert isinstance(player.state, Countdown)
    player.show(0.0, 3.1)
    assert isinstance(player.state, Starting)
    return player.send(ClipStarted("happy/1/duck", CLIP_S), after_s=0.1)


def ready(now_s: float) -> Ready:
    return Ready(mode=HAPPY, level=1, began_s=now_s, seen_s=now_s, sides=(Side(),))


def test_a_straight_face_wins_and_may_go_up():
    player = playing().show(0.1, CLIP_S).send(ClipEnded())
    (result,) = player.results
    assert (result.outcome, result.reason) == (Outcome.WON, Reason.CLIP_ENDED)
    assert result.clip_id == "happy/1/duck"
    assert result.decided_s == pytest.approx(CLIP_S, abs=0.2)
    assert next_level(result) == 2


def test_a_laugh_held_long_enough_loses_and_stops_the_clip():
    player = playing().show(0.0, 2.0).show(0.95, 1.0)
    (result,) = player.results
    assert (result.outcome, result.reason) == (Outcome.LOST, Reason.HELD)
    assert result.began_s == pytest.approx(2.1)
    assert result.decided_s == pytest.approx(2.1 + RULES.hold_s)
    assert StopClip() in player.commands
    assert next_level(result) is None
    assert result.curve[0].t_s == pytest.approx(0.1)


def test_the_round_starts_at_the_first_shown_picture():
    player = Player().send(Start(HAPPY, 1)).show(0.0, 1.2).show(0.0, 3.1)
    assert player.commands[-1] == PlayClip(HAPPY, 1)
    # A grin while the clip is still opening costs nothing.
    player.show(0.99, 1.5)
    assert isinstance(player.state, Starting)
    player.send(ClipStarted("c", CLIP_S)).show(0.0, 1.0)
    assert isinstance(player.state, Playing)
    assert player.state.sides[0].curve[0].t_s == pytest.approx(0.1)


def test_a_grin_captured_before_the_clip_is_ignored():
    player = playing()
    before = player.state
    player.send(Observed((face(player.now_s - 0.05, 0.99),)), after_s=0.0)
    assert player.state == before


def test_a_smiling_player_gets_no_baseline_until_neutral():
    player = Player().send(Start(HAPPY, 1)).show(0.9, 5.0)
    assert isinstance(player.state, Ready)
    assert player.state.sides[0].baseline.refused
    player.show(0.05, 1.3)
    assert isinstance(player.state, Countdown)
    assert player.state.sides[0].neutral == pytest.approx(0.05)


def test_the_baseline_is_taken_off_the_score():
    player = Player().send(Start(HAPPY, 1)).show(0.25, 1.2).show(0.25, 3.1)
    player.send(ClipStarted("c", CLIP_S)).show(0.65, 3.0)
    assert player.state.sides[0].judgement.smoothed == pytest.approx((0.65 - 0.25) / 0.75)
    assert not player.results


def test_no_baseline_in_time_voids_the_round():
    player = Player().send(Start(HAPPY, 1)).show(None, RULES.ready_timeout_s + 0.5)
    assert [(r.outcome, r.reason) for r in player.results] == [(Outcome.VOID, Reason.NOT_READY)]


def test_a_short_gap_is_grace():
    player = playing().show(0.0, 1.0).show(None, 0.9).show(0.0, 1.0)
    assert PauseClip() not in player.commands
    assert not player.results


def test_a_long_gap_pauses_and_the_face_resumes():
    player = playing().show(0.0, 1.0).show(None, 2.0)
    assert player.commands[-1] == PauseClip()
    assert player.state.paused_s is not None
    paused_at_s = player.state.clip_time_s(player.now_s)
    player.show(0.0, 0.2)
    assert player.commands[-1] == ResumeClip()
    assert player.state.clip_time_s(player.now_s) == pytest.approx(paused_at_s + 0.1, abs=0.02)


def test_staying_away_forfeits():
    player = playing().show(0.0, 1.0).show(None, RULES.forfeit_s + 0.3)
    (result,) = player.results
    assert (result.outcome, result.reason) == (Outcome.FORFEIT, Reason.FACE_GONE)


def test_hiding_again_and_again_forfeits():
    player = playing()
    for _ in range(10):
        player.show(None, 0.9).show(0.0, 0.2)
    assert [r.outcome for r in player.results] == [Outcome.FORFEIT]


def test_single_missed_frames_are_not_hiding():
    player = playing()
    for _ in range(40):
        player.show(None, 0.1).show(0.0, 0.1)
    assert not player.results


def test_hiding_does_not_empty_a_hold():
    player = playing().show(0.0, 1.0).show(0.95, 0.5).show(None, 0.8)
    held_s = player.state.sides[0].judgement.held_s
    assert held_s == pytest.approx(0.4)
    player.show(0.95, 0.4)
    assert [r.outcome for r in player.results] == [Outcome.LOST]


def test_a_half_full_hold_at_the_end_goes_into_overtime():
    laughing = playing().show(0.0, CLIP_S - 0.3).show(0.95, 0.3).send(ClipEnded())
    assert isinstance(laughing.state, Playing)
    assert laughing.state.over
    assert not laughing.results
    calm = Player(laughing.state)
    calm.now_s = laughing.now_s
    assert [r.outcome for r in calm.show(0.0, 0.1).results] == [Outcome.WON]
    assert [r.outcome for r in laughing.show(0.95, 0.5).results] == [Outcome.LOST]


def test_hiding_at_the_end_never_wins():
    hidden = playing().show(0.0, CLIP_S - 0.5).show(None, 0.5).send(ClipEnded())
    assert not hidden.results
    assert [r.outcome for r in hidden.show(None, 5.0).results] == [Outcome.FORFEIT]


def test_a_camera_fault_voids_and_never_decides():
    player = playing().show(0.95, 0.4).send(CameraFailed())
    (result,) = player.results
    assert (result.outcome, result.reason) == (Outcome.VOID, Reason.CAMERA_FAULT)


def test_a_starved_pipeline_voids():
    player = playing().show(0.95, 0.4).send(Tick(), after_s=RULES.starved_s + 0.1)
    assert [(r.outcome, r.reason) for r in player.results] == [(Outcome.VOID, Reason.STARVED)]


def test_a_slow_pipeline_is_not_a_hidden_face():
    player = playing().show(0.0, 4.8, step_s=1.2)
    assert not player.results
    assert PauseClip() not in player.commands


def test_a_broken_clip_is_replaced_and_none_left_voids():
    player = Player().send(Start(HAPPY, 1)).show(0.0, 1.2).show(0.0, 3.1)
    player.send(ClipFailed())
    assert [each for each in player.commands if isinstance(each, PlayClip)] == [
        PlayClip(HAPPY, 1)
    ] * 2
    player.send(NoClips())
    assert [(r.outcome, r.reason) for r in player.results] == [(Outcome.VOID, Reason.NO_CLIP)]


def test_a_clip_that_breaks_or_ends_early_or_never_ends_voids():
    for broken in (
        playing().show(0.0, 2.0).send(ClipFailed()),
        playing().show(0.0, 2.0).send(ClipEnded()),
        playing().show(0.0, CLIP_S + RULES.clip_start_timeout_s + 0.5),
    ):
        assert [(r.outcome, r.reason) for r in broken.results] == [
            (Outcome.VOID, Reason.CLIP_FAULT)
        ]


def test_a_clip_that_shows_nothing_voids():
    player = Player().send(Start(HAPPY, 1)).show(0.0, 1.2).show(0.0, 3.1)
    player.show(0.0, RULES.clip_start_timeout_s + 0.3)
    assert [(r.outcome, r.reason) for r in player.results] == [(Outcome.VOID, Reason.CLIP_FAULT)]


def test_surprise_does_not_lose_a_happy_round():
    player = playing()
    for _ in range(20):
        player.send(Observed((face(player.now_s + 0.1, 0.99, "surprise"),)), after_s=0.1)
    assert not player.results


# --- Every phase x event ------------------------------------------------------------------------

NOW_S = 100.0
RESULT = playing().show(0.1, CLIP_S).send(ClipEnded()).results[0]
LOSS = playing().show(0.95, 1.0).results[0]
_SIDE = Side(calibrated_s=NOW_S - 12.0, face_s=NOW_S - 0.1)
_PLAYING = Playing(
    mode=HAPPY,
    level=1,
    began_s=NOW_S - 9.0,
    seen_s=NOW_S - 0.1,
    sides=(_SIDE,),
    clip_id="c",
    duration_s=CLIP_S,
)
_AWAY = replace(_SIDE, face_s=NOW_S - 2.0, hidden=True, judgement=Judgement(6.9, 6.9, 0.0))
_LAUGHING = replace(_SIDE, judgement=Judgement(8.9, 8.9, 0.9, True, 0.2, 8.7))
_COMMON: dict[str, Any] = {"mode": HAPPY, "level": 1, "began_s": NOW_S - 1.0, "sides": (_SIDE,)}
PHASES: dict[str, State] = {
    "menu": Menu(),
    "ready": Ready(**_COMMON, seen_s=NOW_S - 0.1),
    "countdown": Countdown(**_COMMON, seen_s=NOW_S - 0.1),
    "starting": Starting(**_COMMON, seen_s=NOW_S - 0.1),
    "playing": _PLAYING,
    "waiting": replace(_PLAYING, sides=(_AWAY,), paused_s=NOW_S - 1.0),
    "overtime": replace(_PLAYING, sides=(_LAUGHING,), over=True),
    "paused": Paused(_PLAYING, NOW_S - 1.0),
    "resuming": Countdown(
        **_COMMON, seen_s=NOW_S - 0.1, resumes=replace(_PLAYING, paused_s=NOW_S - 5.0)
    ),
    "won": Finished(RESULT),
    "lost": Finished(LOSS),
}
EVENTS: dict[str, Event] = {
    "start": Start(HAPPY, 2),
    "again": Again(),
    "next": NextLevel(),
    "back": Back(),
    "tick": Tick(),
    "calm": Observed((face(NOW_S, 0.0),)),
    "nobody": Observed((nobody(NOW_S),)),
    "stale": Observed((face(NOW_S - 50.0, 0.99),)),
    "clip_started": ClipStarted("c", CLIP_S),
    "clip_ended": ClipEnded(),
    "clip_failed": ClipFailed(),
    "no_clips": NoClips(),
    "camera_failed": CameraFailed(),
    "pause": Pause(),
    "go_on": GoOn(),
    "slept": Slept(),
}
SAME = "same"
#: What each phase makes of each event: the phase after it. Everything not named stays the same.
EXPECTED: dict[str, dict[str, str]] = {
    "menu": {"start": "Ready"},
    "ready": {
        "back": "Menu",
        "calm": "Ready",
        "nobody": "Ready",
        "camera_failed": "void",
        "pause": "Paused",
        "slept": "Ready",
    },
    "countdown": {
        "back": "Menu",
        "calm": "Countdown",
        "nobody": "Countdown",
        "camera_failed": "void",
        "pause": "Paused",
        "slept": "void",
    },
    "starting": {
        "back": "Menu",
        "calm": "Starting",
        "nobody": "Starting",
        "camera_failed": "void",
        "clip_started": "Playing",
        "clip_failed": "Starting",
        "no_clips": "void",
        "slept": "void",
    },
    "playing": {
        "back": "Menu",
        "calm": "Playing",
        "nobody": "Playing",
        "camera_failed": "void",
        "clip_ended": "won",
        "clip_failed": "void",
        "pause": "Paused",
        "slept": "void",
    },
    "waiting": {
        "back": "Menu",
        "calm": "Playing",
        "nobody": "Playing",
        "camera_failed": "void",
        "clip_ended": "Playing",
        "clip_failed": "void",
        "pause": "Paused",
        "slept": "void",
    },
    "overtime": {
        "back": "Menu",
        "calm": "won",
        "nobody": "Playing",
        "camera_failed": "void",
        "slept": "void",
    },
    "paused": {"back": "Menu", "pause": "Countdown", "go_on": "Countdown", "clip_failed": "void"},
    "resuming": {
        "back": "Menu",
        "calm": "Countdown",
        "nobody": "Countdown",
        "camera_failed": "void",
        "clip_failed": "void",
        "pause": "Paused",
        "slept": "void",
    },
    "won": {"again": "Ready", "next": "Ready", "back": "Menu"},
    "lost": {"again": "Ready", "back": "Menu"},
}


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("phase", PHASES)
def test_every_phase_and_event(phase, event):
    before = PHASES[phase]
    after, commands = step(before, EVENTS[event], NOW_S, BOOK)
    expected = EXPECTED[phase].get(event, SAME)
    if expected == SAME:
        assert after == before
        assert commands == ()
    elif expected in {"won", "void"}:
        assert isinstance(after, Finished)
        assert after.result.outcome.value == expected
        assert commands[-1] == SaveResult(after.result)
    else:
        assert type(after).__name__ == expected
        assert after != before
    if expected == "Menu" and phase in {
        "starting", "playing", "waiting", "overtime", "paused", "resuming"
    }:  # fmt: skip
        assert commands == (StopClip(),)
    if expected == "Ready":
        assert (ChoosePlayers() in commands) == (phase != "ready" or event == "slept")


# --- The same player once more --------------------------------------------------------------------


def test_again_and_next_level_skip_the_baseline_while_the_same_player_stays():
    player = playing().show(0.1, CLIP_S).send(ClipEnded()).show(0.4, 20.0)
    won = player.state
    player.send(NextLevel())
    assert isinstance(player.state, Countdown)
    assert (player.state.level, player.state.began_s) == (2, player.now_s)
    assert player.state.sides == (Side(calibrated_s=pytest.approx(101.2)),)
    assert ChoosePlayers() not in player.commands[1:]
    player.state = won
    player.send(Again())
    assert isinstance(player.state, Countdown)
    player.show(0.0, 3.1)
    assert player.commands[-1] == PlayClip(HAPPY, 1)


@pytest.mark.parametrize(
    ("away", "for_s"),
    [(None, 3.5), (0.1, 301.0)],
    ids=["who was away may be another", "an old baseline"],
)
def test_again_takes_a_new_baseline(away, for_s):
    player = playing().show(0.1, CLIP_S).send(ClipEnded()).show(away, for_s).show(0.1, 1.0)
    player.send(Again())
    assert player.state == ready(player.now_s)
    assert player.commands[-1] == ChoosePlayers()


def test_a_look_aside_after_the_round_keeps_the_baseline_and_a_starved_pipeline_does_not():
    player = playing().show(0.1, CLIP_S).send(ClipEnded()).show(None, 2.0).show(0.1, 1.0)
    assert isinstance(player.send(Again()).state, Countdown)
    player = playing().show(0.1, CLIP_S).send(ClipEnded()).send(Again(), after_s=4.0)
    assert isinstance(player.state, Ready)


def test_a_camera_that_failed_or_a_computer_that_slept_needs_a_new_baseline():
    player = playing().show(0.1, 2.0).send(CameraFailed()).send(Again())
    assert isinstance(player.state, Ready)
    player = playing().show(0.1, CLIP_S).send(ClipEnded()).send(Slept()).send(Again())
    assert isinstance(player.state, Ready)


# --- Breaks and sleep -----------------------------------------------------------------------------


def test_a_break_takes_no_time_of_the_round():
    player = playing().show(0.1, 4.0).send(Pause())
    assert player.commands[-1] == PauseClip()
    # Nothing that happens in the break counts: no laugh, no absence, no lost camera.
    player.show(0.99, 30.0).show(None, 60.0).send(CameraFailed()).send(GoOn())
    assert isinstance(player.state, Countdown)
    assert isinstance(player.show(0.1, 2.8).state, Countdown)
    assert player.commands[-1] == PauseClip()
    player.show(0.1, 0.3)
    assert player.commands[-1] == ResumeClip()
    assert player.state.clip_time_s(player.now_s) == pytest.approx(4.0, abs=0.15)
    player.show(0.1, 6.0).send(ClipEnded())
    (result,) = player.results
    assert result.outcome is Outcome.WON
    assert result.decided_s == pytest.approx(CLIP_S, abs=0.2)
    assert [point.score for point in result.curve] == pytest.approx([0.1] * 100)


def test_nobody_pauses_a_laugh_off():
    player = playing().show(0.1, 1.0).show(0.95, 0.3)
    assert not can_pause(player.state)
    assert isinstance(player.send(Pause()).state, Playing)
    player.show(0.0, 1.0)
    assert can_pause(player.state)


def test_a_break_while_the_clip_waits_for_the_face_counts_the_absence():
    player = playing().show(0.1, 1.0).show(None, 2.0)
    assert player.state.paused_s is not None
    player.send(Pause()).show(0.1, 5.0).send(GoOn()).show(0.1, 4.0)
    assert player.state.sides[0].hidden_s == pytest.approx(2.0, abs=0.2)
    assert player.state.clip_time_s(player.now_s) == pytest.approx(3.0, abs=0.2)
    assert player.commands.count(PauseClip()) == player.commands.count(ResumeClip()) == 1


def test_a_break_in_the_countdown_stops_it_and_before_it_begins_the_baseline_anew():
    player = Player().send(Start(HAPPY, 1)).show(0.0, 0.8).send(Pause()).show(0.0, 9.0).send(GoOn())
    assert player.state == ready(player.now_s)
    player.show(0.0, 1.2).send(Pause()).show(0.0, 30.0).send(GoOn())
    assert isinstance(player.state, Countdown)
    assert isinstance(player.show(0.0, 2.7).state, Countdown)
    assert isinstance(player.show(0.0, 0.5).state, Starting)


def test_who_laughs_after_a_break_is_waited_for_and_a_break_in_that_is_one_more():
    player = playing().show(0.1, 4.0).send(Pause()).show(0.0, 9.0).send(GoOn()).show(0.95, 6.0)
    assert isinstance(player.state, Countdown)
    player.send(Pause()).show(0.0, 9.0).send(GoOn()).show(0.1, 3.1)
    assert isinstance(player.state, Playing)
    assert player.state.clip_time_s(player.now_s) == pytest.approx(4.0, abs=0.2)
    player.show(0.1, 6.0).send(ClipEnded())
    assert player.results[0].outcome is Outcome.WON


def test_what_ends_the_way_back_from_a_break_tells_of_the_clip():
    player = playing().show(0.1, 4.0).send(Pause()).show(0.0, 9.0).send(GoOn()).show(0.1, 1.0)
    player.send(CameraFailed())
    (result,) = player.results
    assert (result.outcome, result.reason) == (Outcome.VOID, Reason.CAMERA_FAULT)
    assert (result.clip_id, result.decided_s) == ("happy/1/duck", pytest.approx(4.0, abs=0.2))
    assert len(result.curve) == 40


def test_the_countdown_waits_for_who_still_laughs():
    player = Player().send(Start(HAPPY, 1)).show(0.0, 1.2)
    # Laughing at first costs nothing: there is time to settle.
    player.show(0.95, 1.5).show(0.0, 1.6)
    assert isinstance(player.state, Starting)
    player = Player().send(Start(HAPPY, 1)).show(0.0, 1.2).show(0.95, 9.0)
    assert isinstance(player.state, Countdown)
    assert player.state.restless
    # The last second begins anew.
    assert isinstance(player.show(0.0, 0.8).state, Countdown)
    assert isinstance(player.show(0.0, 0.3).state, Starting)


def test_the_countdown_does_not_wait_for_ever():
    player = Player().send(Start(HAPPY, 1)).show(0.0, 1.2).show(0.95, 30.0)
    (result,) = player.results
    assert (result.outcome, result.reason) == (Outcome.VOID, Reason.NOT_READY)
    assert PlayClip(HAPPY, 1) not in player.commands


def test_between_two_clips_of_a_marathon_the_countdown_waits_too():
    player = Player().send(Start(HAPPY, 1, marathon=True)).show(0.0, 4.3)
    player.send(ClipStarted("c", CLIP_S), after_s=0.1).show(0.1, CLIP_S).send(ClipEnded())
    assert isinstance(player.state, Countdown)
    assert isinstance(player.show(0.95, 6.0).state, Countdown)
    assert isinstance(player.show(0.0, 1.1).state, Starting)


def test_without_a_countdown_the_clip_still_waits_and_not_for_ever():
    book = {key: rules(countdown_s=0.0) for key in BOOK}
    player = Player(book=book).send(Start(HAPPY, 1)).show(0.0, 1.2)
    assert isinstance(player.state, Starting)
    calm = Countdown(**_COMMON, seen_s=NOW_S - 0.1)
    player = Player(calm, book)
    player.now_s = NOW_S
    for _ in range(200):
        player.now_s += 0.1
        player.send(Observed((face(player.now_s, 0.95),))).send(Tick())
    assert player.results[0].reason is Reason.NOT_READY


def test_sleep_in_mid_round_voids_it():
    player = playing().show(0.9, 0.4).send(Slept(), after_s=3600.0)
    (result,) = player.results
    assert (result.outcome, result.reason) == (Outcome.VOID, Reason.INTERRUPTED)


# --- Moving in the baseline -----------------------------------------------------------------------


def test_a_moving_player_gets_no_baseline_until_still():
    player = Player().send(Start(HAPPY, 1))
    for step_ in range(60):
        player.now_s += 0.1
        x = 0.3 + 0.2 * (step_ % 10) / 10
        seen = replace(face(player.now_s), box=(x, 0.3, 0.2, 0.25))
        player.send(Observed((seen,)))
    assert isinstance(player.state, Ready)
    assert player.state.sides[0].baseline.moved_s == pytest.approx(player.now_s, abs=1.0)
    player.show(0.0, 1.3)
    assert isinstance(player.state, Countdown)
