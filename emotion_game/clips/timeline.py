"""The packets of a film on one clock, also where its stamps jump.

Recordings that were joined, a receiver that was tuned over or a counter that ran over make stamps
begin anew in mid-film. Film and sound then go on where they broke off, as they do in a player.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import av
import numpy as np
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from numpy.typing import NDArray

from emotion_game.decoding import open_container

#: AVFMT_TS_DISCONT: in files of this kind stamps may jump. In the others a later stamp means a
#: later moment, and an earlier one cannot be.
_MAY_JUMP = 0x0200
#: Stamps that go back further than this, or forward further than that, have jumped: nobody waits
#: so long for the next picture.
_BACK_S, _FORTH_S = 0.05, 10.0
#: Two streams that jump together do so by the same time, but for the length of a packet or two.
_TOGETHER_S = 1.0


@dataclass(slots=True)
class _Clock:
    """How far one stream has got.

    Attributes:
        raw_s: the last stamp.
        shift_s: what is added to its stamps.
        step_s: between the last two stamps.
    """

    raw_s: float
    shift_s: float
    step_s: float = 0.0


class Timeline:
    """Read a film's packets, their stamps counted from its beginning and never jumping.

    Args:
        container: the film.
        streams: which of its streams are read; they share one clock.

    Attributes:
        jumps: how often the stamps jumped.
        trimmed: whether the file says that some of its pictures are not to be shown.

    Raises:
        av.FFmpegError: when the film cannot be read.
    """

    def __init__(self, container: InputContainer, streams: Sequence[Stream]) -> None:
        self.jumps = 0
        self.trimmed = False
        self._container, self._streams = container, streams
        self._may_jump = may_jump(container)
        self._origin_s = (container.start_time or 0) / av.time_base
        self._clocks: dict[int, _Clock] = {}
        self._stamps_s = _stamps_s(container, streams) if self._may_jump else {}

    def packets(self) -> Iterator[Packet[Any]]:
        """Yield the packets in the file's order; the last of each stream is empty."""
        for packet in _with_dts(self._container.demux(*self._streams)):
            # A packet without a stamp is shown after the one before it.
            if packet.dts is not None:
                self.trimmed |= packet.is_discard and packet.stream.type == "video"
                tick_s = float(packet.time_base)
                shift = round(self._shift_s(packet.stream_index, packet.dts * tick_s) / tick_s)
                packet.dts += shift
                if packet.pts is not None:
                    packet.pts += shift
            yield packet

    def _shift_s(self, index: int, raw_s: float) -> float:
        clock = self._clocks.get(index)
        if clock is None:
            # A stream that begins after a jump is on the clock of those that go on beside it.
            beside = (c for c in self._clocks.values() if abs(c.raw_s - raw_s) <= _TOGETHER_S)
            first = next(beside, None)
            clock = _Clock(raw_s, -self._origin_s if first is None else first.shift_s)
            self._clocks[index] = clock
        gone_s = raw_s - clock.raw_s
        if self._may_jump and (gone_s < -_BACK_S or self._is_gap(index, clock.raw_s, raw_s)):
            clock.shift_s = self._shift_after(clock, raw_s)
        elif gone_s > 0:
            clock.step_s = gone_s
        clock.raw_s = raw_s
        return clock.shift_s

    def _is_gap(self, index: int, from_s: float, to_s: float) -> bool:
        """Return whether no stream has anything in this time; a long still is no gap."""
        if to_s - from_s <= _FORTH_S:
            return False
        return not any(
            ((from_s + _TOGETHER_S < stamps_s) & (stamps_s < to_s - _TOGETHER_S)).any()
            for each, stamps_s in self._stamps_s.items()
            if each != index
        )

    def _shift_after(self, clock: _Clock, raw_s: float) -> float:
        """Return what is to be added to a stream's stamps after a jump to ``raw_s``."""
        due_s = clock.raw_s + clock.step_s + clock.shift_s
        for other in self._clocks.values():
            if abs(raw_s + other.shift_s - due_s) <= _TOGETHER_S:
                return other.shift_s  # that one has jumped already
        self.jumps += 1
        return due_s - raw_s


def _with_dts(packets: Iterator[Packet[Any]]) -> Iterator[Packet[Any]]:
    """Give a time of decoding to packets that have only one of showing.

    Matroska holds none, and FFmpeg knows them only from the first packet on that is not shown
    later: those before it count back from there.
    """
    held: dict[int, list[Packet[Any]]] = {}
    for packet in packets:
        waiting = held.setdefault(packet.stream_index, [])
        if packet.dts is None and packet.pts is not None:
            waiting.append(packet)
            continue
        if packet.dts is not None:
            step = packet.duration or 1
            for count, each in enumerate(reversed(waiting), start=1):
                each.dts = packet.dts - count * step
        yield from waiting
        waiting.clear()
        yield packet


def may_jump(container: InputContainer) -> bool:
    """Return whether the length that a file states may come from stamps that jump."""
    return bool(int(container.format.flags) & _MAY_JUMP)


def _stamps_s(
    container: InputContainer, streams: Sequence[Stream]
) -> dict[int, NDArray[np.float64]]:
    """Return when each stream has something, as it is stamped; nothing is decoded for it."""
    found: dict[int, list[float]] = {stream.index: [] for stream in streams}
    with open_container(container.name, dict(container.options)) as again:
        for packet in again.demux(*(again.streams[index] for index in found)):
            if packet.dts is not None:
                found[packet.stream_index].append(float(packet.dts * packet.time_base))
    return {index: np.array(stamps_s) for index, stamps_s in found.items()}
