"""The database behind the score board: where it is, its tables, their versions, its faults.

SQLite in the user's data folder, or PostgreSQL by URL for several booths that share one board.

The version of the tables is one number in a table of its own. Alembic would need a folder of
scripts, a configuration and a template engine for what is here a dictionary of functions, run by
the game itself on a player's machine at its first write.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import platformdirs
from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Float,
    Index,
    Integer,
    MetaData,
    NullPool,
    String,
    Table,
    TypeDecorator,
    Uuid,
    create_engine,
    event,
    insert,
    inspect,
    make_url,
    select,
    text,
    update,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, SQLAlchemyError

from emotion_game.scores import score
from emotion_game.scores.score import ScoreError

URL_VARIABLE = "EMOTION_GAME_DATABASE_URL"
FILE_NAME = "scores.sqlite3"
#: How long a writer waits for another one, and a booth for the shared board.
BUSY_S = 3.0
#: How long the main loop waits for another writer, which needs a few milliseconds.
HASTY_S = 0.1

_URL_HINT = "Expected sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE."


class RowRefusedError(ScoreError):
    """The database is there, but will never take this entry."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: with time zone where the database knows one, otherwise as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into what the database stores."""
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn what the database stored into UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


METADATA = MetaData()

#: Every finished round, void ones too: those count in the statistics of their clip alone.
ROUNDS = Table(
    "emotion_game_rounds",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("finished_at", UtcDateTime, nullable=False),
    Column("booth", String(score.BOOTH_LENGTH), nullable=False),
    Column("mode", String(20), nullable=False),
    Column("level", Integer, CheckConstraint("level >= 1"), nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("clip_id", String(score.CLIP_ID_LENGTH), nullable=False),
    Column("clip_duration_s", Float, nullable=False),
    Column("decided_s", Float, nullable=False),
    Column("points", Integer, CheckConstraint("points >= 0"), nullable=False),
    Column("composure", Float, nullable=False),
    Column("nickname", String(score.NICKNAME_LENGTH)),
    #: The nickname as it is compared; folding case may lengthen it.
    Column("nickname_key", String(3 * score.NICKNAME_LENGTH), index=True),
    Column("rules_version", String(score.VERSION_LENGTH), nullable=False),
    Column("model_version", String(score.VERSION_LENGTH), nullable=False),
    Index("emotion_game_rounds_by_points", "mode", "level", "points"),
)

SCHEMA = Table("emotion_game_schema", METADATA, Column("version", Integer, primary_key=True))

#: Steps to each later version of the tables, from the one before it. Version 1 is the first.
#: A new database gets the newest tables at once.
MIGRATIONS: Mapping[int, Callable[[Connection], None]] = {}

#: Any number that no other program uses for its lock in the same database.
_POSTGRESQL_LOCK = 0x5EED_FACE


def default_url() -> URL:
    """Return the URL of the SQLite file in the user's data folder."""
    return URL.create("sqlite", database=str(data_folder() / FILE_NAME))


def data_folder() -> Path:
    """Return the user's data folder of the game."""
    return Path(platformdirs.user_data_dir("emotion-game"))


class Database:
    """A database that may be away: nothing is opened before it is used.

    Args:
        url: SQLAlchemy URL; None: the environment's ``EMOTION_GAME_DATABASE_URL``, or else the
            file in the user's data folder.
        busy_s: how long to wait for another writer, or for a server to answer.

    Attributes:
        is_file: whether it is a file of SQLite, and not on a server.
        label: the URL without its password, for people.

    Raises:
        ScoreError: when the URL is none, or names a database that is not supported.
    """

    def __init__(self, url: str | None = None, *, busy_s: float = BUSY_S) -> None:
        given = url or os.environ.get(URL_VARIABLE)
        self._url = _parse(given) if given else default_url()
        self.is_file = self._url.get_backend_name() == "sqlite"
        # Only what is surely no secret: a query may hold a password too.
        self.label = URL.create(
            self._url.get_backend_name(),
            username=self._url.username,
            host=self._url.host,
            port=self._url.port,
        ).render_as_string()
        if self._url.database is not None:
            # In bytes, since SQLAlchemy cannot quote a path that the system cannot decode.
            self.label += "/" + quote(os.fsencode(self._url.database), safe=" +/")
        self._engine = self._make_engine(busy_s)
        self._hasty = self._make_engine(min(busy_s, HASTY_S)) if self.is_file else self._engine

    @property
    def folder(self) -> Path | None:
        """Where its file lies; None: it is on a server."""
        return Path(self._url.database or "").absolute().parent if self.is_file else None

    @property
    def key(self) -> str:
        """A short name for files that belong to this database alone."""
        place = self.label
        if self.is_file:
            place = str(Path(self._url.database or "").resolve())
        return hashlib.sha256(place.encode("utf-8", "surrogateescape")).hexdigest()[:16]

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection to read from, its tables up to date.

        Raises:
            ScoreError: when the database is away, damaged, or of a newer game.
        """
        with self._faults(), self._transaction(self._engine, write=False) as connection:
            try:
                yield connection
            except (TypeError, ValueError) as error:
                # SQLite keeps whatever was written, of whatever type.
                raise ScoreError(
                    f"The score board {self.label} holds what is no result: {error}."[:300],
                    hint="Move the file away; a new board is made in its place.",
                ) from error

    @contextmanager
    def writing(self, *, hasty: bool = False) -> Iterator[Connection]:
        """Give a connection whose work is on the disk when the block ends, or not done at all.

        Args:
            hasty: wait for another writer no longer than the main loop may; of a file alone.

        Raises:
            RowRefusedError: when the database takes no such row.
            ScoreError: when the database is away, locked, full, damaged, or of a newer game.
        """
        engine = self._hasty if hasty else self._engine
        with self._faults(), self._transaction(engine, write=True) as connection:
            yield connection

    def close(self) -> None:
        """Close idle connections."""
        self._engine.dispose()

    @contextmanager
    def _transaction(self, engine: Engine, *, write: bool) -> Iterator[Connection]:
        self._prepare(engine)
        with _begin(engine, write=write) as connection:
            yield connection

    def _prepare(self, engine: Engine) -> None:
        """Make or upgrade the tables; asked every time, as an operator may put the file away."""
        if self.is_file and self._url.database == str(data_folder() / FILE_NAME):
            data_folder().mkdir(parents=True, exist_ok=True)
        with _begin(engine, write=False) as connection:
            found = _version(connection)
        newest = newest_version()
        if found == newest:
            return
        if found is not None and found > newest:
            raise ScoreError(
                f"The score board {self.label} has tables of version {found}; this game knows"
                f" version {newest}.",
                hint="Update the game, or name another board with --database.",
            )
        with _begin(engine, write=True) as connection:
            if not self.is_file:
                # Two booths may start at once; SQLite lets in one writer at a time anyway.
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _POSTGRESQL_LOCK}
                )
            upgrade(connection)

    def _make_engine(self, busy_s: float) -> Engine:
        if self.is_file:
            # A connection costs a fraction of a millisecond, and a file that nobody holds open
            # can be moved, also on Windows.
            engine = create_engine(self._url, poolclass=NullPool, connect_args={"timeout": busy_s})
            event.listen(engine, "connect", _set_up_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
            return engine
        waits_ms = int(busy_s * 1000)
        try:
            return create_engine(
                self._url,
                pool_size=2,
                pool_pre_ping=True,
                pool_timeout=busy_s,
                connect_args={
                    "connect_timeout": max(2, round(busy_s)),
                    "application_name": "emotion-game",
                    "options": f"-c statement_timeout={2 * waits_ms} -c lock_timeout={waits_ms}",
                    # A cable pulled out in mid-round is noticed in this time.
                    "tcp_user_timeout": 2 * waits_ms,
                },
            )
        except ImportError as error:
            raise ScoreError(
                "PostgreSQL needs the package psycopg, which is not installed.",
                hint='Run: pip install "emotion-game[postgres]".',
            ) from error

    @contextmanager
    def _faults(self) -> Iterator[None]:
        """Turn the library's exceptions into one clear line without a password."""
        try:
            yield
        except (IntegrityError, DataError) as error:
            raise RowRefusedError(
                f"The score board {self.label} refuses an entry: {self._reason(error)}."
            ) from error
        except (SQLAlchemyError, OSError) as error:
            reason = self._reason(error)
            raise ScoreError(
                f"Cannot use the score board {self.label}: {reason}.", hint=_hint(reason)
            ) from error

    def _reason(self, error: Exception) -> str:
        cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
        if isinstance(cause, OSError):
            reason = cause.strerror or str(cause)
        else:
            reason = " ".join(str(cause).split())[:300] or type(cause).__name__
        for secret in (self._url.password, *self._url.query.values()):
            if isinstance(secret, str) and secret:
                reason = reason.replace(secret, "***")
        return reason.rstrip(".?")


@contextmanager
def _begin(engine: Engine, *, write: bool) -> Iterator[Connection]:
    with engine.connect() as connection:
        connection.execution_options(writes=write)
        with connection.begin():
            yield connection


def newest_version() -> int:
    """Return the version of the tables that this game knows."""
    return 1 + len(MIGRATIONS)


def upgrade(connection: Connection) -> None:
    """Make the tables, or take older ones to the newest version, within one transaction."""
    found = _version(connection)
    newest = newest_version()
    if found is None:
        METADATA.create_all(connection)
        connection.execute(insert(SCHEMA).values(version=newest))
        return
    if found >= newest:  # Another booth was faster, perhaps one with a newer game.
        return
    for version in range(found + 1, newest + 1):
        MIGRATIONS[version](connection)
    connection.execute(update(SCHEMA).values(version=newest))


def _version(connection: Connection) -> int | None:
    if not inspect(connection).has_table(SCHEMA.name):
        return None
    return connection.execute(select(SCHEMA.c.version)).scalar()


def _parse(given: str) -> URL:
    # Neither the text nor the library's complaint is shown: either may hold a password.
    try:
        url = make_url(given)
    except (ArgumentError, ValueError) as error:
        raise ScoreError("The database URL cannot be read.", hint=_URL_HINT) from error
    name = url.drivername.partition("+")[0]
    if name == "sqlite":
        if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
            raise ScoreError("The database URL names no file.", hint=_URL_HINT)
        # A path in UTF-8 is what it is also where the system takes ASCII alone for text.
        path = os.fsdecode(url.database.encode("utf-8", "surrogateescape"))
        return url.set(drivername="sqlite", database=path)
    if name in {"postgresql", "postgres"}:
        if "@" in (url.host or ""):
            raise ScoreError(
                "The database URL has an @ in its user or password.", hint="Write it as %40."
            )
        return url.set(drivername="postgresql+psycopg")
    raise ScoreError(f'The database "{name}" is not supported.', hint=_URL_HINT)


def _set_up_sqlite(connection: Any, _record: object) -> None:
    # The driver must not begin transactions of its own: see _begin_sqlite.
    connection.isolation_level = None
    # Readers and the one writer do not wait for each other.
    connection.execute("PRAGMA journal_mode=WAL")
    # A result that was acknowledged survives a power cut.
    connection.execute("PRAGMA synchronous=FULL")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that begins as a reader and then writes fails at once when another one has
    # written in between, whatever the time to wait; one that begins as a writer waits.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _hint(reason: str) -> str:
    said = reason.lower()
    for words, hint in (
        ("not a database", "Move the file away; a new board is made in its place."),
        ("malformed", "Move the file away; a new board is made in its place."),
        ("locked", "Another program holds it; close that program or try again."),
        ("full", "Free some space on its disk."),
        ("unable to open", "Check that its folder exists and can be written."),
        ("readonly", "Make the file and its folder writable."),
        ("permission denied", "Make the file and its folder writable."),
        ("password", "Check the user and the password in the database URL."),
    ):
        if words in said:
            return hint
    return "Check that it can be reached, or name another with --database."
