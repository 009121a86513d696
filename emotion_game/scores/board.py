"""The score board: results in, leaderboards and statistics out.

A result is on the disk before the game shows it. SQLite is a file on this machine, so a result
goes straight into it, once. A server may be slow or away: before it stands the spool, from which
results are delivered. The spool also takes what SQLite cannot (locked, damaged, read-only), so that
nothing waits in memory alone while any file can be written. As a result's id is made by the game,
delivering it again changes nothing.
"""

from __future__ import annotations

import csv
import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from statistics import median
from typing import TextIO
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    cast,
    delete,
    func,
    select,
    type_coerce,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import NullType

from emotion_game.game.types import Outcome
from emotion_game.scores.database import ROUNDS, Database, RowRefusedError, data_folder
from emotion_game.scores.nicknames import clean_nickname, nickname_key
from emotion_game.scores.score import Score, ScoreError
from emotion_game.scores.spool import Add, Entry, Name, Spool, Waiting

log = logging.getLogger(__name__)

#: Columns of the table that a Score has too, as the driver gives them: a file may hold anything,
#: and one odd value must not fail the others.
_SCORE_COLUMNS = [
    type_coerce(ROUNDS.c[name], NullType()).label(name) for name in Score.model_fields
]
#: Rounds that stand on a leaderboard; a forfeit has no points and a void round no result.
_RANKED = (Outcome.WON.value, Outcome.LOST.value)
#: Of a CSV file for people: Excel takes one without a byte-order mark for the system's code page,
#: and Korean becomes gibberish.
CSV_ENCODING = "utf-8-sig"
#: A cell that begins so is run as a formula by a spreadsheet program; some take full-width signs
#: for the plain ones.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class ClipStatistics:
    """How hard a clip is.

    Attributes:
        plays: rounds that were won, lost or forfeited with it.
        losses: rounds that were lost.
        median_loss_s: the median second of the loss, clip time; None without a loss.
        voids: rounds with it that a fault made void; they are no plays.
    """

    clip_id: str
    plays: int
    losses: int
    median_loss_s: float | None
    voids: int


@dataclass(slots=True)
class _Tally:
    plays: int = 0
    voids: int = 0
    losses_s: list[float] = field(default_factory=list)


