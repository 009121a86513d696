"""The game's face detector: a checked YOLOv3 bundle played through LiteRT on one thread."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from emotion_game import paths
from emotion_game.errors import ModelError
from emotion_game.vision.bundle import NETWORK, DetectorBundle, load_contract, read_verified
from emotion_game.vision.detector import Face
from emotion_game.vision.yolo import (
    CHANNELS,
    Floats,
    decode,
    letterbox,
    make_grid,
    suppress,
    to_rgb,
)

SHIPPED = paths.MODELS / "detector"
LABELS = ("face",)
_LEAST_PX = 2
#: The four parts of a closer look: side and corners, in shares of the picture.
_PART = 0.6
_PARTS = ((0.0, 0.0), (0.4, 0.0), (0.0, 0.4), (0.4, 0.4))
#: A picture this many times larger than the input holds more than the whole look shows.
_LARGE = 1.25
#: A box that comes this close to a part's edge is cut.
_RIM = 0.02


class YoloDetector:
    """YOLOv3 on MobileNetV2; see :mod:`emotion_game.vision.yolo`.

    Args:
        folder: the model bundle.
        smallest_face: least width of a face, in shares of the picture's longer side.
        least_confidence: in place of the bundle's own, e.g. for a precision-recall curve.
        closer_look: look at four overlapping parts of a large picture as well, for faces that
            are too small in the whole; takes five times as long. For still pictures: a player
            is never that far away.

    Raises:
        ModelError: when the bundle is missing, altered, or of another shape than it says.
    """

    def __init__(
        self,
        folder: Path = SHIPPED,
        *,
        smallest_face: float = 0.0,
        least_confidence: float | None = None,
        closer_look: bool = False,
    ) -> None:
        self.bundle = load_contract(folder, DetectorBundle)
        if self.bundle.labels != LABELS:
            raise ModelError(
                f"{folder} has the labels {', '.join(self.bundle.labels)}; expected face.",
                hint="Train with one class, face.",
            )
        path = folder / NETWORK
        network = read_verified(folder, self.bundle, NETWORK)
        spec = self.bundle.input
        self._grid = make_grid(spec.width_px, spec.height_px, self.bundle.anchors_px)
        self._smallest_face = smallest_face
        self._closer_look = closer_look
        self._least = self.bundle.least_confidence if least_confidence is None else least_confidence
        try:
            self._interpreter = Interpreter(model_content=network, num_threads=1)
            self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise ModelError(
                f"LiteRT cannot load {path}: {' '.join(str(error).split())}"
            ) from error
        self._input = self._index(
            path, self._interpreter.get_input_details(), (1, spec.height_px, spec.width_px, 3)
        )
        self._output = self._index(
            path,
            self._interpreter.get_output_details(),
            (1, len(self._grid.anchors_px), CHANNELS),
        )
        if not np.isfinite(self._run(np.full((spec.height_px, spec.width_px, 3), 128))).all():
            raise ModelError(f"{path} answers a gray picture with numbers that are not finite.")

    @staticmethod
    def _index(path: Path, details: list[dict[str, Any]], expected: tuple[int, ...]) -> int:
        found = [
            (tuple(int(n) for n in each["shape"]), np.dtype(each["dtype"]).name) for each in details
        ]
        if found != [(expected, "float32")]:
            raise ModelError(
                f"{path}: expected one float32 tensor of shape {expected}, found {found}.",
                hint="Export the model again.",
            )
        return int(details[0]["index"])

    def detect(self, picture: NDArray[Any]) -> list[Face]:
        """See :class:`emotion_game.vision.detector.FaceDetector`."""
        plain = picture.dtype == np.uint8 and picture.size and picture.ndim == 3
        if not plain or picture.shape[2] != 3:
            picture = to_rgb(picture)[:, :, ::-1]  # refuses what is no picture
        height, width = picture.shape[:2]
        boxes, confidences = self._look(picture)
        if (
            self._closer_look
            and max(width / self.bundle.input.width_px, height / self.bundle.input.height_px)
            > _LARGE
        ):
            looks = [(boxes, confidences), *(self._look_at(picture, part) for part in _PARTS)]
            boxes = np.concatenate([found for found, _ in looks])
            confidences = np.concatenate([certain for _, certain in looks])
        boxes, confidences = suppress(boxes, confidences, self.bundle.most_iou)
        low = np.clip(boxes[:, :2], 0, (width, height))
        sizes = np.clip(boxes[:, :2] + boxes[:, 2:], 0, (width, height)) - low
        smallest_px = max(_LEAST_PX, self._smallest_face * max(width, height))
        return [
            Face((float(x), float(y), float(w), float(h)), float(confidence))
            for (x, y), (w, h), confidence in zip(low, sizes, confidences, strict=True)
            if w >= smallest_px and h >= _LEAST_PX
        ]

    def _look(self, picture: NDArray[Any]) -> tuple[Floats, Floats]:
        """Return the boxes, in pixels of the picture, before suppression."""
        fitted, how = letterbox(picture, self.bundle.input.width_px, self.bundle.input.height_px)
        boxes, confidences = decode(self._run(to_rgb(fitted)), self._grid, self._least)
        return how.to_picture(boxes), confidences

    def _look_at(self, picture: NDArray[Any], part: tuple[float, float]) -> tuple[Floats, Floats]:
        """Look at one part; faces cut by its edge are left to the part beside it."""
        height, width = picture.shape[:2]
        size = np.array([round(width * _PART), round(height * _PART)])
        corner = np.array([int(width * part[0]), int(height * part[1])])
        piece = picture[corner[1] : corner[1] + size[1], corner[0] : corner[0] + size[0]]
        boxes, confidences = self._look(piece)
        rim = _RIM * size
        low, high = boxes[:, :2], boxes[:, :2] + boxes[:, 2:]
        # At the picture's own border a face may be cut; there is no part beside.
        whole = ((low > rim) | (corner == 0)) & (
            (high < size - rim) | (corner + size >= (width, height))
        )
        keep = whole.all(axis=1)
        boxes[:, :2] += corner
        return boxes[keep], confidences[keep]

    def _run(self, picture: NDArray[Any]) -> NDArray[np.float32]:
        self._interpreter.set_tensor(self._input, picture[np.newaxis].astype(np.float32))
        self._interpreter.invoke()
        return np.asarray(self._interpreter.get_tensor(self._output)[0], dtype=np.float32)
