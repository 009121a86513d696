"""The instant replay: recorded in memory, written only when it is asked for."""

from __future__ import annotations

import numpy as np
import pytest
from table import Table

from emotion_game.app.replay_film import AFTER_S, BEFORE_S, REST_S, MomentRecorder, Packed
from emotion_game.clips.player import ClipFrame
from emotion_game.errors import GameError
from emotion_game.screens.moment import SPEEDS
from emotion_game.ui.intents import ChooseLevel, ChooseMode, Intent, ReplaySpeed
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
    assert moment.stills[0].player.bgr().shape == (480, 640, 3)
    assert moment.stills[0].clip.bgr().shape == (360, 640, 3)
    assert np.abs(moment.stills[0].clip.bgr()[0, 0].astype(int) - (200, 100, 50)).max() < 6


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


def test_it_runs_at_each_speed_in_turn_until_one_is_chosen():
    recorder = record(seconds=3.0)
    recorder.decide(3.0, lost=True)
    moment = react(recorder, 3.0)
    span_s = moment.span_s()
    starts_s = [0.0, span_s + REST_S, 3 * span_s + 2 * REST_S]
    assert [moment.view(start + 0.1).speed for start in starts_s] == list(SPEEDS)
    assert moment.view(7 * span_s + 3 * REST_S + 0.1).speed == SPEEDS[0]
    for speed in SPEEDS:
        early = moment.view(0.5, speed)
        assert early.speed == speed
        assert early.share == pytest.approx(0.5 * speed / span_s)


@pytest.mark.parametrize(
    "face", [None, (0.4, 0.3, 0.2, 0.3), (0.0, 0.0, 0.1, 0.1), (0.7, 0.6, 0.5, 0.6)], ids=str
)
def test_the_player_is_shown_by_the_face(face):
    recorder = MomentRecorder()
    for number in range(30):
        recorder.add(number / 15, 1.0, PLAYER, CLIP, 0.1, () if face is None else (face,))
    recorder.decide(2.0, lost=True)
    moment = recorder.moment()
    x, y, wide, tall = moment.window
    assert min(x, y) >= 0.0
    assert max(x + wide, y + tall) <= 1.0 + 1e-9
    shown = moment.view(0.0).player.shape
    assert (shown[0] < 480) == (face is not None and face[3] < 0.4)
    if face is not None:
        assert x <= face[0] + 1e-9
        assert y <= face[1] + 1e-9


def test_pictures_of_odd_sizes_and_any_order_are_kept():
    for shape, order in (((101, 77, 3), "RGB"), ((721, 1281, 4), "BGRA"), ((2, 3, 3), "BGR")):
        packed = Packed.of(np.full(shape, 90, np.uint8), 360, order)
        assert packed.bgr().shape[0] <= 360
        assert abs(int(packed.bgr()[0, 0, 0]) - 90) < 4


# --- In the game ----------------------------------------------------------------------------------


class FakeSaving:
    """Saves when the test says so."""

    def __init__(self, order):
        self.order, self.share, self.over, self.stopped = order, 0.25, False, False

    def done(self):
        return self.over

    def result(self):
        if not self.order.folder.parent.is_dir() or self.order.folder.is_file():
            raise GameError("Cannot save the replay.")
        self.order.folder.mkdir(exist_ok=True)
        path = self.order.folder / f"{self.order.stem}-tall.mp4"
        path.write_bytes(b"film")
        return [path]

    def stop(self):
        self.stopped = True


@pytest.fixture
def orders():
    return []


@pytest.fixture
def lost(tmp_path, orders):
    """A lost round with its replay on the screen."""

    def start(order):
        orders.append(FakeSaving(order))
        return orders[-1]

    table = Table(moments=tmp_path / "videos", start_saving=start)
    with table.game.services.stack:
        table.press(ChooseMode("happy"), ChooseLevel(1), Intent.GO_ON)
        table.until("Playing").show(0.05, 1.5).until("Result", 0.99).show(0.99, 0.5)
        yield table


def finish(table, orders):
    orders[-1].over = True
    return table.show(0.3, 0.2)


def test_nothing_is_written_unless_it_is_asked_for(lost, tmp_path, orders):
    assert lost.screen.moment is not None
    assert lost.screen.saving is None
    lost.press(Intent.BACK)
    assert not (tmp_path / "videos").exists()
    assert not orders
    assert lost.game.engine.instant_replay.view(lost.now_s) is None


def test_a_chosen_speed_holds_and_the_loop_begins_again(lost):
    assert lost.press(ReplaySpeed(0.25)).screen.moment.speed == 0.25
    assert lost.screen.moment.share == 0.0
    assert lost.show(0.3, 5.0).screen.moment.speed == 0.25


def test_save_orders_it_once_shows_how_far_it_is_and_says_where_it_is(lost, tmp_path, orders):
    lost.press(Intent.SAVE_MOMENT, Intent.SAVE_MOMENT)
    assert lost.screen.saving == 0.25
    finish(lost, orders)
    (film,) = (tmp_path / "videos").iterdir()
    assert lost.screen.moment_file == str(film)
    assert lost.screen.saving is None
    assert NoticeKind.MOMENT_SAVED in lost.said
    lost.press(Intent.SAVE_MOMENT).show(0.3, 0.2)
    (saving,) = orders
    about = saving.order.about
    assert about.result is lost.game.results[0]
    assert about.lost
    assert about.seconds == pytest.approx(lost.game.results[0].decided_s)


def test_a_press_before_the_reaction_is_in_saves_all_of_it(lost, orders):
    lost.press(Intent.AGAIN).until("Playing").show(0.05, 1.5).until("Caught", 0.99)
    lost.press(Intent.GO_ON)
    before = lost.game.engine.instant_replay._moment
    lost.press(Intent.SAVE_MOMENT)
    assert lost.screen.saving == 0.0
    assert not orders
    lost.show(0.99, AFTER_S + 0.3)
    assert len(orders[0].order.moment.stills) > len(before.stills)


def test_a_round_begins_while_one_is_saved_and_its_film_is_not_the_next_results(lost, orders):
    lost.press(Intent.SAVE_MOMENT, Intent.AGAIN)
    lost.until("Playing").show(0.05, 1.0)
    assert not orders[0].over
    assert finish(lost, orders).name == "Playing"
    assert NoticeKind.MOMENT_SAVED in lost.said
    lost.until("Result", 0.99)
    assert lost.screen.moment_file == ""
    assert lost.screen.saving is None


def test_a_full_disk_is_said_and_it_can_be_tried_again(lost, tmp_path, orders):
    (tmp_path / "videos").write_text("in the way")
    finish(lost.press(Intent.SAVE_MOMENT), orders)
    assert NoticeKind.MOMENT_NOT_SAVED in lost.said
    assert lost.screen.moment_file == ""
    (tmp_path / "videos").unlink()
    finish(lost.press(Intent.SAVE_MOMENT), orders)
    assert lost.screen.moment_file


def test_a_game_that_ends_gives_up_what_is_being_saved(lost, orders):
    lost.press(Intent.SAVE_MOMENT)
    lost.game.services.stack.close()
    assert orders[0].stopped
