"""Training on several machines: ``tf.distribute.MultiWorkerMirroredStrategy`` by ``TF_CONFIG``."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from emotion_game.errors import TrainingError
from emotion_game.training.data.faces import Teach


def strategy_from_environment() -> tf.distribute.Strategy:
    """Return the strategy that ``TF_CONFIG`` asks for; without it, this machine alone.

    Must be called before anything else of TensorFlow runs.

    Raises:
        TrainingError: when ``TF_CONFIG`` is not what TensorFlow documents.
    """
    text = os.environ.get("TF_CONFIG", "")
    if not text:
        return tf.distribute.get_strategy()
    try:
        content = json.loads(text)
        workers, index = content["cluster"]["worker"], content["task"]["index"]
        if content["task"]["type"] != "worker" or not 0 <= index < len(workers):
            raise ValueError(f"worker {index} of {len(workers)}")
    except (ValueError, KeyError, TypeError) as error:
        raise TrainingError(
            f"TF_CONFIG is not a cluster of workers: {error!r}.",
            hint='Expected {"cluster": {"worker": ["host:port", ...]},'
            ' "task": {"type": "worker", "index": 0}}.',
        ) from error
    return tf.distribute.MultiWorkerMirroredStrategy()


def folder_of_worker(run_folder: Path, strategy: tf.distribute.Strategy) -> Path:
    """Return where this worker writes: the first the run's folder, the others one inside it.

    Every worker must save (reading the variables is a joint act), but not over each other.
    """
    resolver = strategy.cluster_resolver
    if resolver is None or resolver.task_id in (None, 0):
        return run_folder
    return run_folder / f"worker-{resolver.task_id}"


class TrainingModel(keras.Model):
    """A model whose ``fit`` changes its pictures at random, and runs on several workers too.

    Keras 3 does not support MultiWorkerMirroredStrategy by itself (keras-team/keras#20585):
    it cannot build from a batch spread over workers, and it averages the workers' figures
    along an axis that plain numbers do not have. On one machine nothing differs.
    """

    @property
    def _several_workers(self) -> bool:
        strategy = self.distribute_strategy
        return isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy)

    def build_on(self, pictures: Any, shares: Any) -> None:
        """Build losses and metrics on one plain batch; changes no weight."""
        if self._several_workers:
            self.test_on_batch(pictures, shares)

    def _maybe_symbolic_build(self, iterator: Any = None, data_batch: Any = None) -> None:
        if iterator is None or not self._several_workers:
            super()._maybe_symbolic_build(iterator=iterator, data_batch=data_batch)

    def change_with(self, augmentation: keras.Model, teach: Teach | None) -> None:
        """Set the random changes, and who fills in what the labels lack to 1.

        The changes are no part of the network, so what is saved and exported knows nothing of
        them; their random state is part of this model.
        """
        self.augmentation, self.teach = augmentation, teach

    def train_step(self, data: Any) -> dict[str, Any]:
        """Take one step and return its figures."""
        pictures, shares, weights = keras.utils.unpack_x_y_sample_weight(data)
        pictures = self.augmentation(pictures, training=True)
        if self.teach is not None:
            answers = tf.numpy_function(self.teach, [pictures], tf.float32)
            lacking = 1.0 - tf.reduce_sum(shares, axis=1, keepdims=True)
            shares += lacking * tf.ensure_shape(answers, shares.shape)
        return self._as_vectors(super().train_step((pictures, shares, weights)))

    def test_step(self, data: Any) -> dict[str, Any]:
        """Evaluate one batch and return its figures."""
        return self._as_vectors(super().test_step(data))

    def _as_vectors(self, figures: dict[str, Any]) -> dict[str, Any]:
        if not self._several_workers:
            return figures
        return {name: tf.reshape(value, (1,)) for name, value in figures.items()}
