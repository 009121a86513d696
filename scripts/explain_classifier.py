"""Show what the classifier looks at: Grad-CAM, activations, and what excites its filters.

For example::

    python scripts/explain_classifier.py gradcam face.jpg --out runs/explain
    python scripts/explain_classifier.py activations face.jpg --layer block_6_expand_relu
    python scripts/explain_classifier.py filters --layer block_13_expand_relu --filter 5
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from emotion_game import paths
from emotion_game.cli import run_script
from emotion_game.errors import GameError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from emotion_game.training.classifier.explain import OpenNetwork
    from emotion_game.vision.crop import Picture

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help=__doc__)
_stderr = Console(stderr=True)

Pictures = Annotated[list[Path], typer.Argument(help="Pictures with a face.", metavar="PICTURE...")]
Model = Annotated[
    Path,
    typer.Option(
        help="A bundle's folder, or a .keras or .h5 file (cut as the shipped bundle says)."
    ),
]
Out = Annotated[Path, typer.Option(help="Folder for the PNG files.")]
WholeImage = Annotated[
    bool, typer.Option("--whole-image", help="Take each picture itself as the cropped face.")
]
SizePx = Annotated[
    int | None,
    typer.Option(min=32, max=512, help="Side of the face, if it was trained at another one."),
]
BUNDLE, OUT = paths.MODELS / "expression", Path("runs/explain")


@app.command()
def gradcam(
    pictures: Pictures,
    model: Model = BUNDLE,
    out: Out = OUT,
    whole_image: WholeImage = False,
    emotion: Annotated[
        str | None, typer.Option(help="What speaks for this emotion; none: for the likeliest.")
    ] = None,
    layer: Annotated[
        str | None,
        typer.Option(help="Layer of the backbone; none: the deepest that is fine enough."),
    ] = None,
    hires: Annotated[
        bool,
        typer.Option("--hires", help="HiResCAM: weigh every cell of the map, not every channel."),
    ] = False,
    size_px: SizePx = None,
) -> None:
    """Show which parts of a face speak for an emotion."""
    from emotion_game.training.classifier import explain as explain

    if emotion is not None:
        explain.emotion_index(emotion)
    opened = _open(model, size_px, out, [layer] if layer else [])

    def draw(face: Picture) -> tuple[str, Figure]:
        found = explain.heat_map(opened, face, emotion=emotion, layer=layer, hires=hires)
        name = f"{'hirescam' if hires else 'gradcam'}-{found.emotion}-{found.layer}"
        return name, explain.draw_heat_map(face, found)

    _explain_all(pictures, opened, out, whole_image, draw)


@app.command()
def activations(
    pictures: Pictures,
    model: Model = BUNDLE,
    out: Out = OUT,
    whole_image: WholeImage = False,
    layer: Annotated[
        list[str] | None,
        typer.Option(help="Layer of the backbone; may be repeated; none: the last of each size."),
    ] = None,
    size_px: SizePx = None,
) -> None:
    """Show what the layers answer to a face."""
    from emotion_game.training.classifier import explain as explain

    opened = _open(model, size_px, out, layer or [])

    def draw(face: Picture) -> tuple[str, Figure]:
        found = explain.activations(opened, face, layer)
        return "activations", explain.draw_activations(face, found)

    _explain_all(pictures, opened, out, whole_image, draw)


@app.command()
def filters(
    model: Model = BUNDLE,
    out: Out = OUT,
    layer: Annotated[
        list[str] | None,
        typer.Option(help="Layer of the backbone; may be repeated; none: that of gradcam."),
    ] = None,
    filter_: Annotated[
        list[int] | None,
        typer.Option("--filter", help="Number of a filter; may be repeated; none: 16, spread."),
    ] = None,
    steps: Annotated[int, typer.Option(min=1, max=10_000, help="Steps of the ascent.")] = 200,
    seed: Annotated[int, typer.Option(help="The same seed gives the same pictures.")] = 7,
    size_px: SizePx = None,
) -> None:
    """Show the patterns that excite filters most, found by gradient ascent."""
    from emotion_game.training.classifier import explain as explain

    opened = _open(model, size_px, out, layer or [])
    for name in layer or [opened.default_layer()]:

        def progress(numbers: range, name: str = name) -> Iterable[int]:
            return track(numbers, description=name, console=_stderr)

        found = explain.filter_patterns(
            opened, name, filter_, steps=steps, seed=seed, progress=progress
        )
        path = out / f"filters-{name}.png"
        explain.save_figure(explain.draw_patterns(found, opened.map_shapes[name][:2]), path)
        print(path)


@app.command()
def layers(model: Model = BUNDLE, size_px: SizePx = None) -> None:
    """List the layers that the other commands can show."""
    from emotion_game.training.classifier.explain import open_network

    opened = open_network(model, size_px)
    table = Table("layer", "cells", "channels")
    for name, (rows, columns, channels) in opened.map_shapes.items():
        mark = "  (gradcam's default)" if name == opened.default_layer() else ""
        table.add_row(name + mark, f"{rows} x {columns}", str(channels))
    Console().print(table)


def _open(model: Path, size_px: int | None, out: Path, names: list[str]) -> OpenNetwork:
    """Load the network and find what is wrong with the options before any work is done."""
    from emotion_game.training.classifier.explain import make_folder, open_network

    make_folder(out)
    opened = open_network(model, size_px)
    for name in names:
        opened.layer(name)
    return opened


def _explain_all(
    pictures: list[Path],
    opened: OpenNetwork,
    out: Path,
    whole_image: bool,
    draw: Callable[[Picture], tuple[str, Figure]],
) -> None:
    from emotion_game.training.classifier.explain import read_face, save_figure
    from emotion_game.vision.yolo_detector import YoloDetector

    detector = None if whole_image else YoloDetector()
    written: set[Path] = set()
    failed = False
    for picture in track(pictures, description="Pictures", console=_stderr):
        try:
            face = read_face(picture, opened.spec, detector)
        except GameError as error:
            # The other pictures are still shown; the exit code tells that one was not.
            _say(error)
            failed = True
            continue
        kind, figure = draw(face)
        path = out / f"{picture.stem}-{kind}.png"
        if path in written:
            # Two pictures of the same name from two folders.
            path = out / f"{picture.stem}-{len(written) + 1}-{kind}.png"
        save_figure(figure, path)
        written.add(path)
        print(path)
    if failed:
        raise typer.Exit(1)


def _say(error: GameError) -> None:
    _stderr.print(str(error), style="yellow", highlight=False, markup=False, soft_wrap=True)


if __name__ == "__main__":
    run_script(app)
