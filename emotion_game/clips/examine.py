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
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from emotion_game.clips.loudness import CLOSE_LU, FAULT_LU, RATE_HZ, Loudness, Samples, measure
from emotion_game.clips.probe import (
    duration_s,
    file_fault,
    first_video_stream,
)
from emotion_game.clips.timeline import Timeline, may_jump
from emotion_game.decoding import open_film, quarter_turns, reason, shown_size_px
from emotion_game.errors import ClipError

SHORTEST_S = 3.0
LONGEST_S = 120.0
WIDEST_PX = 1920
HIGHEST_PX = 1080
FASTEST_HZ = 60
#: 120 s at 20 Mbit/s: what is larger is compressed again, and refused in a pack.
MAX_CLIP_BYTES = 300_000_000

#: Larger pictures, and more of them a second, are refused before they fill the memory. Cameras
#: film up to 5.3K (5312x2988), and slow motion at 120 Hz is still played at its own pace.
_MAX_SIDE_PX = 8_192
_MAX_PX = 16_000_000
_MAX_HZ = 120
_MAX_PICTURES = _MAX_HZ * LONGEST_S
_MAX_SOUND_HZ = 384_000
_MAX_CHANNELS = 24
_MAX_STREAMS = 100
#: A decoder holds some pictures for each of its threads; large ones are given few.
_LARGE_PX = 1_000_000
_LARGE_THREADS = 4
#: A file that says it is this much longer than what decodes was cut off.
_CUT_OFF_S = 0.5
#: Times are rounded in files; a length may be over the limits by one picture.
_SLACK_S = 0.1
_SOUND_GAP_S = 0.05
#: The time between two pictures may differ from the usual one by this much.
_UNEVEN_SHARE = 0.25
_UNEVEN_S = 0.002
_USUAL_HZ = (10, 12, 15, 20, 24, 25, 30, 50, 60)

