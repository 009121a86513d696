"""Crash reports: what a developer needs to play the last round again. No picture, no name."""

from __future__ import annotations

import json
import logging
import platform
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from emotion_game import __version__
from emotion_game.monitor import GameStatus

log = logging.getLogger(__name__)

REPORT, EVENTS, LAST_WORDS = "report.json", "events.jsonl", "stderr.txt"


@dataclass(frozen=True, slots=True)
class Failure:
    """How the game failed.

    Attributes:
        kind: "crash", "hang" or "no_start".
        code: exit status, where there is one; negative: a signal.
        ran_s: how long it had run.
    """

    kind: str
    code: int | None
    ran_s: float

    def __str__(self) -> str:
        told = {
            "crash": f"it ended with exit status {self.code}",
            "hang": "it gave no sign of life",
            "no_start": "it could not be started",
        }[self.kind]
        return f"{told} after {self.ran_s:.0f} s"


#: What stands in a traceback, or is no fault.
_BESIDE = ("Traceback", "Thread 0x", "Current thread", "Extension modules", "INFO ", "WARNING ")
_FATAL = "Fatal Python error"


def last_clear_line(said: Sequence[str]) -> str:
    """Return the line that tells best why the game failed; "" where none does.

    Args:
        said: the last lines of its standard error, oldest first.
    """
    # A log record's trace stands below its message, in the same entry.
    lines = [entry.partition("\n")[0] for entry in said]
    for line in reversed(lines):
        if line.startswith(_FATAL):
            return line
    for line in reversed(lines):
        if line.strip() and not line[0].isspace() and not line.startswith(_BESIDE):
            return line
    return ""


def write_report(
    folder: Path,
    failure: Failure,
    at: datetime,
    status: GameStatus | None,
    said: Sequence[str],
    journal: Path,
    kept: int,
) -> Path | None:
    """Keep a failure; return its folder, or None where it cannot be written.

    Args:
        folder: gets one folder a report.
        failure: what happened.
        at: when.
        status: what the game had said of itself last.
        said: the last lines of its standard error.
        journal: the events of the running round; replay them with ``game.replay``.
        kept: how many reports stay, the newest.
    """
    moment = at.astimezone(UTC)
    report = folder / f"{moment:%Y%m%dT%H%M%S%f}-{failure.kind}"
    content = {
        "at": moment.isoformat(),
        "version": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "failure": {**asdict(failure), "ran_s": round(failure.ran_s, 1)},
        "why": last_clear_line(said),
        "status": None if status is None else status.model_dump(mode="json"),
    }
    try:
        report.mkdir(parents=True)
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        (report / REPORT).write_text(text, "utf-8", "backslashreplace")
        (report / LAST_WORDS).write_text("\n".join(said) + "\n", "utf-8", "backslashreplace")
        if journal.is_file():
            shutil.copyfile(journal, report / EVENTS)
        for old in sorted(each for each in folder.iterdir() if each.is_dir())[:-kept]:
            shutil.rmtree(old)
    except OSError as error:
        log.warning("The crash report %s is not whole: %s", report, error)
        return None
    return report
