"""Training samples of the detector: mosaics, zoom in and out, and changes of light and sharpness.

Every sample depends on its number and the seed alone, so a resumed run draws the same ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from emotion_game.errors import PictureError, TrainingError
from emotion_game.training.detector.boxes import BoxedPicture
from emotion_game.training.detector.config import DetectorDataSettings, DetectorTrainingSettings
from emotion_game.training.detector.loss import TARGET_COLUMNS, make_targets
from emotion_game.vision.pictures import read_picture
from emotion_game.vision.yolo import FILL, Grid, letterbox, make_grid, to_rgb

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]

#: A face that shows less of itself than this is ignored: nobody could say where it ends.
_LEAST_VISIBLE = 0.45
_NOTHING = np.zeros((0, 4), np.float32)


@dataclass(frozen=True, slots=True)
class Sample:
    """A picture in memory with its faces.

    Attributes:
        picture: (height, width, 3) uint8 RGB.
        faces_px: (n, 4) x, y, width, height.
        ignored_px: (m, 4) regions in which nothing is known.
        group: kind of picture.
    """

    picture: Picture
    faces_px: Floats
    ignored_px: Floats
    group: str


def load_samples(
    pictures: Sequence[BoxedPicture],
    track: Callable[[Sequence[BoxedPicture]], Iterable[BoxedPicture]],
    longest_px: int = 512,
) -> list[Sample]:
    """Read the pictures into memory, the large ones reduced.

    Args:
        pictures: from the readers.
        track: wraps the loop, e.g. in a progress bar.
        longest_px: larger pictures are reduced to this.

    Raises:
        TrainingError: when a picture cannot be read.
    """
    samples = []
    for each in track(pictures):
        try:
            picture: NDArray[Any] = read_picture(each.file)
        except PictureError as error:
            raise TrainingError(error.message, hint=error.hint) from error
        factor = min(1.0, longest_px / max(picture.shape[:2]))
        if factor < 1.0:
            size = (round(picture.shape[1] * factor), round(picture.shape[0] * factor))
            picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        samples.append(
            Sample(
                to_rgb(picture),
                each.boxes_px * np.float32(factor),
                each.ignored_px * np.float32(factor),
                each.group,
            )
        )
    return samples


def fit_in(sample: Sample, width_px: int, height_px: int) -> Sample:
    """Return the sample as the detector sees it in the game: letterboxed, not changed."""
    picture, fitted = letterbox(sample.picture, width_px, height_px)
    return Sample(
        picture, fitted.to_input(sample.faces_px), fitted.to_input(sample.ignored_px), sample.group
    )


class SampleMaker:
    """Draw and change training samples.

    Args:
        samples: to draw from.
        settings: how.
        width_px: of the network's input.
        height_px: likewise.
        seed: of everything random.
    """

    def __init__(
        self,
        samples: Sequence[Sample],
        settings: DetectorDataSettings,
        width_px: int,
        height_px: int,
        seed: int,
    ) -> None:
        self._samples = samples
        self._settings = settings
        self._size = (width_px, height_px)
        self._seed = seed
        weights = np.array([settings.group_weights.get(each.group, 1.0) for each in samples])
        # A group's weight is the group's, however many pictures it has.
        groups = np.array([each.group for each in samples])
        for group in set(groups.tolist()):
            weights[groups == group] /= (groups == group).sum()
        if not weights.sum() > 0.0:
            raise TrainingError("No picture has a weight above 0.", hint="Mend data.group_weights.")
        self._chances = weights / weights.sum()
        self._faceless = [n for n, each in enumerate(samples) if not len(each.faces_px)]

    def make(self, number: int) -> Sample:
        """Return sample ``number`` (0, 1, ...), of the network's input size."""
        rng = np.random.default_rng((self._seed, number))
        settings = self._settings
        if rng.random() < settings.mosaic_share:
            sample = self._mosaic(rng)
        else:
            canvas = np.full((self._size[1], self._size[0], 3), FILL, np.uint8)
            if self._faceless and rng.random() < settings.background_share:
                behind = self._samples[self._faceless[rng.integers(len(self._faceless))]]
                canvas = np.asarray(cv2.resize(behind.picture, self._size), np.uint8)
            sample = self._lay(rng, self._draw(rng), canvas)
        if rng.random() < 0.5:
            sample = _mirrored(sample)
        return Sample(
            _change_light(rng, sample.picture, settings),
            *self._sort_out(sample),
            sample.group,
        )

    def _draw(self, rng: np.random.Generator) -> Sample:
        return self._samples[rng.choice(len(self._samples), p=self._chances)]

    def _mosaic(self, rng: np.random.Generator) -> Sample:
        """Put four pictures around a point near the middle (Bochkovskiy et al., YOLOv4, 2020)."""
        width, height = self._size
        x = round(width * rng.uniform(0.3, 0.7))
        y = round(height * rng.uniform(0.3, 0.7))
        canvas = np.full((height, width, 3), FILL, np.uint8)
        faces, ignored = [], []
        for left, top, right, bottom in (
            (0, 0, x, y), (x, 0, width, y), (0, y, x, height), (x, y, width, height)
        ):  # fmt: skip
            part = self._lay(rng, self._draw(rng), canvas[top:bottom, left:right].copy())
            canvas[top:bottom, left:right] = part.picture
            shift = np.array([left, top, 0, 0], np.float32)
            # Cut at the tile's edge, or a face would reach into its neighbour.
            seen, hidden = _visible(part.faces_px, right - left, bottom - top)
            faces.append(seen + shift)
            ignored += [hidden + shift, part.ignored_px + shift]
        return Sample(canvas, np.concatenate(faces), np.concatenate(ignored), "mosaic")

    def _lay(self, rng: np.random.Generator, sample: Sample, canvas: Picture) -> Sample:
        """Lay a picture on the canvas, one of its faces at a drawn size and place."""
        settings = self._settings
        height, width = canvas.shape[:2]
        source_h, source_w = sample.picture.shape[:2]
        fitting = min(width / source_w, height / source_h)
        if len(sample.faces_px):
            face = sample.faces_px[rng.integers(len(sample.faces_px))]
            largest = min(settings.largest_face_px, 0.95 * min(width, height))
            smallest = min(settings.smallest_face_px, largest)
            wanted = np.exp(rng.uniform(np.log(smallest), np.log(largest)))
            scale = min(wanted / face[2], settings.most_enlarged)
            # Half of the time about as it fits, the way the game shows a player.
            if rng.random() < 0.5:
                scale = fitting * np.exp(rng.uniform(-0.35, 0.35))
            centre = face[:2] + face[2:] / 2
            at = np.array([rng.uniform(0.1, 0.9) * width, rng.uniform(0.1, 0.9) * height])
            if rng.random() < 0.5:
                # As it lies in its own picture, shifted a little.
                own = centre / (source_w, source_h) * (width, height)
                at = np.clip(own + rng.normal(0, 0.08, 2) * (width, height), 0, (width, height))
        else:
            scale = fitting * np.exp(rng.uniform(0.0, 1.2))
            centre = rng.uniform(0.3, 0.7, 2) * (source_w, source_h)
            at = rng.uniform(0.3, 0.7, 2) * (width, height)
        stretch = np.exp(rng.uniform(-settings.stretch, settings.stretch))
        angle = np.deg2rad(rng.uniform(-settings.rotation_deg, settings.rotation_deg))
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        matrix = turn * scale @ np.diag([np.sqrt(stretch), 1 / np.sqrt(stretch)])
        affine = np.concatenate([matrix, (at - matrix @ centre)[:, np.newaxis]], axis=1)
        picture = sample.picture
        # Warping alone does not average: strong reduction would leave a grain no camera has.
        while scale < 0.55:
            half = cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
            picture = np.asarray(half, np.uint8)
            affine[:, :2] *= 2.0
            scale *= 2.0
        cv2.warpAffine(
            picture,
            affine,
            (width, height),
            dst=canvas,
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_TRANSPARENT,
        )
        full = np.concatenate([matrix, (at - matrix @ centre)[:, np.newaxis]], axis=1)
        return Sample(
            canvas, _moved(sample.faces_px, full), _moved(sample.ignored_px, full), sample.group
        )

    def _sort_out(self, sample: Sample) -> tuple[Floats, Floats]:
        """Clip the faces; those too small or too much cut off are ignored instead."""
        seen, hidden = _visible(sample.faces_px, *self._size)
        small = seen[:, 2] < self._settings.least_face_px
        return seen[~small], np.concatenate([hidden, seen[small], sample.ignored_px])


