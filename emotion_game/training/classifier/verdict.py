"""Whether a training helped: the start model and the result on the same held-back faces."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from emotion_game.errors import TrainingError
from emotion_game.files import write_beside
from emotion_game.training.classifier.evaluate import Estimate, bootstrap
from emotion_game.training.classifier.export import look_at
from emotion_game.training.data.faces import LabelledFaces

VERDICT = "verdict.json"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Two networks on the same faces, mirrored look included, people drawn together.

    Attributes:
        faces: held back.
        start_accuracy: of the network that the training went on from.
        accuracy: of the result.
        more_accuracy: result minus start.
        start_loss: mean negative log likelihood of the label.
        loss: likewise, of the result.
        less_loss: start minus result.
    """

    faces: int
    start_accuracy: Estimate
    accuracy: Estimate
    more_accuracy: Estimate
    start_loss: Estimate
    loss: Estimate
    less_loss: Estimate

    @property
    def helped(self) -> bool:
        """Whether the loss fell by more than chance explains, and the accuracy did not fall."""
        return self.less_loss.low > 0 and self.more_accuracy.value >= 0

    @property
    def harmed(self) -> bool:
        """Whether the result is no better at all."""
        return self.less_loss.value <= 0 or self.more_accuracy.high < 0

    def sentence(self) -> str:
        """Return one line for a person."""
        change = self.more_accuracy
        if self.helped:
            told = "The training helped"
        elif self.harmed:
            told = "The training did not help"
        else:
            told = "The training helped no more than chance would explain"
        return (
            f"{told}: on {self.faces} held-back faces accuracy {self.start_accuracy.value:.3f} ->"
            f" {self.accuracy.value:.3f} ({change.value:+.3f}, {change.low:+.3f} to"
            f" {change.high:+.3f}), loss {self.start_loss.value:.3f} -> {self.loss.value:.3f}."
        )


def judge(start: keras.Model, result: keras.Model, held: LabelledFaces) -> Verdict:
    """Compare two networks on the held-back faces."""
    groups = np.array(held.groups or held.files)
    labels = held.majority()
    hits: list[NDArray[np.float64]] = []
    losses: list[NDArray[np.float64]] = []
    for network in (start, result):
        answers = look_at(network, held.pictures, mirrored=True).mean(axis=0)
        hits.append(np.asarray(answers.argmax(axis=1) == labels, np.float64))
        likely = np.log(np.maximum(answers, 1e-7))
        losses.append(np.asarray(-np.sum(held.shares * likely, axis=1), np.float64))

    def mean(values: NDArray[np.float64]) -> Estimate:
        found = bootstrap(partial(_mean, values), groups)
        assert found is not None  # the mean of one face or more is a number
        return found

    return Verdict(
        len(held),
        mean(hits[0]),
        mean(hits[1]),
        mean(hits[1] - hits[0]),
        mean(losses[0]),
        mean(losses[1]),
        mean(losses[0] - losses[1]),
    )


def _mean(values: NDArray[np.float64], indices: NDArray[np.intp]) -> float:
    return float(values[indices].mean())


def write_verdict(run_folder: Path, verdict: Verdict) -> None:
    """Write ``verdict.json`` into the run's folder.

    Raises:
        TrainingError: when it cannot be written.
    """
    content = {**asdict(verdict), "helped": verdict.helped, "sentence": verdict.sentence()}
    path = run_folder / VERDICT
    try:
        write_beside(path, (json.dumps(content, indent=1) + "\n").encode())
    except OSError as error:
        raise TrainingError(f"Cannot write {path}: {error.strerror or error}.") from error
