from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pygame
import pytest
from modes_for_tests import MODES

from emotion_game.game.types import EMOTIONS, Outcome, Reason, RoundResult
from emotion_game.misreads import Misreads, RecordError, SeenFace
from emotion_game.misreads import review as review_module
from emotion_game.misreads.review import Review, ReviewWindow
from emotion_game.screens.review import ReviewDoneView, ReviewView
from emotion_game.ui.intents import Intent, Label
from emotion_game.ui.notices import NoticeKind

LOST = RoundResult("surprise", 3, Outcome.LOST, Reason.HELD, "x", 9.0, 5.0, 4.0, 0.0, 0.6, 0.5, ())
SHARES = (0.3, 0.1, 0.5, 0.02, 0.02, 0.02, 0.02, 0.02)


@pytest.fixture
def calls(tmp_path) -> Misreads:
    kept = Misreads(tmp_path / "kept")
    faces = [
        SeenFace(4.0 + n / 5, SHARES, np.full((48, 48, 1), 40 * n, np.uint8)) for n in range(4)
    ]
    kept.keep(LOST, faces, "model 1")
    return kept


def files(calls: Misreads) -> dict[str, bytes]:
    return {
        str(path.relative_to(calls.folder)): path.read_bytes()
        for path in calls.folder.rglob("*")
        if path.is_file()
    }


def test_a_review_from_the_first_picture_to_the_last(calls):
    names = calls.waiting()
    review = Review(calls)
    screen = review.screen()
    assert isinstance(screen, ReviewView)
    assert (screen.number, screen.total, screen.can_undo) == (1, 4, False)
    assert screen.mode == "surprise"
    assert screen.emotions == SHARES
    assert screen.about is not None
    assert screen.about[:2] == (3, Outcome.LOST)
    assert (screen.picture == 0).all()
    review.label("neutral")
    assert (review.screen().picture == 40).all()
    review.delete()
    review.skip()
    review.label("neutral")
    done = review.screen()
    assert isinstance(done, ReviewDoneView)
    assert (done.labelled, done.deleted, done.skipped) == ({"neutral": 2}, 1, 1)
    assert str(calls.folder / "reviewed") in done.next_step
    assert calls.waiting() == [names[2]]
    assert set(files(calls)) == {
        "calls.jsonl",
        f"reviewed/neutral/{names[0]}",
        f"unreviewed/{names[2]}",
        f"reviewed/neutral/{names[3]}",
    }


def test_every_step_can_be_taken_back(calls):
    before = files(calls)
    review = Review(calls)
    review.label("fear")
    review.skip()
    review.delete()
    review.label("anger")
    assert review.finished
    for _ in range(6):
        review.undo()
    screen = review.screen()
    assert isinstance(screen, ReviewView)
    assert (screen.number, screen.total, screen.can_undo) == (1, 4, False)
    assert files(calls) == before


def test_a_picture_of_an_unknown_call_and_one_that_is_none(calls, caplog):
    (calls.folder / "calls.jsonl").unlink()
    first = calls.waiting()[0]
    (calls.unreviewed / first).write_bytes(b"no picture")
    with caplog.at_level(logging.WARNING):
        review = Review(calls)
    assert first in caplog.text
    screen = review.screen()
    assert (screen.total, screen.emotions, screen.about) == (3, None, None)


def test_what_cannot_be_filed_stays_and_is_said(calls, monkeypatch):
    monkeypatch.setattr(review_module, "_NOTICE_S", 600.0)
    review = Review(calls)
    window = ReviewWindow(review, "en", MODES, offscreen=True)
    try:
        name = review.name
        calls.reviewed.write_text("in the way")
        with pytest.raises(RecordError, match=name):
            review.label("fear")
        window.obey(Label("fear"))
        (notice,) = window._view().notices
        assert (notice.kind, notice.detail) == (NoticeKind.PICTURE_NOT_FILED, name)
        assert review.name == name
    finally:
        window.close()


def press(code: int) -> None:
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=code, mod=0, unicode="", scancode=0))


def test_the_window_is_worked_with_keys_alone(calls):
    names = calls.waiting()
    window = ReviewWindow(Review(calls), "ko", MODES, offscreen=True)
    codes = (pygame.K_2, pygame.K_8, pygame.K_z, pygame.K_d, pygame.K_SPACE, pygame.K_3)
    # On the last screen the numbers and D press nothing.
    for code in (*codes, pygame.K_4, pygame.K_d, pygame.K_l, pygame.K_F11):
        press(code)
        window.turn()
    press(pygame.K_ESCAPE)
    window.run()
    assert calls.waiting() == [names[2]]
    counts = {name: n for name, n in calls.counts().reviewed.items() if n}
    assert counts == {"happiness": 1, "surprise": 1}


def test_intents_without_a_picture_do_nothing(calls):
    review = Review(calls)
    for _ in EMOTIONS[:4]:
        review.skip()
    before = files(calls)
    window = ReviewWindow(review, "en", MODES, offscreen=True)
    try:
        for intent in (Label("fear"), Intent.DELETE, Intent.SKIP, Intent.NEXT_CAMERA):
            window.obey(intent)
    finally:
        window.close()
    assert files(calls) == before
    assert isinstance(review.screen(), ReviewDoneView)


def test_leafing_through_changes_nothing(calls, tmp_path):
    before = files(calls)
    folder = tmp_path / "shots"
    folder.mkdir()
    ReviewWindow(Review(calls), "en", MODES, offscreen=True).leaf_through(folder)
    assert files(calls) == before
    shots = sorted(path.name for path in folder.iterdir())
    assert shots == sorted(
        [*(f"review-{Path(name).stem}.png" for name in calls.waiting()), "review-done.png"]
    )
    assert all(pygame.image.load(folder / shot).get_size() == (1280, 720) for shot in shots)
