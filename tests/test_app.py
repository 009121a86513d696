"""Whole rounds offscreen: real detector, network, clip, rules and window."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterable
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from steady_time import SteadyTime

from emotion_game import paths
from emotion_game.app import Game, PlayOptions, open_services
from emotion_game.app import face_feed as eyes
from emotion_game.app.files import ResultsFile
from emotion_game.app.pages.base import Offer
from emotion_game.app.stage import Stage
from emotion_game.clips.library import Clip, Library, load_library
from emotion_game.errors import CameraError, ClipError, GameError
from emotion_game.game import events
from emotion_game.game.playlist import Playlist
from emotion_game.game.points import round_points
from emotion_game.game.types import Outcome, Reason
from emotion_game.misreads import Misreads
from emotion_game.screens.check import CheckView
from emotion_game.screens.countdown import CountdownView
from emotion_game.screens.levels import LevelView
from emotion_game.screens.naming import NameView
from emotion_game.screens.players import PlayersView
from emotion_game.screens.ready import ReadyView
from emotion_game.screens.record_question import Consent
from emotion_game.screens.result import ResultView
from emotion_game.screens.title import TitleView
from emotion_game.screens.tournament import TournamentOverView, TournamentView
from emotion_game.ui.intents import ChooseMode, Intent, NamePlayer, TypeKey, UserIntent
from emotion_game.ui.notices import (
    Notice,
    NoticeKind,
)
from emotion_game.ui.view import View
from emotion_game.ui.window import Window
from emotion_game.vision.camera import Camera, read_video
from emotion_game.vision.classifier import ExpressionClassifier

ROUND = PlayOptions(
    mode="happy",
    level=1,
    camera="demo",
    player="pyav",
    language="en",
    seed=1,
    offscreen=True,
    rounds=1,
)


#: For whatever a busy machine needs; no test waits for it where nothing hangs.
LIMIT_S = 120.0


@pytest.fixture(autouse=True)
def no_leaked_threads():
    before = set(threading.enumerate())
    yield
    deadline_s = time.monotonic() + LIMIT_S
    while set(threading.enumerate()) - before and time.monotonic() < deadline_s:
        time.sleep(0.05)
    assert not {thread.name for thread in set(threading.enumerate()) - before}


@pytest.fixture(autouse=True)
def time_goes_by(request, monkeypatch):
    """Nothing here depends on the machine's pace, but for what comes over the network."""
    return None if "stream" in request.fixturenames else SteadyTime(monkeypatch)


@pytest.fixture
def home(time_goes_by):
    """Open a game at home; with these clips and this visitor, if any are given."""

    def open_game(
        options: PlayOptions,
        clips: tuple[Clip, ...] | None = None,
        visitor: Visitor | None = None,
        offer: Offer | None = None,
    ) -> Game:
        services = open_services(options, time_goes_by or time)
        if visitor is not None:
            visitor.window = services.window
            services = replace(services, window=visitor)
        if clips is not None:
            rng = random.Random(options.seed)
            stage = Stage(Library(clips), rng, services.notices, mute_allowed=False)
            services = replace(services, stage=stage)
        return Game(options, services, offer)

    return open_game


def test_the_demo_player_laughs_and_loses(home, tmp_path):
    results_file, shots = tmp_path / "out.json", tmp_path / "shots"
    events = tmp_path / "events.jsonl"
    (result,) = home(
        replace(ROUND, results_file=results_file, screenshots=shots, events_file=events)
    ).run()
    assert (result.outcome, result.reason) == (Outcome.LOST, Reason.HELD)
    assert result.began_s is not None
    assert 1.0 < result.began_s < result.decided_s < result.duration_s
    assert result.baseline < 0.3
    (written,) = json.loads(results_file.read_text("utf-8"))["rounds"]
    assert written["outcome"] == "lost"
    assert written["clip_id"] == result.clip_id
    assert written["camera"] == "demo"
    assert len(written["curve"]) == len(result.curve) > 5
    names = [each.stem.split("-", 1)[1] for each in sorted(shots.iterdir())]
    assert names[:4] == ["title", "ready", "countdown", "playing"]
    assert names[-1] == "result"
    assert '"ClipStarted"' in events.read_text("utf-8")


