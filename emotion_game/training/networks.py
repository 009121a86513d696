"""The expression network; rescaling and gray-to-RGB live inside the exported graph."""

from __future__ import annotations

from pathlib import Path

import keras
from keras import layers

from emotion_game.errors import TrainingError
from emotion_game.game.types import EMOTIONS
from emotion_game.training.config import AugmentSettings, NetworkSettings

BACKBONE_NAME = "backbone"


def build_network(settings: NetworkSettings, backbone_weights: Path | None) -> keras.Model:
    """Build gray face -> 8 probabilities.

    Args:
        settings: backbone, width, dropout.
        backbone_weights: ImageNet weights without top; ``None`` downloads Keras' own.

    Returns:
        A model from (n, height, width, 1) float32 in 0..255 (any height and width from 32)
        to (n, 8) probabilities in the order of ``EMOTIONS``.

    Raises:
        TrainingError: when the weights cannot be found or are of another architecture.
    """
    inputs = keras.Input((None, None, 1), name="face")
    # MobileNetV2 expects RGB in [-1, 1] (Sandler et al., 2018; keras.applications).
    x = layers.Rescaling(1 / 127.5, offset=-1.0, name="rescale")(inputs)
    x = layers.Concatenate(name="gray_to_rgb")([x, x, x])
    backbone = keras.applications.MobileNetV2(
        input_shape=(None, None, 3),
        include_top=False,
        alpha=settings.alpha,
        weights=None if backbone_weights else "imagenet",
        name=BACKBONE_NAME,
    )
    if backbone_weights is not None:
        try:
            backbone.load_weights(backbone_weights)
        except (OSError, ValueError) as error:
            raise TrainingError(
                f"{backbone_weights} does not fit MobileNetV2 alpha {settings.alpha}:"
                f" {str(error).splitlines()[0]}",
                hint="Give weights of the same architecture, without top.",
            ) from error
    for layer in backbone.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.momentum = settings.batch_norm_momentum
    x = backbone(x)
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    x = layers.Dropout(settings.dropout, name="dropout")(x)
    outputs = layers.Dense(len(EMOTIONS), activation="softmax", name="emotions")(x)
    return keras.Model(inputs, outputs, name="expression")


def build_augmentation(settings: AugmentSettings, seed: int) -> keras.Sequential:
    """Build random changes of (n, side, side, 1) float32 pictures in 0..255; training only."""
    steps: list[layers.Layer] = []
    if settings.flip:
        steps.append(layers.RandomFlip("horizontal", seed=seed))
    if settings.rotation_deg:
        steps.append(
            layers.RandomRotation(settings.rotation_deg / 360, fill_mode="nearest", seed=seed + 1)
        )
    if settings.shift:
        steps.append(
            layers.RandomTranslation(
                settings.shift, settings.shift, fill_mode="nearest", seed=seed + 2
            )
        )
    if settings.zoom:
        steps.append(
            layers.RandomZoom(
                (-settings.zoom, settings.zoom),
                (-settings.zoom, settings.zoom),
                fill_mode="nearest",
                seed=seed + 3,
            )
        )
    if settings.brightness:
        steps.append(
            layers.RandomBrightness(settings.brightness, value_range=(0, 255), seed=seed + 4)
        )
    if settings.contrast:
        steps.append(layers.RandomContrast(settings.contrast, value_range=(0, 255), seed=seed + 5))
    if settings.blur_sigma_px:
        steps.append(
            layers.RandomGaussianBlur(
                factor=0.5,
                kernel_size=5,
                sigma=settings.blur_sigma_px,
                value_range=(0, 255),
                seed=seed + 6,
            )
        )
    if settings.erase_share:
        steps.append(
            layers.RandomErasing(
                factor=0.5,
                scale=(0.02, settings.erase_share),
                fill_value=None,
                value_range=(0, 255),
                seed=seed + 7,
            )
        )
    return keras.Sequential(steps, name="augmentation")
