"""Choose a trained detector's threshold and export it as the bundle that plays."""

from __future__ import annotations

import logging
from pathlib import Path
from random import Random
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from emotion_game import paths
from emotion_game.cli import run_script
from emotion_game.errors import TrainingError
from emotion_game.settings import load_settings
from emotion_game.training.detector.config import DetectorTrainingSettings

#: Pictures that the exported files must answer to like the trained network.
CHECKED = 16
#: Shares of faceless pictures with a false alarm, for which model.json keeps the threshold.
ALARM_SHARES = (0.05, 0.01)
LEAST_CONFIDENCE = 0.01
#: A weaker box is no face, however few false alarms so small a set of pictures shows.
FLOOR = 0.3
console = Console(stderr=True)


def main(
    model: Annotated[Path, typer.Argument(help="The trained .keras file.")],
    pictures: Annotated[
        Path,
        typer.Argument(
            help="What it was trained on; its held-back part gives thresholds and figures."
        ),
    ],
    data: Annotated[str, typer.Option(help="Training data and its terms, for model.json.")],
    out: Annotated[Path, typer.Option(help="The bundle's folder.")] = Path("models/detector"),
    version: Annotated[str, typer.Option(help="Version of the bundle.")] = "0.1.0",
    least_confidence: Annotated[
        float | None,
        typer.Option(help="Threshold that plays; none: that of at most 1% false alarms."),
    ] = None,
    precision: Annotated[
        str, typer.Option(help="Numbers inside model.tflite: float32, float16; int8: the backbone.")
    ] = "int8",
    config: Annotated[Path, typer.Option(help="Settings of the training (TOML).")] = (
        paths.CONFIGS / "training" / "detector.toml"
    ),
) -> None:
    """Write model.tflite, model.keras and model.json, checked against the trained network."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    settings = load_settings(config, DetectorTrainingSettings)
    import numpy as np
    from numpy.typing import NDArray

    from emotion_game.training.classifier.export import Precision, check_target, publish, workshop
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
    network = load_detector(model)
    check_target(out)
    shape = settings.network
    train, held = read_split(
        pictures,
        settings.data.held_back_share,
        settings.seed,
        lambda all_: track(all_, "Comparing", console=console),
    )
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
        thresholds = {
            str(share): round(strict_threshold(loudest, share), 4) for share in ALARM_SHARES
        }
        strict = min(0.95, max(FLOOR, thresholds[str(min(ALARM_SHARES))]))
        least = strict if least_confidence is None else least_confidence
        told = figures(Contender("detector", eager, eager, least), truths, found)
        publish(
            scratch / "part",
            out,
            DetectorBundle,
            {
                "thresholds": {"face": thresholds},
                "least_confidence": least,
                "metrics": {
                    f"held_closer_{group.group.replace(' ', '_')}_{name}": round(value, 4)
                    for group in told.groups
                    for name, value in (
                        ("ap50", group.ap50.value),
                        ("ap", group.ap),
                        ("recall", group.recall),
                    )
                },
            },
        )
    for group in told.groups:
        typer.echo(f"{group.group}: AP50 {group.ap50.value:.4f}, recall {group.recall:.4f}")
    typer.echo(f"{out}: least confidence {least:.3f}, thresholds {thresholds}")


if __name__ == "__main__":
    run_script(main)
