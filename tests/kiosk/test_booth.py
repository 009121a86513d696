"""The game in the kiosk's mode, offscreen: real camera thread, networks, window and rules."""

from __future__ import annotations

import os

import pygame
import pytest
from booth_table import FakeSupervisor
from steady_time import SteadyTime, note_each

os.environ["SDL_AUDIODRIVER"] = "dummy"

from emotion_game.app.pages.round import RoundPage
from emotion_game.app.setup import PlayOptions
from emotion_game.clips.player import PlayerState
from emotion_game.errors import CameraError
from emotion_game.game import states
from emotion_game.game.types import Outcome, Reason
from emotion_game.kiosk import booth as booth_module
from emotion_game.kiosk import visit
from emotion_game.kiosk.booth import BoothGame
from emotion_game.kiosk.face_feed import RestingCamera
from emotion_game.kiosk.pin import hash_pin
from emotion_game.kiosk.services import open_services
from emotion_game.kiosk.supervisor import LEFT, OFF
from emotion_game.monitor import Order
from emotion_game.screens.attract import AttractView
from emotion_game.screens.consent import ConsentView
from emotion_game.screens.finale import CaughtView
from emotion_game.screens.levels import LevelView
from emotion_game.screens.operator import LeaveView, OperatorView, PinView
from emotion_game.screens.out_of_service import Closed, ClosedView
from emotion_game.screens.result import ResultView
from emotion_game.screens.title import TitleView
from emotion_game.ui.intents import ChangeOption, Intent, OperatorIntent, Option, TypeKey
from emotion_game.ui.window import Window
from emotion_game.vision.camera import Camera

PIN = "29176"
LIMIT_S = 120.0


@pytest.fixture
def supervisor():
    return FakeSupervisor()


@pytest.fixture
def make(shipped, supervisor, tmp_path, monkeypatch):
    """Make a booth that is loaded but whose main loop is turned by hand."""
    monkeypatch.setenv("EMOTION_GAME_DATABASE_URL", f"sqlite:///{tmp_path / 'scores.sqlite3'}")
    clock = SteadyTime(monkeypatch)
    made = []

    def build(camera="demo", **offer):
        update = {
            "game": shipped.game.model_copy(update={"camera": camera, "player": "pyav", **offer}),
            "operator": shipped.operator.model_copy(update={"pin_hash": hash_pin(PIN)}),
        }
        settings = shipped.model_copy(update=update)
        options = PlayOptions(
            camera=camera, player="pyav", language="en", offscreen=True, scores=True, seed=1
        )
        game = BoothGame(options, open_services(settings, supervisor, options, clock))
        made.append(game)
        game.load()
        return game

    yield build
    for game in made:
        game.services.stack.close()


def screen(game):
    return game.view(game.clock.now_s).screen


def turn(game, *intents):
    for intent in intents:
        game.obey(intent, game.clock.now_s)
    game.turn(game.clock.now_s)


def turn_until(game, condition):
    ends_s = game.clock.now_s + LIMIT_S
    while not condition():
        assert game.clock.now_s < ends_s, "it did not happen"
        game.turn(game.clock.now_s)
        game.clock.sleep(0.01)


def test_a_booth_opens_one_window_and_no_camera(make, monkeypatch):
    windows, cameras = [], []
    note_each(monkeypatch, Window, windows)
    note_each(monkeypatch, Camera, cameras)
    game = make()
    turn(game)
    assert len(windows) == 1
    assert [type(game.feed.camera), *cameras] == [RestingCamera]


def test_a_visit_from_attract_to_the_title_and_back(make, supervisor):
    game = make()
    turn(game)
    assert isinstance(screen(game), AttractView)
    turn_until(game, lambda: screen(game).pixels is not None)
    assert (game.feed.resting, game.feed.camera.frames) == (True, 0)
    turn(game, Intent.GO_ON)
    notice = screen(game)
    assert isinstance(notice, ConsentView)
    assert len(notice.paragraphs) == 4
    assert game.feed.camera.frames == 0
    turn(game, Intent.GO_ON, Intent.NEXT_LEVEL, Intent.QUIT)
    assert isinstance(screen(game), ConsentView), "the notice cannot be skipped"
    turn(game, Intent.AGREE)
    assert supervisor.consents == ["en"]
    shown = screen(game)
    assert isinstance(shown, TitleView)
    assert not shown.can_quit
    turn_until(game, lambda: supervisor.status.camera_working)
    turn(game, Intent.BACK)
    assert isinstance(screen(game), AttractView)
    assert game.feed.resting
    assert game.feed.newest is None


