"""The command line: parses, then calls ``app`` or a tool. The contract is in the README.

JSON goes to stdout alone, everything else to stderr. Exit code 0: done; 1: failed, with one clear
line; 2: wrong usage.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import platformdirs
import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
from rich.table import Table
from rich.text import Text
from typer.exceptions import TyperException

from emotion_game import __version__
from emotion_game.errors import GameError, ScreenError
from emotion_game.game.types import Mode, Outcome, RoundResult

# The app and the tools import OpenCV, pygame and LiteRT, so each command imports only its own.
app = typer.Typer(
    name="emotion-game",
    help="Keep a straight face while a clip plays and the camera watches.",
    add_completion=False,
    pretty_exceptions_enable=False,
)
models_app = typer.Typer(help="List, install, choose and verify models.", no_args_is_help=True)
app.add_typer(models_app, name="models")
scores_app = typer.Typer(help="The score board: list, clips, export, delete.", no_args_is_help=True)
app.add_typer(scores_app, name="scores")
clips_app = typer.Typer(help="Your own clips: list, check, add, pack.", no_args_is_help=True)
app.add_typer(clips_app, name="clips")
_SHOWN_METRICS = ("accuracy", "AUC happiness", "AUC surprise", "ECE")
_stderr = Console(stderr=True)
_stdout = Console()


class Player(StrEnum):
    """Choices of ``--player``."""

    AUTO = "auto"
    VLC = "vlc"
    PYAV = "pyav"


class Language(StrEnum):
    """Choices of ``--lang``."""

    KO = "ko"
    EN = "en"


LevelOption = Annotated[int | None, typer.Option(min=1, max=3, help="How hard, 1 to 3.")]
ModeOption = Annotated[
    Mode | None, typer.Option(help="happy: don't laugh; surprise: don't flinch.")
]
JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON to stdout.")]


@app.command()
def play(
    mode: ModeOption = None,
    level: LevelOption = None,
    clip: Annotated[Path | None, typer.Option(help="Play this clip.")] = None,
    camera: Annotated[
        str | None,
        typer.Option(help="Device number, video or picture file, http:// stream, or demo."),
    ] = None,
    player: Annotated[Player, typer.Option(help="What plays the clips.")] = Player.AUTO,
    config: Annotated[Path | None, typer.Option(help="Another game.toml.")] = None,
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
    from emotion_game.app import Game, PlayOptions

    options = PlayOptions(
        mode=mode,
        level=level,
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
        game = Game(options)
    except ScreenError as error:
        if offscreen:
            raise
        folder = screenshots or Path(platformdirs.user_cache_dir("emotion-game")) / "screenshots"
        _say(f"{error.message} One round is played offscreen instead.")
        options = replace(options, offscreen=True, rounds=1, screenshots=folder)
        game = Game(options)
    results = game.run()
    if options.offscreen:
        _report(results, options.screenshots)


def _report(results: Sequence[RoundResult], screenshots: Path | None) -> None:
    for result in results:
        where = f"{result.mode.value} level {result.level}"
        if result.clip_id:
            where += f", clip {result.clip_id}"
        at = f" after {result.decided_s:.1f} of {result.duration_s:.1f} s" if result.clip_id else ""
        print(f"{result.outcome.value}{at} ({where}; {result.reason.value})")
    if screenshots is not None:
        print(f"screenshots: {screenshots}")
    if any(result.outcome is Outcome.VOID for result in results):
        raise GameError(
            f"The round was void: {results[-1].reason.value.replace('_', ' ')}.",
            hint="Run `emotion-game doctor`.",
        )


@app.command()
def faces(
    paths: Annotated[list[Path], typer.Argument(help="Pictures or folders of pictures.")],
    json_: JsonFlag = False,
    whole_image: Annotated[
        bool, typer.Option("--whole-image", help="Take each picture itself as the cropped face.")
    ] = False,
) -> None:
    """Find faces in pictures and read their expressions."""
    from emotion_game.app import game_settings, make_analyser
    from emotion_game.tools.faces import find_pictures, read_faces

    analyser = make_analyser(game_settings(None), smallest_face=0.0)
    failed = 0
    for path in find_pictures(paths):
        try:
            found = read_faces(analyser, path, whole_image=whole_image)
        except GameError as error:
            # The other pictures are still read; the exit code tells that one was not.
            _say(str(error))
            failed += 1
            continue
        if json_:
            _print_json(found)
            continue
        print(f"{path}: {len(found['faces'])} face(s)")
        for face in found["faces"]:
            share = face["emotions"][face["expression"]]
            print(f"  {face['expression']} {share:.2f} at {[round(n) for n in face['box']]}")
    if failed:
        raise typer.Exit(1)


@app.command()
def judge(
    videos: Annotated[list[Path], typer.Argument(help="Recordings of players.")],
    mode: Annotated[Mode, typer.Option(help="Which emotion loses.")],
    level: LevelOption = 1,
    json_: JsonFlag = False,
    config: Annotated[Path | None, typer.Option(help="Another game.toml.")] = None,
) -> None:
    """Judge recorded players as one endless round."""
    from emotion_game.app import game_settings, make_analyser, rule_book
    from emotion_game.tools.judging import judge_video

    settings = game_settings(config)
    rules = rule_book(settings)[mode, level or 1]
    analyser = make_analyser(settings)
    failed = 0
    for video in videos:
        try:
            verdict = judge_video(analyser, video, mode, rules)
        except GameError as error:
            _say(str(error))
            failed += 1
            continue
        if json_:
            _print_json(verdict)
            continue
        print(
            f"{video}: {verdict['duration_s']} s, face in {verdict['face_share']:.0%} of"
            f" {verdict['frames']} frames, {len(verdict['losses'])} loss(es)"
        )
        for loss in verdict["losses"]:
            print(f"  {loss['began_s']} s: lost at {loss['lost_s']} s, until {loss['ended_s']} s")
    if failed:
        raise typer.Exit(1)


@app.command()
def bench(
    camera: Annotated[str, typer.Option(help="As in play.")] = "demo",
    seconds: Annotated[float, typer.Option(min=1, max=3600, help="How long to measure.")] = 20.0,
    json_: JsonFlag = False,
) -> None:
    """Measure every stage of the running game."""
    from emotion_game.tools.bench import bench as measure

    report = measure(camera, seconds)
    if json_:
        _print_json(report)
        return
    table = Table("stage", "p50 ms", "p95 ms", "p99 ms", "count")
    for stage, ms in report.pop("stages_ms").items():
        table.add_row(stage, *(str(ms[key]) for key in ("p50", "p95", "p99", "count")))
    _stdout.print(table)
    for name, value in report.items():
        print(f"{name}: {value}")


@app.command()
def doctor(
    camera: Annotated[str, typer.Option(help="As in play.")] = "0",
    json_: JsonFlag = False,
) -> None:
    """Check that everything a round needs is there."""
    from emotion_game.tools.doctor import Status, examine

    checks = examine(camera)
    good = all(check.status is not Status.FAIL for check in checks)
    if json_:
        _print_json({"ok": good, "checks": [asdict(check) for check in checks]})
    else:
        table = Table("check", "", "found", "what to do")
        colours = {Status.OK: "green", Status.WARN: "yellow", Status.FAIL: "red"}
        for check in checks:
            mark = f"[{colours[check.status]}]{check.status.value}[/]"
            table.add_row(check.name, mark, check.found, check.hint)
        _stdout.print(table)
    if not good:
        raise typer.Exit(1)


@app.command()
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
    from emotion_game.wrong_calls import DEFAULT_FOLDER, WrongCalls

    calls = WrongCalls(folder or game_settings(config).record.folder or DEFAULT_FOLDER)
    counts = calls.counts()
    labelled = sum(counts.reviewed.values())
    if list_ and json_:
        _print_json({"folder": str(calls.folder), **asdict(counts)})
        return
    if list_:
        table = Table("pictures", "count", title=str(calls.folder))
        for name, count in {"unreviewed": counts.unreviewed, **counts.reviewed}.items():
            table.add_row(name, str(count))
        _stdout.print(table)
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
    from emotion_game.screens.i18n import default_language
    from emotion_game.tools.review import Review, ReviewWindow, next_step

    if screenshots is not None:
        make_folder(screenshots)
    calls.settle()
    window = ReviewWindow(
        Review(calls), default_language() if lang is None else lang.value, offscreen=offscreen
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


@models_app.command("list")
def models_list(json_: JsonFlag = False) -> None:
    """List the shipped and the installed bundles."""
    from emotion_game.tools.models import list_bundles

    bundles = list_bundles()
    if json_:
        _print_json({"models": bundles})
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
    _stdout.print(table)
    print("* plays now")
    for each in bundles:
        if each["fault"]:
            _say(each["fault"])


@models_app.command("use")
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


@models_app.command("verify")
def models_verify(
    folder: Annotated[
        Path | None, typer.Argument(help="A bundle's folder; none: the active bundle.")
    ] = None,
    json_: JsonFlag = False,
) -> None:
    """Check a bundle's contract, checksums, shapes and answers."""
    from emotion_game.tools.models import verify

    try:
        report = verify(folder)
    except GameError as error:
        if json_:
            _print_json({"ok": False, "fault": error.message})
        raise
    if json_:
        _print_json(report)
    else:
        print(f"{report['folder']}: {report['name']} {report['version']} is sound")


