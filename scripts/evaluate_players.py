"""Measure the game on recorded players: laughs caught, false losses a minute, delay, gaps.

To choose thresholds with --sweep, take moving players (scripts/make_moving_players.py), not the
recordings whose figures you report.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from emotion_game.app import game_settings, make_analyser
from emotion_game.cli import run_script
from emotion_game.commands.console import say
from emotion_game.errors import GameError
from emotion_game.tools import recordings as rec
from emotion_game.vision.classifier import ExpressionClassifier


def main(
    folders: Annotated[
        list[Path], typer.Argument(help="Folders of recordings with their ground_truth.json.")
    ],
    config: Annotated[Path | None, typer.Option(help="Another game.toml.")] = None,
    model: Annotated[Path | None, typer.Option(help="Another model bundle.")] = None,
    min_length_s: Annotated[float, typer.Option(help="Shorter smiles are not counted.")] = 1.0,
    sweep: Annotated[bool, typer.Option("--sweep", help="Print thresholds x hold times.")] = False,
    thresholds: Annotated[str, typer.Option(help="To sweep.")] = "0.3,0.4,0.5,0.6,0.7,0.8,0.9",
    holds_s: Annotated[str, typer.Option(help="To sweep.")] = "0.3,0.4,0.5,0.65,0.8",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead.")] = False,
) -> None:
    """Judge every recording at every mode and level; intervals are of 95%."""
    settings = game_settings(config)
    rules = settings.rounds
    analyser = make_analyser(settings)
    if model is not None:
        analyser.classifier = ExpressionClassifier(model)
    to_sweep = _numbers("--thresholds", thresholds), _numbers("--holds-s", holds_s)
    console = Console(stderr=True)
    seen = [
        rec.watch(analyser, folder, partial(track, description=folder.name, console=console), say)
        for folder in folders
    ]
    results: list[dict[str, Any]] = []
    for (mode, level), each_rules in rules.items():
        tally = rec.tally(seen, settings.modes[mode], each_rules, min_length_s)
        results.append({"mode": mode, "level": level, **tally.figures()})
        if as_json:
            continue
        print(f"{mode} {level} (hold {each_rules.hold_s} s): {tally.line()}")
        for label, calm in sorted(tally.calm.items()):
            if calm.false_losses:
                print(f"  {calm.false_losses} false in {calm.length_s:.0f} s of {label}")
        for note in tally.notes:
            print(f"  {note}")
    swept = {}
    if sweep:
        for mode in settings.modes:
            found = rec.sweep(seen, settings.modes[mode], rules[mode, 1], *to_sweep, min_length_s)
            swept[mode] = [
                {"threshold": threshold, **tally.figures()} for threshold, _, tally in found
            ]
            if not as_json:
                Console().print(_table(mode, found, to_sweep[1]))
    unread = [(each, *gap) for each in seen for gap in each.unread()]
    if as_json:
        shares = {str(each.folder): round(each.face_share(), 4) for each in seen}
        gaps = [
            {
                "file": str(each.folder / name),
                "from_s": round(from_s, 3),
                "until_s": round(until_s, 3),
            }
            for each, name, from_s, until_s in unread
        ]
        content = {"face_share": shares, "levels": results, "sweep": swept, "unread": gaps}
        print(json.dumps(content, indent=1))
        return
    length_s = sum(until_s - from_s for _, _, from_s, until_s in unread)
    print(
        f"faces in view, no reading of the player for over {rec.UNREAD_S} s:"
        f" {len(unread)} times, {length_s:.1f} s"
    )
    for each, name, from_s, until_s in unread:
        print(f"  {each.folder / name}: {from_s:.2f} s to {until_s:.2f} s")


def _numbers(option: str, text: str) -> list[float]:
    try:
        return [float(each) for each in text.split(",")]
    except ValueError as error:
        raise GameError(f"{option}: expected numbers between commas, found {text!r}.") from error


def _table(mode: str, found: list[tuple[float, float, rec.Tally]], holds_s: list[float]) -> Table:
    """Lay a sweep out: caught, false losses a minute, delay beyond the hold."""
    shown = found[0][2].shown
    table = Table(
        "threshold",
        *(f"hold {hold_s:g} s" for hold_s in holds_s),
        title=f"{mode}: caught of {shown} | false losses a minute | delay beyond hold, s",
    )
    for start in range(0, len(found), len(holds_s)):
        row = found[start : start + len(holds_s)]
        cells = []
        for _, _, tally in row:
            false = rec.per_minute(tally.false_losses, tally.calm_s)
            late = "-" if tally.excess_s is None else f"{tally.excess_s:+.2f}"
            cells.append(f"{tally.caught} | {false.value if false else 0.0:.2f} | {late}")
        table.add_row(f"{row[0][0]:g}", *cells)
    return table


if __name__ == "__main__":
    run_script(main)
