"""The levels: how hard, alone or several at once, one clip, a marathon or a tournament."""

from __future__ import annotations

from emotion_game.app.pages.base import Context, GamePage
from emotion_game.app.pages.check import CheckPage
from emotion_game.app.pages.players import PlayersPage
from emotion_game.app.pages.scores import show_scores
from emotion_game.app.pages.tournament import begin_tournament
from emotion_game.game.series import Series
from emotion_game.game.types import LEVELS, MARATHON_LEVEL
from emotion_game.screens.levels import LevelView
from emotion_game.ui import theme
from emotion_game.ui.intents import ChooseLevel, Intent, UserIntent

#: Of a match: those that the screens tell apart.
MOST_PLAYERS = len(theme.PLAYERS)


class LevelsPage(GamePage):
    """The levels of the chosen mode.

    Args:
        context: shared with the other pages.
        is_home: where only one mode is offered, a player begins here.
    """

    def __init__(self, context: Context, *, is_home: bool = False) -> None:
        super().__init__(context)
        self.is_home = is_home

    def view(self, now_s: float) -> LevelView:
        """See :class:`Page`."""
        engine, bests = self.engine, {}
        if engine.scores is not None:
            bests = engine.scores.bests(engine.mode, (*LEVELS, MARATHON_LEVEL))
        counts = engine.stage.library.counts()
        tournament = self.offer.tournament_clips > 0
        return LevelView(engine.mode, engine.level, counts, engine.players, bests, tournament)

    def obey(self, intent: UserIntent, now_s: float) -> None:
        """See :class:`Page`."""
        engine = self.engine
        match intent:
            case ChooseLevel(level) if level in LEVELS:
                engine.level, engine.marathon = level, False
                self._check()
            case Intent.MARATHON:
                engine.marathon, engine.players = True, 1
                self._check()
            case Intent.MORE_PLAYERS:
                engine.marathon = False
                engine.players = engine.players % MOST_PLAYERS + 1
            case Intent.TOURNAMENT if self.offer.tournament_clips:
                self._ask_tournament()
            case Intent.SCORES:
                show_scores(self.context)
            case Intent.BACK if not self.is_home:
                self.go_home()
            case _:
                pass  # not here

    def _check(self) -> None:
        """Begin the camera check; several say who they are before."""
        if not self.engine.has_clips():
            return
        if self.engine.players > 1:
            self.pages.push(PlayersPage(self.context, self._match))
        else:
            self.pages.push(CheckPage(self.context))

    def _match(self, now_s: float) -> None:
        self.engine.series = Series()
        self.pages.replace(CheckPage(self.context))

    def _ask_tournament(self) -> None:
        """Ask who takes part in a tournament."""
        engine = self.engine
        before = engine.level
        engine.marathon, engine.players, engine.level = False, 1, LEVELS[0]
        if engine.has_clips():
            self.pages.push(PlayersPage(self.context, self._tournament, tournament=True))
        engine.level = before

    def _tournament(self, now_s: float) -> None:
        self.pages.replace(CheckPage(self.context, begin_tournament))
