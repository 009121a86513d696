"""Network cameras: JPEG pictures over HTTP, read here, and everything else that FFmpeg opens.

A broken camera, or another program on its address, must not fill the memory:
nothing larger than the largest picture is ever held, and nothing is waited for without end.
"""

from __future__ import annotations

import hashlib
import http.client
import io
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import Message
from typing import IO, Any
from urllib import request
from urllib.error import HTTPError, URLError
from urllib.parse import quote

import av
import numpy as np
from av.container import InputContainer
from av.video.stream import VideoStream
from numpy.typing import NDArray

from emotion_game.addresses import hide_secrets, safe_name, split_login
from emotion_game.decoding import (
    open_container,
    picture_stream,
    pictures,
    quarter_turns,
    reason,
    shown_size_px,
    to_bgr,
)
from emotion_game.errors import CameraError

#: How long a camera may take to answer, and for each further picture.
TIMEOUT_S = 5.0
#: A picture of 8K, 7680 x 4320, and as much of a JPEG file as it may take.
LARGEST_SIDE_PX, LARGEST_PX = 8_192, 8_192 * 4_352
LARGEST_JPEG_BYTES = 32 * 1024 * 1024

_HTTP = ("http://", "https://")
_OTHERS = ("rtsp://", "rtsps://")
_HINT = "Check the address and the network."
#: What FFmpeg may take a stream for. JPEG pictures in parts are not among them: it would hold a
#: part as large as its header claims.
_OPTIONS = {
    "format_whitelist": "rtsp,rtp,sdp,mpegts,mpeg,hls,mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,flv,"
    "asf,avi,ogg,nut,h264,hevc,m4v,mpegvideo",
    "protocol_whitelist": "http,https,httpproxy,tcp,tls,udp,rtp,rtsp,srtp,crypto",
    "rtsp_transport": "tcp",
}
_PIECE = 65_536
_START, _END = b"\xff\xd8", b"\xff\xd9"
#: JPEG markers (ITU-T T.81) of a frame's header, and of the data behind it.
_FRAME_HEADERS = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_SCAN = 0xDA
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})


def is_stream(spec: str) -> bool:
    """Return whether a camera's name is an address."""
    return spec.lower().startswith((*_HTTP, *_OTHERS))


class JpegStream:
    """JPEG pictures one behind the other in the body of an HTTP answer, whatever is between them.

    Args:
        body: the answer.
        name: the camera's, without its password.
    """

    live = True

    def __init__(self, body: http.client.HTTPResponse, name: str) -> None:
        self._body = body
        self._name = name
        self._data = bytearray()
        self._decoder = JpegDecoder()
        self._given = 0

    def read(self) -> NDArray[np.uint8]:
        """Return the next picture that is whole, (height, width, 3) uint8 BGR; skip broken ones.

        Raises:
            CameraError: when none comes in time.
        """
        until_s = time.monotonic() + TIMEOUT_S
        while True:
            jpeg = self._next_jpeg(until_s)
            picture = self._decoder.decode(jpeg) if jpeg is not None else None
            if picture is not None:
                self._given += 1
                return picture
            if time.monotonic() > until_s:
                raise CameraError(
                    f"The camera {self._name} gives no whole JPEG picture.", hint=_HINT
                )

    def pace(self, stop: threading.Event) -> None:
        """See ``FrameSource``; the camera itself sets the pace."""

    def close(self) -> None:
        """Close the connection."""
        self._body.close()

    def _next_jpeg(self, until_s: float) -> bytes | None:
        """Cut the next picture out of what comes; None: it took too long or was cut off."""
        searched = 0
        while True:
            found = find_jpeg(self._data, searched)
            if isinstance(found, slice):
                jpeg = bytes(self._data[found])
                del self._data[: found.stop]
                return jpeg
            searched = found
            if len(self._data) > LARGEST_JPEG_BYTES:
                self._data.clear()
                raise CameraError(
                    f"The camera {self._name} gives a picture of more than"
                    f" {LARGEST_JPEG_BYTES // 2**20} MB.",
                    hint="Let it send smaller ones.",
                )
            if time.monotonic() > until_s:
                return None
            try:
                piece = self._body.read1(_PIECE)
            except (OSError, http.client.HTTPException) as error:
                raise self._stopped() from error
            if not piece and self._given == 1:
                raise CameraError(
                    f"The camera {self._name} gave a single picture, no video.",
                    hint="Another of its addresses may have the video.",
                )
            if not piece:
                raise self._stopped()
            self._data += piece

    def _stopped(self) -> CameraError:
        return CameraError(
            f"The camera {self._name} stopped giving pictures.", hint="Check its cable."
        )


