"""Only one supervisor at a time: two would fight for the camera and the screen."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from emotion_game.errors import GameError


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the lock; the system lets go of it when the process ends, however it ends.

    Raises:
        GameError: when another process holds it, or it cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a")
    except OSError as error:
        raise GameError(
            f"Cannot make {path}: {error.strerror or error}.", hint="Make its folder writable."
        ) from error
    with file:
        try:
            _lock(file.fileno())
        except OSError as error:
            raise GameError(
                "Another kiosk runs already.", hint="End it first, or use its screen."
            ) from error
        yield


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
