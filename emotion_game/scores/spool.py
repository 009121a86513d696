"""What waits to be written to the score board: one small file an entry, safe at any moment.

An entry is one line of JSON in a file of its own, written beside, flushed to the disk and then
renamed: at every moment it is wholly there or not at all. One file an entry, and not one growing
file for all: the game and ``emotion-game scores`` may share the folder without a lock, as an entry
delivered by both counts once by its id, and whoever delivered it first removes it.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID, uuid4

from pydantic import Field, TypeAdapter, ValidationError

from emotion_game.scores.score import NICKNAME_LENGTH, Score, ScoreError
from emotion_game.settings import StrictModel

log = logging.getLogger(__name__)

_READY = ".json"
#: Being written, not acknowledged yet.
_PART = ".part"
#: Unreadable, or refused by the board for good; kept for whoever wants to look.
_BAD = ".bad"
#: A file still being written after this time was left by a game that was killed.
_LEFT_BEHIND_S = 3600.0


class Add(StrictModel):
    """Put a result on the board; the same id counts once."""

    op: Literal["add"] = "add"
    score: Score


class Name(StrictModel):
    """Give a result the nickname that was entered after it."""

    op: Literal["name"] = "name"
    id: UUID
    nickname: Annotated[str, Field(min_length=1, max_length=NICKNAME_LENGTH)]


Entry = Add | Name
_ENTRY: TypeAdapter[Entry] = TypeAdapter(Annotated[Entry, Field(discriminator="op")])


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry and the file it lies in; None: it is in memory alone."""

    entry: Entry
    path: Path | None = None


class Spool:
    """A folder of entries.

    Args:
        folder: made when the first entry is put.

    Attributes:
        faults: one line for each entry that could not be read or delivered, newest last.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: list[str] = []

    def put(self, entry: Entry) -> None:
        """Keep an entry; when this returns, it survives a power cut.

        Raises:
            ScoreError: when the folder cannot be written or the disk is full; then nothing of the
                entry is left.
        """
        # The time puts entries in order for people; the board does not rely on it.
        name = f"{time.time_ns():020d}-{uuid4().hex}"
        part = self.folder / (name + _PART)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            try:
                with part.open("xb") as file:
                    file.write(entry.model_dump_json().encode() + b"\n")
                    file.flush()
                    os.fsync(file.fileno())
                part.rename(part.with_suffix(_READY))
            except OSError:
                with suppress(OSError):
                    part.unlink(missing_ok=True)
                raise
        except OSError as error:
            raise ScoreError(
                f"Cannot keep the result in {self.folder}: {error.strerror or error}.",
                hint="Free some space there and make the folder writable.",
            ) from error
        _flush_folder(self.folder)

    def waiting(self) -> list[Waiting]:
        """Return the readable entries, oldest first; the others are set aside and reported."""
        found: list[Waiting] = []
        for path in self._files(_READY):
            try:
                found.append(Waiting(_ENTRY.validate_json(path.read_bytes()), path))
            except FileNotFoundError:
                continue  # Another process has just delivered it.
            except ValidationError:
                self.set_aside(path, "it is damaged")
            except OSError as error:
                self._report(f"Cannot read the waiting result {path}: {error.strerror or error}.")
        self._tidy()
        return found

    def count(self) -> int:
        """Return how many entries wait."""
        return len(self._files(_READY))

    def remove(self, paths: Iterable[Path]) -> None:
        """Forget entries that are on the board."""
        for path in paths:
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                # It will be delivered again, which changes nothing.
                self._report(f"Cannot remove the delivered {path}: {error.strerror or error}.")

    def set_aside(self, path: Path, why: str) -> None:
        """Take an entry that can never be delivered out of the way of the others."""
        aside = path.with_suffix(_BAD)
        try:
            path.replace(aside)
        except OSError as error:
            log.warning("Cannot rename %s: %s", path, error)
        self._report(f"A waiting result was set aside as {aside}: {why}.")

    def _report(self, fault: str) -> None:
        if fault not in self.faults:
            self.faults.append(fault)
            log.warning("%s", fault)

    def _files(self, suffix: str) -> list[Path]:
        try:
            return sorted(self.folder.glob("*" + suffix))
        except OSError as error:
            self._report(f"Cannot read {self.folder}: {error.strerror or error}.")
            return []

    def _tidy(self) -> None:
        """Remove what a killed game left half written; a younger one may still be in the making."""
        for part in self._files(_PART):
            with suppress(OSError):
                if time.time() - part.stat().st_mtime > _LEFT_BEHIND_S:
                    part.unlink()


def _flush_folder(folder: Path) -> None:
    """Make a rename survive a power cut; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    # Some network file systems refuse it; the entry itself is on the disk already.
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
