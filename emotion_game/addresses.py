"""Addresses as people may see them: without the passwords in them.

Addresses of cameras hold them in many ways: ``user:password@``, ``?user=..&pwd=..``, in the path
(``/user=a_password=b_channel=1``), in an address within the address; and typed by hand, without
the escapes that a password with ``@``, ``/``, ``:`` or ``#`` needs.
"""

from __future__ import annotations

import os
import re
from urllib.parse import unquote

_HIDDEN = "***"
#: Parts of the names of values that are secret, and whole names that are.
_SECRET_PARTS = ("pas", "pwd", "psw", "token", "auth", "key", "secret", "cred", "sig", "session")
_SECRET_NAMES = frozenset({"p", "pw", "pin", "sid"})
# One value of a query; some cameras write one behind the other with "_" between them.
_VALUE = re.compile(r"([\w.%\-\[\]]+)=((?:(?!_[A-Za-z]+=)[^&])*)")
# What may follow the "@" behind a password: a host with its port, and then no name's "=".
_HOST = re.compile(r"(?:\[[\w:.%]+\]|[^\s@:/?#\[\]&=]+)(?::\d+)?(?=[/?#]|\Z)")
_AUTHORITY = re.compile(r"[^/?#]*")
_QUERY = re.compile(r"\?[\w.%\-\[\]]+=")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://")
# An address within words ends at the first space or quote. A path made of one has lost a slash.
_IN_WORDS = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]+:/+[^\s\"'<>]+")
_WITHIN = re.compile(r"(://|%3A%2F%2F)((?:(?!://|%2F)[^/?#&\s])*)(@|%40)", re.IGNORECASE)
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_BARE_LOGIN = re.compile(r"((?:[A-Za-z][A-Za-z0-9+.\-]*:/+)?[^\s:/@\\]*:)(.+)(@)", re.DOTALL)


def safe_name(spec: str) -> str:
    """Return what names a camera, with every password in it hidden.

    Args:
        spec: device number, file or address; a file that is there keeps its name.
    """
    if os.path.isfile(spec):  # noqa: PTH113 - Path.is_file() raises on names that are too long
        return spec
    scheme = _SCHEME.match(spec)
    if scheme is None:
        if not _DRIVE.match(spec):
            spec = _BARE_LOGIN.sub(rf"\1{_HIDDEN}\3", spec)
        return _VALUE.sub(_hide_value, spec)
    rest = spec[scheme.end() :]
    end = _login_end(rest)
    login = ""
    if end >= 0:
        user, colon, _ = rest[:end].partition(":")
        login = f"{user}:{_HIDDEN}@" if colon else f"{_HIDDEN}@"
    elif _odd_port(_authority(rest)):
        # A password whose "@" was forgotten.
        return f"{scheme[0]}{rest.partition(':')[0]}:{_HIDDEN}"
    rest = _WITHIN.sub(rf"\1{_HIDDEN}\3", rest[end + 1 :])
    return scheme[0] + login + _VALUE.sub(_hide_value, rest)


def hide_secrets(words: str, *known: str) -> str:
    """Return words with the passwords of every address in them hidden.

    Args:
        words: a message, a traceback, a line of a log.
        known: addresses that may be in it; they may have spaces, which others cannot.
    """
    for each in known:
        if each and (name := safe_name(each)) != each:
            words = words.replace(each, name)
    return _IN_WORDS.sub(lambda found: safe_name(found[0]), words)


def split_login(url: str) -> tuple[str, str | None, str | None]:
    """Take the login out of an address.

    Args:
        url: with a scheme; the password may hold characters that need an escape.

    Returns:
        The address without it, user and password; None where there is none.
    """
    scheme = _SCHEME.match(url)
    if scheme is None:
        return url, None, None
    rest = url[scheme.end() :]
    authority = _authority(rest)
    # What is written by the rules is taken by the rules.
    end = authority.rfind("@")
    if _odd_port(authority) or (end >= 0 and not _HOST.match(rest, end + 1)):
        end = _login_end(rest)
    if end < 0:
        return url, None, None
    user, _, password = rest[:end].partition(":")
    return scheme[0] + rest[end + 1 :], unquote(user), unquote(password)


def _login_end(rest: str) -> int:
    """Return where the "@" behind the password is; -1: there is no login.

    In doubt it is the last that can be: rather the host is hidden than half of the password shown.
    """
    authority = _authority(rest)
    plain_host = "." in authority or authority.lower().startswith("localhost:")
    if "@" not in authority and not _odd_port(authority) and (plain_host or ":" not in authority):
        return -1
    ends = [
        at.start()
        for at in re.finditer("@", rest)
        if _HOST.match(rest, at.end()) and not _QUERY.search(rest, 0, at.start())
    ]
    return ends[-1] if ends else authority.rfind("@")


def _authority(rest: str) -> str:
    found = _AUTHORITY.match(rest)
    return found[0] if found else ""


def _odd_port(authority: str) -> bool:
    """Say whether what stands behind the host cannot be a port."""
    _, colon, port = re.sub(r"\[[^\]]*\]", "", authority).partition(":")
    return bool(colon) and "@" not in authority and not re.fullmatch(r"[0-9]*", port)


def _hide_value(found: re.Match[str]) -> str:
    name = unquote(found[1]).lower().strip("_")
    secret = name in _SECRET_NAMES or any(part in name for part in _SECRET_PARTS)
    return f"{found[1]}={_HIDDEN}" if secret else found[0]
