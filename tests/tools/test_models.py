"""Bundles that a user installs: checked first, never written over, and always a way back."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from emotion_game import cli, paths
from emotion_game.app import game_settings, make_analyser
from emotion_game.errors import ModelError
from emotion_game.game.types import EMOTIONS
from emotion_game.tools import models
from emotion_game.tools.doctor import Status, examine
from emotion_game.vision import installed
from emotion_game.vision.bundle import Task, file_sha256
from emotion_game.vision.held_back import HeldBack, HeldReading, write_held_back

SHIPPED = paths.MODELS / "expression"
ROOT = Path(paths.__file__).parent.parent


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch):
    """An empty user's folder."""
    monkeypatch.setattr(paths, "user_models", lambda: tmp_path / "user" / "models")
    return tmp_path / "user" / "models" / "expression"


def make_bundle(folder: Path, version: str, **changes) -> Path:
    """Copy the shipped bundle without its Keras file, under another version."""
    folder.mkdir()
    shutil.copy(SHIPPED / "model.tflite", folder)
    content = json.loads((SHIPPED / "model.json").read_text("utf-8"))
    content["sha256"] = {"model.tflite": file_sha256(folder / "model.tflite")}
    content |= {"version": version, **changes}
    (folder / "model.json").write_text(json.dumps(content), "utf-8")
    (folder / "README.md").write_text(f"# Card of {version}\n", "utf-8")
    return folder


@pytest.fixture
def second(tmp_path):
    return make_bundle(tmp_path / "두 번째", "0.2.0")


@pytest.fixture
def third(tmp_path):
    return make_bundle(tmp_path / "third", "0.3.0-rc1")


def playing() -> str:
    """Return the version of the bundle that the game would play with."""
    return make_analyser(game_settings(None)).classifier.bundle.version


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


SHIPPED_VERSION = json.loads((SHIPPED / "model.json").read_text("utf-8"))["version"]


# --- Install, choose, go back ---------------------------------------------------------------------


def test_without_an_installed_bundle_the_shipped_one_plays(store):
    assert playing() == SHIPPED_VERSION
    (shipped,) = models.list_bundles()
    assert (shipped["name"], shipped["active"], shipped["fault"]) == ("shipped", True, None)
    assert not store.exists()


def test_an_installed_bundle_plays_and_the_old_ones_stay(store, second, third):
    name = models.use(str(second))
    assert name.startswith("0.2.0-")
    assert playing() == "0.2.0"
    assert files(store / name) == files(second)
    shutil.rmtree(second)
    models.use(str(third))
    assert playing() == "0.3.0-rc1"

    listed = models.list_bundles()
    assert [each["version"] for each in listed] == [SHIPPED_VERSION, "0.2.0", "0.3.0-rc1"]
    assert [each["active"] for each in listed] == [False, False, True]
    assert listed[0]["installed"] is None
    assert listed[1]["installed"].startswith("20")
    assert "ferplus_valid_accuracy" in listed[1]["metrics"]
    # By the name that the list shows, too, though its source is gone.
    assert models.use(name) == name
    assert playing() == "0.2.0"


def test_rollback_goes_back_step_by_step(second, third):
    models.use(str(second))
    models.use(str(third))
    models.use("shipped")
    assert playing() == SHIPPED_VERSION
    installed.roll_back()
    assert playing() == "0.3.0-rc1"
    installed.roll_back()
    assert playing() == "0.2.0"
    assert installed.roll_back() == "shipped"
    with pytest.raises(ModelError, match="No bundle was used before shipped"):
        installed.roll_back()
    assert playing() == SHIPPED_VERSION


def test_using_the_same_bundle_twice_is_one_step(store, second):
    name = models.use(str(second))
    assert models.use(str(second)) == name
    assert installed.installed_names() == [name]
    assert installed.roll_back() == "shipped"


def test_a_bundle_that_another_run_takes_away_meanwhile_hides_no_other(store, second, tmp_path):
    name = models.use(str(second))
    # Listed, but gone when it is looked at: as when the other run replaces it in between.
    (store / "0.9.0-01234567").symlink_to(tmp_path / "gone")
    assert installed.installed_names() == [name]


