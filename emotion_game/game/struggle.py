"""How near a player came: scores stretched to be watched, close calls, the closest one.

The judge's scores are nearly always near 0 or near 1, so a plain bar jumps. Their log-odds move
while the player struggles. Nothing here decides anything.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from emotion_game.game.types import CurvePoint

#: Where on a stretched scale (0..1) the limit is, whatever the threshold.
LIMIT_AT = 0.75
#: From this share of the way to the limit on, the score is near it.
NEAR = 0.85
#: Scores beyond these are all alike.
_LEAST, _MOST = 0.01, 0.995
#: A close call is told for so long, seconds of clip time.
CLOSE_CALL_S = 1.2


def stretched(score: float, threshold: float) -> float:
    """Return a score as its log-odds on a scale of 0..1 with the limit at ``LIMIT_AT``.

    Args:
        score: smoothed, 0..1.
        threshold: from which score the emotion counts as shown.
    """
    limit = _log_odds(min(max(threshold, 2 * _LEAST), 0.99))
    odds = _log_odds(score)
    if odds < limit:
        least = _log_odds(_LEAST)
        return LIMIT_AT * (odds - least) / (limit - least)
    most = _log_odds(_MOST)
    return LIMIT_AT + (1.0 - LIMIT_AT) * (odds - limit) / (most - limit)


def nearness(score: float | None, threshold: float) -> float:
    """Return how near the score is to the limit: 0 up to ``NEAR`` of the way, 1 at it and above."""
    if score is None or threshold <= 0:
        return 0.0
    way = stretched(score, threshold) / LIMIT_AT
    return min(1.0, max(0.0, (way - NEAR) / (1.0 - NEAR)))


def closest(curve: Sequence[CurvePoint]) -> CurvePoint | None:
    """Return the highest point of a curve; None where nobody was ever seen."""
    seen = [point for point in curve if point.score is not None]
    return max(seen, key=lambda point: point.score or 0.0, default=None)


def close_call_s(curve: Sequence[CurvePoint], threshold: float, now_s: float) -> float | None:
    """Return how long ago the newest close call ended: the score was near the limit and fell back.

    Args:
        curve: of the running clip.
        threshold: from which score the emotion counts as shown.
        now_s: clip time now.

    Returns:
        Seconds, or None where none ended within ``CLOSE_CALL_S``, or the score is near just now.
    """
    ended_s: float | None = None
    for point in reversed(curve):
        if now_s - point.t_s > CLOSE_CALL_S:
            break
        if point.score is None:
            continue
        if nearness(point.score, threshold) > 0.0:
            return None if ended_s is None else now_s - ended_s
        ended_s = point.t_s
    return None


def _log_odds(score: float) -> float:
    share = min(max(score, _LEAST), _MOST)
    return math.log(share / (1.0 - share))
