"""Look into a clip file without playing it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from emotion_game.decoding import open_film, picture_stream, reason, shown_size_px
from emotion_game.errors import ClipError

#: No picture leaves a player larger than this: a 4K clip is scaled down while decoding.
MAX_WIDTH_PX = 1280
MAX_HEIGHT_PX = 720


@dataclass(frozen=True, slots=True)
class ClipProbe:
    """What a clip file holds.

    Attributes:
        duration_s: length; 0.0 when the file does not say.
        width: as shown, px: after rotation, with square pixels, before any scaling down.
        height: as shown, px.
        has_sound: whether there is a sound track.
    """

    duration_s: float
    width: int
    height: int
    has_sound: bool


def probe_clip(path: Path) -> ClipProbe:
    """Open a clip and decode its first picture.

    Raises:
        ClipError: in one line, when the file is missing, empty or not a clip that decodes.
    """
    if fault := file_fault(path):
        raise ClipError(fault, hint="Check the clip's path.")
    try:
        with open_film(path) as container:
            stream = first_video_stream(container)
            frame = next(container.decode(stream), None)
            if frame is None:
                raise ClipError(f"{path.name} holds no picture.", hint="Export the clip again.")
            width, height = shown_size_px(frame, stream)
            return ClipProbe(
                duration_s=duration_s(container),
                width=width,
                height=height,
                has_sound=bool(container.streams.audio),
            )
    except av.FFmpegError as error:
        raise ClipError(
            f"{path.name} cannot be decoded: {reason(error)}.",
            hint="Export the clip again, as H.264 with AAC in .mp4.",
        ) from error


def file_fault(path: Path) -> str:
    """Say in one line why there is nothing to open at ``path``; empty when there is."""
    try:
        size = path.stat().st_size
    except OSError as error:
        return f"{path.name} cannot be read: {error.strerror or error}."
    if not path.is_file():
        return f"{path.name} is not a file."
    return "" if size else f"{path.name} is empty (0 bytes)."


def first_video_stream(container: InputContainer) -> VideoStream:
    """Return the stream to show, decoding on several threads.

    Raises:
        ClipError: when the file holds only sound.
    """
    stream = picture_stream(container)
    if stream is None:
        raise ClipError(f"{Path(container.name).name} has no video track.")
    stream.thread_type = "AUTO"
    return stream


def duration_s(container: InputContainer) -> float:
    """Return the container's length in seconds, 0.0 when it does not say."""
    return (container.duration or 0) / av.time_base


def fit_size_px(width: int, height: int) -> tuple[int, int]:
    """Scale a size down (never up) into the largest size a player gives out.

    The width becomes a multiple of 8 and the height of 2: VLC wants rows of whole 32 bytes.
    """
    scale = min(1.0, MAX_WIDTH_PX / width, MAX_HEIGHT_PX / height)
    return max(8, round(width * scale / 8) * 8), max(2, round(height * scale / 2) * 2)
