"""Serve the page in threads of the supervisor's process."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Self

import uvicorn
from starlette.applications import Starlette

from emotion_game.errors import GameError
from emotion_game.kiosk.page.address import bind
from emotion_game.kiosk.page.connections import MOST, BoundedProtocol, OnceAMinute

log = logging.getLogger(__name__)

_END_S = 5.0
#: As the camera does it: an address that is not there yet is tried again after these.
RETRIES_S = (1.0, 2.0, 4.0, 8.0, 15.0)
#: Who complains of what strangers send.
_COMPLAINERS = ("uvicorn.error", "asyncio")


class Server:
    """Serves from ``__enter__`` to ``__exit__``.

    Args:
        page: the application.
        host: an address of this machine.
        port: 0: any that is free; ``port`` then tells which.

    Raises:
        GameError: when the address cannot be had.
    """

    def __init__(self, page: Starlette, host: str, port: int) -> None:
        try:
            self._socket = bind(host, port)
        except OSError as error:
            raise GameError(
                f"The operator's page cannot use {host} port {port}: {error.strerror or error}.",
                hint="Choose another address or port under [page] in kiosk.toml.",
            ) from error
        self.port: int = self._socket.getsockname()[1]
        config = uvicorn.Config(
            page,
            http=BoundedProtocol,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=2 * MOST,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=1,
            ws="none",
            lifespan="off",
        )
        self._server = uvicorn.Server(config)
        self._quiet = OnceAMinute()
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), name="page", daemon=True
        )

    @property
    def serves(self) -> bool:
        """Whether its thread runs."""
        return self._thread.is_alive()

    def __enter__(self) -> Self:
        """Begin to serve."""
        for name in _COMPLAINERS:
            logging.getLogger(name).addFilter(self._quiet)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End; open requests get a moment."""
        self._server.should_exit = True
        self._thread.join(_END_S)
        self._socket.close()
        for name in _COMPLAINERS:
            logging.getLogger(name).removeFilter(self._quiet)


class PatientServer:
    """Serves as soon as its address is there, and again when a server has ended by itself.

    Args:
        page: the application.
        host: an address that this machine has, or will have.
        port: which port.
        tell: told what is wrong, one line; "" once it serves.
        retries_s: waits between the tries; the last one for ever after.
    """

    def __init__(
        self,
        page: Starlette,
        host: str,
        port: int,
        tell: Callable[[str], None],
        retries_s: tuple[float, ...] = RETRIES_S,
    ) -> None:
        self._make = partial(Server, page, host, port)
        self._host = host
        self._tell = tell
        self._retries_s = retries_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="page-keeper", daemon=True)

    def __enter__(self) -> Self:
        """Begin to try."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End."""
        self._stop.set()
        self._thread.join(2 * _END_S)

    def _keep(self) -> None:
        tries, said = 0, ""
        while not self._stop.is_set():
            try:
                with self._make() as server:
                    log.info("operator's page: http://%s:%d/", self._host, server.port)
                    self._tell("")
                    tries, said = 0, ""
                    while server.serves and not self._stop.wait(1.0):
                        pass
                if not self._stop.is_set():
                    log.error("The operator's page has ended; it is served again.")
            except GameError as error:
                if error.message != said:
                    said = error.message
                    log.error("%s It is tried again.", error)
                    self._tell(error.message)
            self._stop.wait(self._retries_s[min(tries, len(self._retries_s) - 1)])
            tries += 1
