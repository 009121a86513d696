"""Tables of labels and people as people save them: one careful reader for every CSV file."""

from __future__ import annotations

import codecs
import csv
import logging
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

from emotion_game.errors import TrainingError
from emotion_game.files import binary_fault
from emotion_game.game.types import EMOTIONS

Row = dict[str, str]
#: A row with the number of its line in the file, counted from 1.
NumberedRow = tuple[int, Row]

LABELS: Final = "labels.csv"
#: What spreadsheets put between the values: in Korea and the USA, in much of Europe, and "text".
_DELIMITERS: Final = (",", ";", "\t")
#: What Excel in Korea saves as "CSV".
_KOREAN: Final = "cp949"
_CHUNK_BYTES: Final = 1 << 20

_log = logging.getLogger(__name__)


def read_rows(
    table: Path, wanted: Sequence[str], optional: Sequence[str] = ()
) -> Iterator[NumberedRow]:
    """Yield the rows of a CSV file, names and values without spaces around them.

    UTF-8 or CP949, with or without a mark; commas, semicolons or tabs; any line ends; quoted
    or not. Columns are found whatever their order and case. Empty lines are skipped.

    Args:
        table: the file; its first line names the columns.
        wanted: columns that must be there.
        optional: columns that are given where they are there.

    Raises:
        TrainingError: the file cannot be read, is no table in such an encoding, lacks a column
            or has it twice, or a row has too few or too many values.
    """
    try:
        with table.open(newline="", encoding=_encoding_of(table)) as file:
            yield from _rows(file, table, wanted, optional)
    except OSError as error:
        raise TrainingError(f"Cannot read {table}: {error.strerror or error}.") from error


def _rows(
    file: TextIO, table: Path, wanted: Sequence[str], optional: Sequence[str]
) -> Iterator[NumberedRow]:
    header, above = file.readline(), 0
    # Excel writes and reads a first line that says what parts the values.
    while header and (not header.strip() or header.lower().startswith("sep=")):
        header, above = file.readline(), above + 1
    above += 1
    delimiter = max(_DELIMITERS, key=lambda each: _known(header, each, (*wanted, *optional)))
    names = _names(header, delimiter)
    known = {name.casefold(): name for name in (*wanted, *optional)}
    columns = [known.get(name.casefold(), "") for name in names]
    if missing := set(wanted) - set(columns):
        raise TrainingError(
            f"{table} lacks the column(s) {', '.join(sorted(missing))};"
            f" it has {', '.join(filter(None, names)) or 'none'}."
        )
    if twice := [name for name, count in Counter(filter(None, columns)).items() if count > 1]:
        raise TrainingError(
            f"{table}, line {above} has the column(s) {', '.join(twice)} twice.",
            hint="Remove or rename one.",
        )
    reader = csv.reader(file, delimiter=delimiter, skipinitialspace=True, strict=True)
    line = above
    try:
        for values in reader:
            line = above + reader.line_num
            # Spreadsheets pad every line to the longest one.
            while len(values) > len(names) and not values[-1].strip():
                values.pop()
            if not any(value.strip() for value in values):
                continue
            if len(values) != len(names):
                raise TrainingError(
                    f"{table}, line {line}: expected {len(names)} values, found {len(values)}."
                )
            pairs = zip(columns, values, strict=True)
            yield line, {name: value.strip() for name, value in pairs if name}
    except csv.Error as error:
        raise TrainingError(
            f"{table}, line {line + 1} is not a line of a CSV file: {error}.",
            hint="Does a quotation mark lack its other one?",
        ) from error


def _names(header: str, delimiter: str) -> list[str]:
    reader = csv.reader([header], delimiter=delimiter, skipinitialspace=True)
    return [name.strip() for name in next(reader, [])]


def _known(header: str, delimiter: str, names: Iterable[str]) -> int:
    return len(
        {name.casefold() for name in _names(header, delimiter)} & {*map(str.casefold, names)}
    )


