from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import cv2
import numpy as np
import pytest

from emotion_game.game.types import EMOTIONS, Observation
from emotion_game.paths import CONFIGS, VIDEOS
from emotion_game.settings import PlayerTrackSettings, load_game_settings
from emotion_game.timing import Timings
from emotion_game.vision.camera import Camera, Frame, read_video
from emotion_game.vision.pipeline import Analyser, FrameAnalysis, Pipeline
from emotion_game.vision.slot import LatestSlot
from emotion_game.vision.tracking import PlayerTrack

#: Whatever a busy machine may need; no test waits for it where nothing hangs.
LIMIT_S = 600.0
TRACK = PlayerTrackSettings(smallest_face=0.0, detect_hz=10.0, forget_s=3.0, box_smoothing_s=0.08)


@pytest.fixture
def analyser(detector, classifier) -> Analyser:
    return Analyser(detector, classifier, PlayerTrack(TRACK))


@pytest.fixture
def start(analyser) -> Iterator[Callable[..., tuple[Pipeline, LatestSlot[Frame]]]]:
    pipelines: list[Pipeline] = []

    def start_pipeline(with_analyser: object = analyser) -> tuple[Pipeline, LatestSlot[Frame]]:
        slot: LatestSlot[Frame] = LatestSlot()
        pipelines.append(Pipeline(with_analyser, slot))  # type: ignore[arg-type]
        return pipelines[-1], slot

    yield start_pipeline
    for pipeline in pipelines:
        pipeline.close()
    wait_for_the_threads_end()


def wait_for_the_threads_end() -> None:
    deadline_s = time.monotonic() + LIMIT_S
    while any(thread.name == "inference" for thread in threading.enumerate()):
        assert time.monotonic() < deadline_s
        time.sleep(0.01)


def seen_until(
    pipeline: Pipeline, done: Callable[[list[FrameAnalysis]], bool]
) -> list[FrameAnalysis]:
    seen: list[FrameAnalysis] = []
    deadline_s = time.monotonic() + LIMIT_S
    while not done(seen):
        assert time.monotonic() < deadline_s, f"{pipeline.error} after {len(seen)} observations"
        seen += pipeline.drain()
        time.sleep(0.01)
    return seen


def expression(observation: Observation) -> str | None:
    if observation.emotions is None:
        return None
    return EMOTIONS[int(np.argmax(observation.emotions))]


def two_players(left: np.ndarray, right: np.ndarray, right_scale: float) -> np.ndarray:
    """Return both portraits side by side, the right one scaled."""
    right = cv2.resize(right, None, fx=right_scale, fy=right_scale)
    height = max(left.shape[0], right.shape[0])
    pictures = [
        cv2.copyMakeBorder(each, 0, height - each.shape[0], 0, 0, cv2.BORDER_CONSTANT)
        for each in (left, right)
    ]
    return np.hstack(pictures)


def test_the_demo_player_is_neutral_and_then_smiles(analyser, demo_film):
    readings = [(t_s, expression(analyser.observe(picture, t_s))) for t_s, picture in demo_film]
    straight = [what for t_s, what in readings if t_s < 9.5]
    smiling = [what for t_s, what in readings if 11.0 < t_s < 19.5]
    assert straight.count("neutral") > 0.9 * len(straight)
    assert "happiness" not in straight
    assert smiling.count("happiness") > 0.9 * len(smiling)


class Film:
    """The demo player's film from two seconds before the smile, as fast as it is read."""

    live = False

    def __init__(self, slot: LatestSlot[Frame]) -> None:
        self.slot = slot
        film = read_video(VIDEOS / "demo_player.mp4")
        self.pictures = (picture for t_s, picture in film if t_s >= 8.0)

    def read(self) -> np.ndarray:
        return next(self.pictures)

    def pace(self, stop: threading.Event) -> None:
        while self.slot._item is not None and not stop.is_set():
            stop.wait(0.001)

    def close(self) -> None:
        self.pictures.close()


def test_camera_and_pipeline_together_read_the_demo_player(start):
    pipeline, slot = start()
    settings = load_game_settings(CONFIGS / "game.toml").camera
    camera = Camera("demo", settings, slot, open_=lambda *_: Film(slot))
    try:
        seen = seen_until(
            pipeline,
            lambda seen: bool(seen) and (seen[-1].observation.emotions or [0.0] * 8)[1] > 0.8,
        )
    finally:
        camera.close()
    assert pipeline.error is None
    assert expression(seen[0].observation) == "neutral"
    assert 60 < len(seen) < 90
    assert slot.dropped == 0
    stamps_s = [each.observation.t_s for each in seen]
    assert stamps_s == sorted(set(stamps_s))
    for each in seen:
        x, y, width, height = each.observation.box
        assert 0.0 <= x < x + width <= 1.0
        assert 0.0 <= y < y + height <= 1.0
        assert each.picture.shape == (480, 640, 3)
        assert each.observation.faces >= 1
        assert each.box_px == pytest.approx((x * 640, y * 480, width * 640, height * 480))


def test_no_face_is_an_observation_too(start):
    pipeline, slot = start()
    slot.put(Frame(12.5, np.zeros((480, 640, 3), np.uint8)))
    (seen,) = seen_until(pipeline, lambda seen: len(seen) == 1)
    assert seen.observation == Observation(12.5, None, None, 0)
    assert seen.box_px is None


def test_a_broken_analyser_is_told_and_ends_the_thread(start):
    class BrokenAnalyser:
        track = PlayerTrack(TRACK)

        def see(self, picture: np.ndarray, t_s: float) -> FrameAnalysis:
            raise RuntimeError("the network is gone")

    pipeline, slot = start(BrokenAnalyser())
    slot.put(Frame(0.0, np.zeros((48, 64, 3), np.uint8)))
    seen_until(pipeline, lambda _: pipeline.error is not None)
    assert "the network is gone" in str(pipeline.error)
    wait_for_the_threads_end()
    assert pipeline.drain() == []


def test_choosing_the_player_takes_the_largest_face_of_the_next_frame(start, hopper, astronaut):
    portrait = cv2.resize(hopper, (512, round(512 * hopper.shape[0] / hopper.shape[1])))
    hopper_alone = np.hstack([portrait, np.zeros_like(portrait)])
    both = two_players(portrait, astronaut, right_scale=2.6)
    pipeline, slot = start()

    def side(t_s: float, picture: np.ndarray) -> str:
        slot.put(Frame(t_s, picture))
        (seen,) = seen_until(pipeline, lambda seen: len(seen) == 1)
        x, _, width, _ = seen.observation.box
        return "left" if (x + width / 2) * picture.shape[1] < 512 else "right"

    assert side(0.0, hopper_alone) == "left"
    assert side(0.1, both) == "left"
    pipeline.choose_players()
    assert side(0.2, both) == "right"
    assert side(0.3, both) == "right"


def test_timings_of_every_stage_are_kept(detector, classifier, astronaut):
    timings = Timings()
    analyser = Analyser(detector, classifier, PlayerTrack(TRACK), timings)
    for number in range(3):
        analyser.observe(astronaut, number / 30)
    assert {stage: len(ms) for stage, ms in timings.ms.items()} == {
        "detect": 1,
        "track": 2,
        "crop": 3,
        "classify": 3,
    }
    assert all(ms > 0.0 for stage in timings.ms.values() for ms in stage)


def test_closing_ends_the_thread(start):
    pipeline, _ = start()
    pipeline.close()
    wait_for_the_threads_end()
