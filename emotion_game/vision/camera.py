"""Cameras of every kind behind one capture thread.

A source is a device number, a video file at its own pace, a network camera, a still picture or
``demo`` (the player film that ships with the game).
"""

from __future__ import annotations

import logging
import os
import re
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import av
import cv2
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from emotion_game import paths
from emotion_game.addresses import hide_secrets, safe_name
from emotion_game.decoding import (
    open_film,
    picture_stream,
    pictures,
    reason,
    shown_size_px,
    to_bgr,
)
from emotion_game.errors import CameraError, PictureError
from emotion_game.settings import CameraSettings
from emotion_game.timing import Timings
from emotion_game.vision.pictures import read_picture
from emotion_game.vision.slot import LatestSlot
from emotion_game.vision.streams import is_stream, open_stream

log = logging.getLogger(__name__)

# OpenCV prints its own warnings about every camera that is not there; ours are clearer.
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)

DEMO = "demo"
#: A file larger than this is a film, and need not be read whole to find that out.
_LARGEST_PICTURE_BYTES = 256 * 1024 * 1024
#: Files are read as files alone: a playlist named like a film must not open an address.
_FILM_OPTIONS = {"protocol_whitelist": "file"}
_WIDEST_PX = 8_192
_NOMINAL_STEP_S = 1.0 / 30.0
_DEVICE = re.compile(r"[0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class Frame:
    """One captured picture.

    Attributes:
        t_s: monotonic time of capture.
        picture: (height, width, 3) uint8 BGR.
    """

    t_s: float
    picture: NDArray[np.uint8]


class FrameSource(Protocol):
    """Anything that gives one picture after another."""

    #: Whether identical pictures in a row mean that the source has frozen.
    live: bool

    def read(self) -> NDArray[np.uint8]:
        """Return the next picture.

        Raises:
            CameraError: when there will be no further picture.
        """
        ...

    def pace(self, stop: threading.Event) -> None:
        """Wait until the picture just read is due; end early when ``stop`` is set."""
        ...

    def close(self) -> None:
        """Free the device or file."""
        ...


class CaptureSource:
    """A device through OpenCV; paced by the camera itself."""

    live = True

    def __init__(self, capture: cv2.VideoCapture, name: str) -> None:
        self._capture = capture
        self._name = name

    def read(self) -> NDArray[np.uint8]:
        """See :class:`FrameSource`."""
        good, picture = self._capture.read()
        if not good or picture is None:
            raise CameraError(
                f"The camera {self._name} stopped giving pictures.", hint="Check its cable."
            )
        return np.asarray(picture, dtype=np.uint8)

    def pace(self, stop: threading.Event) -> None:
        """See :class:`FrameSource`; the camera itself sets the pace."""

    def close(self) -> None:
        """See :class:`FrameSource`."""
        self._capture.release()


class VideoSource:
    """A recorded video at its own pace, from the start again when it ends."""

    live = False

    def __init__(self, path: Path) -> None:
        self._path = path
        self._frames = read_video(path)
        self._began_s = self._due_s = time.monotonic()

    def read(self) -> NDArray[np.uint8]:
        """See :class:`FrameSource`."""
        item = next(self._frames, None)
        if item is None:
            self._frames = read_video(self._path)
            # The last picture stays as long as any other; a film of one picture must not spin.
            self._began_s = max(time.monotonic(), self._due_s + _NOMINAL_STEP_S)
            item = next(self._frames)
        self._due_s = self._began_s + item[0]
        return item[1]

    def pace(self, stop: threading.Event) -> None:
        """See :class:`FrameSource`."""
        stop.wait(max(0.0, self._due_s - time.monotonic()))

    def close(self) -> None:
        """See :class:`FrameSource`."""
        self._frames = iter(())


class StillSource:
    """One picture again and again."""

    live = False

    def __init__(self, path: Path, rate_hz: float) -> None:
        self._picture = read_picture(path)
        self._step_s = 1.0 / rate_hz

    def read(self) -> NDArray[np.uint8]:
        """See :class:`FrameSource`."""
        return self._picture

    def pace(self, stop: threading.Event) -> None:
        """See :class:`FrameSource`."""
        stop.wait(self._step_s)

    def close(self) -> None:
        """See :class:`FrameSource`."""


def read_video(path: Path) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    """Yield every frame as (seconds from the first frame, (height, width, 3) uint8 BGR).

    Pictures are upright, whole (not of two fields) and of square pixels; damaged ones are left out.

    Raises:
        CameraError: at once, when the file is missing or holds no picture.
    """
    if not os.path.isfile(path):  # noqa: PTH113 - Path.is_file() raises on names that are too long
        raise CameraError(f"There is no video file {path}.", hint="Check the path.")
    try:
        container = open_film(path, _FILM_OPTIONS)
    except av.FFmpegError as error:
        raise _no_video(path, error) from error
    try:
        stream = picture_stream(container)
        if stream is None:
            raise _no_video(path)
        if max(stream.width, stream.height) > _WIDEST_PX:
            raise CameraError(
                f"{path} is {stream.width} x {stream.height} pixels large; at most {_WIDEST_PX} a"
                " side are read.",
                hint="Export it smaller.",
            )
        stream.thread_type = "AUTO"
        shown = _shown(pictures(container, stream), stream)
        try:
            first = next(shown, None)
        except av.FFmpegError as error:
            raise _no_video(path, error) from error
        if first is None:
            raise _no_video(path)
    except BaseException:
        container.close()
        raise
    return _timed(container, stream, first, shown)


def _no_video(path: Path, error: av.FFmpegError | None = None) -> CameraError:
    why = f" ({reason(error)})" if error is not None else ""
    return CameraError(
        f"{path} is not a video with readable pictures{why}.", hint="Give an MP4, MOV or WebM file."
    )


def _shown(
    frames: Iterator[VideoFrame], stream: VideoStream
) -> Iterator[tuple[float | None, NDArray[np.uint8]]]:
    """Yield stamp and picture; one of a kind that cannot be converted counts as damaged.

    Raises:
        av.FFmpegError: when none can be.
    """
    fault: av.FFmpegError | None = None
    any_picture = False
    for frame in frames:
        try:
            picture = to_bgr(frame, shown_size_px(frame, stream))
        except av.FFmpegError as error:
            fault = error
            continue
        any_picture = True
        yield frame.time, picture
    if fault is not None and not any_picture:
        raise fault


def _timed(
    container: InputContainer,
    stream: VideoStream,
    first: tuple[float | None, NDArray[np.uint8]],
    following: Iterator[tuple[float | None, NDArray[np.uint8]]],
) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    rate_hz = float(stream.average_rate or 0)
    step_s = 1.0 / rate_hz if 1.0 <= rate_hz <= 240.0 else _NOMINAL_STEP_S
    began_s, picture = first
    t_s = 0.0
    with container:
        yield t_s, picture
        for stamp_s, picture in following:
            if began_s is None:
                began_s = stamp_s
            seen_s = -1.0 if stamp_s is None or began_s is None else stamp_s - began_s
            # Some containers carry no usable stamps; then the nominal rate has to do.
            t_s = seen_s if seen_s > t_s else t_s + step_s
            yield t_s, picture


def open_source(spec: str, settings: CameraSettings) -> FrameSource:
    """Open what ``--camera`` names.

    Args:
        spec: device number, file, URL or ``demo``.
        settings: size and rate asked of a device.

    Raises:
        CameraError: when it is missing, busy or unreadable.
    """
    if spec == DEMO:
        return VideoSource(paths.VIDEOS / "demo_player.mp4")
    if _DEVICE.fullmatch(spec):
        capture = cv2.VideoCapture(int(spec))
        if not capture.isOpened():
            raise CameraError(
                f"Camera {spec} cannot be opened: it is not connected, used by another program"
                " or not permitted.",
                hint="Check it, or start with --camera demo.",
            )
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, settings.width_px)
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, settings.height_px)
        capture.set(cv2.CAP_PROP_FPS, settings.rate_hz)
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        return CaptureSource(capture, spec)
    if is_stream(spec):
        return open_stream(spec)
    path = Path(spec)
    if not os.path.isfile(path):  # noqa: PTH113 - as in read_video
        raise CameraError(
            f"There is no camera or file {safe_name(spec)!r}.",
            hint="Give a device number, a video or picture file, an http:// stream or demo.",
        )
    if _may_be_picture(path):
        with suppress(PictureError):
            return StillSource(path, settings.rate_hz)
    return VideoSource(path)


