"""Films that a player drops on the window become clips, beside the game."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from table import Table

from emotion_game.app.clip_adder import ClipAdder
from emotion_game.clips.catalogue import ClipEntry
from emotion_game.clips.library import Clip, Library
from emotion_game.clips.own import Added, AlreadyThereError
from emotion_game.errors import ClipError
from emotion_game.ui.intents import ChooseLevel, ChooseMode, DropFile, Intent
from emotion_game.ui.notices import NoticeKind

WAIT_S = 20.0


class Workshop:
    """Makes clips at once, or refuses them; notes what it was asked for."""

    def __init__(self):
        self.asked = []
        self.go = threading.Event()
        self.go.set()

    def add(self, source, mode, level, about, progress):
        self.asked.append((source.name, mode, level))
        progress(0.5)
        assert self.go.wait(WAIT_S)
        progress(0.9)
        if source.stem == "broken":
            raise ClipError(f"{source.name} does not decode.", hint="Export it again.")
        if source.stem == "again":
            raise AlreadyThereError(f"{source.name} is in the library already.")
        entry = ClipEntry(
            file=f"{mode}/{level}/{source.stem}.mp4", title_en=source.stem, title_ko=source.stem,
            duration_s=7.0, licence="mine", origin="here",
        )  # fmt: skip
        return Added(entry, "copied")

    def load(self):
        made = (
            Clip(f"{mode}/{level}/{name}", Path(name), mode, level, name, name, 7.0, "", own=True)
            for name, mode, level in self.asked
        )
        shipped = Clip("happy/1/duck", Path("x"), "happy", 1, "Duck", "오리", 6.0, "CC0-1.0")
        return Library((shipped, *made))


@pytest.fixture
def shop():
    return Workshop()


@pytest.fixture
def table(shop):
    with_game = Table(adder=ClipAdder(shop.add, shop.load))
    with with_game.game.services.stack:
        yield with_game


@pytest.fixture
def films(tmp_path):
    for name in ("one.mp4", "broken.mp4", "again.mov", "notes.txt"):
        (tmp_path / name).write_bytes(b"film")
    return tmp_path


def wait(table, ready):
    ends_s = time.monotonic() + WAIT_S
    while not ready():
        assert time.monotonic() < ends_s
        time.sleep(0.01)
        table.show(0.05, 0.1)


def test_the_title_leads_to_the_page_and_back(table):
    assert table.press(Intent.OWN_CLIPS).name == "OwnClips"
    assert (table.screen.clips, table.screen.dropped) == ((), ())
    assert table.press(Intent.BACK).name == "Title"


def test_a_film_dropped_on_any_page_is_asked_where_to(table, films, shop):
    table.press(DropFile(str(films / "one.mp4")))
    assert table.name == "OwnClips"
    assert table.screen.dropped == ("one.mp4",)
    # The same once more is the same; nothing begins by itself.
    table.press(DropFile(str(films / "one.mp4")), ChooseMode("surprise"), ChooseLevel(3))
    assert table.screen.dropped == ("one.mp4",)
    assert shop.asked == []
    table.press(Intent.GO_ON)
    wait(table, lambda: table.screen.clips)
    assert shop.asked == [("one.mp4", "surprise", 3)]
    (clip,) = table.screen.clips
    assert (clip.mode, clip.level) == ("surprise", 3)
    assert [(each.name, each.fault) for each in table.screen.news] == [("one", "")]
    # And it is played.
    assert "surprise/3/one.mp4" in [clip.clip_id for clip in table.game.engine.stage.library]


def test_of_a_folder_every_film_is_added_and_faults_are_told(table, films, shop):
    table.press(DropFile(str(films)), Intent.GO_ON)
    wait(table, lambda: len(table.screen.news) == 4)
    assert sorted(name for name, *_ in shop.asked) == ["again.mov", "broken.mp4", "one.mp4"]
    faults = {each.name: each.fault for each in table.screen.news}
    assert "does not decode" in faults["broken.mp4"]
    assert "already" in faults["again.mov"]
    assert faults["one"] == ""
    # What is no film is counted, not tried.
    assert "1" in faults[""]


def test_what_was_dropped_can_be_forgotten(table, films, shop):
    table.press(DropFile(str(films / "one.mp4")), Intent.BACK)
    assert (table.name, table.screen.dropped) == ("OwnClips", ())
    table.press(Intent.GO_ON, Intent.BACK)
    assert table.name == "Title"
    assert shop.asked == []


def test_the_game_goes_on_meanwhile_and_a_round_ends_with_its_clips(table, films, shop):
    shop.go.clear()
    table.press(DropFile(str(films / "one.mp4")), Intent.GO_ON)
    wait(table, lambda: table.screen.now == ("one.mp4", 0.5))
    table.press(Intent.BACK, ChooseMode("happy"), ChooseLevel(1), Intent.GO_ON).until("Playing")
    shop.go.set()
    before = table.game.engine.stage.library
    table.show(0.05, 1.0)
    assert table.game.engine.stage.library is before
    table.until("Result")
    wait(table, lambda: table.game.engine.stage.library is not before)


def test_in_a_round_nothing_is_taken_and_that_is_said(table, films, shop):
    table.press(ChooseMode("happy"), ChooseLevel(1), Intent.GO_ON).until("Playing")
    table.press(DropFile(str(films / "one.mp4")))
    assert table.name == "Playing"
    assert NoticeKind.DROP_LATER in table.said


def test_a_film_that_is_at_work_when_the_game_ends_is_given_up(films, shop):
    adder = ClipAdder(shop.add, shop.load)
    shop.go.clear()
    adder.start((films / "one.mp4",), "happy", 1)
    ends_s = time.monotonic() + WAIT_S
    while adder.now is None:
        assert time.monotonic() < ends_s
        time.sleep(0.01)
    closing = threading.Thread(target=adder.close)
    closing.start()
    shop.go.set()
    closing.join(WAIT_S)
    assert not closing.is_alive()
    assert (adder.poll(), adder.news) == (None, ())
