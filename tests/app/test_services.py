"""What a game is played with: opened in order, and closed whatever fails."""

from __future__ import annotations

import threading
from dataclasses import replace

import pygame
import pytest
from table import Table

from emotion_game.app import Game, PlayOptions, open_services, services
from emotion_game.app.face_feed import FaceFeed
from emotion_game.app.files import Records
from emotion_game.app.instant_replay import InstantReplay
from emotion_game.errors import CameraError, GameError, ModelError, ScreenError, UnknownModeError
from emotion_game.screens.title import TitleView
from emotion_game.ui.window import Window

OFFSCREEN = PlayOptions(camera="demo", player="pyav", offscreen=True, language="en", rounds=1)


def test_the_title_is_shown_before_the_networks_load():
    table = Table()
    views = table.game.window.views
    views.clear()
    seen = []
    given = replace(
        table.services, load_analyser=lambda: seen.extend(views) or table.services.load_analyser()
    )
    Game(table.game.options, given).load()
    assert [type(view.screen) for view in seen] == [TitleView]


@pytest.fixture
def no_leaked_threads():
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) == before


@pytest.mark.usefixtures("no_leaked_threads")
def test_what_was_opened_is_closed_when_the_next_cannot_be(monkeypatch):
    def refuse(*_):
        raise CameraError("No camera today.")

    monkeypatch.setattr(services, "FaceFeed", refuse)
    with pytest.raises(CameraError):
        open_services(OFFSCREEN)
    assert not pygame.display.get_init()


@pytest.mark.usefixtures("no_leaked_threads")
def test_a_game_without_networks_closes_everything():
    def refuse():
        raise ModelError("No model today.")

    given = replace(open_services(OFFSCREEN), load_analyser=refuse)
    with pytest.raises(ModelError):
        Game(OFFSCREEN, given).run()
    assert not pygame.display.get_init()


def test_everything_is_closed_newest_first_and_the_files_last(monkeypatch):
    closed = []
    for kind in (Records, InstantReplay, Window, FaceFeed):

        def close(each, kind=kind, close=kind.close):
            closed.append(kind)
            close(each)

        monkeypatch.setattr(kind, "close", close)
    open_services(OFFSCREEN).stack.close()
    assert closed == [FaceFeed, Window, InstantReplay, Records]


def test_without_a_display_an_older_result_stays(tmp_path, monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SDL_VIDEODRIVER", "no such driver")
    monkeypatch.setattr("platformdirs.user_data_path", lambda name: tmp_path / name)
    older = tmp_path / "out.json"
    older.write_text('{"rounds": [1]}')
    with pytest.raises(ScreenError):
        open_services(replace(OFFSCREEN, offscreen=False, results_file=older))
    assert older.read_text() == '{"rounds": [1]}'


def test_what_cannot_be_written_or_played_is_said_before_anything_opens(tmp_path, monkeypatch):
    monkeypatch.setattr(services, "Window", lambda *_, **__: pytest.fail("a window was opened"))
    with pytest.raises(GameError, match="Cannot write the results"):
        open_services(replace(OFFSCREEN, results_file=tmp_path / "none" / "out.json"))
    with pytest.raises(GameError, match="Cannot write the events"):
        open_services(replace(OFFSCREEN, events_file=tmp_path / "none" / "events.jsonl"))
    with pytest.raises(UnknownModeError):
        open_services(replace(OFFSCREEN, mode="no such mode"))
