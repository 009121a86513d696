"""Export a trained classifier as the bundle that plays, with its figures on FER+ valid."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from emotion_game.cli import run_script
from emotion_game.vision.bundle import InputSpec
from emotion_game.vision.crop import CropSpec

DATA = (
    "FER+ train split (FER2013 pictures, Kaggle 2013; votes by Microsoft, MIT), from ImageNet"
    " weights of MobileNetV2 (Apache-2.0)"
)


def main(
    model: Annotated[Path, typer.Argument(help="The trained .keras file.")],
    ferplus: Annotated[Path, typer.Option(help="Folder with labels.csv and images/.")],
    out: Annotated[Path, typer.Option(help="The bundle's folder.")] = Path("models/expression"),
    version: Annotated[str, typer.Option(help="Version of the bundle.")] = "0.1.0",
    margin: Annotated[float, typer.Option(help="Crop margin around the detector's box.")] = 0.0,
    shift_down: Annotated[float, typer.Option(help="Crop shift downwards.")] = 0.0,
    detail_px: Annotated[int, typer.Option(help="Detail kept in the crop; 0 = all.")] = 48,
) -> None:
    """Export, verify and measure."""
    import keras

    from emotion_game.training import evaluate
    from emotion_game.training.data import load_ferplus
    from emotion_game.training.export import export_bundle
    from emotion_game.vision.classifier import ExpressionClassifier

    network = keras.saving.load_model(model, safe_mode=True)
    valid = load_ferplus(ferplus, "valid", CropSpec())
    spec = InputSpec(
        size_px=valid.pictures.shape[1],
        colour="gray",
        lowest=0,
        highest=255,
        margin=margin,
        shift_down=shift_down,
        detail_px=detail_px,
        mirrored_look=True,
    )

    def export(thresholds: dict[str, dict[str, float]], metrics: dict[str, float]) -> None:
        export_bundle(
            network,
            out,
            version=version,
            input_spec=spec,
            thresholds=thresholds,
            metrics=metrics,
            data=DATA,
            check_faces=valid.pictures[:16],
        )

    # The figures are those of the exported file, so it is written once before it is measured.
    export({}, {})
    probabilities = evaluate.classify_all(ExpressionClassifier(out), valid)
    labels = valid.majority()
    metrics = {"ferplus_valid_accuracy": round(evaluate.accuracy(probabilities, valid), 4)}
    for emotion in evaluate.SCORED:
        area = evaluate.auc(probabilities, labels, emotion)
        metrics[f"ferplus_valid_auc_{emotion}"] = round(area, 4)
    export(evaluate.thresholds(probabilities, labels), metrics)
    typer.echo(f"{out}: {metrics}")


if __name__ == "__main__":
    run_script(main)
