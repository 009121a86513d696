"""A booth's way through its pages: attract, notice, game, PIN, menu. Pure: time as an argument.

``step(state, event, now_s, rules) -> (state, commands)``, as the rules of the game are. The game
itself is one page here; what happens within a round is none of the booth's business.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum, auto

from emotion_game.kiosk.pin import LONGEST, Attempts

#: The operator's pages close by themselves: nobody shall find them open.
OPERATOR_IDLE_S = 30.0
#: The same for the notice: who does not answer has walked on.
NOTICE_IDLE_S = 40.0
#: A camera gone for so long wants staff.
STAFF_S = 60.0


class Page(Enum):
    """What the booth shows."""

    ATTRACT = auto()
    NOTICE = auto()
    GAME = auto()
    PIN = auto()
    MENU = auto()


@dataclass(frozen=True, slots=True)
class BoothRules:
    """The numbers: see ``kiosk.settings.OfferSettings``."""

    idle_s: float
    rounds_per_player: int


@dataclass(frozen=True, slots=True)
class Booth:
    """Where the booth is.

    Attributes:
        page: what is shown.
        touched_s: when somebody was last there: a touch, or a round that ran.
        rounds: finished by this player.
        digits: typed of the PIN.
        wrong: the last PIN was wrong.
        attempts: counts wrong PINs, whoever gave them.
        lost_s: since when the camera is gone; None: it worked when it was last wanted.
    """

    page: Page = Page.ATTRACT
    touched_s: float = 0.0
    rounds: int = 0
    digits: str = ""
    wrong: bool = False
    attempts: Attempts = field(default_factory=Attempts)
    lost_s: float | None = None

    def wants_staff(self, now_s: float) -> bool:
        """Say whether the camera is gone for too long."""
        return self.lost_s is not None and now_s - self.lost_s >= STAFF_S


# --- Events ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Touched:
    """Somebody touched the screen or moved the mouse."""


@dataclass(frozen=True, slots=True)
class Begin:
    """Somebody wants to play."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """The player agreed to the notice."""


@dataclass(frozen=True, slots=True)
class ToTitle:
    """The player left the game, or did not agree."""


@dataclass(frozen=True, slots=True)
class RoundOver:
    """A round ended; ``counts``: it was decided, not void."""

    counts: bool


@dataclass(frozen=True, slots=True)
class MenuAsked:
    """The hidden gesture was made."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A digit of the PIN."""

    digit: str


@dataclass(frozen=True, slots=True)
class Erased:
    """The last digit is taken back."""


@dataclass(frozen=True, slots=True)
class PinChecked:
    """The PIN that was typed is right, or not; only given where a try is allowed."""

    right: bool


@dataclass(frozen=True, slots=True)
class MenuClosed:
    """The operator leaves PIN or menu."""


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed.

    Attributes:
        in_round: a round runs, so that the player is there without touching anything.
        camera_lost: the camera gives no picture; None: nobody knows, as it is off or opening.
    """

    in_round: bool
    camera_lost: bool | None


Event = (
    Touched | Begin | Agreed | ToTitle | RoundOver | MenuAsked | Typed | Erased | PinChecked
    | MenuClosed | Tick
)  # fmt: skip

# --- Commands -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StartCamera:
    """A player has agreed: log it, then open the camera."""


@dataclass(frozen=True, slots=True)
class EndVisit:
    """Nobody plays any more: leave the round, forget the player, close the camera."""


Command = StartCamera | EndVisit
Step = tuple[Booth, tuple[Command, ...]]


def step(state: Booth, event: Event, now_s: float, rules: BoothRules) -> Step:
    """Advance the booth by one event.

    Args:
        state: where the booth is.
        event: what happened; one that does not fit changes nothing.
        now_s: monotonic.
        rules: the numbers.
    """
    match state.page, event:
        case _, Touched():
            return replace(state, touched_s=now_s), ()
        case _, Tick():
            return _tick(state, event, now_s, rules)
        case Page.ATTRACT, Begin():
            return replace(state, page=Page.NOTICE, touched_s=now_s), ()
        case Page.NOTICE, Agreed():
            return replace(state, page=Page.GAME, touched_s=now_s, rounds=0), (StartCamera(),)
        case ((Page.NOTICE | Page.GAME), ToTitle()):
            return _attract(state, now_s)
        case Page.GAME, RoundOver(counts):
            return replace(state, touched_s=now_s, rounds=state.rounds + counts), ()
        case ((Page.ATTRACT | Page.NOTICE | Page.GAME), MenuAsked()):
            asked, commands = _attract(state, now_s)
            return replace(asked, page=Page.PIN), commands
        case Page.PIN, Typed(digit) if digit.isdigit() and len(state.digits) < LONGEST:
            return replace(state, digits=state.digits + digit, wrong=False), ()
        case Page.PIN, Erased():
            return replace(state, digits=state.digits[:-1]), ()
        case Page.PIN, PinChecked(right):
            attempts = state.attempts.after(right, now_s)
            page = Page.MENU if right else Page.PIN
            checked = replace(state, page=page, digits="", wrong=not right, attempts=attempts)
            return replace(checked, touched_s=now_s), ()
        case ((Page.PIN | Page.MENU), MenuClosed()):
            return _attract(state, now_s)
    return state, ()


def may_play_again(state: Booth, rules: BoothRules) -> bool:
    """Say whether this player has a round left."""
    return state.rounds < rules.rounds_per_player


def _attract(state: Booth, now_s: float) -> Step:
    # A camera that is gone stays gone for the next visitor, until it shows something.
    fresh = Booth(touched_s=now_s, attempts=state.attempts, lost_s=state.lost_s)
    return fresh, (EndVisit(),) if state.page is Page.GAME else ()


def _tick(state: Booth, tick: Tick, now_s: float, rules: BoothRules) -> Step:
    if state.page is Page.ATTRACT:
        return state, ()
    if state.page is Page.GAME and tick.in_round:
        state = replace(state, touched_s=now_s)
    if tick.camera_lost is False:
        state = replace(state, lost_s=None)
    elif tick.camera_lost and state.lost_s is None:
        state = replace(state, lost_s=now_s)
    limit_s = {
        Page.NOTICE: NOTICE_IDLE_S,
        Page.PIN: OPERATOR_IDLE_S,
        Page.MENU: OPERATOR_IDLE_S,
    }.get(state.page, rules.idle_s)
    if now_s - state.touched_s < limit_s:
        return state, ()
    return _attract(state, now_s)


# --- The hidden gesture ---------------------------------------------------------------------------

CORNER = 0.12
TAPS = 5
TAPS_S = 4.0


@dataclass(frozen=True, slots=True)
class CornerTaps:
    """Five taps into the upper left corner within four seconds ask for the operator's menu.

    Attributes:
        times_s: of the newest taps there.
    """

    times_s: tuple[float, ...] = ()

    def tap(self, x: float, y: float, now_s: float) -> tuple[CornerTaps, bool]:
        """Take a tap at shares of width and height; return the count, and whether it is full."""
        if x > CORNER or y > CORNER:
            return CornerTaps(), False
        times_s = (*(t for t in self.times_s if now_s - t <= TAPS_S), now_s)
        full = len(times_s) >= TAPS
        return CornerTaps(() if full else times_s), full
