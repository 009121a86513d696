"""Things that more than one clip shows."""

from __future__ import annotations

from clip_art.kit import Pen


def draw_bow(pen: Pen, x: float, y: float) -> None:
    """Draw a bow tie around (x, y)."""
    pen.poly([(x, y), (x - 58, y - 30), (x - 58, y + 30)], 0xC83C55)
    pen.poly([(x, y), (x + 58, y - 30), (x + 58, y + 30)], 0xC83C55)
    pen.oval(x, y, 17, 17, 0xE4566F, line=5)
