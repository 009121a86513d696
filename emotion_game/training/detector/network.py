"""The face detector's network: YOLOv3 on MobileNetV2 in place of Darknet-53.

Redmon and Farhadi, "YOLOv3: An Incremental Improvement", 2018; Sandler et al., "MobileNetV2",
2018. Rescaling lives inside the graph, decoding outside it, in :mod:`emotion_game.vision.yolo`.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import keras
from keras import layers

from emotion_game.errors import TrainingError
from emotion_game.training.classifier.config import NetworkSettings
from emotion_game.training.classifier.networks import (
    BACKBONE_NAME,
    build_backbone,
    keep_batch_norm,
    set_trainable,
)
from emotion_game.training.detector.config import DetectorNetworkSettings
from emotion_game.vision.yolo import ANCHORS_A_CELL, CHANNELS

#: MobileNetV2's layers whose output has stride 8, 16 and 32. The last block (960 -> 320
#: channels) is left out: it costs 8% of the time and is there for a thousand classes.
FEATURES = ("block_6_expand_relu", "block_13_expand_relu", "block_15_add")
NAME = "detector"
#: Share of cells that hold a face when the training begins, so that its first steps are not
#: spent on unlearning faces everywhere (Lin et al., "Focal Loss", 2017, section 3.3).
_FACE_SHARE = 0.01


def build_detector(settings: DetectorNetworkSettings, backbone_weights: Path | None) -> keras.Model:
    """Build picture -> raw boxes.

    Args:
        settings: of the network.
        backbone_weights: MobileNetV2 weights without top; ``None`` takes ``settings.weights``.

    Returns:
        A model from (n, height_px, width_px, 3) float32 RGB in 0..255 to (n, priors, 6) raw
        outputs in the order of :func:`emotion_game.vision.yolo.make_grid`.

    Raises:
        TrainingError: when the weights cannot be found or are of another architecture.
    """
    whole = build_backbone(
        NetworkSettings(name="mobilenet_v2", alpha=settings.alpha, weights=settings.weights),
        backbone_weights,
    )
    features = _rewire(whole, settings.leave_out)
    backbone = keras.Model(whole.input, [features[name] for name in FEATURES], name=BACKBONE_NAME)
    inputs = keras.Input((settings.height_px, settings.width_px, 3), name="picture")
    fine, middle, coarse = backbone(
        layers.Rescaling(1 / 127.5, offset=-1.0, name="rescale")(inputs)
    )
    neck = _Neck(settings)
    width = settings.neck
    heads = []
    x = neck.block(coarse, width, "coarse")
    heads.append(neck.head(x, 2 * width, "coarse"))
    x = neck.up(x, middle, width // 2, "middle")
    x = neck.block(x, width // 2, "middle")
    heads.append(neck.head(x, width, "middle"))
    x = neck.up(x, fine, width // 4, "fine")
    x = neck.block(x, width // 4, "fine")
    heads.append(neck.head(x, width // 2, "fine"))
    # Finest first, as the grid counts.
    return keras.Model(inputs, layers.Concatenate(axis=1, name="boxes")(heads[::-1]), name=NAME)


def _rewire(whole: keras.Model, leave_out: tuple[int, ...]) -> dict[str, Any]:
    """Return each layer's output, with the input of a block left out in the place of its own."""
    outputs: dict[str, Any] = {}
    for layer in whole.layers:
        if isinstance(layer, layers.InputLayer):
            outputs[layer.name] = layer.output
            continue
        inputs = layer.input if isinstance(layer.input, list) else [layer.input]
        before = [outputs[each._keras_history.operation.name] for each in inputs]
        block = next((n for n in leave_out if layer.name.startswith(f"block_{n}_")), None)
        if block is None:
            outputs[layer.name] = layer(before if len(before) > 1 else before[0])
        elif f"block_{block}_add" not in {each.name for each in whole.layers}:
            raise TrainingError(
                f"network.leave_out: block {block} changes the size or the width.",
                hint="Leave out blocks whose output is added to their input, such as 2, 12 or 15.",
            )
        else:
            outputs[layer.name] = before[0]
    return outputs


