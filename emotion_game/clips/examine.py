"""Decode a clip from end to end: does it decode, how long and how loud is it, what is odd in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from emotion_game.clips.loudness import CLOSE_LU, FAULT_LU, RATE_HZ, Loudness, Samples, measure
from emotion_game.clips.probe import (
    duration_s,
    file_fault,
    first_video_stream,
)
from emotion_game.decoding import open_film, quarter_turns, reason, shown_size_px
from emotion_game.errors import ClipError

SHORTEST_S = 3.0
LONGEST_S = 120.0
WIDEST_PX = 1920
HIGHEST_PX = 1080
FASTEST_HZ = 60
#: 120 s at 20 Mbit/s: what is larger is compressed again, and refused in a pack.
MAX_CLIP_BYTES = 300_000_000

#: Larger pictures, and more of them a second, are refused before they fill the memory.
_MAX_SIDE_PX = 8_192
_MAX_PICTURES = 240 * LONGEST_S
#: A file that says it is this much longer than what decodes was cut off.
_CUT_OFF_S = 0.5
#: Times are rounded in files; a length may be over the limits by one picture.
_SLACK_S = 0.1
_SOUND_GAP_S = 0.05
#: Between two pictures may lie this much more or less of the usual time.
_UNEVEN_SHARE = 0.25
_UNEVEN_S = 0.002
_USUAL_HZ = (10, 12, 15, 20, 24, 25, 30, 50, 60)

#: Only these kinds of file are opened, and only as files: a playlist under the name of a film
#: could make FFmpeg read other files or call up addresses.
_OPEN_OPTIONS = {
    "protocol_whitelist": "file",
    "format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,gif,mpegts,mpeg,asf,flv,ogg",
}
#: AVColorTransferCharacteristic: SMPTE ST 2084 (PQ) and ARIB STD-B67 (HLG).
_HDR_TRANSFERS = (16, 18)

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Examination:
    """What a clip holds.

    Attributes:
        duration_s: from the first moment to the end of the last picture.
        width: as shown, px: upright, with square pixels.
        height: as shown, px.
        rate: pictures a second; where they come unevenly or too fast, the rate to even them to.
        turns: quarter turns counterclockwise that bring the stored picture upright.
        hdr: whether the brightness is coded for HDR screens.
        interlaced: whether pictures are woven from two fields.
        picture_faults: why the picture must be made anew, e.g. "codec vp9"; else none.
        sound_faults: why the sound must be made anew; else none.
        file_faults: why the file must be written anew; else none.
        loudness: None without a sound track.
        samples: the sound, (n, 2) float32 at 48 kHz, as long as the pictures.
        copyable: whether the picture's packets may go into an MP4 file as they are.
    """

    duration_s: float
    width: int
    height: int
    rate: Fraction
    turns: int
    hdr: bool
    interlaced: bool
    picture_faults: tuple[str, ...]
    sound_faults: tuple[str, ...]
    file_faults: tuple[str, ...]
    loudness: Loudness | None
    samples: Samples
    copyable: bool

    @property
    def changes(self) -> tuple[str, ...]:
        """Why the clip cannot go into the library as it is; none when it can."""
        return (*self.picture_faults, *self.sound_faults, *self.file_faults)

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with a clip that is in the library; a little off in loudness is not."""
        if self.loudness is None or self.loudness.fault(FAULT_LU):
            return self.changes
        sound = (fault for fault in self.sound_faults if fault != self.loudness.fault(CLOSE_LU))
        return (*self.picture_faults, *sound, *self.file_faults)


def open_clip(path: Path) -> InputContainer:
    """Open a file that may be anything.

    Raises:
        ClipError: when it is missing, empty or no clip.
    """
    if fault := file_fault(path):
        raise ClipError(fault, hint="Check the clip's path.")
    try:
        return open_film(path, _OPEN_OPTIONS)
    except av.FFmpegError as error:
        raise ClipError(
            f"{path.name} is no clip that can be read: {reason(error)}.",
            hint="Export it again, as H.264 with AAC in .mp4.",
        ) from error


def check_header(path: Path) -> None:
    """Refuse at once what its own header rules out: too long, too large, no picture.

    Raises:
        ClipError: in one line.
    """
    with open_clip(path) as container:
        _check_header(path, container)


