"""Choose the detector's anchors from the faces that it is trained on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from emotion_game.cli import run_script
from emotion_game.errors import TrainingError


def main(
    data: Annotated[
        Path, typer.Argument(help="Pictures with boxes: COCO, Pascal VOC or YOLO files.")
    ],
    input_px: Annotated[
        tuple[int, int], typer.Option("--input", help="Width and height of the network's input.")
    ] = (320, 320),
    count: Annotated[int, typer.Option(min=1, help="Number of anchors.")] = 9,
    zoom: Annotated[
        tuple[float, float],
        typer.Option(help="Scale each face at random between these, as training does."),
    ] = (1.0, 1.0),
    held_back: Annotated[
        float,
        typer.Option(min=0, max=0.9, help="Share of the people to leave out; as in detector.toml."),
    ] = 0.15,
    seed: Annotated[int, typer.Option(help="Of the split and the start.")] = 7,
    out: Annotated[
        Path, typer.Option(help="The anchors, .json or .toml; a plot goes beside it.")
    ] = Path("runs/anchors.json"),
) -> None:
    """Print the anchors and write them, with a plot."""
    from emotion_game.training import anchors, boxes

    if min(input_px) < 1 or not 0 < zoom[0] <= zoom[1]:
        raise TrainingError(
            f"Expected --input above 0 and --zoom LEAST MOST above 0, found {input_px}, {zoom}."
        )
    if out.suffix not in (".json", ".toml"):
        raise TrainingError(f"Expected a .json or .toml file, found --out {out}.")
    pictures = boxes.read_boxes(data)
    if held_back:
        pictures, _ = boxes.split_by_person(pictures, held_back, seed)
    sizes_px = anchors.letterboxed_sizes(pictures, *input_px)
    if zoom != (1.0, 1.0):
        sizes_px = anchors.zoomed(sizes_px, *zoom, seed)
    chosen = anchors.choose_anchors(sizes_px, count, seed)
    content = {
        "input_px": list(input_px),
        "anchors_px": chosen.round(1).tolist(),
        "faces": len(sizes_px),
        "mean_best_iou": round(anchors.mean_best_iou(sizes_px, chosen), 4),
    }
    lines = [f"{key} = {json.dumps(value)}" for key, value in content.items()]
    text = "\n".join(lines) if out.suffix == ".toml" else json.dumps(content, indent=1)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text + "\n", "utf-8")
        anchors.plot_anchors(sizes_px, chosen, out.with_suffix(".png"), seed)
    except OSError as error:
        raise TrainingError(
            f"Cannot write {out}: {error.strerror or error}.", hint="Choose another --out."
        ) from error
    typer.echo("\n".join(lines))
    typer.echo(f"{out} and {out.with_suffix('.png')}")


if __name__ == "__main__":
    run_script(main)
