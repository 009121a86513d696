"""The operator's PIN and Prometheus's token: only hashes are kept, and guessing is slow."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from emotion_game.errors import GameError

#: What a hash looks like in ``kiosk.toml``; the PIN's holds scrypt's cost, salt and key.
PIN_HASH = r"scrypt\$[0-9]{1,2}\$[0-9a-f]{32}\$[0-9a-f]{64}"
TOKEN_HASH = r"sha256\$[0-9a-f]{64}"
SHORTEST, LONGEST = 4, 12

#: 2 to this power; 16 MiB and some 50 ms a try (RFC 7914; OWASP's cheat sheet names 2^17, but
#: the PIN pad waits on the main loop, and the tries are limited).
_COST = 14
_EASY = re.compile(r"(\d)\1*")
_RISING = "01234567890123456789"


def hash_pin(pin: str) -> str:
    """Return what ``kiosk.toml`` keeps of a PIN.

    Raises:
        GameError: when it is no PIN, or one that everybody tries first.
    """
    if not (SHORTEST <= len(pin) <= LONGEST and pin.isascii() and pin.isdigit()):
        raise GameError(f"A PIN has {SHORTEST} to {LONGEST} digits, 0 to 9.", hint="Try another.")
    if _EASY.fullmatch(pin) or pin in _RISING or pin in _RISING[::-1]:
        raise GameError("That PIN is guessed first.", hint="Take digits that are not in a row.")
    salt = secrets.token_bytes(16)
    return f"scrypt${_COST}${salt.hex()}${_key(pin, salt, _COST).hex()}"


def is_pin(pin: str, kept: str) -> bool:
    """Say whether the PIN is the one behind the hash; an empty hash lets nobody in."""
    if not re.fullmatch(PIN_HASH, kept) or len(pin) > LONGEST:
        return False
    _, cost, salt, key = kept.split("$")
    # A file from outside must not make this machine count for minutes.
    if int(cost) > 17:
        return False
    return hmac.compare_digest(_key(pin, bytes.fromhex(salt), int(cost)), bytes.fromhex(key))


def new_token() -> tuple[str, str]:
    """Return a fresh token and its hash; 256 random bits need no slow hash."""
    token = secrets.token_urlsafe(32)
    return token, hash_token(token)


def hash_token(token: str) -> str:
    """Return what ``kiosk.toml`` keeps of a token."""
    return "sha256$" + hashlib.sha256(token.encode()).hexdigest()


def is_token(token: str, kept: str) -> bool:
    """Say whether the token is the one behind the hash; an empty hash lets nobody in."""
    return bool(kept) and hmac.compare_digest(hash_token(token), kept)


def _key(pin: str, salt: bytes, cost: int) -> bytes:
    return hashlib.scrypt(
        pin.encode(), salt=salt, n=2**cost, r=8, p=1, maxmem=2 ** (cost + 11), dklen=32
    )


@dataclass(frozen=True, slots=True)
class Attempts:
    """How often a wrong PIN was given in a row; time comes in as an argument.

    After ``free`` wrong ones each further one doubles the wait, from ``first_s`` to ``longest_s``.
    The tries of everybody count together: an attacker has many addresses, a booth one operator.
    """

    wrong: int = 0
    open_s: float = float("-inf")
    free: int = 3
    first_s: float = 10.0
    longest_s: float = 900.0

    def wait_s(self, now_s: float) -> float:
        """Return how long nobody may try; 0: a try is allowed."""
        return max(0.0, self.open_s - now_s)

    def after(self, right: bool, now_s: float) -> Attempts:
        """Return the count after one more try."""
        if right:
            return Attempts(free=self.free, first_s=self.first_s, longest_s=self.longest_s)
        wrong = self.wrong + 1
        over = wrong - self.free
        wait_s = 0.0 if over < 0 else min(self.longest_s, self.first_s * 2.0 ** min(over, 30))
        return Attempts(wrong, now_s + wait_s, self.free, self.first_s, self.longest_s)
