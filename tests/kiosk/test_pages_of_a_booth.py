from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotion_game.kiosk import flow
from emotion_game.kiosk.flow import Booth, BoothRules, CornerTaps, Page, step

RULES = BoothRules(idle_s=45.0, rounds_per_player=2)
QUIET = flow.Tick(in_round=False, camera_lost=None)


def play(*events, state=None):
    """Run (time, event) pairs; return the last state and all commands."""
    state, commands = state or Booth(), []
    for now_s, event in events:
        state, new = step(state, event, now_s, RULES)
        commands += [type(each) for each in new]
    return state, commands


IN_GAME = [(0.0, flow.Begin()), (5.0, flow.Agreed())]


def test_the_camera_starts_with_the_consent_and_not_before():
    state, commands = play((0.0, flow.Begin()), (1.0, QUIET), (2.0, flow.Touched()))
    assert (state.page, commands) == (Page.NOTICE, [])
    state, commands = play((3.0, flow.Agreed()), state=state)
    assert (state.page, commands) == (Page.GAME, [flow.StartCamera])


def test_who_does_not_agree_is_not_filmed():
    state, commands = play((0.0, flow.Begin()), (3.0, flow.ToTitle()))
    assert (state.page, commands) == (Page.ATTRACT, [])
    # The notice cannot be gone round.
    assert play((0.0, flow.Agreed()))[1] == []


def test_nobody_there_goes_back_to_attract_from_every_page():
    for events, page, limit_s in (
        ([(0.0, flow.Begin())], Page.NOTICE, flow.NOTICE_IDLE_S),
        (IN_GAME, Page.GAME, RULES.idle_s),
        ([(0.0, flow.MenuAsked())], Page.PIN, flow.OPERATOR_IDLE_S),
        ([(0.0, flow.MenuAsked()), (0.0, flow.PinChecked(True))], Page.MENU, flow.OPERATOR_IDLE_S),
    ):
        state, _ = play(*events)
        assert state.page is page
        since_s = state.touched_s
        assert play((since_s + limit_s - 0.1, QUIET), state=state)[0].page is page
        touched, _ = play((since_s + limit_s - 0.1, flow.Touched()), state=state)
        assert play((since_s + limit_s + 1, QUIET), state=touched)[0].page is page
        left, commands = play((since_s + limit_s, QUIET), state=state)
        assert left.page is Page.ATTRACT
        assert commands == ([flow.EndVisit] if page is Page.GAME else [])


def test_a_round_needs_no_touch():
    running = [(5.0 + n, flow.Tick(in_round=True, camera_lost=False)) for n in range(300)]
    state, commands = play(*IN_GAME, *running)
    assert (state.page, commands) == (Page.GAME, [flow.StartCamera])


def test_rounds_of_a_player_are_counted_and_void_ones_are_not():
    state, _ = play(*IN_GAME, (10.0, flow.RoundOver(True)), (20.0, flow.RoundOver(False)))
    assert flow.may_play_again(state, RULES)
    state, _ = play((30.0, flow.RoundOver(True)), state=state)
    assert not flow.may_play_again(state, RULES)
    state, _ = play(
        (40.0, flow.ToTitle()), (41.0, flow.Begin()), (42.0, flow.Agreed()), state=state
    )
    assert flow.may_play_again(state, RULES)


def test_the_pin_opens_the_menu_and_wrong_ones_are_remembered():
    state, _ = play(*((0.0, event) for event in (
        flow.MenuAsked(), flow.Typed("1"), flow.Typed("x"), flow.Typed("2"), flow.Erased(),
        flow.Typed("3"),
    )))  # fmt: skip
    assert (state.page, state.digits) == (Page.PIN, "13")
    state, _ = play(*((1.0, flow.PinChecked(False)) for _ in range(3)), state=state)
    assert (state.digits, state.wrong) == ("", True)
    assert state.attempts.wait_s(1.0) == 10.0
    # Leaving and coming back does not help.
    state, _ = play((2.0, flow.MenuClosed()), (3.0, flow.MenuAsked()), state=state)
    assert state.attempts.wait_s(3.0) == 8.0
    state, _ = play((20.0, flow.PinChecked(True)), state=state)
    assert (state.page, state.attempts.wrong) == (Page.MENU, 0)


