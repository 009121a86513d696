"""Pictures with face boxes, from COCO JSON, Pascal VOC XML or YOLO text files.

Whatever the file format, the boxes that come out lie in the picture as the game reads it: upright
by its EXIF tag, in pixels, clipped to the picture. What was repaired is counted in one line of the
log; what cannot be repaired without guessing is an error that names the file.
"""

from __future__ import annotations

import hashlib
import logging
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import yaml
from pydantic import BaseModel, Field, FiniteFloat, ValidationError

from emotion_game.errors import TrainingError
from emotion_game.files import read_text
from emotion_game.media import PICTURES, describe, look_below, why_left_out
from emotion_game.training.detector.box_mending import (
    FACE,
    BoxedPicture,
    Boxes,
    Mended,
    upright_size,
)
from emotion_game.vision.detector import BoxPx

#: A share of the picture beyond this cannot be meant as one: the file is in pixels.
_MOST_SHARE: Final = 2.0
#: COCO's own largest file has half of it.
_MAX_COCO_BYTES: Final = 1_000_000_000
#: How many files an error names.
_NAMED: Final = 3

_log = logging.getLogger(__name__)

__all__ = [
    "BoxedPicture",
    "Boxes",
    "read_boxes",
    "read_coco",
    "read_voc",
    "read_yolo",
    "split_by_person",
]


def read_boxes(path: Path) -> list[BoxedPicture]:
    """Read a data set in whichever of the three formats lies there.

    Args:
        path: a COCO file, or a folder that holds one (``annotations.json``, or its only
            ``.json``), Pascal VOC files (``Annotations/*.xml`` or ``*.xml``) or YOLO files
            (``labels/`` beside ``images/``).

    Raises:
        TrainingError: none or several of them, or a fault of the one found.
    """
    if path.is_file():
        return read_coco(path)
    if not path.is_dir():
        raise TrainingError(
            f"There is neither a file nor a folder {path}.", hint="Unpack the pictures there."
        )
    annotations = path / "annotations.json"
    tables = [annotations] if annotations.is_file() else _seen(path.glob("*.json"))
    kinds = {
        "COCO (.json)": bool(tables),
        "Pascal VOC (.xml)": any(_xml_files(path)),
        "YOLO (labels/)": (path / "labels").is_dir(),
    }
    found = [kind for kind, there in kinds.items() if there]
    if len(found) != 1 or len(tables) > 1:
        what = f"{len(tables)} .json files" if len(tables) > 1 else " and ".join(found) or "none"
        raise TrainingError(
            f"{path}: expected one of {', '.join(kinds)}, found {what}.",
            hint="Name the .json file itself, or move the others away.",
        )
    if tables:
        return read_coco(tables[0])
    return read_yolo(path) if kinds["YOLO (labels/)"] else read_voc(path)


# --- COCO -----------------------------------------------------------------------------------------


class _Category(BaseModel):
    id: int
    name: str


class _CocoImage(BaseModel):
    id: int
    file_name: str = Field(min_length=1)
    width: int | None = Field(default=None, gt=0)
    height: int | None = Field(default=None, gt=0)
    group: str = ""


class _CocoAnnotation(BaseModel):
    image_id: int
    category_id: int
    bbox: tuple[FiniteFloat, FiniteFloat, FiniteFloat, FiniteFloat]
    iscrowd: int = Field(default=0, ge=0, le=1)


class _Coco(BaseModel):
    categories: list[_Category]
    images: list[_CocoImage] = Field(min_length=1)
    annotations: list[_CocoAnnotation]


