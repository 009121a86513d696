"""Compare ways to show a face to one trained network: its size, and one look or two."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from emotion_game.cli import run_script


def main(
    models: Annotated[list[Path], typer.Argument(help="Trained .keras files.")],
    ferplus: Annotated[Path, typer.Option(help="Folder with labels.csv and images/.")],
    split: Annotated[
        str,
        typer.Option(
            help="held: the part of train that training held back; valid; or clean: valid without"
            " the faces that have a copy in train."
        ),
    ] = "held",
    sizes: Annotated[str, typer.Option(help="Sides of the face, pixels.")] = "96",
    share: Annotated[float, typer.Option(help="Share held back.")] = 0.05,
    seed: Annotated[int, typer.Option(help="Of that split.")] = 7,
) -> None:
    """Print accuracy, AUC and calibration error for every combination, on the same faces."""
    from emotion_game.training.classifier import evaluate as evaluate
    from emotion_game.training.classifier.calibrate import expected_calibration_error, mean_of_looks
    from emotion_game.training.classifier.export import load_trained, look_at
    from emotion_game.training.data.checks import drop_leaks
    from emotion_game.training.data.faces import hold_back, load_ferplus
    from emotion_game.vision.crop import CropSpec

    console = Console()
    table = Table(
        "model", "px", "looks", "accuracy", "AUC happiness", "AUC surprise", "ECE", title=split
    )
    for size_px in map(int, sizes.split(",")):
        train, valid = (
            load_ferplus(ferplus, name, CropSpec(size_px=size_px)) for name in ("train", "valid")
        )
        if split == "held":
            faces = hold_back(train, share, seed)[1]
        else:
            faces = drop_leaks(valid, train) if split == "clean" else valid
        labels = faces.majority()
        for path in models:
            looks = look_at(
                load_trained(path, size_px),
                faces.pictures,
                mirrored=True,
                progress=partial(track, description=path.name, console=console),
            )
            for count in (1, 2):
                probabilities = mean_of_looks(looks[:count])
                table.add_row(
                    f"{path.parent.name}/{path.name}",
                    str(size_px),
                    str(count),
                    f"{evaluate.accuracy(probabilities, faces):.4f}",
                    *(f"{evaluate.auc(probabilities, labels, e):.4f}" for e in evaluate.SCORED),
                    f"{expected_calibration_error(probabilities, labels):.4f}",
                )
    console.print(table)


if __name__ == "__main__":
    run_script(main)
