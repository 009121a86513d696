"""Draw a run's curves, raw and smoothed, while it trains or afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from emotion_game.cli import run_script


def main(
    run: Annotated[Path, typer.Argument(help="Run folder of train_classifier.py.")],
    out: Annotated[
        Path | None, typer.Option(help="The PNG; without it curves.png in the run folder.")
    ] = None,
    weight: Annotated[
        float, typer.Option(min=0, max=0.99, help="Weight of the past in the smoothed curve.")
    ] = 0.6,
) -> None:
    """Write the picture."""
    from emotion_game.training.report.curves import plot_run

    out = out or run / "curves.png"
    plot_run(run, out, weight)
    typer.echo(str(out))


if __name__ == "__main__":
    run_script(main)
