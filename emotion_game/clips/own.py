"""The user's own clips: checked, evened and put into a folder per user, beside the shipped ones."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from emotion_game import paths
from emotion_game.clips.catalogue import (
    CATALOGUE,
    Catalogue,
    ClipEntry,
    read_catalogue,
    write_catalogue,
)
from emotion_game.clips.convert import convert_clip, write_thumbnail
from emotion_game.clips.examine import Examination, Progress, check_header, examine_clip
from emotion_game.clips.library import own_folder
from emotion_game.errors import ClipError
from emotion_game.files import FULL, open_plain
from emotion_game.media import FILMS, look_below

UNKNOWN_LICENCE = "unknown — for private use"

_LONGEST_TITLE = 60
LONGEST_WORDS = 200
_LONGEST_SLUG = 40
#: Hex digits of the SHA-256 in a clip's name: the same film has one name on every booth.
_HASH_DIGITS = 8
_WORK_PREFIX = ".work-"
#: Beside the folder, so that the folder holds clips alone.
_LOCK = ".clips.lock"
_LOCK_LIMIT_S = 60.0
#: What a killed run left behind is removed once it is this old.
_STALE_S = 24 * 3600.0
#: Decoding twice and converting once: how much of the bar each is.
_EXAMINED, _CONVERTED = 0.3, 0.8
#: A converted clip is as long as the film, but for a picture or two.
_LENGTH_SLACK_S = 0.3


class AlreadyThereError(ClipError):
    """The clip is in the library."""


@dataclass(frozen=True, slots=True)
class About:
    """What the user says about a clip; "" where nothing was said."""

    title_en: str = ""
    title_ko: str = ""
    licence: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """A clip that came into the library, and what was done to it, in a few words."""

    entry: ClipEntry
    done: str


def find_films(paths: Sequence[Path], left_out: Counter[str] | None = None) -> Iterator[Path]:
    """Yield the given files and, in name order, every film below the given folders.

    A folder without films is yielded itself, so that it is reported and the rest still added.

    Args:
        paths: a file is tried whatever it is called, what lies in a folder by :mod:`media`.
        left_out: counts what is left out of the folders, by its reason.
    """
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        found = look_below(path, FILMS)
        yield from found.files or [path]
        if left_out is not None:
            left_out += found.left_out
            left_out.update(
                f"in {FILMS.unread[each.suffix.lower()]} (not read)" for each in found.unread
            )


def own_catalogue(folder: Path) -> Catalogue:
    """Read the catalogue of the own clips; none is an empty one.

    Raises:
        ClipError: when it is there, but has faults: it is not written over.
    """
    return read_catalogue(folder) if (folder / CATALOGUE).exists() else Catalogue()


def add_clip(
    source: Path,
    mode: str,
    level: int,
    about: About,
    progress: Progress = lambda share: None,
) -> Added:
    """Put a film into the user's library as a clip.

    A film that is as the library wants it is copied; any other one is made so. The clip, its
    thumbnail and its catalogue entry appear together at the end, or not at all.

    Args:
        source: the film; stays as it is.
        mode: which game it is for.
        level: 1..3.
        about: titles, licence and author; a title not given is made from the file's name.
        progress: called with the share that is done, 0..1.

    Raises:
        AlreadyThereError: when the library has this very film.
        ClipError: in one line, when the film does not decode whole, is too short or too long,
            or cannot be written.
    """
    folder = own_folder()
    catalogue = own_catalogue(folder)
    check_header(source)
    source_sha256 = sha256_of(source)
    refuse_known(source.name, source_sha256, size_of(source), catalogue)
    found = examine_clip(source, lambda share: progress(share * _EXAMINED))
    title = clean_words(_plain(source.stem), _LONGEST_TITLE)
    name = f"{_slug(source.stem)}-{source_sha256[:_HASH_DIGITS]}"
    title_en = clean_words(about.title_en or about.title_ko, _LONGEST_TITLE) or title or name
    title_ko = clean_words(about.title_ko or about.title_en, _LONGEST_TITLE) or title or name
    made_name = f"{name}.mp4"
    with work_folder(folder) as work, _told_of(source.name, made_name):
        made = work / made_name
        done = _done(found)
        if found.changes:
            length_s = found.duration_s
            span = _CONVERTED - _EXAMINED
            convert_clip(source, found, made, lambda share: progress(_EXAMINED + span * share))
            found = examine_clip(
                made, lambda share: progress(_CONVERTED + (1 - _CONVERTED) * share)
            )
            if found.faults or abs(found.duration_s - length_s) > _LENGTH_SLACK_S:
                wrong = ", ".join(found.faults) or f"{found.duration_s:.1f} s long"
                raise ClipError(
                    f"{source.name} could not be converted well: the result is {wrong}.",
                    hint="Export it again, as H.264 with AAC in .mp4.",
                )
        else:
            shutil.copyfile(source, made)
        write_thumbnail(made, made.with_suffix(".jpg"))
        entry = ClipEntry(
            file=f"{mode}/{level}/{name}.mp4",
            title_en=title_en,
            title_ko=title_ko,
            duration_s=round(found.duration_s, 2),
            licence=clean_words(about.licence, LONGEST_WORDS) or UNKNOWN_LICENCE,
            origin=clean_words(f"added from {source.name}", LONGEST_WORDS),
            author=clean_words(about.author, LONGEST_WORDS),
            sha256=sha256_of(made),
            source_sha256=source_sha256,
        )
        put_in_place(folder, work, [entry])
    progress(1.0)
    return Added(entry, done)


def remove_clip(clip_id: str) -> None:
    """Take an own clip out of the library: its file, its thumbnail and its catalogue entry.

    Raises:
        ClipError: when there is no own clip of this name, or it cannot be removed.
    """
    folder = own_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with library_lock(folder):
            catalogue = own_catalogue(folder)
            entries = [entry for entry in catalogue.clip if entry.clip_id == clip_id]
            if not entries:
                known = ", ".join(entry.clip_id for entry in catalogue.clip) or "none"
                raise ClipError(
                    f'You have added no clip "{clip_id}".',
                    hint=f"Clips that you have added: {known}.",
                )
            write_catalogue(folder, [entry for entry in catalogue.clip if entry.clip_id != clip_id])
            for entry in entries:
                (folder / entry.file).unlink(missing_ok=True)
                (folder / entry.file).with_suffix(".jpg").unlink(missing_ok=True)
    except OSError as error:
        raise _folder_error(folder, error) from error


def refuse_known(name: str, sha256: str, size_bytes: int, catalogue: Catalogue) -> None:
    """Refuse a film that the library has already, as it is or as what a clip was made from.

    Args:
        name: what the message calls it.
        sha256: of the file, hex.
        size_bytes: of the file; only shipped clips of this size are read.
        catalogue: of the own clips.

    Raises:
        AlreadyThereError: when it is there.
    """
    folder = own_folder()
    for entry in catalogue.clip:
        if sha256 in (entry.sha256, entry.source_sha256) and (folder / entry.file).is_file():
            raise AlreadyThereError(f"{name} is in the library already, as {entry.clip_id}.")
    for path in paths.VIDEOS.glob("*/*/*.mp4"):
        if path.stat().st_size == size_bytes and sha256_of(path) == sha256:
            raise AlreadyThereError(f"{name} comes with the game, as {path.stem}.")


def sha256_of(path: Path) -> str:
    """Return a file's SHA-256, hex.

    Raises:
        ClipError: when it cannot be read.
    """
    try:
        with open_plain(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(path, error) from error


def size_of(path: Path) -> int:
    """Return a file's size, bytes.

    Raises:
        ClipError: when it is not there any more.
    """
    try:
        return path.stat().st_size
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> ClipError:
    return ClipError(
        f"{path.name} cannot be read: {error.strerror or error}.", hint="Check the file."
    )


@contextmanager
def work_folder(folder: Path) -> Iterator[Path]:
    """Make a hidden folder beside the own clips, gone at the end whatever happens.

    Raises:
        ClipError: in the place of every OSError: the folder is read-only, the disk is full.
    """
    work: Path | None = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob(f"{_WORK_PREFIX}*"):
            # Another run may end and take its folder away between the listing and the check.
            with suppress(FileNotFoundError):
                if time.time() - old.stat().st_mtime > _STALE_S:
                    shutil.rmtree(old, ignore_errors=True)
        work = Path(tempfile.mkdtemp(prefix=_WORK_PREFIX, dir=folder))
        yield work
    except OSError as error:
        raise _folder_error(folder, error) from error
    finally:
        if work is not None:
            shutil.rmtree(work, ignore_errors=True)


def put_in_place(folder: Path, work: Path, entries: Sequence[ClipEntry]) -> None:
    """Move finished clips with their thumbnails from ``work`` into the library, all or none.

    Another run may have added to the library while this one decoded: the catalogue is read
    again, under a lock, and a film that came in meanwhile is refused.

    Raises:
        AlreadyThereError: when another run has added one of these films.
        ClipError: when the catalogue has faults, or another run holds the library.
        OSError: when something cannot be written; then nothing is left there.
    """
    with library_lock(folder):
        catalogue = own_catalogue(folder)
        for entry in entries:
            for digest in {entry.sha256, entry.source_sha256}:
                refuse_known(Path(entry.file).name, digest, -1, catalogue)
        _put_in_place(folder, work, entries, catalogue)


@contextmanager
def library_lock(folder: Path) -> Iterator[None]:
    """Keep other runs from changing the own clips; the system frees it when a run dies.

    Raises:
        ClipError: when another run holds it for longer than it takes to move a few files.
        OSError: when the folder cannot be written.
    """
    try:
        with FileLock(folder.with_name(_LOCK), timeout=_LOCK_LIMIT_S):
            yield
    except Timeout as error:
        raise ClipError(
            f"Another run has been changing the clips in {folder} for {_LOCK_LIMIT_S:.0f} s.",
            hint="Wait until it is done, or end it, and try again.",
        ) from error


def _put_in_place(
    folder: Path, work: Path, entries: Sequence[ClipEntry], catalogue: Catalogue
) -> None:
    moved: list[Path] = []
    try:
        for entry in entries:
            target = folder / entry.file
            target.parent.mkdir(parents=True, exist_ok=True)
            for suffix in (".jpg", ".mp4"):
                moved.append(target.with_suffix(suffix))
                (work / target.name).with_suffix(suffix).replace(target.with_suffix(suffix))
        files = {entry.file for entry in entries}
        kept = [entry for entry in catalogue.clip if entry.file not in files]
        write_catalogue(folder, [*kept, *entries])
    except BaseException:
        for path in moved:
            with suppress(OSError):
                path.unlink(missing_ok=True)
        raise


def clean_words(words: str, longest: int) -> str:
    """Return words in one line, composed (NFC), without characters that cannot be seen.

    Args:
        words: as a user typed them, or a file's name.
        longest: characters kept.
    """
    composed = unicodedata.normalize("NFC", words)
    seen = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in composed)
    return " ".join(seen.split())[:longest].strip()


@contextmanager
def _told_of(name: str, made_name: str) -> Iterator[None]:
    """Let a fault name the user's film, not the file that is made of it."""
    try:
        yield
    except ClipError as error:
        message = error.message.replace(made_name, name)
        raise type(error)(message, hint=error.hint) from error


