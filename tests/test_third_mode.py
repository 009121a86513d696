"""A third mode from a table and a folder of clips, as docs/modes.md tells: nothing else is touched.

A club calls it "calm-eyes": whoever smiles or looks surprised has lost. Its clips come in with
`clips add`, it is played with the real networks, it stands on the boards, and a booth offers it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import numpy as np
import pytest
from starlette.testclient import TestClient
from steady_time import SteadyTime

HERE = Path(__file__).parent
sys.path += [str(HERE / folder) for folder in ("app", "clips")]

from film_maker import write_film  # noqa: E402
from table import Table  # noqa: E402

import emotion_game  # noqa: E402
from emotion_game.app import Game, PlayOptions, open_services  # noqa: E402
from emotion_game.game import states  # noqa: E402
from emotion_game.game.types import Outcome, Reason  # noqa: E402
from emotion_game.kiosk import supervisor  # noqa: E402
from emotion_game.kiosk.booth import BoothGame  # noqa: E402
from emotion_game.kiosk.page.app import make_page  # noqa: E402
from emotion_game.kiosk.pin import hash_pin  # noqa: E402
from emotion_game.kiosk.services import open_services as open_booth  # noqa: E402
from emotion_game.kiosk.settings import kiosk_file, load_kiosk_settings  # noqa: E402
from emotion_game.monitor import GameStatus  # noqa: E402
from emotion_game.paths import CONFIGS  # noqa: E402
from emotion_game.scores import Score, open_board  # noqa: E402
from emotion_game.screens.attract import AttractView  # noqa: E402
from emotion_game.screens.leaderboard import BoardStatus  # noqa: E402
from emotion_game.screens.levels import LevelView  # noqa: E402
from emotion_game.screens.playing import PlayingView  # noqa: E402
from emotion_game.screens.result import ResultView  # noqa: E402
from emotion_game.screens.title import TitleView  # noqa: E402
from emotion_game.ui.intents import ChooseLevel, ChooseMode, Intent  # noqa: E402
from emotion_game.ui.theme import FRESH  # noqa: E402

ROOT = Path(emotion_game.__file__).parent.parent
#: Whatever a busy machine may need; no test waits for it where nothing hangs.
LIMIT_S = 300.0
PIN = "29176"
#: The films hum at this pitch; no music does.
HUM_HZ = 997
#: Long enough for the demo player to smile in it.
CLIP_S = 8.0

MODE = """
[modes.calm-eyes]
emotions = { happiness = 0.6, surprise = 0.5 }
palette = "fresh"
motif = "drops"
music = "menu"

[modes.calm-eyes.words.en]
name = "Calm eyes"
rule = "Stir and you lose!"
marathon = "Clip after clip, until you stir"
lost = "You stirred!"
meter = "Stir meter"
alarm = "Be calm!"

