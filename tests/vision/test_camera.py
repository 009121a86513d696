from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count, pairwise
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from emotion_game import paths
from emotion_game.errors import CameraError
from emotion_game.settings import CameraSettings
from emotion_game.vision import camera as camera_module
from emotion_game.vision.camera import (
    Camera,
    Frame,
    FreezeDetector,
    VideoSource,
    open_source,
    read_video,
)
from emotion_game.vision.slot import LatestSlot

#: Whatever a busy machine may need; no test waits for it where nothing hangs.
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
DEMO_FILM = paths.VIDEOS / "demo_player.mp4"


def wait_for(done: Callable[[], object], what: str) -> None:
    deadline_s = time.monotonic() + LIMIT_S
    while not done():
        assert time.monotonic() < deadline_s, f"{what} did not come"
        time.sleep(0.01)


def write_film(path: Path, pictures: int = 20, rate: int = 20) -> Path:
    """Write a film whose gray value is 10 times the picture's number."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=rate, options={"crf": "10", "g": "5"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(pictures):
            pixels = np.full((48, 64, 3), 10 * number, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="bgr24")))
        container.mux(stream.encode(None))
    return path


def write_picture(path: Path, value: int = 120) -> Path:
    good, data = cv2.imencode(path.suffix, np.full((48, 64, 3), value, np.uint8))
    assert good
    path.write_bytes(data.tobytes())
    return path


class Watched:
    """A camera whose frames are all kept."""

    def __init__(self, camera: Camera, slot: LatestSlot[Frame]) -> None:
        self.camera = camera
        self.slot = slot
        self.frames: list[Frame] = []

    def collect(self, enough: int) -> list[Frame]:
        deadline_s = time.monotonic() + LIMIT_S
        while len(self.frames) < enough:
            assert time.monotonic() < deadline_s, f"only {len(self.frames)} frames came"
            frame = self.slot.take(timeout_s=0.1)
            if frame is not None:
                self.frames.append(frame)
        return self.frames


def nobody_captures() -> bool:
    return not any(thread.name == "camera" for thread in threading.enumerate())


@pytest.fixture
def watch() -> Iterator[Callable[..., Watched]]:
    cameras: list[Camera] = []

    def start(spec: object, **options: object) -> Watched:
        slot: LatestSlot[Frame] = LatestSlot()
        cameras.append(Camera(str(spec), SETTINGS, slot, **options))  # type: ignore[arg-type]
        return Watched(cameras[-1], slot)

    yield start
    for camera in cameras:
        camera.close()
    wait_for(nobody_captures, "the end of the camera's thread")


class Clock:
    """The time, as far as a film source is concerned: it goes by in its waits alone."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def monotonic(self) -> float:
        return self.now_s

    def wait(self, seconds: float) -> bool:
        self.now_s += seconds
        return False


def shown_at(source: VideoSource, clock: Clock, pictures: int) -> list[tuple[float, np.ndarray]]:
    """Return pictures with the times, seconds, at which the source let them go."""
    shown = []
    for _ in range(pictures):
        picture = source.read()
        source.pace(clock)  # type: ignore[arg-type]
        shown.append((clock.now_s, picture))
    return shown


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(camera_module, "time", clock)
    return clock


# --- Files ----------------------------------------------------------------------------------------


def test_the_demo_film_comes_at_its_own_pace(clock):
    shown = shown_at(open_source("demo", SETTINGS), clock, 40)
    assert [t_s for t_s, _ in shown] == pytest.approx([100 + n / 30 for n in range(40)], abs=0.002)
    assert {picture.shape for _, picture in shown} == {(480, 640, 3)}


def test_the_demo_film_comes_through_the_thread_in_order(watch):
    frames = watch("demo").collect(40)
    assert all(earlier.t_s < later.t_s for earlier, later in pairwise(frames))
    assert {frame.picture.shape for frame in frames} == {(480, 640, 3)}


def test_frames_that_nobody_takes_are_dropped_and_counted(watch):
    watched = watch("demo")
    first = watched.collect(1)[0]
    before = watched.slot.dropped
    wait_for(lambda: watched.slot.dropped >= before + 3, "a dropped frame")
    # Three of the film's 30 a second lie between.
    assert watched.collect(2)[1].t_s > first.t_s + 0.09


