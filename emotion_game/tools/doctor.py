"""``emotion-game doctor``: is everything there that a round needs?"""

from __future__ import annotations

import re
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pygame
from numpy.typing import NDArray

from emotion_game.addresses import safe_name
from emotion_game.app import make_analyser
from emotion_game.clips.audio import RATE_HZ, has_loudspeaker, open_mixer
from emotion_game.clips.library import Library, load_library
from emotion_game.clips.player import PlayerState
from emotion_game.clips.probe import probe_clip
from emotion_game.clips.vlc_player import VlcPlayer, vlc_available
from emotion_game.errors import CameraError, ClipError, ModelError
from emotion_game.game.types import EMOTIONS, LEVELS
from emotion_game.kiosk.resolution import Resolved, resolve
from emotion_game.settings import CameraSettings
from emotion_game.tools import booth, machine
from emotion_game.tools.health import Check, Status, guard
from emotion_game.ui import theme
from emotion_game.vision.bundle import Task
from emotion_game.vision.camera import FrameSource, FreezeDetector, open_source
from emotion_game.vision.installed import (
    ROLL_BACK,
    ROLL_BACK_DETECTOR,
    SHIPPED,
    active_name,
    bundle_folder,
    check,
    installed_names,
)

__all__ = ["Check", "Status", "examine"]

#: How long a camera is watched; the first pictures of many are dark and late.
_WARM_UP_S, _WATCH_S = 0.7, 1.0
#: A camera without a new picture for this long has stopped.
_STANDS_S = 0.9
#: Mean of the pixels, 0..255: outside of this a face is hard to read.
_DARK, _BRIGHT = 45.0, 215.0
#: Fewer readings a second than this miss a short smile.
_SLOW_HZ = 12.0
_VLC_LIMIT_S = 8.0
_TONE_S, _TONE_HZ, _TONE_SHARE = 0.8, 440.0, 0.3
_MOST_CAMERAS = 10


@dataclass(frozen=True, slots=True)
class _Watched:
    """What a camera showed for a moment.

    Attributes:
        picture: its newest one.
        rate_hz: how many came a second.
        frozen: whether it repeated itself, as no working camera does.
    """

    picture: NDArray[np.uint8]
    rate_hz: float
    frozen: bool

    @property
    def brightness(self) -> float:
        """Mean of the pixels, 0..255."""
        return float(self.picture.mean())

    def __str__(self) -> str:
        height, width = self.picture.shape[:2]
        return (
            f"{width} x {height}, {self.rate_hz:.0f} pictures a second,"
            f" brightness {self.brightness:.0f} of 255"
        )


def examine(camera: str, resolved: Resolved | None = None, *, tone: bool = False) -> list[Check]:
    """Run every check.

    Args:
        camera: the camera to try, as ``--camera`` takes it.
        resolved: which settings hold; None: as this machine says.
        tone: play a tone for the operator to hear.
    """
    resolved = resolve() if resolved is None else resolved
    seen: list[_Watched] = []
    return [
        guard("settings", lambda: _settings(resolved)),
        guard("model", _model),
        guard("detector", _detector),
        guard("models", _models),
        guard("clips", lambda: _clips(resolved)),
        guard("cameras", lambda: _cameras(resolved)),
        guard("camera", lambda: _camera(camera, resolved, seen)),
        guard("reading", lambda: _reading(resolved, seen)),
        guard("libvlc", _libvlc),
        guard("audio", lambda: _audio(tone)),
        guard("screen", _screen),
        *machine.examine(resolved),
        *booth.examine(resolved),
    ]


def _settings(resolved: Resolved) -> Check:
    settings, path = resolved.game(), resolved.game_path
    return Check("settings", Status.OK, f"modes: {', '.join(settings.modes)} ({path})")


# --- Models and clips -----------------------------------------------------------------------------


def _model() -> Check:
    return Check("model", Status.OK, _playing(Task.EXPRESSION, ROLL_BACK))


def _detector() -> Check:
    return Check("detector", Status.OK, _playing(Task.DETECTION, ROLL_BACK_DETECTOR))


def _playing(task: Task, way_back: str) -> str:
    name = active_name(task)
    try:
        bundle = check(bundle_folder(name, task), task)
    except ModelError as error:
        hint = error.hint if name == SHIPPED else way_back
        raise ModelError(error.message, hint=hint) from error
    return f"{bundle.name} {bundle.version} ({name}), checksums right"


