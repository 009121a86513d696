"""Points of a finished round: pure functions of how long, how calmly and how hard.

``points = round(level * survived * (700 + 300 * composure))``: a round of level 1 gives at most
1000 points, of level 3 at most 3000. Time counts most; composure splits players who got equally
far. Composure is worth as much as the time it was shown for, so that a calm first second is not
worth more than a nervous half of the clip.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from emotion_game.game.types import CurvePoint, Outcome, RoundResult

TIME_POINTS = 700
COMPOSURE_POINTS = 300


def points(survived: float, composure: float, level: int) -> int:
    """Return the points of a round, 0 to 1000 a level; never falls as an argument grows.

    Args:
        survived: share of the clip before the round was decided, 0..1.
        composure: see :func:`composure`, 0..1.
        level: 1 or more.

    Raises:
        ValueError: when an argument is out of its range.
    """
    for name, share in (("survived", survived), ("composure", composure)):
        if not 0.0 <= share <= 1.0:
            raise ValueError(f"{name} must be 0..1, not {share}")
    if level < 1:
        raise ValueError(f"level must be 1 or more, not {level}")
    return round(level * survived * (TIME_POINTS + COMPOSURE_POINTS * composure))


def composure(curve: Sequence[CurvePoint], threshold: float) -> float:
    """Return how far below the threshold the score stayed: the area between the two, 0..1.

    1 is a score of 0 throughout, 0 a score at or above the threshold throughout. Trapezoids
    between neighbouring readings; stretches without a face are no evidence and are left out.
    Without any reading it is 0.

    Args:
        curve: the round's curve in time order, scores 0..1.
        threshold: the score that counts as showing the emotion, above 0.
    """
    if threshold <= 0.0:
        raise ValueError(f"threshold must be above 0, not {threshold}")
    area_s = seen_s = 0.0
    for before, after in pairwise(curve):
        if before.score is None or after.score is None:
            continue
        step_s = after.t_s - before.t_s
        seen_s += step_s
        area_s += step_s * (_room(before.score, threshold) + _room(after.score, threshold)) / 2
    # The sum of many products may leave 0..1 by rounding alone.
    return min(1.0, max(0.0, area_s / seen_s)) if seen_s > 0.0 else 0.0


def survived(result: RoundResult) -> float:
    """Return the share of the clip before the round was decided, 0..1; 1 when it was won."""
    if result.outcome is Outcome.WON:
        return 1.0
    if result.duration_s <= 0.0:
        return 0.0
    return min(1.0, max(0.0, result.decided_s / result.duration_s))


def round_points(result: RoundResult) -> int:
    """Return the points of a round; one that was given up or void has none.

    In a marathon, those of the clips before count too; a clip that something else than its end
    or a laugh broke off adds none.
    """
    own = 0
    if result.outcome in {Outcome.WON, Outcome.LOST} and result.clip_id:
        share = composure(result.curve, result.threshold)
        own = points(survived(result), share, result.level)
    return result.earlier_points + own


def _room(score: float, threshold: float) -> float:
    """Return the room between score and threshold as a share of the threshold, 0..1."""
    return 1.0 - min(score, threshold) / threshold
