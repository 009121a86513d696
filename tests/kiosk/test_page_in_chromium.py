"""The operator's page as a real browser shows it: headless Chromium, its scripts and all.

Chromium alone is needed, no driver: a page of the test's own, on the same server, logs in and goes
where it is told; Chromium writes down what it then shows. ``EMOTION_GAME_PICTURES=FOLDER`` keeps
a picture of each page.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route
from test_page import PIN, PIN_HASH, FakeBooth, score

from emotion_game.game.types import Outcome
from emotion_game.kiosk.page.app import make_page
from emotion_game.kiosk.page.server import Server
from emotion_game.kiosk.supervisor import Wish
from emotion_game.scores.board import open_board

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
LIMIT_S = 240
#: Of the page's own time: the status asks for news every 2 s.
BUDGET_MS = 9000
PHONE, DESK = (500, 900), (1280, 800)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")

#: Log in, then go on; or, logged in, press a switch of the page.
_LOGIN = """<!doctype html><script>
fetch("/login", {{method: "POST", body: new URLSearchParams({{pin: "{pin}"}})}})
  .then(() => location.replace("{path}"));
</script>"""
_SWITCH = """<!doctype html><script>
(async () => {{
  await fetch("/login", {{method: "POST", body: new URLSearchParams({{pin: "{pin}"}})}});
  const page = document.createElement("div");
  page.innerHTML = await (await fetch("/")).text();
  document.body.append(page);
  page.querySelector('[action="{path}"] button, button[formaction="{path}"]').click();
}})();
</script>"""


class LiveBooth(FakeBooth):
    """Reads so many pictures a second, one value a question, then 30.7."""

    rates_hz = ()

    def snapshot(self):
        rate_hz = self.rates_hz.pop() if self.rates_hz else 30.7
        status = self.now.status.model_copy(update={"frame_rate_hz": rate_hz})
        return replace(self.now, status=status)


@pytest.fixture
def booth():
    return LiveBooth()


@pytest.fixture
def board(tmp_path):
    board = open_board(f"sqlite:///{tmp_path / 'scores.sqlite3'}", folder=tmp_path / "waiting")
    now = datetime.now(UTC)
    for number, name in enumerate(("다람쥐", "WWWWWWWWWWWW", "<b>Kim", None)):
        board.keep(score(nickname=name, points=9000 - 700 * number, at=now))
        board.keep(score("surprise", 2, Outcome.WON, name, 4000 - number, now))
    board.deliver()
    yield board
    board.close()


@pytest.fixture
def browse(booth, board, shipped, tmp_path):
    """Serve the page, open one of its pages in Chromium, return the document it ends up with."""
    operator = shipped.operator.model_copy(update={"pin_hash": PIN_HASH})
    page = make_page(shipped.model_copy(update={"operator": operator}), booth, board)

    def enter(request: Request) -> HTMLResponse:
        form = _SWITCH if "press" in request.query_params else _LOGIN
        return HTMLResponse(form.format(pin=PIN, path=request.query_params["path"]))

    outer = Starlette(routes=[Route("/enter-for-test", enter), Mount("/", page)])
    with Server(outer, "127.0.0.1", 0) as server:

        def open_page(path, size=DESK, *, press=False, logged_in=True):
            url = f"http://127.0.0.1:{server.port}"
            way = f"/enter-for-test?path={quote(path, safe='')}" + "&press" * press
            kept = os.environ.get("EMOTION_GAME_PICTURES")
            name = "".join(c if c.isalnum() else "-" for c in path).strip("-") or "status"
            picture = Path(kept or tmp_path) / f"{name}-{size[0]}.png"
            done = subprocess.run(
                [
                    str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                    "--hide-scrollbars", f"--user-data-dir={tmp_path / 'profile'}",
                    f"--window-size={size[0]},{size[1]}", f"--virtual-time-budget={BUDGET_MS}",
                    f"--screenshot={picture}", "--dump-dom", url + (way if logged_in else path),
                ],
                capture_output=True, text=True, encoding="utf-8", timeout=LIMIT_S, check=False,
            )  # fmt: skip
            assert done.returncode == 0, done.stderr[-2000:]
            return done.stdout

        yield open_page


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_the_status_shows_and_keeps_itself_fresh(browse, booth, size):
    for _ in range(4):  # on a busy machine Chromium may be done before the answer is there
        booth.rates_hz = [28.4]
        document = browse("/?lang=en", size)
        assert "The game is running" in document
        if "30.7" in document:
            break
    assert "30.7" in document, "its own script has asked again"
    assert re.search(r'id="stale"[^>]* hidden', document)


def test_the_status_in_korean_and_a_refused_login(browse):
    assert "게임이 실행 중입니다" in browse("/?lang=ko", PHONE)
    assert 'name="pin"' in browse("/login?lang=ko", PHONE, logged_in=False)


def test_statistics_show_their_plots(browse):
    document = browse("/statistics?lang=en")
    assert "<svg" in document
    assert "<script>" not in document


def test_the_leaderboard_needs_no_pin_and_runs_nobodys_markup(browse):
    document = browse("/board?lang=ko", PHONE, logged_in=False)
    assert "다람쥐" in document
    assert "&lt;b&gt;Kim" in document


def test_a_switch_is_pressed(browse, booth):
    browse("/do/restart", press=True)
    assert booth.wishes == [Wish.RESTART]
