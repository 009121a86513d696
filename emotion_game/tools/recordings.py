"""Compare what the judge found in recordings with what happens in them.

Only scripts use this: the intervals come from SciPy, which the game does without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Any

from scipy import stats

from emotion_game.errors import GameError
from emotion_game.files import read_json
from emotion_game.game.judge import Loss, RoundRules, find_losses
from emotion_game.game.modes import Mode, score
from emotion_game.game.types import Observation
from emotion_game.tools.judging import cut_off, no_face
from emotion_game.vision.camera import read_video
from emotion_game.vision.pipeline import Analyser

#: Labels too ambiguous to count either way.
NOT_COUNTED = ("slight", "openmouth", "other")
#: Boundaries drawn by eye are this uncertain.
TOLERANCE_S = 0.3
#: A player whose face is in view has a reading at least this often.
UNREAD_S = 0.3
GROUND_TRUTH = "ground_truth.json"


@dataclass(frozen=True, slots=True)
class Segment:
    """What the player does between two times, seconds."""

    from_s: float
    until_s: float
    label: str


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


@dataclass(slots=True)
class Tally:
    """Sums over recordings.

    Attributes:
        hold_s: the hold time the recordings were judged with.
        caught: segments that must lose and did.
        shown: segments that must lose.
        calm: per label of segments in which a loss is false; "unlabelled" where none is.
        delays_s: from the start of each caught segment to its loss.
        notes: one line for each missed segment and false loss.
    """

    hold_s: float = 0.0
    caught: int = 0
    shown: int = 0
    calm: dict[str, Calm] = field(default_factory=dict)
    delays_s: list[float] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

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

    def add(
        self,
        name: str,
        losses: Sequence[Loss],
        segments: Sequence[Segment],
        mode: Mode,
        min_length_s: float,
    ) -> None:
        """Count one recording.

        A segment is caught when the hold became full in it (or within the tolerance after it).
        Segments shorter than ``min_length_s``, and losses in them, count neither way.
        """
        for segment in segments:
            length_s = segment.until_s - segment.from_s
            if segment.label not in mode.truth:
                if segment.label not in NOT_COUNTED:
                    self.calm.setdefault(segment.label, Calm()).length_s += length_s
                continue
            if length_s < min_length_s:
                continue
            self.shown += 1
            within = [
                loss.lost_s
                for loss in losses
                if loss.ended_s >= segment.from_s and loss.lost_s <= segment.until_s + TOLERANCE_S
            ]
            if within:
                self.caught += 1
                self.delays_s.append(max(0.0, min(within) - segment.from_s))
            else:
                self.notes.append(f"{name}: missed {segment.label} at {segment.from_s} s")
        for loss in losses:
            near = [
                segment
                for segment in segments
                if segment.from_s - TOLERANCE_S <= loss.lost_s
                and loss.began_s <= segment.until_s + TOLERANCE_S
            ]
            labels = [segment.label for segment in near]
            if any(label in (*mode.truth, *NOT_COUNTED) for label in labels):
                continue
            during = [each.label for each in near if each.from_s <= loss.lost_s < each.until_s]
            label = (during or labels or ["unlabelled"])[0]
            self.calm.setdefault(label, Calm()).false_losses += 1
            self.notes.append(f"{name}: false loss at {loss.lost_s:.1f} s in {labels}")

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
            "false_losses": self.false_losses,
            "calm_s": round(self.calm_s, 2),
            "false_losses_a_minute": asdict(false) if false else None,
            "by_label": {
                label: {"length_s": round(calm.length_s, 2), "false_losses": calm.false_losses}
                for label, calm in sorted(self.calm.items())
            },
            "median_delay_s": round(median(self.delays_s), 3) if self.delays_s else None,
            "median_delay_beyond_hold_s": None if excess_s is None else round(excess_s, 3),
            "late": sum(delay - self.hold_s > TOLERANCE_S for delay in self.delays_s),
            "notes": list(self.notes),
        }


def read_ground_truth(path: Path) -> dict[str, list[Segment]]:
    """Read ``{"file": {"segments": [[from_s, until_s, label], ...]}}``.

    Raises:
        GameError: when the file is missing or malformed.
    """
    content = read_json(path, GameError, called="the ground truth")
    try:
        return {
            name: [Segment(*segment) for segment in each["segments"]]
            for name, each in content.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise GameError(
            f"Cannot read the ground truth {path}: {error}.",
            hint='Expected {"file": {"segments": [[from_s, until_s, label], ...]}}.',
        ) from error


# --- Folders of recordings ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Recordings:
    """A folder of recorded players as the game's networks see them.

    Attributes:
        folder: where they lie.
        truth: what happens in each file.
        seen: what was read in each frame of each file.
    """

    folder: Path
    truth: dict[str, list[Segment]]
    seen: dict[str, list[Observation]]

    def losses(self, name: str, rules: RoundRules) -> tuple[Loss, ...]:
        """Judge one file as an endless round without a baseline."""
        readings = [(each.t_s, score(each.emotions, rules.weights)) for each in self.seen[name]]
        return find_losses(readings, rules)[0]

    def face_share(self) -> float:
        """Return the share of frames in which the player's face was found."""
        frames = [each for seen in self.seen.values() for each in seen]
        return sum(each.emotions is not None for each in frames) / len(frames)

    def unread(self) -> list[tuple[str, float, float]]:
        """Return (file, from_s, until_s) where faces were in view and the player had no reading.

        Only stretches longer than ``UNREAD_S``. Whose faces they were is not known: with
        bystanders in the picture, the player may well have been away.
        """
        return [
            (name, began_s, ended_s)
            for name, seen in self.seen.items()
            for began_s, ended_s in _unread(seen)
            if ended_s - began_s > UNREAD_S
        ]


