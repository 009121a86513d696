from __future__ import annotations

import importlib.util
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from modes_for_tests import MODES

from emotion_game.app import game_settings
from emotion_game.errors import GameError
from emotion_game.game.judge import Loss
from emotion_game.game.types import Observation
from emotion_game.tools.recordings import Recordings, Segment, read_ground_truth, watch
from emotion_game.tools.tallies import Calm, Tally, per_minute, share, sweep
from emotion_game.tools.tallies import tally as tally_all

RULES = game_settings(None).rounds["happy", 1]

SEGMENTS = [
    Segment(0.0, 4.0, "neutral"),
    Segment(4.0, 6.0, "smile"),
    Segment(6.0, 7.0, "slight"),
    Segment(7.0, 10.0, "talk"),
    Segment(10.0, 10.4, "smile"),
    Segment(10.4, 20.0, "neutral"),
]


def tally(*losses, mode="happy"):
    mode = MODES[mode]
    counted = Tally()
    counted.add(Path("x.mp4"), losses, SEGMENTS, mode, min_length_s=1.0)
    return counted


def test_a_loss_in_a_smile_catches_it_with_its_delay():
    counted = tally(Loss(4.2, 5.0, 6.1))
    assert (counted.caught, counted.shown, counted.false_losses) == (1, 1, 0)
    assert counted.delays_s == [1.0]
    assert counted.calm_s == pytest.approx(4.0 + 3.0 + 9.6)
    assert "caught 1 of 1, 0 false losses in 17 s" in counted.line()


def test_a_smile_without_a_loss_is_missed_and_a_loss_while_talking_is_false():
    counted = tally(Loss(7.5, 8.3, 9.0))
    assert (counted.caught, counted.shown, counted.false_losses) == (0, 1, 1)
    assert len(counted.notes) == 2
    assert "(3.61 a minute)" in counted.line()


def test_ambiguous_and_short_segments_count_neither_way():
    counted = tally(Loss(6.2, 6.6, 6.9), Loss(10.0, 10.5, 10.8))
    assert (counted.caught, counted.false_losses) == (0, 0)


def test_a_smile_is_false_in_surprise():
    assert tally(Loss(4.2, 5.0, 6.1), mode="surprise").false_losses == 1


def test_ground_truth_that_cannot_be_read_is_one_clear_error(tmp_path):
    path = tmp_path / "ground_truth.json"
    with pytest.raises(GameError, match="Cannot read the ground truth"):
        read_ground_truth(path)
    path.write_text('{"a.mp4": {"segments": [[0, 1]]}}', "utf-8")
    with pytest.raises(GameError, match="Expected"):
        read_ground_truth(path)


def test_false_losses_are_told_by_what_the_player_did():
    counted = tally(Loss(7.5, 8.3, 9.0), Loss(8.9, 9.1, 9.2), Loss(12.0, 13.0, 13.5))
    assert counted.calm["talk"] == Calm(3.0, 2)
    assert counted.calm["neutral"].false_losses == 1
    assert counted.calm["neutral"].length_s == pytest.approx(13.6)
    by_label = counted.figures()["by_label"]
    assert by_label["talk"] == {"length_s": 3.0, "false_losses": 2}


def test_the_delay_beyond_the_hold_time_is_told():
    counted = Tally(hold_s=0.8)
    counted.add(Path("x.mp4"), [Loss(4.2, 5.0, 6.1)], SEGMENTS, MODES["happy"], min_length_s=1.0)
    assert counted.excess_s == pytest.approx(0.2)
    assert counted.figures()["median_delay_beyond_hold_s"] == pytest.approx(0.2)
    assert "(hold +0.20 s)" in counted.line()
    assert counted.figures()["late"] == 0
    late = Tally(hold_s=0.5)
    late.add(Path("x.mp4"), [Loss(4.2, 5.0, 6.1)], SEGMENTS, MODES["happy"], min_length_s=1.0)
    assert late.figures()["late"] == 1


def test_rates_come_with_the_intervals_of_the_books():
    # Wilson's interval of 0 of 10 ends at z²/(n + z²).
    none = share(0, 10)
    assert none is not None
    assert (none.low, none.high) == (0.0, pytest.approx(1.96**2 / (10 + 1.96**2), abs=1e-3))
    # "Rule of three": no event in a time makes a rate of at most 3.69 in that time, two-sided.
    calm = per_minute(0, 120.0)
    assert calm is not None
    assert (calm.value, calm.low, calm.high) == (0.0, 0.0, pytest.approx(3.689 / 2, abs=1e-3))
    # The exact limits of one Poisson event are 0.0253 and 5.572 (Garwood, 1936).
    one = per_minute(1, 60.0)
    assert one is not None
    assert (one.low, one.high) == (pytest.approx(0.0253, abs=1e-4), pytest.approx(5.572, abs=1e-3))
    assert share(0, 0) is None
    assert per_minute(0, 0.0) is None
    assert Tally().figures()["caught_share"] is None


