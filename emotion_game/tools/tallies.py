"""Compare what the judge found in recordings with what happens in them, and count.

Only scripts use this: the intervals come from SciPy, which the game does without.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Any, Literal

from scipy import stats

from emotion_game.game.judge import Loss, RoundRules
from emotion_game.game.modes import Mode, Modes
from emotion_game.tools.recordings import Recordings, Segment, named

#: Between showing the emotion and not: neither they nor losses in them count.
FAINT = "slight"
NOT_COUNTED = (FAINT, "other")
#: Neither right nor wrong to lose by, unless the mode says so; counted apart.
APART = ("openmouth", "covered", "fear")
#: What else players are known to do. Losing by it is false, as by any other label.
CALM = (
    *("neutral", "talk", "song", "yawn", "chew", "drink", "cough", "sneeze", "sleep", "nod"),
    *("grimace", "cringe", "shout", "cry", "frown", "pout", "squint", "wink", "noface"),
)
#: Boundaries drawn by eye are this uncertain.
TOLERANCE_S = 0.3
#: A false loss where nothing is said of what the player did.
UNLABELLED = "unlabelled"


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate with the ends of its 95% interval."""

    value: float
    low: float
    high: float


def share(hits: int, of: int) -> Rate | None:
    """Return a share with Wilson's score interval (Wilson, 1927); None of nothing."""
    if of == 0:
        return None
    interval = stats.binomtest(hits, of).proportion_ci(method="wilson")
    return Rate(hits / of, float(interval.low), float(interval.high))


def per_minute(count: int, length_s: float) -> Rate | None:
    """Return events a minute with the exact Poisson interval (Garwood, 1936); None in no time."""
    if length_s <= 0.0:
        return None
    minutes = length_s / 60
    low = float(stats.chi2.ppf(0.025, 2 * count)) / 2 if count else 0.0
    high = float(stats.chi2.ppf(0.975, 2 * count + 2)) / 2
    return Rate(count / minutes, low / minutes, high / minutes)


@dataclass(slots=True)
class Calm:
    """How long players did one thing that must not lose, and how often they lost by it."""

    length_s: float = 0.0
    false_losses: int = 0


#: ``apart``: a loss by what is neither right nor wrong to lose by.
Outcome = Literal["caught", "missed", "false", "apart"]


@dataclass(frozen=True, slots=True)
class Moment:
    """A segment that must lose, or a loss by something else.

    Attributes:
        recording: its file.
        outcome: how it ended.
        label: what the player did; more than one word where several things border on it.
        from_s, until_s: of the segment, or from the hold's begin to the loss's end.
        lost_s: when the hold was full; None where it never was.
    """

    recording: Path
    outcome: Outcome
    label: str
    from_s: float
    until_s: float
    lost_s: float | None = None


