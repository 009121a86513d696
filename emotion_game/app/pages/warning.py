"""The warning before a mode that frightens."""

from __future__ import annotations

from emotion_game.app.pages.base import Context, GamePage
from emotion_game.app.pages.round import Begin, begin_round
from emotion_game.screens.warning import WarningView
from emotion_game.ui.intents import Intent, UserIntent


class WarningPage(GamePage):
    """Nobody goes on from here by accident.

    Args:
        context: shared with the other pages.
        begin: what comes after it.
    """

    def __init__(self, context: Context, begin: Begin = begin_round) -> None:
        super().__init__(context)
        self._begin = begin

    def view(self, now_s: float) -> WarningView:
        """See :class:`Page`."""
        return WarningView(self.engine.mode, self.engine.level)

    def obey(self, intent: UserIntent, now_s: float) -> None:
        """See :class:`Page`."""
        if intent is Intent.GO_ON:
            self.pages.pop()
            self._begin(self.context, now_s)
        elif intent is Intent.BACK:
            self.go_home()
