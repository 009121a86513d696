"""Compare what the judge found in recordings with what happens in them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from emotion_game.errors import GameError
from emotion_game.game.judge import Loss
from emotion_game.game.types import Mode

#: Labels that must lose in each mode, and labels too ambiguous to count either way.
SHOWN = {Mode.HAPPY: ("smile", "laugh"), Mode.SURPRISE: ("surprise",)}
NOT_COUNTED = ("slight", "openmouth", "other")
#: Boundaries drawn by eye are this uncertain.
TOLERANCE_S = 0.3


@dataclass(frozen=True, slots=True)
class Segment:
    """What the player does between two times, seconds."""

    from_s: float
    until_s: float
    label: str


@dataclass(slots=True)
class Tally:
    """Sums over recordings.

    Attributes:
        caught: segments that must lose and did.
        shown: segments that must lose.
        false_losses: losses while the player talked or was neutral, or the like.
        calm_s: length of the segments in which a loss is false.
        delays_s: from the start of each caught segment to its loss.
        notes: one line for each missed segment and false loss.
    """

    caught: int = 0
    shown: int = 0
    false_losses: int = 0
    calm_s: float = 0.0
    delays_s: list[float] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

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
            if segment.label not in SHOWN[mode]:
                if segment.label not in NOT_COUNTED:
                    self.calm_s += length_s
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
                segment.label
                for segment in segments
                if segment.from_s - TOLERANCE_S <= loss.lost_s
                and loss.began_s <= segment.until_s + TOLERANCE_S
            ]
            if not any(label in (*SHOWN[mode], *NOT_COUNTED) for label in near):
                self.false_losses += 1
                self.notes.append(f"{name}: false loss at {loss.lost_s:.1f} s in {near}")

    def line(self) -> str:
        """Return the three figures in one line."""
        per_minute = self.false_losses / (self.calm_s / 60) if self.calm_s else 0.0
        delay = f"{median(self.delays_s):.2f} s" if self.delays_s else "-"
        return (
            f"caught {self.caught} of {self.shown}, {self.false_losses} false losses in"
            f" {self.calm_s:.0f} s ({per_minute:.2f} a minute), median delay {delay}"
        )


def read_ground_truth(path: Path) -> dict[str, list[Segment]]:
    """Read ``{"file": {"segments": [[from_s, until_s, label], ...]}}``.

    Raises:
        GameError: when the file is missing or malformed.
    """
    try:
        content = json.loads(path.read_text("utf-8"))
        return {
            name: [Segment(*segment) for segment in each["segments"]]
            for name, each in content.items()
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GameError(
            f"Cannot read the ground truth {path}: {error}.",
            hint='Expected {"file": {"segments": [[from_s, until_s, label], ...]}}.',
        ) from error
