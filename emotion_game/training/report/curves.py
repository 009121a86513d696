"""Curves of a run, raw and smoothed, as one PNG."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from emotion_game.errors import TrainingError
from emotion_game.files import read_json
from emotion_game.training.classifier.runs import SETTINGS, Row, read_curve


def smooth(values: Sequence[float], weight: float) -> list[float]:
    """Return the exponential moving average, as TensorBoard draws it.

    Args:
        values: one an epoch.
        weight: of the past, 0..1 (0 = the values themselves).
    """
    smoothed: list[float] = []
    for value in values:
        past = smoothed[-1] if smoothed else value
        smoothed.append(weight * past + (1 - weight) * value)
    return smoothed


def plot_run(run_folder: Path, out: Path, weight: float = 0.6) -> None:
    """Draw loss and accuracy over the epochs of all phases, on training and held-back faces.

    Args:
        run_folder: of :func:`emotion_game.training.classifier.fit.fit`.
        out: the PNG.
        weight: of the past in the smoothed curve.

    Raises:
        TrainingError: when the folder holds no curve.
    """
    phases = _phases(run_folder)
    figure = Figure(figsize=(11, 4.5), layout="constrained")
    FigureCanvasAgg(figure)
    # A detector's run has no accuracy.
    quantities = [name for name in ("loss", "accuracy") if f"val_{name}" in phases[0][1][0]]
    axes = figure.subplots(1, len(quantities), squeeze=False)[0]
    colours = {"": "tab:orange", "val_": "tab:blue"}
    names = {"": "training faces, changed at random", "val_": "held-back faces"}
    for axis, quantity in zip(axes, quantities, strict=True):
        start = 0
        first = phases[0][1][0]
        if first["epoch"] == 0:
            label = "start model, held-back faces"
            axis.axhline(first[f"val_{quantity}"], color="0.4", linestyle="--", label=label)
        for phase, rows in phases:
            for prefix, colour in colours.items():
                # Of the network that a phase begins with, only the held-back faces are known.
                known = [row for row in rows if prefix + quantity in row]
                epochs = [start + row["epoch"] for row in known]
                values = [row[prefix + quantity] for row in known]
                axis.plot(epochs, values, ".", color=colour, alpha=0.4)
                axis.plot(
                    epochs,
                    smooth(values, weight),
                    color=colour,
                    label=names[prefix] if start == 0 else None,
                )
            if start:
                axis.axvline(start + 0.5, color="0.8", linewidth=1)
            axis.annotate(
                phase,
                ((start + rows[-1]["epoch"] / 2 + 0.5), 1.0),
                xycoords=("data", "axes fraction"),
                xytext=(0, 3),
                textcoords="offset points",
                ha="center",
                color="0.4",
            )
            start += int(rows[-1]["epoch"])
        axis.set_xlabel("epoch")
        axis.set_ylabel(quantity)
        axis.grid(alpha=0.3)
        axis.xaxis.get_major_locator().set_params(integer=True)
    axes[0].legend(frameon=False)
    figure.suptitle(f"{run_folder.name}: dots raw, lines smoothed (weight {weight:g})")
    figure.savefig(out, dpi=120)


def _phases(run_folder: Path) -> list[tuple[str, list[Row]]]:
    try:
        settings = read_json(run_folder / SETTINGS, TrainingError)
    except TrainingError as error:
        raise TrainingError(
            f"{run_folder} is no run of train_classifier.py: {error.message}",
            hint="Name its --run.",
        ) from error
    names = [phase["name"] for phase in settings["phase"]]
    curves = [(name, read_curve(run_folder / f"{name}.csv")) for name in names]
    found = [(name, rows) for name, rows in curves if rows and rows[-1]["epoch"] > 0]
    if not found:
        raise TrainingError(f"{run_folder} has no whole epoch yet.")
    return found
