"""The report on expression classifiers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from sklearn.metrics import roc_curve

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
from emotion_game.training.report.page import (
    Cell,
    Picture,
    Ranged,
    Report,
    Section,
    Table,
    Tile,
    plain,
    write,
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
    """Write ``report.html`` and ``report.json`` into a folder.

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
    first = models[0]
    report = Report(
        f"Expression classifier {first.bundle.version}",
        f"{first.folder} · SHA-256 {first.bundle.sha256[NETWORK][:12]} · {first.bundle.data}",
        command,
        _METHOD,
        content,
        _sections(models, differences),
    )
    write(out, report)


_METHOD = (
    "Each face goes through the bundle's own crop and LiteRT, its mirror image included where the"
    " bundle asks for it, exactly as in the game. Ranges after a figure are 95% intervals: for"
    " accuracy and areas from 1,000 seeded resamplings of people (of pictures where people are not"
    " known), for shares of caught laughs Wilson's, for false losses the exact Poisson one. Times"
    " depend on the machine and on what else it did."
)


def _sections(models: Sequence[ModelReport], differences: Sequence[Difference]) -> list[Section]:
    first = models[0]
    sections = _overview(first)
    if len(models) > 1:
        sections += _comparison(models[0], models[1], differences)
    for figures, reading in first.sets:
        sections += _of_set(figures, reading)
    if first.talking is not None:
        sections.append(_of_talk(first.talking))
    for players in first.players:
        sections += _of_players(players)
    return [*sections, _of_cost(models)]


def _overview(model: ModelReport) -> list[Section]:
    sections = []
    for figures, _ in model.sets:
        tiles = [Tile(f"{figures.accuracy.value:.1%}", "accuracy", _range(figures.accuracy, ".1%"))]
        for emotion, area in figures.auc.items():
            if area is not None:
                tiles.append(Tile(f"{area.value:.4f}", f"AUC {emotion}", _range(area, ".4f")))
        tiles.append(Tile(f"{figures.calibration_error:.3f}", "calibration error", "15 bins"))
        sections.append(Section(figures.name, 3, tiles=tiles))
    size_mb = model.cost.bytes[NETWORK] / 1e6
    tiles = [
        Tile(f"{model.cost.cpu_ms:.1f} ms", "processor time", "one face, one thread"),
        Tile(f"{model.cost.classify_ms[0]:.1f} ms", "by the clock", "median of one face"),
        Tile(f"{size_mb:.1f} MB", "network", NETWORK),
    ]
    sections.append(Section("Cost", 3, tiles=tiles))
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
        sections.append(Section("In the game", 3, table=Table(_IN_THE_GAME, rows)))
    return sections


_IN_THE_GAME = ("recordings", "level", "caught", "false losses a minute", "delay beyond hold")


def _comparison(
    first: ModelReport, second: ModelReport, differences: Sequence[Difference]
) -> list[Section]:
    rows: list[Sequence[Cell]] = []
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
                _ranged(gap, "+.4f"),
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
    heads = ("set", "figure", "this model", "the other", "difference", "")
    note = "Both read the same faces; the interval is that of the difference."
    title = f"Against {second.folder} ({second.bundle.version})"
    sections = [Section(title, table=Table(heads, rows, note=note))]
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
        table = Table(_IN_THE_GAME, game)
        sections.append(Section("In the game: this model / the other", 3, table=table))
    return sections


