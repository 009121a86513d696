"""Measure the game on recorded players: laughs caught, false losses a minute, delay, gaps.

To choose thresholds with --sweep or scripts/choose_rules.py, take other recordings than those
whose figures you report.
"""

from __future__ import annotations

import json
import shlex
import sys
from dataclasses import asdict, replace
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
from emotion_game.game.judge import RoundRules
from emotion_game.tools import tallies
from emotion_game.tools.analyses import AnalysisCache
from emotion_game.tools.recordings import UNREAD_S, Recordings, watch
from emotion_game.vision.classifier import ExpressionClassifier

TAGS = "skin,age,glasses,beard,hat,light"


def main(
    folders: Annotated[
        list[Path], typer.Argument(help="Folders of recordings with their ground_truth.json.")
    ],
    config: Annotated[Path | None, typer.Option(help="Another game.toml.")] = None,
    model: Annotated[Path | None, typer.Option(help="Another model bundle.")] = None,
    against: Annotated[
        Path | None, typer.Option(help="A second bundle, compared on the same recordings.")
    ] = None,
    tags: Annotated[str, typer.Option(help='Tags to slice by; "" for none.')] = TAGS,
    html: Annotated[
        Path | None, typer.Option(help="Write a page with the moments that went wrong.")
    ] = None,
    pictures_level: Annotated[
        int, typer.Option(min=1, max=3, help="Level whose moments and slices are shown.")
    ] = 1,
    min_length_s: Annotated[float, typer.Option(help="Shorter smiles are not counted.")] = 1.0,
    sweep: Annotated[bool, typer.Option("--sweep", help="Print thresholds x hold times.")] = False,
    thresholds: Annotated[str, typer.Option(help="To sweep.")] = "0.3,0.4,0.5,0.6,0.7,0.8,0.9",
    holds_s: Annotated[str, typer.Option(help="To sweep.")] = "0.3,0.4,0.5,0.65,0.8",
    cache: Annotated[
        Path, typer.Option(help="Folder that keeps what was read in recordings.")
    ] = Path("runs/analyses"),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead.")] = False,
) -> None:
    """Judge every recording at every mode and level; intervals are of 95%."""
    settings = game_settings(config)
    rules = settings.rounds
    to_sweep = _numbers("--thresholds", thresholds), _numbers("--holds-s", holds_s)
    wanted_tags = [each.strip() for each in tags.split(",") if each.strip()]
    analyser = make_analyser(settings)
    console = Console(stderr=True)

    def look(bundle: Path | None) -> list[Recordings]:
        if bundle is not None:
            analyser.classifier = ExpressionClassifier(bundle)
        kept = AnalysisCache(cache, settings, analyser.classifier.bundle)
        told = say if not seen else (lambda line: None)  # once is enough
        return [
            watch(
                analyser,
                folder,
                partial(track, description=folder.name, console=console),
                told,
                kept,
            )
            for folder in folders
        ]

    seen: list[Recordings] = []
    seen = look(model)
    others = None if against is None else look(against)
    for line in (*tallies.unknown_labels(seen, settings.modes), *_missing(seen, wanted_tags)):
        say(line)
    results: list[dict[str, Any]] = []
    levels = []
    for (mode, level), each_rules in rules.items():
        measure = partial(
            tallies.tally, mode=settings.modes[mode], rules=each_rules, min_length_s=min_length_s
        )
        counted = measure(seen)
        compared = None if others is None else tallies.compare(counted, measure(others))
        sliced = tallies.slices(seen, settings.modes[mode], each_rules, min_length_s, wanted_tags)
        results.append(
            {
                "mode": mode,
                "level": level,
                **counted.figures(),
                "slices": [{"tag": tag, "is": word, **_short(each)} for tag, word, each in sliced],
                "against": None if compared is None else asdict(compared),
            }
        )
        levels.append((mode, level, each_rules, counted, sliced, compared))
        if not as_json:
            _print_level(*levels[-1], with_slices=level == pictures_level)
    if html is not None:
        _write_page(html, model, against, seen, levels, pictures_level)
    swept = {}
    if sweep:
        for name in settings.modes:
            found = tallies.sweep(
                seen, settings.modes[name], rules[name, 1], *to_sweep, min_length_s
            )
            swept[name] = [{"threshold": at, **each.figures()} for at, _, each in found]
            if not as_json:
                Console().print(_table(name, found, to_sweep[1]))
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
        f"faces in view, no reading of the player for over {UNREAD_S} s:"
        f" {len(unread)} times, {length_s:.1f} s"
    )
    for each, name, from_s, until_s in unread:
        print(f"  {each.folder / name}: {from_s:.2f} s to {until_s:.2f} s")


