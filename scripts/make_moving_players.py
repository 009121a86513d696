"""Make moving test players from stills: films of people who are neutral, then show an emotion."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from emotion_game.cli import run_script


def main(
    pictures: Annotated[
        Path, typer.Argument(help="Folder with labels.csv (file,label,person) and images/.")
    ],
    out: Annotated[Path, typer.Argument(help="New folder for films and ground_truth.json.")],
    each: Annotated[int, typer.Option(min=1, help="Most films of each of the four kinds.")] = 20,
    split: Annotated[str, typer.Option(help="Which people: train, test or all.")] = "test",
    seed: Annotated[int, typer.Option(help="Seed of choice, cameras and noise.")] = 7,
) -> None:
    """Write films of the same person into OUT, those of two people into OUT/mixed.

    Measure them with scripts/evaluate_players.py OUT [OUT/mixed]. They are cut from the
    pictures: what the pictures' terms allow holds for them too. Don't commit them.
    """
    import numpy as np
    from rich.console import Console
    from rich.progress import track

    from emotion_game.training.data import moving_players as moving_players
    from emotion_game.training.data.pictures import read_table
    from emotion_game.vision.yolo_detector import YoloDetector

    table = read_table(pictures, split)
    films = moving_players.plan_films(table, each, np.random.default_rng(seed))
    console = Console(stderr=True)
    made = moving_players.make_films(
        pictures / "images",
        films,
        out,
        YoloDetector(),
        seed,
        lambda all_films: track(all_films, description="Films", console=console),
    )
    kinds = Counter(film.name.split("_")[0] for film in made.films)
    typer.echo(f"{out}: " + ", ".join(f"{count} {kind}" for kind, count in kinds.items()))
    if made.without_face:
        typer.echo(f"left out, no face found in a picture: {', '.join(made.without_face)}")


if __name__ == "__main__":
    run_script(main)
