"""The trainer on a handful of made-up faces: real TensorFlow, tiny everything."""

from __future__ import annotations

import csv
import json

import cv2
import numpy as np
import pytest

from emotion_game.errors import SettingsError, TrainingError
from emotion_game.game.types import EMOTIONS
from emotion_game.settings import load_settings
from emotion_game.training.config import PhaseSettings, TrainingSettings
from emotion_game.training.data import ferplus_shares, load_ferplus
from emotion_game.vision.crop import CropSpec

VOTES = (*EMOTIONS, "unknown", "NF")
CROP = CropSpec(size_px=32)


def write_ferplus(folder, rows, columns=("file", "split", *VOTES)):
    """Write pictures whose brightness tells their label, and the table of votes."""
    (folder / "images").mkdir(parents=True)
    with (folder / "labels.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for number, (split, votes) in enumerate(rows):
            name = f"{number}.png"
            rng = np.random.default_rng(number)
            picture = rng.integers(0, 30, (48, 48)) + 25 * int(np.argmax(votes))
            cv2.imwrite(str(folder / "images" / name), picture.astype(np.uint8))
            writer.writerow([name, split, *votes])
    return folder


def votes(**given):
    return [given.get(name, 0) for name in VOTES]


@pytest.fixture
def ferplus(tmp_path):
    happy, calm = votes(happiness=10), votes(neutral=7, sadness=3)
    return write_ferplus(
        tmp_path / "fer",
        [("train", happy), ("train", calm)] * 8 + [("valid", happy), ("valid", calm)] * 4,
    )


# --- Data -----------------------------------------------------------------------------------------


def test_votes_become_shares_by_the_rule_of_ferplus():
    shares = ferplus_shares(np.array(votes(happiness=6, neutral=3, fear=1), np.float32))
    assert shares is not None
    assert shares[EMOTIONS.index("happiness")] == pytest.approx(6 / 9)
    assert shares[EMOTIONS.index("fear")] == 0.0
    assert shares.sum() == pytest.approx(1.0)


@pytest.mark.parametrize("left_out", [{"unknown": 8, "fear": 2}, {"NF": 10}, {"fear": 1}, {}])
def test_faces_nobody_agrees_on_are_left_out(left_out):
    assert ferplus_shares(np.array(votes(**left_out), np.float32)) is None


def test_a_split_is_read(ferplus):
    faces = load_ferplus(ferplus, "train", CROP)
    assert faces.pictures.shape == (16, 32, 32, 1)
    assert faces.shares.shape == (16, 8)
    assert set(faces.majority()) == {EMOTIONS.index("happiness"), EMOTIONS.index("neutral")}


def test_faults_of_the_data_name_the_file(tmp_path, ferplus):
    with pytest.raises(TrainingError, match=r"nowhere.labels\.csv"):
        load_ferplus(tmp_path / "nowhere", "train", CROP)
    with pytest.raises(TrainingError, match="no usable face in the split 'test'"):
        load_ferplus(ferplus, "test", CROP)
    (ferplus / "images" / "3.png").write_bytes(b"no picture")
    with pytest.raises(TrainingError, match=r"3\.png is not a readable picture .*line 5"):
        load_ferplus(ferplus, "train", CROP)
    bad = write_ferplus(tmp_path / "bad", [("train", ["many", *votes()[1:]])])
    with pytest.raises(TrainingError, match="line 2: expected whole numbers of votes"):
        load_ferplus(bad, "train", CROP)
    short = write_ferplus(tmp_path / "short", [("train", votes(fear=9))], ("file", "split", "fear"))
    with pytest.raises(TrainingError, match=r"lacks the column\(s\) NF, anger"):
        load_ferplus(short, "train", CROP)


def test_the_shipped_settings_are_valid_and_faults_are_named(tmp_path):
    from emotion_game import paths

    shipped = load_settings(paths.CONFIGS / "training" / "expression.toml", TrainingSettings)
    assert shipped.network.size_px == 96
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("speed = 1\n[network]\nalpha = -1.0\n", "utf-8")
    with pytest.raises(SettingsError, match=r"speed: unknown key") as error:
        load_settings(wrong, TrainingSettings)
    assert "network.alpha" in str(error.value)
    assert "phase: missing" in str(error.value)


# --- Fitting and exporting ---------------------------------------------------------------------

PHASE = PhaseSettings(name="all", trains="all", image_px=32, epochs=1, learning_rate=1e-3)
TINY = TrainingSettings(
    batch_size=8,
    network={"alpha": 0.35, "size_px": 32},
    augment={"rotation_deg": 5.0, "blur_sigma_px": 0.5, "erase_share": 0.1, "brightness": 0.1},
    phase=(PhaseSettings(name="head", trains="head", image_px=32, epochs=1, learning_rate=1e-2),),
)


@pytest.fixture(scope="module")
def backbone(tmp_path_factory):
    import keras

    path = tmp_path_factory.mktemp("weights") / "backbone.weights.h5"
    keras.applications.MobileNetV2(
        input_shape=(None, None, 3), include_top=False, alpha=0.35, weights=None
    ).save_weights(path)
    return path


def test_a_run_trains_resumes_and_exports_what_it_trained(tmp_path, ferplus, backbone):
    import keras

    from emotion_game.training.export import export_bundle
    from emotion_game.training.fit import fit
    from emotion_game.vision.bundle import InputSpec, load_bundle, verify_file
    from emotion_game.vision.classifier import ExpressionClassifier

    train, valid = (load_ferplus(ferplus, split, CROP) for split in ("train", "valid"))
    run = tmp_path / "run"
    model = fit(train, valid, TINY, run, backbone, verbose=0)
    assert json.loads((run / "settings.json").read_text())["batch_size"] == 8

    # A finished run does nothing more; a longer one goes on after its finished phases.
    again = fit(train, valid, TINY, run, backbone, verbose=0)
    for mine, other in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, other)
    longer = TINY.model_copy(update={"phase": (*TINY.phase, PHASE)})
    model = fit(train, valid, longer, run, backbone, verbose=0)
    assert (run / "all.done").exists()
    assert len((run / "head.csv").read_text().splitlines()) == 2
    with pytest.raises(TrainingError, match="other settings"):
        fit(train, valid, TINY.model_copy(update={"seed": 8}), run, backbone, verbose=0)

    folder = tmp_path / "bundle"
    spec = InputSpec(
        size_px=32,
        colour="gray",
        lowest=0,
        highest=255,
        margin=0.1,
        shift_down=0.0,
        detail_px=24,
        mirrored_look=False,
    )
    export_bundle(
        model,
        folder,
        version="1",
        input_spec=spec,
        thresholds={},
        metrics={},
        data="made up",
        check_faces=valid.pictures,
    )
    bundle = load_bundle(folder)
    for name in bundle.sha256:
        verify_file(folder, bundle, name)
    kept = keras.saving.load_model(folder / "model.keras", safe_mode=True)
    classifier = ExpressionClassifier(folder)
    expected = np.asarray(kept(valid.pictures.astype(np.float32), training=False))
    played = np.array([classifier.classify(face) for face in valid.pictures])
    np.testing.assert_allclose(played, expected, atol=1e-3)


