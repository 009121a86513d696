"""A marathon: clips without end, harder each time, until the player laughs.

Every ``marathon_clips`` clips the level rises, up to the last; besides, from clip to clip the
threshold is multiplied by ``marathon_threshold`` and the hold time by ``marathon_hold``, both down
to ``marathon_floor`` of what they were.
"""

from __future__ import annotations

from dataclasses import replace

from emotion_game.game.judge import RoundRules
from emotion_game.game.types import LEVELS


def level_of(stage: int, rules: RoundRules) -> int:
    """Return the level of the clip number ``stage``, from 1."""
    return LEVELS[min((stage - 1) // rules.marathon_clips, len(LEVELS) - 1)]


def harder(rules: RoundRules, stage: int) -> RoundRules:
    """Return a level's rules as they hold for the clip number ``stage``, from 1."""
    if stage == 1:
        return rules
    score = max(rules.marathon_floor, rules.marathon_threshold ** (stage - 1))
    hold = max(rules.marathon_floor, rules.marathon_hold ** (stage - 1))
    return replace(
        rules,
        threshold=rules.threshold * score,
        release_threshold=rules.release_threshold * score,
        hold_s=rules.hold_s * hold,
    )
