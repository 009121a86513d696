"""The options."""

from __future__ import annotations

from emotion_game.addresses import safe_name
from emotion_game.app.pages.base import GamePage
from emotion_game.screens.options import OptionsView
from emotion_game.ui.intents import Intent, UserIntent


class OptionsPage(GamePage):
    """The options as they are; the keys that change them work on every page, see ``Game``."""

    def view(self, now_s: float) -> OptionsView:
        """See :class:`Page`."""
        preferences = self.engine.preferences
        return OptionsView(
            self.engine.mode,
            preferences.volume,
            preferences.muted,
            preferences.music,
            self.engine.window.fullscreen,
            safe_name(self.engine.feed.camera.spec),
            preferences.high_contrast,
            preferences.reduced_motion,
        )

    def obey(self, intent: UserIntent, now_s: float) -> None:
        """See :class:`Page`."""
        if intent is Intent.BACK:
            self.pages.pop()