def test_the_demo_player_is_not_startled_and_not_asked_for_pictures(home):
    visitor = Visitor(Intent.AGREE)
    game = home(replace(ROUND, mode="surprise"), visitor=visitor)
    (result,) = game.run()
    assert set(visitor.asked) == {None}
    assert not game.engine.calls.count(result)
    assert (result.outcome, result.reason) == (Outcome.WON, Reason.CLIP_ENDED)
    assert result.decided_s == pytest.approx(result.duration_s, abs=1.0)


class Stream:
    """An MJPEG camera on loopback that can be unplugged, or stand."""

    def __init__(self) -> None:
        stream = self
        self.plugged, self.closed = threading.Event(), threading.Event()
        self.frozen = threading.Event()
        self.plugged.set()
        frames = read_video(paths.VIDEOS / "demo_player.mp4")
        # The neutral start of the film, small enough for a busy machine.
        self.jpegs = [
            cv2.imencode(".jpg", cv2.resize(picture, (320, 240)))[1].tobytes()
            for (t_s, picture), _ in zip(frames, range(150), strict=False)
        ]

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
                self.end_headers()
                count = 0
                while stream.plugged.is_set() and not stream.closed.is_set():
                    jpeg = stream.jpegs[count % len(stream.jpegs)]
                    count += not stream.frozen.is_set()
                    head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}"
                    try:
                        self.wfile.write(head.encode() + b"\r\n\r\n" + jpeg + b"\r\n")
                    except OSError:
                        return
                    time.sleep(1 / 15)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/"

    def close(self) -> None:
        self.closed.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def stream():
    stream = Stream()
    yield stream
    stream.close()


#: Why the rules void a round in which the machine stood still, and not the camera.
STALLED = (Reason.INTERRUPTED, Reason.STARVED, Reason.NOT_READY, Reason.CLIP_FAULT)


def test_a_camera_unplugged_in_mid_clip_voids_the_round(home, stream):
    """The one round in real time: a machine that stalls in it may try again."""
    for _ in range(10):
        stream.plugged.set()
        game, over = home(replace(ROUND, camera=stream.url)), threading.Event()

        def unplug(game=game, over=over) -> None:
            while not game.engine.stage.frames and not over.is_set():
                time.sleep(0.05)
            over.wait(1.0)
            stream.plugged.clear()

        unplugger = threading.Thread(target=unplug)
        unplugger.start()
        try:
            (result,) = game.run()
        finally:
            over.set()
            unplugger.join()
        if result.reason not in STALLED:
            break
    assert (result.outcome, result.reason) == (Outcome.VOID, Reason.CAMERA_FAULT)


def test_a_camera_that_stands_wins_nothing(home, stream, tmp_path, caplog):
    stream.frozen.set()
    url = stream.url.replace("http://", "http://admin:s3cret@") + "?pwd=s3cret"
    shown = url.replace("s3cret", "***")
    out = tmp_path / "out.json"
    (result,) = home(replace(ROUND, camera=url, results_file=out)).run()
    assert (result.outcome, result.reason) == (Outcome.VOID, Reason.CAMERA_FAULT)
    assert f"The camera {shown} repeats one picture" in caplog.text
    (written,) = json.loads(out.read_text("utf-8"))["rounds"]
    assert written["camera"] == shown
    assert "s3cret" not in caplog.text + out.read_text("utf-8")


def test_a_film_without_a_face_is_told_of(home, tmp_path, caplog):
    wall = tmp_path / "wall.mp4"
    with av.open(str(wall), "w") as film:
        output = film.add_stream("libx264", rate=10)
        output.width, output.height, output.pix_fmt = 320, 240, "yuv420p"
        for _ in range(30):
            picture = np.full((240, 320, 3), 120, np.uint8)
            film.mux(output.encode(av.VideoFrame.from_ndarray(picture, "bgr24")))
        film.mux(output.encode(None))
    (result,) = home(replace(ROUND, camera=str(wall), config=quick(tmp_path))).run()
    assert (result.outcome, result.reason) == (Outcome.VOID, Reason.NOT_READY)
    assert f"No face was seen in {wall}" in caplog.text


def quick(folder: Path) -> Path:
    """Return settings with which nobody waits long for a straight face."""
    path = folder / "game.toml"
    text = (paths.CONFIGS / "game.toml").read_text("utf-8")
    path.write_text(text.replace("ready_timeout_s = 60.0", "ready_timeout_s = 5.0"), "utf-8")
    return path


