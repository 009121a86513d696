from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


@dataclass(frozen=True)
class TrainedRun:
    """A whole tiny run of train_classifier.py; whoever changes it takes a copy.

    Attributes:
        folder: of the run.
        classes: the class folders that it was trained on.
        config: its settings as TOML.
        said: what the script told.
    """

    folder: Path
    classes: Path
    config: Path
    said: str


@pytest.fixture(scope="session")
def trained_run(tmp_path_factory) -> TrainedRun:
    from scripts_for_tests import call, write_classes, write_config

    folder = tmp_path_factory.mktemp("trained")
    classes, run = write_classes(folder / "classes"), folder / "run"
    config = write_config(folder / "tiny.toml")
    done = call("train_classifier.py", "--folders", classes, "--run", run, "--config", config)
    assert done.code == 0, done.err
    assert done.out == ""
    return TrainedRun(run, classes, config, done.err)
