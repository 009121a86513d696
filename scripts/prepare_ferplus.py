"""Join FER2013's pictures with FER+'s votes into the folder that training reads."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from emotion_game.cli import run_script

#: Lines of the published files; only the progress bar depends on it.
PUBLISHED_FACES = 35_887


def main(
    fer2013: Annotated[Path, typer.Option(help="Kaggle's fer2013.csv (emotion,pixels,Usage).")],
    votes: Annotated[Path, typer.Option(help="Microsoft's fer2013new.csv.")],
    out: Annotated[Path, typer.Option(help="Folder for labels.csv and images/.")],
) -> None:
    """Write labels.csv and images/; run again to go on after an interruption.

    fer2013.csv: https://www.kaggle.com/c/challenges-in-representation-learning-facial-expression-recognition-challenge.
    fer2013new.csv: https://github.com/microsoft/FERPlus.
    """
    from emotion_game.training.data.fer2013 import write_ferplus

    with Progress(console=Console(stderr=True)) as bar:
        counts = write_ferplus(
            fer2013,
            votes,
            out,
            lambda rows: bar.track(rows, PUBLISHED_FACES, description="Writing faces"),
        )
    told = ", ".join(f"{count} {split}" for split, count in counts.items())
    print(f"{out}: {told}")


if __name__ == "__main__":
    run_script(main)
