"""A run's folder: whatever kills the run, it goes on with the same curve. The network is tiny."""

from __future__ import annotations

import errno
import logging
from itertools import count
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from emotion_game.errors import TrainingError
from emotion_game.training.classifier.config import FitSettings
from emotion_game.training.classifier.runs import (
    finish_phase,
    fit_phase,
    make_optimizer,
    outcome_of,
    read_curve,
    saving,
    stoppable,
    write_curve,
)

PHASE = FitSettings(name="all", trains="all", epochs=4, learning_rate=0.05, ema_momentum=0.5)
RNG = np.random.default_rng(0)
PICTURES = RNG.normal(size=(16, 3)).astype(np.float32)
LABELS = np.eye(2, dtype=np.float32)[(PICTURES.sum(axis=1) > 0).astype(int)]


def network():
    keras.utils.set_random_seed(1)
    inputs = keras.Input((3,))
    return keras.Model(inputs, keras.layers.Dense(2, activation="softmax")(inputs))


def batches(first_epoch, epochs):
    def one_epoch(epoch):
        data = tf.data.Dataset.from_tensor_slices((PICTURES, LABELS))
        return data.shuffle(16, seed=epoch).batch(8)

    return tf.data.Dataset.range(first_epoch, epochs).flat_map(one_epoch)


def run(folder, phase=PHASE, more=(), labels=LABELS):
    """Run one phase as the trainers do, resuming what the folder holds."""
    folder.mkdir(exist_ok=True)
    held = tf.data.Dataset.from_tensor_slices((PICTURES, labels)).batch(8)

    def fit(start):
        model = keras.Model(start.input, start.output)
        model.compile(
            make_optimizer(phase, 2 * phase.epochs),
            loss="categorical_crossentropy",
            metrics=[keras.metrics.CategoricalAccuracy(name="accuracy")],
        )
        fit_phase(
            model,
            start,
            phase,
            lambda first: batches(first, phase.epochs),
            held,
            2,
            folder,
            list(more),
        )

    with saving(folder):
        return finish_phase(network(), phase, folder, fit)


class StopAt(keras.callbacks.Callback):
    """Die like after Ctrl-C at the end of an epoch, before it is backed up."""

    def __init__(self, epoch):
        super().__init__()
        self.epoch = epoch

    def on_epoch_end(self, epoch, logs=None):
        if epoch + 1 == self.epoch:
            raise KeyboardInterrupt


def assert_same_run(folder, other, phase=PHASE):
    mine, theirs = (read_curve(each / f"{phase.name}.csv") for each in (folder, other))
    assert [row["epoch"] for row in mine] == [row["epoch"] for row in theirs]
    for one, another in zip(mine, theirs, strict=True):
        assert one == pytest.approx(another, abs=1e-6)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "run"
    return folder, run(folder)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_run_killed_at_every_rename_goes_on_with_the_same_curve(
    tmp_path, whole, monkeypatch, when
):
    """Each attempt lives for one rename longer than the one before."""
    folder, rename = tmp_path / "run", Path.replace
    curve = folder / "all.csv"
    rows_before = 0
    for life in count(1):
        left = iter(range(life))

        def replace(self, target, left=left):
            over = next(left, None) is None
            if over and when == "before":
                raise KeyboardInterrupt
            rename(self, target)
            if over:
                raise KeyboardInterrupt

        monkeypatch.setattr(Path, "replace", replace)
        try:
            model = run(folder)
            break
        except KeyboardInterrupt:
            rows = len(read_curve(curve))
            assert rows >= rows_before - 1, "at most the row of the epoch that is done again"
            assert rows or not rows_before, "a curve is never emptied"
            rows_before = rows
    assert life > 4
    monkeypatch.undo()
    assert_same_run(folder, whole[0])
    for mine, theirs in zip(model.get_weights(), whole[1].get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-6)
    assert not list(folder.rglob("*part*"))


def backups(folder):
    return sorted((folder / "all.backup").iterdir())


def test_a_cut_backup_is_passed_over_for_the_one_before(tmp_path, whole, caplog):
    folder = tmp_path / "run"
    with pytest.raises(KeyboardInterrupt):
        run(folder, more=[StopAt(4)])
    older, newer = backups(folder)
    newer.write_bytes(newer.read_bytes()[:900])
    with caplog.at_level(logging.WARNING):
        run(folder)
    assert f"{newer} cannot be read" in caplog.text
    assert_same_run(folder, whole[0])
    assert not (folder / "all.backup").exists()
    assert older.name == "epoch-00002.weights.h5"


def test_two_cut_backups_are_said_and_the_curve_stays(tmp_path):
    folder = tmp_path / "run"
    with pytest.raises(KeyboardInterrupt):
        run(folder, more=[StopAt(4)])
    before = (folder / "all.csv").read_bytes()
    for each in backups(folder):
        each.write_bytes(b"")
    with pytest.raises(TrainingError, match=r"cannot be read") as caught:
        run(folder)
    assert "\n" not in caught.value.message
    assert "this phase starts anew" in (caught.value.hint or "")
    assert (folder / "all.csv").read_bytes() == before


