"""The report on face detectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from emotion_game.training.classifier.evaluate import Estimate
from emotion_game.training.detector.evaluate import DetectorFigures
from emotion_game.training.detector.probes import StillFigures, TimeFigures, WidthFigures
from emotion_game.training.report.page import Picture, Report, Section, Table, plain, write

_COLOURS = ("#2563eb", "#ea580c", "#16a34a", "#9333ea", "#64748b")


@dataclass(frozen=True, slots=True)
class DetectorReport:
    """Everything measured of one detector.

    Attributes:
        held_back: on the pictures as they are.
        slices: on a part of them, changed; by the name of the change.
        widths: recall by width of the face in a frame.
        still: how the box of a still face jumps.
        time: of one frame.
    """

    held_back: DetectorFigures
    slices: dict[str, DetectorFigures]
    widths: Sequence[WidthFigures]
    still: Sequence[StillFigures]
    time: TimeFigures


def tables(reports: Sequence[DetectorReport]) -> list[Table]:
    """Return everything measured, the detectors side by side."""
    heads = tuple(each.held_back.name for each in reports)
    return [
        _overview(reports, heads),
        _sizes(reports, heads),
        _widths(reports, heads),
        _still(reports, heads),
        _slices(reports, heads),
    ]


def _overview(reports: Sequence[DetectorReport], heads: tuple[str, ...]) -> Table:
    rows: list[tuple[str, ...]] = [
        ("threshold", *(f"{each.held_back.threshold:.2f}" for each in reports))
    ]
    for same in zip(*(each.held_back.groups for each in reports), strict=True):
        name = f"{same[0].group} ({same[0].faces} faces)"
        rows += [
            (f"{name}: AP50", *(_ranged(each.ap50) for each in same)),
            (f"{name}: mAP", *(f"{each.ap:.3f}" for each in same)),
            (f"{name}: recall", *(f"{each.recall:.3f}" for each in same)),
            (f"{name}: precision", *(_number(each.precision) for each in same)),
            (f"{name}: recall at 1% alarms", *(_number(each.strict_recall) for each in same)),
        ]
    alarms = [each.held_back.alarms for each in reports]
    told = [each for each in alarms if each is not None]
    if told:
        name = f"faceless pictures ({told[0].pictures})"
        rows += [
            (f"{name}: with an alarm", *(_share(each.share) for each in told)),
            (f"{name}: threshold for 1%", *(f"{each.strict_threshold:.3f}" for each in told)),
        ]
    for what, of in (
        ("ms a frame, median", "median_ms"),
        ("ms a frame, 95%", "late_ms"),
        ("ms a frame, processor", "cpu_ms"),
        ("ms a frame after another detector, processor", "cold_ms"),
    ):
        rows.append((what, *(f"{getattr(each.time, of):.2f}" for each in reports)))
    note = (
        "AP50: average precision at IoU 0.5, with the 95% interval of 1,000 resamplings of"
        " people; mAP: mean over IoU 0.5 to 0.95 (pycocotools). Recall and precision at the"
        " game's threshold, or at the one where 1% of the faceless pictures have a false alarm;"
        " shares of alarms with Wilson's interval. Times: 640x480 frames, one thread, in turn;"
        " the processor's leaves out what other programs took."
    )
    return Table(("", *heads), rows, "Held-back pictures", note)


def _sizes(reports: Sequence[DetectorReport], heads: tuple[str, ...]) -> Table:
    groups = [each.held_back.groups[-1] for each in reports]
    rows = [
        (same[0].widths, str(same[0].faces), *(f"{each.recall:.3f}" for each in same))
        for same in zip(*(each.sizes for each in groups), strict=True)
    ]
    title = "Recall by width of the face, px of a picture 640 px wide"
    return Table(("width", "faces", *heads), rows, title, "The held-back pictures as they are.")


def _widths(reports: Sequence[DetectorReport], heads: tuple[str, ...]) -> Table:
    rows = [
        (str(same[0].width_px), str(same[0].faces), *(_share(each.recall) for each in same))
        for same in zip(*(each.widths for each in reports), strict=True)
    ]
    note = (
        "The same held-back faces, scaled and laid at random places on faceless pictures of"
        " 640x480 px; with Wilson's interval."
    )
    title = "Recall by width of the face, px, in frames"
    return Table(("width", "faces", *heads), rows, title, note)


def _still(reports: Sequence[DetectorReport], heads: tuple[str, ...]) -> Table:
    rows = []
    for same in zip(*(each.still for each in reports), strict=True):
        width = f"{same[0].width_px} px"
        rows += [
            (f"{width}: centre", *(_percent(each.centre) for each in same)),
            (f"{width}: width", *(_percent(each.width) for each in same)),
            (f"{width}: frames lost", *(_percent(each.lost) for each in same)),
        ]
    note = (
        "Standard deviation in shares of the face's width, over 16 frames of each face with fresh"
        " noise (4 gray levels), moved by up to a pixel; root mean square over the faces found in"
        " all frames. Below 2% is wanted."
    )
    return Table(("", *heads), rows, "Box of a still face", note)


def _slices(reports: Sequence[DetectorReport], heads: tuple[str, ...]) -> Table:
    rows = []
    for name in reports[0].slices:
        same = [each.slices[name] for each in reports]
        for groups in zip(*(each.groups for each in same), strict=True):
            if groups[0].group != "all" or len(same[0].groups) == 1:
                label = f"{name}, {groups[0].group}"
                rows += [
                    (f"{label}: AP50", *(_ranged(each.ap50) for each in groups)),
                    (f"{label}: recall", *(f"{each.recall:.3f}" for each in groups)),
                ]
        alarms = [each.alarms for each in same]
        told = [_share(each.share) for each in alarms if each is not None]
        if told:
            rows.append((f"{name}: faceless with an alarm", *told))
    note = (
        "A part of the held-back pictures, the same for every row. Dark: a fifth of the light,"
        " noise of 4 gray levels. Blurred: Gaussian, 4% of the face's width. Recall at the game's"
        " threshold."
    )
    return Table(("", *heads), rows, "Bad pictures", note)


def _ranged(estimate: Estimate) -> str:
    return f"{estimate.value:.3f} ({estimate.low:.3f} to {estimate.high:.3f})"


def _share(estimate: Estimate) -> str:
    return f"{estimate.value:.1%} ({estimate.low:.1%} to {estimate.high:.1%})"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.2%}"


# --- Files ----------------------------------------------------------------------------------------


def as_json(command: str, data: str, reports: Sequence[DetectorReport]) -> dict[str, Any]:
    """Return everything measured as plain values."""
    return {"command": command, "data": data, "detectors": [asdict(each) for each in reports]}


def write_report(out: Path, command: str, data: str, reports: Sequence[DetectorReport]) -> None:
    """Write ``report.html`` and ``report.json`` into a folder.

    Args:
        out: the folder; made when missing.
        command: what was run, to run it again.
        data: one line on the pictures.
        reports: one a detector.

    Raises:
        TrainingError: when the folder cannot be written to.
    """
    overview, sizes, widths, still, bad = tables(reports)
    curves = [Picture(_draw_curves(reports), "Precision and recall")]
    by_width = [Picture(_draw_widths(reports), "Recall by width")]
    sections = [
        Section(overview.title, table=overview, pictures=curves),
        Section(sizes.title, table=sizes),
        Section(widths.title, table=widths, pictures=by_width),
        Section(still.title, table=still),
        Section(bad.title, table=bad),
    ]
    content = as_json(command, data, reports)
    title = "Face detectors side by side"
    write(
        out, Report(title, data, command, "The notes under the tables say how.", content, sections)
    )


# --- Pictures -------------------------------------------------------------------------------------


def _draw_curves(reports: Sequence[DetectorReport]) -> Figure:
    names = [group.group for group in reports[0].held_back.groups]
    figure = Figure(figsize=(1.2 + 4 * len(names), 4.4), layout="constrained")
    panels = figure.subplots(1, len(names), sharey=True, squeeze=False)[0]
    recalls = np.linspace(0, 1, 101)
    for at, (axes, name) in enumerate(zip(panels, names, strict=True)):
        for number, each in enumerate(reports):
            group, colour = each.held_back.groups[at], _COLOURS[number % len(_COLOURS)]
            label = f"{each.held_back.name}, AP50 {group.ap50.value:.3f}"
            axes.plot(recalls, group.precisions, color=colour, label=label)
            if group.precision is not None:
                axes.plot(group.recall, group.precision, "o", color=colour, markeredgecolor="white")
        axes.set(title=f"{name}, {group.faces} faces", xlabel="recall", xlim=(0, 1.01))
        axes.set_ylim(0, 1.02)
        axes.legend(frameon=False, loc="lower left")
        plain(axes)
    panels[0].set_ylabel("precision")
    figure.suptitle("IoU 0.5; dots: the game's thresholds")
    return figure


def _draw_widths(reports: Sequence[DetectorReport]) -> Figure:
    figure = Figure(figsize=(8, 4.2), layout="constrained")
    axes = figure.add_subplot()
    for number, each in enumerate(reports):
        values = [one.recall.value for one in each.widths]
        reach = [
            [max(0.0, one.recall.value - one.recall.low) for one in each.widths],
            [max(0.0, one.recall.high - one.recall.value) for one in each.widths],
        ]
        axes.errorbar(
            # Side by side, so that intervals don't cover each other.
            [one.width_px * 1.015**number for one in each.widths],
            values,
            yerr=reach,
            fmt="o-",
            capsize=3,
            color=_COLOURS[number % len(_COLOURS)],
            label=each.held_back.name,
        )
    axes.set_xscale("log")
    widths = [one.width_px for one in reports[0].widths]
    axes.set_xticks(widths, [str(width) for width in widths])
    axes.minorticks_off()
    axes.set(xlabel="width of the face in a 640x480 frame, px", ylabel="found", ylim=(0, 1.03))
    axes.legend(frameon=False, loc="lower right")
    plain(axes)
    return figure
