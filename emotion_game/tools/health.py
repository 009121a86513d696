"""One line of the doctor's report."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from emotion_game.errors import GameError

log = logging.getLogger(__name__)


class Status(StrEnum):
    """``WARN``: the game plays, with a stand-in; ``FAIL``: it does not."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor's report."""

    name: str
    status: Status
    found: str
    hint: str = ""


def guard(name: str, check: Callable[[], Check]) -> Check:
    """Run a check; whatever it raises becomes a line of the report, so that the others are seen.

    An error of the game's own is what the check found: ``FAIL``. Any other says that this machine
    cannot be checked this way, which is no proof that the game does not play: ``WARN``.
    """
    try:
        return check()
    except GameError as error:
        return Check(name, Status.FAIL, error.message, error.hint)
    except (Exception, SystemExit) as error:  # python-vlc exits where its library is broken
        log.debug("The check of %s failed.", name, exc_info=True)
        reason = " ".join(str(error).split()) or "no reason given"
        found = f"this could not be looked at: {type(error).__name__}: {reason}"
        return Check(name, Status.WARN, found, "Play a round to see whether it matters.")
