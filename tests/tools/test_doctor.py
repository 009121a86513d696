from __future__ import annotations

import inspect
import json
import shutil
import socket
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import uuid4

import cv2
import numpy as np
import pytest
from free_port import free_port

from emotion_game import paths
from emotion_game.cli import main
from emotion_game.game.types import Outcome, Reason
from emotion_game.kiosk import disk
from emotion_game.kiosk import paths as places
from emotion_game.kiosk.edit_settings import set_value
from emotion_game.kiosk.lock import only_one
from emotion_game.kiosk.pin import hash_pin
from emotion_game.kiosk.resolution import Resolved, resolve
from emotion_game.scores.board import open_board
from emotion_game.scores.score import Score
from emotion_game.tools import booth, doctor, machine
from emotion_game.tools.doctor import Status, examine
from emotion_game.tools.health import guard


def make_score():
    return Score(
        id=uuid4(), finished_at=datetime.now(UTC), booth="b", mode="happy", level=1,
        outcome=Outcome.LOST, reason=Reason.HELD, clip_id="happy/1/x", clip_duration_s=9.0,
        decided_s=4.0, points=7, composure=0.5, rules_version="1", model_version="1",
    )  # fmt: skip


NAMES = ["settings", "model", "clips", "camera", "libvlc", "audio", "screen"]


@pytest.fixture(scope="module")
def healthy():
    with pytest.MonkeyPatch.context() as patch:
        # A busy machine is no fault of the camera.
        patch.setattr(doctor, "_SLOW_HZ", 0.01)
        return {check.name: check for check in examine("demo")}


def test_everything_a_round_needs_is_looked_at(healthy):
    assert [name for name in healthy if name in NAMES] == NAMES
    assert healthy["camera"].status is Status.OK
    assert "640 x 480" in healthy["camera"].found
    for name in ("settings", "model", "clips"):
        assert healthy[name].status is Status.OK, healthy[name].found


def test_the_booth_is_looked_at_too(healthy):
    assert {
        "models",
        "cameras",
        "reading",
        "database",
        "disk",
        "permissions",
        "clock",
        "power",
    } <= {*healthy}
    assert "pictures a second, brightness" in healthy["camera"].found
    assert "neutral" in healthy["reading"].found
    assert healthy["disk"].status is not Status.FAIL
    assert "scores.sqlite3" in healthy["database"].found


def test_what_is_not_well_comes_with_a_hint(healthy):
    assert all(check.hint for check in healthy.values() if check.status is not Status.OK)


LOOKS = [
    (module, name)
    for module in (doctor, machine, booth)
    for name, look in inspect.getmembers(module, inspect.isfunction)
    if look.__module__ == module.__name__ and look.__annotations__.get("return") == "Check"
]


def test_a_look_that_fails_is_a_line_of_the_report(monkeypatch, healthy):
    def fail(*_args):
        raise FileNotFoundError(2, "No such file or directory", "/sys/class/power_supply")

    for module, name in LOOKS:
        monkeypatch.setattr(module, name, fail)
    checks = examine("demo", resolve(booth=True))
    assert len(checks) == len(LOOKS)
    for check in checks:
        assert check.status is Status.WARN
        assert "could not be looked at: FileNotFoundError" in check.found
        assert check.hint


@pytest.mark.parametrize("error", [RuntimeError(""), UnicodeError("a\nb"), SystemExit(1)])
def test_whatever_a_look_raises_is_one_line(error):
    def look():
        raise error

    check = guard("sound", look)
    assert check.name == "sound"
    assert type(error).__name__ in check.found
    assert "\n" not in check.found


def test_no_folder_of_power_supplies_is_no_battery(monkeypatch):
    def missing():
        raise FileNotFoundError("/sys/class/power_supply")

    monkeypatch.setattr("psutil.sensors_battery", missing, raising=False)
    assert machine._power().status is Status.OK


def test_a_missing_camera_and_an_altered_network(monkeypatch, tmp_path):
    shutil.copytree(
        paths.MODELS / "expression",
        tmp_path / "expression",
        ignore=shutil.ignore_patterns("*.keras"),
    )
    contract = tmp_path / "expression" / "model.json"
    content = json.loads(contract.read_text(encoding="utf-8"))
    content["sha256"] = {"model.tflite": "0" * 64}
    contract.write_text(json.dumps(content), encoding="utf-8")
    monkeypatch.setattr(paths, "MODELS", tmp_path)

    checks = {check.name: check for check in examine("97")}
    assert checks["model"].status is Status.FAIL
    assert "model.tflite" in checks["model"].found
    assert checks["camera"].status is Status.WARN
    assert "Camera 97" in checks["camera"].found
    assert checks["clips"].status is Status.OK


