"""The folder of a run: settings, curves, checkpoints and backups, whole at every moment.

Every file is written beside its place and then renamed, so a run that is killed, however, goes on
after its last whole epoch. Classifier and detector share all of this.
"""

from __future__ import annotations

import json
import logging
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import keras
import numpy as np
import tensorflow as tf
from pydantic import ValidationError

from emotion_game.errors import TrainingError
from emotion_game.files import FULL, read_json, read_text, write_beside
from emotion_game.settings import StrictModel
from emotion_game.training.classifier.config import FitSettings

log = logging.getLogger(__name__)

FINAL_MODEL = "model.keras"
START_MODEL = "start.keras"
SETTINGS = "settings.json"
SOURCES = "sources.json"
#: What a cut or foreign file makes Keras raise.
_UNREADABLE = (OSError, ValueError, TypeError, KeyError, AttributeError, RuntimeError)
_BACKUPS_KEPT = 2
_BACKUP = re.compile(r"epoch-(\d+)\.weights\.h5")

Row = dict[str, float]
Settings = TypeVar("Settings", bound=StrictModel)


# --- The folder -----------------------------------------------------------------------------------


def check_claim(run_folder: Path, settings: StrictModel, resume: bool) -> None:
    """Check that a run may be begun, or gone on with, in this folder; writes nothing.

    A finished run may only be extended by further phases.

    Raises:
        TrainingError: when the folder holds a run and ``resume`` is not given, or one with
            other settings.
    """
    kept = run_folder / SETTINGS
    if run_folder.exists() and not run_folder.is_dir():
        raise TrainingError(f"{run_folder} is no folder.", hint="Choose another --run folder.")
    if not kept.exists():
        return
    if not resume:
        raise TrainingError(
            f"{run_folder} holds a run already.",
            hint="Go on with --resume, choose another --run folder, or delete that one.",
        )
    old, new = read_json(kept, TrainingError), json.loads(settings.model_dump_json())
    if isinstance(old, dict) and isinstance(old.get("phase"), list):
        phases, wanted = old.pop("phase"), new.pop("phase")
        if old == new and wanted[: len(phases)] == phases:
            return
    raise TrainingError(
        f"{run_folder} holds a run with other settings, or of another release.",
        hint="Choose another --run folder or delete that one.",
    )


def claim(run_folder: Path, settings: StrictModel, resume: bool) -> None:
    """Write down the settings of a run.

    Raises:
        TrainingError: see :func:`check_claim`; or when the folder cannot be written to.
    """
    check_claim(run_folder, settings, resume)
    with saving(run_folder):
        run_folder.mkdir(parents=True, exist_ok=True)
        write_beside(run_folder / SETTINGS, settings.model_dump_json(indent=1).encode())


def read_settings(run_folder: Path, kind: type[Settings]) -> Settings | None:
    """Return the settings of a run; None where there is none.

    Raises:
        TrainingError: when they are malformed, of another network or of another release.
    """
    path = run_folder / SETTINGS
    if not path.exists():
        return None
    try:
        return kind.model_validate(read_json(path, TrainingError))
    except ValidationError as error:
        raise TrainingError(
            f"{path} does not hold the settings of such a training, or those of another release.",
            hint="Name them with --config.",
        ) from error


@contextmanager
def saving(run_folder: Path) -> Iterator[None]:
    """Turn what a disk refuses into one clear line.

    Raises:
        TrainingError: in place of an ``OSError`` of the body.
    """
    try:
        yield
    except OSError as error:
        full = error.errno in FULL
        raise TrainingError(
            f"Writing to {run_folder} failed: {error}.",
            hint="Make room, then go on with --resume; the last whole epoch is kept."
            if full
            else "See to the folder, then go on with --resume; the last whole epoch is kept.",
        ) from error


@contextmanager
def stoppable(run_folder: Path) -> Iterator[None]:
    """Turn Ctrl-C into one line that says how to go on.

    Raises:
        TrainingError: in place of a ``KeyboardInterrupt`` of the body.
    """
    try:
        yield
    except KeyboardInterrupt:
        raise TrainingError(
            f"Stopped; {run_folder} keeps every whole epoch.",
            hint="The same command with --resume goes on.",
        ) from None


def load_network(path: Path) -> keras.Model:
    """Load a whole model; nothing in the file can run code (``safe_mode``).

    Raises:
        TrainingError: when it is missing or no Keras model.
    """
    try:
        return keras.saving.load_model(path, safe_mode=True, compile=False)
    except (*_UNREADABLE, zipfile.BadZipFile) as error:
        raise TrainingError(
            f"{path} is not a Keras model that can be loaded: {_first_line(error)}",
            hint="Give a .keras file that train_classifier.py wrote.",
        ) from error


