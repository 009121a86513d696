"""What networks read in the faces that a training held back: ``held_back.json`` in a bundle.

Labels and probabilities, no pictures and no names. So whoever installs a bundle sees what the
game's thresholds, whichever he has set, catch with it and with another network on the same faces.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field, ValidationError, model_validator

from emotion_game.errors import ModelError
from emotion_game.files import write_beside
from emotion_game.game.modes import Weights, most_score, score
from emotion_game.game.types import EMOTIONS
from emotion_game.settings import StrictModel
from emotion_game.vision.bundle import Line, Score, open_own

HELD_BACK: Final = "held_back.json"
MAX_HELD_BACK_BYTES: Final = 2_000_000
#: More faces are not kept: they would tell little more.
MOST_FACES: Final = 2000
#: Of the normal distribution, for 95% intervals.
_Z: Final = 1.959964

_Row = Annotated[tuple[Score, ...], Field(min_length=len(EMOTIONS), max_length=len(EMOTIONS))]


class HeldReading(StrictModel):
    """What one network reads in each face.

    Attributes:
        network: SHA-256 of its ``model.tflite``.
        name: for people, e.g. its version.
        probabilities: a row a face, in the order of ``EMOTIONS``.
    """

    network: str = Field(pattern=r"^[0-9a-f]{64}$")
    name: Line
    probabilities: tuple[_Row, ...]


class HeldBack(StrictModel):
    """The faces and who read them.

    Attributes:
        split: which faces, e.g. ``held_back``.
        labels: index into ``EMOTIONS`` of each.
        readings: of the bundle's own network first, then of others.
    """

    split: Line
    labels: tuple[Annotated[int, Field(ge=0, lt=len(EMOTIONS))], ...] = Field(
        min_length=1, max_length=MOST_FACES
    )
    readings: tuple[HeldReading, ...] = Field(min_length=1, max_length=4)

    @model_validator(mode="after")
    def _check_rows(self) -> HeldBack:
        if any(len(each.probabilities) != len(self.labels) for each in self.readings):
            raise ValueError("readings: expected a row for each face")
        return self

    def reading_of(self, network: str) -> HeldReading | None:
        """Return what the network with this checksum reads, if it was asked."""
        return next((each for each in self.readings if each.network == network), None)


def read_held_back(folder: Path) -> HeldBack | None:
    """Read a bundle's figures on held-back faces; None when it brings none.

    Raises:
        ModelError: when they are malformed.
    """
    path = folder / HELD_BACK
    try:
        with open_own(path) as file:
            content = file.read(MAX_HELD_BACK_BYTES + 1)
        if len(content) > MAX_HELD_BACK_BYTES:
            raise ModelError(f"{path} is larger than {MAX_HELD_BACK_BYTES} bytes.")
        return HeldBack.model_validate_json(content)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror or error}.") from error
    except ValidationError as error:
        raise ModelError(
            f"{path} does not hold figures on held-back faces.", hint="Export the model again."
        ) from error


def write_held_back(folder: Path, held: HeldBack) -> None:
    """Write a bundle's figures on held-back faces."""
    write_beside(folder / HELD_BACK, (held.model_dump_json() + "\n").encode())


# --- What thresholds catch ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Share:
    """A count of a total, with the ends of the 95% interval.

    Attributes:
        count: those it holds for.
        of: all.
        low: Wilson's interval, 0..1.
        high: see low.
    """

    count: int
    of: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share, 0..1."""
        return self.count / self.of


def share(count: int, of: int) -> Share:
    """Return a share with Wilson's interval (Wilson, "Probable inference", 1927).

    Args:
        count: those it holds for.
        of: all, one or more.
    """
    value, square = count / of, _Z * _Z
    centre = (value + square / (2 * of)) / (1 + square / of)
    reach = _Z * math.sqrt(value * (1 - value) / of + square / (4 * of * of)) / (1 + square / of)
    return Share(count, of, max(0.0, centre - reach), min(1.0, centre + reach))


@dataclass(frozen=True, slots=True)
class Catch:
    """What one threshold catches among the faces, with one network.

    Attributes:
        caught: of the faces that show the emotion; None without any.
        alarms: of the faces that show another one; None without any.
    """

    caught: Share | None
    alarms: Share | None


def catch(held: HeldBack, reading: HeldReading, weights: Weights, threshold: float) -> Catch:
    """Return what a threshold catches; single faces, without the player's baseline.

    Args:
        held: the faces.
        reading: one network's.
        weights: of the mode. Faces of its strongest emotions show it, those of its weaker ones
            count neither way.
        threshold: a score from which the emotion counts as shown.
    """
    most = most_score(weights)
    strongest = {name for name, weight in weights if weight == most}
    weaker = {name for name, _ in weights} - strongest

    def reached(is_of: Callable[[str], bool]) -> Share | None:
        scores = [
            score(row, weights) or 0.0
            for label, row in zip(held.labels, reading.probabilities, strict=True)
            if is_of(EMOTIONS[label])
        ]
        return share(sum(each >= threshold for each in scores), len(scores)) if scores else None

    return Catch(
        reached(lambda emotion: emotion in strongest),
        reached(lambda emotion: emotion not in strongest | weaker),
    )


def loses(
    held: HeldBack, new: HeldReading, old: HeldReading, weights: Weights, threshold: float
) -> bool:
    """Return whether the new network catches fewer faces than chance would explain.

    The faces that only one of both catches decide (McNemar, "Note on the sampling error of the
    difference between correlated proportions or percentages", 1947).
    """
    most = most_score(weights)
    strongest = {EMOTIONS.index(name) for name, weight in weights if weight == most}

    def caught(row: Sequence[float]) -> bool:
        return (score(row, weights) or 0.0) >= threshold

    only_new = only_old = 0
    for label, mine, other in zip(held.labels, new.probabilities, old.probabilities, strict=True):
        if label in strongest:
            only_new += caught(mine) and not caught(other)
            only_old += caught(other) and not caught(mine)
    return only_old - only_new > _Z * math.sqrt(only_old + only_new)