def test_a_dark_camera_and_nobody_in_the_picture(tmp_path):
    dark = tmp_path / "dark.png"
    cv2.imwrite(str(dark), np.full((480, 640, 3), 9, np.uint8))
    checks = {check.name: check for check in doctor.examine(str(dark))}
    assert checks["camera"].status is Status.WARN
    assert "brightness 9 of 255" in checks["camera"].found
    assert "dark" in checks["camera"].hint.lower()
    assert "no face" in checks["reading"].found


class StandingCamera:
    """A device that repeats its picture."""

    live = True

    def read(self):
        return np.full((48, 64, 3), 100, np.uint8)

    def pace(self, stop):
        stop.wait(0.02)

    def close(self):
        pass


def test_a_camera_that_stands(monkeypatch):
    monkeypatch.setattr(doctor, "open_source", lambda *_: StandingCamera())
    check = doctor._camera("http://admin:s3cret@cam/v", resolve(), [])
    assert check.status is Status.WARN
    assert check.found.startswith("http://admin:***@cam/v: 64 x 48")
    assert "repeats one picture" in check.hint


def test_another_configuration_is_read(tmp_path):
    config = tmp_path / "mine.toml"
    config.write_text("[camera]\nwidth_px = 6\n", encoding="utf-8")
    checks = {check.name: check for check in doctor.examine("demo", Resolved(config))}
    assert checks["settings"].status is Status.FAIL
    assert "mine.toml" in checks["settings"].found


