"""Look inside the classifier: Grad-CAM, activations of its layers, what excites its filters."""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import keras
import numpy as np
import tensorflow as tf
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec
from numpy.typing import NDArray

from emotion_game import paths
from emotion_game.errors import PictureError, TrainingError
from emotion_game.game.types import EMOTIONS
from emotion_game.training.classifier.export import load_trained
from emotion_game.training.classifier.networks import BACKBONE_NAME
from emotion_game.vision.bundle import KERAS_MODEL, InputSpec, load_bundle, verify_file
from emotion_game.vision.crop import Picture, crop_face
from emotion_game.vision.detector import FaceDetector
from emotion_game.vision.pictures import read_picture

Floats = NDArray[np.float32]

#: A map with fewer cells a side cannot tell the mouth from the eyes. See :meth:`default_layer`.
LEAST_CELLS = 6
SHOWN_CHANNELS = 32
SHOWN_FILTERS = 16
_INK, _ACCENT, _QUIET = "#1f2933", "#d1495b", "#b8c1cc"
_HEAT = "plasma"


class OpenNetwork:
    """A classifier taken apart at its backbone, so that every map in between can be reached.

    Args:
        network: as :func:`networks.build_network` makes it.
        spec: how faces are cut for it, and whether the game looks at the mirror image too.
        name: what errors call it.

    Raises:
        TrainingError: when the network has no backbone.
    """

    def __init__(self, network: keras.Model, spec: InputSpec, name: str) -> None:
        self.network, self.spec, self.name = network, spec, name
        names = [layer.name for layer in network.layers]
        at = names.index(BACKBONE_NAME) if BACKBONE_NAME in names else 0
        backbone = network.layers[at]
        if not isinstance(backbone, keras.Model) or len(backbone.output.shape) != 4:
            raise TrainingError(
                f"{name} is a network of another architecture: its layers are"
                f" {', '.join(names)}; expected a backbone {BACKBONE_NAME!r} that ends in a"
                " feature map.",
                hint="Give a network that train_classifier.py made.",
            )
        self.backbone = backbone
        self._prepare = keras.Model(network.input, network.layers[at - 1].output)
        self._features = keras.Model(network.layers[at + 1].input, network.layers[-1].input)
        self._head = network.layers[-1]
        self._probes: dict[tuple[str, ...], keras.Model] = {}
        #: The backbone's feature maps from input to output with their shapes, (rows, columns,
        #: channels), for a face of ``spec.size_px``. A padded map is left out: its cells do not
        #: lie where the face's do.
        self.map_shapes = self._measure_maps()

    def _measure_maps(self) -> dict[str, tuple[int, int, int]]:
        kept = [
            layer
            for layer in self.backbone.layers
            if not isinstance(layer, keras.layers.InputLayer | keras.layers.ZeroPadding2D)
            and len(layer.output.shape) == 4
        ]
        probe = keras.Model(self.backbone.input, [layer.output for layer in kept])
        size_px = self.spec.size_px
        maps = probe(self._prepare(tf.zeros((1, size_px, size_px, 1))), training=False)
        # Keras gives the map itself, not a list, where there is only one.
        maps = maps if isinstance(maps, list) else [maps]
        return {
            layer.name: (int(each.shape[1]), int(each.shape[2]), int(each.shape[3]))
            for layer, each in zip(kept, maps, strict=True)
        }

    def layer(self, name: str) -> keras.layers.Layer:
        """Return one of the layers of ``map_shapes``.

        Raises:
            TrainingError: when there is none of this name; the nearest names are given.
        """
        if name not in self.map_shapes:
            near = difflib.get_close_matches(name, self.map_shapes, n=3, cutoff=0.4)
            raise TrainingError(
                f"The backbone of {self.name} has no feature map {name!r}.",
                hint=f"Nearest: {', '.join(near or list(self.map_shapes)[-3:])}.",
            )
        return self.backbone.get_layer(name)

    def default_layer(self) -> str:
        """Return the deepest map of at least ``LEAST_CELLS`` cells a side, or the last map.

        At 96 px MobileNetV2 ends in 3 x 3 cells, each of which sees the whole face: on 71 faces
        of LFW its Grad-CAM agreed with what covering parts of the face does to the score no
        better than chance (mean rank correlation -0.01); that of the last 6 x 6 map (0.26) agreed
        best of 17 layers.
        """
        fine = [name for name, shape in self.map_shapes.items() if min(shape[:2]) >= LEAST_CELLS]
        return (fine or list(self.map_shapes))[-1]

    def last_of_each_size(self) -> list[str]:
        """Return the deepest map of every height and width, from input to output."""
        last = {shape[:2]: name for name, shape in self.map_shapes.items()}
        return sorted(last.values(), key=list(self.map_shapes).index)

    def looks(self, face: Picture) -> Floats:
        """Return the (1 or 2, size, size, 1) pictures that the game lets the network see."""
        both = [face, face[:, ::-1]] if self.spec.mirrored_look else [face]
        return np.stack(both).astype(np.float32)

    def average(self, looks: Floats) -> Floats:
        """Return the mean (rows, columns, ...) of maps of both looks, the mirrored one undone."""
        return np.asarray((looks[0] + looks[-1][:, ::-1]) / 2 if len(looks) == 2 else looks[0])

    def run(self, pictures: Any, layers: Sequence[str]) -> tuple[list[Any], Any]:
        """Return the maps of the named layers and the (n, 8) logits; differentiable.

        Args:
            pictures: (n, size, size, 1) float32 in 0..255.
            layers: names in ``map_shapes``.
        """
        probe = self._probes.get(tuple(layers))
        if probe is None:
            outputs = [self.layer(name).output for name in layers]
            probe = keras.Model(self.backbone.input, [*outputs, self.backbone.output])
            self._probes[tuple(layers)] = probe
        *maps, last = probe(self._prepare(pictures), training=False)
        features = self._features(last, training=False)
        return maps, tf.matmul(features, self._head.kernel) + self._head.bias

    def before_rectifier(self, name: str) -> keras.Model:
        """Return picture -> map of a layer, taken before its ReLU if the layer is one.

        There a silent filter still has a slope that leads upwards.
        """
        layer = self.layer(name)
        rectifies = isinstance(layer, keras.layers.ReLU | keras.layers.Activation)
        inner = keras.Model(self.backbone.input, layer.input if rectifies else layer.output)
        face = keras.Input((self.spec.size_px, self.spec.size_px, 1))
        return keras.Model(face, inner(self._prepare(face), training=False))


