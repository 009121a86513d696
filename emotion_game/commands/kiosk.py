"""``emotion-game kiosk``: a booth that runs all day."""

from __future__ import annotations

import logging
import signal
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from emotion_game.commands.console import say
from emotion_game.errors import GameError

if TYPE_CHECKING:
    from emotion_game.kiosk.page.server import PatientServer
    from emotion_game.kiosk.settings import KioskSettings
    from emotion_game.kiosk.supervisor import Supervisor

app = typer.Typer(help="Run a booth all day: start, watch and mend the game.")

ConfigOption = Annotated[
    Path | None,
    typer.Option(help="Another kiosk.toml; none: your own (see kiosk pin), or the shipped one."),
]


@app.callback(invoke_without_command=True)
def kiosk(context: typer.Context, config: ConfigOption = None) -> None:
    """Start the booth: the game in the kiosk's mode, watched by a supervisor."""
    if context.invoked_subcommand is not None:
        return
    from emotion_game.kiosk import logs
    from emotion_game.kiosk import paths as places
    from emotion_game.kiosk.lock import only_one
    from emotion_game.kiosk.settings import (
        game_settings_of,
        kiosk_file,
        load_kiosk_settings,
        offered_modes,
    )
    from emotion_game.kiosk.supervisor import Places, Show, Supervisor

    path = kiosk_file(config)
    settings = load_kiosk_settings(path)
    offered_modes(settings, game_settings_of(settings).modes)
    with only_one(places.lock_file()):
        log_file = logs.log_to_file(settings.log, places.log_folder())
        say(f"settings: {path}; log: {log_file}")
        if not settings.operator.pin_hash:
            say("No PIN is set: the operator's menu cannot be opened. See: emotion-game kiosk pin.")
        commands = {show: _child("closed", show.value, path=path) for show in Show}
        commands[Show.GAME] = _child("game", path=path)
        has_board = settings.screen.leaderboard_display is not None
        supervisor = Supervisor(
            settings,
            commands,
            Places(places.crash_folder(), places.journal_file()),
            board=_child("board", path=path) if has_board else (),
        )
        for name in ("SIGTERM", "SIGINT", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), lambda *_: supervisor.stop())
        with ExitStack() as stack:
            if settings.page.enabled:
                try:
                    stack.enter_context(_page(settings, supervisor))
                    say(f"operator's page: http://{settings.page.host}:{settings.page.port}/")
                except GameError as error:
                    # Visitors are waiting: the booth opens without the page.
                    logging.getLogger(__name__).error("%s", error)
                    supervisor.report("page", error.message)
            supervisor.run()


def _child(*arguments: str, path: Path) -> list[str]:
    program = [sys.executable, "-m", "emotion_game", "kiosk"]
    return [*program, *arguments, "--config", str(path.absolute())]


def _page(settings: KioskSettings, supervisor: Supervisor) -> PatientServer:
    try:
        from emotion_game.kiosk.page.app import make_page
        from emotion_game.kiosk.page.server import PatientServer
    except ImportError as error:
        raise GameError(
            f"The operator's page needs packages that are not installed ({error.name}).",
            hint='Run: pip install "emotion-game[operator]", or set page.enabled = false.',
        ) from error
    from emotion_game.kiosk.settings import game_settings_of
    from emotion_game.scores.board import open_board

    url = game_settings_of(settings).scores.url or None
    page = make_page(settings, supervisor, open_board(url))
    tell = partial(supervisor.report, "page")
    return PatientServer(page, settings.page.host, settings.page.port, tell)


@app.command(hidden=True)
def game(config: ConfigOption = None) -> None:
    """Be the game that the supervisor starts."""
    from emotion_game.kiosk.booth import play

    _be_a_child()
    sys.exit(play(config))


@app.command(hidden=True)
def closed(why: str, config: ConfigOption = None) -> None:
    """Be the screen that says why nobody can play."""
    from emotion_game.kiosk.closed_screen import show_closed
    from emotion_game.kiosk.supervisor import Show

    _be_a_child()
    sys.exit(show_closed(Show(why), config))


@app.command(hidden=True)
def board(config: ConfigOption = None) -> None:
    """Be the leaderboard on a second display."""
    from emotion_game.kiosk.closed_screen import show_board

    _be_a_child()
    show_board(config)


def _be_a_child() -> None:
    import faulthandler

    from emotion_game.kiosk.logs import log_to_supervisor

    faulthandler.enable()
    if hasattr(signal, "SIGUSR1"):
        faulthandler.register(signal.SIGUSR1, all_threads=True)
    # Control and C on the terminal is for the supervisor, which ends its children itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    log_to_supervisor()
    logging.captureWarnings(True)


@app.command()
def pin(config: ConfigOption = None) -> None:
    """Set the operator's PIN; it is asked for, or read from standard input."""
    from emotion_game.kiosk.edit_settings import set_value
    from emotion_game.kiosk.pin import hash_pin

    path = set_value(config, "operator", "pin_hash", hash_pin(_ask_pin()))
    print(f"the PIN is set in {path}")


def _ask_pin() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    try:
        return str(
            typer.prompt("PIN, 4 to 12 digits", hide_input=True, confirmation_prompt=True, err=True)
        )
    except typer.Abort as error:
        raise GameError("No PIN was set.") from error


@app.command()
def token(config: ConfigOption = None) -> None:
    """Make a token that lets Prometheus read the metrics; it is shown this once."""
    from emotion_game.kiosk.edit_settings import set_value
    from emotion_game.kiosk.pin import new_token

    fresh, kept = new_token()
    path = set_value(config, "page", "token_hash", kept)
    say(f"Its hash is kept in {path}; the token itself is shown only now:")
    print(fresh)


@app.command()
def install(config: ConfigOption = None) -> None:
    """Start the kiosk whenever this user logs in."""
    from emotion_game.kiosk import autostart
    from emotion_game.kiosk.settings import kiosk_file, load_kiosk_settings

    load_kiosk_settings(kiosk_file(config))
    path, left = autostart.install(config)
    print(f"installed {path}")
    if left:
        say(f"The system did not take it; run by hand: {left}")


@app.command()
def uninstall() -> None:
    """Don't start the kiosk by itself any more."""
    from emotion_game.kiosk import autostart

    path, left = autostart.uninstall()
    print(f"removed {path}")
    if left:
        say(f"The system did not take it; run by hand: {left}")
