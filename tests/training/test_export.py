"""Export on a tiny network: every format answers like the trained one; nothing half-written."""

from __future__ import annotations

import csv
import shutil
from dataclasses import replace
from pathlib import Path

import cv2
import keras
import numpy as np
import pytest
from scripts_for_tests import call

from emotion_game.errors import ModelError, TrainingError
from emotion_game.game.types import EMOTIONS
from emotion_game.paths import MODELS
from emotion_game.training.classifier import calibrate as calibrate
from emotion_game.training.classifier import export as export
from emotion_game.training.classifier.export import Precision
from emotion_game.training.classifier.sources import Origin
from emotion_game.training.data.faces import LabelledFaces
from emotion_game.vision.bundle import Bundle, InputSpec, load_bundle, verify_file
from emotion_game.vision.classifier import ExpressionClassifier
from emotion_game.vision.held_back import read_held_back, share

SIZE_PX = 32
SPEC = InputSpec(
    size_px=SIZE_PX,
    colour="gray",
    lowest=0,
    highest=255,
    margin=0.1,
    shift_down=0.0,
    detail_px=24,
    mirrored_look=True,
)


@pytest.fixture(scope="module")
def pictures():
    """Blobs of light at different places: (24, 32, 32, 1) uint8."""
    rng = np.random.default_rng(3)
    rough = rng.integers(0, 256, (24, 4, 4), dtype=np.uint8)
    return np.stack([cv2.resize(each, (SIZE_PX, SIZE_PX))[:, :, np.newaxis] for each in rough])


def network(outputs=8, channels=1, name="emotions", activation="softmax"):
    """Build the form of ``training.networks``, with a convolution for a backbone."""
    keras.utils.set_random_seed(5)
    inputs = keras.Input((None, None, channels), name="face")
    x = keras.layers.Rescaling(1 / 127.5, offset=-1.0, name="rescale")(inputs)
    inner = keras.Input((None, None, channels))
    y = keras.layers.Conv2D(8, 3, strides=2, padding="same", use_bias=False)(inner)
    y = keras.layers.BatchNormalization()(y)
    x = keras.Model(inner, keras.layers.ReLU(6.0)(y), name="backbone")(x)
    x = keras.layers.GlobalAveragePooling2D(name="pool")(x)
    x = keras.layers.Dropout(0.3, name="dropout")(x)
    x = keras.layers.Dense(outputs, activation=activation, name=name)(x)
    model = keras.Model(inputs, x, name="expression")
    # Far apart answers, as of a trained network.
    head = model.get_layer(name)
    head.set_weights([weights * 20 for weights in head.get_weights()])
    return model


@pytest.fixture(scope="module")
def model():
    return network()


def write(folder, model, pictures, **options):
    return export.write_bundle(
        folder,
        model,
        version="1",
        input_spec=SPEC,
        data="made up",
        check_faces=pictures,
        calibration_faces=pictures,
        **options,
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory, model, pictures):
    """The bundle of ``model``; converting takes seconds, copying it does not."""
    folder = tmp_path_factory.mktemp("written") / "bundle"
    write(folder, model, pictures)
    return folder


@pytest.fixture
def bundle(tmp_path, written):
    """A published bundle with a model card and one more file beside it."""
    shutil.copytree(written, tmp_path / "part")
    folder = tmp_path / "models" / "표정"
    export.publish(tmp_path / "part", folder, Bundle, {"thresholds": {}, "metrics": {"old": 1.0}})
    (folder / "README.md").write_text("# Card\n", "utf-8")
    (folder / "pictures").mkdir()
    (folder / "pictures" / "curve.txt").write_text("curve", "utf-8")
    return folder