def test_a_broken_clip_is_skipped_and_another_is_drawn(home, tmp_path):
    good = load_library().clips("happy", 1)[0]
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no film" * 1000)
    bad = replace(good, clip_id="happy/1/broken", path=broken)
    ids = [clip.clip_id for clip in Library((good, bad)).clips("happy", 1)]
    seed = next(n for n in range(99) if Playlist(ids, random.Random(n)).draw() == bad.clip_id)
    (result,) = home(replace(ROUND, seed=seed), (good, bad)).run()
    assert result.outcome is Outcome.LOST
    assert result.clip_id == good.clip_id


def test_a_clip_without_sound_is_skipped(home):
    good = load_library().clips("happy", 1)[0]
    # The demo player's film has no sound track.
    mute = replace(good, clip_id="happy/1/mute", path=paths.VIDEOS / "demo_player.mp4")
    (result,) = home(ROUND, (mute,)).run()
    assert (result.outcome, result.reason) == (Outcome.VOID, Reason.NO_CLIP)


def test_no_playable_clip_left_voids_with_a_clear_reason(home, tmp_path):
    good = load_library().clips("happy", 1)[0]
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no film" * 1000)
    (result,) = home(ROUND, (replace(good, clip_id="x", path=broken),)).run()
    assert (result.outcome, result.reason) == (Outcome.VOID, Reason.NO_CLIP)


def test_an_empty_level_says_so(home):
    with pytest.raises(ClipError, match="no playable clip for happy/1"):
        home(ROUND, ()).run()


def test_a_camera_that_was_asked_for_and_is_not_there_ends_the_game(home):
    with pytest.raises(CameraError, match=r"nowhere\.mp4"):
        home(replace(ROUND, camera="nowhere.mp4")).run()


def test_without_a_webcam_the_demo_player_stands_in(home, monkeypatch):
    monkeypatch.setattr(eyes, "DEFAULT_CAMERA", "97")
    game = home(replace(ROUND, camera=None))
    (result,) = game.run()
    assert result.outcome is Outcome.LOST
    assert game.feed.camera.spec == "demo"


def test_results_that_cannot_be_written_are_said_before_the_round(home, tmp_path):
    with pytest.raises(GameError, match="Cannot write the results"):
        home(replace(ROUND, results_file=tmp_path / "no-such-folder" / "out.json"))


def test_a_result_that_could_not_be_written_at_first_is_written_at_the_end(
    home, tmp_path, monkeypatch
):
    path = tmp_path / "out.json"
    game = home(replace(ROUND, results_file=path))
    write, failed = ResultsFile.write, []

    def full_disk_once(self: ResultsFile) -> None:
        if not failed:
            failed.append(True)
            raise GameError("No space left on device.")
        write(self)

    monkeypatch.setattr(ResultsFile, "write", full_disk_once)
    (result,) = game.run()
    (written,) = json.loads(path.read_text("utf-8"))["rounds"]
    assert failed
    assert written["outcome"] == result.outcome.value


# --- Faces of wrong calls -------------------------------------------------------------------------


class Visitor:
    """A window before which the question is answered and the call marked."""

    def __init__(self, *answers: Intent, marks: int = 1) -> None:
        self.window: Window | None = None
        self.answers = list(answers)
        self.marks = marks
        self.asked: list[Consent | None] = []
        self.said: list[Notice] = []
        self.recorded: set[tuple[str, bool]] = set()

    def __getattr__(self, name):
        return getattr(self.window, name)

    def handle_events(self, view: View) -> list[UserIntent]:
        return [*self.window.handle_events(view), *self.look(view)]

    def look(self, view: View) -> list[UserIntent]:
        screen = view.screen
        self.recorded.add((type(screen).__name__, view.camera.recording))
        self.said += [each for each in view.notices if each not in self.said]
        if isinstance(screen, ReadyView | CountdownView):
            self.asked.append(screen.consent)
            return [self.answers.pop(0)] if self.answers else []
        if isinstance(screen, ResultView) and screen.faces and self.marks:
            self.marks -= 1
            return [Intent.WRONG_CALL]
        return []


@pytest.fixture
def recorded_round(tmp_path):
    """A round whose result stays on the screen long enough to be marked."""
    return replace(ROUND, record_folder=tmp_path / "kept", screenshots=tmp_path / "shots")


