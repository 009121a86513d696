"""Wrong calls: faces that an operator keeps, with the player's consent, for the next training.

What lies on the disk, and nothing besides::

    FOLDER/unreviewed/CALL_01.png ...   faces that nobody has labelled yet
    FOLDER/reviewed/EMOTION/CALL_01.png ...   labelled faces: class folders for the training
    FOLDER/reviewed/people.csv    which of these belong to one call, for a split by person
    FOLDER/calls.jsonl    one line a call: time, mode, level, outcome, model, what it had said

A picture is the gray crop that the network was given, never a whole frame; no name is asked for.
Until an operator marks a call, the faces are in memory alone (``misreads.memory``).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import cv2
import numpy as np
import platformdirs
from pydantic import ValidationError

from emotion_game.errors import GameError, PictureError
from emotion_game.files import MARK, decode_text, read_content
from emotion_game.game.types import EMOTIONS, Outcome, RoundResult
from emotion_game.media import why_left_out
from emotion_game.misreads.memory import SeenFace
from emotion_game.settings import StrictModel
from emotion_game.vision.crop import Picture


class RecordError(GameError):
    """Kept pictures cannot be read, written, moved or deleted."""


DEFAULT_FOLDER = Path(platformdirs.user_data_dir("emotion-game")) / "wrong-calls"

_CALLS = "calls.jsonl"
#: Years of a booth.
_MAX_CALLS_BYTES = 200_000_000


class KeptPicture(StrictModel):
    """One picture of a call.

    Attributes:
        file: its name, the same before and after the review.
        t_s: clip time, seconds.
        emotions: what the model had said, 8 probabilities by name.
    """

    file: str
    t_s: float
    emotions: dict[str, float]


class Call(StrictModel):
    """One line of ``calls.jsonl``: a call that the operator marked as wrong.

    Attributes:
        time: when it was marked, UTC to the second.
        model: name and version of the bundle that made the call.
    """

    time: datetime
    mode: str
    level: int
    outcome: Outcome
    model: str
    pictures: tuple[KeptPicture, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many pictures there are; ``reviewed`` has every emotion."""

    unreviewed: int
    reviewed: dict[str, int]