DatabaseOption = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        help="sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE; none: as"
        " EMOTION_GAME_DATABASE_URL says, or else the file in your data folder.",
    ),
]


@scores_app.command("list")
def scores_list(
    mode: ModeOption = None,
    level: LevelOption = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Results of each board.")] = 10,
    json_: JsonFlag = False,
    database: DatabaseOption = None,
) -> None:
    """List the best results of each mode and level."""
    from emotion_game.scores.board import open_board
    from emotion_game.tools.scores import list_scores

    board = open_board(database)
    listed = list_scores(board, mode, level, limit)
    for fault in board.faults:
        _say(fault)
    if json_:
        _print_json(listed)
        return
    if not listed["results"]:
        print("No results yet.")
        return
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for heading in ("mode", "level", "rank", "player", "points", "outcome", "second", "UTC"):
        table.add_column(heading, no_wrap=True)
    for each in listed["results"]:
        # A nickname may hold what Rich takes for markup.
        cells = (each["mode"], each["level"], each["rank"], escape(each["nickname"] or "-"))
        told = (each["points"], each["outcome"], f"{each['decided_s']:.1f}")
        when = each["finished_at"][: len("2026-01-01T00:00")].replace("T", " ")
        table.add_row(*map(str, (*cells, *told, when)))
    _stdout.print(table)