def _plain(stem: str) -> str:
    """Turn a file's name into a title: no underscores, and no emoji, which the font lacks."""
    spaced = unicodedata.normalize("NFC", stem).replace("_", " ")
    return "".join(" " if unicodedata.category(c) in {"So", "Sk", "Mn"} else c for c in spaced)


def _slug(stem: str) -> str:
    """Turn a file's name into one that every file system, archive and console takes."""
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain)[:_LONGEST_SLUG].strip("-") or "clip"


def _done(found: Examination) -> str:
    """Say in a few words what is done to a clip and why."""
    if not found.changes:
        return "; ".join(("copied as it is", *found.remarks))
    if found.picture_faults or not found.copyable:
        what = "picture and sound converted"
    elif found.loudness is None:
        what = "a silent sound track added"
    else:
        what = "sound evened, picture copied"
    why = ", ".join(found.changes)
    quiet = found.loudness is not None and found.loudness.silent
    remarks = (*found.remarks, *(("its sound is all but silent",) if quiet else ()))
    return f"{what} ({'; '.join((why, *remarks))})"


def _folder_error(folder: Path, error: OSError) -> ClipError:
    if error.errno in FULL:
        return ClipError(
            f"The disk with {folder} is full; nothing was added.", hint="Free some space."
        )
    return ClipError(
        f"The clips in {folder} cannot be written: {error.strerror or error}.",
        hint="Make this folder writable, or run as the user who plays.",
    )
