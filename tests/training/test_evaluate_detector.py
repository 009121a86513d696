from __future__ import annotations

import contextlib
import importlib.util
import io
import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from pycocotools.cocoeval import COCOeval
from typer import Typer
from typer.testing import CliRunner

from emotion_game.errors import TrainingError
from emotion_game.training.classifier import evaluate as evaluate
from emotion_game.training.detector import evaluate as evaluate_detector
from emotion_game.training.detector import probes as detector_probes
from emotion_game.training.detector.boxes import BoxedPicture
from emotion_game.training.detector.evaluate import (
    Contender,
    Truth,
    figures,
    look,
    match,
    strict_threshold,
)
from emotion_game.training.detector.probes import (
    CHANGES,
    FACE_WIDTHS_PX,
    FRAME_PX,
    STILL_WIDTHS_PX,
    frame_faces,
    lay_face,
    measure_time,
    recall_by_width,
    slices,
    still_faces,
    turn,
)
from emotion_game.training.report import detector as detector_report
from emotion_game.vision.detector import Face

SCRIPT = Path(__file__).parents[2] / "scripts" / "evaluate_detector.py"
BOX = (10.0, 10.0, 20.0, 30.0)


@pytest.fixture(autouse=True)
def _few_resamples(monkeypatch):
    monkeypatch.setattr(evaluate, "_RESAMPLES", 20)
    monkeypatch.setattr(detector_probes, "_STILL_REPEATS", 6)


def truth(*boxes, ignored=(), group="photograph", person="", width=100):
    faces, regions = (np.array(each, np.float32).reshape(-1, 4) for each in (boxes, ignored))
    return Truth(width, faces, regions, group, person)


def contender(detector=None, threshold=0.5, name="one"):
    return Contender(name, detector, detector, threshold)


class BlockDetector:
    """Finds the white block of the made-up pictures, moved by a share of its width in turn."""

    def __init__(self, moves=(0.0,), confidence=0.9):
        self.moves, self.confidence, self.seen = moves, confidence, 0

    def detect(self, picture):
        gray = cv2.GaussianBlur(picture[..., 1], (5, 5), 0)
        x, y, width, height = cv2.boundingRect((gray > 0.5 * gray.max()).astype(np.uint8))
        if gray.max() < 20 or width > 0.9 * picture.shape[1]:
            return []
        move = self.moves[self.seen % len(self.moves)] * width
        self.seen += 1
        return [Face((x + move, float(y), float(width), float(height)), self.confidence)]


class BlindDetector:
    def detect(self, picture):
        return []


# --- Average precision ----------------------------------------------------------------------------


def test_a_perfect_detector_has_figures_of_one():
    truths = [truth(BOX, person="a"), truth(BOX, (50, 50, 20, 20), person="b"), truth()]
    found = [[Face(tuple(box), 0.9) for box in each.boxes_px.tolist()] for each in truths]
    measured = figures(contender(), truths, found)
    (every,) = measured.groups
    assert (every.group, every.pictures, every.faces) == ("all", 3, 3)
    assert every.ap50.value == every.ap50.low == every.ap50.high == pytest.approx(1.0)
    assert every.ap == pytest.approx(1.0)
    assert every.recall == every.precision == every.strict_recall == 1.0
    assert every.precisions == pytest.approx([1.0] * 101)
    assert measured.alarms.alarms == 0
    assert measured.alarms.strict_threshold == 0.0


def test_average_precision_by_hand():
    truths = [truth(BOX), truth(BOX)]
    found = [[Face(BOX, 0.9), Face((60, 60, 9, 9), 0.8)], [Face(BOX, 0.7)]]
    matches, _ = match(truths, found)
    # Recall 0 to 0.5 at precision 1; 0.51 to 1 at 2/3.
    assert matches.average_precision(np.arange(2)) == pytest.approx((51 + 50 * 2 / 3) / 101)
    assert matches.recall(0.75) == 0.5
    assert matches.precision(0.75) == 0.5
    assert matches.precision(0.95) is None


