"""What the screens are given to draw and what they give back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from emotion_game.game.types import Mode, RelativeBox, RoundResult


class CameraStatus(Enum):
    """State of the camera as a player understands it."""

    STARTING = auto()
    WORKING = auto()
    LOST = auto()


class Advice(Enum):
    """What the get-ready screen tells the player."""

    HOLD_STILL = auto()
    NO_FACE = auto()
    SMILING = auto()


class NoticeKind(Enum):
    """Faults and fallbacks that are said once on screen."""

    NO_CAMERA_DEMO = auto()  # no webcam: the demo player stands in
    CAMERA_FAILED = auto()  # detail: the camera's name
    NO_VLC = auto()  # the embedded player is used
    NO_SOUND = auto()  # no audio device
    CLIP_SKIPPED = auto()  # detail: the clip's name
    NO_CLIPS = auto()  # detail: mode/level


@dataclass(frozen=True, slots=True)
class Notice:
    """One line for the player; ``detail`` is a name, never a sentence."""

    kind: NoticeKind
    detail: str = ""


@dataclass(frozen=True, slots=True)
class CameraView:
    """The player's camera.

    Attributes:
        name: what the menu shows, e.g. "0" or "demo".
        picture: newest frame, (height, width, 3) uint8 BGR; shown mirrored.
        box: the player's face in shares of the unmirrored picture.
    """

    name: str
    status: CameraStatus
    picture: NDArray[np.uint8] | None = None
    box: RelativeBox | None = None


@dataclass(frozen=True, slots=True)
class MenuView:
    """Choose mode, level and camera; ``clip_counts`` holds how many clips each pair has."""

    mode: Mode
    level: int
    clip_counts: Mapping[tuple[Mode, int], int]


@dataclass(frozen=True, slots=True)
class ReadyView:
    """The neutral baseline is being taken; ``progress`` 0..1."""

    mode: Mode
    level: int
    advice: Advice
    progress: float


@dataclass(frozen=True, slots=True)
class CountdownView:
    """``seconds_left`` counts down to the clip; 0 while the clip is opening."""

    mode: Mode
    level: int
    seconds_left: float


@dataclass(frozen=True, slots=True)
class PlayingView:
    """A clip plays.

    Attributes:
        pixels: newest picture of the clip, (height, width, 3|4) uint8.
        order: its channel order as pygame names it.
        frame_id: changes when ``pixels`` does.
        score: smoothed score 0..1; None without a face.
        hold_share: how full the hold is, 0..1; the round is lost at 1.
        paused: the clip waits for the player's face.
        forfeit_in_s: seconds until the round is forfeited; None while the face is seen.
    """

    mode: Mode
    level: int
    pixels: NDArray[np.uint8] | None
    order: Literal["BGR", "BGRA", "RGB"]
    frame_id: int
    clip_t_s: float
    duration_s: float
    score: float | None
    threshold: float
    hold_share: float
    paused: bool
    forfeit_in_s: float | None


@dataclass(frozen=True, slots=True)
class ResultView:
    """A finished round.

    Attributes:
        clip_title: the clip's name in the view's language; "" when no clip had started.
        next_level: the level after this one; None at the top or unless won.
    """

    result: RoundResult
    clip_title: str
    next_level: int | None


Screen = MenuView | ReadyView | CountdownView | PlayingView | ResultView


@dataclass(frozen=True, slots=True)
class View:
    """Everything one frame shows."""

    screen: Screen
    camera: CameraView
    language: Literal["ko", "en"]
    notices: tuple[Notice, ...] = field(default=())


class Intent(Enum):
    """What the player wants; the app decides whether it can be done."""

    START = auto()
    BACK = auto()
    AGAIN = auto()
    NEXT_LEVEL = auto()
    QUIT = auto()
    TOGGLE_LANGUAGE = auto()
    TOGGLE_FULLSCREEN = auto()
    NEXT_CAMERA = auto()


@dataclass(frozen=True, slots=True)
class ChooseMode:
    """The player picked a mode in the menu."""

    mode: Mode


@dataclass(frozen=True, slots=True)
class ChooseLevel:
    """The player picked a level in the menu."""

    level: int


UserIntent = Intent | ChooseMode | ChooseLevel