# --- Reading --------------------------------------------------------------------------------------


def open_network(path: Path, size_px: int | None = None) -> OpenNetwork:
    """Load the Keras network of a bundle, or a ``.keras`` file.

    Args:
        path: a bundle's folder; or a ``.keras`` file, whose faces are cut as the shipped
            bundle says.
        size_px: another side of the faces, for a network that was trained at another size.

    Raises:
        ModelError: when the bundle is missing or altered.
        TrainingError: when the network is of another shape or architecture.
    """
    folder = path if path.is_dir() else paths.MODELS / "expression"
    bundle = load_bundle(folder)
    spec = bundle.input
    if size_px is not None:
        spec = spec.model_copy(update={"size_px": size_px})
    if path.is_dir():
        path = verify_file(folder, bundle, KERAS_MODEL)
    return OpenNetwork(load_trained(path, spec.size_px), spec, str(path))


def read_face(path: Path, spec: InputSpec, detector: FaceDetector | None) -> Picture:
    """Cut the largest face out of a picture as the network wants it, (size, size, 1) uint8.

    Args:
        path: any picture.
        spec: size and margins of the crop.
        detector: the game's; None takes the picture itself as the cropped face.

    Raises:
        PictureError: when it is no picture, or no face is found in it.
    """
    picture = read_picture(path)
    if detector is None:
        return crop_face(picture, None, spec.crop())
    faces = detector.detect(picture)
    if not faces:
        height, width = picture.shape[:2]
        raise PictureError(
            f"No face was found in {path} ({width} x {height} px).",
            hint="Give a picture with an upright face seen from the front, or --whole-image for"
            " one that is already cut to the face.",
        )
    largest = max((face.box_px for face in faces), key=lambda box: box[2] * box[3])
    return crop_face(picture, largest, spec.crop())


