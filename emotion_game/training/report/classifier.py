"""The report of an evaluation: ``report.html``, one file with its pictures, and ``report.json``."""

from __future__ import annotations

import base64
import html
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from string import Template
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sklearn.metrics import roc_curve

from emotion_game.errors import TrainingError
from emotion_game.game.types import EMOTIONS
from emotion_game.training.classifier.calibrate import reliability_curve
from emotion_game.training.classifier.evaluate import (
    SCORED,
    Cost,
    Difference,
    Estimate,
    Reading,
    SetFigures,
    TalkFigures,
)
from emotion_game.vision.bundle import NETWORK, Bundle

_BLUE, _ORANGE, _GRAY, _RED = "#2563eb", "#ea580c", "#64748b", "#dc2626"
_COLOURS = dict(zip(SCORED, (_BLUE, _ORANGE), strict=True))


@dataclass(frozen=True, slots=True)
class Timeline:
    """One recording as one mode saw it, for the picture of it.

    Attributes:
        name: of the recording.
        mode: its name in ``game.toml``.
        threshold: from which the score counts as showing.
        scores: (time, smoothed score or None without a face).
        segments: (from, until, label), seconds.
        must_lose: labels that must lose in this mode.
        losses_s: when the hold was full.
    """

    name: str
    mode: str
    threshold: float
    scores: Sequence[tuple[float, float | None]]
    segments: Sequence[tuple[float, float, str]]
    must_lose: Sequence[str]
    losses_s: Sequence[float]


@dataclass(frozen=True, slots=True)
class PlayerFigures:
    """The game on one folder of recordings.

    Attributes:
        folder: its name.
        face_share: share of frames with a face.
        levels: per mode and level, what ``tools.recordings.Tally.figures`` gives, with
            ``mode``, ``level`` and ``threshold``.
        timelines: the recordings worth a picture.
    """

    folder: str
    face_share: float
    levels: list[dict[str, Any]]
    timelines: Sequence[Timeline] = ()


@dataclass(frozen=True, slots=True)
class ModelReport:
    """Everything measured of one bundle.

    Attributes:
        folder: of the bundle.
        bundle: its contract.
        cost: time and size.
        sets: figures and what they were computed from.
        players: per folder of recordings.
        talking: faces in speech, if they were read.
    """

    folder: str
    bundle: Bundle
    cost: Cost
    sets: Sequence[tuple[SetFigures, Reading]]
    players: Sequence[PlayerFigures] = ()
    talking: TalkFigures | None = None


def write_report(
    out: Path, command: str, models: Sequence[ModelReport], differences: Sequence[Difference]
) -> None:
    """Write ``report.html`` and ``report.json`` into a folder, each beside and then renamed.

    Args:
        out: the folder; made when missing.
        command: what was run, to run it again.
        models: the one of interest first, then the one it is compared with, if any.
        differences: between the two.

    Raises:
        TrainingError: when the folder cannot be written to.
    """
    content = {
        "command": command,
        "models": [
            {
                "folder": model.folder,
                "version": model.bundle.version,
                "sha256": model.bundle.sha256,
                "input": model.bundle.input.model_dump(),
                "thresholds": model.bundle.thresholds,
                "cost": asdict(model.cost),
                "sets": [asdict(figures) for figures, _ in model.sets],
                "players": [
                    {"folder": each.folder, "face_share": each.face_share, "levels": each.levels}
                    for each in model.players
                ],
                "talking": None if model.talking is None else asdict(model.talking),
            }
            for model in models
        ],
        "differences": [asdict(each) for each in differences],
    }
    try:
        out.mkdir(parents=True, exist_ok=True)
        _write(out / "report.json", json.dumps(content, indent=1, ensure_ascii=False) + "\n")
        _write(out / "report.html", _page(command, models, differences))
    except OSError as error:
        raise TrainingError(
            f"Cannot write the report to {out}: {error.strerror or error}.",
            hint="Choose another folder.",
        ) from error


def _write(path: Path, text: str) -> None:
    half = path.with_name(path.name + ".part")
    half.write_text(text, "utf-8")
    half.replace(path)


# --- The page -------------------------------------------------------------------------------------

