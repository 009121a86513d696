"""Films to pictures, through PyAV: what recordings, streams and clips have in common.

Files of real life are woven from two fields, lie on their side, have pixels that are not square,
name colours that the scaler does not know or none, and have damaged packets in their middle.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

import av
import av.filter
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from emotion_game.addresses import safe_name

log = logging.getLogger(__name__)

#: Failed reads in a row before the rest of a file is given up: some of them never end.
_FAILED_READS = 200
#: AVColorSpace (ITU-T H.273): unnamed; what swscale converts; what SD and HD pictures mean that
#: name nothing, or something that it does not convert.
_UNNAMED = 2
_CONVERTED = frozenset({1, 4, 5, 6, 7, 9})
_BT709, _SMPTE170M = 1, 6
_HD_FROM_PX = 720
#: Values of primaries and transfer that are reserved; swscale refuses them.
_RESERVED = frozenset({0, 3})
#: Pixels are not more oblong than this; a file that says so is taken for one of square pixels.
_MOST_OBLONG = 4

#: Before version 19, PyAV failed on titles in another encoding than UTF-8 unless told not to.
_ANY_TITLE: dict[str, Any] = (
    {"metadata_errors": "replace"} if int(av.__version__.split(".")[0]) < 19 else {}
)

F = TypeVar("F", VideoFrame, AudioFrame)


def open_film(path: Path, options: dict[str, str] | None = None) -> InputContainer:
    """Open a file.

    Args:
        path: made absolute, since FFmpeg takes "take2:final.mp4" for the protocol "take2".
        options: FFmpeg's own, for the container.

    Raises:
        av.FFmpegError: when it cannot be read or is of no known kind.
    """
    return open_container(str(path.absolute()), options)


def open_container(
    address: str, options: dict[str, str] | None = None, timeout_s: float | None = None
) -> InputContainer:
    """Open a file or a stream, whatever its titles are written in.

    Args:
        address: a whole path, or a URL.
        options: FFmpeg's own, for the container.
        timeout_s: for opening it and for each packet; None: as long as it takes.

    Raises:
        av.FFmpegError: when it cannot be read or is of no known kind.
    """
    container: InputContainer = av.open(address, options=options, timeout=timeout_s, **_ANY_TITLE)
    return container


def picture_stream(container: InputContainer) -> VideoStream | None:
    """Return the stream of moving pictures, None when there is none; a cover is no such stream."""
    found = container.streams.best("video")
    if not isinstance(found, VideoStream) or Disposition.attached_pic in found.disposition:
        return None
    return found


def decoded(
    container: InputContainer, stream: VideoStream | AudioStream, kind: type[F]
) -> Iterator[F]:
    """Yield every frame of this kind that decodes, skipping damaged packets.

    Raises:
        av.FFmpegError: when not one packet could be decoded, or none came in time.
    """
    damage: av.FFmpegError | None = None
    any_frame = False
    failed_reads = 0
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
        except av.EOFError:
            break
        except av.ExitError:
            raise  # it took longer than the container may
        except av.FFmpegError as error:
            damage = damage or _note(container, error)
            failed_reads += 1
            if failed_reads >= _FAILED_READS:
                break
            packets = container.demux(stream)  # a generator that raised is finished
            continue
        if packet is None:
            break
        failed_reads = 0
        try:
            frames = packet.decode()
        except av.EOFError:
            break
        except av.FFmpegError as error:
            damage = damage or _note(container, error)
            continue
        for frame in frames:
            if isinstance(frame, kind):
                any_frame = True
                yield frame
    if damage is not None and not any_frame:
        raise damage


def _note(container: InputContainer, error: av.FFmpegError) -> av.FFmpegError:
    name = container.name if "://" in container.name else Path(container.name).name
    log.warning("%s: damaged data skipped: %s.", safe_name(name), reason(error))
    return error


def pictures(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """Yield every picture that decodes, whole and with colours that can be converted.

    Raises:
        av.FFmpegError: when not one packet could be decoded.
    """
    return deinterlaced(_stamped(container, decoded(container, stream, VideoFrame)))


def _stamped(container: InputContainer, frames: Iterator[VideoFrame]) -> Iterator[VideoFrame]:
    # AVI files hold the times of decoding alone; FFmpeg's times of showing are a guess there, and
    # are wrong where pictures refer to later ones. Decoded pictures come in the order of showing.
    only_decoding = container.format.name == "avi"
    for frame in frames:
        if only_decoding or frame.pts is None:
            frame.pts = frame.dts
        yield frame


def deinterlaced(frames: Iterator[VideoFrame]) -> Iterator[VideoFrame]:
    """Yield as many pictures as come in; those woven from two fields are made whole."""
    graph: av.filter.Graph | None = None
    of: tuple[int, int, str] | None = None
    for frame in frames:
        name_colours(frame)
        kind = (frame.width, frame.height, frame.format.name)
        if graph is not None and kind != of:
            yield from _rest(graph)
            graph = None
        if graph is None and not frame.interlaced_frame:
            yield frame
            continue
        if graph is None:
            graph, of = _weaver(frame), kind
        graph.push(frame)
        yield from _pulled(graph)
    if graph is not None:
        yield from _rest(graph)


def _weaver(frame: VideoFrame) -> av.filter.Graph:
    graph = av.filter.Graph()
    source = graph.add_buffer(
        width=frame.width,
        height=frame.height,
        format=frame.format,
        time_base=frame.time_base or Fraction(1, 90_000),
    )
    bwdif = graph.add("bwdif", "mode=send_frame:deint=interlaced")
    # Not every kind of pixels goes through; what comes out is of the kind that went in.
    kind = graph.add("format", frame.format.name)
    graph.link_nodes(source, bwdif, kind, graph.add("buffersink")).configure()
    return graph


def _rest(graph: av.filter.Graph) -> Iterator[VideoFrame]:
    graph.push(None)
    return _pulled(graph)


def _pulled(graph: av.filter.Graph) -> Iterator[VideoFrame]:
    while True:
        try:
            frame = graph.vpull()
        except (av.BlockingIOError, av.EOFError):
            return
        yield frame


def name_colours(frame: VideoFrame) -> None:
    """Put a name in the place of one that swscale does not convert, or of none.

    Pictures of HD size that do not say how their colours were made mean BT.709; FFmpeg would take
    BT.601. The range (full or limited) stays.
    """
    if frame.format.is_rgb or frame.format.has_palette:
        frame.colorspace = _UNNAMED
    elif frame.colorspace not in _CONVERTED:
        frame.colorspace = _BT709 if frame.height >= _HD_FROM_PX else _SMPTE170M
    if frame.color_primaries in _RESERVED:
        frame.color_primaries = _UNNAMED
    if frame.color_trc in _RESERVED:
        frame.color_trc = _UNNAMED


def to_bgr(frame: VideoFrame, size_px: tuple[int, int]) -> NDArray[np.uint8]:
    """Return a picture upright, (height, width, 3) uint8 BGR.

    Args:
        frame: the picture; its colours may get another name.
        size_px: width and height as shown, see :func:`shown_size_px`.

    Raises:
        av.FFmpegError: when its pixels are of a kind that cannot be converted.
    """
    turns = quarter_turns(frame)
    width, height = size_px if turns % 2 == 0 else size_px[::-1]
    name_colours(frame)
    bgr = frame.reformat(width=width, height=height, format="bgr24").to_ndarray()
    return np.ascontiguousarray(np.rot90(bgr, turns), dtype=np.uint8)


def shown_size_px(frame: VideoFrame, stream: VideoStream) -> tuple[int, int]:
    """Return width and height as a viewer sees them: square pixels, turned upright."""
    aspect = stream.sample_aspect_ratio or Fraction(1)
    if not Fraction(1, _MOST_OBLONG) <= aspect <= _MOST_OBLONG:
        aspect = Fraction(1)
    width, height = max(1, round(frame.width * aspect)), frame.height
    return (height, width) if quarter_turns(frame) % 2 else (width, height)


def quarter_turns(frame: VideoFrame) -> int:
    """Return how often the picture is to be turned 90 degrees counterclockwise, 0..3."""
    return round(frame.rotation / 90) % 4


def reason(error: av.FFmpegError) -> str:
    """Return FFmpeg's own words for an error, without codes and paths."""
    return (error.strerror or type(error).__name__).rstrip(".")
