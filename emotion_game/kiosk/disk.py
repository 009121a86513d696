"""How much space is left where the game keeps things."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import platformdirs

_APP = "emotion-game"
#: Below the first, results, consents and logs may be refused any moment; below the second it is
#: time to free some.
FULL_MB, LOW_MB = 100, 1000


def own_folders() -> tuple[Path, ...]:
    """Return the folders that the game writes to: data, configuration, state, log and cache."""
    return (
        platformdirs.user_data_path(_APP),
        platformdirs.user_config_path(_APP),
        platformdirs.user_state_path(_APP),
        platformdirs.user_log_path(_APP),
        platformdirs.user_cache_path(_APP),
    )


def free_mb(folder: Path) -> int:
    """Return the free space, in MB, where a folder lies or will lie.

    Raises:
        OSError: when it cannot be read.
    """
    there = next(each for each in (folder, *folder.parents) if each.exists())
    return shutil.disk_usage(there).free // 1_000_000


def least_free(more: Iterable[Path] = ()) -> tuple[int, Path]:
    """Return the least free space among the game's folders, in MB, and where that is.

    Args:
        more: other folders to look at.

    Raises:
        OSError: when it cannot be read.
    """
    return min((free_mb(folder), folder) for folder in (*own_folders(), *more))


def disk_fault(mb: int, folder: Path) -> str:
    """Return what is wrong with so little space, one line; "" for nothing."""
    if mb >= LOW_MB:
        return ""
    what = "results and consents may be lost" if mb < FULL_MB else "it fills up"
    return f"Only {mb} MB are free at {folder}: {what}. Free some space there."
