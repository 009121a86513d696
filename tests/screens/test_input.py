from __future__ import annotations

import dataclasses
import os

import pygame
import pytest
from modes_for_tests import MODES
from scripts_under_test import contact_sheet

from emotion_game.errors import ScreenError
from emotion_game.screens.options import OptionsView
from emotion_game.screens.title import TitleView
from emotion_game.ui import gamepads
from emotion_game.ui.intents import (
    ChangeOption,
    ChooseLevel,
    ChooseMode,
    Intent,
    Label,
    Option,
    PlugGamepad,
    TypeKey,
)
from emotion_game.ui.window import Window

SAMPLES = dict(contact_sheet.samples("en"))
SCREENS = [
    "title-hint",
    "levels-happy",
    "levels-match",
    "warning",
    "ready-still",
    "ready-consent",
    "countdown",
    "countdown-consent",
    "countdown-again",
    "confirm-round",
    "confirm-quit",
    "playing-calm",
    "paused",
    "result-won",
    "result-lost",
    "result-markable",
    "result-full",
    "scores",
    "options-on",
    "match-ready",
    "match-playing",
    "match-result",
    "match-playing-4",
    "match-result-4",
    "players-4",
    "players-8-turns",
    "tournament-8",
    "tournament-asks",
    "tournament-over",
]
#: Where Esc would lose something: the player is asked first.
ASKED = [
    "title-hint",
    "playing-calm",
    "paused",
    "match-playing",
    "match-playing-4",
    "countdown-again",
]
TYPING = ["name-latin", "name-hangul", "name-of-2"]
REVIEW = ["review", "review-unknown", "review-done"]


def post(kind, **values):
    pygame.event.post(pygame.Event(kind, **values))


def key(code, mod=0):
    post(pygame.KEYDOWN, key=code, mod=mod, unicode="", scancode=0)


def click(at, touch=False, button=1):
    post(pygame.MOUSEBUTTONDOWN, pos=at, button=button, touch=touch)
    post(pygame.MOUSEBUTTONUP, pos=at, button=button, touch=touch)


def tap(window, at, finger_id=3):
    x, y = (at[i] / window.size_px[i] for i in (0, 1))
    for kind, down in ((pygame.FINGERDOWN, pygame.MOUSEBUTTONDOWN),
                       (pygame.FINGERUP, pygame.MOUSEBUTTONUP)):  # fmt: skip
        post(kind, touch_id=1, finger_id=finger_id, x=x, y=y, dx=0.0, dy=0.0)
        post(down, pos=at, button=1, touch=True)  # as SDL does


@pytest.fixture
def show(window):
    """Draw a view and let its window's own opening events pass."""

    def show_one(name):
        view = SAMPLES[name]
        window.handle_events(view)
        window.draw(view)
        return view

    return show_one


@pytest.mark.parametrize("name", SCREENS + REVIEW + TYPING)
def test_tab_and_enter_reach_every_button(window, show, name):
    view = show(name)
    buttons = window.layout(view).buttons
    pressed = []
    for _ in buttons:
        key(pygame.K_TAB)
        key(pygame.K_RETURN)
        pressed += window.handle_events(view)
    assert len(pressed) == len(buttons)
    assert set(pressed) == {button.intent for button in buttons}
    focus = window.focus
    key(pygame.K_TAB)
    key(pygame.K_TAB, pygame.KMOD_SHIFT)
    assert window.handle_events(view) == []
    assert window.focus == focus


@pytest.mark.parametrize("name", SCREENS + REVIEW + TYPING)
@pytest.mark.parametrize("size_px", [(1280, 720), (1080, 1920)], ids=str)
def test_arrows_reach_every_button(open_window, name, size_px):
    window, view = open_window(size_px), SAMPLES[name]
    window.handle_events(view)
    names = {button.name for button in window.layout(view).buttons}
    seen: set[str] = set()
    waiting = [window.layout(view).first]
    while waiting:
        start = waiting.pop()
        for code in (pygame.K_LEFT, pygame.K_RIGHT, pygame.K_UP, pygame.K_DOWN):
            window.controls.focus = start
            key(code)
            window.handle_events(view)
            if window.focus not in seen:
                seen.add(window.focus)
                waiting.append(window.focus)
    assert seen == names


