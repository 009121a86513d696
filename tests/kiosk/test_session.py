"""A kiosk that is started beside its session finds the session's screen."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from emotion_game.kiosk.session import screen_variables

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sessions of Linux")
SLEEP = [sys.executable, "-c", "print(1, flush=True); import time; time.sleep(600)"]


@pytest.fixture
def run():
    """Run a program of the session, with nothing but these variables."""
    programs = []

    def start(**variables):
        program = subprocess.Popen(SLEEP, env=variables, stdout=subprocess.PIPE)
        program.stdout.readline()
        programs.append(program)

    yield start
    for program in programs:
        program.kill()
        program.communicate()


def test_a_bare_window_managers_screen_is_found(run):
    run(DISPLAY=":77", XAUTHORITY="/home/booth/.Xauthority", PATH="/bin")
    assert screen_variables({}) == {"DISPLAY": ":77", "XAUTHORITY": "/home/booth/.Xauthority"}


def test_the_screen_of_cage_is_found(run):
    run(WAYLAND_DISPLAY="wayland-5", XDG_RUNTIME_DIR="/run/user/77", HOME="/home/booth")
    assert screen_variables({}) == {
        "WAYLAND_DISPLAY": "wayland-5",
        "XDG_RUNTIME_DIR": "/run/user/77",
    }


@pytest.mark.parametrize("name", ["DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"])
def test_a_screen_that_is_named_already_holds(run, name):
    run(DISPLAY=":77")
    assert screen_variables({**os.environ, name: "x"}) == {}
