from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import cv2
import keras
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter
from scripts_for_tests import call

from emotion_game import paths
from emotion_game.errors import ModelError, TrainingError
from emotion_game.tools import models
from emotion_game.training.classifier.config import FitSettings
from emotion_game.training.classifier.export import Precision, play
from emotion_game.training.classifier.networks import BACKBONE_NAME
from emotion_game.training.classifier.quantize import EXACT_LAYERS, _wake_filters
from emotion_game.training.detector.boxes import BoxedPicture
from emotion_game.training.detector.config import (
    DetectorDataSettings,
    DetectorNetworkSettings,
    DetectorTrainingSettings,
)
from emotion_game.training.detector.data import (
    Sample,
    SampleMaker,
    fit_in,
    load_samples,
    make_held_batches,
)
from emotion_game.training.detector.export import (
    convert_detector,
    load_detector,
    write_detector,
)
from emotion_game.training.detector.fit import fit_detector
from emotion_game.training.detector.network import build_detector, copy_weights, unfreeze
from emotion_game.vision import installed
from emotion_game.vision.bundle import DetectorBundle, Task, load_contract
from emotion_game.vision.yolo_detector import YoloDetector

ANCHORS = (
    *((10.0, 10.0), (12.0, 12.0), (16.0, 16.0)),
    *((20.0, 30.0), (30.0, 40.0), (40.0, 50.0)),
    *((50.0, 60.0), (60.0, 70.0), (80.0, 90.0)),
)
NETWORK = DetectorNetworkSettings(
    alpha=0.35,
    width_px=128,
    height_px=96,
    neck=32,
    weights="none",
    # Converting a network takes as long as it has layers.
    leave_out=(2, 4, 5, 7, 8, 9, 12, 14, 15),
    anchors_px=ANCHORS,
)
NONE = np.zeros((0, 4), np.float32)


def a_face(width_px: int = 160, height_px: int = 120, x_px: int = 60) -> Sample:
    """A bright disc on a dark ground stands for a face."""
    picture = np.full((height_px, width_px, 3), 40, np.uint8)
    cv2.circle(picture, (x_px, 60), 20, (220, 200, 180), -1)
    return Sample(picture, np.array([[x_px - 20, 40, 40, 40]], np.float32), NONE, "photograph")


def no_face() -> Sample:
    rng = np.random.default_rng(3)
    noise = rng.integers(0, 60, (12, 16, 3), dtype=np.uint8)
    return Sample(cv2.resize(noise, (160, 120)), NONE, NONE, "no face")


def settings(**changes) -> DetectorTrainingSettings:
    return DetectorTrainingSettings(
        batch_size=4,
        samples_an_epoch=8,
        network=NETWORK,
        phase=(FitSettings(name="neck", trains="head", epochs=2, learning_rate=1e-3),),
        **changes,
    )


def maker(samples, **changes) -> SampleMaker:
    return SampleMaker(samples, DetectorDataSettings(**changes), 128, 96, seed=7)


# --- Samples --------------------------------------------------------------------------------------


def test_a_sample_depends_on_its_number_alone():
    samples = [a_face(), no_face()]
    one, again, other = (maker(samples).make(number) for number in (5, 5, 6))
    assert (one.picture == again.picture).all()
    assert one.faces_px.tolist() == again.faces_px.tolist()
    assert not (one.picture == other.picture).all()


@pytest.mark.parametrize("mosaic_share", [0.0, 1.0])
def test_boxes_stay_on_their_faces(mosaic_share):
    """Inside its box the disc is much brighter than the rest, whatever was done to it."""
    still = maker(
        [a_face()],
        mosaic_share=mosaic_share,
        background_share=0.0,
        gray_share=0.0,
        noise_share=0.0,
        blur_share=0.0,
        jpeg_share=0.0,
        least_face_px=4.0,
    )
    shares = []
    for number in range(60):
        sample = still.make(number)
        assert sample.picture.shape == (96, 128, 3)
        for x, y, width, height in sample.faces_px:
            assert x >= 0
            assert y >= 0
            assert x + width <= 128.01
            assert y + height <= 96.01
            middle = sample.picture[int(y + height / 2), int(x + width / 2)]
            shares.append(float(middle.mean()) > float(np.median(sample.picture)))
    assert len(shares) > 40
    # A bright frame round a picture may be as bright as a dim face; that is the exception.
    assert np.mean(shares) > 0.9


def test_faces_of_all_sizes_occur():
    still = maker([a_face(), no_face()], smallest_face_px=8.0, largest_face_px=90.0)
    widths = np.concatenate([still.make(number).faces_px[:, 2] for number in range(150)])
    assert widths.min() < 14
    assert widths.max() > 55


