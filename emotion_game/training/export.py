"""Export a fitted network as a model bundle: ``model.tflite``, ``model.keras``, ``model.json``."""

from __future__ import annotations

import tempfile
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from emotion_game.errors import TrainingError
from emotion_game.game.types import EMOTIONS
from emotion_game.vision.bundle import CONTRACT, NETWORK, Bundle, InputSpec, file_sha256

KERAS_MODEL = "model.keras"


def export_bundle(
    model: keras.Model,
    folder: Path,
    *,
    version: str,
    input_spec: InputSpec,
    thresholds: dict[str, dict[str, float]],
    metrics: dict[str, float],
    data: str,
    check_faces: NDArray[np.uint8],
) -> Bundle:
    """Write a bundle beside ``folder`` first, check it, then put its files in place.

    Args:
        model: (n, height, width, 1) float32 in 0..255 to (n, 8) probabilities.
        folder: gets the three files; a model card there is left alone.
        version: of the weights and the contract.
        input_spec: how faces are cut for this network.
        thresholds: see :class:`Bundle`.
        metrics: see :class:`Bundle`.
        data: training data and terms.
        check_faces: (n, size, size, 1) uint8 faces; the exported file must answer like the model.

    Raises:
        TrainingError: when the exported network answers differently.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as name:
        part = Path(name)
        size_px = input_spec.size_px
        # LiteRT gets one fixed shape; the Keras file stays free in height and width.
        face = keras.Input((size_px, size_px, 1), batch_size=1, name="face")
        fixed = keras.Model(face, model(face, training=False), name="expression")
        fixed.export(str(part / NETWORK), format="litert", verbose=False)
        # A copy without the optimizer's moments: a third of the size, enough to retrain from.
        bare = keras.Model.from_config(model.get_config())
        bare.set_weights(model.get_weights())
        bare.save(part / KERAS_MODEL)
        _check_same(model, part / NETWORK, check_faces)
        bundle = Bundle(
            name="expression",
            version=version,
            task="expression",
            labels=EMOTIONS,
            input=input_spec,
            thresholds=thresholds,
            metrics=metrics,
            data=data,
            licence="Apache-2.0",
            sha256={each: file_sha256(part / each) for each in (NETWORK, KERAS_MODEL)},
        )
        (part / CONTRACT).write_text(bundle.model_dump_json(indent=1) + "\n", "utf-8")
        for each in (NETWORK, KERAS_MODEL, CONTRACT):
            (part / each).replace(folder / each)
    return bundle


def _check_same(model: keras.Model, exported: Path, faces: NDArray[np.uint8]) -> None:
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_path=str(exported), num_threads=1)
    interpreter.allocate_tensors()
    expected = np.asarray(model(faces.astype(np.float32), training=False))
    for face, wanted in zip(faces, expected, strict=True):
        interpreter.set_tensor(
            interpreter.get_input_details()[0]["index"], face[np.newaxis].astype(np.float32)
        )
        interpreter.invoke()
        found = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])[0]
        if not np.allclose(found, wanted, atol=1e-3):
            raise TrainingError(
                f"The exported network answers {found.round(3)}, the trained one"
                f" {wanted.round(3)}.",
                hint="Another TensorFlow release may export this network rightly.",
            )
