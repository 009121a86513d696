"""Scores over time: has the player lost? Pure functions; time is an argument.

A reading is one frame's score with its capture time. Readings are smoothed, compared with a
threshold that has hysteresis, and must stay high for the hold time: single frames jump, and
nobody shall lose by one of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from statistics import median

from emotion_game.game.modes import Weights
from emotion_game.game.types import RelativeBox


@dataclass(frozen=True, slots=True)
class RoundRules:
    """Every number that decides a round; all times in seconds, all scores 0..1.

    Attributes:
        weights: the emotions that count, see :func:`emotion_game.game.modes.score`.
        threshold: smoothed score from which the player counts as showing the emotion.
        release_threshold: smoothed score below which the player no longer counts so (hysteresis).
        hold_s: how long the emotion must be shown to lose.
        drain_rate: seconds of hold that drain per second below the release threshold.
        smoothing_s: time constant of the exponential smoothing; 0 = none.
        max_step_s: most that one reading adds to the hold, so that a gap in the readings is
            never counted as laughing.
        baseline_s: length of the neutral baseline before the clip.
        baseline_max_score: smoothed score above which the baseline is refused.
        baseline_min_readings: least number of faces read for a baseline.
        ready_timeout_s: the round is void when no baseline was found in this time.
        countdown_s: from the baseline to the clip, and from a break to the rest of it.
        settle_s: the countdown waits so long for players who still show the emotion; then the
            round is void.
        clip_start_timeout_s: the round is void when the clip shows no picture in this time.
        clip_min_share: a clip that ends before this share of its length was broken.
        grace_s: a face may be gone this long while the clip plays on.
        forfeit_s: a face gone this long forfeits the round.
        hidden_total_s: all gaps of one round together may last this long.
        starved_s: no reading, with or without a face, for this long voids the round.
        baseline_max_move: how far the head may move during the baseline, in widths of the face.
        baseline_valid_s: a baseline may be used again for this long ...
        same_player_s: ... while the player was never away for longer than this.
        marathon_clips: after so many clips of a marathon the level rises.
        marathon_threshold: factor of the threshold from one clip to the next.
        marathon_hold: factor of the hold time from one clip to the next.
        marathon_floor: least share of either that is left.
    """

    weights: Weights
    threshold: float
    release_threshold: float
    hold_s: float
    drain_rate: float
    smoothing_s: float
    max_step_s: float
    baseline_s: float
    baseline_max_score: float
    baseline_min_readings: int
    ready_timeout_s: float
    countdown_s: float
    clip_start_timeout_s: float
    clip_min_share: float
    grace_s: float
    forfeit_s: float
    hidden_total_s: float
    starved_s: float
    baseline_max_move: float = 0.35
    baseline_valid_s: float = 300.0
    same_player_s: float = 3.0
    marathon_clips: int = 2
    marathon_threshold: float = 0.96
    marathon_hold: float = 0.93
    marathon_floor: float = 0.6
    settle_s: float = 15.0


@dataclass(frozen=True, slots=True)
class Judgement:
    """The judge's memory after the newest reading.

    Attributes:
        t_s: time of the newest reading; ``None`` before the first.
        t_face_s: time of the newest reading with a face.
        smoothed: smoothed score; ``None`` before the first face.
        showing: whether the emotion counts as shown (between the two thresholds it stays as
            it was).
        held_s: how full the hold is, 0..hold_s.
        began_s: when the hold that runs began; ``None`` while it is empty.
        lost_s: when the hold became full; ``None`` until then.
    """

    t_s: float | None = None
    t_face_s: float | None = None
    smoothed: float | None = None
    showing: bool = False
    held_s: float = 0.0
    began_s: float | None = None
    lost_s: float | None = None


def remove_baseline(score: float, baseline: float) -> float:
    """Return how far a score lies above the player's own neutral, 0..1."""
    return max(0.0, (score - baseline) / (1.0 - baseline)) if baseline < 1.0 else 0.0


def smooth(previous: float | None, score: float, step_s: float, smoothing_s: float) -> float:
    """Return the exponentially smoothed score, right for uneven steps.

    The weight of the new reading is 1 - exp(-step/time constant): a first-order low-pass
    filter sampled at the time of the reading.
    """
    if previous is None or smoothing_s <= 0.0:
        return score
    return previous + (score - previous) * (1.0 - math.exp(-step_s / smoothing_s))


def read(judgement: Judgement, t_s: float, score: float | None, rules: RoundRules) -> Judgement:
    """Take one reading into account.

    Args:
        judgement: the memory so far.
        t_s: capture time; a reading not newer than the last one changes nothing.
        score: 0..1 with the baseline removed; ``None`` without a face, which is no evidence:
            the hold neither fills nor drains.
        rules: thresholds and times.
    """
    if judgement.t_s is not None and t_s <= judgement.t_s:
        return judgement
    if score is None:
        return replace(judgement, t_s=t_s)
    gap_s = 0.0 if judgement.t_face_s is None else t_s - judgement.t_face_s
    # After a gap the old smoothed value says nothing about the face that is back.
    previous = judgement.smoothed if gap_s <= rules.grace_s else None
    smoothed = smooth(previous, score, gap_s, rules.smoothing_s)
    limit = rules.release_threshold if judgement.showing else rules.threshold
    showing = smoothed >= limit
    step_s = min(gap_s, rules.max_step_s)
    held_s, began_s, lost_s = judgement.held_s, judgement.began_s, judgement.lost_s
    if showing:
        held_s = min(rules.hold_s, held_s + (step_s if judgement.showing else 0.0))
        began_s = t_s if began_s is None else began_s
        # A sum of steps may miss the hold time by rounding alone.
        if lost_s is None and held_s >= rules.hold_s - 1e-9:
            lost_s = t_s
    else:
        held_s = max(0.0, held_s - step_s * rules.drain_rate)
        began_s = began_s if held_s > 0.0 else None
    return Judgement(t_s, t_s, smoothed, showing, held_s, began_s, lost_s)


