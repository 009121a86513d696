"""What the classifier looks at: the shipped network on two portraits, and tiny random ones."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from emotion_game import paths
from emotion_game.errors import PictureError, TrainingError
from emotion_game.game.types import EMOTIONS
from emotion_game.vision.bundle import load_bundle
from emotion_game.vision.classifier import ExpressionClassifier
from emotion_game.vision.detector import HaarDetector

SCRIPT = Path(__file__).parents[2] / "scripts" / "explain_classifier.py"
HAPPINESS = EMOTIONS.index("happiness")


@pytest.fixture(scope="module")
def explain():
    import emotion_game.training.classifier.explain as module

    return module


@pytest.fixture(scope="module")
def shipped(explain):
    return explain.open_network(paths.MODELS / "expression")


@pytest.fixture(scope="module")
def tiny(explain):
    """A random network of every kind, for faces of 32 px."""
    import keras

    from emotion_game.training.classifier.config import NetworkSettings
    from emotion_game.training.classifier.networks import build_network

    spec = load_bundle(paths.MODELS / "expression").input.model_copy(update={"size_px": 32})

    def make(kind):
        keras.utils.set_random_seed(5)
        alpha = 1.0 if kind == "vgg16" else 0.25 if kind == "mobilenet" else 0.35
        settings = NetworkSettings(name=kind, alpha=alpha, size_px=32, weights="none")
        return explain.OpenNetwork(build_network(settings, None), spec, f"a tiny {kind}")

    return make


@pytest.fixture(scope="module")
def convnet(tiny):
    return tiny("convnet")


@pytest.fixture
def smile_file(astronaut, tmp_path):
    path = tmp_path / "astronaut.png"
    cv2.imwrite(str(path), astronaut)
    return path


@pytest.fixture
def smile(explain, shipped, smile_file):
    return explain.read_face(smile_file, shipped.spec, HaarDetector())


def noise(size_px=32):
    return np.random.default_rng(0).integers(0, 256, (size_px, size_px, 1)).astype(np.uint8)


# --- Reading --------------------------------------------------------------------------------------


def test_faces_are_cut_as_the_game_cuts_them(explain, shipped, astronaut, smile):
    game = ExpressionClassifier(paths.MODELS / "expression")
    box = max((f.box_px for f in HaarDetector().detect(astronaut)), key=lambda b: b[2] * b[3])
    np.testing.assert_array_equal(smile, game.cut(astronaut, box))


def test_a_picture_without_a_face_is_named(explain, shipped, tmp_path):
    path = tmp_path / "wall.png"
    cv2.imwrite(str(path), np.full((120, 160, 3), 90, np.uint8))
    with pytest.raises(PictureError, match=r"No face was found in .*wall\.png \(160 x 120 px\)"):
        explain.read_face(path, shipped.spec, HaarDetector())
    assert explain.read_face(path, shipped.spec, None).shape == (128, 128, 1)
    path.write_bytes(b"no picture")
    with pytest.raises(PictureError, match=r"wall\.png is not a readable picture"):
        explain.read_face(path, shipped.spec, None)


def test_networks_of_another_shape_are_refused(explain, tmp_path):
    import keras

    from emotion_game.training.classifier.networks import HEAD_NAME

    def saved(name, channels, classes):
        face = keras.Input((None, None, channels))
        pooled = keras.layers.GlobalAveragePooling2D()(face)
        out = keras.layers.Dense(classes, activation="softmax", name=HEAD_NAME)(pooled)
        keras.Model(face, out).save(tmp_path / name)
        return tmp_path / name

    with pytest.raises(TrainingError, match=r"colour\.keras takes pictures of the shape"):
        explain.open_network(saved("colour.keras", 3, 8))
    with pytest.raises(TrainingError, match=r"seven\.keras answers with the shape"):
        explain.open_network(saved("seven.keras", 1, 7))
    with pytest.raises(TrainingError, match=r"flat\.keras .*expected a backbone 'backbone'"):
        explain.open_network(saved("flat.keras", 1, 8))
    with pytest.raises(TrainingError, match=r"nowhere\.keras"):
        explain.open_network(tmp_path / "nowhere.keras")


def test_a_keras_file_may_have_another_size(explain, convnet, tmp_path):
    path = tmp_path / "last.keras"
    convnet.network.save(path)
    opened = explain.open_network(path, 32)
    assert opened.map_shapes == convnet.map_shapes
    assert opened.spec.margin == convnet.spec.margin


def test_an_older_keras_file_is_opened_and_its_code_is_not_run(explain, convnet, tmp_path):
    import keras

    path = tmp_path / "last.h5"
    convnet.network.save(path)
    opened = explain.open_network(path, 32)
    face = np.full((1, 32, 32, 1), 90, np.float32)
    np.testing.assert_allclose(opened.network(face), convnet.network(face), atol=1e-5)
    inputs = keras.Input((None, None, 1))
    x = keras.layers.GlobalAveragePooling2D()(keras.layers.Lambda(lambda x: x * 2)(inputs))
    keras.Model(inputs, keras.layers.Dense(8, activation="softmax")(x)).save(path)
    with pytest.raises(TrainingError, match=r"last\.h5"):
        explain.open_network(path, 32)
    path.write_bytes(b"text")
    with pytest.raises(TrainingError, match=r"last\.h5 is not a \.keras or \.h5 file"):
        explain.open_network(path, 32)


def test_unknown_names_are_answered_with_the_nearest(explain, shipped):
    last = list(shipped.map_shapes)[-1]
    with pytest.raises(TrainingError, match=rf"no feature map '{last}x'. Nearest: .*{last}"):
        explain.heat_map(shipped, noise(96), layer=f"{last}x")
    with pytest.raises(TrainingError, match=r"no emotion 'hapiness'. Did you mean happiness\?"):
        explain.heat_map(shipped, noise(96), emotion="hapiness")
    with pytest.raises(TrainingError, match="Choose from neutral, happiness"):
        explain.emotion_index("zzz")


# --- Grad-CAM -------------------------------------------------------------------------------------


def test_the_heat_of_a_smile_lies_where_covering_it_costs_the_smile(explain, shipped, smile):
    found = explain.heat_map(shipped, smile)
    assert found.emotion == "happiness"
    assert min(found.cells) >= explain.LEAST_CELLS
    assert found.heat.shape == (128, 128)
    assert found.heat.min() >= 0.0
    assert found.heat.max() == pytest.approx(1.0)

    side = 32
    mean_heat = cv2.boxFilter(found.heat, -1, (side, side), anchor=(0, 0))[:-side, :-side]
    blurred = cv2.GaussianBlur(smile, (0, 0), 12)[:, :, np.newaxis]

    def happiness_without(top, left):
        covered = smile.copy()
        window = np.s_[top : top + side, left : left + side]
        covered[window] = blurred[window]
        return explain.heat_map(shipped, covered).probabilities[HAPPINESS]

    hottest = np.unravel_index(mean_heat.argmax(), mean_heat.shape)
    coldest = np.unravel_index(mean_heat.argmin(), mean_heat.shape)
    assert happiness_without(*hottest) < happiness_without(*coldest)
    # A mouth lies in the lower half of a face.
    assert found.heat[48:].sum() > 2 * found.heat[:48].sum()


def test_the_probabilities_are_the_games(explain, shipped, smile):
    game = ExpressionClassifier(paths.MODELS / "expression").classify(smile)
    for emotion in (None, "surprise"):
        found = explain.heat_map(shipped, smile, emotion=emotion)
        np.testing.assert_allclose(found.probabilities, game, atol=1e-3)
    assert found.emotion == "surprise"


@pytest.mark.parametrize("kind", ["mobilenet_v2", "mobilenet", "vgg16", "convnet"])
def test_every_backbone_can_be_looked_into(explain, tiny, kind):
    opened = tiny(kind)
    face = noise()
    found = explain.heat_map(opened, face, emotion="fear", layer=opened.last_of_each_size()[1])
    assert found.heat.shape == (32, 32)
    assert np.isfinite(found.heat).all()
    expected = np.mean(opened.network(opened.looks(face), training=False), axis=0)
    np.testing.assert_allclose(found.probabilities, expected, atol=1e-5)
    for layer in explain.activations(opened, face):
        assert layer.maps.shape == opened.map_shapes[layer.layer]
    assert not [name for name in opened.map_shapes if "pad" in name]


def test_gradients_are_averaged_for_grad_cam_and_not_for_hirescam(explain, convnet):
    """At the last map, which is only averaged and weighed, both can be told by hand."""
    import tensorflow as tf

    last = list(convnet.map_shapes)[-1]
    face = noise()
    (maps,), logits = convnet.run(tf.constant(convnet.looks(face)), [last])
    by_layer = {
        hires: explain.heat_map(convnet, face, emotion="fear", layer=last, hires=hires)
        for hires in (False, True)
    }
    np.testing.assert_allclose(by_layer[False].heat, by_layer[True].heat, atol=1e-5)
    # d log-odds / d map = (kernel of fear - what the others weigh) / cells
    kernel, index = np.asarray(convnet.network.layers[-1].kernel), EMOTIONS.index("fear")
    others = np.exp(np.delete(np.asarray(logits), index, axis=1))
    others /= others.sum(axis=1, keepdims=True)
    weights = kernel[:, index] - others @ np.delete(kernel, index, axis=1).T
    cells = np.einsum("nrcf,nf->nrc", np.asarray(maps), weights)
    cells = np.maximum((cells[0] + cells[1][:, ::-1]) / 2, 0)
    heat = cv2.resize(cells, (32, 32), interpolation=cv2.INTER_CUBIC).clip(0)
    np.testing.assert_allclose(by_layer[False].heat, heat / max(heat.max(), 1e-9), atol=1e-4)


# --- Activations and filters ----------------------------------------------------------------------


def test_activations_are_those_of_the_face_and_sorted_by_spread(explain, convnet):
    first, second = explain.activations(convnet, noise(), ["conv_1", "relu_2"])
    assert (first.layer, second.layer) == ("conv_1", "relu_2")
    kernel = np.asarray(convnet.backbone.get_layer("conv_1").kernel).sum(axis=2)
    gray = noise()[:, :, 0].astype(np.float32) / 127.5 - 1
    by_hand = (gray[4:7, 9:12, np.newaxis] * kernel).sum(axis=(0, 1))
    np.testing.assert_allclose(first.maps[5, 10], by_hand, atol=1e-4)
    spreads = [second.maps[:, :, each].std() for each in second.strongest(5)]
    assert spreads == sorted(spreads, reverse=True)


def test_gradient_ascent_excites_each_filter_and_repeats_by_its_seed(explain, convnet):
    found, again = (
        explain.filter_patterns(convnet, "relu_2", [0, 3], steps=12, seed=3) for _ in range(2)
    )
    assert found.pictures.shape == (2, 32, 32)
    assert found.pictures.dtype == np.uint8
    assert (found.after > found.before).all()
    np.testing.assert_array_equal(found.pictures, again.pictures)
    other = explain.filter_patterns(convnet, "relu_2", [0, 3], steps=12, seed=4)
    assert (other.pictures != found.pictures).any()
    # The pictures, rounded to whole numbers, excite the filters as much as was said.
    maps = convnet.before_rectifier("relu_2")(found.pictures[..., np.newaxis].astype(np.float32))
    means = np.asarray(maps).mean(axis=(1, 2))
    np.testing.assert_allclose([means[0, 0], means[1, 3]], found.after, rtol=0.05)


def test_a_filter_that_is_not_there_is_refused(explain, convnet):
    channels = convnet.map_shapes["relu_2"][2]
    with pytest.raises(TrainingError, match=rf"no filter {channels}.*0 to {channels - 1}"):
        explain.filter_patterns(convnet, "relu_2", [channels])


# --- Pictures and the script ----------------------------------------------------------------------


def test_a_picture_is_written_whole_or_not_at_all(explain, convnet, tmp_path):
    face = noise()
    path = tmp_path / "heat.png"
    explain.save_figure(explain.draw_heat_map(face, explain.heat_map(convnet, face)), path)
    assert cv2.imread(str(path)).shape[1] > 1000
    assert [each.name for each in tmp_path.iterdir()] == ["heat.png"]
    figure = explain.draw_activations(face, explain.activations(convnet, face))
    with pytest.raises(TrainingError, match=r"Cannot write to .*nowhere"):
        explain.save_figure(figure, tmp_path / "nowhere" / "a.png")
    with pytest.raises(TrainingError, match=r"Cannot write to .*heat\.png"):
        explain.make_folder(path)


@pytest.fixture
def script(monkeypatch, capsys):
    """Run the script as its user would; returns exit code, lines of stdout, and stderr."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", [str(SCRIPT), *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(str(SCRIPT), run_name="__main__")
        said = capsys.readouterr()
        return ended.value.code, said.out.splitlines(), said.err

    return run


def test_the_script_explains_pictures_and_names_those_it_cannot(script, smile_file, tmp_path):
    out = tmp_path / "out"
    other = tmp_path / "other" / "astronaut.png"
    other.parent.mkdir()
    other.write_bytes(smile_file.read_bytes())
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")
    code, written, said = script("gradcam", smile_file, broken, other, "--out", out)
    assert code == 1
    assert "broken.jpg is not a readable picture" in said
    assert len(written) == 2
    for each in written:
        assert "astronaut" in each
        assert "gradcam-happiness" in each
        assert cv2.imread(each) is not None
    assert sorted(written) == sorted(map(str, out.iterdir()))


def test_the_script_draws_activations_and_filters_of_any_network(script, convnet, tmp_path):
    network, face = tmp_path / "last.keras", tmp_path / "face.png"
    convnet.network.save(network)
    cv2.imwrite(str(face), noise())
    how = ["--model", network, "--size-px", "32", "--out", tmp_path / "out"]
    code, written, _ = script(
        "activations", face, "--whole-image", "--layer", "relu_1", "--layer", "conv_3", *how
    )
    assert (code, [Path(each).name for each in written]) == (0, ["face-activations.png"])
    code, written, _ = script("filters", "--layer", "relu_2", "--filter", "1", "--steps", "2", *how)
    assert (code, [Path(each).name for each in written]) == (0, ["filters-relu_2.png"])
    code, listed, _ = script("layers", *how[:4])
    assert code == 0
    for name in convnet.map_shapes:
        assert any(f" {name} " in line for line in listed)


def test_the_script_says_faults_in_one_line(script, smile_file, tmp_path):
    for fault, arguments in {
        "There is no emotion 'joy'": ["gradcam", smile_file, "--emotion", "joy"],
        "has no feature map 'relu_99'": ["activations", smile_file, "--layer", "relu_99"],
        "The model bundle": ["filters", "--model", tmp_path],
        "Cannot write to": ["filters", "--out", smile_file],
    }.items():
        code, written, said = script(
            *arguments, *([] if "--out" in arguments else ["--out", tmp_path])
        )
        assert (code, written) == (1, [])
        assert said.startswith(("The", "Cannot"))
        assert fault in said
        assert said.count("\n") == 1
