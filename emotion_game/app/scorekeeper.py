"""Results to the score board, and what the screens want to know of it; never waits."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID, uuid4

from emotion_game import __version__
from emotion_game.app.notices import Notices
from emotion_game.game.points import round_points
from emotion_game.game.round import RuleBook
from emotion_game.game.types import Outcome, RoundResult
from emotion_game.scores import (
    BackgroundBoard,
    NicknameError,
    Score,
    ScoreError,
    clean_nickname,
    open_board,
)
from emotion_game.scores.database import data_folder
from emotion_game.screens.leaderboard import BoardStatus, ScoreRow
from emotion_game.settings import ScoreSettings
from emotion_game.ui.notices import NoticeKind

log = logging.getLogger(__name__)

T = TypeVar("T")

#: Places on a leaderboard screen.
PLACES = 10
#: What waits for a board that is away is tried again this often.
RETRY_S = 5.0
#: The rank of a result is told up to this place.
_RANKED = 1000


def rules_version(rules: RuleBook) -> str:
    """Name the rules that judged a round: the game's version and a sum over every number."""
    text = repr(sorted((mode, level, numbers) for (mode, level), numbers in rules.items()))
    return f"{__version__}+{hashlib.sha256(text.encode()).hexdigest()[:8]}"


@dataclass(slots=True)
class Ranking:
    """How a finished round stands; filled in when the board has answered.

    Attributes:
        score: the round as the board keeps it.
        best: the most points before this round: the player's, if a nickname is known, or else
            anybody's; None while there are none or the board has not answered.
        rank: place on the leaderboard, from 1; None while unknown.
    """

    score: Score
    best: int | None = None
    rank: int | None = None
    _before: Future[tuple[int | None, int]] | None = field(default=None, repr=False)

    def poll(self) -> None:
        """Take the board's answer if it is there."""
        if self._before is None or not self._before.done():
            return
        answer, self._before = _answer(self._before), None
        if answer is not None:
            self.best, self.rank = answer


