"""The clip library, the two players that show a clip with its sound, and the game's own sounds."""

from emotion_game.clips.choose import PlayerChoice, open_player
from emotion_game.clips.library import Clip, Library, clip_from_file, load_library
from emotion_game.clips.player import ClipFrame, ClipPlayer, PlayerState
from emotion_game.clips.probe import ClipProbe, probe_clip
from emotion_game.clips.soundboard import Effect, Music, SoundBoard
from emotion_game.clips.vlc_player import vlc_available

__all__ = [
    "Clip",
    "ClipFrame",
    "ClipPlayer",
    "ClipProbe",
    "Effect",
    "Library",
    "Music",
    "PlayerChoice",
    "PlayerState",
    "SoundBoard",
    "clip_from_file",
    "load_library",
    "open_player",
    "probe_clip",
    "vlc_available",
]
