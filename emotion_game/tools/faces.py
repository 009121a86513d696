"""``emotion-game faces``: faces and expressions in pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emotion_game.errors import PictureError
from emotion_game.game.types import EMOTIONS
from emotion_game.media import PICTURES, look_below
from emotion_game.vision.detector import Face
from emotion_game.vision.pictures import read_picture
from emotion_game.vision.pipeline import Analyser


def find_pictures(paths: Sequence[Path], left_out: Counter[str] | None = None) -> Iterator[Path]:
    """Yield the given files and, in name order, every picture below the given folders.

    Pictures of a format that is not read are among them. A folder without pictures is yielded
    itself, so that it is reported and the rest is still read.

    Args:
        paths: a file is tried whatever it is called, what lies in a folder by :mod:`media`.
        left_out: counts what is left out of the folders, by its reason.
    """
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        found = look_below(path, PICTURES)
        yield from sorted(found.files + found.unread) or [path]
        if left_out is not None:
            left_out += found.left_out


def leave_out(path: Path, why: str) -> dict[str, Any]:
    """Return what ``--json`` prints of a picture that cannot be read."""
    return {"file": str(path), "width": None, "height": None, "faces": [], "left_out": why}


def read_faces(analyser: Analyser, path: Path, *, whole_image: bool) -> dict[str, Any]:
    """Return one picture's faces in the form that ``--json`` prints.

    Args:
        analyser: the game's detector and classifier.
        path: the picture.
        whole_image: take the picture itself as the cropped face.

    Raises:
        PictureError: when it cannot be read.
    """
    if path.is_dir():
        raise PictureError(f"The folder {path} holds no picture.", hint="Give JPEG or PNG files.")
    picture = read_picture(path)
    height, width = picture.shape[:2]
    if whole_image:
        faces = [_describe(analyser, picture, Face((0, 0, width, height), 1.0), whole=True)]
    else:
        found = analyser.detector.detect(picture)
        faces = [_describe(analyser, picture, face, whole=False) for face in found]
    return {"file": str(path), "width": width, "height": height, "faces": faces}


def _describe(
    analyser: Analyser, picture: NDArray[np.uint8], face: Face, *, whole: bool
) -> dict[str, Any]:
    crop = analyser.classifier.cut(picture, None if whole else face.box_px)
    emotions = dict(zip(EMOTIONS, analyser.classifier.classify(crop), strict=True))
    return {
        "box": [round(side, 2) for side in face.box_px],
        "confidence": round(face.confidence, 4),
        "expression": max(emotions, key=lambda name: emotions[name]),
        "emotions": {name: round(share, 6) for name, share in emotions.items()},
    }
