"""The VLC player: libvlc decodes and plays the sound, and draws into our memory.

libvlc is common on event machines and opens nearly every file. It is left to
its own threads; the traps behind the odd-looking lines are named where they are avoided.
"""

from __future__ import annotations

import ctypes
import logging
import os
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emotion_game.clips.audio import has_loudspeaker
from emotion_game.clips.clock import ClipClock
from emotion_game.clips.player import ClipFrame, PlayerState
from emotion_game.clips.probe import file_fault, fit_size_px, probe_clip
from emotion_game.errors import ClipError

logger = logging.getLogger(__name__)

OPENING_LIMIT_S = 10.0
STALL_LIMIT_S = 10.0
#: libvlc's own time moves in steps of 0.25-0.5 s and lags by about this much.
REPORTED_LAG_S = 0.18
#: Our clock follows libvlc's only when they are further apart than its steps explain.
DRIFT_LIMIT_S = 0.8
DRIFT_CHECK_EVERY_S = 0.25
#: How long close() waits for libvlc to let go of its clips.
CLOSE_LIMIT_S = 3.0
#: libvlc wants the rows of a picture to begin at multiples of 32 bytes.
ALIGN_BYTES = 32

_INSTALL_HINT = (
    "Install VLC (Debian/Ubuntu: apt install libvlc5 vlc-plugin-base; Windows, macOS: "
    "videolan.org, the same 64 bit as Python) or use --player pyav."
)

# python-vlc types the chroma as c_char_p, which cannot be written to: our own signatures.
_FormatCallback = ctypes.CFUNCTYPE(
    ctypes.c_uint,
    ctypes.POINTER(ctypes.c_void_p),
    ctypes.POINTER(ctypes.c_char),
    ctypes.POINTER(ctypes.c_uint),
    ctypes.POINTER(ctypes.c_uint),
    ctypes.POINTER(ctypes.c_uint),
    ctypes.POINTER(ctypes.c_uint),
)
_CleanupCallback = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
_LockCallback = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(ctypes.c_void_p))
_UnlockCallback = ctypes.CFUNCTYPE(
    None, ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(ctypes.c_void_p)
)
_DisplayCallback = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)


def vlc_available() -> str | None:
    """Return libvlc's version, e.g. "3.0.21 Vetinari"; None where it cannot be started."""
    try:
        vlc, instance = _start_vlc(sound=False)
    except ClipError:
        return None
    instance.release()
    return str(vlc.libvlc_get_version().decode("utf-8", "replace"))


