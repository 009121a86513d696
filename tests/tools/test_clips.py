"""``emotion-game clips`` as a user meets it."""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

sys.path.insert(0, str(Path(__file__).parents[1] / "clips"))
sys.path.insert(0, str(Path(__file__).parents[1] / "scores"))
from film_maker import write_film
from score_maker import make_board, make_score

from emotion_game import cli, paths
from emotion_game.clips.library import own_folder
from emotion_game.game.types import Outcome
from emotion_game.tools.clips import clip_table, list_clips

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command beside a small library; return its exit code, stdout and stderr."""
    shipped = tmp_path / "videos"
    clip = next(paths.VIDEOS.glob("happy/1/*.mp4"))
    write_film(shipped / "happy/1" / clip.name, size=(80, 48))
    (shipped / "catalogue.toml").write_text(
        f'[[clip]]\nfile = "happy/1/{clip.name}"\ntitle_en = "Duck"\ntitle_ko = "오리"\n'
        'duration_s = 3.0\nlicence = "CC0-1.0"\norigin = "drawn here"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(paths, "VIDEOS", shipped)
    monkeypatch.setattr("platformdirs.user_data_path", lambda name: tmp_path / "data" / name)

    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main(["clips", *map(str, arguments)])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return int(ended.value.code or 0), said.out, said.err

    return run


def test_add_list_check_pack_install_remove(run: Run, tmp_path: Path) -> None:
    films = tmp_path / "내 영상"
    write_film(films / "inside" / "고양이 😹.mp4")
    (films / "broken.mp4").write_text("no film")
    (films / "notes.txt").write_text("not looked at")
    code, out, err = run("add", films, "--mode", "happy", "--level", "2")
    assert code == 1
    assert "broken.mp4 is no clip that can be read" in err
    assert "No licence was given" in err
    assert "copied as it is" in out
    clip_id = out.split(":")[0]

    (films / "broken.mp4").unlink()
    code, out, err = run("add", films / "inside", "--mode", "happy", "--level", "2")
    assert (code, out) == (1, "")
    assert f"is in the library already, as {clip_id}" in err
    assert "No licence" not in err

    code, out, _ = run("list", "--json", "--mode", "happy")
    listed = json.loads(out)["clips"]
    assert code == 0
    assert [(each["own"], each["title_ko"]) for each in listed] == [
        (False, "오리"),
        (True, "고양이"),
    ]
    assert Path(listed[1]["file"]).is_file()
    assert Path(listed[1]["thumbnail"]).is_file()
    code, out, _ = run("list")
    assert code == 0
    assert "고양이" in out

    assert run("check")[:2] == (0, "2 clips, all good\n")

    pack = tmp_path / "pack.zip"
    code, out, err = run("pack", pack, "--mode", "happy")
    assert code == 0
    assert "1 clip(s)" in out
    assert f"Nobody said whether these may be passed on: {clip_id}." in err
    assert run("remove", clip_id)[:2] == (0, f"removed {clip_id}\n")
    assert run("pack", tmp_path / "none.zip")[0] == 1
    code, out, _ = run("install", pack)
    assert code == 0
    assert clip_id in out
    assert "in the library already" in run("install", pack)[1]


def test_check_names_every_fault(run: Run, tmp_path: Path) -> None:
    folder = own_folder()
    write_film(folder / "happy/3/loud.mp4", gain=lambda t: 0.9 + 0 * t)
    (folder / "happy/3/text.mp4").write_text("no film")
    film = write_film(tmp_path / "a.mp4")
    clip_id = run("add", film, "--mode", "surprise", "--level", 1)[1].split(":")[0]
    shutil.copy(write_film(tmp_path / "b.mp4", seconds=4), folder / f"{clip_id}.mp4")
    code, out, _ = run("check", "--json")
    answer = json.loads(out)
    assert (code, answer["ok"], answer["clips"]) == (1, False, 3)
    found = {(fault["clip"], fault["fault"].split(":")[0]) for fault in answer["faults"]}
    assert found == {
        ("happy/3/loud.mp4", "not in catalogue.toml; played under its file name."),
        ("happy/3/text.mp4", "text.mp4 cannot be decoded"),
        ("happy/3/loud", "peaks at 0.5 dBFS"),
        (clip_id, "not the file that was added"),
        (clip_id, "4.0 s long; catalogue.toml says 3.0 s"),
    }
    assert all(fault["hint"] for fault in answer["faults"])
    code, out, _ = run("check")
    assert code == 1
    assert "what to do" in out


def test_the_list_says_how_often_each_clip_was_played_and_when_it_breaks_people(
    run: Run, tmp_path: Path
) -> None:
    write_film(own_folder() / "happy/1/new.mp4")
    duck = next(paths.VIDEOS.glob("happy/1/*.mp4")).stem
    board = make_board(f"sqlite:///{tmp_path / 'scores.db'}", tmp_path / "spool")
    for outcome, decided_s in (
        (Outcome.LOST, 4.0),
        (Outcome.LOST, 7.5),
        (Outcome.LOST, 9.0),
        (Outcome.WON, 11.0),
        (Outcome.VOID, 1.0),
    ):
        board.keep(make_score(clip_id=f"happy/1/{duck}", outcome=outcome, decided_s=decided_s))
    rows, faults = list_clips("happy", 1, board)
    assert [(row["id"], row["plays"], row["losses"], row["median_loss_s"]) for row in rows] == [
        (f"happy/1/{duck}", 4, 3, 7.5),
        ("happy/1/new", 0, 0, None),
    ]
    assert "not in catalogue.toml" in faults[-1]
    text = printed(rows)
    assert "3 (75%)" in text
    assert "7.5 s" in text
    assert list_clips("surprise", None, board)[0] == []
    board.close()


def test_a_board_that_cannot_be_read_costs_the_figures_only(run: Run, tmp_path: Path) -> None:
    (tmp_path / "scores.db").write_text("this is no database")
    board = make_board(f"sqlite:///{tmp_path / 'scores.db'}", tmp_path / "spool")
    rows, faults = list_clips(None, None, board)
    board.close()
    assert [(row["plays"], row["losses"], row["median_loss_s"]) for row in rows] == [
        (None, None, None)
    ]
    assert "How often each clip was played is not known" in faults[0]
    assert "?" in printed(rows)


def printed(rows: list[dict[str, object]]) -> str:
    out = io.StringIO()
    Console(file=out, width=140).print(clip_table(rows))
    return out.getvalue()


@pytest.mark.parametrize(
    "arguments",
    [
        ["add", "a.mp4"],
        ["add", "a.mp4", "--mode", "happy", "--level", "4"],
        ["add", "a.mp4", "--mode", "sad", "--level", "1"],
        ["add", "a.mp4", "b.mp4", "--mode", "happy", "--level", "1", "--title-en", "Both"],
    ],
)
def test_wrong_usage(run: Run, arguments: list[str]) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1


def test_add_says_what_it_leaves_out_of_a_folder(run: Run, tmp_path: Path) -> None:
    films = tmp_path / "films"
    write_film(films / "cat.mp4")
    for junk in ("._cat.mp4", ".Trash-1000/old.mp4", "notes.txt", "game.swf"):
        (films / junk).parent.mkdir(exist_ok=True)
        (films / junk).write_bytes(b"no film")
    code, _, err = run("add", films, "--mode", "happy", "--level", "2", "--licence", "CC0-1.0")
    assert code == 0
    assert err.splitlines()[-1] == (
        "Left out: 1 as no films, 1 in Flash (not read), 1 in the trash, 1 of the system."
    )
