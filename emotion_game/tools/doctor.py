"""``emotion-game doctor``: is everything there that a round needs?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import pygame

from emotion_game.app import game_settings
from emotion_game.clips.audio import has_loudspeaker
from emotion_game.clips.library import load_library
from emotion_game.clips.probe import probe_clip
from emotion_game.clips.vlc_player import vlc_available
from emotion_game.errors import CameraError, ClipError, GameError, ModelError
from emotion_game.vision.camera import open_source
from emotion_game.vision.installed import (
    ROLL_BACK,
    SHIPPED,
    active_name,
    bundle_folder,
    check_bundle,
)


class Status(StrEnum):
    """``WARN``: the game plays, with a stand-in; ``FAIL``: it does not."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor's report."""

    name: str
    status: Status
    found: str
    hint: str = ""


def examine(camera: str) -> list[Check]:
    """Run every check.

    Args:
        camera: the camera to try, as ``--camera`` takes it.
    """
    return [
        _guard("settings", _settings),
        _guard("model", _model),
        _guard("clips", _clips),
        _guard("camera", lambda: _camera(camera)),
        _guard("libvlc", _libvlc),
        _guard("audio", _audio),
        _guard("screen", _screen),
    ]


def _guard(name: str, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except GameError as error:
        return Check(name, Status.FAIL, error.message, error.hint)


def _settings() -> Check:
    settings = game_settings(None)
    return Check("settings", Status.OK, f"{len(settings.rounds)} modes and levels")


def _model() -> Check:
    name = active_name()
    try:
        bundle = check_bundle(bundle_folder(name))
    except ModelError as error:
        hint = error.hint if name == SHIPPED else ROLL_BACK
        raise ModelError(error.message, hint=hint) from error
    return Check("model", Status.OK, f"{bundle.name} {bundle.version} ({name}), checksums right")


def _clips() -> Check:
    library = load_library()
    faults = list(library.faults)
    counts = library.counts()
    for mode, level in counts:
        for clip in library.clips(mode, level):
            try:
                probe = probe_clip(clip.path)
            except ClipError as error:
                faults.append(error.message)
                continue
            if not probe.has_sound:
                faults.append(f"{clip.clip_id} has no sound.")
    empty = [f"{mode.value}/{level}" for (mode, level), count in counts.items() if count == 0]
    if empty:
        return Check("clips", Status.FAIL, f"none for {', '.join(empty)}", "Add clips there.")
    if faults:
        return Check("clips", Status.WARN, " ".join(faults), "Replace these files.")
    return Check("clips", Status.OK, f"{len(library)} clips, all decode with sound")


def _camera(spec: str) -> Check:
    settings = game_settings(None).camera
    try:
        source = open_source(spec, settings)
        try:
            height, width = source.read().shape[:2]
        finally:
            source.close()
    except CameraError as error:
        return Check("camera", Status.WARN, error.message, "The demo player stands in.")
    return Check("camera", Status.OK, f"{spec}: {width} x {height}")


def _libvlc() -> Check:
    version = vlc_available()
    if version is None:
        return Check(
            "libvlc",
            Status.WARN,
            "not found; the embedded player is used",
            "Install VLC (Debian, Ubuntu: libvlc5 vlc-plugin-base).",
        )
    return Check("libvlc", Status.OK, version)


def _audio() -> Check:
    if has_loudspeaker():
        return Check("audio", Status.OK, "an output device is there")
    return Check("audio", Status.WARN, "no output device", "Clips play without sound.")


def _screen() -> Check:
    try:
        pygame.display.init()
        sizes = pygame.display.get_desktop_sizes()
        driver = pygame.display.get_driver()
    except pygame.error as error:
        return Check("screen", Status.WARN, f"none ({error})", "The game plays offscreen.")
    finally:
        pygame.display.quit()
    if driver in {"dummy", "offscreen"}:
        return Check("screen", Status.WARN, f"none ({driver})", "The game plays offscreen.")
    shown = ", ".join(f"{width} x {height}" for width, height in sizes)
    return Check("screen", Status.OK, f"{shown} ({driver})")
