"""Clips in a ZIP file, to carry them from one booth to another; nothing in it is trusted."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationError

from emotion_game.clips.catalogue import ClipEntry
from emotion_game.clips.convert import write_thumbnail
from emotion_game.clips.examine import MAX_CLIP_BYTES, Progress, examine_clip
from emotion_game.clips.library import own_folder
from emotion_game.clips.own import (
    LONGEST_WORDS,
    AlreadyThereError,
    clean_words,
    own_catalogue,
    put_in_place,
    refuse_known,
    work_folder,
)
from emotion_game.errors import ClipError
from emotion_game.files import beside, decode_json, open_plain
from emotion_game.settings import StrictModel

MANIFEST = "manifest.json"
FORMAT = "emotion-game clips"
VERSION = 1

_MAX_CLIPS = 500
_MAX_MANIFEST_BYTES = 1 << 20
_MAX_PACK_BYTES = 8_000_000_000
#: Film is compressed already: what shrinks further than this is no film.
_MAX_RATIO = 100
_CHUNK_BYTES = 1 << 20
#: Free space to leave on the disk.
_SPARE_BYTES = 50_000_000
#: MODE/LEVEL/name-12345678.mp4: no way out of the folder, no name that some system reserves.
_FILE = re.compile(r"([^/]+)/[1-3]/[a-z0-9][a-z0-9-]{0,60}-([0-9a-f]{8})\.mp4")
#: 1980 is the first year that ZIP knows: the same clips make the same pack, byte for byte.
_ANY_DATE = (1980, 1, 1, 0, 0, 0)

#: What ``zipfile`` raises for data that is not what the archive's directory says.
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError)

_NOT_OURS_HINT = "Ask for it again, made with `emotion-game clips pack`."


def _line(words: str) -> str:
    cleaned = clean_words(words, LONGEST_WORDS)
    if not cleaned:
        raise ValueError("expected words that can be seen")
    return cleaned


Line = Annotated[str, AfterValidator(_line)]


class PackedClip(ClipEntry):
    """One clip of a pack: its catalogue entry and its size."""

    title_en: Line
    title_ko: Line
    licence: Line
    origin: Line
    author: Annotated[str, AfterValidator(lambda words: clean_words(words, LONGEST_WORDS))] = ""
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    source_sha256: str = Field(pattern="^[0-9a-f]{64}$")
    size_bytes: int = Field(gt=0, le=MAX_CLIP_BYTES)


class Manifest(StrictModel):
    """``manifest.json``: what the pack holds, and nothing else may be in it."""

    format: Literal["emotion-game clips"]
    version: Literal[1]
    clips: tuple[PackedClip, ...] = Field(min_length=1, max_length=_MAX_CLIPS)


@dataclass(frozen=True, slots=True)
class Installed:
    """What a pack brought, and what the library had already."""

    new: tuple[ClipEntry, ...]
    known: tuple[str, ...]


def pack_clips(
    out: Path,
    wanted: Collection[str],
    progress: Progress = lambda share: None,
) -> tuple[ClipEntry, ...]:
    """Write own clips into a new ZIP file, beside and then renamed.

    Args:
        out: the file to make.
        wanted: clip ids.
        progress: called with the share that is done, 0..1.

    Raises:
        ClipError: when the file is there, a clip is not an own one or has changed since it was
            added, or the file cannot be written.
    """
    folder = own_folder()
    entries = tuple(e for e in own_catalogue(folder).clip if e.clip_id in wanted)
    if unknown := set(wanted) - {entry.clip_id for entry in entries}:
        raise ClipError(
            f'"{min(unknown)}" is no clip that you have added.',
            hint="`emotion-game clips list` shows which are your own; the others come with"
            " every game.",
        )
    if not entries:
        raise ClipError(
            "There is no clip of yours to pack.", hint="Add some with `emotion-game clips add`."
        )
    if len(entries) > _MAX_CLIPS:
        raise ClipError(
            f"{len(entries)} clips are too many for one pack; it takes {_MAX_CLIPS}.",
            hint="Choose with --mode, --level or --id.",
        )
    if out.exists():
        raise ClipError(f"{out} is there already.", hint="Remove it, or choose another name.")
    try:
        with beside(out) as file, zipfile.ZipFile(file, "w") as archive:
            packed = []
            for number, entry in enumerate(entries):
                size = _store(archive, folder, entry)
                packed.append({**entry.model_dump(), "size_bytes": size})
                progress((number + 1) / len(entries))
            content = {"format": FORMAT, "version": VERSION, "clips": packed}
            text = json.dumps(content, ensure_ascii=False, indent=1)
            archive.writestr(zipfile.ZipInfo(MANIFEST, _ANY_DATE), text)
    except OSError as error:
        raise ClipError(
            f"The pack {out} cannot be written: {error.strerror or error}.",
            hint="Choose a folder with space that you may write.",
        ) from error
    return entries


def _store(archive: zipfile.ZipFile, folder: Path, entry: ClipEntry) -> int:
    """Copy one clip into the archive as it is; return its size in bytes."""
    path = folder / entry.file
    digest = hashlib.sha256()
    size = 0
    if not path.is_file():
        raise ClipError(f"{entry.file} is missing.", hint="Run `emotion-game clips check`.")
    info = zipfile.ZipInfo(entry.file, _ANY_DATE)
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    with path.open("rb") as clip, archive.open(info, "w", force_zip64=True) as member:
        while chunk := clip.read(_CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
            member.write(chunk)
    if digest.hexdigest() != entry.sha256:
        raise ClipError(
            f"{entry.file} is not the file that was added: its SHA-256 differs.",
            hint="Remove it with `emotion-game clips remove` and add it again.",
        )
    return size


def install_pack(pack: Path, progress: Progress = lambda share: None) -> Installed:
    """Put the clips of a pack into the user's library, all or none.

    Every file must be what the manifest says, to the byte, and decode whole; a clip that the
    library has already is passed over.

    Raises:
        ClipError: in one line, when the pack is not in order or cannot be installed.
    """
    folder = own_folder()
    catalogue = own_catalogue(folder)
    with ExitStack() as opened:
        try:
            archive = opened.enter_context(zipfile.ZipFile(opened.enter_context(open_plain(pack))))
        except OSError as error:
            raise ClipError(
                f"{pack} cannot be read: {error.strerror or error}.", hint="Check the path."
            ) from error
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise _refusal(pack, "is no ZIP file, or a damaged one") from error
        manifest = _read_manifest(pack, archive)
        members = _check_members(pack, archive, manifest.clips)
        known: list[str] = []
        new: list[PackedClip] = []
        for clip in manifest.clips:
            try:
                for digest in (clip.sha256, clip.source_sha256):
                    refuse_known(clip.file, digest, clip.size_bytes, catalogue)
            except AlreadyThereError:
                known.append(clip.clip_id)
            else:
                new.append(clip)
        if not new:
            return Installed((), tuple(known))
        with work_folder(folder) as work:
            _check_space(pack, folder, sum(clip.size_bytes for clip in new))
            for number, clip in enumerate(new):
                part = _part_of(progress, number, len(new))
                made = work / PurePosixPath(clip.file).name
                _extract(pack, archive, members[clip.file], clip, made)
                _check_clip(pack, made, clip, part)
                write_thumbnail(made, made.with_suffix(".jpg"))
            entries = [
                ClipEntry.model_validate(clip.model_dump(exclude={"size_bytes"})) for clip in new
            ]
            put_in_place(folder, work, entries)
    progress(1.0)
    return Installed(tuple(entries), tuple(known))


def _read_manifest(pack: Path, archive: zipfile.ZipFile) -> Manifest:
    try:
        info = archive.getinfo(MANIFEST)
    except KeyError:
        raise _refusal(pack, f"holds no {MANIFEST}: it is no pack of clips") from None
    if info.file_size > _MAX_MANIFEST_BYTES:
        raise _refusal(pack, f"has a {MANIFEST} of {info.file_size} bytes")
    try:
        content = decode_json(_open(pack, archive, info), MANIFEST, ClipError)
    except ClipError as error:
        raise _refusal(pack, f"has a {MANIFEST} that is no JSON in UTF-8") from error
    version = content.get("version") if isinstance(content, dict) else None
    if isinstance(version, int) and version > VERSION:
        raise ClipError(
            f"{pack.name} is a pack of version {version}; this game knows version {VERSION}.",
            hint="Install a newer game.",
        )
    try:
        manifest = Manifest.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "file"
        wrong = f"has a fault in {MANIFEST}: {key}: {first['msg']}"
        raise _refusal(pack, clean_words(wrong, LONGEST_WORDS)) from error
    for clip in manifest.clips:
        fits = _FILE.fullmatch(clip.file)
        if fits is None:
            raise _refusal(pack, f'names a file "{_shown(clip.file)}" where none belongs')
        if not clip.source_sha256.startswith(fits[2]):
            raise _refusal(pack, f"names {clip.file}, which does not fit its source's SHA-256")
    for kind, values in (
        ("name", [clip.file for clip in manifest.clips]),
        ("content", [clip.sha256 for clip in manifest.clips]),
    ):
        if len(set(values)) < len(values):
            raise _refusal(pack, f"lists two clips of the same {kind}")
    return manifest


def _check_members(
    pack: Path, archive: zipfile.ZipFile, clips: Sequence[PackedClip]
) -> dict[str, zipfile.ZipInfo]:
    """Hold the archive's own directory against the manifest, before anything is unpacked."""
    members: dict[str, zipfile.ZipInfo] = {}
    wanted = {clip.file: clip for clip in clips}
    total = 0
    for info in archive.infolist():
        name = info.filename
        shown = _shown(name)
        if name in members:
            raise _refusal(pack, f'holds "{shown}" twice')
        members[name] = info
        if name == MANIFEST:
            continue
        path = PurePosixPath(name)
        if name.startswith(("/", "\\")) or ".." in path.parts or "\\" in name or ":" in name:
            raise _refusal(pack, f'holds "{shown}", a path out of the clip folder')
        if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
            raise _refusal(pack, f'holds "{shown}", a link or folder and no plain file')
        if name not in wanted:
            raise _refusal(pack, f'holds "{shown}", which its {MANIFEST} does not list')
        if info.flag_bits & 0x1:
            raise _refusal(pack, f'holds "{shown}" encrypted')
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _refusal(pack, f'holds "{shown}" compressed in an unusual way')
        if info.file_size != wanted[name].size_bytes:
            raise _refusal(
                pack,
                f"holds {shown} of {info.file_size} bytes where its {MANIFEST} says"
                f" {wanted[name].size_bytes}",
            )
        if info.file_size > _MAX_RATIO * max(1, info.compress_size):
            raise _refusal(pack, f"holds {shown}, packed too tightly for a film")
        total += info.file_size
    if missing := wanted.keys() - members.keys():
        raise _refusal(pack, f"lacks {min(missing)}, which its {MANIFEST} lists")
    if total > _MAX_PACK_BYTES:
        raise _refusal(pack, f"unpacks to {total / 1e9:.1f} GB")
    return members


