"""The scripts as their user calls them, but in this process: TensorFlow is imported once."""

from __future__ import annotations

import io
import json
import runpy
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import cv2
import numpy as np

from emotion_game import paths
from emotion_game.training.classifier.config import TrainingSettings

SETTINGS = TrainingSettings.model_validate(
    {
        "batch_size": 4,
        "data": {"held_back_share": 0.25},
        "network": {
            "name": "convnet",
            "weights": "none",
            "alpha": 0.25,
            "size_px": 32,
            "dropout": 0.0,
        },
        "augment": {"flip": False},
        "phase": [
            {"name": "head", "trains": "head", "image_px": 32, "epochs": 1, "learning_rate": 0.01},
            {"name": "all", "trains": "all", "image_px": 32, "epochs": 2, "learning_rate": 0.001},
        ],
    }
)


@dataclass(frozen=True)
class Called:
    """How a script ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def fault(self) -> str:
        """The last line of stderr."""
        return self.err.strip().splitlines()[-1]


def call(script: str, *arguments: object) -> Called:
    path = paths.CONFIGS.parent / "scripts" / script
    out, err = io.StringIO(), io.StringIO()
    code: object = 0
    with (
        mock.patch.object(sys, "argv", [str(path), *map(str, arguments)]),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            runpy.run_path(str(path), run_name="__main__")
        except SystemExit as ended:
            code = ended.code
    return Called(int(code or 0), out.getvalue(), err.getvalue())


def write_classes(folder: Path, per_class: int = 8, seed: int = 0) -> Path:
    """Write squares of noise, dark for happiness and bright for neutral, as class folders."""
    rng = np.random.default_rng(seed)
    for name, base in (("happiness", 40), ("neutral", 140)):
        (folder / name).mkdir(parents=True)
        for number in range(per_class):
            picture = rng.integers(0, 100, (48, 48)) + base
            cv2.imwrite(str(folder / name / f"{number}.png"), picture.astype(np.uint8))
    return folder


def write_config(path: Path) -> Path:
    """Write ``SETTINGS``."""
    settings = SETTINGS.model_dump()
    lines = [f"batch_size = {settings['batch_size']}", "[data]", "held_back_share = 0.25"]
    lines += ["[network]", 'name = "convnet"', 'weights = "none"', "alpha = 0.25", "size_px = 32"]
    lines += ["dropout = 0.0", "[augment]", "flip = false"]
    for phase in settings["phase"]:
        lines += ["[[phase]]", *(f"{key} = {json.dumps(value)}" for key, value in phase.items())]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path
