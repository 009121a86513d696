"""A port that a server may have in a moment."""

from __future__ import annotations

import random
import socket

#: Below those that the system gives to connections on their way out: one that a test has found
#: free is not taken by the next connection of some other program.
PORTS = range(20_000, 32_000)


def free_port() -> int:
    """Return a port of this machine that nobody uses."""
    chance = random.Random()
    while True:
        port = chance.choice(PORTS)
        with socket.socket() as found:
            try:
                found.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