def find_jpeg(data: bytearray, searched: int = 0) -> slice | int:
    """Find the first whole JPEG picture; what cannot belong to one is removed from the front.

    Args:
        data: what came so far.
        searched: what this function returned for the shorter data; 0 at first.

    Returns:
        Where the picture is, or up to where its end was looked for.
    """
    while True:
        start = data.find(_START)
        if start < 0:
            del data[: max(0, len(data) - 1)]
            return 0
        if start:
            del data[:start]
            searched = 0
        scan = _scan_start(data)
        if scan is None:
            return 0
        if scan < 0:
            del data[:2]  # no picture begins here
            continue
        at = max(scan, searched)
        end, again = data.find(_END, at), data.find(_START, at)
        if again >= 0 and (end < 0 or again < end):
            # Within a picture's data no other can begin: this one was cut off.
            del data[:again]
            searched = 0
            continue
        if end < 0:
            return max(scan, len(data) - 1)
        return slice(0, end + 2)


def _scan_start(data: bytes | bytearray) -> int | None:
    """Return where a JPEG's data begins; None: not there yet; -1: it is no JPEG."""
    found = _headers(data)
    return found if found is None or isinstance(found, int) else found[0]


def _headers(data: bytes | bytearray) -> tuple[int, int, int] | int | None:
    """Walk over a JPEG's headers.

    Returns:
        Where its data begins, width and height; None: more is needed; -1: it is no JPEG.
    """
    at, width, height = 2, 0, 0
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return -1
        marker = data[at + 1]
        if marker == 0xFF:  # fill
            at += 1
            continue
        if marker in _WITHOUT_LENGTH:
            at += 2
            continue
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if length < 2 or marker in (0x00, 0xD8, 0xD9):
            return -1
        if marker in _FRAME_HEADERS:
            if at + 9 > len(data):
                return None
            height = int.from_bytes(data[at + 5 : at + 7], "big")
            width = int.from_bytes(data[at + 7 : at + 9], "big")
        at += 2 + length
        if marker == _SCAN:
            if at > len(data):
                return None
            return (at, width, height) if width and height else -1
    return None


class JpegDecoder:
    """Decodes JPEG pictures one by one, and tells whole ones from damaged ones."""

    def __init__(self) -> None:
        self._codec = av.VideoCodecContext.create("mjpeg", "r")
        self._codec.options = {"err_detect": "explode"}

    def decode(self, jpeg: bytes) -> NDArray[np.uint8] | None:
        """Return a picture upright, (height, width, 3) uint8 BGR; None: it is broken.

        Raises:
            CameraError: when the picture is too large to be held.
        """
        found = _headers(jpeg)
        if not isinstance(found, tuple):
            return None
        _, width, height = found
        if max(width, height) > LARGEST_SIDE_PX or width * height > LARGEST_PX:
            raise CameraError(
                f"A picture of the camera is {width} x {height} pixels large; at most 7680 x 4320"
                " are read.",
                hint="Let it send smaller ones.",
            )
        try:
            for frame in self._codec.decode(av.Packet(jpeg)):
                turned = quarter_turns(frame) % 2
                size_px = (frame.height, frame.width) if turned else (frame.width, frame.height)
                return to_bgr(frame, size_px)
        except av.FFmpegError:
            return None
        return None


