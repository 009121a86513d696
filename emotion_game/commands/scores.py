"""``emotion-game scores``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from emotion_game.commands.console import (
    BoothFlag,
    JsonFlag,
    LevelOption,
    ModeOption,
    print_json,
    say,
    stdout,
)
from emotion_game.errors import GameError

if TYPE_CHECKING:
    from emotion_game.scores.board import ScoreBoard

app = typer.Typer(help="The score board: list, clips, export, delete.", no_args_is_help=True)
DatabaseOption = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        help="sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE; none: as"
        " game.toml says, else EMOTION_GAME_DATABASE_URL, else the file in your data folder.",
    ),
]
ConfigOption = Annotated[
    Path | None, typer.Option(help="Another game.toml; with --booth, another kiosk.toml.")
]


def open_the_board(url: str | None, config: Path | None, booth: bool | None) -> ScoreBoard:
    """Open the board that the game itself would; where settings name it, say which that is.

    Args:
        url: what was named; None: as the settings say.
        config: see :func:`~emotion_game.kiosk.resolution.resolve`.
        booth: the same.

    Raises:
        GameError: when settings or URL have faults.
    """
    from emotion_game.kiosk.resolution import resolve
    from emotion_game.scores.board import open_board

    if url is not None:
        return open_board(url)
    resolved = resolve(config, booth)
    named = resolved.database_url()
    board = open_board(named)
    if named is not None or resolved.kiosk_path is not None:
        say(f"settings: {', '.join(map(str, resolved.files))}; score board: {board.label}")
    return board


@app.command("list")
def scores_list(
    mode: ModeOption = None,
    level: LevelOption = None,
    marathon: Annotated[bool, typer.Option("--marathon", help="Marathons alone.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Results of each board.")] = 10,
    json_: JsonFlag = False,
    database: DatabaseOption = None,
    config: ConfigOption = None,
    booth: BoothFlag = None,
) -> None:
    """List the best results of each mode and level, and of the marathons."""
    from emotion_game.game.types import MARATHON_LEVEL
    from emotion_game.kiosk.resolution import resolve
    from emotion_game.tools.scores import list_scores

    if marathon and level is not None:
        raise typer.BadParameter("give either --level or --marathon", param_hint="--marathon")
    board = open_the_board(database, config, booth)
    wanted = MARATHON_LEVEL if marathon else level
    listed = list_scores(board, mode, wanted, limit, lambda: resolve(config, booth).game().modes)
    for fault in board.faults:
        say(fault)
    if json_:
        print_json(listed)
        return
    if not listed["results"]:
        print("No results yet.")
        return
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for heading in ("mode", "level", "rank", "player", "points", "outcome", "second", "UTC"):
        table.add_column(heading, no_wrap=True)
    for each in listed["results"]:
        # A nickname may hold what Rich takes for markup.
        where = "marathon" if each["marathon"] else each["level"]
        cells = (each["mode"], where, each["rank"], escape(each["nickname"] or "-"))
        told = (each["points"], each["outcome"], f"{each['decided_s']:.1f}")
        when = each["finished_at"][: len("2026-01-01T00:00")].replace("T", " ")
        table.add_row(*map(str, (*cells, *told, when)))
    stdout.print(table)


@app.command("clips")
def scores_clips(
    json_: JsonFlag = False,
    database: DatabaseOption = None,
    config: ConfigOption = None,
    booth: BoothFlag = None,
) -> None:
    """Tell how hard each clip is: plays, losses, median second of the loss."""
    from emotion_game.tools.scores import clip_statistics

    board = open_the_board(database, config, booth)
    clips = clip_statistics(board)
    for fault in board.faults:
        say(fault)
    if json_:
        print_json({"clips": clips})
        return
    if not clips:
        print("No results yet.")
        return
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for heading in ("clip", "plays", "losses", "lost", "median s", "void"):
        table.add_column(heading)
    for each in clips:
        middle = "-" if each["median_loss_s"] is None else f"{each['median_loss_s']:.1f}"
        share = f"{each['losses'] / each['plays']:.0%}" if each["plays"] else "-"
        table.add_row(
            *(escape(each["clip_id"]), str(each["plays"]), str(each["losses"])),
            *(share, middle, str(each["voids"])),
        )
    stdout.print(table)


@app.command("export")
def scores_export(
    file: Annotated[Path | None, typer.Argument(help="A CSV file; none: stdout.")] = None,
    database: DatabaseOption = None,
    config: ConfigOption = None,
    booth: BoothFlag = None,
) -> None:
    """Write all results as CSV."""
    from emotion_game.tools.scores import export_scores

    board = open_the_board(database, config, booth)
    count = export_scores(board, file)
    for fault in board.faults:
        say(fault)
    if file is not None:
        print(f"{file}: {count} result(s)")


@app.command("delete")
def scores_delete(
    nickname: Annotated[str, typer.Argument(help="Whose results to delete.")],
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
    database: DatabaseOption = None,
    config: ConfigOption = None,
    booth: BoothFlag = None,
) -> None:
    """Delete all results of a player."""
    from emotion_game.tools.scores import delete_player

    def agreed(question: str) -> bool:
        try:
            return yes or typer.confirm(question, err=True)
        except typer.Abort:  # Nobody is there to answer.
            return False

    board = open_the_board(database, config, booth)
    count = delete_player(board, nickname, agreed)
    for fault in board.faults:
        say(fault)
    if count == 0:
        raise GameError("Nothing was deleted.", hint="With --yes nobody is asked.")
    print(f"{count} result(s) of {nickname} deleted")
