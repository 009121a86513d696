"""Cameras of every kind behind one capture thread.

A source is a device number, a video file at its own pace, an HTTP MJPEG stream, a still picture
or ``demo`` (the player film that ships with the game).
"""

from __future__ import annotations

import logging
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from emotion_game import paths
from emotion_game.errors import CameraError, PictureError
from emotion_game.settings import CameraSettings
from emotion_game.timing import Timings
from emotion_game.vision.pictures import read_picture
from emotion_game.vision.slot import LatestSlot

log = logging.getLogger(__name__)

# OpenCV prints its own warnings about every camera that is not there; ours are clearer.
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # AV_LOG_QUIET

DEMO = "demo"
_STREAM_PREFIXES = ("http://", "https://", "rtsp://")
_STREAM_TIMEOUT_MS = 5000
_NOMINAL_STEP_S = 1.0 / 30.0
_DEVICE = re.compile(r"[0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class Frame:
    """One captured picture.

    Attributes:
        sequence: counts the frames of one capture, from 0.
        t_s: monotonic time of capture.
        picture: (height, width, 3) uint8 BGR.
    """

    sequence: int
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
    """A device or a network stream through OpenCV; paced by the camera itself."""

    def __init__(self, capture: cv2.VideoCapture, name: str, *, live: bool) -> None:
        self._capture = capture
        self._name = name
        self.live = live

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

    Raises:
        CameraError: at once, when the file is missing or holds no picture.
    """
    if not os.path.isfile(path):  # noqa: PTH113 - Path.is_file() raises on names that are too long
        raise CameraError(f"There is no video file {path}.", hint="Check the path.")
    # Absolute, since FFmpeg takes "take2:final.mp4" for the protocol "take2".
    capture = cv2.VideoCapture(str(path.absolute()), cv2.CAP_FFMPEG)
    good, first = capture.read() if capture.isOpened() else (False, None)
    if not good or first is None:
        capture.release()
        raise CameraError(
            f"{path} is not a video with readable pictures.", hint="Give an MP4, MOV or WebM file."
        )
    return _frames(capture, np.asarray(first, dtype=np.uint8))


def _frames(
    capture: cv2.VideoCapture, first: NDArray[np.uint8]
) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    rate_hz = capture.get(cv2.CAP_PROP_FPS)
    step_s = 1.0 / rate_hz if 1.0 <= rate_hz <= 240.0 else _NOMINAL_STEP_S
    began_s = capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
    t_s = 0.0
    picture: NDArray[np.uint8] = first
    try:
        while True:
            yield t_s, picture
            good, following = capture.read()
            if not good or following is None:
                return
            picture = np.asarray(following, dtype=np.uint8)
            stamp_s = capture.get(cv2.CAP_PROP_POS_MSEC) / 1000 - began_s
            # Some containers carry no usable stamps; then the nominal rate has to do.
            t_s = stamp_s if stamp_s > t_s else t_s + step_s
    finally:
        capture.release()


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
        return CaptureSource(capture, spec, live=True)
    if spec.startswith(_STREAM_PREFIXES):
        timeouts = [
            cv2.CAP_PROP_OPEN_TIMEOUT_MSEC,
            _STREAM_TIMEOUT_MS,
            cv2.CAP_PROP_READ_TIMEOUT_MSEC,
            _STREAM_TIMEOUT_MS,
        ]
        capture = cv2.VideoCapture(spec, cv2.CAP_FFMPEG, timeouts)
        if not capture.isOpened():
            raise CameraError(
                f"The stream {spec} cannot be opened.", hint="Check the address and the network."
            )
        return CaptureSource(capture, spec, live=False)
    path = Path(spec)
    if not os.path.isfile(path):  # noqa: PTH113 - as in read_video
        raise CameraError(
            f"There is no camera or file {spec!r}.",
            hint="Give a device number, a video or picture file, an http:// stream or demo.",
        )
    try:
        return StillSource(path, settings.rate_hz)
    except PictureError:
        return VideoSource(path)


class FreezeDetector:
    """Tell a camera that repeats its last picture from one that works.

    A sensor's noise makes no two pictures equal; a driver that lost its camera repeats one.
    """

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._sample: NDArray[np.uint8] | None = None
        self._since_s = 0.0

    def is_frozen(self, picture: NDArray[np.uint8], t_s: float) -> bool:
        """Take one picture, captured at ``t_s``; True once it has not changed for the limit."""
        sample = picture[::8, ::8]
        if self._sample is None or not np.array_equal(sample, self._sample):
            self._sample, self._since_s = sample.copy(), t_s
            return False
        return t_s - self._since_s > self._limit_s


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
            except Exception as error:  # a thread that dies becomes an event
                fault = (
                    error
                    if isinstance(error, CameraError)
                    else CameraError(f"The camera {self.spec} failed: {error!r}.")
                )
                if self.error is None:
                    log.info("%s", fault, exc_info=None if fault is error else error)
                self.error = fault
                if self.frames > frames_before:
                    wait_s = self._settings.retry_first_s
                self._stop.wait(wait_s)
                wait_s = min(wait_s * 2, self._settings.retry_longest_s)

    def _capture(self, source: FrameSource) -> None:
        while not self._stop.is_set() and not self._rewind.is_set():
            with self._timings.measure("capture"):
                picture = source.read()
            source.pace(self._stop)
            t_s = time.monotonic()
            if self._stop.is_set():
                return  # the read came back late; the slot may belong to another camera by now
            if source.live and self._freeze.is_frozen(picture, t_s):
                raise CameraError(
                    f"The camera {self.spec} repeats one picture: it is covered or frozen.",
                    hint="Uncover it, or unplug it and plug it in.",
                )
            self._slot.put(Frame(self.frames, t_s, picture))
            self.frames += 1
            self._newest_s = t_s
            self.error = None