def read_coco(annotations: Path) -> list[BoxedPicture]:
    """Read a COCO file; its pictures lie in ``images/`` beside it, or beside it.

    ``iscrowd`` boxes become ignored regions; an image may name its ``group``.

    Raises:
        TrainingError: see the module; also boxes of no picture, and pictures listed twice.
    """
    try:
        text = read_text(annotations, TrainingError, max_bytes=_MAX_COCO_BYTES)
        coco = _Coco.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise TrainingError(
            f"{annotations} is no COCO file: {where or 'it'}: {first['msg']}"
            f" ({error.error_count()} fault(s)).",
            hint="Expected categories, images and annotations with finite numbers.",
        ) from error
    names = {each.id: each.name for each in coco.categories}
    _expect_face(names.values(), annotations)
    for what, seen in (
        ("id", Counter(str(image.id) for image in coco.images)),
        ("file_name", Counter(image.file_name for image in coco.images)),
    ):
        twice = [key for key, count in seen.items() if count > 1]
        if twice:
            raise TrainingError(f"{annotations} lists {_names(twice)} twice ({what} of images).")
    boxes: dict[int, list[BoxPx]] = {image.id: [] for image in coco.images}
    ignored: dict[int, list[BoxPx]] = {image.id: [] for image in coco.images}
    mended = Mended(annotations)
    for index, each in enumerate(coco.annotations):
        if each.image_id not in boxes or each.category_id not in names:
            raise TrainingError(
                f"{annotations}, annotations.{index}: there is no image {each.image_id} or no"
                f" category {each.category_id}."
            )
        if not _is_face(names[each.category_id]):
            mended.other_class += 1
            continue
        (ignored if each.iscrowd else boxes)[each.image_id].append(each.bbox)
    folder = annotations.parent / "images"
    folder = folder if folder.is_dir() else annotations.parent
    files = [folder / image.file_name for image in coco.images]
    _expect_files(files, annotations)
    pictures = [
        mended.picture(
            file,
            None if image.width is None or image.height is None else (image.width, image.height),
            boxes[image.id],
            ignored[image.id],
            image.group,
        )
        for file, image in zip(files, coco.images, strict=True)
    ]
    mended.tell()
    return pictures


# --- Pascal VOC -----------------------------------------------------------------------------------


def read_voc(folder: Path) -> list[BoxedPicture]:
    """Read Pascal VOC files: ``Annotations/*.xml`` and ``JPEGImages/``, or all in one folder.

    Corners count pixels from 1, both inclusive (the VOC 2012 development kit). ``difficult``
    objects become ignored regions.

    Raises:
        TrainingError: see the module.
    """
    tables = _xml_files(folder)
    if not tables:
        raise TrainingError(f"{folder} holds no Pascal VOC file (Annotations/*.xml or *.xml).")
    images = folder / "JPEGImages"
    mended = Mended(folder)
    entries = [_read_voc_file(table, mended) for table in tables]
    _expect_face((name for *_, names in entries for name in names), folder, may_be_empty=True)
    homes = [images if images.is_dir() else table.parent for table in tables]
    files = [home / name for home, (name, *_) in zip(homes, entries, strict=True)]
    _expect_files(files, folder)
    pictures = [
        mended.picture(file, size, boxes, ignored)
        for file, (_, size, boxes, ignored, _) in zip(files, entries, strict=True)
    ]
    mended.tell()
    return pictures


def _xml_files(folder: Path) -> list[Path]:
    inside = folder / "Annotations"
    return _seen((inside if inside.is_dir() else folder).glob("*.xml"))