def content(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# --- Formats --------------------------------------------------------------------------------------


@pytest.mark.parametrize("precision", Precision)
def test_every_precision_answers_like_the_trained_network(tmp_path, model, pictures, precision):
    folder = tmp_path / "bundle"
    write(folder, model, pictures, precision=precision)
    classifier = ExpressionClassifier(folder)
    played = np.array([classifier.classify(picture) for picture in pictures])
    expected = export.look_at(model, pictures, mirrored=True).mean(axis=0)
    assert np.ptp(expected, axis=0).max() > 0.3, "the pictures must look different to it"
    np.testing.assert_allclose(played, expected, atol=export.TOLERANCES[precision])
    # The precision is really another one, not float32 under its name.
    furthest = float(np.abs(played - expected).max())
    assert (furthest < 1e-5) == (precision is Precision.FLOAT32)


def test_every_keras_format_answers_like_the_trained_network(tmp_path, model, pictures):
    folder = tmp_path / "bundle"
    bundle = write(folder, model, pictures, hdf5=True)
    assert set(bundle.sha256) == {"model.tflite", "model.keras", "model.h5"}
    expected = np.asarray(model(pictures.astype(np.float32)))
    for name in ("model.keras", "model.h5"):
        verify_file(folder, bundle, name)
        kept = keras.saving.load_model(folder / name, safe_mode=True, compile=False)
        found = np.asarray(kept(pictures.astype(np.float32)))
        np.testing.assert_allclose(found, expected, atol=1e-5)


def test_the_narrower_precisions_are_smaller_files(tmp_path, pictures):
    keras.utils.set_random_seed(5)
    inner = keras.Input((None, None, 1))
    y = keras.layers.Conv2D(400, 1)(keras.layers.Conv2D(400, 3)(inner))
    inputs = keras.Input((None, None, 1))
    x = keras.layers.GlobalAveragePooling2D()(keras.Model(inner, y, name="backbone")(inputs))
    wide = keras.Model(inputs, keras.layers.Dense(8, activation="softmax", name="emotions")(x))
    size = {}
    for each in Precision:
        path = tmp_path / f"{each}.tflite"
        export.convert(wide, path, size_px=SIZE_PX, precision=each, calibration_faces=pictures)
        size[each] = path.stat().st_size
    assert size[Precision.FLOAT16] < 0.7 * size[Precision.FLOAT32]
    assert size[Precision.INT8] < 0.5 * size[Precision.FLOAT32]


def test_int8_needs_real_faces(tmp_path, model):
    with pytest.raises(TrainingError, match="needs real faces"):
        export.convert(model, tmp_path / "a.tflite", size_px=SIZE_PX, precision=Precision.INT8)


def test_int8_is_for_the_backbone(tmp_path, pictures):
    plain = keras.Sequential([keras.Input((None, None, 1)), keras.layers.GlobalMaxPooling2D()])
    with pytest.raises(TrainingError, match="no layer 'backbone'"):
        export.convert(
            plain,
            tmp_path / "a.tflite",
            size_px=SIZE_PX,
            precision=Precision.INT8,
            calibration_faces=pictures,
        )


def test_a_file_that_answers_differently_is_refused(tmp_path, model, pictures, monkeypatch):
    other = network()
    other.get_layer("emotions").bias.assign(np.linspace(-9, 9, len(EMOTIONS)))
    convert = export.convert
    monkeypatch.setattr(
        export, "convert", lambda _, *arguments, **named: convert(other, *arguments, **named)
    )
    with pytest.raises(TrainingError, match=r"model\.tflite answers up to .* away"):
        write(tmp_path / "bundle", model, pictures)


def test_a_network_of_nan_is_refused(tmp_path, pictures):
    broken = network()
    broken.get_layer("emotions").bias.assign(np.full(len(EMOTIONS), np.nan))
    with pytest.raises(TrainingError, match="answers up to nan away"):
        write(tmp_path / "bundle", broken, pictures)


def test_a_network_without_softmax_does_not_play(tmp_path, pictures):
    write(tmp_path / "bundle", network(activation="linear"), pictures)
    with pytest.raises(ModelError, match="expected probabilities that sum to 1"):
        ExpressionClassifier(tmp_path / "bundle")


# --- Checkpoints ----------------------------------------------------------------------------------


def test_a_trained_network_is_loaded(tmp_path, model, pictures):
    path = tmp_path / "best.keras"
    model.save(path)
    loaded = export.load_trained(path, SIZE_PX)
    looks = export.look_at(loaded, pictures, mirrored=True)
    assert looks.shape == (2, len(pictures), len(EMOTIONS))
    np.testing.assert_array_equal(looks[0], np.asarray(model(pictures.astype(np.float32))))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: network(outputs=7), r"answers with the shape .*7.*expected 8 probabilities"),
        (lambda: network(channels=3), "expected one gray picture of 32 x 32 px"),
        (lambda: network(name="head"), "another architecture: its last layer is 'head'"),
        (lambda: network(activation="sigmoid"), "another architecture"),
    ],
)
def test_a_checkpoint_of_another_form_is_refused(tmp_path, wrong, said):
    path = tmp_path / "other.keras"
    wrong().save(path)
    with pytest.raises(TrainingError, match=said) as caught:
        export.load_trained(path, SIZE_PX)
    assert str(path) in str(caught.value)


