"""Play visits as a booth does, one after another, and watch memory, threads and handles.

Each visit is whole: attract, notice, consent, camera on, a round to its end, camera off. The demo
player sits in front of the camera; nothing is shown. ``--speed`` lets the game's clock run faster::

    python scripts/soak.py --rounds 500 --speed 4 --json docs/soak.json

Judged is the second half of the visits: a straight line through each measure, least squares. It
must not rise by more than ``MOST_GROWTH`` in 500 visits, a day's worth, threads and handles not by
one in 100. A machine that is too slow for ``--speed`` makes rounds void ("starved": no reading of
the player in time), which is what the rules want of it; the outcomes tell the reason.
"""

from __future__ import annotations

import json
import math
import os
import platform
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean, linear_regression
from typing import Annotated, Any

import psutil
import typer

from emotion_game.cli import run_script
from emotion_game.errors import GameError

#: Growth of the memory that a day may bring, and its visits.
MOST_GROWTH = 0.05
DAY = 500
#: Growth of threads and handles in 100 visits that is no noise.
MOST_MORE = 1.0
#: Fewer visits say nothing of growth: caches still fill, and a line through them is noise.
FEWEST = 100
_LIMIT_S = 180.0
_ATTRACT_S = 1.5
#: A picture weighs the same at any rate; fewer of them leave the processor to the rounds.
_TURN_S = 1 / 20


def hurry(speed: float) -> None:
    """Make every clock of this process run ``speed`` times as fast, waits and all."""
    began_s, monotonic, sleep, wait = time.monotonic(), time.monotonic, time.sleep, _WAIT

    def fast_wait(self: threading.Condition, timeout: float | None = None) -> bool:
        return wait(self, None if timeout is None else timeout / speed)

    time.monotonic = lambda: began_s + (monotonic() - began_s) * speed
    time.sleep = lambda seconds: sleep(float(seconds) / speed)
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

    def compare(self) -> dict[str, dict[str, float]]:
        """Fit a line to the second half of each measure: its mean, and its rise in 100 visits."""
        half = self.rows[len(self.rows) // 2 :]
        told = {}
        for name in half[0]:
            values = [row[name] for row in half]
            slope = linear_regression(range(len(values)), values).slope if values[1:] else 0.0
            told[name] = {"mean": round(fmean(values), 1), "per_100": round(100 * slope, 3)}
        return told


class Visitor:
    """Plays one visit after another on a booth game."""

    def __init__(self, game: Any) -> None:
        self._game = game
        self.outcomes: dict[str, int] = {}

    def visit(self) -> None:
        """Come, agree, play one round, go."""
        from emotion_game.app.pages.round import RoundPage
        from emotion_game.game.states import Finished
        from emotion_game.ui.intents import Intent

        game = self._game
        rest_s = time.monotonic() + _ATTRACT_S
        self._turn_until(lambda: time.monotonic() > rest_s)
        self._press(Intent.GO_ON)
        self._press(Intent.AGREE)
        self._turn_until(lambda: game.feed.ready)
        rounds = len(game.results)
        game.start(time.monotonic())
        if not isinstance(game.pages.top, RoundPage):
            raise GameError("The round did not start.")
        engine = game.engine
        self._turn_until(lambda: len(game.results) > rounds and isinstance(engine.state, Finished))
        result = game.results[-1]
        outcome = f"{result.outcome.value}: {result.reason.value}"
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1
        self.read()
        self._press(Intent.BACK)
        while game.visiting:
            self._press(Intent.BACK)

    def read(self) -> None:
        """Look at the result."""

    def _press(self, *intents: Any) -> None:
        for intent in intents:
            self._game.obey(intent, time.monotonic())
        self._game.turn(time.monotonic())

    def _turn_until(self, over: Any) -> None:
        limit_s = time.monotonic() + _LIMIT_S
        while not over():
            if time.monotonic() > limit_s:
                raise GameError(f"Nothing came for {_LIMIT_S:.0f} s of the game's time.")
            self._game.turn(time.monotonic())
            time.sleep(_TURN_S)


def run(
    rounds: Annotated[int, typer.Option(min=1, help="How many visits.")] = 500,
    minutes: Annotated[float, typer.Option(min=0, help="Stop after so long; 0: never.")] = 0.0,
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
        figures = _soak(rounds, minutes * 60 or math.inf, player)
    figures = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": f"scripts/soak.py --rounds {rounds} --minutes {minutes:g} --speed {speed:g}"
        f" --player {player}",
        "system": platform.platform(),
        "speed": speed,
        **figures,
    }
    text = json.dumps(figures, indent=1)
    print(text)
    if json_ is not None:
        json_.write_text(text + "\n", encoding="utf-8")
    judge(figures["rounds"], figures["second_half"])


def judge(rounds: int, second_half: dict[str, dict[str, float]]) -> None:
    """Refuse what grows.

    Args:
        rounds: how many visits were played.
        second_half: as :meth:`Measures.compare` gives it.

    Raises:
        GameError: when something grows, or that cannot be told yet.
    """
    if rounds < FEWEST:
        raise GameError(
            f"Too few visits to tell whether anything grows: {rounds}, expected {FEWEST} or more.",
            hint="The figures above are right; play longer for a verdict: --rounds 500.",
        )
    memory = second_half["rss_mib"]
    growth = memory["per_100"] * DAY / 100 / memory["mean"]
    if growth >= MOST_GROWTH:
        raise GameError(f"Memory grows by {growth:.1%} in {DAY} visits.")
    for name in ("threads", "handles"):
        if second_half[name]["per_100"] >= MOST_MORE:
            raise GameError(f"The number of {name} grows.")


def open_booth(player: str, seed: int = 1) -> Any:
    """Return a booth's game, loaded, that nobody sees and the demo player sits in front of."""
    from emotion_game.app.setup import PlayOptions
    from emotion_game.kiosk.booth import BoothGame
    from emotion_game.kiosk.services import open_services
    from emotion_game.kiosk.settings import (
        game_settings_of,
        kiosk_file,
        load_kiosk_settings,
        offered_modes,
    )
    from emotion_game.monitor import NoMonitor

    settings = load_kiosk_settings(kiosk_file())
    mode = offered_modes(settings, game_settings_of(settings).modes)[0]
    update = {"camera": "demo", "player": player, "modes": (mode,), "rounds_per_player": 1}
    offer = settings.game.model_validate({**settings.game.model_dump(), **update})
    settings = settings.model_copy(update={"game": offer})
    options = PlayOptions(
        camera="demo", player=offer.player, offscreen=True, scores=True, seed=seed
    )
    game = BoothGame(options, open_services(settings, NoMonitor(), options))
    game.load()
    return game


def _soak(rounds: int, longest_s: float, player: str) -> dict[str, Any]:
    game = open_booth(player)
    measures, visitor = Measures(), Visitor(game)
    began_s = time.perf_counter()
    with game.services.stack:
        for number in range(rounds):
            if number and time.perf_counter() - began_s > longest_s:
                break
            visitor.visit()
            measures.take()
            if number % 10 == 9:
                print(f"{number + 1}: {measures.rows[-1]}", file=sys.stderr, flush=True)
    return {
        "rounds": len(measures.rows),
        "wall_s": round(time.perf_counter() - began_s, 1),
        "outcomes": visitor.outcomes,
        "second_half": measures.compare(),
        "every": measures.rows[:: max(1, len(measures.rows) // 50)],
    }


if __name__ == "__main__":
    run_script(run)