_PAGE = Template("""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>$title</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body { font: 15px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; color: #0f172a;
  max-width: 1080px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.7rem; margin: 0; } h2 { margin: 2.4rem 0 .4rem; padding-top: .8rem;
  border-top: 2px solid #e2e8f0; font-size: 1.3rem; }
h3 { margin: 1.4rem 0 .3rem; font-size: 1rem; }
p.note, .range { color: #64748b; font-size: .86em; } code { background: #f1f5f9; padding: .1em .3em;
  overflow-wrap: anywhere; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(160px, 1fr)); gap: .7rem;
  margin: 1rem 0; }
.tile { background: #f8fafc; border: 1px solid #e2e8f0; border-radius: 8px; padding: .6rem .8rem; }
.tile b { display: block; font-size: 1.5rem; } .tile span { display: block; }
table { border-collapse: collapse; margin: .5rem 0 1rem; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .7rem; border-bottom: 1px solid #e2e8f0; text-align: right; }
th:first-child, td:first-child, td.text { text-align: left; } th { background: #f8fafc;
  font-weight: 600; font-size: .9em; }
img { max-width: 100%; height: auto; display: block; margin: .5rem 0; }
details { margin: .5rem 0; } summary { cursor: pointer; }
@media print { h2 { break-before: page; } }
</style></head><body>
<h1>$title</h1>
<p class="note">$subtitle</p>
$body
<h2>How this was measured</h2>
<p>Run <code>$command</code></p>
<p>Each face goes through the bundle's own crop and LiteRT, its mirror image included where the
bundle asks for it, exactly as in the game. Ranges after a figure are 95% intervals: for accuracy
and areas from 1,000 seeded resamplings of people (of pictures where people are not known), for
shares of caught laughs Wilson's, for false losses the exact Poisson one. Times depend on the
machine and on what else it did.</p>
</body></html>
""")


def _page(command: str, models: Sequence[ModelReport], differences: Sequence[Difference]) -> str:
    first = models[0]
    body = [_overview(first)]
    if len(models) > 1:
        body.append(_comparison(models[0], models[1], differences))
    for figures, reading in first.sets:
        body.append(_set_section(figures, reading))
    if first.talking is not None:
        body.append(_talk_section(first.talking))
    for players in first.players:
        body.append(_players_section(players))
    body.append(_cost_section(models))
    return _PAGE.substitute(
        title=f"Expression classifier {html.escape(first.bundle.version)}",
        subtitle=f"{html.escape(first.folder)} · SHA-256 {first.bundle.sha256[NETWORK][:12]}"
        f" · {html.escape(first.bundle.data)}",
        body="\n".join(body),
        command=html.escape(command),
    )


def _overview(model: ModelReport) -> str:
    parts = []
    for figures, _ in model.sets:
        tiles = [
            _tile(f"{figures.accuracy.value:.1%}", "accuracy", _range(figures.accuracy, ".1%"))
        ]
        for emotion, area in figures.auc.items():
            if area is not None:
                tiles.append(_tile(f"{area.value:.4f}", f"AUC {emotion}", _range(area, ".4f")))
        tiles.append(_tile(f"{figures.calibration_error:.3f}", "calibration error", "15 bins"))
        parts.append(f"<h3>{html.escape(figures.name)}</h3>{_tiles(tiles)}")
    size_mb = model.cost.bytes[NETWORK] / 1e6
    tiles = [
        _tile(f"{model.cost.cpu_ms:.1f} ms", "processor time", "one face, one thread"),
        _tile(f"{model.cost.classify_ms[0]:.1f} ms", "by the clock", "median of one face"),
        _tile(f"{size_mb:.1f} MB", "network", NETWORK),
    ]
    parts.append(f"<h3>Cost</h3>{_tiles(tiles)}")
    if model.players:
        rows = [
            (
                players.folder,
                f"{level['mode']} {level['level']}",
                f"{level['caught']} of {level['shown']}",
                _number(level["false_losses_a_minute"], ".2f"),
                _seconds(level["median_delay_beyond_hold_s"]),
            )
            for players in model.players
            for level in players.levels
        ]
        heads = ("recordings", "level", "caught", "false losses a minute", "delay beyond hold")
        parts.append("<h3>In the game</h3>" + _table(heads, rows))
    return "".join(parts)


def _tiles(tiles: Sequence[str]) -> str:
    return f'<div class="tiles">{"".join(tiles)}</div>'


