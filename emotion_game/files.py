"""Open, read and write files.

Nothing waits for ever, nothing half-written stays, and text that a person may have edited is UTF-8
with or without its mark, or one clear line.
"""

from __future__ import annotations

import codecs
import errno
import json
import os
import stat
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO, Final

from emotion_game.errors import GameError

#: What a system says when there is no space left for this user.
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})

#: Most file systems take names of 255 bytes; this leaves room for ".part".
_LONGEST_NAME_BYTES = 250
_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFLNK: "a link",
}


def open_plain(path: Path, *, links: bool = True) -> BufferedReader:
    """Open a plain file to read; a pipe or device, which could keep us waiting, is never read.

    Args:
        path: the file.
        links: whether it may be a link to a plain file.

    Raises:
        OSError: when it is missing, cannot be read, or is no plain file.
    """
    # Looked at before it is opened, since to open a device may already move something ...
    _refuse_special(path, (path.stat() if links else path.lstat()).st_mode)
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    # ... and afterwards, without waiting, since another program may have changed it meanwhile.
    flags |= getattr(os, "O_NONBLOCK", 0) | (0 if links else getattr(os, "O_NOFOLLOW", 0))
    number = os.open(path, flags)
    try:
        _refuse_special(path, os.fstat(number).st_mode)
        return os.fdopen(number, "rb")
    except OSError:
        os.close(number)
        raise


