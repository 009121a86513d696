"""Saving a moment beside the game: a process of low priority, which can be watched and stopped."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import platformdirs
import psutil

from emotion_game.app.moment_film import MomentOrder
from emotion_game.errors import GameError

log = logging.getLogger(__name__)

#: The process stops between two pictures; after this long it is ended.
_STOP_S = 3.0
_NICE = 15
_HINT = "Try again; if it stays so, look for what is wrong with emotion-game doctor."


def moments_folder() -> Path:
    """Return where saved moments go; the folder may not exist yet."""
    return platformdirs.user_videos_path() / "Straight Face"


class Saving(Protocol):
    """A moment that is being saved.

    Attributes:
        share: how far it is, 0..1.
    """

    share: float

    def done(self) -> bool:
        """Return whether it is over, well or not."""
        ...

    def result(self) -> list[Path]:
        """Return the files, the upright film first; only once it is done.

        Raises:
            GameError: when they could not be written.
        """
        ...

    def stop(self) -> None:
        """Give it up, and leave nothing of it."""
        ...


class MomentProcess:
    """Save a moment in a process of its own; see :class:`Saving`.

    Args:
        order: what, and where.
    """

    def __init__(self, order: MomentOrder) -> None:
        self.share = 0.0
        self._order = order
        self._answer: dict[str, Any] = {}
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._stopped = False
        # Even to start it, and to hand the pictures over, takes longer than a frame.
        self._thread = threading.Thread(target=self._run, name="moment")
        self._thread.start()

    def done(self) -> bool:
        """See :class:`Saving`."""
        return not self._thread.is_alive()

    def result(self) -> list[Path]:
        """See :class:`Saving`."""
        self._thread.join()
        if files := self._answer.get("files"):
            return [Path(file) for file in files]
        raise GameError(
            self._answer.get("error", "The replay was not saved: its encoder broke off."),
            hint=self._answer.get("hint") or _HINT,
        )

    def stop(self) -> None:
        """See :class:`Saving`."""
        with self._lock:
            self._stopped = True
            process = self._process
            if process is not None and process.stdin is not None:
                with suppress(OSError):  # it has ended by itself
                    process.stdin.close()
        self._thread.join(_STOP_S)
        if process is not None and process.poll() is None:
            process.kill()
        self._thread.join()
        if "files" not in self._answer:
            for part in self._order.folder.glob(f"{self._order.stem}*.part"):
                part.unlink(missing_ok=True)

    def _run(self) -> None:
        try:
            with self._lock:
                if self._stopped:
                    return
                process = self._process = _start()
            assert process.stdin is not None
            assert process.stdout is not None
            with suppress(OSError, ValueError):  # it was stopped, or failed: its answer says so
                self._order.write(process.stdin)
                process.stdin.flush()
            for line in process.stdout:
                answer = json.loads(line)
                self.share = answer.pop("share", self.share)
                self._answer |= answer
            process.stdout.close()
            process.wait()
            with self._lock:
                if process.stdin is not None and not process.stdin.closed:
                    process.stdin.close()
        except (OSError, ValueError) as error:
            log.error("The replay's encoder: %s", error)


def _start() -> subprocess.Popen[bytes]:
    flags, low = 0, _NICE
    if sys.platform == "win32":
        flags, low = subprocess.CREATE_NO_WINDOW, psutil.BELOW_NORMAL_PRIORITY_CLASS
    process = subprocess.Popen(
        # -P: a file in the folder that the game was started from is no module of ours.
        [sys.executable, "-P", "-c", "from emotion_game.app.moment_film import main; main()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=None if os.environ.get("EMOTION_GAME_DEBUG") else subprocess.DEVNULL,
        creationflags=flags,
    )
    try:
        psutil.Process(process.pid).nice(low)
    except psutil.Error as error:
        log.warning("The replay's encoder keeps its priority: %s", error)
    return process
