"""Own clips: what is let in, what is made of it, and that nothing half-done stays."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from filelock import FileLock
from film_maker import every, write_film

from emotion_game import paths
from emotion_game.clips import convert, own
from emotion_game.clips.examine import Examination, examine_clip
from emotion_game.clips.library import load_library, own_folder
from emotion_game.clips.loudness import RATE_HZ, even, measure
from emotion_game.clips.own import (
    UNKNOWN_LICENCE,
    About,
    AlreadyThereError,
    add_clip,
    own_catalogue,
    remove_clip,
)
from emotion_game.errors import ClipError

NOTHING = About()
#: Of a camera with tapes.
DV = {"video": "dvvideo", "size": (720, 576), "times_s": every(25, 3), "audio": None}


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give every test a user's data folder of its own; return that of the clips."""
    folder = tmp_path / "data"
    monkeypatch.setattr("platformdirs.user_data_path", lambda name: folder / name)
    return own_folder()


def files(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def added(film: Path, about: About = NOTHING) -> tuple[Examination, str]:
    """Add a film to happy 1; return what the library now holds, and what was done."""
    result = add_clip(film, "happy", 1, about)
    found = examine_clip(own_folder() / result.entry.file)
    assert found.changes == ()
    assert found.loudness is not None
    return found, result.done


def test_a_film_that_fits_is_copied_and_played_with_the_shipped_ones(
    tmp_path: Path, data: Path
) -> None:
    film = write_film(tmp_path / "My Cat.mp4")
    shares: list[float] = []
    about = About("The Cat", "고양이", "CC-BY-4.0", "Kim")
    result = add_clip(film, "surprise", 2, about, shares.append)
    sha256 = own.sha256_of(film)
    name = f"surprise/2/my-cat-{sha256[:8]}"
    assert result.done == "copied as it is"
    assert (result.entry.clip_id, result.entry.sha256) == (name, sha256)
    assert (data / f"{name}.mp4").read_bytes() == film.read_bytes()
    assert files(data) == {f"{name}.mp4", f"{name}.jpg", "catalogue.toml"}
    assert shares == sorted(shares)
    assert shares[-1] == 1.0

    library = load_library()
    clip = library.get(name)
    assert clip in library.clips("surprise", 2)
    assert len(library) == 1 + len(load_library(paths.VIDEOS))
    assert library.faults == ()
    assert (clip.title("en"), clip.title("ko"), clip.licence, clip.author, clip.own) == (
        "The Cat",
        "고양이",
        "CC-BY-4.0",
        "Kim",
        True,
    )
    thumbnail = cv2.imread(str(clip.thumbnail))
    assert thumbnail is not None
    assert thumbnail.shape == (48, 64, 3)


def test_quiet_films_and_jumps_are_evened_and_their_pictures_kept(tmp_path: Path) -> None:
    def jump(t: np.ndarray) -> np.ndarray:
        return np.where((t > 2) & (t < 2.2), 0.9, 0.02)

    for name, gain in {"quiet": lambda t: np.full_like(t, 0.01), "jump": jump}.items():
        film = write_film(tmp_path / f"{name}.mp4", gain=gain)
        found, done = added(film)
        assert done.startswith("sound evened, picture copied"), name
        assert found.loudness is not None
        assert abs(found.loudness.lufs + 16) < 1.0, name
        assert found.loudness.peak_dbfs < -1.0, name
        packets = [pictures(path) for path in (film, own_folder() / "happy/1")]
        assert packets[0] == packets[1], name
        shutil.rmtree(own_folder())


def pictures(path: Path) -> list[bytes]:
    """Return the packets of the picture of a film, or of the one film in a folder."""
    (path,) = path.glob("*.mp4") if path.is_dir() else [path]
    with av.open(str(path)) as container:
        return [bytes(p) for p in container.demux(video=0) if p.size]


def test_without_a_sound_track_a_silent_one_is_added(tmp_path: Path) -> None:
    found, done = added(write_film(tmp_path / "mute.mp4", audio=None))
    assert done == "a silent sound track added (no sound)"
    assert found.loudness is not None
    assert found.loudness.silent


@pytest.mark.parametrize(
    ("name", "options", "reason", "size"),
    [
        ("asp.avi", {"video": "mpeg4", "audio": "libmp3lame"}, "codec mpeg4", (64, 48)),
        ("web.webm", {"video": "libvpx-vp9", "audio": "libopus"}, "codec vp9", (64, 48)),
        ("moving.gif", {"video": "gif", "pixels": "rgb8", "audio": None}, "codec gif", (64, 48)),
        ("tape.dv", DV, "interlaced", (768, 576)),
        ("turned.mp4", {"rotation": 90}, "turned", (48, 64)),
        ("ten-bit.mp4", {"pixels": "yuv422p"}, "pixels yuv422p", (64, 48)),
    ],
)
def test_odd_films_are_converted(
    tmp_path: Path, name: str, options: dict, reason: str, size: tuple[int, int]
) -> None:
    found, done = added(write_film(tmp_path / name, **options))
    assert done.startswith("picture and sound converted")
    assert reason in done
    assert (found.width, found.height) == size
    assert found.turns == 0
    assert abs(found.duration_s - 3) < 0.15


def test_uneven_and_fast_pictures_are_evened(tmp_path: Path) -> None:
    times = [*every(25, 2), *(2 + t for t in every(5, 2))]
    found, done = added(write_film(tmp_path / "uneven.mp4", seconds=4, times_s=times))
    assert "uneven picture rate" in done
    assert found.rate == 25
    assert abs(found.duration_s - 4) < 0.2
    found, done = added(write_film(tmp_path / "fast.mp4", times_s=every(100, 3)))
    assert "more than 60 pictures a second" in done
    assert found.rate == 60


@pytest.mark.parametrize(
    ("size", "fits"), [((3840, 2160), (1920, 1080)), ((720, 1280), (608, 1080))]
)
def test_large_and_portrait_films_are_scaled(
    tmp_path: Path, size: tuple[int, int], fits: tuple[int, int]
) -> None:
    found, done = added(write_film(tmp_path / "large.mp4", size=size, times_s=every(1, 3)))
    assert f"{size[0]}x{size[1]}" in done
    assert (found.width, found.height) == fits


def test_a_picture_stays_what_it_was_when_it_is_converted(tmp_path: Path) -> None:
    film = write_film(tmp_path / "turned.mp4", rotation=180)
    result = add_clip(film, "happy", 1, About())
    with av.open(str(own_folder() / result.entry.file)) as container:
        first = next(container.decode(video=0)).to_ndarray(format="gray")
    # The white square begins at the top left; half a turn brings it to the bottom right.
    assert first[30:40, 50:60].mean() > 230
    assert abs(first[:20].mean() - 90) < 6


def test_where_it_was_filmed_is_left_out(tmp_path: Path) -> None:
    film = write_film(tmp_path / "here.mp4", metadata={"location": "+37.5665+126.9780/"})
    with av.open(str(film)) as container:
        assert "location" in container.metadata
    _, done = added(film)
    assert "names the place where it was filmed" in done
    (clip,) = own_folder().glob("happy/1/*.mp4")
    assert b"37.5665" not in clip.read_bytes()


@pytest.mark.parametrize(
    ("name", "stem", "title"),
    [
        ("우리_강아지 😂.mp4", "clip", "우리 강아지"),
        ("😹😹.mp4", "clip", None),
        ("Café 'n' \x07Cats [bold].mp4", "cafe-n-cats-bold", "Café 'n' Cats [bold]"),
        ("CON.mp4", "con", "CON"),
    ],
)
def test_any_file_name_becomes_a_safe_one(
    tmp_path: Path, name: str, stem: str, title: str | None
) -> None:
    shutil.copy(write_film(tmp_path / "film.mp4"), tmp_path / name)
    entry = add_clip(tmp_path / name, "happy", 3, About()).entry
    assert entry.clip_id == f"happy/3/{stem}-{entry.source_sha256[:8]}"
    assert entry.title_en == entry.title_ko == (title or f"{stem}-{entry.source_sha256[:8]}")
    assert entry.licence == UNKNOWN_LICENCE
    assert load_library().get(entry.clip_id).title_en == entry.title_en


def test_the_same_film_is_refused(tmp_path: Path, data: Path) -> None:
    film = write_film(tmp_path / "a.mp4", audio=None)
    entry = add_clip(film, "happy", 1, About()).entry
    before = files(data)
    made = shutil.copy(data / entry.file, tmp_path / "made.mp4")
    for again in (film, made):
        with pytest.raises(AlreadyThereError, match=entry.clip_id):
            add_clip(Path(again), "surprise", 3, About())
    with pytest.raises(AlreadyThereError, match="comes with the game"):
        add_clip(next(paths.VIDEOS.glob("happy/1/*.mp4")), "happy", 1, About())
    # Another file, of which the very same clip is made.
    other = Path(shutil.copy(film, tmp_path / "other.mp4"))
    other.write_bytes(film.read_bytes() + (8).to_bytes(4, "big") + b"free")
    with pytest.raises(AlreadyThereError) as refused:
        add_clip(other, "surprise", 3, About())
    assert str(refused.value) == f"other.mp4 is in the library already, as {entry.clip_id}."
    assert files(data) == before
    remove_clip(entry.clip_id)
    assert files(data) == {"catalogue.toml"}
    add_clip(film, "surprise", 3, About())
    with pytest.raises(ClipError, match="added no clip"):
        remove_clip("happy/1/dignified-duck")


def bad_films(folder: Path) -> dict[str, tuple[Path, str]]:
    whole = write_film(folder / "whole.mp4").read_bytes()
    made = {
        "empty.mp4": b"",
        "text.mp4": b"no film at all\n" * 50,
        "playlist.mp4": b"#EXTM3U\n#EXTINF:5,\nwhole.mp4\n#EXT-X-ENDLIST\n",
        "cut.mp4": whole[: len(whole) * 6 // 10],
    }
    for name, content in made.items():
        (folder / name).write_bytes(content)
    # An MKV is written from front to back: cut off, it opens and plays up to the cut.
    matroska = write_film(folder / "whole.mkv", seconds=6, video="mpeg4").read_bytes()
    (folder / "cut.mkv").write_bytes(matroska[: len(matroska) * 6 // 10])
    damaged = bytearray(whole)
    at = whole.index(b"mdat") + 100
    damaged[at : at + 3_000] = os.urandom(3_000)
    (folder / "damaged.mp4").write_bytes(damaged)
    write_film(folder / "moving.apng", video="apng", pixels="rgb24", audio=None)
    write_film(folder / "short.mp4", seconds=1)
    write_film(folder / "long.mp4", seconds=130, times_s=every(0.5, 130), audio=None)
    return {
        "empty.mp4": (folder / "empty.mp4", "0 bytes"),
        "text.mp4": (folder / "text.mp4", "no clip that can be read"),
        "playlist.mp4": (folder / "playlist.mp4", "no clip that can be read"),
        "cut.mp4": (folder / "cut.mp4", "no clip that can be read"),
        "moving.apng": (folder / "moving.apng", "files of its kind are not taken"),
        "cut.mkv": (folder / "cut.mkv", "cut off|damaged"),
        "damaged.mp4": (folder / "damaged.mp4", "damaged"),
        "short.mp4": (folder / "short.mp4", "1.0 s long; a clip takes 3 to 120 s"),
        "long.mp4": (folder / "long.mp4", "2:[01][0-9] min long"),
        "gone.mp4": (folder / "gone.mp4", "cannot be read"),
        "folder": (folder, "not a file"),
    }


def test_bad_films_are_refused_in_one_line_and_leave_nothing(tmp_path: Path, data: Path) -> None:
    for name, (film, why) in bad_films(tmp_path / "films").items():
        with pytest.raises(ClipError, match=why) as caught:
            add_clip(film, "happy", 1, About())
        assert "\n" not in str(caught.value), name
    assert not data.exists()


def test_a_film_of_two_hours_is_refused_before_it_is_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = write_film(tmp_path / "film.mp4", seconds=7200, times_s=[0, 7199], audio=None)

    def never(*_: object) -> None:
        pytest.fail("the whole film was read")

    monkeypatch.setattr(own, "examine_clip", never)
    monkeypatch.setattr(own, "sha256_of", never)
    with pytest.raises(ClipError, match=r"film\.mp4 is (1:59:59|2:00:00) long"):
        add_clip(film, "happy", 1, About())


def test_a_film_that_hides_its_length_is_given_up_when_it_is_too_long(tmp_path: Path) -> None:
    # MPEG-TS declares no length: FFmpeg guesses it from the ends, so the guess is spoilt here.
    film = write_film(tmp_path / "film.ts", seconds=200, times_s=every(0.5, 200), audio=None)
    content = film.read_bytes()
    film.write_bytes(content + b"\x47" + bytes(187) * 3)
    with pytest.raises(ClipError, match="a clip takes 3 to 120 s"):
        add_clip(film, "happy", 1, About())


def test_a_broken_catalogue_is_not_written_over_and_does_not_stop_the_game(
    tmp_path: Path, data: Path
) -> None:
    add_clip(write_film(tmp_path / "a.mp4"), "happy", 1, About())
    (data / "catalogue.toml").write_text("what is this", encoding="utf-8")
    film = write_film(tmp_path / "b.mp4", gain=lambda t: np.full_like(t, 0.15))
    with pytest.raises(ClipError, match="not valid TOML"):
        add_clip(film, "happy", 1, About())
    assert (data / "catalogue.toml").read_text(encoding="utf-8") == "what is this"
    library = load_library()
    assert len(library) == 1 + len(load_library(paths.VIDEOS))
    assert "play under their file names" in library.faults[0]


def test_a_failure_on_the_way_leaves_the_library_as_it_was(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_clip(write_film(tmp_path / "a.mp4"), "happy", 1, About())
    before = files(data)
    film = write_film(tmp_path / "b.mp4", gain=lambda t: np.full_like(t, 0.15))
    for error in (OSError(28, "No space left on device"), KeyboardInterrupt()):

        def fail(*_: object, error: BaseException = error) -> None:
            raise error

        monkeypatch.setattr(own, "write_catalogue", fail)
        with pytest.raises((ClipError, KeyboardInterrupt)):
            add_clip(film, "happy", 1, About())
        assert files(data) == before
        assert {p.name for p in data.iterdir()} == {"happy", "catalogue.toml"}


@pytest.fixture
def mounted(data: Path):
    """Return a function that puts a file system of its own under the clip folder."""
    data.mkdir(parents=True)

    def mount(options: str) -> None:
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(data)]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("needs the right to mount a file system")

    yield mount
    subprocess.run(["umount", str(data)], check=False, capture_output=True)


def test_a_fault_names_the_users_film_and_not_what_is_made_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_picture(clip: Path, target: Path) -> None:
        raise ClipError(f"{clip.name} gives no picture.", hint="Export the clip again.")

    monkeypatch.setattr(own, "write_thumbnail", no_picture)
    for rotation in (0, 90):
        film = write_film(tmp_path / f"내 {rotation}.mp4", rotation=rotation)
        with pytest.raises(ClipError) as fault:
            add_clip(film, "happy", 1, About())
        assert str(fault.value) == f"{film.name} gives no picture. Export the clip again."


def test_a_full_disk_is_told_and_nothing_stays(tmp_path: Path, data: Path, mounted) -> None:
    mounted("size=16k")
    copied = write_film(tmp_path / "a.mp4")
    converted = write_film(tmp_path / "b.mp4", gain=lambda t: 0.05 + 0 * t, rotation=90)
    assert copied.stat().st_size > 16_384
    for film in (copied, converted):
        with pytest.raises(ClipError, match="is full; nothing was added"):
            add_clip(film, "happy", 1, About())
        assert files(data) == set()


def test_a_read_only_folder_is_told_and_the_game_plays_on(
    tmp_path: Path, data: Path, mounted
) -> None:
    mounted("ro")
    with pytest.raises(ClipError, match=r"cannot be written: Read-only file system"):
        add_clip(write_film(tmp_path / "a.mp4"), "happy", 1, About())
    assert load_library().faults == ()


def test_what_a_killed_run_left_is_no_clip_and_is_swept_away(tmp_path: Path, data: Path) -> None:
    left = data / ".work-killed"
    left.mkdir(parents=True)
    write_film(left / "half.mp4")
    assert load_library().faults == ()
    os.utime(left, (0, 0))
    add_clip(write_film(tmp_path / "a.mp4"), "happy", 1, About())
    assert not left.exists()


def test_loudness_is_what_ebu_r128_says() -> None:
    t = np.arange(4 * RATE_HZ) / RATE_HZ
    # EBU Tech 3341, case 1: 1 kHz at -23 dBFS in both channels is -23 LUFS.
    wave = (10 ** (-23 / 20) * np.sin(2 * np.pi * 1000 * t)).astype(np.float32)
    hum = measure(np.stack([wave, wave], axis=1))
    assert abs(hum.lufs + 23) < 0.1
    assert abs(hum.peak_dbfs + 23) < 0.1
    assert measure(np.zeros((RATE_HZ, 2), np.float32)).silent


def test_the_limiter_takes_tops_off_and_leaves_the_rest() -> None:
    t = np.arange(4 * RATE_HZ) / RATE_HZ
    wave = (0.05 * np.sin(2 * np.pi * 500 * t)).astype(np.float32)
    wave[RATE_HZ : RATE_HZ + 2_000] *= 18
    samples = np.stack([wave, wave], axis=1)
    result = even(samples, -2.0)
    reached = measure(result)
    assert reached.peak_dbfs <= -1.99
    assert abs(reached.lufs + 16) < 1
    assert result.shape == samples.shape
    # Far from the top all is as loud as all else: a gain, no pumping.
    gains = [np.abs(result[at : at + 4_800]).max() / 0.05 for at in (10_000, 120_000, 180_000)]
    assert max(gains) / min(gains) < 1.05


def test_nothing_but_clicks_is_left_below_the_limit_and_is_no_fault() -> None:
    wave = np.zeros((4 * RATE_HZ, 2), np.float32)
    wave[::RATE_HZ] = wave[1::RATE_HZ] = 0.9
    reached = measure(even(wave, -2.0))
    assert reached.peak_dbfs <= -1.99
    assert reached.fault(2.0) == ""


def test_thumbnails_skip_the_dull_beginning(tmp_path: Path) -> None:
    film = tmp_path / "dark.mp4"
    with av.open(str(film), "w") as out:
        stream = out.add_stream("libx264", rate=10, options={"g": "250", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 640, 480, "yuv420p"
        for number in range(30):
            canvas = np.zeros((480, 640, 3), np.uint8)
            if number > 18:
                canvas[:, :320] = 255
            out.mux(stream.encode(av.VideoFrame.from_ndarray(canvas, format="rgb24")))
        out.mux(stream.encode(None))
    convert.write_thumbnail(film, tmp_path / "dark.jpg")
    thumbnail = cv2.imread(str(tmp_path / "dark.jpg"))
    assert thumbnail is not None
    assert thumbnail.shape == (180, 240, 3)
    assert thumbnail[:, :110].mean() > 240


def test_a_work_folder_that_another_run_takes_away_meanwhile_is_no_fault(
    tmp_path: Path, data: Path
) -> None:
    data.mkdir(parents=True)
    # Listed, but gone when it is looked at: as when the other run ends in between.
    (data / ".work-gone").symlink_to(tmp_path / "gone")
    add_clip(write_film(tmp_path / "film.mp4"), "happy", 1, About())
    assert len(own_catalogue(data).clip) == 1


def test_two_runs_at_once_lose_nothing_and_double_nothing(tmp_path: Path, data: Path) -> None:
    same = write_film(tmp_path / "same.mp4")
    films = [write_film(tmp_path / f"{n}.mp4", seconds=3.2 + n / 10) for n in range(3)]
    told: list[str] = []

    def add(film: Path, level: int) -> None:
        try:
            add_clip(film, "happy", level, About())
        except AlreadyThereError as error:
            told.append(error.message)

    runs = [(same, 1), (same, 2), *((film, 3) for film in films)]
    threads = [threading.Thread(target=add, args=run) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = own_catalogue(data).clip
    assert len(entries) == len({entry.source_sha256 for entry in entries}) == 4
    assert len(told) == 1
    assert "in the library already" in told[0]
    assert len(list(data.glob("*/*/*.mp4"))) == 4


def test_a_run_that_holds_the_library_for_ever_is_told(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = write_film(tmp_path / "a.mp4")
    there = add_clip(film, "happy", 1, About())
    monkeypatch.setattr(own, "_LOCK_LIMIT_S", 0.05)
    other = write_film(tmp_path / "b.mp4", seconds=4)
    with FileLock(data.with_name(".clips.lock")):
        with pytest.raises(ClipError, match="Another run has been changing the clips"):
            remove_clip(there.entry.clip_id)
        with pytest.raises(ClipError, match="Another run"):
            add_clip(other, "happy", 1, About())
    assert [entry.clip_id for entry in own_catalogue(data).clip] == [there.entry.clip_id]
    assert len(list(data.rglob("*.mp4"))) == 1
