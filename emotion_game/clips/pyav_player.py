"""The embedded player: FFmpeg through PyAV, sound through pygame's mixer.

Two threads a clip, each with the file open for itself. One decodes pictures into a short
queue; the other decodes the sound. All mixer commands come from the main loop.

The sound is ONE mixer sound as long as the clip, begun while most of it is still silence:
the thread writes samples into its memory ahead of the playing position. A long clip thus
starts at once, and there are no joints between chunks to click.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from pathlib import Path

import av
import numpy as np
import pygame
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.stream import VideoStream
from numpy.typing import NDArray

from emotion_game.clips.audio import CHANNELS, RATE_HZ, open_mixer
from emotion_game.clips.clock import ClipClock
from emotion_game.clips.player import ClipFrame, PlayerState
from emotion_game.clips.probe import (
    duration_s,
    file_fault,
    first_video_stream,
    fit_size_px,
)
from emotion_game.decoding import decoded, open_film, pictures, reason, shown_size_px, to_bgr
from emotion_game.errors import ClipError

logger = logging.getLogger(__name__)

#: Pictures decoded ahead: 0.25 s of a 30 fps clip, 22 MB at 1280x720.
QUEUED_PICTURES = 8
#: No first picture after this long: the clip counts as broken.
OPENING_LIMIT_S = 10.0
#: No picture for this long in the middle of a clip: the disk or the decoder hangs.
STALL_LIMIT_S = 10.0
#: The clip starts once this much sound is ready ...
SOUND_HEAD_START_S = 1.0
#: ... and the sound thread rests when it is this far ahead, leaving the processor to the game.
SOUND_LEAD_S = 10.0
#: Longest sound kept (212 MB); a longer clip goes on without sound, and the log says so.
LONGEST_SOUND_S = 1_200.0
#: Silence kept behind the length the file claims, for a file that claims too little.
SOUND_MARGIN_S = 1.0
#: A hole in the sound's timestamps larger than this is kept as silence, a smaller one is jitter.
SOUND_GAP_S = 0.05
#: A picture later than this is not converted, so that a slow machine can catch up ...
LATE_S = 0.3
#: ... but one picture in this much clip time always is.
LATE_PICTURE_EVERY_S = 0.25
JOIN_LIMIT_S = 2.0


class PyAvPlayer:
    """Play clips with what comes in the wheels; see :class:`~emotion_game.clips.ClipPlayer`.

    Attributes:
        sound: whether there is a sound device; without one clips play silently, in time.
    """

    name = "pyav"

    def __init__(self) -> None:
        self.sound = open_mixer()
        self._volume = 1.0
        self._state = PlayerState.IDLE
        self._error = ""
        self._decoding: _Decoding | None = None
        self._channel: pygame.mixer.Channel | None = None
        self._clock = ClipClock()
        self._next: ClipFrame | None = None
        self._asked_s = 0.0
        self._from_s = 0.0
        self._last_picture_s = 0.0

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
        """See :class:`~emotion_game.clips.ClipPlayer`."""
        self.stop()
        if fault := file_fault(path):
            self._fail(fault)
            return
        self._state = PlayerState.OPENING
        self._asked_s = time.perf_counter()
        self._from_s = from_s
        # The sound's memory begins with the clip; the mixer cannot start in its middle.
        with_sound = self.sound and not from_s
        self._decoding = _Decoding(path, self._clock, from_s, with_sound=with_sound)

    def poll(self) -> ClipFrame | None:
        """Return the picture due now, or None when it is still the one returned before."""
        decoding = self._decoding
        if decoding is None:
            return None
        if not self._clock.started:
            self._poll_opening(decoding)
        if self._state is not PlayerState.PLAYING:
            return None
        return self._poll_playing(decoding)

    def pause(self) -> None:
        """Hold picture, sound and clock; a clip still opening is held at its first picture."""
        if self._state not in (PlayerState.OPENING, PlayerState.PLAYING):
            return
        if self._clock.started:
            self._clock.hold(time.perf_counter())
        if self._channel is not None:
            self._channel.pause()
        self._state = PlayerState.PAUSED

    def resume(self) -> None:
        """Go on after ``pause``."""
        if self._state is not PlayerState.PAUSED:
            return
        if not self._clock.started:
            self._state = PlayerState.OPENING
            return
        self._clock.go_on(time.perf_counter())
        if self._channel is not None:
            self._channel.unpause()
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
        if self._channel is not None:
            self._channel.set_volume(self._volume)

    def close(self) -> None:
        """Stop and free everything; threads are joined within a bound."""
        self.stop()

    def _poll_opening(self, decoding: _Decoding) -> None:
        ended = decoding.pictures_over.is_set()  # before looking into the queue: no race
        if self._next is None:
            self._next = decoding.take()
        if self._next is None:
            if ended:
                self._fail(decoding.fault or f"{decoding.path.name} holds no picture.")
            elif time.perf_counter() - self._asked_s > OPENING_LIMIT_S:
                self._fail(f"{decoding.path.name} gave no picture in {OPENING_LIMIT_S:.0f} s.")
        elif self._state is PlayerState.OPENING and decoding.sound_ready.is_set():
            if decoding.sound is not None:
                self._channel = decoding.sound.play()
                if self._channel is None:
                    logger.warning("All mixer channels are taken: this clip plays silently.")
                else:
                    self._channel.set_volume(self._volume)
            self._clock.start(time.perf_counter() - self._from_s)
            self._last_picture_s = self._from_s
            self._state = PlayerState.PLAYING

    def _poll_playing(self, decoding: _Decoding) -> ClipFrame | None:
        position_s = self.position_s
        ended = decoding.pictures_over.is_set()  # before looking into the queue: no race
        due: ClipFrame | None = None
        while True:
            if self._next is None:
                self._next = decoding.take()
            if self._next is None or self._next.t_s > position_s:
                break
            due, self._next = self._next, None
            self._last_picture_s = position_s
        if due is None and self._next is None:
            if ended and decoding.sound_over.is_set() and position_s >= decoding.end_s:
                self._free()
                self._clock.hold(time.perf_counter())
                self._state = PlayerState.ENDED
            elif not ended and position_s - self._last_picture_s > STALL_LIMIT_S:
                self._fail(f"{decoding.path.name} stopped giving pictures at {position_s:.1f} s.")
        return due

    def _fail(self, fault: str) -> None:
        self._free()
        self._clock.hold(time.perf_counter())
        self._state = PlayerState.FAILED
        self._error = fault
        logger.warning("%s", fault)

    def _free(self) -> None:
        if self._channel is not None:
            self._channel.stop()
            self._channel = None
        if self._decoding is not None:
            self._decoding.close()
            self._decoding = None
        self._next = None
        self._last_picture_s = 0.0


class _Decoding:
    """The two threads that decode one clip, and what they have ready.

    Attributes:
        sound: the mixer sound to start when ``sound_ready``; None when there is none.
        fault: why no (more) picture comes; empty at a proper end.
        end_s: clip time at which the last picture and the last sound are over.
    """

    def __init__(self, path: Path, clock: ClipClock, from_s: float, *, with_sound: bool) -> None:
        self.path = path
        self._from_s = from_s
        self.fault = ""
        self.end_s = 0.0
        self.sound: pygame.mixer.Sound | None = None
        self.sound_ready = threading.Event()
        self.sound_over = threading.Event()
        self.pictures_over = threading.Event()
        self._clock = clock
        self._pictures: queue.Queue[ClipFrame] = queue.Queue(QUEUED_PICTURES)
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._picture_thread, name="clip-pictures")]
        if with_sound:
            self._threads.append(threading.Thread(target=self._sound_thread, name="clip-sound"))
        else:
            self.sound_ready.set()
            self.sound_over.set()
        for thread in self._threads:
            thread.daemon = True  # a hanging disk must not keep the game from ending
            thread.start()

    def take(self) -> ClipFrame | None:
        """Return the next picture, None when none is ready."""
        try:
            return self._pictures.get_nowait()
        except queue.Empty:
            return None

    def close(self) -> None:
        """End both threads."""
        self._stop.set()
        for thread in self._threads:
            thread.join(JOIN_LIMIT_S)
            if thread.is_alive():
                logger.warning("Thread %s did not end in %.0f s.", thread.name, JOIN_LIMIT_S)

    def _picture_thread(self) -> None:
        fault = f"Decoding {self.path.name} broke off."  # stays only if an exception flies
        try:
            with open_film(self.path) as container:
                self._decode_pictures(container, first_video_stream(container))
            fault = ""
        except ClipError as error:
            fault = error.message
        except av.FFmpegError as error:
            fault = f"{self.path.name} cannot be decoded: {reason(error)}."
        finally:
            self.fault = fault
            self.pictures_over.set()

    def _decode_pictures(self, container: InputContainer, stream: VideoStream) -> None:
        origin_s = (container.start_time or 0) / av.time_base
        if self._from_s:
            container.seek(round((origin_s + self._from_s) * av.time_base))
        frame_s = 1.0 / float(stream.average_rate or 30)
        converted_s = -1.0
        t_s = -frame_s
        for frame in pictures(container, stream):
            if self._stop.is_set():
                return
            if frame.time is not None and frame.time - origin_s < self._from_s:
                continue  # from the key picture before to the one that was asked for
            # A damaged file may lack a timestamp or step back: pictures stay in order.
            t_s = max(t_s + 0.001, frame.time - origin_s if frame.time is not None else t_s)
            self.end_s = max(self.end_s, t_s + frame_s)
            late = self._clock.position_s(time.perf_counter()) - t_s > LATE_S
            if late and t_s - converted_s < LATE_PICTURE_EVERY_S:
                continue
            converted_s = t_s
            pixels = to_bgr(frame, fit_size_px(*shown_size_px(frame, stream)))
            self._put(ClipFrame(pixels=pixels, order="BGR", t_s=max(0.0, t_s)))

    def _put(self, picture: ClipFrame) -> None:
        while not self._stop.is_set():
            try:
                self._pictures.put(picture, timeout=0.1)
            except queue.Full:
                continue
            return

    def _sound_thread(self) -> None:
        try:
            with open_film(self.path) as container:
                if container.streams.audio:
                    self._decode_sound(container, container.streams.audio[0])
        except av.FFmpegError as error:
            # The picture decides whether the clip is broken; without its sound it plays on.
            logger.warning("%s plays without (more) sound: %s.", self.path.name, reason(error))
        finally:
            self.sound_ready.set()
            self.sound_over.set()

    def _decode_sound(self, container: InputContainer, stream: AudioStream) -> None:
        origin_s = (container.start_time or 0) / av.time_base
        length_s = (duration_s(container) or _measured_s(self.path)) + SOUND_MARGIN_S
        if length_s > LONGEST_SOUND_S:
            logger.warning("%s: sound ends after %.0f s.", self.path.name, LONGEST_SOUND_S)
            length_s = LONGEST_SOUND_S
        silence = bytes(int(length_s * RATE_HZ) * CHANNELS * np.dtype(np.int16).itemsize)
        sound = pygame.mixer.Sound(buffer=silence)
        samples = pygame.sndarray.samples(sound)  # a view of the sound's own memory
        self.sound = sound
        resampler = av.AudioResampler(format="s16", layout="stereo", rate=RATE_HZ)
        at = 0  # where the next sample goes
        for frame in decoded(container, stream, AudioFrame):
            if self._stop.is_set():
                return
            if frame.time is not None:
                due = round((frame.time - origin_s) * RATE_HZ)
                if abs(due - at) > SOUND_GAP_S * RATE_HZ:
                    at = due
            for piece in resampler.resample(frame):
                at = _write(samples, at, _to_stereo(piece))
            ready_s = at / RATE_HZ
            self.end_s = max(self.end_s, min(ready_s, length_s))
            if ready_s >= SOUND_HEAD_START_S:
                self.sound_ready.set()
            while self._lead_s(ready_s) > SOUND_LEAD_S and not self._stop.wait(0.2):
                pass

    def _lead_s(self, ready_s: float) -> float:
        return ready_s - self._clock.position_s(time.perf_counter())


def _to_stereo(piece: AudioFrame) -> NDArray[np.int16]:
    """Return resampled sound as (samples, 2) int16."""
    return piece.to_ndarray().reshape(-1, CHANNELS).astype(np.int16, copy=False)


def _write(samples: NDArray[np.int16], at: int, piece: NDArray[np.int16]) -> int:
    """Put a piece of sound at sample ``at``, cut to what fits; return where it ends."""
    end = at + len(piece)
    first, last = max(0, at), min(len(samples), end)
    if first < last:
        samples[first:last] = piece[first - at : last - at]
    return end


def _measured_s(path: Path) -> float:
    """Return a clip's length from its packets, for a file whose header does not say."""
    with open_film(path) as container:
        origin_s = (container.start_time or 0) / av.time_base
        ends = (
            float((packet.pts + (packet.duration or 0)) * packet.time_base)
            for packet in container.demux()
            if packet.pts is not None and packet.time_base is not None
        )
        return max(ends, default=0.0) - origin_s
