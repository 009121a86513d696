"""Figures of the page: results counted by mode and level, by clip and by hour."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from emotion_game.game.types import Outcome
from emotion_game.scores.score import Score

#: Hours of the plot of a day.
HOURS = 12


@dataclass(slots=True)
class Count:
    """How some rounds ended.

    Attributes:
        name: what they have in common.
        level: of rounds of one mode, which then is ``name``; ``MARATHON_LEVEL`` for marathons.
        losses_s: clip time of each loss.
    """

    name: str
    level: int = 0
    won: int = 0
    lost: int = 0
    forfeit: int = 0
    void: int = 0
    losses_s: list[float] = field(default_factory=list)

    @property
    def plays(self) -> int:
        """Rounds that were decided."""
        return self.won + self.lost + self.forfeit

    @property
    def lost_share(self) -> float | None:
        """Share of the decided rounds that were lost; None of nothing."""
        return self.lost / self.plays if self.plays else None

    @property
    def median_loss_s(self) -> float | None:
        """Median second of the loss; None without one."""
        return median(self.losses_s) if self.losses_s else None

    def add(self, result: Score) -> None:
        """Count one more round."""
        setattr(self, result.outcome.value, getattr(self, result.outcome.value) + 1)
        if result.outcome is Outcome.LOST:
            self.losses_s.append(result.decided_s)


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that is counted.

    Attributes:
        levels: by mode and level, modes that are defined no more last.
        clips: by clip, the hardest first.
        hours: by hour, the newest last; empty hours too.
        total: all rounds.
    """

    levels: Sequence[Count]
    clips: Sequence[Count]
    hours: Sequence[Count]
    total: Count


def count(results: Iterable[Score], now: datetime, modes: Sequence[str] = ()) -> Figures:
    """Count results.

    Args:
        results: in any order.
        now: the newest hour; hours are those of its time zone.
        modes: the order of the modes; others come after them.
    """
    levels: defaultdict[tuple[str, int], Count] = defaultdict(lambda: Count(""))
    clips: defaultdict[str, Count] = defaultdict(lambda: Count(""))
    this_hour = now.replace(minute=0, second=0, microsecond=0)
    hours = {this_hour - timedelta(hours=back): Count("") for back in range(HOURS - 1, -1, -1)}
    total = Count("")
    for result in results:
        total.add(result)
        levels[result.mode, result.level].add(result)
        if result.clip_id:
            clips[result.clip_id].add(result)
        hour = result.finished_at.astimezone(now.tzinfo)
        hour = hour.replace(minute=0, second=0, microsecond=0)
        if hour in hours:
            hours[hour].add(result)
    for (mode, level), each in levels.items():
        each.name, each.level = mode, level
    for name, each in clips.items():
        each.name = name
    for hour, each in hours.items():
        each.name = f"{hour:%H}"
    order = {mode: number for number, mode in enumerate(modes)}
    places = sorted(levels, key=lambda place: (order.get(place[0], len(order)), place))
    return Figures(
        levels=[levels[place] for place in places],
        clips=sorted(clips.values(), key=lambda each: (-(each.lost_share or 0.0), each.name)),
        hours=list(hours.values()),
        total=total,
    )
