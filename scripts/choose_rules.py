"""Propose each mode's and level's threshold, release and hold from recordings of players.

Of all numbers on a grid it takes those that catch most of what must lose while false losses stay
within the wanted rate, both averaged over neighbouring numbers (a plateau, not a lucky peak). A
harder level holds shorter and asks for no higher a score. "fitted" figures are of the recordings
that chose the numbers, and too good; "expected" ones are cross-validated by person: believe them.
Recordings whose figures you want to report afterwards must not be among them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from emotion_game.app import game_settings, make_analyser
from emotion_game.cli import run_script
from emotion_game.commands.console import say
from emotion_game.errors import GameError
from emotion_game.game.modes import Weights
from emotion_game.game.types import EMOTIONS, LEVELS
from emotion_game.tools import choosing, tallies
from emotion_game.tools.analyses import AnalysisCache
from emotion_game.tools.recordings import watch
from emotion_game.vision.classifier import ExpressionClassifier


def main(
    folders: Annotated[
        list[Path], typer.Argument(help="Folders of recordings with their ground_truth.json.")
    ],
    false_a_minute: Annotated[
        str, typer.Option(help="False losses a minute that levels 1, 2 and 3 may have.")
    ] = "0.3,0.5,0.8",
    mode: Annotated[
        list[str] | None, typer.Option(help="Only this mode; may be given several times.")
    ] = None,
    emotions: Annotated[
        list[str] | None,
        typer.Option(help='Other weights to try, e.g. "surprise=1,fear=0.5"; needs one --mode.'),
    ] = None,
    thresholds: Annotated[str, typer.Option()] = "0.5,0.55,0.6,0.65,0.7,0.75,0.8,0.85,0.9,0.95",
    releases: Annotated[
        str, typer.Option(help="Shares of the threshold.")
    ] = "0.6,0.7,0.8,0.9,0.95",
    holds_s: Annotated[str, typer.Option()] = "0.4,0.5,0.6,0.7,0.8,0.9",
    min_length_s: Annotated[float, typer.Option(help="Shorter smiles are not counted.")] = 1.0,
    config: Annotated[Path | None, typer.Option(help="Another game.toml.")] = None,
    model: Annotated[Path | None, typer.Option(help="Another model bundle.")] = None,
    cache: Annotated[
        Path, typer.Option(help="Folder that keeps what was read in recordings.")
    ] = Path("runs/analyses"),
    out: Annotated[Path | None, typer.Option(help="Draw the curves into this PNG.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead.")] = False,
) -> None:
    """Print the proposal with its honest figures, and as lines for game.toml."""
    settings = game_settings(config)
    wanted = _numbers("--false-a-minute", false_a_minute)
    if len(wanted) != len(LEVELS):
        raise GameError(
            f"--false-a-minute: expected {len(LEVELS)} numbers, found {false_a_minute!r}."
        )
    grid = choosing.Grid(
        _numbers("--thresholds", thresholds, most=0.999),
        _numbers("--releases", releases, most=1.0),
        _numbers("--holds-s", holds_s, most=10.0),
    )
    if len(grid.holds_s) < len(LEVELS):
        raise GameError(f"--holds-s: {len(LEVELS)} levels need as many hold times at least.")
    names = mode or list(settings.modes)
    for name in names:
        if name not in settings.modes:
            raise GameError(
                f"--mode: there is no mode {name!r}; there are {', '.join(settings.modes)}."
            )
    if emotions and len(names) != 1:
        raise GameError("--emotions: name the one mode they are for with --mode.")
    analyser = make_analyser(settings)
    if model is not None:
        analyser.classifier = ExpressionClassifier(model)
    console = Console(stderr=True)
    kept = AnalysisCache(cache, settings, analyser.classifier.bundle)
    seen = [
        watch(analyser, folder, partial(track, description=folder.name, console=console), say, kept)
        for folder in folders
    ]
    for line in tallies.unknown_labels(seen, settings.modes):
        say(line)
    found: dict[str, tuple[choosing.Outcomes, list[choosing.Proposal]]] = {}
    for name in names:
        each_mode = settings.modes[name]
        now = [
            choosing.Figures.of(
                tallies.tally(seen, each_mode, settings.rounds[name, level], min_length_s)
            )
            for level in LEVELS
        ]
        if now[0].shown == 0:
            raise GameError(
                f"Nothing to choose {name} by: no segment of {min_length_s:g} s or more is"
                f" labelled {' or '.join(each_mode.truth) or 'so'}.",
                hint=f"The labels that must lose are `truth` in [modes.{name}].",
            )
        for weights in map(_weights, emotions) if emotions else (each_mode.weights,):
            title = f"{name} by {_written(weights)}"
            outcomes = choosing.judge_all(
                seen,
                each_mode,
                replace(settings.rounds[name, 1], weights=weights),
                grid,
                min_length_s,
                partial(track, description=title, console=console),
            )
            found[title] = outcomes, choosing.propose(outcomes, wanted, now)
    if out is not None:
        from emotion_game.tools.choosing_plot import plot_choices

        plot_choices(out, found)
    if as_json:
        content = {
            title: [asdict(each) for each in proposals] for title, (_, proposals) in found.items()
        }
        print(json.dumps(content, indent=1))
        return
    for title, (_, proposals) in found.items():
        _print(title, proposals)


def _print(title: str, proposals: list[choosing.Proposal]) -> None:
    print(title)
    for each in proposals:
        print(f"  level {each.level}, wanted {each.wanted:g} false losses a minute")
        if not each.reached:
            print("    no numbers keep within that; these come closest")
        expected = each.validated.line() if each.validated.shown else "unknown: too few people"
        print(f"    expected  {expected}")
        print(f"    fitted    {each.fitted.line()}")
        print(f"    today     {each.now.line()}")
    name = title.split()[0]
    for each in proposals:
        print(f"[modes.{name}.{each.level}]")
        print(f"threshold = {each.numbers.threshold:g}")
        print(f"release_threshold = {each.numbers.release_threshold:g}")
        print(f"hold_s = {each.numbers.hold_s:g}")


def _numbers(option: str, text: str, most: float = float("inf")) -> tuple[float, ...]:
    try:
        numbers = tuple(float(each) for each in text.split(","))
    except ValueError as error:
        raise GameError(f"{option}: expected numbers between commas, found {text!r}.") from error
    least = 0.0 if option == "--false-a-minute" else 1e-6
    if not all(least <= each <= most for each in numbers):
        raise GameError(f"{option}: expected numbers from 0 to {most:g}, found {text!r}.")
    return numbers if option == "--false-a-minute" else tuple(sorted(set(numbers)))


def _weights(text: str) -> Weights:
    """Read "surprise=1,fear=0.5"."""
    weights: Mapping[str, float]
    try:
        weights = {
            name.strip(): float(weight)
            for name, weight in (part.split("=") for part in text.split(","))
        }
    except ValueError as error:
        raise GameError(
            f'--emotions: expected "surprise=1,fear=0.5" or the like, found {text!r}.'
        ) from error
    if unknown := [name for name in weights if name not in EMOTIONS]:
        raise GameError(
            f"--emotions: unknown {', '.join(unknown)}; there are {', '.join(EMOTIONS)}."
        )
    if not all(0.0 < weight <= 1.0 for weight in weights.values()):
        raise GameError(f"--emotions: expected weights above 0 and up to 1, found {text!r}.")
    return tuple(weights.items())


def _written(weights: Weights) -> str:
    return " + ".join(name if weight == 1.0 else f"{weight:g} {name}" for name, weight in weights)


if __name__ == "__main__":
    run_script(main)
