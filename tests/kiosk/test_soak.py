"""The verdict of ``scripts/soak.py``, without the visits."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from emotion_game.errors import GameError

sys.path.append(str(Path(__file__).parents[2] / "scripts"))

from soak import FEWEST, judge


def measured(memory=0.1, threads=0.0, handles=0.0):
    return {
        "rss_mib": {"mean": 300.0, "per_100": memory},
        "threads": {"mean": 20.0, "per_100": threads},
        "handles": {"mean": 40.0, "per_100": handles},
    }


def test_few_visits_are_too_few_whatever_they_measured():
    with pytest.raises(GameError, match=f"Too few visits.*: 20, expected {FEWEST} or more"):
        judge(20, measured(memory=90.0))
    with pytest.raises(GameError, match="Too few"):
        judge(1, measured())


def test_enough_visits_are_judged():
    judge(FEWEST, measured())
    for grown, what in ((measured(4.0), "Memory"), (measured(threads=2.0), "threads")):
        with pytest.raises(GameError, match=what):
            judge(FEWEST, grown)
