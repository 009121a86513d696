"""The kill test of the scores, as its user calls it, with few kills."""

from __future__ import annotations

import json
import subprocess
import sys

from emotion_game import paths


def test_a_killed_score_keeping_loses_nothing_that_was_shown(tmp_path):
    out = tmp_path / "kills.json"
    script = paths.MODELS.parent / "scripts" / "kill_test.py"
    done = subprocess.run(
        [sys.executable, str(script), "--kills", "3", "--json", str(out)],
        capture_output=True,
        text=True,
        check=False,
        cwd=paths.MODELS.parent,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(out.read_text("utf-8"))
    assert found["kills"] == 3
    assert found["shown"] > 0
    assert found["stored"] >= found["shown"]
    assert not found["lost"] + found["stored_twice"] + found["stored_otherwise"]
    assert not found["names_lost"]
