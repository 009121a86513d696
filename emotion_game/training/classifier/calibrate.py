"""Calibrate a classifier: temperature, calibration error, thresholds at stated false alarms."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, logsumexp

from emotion_game.errors import TrainingError
from emotion_game.game.types import EMOTIONS

if TYPE_CHECKING:
    import keras

log = logging.getLogger(__name__)

#: A temperature outside says that the pictures are too few or too easy to tell one.
TEMPERATURES = (0.2, 5.0)
#: Of each emotion that a mode turns on, and of the others: fewer cannot tell a temperature. From
#: 34 faces one came out at 1.80, where thousands give 0.81, and moved the game's working point.
LEAST_FACES_TO_FIT = 100
#: A threshold whose false alarms are fewer faces than these is not stated.
LEAST_ALARMS = 5
FALSE_ALARM_RATES = (0.05, 0.02, 0.01, 0.005, 0.002)

Floats = NDArray[np.floating]
Labels = NDArray[np.int64]


# --- Temperature ----------------------------------------------------------------------------------


def _log_mean(looks: Floats, temperature: float) -> NDArray[np.float64]:
    # The logarithm of a softmax is its logits but for a constant a row, which softmax ignores.
    logits = np.log(np.maximum(np.asarray(looks, np.float64), 1e-30))
    logits = logits if logits.ndim == 3 else logits[np.newaxis]
    tempered = log_softmax(logits / temperature, axis=-1)
    return np.asarray(logsumexp(tempered, axis=0) - math.log(len(tempered)))


def mean_of_looks(looks: Floats, temperature: float = 1.0) -> NDArray[np.float64]:
    """Return what the game would read from each face at a temperature, (n, 8).

    Args:
        looks: (looks, n, 8) probabilities of the network for each face and its mirror image,
            or (n, 8) for one look.
        temperature: divides the logits of each look before the looks are averaged.
    """
    return np.exp(_log_mean(looks, temperature))


def can_fit_temperature(labels: Labels, emotions: Iterable[str]) -> bool:
    """Return whether there are faces enough of each of these emotions, and of others.

    Args:
        labels: (n,) index into ``EMOTIONS``.
        emotions: that the game turns on.
    """
    counts = [int(np.sum(labels == EMOTIONS.index(emotion))) for emotion in emotions]
    return min(*counts, len(labels) - sum(counts)) >= LEAST_FACES_TO_FIT


def fit_temperature(looks: Floats, shares: Floats) -> float:
    """Return the temperature that makes the game's probabilities likeliest.

    Guo et al., "On Calibration of Modern Neural Networks", 2017, section 4.2: one number
    divides the logits, chosen by the negative log likelihood on pictures the network was not
    fitted on. The game averages the looks after the softmax, so the mean is what is scored.

    Args:
        looks: as in :func:`mean_of_looks`.
        shares: (n, 8) target distribution of each face; one-hot for plain labels.

    Returns:
        A temperature within ``TEMPERATURES``; above 1 the network was too sure of itself.

    Raises:
        TrainingError: when the shapes do not fit.
    """
    if looks.shape[-2:] != shares.shape or looks.ndim not in (2, 3) or not len(shares):
        raise TrainingError(
            f"Cannot fit a temperature: expected probabilities of the shape ([looks,]"
            f" {', '.join(map(str, shares.shape))}), found {looks.shape}."
        )

    def loss(log_temperature: float) -> float:
        likelihood = _log_mean(looks, math.exp(log_temperature))
        return -float(np.mean(np.sum(shares * likelihood, axis=1)))

    lowest, highest = (math.log(limit) for limit in TEMPERATURES)
    best = minimize_scalar(loss, bounds=(lowest, highest), method="bounded").x
    if min(best - lowest, highest - best) < 0.01:
        log.warning(
            "The temperature lies at its limit, %.2f: %d faces are too few or too easy to tell it.",
            math.exp(best),
            len(shares),
        )
    return math.exp(best)


def apply_temperature(model: keras.Model, temperature: float) -> keras.Model:
    """Return a copy whose softmax layer ``"emotions"`` divides its logits by ``temperature``.

    Kernel and bias are divided, which scales the logits exactly: nothing changes at run time.

    Raises:
        TrainingError: when the model has no such layer.
    """
    import keras

    from emotion_game.training.classifier.networks import HEAD_NAME

    scaled = keras.Model.from_config(model.get_config())
    scaled.set_weights(model.get_weights())
    try:
        head = scaled.get_layer(HEAD_NAME)
    except ValueError as error:
        raise TrainingError(
            f"The network has no layer {HEAD_NAME!r} to calibrate.",
            hint="Export a network that the training script made.",
        ) from error
    head.set_weights([weights / temperature for weights in head.get_weights()])
    return scaled


# --- Calibration error ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reliability:
    """How often the network is right where it claims to be; bins without a face are left out.

    Attributes:
        claimed: (bins,) mean score of each bin, 0..1.
        found: (bins,) share of the bin's faces where the claim was right, 0..1.
        counts: (bins,) faces in each bin.
    """

    claimed: NDArray[np.float64]
    found: NDArray[np.float64]
    counts: NDArray[np.int64]

    def error(self) -> float:
        """Return the mean distance between claim and truth, weighted by faces, 0..1."""
        gaps = np.abs(self.claimed - self.found)
        return float(np.sum(self.counts * gaps) / np.sum(self.counts))


def reliability_curve(
    probabilities: Floats, labels: Labels, bins: int = 15, emotion: str | None = None
) -> Reliability:
    """Compare claimed with found shares in bins of equal width (k / bins, (k + 1) / bins].

    Args:
        probabilities: (n, 8).
        labels: (n,) index into ``EMOTIONS``.
        bins: how many.
        emotion: look at this emotion's score alone; None: at the likeliest emotion's.

    Raises:
        TrainingError: without a face.
    """
    if not len(labels):
        raise TrainingError("Calibration cannot be measured without a face.")
    if emotion is None:
        scores = probabilities.max(axis=1)
        right = probabilities.argmax(axis=1) == labels
    else:
        index = EMOTIONS.index(emotion)
        scores, right = probabilities[:, index], labels == index
    inner_edges = np.linspace(0.0, 1.0, bins + 1)[1:-1]
    bin_of = np.digitize(scores, inner_edges, right=True)
    counts = np.bincount(bin_of, minlength=bins)
    kept = counts > 0
    claimed = np.bincount(bin_of, weights=scores, minlength=bins)[kept] / counts[kept]
    found = np.bincount(bin_of, weights=right, minlength=bins)[kept] / counts[kept]
    return Reliability(claimed, found, counts[kept])


def expected_calibration_error(
    probabilities: Floats, labels: Labels, bins: int = 15, emotion: str | None = None
) -> float:
    """Return the expected calibration error, 0..1; arguments as in :func:`reliability_curve`.

    Naeini et al., "Obtaining Well Calibrated Probabilities Using Bayesian Binning", 2015, and
    Guo et al., 2017, equation 3.
    """
    return reliability_curve(probabilities, labels, bins, emotion).error()


# --- Thresholds -----------------------------------------------------------------------------------


def false_alarms(
    probabilities: Floats, labels: Labels, emotion: str, threshold: float
) -> tuple[int, int]:
    """Return how many faces of other emotions reach ``threshold``, and how many there are.

    Raises:
        TrainingError: when every face shows that emotion.
    """
    others = _others(probabilities, labels, emotion)
    return int(np.sum(others >= threshold)), len(others)


def choose_thresholds(
    probabilities: Floats,
    labels: Labels,
    emotions: Iterable[str],
    rates: Sequence[float] = FALSE_ALARM_RATES,
) -> dict[str, dict[str, float]]:
    """Return, per emotion and rate, the lowest score that so few faces of others reach.

    A rate that would be fewer than ``LEAST_ALARMS`` faces is left out: these faces cannot tell
    it. So is an emotion without any.

    Args:
        probabilities: (n, 8) on faces the network was not fitted on.
        labels: (n,) index into ``EMOTIONS``.
        emotions: whose thresholds.
        rates: shares of false alarms, 0..1.

    Returns:
        ``{"happiness": {"0.01": 0.6527}}``, rounded up to four digits.

    Raises:
        TrainingError: when every face shows one of the emotions.
    """
    found: dict[str, dict[str, float]] = {}
    for emotion in emotions:
        highest_first = np.sort(_others(probabilities, labels, emotion))[::-1]
        of_rate = {}
        for rate in rates:
            allowed = math.floor(rate * len(highest_first) + 1e-9)
            if allowed >= LEAST_ALARMS:
                # Just above the first face that must not reach it.
                threshold = (math.floor(highest_first[allowed] * 1e4) + 1) / 1e4
                of_rate[str(rate)] = min(threshold, 1.0)
        if of_rate:
            found[emotion] = of_rate
    return found


def _others(probabilities: Floats, labels: Labels, emotion: str) -> Floats:
    index = EMOTIONS.index(emotion)
    others = probabilities[labels != index, index]
    if not len(others):
        raise TrainingError(
            f"False alarms of {emotion} need faces that show something else; there is none.",
            hint="Add pictures of other emotions.",
        )
    return others
