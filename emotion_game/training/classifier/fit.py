"""Fit the classifier phase by phase; a killed run goes on where its last epoch ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from emotion_game.game.types import EMOTIONS
from emotion_game.training.classifier.config import PhaseSettings, TrainingSettings
from emotion_game.training.classifier.networks import (
    build_augmentation,
    keep_batch_norm,
    set_trainable,
)
from emotion_game.training.classifier.runs import (
    FINAL_MODEL,
    START_MODEL,
    claim,
    finish_phase,
    fit_phase,
    make_optimizer,
    save_network,
    saving,
    steps_of,
)
from emotion_game.training.classifier.sources import Origin
from emotion_game.training.data.faces import LabelledFaces, Teach
from emotion_game.training.distributed import TrainingModel, folder_of_worker


def make_dataset(
    faces: LabelledFaces, batch_size: int, image_px: int, *, weights: dict[str, float] | None = None
) -> tf.data.Dataset:
    """Return batches, in order, of ((n, px, px, 1) float32 in 0..255, (n, 8) shares[, weight])."""
    dataset = tf.data.Dataset.from_tensor_slices(_columns(faces, weights))
    return _scaled(dataset.cache().batch(batch_size), image_px)


def make_training_dataset(
    faces: LabelledFaces,
    settings: TrainingSettings,
    phase: PhaseSettings,
    first_epoch: int,
    epochs: int,
) -> tf.data.Dataset:
    """Return the batches of the epochs that are left, one epoch after the other.

    Each epoch's order depends on its number alone, so a resumed run sees the same batches.
    """
    base = tf.data.Dataset.from_tensor_slices(_columns(faces, settings.class_weights))

    def one_epoch(epoch: tf.Tensor) -> tf.data.Dataset:
        shuffled = base.shuffle(len(faces), seed=settings.seed + epoch)
        return shuffled.batch(settings.batch_size, drop_remainder=True)

    epoch_numbers = tf.data.Dataset.range(first_epoch, epochs)
    batches = _scaled(epoch_numbers.flat_map(one_epoch), phase.image_px)
    if not phase.mixup_alpha:
        return batches
    first_step = len(faces) // settings.batch_size * first_epoch
    mix = partial(_mix, seed=settings.seed, alpha=phase.mixup_alpha)
    return batches.enumerate(first_step).map(mix).prefetch(tf.data.AUTOTUNE)


def _mix(
    step: tf.Tensor, columns: tuple[tf.Tensor, ...], seed: int, alpha: float
) -> tuple[tf.Tensor, ...]:
    """Mix every row of a batch with the row opposite; the order within a batch is random."""
    # Beta(a, a) is x / (x + y) of two Gamma(a); drawn by the step's number, for resumed runs.
    draws = tf.random.stateless_gamma(
        (2, tf.shape(columns[0])[0]), seed=[seed, tf.cast(step, tf.int32)], alpha=alpha
    )
    share = draws[0] / tf.maximum(draws[0] + draws[1], 1e-12)

    def mixed(column: tf.Tensor) -> tf.Tensor:
        shaped = tf.reshape(share, (-1, *[1] * (len(column.shape) - 1)))
        values = tf.cast(column, tf.float32)
        return shaped * values + (1.0 - shaped) * values[::-1]

    return tuple(mixed(column) for column in columns)


def _columns(faces: LabelledFaces, class_weights: dict[str, float] | None) -> tuple[Any, ...]:
    if not class_weights:
        return faces.pictures, faces.shares
    of_class = np.array([class_weights.get(name, 1.0) for name in EMOTIONS], dtype=np.float32)
    return faces.pictures, faces.shares, of_class[faces.majority()]


def _scaled(batches: tf.data.Dataset, image_px: int) -> tf.data.Dataset:
    def scale(pictures: tf.Tensor, *rest: tf.Tensor) -> tuple[tf.Tensor, ...]:
        return tf.image.resize(tf.cast(pictures, tf.float32), (image_px, image_px)), *rest

    return batches.map(scale, num_parallel_calls=tf.data.AUTOTUNE).prefetch(tf.data.AUTOTUNE)


def estimate_s(
    network: keras.Model,
    phase: PhaseSettings,
    settings: TrainingSettings,
    steps: int,
    teach: Teach | None = None,
    tries: int = 2,
) -> float:
    """Return about how long a phase will take, seconds, from a few steps that change nothing."""
    model = _training_model(keras.models.clone_model(network), phase, settings, steps, teach)
    size = settings.batch_size
    pictures = np.full((size, phase.image_px, phase.image_px, 1), 128, np.float32)
    shares = np.zeros((size, len(EMOTIONS)), np.float32)
    model.train_on_batch(pictures, shares)  # builds the graph
    best_s = float("inf")
    for _ in range(tries):
        began = time.perf_counter()
        model.train_on_batch(pictures, shares)
        best_s = min(best_s, time.perf_counter() - began)
    return best_s * steps


def fit(
    network: keras.Model,
    train: LabelledFaces,
    held: LabelledFaces,
    settings: TrainingSettings,
    run_folder: Path,
    *,
    teach: Teach | None = None,
    resume: bool = False,
    origin: Origin | None = None,
    callbacks: Callable[[PhaseSettings, int], list[keras.callbacks.Callback]] = lambda *_: [],
) -> keras.Model:
    """Run every phase; the last phase's best model by the loss on ``held`` is the result.

    ``run_folder`` gets ``settings.json``, ``start.keras``, per phase a curve ``PHASE.csv``, the
    best and the last model ``PHASE.keras`` and ``PHASE.last.keras``, TensorBoard's log, and at
    the end ``model.keras``. With ``resume``, finished phases are skipped and the unfinished one
    goes on after its last whole epoch, on the same curve. Under a strategy of several workers
    every worker calls this with the same data; each but the first writes to a folder of its own.

    Args:
        network: where to start from; built in the scope of the strategy.
        train: what to learn from.
        held: held back for choosing the epoch.
        settings: of the run.
        run_folder: see above.
        teach: fills in what the labels of ``train`` lack to 1, for the face as the pupil sees it.
        resume: go on with the run in that folder.
        origin: what the run is made of, written down for the export.
        callbacks: makes further callbacks from a phase and its steps an epoch, e.g. a progress
            bar.

    Raises:
        TrainingError: when the folder holds a run and ``resume`` is not given, or one with
            other settings; when the data does not fill a batch; when the disk is full.
    """
    run_folder = folder_of_worker(run_folder, network.distribute_strategy)
    claim(run_folder, settings, resume)
    if origin is not None:
        origin.write(run_folder)
    keras.utils.set_random_seed(settings.seed)
    with saving(run_folder):
        if not (run_folder / START_MODEL).exists():
            save_network(network, run_folder / START_MODEL)
        for phase in settings.phase:

            def run(network: keras.Model, phase: PhaseSettings = phase) -> None:
                _run_phase(network, phase, train, held, settings, run_folder, teach, callbacks)

            network = finish_phase(network, phase, run_folder, run)
        if settings.precise_batch_norm_batches:
            measure_batch_norm(network, train, settings)
        save_network(network, run_folder / FINAL_MODEL)
    return network


def measure_batch_norm(
    network: keras.Model, train: LabelledFaces, settings: TrainingSettings
) -> None:
    """Replace the batch-norm statistics by plain means over many batches of the final weights.

    Running averages mix the statistics of many past weights; see
    ``TrainingSettings.precise_batch_norm_batches``.
    """
    phase = settings.phase[-1]
    augmentation = build_augmentation(
        settings.augment.scaled(phase.augment_strength), settings.seed
    )
    norms = [
        layer
        for layer in network._flatten_layers(include_self=False, recursive=True)
        if isinstance(layer, keras.layers.BatchNormalization)
    ]
    momenta = [layer.momentum for layer in norms]
    batches = make_training_dataset(train, settings, phase, 0, 1)
    network.trainable = True
    for number, (pictures, *_) in enumerate(batches.take(settings.precise_batch_norm_batches)):
        for layer in norms:
            layer.momentum = number / (number + 1)
        network(augmentation(pictures, training=True), training=True)
    for layer, momentum in zip(norms, momenta, strict=True):
        layer.momentum = momentum


class EpochSeeds(keras.callbacks.Callback):
    """Seed everything random by the epoch's number, so that a resumed run draws the same."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.seed = seed

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Set every layer's random state."""
        layers = self.model._flatten_layers(include_self=False, recursive=True)
        for number, layer in enumerate(layers):
            generator = getattr(layer, "seed_generator", None) or getattr(layer, "generator", None)
            if isinstance(generator, keras.random.SeedGenerator):
                generator.state.assign([self.seed + number, epoch << 16])


