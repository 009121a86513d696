"""What is said to the player for a few seconds."""

from __future__ import annotations

import logging
import time

from emotion_game.timing import Clock
from emotion_game.ui.notices import (
    Notice,
    NoticeKind,
)

log = logging.getLogger(__name__)

NOTICE_S = 6.0


class Notices:
    """The notices on the screen; each goes by itself.

    Args:
        clock: tells since when each is shown.
    """

    def __init__(self, clock: Clock = time) -> None:
        self._clock = clock
        self._shown: list[tuple[float, Notice]] = []

    def say(self, kind: NoticeKind, detail: str = "") -> None:
        """Show a notice; one that is shown already only stays longer."""
        log.info("notice: %s %s", kind.name, detail)
        notice = Notice(kind, detail)
        self._shown = [kept for kept in self._shown if kept[1] != notice]
        self._shown.append((self._clock.monotonic() + NOTICE_S, notice))

    def at(self, now_s: float) -> tuple[Notice, ...]:
        """Return what is to be shown, the newest last."""
        self._shown = [kept for kept in self._shown if kept[0] > now_s]
        return tuple(notice for _, notice in self._shown)
