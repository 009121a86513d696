"""The command line as users meet it: a process of its own, its exit code and what it prints."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

import emotion_game
from emotion_game.commands.console import DEBUG
from emotion_game.game.types import EMOTIONS, Outcome, Reason, RoundResult
from emotion_game.misreads import Misreads, SeenFace
from emotion_game.paths import CONFIGS

#: Whatever a busy machine may need; no test waits for it where nothing hangs.
LIMIT_S = 600
ROOT = Path(emotion_game.__file__).parent.parent


class Answer:
    """What a command printed and how it ended."""

    def __init__(self, done: subprocess.CompletedProcess[str]) -> None:
        self.code = done.returncode
        self.stdout = done.stdout
        # Ours alone: no greeting of LiteRT, no complaint of ALSA about a machine without sound.
        self.said = [line for line in done.stderr.splitlines() if line]
        assert "Traceback" not in done.stderr, done.stderr

    def json_lines(self) -> list[dict]:
        return [json.loads(line) for line in self.stdout.splitlines()]


def emotion_game_command(
    *arguments: object, cwd: Path = ROOT, encoding: str = "utf-8", path: Path | None = None
) -> Answer:
    """Run the command line on a machine without screen and loudspeaker.

    ``path`` holds modules that stand before those installed.
    """
    environment = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith("SDL_") and key not in {"DISPLAY", "WAYLAND_DISPLAY"}
    }
    environment |= {
        "PYTHONPATH": os.pathsep.join(map(str, [path, ROOT] if path else [ROOT])),
        "PYTHONIOENCODING": encoding,
        "PYGAME_HIDE_SUPPORT_PROMPT": "1",
        "COLUMNS": "80",
    }
    return Answer(
        subprocess.run(
            [sys.executable, "-m", "emotion_game", *map(str, arguments)],
            cwd=cwd,
            env=environment,
            capture_output=True,
            encoding=encoding,
            timeout=LIMIT_S,
            check=False,
        )
    )


# --- Wrong usage ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--level", "4"], "--level"),
        (["--nonsense"], "--nonsense"),
        (["nonsense"], "nonsense"),
        (["--mode", "sad"], "--mode"),
        (["judge", "film.mp4"], "--mode"),
        (["faces"], "paths"),
    ],
)
def test_wrong_usage_is_told_in_one_line(arguments, said):
    answer = emotion_game_command(*arguments)
    assert answer.code == 2
    (line,) = answer.said
    assert said in line.lower()
    assert answer.stdout == ""


def test_version_and_help():
    answer = emotion_game_command("--version")
    assert (answer.code, answer.stdout.strip()) == (0, emotion_game.__version__)
    answer = emotion_game_command("play", "--version")
    assert (answer.code, answer.stdout.strip()) == (0, emotion_game.__version__)
    answer = emotion_game_command("--help")
    assert answer.code == 0
    for command in ("play", "faces", "judge", "bench", "doctor", "review"):
        assert command in answer.stdout
    assert emotion_game_command("-h").stdout == answer.stdout
    assert "--whole-image" in emotion_game_command("faces", "-h").stdout


def test_a_library_that_cannot_be_loaded_is_told_in_one_line(tmp_path):
    # What a system without a library of OpenCV's shows.
    (tmp_path / "cv2.py").write_text('raise ImportError("libxcb.so.1: cannot open")')
    answer = emotion_game_command("doctor", path=tmp_path)
    assert answer.code == 1
    (line,) = answer.said
    assert "libxcb.so.1" in line
    assert "Install" in line


@pytest.mark.parametrize(("debug", "shown"), [("", False), ("1", True)])
def test_what_c_libraries_print_is_shown_for_debugging_only(debug, shown):
    code = (
        "import os; from emotion_game.commands.console import keep_libraries_quiet, say;"
        "keep_libraries_quiet(); os.write(2, b'ALSA lib x\\n'); say('ours')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {DEBUG: debug, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ("ALSA lib x\n" if shown else "") + "ours\n"


# --- faces ----------------------------------------------------------------------------------------


@pytest.fixture
def album(tmp_path, astronaut):
    folder = tmp_path / "사진 album"
    folder.mkdir()
    (folder / "a broken.png").write_bytes(b"no picture")
    (folder / "b 우주인.png").write_bytes(cv2.imencode(".png", astronaut)[1].tobytes())
    (folder / "c blank.jpg").write_bytes(
        cv2.imencode(".jpg", np.full((60, 80, 3), 90, np.uint8))[1].tobytes()
    )
    return folder


def test_faces_prints_one_json_line_a_picture_and_tells_which_it_could_not_read(album, hopper_file):
    answer = emotion_game_command("faces", "--json", "none.png", album, hopper_file)
    assert answer.code == 1
    damaged, smiling, blank, straight = answer.json_lines()
    assert damaged == {
        "file": str(album / "a broken.png"),
        "width": None,
        "height": None,
        "faces": [],
        "left_out": f"{album / 'a broken.png'} is not a readable picture.",
    }
    assert list(smiling) == ["file", "width", "height", "faces"]
    assert smiling["file"] == str(album / "b 우주인.png")
    assert (blank["width"], blank["height"], blank["faces"]) == (80, 60, [])
    for picture, expression in ((smiling, "happiness"), (straight, "neutral")):
        face = picture["faces"][0]
        assert list(face) == ["box", "confidence", "expression", "emotions"]
        assert tuple(face["emotions"]) == EMOTIONS
        assert face["expression"] == expression
    missing, broken = answer.said
    assert "none.png" in missing
    assert str(album / "a broken.png") in broken


def test_faces_says_what_it_leaves_out_of_a_folder(album):
    (album / "a broken.png").rename(album / "._b 우주인.png")
    (album / "c blank.jpg").rename(album / "c blank.gif")
    (album / "d.heic").write_bytes(b"\0\0\0\x18ftypheic")
    for junk in (".Trash-1000/e.png", ".ipynb_checkpoints/b-checkpoint.png", "notes.txt"):
        (album / junk).parent.mkdir(exist_ok=True)
        (album / junk).write_bytes((album / "c blank.gif").read_bytes())
    answer = emotion_game_command("faces", "--json", album)
    assert answer.code == 0
    smiling, blank, phone = answer.json_lines()
    assert [len(each["faces"]) for each in (smiling, blank, phone)] == [1, 0, 0]
    assert "left_out" not in blank
    assert "of the format HEIC, which is not read" in phone["left_out"]
    assert answer.said == [
        "Left out: 1 as checkpoints, 1 as no pictures, 1 in HEIC (not read), 1 in the trash,"
        " 1 of the system."
    ]
    # What is named is looked at, and it is a failure when it cannot be read.
    answer = emotion_game_command("faces", "--json", album / "d.heic", album / ".Trash-1000/e.png")
    assert answer.code == 1
    assert [len(line) for line in answer.json_lines()] == [5, 4]
    (said,) = answer.said
    assert "Save it as JPEG or PNG" in said


def test_faces_takes_the_whole_picture_as_the_face(album):
    answer = emotion_game_command("faces", "--whole-image", "--json", album / "c blank.jpg")
    assert (answer.code, answer.said) == (0, [])
    (picture,) = answer.json_lines()
    assert [face["box"] for face in picture["faces"]] == [[0, 0, 80, 60]]


def test_json_stays_json_where_the_console_lacks_a_letter(album):
    path = album / "é 😀.jpg"
    (album / "c blank.jpg").rename(path)
    answer = emotion_game_command("faces", "--json", path, encoding="cp949")
    (picture,) = answer.json_lines()
    assert picture["file"] == str(path)


# --- judge ----------------------------------------------------------------------------------------


def test_judge_prints_one_json_line_a_video_and_names_the_broken_one(tmp_path, recorded_player):
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"this is a text\n" * 500)
    answer = emotion_game_command("judge", "--mode", "happy", "--json", broken, recorded_player)
    assert answer.code == 1
    (verdict,) = answer.json_lines()
    assert verdict["file"] == str(recorded_player)
    assert len(verdict["losses"]) == 1
    assert len(verdict["timeline"]) == verdict["frames"]
    (line,) = answer.said
    assert str(broken) in line


def test_judge_tells_of_a_recording_without_a_face(tmp_path):
    path = tmp_path / "wall.gif"
    with av.open(str(path), "w") as film:
        stream = film.add_stream("gif", rate=10)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "rgb8"
        for _ in range(5):
            frame = av.VideoFrame.from_ndarray(np.full((240, 320, 3), 120, np.uint8), "bgr24")
            film.mux(stream.encode(frame.reformat(format="rgb8")))
        film.mux(stream.encode(None))
    answer = emotion_game_command("judge", "--mode", "happy", "--json", path)
    assert answer.code == 0
    (verdict,) = answer.json_lines()
    assert (verdict["frames"], verdict["face_share"]) == (5, 0.0)
    (line,) = answer.said
    assert str(path) in line
    assert "no face was seen" in line


# --- Passwords of cameras -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["play", "http://admin:s3cret@cam/v"], 2),
        (["play", "http://admin:s3 s3cret@cam/v"], 2),
        (["play", "--level", "http://admin:s3cret@cam/v"], 2),
        (["play", "--camrea=http://admin:s3cret@cam/v"], 2),
        (["judge", "http://cam/v?pwd=s3cret", "--mode", "happy"], 1),
        (["play", "--offscreen", "--camera", "http://admin:s3cret@127.0.0.1:9/v?pwd=s3cret"], 1),
    ],
)
def test_a_password_is_never_repeated(arguments, code):
    answer = emotion_game_command(*arguments)
    assert answer.code == code
    assert answer.said
    assert "s3cret" not in "".join([answer.stdout, *answer.said])


def test_doctor_names_a_camera_without_its_password():
    answer = emotion_game_command(
        "doctor", "--json", "--camera", "http://admin:s3cret@127.0.0.1:9/v?token=s3cret"
    )
    assert "s3cret" not in "".join([answer.stdout, *answer.said])
    assert "http://admin:***@127.0.0.1:9/v?token=***" in answer.stdout


# --- doctor and bench -----------------------------------------------------------------------------


def test_doctor_prints_json_alone():
    answer = emotion_game_command("doctor", "--json", "--camera", "demo")
    (report,) = answer.json_lines()
    assert set(report) == {"ok", "checks", "files"}
    assert {tuple(check) for check in report["checks"]} == {("name", "status", "found", "hint")}
    assert {check["status"] for check in report["checks"]} <= {"ok", "warn", "fail"}
    assert report["ok"] is all(check["status"] != "fail" for check in report["checks"])
    assert answer.code == (0 if report["ok"] else 1)


def test_bench_measures_every_stage():
    stages = {
        "capture",
        "detect",
        "track",
        "crop",
        "classify",
        "judge",
        "draw",
        "frame",
        "capture_to_decision",
    }
    # A machine that stalls may need longer to come to each of them.
    for seconds in (3, 15, 60):
        answer = emotion_game_command("bench", "--json", "--seconds", seconds)
        assert answer.code == 0
        (report,) = answer.json_lines()
        if stages <= set(report["stages_ms"]):
            break
    assert set(report["stages_ms"]) == stages
    for stage, ms in report["stages_ms"].items():
        assert 0 <= ms["p50"] <= ms["p95"] <= ms["p99"], stage
        assert ms["count"] > 0
    assert seconds <= report["seconds"] < LIMIT_S
    assert 0.0 < report["start_to_menu_s"] < LIMIT_S
    assert 0.0 < report["cpu_share"] <= 1.05
    assert 50 < report["peak_memory_mib"] < 4000


# --- review ---------------------------------------------------------------------------------------


@pytest.fixture
def kept(tmp_path, astronaut):
    calls = Misreads(tmp_path / "틀린 판정 kept")
    result = RoundResult(
        "happy", 1, Outcome.LOST, Reason.HELD, "x", 9.0, 5.0, 4.0, 0.0, 0.6, 0.5, ()
    )
    picture = cv2.resize(cv2.cvtColor(astronaut, cv2.COLOR_BGR2GRAY), (48, 48))[:, :, np.newaxis]
    calls.keep(result, [SeenFace(4.0 + n / 5, (0.125,) * 8, picture) for n in range(3)], "model 1")
    return calls


def test_review_lists_what_there_is(kept, tmp_path):
    kept.label(kept.waiting()[0], "happiness")
    answer = emotion_game_command("review", kept.folder, "--list", "--json")
    assert answer.code == 0
    (listed,) = answer.json_lines()
    assert listed["folder"] == str(kept.folder)
    assert listed["unreviewed"] == 2
    assert listed["reviewed"] == {name: int(name == "happiness") for name in EMOTIONS}
    assert "happiness" in emotion_game_command("review", kept.folder, "--list").stdout
    config = tmp_path / "booth.toml"
    text = (CONFIGS / "game.toml").read_text(encoding="utf-8")
    config.write_text(
        text.replace("[record]", f"[record]\nfolder = {str(kept.folder)!r}"), encoding="utf-8"
    )
    answer = emotion_game_command("review", "--config", config, "--list", "--json")
    assert answer.json_lines() == [listed]


def test_review_leafs_through_offscreen_and_says_what_to_do_next(kept, tmp_path):
    kept.label(kept.waiting()[0], "fear")
    shots = tmp_path / "shots"
    answer = emotion_game_command(
        "review", kept.folder, "--offscreen", "--lang", "ko", "--screenshots", shots
    )
    assert answer.code == 0
    assert len(list(shots.iterdir())) == 3
    assert "1 picture(s) labelled, 2 left to label" in answer.stdout
    assert str(kept.folder / "reviewed") in answer.stdout
    assert kept.counts().unreviewed == 2


def test_review_deletes_everything_only_when_it_is_sure(kept):
    answer = emotion_game_command("review", kept.folder, "--delete-all")
    assert answer.code == 1
    assert "Nothing was deleted" in answer.said[-1]
    assert kept.counts().unreviewed == 3
    answer = emotion_game_command("review", kept.folder, "--delete-all", "--yes")
    assert (answer.code, answer.stdout.strip()) == (0, "3 picture(s) deleted")
    assert not kept.folder.exists()


def test_review_without_pictures_or_screen_says_so(kept, tmp_path):
    answer = emotion_game_command("review", tmp_path / "none")
    assert answer.code == 1
    assert "no kept pictures in" in answer.said[-1]
    answer = emotion_game_command("review", kept.folder)
    assert answer.code == 1
    assert "no display can be opened" in answer.said[-1]
    (kept.folder / "calls.jsonl").write_text("{")
    answer = emotion_game_command("review", kept.folder, "--offscreen")
    assert answer.code == 1
    assert "calls.jsonl, line 1" in answer.said[-1]


# --- play -----------------------------------------------------------------------------------------


@pytest.fixture
def spoilt(tmp_path):
    config = tmp_path / "spoilt.toml"
    text = (CONFIGS / "game.toml").read_text(encoding="utf-8")
    text = text.replace("width_px = 640", "width_px = 6").replace("[track]", "[track]\nspeed = 1")
    config.write_text(text, encoding="utf-8")
    (tmp_path / "broken.mp4").write_bytes(b"this is a text\n" * 500)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--camera", "missing.mp4"], ["missing.mp4"]),
        (["--camera", "broken.mp4"], ["broken.mp4"]),
        (
            ["--camera", "demo", "--config", "spoilt.toml"],
            ["spoilt.toml", "camera.width_px", "track.speed"],
        ),
        (["--camera", "demo", "--config", "none.toml"], ["none.toml"]),
        (["--camera", "demo", "--clip", "broken.mp4"], ["broken.mp4"]),
        (["--camera", "demo", "--clip", "none.mp4"], ["none.mp4"]),
        (["--camera", "demo", "--json", "no folder/out.json"], ["no folder/out.json"]),
        (["--camera", "demo", "--screenshots", "broken.mp4"], ["broken.mp4"]),
    ],
)
def test_the_last_line_of_play_tells_why_it_cannot(spoilt, arguments, said):
    answer = emotion_game_command("play", "--offscreen", "--player", "pyav", *arguments, cwd=spoilt)
    assert answer.code == 1
    assert answer.stdout == ""
    assert all(word in answer.said[-1] for word in said)


def test_without_a_screen_the_game_says_so_and_plays_offscreen(spoilt):
    answer = emotion_game_command("--camera", "missing.mp4", cwd=spoilt)
    assert answer.code == 1
    assert any("offscreen" in line for line in answer.said)
    assert "missing.mp4" in answer.said[-1]