def test_a_face_that_is_mostly_cut_off_is_ignored():
    sample = Sample(
        np.zeros((96, 128, 3), np.uint8), np.array([[110, 20, 60, 40]], np.float32), NONE, ""
    )
    faces, ignored = maker([a_face()])._sort_out(sample)
    assert len(faces) == 0
    assert ignored.tolist() == [[110, 20, 18, 40]]


def test_a_group_weighs_what_is_said_however_many_pictures_it_has():
    samples = [a_face()] * 9 + [no_face()]
    drawn = maker(samples, mosaic_share=0.0, group_weights={"photograph": 1.0, "no face": 3.0})
    groups = [drawn.make(number).group for number in range(300)]
    assert 0.65 < groups.count("no face") / 300 < 0.85


def test_without_any_weight_nothing_can_be_drawn():
    with pytest.raises(TrainingError, match="weight above 0"):
        maker([a_face()], group_weights={"photograph": 0.0})


def test_a_held_back_picture_is_letterboxed_and_not_changed():
    fitted = fit_in(a_face(), 128, 96)
    assert fitted.faces_px.tolist() == [pytest.approx([32, 32, 32, 32])]
    pictures, targets = next(iter(make_held_batches([a_face(), no_face()], settings())))
    assert pictures.shape == (2, 96, 128, 3)
    assert float(pictures.numpy().max()) > 200
    assert targets.numpy()[0, :, 0].sum() >= 1
    assert targets.numpy()[1, :, 0].sum() == 0


def test_large_pictures_are_reduced_with_their_boxes(tmp_path):
    cv2.imwrite(str(tmp_path / "a.png"), np.zeros((600, 1000, 3), np.uint8))
    boxed = BoxedPicture(
        tmp_path / "a.png", 1000, 600, np.array([[100, 100, 200, 300]], np.float32), NONE, "g", "a"
    )
    (sample,) = load_samples([boxed], iter, longest_px=500)
    assert sample.picture.shape == (300, 500, 3)
    assert sample.faces_px.tolist() == [[50, 50, 100, 150]]


def test_a_picture_that_cannot_be_read_is_named(tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"nothing")
    boxed = BoxedPicture(broken, 10, 10, NONE, NONE, "", "broken")
    with pytest.raises(TrainingError, match=r"broken\.png"):
        load_samples([boxed], iter)


# --- The network and its fitting ------------------------------------------------------------------


def test_the_backbones_batch_norm_never_moves():
    network = build_detector(NETWORK, None)
    unfreeze(network, "all")
    backbone = network.get_layer(BACKBONE_NAME)
    norms = [each for each in backbone.layers if isinstance(each, keras.layers.BatchNormalization)]
    assert norms
    assert not any(each.trainable for each in norms)
    assert any(each.trainable_weights for each in backbone.layers)
    unfreeze(network, "head")
    assert not backbone.trainable_weights


@pytest.mark.parametrize("separable", [True, False])
def test_a_wider_neck_of_whole_convolutions_can_be_built(separable):
    network = build_detector(NETWORK.model_copy(update={"separable": separable, "l2": 1e-4}), None)
    assert network.output.shape[1:] == (3 * (16 * 12 + 8 * 6 + 4 * 3), 6)
    assert network.losses  # the L2 of the neck


def silence(network: keras.Model, block: int) -> None:
    """Let a block add nothing to its input."""
    norm = network.get_layer(BACKBONE_NAME).get_layer(f"block_{block}_project_BN")
    gamma, beta, mean, variance = norm.get_weights()
    norm.set_weights([0 * gamma, 0 * beta, mean, variance])


def test_a_block_that_is_left_out_passes_its_input_on():
    whole = build_detector(NETWORK.model_copy(update={"leave_out": (4, 5, 7, 8, 9)}), None)
    for block in (2, 15):
        silence(whole, block)
    without = NETWORK.model_copy(update={"leave_out": (2, 4, 5, 7, 8, 9, 15)})
    lean = build_detector(without, None)
    copy_weights(whole, lean)
    names = [each.name for each in lean.get_layer(BACKBONE_NAME).layers]
    assert not [name for name in names if name.startswith(("block_2_", "block_15_"))]
    picture = np.random.default_rng(1).uniform(0, 255, (1, 96, 128, 3)).astype(np.float32)
    assert np.abs(whole(picture) - lean(picture)).max() < 1e-4


def test_a_block_that_changes_the_size_cannot_be_left_out():
    with pytest.raises(TrainingError, match="block 3 changes"):
        build_detector(NETWORK.model_copy(update={"leave_out": (3,)}), None)


