"""Rules with round numbers, and shorthands for observations."""

from __future__ import annotations

from dataclasses import replace

from modes_for_tests import MODES

from emotion_game.game.judge import RoundRules
from emotion_game.game.types import EMOTIONS, LEVELS, Observation

RULES = RoundRules(
    weights=(("happiness", 1.0),),
    threshold=0.6,
    release_threshold=0.4,
    hold_s=0.5,
    drain_rate=1.0,
    smoothing_s=0.0,
    max_step_s=0.25,
    baseline_s=1.0,
    baseline_max_score=0.3,
    baseline_min_readings=5,
    ready_timeout_s=20.0,
    countdown_s=3.0,
    clip_start_timeout_s=5.0,
    clip_min_share=0.8,
    grace_s=1.0,
    forfeit_s=4.0,
    hidden_total_s=6.0,
    starved_s=2.0,
)
BOOK = {
    (mode.name, level): replace(RULES, weights=mode.weights)
    for mode in MODES.values()
    for level in LEVELS
}


def rules(**changed: float) -> RoundRules:
    return replace(RULES, **changed)  # type: ignore[arg-type]


def face(t_s: float, score: float = 0.0, emotion: str = "happiness") -> Observation:
    rest = (1.0 - score) / (len(EMOTIONS) - 1)
    shares = tuple(score if name == emotion else rest for name in EMOTIONS)
    return Observation(t_s, shares, (0.4, 0.4, 0.2, 0.2), 1)


def nobody(t_s: float) -> Observation:
    return Observation(t_s)