def test_what_the_thread_still_had_in_hand_is_not_the_next_visitors(make, monkeypatch):
    game = make()
    game.feed.wake()
    turn_until(game, lambda: game.feed.ready)
    late = game.feed.newest
    game.feed.rest()
    monkeypatch.setattr(game.feed._pipeline, "drain", lambda: [late])
    game.feed.wake()
    assert game.feed.drain() == []
    assert game.feed.newest is None
    assert not game.feed.ready


def test_without_a_record_of_the_consent_the_camera_stays_off(make, supervisor):
    game = make()
    supervisor.full = True
    turn(game, Intent.GO_ON, Intent.AGREE)
    assert screen(game) == ClosedView("happy", Closed.UNSAVED)
    assert game.feed.resting


def test_what_belongs_to_a_player_at_home_does_nothing(make):
    game = make()
    turn(game, Intent.GO_ON, Intent.AGREE)
    volume = game.engine.preferences.volume
    turn(game, Intent.QUIT, Intent.OPTIONS, Intent.NEXT_CAMERA, Intent.TOGGLE_FULLSCREEN)
    turn(game, ChangeOption(Option.VOLUME, 1), Intent.SAVE_MOMENT)
    assert game.running
    assert isinstance(screen(game), TitleView)
    assert game.engine.preferences.volume == volume
    assert game.feed.camera.spec == "demo"


def test_only_what_is_offered(make):

    game = make(modes=("surprise",), levels=(2,), languages=("en",))
    turn(game, Intent.GO_ON, Intent.AGREE)
    shown = screen(game)
    assert isinstance(shown, LevelView)
    assert shown.mode == "surprise"
    offered = [pair for pair, count in shown.clip_counts.items() if count]
    assert offered == [("surprise", 2)]
    turn(game, Intent.TOGGLE_LANGUAGE)
    assert game.engine.language == "en"
    turn(game, Intent.BACK)
    assert isinstance(screen(game), AttractView)


def test_a_cameras_password_is_not_shown(make, supervisor):
    game = make(camera="http://admin:s3cret@127.0.0.1:9/v?token=s3cret")
    turn(game)
    assert supervisor.status.camera == "http://admin:***@127.0.0.1:9/v?token=*** (off)"
    turn(game, Intent.GO_ON)
    turn(game, Intent.AGREE)
    turn_until(game, lambda: supervisor.status.faults)
    assert "s3cret" not in supervisor.status.model_dump_json()
    assert "s3cret" not in repr(game.view(game.clock.now_s).camera)


def test_a_camera_that_is_not_there_is_waited_for(make, monkeypatch, supervisor):
    monkeypatch.setattr(booth_module, "OPENING_S", 0.0)
    game = make(camera="97")
    turn(game, Intent.GO_ON, Intent.AGREE)
    turn_until(game, lambda: isinstance(screen(game), ClosedView))
    assert "Camera 97" in supervisor.status.faults[0]
    assert not supervisor.status.camera_working
    assert game.running
    monkeypatch.setattr(visit, "STAFF_S", 0.0)
    assert screen(game).why.name == "STAFF"


def test_nobody_there_ends_the_visit(make):
    game = make()
    turn(game, Intent.GO_ON, Intent.AGREE, Intent.TOGGLE_LANGUAGE)
    assert game.engine.language == "ko"
    assert game.visiting
    game.turn(game.clock.now_s + 46.0)
    assert isinstance(screen(game), AttractView)
    assert game.feed.resting


def test_the_operators_menu(make):
    game = make()
    turn(game, OperatorIntent.MENU)
    assert isinstance(screen(game), PinView)
    turn(game, *(TypeKey(digit) for digit in "11119"), Intent.DONE)
    assert screen(game).wrong
    turn(game, *(TypeKey(digit) for digit in PIN), Intent.DONE)
    menu = screen(game)
    assert isinstance(menu, OperatorView)
    assert dict(menu.lines)["camera"] == "demo (off)"
    turn(game, ChangeOption(Option.VOLUME, 1))
    assert screen(game).volume == 0.8, "the cap holds"
    turn(game, ChangeOption(Option.VOLUME, -1))
    assert screen(game).volume == pytest.approx(0.7)
    turn(game, OperatorIntent.OUT_OF_SERVICE)
    assert (game.running, game.code) == (False, OFF)
    game.running = True
    turn(game, OperatorIntent.DESKTOP)
    assert isinstance(screen(game), LeaveView), "it is asked first"
    assert game.running
    turn(game, Intent.BACK)
    assert isinstance(screen(game), OperatorView)
    turn(game, OperatorIntent.DESKTOP, OperatorIntent.DESKTOP)
    assert (game.running, game.code) == (False, LEFT)


def test_orders_from_the_supervisor(make, supervisor):
    game = make()
    supervisor.orders = [Order(kind="volume", value=1.0)]
    turn(game)
    assert game.engine.preferences.volume == 0.8
    supervisor.orders = [Order(kind="end")]
    turn(game)
    assert not game.running


