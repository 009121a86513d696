"""One contract, both players."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pygame
import pytest
from clip_maker import MakeClip
from steady_time import SteadyTime

from emotion_game.clips import ClipFrame, ClipPlayer, PlayerState, open_player, vlc_available
from emotion_game.clips import pyav_player as pyav_module
from emotion_game.clips import vlc_player as vlc_module
from emotion_game.clips.audio import open_mixer
from emotion_game.clips.clock import ClipClock
from emotion_game.clips.vlc_player import VlcPlayer
from emotion_game.errors import ClipError

#: Whatever a busy machine may need; no test waits for it where nothing hangs.
LIMIT_S = 120.0
#: VLC keeps its own time: where a machine stalls, it drops pictures, and may show them once more.
LOOKS = 5
OVER = (PlayerState.ENDED, PlayerState.FAILED, PlayerState.IDLE)


@pytest.fixture(autouse=True)
def clock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> object:
    """The time: the real one for VLC; else it goes by with the polls, however slow these are."""
    if "vlc" in request.node.name or "written_sound" in request.fixturenames:
        return time
    return SteadyTime(monkeypatch)


def in_vlcs_own_time(test: Callable[..., None]) -> Callable[..., None]:
    """Look again where a busy machine may have held VLC up: a fault shows every time."""

    @wraps(test)
    def look(player: ClipPlayer, **others: object) -> None:
        for _ in range(LOOKS - 1 if player.name == "vlc" else 0):
            try:
                test(player=player, **others)
            except AssertionError:
                player.stop()
            else:
                return
        test(player=player, **others)

    return look


def our_threads() -> list[str]:
    return [t.name for t in threading.enumerate() if t.name.startswith("clip-")]


def wait_for_our_threads() -> None:
    """A machine that stalls may need longer than a player waits for its threads."""
    deadline_s = time.monotonic() + LIMIT_S
    while our_threads():
        assert time.monotonic() < deadline_s, our_threads()
        time.sleep(0.01)


@pytest.fixture(
    params=[
        "pyav",
        pytest.param(
            "vlc",
            marks=pytest.mark.skipif(
                vlc_available() is None, reason="libvlc or its plugins are not installed"
            ),
        ),
    ]
)
def player(request: pytest.FixtureRequest) -> Iterator[ClipPlayer]:
    player = open_player(request.param)
    yield player
    player.close()
    wait_for_our_threads()


def poll_until(player: ClipPlayer, done: Callable[[list[ClipFrame]], bool]) -> list[ClipFrame]:
    """Poll like the main loop until ``done``; return the pictures that came."""
    clock = pyav_module.time if player.name == "pyav" else time
    frames: list[ClipFrame] = []
    deadline_s = time.monotonic() + LIMIT_S
    while not done(frames):
        assert time.monotonic() < deadline_s, f"{player.state} after {len(frames)} pictures"
        frame = player.poll()
        if frame is not None:
            frames.append(frame)
        clock.sleep(0.004)
    return frames


def play_out(player: ClipPlayer, path: Path) -> list[ClipFrame]:
    player.play(path)
    return poll_until(player, lambda frames: player.state in OVER)


@in_vlcs_own_time
def test_a_clip_plays_from_opening_to_its_end(player: ClipPlayer, make_clip: MakeClip) -> None:
    assert player.state is PlayerState.IDLE
    assert player.position_s == 0.0
    player.play(make_clip())
    assert player.state is PlayerState.OPENING
    first = poll_until(player, lambda frames: len(frames) == 1)
    assert player.state is PlayerState.PLAYING
    assert first[0].t_s < 0.5
    rest = poll_until(player, lambda frames: player.state in OVER)
    assert player.state is PlayerState.ENDED
    assert player.error == ""
    assert len(rest) >= 10
    assert player.poll() is None
    assert 0.8 < player.position_s < 3.0


@in_vlcs_own_time
def test_pictures_are_upright_opaque_memory_in_time_order(
    player: ClipPlayer, make_clip: MakeClip
) -> None:
    frames = play_out(player, make_clip())
    times = [frame.t_s for frame in frames]
    assert times == sorted(times)
    for frame in frames:
        height, width, channels = frame.pixels.shape
        assert (width, height) == (160, 96)
        assert channels == len(frame.order)
        assert frame.pixels.dtype == np.uint8
        assert frame.pixels.flags.c_contiguous
        assert frame.pixels[10, 10, :3].min() > 220  # the white quarter
    levels = [int(frame.pixels[80, 140, 1]) for frame in frames]
    assert levels[-1] > levels[0] + 50  # each picture kept its own memory


@in_vlcs_own_time
def test_the_position_keeps_step_with_the_wall_clock(
    player: ClipPlayer, make_clip: MakeClip, clock: Any
) -> None:
    player.play(make_clip(seconds=2.0))
    poll_until(player, lambda frames: len(frames) == 1)
    began_s, at_s = clock.monotonic(), player.position_s
    frames = poll_until(player, lambda frames: clock.monotonic() - began_s > 1.0)
    assert abs(player.position_s - at_s - (clock.monotonic() - began_s)) < 0.5
    assert abs(frames[-1].t_s - player.position_s) < 0.6


@in_vlcs_own_time
def test_a_clip_begins_in_its_middle_without_sound(player: ClipPlayer, make_clip: MakeClip) -> None:
    # Not at a key picture, of which the clip has one in 0.4 s.
    player.play(make_clip(seconds=2.0), from_s=1.1)
    frames = poll_until(player, lambda frames: player.state in OVER)
    assert player.state is PlayerState.ENDED
    assert 1.05 <= frames[0].t_s < 1.6
    assert int(frames[0].pixels[80, 140, 1]) > 30 + 150 * 0.45
    assert player.position_s >= 1.9
    assert not pygame.mixer.get_busy()


@in_vlcs_own_time
def test_pause_holds_and_resume_goes_on(
    player: ClipPlayer, make_clip: MakeClip, clock: Any
) -> None:
    player.play(make_clip(seconds=1.6))
    poll_until(player, lambda frames: len(frames) >= 3)
    player.pause()
    player.pause()
    assert player.state is PlayerState.PAUSED
    held_s = player.position_s
    began_s = clock.monotonic()
    assert poll_until(player, lambda frames: clock.monotonic() - began_s > 0.6) == []
    assert player.position_s == held_s
    player.resume()
    assert player.state is PlayerState.PLAYING
    rest = poll_until(player, lambda frames: player.state in OVER)
    assert player.state is PlayerState.ENDED
    assert len(rest) > 5
    assert all(frame.t_s >= held_s - 0.2 for frame in rest)


@in_vlcs_own_time
def test_a_pause_while_opening_waits_at_the_first_picture(
    player: ClipPlayer, make_clip: MakeClip, clock: Any
) -> None:
    player.play(make_clip())
    player.pause()
    began_s = clock.monotonic()
    assert poll_until(player, lambda frames: clock.monotonic() - began_s > 0.8) == []
    assert player.state is PlayerState.PAUSED
    assert player.position_s == 0.0
    player.resume()
    poll_until(player, lambda frames: player.state in OVER)
    assert player.state is PlayerState.ENDED


def broken(kind: str, tmp_path: Path) -> Path:
    path = tmp_path / f"{kind}.mp4"
    match kind:
        case "garbage":
            path.write_bytes(np.random.default_rng(1).bytes(40_000))
        case "empty":
            path.write_bytes(b"")
        case "text":
            path.write_text("This is not a clip.\n" * 50)
        case "folder":
            path.mkdir()
    return path


@pytest.mark.parametrize("kind", ["missing", "empty", "garbage", "text", "folder"])
def test_a_broken_clip_fails_with_one_line(player: ClipPlayer, tmp_path: Path, kind: str) -> None:
    path = broken(kind, tmp_path)
    assert play_out(player, path) == []
    assert player.state is PlayerState.FAILED
    assert kind in player.error
    assert "\n" not in player.error
    assert player.poll() is None


@in_vlcs_own_time
def test_after_a_broken_clip_a_good_one_plays(
    player: ClipPlayer, make_clip: MakeClip, tmp_path: Path
) -> None:
    play_out(player, broken("garbage", tmp_path))
    assert play_out(player, make_clip())
    assert player.state is PlayerState.ENDED
    assert player.error == ""


@in_vlcs_own_time
def test_a_truncated_clip_ends_or_fails_but_comes_to_an_end(
    player: ClipPlayer, make_clip: MakeClip
) -> None:
    path = make_clip(seconds=2.0)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    frames = play_out(player, path)
    if player.state is PlayerState.FAILED:
        assert player.error
    else:
        assert player.state is PlayerState.ENDED
        assert frames


@in_vlcs_own_time
def test_damage_in_the_middle_is_skipped(player: ClipPlayer, make_clip: MakeClip) -> None:
    path = make_clip(seconds=2.0)
    content = bytearray(path.read_bytes())
    middle = len(content) * 3 // 5
    content[middle : middle + 600] = b"\xff" * 600
    path.write_bytes(content)
    frames = play_out(player, path)
    assert player.state is PlayerState.ENDED
    assert frames[-1].t_s > 1.5


@in_vlcs_own_time
def test_play_again_after_the_end_and_in_the_middle(
    player: ClipPlayer, make_clip: MakeClip
) -> None:
    path = make_clip(seconds=0.8)
    assert play_out(player, path)
    player.play(path)
    poll_until(player, lambda frames: len(frames) >= 2)
    frames = play_out(player, path)
    assert frames[0].t_s < 0.5
    assert player.state is PlayerState.ENDED


def test_commands_out_of_turn_change_nothing(player: ClipPlayer, make_clip: MakeClip) -> None:
    player.pause()
    player.resume()
    player.stop()
    assert player.state is PlayerState.IDLE
    player.play(make_clip())
    player.resume()
    assert player.state is PlayerState.OPENING
    player.set_volume(7.0)
    player.set_volume(0.3)
    poll_until(player, lambda frames: len(frames) == 1)
    player.stop()
    player.stop()
    assert player.state is PlayerState.IDLE
    assert player.position_s == 0.0
    assert player.poll() is None
    player.close()
    player.close()


def test_close_in_the_middle_leaves_no_thread(player: ClipPlayer, make_clip: MakeClip) -> None:
    player.play(make_clip(seconds=3.0))
    poll_until(player, lambda frames: len(frames) == 1)
    player.close()
    wait_for_our_threads()


@in_vlcs_own_time
def test_a_clip_without_sound_plays(player: ClipPlayer, make_clip: MakeClip) -> None:
    assert len(play_out(player, make_clip(sound=False))) >= 10
    assert player.state is PlayerState.ENDED


@in_vlcs_own_time
def test_a_phone_clip_is_turned_upright(player: ClipPlayer, make_clip: MakeClip) -> None:
    frames = play_out(player, make_clip(rotation=90))
    assert {frame.pixels.shape[:2] for frame in frames} == {(160, 96)}
    # Turned 90 degrees counterclockwise, the white quarter is at the bottom left.
    assert frames[0].pixels[150, 10, 1] > 220
    assert frames[0].pixels[10, 10, 1] < 150


@in_vlcs_own_time
def test_a_large_clip_is_scaled_down_with_its_aspect(
    player: ClipPlayer, make_clip: MakeClip
) -> None:
    frames = play_out(player, make_clip(seconds=0.6, size=(1920, 800)))
    assert frames[0].pixels.shape[:2] == (534, 1280)


# --- PyAV alone -------------------------------------------------------------------------------


@pytest.fixture
def written_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Let SDL write what would be heard to a file."""
    path = tmp_path / "heard.raw"
    pygame.mixer.quit()
    monkeypatch.setenv("SDL_AUDIODRIVER", "disk")
    monkeypatch.setenv("SDL_DISKAUDIOFILE", str(path))
    yield path
    pygame.mixer.quit()


