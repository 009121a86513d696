"""Export a trained detector as the bundle that plays."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from emotion_game.errors import TrainingError
from emotion_game.training.classifier.export import (
    TOLERANCES,
    Precision,
    check_same,
    play,
    write_contract,
    writing,
)
from emotion_game.training.classifier.quantize import export_quantized
from emotion_game.training.classifier.runs import load_network
from emotion_game.training.detector.config import Anchor
from emotion_game.training.detector.network import NAME
from emotion_game.vision.bundle import (
    KERAS_MODEL,
    NETWORK,
    DetectorBundle,
    FileName,
    PictureSpec,
    file_sha256,
)
from emotion_game.vision.yolo import CHANNELS, make_grid, sigmoid
from emotion_game.vision.yolo_detector import LABELS

#: Pictures that set the scales of an int8 backbone.
CALIBRATION_PICTURES = 200


def load_detector(path: Path) -> keras.Model:
    """Load a trained detector and check that it is one.

    Raises:
        TrainingError: when it is no Keras model, or one of another shape.
    """
    network = load_network(path)
    shapes = [tuple(each.shape) for each in (*network.inputs, *network.outputs)]
    whole = len(shapes) == 2 and len(shapes[0]) == 4 and None not in shapes[0][1:]
    if network.name != NAME or not whole or shapes[0][3] != 3 or shapes[1][2:] != (CHANNELS,):
        raise TrainingError(
            f"{path} is no detector: it is called {network.name!r} and has the shapes {shapes}.",
            hint="Give a .keras file that train_detector.py wrote.",
        )
    return network


def write_detector(
    folder: Path,
    network: keras.Model,
    *,
    version: str,
    anchors_px: tuple[Anchor, ...],
    data: str,
    check_pictures: NDArray[np.uint8],
    precision: Precision = Precision.FLOAT16,
    calibration_pictures: NDArray[np.uint8] | None = None,
) -> DetectorBundle:
    """Write a bundle without thresholds and figures into a new folder, and check its files.

    Args:
        folder: does not exist yet.
        network: from :func:`load_detector`.
        version: of the weights and the contract.
        anchors_px: it was trained with.
        data: training data and terms.
        check_pictures: (n, height, width, 3) uint8 RGB; every file must answer to them like
            the network.
        precision: of ``model.tflite``, see :func:`convert_detector`.
        calibration_pictures: likewise.

    Raises:
        TrainingError: when a file cannot be written or answers differently.
    """
    _, height, width, _ = network.inputs[0].shape
    make_grid(width, height, anchors_px)
    with writing(folder):
        folder.mkdir(parents=True)
        # A copy without the optimizer's moments: a third of the size, enough to retrain from.
        bare = keras.Model.from_config(network.get_config())
        bare.set_weights(network.get_weights())
        bare.save(folder / KERAS_MODEL)
        convert_detector(bare, folder / NETWORK, precision, calibration_pictures)
        expected = np.asarray(network.predict_on_batch(check_pictures.astype(np.float32)))
        kept = load_network(folder / KERAS_MODEL)
        check_same(
            folder / KERAS_MODEL, kept.predict_on_batch(check_pictures.astype(np.float32)), expected
        )
        check_same(
            folder / NETWORK,
            _judged(play(folder / NETWORK, check_pictures), expected),
            _judged(expected, expected),
            TOLERANCES[precision],
        )
        files: tuple[FileName, ...] = (NETWORK, KERAS_MODEL)
        bundle = DetectorBundle(
            name="detector",
            version=version,
            task="face-detection",
            labels=LABELS,
            input=PictureSpec(
                width_px=width, height_px=height, colour="rgb", lowest=0, highest=255
            ),
            anchors_px=anchors_px,
            least_confidence=0.5,
            most_iou=0.5,
            thresholds={},
            metrics={},
            data=data,
            licence="Apache-2.0",
            sha256={each: file_sha256(folder / each) for each in files},
        )
        write_contract(folder, bundle)
    return bundle


def _judged(rows: NDArray[np.float32], expected: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what the game reads from (..., 6) raw rows: confidence, and boxes where there is one.

    Raw outputs reach +-10, and those of the boxes mean nothing where there is no face.
    """
    certain = sigmoid(rows[..., 4:5]) * sigmoid(rows[..., 5:])
    faces = sigmoid(expected[..., 4:5]) * sigmoid(expected[..., 5:])
    return np.concatenate([certain, sigmoid(rows[..., :4]) * faces], axis=-1)


def convert_detector(
    network: keras.Model,
    path: Path,
    precision: Precision,
    calibration_pictures: NDArray[np.uint8] | None = None,
) -> None:
    """Write a network as a LiteRT file, (1, height, width, 3) float32 to (1, n, 6) float32.

    Args:
        network: from :func:`load_detector`; int8 changes its filters of zeros.
        path: ends in ``.tflite``.
        precision: of the numbers inside.
        calibration_pictures: (n, height, width, 3) uint8 RGB; int8 needs real ones.

    Raises:
        TrainingError: when int8 is asked for without pictures.
    """
    import tensorflow as tf

    _, height, width, _ = network.inputs[0].shape
    picture = keras.Input((height, width, 3), batch_size=1, name="picture")
    fixed = keras.Model(picture, network(picture, training=False), name=NAME)
    if precision is not Precision.INT8:
        half = {
            "optimizations": [tf.lite.Optimize.DEFAULT],
            "target_spec": {"supported_types": [tf.float16]},
        }
        fixed.export(
            str(path),
            format="litert",
            verbose=False,
            **(half if precision is Precision.FLOAT16 else {}),
        )
        return
    if calibration_pictures is None or not len(calibration_pictures):
        raise TrainingError("An int8 backbone needs real pictures to set its scales by.")
    export_quantized(fixed, path, calibration_pictures)
