"""Put a network's backbone into whole numbers of 8 bits."""

from __future__ import annotations

import warnings
from pathlib import Path
from tempfile import TemporaryDirectory

import keras
import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from emotion_game.errors import TrainingError
from emotion_game.training.classifier.networks import BACKBONE_NAME

#: MobileNetV2's first layers stay in float32: rounding there makes two thirds of the whole error,
#: and their wide maps gain no time by it (measured: models/detector/EXPERIMENTS.md).
EXACT_LAYERS = ("Conv1", "bn_Conv1", "expanded_conv", *(f"block_{n}_" for n in range(1, 6)))


def export_quantized(network: keras.Model, path: Path, pictures: NDArray[np.uint8]) -> None:
    """Write a network as a LiteRT file whose backbone computes in int8, the rest in float32.

    Whole numbers in the layers behind the backbone cost more than they save: a detector's boxes
    jump, a classifier's probabilities are rounded to 1/256.

    Args:
        network: of one input of fixed shape, with a layer ``backbone``; its filters of nothing
            but zeros are changed.
        path: ends in ``.tflite``.
        pictures: (n, height, width, channels), what the scales are set by.

    Raises:
        TrainingError: when it has no backbone.
    """
    from ai_edge_quantizer import qtyping, quantizer

    _wake_filters(network)
    with TemporaryDirectory() as scratch:
        whole = Path(scratch) / "whole.tflite"
        network.export(str(whole), format="litert", verbose=False)
        ((signature, tensors),) = Interpreter(model_path=str(whole)).get_signature_list().items()
        (name,) = tensors["inputs"]
        recipe = quantizer.Quantizer(str(whole))
        # Tensors are called after the path of their layers, which Keras numbers.
        recipe.add_static_config(
            regex=rf".*/{BACKBONE_NAME}(_\d+)?/(?!{'|'.join(EXACT_LAYERS)}).*",
            operation_name=qtyping.TFLOperationName.ALL_SUPPORTED,
            activation_num_bits=8,
            weight_num_bits=8,
        )
        looks = [{name: each[np.newaxis].astype(np.float32)} for each in pictures]
        with warnings.catch_warnings():
            # The quantizer keeps every tensor on purpose; LiteRT warns of the memory it takes.
            warnings.filterwarnings("ignore", ".*experimental_preserve_all_tensors", UserWarning)
            quantized = recipe.quantize(recipe.calibrate({signature: looks}))
    path.write_bytes(quantized.quantized_model)


def _wake_filters(network: keras.Model) -> None:
    """Give filters of nothing but zeros one tiny weight.

    Such a filter's scale would be next to nothing, and its constant, counted in that scale, no
    32-bit number.
    """
    layers = {layer.name: layer for layer in network._flatten_layers(include_self=False)}
    if BACKBONE_NAME not in layers:
        raise TrainingError(
            f"int8 is for the backbone, and this network has no layer {BACKBONE_NAME!r}.",
            hint="Export it in another precision.",
        )
    for layer in layers[BACKBONE_NAME].layers:
        if type(layer) is keras.layers.Conv2D:
            kernel, *rest = layer.get_weights()
            kernel[0, 0, 0, ~kernel.any(axis=(0, 1, 2))] = 1e-4
            layer.set_weights([kernel, *rest])
