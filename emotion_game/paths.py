"""Where the shipped files are: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parent
_WHEEL_DATA = _PACKAGE / "_data"
_ROOT = _WHEEL_DATA if _WHEEL_DATA.is_dir() else _PACKAGE.parent

CONFIGS = _ROOT / "configs"
MODELS = _ROOT / "models"
VIDEOS = _ROOT / "videos"
LOCALE = _PACKAGE / "locale"
FONTS = _PACKAGE / "screens" / "fonts"


def user_models() -> Path:
    """Return the folder of the bundles that this user installed; it may not exist yet."""
    return Path(platformdirs.user_data_dir("emotion-game")) / "models"


def files_below(folder: Path, *, hidden: bool = False) -> Iterator[Path]:
    """Yield every file below a folder, at whatever depth and in no order.

    Unlike ``Path.rglob``, it does not mind a folder that goes away between its listing and the
    look inside, as the work folders of other runs do.

    Args:
        folder: where to look.
        hidden: whether to take files and folders whose names begin with a dot.

    Raises:
        OSError: when a folder that is there cannot be read for another reason than its rights.
    """

    def refuse(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError | PermissionError):
            raise error

    for parent, folders, names in os.walk(folder, onerror=refuse):
        if not hidden:
            folders[:] = (name for name in folders if not name.startswith("."))
        for name in names:
            path = Path(parent, name)
            if (hidden or not name.startswith(".")) and path.is_file():
                yield path
