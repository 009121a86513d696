"""The booth's own pages: attract, consent, and the operator's PIN and menu."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from emotion_game.app.pages.base import Page, PageStack
from emotion_game.kiosk.pin import LONGEST, Attempts, is_pin
from emotion_game.kiosk.visit import CONSENT_IDLE_S, OPERATOR_IDLE_S
from emotion_game.screens.consent import ConsentView
from emotion_game.screens.operator import LeaveView, OperatorView, PinView
from emotion_game.screens.out_of_service import Closed, ClosedView
from emotion_game.ui.intents import (
    ChangeOption,
    Intent,
    OperatorIntent,
    Option,
    TypeKey,
    UserIntent,
)
from emotion_game.ui.view import Screen

log = logging.getLogger(__name__)

#: Time between two tries to save.
RETRY_S = 5.0


class BoothPage(Page):
    """A page that belongs to the booth, not to the game.

    Attributes:
        idle_s: it closes when nobody was there for this long; None: it stays.
    """

    idle_s: float | None = None


class AttractPage(BoothPage):
    """Nobody plays; any press begins.

    Args:
        show: what is shown now.
        begin: somebody wants to play.
    """

    def __init__(self, show: Callable[[float], Screen], begin: Callable[[float], None]) -> None:
        self._show = show
        self._begin = begin

    def view(self, now_s: float) -> Screen:
        """See :class:`Page`."""
        return self._show(now_s)

    def obey(self, intent: UserIntent, now_s: float) -> None:
        """See :class:`Page`."""
        if intent is Intent.GO_ON:
            self._begin(now_s)


class ConsentPage(BoothPage):
    """Before the camera is read: what it measures; nobody passes who does not agree.

    Args:
        show: the question in the player's language.
        agree: the player agrees.
        leave: the player does not.
    """

    idle_s = CONSENT_IDLE_S

    def __init__(
        self,
        show: Callable[[], ConsentView],
        agree: Callable[[float], None],
        leave: Callable[[float], None],
    ) -> None:
        self._show = show
        self._agree = agree
        self._leave = leave

    def view(self, now_s: float) -> ConsentView:
        """See :class:`Page`."""
        return self._show()

    def obey(self, intent: UserIntent, now_s: float) -> None:
        """See :class:`Page`."""
        if intent is Intent.AGREE:
            self._agree(now_s)
        elif intent is Intent.BACK:
            self._leave(now_s)


class CallStaffPage(BoothPage):
    """Nobody can play until something can be saved again, which is tried by itself.

    Args:
        mode: in whose colours it is drawn.
        mended: asked every ``RETRY_S``; True: this page may go.
        leave: goes to the first page.
        now_s: monotonic.
    """

    def __init__(
        self, mode: str, mended: Callable[[], bool], leave: Callable[[float], None], now_s: float
    ) -> None:
        self._view = ClosedView(mode, Closed.UNSAVED)
        self._mended = mended
        self._leave = leave
        self._due_s = now_s + RETRY_S

    def view(self, now_s: float) -> ClosedView:
        """See :class:`Page`."""
        return self._view

    def obey(self, intent: UserIntent, now_s: float) -> None:
        """See :class:`Page`: there is nothing to press."""

    def turn(self, now_s: float) -> None:
        """See :class:`Page`."""
        if now_s < self._due_s:
            return
        self._due_s = now_s + RETRY_S
        if self._mended():
            self._leave(now_s)


@dataclass(slots=True)
class PinGuard:
    """The operator's PIN, and how often a wrong one was given, whoever gave it.

    Attributes:
        pin_hash: what ``kiosk.toml`` keeps.
        attempts: since the last right one.
    """

    pin_hash: str
    attempts: Attempts = field(default_factory=Attempts)

    def wait_s(self, now_s: float) -> float:
        """Return how long nobody may try; 0: a try is allowed."""
        return self.attempts.wait_s(now_s)

    def lets_in(self, pin: str, now_s: float) -> bool:
        """Say whether this is the PIN; only asked where a try is allowed."""
        right = is_pin(pin, self.pin_hash)
        if not right:
            log.warning("a wrong PIN at the booth")
        self.attempts = self.attempts.after(right, now_s)
        return right


class PinPage(BoothPage):
    """The PIN pad before the operator's menu.

    Args:
        pages: where it stands.
        guard: knows the PIN.
        menu: what is behind it.
        mode: in whose colours it is drawn.
    """

    idle_s = OPERATOR_IDLE_S

    def __init__(self, pages: PageStack, guard: PinGuard, menu: OperatorPage, mode: str) -> None:
        self._pages = pages
        self._guard = guard
        self._menu = menu
        self._mode = mode
        self._digits = ""
        self._wrong = False

    def view(self, now_s: float) -> PinView:
        """See :class:`Page`."""
        wait_s = math.ceil(self._guard.wait_s(now_s))
        return PinView(self._mode, len(self._digits), self._wrong, wait_s)

    def obey(self, intent: UserIntent, now_s: float) -> None:
        """See :class:`Page`."""
        match intent:
            case TypeKey(digit) if digit.isdigit() and len(self._digits) < LONGEST:
                self._digits, self._wrong = self._digits + digit, False
            case Intent.ERASE:
                self._digits = self._digits[:-1]
            case Intent.DONE if self._guard.wait_s(now_s) <= 0.0:
                if self._guard.lets_in(self._digits, now_s):
                    self._pages.replace(self._menu)
                self._digits, self._wrong = "", True
            case Intent.BACK:
                self._pages.pop()
            case _:
                pass  # not here


class LeavePage(BoothPage):
    """Whether to leave for the desktop: nobody can play then, and nothing starts again by itself.

    Args:
        pages: where it stands.
        mode: in whose colours it is drawn.
        leave: leaves.
    """

    idle_s = OPERATOR_IDLE_S

    def __init__(self, pages: PageStack, mode: str, leave: Callable[[], None]) -> None:
        self._pages = pages
        self._view = LeaveView(mode)
        self._leave = leave

    def view(self, now_s: float) -> LeaveView:
        """See :class:`Page`."""
        return self._view

    def obey(self, intent: UserIntent, now_s: float) -> None:
        """See :class:`Page`."""
        if intent is OperatorIntent.DESKTOP:
            self._leave()
        elif intent is Intent.BACK:
            self._pages.pop()


class OperatorPage(BoothPage):
    """The operator's menu.

    Args:
        pages: where it stands.
        show: the menu as it is now.
        codes: exit status for the supervisor by what ends this process.
        choose: takes that status.
        turn_volume: takes steps up or down; None: there is nothing to hear.
    """

    idle_s = OPERATOR_IDLE_S

    def __init__(
        self,
        pages: PageStack,
        show: Callable[[], OperatorView],
        codes: Mapping[OperatorIntent, int],
        choose: Callable[[int], None],
        turn_volume: Callable[[int], None] | None = None,
    ) -> None:
        self._pages = pages
        self._show = show
        self._codes = codes
        self._choose = choose
        self._turn_volume = turn_volume

    def _leave(self) -> None:
        log.info("the operator leaves for the desktop")
        self._choose(self._codes[OperatorIntent.DESKTOP])

    def view(self, now_s: float) -> OperatorView:
        """See :class:`Page`."""
        return self._show()

    def obey(self, intent: UserIntent, now_s: float) -> None:
        """See :class:`Page`."""
        match intent:
            case OperatorIntent.DESKTOP:
                self._pages.push(LeavePage(self._pages, self._show().mode, self._leave))
            case OperatorIntent() if intent in self._codes:
                log.info("the operator chose %s", intent.name)
                self._choose(self._codes[intent])
            case ChangeOption(Option.VOLUME, step) if self._turn_volume is not None:
                self._turn_volume(step)
            case Intent.BACK:
                self._pages.pop()
            case _:
                pass  # not here
