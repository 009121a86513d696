"""A picture with face boxes, and what is repaired on the way to it, whatever the file format."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from emotion_game.errors import TrainingError
from emotion_game.vision.detector import BoxPx

#: The one class that is read; other classes are left out and counted.
FACE: Final = "face"
#: The group of a data set whose files are named PERSON_NUMBER, several frames a person.
PORTRAITS: Final = "head-and-shoulders"
#: A box with a shorter side, once clipped to its picture, is dropped.
LEAST_PX: Final = 1.0
_ORIENTATION_TAG: Final = 274

_log = logging.getLogger(__name__)

Boxes = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class BoxedPicture:
    """A picture file and the faces in it.

    Attributes:
        file: the picture.
        width: in pixels, once upright.
        height: the same.
        boxes_px: (n, 4) x, y, width, height of each face, clipped to the picture.
        ignored_px: (m, 4) the same of regions where a found face is neither right nor wrong.
        group: kind of picture, "" if unknown.
        person: what a split keeps together, see :func:`boxes.split_by_person`.
    """

    file: Path
    width: int
    height: int
    boxes_px: Boxes
    ignored_px: Boxes
    group: str
    person: str


class Mended:
    """Makes the pictures of one data set and counts what it had to repair."""

    def __init__(self, source: Path) -> None:
        self._source = source
        self._clipped = self._empty = self._outside = self._turned = 0
        self.other_class = 0

    def picture(
        self,
        file: Path,
        stated: tuple[int, int] | None,
        boxes: Sequence[BoxPx],
        ignored: Sequence[BoxPx],
        group: str = "",
    ) -> BoxedPicture:
        """Return the picture with its boxes turned upright and clipped.

        Args:
            file: exists.
            stated: (width, height) that the boxes are meant in; None: that of the file, upright.
            boxes: x, y, width, height in pixels.
            ignored: the same.
            group: of the picture.

        Raises:
            TrainingError: the picture cannot be read or has another size, or a box has a
                negative size.
        """
        size = upright_size(file)
        if stated is not None and stated != size:
            orientation = _orientation(file)
            # Tools that don't heed the EXIF tag label the picture as it lies in the file.
            if orientation < 5 or stated != (size[1], size[0]):
                raise TrainingError(
                    f"{file} is {size[0]}x{size[1]} px, but its boxes are for"
                    f" {stated[0]}x{stated[1]} px ({self._source}).",
                    hint="Was the picture resized after it was labelled?",
                )
            self._turned += 1
            boxes = [turn_upright(box, stated, orientation) for box in boxes]
            ignored = [turn_upright(box, stated, orientation) for box in ignored]
        person = file.stem.rpartition("_")[0] if group == PORTRAITS else ""
        return BoxedPicture(
            file,
            *size,
            self._clip(boxes, size, file),
            self._clip(ignored, size, file),
            group,
            person or file.stem,
        )

    def _clip(self, boxes: Sequence[BoxPx], size: tuple[int, int], file: Path) -> Boxes:
        kept = []
        for x, y, width, height in boxes:
            if width < 0 or height < 0:
                raise TrainingError(
                    f"{self._source}: a box of {file.name} has a negative size,"
                    f" {width:g}x{height:g} px."
                )
            left, right = (min(max(each, 0.0), float(size[0])) for each in (x, x + width))
            top, bottom = (min(max(each, 0.0), float(size[1])) for each in (y, y + height))
            if width < LEAST_PX or height < LEAST_PX:
                self._empty += 1
            elif right - left < LEAST_PX or bottom - top < LEAST_PX:
                self._outside += 1
            else:
                # A tenth of a pixel is the rounding of the file, not worth a word.
                cut = max(width - (right - left), height - (bottom - top))
                self._clipped += cut > 0.1
                kept.append((left, top, right - left, bottom - top))
        return np.array(kept, dtype=np.float32).reshape(-1, 4)

    def tell(self) -> None:
        """Log what was repaired, if anything."""
        counts = {
            "clipped to the picture": self._clipped,
            "dropped as outside the picture": self._outside,
            "dropped as empty": self._empty,
            f"left out as no {FACE}": self.other_class,
        }
        told = [f"{count} box(es) {what}" for what, count in counts.items() if count]
        if self._turned:
            told.append(f"boxes of {self._turned} picture(s) turned upright")
        if told:
            _log.warning("%s: %s", self._source, ", ".join(told))


def upright_size(file: Path) -> tuple[int, int]:
    """Return (width, height) in pixels as :func:`read_picture` decodes it; reads the header only.

    Raises:
        TrainingError: when it is missing or no picture.
    """
    try:
        with Image.open(file) as picture:
            width, height = picture.size
            turned = picture.getexif().get(_ORIENTATION_TAG, 1) in (5, 6, 7, 8)
    except UnidentifiedImageError as error:
        raise TrainingError(f"{file} is not a readable picture.", hint="Remove it.") from error
    except OSError as error:
        raise TrainingError(f"Cannot read {file}: {error.strerror or error}.") from error
    return (height, width) if turned else (width, height)


def _orientation(file: Path) -> int:
    with Image.open(file) as picture:
        return int(picture.getexif().get(_ORIENTATION_TAG, 1))


def turn_upright(box: BoxPx, stored: tuple[int, int], orientation: int) -> BoxPx:
    """Return a box of the picture as stored in the file as a box of the upright picture.

    Args:
        box: x, y, width, height in pixels.
        stored: (width, height) in the file.
        orientation: EXIF tag 274: 5 transposed, 6 to be turned right, 7 transversed, 8 to be
            turned left.
    """
    x, y, width, height = box
    from_right, from_bottom = stored[0] - x - width, stored[1] - y - height
    across = {5: y, 6: from_bottom, 7: from_bottom, 8: y}[orientation]
    down = {5: x, 6: x, 7: from_right, 8: from_right}[orientation]
    return across, down, height, width
