"""The report of two made-up models: everything measured is in both files."""

from __future__ import annotations

import base64
import importlib.util
import json
import re
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from emotion_game.errors import TrainingError
from emotion_game.game.types import EMOTIONS
from emotion_game.paths import MODELS
from emotion_game.training.classifier import evaluate as evaluate
from emotion_game.training.data.faces import person_split
from emotion_game.training.report import classifier as report
from emotion_game.vision.bundle import load_bundle

LEVEL = {
    "mode": "happy",
    "level": 1,
    "threshold": 0.7,
    "hold_s": 0.8,
    "caught": 3,
    "shown": 4,
    "caught_share": {"value": 0.75, "low": 0.3, "high": 0.95},
    "false_losses": 1,
    "calm_s": 60.0,
    "false_losses_a_minute": {"value": 1.0, "low": 0.03, "high": 5.57},
    "by_label": {"talk": {"length_s": 60.0, "false_losses": 1}},
    "median_delay_s": 0.9,
    "median_delay_beyond_hold_s": 0.1,
    "late": 0,
    "notes": ["<a>.mp4: missed smile at 3.0 s"],
}
NOTHING = LEVEL | {
    "level": 2,
    "caught_share": None,
    "false_losses_a_minute": None,
    "median_delay_s": None,
    "median_delay_beyond_hold_s": None,
}


def model(seed, folder):
    rng = np.random.default_rng(seed)
    labels = np.random.default_rng(0).integers(0, 4, 120)
    scores = rng.random((120, len(EMOTIONS))) + 1.5 * np.eye(len(EMOTIONS))[labels]
    reading = evaluate.Reading(
        "FER+ <valid>",
        scores / scores.sum(axis=1, keepdims=True),
        labels,
        np.arange(120),
        (evaluate.thirds("brightness", rng.random(120)),),
        missed=5,
    )
    bundle = load_bundle(MODELS / "expression")
    timeline = report.Timeline(
        "a.mp4",
        "happy",
        0.7,
        [(0.0, 0.1), (0.5, None), (1.0, 0.9)],
        [(0.0, 0.5, "talk"), (0.5, 1.0, "smile")],
        ("smile", "laugh"),
        [0.9],
    )
    players = report.PlayerFigures("players", 0.97, [LEVEL, NOTHING], [timeline])
    cost = evaluate.Cost(1.9, (2.0, 3.0), {"model.tflite": 9_000_000}, "a processor")
    figures = evaluate.figures(reading, bundle.thresholds)
    talking = evaluate.TalkFigures("talk", 80, 40, {0.6: evaluate.Estimate(0.0125, 0.0, seed / 40)})
    return report.ModelReport(folder, bundle, cost, [(figures, reading)], [players], talking)


@pytest.fixture(scope="module")
def few_resamples():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluate, "_RESAMPLES", 50)
        yield


@pytest.fixture(scope="module")
def written(tmp_path_factory, few_resamples):
    out = tmp_path_factory.mktemp("runs") / "report"
    first, second = model(1, "models/new"), model(2, "models/old")
    differences = evaluate.compare(first.sets[0][1], second.sets[0][1])
    less = evaluate.Estimate(-0.02, -0.03, -0.01)
    differences.append(evaluate.Difference("talk", "alarms", 0.01, 0.03, less, False))
    report.write_report(out, "python x.py --a <b>", [first, second], differences)
    return out, first, differences


def test_the_json_holds_every_figure(written):
    out, first, differences = written
    content = json.loads((out / "report.json").read_text("utf-8"))
    assert content["command"] == "python x.py --a <b>"
    assert [each["folder"] for each in content["models"]] == ["models/new", "models/old"]
    figures = first.sets[0][0]
    found = content["models"][0]["sets"][0]
    assert found["accuracy"]["value"] == figures.accuracy.value
    assert found["auc"]["surprise"]["low"] == figures.auc["surprise"].low
    assert found["confusion"] == figures.confusion
    assert found["missed"] == 5
    assert len(found["slices"]) == 3
    assert content["models"][0]["players"][0]["levels"][0] == LEVEL
    assert content["models"][0]["cost"]["bytes"] == {"model.tflite": 9_000_000}
    talking = content["models"][0]["talking"]
    assert talking["alarms"]["0.6"] == {"value": 0.0125, "low": 0.0, "high": 1 / 40}
    assert content["differences"][0]["difference"]["value"] == differences[0].difference.value


