"""What happens to the game (events), and what the rules ask the app to do (commands)."""

from __future__ import annotations

from dataclasses import dataclass

from emotion_game.game.types import MatchResult, ModeName, Observation, RoundResult

# --- Events -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Start:
    """A round is started.

    Attributes:
        marathon: clips without end, harder each time; for one player.
        players: how many stand before the camera.
    """

    mode: ModeName
    level: int
    marathon: bool = False
    players: int = 1


@dataclass(frozen=True, slots=True)
class Again:
    """The player wants the same once more."""


@dataclass(frozen=True, slots=True)
class NextLevel:
    """The player goes up a level after a win."""


@dataclass(frozen=True, slots=True)
class Back:
    """The player leaves for the menu; a running round ends without a result.

    A marathon of which at least one clip was survived ends with its result instead.
    """


@dataclass(frozen=True, slots=True)
class Pause:
    """The player wants a break."""


@dataclass(frozen=True, slots=True)
class GoOn:
    """The player is back from the break."""


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed."""


@dataclass(frozen=True, slots=True)
class Slept:
    """The game stood still for seconds: the computer slept, or the window was held."""


@dataclass(frozen=True, slots=True)
class Observed:
    """A frame was read: what it shows of each player, from left to right of the mirrored screen."""

    sides: tuple[Observation, ...]

    @property
    def t_s(self) -> float:
        """Time of capture."""
        return self.sides[0].t_s


@dataclass(frozen=True, slots=True)
class ClipStarted:
    """The clip's first picture is on the screen now."""

    clip_id: str
    duration_s: float


@dataclass(frozen=True, slots=True)
class ClipEnded:
    """The clip has shown its last picture."""


@dataclass(frozen=True, slots=True)
class ClipFailed:
    """The clip cannot be played (on)."""


@dataclass(frozen=True, slots=True)
class NoClips:
    """No playable clip of the mode and level is left."""


@dataclass(frozen=True, slots=True)
class CameraFailed:
    """The camera or the pipeline behind it has failed."""


Event = (
    Start
    | Again
    | NextLevel
    | Back
    | Pause
    | GoOn
    | Tick
    | Slept
    | Observed
    | ClipStarted
    | ClipEnded
    | ClipFailed
    | NoClips
    | CameraFailed
)

# --- Commands ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChoosePlayers:
    """Forget whom the camera followed; the largest ``players`` faces become the players."""

    players: int = 1


@dataclass(frozen=True, slots=True)
class PlayClip:
    """Draw a clip of this mode and level and play it."""

    mode: ModeName
    level: int


@dataclass(frozen=True, slots=True)
class PauseClip:
    """Hold the clip."""


@dataclass(frozen=True, slots=True)
class ResumeClip:
    """Let the clip go on."""


@dataclass(frozen=True, slots=True)
class StopClip:
    """End the clip."""


@dataclass(frozen=True, slots=True)
class SaveResult:
    """Keep this result."""

    result: RoundResult | MatchResult


Command = ChoosePlayers | PlayClip | PauseClip | ResumeClip | StopClip | SaveResult
