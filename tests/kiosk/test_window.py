from __future__ import annotations

import os
from datetime import time as clock_time

import pygame
import pytest

os.environ["SDL_AUDIODRIVER"] = "dummy"

from modes_for_tests import MODES

from emotion_game.kiosk import window as window_module
from emotion_game.kiosk.closed_screen import ClosedBooth
from emotion_game.kiosk.pin import hash_pin
from emotion_game.kiosk.settings import ScreenSettings
from emotion_game.kiosk.supervisor import LEFT, ON
from emotion_game.kiosk.window import KioskWindow
from emotion_game.screens.consent import ConsentView
from emotion_game.screens.operator import LeaveView, OperatorView, PinView
from emotion_game.screens.out_of_service import Closed, ClosedView
from emotion_game.ui.intents import Intent, OperatorIntent, TypeKey
from emotion_game.ui.live import CameraStatus, CameraView
from emotion_game.ui.view import View

NOTICE = ConsentView("happy", "us", "", ("One.", "Two."))


def view_of(screen):
    return View(screen, CameraView("", CameraStatus.STARTING), "en", reduced_motion=True)


@pytest.fixture
def opened():
    made = []

    def build(**settings):
        window = KioskWindow(ScreenSettings(**settings), MODES, offscreen=True)
        made.append(window)
        return window

    yield build
    for window in made:
        window.close()


def on_glass(window, place, turns):
    """Return where on the glass the player sees a place of the upright picture, px."""
    width, height = window.size_px
    x, y = place[0] / width, place[1] / height
    glass = window.glass.get_surface().get_size()
    x, y = {0: (x, y), 1: (1 - y, x), 2: (1 - x, 1 - y), 3: (y, 1 - x)}[turns]
    return int(x * glass[0]), int(y * glass[1])


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_press_lands_on_the_button_however_the_screen_hangs(opened, turns):
    window = opened(rotation_deg=90 * turns)
    view = view_of(NOTICE)
    window.draw(view)
    glass = window.glass.get_surface()
    assert (window.size_px == glass.get_size()) is (turns % 2 == 0)
    (agree,) = (each for each in window.layout(view).buttons if each.intent is Intent.AGREE)
    # The button's colour is where the player sees it.
    upright = window.surface
    spot = (agree.rect.left + 30, agree.rect.centery)
    assert glass.get_at(on_glass(window, spot, turns)) == upright.get_at(spot)
    at = on_glass(window, agree.rect.center, turns)
    down = pygame.Event(pygame.MOUSEBUTTONDOWN, pos=at, button=1, touch=False)
    up = pygame.Event(pygame.MOUSEBUTTONUP, pos=at, button=1, touch=False)
    pygame.event.post(down)
    pygame.event.post(up)
    assert window.handle_events(view) == [Intent.AGREE]
    finger = {"x": at[0] / glass.get_width(), "y": at[1] / glass.get_height(), "finger_id": 1}
    pygame.event.post(pygame.Event(pygame.FINGERDOWN, touch_id=1, **finger))
    pygame.event.post(pygame.Event(pygame.FINGERUP, touch_id=1, **finger))
    assert window.handle_events(view) == [Intent.AGREE]


def test_the_cursor_hides_after_a_while(opened, monkeypatch):
    window = opened(cursor_s=2.0)
    shown, now_s = [], [100.0]
    monkeypatch.setattr(window_module.time, "monotonic", lambda: now_s[0])
    monkeypatch.setattr(pygame.mouse, "set_visible", shown.append)
    pygame.event.post(
        pygame.Event(pygame.MOUSEMOTION, pos=(5, 5), rel=(1, 1), buttons=(0, 0, 0), touch=False)
    )
    window.handle_events(view_of(NOTICE))
    assert shown[-1] is True
    now_s[0] += 2.1
    window.handle_events(view_of(NOTICE))
    assert shown[-1] is False
    assert window.take_touched()
    assert not window.take_touched()


def test_the_closed_screen_has_a_way_back_for_the_operator(shipped):
    operator = shipped.operator.model_copy(update={"pin_hash": hash_pin("29176")})
    hours = shipped.hours.model_copy(
        update={"opens": clock_time(10, 0), "closes": clock_time(18, 0)}
    )
    settings = shipped.model_copy(update={"operator": operator, "hours": hours})
    closed = ClosedBooth(settings, "happy", Closed.HOURS, 0.0)

    def press(*intents, now_s=1.0):
        closed.turn(intents, touched=bool(intents), now_s=now_s)
        return closed.pages.top.view(now_s)

    assert press() == ClosedView("happy", Closed.HOURS, "10:00")
    press(OperatorIntent.IN_SERVICE)
    assert closed.code is None
    press(OperatorIntent.MENU)
    pin = press(*(TypeKey(digit) for digit in "29179"), Intent.ERASE, TypeKey("6"))
    assert pin == PinView("happy", 5, wrong=False, wait_s=0)
    menu = press(Intent.DONE)
    assert isinstance(menu, OperatorView)
    assert menu.closed
    assert press(now_s=30.9) == menu
    assert isinstance(press(now_s=31.1), ClosedView), "nobody leaves the menu open"
    press(OperatorIntent.MENU, *(TypeKey(digit) for digit in "29176"), Intent.DONE)
    press(OperatorIntent.IN_SERVICE)
    assert closed.code == ON
    assert press(OperatorIntent.DESKTOP) == LeaveView("happy")
    press(OperatorIntent.DESKTOP)
    assert closed.code == LEFT
