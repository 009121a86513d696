"""What every command shares: the two streams, options that mean the same everywhere, bars."""

from __future__ import annotations

import faulthandler
import json
import os
import sys
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from emotion_game.addresses import hide_secrets

#: JSON and tables alone; everything else goes to ``stderr``.
stdout = Console()
stderr = Console(stderr=True)


#: Set to anything, it lets C libraries write to the terminal.
DEBUG = "EMOTION_GAME_DEBUG"


class Language(StrEnum):
    """Choices of ``--lang``."""

    KO = "ko"
    EN = "en"


LevelOption = Annotated[int | None, typer.Option(min=1, max=3, help="How hard, 1 to 3.")]
ModeOption = Annotated[
    str | None,
    typer.Option(help="happy: don't laugh; surprise: don't flinch; or one of your own."),
]
BoothFlag = Annotated[
    bool | None,
    typer.Option(
        "--booth/--no-booth",
        help="With the booth's settings (--config then names a kiosk.toml), or without; none: with"
        " them where a kiosk.toml of your own is.",
    ),
]
JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON to stdout.")]


def keep_libraries_quiet() -> None:
    """Leave standard error to this program: what C libraries print by themselves goes nowhere.

    LiteRT, ALSA, FFmpeg and VLC write to descriptor 2 as they please, at any time and from any
    thread; what matters of it comes as an exception too. Ours moves to a descriptor of its own.
    With EMOTION_GAME_DEBUG set, theirs is shown as well.
    """
    if os.environ.get(DEBUG) or sys.stderr is None:
        return
    sys.stderr.flush()
    own = os.dup(sys.stderr.fileno())
    sys.stderr = open(own, "w", encoding=sys.stderr.encoding, buffering=1)  # noqa: PTH123, SIM115
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    # A library's last words would be lost; where it happened is not.
    faulthandler.enable()


def progress_bar() -> Progress:
    """Return a progress bar on stderr, where that is a terminal; it is gone when it is done."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        console=stderr,
        transient=True,
        disable=not stderr.is_terminal,
    )


def watch(bar: Progress, name: str) -> Callable[[float], None]:
    """Show the next job in the bar; return what to call with the share that is done."""
    for task in bar.task_ids:
        bar.remove_task(task)
    task = bar.add_task(escape(name), total=1.0)
    return lambda share: bar.update(task, completed=share)


def print_json(content: dict[str, Any]) -> None:
    """Print one line of JSON to stdout."""
    # What the output cannot encode has to become \uXXXX, which JSON knows; \xXX it does not.
    plain = (sys.stdout.encoding or "").lower() not in {"utf-8", "utf8"}
    print(json.dumps(content, ensure_ascii=plain), flush=True)


def say(line: str) -> None:
    """Print one line for a person to stderr."""
    stderr.print(hide_secrets(line), style="yellow", highlight=False, markup=False, soft_wrap=True)
