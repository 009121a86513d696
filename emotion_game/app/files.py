"""The files that a game writes when it is asked to: results and events."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from emotion_game.errors import GameError
from emotion_game.game.types import MatchResult, RoundResult


def open_for_writing(path: Path) -> TextIO:
    """Open a text file.

    Raises:
        GameError: when it cannot be written.
    """
    try:
        return path.open("w", encoding="utf-8")
    except OSError as error:
        raise GameError(
            f"Cannot write to {path}: {error.strerror or error}.", hint="Choose another file."
        ) from error


class ResultsFile:
    """The ``--json`` file: rewritten whole after each round, beside and then renamed.

    Args:
        path: the file; it is written at once, so that a wrong path shows before the round.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rounds: list[dict[str, Any]] = []
        self.write()

    def add(self, result: RoundResult | MatchResult, camera: str, player: str) -> None:
        """Keep one more result for the next ``write``; a match's has a ``winner``."""
        self._rounds.append({**asdict(result), "camera": camera, "player": player})

    def write(self) -> None:
        """Write every result so far.

        Raises:
            GameError: when the file cannot be written; the old one is left as it was.
        """
        part = self._path.with_name(self._path.name + ".part")
        text = json.dumps({"rounds": self._rounds}, ensure_ascii=False, indent=1)
        try:
            part.write_text(text + "\n", encoding="utf-8")
            part.replace(self._path)
        except OSError as error:
            raise GameError(
                f"Cannot write the results to {self._path}: {error.strerror or error}.",
                hint="Choose another file with --json, or free some space.",
            ) from error
