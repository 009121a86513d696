"""One rule for which files of a folder are pictures or films, and what is left out."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final


@dataclass(frozen=True, slots=True)
class Kind:
    """What is looked for.

    Attributes:
        name: of several such files.
        read: suffixes, lower case, of what is read.
        unread: suffix -> format of what is such a file, but is not read.
    """

    name: str
    read: frozenset[str]
    unread: Mapping[str, str]


def _suffixes(words: str) -> list[str]:
    return [f".{word}" for word in words.split()]


PICTURES: Final = Kind(
    "pictures",
    # What OpenCV's wheel decodes; mpo is a JPEG with a second picture.
    frozenset(
        _suffixes(
            "jpg jpeg jpe jfif pjpeg pjp mpo png apng gif webp avif bmp dib tif tiff jp2 j2k"
            " pbm pgm ppm pnm pam ras sr"
        )
    ),
    {
        **dict.fromkeys(_suffixes("heic heics heif heifs hif"), "HEIC"),
        **dict.fromkeys(_suffixes("svg svgz"), "SVG"),
        **dict.fromkeys(_suffixes("psd psb"), "Photoshop"),
        **dict.fromkeys(
            _suffixes(
                "3fr arw cr2 cr3 crw dcr dng erf gpr iiq kdc mef mos mrw nef nrw orf pef raf raw"
                " rw2 rwl sr2 srf srw x3f"
            ),
            "camera RAW",
        ),
        **dict.fromkeys(_suffixes("jxr wdp hdp"), "JPEG XR"),
        ".jxl": "JPEG XL",
        ".exr": "OpenEXR",
        ".hdr": "Radiance HDR",
        ".tga": "Targa",
        ".pcx": "PCX",
        ".xcf": "GIMP",
        ".kra": "Krita",
        ".afphoto": "Affinity Photo",
    },
)

FILMS: Final = Kind(
    "films",
    frozenset(
        _suffixes(
            "mp4 m4v mov webm mkv avi gif ts mts m2ts mpg mpeg m2v vob wmv asf flv f4v 3gp 3g2 ogv"
            " mxf dv divx"
        )
    ),
    {
        ".swf": "Flash",
        ".braw": "Blackmagic RAW",
        ".r3d": "REDCODE RAW",
        ".crm": "Cinema RAW",
        ".insv": "Insta360",
    },
)

_TRASH: Final = {"$recycle.bin", "recycler", "recycled", "#recycle", "@recycle"}
_SYSTEM: Final = {
    *("__macosx", "@eadir", "system volume information", "lost+found"),
    *("thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", ".ds_store"),
}
_CHECKPOINT: Final = "-checkpoint"
_FOLDER: Final = "folder"
#: IO_REPARSE_TAG_MOUNT_POINT, which the module stat has on Windows alone.
_MOUNT_POINT: Final = 0xA0000003


@dataclass(frozen=True, slots=True)
class Found:
    """What lies below a folder.

    Attributes:
        files: those that count, in order of the paths.
        unread: such files in a format that is known, but not read; likewise.
        left_out: why others do not count -> how many.
    """

    files: tuple[Path, ...]
    unread: tuple[Path, ...]
    left_out: Counter[str] = field(default_factory=Counter)


def why_left_out(name: str) -> str:
    """Say why a file or folder of this name never counts when nobody has named it; "" if it does.

    Args:
        name: without its folder.
    """
    lowered = name.casefold()
    if lowered.startswith(".trash") or lowered in _TRASH:
        return "in the trash"
    if lowered.startswith("._") or lowered in _SYSTEM:
        return "of the system"
    if lowered == ".ipynb_checkpoints":
        return "as checkpoints"
    return "hidden" if name.startswith(".") else ""


def look_below(folder: Path, kind: Kind) -> Found:
    """Look for pictures or films below a folder, at whatever depth.

    The folder itself may have any name. Folders that are linked to are not entered: they lie
    elsewhere, or around the link itself. A folder that goes away meanwhile, as the work folders
    of other runs do, is no fault.

    Args:
        folder: where to look.
        kind: what to look for.

    Raises:
        OSError: when a folder that is there cannot be read for another reason than its rights.
    """
    files: list[Path] = []
    unread: list[Path] = []
    left_out: Counter[str] = Counter()
    waiting = [(folder, "")]
    while waiting:
        parent, why_parent = waiting.pop()
        try:
            with os.scandir(parent) as listing:
                entries = list(listing)
        except PermissionError:
            left_out["in locked folders"] += 1
            continue
        except (FileNotFoundError, NotADirectoryError):
            continue
        names = {entry.name.casefold() for entry in entries}
        for entry in entries:
            path = parent / entry.name
            suffix = path.suffix.lower()
            what = _what(entry)
            why = why_parent or why_left_out(entry.name)
            if what == _FOLDER:
                waiting.append((path, why))
            elif why or what:
                left_out[why or what] += 1
            elif _is_checkpoint(path, names):
                left_out["as checkpoints"] += 1
            elif suffix in kind.read:
                files.append(path)
            elif suffix in kind.unread:
                unread.append(path)
            else:
                left_out[f"as no {kind.name}"] += 1
    return Found(tuple(sorted(files)), tuple(sorted(unread)), left_out)


def describe(left_out: Mapping[str, int]) -> str:
    """Return one line of what was left out; "" when nothing was."""
    told = ", ".join(f"{count} {why}" for why, count in sorted(left_out.items()))
    return f"Left out: {told}." if told else ""


def _what(entry: os.DirEntry[str]) -> str:
    """Return ``_FOLDER`` for a folder of its own, "" for a file, else why it does not count."""
    try:
        found = entry.stat()
        own = entry.stat(follow_symlinks=False)
    except OSError:
        return "as broken links"
    if stat.S_ISDIR(found.st_mode):
        # Python 3.11 does not call a junction of Windows a link.
        junction = getattr(own, "st_reparse_tag", 0) == _MOUNT_POINT
        return "as linked folders" if entry.is_symlink() or junction else _FOLDER
    if getattr(found, "st_file_attributes", 0) & stat.FILE_ATTRIBUTE_HIDDEN:
        return "hidden"
    return "" if stat.S_ISREG(found.st_mode) else "as no plain files"


def _is_checkpoint(path: Path, names: Collection[str]) -> bool:
    """Return whether Jupyter made the file as a copy of another one beside it."""
    stem, found, rest = path.name.casefold().rpartition(_CHECKPOINT)
    return bool(found) and rest == path.suffix.casefold() and f"{stem}{rest}" in names
