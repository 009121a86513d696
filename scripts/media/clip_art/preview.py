"""Look at a clip before it is rendered: moments, brightness and sound on one page."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import skia
from numpy.typing import NDArray

from clip_art.kit import HEIGHT_PX, WIDTH_PX, Pen, Scene
from clip_art.tones import RATE_HZ

CELL_PX = (400, 225)
COLUMNS, ROWS = 4, 3
_STRIP_PX = 110
_LIGHT_HZ = 15


def write_preview(
    scene: Scene,
    samples: NDArray[np.floating],
    path: Path,
    from_s: float = 0.0,
    to_s: float | None = None,
) -> None:
    """Write twelve evenly spaced moments, the mean brightness and the sound as one PNG.

    Args:
        scene: the clip.
        samples: its sound, (n, 2) at 48 kHz, full scale -1..1.
        path: of the PNG.
        from_s: first moment looked at.
        to_s: last moment; the clip's end by default.
    """
    to_s = scene.duration_s if to_s is None else min(to_s, scene.duration_s)
    width, height = COLUMNS * CELL_PX[0], ROWS * CELL_PX[1]
    surface = skia.Surface(width, height + 2 * _STRIP_PX)
    page = surface.getCanvas()
    page.clear(0xFF202020)
    label = skia.Font(skia.Typeface("DejaVu Sans"), 15)
    for cell in range(COLUMNS * ROWS):
        t_s = from_s + (to_s - from_s) * (cell + 0.5) / (COLUMNS * ROWS)
        row, column = divmod(cell, COLUMNS)
        page.save()
        page.translate(column * CELL_PX[0], row * CELL_PX[1])
        page.clipRect(skia.Rect.MakeWH(CELL_PX[0] - 2, CELL_PX[1] - 2))
        page.save()
        page.scale(CELL_PX[0] / WIDTH_PX, CELL_PX[1] / HEIGHT_PX)
        page.drawColor(0xFF000000)
        scene.draw(Pen(page), t_s)
        page.restore()
        page.drawString(f"{t_s:.2f}", 6, 18, label, skia.Paint(Color=0xFFFF40FF, AntiAlias=True))
        page.restore()
    light = _brightness(scene, from_s, to_s)
    _plot(page, light, height, _STRIP_PX - 4, 0xFFFFD84D)
    heard = np.abs(samples[round(from_s * RATE_HZ) : round(to_s * RATE_HZ)]).max(axis=1)
    pieces = np.array([piece.max() for piece in np.array_split(heard, width)])
    _plot(page, pieces, height + _STRIP_PX, _STRIP_PX - 4, 0xFF7FD4FF)
    grid = skia.Paint(Color=0xFF707070)
    for second in range(int(from_s) + 1, int(to_s) + 1):
        x = (second - from_s) / (to_s - from_s) * width
        page.drawLine(x, height, x, height + 2 * _STRIP_PX, grid)
        page.drawString(str(second), x + 2, height + 12, label, skia.Paint(Color=0xFFB0B0B0))
    path.parent.mkdir(parents=True, exist_ok=True)
    surface.makeImageSnapshot().save(str(path), skia.kPNG)


def _brightness(scene: Scene, from_s: float, to_s: float) -> NDArray[np.float64]:
    """Return the mean brightness over time, 0..1, from very small pictures."""
    pixels = np.zeros((36, 64, 4), np.uint8)
    canvas = skia.Surface(pixels).getCanvas()
    canvas.scale(64 / WIDTH_PX, 36 / HEIGHT_PX)
    found = []
    for t_s in np.arange(from_s, to_s, 1 / _LIGHT_HZ):
        canvas.drawColor(0xFF000000)
        scene.draw(Pen(canvas), float(t_s))
        found.append(pixels[:, :, :3].mean() / 255)
    return np.array(found)


def _plot(
    page: skia.Canvas, values: NDArray[np.float64], top: float, height: float, colour: int
) -> None:
    """Draw bars for values 0..1 over the whole width."""
    wide = COLUMNS * CELL_PX[0] / len(values)
    paint = skia.Paint(Color=colour)
    for number, value in enumerate(values):
        tall = height * float(min(1.0, value))
        page.drawRect(
            skia.Rect.MakeXYWH(number * wide, top + height - tall, max(1.0, wide), tall), paint
        )
