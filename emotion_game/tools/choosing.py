"""Propose the numbers of a mode's levels from recordings and a wanted rate of false losses.

What is optimised: of all numbers on a grid, those that catch the largest share of the segments
that must lose while false losses stay within the wanted rate. Both are averaged over a point of
the grid and its neighbours, so that a broad plateau wins over a lucky peak: few recordings decide
little. Levels are chosen from the easiest on; a harder one must hold shorter and may not ask for
a higher score, so they stay ordered.

The figures of the chosen numbers on the recordings that chose them are too good. The honest ones
are cross-validated: the people are dealt into parts, each part is measured with the numbers that
the others choose.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from emotion_game.game.judge import RoundRules, find_losses
from emotion_game.game.modes import Mode
from emotion_game.tools.recordings import Recordings
from emotion_game.tools.tallies import Rate, Tally, per_minute, share

Counts = NDArray[np.int64]
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Grid:
    """What is tried.

    Attributes:
        thresholds: of the score, 0..1.
        releases: shares of the threshold.
        holds_s: hold times, seconds.
    """

    thresholds: tuple[float, ...]
    releases: tuple[float, ...]
    holds_s: tuple[float, ...]

    def candidates(self) -> list[Numbers]:
        """Return every point, hold times changing fastest."""
        return [
            Numbers(threshold, round(threshold * release, 3), hold_s)
            for threshold, release, hold_s in itertools.product(
                self.thresholds, self.releases, self.holds_s
            )
        ]

    @property
    def shape(self) -> tuple[int, int, int]:
        """Points along each axis."""
        return len(self.thresholds), len(self.releases), len(self.holds_s)


@dataclass(frozen=True, slots=True)
class Numbers:
    """The three numbers of a level."""

    threshold: float
    release_threshold: float
    hold_s: float

    def of(self, rules: RoundRules) -> RoundRules:
        """Return rules with these numbers."""
        return replace(
            rules,
            threshold=self.threshold,
            release_threshold=self.release_threshold,
            hold_s=self.hold_s,
        )


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How every point of a grid judges every recording.

    Attributes:
        grid: its points.
        people: who is seen in each recording.
        shown: (recordings,) segments that must lose.
        calm_s: (recordings,) length in which a loss is false.
        caught: (points, recordings).
        false: (points, recordings) false losses.
    """

    grid: Grid
    people: tuple[str, ...]
    shown: Counts
    calm_s: Values
    caught: Counts
    false: Counts

    def figures(self, point: int, chosen: NDArray[np.bool_] | None = None) -> Figures:
        """Return the figures of one point, on all or on chosen recordings."""
        of = np.ones(len(self.people), bool) if chosen is None else chosen
        return Figures(
            int(self.caught[point, of].sum()),
            int(self.shown[of].sum()),
            int(self.false[point, of].sum()),
            float(self.calm_s[of].sum()),
        )


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums over recordings: caught of shown segments, false losses and the seconds they came in."""

    caught: int = 0
    shown: int = 0
    false_losses: int = 0
    calm_s: float = 0.0

    @classmethod
    def of(cls, counted: Tally) -> Figures:
        """Return those of a tally."""
        return cls(counted.caught, counted.shown, counted.false_losses, counted.calm_s)

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.caught + other.caught,
            self.shown + other.shown,
            self.false_losses + other.false_losses,
            self.calm_s + other.calm_s,
        )

    @property
    def caught_share(self) -> Rate | None:
        """Share caught, with Wilson's interval."""
        return share(self.caught, self.shown)

    @property
    def false_a_minute(self) -> Rate | None:
        """False losses a minute, with the exact Poisson interval."""
        return per_minute(self.false_losses, self.calm_s)

    def line(self) -> str:
        """Return them in one line."""
        caught, false = self.caught_share, self.false_a_minute
        words = f"caught {self.caught} of {self.shown}"
        if caught:
            words += f" ({caught.low:.0%} to {caught.high:.0%})"
        words += f", {self.false_losses} false in {self.calm_s / 60:.1f} min"
        if false:
            words += f": {false.value:.2f} a minute ({false.low:.2f} to {false.high:.2f})"
        return words


@dataclass(frozen=True, slots=True)
class Proposal:
    """One level.

    Attributes:
        level: from 1, the easiest.
        wanted: false losses a minute that were allowed.
        numbers: those proposed.
        reached: whether any numbers keep within the wanted rate; if not, these come closest.
        fitted: figures on the recordings that chose them: too good.
        validated: cross-validated figures.
        now: figures of the numbers that the configuration has.
    """

    level: int
    wanted: float
    numbers: Numbers
    reached: bool
    fitted: Figures
    validated: Figures
    now: Figures


