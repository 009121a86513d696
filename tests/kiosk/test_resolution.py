"""Which settings hold: the booth's where there is one, or those that are asked for."""

from __future__ import annotations

import json

import pytest

from emotion_game import paths
from emotion_game.cli import main
from emotion_game.errors import SettingsError
from emotion_game.kiosk.resolution import resolve
from emotion_game.kiosk.settings import own_file


@pytest.fixture
def own(tmp_path, monkeypatch):
    """The user's own kiosk.toml, which plays a game.toml beside it."""
    for kind in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind))
    monkeypatch.delenv("EMOTION_GAME_DATABASE_URL", raising=False)
    path = own_file()
    path.parent.mkdir(parents=True)
    game = (paths.CONFIGS / "game.toml").read_text("utf-8")
    database = tmp_path / "of-the-booth.sqlite3"
    named = game.replace('url = ""', f'url = "sqlite:///{database}"')
    (path.parent / "booth.toml").write_text(named, "utf-8")
    kiosk = (paths.CONFIGS / "kiosk.toml").read_text("utf-8")
    kiosk = kiosk.replace('# config = "game.toml"', 'config = "booth.toml"')
    path.write_text(kiosk.replace('camera = "0"', 'camera = "rtsp://cam/1"'), "utf-8")
    return path


def test_a_kiosk_file_of_ones_own_makes_a_booth(own):
    here = resolve()
    assert here.files == (own, own.parent / "booth.toml")
    assert here.camera == "rtsp://cam/1"
    assert here.database_url().endswith("of-the-booth.sqlite3")
    assert resolve(booth=False).files == (paths.CONFIGS / "game.toml",)
    assert resolve(own.parent / "booth.toml").kiosk_path is None


def test_without_one_there_is_no_booth_until_it_is_asked_for(own):
    text = own.read_text("utf-8")
    own.unlink()
    assert resolve().kiosk_path is None
    assert resolve().camera == "0"
    assert resolve(booth=True).kiosk_path == paths.CONFIGS / "kiosk.toml"
    other = own.with_name("other.toml")
    other.write_text(text, "utf-8")
    assert resolve(other, booth=True).camera == "rtsp://cam/1"


def test_a_booth_with_a_fault_is_told(own):
    own.write_text("[game]\nspeed = 3\n", "utf-8")
    with pytest.raises(SettingsError, match="speed"):
        resolve()


@pytest.mark.parametrize("command", [["scores", "list"], ["scores", "export"], ["clips", "list"]])
def test_every_command_opens_the_booths_board_and_says_so(own, capsys, command):
    with pytest.raises(SystemExit) as ended:
        main(command)
    assert ended.value.code == 0
    err = capsys.readouterr().err
    assert str(own) in err
    assert "of-the-booth.sqlite3" in err


def test_the_booths_board_is_in_the_json_and_nothing_else(own, capsys):
    with pytest.raises(SystemExit):
        main(["scores", "list", "--json"])
    out, _ = capsys.readouterr()
    assert json.loads(out)["database"].endswith("of-the-booth.sqlite3")
    with pytest.raises(SystemExit):
        main(["scores", "list", "--json", "--no-booth"])
    out, err = capsys.readouterr()
    assert "of-the-booth" not in out + err