class FilmStream:
    """A stream of film (RTSP, MPEG-TS, HLS ...) through FFmpeg."""

    live = True

    def __init__(self, container: InputContainer, stream: VideoStream, name: str) -> None:
        self._container = container
        self._stream = stream
        self._frames = pictures(container, stream)
        self._name = name

    def read(self) -> NDArray[np.uint8]:
        """See ``FrameSource``."""
        try:
            frame = next(self._frames, None)
            if frame is not None:
                return to_bgr(frame, shown_size_px(frame, self._stream))
            why = "stopped giving pictures"
        except av.ExitError:
            why = f"gave no picture for {TIMEOUT_S:.0f} s"
        except av.FFmpegError as error:
            why = f"stopped giving pictures: {reason(error)}"
        raise CameraError(f"The camera {self._name} {why}.", hint=_HINT)

    def pace(self, stop: threading.Event) -> None:
        """See ``FrameSource``; the camera itself sets the pace."""

    def close(self) -> None:
        """Close the connection."""
        self._frames = iter(())
        self._container.close()


def open_stream(url: str) -> JpegStream | FilmStream:
    """Open a network camera.

    Raises:
        CameraError: when it does not answer, wants another login or gives no pictures.
    """
    name = safe_name(url)
    if url.lower().startswith(_HTTP):
        body = _ask(url, name)
        try:
            jpeg = _gives_jpeg(body, name)
        except BaseException:
            body.close()
            raise
        if jpeg:
            return JpegStream(body, name)
        body.close()
    return _open_film(url, name)


def _gives_jpeg(body: http.client.HTTPResponse, name: str) -> bool:
    kind = body.headers.get_content_type()
    if kind.startswith("multipart/") or kind in ("image/jpeg", "image/jpg", "video/x-motion-jpeg"):
        return True
    try:
        begins = body.peek(3)[:3].lstrip()
    except (OSError, http.client.HTTPException) as error:
        raise CameraError(f"The stream {name} cannot be read.", hint=_HINT) from error
    if begins.startswith((_START, b"--")):
        return True
    if begins.startswith(b"<") or kind in ("text/html", "application/json"):
        raise CameraError(
            f"The stream {name} gives a page ({kind}), no video.",
            hint="Open it in a browser: it may want a login, or another address has the video.",
        )
    return False


def _open_film(url: str, name: str) -> FilmStream:
    try:
        container = open_container(_for_ffmpeg(url), _OPTIONS, TIMEOUT_S)
    except av.FFmpegError as error:
        raise CameraError(
            f"The stream {name} cannot be opened: {reason(error)}.", hint=_HINT
        ) from None  # FFmpeg's error holds the address with its password
    stream = picture_stream(container)
    if stream is None:
        container.close()
        raise CameraError(f"The stream {name} has no pictures.", hint=_HINT)
    return FilmStream(container, stream, name)


def _for_ffmpeg(url: str) -> str:
    """Write a login with the escapes that FFmpeg needs."""
    plain, user, password = split_login(url)
    if user is None or password is None:
        return url
    scheme, _, rest = plain.partition("://")
    return f"{scheme}://{quote(user, safe='')}:{quote(password, safe='')}@{rest}"


# --- HTTP -----------------------------------------------------------------------------------------


class _Connection(http.client.HTTPConnection):
    def getresponse(self) -> http.client.HTTPResponse:
        """Give up on headers that come without end, however often some of them come."""
        assert self.sock is not None
        limit = threading.Timer(TIMEOUT_S, self.sock.shutdown, (socket.SHUT_RDWR,))
        limit.daemon = True
        limit.start()
        try:
            return super().getresponse()
        finally:
            limit.cancel()


class _SafeConnection(_Connection, http.client.HTTPSConnection):
    pass


class _Http(request.HTTPHandler):
    def http_open(self, req: request.Request) -> http.client.HTTPResponse:
        return self.do_open(_Connection, req)


class _Https(request.HTTPSHandler):
    def https_open(self, req: request.Request) -> http.client.HTTPResponse:
        # Cameras sign their certificates themselves; nobody could say whether one is right.
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return self.do_open(_SafeConnection, req, context=context)


