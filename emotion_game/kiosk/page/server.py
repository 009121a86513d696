"""Serve the page in a thread of the supervisor's process."""

from __future__ import annotations

import socket
import threading
from types import TracebackType
from typing import Self

import uvicorn
from starlette.applications import Starlette

from emotion_game.errors import GameError

_END_S = 5.0


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
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.bind((host, port))
            # From now on a visitor waits instead of being turned away.
            self._socket.listen(64)
        except OSError as error:
            self._socket.close()
            raise GameError(
                f"The operator's page cannot use {host} port {port}: {error.strerror or error}.",
                hint="Choose another port under [page] in kiosk.toml.",
            ) from error
        self.port: int = self._socket.getsockname()[1]
        config = uvicorn.Config(
            page,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=50,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=1,
            ws="none",
            lifespan="off",
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), name="page", daemon=True
        )

    def __enter__(self) -> Self:
        """Begin to serve."""
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
