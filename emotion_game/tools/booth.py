"""What the doctor says of a booth: its settings, its displays and its operator's page."""

from __future__ import annotations

import errno
import importlib.util
import socket

import psutil
import pygame

from emotion_game import paths
from emotion_game.clips.library import load_library
from emotion_game.errors import GameError
from emotion_game.kiosk import paths as places
from emotion_game.kiosk.lock import only_one
from emotion_game.kiosk.page.address import bind
from emotion_game.kiosk.resolution import Resolved
from emotion_game.kiosk.settings import (
    FILE_NAME,
    KioskSettings,
    kiosk_file,
    load_kiosk_settings,
    offered_modes,
)
from emotion_game.tools.health import Check, Status, guard

#: Packages of the extra ``operator``, as Python calls them.
_OPERATOR = ("starlette", "uvicorn", "jinja2", "python_multipart", "prometheus_client")


def examine(resolved: Resolved) -> list[Check]:
    """Check the booth's own settings; what they ask for only where this machine is a booth."""
    checks = [guard("kiosk", lambda: _kiosk(resolved))]
    kiosk = resolved.kiosk
    if kiosk is not None:
        checks += [
            guard("displays", lambda: _displays(kiosk)),
            guard("page", lambda: _page(kiosk)),
        ]
    return checks


def _kiosk(resolved: Resolved) -> Check:
    path = resolved.kiosk_path or kiosk_file()
    settings = load_kiosk_settings(path)
    modes = offered_modes(settings, resolved.game().modes)
    offered = ((mode, level) for mode in modes for level in settings.game.levels)
    if empty := load_library().empty(offered):
        hint = "Add clips there (emotion-game clips add), or offer less in [game]."
        found = f"{path}: offers {', '.join(empty)}, which has no clip"
        return Check("kiosk", Status.FAIL, found, hint)
    shipped = load_kiosk_settings(paths.CONFIGS / FILE_NAME)
    if not settings.operator.pin_hash:
        hint = "For a booth: emotion-game kiosk pin."
        return Check("kiosk", Status.WARN, f"{path}: no PIN is set", hint)
    if settings.notice.run_by == shipped.notice.run_by:
        hint = "Write who runs the booth under [notice]; players are asked to agree to it."
        return Check("kiosk", Status.WARN, f"{path}: the notice names nobody", hint)
    return Check("kiosk", Status.OK, str(path))


def _displays(kiosk: KioskSettings) -> Check:
    try:
        pygame.display.init()
        count, driver = pygame.display.get_num_displays(), pygame.display.get_driver()
    except pygame.error as error:
        hint = "Turn the screen on; run this where the booth runs."
        return Check("displays", Status.WARN, f"none ({error})", hint)
    finally:
        pygame.display.quit()
    wanted = {
        "display": kiosk.screen.display,
        "leaderboard_display": kiosk.screen.leaderboard_display,
    }
    there = f"{count} ({driver}), numbered from 0"
    missing = [
        f"{name} = {number}"
        for name, number in wanted.items()
        if number is not None and number >= count
    ]
    if missing:
        hint = "Plug it in, or correct [screen] in kiosk.toml."
        return Check("displays", Status.WARN, f"{', '.join(missing)}, but there is {there}", hint)
    return Check("displays", Status.OK, there)


def _page(kiosk: KioskSettings) -> Check:
    page = kiosk.page
    if not page.enabled:
        return Check("page", Status.OK, "the operator's page is off")
    if lacking := [name for name in _OPERATOR if importlib.util.find_spec(name) is None]:
        hint = 'Run: pip install "emotion-game[operator]", or set page.enabled = false.'
        return Check("page", Status.WARN, f"not installed: {', '.join(lacking)}", hint)
    where = f"{page.host} port {page.port}"
    try:
        with only_one(places.lock_file()):
            bind(page.host, page.port).close()
    except GameError:
        return Check("page", Status.OK, f"{where}: a kiosk runs and has it")
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            hint = "Correct page.host; where the address comes late, the page comes with it."
            found = f"{page.host} is no address of this machine ({', '.join(_addresses())})"
            return Check("page", Status.WARN, found, hint)
        hint = "Choose another port under [page] in kiosk.toml."
        return Check("page", Status.WARN, f"{where}: {error.strerror or error}", hint)
    return Check("page", Status.OK, f"{where} is free")


def _addresses() -> list[str]:
    families = (socket.AF_INET, socket.AF_INET6)
    return [
        each.address.partition("%")[0]
        for those in psutil.net_if_addrs().values()
        for each in those
        if each.family in families
    ]
