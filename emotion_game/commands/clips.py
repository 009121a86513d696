"""``emotion-game clips``."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from emotion_game.commands.console import (
    BoothFlag,
    JsonFlag,
    LevelOption,
    ModeOption,
    print_json,
    progress_bar,
    say,
    stdout,
    watch,
)
from emotion_game.commands.scores import ConfigOption, DatabaseOption, open_the_board
from emotion_game.errors import GameError

app = typer.Typer(help="Your own clips: list, check, add, pack.", no_args_is_help=True)


@app.command("list")
def clips_list(
    mode: ModeOption = None,
    level: LevelOption = None,
    json_: JsonFlag = False,
    database: DatabaseOption = None,
    config: ConfigOption = None,
    booth: BoothFlag = None,
) -> None:
    """List the clips, those of the game and your own, and how hard they have proved."""
    from emotion_game.tools.clips import clip_table, list_clips

    with closing(open_the_board(database, config, booth)) as board:
        rows, faults = list_clips(mode, level, board)
    for fault in faults:
        say(fault)
    if json_:
        print_json({"clips": rows})
    else:
        stdout.print(clip_table(rows))


@app.command("check")
def clips_check(json_: JsonFlag = False) -> None:
    """Decode every clip and name what is wrong with the library."""
    from emotion_game.tools.clips import check_library

    with progress_bar() as bar:
        count, faults = check_library(lambda clip_id: watch(bar, clip_id))
    if json_:
        print_json({"ok": not faults, "clips": count, "faults": [asdict(f) for f in faults]})
    elif faults:
        table = Table("clip", "fault", "what to do")
        for fault in faults:
            table.add_row(*(Text(cell, overflow="fold") for cell in asdict(fault).values()))
        stdout.print(table)
    else:
        print(f"{count} clips, all good")
    if faults:
        raise typer.Exit(1)


@app.command("add")
def clips_add(
    films: Annotated[list[Path], typer.Argument(help="Films, or folders of films.")],
    mode: Annotated[str, typer.Option(help="Which game they are for: a mode of game.toml.")],
    level: Annotated[int, typer.Option(min=1, max=3, help="How strong they are, 1 to 3.")],
    title_en: Annotated[str, typer.Option(help="Title; by default the file's name.")] = "",
    title_ko: Annotated[str, typer.Option(help="Title in Korean.")] = "",
    licence: Annotated[
        str, typer.Option(help="Under which terms you may use it, e.g. CC-BY-4.0.")
    ] = "",
    author: Annotated[str, typer.Option(help="Who made it.")] = "",
    config: ConfigOption = None,
    booth: BoothFlag = None,
) -> None:
    """Check films, even them in size, rate and loudness, and add them to your clips."""
    from emotion_game.app import known_mode
    from emotion_game.clips.own import (
        UNKNOWN_LICENCE,
        About,
        AlreadyThereError,
        add_clip,
        find_films,
    )
    from emotion_game.kiosk.resolution import resolve
    from emotion_game.media import describe

    known_mode(resolve(config, booth).game().modes, mode)
    left_out: Counter[str] = Counter()
    sources = list(find_films(films, left_out))
    if len(sources) > 1 and (title_en or title_ko):
        raise typer.BadParameter(f"A title fits one film, but there are {len(sources)}.")
    about = About(title_en, title_ko, licence, author)
    failed = new = 0
    with progress_bar() as bar:
        for source in sources:
            try:
                added = add_clip(source, mode, level, about, watch(bar, source.name))
            except AlreadyThereError as error:
                # A run over a folder that was cut off goes on where it was.
                say(str(error))
                failed += len(sources) == 1
            except GameError as error:
                say(str(error))
                failed += 1
            else:
                new += 1
                entry = added.entry
                bar.stop()
                print(
                    f'{entry.clip_id}: "{entry.title_en}", {entry.duration_s:.1f} s, {added.done}',
                    flush=True,
                )
                bar.start()
    if left_out:
        say(describe(left_out))
    if not licence and new:
        say(f"No licence was given: noted as “{UNKNOWN_LICENCE}”. Say which with --licence.")
    if failed:
        raise typer.Exit(1)


@app.command("remove")
def clips_remove(
    clip_ids: Annotated[list[str], typer.Argument(help="Ids of your own clips.")],
) -> None:
    """Take clips that you added out of the library."""
    from emotion_game.clips.own import remove_clip

    for clip_id in clip_ids:
        remove_clip(clip_id)
        print(f"removed {clip_id}")


@app.command("pack")
def clips_pack(
    out: Annotated[Path, typer.Argument(help="The ZIP file to make.")],
    mode: ModeOption = None,
    level: LevelOption = None,
    ids: Annotated[list[str] | None, typer.Option("--id", help="Only this clip; repeat.")] = None,
) -> None:
    """Put your clips into one file for other booths."""
    from emotion_game.clips.library import load_library
    from emotion_game.clips.own import UNKNOWN_LICENCE
    from emotion_game.clips.pack import pack_clips
    from emotion_game.tools.clips import check_mode, chosen

    library = load_library()
    check_mode(mode, library)
    own = (clip for clip in library if clip.own)
    wanted = set(ids or (clip.clip_id for clip in chosen(own, mode, level)))
    with progress_bar() as bar:
        packed = pack_clips(out, wanted, watch(bar, out.name))
    print(f"{out}: {len(packed)} clip(s), {out.stat().st_size / 1e6:.1f} MB")
    private = [entry.clip_id for entry in packed if entry.licence == UNKNOWN_LICENCE]
    if private:
        say(f"Nobody said whether these may be passed on: {', '.join(private)}.")


@app.command("install")
def clips_install(
    pack: Annotated[Path, typer.Argument(help="A file that `clips pack` made.")],
) -> None:
    """Add the clips of a pack to your own, all or none."""
    from emotion_game.clips.pack import install_pack

    with progress_bar() as bar:
        installed = install_pack(pack, watch(bar, pack.name))
    for entry in installed.new:
        print(f'{entry.clip_id}: "{entry.title_en}", {entry.duration_s:.1f} s, {entry.licence}')
    for clip_id in installed.known:
        print(f"{clip_id}: in the library already")
