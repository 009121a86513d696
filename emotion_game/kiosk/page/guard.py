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
        self._attempts = Attempts()
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._lock = threading.Lock()

    def wait_s(self, now_s: float) -> float:
        """Return how long no PIN is checked."""
        return self._attempts.wait_s(now_s)

    def enter(self, pin: str, now_s: float) -> Session | None:
        """Return a new session for the right PIN; None for a wrong one, or for any too early."""
        # One at a time: tries side by side would all be counted after they were made.
        with self._lock:
            if self._attempts.wait_s(now_s) > 0.0:
                return None
            right = is_pin(pin, self._pin_hash)
            self._attempts = self._attempts.after(right, now_s)
            if not right:
                return None
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
        left, then_s = self._visitors.pop(address, (self._burst, now_s))
        left = min(self._burst, left + (now_s - then_s) * self._rate_hz)
        lets = left >= 1.0
        self._visitors[address] = (left - 1.0 if lets else left, now_s)
        while len(self._visitors) > _MOST_VISITORS:
            self._visitors.popitem(last=False)
        return lets