def test_doubles_and_loose_boxes_are_wrong_but_ignored_regions_are_neither():
    loose = (10.0, 10.0, 20.0, 14.0)  # IoU 14 / 30
    truths = [truth(BOX, ignored=[(50, 50, 40, 40)]), truth(BOX)]
    found = [
        [Face(BOX, 0.9), Face(BOX, 0.8), Face((55, 55, 10, 10), 0.95)],
        [Face(loose, 0.85)],
    ]
    matches, _ = match(truths, found)
    np.testing.assert_array_equal(matches.scores, [0.9, 0.85, 0.8])
    np.testing.assert_array_equal(matches.hits, [True, False, False])
    np.testing.assert_array_equal(matches.of, [0, 1, 0])
    np.testing.assert_array_equal(matches.face_scores, [0.9, -1.0])
    np.testing.assert_array_equal(matches.loudest, [0.95, 0.85])
    assert matches.recall(0.0) == 0.5


@pytest.mark.parametrize("seed", range(6))
def test_the_resampled_figure_is_that_of_pycocotools(seed):
    rng = np.random.default_rng(seed)
    truths, found = [], []
    for _ in range(30):
        boxes = rng.uniform(5, 60, (rng.integers(0, 4), 4))
        truths.append(truth(*boxes, ignored=rng.uniform(5, 60, (rng.integers(0, 2), 4))))
        near = np.abs(boxes + rng.normal(0, 3, boxes.shape)) + 0.1
        stray = rng.uniform(5, 60, (rng.integers(0, 3), 4))
        reported = np.concatenate([near[rng.random(len(near)) < 0.8], stray])
        # Few different scores, so that the order within equal ones matters.
        found.append([Face(tuple(box), float(rng.integers(1, 9)) / 9) for box in reported.tolist()])
    matches, ap = match(truths, found)
    with contextlib.redirect_stdout(io.StringIO()):
        judge = COCOeval(*evaluate_detector._as_coco(truths, found), iouType="bbox")
        judge.evaluate()
        judge.accumulate()
        judge.summarize()
    assert matches.average_precision(np.arange(30)) == pytest.approx(judge.stats[1])
    assert ap == pytest.approx(judge.stats[0])
    assert 0.1 < judge.stats[1] < 0.95


def test_a_picture_drawn_twice_counts_twice():
    truths = [truth(BOX), truth(BOX)]
    matches, _ = match(truths, [[Face(BOX, 0.9)], []])
    assert matches.average_precision(np.array([0, 0])) == pytest.approx(1.0)
    assert matches.average_precision(np.array([1, 1])) == 0.0
    assert matches.average_precision(np.array([0, 1])) == pytest.approx(51 / 101)
    empty, _ = match([truth(BOX), truth()], [[], []])
    assert np.isnan(empty.average_precision(np.array([1])))


def test_a_detector_that_finds_nothing_has_figures_of_zero():
    measured = figures(contender(), [truth(BOX), truth()], [[], []])
    (every,) = measured.groups
    assert every.ap50.value == every.ap == every.recall == 0.0
    assert every.precision is None
    assert measured.alarms.share.value == 0.0


def test_pictures_without_any_face_cannot_be_measured_on():
    with pytest.raises(TrainingError, match="No picture of the set has a face"):
        figures(contender(), [truth()], [[]])


def test_groups_sizes_and_alarms_are_told_apart():
    truths = [
        truth((0, 0, 5, 8), group="photograph", width=100),  # 32 px of 640
        truth((0, 0, 50, 60), group="head", width=200),  # 160 px
        truth((0, 0, 39, 60), group="head", width=200),  # 124.8 px
        *[truth(group="no face")] * 4,
    ]
    found = [[], [Face((0, 0, 50, 60), 0.9)], [Face((0, 0, 39, 60), 0.4)]]
    found += [[Face(BOX, 0.6)], [Face(BOX, 0.3)], [], []]
    measured = figures(contender(threshold=0.5), truths, found)
    assert [(each.group, each.faces) for each in measured.groups] == [
        ("head", 2),
        ("photograph", 1),
        ("all", 3),
    ]
    assert [each.recall for each in measured.groups] == pytest.approx([0.5, 0.0, 1 / 3])
    assert [(each.widths, each.faces, each.recall) for each in measured.groups[2].sizes] == [
        ("under 40", 1, 0.0),
        ("80 to 160", 1, 0.0),
        ("160 to 320", 1, 1.0),
    ]
    assert (measured.alarms.pictures, measured.alarms.alarms) == (4, 1)
    assert measured.alarms.share.value == 0.25
    assert measured.alarms.share.low < 0.25 < measured.alarms.share.high
    assert 0.6 < measured.alarms.strict_threshold < 0.61
    assert measured.groups[2].strict_recall == pytest.approx(1 / 3)
    # A detector that knows no threshold alarms with whatever it reports.
    assert figures(contender(threshold=0.0), truths, found).alarms.alarms == 2


