"""The clip library: what lies in the videos folder, and what its catalogue says about it."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pydantic import Field

from emotion_game import paths
from emotion_game.clips.probe import file_fault, probe_clip
from emotion_game.errors import ClipError, SettingsError
from emotion_game.game.types import LEVELS, Mode
from emotion_game.settings import StrictModel, load_settings

logger = logging.getLogger(__name__)

CATALOGUE = "catalogue.toml"
#: The film of the demo player stands in for a webcam; it lies here, but is no clip.
DEMO_FILM = "demo_player.mp4"
SUFFIXES = (".mp4", ".m4v", ".mov", ".webm", ".mkv", ".avi")

_FOLDER_HINT = "Put clips into videos/MODE/LEVEL/, e.g. videos/happy/1/, or run render_clips.py."


class ClipEntry(StrictModel):
    """One clip in the catalogue; ``file`` is MODE/LEVEL/name.mp4, relative to the catalogue."""

    file: str = Field(min_length=1)
    title_en: str = Field(min_length=1)
    title_ko: str = Field(min_length=1)
    duration_s: float = Field(gt=0)
    licence: str = Field(min_length=1)
    origin: str = Field(min_length=1)


class Catalogue(StrictModel):
    """``catalogue.toml``: one ``[[clip]]`` table a clip."""

    clip: tuple[ClipEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip that can be played.

    Attributes:
        clip_id: MODE/LEVEL/stem, e.g. "happy/1/dignified-duck".
        duration_s: length as the catalogue, or else the file, says.
        licence: SPDX identifier; "" for a file that is in no catalogue.
    """

    clip_id: str
    path: Path
    mode: Mode
    level: int
    title_en: str
    title_ko: str
    duration_s: float
    licence: str

    def title(self, language: str) -> str:
        """Return the title in "ko" or, for any other language, in English."""
        return self.title_ko if language == "ko" else self.title_en


class Library:
    """All clips that can be played, and what is wrong with the rest."""

    def __init__(self, clips: tuple[Clip, ...], faults: tuple[str, ...] = ()) -> None:
        self._clips = {clip.clip_id: clip for clip in sorted(clips, key=lambda c: c.clip_id)}
        self.faults = faults

    def clips(self, mode: Mode, level: int) -> tuple[Clip, ...]:
        """Return the clips of one mode and level, by name; possibly none."""
        return tuple(c for c in self._clips.values() if (c.mode, c.level) == (mode, level))

    def counts(self) -> Mapping[tuple[Mode, int], int]:
        """Return how many clips every mode and level has, 0 included."""
        found = Counter((clip.mode, clip.level) for clip in self._clips.values())
        return {(mode, level): found[mode, level] for mode in Mode for level in LEVELS}

    def get(self, clip_id: str) -> Clip:
        """Return one clip.

        Raises:
            ClipError: when the library has no clip of this name.
        """
        try:
            return self._clips[clip_id]
        except KeyError:
            raise ClipError(
                f'There is no clip "{clip_id}".', hint=f"There are: {', '.join(self._clips)}."
            ) from None

    def __len__(self) -> int:
        return len(self._clips)


def load_library(folder: Path = paths.VIDEOS) -> Library:
    """Read the catalogue and look which of its clips are there.

    A clip that is broken, missing or misplaced becomes a line in ``faults`` and is left out.
    A clip that only lacks its catalogue entry is a fault too, but plays, titled by its name.

    Raises:
        ClipError: when the folder or the catalogue is missing or unreadable, or when not one
            clip can be played.
    """
    if not folder.is_dir():
        raise ClipError(f"The videos folder {folder} does not exist.", hint=_FOLDER_HINT)
    catalogue = _read_catalogue(folder / CATALOGUE)
    clips: dict[str, Clip] = {}
    faults: list[str] = []
    for entry in catalogue.clip:
        place = _place(entry.file)
        if place is None:
            faults.append(f'{CATALOGUE}: "{entry.file}" is not MODE/LEVEL/name{SUFFIXES[0]}.')
        elif place[2] in clips:
            faults.append(f'{CATALOGUE}: "{place[2]}" is listed twice; the first one counts.')
        elif fault := file_fault(folder / entry.file):
            faults.append(f"{entry.file}: in the catalogue, but {fault}")
        else:
            mode, level, clip_id = place
            clips[clip_id] = Clip(
                clip_id=clip_id,
                path=folder / entry.file,
                mode=mode,
                level=level,
                title_en=entry.title_en,
                title_ko=entry.title_ko,
                duration_s=entry.duration_s,
                licence=entry.licence,
            )
    listed = {entry.file for entry in catalogue.clip}
    for file in _files_on_disk(folder):
        if file in listed:
            continue
        place = _place(file)
        if place is None:
            faults.append(f"{file}: not in a MODE/LEVEL folder; left out.")
            continue
        if place[2] in clips:
            faults.append(f"{file}: a clip of this name is there already; left out.")
            continue
        try:
            clips[place[2]] = clip_from_file(folder / file, place[0], place[1])
        except ClipError as error:
            faults.append(f"{file}: {error.message}")
        else:
            faults.append(f"{file}: not in {CATALOGUE}; played under its file name.")
    for fault in faults:
        logger.warning("%s", fault)
    if not clips:
        wrong = f" ({len(faults)} fault(s): {faults[0]})" if faults else ""
        raise ClipError(f"No clip in {folder} can be played{wrong}.", hint=_FOLDER_HINT)
    return Library(tuple(clips.values()), tuple(faults))


def clip_from_file(path: Path, mode: Mode, level: int) -> Clip:
    """Make a clip of any file, titled by its name; for ``--clip FILE``.

    Raises:
        ClipError: when the file is missing or does not decode.
    """
    probe = probe_clip(path)
    return Clip(
        clip_id=f"{mode}/{level}/{path.stem}",
        path=path,
        mode=mode,
        level=level,
        title_en=path.stem,
        title_ko=path.stem,
        duration_s=probe.duration_s,
        licence="",
    )


def _read_catalogue(path: Path) -> Catalogue:
    if not path.is_file():
        raise ClipError(
            f"The clip catalogue {path} is missing.", hint="Restore it, or run render_clips.py."
        )
    try:
        return load_settings(path, Catalogue)
    except SettingsError as error:
        raise ClipError(error.message, hint="Correct the catalogue.") from error


def _place(file: str) -> tuple[Mode, int, str] | None:
    """Split MODE/LEVEL/name.mp4 into mode, level and clip id; None for anything else."""
    parts = file.split("/")
    suffix = PurePosixPath(file).suffix.lower()
    if len(parts) != 3 or suffix not in SUFFIXES or "\\" in file:
        return None
    mode, level, name = parts
    if mode not in {m.value for m in Mode} or level not in {str(number) for number in LEVELS}:
        return None
    return Mode(mode), int(level), f"{mode}/{level}/{name[: -len(suffix)]}"


def _files_on_disk(folder: Path) -> list[str]:
    """Return every file that looks like a clip, as MODE/LEVEL/name with forward slashes.

    Hidden files are left alone: macOS leaves ``._name.mp4`` on foreign disks, and the clip
    script writes beside before it renames.
    """
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path != folder / DEMO_FILM
        and path.suffix.lower() in SUFFIXES
        and not path.name.startswith(".")
        and path.is_file()
    )
