"""What a page is, the stack that pages stand on, and what those of the game share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from emotion_game.app.engine import Engine
from emotion_game.game.tournament import CALL_S, CLIPS
from emotion_game.ui.i18n import Language
from emotion_game.ui.intents import UserIntent
from emotion_game.ui.view import Screen
from emotion_game.vision.pipeline import FrameAnalysis


class Page(ABC):
    """What is shown, and what a press does, in one object.

    Attributes:
        is_home: where a player begins, and comes back to after a round.
    """

    is_home = False

    @abstractmethod
    def view(self, now_s: float) -> Screen:
        """Return what is shown."""

    @abstractmethod
    def obey(self, intent: UserIntent, now_s: float) -> None:
        """Do what was pressed, if it can be done here."""

    def turn(self, now_s: float) -> None:  # noqa: B027, most pages wait for a press
        """Go on by itself, once a frame, if there is something to go on with."""

    def take(self, seen: FrameAnalysis) -> None:  # noqa: B027, and look at nobody
        """Look at what the camera sees."""


class PageStack:
    """The pages from the first one to the one that is shown; never empty once the game runs."""

    def __init__(self) -> None:
        self._pages: list[Page] = []

    @property
    def top(self) -> Page:
        """The page that is shown."""
        return self._pages[-1]

    def push(self, page: Page) -> None:
        """Show a page; :meth:`pop` comes back to the present one."""
        self._pages.append(page)

    def pop(self) -> None:
        """Go back by one page; the first one stays."""
        if len(self._pages) > 1:
            self._pages.pop()

    def replace(self, page: Page) -> None:
        """Show a page in the place of the present one."""
        self._pages[-1] = page

    def home(self) -> None:
        """Go back to where a player begins."""
        while len(self._pages) > 1 and not self.top.is_home:
            self._pages.pop()

    def clear(self) -> None:
        """Go back to the first page."""
        del self._pages[1:]


@dataclass(frozen=True, slots=True)
class Offer:
    """What is offered to a player.

    Attributes:
        modes: on the title, by name.
        languages: to choose from.
        at_home: the player may change options, save the replay and quit; not at a booth.
        tournament_clips: how many clips each plays in a tournament before its final; 0: none is
            offered.
        call_s: how long a tournament waits for the one who is called.
    """

    modes: tuple[str, ...]
    languages: tuple[Language, ...] = ("en", "ko")
    at_home: bool = True
    tournament_clips: int = CLIPS
    call_s: float = CALL_S


@dataclass(frozen=True, slots=True)
class Context:
    """What the pages of the game share."""

    engine: Engine
    offer: Offer
    pages: PageStack


class GamePage(Page):
    """A page of the game itself, at home as at a booth.

    Args:
        context: shared with the other pages.
    """

    def __init__(self, context: Context) -> None:
        self.context = context
        self.engine = context.engine
        self.offer = context.offer
        self.pages = context.pages

    def go_home(self) -> None:
        """Go back to where a player begins; whoever comes next may be somebody else."""
        self.pages.home()
        self.engine.next_player()