class VlcPlayer:
    """Play clips with libvlc; see :class:`~emotion_game.clips.ClipPlayer`.

    Every clip gets a media player of its own. Stopping one may take long or hang inside
    libvlc, so an old one is stopped and freed by a thread nobody waits for.

    Attributes:
        sound: whether there is a sound device; without one clips play silently, in time.

    Raises:
        ClipError: when libvlc or its plugins are not installed.
    """

    name = "vlc"

    def __init__(self) -> None:
        self.sound = has_loudspeaker()
        self._vlc, self._instance = _start_vlc(sound=self.sound)
        self._volume = 1.0
        self._state = PlayerState.IDLE
        self._error = ""
        self._screening: _Screening | None = None
        self._freeing: list[threading.Thread] = []
        self._clock = ClipClock()
        self._asked_s = 0.0
        self._from_s = 0.0
        self._last_picture_s = 0.0
        self._drift_checked_s = 0.0
        self._reported_ms = 0

    @property
    def state(self) -> PlayerState:
        """The state as of the last ``poll`` or command."""
        return self._state

    @property
    def error(self) -> str:
        """What is wrong when FAILED, else an empty string."""
        return self._error

    @property
    def position_s(self) -> float:
        """Clip time now; never goes back while one clip plays."""
        return self._clock.position_s(time.perf_counter())

    def play(self, path: Path, from_s: float = 0.0) -> None:
        """See :class:`~emotion_game.clips.ClipPlayer`.

        Raises:
            ClipError: after ``close``.
        """
        self.stop()
        if self._instance is None:
            raise ClipError("The VLC player is closed.", hint="Open a new player.")
        if fault := file_fault(path):
            self._fail(fault)
            return
        self._state = PlayerState.OPENING
        self._asked_s = self._drift_checked_s = time.perf_counter()
        self._reported_ms = 0
        self._from_s = from_s
        self._screening = _Screening(self._vlc, self._instance, path.resolve(), from_s)
        self._screening.set_volume(self._volume)
        if not self._screening.play():
            self._fail(f"{path.name} cannot be started by VLC.")

    def poll(self) -> ClipFrame | None:
        """Return the picture due now, or None when it is still the one returned before."""
        screening = self._screening
        if screening is None:
            return None
        now_s = time.perf_counter()
        ended = screening.ended.is_set()  # before looking for a picture: no race
        if not self._clock.started:
            self._poll_opening(screening, now_s, ended=ended)
        if self._state is not PlayerState.PLAYING:
            return None
        self._follow_vlc(screening, now_s)
        picture = screening.take()
        if picture is not None:
            pixels, shown_s = picture
            self._last_picture_s = now_s
            return ClipFrame(pixels=pixels, order="BGRA", t_s=self._clock.position_s(shown_s))
        if ended:
            self._clock.hold(now_s)
            self._free()
            self._state = PlayerState.ENDED
        elif now_s - self._last_picture_s > STALL_LIMIT_S:
            self._fail(f"{screening.path.name} stopped giving pictures at {self.position_s:.1f} s.")
        return None

    def pause(self) -> None:
        """Hold picture, sound and clock; a clip still opening is held at its first picture."""
        if self._state not in (PlayerState.OPENING, PlayerState.PLAYING):
            return
        if self._clock.started and self._screening is not None:
            self._clock.hold(time.perf_counter())
            self._screening.set_pause(True)
        # libvlc ignores a pause while it opens: poll() asks for it at the first picture.
        self._state = PlayerState.PAUSED

    def resume(self) -> None:
        """Go on after ``pause``."""
        if self._state is not PlayerState.PAUSED or self._screening is None:
            return
        if not self._clock.started:
            self._state = PlayerState.OPENING
            return
        now_s = time.perf_counter()
        self._clock.go_on(now_s)
        self._last_picture_s = now_s
        self._screening.set_pause(False)
        self._state = PlayerState.PLAYING

    def stop(self) -> None:
        """End the clip; the state becomes IDLE."""
        self._free()
        self._clock = ClipClock()
        self._state = PlayerState.IDLE
        self._error = ""

    def set_volume(self, volume: float) -> None:
        """Set the loudness, 0..1."""
        self._volume = min(1.0, max(0.0, volume))
        if self._screening is not None:
            self._screening.set_volume(self._volume)

    def close(self) -> None:
        """Stop and free everything; threads are joined within a bound."""
        self.stop()
        if self._instance is None:
            return
        deadline_s = time.perf_counter() + CLOSE_LIMIT_S
        for thread in self._freeing:
            thread.join(max(0.0, deadline_s - time.perf_counter()))
        if any(thread.is_alive() for thread in self._freeing):
            # Releasing libvlc under a clip it still holds crashes; the end of the process frees it.
            logger.warning("VLC did not let go of a clip in %.0f s; left behind.", CLOSE_LIMIT_S)
        else:
            self._instance.release()
        self._instance = None

    def _poll_opening(self, screening: _Screening, now_s: float, *, ended: bool) -> None:
        first_s = screening.first_shown_s
        name = screening.path.name
        if first_s is not None:
            screening.set_volume(self._volume)  # before the sound output exists it may get lost
            self._last_picture_s = now_s
            if self._state is PlayerState.PAUSED:
                self._clock.start(now_s - self._from_s)
                self._clock.hold(now_s)
                screening.set_pause(True)
            else:
                self._clock.start(first_s - self._from_s)
                self._state = PlayerState.PLAYING
        elif screening.failed.is_set():
            self._fail(f"{name} cannot be played by VLC.")
        elif ended:
            # Garbage gives EndReached without a picture and without any error.
            self._fail(f"{name} holds no picture VLC can decode.")
        elif now_s - self._asked_s > OPENING_LIMIT_S:
            self._fail(f"{name} gave no picture in {OPENING_LIMIT_S:.0f} s.")

    def _follow_vlc(self, screening: _Screening, now_s: float) -> None:
        """Correct our clock when libvlc has plainly stalled or skipped."""
        if now_s - self._drift_checked_s < DRIFT_CHECK_EVERY_S:
            return
        self._drift_checked_s = now_s
        reported_ms = screening.reported_ms()
        if reported_ms <= 0 or reported_ms == self._reported_ms:
            return
        self._reported_ms = reported_ms
        drift_s = reported_ms / 1000 + REPORTED_LAG_S - self._clock.position_s(now_s)
        if abs(drift_s) > DRIFT_LIMIT_S:
            logger.warning("VLC is %.1f s from our clock; following it.", drift_s)
            self._clock.shift(drift_s)

    def _fail(self, fault: str) -> None:
        self._clock.hold(time.perf_counter())
        self._free()
        self._state = PlayerState.FAILED
        self._error = fault
        logger.warning("%s", fault)

    def _free(self) -> None:
        if self._screening is None:
            return
        # stop() waits for libvlc's threads, and has been seen to hang: never in the main loop.
        thread = threading.Thread(target=self._screening.free, name="clip-vlc-free", daemon=True)
        thread.start()
        self._screening = None
        self._freeing = [old for old in self._freeing if old.is_alive()] + [thread]


