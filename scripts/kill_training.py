"""Kill a tiny training at random moments; show that every resume goes on, on the same curve.

A real `train_classifier.py` on made-up faces is run whole once. Then it is started again and again
with `--resume`, and each time it gets Ctrl-C (SIGINT), SIGTERM or SIGKILL at a random moment of its
start or of its epochs, until it ends by itself; then anew, until so many kills are done. Every
curve must be the whole run's::

    nice python scripts/kill_training.py --kills 50 --json docs/kill_training.json
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from emotion_game.cli import run_script
from emotion_game.errors import TrainingError

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
#: One kill in so many falls anywhere since the process began, the others into its epochs.
ANYWHERE = 5
#: After the training proper began; the slower first epoch is in it.
LONGEST_S = 5.0
PHASES = ("head", "all")
#: A smoothing average, a rate that waits and patience: all that a resumption must remember.
CONFIG = """
batch_size = 8
[data]
held_back_share = 0.25
[network]
name = "convnet"
weights = "none"
alpha = 0.25
size_px = 32
[augment]
rotation_deg = 5.0
noise = 0.02
[[phase]]
name = "head"
trains = "head"
image_px = 32
epochs = 6
learning_rate = 1e-2
schedule = "plateau"
[[phase]]
name = "all"
trains = "all"
image_px = 32
epochs = 20
learning_rate = 1e-3
warmup_share = 0.2
ema_momentum = 0.8
patience_epochs = 8
"""


def make_faces(folder: Path) -> None:
    """Write 40 squares of noise, bright or dark, as class folders."""
    import cv2
    import numpy as np

    for number in range(40):
        of_class = folder / ("happiness", "neutral")[number % 2]
        of_class.mkdir(parents=True, exist_ok=True)
        noise = np.random.default_rng(number).integers(0, 100, (48, 48)) + 100 * (number % 2)
        cv2.imwrite(str(of_class / f"{number}.png"), noise.astype(np.uint8))


def start(folder: Path, run: Path) -> subprocess.Popen[str]:
    """Start the training as its user would."""
    script = Path(__file__).with_name("train_classifier.py")
    call = [sys.executable, str(script), "--folders", str(folder / "faces"), "--run", str(run)]
    return subprocess.Popen(
        [*call, "--config", str(folder / "tiny.toml"), "--resume"],
        stdout=subprocess.DEVNULL,
        stderr=(folder / "said.txt").open("w"),
        text=True,
    )


def kill(process: subprocess.Popen[str], said: Path, rng: random.Random) -> signal.Signals | None:
    """Let it live for a while, then end it; None when it was done before."""
    begins = rng.randrange(ANYWHERE) > 0
    while begins and process.poll() is None and "in all" not in said.read_text("utf-8"):
        time.sleep(0.02)
    until_s = time.monotonic() + rng.uniform(0.0, LONGEST_S)
    while process.poll() is None and time.monotonic() < until_s:
        time.sleep(0.005)
    if process.poll() is not None:
        return None
    chosen = rng.choice(SIGNALS)
    process.send_signal(chosen)
    process.wait(timeout=120)
    return chosen


def curves(run: Path) -> list[dict[str, float]]:
    """Return the rows of all phases."""
    from emotion_game.training.classifier.runs import read_curve

    return [row for phase in PHASES for row in read_curve(run / f"{phase}.csv")]


def furthest(one: list[dict[str, float]], other: list[dict[str, float]]) -> float:
    """Return how far two curves lie apart; infinite when they have other rows."""
    if [row.keys() for row in one] != [row.keys() for row in other]:
        return float("inf")
    return max(
        abs(mine[name] - theirs[name])
        for mine, theirs in zip(one, other, strict=True)
        for name in mine
    )


def main(
    kills: Annotated[int, typer.Option(min=1, help="How often.")] = 50,
    seed: Annotated[int, typer.Option(help="Of the moments and signals.")] = 7,
    json_: Annotated[Path | None, typer.Option("--json", help="Write the figures here.")] = None,
) -> None:
    """Kill, resume, compare; exit 1 when a run does not go on or its curve differs."""
    rng = random.Random(seed)
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="kill-training-") as name:
        folder = Path(name)
        make_faces(folder / "faces")
        (folder / "tiny.toml").write_text(CONFIG, "utf-8")
        said = folder / "said.txt"
        if start(folder, folder / "whole").wait() != 0:
            raise TrainingError(f"The training does not run: {_last_line(said)}")
        whole = curves(folder / "whole")
        apart, runs = [], 0
        while sum(counts.values()) < kills:
            run = folder / f"run-{runs}"
            runs += 1
            while True:
                process = start(folder, run)
                if sum(counts.values()) < kills and (done := kill(process, said, rng)):
                    counts[done.name] += 1
                    typer.echo(f"{sum(counts.values())}: {done.name}, {len(curves(run))} rows")
                    continue
                if process.wait() != 0:
                    raise TrainingError(
                        f"After {sum(counts.values())} kills the run did not go on:"
                        f" {_last_line(said)}"
                    )
                break
            apart.append(furthest(curves(run), whole))
    figures: dict[str, Any] = {
        "kills": sum(counts.values()),
        "signals": dict(counts),
        "runs": runs,
        "rows_a_curve": len(whole),
        "furthest_apart": max(apart),
    }
    if json_ is not None:
        json_.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    typer.echo(json.dumps(figures))
    if max(apart) > 1e-4:
        raise TrainingError(f"A curve differs by {max(apart)} from the run that was not killed.")


def _last_line(said: Path) -> str:
    return (said.read_text("utf-8").strip().splitlines() or ["nothing was said"])[-1]


if __name__ == "__main__":
    run_script(main)
