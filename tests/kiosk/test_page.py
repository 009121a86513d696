from __future__ import annotations

import codecs
import csv
import io
import re
import threading
import urllib.request
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from emotion_game import paths
from emotion_game.errors import GameError
from emotion_game.game.types import MARATHON_LEVEL, Outcome, Reason
from emotion_game.kiosk.crash import Failure, write_report
from emotion_game.kiosk.page import app as page_module
from emotion_game.kiosk.page import server as server_module
from emotion_game.kiosk.page.app import make_page
from emotion_game.kiosk.page.figures import count
from emotion_game.kiosk.page.guard import RateLimiter, Sessions
from emotion_game.kiosk.page.server import Server
from emotion_game.kiosk.page.words import language_of
from emotion_game.kiosk.pin import hash_pin, new_token
from emotion_game.kiosk.supervisor import Show, Snapshot, Wish
from emotion_game.monitor import GameStatus, LastRound, Order
from emotion_game.scores.board import open_board
from emotion_game.scores.score import Score

PIN = "29176"
PIN_HASH = hash_pin(PIN)
TOKEN, TOKEN_HASH = new_token()
NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
STATUS = GameStatus(
    screen="menu",
    in_round=False,
    camera="<0>",
    camera_working=True,
    frame_rate_hz=28.4,
    rounds=7,
    last_round=LastRound(
        finished_at=NOW,
        mode="happy",
        level=2,
        outcome=Outcome.LOST,
        reason=Reason.HELD,
        clip_id="happy/2/duck",
        decided_s=4.2,
    ),
    volume=0.5,
    faults=("no sound device",),
)


class FakeBooth:
    def __init__(self):
        self.wishes = []
        self.now = Snapshot(
            Show.GAME, True, 0.2, 3725.0, 2, 1, "2026-11-22 11:00:00: it hung", None, STATUS, 123.4
        )

    def snapshot(self):
        return self.now

    def ask(self, wish):
        self.wishes.append(wish)


def score(mode="happy", level=1, outcome=Outcome.LOST, nickname=None, points=100, at=NOW):
    return Score(
        id=uuid4(), finished_at=at, booth="b", mode=mode, level=level, outcome=outcome,
        reason=Reason.HELD, clip_id=f"{mode}/{level}/duck", clip_duration_s=20.0,
        decided_s=4.0, points=points, composure=0.5, nickname=nickname, rules_version="1",
        model_version="1",
    )  # fmt: skip


@pytest.fixture
def booth():
    return FakeBooth()


@pytest.fixture
def board(tmp_path):
    board = open_board(f"sqlite:///{tmp_path / 'scores.sqlite3'}", folder=tmp_path / "waiting")
    yield board
    board.close()


@pytest.fixture
def clock():
    return [1000.0]


@pytest.fixture
def client(booth, board, shipped, clock):
    settings = shipped.model_copy(
        update={
            "operator": shipped.operator.model_copy(update={"pin_hash": PIN_HASH}),
            "page": shipped.page.model_copy(update={"token_hash": TOKEN_HASH}),
        }
    )
    page = make_page(settings, booth, board, lambda: clock[0])
    with TestClient(page, base_url="http://127.0.0.1:8808", follow_redirects=False) as client:
        yield client


@pytest.fixture
def operator(client):
    answer = client.post("/login", data={"pin": PIN})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    return client


def form_token(client):
    return re.search(r'name="form_token" value="([^"]+)"', client.get("/").text)[1]


