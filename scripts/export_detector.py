"""Choose a trained detector's threshold and export it as the bundle that plays."""

from __future__ import annotations

import logging
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import track

from emotion_game import paths
from emotion_game.cli import run_script
from emotion_game.errors import TrainingError
from emotion_game.files import read_json
from emotion_game.settings import load_settings
from emotion_game.training.detector.config import DetectorOrigin, DetectorTrainingSettings

if TYPE_CHECKING:
    from emotion_game.training.detector.evaluate import DetectorFigures

#: Pictures that the exported files must answer to like the trained network.
CHECKED = 16
#: Shares of faceless pictures with a false alarm, for which model.json keeps the threshold.
ALARM_SHARES = (0.05, 0.01)
LEAST_CONFIDENCE = 0.01
#: A weaker box is no face, however few false alarms so small a set of pictures shows.
FLOOR = 0.3
console = Console(stderr=True)


def main(
    model: Annotated[Path, typer.Argument(help="The trained .keras file, or its run's folder.")],
    pictures: Annotated[
        Path | None,
        typer.Argument(
            help="What it was trained on; its held-back part gives thresholds and figures."
            " [default: the pictures of the model's run]"
        ),
    ] = None,
    *,
    data: Annotated[str, typer.Option(help="Training data and its terms, for model.json.")],
    out: Annotated[
        Path | None,
        typer.Option(help="The bundle's folder. [default: bundle/ beside the model]"),
    ] = None,
    version: Annotated[str, typer.Option(help="Version of the bundle.")] = "0.1.0",
    least_confidence: Annotated[
        float | None,
        typer.Option(
            help="Threshold that plays; none: that of at most 1% false alarms, for which some"
            " pictures without a face are needed."
        ),
    ] = None,
    precision: Annotated[
        str, typer.Option(help="Numbers inside model.tflite: float32, float16; int8: the backbone.")
    ] = "int8",
    config: Annotated[
        Path | None,
        typer.Option(
            help="Settings of the training (TOML). [default: settings.json beside the model;"
            " without it detector.toml]"
        ),
    ] = None,
) -> None:
    """Write model.tflite, model.keras and model.json, checked against the trained network."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if model.is_dir():
        model = model / "model.keras"
    run = model.parent
    out = run / "bundle" if out is None else out
    import numpy as np
    from numpy.typing import NDArray

    from emotion_game.training.classifier.export import Precision, check_target, publish, workshop
    from emotion_game.training.classifier.runs import read_settings
    from emotion_game.training.detector.box_split import read_split
    from emotion_game.training.detector.boxes import BoxedPicture
    from emotion_game.training.detector.data import fit_in, load_samples
    from emotion_game.training.detector.evaluate import (
        Contender,
        Truth,
        figures,
        look,
        strict_threshold,
    )
    from emotion_game.training.detector.export import (
        CALIBRATION_PICTURES,
        load_detector,
        write_detector,
    )
    from emotion_game.vision.bundle import DetectorBundle
    from emotion_game.vision.pictures import read_picture
    from emotion_game.vision.yolo_detector import YoloDetector

    if precision not in set(Precision):
        raise TrainingError(
            f"--precision {precision} is unknown.", hint=f"Choose {', '.join(Precision)}."
        )
    settings = read_settings(run, DetectorTrainingSettings) if config is None else None
    if settings is None:
        default = paths.CONFIGS / "training" / "detector.toml"
        settings = load_settings(config or default, DetectorTrainingSettings)
    if pictures is None:
        pictures = _pictures_of(run)
    network = load_detector(model)
    check_target(out)
    shape = settings.network
    train, held = read_split(
        pictures,
        settings.data.held_back_share,
        settings.seed,
        lambda all_: track(all_, "Comparing", console=console),
    )
    faceless = sum(not len(each.boxes_px) and not len(each.ignored_px) for each in held)
    _check_held(pictures, len(held), faceless, least_confidence)
    few = min(CALIBRATION_PICTURES, len(train))

    def fitted(pictures: list[BoxedPicture]) -> NDArray[np.uint8]:
        samples = load_samples(pictures, lambda all_: all_)
        return np.stack([fit_in(each, shape.width_px, shape.height_px).picture for each in samples])

    with workshop(out) as scratch:
        write_detector(
            scratch / "part",
            network,
            version=version,
            anchors_px=shape.anchors_px,
            data=data,
            check_pictures=fitted(held[:: max(1, len(held) // CHECKED)]),
            precision=Precision(precision),
            calibration_pictures=fitted(Random(settings.seed).sample(train, few)),
        )
        # With the closer look, which finds more, false faces too: the threshold serves both.
        eager = YoloDetector(scratch / "part", least_confidence=LEAST_CONFIDENCE, closer_look=True)
        (found,) = look(
            [Contender("", eager, eager, 0.0)],
            (read_picture(each.file) for each in track(held, "Detecting", console=console)),
        )
        truths = [Truth.of(each) for each in held]
        loudest = np.array(
            [
                max((face.confidence for face in faces), default=-1.0)
                for truth, faces in zip(truths, found, strict=True)
                if truth.faceless
            ]
        )
        # A share of less than one picture cannot be told.
        thresholds = {
            str(share): round(strict_threshold(loudest, share), 4)
            for share in ALARM_SHARES
            if share * len(loudest) >= 1
        }
        if least_confidence is None:
            strict = strict_threshold(loudest, min(ALARM_SHARES))
            least = round(min(0.95, max(FLOOR, strict)), 4)
        else:
            least = least_confidence
        told = figures(Contender("detector", eager, eager, least), truths, found)
        publish(
            scratch / "part",
            out,
            DetectorBundle,
            {
                "thresholds": {"face": thresholds} if thresholds else {},
                "least_confidence": least,
                "metrics": _metrics(told, least),
            },
        )
    for group in told.groups:
        typer.echo(
            f"{group.group}: {group.faces} faces, AP50 {group.ap50.value:.4f}"
            f" ({group.ap50.low:.4f} to {group.ap50.high:.4f}), recall {group.recall:.4f}"
        )
    typer.echo(
        f"{out}: least confidence {least:.3f}, thresholds {thresholds}"
        f" on {len(loudest)} pictures without a face"
    )
    console.print(f"Play with it: emotion-game models use {out}", highlight=False, soft_wrap=True)


def _pictures_of(run: Path) -> Path:
    from emotion_game.training.classifier.runs import SOURCES

    path = run / SOURCES
    if not path.exists():
        raise TrainingError(
            f"{run} does not say what it was trained on: there is no {SOURCES}.",
            hint="Name the pictures.",
        )
    try:
        return DetectorOrigin.model_validate(read_json(path, TrainingError)).pictures
    except ValueError as error:
        raise TrainingError(
            f"{path} does not name the pictures of a detector's training.",
            hint="Name the pictures.",
        ) from error


def _check_held(pictures: Path, held: int, faceless: int, least_confidence: float | None) -> None:
    """Refuse what would fail, or tell nothing, after minutes of work."""
    if faceless == held:
        raise TrainingError(
            f"None of the {held} held-back pictures of {pictures} has a face.",
            hint="Add boxes, or change data.held_back_share.",
        )
    needed = round(1 / max(ALARM_SHARES))
    if least_confidence is None and faceless < needed:
        raise TrainingError(
            f"{faceless} of the {held} held-back pictures of {pictures} show no face, where"
            f" {needed} are needed to choose the threshold by its false alarms.",
            hint="Add pictures without a face, or give --least-confidence, e.g. 0.5.",
        )


def _metrics(told: DetectorFigures, least: float) -> dict[str, float]:
    """Return the figures that model.json keeps: each with the ends of its interval and its n."""
    from emotion_game.training.classifier.export import with_interval
    from emotion_game.vision.held_back import share

    metrics: dict[str, float] = {}
    for group in told.groups:
        name = f"held_closer_{group.group.replace(' ', '_')}"
        metrics[f"{name}_faces"] = float(group.faces)
        metrics |= with_interval(f"{name}_ap50", group.ap50)
        found = share(round(group.recall * group.faces), group.faces)
        metrics |= with_interval(f"{name}_recall", found)
    if told.alarms is not None:
        metrics["held_closer_faceless_pictures"] = float(told.alarms.pictures)
        metrics |= with_interval(f"held_closer_alarms_at_{least:g}", told.alarms.share)
    return metrics


if __name__ == "__main__":
    run_script(main)
