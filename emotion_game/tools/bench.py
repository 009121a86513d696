"""``emotion-game bench``: how long each stage of the running game takes."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from typing import Any

import numpy as np
import psutil

from emotion_game.addresses import safe_name
from emotion_game.app import Game, PlayOptions, game_settings, open_services

_STAGES = (
    "capture",
    "detect",
    "track",
    "crop",
    "classify",
    "judge",
    "draw",
    "draw_clip",
    "frame",
    "capture_to_decision",
)
_MIB = 1024 * 1024


def bench(camera: str, seconds: float) -> dict[str, Any]:
    """Play real rounds offscreen for ``seconds`` and return what was measured.

    Returns:
        ``stages_ms`` (p50, p95, p99 and count of each stage; ``detect`` is a frame on which
        the detector was asked, ``track`` one that only followed motion; ``draw_clip`` is the screen
        with the playing clip, ``draw`` every other one; ``frame`` is one turn of the main
        loop, ``capture_to_decision`` the age of a picture when the rules have taken it),
        ``start_to_menu_s``, ``cpu_share`` (of all cores), ``peak_memory_mib``, ``outcomes``.

    Raises:
        CameraError: when the camera cannot be opened.
    """
    process = psutil.Process()
    peak = _PeakMemory(process)
    options = PlayOptions(
        mode=next(iter(game_settings(None).modes)),
        level=1,
        camera=camera,
        seed=1,
        offscreen=True,
        seconds=seconds,
        repeat=True,
    )
    game = Game(options, open_services(options))
    cpu_before_s, wall_before_s = sum(process.cpu_times()[:2]), time.perf_counter()
    rounds = game.run()
    cpu_s = sum(process.cpu_times()[:2]) - cpu_before_s
    wall_s = time.perf_counter() - wall_before_s
    return {
        "camera": safe_name(camera),
        "seconds": round(wall_s, 2),
        "cores": os.cpu_count(),
        "outcomes": dict(Counter(result.outcome.value for result in rounds)),
        "start_to_menu_s": round((game.menu_shown_s or time.time()) - process.create_time(), 3),
        "cpu_share": round(cpu_s / wall_s / (os.cpu_count() or 1), 3),
        "peak_memory_mib": round(peak.stop() / _MIB, 1),
        "stages_ms": {
            stage: _percentiles(list(game.services.timings.ms[stage]))
            for stage in _STAGES
            if game.services.timings.ms[stage]
        },
    }


def _percentiles(ms: list[float]) -> dict[str, float]:
    p50, p95, p99 = np.percentile(ms, [50, 95, 99])
    return {
        "p50": round(float(p50), 2),
        "p95": round(float(p95), 2),
        "p99": round(float(p99), 2),
        "count": len(ms),
    }


class _PeakMemory:
    """Watch the resident memory; no counter of the peak exists on every system."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self._peak: int = process.memory_info().rss
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="memory", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.wait(0.1):
            self._peak = max(self._peak, self._process.memory_info().rss)

    def stop(self) -> int:
        self._stop.set()
        self._thread.join()
        return self._peak
