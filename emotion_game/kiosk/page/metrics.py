"""The figures for Prometheus."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from emotion_game.kiosk.supervisor import Show, Snapshot


class _Source(Protocol):
    def snapshot(self) -> Snapshot: ...


_GAUGES: tuple[tuple[str, str, Callable[[Snapshot], float | None]], ...] = (
    ("up", "The game runs and gives signs of life.",
     lambda now: float(now.show is Show.GAME and now.running)),
    ("out_of_service", "The booth is broken or switched off.",
     lambda now: float(now.show in {Show.BROKEN, Show.SWITCHED_OFF})),
    ("silence_seconds", "Time since the newest sign of life.", lambda now: now.silent_s),
    ("up_seconds", "How long the process has run.", lambda now: now.up_s),
    ("memory_bytes", "Resident memory of the game.",
     lambda now: None if now.memory_mib is None else now.memory_mib * 2**20),
    ("camera_working", "Pictures come from the camera.",
     lambda now: None if now.status is None else float(now.status.camera_working)),
    ("readings_per_second", "Pictures that were read, a second.",
     lambda now: None if now.status is None else now.status.frame_rate_hz),
    ("rounds", "Rounds finished since the game's start.",
     lambda now: None if now.status is None else now.status.rounds),
    ("waiting_results", "Results that are not in the database yet.",
     lambda now: None if now.status is None else now.status.waiting_results),
    ("faults", "Faults that game and supervisor tell of.", lambda now: len(now.all_faults)),
    ("free_bytes", "Least free space where the game keeps things.",
     lambda now: None if now.free_mb is None else now.free_mb * 1e6),
)  # fmt: skip
_COUNTERS: tuple[tuple[str, str, Callable[[Snapshot], float]], ...] = (
    ("restarts", "Starts of the game after the first.", lambda now: now.restarts),
    ("failures", "Crashes and hangs of the game.", lambda now: now.failures),
)


class BoothCollector(Collector):
    """Reads the booth whenever Prometheus asks.

    Args:
        booth: the supervisor.
    """

    def __init__(self, booth: _Source) -> None:
        self._booth = booth

    def collect(self) -> Iterator[GaugeMetricFamily | CounterMetricFamily]:
        """See :class:`prometheus_client.registry.Collector`; what is not known is left out."""
        now = self._booth.snapshot()
        for name, about, read in _GAUGES:
            value = read(now)
            if value is not None:
                yield GaugeMetricFamily(f"emotion_game_{name}", about, value=value)
        for name, about, figure in _COUNTERS:
            yield CounterMetricFamily(f"emotion_game_{name}", about, value=figure(now))
