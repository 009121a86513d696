"""Real children that crash, hang, end or never speak."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from emotion_game.game.replay import decode
from emotion_game.kiosk import child as child_module
from emotion_game.kiosk import disk
from emotion_game.kiosk import supervisor as supervisor_module
from emotion_game.kiosk.settings import HoursSettings, KioskSettings, RestartSettings
from emotion_game.kiosk.supervisor import Places, Show, Supervisor, Wish
from emotion_game.monitor import Order

FAKE = Path(__file__).parent / "fake_game.py"
#: Whatever a busy machine may need: as long as nothing hangs, no test waits for it.
LIMIT_S = 120.0
RULES = RestartSettings(
    start_s=LIMIT_S, hang_s=60.0, first_wait_s=0.2, longest_wait_s=0.4, failures=3,
    within_s=1000.0, retry_first_s=1000.0, retry_longest_s=1000.0,
)  # fmt: skip


def wait_for(condition):
    deadline_s = time.monotonic() + LIMIT_S
    while not (found := condition()):
        assert time.monotonic() < deadline_s, "it did not happen"
        time.sleep(0.05)
    return found


@pytest.fixture
def booth(tmp_path, shipped, monkeypatch):
    """Run a supervisor over fake games that behave as told."""
    monkeypatch.setenv("PYTHONPATH", str(FAKE.parents[2]))
    # A booth cannot wait for a slow process; a test can.
    for name in ("END_S", "_GONE_S", "_LAST_WORDS_S"):
        monkeypatch.setattr(child_module, name, LIMIT_S)

    @contextmanager
    def run(
        *behaviours,
        settings: KioskSettings | None = None,
        clock=None,
        rules=RULES,
        board=(),
        screens=("fine",),
    ):
        screen = tmp_path / "screen"
        screen.mkdir(exist_ok=True)
        game = [sys.executable, str(FAKE), str(tmp_path), *behaviours]
        commands = {show: [sys.executable, str(FAKE), str(screen), *screens] for show in Show}
        settings = (settings or shipped).model_copy(update={"restart": rules})
        supervisor = Supervisor(
            settings,
            {**commands, Show.GAME: game},
            Places(tmp_path / "crashes", tmp_path / "events.jsonl"),
            **({"clock": clock} if clock else {}),
            board=board,
        )
        thread = threading.Thread(target=supervisor.run)
        thread.start()
        try:
            yield supervisor
        finally:
            supervisor.stop()
            thread.join(3 * LIMIT_S)
            assert not thread.is_alive()
            wait_for(lambda: not psutil.Process().children(recursive=True))

    return run


def go_wrong(supervisor):
    """Have the game do what it is to do, once it has said how it is."""
    wait_for(lambda: supervisor.snapshot().status)
    supervisor.ask(Order(kind="void_round"))


def starts(folder: Path) -> list[float]:
    file = folder / "starts.txt"
    return [float(line) for line in file.read_text().splitlines()] if file.exists() else []


def reports(folder: Path) -> list[Path]:
    return sorted(folder.glob("crashes/*/report.json"))


def test_a_healthy_game_is_let_alone_and_ended_in_good_order(booth, tmp_path):
    with booth("fine") as supervisor:
        wait_for(lambda: supervisor.snapshot().running)
        seen = wait_for(lambda: supervisor.snapshot().status)
        assert (seen.screen, seen.camera) == ("menu", "demo")
        supervisor.ask(Order(kind="volume", value=0.25))
        wait_for(lambda: supervisor.snapshot().status.volume == 0.25)
        for _ in range(5):
            beat_s = supervisor.child.beat_s
            wait_for(lambda beat_s=beat_s: supervisor.child.beat_s > beat_s)
        snapshot = supervisor.snapshot()
        assert (snapshot.restarts, snapshot.failures, snapshot.last_failure) == (0, 0, "")
        assert snapshot.memory_mib > 5
    assert (tmp_path / "ended.txt").read_text() == "in good order"
    assert len(starts(tmp_path)) == 1


@pytest.mark.parametrize(("behaviour", "kind"), [("crash", "crash"), ("exit", "crash")])
def test_a_game_that_ends_is_started_again_with_a_report(booth, tmp_path, behaviour, kind):
    with booth(behaviour, "fine") as supervisor:
        go_wrong(supervisor)
        wait_for(lambda: len(starts(tmp_path)) == 2 and supervisor.snapshot().running)
        assert supervisor.snapshot().failures == 1
    (report,) = reports(tmp_path)
    content = json.loads(report.read_text("utf-8"))
    assert content["failure"]["kind"] == kind
    assert content["status"]["screen"] == "menu"
    events = (report.parent / "events.jsonl").read_text().splitlines()
    assert [type(decode(line)[1]).__name__ for line in events] == ["Start", "Tick"]


def test_last_words_are_kept_without_names(booth, tmp_path):
    with booth("raise", "fine") as supervisor:
        go_wrong(supervisor)
        wait_for(lambda: len(starts(tmp_path)) == 2)
    (report,) = reports(tmp_path)
    said = (report.parent / "stderr.txt").read_text("utf-8")
    assert "RuntimeError" in said
    assert "길동" not in said


def test_a_game_that_hangs_is_killed_and_back(booth, tmp_path, monkeypatch):
    with booth("hang", "fine") as supervisor:
        go_wrong(supervisor)
        hung = supervisor.child

        def until_told(_):
            if os.name != "nt":
                wait_for(lambda: any("stuck_in_a_library" in line for line in hung.said))

        patient = SimpleNamespace(monotonic=time.monotonic, sleep=until_told)
        monkeypatch.setattr(child_module, "time", patient)
        wait_for((tmp_path / "stuck.txt").exists)
        # From now on silence counts; a machine that stalls before that is no hang.
        settings, hasty = supervisor.settings, RULES.model_copy(update={"hang_s": 1.0})
        supervisor.settings = settings.model_copy(update={"restart": hasty})
        wait_for(lambda: supervisor.child is not hung)
        supervisor.settings = settings
        assert time.monotonic() - hung.beat_s > 1.0
        wait_for(lambda: len(starts(tmp_path)) == 2 and supervisor.snapshot().running)
    (report,) = reports(tmp_path)
    assert json.loads(report.read_text("utf-8"))["failure"]["kind"] == "hang"
    if os.name != "nt":
        assert "stuck_in_a_library" in (report.parent / "stderr.txt").read_text("utf-8")


def test_a_game_that_never_speaks_is_a_hang(booth, monkeypatch):
    monkeypatch.setattr(child_module, "END_S", 0.1)  # it hears nothing either
    with booth("mute", rules=RULES.model_copy(update={"start_s": 1.0})) as supervisor:
        # On a busy machine a process may be killed before it has even noted its start.
        wait_for(lambda: supervisor.snapshot().restarts >= 1)
        assert supervisor.snapshot().failures >= 1


def test_too_many_failures_show_the_screen_and_try_again(booth, tmp_path):
    with booth("dead", "dead", "dead", "fine") as supervisor:
        wait_for(lambda: supervisor.snapshot().show is Show.BROKEN)
        assert len(starts(tmp_path)) == RULES.failures
        # The screen is up in the meantime, then the game is back.
        wait_for(lambda: starts(tmp_path / "screen") and supervisor.snapshot().running)
        assert 900 < supervisor.snapshot().retry_in_s <= RULES.retry_first_s
        supervisor._due_s = time.monotonic()  # as if that time had passed
        wait_for(lambda: supervisor.snapshot().show is Show.GAME and supervisor.snapshot().running)
        assert supervisor.snapshot().failures == RULES.failures
    assert (tmp_path / "screen" / "ended.txt").exists()


def test_a_display_that_is_back_brings_the_game_back_at_once(booth, tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor_module, "_SCREEN_RETRY_S", 0.2)
    patient = RULES.model_copy(update={"retry_first_s": 600.0, "retry_longest_s": 600.0})
    with booth("dead", "dead", "dead", "fine", rules=patient, screens=("dead", "fine")) as it:
        wait_for(lambda: it.snapshot().show is Show.BROKEN)
        wait_for(lambda: it.snapshot().show is Show.GAME and it.snapshot().running)
        assert len(starts(tmp_path / "screen")) == 2


def test_the_operator_restarts_and_switches_off_and_on(booth, tmp_path):
    with booth("fine") as supervisor:
        wait_for(lambda: supervisor.snapshot().running)
        supervisor.ask(Wish.RESTART)
        wait_for(lambda: len(starts(tmp_path)) == 2 and supervisor.snapshot().running)
        supervisor.ask(Wish.SWITCH_OFF)
        wait_for(lambda: supervisor.snapshot().show is Show.SWITCHED_OFF)
        wait_for(lambda: supervisor.snapshot().running)
        supervisor.ask(Wish.SWITCH_ON)
        wait_for(lambda: supervisor.snapshot().show is Show.GAME and supervisor.snapshot().running)
        assert supervisor.snapshot().failures == 0


def test_the_operator_leaves_for_the_desktop(booth, tmp_path):
    with booth("leave") as supervisor:
        go_wrong(supervisor)
        wait_for(lambda: supervisor.stopped)
    assert len(starts(tmp_path)) == 1
    assert not reports(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_game_that_the_system_ends_takes_the_kiosk_along(booth, tmp_path, monkeypatch, name):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with booth("window") as supervisor:
        wait_for((tmp_path / "window.txt").exists)
        os.kill(supervisor.child.pid, getattr(signal, name))
        wait_for((tmp_path / "ended.txt").exists)
        wait_for(lambda: supervisor.child is None)
    assert supervisor.snapshot().failures == 0
    assert len(starts(tmp_path)) == 1
    assert not reports(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
def test_a_game_that_the_system_ends_before_it_listens_is_no_crash(booth, tmp_path):
    with booth("mute") as supervisor:
        wait_for(lambda: starts(tmp_path))
        os.kill(supervisor.child.pid, signal.SIGTERM)
        wait_for(lambda: supervisor.child is None)
    assert supervisor.snapshot().failures == 0
    assert len(starts(tmp_path)) == 1


def test_outside_the_opening_hours_a_screen_says_so(booth, shipped):
    hours = HoursSettings.model_validate_strings({"opens": "10:00", "closes": "18:00"})
    at = [datetime(2026, 11, 22, 19, 0).astimezone()]
    closed = shipped.model_copy(update={"hours": hours})
    with booth("fine", settings=closed, clock=lambda: at[0]) as supervisor:
        wait_for(
            lambda: supervisor.snapshot().show is Show.CLOSED and supervisor.snapshot().running
        )
        at[0] = datetime(2026, 11, 23, 10, 0).astimezone()
        wait_for(lambda: supervisor.snapshot().show is Show.GAME and supervisor.snapshot().running)


def test_a_machine_that_slept_excuses_the_silence(booth, tmp_path):
    with booth("fine") as supervisor:
        wait_for(lambda: supervisor.snapshot().running)
        child = supervisor.child
        later_s = time.monotonic() + 1000.0
        assert child.is_hanging(later_s, RULES)
        child.excuse(later_s)
        assert not child.is_hanging(later_s + 0.5, RULES)


def test_the_leaderboard_beside_the_game_is_watched_too(booth, tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor_module, "_SCREEN_RETRY_S", 0.2)
    second = tmp_path / "second"
    second.mkdir()
    with booth(
        "fine", board=[sys.executable, str(FAKE), str(second), "dead", "fine"]
    ) as supervisor:
        wait_for(lambda: len(starts(second)) == 2)
        wait_for(lambda: supervisor.snapshot().running)
        assert supervisor.snapshot().failures == 0
    assert (second / "ended.txt").exists()


def test_out_of_service_lasts_over_a_restart_until_it_is_taken_back(booth, tmp_path):
    with booth("fine") as supervisor:
        supervisor.ask(Wish.SWITCH_OFF)
        wait_for(lambda: supervisor.snapshot().show is Show.SWITCHED_OFF)
    with booth("fine") as supervisor:
        wait_for(lambda: supervisor.snapshot().running)
        assert supervisor.snapshot().show is Show.SWITCHED_OFF
        supervisor.ask(Wish.RESTART)
        wait_for(lambda: len(starts(tmp_path / "screen")) >= 3)
        assert supervisor.snapshot().show is Show.SWITCHED_OFF, "a restart does not take it back"
        supervisor.ask(Wish.SWITCH_ON)
        wait_for(lambda: supervisor.snapshot().show is Show.GAME and supervisor.snapshot().running)
    with booth("fine") as supervisor:
        wait_for(lambda: supervisor.snapshot().running)
        assert supervisor.snapshot().show is Show.GAME


def test_a_full_disk_and_what_others_report_are_faults_of_the_booth(booth, tmp_path, monkeypatch):
    monkeypatch.setattr(disk, "free_mb", lambda _folder: 12)
    with booth("fine") as supervisor:
        wait_for(lambda: supervisor.snapshot().running)
        supervisor.report("page", "no address yet")
        now = supervisor.snapshot()
        assert now.free_mb == 12
        assert "12 MB" in now.all_faults[0]
        assert now.all_faults[1] == "no address yet"
        supervisor.report("page", "")
        monkeypatch.setattr(disk, "free_mb", lambda _folder: 50_000)
        assert supervisor.snapshot().all_faults == ()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize(
    ("behaviour", "why"),
    [
        ("raise", "RuntimeError: nickname=*** did it"),
        ("dead", "no display can be opened"),
    ],
)
def test_the_booth_says_why_its_game_failed(booth, behaviour, why):
    with booth(behaviour) as supervisor:
        if behaviour != "dead":
            go_wrong(supervisor)
        wait_for(lambda: supervisor.snapshot().failures)
        assert supervisor.snapshot().why == why
