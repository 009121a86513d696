"""Whole pictures with a label each, as ``labels.csv`` lists them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from emotion_game.errors import TrainingError
from emotion_game.training.data.faces import person_split
from emotion_game.training.data.tables import LABELS, has_people, read_labels, refuse_unknown

SPLITS = ("train", "test", "all")


@dataclass(frozen=True, slots=True)
class LabelledPicture:
    """One line of ``labels.csv``; ``person`` is "" when the table has no such column."""

    file: str
    label: str
    person: str


def default_split(folder: Path) -> str:
    """Return "test" where ``labels.csv`` names persons, else "all".

    Raises:
        TrainingError: when the table cannot be read or lacks a column.
    """
    return "test" if has_people(folder) else "all"


def read_table(folder: Path, split: str) -> list[LabelledPicture]:
    """Read ``labels.csv`` (file, label and, optionally, person).

    Args:
        folder: holds the table.
        split: "train" or "test" keeps the people of that half (:func:`data.person_split`);
            "all" keeps everybody.

    Raises:
        TrainingError: when the table or a column is missing, it names an unknown label, or no
            picture is left.
    """
    if split not in SPLITS:
        raise TrainingError(f"Expected a split of {', '.join(SPLITS)}, found {split!r}.")
    rows = read_labels(folder)
    if split != "all" and rows and not has_people(folder):
        raise TrainingError(
            f"{folder / LABELS} lacks the column(s) person.",
            hint="Without a column person the pictures cannot be split: choose all.",
        )
    refuse_unknown(folder, rows)
    pictures = [
        LabelledPicture(row.file, row.label, row.person)
        for row in rows
        if split == "all" or person_split(row.person) == split
    ]
    if not pictures:
        raise TrainingError(f"{folder / LABELS} names no picture of the split {split!r}.")
    return pictures
