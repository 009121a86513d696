"""Packs: there and back, and everything in them that must not come in."""

from __future__ import annotations

import codecs
import hashlib
import json
import os
import shutil
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from film_maker import write_film

from emotion_game.clips import pack as packs
from emotion_game.clips.library import load_library, own_folder
from emotion_game.clips.own import About, add_clip
from emotion_game.clips.pack import install_pack, pack_clips
from emotion_game.errors import ClipError


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_film(tmp_path_factory.mktemp("films") / "내 고양이.mp4")


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    monkeypatch.setattr("platformdirs.user_data_path", lambda name: folder / name)
    return own_folder()


@pytest.fixture
def good(tmp_path: Path, data: Path, film: Path) -> Path:
    """Pack one clip on another booth; this one has none."""
    clip_id = add_clip(film, "happy", 1, About("Cat", "고양이", "CC0-1.0")).entry.clip_id
    out = tmp_path / "good.zip"
    pack_clips(out, {clip_id})
    shutil.rmtree(data)
    return out


def remade(good: Path, change: Callable[[dict[str, Any], dict[str, bytes]], None]) -> Path:
    """Unpack a good pack, let ``change`` spoil manifest and files, and pack it again."""
    with zipfile.ZipFile(good) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(held.pop("manifest.json"))
    change(manifest, held)
    bad = good.with_name("bad.zip")
    with zipfile.ZipFile(bad, "w") as archive:
        for name, content in held.items():
            archive.writestr(name, content)
        archive.writestr("manifest.json", json.dumps(manifest))
    return bad


def refused(bad: Path, why: str, data: Path) -> None:
    with pytest.raises(ClipError, match=why) as caught:
        install_pack(bad)
    assert "\n" not in str(caught.value)
    assert caught.value.hint
    assert not data.exists() or not [p for p in data.rglob("*") if p.is_file()]


def test_there_and_back(tmp_path: Path, data: Path, film: Path) -> None:
    one = add_clip(film, "happy", 1, About("Cat [b]", "고양이", "CC0-1.0", "Kim")).entry
    quiet = write_film(tmp_path / "quiet.mp4", audio=None)
    two = add_clip(quiet, "surprise", 3, About("Dog")).entry
    out = tmp_path / "모음.zip"
    shares: list[float] = []
    assert pack_clips(out, {one.clip_id, two.clip_id}, shares.append) == (one, two)
    assert shares[-1] == 1.0
    pack_clips(tmp_path / "again.zip", {one.clip_id, two.clip_id})
    assert (tmp_path / "again.zip").read_bytes() == out.read_bytes()
    before = {p.relative_to(data): p.read_bytes() for p in data.rglob("*") if p.is_file()}

    shutil.rmtree(data)
    installed = install_pack(out)
    assert installed.new == (one, two)
    assert {p.relative_to(data): p.read_bytes() for p in data.rglob("*") if p.is_file()} == before
    assert load_library().get(one.clip_id).author == "Kim"

    again = install_pack(out)
    assert (again.new, again.known) == ((), (one.clip_id, two.clip_id))


def test_what_cannot_be_packed(tmp_path: Path, data: Path, film: Path) -> None:
    out = tmp_path / "out.zip"
    with pytest.raises(ClipError, match="no clip of yours"):
        pack_clips(out, set())
    with pytest.raises(ClipError, match="no clip that you have added"):
        pack_clips(out, {"happy/1/dignified-duck"})
    entry = add_clip(film, "happy", 1, About()).entry
    with (data / entry.file).open("ab") as file:
        file.write(b"more")
    with pytest.raises(ClipError, match="SHA-256 differs"):
        pack_clips(out, {entry.clip_id})
    with pytest.raises(ClipError, match="cannot be written"):
        pack_clips(tmp_path / "nowhere" / "out.zip", {entry.clip_id})
    assert not list(tmp_path.glob("*.part")) + list(tmp_path.glob(".*.part"))
    out.write_text("mine")
    with pytest.raises(ClipError, match="is there already"):
        pack_clips(out, {entry.clip_id})
    assert out.read_text() == "mine"