def _tile(value: str, what: str, where: str) -> str:
    return (
        f'<div class="tile"><b>{html.escape(value)}</b><span>{html.escape(what)}</span>'
        f'<span class="range">{html.escape(where)}</span></div>'
    )


def _comparison(first: ModelReport, second: ModelReport, differences: Sequence[Difference]) -> str:
    rows: list[Sequence[str]] = []
    for each in differences:
        gap = each.difference
        good, bad = (
            (gap.low > 0, gap.high < 0) if each.more_is_better else (gap.high < 0, gap.low > 0)
        )
        sure = "better" if good else "worse" if bad else "no clear difference"
        rows.append(
            (
                each.set_name,
                each.figure,
                f"{each.first:.4f}",
                f"{each.second:.4f}",
                _Html(f"{gap.value:+.4f} {_interval(gap, '+.4f')}"),
                sure,
            )
        )
    for (one, _), (other, _) in zip(first.sets, second.sets, strict=True):
        gap_value = one.calibration_error - other.calibration_error
        rows.append(
            (
                one.name,
                "calibration error",
                f"{one.calibration_error:.4f}",
                f"{other.calibration_error:.4f}",
                f"{gap_value:+.4f}",
                "",
            )
        )
    heads: Sequence[str] = ("set", "figure", "this model", "the other", "difference", "")
    parts = [
        f"<h2>Against {html.escape(second.folder)} ({html.escape(second.bundle.version)})</h2>",
        '<p class="note">Both read the same faces; the interval is that of the difference.</p>',
        _table(heads, rows),
    ]
    game = [
        (
            mine.folder,
            f"{one['mode']} {one['level']}",
            f"{one['caught']} / {other['caught']} of {one['shown']}",
            f"{_number(one['false_losses_a_minute'], '.2f')} /"
            f" {_number(other['false_losses_a_minute'], '.2f')}",
            f"{_seconds(one['median_delay_beyond_hold_s'])} /"
            f" {_seconds(other['median_delay_beyond_hold_s'])}",
        )
        for mine, theirs in zip(first.players, second.players, strict=True)
        for one, other in zip(mine.levels, theirs.levels, strict=True)
    ]
    if game:
        heads = ("recordings", "level", "caught", "false losses a minute", "delay beyond hold")
        parts.append("<h3>In the game: this model / the other</h3>" + _table(heads, game))
    return "".join(parts)


def _set_section(figures: SetFigures, reading: Reading) -> str:
    missed = (
        f" In {figures.missed} more pictures the detector found no face; they are in no figure."
        if figures.missed
        else ""
    )
    heads = ("emotion", "faces", "precision", "recall", "F1")
    classes = [
        (
            each.emotion,
            str(each.support),
            *(
                f"{value:.3f}" if each.support else "-"
                for value in (each.precision, each.recall, each.f1)
            ),
        )
        for each in figures.classes
    ]
    alarms = [
        (
            each.emotion,
            f"{each.stated_rate:.1%}",
            f"{each.threshold:.3f}",
            f"{each.false_alarm_rate:.2%}",
            "-" if each.hit_rate is None else f"{each.hit_rate:.1%}",
        )
        for each in figures.alarms
    ]
    alarm_heads = ("emotion", "false alarms stated", "score above", "false alarms here", "found")
    slices = [
        (
            each.measure,
            each.values,
            str(each.faces),
            _Html(f"{each.accuracy.value:.1%} {_interval(each.accuracy, '.1%')}"),
            *("-" if each.auc[name] is None else f"{each.auc[name]:.4f}" for name in SCORED),
        )
        for each in figures.slices
    ]
    slice_heads = ("slice by", "", "faces", "accuracy", *(f"AUC {name}" for name in SCORED))
    areas = "; ".join(
        f"AUC {name} {area.value:.4f} {_interval(area, '.4f')}"
        for name, area in figures.auc.items()
        if area is not None
    )
    return "".join(
        [
            f"<h2>{html.escape(figures.name)}</h2>",
            f"<p>{figures.faces} faces.{missed} Accuracy {figures.accuracy.value:.4f}"
            f" {_interval(figures.accuracy, '.4f')}; {areas}; expected calibration error"
            f" {figures.calibration_error:.4f} in 15 bins.</p>",
            "<h3>Which emotions are told apart</h3>",
            _table(heads, classes),
            _picture(_draw_confusion(figures), "Confusion matrix"),
            "<h3>The two emotions the game turns on</h3>",
            _picture(_draw_roc(figures, reading), "ROC of happiness and surprise"),
            _table(alarm_heads, alarms) if alarms else "",
            "<h3>Does the score mean what it says?</h3>",
            _picture(_draw_reliability(reading), "Reliability diagram"),
            "<h3>Where it is weak</h3>",
            _picture(_draw_slices(figures), "Accuracy by slice"),
            "<details><summary>The slices in figures</summary>"
            + _table(slice_heads, slices)
            + "</details>",
        ]
    )


