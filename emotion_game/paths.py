"""Where the shipped files are: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parent
_WHEEL_DATA = _PACKAGE / "_data"
_ROOT = _WHEEL_DATA if _WHEEL_DATA.is_dir() else _PACKAGE.parent

CONFIGS = _ROOT / "configs"
MODELS = _ROOT / "models"
VIDEOS = _ROOT / "videos"
LOCALE = _PACKAGE / "locale"
FONTS = _PACKAGE / "ui" / "fonts"


def user_models() -> Path:
    """Return the folder of the bundles that this user installed; it may not exist yet."""
    return Path(platformdirs.user_data_dir("emotion-game")) / "models"