def _models() -> Check:
    faults, names = [], []
    for task in Task:
        for name in (SHIPPED, *installed_names(task)):
            names.append(name if task is Task.EXPRESSION else f"detector {name}")
            try:
                check(bundle_folder(name, task), task)
            except ModelError as error:
                faults.append(error.message)
    if faults:
        return Check("models", Status.WARN, " ".join(faults), "Install these models again.")
    return Check("models", Status.OK, f"{len(names)} verified: {', '.join(names)}")


def _clips(resolved: Resolved) -> Check:
    library = load_library()
    modes = resolved.game().modes
    faults = list(library.faults)
    for clip in library:
        try:
            probe = probe_clip(clip.path)
        except ClipError as error:
            faults.append(error.message)
            continue
        if not probe.has_sound:
            faults.append(f"{clip.clip_id} has no sound.")
    if empty := library.empty((mode, level) for mode in modes for level in LEVELS):
        hint = "Add clips there: emotion-game clips add."
        return Check("clips", Status.FAIL, f"none for {', '.join(empty)}", hint)
    if faults:
        return Check("clips", Status.WARN, " ".join(faults), "Replace these files.")
    if strange := sorted({clip.mode for clip in library} - modes.keys()):
        hint = "Add the mode to game.toml (docs/modes.md), or remove its clips."
        found = f"clips of a mode that game.toml does not have: {', '.join(strange)}"
        return Check("clips", Status.WARN, found, hint)
    return Check("clips", Status.OK, f"{len(library)} clips, all decode with sound")


# --- Cameras --------------------------------------------------------------------------------------


def _devices() -> list[str]:
    """Return the numbers of the cameras that this system names, or the first few to try."""
    if sys.platform != "linux":
        return [str(number) for number in range(4)]
    found = (re.fullmatch(r"video(\d+)", each.name) for each in Path("/dev").glob("video*"))
    numbers = sorted(int(match[1]) for match in found if match)
    return [str(number) for number in numbers[:_MOST_CAMERAS]]


def _cameras(resolved: Resolved) -> Check:
    settings = resolved.game().camera
    shown = []
    for spec in _devices():
        try:
            shown.append(f"{spec}: {_watch(spec, settings)}")
        except CameraError:
            # Half of the devices of a Linux webcam carry no pictures: no fault by itself.
            continue
    if not shown:
        hint = "Connect one, or close the program that uses it; the demo player stands in."
        return Check("cameras", Status.WARN, "no device gives pictures", hint)
    return Check("cameras", Status.OK, "; ".join(shown))


def _watch(spec: str, settings: CameraSettings) -> _Watched:
    source = open_source(spec, settings)
    try:
        return _rate(source)
    finally:
        source.close()


def _rate(source: FrameSource) -> _Watched:
    go_on = threading.Event()
    freeze = FreezeDetector(_STANDS_S)
    frozen = False
    began_s = time.monotonic()
    counted, since_s, picture = 0, began_s, source.read()
    while (now_s := time.monotonic()) - began_s < _WARM_UP_S + _WATCH_S:
        if now_s - began_s < _WARM_UP_S:
            counted, since_s = 0, now_s
        source.pace(go_on)
        picture = source.read()
        counted += 1
        frozen = source.live and freeze.is_frozen(picture, time.monotonic())
    return _Watched(picture, counted / max(1e-3, time.monotonic() - since_s), frozen)


def _camera(spec: str, resolved: Resolved, seen: list[_Watched]) -> Check:
    try:
        watched = _watch(spec, resolved.game().camera)
    except CameraError as error:
        return Check("camera", Status.WARN, error.message, "The demo player stands in.")
    seen.append(watched)
    hint = ""
    if watched.frozen:
        hint = "It repeats one picture: uncover its lens, or unplug it and plug it in."
    elif watched.brightness < _DARK:
        hint = "Too dark: light the player's face from the front, or uncover the lens."
    elif watched.brightness > _BRIGHT:
        hint = "Too bright: turn the camera away from the window or lamp."
    elif watched.rate_hz < _SLOW_HZ:
        hint = "Too slow: give it more light, or another USB port."
    return Check(
        "camera", Status.WARN if hint else Status.OK, f"{safe_name(spec)}: {watched}", hint
    )


