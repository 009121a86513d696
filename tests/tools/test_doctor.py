from __future__ import annotations

import json
import shutil

import pytest

from emotion_game import paths
from emotion_game.tools.doctor import Status, examine

NAMES = ["settings", "model", "clips", "camera", "libvlc", "audio", "screen"]


@pytest.fixture(scope="module")
def healthy():
    return {check.name: check for check in examine("demo")}


def test_everything_a_round_needs_is_looked_at(healthy):
    assert [name for name in healthy if name in NAMES] == NAMES
    assert healthy["camera"].status is Status.OK
    assert "640 x 480" in healthy["camera"].found
    for name in ("settings", "model", "clips"):
        assert healthy[name].status is Status.OK, healthy[name].found


def test_what_is_not_well_comes_with_a_hint(healthy):
    assert all(check.hint for check in healthy.values() if check.status is not Status.OK)


def test_a_missing_camera_and_an_altered_network(monkeypatch, tmp_path):
    shutil.copytree(
        paths.MODELS / "expression",
        tmp_path / "expression",
        ignore=shutil.ignore_patterns("*.keras"),
    )
    contract = tmp_path / "expression" / "model.json"
    content = json.loads(contract.read_text(encoding="utf-8"))
    content["sha256"] = {"model.tflite": "0" * 64}
    contract.write_text(json.dumps(content), encoding="utf-8")
    monkeypatch.setattr(paths, "MODELS", tmp_path)

    checks = {check.name: check for check in examine("97")}
    assert checks["model"].status is Status.FAIL
    assert "model.tflite" in checks["model"].found
    assert checks["camera"].status is Status.WARN
    assert "Camera 97" in checks["camera"].found
    assert checks["clips"].status is Status.OK
