"""Export a fitted network as a model bundle: ``model.tflite``, ``model.keras``, ``model.json``."""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import h5py
import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from emotion_game.errors import ModelError, TrainingError
from emotion_game.game.types import EMOTIONS
from emotion_game.training.classifier import calibrate as calibrate
from emotion_game.training.classifier import evaluate as evaluate
from emotion_game.training.classifier.evaluate import Estimate
from emotion_game.training.classifier.networks import HEAD_NAME
from emotion_game.training.classifier.quantize import export_quantized
from emotion_game.training.classifier.runs import load_network
from emotion_game.training.data.faces import LabelledFaces
from emotion_game.vision.bundle import (
    CONTRACT,
    HDF5_MODEL,
    KERAS_MODEL,
    NETWORK,
    AnyContract,
    Bundle,
    Contract,
    FileName,
    InputSpec,
    file_sha256,
)
from emotion_game.vision.classifier import ExpressionClassifier
from emotion_game.vision.held_back import (
    HELD_BACK,
    MOST_FACES,
    HeldBack,
    HeldReading,
    Share,
    share,
)

log = logging.getLogger(__name__)

Pictures = NDArray[np.uint8]
_BATCH = 64


class Precision(StrEnum):
    """Numbers inside ``model.tflite``; pictures and probabilities are float32 with each.

    ``FLOAT16`` halves the weights, which are widened again when the network is loaded.
    ``INT8`` computes most of the backbone in whole numbers, scaled by what real faces gave (Jacob
    et al., "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only
    Inference", 2018); see :mod:`emotion_game.training.classifier.quantize`.
    """

    FLOAT32 = "float32"
    FLOAT16 = "float16"
    INT8 = "int8"