def save_network(network: keras.Model, path: Path) -> None:
    """Write beside ``path``, then rename, so that a full disk leaves the old file whole."""
    part = path.with_name(f"{path.stem}.part.keras")
    try:
        network.save(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


# --- Curves ---------------------------------------------------------------------------------------


def read_curve(path: Path) -> list[Row]:
    """Read a phase's curve: row 0 is the network it began with, the others are its epochs.

    A row cut short is dropped, an epoch told twice kept once. Row 0 has only the figures on
    held-back faces. Curves of earlier releases have no such row and count epochs from 0; their
    epochs are counted from 1 here.

    Raises:
        TrainingError: when it is no curve.
    """
    if not path.exists():
        return []
    header, *lines = read_text(path, TrainingError).splitlines() or [""]
    names = header.split(",")
    if header and "epoch" not in names:
        raise TrainingError(
            f"{path}, line 1: expected columns parted by commas, one of them epoch, found"
            f" {header[:80]!r}.",
            hint="Restore it from a copy.",
        )
    rows: dict[float, Row] = {}
    for line in lines:
        try:
            cells = zip(names, line.split(","), strict=True)
            row = {name: float(cell) for name, cell in cells if cell}
            rows[row["epoch"]] = row
        except (ValueError, KeyError):
            continue
    curve = [rows[epoch] for epoch in sorted(rows)]
    if curve and curve[0]["epoch"] == 0 and "loss" in curve[0]:
        return [{**row, "epoch": row["epoch"] + 1} for row in curve]
    return curve


def write_curve(path: Path, rows: list[Row]) -> None:
    """Write a whole curve beside its place, then rename it."""
    names = ["epoch", *sorted({name for row in rows for name in row} - {"epoch"})]
    lines = [",".join(names)]
    lines += [",".join(_number(row[name]) if name in row else "" for name in names) for row in rows]
    write_beside(path, ("\n".join(lines) + "\n").encode())


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)


@dataclass(frozen=True, slots=True)
class PhaseOutcome:
    """What a phase was good for, by the loss on held-back faces.

    Attributes:
        name: of the phase.
        start: figures of the network it began with; its epoch is 0. None in old runs.
        best: figures of what was kept; epoch 0 says that no epoch was better than the start.
        epochs: whole ones.
    """

    name: str
    start: Row | None
    best: Row
    epochs: int

    @property
    def helped(self) -> bool:
        """Whether any epoch was better than what the phase began with."""
        return self.best["epoch"] > 0


def outcome_of(run_folder: Path, phase: FitSettings) -> PhaseOutcome | None:
    """Return what a phase has given so far; None before its first epoch."""
    rows = read_curve(run_folder / f"{phase.name}.csv")
    if not rows or rows[-1]["epoch"] < 1:
        return None
    start = rows[0] if rows[0]["epoch"] == 0 else None
    # The first of equals, as the checkpoints keep it.
    best = min(rows, key=lambda row: row["val_loss"])
    return PhaseOutcome(phase.name, start, best, sum(row["epoch"] > 0 for row in rows))


# --- Callbacks ------------------------------------------------------------------------------------


class Curve(keras.callbacks.Callback):
    """Write a row an epoch; the file is whole at every moment.

    Keras' CSVLogger appends to the file, so a kill leaves half a line, or an epoch twice.

    Args:
        path: of the file.
        rows: what it holds already.
    """

    def __init__(self, path: Path, rows: list[Row]) -> None:
        super().__init__()
        self.path, self.rows = path, rows

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Add the epoch's figures."""
        figures = {name: float(value) for name, value in (logs or {}).items()}
        self.rows.append({"epoch": float(epoch + 1), **figures})
        write_curve(self.path, self.rows)


class Checkpoints(keras.callbacks.Callback):
    """Keep the best network by the loss on held-back faces, and the last one.

    Keras' ModelCheckpoint writes straight over the last good file, which a full disk destroys,
    and it saves the whole training model; this one saves the bare network beside, then renames.

    Args:
        network: what is saved.
        best: path of the best; the last one lies beside it.
        rows: the curve so far, the network that the phase began with included.
    """

    def __init__(self, network: keras.Model, best: Path, rows: list[Row]) -> None:
        super().__init__()
        self.network, self.best = network, best
        self.lowest = min((row["val_loss"] for row in rows), default=float("inf"))

    def on_test_end(self, logs: dict[str, Any] | None = None) -> None:
        """Save the last network, and as the best one if it is."""
        loss = (logs or {})["loss"]
        check_finite(loss)
        save_network(self.network, self.best.with_suffix(".last.keras"))
        if loss < self.lowest:
            self.lowest = loss
            save_network(self.network, self.best)


