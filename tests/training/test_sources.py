"""All sources of a run, a teacher, the curves, and the training script as its user calls it."""

from __future__ import annotations

import codecs
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace

import cv2
import numpy as np
import pytest
from faces_for_tests import made_up_faces, votes, write_ferplus
from free_port import free_port
from scripts_for_tests import SETTINGS, call, write_classes, write_config

from emotion_game import paths
from emotion_game.errors import TrainingError
from emotion_game.game.types import EMOTIONS
from emotion_game.settings import load_settings
from emotion_game.training.classifier.config import TrainingSettings
from emotion_game.training.classifier.distillation import Teachers, load_talking
from emotion_game.training.classifier.export import write_bundle
from emotion_game.training.classifier.networks import build_network
from emotion_game.training.classifier.runs import read_curve
from emotion_game.training.classifier.sources import Origin, Sources, load_sources, load_training
from emotion_game.training.data.faces import FaceCutter, person_split
from emotion_game.training.report.curves import plot_run, smooth
from emotion_game.vision.bundle import InputSpec, load_bundle
from emotion_game.vision.classifier import ExpressionClassifier
from emotion_game.vision.crop import CropSpec
from emotion_game.vision.detector import HaarDetector


def load(**sources):
    return load_sources(Sources(**sources), SETTINGS, CropSpec(), HaarDetector())


def train_on(teach=None, /, **sources):
    return load_training(Sources(**sources), SETTINGS, CropSpec(), HaarDetector(), teach)


def test_sources_join_and_each_holds_a_share_back(tmp_path):
    ferplus = write_ferplus(tmp_path / "fer", [("train", votes(surprise=9))] * 8)
    classes = write_classes(tmp_path / "classes")
    train, held = load(ferplus=ferplus, folders=(classes,))
    assert (len(train), len(held)) == (6 + 12, 2 + 4)
    assert train.pictures.shape[1:] == (32, 32, 1)
    assert set(held.majority()) <= {EMOTIONS.index(e) for e in ("surprise", "happiness", "neutral")}
    assert not set(train.files) & set(held.files)


def test_a_folder_that_is_split_already_stays_so(tmp_path):
    write_classes(tmp_path / "own" / "train", 4)
    write_classes(tmp_path / "own" / "valid", 2, seed=1)
    train, held = load(folders=(tmp_path / "own",))
    assert (len(train), len(held)) == (8, 4)
    assert all("valid" in file for file in held.files)


def test_no_source_is_said():
    with pytest.raises(TrainingError, match="No data was given"):
        load()


BUNDLE = paths.MODELS / "expression"


@pytest.fixture(scope="module")
def teach():
    return Teachers([BUNDLE])


def write_small_bundle(folder):
    shape = InputSpec(
        size_px=32,
        colour="gray",
        lowest=0,
        highest=255,
        margin=0.0,
        shift_down=0.0,
        detail_px=0,
        mirrored_look=True,
    )
    write_bundle(
        folder,
        build_network(SETTINGS.network, None),
        version="1",
        input_spec=shape,
        data="made up",
        check_faces=made_up_faces(2, size_px=32).pictures,
    )
    return folder


def test_several_teachers_of_other_sizes_answer_with_their_mean(teach, tmp_path):
    faces = made_up_faces(3, size_px=96).pictures.astype(np.float32)
    answers = teach(faces)
    network = ExpressionClassifier(BUNDLE)
    side_px = network.crop.size_px
    scaled = np.stack([cv2.resize(face, (side_px, side_px)) for face in faces])[..., None]
    np.testing.assert_allclose(answers, network.look(scaled), atol=1e-6)
    np.testing.assert_allclose(answers.sum(axis=1), 1.0, atol=1e-5)
    other = write_small_bundle(tmp_path / "other")
    both = Teachers([BUNDLE, other])
    alone = Teachers([other])(faces)
    assert not np.allclose(alone, answers, atol=1e-3)
    np.testing.assert_allclose(both(faces), (answers + alone) / 2, atol=1e-6)