@dataclass(slots=True)
class Tally:
    """Sums over recordings.

    Attributes:
        hold_s: the hold time the recordings were judged with.
        moments: each segment that must lose, and each loss by something else.
        calm: per label of segments in which a loss is false; "unlabelled" where none is.
        apart: the same of what is counted apart.
    """

    hold_s: float = 0.0
    moments: list[Moment] = field(default_factory=list)
    calm: dict[str, Calm] = field(default_factory=dict)
    apart: dict[str, Calm] = field(default_factory=dict)

    @property
    def must_lose(self) -> list[Moment]:
        """The segments that must lose."""
        return [each for each in self.moments if each.outcome in ("caught", "missed")]

    @property
    def shown(self) -> int:
        """How many segments must lose."""
        return len(self.must_lose)

    @property
    def caught(self) -> int:
        """How many of them did."""
        return sum(each.outcome == "caught" for each in self.moments)

    @property
    def caught_by_label(self) -> dict[str, tuple[int, int]]:
        """Caught and all segments of each label that must lose."""
        shown = Counter(each.label for each in self.must_lose)
        caught = Counter(each.label for each in self.moments if each.outcome == "caught")
        return {label: (caught[label], shown[label]) for label in sorted(shown)}

    @property
    def delays_s(self) -> list[float]:
        """From the start of each caught segment to its loss."""
        return [
            max(0.0, each.lost_s - each.from_s)
            for each in self.moments
            if each.outcome == "caught" and each.lost_s is not None
        ]

    @property
    def calm_s(self) -> float:
        """Length of the segments in which a loss is false."""
        return sum(calm.length_s for calm in self.calm.values())

    @property
    def false_losses(self) -> int:
        """Losses while the player talked or was neutral, or the like."""
        return sum(calm.false_losses for calm in self.calm.values())

    @property
    def excess_s(self) -> float | None:
        """Median delay beyond the hold time, seconds; None when nothing was caught."""
        return median(self.delays_s) - self.hold_s if self.delays_s else None

    @property
    def notes(self) -> list[str]:
        """One line for each missed segment and false loss."""
        return [
            f"{each.recording.name}: missed {each.label} at {each.from_s} s"
            if each.outcome == "missed"
            else f"{each.recording.name}: false loss at {each.lost_s:.1f} s in {each.label}"
            for each in self.moments
            if each.outcome in ("missed", "false")
        ]

    def add(
        self,
        recording: Path,
        losses: Sequence[Loss],
        segments: Sequence[Segment],
        mode: Mode,
        min_length_s: float,
    ) -> None:
        """Count one recording.

        A segment is caught when the hold became full in it (or within the tolerance after it),
        or in the faint show of it that it grew from. Segments shorter than ``min_length_s``,
        and losses in them, count neither way.

        Args:
            recording: its file.
            losses: what the judge found.
            segments: what happens, in the order of time.
            mode: says which labels must lose.
            min_length_s: see above.
        """
        before: Segment | None = None
        for segment in segments:
            faint_s = (
                before.from_s
                if before is not None
                and before.label == FAINT
                and segment.from_s - before.until_s <= TOLERANCE_S
                else None
            )
            before = segment
            length_s = segment.until_s - segment.from_s
            if segment.label not in mode.truth:
                if segment.label not in NOT_COUNTED:
                    lengths = self.apart if segment.label in APART else self.calm
                    lengths.setdefault(segment.label, Calm()).length_s += length_s
                continue
            if length_s < min_length_s:
                continue
            lost_s = min(
                (each.lost_s for each in losses if _catches(each, segment, faint_s)), default=None
            )
            self.moments.append(
                Moment(
                    recording,
                    "missed" if lost_s is None else "caught",
                    segment.label,
                    segment.from_s,
                    segment.until_s,
                    lost_s,
                )
            )
        for loss in losses:
            self._add_loss(recording, loss, segments, mode)

    def _add_loss(
        self, recording: Path, loss: Loss, segments: Sequence[Segment], mode: Mode
    ) -> None:
        near = [
            segment
            for segment in segments
            if segment.from_s - TOLERANCE_S <= loss.lost_s
            and loss.began_s <= segment.until_s + TOLERANCE_S
        ]
        labels = [segment.label for segment in near]
        if any(label in (*mode.truth, *NOT_COUNTED) for label in labels):
            return
        during = [each.label for each in near if each.from_s <= loss.lost_s < each.until_s]
        aside = [label for label in (*during, *labels) if label in APART]
        label = (aside or during or labels or [UNLABELLED])[0]
        (self.apart if aside else self.calm).setdefault(label, Calm()).false_losses += 1
        self.moments.append(
            Moment(
                recording,
                "apart" if aside else "false",
                ", ".join(dict.fromkeys(labels)) or UNLABELLED,
                loss.began_s,
                loss.ended_s,
                loss.lost_s,
            )
        )

    def line(self) -> str:
        """Return the figures in one line; the ranges at the end are 95% intervals."""
        caught, false = share(self.caught, self.shown), per_minute(self.false_losses, self.calm_s)
        delay = f"{median(self.delays_s):.2f} s" if self.delays_s else "-"
        line = (
            f"caught {self.caught} of {self.shown}, {self.false_losses} false losses in"
            f" {self.calm_s:.0f} s ({false.value if false else 0.0:.2f} a minute),"
            f" median delay {delay}"
        )
        if self.excess_s is not None:
            line += f" (hold {self.excess_s:+.2f} s)"
        if caught:
            line += f"; caught {caught.low:.0%} to {caught.high:.0%}"
        if false:
            line += f"; false {false.low:.2f} to {false.high:.2f} a minute"
        return line

    def figures(self) -> dict[str, Any]:
        """Return the figures for a file of JSON; rates are None where nothing was seen."""
        caught, false = share(self.caught, self.shown), per_minute(self.false_losses, self.calm_s)
        excess_s = self.excess_s
        return {
            "hold_s": self.hold_s,
            "caught": self.caught,
            "shown": self.shown,
            "caught_share": asdict(caught) if caught else None,
            "caught_by_label": {
                label: {"caught": hits, "shown": of}
                for label, (hits, of) in self.caught_by_label.items()
            },
            "false_losses": self.false_losses,
            "calm_s": round(self.calm_s, 2),
            "false_losses_a_minute": asdict(false) if false else None,
            "by_label": _by_label(self.calm),
            "apart": _by_label(self.apart),
            "median_delay_s": round(median(self.delays_s), 3) if self.delays_s else None,
            "median_delay_beyond_hold_s": None if excess_s is None else round(excess_s, 3),
            "late": sum(delay - self.hold_s > TOLERANCE_S for delay in self.delays_s),
            "notes": self.notes,
        }


def _catches(loss: Loss, segment: Segment, faint_s: float | None) -> bool:
    """Return whether a loss is that of a segment, which grew from a faint one at ``faint_s``."""
    if loss.lost_s > segment.until_s + TOLERANCE_S:
        return False
    grew = faint_s is not None and loss.began_s >= faint_s - TOLERANCE_S
    return loss.ended_s >= segment.from_s or grew


def _by_label(lengths: dict[str, Calm]) -> dict[str, dict[str, float]]:
    return {
        label: {"length_s": round(calm.length_s, 2), "false_losses": calm.false_losses}
        for label, calm in sorted(lengths.items())
    }


