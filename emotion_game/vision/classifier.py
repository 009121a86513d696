"""Expression of one face: a checked model bundle played through LiteRT on one thread."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from emotion_game.errors import ModelError
from emotion_game.game.types import EMOTIONS
from emotion_game.vision.bundle import NETWORK, load_bundle, read_verified
from emotion_game.vision.crop import Picture, crop_face

#: An int8 network's 8 probabilities are each rounded to 1/256.
SUM_TOLERANCE = 8 / 256


class ExpressionClassifier:
    """Face to probabilities.

    Args:
        folder: the model bundle.
        threads: of LiteRT; in the game the other cores have work of their own.

    Raises:
        ModelError: when the bundle is missing, altered, has other labels or shapes, or answers
            with something other than probabilities.
    """

    def __init__(self, folder: Path, threads: int = 1) -> None:
        self.bundle = load_bundle(folder)
        if self.bundle.labels != EMOTIONS:
            raise ModelError(
                f"{folder} has the labels {', '.join(self.bundle.labels)};"
                f" expected {', '.join(EMOTIONS)}.",
                hint="Train with these labels in this order.",
            )
        path = folder / NETWORK
        network = read_verified(folder, self.bundle, NETWORK)
        try:
            self._interpreter = Interpreter(model_content=network, num_threads=threads)
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"LiteRT cannot load {path}: {_one_line(error)}.") from error
        size_px = self.bundle.input.size_px
        self._check_shape(
            path, "input", self._interpreter.get_input_details(), (1, size_px, size_px, 1)
        )
        self._check_shape(
            path, "output", self._interpreter.get_output_details(), (1, len(EMOTIONS))
        )
        self._input: int = self._interpreter.get_input_details()[0]["index"]
        self._output: int = self._interpreter.get_output_details()[0]["index"]
        self.crop = self.bundle.input.crop()
        # Both looks in one run take two thirds of the time of two runs.
        try:
            self._resize_batch(2 if self.bundle.input.mirrored_look else 1)
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"LiteRT cannot load {path}: {_one_line(error)}.") from error
        self._check_answer(path)

    @staticmethod
    def _check_shape(
        path: Path, which: str, details: list[dict[str, Any]], expected: tuple[int, ...]
    ) -> None:
        found = [
            (tuple(int(n) for n in each["shape"]), np.dtype(each["dtype"]).name) for each in details
        ]
        if found != [(expected, "float32")]:
            raise ModelError(
                f"{path}: expected one float32 {which} of shape {expected}, found {found}.",
                hint="Export the model again.",
            )

    def _check_answer(self, path: Path) -> None:
        size_px = self.bundle.input.size_px
        try:
            answer = self._run(np.full((size_px, size_px, 1), 128, dtype=np.uint8))
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"LiteRT cannot run {path}: {_one_line(error)}.") from error
        if answer.min() >= 0.0 and abs(float(answer.sum()) - 1.0) <= SUM_TOLERANCE:
            return  # NaN and infinity fail both comparisons
        raise ModelError(
            f"{path}: expected probabilities that sum to 1 for a gray picture, found"
            f" {', '.join(f'{share:.3g}' for share in answer)}.",
            hint="Export a network that ends in a softmax.",
        )

    def cut(
        self, picture: NDArray[Any], box_px: tuple[float, float, float, float] | None
    ) -> Picture:
        """Cut a face as this network was trained on; see :func:`vision.crop.crop_face`."""
        return crop_face(picture, box_px, self.crop)

    def classify(self, face: Picture) -> tuple[float, ...]:
        """Return 8 probabilities in the order of ``EMOTIONS`` for a (size, size, 1) crop.

        With ``mirrored_look`` the crop and its mirror image are averaged.
        """
        mean = self._run(face)
        return tuple(float(p) for p in mean / mean.sum())

    def look(self, faces: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return (n, 8) probabilities of (n, size, size, 1) crops in 0..255, one look each."""
        if len(faces) != self._batch_size:
            self._resize_batch(len(faces))
        self._interpreter.set_tensor(self._input, faces)
        self._interpreter.invoke()
        return np.asarray(self._interpreter.get_tensor(self._output), np.float32)

    def _run(self, face: Picture) -> NDArray[np.float32]:
        looks = [face, face[:, ::-1]] if self.bundle.input.mirrored_look else [face]
        return np.asarray(self.look(np.stack(looks).astype(np.float32)).mean(axis=0), np.float32)

    def _resize_batch(self, size: int) -> None:
        size_px = self.bundle.input.size_px
        self._interpreter.resize_tensor_input(self._input, (size, size_px, size_px, 1))
        self._interpreter.allocate_tensors()
        self._batch_size = size


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")