def with_teacher_share(share):
    content = SETTINGS.model_dump()
    content["data"]["teacher_share"] = share
    return TrainingSettings.model_validate(content)


@pytest.fixture
def talking(tmp_path):
    """One photograph under a name of each half of the people, and a wall."""
    from skimage.data import astronaut

    folder = tmp_path / "talking"
    folder.mkdir()
    names = [f"Person{number}" for number in range(20)]
    for split in ("train", "test"):
        name = next(name for name in names if person_split(name) == split)
        cv2.imwrite(str(folder / f"{name}_01.png"), astronaut()[:, :, ::-1])
        cv2.imwrite(str(folder / f"{name}_02.png"), np.full((200, 200, 3), 120, np.uint8))
    return folder


def test_who_talks_is_labelled_by_the_teacher_and_not_surprised(talking, teach):
    # Boxes beside the face: in some of them the teacher sees a little surprise.
    cutter = FaceCutter(CropSpec(64), HaarDetector(), 12, 0.3, seed=3)
    faces = load_talking(talking, cutter, teach)
    assert set(faces.groups) == {
        file.stem[:-3] for file in talking.iterdir() if person_split(file.stem[:-3]) == "train"
    }
    assert len(faces) == 12
    answers = teach(faces.pictures.astype(np.float32))
    assert answers[:, 2].max() > 1e-3
    np.testing.assert_allclose(faces.shares[:, 0], answers[:, 0] + answers[:, 2], atol=1e-6)
    np.testing.assert_array_equal(faces.shares[:, 2], 0.0)
    np.testing.assert_allclose(faces.shares[:, [1, *range(3, 8)]], answers[:, [1, *range(3, 8)]])


def test_the_teacher_gets_its_share_of_every_label_but_of_those_who_talk(tmp_path, talking, teach):
    sources = Sources(folders=(write_classes(tmp_path / "classes"),))
    settings = with_teacher_share(0.75)
    with pytest.raises(TrainingError, match=r"data.teacher_share is 0\.75"):
        load_training(sources, settings, CropSpec(), HaarDetector())
    # Without it the same faces are read for an export.
    plain, _ = load_sources(sources, settings, CropSpec(), HaarDetector())
    faces, held = load_training(
        replace(sources, talking=talking), settings, CropSpec(), HaarDetector(), teach
    )
    np.testing.assert_array_equal(faces.pictures[: len(plain)], plain.pictures)
    np.testing.assert_array_equal(faces.shares[: len(plain)], 0.25 * plain.shares)
    talk = faces.shares[len(plain) :]
    np.testing.assert_allclose(talk.sum(axis=1), 1.0, atol=1e-5)
    np.testing.assert_array_equal(talk[:, EMOTIONS.index("surprise")], 0.0)
    np.testing.assert_array_equal(held.shares.sum(axis=1), 1.0)


def test_who_talks_is_trained_on_and_not_chosen_by(talking, tmp_path, teach):
    classes = write_classes(tmp_path / "classes")
    train, held = train_on(teach, folders=(classes,), talking=talking)
    assert (len(train), len(held)) == (12 + SETTINGS.data.crops_a_picture, 4)
    with pytest.raises(TrainingError, match="No teacher was given"):
        train_on(folders=(classes,), talking=talking)
    with pytest.raises(TrainingError, match=r"holds 0 picture\(s\)"):
        train_on(teach, folders=(classes,), talking=tmp_path / "none")


def test_smoothing_is_an_exponential_moving_average():
    assert smooth([1.0, 0.0, 0.0], 0.5) == [1.0, 0.5, 0.25]
    assert smooth([3.0, 1.0], 0.0) == [3.0, 1.0]