class ScoreKeeper:
    """The desk of the score board, with what the game knows of the player.

    Args:
        settings: the board's URL and this booth's name.
        rules: those that judge, for the rounds' ``rules_version``.
        model_version: names the classifier.
        notices: where trouble is said.

    Raises:
        ScoreError: when the URL is wrong.
    """

    def __init__(
        self, settings: ScoreSettings, rules: RuleBook, model_version: str, notices: Notices
    ) -> None:
        self.background = BackgroundBoard(open_board(settings.url or None))
        self._booth = settings.booth_name
        self._rules_version = rules_version(rules)
        self._model_version = model_version
        self._notices = notices
        self._said_trouble = ""
        self._retry_s = 0.0
        # Neither disk nor board took a result: nobody shall be told that it is kept.
        self._not_kept = False
        self.nickname = ""
        self._shown: tuple[str, int] | None = None
        self._rows: tuple[Score, ...] | None = None
        self._asked: Future[tuple[Score, ...]] | None = None
        self._bests: dict[str, dict[int, int]] = {}
        self._asked_bests: dict[str, Future[dict[int, int]]] = {}
        self._losses_s: dict[str, float] = {}
        self._asked_losses: Future[dict[str, float]] | None = None

    def close(self) -> None:
        """Deliver what can be delivered, within a bound, and close."""
        self.background.close()

    def waiting(self) -> int:
        """Return how many results are not in the database yet."""
        return self.background.board.waiting()

    @property
    def trouble(self) -> str:
        """Why results cannot be delivered, one line; "" while they can."""
        return self.background.board.trouble

    def forget_player(self) -> None:
        """The next player may be somebody else."""
        self.nickname = ""

    # --- Results in -------------------------------------------------------------------------------

    def keep(self, result: RoundResult) -> Ranking:
        """Keep a round for the board; at once, whatever the database does."""
        score = Score.of(
            result,
            score_id=uuid4(),
            finished_at=datetime.now(UTC),
            booth=self._booth,
            rules_version=self._rules_version,
            model_version=self._model_version,
        )
        ranking = Ranking(score)
        if result.outcome in (Outcome.WON, Outcome.LOST):
            nickname, points = self.nickname, round_points(result)
            ranking._before = self._ask(
                lambda board: _before(
                    board.leaderboard(score.mode, score.level, _RANKED),
                    board.personal_best(nickname, score.mode, score.level) if nickname else None,
                    points,
                    score.id,
                )
            )
        try:
            self.background.keep(score)
        except ScoreError as error:
            self._say_not_kept(error)
        self._bests.pop(result.mode, None)
        return ranking

    def name(self, ranking: Ranking, typed: str) -> str:
        """Give a round its nickname, which is then ``nickname``.

        Returns:
            Why it is refused, a ``NicknameFault`` value; "" when it is taken.
        """
        try:
            self.nickname = self.background.name(ranking.score.id, typed)
        except NicknameError as error:
            return error.fault.value
        except ScoreError as error:
            self._say_not_kept(error)
            # It waits in memory, and was found to be good before that.
            self.nickname = clean_nickname(typed)
        return ""

    def watch(self, now_s: float) -> None:
        """Say once that results wait for a board that is away, and try it again and again."""
        trouble = self.background.board.trouble
        if trouble and now_s >= self._retry_s:
            if self._said_trouble:
                self.background.retry()
            self._retry_s = now_s + RETRY_S
        if self._not_kept and not trouble and self.waiting() == 0:
            self._not_kept = False
            self._notices.settle(NoticeKind.SCORE_NOT_KEPT)
        if not trouble:
            self._notices.settle(NoticeKind.SCORES_WAIT)
        if trouble and trouble != self._said_trouble and not self._not_kept:
            self._notices.say(NoticeKind.SCORES_WAIT)
        self._said_trouble = trouble

    def _say_not_kept(self, error: ScoreError) -> None:
        log.error("%s", error)
        self._not_kept = True
        self._notices.say(NoticeKind.SCORE_NOT_KEPT, str(data_folder()))

    # --- Results out ------------------------------------------------------------------------------

    def show(self, mode: str, level: int) -> None:
        """Ask for a leaderboard."""
        self._shown, self._rows = (mode, level), None
        self._asked = self._ask(lambda board: board.leaderboard(mode, level, PLACES))

    def rows(self, own: UUID | None) -> tuple[tuple[ScoreRow, ...], BoardStatus]:
        """Return the leaderboard that was asked for, as far as it has come."""
        if self._asked is not None and self._asked.done():
            self._rows, self._asked = _answer(self._asked), None
        if self._rows is None:
            return (), BoardStatus.LOADING if self._asked is not None else BoardStatus.AWAY
        rows = tuple(
            ScoreRow(rank, score.nickname or "", score.points, score.id == own)
            for rank, score in enumerate(self._rows, start=1)
        )
        return rows, BoardStatus.READY

    def bests(self, mode: str, levels: tuple[int, ...]) -> dict[int, int]:
        """Return the most points of each level, as far as the board has answered."""
        asked = self._asked_bests.get(mode)
        if asked is not None and asked.done():
            del self._asked_bests[mode]
            self._bests[mode] = _answer(asked) or {}
        elif asked is None and mode not in self._bests:
            self._asked_bests[mode] = self._ask(
                lambda board: {
                    level: top[0].points
                    for level in levels
                    if (top := board.leaderboard(mode, level, 1))
                }
            )
        return self._bests.get(mode, {})

    def ask_loss_seconds(self) -> None:
        """Ask at which second each clip is lost."""
        if self._asked_losses is None:
            self._asked_losses = self._ask(
                lambda board: {
                    each.clip_id: each.median_loss_s
                    for each in board.clip_statistics()
                    if each.median_loss_s is not None
                }
            )

    def loss_seconds(self) -> dict[str, float]:
        """Return each clip's median second of the loss, as far as the board has answered."""
        if self._asked_losses is not None and self._asked_losses.done():
            self._losses_s, self._asked_losses = _answer(self._asked_losses) or {}, None
        return self._losses_s

    def _ask(self, question: Callable[..., T]) -> Future[T]:
        return self.background.ask(question)


def _before(
    board: tuple[Score, ...], own: Score | None, points: int, score_id: UUID
) -> tuple[int | None, int]:
    """Return the best result before, and the place of a round of so many points."""
    others = [score for score in board if score.id != score_id]
    best = own.points if own is not None else max((s.points for s in others), default=None)
    return best, 1 + sum(score.points >= points for score in others)


def _answer(future: Future[T]) -> T | None:
    try:
        return future.result()
    except ScoreError as error:
        log.warning("The score board does not answer: %s", error)
        return None
