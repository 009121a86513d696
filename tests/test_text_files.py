"""Text that people have edited: with a mark it is read, else one line says what is wrong."""

from __future__ import annotations

import codecs
import json
import logging
import os
import shutil
from pathlib import Path

import pytest

from emotion_game import paths
from emotion_game.app.preferences import Preferences, load_preferences
from emotion_game.clips.catalogue import read_catalogue
from emotion_game.errors import ClipError, GameError, SettingsError
from emotion_game.files import read_json, read_text, read_toml
from emotion_game.kiosk.settings import load_kiosk_settings
from emotion_game.settings import load_game_settings, load_settings
from emotion_game.tools.recordings import read_ground_truth
from emotion_game.vision.bundle import load_bundle
from emotion_game.vision.pictures import read_picture

TOML = 'title = "웃음"\n[game]\ncount = 3\n'


def write(path, text, encoding="utf-8", mark=b""):
    path.write_bytes(mark + text.encode(encoding))
    return path


def fault_of(read, path, *arguments):
    with pytest.raises(GameError) as caught:
        read(path, *arguments)
    message = str(caught.value)
    assert str(path) in message
    assert "\n" not in message
    return message


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_mark_and_line_ends_change_nothing(tmp_path, mark, end):
    text = TOML.replace("\n", end)
    path = write(tmp_path / "게임.toml", text, mark=mark)
    assert read_text(path, SettingsError) == text
    assert read_toml(path, SettingsError) == {"title": "웃음", "game": {"count": 3}}
    path = write(tmp_path / "a.json", f'{{"a":{end} "웃음"}}{end}', mark=mark)
    assert read_json(path, SettingsError) == {"a": "웃음"}


