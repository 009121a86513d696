"""Strangers on the page's network: silent, guessing, hanging up; over real sockets."""

from __future__ import annotations

import http.client
import logging
import re
import socket
import threading
import time
from contextlib import ExitStack, closing, contextmanager, suppress
from urllib.parse import urlencode

import pytest
from free_port import free_port
from test_page import PIN, PIN_HASH, FakeBooth

from emotion_game.kiosk.page import connections
from emotion_game.kiosk.page.app import make_page
from emotion_game.kiosk.page.connections import MOST_OF_ONE, OnceAMinute, visitor_of
from emotion_game.kiosk.page.guard import Sessions
from emotion_game.kiosk.page.server import PatientServer, Server
from emotion_game.scores.board import open_board

LIMIT_S = 240.0
STRANGER, OPERATOR = "127.0.0.2", "127.0.0.1"
_POST = (
    b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n"
)


@pytest.fixture
def page(tmp_path, shipped):
    board = open_board(f"sqlite:///{tmp_path / 'scores.sqlite3'}", folder=tmp_path / "waiting")
    operator = shipped.operator.model_copy(update={"pin_hash": PIN_HASH})
    yield make_page(shipped.model_copy(update={"operator": operator}), FakeBooth(), board)
    board.close()


@pytest.fixture
def port(page):
    with Server(page, "127.0.0.1", 0) as server:
        yield server.port


def connect(port, source=STRANGER):
    return socket.create_connection(("127.0.0.1", port), LIMIT_S, source_address=(source, 0))


def ask(port, path="/board", source=OPERATOR, method="GET", form=None, cookie=""):
    line = http.client.HTTPConnection("127.0.0.1", port, LIMIT_S, source_address=(source, 0))
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    with closing(line):
        line.request(method, path, None if form is None else urlencode(form), headers)
        answer = line.getresponse()
        return answer.status, answer.getheaders(), answer.read().decode()


def log_in(port, pin, source):
    status, headers, text = ask(port, "/login", source, "POST", {"pin": pin})
    cookies = [value.partition(";")[0] for name, value in headers if name == "set-cookie"]
    return status, "; ".join(cookies), text


@pytest.mark.parametrize("source", [STRANGER, OPERATOR])
@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX"])
def test_silent_connections_shut_the_page_for_nobody(port, source, said):
    with ExitStack() as stack:
        for _ in range(60):
            silent = stack.enter_context(connect(port, source))
            silent.sendall(said)
        assert ask(port)[0] == 200
        assert ask(port, source=source)[0] == 200


def is_closed(line):
    try:
        return line.recv(65536) == b""
    except ConnectionError:
        return True


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: ",
        _POST + b"\r\npi",
    ],
)
def test_a_request_that_does_not_come_to_its_end_is_cut_off(page, monkeypatch, said):
    monkeypatch.setattr(connections, "REQUEST_S", 0.5)
    with Server(page, "127.0.0.1", 0) as server, connect(server.port) as line:
        line.sendall(said)
        assert is_closed(line)


def test_single_bytes_do_not_put_the_end_off(page, monkeypatch):
    monkeypatch.setattr(connections, "REQUEST_S", 1.0)
    with Server(page, "127.0.0.1", 0) as server, connect(server.port) as line:
        began_s = time.monotonic()
        with suppress(ConnectionError):
            while time.monotonic() - began_s < LIMIT_S:
                line.sendall(b"G")
                time.sleep(0.1)
        assert time.monotonic() - began_s < LIMIT_S


