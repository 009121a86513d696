"""Menu music and effects, beside whatever clip plays.

How the main loop uses it (everything from that one thread, like every mixer command):

    board = SoundBoard(volume=0.8)       # after pygame.init(); no device: silent, says so once
    board.play(Effect.SELECT)            # at once, any number of times
    board.set_music(Music.HAPPY)         # free to call every frame; None fades it out
    board.set_ducked(True)               # as a clip starts; False once it is over
    board.update(now_s)                  # once a frame: moves the fades
    board.close()                        # before pygame.quit()

It shares the device with :class:`~emotion_game.clips.pyav_player.PyAvPlayer` through
:func:`~emotion_game.clips.audio.open_mixer` and keeps to channels of its own, which it reserves:
however many effects sound, a clip always finds a free one. VLC has its own way to the device.
"""

from __future__ import annotations

import io
import logging
from enum import StrEnum
from pathlib import Path

import pygame

from emotion_game.clips.audio import open_mixer

logger = logging.getLogger(__name__)

SOUNDS = Path(__file__).resolve().parent / "sounds"

#: Channels 0 and 1 take the music in turns, the rest the effects, the oldest giving way.
_MUSIC_CHANNELS, _EFFECT_CHANNELS = (0, 1), (2, 3, 4, 5)
_RESERVED = len(_MUSIC_CHANNELS) + len(_EFFECT_CHANNELS)
#: As many again for the clips, as pygame has by default.
_ALL_CHANNELS = _RESERVED + 8

#: A clip brings its own sound: music falls silent under it, effects stay, but softly.
DUCKED_MUSIC, DUCKED_EFFECTS = 0.0, 0.35
#: From full to silent and back in this time: no click, and no music over a clip's first word.
FADE_S = 0.3
#: A frame that took longer moves the fades as if it had taken this long.
_LONGEST_STEP_S = 0.1


class Effect(StrEnum):
    """One short sound; the value is its file's name."""

    MOVE = "move"
    SELECT = "select"
    BACK = "back"
    BEEP = "beep"
    GO = "go"
    WARNING = "warning"
    GASP = "gasp"
    CAUGHT = "caught"
    WIN = "win"
    LOSE = "lose"
    CROWN = "crown"
    ERROR = "error"


#: These are of the round itself: they are heard over its clip.
_OVER_CLIPS = {Effect.WARNING: 0.7, Effect.GASP: 0.7, Effect.CAUGHT: 1.0}


class Music(StrEnum):
    """One loop of 16 s; the value is its file's name."""

    MENU = "music_menu"
    HAPPY = "music_happy"
    SURPRISE = "music_surprise"


