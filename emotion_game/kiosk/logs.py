"""The log of a day: rotating files, plain or JSON lines, without personal data."""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

from emotion_game.addresses import hide_secrets
from emotion_game.errors import GameError
from emotion_game.kiosk.settings import LogSettings

FILE_NAME = "kiosk.log"
#: What a record of the game looks like on its standard error: one JSON object a line.
_MARK = "emotion-game-log"
#: Nicknames are the only personal data there is; the account's name stands in paths.
_NICKNAME = re.compile(r"""(nickname["']?\s*[=:]\s*)("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")


def without_names(text: str) -> str:
    """Return the text without nicknames, passwords and the name of the account in paths."""
    home = str(Path.home())
    text = _NICKNAME.sub(r"\1***", hide_secrets(text))
    return text.replace(home, "~") if len(home) > 1 else text


class _Lines(logging.Formatter):
    """Plain text: one line a record, its traceback indented below."""

    def format(self, record: logging.LogRecord) -> str:
        """See :class:`logging.Formatter`."""
        head = f"{_moment(record)} {record.levelname:7} {record.name}: {record.getMessage()}"
        trace = _trace(record)
        if trace:
            head += "\n" + "\n".join("    " + line for line in trace.splitlines())
        return without_names(head)


class _JsonLines(logging.Formatter):
    """One JSON object a line."""

    def __init__(self, mark: str = "") -> None:
        super().__init__()
        self._mark = mark

    def format(self, record: logging.LogRecord) -> str:
        """See :class:`logging.Formatter`."""
        content = {
            "at": _moment(record),
            "level": record.levelname,
            "logger": record.name,
            "message": without_names(record.getMessage()),
        }
        if trace := _trace(record):
            content["trace"] = without_names(trace)
        if self._mark:
            content["mark"] = self._mark
        return json.dumps(content, ensure_ascii=False)


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _trace(record: logging.LogRecord) -> str:
    told = getattr(record, "trace", "")
    if record.exc_info and record.exc_info[0] is not None:
        told = "".join(traceback.format_exception(*record.exc_info))
    return str(told).rstrip()


def log_to_file(settings: LogSettings, folder: Path) -> Path:
    """Send every record of this process to rotating files; return the newest one's path.

    Raises:
        GameError: when the folder cannot be written.
    """
    path = folder / FILE_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            path,
            maxBytes=int(settings.max_mb * 1_000_000),
            backupCount=settings.kept,
            encoding="utf-8",
            errors="backslashreplace",
        )
    except OSError as error:
        raise GameError(
            f"Cannot write the log {path}: {error.strerror or error}.",
            hint="Make the folder writable and free some space there.",
        ) from error
    handler.setFormatter(_JsonLines() if settings.json_lines else _Lines())
    root = logging.getLogger()
    for terminal in root.handlers:
        terminal.setLevel(logging.WARNING)
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    # A full disk must not fill the terminal with the log's own complaints.
    logging.raiseExceptions = False
    return path


def log_to_supervisor() -> None:
    """Send every record of this process to standard error in a form the supervisor reads."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines(_MARK))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)


def pass_on(line: str) -> str:
    """Log one line of the game's standard error; return it as plain text."""
    try:
        content = json.loads(line)
    except ValueError:
        content = None
    if not isinstance(content, dict) or content.get("mark") != _MARK:
        # A library's own words: they may matter after a crash, but are no fault by themselves.
        logging.getLogger("game.stderr").info("%s", line)
        return without_names(line)
    level = logging.getLevelNamesMapping().get(str(content.get("level")), logging.INFO)
    name, message = str(content.get("logger")), str(content.get("message"))
    trace = str(content.get("trace", ""))
    logging.getLogger(name).log(level, "%s", message, extra={"trace": trace} if trace else None)
    return f"{content.get('level')} {name}: {message}" + (f"\n{trace}" if trace else "")
