"""Fit the classifier phase by phase; a killed run goes on where its last epoch ended."""

from __future__ import annotations

import json
import logging
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from emotion_game.errors import TrainingError
from emotion_game.files import read_json, read_text
from emotion_game.game.types import EMOTIONS
from emotion_game.settings import StrictModel
from emotion_game.training.classifier.config import FitSettings, PhaseSettings, TrainingSettings
from emotion_game.training.classifier.networks import (
    build_augmentation,
    keep_batch_norm,
    set_trainable,
)
from emotion_game.training.data.faces import LabelledFaces, Teach
from emotion_game.training.distributed import TrainingModel, folder_of_worker

log = logging.getLogger(__name__)

FINAL_MODEL = "model.keras"
SETTINGS = "settings.json"


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


def steps_of(faces: int, batch_size: int, epochs: int) -> int:
    """Return the number of steps: samples x epochs / batch size, full batches only.

    Raises:
        TrainingError: when the faces do not fill one batch.
    """
    if faces < batch_size:
        raise TrainingError(
            f"{faces} training pictures do not fill one batch of {batch_size}.",
            hint="Lower batch_size or add pictures.",
        )
    return faces // batch_size * epochs


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
    callbacks: Callable[[PhaseSettings, int], list[keras.callbacks.Callback]] = lambda *_: [],
) -> keras.Model:
    """Run every phase; the last phase's best model by the loss on ``held`` is the result.

    ``run_folder`` gets ``settings.json``, per phase a curve ``PHASE.csv``, the best and the last
    model ``PHASE.keras`` and ``PHASE.last.keras``, TensorBoard's log, and at the end
    ``model.keras``. With ``resume``, finished phases are skipped and the unfinished one goes on
    after its last whole epoch, on the same curve. Under a strategy of several workers every
    worker calls this with the same data; each but the first writes to a folder of its own.

    Args:
        network: where to start from; built in the scope of the strategy.
        train: what to learn from.
        held: held back for choosing the epoch.
        settings: of the run.
        run_folder: see above.
        teach: fills in what the labels of ``train`` lack to 1, for the face as the pupil sees it.
        resume: go on with the run in that folder.
        callbacks: makes further callbacks from a phase and its steps an epoch, e.g. a progress
            bar.

    Raises:
        TrainingError: when the folder holds a run and ``resume`` is not given, or one with
            other settings; when the data does not fill a batch; when the disk is full.
    """
    run_folder = folder_of_worker(run_folder, network.distribute_strategy)
    claim(run_folder, settings, resume)
    keras.utils.set_random_seed(settings.seed)
    with saving(run_folder):
        for phase in settings.phase:

            def run(network: keras.Model, phase: PhaseSettings = phase) -> None:
                _run_phase(network, phase, train, held, settings, run_folder, teach, callbacks)

            network = finish_phase(network, phase, run_folder, run)
        if settings.precise_batch_norm_batches:
            measure_batch_norm(network, train, settings)
        save_network(network, run_folder / FINAL_MODEL)
    return network


@contextmanager
def saving(run_folder: Path) -> Iterator[None]:
    """Turn a full disk into one clear line.

    Raises:
        TrainingError: in place of an ``OSError`` of the body.
    """
    try:
        yield
    except OSError as error:
        raise TrainingError(
            f"Writing to {run_folder} failed: {error}.",
            hint="Make room, then go on with --resume; the last whole epoch is kept.",
        ) from error


def finish_phase(
    network: keras.Model,
    phase: FitSettings,
    run_folder: Path,
    run: Callable[[keras.Model], None],
) -> keras.Model:
    """Run a phase unless it is done already; return its best network."""
    done = run_folder / f"{phase.name}.done"
    if not done.exists():
        run(network)
        done.touch()
        shutil.rmtree(_backup(run_folder, phase), ignore_errors=True)
    with network.distribute_strategy.scope():
        return load_network(run_folder / f"{phase.name}.keras")


