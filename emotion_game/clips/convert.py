"""Make a clip as the library wants it: H.264 and AAC in MP4, evened in rate, size and loudness."""

from __future__ import annotations

import io
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import cv2
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from emotion_game.clips.examine import (
    HIGHEST_PX,
    WIDEST_PX,
    Examination,
    Progress,
    kind_of,
    open_clip,
    streams_of,
)
from emotion_game.clips.loudness import PEAK_DBFS, RATE_HZ, Samples, as_frame, even, measure
from emotion_game.clips.probe import first_video_stream
from emotion_game.clips.timeline import Timeline
from emotion_game.decoding import name_colours, quarter_turns, reason, shown_size_px, to_bgr
from emotion_game.errors import ClipError

#: AAC peaks higher than what goes in: the limiter keeps this much away ...
_AAC_MARGIN_DB = 1.0
#: ... and what is still over after encoding goes into the next round, with this on top.
_AAC_STEP_DB = 0.3
_AAC_ROUNDS = 4
_AAC_BITS_PER_S = 192_000
_AAC_FRAME = 1_024
#: Visually lossless for a booth; the cap keeps 120 s of noise below the size of a clip in a pack.
_X264 = {
    "crf": "20",
    "preset": "veryfast",
    "maxrate": "16M",
    "bufsize": "32M",
    "x264-params": "colorprim=bt709:transfer=bt709:colormatrix=bt709",
}
_CLOCK_HZ = 90_000
#: FFmpeg's filters, by quarter turns counterclockwise.
_TURNS: dict[int, list[tuple[str, str]]] = {
    0: [],
    1: [("transpose", "cclock")],
    2: [("hflip", ""), ("vflip", "")],
    3: [("transpose", "clock")],
}

_THUMBNAIL_PX = (320, 180)
_THUMBNAIL_MOMENTS = 5


def convert_clip(
    source: Path, found: Examination, target: Path, progress: Progress = lambda share: None
) -> None:
    """Write a clip anew: the sound always, the picture only if it must be.

    Args:
        source: a clip that :func:`~emotion_game.clips.examine.examine_clip` let pass.
        found: what that function said about it.
        target: the MP4 file to write; what is there is overwritten.
        progress: called with the share that is done, 0..1.

    Raises:
        ClipError: when FFmpeg cannot convert it.
        OSError: when the target cannot be written.
    """
    sound = io.BytesIO(encoded_sound(found.samples))
    try:
        # Python writes the file, not FFmpeg: a full disk is reported at once, and as one.
        with (
            open_clip(source) as pictures,
            av.open(sound, "r") as sounds,
            target.open("wb") as file,
            av.open(file, "w", format="mp4") as out,
        ):
            stream = first_video_stream(pictures)
            audio = sounds.streams.audio[0]
            heard = SoundPackets(out, out.add_stream_from_template(audio), sounds.demux(audio))
            timeline = Timeline(pictures, streams_of(pictures))
            packets = (each for each in timeline.packets() if each.stream.type == "video")
            if found.picture_faults or not found.copyable:
                shown = _transcoded(out, _frames(packets, found), found)
            else:
                shown = _copied(out, stream, packets)
            for ready, t_s in shown:
                heard.mux_until(t_s)
                out.mux(ready)
                progress(min(1.0, t_s / found.duration_s))
            heard.mux_until(float("inf"))
    except av.FFmpegError as error:
        raise ClipError(
            f"{source.name} cannot be converted: {reason(error)}.",
            hint="Export it again, as H.264 with AAC in .mp4.",
        ) from error


class SoundPackets:
    """The packets of the finished sound, let into the file in step with the pictures."""

    def __init__(
        self, out: OutputContainer, stream: AudioStream, packets: Iterator[Packet[Any]]
    ) -> None:
        self._out, self._stream, self._packets = out, stream, packets
        self._next = next(packets, None)

    def mux_until(self, t_s: float) -> None:
        """Write what belongs before this moment of the pictures."""
        while self._next is not None and (
            self._next.dts is None or float(self._next.dts * self._next.time_base) <= t_s
        ):
            if self._next.dts is not None:  # the last one is empty: it only says "the end"
                self._next.stream = self._stream
                self._out.mux(self._next)
            self._next = next(self._packets, None)


