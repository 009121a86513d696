"""Kill the game's score keeping at random moments; compare what was shown with what is stored.

Each time a process of its own keeps one result after another through the game's own score keeper
and tells of each when the screen would show it; then it is killed (SIGKILL). All share one board.
In the end everything that was shown must be stored, and nothing twice::

    python scripts/kill_test.py --kills 200 --json docs/kill_test.json
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
_START_LIMIT_S = 120.0


def keep_results(url: str, seed: int) -> None:
    """Be the process that is killed: keep results, name some, tell of each."""
    from emotion_game.app.notices import Notices
    from emotion_game.app.scorekeeper import ScoreKeeper
    from emotion_game.app.setup import game_settings, rule_book
    from emotion_game.game.types import Mode, Outcome, Reason, RoundResult

    settings = game_settings(None)
    scores = settings.scores.model_copy(update={"url": url, "booth": "kill test"})
    keeper = ScoreKeeper(scores, rule_book(settings), Notices())
    rng = random.Random(seed)
    while True:
        lost_s = rng.uniform(1.0, 9.0)
        standing = keeper.keep(
            RoundResult(
                mode=rng.choice(list(Mode)),
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
        tell(f"result {standing.score.id}")
        if rng.random() < 0.3:
            name = keeper.name(standing, f"선수{rng.randrange(1000)}")
            tell(f"name {standing.score.id} {name}")
        time.sleep(rng.uniform(0.0, 0.01))


def tell(line: str) -> None:
    """Show a line at once: one write, so that it arrives whole or not at all."""
    os.write(1, line.encode() + b"\n")


def kill_once(url: str, seed: int, rng: random.Random) -> list[str]:
    """Start the process, kill it at a random moment, return what it had shown."""
    child = subprocess.Popen(
        [sys.executable, __file__, "child", url, str(seed)], stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    try:
        first = child.stdout.readline()
        if not first:
            raise GameError(f"The process ended by itself with {child.wait()}.")
        time.sleep(rng.uniform(0.0, LONGEST_S))
    finally:
        child.kill()
    lines = (first + child.stdout.read()).decode().splitlines()
    child.stdout.close()
    child.wait(_START_LIMIT_S)
    return lines


def compare(shown: list[str], url: str) -> dict[str, Any]:
    """Deliver what waits, and count what is missing, doubled or misnamed."""
    from emotion_game.scores import open_board

    board = open_board(url)
    waited = board.waiting()
    board.deliver()
    stored = {str(score.id): score.nickname for score in board.results()}
    counts = Counter(str(score.id) for score in board.results())
    board.close()
    results = [line.split()[1] for line in shown if line.startswith("result ")]
    names = {line.split()[1]: line.split()[2] for line in shown if line.startswith("name ")}
    return {
        "shown": len(results),
        "stored": len(stored),
        "lost": sorted(set(results) - set(stored)),
        "stored_twice": sorted(each for each, count in counts.items() if count > 1),
        "names_shown": len(names),
        "names_lost": sorted(each for each, name in names.items() if stored.get(each) != name),
        "kept_but_not_shown": len(set(stored) - set(results)),
        "waited_in_the_spool_at_the_end": waited,
    }


def run(
    kills: Annotated[int, typer.Option(min=1, help="How often to kill.")] = 200,
    seed: Annotated[int, typer.Option(help="Makes the moments repeatable.")] = 1,
    json_: Annotated[Path | None, typer.Option("--json", help="Write the figures here.")] = None,
) -> None:
    """Kill, compare, and exit with 1 if anything that was shown is not stored."""
    with tempfile.TemporaryDirectory() as folder:
        # The spool lies in the data folder: a folder of the test's own.
        os.environ["XDG_DATA_HOME"] = folder
        url = f"sqlite:///{Path(folder) / 'scores.sqlite3'}"
        rng = random.Random(seed)
        shown: list[str] = []
        for number in range(kills):
            shown += kill_once(url, seed + number, rng)
        figures = {"kills": kills, **compare(shown, url)}
    text = json.dumps(figures, ensure_ascii=False, indent=1)
    print(text)
    if json_ is not None:
        json_.write_text(text + "\n", encoding="utf-8")
    if figures["lost"] or figures["stored_twice"] or figures["names_lost"]:
        raise GameError("What was shown is not what is stored.")


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        keep_results(sys.argv[2], int(sys.argv[3]))
    run_script(run)
