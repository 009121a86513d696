"""``emotion-game models``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from emotion_game.commands.console import JsonFlag, print_json, say, stdout
from emotion_game.errors import GameError

app = typer.Typer(help="List, install, choose and verify models.", no_args_is_help=True)
_SHOWN_METRICS = ("accuracy", "AUC happiness", "AUC surprise", "ECE")


@app.command("list")
def models_list(json_: JsonFlag = False) -> None:
    """List the shipped and the installed bundles."""
    from emotion_game.tools.models import list_bundles

    bundles = list_bundles()
    if json_:
        print_json({"models": bundles})
        return
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for heading in ("", "name", "version", "installed", *_SHOWN_METRICS):
        table.add_column(heading, no_wrap=heading == "name")
    for each in bundles:
        row = ["*" if each["active"] else "", each["name"], each["version"] or "broken"]
        row.append((each["installed"] or "")[: len("2026-01-01")])
        for shown in _SHOWN_METRICS:
            ending = "_" + shown.lower().replace(" ", "_")
            found = [each["metrics"][key] for key in each["metrics"] if key.endswith(ending)]
            row.append(f"{found[0]:.3f}" if found else "")
        table.add_row(*(escape(cell) for cell in row))
    stdout.print(table)
    print("* plays now")
    for each in bundles:
        if each["fault"]:
            say(each["fault"])


@app.command("use")
def models_use(
    source: Annotated[
        str | None,
        typer.Argument(help="A bundle's folder or ZIP file, an installed name, or shipped."),
    ] = None,
    rollback: Annotated[
        bool, typer.Option("--rollback", help="Go back to the bundle used before.")
    ] = False,
) -> None:
    """Check a bundle, install it for this user and play with it from now on."""
    from emotion_game.tools.models import use
    from emotion_game.vision.installed import roll_back

    if rollback == (source is not None):
        raise typer.BadParameter("give either a bundle or --rollback", param_hint="source")
    name = roll_back() if source is None else use(source)
    print(f"{name} plays from now on")


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