def _copied(
    out: OutputContainer, stream: VideoStream, packets: Iterator[Packet[Any]]
) -> Iterator[tuple[list[Packet[Any]], float]]:
    copy = out.add_stream_from_template(stream)
    for packet in packets:
        if packet.dts is None or packet.pts is None:
            continue  # the empty packet at the end
        t_s = float(packet.dts * packet.time_base)
        packet.stream = copy
        yield [packet], t_s


def _transcoded(
    out: OutputContainer, frames: Iterator[VideoFrame], found: Examination
) -> Iterator[tuple[list[Packet[Any]], float]]:
    width, height = _fit_px(found.width, found.height)
    encoder = out.add_stream("libx264", rate=found.rate, options=_X264)
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.codec_context.time_base = 1 / found.rate
    encoder.codec_context.gop_size = max(1, round(2 * found.rate))
    for number, frame in enumerate(_evened(frames, found, width, height)):
        frame.pict_type = PictureType.NONE  # the encoder chooses, not the source
        frame.pts, frame.time_base = number, 1 / found.rate
        yield encoder.encode(frame), number / float(found.rate)
    yield encoder.encode(None), found.duration_s


def _frames(packets: Iterator[Packet[Any]], found: Examination) -> Iterator[VideoFrame]:
    """Yield the pictures on one clock, in order and of one kind."""
    first: VideoFrame | None = None
    ticks = -1
    usual = round(_CLOCK_HZ / found.rate)
    for decoded in (frame for packet in packets for frame in packet.decode()):
        assert isinstance(decoded, VideoFrame)
        name_colours(decoded)
        first = first or decoded
        due = ticks + usual if decoded.time is None else round(decoded.time * _CLOCK_HZ)
        ticks = max(ticks + 1, due, 0)
        frame = decoded if kind_of(decoded) == kind_of(first) else _like(decoded, first)
        frame.pts, frame.time_base = ticks, Fraction(1, _CLOCK_HZ)
        yield frame


def _like(frame: VideoFrame, first: VideoFrame) -> VideoFrame:
    """Turn and scale a picture into the frame of the first one, with black bars if need be."""
    size = f"{first.width}:{first.height}"
    graph = av.filter.Graph()
    graph.link_nodes(
        graph.add_buffer(
            width=frame.width,
            height=frame.height,
            format=frame.format,
            time_base=Fraction(1, _CLOCK_HZ),
        ),
        *(graph.add(*each) for each in _TURNS[(quarter_turns(frame) - quarter_turns(first)) % 4]),
        graph.add("scale", f"{size}:force_original_aspect_ratio=decrease"),
        graph.add("pad", f"{size}:-1:-1"),
        graph.add("format", first.format.name),
        graph.add("buffersink"),
    ).configure()
    frame.pts, frame.time_base = 0, Fraction(1, _CLOCK_HZ)
    graph.push(frame)
    return graph.vpull()


def _evened(
    frames: Iterator[VideoFrame], found: Examination, width: int, height: int
) -> Iterator[VideoFrame]:
    """Send pictures through FFmpeg's filters: even rate, upright, square pixels, BT.709."""
    graph = av.filter.Graph()
    transfer = ":out_transfer=bt709:out_primaries=bt709:intent=perceptual" if found.hdr else ""
    filters = [
        *([("bwdif", "send_frame:deint=interlaced")] if found.interlaced else []),
        ("fps", f"{found.rate}:start_time=0"),
        *_TURNS[found.turns],
        ("scale", f"{width}:{height}:out_color_matrix=bt709:out_range=tv{transfer}"),
        ("setsar", "1"),
        ("format", "yuv420p"),
    ]
    last: VideoFrame | None = None
    for frame in frames:
        if last is None:
            source = graph.add_buffer(
                width=frame.width,
                height=frame.height,
                format=frame.format,
                time_base=Fraction(1, _CLOCK_HZ),
            )
            chain = [source, *(graph.add(*each) for each in filters), graph.add("buffersink")]
            graph.link_nodes(*chain).configure()
        graph.push(frame)
        yield from _pulled(graph)
        last = frame
    if last is not None:
        # The last picture lasts until the end; the filter learns that from one that follows.
        last.pts = max((last.pts or 0) + 1, round(found.duration_s * _CLOCK_HZ))
        graph.push(last)
        yield from _pulled(graph)
    graph.push(None)
    yield from _pulled(graph)