def emotion_index(name: str) -> int:
    """Return an emotion's place in ``EMOTIONS``.

    Raises:
        TrainingError: when there is none of this name.
    """
    if name in EMOTIONS:
        return EMOTIONS.index(name)
    near = difflib.get_close_matches(name.lower(), EMOTIONS, n=1)
    raise TrainingError(
        f"There is no emotion {name!r}.",
        hint=f"{f'Did you mean {near[0]}? ' if near else ''}Choose from {', '.join(EMOTIONS)}.",
    )


# --- Grad-CAM -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HeatMap:
    """What in a face speaks for an emotion.

    Attributes:
        heat: (size, size) float32 in 0..1, scaled to its highest value; all 0 where nothing
            speaks for the emotion.
        emotion: which one.
        probabilities: (8,) as the game reads this face.
        layer: whose map it is.
        cells: rows and columns of that map.
        hires: whether it was weighed cell by cell.
    """

    heat: Floats
    emotion: str
    probabilities: Floats
    layer: str
    cells: tuple[int, int]
    hires: bool


def heat_map(
    opened: OpenNetwork,
    face: Picture,
    *,
    emotion: str | None = None,
    layer: str | None = None,
    hires: bool = False,
) -> HeatMap:
    """Compute where a face holds what speaks for an emotion.

    Grad-CAM weighs the map's channels by the mean gradient over each (Selvaraju et al., "Grad-CAM:
    Visual Explanations from Deep Networks via Gradient-based Localization", 2017, equations 1 and
    2); HiResCAM weighs cell by cell (Draelos and Carin, "Use HiResCAM instead of Grad-CAM for
    faithful explanations of convolutional neural networks", 2020).

    Instead of the bare logit z_c of the paper, the gradient is that of the log-odds
    log(p_c / (1 - p_c)) = z_c - log(sum of e^z over the others), which asks what speaks for this
    emotion rather than another and does not fade where the network is sure. Rank correlation
    with covering parts of the face, 71 faces of LFW, MobileNetV2's last 6 x 6 map: 0.26 against
    0.09 with the bare logit; HiResCAM 0.34 against 0.16.

    Args:
        opened: the network.
        face: (size, size, 1) uint8.
        emotion: None takes the likeliest.
        layer: a layer of the backbone; None takes :meth:`OpenNetwork.default_layer`.
        hires: HiResCAM instead of Grad-CAM.

    Raises:
        TrainingError: when there is no such emotion or layer.
    """
    layer = layer or opened.default_layer()
    pictures = tf.constant(opened.looks(face))
    with tf.GradientTape() as tape:
        tape.watch(pictures)
        (maps,), logits = opened.run(pictures, [layer])
        probabilities = np.mean(tf.nn.softmax(logits), axis=0)
        index = int(probabilities.argmax()) if emotion is None else emotion_index(emotion)
        others = tf.concat([logits[:, :index], logits[:, index + 1 :]], axis=1)
        log_odds = logits[:, index] - tf.reduce_logsumexp(others, axis=1)
    weights = tape.gradient(log_odds, maps)
    if not hires:
        weights = tf.reduce_mean(weights, axis=(1, 2), keepdims=True)
    cells = opened.average(np.asarray(tf.reduce_sum(weights * maps, axis=-1)))
    cells = np.maximum(cells, 0.0)
    size_px = opened.spec.size_px
    heat = np.clip(cv2.resize(cells, (size_px, size_px), interpolation=cv2.INTER_CUBIC), 0.0, None)
    highest = float(heat.max())
    return HeatMap(
        np.asarray(heat / highest if highest > 0 else heat, dtype=np.float32),
        EMOTIONS[index],
        np.asarray(probabilities, dtype=np.float32),
        layer,
        (int(cells.shape[0]), int(cells.shape[1])),
        hires,
    )


