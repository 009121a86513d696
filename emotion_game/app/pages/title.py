"""The title: what the game is, and its modes."""

from __future__ import annotations

from emotion_game.app.pages.base import GamePage
from emotion_game.app.pages.confirm import ConfirmPage
from emotion_game.app.pages.levels import LevelsPage
from emotion_game.app.pages.options import OptionsPage
from emotion_game.app.pages.scores import show_scores
from emotion_game.screens.confirm import Question
from emotion_game.screens.title import TitleView
from emotion_game.ui.intents import ChooseMode, Intent, UserIntent


class TitlePage(GamePage):
    """Where a player begins."""

    is_home = True

    def view(self, now_s: float) -> TitleView:
        """See :class:`Page`."""
        return TitleView(
            self.engine.mode,
            self.offer.modes,
            self.engine.preferences.crowns,
            can_quit=self.offer.at_home,
            has_options=self.offer.at_home,
        )

    def obey(self, intent: UserIntent, now_s: float) -> None:
        """See :class:`Page`."""
        match intent:
            case ChooseMode(mode):
                self.engine.mode = mode
                self.pages.push(LevelsPage(self.context))
            case Intent.STOP if self.offer.at_home:
                self.pages.push(ConfirmPage(self.context, Question.QUIT))
            case Intent.SCORES:
                show_scores(self.context)
            case Intent.OPTIONS if self.offer.at_home:
                self.pages.push(OptionsPage(self.context))
            case _:
                pass  # not here