def _talk_section(talking: TalkFigures) -> str:
    rows = [
        (f"{score:g}", _Html(f"{share.value:.2%} {_interval(share, '.2%')}"))
        for score, share in talking.alarms.items()
    ]
    return (
        f"<h2>Faces in speech: {html.escape(talking.name)}</h2><p>{talking.faces} faces of"
        f" {talking.people} people who talk and are taken not to be surprised. A mouth open in"
        " speech must not lose a round of Surprise; the scores are the levels' thresholds.</p>"
        + _table(("surprise of at least", "share of the faces"), rows)
    )


def _players_section(players: PlayerFigures) -> str:
    heads = (
        "level",
        "threshold",
        "hold",
        "caught",
        "false losses",
        "a minute",
        "median delay",
        "beyond hold",
    )
    rows = [
        (
            f"{level['mode']} {level['level']}",
            f"{level['threshold']:g}",
            f"{level['hold_s']:g} s",
            _Html(f"{level['caught']} of {level['shown']} {_ends(level['caught_share'], '.0%')}"),
            f"{level['false_losses']} in {level['calm_s']:.0f} s",
            _Html(
                f"{_number(level['false_losses_a_minute'], '.2f')}"
                f" {_ends(level['false_losses_a_minute'], '.2f')}"
            ),
            _seconds(level["median_delay_s"]),
            _seconds(level["median_delay_beyond_hold_s"]),
        )
        for level in players.levels
    ]
    labels = sorted({label for level in players.levels for label in level["by_label"]})
    by_label = [
        (
            f"{level['mode']} {level['level']}",
            *(
                f"{level['by_label'][label]['false_losses']} in"
                f" {level['by_label'][label]['length_s']:.0f} s"
                if label in level["by_label"]
                else "-"
                for label in labels
            ),
        )
        for level in players.levels
    ]
    notes = [
        f"<li>{html.escape(level['mode'])} {level['level']}: {html.escape(note)}</li>"
        for level in players.levels
        for note in level["notes"]
    ]
    parts = [
        f"<h2>Players: {html.escape(players.folder)}</h2>",
        f"<p>A face was found in {players.face_share:.1%} of the frames. No baseline was taken"
        " off the scores, so a resting face that looks happy counts against the game.</p>",
        _table(heads, rows),
        "<h3>False losses by what the player did</h3>",
        _table(("level", *labels), by_label),
    ]
    if players.timelines:
        parts.append("<h3>What the game saw</h3>")
        parts.append(
            '<p class="note">Score at level 1. Green: must lose; gray: must not; unshaded: not'
            " counted. Triangles: lost. A gap in the line: no face.</p>"
        )
        parts.append(_picture(_draw_timelines(players.timelines), "Scores over time"))
    if notes:
        parts.append(
            f"<details><summary>{len(notes)} misses and false losses</summary>"
            f"<ul>{''.join(notes)}</ul></details>"
        )
    return "".join(parts)


def _cost_section(models: Sequence[ModelReport]) -> str:
    heads = ("model", "processor time", "by the clock", *models[0].cost.bytes)
    rows = [
        (
            model.folder,
            f"{model.cost.cpu_ms:.2f} ms",
            f"{model.cost.classify_ms[0]:.2f} ms (95%: {model.cost.classify_ms[1]:.2f})",
            *(
                f"{model.cost.bytes[name] / 1e6:.2f} MB" if name in model.cost.bytes else "-"
                for name in models[0].cost.bytes
            ),
        )
        for model in models
    ]
    return (
        f"<h2>Time and size</h2><p>LiteRT, one thread, {html.escape(models[0].cost.machine)}."
        " One face is every look that the bundle asks for; processor time is that of one face and"
        " leaves out what other programs took.</p>" + _table(heads, rows)
    )


