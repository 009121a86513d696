"""Cut the game's two fonts out of Pretendard (OFL 1.1) and give them a name of their own.

Needs the extra ``media`` (fonttools) and, unless a package is given, ``npm`` to fetch it::

    python scripts/media/make_font.py
    python scripts/media/make_font.py --package pretendard-1.3.9.tgz
"""

from __future__ import annotations

import argparse
import io
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from emotion_game.paths import FONTS

SOURCE = "pretendard@1.3.9"
STATIC = "package/dist/public/static/"
LICENCE = "package/dist/LICENSE.txt"
WEIGHTS = ("ExtraBold", "Medium")
#: The licence reserves the name "Pretendard" for the unmodified fonts.
FAMILY = "Straight Face Sans"

CODE_POINTS = (
    *range(0x0020, 0x007F),  # Basic Latin
    *range(0x00A0, 0x0180),  # Latin-1, Latin Extended-A
    *range(0x2000, 0x2070),  # punctuation
    *range(0x20A0, 0x20C0),  # currency
    *range(0x2190, 0x2200),  # arrows
    *range(0x2460, 0x27C0),  # circled numbers, boxes, stars, hearts, notes, signs
    *range(0x3000, 0x3040),  # CJK punctuation
    *range(0x3130, 0x3190),  # Hangul compatibility Jamo
    *range(0x1100, 0x1200),  # Hangul Jamo
    *range(0xAC00, 0xD7A4),  # all Hangul syllables, KS X 1001's 2350 among them
    *range(0xFF00, 0xFFEF),  # full-width forms
)


def fetch_package(folder: Path, source: str = SOURCE) -> Path:
    """Download the npm package into ``folder`` and return the archive's path."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit(f"npm is not installed; fetch {source} elsewhere and pass --package FILE")
    done = subprocess.run(
        [npm, "pack", source, "--silent"], cwd=folder, check=True, capture_output=True, text=True
    )
    return folder / done.stdout.split()[-1]


def cut(data: bytes, weight: str) -> TTFont:
    """Return the font in ``data`` reduced to ``CODE_POINTS`` and renamed to ``FAMILY``."""
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    options = Options()
    options.layout_features = ["kern", "ccmp", "locl", "tnum"]
    options.hinting = False  # half the size, and the game's type is large
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=CODE_POINTS)
    subsetter.subset(font)
    rename(font, weight)
    return font


def rename(font: TTFont, weight: str) -> None:
    """Replace the family name in the name and CFF tables; the copyright line stays."""
    post_script = f"{FAMILY.replace(' ', '')}-{weight}"
    full = f"{FAMILY} {weight}"
    texts = {1: full, 2: "Regular", 3: post_script, 4: full, 6: post_script}
    names = font["name"]
    for record in list(names.names):
        if record.nameID in texts:
            names.setName(
                texts[record.nameID],
                record.nameID,
                record.platformID,
                record.platEncID,
                record.langID,
            )
    cff = font["CFF "].cff
    cff.fontNames = [post_script]
    cff[0].FullName = full
    cff[0].FamilyName = FAMILY
    for part in getattr(cff[0], "FDArray", ()):
        part.FontName = post_script


def read_member(archive: tarfile.TarFile, name: str) -> bytes:
    """Return one file of the package."""
    file = archive.extractfile(name)
    if file is None:
        raise SystemExit(f"{name} of the package is a folder, not a file.")
    return file.read()


def main() -> None:
    """Write the fonts and their licence into the package."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--package", type=Path, help=f"the npm archive of {SOURCE}")
    parser.add_argument("--out", type=Path, default=FONTS, help="folder to write to")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        package = arguments.package or fetch_package(Path(scratch))
        with tarfile.open(package) as archive:
            members = {
                name: read_member(archive, name)
                for name in (LICENCE, *(f"{STATIC}Pretendard-{weight}.otf" for weight in WEIGHTS))
            }
    for weight in WEIGHTS:
        target = arguments.out / f"{FAMILY.replace(' ', '')}-{weight}.otf"
        cut(members[f"{STATIC}Pretendard-{weight}.otf"], weight).save(target)
        print(f"{target}: {target.stat().st_size / 1e6:.2f} MB")
    licence = members[LICENCE].decode().replace("\r\n", "\n")
    (arguments.out / "OFL.txt").write_text(licence, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