class SoundBoard:
    """Play the game's own sounds; without a sound device it does nothing, and says so once.

    Args:
        volume: 0..1, of everything played here.
        muted: whether to begin silent.

    Attributes:
        available: whether there is a sound device.
    """

    def __init__(self, volume: float = 1.0, *, muted: bool = False) -> None:
        self._volume = _bounded(volume)
        self._muted = muted
        self._sounds: dict[str, pygame.mixer.Sound] = {}
        self._music: Music | None = None
        #: How loud each music channel is on its way to be, and whether it is the newest.
        self._levels = [0.0, 0.0]
        self._newest = 0
        self._duck = 1.0
        self._ducked = False
        self._turn = 0
        self._last_s: float | None = None
        self.available = open_mixer()
        if not self.available:
            return
        if pygame.mixer.get_num_channels() < _ALL_CHANNELS:
            pygame.mixer.set_num_channels(_ALL_CHANNELS)
        pygame.mixer.set_reserved(_RESERVED)
        for effect in Effect:  # an effect must not wait for the disk
            self._sound(effect.value)

    def set_volume(self, volume: float) -> None:
        """Set how loud everything is, 0..1; what sounds now follows at once."""
        self._volume = _bounded(volume)
        self._apply()

    def set_muted(self, muted: bool) -> None:
        """Silence everything, or let it be heard again where it has got to."""
        self._muted = muted
        self._apply()

    def set_ducked(self, ducked: bool) -> None:
        """Make room for a clip: music fades to silence, effects are soft; False undoes it."""
        self._ducked = ducked

    def set_music(self, music: Music | None) -> None:
        """Cross-fade to a loop, or to none; asking for the one that plays changes nothing."""
        if music is self._music:
            return
        self._music = music
        if not self._open() or music is None:
            return
        sound = self._sound(music.value)
        self._newest = 1 - self._newest
        self._levels[self._newest] = 0.0
        channel = pygame.mixer.Channel(_MUSIC_CHANNELS[self._newest])
        # pygame starts a channel at full volume, which would click until its level is set. The
        # mixer's own fading in keeps the device's time, and sets the level against ours.
        sound.set_volume(0.0)
        channel.play(sound, loops=-1)
        self._apply()
        sound.set_volume(1.0)

    def play(self, effect: Effect) -> None:
        """Play an effect now, over whatever else sounds."""
        if self._muted or not self._open():
            return
        sound = self._sound(effect.value)
        channel = pygame.mixer.Channel(_EFFECT_CHANNELS[self._turn])
        self._turn = (self._turn + 1) % len(_EFFECT_CHANNELS)
        sound.set_volume(self._effect_level(effect))
        channel.play(sound)

    def update(self, now_s: float) -> None:
        """Move the fades on; once a frame, with any monotonic clock."""
        passed_s = 0.0 if self._last_s is None else now_s - self._last_s
        self._last_s = now_s
        step = min(max(0.0, passed_s), _LONGEST_STEP_S) / FADE_S
        if step == 0.0:
            return
        self._duck = _towards(self._duck, 0.0 if self._ducked else 1.0, step)
        for number in range(len(self._levels)):
            wanted = 1.0 if self._music is not None and number == self._newest else 0.0
            self._levels[number] = _towards(self._levels[number], wanted, step)
        self._apply()

    def close(self) -> None:
        """Stop what sounds here; the mixer itself stays open for the clips."""
        self._music = None
        if self._open():
            for number in (*_MUSIC_CHANNELS, *_EFFECT_CHANNELS):
                pygame.mixer.Channel(number).stop()
        self.available = False
        self._sounds.clear()

    def _apply(self) -> None:
        """Bring every channel to its level; a music channel that has faded out is stopped."""
        if not self._open():
            return
        room = DUCKED_MUSIC + (1 - DUCKED_MUSIC) * self._duck
        for number, level in zip(_MUSIC_CHANNELS, self._levels, strict=True):
            channel = pygame.mixer.Channel(number)
            channel.set_volume(0.0 if self._muted else self._volume * level * room)
            if level == 0.0 and (self._music is None or number != _MUSIC_CHANNELS[self._newest]):
                channel.stop()
        for effect in Effect:
            self._sound(effect.value).set_volume(self._effect_level(effect))

    def _effect_level(self, effect: Effect) -> float:
        if self._muted:
            return 0.0
        ducked = _OVER_CLIPS.get(effect, DUCKED_EFFECTS)
        return self._volume * (ducked + (1 - ducked) * self._duck)

    def _open(self) -> bool:
        """Say whether the mixer can be used; somebody may have closed it in the meantime."""
        return self.available and pygame.mixer.get_init() is not None

    def _sound(self, name: str) -> pygame.mixer.Sound:
        """Load a sound once; a missing or broken file is logged once and stays silent."""
        if name not in self._sounds:
            path = SOUNDS / f"{name}.ogg"
            try:
                # Read by Python: SDL finds no file in a path that the system cannot decode.
                self._sounds[name] = pygame.mixer.Sound(io.BytesIO(path.read_bytes()))
            except (pygame.error, OSError) as error:
                logger.warning("The sound %s cannot be played: %s.", path.name, error)
                self._sounds[name] = pygame.mixer.Sound(buffer=bytes(4))
        return self._sounds[name]


def _bounded(volume: float) -> float:
    return min(1.0, max(0.0, volume))


def _towards(level: float, wanted: float, step: float) -> float:
    """Move a level by at most ``step``."""
    return min(wanted, level + step) if wanted > level else max(wanted, level - step)