#: How far a probability of the exported network may lie from the trained one's, to catch a broken
#: export. Measured on 64 faces with two calibrated networks: 0.000002, 0.008 to 0.037, 0.14 and
#: more; what the loss means for the figures is measured on all faces.
TOLERANCES = {Precision.FLOAT32: 0.001, Precision.FLOAT16: 0.1, Precision.INT8: 0.5}
#: Faces that set the scales of an int8 network.
CALIBRATION_FACES = 300


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn a full disk into one clear line that says the old bundle is still there."""
    try:
        yield
    except (OSError, tf.errors.OpError) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise TrainingError(
            f"{folder} cannot be written: {reason}. The bundle that was there is unchanged.",
            hint="Free some space, or choose another --out.",
        ) from error


# --- The trained network --------------------------------------------------------------------------


def load_trained(path: Path, size_px: int) -> keras.Model:
    """Load a checkpoint and check that it reads expressions from faces of this size.

    Args:
        path: a ``.keras`` file, or ``.h5``, Keras' older format; nothing in it can run code
            (``safe_mode``).
        size_px: side of the faces it is to play with.

    Raises:
        TrainingError: when it is no whole Keras model, or one of another shape.
    """
    hint = "Give a .keras file that train_classifier.py wrote."
    if not path.is_file():
        raise TrainingError(f"{path} is missing or no file.", hint=hint)
    whole = zipfile.is_zipfile(path) if path.suffix == ".keras" else h5py.is_hdf5(path)
    if path.suffix not in (".keras", ".h5") or not whole:
        raise TrainingError(f"{path} is not a .keras or .h5 file.", hint=hint)
    network = load_network(path)
    inputs = [tuple(each.shape) for each in network.inputs]
    outputs = [tuple(each.shape) for each in network.outputs]
    fits = len(inputs) == 1 and len(inputs[0]) == 4 and inputs[0][3] == 1
    if not fits or any(side not in (None, size_px) for side in inputs[0][1:3]):
        raise TrainingError(
            f"{path} takes pictures of the shape {inputs}; expected one gray picture of"
            f" {size_px} x {size_px} px.",
            hint=hint,
        )
    if outputs != [(None, len(EMOTIONS))]:
        raise TrainingError(
            f"{path} answers with the shape {outputs}; expected {len(EMOTIONS)} probabilities:"
            f" {', '.join(EMOTIONS)}.",
            hint=hint,
        )
    last = network.layers[-1]
    if last.name != HEAD_NAME or getattr(last, "activation", None) is not keras.activations.softmax:
        raise TrainingError(
            f"{path} is a network of another architecture: its last layer is {last.name!r};"
            f" expected the softmax layer {HEAD_NAME!r}.",
            hint=hint,
        )
    return network


def look_at(
    model: keras.Model,
    pictures: Pictures,
    *,
    mirrored: bool,
    progress: Callable[[range], Iterable[int]] = lambda steps: steps,
) -> NDArray[np.float32]:
    """Return the network's answer to each look, (looks, n, 8).

    Args:
        model: gives probabilities.
        pictures: (n, size, size, 1) uint8.
        mirrored: add the mirror images as a second look, as the game does.
        progress: wraps the batches for a progress bar.
    """
    answers = []
    for start in progress(range(0, len(pictures), _BATCH)):
        batch = pictures[start : start + _BATCH].astype(np.float32)
        looks = [batch, batch[:, :, ::-1]] if mirrored else [batch]
        answers.append(np.stack([np.asarray(model(look, training=False)) for look in looks]))
    return np.concatenate(answers, axis=1)


# --- Files ----------------------------------------------------------------------------------------


def convert(
    model: keras.Model,
    path: Path,
    *,
    size_px: int,
    precision: Precision = Precision.FLOAT32,
    calibration_faces: Pictures | None = None,
) -> None:
    """Write a network as a LiteRT file, (1, size, size, 1) float32 to (1, 8) float32.

    Args:
        model: (n, height, width, 1) float32 in 0..255 to (n, 8) probabilities.
        path: ends in ``.tflite``.
        size_px: the one size that the file takes.
        precision: of the numbers inside; int8 changes the model's filters of zeros.
        calibration_faces: (n, size, size, 1) uint8; int8 needs real ones.

    Raises:
        TrainingError: when int8 is asked for without faces.
    """
    # LiteRT gets one fixed shape; the Keras file stays free in height and width.
    face = keras.Input((size_px, size_px, 1), batch_size=1, name="face")
    fixed = keras.Model(face, model(face, training=False), name="expression")
    if precision is Precision.INT8:
        if calibration_faces is None or not len(calibration_faces):
            raise TrainingError("An int8 network needs real faces to set its scales by.")
        export_quantized(fixed, path, calibration_faces)
        return
    options: dict[str, Any] = {}
    if precision is Precision.FLOAT16:
        options = {
            "optimizations": [tf.lite.Optimize.DEFAULT],
            "target_spec": {"supported_types": [tf.float16]},
        }
    fixed.export(str(path), format="litert", verbose=False, **options)


def write_bundle(
    folder: Path,
    model: keras.Model,
    *,
    version: str,
    input_spec: InputSpec,
    data: str,
    check_faces: Pictures,
    precision: Precision = Precision.FLOAT32,
    calibration_faces: Pictures | None = None,
    hdf5: bool = False,
) -> Bundle:
    """Write a bundle without thresholds and figures into a new folder, and check its files.

    Args:
        folder: does not exist yet.
        model: (n, height, width, 1) float32 in 0..255 to (n, 8) probabilities.
        version: of the weights and the contract.
        input_spec: how faces are cut for this network.
        data: training data and terms.
        check_faces: (n, size, size, 1) uint8; every file must answer to them like the model.
        precision: of ``model.tflite``.
        calibration_faces: see :func:`convert`.
        hdf5: write ``model.h5`` too, Keras' older format.

    Raises:
        TrainingError: when a file cannot be written or answers differently.
    """
    with writing(folder):
        folder.mkdir(parents=True)
        # A copy without the optimizer's moments: a third of the size, enough to retrain from.
        bare = keras.Model.from_config(model.get_config())
        bare.set_weights(model.get_weights())
        keras_files: list[FileName] = [KERAS_MODEL, HDF5_MODEL] if hdf5 else [KERAS_MODEL]
        for name in keras_files:
            bare.save(folder / name)
        convert(
            bare,
            folder / NETWORK,
            size_px=input_spec.size_px,
            precision=precision,
            calibration_faces=calibration_faces,
        )
        expected = look_at(model, check_faces, mirrored=False)[0]
        for name in keras_files:
            kept = keras.saving.load_model(folder / name, safe_mode=True, compile=False)
            check_same(folder / name, look_at(kept, check_faces, mirrored=False)[0], expected)
        tolerance = TOLERANCES[precision]
        check_same(folder / NETWORK, play(folder / NETWORK, check_faces), expected, tolerance)
        bundle = Bundle(
            name="expression",
            version=version,
            task="expression",
            labels=EMOTIONS,
            input=input_spec,
            thresholds={},
            metrics={},
            data=data,
            licence="Apache-2.0",
            sha256={each: file_sha256(folder / each) for each in (NETWORK, *keras_files)},
        )
        write_contract(folder, bundle)
    return bundle


def write_contract(folder: Path, bundle: Contract) -> None:
    """Write ``model.json``."""
    (folder / CONTRACT).write_text(bundle.model_dump_json(indent=1) + "\n", "utf-8")


def play(network: Path, faces: Pictures) -> NDArray[np.float32]:
    """Return what a LiteRT file answers to (n, ...) pictures, one after the other."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_path=str(network), num_threads=1)
    interpreter.allocate_tensors()
    answers = []
    for face in faces:
        interpreter.set_tensor(
            interpreter.get_input_details()[0]["index"], face[np.newaxis].astype(np.float32)
        )
        interpreter.invoke()
        answers.append(interpreter.get_tensor(interpreter.get_output_details()[0]["index"])[0])
    return np.array(answers)