def test_pictures_with_ignored_regions_are_not_faceless():
    truths = [truth(BOX), truth(ignored=[BOX])]
    assert figures(contender(), truths, [[], [Face(BOX, 0.9)]]).alarms is None


@pytest.mark.parametrize(
    ("loudest", "share", "reached"),
    [
        ([0.9, 0.5, 0.1, -1.0], 0.0, 0),
        ([0.9, 0.5, 0.1, -1.0], 0.25, 1),
        ([0.9, 0.9, 0.1, -1.0], 0.25, 0),
        ([-1.0, -1.0], 0.0, 0),
    ],
)
def test_the_strict_threshold_is_the_least_that_few_pictures_reach(loudest, share, reached):
    loudest = np.array(loudest)
    threshold = strict_threshold(loudest, share)
    assert (loudest >= threshold).sum() == reached
    assert threshold >= 0.0
    weaker = np.nextafter(threshold, -1)
    assert threshold == 0.0 or (loudest >= weaker).sum() > share * len(loudest)


# --- Frames ---------------------------------------------------------------------------------------


@pytest.fixture
def blocks(tmp_path):
    """Four people, each a white block before gray, and two empty pictures."""
    pictures = []
    nothing = np.empty((0, 4), np.float32)
    for number in range(4):
        box = (20.0 + 5 * number, 30.0, 40.0, 50.0)
        pixels = np.full((120, 110, 3), 40, np.uint8)
        pixels[30:80, int(box[0]) : int(box[0]) + 40] = 255
        file = tmp_path / f"block{number}.png"
        cv2.imwrite(str(file), pixels)
        boxes = np.array([box], np.float32)
        pictures.append(BoxedPicture(file, 110, 120, boxes, nothing, "head", f"p{number}"))
    for number in range(2):
        file = tmp_path / f"empty{number}.png"
        cv2.imwrite(str(file), np.full((60, 110, 3), 5 + number, np.uint8))
        pictures.append(BoxedPicture(file, 110, 60, nothing, nothing, "no face", file.stem))
    return pictures


@pytest.mark.parametrize("width_px", FACE_WIDTHS_PX)
def test_a_framed_face_is_whole_and_where_its_box_says(blocks, width_px):
    framed = frame_faces(blocks, width_px, 10, seed=3)
    assert len(framed) == 4
    for one in framed:
        assert one.frame.shape == (FRAME_PX[1], FRAME_PX[0], 3)
        x, y, width, height = one.box_px
        assert width == pytest.approx(width_px)
        assert height == pytest.approx(1.25 * width_px)
        seen = cv2.boundingRect((one.frame[..., 0] > 150).astype(np.uint8))
        np.testing.assert_allclose(seen, one.box_px, atol=2.5)
        assert x >= -1
        assert y >= -1
        assert x + width <= FRAME_PX[0] + 1
        assert y + height <= FRAME_PX[1] + 1


def test_faces_lie_everywhere_but_the_same_ones_for_every_width(blocks):
    corners = {tuple(np.round(one.box_px[:2])) for one in frame_faces(blocks, 40, 9, 0)}
    assert len(corners) == 4
    black, face = np.zeros((9, 9, 3), np.uint8), np.full((60, 60, 3), 255, np.uint8)
    one = lay_face(face, (0, 0, 60, 60), black, 120, np.array([1.0, 0.0]))
    assert one.box_px == (520.0, 0.0, 120.0, 120.0)
    assert one.frame[:120, 520:].min() == 255
    assert one.frame.astype(int).sum() == 120 * 120 * 3 * 255


def test_frames_need_single_faces_and_a_background(blocks):
    with pytest.raises(TrainingError, match="found 4 and 0"):
        frame_faces(blocks[:4], 40, 3, 0)
    with pytest.raises(TrainingError, match="found 0 and 2"):
        frame_faces(blocks[4:], 40, 3, 0)