def test_another_network_under_the_same_version_is_kept_apart(tmp_path, second):
    twin = make_bundle(tmp_path / "twin", "0.2.0", data="other data")
    assert models.use(str(second)) != models.use(str(twin))
    assert len(installed.installed_names()) == 2


def test_installing_again_mends_a_damaged_copy(store, second):
    name = models.use(str(second))
    (store / name / "model.tflite").write_bytes(b"damaged")
    with pytest.raises(ModelError, match="altered"):
        models.verify(None)
    assert models.use(str(second)) == name
    assert models.verify(None)["ok"]
    assert {path.name for path in store.iterdir()} == {name, "active.json"}


# --- Bundles that are refused ---------------------------------------------------------------------


def spoil_byte(folder):
    path = folder / "model.tflite"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def edit(folder, **changes):
    content = json.loads((folder / "model.json").read_text("utf-8"))
    (folder / "model.json").write_text(json.dumps({**content, **changes}), "utf-8")


def listed_but_missing(folder):
    edit(folder, sha256={"model.tflite": "0" * 64, "model.h5": "0" * 64})


FAULTS = {
    "altered": (spoil_byte, "was altered"),
    "missing": (lambda folder: (folder / "model.tflite").unlink(), "cannot be read"),
    "listed but missing": (listed_but_missing, r"model\.(h5|tflite)"),
    "labels": (lambda folder: edit(folder, labels=["happy"]), "has the labels happy"),
    "a way out": (lambda folder: edit(folder, sha256={"../model.h5": "0" * 64}), "sha256"),
    "a path as version": (lambda folder: edit(folder, version="../../2"), "version"),
    "a score over 1": (lambda folder: edit(folder, thresholds={"x": {"0.1": 2}}), "thresholds"),
    "huge contract": (lambda folder: edit(folder, data="x" * 2_000_000), "larger than 1000000"),
    "terminal codes": (lambda folder: edit(folder, data="\x1b[2J"), "data"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_bundle_is_refused_and_nothing_changes(store, second, third, fault):
    spoil, said = FAULTS[fault]
    models.use(str(second))
    before = files(store)
    spoil(third)
    with pytest.raises(ModelError, match=said) as caught:
        models.use(str(third))
    assert "\n" not in str(caught.value)
    assert str(caught.value).isprintable()
    assert files(store) == before
    assert not [path.name for path in store.iterdir() if path.name.startswith(".")]
    with pytest.raises(ModelError, match=said):
        models.verify(third)


@pytest.mark.skipif(os.name != "posix", reason="such files are of Unix")
@pytest.mark.parametrize("name", ["model.json", "model.tflite", "README.md"])
@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (os.mkfifo, "a pipe"),
        (lambda path: path.symlink_to("/dev/zero"), "a link"),
        (lambda path: path.symlink_to(SHIPPED / path.name), "a link"),
        (lambda path: path.symlink_to(path.name), "a link"),
        (lambda path: path.mkdir(), "a folder"),
    ],
)
def test_only_plain_files_of_the_folder_itself_are_opened(store, second, name, spoil, said):
    (second / name).unlink()
    spoil(second / name)
    with pytest.raises(ModelError, match=f"it is {said}, not a plain file"):
        models.use(str(second))
    assert files(store) == {}
    assert models.list_bundles()[0]["active"]


def test_a_choice_that_is_a_pipe_is_told(store, second):
    models.use(str(second))
    (store / "active.json").unlink()
    os.mkfifo(store / "active.json")
    with pytest.raises(ModelError, match="cannot be read"):
        playing()


def test_a_key_that_steers_the_terminal_is_not_printed_raw(second):
    edit(second, **{"\x1b[31mred\n": 1})
    with pytest.raises(ModelError) as caught:
        models.verify(second)
    assert str(caught.value).isprintable()


def test_a_contract_of_faults_is_told_in_short(second):
    edit(second, **{f"key{number}": 1 for number in range(5000)})
    with pytest.raises(ModelError) as caught:
        models.verify(second)
    assert len(str(caught.value)) < 2000


