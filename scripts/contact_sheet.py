"""Draw every screen with made-up players, to be looked at: one PNG for each, and sheets.

Needs no display::

    python scripts/contact_sheet.py --out runs/contact
    python scripts/contact_sheet.py --out runs/contact --sizes 3840x2160 --only playing
    python scripts/contact_sheet.py --out runs/contact --high-contrast
    python scripts/contact_sheet.py --out runs/contact --sizes 3840x2160 --time
"""

from __future__ import annotations

import argparse
import time
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from sample_views import ALL_MODES, samples

from emotion_game.ui.view import View
from emotion_game.ui.window import Window

SIZES = ("1280x720", "1920x1080", "1080x1920")


def sheet(pictures: list[Path], columns: int = 3, width_px: int = 640) -> NDArray[np.uint8]:
    """Return the pictures, all of one size, scaled to ``width_px`` and set in rows."""
    small = []
    for path in pictures:
        picture = cv2.imread(str(path))
        assert picture is not None, path
        scale = width_px / picture.shape[1]
        small.append(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    small += [np.zeros_like(small[0])] * (-len(small) % columns)
    rows = [np.hstack(small[i : i + columns]) for i in range(0, len(small), columns)]
    return np.vstack(rows).astype(np.uint8)


def draw_times_ms(window: Window, view: View, draws: int = 60) -> NDArray[np.float64]:
    """Return the processor time of so many draws in motion, without the first five.

    A new picture of camera and clip comes with every second draw, as at 30 Hz.
    """
    base = view.camera.picture
    pictures = [None if base is None else base.copy() for _ in range(2)]
    counted = "frame_id" in {each.name for each in fields(view.screen)}
    spent_ms = []
    for number in range(draws + 5):
        camera = replace(view.camera, picture=pictures[number // 2 % 2])
        values: dict[str, Any] = {"frame_id": number // 2} if counted else {}
        moving = replace(view, camera=camera, screen=replace(view.screen, **values))
        began_s = time.thread_time()
        window.draw(moving)
        spent_ms.append((time.thread_time() - began_s) * 1000)
        time.sleep(0.005)  # the moving parts are somewhere else the next time
    return np.array(spent_ms[5:])


def main() -> None:
    """Write the pictures and one sheet for each language and size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--sizes", nargs="+", default=SIZES, help="WIDTHxHEIGHT in px")
    parser.add_argument("--languages", nargs="+", choices=["en", "ko"], default=["en", "ko"])
    parser.add_argument("--only", default="", help="screens whose name begins so")
    parser.add_argument("--high-contrast", action="store_true")
    parser.add_argument("--time", action="store_true", help="measure the drawing, too")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    suffix = "-contrast" if arguments.high_contrast else ""
    for size in arguments.sizes:
        width, height = map(int, size.split("x"))
        window = Window(ALL_MODES, (width, height), offscreen=True)
        for language in arguments.languages:
            pictures = []
            for name, view in samples(language):
                if not name.startswith(arguments.only):
                    continue
                path = arguments.out / f"{size}-{language}-{name}{suffix}.png"
                # Without motion: the same pictures each time, and no screen half wiped in.
                still = replace(view, reduced_motion=True, high_contrast=arguments.high_contrast)
                window.draw(still)
                window.screenshot(path)
                pictures.append(path)
                if arguments.time:
                    p50, p95 = np.percentile(draw_times_ms(window, view), (50, 95))
                    print(f"{size} {language} {name}: draw p50 {p50:.1f} ms, p95 {p95:.1f} ms")
            target = arguments.out / f"sheet-{size}-{language}{suffix}.png"
            columns, width_px = (6, 320) if height > width else (3, 640)
            cv2.imwrite(str(target), sheet(pictures, columns, width_px))
            print(target)
        window.close()


if __name__ == "__main__":
    main()