def test_files_that_are_no_keras_model_are_refused(tmp_path, model):
    text, weights, torn = (tmp_path / name for name in ("a.keras", "b.weights.h5", "c.keras"))
    text.write_bytes(b"PK nothing of the kind")
    model.save_weights(weights)
    model.save(tmp_path / "whole.keras")
    torn.write_bytes((tmp_path / "whole.keras").read_bytes()[:2000])
    renamed = tmp_path / "d.keras"
    shutil.copy(weights, renamed)
    for path in (text, weights, torn, renamed, tmp_path / "none.keras", tmp_path):
        with pytest.raises(TrainingError) as caught:
            export.load_trained(path, SIZE_PX)
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)


def test_code_in_a_checkpoint_is_not_run(tmp_path):
    inputs = keras.Input((None, None, 1))
    x = keras.layers.GlobalAveragePooling2D()(keras.layers.Lambda(lambda x: x * 2)(inputs))
    evil = keras.Model(inputs, keras.layers.Dense(8, activation="softmax", name="emotions")(x))
    path = tmp_path / "evil.keras"
    evil.save(path)
    with pytest.raises(TrainingError, match=r"evil\.keras"):
        export.load_trained(path, SIZE_PX)


# --- The swap -------------------------------------------------------------------------------------


def test_a_new_bundle_takes_the_place_of_the_old_and_keeps_its_card(
    tmp_path, bundle, written, model, pictures
):
    write(tmp_path / "part", model, pictures, hdf5=True)
    export.publish(
        tmp_path / "part",
        bundle,
        Bundle,
        {"thresholds": {"happiness": {"0.01": 0.5}}, "metrics": {"new": 0.9}},
    )
    published = load_bundle(bundle)
    assert published.metrics == {"new": 0.9}
    assert published.thresholds == {"happiness": {"0.01": 0.5}}
    assert set(content(bundle)) == {
        "README.md",
        str(Path("pictures") / "curve.txt"),
        "model.json",
        "model.keras",
        "model.h5",
        "model.tflite",
    }
    assert [path.name for path in bundle.parent.iterdir()] == [bundle.name]
    # A network that the next bundle does not have is not left lying there.
    shutil.copytree(written, tmp_path / "part")
    export.publish(tmp_path / "part", bundle, Bundle, {"thresholds": {}, "metrics": {}})
    assert "model.h5" not in content(bundle)


def replace_bundle(folder, model, pictures):
    with export.workshop(folder) as scratch:
        write(scratch / "part", model, pictures)
        export.publish(scratch / "part", folder, Bundle, {"thresholds": {}, "metrics": {}})


def fail_with_full_disk(*_, **__):
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("step", ["save", "copy2", "contract"])
def test_a_full_disk_leaves_the_old_bundle_whole(
    tmp_path, bundle, model, pictures, monkeypatch, step
):
    before = content(bundle)
    if step == "save":
        monkeypatch.setattr(keras.Model, "save", fail_with_full_disk)
    elif step == "copy2":
        monkeypatch.setattr(export.shutil, "copy2", fail_with_full_disk)
    else:
        monkeypatch.setattr(export, "write_contract", fail_with_full_disk)
    with pytest.raises(TrainingError, match=r"No space left on device.*unchanged"):
        replace_bundle(bundle, model, pictures)
    assert content(bundle) == before
    assert [path.name for path in bundle.parent.iterdir()] == [bundle.name]
    assert ExpressionClassifier(bundle).bundle.metrics == {"old": 1.0}