#: Only these kinds of file are opened, and only as files: a playlist under the name of a film
#: could make FFmpeg read other files or call up addresses.
_OPEN_OPTIONS = {
    "protocol_whitelist": "file",
    "format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,gif,mpegts,mpeg,asf,flv,ogg,"
    "dv,mxf",
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
        remarks: what of the film does not come into a clip, or otherwise than it is stored.
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
    remarks: tuple[str, ...]

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
        # This is what FFmpeg says of a kind that is not on the list.
        other = isinstance(error, av.ArgumentError)
        why = "files of its kind are not taken" if other else reason(error)
        raise ClipError(
            f"{path.name} is no clip that can be read: {why}.",
            hint="Export it again, as H.264 with AAC in .mp4.",
        ) from error


def check_header(path: Path) -> None:
    """Refuse at once what its own header rules out: too long, too large, no picture.

    Raises:
        ClipError: in one line.
    """
    try:
        with open_clip(path) as container:
            _check_header(path, container)
            _check_packets(path, container)
    except av.FFmpegError as error:
        raise _damaged(path, error) from error


def _check_header(path: Path, container: InputContainer) -> VideoStream:
    count = len(container.streams)
    if count > _MAX_STREAMS:
        raise ClipError(
            f"{path.name} has {count} tracks; a clip may have {_MAX_STREAMS}.",
            hint="Export it with one picture and one sound track.",
        )
    stream = first_video_stream(container)
    declared_s = duration_s(container)
    if declared_s > LONGEST_S + _CUT_OFF_S and not may_jump(container):
        raise _length_error(path, f"{_clock(declared_s)} long")
    _check_size(path, stream.width, stream.height)
    for sound in container.streams.audio[:1]:
        if sound.rate > _MAX_SOUND_HZ or sound.channels > _MAX_CHANNELS:
            raise ClipError(
                f"{path.name} has a sound of {sound.channels} channels at {sound.rate} Hz; a clip"
                f" may have {_MAX_CHANNELS} at {_MAX_SOUND_HZ}.",
                hint="Export it in stereo at 48000 Hz.",
            )
    if stream.width * stream.height > _LARGE_PX:
        stream.codec_context.thread_count = _LARGE_THREADS
    # What its pictures turn out to be is held to the same limit, by the decoder itself.
    stream.codec_context.options = {"max_pixels": str(_MAX_PX)}
    return stream


def _check_size(path: Path, width: int, height: int) -> None:
    if max(width, height) > _MAX_SIDE_PX or width * height > _MAX_PX:
        raise ClipError(
            f"{path.name} is {width} x {height} pixels large; a clip may have"
            f" {_MAX_PX // 1_000_000} million.",
            hint="Export it in 4K (3840 x 2160) or smaller.",
        )


def _check_packets(path: Path, container: InputContainer) -> None:
    """Refuse what is too long or too fast by its packets: a header may claim anything."""
    times_s: list[float] = []
    for packet in Timeline(container, streams_of(container)).packets():
        if packet.dts is not None and packet.stream.type == "video":
            times_s.append(float(packet.dts * packet.time_base))
            if times_s[-1] > LONGEST_S + _CUT_OFF_S or len(times_s) > _MAX_PICTURES:
                break
    span_s = times_s[-1] - times_s[0] if times_s else 0.0
    if span_s > LONGEST_S + _CUT_OFF_S:
        raise _length_error(path, "too long")
    if len(times_s) > 1 + _MAX_HZ * 1.01 * max(span_s, 1.0):
        raise ClipError(
            f"{path.name} has {(len(times_s) - 1) / max(span_s, 1.0):.0f} pictures a second; a"
            f" clip may have {_MAX_HZ}.",
            hint=f"Export it with {FASTEST_HZ}.",
        )


def examine_clip(path: Path, progress: Progress = lambda share: None) -> Examination:
    """Decode every picture and every sound of a clip.

    Args:
        path: the clip.
        progress: called with the share that is done, 0..1.

    Raises:
        ClipError: in one line, when the clip does not decode whole or is too short or too long.
    """
    try:
        with open_clip(path) as container:
            return _examine(path, container, progress)
    except av.FFmpegError as error:
        raise _damaged(path, error) from error


class _Pictures:
    """What the pictures of one clip have in common, gathered one by one."""

    def __init__(self) -> None:
        self.times_s: list[float] = []
        self.end_s = 0.0
        self.first: VideoFrame | None = None
        self.interlaced = False
        self.changed = False

    def add(self, path: Path, frame: VideoFrame, t_s: float | None, usual_s: float) -> None:
        if frame.is_corrupt:
            raise _damage_error(path, self.end_s)
        if t_s is None:
            t_s = self.end_s
        if self.first is None:
            self.first = frame
        self.changed |= kind_of(frame) != kind_of(self.first)
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
        self._resampler = _to_stereo()
        self._kind: tuple[str, str, int] | None = None
        self._samples = np.zeros((round(longest_s * RATE_HZ), 2), np.float32)
        self._at = 0

    @property
    def end_s(self) -> float:
        """When the sound ends."""
        return self._at / RATE_HZ

    def add(self, frame: AudioFrame, t_s: float | None) -> None:
        kind = (frame.format.name, frame.layout.name, frame.sample_rate)
        if self._kind is not None and kind != self._kind:
            self._write(None)
            self._resampler = _to_stereo()
        self._kind = kind
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


def streams_of(container: InputContainer) -> tuple[Stream, ...]:
    """Return what of a film becomes a clip: its picture, and its sound if it has one."""
    return (first_video_stream(container), *container.streams.audio[:1])


def _to_stereo() -> av.AudioResampler:
    return av.AudioResampler(format="flt", layout="stereo", rate=RATE_HZ)


def _examine(path: Path, container: InputContainer, progress: Progress) -> Examination:
    stream = _check_header(path, container)
    sound_stream = container.streams.audio[0] if container.streams.audio else None
    declared_s = duration_s(container)
    usual_s = 1.0 / float(stream.average_rate or 30)
    pictures = _Pictures()
    sound = _Sound(LONGEST_S + 1)
    timeline = Timeline(container, streams_of(container))
    for packet in timeline.packets():
        for frame in packet.decode():
            if isinstance(frame, VideoFrame):
                pictures.add(path, frame, frame.time, usual_s)
                progress(min(1.0, pictures.end_s / (declared_s or LONGEST_S)))
            elif isinstance(frame, AudioFrame):
                sound.add(frame, frame.time)
        too_many = len(pictures.times_s) > _MAX_PICTURES
        if too_many or pictures.end_s > LONGEST_S + _SLACK_S or sound.end_s > 2 * LONGEST_S:
            # Its header said otherwise: the rest is not decoded.
            raise _length_error(path, "too long")
    if pictures.first is None:
        raise ClipError(f"{path.name} holds no picture.", hint="Export the clip again.")
    length_s = pictures.length_s()
    # Some containers say how long each track is, some only when the last one ends: Matroska from
    # the beginning of the clock, not of the film.
    track_s = float((stream.duration or 0) * (stream.time_base or 0))
    origin_s = 0.0 if may_jump(container) else (container.start_time or 0) / av.time_base
    says_s, has_s = track_s, length_s
    if not track_s:
        says_s, has_s = declared_s, max(length_s, sound.end_s) + origin_s
    if has_s < says_s - _CUT_OFF_S - 0.05 * says_s and not (timeline.jumps or timeline.trimmed):
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
        copyable=container.format.name.split(",")[0] in {"mov", "matroska"}
        and not timeline.trimmed,
        remarks=_remarks(container, timeline, sound.end_s - length_s),
    )


def _remarks(
    container: InputContainer, timeline: Timeline, sound_after_s: float
) -> tuple[str, ...]:
    tracks = len(container.streams.audio)
    times = "once" if timeline.jumps == 1 else f"{timeline.jumps} times"
    remarks = (
        f"its time jumps {times}: joined there" if timeline.jumps else "",
        f"the first of {tracks} sound tracks is taken" if tracks > 1 else "",
        f"it ends with its last picture, {sound_after_s:.1f} s before its sound"
        if sound_after_s > _CUT_OFF_S
        else "",
    )
    return tuple(filter(None, remarks))


def kind_of(frame: VideoFrame) -> tuple[int, int, str, int]:
    """Return what a filter must know of a picture: width, height, pixel format, quarter turns."""
    return (frame.width, frame.height, frame.format.name, quarter_turns(frame))


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
        "its size or kind changes" if pictures.changed else "",
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


def _damaged(path: Path, error: av.FFmpegError) -> ClipError:
    return ClipError(
        f"{path.name} is damaged: {reason(error)}.",
        hint="Export it again, as H.264 with AAC in .mp4.",
    )


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