def load_network(path: Path) -> keras.Model:
    """Load a whole model; nothing in the file can run code (``safe_mode``).

    Raises:
        TrainingError: when it is missing or no Keras model.
    """
    try:
        return keras.saving.load_model(path, safe_mode=True, compile=False)
    except (OSError, ValueError, TypeError) as error:
        raise TrainingError(
            f"{path} is not a Keras model that can be loaded: {str(error).splitlines()[0]}",
            hint="Give a .keras file that train_classifier.py wrote.",
        ) from error


def save_network(network: keras.Model, path: Path) -> None:
    """Write beside ``path``, then rename, so that a full disk leaves the old file whole."""
    part = path.with_name(f"{path.stem}.part.keras")
    try:
        network.save(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


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


def _backup(run_folder: Path, phase: FitSettings) -> Path:
    return run_folder / f"{phase.name}.backup"


def claim(run_folder: Path, settings: StrictModel, resume: bool) -> None:
    """Write down the settings; a finished run may only be extended by further phases."""
    run_folder.mkdir(parents=True, exist_ok=True)
    resolved = settings.model_dump_json(indent=1)
    kept = run_folder / SETTINGS
    if kept.exists():
        if not resume:
            raise TrainingError(
                f"{run_folder} holds a run already.",
                hint="Go on with --resume, choose another --run folder, or delete that one.",
            )
        old, new = read_json(kept, TrainingError), json.loads(resolved)
        phases = old.pop("phase")
        extended = new.pop("phase")[: len(phases)] == phases
        if old != new or not extended:
            raise TrainingError(
                f"{run_folder} holds a run with other settings.",
                hint="Choose another --run folder or delete that one.",
            )
    part = kept.with_suffix(".part")
    part.write_text(resolved, "utf-8")
    part.replace(kept)


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


class Checkpoints(keras.callbacks.Callback):
    """Keep the best network by the loss on held-back faces, and the last one.

    Keras' ModelCheckpoint writes straight over the last good file, which a full disk destroys,
    and it saves the whole training model; this one saves the bare network beside, then renames.

    Args:
        network: what is saved.
        best: path of the best; the last one lies beside it.
        earlier: the curve of the epochs before a resumption.
    """

    def __init__(self, network: keras.Model, best: Path, earlier: list[dict[str, float]]) -> None:
        super().__init__()
        self.network, self.best = network, best
        self.lowest = min((row["val_loss"] for row in earlier), default=float("inf"))

    def on_test_end(self, logs: dict[str, Any] | None = None) -> None:
        """Save the last network, and as the best one if it is."""
        loss = (logs or {})["loss"]
        if not np.isfinite(loss):
            raise TrainingError(
                f"The loss on held-back faces became {loss}.", hint="Lower the learning rate."
            )
        save_network(self.network, self.best.with_suffix(".last.keras"))
        if loss < self.lowest:
            self.lowest = loss
            save_network(self.network, self.best)


def read_curve(path: Path) -> list[dict[str, float]]:
    """Read a phase's curve; a row cut short by a kill is dropped, an epoch told twice kept once."""
    if not path.exists():
        return []
    header, *lines = read_text(path, TrainingError).splitlines() or [""]
    names = header.split(",")
    if header and "epoch" not in names:
        raise TrainingError(
            f"{path}, line 1: expected columns parted by commas, one of them epoch, found"
            f" {header[:80]!r}.",
            hint="Restore it from a copy.",
        )
    rows: dict[float, dict[str, float]] = {}
    for line in lines:
        try:
            row = dict(zip(names, map(float, line.split(",")), strict=True))
        except ValueError:
            continue
        rows[row["epoch"]] = row
    return [rows[epoch] for epoch in sorted(rows)]


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


def fit_phase(
    model: keras.Model,
    network: keras.Model,
    phase: FitSettings,
    train_from: Callable[[int], tf.data.Dataset],
    held: tf.data.Dataset,
    steps_per_epoch: int,
    run_folder: Path,
    more_callbacks: list[keras.callbacks.Callback],
) -> None:
    """Fit one compiled model, from the last whole epoch that ``run_folder`` holds.

    Args:
        model: what is fitted, compiled.
        network: the part of it that is saved.
        phase: of the run.
        train_from: makes the batches from the given epoch on.
        held: batches for validation.
        steps_per_epoch: of the training.
        run_folder: gets the curve, the checkpoints and the log.
        more_callbacks: called besides.
    """
    backup = _backup(run_folder, phase)
    curve = run_folder / f"{phase.name}.csv"
    first_epoch = _epochs_kept(backup)
    earlier = [row for row in read_curve(curve) if row["epoch"] < first_epoch]
    _rewrite_curve(curve, earlier)
    logger = keras.callbacks.CSVLogger(curve, append=True)
    # The checkpoints come before the swap: when a test ends, they still find the averaged
    # weights. The backup comes last: an epoch counts as done when all else of it is on disk.
    callbacks: list[keras.callbacks.Callback] = [
        Checkpoints(network, run_folder / f"{phase.name}.keras", earlier),
    ]
    if phase.ema_momentum:
        callbacks.append(keras.callbacks.SwapEMAWeights())
    if phase.schedule == "plateau":
        callbacks.append(keras.callbacks.ReduceLROnPlateau(factor=0.5, patience=2, verbose=0))
    if phase.patience_epochs:
        callbacks.append(keras.callbacks.EarlyStopping(patience=phase.patience_epochs))
    callbacks.append(logger)
    callbacks.append(
        keras.callbacks.TensorBoard(run_folder / "tensorboard" / phase.name, write_graph=False)
    )
    callbacks += more_callbacks
    callbacks.append(
        keras.callbacks.BackupAndRestore(backup, double_checkpoint=True, delete_checkpoint=False)
    )
    try:
        model.fit(
            train_from(first_epoch),
            validation_data=held,
            epochs=phase.epochs,
            steps_per_epoch=steps_per_epoch,
            verbose=0,
            callbacks=callbacks,
        )
    finally:
        # Keras closes the curve's file only where the fit ends well.
        if logger.csv_file is not None:
            logger.csv_file.close()


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


def make_optimizer(phase: FitSettings, steps: int) -> keras.optimizers.Optimizer:
    """Return AdamW with the phase's rate over ``steps`` steps, weight decay and averaging."""
    return keras.optimizers.AdamW(
        _learning_rate(phase, steps),
        weight_decay=phase.weight_decay,
        use_ema=phase.ema_momentum > 0,
        ema_momentum=phase.ema_momentum or 0.99,
    )


def _epochs_kept(backup: Path) -> int:
    """Return how many epochs the backup holds, as BackupAndRestore will find it."""
    metadata = backup / "training_metadata.json"
    try:
        return int(json.loads(metadata.read_text("utf-8"))["epoch"])
    except FileNotFoundError:
        return 0
    except (ValueError, KeyError) as error:
        raise TrainingError(
            f"{metadata} is damaged.", hint=f"Delete {backup} to run this phase from its start."
        ) from error


def _rewrite_curve(path: Path, rows: list[dict[str, float]]) -> None:
    """Drop what a kill left beyond the last whole epoch; CSVLogger appends to the rest."""
    if not rows:
        path.unlink(missing_ok=True)
        return
    lines = [",".join(rows[0]), *(",".join(_number(v) for v in row.values()) for row in rows)]
    part = path.with_suffix(".part")
    part.write_text("\n".join(lines) + "\n", "utf-8")
    part.replace(path)


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)


def _learning_rate(
    phase: FitSettings, steps: int
) -> float | keras.optimizers.schedules.LearningRateSchedule:
    if phase.schedule != "cosine":
        return phase.learning_rate
    warmup = round(steps * phase.warmup_share)
    return keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=phase.learning_rate * 0.1 if warmup else phase.learning_rate,
        decay_steps=max(1, steps - warmup),
        alpha=phase.final_learning_rate_share,
        warmup_target=phase.learning_rate if warmup else None,
        warmup_steps=warmup,
    )
