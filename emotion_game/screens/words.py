"""Words that several screens share."""

from __future__ import annotations

from collections.abc import Sequence

from emotion_game.game.types import MARATHON_LEVEL, Reason
from emotion_game.ui.i18n import Translator, mark

LEVEL_NAMES: dict[int, str] = {
    1: mark("Easy"),
    2: mark("Medium"),
    3: mark("Hard"),
    MARATHON_LEVEL: mark("Marathon"),
}
REASONS: dict[Reason, str] = {
    Reason.CLIP_ENDED: mark("A straight face to the very end."),
    Reason.HELD: mark("Caught at {seconds} seconds."),
    Reason.FACE_GONE: mark("Your face was out of sight for too long."),
    Reason.NOT_READY: mark("The camera never saw a straight face to start from."),
    Reason.CAMERA_FAULT: mark("The camera stopped working."),
    Reason.STARVED: mark("The computer was too busy to watch you fairly."),
    Reason.CLIP_FAULT: mark("The clip broke off."),
    Reason.NO_CLIP: mark("There was no clip to play."),
    Reason.INTERRUPTED: mark("The computer took a nap."),
    Reason.STOPPED: mark("You left the marathon."),
}


def player_name(names: Sequence[str], player: int, tr: Translator) -> str:
    """Return what a player, counted from 0, is called: the name, or else the number."""
    name = names[player] if player < len(names) else ""
    return name or tr("Player {number}", number=player + 1)


def level_name(level: int, tr: Translator) -> str:
    """Return a level as "2 Medium"; the marathon has no number."""
    name = tr(LEVEL_NAMES[level])
    return name if level == MARATHON_LEVEL else f"{level} {name}"
