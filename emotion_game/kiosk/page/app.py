"""The page itself: a Starlette application over a running supervisor and a score board."""

from __future__ import annotations

import io
import ipaddress
import json
import logging
import math
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from emotion_game import paths
from emotion_game.game.types import MARATHON_LEVEL
from emotion_game.kiosk import paths as places
from emotion_game.kiosk.page.connections import visitor_of
from emotion_game.kiosk.page.figures import count
from emotion_game.kiosk.page.guard import RateLimiter, Session, Sessions, is_own_form
from emotion_game.kiosk.page.metrics import BoothCollector
from emotion_game.kiosk.page.records import crash_reports, log_tail
from emotion_game.kiosk.page.words import KINDS, OUTCOMES, SHOWS, WRONG_PIN, language_of, level_name
from emotion_game.kiosk.pin import is_token
from emotion_game.kiosk.settings import KioskSettings, game_settings_of, offered_modes
from emotion_game.kiosk.supervisor import Snapshot, Wish
from emotion_game.monitor import Order
from emotion_game.scores.board import CSV_ENCODING, ScoreBoard
from emotion_game.scores.score import Score, ScoreError
from emotion_game.ui.i18n import OWN_NAMES, Language, Translator

log = logging.getLogger(__name__)

_HERE = Path(__file__).parent
_COOKIE, _LANGUAGE_COOKIE = "booth", "lang"
_MOST_FORM_BYTES = 4096
#: The public leaderboard asks the database this often at most, however many look at it.
_BOARD_S = 3.0
_PLACES = 10

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self';"
    " img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # With "no-referrer", browsers send the origin "null" with our own forms.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Booth(Protocol):
    """What the page needs of a :class:`~emotion_game.kiosk.supervisor.Supervisor`."""

    def snapshot(self) -> Snapshot:
        """Return how the booth is."""
        ...

    def ask(self, wish: Wish | Order) -> None:
        """Take a wish."""
        ...


@dataclass(frozen=True, slots=True)
class _Places:
    """The leaderboards as they were read last."""

    read_s: float
    tables: tuple[tuple[str, int, tuple[Score, ...]], ...]
    away: bool


def make_page(
    settings: KioskSettings,
    booth: Booth,
    board: ScoreBoard,
    clock: Callable[[], float] = time.monotonic,
) -> Starlette:
    """Make the application.

    Args:
        settings: with a PIN.
        booth: what is shown and ordered about.
        board: read from several threads.
        clock: monotonic seconds.

    Raises:
        SettingsError: when the booth's ``game.toml`` has faults, or lacks an offered mode.
    """
    return _Page(settings, booth, board, clock).application()