@pytest.mark.parametrize(("volume", "audible"), [(1.0, True), (0.0, False)])
def test_the_sound_is_really_played(
    make_clip: MakeClip,
    written_sound: Path,
    volume: float,
    audible: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    player = open_player("pyav")
    assert player.sound
    # The time goes by with what the device has played, however slow the machine is.
    device = SimpleNamespace(
        perf_counter=lambda: written_sound.stat().st_size / (4 * 44_100), sleep=time.sleep
    )
    monkeypatch.setattr(pyav_module, "time", device)
    player.set_volume(volume)
    assert play_out(player, make_clip())
    player.close()
    pygame.mixer.quit()
    heard = np.frombuffer(written_sound.read_bytes(), np.int16).reshape(-1, 2)
    loud = np.abs(heard).max(axis=1) > 3_000
    assert loud.any() == audible
    if audible:
        assert loud.sum() > 0.5 * 44_100  # and not just a click at the start


def test_without_a_sound_device_clips_play_silently(
    make_clip: MakeClip, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pygame.mixer.quit()
    monkeypatch.setenv("SDL_AUDIODRIVER", "no-such-driver")
    player = open_player("pyav")
    assert not player.sound
    assert "No sound device" in caplog.text
    assert len(play_out(player, make_clip())) >= 10
    assert player.state is PlayerState.ENDED
    player.close()


def test_a_mixer_in_another_format_is_reopened() -> None:
    pygame.mixer.quit()
    pygame.mixer.init(22_050, -16, 1, allowedchanges=0)
    assert open_mixer()
    assert pygame.mixer.get_init() == (44_100, -16, 2)


# --- the choice -------------------------------------------------------------------------------


def without_vlc(*, sound: bool) -> None:
    raise ClipError("libvlc was not found.", hint="Use --player pyav.")


def test_auto_takes_vlc_where_it_is() -> None:
    player = open_player("auto")
    assert player.name == ("pyav" if vlc_available() is None else "vlc")
    player.close()


def test_auto_takes_pyav_without_vlc(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(vlc_module, "_start_vlc", without_vlc)
    player = open_player("auto")
    assert player.name == "pyav"
    assert "libvlc was not found" in caplog.text
    assert vlc_available() is None
    player.close()


def test_vlc_without_vlc_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vlc_module, "_start_vlc", without_vlc)
    with pytest.raises(ClipError, match="--player pyav"):
        open_player("vlc")


def test_a_system_without_libvlc_gets_the_embedded_player(monkeypatch: pytest.MonkeyPatch) -> None:
    # What python-vlc does on a bare Linux: its import works, its functions are not there.
    monkeypatch.delitem(sys.modules, "vlc", raising=False)
    monkeypatch.setattr("ctypes.util.find_library", lambda name: None)
    monkeypatch.setattr("ctypes.CDLL", lambda name: object())
    assert vlc_available() is None
    assert open_player("auto").name == "pyav"


def test_a_wrong_library_path_does_not_end_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "vlc", raising=False)
    monkeypatch.setenv("PYTHON_VLC_LIB_PATH", "/nowhere/libvlc.so")
    with pytest.raises(ClipError, match="libvlc was not found"):
        open_player("vlc")


@pytest.mark.skipif(vlc_available() is None, reason="libvlc or its plugins are not installed")
def test_a_hanging_stop_does_not_hang_the_game(
    make_clip: MakeClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = threading.Event()
    real = vlc_module._Screening.free

    def slow(screening: vlc_module._Screening) -> None:
        release.wait(LIMIT_S)
        real(screening)

    monkeypatch.setattr(vlc_module._Screening, "free", slow)
    monkeypatch.setattr(vlc_module, "CLOSE_LIMIT_S", 0.2)
    player = VlcPlayer()
    player.play(make_clip(seconds=2.0))
    poll_until(player, lambda frames: len(frames) == 1)
    player.close()
    # It came back though VLC still hangs.
    assert our_threads() == ["clip-vlc-free"]
    release.set()
    wait_for_our_threads()


# --- the clock --------------------------------------------------------------------------------


def test_the_clock_holds_goes_on_and_never_goes_back() -> None:
    clock = ClipClock()
    assert clock.position_s(5.0) == 0.0
    clock.start(10.0)
    assert clock.position_s(12.0) == 2.0
    clock.hold(13.0)
    clock.hold(14.0)
    assert clock.position_s(20.0) == 3.0
    clock.go_on(20.0)
    assert clock.position_s(21.0) == 4.0
    clock.shift(-2.0)
    assert clock.position_s(21.5) == 4.0
    assert clock.position_s(24.0) == 5.0
    clock.shift(1.0)
    assert clock.position_s(24.0) == 6.0
