"""A camera that was opened, but is of no use."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from emotion_game import paths
from emotion_game.app import face_feed
from emotion_game.app.face_feed import FaceFeed
from emotion_game.app.notices import Notices
from emotion_game.errors import CameraError
from emotion_game.settings import load_game_settings
from emotion_game.timing import Timings
from emotion_game.ui.notices import NoticeKind
from emotion_game.vision.camera import DEMO


@dataclass
class Snapshot:
    """A camera of a single picture, which is lost before anybody has looked at it."""

    spec: str
    frames: int = 1
    error: CameraError = field(default_factory=lambda: CameraError("It gave a single picture."))

    def is_lost(self) -> bool:
        return True

    def close(self) -> None:
        pass


def feed(
    monkeypatch: pytest.MonkeyPatch, wanted: str | None, first_picture_s: float
) -> tuple[FaceFeed, Notices]:
    monkeypatch.setattr(face_feed, "Camera", lambda spec, *_: Snapshot(spec))
    settings = load_game_settings(paths.CONFIGS / "game.toml").camera
    settings = settings.model_copy(update={"first_picture_s": first_picture_s})
    notices = Notices()
    return FaceFeed(wanted, None, settings, notices, Timings()), notices


def test_a_camera_of_a_single_picture_is_waited_for_no_longer_than_for_a_first(monkeypatch):
    patient, _ = feed(monkeypatch, "http://camera/snapshot.jpg", 1e6)
    assert patient.watch()
    impatient, _ = feed(monkeypatch, "http://camera/snapshot.jpg", -1.0)
    with pytest.raises(CameraError, match=r"It gave a single picture\."):
        impatient.watch()


def test_the_demo_player_stands_in_for_one_that_nobody_asked_for(monkeypatch):
    found, notices = feed(monkeypatch, None, -1.0)
    found.watch()
    assert found.camera.spec == DEMO
    assert NoticeKind.NO_CAMERA_DEMO in [notice.kind for notice in notices.at(0.0)]
