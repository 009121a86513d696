"""Choose the detector's anchors from the faces that a training will show."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from emotion_game import paths
from emotion_game.cli import run_script
from emotion_game.errors import TrainingError
from emotion_game.settings import load_settings
from emotion_game.training.detector.config import DetectorTrainingSettings


def main(
    data: Annotated[
        Path, typer.Argument(help="Pictures with boxes: COCO, Pascal VOC or YOLO files.")
    ],
    config: Annotated[
        Path, typer.Option(help="Training settings (TOML): split, input, how samples are drawn.")
    ] = paths.CONFIGS / "training" / "detector.toml",
    samples: Annotated[int, typer.Option(min=1, help="Samples to draw.")] = 1500,
    out: Annotated[
        Path, typer.Option(help="The anchors, .json or .toml; a plot goes beside it.")
    ] = Path("runs/anchors.json"),
) -> None:
    """Print nine anchors and write them, with a plot."""
    from emotion_game.training.detector import anchors as anchors
    from emotion_game.training.detector.box_split import read_split
    from emotion_game.training.detector.data import SampleMaker, load_samples

    if out.suffix not in (".json", ".toml"):
        raise TrainingError(f"Expected a .json or .toml file, found --out {out}.")
    settings = load_settings(config, DetectorTrainingSettings)
    network = settings.network
    console = Console(stderr=True)
    kept, _ = read_split(
        data,
        settings.data.held_back_share,
        settings.seed,
        lambda all_: track(all_, "Comparing", console=console),
    )
    maker = SampleMaker(
        load_samples(kept, lambda all_: track(all_, "Reading", console=console)),
        settings.data,
        network.width_px,
        network.height_px,
        settings.seed,
    )
    sizes_px = anchors.drawn_sizes(maker, samples)
    chosen = anchors.choose_anchors(sizes_px, seed=settings.seed)
    content = {
        "input_px": [network.width_px, network.height_px],
        "anchors_px": chosen.round(1).tolist(),
        "faces": len(sizes_px),
        "mean_best_iou": round(anchors.mean_best_iou(sizes_px, chosen), 4),
    }
    lines = [f"{key} = {json.dumps(value)}" for key, value in content.items()]
    text = "\n".join(lines) if out.suffix == ".toml" else json.dumps(content, indent=1)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text + "\n", "utf-8")
        anchors.plot_anchors(sizes_px, chosen, out.with_suffix(".png"), settings.seed)
    except OSError as error:
        raise TrainingError(
            f"Cannot write {out}: {error.strerror or error}.", hint="Choose another --out."
        ) from error
    typer.echo("\n".join(lines))
    typer.echo(f"{out} and {out.with_suffix('.png')}")


if __name__ == "__main__":
    run_script(main)