def _read_voc_file(
    table: Path, mended: Mended
) -> tuple[str, tuple[int, int] | None, list[BoxPx], list[BoxPx], list[str]]:
    """Return file name, size, faces, ignored regions and the classes of one file."""
    try:
        # ElementTree fetches no external entities, and Expat bounds what internal ones grow to.
        root = ElementTree.parse(table).getroot()
    except OSError as error:
        raise TrainingError(f"Cannot read {table}: {error.strerror or error}.") from error
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        # Expat knows UTF-8, UTF-16 and encodings of one byte; of others it tells by ValueError.
        raise TrainingError(f"{table} is broken XML: {error}.") from error
    name = (root.findtext("filename") or "").strip()
    if root.tag != "annotation" or not name:
        raise TrainingError(
            f"{table} is no Pascal VOC file: expected <annotation> with a <filename>,"
            f" found <{root.tag}>."
        )
    size = None
    if root.find("size") is not None:
        width, height = (_number(root, f"size/{side}", table) for side in ("width", "height"))
        # Some tools write 0 where they did not look at the picture.
        size = (int(width), int(height)) if width > 0 and height > 0 else None
    boxes: list[BoxPx] = []
    ignored: list[BoxPx] = []
    classes = []
    for each in root.iter("object"):
        classes.append((each.findtext("name") or "").strip())
        if not _is_face(classes[-1]):
            mended.other_class += 1
            continue
        left, top, right, bottom = (
            _number(each, f"bndbox/{side}", table) for side in ("xmin", "ymin", "xmax", "ymax")
        )
        difficult = (each.findtext("difficult") or "0").strip() == "1"
        (ignored if difficult else boxes).append(
            (left - 1.0, top - 1.0, right - left + 1.0, bottom - top + 1.0)
            if right != left and bottom != top
            else (left, top, 0.0, 0.0)
        )
    return name, size, boxes, ignored, classes


def _number(element: ElementTree.Element, path: str, table: Path) -> float:
    text = element.findtext(path)
    try:
        value = float(text or "")
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise TrainingError(f"{table}: expected a number in <{path}>, found {text!r}.")
    return value


# --- YOLO -----------------------------------------------------------------------------------------


def read_yolo(folder: Path) -> list[BoxedPicture]:
    """Read YOLO files: ``images/**`` with ``labels/**.txt`` of the same names.

    A line is class, centre x, centre y, width, height, the last four in shares of the upright
    picture. The classes are named in ``data.yaml`` (``names``) or ``classes.txt``. A picture
    without a file has no face.

    Raises:
        TrainingError: see the module; also a label file without a picture, and classes
            without names.
    """
    names = _yolo_names(folder)
    _expect_face(names.values(), folder)
    images, labels = folder / "images", folder / "labels"
    for needed in (images, labels):
        if not needed.is_dir():
            raise TrainingError(f"{folder} has no folder {needed.name}/.")
    found = look_below(images, PICTURES)
    if found.left_out:
        _log.warning("%s: %s", images, describe(found.left_out))
    if found.unread:
        raise TrainingError(
            f"{len(found.unread)} picture(s) of a format that is not read: {_names(found.unread)}.",
            hint="Save them as JPEG or PNG.",
        )
    files = found.files
    tables = set(_seen(labels.rglob("*.txt"))) - {labels / "classes.txt"}
    of_file = {file: labels / file.relative_to(images).with_suffix(".txt") for file in files}
    if orphans := sorted(tables - set(of_file.values())):
        raise TrainingError(
            f"{len(orphans)} label file(s) without a picture in {images}: {_names(orphans)}."
        )
    if not tables:
        raise TrainingError(f"{labels} holds no .txt file.")
    mended = Mended(folder)
    pictures = []
    for file, table in of_file.items():
        size = upright_size(file)
        boxes = _read_yolo_file(table, names, size, mended) if table in tables else []
        pictures.append(mended.picture(file, size, boxes, []))
    mended.tell()
    return pictures


def _yolo_names(folder: Path) -> dict[int, str]:
    described, listed = folder / "data.yaml", folder / "classes.txt"
    if described.is_file():
        try:
            names = yaml.safe_load(read_text(described, TrainingError))["names"]
            pairs = names.items() if isinstance(names, dict) else enumerate(names)
            return {int(index): str(name) for index, name in pairs}
        except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
            raise TrainingError(
                f"{described} names no classes by number.", hint="Expected a line names: [face]."
            ) from error
    for table in (listed, folder / "labels" / "classes.txt"):
        if table.is_file():
            return dict(enumerate(read_text(table, TrainingError).splitlines()))
    raise TrainingError(
        f"{folder} does not say which class is the face.",
        hint="Add classes.txt with one class a line, or data.yaml with names.",
    )


