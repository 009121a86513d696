"""The bundles that play: the shipped one, or one that this user installed beside it.

Under the user's data folder, ``models/expression/`` and ``models/detector/`` hold one folder a
bundle, named ``VERSION-CHECKSUM``, and ``active.json``: the names of the bundles used, the last one
active. Installed bundles are never written over, so that going back is always possible.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import assert_never

import numpy as np
from pydantic import Field, ValidationError

from emotion_game import paths
from emotion_game.errors import ModelError
from emotion_game.files import FULL, open_plain, write_beside
from emotion_game.settings import StrictModel
from emotion_game.vision.bundle import (
    CONTRACT,
    MAX_CONTRACT_BYTES,
    MODEL_CARD,
    Bundle,
    Contract,
    DetectorBundle,
    Task,
    file_sha256,
    load_bundle,
    load_contract,
    open_own,
    read_verified,
    task_of,
    verify_file,
)
from emotion_game.vision.classifier import ExpressionClassifier
from emotion_game.vision.held_back import HELD_BACK, MAX_HELD_BACK_BYTES
from emotion_game.vision.yolo_detector import YoloDetector

SHIPPED = "shipped"
#: The folders of each task's bundles, shipped and installed.
_FOLDERS = {Task.EXPRESSION: "expression", Task.DETECTION: "detector"}
#: What each task's ``model.json`` says.
CONTRACTS: dict[Task, type[Contract]] = {
    Task.EXPRESSION: Bundle,
    Task.DETECTION: DetectorBundle,
}
#: What is taken along beside the files that the contract lists.
_PAPERS_BYTES = {MODEL_CARD: MAX_CONTRACT_BYTES, HELD_BACK: MAX_HELD_BACK_BYTES}
_STATE = "active.json"
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_-]{0,39}-[0-9a-f]{8}")
_STEPS_KEPT = 50
ROLL_BACK = "Go back with `emotion-game models use --rollback`."
ROLL_BACK_DETECTOR = "Go back with `emotion-game models use --rollback --detector`."
_USE_SHIPPED = {
    Task.EXPRESSION: "Play the shipped one with `emotion-game models use shipped`.",
    Task.DETECTION: "Play the shipped one with `emotion-game models use shipped --detector`.",
}


class _State(StrictModel):
    """``active.json``: names in the order of use; the last one is active."""

    used: tuple[str, ...] = Field(min_length=1, max_length=_STEPS_KEPT)


def store(task: Task = Task.EXPRESSION) -> Path:
    """Return the folder of installed bundles; it may not exist yet."""
    return paths.user_models() / _FOLDERS[task]


def bundle_folder(name: str, task: Task = Task.EXPRESSION) -> Path:
    """Return where the bundle of this name lies, or would lie."""
    return paths.MODELS / _FOLDERS[task] if name == SHIPPED else store(task) / name


def installed_names(task: Task = Task.EXPRESSION) -> list[str]:
    """Return the names of the installed bundles, the oldest first."""
    folder = store(task)
    try:
        found = [each for each in folder.iterdir() if _NAME.fullmatch(each.name)]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise ModelError(f"Cannot read {folder}: {error.strerror or error}.") from error
    made_s = {}
    for each in found:
        # Another run may take a bundle away, or replace it, between the listing and the check.
        with suppress(OSError):
            made_s[each.name] = each.stat().st_mtime
    return sorted(made_s, key=made_s.__getitem__)


# --- Which one plays ------------------------------------------------------------------------------


def _used(task: Task) -> tuple[str, ...]:
    path = store(task) / _STATE
    way_out = _USE_SHIPPED[task]
    try:
        with open_plain(path) as file:
            used = _State.model_validate_json(file.read()).used
    except (FileNotFoundError, NotADirectoryError):
        return (SHIPPED,)
    except (OSError, ValidationError) as error:
        raise ModelError(
            f"{path}, which names the model to play with, cannot be read.", hint=way_out
        ) from error
    for name in used:
        if name != SHIPPED and not _NAME.fullmatch(name):
            raise ModelError(f"{path} names {name!r}, which is no bundle.", hint=way_out)
    return used


def active_name(task: Task = Task.EXPRESSION) -> str:
    """Return the name of the bundle that plays: ``shipped`` or an installed one.

    Raises:
        ModelError: when the choice cannot be read; nothing else is played instead.
    """
    return _used(task)[-1]


def load_active() -> ExpressionClassifier:
    """Load the bundle that plays.

    Raises:
        ModelError: when it is broken. The game never falls back to another one by itself: an
            operator must know which network decides.
    """
    name = active_name()
    try:
        return ExpressionClassifier(bundle_folder(name))
    except ModelError as error:
        hint = error.hint if name == SHIPPED else ROLL_BACK
        raise ModelError(error.message, hint=hint) from error


def load_active_detector(*, smallest_face: float = 0.0, closer_look: bool = False) -> YoloDetector:
    """Load the face detector that plays; arguments as :class:`YoloDetector`'s.

    Raises:
        ModelError: when it is broken, see :func:`load_active`.
    """
    name = active_name(Task.DETECTION)
    try:
        return YoloDetector(
            bundle_folder(name, Task.DETECTION),
            smallest_face=smallest_face,
            closer_look=closer_look,
        )
    except ModelError as error:
        hint = error.hint if name == SHIPPED else ROLL_BACK_DETECTOR
        raise ModelError(error.message, hint=hint) from error


def activate(name: str, task: Task = Task.EXPRESSION) -> None:
    """Check a bundle and play with it from now on.

    Raises:
        ModelError: when it is missing or broken, or the choice cannot be written; what was
            active stays so.
    """
    check(bundle_folder(name, task), task)
    try:
        used = _used(task)
    except ModelError:
        # A choice that cannot be read is what this call is there to replace.
        used = ()
    if not used or used[-1] != name:
        _write_used((*used, name)[-_STEPS_KEPT:], task)


def roll_back(task: Task = Task.EXPRESSION) -> str:
    """Play with the bundle that was active before, and return its name.

    Raises:
        ModelError: when there is none, or it is broken.
    """
    used = _used(task)
    if len(used) < 2:
        raise ModelError(f"No bundle was used before {used[-1]}.", hint=_USE_SHIPPED[task])
    try:
        check(bundle_folder(used[-2], task), task)
    except ModelError as error:
        raise ModelError(f"Cannot go back: {error.message}", hint=_USE_SHIPPED[task]) from error
    _write_used(used[:-1], task)
    return used[-2]


def _write_used(used: tuple[str, ...], task: Task) -> None:
    path = store(task) / _STATE
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_beside(path, (_State(used=used).model_dump_json(indent=1) + "\n").encode())
    except OSError as error:
        raise ModelError(
            f"Cannot write {path}: {error.strerror or error}. The choice is unchanged.",
            hint="Free some space or see to the folder's rights.",
        ) from error


# --- Checking and installing ----------------------------------------------------------------------


def check(folder: Path, task: Task) -> Contract:
    """Check all of a bundle of a task; see :func:`check_bundle` and :func:`check_detector`."""
    match task:
        case Task.EXPRESSION:
            return check_bundle(folder)
        case Task.DETECTION:
            return check_detector(folder)
        case _ as never:
            assert_never(never)


def check_bundle(folder: Path) -> Bundle:
    """Check all of a bundle: contract, checksum of every file, shapes, and that it answers.

    Raises:
        ModelError: on the first fault.
    """
    bundle = load_bundle(folder)
    for name in bundle.sha256:
        verify_file(folder, bundle, name)
    # Loading it checks the shapes and its answer to a gray picture; a picture full of noise
    # drives every layer to its limits.
    classifier = ExpressionClassifier(folder)
    size_px = bundle.input.size_px
    noise = np.random.default_rng(0).integers(0, 256, (size_px, size_px, 1), dtype=np.uint8)
    if not np.all(np.isfinite(classifier.classify(noise))):
        raise ModelError(f"The network of {folder} does not answer to a picture of noise.")
    return bundle


def check_detector(folder: Path) -> DetectorBundle:
    """Check all of a detector's bundle, as :func:`check_bundle` does a classifier's.

    Raises:
        ModelError: on the first fault.
    """
    bundle = load_contract(folder, DetectorBundle)
    for name in bundle.sha256:
        verify_file(folder, bundle, name)
    size = (bundle.input.height_px, bundle.input.width_px, 3)
    noise = np.random.default_rng(0).integers(0, 256, size, dtype=np.uint8)
    # Loading it checks the shapes and its answer to a gray picture.
    YoloDetector(folder, least_confidence=0.001).detect(noise)
    return bundle


@contextmanager
def scratch_folder(task: Task = Task.EXPRESSION) -> Iterator[Path]:
    """Give a folder beside the installed bundles that is gone afterwards.

    Raises:
        ModelError: when it cannot be made.
    """
    folder = store(task)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        scratch = tempfile.TemporaryDirectory(dir=folder, prefix=".part-")
    except OSError as error:
        raise ModelError(
            f"Cannot write to {folder}: {error.strerror or error}.",
            hint="Free some space or see to the folder's rights.",
        ) from error
    with scratch as name:
        yield Path(name)


def _copy(source: Path, target: Path, limit_bytes: int = MAX_CONTRACT_BYTES) -> None:
    with open_own(source) as file:
        target.write_bytes(file.read(limit_bytes))


def install(source: Path) -> str:
    """Copy a bundle beside the others of its task, check the copy, and return its name.

    Args:
        source: a folder with ``model.json``; only the files it lists, the card and the figures
            on held-back faces are taken.

    Raises:
        ModelError: when it is no sound bundle or cannot be copied; nothing is left behind.
    """
    task = task_of(source)
    bundle: Contract = load_contract(source, CONTRACTS[task])
    with scratch_folder(task) as scratch:
        part = scratch / "bundle"
        try:
            part.mkdir()
            _copy(source / CONTRACT, part / CONTRACT)
            for listed in bundle.sha256:
                # Checked before the copy, so that a huge or missing file is named by its own path.
                (part / listed).write_bytes(read_verified(source, bundle, listed))
            for name, limit_bytes in _PAPERS_BYTES.items():
                paper = source / name
                if os.path.lexists(paper) and paper.lstat().st_size <= limit_bytes:
                    _copy(paper, part / name, limit_bytes)
        except OSError as error:
            if error.errno in FULL:
                hint = "Nothing was installed; free some space and try again."
            else:
                hint = "Nothing was installed."
            at = f" at {error.filename}" if error.filename else ""
            raise ModelError(
                f"{source} cannot be copied to {store(task)}{at}: {error.strerror or error}.",
                hint=hint,
            ) from error
        check(part, task)
        name = f"{bundle.version}-{file_sha256(part / CONTRACT)[:8]}"
        target = bundle_folder(name, task)
        try:
            if target.exists():
                # The same contract and so the same files: only a damaged copy is replaced.
                target.rename(scratch / "damaged")
            part.rename(target)
        except OSError as error:
            raise ModelError(
                f"{source} cannot be installed as {target}: {error.strerror or error}.",
                hint="Close the game and try again.",
            ) from error
    return name
