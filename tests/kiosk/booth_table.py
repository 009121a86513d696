"""A whole booth without camera, networks, window or waiting; see ``tests/app/table.py``."""

from __future__ import annotations

import sys
from dataclasses import fields
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent / "app"))

from table import FakeFaceFeed, FakeWindow, Table

from emotion_game.app.preferences import Preferences, PreferenceStore
from emotion_game.app.setup import PlayOptions
from emotion_game.errors import GameError
from emotion_game.kiosk.booth import BoothGame
from emotion_game.kiosk.services import BoothServices
from emotion_game.kiosk.settings import KioskSettings
from emotion_game.ui.live import CameraStatus, CameraView


class FakeSupervisor:
    """Notes what it is told; the log of consents may be full."""

    def __init__(self):
        self.beats, self.lines, self.consents, self.orders, self.status = 0, [], [], [], None
        self.full = False

    def turn(self, now_s, status):
        self.beats += 1
        self.status = status()
        orders, self.orders = self.orders, []
        return orders

    def event(self, line):
        self.lines.append(line)

    def agreed(self, language):
        if self.full:
            raise GameError("Cannot log the consent: disk full.")
        self.consents.append(language)

    def check_consents(self):
        if self.full:
            raise GameError("Cannot log the consent: disk full.")


class FakeBoothWindow(FakeWindow):
    """Somebody touches it when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.touched = self.pressed = False

    def take_touched(self) -> bool:
        touched, self.touched = self.touched, False
        return touched

    def take_pressed(self) -> bool:
        pressed, self.pressed = self.pressed, False
        return pressed


class FakeBoothFeed(FakeFaceFeed):
    """A camera that is off until somebody agrees."""

    def __init__(self) -> None:
        super().__init__()
        self.resting = True
        self.camera.frames = 1

    def rest(self) -> None:
        self.resting = True

    def wake(self) -> None:
        self.resting = False

    def view(self, *, recording: bool = False) -> CameraView:
        return CameraView("0", CameraStatus.STARTING if self.resting else CameraStatus.WORKING)


class BoothTable(Table):
    """The booth, and the visitor before it.

    Args:
        kiosk: what it offers.
    """

    def __init__(self, kiosk: KioskSettings) -> None:
        self.kiosk = kiosk
        self.supervisor = FakeSupervisor()
        super().__init__(self.supervisor, scores=False)

    def make_game(self, options: PlayOptions) -> BoothGame:
        given = {
            each.name: getattr(self.services, each.name)
            for each in fields(self.services)
            if each.name not in ("window", "feed", "preferences")
        }
        volume = self.kiosk.game.volume_cap
        start = Preferences(volume=volume, music=False)
        self.services = BoothServices(
            kiosk=self.kiosk,
            window=FakeBoothWindow(),
            feed=FakeBoothFeed(),
            preferences=PreferenceStore(given["notices"], None, start, volume),
            **given,
        )
        return BoothGame(options, self.services)

    def touch(self) -> BoothTable:
        """Touch the screen beside every button."""
        self.game.window.touched = True
        return self.press_nothing()

    def press_nothing(self, after_s: float = 0.0) -> BoothTable:
        """Let time go by, and the main loop turn once."""
        self.now_s += after_s
        self.game.turn(self.now_s)
        return self
