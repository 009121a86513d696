"""``emotion-game faces``: faces and expressions in pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emotion_game.errors import PictureError
from emotion_game.game.types import EMOTIONS
from emotion_game.paths import files_below
from emotion_game.vision.camera import read_picture
from emotion_game.vision.detector import Face
from emotion_game.vision.pipeline import Analyser

SUFFIXES = {".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff", ".ppm", ".pgm"}


def find_pictures(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield the given files and, in name order, every picture below the given folders.

    A folder without pictures is yielded itself, so that it is reported and the rest is still read.
    """
    for path in paths:
        if path.is_dir():
            inside = files_below(path, hidden=True)
            yield from sorted(f for f in inside if f.suffix.lower() in SUFFIXES) or [path]
        else:
            yield path


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