def test_a_film_begins_again_when_it_ends(clock, tmp_path):
    shown = shown_at(open_source(str(write_film(tmp_path / "film.mp4")), SETTINGS), clock, 50)
    values = [int(picture.mean()) for _, picture in shown]
    assert values == pytest.approx([10 * (n % 20) for n in range(50)], abs=4.9)
    # 20 pictures a second also across the seam; there it may be the nominal 30.
    steps_s = [later - earlier for (earlier, _), (later, _) in pairwise(shown)]
    seams_s = [steps_s.pop(39), steps_s.pop(19)]
    assert steps_s == pytest.approx([1 / 20] * 47, abs=0.002)
    assert seams_s == pytest.approx([1 / 30] * 2, abs=0.002)


def test_a_film_of_one_picture_is_no_race(clock, tmp_path):
    source = open_source(str(write_film(tmp_path / "one.mp4", pictures=1)), SETTINGS)
    shown = shown_at(source, clock, 10)
    steps_s = [later - earlier for (earlier, _), (later, _) in pairwise(shown)]
    assert steps_s == pytest.approx([1 / 30] * 9, abs=0.002)


def test_a_film_begins_again_in_the_thread_too(watch, tmp_path):
    watched = watch(write_film(tmp_path / "one.mp4", pictures=1))
    watched.collect(5)
    assert watched.camera.error is None


def test_a_still_picture_is_a_camera_that_is_not_frozen(watch, tmp_path):
    watched = watch(write_picture(tmp_path / "face.png"))
    watched.collect(5)
    wait_for(lambda: watched.camera.frames > 40, "more than lost_s of the same picture")
    assert watched.camera.error is None
    wait_for(lambda: not watched.camera.is_lost(), "a camera that works")


@pytest.mark.parametrize("name", ["얼굴 사진.png", "take2:face.jpg", "50% off #1.png"])
def test_unusual_picture_names(watch, tmp_path, name):
    assert watch(write_picture(tmp_path / name)).collect(2)[0].picture.shape == (48, 64, 3)


@pytest.mark.parametrize("name", ["영상 파일.mp4", "50% off #1.mp4", "%03d.mp4"])
def test_unusual_film_names(watch, tmp_path, name):
    assert watch(write_film(tmp_path / name)).collect(2)[0].picture.shape == (48, 64, 3)


def test_a_gif_is_a_film_and_not_its_first_picture(clock, tmp_path):
    path = tmp_path / "player.gif"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("gif", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "rgb8"
        for value in (0, 255, 0, 255):
            pixels = np.full((48, 64, 3), value, np.uint8)
            frame = av.VideoFrame.from_ndarray(pixels, "bgr24").reformat(format="rgb8")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    shown = shown_at(open_source(str(path), SETTINGS), clock, 4)
    values = [int(picture.mean()) for _, picture in shown]
    assert values == pytest.approx([0, 255, 0, 255], abs=3)


def test_a_large_file_is_not_read_whole_to_find_that_it_is_a_film(tmp_path, monkeypatch):
    monkeypatch.setattr(camera_module, "_LARGEST_PICTURE_BYTES", 1000)

    def read_whole(path: Path) -> None:
        pytest.fail("it was read as a picture")

    monkeypatch.setattr(camera_module, "read_picture", read_whole)
    source = open_source(str(write_film(tmp_path / "film.mp4")), SETTINGS)
    assert source.read().shape == (48, 64, 3)


def test_a_playlist_under_the_name_of_a_film_opens_no_address(tmp_path, network_camera):
    path = tmp_path / "film.mp4"
    path.write_text(f"#EXTM3U\n#EXTINF:10,\n{network_camera.url}\n")
    with pytest.raises(CameraError, match="not a video"):
        read_video(path)
    assert not network_camera.asked.is_set()


def test_a_film_with_a_colon_in_its_name_in_the_current_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_film(tmp_path / "take2:final.mp4")
    assert len(list(read_video(Path("take2:final.mp4")))) == 20


def test_a_films_times_are_those_of_its_pictures(tmp_path):
    stamps_s = [t_s for t_s, _ in read_video(write_film(tmp_path / "film.mp4"))]
    assert stamps_s == pytest.approx([number / 20 for number in range(20)], abs=0.002)


def test_the_demo_film_has_its_length():
    stamps_s = [t_s for t_s, _ in read_video(DEMO_FILM)]
    assert len(stamps_s) == 720
    assert stamps_s[-1] == pytest.approx(719 / 30, abs=0.01)


# --- What cannot be opened ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spec", ["97", "99999999999", "²", "-1", "", "x" * 300, "http://127.0.0.1:9/x", "none.mp4"]
)
def test_a_camera_that_is_not_there_is_told_in_one_line(spec):
    with pytest.raises(CameraError) as caught:
        open_source(spec, SETTINGS)
    assert spec in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize("content", [b"", b"this is a text\n" * 500])