def test_a_killed_phase_goes_on_at_its_last_epoch(tmp_path, ferplus, backbone):
    import keras

    from emotion_game.training import fit as fitting

    train, valid = (load_ferplus(ferplus, split, CROP) for split in ("train", "valid"))
    settings = TINY.model_copy(update={"phase": (PHASE.model_copy(update={"epochs": 3}),)})

    class Kill(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 2:
                raise KeyboardInterrupt

    original = keras.Model.fit

    def killed(self, *args, callbacks, **kwargs):
        try:
            return original(self, *args, callbacks=[*callbacks, Kill()], **kwargs)
        finally:
            # A real kill leaves it to the system to close the file of the curve.
            for each in callbacks:
                if isinstance(each, keras.callbacks.CSVLogger):
                    each.csv_file.close()

    run = tmp_path / "run"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keras.Model, "fit", killed)
        with pytest.raises(KeyboardInterrupt):
            fitting.fit(train, valid, settings, run, backbone, verbose=0)
    assert not (run / "all.done").exists()
    fitting.fit(train, valid, settings, run, backbone, verbose=0)
    rows = list(csv.DictReader((run / "all.csv").read_text().splitlines()))
    assert [row["epoch"] for row in rows] == ["0", "1", "2"]


def test_weights_of_another_architecture_are_refused(tmp_path):
    import keras

    from emotion_game.training.config import NetworkSettings
    from emotion_game.training.networks import build_network

    path = tmp_path / "other.weights.h5"
    keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)]).save_weights(path)
    with pytest.raises(TrainingError, match=r"other\.weights\.h5 does not fit"):
        build_network(NetworkSettings(alpha=0.35), path)
    with pytest.raises(TrainingError, match="does not fit"):
        build_network(NetworkSettings(alpha=0.35), tmp_path / "missing.weights.h5")


def test_a_batch_larger_than_the_data_is_refused(tmp_path, ferplus, backbone):
    from emotion_game.training.fit import fit

    train, valid = (load_ferplus(ferplus, split, CROP) for split in ("train", "valid"))
    with pytest.raises(TrainingError, match="do not fill one batch of 64"):
        fit(train, valid, TINY.model_copy(update={"batch_size": 64}), tmp_path / "run", backbone)


def test_augmentation_changes_pictures_but_keeps_their_range():
    from emotion_game.training.networks import build_augmentation

    pictures = np.random.default_rng(0).uniform(0, 255, (8, 32, 32, 1)).astype(np.float32)
    changed = np.asarray(build_augmentation(TINY.augment, seed=1)(pictures, training=True))
    assert changed.shape == pictures.shape
    assert not np.allclose(changed, pictures)
    assert changed.min() >= -1e-3
    assert changed.max() <= 255.001
