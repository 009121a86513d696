"""What a screen is to the window, and what one frame shows.

The way through the game, one screen after the other (Esc or B goes back from each of them)::

    TitleView -> LevelView -> CheckView -> WarningView -> ReadyView -> CountdownView
        -> PlayingView (PausedView) -> CaughtView or TriumphView -> ResultView (NameView)
        -> the next level, or again

``WarningView`` comes in modes that warn. A match has ``PlayersView`` before the check, and
``MatchReadyView``, ``MatchPlayingView`` and ``MatchResultView`` in their places. A tournament comes
back to ``TournamentView`` after each round, and ends with ``TournamentOverView``. ``OptionsView``
and ``ScoresView`` are reached from the title.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar

from emotion_game.ui.i18n import Language, Translator
from emotion_game.ui.intents import Intent
from emotion_game.ui.layout import Layout
from emotion_game.ui.live import CameraView
from emotion_game.ui.notices import Notice
from emotion_game.ui.painter import Painter
from emotion_game.ui.pictures import Pictures


@dataclass(frozen=True, slots=True)
class Screen(ABC):
    """One screen: all that it shows, as a frozen dataclass, and how.

    Attributes:
        mode: in whose colours it is drawn.
        first: the game's first screen, which a gamepad does not leave.
        typed: letters on a real keyboard are typed, not pressed.
        any_press: what any press means, wherever it is; None: what is pressed there.
        at_once: comes without a wipe.
        gone_at_once: goes without a wipe.
    """

    mode: str
    first: ClassVar[bool] = False
    typed: ClassVar[bool] = False
    any_press: ClassVar[Intent | None] = None
    at_once: ClassVar[bool] = False
    gone_at_once: ClassVar[bool] = False

    @abstractmethod
    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """Return where everything stands in a window of ``size_px`` (width, height)."""

    @abstractmethod
    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """Draw everything but the buttons and notices."""

    def escape(self) -> Intent:
        """Return what Esc means here."""
        return Intent.BACK


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
    language: Language
    notices: tuple[Notice, ...] = field(default=())
    hint: bool = False
    high_contrast: bool = False
    reduced_motion: bool = False
