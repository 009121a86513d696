"""Average the weights of networks that came from the same one.

Wortsman et al., "Model soups: averaging weights of multiple fine-tuned models improves accuracy
without increasing inference time", 2022. The networks must share an ancestor; the average of
strangers knows nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np

from emotion_game.errors import TrainingError
from emotion_game.training.classifier.runs import load_network


def average_networks(paths: Sequence[Path]) -> keras.Model:
    """Return a network whose weights, batch-norm statistics too, are the mean of several.

    Args:
        paths: ``.keras`` files of one architecture, two or more.

    Raises:
        TrainingError: when a file cannot be loaded, is of another architecture, or there is
            only one.
    """
    if len(paths) < 2:
        raise TrainingError("An average needs two or more models.")
    networks = [load_network(path) for path in paths]
    weights = [network.get_weights() for network in networks]
    shapes = [[each.shape for each in of_one] for of_one in weights]
    for path, of_one in zip(paths, shapes, strict=True):
        if of_one != shapes[0]:
            raise TrainingError(
                f"{path} is of another architecture than {paths[0]}.",
                hint="Average models that were trained on from one another.",
            )
    # Whole numbers among the weights are seeds of random layers, which have no mean.
    networks[0].set_weights(
        [
            np.mean(each, axis=0) if np.issubdtype(each[0].dtype, np.floating) else each[0]
            for each in zip(*weights, strict=True)
        ]
    )
    return networks[0]