def _encoding_of(table: Path) -> str:
    """Return which encoding the whole file is in; it may be larger than the memory.

    Raises:
        TrainingError: neither UTF-8 nor CP949, or no text.
        OSError: when it cannot be read.
    """
    wrong = _first_wrong_line(table, "utf-8")
    if wrong is None:
        return "utf-8-sig"
    if _first_wrong_line(table, _KOREAN) is not None:
        raise _no_table(table, f"line {wrong} is neither in UTF-8 nor in CP949")
    _log.warning("%s is not in UTF-8; it is read as CP949.", table)
    return _KOREAN


def _first_wrong_line(table: Path, encoding: str) -> int | None:
    """Return the first line that is not in an encoding, from 1; None when every line is."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with table.open("rb") as file:
        head = file.read(_CHUNK_BYTES)
        if fault := binary_fault(head[:1024]):
            raise _no_table(table, fault)
        chunk = head
        while True:
            if (at := chunk.find(0)) >= 0:
                line += chunk.count(b"\n", 0, at)
                raise _no_table(table, f"line {line} holds a NUL byte")
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return line + error.object.count(b"\n", 0, error.start)
            if not chunk:
                return None
            line += chunk.count(b"\n")
            chunk = file.read(_CHUNK_BYTES)


def _no_table(table: Path, fault: str) -> TrainingError:
    return TrainingError(
        f"{table} is not a CSV file in UTF-8: {fault}.", hint='Save it as "CSV UTF-8".'
    )


# --- Labels ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Label:
    """One line of ``labels.csv``.

    Attributes:
        line: its number in the file, from 1.
        file: of the picture, relative to ``images/``.
        label: as written; it need not be an emotion of the game.
        person: "" when not known.
        split: "" when not known.
    """

    line: int
    file: str
    label: str
    person: str
    split: str


def read_labels(folder: Path, *, need_person: bool = False) -> list[Label]:
    """Read ``labels.csv`` (file, label and, optionally, person and split).

    Args:
        folder: holds the table.
        need_person: the column person must be there.

    Raises:
        TrainingError: see :func:`read_rows`; or a line without a file.
    """
    table = folder / LABELS
    wanted = ("file", "label", "person") if need_person else ("file", "label")
    labels = []
    for line, row in read_rows(table, wanted, ("person", "split")):
        if not row["file"]:
            raise TrainingError(f"{table}, line {line} names no file.")
        labels.append(
            Label(line, row["file"], row["label"], row.get("person", ""), row.get("split", ""))
        )
    return labels


def has_people(folder: Path) -> bool:
    """Return whether ``labels.csv`` has a column person.

    Raises:
        TrainingError: see :func:`read_rows`.
    """
    first = next(read_rows(folder / LABELS, ("file", "label"), ("person",)), None)
    return first is not None and "person" in first[1]


def refuse_unknown(folder: Path, labels: Iterable[Label]) -> None:
    """Refuse labels that are no emotions of the game.

    Raises:
        TrainingError: naming each of them and the first line with it.
    """
    unknown: dict[str, int] = {}
    for each in labels:
        if each.label not in EMOTIONS:
            unknown.setdefault(each.label, each.line)
    if unknown:
        told = ", ".join(f"{label or 'none'} (line {line})" for label, line in unknown.items())
        raise TrainingError(
            f"{folder / LABELS} has labels the game does not know: {told}.",
            hint=f"Known are {', '.join(EMOTIONS)}.",
        )


def picture_file(folder: Path, name: str) -> Path:
    r"""Return where a picture of a table lies, although Windows or a Mac wrote its name.

    Windows parts folders by ``\``. A Mac takes Korean letters apart (NFD) in names of files,
    but not in tables.

    Args:
        folder: that the name starts from.
        name: as the table has it.
    """
    path = folder / name.replace("\\", "/")
    if path.exists():
        return path
    for form in ("NFC", "NFD"):
        other = folder / unicodedata.normalize(form, path.relative_to(folder).as_posix())
        if other.exists():
            return other
    return path
