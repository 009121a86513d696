"""``emotion-game play``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import platformdirs
import typer

from emotion_game.commands.console import Language, LevelOption, ModeOption, say
from emotion_game.errors import GameError, ScreenError
from emotion_game.game.types import MatchResult, Outcome, RoundResult


class Player(StrEnum):
    """Choices of ``--player``."""

    AUTO = "auto"
    VLC = "vlc"
    PYAV = "pyav"


def play(
    mode: ModeOption = None,
    level: LevelOption = None,
    duel: Annotated[
        bool,
        typer.Option("--duel", help="Two players before one camera; it goes on no score board."),
    ] = False,
    players: Annotated[
        int | None,
        typer.Option(min=1, max=4, help="So many before one camera; the last straight face wins."),
    ] = None,
    clip: Annotated[Path | None, typer.Option(help="Play this clip.")] = None,
    camera: Annotated[
        str | None,
        typer.Option(help="Device number, video or picture file, http:// stream, or demo."),
    ] = None,
    player: Annotated[Player, typer.Option(help="What plays the clips.")] = Player.AUTO,
    config: Annotated[
        Path | None, typer.Option(help="Another game.toml; with --booth, another kiosk.toml.")
    ] = None,
    booth: Annotated[
        bool, typer.Option("--booth", help="With the camera and game.toml of this machine's booth.")
    ] = False,
    lang: Annotated[Language | None, typer.Option(help="Language of the screen.")] = None,
    seed: Annotated[int | None, typer.Option(help="Makes the choice of clips repeatable.")] = None,
    fullscreen: Annotated[bool, typer.Option("--fullscreen", help="Fill the screen.")] = False,
    offscreen: Annotated[
        bool, typer.Option("--offscreen", help="Play one round with no window, then end.")
    ] = False,
    screenshots: Annotated[
        Path | None, typer.Option(help="Keep a picture of every screen in this folder.")
    ] = None,
    record: Annotated[
        bool,
        typer.Option("--record", help="Ask each player to keep faces of wrong calls (see review)."),
    ] = False,
    record_folder: Annotated[
        Path | None, typer.Option(help="Where to keep them; means --record.")
    ] = None,
    json_: Annotated[
        Path | None, typer.Option("--json", help="Write the results of the rounds played.")
    ] = None,
    events: Annotated[
        Path | None,
        typer.Option(help="Record the events (times and scores, no picture) for a replay."),
    ] = None,
) -> None:
    """Play. With --mode and --level given, a round starts at once."""
    if duel and players not in (None, 2):
        raise typer.BadParameter("--duel means --players 2: leave one of them out")
    from emotion_game.app import Game, PlayOptions, open_services
    from emotion_game.kiosk.resolution import resolve

    if booth:
        resolved = resolve(config, booth=True)
        camera, config = camera or resolved.camera, resolved.game_path
    options = PlayOptions(
        mode=mode,
        level=level,
        players=players or (2 if duel else 1),
        clip=clip,
        camera=camera,
        player=player.value,
        config=config,
        language=None if lang is None else lang.value,
        seed=seed,
        fullscreen=fullscreen,
        offscreen=offscreen,
        screenshots=screenshots,
        record=record,
        record_folder=record_folder,
        results_file=json_,
        events_file=events,
        rounds=1 if offscreen else None,
    )
    try:
        services = open_services(options)
    except ScreenError as error:
        if offscreen:
            raise
        folder = screenshots or Path(platformdirs.user_cache_dir("emotion-game")) / "screenshots"
        say(f"{error.message} One round is played offscreen instead.")
        options = replace(options, offscreen=True, rounds=1, screenshots=folder)
        services = open_services(options)
    game = Game(options, services)
    try:
        game.run()
    finally:
        # The result is printed, also when the file with its details could not be written.
        if options.offscreen:
            _report(game.results, game.matches)
    if options.offscreen:
        if options.screenshots is not None:
            print(f"screenshots: {options.screenshots}")
        _refuse_void(game.results, game.matches)


def _report(results: Sequence[RoundResult], matches: Sequence[MatchResult]) -> None:
    for each in matches:
        where = f"{each.mode} level {each.level}, clip {each.clip_id or 'none'}"
        players = len(each.out_s)
        kind = "duel" if players == 2 else f"match of {players}"
        print(f"{kind}: {_verdict(each)} ({where}; {each.reason.value})")
    for result in results:
        where = f"{result.mode} level {result.level}"
        if result.clip_id:
            where += f", clip {result.clip_id}"
        at = f" after {result.decided_s:.1f} of {result.duration_s:.1f} s" if result.clip_id else ""
        print(f"{result.outcome.value}{at} ({where}; {result.reason.value})")


def _refuse_void(results: Sequence[RoundResult], matches: Sequence[MatchResult]) -> None:
    void = [result.reason for result in results if result.outcome is Outcome.VOID]
    void += [each.reason for each in matches if each.void]
    if void:
        raise GameError(
            f"The round was void: {void[-1].value.replace('_', ' ')}.",
            hint="Run `emotion-game doctor`.",
        )


def _verdict(result: MatchResult) -> str:
    if result.void:
        return "void"
    if result.winner is None:
        return "a draw"
    if len(result.out_s) == 2:
        return f"{('left', 'right')[result.winner]} won"
    return f"player {result.winner + 1} won"
