"""What is said to the player: faults until they are over, everything else for a few seconds."""

from __future__ import annotations

import logging
import time

from emotion_game.timing import Clock
from emotion_game.ui.notices import AT_ONCE, FAULTS, LASTING, Notice, NoticeKind

log = logging.getLogger(__name__)

NOTICE_S = 6.0


class Notices:
    """The notices on the screen: faults first, then the newest.

    There is room for two. Each new one is shown for a few seconds, which begin when it is its turn;
    a fault that lasts then stays wherever there is room, and the gravest one always.

    Args:
        clock: tells since when each is shown.
    """

    def __init__(self, clock: Clock = time) -> None:
        self._clock = clock
        #: What is new, the newest first; one of a kind.
        self._new: dict[NoticeKind, Notice] = {}
        self._ends_s: dict[NoticeKind, float] = {}
        self._lasting: dict[NoticeKind, Notice] = {}

    def say(self, kind: NoticeKind, detail: str = "") -> None:
        """Show a notice; it takes the place of one of its kind."""
        log.info("notice: %s %s", kind.name, detail)
        notice = Notice(kind, detail)
        self._new = {kind: notice} | {key: kept for key, kept in self._new.items() if key != kind}
        self._ends_s.pop(kind, None)
        if kind in LASTING:
            self._lasting[kind] = notice

    def settle(self, kind: NoticeKind) -> None:
        """Take a notice away: what it says is over."""
        self._lasting.pop(kind, None)
        self._new.pop(kind, None)

    def at(self, now_s: float, *, lasting: bool = True) -> tuple[Notice, ...]:
        """Return what is to be shown, the most important first; there is room for ``AT_ONCE``.

        Args:
            now_s: monotonic time.
            lasting: show faults that were read before, too.
        """
        self._new = {
            kind: notice
            for kind, notice in self._new.items()
            if self._ends_s.get(kind, now_s + 1.0) > now_s
        }
        new = sorted(self._new.values(), key=_rank)
        old = sorted(self._lasting.values(), key=_rank) if lasting else []
        ordered = tuple(dict.fromkeys((*old[:1], *new, *old)))
        for notice in ordered[:AT_ONCE]:
            self._ends_s.setdefault(notice.kind, now_s + NOTICE_S)
        return ordered


def _rank(notice: Notice) -> int:
    """Return a place in the order of importance; equal ones stay as they are."""
    return FAULTS.index(notice.kind) if notice.kind in FAULTS else len(FAULTS)
