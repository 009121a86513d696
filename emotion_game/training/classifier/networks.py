"""The expression networks; rescaling and gray-to-RGB live inside the exported graph."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf
from keras import layers

from emotion_game.errors import TrainingError
from emotion_game.game.types import EMOTIONS
from emotion_game.training.classifier.config import AugmentSettings, NetworkSettings

BACKBONE_NAME = "backbone"
HEAD_NAME = "emotions"
_CHANNELS = (None, None, 3)


def build_network(settings: NetworkSettings, backbone_weights: Path | None) -> keras.Model:
    """Build gray face -> 8 probabilities.

    Args:
        settings: backbone, width, dropout.
        backbone_weights: weights without top to start from; ``None`` takes what
            ``settings.weights`` names.

    Returns:
        A model from (n, height, width, 1) float32 in 0..255 (any height and width from 32)
        to (n, 8) probabilities in the order of ``EMOTIONS``.

    Raises:
        TrainingError: when the weights cannot be found or are of another architecture.
    """
    inputs = keras.Input((None, None, 1), name="face")
    backbone = build_backbone(settings, backbone_weights)
    for layer in backbone.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.momentum = settings.batch_norm_momentum
    x = backbone(_rescale(inputs, settings.name))
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    x = layers.Dropout(settings.dropout, name="dropout")(x)
    outputs = layers.Dense(len(EMOTIONS), activation="softmax", name=HEAD_NAME)(x)
    return keras.Model(inputs, outputs, name="expression")


def _rescale(inputs: Any, name: str) -> Any:
    """Turn gray 0..255 into what each backbone's ImageNet weights were trained on."""
    if name == "vgg16":
        # BGR with ImageNet's mean colour taken off (Simonyan and Zisserman, 2015).
        x = layers.Concatenate(name="gray_to_rgb")([inputs, inputs, inputs])
        return layers.Rescaling(1.0, offset=[-103.939, -116.779, -123.68], name="rescale")(x)
    # MobileNets expect RGB in [-1, 1] (keras.applications); the convnet takes the same.
    x = layers.Rescaling(1 / 127.5, offset=-1.0, name="rescale")(inputs)
    return layers.Concatenate(name="gray_to_rgb")([x, x, x])


def build_backbone(settings: NetworkSettings, weights_file: Path | None) -> keras.Model:
    """Build the network without its top; arguments and errors as :func:`build_network`."""
    weights = "imagenet" if settings.weights == "imagenet" and weights_file is None else None
    common = {
        "input_shape": _CHANNELS,
        "include_top": False,
        "weights": weights,
        "name": BACKBONE_NAME,
    }
    what = f"{settings.name} alpha {settings.alpha:g}"
    try:
        if settings.name == "mobilenet_v2":
            backbone = keras.applications.MobileNetV2(alpha=settings.alpha, **common)
        elif settings.name == "mobilenet":
            backbone = keras.applications.MobileNet(alpha=settings.alpha, **common)
        elif settings.name == "vgg16":
            if settings.alpha != 1.0:
                raise TrainingError("vgg16 has one width only.", hint="Set network.alpha = 1.0.")
            backbone = keras.applications.VGG16(**common)
        elif weights is not None:
            raise TrainingError(
                "There are no ImageNet weights of the convnet.",
                hint='Set network.weights = "none".',
            )
        else:
            backbone = _convnet(settings.alpha)
    except ValueError as error:
        raise TrainingError(
            f"Keras cannot build {what} with {settings.weights} weights:"
            f" {str(error).splitlines()[0]}",
            hint='Choose another network.alpha, or network.weights = "none".',
        ) from error
    except Exception as error:
        # Keras raises a bare Exception when a download fails.
        if "URL fetch failure" not in str(error):
            raise
        raise TrainingError(
            f"The ImageNet weights of {what} could not be downloaded: {error}",
            hint="Give a file with --backbone-weights, or go on from a model with --start-from.",
        ) from error
    if weights_file is not None:
        try:
            backbone.load_weights(weights_file)
        except (OSError, ValueError) as error:
            raise TrainingError(
                f"{weights_file} does not fit {what}: {str(error).splitlines()[0]}",
                hint="Give weights of the same architecture, without top.",
            ) from error
    return backbone


def _convnet(alpha: float) -> keras.Model:
    """Four blocks of convolution, batch norm, ReLU and pooling."""
    inputs = keras.Input(_CHANNELS)
    x = inputs
    for number, filters in enumerate((32, 64, 128, 256), start=1):
        x = layers.Conv2D(
            max(8, round(filters * alpha)), 3, padding="same", use_bias=False, name=f"conv_{number}"
        )(x)
        x = layers.BatchNormalization(name=f"norm_{number}")(x)
        x = layers.ReLU(name=f"relu_{number}")(x)
        x = layers.MaxPooling2D(name=f"pool_{number}")(x)
    return keras.Model(inputs, x, name=BACKBONE_NAME)


