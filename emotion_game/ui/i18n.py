"""Every word on screen goes through gettext; the source strings are English."""

from __future__ import annotations

import gettext
import os
from typing import Literal

from emotion_game.errors import GameError
from emotion_game.game.modes import Word
from emotion_game.paths import LOCALE
from emotion_game.ui.modes import ModeStyles

Language = Literal["ko", "en"]

DOMAIN = "emotion_game"

#: A language's own name is never translated: it must be found by those who read only it.
OWN_NAMES: dict[Language, str] = {"ko": "한국어", "en": "English"}


def mark(message: str) -> str:
    """Return ``message`` unchanged; tells the extractor that a table entry is translated later."""
    return message


#: What is said of a mode that has no such word of its own.
_OF_ANY_MODE: dict[Word, str] = {
    "caught": mark("CAUGHT!"),
    "nearly": mark("Here it nearly had you"),
}


class Translator:
    """Translate source strings into one language.

    Args:
        language: which.
        styles: what is said of the modes; None where no mode is spoken of.

    Raises:
        GameError: the language's catalogue is missing or cannot be read.
    """

    def __init__(self, language: Language, styles: ModeStyles | None = None) -> None:
        self.language: Language = language
        self._styles = styles
        try:
            self._catalogue = gettext.translation(DOMAIN, LOCALE, [language])
        except (OSError, UnicodeDecodeError) as error:
            expected = LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.mo"
            raise GameError(
                f"no readable translation for language {language!r} at {expected}: {error}.",
                hint="Run scripts/update_locale.py or install the package again.",
            ) from error

    def __call__(self, message: str, /, **values: object) -> str:
        """Return the translation of ``message`` with its ``{placeholders}`` filled in."""
        return self._catalogue.gettext(message).format(**values)

    def mode(self, name: str, word: Word) -> str:
        """Return what is said of a mode; its bare name where nothing is known of it."""
        said = name if self._styles is None else self._styles.word(name, word, self.language)
        return said or self(_OF_ANY_MODE[word])

    def plural(self, one: str, many: str, count: int, /) -> str:
        """Return the form for ``count``, filled in as ``{count}``."""
        return self._catalogue.ngettext(one, many, count).format(count=count)


def default_language() -> Language:
    """Return "ko" on a Korean system, else "en"; the environment outranks the system's settings."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return "ko" if value.lower().startswith("ko") else "en"
    # The operator's page speaks too, in a process without pygame.
    import pygame.system

    preferred = pygame.system.get_pref_locales()
    return "ko" if preferred and preferred[0]["language"] == "ko" else "en"
