"""Every table that is keyed by something closed has a row for each of it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from enum import Enum

import pytest

import emotion_game
from emotion_game.commands import models
from emotion_game.vision.bundle import Task

#: What these leave out is somebody else's: the loser's headline is the mode's word, and so on.
SOME_ONLY = {
    "emotion_game.screens.result.HEADLINES",
    "emotion_game.game.round._OUTCOMES",
    "emotion_game.kiosk.booth._CODES",
    "emotion_game.kiosk.closed_screen._CODES",
    "emotion_game.kiosk.closed_screen._WHY",
    "emotion_game.clips.soundboard._OVER_CLIPS",
}


def tables() -> Iterator[tuple[str, dict[Enum, object]]]:
    """Yield each module's dictionaries whose keys are all of one Enum, but training's."""
    for found in pkgutil.walk_packages(emotion_game.__path__, "emotion_game."):
        if found.name.startswith("emotion_game.training") or found.name.endswith("__main__"):
            continue
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            if isinstance(value, dict) and value and all(isinstance(key, Enum) for key in value):
                yield f"{found.name}.{name}", value


TABLES = dict(tables())


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_table_is_complete(name):
    table = TABLES[name]
    (kind,) = {type(key) for key in table}
    assert (set(table) == set(kind)) == (name not in SOME_ONLY)


def test_there_are_tables():
    assert len(TABLES) > 10
    assert set(TABLES) >= SOME_ONLY


def test_what_is_shown_of_a_network_is_there_for_every_task():
    assert set(models.SHOWN) == set(models.TITLES) == {task.value for task in Task}
