from __future__ import annotations

from datetime import time

import pytest

from emotion_game import paths
from emotion_game.errors import SettingsError
from emotion_game.kiosk.pin import hash_pin
from emotion_game.kiosk.settings import (
    HoursSettings,
    game_settings_of,
    load_kiosk_settings,
    offered_modes,
)

SHIPPED = (paths.CONFIGS / "kiosk.toml").read_text(encoding="utf-8")


def changed(tmp_path, old, new):
    assert old in SHIPPED
    path = tmp_path / "kiosk.toml"
    path.write_text(SHIPPED.replace(old, new), encoding="utf-8")
    return path


def test_the_shipped_file_has_no_pin_and_no_page(shipped):
    assert shipped.operator.pin_hash == ""
    assert not shipped.page.enabled
    assert shipped.page.host == "127.0.0.1"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('# modes = ["happy"]', "modes = []", "game.modes"),
        ('# modes = ["happy"]', "modes = [7]", "game.modes"),
        ('# modes = ["happy"]', 'modes = ["happy", "happy"]', "game.modes"),
        ("levels = [1, 2, 3]", "levels = [1, 1]", "game.levels"),
        ("levels = [1, 2, 3]", "levels = [4]", "game.levels"),
        ('languages = ["ko", "en"]', 'languages = ["fr"]', "game.languages"),
        ("volume_cap = 0.8", "volume_cap = 1.5", "game.volume_cap"),
        ("volume_cap = 0.8", 'volume_cap = "loud"', "game.volume_cap"),
        ("fullscreen = true", "fullscreen = 1", "screen.fullscreen"),
        ("rotation_deg = 0 ", "rotation_deg = 45", "screen.rotation_deg"),
        ("display = 0", "display = 0\nleaderboard_display = 0", "leaderboard_display"),
        ("# opens = 10:00:00", "opens = 10:00:00", "both or neither"),
        ("first_wait_s = 0.1", "first_wait_s = 5.0", "first_wait_s"),
        ('pin_hash = ""', 'pin_hash = "1234"', "operator.pin_hash"),
        ("enabled = false", "enabled = true", "kiosk pin"),
        ('host = "127.0.0.1"', 'host = "everywhere"', "page.host"),
        ('version = "1"', 'version = ""', "notice.version"),
        ("[log]", "[log]\nspeed = 1", "log.speed"),
    ],
)
def test_a_wrong_value_is_named(tmp_path, old, new, said):
    with pytest.raises(SettingsError, match=said):
        load_kiosk_settings(changed(tmp_path, old, new))


def test_a_page_with_a_pin_and_a_config_beside_the_file(tmp_path):
    path = changed(tmp_path, "enabled = false", "enabled = true")
    text = path.read_text("utf-8").replace('pin_hash = ""', f'pin_hash = "{hash_pin("29176")}"')
    path.write_text(text.replace('# config = "game.toml"', 'config = "mine.toml"'), "utf-8")
    settings = load_kiosk_settings(path)
    assert settings.page.enabled
    assert settings.game.config == tmp_path / "mine.toml"


def test_an_edited_notice_is_another_notice(shipped):
    edited = shipped.notice.model_copy(update={"en": shipped.notice.en + " Really."})
    assert edited.version == shipped.notice.version
    assert edited.mark() != shipped.notice.mark()
    assert shipped.notice.text("ko") != shipped.notice.text("en")


@pytest.mark.parametrize(
    ("opens", "closes", "clock", "is_open"),
    [
        ("10:00", "18:00", "09:59", False),
        ("10:00", "18:00", "10:00", True),
        ("10:00", "18:00", "18:00", False),
        ("20:00", "02:00", "01:59", True),
        ("20:00", "02:00", "02:00", False),
        ("20:00", "02:00", "23:00", True),
    ],
)
def test_opening_hours(opens, closes, clock, is_open):
    hours = HoursSettings.model_validate_strings({"opens": opens, "closes": closes})
    assert hours.is_open(time.fromisoformat(clock)) is is_open
    assert HoursSettings().is_open(time.fromisoformat(clock))


def test_the_modes_are_those_of_the_game_that_is_played(tmp_path):
    some = load_kiosk_settings(changed(tmp_path, '# modes = ["happy"]', 'modes = ["surprise"]'))
    modes = game_settings_of(some).modes
    assert offered_modes(some, modes) == ("surprise",)
    every = load_kiosk_settings(changed(tmp_path, "", ""))
    assert offered_modes(every, modes) == ("happy", "surprise")
    wrong = load_kiosk_settings(changed(tmp_path, '# modes = ["happy"]', 'modes = ["sad"]'))
    with pytest.raises(
        SettingsError, match=r"no mode sad in game\.toml; there are happy, surprise"
    ):
        offered_modes(wrong, modes)
