"""The scripts that draw the clips; they need the extra ``media``."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

skia = pytest.importorskip("skia", reason="the extra `media` is not installed")
sys.path.insert(0, str(Path(__file__).parents[2] / "scripts" / "media"))

from clip_art import all_scenes  # noqa: E402
from clip_art.checks import count_flashes  # noqa: E402
from clip_art.kit import Pen, Scene  # noqa: E402

from emotion_game import paths  # noqa: E402
from emotion_game.clips.catalogue import read_catalogue  # noqa: E402

SCENES = all_scenes()


def small_picture(scene: Scene, t_s: float) -> np.ndarray:
    pixels = np.zeros((36, 64, 4), np.uint8)
    canvas = skia.Surface(pixels).getCanvas()
    canvas.scale(0.05, 0.05)
    canvas.drawColor(0xFF000000)
    scene.draw(Pen(canvas), t_s)
    return pixels[:, :, :3]


def test_what_is_drawn_is_what_the_catalogue_lists() -> None:
    listed = {
        (e.file, e.title_en, e.title_ko, e.duration_s) for e in read_catalogue(paths.VIDEOS).clip
    }
    assert listed == {(s.file, s.title_en, s.title_ko, s.duration_s) for s in SCENES}


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.file)
def test_a_picture_depends_on_its_time_alone_and_flashes_seldom(scene: Scene) -> None:
    times_s = np.arange(0, scene.duration_s, 1 / 15)
    pictures = [small_picture(scene, float(t_s)) for t_s in times_s]
    middle = len(times_s) // 2
    assert np.array_equal(small_picture(scene, float(times_s[middle])), pictures[middle])
    assert count_flashes([p.mean(axis=2) for p in pictures], 15) <= 3
    assert len({p.tobytes() for p in pictures}) > 20


@pytest.mark.parametrize(
    ("hz", "low", "high", "share", "found"),
    [
        (5, 0, 255, 1.0, 5),
        (2, 0, 255, 1.0, 2),
        (5, 0, 255, 0.1, 0),  # a tenth of the picture
        (5, 100, 115, 1.0, 0),  # too weak a change
        (5, 240, 255, 1.0, 0),  # bright and brighter
    ],
)
def test_flashes_are_counted(hz: int, low: int, high: int, share: float, found: int) -> None:
    rate_hz = 30
    pictures = []
    for number in range(3 * rate_hz):
        picture = np.full((36, 64), low, np.uint8)
        if (number * 2 * hz // rate_hz) % 2:
            picture[:, : round(64 * share)] = high
        pictures.append(picture)
    assert count_flashes(pictures, rate_hz) == found