@pytest.mark.parametrize(
    ("encoding", "mark", "said"),
    [
        ("utf-16", b"", "it is in UTF-16. Save it as UTF-8."),
        ("utf-16-be", codecs.BOM_UTF16_BE, "it is in UTF-16. Save it as UTF-8."),
        ("utf-16-le", b"", "it is in UTF-16, without its mark. Save it as UTF-8."),
        ("utf-16-be", b"", "it is in UTF-16, without its mark. Save it as UTF-8."),
        ("utf-32", b"", "it is in UTF-32. Save it as UTF-8."),
        ("utf-32-be", b"", "it is in UTF-32, without its mark. Save it as UTF-8."),
        ("cp949", b"", "line 1 holds the byte 0xbf, which is of another encoding. Save it as"),
    ],
)
def test_another_encoding_is_told(tmp_path, encoding, mark, said):
    path = write(tmp_path / "game.toml", TOML, encoding, mark)
    assert f"is not valid TOML: {said}" in fault_of(read_toml, path, SettingsError)
    assert "is not valid JSON: " in fault_of(read_json, path, SettingsError)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("# café\na = 1".encode("latin-1"), "line 1 holds the byte 0xe9"),
        (b"a = 1\nb = 2\0\n", "line 2 holds a NUL byte"),
        (bytes(4096), "nothing but NUL bytes"),
        (b"[camera", "Expected"),
        (b"a = 1\na = 2", "Cannot overwrite a value"),
        (b"a = " + b"[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_toml_is_told(tmp_path, content, said):
    path = tmp_path / "game.toml"
    path.write_bytes(content)
    assert said in fault_of(read_toml, path, SettingsError)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "line 1 column 1"),
        (b'{"a": [1,\n', "line 2 column 1"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_json_is_told(tmp_path, content, said):
    path = tmp_path / "a.json"
    path.write_bytes(content)
    assert said in fault_of(read_json, path, SettingsError)


def test_what_cannot_be_read_is_told(tmp_path):
    assert "No such file" in fault_of(read_text, tmp_path / "none", SettingsError)
    assert "it is a folder, not a plain file" in fault_of(read_text, tmp_path, SettingsError)
    path = write(tmp_path / "long.toml", "#" * 100)
    with pytest.raises(SettingsError, match=r"long\.toml is larger than 99 bytes"):
        read_text(path, SettingsError, max_bytes=99)


# --- Every reader ---------------------------------------------------------------------------------


def test_settings_catalogue_kiosk_and_contract_may_have_a_mark(tmp_path):
    for name, load in (("game.toml", load_game_settings), ("kiosk.toml", load_kiosk_settings)):
        text = (paths.CONFIGS / name).read_text("utf-8")
        assert load(write(tmp_path / name, text, mark=codecs.BOM_UTF8)) == load(
            paths.CONFIGS / name
        )
        said = fault_of(load, write(tmp_path / name, text, "utf-16"))
        assert "it is in UTF-16. Save it as UTF-8." in said
    text = (paths.VIDEOS / "catalogue.toml").read_text("utf-8")
    write(tmp_path / "catalogue.toml", text, mark=codecs.BOM_UTF8)
    assert read_catalogue(tmp_path) == read_catalogue(paths.VIDEOS)
    write(tmp_path / "catalogue.toml", text, "cp949")
    with pytest.raises(ClipError, match="another encoding"):
        read_catalogue(tmp_path)
    text = (paths.MODELS / "expression" / "model.json").read_text("utf-8")
    write(tmp_path / "model.json", text, mark=codecs.BOM_UTF8)
    assert load_bundle(tmp_path) == load_bundle(paths.MODELS / "expression")
    write(tmp_path / "model.json", text, "utf-16")
    with pytest.raises(GameError, match=r"model\.json is no text file in UTF-8: it is in UTF-16"):
        load_bundle(tmp_path)


def test_training_settings_may_have_a_mark(tmp_path):
    from emotion_game.training.classifier.config import TrainingSettings

    shipped = paths.CONFIGS / "training" / "expression.toml"
    marked = write(tmp_path / "a.toml", shipped.read_text("utf-8"), mark=codecs.BOM_UTF8)
    assert load_settings(marked, TrainingSettings) == load_settings(shipped, TrainingSettings)


def test_ground_truth_may_have_a_mark(tmp_path):
    text = json.dumps({"a.mp4": {"segments": [[0, 1, "웃음"]]}}, ensure_ascii=False)
    path = write(tmp_path / "ground_truth.json", text, mark=codecs.BOM_UTF8)
    assert read_ground_truth(path)["a.mp4"][0].label == "웃음"
    said = fault_of(read_ground_truth, write(path, text, "utf-16"))
    assert "it is in UTF-16. Save it as UTF-8." in said


def test_preferences_may_have_a_mark_and_never_stop_the_game(tmp_path, caplog):
    path = tmp_path / "preferences.json"
    assert load_preferences(path) == Preferences()
    assert not caplog.records
    write(path, '{"volume": 0.5}', mark=codecs.BOM_UTF8)
    assert load_preferences(path).volume == 0.5
    with caplog.at_level(logging.WARNING):
        assert load_preferences(write(path, '{"volume": 0.5}', "utf-16")) == Preferences()
    assert "preferences.json is not valid JSON: it is in UTF-16" in caplog.text


def test_coco_boxes_may_have_a_mark(tmp_path, hopper_file):
    from emotion_game.training.detector.boxes import read_boxes

    shutil.copy(hopper_file, tmp_path / "a.jpg")
    text = json.dumps(
        {
            "categories": [{"id": 1, "name": "face"}],
            "images": [{"id": 1, "file_name": "a.jpg"}],
            "annotations": [{"image_id": 1, "category_id": 1, "bbox": [9, 9, 50, 50]}],
        }
    )
    path = write(tmp_path / "annotations.json", text, mark=codecs.BOM_UTF8)
    write(tmp_path / "._other.json", "of a Mac")
    assert read_boxes(tmp_path)[0].boxes_px.tolist() == [[9, 9, 50, 50]]
    assert "it is in UTF-16" in fault_of(read_boxes, write(path, text, "utf-16"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_or_a_device_is_refused_at_once(tmp_path):
    pipe = tmp_path / "game.toml"
    os.mkfifo(pipe)
    for read in (load_game_settings, load_kiosk_settings, read_ground_truth):
        assert "it is a pipe, not a plain file" in fault_of(read, pipe)
    assert "it is a device" in fault_of(read_text, Path("/dev/zero"), SettingsError)
    for path in (pipe, Path("/dev/zero")):
        assert "not a plain file" in fault_of(read_picture, path)