def judge_all(
    recordings: Sequence[Recordings],
    mode: Mode,
    rules: RoundRules,
    grid: Grid,
    min_length_s: float,
    progress: Callable[[list[Numbers]], Iterable[Numbers]] = list,
) -> Outcomes:
    """Judge every recording with every point of a grid.

    Args:
        recordings: see :func:`emotion_game.tools.tallies.tally`.
        mode: likewise.
        rules: all other numbers, and the weights of the emotions.
        grid: what to try.
        min_length_s: shorter segments do not count.
        progress: goes over the points, and may show how far it is.
    """
    names = [(each, name) for each in recordings for name in each.truth]
    readings = [each.readings(name, rules) for each, name in names]
    caught, false = [], []
    shown, calm_s = np.zeros(len(names), int), np.zeros(len(names))
    for numbers in progress(grid.candidates()):
        each_rules = numbers.of(rules)
        tallies = []
        for (each, name), of_each in zip(names, readings, strict=True):
            counted = Tally(each_rules.hold_s)
            losses = find_losses(of_each, each_rules)[0]
            counted.add(each.folder / name, losses, each.truth[name], mode, min_length_s)
            tallies.append(counted)
        caught.append([each.caught for each in tallies])
        false.append([each.false_losses for each in tallies])
        shown = np.array([each.shown for each in tallies])
        calm_s = np.array([each.calm_s for each in tallies])
    people = tuple(each.person(name) for each, name in names)
    return Outcomes(grid, people, shown, calm_s, np.array(caught), np.array(false))


def propose(
    outcomes: Outcomes, wanted: Sequence[float], now: Sequence[Figures], parts: int = 10
) -> list[Proposal]:
    """Propose numbers for each level.

    Args:
        outcomes: see :func:`judge_all`.
        wanted: false losses a minute that each level may have, the easiest first.
        now: figures of each level's present numbers.
        parts: into how many the people are dealt for the cross-validation.

    Raises:
        ValueError: when the grid has too few hold times for so many levels.
    """
    if len(outcomes.grid.holds_s) < len(wanted):
        raise ValueError(f"{len(wanted)} levels need as many hold times at least")
    everyone = np.ones(len(outcomes.people), bool)
    chosen = _choose(outcomes, wanted, everyone)
    part_of = np.array([_part(person, parts) for person in outcomes.people])
    validated = [Figures() for _ in wanted]
    for part in range(parts):
        held_back = part_of == part
        if not held_back.any() or held_back.all():
            continue
        for index, (point, _) in enumerate(_choose(outcomes, wanted, ~held_back)):
            validated[index] += outcomes.figures(point, held_back)
    candidates = outcomes.grid.candidates()
    return [
        Proposal(
            index + 1,
            wanted[index],
            candidates[point],
            reached,
            outcomes.figures(point),
            validated[index],
            now[index],
        )
        for index, (point, reached) in enumerate(chosen)
    ]


def _part(person: str, parts: int) -> int:
    """Deal a person into a part; the same whatever other people there are."""
    return int.from_bytes(hashlib.sha256(person.encode()).digest()[:8], "big") % parts


def _choose(
    outcomes: Outcomes, wanted: Sequence[float], of: NDArray[np.bool_]
) -> list[tuple[int, bool]]:
    """Return (point, whether the wanted rate is kept) of each level."""
    caught = _spread(
        outcomes.caught[:, of].sum(axis=1) / max(1, outcomes.shown[of].sum()), outcomes
    )
    minutes = max(1e-9, float(outcomes.calm_s[of].sum())) / 60
    false = _spread(outcomes.false[:, of].sum(axis=1) / minutes, outcomes)
    candidates = outcomes.grid.candidates()
    chosen: list[tuple[int, bool]] = []
    for level, most in enumerate(wanted):
        harder_to_come = len(wanted) - level - 1
        longest = sorted(outcomes.grid.holds_s)[harder_to_come:]
        easier = candidates[chosen[-1][0]] if chosen else None
        allowed = [
            point
            for point, each in enumerate(candidates)
            if each.hold_s in longest
            and (
                easier is None
                or (
                    each.hold_s < easier.hold_s
                    and each.threshold <= easier.threshold
                    and each.release_threshold <= easier.release_threshold
                )
            )
        ]
        within = [point for point in allowed if false[point] <= most + 1e-9]
        if within:
            # Between equals: fewer false losses, then what forgives more.
            best = max(
                within,
                key=lambda at: (
                    caught[at],
                    -false[at],
                    candidates[at].hold_s,
                    candidates[at].threshold,
                    candidates[at].release_threshold,
                ),
            )
        else:
            best = min(allowed, key=lambda at: (false[at], -caught[at]))
        chosen.append((best, bool(within)))
    return chosen


def _spread(values: Values, outcomes: Outcomes) -> Values:
    """Average each point of the grid with its neighbours along each axis."""
    spread = values.reshape(outcomes.grid.shape)
    for axis in range(spread.ndim):
        padded = np.pad(
            spread, [(1, 1) if each == axis else (0, 0) for each in range(spread.ndim)], mode="edge"
        )
        length = spread.shape[axis]
        spread = np.mean(
            [np.take(padded, range(start, start + length), axis) for start in range(3)], axis=0
        )
    return spread.ravel()


def frontier(outcomes: Outcomes, hold_s: float | None = None) -> list[tuple[Numbers, Figures]]:
    """Return the points that no other beats in both figures, fewest false losses first.

    Args:
        outcomes: see :func:`judge_all`.
        hold_s: only those with this hold time.
    """
    points = sorted(
        (
            (outcomes.figures(at), each)
            for at, each in enumerate(outcomes.grid.candidates())
            if hold_s is None or each.hold_s == hold_s
        ),
        key=lambda pair: (pair[0].false_losses, -pair[0].caught, -pair[1].hold_s),
    )
    best: list[tuple[Numbers, Figures]] = []
    for figures, numbers in points:
        if not best or figures.caught > best[-1][1].caught:
            best.append((numbers, figures))
    return best
