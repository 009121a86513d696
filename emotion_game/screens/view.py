"""What the screens are given to draw and what they give back.

The way through the game, one View a screen (Esc or B goes back from each of them)::

    TitleView -> LevelView -> CheckView -> WarningView -> ReadyView -> CountdownView
        -> PlayingView (PausedView) -> ResultView (NameView) -> the next level, or again

``WarningView`` comes in modes that warn. A duel has ``DuelReadyView``, ``DuelPlayingView`` and
``DuelResultView`` in their places. ``OptionsView`` and ``ScoresView`` are reached from the title.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from emotion_game.game.check import CheckAdvice
from emotion_game.game.keyboard import Keys
from emotion_game.game.types import Outcome, RelativeBox, RoundResult
from emotion_game.screens.kiosk_view import KioskScreen, OperatorIntent, ScoreRow


class CameraStatus(Enum):
    """State of the camera as a player understands it."""

    STARTING = auto()
    WORKING = auto()
    LOST = auto()


class Advice(Enum):
    """What the get-ready screen tells the player."""

    HOLD_STILL = auto()
    NO_FACE = auto()
    SHOWING = auto()  # what the mode forbids shows already
    MOVING = auto()  # the head moves too much for a baseline


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
    SCORES_WAIT = auto()  # the score board is away; the result is kept and delivered later
    SCORE_NOT_KEPT = auto()  # the result is in memory only; detail: the folder
    MOMENT_SAVED = auto()  # the replay was saved; detail: the whole path
    MOMENT_NOT_SAVED = auto()  # detail: the folder
    PREFERENCES_NOT_KEPT = auto()  # the options hold until the game ends; detail: the file
    GAMEPAD_FOUND = auto()  # detail: its name
    GAMEPAD_LOST = auto()  # detail: its name
    CANNOT_PAUSE = auto()  # while the ring is filling, at the end, or while the clip opens


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
        box: the player's face in shares of the unmirrored picture; in a duel that of the player
            on the left of the (mirrored) screen.
        recording: the faces of this round are remembered, with consent.
        rival_box: in a duel, the face of the player on the right of the screen.
    """

    name: str
    status: CameraStatus
    picture: NDArray[np.uint8] | None = None
    box: RelativeBox | None = None
    recording: bool = False
    rival_box: RelativeBox | None = None


@dataclass(frozen=True, slots=True)
class TitleView:
    """The first screen: what the game is, and its modes as big cards.

    One press on a mode (``ChooseMode``) leads to its levels. Besides: ``SCORES``, ``OPTIONS`` (if
    ``has_options``), ``TOGGLE_LANGUAGE`` and, if ``can_quit``, ``QUIT``.

    Attributes:
        mode: the mode that was played last; its card has the focus.
        modes: every mode that is offered, 1 to 6.
        crowns: modes whose crown was won on this machine.
        can_quit: False at a booth.
        has_options: the player may change them; not at a booth.
    """

    mode: str
    modes: tuple[str, ...]
    crowns: frozenset[str] = frozenset()
    can_quit: bool = True
    has_options: bool = True


@dataclass(frozen=True, slots=True)
class LevelView:
    """How hard? One press on a level (``ChooseLevel``) starts.

    Besides: ``TOGGLE_DUEL``, ``MARATHON`` (not in a duel), ``BACK``.

    Attributes:
        level: the level that was played last; its card has the focus.
        clip_counts: how many clips each pair of mode and level has; a level without one cannot
            be chosen.
        duel: two players.
        bests: the most points on the board for each level (``MARATHON_LEVEL`` too); a level
            without a result, or a board that has not answered, is missing.
    """

    mode: str
    level: int
    clip_counts: Mapping[tuple[str, int], int]
    duel: bool = False
    bests: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CheckView:
    """The camera check: live picture and one plain advice; goes on by itself when all is good.

    ``GO_ON`` skips it (the button is offered from the start), ``NEXT_CAMERA`` takes another
    camera, ``BACK`` goes back to the levels.

    Attributes:
        progress: how much of the good time has passed, 0..1; 0 unless ``advice`` is GOOD.
    """

    mode: str
    level: int
    advice: CheckAdvice
    progress: float
    duel: bool = False