@pytest.fixture
def own_folders(tmp_path, monkeypatch):
    for kind in ("DATA", "CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind))
    return tmp_path


def test_what_can_be_mended_is_mended(own_folders, monkeypatch):
    database = own_folders / "scores.sqlite3"
    monkeypatch.setenv("EMOTION_GAME_DATABASE_URL", f"sqlite:///{database}")
    database.mkdir()
    board = open_board()
    board.keep(make_score())  # the database cannot be opened: the result waits
    board.close()
    assert machine._database(resolve()).status is Status.WARN
    database.rmdir()
    models = own_folders / "DATA" / "emotion-game" / "models"
    models.mkdir(parents=True)
    (models / "active.json").write_text("{")
    done = "; ".join(machine.repair(resolve()))
    assert "delivered 1 waiting result(s)" in done
    assert str(own_folders / "CONFIG" / "emotion-game") in done
    assert machine._database(resolve()).status is Status.OK
    assert machine.repair(resolve()) == []


@pytest.mark.parametrize(("free_mb", "status"), [(50, "fail"), (500, "warn"), (5000, "ok")])
def test_a_disk_that_fills_up(monkeypatch, free_mb, status):
    monkeypatch.setattr(disk, "free_mb", lambda _folder: free_mb)
    assert machine._disk(resolve()).status == status


def test_a_laptop_on_battery(monkeypatch):
    battery = SimpleNamespace(percent=42.0, power_plugged=False)
    monkeypatch.setattr("psutil.sensors_battery", lambda: battery, raising=False)
    assert machine._power().status is Status.WARN
    battery.power_plugged = True
    assert machine._power().status is Status.OK


def test_the_kiosks_own_settings(tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_config_path", lambda _app: tmp_path)
    check = booth.examine(resolve())[0]
    assert "no PIN" in check.found
    path = set_value(None, "operator", "pin_hash", hash_pin("29176"))
    check = booth.examine(resolve())[0]
    assert "names nobody" in check.found
    path.write_text(path.read_text("utf-8").replace("The operator of this booth", "Us"), "utf-8")
    assert booth.examine(resolve())[0].status is Status.OK
    path.write_text("[game]\nspeed = 1\n", "utf-8")
    assert booth.examine(Resolved(paths.CONFIGS / "game.toml", path))[0].status is Status.FAIL


@pytest.fixture
def a_booth(own_folders):
    """A booth with a camera, a game.toml and a database of its own; write more into its files."""
    folder = own_folders / "CONFIG" / "emotion-game"
    folder.mkdir(parents=True)
    game = (paths.CONFIGS / "game.toml").read_text("utf-8")
    dead = "postgresql://booth:geheim@127.0.0.1:1/scores"
    assert 'url = ""' in game
    (folder / "booth.toml").write_text(game.replace('url = ""', f'url = "{dead}"'), "utf-8")
    kiosk = (paths.CONFIGS / "kiosk.toml").read_text("utf-8")
    kiosk = kiosk.replace('# config = "game.toml"', 'config = "booth.toml"')
    kiosk = kiosk.replace('camera = "0"', 'camera = "97"')
    (folder / "kiosk.toml").write_text(kiosk, "utf-8")
    return folder


def report(capsys, *arguments):
    with pytest.raises(SystemExit):
        main(["doctor", "--json", *arguments])
    out, err = capsys.readouterr()
    told = json.loads(out)
    return {check["name"]: check for check in told["checks"]}, told["files"], err


def test_the_doctor_looks_at_the_booth_that_is_set_up_here(a_booth, capsys):
    checks, files, err = report(capsys)
    assert files == [str(a_booth / "kiosk.toml"), str(a_booth / "booth.toml")]
    assert all(file in err for file in files)
    assert "Camera 97" in checks["camera"]["found"]
    assert checks["database"]["status"] == "warn"
    assert "postgresql://booth@127.0.0.1:1/scores" in checks["database"]["found"]
    assert "geheim" not in str(checks)
    assert str(a_booth / "booth.toml") in checks["settings"]["found"]
    at_home, files, _ = report(capsys, "--no-booth", "--camera", "demo")
    assert "scores.sqlite3" in at_home["database"]["found"]
    assert "page" not in at_home
    assert len(files) == 1


def test_a_booths_file_with_a_fault_is_one_line_of_the_report(a_booth, capsys):
    (a_booth / "kiosk.toml").write_text("[game]\nspeed = 1\n", "utf-8")
    checks, _, _ = report(capsys, "--camera", "demo")
    assert checks["kiosk"]["status"] == "fail"
    assert "speed" in checks["kiosk"]["found"]


def test_any_kiosk_file_may_be_looked_at(a_booth, capsys, own_folders):
    other = own_folders / "other.toml"
    (a_booth / "kiosk.toml").rename(other)
    (a_booth / "booth.toml").rename(own_folders / "booth.toml")
    _, files, _ = report(capsys, "--booth", "--config", str(other), "--camera", "demo")
    assert files[0] == str(other)


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_the_pages_address_its_port_and_the_displays(a_booth, capsys):
    path = set_value(None, "operator", "pin_hash", hash_pin("29176"))
    edit(path, "enabled = false", "enabled = true")
    edit(path, "port = 8808", f"port = {free_port()}")
    edit(path, "# leaderboard_display = 1", "leaderboard_display = 7")
    kiosk = resolve()
    checks = {check.name: check for check in booth.examine(kiosk)}
    assert checks["page"].status is Status.OK
    assert "leaderboard_display = 7" in checks["displays"].found
    assert checks["displays"].status is Status.WARN
    with socket.socket() as other:
        other.bind((kiosk.kiosk.page.host, kiosk.kiosk.page.port))
        other.listen()
        (taken,) = [check for check in booth.examine(kiosk) if check.name == "page"]
        assert taken.status is Status.WARN
        assert "in use" in taken.found
        with only_one(places.lock_file()):
            (own,) = [check for check in booth.examine(kiosk) if check.name == "page"]
        assert own.status is Status.OK
    edit(path, 'host = "127.0.0.1"', 'host = "192.0.2.7"')
    (away,) = [check for check in booth.examine(resolve()) if check.name == "page"]
    assert away.status is Status.WARN
    assert "192.0.2.7 is no address of this machine" in away.found
    assert "127.0.0.1" in away.found


def test_the_disk_of_the_database_counts_too(own_folders, monkeypatch):
    far = own_folders / "far" / "scores.sqlite3"
    monkeypatch.setenv("EMOTION_GAME_DATABASE_URL", f"sqlite:///{far}")
    monkeypatch.setattr(disk, "free_mb", lambda folder: 5 if folder == far.parent else 5000)
    check = machine._disk(resolve())
    assert check.status is Status.FAIL
    assert str(far.parent) in check.found
