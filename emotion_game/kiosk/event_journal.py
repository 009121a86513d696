"""The events of the running round, on disk before they are judged: a crash can be replayed."""

from __future__ import annotations

import logging
import os
from pathlib import Path

log = logging.getLogger(__name__)

#: An hour of ticks and observations; a round is far shorter.
MAX_BYTES = 16 * 1024 * 1024
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)


class EventJournal:
    """Write lines of :mod:`emotion_game.game.replay`; only those since the newest start are kept.

    Each line goes to the system at once, so it outlives a killed process. A full disk ends the
    journal, not the game.

    Args:
        path: rewritten at each start of a round.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None
        self._bytes = 0
        self._begin()

    def add(self, line: str) -> None:
        """Keep one event."""
        if '"Start"' in line:
            self._begin()
        if self._file is None:
            return
        data = line.encode() + b"\n"
        if self._bytes + len(data) > MAX_BYTES:
            self._give_up("it is too long")
            return
        try:
            self._bytes += os.write(self._file, data)
        except OSError as error:
            self._give_up(error.strerror or str(error))

    def close(self) -> None:
        """Close the file; it stays."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _begin(self) -> None:
        self.close()
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(self._path, _FLAGS, 0o600)
        except OSError as error:
            self._give_up(error.strerror or str(error))
        self._bytes = 0

    def _give_up(self, why: str) -> None:
        log.warning("The journal of events %s ends: %s", self._path, why)
        self.close()
