"""The seam between the game and whoever watches over it: signs of life and status out, orders in.

The game calls its monitor once each turn of the main loop. Without a supervisor there is
:class:`NoMonitor`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Literal, Protocol

from pydantic import AwareDatetime, Field

from emotion_game.game.types import Outcome, Reason
from emotion_game.settings import StrictModel


class LastRound(StrictModel):
    """The newest finished round, as an operator wants to know it; never a name or picture."""

    finished_at: AwareDatetime
    mode: str
    level: int
    outcome: Outcome
    reason: Reason
    clip_id: str
    decided_s: float


class GameStatus(StrictModel):
    """How the game is.

    Attributes:
        screen: what is shown, e.g. "menu" or "playing".
        in_round: a round is being played.
        camera: as ``--camera`` names it.
        camera_working: pictures come.
        frame_rate_hz: observations a second, over the newest seconds.
        rounds: finished since the start.
        last_round: the newest of them.
        volume: 0..1.
        clip_player: "vlc" or "pyav".
        model: name and version of the classifier.
        waiting_results: results that are not in the database yet.
        faults: what is wrong now, one line each.
    """

    screen: str
    in_round: bool
    camera: str
    camera_working: bool
    frame_rate_hz: float
    rounds: int
    last_round: LastRound | None = None
    volume: float = 1.0
    clip_player: str = ""
    model: str = ""
    waiting_results: int = 0
    faults: tuple[str, ...] = ()


class Order(StrictModel):
    """What the operator wants of the running game.

    ``void_round``: end the running round without a result. ``volume``: set it to ``value``, 0..1.
    ``end``: close the game in good order.
    """

    kind: Literal["void_round", "volume", "end"]
    value: Annotated[float, Field(ge=0.0, le=1.0)] = 0.0


class Monitor(Protocol):
    """Watches over the running game."""

    def turn(self, now_s: float, status: Callable[[], GameStatus]) -> Sequence[Order]:
        """Take a sign of life; ask for the status when it is wanted; return new orders."""
        ...

    def event(self, line: str) -> None:
        """Remember an event of the rules, as ``game.replay`` writes it."""
        ...

    def agreed(self, language: str) -> None:
        """Log that a player has agreed to the text of consent in this language."""
        ...

    def check_consents(self) -> None:
        """Try whether a consent could be logged."""
        ...


class NoMonitor:
    """No monitor: the game of a player at home."""

    def turn(self, now_s: float, status: Callable[[], GameStatus]) -> Sequence[Order]:
        """See :class:`Monitor`."""
        return ()

    def event(self, line: str) -> None:
        """See :class:`Monitor`."""

    def agreed(self, language: str) -> None:
        """See :class:`Monitor`."""

    def check_consents(self) -> None:
        """See :class:`Monitor`."""
