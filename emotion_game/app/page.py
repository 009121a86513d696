"""The screens that the rules know nothing of."""

from __future__ import annotations

from enum import Enum, auto


class Page(Enum):
    """What is shown; on ROUND the rules' state says which screen."""

    TITLE = auto()
    LEVELS = auto()
    CHECK = auto()
    WARNING = auto()
    OPTIONS = auto()
    SCORES = auto()
    NAME = auto()
    ROUND = auto()
