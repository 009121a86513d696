"""Network cameras: those that work in odd ways, and those that would fill the memory."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from emotion_game.errors import CameraError
from emotion_game.settings import CameraSettings
from emotion_game.vision import streams
from emotion_game.vision.camera import open_source
from emotion_game.vision.streams import FilmStream, JpegStream, find_jpeg, is_stream, open_stream

LIMIT_S = 120.0
SETTINGS = CameraSettings(
    width_px=640,
    height_px=480,
    rate_hz=30.0,
    first_picture_s=5.0,
    lost_s=1.0,
    retry_first_s=0.1,
    retry_longest_s=0.3,
)
MULTIPART = "multipart/x-mixed-replace; boundary=frame"


def jpeg(value: int, width: int = 64, height: int = 48, *options: int) -> bytes:
    """Return a picture with a little noise, so that its data is of some length."""
    noise = np.random.default_rng(value).integers(0, 6, (height, width, 3), dtype=np.uint8)
    good, data = cv2.imencode(".jpg", noise + np.uint8(value), [*options])
    assert good
    return data.tobytes()


def part(data: bytes, length: int | None = None) -> bytes:
    said = len(data) if length is None else length
    head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {said}\r\n\r\n"
    return head.encode() + data + b"\r\n"


Answer = Callable[[BaseHTTPRequestHandler], None]


class Web:
    """A server on the loopback interface; each path has an answer of its own."""

    def __init__(self) -> None:
        web = self
        self.answers: dict[str, Answer] = {}
        self.logins: list[str | None] = []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                web.logins.append(self.headers.get("Authorization"))
                self.close_connection = True
                with suppress(OSError):  # whoever asked has had enough
                    web.answers[self.path.partition("?")[0]](self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.host}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def body(self, path: str, content: bytes, kind: str | None = MULTIPART) -> str:
        """Answer with this body; return the address."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            if kind is not None:
                handler.send_header("Content-Type", kind)
            handler.send_header("Content-Length", str(len(content)))
            handler.end_headers()
            handler.wfile.write(content)

        self.answers[path] = answer
        return self.url + path

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(LIMIT_S)


@pytest.fixture
def web() -> Iterator[Web]:
    web = Web()
    yield web
    web.close()


def values(url: str, end: str = "stopped giving pictures|gave a single picture") -> list[int]:
    """Return the gray values of a stream's pictures, to its end and what is said of it."""
    found: list[int] = []

    def read_on(source: JpegStream | FilmStream) -> None:
        while True:
            found.append(round(float(source.read().mean()) - 2.5))

    source = open_stream(url)
    with closing(source), pytest.raises(CameraError, match=end):
        read_on(source)
    return found


# --- Cameras that work, each in its way -----------------------------------------------------------


@pytest.mark.parametrize("kind", [MULTIPART, 'multipart/x-mixed-replace;boundary="--frame"', None])
def test_pictures_in_parts(web, kind):
    body = b"".join(part(jpeg(value)) for value in (40, 80, 120))
    assert values(web.body("/v", body, kind)) == pytest.approx([40, 80, 120], abs=1)


def test_parts_without_a_length_and_with_a_wrong_one(web):
    bare = b"--frame\r\nContent-Type: image/jpeg\r\n\r\n%b\r\n" % jpeg(40)
    body = bare + part(jpeg(80), length=10) + part(jpeg(120), length=2_000_000_000) + part(jpeg(60))
    assert values(web.body("/v", body)) == pytest.approx([40, 80, 120, 60], abs=1)


def test_a_single_picture_and_pictures_without_anything_between(web):
    one = web.body("/one", jpeg(40), "image/jpeg")
    assert values(one, "gave a single picture, no video") == pytest.approx([40], abs=1)
    several = web.body("/v", b"".join(jpeg(value) for value in (40, 80)), None)
    assert values(several, "stopped giving pictures") == pytest.approx([40, 80], abs=1)


