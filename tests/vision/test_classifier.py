from __future__ import annotations

import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from emotion_game import paths
from emotion_game.errors import ModelError
from emotion_game.game.types import EMOTIONS
from emotion_game.vision.bundle import file_sha256, load_bundle, verify_file
from emotion_game.vision.classifier import ExpressionClassifier

SHIPPED = paths.MODELS / "expression"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A copy of the shipped bundle that may be spoilt."""
    folder = tmp_path / "표정 model"
    folder.mkdir()
    for name in ("model.json", "model.tflite"):
        shutil.copy(SHIPPED / name, folder)
    return folder


def edit(folder: Path, **changes: object) -> None:
    path = folder / "model.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    for key, value in changes.items():
        if isinstance(value, dict):
            content[key].update(value)
        else:
            content[key] = value
    path.write_text(json.dumps(content), encoding="utf-8")


def refusal(folder: Path) -> str:
    with pytest.raises(ModelError) as caught:
        ExpressionClassifier(folder)
    message = str(caught.value)
    assert "\n" not in message
    return message


def read(detector, classifier, picture) -> dict[str, float]:
    face = detector.detect(picture)[0]
    crop = classifier.cut(picture, face.box_px)
    return dict(zip(EMOTIONS, classifier.classify(crop), strict=True))


# --- The bundle -----------------------------------------------------------------------------------


def test_the_shipped_bundle_is_whole():
    bundle = load_bundle(SHIPPED)
    assert bundle.labels == EMOTIONS
    for name in bundle.sha256:
        assert verify_file(SHIPPED, bundle, name) == SHIPPED / name


def test_a_bundle_plays_from_a_folder_with_a_korean_name(bundle):
    assert ExpressionClassifier(bundle).bundle.labels == EMOTIONS


def test_a_missing_folder_is_named(tmp_path):
    assert str(tmp_path / "none") in refusal(tmp_path / "none")


def test_a_missing_network_is_named(bundle):
    (bundle / "model.tflite").unlink()
    message = refusal(bundle)
    assert str(bundle / "model.tflite") in message
    assert "cannot be read" in message


def test_one_altered_byte_is_noticed(bundle):
    path = bundle / "model.tflite"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    message = refusal(bundle)
    assert str(path) in message
    assert "altered" in message


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe"])
def test_a_contract_that_is_no_json_object_is_named(bundle, content):
    (bundle / "model.json").write_bytes(content)
    assert str(bundle / "model.json") in refusal(bundle)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sise_px": 96}, "sise_px"),
        ({"input": {"colour": "rgb"}}, "input.colour"),
        ({"input": {"size_px": 0}}, "input.size_px"),
        ({"input": {"highest": 1}}, "input.highest"),
        ({"input": {"gamma": 2}}, "input.gamma"),
        ({"task": "detection"}, "task"),
        ({"labels": "neutral"}, "labels"),
    ],
)
def test_a_wrong_key_or_value_is_named(bundle, changes, said):
    edit(bundle, **changes)
    message = refusal(bundle)
    assert str(bundle / "model.json") in message
    assert said in message


def test_every_fault_of_a_contract_is_told_at_once(bundle):
    edit(bundle, task="x", input={"size_px": 0, "colour": "rgb"})
    message = refusal(bundle)
    assert all(key in message for key in ("task", "input.size_px", "input.colour"))


@pytest.mark.parametrize("labels", [EMOTIONS[::-1], EMOTIONS[:7], (*EMOTIONS, "other")])
def test_labels_of_another_order_or_number_are_refused(bundle, labels):
    edit(bundle, labels=list(labels))
    message = refusal(bundle)
    assert str(bundle) in message
    assert ", ".join(EMOTIONS) in message


def test_a_network_of_another_input_size_is_refused(bundle):
    edit(bundle, input={"size_px": 64})
    message = refusal(bundle)
    assert str(bundle / "model.tflite") in message
    assert "(1, 64, 64, 1)" in message
    assert "(1, 128, 128, 1)" in message


def test_a_file_without_checksum_is_refused(bundle):
    path = bundle / "model.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    del content["sha256"]["model.tflite"]
    path.write_text(json.dumps(content), encoding="utf-8")
    assert "lists no checksum for model.tflite" in refusal(bundle)


def test_a_file_that_is_no_network_is_refused(bundle):
    path = bundle / "model.tflite"
    path.write_bytes(b"TFL3 nothing of the kind" * 40)
    edit(bundle, sha256={"model.tflite": file_sha256(path)})
    assert str(path) in refusal(bundle)


@pytest.mark.parametrize(
    "answer",
    [
        [0.5, 0.5, 0.5, 0.5, 0, 0, 0, 0],
        [2.0, -1.0, 0, 0, 0, 0, 0, 0],
        [0] * 8,
        [float("nan")] * 8,
        [float("inf"), 0, 0, 0, 0, 0, 0, 0],
    ],
)
def test_a_network_that_gives_no_probabilities_is_refused(bundle, monkeypatch, answer):
    monkeypatch.setattr(ExpressionClassifier, "_run", lambda *_: np.array(answer, dtype=np.float32))
    message = refusal(bundle)
    assert str(bundle / "model.tflite") in message
    assert "probabilities that sum to 1" in message


def test_probabilities_rounded_to_8_bits_are_probabilities(bundle, monkeypatch):
    rounded = np.array([0.9, 0.02, 0.02, 0.02, 0.01, 0.01, 0.01, 0.01], np.float32) - 0.002
    monkeypatch.setattr(ExpressionClassifier, "_run", lambda *_: rounded)
    assert ExpressionClassifier(bundle).bundle.labels == EMOTIONS


def test_an_endless_contract_is_refused(bundle):
    (bundle / "model.json").write_bytes(b" " * 2_000_000)
    message = refusal(bundle)
    assert str(bundle / "model.json") in message
    assert "larger than 1000000 bytes" in message


@pytest.mark.parametrize("name", ["../model.tflite", "/etc/passwd", "model.py"])
def test_a_contract_lists_only_the_files_of_a_bundle(bundle, name):
    edit(bundle, sha256={name: "0" * 64})
    assert "sha256" in refusal(bundle)


# --- The expression -------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [0, 128, 255])
def test_probabilities_of_any_crop_sum_to_1(classifier, value):
    size_px = classifier.bundle.input.size_px
    shares = classifier.classify(np.full((size_px, size_px, 1), value, np.uint8))
    assert len(shares) == 8
    assert all(0.0 <= share <= 1.0 for share in shares)
    assert sum(shares) == pytest.approx(1.0, abs=1e-6)


def test_a_broad_smile_is_happiness(detector, classifier, astronaut):
    emotions = read(detector, classifier, astronaut)
    assert max(emotions, key=emotions.__getitem__) == "happiness"
    assert emotions["happiness"] > 0.8


def test_a_straight_face_is_neutral(detector, classifier, hopper):
    emotions = read(detector, classifier, hopper)
    assert max(emotions, key=emotions.__getitem__) == "neutral"
    assert emotions["happiness"] < 0.3


@pytest.mark.parametrize("portrait", ["astronaut", "hopper"])
def test_a_mirrored_player_gets_the_same_answer(request, detector, classifier, portrait):
    picture = request.getfixturevalue(portrait)
    x, y, width, height = detector.detect(picture)[0].box_px
    x, y, width, height = round(x), round(y), 2 * round(width / 2), 2 * round(height / 2)
    mirrored_box = (picture.shape[1] - x - width, y, width, height)
    straight = classifier.classify(classifier.cut(picture, (x, y, width, height)))
    mirrored = classifier.classify(classifier.cut(cv2.flip(picture, 1), mirrored_box))
    assert mirrored == pytest.approx(straight, abs=0.03)


def test_the_answer_does_not_depend_on_what_was_seen_before(detector, classifier, astronaut):
    first = read(detector, classifier, astronaut)
    size_px = classifier.bundle.input.size_px
    classifier.classify(np.zeros((size_px, size_px, 1), np.uint8))
    assert read(detector, classifier, astronaut) == first
