"""Measure how the crop's margin, shift and detail decide what the classifier reads."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from emotion_game.cli import run_script


def main(
    pictures: Annotated[Path, typer.Argument(help="Folder with labels.csv (file,label), images/.")],
    model: Annotated[Path, typer.Option(help="Model bundle.")] = Path("models/expression"),
    margins: Annotated[str, typer.Option(help="Margins to try.")] = "-0.05,0,0.05,0.1,0.15,0.2",
    shifts: Annotated[str, typer.Option(help="Shifts downwards to try.")] = "0,0.05",
    details: Annotated[str, typer.Option(help="Detail sizes to try; 0 = all.")] = "48",
    split: Annotated[
        str, typer.Option(help="Whose pictures: train, test or all; choose on train, report test.")
    ] = "all",
) -> None:
    """Print AUC of happiness and surprise for every combination."""
    from emotion_game.training.classifier import evaluate as evaluate
    from emotion_game.vision.classifier import ExpressionClassifier
    from emotion_game.vision.yolo_detector import YoloDetector

    classifier = ExpressionClassifier(model)
    found = evaluate.detect_faces(
        pictures, YoloDetector(), lambda files: track(files, description="Detecting"), split
    )
    console = Console()
    console.print(f"{len(found.labels)} faces, {found.missed} pictures without a found face")
    table = Table("margin", "shift_down", "detail_px", "AUC happiness", "AUC surprise", "accuracy")
    choices = product(
        *([float(each) for each in text.split(",")] for text in (margins, shifts, details))
    )
    for margin, shift_down, detail_px in choices:
        crop = replace(
            classifier.crop, margin=margin, shift_down=shift_down, detail_px=int(detail_px)
        )
        probabilities = np.array([classifier.classify(face) for face in found.crops(crop)])
        areas = [evaluate.auc(probabilities, found.labels, name) for name in evaluate.SCORED]
        right = float(np.mean(probabilities.argmax(axis=1) == found.labels))
        table.add_row(
            f"{margin:+.2f}",
            f"{shift_down:+.2f}",
            str(int(detail_px)),
            *(f"{area:.4f}" for area in areas),
            f"{right:.3f}",
        )
    console.print(table)


if __name__ == "__main__":
    run_script(main)
