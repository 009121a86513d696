"""Fitting on a handful of made-up faces: real TensorFlow, tiny everything."""

from __future__ import annotations

import errno
import json
from dataclasses import replace

import keras
import numpy as np
import pytest
from faces_for_tests import made_up_faces

from emotion_game.errors import TrainingError
from emotion_game.training.classifier import fit as fitting
from emotion_game.training.classifier.config import PhaseSettings, TrainingSettings
from emotion_game.training.classifier.networks import BACKBONE_NAME, build_network
from emotion_game.training.classifier.runs import load_network, read_curve, steps_of

PHASE = PhaseSettings(
    name="all", trains="all", image_px=32, epochs=1, learning_rate=1e-3, ema_momentum=0.5
)
TINY = TrainingSettings(
    batch_size=8,
    # The convnet's wide layers are few, so a step costs little; batch norm and dropout are there.
    network={"name": "convnet", "weights": "none", "alpha": 0.25, "size_px": 32},
    augment={"rotation_deg": 5.0, "blur_sigma_px": 0.5, "erase_share": 0.1, "noise": 0.01},
    phase=(
        PhaseSettings(
            name="head",
            trains="head",
            image_px=32,
            epochs=1,
            learning_rate=1e-2,
            label_smoothing=0.1,
        ),
    ),
)
TRAIN, HELD = made_up_faces(32), made_up_faces(12, seed=1)


def network(settings=TINY):
    keras.utils.set_random_seed(1)
    return build_network(settings.network, None)


def with_phases(*phases, **changes):
    return TINY.model_copy(update={"phase": phases, **changes})


def assert_same_weights(one, other):
    for mine, theirs in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-6)


def test_a_run_learns_and_can_only_be_extended(tmp_path):
    run = tmp_path / "run"
    settings = with_phases(*TINY.phase, precise_batch_norm_batches=2)
    model = fitting.fit(network(), TRAIN, HELD, settings, run)
    assert json.loads((run / "settings.json").read_text())["batch_size"] == 8
    assert_same_weights(model, keras.saving.load_model(run / "model.keras", safe_mode=True))
    assert (run / "head.last.keras").exists()
    assert list((run / "tensorboard").rglob("events.*"))

    with pytest.raises(TrainingError, match="holds a run already"):
        fitting.fit(network(), TRAIN, HELD, settings, run)
    # A finished run does nothing more; a longer one goes on after its finished phases.
    again = fitting.fit(network(), TRAIN, HELD, settings, run, resume=True)
    assert_same_weights(model, again)
    longer = with_phases(*TINY.phase, PHASE, precise_batch_norm_batches=2)
    fitting.fit(network(), TRAIN, HELD, longer, run, resume=True)
    assert (run / "all.done").exists()
    assert [row["epoch"] for row in read_curve(run / "head.csv")] == [0, 1]
    with pytest.raises(TrainingError, match="other settings"):
        fitting.fit(network(), TRAIN, HELD, with_phases(*longer.phase, seed=8), run, resume=True)


def test_learning_makes_the_loss_fall(tmp_path):
    phase = PHASE.model_copy(update={"epochs": 6, "learning_rate": 3e-3, "augment_strength": 0.0})
    fitting.fit(network(), TRAIN, HELD, with_phases(phase), tmp_path / "run")
    curve = read_curve(tmp_path / "run" / "all.csv")
    assert curve[-1]["loss"] < 0.5 * curve[1]["loss"]