def renamed(to: str) -> Callable[[dict[str, Any], dict[str, bytes]], None]:
    def change(manifest: dict[str, Any], held: dict[str, bytes]) -> None:
        held[to] = held.pop(manifest["clips"][0]["file"])
        manifest["clips"][0]["file"] = to

    return change


@pytest.mark.parametrize(
    "place",
    [
        "../../../evil-12345678.mp4",
        "/etc/evil-12345678.mp4",
        "happy/1/../../../evil-12345678.mp4",
        "happy\\1\\evil-12345678.mp4",
        "C:/happy/evil-12345678.mp4",
        "happy/1/con.mp4",
        "happy/9/evil-12345678.mp4",
        "happy/1/evil-12345678.exe",
    ],
)
def test_no_file_leaves_its_place(good: Path, data: Path, tmp_path: Path, place: str) -> None:
    refused(remade(good, renamed(place)), "where none belongs", data)
    assert not list(tmp_path.rglob("evil*"))


@pytest.mark.parametrize("place", ["../evil.mp4", "/evil.mp4", "happy\\1\\..\\evil.mp4"])
def test_no_unlisted_file_leaves_its_place(good: Path, data: Path, place: str) -> None:
    def change(manifest: dict[str, Any], held: dict[str, bytes]) -> None:
        held[place] = b"evil"

    refused(remade(good, change), "a path out of the clip folder", data)


def first(manifest: dict[str, Any]) -> dict[str, Any]:
    return manifest["clips"][0]


def unlisted(manifest: dict[str, Any], held: dict[str, bytes]) -> None:
    held["happy/1/readme.txt"] = b"hello"


def lacking(manifest: dict[str, Any], held: dict[str, bytes]) -> None:
    held.clear()


def other_hash(manifest: dict[str, Any], held: dict[str, bytes]) -> None:
    first(manifest)["sha256"] = "0" * 64


def other_size(manifest: dict[str, Any], held: dict[str, bytes]) -> None:
    first(manifest)["size_bytes"] += 1


def oversize(manifest: dict[str, Any], held: dict[str, bytes]) -> None:
    first(manifest)["size_bytes"] = 3_000_000_000


def no_film(manifest: dict[str, Any], held: dict[str, bytes]) -> None:
    content = b"no film" * 500
    held[first(manifest)["file"]] = content
    first(manifest)["sha256"] = hashlib.sha256(content).hexdigest()
    first(manifest)["size_bytes"] = len(content)


def other_name(manifest: dict[str, Any], held: dict[str, bytes]) -> None:
    renamed("happy/1/cat-00000000.mp4")(manifest, held)


def unknown_key(manifest: dict[str, Any], held: dict[str, bytes]) -> None:
    first(manifest)["run"] = "rm -rf /"


def no_title(manifest: dict[str, Any], held: dict[str, bytes]) -> None:
    first(manifest)["title_en"] = "\u200b \n"


def newer(manifest: dict[str, Any], held: dict[str, bytes]) -> None:
    manifest["version"] = 2


def twice(manifest: dict[str, Any], held: dict[str, bytes]) -> None:
    manifest["clips"] *= 2


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (unlisted, "does not list"),
        (lacking, "lacks happy/1/"),
        (other_hash, "another content than its SHA-256 says"),
        (other_size, "bytes where its manifest.json says"),
        (oversize, "size_bytes"),
        (no_film, "holds a clip that is none"),
        (other_name, "does not fit its source's SHA-256"),
        (unknown_key, "run"),
        (no_title, "title_en"),
        (newer, "pack of version 2; this game knows version 1"),
        (twice, "two clips of the same name"),
    ],
)
def test_a_pack_must_be_what_its_manifest_says(
    good: Path, data: Path, change: Callable[..., None], why: str
) -> None:
    refused(remade(good, change), why, data)