def check_finite(loss: float) -> None:
    """Refuse a loss that exploded.

    Raises:
        TrainingError: when it is infinite or no number.
    """
    if not np.isfinite(loss):
        raise TrainingError(
            f"The loss on held-back faces became {loss}.", hint="Lower the learning rate."
        )


class Patience(keras.callbacks.Callback):
    """Stop after so many epochs without a better loss on held-back faces.

    Keras' EarlyStopping counts in memory, so a resumed run would wait anew; this one reads the
    curve.

    Args:
        epochs: how many.
        curve: of the phase; called before this callback.
    """

    def __init__(self, epochs: int, curve: Curve) -> None:
        super().__init__()
        self.epochs, self.curve = epochs, curve

    def is_over(self) -> bool:
        """Return whether the last so many epochs were no better than one before them."""
        losses = [row["val_loss"] for row in self.curve.rows if row["epoch"] > 0]
        return len(losses) - losses.index(min(losses)) > self.epochs if losses else False

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Stop when it is over."""
        if self.is_over():
            self.model.stop_training = True


class Plateau(keras.callbacks.ReduceLROnPlateau):
    """Keras' ReduceLROnPlateau, which after a resumption waits on as if nothing had been.

    Args:
        rows: the curve so far.
    """

    def __init__(self, rows: list[Row]) -> None:
        super().__init__(factor=0.5, patience=2, verbose=0)
        self.earlier = [row for row in rows if row["epoch"] > 0]

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Count what was before; the rate itself came back with the backup."""
        super().on_train_begin(logs)
        rate = float(keras.ops.convert_to_numpy(self.model.optimizer.learning_rate))
        for row in self.earlier:
            self.on_epoch_end(int(row["epoch"]) - 1, dict(row))
        self.model.optimizer.learning_rate = rate


class Backups(keras.callbacks.Callback):
    """Keep the weights and the optimizer's state after each epoch, the last two of them.

    Keras' BackupAndRestore writes over its file, and its epoch's number into another one: a kill
    between leaves neither of use.

    Args:
        folder: of the backups.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def restore(self, model: keras.Model) -> int:
        """Load the newest backup that can be read and return how many epochs it holds.

        Args:
            model: compiled and built.

        Raises:
            TrainingError: when there are backups, but none can be read.
        """
        found = sorted(self._found(), reverse=True)
        told = ""
        for epochs, path in found:
            try:
                with model.distribute_strategy.scope():
                    model.optimizer.build(model.trainable_variables)
                model.load_weights(path)
            except _UNREADABLE as error:
                told = f"{path} cannot be read: {_first_line(error)}"
                log.warning("%s; the one before is taken.", told)
                continue
            return epochs
        if found:
            raise TrainingError(
                told.removesuffix(".") + ".",
                hint=f"Delete {self.folder} and go on with --resume: this phase starts anew.",
            )
        return 0

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Write beside, rename, then let the oldest go."""
        self.folder.mkdir(exist_ok=True)
        part = self.folder / "part.weights.h5"
        try:
            self.model.save_weights(part)
            part.replace(self.folder / f"epoch-{epoch + 1:05}.weights.h5")
        finally:
            part.unlink(missing_ok=True)
        for _, path in sorted(self._found())[:-_BACKUPS_KEPT]:
            path.unlink(missing_ok=True)

    def _found(self) -> Iterator[tuple[int, Path]]:
        if not self.folder.is_dir():
            return
        for path in self.folder.iterdir():
            if match := _BACKUP.fullmatch(path.name):
                yield int(match[1]), path
        # What Keras' BackupAndRestore left in runs of earlier releases.
        for ending in ("", ".bkp"):
            metadata = self.folder / f"training_metadata.json{ending}"
            weights = self.folder / f"latest.weights.h5{ending}"
            if weights.exists() and metadata.exists():
                yield int(read_json(metadata, TrainingError).get("epoch", 0)), weights


# --- Phases ---------------------------------------------------------------------------------------