def _refuse_special(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        kind = _KINDS.get(stat.S_IFMT(mode), "something else")
        raise OSError(errno.EINVAL, f"it is {kind}, not a plain file", str(path))


def write_beside(path: Path, content: bytes) -> None:
    """Write a file beside its place, then rename it; see :func:`beside`.

    Raises:
        OSError: when that fails; an older file is left as it was.
    """
    with beside(path) as file:
        file.write(content)


@contextmanager
def beside(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write, which takes its place when the block ends well.

    A block that ends with an exception leaves nothing, and an older file as it was. A pipe or a
    device, such as ``/dev/stdout``, is written to as it is.

    Raises:
        OSError: when it cannot be written.
    """
    if _is_special(path):
        with _open_special(path) as file:
            yield file
        return
    path = Path(os.path.realpath(path))  # a link stays one, and its target is renewed
    part = _part_of(path)
    try:
        with part.open("wb") as file:
            yield file
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def check_writable(path: Path) -> None:
    """Try whether :func:`beside` could begin; nothing stays.

    Raises:
        OSError: when it could not.
    """
    if _is_special(path):
        _open_special(path).close()
        return
    part = _part_of(Path(os.path.realpath(path)))
    part.open("wb").close()
    part.unlink()


def _is_special(path: Path) -> bool:
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError:
        return False


def _open_special(path: Path) -> BinaryIO:
    # A pipe without a reader fails at once; one with a slow reader is waited for.
    number = os.open(path, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0))
    if hasattr(os, "O_NONBLOCK"):
        os.set_blocking(number, True)
    return os.fdopen(number, "wb")


def _part_of(path: Path) -> Path:
    name = path.name
    if len(os.fsencode(name)) > _LONGEST_NAME_BYTES:
        name = name[: _LONGEST_NAME_BYTES // 4]  # no character takes more than four bytes
    return path.with_name(name + ".part")


# --- Text that a person may have edited -----------------------------------------------------------

#: No file that is written by hand is larger.
MAX_TEXT_BYTES: Final = 20_000_000
#: The mark that Windows editors put before UTF-8.
MARK: Final = codecs.BOM_UTF8

# UTF-32 first: its mark begins with that of UTF-16.
_OTHER_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
#: How much of a file is looked at to tell its encoding.
_HEAD_BYTES: Final = 1024
_HINT: Final = "Save it as UTF-8."


def read_content(
    path: Path,
    refusal: type[GameError],
    *,
    called: str = "",
    max_bytes: int = MAX_TEXT_BYTES,
) -> bytes:
    """Read a file that must not be larger than a bound.

    Args:
        path: the file.
        refusal: what is raised.
        called: what the message calls it, e.g. "the configuration".
        max_bytes: the bound.

    Raises:
        GameError: of the type ``refusal``: it is missing, no file, not readable or too large.
    """
    try:
        with open_plain(path) as file:
            content = file.read(max_bytes + 1)
    except OSError as error:
        name = f"{called} {path}" if called else str(path)
        raise refusal(
            f"Cannot read {name}: {error.strerror or error}.", hint="Check the path."
        ) from error
    except ValueError as error:  # a NUL in the name itself
        raise refusal(f"Cannot read {str(path)!r}: {error}.", hint="Check the path.") from error
    if len(content) > max_bytes:
        raise refusal(f"{path} is larger than {max_bytes} bytes.", hint="Is it the right file?")
    return content


def decode_text(
    content: bytes, name: object, refusal: type[GameError], form: str = "no text file in UTF-8"
) -> str:
    """Return UTF-8 as text, without its mark; line ends stay as they are.

    Args:
        content: of the file.
        name: of the file, for the message.
        refusal: what is raised.
        form: what it then is, for the message.

    Raises:
        GameError: of the type ``refusal``: another encoding, or no text.
    """
    if fault := binary_fault(content[:_HEAD_BYTES]):
        raise refusal(f"{name} is {form}: {fault}.", hint=_HINT)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise refusal(
            f"{name} is {form}: line {line} holds the byte 0x{content[error.start]:02x},"
            " which is of another encoding.",
            hint=_HINT,
        ) from error
    if (at := text.find("\0")) >= 0:
        line = text.count("\n", 0, at) + 1
        raise refusal(
            f"{name} is {form}: line {line} holds a NUL byte, so it is damaged or no text.",
            hint="Restore it from a copy.",
        )
    return text


def binary_fault(head: bytes) -> str:
    """Say what speaks against a file being text in one byte a letter; "" when nothing does.

    Args:
        head: the first bytes of the file, up to a thousand.
    """
    for mark, encoding in _OTHER_MARKS:
        if head.startswith(mark):
            return f"it is in {encoding}"
    zeros = head.count(0) / max(1, len(head))
    if zeros == 1:
        return "it holds nothing but NUL bytes, as after a power cut"
    # Latin letters are padded with one zero in UTF-16, with three in UTF-32.
    if zeros > 0.6:
        return "it is in UTF-32, without its mark"
    if zeros > 0.3:
        return "it is in UTF-16, without its mark"
    return ""


def read_text(
    path: Path,
    refusal: type[GameError],
    *,
    called: str = "",
    form: str = "no text file in UTF-8",
    max_bytes: int = MAX_TEXT_BYTES,
) -> str:
    """Read a text file, see :func:`read_content` and :func:`decode_text`.

    Raises:
        GameError: of the type ``refusal``.
    """
    content = read_content(path, refusal, called=called, max_bytes=max_bytes)
    return decode_text(content, path, refusal, form)


def read_toml(path: Path, refusal: type[GameError], *, called: str = "") -> dict[str, Any]:
    """Read a TOML file.

    Raises:
        GameError: of the type ``refusal``: it cannot be read, or is not TOML in UTF-8.
    """
    text = read_text(path, refusal, called=called, form="not valid TOML")
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise refusal(
            f"{path} is not valid TOML: {_why(error)}.", hint="Correct the file at that place."
        ) from error


def read_json(path: Path, refusal: type[GameError], *, called: str = "") -> Any:
    """Read a JSON file.

    Raises:
        GameError: of the type ``refusal``: it cannot be read, or is not JSON in UTF-8.
    """
    return decode_json(read_content(path, refusal, called=called), path, refusal)


def decode_json(content: bytes, name: object, refusal: type[GameError]) -> Any:
    """Return what JSON in UTF-8 says.

    Raises:
        GameError: of the type ``refusal``: it is none.
    """
    text = decode_text(content, name, refusal, "not valid JSON")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise refusal(
            f"{name} is not valid JSON: {_why(error)}.", hint="Correct the file at that place."
        ) from error


def _why(error: Exception) -> str:
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
