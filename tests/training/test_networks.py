"""The networks, what of them learns, and the random changes of their pictures."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from pydantic import ValidationError

from emotion_game.errors import SettingsError, TrainingError
from emotion_game.settings import load_settings
from emotion_game.training.classifier.config import (
    AugmentSettings,
    NetworkSettings,
    TrainingSettings,
)
from emotion_game.training.classifier.networks import (
    BACKBONE_NAME,
    RandomDetail,
    SensorNoise,
    build_augmentation,
    build_network,
    set_trainable,
)
from emotion_game.training.detector.config import DetectorTrainingSettings

EVERYTHING = AugmentSettings(
    rotation_deg=10.0,
    shift=0.1,
    zoom=0.1,
    brightness=0.1,
    contrast=0.2,
    blur_sigma_px=0.8,
    lowest_detail_px=16,
    noise=0.02,
    erase_share=0.1,
)


@pytest.fixture(scope="module")
def tiny():
    return build_network(NetworkSettings(alpha=0.35, weights="none"), None)


@pytest.mark.parametrize(
    ("name", "alpha", "share_of_v2"),
    [
        ("mobilenet_v2", 0.35, 1),
        ("mobilenet", 0.25, 0.5),
        ("vgg16", 1.0, 35),
        ("convnet", 0.5, 0.2),
    ],
)
def test_every_network_takes_any_size_and_answers_with_probabilities(name, alpha, share_of_v2):
    network = build_network(NetworkSettings(name=name, alpha=alpha, weights="none"), None)
    for size_px in (32, 48):
        faces = np.random.default_rng(0).uniform(0, 255, (2, size_px, size_px, 1))
        answers = np.asarray(network(faces.astype(np.float32), training=False))
        assert answers.shape == (2, 8)
        np.testing.assert_allclose(answers.sum(axis=1), 1.0, atol=1e-5)
    # The sizes differ by orders; 0.42 million is MobileNetV2 alpha 0.35.
    assert network.count_params() == pytest.approx(0.42e6 * share_of_v2, rel=0.3)


def test_vgg16_sees_what_imagenet_weights_expect():
    network = build_network(NetworkSettings(name="vgg16", weights="none"), None)
    seen = keras.Model(network.input, network.get_layer("rescale").output)
    white = np.asarray(seen(np.full((1, 32, 32, 1), 255, np.float32)))[0, 0, 0]
    np.testing.assert_allclose(white, [255 - 103.939, 255 - 116.779, 255 - 123.68], rtol=1e-5)


def test_widths_without_weights_are_refused():
    with pytest.raises(TrainingError, match="one width only"):
        build_network(NetworkSettings(name="vgg16", alpha=0.5, weights="none"), None)
    with pytest.raises(TrainingError, match="no ImageNet weights of the convnet"):
        build_network(NetworkSettings(name="convnet"), None)
    with pytest.raises(TrainingError, match=r"mobilenet_v2 alpha 0\.77 with imagenet weights"):
        build_network(NetworkSettings(alpha=0.77), None)


def test_weights_of_another_architecture_are_refused(tmp_path):
    path = tmp_path / "other.weights.h5"
    keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)]).save_weights(path)
    with pytest.raises(TrainingError, match=r"other\.weights\.h5 does not fit"):
        build_network(NetworkSettings(alpha=0.35), path)
    with pytest.raises(TrainingError, match="does not fit"):
        build_network(NetworkSettings(alpha=0.35), tmp_path / "missing.weights.h5")


def test_weights_of_the_same_architecture_are_loaded(tmp_path, tiny):
    path = tmp_path / "own.weights.h5"
    tiny.get_layer(BACKBONE_NAME).save_weights(path)
    again = build_network(NetworkSettings(alpha=0.35), path)
    for mine, other in zip(
        tiny.get_layer(BACKBONE_NAME).get_weights(),
        again.get_layer(BACKBONE_NAME).get_weights(),
        strict=True,
    ):
        np.testing.assert_array_equal(mine, other)


def test_phases_freeze_and_thaw(tiny):
    layers = tiny.get_layer(BACKBONE_NAME).layers
    set_trainable(tiny, "all")
    everything = len(tiny.trainable_variables)
    set_trainable(tiny, "head")
    assert len(tiny.trainable_variables) == 2
    set_trainable(tiny, "block_13_expand")
    names = [layer.name for layer in layers if layer.trainable]
    assert names[0] == "block_13_expand"
    assert 2 < len(tiny.trainable_variables) < everything
    set_trainable(tiny, -3)
    assert [layer.trainable for layer in layers] == [False] * (len(layers) - 3) + [True] * 3
    set_trainable(tiny, "all")
    assert len(tiny.trainable_variables) == everything


def test_a_frozen_backbone_keeps_its_statistics(tiny):
    set_trainable(tiny, "head")
    norm = tiny.get_layer(BACKBONE_NAME).get_layer("bn_Conv1")
    before = np.asarray(norm.moving_mean)
    tiny(np.random.default_rng(0).uniform(0, 255, (4, 32, 32, 1)), training=True)
    np.testing.assert_array_equal(before, np.asarray(norm.moving_mean))


def test_unknown_layers_name_their_neighbours(tiny):
    with pytest.raises(TrainingError, match="no layer 'block_13_expnd'") as error:
        set_trainable(tiny, "block_13_expnd")
    assert "block_13_expand" in (error.value.hint or "")
    with pytest.raises(TrainingError, match="found index 999"):
        set_trainable(tiny, 999)


def test_augmentation_changes_pictures_but_keeps_their_range():
    pictures = np.random.default_rng(0).uniform(0, 255, (8, 32, 32, 1)).astype(np.float32)
    augmentation = build_augmentation(EVERYTHING, seed=1)
    changed = np.asarray(augmentation(pictures, training=True))
    assert changed.shape == pictures.shape
    assert not np.allclose(changed, pictures)
    assert changed.min() >= -1e-3
    assert changed.max() <= 255.001
    np.testing.assert_array_equal(np.asarray(augmentation(pictures, training=False)), pictures)


def test_strength_scales_ranges_alone():
    half = EVERYTHING.scaled(0.5)
    assert (half.rotation_deg, half.noise, half.erase_share) == (5.0, 0.01, 0.05)
    assert (half.flip, half.lowest_detail_px) == (True, 16)
    assert len(build_augmentation(EVERYTHING.scaled(0.0), 1).layers) == 2


def test_detail_is_lost_in_half_of_the_batches():
    board = (np.indices((32, 32)).sum(axis=0) % 2 * 255.0)[None, :, :, None].astype(np.float32)
    layer = RandomDetail(8, seed=0)
    contrasts = [float(np.std(layer(board, training=True))) for _ in range(40)]
    kept = sum(contrast > 120 for contrast in contrasts)
    assert 10 <= kept <= 30
    assert min(contrasts) < 30


def test_noise_has_the_stated_deviation():
    gray = np.full((4, 64, 64, 1), 128, np.float32)
    noisy = np.asarray(SensorNoise(5.0, seed=0)(gray, training=True))
    assert np.std(noisy) == pytest.approx(5.0, rel=0.05)
    assert np.mean(noisy) == pytest.approx(128, abs=0.3)


def test_the_shipped_settings_are_valid_and_faults_are_named(tmp_path):
    from emotion_game import paths

    for path in (paths.CONFIGS / "training").glob("*.toml"):
        kind = DetectorTrainingSettings if path.stem.startswith("detector") else TrainingSettings
        assert load_settings(path, kind).phase
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(
        "speed = 1\n[network]\nalpha = -1.0\n[class_weights]\nboredom = 2.0\n", "utf-8"
    )
    with pytest.raises(SettingsError, match=r"speed: unknown key") as error:
        load_settings(wrong, TrainingSettings)
    for fault in ("network.alpha", "phase: missing", "class_weights.boredom"):
        assert fault in str(error.value)
    with pytest.raises(ValidationError):
        NetworkSettings(name="resnet")
