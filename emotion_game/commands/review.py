"""``emotion-game review``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from emotion_game.commands.console import Language, print_json, stdout
from emotion_game.errors import GameError


def review(
    folder: Annotated[
        Path | None, typer.Argument(help="Where play --record kept them; none: the usual place.")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="A game.toml that names the folder.")] = None,
    lang: Annotated[Language | None, typer.Option(help="Language of the screen.")] = None,
    list_: Annotated[
        bool, typer.Option("--list", help="Count the pictures, open nothing.")
    ] = False,
    json_: Annotated[bool, typer.Option("--json", help="With --list: as JSON.")] = False,
    delete_all: Annotated[
        bool,
        typer.Option("--delete-all", help="Delete every kept picture and what is known of it."),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --delete-all: don't ask.")] = False,
    offscreen: Annotated[
        bool, typer.Option("--offscreen", help="Leaf through with no window; nothing is labelled.")
    ] = False,
    screenshots: Annotated[
        Path | None, typer.Option(help="With --offscreen: save every screen in this folder.")
    ] = None,
) -> None:
    """Label the faces that were kept of wrong calls, for the next training."""
    from emotion_game.app import game_settings, make_folder
    from emotion_game.misreads import DEFAULT_FOLDER, Misreads

    calls = Misreads(folder or game_settings(config).record.folder or DEFAULT_FOLDER)
    counts = calls.counts()
    labelled = sum(counts.reviewed.values())
    if list_ and json_:
        print_json({"folder": str(calls.folder), **asdict(counts)})
        return
    if list_:
        table = Table("pictures", "count", title=str(calls.folder))
        for name, count in {"unreviewed": counts.unreviewed, **counts.reviewed}.items():
            table.add_row(name, str(count))
        stdout.print(table)
        return
    if delete_all:
        question = f"Delete all {counts.unreviewed + labelled} picture(s) in {calls.folder}?"
        if yes or _is_sure(question):
            print(f"{calls.delete_all()} picture(s) deleted")
        return
    if not counts.unreviewed + labelled:
        raise GameError(
            f"There are no kept pictures in {calls.folder}.",
            hint="Name another folder, or keep some with `emotion-game play --record`.",
        )
    from emotion_game.misreads.review import Review, ReviewWindow, next_step
    from emotion_game.ui.i18n import default_language

    if screenshots is not None:
        make_folder(screenshots)
    calls.settle()
    window = ReviewWindow(
        Review(calls),
        default_language() if lang is None else lang.value,
        game_settings(config).modes,
        offscreen=offscreen,
    )
    if offscreen:
        window.leaf_through(screenshots)
    else:
        window.run()
    calls.settle()
    counts = calls.counts()
    labelled = sum(counts.reviewed.values())
    print(f"{labelled} picture(s) labelled, {counts.unreviewed} left to label")
    if labelled:
        print(f"next: {next_step(calls)}")


def _is_sure(question: str) -> bool:
    try:
        return typer.confirm(question, err=True)
    except typer.Abort as error:
        raise GameError("Nothing was deleted.", hint="Answer y, or give --yes.") from error
