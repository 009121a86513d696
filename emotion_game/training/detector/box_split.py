"""One data set of boxed pictures, held back without leaks.

Data sets of photographs show one photograph several times: cut round one face, then round its
neighbour. The whole pictures of such a pair differ, their common face does not. So pictures are
compared whole and face by face.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from emotion_game.errors import TrainingError
from emotion_game.training.data.checks import NEAR_BITS, copies, join_prints, take_print
from emotion_game.training.detector.boxes import BoxedPicture, read_boxes, split_by_person
from emotion_game.vision.crop import to_gray
from emotion_game.vision.pictures import read_picture

#: A face is compared with this share of its width around it; smaller faces are too alike.
_RIM: Final = 0.15
_LEAST_FACE_PX: Final = 24

_log = logging.getLogger(__name__)

Progress = Callable[[Sequence[BoxedPicture]], Iterable[BoxedPicture]]
Taken = list[tuple[bytes, np.ndarray[tuple[int, int], np.dtype[np.uint8]]]]


def read_split(
    path: Path, share: float, seed: int, progress: Progress = iter
) -> tuple[list[BoxedPicture], list[BoxedPicture]]:
    """Read a data set and hold back a share of its people, without what is also trained on.

    Args:
        path: see :func:`boxes.read_boxes`.
        share: to hold back, between 0 and 1.
        seed: of the choice.
        progress: wraps the pictures for a progress bar; 5,000 take about 5 s.

    Returns:
        (kept, held back): as :func:`boxes.split_by_person`, less the held-back pictures that
        :func:`drop_copies` drops.

    Raises:
        TrainingError: a fault of the data, or one of the two is empty.
        PictureError: a picture that cannot be decoded.
    """
    kept, held = split_by_person(read_boxes(path), share, seed)
    held = drop_copies(held, kept, progress)
    if not held:
        raise TrainingError(
            f"Every picture held back of {path} shows what is trained on.",
            hint="Add pictures, or change the share.",
        )
    return kept, held


def drop_copies(
    held: Sequence[BoxedPicture], kept: Sequence[BoxedPicture], progress: Progress = iter
) -> list[BoxedPicture]:
    """Return the held-back pictures of which nothing is in the kept ones, and log the others.

    Dropped are copies of a picture (also cut or mirrored) and pictures that share a face.

    Args:
        held: to measure with.
        kept: to learn from.
        progress: wraps all pictures for a progress bar.

    Raises:
        PictureError: a picture that cannot be decoded.
    """
    pictures = [*kept, *held]
    wholes: tuple[Taken, Taken] = ([], [])
    faces: tuple[Taken, Taken] = ([], [])
    owners = []
    for at, each in enumerate(progress(pictures)):
        side = int(at >= len(kept))
        gray = to_gray(read_picture(each.file))
        wholes[side].append(take_print(gray))
        for x, y, width, height in np.concatenate([each.boxes_px, each.ignored_px]).tolist():
            if min(width, height) < _LEAST_FACE_PX:
                continue
            rim = width * _RIM
            top, left = max(0, round(y - rim)), max(0, round(x - rim))
            cut = gray[top : round(y + height + rim), left : round(x + width + rim)]
            faces[side].append(take_print(np.ascontiguousarray(cut)))
            if side:
                owners.append(at - len(kept))
    dropped = {
        owner[second]
        for (first_prints, second_prints), owner in (
            (map(join_prints, wholes), range(len(held))),
            (map(join_prints, faces), owners),
        )
        for _, second, *_ in copies(first_prints, second_prints, NEAR_BITS)
    }
    if dropped:
        _log.warning(
            "%d of %d held-back pictures left out: their photograph is trained on as well.",
            len(dropped),
            len(held),
        )
    return [each for at, each in enumerate(held) if at not in dropped]