class _Page:
    def __init__(
        self,
        settings: KioskSettings,
        booth: Booth,
        board: ScoreBoard,
        clock: Callable[[], float],
    ) -> None:
        self._settings = settings
        self._booth = booth
        self._board = board
        self._clock = clock
        game = game_settings_of(settings)
        self._name, self._modes = game.scores.booth_name, game.modes
        self._offered = offered_modes(settings, self._modes)
        self._sessions = Sessions(settings.operator.pin_hash)
        self._rate_limiter = RateLimiter()
        self._templates = Jinja2Templates(_HERE / "templates")
        self._places: _Places | None = None
        self._places_lock = threading.Lock()
        self._registry = CollectorRegistry()
        self._registry.register(BoothCollector(booth))

    def application(self) -> Starlette:
        routes = [
            Route("/", self.status),
            Route("/live", self.live),
            Route("/statistics", self.statistics),
            Route("/records", self.records),
            Route("/board", self.leaderboard),
            Route("/login", self.show_login, methods=["GET"]),
            Route("/login", self.log_in, methods=["POST"]),
            Route("/logout", self.log_out, methods=["POST"]),
            Route("/do/{what}", self.obey, methods=["POST"]),
            Route("/results.csv", self.export_csv),
            Route("/results.json", self.export_json),
            Route("/metrics", self.metrics),
            Mount("/static", StaticFiles(directory=_HERE / "static")),
            # A machine set up for a booth may have no Korean font of its own.
            Mount("/fonts", StaticFiles(directory=paths.FONTS)),
        ]
        return Starlette(
            routes=routes,
            middleware=[Middleware(BaseHTTPMiddleware, dispatch=self._guard)],
            exception_handlers={ClientDisconnect: _gone},
        )

    # --- Every request ----------------------------------------------------------------------------

    async def _guard(
        self, request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        response = self._refusal(request) or await call_next(request)
        response.headers.update(_HEADERS)
        return response

    def _refusal(self, request: Request) -> Response | None:
        session = self._session(request)
        # Strangers behind the same address must not keep an operator out.
        whose = _visitor(request) if session is None else session.key
        if not self._rate_limiter.lets(whose, self._clock()):
            return PlainTextResponse("Too many requests.\n", 429, {"Retry-After": "5"})
        host = request.headers.get("host", "")
        if not _is_own_name(host):
            # A stranger's domain that points here would be the same origin as its own script.
            return PlainTextResponse("Use this machine's address, not a name.\n", 421)
        if request.method not in {"GET", "HEAD", "POST"}:
            return PlainTextResponse("Not allowed.\n", 405)
        if request.method == "POST":
            origin = request.headers.get("origin")
            if origin is not None and urlsplit(origin).netloc != host:
                return PlainTextResponse("This form is not of this page.\n", 403)
            length = request.headers.get("content-length", "")
            if not length.isdigit() or int(length) > _MOST_FORM_BYTES:
                return PlainTextResponse("That form is too large.\n", 413)
        return None

    def _session(self, request: Request) -> Session | None:
        return self._sessions.session(request.cookies.get(_COOKIE, ""), self._clock())

    def _render(
        self, request: Request, name: str, content: Mapping[str, Any], code: int = 200
    ) -> Response:
        chosen = request.query_params.get("lang")
        language = language_of(
            chosen or request.cookies.get(_LANGUAGE_COOKIE),
            request.headers.get("accept-language", ""),
        )
        tr = Translator(language)
        response = self._templates.TemplateResponse(
            request,
            name,
            {
                "tr": tr,
                "booth_name": self._name,
                "shows": SHOWS,
                "outcomes": OUTCOMES,
                "own_names": OWN_NAMES,
                "mode_name": lambda name: self._mode_name(name, language),
                "level_name": partial(level_name, tr),
                "modes": self._modes,
                "language": language,
                "other": _other(language),
                "session": self._session(request),
                **content,
            },
            code,
        )
        if chosen == language:
            response.set_cookie(_LANGUAGE_COOKIE, language, httponly=True, samesite="strict")
        return response

    def _mode_name(self, name: str, language: Language) -> str:
        """Return what a mode is called; one that is defined no more, by its bare name."""
        mode = self._modes.get(name)
        return name if mode is None else mode.words[language]["name"]

    # --- In and out -------------------------------------------------------------------------------

    async def show_login(self, request: Request) -> Response:
        """Ask for the PIN."""
        wait_s = self._wait_s(request)
        return self._render(request, "login.html", {"fault": "", "wait_s": wait_s})

    async def log_in(self, request: Request) -> Response:
        """Take the PIN."""
        form = await request.form(max_files=0, max_fields=4)
        pin = str(form.get("pin", ""))
        if wait_s := self._wait_s(request):
            return self._render(request, "login.html", {"fault": "", "wait_s": wait_s}, 429)
        visitor = _visitor(request)
        session = await run_in_threadpool(self._sessions.enter, pin, self._clock(), visitor)
        if session is None:
            log.warning("a wrong PIN on the operator's page, from %s", visitor)
            content = {"fault": WRONG_PIN, "wait_s": self._wait_s(request)}
            return self._render(request, "login.html", content, 403)
        log.info("an operator logged in on the page")
        response = RedirectResponse("/", 303)
        response.set_cookie(_COOKIE, session.key, httponly=True, samesite="strict")
        return response

    async def log_out(self, request: Request) -> Response:
        """End the session."""
        session = self._session(request)
        if session is None or not await _is_of(request, session):
            return PlainTextResponse("This form is not of this page.\n", 403)
        self._sessions.leave(session.key)
        response = RedirectResponse("/login", 303)
        response.delete_cookie(_COOKIE, samesite="strict", httponly=True)
        return response

    def _wait_s(self, request: Request) -> int:
        return math.ceil(self._sessions.wait_s(self._clock(), _visitor(request)))

    # --- Status and switches ----------------------------------------------------------------------

    async def status(self, request: Request) -> Response:
        """Show how the booth is, and the switches."""
        if self._session(request) is None:
            return RedirectResponse("/login", 303)
        content = {"now": self._booth.snapshot(), "done": "done" in request.query_params}
        return self._render(request, "status.html", content)

    async def live(self, request: Request) -> Response:
        """Give the part of the status that changes."""
        if self._session(request) is None:
            return PlainTextResponse("", 401)
        return self._render(request, "live.html", {"now": self._booth.snapshot()})

    async def records(self, request: Request) -> Response:
        """Show the crash reports and the end of the log."""
        if self._session(request) is None:
            return RedirectResponse("/login", 303)
        crashes, logs = places.crash_folder(), places.log_folder()
        content = {
            "kinds": KINDS,
            "reports": await run_in_threadpool(crash_reports, crashes),
            "log_tail": await run_in_threadpool(log_tail, logs),
            "crash_folder": str(crashes),
            "log_folder": str(logs),
        }
        return self._render(request, "records.html", content)

    async def obey(self, request: Request) -> Response:
        """Do what a switch says."""
        session = self._session(request)
        if session is None:
            return RedirectResponse("/login", 303)
        if not await _is_of(request, session):
            return PlainTextResponse("This form is not of this page.\n", 403)
        wish = _wish(request.path_params["what"], (await request.form()).get("value"))
        if wish is None:
            return PlainTextResponse("There is no such switch.\n", 400)
        if isinstance(wish, Order) and wish.kind == "volume":
            cap = self._settings.game.volume_cap
            wish = wish.model_copy(update={"value": min(wish.value, cap)})
        self._booth.ask(wish)
        return RedirectResponse("/?done", 303)

    # --- Results ----------------------------------------------------------------------------------

    async def statistics(self, request: Request) -> Response:
        """Show the figures of today, or of all days."""
        if self._session(request) is None:
            return RedirectResponse("/login", 303)
        now = datetime.now().astimezone()
        days = "all" if request.query_params.get("days") == "all" else "today"
        since = None if days == "all" else now.replace(hour=0, minute=0, second=0, microsecond=0)
        try:
            results = await run_in_threadpool(self._board.results, since)
        except ScoreError as error:
            log.warning("%s", error)
            return self._render(request, "away.html", {"error": str(error)}, 503)
        content = {"figures": count(results, now, tuple(self._modes)), "days": days}
        return self._render(request, "statistics.html", content)

    async def leaderboard(self, request: Request) -> Response:
        """Show what every visitor may see: for a second screen or a phone, without a PIN."""
        places = await run_in_threadpool(self._read_places)
        return self._render(request, "board.html", {"places": places})

    def _read_places(self) -> _Places:
        with self._places_lock:
            now_s, kept = self._clock(), self._places
            if kept is not None and now_s - kept.read_s < _BOARD_S:
                return kept
            try:
                tables = tuple(
                    (mode, level, self._board.leaderboard(mode, level, _PLACES))
                    for mode in self._offered
                    for level in (*self._settings.game.levels, MARATHON_LEVEL)
                )
                self._places = _Places(now_s, tables, away=False)
            except ScoreError as error:
                log.warning("%s", error)
                self._places = _Places(now_s, () if kept is None else kept.tables, away=True)
            return self._places

    async def export_csv(self, request: Request) -> Response:
        """Give all results as CSV."""
        return await self._export(request, self._csv, "text/csv; charset=utf-8", "results.csv")

    async def export_json(self, request: Request) -> Response:
        """Give all results as JSON, void ones too."""
        return await self._export(request, self._json, "application/json", "results.json")

    def _csv(self) -> bytes:
        made = io.StringIO(newline="")
        self._board.export_csv(made)
        return made.getvalue().encode(CSV_ENCODING)

    def _json(self) -> bytes:
        results = [each.model_dump(mode="json") for each in self._board.results()]
        return json.dumps({"results": results}, ensure_ascii=False).encode()

    async def _export(
        self, request: Request, make: Callable[[], bytes], kind: str, name: str
    ) -> Response:
        if self._session(request) is None:
            return RedirectResponse("/login", 303)
        try:
            content = await run_in_threadpool(make)
        except ScoreError as error:
            return PlainTextResponse(f"{error}\n", 503)
        disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type=kind, headers=disposition)

    async def metrics(self, request: Request) -> Response:
        """Give Prometheus its figures, for an operator or with the token."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self._session(request) is None and not is_token(token, self._settings.page.token_hash):
            return PlainTextResponse("", 401, {"WWW-Authenticate": "Bearer"})
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)


def _visitor(request: Request) -> str:
    return visitor_of(request.client.host if request.client else "")


async def _gone(request: Request, error: Exception) -> Response:
    """Answer somebody who has hung up in mid-request: that is no fault of ours."""
    return Response(status_code=400)


async def _is_of(request: Request, session: Session) -> bool:
    form = await request.form(max_files=0, max_fields=4)
    return is_own_form(session, str(form.get("form_token", "")))


def _wish(what: str, value: object) -> Wish | Order | None:
    match what:
        case "restart":
            return Wish.RESTART
        case "off":
            return Wish.SWITCH_OFF
        case "on":
            return Wish.SWITCH_ON
        case "void":
            return Order(kind="void_round")
        case "volume" if isinstance(value, str) and value.isascii() and value.isdigit():
            return Order(kind="volume", value=min(int(value), 100) / 100)
    return None


def _is_own_name(host: str) -> bool:
    """Say whether a request was made to an address, not to a stranger's domain name."""
    name = urlsplit(f"//{host}").hostname or ""
    if name == "localhost":
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _other(language: Language) -> Language:
    return "en" if language == "ko" else "ko"
