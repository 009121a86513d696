"""Before something is lost: is that meant?"""

from __future__ import annotations

from collections.abc import Callable

from emotion_game.app.pages.base import Context, GamePage
from emotion_game.screens.confirm import ConfirmView, Question
from emotion_game.ui.intents import Intent, UserIntent


def _nothing(_now_s: float) -> None:
    pass


class ConfirmPage(GamePage):
    """A question with two answers; it goes by itself when there is nothing left to ask about.

    Args:
        context: shared with the other pages.
        question: what is asked.
        leave: what "yes" does, after this page has gone; quitting is the game's own.
        stay: what "no" does, after this page has gone.
        holds: whether there still is something to lose.
    """

    def __init__(
        self,
        context: Context,
        question: Question,
        leave: Callable[[float], None] = _nothing,
        stay: Callable[[float], None] = _nothing,
        holds: Callable[[], bool] = lambda: True,
    ) -> None:
        super().__init__(context)
        self._question = question
        self._leave = leave
        self._stay = stay
        self._holds = holds

    def view(self, now_s: float) -> ConfirmView:
        """See :class:`Page`."""
        return ConfirmView(self.engine.mode, self._question)

    def turn(self, now_s: float) -> None:
        """See :class:`Page`."""
        if not self._holds():
            self.pages.pop()
            self.pages.top.turn(now_s)

    def obey(self, intent: UserIntent, now_s: float) -> None:
        """See :class:`Page`."""
        if intent is Intent.BACK:
            self.pages.pop()
            self._stay(now_s)
        elif intent is Intent.AGREE:
            self.pages.pop()
            self._leave(now_s)