@pytest.mark.parametrize(
    "changes",
    [{"patience_epochs": 2}, {"schedule": "plateau"}],
    ids=["patience", "plateau"],
)
@pytest.mark.parametrize("killed_at", [4, 6])
def test_patience_and_plateau_outlive_a_kill(tmp_path, changes, killed_at):
    # Held-back labels that are all wrong: what is learned makes the loss rise.
    phase = PHASE.model_copy(
        update={"epochs": 8, "schedule": "constant", "ema_momentum": 0.0, **changes}
    )
    wrong = LABELS[:, ::-1]
    run(tmp_path / "whole", phase, labels=wrong)
    rows = read_curve(tmp_path / "whole" / "all.csv")
    assert (len(rows) < 9) == ("patience_epochs" in changes)
    if "schedule" in changes:
        assert rows[-1]["learning_rate"] == pytest.approx(PHASE.learning_rate / 8)
    if killed_at < len(rows):
        with pytest.raises(KeyboardInterrupt):
            run(tmp_path / "run", phase, [StopAt(killed_at)], labels=wrong)
    run(tmp_path / "run", phase, labels=wrong)
    assert_same_run(tmp_path / "run", tmp_path / "whole")


def test_a_phase_that_did_not_help_keeps_what_it_began_with(tmp_path):
    model = run(tmp_path / "run", labels=LABELS[:, ::-1])
    for mine, start in zip(model.get_weights(), network().get_weights(), strict=True):
        np.testing.assert_array_equal(mine, start)
    outcome = outcome_of(tmp_path / "run", PHASE)
    assert outcome is not None
    assert not outcome.helped
    assert outcome.best == outcome.start
    assert outcome.epochs == 4


def test_the_first_row_is_the_network_that_the_phase_began_with(whole):
    folder, _ = whole
    start = network()
    start.compile(loss="categorical_crossentropy", metrics=["accuracy"])
    loss, accuracy = start.evaluate(PICTURES, LABELS, verbose=0)
    first, *epochs = read_curve(folder / "all.csv")
    assert first == pytest.approx({"epoch": 0, "val_loss": loss, "val_accuracy": accuracy})
    assert [row["epoch"] for row in epochs] == [1, 2, 3, 4]
    assert outcome_of(folder, PHASE).helped


def test_ctrl_c_is_one_line(tmp_path):
    with (
        pytest.raises(TrainingError, match="keeps every whole epoch") as caught,
        stoppable(tmp_path),
    ):
        raise KeyboardInterrupt
    assert "--resume" in (caught.value.hint or "")


def test_a_run_of_an_earlier_release_goes_on(tmp_path, whole):
    """Its epochs were counted from 0, and Keras kept its backup."""
    folder = tmp_path / "run"
    with pytest.raises(KeyboardInterrupt):
        run(folder, more=[StopAt(3)])
    _, newest = backups(folder)
    newest.rename(folder / "all.backup" / "latest.weights.h5")
    for each in backups(folder)[:1]:
        each.unlink()
    (folder / "all.backup" / "training_metadata.json").write_text('{"epoch": 2, "batch": 0}')
    rows = [row for row in read_curve(folder / "all.csv") if row["epoch"] > 0]
    write_curve(folder / "all.csv", [{**row, "epoch": row["epoch"] - 1} for row in rows])
    run(folder)
    found = read_curve(folder / "all.csv")
    assert [row["epoch"] for row in found] == [1, 2, 3, 4]
    for one, other in zip(found, read_curve(whole[0] / "all.csv")[1:], strict=True):
        assert one == pytest.approx(other, abs=1e-6)


@pytest.mark.parametrize(
    ("number", "hint"), [(errno.ENOSPC, "Make room"), (errno.EACCES, "See to the folder")]
)
def test_only_a_full_disk_is_called_full(tmp_path, number, hint):
    with pytest.raises(TrainingError, match="failed") as caught, saving(tmp_path):
        raise OSError(number, "said by the system")
    assert hint in (caught.value.hint or "")


def test_half_a_row_is_dropped_and_an_epoch_told_twice_kept_once(tmp_path):
    path = tmp_path / "all.csv"
    path.write_text("epoch,loss,val_loss\n0,,9\n1,3.0,4.0\n1,2.5,3.5\n2,2.0\n")
    assert read_curve(path) == [
        {"epoch": 0, "val_loss": 9},
        {"epoch": 1, "loss": 2.5, "val_loss": 3.5},
    ]
    path.write_text("a letter\n")
    with pytest.raises(TrainingError, match="expected columns"):
        read_curve(path)
