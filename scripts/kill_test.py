"""Kill the score keeping, or a whole game, at random; compare what was shown and what is stored.

Each time a process of its own keeps one result after another through the game's own score keeper
and tells of each when the screen would show it; then it is killed (SIGKILL). All share one board.
In the end everything that was shown must be stored, and nothing twice. It is a SQLite board of the
test's own, or with ``--database`` an empty one on a server of yours::

    python scripts/kill_test.py --kills 200 --json docs/kill_test.json

With ``--game`` it is the whole game of a booth that dies, offscreen and with its clock run faster
(see ``soak.py``): camera, networks, rounds, names typed on its screen; all share one board too::

    python scripts/kill_test.py --game --kills 30 --json docs/kill_game.json
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from emotion_game.cli import run_script
from emotion_game.errors import GameError

#: A process lives for at most so long after its first result.
LONGEST_S = 0.5
#: A whole game plays its first visits in it.
GAME_LONGEST_S = 18.0
GAME_SPEED = 1.5
_START_LIMIT_S = 120.0


def keep_results(url: str, seed: int) -> None:
    """Be the process that is killed: keep results, name some, tell of each."""
    from emotion_game.app.notices import Notices
    from emotion_game.app.scorekeeper import ScoreKeeper
    from emotion_game.app.setup import game_settings
    from emotion_game.game.types import Outcome, Reason, RoundResult

    settings = game_settings(None)
    scores = settings.scores.model_copy(update={"url": url, "booth": "kill test"})
    keeper = ScoreKeeper(scores, settings.rounds, "kill test", Notices())
    rng = random.Random(seed)
    while True:
        lost_s = rng.uniform(1.0, 9.0)
        ranking = keeper.keep(
            RoundResult(
                mode=rng.choice(list(settings.modes)),
                level=rng.choice((1, 2, 3)),
                outcome=Outcome.LOST,
                reason=Reason.HELD,
                clip_id="happy/1/test",
                duration_s=10.0,
                decided_s=lost_s,
                began_s=lost_s - 0.5,
                baseline=0.1,
                threshold=0.6,
                hold_s=0.5,
                curve=(),
            )
        )
        tell(f"result {ranking.score.id} {shown_of(ranking.score)}")
        if rng.random() < 0.3:
            if fault := keeper.name(ranking, f"선수{rng.randrange(1000)}"):
                raise GameError(f"The nickname was refused: {fault}.")
            tell(f"name {ranking.score.id} {keeper.nickname}")
        time.sleep(rng.uniform(0.0, 0.01))


def tell(line: str) -> None:
    """Show a line at once: one write, so that it arrives whole or not at all."""
    os.write(1, line.encode() + b"\n")


def play(url: str, seed: int) -> None:
    """Be the process that is killed: a whole booth's game, visitor after visitor."""
    from soak import Visitor, hurry, open_booth

    class Witness(Visitor):
        """Tells of each result and nickname once the screen has shown it."""

        def read(self) -> None:
            from emotion_game.ui.intents import Intent, TypeKey

            ranking, rng = self._game.engine.ranking, random.Random(seed)
            tell(f"result {ranking.score.id} {shown_of(ranking.score)}")
            if not self._game.view(time.monotonic()).screen.can_name:
                return
            self._press(Intent.ENTER_NAME)
            self._press(*(TypeKey(key, real=True) for key in f"Kim{rng.randrange(1000)}"))
            self._press(Intent.DONE)
            if self._game.engine.nickname:
                tell(f"name {ranking.score.id} {self._game.engine.nickname}")

    os.environ["EMOTION_GAME_DATABASE_URL"] = url
    hurry(GAME_SPEED)
    game = open_booth("pyav", seed)
    keeper_keep = game.engine.open_scores() or game.engine.scores.keep

    def keep(result: Any) -> Any:
        tell(f"deciding {result.outcome}")
        return keeper_keep(result)

    game.engine.scores.keep = keep
    tell("open")
    witness = Witness(game)
    while True:
        witness.visit()


def shown_of(score: Any) -> str:
    """Return what a player sees of a result, in one word."""
    return f"{score.outcome.value}:{score.points}"


