"""Measure the game on recorded players: laughs caught, false losses a minute, delay."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from emotion_game.app import game_settings, make_analyser, rule_book
from emotion_game.cli import run_script
from emotion_game.game.judge import Loss, find_losses
from emotion_game.tools.recordings import Tally, read_ground_truth
from emotion_game.vision.camera import read_video


def main(
    folder: Annotated[Path, typer.Argument(help="Recordings and their ground_truth.json.")],
    config: Annotated[Path | None, typer.Option(help="Another game.toml.")] = None,
    min_length_s: Annotated[float, typer.Option(help="Shorter smiles are not counted.")] = 1.0,
) -> None:
    """Judge every recording at every mode and level."""
    settings = game_settings(config)
    analyser = make_analyser(settings)
    truth = read_ground_truth(folder / "ground_truth.json")
    seen = {}
    for name in track(sorted(truth), description="Recordings"):
        analyser.track.reset()
        seen[name] = [analyser.observe(picture, t_s) for t_s, picture in read_video(folder / name)]
    for (mode, level), rules in rule_book(settings).items():
        tally = Tally()
        for name, segments in truth.items():
            readings = [(each.t_s, each.score(mode)) for each in seen[name]]
            losses: tuple[Loss, ...] = find_losses(readings, rules)[0]
            tally.add(name, losses, segments, mode, min_length_s)
        print(f"{mode.value} {level} (hold {rules.hold_s} s): {tally.line()}")
        for note in tally.notes:
            print(f"  {note}")


if __name__ == "__main__":
    run_script(main)
