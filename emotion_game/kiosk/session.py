"""The screen of this user's session, for a kiosk that was started beside it.

systemd starts a user's services when the user logs in. A desktop tells them where its screen is;
``cage`` and a bare window manager do not, so it is read from the programs that run in the session.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping

import psutil

#: Either of these names a screen ...
_SCREENS = ("WAYLAND_DISPLAY", "DISPLAY")
#: ... and these belong to it.
_BESIDE = ("XAUTHORITY", "XDG_RUNTIME_DIR", "XDG_SESSION_TYPE")


def screen_variables(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the variables that a child needs to find the session's screen, and has not.

    Args:
        environment: of this process.

    Returns:
        Nothing where a screen is named already, or where there is no session to be found (yet).
    """
    if sys.platform != "linux" or any(
        name in environment for name in (*_SCREENS, "SDL_VIDEODRIVER")
    ):
        return {}
    for other in _environments():
        if any(other.get(name) for name in _SCREENS):
            return {name: other[name] for name in (*_SCREENS, *_BESIDE) if other.get(name)}
    return {}


def _environments() -> Iterable[Mapping[str, str]]:
    """Give the environments of this user's other processes, the newest process first."""
    own = os.getuid()
    for pid in sorted(psutil.pids(), reverse=True):
        try:
            process = psutil.Process(pid)
            if process.uids().real == own and pid != os.getpid():
                yield process.environ()
        except (psutil.Error, OSError):
            continue