class _Html(str):
    """A table cell that is HTML already."""


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{html.escape(each)}</th>" for each in heads)
    lines = [
        "<tr>"
        + "".join(
            f"<td>{cell if isinstance(cell, _Html) else html.escape(cell)}</td>" for cell in row
        )
        + "</tr>"
        for row in rows
    ]
    return f"<table><tr>{head}</tr>{''.join(lines)}</table>"


def _range(estimate: Estimate, form: str) -> str:
    return f"{estimate.low:{form}} to {estimate.high:{form}}"


def _interval(estimate: Estimate, form: str) -> str:
    return f'<span class="range">({_range(estimate, form)})</span>'


def _ends(rate: dict[str, float] | None, form: str) -> str:
    if rate is None:
        return ""
    return f'<span class="range">({rate["low"]:{form}} to {rate["high"]:{form}})</span>'


def _number(rate: dict[str, float] | None, form: str) -> str:
    return "-" if rate is None else f"{rate['value']:{form}}"


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f} s"


# --- Pictures -------------------------------------------------------------------------------------


def _picture(figure: Figure, words: str) -> str:
    data = io.BytesIO()
    figure.savefig(data, format="png", dpi=110)
    text = base64.b64encode(data.getvalue()).decode("ascii")
    return f'<img alt="{html.escape(words)}" src="data:image/png;base64,{text}">'


def _plain(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color="#e2e8f0", linewidth=0.8)
    axes.set_axisbelow(True)


def _draw_confusion(figures: SetFigures) -> Figure:
    counts = np.array(figures.confusion)
    totals = counts.sum(axis=1, keepdims=True)
    shares = counts / np.maximum(totals, 1)
    figure = Figure(figsize=(8.4, 6.2), layout="constrained")
    axes = figure.add_subplot()
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for row in range(len(EMOTIONS)):
        for column in range(len(EMOTIONS)):
            if not counts[row, column]:
                continue
            axes.text(
                column,
                row,
                f"{shares[row, column]:.0%}\n{counts[row, column]}",
                ha="center",
                va="center",
                fontsize=9,
                color="white" if shares[row, column] > 0.55 else "#0f172a",
            )
    axes.set_xticks(range(len(EMOTIONS)), EMOTIONS, rotation=30, ha="right")
    axes.set_yticks(range(len(EMOTIONS)), EMOTIONS)
    axes.set(xlabel="called", ylabel="labelled", title="Share of each row, and faces")
    figure.colorbar(image, ax=axes, fraction=0.04)
    return figure


def _draw_roc(figures: SetFigures, reading: Reading) -> Figure:
    figure = Figure(figsize=(9.8, 4.4), layout="constrained")
    whole, near = figure.subplots(1, 2)
    lowest = 1.0
    for emotion in SCORED:
        area = figures.auc[emotion]
        if area is None:
            continue
        index = EMOTIONS.index(emotion)
        false, found, _ = roc_curve(reading.labels == index, reading.probabilities[:, index])
        label = f"{emotion}, AUC {area.value:.4f}"
        whole.plot(false, found, color=_COLOURS[emotion], label=label)
        near.semilogx(
            np.maximum(false, 1e-4), found, color=_COLOURS[emotion], drawstyle="steps-post"
        )
        marks = [each for each in figures.alarms if each.emotion == emotion]
        rates = [max(each.false_alarm_rate, 1e-4) for each in marks]
        hits = [each.hit_rate or 0.0 for each in marks]
        for axes in (whole, near):
            axes.plot(rates, hits, "o", color=_COLOURS[emotion], markeredgecolor="white")
        for rate, hit, each in zip(rates, hits, marks, strict=True):
            near.annotate(
                f"{each.threshold:.2f}",
                (rate, hit),
                xytext=(4, -11),
                textcoords="offset points",
                fontsize=8,
                color=_COLOURS[emotion],
            )
        lowest = min([lowest, *hits])
    whole.plot([0, 1], [0, 1], ":", color=_GRAY, linewidth=1)
    whole.set(xlabel="false alarms", ylabel="found", title="ROC")
    whole.legend(loc="lower right", frameon=False)
    near.set(
        xlabel="false alarms, logarithmic",
        title="Few false alarms; dots: scores of model.json",
        xlim=(1e-4, 1),
        ylim=(max(0.0, lowest - 0.15), 1.01),
    )
    for axes in (whole, near):
        _plain(axes)
    return figure


