"""Train the face detector; see docs/retraining.md."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from emotion_game import paths
from emotion_game.cli import run_script
from emotion_game.settings import load_settings
from emotion_game.training.detector.config import DetectorOrigin, DetectorTrainingSettings

console = Console(stderr=True)


def main(
    pictures: Annotated[
        Path, typer.Argument(help="COCO annotations.json or its folder, Pascal VOC or YOLO folder.")
    ],
    run: Annotated[Path, typer.Option(help="Folder for checkpoints and curves.")] = Path(
        "runs/detector"
    ),
    config: Annotated[Path, typer.Option(help="Training settings (TOML).")] = (
        paths.CONFIGS / "training" / "detector.toml"
    ),
    backbone_weights: Annotated[
        Path | None, typer.Option(help="Weights file of the backbone, without top.")
    ] = None,
    start_from: Annotated[
        Path | None, typer.Option(help="Go on from a whole .keras model instead.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run.")] = False,
) -> None:
    """Train the face detector phase by phase."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    settings = load_settings(config, DetectorTrainingSettings)
    from emotion_game.training.classifier.runs import (
        FINAL_MODEL,
        check_claim,
        load_network,
        outcome_of,
        stoppable,
    )
    from emotion_game.training.detector.box_split import read_split
    from emotion_game.training.detector.data import load_samples
    from emotion_game.training.detector.fit import fit_detector
    from emotion_game.training.detector.network import build_detector, copy_weights
    from emotion_game.training.progress import ProgressBar
    from emotion_game.training.report.curves import plot_run

    check_claim(run, settings, resume)
    kept, held = read_split(
        pictures,
        settings.data.held_back_share,
        settings.seed,
        lambda all_: track(all_, "Comparing", console=console),
    )
    console.print(
        f"{len(kept)} pictures to train on, {len(held)} held back;"
        f" {settings.samples_an_epoch} samples an epoch,"
        f" {sum(phase.epochs for phase in settings.phase)} epochs"
    )
    if start_from is None:
        network = build_detector(settings.network, backbone_weights)
    else:
        unset = settings.network.model_copy(update={"weights": "none"})
        network = build_detector(unset, None)
        copy_weights(load_network(start_from), network)
    with stoppable(run):
        fit_detector(
            network,
            load_samples(kept, lambda all_: track(all_, "Reading", console=console)),
            load_samples(held, lambda all_: track(all_, "Reading", console=console)),
            settings,
            run,
            resume=resume,
            origin=DetectorOrigin(
                pictures=pictures.resolve(),
                start_from=None if start_from is None else start_from.resolve(),
            ),
            callbacks=lambda phase, steps: [ProgressBar(phase, steps, console)],
        )
    plot_run(run, run / "curves.png")
    for phase in settings.phase:
        outcome = outcome_of(run, phase)
        if outcome is not None and not outcome.helped:
            console.print(
                f"{phase.name}: none of {outcome.epochs} epochs was better on the held-back"
                " pictures than what the phase began with, so that is kept"
            )
    console.print(f"model: {run / FINAL_MODEL}, curves: {run / 'curves.png'}")


if __name__ == "__main__":
    run_script(main)