def test_a_text_renamed_to_a_film_is_no_film(tmp_path, content):
    path = tmp_path / "text.mp4"
    path.write_bytes(content)
    for attempt in (lambda: open_source(str(path), SETTINGS), lambda: read_video(path)):
        with pytest.raises(CameraError, match="not a video") as caught:
            attempt()
        assert str(path) in str(caught.value)


def test_ffmpeg_adds_no_lines_of_its_own(tmp_path, capfd):
    path = tmp_path / "text.mp4"
    path.write_bytes(b"this is a text\n" * 500)
    with pytest.raises(CameraError):
        read_video(path)
    assert capfd.readouterr().err == ""


def test_a_film_cut_short_is_read_as_far_as_it_goes(tmp_path):
    path = tmp_path / "short.mp4"
    path.write_bytes(DEMO_FILM.read_bytes()[:300_000])
    assert 0 < len(list(read_video(path))) < 720


def test_a_missing_camera_is_an_error_and_is_tried_again(watch, tmp_path):
    path = tmp_path / "later.png"
    camera = watch(path)
    wait_for(lambda: camera.camera.error, "the error")
    assert camera.camera.is_lost()
    assert str(path) in str(camera.camera.error)
    part = write_picture(tmp_path / "part.png")
    part.replace(path)
    camera.collect(2)
    wait_for(lambda: not camera.camera.is_lost(), "the recovery")


# --- A stream -------------------------------------------------------------------------------------


class MjpegCamera:
    """A network camera on the loopback interface that can be unplugged."""

    def __init__(self) -> None:
        camera = self
        self.plugged = threading.Event()
        self.plugged.set()
        self.frozen = threading.Event()
        self.asked = threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                camera.asked.set()
                if not camera.plugged.is_set():
                    self.send_error(503)
                    return
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
                self.end_headers()
                number = 0
                try:
                    while camera.plugged.is_set():
                        shown = 0 if camera.frozen.is_set() else number
                        pixels = np.full((48, 64, 3), 40 + shown % 160, np.uint8)
                        jpeg = cv2.imencode(".jpg", pixels)[1].tobytes()
                        self.wfile.write(
                            b"--frame\r\nContent-Type: image/jpeg\r\n"
                            b"Content-Length: %d\r\n\r\n%b\r\n" % (len(jpeg), jpeg)
                        )
                        number += 1
                        time.sleep(0.03)
                except ConnectionError:
                    pass

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/stream.mjpg"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def close(self) -> None:
        self.plugged.clear()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(LIMIT_S)


@pytest.fixture
def network_camera() -> Iterator[MjpegCamera]:
    camera = MjpegCamera()
    yield camera
    camera.close()


def test_a_stream_gives_frames_and_comes_back_after_a_fault(watch, network_camera):
    watched = watch(network_camera.url)
    frames = watched.collect(5)
    assert frames[0].picture.shape == (48, 64, 3)
    assert len({frame.picture.mean() for frame in frames}) > 1
    wait_for(lambda: not watched.camera.is_lost(), "a camera that works")

    network_camera.plugged.clear()
    wait_for(watched.camera.is_lost, "the loss of the stream")
    wait_for(lambda: watched.camera.error, "the error")
    assert network_camera.url in str(watched.camera.error)

    network_camera.plugged.set()
    before = watched.camera.frames
    wait_for(lambda: watched.camera.frames > before + 3, "the frames")
    wait_for(lambda: not watched.camera.is_lost(), "the recovery")


def test_a_stream_that_repeats_its_picture_is_an_error_until_it_changes(watch, network_camera):
    network_camera.frozen.set()
    url = network_camera.url.replace("http://", "http://admin:s3cret@") + "?pwd=s3cret"
    watched = watch(url)
    wait_for(lambda: watched.camera.error, "the error")
    assert "repeats one picture" in str(watched.camera.error)
    assert "s3cret" not in str(watched.camera.error)
    assert watched.camera.is_lost()
    before = watched.camera.frames
    network_camera.frozen.clear()
    wait_for(lambda: watched.camera.frames > before + 3, "the frames")
    wait_for(lambda: not watched.camera.is_lost(), "the recovery")


