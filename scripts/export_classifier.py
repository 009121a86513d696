"""Calibrate a trained classifier and export it as the bundle that plays, with its figures."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from emotion_game.cli import run_script
from emotion_game.errors import TrainingError
from emotion_game.vision.bundle import InputSpec
from emotion_game.vision.crop import CropSpec

if TYPE_CHECKING:
    from emotion_game.training.export import Figures

DATA = (
    "FER+ train split (FER2013 pictures, Kaggle 2013; votes by Microsoft, MIT), from ImageNet"
    " weights of MobileNetV2 (Apache-2.0)"
)
console = Console(stderr=True)


def main(
    model: Annotated[Path, typer.Argument(help="The trained .keras file.")],
    ferplus: Annotated[Path, typer.Option(help="FER+ folder: labels.csv and images/.")],
    out: Annotated[Path, typer.Option(help="The bundle's folder.")] = Path("models/expression"),
    version: Annotated[str, typer.Option(help="Version of the bundle.")] = "0.1.0",
    precision: Annotated[
        str, typer.Option(help="Numbers inside model.tflite: float32, float16 or int8.")
    ] = "float16",
    h5: Annotated[bool, typer.Option("--h5", help="Write model.h5 (older Keras) too.")] = False,
    choice_share: Annotated[
        float,
        typer.Option(help="Share of FER+ train held back; as data.held_back_share in training."),
    ] = 0.05,
    seed: Annotated[int, typer.Option(help="Of that split; as in training.")] = 7,
    size_px: Annotated[int, typer.Option(help="Side of the face that plays.")] = 96,
    margin: Annotated[float, typer.Option(help="Crop margin around the detector's box.")] = 0.1,
    shift_down: Annotated[float, typer.Option(help="Crop shift downwards.")] = 0.05,
    detail_px: Annotated[int, typer.Option(help="Detail kept in the crop; 0 = all.")] = 48,
    data: Annotated[str, typer.Option(help="Training data and its terms.")] = DATA,
) -> None:
    """Calibrate, export, verify and measure.

    Temperature and thresholds are chosen on faces held back from FER+ train; the figures are
    measured on FER+ valid. All precisions are exported and compared; the chosen one is kept.
    """
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    import numpy as np

    from emotion_game.training import calibrate, evaluate, export
    from emotion_game.training.data import hold_back, load_ferplus

    if precision not in set(export.Precision):
        raise TrainingError(
            f"--precision {precision} is unknown.", hint=f"Choose {', '.join(export.Precision)}."
        )
    chosen = export.Precision(precision)
    export.check_target(out)
    trained = export.load_trained(model, size_px)
    crop = CropSpec(size_px=size_px, detail_px=detail_px)
    kept, held = hold_back(load_ferplus(ferplus, "train", crop), choice_share, seed)
    valid = load_ferplus(ferplus, "valid", crop)
    console.print(f"{len(held)} faces to choose on, {len(valid)} to measure on")

    looks = export.look_at(
        trained,
        held.pictures,
        mirrored=True,
        progress=lambda steps: track(steps, "Calibrating", console=console),
    )
    one_hot = np.eye(held.shares.shape[1])[held.majority()]
    temperature = calibrate.fit_temperature(looks, one_hot)
    calibrated = calibrate.apply_temperature(trained, temperature)

    spec = InputSpec(
        size_px=size_px,
        colour="gray",
        lowest=0,
        highest=255,
        margin=margin,
        shift_down=shift_down,
        detail_px=detail_px,
        mirrored_look=True,
    )
    scaling = np.random.default_rng(seed).permutation(len(kept))[: export.CALIBRATION_FACES]
    figures: dict[str, Figures] = {}
    with export.workshop(out) as scratch:
        for each in export.Precision:
            export.write_bundle(
                scratch / each,
                calibrated,
                version=version,
                input_spec=spec,
                data=data,
                check_faces=valid.pictures[:64],
                precision=each,
                calibration_faces=kept.pictures[scaling],
                hdf5=h5,
            )
            figures[each] = export.measure(
                scratch / each,
                valid,
                lambda faces, each=each: track(faces, f"Measuring {each}", console=console),
            )
        probabilities, _ = export.classify_timed(scratch / chosen, held)
        thresholds = calibrate.choose_thresholds(probabilities, held.majority(), evaluate.SCORED)
        alarms = export.false_alarms(figures[chosen], valid, thresholds)
        metrics = {
            "temperature": round(temperature, 4),
            **figures[chosen].metrics("ferplus_valid"),
            **{f"ferplus_valid_{name}": share for name, share in alarms.items()},
        }
        export.publish(scratch / chosen, out, thresholds=thresholds, metrics=metrics)
    Console().print(_table(figures, chosen))
    typer.echo(f"{out}: {chosen}, temperature {temperature:.3f}")
    for emotion, of_rate in thresholds.items():
        for rate, threshold in of_rate.items():
            found = alarms[f"false_alarms_{emotion}_at_{rate}"]
            typer.echo(f"{emotion} >= {threshold:.4f}: chosen for {rate}, on valid {found}")


def _table(figures: dict[str, Figures], chosen: str) -> Table:
    table = Table(
        "model.tflite", *(f"{each} (kept)" if each == chosen else each for each in figures)
    )
    columns = figures.values()
    table.add_row("bytes", *(f"{each.file_bytes:,}" for each in columns))
    table.add_row("ms a look", *(f"{each.look_ms:.2f}" for each in columns))
    for name in figures[chosen].metrics("valid"):
        table.add_row(name, *(f"{each.metrics('valid')[name]:.4f}" for each in columns))
    return table


if __name__ == "__main__":
    run_script(main)
