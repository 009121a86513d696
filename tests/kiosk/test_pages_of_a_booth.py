"""The way through a booth's pages, on a clock of the test's."""

from __future__ import annotations

import pytest
from booth_table import BoothTable
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from table import CLIP_S

from emotion_game.kiosk.pages import RETRY_S
from emotion_game.kiosk.pin import hash_pin
from emotion_game.kiosk.visit import CONSENT_IDLE_S, OPERATOR_IDLE_S, CornerTaps, Visit
from emotion_game.screens.out_of_service import Closed, ClosedView
from emotion_game.ui.intents import (
    ChooseLevel,
    ChooseMode,
    DropFile,
    Intent,
    NamePlayer,
    OperatorIntent,
    TypeKey,
)

PIN = "29176"
#: Made once: a hash is slow on purpose.
HASH = hash_pin(PIN)
AGREED = (Intent.GO_ON, Intent.AGREE)


@pytest.fixture(scope="module")
def kiosk(shipped):
    return shipped.model_copy(
        update={
            "game": shipped.game.model_copy(update={"rounds_per_player": 2}),
            "operator": shipped.operator.model_copy(update={"pin_hash": HASH}),
        }
    )


@pytest.fixture
def table(kiosk):
    with_booth = BoothTable(kiosk)
    with with_booth.services.stack:
        yield with_booth


def typed(pin):
    return [TypeKey(digit) for digit in pin]


def test_the_camera_starts_with_the_consent_and_not_before(table):
    table.press(Intent.GO_ON).touch()
    assert (table.name, table.game.feed.resting) == ("Consent", True)
    assert table.press(Intent.AGREE).name == "Title"
    assert not table.game.feed.resting


def test_who_does_not_agree_is_not_filmed(table):
    assert table.press(Intent.GO_ON, Intent.BACK).name == "Attract"
    assert table.press(Intent.AGREE).name == "Attract"
    assert table.game.feed.resting
    assert table.supervisor.consents == []


@pytest.mark.parametrize(
    ("way", "name", "limit_s"),
    [
        ([Intent.GO_ON], "Consent", CONSENT_IDLE_S),
        (AGREED, "Title", None),
        ((*AGREED, ChooseMode("happy")), "Level", None),
        ([OperatorIntent.MENU], "Pin", OPERATOR_IDLE_S),
        ([OperatorIntent.MENU, *typed(PIN), Intent.DONE], "Operator", OPERATOR_IDLE_S),
    ],
)
def test_every_page_goes_back_when_nobody_is_there(table, way, name, limit_s):
    limit_s = limit_s or table.kiosk.game.idle_s
    assert table.press(*way).name == name
    assert table.press_nothing(limit_s - 0.1).name == name
    assert table.touch().press_nothing(limit_s - 0.1).name == name
    assert table.press_nothing(0.2).name == "Attract"
    assert table.game.feed.resting


def playing(table, mode="happy"):
    table.press(*AGREED, ChooseMode(mode), ChooseLevel(1), Intent.GO_ON)
    return table.until("Playing")


def test_a_running_round_is_somebody_who_is_there(kiosk):
    offer = kiosk.game.model_copy(update={"idle_s": 0.6 * CLIP_S})
    table = BoothTable(kiosk.model_copy(update={"game": offer}))
    with table.services.stack:
        assert playing(table).show(0.05, 0.8 * CLIP_S).name == "Playing"
        table.until("Result")
        assert table.show(0.05, 0.5 * CLIP_S).name == "Result"
        assert table.game.visit.rounds == 1
        assert table.show(0.05, 0.2 * CLIP_S).name == "Attract"


def test_a_player_has_so_many_rounds_and_the_next_one_has_them_again(table):
    playing(table).until("Result", 0.99)
    table.press(Intent.AGAIN).until("Playing").until("Result", 0.99)
    assert table.press(Intent.AGAIN).name == "Attract"
    assert table.game.feed.resting
    playing(table).until("Result", 0.99)
    assert table.press(Intent.BACK).name == "Title"


