"""Who may use the page: sessions, a token against forged forms, limits. Time as an argument."""

from __future__ import annotations

import hmac
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass

from emotion_game.kiosk.pin import Attempts, is_pin

SESSION_S = 8 * 3600.0
_MOST_SESSIONS = 16
_MOST_VISITORS = 1000
#: Visitors that once gave the right PIN.
_MOST_KNOWN = 64
#: Wrong PINs of all strangers together: so many at once, then one in so many seconds. A PIN of four
#: digits is found in weeks then, whatever the number of addresses.
_STRANGERS_TRIES, _STRANGERS_S = 20.0, 120.0


@dataclass(frozen=True, slots=True)
class Session:
    """An operator who gave the right PIN.

    Attributes:
        key: what the cookie holds.
        form_token: what every form of this session holds; a stranger's page cannot know it.
        ends_s: monotonic.
    """

    key: str
    form_token: str
    ends_s: float


class Sessions:
    """Lets operators in by PIN; safe across threads.

    Args:
        pin_hash: as ``kiosk.toml`` keeps it.
    """

    def __init__(self, pin_hash: str) -> None:
        self._pin_hash = pin_hash
        self._attempts: OrderedDict[str, Attempts] = OrderedDict()
        self._known: OrderedDict[str, None] = OrderedDict()
        self._strangers = RateLimiter(1.0 / _STRANGERS_S, _STRANGERS_TRIES)
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._lock = threading.Lock()

    def wait_s(self, now_s: float, visitor: str = "") -> float:
        """Return how long no PIN of this visitor is checked.

        Args:
            now_s: monotonic.
            visitor: see :func:`~emotion_game.kiosk.page.connections.visitor_of`.
        """
        with self._lock:
            return self._wait_s(now_s, visitor)

    def _wait_s(self, now_s: float, visitor: str) -> float:
        own_s = self._attempts.get(visitor, Attempts()).wait_s(now_s)
        if visitor in self._known:
            return own_s
        return max(own_s, self._strangers.wait_s("", now_s))

    def enter(self, pin: str, now_s: float, visitor: str = "") -> Session | None:
        """Return a new session for the right PIN; None for a wrong one, or for any too early.

        Each visitor's wrong tries cost that visitor time; those of all strangers together are
        few, but never keep out a session that is in use, nor who has been here before.

        Args:
            pin: what was typed.
            now_s: monotonic.
            visitor: see :func:`~emotion_game.kiosk.page.connections.visitor_of`.
        """
        # One at a time: tries side by side would all be counted after they were made.
        with self._lock:
            if self._wait_s(now_s, visitor) > 0.0:
                return None
            right = is_pin(pin, self._pin_hash)
            self._attempts[visitor] = self._attempts.pop(visitor, Attempts()).after(right, now_s)
            while len(self._attempts) > _MOST_VISITORS:
                self._attempts.popitem(last=False)
            if not right:
                if visitor not in self._known:
                    self._strangers.lets("", now_s)
                return None
            self._known.pop(visitor, None)
            self._known[visitor] = None
            while len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)
            session = Session(
                secrets.token_urlsafe(32), secrets.token_urlsafe(32), now_s + SESSION_S
            )
            self._sessions[session.key] = session
            while len(self._sessions) > _MOST_SESSIONS:
                self._sessions.popitem(last=False)
            return session

    def session(self, key: str, now_s: float) -> Session | None:
        """Return the session that a cookie names, while it lasts."""
        with self._lock:
            session = self._sessions.get(key)
            if session is not None and now_s >= session.ends_s:
                del self._sessions[key]
                return None
            return session

    def leave(self, key: str) -> None:
        """End a session."""
        with self._lock:
            self._sessions.pop(key, None)


def is_own_form(session: Session, given: str) -> bool:
    """Say whether a form came from a page of this session."""
    return hmac.compare_digest(session.form_token.encode(), given.encode())


class RateLimiter:
    """Limit how often each address may ask, short bursts aside; for one thread.

    Args:
        rate_hz: requests a second for ever.
        burst: requests at once.
    """

    def __init__(self, rate_hz: float = 10.0, burst: float = 60.0) -> None:
        self._rate_hz, self._burst = rate_hz, burst
        self._visitors: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def lets(self, address: str, now_s: float) -> bool:
        """Count one request; False: it is one too many."""
        left = self._left(address, now_s)
        self._visitors.pop(address, None)
        lets = left >= 1.0
        self._visitors[address] = (left - 1.0 if lets else left, now_s)
        while len(self._visitors) > _MOST_VISITORS:
            self._visitors.popitem(last=False)
        return lets

    def wait_s(self, address: str, now_s: float) -> float:
        """Return how long the next request of an address is one too many; 0: it is let."""
        return max(0.0, 1.0 - self._left(address, now_s)) / self._rate_hz

    def _left(self, address: str, now_s: float) -> float:
        left, then_s = self._visitors.get(address, (self._burst, now_s))
        return min(self._burst, left + (now_s - then_s) * self._rate_hz)
