"""Connections to the page: nobody holds it by saying nothing, and nobody fills the log."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import time
from collections.abc import Callable
from typing import ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

#: A whole request, head and body, is there within this.
REQUEST_S = 10.0
#: No connection lasts longer, also one that never reads its answer. Browsers open another one.
LIFE_S = 120.0
#: From one visitor, and from all together. A browser opens six; an address may be a whole venue's.
MOST_OF_ONE, MOST = 24, 200


def visitor_of(host: str) -> str:
    """Return what stands for one visitor: an IPv4 address, or the network of an IPv6 one.

    Args:
        host: as the socket tells it; anything else stands for itself.
    """
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    # Whoever has one address of such a network has all of them (RFC 7421).
    return str(ipaddress.ip_network((address, 64), strict=False))


class BoundedProtocol(H11Protocol):
    """HTTP of uvicorn's, with an end for whatever takes too long and a number for each visitor.

    Where there are too many connections, the one that has waited longest for its request gives way.
    """

    _open: ClassVar[dict[BoundedProtocol, str]] = {}

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """See :class:`asyncio.Protocol`."""
        super().connection_made(transport)
        self._timer: asyncio.TimerHandle | None = None
        visitor = visitor_of(self.client[0] if self.client else "")
        self._end = self.loop.call_later(LIFE_S, transport.abort)
        own = [each for each, whose in self._open.items() if whose == visitor]
        for those, most in ((own, MOST_OF_ONE), (list(self._open), MOST)):
            if len(those) >= most:
                oldest = next((each for each in those if not each.is_answering()), self)
                self._open.pop(oldest, None)
                oldest.transport.abort()
        if not transport.is_closing():
            self._open[self] = visitor
        self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """See :class:`asyncio.Protocol`."""
        self._open.pop(self, None)
        self._end.cancel()
        self._cancel_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """See :class:`asyncio.Protocol`."""
        super().data_received(data)
        if self.conn.their_state in (h11.IDLE, h11.SEND_BODY) and not self.transport.is_closing():
            self._await_request()
        else:
            self._cancel_timer()

    def is_answering(self) -> bool:
        """Say whether a whole request is there, and its answer not yet."""
        return self.cycle is not None and not self.cycle.response_complete

    def _await_request(self) -> None:
        # Not put off by single bytes.
        if self._timer is None:
            self._timer = self.loop.call_later(REQUEST_S, self.transport.abort)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class OnceAMinute(logging.Filter):
    """Lets each message through once in a while, without its traceback but the first time.

    Strangers can bring the server to complain as often as they like.

    Args:
        clock: monotonic seconds.
        every_s: how often.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, every_s: float = 60.0) -> None:
        super().__init__()
        self._clock = clock
        self._every_s = every_s
        self._said: dict[str, tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """See :class:`logging.Filter`."""
        text, now_s = str(record.msg), self._clock()
        since_s, more = self._said.get(text, (float("-inf"), 0))
        if now_s - since_s < self._every_s:
            self._said[text] = (since_s, more + 1)
            return False
        if more:
            record.msg, record.args = f"{record.getMessage()} ({more} more like this)", ()
            record.exc_info = record.exc_text = None
        self._said[text] = (now_s, 0)
        return True
