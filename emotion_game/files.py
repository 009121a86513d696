"""Open and write files so that nothing waits for ever and nothing half-written stays."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

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
    # A pipe that nobody reads is told at once, but one that somebody reads slowly is waited for.
    number = os.open(path, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0))
    if hasattr(os, "O_NONBLOCK"):
        os.set_blocking(number, True)
    return os.fdopen(number, "wb")


def _part_of(path: Path) -> Path:
    name = path.name
    if len(os.fsencode(name)) > _LONGEST_NAME_BYTES:
        name = name[: _LONGEST_NAME_BYTES // 4]  # no character takes more than four bytes
    return path.with_name(name + ".part")