def _check_space(pack: Path, folder: Path, needed_bytes: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed_bytes + _SPARE_BYTES:
        raise ClipError(
            f"{pack.name} needs {needed_bytes / 1e6:.0f} MB, and the disk with {folder} has"
            f" {free / 1e6:.0f} MB free; nothing was installed.",
            hint="Free some space.",
        )


def _extract(
    pack: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo, clip: PackedClip, target: Path
) -> None:
    """Unpack one clip; never more of it than its manifest says."""
    digest = hashlib.sha256()
    size = 0
    with target.open("wb") as file:
        try:
            with archive.open(info) as member:
                while size <= clip.size_bytes and (chunk := member.read(_CHUNK_BYTES)):
                    size += len(chunk)
                    digest.update(chunk)
                    file.write(chunk)
        except _DAMAGE as error:
            raise _refusal(pack, f"is damaged at {clip.file}") from error
    if size != clip.size_bytes or digest.hexdigest() != clip.sha256:
        raise _refusal(pack, f"holds {clip.file} with another content than its SHA-256 says")


def _check_clip(pack: Path, made: Path, clip: PackedClip, progress: Progress) -> None:
    try:
        found = examine_clip(made, progress)
    except ClipError as error:
        raise _refusal(pack, f"holds a clip that is none: {error.message.rstrip('.')}") from error
    if found.faults:
        raise _refusal(
            pack, f"holds {clip.file} not as `clips add` makes it ({', '.join(found.faults)})"
        )


def _part_of(progress: Progress, number: int, count: int) -> Progress:
    return lambda share: progress((number + share) / count)


def _open(pack: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(info) as member:
            return member.read(_MAX_MANIFEST_BYTES)
    except (*_DAMAGE, OSError) as error:
        raise _refusal(pack, f"is damaged at {info.filename}") from error


def _shown(name: str) -> str:
    """Make a name that may hold anything fit for a line on a console."""
    return clean_words(name, 80)


def _refusal(pack: Path, why: str) -> ClipError:
    return ClipError(f"{pack.name} {why}; nothing was installed.", hint=_NOT_OURS_HINT)