@pytest.mark.parametrize("path", ["/", "/statistics", "/records", "/results.csv", "/results.json"])
def test_without_the_pin_there_is_only_the_login(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert client.get("/live").status_code == 401
    assert client.get("/metrics").status_code == 401
    assert client.post("/do/restart").headers["location"] == "/login"


def test_every_answer_forbids_frames_and_foreign_scripts(client):
    for path in ("/login", "/board", "/static/page.js", "/nowhere"):
        headers = client.get(path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"


def test_wrong_pins_cost_time_even_for_the_right_one(client, clock):
    for _ in range(2):
        assert client.post("/login", data={"pin": "1111"}).status_code == 403
    answer = client.post("/login", data={"pin": "1111"})
    assert "10 s" in answer.text
    assert client.post("/login", data={"pin": PIN}).status_code == 429
    clock[0] += 11.0
    answer = client.post("/login", data={"pin": PIN})
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_a_session_ends_by_itself_and_by_hand(operator, clock):
    assert operator.get("/").status_code == 200
    clock[0] += 9 * 3600
    assert operator.get("/").status_code == 303
    operator.post("/login", data={"pin": PIN})
    token = form_token(operator)
    assert operator.post("/logout", data={"form_token": "other"}).status_code == 403
    assert operator.post("/logout", data={"form_token": token}).headers["location"] == "/login"
    assert operator.get("/").status_code == 303


def test_status_in_both_languages(operator):
    english = operator.get("/?lang=en").text
    assert "The game is running" in english
    assert "28.4" in english
    assert "happy/2/duck" in english
    assert "no sound device" in english
    assert "&lt;0&gt;" in english
    korean = operator.get("/?lang=ko").text
    assert "게임이 실행 중입니다" in korean
    assert 'lang="ko"' in operator.get("/").text, "the choice is remembered"
    assert "28.4" in operator.get("/live").text


def test_every_way_the_booth_can_be_is_shown(operator, booth):
    for show in Show:
        booth.now = replace(booth.now, show=show, running=False, status=None, memory_mib=None,
                            retry_in_s=42.4, silent_s=None)  # fmt: skip
        text = operator.get("/?lang=en").text
        assert "42 s" in text
    booth.now = replace(booth.now, show=Show.SWITCHED_OFF)
    assert "/do/on" in operator.get("/").text


@pytest.mark.parametrize(
    ("what", "value", "wish"),
    [
        ("restart", "", Wish.RESTART),
        ("off", "", Wish.SWITCH_OFF),
        ("on", "", Wish.SWITCH_ON),
        ("void", "", Order(kind="void_round")),
        ("volume", "30", Order(kind="volume", value=0.3)),
        ("volume", "999", Order(kind="volume", value=0.8)),
    ],
)
def test_switches(operator, booth, what, value, wish):
    data = {"form_token": form_token(operator), "value": value}
    assert operator.post(f"/do/{what}", data=data).headers["location"] == "/?done"
    assert booth.wishes == [wish]


def test_a_switch_needs_the_token_the_origin_and_sense(operator, booth):
    token = form_token(operator)
    for data, headers, code in (
        ({}, {}, 403),
        ({"form_token": "other"}, {}, 403),
        ({"form_token": token}, {"origin": "http://evil.example"}, 403),
        ({"form_token": token, "value": "x" * 5000}, {}, 413),
    ):
        assert operator.post("/do/restart", data=data, headers=headers).status_code == code
    for what, value in (("explode", "1"), ("volume", "loud"), ("volume", "-5")):
        answer = operator.post(f"/do/{what}", data={"form_token": token, "value": value})
        assert answer.status_code == 400
    assert operator.get("/do/restart").status_code == 405
    assert booth.wishes == []


def test_a_strangers_domain_name_is_refused(operator):
    assert operator.get("/", headers={"host": "evil.example:8808"}).status_code == 421
    for host in ("192.168.0.7:8808", "[::1]:8808", "localhost:8808"):
        assert operator.get("/board", headers={"host": host}).status_code == 200


def test_too_many_requests_are_turned_away(client, clock):
    codes = [client.get("/login").status_code for _ in range(70)]
    assert codes[:60] == [200] * 60
    assert 429 in codes
    clock[0] += 10.0
    assert client.get("/login").status_code == 200


def test_leaderboard_for_everybody(client, board):
    assert "No results yet" in client.get("/board?lang=en").text
    board.keep(score(nickname="<b>길동", points=1234))
    board.keep(score(outcome=Outcome.WON, points=99))
    assert "길동" not in client.get("/board").text, "asked again only after some seconds"


def test_leaderboard_is_escaped_and_fresh(client, board, clock):
    board.keep(score(nickname="<b>길동", points=1234))
    board.keep(score(outcome=Outcome.WON, points=99))
    text = client.get("/board?lang=en").text
    assert "&lt;b&gt;길동" in text
    assert "1,234" in text
    assert "somebody" in text
    assert "Level 1" in text


def test_leaderboard_has_the_marathons(client, board):
    board.keep(score(level=MARATHON_LEVEL, points=12_000))
    text = client.get("/board?lang=en").text
    assert "12,000" in text
    assert "· Marathon" in text
    assert str(MARATHON_LEVEL) not in text


def test_a_board_that_is_away_is_told(operator, tmp_path, clock, monkeypatch, board):
    (tmp_path / "scores.sqlite3").write_text("no database at all" * 100)
    assert "not available" in operator.get("/board?lang=en").text
    answer = operator.get("/statistics")
    assert answer.status_code == 503
    assert "scores.sqlite3" in answer.text
    assert operator.get("/results.csv").status_code == 503


def test_statistics_and_exports(operator, board, monkeypatch):
    # Not at midnight, and not just before it.
    now = NOW.astimezone().replace(hour=12)
    monkeypatch.setattr(page_module, "datetime", SimpleNamespace(now=lambda: now))
    for outcome in (Outcome.WON, Outcome.LOST, Outcome.LOST, Outcome.VOID):
        board.keep(score(outcome=outcome, at=now))
    board.keep(score("surprise", 3, Outcome.FORFEIT, at=now - timedelta(days=3)))
    today = operator.get("/statistics?lang=en").text
    assert "<svg" in today
    assert "67 %" in today
    assert "flinch" not in today
    board.keep(score("surprise", MARATHON_LEVEL, at=now - timedelta(days=3)))
    ever = operator.get("/statistics?days=all").text
    assert "flinch 3" in ever
    assert "flinch Marathon" in ever
    assert "마라톤" in operator.get("/statistics?days=all&lang=ko").text
    content = operator.get("/results.csv").content
    assert content.startswith(codecs.BOM_UTF8)  # or Excel takes Korean for something else
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(rows) == 5
    answer = operator.get("/results.json")
    assert len(answer.json()["results"]) == 6
    assert "attachment" in answer.headers["content-disposition"]


def test_metrics_need_the_token(client, booth):
    answer = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    lines = dict(
        line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#")
    )
    assert float(lines["emotion_game_up"]) == 1.0
    assert float(lines["emotion_game_restarts_total"]) == 2.0
    assert float(lines["emotion_game_readings_per_second"]) == pytest.approx(28.4)
    assert client.get("/metrics", headers={"authorization": "Bearer x"}).status_code == 401


def test_the_page_speaks_the_browsers_language():
    assert language_of(None, "de, ko;q=0.8, en;q=0.5") == "ko"
    assert language_of("en", "ko") == "en"
    assert language_of("xx", "") == "en"


def test_counting():
    figures = count(
        [
            score(outcome=Outcome.LOST, at=NOW),
            score(outcome=Outcome.WON, at=NOW - timedelta(hours=1)),
            score(level=2, outcome=Outcome.VOID, at=NOW - timedelta(hours=20)),
        ],
        NOW,
    )
    assert [(each.name, each.level, each.plays, each.void) for each in figures.levels] == [
        ("happy", 1, 2, 0), ("happy", 2, 0, 1),
    ]  # fmt: skip
    assert [each.plays for each in figures.hours] == [0] * 10 + [1, 1]
    assert figures.clips[0].lost_share == 0.5
    assert figures.clips[0].median_loss_s == 4.0
    assert figures.total.plays == 2


def test_levels_stand_in_the_order_of_the_modes():
    results = [score(mode, level) for mode in ("b", "gone", "a") for level in (100, 2, 1)]
    places = [(each.name, each.level) for each in count(results, NOW, ("b", "a")).levels]
    assert places == [(mode, level) for mode in ("b", "a", "gone") for level in (1, 2, 100)]


def test_many_sessions_push_out_the_oldest():
    door = Sessions(PIN_HASH)
    first = door.enter(PIN, 0.0)
    for _ in range(16):
        last = door.enter(PIN, 0.0)
    assert door.session(first.key, 1.0) is None
    assert door.session(last.key, 1.0) == last


def test_the_turnstile_counts_each_address_for_itself():
    turnstile = RateLimiter(rate_hz=1.0, burst=2.0)
    assert [turnstile.lets("a", 0.0) for _ in range(3)] == [True, True, False]
    assert turnstile.lets("b", 0.0)
    assert turnstile.lets("a", 1.0)


def test_served_for_real_and_a_port_that_is_taken(booth, board, shipped, monkeypatch):
    monkeypatch.setattr(server_module, "_END_S", 300.0)
    page = make_page(shipped, booth, board)
    with Server(page, "127.0.0.1", 0) as server:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/board", timeout=300) as answer:
            assert answer.status == 200
            assert "nosniff" in answer.headers["x-content-type-options"]
        with pytest.raises(GameError, match=str(server.port)):
            Server(page, "127.0.0.1", server.port)
    assert "page" not in {thread.name for thread in threading.enumerate()}


def test_the_page_says_why_the_game_failed(operator, booth, tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_state_path", lambda _app: tmp_path / "state")
    monkeypatch.setattr("platformdirs.user_log_path", lambda _app: tmp_path / "log")
    assert "There is no log" in operator.get("/records?lang=en").text
    failure = Failure("crash", -11, 12.0)
    said = ["INFO a: b", "RuntimeError: <i>it</i> did it"]
    write_report(tmp_path / "state" / "crashes", failure, NOW, None, said, tmp_path / "none", 5)
    torn = tmp_path / "state" / "crashes" / "20261122T000000-hang"
    torn.mkdir()
    (torn / "report.json").write_text('{"at": 3')
    (tmp_path / "log").mkdir()
    lines = "\n".join(f"line {number} <b>" for number in range(5000))
    (tmp_path / "log" / "kiosk.log").write_text(lines + "\n\xff", "latin-1")
    text = operator.get("/records").text
    assert "It crashed" in text
    assert text.count("RuntimeError: &lt;i&gt;it&lt;/i&gt; did it") == 2
    assert torn.name in text
    assert "line 4999 &lt;b&gt;" in text
    assert "line 4000 " not in text
    booth.now = replace(booth.now, why="RuntimeError: it")
    assert "RuntimeError: it" in operator.get("/live").text


def test_faults_and_a_full_disk_are_seen_at_once(operator, booth):
    assert "The game is running, with faults" in operator.get("/?lang=en").text
    status = booth.now.status.model_copy(update={"faults": ()})
    booth.now = replace(booth.now, status=status, free_mb=12, faults=("Only 12 MB are free",))
    text = operator.get("/live").text
    assert "with faults" in text
    assert "Only 12 MB are free" in text
    metrics = operator.get("/metrics").text
    assert "emotion_game_free_bytes 1.2e+07" in metrics
    assert "emotion_game_faults 1.0" in metrics
    booth.now = replace(booth.now, faults=())
    assert "with faults" not in operator.get("/live").text


def test_every_page_names_its_booth(booth, board, shipped, tmp_path):
    game = (paths.CONFIGS / "game.toml").read_text("utf-8")
    (tmp_path / "game.toml").write_text(game.replace('booth = ""', 'booth = "부스 <3>"'), "utf-8")
    offer = shipped.game.model_copy(update={"config": tmp_path / "game.toml"})
    page = make_page(shipped.model_copy(update={"game": offer}), booth, board)
    with TestClient(page, base_url="http://127.0.0.1:8808") as client:
        for path in ("/login", "/board"):
            text = client.get(path).text
            assert re.search("<title>.* · 부스 &lt;3&gt;</title>", text)
        assert "<strong>부스 &lt;3&gt;</strong>" in client.get("/login").text
