"""What the screens are given to draw and what they give back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from emotion_game.game.types import Mode, Outcome, RelativeBox, RoundResult


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
    FACES_KEPT = auto()  # detail: how many
    FACES_NOT_KEPT = auto()  # detail: the folder
    PICTURE_NOT_FILED = auto()  # detail: the file


class Consent(Enum):
    """What the player said to the keeping of face pictures in this round."""

    ASKED = auto()
    GIVEN = auto()
    REFUSED = auto()


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
        recording: the faces of this round are remembered, with consent.
    """

    name: str
    status: CameraStatus
    picture: NDArray[np.uint8] | None = None
    box: RelativeBox | None = None
    recording: bool = False


@dataclass(frozen=True, slots=True)
class MenuView:
    """Choose mode, level and camera; ``clip_counts`` holds how many clips each pair has."""

    mode: Mode
    level: int
    clip_counts: Mapping[tuple[Mode, int], int]


@dataclass(frozen=True, slots=True)
class ReadyView:
    """The neutral baseline is being taken; ``progress`` 0..1.

    ``consent`` is None where no faces are kept, so that nobody has to be asked.
    """

    mode: Mode
    level: int
    advice: Advice
    progress: float
    consent: Consent | None = None


@dataclass(frozen=True, slots=True)
class CountdownView:
    """``seconds_left`` counts down to the clip; 0 while the clip is opening.

    ``consent`` as in ``ReadyView``: until the clip plays, the player may still answer.
    """

    mode: Mode
    level: int
    seconds_left: float
    consent: Consent | None = None


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
        faces: how many pictures would be kept if the operator marked the call as wrong; 0:
            it cannot be marked.
    """

    result: RoundResult
    clip_title: str
    next_level: int | None
    faces: int = 0


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A kept face waits for its label.

    Attributes:
        mode: of the round; sets the colours.
        picture: (side, side) uint8 gray.
        emotions: what the model had said, in the order of ``EMOTIONS``; None if unknown.
        about: level, outcome and time of the call; None if unknown.
        number: which picture this is, from 1 to ``total``.
        can_undo: there is a step to take back.
    """

    mode: Mode
    picture: NDArray[np.uint8]
    emotions: tuple[float, ...] | None
    about: tuple[int, Outcome, str] | None
    number: int
    total: int
    can_undo: bool


@dataclass(frozen=True, slots=True)
class ReviewDoneView:
    """No kept face is left to label; ``labelled`` counts those of this session by emotion."""

    mode: Mode
    labelled: Mapping[str, int]
    deleted: int
    skipped: int
    next_step: str


Screen = (
    MenuView | ReadyView | CountdownView | PlayingView | ResultView | ReviewView | ReviewDoneView
)


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
    AGREE = auto()  # to the keeping of face pictures, for this round
    REFUSE = auto()
    WRONG_CALL = auto()  # the operator marks the call
    DELETE = auto()  # in the review
    SKIP = auto()
    UNDO = auto()


@dataclass(frozen=True, slots=True)
class ChooseMode:
    """The player picked a mode in the menu."""

    mode: Mode


@dataclass(frozen=True, slots=True)
class ChooseLevel:
    """The player picked a level in the menu."""

    level: int


@dataclass(frozen=True, slots=True)
class Label:
    """The reviewer says which emotion a kept face shows."""

    emotion: str


UserIntent = Intent | ChooseMode | ChooseLevel | Label
