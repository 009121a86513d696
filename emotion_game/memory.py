"""Keep the game's memory flat over a day of rounds."""

from __future__ import annotations

import ctypes
import sys

#: mallopt's name for the size from which glibc maps a block of its own (malloc.h).
_M_MMAP_THRESHOLD = -3
_LARGE_BYTES = 512 * 1024


def return_large_blocks() -> None:
    """Make glibc give pictures back to the system as soon as they are freed.

    By default glibc raises its limit after the first large block is freed and from then on keeps
    such blocks in one heap a thread; VLC's threads come and go with each clip, and their heaps
    added about 50 MB a clip. Elsewhere than on Linux with glibc this does nothing.
    """
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
