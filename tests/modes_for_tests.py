"""The modes that ship: a name each when gone through, and everything that is said of it."""

from __future__ import annotations

from emotion_game.paths import CONFIGS
from emotion_game.settings import load_game_settings

MODES = load_game_settings(CONFIGS / "game.toml").modes