def test_a_failure_of_a_library_tells_no_password(watch, caplog):
    spec = "rtsp://admin:s3cret@cam/v?token=s3cret"

    def open_badly(*_: object) -> FakeSource:
        raise OSError(f"no route to {spec}")

    caplog.set_level("INFO")
    watched = watch(spec, open_=open_badly)
    wait_for(lambda: watched.camera.error, "the error")
    assert "no route to rtsp://admin:***@cam/v?token=***" in str(watched.camera.error)
    assert "Traceback" in caplog.text
    assert "s3cret" not in caplog.text


# --- Cameras that misbehave -----------------------------------------------------------------------


class FakeSource:
    """A device of the test's making: noise, or whatever ``read`` is replaced by."""

    live = True

    def __init__(self) -> None:
        self.closed = threading.Event()
        self._noise = np.random.default_rng(5)

    def read(self) -> np.ndarray:
        return self._noise.integers(0, 256, (48, 64, 3), dtype=np.uint8)

    def pace(self, stop: threading.Event) -> None:
        stop.wait(0.01)

    def close(self) -> None:
        self.closed.set()


def test_a_read_that_hangs_is_a_lost_camera_and_does_not_hang_the_game():
    source = FakeSource()
    hangs, goes_on = threading.Event(), threading.Event()
    noise = source.read
    given: list[int] = []

    def read() -> np.ndarray:
        if len(given) == 3:
            hangs.set()
            assert goes_on.wait(LIMIT_S)
        given.append(1)
        return noise()

    source.read = read  # type: ignore[method-assign]
    slot: LatestSlot[Frame] = LatestSlot()
    camera = Camera("0", SETTINGS, slot, open_=lambda *_: source)
    try:
        assert hangs.wait(LIMIT_S)
        wait_for(camera.is_lost, "the loss")
        assert camera.error is None
        assert camera.age_s() > SETTINGS.lost_s
        camera.close()
        # It came back though the thread still hangs.
        assert camera._thread.is_alive()
        slot.take(timeout_s=0)
    finally:
        goes_on.set()
    # The picture that comes at last belongs to nobody: another camera may use the slot by now.
    assert source.closed.wait(LIMIT_S)
    assert slot.take(timeout_s=0.2) is None


def test_a_device_that_repeats_its_picture_is_an_error():
    source = FakeSource()
    picture = source.read()
    noise = source.read
    source.read = lambda: picture  # type: ignore[method-assign]
    opened: list[FakeSource] = []

    def open_device(*_: object) -> FakeSource:
        opened.append(source)
        return source

    camera = Camera("0", SETTINGS, LatestSlot(), open_=open_device)
    try:
        wait_for(lambda: camera.error, "the error")
        assert "repeats one picture" in str(camera.error)
        assert source.closed.wait(LIMIT_S)
        # Opening it again does not make the same picture a new one.
        frames = camera.frames
        wait_for(lambda: len(opened) > 4, "some more attempts")
        assert camera.is_lost()
        assert camera.frames == frames
        source.read = noise  # type: ignore[method-assign]
        wait_for(lambda: camera.frames > frames, "a new picture")
        wait_for(lambda: not camera.is_lost(), "the recovery")
    finally:
        camera.close()


def test_a_failure_nobody_thought_of_is_an_error_and_not_silence(watch):
    def open_badly(*_: object) -> FakeSource:
        raise ZeroDivisionError("of the driver")

    watched = watch("0", open_=open_badly)
    wait_for(lambda: watched.camera.error, "the error")
    assert "of the driver" in str(watched.camera.error)
    assert not nobody_captures()


def test_a_device_is_opened_again_after_a_fault(watch):
    opened: list[FakeSource] = []

    def unplugged() -> np.ndarray:
        raise CameraError("The camera 0 stopped giving pictures.")

    def open_device(*_: object) -> FakeSource:
        opened.append(FakeSource())
        return opened[-1]

    watched = watch("0", open_=open_device)
    watched.collect(3)
    opened[0].read = unplugged  # type: ignore[method-assign]
    wait_for(lambda: len(opened) > 1, "the second attempt")
    assert opened[0].closed.is_set()
    before = watched.camera.frames
    wait_for(lambda: watched.camera.frames > before, "a frame")
    wait_for(lambda: watched.camera.error is None, "the recovery")


def test_rewind_shows_the_demo_film_from_its_start():
    first = next(read_video(DEMO_FILM))[1]
    firsts: list[int] = []
    numbers = count()

    class Slot(LatestSlot[Frame]):
        """Notes which frames are the first of the film, and asks for it anew at the tenth."""

        def put(self, item: Frame) -> None:
            number = next(numbers)
            if np.array_equal(item.picture, first):
                firsts.append(number)
            if number == 10:
                camera.rewind()

    camera = Camera("demo", SETTINGS, Slot())
    wait_for(lambda: len(firsts) == 2, "the beginning of the film")
    camera.close()
    wait_for(nobody_captures, "the end of the camera's thread")
    assert firsts == [0, 11]