class ScoreBoard:
    """The results of every round; may be used from several threads.

    A database may let one wait for seconds: a main loop uses
    :class:`~emotion_game.scores.background.BackgroundBoard`.

    Args:
        database: where the results end up.
        spool: where they wait, if they must; it must belong to this database alone.

    Attributes:
        trouble: why the last delivery failed, one line; "" when it succeeded.
    """

    def __init__(self, database: Database, spool: Spool) -> None:
        self._database = database
        self._spool = spool
        # What neither the spool nor, yet, the database took.
        self._in_memory: list[Waiting] = []
        self._memory_lock = threading.Lock()
        self._delivery_lock = threading.Lock()
        # Rounds of the database that are no results, and were reported.
        self._odd: set[str] = set()
        self.trouble = ""

    @property
    def label(self) -> str:
        """The database's URL without its password."""
        return self._database.label

    @property
    def folder(self) -> Path | None:
        """Where the database's file lies; None: it is on a server."""
        return self._database.folder

    def clock_ahead_s(self) -> float:
        """Return how far the database's clock is ahead of this machine's; a file has this one's.

        Raises:
            ScoreError: when the database cannot be read.
        """
        if self._database.is_file:
            return 0.0
        with self._database.reading() as connection:
            theirs = connection.scalar(select(func.clock_timestamp()))
        return (theirs - datetime.now(UTC)).total_seconds() if theirs is not None else 0.0

    @property
    def faults(self) -> Sequence[str]:
        """One line for each waiting entry that could not be read or delivered."""
        return tuple(self._spool.faults)

    def waiting(self) -> int:
        """Return how many entries are not in the database yet."""
        with self._memory_lock:
            return len(self._in_memory) + self._spool.count()

    # --- Results in -----------------------------------------------------------------------------

    def keep(self, score: Score) -> None:
        """Keep a result; when this returns, it survives a power cut. The same id counts once.

        It is in the database, or waits in the spool for the next delivery.

        Raises:
            ScoreError: when neither can be written. The result then waits in memory.
        """
        self._keep(Add(score=score))

    def keep_name(self, score_id: UUID, nickname: str) -> str:
        """Give a result the nickname that was entered after it; return it as it will be shown.

        Raises:
            NicknameError: when the nickname is refused; nothing is changed.
            ScoreError: as in :meth:`keep`.
        """
        clean = clean_nickname(nickname)
        self._keep(Name(id=score_id, nickname=clean))
        return clean

    def deliver(self) -> int:
        """Write everything that waits to the database, each entry once.

        Returns:
            How many entries were delivered.

        Raises:
            ScoreError: when the database does not take them; they go on waiting.
        """
        with self._delivery_lock:
            with self._memory_lock:
                in_memory = list(self._in_memory)
            waiting = [*self._spool.waiting(), *in_memory]
            try:
                delivered = self._write(waiting)
            except ScoreError as error:
                self.trouble = str(error)
                raise
            self.trouble = ""
            return delivered

    def delete_player(self, nickname: str) -> int:
        """Delete every result of a player, however the name is written (case, composed or not).

        What waits here is delivered first, so that it cannot come back. Results that wait on
        another booth come with that booth's next delivery.

        Returns:
            How many results were deleted.

        Raises:
            ScoreError: when the database cannot be written.
        """
        self.deliver()
        with self._database.writing() as connection:
            key = nickname_key(nickname)
            return connection.execute(delete(ROUNDS).where(ROUNDS.c.nickname_key == key)).rowcount

    def close(self) -> None:
        """Close the connections; what waits goes on waiting."""
        self._database.close()

    # --- Results out ----------------------------------------------------------------------------

    def modes(self) -> tuple[str, ...]:
        """Return the modes of which there are results, by name.

        Raises:
            ScoreError: when the database cannot be read.
        """
        statement = select(ROUNDS.c.mode).distinct().order_by(ROUNDS.c.mode)
        with self._database.reading() as connection:
            return tuple(mode for mode in connection.scalars(statement) if isinstance(mode, str))

    def leaderboard(self, mode: str, level: int, limit: int) -> tuple[Score, ...]:
        """Return the best results of a mode and level, the best one first.

        A player stands there once, with the best result; results without a nickname stand each
        for itself. Of equal results the earlier one is ahead. Forfeits are left out.

        Args:
            mode: what must not be shown.
            level: which level.
            limit: how many at most.

        Raises:
            ScoreError: when the database cannot be read.
        """
        player = func.coalesce(ROUNDS.c.nickname_key, cast(ROUNDS.c.id, String))
        turn = func.row_number().over(partition_by=player, order_by=_BEST_FIRST).label("turn")

        def query() -> Select[*tuple[object, ...]]:
            ranked = self._ranked(mode, level)
            own = select(*_SCORE_COLUMNS, turn).where(*ranked).subquery()
            best = select(*(own.c[column.name] for column in _SCORE_COLUMNS)).where(own.c.turn == 1)
            order = (own.c.points.desc(), own.c.finished_at, own.c.id)
            return best.order_by(*order).limit(limit)

        return self._scores(query)

    def personal_best(self, nickname: str, mode: str, level: int) -> Score | None:
        """Return a player's best result of a mode and level, or None.

        Raises:
            ScoreError: when the database cannot be read.
        """
        of_player = ROUNDS.c.nickname_key == nickname_key(nickname)
        found = self._scores(
            lambda: (
                select(*_SCORE_COLUMNS)
                .where(of_player, *self._ranked(mode, level))
                .order_by(*_BEST_FIRST)
                .limit(1)
            )
        )
        return found[0] if found else None

    def clip_statistics(self) -> tuple[ClipStatistics, ...]:
        """Return how hard each clip that was ever played is, by name.

        Raises:
            ScoreError: when the database cannot be read.
        """
        # Not every database has a median, so it is taken here.
        tallies: defaultdict[str, _Tally] = defaultdict(_Tally)
        columns = select(ROUNDS.c.clip_id, ROUNDS.c.outcome, ROUNDS.c.decided_s)
        with self._database.reading() as connection:
            for clip_id, outcome, decided_s in connection.execute(
                columns.where(ROUNDS.c.clip_id != "")
            ):
                if not (isinstance(clip_id, str) and isinstance(decided_s, (int, float))):
                    continue  # see _score
                tally = tallies[clip_id]
                if outcome == Outcome.VOID.value:
                    tally.voids += 1
                    continue
                tally.plays += 1
                if outcome == Outcome.LOST.value:
                    tally.losses_s.append(decided_s)
        return tuple(
            ClipStatistics(
                clip_id=clip_id,
                plays=tally.plays,
                losses=len(tally.losses_s),
                median_loss_s=median(tally.losses_s) if tally.losses_s else None,
                voids=tally.voids,
            )
            for clip_id, tally in sorted(tallies.items())
        )

    def results(self, since: datetime | None = None) -> tuple[Score, ...]:
        """Return every result, void ones too, the oldest first.

        Args:
            since: only results that finished then or later; with a time zone.

        Raises:
            ScoreError: when the database cannot be read.
        """
        query = select(*_SCORE_COLUMNS).order_by(ROUNDS.c.finished_at, ROUNDS.c.id)
        if since is not None:
            query = query.where(ROUNDS.c.finished_at >= since)
        return self._scores(lambda: query)

    def export_csv(self, stream: TextIO) -> int:
        """Write every result but void ones as CSV (RFC 4180), the oldest first.

        A text that a spreadsheet program would run as a formula gets an apostrophe in front.

        Returns:
            How many results were written.

        Raises:
            ScoreError: when the database cannot be read.
        """
        results = [each for each in self.results() if each.outcome is not Outcome.VOID]
        rows = csv.writer(stream)
        rows.writerow(Score.model_fields)
        for result in results:
            rows.writerow([_cell(value) for value in result.model_dump(mode="json").values()])
        return len(results)

    def _ranked(self, mode: str, level: int) -> tuple[ColumnElement[bool], ...]:
        """Return what makes a round stand on a leaderboard."""
        return (
            ROUNDS.c.mode == mode,
            ROUNDS.c.level == level,
            ROUNDS.c.outcome.in_(_RANKED),
            cast(ROUNDS.c.id, String).not_in(sorted(self._odd)),
        )

    def _scores(self, query: Callable[[], Select[*tuple[object, ...]]]) -> tuple[Score, ...]:
        while True:
            known = len(self._odd)
            with self._database.reading() as connection:
                rows = [dict(row) for row in connection.execute(query()).mappings()]
            found = tuple(score for row in rows if (score := self._score(row)) is not None)
            if len(self._odd) == known:
                return found
            # An odd round may have stood in the place of a sound one; it is known from now on.

    def _score(self, row: dict[str, object]) -> Score | None:
        """Return a row as a result; one that somebody else has written wrongly is left out."""
        moment = row["finished_at"]
        try:
            if isinstance(moment, str):
                # SQLite knows no time zone: it is UTC, see UtcDateTime.
                row["finished_at"] = datetime.fromisoformat(moment).replace(tzinfo=UTC)
            elif not isinstance(moment, datetime):
                row["finished_at"] = None  # a number would be taken for seconds since 1970
            return Score.model_validate(row)
        except ValueError as error:
            name = str(row["id"])
            if name not in self._odd:
                self._odd.add(name)
                faults = error.errors() if isinstance(error, ValidationError) else ()
                wrong = ", ".join(str(fault["loc"][0]) for fault in faults) or "finished_at"
                log.warning(
                    "The round %s of %s is left out: wrong %s.", name[:80], self.label, wrong
                )
            return None

    # --- To the disk, and from the spool to the database ------------------------------------------

    def _keep(self, entry: Entry) -> None:
        # While others wait, this one waits too: a nickname must not overtake its result.
        if self._database.is_file and not self.waiting():
            try:
                with self._database.writing(hasty=True) as connection:
                    _apply(connection, entry)
                return
            except ScoreError as error:
                log.warning("A result goes to %s: %s", self._spool.folder, error)
        with self._memory_lock:
            self._in_memory.append(Waiting(entry))
            while self._in_memory:
                self._spool.put(self._in_memory[0].entry)
                del self._in_memory[0]

    def _write(self, waiting: Sequence[Waiting]) -> int:
        if not waiting:
            return 0
        # Results before nicknames: a clock that was set back may have changed their order.
        ordered = sorted(waiting, key=lambda each: isinstance(each.entry, Name))
        try:
            with self._database.writing() as connection:
                for each in ordered:
                    _apply(connection, each.entry)
        except RowRefusedError:
            if len(ordered) > 1:
                # One that can never be delivered must not hold up the others.
                return sum(self._write([each]) for each in ordered)
            self._refuse(ordered[0])
            return 0
        self._forget(ordered)
        return len(ordered)

    def _forget(self, settled: Sequence[Waiting]) -> None:
        self._spool.remove(each.path for each in settled if each.path is not None)
        with self._memory_lock:
            self._in_memory = [
                each for each in self._in_memory if not any(each is done for done in settled)
            ]

    def _refuse(self, waiting: Waiting) -> None:
        why = f"the score board {self.label} refuses it"
        if waiting.path is not None:
            self._spool.set_aside(waiting.path, why)
        else:
            log.error("A result was given up, as %s: %s", why, _nameless(waiting.entry))
            self._forget([waiting])


