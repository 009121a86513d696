"""The doctor's checks of the machine (database, disk, folders, clock, power), and its repairs."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil

from emotion_game.errors import GameError, ModelError
from emotion_game.kiosk.disk import FULL_MB, LOW_MB, least_free, own_folders
from emotion_game.kiosk.resolution import Resolved
from emotion_game.scores.board import ScoreBoard, open_board
from emotion_game.scores.score import ScoreError
from emotion_game.tools.health import Check, Status, guard
from emotion_game.vision.installed import (
    SHIPPED,
    activate,
    active_name,
    bundle_folder,
    check_bundle,
)

#: No clock was ever right before this game was made.
_OLDEST = datetime(2026, 11, 1, tzinfo=UTC)
_DRIFT_S = 0.2
_CLOCKS_APART_S = 30.0


def examine(resolved: Resolved) -> list[Check]:
    """Run every check of the machine, with the settings that hold on it."""
    return [
        guard("database", lambda: _database(resolved)),
        guard("disk", lambda: _disk(resolved)),
        guard("permissions", _permissions),
        guard("clock", _clock),
        guard("power", _power),
    ]


def repair(resolved: Resolved) -> list[str]:
    """Mend what can be mended without a decision; return one line for each thing done.

    Folders are made and made writable, results that wait are delivered, and a model that is
    broken gives way to the shipped one.
    """
    done = []
    for folder in own_folders():
        with contextlib.suppress(OSError):
            if not folder.is_dir():
                folder.mkdir(parents=True)
                done.append(f"made {folder}")
            elif not os.access(folder, os.W_OK | os.X_OK):
                folder.chmod(folder.stat().st_mode | stat.S_IRWXU)
                done.append(f"made {folder} writable")
    with contextlib.suppress(GameError), _board(resolved) as board:
        if count := board.deliver():
            done.append(f"delivered {count} waiting result(s)")
    if _active_is_broken():
        with contextlib.suppress(GameError):
            activate(SHIPPED)
            done.append("the shipped model plays, as the chosen one is broken")
    return done


def _active_is_broken() -> bool:
    try:
        check_bundle(bundle_folder(active_name()))
    except ModelError:
        return True
    return False


@contextlib.contextmanager
def _board(resolved: Resolved) -> Iterator[ScoreBoard]:
    board = open_board(resolved.database_url())
    try:
        yield board
    finally:
        board.close()


def _database(resolved: Resolved) -> Check:
    with _board(resolved) as board:
        try:
            results = board.results()
        except ScoreError as error:
            hint = f"{error.hint} Results wait in a folder until then."
            return Check("database", Status.WARN, error.message, hint)
        waiting = board.waiting()
        found = f"{len(results)} round(s) in {board.label}"
        if waiting:
            hint = "Start the game, or run doctor --fix."
            return Check("database", Status.WARN, f"{found}; {waiting} wait outside", hint)
        now = datetime.now(UTC)
        if results and results[-1].finished_at > now + timedelta(minutes=1):
            hint = "The clock was set back; set it right."
            return Check("database", Status.WARN, f"{found}, the newest is in the future", hint)
        if abs(ahead_s := board.clock_ahead_s()) > _CLOCKS_APART_S:
            hint = "Set both by the network's time: ranks and statistics go by it."
            apart = f"{found}, whose clock is {ahead_s:+.0f} s from this machine's"
            return Check("database", Status.WARN, apart, hint)
    return Check("database", Status.OK, found)


def _disk(resolved: Resolved) -> Check:
    with _board(resolved) as board:
        least_mb, folder = least_free([] if board.folder is None else [board.folder])
    found = f"{least_mb / 1000:.1f} GB free at {folder}"
    if least_mb < FULL_MB:
        return Check("disk", Status.FAIL, found, "Free some space: results cannot be kept.")
    if least_mb < LOW_MB:
        return Check("disk", Status.WARN, found, "Free some space.")
    return Check("disk", Status.OK, found)


def _permissions() -> Check:
    faults = []
    for folder in own_folders():
        there = next(each for each in (folder, *folder.parents) if each.exists())
        if not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
            faults.append(f"{there} cannot be written")
    hint = "Run doctor --fix, or see to the rights of the folder."
    if sys.platform == "linux":
        locked = [str(each) for each in Path("/dev").glob("video*") if not os.access(each, os.R_OK)]
        if locked:
            faults.append(f"{', '.join(sorted(locked))} cannot be read")
            hint = "Add this user to the group video, then log in again."
    if faults:
        return Check("permissions", Status.FAIL, "; ".join(faults), hint)
    return Check("permissions", Status.OK, "data, configuration, log and cameras")


def _clock() -> Check:
    now = datetime.now().astimezone()
    found = f"{now:%Y-%m-%d %H:%M} {now.tzname()}"
    if now < _OLDEST:
        return Check("clock", Status.FAIL, f"{found}: in the past", "Set date and time.")
    wall_s, steady_s = time.time(), time.monotonic()
    time.sleep(0.3)
    drift_s = (time.time() - wall_s) - (time.monotonic() - steady_s)
    if abs(drift_s) > _DRIFT_S:
        hint = "Something sets the clock just now; run this again in a minute."
        return Check("clock", Status.WARN, f"{found}: it jumped by {drift_s:+.1f} s", hint)
    if _is_synchronised() is False:
        hint = "Turn on the network's time (timedatectl set-ntp true), or check it by hand."
        return Check("clock", Status.WARN, f"{found}: not set by the network", hint)
    return Check("clock", Status.OK, found)


def _is_synchronised() -> bool | None:
    """Say whether the network sets the clock; None where that is not known."""
    program = shutil.which("timedatectl")
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, "show", "--property=NTPSynchronized", "--value"],
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return {"yes": True, "no": False}.get(done.stdout.strip())


def _power() -> Check:
    read = getattr(psutil, "sensors_battery", None)
    try:
        battery = None if read is None else read()
    except OSError:
        battery = None  # containers lack the folder it reads
    if battery is None:
        return Check("power", Status.OK, "no battery")
    if battery.power_plugged is False:
        hint = "Plug the machine in, and turn off its sleep."
        return Check("power", Status.WARN, f"on battery, {battery.percent:.0f}%", hint)
    return Check("power", Status.OK, f"plugged in, battery {battery.percent:.0f}%")
