from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "audit_dependencies.py"


@pytest.fixture
def script():
    spec = importlib.util.spec_from_file_location("audit_dependencies", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CLEAN = {"name": "a", "version": "1", "vulns": []}
UNSEEN = {"name": "b", "skip_reason": "Dependency not found on PyPI"}
BAD = {"name": "c", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]}


@pytest.mark.parametrize(
    ("report", "code", "required_code", "said"),
    [
        ({"dependencies": [CLEAN]}, 0, 0, "1 packages audited"),
        ({"dependencies": [CLEAN, BAD, UNSEEN]}, 1, 1, "c 2: PYSEC-1; fixed in 3"),
        ({"dependencies": [CLEAN, UNSEEN]}, 0, 1, "NOT AUDITED"),
        ("Connection refused", 0, 1, "NOT AUDITED"),
    ],
)
def test_a_vulnerability_fails_and_silence_is_told(
    script, monkeypatch, capsys, report, code, required_code, said
):
    monkeypatch.setattr(script, "audit", lambda _lock: report)
    assert script.main([]) == code
    captured = capsys.readouterr()
    assert said in captured.out + captured.err
    assert script.main(["--required"]) == required_code


def test_the_lock_pins_what_the_game_needs():
    pinned = script_lines()
    for name in ("pygame-ce", "opencv-python-headless", "pydantic", "starlette", "tomlkit"):
        assert any(line.startswith(f"{name}==") for line in pinned), name


def script_lines():
    return (SCRIPT.parents[1] / "requirements.lock").read_text("utf-8").splitlines()
