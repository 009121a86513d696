"""Words of the page that do not stand in its templates, and the language it speaks."""

from __future__ import annotations

from emotion_game.game.types import MARATHON_LEVEL, Outcome
from emotion_game.kiosk.supervisor import Show
from emotion_game.ui.i18n import OWN_NAMES, Language, Translator, mark

SHOWS: dict[Show, str] = {
    Show.GAME: mark("The game is running"),
    Show.BROKEN: mark("Out of service: the game keeps failing"),
    Show.SWITCHED_OFF: mark("Out of service: switched off by you"),
    Show.CLOSED: mark("Closed: outside the opening hours"),
}
OUTCOMES: dict[Outcome, str] = {
    Outcome.WON: mark("won"),
    Outcome.LOST: mark("lost"),
    Outcome.FORFEIT: mark("forfeited"),
    Outcome.VOID: mark("void"),
}
KINDS: dict[str, str] = {
    "crash": mark("It crashed"),
    "hang": mark("It hung"),
    "no_start": mark("It could not be started"),
}
WRONG_PIN = mark("That PIN is wrong.")


def level_name(tr: Translator, level: int, *, short: bool = False) -> str:
    """Return what a level is called; ``short``: under a column."""
    if level == MARATHON_LEVEL:
        return tr("Marathon")
    return str(level) if short else tr("Level {n}", n=level)


def language_of(chosen: str | None, accepted: str) -> Language:
    """Return the language: the chosen one, or the first of the browser's that we have."""
    names = [part.strip().partition(";")[0] for part in accepted.lower().split(",")]
    for name in (chosen or "", *(name.partition("-")[0] for name in names)):
        for language in OWN_NAMES:
            if name == language:
                return language
    return "en"
