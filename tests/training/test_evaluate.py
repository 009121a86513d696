"""Figures whose right answer is known, on made-up scores."""

from __future__ import annotations

import csv

import cv2
import numpy as np
import pytest

from emotion_game.errors import TrainingError
from emotion_game.game.types import EMOTIONS
from emotion_game.paths import MODELS
from emotion_game.training.classifier import evaluate as evaluate
from emotion_game.training.data.faces import person_split
from emotion_game.training.data.pictures import default_split, read_table
from emotion_game.vision.classifier import ExpressionClassifier
from emotion_game.vision.detector import Face

NEUTRAL, HAPPY, SURPRISED = (EMOTIONS.index(each) for each in ("neutral", "happiness", "surprise"))


@pytest.fixture
def few_resamples(monkeypatch):
    monkeypatch.setattr(evaluate, "_RESAMPLES", 100)


def reading(labels, happiness, measures=(), name="made up"):
    """Return a reading whose faces are neutral but for a stated share of happiness."""
    labels = np.array(labels)
    probabilities = np.zeros((len(labels), len(EMOTIONS)))
    probabilities[:, HAPPY] = happiness
    probabilities[:, NEUTRAL] = 1 - probabilities[:, HAPPY]
    return evaluate.Reading(name, probabilities, labels, np.arange(len(labels)), measures)


