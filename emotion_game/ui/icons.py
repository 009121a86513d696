"""Icons: letters of a font of their own, which ``scripts/media/make_icons.py`` makes from here."""

from __future__ import annotations

import io
from enum import Enum
from functools import cache

import pygame

from emotion_game.errors import ScreenError
from emotion_game.paths import FONTS
from emotion_game.ui.theme import Colour

FONT = FONTS / "StraightFaceIcons.ttf"
#: The letter of the first icon; the others follow in their order here.
FIRST_LETTER = 0xE000


class Icon(Enum):
    """What an icon means, and which of the Material Symbols (fonts.google.com/icons) shows it.

    After a change here, run ``scripts/media/make_icons.py``.
    """

    PLAY = "play_arrow.fill"
    BACK = "arrow_back"
    AGAIN = "refresh"
    NEXT = "keyboard_double_arrow_right"
    STOP = "stop.fill"
    PAUSE = "pause.fill"
    QUIT = "close"
    CAMERA = "photo_camera.fill"
    FULLSCREEN = "fullscreen"
    LANGUAGE = "language"
    CHECK = "check"
    WARNING = "warning"
    SOUND = "volume_up.fill"
    SOUND_OFF = "no_sound.fill"
    MUSIC = "music_note"
    FILM = "smart_display"
    FLAG = "flag.fill"
    FLASH = "bolt.fill"
    STAR = "star.fill"
    STAR_EMPTY = "star"
    CROWN = "crown.fill"
    TROPHY = "trophy.fill"
    ENDLESS = "all_inclusive"
    DUEL = "group.fill"
    ONE_PLAYER = "person.fill"
    OPTIONS = "tune"
    PENCIL = "edit.fill"
    SAVE = "download"
    SHIFT = "shift.fill"
    LIGHT = "light_mode.fill"
    NEARER = "zoom_out_map"
    FARTHER = "zoom_in_map"
    CENTRE = "horizontal_align_center"
    TURN = "face.fill"
    CLOCK = "schedule"
    CONTRAST = "contrast"
    MOTION = "animation.fill"
    GAMEPAD = "sports_esports.fill"
    NO_FACE = "person_off.fill"
    DELETE = "delete"
    ERASE = "backspace"
    UNDO = "undo"
    PLUS = "add"
    MINUS = "remove"
    LOCK = "lock.fill"


def letters() -> dict[Icon, str]:
    """Return the letter that each icon is in the font."""
    return {kind: chr(FIRST_LETTER + number) for number, kind in enumerate(Icon)}


@cache
def _file() -> bytes:
    if not FONT.is_file():
        raise ScreenError(f"no font at {FONT}.", hint="Install the package again.")
    # Read by Python: SDL finds no file in a path that the system cannot decode.
    return FONT.read_bytes()


def icon(kind: Icon, size_px: int, ink: Colour) -> pygame.Surface:
    """Return an icon of ``size_px`` by ``size_px`` on a transparent ground, straight alpha.

    Raises:
        ScreenError: the font is missing.
    """
    font = pygame.font.Font(io.BytesIO(_file()), size_px)
    return font.render(letters()[kind], True, ink)
