"""``emotion-game models``: list, install, choose and verify model bundles."""

from __future__ import annotations

import stat
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass
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
    Task,
    load_bundle,
    load_contract,
    task_of,
)
from emotion_game.vision.held_back import (
    HELD_BACK,
    MAX_HELD_BACK_BYTES,
    Catch,
    catch,
    loses,
    read_held_back,
)

_LIMITS_BYTES = {
    CONTRACT: MAX_CONTRACT_BYTES,
    MODEL_CARD: MAX_CONTRACT_BYTES,
    HELD_BACK: MAX_HELD_BACK_BYTES,
    NETWORK: MAX_FILE_BYTES,
    KERAS_MODEL: MAX_FILE_BYTES,
    HDF5_MODEL: MAX_FILE_BYTES,
}
#: What may lie beside them in a bundle's folder, such as its experiments; it is not installed.
_PAPERS = {".md", ".png"}
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_MAX_ENTRIES = 64
_CHUNK_BYTES = 1 << 20


def list_bundles(task: Task = Task.EXPRESSION) -> list[dict[str, Any]]:
    """Return the shipped and the installed bundles of a task, in the form that ``--json`` prints.

    Raises:
        ModelError: when it is not known which one is active.
    """
    active = installed.active_name(task)
    names = [installed.SHIPPED, *installed.installed_names(task)]
    if active not in names:
        names.append(active)
    return [_describe(name, task, active=name == active) for name in names]


def _describe(name: str, task: Task, *, active: bool) -> dict[str, Any]:
    folder = installed.bundle_folder(name, task)
    about: dict[str, Any] = {
        "name": name,
        "active": active,
        "folder": str(folder),
        "version": None,
        "task": task.value,
        "installed": None,
        "metrics": {},
        "fault": None,
    }
    try:
        bundle = load_contract(folder, installed.CONTRACTS[task])
    except ModelError as error:
        return {**about, "fault": error.message}
    about |= {"version": bundle.version, "metrics": bundle.metrics}
    if name != installed.SHIPPED:
        # Another run may have taken it away since it was read.
        with suppress(OSError):
            modified = datetime.fromtimestamp((folder / CONTRACT).stat().st_mtime, UTC)
            about["installed"] = modified.isoformat(timespec="seconds")
    return about


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the game's thresholds catch with two networks, on the faces held back for the new one.

    Attributes:
        split: which faces.
        faces: how many.
        against: name of the other network's bundle; "" when none was measured on these faces.
        before: name of the bundle that plays.
        rows: one a mode and threshold.
    """

    split: str
    faces: int
    against: str
    before: str
    rows: tuple[ComparedThreshold, ...]


@dataclass(frozen=True, slots=True)
class ComparedThreshold:
    """One threshold of the game.

    Attributes:
        mode: name of the mode.
        levels: that have it.
        threshold: the score.
        new: what it catches with the new network.
        old: with the other one; None when that was not measured.
        loses: whether the new network catches fewer faces than chance would explain.
    """

    mode: str
    levels: tuple[int, ...]
    threshold: float
    new: Catch
    old: Catch | None
    loses: bool


def use(source: str, task: Task = Task.EXPRESSION) -> str:
    """Play with a bundle from now on; a folder or ZIP is checked and installed first.

    Args:
        source: ``shipped``, the name of an installed bundle, or the path of a folder or ZIP file.
        task: whose shipped bundle is meant; every other one says so itself.

    Returns:
        The name of the bundle that is active now.

    Raises:
        ModelError: when it is missing, unsafe or broken; what was active stays so.
    """
    name, task = find(source, task)
    installed.activate(name, task)
    return name


def find(source: str, task: Task = Task.EXPRESSION) -> tuple[str, Task]:
    """Return a bundle's name and task; a folder or ZIP is checked and installed first.

    Args:
        source: see :func:`use`.
        task: see :func:`use`.

    Raises:
        ModelError: when it is missing, unsafe or broken.
    """
    if source == installed.SHIPPED:
        return source, task
    for each in Task:
        if source in installed.installed_names(each):
            return source, each
    path = Path(source)
    if path.is_dir():
        return installed.install(path), task_of(path)
    if path.is_file():
        with installed.scratch_folder() as scratch:
            unpack(path, scratch)
            return installed.install(scratch), task_of(scratch)
    raise ModelError(
        f"{source} is no folder, no ZIP file and no installed bundle.",
        hint="See `emotion-game models list`.",
    )


def compare(name: str) -> Comparison | None:
    """Return what the game's thresholds catch with a classifier and with the one that plays.

    Args:
        name: of the bundle.

    Returns:
        None when the bundle plays already or brings no figures on held-back faces. Where the one
        that plays was not measured on them, the shipped one is taken.

    Raises:
        ModelError: when the bundle's figures are malformed.
    """
    # Brings the whole game along, which nothing else here needs.
    from emotion_game.app import game_settings

    try:
        before = installed.active_name()
    except ModelError:
        before = ""  # such a choice is what `use` is there to replace
    held = None if name == before else read_held_back(installed.bundle_folder(name))
    if held is None:
        return None
    new, old, against = held.readings[0], None, ""
    for other in filter(None, (before, installed.SHIPPED)):
        with suppress(ModelError):  # a broken one cannot be asked which network it has
            network = load_bundle(installed.bundle_folder(other)).sha256[NETWORK]
            old, against = held.reading_of(network), other
        if old is not None:
            break
    settings = game_settings(None)
    rows = []
    for mode in settings.modes.values():
        levels: dict[float, list[int]] = {}
        for (of_mode, level), rules in settings.rounds.items():
            if of_mode == mode.name:
                levels.setdefault(rules.threshold, []).append(level)
        for threshold, at_levels in levels.items():
            rows.append(
                ComparedThreshold(
                    mode.name,
                    tuple(at_levels),
                    threshold,
                    catch(held, new, mode.weights, threshold),
                    None if old is None else catch(held, old, mode.weights, threshold),
                    old is not None and loses(held, new, old, mode.weights, threshold),
                )
            )
    return Comparison(
        held.split, len(held.labels), "" if old is None else against, before, tuple(rows)
    )


def verify(folder: Path | None) -> dict[str, Any]:
    """Check a bundle, by default both that play, and return what ``--json`` prints.

    Raises:
        ModelError: on the first fault.
    """
    if folder is not None:
        return {**_verified(folder, task_of(folder)), "ok": True}
    classifier, detector = (
        _verified(installed.bundle_folder(installed.active_name(task), task), task) for task in Task
    )
    return {**classifier, "detector": detector, "ok": True}


def _verified(folder: Path, task: Task) -> dict[str, Any]:
    bundle = installed.check(folder, task)
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
