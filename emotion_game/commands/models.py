"""``emotion-game models``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from emotion_game.commands.console import JsonFlag, print_json, say, stdout
from emotion_game.errors import GameError

if TYPE_CHECKING:
    from emotion_game.tools.models import Comparison
    from emotion_game.vision.bundle import Task
    from emotion_game.vision.held_back import Share

app = typer.Typer(help="List, install, choose and verify models.", no_args_is_help=True)
#: By heading, the ending of the figure's name in model.json; before it stands which pictures.
#: Keys are values of ``Task``, which is imported late: what follows it may be missing here.
SHOWN = {
    "expression": {
        "accuracy": "_accuracy",
        "AUC happiness": "_auc_happiness",
        "AUC surprise": "_auc_surprise",
        "ECE": "_ece",
    },
    "face-detection": {"AP50": "_ap50", "recall": "_recall"},
}
TITLES = {"expression": "expression", "face-detection": "face detector"}


@app.command("list")
def models_list(json_: JsonFlag = False) -> None:
    """List the shipped and the installed bundles."""
    from emotion_game.tools.models import list_bundles
    from emotion_game.vision.bundle import Task

    classifiers, detectors = (list_bundles(task) for task in Task)
    if json_:
        print_json({"models": classifiers, "detectors": detectors})
        return
    _show_bundles(Task.EXPRESSION, classifiers)
    _show_bundles(Task.DETECTION, detectors)
    print("* plays now; figures of different pictures cannot be compared")
    for each in (*classifiers, *detectors):
        if each["fault"]:
            say(each["fault"])


def _show_bundles(task: Task, bundles: list[dict[str, Any]]) -> None:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for heading in ("", TITLES[task], "version", "installed", *SHOWN[task], "on"):
        table.add_column(heading, no_wrap=heading in (TITLES[task], "version"))
    for each in bundles:
        row = ["*" if each["active"] else "", each["name"], each["version"] or "broken"]
        row.append((each["installed"] or "")[: len("2026-01-01")])
        metrics: dict[str, float] = each["metrics"]
        # A detector's last group is all pictures; a classifier's figures are of one set.
        sets = [key.removesuffix(_main(task)) for key in metrics if key.endswith(_main(task))]
        measured = sets[-1] if sets else ""
        for ending in SHOWN[task].values():
            figure = metrics.get(measured + ending)
            row.append("" if figure is None else f"{figure:.3f}")
        faces = metrics.get(f"{measured}_faces")
        told = measured.replace("_", " ")
        row.append(told if faces is None else f"{told}, {faces:.0f} faces")
        table.add_row(*(escape(cell) for cell in row))
    stdout.print(table)


def _main(task: Task) -> str:
    return next(iter(SHOWN[task].values()))


@app.command("use")
def models_use(
    source: Annotated[
        str | None,
        typer.Argument(help="A bundle's folder or ZIP file, an installed name, or shipped."),
    ] = None,
    rollback: Annotated[
        bool, typer.Option("--rollback", help="Go back to the bundle used before.")
    ] = False,
    detector: Annotated[
        bool,
        typer.Option("--detector", help="With --rollback or shipped: the face detector's."),
    ] = False,
) -> None:
    """Check a bundle, install it for this user and play with it from now on.

    Where a classifier's bundle brings figures on held-back faces, what the game's thresholds will
    catch with it is shown beside what they catch now.
    """
    from emotion_game.tools.models import compare, find, use
    from emotion_game.vision.bundle import Task
    from emotion_game.vision.installed import SHIPPED, roll_back

    if rollback == (source is not None):
        raise typer.BadParameter("give either a bundle or --rollback", param_hint="source")
    task = Task.DETECTION if detector else Task.EXPRESSION
    if source is None:
        name = roll_back(task)
    else:
        if detector and source != SHIPPED:
            raise typer.BadParameter("only for --rollback and shipped", param_hint="--detector")
        name, task = find(source, task)
        if task is Task.EXPRESSION and name != SHIPPED:
            _show_comparison(name, compare(name))
        use(name, task)
    print(f"{'' if task is Task.EXPRESSION else 'the face detector '}{name} plays from now on")


def _show_comparison(name: str, found: Comparison | None) -> None:
    if found is None:
        return
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    headings = ("mode", "level", "score", "", "faces", "new", found.against)
    for heading in headings if found.against else headings[:-1]:
        table.add_column(heading, no_wrap=True)
    for each in found.rows:
        told = (each.mode, " ".join(map(str, each.levels)), f"{each.threshold:g}")
        for what, new, old in (
            ("caught", each.new.caught, None if each.old is None else each.old.caught),
            ("false alarms", each.new.alarms, None if each.old is None else each.old.alarms),
        ):
            faces = "0" if new is None else str(new.of)
            cells = [*told, what, faces, _share(new)]
            table.add_row(*map(escape, [*cells, _share(old)] if found.against else cells))
            told = ("", "", "")
    stdout.print(
        f"What the game's thresholds catch in {found.faces} faces"
        f" ({found.split.replace('_', ' ')}), one at a time, with 95% intervals:",
        highlight=False,
        soft_wrap=True,
    )
    stdout.print(table)
    if found.against != found.before:
        other = f"the comparison is with {found.against}" if found.against else "there is none"
        say(f"{found.before or 'What plays'} was not measured on these faces; {other}.")
    worse = [each for each in found.rows if each.loses]
    if worse:
        named = ", ".join(f"{each.mode} {each.threshold:g}" for each in worse)
        say(
            f"{name} catches fewer faces than {found.against}, beyond chance: {named}."
            " Go back with `emotion-game models use --rollback`, or lower the thresholds."
        )


def _share(found: Share | None) -> str:
    if found is None:
        return "-"
    return f"{found.value:.0%} ({100 * found.low:.0f} to {100 * found.high:.0f})"


@app.command("verify")
def models_verify(
    folder: Annotated[
        Path | None, typer.Argument(help="A bundle's folder; none: those that play.")
    ] = None,
    json_: JsonFlag = False,
) -> None:
    """Check a bundle's contract, checksums, shapes and answers."""
    from emotion_game.tools.models import verify

    try:
        report = verify(folder)
    except GameError as error:
        if json_:
            print_json({"ok": False, "fault": error.message})
        raise
    if json_:
        print_json(report)
    else:
        for each in (report, report.get("detector")):
            if each is not None:
                print(f"{each['folder']}: {each['name']} {each['version']} is sound")
