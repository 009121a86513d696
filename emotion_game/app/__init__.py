"""Put settings, camera, clips, rules, scores and window together, and run the main loop.

- ``setup``       options, settings, rules, analyser.
- ``services``    everything a game is played with, in one list; how a game at home opens it.
- ``game``        the running game and its main loop.
- ``navigation``  from what the player wants to what the game does; ``page``, the screens.
- ``views``       from the game's state to what the screen shows.
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