def test_recall_by_width_tells_who_sees(blocks):
    sees, blind = recall_by_width(
        [contender(BlockDetector()), contender(BlindDetector())], blocks, 3
    )
    assert [each.width_px for each in sees] == list(FACE_WIDTHS_PX)
    assert [(each.faces, each.recall.value) for each in sees] == [(3, 1.0)] * len(FACE_WIDTHS_PX)
    assert [each.recall.value for each in blind] == [0.0] * len(FACE_WIDTHS_PX)


def test_a_box_that_jumps_is_told_from_one_that_keeps_still(blocks):
    still, jumping, blind = still_faces(
        [
            contender(BlockDetector()),
            contender(BlockDetector(moves=(-0.05, 0.05))),
            contender(BlindDetector()),
        ],
        blocks,
        2,
    )
    assert [each.width_px for each in still] == list(STILL_WIDTHS_PX)
    for one, other, none in zip(still, jumping, blind, strict=True):
        # Whole pixels of a block that is moved by parts of one.
        assert one.centre < 0.7 / one.width_px
        assert one.width < 1.1 / one.width_px
        assert one.lost == 0.0
        assert one.faces == other.faces == 2
        assert other.centre == pytest.approx(0.05, abs=0.01)
        assert other.width == one.width
        assert (none.faces, none.lost, none.centre, none.width) == (0, 1.0, None, None)


def test_every_detector_is_timed_on_every_frame_and_threads_are_given_back(blocks):
    before = cv2.getNumThreads()
    one, other = BlockDetector(), BlockDetector()
    first, second = measure_time([contender(one), contender(other)], blocks, rounds=2)
    searches = detector_probes._WARM_UP + 2 * 2 * len(STILL_WIDTHS_PX) * 4
    assert one.seen == other.seen == searches
    for each in (first, second):
        assert each.cpu_ms > 0
        assert each.cold_ms > 0
        assert 0 < each.median_ms <= each.late_ms
    assert cv2.getNumThreads() == before


# --- Bad pictures ---------------------------------------------------------------------------------


