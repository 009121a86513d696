from __future__ import annotations

import pytest

from emotion_game import paths
from emotion_game.kiosk.settings import KioskSettings, load_kiosk_settings


@pytest.fixture(scope="session")
def shipped() -> KioskSettings:
    return load_kiosk_settings(paths.CONFIGS / "kiosk.toml")