def kill_once(url: str, seed: int, rng: random.Random, *, game: bool = False) -> list[str]:
    """Start the process, kill it at a random moment, return what it had shown.

    Args:
        url: of the score board.
        seed: of the process.
        rng: gives the moment. Every other whole game dies just when it keeps a result; else a
            moment at which nothing is kept would be the usual one.
        game: a whole game and not the score keeping alone.
    """
    child = subprocess.Popen(
        [sys.executable, __file__, "game" if game else "child", url, str(seed)],
        stdout=subprocess.PIPE,
    )
    assert child.stdout is not None
    lines = []
    at_a_result = game and rng.random() < 0.5
    try:
        while True:
            line = child.stdout.readline()
            if not line:
                raise GameError(f"The process ended by itself with {child.wait()}.")
            lines.append(line.decode())
            if not at_a_result or line.startswith(b"deciding"):
                break
        time.sleep(rng.uniform(0.0, GAME_LONGEST_S if game and not at_a_result else LONGEST_S))
    finally:
        child.kill()
    lines += child.stdout.read().decode().splitlines()
    child.stdout.close()
    child.wait(_START_LIMIT_S)
    return lines


def compare(shown: list[str], url: str) -> dict[str, Any]:
    """Deliver what waits, and count what is missing, doubled or misnamed."""
    from emotion_game.scores import open_board

    board = open_board(url)
    waited = board.waiting()
    board.deliver()
    scores = board.results()
    board.close()
    stored = {str(score.id): score.nickname for score in scores}
    told = {str(score.id): shown_of(score) for score in scores}
    counts = Counter(str(score.id) for score in scores)
    results = {line.split()[1]: line.split()[2] for line in shown if line.startswith("result ")}
    names = {line.split()[1]: line.split()[2] for line in shown if line.startswith("name ")}
    return {
        "shown": len(results),
        "stored": len(stored),
        "lost": sorted(set(results) - set(stored)),
        "stored_twice": sorted(each for each, count in counts.items() if count > 1),
        "stored_otherwise": sorted(each for each, was in results.items() if told.get(each) != was),
        "names_shown": len(names),
        "names_lost": sorted(each for each, name in names.items() if stored.get(each) != name),
        "kept_but_not_shown": len(set(stored) - set(results)),
        "waited_in_the_spool_at_the_end": waited,
    }


def run(
    kills: Annotated[int, typer.Option(min=1, help="How often to kill.")] = 200,
    seed: Annotated[int, typer.Option(help="Makes the moments repeatable.")] = 1,
    game: Annotated[bool, typer.Option("--game", help="Kill the whole game in a booth.")] = False,
    database: Annotated[
        str | None, typer.Option(metavar="URL", help="An empty board; none: a SQLite file.")
    ] = None,
    json_: Annotated[Path | None, typer.Option("--json", help="Write the figures here.")] = None,
) -> None:
    """Kill, compare, and exit with 1 if anything that was shown is not stored."""
    with tempfile.TemporaryDirectory() as folder:
        # The spool lies in the data folder: folders of the test's own.
        for kind in ("DATA", "CONFIG", "STATE", "CACHE"):
            os.environ[f"XDG_{kind}_HOME"] = folder
        os.environ["SDL_AUDIODRIVER"] = "dummy"
        url = database or f"sqlite:///{Path(folder) / 'scores.sqlite3'}"
        rng = random.Random(seed)
        shown: list[str] = []
        for number in range(kills):
            shown += kill_once(url, seed + number, rng, game=game)
            if number % 10 == 9:
                print(f"{number + 1} killed, {len(shown)} lines", file=sys.stderr, flush=True)
        figures: dict[str, Any] = {
            "killed": "game" if game else "score keeping",
            "database": url.partition(":")[0],
            "kills": kills,
        }
        figures |= compare(shown, url)
    text = json.dumps(figures, ensure_ascii=False, indent=1)
    print(text)
    if json_ is not None:
        json_.write_text(text + "\n", encoding="utf-8")
    if any(figures[fault] for fault in ("lost", "stored_twice", "stored_otherwise", "names_lost")):
        raise GameError("What was shown is not what is stored.")


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        keep_results(sys.argv[2], int(sys.argv[3]))
    if sys.argv[1:2] == ["game"]:
        play(sys.argv[2], int(sys.argv[3]))
    run_script(run)
