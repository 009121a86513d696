"""What the page tells of failures: crash reports and the end of the log."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from emotion_game.kiosk.crash import LAST_WORDS, REPORT
from emotion_game.kiosk.logs import FILE_NAME

#: So many lines of a log or of last words, from so many bytes.
LINES, _BYTES = 200, 64 * 1024


@dataclass(frozen=True, slots=True)
class CrashReport:
    """One failure of the game.

    Attributes:
        name: of its folder.
        at: when, in this machine's time zone; None: its report is not whole.
        kind: "crash", "hang" or "no_start"; "" where that is not known.
        why: the last clear line.
        last_words: the end of the game's standard error.
    """

    name: str
    at: datetime | None
    kind: str
    why: str
    last_words: str


def crash_reports(folder: Path) -> list[CrashReport]:
    """Return the reports that are kept, the newest first; one that is not whole is told too."""
    try:
        kept = sorted((each for each in folder.iterdir() if each.is_dir()), reverse=True)
    except OSError:
        return []
    return [_report(each) for each in kept]


def _report(folder: Path) -> CrashReport:
    at, kind, why = None, "", ""
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        content = json.loads((folder / REPORT).read_bytes())
        kind, why = str(content["failure"]["kind"]), str(content.get("why", ""))
        at = datetime.fromisoformat(content["at"]).astimezone()
    return CrashReport(folder.name, at, kind, why, tail(folder / LAST_WORDS))


def log_tail(folder: Path) -> str:
    """Return the end of the newest log file; "" where there is none."""
    return tail(folder / FILE_NAME)


def tail(path: Path) -> str:
    """Return the last lines of a text file; "" where it cannot be read."""
    try:
        with path.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - _BYTES))
            content = file.read(_BYTES)
    except OSError:
        return ""
    return "\n".join(content.decode("utf-8", "replace").splitlines()[-LINES:])
