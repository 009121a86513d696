"""Calibration against numbers worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from emotion_game.errors import TrainingError
from emotion_game.game.types import EMOTIONS
from emotion_game.training.classifier import calibrate as calibrate

N = len(EMOTIONS)
HAPPY, SURPRISED = EMOTIONS.index("happiness"), EMOTIONS.index("surprise")


def softmax(logits):
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return raised / raised.sum(axis=-1, keepdims=True)


def rows(*scores_and_labels, emotion=HAPPY):
    """Faces with one emotion's score given and the rest of the probability on neutral."""
    probabilities = np.zeros((len(scores_and_labels), N))
    for row, (score, _) in zip(probabilities, scores_and_labels, strict=True):
        row[emotion], row[0] = score, 1 - score
    return probabilities, np.array([label for _, label in scores_and_labels])


# --- Temperature ----------------------------------------------------------------------------------


def two_class_looks(logit, times=1):
    logits = np.full((times, N), -50.0)
    logits[:, HAPPY], logits[:, 0] = logit, 0.0
    return softmax(logits)


def test_the_temperature_makes_the_claim_the_share_that_is_right():
    # The network claims sigmoid(3) = 0.953; 3 of 4 are right. The likeliest claim is 0.75, whose
    # logit is ln 3, so the temperature is 3 / ln 3.
    shares = np.zeros((4, N))
    shares[:3, HAPPY], shares[3, 0] = 1.0, 1.0
    looks = two_class_looks(3.0, times=4)
    temperature = calibrate.fit_temperature(looks, shares)
    assert temperature == pytest.approx(3 / math.log(3), rel=1e-3)
    assert calibrate.mean_of_looks(looks, temperature)[0, HAPPY] == pytest.approx(0.75, abs=1e-3)


def test_the_looks_are_averaged_after_the_temperature():
    looks = np.stack([two_class_looks(4.0), two_class_looks(-2.0)])
    mean = calibrate.mean_of_looks(looks, 2.0)
    expected = (1 / (1 + math.exp(-2.0)) + 1 / (1 + math.exp(1.0))) / 2
    assert mean[0, HAPPY] == pytest.approx(expected)
    assert mean.sum() == pytest.approx(1.0)
    np.testing.assert_allclose(calibrate.mean_of_looks(looks), looks.mean(axis=0))


def test_the_temperature_is_that_of_the_mean_of_two_looks():
    # One look is sure, its mirror image undecided: (sigmoid(4 / T) + 0.5) / 2 = 0.7 is likeliest
    # where 7 of 10 are right; sigmoid(4 / T) = 0.9, so T = 4 / ln 9.
    looks = np.stack([two_class_looks(4.0, times=10), two_class_looks(0.0, times=10)])
    shares = np.zeros((10, N))
    shares[:7, HAPPY], shares[7:, 0] = 1.0, 1.0
    assert calibrate.fit_temperature(looks, shares) == pytest.approx(4 / math.log(9), rel=1e-3)


def test_a_calibrated_network_stays_as_it_is():
    rng = np.random.default_rng(0)
    looks = softmax(rng.normal(0, 2, (4000, N)))
    # Targets that are the answers themselves: the likelihood is highest where nothing changes.
    assert calibrate.fit_temperature(looks, looks) == pytest.approx(1.0, abs=1e-3)


def test_faces_that_tell_no_temperature_are_reported(caplog):
    shares = np.zeros((3, N))
    shares[:, HAPPY] = 1.0
    temperature = calibrate.fit_temperature(two_class_looks(2.0, times=3), shares)
    assert temperature == pytest.approx(calibrate.TEMPERATURES[0], rel=0.02)
    assert "3 faces are too few or too easy" in caplog.text


@pytest.mark.parametrize("shape", [(4, N - 1), (3, N), (1, 2, 4, N)])
def test_shapes_that_do_not_fit_are_refused(shape):
    with pytest.raises(TrainingError, match="expected probabilities of the shape"):
        calibrate.fit_temperature(np.full(shape, 0.1), np.zeros((4, N)))


def test_the_temperature_divides_the_logits_of_the_network():
    import keras

    keras.utils.set_random_seed(1)
    inputs = keras.Input((5,))
    hidden = keras.layers.Dense(4, activation="relu", name="hidden")(inputs)
    model = keras.Model(
        inputs, keras.layers.Dense(N, activation="softmax", name="emotions")(hidden)
    )
    head = model.get_layer("emotions")
    head.bias.assign(np.linspace(-1, 1, N))
    pictures = np.random.default_rng(0).normal(size=(6, 5)).astype(np.float32)
    before = np.asarray(model(pictures))

    scaled = calibrate.apply_temperature(model, 2.5)
    expected = calibrate.mean_of_looks(before, 2.5)
    np.testing.assert_allclose(np.asarray(scaled(pictures)), expected, atol=1e-6)
    np.testing.assert_array_equal(np.asarray(model(pictures)), before)

    headless = keras.Model(inputs, hidden)
    with pytest.raises(TrainingError, match="no layer 'emotions'"):
        calibrate.apply_temperature(headless, 2.0)