def test_the_pin_opens_the_menu_and_guessing_is_slow(table):
    table.press(OperatorIntent.MENU, TypeKey("1"), TypeKey("x"), TypeKey("2"), Intent.ERASE)
    assert table.press(TypeKey("3")).screen.length == 2
    for _ in range(3):
        table.press(*typed("11119"), Intent.DONE)
    assert (table.screen.wrong, table.screen.wait_s) == (True, 10)
    # Leaving does not help, and neither does the right one before its time.
    table.press(Intent.BACK, OperatorIntent.MENU, *typed(PIN), Intent.DONE)
    assert table.name == "Pin"
    table.press_nothing(11.0).press(Intent.DONE)
    assert table.name == "Operator"
    assert table.press(Intent.BACK).name == "Attract"
    assert table.press(OperatorIntent.MENU).screen.wait_s == 0


def test_the_operator_ends_a_visit(table):
    playing(table).press(OperatorIntent.MENU)
    assert table.name == "Pin"
    assert table.game.feed.resting
    assert table.press(Intent.BACK).name == "Attract"


def test_the_player_of_before_is_forgotten(table):
    table.press(*AGREED, Intent.TOGGLE_LANGUAGE, ChooseMode("happy"), Intent.MORE_PLAYERS)
    assert table.screen.players == 2
    table.press(Intent.BACK, Intent.BACK)
    assert table.name == "Attract"
    first = table.kiosk.game.languages[0]
    assert table.game.window.views[-1].language == first
    assert table.press(*AGREED, ChooseMode("happy")).screen.players == 1


@pytest.fixture
def names_typed(table):
    """A visit whose players have typed their names."""
    table.press(*AGREED, ChooseMode("happy"), Intent.TOURNAMENT, NamePlayer(0))
    for name in ("Ana", "Ben", "Cho"):
        table.press(*typed(name), Intent.DONE)
    return table


def turn(table):
    """Play the turn of who is called; it begins by itself."""
    table.until("Ready").until("Playing")
    for _ in range(200):
        if table.name.startswith("Tournament"):
            return
        table.show(0.99, 0.1)


def test_a_tournament_at_a_booth_goes_on_by_itself_and_ends_the_visit(names_typed):
    table = names_typed.press(Intent.GO_ON).until("Tournament")
    # Two rounds a player, and one of them is the final.
    assert len(table.screen.table[0].clips) == 1
    for _ in range(3):
        turn(table)
    while table.name == "Tournament":
        turn(table)
    assert table.name == "TournamentOver"
    assert len(table.game.results) >= 5
    # All have had their rounds: the next visitors come.
    assert table.press(Intent.AGAIN).name == "Attract"
    assert table.game.feed.resting
    table.press(*AGREED, ChooseMode("happy"), Intent.TOURNAMENT)
    assert table.screen.names == ("", "", ""), "the names went with the visit"


def test_a_tournament_that_all_have_left_ends_the_visit(names_typed):
    table = names_typed.press(Intent.GO_ON).until("Tournament")
    idle_s = table.kiosk.game.idle_s
    began_s = table.now_s
    while table.name != "Attract":
        table.show(None, 0.5)
        assert table.now_s - began_s < idle_s + 2.0
    assert table.game.results == []
    assert table.game.engine.names == ()


def test_one_who_does_not_come_does_not_end_the_visit(names_typed):
    table = names_typed.press(Intent.GO_ON).until("Tournament")
    table.show(None, table.kiosk.game.idle_s * 0.66)
    assert (table.name, table.screen.called) == ("Tournament", 1)
    turn(table)
    assert table.screen.called == 2