def test_a_huge_network_is_not_even_read(second, monkeypatch):
    from emotion_game.vision import bundle

    monkeypatch.setattr(bundle, "MAX_FILE_BYTES", 1000)
    monkeypatch.setattr(bundle, "file_sha256", lambda _: pytest.fail("the file was read"))
    with pytest.raises(ModelError, match=r"model\.tflite has \d+ bytes; at most 1000"):
        models.use(str(second))


def test_what_is_no_bundle_at_all_is_named(tmp_path):
    for source in (tmp_path / "none", tmp_path):
        with pytest.raises(ModelError) as caught:
            models.use(str(source))
        assert str(source) in str(caught.value)


def test_a_full_disk_installs_nothing(store, second, third, monkeypatch):
    models.use(str(second))
    before = files(store)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(installed, "_copy", full)
    with pytest.raises(ModelError, match="No space left on device"):
        models.use(str(third))
    assert files(store) == before
    assert playing() == "0.2.0"


# --- What breaks later ----------------------------------------------------------------------------


def test_an_active_bundle_that_broke_stops_the_game_with_the_way_back(store, second):
    name = models.use(str(second))
    spoil_byte(store / name)
    with pytest.raises(ModelError, match="was altered") as caught:
        make_analyser(game_settings(None))
    assert "emotion-game models use --rollback" in caught.value.hint
    check = next(each for each in examine("demo") if each.name == "model")
    assert check.status is Status.FAIL
    assert "emotion-game models use --rollback" in check.hint
    assert installed.roll_back() == "shipped"
    assert playing() == SHIPPED_VERSION


def test_a_deleted_active_bundle_is_listed_with_its_fault(store, second):
    name = models.use(str(second))
    shutil.rmtree(store / name)
    gone = models.list_bundles()[-1]
    assert (gone["name"], gone["active"], gone["version"]) == (name, True, None)
    assert "cannot be read" in gone["fault"]
    with pytest.raises(ModelError, match="cannot be read"):
        installed.load_active()


@pytest.mark.parametrize("content", ["", "{", '{"used": []}', '{"used": ["../../x"]}', "[1]"])
def test_a_choice_that_cannot_be_read_is_never_guessed(store, second, content):
    models.use(str(second))
    (store / "active.json").write_text(content, "utf-8")
    for attempt in (installed.load_active, models.list_bundles, installed.roll_back):
        with pytest.raises(ModelError, match=r"active\.json") as caught:
            attempt()
        assert "emotion-game models use shipped" in caught.value.hint
    models.use("shipped")
    assert playing() == SHIPPED_VERSION


def test_a_way_back_that_is_broken_leads_to_the_shipped_one(store, second, third):
    name = models.use(str(second))
    models.use(str(third))
    spoil_byte(store / name)
    with pytest.raises(ModelError, match=r"Cannot go back.*altered") as caught:
        installed.roll_back()
    assert "emotion-game models use shipped" in caught.value.hint
    assert playing() == "0.3.0-rc1"


def test_doctor_names_the_active_bundle(second):
    name = models.use(str(second))
    check = next(each for each in examine("demo") if each.name == "model")
    assert check.status is Status.OK
    assert f"0.2.0 ({name})" in check.found


# --- ZIP files ------------------------------------------------------------------------------------


