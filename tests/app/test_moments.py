"""The instant replay: recorded in memory, written only when it is asked for."""

from __future__ import annotations

from datetime import datetime

import av
import numpy as np
import pytest
from table import Table

from emotion_game.app.replay_film import AFTER_S, BEFORE_S, MomentRecorder, save_moment
from emotion_game.clips.player import ClipFrame
from emotion_game.errors import GameError
from emotion_game.ui.intents import ChooseLevel, ChooseMode, Intent
from emotion_game.ui.notices import NoticeKind

PLAYER = np.full((480, 640, 3), (10, 20, 200), np.uint8)
CLIP = ClipFrame(np.full((720, 1280, 4), (200, 100, 50, 0), np.uint8), "BGRA", 1.0)


def record(seconds=10.0, peak_s=None, step_s=1 / 15, clip=CLIP):
    recorder = MomentRecorder()
    for number in range(round(seconds / step_s)):
        t_s = number * step_s
        near = peak_s is not None and abs(t_s - peak_s) < step_s / 2
        recorder.add(t_s, t_s, PLAYER, clip, 0.7 if near else 0.1)
    return recorder


def react(recorder, since_s, seconds=AFTER_S + 0.1):
    for number in range(1, round(seconds * 15) + 1):
        recorder.add(since_s + number / 15, since_s, PLAYER, CLIP, None)
    assert recorder.complete(since_s + seconds)
    return recorder.moment()


def test_a_loss_is_shown_with_what_came_before_and_the_reaction():
    recorder = record()
    assert recorder.moment() is None
    recorder.decide(10.0, lost=True)
    at_once = recorder.moment()
    assert at_once.stills[-1].t_s < 10.0
    assert not recorder.complete(10.0 + AFTER_S / 2)
    moment = react(recorder, 10.0)
    # It only grew: what runs on the screen is not disturbed.
    before = [still.t_s for still in at_once.stills]
    assert [still.t_s for still in moment.stills[: len(before)]] == before
    assert moment.stills[0].t_s >= 10.0 - BEFORE_S - 0.2
    assert moment.stills[-1].t_s > 10.0 + AFTER_S * 0.8
    assert moment.decisive_s == 10.0
    assert moment.stills[0].player.shape == (270, 360, 3)
    assert moment.stills[0].clip.shape == (270, 480, 3)
    assert moment.stills[0].clip[0, 0].tolist() == [200, 100, 50]


def test_a_win_is_shown_by_its_closest_call():
    recorder = record(seconds=12.0, peak_s=5.0)
    recorder.decide(12.0, lost=False)
    moment = react(recorder, 12.0)
    assert moment.decisive_s == pytest.approx(5.0, abs=0.1)
    assert moment.stills[0].t_s < 5.0 < moment.stills[-1].t_s < 6.0


def test_the_memory_is_bounded_and_emptied():
    recorder = record(seconds=60.0, step_s=1 / 60)
    assert len(recorder._ring) <= (BEFORE_S + AFTER_S) * 20
    recorder.clear()
    assert not recorder._ring
    assert recorder.moment() is None


def test_the_loop_runs_through_every_picture_and_begins_again():
    recorder = record(seconds=3.0)
    recorder.decide(3.0, lost=True)
    moment = react(recorder, 3.0)
    views = [moment.view(number / 30) for number in range(200)]
    ids = [view.frame_id for view in views]
    assert set(ids) == set(range(len(moment.stills)))
    assert ids.count(0) > 1
    assert all(0.0 <= view.share <= 1.0 for view in views)


@pytest.mark.parametrize("clip", [CLIP, None], ids=["with clip", "without"])
def test_a_saved_replay_is_a_film_of_both(tmp_path, clip):
    recorder = record(seconds=3.0, clip=clip)
    recorder.decide(2.9, lost=True)
    moment = recorder.moment()
    folder = tmp_path / "내 동영상"
    path = save_moment(moment, folder, datetime(2026, 11, 22, 9, 5, 7))
    assert path.name == "straight-face-20261122-090507.mp4"
    assert list(folder.iterdir()) == [path]
    with av.open(str(path)) as film:
        frames = [frame.to_ndarray(format="bgr24") for frame in film.decode(video=0)]
    assert frames[0].shape == (270, 840 if clip else 360, 3)
    assert 5.0 < len(frames) / 15 < 9.0
    assert np.abs(frames[9][100, 100].astype(int) - PLAYER[0, 0]).max() < 25


def test_a_folder_that_cannot_be_written_leaves_nothing(tmp_path):
    recorder = record(seconds=3.0)
    recorder.decide(2.9, lost=True)
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(GameError, match="Cannot save the replay"):
        save_moment(recorder.moment(), tmp_path / "file", datetime(2026, 1, 1))
    assert (tmp_path / "file").read_text() == "in the way"


# --- In the game ----------------------------------------------------------------------------------


@pytest.fixture
def lost(tmp_path):
    """A lost round with its replay on the screen."""
    table = Table(moments=tmp_path / "videos")
    with table.game.services.stack:
        table.press(ChooseMode("happy"), ChooseLevel(1), Intent.GO_ON)
        table.until("Playing").show(0.05, 1.5).until("Result", 0.99).show(0.99, 1.5)
        yield table


def wait_for_file(table):
    if table.game.engine.instant_replay._saving is not None:
        table.game.engine.instant_replay._saving[1].exception(timeout=300)
    return table.show(0.3, 0.2)


def test_nothing_is_written_unless_it_is_asked_for(lost, tmp_path):
    assert lost.screen.moment is not None
    lost.press(Intent.BACK)
    assert not (tmp_path / "videos").exists()
    assert lost.game.engine.instant_replay.view(lost.now_s) is None


def test_save_writes_one_film_and_says_where(lost, tmp_path):
    wait_for_file(lost.press(Intent.SAVE_MOMENT, Intent.SAVE_MOMENT))
    (film,) = (tmp_path / "videos").iterdir()
    assert lost.screen.moment_file == str(film)
    assert NoticeKind.MOMENT_SAVED in lost.said
    lost.press(Intent.SAVE_MOMENT).show(0.3, 0.2)
    assert len(list((tmp_path / "videos").iterdir())) == 1


def test_a_press_before_the_reaction_is_in_saves_all_of_it(lost, tmp_path):
    lost.press(Intent.AGAIN).until("Playing").show(0.05, 1.5).until("Caught", 0.99)
    lost.press(Intent.GO_ON)
    before = lost.game.engine.instant_replay._moment
    lost.press(Intent.SAVE_MOMENT)
    assert not (tmp_path / "videos").exists()
    wait_for_file(lost.show(0.99, AFTER_S + 0.3))
    assert lost.screen.moment_file
    assert len(lost.game.engine.instant_replay._moment.stills) > len(before.stills)


def test_a_film_that_is_done_after_its_screen_does_not_belong_to_the_next_result(lost):
    lost.press(Intent.SAVE_MOMENT, Intent.AGAIN)
    wait_for_file(lost.until("Playing").show(0.05, 1.0).until("Result", 0.99))
    assert NoticeKind.MOMENT_SAVED in lost.said
    assert lost.screen.moment_file == ""


def test_a_full_disk_is_said_and_it_can_be_tried_again(lost, tmp_path):
    (tmp_path / "videos").write_text("in the way")
    wait_for_file(lost.press(Intent.SAVE_MOMENT))
    assert NoticeKind.MOMENT_NOT_SAVED in lost.said
    assert lost.screen.moment_file == ""
    (tmp_path / "videos").unlink()
    wait_for_file(lost.press(Intent.SAVE_MOMENT))
    assert lost.screen.moment_file
