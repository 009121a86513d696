"""A name is typed: for a result, or of who plays."""

from __future__ import annotations

from collections.abc import Callable

from emotion_game.app.pages.base import Context, GamePage
from emotion_game.game.keyboard import Keyboard, Keys
from emotion_game.screens.naming import NameView
from emotion_game.ui.intents import Intent, TypeKey, UserIntent


class NamePage(GamePage):
    """A name is typed, with the keys on the screen or on a real keyboard.

    Args:
        context: shared with the other pages.
        text: what stands there already.
        give: takes what was typed; returns why it is refused, a key of ``NAME_FAULTS``, or "".
        points: what the name is for; 0 for none.
        player: whose name this is, from 1; 0 where there is only one player.
    """

    def __init__(
        self,
        context: Context,
        text: str,
        give: Callable[[str], str],
        *,
        points: int = 0,
        player: int = 0,
    ) -> None:
        super().__init__(context)
        korean = self.engine.language == "ko"
        self._keyboard = Keyboard(text, Keys.HANGUL if korean else Keys.LATIN)
        self._give = give
        self._points = points
        self._player = player
        self._fault = ""

    def view(self, now_s: float) -> NameView:
        """See :class:`Page`."""
        keyboard = self._keyboard
        return NameView(
            self.engine.mode,
            keyboard.text,
            keyboard.rows(),
            keyboard.keys,
            keyboard.shifted,
            keyboard.longest,
            self._fault,
            self._points,
            self._player,
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
                self._done()
                return
            case Intent.BACK:
                self.pages.pop()
            case _:
                pass  # not here
        self._fault = ""

    def _done(self) -> None:
        # What takes the name may show another page.
        self.pages.pop()
        self._fault = self._give(self._keyboard.text)
        if self._fault:
            self.pages.push(self)
            if self.engine.cues is not None:
                self.engine.cues.refuse()