def test_weights_of_another_network_are_refused():
    wider = build_detector(NETWORK.model_copy(update={"neck": 40}), None)
    with pytest.raises(TrainingError, match="no layer 'coarse_1'"):
        copy_weights(wider, build_detector(NETWORK, None))


CONFIG = f"""
batch_size = 4
samples_an_epoch = 8
[network]
alpha = 0.35
width_px = 128
height_px = 96
neck = 32
weights = "none"
leave_out = {list(NETWORK.leave_out)}
anchors_px = {[list(each) for each in ANCHORS]}
[data]
held_back_share = 0.5
[[phase]]
name = "neck"
trains = "head"
epochs = 2
learning_rate = 1e-3
"""


def write_pictures(folder: Path, faceless: int) -> Path:
    """Write eight pictures of a disc each, and as many of noise alone as are asked for."""
    rng = np.random.default_rng(5)
    images, boxes = [], []
    folder.mkdir()
    for number in range(8 + faceless):
        sample = a_face(x_px=40 + 10 * number) if number < 8 else no_face()
        # No two alike, nor their faces: what is held back must not show what is trained on.
        rough = rng.integers(-90, 90, (12, 16, 3))
        noise = cv2.resize(rough.astype(np.float32), (160, 120), interpolation=cv2.INTER_NEAREST)
        picture = np.clip(sample.picture + noise, 0, 255).astype(np.uint8)
        name = f"{number}.png"
        cv2.imwrite(str(folder / name), picture)
        images.append({"id": number, "file_name": name, "width": 160, "height": 120})
        for box in sample.faces_px.tolist():
            boxes.append({"id": len(boxes), "image_id": number, "category_id": 1, "bbox": box})
    content = {
        "images": images,
        "annotations": boxes,
        "categories": [{"id": 1, "name": "face"}],
    }
    (folder / "annotations.json").write_text(json.dumps(content))
    return folder


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A run of train_detector.py."""
    folder = tmp_path_factory.mktemp("detector")
    pictures, run = write_pictures(folder / "pictures", 52), folder / "run"
    (folder / "tiny.toml").write_text(CONFIG)
    done = call("train_detector.py", pictures, "--run", run, "--config", folder / "tiny.toml")
    assert done.code == 0, done.err
    return run, load_detector(run / "model.keras")


def test_a_run_is_exported_installed_and_rolled_back(trained, tmp_path, monkeypatch):
    run = shutil.copytree(trained[0], tmp_path / "run")
    done = call("export_detector.py", run, "--data", "discs", "--precision", "float32")
    assert done.code == 0, done.err
    bundle = load_contract(run / "bundle", DetectorBundle)
    held = bundle.metrics["held_closer_faceless_pictures"]
    # A share of 0.01 would be less than a picture.
    assert list(bundle.thresholds["face"]) == ["0.05"]
    assert 20 <= held < 40
    counted = {name for name in bundle.metrics if name.endswith(("_faces", "_pictures"))}
    for name in set(bundle.metrics) - counted:
        stem = name.removesuffix("_low").removesuffix("_high")
        assert {stem, f"{stem}_low", f"{stem}_high"} <= set(bundle.metrics)
    monkeypatch.setattr(paths, "user_models", lambda: tmp_path / "user" / "models")
    models.use(str(run / "bundle"))
    assert installed.load_active_detector().bundle == bundle
    assert installed.roll_back(Task.DETECTION) == "shipped"


def test_too_few_faceless_pictures_are_said_before_the_work(trained, tmp_path):
    pictures = write_pictures(tmp_path / "pictures", 3)
    before = sorted(each.name for each in trained[0].iterdir())
    done = call("export_detector.py", trained[0], pictures, "--data", "discs")
    assert done.code == 1
    assert "where 20 are needed to choose the threshold" in done.fault
    assert "--least-confidence" in done.fault
    assert sorted(each.name for each in trained[0].iterdir()) == before


def test_an_export_needs_to_know_the_pictures(trained, tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    for each in ("model.keras", "settings.json"):
        shutil.copy(trained[0] / each, run)
    done = call("export_detector.py", run, "--data", "discs")
    assert (done.code, done.err.count("\n")) == (1, 1)
    assert "does not say what it was trained on" in done.fault
    (run / "sources.json").write_text("{}")
    assert "does not name the pictures" in call("export_detector.py", run, "--data", "x").fault


def test_a_run_leaves_its_model_curve_and_settings(trained):
    run, _ = trained
    with (run / "neck.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["0", "1", "2"]
    assert all(np.isfinite(float(row["val_loss"])) for row in rows)
    assert {"model.keras", "settings.json", "neck.done"} <= {each.name for each in run.iterdir()}


def test_a_finished_run_is_not_run_over(trained):
    run, network = trained
    with pytest.raises(TrainingError, match="holds a run already"):
        fit_detector(network, [a_face()], [a_face()], settings(), run)


def test_the_exported_bundle_plays_and_an_altered_one_does_not(trained, tmp_path):
    run, _ = trained
    network = load_detector(run / "model.keras")
    pictures = np.stack([fit_in(each, 128, 96).picture for each in (a_face(), no_face())])
    folder = tmp_path / "detector"
    bundle = write_detector(
        folder, network, version="1", anchors_px=ANCHORS, data="discs", check_pictures=pictures
    )
    assert bundle.task == "face-detection"
    detector = YoloDetector(folder, least_confidence=0.0001)
    for face in detector.detect(a_face().picture):
        x, y, width, height = face.box_px
        assert x >= 0
        assert y >= 0
        assert x + width <= 160.01
        assert y + height <= 120.01
        assert 0 < face.confidence <= 1
    (folder / "model.tflite").write_bytes(b"something else")
    with pytest.raises(ModelError, match="altered"):
        YoloDetector(folder)


def numbers_inside(path) -> dict[str, set[str]]:
    """Return the types of what the convolutions of each part take in."""
    interpreter = Interpreter(model_path=str(path))
    tensors = {each["index"]: each for each in interpreter.get_tensor_details()}
    parts: dict[str, set[str]] = {"early": set(), "late": set(), "neck": set()}
    for step in interpreter._get_ops_details():
        if "CONV" in step["op_name"]:
            name = tensors[step["outputs"][0]]["name"]
            kind = np.dtype(tensors[step["inputs"][0]]["dtype"]).name
            early = any(each in name for each in EXACT_LAYERS)
            parts["neck" if "/backbone" not in name else "early" if early else "late"].add(kind)
    return parts


def test_int8_is_for_the_backbone_and_answers_nearly_the_same(trained, tmp_path):
    run, _ = trained
    network = load_detector(run / "model.keras")
    pictures = np.stack([fit_in(each, 128, 96).picture for each in (a_face(), no_face())])
    # A filter of zeros, as the ImageNet weights have: the bundle's own network keeps it.
    backbone = network.get_layer("backbone")
    (kernel,) = backbone.get_layer("block_11_expand").get_weights()
    kernel[..., 3] = 0.0
    backbone.get_layer("block_11_expand").set_weights([kernel])
    folder = tmp_path / "detector"
    write_detector(
        folder,
        network,
        version="1",
        anchors_px=ANCHORS,
        data="discs",
        check_pictures=pictures,
        precision=Precision.INT8,
        calibration_pictures=pictures,
    )
    assert numbers_inside(folder / "model.tflite") == {
        "early": {"float32"},
        "late": {"int8"},
        "neck": {"float32"},
    }
    found = play(folder / "model.tflite", pictures)
    expected = network.predict_on_batch(pictures.astype(np.float32))
    assert 0 < np.abs(found - expected).max() < 0.5
    kept = load_detector(folder / "model.keras").get_layer("backbone").get_layer("block_11_expand")
    assert not kept.get_weights()[0][..., 3].any()
    assert YoloDetector(folder).detect(no_face().picture) == []


def test_only_filters_of_zeros_are_woken():
    inner = keras.Input((4, 4, 2))
    backbone = keras.Model(inner, keras.layers.Conv2D(3, 3)(inner), name=BACKBONE_NAME)
    inputs = keras.Input((4, 4, 2))
    kernel, constants = backbone.layers[1].get_weights()
    kernel[..., 1] = 0.0
    backbone.layers[1].set_weights([kernel, constants])
    _wake_filters(keras.Model(inputs, backbone(inputs)))
    woken = backbone.layers[1].get_weights()[0]
    assert 0 < np.abs(woken[..., 1]).max() < 0.001
    np.testing.assert_array_equal(woken[..., [0, 2]], kernel[..., [0, 2]])


def test_int8_needs_pictures(trained, tmp_path):
    run, _ = trained
    with pytest.raises(TrainingError, match="real pictures"):
        convert_detector(
            load_detector(run / "model.keras"), tmp_path / "m.tflite", Precision.INT8, None
        )


def test_what_is_no_detector_is_not_exported(tmp_path):
    other = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    other.save(tmp_path / "other.keras")
    with pytest.raises(TrainingError, match="no detector"):
        load_detector(tmp_path / "other.keras")
