"""The catalogue, the folder, and where they disagree."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from clip_maker import write_clip

from emotion_game import paths
from emotion_game.clips import clip_from_file, load_library, probe_clip
from emotion_game.errors import ClipError


def entry(file: str, title: str = "Duck") -> str:
    return (
        f'[[clip]]\nfile = "{file}"\ntitle_en = "{title}"\ntitle_ko = "오리"\n'
        'duration_s = 1.5\nlicence = "CC0-1.0"\norigin = "drawn here"\n'
    )


@pytest.fixture
def videos(tmp_path: Path) -> Path:
    folder = tmp_path / "videos"
    write_clip(folder / "happy/1/duck.mp4", seconds=0.4)
    (folder / "catalogue.toml").write_text(entry("happy/1/duck.mp4"), encoding="utf-8")
    return folder


def catalogue(folder: Path, *entries: str) -> None:
    (folder / "catalogue.toml").write_text("".join(entries), encoding="utf-8")


def test_a_clean_library(videos: Path) -> None:
    library = load_library(videos)
    assert library.faults == ()
    assert len(library) == 1
    (clip,) = library.clips("happy", 1)
    assert clip is library.get("happy/1/duck")
    assert (clip.mode, clip.level, clip.duration_s, clip.licence) == (
        "happy",
        1,
        1.5,
        "CC0-1.0",
    )
    assert clip.title("ko") == "오리"
    assert clip.title("en") == "Duck"
    assert clip.path == videos / "happy/1/duck.mp4"


def test_empty_levels_count_zero(videos: Path) -> None:
    counts = load_library(videos).counts()
    assert counts["happy", 1] == 1
    assert sum(counts.values()) == 1
    assert counts["surprise", 3] == counts["a mode without clips", 1] == 0
    assert load_library(videos).clips("surprise", 3) == ()


def test_an_unknown_clip_is_an_error_that_names_the_known(videos: Path) -> None:
    with pytest.raises(ClipError, match="happy/1/duck"):
        load_library(videos).get("happy/1/goose")


def test_entries_without_a_file_are_faults(videos: Path) -> None:
    (videos / "happy/1/zero.mp4").write_bytes(b"")
    catalogue(
        videos,
        entry("happy/1/duck.mp4"),
        entry("happy/2/gone.mp4"),
        entry("happy/1/zero.mp4"),
    )
    library = load_library(videos)
    assert len(library) == 1
    gone, zero = library.faults
    assert "happy/2/gone.mp4" in gone
    assert "0 bytes" in zero


@pytest.mark.parametrize(
    "file",
    [
        "happy/9/a.mp4",
        "So Sad/1/a.mp4",
        "con/1/a.mp4",
        "a.mp4",
        "happy/1/a.txt",
        "../happy/1/a.mp4",
        "happy\\\\1\\\\a.mp4",
    ],
)
def test_an_entry_in_the_wrong_place_is_a_fault(videos: Path, file: str) -> None:
    catalogue(videos, entry("happy/1/duck.mp4"), entry(file))
    (fault,) = load_library(videos).faults
    assert "MODE/LEVEL" in fault


def test_a_file_outside_the_catalogue_plays_under_its_name(videos: Path) -> None:
    write_clip(videos / "surprise/2/cave.mp4", seconds=0.4)
    library = load_library(videos)
    clip = library.get("surprise/2/cave")
    assert clip.title("en") == clip.title("ko") == "cave"
    assert 0.2 < clip.duration_s < 1.0
    assert library.faults == (
        "surprise/2/cave.mp4: not in catalogue.toml; played under its file name.",
    )


def test_files_that_cannot_be_played_are_faults(videos: Path) -> None:
    write_clip(videos / "stray.mp4", seconds=0.4)
    write_clip(videos / "demo_player.mp4", seconds=0.4)  # no clip, and no fault
    (videos / "happy/3").mkdir(parents=True)
    (videos / "happy/3/text.mp4").write_text("no clip")
    (videos / "happy/3/._duck.mp4").write_text("left by macOS")
    (videos / "happy/1/duck.webm").write_text("same name")
    library = load_library(videos)
    assert len(library) == 1
    assert len(library.faults) == 3
    assert {fault.split(":")[0] for fault in library.faults} == {
        "stray.mp4",
        "happy/3/text.mp4",
        "happy/1/duck.webm",
    }


def test_the_first_of_two_entries_counts(videos: Path) -> None:
    catalogue(videos, entry("happy/1/duck.mp4"), entry("happy/1/duck.mp4", "Goose"))
    library = load_library(videos)
    assert library.get("happy/1/duck").title("en") == "Duck"
    assert "listed twice" in library.faults[0]


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ("this is not toml", "not valid TOML"),
        (entry("happy/1/duck.mp4") + "colour = 3\n", "colour"),
        (entry("happy/1/duck.mp4").replace("1.5", "-1"), "duration_s"),
        ('[[clip]]\nfile = "happy/1/duck.mp4"\n', "title_en"),
        ("[[clips]]\n", "clips"),
    ],
)
def test_a_broken_catalogue_is_refused(videos: Path, content: str, names: str) -> None:
    catalogue(videos, content)
    with pytest.raises(ClipError, match=names) as caught:
        load_library(videos)
    assert caught.value.hint
    assert "--config" not in str(caught.value)


def test_no_folder_no_catalogue_no_clip(tmp_path: Path, videos: Path) -> None:
    with pytest.raises(ClipError, match="does not exist"):
        load_library(tmp_path / "nowhere")
    (videos / "happy/1/duck.mp4").unlink()
    with pytest.raises(ClipError, match="No clip in"):
        load_library(videos)
    (videos / "catalogue.toml").unlink()
    with pytest.raises(ClipError, match="catalogue") as caught:
        load_library(videos)
    assert caught.value.hint


def test_a_clip_given_as_a_file(tmp_path: Path) -> None:
    clip = clip_from_file(write_clip(tmp_path / "mine.mp4"), "surprise", 2)
    assert (clip.clip_id, clip.mode, clip.level) == ("surprise/2/mine", "surprise", 2)
    assert 1.0 < clip.duration_s < 1.5


def test_a_folder_that_goes_away_while_it_is_looked_through_is_no_fault(
    videos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (videos / "happy/2").mkdir()
    scan = os.scandir

    def scan_late(path: str) -> Iterator[os.DirEntry[str]]:
        if Path(path) == videos / "happy/2":
            Path(path).rmdir()  # listed already; as the work folder of another run
        return scan(path)

    monkeypatch.setattr(os, "scandir", scan_late)
    assert len(load_library(videos)) == 1
    assert load_library(videos).faults == ()
    assert not (videos / "happy/2").exists()


def test_a_probe_tells_what_is_shown(tmp_path: Path) -> None:
    probe = probe_clip(write_clip(tmp_path / "a.mp4", rotation=90))
    assert (probe.width, probe.height, probe.has_sound) == (96, 160, True)
    assert not probe_clip(write_clip(tmp_path / "b.mp4", sound=False)).has_sound


@pytest.mark.parametrize("content", [b"", b"no clip at all", b"\x00" * 5_000])
def test_a_probe_refuses_what_does_not_decode(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.mp4"
    path.write_bytes(content)
    for look in (probe_clip, lambda p: clip_from_file(p, "happy", 1)):
        with pytest.raises(ClipError, match=r"bad\.mp4") as caught:
            look(path)
        assert "\n" not in str(caught.value)


def test_the_shipped_library_is_complete() -> None:
    library = load_library(paths.VIDEOS)
    assert library.faults == ()
    assert min(library.counts().values()) >= 3
    sizes = []
    for mode, level in library.counts():
        for clip in library.clips(mode, level):
            probe = probe_clip(clip.path)
            assert probe.has_sound
            assert abs(probe.duration_s - clip.duration_s) < 0.2
            assert (probe.width, probe.height) == (1280, 720)
            sizes.append(clip.path.stat().st_size)
    assert sum(sizes) < 60_000_000
