"""The game's face detector: a checked YOLOv3 bundle played through LiteRT on one thread."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from emotion_game import paths
from emotion_game.errors import ModelError
from emotion_game.vision.bundle import NETWORK, DetectorBundle, load_contract, verify_file
from emotion_game.vision.detector import Face
from emotion_game.vision.yolo import CHANNELS, decode, letterbox, make_grid, suppress, to_rgb

SHIPPED = paths.MODELS / "detector"
LABELS = ("face",)
_PX_LEAST = 2


class YoloDetector:
    """YOLOv3 on MobileNetV2; see :mod:`emotion_game.vision.yolo`.

    Args:
        folder: the model bundle.
        smallest_face: least width of a face, in shares of the picture's longer side.
        least_confidence: in place of the bundle's own, e.g. for a precision-recall curve.

    Raises:
        ModelError: when the bundle is missing, altered, or of another shape than it says.
    """

    def __init__(
        self,
        folder: Path = SHIPPED,
        *,
        smallest_face: float = 0.0,
        least_confidence: float | None = None,
    ) -> None:
        self.bundle = load_contract(folder, DetectorBundle)
        if self.bundle.labels != LABELS:
            raise ModelError(
                f"{folder} has the labels {', '.join(self.bundle.labels)}; expected face.",
                hint="Train with one class, face.",
            )
        path = verify_file(folder, self.bundle, NETWORK)
        spec = self.bundle.input
        self._grid = make_grid(spec.width_px, spec.height_px, self.bundle.anchors_px)
        self._smallest_face = smallest_face
        self._least = self.bundle.least_confidence if least_confidence is None else least_confidence
        try:
            self._interpreter = Interpreter(model_path=str(path), num_threads=1)
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
        if picture.ndim != 3 or picture.shape[2] != 3:
            picture = to_rgb(picture)[:, :, ::-1]
        height, width = picture.shape[:2]
        fitted, how = letterbox(picture, self.bundle.input.width_px, self.bundle.input.height_px)
        rows = self._run(to_rgb(fitted))
        boxes, confidences = decode(rows, self._grid, self._least)
        boxes, confidences = suppress(boxes, confidences, self.bundle.most_iou)
        low = np.clip(how.to_picture(boxes)[:, :2], 0, (width, height))
        high = np.clip(
            (how.to_picture(boxes)[:, :2] + how.to_picture(boxes)[:, 2:]), 0, (width, height)
        )
        sizes = high - low
        smallest_px = max(_PX_LEAST, self._smallest_face * max(width, height))
        return [
            Face((float(x), float(y), float(w), float(h)), float(confidence))
            for (x, y), (w, h), confidence in zip(low, sizes, confidences, strict=True)
            if w >= smallest_px and h >= _PX_LEAST
        ]

    def _run(self, picture: NDArray[Any]) -> NDArray[np.float32]:
        self._interpreter.set_tensor(self._input, picture[np.newaxis].astype(np.float32))
        self._interpreter.invoke()
        return np.asarray(self._interpreter.get_tensor(self._output)[0], dtype=np.float32)
