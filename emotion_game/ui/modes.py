"""How a mode looks and speaks: from the names in its definition to what the toolkit draws.

A result or a kept face may be of a mode that is defined no more: it is shown in the first one's
colours, by its bare name.
"""

from __future__ import annotations

from emotion_game.game.modes import OPTIONAL_WORDS, FaceName, Mode, Modes, MotifName, Word
from emotion_game.ui import theme
from emotion_game.ui.theme import Palette


class ModeStyles:
    """The modes as the screens ask for them.

    Args:
        modes: by name, at least one.
    """

    def __init__(self, modes: Modes) -> None:
        self._modes = modes
        self._first = next(iter(modes.values()))

    def palette(self, name: str, *, high_contrast: bool = False) -> Palette:
        """Return a mode's colours."""
        palettes = theme.PLAIN_PALETTES if high_contrast else theme.PALETTES
        return palettes[self._mode(name).palette]

    def face(self, name: str) -> FaceName:
        """Return how the mascot loses its straight face in a mode."""
        return self._mode(name).face

    def motif(self, name: str) -> MotifName:
        """Return what a mode's ground is strewn with."""
        return self._mode(name).motif

    def word(self, name: str, word: Word, language: str) -> str:
        """Return what is said of a mode; "" where it may leave that word out, and does."""
        mode = self._modes.get(name)
        if word in OPTIONAL_WORDS:
            return "" if mode is None else mode.words[language].get(word, "").strip()
        return name if mode is None else mode.words[language][word]

    def _mode(self, name: str) -> Mode:
        return self._modes.get(name, self._first)
