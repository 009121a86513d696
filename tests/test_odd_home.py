"""A home that the locale cannot decode: everything works there, and what is printed can be read."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from test_cli import LIMIT_S, ROOT

from emotion_game import paths
from emotion_game.app.preferences import Preferences, load_preferences, save_preferences
from emotion_game.scores.database import Database

#: "홍길동" and "영상", as a Korean system of 1998 wrote them.
HOME, FILM = b"\xc8\xab\xb1\xe6\xb5\xbf", b"\xbf\xb5\xbb\xf3"
#: In the first locale only those names are odd; in the second every name that is not ASCII.
LOCALES = {
    "utf-8": {"PYTHONUTF8": "1"},
    "ascii": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}
ROUND = ["play", "--offscreen", "--mode", "happy", "--level", "1", "--camera", "demo"]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are Unicode")


@pytest.fixture
def home(tmp_path: Path) -> bytes:
    home = os.fsencode(tmp_path) + b"/" + HOME
    os.mkdir(home)  # noqa: PTH102
    shutil.copy(paths.VIDEOS / "demo_player.mp4", home + b"/" + FILM + b".mp4")
    return home


@pytest.fixture(params=LOCALES)
def run(request: pytest.FixtureRequest, home: bytes):
    """Run a command in that home; return what it printed."""

    def run(*arguments: str | bytes, code: int = 0) -> str:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "LC_", "LANG"))}
        done = subprocess.run(
            [sys.executable, "-m", "emotion_game", *arguments],
            cwd=ROOT,
            env={
                **{os.fsencode(k): os.fsencode(v) for k, v in kept.items()},
                b"HOME": home,
                b"PYTHONPATH": os.fsencode(ROOT),
                **{k.encode(): v.encode() for k, v in LOCALES[request.param].items()},
            },
            capture_output=True,
            timeout=LIMIT_S,
            check=False,
        )
        assert b"Traceback" not in done.stderr, done.stderr
        assert done.returncode == code, done.stderr
        return done.stdout.decode()

    return run


def test_every_command_works_there(run, home: bytes, hopper_file: Path) -> None:
    film, picture = home + b"/" + FILM + b".mp4", home + b"/" + FILM + b".jpg"
    shutil.copy(hopper_file, picture)
    shutil.copytree(paths.MODELS / "expression", os.fsdecode(home + b"/" + FILM))

    assert run("scores", "list") == "No results yet.\n"
    database = json.loads(run("scores", "list", "--json"))["database"]
    assert "%C8%AB%B1%E6%B5%BF/.local/share/emotion-game/scores.sqlite3" in database
    assert "0 result(s)" in run("scores", "export", home + b"/" + FILM + b".csv")

    assert "24.0 s" in run("clips", "add", film, "--mode", "surprise", "--level", "2")
    (own,) = [clip for clip in json.loads(run("clips", "list", "--json"))["clips"] if clip["own"]]
    assert own["file"].encode("utf-8", "surrogateescape").startswith(home + b"/")
    pack = home + b"/" + FILM + b".zip"
    assert "1 clip(s)" in run("clips", "pack", pack)
    assert "in the library already" in run("clips", "install", pack)

    assert "plays from now on" in run("models", "use", home + b"/" + FILM)
    assert json.loads(run("models", "verify", "--json"))["ok"]

    found = json.loads(run("faces", picture, "--json"))
    assert len(found["faces"]) == 1
    assert "warn" in run("doctor", "--json", "--camera", "demo", "--config", "configs/game.toml")
    run("review", code=1)
    run("kiosk", "--config", home + b"/" + FILM + b".toml", code=1)


@pytest.mark.parametrize("player", ["pyav", "vlc"])
def test_a_round_is_played_and_kept_there(run, home: bytes, player: str) -> None:
    film = home + b"/" + FILM
    wanted = [b"--json", film + b".json", b"--events", film + b".jsonl", b"--screenshots", film]
    said = run(*ROUND, "--player", player, "--clip", film + b".mp4", *wanted)
    assert said.startswith("lost after ")
    with open(film + b".json", encoding="utf-8") as file:  # noqa: PTH123
        (written,) = json.load(file)["rounds"]
    assert written["clip_id"].startswith("happy/1/")
    with open(film + b".jsonl", encoding="utf-8") as file:  # noqa: PTH123
        assert all(json.loads(line) for line in file)
    assert len(os.listdir(film)) >= 5  # noqa: PTH208


def test_a_camera_file_of_such_a_name_is_remembered(tmp_path: Path) -> None:
    path, wanted = tmp_path / "preferences.json", Preferences(camera=f"/{os.fsdecode(FILM)}.mp4")
    save_preferences(path, wanted)
    assert load_preferences(path) == wanted
    path.write_text(json.dumps({"camera": "x" * 1001}), "utf-8")
    assert load_preferences(path) == Preferences()


def test_a_database_of_such_a_name_is_told_apart_and_read(home: bytes) -> None:
    databases = [Database(f"sqlite:///{os.fsdecode(home)}/{n}.sqlite3") for n in (1, 2)]
    assert len({database.key for database in databases}) == 2
    with databases[0].writing():
        pass
    assert os.path.exists(home + b"/1.sqlite3")  # noqa: PTH110