@dataclass(frozen=True, slots=True)
class Loss:
    """One loss in an endless round: the hold began, was full, and the emotion ended."""

    began_s: float
    lost_s: float
    ended_s: float


def find_losses(
    readings: Iterable[tuple[float, float | None]], rules: RoundRules
) -> tuple[tuple[Loss, ...], tuple[tuple[float, float | None], ...]]:
    """Judge a recording as one endless round; the judge re-arms when a loss ends.

    Args:
        readings: (capture time, score without baseline or None), in time order.
        rules: thresholds and times.

    Returns:
        The losses, and the timeline of (time, smoothed score or None without a face).
    """
    losses: list[Loss] = []
    timeline: list[tuple[float, float | None]] = []
    judgement = Judgement()
    for t_s, score in readings:
        before = judgement
        judgement = read(judgement, t_s, score, rules)
        timeline.append((t_s, None if score is None else judgement.smoothed))
        if before.lost_s is None or before.began_s is None or before.t_face_s is None:
            continue
        if t_s - before.t_face_s > rules.grace_s:
            losses.append(Loss(before.began_s, before.lost_s, before.t_face_s))
            judgement = Judgement() if score is None else read(Judgement(), t_s, score, rules)
        elif not judgement.showing and score is not None:
            losses.append(Loss(before.began_s, before.lost_s, t_s))
            judgement = replace(judgement, held_s=0.0, began_s=None, lost_s=None)
    if judgement.lost_s is not None and judgement.began_s is not None:
        losses.append(Loss(judgement.began_s, judgement.lost_s, timeline[-1][0]))
    return tuple(losses), tuple(timeline)


@dataclass(frozen=True, slots=True)
class Baseline:
    """The neutral baseline while it is taken.

    Attributes:
        readings: (time, raw score) of the unbroken neutral stretch so far.
        smoothed: smoothed raw score, to refuse a smile and not a single frame.
        t_s: time of the newest reading with a face.
        refused: whether the newest face showed the emotion.
        box: where the face was when the stretch began; None before the first face.
        moved_s: when the head last moved too far; ``None`` while it kept still.
    """

    readings: tuple[tuple[float, float], ...] = ()
    smoothed: float | None = None
    t_s: float | None = None
    refused: bool = False
    box: RelativeBox | None = None
    moved_s: float | None = None

    def progress(self, rules: RoundRules) -> float:
        """Return how complete the baseline is, 0..1."""
        if not self.readings:
            return 0.0
        long_enough = (self.readings[-1][0] - self.readings[0][0]) / rules.baseline_s
        many_enough = len(self.readings) / rules.baseline_min_readings
        return min(1.0, long_enough, many_enough)

    def value(self) -> float:
        """Return the player's neutral score: the median of the stretch."""
        return median(score for _, score in self.readings)


def read_baseline(
    baseline: Baseline,
    t_s: float,
    score: float | None,
    rules: RoundRules,
    box: RelativeBox | None = None,
) -> Baseline:
    """Take one reading (raw score) into the baseline; a smile, a gap or a move starts it anew.

    Args:
        baseline: the baseline so far.
        t_s: capture time; a reading not newer than the last one changes nothing.
        score: 0..1; ``None`` without a face.
        rules: thresholds and times.
        box: where the face was; without it movement is not judged.
    """
    if baseline.t_s is not None and t_s <= baseline.t_s:
        return baseline
    gap_s = 0.0 if baseline.t_s is None else t_s - baseline.t_s
    if score is None:
        gone = Baseline(t_s=baseline.t_s, moved_s=baseline.moved_s)
        return gone if gap_s > rules.max_step_s else baseline
    previous = baseline.smoothed if gap_s <= rules.grace_s else None
    smoothed = smooth(previous, score, gap_s, rules.smoothing_s)
    if smoothed > rules.baseline_max_score:
        return Baseline(smoothed=smoothed, t_s=t_s, refused=True, moved_s=baseline.moved_s)
    if box is not None and baseline.box is not None and gap_s <= rules.grace_s:
        if _head_widths(baseline.box, box) > rules.baseline_max_move:
            return Baseline(((t_s, score),), smoothed, t_s, box=box, moved_s=t_s)
        box = baseline.box
    kept = baseline.readings if gap_s <= rules.grace_s else ()
    return Baseline((*kept, (t_s, score)), smoothed, t_s, box=box, moved_s=baseline.moved_s)


def _head_widths(before: RelativeBox, after: RelativeBox) -> float:
    """Return how far a face has moved, in shares of its own width and height."""
    across = (after[0] + after[2] / 2 - before[0] - before[2] / 2) / before[2]
    down = (after[1] + after[3] / 2 - before[1] - before[3] / 2) / before[3]
    return math.hypot(across, down)
