"""What the screens of a booth are given to draw, and what only they give back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Literal

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One place on the leaderboard; ``own``: the result of the round just played."""

    rank: int
    nickname: str
    points: int
    own: bool = False


@dataclass(frozen=True, slots=True)
class AttractView:
    """Nobody plays: clips without sound and leaderboards in turn; any touch begins (``GO_ON``).

    Attributes:
        mode: of what is shown.
        level: of the leaderboard.
        pixels: newest picture of the clip, (height, width, 3|4) uint8; None: the leaderboard.
        order: its channel order as pygame names it.
        frame_id: changes when ``pixels`` does.
        rows: the leaderboard; None: not known yet.
        playable: there is a button; not on a second display.
    """

    mode: str
    level: int = 0
    pixels: NDArray[np.uint8] | None = None
    order: Literal["BGR", "BGRA", "RGB"] = "BGR"
    frame_id: int = 0
    rows: tuple[ScoreRow, ...] | None = ()
    playable: bool = True


@dataclass(frozen=True, slots=True)
class ConsentView:
    """What is measured and who does it; ``AGREE`` or ``BACK``, nothing else goes on.

    Attributes:
        run_by: who runs the booth.
        contact: how they are reached; may be "".
        paragraphs: the text in the view's language.
    """

    mode: str
    run_by: str
    contact: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PinView:
    """The operator's PIN: ``TypeKey`` of a digit, ``ERASE``, ``DONE``, ``BACK``.

    Attributes:
        length: how many digits stand there.
        wrong: the last one was wrong.
        wait_s: seconds until the next try; 0: now.
    """

    mode: str
    length: int
    wrong: bool
    wait_s: int


@dataclass(frozen=True, slots=True)
class OperatorView:
    """The operator's menu: ``OperatorIntent``, ``ChangeOption`` of the volume, ``BACK``.

    Attributes:
        volume: 0..1.
        lines: what the booth says of itself: a name (translated by the screen) and a value.
        closed: the game does not run; it can be put back in service.
    """

    mode: str
    volume: float
    lines: tuple[tuple[str, str], ...]
    closed: bool = False


class Closed(Enum):
    """Why nobody can play."""

    MOMENT = auto()  # the camera is gone, or the game is starting
    STAFF = auto()  # it takes too long: staff is wanted
    BROKEN = auto()  # the game keeps failing; it is tried again
    SWITCHED_OFF = auto()  # by the operator
    HOURS = auto()  # outside the opening hours


@dataclass(frozen=True, slots=True)
class ClosedView:
    """Nobody can play just now; ``opens`` is the time of the day, "10:00", or ""."""

    mode: str
    why: Closed
    opens: str = ""


class OperatorIntent(Enum):
    """What only an operator wants; ``MENU`` is the hidden gesture."""

    MENU = auto()
    RESTART = auto()
    OUT_OF_SERVICE = auto()
    IN_SERVICE = auto()
    DESKTOP = auto()


KioskScreen = AttractView | ConsentView | PinView | OperatorView | ClosedView
