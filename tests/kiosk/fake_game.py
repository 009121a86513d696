"""A child of the supervisor that does what its arguments say: the game's end of the line is real.

Usage: fake_game.py FOLDER BEHAVIOUR...; the n-th start behaves as the n-th one says, the last one
for ever after.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import time
from functools import partial
from pathlib import Path

from emotion_game.kiosk.consent import ConsentLog
from emotion_game.kiosk.event_journal import EventJournal
from emotion_game.kiosk.ipc import Link, own_streams
from emotion_game.kiosk.logs import log_to_supervisor
from emotion_game.kiosk.supervisor import LEFT
from emotion_game.monitor import GameStatus

HEALTHY = {
    "screen": "menu",
    "in_round": False,
    "camera": "demo",
    "camera_working": True,
    "frame_rate_hz": 30.0,
    "rounds": 0,
}


def main() -> None:
    folder, behaviours = Path(sys.argv[1]), sys.argv[2:]
    starts = folder / "starts.txt"
    with starts.open("a") as file:
        print(f"{time.monotonic()}", file=file)
    turn = len(starts.read_text().splitlines()) - 1
    behaviour = behaviours[min(turn, len(behaviours) - 1)]
    print("a library greets on stdout", flush=True)
    if behaviour == "dead":
        sys.exit("no display can be opened")
    if behaviour == "mute":
        time.sleep(600)
    log_to_supervisor()
    if hasattr(signal, "SIGUSR1"):
        faulthandler.register(signal.SIGUSR1, all_threads=True)
    link = Link(
        *own_streams(),
        EventJournal(folder / "events.jsonl"),
        ConsentLog(folder / "consents.jsonl"),
        "1",
    )
    link.end_on_signals()
    if behaviour == "window":
        # SDL takes the signals that nobody handles yet.
        import pygame

        pygame.display.init()
        pygame.event.set_blocked(pygame.QUIT)
        (folder / "window.txt").touch()
    link.event('[0.0,"Start","happy",1]')
    link.event('[0.5,"Tick"]')
    volume = 1.0
    while True:
        now_s = time.monotonic()
        for order in link.turn(now_s, partial(GameStatus, **HEALTHY, volume=volume)):
            if order.kind == "end":
                (folder / "ended.txt").write_text("in good order")
                sys.exit(LEFT if link.told_to_end else 0)
            if order.kind == "volume":
                volume = order.value
            if order.kind == "void_round":
                go_wrong(behaviour)
        time.sleep(0.02)


def go_wrong(behaviour: str) -> None:
    """Do it when the test says so, not after a while: a busy machine has no sense of time."""
    if behaviour == "crash":
        os.kill(os.getpid(), signal.SIGSEGV if os.name != "nt" else signal.SIGTERM)
    if behaviour == "raise":
        raise RuntimeError("nickname='길동' did it")
    if behaviour == "exit":
        sys.exit(0)
    if behaviour == "leave":
        sys.exit(LEFT)
    if behaviour == "hang":
        Path(sys.argv[1], "stuck.txt").touch()
        stuck_in_a_library()


def stuck_in_a_library() -> None:
    time.sleep(600)


main()
