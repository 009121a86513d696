"""The command line: parses, then calls ``app`` or a tool. The contract is in the README.

JSON goes to stdout alone, everything else to stderr. Exit code 0: done; 1: failed, with one clear
line; 2: wrong usage.
"""

from __future__ import annotations

import errno
import logging
import os
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

import typer
from typer.exceptions import TyperException

from emotion_game import __version__
from emotion_game.addresses import hide_secrets
from emotion_game.commands import clips, diagnose, kiosk, models, play, review, scores
from emotion_game.commands.console import keep_libraries_quiet, say
from emotion_game.errors import GameError
from emotion_game.files import FULL

#: What a system says when nobody reads what is printed any more, or there is no space for it.
_STDOUT_FAULTS = FULL | {errno.EPIPE, errno.EIO}

# The app and the tools import OpenCV, pygame and LiteRT, so each command imports only its own.
app = typer.Typer(
    name="emotion-game",
    help="Keep a straight face while a clip plays and the camera watches.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _command in (
    play.play,
    diagnose.faces,
    diagnose.judge,
    diagnose.bench,
    diagnose.doctor,
    review.review,
):
    app.command()(_command)
app.add_typer(models.app, name="models")
app.add_typer(scores.app, name="scores")
app.add_typer(clips.app, name="clips")
app.add_typer(kiosk.app, name="kiosk")


def run_script(command: Callable[..., None] | typer.Typer) -> None:
    """Run a script of ``scripts/``: a fault of the game's own is one line, not a traceback."""
    # What stands in its place has no descriptor; the tests put something there.
    if sys.stderr is sys.__stderr__:
        keep_libraries_quiet()
    try:
        command() if isinstance(command, typer.Typer) else typer.run(command)
    except GameError as error:
        say(str(error))
        sys.exit(error.exit_code)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit; without a command, play."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or (given[0].startswith("-") and given[0] not in {"-h", "--help"}):
        given.insert(0, "play")
    # A kiosk's supervisor logs what libraries print in its children.
    if arguments is None and given[0] != "kiosk":
        keep_libraries_quiet()
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    for stream in (sys.stdout, sys.stderr):
        # File names may hold characters that a Windows console code page lacks.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _run(given)
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        # What belongs to a file has its name; this is what was printed.
        if error.filename is not None or error.errno not in _STDOUT_FAULTS:
            raise
        # Python would try to write the rest, and complain, once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        say(f"Cannot write to stdout: {error.strerror}. Send it elsewhere, or free some space.")
        code = 1
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    """Run a command and return its exit code; what is wrong is one line on stderr."""
    if arguments == ["play", "--version"]:
        print(__version__)
        return 0
    try:
        code = app(arguments, prog_name="emotion-game", standalone_mode=False)
    except GameError as error:
        say(str(error))
        return error.exit_code
    except TyperException as error:
        message = error.format_message() if hasattr(error, "format_message") else str(error)
        # It repeats what was given, which may be the address of a camera with its password.
        message = hide_secrets(message, *arguments)
        say(f"{' '.join(message.split())} Try: emotion-game --help.")
        return getattr(error, "exit_code", 2)
    except ImportError as error:
        say(
            f"A library cannot be loaded: {' '.join(str(error).split())}."
            " Install the game again (in its checkout: make clean play)."
        )
        return 1
    except KeyboardInterrupt:
        return 130
    return code if isinstance(code, int) else 0
