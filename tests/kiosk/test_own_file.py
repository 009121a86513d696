from __future__ import annotations

import os
import stat

import pytest

from emotion_game import paths
from emotion_game.errors import SettingsError
from emotion_game.kiosk.own_file import set_value
from emotion_game.kiosk.pin import hash_pin, is_pin
from emotion_game.kiosk.settings import kiosk_file, load_kiosk_settings, own_file


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_config_path", lambda _app: tmp_path / "config")


def test_the_first_pin_makes_the_users_own_file_with_its_comments():
    assert kiosk_file() == paths.CONFIGS / "kiosk.toml"
    path = set_value(None, "operator", "pin_hash", hash_pin("29176"))
    assert path == own_file() == kiosk_file()
    assert is_pin("29176", load_kiosk_settings(path).operator.pin_hash)
    text, shipped = path.read_text("utf-8"), (paths.CONFIGS / "kiosk.toml").read_text("utf-8")
    assert text.count("#") == shipped.count("#")
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    set_value(None, "operator", "pin_hash", hash_pin("83051"))
    assert is_pin("83051", load_kiosk_settings(path).operator.pin_hash)
    assert [each.name for each in path.parent.iterdir()] == ["kiosk.toml"]


def test_a_value_that_is_not_valid_changes_nothing(tmp_path):
    path = set_value(None, "operator", "pin_hash", hash_pin("29176"))
    before = path.read_bytes()
    with pytest.raises(SettingsError):
        set_value(None, "operator", "pin_hash", "29176")
    assert path.read_bytes() == before
    with pytest.raises(SettingsError, match=r"none\.toml"):
        set_value(tmp_path / "none.toml", "operator", "pin_hash", "")


def test_a_file_without_the_table_gets_it(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('[notice]\nversion = "1"\nrun_by = "us"\nko = "가"\nen = "a"\n', "utf-8")
    assert set_value(path, "page", "token_hash", "sha256$" + "0" * 64) == path
    assert load_kiosk_settings(path).page.token_hash