[modes.calm-eyes.words.ko]
name = "고요한 눈"
rule = "움직이면 져요!"
marathon = "움직일 때까지 영상이 계속 나와요"
lost = "움직였죠?"
meter = "흔들림 지수"
alarm = "차분하게!"
""" + "".join(
    f"[modes.calm-eyes.{level}]\nthreshold = 0.4\nrelease_threshold = 0.3\nhold_s = 0.{9 - level}\n"
    for level in (1, 2, 3)
)


class Club:
    """A user's folders; what the commands said before level 2 had a clip."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "config" / "emotion-game"
        self.config.mkdir(parents=True)
        self.game_toml = self.config / "game.toml"
        self.game_toml.write_text((CONFIGS / "game.toml").read_text("utf-8") + MODE, "utf-8")
        for level in (1, 2, 3):
            film = folder / f"level {level}" / f"고요 {level}.mp4"
            write_film(film, seconds=CLIP_S + level / 2, size=(160, 96))
        self.added = [self.add(level) for level in (1, 3)]
        self.doctor_before = self.doctor()
        self.play_before = self.run("play", "--offscreen", "--mode", "calm-eyes", "--level", 2)
        self.added.append(self.add(2))

    def run(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run a command on a machine without screen and loudspeaker."""
        hidden = ("SDL_VIDEODRIVER", "SDL_AUDIODRIVER", "DISPLAY", "WAYLAND_DISPLAY")
        done = subprocess.run(
            [sys.executable, "-m", "emotion_game", *map(str, arguments)],
            cwd=self.folder,
            env={key: value for key, value in os.environ.items() if key not in hidden}
            | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            encoding="utf-8",
            timeout=LIMIT_S,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def add(self, level: int) -> str:
        """Add a folder of films; return the clip's id."""
        done = self.run(
            *("clips", "add", self.folder / f"level {level}", "--mode", "calm-eyes"),
            *("--level", level, "--licence", "CC0-1.0"),
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.partition(":")[0]

    def clips(self) -> list[str]:
        done = self.run("clips", "list", "--mode", "calm-eyes", "--json")
        return [clip["id"] for clip in json.loads(done.stdout)["clips"]]

    def doctor(self, *arguments: object) -> dict[str, dict[str, str]]:
        done = self.run("doctor", "--camera", "demo", "--json", *arguments)
        return {check["name"]: check for check in json.loads(done.stdout)["checks"]}


@pytest.fixture(scope="module")
def club(tmp_path_factory):
    folder = tmp_path_factory.mktemp("club")
    with pytest.MonkeyPatch.context() as patch:
        for kind in ("DATA", "CONFIG", "STATE", "CACHE"):
            patch.setenv(f"XDG_{kind}_HOME", str(folder / kind.lower()))
        patch.setenv("SDL_AUDIODRIVER", "dummy")
        yield Club(folder)


# --- The file and the clips -----------------------------------------------------------------------


def test_a_level_without_clips_is_named_and_then_filled(club):
    before, after = club.doctor_before, club.doctor()
    assert str(club.game_toml) in before["settings"]["found"]
    assert before["clips"]["status"] == "fail"
    assert before["clips"]["found"] == "none for calm-eyes/2"
    assert "offers calm-eyes/2, which has no clip" in before["kiosk"]["found"]
    assert after["clips"]["status"] == "ok", after["clips"]
    assert after["kiosk"]["status"] == "warn"  # it has no PIN
    assert club.play_before.returncode == 1
    assert "no playable clip for calm-eyes/2" in club.play_before.stderr
    assert "clips add FILM --mode calm-eyes --level 2" in club.play_before.stderr


def test_clips_are_packed_removed_and_installed_again(club):
    ids = club.clips()
    assert ids == sorted(club.added)
    assert [clip_id.split("-고")[0][:12] for clip_id in ids] == [
        "calm-eyes/1/", "calm-eyes/2/", "calm-eyes/3/",
    ]  # fmt: skip
    pack = club.folder / "calm eyes.zip"
    assert "3 clip(s)" in club.run("clips", "pack", pack, "--mode", "calm-eyes").stdout
    assert club.run("clips", "remove", *ids).returncode == 0
    assert club.clips() == []
    assert club.run("clips", "install", pack).returncode == 0
    assert club.clips() == ids


def test_every_fault_of_the_table_is_told_in_one_line(club):
    bad = club.folder / "bad.toml"
    mode = MODE.replace('alarm = "Be calm!"', "").replace("happiness = 0.6", "joy = 0.6")
    mode = mode.replace('"고요한 눈"', '"안 놀라기"')
    mode = mode[: mode.index("[modes.calm-eyes.2]")] + "[modes.calm-eyes.2]\n"
    bad.write_text((CONFIGS / "game.toml").read_text("utf-8") + mode, "utf-8")
    done = club.run("play", "--offscreen", "--mode", "calm-eyes", "--level", 1, "--config", bad)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    told = club.doctor("--config", bad)["settings"]
    assert told["status"] == "fail"
    for said in (
        "bad.toml has 7 fault(s)",
        "modes.calm-eyes.words: en lacks alarm",
        "modes.calm-eyes.emotions: unknown emotion joy",
        "modes.calm-eyes.words.ko.name: called as the mode surprise is",
        "modes.calm-eyes.2.threshold: missing",
        "modes.calm-eyes.3: missing",
    ):
        assert said in line
        assert said in told["found"]


@pytest.mark.parametrize(
    "command",
    [
        ("play", "--offscreen", "--level", 1),
        ("judge", "film.mp4"),
        ("clips", "add", "film.mp4", "--level", 1),
        ("clips", "list"),
        ("clips", "pack", "out.zip"),
        ("scores", "list"),
    ],
    ids=str,
)
def test_a_mode_that_nobody_knows_is_wrong_usage(club, command):
    done = club.run(*command, "--mode", "calm")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "no mode 'calm'; there are happy, surprise, calm-eyes" in line


# --- Rounds ---------------------------------------------------------------------------------------


def test_both_emotions_count_by_their_weights_and_the_board_shows_it(club, monkeypatch):
    table = Table(scores=True)
    with table.game.services.stack:
        assert table.show(0.05, 0.2).screen.modes == ("happy", "surprise", "calm-eyes")
        table.press(ChooseMode("calm-eyes"))
        assert (table.name, table.screen.mode) == ("Level", "calm-eyes")
        table.press(ChooseLevel(3)).until("Ready")  # nothing warns of it
        table.until("Playing")
        # 0.5 of a surprise of 0.7 stays below 0.4, 0.6 of a smile of 0.9 does not.
        table.show(0.7, 2.0, emotion="surprise")
        assert table.name == "Playing"
        table.until("Result", 0.9)
        result = table.screen.result
        assert (result.mode, result.outcome, result.reason) == (
            "calm-eyes", Outcome.LOST, Reason.HELD,
        )  # fmt: skip
        table.press(Intent.SCORES)
        table.game.engine.scores.background.ask(lambda _: None).result(timeout=LIMIT_S)
        table.show(0.05, 0.3)
        assert (table.screen.mode, table.screen.level) == ("calm-eyes", 3)
        assert table.screen.status is BoardStatus.READY
        assert [row.own for row in table.screen.rows] == [True]
    listed = json.loads(club.run("scores", "list", "--mode", "calm-eyes", "--json").stdout)
    assert [(each["mode"], each["level"]) for each in listed["results"]] == [("calm-eyes", 3)]


def test_the_demo_player_loses_offscreen(club, monkeypatch):
    clock = SteadyTime(monkeypatch)
    options = PlayOptions(
        mode="calm-eyes", level=1, camera="demo", player="pyav", language="ko",
        offscreen=True, rounds=1, scores=True, seed=1,
    )  # fmt: skip
    (result,) = Game(options, open_services(options, clock)).run()
    assert (result.outcome, result.reason) == (Outcome.LOST, Reason.HELD)
    assert result.clip_id in club.added
    assert result.threshold == 0.4
    done = club.run("scores", "list", "--mode", "calm-eyes", "--level", 1, "--json")
    (row,) = json.loads(done.stdout)["results"]
    assert (row["outcome"], row["clip_id"]) == ("lost", result.clip_id)
    exported = club.run("scores", "export").stdout
    assert result.clip_id in exported


@pytest.fixture
def x_server(tmp_path):
    """An X server on a number of its own choice; its picture lies in a file."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x720x24"]
    try:
        server = subprocess.Popen(
            [*command, "-fbdir", str(tmp_path), "-nolisten", "tcp"],
            pass_fds=[write],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except FileNotFoundError:
        os.close(read)
        os.close(write)
        pytest.skip("Xvfb is not installed: no window can be opened")
    os.close(write)
    with os.fdopen(read) as told:
        number = told.readline().strip()
    yield SimpleNamespace(display=f":{number}", picture=tmp_path / "Xvfb_screen0")
    server.terminate()
    server.wait(timeout=LIMIT_S)


def on_glass(file: Path) -> np.ndarray:
    """Return what an X server shows, from its file in the format of xwd; (height, width, 3) RGB."""
    raw = file.read_bytes()
    header = np.frombuffer(raw, ">u4", 25)
    width, height, stride = (int(header[place]) for place in (4, 5, 12))
    pixels = np.frombuffer(raw, np.uint8, stride * height, int(header[0]) + 12 * int(header[19]))
    return pixels.reshape(height, stride // 4, 4)[:, :width, 2::-1]


def play_in_a_window(x_server, folder: Path) -> tuple[dict, float, np.ndarray]:
    """Play a round in real time.

    Returns:
        Its result, the largest share of the screen that the mode's ground took, and what was heard.
    """
    results, heard = folder / "results.json", folder / "heard.raw"
    code = (
        "from pathlib import Path; from emotion_game.app import Game, PlayOptions, open_services\n"
        "options = PlayOptions(mode='calm-eyes', level=1, camera='demo', player='pyav',"
        f" language='en', rounds=1, scores=False, results_file=Path({str(results)!r}))\n"
        "Game(options, open_services(options)).run()"
    )
    game = subprocess.Popen(
        [sys.executable, "-c", code],
        env=os.environ
        | {"PYTHONPATH": str(ROOT), "DISPLAY": x_server.display, "SDL_VIDEODRIVER": "x11"}
        | {"SDL_AUDIODRIVER": "disk", "SDL_DISKAUDIOFILE": str(heard)},
    )
    ends_s, most = time.monotonic() + LIMIT_S, 0.0
    try:
        while game.poll() is None:
            assert time.monotonic() < ends_s, "the round does not end"
            time.sleep(0.2)
            shown = on_glass(x_server.picture)
            most = max(most, float((shown == FRESH.ground).all(axis=2).mean()))
    finally:
        game.kill()
        game.wait()
    assert game.returncode == 0
    (result,) = json.loads(results.read_text("utf-8"))["rounds"]
    return result, most, np.frombuffer(heard.read_bytes(), "<i2").reshape(-1, 2)[:, 0].astype(float)


def test_the_demo_player_loses_in_a_window_with_sound(club, x_server, tmp_path):
    for _ in range(5):
        result, shown, heard = play_in_a_window(x_server, tmp_path)
        if result["outcome"] != "void":  # a machine that stalls may try again
            break
    assert (result["mode"], result["outcome"]) == ("calm-eyes", "lost")
    assert shown > 0.1, "the window never showed the mode's colours"
    assert hum(heard) > 0.5, "the clip was not heard"


def hum(wave: np.ndarray, rate_hz: int = 44_100) -> float:
    """Return the largest share that the films' hum has of a second of sound, 0..1."""
    seconds = wave[: len(wave) // rate_hz * rate_hz].reshape(-1, rate_hz)
    power = np.abs(np.fft.rfft(seconds, axis=1)) ** 2
    near = power[:, HUM_HZ - 3 : HUM_HZ + 4].sum(axis=1)
    return float(np.max(near / np.maximum(power.sum(axis=1), 1.0)))


# --- At a booth -----------------------------------------------------------------------------------


class Supervisor:
    """Takes what the game tells, orders nothing."""

    def __init__(self) -> None:
        self.status: GameStatus | None = None

    def turn(self, now_s, status):
        self.status = status()
        return []

    def event(self, line):
        pass

    def agreed(self, language):
        pass

    def snapshot(self):
        now = supervisor.Snapshot
        return now(supervisor.Show.GAME, True, 0.1, 60.0, 0, 0, "", None, self.status, 100.0)

    def ask(self, wish):
        raise AssertionError(wish)


@pytest.fixture
def kiosk_settings(club):
    """The shipped ``kiosk.toml`` with the third mode first, as its owner would write it."""
    text = (CONFIGS / "kiosk.toml").read_text("utf-8")
    line = '# modes = ["happy"]'
    assert line in text
    text = text.replace(line, 'modes = ["calm-eyes", "happy"]').replace('"0"', '"demo"')
    text = text.replace('pin_hash = ""', f'pin_hash = "{hash_pin(PIN)}"')
    text = text.replace('languages = ["ko", "en"]', 'languages = ["en", "ko"]')
    path = club.config / "kiosk.toml"
    path.write_text(text.replace('player = "auto"', 'player = "pyav"'), "utf-8")
    yield load_kiosk_settings(kiosk_file())
    path.unlink()


def test_a_booth_offers_it_and_the_operators_page_names_it(club, kiosk_settings, monkeypatch):
    clock = SteadyTime(monkeypatch)
    told = Supervisor()
    options = PlayOptions(player="pyav", language="en", offscreen=True, scores=True, seed=1)
    game = BoothGame(options, open_booth(kiosk_settings, told, options, clock))

    def screen():
        return game.view(clock.now_s).screen

    def until(condition):
        ends_s = clock.now_s + LIMIT_S
        while not condition():
            assert clock.now_s < ends_s, "it did not happen"
            game.turn(clock.now_s)
            clock.sleep(0.01)

    def press(*intents):
        for intent in intents:
            game.obey(intent, clock.now_s)
            game.turn(clock.now_s)

    with game.services.stack:
        game.load()
        until(lambda: isinstance(screen(), AttractView) and screen().pixels is not None)
        assert screen().mode == "calm-eyes"
        press(Intent.GO_ON, Intent.AGREE)
        title = screen()
        assert isinstance(title, TitleView)
        assert title.modes == ("calm-eyes", "happy")
        press(ChooseMode("calm-eyes"))
        assert isinstance(screen(), LevelView)
        assert [screen().clip_counts["calm-eyes", level] for level in (1, 2, 3)] == [1, 1, 1]
        press(ChooseLevel(2))
        until(lambda: isinstance(screen(), PlayingView))
        until(lambda: isinstance(game.engine.state, states.Finished))
        press(Intent.GO_ON)
        assert isinstance(screen(), ResultView)
        last = told.status.last_round
        assert (last.mode, last.level, last.outcome) == ("calm-eyes", 2, Outcome.LOST)
        game.engine.scores.background.ask(lambda _: None).result(timeout=LIMIT_S)
    board = open_board()
    try:
        page = make_page(kiosk_settings, told, board)
        with TestClient(page, base_url="http://127.0.0.1:8808") as client:
            public = client.get("/board?lang=ko").text
            client.post("/login", data={"pin": PIN})
            status = client.get("/?lang=en").text
            figures = client.get("/statistics?days=all").text
    finally:
        board.close()
    assert "고요한 눈 · " in public
    assert 'class="card fresh"' in public
    assert "Calm eyes 2" in status
    assert "Calm eyes 2" in figures
    assert figures.count(">Calm eyes</text>") == 1  # under the columns of all its levels
    assert last.clip_id in figures


def test_without_its_table_the_clips_wait_and_the_results_stay(club, kiosk_settings, monkeypatch):
    board = open_board()
    board.keep(
        Score(
            id=uuid4(), finished_at=datetime.now(UTC), booth="b", mode="calm-eyes", level=3,
            outcome=Outcome.LOST, reason=Reason.HELD, clip_id="calm-eyes/3/x",
            clip_duration_s=9.0, decided_s=4.0, points=7, composure=0.5, nickname="Ana",
            rules_version="1", model_version="1",
        )
    )  # fmt: skip
    monkeypatch.setenv("XDG_CONFIG_HOME", str(club.folder / "no config"))
    clips = club.doctor()["clips"]
    assert clips["status"] == "warn"
    assert "a mode that game.toml does not have: calm-eyes" in clips["found"]
    assert club.clips() == sorted(club.added)
    listed = json.loads(club.run("scores", "list", "--mode", "calm-eyes", "--json").stdout)
    assert "Ana" in [each["nickname"] for each in listed["results"]]
    offer = kiosk_settings.game.model_copy(update={"modes": None})
    with TestClient(
        make_page(kiosk_settings.model_copy(update={"game": offer}), Supervisor(), board),
        base_url="http://127.0.0.1:8808",
    ) as client:
        assert "Ana" not in client.get("/board").text
        client.post("/login", data={"pin": PIN})
        assert "calm-eyes 3" in client.get("/statistics?days=all").text
    board.close()
