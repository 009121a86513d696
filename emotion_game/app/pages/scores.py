"""The leaderboards."""

from __future__ import annotations

from emotion_game.app.pages.base import Context, GamePage
from emotion_game.game.types import MARATHON_LEVEL
from emotion_game.screens.leaderboard import BoardStatus, ScoresView
from emotion_game.ui.intents import ChooseLevel, ChooseMode, Intent, UserIntent


class ScoresPage(GamePage):
    """The leaderboard of one mode and level; it begins with those that were chosen to play."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        engine = self.engine
        self._mode = engine.mode
        self._level = MARATHON_LEVEL if engine.marathon else engine.level
        self._ask()

    def view(self, now_s: float) -> ScoresView:
        """See :class:`Page`."""
        scores, ranking = self.engine.scores, self.engine.ranking
        if scores is None:
            return ScoresView(self._mode, self._level, (), BoardStatus.AWAY, self.offer.modes)
        rows, status = scores.rows(None if ranking is None else ranking.score.id)
        return ScoresView(self._mode, self._level, rows, status, self.offer.modes)

    def obey(self, intent: UserIntent, now_s: float) -> None:
        """See :class:`Page`."""
        match intent:
            case ChooseMode(mode):
                self._mode = mode
                self._ask()
            case ChooseLevel(level):
                self._level = level
                self._ask()
            case Intent.BACK:
                self.pages.pop()
            case _:
                pass  # not here

    def _ask(self) -> None:
        if self.engine.scores is not None:
            self.engine.scores.show(self._mode, self._level)


def show_scores(context: Context) -> None:
    """Show the leaderboards, where results are kept."""
    context.engine.open_scores()
    if context.engine.scores is not None:
        context.pages.push(ScoresPage(context))
