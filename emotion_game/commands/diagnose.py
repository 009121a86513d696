"""``emotion-game faces``, ``judge``, ``bench`` and ``doctor``: look, measure and check."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from emotion_game.commands.console import (
    BoothFlag,
    JsonFlag,
    LevelOption,
    print_json,
    say,
    stdout,
)
from emotion_game.commands.scores import ConfigOption
from emotion_game.errors import GameError, SettingsError


def faces(
    paths: Annotated[list[Path], typer.Argument(help="Pictures or folders of pictures.")],
    json_: JsonFlag = False,
    whole_image: Annotated[
        bool, typer.Option("--whole-image", help="Take each picture itself as the cropped face.")
    ] = False,
) -> None:
    """Find faces in pictures and read their expressions."""
    from emotion_game.app import game_settings, make_analyser
    from emotion_game.media import describe
    from emotion_game.tools.faces import find_pictures, leave_out, read_faces
    from emotion_game.vision.pictures import UnreadFormatError

    analyser = make_analyser(game_settings(None), pictures=True)
    failed = 0
    left_out: Counter[str] = Counter()
    for path in find_pictures(paths, left_out):
        try:
            found = read_faces(analyser, path, whole_image=whole_image)
        except GameError as error:
            if isinstance(error, UnreadFormatError) and path not in paths:
                left_out[f"in {error.format} (not read)"] += 1
            else:
                # The other pictures are still read; the exit code says that one was not.
                say(str(error))
                failed += 1
            if json_ and path.is_file():
                print_json(leave_out(path, error.message))
            elif not json_ and isinstance(error, UnreadFormatError):
                print(f"{path}: left out, {error.format} is not read")
            continue
        if json_:
            print_json(found)
            continue
        print(f"{path}: {len(found['faces'])} face(s)")
        for face in found["faces"]:
            share = face["emotions"][face["expression"]]
            print(f"  {face['expression']} {share:.2f} at {[round(n) for n in face['box']]}")
    if left_out:
        say(describe(left_out))
    if failed:
        raise typer.Exit(1)


def judge(
    videos: Annotated[list[Path], typer.Argument(help="Recordings of players.")],
    mode: Annotated[str, typer.Option(help="Which emotion loses: a mode of game.toml.")],
    level: LevelOption = 1,
    json_: JsonFlag = False,
    config: ConfigOption = None,
    booth: BoothFlag = None,
) -> None:
    """Judge recorded players as one endless round."""
    from emotion_game.app import known_mode, make_analyser
    from emotion_game.kiosk.resolution import resolve
    from emotion_game.tools.judging import cut_off, judge_video, no_face

    settings = resolve(config, booth).game()
    known_mode(settings.modes, mode)
    rules = settings.rounds[mode, level or 1]
    analyser = make_analyser(settings)
    failed = 0
    for video in videos:
        try:
            verdict = judge_video(analyser, video, mode, rules)
        except GameError as error:
            say(str(error))
            failed += 1
            continue
        if fault := cut_off(video, verdict["duration_s"]):
            # What can be read is judged; the exit code says that it is not the whole.
            say(fault)
            failed += 1
        if fault := no_face(video, verdict["face_share"]):
            say(fault)
        if json_:
            print_json(verdict)
            continue
        print(
            f"{video}: {verdict['duration_s']} s, face in {verdict['face_share']:.0%} of"
            f" {verdict['frames']} frames, {len(verdict['losses'])} loss(es)"
        )
        for loss in verdict["losses"]:
            print(f"  {loss['began_s']} s: lost at {loss['lost_s']} s, until {loss['ended_s']} s")
    if failed:
        raise typer.Exit(1)


def bench(
    camera: Annotated[str, typer.Option(help="As in play.")] = "demo",
    seconds: Annotated[float, typer.Option(min=1, max=3600, help="How long to measure.")] = 20.0,
    json_: JsonFlag = False,
) -> None:
    """Measure every stage of the running game."""
    from emotion_game.tools.bench import bench as measure

    report = measure(camera, seconds)
    if json_:
        print_json(report)
        return
    table = Table("stage", "p50 ms", "p95 ms", "p99 ms", "count")
    for stage, ms in report.pop("stages_ms").items():
        table.add_row(stage, *(str(ms[key]) for key in ("p50", "p95", "p99", "count")))
    stdout.print(table)
    for name, value in report.items():
        print(f"{name}: {value}")


def doctor(
    camera: Annotated[
        str | None, typer.Option(help="As in play; none: the booth's, or else device 0.")
    ] = None,
    json_: JsonFlag = False,
    config: ConfigOption = None,
    booth: BoothFlag = None,
    tone: Annotated[bool, typer.Option("--tone", help="Play a tone to be heard.")] = False,
    fix: Annotated[
        bool,
        typer.Option("--fix", help="First mend what can be: folders, waiting results, the model."),
    ] = False,
) -> None:
    """Check that everything a round and a booth need is there."""
    from emotion_game.kiosk.resolution import Resolved, resolve
    from emotion_game.kiosk.settings import kiosk_file
    from emotion_game.settings import game_file
    from emotion_game.tools import machine
    from emotion_game.tools.doctor import examine
    from emotion_game.tools.health import Status

    try:
        resolved = resolve(config, booth)
    except SettingsError:
        # A line of the report tells what is wrong; the rest is looked at as at home.
        resolved = Resolved(game_file(), kiosk_file(config))
    if fix:
        for line in machine.repair(resolved) or ["nothing to mend"]:
            say(line)
    checks = examine(resolved.camera if camera is None else camera, resolved, tone=tone)
    good = all(check.status is not Status.FAIL for check in checks)
    say(f"settings: {', '.join(map(str, resolved.files))}")
    if json_:
        files = [str(path) for path in resolved.files]
        print_json({"ok": good, "files": files, "checks": [asdict(check) for check in checks]})
    else:
        table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
        for heading in ("check", "", "found", "what to do"):
            table.add_column(heading, overflow="fold")
        lights = {
            Status.OK: "[white on green]  OK  [/]",
            Status.WARN: "[black on yellow] WARN [/]",
            Status.FAIL: "[white on red] FAIL [/]",
        }
        for check in checks:
            # A path or a device may hold what Rich takes for markup.
            found, hint = escape(check.found), escape(check.hint)
            table.add_row(check.name, lights[check.status], found, hint)
        stdout.print(table)
    if not good:
        raise typer.Exit(1)