def _run_phase(
    network: keras.Model,
    phase: PhaseSettings,
    train: LabelledFaces,
    held: LabelledFaces,
    settings: TrainingSettings,
    run_folder: Path,
    teach: Teach | None,
    more_callbacks: Callable[[PhaseSettings, int], list[keras.callbacks.Callback]],
) -> None:
    per_epoch = steps_of(len(train), settings.batch_size, 1)
    with network.distribute_strategy.scope():
        model = _training_model(network, phase, settings, per_epoch * phase.epochs, teach)
    model.build_on(np.zeros((1, phase.image_px, phase.image_px, 1), np.float32), held.shares[:1])
    fit_phase(
        model,
        network,
        phase,
        lambda first: make_training_dataset(train, settings, phase, first, phase.epochs),
        make_dataset(held, settings.batch_size, phase.image_px),
        per_epoch,
        run_folder,
        [EpochSeeds(settings.seed), *more_callbacks(phase, per_epoch)],
    )


def _training_model(
    network: keras.Model,
    phase: PhaseSettings,
    settings: TrainingSettings,
    steps: int,
    teach: Teach | None,
) -> TrainingModel:
    set_trainable(network, phase.trains)
    if phase.keep_batch_norm:
        keep_batch_norm(network)
    face = keras.Input((phase.image_px, phase.image_px, 1), name="face")
    augmentation = build_augmentation(
        settings.augment.scaled(phase.augment_strength), settings.seed
    )
    model = TrainingModel(face, network(face), name="training")
    # Without a share a teacher only labelled who talks: at every step it would cost for nothing.
    model.change_with(augmentation, teach if settings.data.teacher_share else None)
    # After changing `trainable` the model must be compiled again (keras transfer-learning guide).
    model.compile(
        make_optimizer(phase, steps),
        loss=keras.losses.CategoricalCrossentropy(label_smoothing=phase.label_smoothing),
        metrics=[keras.metrics.CategoricalAccuracy(name="accuracy")],
        jit_compile=False,
    )
    return model
