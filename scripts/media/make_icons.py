"""Cut the game's icons out of Material Symbols (Apache 2.0), each grown to fill its square.

Needs the extra ``media`` (fonttools, brotli) and, unless a package is given, ``npm`` to fetch it::

    python scripts/media/make_icons.py
    python scripts/media/make_icons.py --package material-symbols-0.47.5.tgz
"""

from __future__ import annotations

import argparse
import io
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from make_font import fetch_package, read_member

from emotion_game.ui.icons import FONT, Icon, letters

SOURCE = "material-symbols@0.47.5"
SYMBOLS = "package/material-symbols-rounded.woff2"
LICENCE = "package/LICENSE"
#: The heaviest strokes there are: they stand beside extra bold type and thick outlines.
STROKES = {"wght": 700, "GRAD": 200, "opsz": 20}
#: An empty star with strokes as heavy looks half full.
OTHER_STROKES = {Icon.STAR_EMPTY: {"wght": 500, "GRAD": 0, "opsz": 24}}
EM = 1024
#: The longer side of an icon in shares of its square; heavy shapes are drawn smaller.
SIDE = 0.92
SMALLER = {
    Icon.PLAY: 0.72,
    Icon.STOP: 0.62,
    Icon.PAUSE: 0.68,
    Icon.QUIT: 0.78,
    Icon.BACK: 0.86,
    Icon.MINUS: 0.8,
    Icon.PLUS: 0.8,
    Icon.PENCIL: 0.84,
}


def grown(symbols: TTFont, kind: Icon) -> Any:
    """Return the symbol in the middle of the em square, grown until it fills it."""
    glyphs = symbols.getGlyphSet(location=OTHER_STROKES.get(kind, STROKES))
    bounds = BoundsPen(glyphs)
    glyphs[kind.value].draw(bounds)
    left, low, right, high = bounds.bounds
    scale = SMALLER.get(kind, SIDE) * EM / max(right - left, high - low)
    across, up = (EM - scale * (left + right)) / 2, (EM - scale * (low + high)) / 2
    pen = TTGlyphPen(None)
    glyphs[kind.value].draw(TransformPen(pen, (scale, 0, 0, scale, across, up)))
    return pen.glyph()


def build(symbols: TTFont) -> Any:
    """Return a font of square letters: ascent and width are the em."""
    glyphs = {".notdef": TTGlyphPen(None).glyph()}
    glyphs |= {kind.value: grown(symbols, kind) for kind in Icon}
    builder = FontBuilder(EM, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap({ord(letter): kind.value for kind, letter in letters().items()})
    builder.setupGlyf(glyphs)
    # What stands beside a letter must be said, or FreeType moves it to the left edge.
    left = {name: getattr(glyph, "xMin", 0) for name, glyph in glyphs.items()}
    builder.setupHorizontalMetrics({name: (EM, left[name]) for name in glyphs})
    builder.setupHorizontalHeader(ascent=EM, descent=0)
    builder.setupNameTable({"familyName": "Straight Face Icons", "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=EM, sTypoDescender=0, usWinAscent=EM, usWinDescent=0)
    builder.setupPost()
    builder.updateHead(created=0, modified=0)
    builder.font.recalcTimestamp = False
    return builder


def main() -> None:
    """Write the font and its licence into the package."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--package", type=Path, help=f"the npm archive of {SOURCE}")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        package = arguments.package or fetch_package(Path(scratch), SOURCE)
        with tarfile.open(package) as archive:
            symbols, licence = (read_member(archive, name) for name in (SYMBOLS, LICENCE))
    build(TTFont(io.BytesIO(symbols))).save(FONT)
    FONT.with_name("APACHE.txt").write_bytes(licence)
    print(f"{FONT}: {FONT.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