def _pulled(graph: av.filter.Graph) -> Iterator[VideoFrame]:
    while True:
        try:
            frame = graph.pull()
        except (av.BlockingIOError, av.EOFError):
            return
        assert isinstance(frame, VideoFrame)
        yield frame


def _fit_px(width: int, height: int) -> tuple[int, int]:
    """Scale a size down (never up) into 1920x1080, to even numbers of pixels."""
    scale = min(1.0, WIDEST_PX / width, HIGHEST_PX / height)
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


def encoded_sound(samples: Samples) -> bytes:
    """Return a sound evened and as AAC in an MP4 file of its own.

    Args:
        samples: (n, 2) float32 at 48 kHz.
    """
    if measure(samples).silent:
        return _as_aac(samples)
    peak_dbfs = PEAK_DBFS - _AAC_MARGIN_DB
    encoded = b""
    for _ in range(_AAC_ROUNDS):
        encoded = _as_aac(even(samples, peak_dbfs))
        over_db = measure(_decoded(encoded)).peak_dbfs - PEAK_DBFS
        if over_db <= 0:
            break
        peak_dbfs -= over_db + _AAC_STEP_DB
    return encoded


def _as_aac(samples: Samples) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as out:
        stream = out.add_stream("aac", rate=RATE_HZ, layout="stereo", bit_rate=_AAC_BITS_PER_S)
        for start in range(0, len(samples), _AAC_FRAME):
            out.mux(stream.encode(as_frame(samples[start : start + _AAC_FRAME], start)))
        out.mux(stream.encode(None))
    return file.getvalue()


def _decoded(encoded: bytes) -> Samples:
    with av.open(io.BytesIO(encoded), "r") as container:
        resampler = av.AudioResampler(format="flt", layout="stereo", rate=RATE_HZ)
        pieces = [
            piece.to_ndarray().reshape(-1, 2)
            for frame in [*container.decode(container.streams.audio[0]), None]
            for piece in resampler.resample(frame)
        ]
    return np.concatenate(pieces).astype(np.float32)


def write_thumbnail(clip: Path, target: Path) -> None:
    """Write the liveliest of some moments of a clip as a JPEG of at most 320x180.

    Raises:
        ClipError: when no picture decodes.
        OSError: when the target cannot be written.
    """
    best: NDArray[np.uint8] | None = None
    most = -1.0
    try:
        with open_clip(clip) as container:
            stream = first_video_stream(container)
            length = container.duration or 0
            for number in range(_THUMBNAIL_MOMENTS):
                due = length * (number + 1) // (_THUMBNAIL_MOMENTS + 1)
                container.seek(due)  # to a whole picture before it: decode on from there
                pictures = (
                    f for f in container.decode(stream) if (f.time or 0) * av.time_base >= due
                )
                frame = next(pictures, None)
                if frame is None:
                    continue
                small = _small(frame, *shown_size_px(frame, stream))
                if (contrast := float(small.std())) > most:
                    best, most = small, contrast
    except av.FFmpegError as error:
        raise ClipError(f"{clip.name} gives no picture: {reason(error)}.") from error
    if best is None:
        raise ClipError(f"{clip.name} gives no picture.", hint="Export the clip again.")
    _, jpeg = cv2.imencode(".jpg", best, [cv2.IMWRITE_JPEG_QUALITY, 85])
    target.write_bytes(cast(Any, jpeg).tobytes())


def _small(frame: VideoFrame, width: int, height: int) -> NDArray[np.uint8]:
    scale = min(1.0, _THUMBNAIL_PX[0] / width, _THUMBNAIL_PX[1] / height)
    return to_bgr(frame, (max(2, round(width * scale)), max(2, round(height * scale))))