def test_one_round_a_player_is_too_little_for_a_tournament(kiosk):
    game = kiosk.game.model_copy(update={"rounds_per_player": 1})
    table = BoothTable(kiosk.model_copy(update={"game": game}))
    with table.services.stack:
        table.press(*AGREED, ChooseMode("happy"))
        assert not table.screen.tournament
        assert table.press(Intent.TOURNAMENT).name == "Level"


def test_nobody_hears_the_attract_loop_and_a_player_does(table):
    assert table.player.volume == 0.0
    table.press(*AGREED)
    assert table.player.volume == table.kiosk.game.volume_cap
    table.press(Intent.BACK)
    assert table.player.volume == 0.0


def test_a_camera_that_is_gone_wants_staff_and_stays_gone_until_it_shows_something():
    visit = Visit(0.0).with_camera(True, 10.0).with_camera(True, 40.0)
    assert not visit.wants_staff(69.0)
    assert visit.wants_staff(70.0)
    # Off and opening, nobody knows; the next visitor meets the same camera.
    visit = visit.begun(71.0).with_camera(None, 72.0)
    assert visit.lost_s == 10.0
    assert visit.with_camera(False, 73.0).lost_s is None


PRESSES = st.one_of(
    st.sampled_from(
        [
            *AGREED,
            Intent.BACK,
            Intent.DONE,
            Intent.ERASE,
            Intent.AGAIN,
            ChooseMode("happy"),
            ChooseLevel(1),
            OperatorIntent.MENU,
            TypeKey("7"),
            None,
        ]
    )
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.floats(0.0, 60.0), PRESSES), max_size=40))
def test_the_camera_is_on_in_a_visit_alone(kiosk, steps):
    table = BoothTable(kiosk)
    with table.services.stack:
        for gap_s, intent in steps:
            before = table.name if table.game.window.views else "Attract"
            agreed = len(table.supervisor.consents)
            was_on = not table.game.feed.resting
            table.now_s += gap_s
            table.press(*([] if intent is None else [intent])).press_nothing()
            on = not table.game.feed.resting
            assert on == table.game.visiting
            if on and not was_on:
                assert intent is Intent.AGREE
                assert before == "Consent"
                assert len(table.supervisor.consents) == agreed + 1
            assert table.name != "Operator", "nobody knows the PIN"


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


@pytest.mark.parametrize("intent", [*Intent, *OperatorIntent, TypeKey("1"), ChooseLevel(2)])
def test_a_press_that_does_not_fit_changes_nothing(table, intent):
    if intent not in (Intent.GO_ON, OperatorIntent.MENU):
        assert table.press(intent).name == "Attract"
    table.press(Intent.GO_ON)
    if intent not in (Intent.AGREE, Intent.BACK, OperatorIntent.MENU):
        assert table.press(intent).name == "Consent"
    assert table.game.running


def test_where_no_consent_can_be_kept_the_staff_is_called_until_it_can(table):
    table.supervisor.full = True
    assert table.press(*AGREED).screen == ClosedView("happy", Closed.UNSAVED)
    assert table.game.feed.resting
    assert "Cannot log the consent" in table.supervisor.status.faults[0]
    # Whoever comes meanwhile is not asked for what cannot be kept.
    later = table.press_nothing(3600.0).press(Intent.GO_ON, Intent.BACK)
    assert later.screen.why is Closed.UNSAVED
    table.supervisor.full = False
    assert table.press_nothing(RETRY_S + 0.1).press_nothing().name == "Attract"
    assert table.press_nothing().supervisor.status.faults == ()
    assert table.press(*AGREED).name == "Title"


def test_a_booth_offers_no_other_camera(table):
    table.press(*AGREED, ChooseMode("happy"), ChooseLevel(1))
    assert table.name == "Check"
    assert not table.screen.can_change
    table.press(Intent.NEXT_CAMERA)
    assert table.game.feed.camera.spec == "0"


def test_a_booth_takes_no_films(table):
    table.press(*AGREED, DropFile("/home/a/film.mp4"), Intent.OWN_CLIPS)
    assert table.name == "Title"
