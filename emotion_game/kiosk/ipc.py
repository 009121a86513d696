"""The game's end of the line to its supervisor: JSON lines over its standard streams.

Out: ``{"beats": N, "status": {...}}`` some times a second, only while the main loop turns. In: one
:class:`~emotion_game.monitor.Order` a line. When the line is cut, the game ends: a game without
a supervisor must not hold the screen and the camera.
"""

from __future__ import annotations

import logging
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import BinaryIO

from pydantic import ValidationError

from emotion_game.kiosk.consent import ConsentLog
from emotion_game.kiosk.event_journal import EventJournal
from emotion_game.monitor import GameStatus, Order
from emotion_game.settings import StrictModel

log = logging.getLogger(__name__)

SEND_S = 0.25
STATUS_S = 0.5
#: A line from the other end longer than this is no order of ours.
MAX_LINE_BYTES = 64 * 1024


class Heartbeat(StrictModel):
    """One line from the game: how often the main loop has turned, and how the game is."""

    beats: int
    status: GameStatus | None = None


def own_streams() -> tuple[BinaryIO, BinaryIO]:
    """Take standard input and output for the line; what others print goes to standard error."""
    orders = os.fdopen(os.dup(sys.stdin.fileno()), "rb", buffering=0)
    heartbeats = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    sys.stdout.flush()
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return orders, heartbeats


class Link:
    """The game's :class:`~emotion_game.monitor.Monitor` in a kiosk.

    Args:
        orders: lines from the supervisor.
        heartbeats: lines to the supervisor.
        journal: keeps the events; None: there are none.
        consents: keeps the consents; None: nobody is asked.
        text_mark: of the text that players agree to, see ``ConsentText.mark``.

    Attributes:
        told_to_end: the system wants this process to end, and so the whole kiosk.
    """

    def __init__(
        self,
        orders: BinaryIO,
        heartbeats: BinaryIO,
        journal: EventJournal | None = None,
        consents: ConsentLog | None = None,
        text_mark: str = "",
    ) -> None:
        self._heartbeats = heartbeats
        self._journal = journal
        self._consents = consents
        self._text_mark = text_mark
        # A SimpleQueue may be fed from within a signal's handler.
        self._orders: queue.SimpleQueue[Order] = queue.SimpleQueue()
        self.told_to_end = False
        self._beats = 0
        self._status: GameStatus | None = None
        self._status_s = float("-inf")
        self._stop = threading.Event()
        # Daemons: one that waits in a read or write must not keep a game that wants to end.
        threading.Thread(target=self._read, args=(orders,), name="orders", daemon=True).start()
        self._writer = threading.Thread(target=self._write, name="heartbeats", daemon=True)
        self._writer.start()

    def turn(self, now_s: float, status: Callable[[], GameStatus]) -> Sequence[Order]:
        """See :class:`~emotion_game.monitor.Monitor`."""
        self._beats += 1
        if now_s - self._status_s >= STATUS_S:
            self._status, self._status_s = status(), now_s
        orders = []
        while True:
            try:
                orders.append(self._orders.get_nowait())
            except queue.Empty:
                return orders

    def event(self, line: str) -> None:
        """See :class:`~emotion_game.monitor.Monitor`."""
        if self._journal is not None:
            self._journal.add(line)

    def agreed(self, language: str) -> None:
        """See :class:`~emotion_game.monitor.Monitor`.

        Raises:
            GameError: when it cannot be logged.
        """
        if self._consents is not None:
            self._consents.add(self._text_mark, language, datetime.now(UTC))

    def check_consents(self) -> None:
        """See :class:`~emotion_game.monitor.Monitor`.

        Raises:
            GameError: when none could be logged.
        """
        if self._consents is not None:
            self._consents.check()

    def end_on_signals(self) -> None:
        """End in good order when the system ends this process: shutdown, log-out.

        To be called before pygame is set up: SDL makes the signal a request to close the window,
        which a booth ignores, unless somebody handles it already.
        """

        def end(*_: object) -> None:
            self.told_to_end = True
            self._orders.put(Order(kind="end"))

        for name in ("SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), end)

    def close(self) -> None:
        """Send no more."""
        self._stop.set()
        self._writer.join(timeout=1.0)
        if self._journal is not None:
            self._journal.close()

    def _read(self, orders: BinaryIO) -> None:
        while line := orders.readline(MAX_LINE_BYTES):
            try:
                self._orders.put(Order.model_validate_json(line))
            except ValidationError:
                log.warning("An order was not understood: %r", line[:80])
        self._orders.put(Order(kind="end"))

    def _write(self) -> None:
        sent = 0
        while not self._stop.wait(SEND_S):
            beats = self._beats
            if beats == sent:
                continue  # The main loop does not turn; saying so would hide it.
            heartbeat = Heartbeat(beats=beats, status=self._status)
            try:
                self._heartbeats.write(heartbeat.model_dump_json().encode() + b"\n")
            except OSError:
                self._orders.put(Order(kind="end"))
                return
            sent = beats


def as_order(order: Order) -> bytes:
    """Return an order as the line that goes to the game."""
    return order.model_dump_json().encode() + b"\n"


def read_heartbeat(line: bytes) -> Heartbeat | None:
    """Return what the game said, or None when it is nothing of ours."""
    try:
        return Heartbeat.model_validate_json(line)
    except ValidationError:
        return None
