"""Train the expression classifier; see docs/retraining.md."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from emotion_game import paths
from emotion_game.cli import run_script
from emotion_game.errors import TrainingError
from emotion_game.game.types import EMOTIONS
from emotion_game.settings import load_settings
from emotion_game.training.config import TrainingSettings

console = Console(stderr=True)


def main(
    ferplus: Annotated[
        Path | None, typer.Option(help="FER+ folder: labels.csv and images/.")
    ] = None,
    pictures: Annotated[
        Path | None,
        typer.Option(help="Whole pictures of people: labels.csv (file,person,label), images/."),
    ] = None,
    run: Annotated[Path, typer.Option(help="Folder for checkpoints and curves.")] = Path(
        "runs/expression"
    ),
    config: Annotated[Path, typer.Option(help="Training settings (TOML).")] = (
        paths.CONFIGS / "training" / "expression.toml"
    ),
    backbone_weights: Annotated[
        Path | None, typer.Option(help="Weights file of the backbone, without top.")
    ] = None,
    start_from: Annotated[
        Path | None, typer.Option(help="Go on from a whole .keras model instead.")
    ] = None,
    teacher: Annotated[
        Path | None, typer.Option(help="Bundle whose answers are mixed into the labels.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run.")] = False,
) -> None:
    """Train the expression classifier phase by phase."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    settings = load_settings(config, TrainingSettings)
    from emotion_game.training import data
    from emotion_game.training.fit import FINAL_MODEL, estimate_s, fit, load_network, steps_of
    from emotion_game.training.networks import build_network
    from emotion_game.training.progress import ProgressBar
    from emotion_game.training.teach import mix_teacher
    from emotion_game.vision.bundle import load_bundle
    from emotion_game.vision.crop import CropSpec
    from emotion_game.vision.detector import HaarDetector

    size_px = settings.network.size_px
    sources = []
    if ferplus is not None:
        sources.append(data.load_ferplus(ferplus, "train", CropSpec(size_px=size_px)))
    if pictures is not None:
        crop = load_bundle(paths.MODELS / "expression").input.crop()
        sources.append(
            data.load_pictures(
                pictures,
                crop,
                HaarDetector(),
                split="train",
                crops_a_picture=settings.data.crops_a_picture,
                box_noise=settings.data.box_noise,
                seed=settings.seed,
                progress=lambda rows: track(rows, "Finding faces", console=console),
            )
        )
    if not sources:
        raise TrainingError("No data was given.", hint="Name --ferplus or --pictures.")
    halves = [
        data.hold_back(source, settings.data.held_back_share, settings.seed) for source in sources
    ]
    train, held = (data.join(part) for part in zip(*halves, strict=True))
    _show_counts(train, held)
    if settings.data.teacher_share:
        if teacher is None:
            raise TrainingError(
                f"data.teacher_share is {settings.data.teacher_share} but no teacher was given.",
                hint="Name a bundle with --teacher, or set it to 0.",
            )
        train = mix_teacher(
            train,
            teacher,
            settings.data.teacher_share,
            lambda faces: track(faces, "Asking the teacher", console=console),
        )
    network = (
        build_network(settings.network, backbone_weights)
        if start_from is None
        else load_network(start_from)
    )
    total_s = 0.0
    for phase in settings.phase:
        steps = steps_of(len(train), settings.batch_size, phase.epochs)
        seconds = estimate_s(network, phase, settings.batch_size, steps)
        total_s += seconds
        console.print(
            f"{phase.name}: {len(train)} faces x {phase.epochs} epochs / batch"
            f" {settings.batch_size} = {steps} steps at {phase.image_px} px,"
            f" about {seconds / 60:.0f} min"
        )
    console.print(f"about {total_s / 60:.0f} min in all on this machine")
    fit(
        network,
        train,
        held,
        settings,
        run,
        resume=resume,
        callbacks=lambda phase, steps: [ProgressBar(phase, steps, console)],
    )
    console.print(f"model: {run / FINAL_MODEL}")


def _show_counts(*parts: object) -> None:
    table = Table("emotion", "train", "held back")
    counts = [part.majority().tolist() for part in parts]  # type: ignore[attr-defined]
    for index, name in enumerate(EMOTIONS):
        table.add_row(name, *(str(each.count(index)) for each in counts))
    table.add_row("all", *(str(len(each)) for each in counts))
    console.print(table)


if __name__ == "__main__":
    run_script(main)