def test_the_page_is_one_file_with_its_pictures_and_escaped_words(written):
    out, first, _ = written
    page = (out / "report.html").read_text("utf-8")
    assert "src=" not in re.sub(r'src="data:image/png;base64,[^"]*"', "", page)
    for text in re.findall(r'base64,([^"]*)"', page):
        picture = cv2.imdecode(np.frombuffer(base64.b64decode(text), np.uint8), cv2.IMREAD_COLOR)
        assert picture.std() > 5
    assert page.count("<img") == 5
    assert f"{first.sets[0][0].accuracy.value:.1%}" in page
    assert "3 of 4" in page
    assert "80 faces of 40 people who talk" in page
    assert "1.25%" in page
    # Of alarms, fewer is better.
    assert re.search(r"<td>alarms</td>.*?<td>better</td>", page)
    assert "FER+ &lt;valid&gt;" in page
    assert "&lt;a&gt;.mp4: missed smile" in page
    assert "<b>.mp4" not in page
    assert "--a &lt;b&gt;" in page
    assert "$body" not in page
    assert sorted(each.name for each in out.iterdir()) == ["report.html", "report.json"]


def test_a_folder_that_cannot_be_written_to_is_one_clear_error(tmp_path, few_resamples):
    (tmp_path / "file").write_text("in the way", "utf-8")
    with pytest.raises(TrainingError, match=r"Cannot write the report to .*file"):
        report.write_report(tmp_path / "file", "x", [model(1, "m")], [])


# --- The script -----------------------------------------------------------------------------------


@pytest.fixture
def script():
    path = Path(__file__).resolve().parents[2] / "scripts" / "evaluate_classifier.py"
    spec = importlib.util.spec_from_file_location("evaluate_classifier", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_script_measures_pictures_and_players_with_two_models(
    tmp_path, script, astronaut, hopper_file, recorded_player, few_resamples, capsys
):
    pictures, players = tmp_path / "pictures", tmp_path / "players"
    (pictures / "images").mkdir(parents=True)
    shutil.copy(hopper_file, pictures / "images" / "hopper.jpg")
    cv2.imwrite(str(pictures / "images" / "collins.png"), astronaut)
    cv2.imwrite(str(pictures / "images" / "wall.png"), np.full((90, 90), 99, np.uint8))
    (pictures / "labels.csv").write_text(
        "file,label\nhopper.jpg,neutral\ncollins.png,happiness\nwall.png,neutral\n", "utf-8"
    )
    players.mkdir()
    shutil.copy(recorded_player, players / "x.mp4")
    (players / "ground_truth.json").write_text(
        '{"x.mp4": {"segments": [[0, 1, "neutral"], [1, 3.5, "smile"], [3.5, 5, "neutral"]]}}',
        "utf-8",
    )
    other = shutil.copytree(MODELS / "expression", tmp_path / "other")
    out = tmp_path / "report"
    talking = tmp_path / "talking"
    talking.mkdir()
    person = next(name for name in ("A", "B", "C", "D") if person_split(name) == "test")
    shutil.copy(hopper_file, talking / f"{person}_1.jpg")
    classes = tmp_path / "classes"
    for emotion, name in (("neutral", "hopper.jpg"), ("happiness", "collins.png")):
        (classes / "test" / emotion).mkdir(parents=True)
        target = classes / "test" / emotion / name.replace(".", "_1.")
        shutil.copy(pictures / "images" / name, target)
    script.main(
        model=MODELS / "expression",
        against=other,
        pictures=pictures,
        folders=classes,
        find_faces=True,
        people_by_name=True,
        players=[players],
        talking=talking,
        out=out,
    )
    content = json.loads((out / "report.json").read_text("utf-8"))
    figures = content["models"][0]["sets"][0]
    assert (figures["faces"], figures["missed"]) == (2, 1)
    assert figures["accuracy"]["value"] == 1.0
    assert figures["auc"]["happiness"]["value"] == 1.0
    assert figures["auc"]["surprise"] is None
    own = content["models"][0]["sets"][1]
    assert (own["name"], own["faces"], own["accuracy"]["value"]) == ("classes, test", 2, 1.0)
    level = content["models"][0]["players"][0]["levels"][0]
    assert (level["caught"], level["shown"], level["false_losses"]) == (1, 1, 0)
    assert content["models"][1]["players"] == content["models"][0]["players"]
    assert content["differences"][0]["difference"]["value"] == 0.0
    spoken = content["models"][0]["talking"]
    assert (spoken["faces"], spoken["people"]) == (1, 1)
    assert {each["value"] for each in spoken["alarms"].values()} == {0.0}
    told = capsys.readouterr().out
    assert "pictures, all: 2 faces, 1 without a found face, accuracy 1.0000" in told
    assert "1 faces in speech, surprised: 0.00%" in told
    page = (out / "report.html").read_text("utf-8")
    assert "Players: players" in page
    assert "Against" in page


def test_the_script_wants_something_to_measure_on(script):
    with pytest.raises(TrainingError, match="Give --ferplus, --pictures, --folders, --talking or"):
        script.main()
