"""Start the kiosk when its user logs in: systemd, Windows Task Scheduler or launchd.

Everything belongs to one user; nothing here needs an administrator.
"""

from __future__ import annotations

import getpass
import plistlib
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from emotion_game.errors import GameError

NAME = "emotion-game-kiosk"
LABEL = "org.emotion-game.kiosk"
_TASK_SPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"


def command(config: Path | None) -> list[str]:
    """Return what is started: this very installation, whatever the path says later."""
    given = [] if config is None else ["--config", str(config.absolute())]
    return [sys.executable, "-m", "emotion_game", "kiosk", *given]


def systemd_unit(arguments: Sequence[str]) -> str:
    """Return a systemd user unit.

    A desktop reaches ``graphical-session.target``; ``cage`` and a bare window manager do not. All
    of them begin with a log-in, and so with ``default.target``: the kiosk waits for its display.
    """
    started = " ".join(_systemd_quoted(each) for each in arguments)
    return f"""[Unit]
Description=Straight Face: the game at a booth
PartOf=graphical-session.target
After=graphical-session.target

[Service]
ExecStart={started}
Restart=on-failure
RestartSec=2
TimeoutStopSec=15
KillMode=mixed

[Install]
WantedBy=default.target
"""


def _systemd_quoted(text: str) -> str:
    # systemd.service(5), "Command lines", and systemd.unit(5), "Specifiers".
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    if any(character < " " for character in escaped):
        raise GameError(f"The path {text!r} cannot stand in a systemd unit.")
    return f'"{escaped}"'


def windows_task(arguments: Sequence[str], user: str) -> str:
    """Return a task for the Task Scheduler: at log-on, started again when it fails."""
    ET.register_namespace("", _TASK_SPACE)
    task = ET.Element(f"{{{_TASK_SPACE}}}Task", version="1.2")

    def put(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
        child = ET.SubElement(parent, f"{{{_TASK_SPACE}}}{name}")
        child.text = text
        return child

    put(put(task, "RegistrationInfo"), "Description", "Straight Face: the game at a booth")
    trigger = put(put(task, "Triggers"), "LogonTrigger")
    put(trigger, "Enabled", "true")
    put(trigger, "UserId", user)
    principal = put(put(task, "Principals"), "Principal")
    principal.set("id", "Author")
    put(principal, "UserId", user)
    put(principal, "LogonType", "InteractiveToken")
    put(principal, "RunLevel", "LeastPrivilege")
    settings = put(task, "Settings")
    put(settings, "MultipleInstancesPolicy", "IgnoreNew")
    put(settings, "DisallowStartIfOnBatteries", "false")
    put(settings, "StopIfGoingOnBatteries", "false")
    put(settings, "ExecutionTimeLimit", "PT0S")
    failure = put(settings, "RestartOnFailure")
    put(failure, "Interval", "PT1M")
    put(failure, "Count", "255")
    actions = put(task, "Actions")
    actions.set("Context", "Author")
    action = put(actions, "Exec")
    put(action, "Command", arguments[0])
    put(action, "Arguments", subprocess.list2cmdline(arguments[1:]))
    ET.indent(task)
    return '<?xml version="1.0" encoding="UTF-16"?>\n' + ET.tostring(task, encoding="unicode")


def launchd_agent(arguments: Sequence[str]) -> bytes:
    """Return a launchd agent."""
    return plistlib.dumps(
        {
            "Label": LABEL,
            "ProgramArguments": list(arguments),
            "RunAtLoad": True,
            "KeepAlive": {"SuccessfulExit": False},
            "ThrottleInterval": 5,
            "ProcessType": "Interactive",
            "LimitLoadToSessionType": "Aqua",
        }
    )


def file_here(platform: str = sys.platform) -> Path:
    """Return the file that starts the kiosk on this system."""
    if platform == "win32":
        return Path.home() / "AppData" / "Local" / "emotion-game" / f"{NAME}.xml"
    if platform == "darwin":
        return Path.home() / "Library" / "LaunchAgents" / f"{LABEL}.plist"
    return Path.home() / ".config" / "systemd" / "user" / f"{NAME}.service"


def content_here(config: Path | None, platform: str = sys.platform) -> bytes:
    """Return what that file holds."""
    arguments = command(config)
    if platform == "win32":
        return windows_task(arguments, getpass.getuser()).encode("utf-16")
    if platform == "darwin":
        return launchd_agent(arguments)
    return systemd_unit(arguments).encode()


def install(config: Path | None, platform: str = sys.platform) -> tuple[Path, str]:
    """Write the file and hand it to the system.

    Returns:
        The file, and a command to run by hand where the system did not take it; "" for none.

    Raises:
        GameError: when the file cannot be written.
    """
    path = file_here(platform)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content_here(config, platform))
    except OSError as error:
        raise GameError(
            f"Cannot write {path}: {error.strerror or error}.", hint="Make its folder writable."
        ) from error
    return path, _run_all(_registrations(path, platform))


def uninstall(platform: str = sys.platform) -> tuple[Path, str]:
    """Take it back; as :func:`install`.

    Raises:
        GameError: when nothing is installed, or the file cannot be removed.
    """
    path = file_here(platform)
    if not path.is_file():
        raise GameError(f"Nothing is installed: there is no {path}.")
    left = _run_all(_removals(path, platform))
    try:
        path.unlink()
    except OSError as error:
        raise GameError(
            f"Cannot remove {path}: {error.strerror or error}.", hint="Remove it by hand."
        ) from error
    if platform not in {"win32", "darwin"}:
        _run_all([["systemctl", "--user", "daemon-reload"]])
    return path, left


def _registrations(path: Path, platform: str) -> list[list[str]]:
    if platform == "win32":
        return [["schtasks", "/Create", "/TN", NAME, "/XML", str(path), "/F"]]
    if platform == "darwin":
        return [["launchctl", "load", "-w", str(path)]]
    return [
        ["systemctl", "--user", "daemon-reload"],
        ["systemctl", "--user", "enable", path.name],
    ]


def _removals(path: Path, platform: str) -> list[list[str]]:
    if platform == "win32":
        return [["schtasks", "/Delete", "/TN", NAME, "/F"]]
    if platform == "darwin":
        return [["launchctl", "unload", "-w", str(path)]]
    return [["systemctl", "--user", "disable", path.name]]


def _run_all(commands: Sequence[Sequence[str]]) -> str:
    """Run commands; return those that failed, to be run by hand."""
    failed = []
    for each in commands:
        program = shutil.which(each[0])
        done = False
        if program is not None:
            with suppress(OSError, subprocess.TimeoutExpired):
                ran = subprocess.run(
                    [program, *each[1:]], capture_output=True, timeout=20, check=False
                )
                done = ran.returncode == 0
        if not done:
            failed.append(subprocess.list2cmdline(each))
    return "; ".join(failed)
