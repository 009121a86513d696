"""A progress bar on the terminal; one line an epoch where there is none."""

from __future__ import annotations

from typing import Any

import keras
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from emotion_game.training.classifier.config import FitSettings


class ProgressBar(keras.callbacks.Callback):
    """Show the steps of each epoch and its figures.

    Args:
        phase: what is being run.
        steps: of an epoch.
        console: where to.
    """

    def __init__(self, phase: FitSettings, steps: int, console: Console) -> None:
        super().__init__()
        self.phase, self.steps, self.console = phase, steps, console
        self.bar: Progress | None = None

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Start the epoch's bar."""
        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=self.console,
            transient=True,
            disable=not self.console.is_terminal,
        )
        self.bar.add_task(f"{self.phase.name} {epoch + 1}/{self.phase.epochs}", total=self.steps)
        self.bar.start()

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Move on by a step."""
        if self.bar is not None:
            self.bar.update(self.bar.task_ids[0], completed=batch + 1)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Replace the bar by a line of figures."""
        if self.bar is not None:
            self.bar.stop()
        figures = ", ".join(f"{name} {value:.4g}" for name, value in (logs or {}).items())
        self.console.print(
            f"{self.phase.name} {epoch + 1}/{self.phase.epochs}: {figures}", highlight=False
        )

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Leave the terminal as it was after an early stop."""
        if self.bar is not None:
            self.bar.stop()
