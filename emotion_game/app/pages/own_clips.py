"""The player's own clips."""

from __future__ import annotations

from pathlib import Path

from emotion_game.app.pages.base import Context, GamePage
from emotion_game.game.types import LEVELS
from emotion_game.screens.own_clips import OwnClip, OwnClipsView
from emotion_game.ui.intents import ChooseLevel, ChooseMode, DropFile, Intent, UserIntent


class OwnClipsPage(GamePage):
    """What is there; films that are dropped are asked where to, and added beside the game."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._mode, self._level = self.engine.mode, self.engine.level
        self._dropped: tuple[Path, ...] = ()

    def view(self, now_s: float) -> OwnClipsView:
        """See :class:`Page`."""
        engine, adder = self.engine, self.engine.services.adder
        own = tuple(
            OwnClip(clip.title(engine.language), clip.mode, clip.level, clip.duration_s)
            for clip in engine.stage.library
            if clip.own
        )
        return OwnClipsView(
            self._mode,
            self._level,
            self.offer.modes,
            own,
            tuple(path.name for path in self._dropped),
            adder.now,
            adder.waiting,
            adder.news,
        )

    def obey(self, intent: UserIntent, now_s: float) -> None:
        """See :class:`Page`."""
        match intent:
            case DropFile(path):
                self._dropped = tuple(dict.fromkeys((*self._dropped, Path(path))))
            case ChooseMode(mode) if mode in self.offer.modes:
                self._mode = mode
            case ChooseLevel(level) if level in LEVELS:
                self._level = level
            case Intent.GO_ON if self._dropped:
                self.engine.services.adder.start(self._dropped, self._mode, self._level)
                self._dropped = ()
            case Intent.BACK if self._dropped:
                self._dropped = ()
            case Intent.BACK:
                self.pages.pop()
            case _:
                pass  # not here