def _may_be_picture(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            # A GIF may move; one that does not is a film of one picture.
            return not file.read(4).startswith(b"GIF8") and (
                path.stat().st_size <= _LARGEST_PICTURE_BYTES
            )
    except OSError:
        return True  # reading it says what is wrong


class FreezeDetector:
    """Tell a camera that repeats its last pictures from one that works.

    A sensor's noise makes no two pictures equal. A driver that lost its camera repeats one, or the
    few that its buffers hold; a network camera encodes the same one again and again, and may write
    the time of day into it. A picture is news if it differs from each of the newest pictures in
    more than a small share of its pixels. Pixels that are all black or all white in both do not
    count: they carry no noise.
    """

    #: Buffers of a driver are not more than this.
    _KEPT = 8
    #: More pixels than those of a clock change by themselves.
    _NEWS_SHARE = 0.03
    #: Of each block of a JPEG, the pixel in its corner.
    _STEP_PX = 8

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._known: deque[NDArray[np.uint8]] = deque(maxlen=self._KEPT)
        self._since_s = 0.0

    def is_frozen(self, picture: NDArray[np.uint8], t_s: float) -> bool:
        """Take one picture, captured at ``t_s``; True once there was no news for the limit."""
        sample = picture[:: self._STEP_PX, :: self._STEP_PX]
        if not any(self._is_same(sample, known) for known in reversed(self._known)):
            self._known.append(sample.copy())
            self._since_s = t_s
            return False
        return t_s - self._since_s > self._limit_s

    def _is_same(self, sample: NDArray[np.uint8], known: NDArray[np.uint8]) -> bool:
        if sample.shape != known.shape:
            return False
        changed = (sample != known).any(axis=2)
        if not changed.any():
            return True
        ends = ((sample == known) & ((sample == 0) | (sample == 255))).all(axis=2)
        return bool(changed.sum() <= self._NEWS_SHARE * (ends.size - ends.sum()))


class Camera:
    """Capture in a thread of its own, and open the source again when it fails.

    Frames go to ``slot``. ``error`` is the newest failure, ``None`` while frames come; ``age_s``
    lets the main loop see a read that blocks for ever.

    Args:
        spec: see :func:`open_source`.
        settings: sizes, rates and waits.
        slot: where the frames go.
        timings: gets the stage "capture", the time to fetch and decode a picture.
        open_: opens the source; tests give their own.
    """

    def __init__(
        self,
        spec: str,
        settings: CameraSettings,
        slot: LatestSlot[Frame],
        timings: Timings | None = None,
        open_: Callable[[str, CameraSettings], FrameSource] = open_source,
    ) -> None:
        self.spec = spec
        self._name = safe_name(spec)
        self.error: CameraError | None = None
        self.frames = 0
        self._settings = settings
        self._slot = slot
        self._timings = timings or Timings()
        self._open = open_
        self._newest_s = time.monotonic()
        # Outlives the source: a picture still the same after opening again is still no news.
        self._freeze = FreezeDetector(settings.lost_s)
        self._stop = threading.Event()
        self._rewind = threading.Event()
        self._thread = threading.Thread(target=self._run, name="camera", daemon=True)
        self._thread.start()

    def age_s(self) -> float:
        """Return the seconds since the newest frame, or since the start."""
        return time.monotonic() - self._newest_s

    def is_lost(self) -> bool:
        """Return whether the source has failed or gives no (new) picture in time."""
        limit_s = self._settings.lost_s if self.frames else self._settings.first_picture_s
        return self.error is not None or self.age_s() > limit_s

    def rewind(self) -> None:
        """Begin the demo player's film anew, so that each round meets the same player."""
        if self.spec == DEMO:
            self._rewind.set()

    def close(self) -> None:
        """End the thread; one that hangs in the driver is left behind as a daemon."""
        self._stop.set()
        self._thread.join(timeout=2.0)

    def _run(self) -> None:
        wait_s = self._settings.retry_first_s
        while not self._stop.is_set():
            frames_before = self.frames
            try:
                source = self._open(self.spec, self._settings)
                try:
                    self._capture(source)
                finally:
                    source.close()
                self._rewind.clear()
            except Exception as error:  # noqa: BLE001 - a thread that dies becomes an event
                if isinstance(error, CameraError):
                    fault = error
                else:
                    # An error of a library may hold the address that it was given.
                    said = hide_secrets(repr(error), self.spec)
                    fault = CameraError(f"The camera {self._name} failed: {said}.")
                if self.error is None:
                    log.info("%s%s", fault, "" if fault is error else self._where(error))
                self.error = fault
                if self.frames > frames_before:
                    wait_s = self._settings.retry_first_s
                self._stop.wait(wait_s)
                wait_s = min(wait_s * 2, self._settings.retry_longest_s)

    def _where(self, error: Exception) -> str:
        return hide_secrets("\n" + "".join(traceback.format_exception(error)), self.spec)

    def _capture(self, source: FrameSource) -> None:
        began_s = time.monotonic()
        while not self._stop.is_set() and not self._rewind.is_set():
            with self._timings.measure("capture"):
                picture = source.read()
            source.pace(self._stop)
            t_s = time.monotonic()
            if self._stop.is_set():
                return  # the read came back late; the slot may belong to another camera by now
            if source.live and self._freeze.is_frozen(picture, t_s):
                # One that was opened anew may begin with what it kept: it gets time to change.
                if t_s - began_s <= self._settings.lost_s:
                    continue
                raise CameraError(
                    f"The camera {self._name} repeats one picture: it is covered or frozen.",
                    hint="Uncover it, or unplug it and plug it in.",
                )
            self._slot.put(Frame(t_s, picture))
            self.frames += 1
            self._newest_s = t_s
            self.error = None