def draw_heat_map(face: Picture, found: HeatMap) -> Figure:
    """Draw face, heat, both in one, and the probabilities, side by side."""
    figure = _figure(13.6, 4.1)
    grid = GridSpec(
        1,
        5,
        figure,
        width_ratios=(1, 1, 1, 0.05, 0.85),
        wspace=0.08,
        left=0.015,
        right=0.985,
        top=0.78,
        bottom=0.06,
    )
    gray = face[:, :, 0]
    plain, heat, both, bar, chart = (figure.add_subplot(grid[0, n]) for n in range(5))
    _show(plain, gray, "what the network sees", cmap="gray", vmin=0, vmax=255)
    heat_drawn = _show(heat, found.heat, "heat", cmap=_HEAT, vmin=0, vmax=1)
    _show(both, gray, "heat over the face", cmap="gray", vmin=0, vmax=255)
    # Cold parts stay plain; hot ones still let the face through.
    both.imshow(found.heat, cmap=_HEAT, vmin=0, vmax=1, alpha=0.55 * np.sqrt(found.heat))
    figure.colorbar(heat_drawn, cax=bar, ticks=[0, 0.5, 1])
    bar.tick_params(labelsize=8, length=2)
    _move_right(chart, 0.075)
    _draw_probabilities(chart, found)
    share = found.probabilities[EMOTIONS.index(found.emotion)]
    title = f"What speaks for {found.emotion} ({share:.0%})"
    if not found.heat.any():
        title = f"Nothing here speaks for {found.emotion} ({share:.0%})"
    rows, columns = found.cells
    method = "HiResCAM" if found.hires else "Grad-CAM"
    where = f"{method} at {found.layer}, {rows} x {columns} cells"
    _entitle(figure, title, f"{where}; 1 = the hottest place of this picture")
    return figure


def _draw_probabilities(chart: Axes, found: HeatMap) -> None:
    colours = [_ACCENT if name == found.emotion else _QUIET for name in EMOTIONS]
    bars = chart.barh(EMOTIONS, found.probabilities, color=colours, height=0.7)
    chart.bar_label(bars, [f"{p:.0%}" for p in found.probabilities], padding=3, fontsize=8)
    chart.set_xlim(0, 1.18)
    chart.invert_yaxis()
    chart.set_title("the game's reading", fontsize=9, color=_INK)
    chart.set_xticks([])
    chart.tick_params(axis="y", length=0, labelsize=9, labelcolor=_INK)
    chart.spines[:].set_visible(False)


# --- Activations ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Activations:
    """One layer's answer to a face.

    Attributes:
        layer: its name.
        maps: (rows, columns, channels) float32.
    """

    layer: str
    maps: Floats

    def inner(self) -> Floats:
        """Return a fine map without its edge, where padding excites some channels most of all."""
        rows, columns = self.maps.shape[0] // 24, self.maps.shape[1] // 24
        return self.maps[rows : self.maps.shape[0] - rows, columns : self.maps.shape[1] - columns]

    def strongest(self, count: int) -> list[int]:
        """Return the channels that differ most from cell to cell, most first."""
        spread = self.inner().std(axis=(0, 1))
        if self.maps.shape[:2] == (1, 1):
            spread = np.abs(self.maps[0, 0])
        return [int(channel) for channel in np.argsort(-spread, kind="stable")[:count]]


def activations(
    opened: OpenNetwork, face: Picture, layers: Iterable[str] | None = None
) -> list[Activations]:
    """Return what the named layers answer to a face, as it stands and not mirrored.

    Args:
        opened: the network.
        face: (size, size, 1) uint8.
        layers: None takes the last map of each size.

    Raises:
        TrainingError: when there is no such layer.
    """
    names = list(layers or opened.last_of_each_size())
    maps, _ = opened.run(tf.constant(face[np.newaxis], tf.float32), names)
    return [Activations(name, np.asarray(each[0])) for name, each in zip(names, maps, strict=True)]


