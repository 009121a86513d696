"""Calibrate a trained classifier and export it as the bundle that plays, with its figures."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Column, Table

from emotion_game import paths
from emotion_game.cli import run_script
from emotion_game.errors import TrainingError
from emotion_game.settings import load_settings
from emotion_game.training.classifier.config import TrainingSettings
from emotion_game.vision.bundle import CONTRACT, NETWORK, Bundle, InputSpec, load_bundle
from emotion_game.vision.crop import CropSpec

if TYPE_CHECKING:
    from emotion_game.training.classifier.export import Figures

FERPLUS_DATA = (
    "FER+ train split (FER2013 pictures, Kaggle 2013; votes by Microsoft, MIT), from ImageNet"
    " weights of MobileNetV2 (Apache-2.0)"
)
console = Console(stderr=True)


def main(
    model: Annotated[Path, typer.Argument(help="The trained .keras file, or its run's folder.")],
    ferplus: Annotated[
        Path | None,
        typer.Option(
            help="FER+ folder: labels.csv and images/. [default: the sources of the model's run]"
        ),
    ] = None,
    folders: Annotated[list[Path] | None, typer.Option(help="Class folders, likewise.")] = None,
    people: Annotated[
        Path | None, typer.Option(help="CSV (file,person) of the class folders, likewise.")
    ] = None,
    people_by_name: Annotated[
        bool,
        typer.Option("--people-by-name", help="Files of the class folders are PERSON_NUMBER."),
    ] = False,
    find_faces: Annotated[
        bool, typer.Option("--find-faces", help="The class folders hold whole pictures.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(help="The bundle's folder. [default: bundle/ beside the model]"),
    ] = None,
    version: Annotated[str, typer.Option(help="Version of the bundle.")] = "0.1.0",
    precision: Annotated[
        str, typer.Option(help="Numbers inside model.tflite: float32, float16 or int8.")
    ] = "float16",
    h5: Annotated[bool, typer.Option("--h5", help="Write model.h5 (older Keras) too.")] = False,
    config: Annotated[
        Path | None,
        typer.Option(
            help="Settings of the training (TOML). [default: settings.json beside the model;"
            " without it expression.toml]"
        ),
    ] = None,
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

    Temperature and thresholds are chosen on the faces that the training held back, where they are
    enough; the figures are measured on FER+ valid or, without FER+, on the same held-back faces.
    All precisions are exported and compared; the chosen one is kept. To play with the bundle,
    install it: emotion-game models use FOLDER.
    """
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    if model.is_dir():
        model = model / "model.keras"
    run = model.parent
    out = run / "bundle" if out is None else out
    settings = _settings(run, config, choice_share, seed, size_px)
    import numpy as np

    from emotion_game.training.classifier import calibrate as calibrate
    from emotion_game.training.classifier import evaluate as evaluate
    from emotion_game.training.classifier import export as export
    from emotion_game.training.classifier.runs import START_MODEL
    from emotion_game.training.classifier.sources import Origin, Sources, load_sources
    from emotion_game.training.data.faces import load_ferplus
    from emotion_game.vision import installed
    from emotion_game.vision.held_back import write_held_back
    from emotion_game.vision.yolo_detector import YoloDetector

    if precision not in set(export.Precision):
        raise TrainingError(
            f"--precision {precision} is unknown.", hint=f"Choose {', '.join(export.Precision)}."
        )
    sources = Sources(
        ferplus=ferplus,
        folders=tuple(folders or ()),
        find_faces=find_faces,
        people=people,
        people_by_name=people_by_name,
    )
    origin = Origin.read(run)
    if not sources.given() and origin is not None:
        sources = origin.sources
    if data is None and sources != Sources(ferplus=sources.ferplus):
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
    kept, held = load_sources(sources, settings, crop, YoloDetector(), bar)
    split = "held_back" if sources.ferplus is None else "ferplus_valid"
    faces = held if sources.ferplus is None else load_ferplus(sources.ferplus, "valid", crop)
    console.print(f"{len(held)} faces to choose on, {len(faces)} to measure on ({split})")

    metrics: dict[str, float] = {}
    if calibrate.can_fit_temperature(held.majority(), evaluate.SCORED):
        looks = export.look_at(trained, held.pictures, mirrored=True, progress=bar("Calibrating"))
        one_hot = np.eye(held.shares.shape[1])[held.majority()]
        temperature = calibrate.fit_temperature(looks, one_hot)
        metrics |= {"temperature": round(temperature, 4), "temperature_faces": float(len(held))}
        calibrated = calibrate.apply_temperature(trained, temperature)
        calibration = f"temperature {temperature:.3f}, fitted on {len(held)} faces"
    else:
        # Divided into the weights that the training went on from, it is in this network as well.
        calibrated = trained
        inherited = _temperature_of(origin.start_from if origin else None)
        if inherited is not None:
            metrics["temperature"] = inherited
        calibration = (
            f"temperature {'not fitted' if inherited is None else f'{inherited:.3f}'}, as in the"
            f" model that the training went on from: the held-back faces are too few"
            f" ({calibrate.LEAST_FACES_TO_FIT} of each of {', '.join(evaluate.SCORED)} and of the"
            " others are needed)"
        )

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
    if (run / START_MODEL).exists():
        # Before the training; a start of another size is no network for these faces.
        start = export.load_trained(run / START_MODEL, side_px)
        figures["start model"] = export.measure_network(start, faces)
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
        alarms = export.false_alarms(figures[precision], thresholds)
        metrics |= figures[precision].metrics(split)
        metrics |= {f"{split}_{name}": each for name, each in alarms.items()}
        write_held_back(
            scratch / precision,
            export.held_back(
                split,
                faces,
                figures[precision],
                scratch / precision / NETWORK,
                version,
                [installed.bundle_folder(installed.active_name()), paths.MODELS / "expression"],
                settings.seed,
            ),
        )
        export.publish(
            scratch / precision, out, Bundle, {"thresholds": thresholds, "metrics": metrics}
        )
    Console().print(_table(figures, precision))
    typer.echo(f"{out}: {precision}, {calibration}")
    for emotion in evaluate.SCORED:
        if emotion not in thresholds:
            typer.echo(f"{emotion}: the held-back faces are too few to tell a threshold")
    for emotion, of_rate in thresholds.items():
        for rate, threshold in of_rate.items():
            name = f"false_alarms_{emotion}_at_{rate}"
            typer.echo(
                f"{emotion} >= {threshold:.4f}: chosen for {rate}, on {split} {alarms[name]}"
                f" ({alarms[f'{name}_low']} to {alarms[f'{name}_high']})"
            )
    console.print(f"Play with it: emotion-game models use {out}", highlight=False, soft_wrap=True)