def copy_weights(source: keras.Model, target: keras.Model) -> None:
    """Copy the weights of every layer of ``target`` from the layer of that name in ``source``.

    Raises:
        TrainingError: when ``source`` lacks such a layer, or has one of another shape.
    """
    found = {layer.name: layer for layer in _flat(source)}
    for layer in _flat(target):
        if not layer.weights:
            continue
        same = found.get(layer.name)
        weights = [] if same is None else same.get_weights()
        if [each.shape for each in weights] != [tuple(each.shape) for each in layer.weights]:
            raise TrainingError(
                f"The network to go on from has no layer {layer.name!r} of the configuration's"
                " shape.",
                hint="Give the settings it was trained with; only leave_out may differ.",
            )
        layer.set_weights(weights)


def _flat(model: keras.Model) -> list[keras.Layer]:
    every = model._flatten_layers(include_self=False, recursive=True)
    return [layer for layer in every if not isinstance(layer, keras.Model)]


class _Neck:
    """The layers between the backbone and the boxes."""

    def __init__(self, settings: DetectorNetworkSettings) -> None:
        self.separable = settings.separable
        self.regulariser = keras.regularizers.L2(settings.l2) if settings.l2 else None

    def conv(self, x: Any, filters: int, size: int, name: str) -> Any:
        """Convolve, normalise, rectify; a wide kernel is split in two if settings say so."""
        if size > 1 and self.separable:
            x = layers.DepthwiseConv2D(
                size,
                padding="same",
                use_bias=False,
                depthwise_regularizer=self.regulariser,
                name=f"{name}_depthwise",
            )(x)
            x = self._finish(x, f"{name}_depthwise")
            size = 1
        x = layers.Conv2D(
            filters,
            size,
            padding="same",
            use_bias=False,
            kernel_regularizer=self.regulariser,
            name=name,
        )(x)
        return self._finish(x, name)

    @staticmethod
    def _finish(x: Any, name: str) -> Any:
        x = layers.BatchNormalization(momentum=0.97, name=f"{name}_norm")(x)
        return layers.ReLU(6.0, name=f"{name}_relu")(x)

    def block(self, x: Any, filters: int, name: str) -> Any:
        """Alternate 1x1 and 3x3: the paper's five convolutions a scale."""
        x = self.conv(x, filters, 1, f"{name}_1")
        x = self.conv(x, 2 * filters, 3, f"{name}_2")
        x = self.conv(x, filters, 1, f"{name}_3")
        x = self.conv(x, 2 * filters, 3, f"{name}_4")
        return self.conv(x, filters, 1, f"{name}_5")

    def up(self, x: Any, finer: Any, filters: int, name: str) -> Any:
        """Scale up twice and join the finer features, both brought to the same width."""
        x = self.conv(x, filters, 1, f"{name}_from_coarser")
        x = layers.UpSampling2D(2, name=f"{name}_up")(x)
        return layers.Concatenate(name=f"{name}_join")(
            [x, self.conv(finer, filters, 1, f"{name}_from_backbone")]
        )

    def head(self, x: Any, filters: int, name: str) -> Any:
        """Return (n, cells * 3, 6) raw boxes of one scale."""
        x = self.conv(x, filters, 3, f"{name}_head")
        raw = layers.Conv2D(
            ANCHORS_A_CELL * CHANNELS,
            1,
            kernel_initializer=keras.initializers.RandomNormal(stddev=0.01, seed=7),
            kernel_regularizer=self.regulariser,
            name=f"{name}_raw",
        )
        x = raw(x)
        unlikely = math.log(_FACE_SHARE / (1 - _FACE_SHARE))
        raw.bias.assign([0.0, 0.0, 0.0, 0.0, unlikely, 3.0] * ANCHORS_A_CELL)
        rows, columns = x.shape[1:3]
        return layers.Reshape((rows * columns * ANCHORS_A_CELL, CHANNELS), name=f"{name}_rows")(x)


def unfreeze(network: keras.Model, trains: str | int) -> None:
    """Freeze and unfreeze as :func:`set_trainable`; the backbone's batch norm always stays.

    Its statistics come from a million pictures, those of a batch from sixteen; kept, a step
    also takes half the time.
    """
    set_trainable(network, trains)
    keep_batch_norm(network)
