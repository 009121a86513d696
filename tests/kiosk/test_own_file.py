from __future__ import annotations

import codecs
import os
import re
import stat

import pytest

from emotion_game import paths
from emotion_game.errors import SettingsError
from emotion_game.kiosk.edit_settings import set_value
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


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_file_of_a_windows_editor_loses_nothing(tmp_path, mark, end):
    path = tmp_path / "kiosk.toml"
    text = (paths.CONFIGS / "kiosk.toml").read_text("utf-8").replace("\n", end)
    path.write_bytes(mark + text.encode())
    shipped = load_kiosk_settings(paths.CONFIGS / "kiosk.toml")
    for pin in ("29176", "83051"):
        set_value(path, "operator", "pin_hash", hash_pin(pin))
        set_value(path, "page", "token_hash", "sha256$" + "0" * 64)
        assert is_pin(pin, load_kiosk_settings(path).operator.pin_hash)
    assert load_kiosk_settings(path).notice == shipped.notice
    written = path.read_bytes()
    assert written.startswith(mark + text[:40].encode())
    assert written.count(codecs.BOM_UTF8) == bool(mark)
    assert set(re.findall(rb"\r?\n", written)) == {end.encode()}
    kept = set(written.decode("utf-8-sig").split(end))
    changed = {line for line in text.split(end) if line not in kept}
    assert all(line.startswith(("pin_hash", "token_hash")) for line in changed)


def test_a_file_in_another_encoding_is_left_alone(tmp_path):
    path = tmp_path / "kiosk.toml"
    before = (paths.CONFIGS / "kiosk.toml").read_text("utf-8").encode("utf-16")
    path.write_bytes(before)
    with pytest.raises(SettingsError, match=r"it is in UTF-16\. Save it as UTF-8"):
        set_value(path, "operator", "pin_hash", hash_pin("29176"))
    assert path.read_bytes() == before
