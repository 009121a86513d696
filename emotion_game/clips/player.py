"""What every clip player does; the contract test holds both players to it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray


class PlayerState(Enum):
    """Where a player is; only the player's own methods and ``poll`` change it."""

    IDLE = auto()
    OPENING = auto()
    PLAYING = auto()
    PAUSED = auto()
    ENDED = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class ClipFrame:
    """One decoded picture.

    Attributes:
        pixels: (height, width, 3 or 4) uint8.
        order: channel order as pygame names it.
        t_s: presentation time in the clip, seconds.
    """

    pixels: NDArray[np.uint8]
    order: Literal["BGR", "BGRA", "RGB"]
    t_s: float


class ClipPlayer(Protocol):
    """Play one clip at a time with its sound; every method returns at once.

    The main loop calls ``poll`` once a frame. A clip that cannot be played, or that ends
    without a single picture, becomes ``FAILED`` with a one-line ``error``; it never raises.
    """

    name: str
    #: Whether the sound reaches a loudspeaker.
    sound: bool

    @property
    def state(self) -> PlayerState:
        """The state as of the last ``poll`` or command."""
        ...

    @property
    def error(self) -> str:
        """What is wrong when FAILED, else an empty string."""
        ...

    @property
    def position_s(self) -> float:
        """Clip time now; never goes back while one clip plays."""
        ...

    def play(self, path: Path, from_s: float = 0.0) -> None:
        """Stop what plays and start this clip.

        Args:
            path: the file.
            from_s: clip time to begin at; a clip begun in its middle plays without sound.
        """
        ...

    def poll(self) -> ClipFrame | None:
        """Return the picture due now, or None when it is still the one returned before."""
        ...

    def pause(self) -> None:
        """Hold picture, sound and clock."""
        ...

    def resume(self) -> None:
        """Go on after ``pause``."""
        ...

    def stop(self) -> None:
        """End the clip; the state becomes IDLE."""
        ...

    def set_volume(self, volume: float) -> None:
        """Set the loudness, 0..1."""
        ...

    def close(self) -> None:
        """Stop and free everything; threads are joined within a bound."""
        ...
