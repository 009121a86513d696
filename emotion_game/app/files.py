"""The files that a game writes when it is asked to: results and events."""

from __future__ import annotations

import json
from contextlib import ExitStack, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from emotion_game.errors import GameError
from emotion_game.files import FULL, beside, check_writable, write_beside
from emotion_game.game.types import MatchResult, RoundResult


class ResultsFile:
    """The ``--json`` file: rewritten whole after each round, beside and then renamed.

    Args:
        path: the file; it is tried at once, so that a wrong path shows before the round. An
            older file stays until there is a result. A full disk is no wrong path: the round is
            played, and what could not be written is said at its end.

    Raises:
        GameError: when it could not be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rounds: list[dict[str, Any]] = []
        try:
            check_writable(path)
        except OSError as error:
            if error.errno not in FULL:
                raise self._fault(error) from error

    def add(self, result: RoundResult | MatchResult, camera: str, player: str) -> None:
        """Keep one more result for the next ``write``; a match's has a ``winner``."""
        self._rounds.append({**asdict(result), "camera": camera, "player": player})

    def write(self) -> None:
        """Write every result so far.

        Raises:
            GameError: when the file cannot be written; the old one is left as it was.
        """
        text = json.dumps({"rounds": self._rounds}, ensure_ascii=False, indent=1)
        try:
            # What UTF-8 lacks, in a path that the system could not decode, becomes \uXXXX.
            write_beside(self._path, (text + "\n").encode("utf-8", "backslashreplace"))
        except OSError as error:
            raise self._fault(error) from error

    def _fault(self, error: OSError) -> GameError:
        return GameError(
            f"Cannot write the results to {self._path}: {error.strerror or error}.",
            hint="Choose another file with --json, or free some space.",
        )


class EventsFile:
    """The ``--events`` file: one line an event, beside its place until it is closed.

    Args:
        path: the file; it is tried at once. An older one stays until the record is complete.

    Raises:
        GameError: when it cannot be written, unless only because the disk is full: then the
            game goes on without the record, and ``close`` says so.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened = ExitStack()
        self._file: BinaryIO | None = None
        self._fault: OSError | None = None
        try:
            check_writable(path)
        except OSError as error:
            if error.errno not in FULL:
                raise self._error(error) from error

    def add(self, line: str) -> None:
        """Write one event; after a fault nothing more is written."""
        if self._fault is not None:
            return
        try:
            if self._file is None:
                self._file = self._opened.enter_context(beside(self._path))
            self._file.write(f"{line}\n".encode("utf-8", "backslashreplace"))
        except OSError as error:
            self._fault = error
            # Its way out takes the half-written file away.
            with suppress(OSError), self._opened.pop_all():
                raise

    def close(self) -> None:
        """Put the file in its place; nothing is added afterwards.

        Raises:
            GameError: when it could not be written whole; an older one is left as it was.
        """
        try:
            self._opened.close()
        except OSError as error:
            self._fault = error
        if self._fault is not None:
            raise self._error(self._fault) from self._fault

    def _error(self, error: OSError) -> GameError:
        return GameError(
            f"Cannot write the events to {self._path}: {error.strerror or error}.",
            hint="Choose another file with --events, or free some space.",
        )