def test_a_swap_that_fails_half_way_is_undone(tmp_path, bundle, written, monkeypatch):
    before = content(bundle)
    shutil.copytree(written, tmp_path / "part")
    rename = Path.rename

    def refuse_the_new(self, target):
        if self.name == "part":
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse_the_new)
    with pytest.raises(TrainingError, match="Permission denied"):
        export.publish(tmp_path / "part", bundle, Bundle, {"thresholds": {}, "metrics": {}})
    assert content(bundle) == before


def test_a_swap_that_was_killed_half_way_is_taken_up(tmp_path, bundle, written):
    bundle.rename(bundle.with_name(f".{bundle.name}.old"))
    shutil.copytree(written, tmp_path / "part")
    export.publish(tmp_path / "part", bundle, Bundle, {"thresholds": {}, "metrics": {"new": 1.0}})
    assert load_bundle(bundle).metrics == {"new": 1.0}
    assert (bundle / "README.md").read_text("utf-8") == "# Card\n"
    assert [path.name for path in bundle.parent.iterdir()] == [bundle.name]


def test_a_folder_of_other_things_is_not_replaced(tmp_path):
    mine = tmp_path / "documents"
    mine.mkdir()
    (mine / "letter.txt").write_text("dear", "utf-8")
    for target in (mine, mine / "letter.txt"):
        with pytest.raises(TrainingError, match="is not a model bundle"):
            export.check_target(target)
    assert (mine / "letter.txt").read_text("utf-8") == "dear"


# --- Figures and the script -----------------------------------------------------------------------


def test_the_figures_are_those_of_the_exported_file(tmp_path, written, model, pictures):
    folder = shutil.copytree(written, tmp_path / "bundle")
    answers = export.look_at(model, pictures, mirrored=True).mean(axis=0)
    labels = answers.argmax(axis=1)
    labels[:6] = (labels[:6] + 1) % len(EMOTIONS)
    labels[6:9], labels[9:12] = EMOTIONS.index("happiness"), EMOTIONS.index("surprise")
    right = int(np.sum(answers.argmax(axis=1) == labels))
    faces = LabelledFaces(
        pictures, np.eye(len(EMOTIONS), dtype=np.float32)[labels], tuple(map(str, range(24)))
    )
    figures = export.measure(folder, faces)
    assert figures.accuracy == pytest.approx(right / len(pictures))
    np.testing.assert_allclose(figures.probabilities, answers, atol=1e-4)
    assert figures.file_bytes == (folder / "model.tflite").stat().st_size
    assert figures.face_ms > 0
    metrics = figures.metrics("valid")
    assert metrics["valid_accuracy"] == round(right / len(pictures), 4)
    assert (
        metrics["valid_accuracy_low"] < metrics["valid_accuracy"] < metrics["valid_accuracy_high"]
    )
    assert (metrics["valid_faces"], metrics["valid_faces_surprise"]) == (24, sum(labels == 2))
    # What so few faces cannot tell is not published.
    assert not [name for name in metrics if "ece" in name or "auc" in name]
    alarms = export.false_alarms(figures, {"happiness": {"0.05": 0.0, "0.01": 1.0}})
    assert alarms["false_alarms_happiness_at_0.05"] == 1.0
    assert alarms["false_alarms_happiness_at_0.01"] == 0.0
    others = int(np.sum(labels != EMOTIONS.index("happiness")))
    assert alarms["false_alarms_happiness_at_0.01_high"] == pytest.approx(
        share(0, others).high, abs=1e-4
    )


