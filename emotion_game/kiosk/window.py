"""The window of a booth: no keys, no way out, a cursor that hides, a screen that may be turned."""

from __future__ import annotations

import time
from typing import Any, cast

import pygame

from emotion_game.game.modes import Modes
from emotion_game.kiosk.settings import ScreenSettings
from emotion_game.kiosk.visit import CornerTaps
from emotion_game.ui.i18n import Language
from emotion_game.ui.intents import OperatorIntent, UserIntent
from emotion_game.ui.view import View
from emotion_game.ui.window import Window

#: What a player at a booth cannot do: type, close the window, plug in a gamepad.
_DEAF_TO = (
    pygame.QUIT,
    pygame.WINDOWCLOSE,
    pygame.KEYDOWN,
    pygame.KEYUP,
    pygame.TEXTINPUT,
    pygame.TEXTEDITING,
    pygame.DROPFILE,
)
#: SDL_WINDOWPOS_CENTERED_MASK: the middle of the display whose number is added (SDL_video.h).
_CENTRED_ON = 0x2FFF0000
_MOUSE = (pygame.MOUSEMOTION, pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP)
_TOUCH = (pygame.FINGERDOWN, pygame.FINGERMOTION, pygame.FINGERUP)
_GAMEPAD = (pygame.JOYBUTTONDOWN, pygame.JOYHATMOTION)


class KioskWindow(Window):
    """A window that only touch and mouse reach.

    Args:
        settings: display, rotation, cursor.
        modes: how they look and what is said of them.
        offscreen: draw in memory only.
        language: until the first View.
        display: another one than the settings'.

    Attributes:
        glass: the window as it hangs, turned or not.
        touched: somebody touched it, or moved the mouse, since it was last asked.
        pressed: somebody pressed anywhere but in the hidden corner, since it was last asked.
    """

    def __init__(
        self,
        settings: ScreenSettings,
        modes: Modes,
        *,
        offscreen: bool = False,
        language: Language = "en",
        display: int | None = None,
    ) -> None:
        super().__init__(modes, offscreen=offscreen, language=language)
        self._turns = settings.rotation_deg // 90
        self.glass = self._window
        self.touched = self.pressed = False
        self._cursor_s = settings.cursor_s
        self._moved_s = float("-inf")
        self._taps = CornerTaps()
        pygame.event.set_blocked(_DEAF_TO)
        if not offscreen:
            number = settings.display if display is None else display
            if settings.fullscreen and number < displays():
                # Where no window manager runs, nobody else makes it as large as the display.
                self.glass.borderless = True
                self.glass.size = pygame.display.get_desktop_sizes()[number]
            self.glass.position = (_CENTRED_ON | number, _CENTRED_ON | number)
            if settings.fullscreen:
                self.set_fullscreen(True)
        if self._turns:
            self._window = cast(pygame.Window, _Turned(self.glass, self._turns))

    # --- Input ------------------------------------------------------------------------------------

    def handle_events(self, view: View) -> list[UserIntent]:
        """See :class:`Window`; the hidden gesture comes as ``OperatorIntent.MENU``."""
        now_s = time.monotonic()
        asked = False
        for event in pygame.event.get():
            turned = self._upright(event)
            asked = self._watch(turned, now_s) or asked
            pygame.event.post(turned)
        intents = super().handle_events(view)
        pygame.mouse.set_visible(now_s - self._moved_s < self._cursor_s)
        return [OperatorIntent.MENU] if asked else intents

    def close(self) -> None:
        """See :class:`Window`; another window of this process must hear everything again."""
        if pygame.display.get_init():
            pygame.event.set_allowed(_DEAF_TO)
        super().close()

    def take_touched(self) -> bool:
        """Say whether somebody was there since the last call."""
        touched, self.touched = self.touched, False
        return touched

    def take_pressed(self) -> bool:
        """Say whether somebody pressed anywhere since the last call."""
        pressed, self.pressed = self.pressed, False
        return pressed

    def _watch(self, event: pygame.Event, now_s: float) -> bool:
        """Note that somebody is there; return whether the hidden gesture is complete."""
        if event.type not in (*_MOUSE, *_TOUCH, *_GAMEPAD):
            return False
        self.touched = True
        if event.type == pygame.MOUSEMOTION and not event.touch:
            self._moved_s = now_s
        width, height = self.size_px
        if event.type == pygame.FINGERDOWN:
            at = (event.x, event.y)
        elif event.type == pygame.MOUSEBUTTONDOWN and not event.touch:
            at = (event.pos[0] / width, event.pos[1] / height)
        else:
            return False
        self._taps, full = self._taps.tap(*at, now_s)
        self.pressed = self.pressed or (not self._taps.times_s and not full)
        return full

    def _upright(self, event: pygame.Event) -> pygame.Event:
        """Return the event with its place as the player sees it, not as the screen hangs."""
        if self._turns == 0 or event.type not in (*_MOUSE, *_TOUCH):
            return event
        content = dict(event.dict)
        if event.type in _TOUCH:
            content["x"], content["y"] = _turn_back(event.x, event.y, self._turns)
        else:
            whole = self.glass.get_surface().get_size()
            x, y = _turn_back(event.pos[0] / whole[0], event.pos[1] / whole[1], self._turns)
            width, height = self.size_px
            content["pos"] = (int(x * width), int(y * height))
        return pygame.Event(event.type, content)


def displays() -> int:
    """Return how many displays there are just now; they may be plugged in and out."""
    pygame.event.pump()
    return pygame.display.get_num_displays()


class _Turned:
    """A pygame window that hangs turned: what is drawn upright is shown turned.

    Args:
        window: the real one.
        turns: quarter turns clockwise.
    """

    def __init__(self, window: pygame.Window, turns: int) -> None:
        self.window = window
        self._turns = turns
        self._upright = pygame.Surface((1, 1))

    def get_surface(self) -> pygame.Surface:
        """Return where to draw upright."""
        size = self.window.get_surface().get_size()
        size = size if self._turns == 2 else size[::-1]
        if self._upright.get_size() != size:
            self._upright = pygame.Surface(size)
        return self._upright

    def flip(self) -> None:
        """Show it, turned; pygame turns counterclockwise."""
        turned = pygame.transform.rotate(self._upright, -90 * self._turns)
        self.window.get_surface().blit(turned, (0, 0))
        self.window.flip()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.window, name)


def _turn_back(x: float, y: float, turns: int) -> tuple[float, float]:
    """Return where a place (shares) of a screen turned clockwise lies on the upright picture."""
    match turns:
        case 1:
            return y, 1.0 - x
        case 2:
            return 1.0 - x, 1.0 - y
        case _:
            return 1.0 - y, x
