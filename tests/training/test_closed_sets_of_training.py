"""Every table of the training that is keyed by something closed has a row for each of it."""

from __future__ import annotations

import importlib
import pkgutil
from enum import Enum

import emotion_game.training


def test_every_table_is_complete():
    found = {}
    for each in pkgutil.walk_packages(emotion_game.training.__path__, "emotion_game.training."):
        for name, value in vars(importlib.import_module(each.name)).items():
            if isinstance(value, dict) and value and all(isinstance(key, Enum) for key in value):
                found[f"{each.name}.{name}"] = value
    assert "emotion_game.training.classifier.export.TOLERANCES" in found
    for name, table in found.items():
        (kind,) = {type(key) for key in table}
        assert set(table) == set(kind), name