def test_with_consent_a_marked_call_leaves_the_faces_of_its_hold(home, recorded_round):
    visitor = Visitor(Intent.REFUSE, Intent.AGREE)
    (result,) = home(recorded_round, visitor=visitor).run()
    assert result.outcome is Outcome.LOST
    kept = Misreads(recorded_round.record_folder)
    (call,) = kept.calls()
    names = kept.waiting()
    assert [picture.file for picture in call.pictures] == names
    assert 1 <= len(names) <= 8
    assert (call.mode, call.level, call.outcome) == ("happy", 1, Outcome.LOST)
    classifier = ExpressionClassifier(paths.MODELS / "expression")
    assert call.model == f"{classifier.bundle.name} {classifier.bundle.version}"
    for picture in call.pictures:
        assert result.began_s - 0.01 <= picture.t_s <= result.decided_s + 0.01
        # Read as training reads it, the picture is what the network had judged.
        again = classifier.classify(classifier.cut(kept.read(picture.file), None))
        assert list(picture.emotions.values()) == pytest.approx(again, abs=1e-4)
    assert Notice(NoticeKind.FACES_KEPT, str(len(names))) in visitor.said
    assert set(visitor.asked) == {Consent.ASKED, Consent.REFUSED, Consent.GIVEN}
    assert {name for name, recording in visitor.recorded if recording} == {"PlayingView"}


@pytest.mark.parametrize("answers", [(), (Intent.AGREE, Intent.REFUSE)])
def test_without_consent_nothing_ever_reaches_the_disk(home, recorded_round, answers):
    visitor = Visitor(*answers)
    game = home(recorded_round, visitor=visitor)
    game.obey(Intent.WRONG_CALL, 0.0)
    (result,) = game.run()
    assert result.outcome is Outcome.LOST
    game.obey(Intent.WRONG_CALL, 0.0)
    assert visitor.marks == 1
    assert Consent.ASKED in visitor.asked
    assert not any(recording for _, recording in visitor.recorded)
    assert not game.engine.calls.count(result)
    assert not recorded_round.record_folder.exists()


def test_with_consent_but_no_mark_nothing_reaches_the_disk(home, recorded_round, time_goes_by):
    game = home(recorded_round, visitor=Visitor(Intent.AGREE, marks=0))
    (result,) = game.run()
    assert game.engine.calls.count(result)
    assert not recorded_round.record_folder.exists()
    game.engine.step(events.Again(), time_goes_by.now_s)
    assert not game.engine.calls.count(result)
    assert game.engine.calls.consent is Consent.ASKED


def test_faces_that_cannot_be_written_are_said_and_the_round_counts(home, recorded_round):
    recorded_round.record_folder.write_text("in the way")
    visitor = Visitor(Intent.AGREE, marks=2)
    (result,) = home(recorded_round, visitor=visitor).run()
    assert result.outcome is Outcome.LOST
    folder = str(recorded_round.record_folder)
    assert Notice(NoticeKind.FACES_NOT_KEPT, folder) in visitor.said
    # The faces are still there, so that it can be tried again.
    assert visitor.marks == 0
    assert recorded_round.record_folder.read_text() == "in the way"


def test_a_clip_of_ones_own_is_played(home, tmp_path):
    clip = load_library().clips("happy", 1)[0]
    own = tmp_path / "내 영상 😀.mp4"
    own.write_bytes(Path(clip.path).read_bytes())
    (result,) = home(replace(ROUND, clip=own)).run()
    assert result.clip_id.endswith("내 영상 😀")
    assert result.outcome is Outcome.LOST


# --- Several before one camera ------------------------------------------------------------------

RATE_HZ = 10


def people() -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return pictures, (160, 130, 3) BGR, of the demo player's straight face, and of the smile."""
    film = [picture for _, picture in read_video(paths.VIDEOS / "demo_player.mp4")]
    small = [cv2.resize(each[60:460, 180:505], (130, 160)) for each in film]
    # The demo player smiles from 10 s to 20 s.
    return small[60:270:3], small[330:570:3]


