"""What is shown while nobody plays: a clip's best seconds without sound, a leaderboard, ..."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import cycle
from typing import TYPE_CHECKING

from emotion_game.app.stage import Stage
from emotion_game.screens.attract import AttractView
from emotion_game.screens.leaderboard import BoardStatus, ScoreRow
from emotion_game.ui.i18n import Language

if TYPE_CHECKING:
    from emotion_game.app.scorekeeper import ScoreKeeper

CLIP_S, BOARD_S = 10.0, 7.0
#: What players lose by begins before they lose.
_BUILD_UP_S = 5.0
#: Where a clip that nobody has lost yet has its best seconds: at its end.
_LATE = 2 / 3


class Slides:
    """Clips and leaderboards in turn.

    Args:
        stage: plays the clips.
        scores: gives the leaderboards; it returns None as long as they are not open.
        offered: modes and levels to show.
    """

    def __init__(
        self,
        stage: Stage,
        scores: Callable[[], ScoreKeeper | None],
        offered: Sequence[tuple[str, int]],
    ) -> None:
        self._stage = stage
        self._scores = scores
        self._turns = cycle(offered)
        self._mode, self._level = offered[0]
        # The leaderboard that stands until a clip's first picture; None: not known yet.
        self._board = (self._mode, self._level)
        self._rows: tuple[ScoreRow, ...] | None = None
        self._since_s: float | None = None
        self._is_clip = False
        # At which second each clip is lost, since visitors last played.
        self._asked = False

    def stop(self) -> None:
        """End the clip; the next slide begins with the next ``view``."""
        if self._since_s is not None and self._is_clip:
            self._stage.stop()
        self._since_s, self._asked = None, False

    def view(self, now_s: float, language: Language) -> AttractView:
        """Return what is to be shown now."""
        limit_s = CLIP_S if self._is_clip else BOARD_S
        over = self._since_s is None or now_s - self._since_s > limit_s
        if over or (self._is_clip and (self._stage.ended or self._stage.drop_failed(language))):
            self._next(now_s, language)
        if self._is_clip:
            self._stage.poll()
            frame = self._stage.frame
            if frame is not None:
                pixels, order = frame.pixels, frame.order
                return AttractView(self._mode, self._level, pixels, order, self._stage.frames)
            # A clip's time counts from its first picture; players bound the wait for it.
            self._since_s = now_s
        else:
            self._board, self._rows = (self._mode, self._level), self._known_rows()
        return AttractView(*self._board, rows=self._rows)

    def _known_rows(self) -> tuple[ScoreRow, ...] | None:
        scores = self._scores()
        if scores is None:
            return None
        rows, status = scores.rows(None)
        return rows if status is BoardStatus.READY else None

    def _next(self, now_s: float, language: Language) -> None:
        scores, was_clip = self._scores(), self._is_clip
        if not self._asked and scores is not None:
            scores.ask_loss_seconds()
            self._asked = True
        self._since_s, self._is_clip = now_s, False
        if was_clip:
            self._stage.stop()
            if scores is not None:
                # The board of the clip that was just shown.
                scores.show(self._mode, self._level)
                return
        self._mode, self._level = next(self._turns)
        self._stage.player.set_volume(0.0)
        losses_s = {} if scores is None else scores.loss_seconds()
        begin_s = partial(begins_s, losses_s)
        self._is_clip = self._stage.play_next(self._mode, self._level, language, begin_s)
        if not self._is_clip and scores is not None:
            scores.show(self._mode, self._level)


def begins_s(losses_s: Mapping[str, float], clip_id: str, length_s: float) -> float:
    """Return where in a clip its best ``CLIP_S`` begin, seconds.

    Args:
        losses_s: each clip's median second of the loss, of those that were lost.
        clip_id: which clip.
        length_s: how long it is.
    """
    latest_s = max(0.0, length_s - CLIP_S)
    if (loss_s := losses_s.get(clip_id)) is not None:
        return min(latest_s, max(0.0, loss_s - _BUILD_UP_S))
    return min(latest_s, length_s * _LATE)
