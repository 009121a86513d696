"""Nothing is lost and nothing counts twice, whatever becomes of database, disk and process."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from uuid import UUID

import pytest
import score_maker
from score_maker import make_board, make_score
from sqlalchemy import text

from emotion_game.scores import ScoreError, database, open_board
from emotion_game.scores.database import Database
from emotion_game.scores.spool import Add, Name, Spool

#: How often the test kills a writer; 200 takes about three minutes.
KILLS = int(os.environ.get("EMOTION_GAME_KILLS", "30"))


@pytest.fixture
def file(tmp_path):
    return tmp_path / "scores.sqlite3"


@pytest.fixture
def spool_folder(tmp_path):
    return tmp_path / "spool"


@pytest.fixture
def hasty(tmp_path, url):
    """A board that does not wait long for others."""
    board = make_board(url, tmp_path / "spool", busy_s=0.1)
    yield board
    board.close()


def ids(rows):
    return sorted(row["id"] for row in rows)


# --- SQLite is its own outbox ---------------------------------------------------------------------


def test_a_result_is_in_the_file_at_once_and_nowhere_else(hasty, file, spool_folder):
    score = make_score()
    hasty.keep(score)
    assert hasty.keep_name(score.id, "Kim") == "Kim"
    with sqlite3.connect(file) as other:
        found = other.execute("SELECT id, nickname FROM emotion_game_rounds").fetchall()
    other.close()
    assert found == [(score.id.hex, "Kim")]
    assert not spool_folder.exists()
    assert hasty.waiting() == 0


def test_a_nickname_does_not_overtake_a_result_that_waits(hasty, file):
    hasty.keep(make_score())
    score = make_score()
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    hasty.keep(score)
    other.execute("ROLLBACK")
    other.close()
    hasty.keep_name(score.id, "Kim")
    assert hasty.waiting() == 2
    assert hasty.deliver() == 2
    assert hasty.personal_best("Kim", "happy", 1).id == score.id


def test_a_player_is_deleted_with_the_results_that_still_wait(hasty, spool_folder, stored):
    Spool(spool_folder).put(Add(score=make_score(nickname="Kim")))
    assert hasty.delete_player("Kim") == 1
    assert hasty.deliver() == 0
    assert stored(hasty) == []


# --- The database is away -------------------------------------------------------------------------


def test_results_for_a_locked_database_wait_and_are_replayed_once(hasty, file, stored):
    first, second, third = (make_score(minute) for minute in range(3))
    hasty.keep(first)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    hasty.keep(second)
    hasty.keep(third)
    assert hasty.keep_name(second.id, "Kim") == "Kim"
    assert hasty.waiting() == 3
    with pytest.raises(ScoreError, match="locked"):
        hasty.deliver()
    assert "locked" in hasty.trouble
    assert ids(stored(hasty)) == [str(first.id)]  # Reading goes on beside a writer.
    other.execute("ROLLBACK")
    other.close()
    assert hasty.deliver() == 3
    assert hasty.deliver() == 0
    assert hasty.waiting() == 0
    assert hasty.trouble == ""
    assert ids(stored(hasty)) == sorted(str(each.id) for each in (first, second, third))
    assert hasty.personal_best("Kim", "happy", 1).id == second.id


def test_results_outlive_the_game_that_kept_them(url, file, spool_folder, stored):
    file.write_bytes(b"no database at all, but long enough to be taken for one" * 20)
    score = make_score()
    dead = make_board(url, spool_folder)
    dead.keep(score)
    with pytest.raises(ScoreError, match="file is not a database"):
        dead.deliver()
    with pytest.raises(ScoreError, match="Move the file away"):
        dead.leaderboard("happy", 1, 10)
    dead.close()
    file.unlink()
    alive = make_board(url, spool_folder)
    assert alive.deliver() == 1
    assert ids(stored(alive)) == [str(score.id)]


def test_a_database_with_a_damaged_inside_is_named(hasty, file):
    hasty.keep(make_score())
    content = bytearray(file.read_bytes())
    content[200:] = b"\xaa" * (len(content) - 200)
    file.write_bytes(content)
    for rest in (file.with_name(file.name + "-wal"), file.with_name(file.name + "-shm")):
        rest.unlink(missing_ok=True)
    hasty.keep(make_score())
    assert hasty.waiting() == 1
    with pytest.raises(ScoreError) as said:
        hasty.deliver()
    assert str(file) in str(said.value)
    assert "\n" not in str(said.value)


def test_a_database_file_that_was_moved_away_is_made_anew(hasty, file, stored):
    hasty.keep(make_score())
    file.unlink()
    score = make_score()
    hasty.keep(score)
    assert ids(stored(hasty)) == [str(score.id)]


def test_a_folder_that_does_not_exist_is_named(tmp_path, spool_folder):
    board = make_board(f"sqlite:///{tmp_path / 'nowhere' / 'x.sqlite3'}", spool_folder)
    board.keep(make_score())
    with pytest.raises(ScoreError, match=r"nowhere.*unable to open database file"):
        board.deliver()
    assert board.waiting() == 1


# --- The spool is away ----------------------------------------------------------------------------


def test_without_a_spool_the_database_takes_the_result(url, tmp_path, stored):
    (tmp_path / "file").touch()
    board = make_board(url, tmp_path / "file" / "spool")  # A folder in a file: never.
    score = make_score()
    board.keep(score)
    assert ids(stored(board)) == [str(score.id)]
    assert board.waiting() == 0


def test_without_both_the_result_waits_in_memory_and_that_is_said(tmp_path, stored):
    (tmp_path / "file").touch()
    url = f"sqlite:///{tmp_path / 'later' / 'x.sqlite3'}"
    board = make_board(url, tmp_path / "file" / "spool")
    scores = [make_score(minute) for minute in range(3)]
    for score in scores[:2]:
        with pytest.raises(ScoreError, match="Cannot keep the result in"):
            board.keep(score)
    with pytest.raises(ScoreError, match="Cannot keep the result in"):
        board.keep_name(scores[1].id, "Kim")
    assert board.waiting() == 3
    (tmp_path / "file").unlink()  # The spool can be written again ...
    board.keep(scores[2])
    assert board.waiting() == 4
    (tmp_path / "later").mkdir()  # ... and now the database too.
    assert board.deliver() == 4
    assert ids(stored(board)) == sorted(str(each.id) for each in scores)
    assert board.personal_best("Kim", "happy", 1).id == scores[1].id
    assert board.waiting() == 0


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 256 KiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    if os.name != "posix" or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root can mount a small disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_costs_nothing_that_was_acknowledged(small_disk, stored):
    board = make_board(f"sqlite:///{small_disk / 'scores.sqlite3'}", small_disk / "spool")
    board.keep(make_score())
    filler = small_disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * 512)
    wanted, said = [make_score(minute) for minute in range(60)], []
    for score in wanted:
        try:
            board.keep(score)
        except ScoreError as error:
            said.append(str(error))
    assert said
    assert all("No space left" in line for line in said)
    assert list((small_disk / "spool").glob("*.part")) == []
    filler.unlink()
    board.deliver()
    assert board.waiting() == 0
    assert {str(each.id) for each in wanted} < set(ids(stored(board)))
    assert len(stored(board)) == 61


def test_a_read_only_disk_is_said_and_the_result_is_written_later(small_disk, stored):
    board = make_board(f"sqlite:///{small_disk / 'scores.sqlite3'}", small_disk / "spool")
    board.keep(make_score())
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    try:
        with pytest.raises(ScoreError, match="Cannot keep the result") as said:
            board.keep(make_score())
        assert "writable" in str(said.value)
        with pytest.raises(ScoreError, match="Cannot use the score board"):
            board.deliver()
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert board.deliver() == 1
    assert len(stored(board)) == 2


def test_a_read_only_board_costs_nothing_while_another_disk_can_be_written(
    small_disk, spool_folder, stored
):
    url = f"sqlite:///{small_disk / 'scores.sqlite3'}"
    board = make_board(url, spool_folder)
    board.keep(make_score())
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    try:
        board.keep(make_score())
        assert board.waiting() == 1
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert make_board(url, spool_folder).deliver() == 1
    assert len(stored(board)) == 2


# --- Damaged and refused entries ------------------------------------------------------------------


def test_a_torn_entry_is_set_aside_and_reported_and_the_others_go_on(hasty, spool_folder, stored):
    whole, torn = make_score(1), make_score(2)
    for score in (whole, torn):
        Spool(spool_folder).put(Add(score=score))
    victim = sorted(spool_folder.glob("*.json"))[-1]
    victim.write_bytes(victim.read_bytes()[:50])
    (spool_folder / "00-empty.json").touch()
    (spool_folder / "01-other.json").write_text('{"op": "dance"}', "utf-8")
    assert hasty.deliver() == 1
    assert ids(stored(hasty)) == [str(whole.id)]
    assert hasty.waiting() == 0
    assert len(hasty.faults) == 3
    assert all("it is damaged" in fault for fault in hasty.faults)
    assert len(list(spool_folder.glob("*.bad"))) == 3


def test_an_entry_the_database_refuses_does_not_hold_up_the_others(hasty, spool_folder, stored):
    hasty.keep(make_score(0))
    with Database(hasty.label).writing() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER refuse BEFORE INSERT ON emotion_game_rounds"
                " WHEN NEW.points = 13 BEGIN SELECT RAISE(ABORT, 'unlucky'); END"
            )
        )
    for minute, points in ((1, 12), (2, 13), (3, 14)):
        hasty.keep(make_score(minute, points=points))
    assert hasty.waiting() == 2  # The refused one and what came after it.
    assert hasty.deliver() == 1
    assert sorted(row["points"] for row in stored(hasty)) == ["12", "14", "400"]
    assert hasty.waiting() == 0
    assert "refuses it" in hasty.faults[0]


def test_a_refused_entry_that_is_in_memory_alone_is_logged_without_its_nickname(
    hasty, spool_folder, caplog
):
    hasty.keep(make_score(0))
    with Database(hasty.label).writing() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER refuse BEFORE INSERT ON emotion_game_rounds"
                " BEGIN SELECT RAISE(ABORT, 'unlucky'); END"
            )
        )
    spool_folder.touch()
    refused = make_score(1, nickname="길동")
    with pytest.raises(ScoreError, match="Cannot keep the result"):
        hasty.keep(refused)
    assert hasty.deliver() == 0
    assert hasty.waiting() == 0
    assert str(refused.id) in caplog.text
    assert "길동" not in caplog.text


def test_rows_that_somebody_else_wrote_wrongly_are_left_out(hasty, file, caplog):
    for minute, nickname in enumerate(("Kim", "Lee", None)):
        hasty.keep(make_score(minute, nickname=nickname))
    rows = sqlite3.connect(file)
    rows.execute("UPDATE emotion_game_rounds SET points = 'many' WHERE nickname = 'Kim'")
    rows.execute(
        "UPDATE emotion_game_rounds SET nickname = printf('%.*c', 9999, 'x') WHERE nickname = 'Lee'"
    )
    rows.commit()
    for _ in range(2):
        (kept,) = hasty.leaderboard("happy", 1, 10)
        assert kept.nickname is None
        assert hasty.results() == (kept,)
    assert [record.args[2] for record in caplog.records] == ["points", "nickname"]
    assert "Kim" not in caplog.text
    rows.execute("UPDATE emotion_game_rounds SET finished_at = 'yesterday'")
    rows.commit()
    rows.close()
    assert hasty.results() == ()


def test_a_nickname_reaches_its_result_though_the_clock_was_set_back(
    hasty, spool_folder, monkeypatch
):
    score, spool = make_score(), Spool(spool_folder)
    spool.put(Add(score=score))
    monkeypatch.setattr(time, "time_ns", lambda: 1)
    spool.put(Name(id=score.id, nickname="Kim"))
    hasty.deliver()
    assert hasty.personal_best("Kim", "happy", 1).id == score.id


def test_half_written_entries_of_killed_games_are_cleared_away_in_time(spool_folder):
    spool = Spool(spool_folder)
    spool.put(Add(score=make_score()))
    old, young = spool_folder / "old.part", spool_folder / "young.part"
    old.touch()
    young.touch()
    os.utime(old, (0, 0))
    assert len(spool.waiting()) == 1
    assert not old.exists()
    assert young.exists()


def test_what_waits_for_one_board_never_reaches_another(tmp_path, stored):
    (tmp_path / "away").mkdir()
    away = open_board(f"sqlite:///{tmp_path / 'missing' / 'a.db'}", folder=tmp_path / "spools")
    away.keep(make_score())
    here = open_board(f"sqlite:///{tmp_path / 'b.db'}", folder=tmp_path / "spools")
    assert here.deliver() == 0
    assert stored(here) == []
    assert away.waiting() == 1


# --- Several at once, and killed ------------------------------------------------------------------


def test_several_boards_may_share_one_spool(url, spool_folder, stored):
    boards = [make_board(url, spool_folder) for _ in range(3)]
    for minute in range(30):
        Spool(spool_folder).put(Add(score=make_score(minute)))
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda board: board.deliver(), boards))
    assert boards[0].deliver() == 0
    assert len(stored(boards[0])) == 30
    assert boards[0].faults == ()


def test_two_games_may_make_and_fill_one_database_at_once(url, tmp_path, stored):
    games = [_program("add", url, tmp_path / f"spool-{number}", 20) for number in range(2)]
    for game in games:
        assert game.wait(600) == 0
        game.stdin.close()
        game.stdout.close()
    boards = [make_board(url, tmp_path / f"spool-{number}") for number in range(2)]
    for board in boards:
        board.deliver()
    assert len(stored(boards[0])) == 40


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the writers are forked")
def test_a_killed_writer_loses_nothing_it_acknowledged_and_doubles_nothing(
    url, file, spool_folder, stored, tmp_path
):
    chance = random.Random(20261122)
    noted = tmp_path / "acknowledged"
    noted.touch()
    waited = 0
    with _program("nursery", url, spool_folder, noted) as nursery:
        for turn in range(KILLS):
            blocker = None
            if turn % 3 == 2 and file.exists():  # Every third writer finds the database locked.
                blocker = sqlite3.connect(file, isolation_level=None, timeout=300)
                blocker.execute("BEGIN IMMEDIATE")
            before = noted.stat().st_size
            nursery.stdin.write("one more\n")
            nursery.stdin.flush()
            writer = int(nursery.stdout.readline())
            limit_s = time.monotonic() + 300
            while noted.stat().st_size == before and turn % 4 and time.monotonic() < limit_s:
                time.sleep(0.001)
            time.sleep(chance.uniform(0.0, 0.15))
            os.kill(writer, signal.SIGKILL)
            assert nursery.stdout.readline() == "gone\n"
            if blocker is not None:
                blocker.close()
            waited += len(list(spool_folder.glob("*.json")))
        nursery.stdin.close()
    told = noted.read_bytes()
    acknowledged = [str(UUID(bytes=told[at : at + 16])) for at in range(0, len(told), 16)]
    board = make_board(url, spool_folder)
    board.deliver()
    kept = ids(stored(board))
    print(f"{KILLS} kills: {len(acknowledged)} acknowledged, {len(kept)} kept, {waited} waited")
    assert len(acknowledged) >= KILLS // 2
    assert waited > 0  # The spool was needed.
    assert set(acknowledged) <= set(kept)
    assert len(kept) == len(set(kept))
    # At most the one being added at each kill is there without having been acknowledged.
    assert len(kept) - len(acknowledged) <= KILLS
    assert board.faults == ()


def _program(*arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, score_maker.__file__, *map(str, arguments)],
        env=score_maker.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


# --- Versions of the tables -----------------------------------------------------------------------


def test_a_database_of_a_newer_game_is_refused_and_the_result_waits(hasty, file):
    hasty.keep(make_score())
    with sqlite3.connect(file) as other:
        other.execute("UPDATE emotion_game_schema SET version = 99")
    other.close()
    hasty.keep(make_score())
    with pytest.raises(ScoreError, match="has tables of version 99; this game knows version 1"):
        hasty.deliver()
    assert hasty.waiting() == 1
    with pytest.raises(ScoreError, match="Update the game"):
        hasty.leaderboard("happy", 1, 10)


def test_an_older_database_is_upgraded_with_all_its_results(hasty, monkeypatch, file, stored):
    hasty.keep(make_score())
    ran = []

    def add_column(connection) -> None:
        ran.append(2)
        connection.execute(text("ALTER TABLE emotion_game_rounds ADD COLUMN extra INTEGER"))

    def fill_column(connection) -> None:
        ran.append(3)
        connection.execute(text("UPDATE emotion_game_rounds SET extra = 7"))

    monkeypatch.setattr(database, "MIGRATIONS", {2: add_column, 3: fill_column})
    hasty.keep(make_score())
    assert ran == [2, 3]
    assert len(stored(hasty)) == 2
    with sqlite3.connect(file) as other:
        assert other.execute("SELECT version FROM emotion_game_schema").fetchall() == [(3,)]
        found = other.execute("SELECT extra FROM emotion_game_rounds ORDER BY extra").fetchall()
    other.close()
    assert found == [(None,), (7,)]


def test_an_upgrade_that_fails_leaves_the_database_as_it_was(hasty, monkeypatch, file):
    hasty.keep(make_score())

    def half(connection) -> None:
        connection.execute(text("ALTER TABLE emotion_game_rounds ADD COLUMN extra INTEGER"))
        connection.execute(text("SELECT * FROM nowhere"))

    with monkeypatch.context() as patched:
        patched.setattr(database, "MIGRATIONS", {2: half})
        with pytest.raises(ScoreError, match="no such table"):
            hasty.leaderboard("happy", 1, 10)
    assert len(hasty.leaderboard("happy", 1, 10)) == 1
    with sqlite3.connect(file) as other:
        assert other.execute("SELECT version FROM emotion_game_schema").fetchall() == [(1,)]
        columns = [row[1] for row in other.execute("PRAGMA table_info(emotion_game_rounds)")]
    other.close()
    assert "extra" not in columns


def test_results_are_flushed_to_the_disk_before_they_are_acknowledged(url):
    board = Database(url)
    with board.reading() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2  # FULL
    board.close()


# --- Which database -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("nonsense", "cannot be read"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("mysql://booth:geheim@host/board", '"mysql" is not supported'),
        ("postgresql://booth:ge@heim@host/board", "an @ in its user or password"),
        ("postgresql://booth:geheim@host:port/board", "cannot be read"),
    ],
)
def test_a_wrong_url_is_refused_without_telling_the_password(given, said):
    with pytest.raises(ScoreError, match=said) as refused:
        Database(given)
    assert "heim" not in str(refused.value)


def test_the_environment_names_the_database(monkeypatch, tmp_path):
    monkeypatch.setenv("EMOTION_GAME_DATABASE_URL", f"sqlite:///{tmp_path / 'shared.db'}")
    assert open_board().label.endswith("shared.db")
    assert open_board(f"sqlite:///{tmp_path / 'own.db'}").label.endswith("own.db")
    monkeypatch.setenv("EMOTION_GAME_DATABASE_URL", "")
    assert open_board().label.endswith("scores.sqlite3")