def _check_header(path: Path, container: InputContainer) -> VideoStream:
    stream = first_video_stream(container)
    declared_s = duration_s(container)
    if declared_s > LONGEST_S + _CUT_OFF_S:
        raise _length_error(path, f"{_clock(declared_s)} long")
    if max(stream.width, stream.height) > _MAX_SIDE_PX:
        raise ClipError(
            f"{path.name} is {stream.width} x {stream.height} pixels large; a clip may have"
            f" {_MAX_SIDE_PX} a side.",
            hint="Export it smaller.",
        )
    return stream


def examine_clip(path: Path, progress: Progress = lambda share: None) -> Examination:
    """Decode every picture and every sound of a clip.

    Args:
        path: the clip.
        progress: told the share that is done, 0..1.

    Raises:
        ClipError: in one line, when the clip does not decode whole or is too short or too long.
    """
    try:
        with open_clip(path) as container:
            return _examine(path, container, progress)
    except av.FFmpegError as error:
        raise ClipError(
            f"{path.name} is damaged: {reason(error)}.",
            hint="Export it again, as H.264 with AAC in .mp4.",
        ) from error


class _Pictures:
    """What the pictures of one clip have in common, gathered one by one."""

    def __init__(self) -> None:
        self.times_s: list[float] = []
        self.end_s = 0.0
        self.first: VideoFrame | None = None
        self.interlaced = False

    def add(self, path: Path, frame: VideoFrame, t_s: float | None, usual_s: float) -> None:
        if frame.is_corrupt:
            raise _damage_error(path, self.end_s)
        if t_s is None:
            t_s = self.end_s
        if self.first is None:
            self.first = frame
        self.times_s.append(t_s)
        length_s = float((frame.duration or 0) * (frame.time_base or 0)) or usual_s
        self.end_s = max(self.end_s, t_s + min(length_s, LONGEST_S))
        self.interlaced |= frame.interlaced_frame

    def length_s(self) -> float:
        """Return when the last picture ends; it lasts as long as most do, whatever is said."""
        if len(self.times_s) < 2:
            return self.end_s
        return max(self.end_s, max(self.times_s) + float(np.median(np.diff(self.times_s))))

    def rate(self) -> tuple[Fraction, str]:
        """Return the rate to show them at, and what is wrong with theirs ("" when nothing)."""
        gaps_s = np.diff(np.sort(self.times_s))
        usual_s = float(np.median(gaps_s))
        if usual_s <= 0 or 1 / usual_s > FASTEST_HZ * 1.01:
            return Fraction(FASTEST_HZ), f"more than {FASTEST_HZ} pictures a second"
        even = np.abs(gaps_s - usual_s).max() <= max(_UNEVEN_SHARE * usual_s, _UNEVEN_S)
        if even:
            return Fraction(1 / float(np.mean(gaps_s))).limit_denominator(1_001), ""
        hz = next(hz for hz in _USUAL_HZ if 1 / usual_s <= hz * 1.01)
        return Fraction(hz), "uneven picture rate"


class _Sound:
    """The sound of one clip as one array, each piece at its time."""

    def __init__(self, longest_s: float) -> None:
        self._resampler = av.AudioResampler(format="flt", layout="stereo", rate=RATE_HZ)
        self._samples = np.zeros((round(longest_s * RATE_HZ), 2), np.float32)
        self._at = 0

    @property
    def end_s(self) -> float:
        """When the sound ends."""
        return self._at / RATE_HZ

    def add(self, frame: AudioFrame, t_s: float | None) -> None:
        if t_s is not None and abs(t_s * RATE_HZ - self._at) > _SOUND_GAP_S * RATE_HZ:
            self._at = round(t_s * RATE_HZ)
        self._write(frame)

    def whole(self, length_s: float) -> Samples:
        self._write(None)
        return self._samples[: round(length_s * RATE_HZ)]

    def _write(self, frame: AudioFrame | None) -> None:
        for piece in self._resampler.resample(frame):
            values = piece.to_ndarray().reshape(-1, 2)
            first, last = max(0, self._at), min(len(self._samples), self._at + len(values))
            if first < last:
                self._samples[first:last] = values[first - self._at : last - self._at]
            self._at += len(values)