def _unread(seen: Iterable[Observation]) -> Iterator[tuple[float, float]]:
    began_s: float | None = None
    t_s = 0.0
    for each in seen:
        t_s = each.t_s
        missed = each.emotions is None and each.faces > 0
        if missed and began_s is None:
            began_s = t_s
        elif not missed and began_s is not None:
            yield began_s, t_s
            began_s = None
    if began_s is not None:
        yield began_s, t_s


def watch(
    analyser: Analyser,
    folder: Path,
    progress: Callable[[list[str]], Iterable[str]] = list,
    tell: Callable[[str], None] = lambda line: None,
) -> Recordings:
    """Read every frame of every recording that the folder's ground truth names.

    Args:
        analyser: the game's own; whom it followed before is forgotten.
        folder: where the recordings and their ground truth lie.
        progress: goes over the names, and may show how far it is.
        tell: told of each recording without a face.

    Raises:
        GameError: when the ground truth cannot be read or names no recording, or when a
            recording is cut off.
        CameraError: when a recording is no readable video.
    """
    truth = read_ground_truth(folder / GROUND_TRUTH)
    if not truth:
        raise GameError(f"{folder / GROUND_TRUTH} names no recording.")
    seen = {}
    for name in progress(sorted(truth)):
        analyser.track.reset()
        path = folder / name
        seen[name] = [analyser.observe(picture, t_s) for t_s, picture in read_video(path)]
        if fault := cut_off(path, seen[name][-1].t_s):
            # What is missing would be counted as calm, or as a smile that was missed.
            raise GameError(fault)
        faces = sum(each.emotions is not None for each in seen[name])
        if fault := no_face(path, faces / len(seen[name])):
            tell(fault)
    return Recordings(folder, truth, seen)


def tally(
    recordings: Iterable[Recordings], mode: Mode, rules: RoundRules, min_length_s: float
) -> Tally:
    """Judge recordings and count."""
    counted = Tally(rules.hold_s)
    for each in recordings:
        for name, segments in each.truth.items():
            counted.add(name, each.losses(name, rules), segments, mode, min_length_s)
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
