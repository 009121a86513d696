"""Gamepads: plugged in and out at any time; their buttons as what a player wants."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

import pygame
from pygame._sdl2 import controller

from emotion_game.ui.intents import PlugGamepad

#: A stick this far out is a step; it must come back behind the second before the next one.
_OUT, _BACK = 0.6, 0.35
_AXIS_RANGE = 32767

_STEPS = {
    pygame.CONTROLLER_BUTTON_DPAD_LEFT: (-1, 0),
    pygame.CONTROLLER_BUTTON_DPAD_RIGHT: (1, 0),
    pygame.CONTROLLER_BUTTON_DPAD_UP: (0, -1),
    pygame.CONTROLLER_BUTTON_DPAD_DOWN: (0, 1),
}


class Press(Enum):
    """What a gamepad's button means."""

    SELECT = auto()  # A
    BACK = auto()  # B
    PAUSE = auto()  # start


_BUTTONS = {
    pygame.CONTROLLER_BUTTON_A: Press.SELECT,
    pygame.CONTROLLER_BUTTON_B: Press.BACK,
    pygame.CONTROLLER_BUTTON_START: Press.PAUSE,
}


@dataclass(frozen=True, slots=True)
class Move:
    """One step of the focus; ``dx`` and ``dy`` -1..1, y downwards."""

    dx: int
    dy: int


class Gamepads:
    """Every gamepad that is plugged in.

    Args:
        listen: open the gamepads; offscreen there are none.
    """

    def __init__(self, *, listen: bool) -> None:
        self._open: dict[int, tuple[controller.Controller, str]] = {}
        # (gamepad, axis) of every stick that is out.
        self._out: set[tuple[int, int]] = set()
        self._listens = listen
        if listen:
            controller.init()

    def close(self) -> None:
        """Let go of every gamepad."""
        for pad, _ in self._open.values():
            pad.quit()
        self._open.clear()
        if self._listens:
            controller.quit()

    def handle(self, event: pygame.Event) -> Press | Move | PlugGamepad | None:
        """Return what an event of a gamepad means; None if nothing, or if it is none."""
        if event.type == pygame.CONTROLLERDEVICEADDED and self._listens:
            return self._add(event.device_index)
        if event.type == pygame.CONTROLLERDEVICEREMOVED:
            _, name = self._open.pop(event.instance_id, (None, ""))
            self._out = {each for each in self._out if each[0] != event.instance_id}
            return PlugGamepad(name, found=False) if name else None
        if event.type == pygame.CONTROLLERBUTTONDOWN:
            if event.button in _STEPS:
                return Move(*_STEPS[event.button])
            return _BUTTONS.get(event.button)
        if event.type == pygame.CONTROLLERAXISMOTION:
            return self._stick(event)
        return None

    def _add(self, index: int) -> PlugGamepad | None:
        try:
            pad = controller.Controller(index)
            number = pad.as_joystick().get_instance_id()
        except pygame.error:
            return None  # gone again before it could be opened
        if number in self._open:
            return None
        self._open[number] = (pad, pad.name or "?")
        return PlugGamepad(self._open[number][1], found=True)

    def _stick(self, event: pygame.Event) -> Move | None:
        if event.axis not in (pygame.CONTROLLER_AXIS_LEFTX, pygame.CONTROLLER_AXIS_LEFTY):
            return None
        stick, share = (event.instance_id, event.axis), event.value / _AXIS_RANGE
        if abs(share) < _BACK:
            self._out.discard(stick)
            return None
        if abs(share) < _OUT or stick in self._out:
            return None
        self._out.add(stick)
        step = 1 if share > 0 else -1
        return Move(step, 0) if event.axis == pygame.CONTROLLER_AXIS_LEFTX else Move(0, step)
