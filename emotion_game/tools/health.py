"""One line of the doctor's report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from emotion_game.errors import GameError


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
    """Run a check; an error of the game's own is what it found."""
    try:
        return check()
    except GameError as error:
        return Check(name, Status.FAIL, error.message, error.hint)