def test_figures_of_enough_faces_come_with_their_intervals():
    rng = np.random.default_rng(0)
    labels = np.arange(200) % 4
    probabilities = rng.dirichlet(np.ones(len(EMOTIONS)), 200) * 0.5
    probabilities[np.arange(200), labels] += 0.5
    metrics = export.Figures(probabilities, labels, labels // 2 + np.arange(200) // 8).metrics("a")
    for name in ("accuracy", "ece", "auc_happiness", "auc_surprise", "ece_happiness"):
        low, value, high = (metrics[f"a_{name}{end}"] for end in ("_low", "", "_high"))
        assert low <= high
        assert 0.0 <= value <= 1.0
    counted = {name for name in metrics if "faces" in name}
    assert counted == {"a_faces", "a_faces_happiness", "a_faces_surprise"}
    for name in set(metrics) - counted:
        stem = name.removesuffix("_low").removesuffix("_high")
        assert {stem, f"{stem}_low", f"{stem}_high"} <= set(metrics)


def test_other_networks_are_asked_for_the_same_faces(written, tmp_path, pictures, caplog):
    faces = LabelledFaces(
        pictures,
        np.eye(len(EMOTIONS), dtype=np.float32)[np.arange(24) % 4],
        tuple(map(str, range(24))),
    )
    figures = export.measure(written, faces)
    held = export.held_back(
        "held_back",
        faces,
        figures,
        written / "model.tflite",
        "1",
        [written, MODELS / "expression", tmp_path / "none"],
        seed=3,
    )
    assert "none is not compared with" in caplog.text
    shipped = load_bundle(MODELS / "expression")
    mine, other = held.readings
    assert other.network == shipped.sha256["model.tflite"]
    order = np.random.default_rng(3).permutation(24)
    assert held.labels == tuple(order % 4)
    np.testing.assert_allclose(mine.probabilities, figures.probabilities[order], atol=1e-3)
    large = cv2.resize(pictures[order[0]], (128, 128))[:, :, np.newaxis]
    expected = ExpressionClassifier(MODELS / "expression").classify(large)
    np.testing.assert_allclose(other.probabilities[0], expected, atol=1e-3)


@pytest.fixture
def ferplus(tmp_path, pictures):
    """FER+ in small: 80 pictures to train on, 24 to measure on, of four emotions."""
    folder = tmp_path / "fer"
    (folder / "images").mkdir(parents=True)
    rng = np.random.default_rng(0)
    with (folder / "labels.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "split", *EMOTIONS, "unknown", "NF"])
        for number in range(104):
            name = f"{number}.png"
            picture = pictures[number % 24] // 2 + rng.integers(0, 120, (SIZE_PX, SIZE_PX, 1))
            cv2.imwrite(str(folder / "images" / name), picture.astype(np.uint8))
            votes = [0] * (len(EMOTIONS) + 2)
            votes[number % 4] = 10
            writer.writerow([name, "train" if number < 80 else "valid", *votes])
    return folder


@pytest.fixture
def few_are_enough(monkeypatch):
    """Let ten faces of an emotion tell a temperature, and one a threshold."""
    monkeypatch.setattr(calibrate, "LEAST_FACES_TO_FIT", 5)
    monkeypatch.setattr(calibrate, "LEAST_ALARMS", 1)


def test_the_script_calibrates_exports_and_prints_what_it_measured(
    tmp_path, ferplus, model, few_are_enough
):
    model.save(tmp_path / "best.keras")
    out = tmp_path / "bundle"
    arguments = [tmp_path / "best.keras", "--ferplus", ferplus, "--out", out, "--version", "7"]
    arguments += ["--size-px", SIZE_PX, "--choice-share", 0.5, "--h5", "--precision", "int8"]
    done = call("export_classifier.py", *arguments)
    assert done.code == 0, done.err
    bundle = load_bundle(out)
    assert bundle.version == "7"
    # 40 faces to choose on, 30 of them of other emotions: 0.05 is one face, 0.02 less than one.
    assert {emotion: list(rates) for emotion, rates in bundle.thresholds.items()} == {
        "happiness": ["0.05"],
        "surprise": ["0.05"],
    }
    assert {
        "ferplus_valid_accuracy",
        "ferplus_valid_faces",
        "ferplus_valid_false_alarms_surprise_at_0.05_high",
    } < set(bundle.metrics)
    assert f"temperature {bundle.metrics['temperature']:.3f}, fitted on 40 faces" in done.out
    assert bundle.metrics["temperature_faces"] == 40
    assert all(word in done.out for word in ("float32", "float16", "int8 (kept)", "bytes"))
    assert f"emotion-game models use {out}" in done.err
    for name in bundle.sha256:
        verify_file(out, bundle, name)
    # The kept Keras file holds the calibrated network that plays.
    kept = export.load_trained(out / "model.keras", SIZE_PX)
    before, after = model.get_layer("emotions"), kept.get_layer("emotions")
    np.testing.assert_allclose(
        np.asarray(after.kernel) * bundle.metrics["temperature"],
        np.asarray(before.kernel),
        rtol=1e-3,
    )


def test_a_run_is_exported_into_itself_by_what_it_was_trained_with(trained_run, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(trained_run.folder, run)
    before = content(MODELS / "expression")
    done = call("export_classifier.py", run, "--data", "our booth, consented")
    assert done.code == 0, done.err
    assert content(MODELS / "expression") == before
    bundle = load_bundle(run / "bundle")
    assert bundle.data == "our booth, consented"
    shipped = load_bundle(MODELS / "expression").input
    assert bundle.input == shipped.model_copy(update={"size_px": SIZE_PX})
    # Four held-back faces tell next to nothing, and so next to nothing is published.
    assert "4 faces to choose on, 4 to measure on (held_back)" in done.err
    assert bundle.thresholds == {}
    assert set(bundle.metrics) == {
        "held_back_faces",
        "held_back_faces_happiness",
        "held_back_faces_surprise",
        "held_back_accuracy",
        "held_back_accuracy_low",
        "held_back_accuracy_high",
    }
    # Nor do they move the probabilities.
    trained = export.load_trained(run / "model.keras", SIZE_PX)
    kept = export.load_trained(run / "bundle" / "model.keras", SIZE_PX)
    for mine, theirs in zip(kept.get_weights(), trained.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert "the held-back faces are too few" in done.out
    # The start model is the first row of the table.
    rows = [line for line in done.out.splitlines() if "start model" in line or "float" in line]
    assert "start model" in rows[0]
    assert "float16 (kept)" in rows[2]
    held = read_held_back(run / "bundle")
    assert len(held.labels) == 4
    assert len(held.readings) == 2


def test_the_start_models_temperature_stays(trained_run, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(trained_run.folder, run)
    origin = replace(Origin.read(run), start_from=MODELS / "expression" / "model.keras")
    origin.write(run)
    done = call("export_classifier.py", run / "all.keras", "--data", "x", "--out", tmp_path / "b")
    assert done.code == 0, done.err
    shipped = load_bundle(MODELS / "expression").metrics["temperature"]
    assert load_bundle(tmp_path / "b").metrics["temperature"] == shipped
    assert f"temperature {shipped:.3f}, as in the model" in done.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.keras"], "none.keras is missing"),
        (["best.keras", "--precision", "int4"], "--precision int4 is unknown"),
        (["best.keras", "--out", "fer"], "is not a model bundle"),
        (["best.keras", "--ferplus", "none"], "labels.csv"),
        (["best.keras", "--folders", "fer"], 'Give --data "WHAT'),
        (["best.keras", "--choice-share", "2"], "--choice-share 2.0"),
    ],
)
def test_the_script_says_a_fault_in_one_line(
    tmp_path, ferplus, model, monkeypatch, arguments, said
):
    model.save(tmp_path / "best.keras")
    monkeypatch.chdir(tmp_path)
    common = ["--ferplus", "fer"] if "--ferplus" not in arguments else []
    before = content(ferplus)
    done = call("export_classifier.py", *arguments, *common, "--size-px", SIZE_PX)
    assert done.code == 1
    assert said in done.fault
    assert content(ferplus) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["best.keras", "fer"]


@pytest.mark.parametrize(
    ("name", "content_"),
    [
        ("settings.json", '{"phase": [], "speed": 1}'),
        ("settings.json", "{"),
        ("sources.json", "{}"),
    ],
)
def test_a_run_of_another_release_is_one_line(trained_run, tmp_path, name, content_):
    run = tmp_path / "run"
    run.mkdir()
    for each in ("model.keras", "settings.json", "sources.json"):
        shutil.copy(trained_run.folder / each, run)
    (run / name).write_text(content_)
    done = call("export_classifier.py", run, "--data", "x")
    assert (done.code, done.err.count("\n")) == (1, 1)
    assert name in done.err
    assert not (run / "bundle").exists()