def _examine(path: Path, container: InputContainer, progress: Progress) -> Examination:
    stream = _check_header(path, container)
    sound_stream = container.streams.audio[0] if container.streams.audio else None
    declared_s = duration_s(container)
    origin_s = (container.start_time or 0) / av.time_base
    usual_s = 1.0 / float(stream.average_rate or 30)
    pictures = _Pictures()
    sound = _Sound(LONGEST_S + 1)
    for frame in container.decode(*(s for s in (stream, sound_stream) if s is not None)):
        if not isinstance(frame, VideoFrame | AudioFrame):
            continue
        t_s = None if frame.time is None else frame.time - origin_s
        if isinstance(frame, VideoFrame):
            pictures.add(path, frame, t_s, usual_s)
            if pictures.end_s > LONGEST_S + _SLACK_S or len(pictures.times_s) > _MAX_PICTURES:
                # Its header said otherwise: the rest is not decoded.
                raise _length_error(path, "longer")
            progress(min(1.0, pictures.end_s / (declared_s or LONGEST_S)))
        else:
            sound.add(frame, t_s)
    if pictures.first is None:
        raise ClipError(f"{path.name} holds no picture.", hint="Export the clip again.")
    length_s = pictures.length_s()
    # Some containers say how long each track is, some only how long the longest one is.
    track_s = float((stream.duration or 0) * (stream.time_base or 0))
    says_s, has_s = (track_s, length_s) if track_s else (declared_s, max(length_s, sound.end_s))
    if has_s < says_s - _CUT_OFF_S - 0.05 * says_s:
        raise ClipError(
            f"{path.name} is cut off: it says it is {says_s:.1f} s long, but ends at"
            f" {has_s:.1f} s.",
            hint="Copy or export it again.",
        )
    if length_s < SHORTEST_S - _SLACK_S or len(pictures.times_s) < 2:
        raise _length_error(path, f"{length_s:.1f} s long")
    samples = sound.whole(length_s)
    loudness = None if sound_stream is None else measure(samples)
    width, height = shown_size_px(pictures.first, stream)
    rate, rate_fault = pictures.rate()
    named = path.suffix.lower() == ".mp4" and "mp4" in container.format.name.split(",")
    return Examination(
        duration_s=length_s,
        width=width,
        height=height,
        rate=rate,
        turns=quarter_turns(pictures.first),
        hdr=pictures.first.color_trc in _HDR_TRANSFERS,
        interlaced=pictures.interlaced,
        picture_faults=tuple(
            filter(None, (*_picture_faults(pictures, stream, width, height), rate_fault))
        ),
        sound_faults=_sound_faults(container, loudness),
        file_faults=_file_faults(path, container, named=named),
        loudness=loudness,
        samples=samples,
        copyable=container.format.name.split(",")[0] in {"mov", "matroska"},
    )


def _picture_faults(
    pictures: _Pictures, stream: VideoStream, width: int, height: int
) -> tuple[str, ...]:
    first = pictures.first
    assert first is not None
    codec = stream.codec_context.name
    return (
        f"codec {codec}" if codec != "h264" else "",
        f"pixels {first.format.name}" if first.format.name != "yuv420p" else "",
        f"{width}x{height}" if width > WIDEST_PX or height > HIGHEST_PX else "",
        "turned" if quarter_turns(first) else "",
        "pixels not square" if (stream.sample_aspect_ratio or 1) != 1 else "",
        "interlaced" if pictures.interlaced else "",
    )


def _sound_faults(container: InputContainer, loudness: Loudness | None) -> tuple[str, ...]:
    if loudness is None:
        return ("no sound",)
    codec = container.streams.audio[0].codec_context.name
    faults = (f"codec {codec}" if codec != "aac" else "", loudness.fault(CLOSE_LU))
    return tuple(filter(None, faults))


def _file_faults(path: Path, container: InputContainer, *, named: bool) -> tuple[str, ...]:
    kind = container.format.name.split(",")[0]
    size = path.stat().st_size
    place = any("location" in key.lower() for key in container.metadata)
    faults = (
        "" if named else f"file {kind}",
        "more than one track of a kind or other tracks" if len(container.streams) > 2 else "",
        # A phone writes down where it filmed; that goes nowhere with a pack.
        "names the place where it was filmed" if place else "",
        f"{size / 1e6:.0f} MB" if size > MAX_CLIP_BYTES else "",
    )
    return tuple(filter(None, faults))


def _damage_error(path: Path, t_s: float) -> ClipError:
    return ClipError(
        f"{path.name} is damaged at {t_s:.1f} s.", hint="Copy it again, or export it again."
    )


def _length_error(path: Path, found: str) -> ClipError:
    return ClipError(
        f"{path.name} is {found}; a clip takes {SHORTEST_S:.0f} to {LONGEST_S:.0f} s.",
        hint="Cut out the moment that counts.",
    )


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d} min"