def test_a_detectors_run_has_a_curve_of_its_loss_alone(tmp_path):
    rows = "epoch,loss,val_loss\n0,3.0,4.0\n1,2.0,3.0\n"
    (tmp_path / "neck.csv").write_text(rows)
    (tmp_path / "settings.json").write_text('{"phase": [{"name": "neck"}]}')
    plot_run(tmp_path, tmp_path / "curves.png")
    assert (tmp_path / "curves.png").stat().st_size > 1000


def test_curves_need_a_run(tmp_path):
    with pytest.raises(TrainingError, match="is no run"):
        plot_run(tmp_path, tmp_path / "curves.png")
    settings = SETTINGS.model_dump_json()
    (tmp_path / "settings.json").write_text(settings)
    with pytest.raises(TrainingError, match="no whole epoch"):
        plot_run(tmp_path, tmp_path / "curves.png")


def test_the_script_trains_and_draws_its_curves(trained_run):
    said, run = trained_run.said, trained_run.folder
    assert "head: 12 faces x 1 epochs / batch 4 = 3 steps at 32 px, under a minute" in said
    assert "under a minute in all" in said
    assert "all 2/2: accuracy" in said
    assert (run / "model.keras").exists()
    assert cv2.imread(str(run / "curves.png")) is not None
    assert [row["epoch"] for row in read_curve(run / "all.csv")] == [0, 1, 2]
    verdict = json.loads((run / "verdict.json").read_text())
    assert verdict["faces"] == 4
    assert verdict["sentence"] in said
    origin = Origin.read(run)
    assert origin == Origin(Sources(folders=(trained_run.classes,)))


def test_a_run_is_refused_before_its_data_is_read(trained_run):
    call_ = ("--folders", "nowhere", "--run", trained_run.folder, "--config", trained_run.config)
    done = call("train_classifier.py", *call_)
    assert (done.code, done.err.count("\n")) == (1, 1)
    assert "holds a run already" in done.fault


def test_leaks_are_refused(trained_run, tmp_path):
    classes = shutil.copytree(trained_run.classes, tmp_path / "classes")
    # Copies of a held-back picture among the training pictures.
    for number in range(3):
        shutil.copy(classes / "neutral" / "0.png", classes / "neutral" / f"copy{number}.png")
    arguments = ("--run", tmp_path / "run", "--config", trained_run.config)
    done = call("train_classifier.py", "--folders", classes, *arguments)
    assert done.code == 1
    assert "--drop-leaks" in done.fault
    assert not (tmp_path / "run").exists()


def test_a_training_that_did_not_help_offers_the_start_model(trained_run, tmp_path):
    """Going on from a model that is right already, at a rate that moves nothing."""
    config = tmp_path / "still.toml"
    content, _ = trained_run.config.read_text().rsplit("[[phase]]", 1)
    config.write_text(re.sub(r"learning_rate = \S+", "learning_rate = 1e-12", content))
    start = trained_run.folder / "model.keras"
    run = tmp_path / "run"
    done = call(
        *("train_classifier.py", "--folders", trained_run.classes, "--run", run),
        *("--config", config, "--start-from", start),
    )
    assert done.code == 0, done.err
    assert re.search(r"The training (did not help|helped no more than chance)", done.err)
    assert f"The start model stays the better choice: {start}" in done.err
    assert not json.loads((run / "verdict.json").read_text())["helped"]


def test_people_are_told_by_the_names_of_the_files(tmp_path):
    folder = tmp_path / "classes"
    write_classes(folder, 12)
    for file in folder.rglob("*.png"):
        file.rename(file.with_stem(f"person{int(file.stem) % 6}_{file.stem}"))
    train, held = load(folders=(folder,), people_by_name=True)
    assert set(train.groups).isdisjoint(held.groups)
    assert set(train.groups) | set(held.groups) == {f"person{number}" for number in range(6)}
    with pytest.raises(TrainingError, match="exclude each other"):
        load(folders=(folder,), people_by_name=True, people=tmp_path / "people.csv")
    # The check loads them as the training would.
    arguments = ("--folders", folder, "--people-by-name", "--config")
    checked = call("check_data.py", *arguments, write_config(tmp_path / "tiny.toml"))
    assert checked.code == 0, checked.err


