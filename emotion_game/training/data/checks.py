"""Look through labelled pictures before anything is trained on them.

A face that is both trained on and validated on makes the figures look better than they are: a
leak. Copies are found in three steps. The same pixels: by SHA-256. Nearly the same (another
crop, size, brightness, compression, watermark): a perceptual hash proposes pairs, and the
correlation of their detail decides. Mirrored copies are leaks too, since training
mirrors.
"""

from __future__ import annotations

import hashlib
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import combinations
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from emotion_game.errors import PictureError, TrainingError
from emotion_game.game.types import EMOTIONS
from emotion_game.training.data import fer2013 as fer2013
from emotion_game.training.data import folders as folders
from emotion_game.training.data import tables as tables
from emotion_game.training.data.faces import LabelledFaces, ferplus_shares, person_split
from emotion_game.vision.crop import Picture, to_gray
from emotion_game.vision.detector import FaceDetector
from emotion_game.vision.pictures import read_picture

#: Two pictures whose hashes differ in at most this many of 64 bits are compared. On FER+, train
#: against valid, 12 bits propose 14,000 pairs; 14 bits 46,000 more, of which 90 are copies.
NEAR_BITS: Final = 12
#: Likeness from which two pictures count as copies. Of 100 of FER+'s pairs between 0.75 and 0.86
#: seen by eye, all but two are one photograph, and from 0.80 on all. On the smoother portraits
#: of LFW, 2.9 million comparisons gave one false pair (0.83).
LIKENESS: Final = 0.80
_SMALL_PX: Final = 32
#: Copies differ in their crop: one picture is moved over the other by up to this many of 32 px.
_SHIFT_PX: Final = 3
#: What is coarser than this (of 32 px) is left out of the comparison: all faces share it.
_COARSE_PX: Final = 3.0
#: Below this standard deviation, in gray levels, a picture shows nothing.
_FLAT: Final = 2.0
_BITS: Final = np.left_shift(np.uint64(1), np.arange(64, dtype=np.uint64))
#: How many files an error names.
_NAMED: Final = 3

_log = logging.getLogger(__name__)


class Kind(StrEnum):
    """How two pictures of two splits belong together."""

    SAME = "same"
    NEAR = "near"
    MIRRORED = "mirrored"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Leak:
    """A picture, or a person, that is in two splits.

    Attributes:
        kind: the same pixels, nearly the same, nearly the same mirrored, or the same person.
        splits: where the two are.
        files: the two.
        bits: in how many of 64 bits their hashes differ; None for a person.
        likeness: correlation of their detail, 1 = the same; None for a person.
    """

    kind: Kind
    splits: tuple[str, str]
    files: tuple[str, str]
    bits: int | None = None
    likeness: float | None = None

    def __str__(self) -> str:
        return f"{self.files[0]} = {self.files[1]} ({self.kind.value})"


@dataclass(frozen=True, slots=True)
class Prints:
    """What is kept of n pictures to compare them.

    Attributes:
        digests: SHA-256 of size and pixels.
        small: (n, 32, 32) uint8 gray.
        hashes: (n,) uint64 perceptual hashes.
    """

    digests: tuple[bytes, ...]
    small: NDArray[np.uint8]
    hashes: NDArray[np.uint64]


def perceptual_hash(small: NDArray[np.uint8]) -> np.uint64:
    """Return 64 bits that stay alike when a picture is scaled, compressed or brightened.

    One bit for each of the 8 x 8 lowest frequencies of the picture's cosine transform: is it
    over their median? (pHash; Zauner, "Implementation and Benchmarking of Perceptual Image Hash
    Functions", 2010.) Written out, as the imagehash library would add PyWavelets and SciPy for
    these three lines.

    Args:
        small: (32, 32) uint8 gray.
    """
    lowest = cv2.dct(small.astype(np.float32))[:8, :8].ravel()
    return np.uint64(_BITS[lowest > np.median(lowest)].sum())