class Misreads:
    """The folder of kept faces. It is made with the first picture, not before."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.unreviewed = folder / "unreviewed"
        self.reviewed = folder / "reviewed"
        self.people = self.reviewed / "people.csv"
        self._calls = folder / _CALLS

    # --- In the game ------------------------------------------------------------------------------

    def keep(self, result: RoundResult, faces: Sequence[SeenFace], model: str) -> int:
        """Write the faces of one call, all or none, and return how many.

        Pictures of one call share their name up to the last "_".

        Raises:
            RecordError: when they cannot be written; then none of them is left.
        """
        now = datetime.now(UTC).replace(microsecond=0)
        name = f"{now:%Y%m%dT%H%M%SZ}-{uuid4().hex[:6]}"
        pictures = tuple(
            KeptPicture(
                file=f"{name}_{number:02d}.png",
                t_s=round(face.t_s, 3),
                emotions={
                    emotion: round(share, 6)
                    for emotion, share in zip(EMOTIONS, face.emotions, strict=True)
                },
            )
            for number, face in enumerate(faces, start=1)
        )
        call = Call(
            time=now,
            mode=result.mode,
            level=result.level,
            outcome=result.outcome,
            model=model,
            pictures=pictures,
        )
        targets = [self.unreviewed / picture.file for picture in pictures]
        known = self._calls_content()
        try:
            # Faces are nobody's business but the operator's: others on the machine are shut out.
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.unreviewed.mkdir(exist_ok=True)
            for target, face in zip(targets, faces, strict=True):
                _write(target, _png(face.picture))
            _write(self._calls, known + call.model_dump_json().encode() + b"\n")
        except OSError as error:
            for target in targets:
                with suppress(OSError):
                    target.unlink(missing_ok=True)
            raise RecordError(
                f"Cannot keep pictures in {self.folder}: {error.strerror or error}.",
                hint="Choose another folder with --record-folder, or free some space.",
            ) from error
        return len(targets)

    def _calls_content(self) -> bytes:
        """Return what is known of the calls, UTF-8 with whole lines.

        Raises:
            RecordError: when it cannot be read, or was saved in another encoding.
        """
        try:
            content = read_content(self._calls, RecordError, max_bytes=_MAX_CALLS_BYTES)
        except RecordError as error:
            if isinstance(error.__cause__, FileNotFoundError | NotADirectoryError):
                return b""
            raise
        decode_text(content, self._calls, RecordError)
        # Edited by hand, the last line may have lost its end.
        return content if not content or content.endswith(b"\n") else content + b"\n"

    # --- In the review ----------------------------------------------------------------------------

    def waiting(self) -> list[str]:
        """Return the names of the pictures that nobody has labelled, oldest first."""
        return [path.name for path in _pngs(self.unreviewed)]

    def calls(self) -> list[Call]:
        """Read every call.

        Raises:
            RecordError: when the file cannot be read or a line is no call.
        """
        lines = self._calls_content().removeprefix(MARK).splitlines()
        found = []
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                found.append(Call.model_validate_json(line))
            except ValidationError as error:
                raise RecordError(
                    f"{self._calls}, line {number} is no call: {error.errors()[0]['msg']}.",
                    hint="Delete that line; its pictures can still be labelled.",
                ) from error
        return found

    def read(self, name: str) -> Picture:
        """Return an unlabelled picture, (height, width) uint8 gray.

        Raises:
            PictureError: when it is missing or no picture.
        """
        path = self.unreviewed / name
        try:
            data = np.fromfile(path, dtype=np.uint8)
        except OSError as error:
            raise PictureError(f"Cannot read {path}: {error.strerror or error}.") from error
        picture = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE) if data.size else None
        if picture is None:
            raise PictureError(f"{path} is not a readable picture.", hint="Delete it.")
        return np.asarray(picture, dtype=np.uint8)

    def label(self, name: str, emotion: str) -> None:
        """Move an unlabelled picture into the class folder of ``emotion``.

        Raises:
            RecordError: when it cannot be moved; it is left where it was.
        """
        _move(self.unreviewed / name, self.reviewed / emotion / name)

    def unlabel(self, name: str, emotion: str) -> None:
        """Take back :meth:`label`."""
        _move(self.reviewed / emotion / name, self.unreviewed / name)
        # The training takes an empty class folder for a mistake.
        with suppress(OSError):
            (self.reviewed / emotion).rmdir()

    def delete(self, name: str) -> bytes:
        """Delete an unlabelled picture and return what was in it, for :meth:`restore`.

        Raises:
            RecordError: when it cannot be deleted.
        """
        path = self.unreviewed / name
        try:
            content = path.read_bytes()
            path.unlink()
        except OSError as error:
            raise RecordError(f"Cannot delete {path}: {error.strerror or error}.") from error
        return content

    def restore(self, name: str, content: bytes) -> None:
        """Take back :meth:`delete`."""
        path = self.unreviewed / name
        try:
            _write(path, content)
        except OSError as error:
            raise RecordError(f"Cannot write {path}: {error.strerror or error}.") from error

    def settle(self) -> None:
        """Bring the two tables in line with the pictures, however these were moved or deleted.

        ``calls.jsonl`` says nothing of a picture that is gone. ``people.csv`` names the call of
        each labelled picture as its person: pictures of one call are nearly the same, and must
        not come to lie in two parts of the training data.

        Raises:
            RecordError: when a table cannot be read or written.
        """
        calls = self.calls()
        there = {path.name for path in self._pictures()}
        kept = []
        for call in calls:
            pictures = tuple(each for each in call.pictures if each.file in there)
            if pictures:
                kept.append(call.model_copy(update={"pictures": pictures}))
        lines = [f"{call.model_dump_json()}\n" for call in kept]
        people = [
            (f"{name}/{path.name}", path.stem.rpartition("_")[0] or path.stem)
            for name in EMOTIONS
            for path in _pngs(self.reviewed / name)
        ]
        try:
            if kept != calls:
                _write_text(self._calls, "".join(lines))
            _write_text(self.people, _table(("file", "person"), people) if people else "")
        except OSError as error:
            raise RecordError(
                f"Cannot write {error.filename}: {error.strerror or error}."
            ) from error

    def counts(self) -> Counts:
        """Count the pictures."""
        return Counts(
            len(self.waiting()),
            {name: len(_pngs(self.reviewed / name)) for name in EMOTIONS},
        )

    def delete_all(self) -> int:
        """Delete every picture, labelled or not, and what was written of the calls.

        Whatever else lies in the folder is left.

        Returns:
            How many pictures there were.

        Raises:
            RecordError: when something cannot be deleted.
        """
        count = 0
        try:
            # A game that runs may write or rename what was listed here a moment ago.
            for path in self._pictures():
                path.unlink(missing_ok=True)
                count += 1
            # A writer that was killed may have left half a picture.
            for part in self.folder.glob("unreviewed/*.part"):
                part.unlink(missing_ok=True)
            self._calls.unlink(missing_ok=True)
            self.people.unlink(missing_ok=True)
        except OSError as error:
            raise RecordError(
                f"Cannot delete {error.filename}: {error.strerror or error}.",
                hint="Delete the folder yourself.",
            ) from error
        classes = [self.reviewed / name for name in EMOTIONS]
        for folder in (self.unreviewed, *classes, self.reviewed, self.folder):
            # Not empty, or not there: neither is a fault.
            with suppress(OSError):
                folder.rmdir()
        return count

    def _pictures(self) -> Iterable[Path]:
        yield from _pngs(self.unreviewed)
        for name in EMOTIONS:
            yield from _pngs(self.reviewed / name)


def _pngs(folder: Path) -> list[Path]:
    """Return the pictures of a folder by name, without what a system puts beside them."""
    return sorted(path for path in folder.glob("*.png") if not why_left_out(path.name))


def _png(picture: Picture) -> bytes:
    return bytes(cv2.imencode(".png", picture)[1])


def _write(path: Path, content: bytes) -> None:
    """Write a file beside its place and then rename it.

    Raises:
        OSError: when that fails; nothing half-written is left.
    """
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def _write_text(path: Path, text: str) -> None:
    """Write a text file as :func:`_write` does; without text there is none."""
    if text:
        _write(path, text.encode())
    else:
        path.unlink(missing_ok=True)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return rows as CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([head, *rows])
    return text.getvalue()


def _move(source: Path, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            raise FileExistsError(None, "there is one already", str(target))
        source.rename(target)
    except OSError as error:
        raise RecordError(
            f"Cannot move {source} to {target}: {error.strerror or error}."
        ) from error
