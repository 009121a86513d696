"""The score board for a main loop that must not wait: one thread talks to the database."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar
from uuid import UUID

from emotion_game.scores.board import ScoreBoard
from emotion_game.scores.score import Score, ScoreError

log = logging.getLogger(__name__)

T = TypeVar("T")


class BackgroundBoard:
    """Keep results at once, and deliver and read them in the background, in order.

    Args:
        board: used by this desk alone until it is closed.

    Attributes:
        board: for ``trouble``, ``faults`` and ``waiting()``, which never wait.
    """

    def __init__(self, board: ScoreBoard) -> None:
        self.board = board
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="scores")
        self._said = ""
        # What earlier games could not deliver.
        self._thread.submit(self._deliver)

    def keep(self, score: Score) -> None:
        """Keep a result; takes one small write to the disk, whatever the database does.

        Raises:
            ScoreError: when nothing can be written. The result waits in memory and is delivered
                all the same; only a game that ends before that loses it.
        """
        try:
            self.board.keep(score)
        finally:
            self._thread.submit(self._deliver)

    def name(self, score_id: UUID, nickname: str) -> str:
        """Give a result its nickname; return it as it will be shown.

        Raises:
            NicknameError: when the nickname is refused; nothing is changed.
            ScoreError: as in :meth:`keep`.
        """
        try:
            return self.board.keep_name(score_id, nickname)
        finally:
            self._thread.submit(self._deliver)

    def ask(self, question: Callable[[ScoreBoard], T]) -> Future[T]:
        """Read from the board, everything kept before included.

        Args:
            question: e.g. ``lambda board: board.leaderboard(mode, level, 10)``; runs in the
                background.

        Returns:
            Look at ``done()`` each frame; ``result()`` then gives the answer or raises ScoreError.
        """

        def answer() -> T:
            self.board.deliver()
            return question(self.board)

        return self._thread.submit(answer)

    def retry(self) -> None:
        """Try again to deliver what waits."""
        self._thread.submit(self._deliver)

    def close(self) -> None:
        """Finish what runs (some seconds at most, when the database hangs) and deliver no more.

        What waits in memory is tried one last time; what waits in the spool waits for the next
        game.
        """
        self._thread.shutdown(wait=True, cancel_futures=True)
        if self.board.waiting():
            self._deliver()
        self.board.close()

    def _deliver(self) -> None:
        # The board keeps the reason as its ``trouble``.
        with suppress(ScoreError):
            self.board.deliver()
        if self.board.trouble and self.board.trouble != self._said:
            log.warning("Results wait: %s", self.board.trouble)
        self._said = self.board.trouble