def test_broken_pictures_are_left_out(web, capfd):
    whole = jpeg(80)
    flipped = bytearray(jpeg(60, 320, 240))
    flipped[-2000:-1000] = b"\xff\x00" * 500
    body = part(whole[: len(whole) // 2]) + part(jpeg(120)) + part(bytes(flipped)) + part(jpeg(40))
    assert values(web.body("/v", body)) == pytest.approx([120, 40], abs=1)
    assert capfd.readouterr().err == ""


def test_gray_progressive_and_upright_pictures_and_another_size(web):
    gray = cv2.imencode(".jpg", np.full((48, 64), 77, np.uint8))[1].tobytes()
    body = gray + jpeg(80, 64, 48, cv2.IMWRITE_JPEG_PROGRESSIVE, 1) + jpeg(50, 48, 64)
    source = open_stream(web.body("/v", body))
    assert [source.read().shape for _ in range(3)] == [(48, 64, 3), (48, 64, 3), (64, 48, 3)]
    source.close()


def test_a_preview_in_a_pictures_header_is_not_the_picture(web):
    preview = jpeg(10, 16, 16)
    data = jpeg(90)
    block = b"\xff\xe1" + (len(preview) + 2).to_bytes(2, "big") + preview
    body = data[:2] + block + data[2:]
    assert values(web.body("/v", body)) == pytest.approx([90], abs=1)


def test_pictures_come_as_soon_as_they_are_whole(web):
    go_on = threading.Event()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", MULTIPART)
        handler.end_headers()
        handler.wfile.write(part(jpeg(40)))
        assert go_on.wait(LIMIT_S)

    web.answers["/v"] = answer
    source = open_stream(web.url + "/v")
    assert source.read().mean() == pytest.approx(42.5, abs=1)
    go_on.set()
    source.close()


def film(path: Path, kind: str) -> bytes:
    with av.open(str(path), "w", format=kind) as out:
        stream = out.add_stream("libx264", rate=20, options={"crf": "10", "bf": "0"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(10):
            pixels = np.full((48, 64, 3), 20 * number, np.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="bgr24")))
        out.mux(stream.encode(None))
    return path.read_bytes()


def test_other_films_over_http_are_read_by_ffmpeg(web, tmp_path):
    url = web.body("/v", film(tmp_path / "x.ts", "mpegts"), "video/mp2t")
    found = [value + 2.5 for value in values(url)]
    assert found == pytest.approx([20 * number for number in range(10)], abs=5)


def test_http_addresses_in_capitals():
    assert is_stream("HTTP://cam/v")
    assert is_stream("RTSP://cam/v")
    assert not is_stream("http.mp4")


# --- Logins ---------------------------------------------------------------------------------------


def basic(handler: BaseHTTPRequestHandler) -> bool:
    wanted = "Basic " + b64encode(b"admin:p@ss w0rd").decode()
    if handler.headers.get("Authorization") == wanted:
        return True
    handler.send_response(401)
    handler.send_header("WWW-Authenticate", 'Basic realm="cam"')
    handler.end_headers()
    return False


def digest(handler: BaseHTTPRequestHandler, name: str) -> bool:
    """Check a login by RFC 7616."""

    def hashed(*parts: str) -> str:
        return hashlib.new(name.replace("-", "").lower(), ":".join(parts).encode()).hexdigest()

    given = handler.headers.get("Authorization", "")
    said = dict(re.findall(r'(\w+)="?([^",]+)"?', given))
    if given.startswith("Digest "):
        first = hashed("admin", "cam", "p@ss w0rd")
        second = hashed("GET", handler.path)
        return said["response"] == hashed(
            first, "n0nce", said["nc"], said["cnonce"], "auth", second
        )
    handler.send_response(401)
    handler.send_header(
        "WWW-Authenticate", f'Digest realm="cam", nonce="n0nce", qop="auth", algorithm={name}'
    )
    handler.end_headers()
    return False


@pytest.mark.parametrize("kind", ["basic", "MD5", "SHA-256"])
def test_a_login(web, kind):
    def answer(handler: BaseHTTPRequestHandler) -> None:
        if basic(handler) if kind == "basic" else digest(handler, kind):
            handler.send_response(200)
            handler.send_header("Content-Type", MULTIPART)
            handler.end_headers()
            handler.wfile.write(part(jpeg(40)))
        elif handler.headers.get("Authorization"):
            handler.send_error(401)

    web.answers["/v"] = answer
    for password in ("p%40ss%20w0rd", "p@ss w0rd"):
        assert values(f"http://admin:{password}@{web.host}/v?x=1") == pytest.approx([40], abs=1)
    with pytest.raises(CameraError) as caught:
        open_stream(f"http://admin:wr0ng@{web.host}/v")
    assert "refuses the login" in str(caught.value)
    assert "wr0ng" not in str(caught.value)


def test_a_login_goes_to_nobody_else(web):
    other = Web()
    try:
        other.answers["/v"] = lambda handler: basic(handler)
        web.answers["/v"] = redirect(f"{other.url}/v")
        with pytest.raises(CameraError, match="refuses the login"):
            open_stream(f"http://admin:p%40ss%20w0rd@{web.host}/v")
        assert other.logins == [None]
    finally:
        other.close()


def redirect(to: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", to)
        handler.end_headers()

    return answer


def test_an_address_that_has_moved(web):
    web.body("/new", part(jpeg(40)))
    web.answers["/v"] = redirect("/new")
    assert values(f"{web.url}/v") == pytest.approx([40], abs=1)


# --- What is no camera ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("text/html", b"<html>login</html>", "gives a page"),
        (None, b"  <!doctype html>", "gives a page"),
        ("application/json", b"{}", "gives a page"),
        ("video/mp4", b"no film" * 1000, "cannot be opened"),
        (None, b"", "cannot be opened"),
    ],
)
def test_what_gives_no_pictures_is_told_in_one_line(web, kind, content, words):
    url = web.body("/v", content, kind) + "?user=admin&pwd=s3cret"
    with pytest.raises(CameraError, match=words) as caught:
        open_source(url, SETTINGS)
    assert "\n" not in str(caught.value)
    assert caught.value.hint
    assert "s3cret" not in str(caught.value)
    assert "pwd=***" in str(caught.value)


def test_an_answer_with_a_fault_and_one_of_no_sense(web):
    web.answers["/gone"] = lambda handler: handler.send_error(404, "x" * 500)
    web.answers["/odd"] = lambda handler: handler.wfile.write(b"\x16\x03\x01" * 100 + b"\r\n\r\n")
    for path in ("/gone", "/odd"):
        with pytest.raises(CameraError, match="cannot be opened") as caught:
            open_stream(web.url + path)
        assert len(str(caught.value)) < 300


def test_nothing_but_the_web_is_gone_to(web):
    web.answers["/v"] = redirect("file:///etc/hostname")
    with pytest.raises(CameraError, match="cannot be opened"):
        open_stream(web.url + "/v")


def test_a_redirect_without_end(web):
    web.answers["/v"] = redirect("/v")
    with pytest.raises(CameraError, match="cannot be opened"):
        open_stream(web.url + "/v")


def test_a_picture_that_is_too_large_by_its_header(web):
    data = bytearray(jpeg(40))
    header = data.index(b"\xff\xc0")
    data[header + 5 : header + 9] = (65_500).to_bytes(2, "big") * 2
    source = open_stream(web.body("/v", part(bytes(data))))
    with pytest.raises(CameraError, match="65500 x 65500"):
        source.read()
    source.close()


def test_headers_without_end_are_given_up(web, monkeypatch):
    monkeypatch.setattr(streams, "TIMEOUT_S", 0.5)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        while True:
            handler.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    web.answers["/v"] = answer
    with pytest.raises(CameraError, match="cannot be opened"):
        open_stream(web.url + "/v")


def test_a_camera_that_goes_silent_or_sends_no_whole_picture(web, monkeypatch):
    monkeypatch.setattr(streams, "TIMEOUT_S", 0.5)
    over = threading.Event()

    def silent(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", MULTIPART)
        handler.end_headers()
        handler.wfile.write(part(jpeg(40)))
        over.wait(LIMIT_S)

    def broken(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", MULTIPART)
        handler.end_headers()
        while not over.wait(0.01):
            handler.wfile.write(part(jpeg(40)[:-300]))

    web.answers |= {"/silent": silent, "/broken": broken}
    try:
        source = open_stream(web.url + "/silent")
        source.read()
        with pytest.raises(CameraError, match="stopped giving pictures"):
            source.read()
        source.close()
        source = open_stream(web.url + "/broken")
        with pytest.raises(CameraError, match="no whole JPEG"):
            source.read()
        source.close()
    finally:
        over.set()


FLOOD = b"\x55" * 1_000_000


def flood(begin: bytes) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(begin)
        for _ in range(500):
            handler.wfile.write(FLOOD)

    return answer


STATUS = b"HTTP/1.1 200 OK\r\nContent-Type: " + MULTIPART.encode() + b"\r\n"
FLOODS = {
    "part": STATUS + b"\r\n" + part(b"", 2_000_000_000)[:-2] + jpeg(40)[:-100],
    "no picture": STATUS + b"\r\n" + part(b"", 2_000_000_000)[:-2],
    "part's header": STATUS + b"\r\n--frame\r\nX: ",
    "chunk": STATUS + b"Transfer-Encoding: chunked\r\n\r\n7fffffff\r\n\xff\xd8\xff\xe0",
    "header": b"HTTP/1.1 200 OK\r\nX: ",
    "redirect": b"HTTP/1.1 302 Found\r\nLocation: /no\r\n\r\n",
    "login": b'HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm="x"\r\n\r\n',
    "page": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>",
}
PEAK = """
import resource, sys
from emotion_game.errors import CameraError
from emotion_game.vision import streams
streams.TIMEOUT_S = 3.0
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
before = peak()
try:
    streams.open_stream(sys.argv[1]).read()
except CameraError as error:
    print(peak() - before, error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows counts no peak of memory")
@pytest.mark.parametrize("where", FLOODS)
def test_what_has_no_end_does_not_fill_the_memory(web, where):
    web.answers |= {"/v": flood(FLOODS[where]), "/no": lambda handler: handler.send_error(404)}
    url = f"http://admin:s3cret@{web.host}/v"
    answer = subprocess.run(
        [sys.executable, "-c", PEAK, url],
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=True,
    )
    grown_mib, words = answer.stdout.split(maxsplit=1)
    assert int(grown_mib) < 100  # the largest picture twice, and what Python keeps
    assert "s3cret" not in words + answer.stderr


# --- Where a picture ends -------------------------------------------------------------------------


def test_pictures_are_found_in_pieces_of_any_size():
    whole = b"--frame\r\n\r\n".join(jpeg(value) for value in (40, 80, 120))
    for size in (1, 7, 1000, len(whole)):
        data, searched, found = bytearray(), 0, []
        for at in range(0, len(whole), size):
            data += whole[at : at + size]
            while isinstance(where := find_jpeg(data, searched), slice):
                found.append(bytes(data[where]))
                del data[: where.stop]
                searched = 0
            searched = where
        assert found == [jpeg(value) for value in (40, 80, 120)]


def test_noise_is_no_picture_and_is_not_kept():
    noise = np.random.default_rng(3)
    data, searched = bytearray(), 0
    for _ in range(200):
        data += noise.bytes(5000)
        where = find_jpeg(data, searched)
        assert not isinstance(where, slice)
        searched = where
    assert len(data) < 200_000
