from __future__ import annotations

import threading
import time

from emotion_game.vision.slot import LatestSlot

#: Whatever a busy machine may need.
LIMIT_S = 120


def test_the_newest_wins_and_drops_are_counted():
    slot: LatestSlot[int] = LatestSlot()
    for item in (1, 2, 3):
        slot.put(item)
    assert slot.take(timeout_s=0) == 3
    assert slot.dropped == 2
    slot.put(4)
    assert slot.take(timeout_s=0) == 4
    assert slot.dropped == 2


def test_nothing_comes_in_time():
    slot: LatestSlot[int] = LatestSlot()
    began_s = time.monotonic()
    assert slot.take(timeout_s=0.1) is None
    assert time.monotonic() - began_s >= 0.09


def test_an_item_is_given_once():
    slot: LatestSlot[int] = LatestSlot()
    slot.put(1)
    slot.take(timeout_s=0)
    assert slot.take(timeout_s=0) is None


def test_a_falsy_item_is_an_item():
    slot: LatestSlot[int] = LatestSlot()
    slot.put(0)
    slot.put(0)
    assert slot.dropped == 1
    assert slot.take(timeout_s=0) == 0


def test_a_waiting_reader_is_woken():
    slot: LatestSlot[str] = LatestSlot()
    taken: list[str | None] = []
    reader = threading.Thread(target=lambda: taken.append(slot.take(timeout_s=LIMIT_S)))
    reader.start()
    slot.put("picture")
    reader.join(LIMIT_S)
    assert taken == ["picture"]


def test_every_item_is_taken_or_counted_as_dropped():
    slot: LatestSlot[int] = LatestSlot()
    taken: list[int] = []
    over = threading.Event()

    def read() -> None:
        while not over.is_set():
            item = slot.take(timeout_s=0.01)
            if item is not None:
                taken.append(item)

    reader = threading.Thread(target=read)
    reader.start()
    for item in range(5000):
        slot.put(item)
    deadline_s = time.monotonic() + LIMIT_S
    while (not taken or taken[-1] != 4999) and time.monotonic() < deadline_s:
        time.sleep(0.001)
    over.set()
    reader.join(LIMIT_S)
    assert taken == sorted(set(taken))
    assert len(taken) + slot.dropped == 5000
