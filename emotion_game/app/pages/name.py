"""A nickname for a result."""

from __future__ import annotations

from emotion_game.app.pages.base import Context, GamePage
from emotion_game.game.keyboard import Keyboard, Keys
from emotion_game.screens.naming import NameView
from emotion_game.ui.intents import Intent, TypeKey, UserIntent


class NamePage(GamePage):
    """The player types a nickname, with the keys on the screen or on a real keyboard."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        engine = self.engine
        text = "" if engine.scores is None else engine.scores.nickname
        self._keyboard = Keyboard(text, Keys.HANGUL if engine.language == "ko" else Keys.LATIN)
        self._fault = ""

    def view(self, now_s: float) -> NameView:
        """See :class:`Page`."""
        keyboard, ranking = self._keyboard, self.engine.ranking
        return NameView(
            self.engine.mode,
            keyboard.text,
            keyboard.rows(),
            keyboard.keys,
            keyboard.shifted,
            keyboard.longest,
            self._fault,
            0 if ranking is None else ranking.score.points,
        )

    def obey(self, intent: UserIntent, now_s: float) -> None:
        """See :class:`Page`."""
        keyboard = self._keyboard
        match intent:
            case TypeKey(key, real):
                self._keyboard = keyboard.press_real(key) if real else keyboard.press(key)
            case Intent.ERASE:
                self._keyboard = keyboard.erase()
            case Intent.SHIFT:
                self._keyboard = keyboard.shift()
            case Intent.SWITCH_KEYS:
                self._keyboard = keyboard.switch()
            case Intent.DONE:
                self._give_name()
                return
            case Intent.BACK:
                self.pages.pop()
            case _:
                pass  # not here
        self._fault = ""

    def _give_name(self) -> None:
        engine = self.engine
        if engine.scores is not None and engine.ranking is not None:
            self._fault = engine.scores.name(engine.ranking, self._keyboard.text)
            if self._fault:
                if engine.cues is not None:
                    engine.cues.refuse()
                return
            engine.nickname = engine.scores.nickname
        self.pages.pop()