class _Screening:
    """One clip in one libvlc media player, drawing into our memory.

    libvlc calls back from its own threads, so everything here that they touch is either
    guarded by the lock or an Event. The callback objects live as long as this object, and the
    thread that frees it holds it until libvlc is done: a lost reference would crash.

    Attributes:
        ended: set at the end of the file.
        failed: set when libvlc says it cannot play it.
        first_shown_s: ``time.perf_counter`` at the first picture; None before.
    """

    def __init__(self, vlc: Any, instance: Any, path: Path, from_s: float) -> None:
        self.path = path
        self.ended = threading.Event()
        self.failed = threading.Event()
        self.first_shown_s: float | None = None
        self._lock = threading.Lock()
        self._size_px: tuple[int, int] | None = None
        self._filling: NDArray[np.uint8] | None = None
        self._shown: tuple[NDArray[np.uint8], float] | None = None
        self._player = instance.media_player_new()
        media = instance.media_new_path(os.fsencode(path))
        media.add_option(":avcodec-hw=none")  # decoding on the GPU only to copy back is slower
        if from_s:
            media.add_option(f":start-time={from_s:.3f}")
            media.add_option(":no-audio")
        self._player.set_media(media)
        media.release()
        decorators = vlc.CallbackDecorators
        self._ours = (
            _LockCallback(self._on_lock),
            _UnlockCallback(lambda opaque, picture, planes: None),
            _DisplayCallback(self._on_display),
            _FormatCallback(self._on_format),
            _CleanupCallback(lambda opaque: None),
        )
        lock, unlock, display, form, cleanup = self._ours
        self._theirs = (
            ctypes.cast(lock, decorators.VideoLockCb),
            ctypes.cast(unlock, decorators.VideoUnlockCb),
            ctypes.cast(display, decorators.VideoDisplayCb),
            ctypes.cast(form, decorators.VideoFormatCb),
            ctypes.cast(cleanup, decorators.VideoCleanupCb),
        )
        self._player.video_set_callbacks(*self._theirs[:3], None)
        self._player.video_set_format_callbacks(*self._theirs[3:])
        # An event callback only sets a flag: calling libvlc from it hangs for good.
        self._events = {
            vlc.EventType.MediaPlayerEndReached: lambda event, flag=self.ended: flag.set(),
            vlc.EventType.MediaPlayerEncounteredError: lambda event, flag=self.failed: flag.set(),
        }
        manager = self._player.event_manager()
        for kind, callback in self._events.items():
            manager.event_attach(kind, callback)

    def play(self) -> bool:
        """Begin; False when libvlc refuses at once (a missing file it accepts)."""
        return bool(self._player.play() == 0)

    def take(self) -> tuple[NDArray[np.uint8], float] | None:
        """Return the newest picture not taken yet and when it was shown (perf_counter)."""
        with self._lock:
            shown, self._shown = self._shown, None
        return shown

    def set_pause(self, paused: bool) -> None:
        """Hold or go on."""
        self._player.set_pause(int(paused))

    def set_volume(self, volume: float) -> None:
        """Set the loudness, 0..1."""
        self._player.audio_set_volume(round(100 * volume))

    def reported_ms(self) -> int:
        """Return libvlc's idea of the clip time."""
        return int(self._player.get_time())

    def free(self) -> None:
        """Stop and release; may take long, may even hang."""
        self._player.stop()
        manager = self._player.event_manager()
        for kind in self._events:
            manager.event_detach(kind)
        self._player.release()
        # python-vlc keeps every player for ever; free at least the pictures.
        with self._lock:
            self._filling = self._shown = None

    def _on_format(
        self, opaque: Any, chroma: Any, width: Any, height: Any, pitches: Any, lines: Any
    ) -> int:
        # What libvlc proposes is padded (1280x738 for 1280x720): the size is ours to impose.
        # It asks again whenever its output restarts.
        if self._size_px is None:
            self._size_px = self._clip_size_px(width[0], height[0])
        width[0], height[0] = self._size_px
        pitches[0] = 4 * self._size_px[0]
        lines[0] = self._size_px[1]
        ctypes.memmove(chroma, b"RV32", 4)
        return 1

    def _clip_size_px(self, proposed_width: int, proposed_height: int) -> tuple[int, int]:
        try:
            probe = probe_clip(self.path)
        except ClipError as error:
            # libvlc opens more than FFmpeg does: its padded size is 3% off at worst.
            logger.warning("Taking VLC's word for the picture size: %s", error.message)
            return fit_size_px(proposed_width, proposed_height)
        return fit_size_px(probe.width, probe.height)

    def _on_lock(self, opaque: Any, planes: Any) -> None:
        assert self._size_px is not None  # libvlc asks for the format first
        width, height = self._size_px
        size = 4 * width * height
        # A new array for every picture: the one given out stays the caller's.
        memory = np.empty(size + ALIGN_BYTES, np.uint8)
        start = -memory.ctypes.data % ALIGN_BYTES
        self._filling = memory[start : start + size].reshape(height, width, 4)
        planes[0] = self._filling.ctypes.data

    def _on_display(self, opaque: Any, picture: Any) -> None:
        now_s = time.perf_counter()
        with self._lock:
            if self._filling is not None:
                self._shown = (self._filling, now_s)
        if self.first_shown_s is None:
            self.first_shown_s = now_s


def _start_vlc(*, sound: bool) -> tuple[Any, Any]:
    """Import python-vlc and start libvlc; return the module and the instance.

    Raises:
        ClipError: when the library or its plugins are missing.
    """
    try:
        import vlc
    except (ImportError, OSError, NotImplementedError, SystemExit) as error:
        # SystemExit: python-vlc ends the program when PYTHON_VLC_LIB_PATH is wrong.
        raise ClipError("libvlc was not found.", hint=_INSTALL_HINT) from error
    arguments = ["--quiet", "--no-video-title-show", "--no-sub-autodetect-file"]
    if not sound:
        arguments.append("--aout=dummy")
    try:
        instance = vlc.Instance(*arguments)
    except NameError as error:
        # Where there is no libvlc at all, python-vlc loads the running program in its place
        # and then misses every function.
        raise ClipError("libvlc was not found.", hint=_INSTALL_HINT) from error
    if instance is None:
        raise ClipError("libvlc was found, but not its plugins.", hint=_INSTALL_HINT)
    return vlc, instance
