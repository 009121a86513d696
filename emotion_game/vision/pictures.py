"""Picture files of every format that OpenCV's wheel decodes; the others are named."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from emotion_game import MAX_PIXELS
from emotion_game.errors import PictureError
from emotion_game.files import open_plain
from emotion_game.media import PICTURES

# What OpenCV says of a broken picture on stderr is said here, in one line.
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)

#: No picture file of a camera or a phone is larger.
MAX_FILE_BYTES: Final = 500_000_000

_HINT: Final = "Give a JPEG, PNG, WebP, GIF, AVIF, TIFF or BMP file."
#: What a file of a format that is not read begins with, whatever it is called.
_SIGNATURES: Final = (
    # AVIF may begin like HEIC, but says among its brands that it is AVIF.
    (re.compile(rb"....ftyp(?!.{0,64}avi[fs])(hei|hev|mif1|msf1)", re.DOTALL), "HEIC"),
    (
        re.compile(rb"....ftypcrx |FUJIFILMCCD-RAW|II\*\0....CR|IIU\0|IIR[OS]", re.DOTALL),
        "camera RAW",
    ),
    (re.compile(rb"8BPS"), "Photoshop"),
    (
        re.compile(
            rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!DOCTYPE )?svg", re.DOTALL
        ),
        "SVG",
    ),
    (re.compile(rb"\xff\x0a|\0\0\0\x0cJXL \r\n\x87\n"), "JPEG XL"),
    (re.compile(rb"II\xbc"), "JPEG XR"),
    (re.compile(rb"v/1\x01"), "OpenEXR"),
    (re.compile(rb"#\?(RADIANCE|RGBE)"), "Radiance HDR"),
    (re.compile(rb"gimp xcf"), "GIMP"),
    (re.compile(rb"%PDF-"), "PDF"),
)
#: Most RAW files are TIFF; what OpenCV would read of them is a stamp-sized preview.
_TIFF: Final = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_HEAD_BYTES: Final = 1024


class UnreadFormatError(PictureError):
    """A picture is of a format that is known, but not read.

    Attributes:
        format: its name.
    """

    def __init__(self, path: Path, format_: str) -> None:
        super().__init__(
            f"{path} is a picture of the format {format_}, which is not read.",
            hint="Save it as JPEG or PNG.",
        )
        self.format = format_


def read_picture(path: Path) -> NDArray[np.uint8]:
    """Decode a picture file to (height, width, 3) uint8 BGR, upright by its EXIF tag.

    Gray, 16-bit, CMYK and indexed pictures become BGR, too; alpha is dropped. Of several pictures
    in a file the first is taken.

    Raises:
        UnreadFormatError: when it is of a format that is known, but not read.
        PictureError: when it is missing, damaged, too large or not a picture.
    """
    try:
        with open_plain(path) as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise PictureError(f"Cannot read the picture {path}: {why}.") from error
    if len(content) > MAX_FILE_BYTES:
        raise PictureError(f"{path} is larger than {MAX_FILE_BYTES} bytes.", hint=_HINT)
    if not content:
        raise PictureError(
            f"{path} is not a readable picture, it is empty.", hint="Copy it again, or remove it."
        )
    if format_ := _unread_format(path, content[:_HEAD_BYTES]):
        raise UnreadFormatError(path, format_)
    try:
        # From memory, since OpenCV's own reader fails on non-ASCII names on Windows.
        picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    except (cv2.error, MemoryError) as error:
        raise PictureError(f"{path} cannot be decoded: {_why(error)}.", hint=_HINT) from error
    if picture is None:
        raise PictureError(f"{path} is not a readable picture.", hint=f"Is it damaged? {_HINT}")
    return _upright(np.asarray(picture, dtype=np.uint8), content)


def _unread_format(path: Path, head: bytes) -> str:
    for signature, format_ in _SIGNATURES:
        if signature.match(head):
            return format_
    return PICTURES.unread.get(path.suffix.lower(), "") if head.startswith(_TIFF) else ""


def _why(error: Exception) -> str:
    """Return what OpenCV says as one line."""
    if isinstance(error, MemoryError):
        return "it is too large for the memory"
    text = " ".join(str(getattr(error, "err", "") or error).split())
    if "MAX_IMAGE" in text:
        return f"it has more than {MAX_PIXELS} pixels"
    return text


def _upright(picture: NDArray[np.uint8], content: bytes) -> NDArray[np.uint8]:
    """Turn an AVIF picture as its properties say; OpenCV does it for all other formats.

    The boxes irot and imir are of ISO/IEC 23008-12, 6.5.10 and 6.5.12.
    """
    if content[4:8] != b"ftyp":
        return picture
    properties, found, _ = content.partition(b"mdat")
    if not found:
        return picture
    if turns := re.search(rb"\0\0\0\x09irot(.)", properties, re.DOTALL):
        picture = np.asarray(np.rot90(picture, turns[1][0] & 3), dtype=np.uint8)
    if mirror := re.search(rb"\0\0\0\x09imir(.)", properties, re.DOTALL):
        picture = np.asarray(np.flip(picture, mirror[1][0] & 1), dtype=np.uint8)
    return np.ascontiguousarray(picture)
