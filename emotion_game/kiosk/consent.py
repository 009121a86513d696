"""The log of consents: when, and to which text. No picture, no name."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from emotion_game.errors import GameError

#: As much as a file system gives out at once, or more.
_TRIED_BYTES = 64 * 1024


class ConsentLog:
    """One line of JSON for each player who agreed.

    Args:
        path: made when the first consent is logged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, text_mark: str, language: str, at: datetime) -> None:
        """Log one consent; when this returns, it survives a power cut.

        Args:
            text_mark: version and digest of the text, as ``ConsentText.mark`` gives it.
            language: in which it was read.
            at: with a time zone.

        Raises:
            GameError: when it cannot be written; then the camera must stay off.
        """
        moment = at.astimezone(UTC).isoformat(timespec="seconds")
        line = json.dumps({"at": moment, "notice": text_mark, "language": language})
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a+b") as file:
                # A line that a power cut has left half written must not swallow this one.
                torn = file.tell() > 0 and _last_byte(file.fileno()) != b"\n"
                file.write(b"\n" * torn + line.encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise self._fault(error) from error

    def check(self) -> None:
        """Try whether a consent could be logged; nothing stays.

        Raises:
            GameError: when it could not.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.open("ab").close()
            # Only what is written tells whether there is space.
            with tempfile.TemporaryFile(dir=self.path.parent) as file:
                file.write(b"\n" * _TRIED_BYTES)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise self._fault(error) from error

    def _fault(self, error: OSError) -> GameError:
        return GameError(
            f"Cannot log the consent in {self.path}: {error.strerror or error}.",
            hint="Free some space there and make the folder writable.",
        )

    def __iter__(self) -> Iterator[dict[str, str]]:
        """Give the readable entries, oldest first."""
        try:
            lines = self.path.read_text("utf-8-sig", errors="replace").splitlines()
        except FileNotFoundError:
            return
        for line in lines:
            try:
                entry = json.loads(line)
            except ValueError:
                continue  # torn by a power cut
            if isinstance(entry, dict):
                yield entry


def _last_byte(descriptor: int) -> bytes:
    os.lseek(descriptor, -1, os.SEEK_END)
    return os.read(descriptor, 1)