@scores_app.command("clips")
def scores_clips(json_: JsonFlag = False, database: DatabaseOption = None) -> None:
    """Tell how hard each clip is: plays, losses, median second of the loss."""
    from emotion_game.scores.board import open_board
    from emotion_game.tools.scores import clip_statistics

    board = open_board(database)
    clips = clip_statistics(board)
    for fault in board.faults:
        _say(fault)
    if json_:
        _print_json({"clips": clips})
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
    _stdout.print(table)


@scores_app.command("export")
def scores_export(
    file: Annotated[Path | None, typer.Argument(help="A CSV file; none: stdout.")] = None,
    database: DatabaseOption = None,
) -> None:
    """Write all results as CSV."""
    from emotion_game.scores.board import open_board
    from emotion_game.tools.scores import export_scores

    board = open_board(database)
    count = export_scores(board, file)
    for fault in board.faults:
        _say(fault)
    if file is not None:
        print(f"{file}: {count} result(s)")


@scores_app.command("delete")
def scores_delete(
    nickname: Annotated[str, typer.Argument(help="Whose results to delete.")],
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
    database: DatabaseOption = None,
) -> None:
    """Delete all results of a player."""
    from emotion_game.scores.board import open_board
    from emotion_game.tools.scores import delete_player

    def agreed(question: str) -> bool:
        try:
            return yes or typer.confirm(question, err=True)
        except typer.Abort:  # Nobody is there to answer.
            return False

    board = open_board(database)
    count = delete_player(board, nickname, agreed)
    for fault in board.faults:
        _say(fault)
    if count == 0:
        raise GameError("Nothing was deleted.", hint="With --yes nobody is asked.")
    print(f"{count} result(s) of {nickname} deleted")


