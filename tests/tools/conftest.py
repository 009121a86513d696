"""The game's own detector and classifier, on a machine without screen or loudspeaker."""

from __future__ import annotations

import os

os.environ["SDL_VIDEODRIVER"] = "dummy"
os.environ["SDL_AUDIODRIVER"] = "dummy"
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import pytest

from emotion_game.app import game_settings, make_analyser
from emotion_game.vision.pipeline import Analyser


@pytest.fixture(scope="session")
def analyser() -> Analyser:
    return make_analyser(game_settings(None))