def check_same(
    path: Path,
    found: NDArray[np.float32],
    expected: NDArray[np.float32],
    tolerance: float = TOLERANCES[Precision.FLOAT32],
) -> None:
    """Refuse a file whose answers differ from the trained network's.

    Raises:
        TrainingError: when one number is further away than ``tolerance``.
    """
    furthest = float(np.max(np.abs(found - expected)))
    if not furthest <= tolerance:  # NaN, too
        raise TrainingError(
            f"The exported {path.name} answers up to {furthest:.4f} away from the trained"
            f" network; at most {tolerance} is allowed.",
            hint="Another precision or TensorFlow release may export this network rightly.",
        )


def publish(
    part: Path,
    folder: Path,
    kind: type[AnyContract],
    found: Mapping[str, Any],
) -> AnyContract:
    """Complete a bundle and put it in the place of the one in ``folder``, in one step.

    The model card and whatever else lies in ``folder`` move on with it. The whole new folder is
    made beside and then swapped in by two renames; were the process killed between the two, the
    next call finds the old folder under ``.NAME.old`` and puts it back first.

    Args:
        part: from :func:`write_bundle`, on the same file system as ``folder``.
        folder: a bundle, an empty folder, or nothing yet.
        kind: of contract.
        found: what was measured since: ``thresholds``, ``metrics`` and so on.

    Raises:
        TrainingError: when it cannot be written; the old bundle is still there.
    """
    folder = folder.resolve()
    check_target(folder)
    with writing(folder):
        contract = kind.model_validate_json((part / CONTRACT).read_bytes())
        bundle = kind.model_validate({**contract.model_dump(), **found})
        write_contract(part, bundle)
        old = folder.with_name(f".{folder.name}.old")
        if not folder.exists():
            if not old.exists():
                folder.parent.mkdir(parents=True, exist_ok=True)
                part.rename(folder)
                return bundle
            old.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
        for each in folder.iterdir():
            if each.name in (CONTRACT, NETWORK, KERAS_MODEL, HDF5_MODEL, HELD_BACK):
                continue
            if each.is_dir():
                shutil.copytree(each, part / each.name)
            else:
                shutil.copy2(each, part / each.name)
        folder.rename(old)
        try:
            part.rename(folder)
        except OSError:
            old.rename(folder)
            raise
        shutil.rmtree(old, ignore_errors=True)
    return bundle