def film_of(path: Path, size_px: tuple[int, int], pictures: Iterable[np.ndarray]) -> str:
    """Write a film, width by height, that a game takes for a camera."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE_HZ, options={"crf": "12"})
        stream.width, stream.height = size_px
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        container.mux(stream.encode(None))
    return str(path)


def test_of_four_faces_before_one_camera_the_last_straight_one_wins(home, tmp_path):
    straight, smile = people()
    # From left to right of the camera's picture, which players see mirrored.
    laughs_s = (9.0, 11.0, 99.0, 13.0)

    def picture(number: int) -> np.ndarray:
        faces = [
            (smile if number / RATE_HZ >= laugh_s else straight)[number % len(straight)]
            for laugh_s in laughs_s
        ]
        return cv2.copyMakeBorder(
            np.hstack(faces), 40, 40, 0, 0, cv2.BORDER_CONSTANT, value=(70, 80, 90)
        )

    camera = film_of(tmp_path / "four.mp4", (520, 240), map(picture, range(20 * RATE_HZ)))
    shots = tmp_path / "shots"
    game = home(replace(ROUND, camera=camera, players=4, screenshots=shots))
    assert game.run() == []
    (result,) = game.matches
    assert (result.winner, result.void, result.reason) == (1, False, Reason.HELD)
    first, never, third, fourth = result.out_s
    assert never is None
    assert fourth < third < first
    names = {each.stem.split("-", 1)[1] for each in shots.iterdir()}
    assert names >= {"matchready", "countdown", "matchplaying", "matchresult"}


class Party(Visitor):
    """Five who have typed their names and begin each turn as soon as they are called."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__()
        self.names = list(names)
        self.called: list[int] = []
        self.over: TournamentOverView | None = None

    def look(self, view: View) -> list[UserIntent]:
        screen = view.screen
        if isinstance(screen, TournamentOverView):
            self.over = screen
            return [Intent.BACK]
        if isinstance(screen, TournamentView):
            self.called.append(screen.called)
            return [Intent.GO_ON]
        if isinstance(screen, NameView):
            return [*map(TypeKey, self.names.pop(0)), Intent.DONE]
        if isinstance(screen, PlayersView):
            if len(screen.names) < 5:
                return [Intent.ADD_PLAYER]
            return [NamePlayer(0)] if self.names else [Intent.GO_ON]
        if isinstance(screen, CheckView):
            return [Intent.GO_ON]
        if isinstance(screen, TitleView):
            return [Intent.QUIT] if self.over else [ChooseMode("happy")]
        return [Intent.TOURNAMENT] if isinstance(screen, LevelView) else []


def test_a_tournament_of_five_before_one_camera_with_the_others_behind(home, tmp_path, monkeypatch):
    straight, smile = people()
    # One after the other sits down before the camera, and laughs sooner or later.
    straight_for_s = (8.0, 9.0, 7.5, 10.0, 8.5, 10.0, 8.5)
    faces = [
        (smile if smiles else straight)[number % len(straight)]
        for straight_s in straight_for_s
        for smiles, lasts_s in ((False, straight_s), (True, 3.0))
        for number in range(round(lasts_s * RATE_HZ))
    ]

    def picture(number: int) -> np.ndarray:
        whole = np.full((320, 520, 3), (70, 80, 90), np.uint8)
        whole[:, 130:390] = cv2.resize(faces[number], (260, 320))
        # Who waits laughs all the time; it counts for nothing.
        for place in range(4):
            behind = cv2.resize(smile[(number + 7 * place) % len(smile)], (104, 128))
            left, top = (place % 2) * 416, (place // 2) * 160
            whole[top : top + 128, left : left + 104] = behind
        return whole

    camera = film_of(tmp_path / "five.mp4", (520, 320), map(picture, range(len(faces))))
    # The film goes on from turn to turn, as a camera does.
    monkeypatch.setattr(Camera, "rewind", lambda camera: None)
    names = ("Ana", "Ben", "Cho", "Dae", "Eun")
    party = Party(names)
    options = replace(ROUND, mode=None, level=None, camera=camera, rounds=None, seconds=600.0)
    game = home(options, visitor=party, offer=Offer(("happy",), tournament_clips=1))
    game.wants_start = False
    results = game.run()
    assert party.over is not None
    assert party.over.names == names
    assert [result.outcome for result in results] == [Outcome.LOST] * 7
    assert len({result.clip_id for result in results[:5]}) == 1
    assert len({result.clip_id for result in results[5:]}) == 1
    rows = {row.player: row for row in party.over.table}
    assert {player: rows[player].total for player in rows} == dict(
        enumerate(round_points(result) for result in results[:5])
    )
    finalists = sorted(rows, key=lambda player: -rows[player].total)[:2]
    assert party.over.winner in finalists
