"""Music and effects: what sounds when. The sounds themselves are in ``clips.soundboard``."""

from __future__ import annotations

import math

from emotion_game.app.preferences import Preferences
from emotion_game.clips.soundboard import Effect, Music, SoundBoard
from emotion_game.game.modes import Modes, MusicName
from emotion_game.game.types import Outcome, RoundResult
from emotion_game.screens.countdown import CountdownView
from emotion_game.screens.match import MatchPlayingView
from emotion_game.screens.playing import PlayingView
from emotion_game.screens.title import TitleView
from emotion_game.ui.intents import Intent, TypeKey, UserIntent
from emotion_game.ui.view import Screen

_SILENT = PlayingView | MatchPlayingView
#: Music by the names that a mode calls it by.
MUSIC: dict[MusicName, Music] = {
    "happy": Music.HAPPY,
    "surprise": Music.SURPRISE,
    "menu": Music.MENU,
}


class SoundCues:
    """The sound board, played by what happens on the screen.

    Args:
        preferences: how loud, and whether there is music.
        modes: whose music plays.
    """

    def __init__(self, preferences: Preferences, modes: Modes) -> None:
        self._modes = modes
        self._board = SoundBoard(preferences.volume, muted=preferences.muted)
        self._focus = ""
        self._second = 0

    def close(self) -> None:
        """Stop every sound."""
        self._board.close()

    def prefer(self, preferences: Preferences) -> None:
        """Follow a change of the options."""
        self._board.set_volume(preferences.volume)
        self._board.set_muted(preferences.muted)

    def press(self, intent: UserIntent) -> None:
        """The player has pressed something."""
        if intent is Intent.BACK:
            self._board.play(Effect.BACK)
        elif intent is Intent.NOT_CHOSEN:
            self._board.play(Effect.ERROR)
        elif not isinstance(intent, TypeKey):
            self._board.play(Effect.SELECT)

    def refuse(self) -> None:
        """What was asked for cannot be done."""
        self._board.play(Effect.ERROR)

    def decide(self, result: RoundResult, *, crowned: bool) -> None:
        """A round is over."""
        if crowned:
            self._board.play(Effect.CROWN)
        elif result.outcome is Outcome.WON:
            self._board.play(Effect.WIN)
        elif result.outcome is not Outcome.VOID:
            self._board.play(Effect.LOSE)

    def end_match(self) -> None:
        """A match is decided."""
        self._board.play(Effect.WIN)

    def update(self, screen: Screen, focus: str, preferences: Preferences, now_s: float) -> None:
        """Follow the screen, once a frame."""
        if focus != self._focus:
            if focus and self._focus:
                self._board.play(Effect.MOVE)
            self._focus = focus
        seconds = math.ceil(screen.seconds_left) if isinstance(screen, CountdownView) else -1
        if seconds != self._second and seconds >= 0:
            self._board.play(Effect.BEEP if seconds else Effect.GO)
        self._second = seconds
        music: Music | None = None
        if preferences.music:
            of_mode = MUSIC[self._modes[screen.mode].music]
            music = Music.MENU if isinstance(screen, TitleView) else of_mode
        self._board.set_music(music)
        opening = isinstance(screen, CountdownView) and screen.seconds_left <= 0.0
        self._board.set_ducked(isinstance(screen, _SILENT) or opening)
        self._board.update(now_s)
