"""The leaderboard's window: only on its own display."""

from __future__ import annotations

import os

import pytest

os.environ["SDL_AUDIODRIVER"] = "dummy"

from emotion_game.game.types import MARATHON_LEVEL
from emotion_game.kiosk import closed_screen as closed
from emotion_game.kiosk.window import KioskWindow
from emotion_game.monitor import Order
from emotion_game.scores import open_board


class FakeLink:
    """Says once how many displays there are each turn, then orders the end."""

    told_to_end = False

    def __init__(self, there):
        self.there = there
        self.turns = 0

    def end_on_signals(self):
        pass

    def turn(self, now_s, status):
        self.turns += 1
        assert status().screen == "board"
        return [] if self.turns < len(self.there) else [Order(kind="end")]

    def close(self):
        pass

    def displays(self):
        return self.there[min(self.turns, len(self.there) - 1)]


@pytest.mark.parametrize(
    ("there", "windows", "told"),
    [
        ([1, 1, 1], 0, ["There is no display 1"]),
        ([1, 2, 2, 2], 1, ["There is no display 1"]),
        ([2, 2, 1, 1, 2, 2, 2], 2, ["is gone", "There is no display 1"]),
    ],
)
def test_the_leaderboard_waits_for_its_display(
    shipped, monkeypatch, tmp_path, caplog, there, windows, told
):
    screen = shipped.screen.model_copy(update={"leaderboard_display": 1})
    settings = shipped.model_copy(update={"screen": screen})
    link, shown = FakeLink(there), []

    def window(screen_settings, modes, *, language, display):
        shown.append(display)
        return KioskWindow(screen_settings, modes, offscreen=True, language=language)

    url = f"sqlite:///{tmp_path / 'scores.sqlite3'}"
    monkeypatch.setattr(closed, "load_kiosk_settings", lambda _: settings)
    monkeypatch.setattr(closed, "own_streams", lambda: (None, None))
    monkeypatch.setattr(closed, "Link", lambda *_: link)
    monkeypatch.setattr(closed, "open_board", lambda _: open_board(url, folder=tmp_path / "w"))
    monkeypatch.setattr(closed, "KioskWindow", window)
    monkeypatch.setattr(closed, "displays", link.displays)
    monkeypatch.setattr(closed, "_LOOK_S", 0.0)
    closed.show_board(None)
    assert shown == [1] * windows
    assert len(caplog.messages) == len(told)
    for message, words in zip(caplog.messages, told, strict=True):
        assert words in message


def test_the_marathons_have_their_turn_on_the_display(shipped, monkeypatch, tmp_path):
    screen = shipped.screen.model_copy(update={"leaderboard_display": 0})
    game = shipped.game.model_copy(update={"levels": (2,)})
    settings = shipped.model_copy(update={"screen": screen, "game": game})
    link, shown = FakeLink([1] * 6), []

    class Window(KioskWindow):
        def draw(self, view):
            shown.append((view.screen.mode, view.screen.level))
            return super().draw(view)

    def window(screen_settings, modes, *, language, display):
        return Window(screen_settings, modes, offscreen=True, language=language)

    url = f"sqlite:///{tmp_path / 'scores.sqlite3'}"
    monkeypatch.setattr(closed, "load_kiosk_settings", lambda _: settings)
    monkeypatch.setattr(closed, "own_streams", lambda: (None, None))
    monkeypatch.setattr(closed, "Link", lambda *_: link)
    monkeypatch.setattr(closed, "open_board", lambda _: open_board(url, folder=tmp_path / "w"))
    monkeypatch.setattr(closed, "KioskWindow", window)
    monkeypatch.setattr(closed, "displays", link.displays)
    monkeypatch.setattr(closed, "BOARD_S", 0.0)
    closed.show_board(None)
    both = [(mode, level) for mode in ("happy", "surprise") for level in (2, MARATHON_LEVEL)]
    assert set(shown) == set(both)
