"""Model bundles: ``models/NAME/`` with the weights and the contract they were trained under.

A bundle may come from anybody, so its files are bounded and its names are checked before use.
"""

from __future__ import annotations

import hashlib
import os
from enum import StrEnum
from io import BufferedReader
from pathlib import Path
from typing import Annotated, Final, Literal, TypeVar

from pydantic import BaseModel, Field, ValidationError

from emotion_game.errors import ModelError
from emotion_game.files import decode_text, open_plain
from emotion_game.settings import StrictModel
from emotion_game.vision.crop import CropSpec

CONTRACT = "model.json"
NETWORK: Final = "model.tflite"
KERAS_MODEL: Final = "model.keras"
HDF5_MODEL: Final = "model.h5"
MODEL_CARD = "README.md"
MAX_CONTRACT_BYTES = 1_000_000
MAX_FILE_BYTES = 200_000_000
_MOST_FAULTS_TOLD = 10


class Task(StrEnum):
    """What a bundle's network does."""

    EXPRESSION = "expression"
    DETECTION = "face-detection"


FileName = Literal["model.tflite", "model.keras", "model.h5"]
Pixels = Annotated[float, Field(gt=0.0, le=2000.0)]
Score = Annotated[float, Field(ge=0.0, le=1.0)]
#: Printed on terminals, so without control characters.
Line = Annotated[str, Field(max_length=1000, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")]


class InputSpec(StrictModel):
    """What the network is fed: gray, (1, size, size, 1) float32 in 0..255, and how it is cut."""

    size_px: int = Field(ge=16, le=512)
    colour: Literal["gray"]
    lowest: Literal[0]
    highest: Literal[255]
    margin: float = Field(ge=-0.4, le=1.0)
    shift_down: float = Field(ge=-0.5, le=0.5)
    detail_px: int = Field(ge=0, le=512)
    mirrored_look: bool

    def crop(self) -> CropSpec:
        """Return the crop these numbers describe."""
        return CropSpec(self.size_px, self.margin, self.shift_down, self.detail_px)


class Contract(StrictModel):
    """What every bundle's ``model.json`` says.

    Attributes:
        name: the bundle's name.
        version: grows with every change of the weights or the contract.
        labels: the meaning of the outputs, in order.
        thresholds: per label, scores whose share of false alarms on other pictures is
            stated, e.g. ``{"happiness": {"0.01": 0.71}}``.
        metrics: figures of the evaluation, with the split in the name.
        data: the training data and its terms.
        licence: of the weights.
        sha256: checksum of each file beside ``model.json``.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")
    version: str = Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z.+_-]{0,39}$")
    labels: tuple[Line, ...]
    thresholds: dict[Line, dict[Line, Score]]
    metrics: dict[Line, float]
    data: Line
    licence: Line
    sha256: dict[FileName, Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]]


class Bundle(Contract):
    """The contract of an expression classifier.

    Attributes:
        task: what the network does.
        input: what the network is fed.
    """

    task: Literal["expression"]
    input: InputSpec


class PictureSpec(StrictModel):
    """What a detector is fed: RGB, (1, height, width, 3) float32 in 0..255, letterboxed."""

    width_px: int = Field(ge=32, le=1024, multiple_of=32)
    height_px: int = Field(ge=32, le=1024, multiple_of=32)
    colour: Literal["rgb"]
    lowest: Literal[0]
    highest: Literal[255]


class DetectorBundle(Contract):
    """The contract of a face detector.

    Attributes:
        task: what the network does.
        input: what the network is fed.
        anchors_px: nine widths and heights, smallest area first.
        least_confidence: weaker boxes are no faces; chosen from ``thresholds``.
        most_iou: boxes that overlap more are the same face.
    """

    task: Literal["face-detection"]
    input: PictureSpec
    anchors_px: tuple[tuple[Pixels, Pixels], ...] = Field(min_length=9, max_length=9)
    least_confidence: float = Field(gt=0.0, lt=1.0)
    most_iou: float = Field(gt=0.0, lt=1.0)


class _Tasked(BaseModel):
    task: Line


AnyContract = TypeVar("AnyContract", bound=Contract)


def file_sha256(path: Path) -> str:
    """Return a file's SHA-256 as lower-case hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def open_own(path: Path) -> BufferedReader:
    """Open a file of a bundle; a link could lead anywhere, a pipe or device keep us waiting.

    Raises:
        OSError: when it is missing, cannot be read, or is no plain file.
    """
    return open_plain(path, links=False)


def _read_contract(path: Path) -> str:
    with open_own(path) as file:
        content = file.read(MAX_CONTRACT_BYTES + 1)
    if len(content) > MAX_CONTRACT_BYTES:
        raise ModelError(
            f"{path} is no model contract: it is larger than {MAX_CONTRACT_BYTES} bytes.",
            hint="Export the model again.",
        )
    return decode_text(content, path, ModelError)


def load_bundle(folder: Path) -> Bundle:
    """Read and check a classifier's contract; see :func:`load_contract`."""
    return load_contract(folder, Bundle)


def load_contract(folder: Path, kind: type[AnyContract]) -> AnyContract:
    """Read and check a bundle's contract; :func:`verify_file` checks its files.

    Args:
        folder: the bundle.
        kind: ``Bundle`` or ``DetectorBundle``.

    Raises:
        ModelError: when it is missing or its contract is malformed.
    """
    contract = folder / CONTRACT
    try:
        return kind.model_validate_json(_read_contract(contract))
    except OSError as error:
        raise ModelError(
            f"The model bundle {folder} cannot be read: {error.strerror or error}.",
            hint="Install the game again, or put a bundle there.",
        ) from error
    except ValidationError as error:
        faults = [
            f"{'.'.join(_printable(str(part)) for part in fault['loc']) or 'file'}: {fault['msg']}"
            for fault in error.errors(include_input=False)
        ]
        told = "; ".join(faults[:_MOST_FAULTS_TOLD])
        raise ModelError(
            f"{contract} is no valid model contract: {told}.", hint="Export the model again."
        ) from error


def task_of(folder: Path) -> Task:
    """Return what a bundle's network does, as its contract says.

    Raises:
        ModelError: when it cannot be read or is none of ours.
    """
    hint = "Give the folder of a model bundle."
    try:
        named = _Tasked.model_validate_json(_read_contract(folder / CONTRACT)).task
    except OSError as error:
        raise ModelError(
            f"The model bundle {folder} cannot be read: {error.strerror or error}.", hint=hint
        ) from error
    except ValidationError as error:
        raise ModelError(f"{folder / CONTRACT} names no task of a network.", hint=hint) from error
    if named not in set(Task):
        raise ModelError(
            f"{folder / CONTRACT} is of a network for {named!r}; expected {' or '.join(Task)}.",
            hint=hint,
        )
    return Task(named)


def _printable(key: str) -> str:
    # A stranger's key may hold what steers a terminal.
    return (key if key.isprintable() else ascii(key))[:80]


def verify_file(folder: Path, bundle: Contract, name: FileName) -> Path:
    """Return the path of one of the bundle's files once its checksum is right.

    Raises:
        ModelError: as :func:`read_verified`.
    """
    read_verified(folder, bundle, name)
    return folder / name


def read_verified(folder: Path, bundle: Contract, name: FileName) -> bytes:
    """Return the content of one of the bundle's files once its checksum is right.

    Raises:
        ModelError: when the file is missing, not listed, no plain file, too large or altered.
    """
    path = folder / name
    expected = bundle.sha256.get(name)
    if expected is None:
        raise ModelError(f"{folder / CONTRACT} lists no checksum for {name}.")
    try:
        with open_own(path) as file:
            size = os.fstat(file.fileno()).st_size
            if size > MAX_FILE_BYTES:
                raise ModelError(
                    f"The model file {path} has {size} bytes; at most {MAX_FILE_BYTES} are allowed."
                )
            content = file.read(MAX_FILE_BYTES)
    except OSError as error:
        raise ModelError(
            f"The model file {path} cannot be read: {error.strerror or error}.",
            hint="Put the file itself there, or install the game again.",
        ) from error
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise ModelError(
            f"The model file {path} was altered: expected SHA-256 {expected[:12]}…,"
            f" found {found[:12]}….",
            hint="Install the game again, or export the model again.",
        )
    return content
