"""What is said to the player: faults first and until they are over, the rest for its time."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from table import Table

from emotion_game.app.notices import NOTICE_S, Notices
from emotion_game.app.preferences import PreferenceStore
from emotion_game.ui.intents import ChangeOption, ChooseLevel, ChooseMode, Intent, Option
from emotion_game.ui.notices import AT_ONCE, FAULTS, LASTING, NoticeKind


@pytest.fixture
def notices():
    return Notices(SimpleNamespace(monotonic=lambda: 0.0))


def shown(notices, now_s, **how):
    return [notice.kind for notice in notices.at(now_s, **how)[:AT_ONCE]]


@pytest.fixture
def table():
    with_game = Table()
    with with_game.game.services.stack:
        yield with_game


def test_without_camera_vlc_and_sound_the_camera_is_said_first_and_stays(notices):
    for kind in (NoticeKind.NO_CAMERA_DEMO, NoticeKind.NO_VLC, NoticeKind.NO_SOUND):
        notices.say(kind)
    assert shown(notices, 0.0) == [NoticeKind.NO_CAMERA_DEMO, NoticeKind.NO_SOUND]
    # Everything has its turn, and then the faults are left.
    assert shown(notices, NOTICE_S) == [NoticeKind.NO_CAMERA_DEMO, NoticeKind.NO_VLC]
    for now_s in (2 * NOTICE_S, 3600.0):
        assert shown(notices, now_s) == [NoticeKind.NO_CAMERA_DEMO, NoticeKind.NO_SOUND]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_said_before_newer_good_news(notices, fault):
    notices.say(fault)
    for good in (NoticeKind.GAMEPAD_FOUND, NoticeKind.MOMENT_SAVED, NoticeKind.UNMUTED):
        notices.say(good)
    assert shown(notices, 0.0)[0] is fault
    # News is not kept from the screen by what has been read.
    assert NoticeKind.UNMUTED in shown(notices, 0.0)
    assert (fault in shown(notices, 60.0)) == (fault in LASTING)


@pytest.mark.parametrize("fault", sorted(LASTING, key=lambda kind: kind.name))
def test_a_fault_that_is_over_is_not_said_any_more(notices, fault):
    notices.say(fault, "detail")
    notices.settle(fault)
    assert shown(notices, 0.0) == []


def test_where_only_news_is_wanted_a_fault_goes_after_its_time(notices):
    notices.say(NoticeKind.NO_SOUND)
    assert shown(notices, 0.0, lasting=False) == [NoticeKind.NO_SOUND]
    assert shown(notices, NOTICE_S, lasting=False) == []
    assert shown(notices, NOTICE_S) == [NoticeKind.NO_SOUND]


def test_the_same_again_is_said_once_with_the_newest_name(notices):
    notices.say(NoticeKind.CLIP_SKIPPED, "one")
    notices.say(NoticeKind.CLIP_SKIPPED, "two")
    assert [notice.detail for notice in notices.at(0.0)] == ["two"]
    assert shown(notices, NOTICE_S) == []
    notices.say(NoticeKind.CLIP_SKIPPED, "two")
    assert shown(notices, NOTICE_S + 1.0) == [NoticeKind.CLIP_SKIPPED]


def test_a_lasting_fault_is_not_on_the_clip_for_long(table):
    table.game.engine.notices.say(NoticeKind.NO_SOUND)
    table.show(0.05, NOTICE_S + 1.0)
    assert [each.kind for each in table.game.window.views[-1].notices] == [NoticeKind.NO_SOUND]
    table.press(ChooseMode("happy"), ChooseLevel(1), Intent.GO_ON).until("Playing")
    assert table.show(0.05, 0.1).game.window.views[-1].notices == ()


def test_options_that_can_be_kept_again_are_no_fault_any_more(tmp_path, notices):
    folder = tmp_path / "data"
    folder.write_text("in the way")
    store = PreferenceStore(notices, folder / "preferences.json")
    store.change(music=False)
    assert shown(notices, 0.0) == [NoticeKind.PREFERENCES_NOT_KEPT]
    folder.unlink()
    store.change(music=True)
    assert shown(notices, 0.0) == []


def test_m_answers_on_every_page(table):
    def answer():
        table.press(ChangeOption(Option.MUTE))
        view = table.game.window.views[-1]
        return view.notices[0].kind, table.game.engine.preferences.muted

    pages = [
        (), (Intent.OPTIONS,), (Intent.BACK, ChooseMode("happy")), (ChooseLevel(1),),
        (Intent.GO_ON,),
    ]  # fmt: skip
    for way in pages:
        table.press(*way)
        assert answer() == (NoticeKind.MUTED, True), table.name
        assert answer() == (NoticeKind.UNMUTED, False), table.name
    for page in ("Countdown", "Playing"):
        table.until(page)
        assert answer() == (NoticeKind.MUTED, True), table.name
        assert answer() == (NoticeKind.UNMUTED, False), table.name


def test_the_next_camera_is_named(table):
    table.press(Intent.NEXT_CAMERA)
    (notice,) = table.game.window.views[-1].notices
    assert (notice.kind, notice.detail) == (NoticeKind.CAMERA_CHOSEN, "1")


def test_enter_where_nothing_is_chosen_hints_at_the_arrows(table):
    table.press(ChooseMode("surprise"), ChooseLevel(1), Intent.GO_ON)
    assert table.name == "Warning"
    table.press(Intent.NOT_CHOSEN)
    assert table.name == "Warning"
    assert NoticeKind.USE_ARROWS in table.said
    # Nobody needs to read while a clip plays.
    table.press(Intent.GO_ON).until("Playing").show(0.05, NOTICE_S - 1.0)
    table.game.window.views.clear()
    table.press(Intent.NOT_CHOSEN)
    assert NoticeKind.USE_ARROWS not in table.said
