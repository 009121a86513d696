"""The files that a game writes when it is asked to: results, events and screenshots."""

from __future__ import annotations

import json
import logging
from contextlib import ExitStack, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from emotion_game.app.setup import PlayOptions, make_folder
from emotion_game.errors import GameError, ScreenError
from emotion_game.files import FULL, beside, check_writable, write_beside
from emotion_game.game.types import MatchResult, RoundResult
from emotion_game.ui.window import Window

log = logging.getLogger(__name__)


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


class Records:
    """All that the options ask to be written of what is played.

    Args:
        options: name the files and the folder of screenshots, which is made.

    Raises:
        GameError: when one of them could not be written.
    """

    def __init__(self, options: PlayOptions) -> None:
        self._folder = options.screenshots
        if self._folder is not None:
            make_folder(self._folder)
        self._events = EventsFile(options.events_file) if options.events_file else None
        self._results = ResultsFile(options.results_file) if options.results_file else None
        self._shots: list[str] = []
        self._shot_fault: ScreenError | None = None

    @property
    def wants_events(self) -> bool:
        """Whether events are written."""
        return self._events is not None

    @property
    def wants_screenshots(self) -> bool:
        """Whether pictures are taken of the screens."""
        return self._folder is not None

    def event(self, line: str) -> None:
        """Write an event of the rules, as ``game.replay`` has it."""
        if self._events is not None:
            self._events.add(line)

    def result(self, result: RoundResult | MatchResult, camera: str, player: str) -> None:
        """Write a result, with what filmed the player and what played the clip."""
        if self._results is None:
            return
        self._results.add(result, camera, player)
        # The game goes on; the next result, or the end, writes this one too, and the end tells.
        with suppress(GameError):
            self._results.write()

    def screenshot(self, window: Window, number: int, screen: str) -> None:
        """Keep one picture of each screen of each round.

        Args:
            window: shows the screen.
            number: of the round, from 0.
            screen: its name, e.g. "title".
        """
        shot = f"{number:02d}-{screen}"
        if self._folder is None or shot in self._shots:
            return
        self._shots.append(shot)
        try:
            window.screenshot(self._folder / f"{len(self._shots):02d}-{screen}.png")
        except ScreenError as error:
            # The round goes on; its end tells.
            self._shot_fault = error

    def close(self) -> None:
        """Finish the files.

        Raises:
            GameError: what could not be written; if it is more than one thing, the others are
                logged.
        """
        faults: list[GameError] = [] if self._shot_fault is None else [self._shot_fault]
        for finish in (
            None if self._events is None else self._events.close,
            None if self._results is None else self._results.write,
        ):
            try:
                if finish is not None:
                    finish()
            except GameError as error:
                faults.append(error)
        for fault in faults[:-1]:
            log.error("%s", fault)
        if faults:
            raise faults[-1]
