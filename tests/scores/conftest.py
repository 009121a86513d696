from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from free_port import free_port
from score_maker import make_board

#: Debian keeps the server's programs out of the path, one folder a version.
SERVERS = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'scores.sqlite3'}"


@pytest.fixture
def board(tmp_path, url):
    board = make_board(url, tmp_path / "spool")
    yield board
    board.close()


@pytest.fixture
def stored():
    """What a board holds: its CSV export as dictionaries."""

    def read(board) -> list[dict[str, str]]:
        text = io.StringIO(newline="")
        board.export_csv(text)
        text.seek(0)
        return list(csv.DictReader(text))

    return read


class Cluster:
    """A PostgreSQL server of its own, in a folder of its own."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self._programs = programs
        self._data = folder / "data"
        self.port = free_port()
        # The server refuses to run as root.
        self._user = "postgres" if os.getuid() == 0 else None
        if self._user:
            shutil.chown(folder, self._user)
        password = folder / "password"
        password.write_text("geheim p@ss", "utf-8")
        password.chmod(0o644)
        self._run(
            *("initdb", "-D", self._data, "-U", "booth", "-A", "scram-sha-256"),
            *(f"--pwfile={password}", "-E", "UTF8", "--locale=C.UTF-8"),
        )
        with (self._data / "postgresql.conf").open("a") as settings:
            settings.write(
                f"port = {self.port}\nlisten_addresses = '127.0.0.1'\n"
                f"unix_socket_directories = '{folder}'\n"
            )
        self.url = f"postgresql://booth:geheim%20p%40ss@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        self._run("pg_ctl", "-D", self._data, "-w", "-t", "600", "-l", self._data / "log", "start")

    def stop(self) -> None:
        """Pull the plug: connections are cut, nothing is finished."""
        self._run("pg_ctl", "-D", self._data, "-w", "-t", "600", "-m", "immediate", "stop")

    def running(self) -> bool:
        return (self._data / "postmaster.pid").exists()

    def _run(self, program: str, *arguments: object) -> None:
        done = subprocess.run(
            [self._programs / program, *map(str, arguments)],
            cwd=self._data.parent,
            user=self._user,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if program != "pg_ctl" else subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            timeout=900,
            check=False,
        )
        assert done.returncode == 0, done.stdout


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    pytest.importorskip("psycopg", reason="psycopg is not installed (extra postgres)")
    if not SERVERS:
        pytest.skip("PostgreSQL is not installed (Debian: apt install postgresql)")
    # pytest's own folders are closed to other users, the server's among them.
    folder = Path(tempfile.mkdtemp(prefix="emotion-game-postgresql-"))
    cluster = Cluster(folder, SERVERS[-1].parent)
    try:
        cluster.start()
        yield cluster
    finally:
        if cluster.running():
            cluster.stop()
        shutil.rmtree(folder)


@pytest.fixture
def postgres(cluster):
    """The URL of an empty database on a running server."""
    import psycopg

    if not cluster.running():
        cluster.start()
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS emotion_game_rounds, emotion_game_schema")
    return cluster.url
