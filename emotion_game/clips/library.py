"""The clip library: what lies in the videos folder, and what its catalogue says about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import platformdirs

from emotion_game import paths
from emotion_game.clips.catalogue import CATALOGUE, SUFFIXES, Catalogue, place_of, read_catalogue
from emotion_game.clips.probe import file_fault, probe_clip
from emotion_game.errors import ClipError
from emotion_game.media import FILMS, look_below

#: The film of the demo player stands in for a webcam; it lies here, but is no clip.
DEMO_FILM = "demo_player.mp4"

_FOLDER_HINT = "Put clips into videos/MODE/LEVEL/, e.g. videos/happy/1/, or run render_clips.py."


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip that can be played.

    Attributes:
        clip_id: MODE/LEVEL/stem, e.g. "happy/1/dignified-duck".
        duration_s: length as the catalogue, or else the file, says.
        licence: SPDX identifier or free words; "" for a file that is in no catalogue.
        author: who made it; "" when nobody said.
        sha256: of the file, hex; "" when the catalogue does not say.
        own: whether the user added it; else it came with the game.
    """

    clip_id: str
    path: Path
    mode: str
    level: int
    title_en: str
    title_ko: str
    duration_s: float
    licence: str
    author: str = ""
    sha256: str = ""
    own: bool = False

    @property
    def thumbnail(self) -> Path:
        """Where the thumbnail of an own clip lies (JPEG, at most 320x180); it may be missing."""
        return self.path.with_suffix(".jpg")

    def title(self, language: str) -> str:
        """Return the title in "ko" or, for any other language, in English."""
        return self.title_ko if language == "ko" else self.title_en


class Library:
    """All clips that can be played, and what is wrong with the rest."""

    def __init__(self, clips: tuple[Clip, ...], faults: tuple[str, ...] = ()) -> None:
        self._clips = {clip.clip_id: clip for clip in sorted(clips, key=lambda c: c.clip_id)}
        self.faults = faults

    def clips(self, mode: str, level: int) -> tuple[Clip, ...]:
        """Return the clips of one mode and level, by name; possibly none."""
        return tuple(c for c in self._clips.values() if (c.mode, c.level) == (mode, level))

    def counts(self) -> Counter[tuple[str, int]]:
        """Return how many clips each mode and level has; 0 for any that has none."""
        return Counter((clip.mode, clip.level) for clip in self._clips.values())

    def empty(self, places: Iterable[tuple[str, int]]) -> tuple[str, ...]:
        """Return those modes and levels that have no clip, as MODE/LEVEL."""
        counts = self.counts()
        return tuple(f"{mode}/{level}" for mode, level in places if not counts[mode, level])

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

    def __iter__(self) -> Iterator[Clip]:
        return iter(self._clips.values())

    def __len__(self) -> int:
        return len(self._clips)


def own_folder() -> Path:
    """Return where the clips of this user lie; it need not exist."""
    return platformdirs.user_data_path("emotion-game") / "clips"


def load_library(folder: Path | None = None) -> Library:
    """Read the catalogue and check which of its clips are there.

    A clip that is broken, missing or misplaced becomes a line in ``faults`` and is left out.
    A clip that only lacks its catalogue entry is a fault too, but plays, titled by its name.

    Args:
        folder: read this folder alone; by default the clips that come with the game are read
            together with the user's own ones. Own clips never keep the game from starting:
            whatever is wrong with their folder or catalogue is a fault, too.

    Raises:
        ClipError: when the folder or the catalogue is missing or unreadable, or when not one
            clip can be played.
    """
    shipped = folder or paths.VIDEOS
    if not shipped.is_dir():
        raise ClipError(f"The videos folder {shipped} does not exist.", hint=_FOLDER_HINT)
    clips: dict[str, Clip] = {}
    faults: list[str] = []
    _read_folder(shipped, read_catalogue(shipped), clips, faults, own=False)
    if folder is None:
        _read_own(own_folder(), clips, faults)
    if not clips:
        wrong = f" ({len(faults)} fault(s): {faults[0]})" if faults else ""
        raise ClipError(f"No clip in {shipped} can be played{wrong}.", hint=_FOLDER_HINT)
    return Library(tuple(clips.values()), tuple(faults))


def _read_own(folder: Path, clips: dict[str, Clip], faults: list[str]) -> None:
    try:
        if not folder.is_dir():
            return
        catalogue = Catalogue()
        if (folder / CATALOGUE).exists() or _files_on_disk(folder):
            try:
                catalogue = read_catalogue(folder)
            except ClipError as error:
                faults.append(f"{error.message} Your own clips play under their file names.")
        _read_folder(folder, catalogue, clips, faults, own=True)
    except OSError as error:
        faults.append(f"Your own clips in {folder} cannot be read: {error.strerror or error}.")


def _read_folder(
    folder: Path, catalogue: Catalogue, clips: dict[str, Clip], faults: list[str], *, own: bool
) -> None:
    """Add the clips of one folder to ``clips``, and what is wrong there to ``faults``."""
    for entry in catalogue.clip:
        place = place_of(entry.file)
        if place is None:
            faults.append(f'{CATALOGUE}: "{entry.file}" is not MODE/LEVEL/name{SUFFIXES[0]}.')
        elif place[2] in clips:
            where = "listed twice" if clips[place[2]].own == own else "the name of a shipped clip"
            faults.append(f'{CATALOGUE}: "{place[2]}" is {where}; the first one counts.')
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
                author=entry.author,
                sha256=entry.sha256,
                own=own,
            )
    listed = {entry.file for entry in catalogue.clip}
    for file in _files_on_disk(folder):
        if file in listed:
            continue
        place = place_of(file)
        if place is None:
            faults.append(f"{file}: not in a MODE/LEVEL folder; left out.")
            continue
        if place[2] in clips:
            faults.append(f"{file}: a clip of this name is there already; left out.")
            continue
        try:
            clip = clip_from_file(folder / file, place[0], place[1])
        except ClipError as error:
            faults.append(f"{file}: {error.message}")
        else:
            clips[place[2]] = replace(clip, own=own)
            faults.append(f"{file}: not in {CATALOGUE}; played under its file name.")


def clip_from_file(path: Path, mode: str, level: int) -> Clip:
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


def _files_on_disk(folder: Path) -> list[str]:
    """Return every file that looks like a clip, as MODE/LEVEL/name with forward slashes.

    Hidden files and folders are left alone: macOS leaves ``._name.mp4`` on foreign disks, and
    what writes clips writes them beside before it renames.
    """
    return [
        path.relative_to(folder).as_posix()
        for path in look_below(folder, FILMS).files
        if path != folder / DEMO_FILM and path.suffix.lower() in SUFFIXES
    ]
