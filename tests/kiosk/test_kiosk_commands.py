from __future__ import annotations

import io
import sys

import pytest

from emotion_game import cli
from emotion_game.kiosk import autostart
from emotion_game.kiosk import paths as places
from emotion_game.kiosk.lock import only_one
from emotion_game.kiosk.pin import is_pin, is_token
from emotion_game.kiosk.settings import load_kiosk_settings, own_file


@pytest.fixture(autouse=True)
def own_folders(tmp_path, monkeypatch):
    for kind in ("config", "state", "log", "data"):
        monkeypatch.setattr(f"platformdirs.user_{kind}_path", lambda _app, k=kind: tmp_path / k)


@pytest.fixture
def run(capsys):
    def command(*arguments, typed=""):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "stdin", io.StringIO(typed))
            with pytest.raises(SystemExit) as ended:
                cli.main(["kiosk", *map(str, arguments)])
        captured = capsys.readouterr()
        return ended.value.code, captured.out, captured.err

    return command


def test_a_pin_and_a_token_are_set_and_only_their_hashes_kept(run):
    code, out, _ = run("pin", typed="29176\n")
    assert code == 0
    assert str(own_file()) in out
    code, token, _ = run("token")
    settings = load_kiosk_settings(own_file())
    assert is_pin("29176", settings.operator.pin_hash)
    assert is_token(token.strip(), settings.page.token_hash)
    text = own_file().read_text("utf-8")
    assert "29176" not in text
    assert token.strip() not in text


def test_a_pin_that_is_guessed_first_is_refused_in_one_line(run):
    code, out, err = run("pin", typed="1234\n")
    assert (code, out) == (1, "")
    assert "guessed first" in err
    assert not own_file().exists()


def test_a_wrong_file_is_told_before_anything_starts(run, tmp_path):
    for arguments in (
        ["--config", tmp_path / "none.toml"],
        ["install", "--config", tmp_path / "x"],
    ):
        code, _, err = run(*arguments)
        assert code == 1
        assert str(arguments[-1]) in err


def test_only_one_kiosk_runs(run):
    with only_one(places.lock_file()):
        code, _, err = run()
    assert code == 1
    assert "Another kiosk runs" in err
    with only_one(places.lock_file()):
        pass


def test_install_tells_what_to_run_by_hand(run, tmp_path, monkeypatch):
    monkeypatch.setattr(autostart, "file_here", lambda _platform="": tmp_path / "unit.service")
    monkeypatch.setenv("PATH", "")
    code, out, err = run("install")
    assert (code, out.strip()) == (0, f"installed {tmp_path / 'unit.service'}")
    assert "by hand" in err
    assert run("uninstall")[0] == 0
    assert run("uninstall")[0] == 1


def test_help_lists_what_an_operator_needs_and_hides_the_rest(run):
    code, out, _ = run("-h")
    assert code == 0
    for name in ("pin", "token", "install", "uninstall"):
        assert name in out
    assert "closed" not in out