def _draw_reliability(reading: Reading) -> Figure:
    figure = Figure(figsize=(9.8, 4.4), layout="constrained")
    panels = figure.subplots(2, 3, height_ratios=(3, 1), sharex=True)
    for column, emotion in enumerate((None, *SCORED)):
        curve = reliability_curve(reading.probabilities, reading.labels, emotion=emotion)
        above, below = panels[0][column], panels[1][column]
        colour = _COLOURS[emotion] if emotion else "#0f172a"
        above.plot([0, 1], [0, 1], ":", color=_GRAY, linewidth=1)
        above.plot(curve.claimed, curve.found, "o-", color=colour, markersize=4)
        title = f"score of {emotion}" if emotion else "likeliest emotion"
        above.set(title=f"{title}: error {curve.error():.3f}", ylim=(-0.02, 1.02))
        below.bar(curve.claimed, curve.counts, width=0.05, color=colour, alpha=0.6)
        below.set(xlabel="claimed", xlim=(-0.02, 1.02), yscale="log")
        for axes in (above, below):
            _plain(axes)
    panels[0][0].set_ylabel("right")
    panels[1][0].set_ylabel("faces")
    return figure


def _draw_slices(figures: SetFigures) -> Figure:
    rows = figures.slices
    figure = Figure(figsize=(9.8, 0.6 + 0.3 * len(rows)), layout="constrained")
    axes = figure.add_subplot()
    before, places, place = "", [], 0.0
    for each in rows:
        place += 1.0 if each.measure == before else 1.6
        before = each.measure
        places.append(place)
    values = [each.accuracy.value for each in rows]
    reach = [
        [each.accuracy.value - each.accuracy.low for each in rows],
        [each.accuracy.high - each.accuracy.value for each in rows],
    ]
    axes.errorbar(values, places, xerr=reach, fmt="o", color=_BLUE, capsize=3)
    axes.axvline(figures.accuracy.value, color=_GRAY, linestyle=":", linewidth=1)
    axes.set_yticks(places, [f"{each.measure}, {each.values}  (n = {each.faces})" for each in rows])
    axes.invert_yaxis()
    axes.set(xlabel="accuracy, with 95% interval; dotted: the whole set")
    _plain(axes)
    return figure


def _draw_timelines(timelines: Sequence[Timeline]) -> Figure:
    figure = Figure(figsize=(10.4, 1.35 * len(timelines)), layout="constrained")
    rows = figure.subplots(len(timelines), 1, squeeze=False)[:, 0]
    for axes, each in zip(rows, timelines, strict=True):
        for begin_s, end_s, label in each.segments:
            if label in each.must_lose:
                axes.axvspan(begin_s, end_s, color="#bbf7d0", linewidth=0)
            elif label not in ("slight", "openmouth", "other"):
                axes.axvspan(begin_s, end_s, color="#f1f5f9", linewidth=0)
            if end_s - begin_s >= 0.06 * each.scores[-1][0]:
                axes.text((begin_s + end_s) / 2, 1.03, label, ha="center", va="bottom", fontsize=7)
        times_s = [t_s for t_s, _ in each.scores]
        scores = [np.nan if score is None else score for _, score in each.scores]
        axes.plot(times_s, scores, color=_BLUE, linewidth=1.1)
        axes.axhline(each.threshold, color=_GRAY, linestyle=":", linewidth=1)
        axes.plot(each.losses_s, [0.93] * len(each.losses_s), "v", color=_RED, markersize=6)
        axes.set(ylim=(0, 1.0), xlim=(0, max(times_s[-1], 0.1)), yticks=(0, 0.5, 1))
        axes.set_ylabel(each.mode, fontsize=8)
        axes.set_title(each.name, loc="left", fontsize=8, pad=10)
        axes.tick_params(labelsize=7)
        axes.spines[["top", "right"]].set_visible(False)
    rows[-1].set_xlabel("seconds", fontsize=8)
    return figure
