"""One data set of boxed pictures, held back without leaks.

Data sets of photographs show one photograph several times: cut round one face, then round its
neighbour. The whole pictures of such a pair differ, their common face does not. So pictures are
compared whole and face by face, and what belongs together stays on one side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from emotion_game.training.boxes import BoxedPicture, read_boxes, split_by_person
from emotion_game.training.checks import NEAR_BITS, copies, join_prints, take_print
from emotion_game.vision.camera import read_picture
from emotion_game.vision.crop import to_gray

#: A face is compared with this share of its width around it; smaller faces are too alike.
_RIM: Final = 0.15
_LEAST_FACE_PX: Final = 24

Progress = Callable[[Sequence[BoxedPicture]], Iterable[BoxedPicture]]


def read_split(
    path: Path, share: float, seed: int, progress: Progress = iter
) -> tuple[list[BoxedPicture], list[BoxedPicture]]:
    """Read a data set and hold back a share of its people.

    Training and evaluation both call this one, so that what is measured was never trained on.

    Args:
        path: see :func:`boxes.read_boxes`.
        share: to hold back, between 0 and 1.
        seed: of the choice.
        progress: wraps the pictures for a progress bar; 5,000 take about 5 s.

    Returns:
        (kept, held back).

    Raises:
        TrainingError: a fault of the data, or one of the two is empty.
        PictureError: a picture that cannot be decoded.
    """
    return split_by_person(join_copies(read_boxes(path), progress), share, seed)


def join_copies(pictures: Sequence[BoxedPicture], progress: Progress = iter) -> list[BoxedPicture]:
    """Give pictures that show the same photograph, whole or in part, the same ``person``.

    Args:
        pictures: of one data set.
        progress: wraps them for a progress bar.

    Raises:
        PictureError: a picture that cannot be decoded.
    """
    wholes, faces, owners = [], [], []
    for index, each in enumerate(progress(pictures)):
        gray = to_gray(read_picture(each.file))
        wholes.append(take_print(gray))
        for x, y, width, height in np.concatenate([each.boxes_px, each.ignored_px]).tolist():
            if min(width, height) < _LEAST_FACE_PX:
                continue
            rim = width * _RIM
            top, left = max(0, round(y - rim)), max(0, round(x - rim))
            cut = gray[top : round(y + height + rim), left : round(x + width + rim)]
            faces.append(take_print(np.ascontiguousarray(cut)))
            owners.append(index)
    pairs = set()
    for taken, owner in ((wholes, range(len(wholes))), (faces, owners)):
        prints = join_prints(taken)
        for first, second, *_ in copies(prints, prints, NEAR_BITS):
            names = pictures[owner[first]].person, pictures[owner[second]].person
            if names[0] < names[1]:
                pairs.add(names)
    return [replace(each, person=name) for each, name in _renamed(pictures, pairs)]


def _renamed(
    pictures: Sequence[BoxedPicture], pairs: Iterable[tuple[str, str]]
) -> Iterable[tuple[BoxedPicture, str]]:
    """Yield each picture with the alphabetically first name that its person is joined with."""
    first_name = {each.person: each.person for each in pictures}

    def root(name: str) -> str:
        while first_name[name] != name:
            name = first_name[name]
        return name

    for pair in pairs:
        low, high = sorted(map(root, pair))
        first_name[high] = low
    return ((each, root(each.person)) for each in pictures)