def _moved(boxes_px: Floats, affine: NDArray[Any]) -> Floats:
    """Move boxes; a face is about round, so its box is turned about its centre, not inflated."""
    if not len(boxes_px):
        return _NOTHING
    centres = (boxes_px[:, :2] + boxes_px[:, 2:] / 2) @ affine[:, :2].T + affine[:, 2]
    sizes = boxes_px[:, 2:] * np.hypot(affine[0, :2], affine[1, :2])
    return np.concatenate([centres - sizes / 2, sizes], axis=1).astype(np.float32)


def _visible(boxes_px: Floats, width_px: int, height_px: int) -> tuple[Floats, Floats]:
    """Clip boxes to the picture; return those that show enough of themselves, and the others."""
    if not len(boxes_px):
        return _NOTHING, _NOTHING
    size = np.array([width_px, height_px], np.float32)
    low = np.clip(boxes_px[:, :2], 0, size)
    high = np.clip(boxes_px[:, :2] + boxes_px[:, 2:], 0, size)
    clipped = np.concatenate([low, high - low], axis=1)
    shown = clipped[:, 2] * clipped[:, 3] / np.maximum(boxes_px[:, 2] * boxes_px[:, 3], 1e-6)
    enough = shown >= _LEAST_VISIBLE
    return clipped[enough], clipped[~enough & (shown > 0.0)]