@clips_app.command("list")
def clips_list(
    mode: ModeOption = None,
    level: LevelOption = None,
    json_: JsonFlag = False,
) -> None:
    """List the clips, those of the game and your own."""
    from emotion_game.clips.library import load_library
    from emotion_game.tools.clips import chosen, describe

    library = load_library()
    for fault in library.faults:
        _say(fault)
    rows = [describe(clip) for clip in chosen(iter(library), mode, level)]
    if json_:
        _print_json({"clips": rows})
        return
    table = Table("clip", "title", "제목", "s", "licence", "from")
    for row in rows:
        cells = (
            row["id"],
            row["title_en"],
            row["title_ko"],
            f"{row['duration_s']:.1f}",
            row["licence"],
            "you" if row["own"] else "the game",
        )
        # A title may hold anything: it is shown, not taken for Rich's markup.
        table.add_row(*(Text(cell, overflow="fold") for cell in cells))
    _stdout.print(table)


@clips_app.command("check")
def clips_check(json_: JsonFlag = False) -> None:
    """Decode every clip and name what is wrong with the library."""
    from emotion_game.tools.clips import check_library

    with _bar() as bar:
        count, faults = check_library(lambda clip_id: _watch(bar, clip_id))
    if json_:
        _print_json({"ok": not faults, "clips": count, "faults": [asdict(f) for f in faults]})
    elif faults:
        table = Table("clip", "fault", "what to do")
        for fault in faults:
            table.add_row(*(Text(cell, overflow="fold") for cell in asdict(fault).values()))
        _stdout.print(table)
    else:
        print(f"{count} clips, all good")
    if faults:
        raise typer.Exit(1)


@clips_app.command("add")
def clips_add(
    films: Annotated[list[Path], typer.Argument(help="Films, or folders of films.")],
    mode: Annotated[Mode, typer.Option(help="Which game they are for.")],
    level: Annotated[int, typer.Option(min=1, max=3, help="How strong they are, 1 to 3.")],
    title_en: Annotated[str, typer.Option(help="Title; by default the file's name.")] = "",
    title_ko: Annotated[str, typer.Option(help="Title in Korean.")] = "",
    licence: Annotated[
        str, typer.Option(help="Under which terms you may use it, e.g. CC-BY-4.0.")
    ] = "",
    author: Annotated[str, typer.Option(help="Who made it.")] = "",
) -> None:
    """Check films, even them in size, rate and loudness, and add them to your clips."""
    from emotion_game.clips.own import UNKNOWN_LICENCE, About, AlreadyThereError, add_clip
    from emotion_game.tools.clips import find_films

    sources = list(find_films(films))
    if len(sources) > 1 and (title_en or title_ko):
        raise typer.BadParameter(f"A title fits one film, but there are {len(sources)}.")
    about = About(title_en, title_ko, licence, author)
    failed = new = 0
    with _bar() as bar:
        for source in sources:
            try:
                added = add_clip(source, mode, level, about, _watch(bar, source.name))
            except AlreadyThereError as error:
                # A run over a folder that was cut off goes on where it was.
                _say(str(error))
                failed += len(sources) == 1
            except GameError as error:
                _say(str(error))
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
    if not licence and new:
        _say(f"No licence was given: noted as “{UNKNOWN_LICENCE}”. Say which with --licence.")
    if failed:
        raise typer.Exit(1)