_BEST_FIRST = (ROUNDS.c.points.desc(), ROUNDS.c.finished_at, ROUNDS.c.id)


def open_board(url: str | None = None, *, folder: Path | None = None) -> ScoreBoard:
    """Make the score board of this machine; the database is first opened when it is used.

    Args:
        url: database URL; None: as the environment says, or the user's own SQLite file.
        folder: where spools lie; None: in the user's data folder.

    Raises:
        ScoreError: when the URL is wrong.
    """
    database = Database(url)
    spools = folder or data_folder() / "waiting"
    # What waits for one board must never reach another.
    return ScoreBoard(database, Spool(spools / database.key))


def _apply(connection: Connection, entry: Entry) -> None:
    if isinstance(entry, Name):
        named = update(ROUNDS).where(ROUNDS.c.id == entry.id)
        connection.execute(
            named.values(nickname=entry.nickname, nickname_key=nickname_key(entry.nickname))
        )
        return
    score = entry.score
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(
        insert(ROUNDS)
        .values(
            **{name: _value(value) for name, value in score.model_dump().items()},
            nickname_key=None if score.nickname is None else nickname_key(score.nickname),
        )
        .on_conflict_do_nothing(index_elements=[ROUNDS.c.id])
    )


def _nameless(entry: Entry) -> str:
    """Describe an entry for the log, where no nickname may stand."""
    if isinstance(entry, Name):
        return f"a nickname for {entry.id}"
    return entry.score.model_copy(update={"nickname": None}).model_dump_json()


def _value(value: object) -> object:
    # A driver may store a member of an enumeration by its name.
    return value.value if isinstance(value, Enum) else value


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return "'" + value
    return value