def draw_activations(face: Picture, found: Sequence[Activations]) -> Figure:
    """Draw the face and, for each layer, its strongest channels, each on its own scale."""
    columns = SHOWN_CHANNELS // 2
    width_in, block_in, head_in = 14.0, 2.05, 1.9
    figure = _figure(width_in, head_in + block_in * len(found))
    height_in = head_in + block_in * len(found)
    corner = figure.add_axes((0.012, 1 - 1.75 / height_in, 1.65 / width_in, 1.65 / height_in))
    _show(corner, face[:, :, 0], "", cmap="gray", vmin=0, vmax=255)
    _write(figure, 0.145, 0.45, "How the network answers this face, from input to output", 13)
    _write(
        figure,
        0.145,
        0.85,
        f"Each layer's {SHOWN_CHANNELS} channels that differ most from place to place, with their"
        " numbers.\nBright = strong; each channel on its own scale.",
    )
    for block, layer in enumerate(found):
        top_in = head_in + block_in * block
        rows, cols, channels = layer.maps.shape
        shape = f"{rows} x {cols} cells, {channels} channels"
        _write(figure, 0.012, top_in, f"{layer.layer}   {shape}", 10)
        grid = GridSpec(
            2,
            columns,
            figure,
            left=0.012,
            right=0.988,
            wspace=0.06,
            hspace=0.22,
            top=1 - (top_in + 0.36) / height_in,
            bottom=1 - (top_in + block_in - 0.08) / height_in,
        )
        for place, channel in enumerate(layer.strongest(SHOWN_CHANNELS)):
            axes = figure.add_subplot(grid[divmod(place, columns)])
            cells = layer.maps[:, :, channel]
            inner = layer.inner()[:, :, channel]
            limits = {"vmin": inner.min(), "vmax": inner.max()}
            _show(axes, cells, str(channel), small=True, cmap="viridis", **limits)
    return figure


# --- Filters --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Patterns:
    """Pictures that excite filters of a layer most.

    Attributes:
        layer: its name.
        filters: their numbers.
        pictures: (n, size, size) uint8.
        before: (n,) mean activation for the noise that the ascent began with, before a ReLU.
        after: (n,) the same for ``pictures``.
    """

    layer: str
    filters: tuple[int, ...]
    pictures: NDArray[np.uint8]
    before: Floats
    after: Floats


