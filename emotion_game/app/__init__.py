"""Put settings, camera, clips, rules, scores and window together, and run the main loop.

- ``setup``     options, settings, rules, analyser.
- ``services``  everything a game is played with, in one list; how a game at home opens it.
- ``engine``    what is chosen, the rules' state, and what the rules command, carried out.
- ``pages``     one object a page: what it shows, and what a press does there.
- ``game``      the main loop: shows the page on top of the stack.
- ``face_feed``, ``stage``  camera and inference; clips.
- ``scorekeeper``, ``instant_replay``, ``calls``, ``preferences``, ``files``, ``notices``: what is
  kept.
"""

from emotion_game.app.game import Game
from emotion_game.app.services import Services, open_services
from emotion_game.app.setup import (
    PlayOptions,
    game_settings,
    known_mode,
    make_analyser,
    make_folder,
)

__all__ = [
    "Game",
    "PlayOptions",
    "Services",
    "game_settings",
    "known_mode",
    "make_analyser",
    "make_folder",
    "open_services",
]
