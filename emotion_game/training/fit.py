"""Fit the classifier phase by phase; a killed run goes on where its last epoch ended."""

from __future__ import annotations

import json
import logging
import shutil
from pathlib import Path

import keras
import tensorflow as tf

from emotion_game.errors import TrainingError
from emotion_game.training.config import PhaseSettings, TrainingSettings
from emotion_game.training.data import LabelledFaces
from emotion_game.training.networks import BACKBONE_NAME, build_augmentation, build_network

log = logging.getLogger(__name__)


def make_dataset(
    faces: LabelledFaces, settings: TrainingSettings, image_px: int, *, training: bool
) -> tf.data.Dataset:
    """Return batches of ((n, px, px, 1) float32 in 0..255, (n, 8) shares)."""
    dataset = tf.data.Dataset.from_tensor_slices((faces.pictures, faces.shares))
    if training:
        dataset = dataset.shuffle(len(faces), seed=settings.seed)
    dataset = dataset.batch(settings.batch_size, drop_remainder=training)

    def scale(pictures: tf.Tensor, shares: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        pictures = tf.image.resize(tf.cast(pictures, tf.float32), (image_px, image_px))
        return pictures, shares

    dataset = dataset.map(scale, num_parallel_calls=tf.data.AUTOTUNE)
    if training:
        augment = build_augmentation(settings.augment, settings.seed)
        dataset = dataset.map(
            lambda pictures, shares: (augment(pictures, training=True), shares),
            num_parallel_calls=tf.data.AUTOTUNE,
        )
    return dataset.prefetch(tf.data.AUTOTUNE)


def fit(
    train: LabelledFaces,
    valid: LabelledFaces,
    settings: TrainingSettings,
    run_folder: Path,
    backbone_weights: Path | None,
    *,
    verbose: int = 2,
) -> keras.Model:
    """Run every phase and return the last phase's best model by validation loss.

    ``run_folder`` gets ``settings.json``, one ``PHASE.csv`` of the curve, ``PHASE.keras`` (the
    phase's best) and a backup per epoch. Called again on the same folder it skips finished
    phases and resumes the unfinished one.

    Raises:
        TrainingError: when the folder holds a run with other settings.
    """
    _claim(run_folder, settings)
    keras.utils.set_random_seed(settings.seed)
    model = build_network(settings.network, backbone_weights)
    for phase in settings.phase:
        best = run_folder / f"{phase.name}.keras"
        done = run_folder / f"{phase.name}.done"
        if not done.exists():
            _run_phase(model, phase, train, valid, settings, run_folder, best, verbose)
            done.touch()
            shutil.rmtree(run_folder / f"{phase.name}.backup", ignore_errors=True)
        model = keras.saving.load_model(best, safe_mode=True)
    return model


def _claim(run_folder: Path, settings: TrainingSettings) -> None:
    """Write down the settings; a finished run may only be extended by further phases."""
    run_folder.mkdir(parents=True, exist_ok=True)
    resolved = settings.model_dump_json(indent=1)
    kept = run_folder / "settings.json"
    if kept.exists():
        old, new = json.loads(kept.read_text("utf-8")), json.loads(resolved)
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


def _run_phase(
    model: keras.Model,
    phase: PhaseSettings,
    train: LabelledFaces,
    valid: LabelledFaces,
    settings: TrainingSettings,
    run_folder: Path,
    best: Path,
    verbose: int,
) -> None:
    backbone = model.get_layer(BACKBONE_NAME)
    backbone.trainable = phase.trains == "all"
    steps = len(train) // settings.batch_size * phase.epochs
    if steps == 0:
        raise TrainingError(
            f"{len(train)} training pictures do not fill one batch of {settings.batch_size}.",
            hint="Lower batch_size or add pictures.",
        )
    log.info(
        "phase %s: %d faces x %d epochs / batch %d = %d steps at %d px",
        phase.name,
        len(train),
        phase.epochs,
        settings.batch_size,
        steps,
        phase.image_px,
    )
    warmup = round(steps * phase.warmup_share)
    rate = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=phase.learning_rate * 0.1 if warmup else phase.learning_rate,
        decay_steps=max(1, steps - warmup),
        alpha=phase.final_learning_rate_share,
        warmup_target=phase.learning_rate if warmup else None,
        warmup_steps=warmup,
    )
    # After changing `trainable` the model must be compiled again (keras transfer-learning guide).
    model.compile(
        keras.optimizers.AdamW(rate, weight_decay=phase.weight_decay),
        loss="categorical_crossentropy",
        metrics=[keras.metrics.CategoricalAccuracy(name="accuracy")],
    )
    model.fit(
        make_dataset(train, settings, phase.image_px, training=True),
        validation_data=make_dataset(valid, settings, phase.image_px, training=False),
        epochs=phase.epochs,
        verbose=verbose,
        callbacks=[
            keras.callbacks.BackupAndRestore(run_folder / f"{phase.name}.backup"),
            keras.callbacks.ModelCheckpoint(best, monitor="val_loss", save_best_only=True),
            keras.callbacks.CSVLogger(run_folder / f"{phase.name}.csv", append=True),
        ],
    )