def _of_set(figures: SetFigures, reading: Reading) -> list[Section]:
    missed = (
        f" In {figures.missed} more pictures the detector found no face; they are in no figure."
        if figures.missed
        else ""
    )
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
    slices: list[Sequence[Cell]] = [
        (
            each.measure,
            each.values,
            str(each.faces),
            _ranged(each.accuracy, ".1%"),
            *("-" if each.auc[name] is None else f"{each.auc[name]:.4f}" for name in SCORED),
        )
        for each in figures.slices
    ]
    slice_heads = ("slice by", "", "faces", "accuracy", *(f"AUC {name}" for name in SCORED))
    areas = "; ".join(
        f"AUC {name} {_ranged(area, '.4f')}"
        for name, area in figures.auc.items()
        if area is not None
    )
    summary = (
        f"{figures.faces} faces.{missed} Accuracy {_ranged(figures.accuracy, '.4f')}; {areas};"
        f" expected calibration error {figures.calibration_error:.4f} in 15 bins."
    )
    return [
        Section(figures.name, text=summary),
        Section(
            "Which emotions are told apart",
            3,
            table=Table(("emotion", "faces", "precision", "recall", "F1"), classes),
            pictures=[Picture(_draw_confusion(figures), "Confusion matrix")],
        ),
        Section(
            "The two emotions the game turns on",
            3,
            table=Table(alarm_heads, alarms) if alarms else None,
            pictures=[Picture(_draw_roc(figures, reading), "ROC of happiness and surprise")],
        ),
        Section(
            "Does the score mean what it says?",
            3,
            pictures=[Picture(_draw_reliability(reading), "Reliability diagram")],
        ),
        Section(
            "Where it is weak", 3, pictures=[Picture(_draw_slices(figures), "Accuracy by slice")]
        ),
        Section("The slices in figures", table=Table(slice_heads, slices), folded=True),
    ]


def _of_talk(talking: TalkFigures) -> Section:
    rows = [(f"{score:g}", _ranged(share, ".2%")) for score, share in talking.alarms.items()]
    text = (
        f"{talking.faces} faces of {talking.people} people who talk and are taken not to be"
        " surprised. A mouth open in speech must not lose a round of Surprise; the scores are the"
        " levels' thresholds."
    )
    table = Table(("surprise of at least", "share of the faces"), rows)
    return Section(f"Faces in speech: {talking.name}", text=text, table=table)


def _of_players(players: PlayerFigures) -> list[Section]:
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
            Ranged(f"{level['caught']} of {level['shown']}", _ends(level["caught_share"], ".0%")),
            f"{level['false_losses']} in {level['calm_s']:.0f} s",
            Ranged(
                _number(level["false_losses_a_minute"], ".2f"),
                _ends(level["false_losses_a_minute"], ".2f"),
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
        f"{level['mode']} {level['level']}: {note}"
        for level in players.levels
        for note in level["notes"]
    ]
    text = (
        f"A face was found in {players.face_share:.1%} of the frames. No baseline was taken off the"
        " scores, so a resting face that looks happy counts against the game."
    )
    sections = [
        Section(f"Players: {players.folder}", text=text, table=Table(heads, rows)),
        Section(
            "False losses by what the player did", 3, table=Table(("level", *labels), by_label)
        ),
    ]
    if players.timelines:
        key = (
            "Score at level 1. Green: must lose; gray: must not; unshaded: not counted. Triangles:"
            " lost. A gap in the line: no face."
        )
        pictures = [Picture(_draw_timelines(players.timelines), "Scores over time")]
        sections.append(Section("What the game saw", 3, text=key, pictures=pictures))
    if notes:
        title = f"{len(notes)} misses and false losses"
        sections.append(Section(title, points=notes, folded=True))
    return sections


def _of_cost(models: Sequence[ModelReport]) -> Section:
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
    text = (
        f"LiteRT, one thread, {models[0].cost.machine}. One face is every look that the bundle asks"
        " for; processor time is that of one face and leaves out what other programs took."
    )
    return Section("Time and size", text=text, table=Table(heads, rows))


def _range(estimate: Estimate, form: str) -> str:
    return f"{estimate.low:{form}} to {estimate.high:{form}}"


def _ranged(estimate: Estimate, form: str) -> Ranged:
    return Ranged(f"{estimate.value:{form}}", _range(estimate, form))


def _ends(rate: dict[str, float] | None, form: str) -> str:
    return "" if rate is None else f"{rate['low']:{form}} to {rate['high']:{form}}"


def _number(rate: dict[str, float] | None, form: str) -> str:
    return "-" if rate is None else f"{rate['value']:{form}}"


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f} s"


# --- Pictures -------------------------------------------------------------------------------------


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
        plain(axes)
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
            plain(axes)
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
    plain(axes)
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