class _Redirects(request.HTTPRedirectHandler):
    def __init__(self, logins: request.HTTPPasswordMgr) -> None:
        self._logins = logins

    def redirect_request(
        self,
        req: request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> request.Request | None:
        """Take the login out of the new address, too."""
        plain, user, password = split_login(newurl)
        if user is not None and password is not None:
            self._logins.add_password(None, plain, user, password)  # type: ignore[arg-type]
        return super().redirect_request(req, fp, code, msg, headers, plain)

    def http_error_302(
        self, req: request.Request, fp: IO[bytes], code: int, msg: str, headers: Message
    ) -> Any:
        # Python's own would read the answer's body to its end, and some have none.
        fp.close()
        return super().http_error_302(
            req,
            io.BytesIO(),
            code,
            msg,
            headers,  # type: ignore[arg-type]
        )

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302


class _Basic(request.HTTPBasicAuthHandler):
    def http_error_401(
        self,
        req: request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
    ) -> Any:
        """Close the answer that asked for the login, which Python's own leaves open."""
        with _closed_unless_none(fp) as answers:
            answers.append(super().http_error_401(req, fp, code, msg, headers))
        return answers[0]


class _Digest(request.HTTPDigestAuthHandler):
    def http_error_401(
        self,
        req: request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
    ) -> Any:
        """See :class:`_Basic`."""
        with _closed_unless_none(fp) as answers:
            answers.append(super().http_error_401(req, fp, code, msg, headers))
        return answers[0]

    def get_algorithm_impls(
        self, algorithm: str
    ) -> tuple[Callable[[str], str], Callable[[str, str], str]]:
        """Know SHA-256 too, which newer cameras ask for."""
        if algorithm.upper() != "SHA-256":
            return super().get_algorithm_impls(algorithm)

        def digest(text: str) -> str:
            return hashlib.sha256(text.encode()).hexdigest()

        return digest, lambda secret, data: digest(f"{secret}:{data}")


@contextmanager
def _closed_unless_none(asked: IO[bytes]) -> Iterator[list[Any]]:
    """Close an answer once another has taken its place; None: the next handler gets it."""
    answers: list[Any] = []
    try:
        yield answers
    finally:
        if answers != [None]:
            asked.close()


def _opener(url: str, user: str | None, password: str | None) -> request.OpenerDirector:
    logins = request.HTTPPasswordMgrWithDefaultRealm()
    if user is not None and password is not None:
        logins.add_password(None, url, user, password)
    opener = request.OpenerDirector()
    # No other than these: an answer may send elsewhere, but not to files.
    for handler in (
        request.ProxyHandler(),
        _Http(),
        _Https(),
        request.HTTPDefaultErrorHandler(),
        request.HTTPErrorProcessor(),
        request.UnknownHandler(),
        _Redirects(logins),
        _Basic(logins),
        _Digest(logins),
    ):
        opener.add_handler(handler)
    return opener


def _ask(url: str, name: str) -> http.client.HTTPResponse:
    plain, user, password = split_login(url)
    plain = quote(plain, safe="%/:=&?~#+!$,;'@()*[]")
    try:
        asked = request.Request(plain, headers={"User-Agent": "emotion-game", "Accept": "*/*"})
        answer = _opener(plain, user, password).open(asked, timeout=TIMEOUT_S)
    except HTTPError as error:
        error.close()
        if error.code in (401, 403):
            raise CameraError(
                f"The stream {name} refuses the login ({error.code}).",
                hint="Write user and password before the host, as in user:password@host.",
            ) from None
        why = f"it answers {error.code} {error.reason}"
        raise CameraError(
            f"The stream {name} cannot be opened: {_one_line(hide_secrets(why, url))}.", hint=_HINT
        ) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        cause = error.reason if isinstance(error, URLError) else error
        why = getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
        raise CameraError(
            f"The stream {name} cannot be opened: {_one_line(hide_secrets(why, url))}.", hint=_HINT
        ) from None
    assert isinstance(answer, http.client.HTTPResponse)
    return answer


def _one_line(words: str) -> str:
    """Return an answer's own words, shortened: there may be much of them."""
    return " ".join(words.split())[:100].rstrip(".")
