"""The process that starts the game, watches it, and starts it again. It never draws itself."""

from __future__ import annotations

import logging
import os
import queue
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from emotion_game.kiosk.child import Child
from emotion_game.kiosk.crash import Failure, last_clear_line, write_report
from emotion_game.kiosk.disk import disk_fault, least_free
from emotion_game.kiosk.restart import History, after_failure
from emotion_game.kiosk.settings import KioskSettings
from emotion_game.monitor import GameStatus, Order

log = logging.getLogger(__name__)

TURN_S = 0.1
#: A turn that comes this late means that the machine was asleep, or starved.
_ASLEEP_S = 2.0
#: A screen that cannot be drawn is tried again after this.
_SCREEN_RETRY_S = 5.0
#: At closing time a running round may end, but not take longer than this.
_LAST_ROUND_S = 600.0
#: Exit statuses by which a child says what the operator chose in its menu: leave for the desktop,
#: start again, out of service, back in service.
LEFT, AGAIN, OFF, ON = 10, 11, 12, 13
#: A shutdown or log-out may reach a child before it can take the signal itself.
_ENDED = tuple(-getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


class Show(StrEnum):
    """What the supervisor keeps running."""

    GAME = "game"
    BROKEN = "broken"  # out of service after too many failures; tried again
    SWITCHED_OFF = "switched_off"  # by the operator
    CLOSED = "closed"  # by the opening hours


class Wish(StrEnum):
    """What the operator wants of the supervisor itself."""

    RESTART = "restart"
    SWITCH_OFF = "switch_off"
    SWITCH_ON = "switch_on"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How the booth is.

    Attributes:
        show: what runs, or is about to.
        running: its process is there and has given a sign of life.
        silent_s: time since the newest sign; None without one.
        up_s: how long the process has run.
        restarts: of the game, since the supervisor's start.
        failures: of the game, since then.
        last_failure: in words, with its time; "" for none.
        retry_in_s: when the game is tried again; None where nothing is waited for.
        status: what the game said of itself last.
        memory_mib: of the process.
        why: the last clear line that the game wrote before its newest failure; "" for none.
        free_mb: least free space where the game keeps things; None: not known.
        faults: what the supervisor finds wrong, one line each; the game's own stand in ``status``.
    """

    show: Show
    running: bool
    silent_s: float | None
    up_s: float
    restarts: int
    failures: int
    last_failure: str
    retry_in_s: float | None
    status: GameStatus | None
    memory_mib: float | None
    why: str = ""
    free_mb: int | None = None
    faults: tuple[str, ...] = ()

    @property
    def all_faults(self) -> tuple[str, ...]:
        """What supervisor and game find wrong."""
        return (*self.faults, *(() if self.status is None else self.status.faults))


@dataclass(frozen=True, slots=True)
class Places:
    """Files of the supervisor: see :mod:`emotion_game.kiosk.paths`."""

    crashes: Path
    journal: Path

    @property
    def switched_off(self) -> Path:
        """A file that is there while the operator has the booth out of service."""
        return self.journal.with_name("out_of_service.txt")


class Supervisor:
    """Keep a booth's game running; ``run`` in one thread, the rest from any.

    Args:
        settings: of the kiosk.
        commands: program and arguments for each thing to show.
        places: files.
        clock: the time on the wall, with a time zone; for opening hours and reports.
        board: program and arguments of the leaderboard on a second display, beside all else.

    Attributes:
        child: what is shown, as a process; None between two.
        stopped: the end was ordered.
    """

    def __init__(
        self,
        settings: KioskSettings,
        commands: Mapping[Show, Sequence[str]],
        places: Places,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC).astimezone(),
        board: Sequence[str] = (),
    ) -> None:
        self.settings = settings
        self._commands = commands
        self._places = places
        self._clock = clock
        self._wishes: queue.SimpleQueue[Wish | Order] = queue.SimpleQueue()
        # Set by a signal's handler, which must not wait for the lock of a threading.Event.
        self.stopped = False
        self.child: Child | None = None
        self._board_command = board
        self._board: Child | None = None
        self._board_due_s = float("-inf")
        self._shown = Show.GAME
        self._history = History()
        # It lasts until it is taken back, also over a power cut.
        self._switched_off = places.switched_off.exists()
        self._broken = False
        self._unseen = False
        self._due_s = float("-inf")
        self._screen_due_s = float("-inf")
        self._closing_s: float | None = None
        self._turn_s = time.monotonic()
        self._volume: Order | None = None
        self._starts = self._failures = 0
        self._last_failure = self._why = ""
        self._reported: dict[str, str] = {}

    # --- From other threads -----------------------------------------------------------------------

    def ask(self, wish: Wish | Order) -> None:
        """Take a wish of the operator; the next turn carries it out."""
        self._wishes.put(wish)

    def report(self, source: str, fault: str) -> None:
        """Take what is wrong with something beside the game; "": it is well."""
        self._reported = {**self._reported, source: fault}

    def stop(self) -> None:
        """End the game and then ``run``."""
        self.stopped = True

    def snapshot(self) -> Snapshot:
        """Return how the booth is now."""
        now_s, child = time.monotonic(), self.child
        beat_s = None if child is None else child.beat_s
        waits = child is None or self._shown is Show.BROKEN
        free_mb, disk = _look_at_disk()
        return Snapshot(
            show=self._shown,
            running=child is not None and beat_s is not None and child.code is None,
            silent_s=None if beat_s is None else now_s - beat_s,
            up_s=0.0 if child is None else now_s - child.began_s,
            restarts=max(0, self._starts - 1),
            failures=self._failures,
            last_failure=self._last_failure,
            retry_in_s=max(0.0, self._due_s - now_s) if waits else None,
            status=None if child is None else child.status,
            memory_mib=None if child is None else child.memory_mib(),
            why=self._why,
            free_mb=free_mb,
            faults=tuple(fault for fault in (disk, *self._reported.values()) if fault),
        )

    # --- The loop ---------------------------------------------------------------------------------

    def run(self) -> None:
        """Watch until :meth:`stop`, or until the game was left for good.

        That is by the operator, for the desktop, or by the system that ends the whole session.
        """
        log.info("the supervisor starts")
        self._turn_s = time.monotonic()
        try:
            while not self.stopped:
                time.sleep(TURN_S)
                self.turn(time.monotonic())
                # What a turn takes itself, ending a child say, was not slept through.
                self._turn_s = time.monotonic()
        finally:
            children = [each for each in (self.child, self._board) if each is not None]
            for child in children:
                child.send(Order(kind="end"))
            for child in children:
                child.end()
            self.child = self._board = None
            log.info("the supervisor ends")

    def turn(self, now_s: float) -> None:
        """Check everything once; ``now_s`` is monotonic."""
        if now_s - self._turn_s > _ASLEEP_S:
            log.info("%.0f s were slept through", now_s - self._turn_s)
            for each in (self.child, self._board):
                if each is not None:
                    each.excuse(now_s)
        self._turn_s = now_s
        self._hear(now_s)
        child = self.child
        if self._unseen and child is not None and child.beat_s is not None:
            # Nothing could be shown: the display was gone, and the game with it. It is back.
            log.info("there is a display again")
            self._unseen, self._history, self._broken, self._due_s = False, History(), False, now_s
        if child is not None:
            if child.code is not None:
                self._after_end(child, child.code, now_s)
            elif child.is_hanging(now_s, self.settings.restart):
                self._after_hang(child, now_s)
            elif self._wanted(now_s) is not self._shown:
                log.info("%s gives way", self._shown.value)
                child.end()
                self.child = None
        if self.child is None and not self.stopped:
            self._start(self._wanted(now_s), now_s)
        self._look_after_board(now_s)

    def _look_after_board(self, now_s: float) -> None:
        board = self._board
        if board is not None:
            if board.code is None and not board.is_hanging(now_s, self.settings.restart):
                return
            log.error("The leaderboard's window failed; it is opened again.")
            board.kill()
            self._board, self._board_due_s = None, now_s + _SCREEN_RETRY_S
        if self._board_command and now_s >= self._board_due_s:
            try:
                self._board = Child(self._board_command)
            except OSError as error:
                log.error("The leaderboard's window cannot be opened: %s", error)
                self._board_due_s = now_s + _SCREEN_RETRY_S

    def _wanted(self, now_s: float) -> Show:
        if self._switched_off:
            return Show.SWITCHED_OFF
        if not self.settings.hours.is_open(self._clock().time()):
            if self._closing_s is None:
                self._closing_s = now_s
            if not (self._in_round() and now_s - self._closing_s < _LAST_ROUND_S):
                return Show.CLOSED
        else:
            self._closing_s = None
        return Show.BROKEN if self._broken and now_s < self._due_s else Show.GAME

    def _in_round(self) -> bool:
        child = self.child
        playing = child is not None and self._shown is Show.GAME
        return playing and child is not None and child.status is not None and child.status.in_round

    def _start(self, show: Show, now_s: float) -> None:
        if now_s < (self._due_s if show is Show.GAME else self._screen_due_s):
            return
        self._shown = show
        try:
            self.child = Child(self._commands[show])
        except OSError as error:
            log.error("%s cannot be started: %s", show.value, error)
            self._after_failure(Failure("no_start", None, 0.0), now_s, None)
            return
        log.info("%s starts as process %d", show.value, self.child.pid)
        if show is Show.GAME:
            self._starts += 1
            if self._volume is not None:
                self.child.send(self._volume)

    def _hear(self, now_s: float) -> None:
        while True:
            try:
                self._obey(self._wishes.get_nowait(), now_s)
            except queue.Empty:
                return

    def _obey(self, wish: Wish | Order, now_s: float) -> None:
        log.info("the operator asks for: %s", wish.kind if isinstance(wish, Order) else wish)
        if isinstance(wish, Order):
            if wish.kind == "volume":
                # It outlives a restart of the game.
                self._volume = wish
            if self.child is not None and self._shown is Show.GAME:
                self.child.send(wish)
            return
        if wish is not Wish.RESTART:
            self._switch_off(wish is Wish.SWITCH_OFF)
        if wish is not Wish.SWITCH_OFF:
            # The operator has looked at it: whatever failed before is forgotten.
            self._history, self._broken, self._due_s = History(), False, now_s
        if wish is Wish.RESTART and self.child is not None:
            self.child.end()
            self.child = None

    def _switch_off(self, off: bool) -> None:
        self._switched_off = off
        note = self._places.switched_off
        try:
            if off:
                note.parent.mkdir(parents=True, exist_ok=True)
                with note.open("w", encoding="utf-8") as file:
                    file.write(f"{self._clock():%Y-%m-%d %H:%M:%S}\n")
                    file.flush()
                    os.fsync(file.fileno())
            else:
                note.unlink(missing_ok=True)
        except OSError as error:
            log.error("%s is not kept for the next start: %s", note, error)

    # --- Ends -------------------------------------------------------------------------------------

    def _after_end(self, child: Child, code: int, now_s: float) -> None:
        child.kill()  # what it had started itself
        self.child = None
        if code == LEFT or code in _ENDED:
            log.info("the operator has left the game, or this session ends")
            self.stopped = True
            return
        wishes = {AGAIN: Wish.RESTART, OFF: Wish.SWITCH_OFF, ON: Wish.SWITCH_ON}
        if code in wishes:
            self._obey(wishes[code], now_s)
            return
        self._after_failure(Failure("crash", code, now_s - child.began_s), now_s, child)

    def _after_hang(self, child: Child, now_s: float) -> None:
        child.kill(ask_where=True)
        self.child = None
        self._after_failure(Failure("hang", None, now_s - child.began_s), now_s, child)

    def _after_failure(self, failure: Failure, now_s: float, child: Child | None) -> None:
        if self._shown is not Show.GAME:
            log.error("The screen %s failed: %s", self._shown.value, failure)
            self._screen_due_s, self._unseen = now_s + _SCREEN_RETRY_S, True
            return
        self._failures += 1
        at = self._clock()
        self._last_failure = f"{at:%Y-%m-%d %H:%M:%S}: {failure}"
        self._why = "" if child is None else last_clear_line(tuple(child.said))
        log.error("The game failed: %s%s", failure, f" ({self._why})" if self._why else "")
        report = write_report(
            self._places.crashes,
            failure,
            at,
            None if child is None else child.status,
            () if child is None else tuple(child.said),
            self._places.journal,
            self.settings.log.kept,
        )
        if report is not None:
            log.info("crash report: %s", report)
        self._history, verdict = after_failure(
            self._history, now_s, failure.ran_s, self.settings.restart
        )
        self._broken = verdict.out_of_service
        self._due_s = now_s + verdict.wait_s
        log.warning(
            "%s in %.1f s",
            "out of service; tried again" if self._broken else "started again",
            verdict.wait_s,
        )


def _look_at_disk() -> tuple[int | None, str]:
    """Return the free space, in MB, and what is wrong with it."""
    try:
        mb, folder = least_free()
    except OSError:
        return None, ""
    return mb, disk_fault(mb, folder)
