from __future__ import annotations

import os
import plistlib
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from emotion_game.errors import GameError
from emotion_game.kiosk import autostart

ODD = [
    "/opt/my games/python%3",
    "-m",
    "emotion_game",
    "kiosk",
    "--config",
    '/home/a/$b "부스".toml',
]
SPACE = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home of its own, and a system that takes nothing."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("PATH", "")
    return tmp_path


def test_systemd_finds_no_fault(tmp_path):
    verify = shutil.which("systemd-analyze")
    if verify is None:
        pytest.skip("systemd-analyze is not installed here")
    # The program that a unit names must be there.
    program = tmp_path / "my games" / "python%3"
    program.parent.mkdir()
    program.symlink_to(sys.executable)
    unit = tmp_path / "emotion-game-kiosk.service"
    unit.write_text(autostart.systemd_unit([str(program), *ODD[1:]]), encoding="utf-8")
    done = subprocess.run(
        [verify, "--user", "verify", str(unit)],
        capture_output=True, text=True, timeout=600, check=False,
        env={"PATH": os.environ["PATH"], "XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)},
    )  # fmt: skip
    said = [line for line in done.stderr.splitlines() if unit.name in line]
    assert not said, done.stderr
    assert done.returncode == 0, done.stderr


def test_a_path_that_no_unit_can_hold():
    with pytest.raises(GameError):
        autostart.systemd_unit(["/bin/a\nExecStart=/bin/b"])


def test_the_windows_task_has_the_schemas_order():
    task = ET.fromstring(autostart.windows_task(ODD, "BOOTH\\kim").partition("\n")[2])
    assert [each.tag.partition("}")[2] for each in task] == [
        "RegistrationInfo", "Triggers", "Principals", "Settings", "Actions",
    ]  # fmt: skip
    assert task.findtext("t:Actions/t:Exec/t:Command", None, SPACE) == ODD[0]
    arguments = task.findtext("t:Actions/t:Exec/t:Arguments", None, SPACE)
    assert arguments == subprocess.list2cmdline(ODD[1:])
    assert task.findtext("t:Principals/t:Principal/t:RunLevel", None, SPACE) == "LeastPrivilege"
    assert task.findtext("t:Triggers/t:LogonTrigger/t:UserId", None, SPACE) == "BOOTH\\kim"


def test_the_launchd_agent_is_a_property_list():
    agent = plistlib.loads(autostart.launchd_agent(ODD))
    assert agent["ProgramArguments"] == ODD
    assert agent["RunAtLoad"] is True
    assert agent["KeepAlive"] == {"SuccessfulExit": False}


@pytest.mark.parametrize(
    ("platform", "place", "by_hand"),
    [
        ("linux", ".config/systemd/user/emotion-game-kiosk.service", "systemctl --user enable"),
        ("darwin", "Library/LaunchAgents/org.emotion-game.kiosk.plist", "launchctl load"),
        ("win32", "AppData/Local/emotion-game/emotion-game-kiosk.xml", "schtasks /Create"),
    ],
)
def test_install_and_uninstall(home, platform, place, by_hand):
    path, left = autostart.install(Path("부스.toml"), platform)
    assert path == home / place
    assert by_hand in left
    encoding = "utf-16" if platform == "win32" else "utf-8"
    content = path.read_bytes().decode(encoding)
    assert sys.executable in content
    assert "부스.toml" in content
    autostart.uninstall(platform)
    assert not path.exists()
    with pytest.raises(GameError, match="Nothing is installed"):
        autostart.uninstall(platform)
