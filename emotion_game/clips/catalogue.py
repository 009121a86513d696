"""``catalogue.toml``: what a library of clips says about each of its files."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from pydantic import Field

from emotion_game.errors import ClipError, SettingsError
from emotion_game.game.modes import is_mode_name
from emotion_game.game.types import LEVELS
from emotion_game.settings import StrictModel, load_settings

CATALOGUE = "catalogue.toml"
SUFFIXES = (".mp4", ".m4v", ".mov", ".webm", ".mkv", ".avi")

_HEADER = (
    "# Every clip of this folder: file (MODE/LEVEL/name, relative to this file), titles, length,\n"
    "# licence and origin. `emotion-game clips add` writes it; titles may be edited by hand.\n"
)


class ClipEntry(StrictModel):
    """One clip in the catalogue; ``file`` is MODE/LEVEL/name.mp4, relative to the catalogue.

    Attributes:
        licence: SPDX identifier or free words.
        author: who made it; "" when nobody said.
        sha256: of the file here, hex; "" for a clip that came with the game.
        source_sha256: of the file it was made from, hex; "" likewise.
    """

    file: str = Field(min_length=1)
    title_en: str = Field(min_length=1)
    title_ko: str = Field(min_length=1)
    duration_s: float = Field(gt=0)
    licence: str = Field(min_length=1)
    origin: str = Field(min_length=1)
    author: str = ""
    sha256: str = Field(default="", pattern="^([0-9a-f]{64})?$")
    source_sha256: str = Field(default="", pattern="^([0-9a-f]{64})?$")

    @property
    def clip_id(self) -> str:
        """MODE/LEVEL/stem."""
        return self.file[: -len(PurePosixPath(self.file).suffix)]


class Catalogue(StrictModel):
    """``catalogue.toml``: one ``[[clip]]`` table a clip."""

    clip: tuple[ClipEntry, ...] = ()


def read_catalogue(folder: Path) -> Catalogue:
    """Read the catalogue of a folder.

    Raises:
        ClipError: when it is missing, unreadable or has faults.
    """
    path = folder / CATALOGUE
    if not path.is_file():
        raise ClipError(
            f"The clip catalogue {path} is missing.", hint="Restore it, or run render_clips.py."
        )
    try:
        return load_settings(path, Catalogue)
    except SettingsError as error:
        raise ClipError(error.message, hint="Correct the catalogue.") from error


def write_catalogue(folder: Path, entries: Iterable[ClipEntry]) -> None:
    """Write the catalogue of a folder, in the order of the files, beside and then renamed.

    Raises:
        OSError: when the folder cannot be written.
    """
    tables = (
        "\n[[clip]]\n"
        # A JSON string or number is a TOML string or number, too.
        + "".join(
            f"{key} = {json.dumps(value, ensure_ascii=False)}\n"
            for key, value in entry.model_dump(exclude_defaults=True).items()
        )
        for entry in sorted(entries, key=lambda entry: entry.file)
    )
    beside = folder / f".{CATALOGUE}.part"
    try:
        beside.write_text(_HEADER + "".join(tables), encoding="utf-8")
        beside.replace(folder / CATALOGUE)
    finally:
        beside.unlink(missing_ok=True)


def place_of(file: str) -> tuple[str, int, str] | None:
    """Split MODE/LEVEL/name.mp4 into mode, level and clip id; None for anything else."""
    parts = file.split("/")
    suffix = PurePosixPath(file).suffix.lower()
    if len(parts) != 3 or suffix not in SUFFIXES or "\\" in file:
        return None
    mode, level, name = parts
    if not is_mode_name(mode) or level not in {str(number) for number in LEVELS}:
        return None
    return mode, int(level), f"{mode}/{level}/{name[: -len(suffix)]}"
