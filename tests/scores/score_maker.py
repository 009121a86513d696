"""Scores to put on boards; as a program: games in processes of their own, some to be killed."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn
from uuid import uuid4

from emotion_game.game.types import Outcome, Reason
from emotion_game.scores import BackgroundBoard, Score
from emotion_game.scores.board import ScoreBoard
from emotion_game.scores.database import Database
from emotion_game.scores.spool import Spool

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def make_score(minute: int = 0, **changes) -> Score:
    """A round that was lost at 10 s of 20 s, ``minute`` minutes after noon."""
    fields = {
        "id": uuid4(),
        "finished_at": NOON + timedelta(minutes=minute),
        "booth": "booth-1",
        "mode": "happy",
        "level": 1,
        "outcome": Outcome.LOST,
        "reason": Reason.HELD,
        "clip_id": "happy/1/dignified-duck",
        "clip_duration_s": 20.0,
        "decided_s": 10.0,
        "points": 400,
        "composure": 0.5,
        "nickname": None,
        "rules_version": "r1",
        "model_version": "m1",
    }
    return Score(**fields | changes)


def make_board(url: str, spool_folder, busy_s: float = 3.0) -> ScoreBoard:
    return ScoreBoard(Database(url, busy_s=busy_s), Spool(Path(spool_folder)))


def put(board: ScoreBoard, *scores: Score) -> None:
    """Put results on the board, whichever database it has."""
    for score in scores:
        board.keep(score)
    board.deliver()


def environment() -> dict[str, str]:
    """The environment of a process that finds the same modules as this one."""
    path = os.pathsep.join(filter(None, sys.path))
    return os.environ | {"PYTHONPATH": path, "PYTHONIOENCODING": "utf-8", "COLUMNS": "120"}


def main() -> None:
    """Be a game: ``add URL SPOOL COUNT``; or the mother of many: ``nursery URL SPOOL IDS``."""
    task, url, spool_folder, last = sys.argv[1:]
    if task == "add":
        desk = BackgroundBoard(make_board(url, spool_folder))
        for minute in range(int(last)):
            desk.keep(make_score(minute, booth="booth-2"))
        desk.close()
        return
    # A fork has everything imported already; told on stdin, it is born, and its number printed.
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            add_for_ever(url, spool_folder, last)
        print(child, flush=True)
        os.waitpid(child, 0)
        print("gone", flush=True)


def add_for_ever(url: str, spool_folder: str, ids: str) -> NoReturn:
    """Keep results until killed; note the id of each in a file once ``keep`` has returned."""
    acknowledged = os.open(ids, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    desk = BackgroundBoard(make_board(url, spool_folder, busy_s=0.05))
    while True:
        score = make_score()
        desk.keep(score)
        os.write(acknowledged, score.id.bytes)


if __name__ == "__main__":
    main()
