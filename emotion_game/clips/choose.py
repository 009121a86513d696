"""Which of the two players plays."""

from __future__ import annotations

import logging
from typing import Literal

from emotion_game.clips.player import ClipPlayer
from emotion_game.clips.pyav_player import PyAvPlayer
from emotion_game.clips.vlc_player import VlcPlayer
from emotion_game.errors import ClipError

logger = logging.getLogger(__name__)

PlayerChoice = Literal["auto", "vlc", "pyav"]


def open_player(choice: PlayerChoice = "auto") -> ClipPlayer:
    """Open a player: "auto" takes VLC where it works and the embedded PyAV otherwise.

    The player's ``name`` says which one it became; taking PyAV for want of VLC is logged.

    Raises:
        ClipError: when "vlc" is asked for and libvlc cannot be started.
    """
    if choice == "pyav":
        return PyAvPlayer()
    try:
        return VlcPlayer()
    except ClipError as error:
        if choice == "vlc":
            raise
        logger.warning("%s Clips play with the embedded player.", error.message)
        return PyAvPlayer()
