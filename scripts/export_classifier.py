"""Calibrate a trained classifier and export it as the bundle that plays, with its figures."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from emotion_game import paths
from emotion_game.cli import run_script
from emotion_game.errors import TrainingError
from emotion_game.settings import load_settings
from emotion_game.training.classifier.config import TrainingSettings
from emotion_game.vision.bundle import Bundle, InputSpec, load_bundle
from emotion_game.vision.crop import CropSpec

if TYPE_CHECKING:
    from emotion_game.training.classifier.export import Figures

FERPLUS_DATA = (
    "FER+ train split (FER2013 pictures, Kaggle 2013; votes by Microsoft, MIT), from ImageNet"
    " weights of MobileNetV2 (Apache-2.0)"
)
console = Console(stderr=True)


def main(
    model: Annotated[Path, typer.Argument(help="The trained .keras file.")],
    ferplus: Annotated[
        Path | None, typer.Option(help="FER+ folder: labels.csv and images/.")
    ] = None,
    folders: Annotated[
        list[Path] | None, typer.Option(help="Class folders, as given to the training.")
    ] = None,
    people: Annotated[
        Path | None, typer.Option(help="CSV (file,person) of the class folders, as in training.")
    ] = None,
    find_faces: Annotated[
        bool, typer.Option("--find-faces", help="The class folders hold whole pictures.")
    ] = False,
    out: Annotated[Path, typer.Option(help="The bundle's folder.")] = Path("models/expression"),
    version: Annotated[str, typer.Option(help="Version of the bundle.")] = "0.1.0",
    precision: Annotated[
        str, typer.Option(help="Numbers inside model.tflite: float32, float16 or int8.")
    ] = "float16",
    h5: Annotated[bool, typer.Option("--h5", help="Write model.h5 (older Keras) too.")] = False,
    config: Annotated[Path, typer.Option(help="Settings of the training (TOML).")] = (
        paths.CONFIGS / "training" / "expression.toml"
    ),
    choice_share: Annotated[
        float | None, typer.Option(help="Share held back, if not the configuration's.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Of that split, likewise.")] = None,
    size_px: Annotated[int | None, typer.Option(help="Side of the face, likewise.")] = None,
    margin: Annotated[
        float | None,
        typer.Option(help="Crop margin around the detector's box. [default: the shipped model's]"),
    ] = None,
    shift_down: Annotated[
        float | None, typer.Option(help="Crop shift downwards. [default: the shipped model's]")
    ] = None,
    detail_px: Annotated[
        int | None,
        typer.Option(help="Detail kept in the crop; 0 = all. [default: the shipped model's]"),
    ] = None,
    data: Annotated[str | None, typer.Option(help="Training data and its terms.")] = None,
) -> None:
    """Calibrate, export, verify and measure.

    Temperature and thresholds are chosen on the faces that the training held back; the figures
    are measured on FER+ valid or, without FER+, on the same held-back faces. All precisions are
    exported and compared; the chosen one is kept.
    """
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    settings = _settings(config, choice_share, seed, size_px)
    import numpy as np

    from emotion_game.training.classifier import calibrate as calibrate
    from emotion_game.training.classifier import evaluate as evaluate
    from emotion_game.training.classifier import export as export
    from emotion_game.training.classifier.sources import Sources, load_sources
    from emotion_game.training.data.faces import load_ferplus
    from emotion_game.vision.yolo_detector import YoloDetector

    if precision not in set(export.Precision):
        raise TrainingError(
            f"--precision {precision} is unknown.", hint=f"Choose {', '.join(export.Precision)}."
        )
    if data is None and (folders or ferplus is None):
        raise TrainingError(
            "The bundle must name its training data.", hint='Give --data "WHAT, WHOSE, TERMS".'
        )
    export.check_target(out)
    side_px = settings.network.size_px
    trained = export.load_trained(model, side_px)

    def bar(what: str) -> Callable[[Any], Iterable[Any]]:
        return lambda items: track(items, what, console=console)

    # What the training cut whole pictures with, unless another crop was measured to be better.
    shipped = load_bundle(paths.MODELS / "expression").input
    margin = shipped.margin if margin is None else margin
    shift_down = shipped.shift_down if shift_down is None else shift_down
    detail_px = shipped.detail_px if detail_px is None else detail_px
    crop = CropSpec(side_px, margin, shift_down, detail_px)
    sources = Sources(
        ferplus=ferplus, folders=tuple(folders or ()), find_faces=find_faces, people=people
    )
    kept, held = load_sources(sources, settings, crop, YoloDetector(), bar)
    split = "held_back" if ferplus is None else "ferplus_valid"
    faces = held if ferplus is None else load_ferplus(ferplus, "valid", crop)
    console.print(f"{len(held)} faces to choose on, {len(faces)} to measure on ({split})")

    looks = export.look_at(trained, held.pictures, mirrored=True, progress=bar("Calibrating"))
    one_hot = np.eye(held.shares.shape[1])[held.majority()]
    temperature = calibrate.fit_temperature(looks, one_hot)
    calibrated = calibrate.apply_temperature(trained, temperature)

    spec = InputSpec(
        size_px=side_px,
        colour="gray",
        lowest=0,
        highest=255,
        margin=margin,
        shift_down=shift_down,
        detail_px=detail_px,
        mirrored_look=True,
    )
    order = np.random.default_rng(settings.seed).permutation(len(kept))
    figures: dict[str, Figures] = {}
    with export.workshop(out) as scratch:
        for each in export.Precision:
            export.write_bundle(
                scratch / each,
                calibrated,
                version=version,
                input_spec=spec,
                data=data or FERPLUS_DATA,
                check_faces=faces.pictures[:64],
                precision=each,
                calibration_faces=kept.pictures[order[: export.CALIBRATION_FACES]],
                hdf5=h5,
            )
            figures[each] = export.measure(scratch / each, faces, bar(f"Measuring {each}"))
        probabilities, _ = export.classify_timed(scratch / precision, held, bar("Thresholds"))
        thresholds = calibrate.choose_thresholds(probabilities, held.majority(), evaluate.SCORED)
        alarms = export.false_alarms(figures[precision], faces, thresholds)
        metrics = {
            "temperature": round(temperature, 4),
            **figures[precision].metrics(split),
            **{f"{split}_{name}": share for name, share in alarms.items()},
        }
        export.publish(
            scratch / precision, out, Bundle, {"thresholds": thresholds, "metrics": metrics}
        )
    Console().print(_table(figures, precision, split))
    typer.echo(f"{out}: {precision}, temperature {temperature:.3f}")
    for emotion, of_rate in thresholds.items():
        for rate, threshold in of_rate.items():
            found = alarms[f"false_alarms_{emotion}_at_{rate}"]
            typer.echo(f"{emotion} >= {threshold:.4f}: chosen for {rate}, on {split} {found}")


def _settings(
    config: Path, choice_share: float | None, seed: int | None, size_px: int | None
) -> TrainingSettings:
    settings = load_settings(config, TrainingSettings).model_dump()
    if choice_share is not None:
        settings["data"]["held_back_share"] = choice_share
    if seed is not None:
        settings["seed"] = seed
    if size_px is not None:
        settings["network"]["size_px"] = size_px
    try:
        return TrainingSettings.model_validate(settings)
    except ValueError as error:
        raise TrainingError(
            f"--choice-share {choice_share} or --size-px {size_px} is out of range.",
            hint="Give a share between 0 and 1 and a side of 32 to 224 pixels.",
        ) from error


def _table(figures: dict[str, Figures], chosen: str, split: str) -> Table:
    columns = list(figures.values())
    table = Table(
        "model.tflite", *(f"{each} (kept)" if each == chosen else each for each in figures)
    )
    table.add_row("bytes", *(f"{each.file_bytes:,}" for each in columns))
    table.add_row("ms a face", *(f"{each.face_ms:.2f}" for each in columns))
    for name in columns[0].metrics(split):
        table.add_row(name, *(f"{each.metrics(split)[name]:.4f}" for each in columns))
    return table


if __name__ == "__main__":
    run_script(main)