def finish_phase(
    network: keras.Model,
    phase: FitSettings,
    run_folder: Path,
    run: Callable[[keras.Model], None],
) -> keras.Model:
    """Run a phase unless it is done already; return its best network."""
    done = run_folder / f"{phase.name}.done"
    if not done.exists():
        run(network)
        done.touch()
    shutil.rmtree(_backup_folder(run_folder, phase), ignore_errors=True)
    with network.distribute_strategy.scope():
        return load_network(run_folder / f"{phase.name}.keras")


def _backup_folder(run_folder: Path, phase: FitSettings) -> Path:
    return run_folder / f"{phase.name}.backup"


def fit_phase(
    model: keras.Model,
    network: keras.Model,
    phase: FitSettings,
    train_from: Callable[[int], tf.data.Dataset],
    held: tf.data.Dataset,
    steps_per_epoch: int,
    run_folder: Path,
    more_callbacks: list[keras.callbacks.Callback],
) -> None:
    """Fit one compiled model, from the last whole epoch that ``run_folder`` holds.

    The network it begins with is measured first, and kept where no epoch is better.

    Args:
        model: what is fitted, compiled.
        network: the part of it that is saved.
        phase: of the run.
        train_from: makes the batches from the given epoch on, counted from 0.
        held: batches for validation.
        steps_per_epoch: of the training.
        run_folder: gets the curve, the checkpoints and the log.
        more_callbacks: called besides.
    """
    path = run_folder / f"{phase.name}.csv"
    best = run_folder / f"{phase.name}.keras"
    backups = Backups(_backup_folder(run_folder, phase))
    # An epoch counts as done when all of it is on disk; what a kill left beyond is done again.
    done = backups.restore(model)
    rows = [row for row in read_curve(path) if row["epoch"] <= done]
    if not done:
        figures = model.evaluate(held, verbose=0, return_dict=True)
        check_finite(figures["loss"])
        save_network(network, best)
        rows = [{"epoch": 0.0, **{f"val_{name}": float(each) for name, each in figures.items()}}]
    write_curve(path, rows)
    if done >= phase.epochs:
        return
    curve = Curve(path, rows)
    # The checkpoints come before the swap: when a test ends, they still find the averaged
    # weights. The backup comes last: an epoch counts as done when all else of it is on disk.
    callbacks: list[keras.callbacks.Callback] = [Checkpoints(network, best, rows)]
    if phase.ema_momentum:
        callbacks.append(keras.callbacks.SwapEMAWeights())
    if phase.schedule == "plateau":
        callbacks.append(Plateau(rows))
    callbacks.append(curve)
    if phase.patience_epochs:
        patience = Patience(phase.patience_epochs, curve)
        if patience.is_over():
            return
        callbacks.append(patience)
    callbacks.append(
        keras.callbacks.TensorBoard(run_folder / "tensorboard" / phase.name, write_graph=False)
    )
    model.fit(
        train_from(done),
        validation_data=held,
        initial_epoch=done,
        epochs=phase.epochs,
        steps_per_epoch=steps_per_epoch,
        verbose=0,
        shuffle=False,  # the batches come in the order of their epoch already
        callbacks=[*callbacks, *more_callbacks, backups],
    )


def steps_of(faces: int, batch_size: int, epochs: int) -> int:
    """Return the number of steps: samples x epochs / batch size, full batches only.

    Raises:
        TrainingError: when the faces do not fill one batch.
    """
    if faces < batch_size:
        raise TrainingError(
            f"{faces} training pictures do not fill one batch of {batch_size}.",
            hint="Lower batch_size or add pictures.",
        )
    return faces // batch_size * epochs


def make_optimizer(phase: FitSettings, steps: int) -> keras.optimizers.Optimizer:
    """Return AdamW with the phase's rate over ``steps`` steps, weight decay and averaging."""
    return keras.optimizers.AdamW(
        _learning_rate(phase, steps),
        weight_decay=phase.weight_decay,
        use_ema=phase.ema_momentum > 0,
        ema_momentum=phase.ema_momentum or 0.99,
    )


def _learning_rate(
    phase: FitSettings, steps: int
) -> float | keras.optimizers.schedules.LearningRateSchedule:
    if phase.schedule != "cosine":
        return phase.learning_rate
    warmup = round(steps * phase.warmup_share)
    return keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=phase.learning_rate * 0.1 if warmup else phase.learning_rate,
        decay_steps=max(1, steps - warmup),
        alpha=phase.final_learning_rate_share,
        warmup_target=phase.learning_rate if warmup else None,
        warmup_steps=warmup,
    )