def test_many_connections_of_one_visitor_take_no_others_place(port):
    with ExitStack() as stack:
        lines = [stack.enter_context(connect(port)) for _ in range(MOST_OF_ONE + 5)]
        assert all(is_closed(line) for line in lines[:5])
        lines[-1].sendall(b"GET /board HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert lines[-1].recv(15) == b"HTTP/1.1 200 OK"


def test_wrong_pins_of_a_stranger_lock_out_that_stranger_alone(port):
    for _ in range(3):
        assert log_in(port, "1111", STRANGER)[0] == 403
    status, _, text = log_in(port, PIN, STRANGER)
    assert status == 429
    assert re.search(r"\d+ s", text)
    assert log_in(port, PIN, OPERATOR)[0] == 303


def test_strangers_together_are_slow_and_never_lock_a_session_in_use():
    sessions = Sessions(PIN_HASH)
    used = sessions.enter(PIN, 0.0, "operator")
    tried = sum(
        sessions.wait_s(now_s, f"10.0.0.{now_s}") == 0.0
        and sessions.enter("1111", float(now_s), f"10.0.0.{now_s}") is None
        for now_s in range(1, 200)
    )
    assert tried <= 22
    assert sessions.wait_s(200.0, "somebody new") > 0.0
    assert sessions.session(used.key, 200.0) == used
    assert sessions.enter(PIN, 200.0, "operator") is not None, "who was here before comes in"
    assert sessions.enter(PIN, 2000.0, "somebody new") is not None, "and anybody, in a while"


def test_other_requests_of_the_same_address_do_not_cost_the_operators(port):
    _, cookie, _ = log_in(port, PIN, OPERATOR)
    codes = [ask(port, "/login")[0] for _ in range(120)]
    assert 429 in codes
    assert ask(port, "/", cookie=cookie)[0] == 200


@contextmanager
def heard(name):
    records = []
    handler = logging.Handler()
    handler.emit = records.append
    logging.getLogger(name).addHandler(handler)
    try:
        yield records
    finally:
        logging.getLogger(name).removeHandler(handler)


def test_posts_that_are_broken_off_write_next_to_nothing(port):
    with heard(None) as records:
        for _ in range(50):
            with connect(port) as line:
                line.sendall(_POST + b"\r\npin=1")
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        for _ in range(50):
            with connect(port) as line:
                line.sendall(b"\0\xff no http\r\n\r\n")
                line.recv(100)
        assert ask(port)[0] == 200
        said = "\n".join(logging.Formatter().format(each) for each in records)
    assert "Traceback" not in said
    assert len(said) < 2000, said


def test_a_complaint_is_written_once_a_minute_and_counted():
    now_s = [0.0]
    quiet = OnceAMinute(lambda: now_s[0])

    def record():
        return logging.LogRecord("uvicorn.error", logging.WARNING, "", 0, "Bad %s", ("x",), None)

    assert [quiet.filter(record()) for _ in range(300)] == [True] + [False] * 299
    now_s[0] = 61.0
    later = record()
    assert quiet.filter(later)
    assert later.getMessage() == "Bad x (299 more like this)"


@pytest.mark.parametrize(
    ("host", "visitor"),
    [
        ("192.168.0.7", "192.168.0.7"),
        ("::ffff:192.168.0.7", "192.168.0.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
    ],
)
def test_an_ipv6_network_is_one_visitor(host, visitor):
    assert visitor_of(host) == visitor


def wait_for(condition):
    deadline_s = time.monotonic() + LIMIT_S
    while not condition():
        assert time.monotonic() < deadline_s, "it did not happen"
        time.sleep(0.02)


def test_a_page_whose_port_or_address_comes_late_is_served_then(page):
    port, told = free_port(), []
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with PatientServer(page, "127.0.0.1", port, told.append, (0.1,)):
            wait_for(lambda: told)
            assert f"127.0.0.1 port {port}: Address already in use" in told[0]
            time.sleep(0.3)
            assert len(told) == 1, "it is said once"
            other.close()
            wait_for(lambda: told[-1] == "")
            assert ask(port)[0] == 200
    assert not [each for each in threading.enumerate() if each.name.startswith("page")]


def test_an_address_that_this_machine_does_not_have_is_waited_for(page):
    told = []
    with PatientServer(page, "192.0.2.7", 8808, told.append, (0.05,)):
        wait_for(lambda: told)
    assert "192.0.2.7 port 8808: Cannot assign requested address" in told[0]