@pytest.mark.parametrize("name", SCREENS + REVIEW + TYPING)
@pytest.mark.parametrize("how", ["mouse", "touch"])
def test_one_press_on_a_button_is_one_intent(window, show, name, how):
    view = show(name)
    for button in window.layout(view).buttons:
        if how == "mouse":
            click(button.rect.center)
        else:
            tap(window, button.rect.center)
        assert window.handle_events(view) == [button.intent]


def test_presses_that_miss_or_slide_off_do_nothing(window, show):
    view = show("title-hint")
    one, other = (button.rect.center for button in window.layout(view).buttons[:2])
    click((1, 1))
    click(one, button=3)
    post(pygame.MOUSEBUTTONDOWN, pos=one, button=1, touch=False)
    post(pygame.MOUSEBUTTONUP, pos=other, button=1, touch=False)
    post(pygame.MOUSEBUTTONUP, pos=one, button=1, touch=False)
    assert window.handle_events(view) == []


def test_a_press_does_not_carry_over_to_the_next_screen(window, show):
    view = show("result-lost")
    at = window.layout(view).buttons[-1].rect.center
    post(pygame.MOUSEBUTTONDOWN, pos=at, button=1, touch=False)
    window.handle_events(view)
    show("ready-still")
    show("result-lost")
    post(pygame.MOUSEBUTTONUP, pos=at, button=1, touch=False)
    assert window.handle_events(view) == []


@pytest.mark.parametrize(
    ("name", "focus"),
    [
        ("title-hint", "mode.happy"),
        ("levels-happy", "level.2"),
        ("ready-still", ""),
        ("ready-consent", ""),
        ("countdown-consent", ""),
        ("countdown", ""),
        ("playing-calm", ""),
        ("result-won", "next"),
        ("result-lost", "again"),
        ("result-markable", "next"),
        ("result-void-no_clip", "menu"),
    ],
)
def test_the_likeliest_button_has_the_focus_and_rounds_have_none(window, show, name, focus):
    view = show(name)
    assert window.focus == focus
    if not focus:
        key(pygame.K_RETURN)
        key(pygame.K_SPACE)
        # Nothing is pressed by accident; the game hints at the arrows.
        assert window.handle_events(view) == [Intent.NOT_CHOSEN, Intent.NOT_CHOSEN]


@pytest.mark.parametrize("name", SCREENS)
def test_shortcuts(window, show, name):
    view = show(name)
    codes = (pygame.K_ESCAPE, pygame.K_F11, pygame.K_l, pygame.K_c, pygame.K_p, pygame.K_m)
    for code in (*codes, pygame.K_2, pygame.K_KP3):
        key(code)
    assert window.handle_events(view) == [
        Intent.STOP if name in ASKED else Intent.BACK,
        Intent.TOGGLE_FULLSCREEN,
        Intent.TOGGLE_LANGUAGE,
        Intent.NEXT_CAMERA,
        Intent.PAUSE,
        ChangeOption(Option.MUTE),
        *([ChooseLevel(2), ChooseLevel(3)] if name.startswith("levels") else []),
    ]


def test_esc_does_not_leave_the_game_where_that_is_not_allowed(window, show):
    view = show("title-hint")
    booth = dataclasses.replace(view, screen=dataclasses.replace(view.screen, can_quit=False))
    key(pygame.K_ESCAPE)
    assert window.handle_events(booth) == [Intent.BACK]
    assert Intent.QUIT not in [button.intent for button in window.layout(booth).buttons]


