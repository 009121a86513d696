"""Recorded players: what happens in them (ground truth), and what the game's networks see.

How the two are compared: :mod:`emotion_game.tools.tallies`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from emotion_game.errors import GameError
from emotion_game.files import read_json
from emotion_game.game.judge import Loss, RoundRules, find_losses
from emotion_game.game.modes import score
from emotion_game.game.types import Observation
from emotion_game.media import FILMS
from emotion_game.tools.analyses import AnalysisCache
from emotion_game.tools.judging import cut_off, no_face
from emotion_game.vision.camera import read_video
from emotion_game.vision.pipeline import Analyser

#: A player whose face is in view has a reading at least this often.
UNREAD_S = 0.3
GROUND_TRUTH = "ground_truth.json"
#: The tag that says who is seen; without it every recording is a person of its own.
PERSON = "person"
_EXPECTED = 'Expected {"file": {"segments": [[from_s, until_s, label], ...], "tags": {...}}}.'
#: Boundaries that two tools round differently are no overlap.
_ROUNDING_S = 1e-3
#: A segment may end this long after the recording: boundaries are drawn by eye, headers rounded.
_BEYOND_S = 1.0
#: At most this many files are named in one line.
_NAMED = 3

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Segment:
    """What the player does between two times, seconds."""

    from_s: float
    until_s: float
    label: str


#: What is said of a recording as a whole: {"skin": "dark", "glasses": "yes"}.
Tags = Mapping[str, str]


def read_ground_truth(path: Path) -> dict[str, list[Segment]]:
    """Read ``{"file": {"segments": [[from_s, until_s, label], ...]}}``, in the order of time.

    Raises:
        GameError: when the file is missing or malformed, or holds segments that overlap or end
            before they begin; all faults in one line.
    """
    return _read_entries(path, _segments)


def read_tags(path: Path) -> dict[str, Tags]:
    """Read ``{"file": {"tags": {tag: word}}}``; true and false become yes and no.

    Raises:
        GameError: as :func:`read_ground_truth`.
    """
    return {name: tags for name, tags in _read_entries(path, _tags).items() if tags}


def _read_entries(path: Path, read: Callable[[dict[str, Any]], T]) -> dict[str, T]:
    content = read_json(path, GameError, called="the ground truth")
    if not isinstance(content, dict):
        raise GameError(f"Cannot read the ground truth {path}: no object.", hint=_EXPECTED)
    entries: dict[str, T] = {}
    faults: list[str] = []
    for name, entry in content.items():
        try:
            if not isinstance(entry, dict):
                raise ValueError(f"{entry!r} is no object")
            entries[name] = read(entry)
        except ValueError as error:
            faults.append(f"{name}: {error}")
    if faults:
        more = f"; and {len(faults) - _NAMED} more" if len(faults) > _NAMED else ""
        raise GameError(
            f"Cannot read the ground truth {path}: {'; '.join(faults[:_NAMED])}{more}.",
            hint=_EXPECTED,
        )
    return entries


def _segments(entry: dict[str, Any]) -> list[Segment]:
    if not isinstance(entry.get("segments"), list):
        raise ValueError('no list "segments"')
    segments = []
    for found in entry["segments"]:
        match found:
            case [int() | float() as from_s, int() | float() as until_s, str() as label] if (
                0.0 <= from_s < until_s < math.inf
                and label
                and not isinstance(from_s, bool)
                and not isinstance(until_s, bool)
            ):
                segments.append(Segment(float(from_s), float(until_s), label))
            case _:
                raise ValueError(f"{found!r} is no segment [from_s, until_s, label]")
    segments.sort(key=lambda each: each.from_s)
    for before, after in pairwise(segments):
        if after.from_s < before.until_s - _ROUNDING_S:
            raise ValueError(
                f"{before.label!r} until {before.until_s:g} s and {after.label!r} from"
                f" {after.from_s:g} s overlap"
            )
    return segments


def _tags(entry: dict[str, Any]) -> Tags:
    tags = entry.get("tags", {})
    if not isinstance(tags, dict):
        raise ValueError(f"its tags are {tags!r}, no object")
    words = {}
    for tag, value in tags.items():
        if not isinstance(value, str | bool | int | float):
            raise ValueError(f"its tag {tag!r} is {value!r}, no word, number, true or false")
        words[tag] = ("no", "yes")[value] if isinstance(value, bool) else str(value)
    return words


# --- Folders of recordings ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Recordings:
    """A folder of recorded players as the game's networks see them.

    Attributes:
        folder: where they lie.
        truth: what happens in each file.
        seen: what was read in each frame of each file.
        tags: what is said of each file.
    """

    folder: Path
    truth: dict[str, list[Segment]]
    seen: dict[str, list[Observation]]
    tags: dict[str, Tags] = field(default_factory=dict)

    def only(self, names: Collection[str]) -> Recordings:
        """Return some of the files alone."""
        return Recordings(
            self.folder,
            {name: each for name, each in self.truth.items() if name in names},
            {name: each for name, each in self.seen.items() if name in names},
            {name: each for name, each in self.tags.items() if name in names},
        )

    def tag(self, name: str, tag: str) -> str | None:
        """Return what a tag says of a file; None where it says nothing."""
        return self.tags.get(name, {}).get(tag)

    def person(self, name: str) -> str:
        """Return who is seen in a file."""
        return self.tag(name, PERSON) or str(self.folder / name)

    def readings(self, name: str, rules: RoundRules) -> list[tuple[float, float | None]]:
        """Return (capture time, score without a baseline) of each frame of a file."""
        return [(each.t_s, score(each.emotions, rules.weights)) for each in self.seen[name]]

    def losses(self, name: str, rules: RoundRules) -> tuple[Loss, ...]:
        """Judge one file as an endless round without a baseline."""
        return find_losses(self.readings(name, rules), rules)[0]

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
    cache: AnalysisCache | None = None,
) -> Recordings:
    """Read every frame of every recording that the folder's ground truth names.

    Args:
        analyser: the game's own; whom it followed before is forgotten.
        folder: where the recordings and their ground truth lie.
        progress: goes over the names, and may show how far it is.
        tell: called with a line on each recording without a face, segments or a truth.
        cache: keeps what was read, for the next time.

    Raises:
        GameError: when the ground truth cannot be read, when a recording is cut off, or when a
            segment begins after its end.
        CameraError: when a recording is no readable video.
    """
    truth = read_ground_truth(folder / GROUND_TRUTH)
    if not truth:
        raise GameError(f"{folder / GROUND_TRUTH} names no recording.", hint=_EXPECTED)
    tags = read_tags(folder / GROUND_TRUTH)
    for line in _without_truth(folder, truth):
        tell(line)
    seen = {}
    for name in progress(sorted(truth)):
        path = folder / name
        seen[name] = _see(analyser, path, cache)
        ends_s = seen[name][-1].t_s
        for segment in truth[name]:
            if segment.from_s > ends_s or segment.until_s > ends_s + _BEYOND_S:
                raise GameError(
                    f"{folder / GROUND_TRUTH}: {segment.label!r} of {name} lasts from"
                    f" {segment.from_s:g} to {segment.until_s:g} s, the recording only to"
                    f" {ends_s:.1f} s.",
                    hint="Seconds count from the first picture. Was the file cut?",
                )
        faces = sum(each.emotions is not None for each in seen[name])
        if fault := no_face(path, faces / len(seen[name])):
            tell(fault)
    return Recordings(folder, truth, seen, tags)


def _see(analyser: Analyser, path: Path, cache: AnalysisCache | None) -> list[Observation]:
    if cache is not None and (kept := cache.find(path)) is not None:
        return kept
    analyser.track.reset()
    seen = [analyser.observe(picture, t_s) for t_s, picture in read_video(path)]
    if fault := cut_off(path, seen[-1].t_s):
        # What is missing would be counted as calm, or as a smile that was missed.
        raise GameError(fault)
    if cache is not None:
        cache.keep(path, seen)
    return seen


def _without_truth(folder: Path, truth: Mapping[str, list[Segment]]) -> Iterator[str]:
    """Say which recordings are left out for want of a truth, and which have an empty one."""
    forgotten = sorted(
        path.name
        for path in folder.iterdir()
        if path.suffix.lower() in FILMS.read and path.name not in truth
    )
    empty = sorted(name for name, segments in truth.items() if not segments)
    for names, what in (
        (forgotten, f"not in {GROUND_TRUTH}, left out"),
        (empty, "no segments, so every loss is a false one"),
    ):
        if names:
            yield f"{folder}: {named(names)}: {what}."


def named(names: Sequence[str]) -> str:
    """Return the first few of many names for one line."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
