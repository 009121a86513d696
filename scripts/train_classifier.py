"""Train the expression classifier on FER+; run again with the same --run to resume."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer

from emotion_game.cli import run_script
from emotion_game.settings import load_settings
from emotion_game.training.config import TrainingSettings


def main(
    ferplus: Annotated[Path, typer.Option(help="Folder with labels.csv and images/.")],
    run: Annotated[Path, typer.Option(help="Folder for checkpoints and curves.")] = Path(
        "runs/expression"
    ),
    config: Annotated[Path, typer.Option(help="Training settings (TOML).")] = Path(
        "configs/training/expression.toml"
    ),
    backbone_weights: Annotated[
        Path | None, typer.Option(help="ImageNet weights file; none: Keras downloads them.")
    ] = None,
) -> None:
    """Train the expression classifier phase by phase."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    settings = load_settings(config, TrainingSettings)
    from emotion_game.training.data import load_ferplus
    from emotion_game.training.fit import fit
    from emotion_game.vision.crop import CropSpec

    crop = CropSpec(size_px=settings.network.size_px)
    train = load_ferplus(ferplus, "train", crop)
    valid = load_ferplus(ferplus, "valid", crop)
    typer.echo(f"{len(train)} faces to train on, {len(valid)} to validate on", err=True)
    fit(train, valid, settings, run, backbone_weights)
    typer.echo(f"best model: {run / (settings.phase[-1].name + '.keras')}", err=True)


if __name__ == "__main__":
    run_script(main)
