"""``emotion-game clips``: what is in the library, what is wrong with it, what comes in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.table import Table
from rich.text import Text

from emotion_game.app import game_settings, known_mode
from emotion_game.clips.catalogue import CATALOGUE, SUFFIXES
from emotion_game.clips.examine import Progress, examine_clip
from emotion_game.clips.library import Clip, Library, load_library
from emotion_game.clips.own import sha256_of
from emotion_game.errors import ClipError
from emotion_game.scores.board import ClipStatistics, ScoreBoard
from emotion_game.scores.score import ScoreError

#: The catalogue and the file may differ by this much in length.
_LENGTH_SLACK_S = 0.5

_ADD_HINT = "Add it with `emotion-game clips add`."
_REPLACE_HINT = "Remove it and add it again."


@dataclass(frozen=True, slots=True)
class Fault:
    """One line of the table of ``clips check``.

    Attributes:
        clip: its id; the file or the catalogue where there is no clip to name.
        fault: what is wrong.
        hint: what to do.
    """

    clip: str
    fault: str
    hint: str


def check_mode(mode: str | None, library: Library) -> None:
    """Refuse a mode that neither ``game.toml`` has nor any clip is of; None is every one.

    Raises:
        UnknownModeError: when it is such a one.
        SettingsError: when no clip is of it and ``game.toml`` has faults.
    """
    of_clips = dict.fromkeys(clip.mode for clip in library)
    if mode is not None and mode not in of_clips:
        known_mode(dict.fromkeys((*game_settings(None).modes, *of_clips)), mode)


def chosen(clips: Iterator[Clip], mode: str | None, level: int | None) -> list[Clip]:
    """Return the clips of a mode and of a level; None stands for every one."""
    return [
        clip
        for clip in clips
        if (mode is None or clip.mode == mode) and (level is None or clip.level == level)
    ]


def list_clips(
    mode: str | None, level: int | None, board: ScoreBoard
) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """Return the library with what the score board knows of each clip.

    Args:
        mode: only clips of this mode; None: of all.
        level: only clips of this level; None: of all.
        board: where the rounds are; one that cannot be read leaves the figures out.

    Returns:
        The rows as :func:`describe` makes them, and what is wrong with library or board.

    Raises:
        ClipError: when there is no library to list.
        UnknownModeError: when there is no such mode.
    """
    library = load_library()
    check_mode(mode, library)
    faults = list(library.faults)
    played: dict[str, ClipStatistics] | None = None
    try:
        played = {row.clip_id: row for row in board.clip_statistics()}
    except ScoreError as error:
        faults.append(f"How often each clip was played is not known: {error}")
    rows = []
    for clip in chosen(iter(library), mode, level):
        never = ClipStatistics(clip.clip_id, plays=0, losses=0, median_loss_s=None, voids=0)
        known = None if played is None else played.get(clip.clip_id, never)
        rows.append(describe(clip, known))
    return rows, tuple(faults)


def clip_table(rows: Sequence[dict[str, Any]]) -> Table:
    """Return the table of ``clips list``: each clip, how often it was played, how hard it is."""
    table = Table("clip", "title", "제목")
    for heading in ("s", "plays", "losses", "lost at"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("licence")
    table.add_column("from")
    for row in rows:
        cells = (
            row["id"],
            row["title_en"],
            row["title_ko"],
            f"{row['duration_s']:.1f}",
            *_played(row),
            row["licence"],
            "you" if row["own"] else "the game",
        )
        # A title may hold anything: it is shown, not taken for Rich's markup.
        table.add_row(*(Text(cell, overflow="fold") for cell in cells))
    return table


def _played(row: dict[str, Any]) -> tuple[str, str, str]:
    """Return plays, losses with their share, and the median second of the loss."""
    plays, losses, median_s = row["plays"], row["losses"], row["median_loss_s"]
    if plays is None:
        return "?", "?", "?"
    if not plays:
        return "0", "", ""
    share = f"{losses} ({100 * losses / plays:.0f}%)"
    return str(plays), share, "" if median_s is None else f"{median_s:.1f} s"


def describe(clip: Clip, played: ClipStatistics | None = None) -> dict[str, Any]:
    """Return one clip in the form that ``clips list --json`` prints.

    Args:
        clip: the clip.
        played: what the score board knows of it; None: it could not be asked.
    """
    return {
        "id": clip.clip_id,
        "mode": clip.mode,
        "level": clip.level,
        "title_en": clip.title_en,
        "title_ko": clip.title_ko,
        "duration_s": clip.duration_s,
        "licence": clip.licence,
        "author": clip.author,
        "own": clip.own,
        "file": str(clip.path),
        "thumbnail": str(clip.thumbnail) if clip.thumbnail.is_file() else None,
        "plays": None if played is None else played.plays,
        "losses": None if played is None else played.losses,
        "median_loss_s": None if played is None else played.median_loss_s,
    }


def check_library(watch: Callable[[str], Progress]) -> tuple[int, list[Fault]]:
    """Decode every clip, the shipped and the own ones, and hold it against the catalogue.

    Args:
        watch: called with each clip's id; what it returns is called with the share that is done.

    Returns:
        How many clips were looked at, and their faults.

    Raises:
        ClipError: when there is no library to look at.
    """
    library = load_library()
    faults = [_library_fault(line) for line in library.faults]
    for clip in library:
        faults += _clip_faults(clip, watch(clip.clip_id))
    return len(library), faults


def _library_fault(line: str) -> Fault:
    """Turn "file: what is wrong" into a row of the table."""
    where, colon, wrong = line.partition(": ")
    if not colon or not where.lower().endswith((CATALOGUE, *SUFFIXES)):
        return Fault("library", line, "Correct or restore it.")
    hint = _ADD_HINT if "not in" in wrong else "Remove the file or correct the catalogue."
    return Fault(where, wrong, hint)


def _clip_faults(clip: Clip, progress: Progress) -> Iterator[Fault]:
    if clip.sha256 and sha256_of(clip.path) != clip.sha256:
        yield Fault(clip.clip_id, "not the file that was added: its SHA-256 differs", _REPLACE_HINT)
    try:
        found = examine_clip(clip.path, progress)
    except ClipError as error:
        yield Fault(clip.clip_id, error.message, error.hint)
        return
    progress(1.0)
    if found.faults:
        yield Fault(clip.clip_id, ", ".join(found.faults), _ADD_HINT)
    if abs(found.duration_s - clip.duration_s) > _LENGTH_SLACK_S:
        yield Fault(
            clip.clip_id,
            f"{found.duration_s:.1f} s long; {CATALOGUE} says {clip.duration_s:.1f} s",
            "Correct the catalogue.",
        )
