"""Measure face detectors side by side on held-back pictures, and write a report."""

from __future__ import annotations

import json
import shlex
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from emotion_game import paths
from emotion_game.cli import run_script
from emotion_game.settings import load_settings
from emotion_game.vision.detector import HaarDetector

if TYPE_CHECKING:
    from emotion_game.training.detector.evaluate import Contender

CASCADE = "haar"
#: Weaker boxes than this change no curve.
LEAST_CONFIDENCE = 0.01


def main(
    pictures: Annotated[
        Path, typer.Argument(help="COCO annotations.json or its folder, Pascal VOC or YOLO folder.")
    ],
    detectors: Annotated[
        list[str] | None,
        typer.Option(
            "--detector",
            help="A model bundle, or haar; repeatable. [default: haar]",
        ),
    ] = None,
    closer: Annotated[
        bool, typer.Option("--closer", help="Measure each bundle with the closer look as well.")
    ] = False,
    config: Annotated[
        Path, typer.Option(help="Training settings: their seed and share say what was held back.")
    ] = paths.CONFIGS / "training" / "detector.toml",
    every: Annotated[
        bool, typer.Option("--every", help="Take every picture: none of them was trained on.")
    ] = False,
    frames: Annotated[
        int, typer.Option(min=1, help="Faces laid into frames, for each width.")
    ] = 60,
    changed: Annotated[
        int, typer.Option(min=1, help="Pictures of each group that are made bad.")
    ] = 100,
    out: Annotated[Path, typer.Option(help="Folder of the report.")] = Path("runs/detectors"),
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the figures as JSON instead of tables.")
    ] = False,
) -> None:
    """Print tables and write report.html and report.json."""
    from emotion_game.training.detector import evaluate as evaluate_detector
    from emotion_game.training.detector import probes as detector_probes
    from emotion_game.training.detector.box_split import read_split
    from emotion_game.training.detector.boxes import read_boxes
    from emotion_game.training.report import detector as detector_report
    from emotion_game.vision.pictures import read_picture

    names = detectors or [CASCADE]
    contenders = [_contender(name) for name in names]
    if closer:
        contenders += [_contender(name, closer=True) for name in names if name != CASCADE]
    show = partial(track, console=Console(stderr=True))
    if every:
        held, what = read_boxes(pictures), "all"
    else:
        from emotion_game.training.detector.config import DetectorTrainingSettings

        settings = load_settings(config, DetectorTrainingSettings)
        share, seed = settings.data.held_back_share, settings.seed
        _, held = read_split(pictures, share, seed, partial(show, description="Reading"))
        what = f"held back {share:.0%} of the people, seed {seed}"
    truths = [evaluate_detector.Truth.of(each) for each in held]
    found = evaluate_detector.look(
        contenders, (read_picture(each.file) for each in show(held, description="Detecting"))
    )
    slices = detector_probes.slices(
        contenders, held, changed, progress=partial(show, description="Bad pictures")
    )
    widths = detector_probes.recall_by_width(
        contenders, held, frames, progress=partial(show, description="Widths")
    )
    still = detector_probes.still_faces(
        contenders, held, progress=partial(show, description="Still faces")
    )
    times = detector_probes.measure_time(contenders, held)
    reports = [
        detector_report.DetectorReport(
            evaluate_detector.figures(each, truths, found[at]),
            {name: figures[at] for name, figures in slices.items()},
            widths[at],
            still[at],
            times[at],
        )
        for at, each in enumerate(contenders)
    ]
    command = shlex.join(["python", *sys.argv])
    data = f"{pictures}: {len(held)} pictures, {what}."
    detector_report.write_report(out, command, data, reports)
    if as_json:
        typer.echo(json.dumps(detector_report.as_json(command, data, reports)))
        return
    console = Console()
    console.print(data)
    for each in detector_report.tables(reports):
        table = Table(*each.heads, title=each.title, title_justify="left")
        for row in each.rows:
            table.add_row(*map(str, row))
        console.print(table)
    typer.echo(f"{out / 'report.html'}")


def _contender(name: str, closer: bool = False) -> Contender:
    from emotion_game.training.detector.evaluate import Contender
    from emotion_game.vision.yolo_detector import YoloDetector

    if name == CASCADE:
        cascade = HaarDetector()
        return Contender(CASCADE, cascade, cascade, 0.0)
    folder = Path(name)
    detector = YoloDetector(folder, closer_look=closer)
    eager = YoloDetector(folder, closer_look=closer, least_confidence=LEAST_CONFIDENCE)
    label = f"{folder.name} {detector.bundle.version}" + (", closer" if closer else "")
    return Contender(label, detector, eager, detector.bundle.least_confidence)


if __name__ == "__main__":
    run_script(main)
