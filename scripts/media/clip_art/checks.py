"""Hold a finished clip against what the game asks of it: size, length, sound and flashes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from clip_art.kit import FPS, HEIGHT_PX, WIDTH_PX
from emotion_game.clips.examine import examine_clip
from emotion_game.clips.loudness import Loudness

LENGTH_S = (10.0, 25.0)
#: ITU-R BT.1702-3: at most three flashes in any second, where a flash is a pair of opposing
#: changes of at least 20 cd/m2 over a quarter of the picture, the darker side below 160 cd/m2.
MOST_FLASHES = 3
_CHANGE, _DARK, _AREA = 20 / 200, 160 / 200, 0.25
_GRID_PX = (64, 36)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was measured of one clip, and what is wrong with it ("" for nothing)."""

    seconds: float
    loudness: Loudness | None
    flashes: int
    megabytes: float
    fault: str


def check_clip(path: Path) -> Finding:
    """Decode a clip whole and measure it.

    Raises:
        ClipError: when it does not decode.
    """
    found = examine_clip(path)
    flashes = most_flashes(path)
    faults = list(found.faults)
    if (found.width, found.height) != (WIDTH_PX, HEIGHT_PX) or found.rate != FPS:
        faults.append(f"{found.width}x{found.height} at {float(found.rate):g} Hz")
    if not LENGTH_S[0] <= found.duration_s <= LENGTH_S[1]:
        faults.append(f"{found.duration_s:.1f} s long")
    if flashes > MOST_FLASHES:
        faults.append(f"{flashes} flashes in one second")
    return Finding(
        found.duration_s, found.loudness, flashes, path.stat().st_size / 1e6, ", ".join(faults)
    )


def most_flashes(path: Path) -> int:
    """Return the most flashes that a clip has in any one second."""
    with av.open(str(path)) as container:
        pictures = (
            np.asarray(frame.reformat(*_GRID_PX, "gray").to_ndarray(), np.uint8)
            for frame in container.decode(video=0)
        )
        return count_flashes(pictures, FPS)


def count_flashes(pictures: Iterable[NDArray[np.uint8]], rate_hz: float) -> int:
    """Count the flashes of a row of small grey pictures (uint8); return the worst second's."""
    extreme: NDArray[np.float64] | None = None
    rising: NDArray[np.bool_] | None = None
    turns: deque[tuple[float, bool]] = deque()
    worst = 0
    for number, picture in enumerate(pictures):
        light = (picture / 255.0) ** 2.2
        if extreme is None or rising is None:
            extreme, rising = light.copy(), np.ones(light.shape, bool)
            continue
        # A pixel turns when it has left its last extreme by more than a step, the other way.
        extreme = np.where(rising, np.maximum(extreme, light), np.minimum(extreme, light))
        up = ~rising & (light - extreme >= _CHANGE) & (extreme < _DARK)
        down = rising & (extreme - light >= _CHANGE) & (light < _DARK)
        for way, turned in ((True, up), (False, down)):
            if turned.mean() >= _AREA:
                turns.append((number / rate_hz, way))
            rising = np.where(turned, way, rising)
            extreme = np.where(turned, light, extreme)
        while turns and turns[0][0] <= number / rate_hz - 1.0:
            turns.popleft()
        ways = [way for _, way in turns]
        worst = max(worst, min(ways.count(True), ways.count(False)))
    return worst