def write_pictures(folder, rows, columns=("file", "label", "person")):
    (folder / "images").mkdir(parents=True)
    with (folder / "labels.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
    for row in rows:
        cv2.imwrite(str(folder / "images" / row[0]), np.full((60, 50), 90, np.uint8))
    return folder


class FindsOne:
    """A detector that finds two faces in every picture but each third."""

    def __init__(self):
        self.calls = 0

    def detect(self, picture):
        self.calls += 1
        if self.calls % 3 == 0:
            return []
        return [Face((0.0, 0.0, 10.0, 10.0), 2.0), Face((5.0, 5.0, 30.0, 30.0), 1.0)]


# --- The table ------------------------------------------------------------------------------------


def test_a_split_keeps_the_people_of_one_half(tmp_path):
    people = [f"person {number}" for number in range(30)]
    rows = [(f"{number}.png", "neutral", person) for number, person in enumerate(people)]
    folder = write_pictures(tmp_path / "lfw", rows)
    kept = {split: read_table(folder, split) for split in ("train", "test", "all")}
    assert {each.person for each in kept["test"]} == {
        person for person in people if person_split(person) == "test"
    }
    assert len(kept["train"]) + len(kept["test"]) == len(kept["all"]) == 30
    assert 0 < len(kept["test"]) < 30
    # Where people are named, a model is measured on those it was not trained on.
    assert default_split(folder) == "test"


def test_without_persons_all_pictures_are_taken_and_no_half(tmp_path):
    folder = write_pictures(tmp_path / "p", [("a.png", "fear")], ("file", "label"))
    assert default_split(folder) == "all"
    assert [each.person for each in read_table(folder, "all")] == [""]
    with pytest.raises(TrainingError, match=r"lacks the column\(s\) person.*choose all"):
        read_table(folder, "test")


def test_faults_of_the_table_are_named(tmp_path):
    with pytest.raises(TrainingError, match=r"Cannot read .*labels\.csv"):
        read_table(tmp_path / "nowhere", "all")
    unknown = write_pictures(tmp_path / "u", [("a.png", "bored", "x")])
    with pytest.raises(TrainingError, match="does not know: bored"):
        read_table(unknown, "all")
    empty = write_pictures(tmp_path / "e", [])
    with pytest.raises(TrainingError, match="names no picture of the split 'all'"):
        read_table(empty, "all")
    bare = write_pictures(tmp_path / "b", [("x.png",)], ("picture",))
    with pytest.raises(TrainingError, match=r"lacks the column\(s\) file, label; it has picture"):
        read_table(bare, "all")
    with pytest.raises(TrainingError, match="found 'half'"):
        read_table(unknown, "half")


def test_the_largest_face_is_taken_and_pictures_without_one_are_counted(tmp_path):
    rows = [(f"{number}.png", "surprise", f"p{number}") for number in range(6)]
    found = evaluate.detect_faces(write_pictures(tmp_path / "p", rows), FindsOne())
    assert found.missed == 2
    assert found.boxes_px == ((5.0, 5.0, 30.0, 30.0),) * 4
    assert found.persons == ("p0", "p1", "p3", "p4")
    cut = found.cut(ExpressionClassifier(MODELS / "expression").crop)
    assert cut.majority().tolist() == [SURPRISED] * 4
    assert cut.files == ("0.png", "1.png", "3.png", "4.png")


def test_of_those_who_talk_the_other_half_is_measured(tmp_path):
    people = [f"P{number}" for number in range(12)]
    for person in people:
        cv2.imwrite(str(tmp_path / f"{person}_01.png"), np.full((60, 50), 90, np.uint8))
    found = evaluate.detect_talking(tmp_path, FindsOne())
    wanted = sorted(person for person in people if person_split(person) == "test")
    assert set(found.persons) <= set(wanted)
    assert len(found.persons) + found.missed == len(wanted)
    assert found.labels.tolist() == [NEUTRAL] * len(found.persons)
    (tmp_path / "nobody.png").write_bytes(b"")
    with pytest.raises(TrainingError, match=r"nobody\.png does not name a person"):
        evaluate.detect_talking(tmp_path, FindsOne())


# --- Figures --------------------------------------------------------------------------------------


def test_the_figures_of_a_known_reading(few_resamples):
    labels = [HAPPY, HAPPY, HAPPY, NEUTRAL, NEUTRAL, NEUTRAL, NEUTRAL, SURPRISED]
    happiness = [0.9, 0.8, 0.3, 0.6, 0.2, 0.1, 0.05, 0.0]
    found = evaluate.figures(reading(labels, happiness), {"happiness": {"0.2": 0.5, "0.01": 0.7}})
    assert found.faces == 8
    assert found.accuracy.value == pytest.approx(5 / 8)
    assert found.accuracy.low < 5 / 8 < found.accuracy.high
    by_name = {each.emotion: each for each in found.classes}
    assert by_name["happiness"].precision == pytest.approx(2 / 3)
    assert by_name["happiness"].recall == pytest.approx(2 / 3)
    assert by_name["neutral"].support == 4
    assert by_name["surprise"].recall == 0.0
    assert by_name["fear"].support == 0
    assert found.confusion[NEUTRAL][HAPPY] == 1
    assert found.confusion[SURPRISED][NEUTRAL] == 1
    # Of 15 pairs of a happy and another face, the happy one scores higher in 14.
    assert found.auc["happiness"].value == pytest.approx(14 / 15)
    low, high = found.alarms
    assert (low.false_alarm_rate, low.hit_rate) == (pytest.approx(1 / 5), pytest.approx(2 / 3))
    assert (high.false_alarm_rate, high.hit_rate) == (0.0, pytest.approx(2 / 3))


def test_a_set_without_an_emotion_has_no_area_of_it(few_resamples):
    found = evaluate.figures(reading([NEUTRAL, HAPPY], [0.1, 0.9]), {"surprise": {"0.01": 0.5}})
    assert found.auc["surprise"] is None
    assert found.alarms[0].hit_rate is None


def test_slices_cover_the_set_and_show_where_it_is_weak(few_resamples):
    labels = [NEUTRAL] * 15 + [HAPPY] * 15
    right = [0.1] * 15 + [0.9] * 15
    # The five darkest faces of each emotion are all called wrongly.
    brightness = np.array([*range(15), *range(15)], dtype=np.float64)
    happiness = np.where(brightness < 5, 1 - np.array(right), right)
    measure = evaluate.thirds("brightness", brightness)
    found = evaluate.figures(reading(labels, happiness, (measure,)), {})
    dark, middle, bright = found.slices
    assert dark.faces + middle.faces + bright.faces == 30
    assert dark.accuracy.value == 0.0
    assert bright.accuracy.value == 1.0
    assert bright.auc == {"happiness": None, "surprise": None}  # fewer than ten faces of a side


def test_intervals_shrink_with_faces_repeat_and_count_people_not_pictures():
    rng = np.random.default_rng(3)
    right = rng.random(400) < 0.8

    def share(indices):
        return float(right[indices].mean())

    wide = evaluate.bootstrap(lambda indices: share(indices % 40), np.arange(40))
    narrow = evaluate.bootstrap(share, np.arange(400))
    assert wide is not None
    assert narrow is not None
    assert narrow.high - narrow.low < wide.high - wide.low
    # 400 fair draws at 0.8 have a standard error of 0.02.
    assert narrow.high - narrow.low == pytest.approx(4 * 0.02, rel=0.15)
    assert narrow == evaluate.bootstrap(share, np.arange(400))
    # Ten copies of forty pictures tell no more than the forty.
    copies = np.repeat(right[:40], 10)
    same = evaluate.bootstrap(lambda drawn: float(copies[drawn].mean()), np.repeat(range(40), 10))
    assert same is not None
    assert same.high - same.low == pytest.approx(wide.high - wide.low, rel=0.1)


def test_two_models_are_compared_on_the_same_faces(few_resamples):
    rng = np.random.default_rng(5)
    labels = np.where(rng.random(300) < 0.5, HAPPY, NEUTRAL)
    good = np.where(labels == HAPPY, 0.8, 0.2) + rng.normal(0, 0.15, 300)
    poor = np.where(labels == HAPPY, 0.6, 0.4) + rng.normal(0, 0.3, 300)
    one, other = (reading(labels, np.clip(each, 0, 1)) for each in (good, poor))
    found = {each.figure: each for each in evaluate.compare(one, other)}
    assert set(found) == {"accuracy", "AUC happiness"}  # nobody is surprised
    gap = found["AUC happiness"]
    assert gap.difference.value == pytest.approx(gap.first - gap.second)
    assert gap.difference.low > 0
    assert all(
        each.difference.low == each.difference.high == 0.0 for each in evaluate.compare(one, one)
    )
    with pytest.raises(TrainingError, match="did not read the same faces"):
        evaluate.compare(one, reading(labels[:10], good[:10].clip(0, 1)))


def test_talk_that_reads_as_surprise_is_counted_by_score_and_people(few_resamples):
    people = np.array(["a", "a", "b", "b", "c", "c", "d", "d"])
    readings = []
    for surprise in ([0.9, 0.5, 0.4, 0, 0, 0, 0, 0], [0.1, 0, 0, 0, 0, 0, 0, 0]):
        scores = np.zeros((8, len(EMOTIONS)))
        scores[:, SURPRISED] = surprise
        readings.append(evaluate.Reading("talk", scores, np.full(8, NEUTRAL), people, ()))
    found = evaluate.talk_figures(readings[0], {0.8, 0.5})
    assert (found.faces, found.people, list(found.alarms)) == (8, 4, [0.5, 0.8])
    assert [each.value for each in found.alarms.values()] == [2 / 8, 1 / 8]
    assert found.alarms[0.5].low == 0.0 < found.alarms[0.5].high
    (gap,) = evaluate.compare_talk(*readings, [0.5])
    assert (gap.figure, gap.first, gap.second) == ("surprise of at least 0.5", 2 / 8, 0.0)
    assert gap.difference.value == 2 / 8
    assert not gap.more_is_better


def test_picture_measures_know_dark_flat_and_blurred_faces():
    rng = np.random.default_rng(0)
    sharp = rng.integers(0, 255, (32, 32)).astype(np.uint8)
    blurred = cv2.GaussianBlur(sharp, (0, 0), 2)
    dark = (sharp // 4).astype(np.uint8)
    faces = np.stack([sharp, blurred, dark])[..., np.newaxis]
    brightness, contrast, sharpness = evaluate.picture_measures(faces)
    assert np.argmin(brightness.values) == 2
    assert np.argmax(contrast.values) == 0
    assert np.argmin(sharpness.values) == 1


def test_the_cost_of_the_shipped_bundle_is_measured():
    folder = MODELS / "expression"
    cost = evaluate.measure_cost(folder, ExpressionClassifier(folder), repeats=5)
    assert cost.cpu_ms > 0
    assert 0 < cost.classify_ms[0] <= cost.classify_ms[1]
    assert cost.bytes["model.tflite"] == (folder / "model.tflite").stat().st_size
    assert cost.machine
