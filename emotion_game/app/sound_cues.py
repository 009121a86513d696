"""Music and effects: what sounds when. The sounds themselves are in ``clips.soundboard``."""

from __future__ import annotations

import math

from emotion_game.app.preferences import Preferences
from emotion_game.clips.soundboard import Effect, Music, SoundBoard
from emotion_game.game.modes import Modes, MusicName
from emotion_game.game.types import Outcome, RoundResult
from emotion_game.screens.countdown import CountdownView
from emotion_game.screens.finale import CaughtView
from emotion_game.screens.match import MatchPlayingView, MatchSide
from emotion_game.screens.playing import PlayingView
from emotion_game.screens.title import TitleView
from emotion_game.ui.intents import Intent, TypeKey, UserIntent
from emotion_game.ui.view import Screen

_SILENT = PlayingView | MatchPlayingView | CaughtView
#: While a ring goes on filling it warns this often, and a crowd gasps no more often, seconds.
_WARNS_S, _GASPS_S = 0.45, 2.5
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
        self._after_caught: Effect | None = None
        self._filled: tuple[float, ...] = ()
        self._close_s: tuple[float | None, ...] = ()
        self._warned_s = self._gasped_s = -math.inf

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
        elif result.outcome is Outcome.LOST:
            self._catch(Effect.LOSE)
        elif result.outcome is not Outcome.VOID:
            self._board.play(Effect.LOSE)

    def end_match(self, *, caught: bool) -> None:
        """A match is decided; ``caught``: by a face that gave way."""
        if caught:
            self._catch(Effect.WIN)
        else:
            self._board.play(Effect.WIN)

    def _catch(self, after: Effect) -> None:
        self._board.play(Effect.CAUGHT)
        self._after_caught = after

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
        if self._after_caught is not None and not isinstance(screen, CaughtView):
            self._board.play(self._after_caught)
            self._after_caught = None
        self._struggle(screen, now_s)
        music: Music | None = None
        if preferences.music:
            of_mode = MUSIC[self._modes[screen.mode].music]
            music = Music.MENU if isinstance(screen, TitleView) else of_mode
        self._board.set_music(music)
        opening = isinstance(screen, CountdownView) and screen.seconds_left <= 0.0
        self._board.set_ducked(isinstance(screen, _SILENT) or opening)
        self._board.update(now_s)

    def _struggle(self, screen: Screen, now_s: float) -> None:
        """Warn while a ring fills; let the crowd gasp when a close call is over."""
        sides: tuple[PlayingView | MatchSide, ...] = ()
        if isinstance(screen, PlayingView):
            sides = (screen,)
        elif isinstance(screen, MatchPlayingView):
            sides = screen.sides
        filled, close_s = tuple(s.hold_share for s in sides), tuple(s.close_s for s in sides)
        if len(filled) == len(self._filled):
            fills = any(new > old for old, new in zip(self._filled, filled, strict=True))
            if fills and now_s - self._warned_s >= _WARNS_S:
                self._board.play(Effect.WARNING)
                self._warned_s = now_s
            ended = any(
                new is not None and (old is None or new < old)
                for old, new in zip(self._close_s, close_s, strict=True)
            )
            if ended and now_s - self._gasped_s >= _GASPS_S:
                self._board.play(Effect.GASP)
                self._gasped_s = now_s
        self._filled, self._close_s = filled, close_s