def test_one_bad_clip_keeps_the_good_one_out(good: Path, data: Path) -> None:
    def change(manifest: dict[str, Any], held: dict[str, bytes]) -> None:
        content = b"no film"
        bad = dict(first(manifest), size_bytes=len(content))
        bad["sha256"] = bad["source_sha256"] = hashlib.sha256(content).hexdigest()
        bad["file"] = f"happy/2/bad-{bad['sha256'][:8]}.mp4"
        manifest["clips"].append(bad)
        held[bad["file"]] = content

    refused(remade(good, change), "holds a clip that is none", data)


@pytest.mark.skipif(os.name != "posix", reason="such files are of Unix")
def test_a_pipe_or_device_is_no_pack_and_no_film(tmp_path: Path, data: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, what in {tmp_path / "pipe": "a pipe", Path("/dev/zero"): "a device"}.items():
        with pytest.raises(ClipError, match=f"it is {what}, not a plain file"):
            install_pack(path)
        with pytest.raises(ClipError, match="is not a file"):
            add_clip(path, "happy", 1, About())


def test_links_bombs_and_garbage(good: Path, data: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(good) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        (name,) = (n for n in archive.namelist() if n != "manifest.json")
        content = archive.read(name)
    bad = tmp_path / "bad.zip"

    def write(info: zipfile.ZipInfo, data: bytes) -> Path:
        with zipfile.ZipFile(bad, "w") as archive:
            archive.writestr(info, data, compress_type=info.compress_type)
            archive.writestr("manifest.json", json.dumps(manifest))
        return bad

    link = zipfile.ZipInfo(name)
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    refused(write(link, b"/etc/passwd"), "a link or folder", data)

    bomb = zipfile.ZipInfo(name)
    bomb.compress_type = zipfile.ZIP_DEFLATED
    manifest["clips"][0]["size_bytes"] = 20_000_000
    refused(write(bomb, bytes(20_000_000)), "packed too tightly", data)

    # The directory claims less than the data unpacks to.
    manifest["clips"][0]["size_bytes"] = 100
    write(bomb, bytes(100_000))
    raw = bytearray(bad.read_bytes())
    at = raw.index(b"PK\x01\x02")
    raw[at + 24 : at + 28] = (100).to_bytes(4, "little")
    bad.write_bytes(raw)
    refused(bad, "damaged|another content", data)

    lzma = zipfile.ZipInfo(name)
    lzma.compress_type = zipfile.ZIP_LZMA
    manifest["clips"][0]["size_bytes"] = len(content)
    refused(write(lzma, content), "compressed in an unusual way", data)

    flipped = bytearray(good.read_bytes())
    flipped[len(flipped) // 3] ^= 255
    bad.write_bytes(flipped)
    refused(bad, "is damaged", data)

    bad.write_bytes(good.read_bytes()[:-50])
    refused(bad, "is no ZIP file", data)
    with zipfile.ZipFile(bad, "w") as archive:
        archive.writestr("holiday.txt", "no pack")
    refused(bad, r"holds no manifest\.json", data)
    with zipfile.ZipFile(bad, "w") as archive:
        archive.writestr("manifest.json", "[" * 100_000)
    refused(bad, "no JSON", data)
    refused(tmp_path / "gone.zip", "cannot be read", data)


def test_a_disk_too_small_is_told_before_anything_is_written(
    good: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packs, "_SPARE_BYTES", 10**18)
    refused(good, "needs 0 MB, and the disk", data)


def test_a_manifest_saved_by_an_editor(good: Path, data: Path, tmp_path: Path) -> None:
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8"), (b"", "utf-16")):
        edited = tmp_path / f"{encoding}.zip"
        with zipfile.ZipFile(good) as old, zipfile.ZipFile(edited, "w") as new:
            for name in old.namelist():
                content = old.read(name)
                if name == "manifest.json":
                    content = mark + content.decode().encode(encoding)
                new.writestr(name, content)
    refused(tmp_path / "utf-16.zip", "no JSON in UTF-8", data)
    assert len(packs.install_pack(tmp_path / "utf-8.zip").new) == 1
