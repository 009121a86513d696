"""Averages of networks."""

from __future__ import annotations

import numpy as np
import pytest

from emotion_game.errors import TrainingError
from emotion_game.training.classifier.averaging import average_networks
from emotion_game.training.classifier.config import NetworkSettings
from emotion_game.training.classifier.networks import build_network


def write(path, alpha, value):
    network = build_network(NetworkSettings(name="convnet", weights="none", alpha=alpha), None)
    network.set_weights(
        [
            np.full_like(each, value) if np.issubdtype(each.dtype, np.floating) else each
            for each in network.get_weights()
        ]
    )
    network.save(path)
    return path


def test_weights_are_averaged(tmp_path):
    first, second = (write(tmp_path / f"{value}.keras", 0.25, value) for value in (1.0, 4.0))
    network = average_networks([first, second])
    for variable in network.trainable_variables + [
        each for each in network.non_trainable_variables if "moving" in each.path
    ]:
        np.testing.assert_allclose(np.asarray(variable), 2.5)


def test_strangers_are_refused(tmp_path):
    first = write(tmp_path / "first.keras", 0.25, 1.0)
    other = write(tmp_path / "other.keras", 0.5, 1.0)
    with pytest.raises(TrainingError, match=r"other\.keras is of another architecture"):
        average_networks([first, other])
    with pytest.raises(TrainingError, match="two or more"):
        average_networks([first])
