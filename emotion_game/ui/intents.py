"""What a player or an operator wants: what comes out of the window."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


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


class Intent(Enum):
    """What the player wants; the app decides whether it can be done."""

    BACK = auto()
    AGAIN = auto()
    NEXT_LEVEL = auto()
    QUIT = auto()
    TOGGLE_LANGUAGE = auto()
    TOGGLE_FULLSCREEN = auto()
    NEXT_CAMERA = auto()
    AGREE = auto()  # to the keeping of face pictures, for this round; to a question
    REFUSE = auto()
    WRONG_CALL = auto()  # the operator marks the call
    DELETE = auto()  # in the review
    SKIP = auto()
    UNDO = auto()
    GO_ON = auto()  # skip the check, accept the warning, end the pause
    PAUSE = auto()  # P and gamepad start; ends a pause too
    MARATHON = auto()  # start one, on the levels' screen
    MORE_PLAYERS = auto()  # one more at a time, and after the most again one
    TOURNAMENT = auto()
    ADD_PLAYER = auto()  # on the names' screen, as is the next one
    REMOVE_PLAYER = auto()
    HAS_LEFT = auto()  # who is called in a tournament
    SCORES = auto()
    OPTIONS = auto()
    ENTER_NAME = auto()
    SAVE_MOMENT = auto()
    ERASE = auto()  # on the name's screen, as are the next three
    SHIFT = auto()
    SWITCH_KEYS = auto()
    DONE = auto()
    STOP = auto()  # leave what would be lost: the round, or the game; the player is asked first
    NOT_CHOSEN = auto()  # Enter or A, but no button has the focus


class OperatorIntent(Enum):
    """What only an operator wants; ``MENU`` is the hidden gesture."""

    MENU = auto()
    RESTART = auto()
    OUT_OF_SERVICE = auto()
    IN_SERVICE = auto()
    DESKTOP = auto()


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
class NamePlayer:
    """The name of a player, counted from 0, is to be typed."""

    player: int


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
    | NamePlayer
    | PlugGamepad
    | Label
    | OperatorIntent
)