def set_trainable(model: keras.Model, trains: str | int) -> None:
    """Freeze and unfreeze the backbone as a phase says; the head is always trained.

    A frozen layer runs as in inference (``training=False``), its batch norm too: Keras ties
    the two together since 2.0.

    Args:
        model: from :func:`build_network`.
        trains: see ``FitSettings.trains``.

    Raises:
        TrainingError: when the backbone has no such layer.
    """
    backbone = model.get_layer(BACKBONE_NAME)
    backbone.trainable = trains != "head"
    # The whole passes only a change on; layers that an earlier phase froze would stay so.
    for layer in backbone.layers:
        layer.trainable = trains != "head"
    if trains in ("head", "all"):
        return
    names = [layer.name for layer in backbone.layers]
    if isinstance(trains, int):
        if not -len(names) <= trains < len(names):
            raise TrainingError(
                f"phase.trains: the backbone has {len(names)} layers, found index {trains}."
            )
        first = trains % len(names)
    elif trains in names:
        first = names.index(trains)
    else:
        near = difflib.get_close_matches(trains, names, n=3)
        raise TrainingError(
            f"phase.trains: the backbone has no layer {trains!r}.",
            hint=f"Nearest: {', '.join(near) or ', '.join(names[-3:])}; or head, all, an index.",
        )
    for layer in backbone.layers[:first]:
        layer.trainable = False


def keep_batch_norm(model: keras.Model) -> None:
    """Freeze the backbone's batch norm, after :func:`set_trainable`."""
    for layer in model.get_layer(BACKBONE_NAME).layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.trainable = False


@keras.saving.register_keras_serializable(package="emotion_game")
class RandomDetail(layers.Layer):
    """Reduce half of the batches to a random size and scale them up again, like far faces.

    Args:
        lowest_px: smallest size.
        seed: of the random numbers.
    """

    def __init__(self, lowest_px: int, seed: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.lowest_px = lowest_px
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, pictures: Any, training: bool = False) -> Any:
        """Return (n, side, side, 1) pictures with no more detail than the drawn size."""
        side = pictures.shape[1]
        if not training or side <= self.lowest_px:
            return pictures
        # One size for the batch: below the lowest (half of the draws) means no change.
        drawn = keras.random.uniform(
            (), 2 * self.lowest_px - side, side, seed=self.seed_generator, dtype="float32"
        )
        size = tf.cast(drawn, tf.int32)

        def reduce() -> Any:
            small = tf.image.resize(pictures, (size, size), antialias=True)
            return tf.image.resize(small, (side, side))

        return tf.cond(size < self.lowest_px, lambda: pictures, reduce)

    def get_config(self) -> dict[str, Any]:
        """Return what :meth:`from_config` needs."""
        return {**super().get_config(), "lowest_px": self.lowest_px, "seed": 0}


@keras.saving.register_keras_serializable(package="emotion_game")
class SensorNoise(layers.Layer):
    """Add Gaussian noise to every pixel (Keras' GaussianNoise stops at a deviation of 1).

    Args:
        deviation: standard deviation, of values in 0..255.
        seed: of the random numbers.
    """

    def __init__(self, deviation: float, seed: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.deviation = deviation
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, pictures: Any, training: bool = False) -> Any:
        """Return (n, side, side, 1) noisy pictures, still within 0..255."""
        if not training:
            return pictures
        noise = keras.random.normal(
            tf.shape(pictures), stddev=self.deviation, seed=self.seed_generator
        )
        return tf.clip_by_value(pictures + noise, 0.0, 255.0)

    def get_config(self) -> dict[str, Any]:
        """Return what :meth:`from_config` needs."""
        return {**super().get_config(), "deviation": self.deviation, "seed": 0}


def build_augmentation(settings: AugmentSettings, seed: int) -> keras.Sequential:
    """Build random changes of (n, side, side, 1) float32 pictures in 0..255; training only."""
    steps: list[layers.Layer] = []
    if settings.flip:
        steps.append(layers.RandomFlip("horizontal", seed=seed))
    if settings.rotation_deg:
        steps.append(
            layers.RandomRotation(
                settings.rotation_deg / 360, fill_mode=settings.fill_mode, seed=seed + 1
            )
        )
    if settings.shift:
        steps.append(
            layers.RandomTranslation(
                settings.shift, settings.shift, fill_mode=settings.fill_mode, seed=seed + 2
            )
        )
    if settings.zoom:
        steps.append(
            layers.RandomZoom(
                (-settings.zoom, settings.zoom), fill_mode=settings.fill_mode, seed=seed + 3
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
    if settings.lowest_detail_px:
        steps.append(RandomDetail(settings.lowest_detail_px, seed + 7))
    if settings.noise:
        steps.append(SensorNoise(255 * settings.noise, seed + 8))
    if settings.erase_share:
        steps.append(
            layers.RandomErasing(
                factor=0.5,
                scale=(0.02, max(0.02, settings.erase_share)),
                fill_value=None,
                value_range=(0, 255),
                seed=seed + 9,
            )
        )
    return keras.Sequential(steps or [layers.Identity()], name="augmentation")