@pytest.mark.parametrize("content", ["{", "[]", '{"sources": {"folders": 3}}'])
def test_a_damaged_list_of_sources_is_one_line(tmp_path, content):
    (tmp_path / "sources.json").write_text(content)
    with pytest.raises(TrainingError, match=r"sources\.json") as caught:
        Origin.read(tmp_path)
    assert "\n" not in str(caught.value)


def test_several_workers_train_like_one(trained_run, tmp_path):
    """Two processes on this machine, without anything random in the pictures or the network."""
    arguments = ("--folders", trained_run.classes, "--config", trained_run.config)
    cluster = {"worker": [f"localhost:{free_port()}" for _ in range(2)]}
    workers = []
    for index in range(2):
        config_json = json.dumps({"cluster": cluster, "task": {"type": "worker", "index": index}})
        workers.append(
            subprocess.Popen(
                [
                    sys.executable,
                    "scripts/train_classifier.py",
                    *map(str, arguments),
                    "--run",
                    str(tmp_path / "both"),
                ],
                cwd=paths.CONFIGS.parent,
                env={**os.environ, "TF_CONFIG": config_json},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
    try:
        errors = [worker.communicate(timeout=1800)[1] for worker in workers]
    finally:
        for worker in workers:
            worker.kill()
    assert [worker.returncode for worker in workers] == [0, 0], errors
    # Nothing but ours is said: no line of TensorFlow's, oneDNN's or gRPC's.
    assert not [line for line in "".join(errors).splitlines() if re.match(r"[IWE]\d{4} ", line)]
    one, first, second = (
        [row for phase in ("head", "all") for row in read_curve(folder / f"{phase}.csv")]
        for folder in (trained_run.folder, tmp_path / "both", tmp_path / "both" / "worker-1")
    )
    assert len(one) == len(first) == 5
    for mine, theirs in zip(first, second, strict=True):
        assert mine == pytest.approx(theirs, abs=1e-5)
    # While the backbone is frozen, two halves of a batch are the batch. Then batch norm sees
    # halves, so only the loss on held-back faces, which uses the running averages, is alike.
    for mine, single in zip(first[:3], one[:3], strict=True):
        assert mine == pytest.approx(single, abs=1e-3)
    for mine, single in zip(first[3:], one[3:], strict=True):
        assert mine["val_loss"] == pytest.approx(single["val_loss"], rel=0.15)


@pytest.mark.parametrize(
    "text",
    ["not json", "{}", '{"cluster": {"worker": ["a:1"]}, "task": {"type": "ps", "index": 0}}'],
)
def test_a_wrong_cluster_is_said(text, monkeypatch):
    from emotion_game.training.distributed import strategy_from_environment

    monkeypatch.setenv("TF_CONFIG", text)
    with pytest.raises(TrainingError, match="TF_CONFIG is not a cluster"):
        strategy_from_environment()


def test_a_booth_goes_on_at_the_size_of_the_shipped_network():
    settings = load_settings(paths.CONFIGS / "training" / "booth.toml", TrainingSettings)
    size_px = load_bundle(paths.MODELS / "expression").input.size_px
    assert settings.network.size_px == size_px
    assert {phase.image_px for phase in settings.phase} == {size_px}


def test_a_curve_saved_by_a_spreadsheet(tmp_path):
    path = tmp_path / "head.csv"
    path.write_bytes(codecs.BOM_UTF8 + b"epoch,loss\r\n0,1.5\r\n1,1.")
    assert read_curve(path) == [{"epoch": 1.0, "loss": 1.5}, {"epoch": 2.0, "loss": 1.0}]
    path.write_bytes(b"epoch;loss\n0;1.5\n")
    with pytest.raises(TrainingError, match=r"head\.csv, line 1: expected columns parted by"):
        read_curve(path)