@pytest.mark.parametrize(
    ("name", "allowed", "intent"),
    [
        ("title-hint", "has_options", Intent.OPTIONS),
        ("check-good", "can_change", Intent.NEXT_CAMERA),
        ("result-full", "can_save", Intent.SAVE_MOMENT),
        ("match-result", "can_save", Intent.SAVE_MOMENT),
    ],
)
def test_a_booth_has_no_button_for_what_it_does_not_allow(window, show, name, allowed, intent):
    view = show(name)
    booth = dataclasses.replace(view, screen=dataclasses.replace(view.screen, **{allowed: False}))
    intents = [button.intent for button in window.layout(view).buttons]
    intents.remove(intent)
    assert [button.intent for button in window.layout(booth).buttons] == intents


# --- Typing a name --------------------------------------------------------------------------------


def test_on_the_names_screen_letters_are_letters(window, show):
    view = show("name-latin")
    letters = "lcpm2 한"
    for letter in letters:
        post(pygame.KEYDOWN, key=ord(letter), mod=0, unicode=letter, scancode=0)
    assert window.handle_events(view) == [TypeKey(letter, real=True) for letter in letters]
    post(pygame.KEYDOWN, key=pygame.K_BACKSPACE, mod=0, unicode="\b", scancode=0)
    post(pygame.KEYDOWN, key=pygame.K_RETURN, mod=0, unicode="\r", scancode=0)
    key(pygame.K_ESCAPE)
    assert window.handle_events(view) == [Intent.ERASE, Intent.DONE, Intent.BACK]


@pytest.mark.parametrize("name", TYPING)
def test_every_key_on_the_screen_can_be_pressed(window, show, name):
    view = show(name)
    typed = {b.intent.key for b in window.layout(view).buttons if isinstance(b.intent, TypeKey)}
    assert typed >= {key for row in view.screen.keys for key in row} | {" "}


# --- Gamepad --------------------------------------------------------------------------------------


def pad(button):
    post(pygame.CONTROLLERBUTTONDOWN, instance_id=0, button=button)
    post(pygame.CONTROLLERBUTTONUP, instance_id=0, button=button)


def stick(axis, share):
    post(pygame.CONTROLLERAXISMOTION, instance_id=0, axis=axis, value=round(share * 32767))


@pytest.mark.parametrize("name", SCREENS + TYPING)
def test_a_gamepad_moves_the_focus_as_the_arrows_do(window, show, name):
    view = show(name)
    key(pygame.K_DOWN)
    key(pygame.K_RIGHT)
    window.handle_events(view)
    expected = window.focus
    window.controls.enter(window.layout(view))
    pad(pygame.CONTROLLER_BUTTON_DPAD_DOWN)
    stick(pygame.CONTROLLER_AXIS_LEFTX, 0.9)
    assert window.handle_events(view) == []
    assert window.focus == expected
    pad(pygame.CONTROLLER_BUTTON_A)
    pad(pygame.CONTROLLER_BUTTON_START)
    pad(pygame.CONTROLLER_BUTTON_Y)
    focused = next(b.intent for b in window.layout(view).buttons if b.name == expected)
    assert window.handle_events(view) == [focused, Intent.PAUSE]


def test_a_gamepad_goes_back_but_never_out_of_the_game(window, show):
    view = show("levels-happy")
    pad(pygame.CONTROLLER_BUTTON_B)
    assert window.handle_events(view) == [Intent.BACK]
    view = show("title-hint")
    pad(pygame.CONTROLLER_BUTTON_B)
    assert window.handle_events(view) == []


def test_a_stick_is_one_step_until_it_comes_back(window, show):
    view = show("title-hint")
    steps = []
    for share in (0.3, 0.7, 0.9, 1.0, 0.5, 0.9, 0.1, 0.8):
        before = window.focus
        stick(pygame.CONTROLLER_AXIS_LEFTX, share)
        window.handle_events(view)
        steps.append(window.focus != before)
    assert steps[:6] == [False, True, False, False, False, False]


class Pad:
    """A gamepad as SDL gives it."""

    name = "Test pad"
    closed = False

    def __init__(self, index):
        if index == 9:
            raise pygame.error("gone")

    def as_joystick(self):
        return self

    def get_instance_id(self):
        return 7

    def quit(self):
        Pad.closed = True


