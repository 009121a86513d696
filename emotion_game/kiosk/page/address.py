"""The address that the operator's page listens at."""

from __future__ import annotations

import socket

#: Visitors that wait for a moment are kept, not turned away.
_BACKLOG = 64


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Args:
        host: an address of this machine.
        port: 0: any that is free.

    Raises:
        OSError: when the address is not there (yet), or the port is taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener
