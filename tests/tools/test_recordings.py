from __future__ import annotations

import importlib.util
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from modes_for_tests import MODES

from emotion_game.app import game_settings
from emotion_game.errors import GameError
from emotion_game.game.judge import Loss
from emotion_game.game.types import Observation
from emotion_game.paths import MODELS
from emotion_game.tools.analyses import AnalysisCache
from emotion_game.tools.recordings import (
    Recordings,
    Segment,
    read_ground_truth,
    read_tags,
    watch,
)
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


TRUTH = (
    '{"x.mp4": {"segments": [[0, 1, "neutral"], [1, 3.5, "smile"], [3.5, 5, "neutral"]],'
    ' "tags": {"skin": "dark", "glasses": true, "hat": false}}}'
)


@pytest.fixture
def folder(tmp_path, recorded_player):
    shutil.copy(recorded_player, tmp_path / "x.mp4")
    (tmp_path / "ground_truth.json").write_text(TRUTH, "utf-8")
    return tmp_path


def test_the_script_prints_every_level_or_json_alone(folder, capsys):
    script = load_script("evaluate_players")
    kept = folder / "kept"
    script.main([folder], sweep=True, thresholds="0.5,0.9", holds_s="0.5", cache=kept)
    text = capsys.readouterr().out
    hold_s = RULES.hold_s
    assert f"happy 1 (hold {hold_s} s): caught 1 of 1, 0 false losses in 2 s" in text
    assert "caught 0 of 0" in text
    assert "1 of 1 caught: smile" in text
    assert "glasses: yes" in text
    assert "no reading of the player for over 0.3 s: 0 times, 0.0 s" in text
    assert "caught of 1" in " ".join(text.split())
    script.main(
        [folder, folder], sweep=True, thresholds="0.5", holds_s="0.5", cache=kept, as_json=True
    )
    content = json.loads(capsys.readouterr().out)
    assert len(content["levels"]) == 6
    assert content["levels"][0]["shown"] == 2
    skin = content["levels"][0]["slices"][0]
    assert (skin["tag"], skin["is"], skin["caught"]) == ("skin", "dark", 2)
    assert content["sweep"]["happy"][0]["caught"] == 2
    assert content["face_share"][str(folder)] > 0.9
    assert content["unread"] == []
    with pytest.raises(GameError, match="--thresholds: expected numbers between commas"):
        script.main([folder], thresholds="low", cache=kept)
    with pytest.raises(GameError, match="no recording has a tag shoes; they have glasses, hat"):
        script.main([folder], tags="skin,shoes", cache=kept)


def test_the_script_compares_two_bundles_and_shows_what_went_wrong(folder, capsys):
    truth = json.loads(TRUTH)
    truth["x.mp4"]["segments"] = [[0, 1, "smile"], [1, 5, "talk"]]  # the wrong way round
    (folder / "ground_truth.json").write_text(json.dumps(truth), "utf-8")
    page = folder / "page.html"
    load_script("evaluate_players").main(
        [folder], against=MODELS / "expression", html=page, cache=folder / "kept"
    )
    assert (
        "caught by both 0, by this alone 0, by the other alone 0, by none 1 (p 1.00);"
        " false losses 1 and 1 (p 1.00)"
    ) in capsys.readouterr().out
    text = page.read_text("utf-8")
    assert "x.mp4: talk" in text
    assert "x.mp4: smile" in text
    assert text.count("data:image/jpeg;base64,") > 8
    assert not re.search(r'(src|href)="(?!data:)', text)  # nothing from elsewhere
    assert "Against the other bundle" in text


def test_what_was_read_is_kept_for_the_next_time(folder, analyser):
    settings = game_settings(None)
    contract = analyser.classifier.bundle
    kept = AnalysisCache(folder / "kept", settings, contract)
    first = watch(analyser, folder, cache=kept)

    class Blind:
        track = analyser.track

        def observe(self, picture, t_s):
            raise AssertionError("read again")

    assert watch(Blind(), folder, cache=kept) == first
    # Another network, another way to follow the player, another recording: read anew.
    other = contract.model_copy(update={"version": "9.9.9"})
    assert AnalysisCache(folder / "kept", settings, other).find(folder / "x.mp4") is None
    (folder / "kept" / next((folder / "kept").iterdir()).name).write_text("[half", "utf-8")
    assert kept.find(folder / "x.mp4") is None
    assert watch(analyser, folder, cache=kept) == first
    blocked = folder / "x.mp4" / "kept"
    with pytest.raises(GameError, match=r"Cannot keep analyses in .*--cache"):
        AnalysisCache(blocked, settings, contract)


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ({"segments": [[0, 2, "smile"], [1, 3, "talk"]]}, "'smile' until 2 s and 'talk' from 1 s"),
        ({"segments": [[2, 1, "smile"]]}, "is no segment"),
        ({"segments": [[-1, 1, "smile"]]}, "is no segment"),
        ({"segments": [[0, True, "smile"]]}, "is no segment"),
        ({"segments": [[0, 1, ""]]}, "is no segment"),
        ({"segments": [[0, float("nan"), "smile"]]}, "is no segment"),
        ({"segments": "none"}, 'no list "segments"'),
        ({"segments": [], "tags": ["dark"]}, "no object"),
        ({"segments": [], "tags": {"skin": ["dark"]}}, "its tag 'skin'"),
        ([], "is no object"),
    ],
)
def test_faults_of_the_ground_truth_are_named(tmp_path, entry, fault):
    path = tmp_path / "ground_truth.json"
    path.write_text(json.dumps({"a.mp4": {"segments": []}, "x.mp4": entry}), "utf-8")
    read = read_tags if "tags" in entry else read_ground_truth
    with pytest.raises(GameError, match=re.escape(fault)) as raised:
        read(path)
    assert "x.mp4: " in str(raised.value)
    assert "\n" not in str(raised.value)


def test_many_faults_are_one_line(tmp_path):
    path = tmp_path / "ground_truth.json"
    path.write_text(json.dumps({f"{n}.mp4": {} for n in range(9)}), "utf-8")
    with pytest.raises(GameError, match=r"0\.mp4: .*; and 6 more"):
        read_ground_truth(path)


def test_recordings_without_a_truth_and_segments_after_the_end_are_told(folder, analyser):
    shutil.copy(folder / "x.mp4", folder / "forgotten.mov")
    truth = {**json.loads(TRUTH), "y.mp4": {"segments": []}}
    shutil.copy(folder / "x.mp4", folder / "y.mp4")
    (folder / "ground_truth.json").write_text(json.dumps(truth), "utf-8")
    told = []
    watch(analyser, folder, tell=told.append)
    assert len(told) == 2
    assert "forgotten.mov: not in ground_truth.json" in told[0]
    assert "y.mp4: no segments" in told[1]
    truth["x.mp4"]["segments"].append([60, 61, "smile"])
    (folder / "ground_truth.json").write_text(json.dumps(truth), "utf-8")
    with pytest.raises(GameError, match=r"'smile' of x.mp4 lasts from 60 to 61 s"):
        watch(analyser, folder)


def test_numbers_are_proposed_from_recordings(folder, capsys):
    script = load_script("choose_rules")
    given = {"thresholds": "0.5,0.7", "releases": "0.8", "holds_s": "0.4,0.6,0.8"}
    kept = folder / "kept"
    script.main([folder], mode=["happy"], cache=kept, out=folder / "curves.png", **given)
    text = capsys.readouterr().out
    assert "[modes.happy.1]\nthreshold = 0.7\nrelease_threshold = 0.56\nhold_s = 0.8" in text
    assert "[modes.happy.3]" in text
    assert "expected  unknown: too few people" in text
    assert "fitted    caught 1 of 1" in text
    assert (folder / "curves.png").read_bytes().startswith(b"\x89PNG")
    emotions = ["happiness=1", "happiness=1,surprise=0.5"]
    script.main([folder], mode=["happy"], emotions=emotions, cache=kept, as_json=True, **given)
    content = json.loads(capsys.readouterr().out)
    assert list(content) == ["happy by happiness", "happy by happiness + 0.5 surprise"]
    for wrong, fault in (
        ({"false_a_minute": "0.3"}, "--false-a-minute: expected 3 numbers"),
        ({"mode": ["sad"]}, "--mode: there is no mode 'sad'; there are happy, surprise"),
        ({"holds_s": "0.5,0.6"}, "--holds-s: 3 levels need as many"),
        ({"emotions": ["surprise=1"]}, "--emotions: name the one mode"),
        ({"emotions": ["joy=1"], "mode": ["happy"]}, "--emotions: unknown joy"),
        ({"emotions": ["happiness"], "mode": ["happy"]}, "--emotions: expected"),
        ({"emotions": ["happiness=2"], "mode": ["happy"]}, "--emotions: expected weights"),
        ({"thresholds": "2"}, "--thresholds: expected numbers from 0 to"),
        ({"mode": ["surprise"]}, "Nothing to choose surprise by"),
    ):
        with pytest.raises(GameError, match=re.escape(fault)):
            script.main([folder], cache=kept, **{**given, **wrong})