def test_gamepads_may_come_and_go(monkeypatch):
    monkeypatch.setattr(gamepads.controller, "Controller", Pad)
    monkeypatch.setattr(gamepads.controller, "init", lambda: None)
    monkeypatch.setattr(gamepads.controller, "quit", lambda: None)
    pads = gamepads.Gamepads(listen=True)
    added = pygame.Event(pygame.CONTROLLERDEVICEADDED, device_index=0)
    removed = pygame.Event(pygame.CONTROLLERDEVICEREMOVED, instance_id=7)
    assert pads.handle(pygame.Event(pygame.CONTROLLERDEVICEADDED, device_index=9)) is None
    assert pads.handle(added) == PlugGamepad("Test pad", found=True)
    assert pads.handle(added) is None
    assert pads.handle(removed) == PlugGamepad("Test pad", found=False)
    assert pads.handle(removed) is None
    assert pads.handle(added) == PlugGamepad("Test pad", found=True)
    pads.close()
    assert Pad.closed


@pytest.mark.parametrize(
    ("name", "code", "intent"),
    [
        ("ready-consent", pygame.K_y, Intent.AGREE),
        ("ready-refused", pygame.K_n, Intent.REFUSE),
        ("countdown-consent", pygame.K_n, Intent.REFUSE),
        ("result-markable", pygame.K_F8, Intent.WRONG_CALL),
        ("review", pygame.K_1, Label("neutral")),
        ("review", pygame.K_KP8, Label("contempt")),
        ("review", pygame.K_d, Intent.DELETE),
        ("review", pygame.K_s, Intent.SKIP),
        ("review", pygame.K_SPACE, Intent.SKIP),
        ("review", pygame.K_z, Intent.UNDO),
        ("review-done", pygame.K_BACKSPACE, Intent.UNDO),
        ("review-done", pygame.K_RETURN, Intent.BACK),
        ("review", pygame.K_ESCAPE, Intent.BACK),
    ],
)
def test_keys_of_buttons(window, show, name, code, intent):
    view = show(name)
    key(code)
    assert window.handle_events(view) == [intent]


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("result-lost", [pygame.K_y]),
        ("ready-still", [pygame.K_y, pygame.K_n]),
        ("countdown", [pygame.K_y, pygame.K_n]),
        ("playing-recording", [pygame.K_y, pygame.K_n, pygame.K_F8]),
        ("result-marked", [pygame.K_F8]),
        ("result-won", [pygame.K_F8, pygame.K_y]),
        ("review-unknown", [pygame.K_z]),
        ("review-done", [pygame.K_1, pygame.K_d]),
    ],
)
def test_keys_of_buttons_that_are_not_there_do_nothing(window, show, name, codes):
    view = show(name)
    for code in codes:
        key(code)
    assert window.handle_events(view) == []


def test_the_first_key_on_the_way_to_consent_is_no(window, show):
    view = show("ready-consent")
    names = [button.name for button in window.layout(view).buttons]
    assert names.index("refuse") < names.index("agree")
    key(pygame.K_TAB)
    key(pygame.K_RETURN)
    assert Intent.AGREE not in window.handle_events(view)


@pytest.mark.parametrize("name", SCREENS)
def test_closing_the_window_quits(window, show, name):
    view = show(name)
    post(pygame.QUIT)
    assert window.handle_events(view) == [Intent.QUIT]


def test_the_title_offers_both_modes(window, show):
    intents = [button.intent for button in window.layout(show("title-hint")).buttons]
    assert [intent for intent in intents if isinstance(intent, ChooseMode)] == [
        ChooseMode(mode) for mode in MODES
    ]


@pytest.mark.parametrize("name", SCREENS)
def test_resizing_moves_the_buttons_and_clicks_follow(window, show, name):
    view = show(name)
    for size_px in ((1500, 900), (960, 1400), (1280, 720)):
        window.resize(size_px)
        assert window.handle_events(view) == []
        window.draw(view)
        assert window.size_px == size_px
        button = window.layout(view).buttons[-1]
        click(button.rect.center)
        assert window.handle_events(view) == [button.intent]