Level = tuple[
    str,
    int,
    RoundRules,
    tallies.Tally,
    list[tuple[str, str, tallies.Tally]],
    tallies.Comparison | None,
]


def _print_level(
    mode: str,
    level: int,
    rules: RoundRules,
    counted: tallies.Tally,
    sliced: list[tuple[str, str, tallies.Tally]],
    compared: tallies.Comparison | None,
    *,
    with_slices: bool,
) -> None:
    print(f"{mode} {level} (hold {rules.hold_s} s): {counted.line()}")
    if compared is not None:
        print(f"  against the other bundle: {compared.line()}")
    for label, (caught, shown) in counted.caught_by_label.items():
        print(f"  {caught} of {shown} caught: {label}")
    for label, calm in sorted(counted.calm.items()):
        if calm.false_losses:
            print(f"  {calm.false_losses} false in {calm.length_s:.0f} s of {label}")
    for label, calm in sorted(counted.apart.items()):
        print(f"  apart: {calm.false_losses} lost in {calm.length_s:.0f} s of {label}")
    for note in counted.notes:
        print(f"  {note}")
    if with_slices and sliced:
        table = Table("", "caught", "", "false losses", "a minute", title=f"{mode} {level}: who")
        for tag, word, each in sliced:
            table.add_row(f"{tag}: {word}", *_row(each))
        Console().print(table)


def _row(counted: tallies.Tally) -> tuple[str, str, str, str]:
    caught = tallies.share(counted.caught, counted.shown)
    false = tallies.per_minute(counted.false_losses, counted.calm_s)
    return (
        f"{counted.caught} of {counted.shown}",
        f"{caught.low:.0%} to {caught.high:.0%}" if caught else "",
        f"{counted.false_losses} in {counted.calm_s:.0f} s",
        f"{false.value:.2f} ({false.low:.2f} to {false.high:.2f})" if false else "",
    )


def _short(counted: tallies.Tally) -> dict[str, Any]:
    """Return the figures of a slice without its notes."""
    return {key: value for key, value in counted.figures().items() if key != "notes"}


def _missing(seen: list[Recordings], tags: list[str]) -> list[str]:
    """Say where tags are missing; folders without any have none to slice by, unless asked for.

    Raises:
        GameError: when no recording has one of the tags that were asked for.
    """
    known = {tag for each in seen for words in each.tags.values() for tag in words}
    if unknown := [] if tags == TAGS.split(",") else [tag for tag in tags if tag not in known]:
        raise GameError(
            f"--tags: no recording has a tag {', '.join(unknown)};"
            f" they have {', '.join(sorted(known)) or 'none'}."
        )
    return list(tallies.without_tags(seen, tags))


def _write_page(
    out: Path,
    model: Path | None,
    against: Path | None,
    seen: list[Recordings],
    levels: list[Level],
    pictures_level: int,
) -> None:
    from emotion_game.tools import players_page

    figures = [players_page.LevelFigures(*each) for each in levels]
    shown = [
        replace(each, strips=list(players_page.make_strips(seen, each.tally, each.rules)))
        if each.level == pictures_level
        else replace(each, slices=())
        for each in figures
    ]
    names = " and ".join(each.folder.name for each in seen)
    bundles = "the active bundle" if model is None else str(model)
    if against is not None:
        bundles += f" against {against}"
    unread = [
        f"{each.folder / name}: {from_s:.2f} to {until_s:.2f} s"
        for each in seen
        for name, from_s, until_s in each.unread()
    ]
    players_page.write_page(out, f"{names}: {bundles}", shlex.join(sys.argv), shown, unread)


def _numbers(option: str, text: str) -> list[float]:
    try:
        return [float(each) for each in text.split(",")]
    except ValueError as error:
        raise GameError(f"{option}: expected numbers between commas, found {text!r}.") from error


def _table(
    mode: str, found: list[tuple[float, float, tallies.Tally]], holds_s: list[float]
) -> Table:
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
            false = tallies.per_minute(tally.false_losses, tally.calm_s)
            late = "-" if tally.excess_s is None else f"{tally.excess_s:+.2f}"
            cells.append(f"{tally.caught} | {false.value if false else 0.0:.2f} | {late}")
        table.add_row(f"{row[0][0]:g}", *cells)
    return table


if __name__ == "__main__":
    run_script(main)
