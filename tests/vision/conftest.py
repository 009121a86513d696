"""The two public-domain portraits, the demo film and the shipped networks, each loaded once."""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from emotion_game import paths
from emotion_game.vision.camera import read_picture, read_video
from emotion_game.vision.classifier import ExpressionClassifier
from emotion_game.vision.detector import HaarDetector

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def astronaut() -> np.ndarray:
    """Eileen Collins, smiling broadly; (512, 512, 3) BGR."""
    import skimage.data

    return cv2.cvtColor(skimage.data.astronaut(), cv2.COLOR_RGB2BGR)


@pytest.fixture(scope="session")
def hopper() -> np.ndarray:
    """Grace Hopper, with a straight face; BGR."""
    import matplotlib.cbook

    return read_picture(Path(matplotlib.cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)))


@pytest.fixture(scope="session")
def demo_film() -> list[tuple[float, np.ndarray]]:
    """Every tenth picture of the demo player's film with its time, seconds."""
    return list(read_video(paths.VIDEOS / "demo_player.mp4"))[::10]


@pytest.fixture(scope="session")
def detector() -> HaarDetector:
    return HaarDetector()


@pytest.fixture(scope="session")
def classifier() -> ExpressionClassifier:
    return ExpressionClassifier(paths.MODELS / "expression")