def test_full_screen_and_back(window, show):
    show("title-hint")
    for wanted in (True, False):
        window.set_fullscreen(wanted)
        assert window.fullscreen is wanted
        show("playing-calm")
    assert window.size_px == (1280, 720)


def test_the_focus_survives_a_change_of_language(window, show):
    view = show("title-hint")
    key(pygame.K_TAB)
    window.handle_events(view)
    focus = window.focus
    korean = dataclasses.replace(view, language="ko")
    window.handle_events(korean)
    window.draw(korean)
    assert window.focus == focus != window.layout(view).first
    assert window.title == "포커페이스"


def test_hovering_shows(window, show):
    view = show("title-hint")
    before = pygame.surfarray.array3d(window.surface)
    at = window.layout(view).buttons[1].rect.center
    post(pygame.MOUSEMOTION, pos=at, rel=(1, 1), buttons=(0, 0, 0), touch=False)
    assert window.handle_events(view) == []
    window.draw(view)
    assert (pygame.surfarray.array3d(window.surface) != before).any()


def test_only_display_and_font_are_started(open_window):
    pygame.mixer.quit()  # another test's clip may have opened it
    open_window()
    assert pygame.display.get_init()
    assert pygame.font.get_init()
    assert not pygame.mixer.get_init()


def test_offscreen_leaves_the_environment_as_it_was(monkeypatch):
    for value in (None, "x11"):
        if value is None:
            monkeypatch.delenv("SDL_VIDEODRIVER", raising=False)
        else:
            monkeypatch.setenv("SDL_VIDEODRIVER", value)
        window = Window(MODES, offscreen=True)
        window.close()
        window.close()
        assert os.environ.get("SDL_VIDEODRIVER") == value


@pytest.mark.parametrize("driver", ["x11", "no such driver"])
def test_no_display_is_one_clear_error(monkeypatch, driver):
    monkeypatch.setenv("SDL_VIDEODRIVER", driver)
    monkeypatch.setenv("DISPLAY", ":no-such-display")
    with pytest.raises(ScreenError, match="no display can be opened") as caught:
        Window(MODES)
    assert "--offscreen" in caught.value.hint
    assert not pygame.display.get_init()


def test_sdl_drawing_where_nobody_sees_it_is_an_error(monkeypatch):
    monkeypatch.delenv("SDL_VIDEODRIVER", raising=False)
    monkeypatch.setattr(pygame.display, "init", lambda: None)
    monkeypatch.setattr(pygame.display, "get_driver", lambda: "offscreen")
    with pytest.raises(ScreenError, match="'offscreen'"):
        Window(MODES)


def test_screenshots(window, show, tmp_path):
    show("result-won")
    window.screenshot(tmp_path / "shot.png")
    assert pygame.image.load(tmp_path / "shot.png").get_size() == (1280, 720)
    with pytest.raises(ScreenError, match="screenshot"):
        window.screenshot(tmp_path / "missing" / "shot.png")


def test_a_view_is_laid_out_once_until_the_window_changes_its_size(open_window, monkeypatch):
    laid_out = []
    for screen in (TitleView, OptionsView):
        lay_out = screen.lay_out
        monkeypatch.setattr(
            screen,
            "lay_out",
            lambda self, view, *rest, of=lay_out: laid_out.append(view) or of(self, view, *rest),
        )
    window, view, other = open_window((1280, 720)), SAMPLES["title-hint"], SAMPLES["options-on"]
    for shown in (view, other, view):
        window.draw(shown)
        click(window.layout(shown).buttons[0].rect.center)
        window.handle_events(shown)
    assert laid_out == [view, other, view]
    window.resize((960, 540))
    assert window.layout(view).regions["sign"].right <= 960
    assert len(laid_out) == 4