def seen(score_of, length_s=10.0, step_s=0.1):
    """Return observations whose happiness follows a function of the time."""
    found = []
    for index in range(round(length_s / step_s)):
        t_s = index * step_s
        score = score_of(t_s)
        emotions = None if score is None else (1 - score, score, *[0.0] * 6)
        found.append(Observation(t_s, emotions))
    return found


@pytest.fixture
def recordings(tmp_path):
    truth = {"x.mp4": SEGMENTS[:4]}
    return Recordings(tmp_path, truth, {"x.mp4": seen(lambda t_s: 0.9 if 4 <= t_s < 6 else 0.2)})


def test_faces_without_a_reading_of_the_player_are_told():
    found = []
    for index in range(100):
        t_s = index / 10
        # Nobody; then the player; lost in a jump; for a moment; and to the end.
        faces = 0 if t_s < 1.0 or 7.0 <= t_s < 8.0 else 1
        read = faces and not (2.0 <= t_s < 4.5 or 6.0 <= t_s < 6.2 or t_s >= 9.0)
        found.append(Observation(t_s, (1.0, *[0.0] * 7) if read else None, faces=faces))
    recordings = Recordings(Path(), {}, {"x.mp4": found})
    assert recordings.unread() == [("x.mp4", 2.0, 4.5), ("x.mp4", 9.0, 9.9)]


def test_recordings_are_tallied_at_every_threshold_and_hold(recordings):
    rules = replace(RULES, threshold=0.6, release_threshold=0.4, hold_s=0.5)
    found = sweep([recordings], MODES["happy"], rules, [0.5, 0.95], [0.5, 3.0], min_length_s=1.0)
    assert [(threshold, hold_s) for threshold, hold_s, _ in found] == [
        (0.5, 0.5),
        (0.5, 3.0),
        (0.95, 0.5),
        (0.95, 3.0),
    ]
    assert [counted.caught for _, _, counted in found] == [1, 0, 0, 0]
    assert found[0][2].delays_s[0] == pytest.approx(0.5, abs=0.3)
    both = tally_all([recordings, recordings], MODES["happy"], rules, 1.0)
    assert (both.caught, both.shown, both.hold_s) == (2, 2, 0.5)


def test_a_folder_is_watched_frame_by_frame(tmp_path, analyser, recorded_player):
    shutil.copy(recorded_player, tmp_path / "x.mp4")
    (tmp_path / "ground_truth.json").write_text(
        '{"x.mp4": {"segments": [[0, 1, "neutral"], [1, 3.5, "smile"], [3.5, 5, "neutral"]]}}',
        "utf-8",
    )
    found = watch(analyser, tmp_path)
    assert found.face_share() > 0.9
    rules = replace(RULES, threshold=0.6, release_threshold=0.4, hold_s=0.5, smoothing_s=0.12)
    counted = tally_all([found], MODES["happy"], rules, 1.0)
    assert (counted.caught, counted.shown, counted.false_losses) == (1, 1, 0)
    (tmp_path / "ground_truth.json").write_text("{}", "utf-8")
    with pytest.raises(GameError, match="names no recording"):
        watch(analyser, tmp_path)


def load_script(name):
    spec = importlib.util.spec_from_file_location(
        name, Path(__file__).resolve().parents[2] / "scripts" / f"{name}.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_script_prints_every_level_or_json_alone(tmp_path, recorded_player, capsys):
    shutil.copy(recorded_player, tmp_path / "x.mp4")
    (tmp_path / "ground_truth.json").write_text(
        '{"x.mp4": {"segments": [[0, 1, "neutral"], [1, 3.5, "smile"], [3.5, 5, "neutral"]]}}',
        "utf-8",
    )
    script = load_script("evaluate_players")
    script.main([tmp_path], sweep=True, thresholds="0.5,0.9", holds_s="0.5")
    text = capsys.readouterr().out
    assert "happy 1 (hold 0.8 s): caught 1 of 1, 0 false losses in 2 s" in text
    assert "surprise 3 (hold 0.5 s): caught 0 of 0" in text
    assert "no reading of the player for over 0.3 s: 0 times, 0.0 s" in text
    assert "caught of 1" in " ".join(text.split())
    script.main([tmp_path, tmp_path], sweep=True, thresholds="0.5", holds_s="0.5", as_json=True)
    content = json.loads(capsys.readouterr().out)
    assert len(content["levels"]) == 6
    assert content["levels"][0]["shown"] == 2
    assert content["sweep"]["happy"][0]["caught"] == 2
    assert content["face_share"][str(tmp_path)] > 0.9
    assert content["unread"] == []
    with pytest.raises(GameError, match="--thresholds: expected numbers between commas"):
        script.main([tmp_path], thresholds="low")