def test_keys_and_close_do_nothing_and_the_gesture_opens_the_pin(make):
    game = make()
    turn(game)
    for event in (
        pygame.Event(pygame.QUIT),
        pygame.Event(pygame.KEYDOWN, key=pygame.K_ESCAPE, mod=0, unicode=""),
        pygame.Event(pygame.KEYDOWN, key=pygame.K_F4, mod=pygame.KMOD_ALT, unicode=""),
    ):
        pygame.event.post(event)
    turn(game)
    assert game.running
    for _ in range(5):
        pygame.event.post(pygame.Event(pygame.MOUSEBUTTONDOWN, pos=(20, 20), button=1, touch=False))
    turn(game)
    assert isinstance(screen(game), PinView)


def test_a_touch_anywhere_begins(make):
    game = make()
    turn(game)
    pygame.event.post(pygame.Event(pygame.FINGERDOWN, x=0.4, y=0.3, finger_id=1, touch_id=1))
    turn(game)
    turn(game)
    assert isinstance(screen(game), ConsentView)


def test_a_whole_round_and_no_more_than_allowed(make, supervisor):

    game = make(rounds_per_player=1)
    turn(game, Intent.GO_ON, Intent.AGREE)
    turn_until(game, lambda: game.feed.ready)
    game.engine.mode, game.engine.level = "happy", 1
    game.start(game.clock.now_s)
    assert isinstance(game.pages.top, RoundPage)
    turn_until(game, lambda: isinstance(game.engine.state, states.Finished))
    turn(game)
    assert supervisor.status.last_round.outcome == "lost"
    assert supervisor.status.rounds == 1
    assert game.results[0].curve == ()
    assert '"Start"' in supervisor.lines[0] or any('"Start"' in line for line in supervisor.lines)
    # The first press shows the result sooner, the second is one too many.
    assert isinstance(screen(game), CaughtView)
    turn(game, Intent.AGAIN)
    assert isinstance(screen(game), ResultView)
    turn(game, Intent.AGAIN)
    assert isinstance(screen(game), AttractView)


def test_a_clip_player_that_fails_is_replaced(make):
    game = make()
    turn(game, Intent.GO_ON, Intent.AGREE)
    turn_until(game, lambda: game.feed.ready)
    game.start(game.clock.now_s)
    turn_until(game, lambda: isinstance(game.engine.state, states.Playing))
    wedged, clip = game.engine.stage.player, game.engine.stage.clip
    wedged._state = PlayerState.FAILED
    turn(game)
    assert game.engine.stage.player is not wedged
    assert not game.engine.stage.failed
    assert (game.results[-1].outcome, game.results[-1].reason) == (Outcome.VOID, Reason.CLIP_FAULT)
    turn(game, Intent.AGAIN)
    turn_until(game, lambda: isinstance(game.engine.state, states.Playing))
    assert game.engine.stage.clip is not clip
    assert game.engine.stage.player.state is PlayerState.PLAYING


def test_a_camera_that_goes_away_in_a_round_voids_it_and_is_waited_for(make):
    game = make()
    turn(game, Intent.GO_ON, Intent.AGREE)
    turn_until(game, lambda: game.feed.ready)
    game.start(game.clock.now_s)
    turn_until(game, lambda: isinstance(game.engine.state, states.Playing))
    away = CameraError("The camera demo stopped giving pictures.")
    game.feed.camera.is_lost = lambda: True
    game.feed.camera.error = away
    turn(game)
    turn(game)
    assert (game.results[-1].outcome, game.results[-1].reason) == (
        Outcome.VOID,
        Reason.CAMERA_FAULT,
    )
    assert isinstance(screen(game), ResultView), "the player is told"
    turn(game, Intent.AGAIN)
    assert len(game.results) == 1, "no round begins without a camera"
    game.clock.now_s += booth_module.VOID_S
    assert screen(game).why is Closed.MOMENT
    game.clock.now_s += visit.STAFF_S
    assert screen(game).why is Closed.STAFF
    del game.feed.camera.is_lost
    game.feed.camera.error = None
    game.clock.now_s -= visit.STAFF_S + booth_module.VOID_S
    turn(game)
    assert game.visit.lost_s is None


def test_a_clip_player_that_gives_no_picture_in_time_is_replaced(make, monkeypatch):
    game = make()
    turn(game, Intent.GO_ON, Intent.AGREE)
    turn_until(game, lambda: game.feed.ready)
    wedged = game.engine.stage.player
    monkeypatch.setattr(type(wedged), "poll", lambda player: None)
    game.start(game.clock.now_s)
    turn_until(game, lambda: isinstance(game.engine.state, states.Finished))
    assert game.results[-1].reason is Reason.CLIP_FAULT
    assert game.engine.stage.player is not wedged