# --- Calibration error ----------------------------------------------------------------------------


def test_the_calibration_error_of_five_faces():
    # Top scores 0.95, 0.95 (both right), 0.85 (wrong), 0.55 (right), 0.55 (wrong), ten bins:
    # |0.95 - 1| x 2/5 + |0.85 - 0| x 1/5 + |0.55 - 0.5| x 2/5 = 0.02 + 0.17 + 0.02.
    probabilities, labels = rows(
        (0.95, HAPPY), (0.95, HAPPY), (0.85, 0), (0.55, HAPPY), (0.55, SURPRISED)
    )
    error = calibrate.expected_calibration_error(probabilities, labels, bins=10)
    assert error == pytest.approx(0.21)
    curve = calibrate.reliability_curve(probabilities, labels, bins=10)
    np.testing.assert_allclose(curve.claimed, [0.55, 0.85, 0.95])
    np.testing.assert_allclose(curve.found, [0.5, 0.0, 1.0])
    np.testing.assert_array_equal(curve.counts, [2, 1, 2])


def test_the_calibration_error_of_one_emotions_score():
    # Happiness is claimed with 0.1 four times and true once: |0.1 - 0.25| x 4/5; with 0.9 once
    # and true: 0.1 x 1/5.
    probabilities, labels = rows((0.1, HAPPY), (0.1, 0), (0.1, 0), (0.1, 0), (0.9, HAPPY))
    error = calibrate.expected_calibration_error(probabilities, labels, emotion="happiness")
    assert error == pytest.approx(0.15 * 4 / 5 + 0.1 / 5)


def test_a_score_on_the_edge_belongs_to_the_bin_below():
    probabilities, labels = rows((0.5, 0), (1.0, HAPPY), (0.0, 0))
    curve = calibrate.reliability_curve(probabilities, labels, bins=2, emotion="happiness")
    np.testing.assert_array_equal(curve.counts, [2, 1])
    np.testing.assert_allclose(curve.claimed, [0.25, 1.0])


def test_no_face_has_no_calibration_error():
    with pytest.raises(TrainingError, match="without a face"):
        calibrate.expected_calibration_error(np.zeros((0, N)), np.zeros(0, np.int64))


# --- Thresholds -----------------------------------------------------------------------------------


def test_thresholds_keep_the_stated_share_of_false_alarms():
    scores = np.arange(500) / 500
    others = [(score, 0) for score in scores]
    probabilities, labels = rows(*others, *[(0.995, HAPPY)] * 50)
    found = calibrate.choose_thresholds(probabilities, labels, ["happiness"], (0.05, 0.02, 0.01))
    # 25 of five hundred may reach it: 0.95 to 0.998, so it lies just above 0.948.
    assert found == {"happiness": {"0.05": 0.9481, "0.02": 0.9781, "0.01": 0.9881}}
    for rate, threshold in found["happiness"].items():
        alarms, of = calibrate.false_alarms(probabilities, labels, "happiness", threshold)
        assert alarms / of == pytest.approx(float(rate))


def test_equal_scores_never_exceed_the_stated_share():
    probabilities, labels = rows(*[(0.3, 0)] * 90, *[(0.8, SURPRISED)] * 10)
    found = calibrate.choose_thresholds(probabilities, labels, ["happiness"], (0.1, 0.05))
    assert found["happiness"] == {"0.1": 0.3001, "0.05": 0.8001}


def test_a_rate_of_a_few_faces_is_left_out():
    probabilities, labels = rows(*[(score / 100, 0) for score in range(100)])
    emotions = ["happiness", "surprise"]
    found = calibrate.choose_thresholds(probabilities, labels, emotions, (0.05, 0.04))
    assert list(found["happiness"]) == ["0.05"]
    assert calibrate.choose_thresholds(probabilities, labels, emotions, (0.04, 0.01)) == {}


@pytest.mark.parametrize(
    ("happy", "surprised", "others", "enough"),
    [(100, 100, 100, True), (34, 20, 100, False), (99, 100, 500, False), (500, 500, 99, False)],
)
def test_a_temperature_needs_faces_of_each_emotion_that_plays(happy, surprised, others, enough):
    labels = np.array([HAPPY] * happy + [SURPRISED] * surprised + [0] * others)
    assert calibrate.can_fit_temperature(labels, ("happiness", "surprise")) == enough


def test_false_alarms_need_other_faces():
    probabilities, labels = rows((0.9, HAPPY), (0.8, HAPPY))
    with pytest.raises(TrainingError, match="False alarms of happiness need faces"):
        calibrate.choose_thresholds(probabilities, labels, ["happiness"])
