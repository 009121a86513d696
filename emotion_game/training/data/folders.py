"""Class folders as faces: ``DIR/happiness/*.png``, ``DIR/neutral/*.jpg`` and so on."""

from __future__ import annotations

import difflib
import logging
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import train_test_split

from emotion_game.errors import PictureError, TrainingError
from emotion_game.game.types import EMOTIONS
from emotion_game.media import PICTURES, describe, look_below, why_left_out
from emotion_game.training.data.faces import LabelledFaces, hold_back, largest_face, person_split
from emotion_game.training.data.tables import read_rows
from emotion_game.vision.crop import CropSpec, crop_face
from emotion_game.vision.detector import FaceDetector
from emotion_game.vision.pictures import read_picture

#: Subfolders that hold class folders of their own.
SPLITS: Final = ("train", "valid", "test")
#: How many files an error names.
_NAMED: Final = 5

_log = logging.getLogger(__name__)

#: Tells whose face a file shows.
PersonOf = Callable[[Path], str]
Progress = Callable[[Sequence[Path]], Iterable[Path]]


def person_from_name(file: Path) -> str:
    """Return the name before the last ``_``: ``Ada_Lovelace_0003.jpg`` shows Ada_Lovelace.

    Raises:
        TrainingError: when the name has no such part.
    """
    person, found, _ = file.stem.rpartition("_")
    if not (found and person):
        raise TrainingError(f"{file} does not name a person: expected PERSON_NUMBER.")
    return person


def pictures_of_people(folder: Path, split: str) -> list[tuple[Path, str]]:
    """List the pictures of one half of the people, each with its person, in order of the paths.

    Args:
        folder: pictures named ``PERSON_NUMBER.jpg`` (or .png and so on), any depth.
        split: "train" or "test", see :func:`person_split`.

    Raises:
        TrainingError: no picture of that half, or a name without a person.
    """
    found = look_below(folder, PICTURES)
    if found.left_out:
        _log.warning("%s: %s", folder, describe(found.left_out))
    if found.unread:
        raise TrainingError(f"{_unread(found.unread[0])}.")
    named = [(path, person_from_name(path)) for path in found.files]
    half = [(path, person) for path, person in named if person_split(person) == split]
    if not half:
        raise TrainingError(
            f"{folder} holds {len(named)} picture(s), none of the people of the half {split!r}.",
            hint="Expected PERSON_NUMBER.jpg, or .png and so on.",
        )
    return half


def people_from_table(table: Path) -> PersonOf:
    """Return who is on each file, read from a CSV with the columns file and person.

    Args:
        table: its files are named from the folder that it lies in.

    Raises:
        TrainingError: the table cannot be read; later, when it does not name a file asked for.
    """
    people = {_plain(row["file"]): row["person"] for _, row in read_rows(table, ("file", "person"))}
    folder = table.resolve().parent

    def person_of(file: Path) -> str:
        inside = file.resolve()
        name = inside.relative_to(folder).as_posix() if inside.is_relative_to(folder) else ""
        person = people.get(_plain(name), "")
        if not person:
            raise TrainingError(f"{table} does not say who is on {file}.")
        return person

    return person_of


def _plain(name: str) -> str:
    """Return a name as it is compared, however Windows or a Mac wrote it."""
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def splits_in(folder: Path) -> tuple[str, ...]:
    """Return which of train, valid and test the folder has as subfolders.

    Raises:
        TrainingError: no such folder, or other subfolders beside them.
    """
    names = _subfolders(folder)
    splits = tuple(name for name in SPLITS if name in names)
    if splits and (others := sorted(names - set(splits))):
        raise TrainingError(
            f"{folder} has {', '.join(others)} beside {', '.join(splits)}.",
            hint=f"Expected either {', '.join(SPLITS)} or class folders.",
        )
    return splits


def look_through(
    folder: Path, least_classes: int = 2
) -> tuple[dict[Path, str], list[tuple[Path, str]]]:
    """List the pictures of class folders, and what is wrong with the folders.

    Args:
        folder: holds one folder per emotion.
        least_classes: one is enough beside another source of faces.

    Returns:
        ({picture: emotion}, [(folder or file, what is wrong)]); the pictures themselves are not
        opened.

    Raises:
        TrainingError: when there is no such folder.
    """
    names = _subfolders(folder)
    pictures: dict[Path, str] = {}
    faults: list[tuple[Path, str]] = []
    left_out: Counter[str] = Counter()
    for name in sorted(names - set(EMOTIONS)):
        nearest = difflib.get_close_matches(name.lower(), EMOTIONS, 1, cutoff=0.5)
        hint = f"did you mean {nearest[0]}?" if nearest else f"known are {', '.join(EMOTIONS)}"
        faults.append((folder / name, f"is named after no emotion of the game ({hint})"))
    classes = [name for name in EMOTIONS if name in names]
    for name in classes:
        below = look_below(folder / name, PICTURES)
        left_out += below.left_out
        if not below.files:
            faults.append((folder / name, "is a class folder without a picture"))
        # Folder by folder: the order decides which pictures a seed holds back.
        inside = sorted(below.files, key=lambda path: (str(path.parent), path.name))
        pictures.update(dict.fromkeys(inside, name))
        faults.extend((path, _unread(path).removeprefix(f"{path} ")) for path in below.unread)
    if len(classes) < least_classes:
        found = f"only {classes[0]}" if classes else "none"
        known = f"known are {', '.join(EMOTIONS)}"
        faults.append(
            (folder, f"needs folders of {least_classes} or more emotions, has {found} ({known})")
        )
    if left_out:
        _log.warning("%s: %s", folder, describe(left_out))
    return pictures, faults


