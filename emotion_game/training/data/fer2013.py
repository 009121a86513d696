"""FER2013's CSV as faces, and joined with FER+'s votes as the folder that ``load_ferplus`` reads.

FER2013 (Goodfellow et al., "Challenges in Representation Learning", 2013) comes from Kaggle as
``fer2013.csv``: a label, 48 x 48 gray values and a split per line. FER+ (Barsoum et al., 2016)
is ``fer2013new.csv``: ten people's votes for the picture on the same line of that file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import zip_longest
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from emotion_game.errors import TrainingError
from emotion_game.game.types import EMOTIONS
from emotion_game.training.data.faces import VOTES_PER_FACE, LabelledFaces
from emotion_game.training.data.tables import NumberedRow, Row, read_rows
from emotion_game.vision.crop import CropSpec, Picture, crop_face

#: FER2013's labels 0 to 6; contempt came with FER+.
LABELS: Final = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
#: FER2013's word for each split -> ours.
SPLITS: Final = {"Training": "train", "PublicTest": "valid", "PrivateTest": "test"}
SIDE_PX: Final = 48
VOTE_COLUMNS: Final = (*EMOTIONS, "unknown", "NF")

Progress = Callable[[Iterable[NumberedRow]], Iterable[NumberedRow]]


def read_picture(row: Row, where: str) -> Picture:
    """Return the (48, 48) uint8 gray picture of a row of ``fer2013.csv``.

    Raises:
        TrainingError: not 48 x 48 whole numbers of 0 to 255.
    """
    values = row["pixels"].split()
    if len(values) != SIDE_PX * SIDE_PX:
        raise TrainingError(
            f"{where}: expected {SIDE_PX * SIDE_PX} gray values, found {len(values)}."
        )
    try:
        # bytes() is the fastest way that also refuses every value out of 0..255.
        pixels = bytes(map(int, values))
    except ValueError as error:
        raise TrainingError(
            f"{where}: expected gray values of 0 to 255: {str(error).removesuffix('.')}."
        ) from error
    return np.frombuffer(pixels, dtype=np.uint8).reshape(SIDE_PX, SIDE_PX)


def read_label(row: Row, where: str) -> str:
    """Return the emotion of a row of ``fer2013.csv``.

    Raises:
        TrainingError: not one of 0 to 6.
    """
    text = row["emotion"]
    if text not in {str(index) for index in range(len(LABELS))}:
        known = ", ".join(f"{index} {name}" for index, name in enumerate(LABELS))
        raise TrainingError(f"{where}: expected an emotion of {known}; found {text!r}.")
    return LABELS[int(text)]


def read_split(row: Row, where: str) -> str:
    """Return train, valid or test.

    Raises:
        TrainingError: when the column Usage says something else.
    """
    try:
        return SPLITS[row["Usage"]]
    except KeyError as error:
        raise TrainingError(
            f"{where}: expected Usage to be one of {', '.join(SPLITS)}, found {row['Usage']!r}."
        ) from error


def read_votes(row: Row, where: str) -> NDArray[np.float32]:
    """Return the (10,) votes of a face: the 8 emotions, unknown, NF.

    Raises:
        TrainingError: not whole numbers, or not the votes of ten people.
    """
    try:
        votes = [int(row[column]) for column in VOTE_COLUMNS]
    except (TypeError, ValueError) as error:
        raise TrainingError(f"{where}: expected whole numbers of votes, found {row}.") from error
    if min(votes) < 0 or sum(votes) not in VOTES_PER_FACE:
        raise TrainingError(
            f"{where}: expected the votes of ten people, found {sum(votes)}: {votes}."
        )
    return np.array(votes, dtype=np.float32)


def load_fer2013(
    table: Path, split: str, crop: CropSpec, progress: Progress = lambda rows: rows
) -> LabelledFaces:
    """Read one split of FER2013's CSV with its own seven labels.

    Args:
        table: ``fer2013.csv`` with the columns emotion, pixels, Usage.
        split: "train", "valid" or "test".
        crop: size and detail of the crops; the pictures are already cut to the face.
        progress: wraps the rows for a progress bar.

    Raises:
        TrainingError: missing file or column, a wrong line (named), or an empty split.
    """
    pictures, labels, files = [], [], []
    rows = progress(read_rows(table, ("emotion", "pixels", "Usage")))
    for line, row in rows:
        where = f"{table}, line {line}"
        if read_split(row, where) != split:
            continue
        labels.append(EMOTIONS.index(read_label(row, where)))
        pictures.append(crop_face(read_picture(row, where), None, crop))
        files.append(f"{table.name}, line {line}")
    if not files:
        raise TrainingError(f"{table} has no face in the split {split!r}.")
    shares = np.eye(len(EMOTIONS), dtype=np.float32)[labels]
    return LabelledFaces(np.stack(pictures), shares, tuple(files))


def write_ferplus(
    pictures: Path, votes: Path, folder: Path, progress: Progress = lambda rows: rows
) -> dict[str, int]:
    """Write FER2013's pictures and FER+'s votes as ``labels.csv`` and ``images/SPLIT/``.

    Row k of one file belongs to row k of the other. Faces without an image name were taken
    out by the authors of FER+ and are left out. A run that was cut off goes on: pictures that
    are there already are compared, not written again. ``labels.csv`` comes last, so that it is
    there only when all pictures are.

    Args:
        pictures: Kaggle's ``fer2013.csv``.
        votes: Microsoft's ``fer2013new.csv``.
        folder: where to; made if need be.
        progress: wraps the rows for a progress bar.

    Returns:
        The number of faces in each split.

    Raises:
        TrainingError: a missing file or column, lines that do not belong together, wrong
            votes, a wrong picture, or a folder that cannot be written.
    """
    counts = dict.fromkeys(SPLITS.values(), 0)
    written = [["file", "split", *VOTE_COLUMNS]]
    rows = zip_longest(
        progress(read_rows(pictures, ("pixels", "Usage"))),
        read_rows(votes, ("Usage", "Image name", *VOTE_COLUMNS)),
    )
    for first, second in rows:
        if first is None or second is None:
            shorter, longer = (pictures, votes) if first is None else (votes, pictures)
            raise TrainingError(
                f"{shorter} has fewer lines than {longer}.",
                hint="The two files must be whole and in their published order.",
            )
        (face_line, face), (vote_line, vote) = first, second
        here, there = f"{pictures}, line {face_line}", f"{votes}, line {vote_line}"
        split = read_split(face, here)
        if read_split(vote, there) != split:
            raise TrainingError(
                f"{here} is of {face['Usage']} but {there} of {vote['Usage']}.",
                hint="The two files must be whole and in their published order.",
            )
        name = vote["Image name"]
        if not name:
            continue
        if name != Path(name).name or not name.endswith(".png"):
            raise TrainingError(f"{there}: expected the name of a PNG file, found {name!r}.")
        counted = read_votes(vote, there).astype(int)
        _write_picture(folder / "images" / split / name, read_picture(face, here))
        written.append([f"{split}/{name}", split, *map(str, counted)])
        counts[split] += 1
    if not sum(counts.values()):
        raise TrainingError(f"{votes} names no face.")
    table = "".join(",".join(row) + "\n" for row in written)
    _write_beside(folder / "labels.csv", table.encode())
    return counts


def _write_picture(path: Path, picture: Picture) -> None:
    if path.exists() and path.stat().st_size:
        there = cv2.imdecode(np.fromfile(path, dtype=np.uint8), cv2.IMREAD_GRAYSCALE)
        if there is not None and np.array_equal(there, picture):
            return
    _, data = cv2.imencode(".png", picture)
    _write_beside(path, data.tobytes())


def _write_beside(path: Path, content: bytes) -> None:
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise TrainingError(
            f"Cannot write {path}: {error.strerror}.", hint="Free some space and run again."
        ) from error