@clips_app.command("remove")
def clips_remove(
    clip_ids: Annotated[list[str], typer.Argument(help="Ids of your own clips.")],
) -> None:
    """Take clips that you added out of the library."""
    from emotion_game.clips.own import remove_clip

    for clip_id in clip_ids:
        remove_clip(clip_id)
        print(f"removed {clip_id}")


@clips_app.command("pack")
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
    from emotion_game.tools.clips import chosen

    own = (clip for clip in load_library() if clip.own)
    wanted = set(ids or (clip.clip_id for clip in chosen(own, mode, level)))
    with _bar() as bar:
        packed = pack_clips(out, wanted, _watch(bar, out.name))
    print(f"{out}: {len(packed)} clip(s), {out.stat().st_size / 1e6:.1f} MB")
    private = [entry.clip_id for entry in packed if entry.licence == UNKNOWN_LICENCE]
    if private:
        _say(f"Nobody said whether these may be passed on: {', '.join(private)}.")


@clips_app.command("install")
def clips_install(
    pack: Annotated[Path, typer.Argument(help="A file that `clips pack` made.")],
) -> None:
    """Add the clips of a pack to your own, all or none."""
    from emotion_game.clips.pack import install_pack

    with _bar() as bar:
        installed = install_pack(pack, _watch(bar, pack.name))
    for entry in installed.new:
        print(f'{entry.clip_id}: "{entry.title_en}", {entry.duration_s:.1f} s, {entry.licence}')
    for clip_id in installed.known:
        print(f"{clip_id}: in the library already")


def _bar() -> Progress:
    """Return a progress bar on stderr, where that is a terminal; it is gone when it is done."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        console=_stderr,
        transient=True,
        disable=not _stderr.is_terminal,
    )


def _watch(bar: Progress, name: str) -> Callable[[float], None]:
    """Show the next job in the bar; return what is to be told the share that is done."""
    for task in bar.task_ids:
        bar.remove_task(task)
    task = bar.add_task(escape(name), total=1.0)
    return lambda share: bar.update(task, completed=share)


def _print_json(content: dict[str, Any]) -> None:
    # What the output cannot encode has to become \uXXXX, which JSON knows; \xXX it does not.
    plain = (sys.stdout.encoding or "").lower() not in {"utf-8", "utf8"}
    print(json.dumps(content, ensure_ascii=plain), flush=True)


def _say(line: str) -> None:
    _stderr.print(line, style="yellow", highlight=False, markup=False, soft_wrap=True)


def run_script(command: Callable[..., None] | typer.Typer) -> None:
    """Run a script of ``scripts/``: a fault of the game's own is one line, not a traceback."""
    try:
        command() if isinstance(command, typer.Typer) else typer.run(command)
    except GameError as error:
        _say(str(error))
        sys.exit(error.exit_code)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit; without a command, play."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given == ["--version"]:
        print(__version__)
        sys.exit(0)
    if not given or (given[0].startswith("-") and given[0] != "--help"):
        given.insert(0, "play")
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    for stream in (sys.stdout, sys.stderr):
        # File names may hold characters that a Windows console code page lacks.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = app(given, prog_name="emotion-game", standalone_mode=False)
    except GameError as error:
        _say(str(error))
        sys.exit(error.exit_code)
    except TyperException as error:
        message = error.format_message() if hasattr(error, "format_message") else str(error)
        _say(f"{' '.join(message.split())} Try: emotion-game --help.")
        sys.exit(getattr(error, "exit_code", 2))
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(code if isinstance(code, int) else 0)