def find_class_pictures(folder: Path, least_classes: int = 2) -> list[tuple[Path, str]]:
    """List the pictures of class folders with their emotions, by class and name.

    Raises:
        TrainingError: no such folder, a folder that is no emotion of the game, too few
            emotions, an empty class folder, or a picture of a kind that is not read.
    """
    pictures, faults = look_through(folder, least_classes)
    if faults:
        path, fault = faults[0]
        raise TrainingError(
            f"{path} {fault}." + (f" {len(faults) - 1} more fault(s)." if faults[1:] else ""),
            hint="scripts/check_data.py --folders lists all faults.",
        )
    return list(pictures.items())


def load_class_folders(
    folder: Path,
    crop: CropSpec,
    *,
    detector: FaceDetector | None = None,
    person_of: PersonOf | None = None,
    least_classes: int = 2,
    progress: Progress = lambda paths: paths,
) -> LabelledFaces:
    """Read class folders; each picture's label is the name of its folder.

    Args:
        folder: holds one folder per emotion; emotions without a folder are absent.
        crop: size and detail of the crops, and, with a detector, the margin.
        detector: the game's, for whole photographs: the largest face of each is cut out, and
            pictures without a face are left out and counted in the log. None: every picture
            is an already cropped face.
        person_of: tells whose face a file shows; see :func:`split_by_person`.
        least_classes: see :func:`look_through`.
        progress: wraps the paths for a progress bar.

    Raises:
        TrainingError: see :func:`find_class_pictures`; unreadable pictures (named), or no face
            in most of the pictures.
    """
    labels = dict(find_class_pictures(folder, least_classes))
    pictures, kept, unreadable, faceless = [], [], [], []
    for path in progress(list(labels)):
        try:
            picture = read_picture(path)
        except PictureError:
            unreadable.append(path)
            continue
        box = None
        if detector is not None:
            box = largest_face(detector, picture)
            if box is None:
                faceless.append(path)
                continue
        pictures.append(crop_face(picture, box, crop))
        kept.append(path)
    if unreadable:
        raise TrainingError(
            f"{len(unreadable)} unreadable picture(s): {_names(unreadable)}.",
            hint="Remove them.",
        )
    if len(faceless) > len(kept):
        raise TrainingError(
            f"No face was found in {len(faceless)} of {len(labels)} pictures: {_names(faceless)}.",
            hint="Pictures that are already cut to the face need no detector.",
        )
    if faceless:
        _log.warning("No face found in %d picture(s): %s", len(faceless), _names(faceless))
    indices = [EMOTIONS.index(labels[path]) for path in kept]
    groups = None if person_of is None else tuple(person_of(path) for path in kept)
    return LabelledFaces(
        np.stack(pictures),
        np.eye(len(EMOTIONS), dtype=np.float32)[indices],
        tuple(path.as_posix() for path in kept),
        groups,
    )


def split_by_seed(
    faces: LabelledFaces, share: float, seed: int
) -> tuple[LabelledFaces, LabelledFaces]:
    """Split off a share of every class; the same call gives the same split.

    Args:
        faces: two or more of each class.
        share: of the faces to split off, between 0 and 1.
        seed: of the choice.

    Returns:
        (kept, split off).

    Raises:
        TrainingError: when a class has one face only, or the share leaves a class out.
    """
    labels = faces.majority()
    single = [
        f"{EMOTIONS[index]} has one face only ({faces.files[int(np.argmax(labels == index))]})"
        for index, count in zip(*np.unique(labels, return_counts=True), strict=True)
        if count < 2
    ]
    if single:
        raise TrainingError(
            f"{', '.join(single)}, which cannot be split.",
            hint="Add pictures, or remove the class.",
        )
    everything: NDArray[np.int64] = np.arange(len(faces))
    try:
        kept, off = train_test_split(
            everything, test_size=share, random_state=seed, stratify=labels
        )
    except ValueError as error:
        raise TrainingError(
            f"{len(faces)} faces cannot be split, {share:.0%} off: {error}",
            hint="Add pictures, or split off another share.",
        ) from error
    return faces.taken(np.sort(kept)), faces.taken(np.sort(off))


def split_by_person(
    faces: LabelledFaces, share: float, seed: int
) -> tuple[LabelledFaces, LabelledFaces]:
    """Split off a share of the people, so that nobody is in both parts.

    Args:
        faces: with the person of each as its group.
        share: of the people to split off, between 0 and 1.
        seed: of the choice.

    Returns:
        (kept, split off).

    Raises:
        TrainingError: when the people are not known or are fewer than two.
    """
    if faces.groups is None:
        raise TrainingError(
            "A split by person needs to know the people.",
            hint="Name the files PERSON_NUMBER, or give a table with the columns file and person.",
        )
    if len(set(faces.groups)) < 2:
        raise TrainingError(f"All {len(faces)} faces are of one person, {faces.groups[0]}.")
    return hold_back(faces, share, seed)


def _subfolders(folder: Path) -> set[str]:
    if not folder.is_dir():
        raise TrainingError(f"There is no folder {folder}.")
    return {path.name for path in folder.iterdir() if path.is_dir() and not why_left_out(path.name)}


def _unread(path: Path) -> str:
    format_ = PICTURES.unread[path.suffix.lower()]
    return f"{path} is of a kind that is not read, {format_}; save it as JPEG or PNG"


def _names(paths: Sequence[Path]) -> str:
    named = ", ".join(str(path) for path in paths[:_NAMED])
    rest = len(paths) - _NAMED
    return f"{named} and {rest} more" if rest > 0 else named