def _settings(
    run: Path,
    config: Path | None,
    choice_share: float | None,
    seed: int | None,
    size_px: int | None,
) -> TrainingSettings:
    from emotion_game.training.classifier.runs import read_settings

    found = read_settings(run, TrainingSettings) if config is None else None
    if found is None:
        default = paths.CONFIGS / "training" / "expression.toml"
        found = load_settings(config or default, TrainingSettings)
    settings = found.model_dump()
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


def _temperature_of(start_from: Path | None) -> float | None:
    """Return the temperature that the start model was calibrated with, if its bundle says so."""
    if start_from is None or not (start_from.parent / CONTRACT).exists():
        return None
    return load_bundle(start_from.parent).metrics.get("temperature")


def _table(figures: dict[str, Figures], chosen: str) -> Table:
    names = ("accuracy", "auc_happiness", "auc_surprise", "ece")
    first = Column(no_wrap=True)
    table = Table(first, "accuracy", "AUC happiness", "AUC surprise", "ECE", "bytes", "ms")
    for each, found in figures.items():
        estimates = found.estimates()
        cells = [
            f"{estimates[name].value:.4f}\n{estimates[name].low:.4f} to {estimates[name].high:.4f}"
            if name in estimates
            else "too few"
            for name in names
        ]
        table.add_row(
            f"{each} (kept)" if each == chosen else each,
            *cells,
            "" if found.file_bytes is None else f"{found.file_bytes:,}",
            "" if found.face_ms is None else f"{found.face_ms:.2f}",
        )
    table.caption = f"{len(figures[chosen].labels)} faces, 95% intervals; ms a face"
    return table


if __name__ == "__main__":
    run_script(main)