def test_closing_ends_the_thread(watch):
    watched = watch("demo")
    watched.collect(1)
    watched.camera.close()
    wait_for(nobody_captures, "the end of the camera's thread")


# --- Frozen pictures ------------------------------------------------------------------------------


def test_a_picture_that_stays_the_same_is_frozen_after_the_limit():
    freeze = FreezeDetector(limit_s=2.0)
    picture = np.random.default_rng(1).integers(0, 256, (480, 640, 3), dtype=np.uint8)
    assert [freeze.is_frozen(picture.copy(), t_s) for t_s in (0.0, 1.0, 2.0, 2.1)] == [
        False,
        False,
        False,
        True,
    ]


def test_a_sensors_noise_is_not_frozen():
    freeze = FreezeDetector(limit_s=1.0)
    noise = np.random.default_rng(1)
    for number in range(60):
        picture = (128 + noise.normal(0, 1, (480, 640, 3))).astype(np.uint8)
        assert not freeze.is_frozen(picture, number * 0.1)


@pytest.fixture
def scene() -> np.ndarray:
    """One picture of the demo player, (480, 640, 3) uint8 BGR."""
    return next(read_video(DEMO_FILM))[1]


def encoded(picture: np.ndarray, quality: int = 95) -> np.ndarray:
    data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return cv2.imdecode(data, cv2.IMREAD_COLOR)


def frozen_after(pictures: list[np.ndarray], limit_s: float = 1.0) -> int | None:
    """Return the number of the first picture, 15 a second, that is called frozen."""
    freeze = FreezeDetector(limit_s)
    states = (freeze.is_frozen(each, number / 15) for number, each in enumerate(pictures))
    return next((number for number, frozen in enumerate(states) if frozen), None)


@pytest.mark.parametrize("count", [1, 2, 3, 6])
def test_buffers_that_come_in_turn_are_frozen(count):
    film = [picture for _, (_, picture) in zip(range(count), read_video(DEMO_FILM), strict=False)]
    assert frozen_after([film[number % count] for number in range(60)]) is not None


def test_a_frozen_picture_that_is_encoded_anew_each_time_is_frozen(scene):
    qualities = [80, 85, 90, 85]
    shown = [encoded(scene, qualities[number // 4 % 4]) for number in range(60)]
    assert frozen_after(shown) is not None


def test_a_clock_on_a_frozen_picture_is_no_news(scene):
    shown = []
    for number in range(60):
        picture = scene.copy()
        moment = f"2026-11-30 12:00:{number // 15:02d}.{number % 15 * 66:03d}"
        cv2.putText(picture, moment, (16, 32), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (255,) * 3, 2)
        shown.append(encoded(picture))
    assert frozen_after(shown) is not None


def test_a_camera_of_a_player_is_never_frozen():
    """Also one of few pictures a second, which gives each several times."""
    film = [encoded(picture) for _, picture in read_video(DEMO_FILM)]
    assert frozen_after(film[::2]) is None
    assert frozen_after([film[number // 6 * 6] for number in range(0, len(film), 2)]) is None


def test_a_lit_face_in_a_black_room_is_not_frozen():
    """Its noise is all that moves, and is of few pixels; the rest is black without any."""
    noise = np.random.default_rng(2)
    shown = []
    for _ in range(60):
        picture = np.zeros((480, 640, 3), np.uint8)
        picture[200:264, 300:352] = noise.normal(60, 2, (64, 52, 3))
        shown.append(picture)
    assert frozen_after(shown) is None


def test_a_covered_lens_is_frozen():
    assert frozen_after([np.zeros((480, 640, 3), np.uint8)] * 60) is not None


def test_a_change_of_the_picture_starts_the_limit_anew():
    freeze = FreezeDetector(limit_s=1.0)
    black, white = np.zeros((48, 64, 3), np.uint8), np.full((48, 64, 3), 255, np.uint8)
    assert not freeze.is_frozen(black, 0.0)
    assert not freeze.is_frozen(white, 0.9)
    assert not freeze.is_frozen(white, 1.8)
    assert freeze.is_frozen(white, 2.0)
    assert not freeze.is_frozen(black[:24], 2.1)  # a driver may change the size