def filter_patterns(
    opened: OpenNetwork,
    layer: str | None = None,
    filters: Sequence[int] | None = None,
    *,
    steps: int = 200,
    seed: int = 7,
    progress: Callable[[range], Iterable[int]] = iter,
) -> Patterns:
    """Find gray pictures that excite filters most, by gradient ascent from noise.

    Plain ascent ends in fine noise. As in Olah, Mordvintsev and Schubert, "Feature Visualization"
    (Distill, 2017), the ascent moves the picture's spectrum with its frequencies scaled as in
    photographs, and the picture is shifted, turned and scaled a little at every step.

    Args:
        opened: the network.
        layer: a layer of the backbone; None takes :meth:`OpenNetwork.default_layer`.
        filters: channels of that layer; None takes 16 spread evenly.
        steps: of the ascent (Adam).
        seed: the same seed gives the same pictures.
        progress: wraps the steps.

    Raises:
        TrainingError: when there is no such layer or filter.
    """
    layer = layer or opened.default_layer()
    target = opened.before_rectifier(layer)
    channels = opened.map_shapes[layer][2]
    if filters is None:
        spread = np.linspace(0, channels, min(SHOWN_FILTERS, channels), endpoint=False)
        filters = [int(each) for each in spread]
    wrong = [each for each in filters if not 0 <= each < channels]
    if wrong:
        raise TrainingError(
            f"{layer} has no filter {wrong[0]}.", hint=f"It has {channels}, 0 to {channels - 1}."
        )
    size_px = opened.spec.size_px
    chosen = tf.one_hot(list(filters), channels)
    rng = np.random.default_rng(seed)
    spectrum = tf.Variable(
        rng.normal(0.0, 0.01, (2, len(filters), size_px, size_px // 2 + 1)).astype(np.float32)
    )
    shake = keras.Sequential(
        [
            keras.layers.RandomTranslation(0.08, 0.08, fill_mode="reflect", seed=seed),
            keras.layers.RandomRotation(0.015, fill_mode="reflect", seed=seed + 1),
            keras.layers.RandomZoom((-0.1, 0.1), fill_mode="reflect", seed=seed + 2),
        ]
    )
    optimizer = keras.optimizers.Adam(0.05)

    def excitement(pictures: Any) -> Any:
        maps = target(pictures, training=False)
        return tf.reduce_sum(tf.reduce_mean(maps, axis=(1, 2)) * chosen, axis=1)

    def climb() -> None:
        with tf.GradientTape() as tape:
            pictures = shake(_from_spectrum(spectrum, size_px), training=True)
            loss = -tf.reduce_sum(excitement(pictures))
        optimizer.apply_gradients([(tape.gradient(loss, spectrum), spectrum)])

    before = np.asarray(excitement(_from_spectrum(spectrum, size_px)))
    compiled = tf.function(climb)
    for _ in progress(range(steps)):
        compiled()
    pictures = _from_spectrum(spectrum, size_px)
    return Patterns(
        layer,
        tuple(filters),
        np.asarray(pictures)[:, :, :, 0].round().astype(np.uint8),
        before,
        np.asarray(excitement(pictures)),
    )


def _from_spectrum(spectrum: Any, size_px: int) -> Any:
    """Return (n, size, size, 1) float32 pictures in 0..255 from (2, n, ...) real and imaginary."""
    cycles = np.hypot(np.fft.fftfreq(size_px)[:, np.newaxis], np.fft.rfftfreq(size_px))
    # Amplitudes of photographs fall with the frequency (Field, 1987).
    scale = (1.0 / np.maximum(cycles, 1.0 / size_px)) * size_px / 4
    scaled = tf.complex(spectrum[0] * scale, spectrum[1] * scale)
    values = tf.signal.irfft2d(scaled, fft_length=[size_px, size_px])
    return 255.0 * tf.sigmoid(values)[..., tf.newaxis]


def draw_patterns(found: Patterns, cells: tuple[int, int]) -> Figure:
    """Draw the pictures in a grid, each with its filter's number and mean activation."""
    columns = min(8, len(found.filters))
    rows = math.ceil(len(found.filters) / columns)
    side_in, head_in = 1.7, 0.95
    width_in, height_in = max(8.0, side_in * columns), head_in + (side_in + 0.12) * rows
    figure = _figure(width_in, height_in)
    grid = GridSpec(
        rows,
        columns,
        figure,
        left=0.01,
        right=0.99,
        bottom=0.01,
        wspace=0.05,
        hspace=0.14,
        top=1 - (head_in + 0.12) / height_in,
    )
    for place, number in enumerate(found.filters):
        axes = figure.add_subplot(grid[divmod(place, columns)])
        change = f"{number}:  {found.before[place]:.2f} → {found.after[place]:.2f}"
        _show(axes, found.pictures[place], change, small=True, cmap="gray", vmin=0, vmax=255)
    _entitle(
        figure,
        f"What excites the filters of {found.layer} most",
        f"Gradient ascent from noise; filter number: its mean activation over the {cells[0]} x"
        f" {cells[1]} cells, noise → picture shown",
    )
    return figure


# --- Drawing --------------------------------------------------------------------------------------


def _figure(width_in: float, height_in: float) -> Figure:
    figure = Figure(figsize=(width_in, height_in), dpi=110, facecolor="white")
    # Named, so that no display is ever asked for.
    FigureCanvasAgg(figure)
    return figure


def _show(axes: Axes, picture: NDArray[Any], title: str, small: bool = False, **how: Any) -> Any:
    drawn = axes.imshow(picture, interpolation="nearest", **how)
    axes.set_title(title, fontsize=7 if small else 9, color=_INK, pad=2 if small else 5)
    axes.set_axis_off()
    return drawn


def _move_right(axes: Axes, share: float) -> None:
    box = axes.get_position()
    axes.set_position((box.x0 + share, box.y0, box.width - share, box.height))


def _write(figure: Figure, x: float, down_in: float, text: str, bold_size: int = 0) -> None:
    figure.text(
        x,
        1 - down_in / figure.get_figheight(),
        text,
        fontsize=bold_size or 9,
        weight="bold" if bold_size else "normal",
        color=_INK,
        va="top",
        linespacing=1.5,
    )


def _entitle(figure: Figure, title: str, below: str) -> None:
    _write(figure, 0.015, 0.15, title, 13)
    _write(figure, 0.015, 0.47, below)


def make_folder(folder: Path) -> None:
    """Make the folder that the pictures go to.

    Raises:
        TrainingError: when it cannot be made or written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".part"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise _not_written(folder, error) from error


def save_figure(figure: Figure, path: Path) -> None:
    """Write a PNG file, beside first and then renamed.

    Raises:
        TrainingError: when it cannot be written.
    """
    part = path.with_name(path.name + ".part")
    try:
        figure.savefig(part, format="png")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise _not_written(path, error) from error


def _not_written(path: Path, error: OSError) -> TrainingError:
    return TrainingError(
        f"Cannot write to {path}: {error.strerror or error}.",
        hint="Choose another folder with --out, or free some space.",
    )