def ellipse(width, height, box):
    picture = np.zeros((height, width, 3), np.uint8)
    x, y, wide, high = box
    centre = (round(x + wide / 2), round(y + high / 2))
    cv2.ellipse(picture, centre, (wide // 2, high // 2), 0, 0, 360, (255, 255, 255), -1)
    return picture


@pytest.mark.parametrize("angle_deg", [0.0, 20.0, -20.0, 90.0])
def test_a_turned_box_encloses_the_turned_face(angle_deg):
    box = (60, 40, 60, 90)
    picture, turned = turn(ellipse(200, 200, box), truth(box, width=200), angle_deg)
    seen = cv2.boundingRect((picture[..., 0] > 127).astype(np.uint8))
    np.testing.assert_allclose(turned.boxes_px, [seen], atol=2)
    assert not len(turned.ignored_px)


def test_a_face_that_is_turned_out_of_the_picture_is_ignored():
    corner, ignored = (0, 0, 12, 12), (180, 0, 10, 10)
    whole = truth(corner, (90, 90, 20, 20), ignored=[ignored], width=200)
    _, turned = turn(np.zeros((200, 200, 3), np.uint8), whole, 20.0)
    assert len(turned.boxes_px) == 1
    for x, y, width, height in turned.ignored_px:
        assert min(x, y) >= 0
        assert max(x + width, y + height) <= 200
        assert min(width, height) > 0


def test_changes_keep_size_and_boxes_and_do_what_their_name_says(astronaut):
    rng = np.random.default_rng(0)
    there = truth((175, 70, 100, 120), width=512)
    seen = {name: change(astronaut, there, rng) for name, change in CHANGES.items()}
    for name, (picture, after) in seen.items():
        assert picture.shape == astronaut.shape
        assert picture.dtype == np.uint8
        assert (name == "as they are") == np.array_equal(picture, astronaut)
        assert len(after.boxes_px) == 1
        if not name.startswith("turned"):
            assert after is there
    detail = {
        name: cv2.Laplacian(picture[..., 1], cv2.CV_64F).var()
        for name, (picture, _) in seen.items()
    }
    assert detail["blurred"] < 0.05 * detail["as they are"]
    assert seen["dark"][0].mean() < 0.25 * astronaut.mean()
    assert np.ptp(seen["gray"][0], axis=2).max() == 0


def test_faces_are_found_and_missed_in_every_slice(blocks):
    found = slices([contender(BlockDetector()), contender(BlindDetector())], blocks, 3)
    assert list(found) == list(CHANGES)
    for sees, blind in found.values():
        (group,) = sees.groups
        assert (group.pictures, group.faces) == (5, 3)
        assert group.recall == 1.0
        assert blind.groups[0].recall == 0.0


# --- The report and the script --------------------------------------------------------------------


@pytest.fixture
def reports(blocks, monkeypatch):
    monkeypatch.setattr(detector_probes, "STILL_WIDTHS_PX", (60,))
    contenders = [contender(BlockDetector()), contender(BlindDetector(), 0.0, "a|b")]
    truths = [Truth.of(each) for each in blocks]
    found = look(contenders, [cv2.imread(str(each.file)) for each in blocks])
    bad = slices(contenders, blocks, 2)
    widths = recall_by_width(contenders, blocks, 1)
    still = still_faces(contenders, blocks, 1)
    times = measure_time(contenders, blocks, 1)
    return [
        detector_report.DetectorReport(
            figures(each, truths, found[at]),
            {name: pair[at] for name, pair in bad.items()},
            widths[at],
            still[at],
            times[at],
        )
        for at, each in enumerate(contenders)
    ]


def test_every_table_is_whole_and_in_the_report(reports, tmp_path):
    told = detector_report.tables(reports)
    assert len(told) == 5
    for each in told:
        assert each.rows
        assert all(len(row) == len(each.heads) for row in each.rows)
    cells = {row[0]: row[1:] for row in told[0].rows}
    assert cells["all (4 faces): AP50"] == ("1.000 (1.000 to 1.000)", "0.000 (0.000 to 0.000)")
    assert cells["all (4 faces): precision"] == ("1.000", "-")
    detector_report.write_report(tmp_path / "new", "python x.py", "four blocks", reports)
    text = (tmp_path / "new" / "report.html").read_text("utf-8")
    for each in told:
        assert f"<h2>{each.title}</h2>" in text
    assert "<th>one</th><th>a|b</th>" in text
    assert text.count("data:image/png;base64,") == 2
    content = json.loads((tmp_path / "new" / "report.json").read_text("utf-8"))
    first = content["detectors"][0]
    assert first["held_back"]["groups"][0]["ap50"]["value"] == pytest.approx(1.0)
    assert len(first["slices"]) == len(CHANGES)


def test_a_report_that_cannot_be_written_is_one_line(reports, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(TrainingError, match="Cannot write the report"):
        detector_report.write_report(tmp_path / "file" / "in", "x", "y", reports)


@pytest.fixture
def script(monkeypatch):
    """The file of scripts/ as an application, with a detector that costs nothing."""
    spec = importlib.util.spec_from_file_location("evaluate_detector_script", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "_contender", lambda name: contender(BlockDetector(), 0.5, name))
    app = Typer()
    app.command()(module.main)
    return app


@pytest.fixture
def block_data(blocks):
    file = blocks[0].file.parent / "annotations.json"
    images, annotations = [], []
    for number, each in enumerate(blocks):
        images.append({"id": number, "file_name": each.file.name, "group": each.group})
        for box in each.boxes_px.tolist():
            annotations.append({"image_id": number, "category_id": 1, "bbox": box})
    categories = [{"id": 1, "name": "face"}]
    file.write_text(
        json.dumps({"images": images, "annotations": annotations, "categories": categories})
    )
    return file


def test_the_script_prints_tables_or_json_and_writes_the_report(
    script, block_data, tmp_path, monkeypatch
):
    monkeypatch.setattr(detector_probes, "STILL_WIDTHS_PX", (60,))
    monkeypatch.setattr(detector_probes, "FACE_WIDTHS_PX", (40, 100))
    given = [str(block_data), "--every", "--frames", "1", "--changed", "1"]
    given += ["--detector", "first", "--detector", "second", "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(script, given, catch_exceptions=False)
    assert done.exit_code == 0
    assert "first" in done.stdout
    assert "Held-back pictures" in done.stdout
    assert (tmp_path / "out" / "report.html").is_file()
    done = CliRunner().invoke(script, [*given, "--json"], catch_exceptions=False)
    content = json.loads(done.stdout)
    assert [each["held_back"]["name"] for each in content["detectors"]] == ["first", "second"]
