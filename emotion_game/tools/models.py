"""``emotion-game models``: list, install, choose and verify model bundles."""

from __future__ import annotations

import stat
import zipfile
import zlib
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from emotion_game.errors import ModelError
from emotion_game.vision import installed
from emotion_game.vision.bundle import (
    CONTRACT,
    HDF5_MODEL,
    KERAS_MODEL,
    MAX_CONTRACT_BYTES,
    MAX_FILE_BYTES,
    MODEL_CARD,
    NETWORK,
    load_bundle,
    task_of,
)
from emotion_game.vision.yolo_detector import SHIPPED as SHIPPED_DETECTOR

_LIMITS_BYTES = {
    CONTRACT: MAX_CONTRACT_BYTES,
    MODEL_CARD: MAX_CONTRACT_BYTES,
    NETWORK: MAX_FILE_BYTES,
    KERAS_MODEL: MAX_FILE_BYTES,
    HDF5_MODEL: MAX_FILE_BYTES,
}
#: What may lie beside them in a bundle's folder, such as its experiments; it is not installed.
_PAPERS = {".md", ".png"}
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_MAX_ENTRIES = 64
_CHUNK_BYTES = 1 << 20


def list_bundles() -> list[dict[str, Any]]:
    """Return the shipped and the installed bundles, in the form that ``--json`` prints.

    Raises:
        ModelError: when it cannot be told which one is active.
    """
    active = installed.active_name()
    names = [installed.SHIPPED, *installed.installed_names()]
    if active not in names:
        names.append(active)
    return [_describe(name, active=name == active) for name in names]


def _describe(name: str, *, active: bool) -> dict[str, Any]:
    folder = installed.bundle_folder(name)
    about: dict[str, Any] = {
        "name": name,
        "active": active,
        "folder": str(folder),
        "version": None,
        "task": None,
        "installed": None,
        "metrics": {},
        "fault": None,
    }
    try:
        bundle = load_bundle(folder)
    except ModelError as error:
        return {**about, "fault": error.message}
    about |= {"version": bundle.version, "task": bundle.task, "metrics": bundle.metrics}
    if name != installed.SHIPPED:
        # Another run may have taken it away since it was read.
        with suppress(OSError):
            modified = datetime.fromtimestamp((folder / CONTRACT).stat().st_mtime, UTC)
            about["installed"] = modified.isoformat(timespec="seconds")
    return about


def use(source: str) -> str:
    """Play with a bundle from now on; a folder or ZIP is checked and installed first.

    Args:
        source: ``shipped``, the name of an installed bundle, or the path of a folder or ZIP file.

    Returns:
        The name of the bundle that is active now.

    Raises:
        ModelError: when it is missing, unsafe or broken; what was active stays so.
    """
    if source == installed.SHIPPED or source in installed.installed_names():
        name = source
    else:
        path = Path(source)
        if path.is_dir():
            name = installed.install(path)
        elif path.is_file():
            with installed.scratch_folder() as scratch:
                unpack(path, scratch)
                name = installed.install(scratch)
        else:
            raise ModelError(
                f"{source} is no folder, no ZIP file and no installed bundle.",
                hint="See `emotion-game models list`.",
            )
    installed.activate(name)
    return name


def verify(folder: Path | None) -> dict[str, Any]:
    """Check a bundle, by default both that play, and return what ``--json`` prints.

    Raises:
        ModelError: on the first fault.
    """
    if folder is not None:
        return {**_verified(folder), "ok": True}
    active = installed.bundle_folder(installed.active_name())
    return {**_verified(active), "detector": _verified(SHIPPED_DETECTOR), "ok": True}


def _verified(folder: Path) -> dict[str, Any]:
    bundle = (
        installed.check_detector(folder)
        if task_of(folder) == "face-detection"
        else installed.check_bundle(folder)
    )
    return {
        "folder": str(folder),
        "name": bundle.name,
        "version": bundle.version,
        "files": sorted(bundle.sha256),
    }


# --- ZIP files ------------------------------------------------------------------------------------


def unpack(archive: Path, folder: Path) -> None:
    """Unpack the files of a bundle from a ZIP file that may come from anybody.

    The files lie at the top or all in one folder. Anything that is no part of a bundle is
    refused, so that no name of the archive ever decides a path.

    Args:
        archive: the ZIP file.
        folder: where to put the files.

    Raises:
        ModelError: when it is no ZIP file, is damaged, or holds links, other names or too much.
    """
    try:
        with zipfile.ZipFile(archive) as file:
            for name, entry in _safe_entries(archive, file).items():
                _unpack_one(archive, file, entry, folder / name, _LIMITS_BYTES[name])
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError) as error:
        raise ModelError(
            f"{archive} is not a ZIP file that can be read: {' '.join(str(error).split())}.",
            hint="Pack the bundle's folder again.",
        ) from error
    except OSError as error:
        raise ModelError(f"{archive} cannot be unpacked: {error.strerror or error}.") from error


def _safe_entries(archive: Path, file: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    entries = [entry for entry in file.infolist() if not entry.is_dir()]
    if len(entries) > _MAX_ENTRIES:
        raise _unsafe(archive, f"{len(entries)} files; at most {_MAX_ENTRIES} are expected")
    found: dict[str, zipfile.ZipInfo] = {}
    tops = set()
    for entry in entries:
        path = PurePosixPath(entry.filename)
        name = path.name
        shown = ascii(entry.filename[:80])
        if path.is_absolute() or ".." in path.parts or "\\" in entry.filename or ":" in name:
            raise _unsafe(archive, f"a path that leads out of it, {shown}")
        mode = entry.external_attr >> 16
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            raise _unsafe(archive, f"a link or special file, {shown}")
        if entry.flag_bits & 1 or entry.compress_type not in _METHODS:
            raise _unsafe(archive, f"an encrypted or unusually packed file, {shown}")
        if len(path.parts) > 2 or (name not in _LIMITS_BYTES and path.suffix not in _PAPERS):
            raise _unsafe(archive, f"a file that is no part of a bundle, {shown}")
        tops.add(path.parent)
        if name not in _LIMITS_BYTES:
            continue
        if name in found:
            raise _unsafe(archive, f"two files named {name}")
        if entry.file_size > _LIMITS_BYTES[name]:
            raise _unsafe(
                archive,
                f"{shown} of {entry.file_size} bytes; at most {_LIMITS_BYTES[name]} are allowed",
            )
        found[name] = entry
    if len(tops) > 1:
        raise _unsafe(archive, "files of several folders")
    if CONTRACT not in found:
        raise ModelError(f"{archive} holds no {CONTRACT}.", hint="Pack the bundle's folder again.")
    return found


def _unsafe(archive: Path, what: str) -> ModelError:
    return ModelError(
        f"{archive} was not unpacked: it holds {what}.", hint="Pack only the bundle's own files."
    )


def _unpack_one(
    archive: Path, file: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, limit_bytes: int
) -> None:
    written = 0
    with file.open(entry) as source, target.open("wb") as copy:
        while chunk := source.read(_CHUNK_BYTES):
            written += len(chunk)
            # The declared size was checked, but an archive can lie about it.
            if written > limit_bytes:
                raise _unsafe(archive, f"{target.name} of more than {limit_bytes} bytes")
            copy.write(chunk)
