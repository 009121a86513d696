from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotion_game import paths
from emotion_game.errors import TrainingError
from emotion_game.training.detector.anchors import (
    choose_anchors,
    drawn_sizes,
    mean_best_iou,
    plot_anchors,
    shape_iou,
)
from emotion_game.training.detector.config import DetectorDataSettings
from emotion_game.training.detector.data import Sample, SampleMaker

SCRIPT = Path(__file__).parents[2] / "scripts" / "choose_anchors.py"

CENTRES = np.array([(10.0, 14.0), (40.0, 50.0), (120.0, 170.0)])


def clustered(spread=0.03, seed=0):
    rng = np.random.default_rng(seed)
    return (CENTRES[:, None] * rng.normal(1, spread, (3, 200, 2))).reshape(-1, 2)


def test_iou_of_shapes_by_hand():
    ious = shape_iou(np.array([(2.0, 4.0), (1.0, 1.0)]), np.array([(4.0, 2.0), (2.0, 4.0)]))
    np.testing.assert_allclose(ious, [[4 / 12, 1.0], [1 / 8, 1 / 8]])
    assert mean_best_iou(np.array([(2.0, 4.0), (1.0, 1.0)]), np.array([(2.0, 4.0)])) == 0.5625


@pytest.mark.parametrize("seed", range(5))
def test_clusters_are_found_and_sorted_by_area(seed):
    chosen = choose_anchors(clustered(), 3, seed)
    np.testing.assert_allclose(chosen, CENTRES, rtol=0.02)


def test_the_same_seed_gives_the_same_anchors():
    sizes = np.random.default_rng(3).uniform(10, 200, (300, 2))
    np.testing.assert_array_equal(choose_anchors(sizes, 9, 4), choose_anchors(sizes, 9, 4))


def test_as_many_anchors_as_sizes_fit_perfectly():
    sizes = np.random.default_rng(5).uniform(10, 200, (9, 2))
    assert mean_best_iou(sizes, choose_anchors(sizes, 9)) == pytest.approx(1.0)


def test_small_faces_weigh_as_much_as_large_ones():
    # By Euclid's distance both anchors would go to the large faces.
    sizes = np.concatenate([np.full((50, 2), 10.0), np.full((50, 2), 300.0), [(330.0, 330.0)] * 50])
    small, large = choose_anchors(sizes, 2)
    np.testing.assert_allclose(small, 10)
    assert (large >= 300).all()


@given(
    st.lists(st.tuples(st.floats(1, 500), st.floats(1, 500)), min_size=3, max_size=40, unique=True),
    st.integers(0, 3),
)
def test_any_sizes_give_sorted_anchors_within_their_range(sizes, seed):
    sizes = np.array(sizes)
    chosen = choose_anchors(sizes, 3, seed)
    assert chosen.shape == (3, 2)
    assert (np.diff(chosen.prod(axis=1)) >= 0).all()
    assert (chosen >= sizes.min(axis=0) - 1e-6).all()
    assert (chosen <= sizes.max(axis=0) + 1e-6).all()


@pytest.mark.parametrize(
    ("sizes", "fault"),
    [
        (np.ones((5, 3)), r"found shape \(5, 3\)\."),
        (np.array([(1.0, np.nan)]), "with others among them"),
        (np.array([(1.0, 0.0)]), "with others among them"),
        (np.ones((20, 2)), "1 different sizes of faces cannot give 9 anchors"),
        (np.empty((0, 2)), "0 different sizes of faces"),
    ],
)
def test_sizes_that_cannot_be_are_refused(sizes, fault):
    with pytest.raises(TrainingError, match=fault):
        choose_anchors(sizes)


def test_sizes_are_those_that_a_training_draws():
    none = np.zeros((0, 4), np.float32)
    face = np.array([[20, 20, 40, 50]], np.float32)
    one = Sample(np.zeros((120, 160, 3), np.uint8), face, none, "")
    empty = Sample(np.zeros((120, 160, 3), np.uint8), none, none, "")
    settings = DetectorDataSettings(mosaic_share=0.0)
    maker = SampleMaker([one], settings, 128, 96, seed=1)
    sizes = drawn_sizes(maker, 40)
    assert 25 < len(sizes) <= 40
    assert (sizes > 0).all()
    assert sizes[:, 0].max() > 2 * sizes[:, 0].min()
    assert drawn_sizes(SampleMaker([empty], settings, 128, 96, seed=1), 3).shape == (0, 2)


def test_the_plot_is_a_picture(tmp_path):
    sizes = clustered(0.2)
    plot_anchors(sizes, choose_anchors(sizes), tmp_path / "plot.png")
    assert cv2.imread(str(tmp_path / "plot.png")).std() > 5


@pytest.mark.parametrize("suffix", [".json", ".toml"])
def test_the_script_writes_anchors_and_a_plot(tmp_path, suffix):
    rng = np.random.default_rng(0)
    (tmp_path / "images").mkdir()
    images, annotations = [], []
    for number in range(8):
        name = f"p{number}.png"
        noise = rng.integers(0, 256, (20, 32, 3), dtype=np.uint8)
        cv2.imwrite(str(tmp_path / "images" / name), cv2.resize(noise, (320, 200)))
        images.append({"id": number, "file_name": name})
        box = [10, 10, 40 + 10 * number, 60 + 10 * number]
        annotations.append({"image_id": number, "category_id": 1, "bbox": box})
    content = {
        "categories": [{"id": 1, "name": "face"}],
        "images": images,
        "annotations": annotations,
    }
    (tmp_path / "annotations.json").write_text(json.dumps(content))
    shipped = (paths.CONFIGS / "training" / "detector.toml").read_text("utf-8")
    config = tmp_path / "detector.toml"
    config.write_text(shipped.replace("held_back_share = 0.15", "held_back_share = 0.4"), "utf-8")
    out = tmp_path / "new" / f"anchors{suffix}"
    command = [
        sys.executable,
        SCRIPT,
        tmp_path,
        "--out",
        out,
        "--config",
        config,
        "--samples",
        "60",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    text = out.read_text()
    found = tomllib.loads(text) if suffix == ".toml" else json.loads(text)
    assert found["input_px"] == [256, 192]
    areas = [width * height for width, height in found["anchors_px"]]
    assert len(areas) == 9
    assert areas == sorted(areas)
    assert 0.6 < found["mean_best_iou"] <= 1
    assert out.with_suffix(".png").is_file()