def tally(
    recordings: Iterable[Recordings], mode: Mode, rules: RoundRules, min_length_s: float
) -> Tally:
    """Judge recordings and count."""
    counted = Tally(rules.hold_s)
    for each in recordings:
        for name, segments in each.truth.items():
            counted.add(each.folder / name, each.losses(name, rules), segments, mode, min_length_s)
    return counted


def sweep(
    recordings: Sequence[Recordings],
    mode: Mode,
    rules: RoundRules,
    thresholds: Sequence[float],
    holds_s: Sequence[float],
    min_length_s: float,
) -> list[tuple[float, float, Tally]]:
    """Count at every threshold and hold time; the two thresholds stay as far apart as in ``rules``.

    Returns:
        (threshold, hold time, tally) for each, hold times changing fastest.
    """
    apart = rules.threshold - rules.release_threshold
    return [
        (
            threshold,
            hold_s,
            tally(
                recordings,
                mode,
                replace(
                    rules,
                    threshold=threshold,
                    release_threshold=max(0.0, threshold - apart),
                    hold_s=hold_s,
                ),
                min_length_s,
            ),
        )
        for threshold in thresholds
        for hold_s in holds_s
    ]


# --- Slices ---------------------------------------------------------------------------------------


def slices(
    recordings: Sequence[Recordings],
    mode: Mode,
    rules: RoundRules,
    min_length_s: float,
    tags: Sequence[str],
) -> list[tuple[str, str, Tally]]:
    """Count the players of each kind by themselves.

    Args:
        recordings: see :func:`tally`, as for the next three.
        mode: likewise.
        rules: likewise.
        min_length_s: likewise.
        tags: those to slice by; who has none of a tag is in none of its slices.

    Returns:
        (tag, what it says, tally).
    """
    found = []
    for tag in tags:
        words = {each.tag(name, tag) for each in recordings for name in each.truth}
        for word in sorted(word for word in words if word is not None):
            of_word = [
                each.only({name for name in each.truth if each.tag(name, tag) == word})
                for each in recordings
            ]
            found.append((tag, word, tally(of_word, mode, rules, min_length_s)))
    return found


def without_tags(recordings: Iterable[Recordings], tags: Sequence[str]) -> Iterator[str]:
    """Say where tags are missing, one line for each folder and tags."""
    for each in recordings:
        missing: dict[tuple[str, ...], list[str]] = {}
        for name in each.truth:
            if lacks := tuple(tag for tag in tags if each.tag(name, tag) is None):
                missing.setdefault(lacks, []).append(name)
        for lacks, names in missing.items():
            yield (
                f"{each.folder}: {named(names)} without the tag(s) {', '.join(lacks)}:"
                " left out of those slices."
            )


def unknown_labels(recordings: Iterable[Recordings], modes: Modes) -> Iterator[str]:
    """Say which labels nothing is known of, one line each: they may be misspelt."""
    truth = {label for mode in modes.values() for label in mode.truth}
    known = sorted({*truth, *NOT_COUNTED, *APART, *CALM})
    for each in recordings:
        where: dict[str, list[str]] = {}
        for name, segments in each.truth.items():
            for segment in segments:
                if segment.label not in known:
                    where.setdefault(segment.label, []).append(f"{name} at {segment.from_s:g} s")
        for label, places in where.items():
            yield (
                f"{each.folder}: unknown label {label!r} ({named(places)}): a loss in it counts as"
                f" false. Known are {', '.join(known)}."
            )


# --- Two bundles on the same recordings -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two networks differ on the same recordings, one mode and level.

    Attributes:
        both, first, second, neither: segments that must lose, by who caught them.
        caught_p: chance of so uneven a share of those that one alone caught, were there no
            difference (McNemar's exact test, two-sided).
        first_false, second_false: false losses.
        false_p: the same of the false losses (exact, conditional on their sum).
    """

    both: int
    first: int
    second: int
    neither: int
    caught_p: float
    first_false: int
    second_false: int
    false_p: float

    def line(self) -> str:
        """Return it in one line."""
        return (
            f"caught by both {self.both}, by this alone {self.first}, by the other alone"
            f" {self.second}, by none {self.neither} (p {self.caught_p:.2f}); false losses"
            f" {self.first_false} and {self.second_false} (p {self.false_p:.2f})"
        )


def compare(first: Tally, second: Tally) -> Comparison:
    """Compare two tallies of the same recordings.

    Raises:
        ValueError: when they are of different segments.
    """
    pairs = list(zip(first.must_lose, second.must_lose, strict=True))
    if any((a.recording, a.from_s) != (b.recording, b.from_s) for a, b in pairs):
        raise ValueError("tallies of different recordings")
    met = Counter((a.outcome == "caught", b.outcome == "caught") for a, b in pairs)
    return Comparison(
        met[True, True],
        met[True, False],
        met[False, True],
        met[False, False],
        _even(met[True, False], met[False, True]),
        first.false_losses,
        second.false_losses,
        _even(first.false_losses, second.false_losses),
    )


def _even(one: int, other: int) -> float:
    return float(stats.binomtest(one, one + other).pvalue) if one + other else 1.0