def _read_yolo_file(
    table: Path, names: dict[int, str], size: tuple[int, int], mended: Mended
) -> list[BoxPx]:
    width, height = size
    boxes = []
    for line, text in enumerate(read_text(table, TrainingError).splitlines(), start=1):
        if not (columns := text.split()):
            continue
        where = f"{table}, line {line}"
        if len(columns) != 5:
            raise TrainingError(
                f"{where}: expected class, centre x, centre y, width, height; found"
                f" {len(columns)} columns."
            )
        try:
            kind = int(columns[0])
            across, down, wide, high = values = [float(column) for column in columns[1:]]
        except ValueError as error:
            raise TrainingError(f"{where}: expected numbers, found {text!r}.") from error
        if kind not in names:
            raise TrainingError(f"{where}: class {kind} has no name; named are {sorted(names)}.")
        # Written so that NaN, which compares false, is refused as well.
        if not all(abs(value) <= _MOST_SHARE for value in values):
            raise TrainingError(
                f"{where}: expected shares of the picture, 0 to 1, found {text!r}.",
                hint="Divide pixels by the width and the height of the picture.",
            )
        if not _is_face(names[kind]):
            mended.other_class += 1
            continue
        boxes.append(
            ((across - wide / 2) * width, (down - high / 2) * height, wide * width, high * height)
        )
    return boxes


# --- What the formats share -----------------------------------------------------------------------


def _seen(files: Iterable[Path]) -> list[Path]:
    """Return the files that no system has put there, such as ``._a.xml``, in order."""
    return sorted(file for file in files if not why_left_out(file.name))


def _is_face(name: str) -> bool:
    return name.strip().lower() == FACE


def _expect_face(names: Iterable[str], source: Path, may_be_empty: bool = False) -> None:
    found = sorted({name.strip() for name in names if name.strip()})
    if not any(map(_is_face, found)) and not (may_be_empty and not found):
        raise TrainingError(
            f"{source}: expected a class {FACE!r}, found {', '.join(found) or 'none'}.",
            hint="Rename the class of the faces.",
        )


def _expect_files(files: Sequence[Path], source: Path) -> None:
    missing = [file for file in files if not file.is_file()]
    if missing:
        raise TrainingError(
            f"{len(missing)} of {len(files)} pictures of {source} are missing: {_names(missing)}.",
            hint="Expected them in images/ (COCO, YOLO) or JPEGImages/ (VOC) beside it.",
        )


def _names(files: Sequence[object]) -> str:
    named = ", ".join(str(file) for file in files[:_NAMED])
    rest = len(files) - _NAMED
    return f"{named} and {rest} more" if rest > 0 else named


# --- Holding back ---------------------------------------------------------------------------------


def split_by_person(
    pictures: Sequence[BoxedPicture], share: float, seed: int
) -> tuple[list[BoxedPicture], list[BoxedPicture]]:
    """Hold back a share of the people of every group, the same on every machine.

    A person's side depends on the seed and the name alone: pictures that are added later move
    nobody. The share is therefore met only about.

    Args:
        pictures: to split.
        share: to hold back, between 0 and 1.
        seed: of the choice.

    Returns:
        (kept, held back).

    Raises:
        TrainingError: when one of the two is empty.
    """
    sides: dict[bool, list[BoxedPicture]] = defaultdict(list)
    for picture in pictures:
        digest = hashlib.sha256(f"{seed} {picture.person}".encode()).digest()
        sides[int.from_bytes(digest[:8], "big") < share * 2**64].append(picture)
    kept, held = sides[False], sides[True]
    if not kept or not held:
        people = len({picture.person for picture in pictures})
        raise TrainingError(
            f"{len(pictures)} pictures of {people} people cannot be split, {share:.0%} held back.",
            hint="Add pictures, or change the share.",
        )
    return kept, held
