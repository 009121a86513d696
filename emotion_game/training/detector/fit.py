"""Fit the detector phase by phase; a killed run goes on where its last epoch ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import keras

from emotion_game.files import write_beside
from emotion_game.training.classifier.config import FitSettings
from emotion_game.training.classifier.runs import (
    FINAL_MODEL,
    SOURCES,
    claim,
    finish_phase,
    fit_phase,
    make_optimizer,
    save_network,
    saving,
    steps_of,
)
from emotion_game.training.detector.config import DetectorOrigin, DetectorTrainingSettings
from emotion_game.training.detector.data import (
    Sample,
    make_held_batches,
    make_training_batches,
)
from emotion_game.training.detector.loss import YoloLoss
from emotion_game.training.detector.network import unfreeze
from emotion_game.vision.yolo import make_grid


def fit_detector(
    network: keras.Model,
    train: Sequence[Sample],
    held: Sequence[Sample],
    settings: DetectorTrainingSettings,
    run_folder: Path,
    *,
    resume: bool = False,
    origin: DetectorOrigin | None = None,
    callbacks: Callable[[FitSettings, int], list[keras.callbacks.Callback]] = lambda *_: [],
) -> keras.Model:
    """Run every phase; files, resumption and errors as in ``training.classifier.fit.fit``.

    Args:
        network: from :func:`build_detector`, or one trained before.
        train: to draw from.
        held: held back for choosing the epoch.
        settings: of the run.
        run_folder: for the curves and checkpoints.
        resume: go on with the run in that folder.
        origin: what the run is made of, written down for the export.
        callbacks: makes further callbacks from a phase and its steps an epoch.
    """
    claim(run_folder, settings, resume)
    keras.utils.set_random_seed(settings.seed)
    shape = settings.network
    grid = make_grid(shape.width_px, shape.height_px, shape.anchors_px)
    steps = steps_of(settings.samples_an_epoch, settings.batch_size, 1)
    with saving(run_folder):
        if origin is not None:
            write_beside(run_folder / SOURCES, origin.model_dump_json(indent=1).encode())
        for phase in settings.phase:

            def run(network: keras.Model, phase: FitSettings = phase) -> None:
                unfreeze(network, phase.trains)
                # A model of its own: compiling the network would save the loss with it.
                model = keras.Model(network.input, network.output, name="training")
                model.compile(
                    make_optimizer(phase, steps * phase.epochs),
                    loss=YoloLoss(grid, settings.loss),
                    jit_compile=False,
                )
                fit_phase(
                    model,
                    network,
                    phase,
                    lambda first: make_training_batches(train, settings, first, phase.epochs),
                    make_held_batches(held, settings),
                    steps,
                    run_folder,
                    callbacks(phase, steps),
                )

            network = finish_phase(network, phase, run_folder, run)
        save_network(network, run_folder / FINAL_MODEL)
    return network