def _reading(resolved: Resolved, seen: list[_Watched]) -> Check:
    """Find and read a face in the camera's newest picture."""
    if not seen:
        hint = "See to the camera first."
        return Check("reading", Status.WARN, "no picture to read", hint)
    analyser = make_analyser(resolved.game())
    picture = seen[0].picture
    analyser.observe(picture, 0.0)  # the first one loads what the later ones find loaded
    began_s = time.perf_counter()
    observation = analyser.observe(picture, 0.0)
    ms = (time.perf_counter() - began_s) * 1000
    if observation.emotions is None or observation.box is None:
        hint = "Look into the camera from about a metre away, and run this again."
        return Check("reading", Status.WARN, f"no face in the picture ({ms:.0f} ms)", hint)
    share, expression = max(zip(observation.emotions, EMOTIONS, strict=True))
    width = observation.box[2]
    told = f"{expression} {share:.2f}, face {width:.0%} of the width, {ms:.0f} ms a picture"
    if ms > 1000 / _SLOW_HZ:
        hint = "This machine is busy or slow: close other programs."
        return Check("reading", Status.WARN, told, hint)
    return Check("reading", Status.OK, told)


# --- Clip player, sound and screen ----------------------------------------------------------------


def _libvlc() -> Check:
    version = vlc_available()
    if version is None:
        return Check(
            "libvlc",
            Status.WARN,
            "not found; the embedded player is used",
            "Install VLC (Debian, Ubuntu: libvlc5 vlc-plugin-base).",
        )
    library = load_library()
    if not len(library):
        return Check("libvlc", Status.OK, version)
    waited_s = _first_picture_s(library)
    if waited_s is None:
        hint = "Install VLC again, or play with --player pyav."
        return Check("libvlc", Status.WARN, f"{version}: it shows no picture", hint)
    return Check("libvlc", Status.OK, f"{version}, first picture after {waited_s:.1f} s")


def _first_picture_s(library: Library) -> float | None:
    """Return how long VLC takes to the first picture of a clip; None when none comes."""
    player = VlcPlayer()
    began_s = time.monotonic()
    try:
        player.set_volume(0.0)
        player.play(next(iter(library)).path)
        while time.monotonic() - began_s < _VLC_LIMIT_S:
            if player.poll() is not None:
                return time.monotonic() - began_s
            if player.state in {PlayerState.FAILED, PlayerState.ENDED}:
                return None
            time.sleep(0.01)
        return None
    finally:
        player.close()


def _audio(tone: bool) -> Check:
    if not has_loudspeaker():
        return Check("audio", Status.WARN, "no output device", "Clips play without sound.")
    if not tone:
        return Check("audio", Status.OK, "an output device is there; hear it with --tone")
    _play_tone()
    return Check("audio", Status.OK, f"a tone of {_TONE_HZ:.0f} Hz was played")


def _play_tone() -> None:
    open_mixer()
    t_s = np.arange(int(_TONE_S * RATE_HZ)) / RATE_HZ
    # Faded in and out, so that it does not click.
    fade = np.clip(np.minimum(t_s, _TONE_S - t_s) / 0.02, 0.0, 1.0)
    wave = np.sin(2 * np.pi * _TONE_HZ * t_s) * fade * _TONE_SHARE * np.iinfo(np.int16).max
    samples = np.repeat(wave.astype(np.int16)[:, np.newaxis], 2, axis=1)
    pygame.mixer.Sound(buffer=samples.tobytes()).play()
    time.sleep(_TONE_S + 0.1)


def _screen() -> Check:
    try:
        pygame.display.init()
        sizes = pygame.display.get_desktop_sizes()
        rates_hz = pygame.display.get_desktop_refresh_rates()
        driver = pygame.display.get_driver()
    except pygame.error as error:
        return Check("screen", Status.WARN, f"none ({error})", "The game plays offscreen.")
    finally:
        pygame.display.quit()
    if driver in {"dummy", "offscreen"}:
        return Check("screen", Status.WARN, f"none ({driver})", "The game plays offscreen.")
    shown = ", ".join(
        f"{number}: {width} x {height}" + (f" at {rate_hz} Hz" if rate_hz else "")
        for number, ((width, height), rate_hz) in enumerate(zip(sizes, rates_hz, strict=False))
    )
    least = theme.MIN_SIZE_PX
    if any(max(size) < least[0] or min(size) < least[1] for size in sizes):
        advice = f"Choose at least {least[0]} x {least[1]}."
        return Check("screen", Status.WARN, f"{shown} ({driver})", advice)
    return Check("screen", Status.OK, f"{shown} ({driver})")