def take_print(picture: Picture) -> tuple[bytes, NDArray[np.uint8]]:
    """Return the SHA-256 of a picture's size and pixels, and its (32, 32) uint8 gray form."""
    gray = to_gray(picture)
    digest = hashlib.sha256(b"%d %d " % gray.shape + gray.tobytes()).digest()
    small = cv2.resize(gray, (_SMALL_PX, _SMALL_PX), interpolation=cv2.INTER_AREA)
    return digest, np.asarray(small, dtype=np.uint8)


def join_prints(taken: Iterable[tuple[bytes, NDArray[np.uint8]]]) -> Prints:
    """Return the prints of several pictures as one, with their perceptual hashes."""
    digests, small = [], []
    for digest, each in taken:
        digests.append(digest)
        small.append(each)
    hashes = np.array([perceptual_hash(each) for each in small], dtype=np.uint64)
    return Prints(tuple(digests), np.array(small, dtype=np.uint8), hashes)


def near_pairs(
    first: NDArray[np.uint64], second: NDArray[np.uint64], bits: int
) -> NDArray[np.int64]:
    """Return (k, 3) rows: index into each and the number of bits, at most ``bits``, that differ.

    Blocks of 256 hashes keep the table of differences (256 x m) small; 28,558 against 3,579
    take 0.5 s.
    """
    found = [np.empty((0, 3), dtype=np.int64)]
    for start in range(0, len(second), 256):
        differ = np.bitwise_count(second[start : start + 256, np.newaxis] ^ first)
        rows, columns = np.nonzero(differ <= bits)
        found.append(np.stack([columns, rows + start, differ[rows, columns]], axis=1))
    return np.concatenate(found).astype(np.int64)


