"""What is shown while nobody plays: a clip without sound, a leaderboard, the next clip ..."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle

from emotion_game.app.scorekeeper import ScoreKeeper
from emotion_game.app.stage import Stage
from emotion_game.game.types import Mode
from emotion_game.screens.i18n import Language
from emotion_game.screens.kiosk_view import AttractView

CLIP_S, BOARD_S = 10.0, 7.0


class Slides:
    """Clips and leaderboards in turn.

    Args:
        stage: plays the clips.
        scores: gives the leaderboards; None: clips alone.
        offered: modes and levels to show.
    """

    def __init__(
        self, stage: Stage, scores: ScoreKeeper | None, offered: Sequence[tuple[Mode, int]]
    ) -> None:
        self._stage = stage
        self._scores = scores
        self._turns = cycle(offered)
        self._mode, self._level = offered[0]
        self._since_s: float | None = None
        self._is_clip = False

    def stop(self) -> None:
        """End the clip; the next slide begins when somebody looks again."""
        if self._since_s is not None and self._is_clip:
            self._stage.stop()
        self._since_s = None

    def view(self, now_s: float, language: Language) -> AttractView:
        """Return what is to be shown now."""
        limit_s = CLIP_S if self._is_clip else BOARD_S
        over = self._since_s is None or now_s - self._since_s > limit_s
        if over or (self._is_clip and (self._stage.ended or self._stage.drop_failed(language))):
            self._next(now_s, language)
        if self._is_clip:
            self._stage.poll()
            frame = self._stage.frame
            return AttractView(
                self._mode,
                self._level,
                None if frame is None else frame.pixels,
                "BGR" if frame is None else frame.order,
                self._stage.frames,
                (),
            )
        rows = () if self._scores is None else self._scores.rows(None)[0]
        return AttractView(self._mode, self._level, rows=rows)

    def _next(self, now_s: float, language: Language) -> None:
        was_clip, self._since_s = self._is_clip, now_s
        if was_clip:
            self._stage.stop()
        self._is_clip = False
        if was_clip and self._scores is not None:
            # The board of the clip that was just shown.
            self._scores.show(self._mode, self._level)
            return
        self._mode, self._level = next(self._turns)
        self._stage.player.set_volume(0.0)
        self._is_clip = self._stage.play_next(self._mode, self._level, language)
        if not self._is_clip and self._scores is not None:
            self._scores.show(self._mode, self._level)
