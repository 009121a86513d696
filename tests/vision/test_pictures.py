"""Picture files as people have them: read upright as 8-bit BGR, or named in one line."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from emotion_game import paths
from emotion_game.errors import PictureError
from emotion_game.media import PICTURES
from emotion_game.vision.camera import read_video
from emotion_game.vision.pictures import UnreadFormatError, read_picture

#: EXIF tag 274.
ORIENTATION = 274


@pytest.fixture(scope="module")
def player() -> np.ndarray:
    """The demo player, (240, 320, 3) BGR."""
    _, picture = next(read_video(paths.VIDEOS / "demo_player.mp4"))
    return cv2.resize(picture, (320, 240), interpolation=cv2.INTER_AREA)


@pytest.fixture(scope="module")
def image(player: np.ndarray) -> Image.Image:
    return Image.fromarray(cv2.cvtColor(player, cv2.COLOR_BGR2RGB))


def fault_of(path: Path) -> PictureError:
    with pytest.raises(PictureError) as caught:
        read_picture(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("suffix", "mode"),
    [
        *((".jpg", mode) for mode in ("RGB", "L", "CMYK")),
        *((".png", mode) for mode in ("RGB", "L", "LA", "RGBA", "P")),
        *((".gif", mode) for mode in ("P", "L", "RGBA")),
        *((".avif", mode) for mode in ("RGB", "L", "RGBA")),
        *((".webp", mode) for mode in ("RGB", "RGBA")),
        *((".tiff", mode) for mode in ("RGB", "L", "CMYK", "RGBA", "P")),
        *((".bmp", mode) for mode in ("RGB", "L", "P")),
        (".jp2", "RGB"),
        (".ppm", "RGB"),
        (".pgm", "L"),
        (".jfif", "RGB"),
    ],
)
def test_every_format_and_kind_of_pixels_becomes_8_bit_bgr(tmp_path, player, image, suffix, mode):
    assert suffix in PICTURES.read
    path = tmp_path / f"플레이어{suffix}"
    kind = image.convert(mode)
    kind.save(path, format={".jfif": "JPEG", ".pgm": "PPM"}.get(suffix))
    seen = read_picture(path)
    assert (seen.shape, seen.dtype) == (player.shape, np.uint8)
    meant = np.asarray(kind.convert("RGB"))[:, :, ::-1]
    assert np.abs(seen.astype(int) - meant).mean() < 8


def test_16_bits_become_8(tmp_path, player):
    for suffix in (".png", ".tiff"):
        path = tmp_path / f"deep{suffix}"
        path.write_bytes(cv2.imencode(suffix, player.astype(np.uint16) * 257)[1].tobytes())
        np.testing.assert_array_equal(read_picture(path), player)


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".png", ".avif", ".tiff"])
def test_of_a_film_or_pages_the_first_picture_is_taken(tmp_path, player, image, suffix):
    path = tmp_path / f"moving{suffix}"
    image.save(path, save_all=True, append_images=[Image.new("RGB", image.size)])
    assert np.abs(read_picture(path).astype(int) - player).mean() < 8


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_come_upright(tmp_path, image, orientation):
    seen = []
    for suffix in (".jpg", ".png", ".webp", ".tiff", ".avif"):
        exif = Image.Exif()
        exif[ORIENTATION] = orientation
        path = tmp_path / f"turned{suffix}"
        image.save(path, exif=exif, quality=95)
        seen.append(read_picture(path).astype(int))
    assert seen[0].shape == ((240, 320, 3) if orientation < 5 else (320, 240, 3))
    assert max(np.abs(each - seen[0]).mean() for each in seen) < 4


@pytest.mark.parametrize(
    "suffix", [".jpg", ".png", ".gif", ".webp", ".avif", ".tiff", ".bmp", ".jp2"]
)
def test_a_picture_cut_short_is_damaged(tmp_path, image, suffix):
    path = tmp_path / f"cut{suffix}"
    image.save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    assert "is not a readable picture" in str(fault_of(path))


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"])
def test_an_unreadable_picture_is_named(tmp_path, content):
    path = tmp_path / "broken.png"
    path.write_bytes(content)
    assert "is not a readable picture" in str(fault_of(path))


def test_a_missing_picture_and_a_folder_are_named(tmp_path):
    fault_of(tmp_path / "none.png")
    fault_of(tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "format_"),
    [
        ("phone.heic", b"\0\0\0\x18ftypheic", "HEIC"),
        ("phone.jpg", b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "HEIC"),
        ("logo.svg", b'<?xml version="1.0"?>\n<!-- drawn -->\n<svg/>', "SVG"),
        ("layers.psd", b"8BPS\0\x01", "Photoshop"),
        ("camera.nef", b"MM\0*\0\0\0\x08", "camera RAW"),
        ("camera.cr3", b"\0\0\0\x18ftypcrx ", "camera RAW"),
        ("new.jxl", b"\xff\x0a", "JPEG XL"),
    ],
)
def test_a_format_that_is_not_read_is_named_whatever_the_suffix(tmp_path, name, content, format_):
    path = tmp_path / name
    path.write_bytes(content)
    error = fault_of(path)
    assert isinstance(error, UnreadFormatError)
    assert error.format == format_


def test_the_content_counts_and_not_the_suffix(tmp_path, image):
    path = tmp_path / "sent.heic"
    image.save(path, format="JPEG")
    assert read_picture(path).shape == (240, 320, 3)


def test_a_picture_too_large_for_the_memory_is_refused_by_its_header(tmp_path):
    def chunk(kind: bytes, content: bytes) -> bytes:
        sum_ = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + sum_

    header = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 0, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(99)))
    path = tmp_path / "bomb.png"
    path.write_bytes(bomb + chunk(b"IEND", b""))
    # In a process of its own: OpenCV reads its bound when it is loaded.
    code = (
        "import sys; from pathlib import Path; from emotion_game.vision.pictures import *\n"
        "try: read_picture(Path(sys.argv[1]))\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, check=True)
    said = io.TextIOWrapper(io.BytesIO(done.stdout), "utf-8").read().strip()
    assert said.startswith("PictureError")
    assert "it has more than 268435456 pixels" in said
