"""Average the weights of models that were trained on from one another, for export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from emotion_game.cli import run_script


def main(
    models: Annotated[list[Path], typer.Argument(help="Trained .keras files, two or more.")],
    out: Annotated[Path, typer.Option(help="The averaged .keras file.")],
) -> None:
    """Write the average; measure it with export_classifier.py before you believe in it."""
    from emotion_game.training.classifier.averaging import average_networks
    from emotion_game.training.classifier.runs import save_network

    save_network(average_networks(models), out)
    typer.echo(str(out))


if __name__ == "__main__":
    run_script(main)
