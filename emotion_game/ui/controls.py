"""Keyboard, mouse, touch and gamepad: all of them move one focus and press one button."""

from __future__ import annotations

from collections.abc import Callable

import pygame

from emotion_game.ui.gamepads import Gamepads, Move, Press
from emotion_game.ui.intents import (
    ChangeOption,
    DropFile,
    Intent,
    Option,
    TypeKey,
    UserIntent,
)
from emotion_game.ui.layout import Button, Layout, neighbour
from emotion_game.ui.view import View

_ARROWS = {
    pygame.K_LEFT: (-1, 0),
    pygame.K_RIGHT: (1, 0),
    pygame.K_UP: (0, -1),
    pygame.K_DOWN: (0, 1),
}
_SHORTCUTS: dict[int, UserIntent] = {
    pygame.K_F11: Intent.TOGGLE_FULLSCREEN,
    pygame.K_l: Intent.TOGGLE_LANGUAGE,
    pygame.K_c: Intent.NEXT_CAMERA,
    pygame.K_p: Intent.PAUSE,
    pygame.K_m: ChangeOption(Option.MUTE),
}
_ENTER = (pygame.K_RETURN, pygame.K_KP_ENTER)
_MOUSE = -1


class Controls:
    """What the player does, on the screen that a View shows.

    Args:
        layout: says where everything of a View stands now.
        size_px: says how large the window is now.
        gamepads: whether to look for gamepads.

    Attributes:
        focus: name of the button that Enter and A press; "" for none.
        pointer: where the mouse is, px; None when it is away, or another device was used since.
    """

    def __init__(
        self,
        layout: Callable[[View], Layout],
        size_px: Callable[[], tuple[int, int]],
        *,
        gamepads: bool,
    ) -> None:
        self.focus = ""
        self.pointer: tuple[int, int] | None = None
        self._layout = layout
        self._size_px = size_px
        self._gamepads = Gamepads(listen=gamepads)
        self._pressed: dict[int, str] = {}

    def close(self) -> None:
        """Let go of the gamepads."""
        self._gamepads.close()

    def enter(self, layout: Layout) -> None:
        """A new screen is shown: its first button gets the focus, half-made clicks are void."""
        self.focus = layout.first
        self._pressed.clear()

    def keep_focus(self, layout: Layout) -> None:
        """The screen is still the same, but the button in focus may be gone."""
        if self.focus and all(button.name != self.focus for button in layout.buttons):
            self.focus = layout.first

    def take(self, view: View) -> list[UserIntent]:
        """Return what the player did since the last call."""
        intents = (self._handle(event, view) for event in pygame.event.get())
        return [intent for intent in intents if intent is not None]

    def _handle(self, event: pygame.Event, view: View) -> UserIntent | None:
        if event.type == pygame.QUIT:
            return Intent.QUIT
        if event.type == pygame.DROPFILE:
            return DropFile(event.file)
        if event.type == pygame.KEYDOWN:
            self._leave_pointer()
            if view.screen.typed:
                return self._handle_typing(event, view)
            return self._handle_key(event, view)
        # SDL repeats every touch as a mouse event; only the touch itself counts.
        if event.type == pygame.MOUSEMOTION and not event.touch:
            pygame.mouse.set_visible(True)
            self.pointer = event.pos
        elif event.type == pygame.MOUSEBUTTONDOWN and event.button == 1 and not event.touch:
            self.pointer = event.pos
            if view.screen.any_press is not None:
                return view.screen.any_press
            self._press(view, _MOUSE, event.pos)
        elif event.type == pygame.MOUSEBUTTONUP and event.button == 1 and not event.touch:
            return self._release(view, _MOUSE, event.pos)
        elif event.type == pygame.FINGERDOWN:
            self.pointer = None
            if view.screen.any_press is not None:
                return view.screen.any_press
            self._press(view, event.finger_id, self._touched(event))
        elif event.type == pygame.FINGERUP:
            return self._release(view, event.finger_id, self._touched(event))
        elif event.type == pygame.WINDOWLEAVE:
            self.pointer = None
        else:
            return self._handle_gamepad(event, view)
        return None

    # Keyboard

    def _handle_key(self, event: pygame.Event, view: View) -> UserIntent | None:
        layout = self._layout(view)
        if view.screen.any_press is not None and event.key not in _SHORTCUTS:
            return view.screen.any_press
        if event.key == pygame.K_ESCAPE:
            return view.screen.escape()
        for button in layout.buttons:
            if event.key in button.keys:
                return button.intent
        if event.key in _SHORTCUTS:
            return _SHORTCUTS[event.key]
        if event.key in (*_ENTER, pygame.K_SPACE):
            return self._select(layout)
        self._move_by_key(event, layout)
        return None

    def _handle_typing(self, event: pygame.Event, view: View) -> UserIntent | None:
        """Handle a key on the name's screen, where letters are letters."""
        layout = self._layout(view)
        if event.key == pygame.K_ESCAPE:
            return Intent.BACK
        if event.key == pygame.K_F11:
            return Intent.TOGGLE_FULLSCREEN
        if event.key == pygame.K_BACKSPACE:
            return Intent.ERASE
        if event.key in _ENTER:
            return self._select(layout)
        if event.unicode and event.unicode.isprintable():
            # Whoever types on a real keyboard means Enter for the end, not for the key in focus.
            done = (button.name for button in layout.buttons if button.intent is Intent.DONE)
            self.focus = next(done, self.focus)
            return TypeKey(event.unicode, real=True)
        self._move_by_key(event, layout)
        return None

    def _move_by_key(self, event: pygame.Event, layout: Layout) -> None:
        if event.key in _ARROWS:
            self.focus = neighbour(layout.buttons, self.focus, *_ARROWS[event.key])
        elif event.key == pygame.K_TAB:
            names = [button.name for button in layout.buttons]
            step = -1 if event.mod & pygame.KMOD_SHIFT else 1
            start = names.index(self.focus) if self.focus else -step
            self.focus = names[(start + step) % len(names)]

    # Gamepad

    def _handle_gamepad(self, event: pygame.Event, view: View) -> UserIntent | None:
        match self._gamepads.handle(event):
            case Press() if view.screen.any_press is not None:
                self._leave_pointer()
                return view.screen.any_press
            case Move(dx, dy):
                self._leave_pointer()
                self.focus = neighbour(self._layout(view).buttons, self.focus, dx, dy)
            case Press.SELECT:
                self._leave_pointer()
                return self._select(self._layout(view))
            case Press.BACK:
                # Nobody leaves the game by a button too many.
                return None if view.screen.first else view.screen.escape()
            case Press.PAUSE:
                return Intent.PAUSE
            case None:
                return None
            case plugged:
                return plugged
        return None

    def _select(self, layout: Layout) -> UserIntent | None:
        focused = (button.intent for button in layout.buttons if button.name == self.focus)
        return next(focused, Intent.NOT_CHOSEN if layout.buttons else None)

    # Mouse and touch

    def _leave_pointer(self) -> None:
        pygame.mouse.set_visible(False)
        self.pointer = None

    def _touched(self, event: pygame.Event) -> tuple[int, int]:
        width, height = self._size_px()
        return int(event.x * width), int(event.y * height)

    def _press(self, view: View, pointer: int, at: tuple[int, int]) -> None:
        button = self._button_at(view, at)
        if button is not None:
            self._pressed[pointer] = self.focus = button.name

    def _release(self, view: View, pointer: int, at: tuple[int, int]) -> UserIntent | None:
        """Return the button's intent if it is the one that was pressed."""
        pressed = self._pressed.pop(pointer, None)
        button = self._button_at(view, at)
        return button.intent if button is not None and button.name == pressed else None

    def _button_at(self, view: View, at: tuple[int, int]) -> Button | None:
        hits = (button for button in self._layout(view).buttons if button.rect.collidepoint(at))
        return next(hits, None)
