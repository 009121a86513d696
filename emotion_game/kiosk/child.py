"""One process that the supervisor has started: its heartbeats, its last words, its end."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import IO

import psutil

from emotion_game.kiosk import logs
from emotion_game.kiosk.ipc import MAX_LINE_BYTES, as_order, read_heartbeat
from emotion_game.kiosk.restart import is_hanging
from emotion_game.kiosk.session import screen_variables
from emotion_game.kiosk.settings import RestartSettings
from emotion_game.monitor import GameStatus, Order

log = logging.getLogger(__name__)

_KEPT_LINES = 300
#: How long a game that is to end may take to close camera, player and database. Results are
#: on the disk by then; whoever shuts the machine down must not wait.
END_S = 1.5
#: For the threads' whereabouts to reach standard error.
_DUMP_S = 0.3
#: For a killed process to go, and then for each of its streams to be read to the end.
_GONE_S, _LAST_WORDS_S = 2.0, 1.0


class Child:
    """A running process.

    Args:
        command: program and arguments; no shell.

    Attributes:
        started_s: when it was started, or last excused, monotonic.
        beat_s: when its newest heartbeat of life came; None: none yet.
        status: what it said of itself last.
        said: the newest lines of its standard error.

    Raises:
        OSError: when it cannot be started.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self.status: GameStatus | None = None
        self.beat_s: float | None = None
        self.said: deque[str] = deque(maxlen=_KEPT_LINES)
        self.began_s = self.started_s = time.monotonic()
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **screen_variables()},
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self._stdin = self._process.stdin
        self._threads = [
            threading.Thread(target=self._watch, args=(self._process.stdout,), daemon=True),
            threading.Thread(target=self._listen, args=(self._process.stderr,), daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid

    @property
    def code(self) -> int | None:
        """Exit status; negative: the signal that ended it; None: it runs."""
        return self._process.poll()

    def is_hanging(self, now_s: float, rules: RestartSettings) -> bool:
        """Say whether it must be taken for dead though it runs."""
        return is_hanging(now_s, self.started_s, self.beat_s, rules)

    def excuse(self, now_s: float) -> None:
        """Count its silence from now on: this machine was asleep, and so was the child."""
        self.started_s = now_s

    def memory_mib(self) -> float | None:
        """Return its resident memory; None when it is gone."""
        try:
            return float(psutil.Process(self.pid).memory_info().rss) / 2**20
        except psutil.Error:
            return None

    def send(self, order: Order) -> bool:
        """Give it an order; False: it does not listen any more."""
        try:
            self._stdin.write(as_order(order))
            self._stdin.flush()
        except (OSError, ValueError):
            return False
        return True

    def end(self) -> None:
        """Let it end in good order, or kill it when it takes too long."""
        self.send(Order(kind="end"))
        with suppress(OSError):
            self._stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(END_S)
        self.kill()

    def kill(self, *, ask_where: bool = False) -> None:
        """Kill it with all it has started.

        Args:
            ask_where: have it write first what each of its threads is doing (not on Windows).
        """
        if ask_where and hasattr(signal, "SIGUSR1") and self.code is None:
            # ``faulthandler`` answers even when the interpreter is stuck in a library.
            with suppress(OSError):
                self._process.send_signal(signal.SIGUSR1)
                time.sleep(_DUMP_S)
        for process in self._family():
            with suppress(psutil.Error):
                process.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_GONE_S)
        with suppress(OSError):
            self._stdin.close()
        for thread in self._threads:
            thread.join(_LAST_WORDS_S)

    def _family(self) -> list[psutil.Process]:
        if self.code is not None:
            return []
        try:
            process = psutil.Process(self.pid)
            return [*process.children(recursive=True), process]
        except psutil.Error:
            return []

    def _watch(self, heartbeats: IO[bytes]) -> None:
        with heartbeats:
            while line := heartbeats.readline(MAX_LINE_BYTES):
                heartbeat = read_heartbeat(line)
                if heartbeat is None:
                    log.info("stdout: %s", line.decode(errors="replace").rstrip())
                    continue
                self.beat_s = time.monotonic()
                if heartbeat.status is not None:
                    self.status = heartbeat.status

    def _listen(self, errors: IO[bytes]) -> None:
        with errors:
            while line := errors.readline(MAX_LINE_BYTES):
                text = line.decode(errors="replace").rstrip()
                if text:
                    self.said.append(logs.pass_on(text))