def likeness(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> float:
    """Return the greatest correlation, -1 to 1, of two pictures' detail over small shifts.

    A picture that shows nothing is like no other: 0.

    Args:
        first: (32, 32) uint8 gray.
        second: the same.
    """
    if first.std() < _FLAT or second.std() < _FLAT:
        return 0.0
    inner = np.ascontiguousarray(_detail(first)[_SHIFT_PX:-_SHIFT_PX, _SHIFT_PX:-_SHIFT_PX])
    return float(cv2.matchTemplate(_detail(second), inner, cv2.TM_CCOEFF_NORMED).max())


def _detail(small: NDArray[np.uint8]) -> NDArray[np.float32]:
    gray = small.astype(np.float32)
    return np.asarray(gray - cv2.GaussianBlur(gray, (0, 0), _COARSE_PX), dtype=np.float32)


def copies(first: Prints, second: Prints, bits: int) -> Iterator[tuple[int, int, Kind, int, float]]:
    """Yield each pair of copies: index into each, kind, bits that differ, likeness."""
    where = defaultdict(list)
    for index, digest in enumerate(first.digests):
        where[digest].append(index)
    for other, digest in enumerate(second.digests):
        for index in where.get(digest, ()):
            yield index, other, Kind.SAME, 0, 1.0
    for index, other, differ in near_pairs(first.hashes, second.hashes, bits).tolist():
        if first.digests[index] != second.digests[other]:
            alike = likeness(first.small[index], second.small[other])
            if alike >= LIKENESS:
                yield index, other, Kind.NEAR, differ, alike
    mirrored = np.ascontiguousarray(second.small[:, :, ::-1])
    hashes = np.array([perceptual_hash(each) for each in mirrored], dtype=np.uint64)
    for index, other, differ in near_pairs(first.hashes, hashes, bits).tolist():
        alike = likeness(first.small[index], mirrored[other])
        # A symmetric picture is its own mirror image: already told as same or near.
        if alike >= LIKENESS and likeness(first.small[index], second.small[other]) < LIKENESS:
            yield index, other, Kind.MIRRORED, differ, alike


def find_leaks(train: LabelledFaces, valid: LabelledFaces, bits: int = NEAR_BITS) -> list[Leak]:
    """Return the faces of ``train`` that are also in ``valid``: copies, and the same people.

    People are compared when both sources know them.

    Args:
        train: to learn from.
        valid: to measure with.
        bits: see ``NEAR_BITS``; more finds more distorted copies and takes longer.
    """
    prints = [join_prints(map(take_print, part.pictures)) for part in (train, valid)]
    found = [
        Leak(kind, ("train", "valid"), (train.files[index], valid.files[other]), differ, alike)
        for index, other, kind, differ, alike in copies(prints[0], prints[1], bits)
    ]
    if train.groups is not None and valid.groups is not None:
        found += _same_people(
            ("train", "valid"),
            list(zip(train.groups, train.files, strict=True)),
            list(zip(valid.groups, valid.files, strict=True)),
        )
    return found


def _same_people(
    splits: tuple[str, str],
    first: Sequence[tuple[str, str]],
    second: Sequence[tuple[str, str]],
) -> list[Leak]:
    """Pair each (person, file) of ``first`` with that person's first file in ``second``."""
    where = dict(reversed(second))
    return [
        Leak(Kind.PERSON, splits, (file, where[person]))
        for person, file in first
        if person and person in where
    ]


def refuse_leaks(train: LabelledFaces, valid: LabelledFaces, allow: bool = False) -> None:
    """Refuse to train when faces to train on are in the validation data as well.

    Args:
        train: to learn from.
        valid: to measure with.
        allow: only warn.

    Raises:
        TrainingError: naming the first of the pairs.
    """
    leaks = find_leaks(train, valid)
    if not leaks:
        return
    message = describe_leaks(leaks)
    if not allow:
        raise TrainingError(
            message, hint="Leave them out of training with --drop-leaks, or use --allow-leaks."
        )
    _log.warning("%s Figures on these faces will be too good.", message)


def drop_leaks(train: LabelledFaces, valid: LabelledFaces) -> LabelledFaces:
    """Return ``train`` without the files that are also in ``valid``, see :func:`find_leaks`.

    Raises:
        TrainingError: when nothing is left.
    """
    leaking = {leak.files[0] for leak in find_leaks(train, valid)}
    if not leaking:
        return train
    # All crops of a picture go, also those that differ too much from the copy to be found.
    kept = np.array([file not in leaking for file in train.files])
    if not kept.any():
        raise TrainingError("Every face to train on is also in the validation data.")
    _log.warning("%d faces left out of training: they are in the validation data", (~kept).sum())
    return train.taken(np.flatnonzero(kept))


def describe_leaks(leaks: Sequence[Leak]) -> str:
    """Return one line: how many of each kind, and the first of them."""
    kinds = Counter(leak.kind.value for leak in leaks)
    told = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
    files = len({leak.files[0] for leak in leaks})
    named = "; ".join(str(leak) for leak in leaks[:_NAMED])
    more = f" and {len(leaks) - _NAMED} more pairs" if len(leaks) > _NAMED else ""
    return f"{files} picture(s) are in two splits (pairs: {told}): {named}{more}."


# --- Whole sources --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reading:
    """One labelled picture of a source, or what is wrong with it.

    Attributes:
        file: its name within the source.
        split: train, valid, test or all.
        label: the emotion; "" when nobody agrees on one, and training leaves the face out.
        person: who is on it; "" when not known.
        picture: gray uint8; None when there is a fault.
        fault: what is wrong; "" when nothing is.
        remedy: what to do about it.
    """

    file: str
    split: str = ""
    label: str = ""
    person: str = ""
    picture: Picture | None = None
    fault: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found in a source.

    Attributes:
        counts: split -> emotion -> faces.
        left_out: split -> faces nobody agrees on, which training leaves out.
        faults: (file, what is wrong).
        doubles: faces whose very pixels are in the same split once more.
        leaks: what is in two splits.
        remedies: what to do about faults and leaks, each once.
    """

    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    faults: list[tuple[str, str]] = field(default_factory=list)
    doubles: dict[str, int] = field(default_factory=dict)
    leaks: list[Leak] = field(default_factory=list)
    remedies: list[str] = field(default_factory=list)

    def tell(self, file: str, fault: str, remedy: str) -> None:
        """Note a fault and, once, what to do about its kind."""
        self.faults.append((file, fault))
        if remedy and remedy not in self.remedies:
            self.remedies.append(remedy)

    @property
    def good(self) -> bool:
        """Whether there is no fault and no leak."""
        return not self.faults and not self.leaks


_MEND_TABLE = "Mend the lines named in the table, or take them out."
_MEND_FOLDERS = (
    "Name each class folder after one of the emotions, put pictures into it or take it away, and"
    " save pictures of other kinds as JPEG or PNG."
)
_MEND_PICTURE = "Save a picture that cannot be read again as JPEG or PNG, or take it away."
_MEND_PERSON = "Name the files PERSON_NUMBER, or list them all in --people."
_MEND_GRAY = "Take away pictures that show nothing."
_MEND_FACELESS = "Look at the pictures without a found face, and take away those that show none."
_MEND_LABELS = "Of copies with two labels keep the one whose label is right."
_MEND_LEAKS = "Train with --drop-leaks, or take what is in two splits out of one of them."

#: Wraps a sequence for a progress bar.
Progress = Callable[[Sequence[Any]], Iterable[Any]]


def read_ferplus(folder: Path, progress: Progress = iter) -> Iterator[Reading]:
    """Yield every face of ``labels.csv`` and ``images/``, see ``load_ferplus``.

    Raises:
        TrainingError: when the table cannot be read or lacks a column.
    """
    table = folder / tables.LABELS
    wanted = ("file", "split", *fer2013.VOTE_COLUMNS)
    for line, row in progress(list(tables.read_rows(table, wanted))):
        try:
            share = ferplus_shares(fer2013.read_votes(row, f"{table}, line {line}"))
        except TrainingError as error:
            yield Reading(row["file"], row["split"], fault=error.message, remedy=_MEND_TABLE)
            continue
        label = "" if share is None else EMOTIONS[int(np.argmax(share))]
        path = tables.picture_file(folder / "images", row["file"])
        yield _read(path, row["file"], row["split"], label)


def read_pictures(folder: Path, progress: Progress = iter) -> Iterator[Reading]:
    """Yield every picture of ``labels.csv`` (file, label[, person][, split]) and ``images/``.

    Without a column split, people are split as training splits them; see ``person_split``.

    Raises:
        TrainingError: when the table cannot be read or lacks a column.
    """
    table = folder / tables.LABELS
    for each in progress(tables.read_labels(folder)):
        person = each.person
        split = each.split or (person_split(person) if person else "all")
        if each.label not in EMOTIONS:
            fault = f"{table}, line {each.line}: the label {each.label!r} is no emotion of the game"
            yield Reading(each.file, split, fault=fault, remedy=_MEND_TABLE)
        else:
            path = tables.picture_file(folder / "images", each.file)
            yield _read(path, each.file, split, each.label, person)


def read_folders(
    folder: Path, person_of: folders.PersonOf | None = None, progress: Progress = iter
) -> Iterator[Reading]:
    """Yield every picture of class folders, or of train/, valid/ and test/ with class folders.

    Raises:
        TrainingError: when there is no such folder.
    """
    for split in folders.splits_in(folder) or ("all",):
        pictures, faults = folders.look_through(folder if split == "all" else folder / split)
        for path, fault in faults:
            yield Reading(str(path), split, fault=f"{path} {fault}", remedy=_MEND_FOLDERS)
        for path in progress(list(pictures)):
            name = path.relative_to(folder).as_posix()
            try:
                person = "" if person_of is None else person_of(path)
            except TrainingError as error:
                yield Reading(name, split, fault=error.message, remedy=_MEND_PERSON)
                continue
            yield _read(path, name, split, pictures[path], person)


def read_fer2013(table: Path, progress: Progress = iter) -> Iterator[Reading]:
    """Yield every face of FER2013's CSV.

    Raises:
        TrainingError: when the table cannot be read or lacks a column.
    """
    rows = list(tables.read_rows(table, ("emotion", "pixels", "Usage")))
    for line, row in progress(rows):
        where = f"{table}, line {line}"
        name = f"line {line}"
        try:
            split = fer2013.read_split(row, where)
            label, picture = fer2013.read_label(row, where), fer2013.read_picture(row, where)
        except TrainingError as error:
            yield Reading(name, fault=error.message, remedy=_MEND_TABLE)
            continue
        yield Reading(name, split, label, picture=picture)


def _read(path: Path, name: str, split: str, label: str, person: str = "") -> Reading:
    try:
        picture = to_gray(read_picture(path))
    except PictureError as error:
        fault = error.message
        return Reading(name, split, label, person, fault=fault, remedy=_MEND_PICTURE)
    return Reading(name, split, label, person, picture)


def survey(
    readings: Iterable[Reading], bits: int = NEAR_BITS, detector: FaceDetector | None = None
) -> Survey:
    """Count the faces of a source and find its faults, doubles and leaks.

    Faces that training leaves out are counted, and compared with nothing.

    Args:
        readings: of the source.
        bits: see ``NEAR_BITS``.
        detector: look for a face in every picture; one without is a fault. Closely cut faces
            are often missed, so these faults are for a person to look at. None: don't look.
    """
    result = Survey()
    faces: dict[str, list[Reading]] = defaultdict(list)
    taken: dict[str, list[tuple[bytes, NDArray[np.uint8]]]] = defaultdict(list)
    for reading in readings:
        fault, remedy = reading.fault, reading.remedy
        if reading.picture is not None:
            if not reading.label:
                result.left_out[reading.split] = result.left_out.get(reading.split, 0) + 1
                continue
            if reading.picture.std() < _FLAT:
                fault = f"{reading.file} shows nothing: it is all one gray"
                remedy = _MEND_GRAY
            elif detector is not None and not _has_face(reading.picture, detector):
                fault = f"no face was found in {reading.file}; look at it yourself"
                remedy = _MEND_FACELESS
            taken[reading.split].append(take_print(reading.picture))
            # Only the print is kept: whole photographs would fill the memory.
            faces[reading.split].append(replace(reading, picture=None))
        if fault:
            result.tell(reading.file, fault, remedy)
    prints = {split: join_prints(each) for split, each in taken.items()}
    for split, mine in faces.items():
        labels = Counter(face.label for face in mine)
        result.counts[split] = {name: labels[name] for name in EMOTIONS}
        result.doubles[split] = len(mine) - len(set(prints[split].digests))
        for file, fault in _contradictions(mine, prints[split].digests):
            result.tell(file, fault, _MEND_LABELS)
    for first, second in combinations(faces, 2):
        mine, others = faces[first], faces[second]
        result.leaks.extend(
            Leak(kind, (first, second), (mine[at].file, others[to].file), differ, alike)
            for at, to, kind, differ, alike in copies(prints[first], prints[second], bits)
        )
        result.leaks.extend(
            _same_people(
                (first, second),
                [(face.person, face.file) for face in mine],
                [(face.person, face.file) for face in others],
            )
        )
    if result.leaks:
        result.remedies.append(_MEND_LEAKS)
    return result


def _has_face(picture: Picture, detector: FaceDetector) -> bool:
    if detector.detect(picture):
        return True
    # Detectors look for a face with something around it: of FER+'s close crops the game's Haar
    # cascade finds 25% as they are, 75% when they are twice as large with a rim.
    height, width = picture.shape
    rim = max(height, width) // 2
    larger = cv2.resize(picture, (2 * width, 2 * height), interpolation=cv2.INTER_LINEAR)
    framed = cv2.copyMakeBorder(larger, rim, rim, rim, rim, cv2.BORDER_REPLICATE)
    return bool(detector.detect(np.asarray(framed, dtype=np.uint8)))


def _contradictions(
    faces: Sequence[Reading], digests: Sequence[bytes]
) -> Iterator[tuple[str, str]]:
    """Yield the faces whose very pixels bear another label earlier in the same split."""
    first: dict[bytes, Reading] = {}
    for face, digest in zip(faces, digests, strict=True):
        other = first.setdefault(digest, face)
        if other.label != face.label:
            yield (
                face.file,
                f"{face.file} is labelled {face.label}, its copy {other.file} {other.label}",
            )