def check_target(folder: Path) -> None:
    """Refuse to replace a folder that is no bundle.

    Raises:
        TrainingError: when ``folder`` is a file, or holds files but no ``model.json``.
    """
    if not folder.exists():
        return
    if not folder.is_dir() or (any(folder.iterdir()) and not (folder / CONTRACT).exists()):
        raise TrainingError(
            f"{folder} is not a model bundle: it holds no {CONTRACT}.",
            hint="Choose an empty or new folder, so that nothing of yours is replaced.",
        )


@contextmanager
def workshop(folder: Path) -> Iterator[Path]:
    """Give a scratch folder beside ``folder`` that is gone afterwards.

    Raises:
        TrainingError: when it cannot be made.
    """
    folder = folder.resolve()
    with writing(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        scratch = tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.")
    with scratch as name:
        yield Path(name)


# --- Figures --------------------------------------------------------------------------------------


#: A calibration error is not stated on fewer faces: bins of one or two faces make it large.
LEAST_FOR_ECE = 100


@dataclass(frozen=True, slots=True)
class Figures:
    """What a network gives on labelled faces, as the game computes it.

    Attributes:
        probabilities: (n, 8).
        labels: (n,) index into ``EMOTIONS``.
        groups: (n,) who is on each face; people are drawn together for the intervals.
        file_bytes: size of ``model.tflite``; None for a network that was not exported.
        face_ms: median milliseconds of a face, mirrored look included, on one thread; likewise.
    """

    probabilities: NDArray[np.float64]
    labels: NDArray[np.int64]
    groups: NDArray[Any]
    file_bytes: int | None = None
    face_ms: float | None = None

    @property
    def accuracy(self) -> float:
        """Share of faces whose likeliest emotion is the majority's."""
        return float(np.mean(self.probabilities.argmax(axis=1) == self.labels))

    def estimates(self) -> dict[str, Estimate]:
        """Return every figure that these faces can tell, with its interval.

        An area needs ``LEAST_FOR_AUC`` faces that show the emotion and as many that do not, a
        calibration error ``LEAST_FOR_ECE`` faces.
        """
        reading = evaluate.Reading("", self.probabilities, self.labels, self.groups, ())
        everyone = np.arange(len(self.labels))
        told: dict[str, Callable[[NDArray[np.intp]], float]] = {
            "accuracy": lambda faces: float(np.mean(reading.hits()[faces]))
        }
        enough = len(self.labels) >= LEAST_FOR_ECE
        if enough:
            told["ece"] = partial(self._ece, None)
        for emotion in evaluate.SCORED:
            if not np.isnan(reading.auc_of(emotion, everyone, evaluate.LEAST_FOR_AUC)):
                told[f"auc_{emotion}"] = partial(reading.auc_of, emotion)
                if enough:
                    told[f"ece_{emotion}"] = partial(self._ece, emotion)
        found = {name: evaluate.bootstrap(each, self.groups) for name, each in told.items()}
        return {name: each for name, each in found.items() if each is not None}

    def _ece(self, emotion: str | None, faces: NDArray[np.intp]) -> float:
        return calibrate.expected_calibration_error(
            self.probabilities[faces], self.labels[faces], emotion=emotion
        )

    def metrics(self, split: str) -> dict[str, float]:
        """Return the figures that ``model.json`` keeps, named after the data.

        Each with the ends of its interval, and how many faces there were, of the modes' emotions
        too.
        """
        metrics = {f"{split}_faces": float(len(self.labels))}
        for emotion in evaluate.SCORED:
            count = int(np.sum(self.labels == EMOTIONS.index(emotion)))
            metrics[f"{split}_faces_{emotion}"] = float(count)
        for name, each in self.estimates().items():
            metrics |= with_interval(f"{split}_{name}", each)
        return metrics


def with_interval(name: str, found: Estimate | Share) -> dict[str, float]:
    """Return a figure and the ends of its interval, by their names in ``model.json``."""
    return {
        name: round(found.value, 4),
        f"{name}_low": round(found.low, 4),
        f"{name}_high": round(found.high, 4),
    }


def classify_timed(
    folder: Path,
    faces: LabelledFaces,
    progress: Callable[[Pictures], Iterable[Pictures]] = lambda pictures: pictures,
) -> tuple[NDArray[np.float64], float]:
    """Return a bundle's (n, 8) probabilities and the median milliseconds of a face."""
    classifier = ExpressionClassifier(folder)
    answers, times_s = [], []
    for picture in progress(faces.pictures):
        started_s = time.perf_counter()
        answers.append(classifier.classify(picture))
        times_s.append(time.perf_counter() - started_s)
    return np.array(answers), 1000 * float(np.median(times_s))


def measure(
    folder: Path,
    faces: LabelledFaces,
    progress: Callable[[Pictures], Iterable[Pictures]] = lambda pictures: pictures,
) -> Figures:
    """Measure a bundle on labelled faces; ``progress`` wraps them for a progress bar."""
    probabilities, face_ms = classify_timed(folder, faces, progress)
    return Figures(
        probabilities,
        faces.majority(),
        np.array(faces.groups or faces.files),
        (folder / NETWORK).stat().st_size,
        face_ms,
    )


def measure_network(network: keras.Model, faces: LabelledFaces) -> Figures:
    """Measure a Keras network on labelled faces, mirrored look included."""
    answers = look_at(network, faces.pictures, mirrored=True).mean(axis=0)
    return Figures(
        answers.astype(np.float64), faces.majority(), np.array(faces.groups or faces.files)
    )


def false_alarms(figures: Figures, thresholds: dict[str, dict[str, float]]) -> dict[str, float]:
    """Return the false alarms that thresholds chosen elsewhere give on these faces.

    Returns:
        ``{"false_alarms_happiness_at_0.01": 0.0123}``: the share found beside the share that
        the threshold was chosen for, with the ends of its interval.
    """
    found: dict[str, float] = {}
    for emotion, of_rate in thresholds.items():
        for rate, threshold in of_rate.items():
            count, of = calibrate.false_alarms(
                figures.probabilities, figures.labels, emotion, threshold
            )
            found |= with_interval(f"false_alarms_{emotion}_at_{rate}", share(count, of))
    return found


def held_back(
    split: str,
    faces: LabelledFaces,
    new: Figures,
    network: Path,
    version: str,
    others: Iterable[Path],
    seed: int,
) -> HeldBack:
    """Return what the new network and others read in the same faces, for ``models use``.

    Args:
        split: which faces.
        faces: cut for the new network; other sizes are scaled.
        new: its figures on them.
        network: its file.
        version: its bundle's.
        others: bundles to compare it with; one with the same network, or a broken one, is left
            out.
        seed: of the choice, where there are more than ``MOST_FACES``.
    """
    chosen = np.random.default_rng(seed).permutation(len(faces))[:MOST_FACES]
    readings = [_reading(file_sha256(network), version, new.probabilities[chosen])]
    for folder in others:
        try:
            classifier = ExpressionClassifier(folder)
        except ModelError as error:
            log.warning("%s is not compared with: %s", folder, error.message)
            continue
        checksum = classifier.bundle.sha256[NETWORK]
        if checksum in {each.network for each in readings}:
            continue
        side_px = classifier.crop.size_px
        answers = [
            classifier.classify(cv2.resize(face, (side_px, side_px))[:, :, np.newaxis])
            for face in faces.pictures[chosen]
        ]
        readings.append(_reading(checksum, classifier.bundle.version, np.array(answers)))
    labels = tuple(int(each) for each in faces.majority()[chosen])
    return HeldBack(split=split, labels=labels, readings=tuple(readings))


def _reading(network: str, version: str, probabilities: NDArray[np.float64]) -> HeldReading:
    rounded = np.clip(np.round(probabilities, 3), 0.0, 1.0)
    rows = tuple(tuple(float(each) for each in row) for row in rounded)
    return HeldReading(network=network, name=version, probabilities=rows)
