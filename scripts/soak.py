"""Play visits as a booth does, one after another, and watch memory, threads and handles.

Each visit is whole: attract, notice, consent, camera on, a round to its end, camera off. The demo
player sits in front of the camera; nothing is shown. ``--speed`` lets the game's clock run faster::

    python scripts/soak.py --rounds 500 --speed 4 --json docs/soak.json
"""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import psutil
import typer

from emotion_game.cli import run_script
from emotion_game.errors import GameError

#: Visits before memory is compared: libraries load, and the bounded caches of pictures fill up.
WARM_UP = 20
MOST_GROWTH = 0.05
_LIMIT_S = 180.0
_ATTRACT_S = 1.5


def hurry(speed: float) -> None:
    """Make every clock of this process run ``speed`` times as fast, waits and all."""
    began_s, monotonic, sleep, wait = time.monotonic(), time.monotonic, time.sleep, _WAIT

    def fast_wait(self: threading.Condition, timeout: float | None = None) -> bool:
        return wait(self, None if timeout is None else timeout / speed)

    time.monotonic = lambda: began_s + (monotonic() - began_s) * speed
    time.sleep = lambda seconds: sleep(seconds / speed)
    threading.Condition.wait = fast_wait  # type: ignore[method-assign]


_WAIT = threading.Condition.wait


class Measures:
    """What the process holds after each visit."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self.rows: list[dict[str, float]] = []

    def take(self) -> None:
        """Measure now."""
        handles = getattr(self._process, "num_handles", None) or self._process.num_fds
        self.rows.append(
            {
                "rss_mib": round(self._process.memory_info().rss / 2**20, 1),
                "threads": self._process.num_threads(),
                "handles": handles(),
            }
        )

    def compare(self) -> dict[str, Any]:
        """Return the medians of the first and the last quarter after the warm-up."""
        rows = self.rows[WARM_UP:]
        quarter = max(1, len(rows) // 4)
        told: dict[str, Any] = {}
        for name in rows[0]:
            first = median(row[name] for row in rows[:quarter])
            last = median(row[name] for row in rows[-quarter:])
            told[name] = {"first": first, "last": last, "growth": round(last / first - 1, 4)}
        return told


class Visitor:
    """Plays one visit after another on a booth game."""

    def __init__(self, game: Any) -> None:
        self._game = game
        self.outcomes: dict[str, int] = {}

    def visit(self) -> None:
        """Come, agree, play one round, go."""
        from emotion_game.app.page import Page as GamePage
        from emotion_game.game.states import Finished
        from emotion_game.kiosk.flow import Page
        from emotion_game.screens.view import Intent

        game = self._game
        rest_s = time.monotonic() + _ATTRACT_S
        self._turn_until(lambda: time.monotonic() > rest_s)
        self._press(Intent.GO_ON)
        self._press(Intent.AGREE)
        self._turn_until(lambda: game.eyes.ready)
        rounds = len(game.results)
        game.start(time.monotonic())
        if game.page is not GamePage.ROUND:
            raise GameError("The round did not start.")
        self._turn_until(lambda: len(game.results) > rounds and isinstance(game.state, Finished))
        outcome = game.last_round.outcome.value
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1
        self._press(Intent.BACK)
        while game.booth.page is not Page.ATTRACT:
            self._press(Intent.BACK)

    def _press(self, intent: Any) -> None:
        self._game.obey(intent, time.monotonic())
        self._game._turn(time.monotonic())

    def _turn_until(self, over: Any) -> None:
        limit_s = time.monotonic() + _LIMIT_S
        while not over():
            if time.monotonic() > limit_s:
                raise GameError(f"Nothing came for {_LIMIT_S:.0f} s of the game's time.")
            self._game._turn(time.monotonic())
            time.sleep(1 / 60)


def run(
    rounds: Annotated[int, typer.Option(min=WARM_UP + 4, help="How many visits.")] = 500,
    speed: Annotated[float, typer.Option(min=0.1, max=10, help="The clock's speed.")] = 4.0,
    player: Annotated[str, typer.Option(help="pyav, vlc or auto.")] = "pyav",
    json_: Annotated[Path | None, typer.Option("--json", help="Write the figures here.")] = None,
) -> None:
    """Soak, tell the figures, and exit with 1 if something grows."""
    os.environ.setdefault("SDL_AUDIODRIVER", "dummy")
    hurry(speed)
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("DATA", "CONFIG", "STATE", "CACHE"):
            os.environ[f"XDG_{kind}_HOME"] = str(Path(folder) / kind)
        figures = _soak(rounds, player)
    figures = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": " ".join(["scripts/soak.py", *sys.argv[1:]]),
        "system": platform.platform(),
        "speed": speed,
        **figures,
    }
    text = json.dumps(figures, indent=1)
    print(text)
    if json_ is not None:
        json_.write_text(text + "\n", encoding="utf-8")
    grown = figures["compared"]
    if grown["rss_mib"]["growth"] >= MOST_GROWTH:
        raise GameError(f"Memory grew by {grown['rss_mib']['growth']:.1%}.")
    for name in ("threads", "handles"):
        # A thread that is just ending, or the database's file that is just open, is no growth.
        if grown[name]["last"] > grown[name]["first"] + 2:
            raise GameError(f"The number of {name} grew.")


def _soak(rounds: int, player: str) -> dict[str, Any]:
    from emotion_game.app.setup import PlayOptions
    from emotion_game.attendant import Nobody
    from emotion_game.kiosk.booth import BoothGame
    from emotion_game.kiosk.settings import kiosk_file, load_kiosk_settings

    settings = load_kiosk_settings(kiosk_file())
    update = {"camera": "demo", "player": player, "modes": ("happy",), "rounds_per_player": 1}
    offer = settings.game.model_validate({**settings.game.model_dump(), **update})
    settings = settings.model_copy(update={"game": offer})
    options = PlayOptions(camera="demo", player=offer.player, offscreen=True, scores=True, seed=1)
    game = BoothGame(settings, Nobody(), options)
    measures, visitor = Measures(), Visitor(game)
    began_s = time.perf_counter()
    with game.stack:
        game._load()
        game.wants_start = False
        for number in range(rounds):
            visitor.visit()
            measures.take()
            if number % 10 == 9:
                print(f"{number + 1}: {measures.rows[-1]}", file=sys.stderr, flush=True)
    return {
        "rounds": rounds,
        "wall_s": round(time.perf_counter() - began_s, 1),
        "outcomes": visitor.outcomes,
        "compared": measures.compare(),
        "every": measures.rows[:: max(1, rounds // 50)],
    }


if __name__ == "__main__":
    run_script(run)
