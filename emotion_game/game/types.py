"""The words of the game: emotions, levels, observations, results. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

#: The eight labels of FER+ in the order of every probability vector in this project.
EMOTIONS: tuple[str, ...] = (
    "neutral",
    "happiness",
    "surprise",
    "sadness",
    "anger",
    "disgust",
    "fear",
    "contempt",
)

LEVELS: tuple[int, ...] = (1, 2, 3)

#: How a mode is called, see ``modes``: a key of the rules, a folder of clips, a word of results.
ModeName = str

#: Under this number a marathon, which climbs through the levels, stands on the score board.
MARATHON_LEVEL = 100
#: Every level that has a leaderboard.
BOARD_LEVELS = (*LEVELS, MARATHON_LEVEL)

#: A bounding box as x, y, width, height in shares (0..1) of the picture's width and height.
RelativeBox = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Observation:
    """What the camera and the networks saw in one frame.

    Attributes:
        t_s: monotonic time of CAPTURE, seconds.
        emotions: 8 probabilities in the order of ``EMOTIONS``; ``None`` when no face was found.
        box: the player's face; ``None`` when no face was found.
        faces: number of faces found, the player's included.
    """

    t_s: float
    emotions: tuple[float, ...] | None = None
    box: RelativeBox | None = None
    faces: int = 0


class Outcome(StrEnum):
    """How a round ended."""

    WON = "won"
    LOST = "lost"
    FORFEIT = "forfeit"
    VOID = "void"


class Reason(StrEnum):
    """Why a round ended as it did."""

    CLIP_ENDED = "clip_ended"
    HELD = "held"
    FACE_GONE = "face_gone"
    NOT_READY = "not_ready"
    CAMERA_FAULT = "camera_fault"
    STARVED = "starved"
    CLIP_FAULT = "clip_fault"
    NO_CLIP = "no_clip"
    INTERRUPTED = "interrupted"  # the computer slept, or the game stood still
    STOPPED = "stopped"  # a marathon was left after at least one clip


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One point of the round's curve: clip time and smoothed score (None: no face)."""

    t_s: float
    score: float | None


@dataclass(frozen=True, slots=True)
class RoundResult:
    """One finished round; times are seconds of clip time (pauses left out).

    Attributes:
        clip_id: the clip's name in the catalogue; "" when no clip had started.
        decided_s: when the round was decided.
        began_s: when the losing hold began; ``None`` unless lost.
        baseline: the player's own neutral score, 0..1.
        threshold: the score (0..1, baseline removed) that counts as showing the emotion.
        hold_s: how long the score had to stay there.
        stage: in a marathon the clip it ended with, from 1; 0 otherwise.
        earlier_points: in a marathon, the points of the clips before.
        earlier_s: in a marathon, the length of the clips before, together.
    """

    mode: ModeName
    level: int
    outcome: Outcome
    reason: Reason
    clip_id: str
    duration_s: float
    decided_s: float
    began_s: float | None
    baseline: float
    threshold: float
    hold_s: float
    curve: tuple[CurvePoint, ...]
    stage: int = 0
    earlier_points: int = 0
    earlier_s: float = 0.0


@dataclass(frozen=True, slots=True)
class MatchResult:
    """One finished round of several players; times are seconds of the last clip's time.

    Attributes:
        winner: number of the last straight face, counted from 0 at the left of the mirrored
            screen; None for a draw, and where a fault ended the match.
        void: a fault ended it; ``reason`` says which.
        clips: how many clips it took.
        out_s: when each player was out; None for who stayed in.
        curves: each player's smoothed scores in the last clip that player was in.
    """

    mode: ModeName
    level: int
    winner: int | None
    void: bool
    reason: Reason
    clips: int
    clip_id: str
    duration_s: float
    threshold: float
    out_s: tuple[float | None, ...]
    curves: tuple[tuple[CurvePoint, ...], ...]