def pack(archive: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return archive


@pytest.mark.parametrize("top", ["", "expression/"])
def test_a_zip_file_is_installed(tmp_path, store, second, top):
    members = {top + name: content for name, content in files(second).items()}
    members |= {top + "EXPERIMENTS.md": b"tried", top + "curve.png": b"picture"}
    name = models.use(str(pack(tmp_path / "모델.zip", members)))
    assert playing() == "0.2.0"
    assert files(store / name) == files(second)
    assert {path.name for path in store.iterdir()} == {name, "active.json"}


@pytest.mark.parametrize(
    ("member", "said"),
    [
        ("../model.tflite", "leads out"),
        ("a/../../model.tflite", "leads out"),
        ("/tmp/model.tflite", "leads out"),
        ("..\\model.tflite", "leads out"),
        ("C:model.tflite", "leads out"),
        ("run.py", "no part of a bundle"),
        ("model.tflite.exe", "no part of a bundle"),
        ("a/b/model.tflite", "no part of a bundle"),
        ("other/model.tflite", "several folders"),
    ],
)
def test_a_zip_file_with_other_names_is_refused(tmp_path, store, second, member, said):
    members = {name: content for name, content in files(second).items() if name != "model.tflite"}
    archive = pack(tmp_path / "bad.zip", {**members, member: b"x"})
    outside = files(tmp_path)
    with pytest.raises(ModelError, match=said) as caught:
        models.use(str(archive))
    assert str(archive) in str(caught.value)
    assert files(tmp_path) == outside
    assert not list(store.iterdir())


def test_a_link_in_a_zip_file_is_refused(tmp_path, second):
    archive = tmp_path / "link.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.write(second / "model.json", "model.json")
        link = zipfile.ZipInfo("model.tflite")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(link, "/etc/passwd")
    with pytest.raises(ModelError, match="a link or special file"):
        models.use(str(archive))


def test_two_files_of_one_name_are_refused(tmp_path, second):
    archive = tmp_path / "twice.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.write(second / "model.json", "model.json")
        with pytest.warns(UserWarning, match="Duplicate name"):
            file.write(second / "model.json", "model.json")
    with pytest.raises(ModelError, match=r"two files named model\.json"):
        models.use(str(archive))


def test_too_many_and_encrypted_and_oddly_packed_files_are_refused(tmp_path, second):
    many = pack(tmp_path / "many.zip", {f"{number}.md": b"" for number in range(100)})
    with pytest.raises(ModelError, match="100 files"):
        models.use(str(many))
    locked = pack(tmp_path / "locked.zip", files(second))
    content = bytearray(locked.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    locked.write_bytes(content)
    odd = tmp_path / "odd.zip"
    with zipfile.ZipFile(odd, "w", zipfile.ZIP_BZIP2) as file:
        file.write(second / "model.json", "model.json")
    for archive in (locked, odd):
        with pytest.raises(ModelError, match="encrypted or unusually packed"):
            models.use(str(archive))


def test_a_bomb_is_refused_by_the_size_it_states(tmp_path, store, second):
    members = {**files(second), "README.md": bytes(5_000_000)}
    archive = pack(tmp_path / "bomb.zip", members)
    with pytest.raises(ModelError, match=r"README\.md' of 5000000 bytes; at most 1000000"):
        models.use(str(archive))
    assert not list(store.iterdir())


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path, store, second):
    members = {**files(second), "README.md": bytes(5_000_000)}
    archive = pack(tmp_path / "bomb.zip", members)
    content = archive.read_bytes()
    archive.write_bytes(
        content.replace((5_000_000).to_bytes(4, "little"), (500).to_bytes(4, "little"))
    )
    with pytest.raises(ModelError, match="not a ZIP file that can be read"):
        models.use(str(archive))
    assert not list(store.iterdir())


def test_the_unpacked_size_is_bounded_too(tmp_path, second, monkeypatch):
    archive = pack(tmp_path / "model.zip", files(second))
    entries = models._safe_entries
    monkeypatch.setattr(models, "_CHUNK_BYTES", 10)

    def shrink(*arguments):
        found = entries(*arguments)
        monkeypatch.setitem(models._LIMITS_BYTES, "model.tflite", 1000)
        return found

    monkeypatch.setattr(models, "_safe_entries", shrink)
    with pytest.raises(ModelError, match=r"model\.tflite of more than 1000 bytes"):
        models.use(str(archive))


@pytest.mark.parametrize("damage", ["text", "torn", "spoilt", "no contract", "folder of nothing"])
def test_a_damaged_zip_file_is_refused(tmp_path, store, second, damage):
    archive = pack(tmp_path / "damaged.zip", files(second))
    content = bytearray(archive.read_bytes())
    if damage == "text":
        archive.write_bytes(b"not a zip file")
    elif damage == "torn":
        archive.write_bytes(content[: len(content) // 2])
    elif damage == "spoilt":
        for at in range(len(content) // 2, len(content) // 2 + 200):
            content[at] ^= 0xFF
        archive.write_bytes(content)
    else:
        pack(archive, {"README.md": b"card"} if damage == "no contract" else {})
    with pytest.raises(ModelError) as caught:
        models.use(str(archive))
    assert str(archive) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not list(store.iterdir())


# --- The commands ---------------------------------------------------------------------------------


def run(capsys, *arguments) -> tuple[int, str, list[str]]:
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        cli.main(["models", *map(str, arguments)])
    out, err = capsys.readouterr()
    return ended.value.code, out, [line for line in err.splitlines() if line]


def test_the_commands_from_install_to_rollback(capsys, second):
    code, out, _ = run(capsys, "use", second)
    assert code == 0
    name = out.split()[0]
    code, out, _ = run(capsys, "list", "--json")
    assert code == 0
    shipped, other = json.loads(out)["models"]
    assert (other["name"], other["active"], shipped["active"]) == (name, True, False)
    code, out, _ = run(capsys, "list")
    assert code == 0
    (line,) = (line for line in out.splitlines() if name in line)
    assert line.split()[0] == "*"
    assert f"{other['metrics']['ferplus_valid_accuracy']:.3f}" in line
    code, out, _ = run(capsys, "verify", "--json")
    assert (code, json.loads(out)["version"], json.loads(out)["ok"]) == (0, "0.2.0", True)
    assert run(capsys, "use", "--rollback")[:2] == (0, "shipped plays from now on\n")
    assert "is sound" in run(capsys, "verify", SHIPPED)[1]


def test_the_commands_say_a_fault_in_one_line(capsys, second):
    spoil_byte(second)
    code, out, said = run(capsys, "use", second)
    assert (code, out) == (1, "")
    assert "was altered" in said[-1]
    code, out, said = run(capsys, "verify", second, "--json")
    assert code == 1
    assert json.loads(out)["ok"] is False
    assert json.loads(out)["fault"] in said[-1]
    assert run(capsys, "use", "--rollback")[0] == 1


@pytest.mark.parametrize("arguments", [["use"], ["use", "shipped", "--rollback"], ["burn"]])
def test_wrong_usage_is_2(capsys, arguments):
    code, out, said = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert "--help" in said[-1]


@pytest.mark.skipif(sys.platform != "linux", reason="only there is the folder told by XDG")
def test_the_users_folder_is_the_one_of_the_platform(tmp_path):
    code = "from emotion_game import paths; print(paths.user_models())"
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    printed = subprocess.check_output([sys.executable, "-c", code], env=environment, text=True)
    assert Path(printed.strip()) == tmp_path / "emotion-game" / "models"


def test_verify_looks_at_both_networks_that_play():
    report = models.verify(None)
    assert report["ok"]
    assert report["detector"]["name"] == "detector"
    assert "model.tflite" in report["detector"]["files"]
    assert models.verify(paths.MODELS / "detector")["name"] == "detector"


# --- Detectors ------------------------------------------------------------------------------------


@pytest.fixture
def other_detector(tmp_path):
    folder = tmp_path / "detector"
    shutil.copytree(paths.MODELS / "detector", folder, ignore=shutil.ignore_patterns("*.png"))
    edit(folder, version="9.0.0", least_confidence=0.61)
    return folder


def detecting() -> str:
    return make_analyser(game_settings(None)).detector.bundle.version


def test_a_detector_is_installed_and_rolled_back_like_a_classifier(capsys, second, other_detector):
    shipped = detecting()
    models.use(str(second))
    code, out, _ = run(capsys, "use", other_detector)
    assert (code, out.split()[:3]) == (0, ["the", "face", "detector"])
    assert (detecting(), playing()) == ("9.0.0", "0.2.0")
    code, out, _ = run(capsys, "list", "--json")
    assert [each["version"] for each in json.loads(out)["detectors"]] == [shipped, "9.0.0"]
    assert [each["version"] for each in json.loads(out)["models"]] == [SHIPPED_VERSION, "0.2.0"]
    assert "9.0.0" in run(capsys, "list")[1]
    assert models.verify(None)["detector"]["version"] == "9.0.0"
    check = next(each for each in examine("demo") if each.name == "detector")
    assert "9.0.0" in check.found
    assert run(capsys, "use", "--rollback", "--detector")[0] == 0
    assert (detecting(), playing()) == (shipped, "0.2.0")
    assert run(capsys, "use", "shipped", "--detector")[0] == 0


def test_a_detector_that_broke_names_the_way_back(other_detector):
    name = models.use(str(other_detector))
    spoil_byte(installed.bundle_folder(name, Task.DETECTION))
    with pytest.raises(ModelError, match="was altered") as caught:
        make_analyser(game_settings(None))
    assert "--rollback --detector" in caught.value.hint
    assert installed.roll_back(Task.DETECTION) == "shipped"
    make_analyser(game_settings(None))


def test_a_network_for_something_else_is_refused(second):
    edit(second, task="chess")
    with pytest.raises(ModelError, match=r"for 'chess'; expected expression or face-detection"):
        models.use(str(second))


# --- What a new bundle catches --------------------------------------------------------------------


def bring_figures(folder: Path, happy: float, *, shipped: float | None) -> None:
    """Let 30 happy and 30 neutral faces lie behind a bundle, read at these scores of happiness."""
    network = json.loads((folder / "model.json").read_text())["sha256"]["model.tflite"]
    labels = (EMOTIONS.index("happiness"),) * 30 + (EMOTIONS.index("neutral"),) * 30

    def reading(of, score):
        rows = [(0.0, score, *[0.0] * 6)] * 30 + [(1.0, *[0.0] * 7)] * 30
        return HeldReading(network=of, name="x", probabilities=tuple(rows))

    readings = [reading(network, happy)]
    if shipped is not None:
        readings.append(reading(SHIPPED_NETWORK, shipped))
    write_held_back(folder, HeldBack(split="held_back", labels=labels, readings=tuple(readings)))


SHIPPED_NETWORK = json.loads((SHIPPED / "model.json").read_text("utf-8"))["sha256"]["model.tflite"]


@pytest.fixture
def trained(second):
    """A bundle with another network than the shipped one, as far as its checksum tells."""
    with (second / "model.tflite").open("ab") as file:
        file.write(bytes(16))
    edit(second, sha256={"model.tflite": file_sha256(second / "model.tflite")})
    return second


def test_use_shows_what_the_thresholds_catch_with_both_networks(capsys, trained):
    bring_figures(trained, 0.99, shipped=0.05)
    code, out, said = run(capsys, "use", trained)
    assert code == 0
    assert "in 60 faces (held back)" in out
    caught = [line.split()[-8:] for line in out.splitlines() if "happy" in line]
    assert caught
    assert all(line == ["100%", "(89", "to", "100)", "0%", "(0", "to", "11)"] for line in caught)
    assert not said
    # Installed with it; and the other way round it is worse.
    name = out.split()[-5]
    assert models.compare("shipped") is None
    assert (installed.bundle_folder(name) / "held_back.json").exists()


def test_use_says_that_a_network_catches_less(capsys, trained):
    bring_figures(trained, 0.2, shipped=0.99)
    _, _, said = run(capsys, "use", trained)
    assert "catches fewer faces than shipped, beyond chance" in " ".join(said)
    assert "--rollback" in " ".join(said)


def test_use_says_with_what_it_could_compare(capsys, trained):
    bring_figures(trained, 0.99, shipped=None)
    _, out, said = run(capsys, "use", trained)
    assert "shipped was not measured on these faces; there is none." in " ".join(said)
    assert "with shipped" not in out


def test_a_zip_file_brings_its_figures_along(tmp_path, trained):
    bring_figures(trained, 0.99, shipped=0.5)
    name = models.use(str(pack(tmp_path / "trained.zip", files(trained))))
    assert (installed.bundle_folder(name) / "held_back.json").exists()
