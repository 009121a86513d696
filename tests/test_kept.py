"""Files that earlier versions wrote still load, or are moved over with a word."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from uuid import UUID

import pytest
from modes_for_tests import MODES

from emotion_game.app.preferences import load_preferences
from emotion_game.clips.library import load_library
from emotion_game.clips.pack import install_pack
from emotion_game.game.replay import replay
from emotion_game.kiosk.settings import game_settings_of, load_kiosk_settings, offered_modes
from emotion_game.misreads import Misreads
from emotion_game.scores.board import open_board
from emotion_game.scores.database import Database
from emotion_game.settings import load_game_settings
from emotion_game.vision.installed import SHIPPED, bundle_folder, check_bundle, check_detector
from emotion_game.vision.yolo_detector import SHIPPED as SHIPPED_DETECTOR

KEPT = Path(__file__).parent / "kept"


def test_settings_keep_the_numbers_that_were_changed_and_say_what_was_done(caplog):
    settings = load_game_settings(KEPT / "game.toml")
    assert settings.rounds["happy", 1].hold_s == 0.77
    assert settings.rounds["surprise", 3].hold_s == 0.5
    assert settings.modes == MODES
    (record,) = caplog.records
    assert "is of an earlier version: its [MODE.LEVEL] is read as" in record.getMessage()


def test_a_booth_offers_what_it_offered():
    kiosk = load_kiosk_settings(KEPT / "kiosk.toml")
    assert offered_modes(kiosk, game_settings_of(kiosk).modes) == ("happy", "surprise")


def test_preferences_and_the_crown_stay():
    preferences = load_preferences(KEPT / "preferences.json")
    assert (preferences.language, preferences.volume) == ("ko", 0.4)
    assert preferences.crowns == {"surprise"}


def test_results_stay_and_those_that_wait_are_delivered(tmp_path):
    shutil.copytree(KEPT, tmp_path, dirs_exist_ok=True)
    url, waiting = f"sqlite:///{tmp_path / 'scores.sqlite3'}", tmp_path / "waiting"
    board = open_board(url, folder=waiting)
    # The folder of what waits is called after its board's address, which is another here.
    (waiting / "board").rename(waiting / Database(url).key)
    assert board.waiting() == 2
    assert board.deliver() == 2
    results = {result.id: result for result in board.results()}
    assert len(results) == 4
    assert results[UUID(int=2)].nickname == "왕눈이"
    assert results[UUID(int=4)].nickname == "Ana"
    assert board.modes() == ("happy", "surprise")
    assert [each.points for each in board.leaderboard("happy", 1, 5)] == [999, 301]
    assert [each.points for each in board.leaderboard("happy", 100, 5)] == [12_000]
    board.close()


@pytest.mark.parametrize("name", ["duel", "marathon"])
def test_a_recorded_round_replays_to_the_result_it_had(name):
    lines = (KEPT / f"{name}.jsonl").read_text("utf-8").splitlines()
    _, results = replay(lines, load_game_settings(KEPT / "game.toml").rounds)
    was = json.loads((KEPT / f"{name}.json").read_text("utf-8"))
    now = json.loads(json.dumps([asdict(result) for result in results]))
    assert len(was) == len(now) == 1
    assert now[0].keys() == was[0].keys()
    for key, value in was[0].items():
        assert now[0][key] == pytest.approx(value) if _is_number(value) else now[0][key] == value


def _is_number(value: object) -> bool:
    return isinstance(value, float)


def test_a_pack_installs(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    (entry,) = install_pack(KEPT / "club.zip").new
    assert (entry.title_ko, entry.author) == ("부엉이", "Kim")
    (clip,) = (each for each in load_library() if each.own)
    assert (clip.mode, clip.level) == ("surprise", 2)


def test_a_kept_face_waits_for_its_label(tmp_path):
    shutil.copytree(KEPT / "wrong-calls", tmp_path / "kept")
    assert Misreads(tmp_path / "kept").counts().unreviewed == 1


def test_the_bundles_of_that_version_are_those_that_ship():
    assert check_bundle(bundle_folder(SHIPPED)).version == "0.5.0"
    assert check_detector(SHIPPED_DETECTOR).version == "0.3.0"