def test_only_the_head_learns_in_its_phase(tmp_path):
    start = network()
    before = start.get_layer(BACKBONE_NAME).get_weights()
    head_before = start.get_layer("emotions").get_weights()
    model = fitting.fit(start, TRAIN, HELD, TINY, tmp_path / "run")
    for mine, theirs in zip(model.get_layer(BACKBONE_NAME).get_weights(), before, strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert not np.allclose(model.get_layer("emotions").get_weights()[0], head_before[0])


class Kill(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 2:
            raise KeyboardInterrupt


def test_a_killed_run_goes_on_with_the_same_curve(tmp_path):
    settings = with_phases(PHASE.model_copy(update={"epochs": 4, "warmup_share": 0.2}))
    whole = fitting.fit(network(), TRAIN, HELD, settings, tmp_path / "whole")
    run = tmp_path / "killed"
    with pytest.raises(KeyboardInterrupt):
        fitting.fit(network(), TRAIN, HELD, settings, run, callbacks=lambda *_: [Kill()])
    assert not (run / "all.done").exists()
    # What a kill in mid-line leaves behind.
    with (run / "all.csv").open("a") as file:
        file.write("3,0.5")
    resumed = fitting.fit(network(), TRAIN, HELD, settings, run, resume=True)
    expected, found = (read_curve(folder / "all.csv") for folder in (tmp_path / "whole", run))
    assert [row["epoch"] for row in found] == [0, 1, 2, 3, 4]
    for one, other in zip(expected, found, strict=True):
        assert one == pytest.approx(other, abs=1e-4)
    for mine, theirs in zip(whole.get_weights(), resumed.get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-3)


def test_a_full_disk_keeps_the_last_good_model_and_the_run_goes_on(tmp_path, monkeypatch):
    settings = with_phases(PHASE.model_copy(update={"epochs": 2}))
    run = tmp_path / "run"
    saved = keras.Model.save
    calls = []

    def full(self, path, *args, **kwargs):
        calls.append(path)
        if len(calls) > 2:
            path.write_bytes(b"half a mo")
            raise OSError(errno.ENOSPC, "No space left on device")
        return saved(self, path, *args, **kwargs)

    monkeypatch.setattr(keras.Model, "save", full)
    with pytest.raises(TrainingError, match="No space left on device") as error:
        fitting.fit(network(), TRAIN, HELD, settings, run)
    assert "--resume" in (error.value.hint or "")
    monkeypatch.undo()
    keras.saving.load_model(run / "all.keras", safe_mode=True)
    assert not list(run.glob("*part*"))
    fitting.fit(network(), TRAIN, HELD, settings, run, resume=True)
    assert [row["epoch"] for row in read_curve(run / "all.csv")] == [0, 1, 2]


def test_a_loss_that_explodes_is_said(tmp_path):
    phase = PHASE.model_copy(update={"learning_rate": 1e30})
    with pytest.raises(TrainingError, match="The loss on held-back faces became"):
        fitting.fit(network(), TRAIN, HELD, with_phases(phase), tmp_path / "run")


def test_a_batch_larger_than_the_data_is_refused(tmp_path):
    with pytest.raises(TrainingError, match="do not fill one batch of 64"):
        fitting.fit(network(), TRAIN, HELD, with_phases(PHASE, batch_size=64), tmp_path / "run")


def test_batch_norm_is_measured_on_the_finished_weights():
    settings = with_phases(
        PHASE.model_copy(update={"augment_strength": 0.0}),
        augment=TINY.augment.model_copy(update={"flip": False}),
        precise_batch_norm_batches=4,
    )
    model = network()
    fitting.measure_batch_norm(model, TRAIN, settings)
    backbone = model.get_layer(BACKBONE_NAME)
    first = keras.Model(backbone.input, backbone.get_layer("conv_1").output)
    gray = TRAIN.pictures.astype(np.float32) / 127.5 - 1
    out = np.asarray(first(np.repeat(gray, 3, axis=3)))
    norm = backbone.get_layer("norm_1")
    np.testing.assert_allclose(np.asarray(norm.moving_mean), out.mean((0, 1, 2)), atol=1e-3)
    # The mean of the batches' variances leaves out what differs between batches.
    assert np.asarray(norm.moving_variance) == pytest.approx(out.var((0, 1, 2)), rel=0.2)
    assert norm.momentum == settings.network.batch_norm_momentum


def test_the_teacher_fills_in_the_labels_for_the_faces_as_the_pupil_sees_them(tmp_path):
    seen = []

    def teach(faces):
        seen.append(faces)
        return np.tile(np.eye(8, dtype=np.float32)[5], (len(faces), 1))

    phase = PHASE.model_copy(update={"epochs": 3, "learning_rate": 1e-2})
    # Half of the faces keep their labels whole, as those who talk do.
    whole = np.arange(len(TRAIN)) % 2 == 0
    shares = TRAIN.shares * np.where(whole, 1.0, 0.0)[:, None].astype(np.float32)
    taught = replace(TRAIN, shares=shares)
    settings = with_phases(phase, data=TINY.data.model_copy(update={"teacher_share": 0.5}))
    model = fitting.fit(network(), taught, HELD, settings, tmp_path / "run", teach=teach)
    assert len(seen) == 3 * 4
    assert seen[0].shape == (8, 32, 32, 1)
    # Turned, blurred and erased, they are none of the faces that lie on disk.
    plain = {face.tobytes() for face in TRAIN.pictures.astype(np.float32)}
    changed = {face.tobytes() for batch in seen for face in batch}
    assert not plain & changed
    assert len(changed) == 3 * len(TRAIN), "every epoch changes them anew"
    answers = np.asarray(model(TRAIN.pictures.astype(np.float32)))
    assert answers[:, 5].mean() == pytest.approx(0.5, abs=0.25)
    # Who has no share, having only labelled those who talk, is not asked again.
    seen.clear()
    fitting.fit(network(), TRAIN, HELD, with_phases(PHASE), tmp_path / "other", teach=teach)
    assert not seen


def test_class_weights_reach_the_batches():
    batches = fitting.make_training_dataset(
        TRAIN, with_phases(PHASE, class_weights={"happiness": 3.0}), PHASE, 0, 1
    )
    for _, shares, weights in batches:
        happy = np.asarray(shares)[:, 1] == 1
        np.testing.assert_array_equal(np.asarray(weights), np.where(happy, 3.0, 1.0))


def test_each_epoch_has_an_order_of_its_own_that_a_resumption_repeats():
    def order(first_epoch, epochs):
        batches = fitting.make_training_dataset(TRAIN, TINY, PHASE, first_epoch, epochs)
        return [np.asarray(pictures).sum(axis=(1, 2, 3)) for pictures, _ in batches]

    whole, rest = order(0, 2), order(1, 2)
    assert len(whole) == 8
    np.testing.assert_array_equal(whole[4:], rest)
    assert not np.array_equal(whole[:4], rest)


def test_mixed_faces_keep_their_shares_and_a_resumption_mixes_the_same():
    mixing = PHASE.model_copy(update={"mixup_alpha": 0.5})

    def batches(phase, first_epoch=0):
        made = fitting.make_training_dataset(TRAIN, TINY, phase, first_epoch, 2)
        return [tuple(np.asarray(column) for column in batch) for batch in made]

    plain, mixed, rest = batches(PHASE), batches(mixing), batches(mixing, first_epoch=1)
    assert len(plain) == len(mixed) == 2 * len(rest)
    for (pictures, shares), (mixed_pictures, mixed_shares) in zip(plain, mixed, strict=True):
        np.testing.assert_allclose(mixed_shares.sum(axis=1), 1.0, atol=1e-5)
        for row, (one, other) in enumerate(zip(pictures, pictures[::-1], strict=True)):
            apart = (one - other).ravel()
            if not apart.any():
                continue
            # The share of the first of the two, from the picture; the labels have the same.
            share = float((mixed_pictures[row] - other).ravel() @ apart / (apart @ apart))
            assert -1e-4 <= share <= 1.0 + 1e-4
            np.testing.assert_allclose(
                mixed_shares[row],
                share * shares[row] + (1 - share) * shares[::-1][row],
                atol=1e-3,
            )
    for whole, again in zip(mixed[len(rest) :], rest, strict=True):
        np.testing.assert_array_equal(whole[0], again[0])


def test_batch_norm_that_is_kept_does_not_move(tmp_path):
    kept = PHASE.model_copy(update={"keep_batch_norm": True})
    model = network()

    def norms(of):
        layers = of.get_layer(BACKBONE_NAME).layers
        return [each for each in layers if isinstance(each, keras.layers.BatchNormalization)]

    before = [weight.copy() for each in norms(model) for weight in each.get_weights()]
    fitted = fitting.fit(model, TRAIN, HELD, with_phases(kept), tmp_path)
    after = [weight for each in norms(fitted) for weight in each.get_weights()]
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one, other)


def test_steps_are_samples_times_epochs_over_batch_size():
    assert steps_of(28558, 64, 20) == 446 * 20


def test_files_that_are_no_models_are_refused(tmp_path):
    path = tmp_path / "model.keras"
    path.write_bytes(b"PK nothing")
    with pytest.raises(TrainingError, match=r"model\.keras is not a Keras model"):
        load_network(path)
    with pytest.raises(TrainingError, match="is not a Keras model"):
        load_network(tmp_path / "missing.keras")


def test_the_estimate_changes_nothing():
    model = network()
    before = [weight.copy() for weight in model.get_weights()]
    assert fitting.estimate_s(model, PHASE, TINY, 10) > 0
    for mine, theirs in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(mine, theirs)
