"""Change one value of the operator's own ``kiosk.toml``; all else of the file stays."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from emotion_game import files
from emotion_game.errors import SettingsError
from emotion_game.kiosk.settings import kiosk_file, load_kiosk_settings, own_file


def set_value(given: Path | None, table: str, key: str, value: str) -> Path:
    """Write ``[table] key = value`` and return the file.

    Args:
        given: the file; None: this user's own, made from the shipped one if it is not there yet.
        table: of the file.
        key: of the table.
        value: a text.

    Raises:
        SettingsError: when the file cannot be read or written, or would not be valid; then it
            is left as it was.
    """
    source, path = kiosk_file(given), given or own_file()
    load_kiosk_settings(source)
    part = path.with_name(path.name + ".part")
    content = files.read_content(source, SettingsError)
    text = files.decode_text(content, source, SettingsError)
    try:
        document = tomlkit.parse(text)
        section = document.setdefault(table, tomlkit.table())
        section[key] = value
        path.parent.mkdir(parents=True, exist_ok=True)
        # A hash of six digits can be tried out: the file is its owner's alone.
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(_as_it_was(tomlkit.dumps(document), content))
            file.flush()
            os.fsync(file.fileno())
        load_kiosk_settings(part)
        part.replace(path)
    except (OSError, TOMLKitError) as error:
        raise SettingsError(
            f"Cannot write {path}: {getattr(error, 'strerror', None) or error}.",
            hint="Make it writable, or name another file with --config.",
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return path


def _as_it_was(text: str, old: bytes) -> bytes:
    """Return the new text with the mark and the line ends of the old content."""
    if b"\r\n" in old:
        text = re.sub("\r?\n", "\r\n", text)
    return files.MARK * old.startswith(files.MARK) + text.encode()