def _mirrored(sample: Sample) -> Sample:
    width = sample.picture.shape[1]

    def flip(boxes: Floats) -> Floats:
        flipped = boxes.copy()
        flipped[:, 0] = width - boxes[:, 0] - boxes[:, 2]
        return flipped

    return Sample(
        np.ascontiguousarray(sample.picture[:, ::-1]),
        flip(sample.faces_px),
        flip(sample.ignored_px),
        sample.group,
    )


def _change_light(
    rng: np.random.Generator, picture: Picture, settings: DetectorDataSettings
) -> Picture:
    """Change brightness, contrast, gamma, colour and sharpness like webcams and rooms do."""
    levels = np.arange(256, dtype=np.float32) / 255
    gamma = np.exp(rng.uniform(-0.6, 0.6))
    gain = rng.uniform(0.5, 1.4)
    tint = rng.uniform(0.85, 1.15, 3) if rng.random() < 0.5 else np.ones(3)
    curves = np.clip(
        (levels[:, np.newaxis] ** gamma * gain * tint + rng.uniform(-0.1, 0.1)) * 255, 0, 255
    )
    out: Any = cv2.LUT(picture, curves.astype(np.uint8).reshape(1, 256, 3))
    if rng.random() < settings.gray_share:
        out = cv2.cvtColor(cv2.cvtColor(out, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    if rng.random() < settings.blur_share:
        if rng.random() < 0.5:
            out = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.5, 2.0))
        else:  # the head moves
            length = int(rng.integers(3, 8))
            kernel: Any = np.zeros((length, length), np.float32)
            kernel[length // 2] = 1 / length
            turn = cv2.getRotationMatrix2D(
                ((length - 1) / 2, (length - 1) / 2), rng.uniform(0, 180), 1
            )
            kernel = cv2.warpAffine(kernel, turn, (length, length))
            out = cv2.filter2D(out, -1, kernel / max(float(kernel.sum()), 1e-6))
    if rng.random() < settings.noise_share:
        noise = rng.integers(-12, 13, out.shape[:2], dtype=np.int16)[..., np.newaxis]
        out = np.clip(out.astype(np.int16) + noise, 0, 255).astype(np.uint8)
    if rng.random() < settings.jpeg_share:
        _, coded = cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(15, 80))])
        out = cv2.imdecode(coded, cv2.IMREAD_COLOR)
    return np.asarray(out, np.uint8)


def make_training_batches(
    samples: Sequence[Sample], settings: DetectorTrainingSettings, first_epoch: int, epochs: int
) -> tf.data.Dataset:
    """Return the batches of the epochs that are left: (n, h, w, 3) uint8, (n, priors, 6)."""
    network = settings.network
    grid = make_grid(network.width_px, network.height_px, network.anchors_px)
    maker = SampleMaker(samples, settings.data, network.width_px, network.height_px, settings.seed)

    def make(number: Any) -> tuple[Picture, Floats]:
        sample = maker.make(int(number))
        return sample.picture, make_targets(sample.faces_px, sample.ignored_px, grid, settings.loss)

    size = settings.samples_an_epoch // settings.batch_size * settings.batch_size
    numbers = tf.data.Dataset.range(first_epoch * size, epochs * size)
    return _batches(numbers, make, grid, settings)


def make_held_batches(
    samples: Sequence[Sample], settings: DetectorTrainingSettings
) -> tf.data.Dataset:
    """Return the held-back pictures in order, letterboxed and not changed."""
    network = settings.network
    grid = make_grid(network.width_px, network.height_px, network.anchors_px)

    def make(number: Any) -> tuple[Picture, Floats]:
        sample = fit_in(samples[int(number)], network.width_px, network.height_px)
        return sample.picture, make_targets(sample.faces_px, sample.ignored_px, grid, settings.loss)

    return _batches(tf.data.Dataset.range(len(samples)), make, grid, settings)


def _batches(
    numbers: tf.data.Dataset,
    make: Callable[[Any], tuple[Picture, Floats]],
    grid: Grid,
    settings: DetectorTrainingSettings,
) -> tf.data.Dataset:
    network = settings.network

    def load(number: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        picture, target = tf.numpy_function(make, [number], (tf.uint8, tf.float32))
        picture.set_shape((network.height_px, network.width_px, 3))
        target.set_shape((len(grid.anchors_px), TARGET_COLUMNS))
        return tf.cast(picture, tf.float32), target

    return numbers.map(load, num_parallel_calls=2).batch(settings.batch_size).prefetch(2)