@dataclass(frozen=True, slots=True)
class WarningView:
    """Before a mode that warns: flashing pictures, loud sounds, from 12 years.

    ``GO_ON`` accepts; ``BACK`` declines and goes back to the title. Neither is chosen by itself.
    """

    mode: str
    level: int


@dataclass(frozen=True, slots=True)
class ReadyView:
    """The neutral baseline is being taken; ``progress`` 0..1.

    ``consent`` is None where no faces are kept, so that nobody has to be asked.
    """

    mode: str
    level: int
    advice: Advice
    progress: float
    consent: Consent | None = None


@dataclass(frozen=True, slots=True)
class CountdownView:
    """``seconds_left`` counts down to the clip; 0 while the clip is opening.

    ``consent`` as in ``ReadyView``: until the clip plays, the player may still answer.
    ``stage``: which clip of a marathon comes, from 1; 0 outside a marathon.
    """

    mode: str
    level: int
    seconds_left: float
    consent: Consent | None = None
    stage: int = 0


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
        stage: which clip of a marathon this is, from 1; 0 outside a marathon.
        can_pause: ``PAUSE`` would be obeyed now.
    """

    mode: str
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
    stage: int = 0
    can_pause: bool = False


@dataclass(frozen=True, slots=True)
class PausedView:
    """The round waits; no picture of the clip is shown. ``GO_ON`` (or ``PAUSE``) or ``BACK``.

    ``duration_s``: 0 before the clip.
    """

    mode: str
    level: int
    clip_t_s: float
    duration_s: float


@dataclass(frozen=True, slots=True)
class MomentView:
    """One picture of the instant replay: the player beside the clip, looped.

    Attributes:
        player: (height, width, 3) uint8 BGR, unmirrored; shown mirrored, as in the game.
        clip: (height, width, 3) uint8 BGR, or None where the clip showed nothing.
        frame_id: changes when the pictures do.
        t_s: clip time of this picture.
        share: how far the loop is, 0..1.
        decisive_share: where in the loop the round was decided, 0..1.
    """

    player: NDArray[np.uint8]
    clip: NDArray[np.uint8] | None
    frame_id: int
    t_s: float
    share: float
    decisive_share: float


@dataclass(frozen=True, slots=True)
class ResultView:
    """A finished round.

    The curve is in ``result.curve`` with ``result.threshold``; a loss lies between
    ``result.began_s`` and ``result.decided_s``. Buttons: ``NEXT_LEVEL`` (if ``next_level``),
    ``AGAIN``, ``ENTER_NAME`` (if ``can_name``), ``SAVE_MOMENT`` (if ``can_save``
    and ``moment``; saving twice does nothing), ``SCORES``, ``BACK`` (title).

    Attributes:
        clip_title: the clip's name in the view's language; "" when no clip had started.
        next_level: the level after this one; None at the top or unless won.
        faces: how many pictures would be kept if the operator marked the call as wrong; 0:
            it cannot be marked.
        points: of the round (marathon: of all its clips); None where there are none.
        composure: 0..1; None where there are no points.
        best: the most points on the board for this mode and level before this round; None when
            there were none or the board has not answered.
        record: more points than ``best``.
        rank: place on the leaderboard, from 1; None when unknown.
        can_name: the result may be given a nickname.
        nickname: the nickname that it was given.
        wins: wins in a row towards the crown, 0..``wins_needed``.
        crowned: this round won the crown.
        stage: clips that were reached in a marathon, from 1; 0 outside a marathon.
        moment: the instant replay; None where nothing was kept.
        moment_file: where it was saved; "" until then.
        can_save: the replay may be saved; not at a booth.
    """

    result: RoundResult
    clip_title: str
    next_level: int | None
    faces: int = 0
    points: int | None = None
    composure: float | None = None
    best: int | None = None
    record: bool = False
    rank: int | None = None
    can_name: bool = False
    nickname: str = ""
    wins: int = 0
    wins_needed: int = 3
    crowned: bool = False
    stage: int = 0
    moment: MomentView | None = None
    moment_file: str = ""
    can_save: bool = True


@dataclass(frozen=True, slots=True)
class NameView:
    """A nickname is typed: with the keys on the screen, or on a real keyboard.

    A key on the screen is ``TypeKey(key)``, a space ``TypeKey(" ")``; besides ``ERASE``,
    ``SHIFT``, ``SWITCH_KEYS`` (Latin, Hangul, digits in turn), ``DONE`` and ``BACK`` (no name).

    Attributes:
        text: so far, Hangul composed to syllables; at most ``longest`` characters.
        keys: rows of the keys that are shown now; each key is one character.
        layout: which keys these are.
        shifted: upper case, or doubled consonants.
        fault: why the text was refused, a ``NicknameFault`` value; "" while it was not.
    """

    mode: str
    text: str
    keys: tuple[tuple[str, ...], ...]
    layout: Keys
    shifted: bool
    longest: int
    fault: str = ""
    points: int = 0


class BoardStatus(Enum):
    """Whether the score board has answered."""

    LOADING = auto()
    READY = auto()
    AWAY = auto()


@dataclass(frozen=True, slots=True)
class ScoresView:
    """The leaderboard of one mode and level.

    ``ChooseMode`` and ``ChooseLevel`` show another one; level ``MARATHON_LEVEL`` is the marathon.

    Attributes:
        modes: every mode that is offered.
    """

    mode: str
    level: int
    rows: tuple[ScoreRow, ...]
    status: BoardStatus
    modes: tuple[str, ...]


class Option(Enum):
    """What the options screen changes."""

    LANGUAGE = auto()
    VOLUME = auto()
    MUTE = auto()
    MUSIC = auto()
    FULLSCREEN = auto()
    CAMERA = auto()
    HIGH_CONTRAST = auto()
    REDUCED_MOTION = auto()


@dataclass(frozen=True, slots=True)
class OptionsView:
    """The options as they are; ``ChangeOption`` changes one, ``BACK`` leaves.

    Attributes:
        volume: 0..1 in steps of 0.1.
        camera: its name, as in ``CameraView``.
    """

    mode: str
    volume: float
    muted: bool
    music: bool
    fullscreen: bool
    camera: str
    high_contrast: bool
    reduced_motion: bool


@dataclass(frozen=True, slots=True)
class DuelSide:
    """One player of a duel.

    Attributes:
        advice: while the baseline is taken.
        progress: of the baseline, 0..1.
        score: smoothed score 0..1; None without a face.
        hold_share: how full the hold is, 0..1; the player is out at 1.
        out_s: clip time at which the player was out; None while in.
        away: the face is gone.
    """

    advice: Advice = Advice.HOLD_STILL
    progress: float = 0.0
    score: float | None = None
    hold_share: float = 0.0
    out_s: float | None = None
    away: bool = False


@dataclass(frozen=True, slots=True)
class DuelReadyView:
    """Both baselines are being taken; ``sides``: left and right of the mirrored screen."""

    mode: str
    level: int
    sides: tuple[DuelSide, DuelSide]


@dataclass(frozen=True, slots=True)
class DuelPlayingView:
    """A clip plays for two; the clip's fields as in ``PlayingView``.

    Attributes:
        sides: left and right of the mirrored screen.
        paused: the clip waits for a face.
        forfeit_in_s: seconds until who is away is out; None while both are seen.
        sudden: which clip of the duel this is, from 1; beyond 1 it is sudden death.
    """

    mode: str
    level: int
    pixels: NDArray[np.uint8] | None
    order: Literal["BGR", "BGRA", "RGB"]
    frame_id: int
    clip_t_s: float
    duration_s: float
    threshold: float
    sides: tuple[DuelSide, DuelSide]
    paused: bool = False
    forfeit_in_s: float | None = None
    sudden: int = 1
    can_pause: bool = False


@dataclass(frozen=True, slots=True)
class DuelResultView:
    """Who won the duel.

    Buttons: ``AGAIN``, ``SAVE_MOMENT`` (as in ``ResultView``), ``BACK``.

    Attributes:
        winner: 0 left, 1 right (of the mirrored screen); None for a draw or a void duel.
        void: a fault ended the duel; ``reason`` says which.
        reason: a ``Reason`` value.
    """

    mode: str
    level: int
    winner: int | None
    void: bool
    reason: str
    sides: tuple[DuelSide, DuelSide]
    clip_title: str = ""
    moment: MomentView | None = None
    moment_file: str = ""
    can_save: bool = True


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

    mode: str
    picture: NDArray[np.uint8]
    emotions: tuple[float, ...] | None
    about: tuple[int, Outcome, str] | None
    number: int
    total: int
    can_undo: bool


@dataclass(frozen=True, slots=True)
class ReviewDoneView:
    """No kept face is left to label; ``labelled`` counts those of this session by emotion."""

    mode: str
    labelled: Mapping[str, int]
    deleted: int
    skipped: int
    next_step: str


Screen = (
    TitleView
    | LevelView
    | CheckView
    | WarningView
    | ReadyView
    | CountdownView
    | PlayingView
    | PausedView
    | ResultView
    | NameView
    | ScoresView
    | OptionsView
    | DuelReadyView
    | DuelPlayingView
    | DuelResultView
    | ReviewView
    | ReviewDoneView
    | KioskScreen
)


@dataclass(frozen=True, slots=True)
class View:
    """Everything one frame shows.

    Attributes:
        hint: nobody has finished a round on this machine yet: title, check and ready screens
            show their one line of how to play.
        high_contrast: draw with the high-contrast palette.
        reduced_motion: no flashes, shakes, slides or moving grounds.
    """

    screen: Screen
    camera: CameraView
    language: Literal["ko", "en"]
    notices: tuple[Notice, ...] = field(default=())
    hint: bool = False
    high_contrast: bool = False
    reduced_motion: bool = False


class Intent(Enum):
    """What the player wants; the app decides whether it can be done."""

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
    GO_ON = auto()  # skip the check, accept the warning, end the pause
    PAUSE = auto()  # P and gamepad start; ends a pause too
    MARATHON = auto()  # start one, on the levels' screen
    TOGGLE_DUEL = auto()
    SCORES = auto()
    OPTIONS = auto()
    ENTER_NAME = auto()
    SAVE_MOMENT = auto()
    ERASE = auto()  # on the name's screen, as are the next three
    SHIFT = auto()
    SWITCH_KEYS = auto()
    DONE = auto()


@dataclass(frozen=True, slots=True)
class ChooseMode:
    """The player picked a mode in the menu."""

    mode: str


@dataclass(frozen=True, slots=True)
class ChooseLevel:
    """The player picked a level in the menu."""

    level: int


@dataclass(frozen=True, slots=True)
class ChangeOption:
    """The player changes an option: a switch is turned over, the rest goes ``step`` (-1, 1) on."""

    option: Option
    step: int = 1


@dataclass(frozen=True, slots=True)
class TypeKey:
    """The player types one character of a nickname; ``real``: on a real keyboard."""

    key: str
    real: bool = False


@dataclass(frozen=True, slots=True)
class PlugGamepad:
    """A gamepad was plugged in, or out (``found`` False)."""

    name: str
    found: bool


@dataclass(frozen=True, slots=True)
class Label:
    """The reviewer says which emotion a kept face shows."""

    emotion: str


UserIntent = (
    Intent
    | ChooseMode
    | ChooseLevel
    | ChangeOption
    | TypeKey
    | PlugGamepad
    | Label
    | OperatorIntent
)
