"""Anchors of the detector: sizes of boxes that the heads start from, chosen by k-means.

Redmon and Farhadi, "YOLO9000: Better, Faster, Stronger" (2016), section 2: the distance of a box
to an anchor is 1 - IoU with both laid on one corner, so that large boxes don't outweigh small ones
as they would by Euclid's. scikit-learn's k-means knows no other distance than his.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from emotion_game.errors import TrainingError
from emotion_game.training.detector.data import SampleMaker

Sizes = NDArray[np.float64]
_MOST_ROUNDS: Final = 300
#: Of the plot: how many anchors each scale has.
_ANCHORS_A_SCALE: Final = 3
_COLOURS: Final = ("#2563eb", "#ea580c", "#16a34a")


def drawn_sizes(maker: SampleMaker, samples: int) -> Sizes:
    """Return (n, 2) width, height of the faces in the first samples of a training.

    The pictures' own sizes would not do: training zooms, and anchors must fit what it shows.
    """
    sizes = [maker.make(number).faces_px[:, 2:] for number in range(samples)]
    return np.concatenate([np.empty((0, 2)), *sizes])


def shape_iou(sizes_px: Sizes, anchors_px: Sizes) -> NDArray[np.float64]:
    """Return (n, k) IoU of n sizes with k anchors, all laid on one corner."""
    common = np.minimum(sizes_px[:, None], anchors_px[None]).prod(axis=2)
    areas = sizes_px.prod(axis=1)[:, None] + anchors_px.prod(axis=1)[None]
    return np.asarray(common / (areas - common))


def mean_best_iou(sizes_px: Sizes, anchors_px: Sizes) -> float:
    """Return the mean over all sizes of the IoU with the anchor that fits best, 0..1."""
    return float(shape_iou(sizes_px, anchors_px).max(axis=1).mean())


def choose_anchors(sizes_px: NDArray[Any], count: int = 9, seed: int = 0) -> Sizes:
    """Return (count, 2) anchors, width and height, from the smallest area to the largest.

    The start is k-means++ (Arthur and Vassilvitskii, 2007); then each anchor moves to the mean
    of the sizes that it fits best, until none changes sides. The best round is kept, as the
    mean is not where 1 - IoU is least.

    Args:
        sizes_px: (n, 2) widths and heights of faces in the network's input.
        count: of anchors.
        seed: of the start.

    Raises:
        TrainingError: sizes that are not positive and finite, or fewer different ones than
            anchors.
    """
    sizes = np.asarray(sizes_px, dtype=np.float64)
    if sizes.ndim != 2 or sizes.shape[1] != 2 or not (np.isfinite(sizes) & (sizes > 0)).all():
        raise TrainingError(
            f"Expected (n, 2) positive widths and heights, found shape {sizes.shape}"
            + ("." if sizes.ndim != 2 or sizes.shape[1] != 2 else " with others among them.")
        )
    different = len(np.unique(sizes, axis=0))
    if count < 1 or different < count:
        raise TrainingError(
            f"{different} different sizes of faces cannot give {count} anchors.",
            hint="Add pictures, or ask for fewer anchors.",
        )
    anchors = _start(sizes, count, np.random.default_rng(seed))
    best, best_iou = anchors, -1.0
    nearest = np.full(len(sizes), -1)
    for _ in range(_MOST_ROUNDS):
        fits = shape_iou(sizes, anchors)
        if (found := float(fits.max(axis=1).mean())) > best_iou:
            best, best_iou = anchors, found
        before, nearest = nearest, fits.argmax(axis=1)
        if (before == nearest).all():
            break
        anchors = np.array(
            [
                # An anchor that fits nobody best takes over the worst fitted size.
                sizes[mine].mean(axis=0) if mine.any() else sizes[fits.max(axis=1).argmin()]
                for mine in (nearest == index for index in range(count))
            ]
        )
    return best[np.argsort(best.prod(axis=1), kind="stable")]


def _start(sizes: Sizes, count: int, rng: np.random.Generator) -> Sizes:
    chosen = [int(rng.integers(len(sizes)))]
    while len(chosen) < count:
        distance = 1.0 - shape_iou(sizes, sizes[chosen]).max(axis=1)
        weights = np.maximum(distance, 0.0) ** 2
        chosen.append(int(rng.choice(len(sizes), p=weights / weights.sum())))
    return sizes[chosen]


def plot_anchors(sizes_px: Sizes, anchors_px: Sizes, out: Path, seed: int = 0) -> None:
    """Draw the faces' sizes with the anchors, and how the fit grows with their number.

    Args:
        sizes_px: (n, 2).
        anchors_px: (k, 2), by area.
        out: the PNG.
        seed: for other numbers of anchors.
    """
    figure = Figure(figsize=(11, 5), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    nearest = shape_iou(sizes_px, anchors_px).argmax(axis=1) // _ANCHORS_A_SCALE
    for scale, colour in enumerate(_COLOURS):
        faces, mine = sizes_px[nearest == scale], anchors_px[_ANCHORS_A_SCALE * scale :][:3]
        left.plot(*faces.T, ".", color=colour, markersize=2, alpha=0.25)
        for width, height in mine:
            left.plot([0, width, width], [height, height, 0], color=colour, linewidth=0.8)
        if len(mine):
            name = f"stride {8 * 2**scale}: " + ", ".join(f"{w:.0f}x{h:.0f}" for w, h in mine)
            left.plot(*mine.T, "s", color=colour, markeredgecolor="black", label=name)
    left.set(
        xlabel="width, px",
        ylabel="height, px",
        xlim=(0, None),
        ylim=(0, None),
        title=f"{len(sizes_px)} faces in the network's input, {len(anchors_px)} anchors",
    )
    left.legend(frameon=False, loc="lower right")
    most = min(12, len(np.unique(sizes_px, axis=0)))
    counts = range(1, most + 1)
    fits = [mean_best_iou(sizes_px, choose_anchors(sizes_px, each, seed)) for each in counts]
    right.plot(counts, fits, "o-", color=_COLOURS[0])
    right.plot(len(anchors_px), mean_best_iou(sizes_px, anchors_px), "s", color=_COLOURS[1])
    right.set(xlabel="anchors", ylabel="mean best IoU", ylim=(None, 1.0), title="Fit by number")
    right.xaxis.get_major_locator().set_params(integer=True)
    for axes in (left, right):
        axes.grid(alpha=0.3)
    figure.savefig(out, dpi=120)