def test_the_gesture_in_a_game_ends_the_visit():
    state, commands = play(*IN_GAME, (6.0, flow.MenuAsked()))
    assert (state.page, commands) == (Page.PIN, [flow.StartCamera, flow.EndVisit])


def test_a_camera_that_is_gone_wants_staff_after_a_minute():
    lost = flow.Tick(in_round=True, camera_lost=True)
    state, _ = play(*IN_GAME, (10.0, lost), (40.0, lost))
    assert state.lost_s == 10.0
    assert not state.wants_staff(69.0)
    assert state.wants_staff(70.0)
    state, _ = play((41.0, flow.Tick(in_round=True, camera_lost=False)), state=state)
    assert state.lost_s is None


def test_a_camera_that_is_gone_is_gone_for_the_next_visitor_too():
    lost, unknown = (flow.Tick(in_round=False, camera_lost=each) for each in (True, None))
    state, _ = play(*IN_GAME, (10.0, lost), (56.0, lost))
    assert (state.page, state.lost_s) == (Page.ATTRACT, 10.0)
    state, _ = play((60.0, flow.Begin()), (61.0, unknown), (62.0, flow.Agreed()), state=state)
    state, _ = play((63.0, unknown), (75.0, lost), state=state)
    assert (state.page, state.lost_s) == (Page.GAME, 10.0)
    assert state.wants_staff(75.0)
    state, _ = play((76.0, flow.Tick(in_round=False, camera_lost=False)), state=state)
    assert state.lost_s is None


EVENTS = st.one_of(
    *(
        st.just(event)
        for event in (
            flow.Touched(),
            flow.Begin(),
            flow.Agreed(),
            flow.ToTitle(),
            flow.RoundOver(True),
            flow.MenuAsked(),
            flow.Typed("7"),
            flow.Erased(),
            flow.PinChecked(False),
            flow.PinChecked(True),
            flow.MenuClosed(),
            QUIET,
            flow.Tick(True, True),
        )
    )
)


@given(st.lists(st.tuples(st.floats(0.0, 100.0), EVENTS), max_size=80))
def test_the_camera_is_on_in_the_game_alone(steps):
    state, now_s, on = Booth(), 0.0, False
    for gap_s, event in steps:
        now_s += gap_s
        before = state
        state, commands = step(state, event, now_s, RULES)
        for command in commands:
            if isinstance(command, flow.StartCamera):
                assert before.page is Page.NOTICE
                assert isinstance(event, flow.Agreed)
            on = isinstance(command, flow.StartCamera)
        assert on == (state.page is Page.GAME)
        if state.page is Page.MENU and before.page is not Page.MENU:
            assert event == flow.PinChecked(True)


def test_five_taps_into_the_corner():
    def taps(*at):
        count, full = CornerTaps(), False
        for x, y, now_s in at:
            count, full = count.tap(x, y, now_s)
        return full

    corner = [(0.05, 0.05, 0.5 * n) for n in range(5)]
    assert taps(*corner)
    assert not taps(*corner[:4])
    assert not taps(*corner[:2], (0.5, 0.5, 1.0), *corner[2:])
    assert not taps(*((0.05, 0.05, 2.0 * n) for n in range(5)))
    assert not taps(*corner, corner[-1])


@pytest.mark.parametrize("page", list(Page))
def test_an_event_that_does_not_fit_changes_nothing(page):
    state = Booth(page=page)
    if page is not Page.PIN:
        assert step(state, flow.PinChecked(True), 1.0, RULES) == (state, ())
    if page is not Page.NOTICE:
        assert step(state, flow.Agreed(), 1.0, RULES) == (state, ())
