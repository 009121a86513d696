"""The demo film and the shipped networks, each loaded once."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from emotion_game import paths
from emotion_game.vision.camera import read_video
from emotion_game.vision.classifier import ExpressionClassifier
from emotion_game.vision.detector import HaarDetector


@pytest.fixture(scope="session")
def demo_film() -> list[tuple[float, np.ndarray]]:
    """Every tenth picture of the demo player's film with its time, seconds."""
    return list(islice(read_video(paths.VIDEOS / "demo_player.mp4"), 0, None, 10))


@pytest.fixture(scope="session")
def detector() -> HaarDetector:
    return HaarDetector()


@pytest.fixture(scope="session")
def classifier() -> ExpressionClassifier:
    return ExpressionClassifier(paths.MODELS / "expression")
