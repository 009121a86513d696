"""Measure a model bundle and write a report: FER+, whole pictures, recorded players, cost."""

from __future__ import annotations

import hashlib
import shlex
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import track

from emotion_game import paths
from emotion_game.cli import run_script
from emotion_game.errors import TrainingError
from emotion_game.vision.classifier import ExpressionClassifier
from emotion_game.vision.detector import Face, FaceDetector
from emotion_game.vision.yolo_detector import YoloDetector

if TYPE_CHECKING:
    from emotion_game.tools.recordings import Recordings
    from emotion_game.training.classifier.evaluate import DetectedFaces, Reading
    from emotion_game.training.classifier.sources import Sources
    from emotion_game.training.report.classifier import ModelReport, PlayerFigures

#: So many recordings of a folder get a picture, those with misses and false losses first.
PICTURED = 12


class RememberingDetector:
    """A detector that looks at a picture once, though two models read its face."""

    def __init__(self, detector: FaceDetector) -> None:
        self._detector = detector
        self._found: dict[bytes, list[Face]] = {}

    def detect(self, picture: Any) -> list[Face]:
        """See :class:`FaceDetector`."""
        key = hashlib.blake2b(picture.tobytes()).digest()
        if key not in self._found:
            self._found[key] = self._detector.detect(picture)
        return self._found[key]


def main(
    model: Annotated[Path, typer.Option(help="Model bundle.")] = (paths.MODELS / "expression"),
    against: Annotated[Path | None, typer.Option(help="Bundle to compare it with.")] = None,
    ferplus: Annotated[Path | None, typer.Option(help="Folder of FER+; its valid split.")] = None,
    pictures: Annotated[
        Path | None,
        typer.Option(help="Whole pictures: labels.csv (file,label[,person]) and images/."),
    ] = None,
    split: Annotated[
        str | None,
        typer.Option(
            help="Of --pictures: train, test or all. [default: test if persons are named]"
        ),
    ] = None,
    folders: Annotated[
        Path | None,
        typer.Option(
            help="Class folders; of train/, valid/ and test/ the last that is there. What the"
            " network was trained on is no measure."
        ),
    ] = None,
    find_faces: Annotated[
        bool, typer.Option("--find-faces", help="The class folders hold whole pictures.")
    ] = False,
    people: Annotated[
        Path | None, typer.Option(help="CSV (file,person) of the class folders.")
    ] = None,
    people_by_name: Annotated[
        bool,
        typer.Option("--people-by-name", help="Files of the class folders are PERSON_NUMBER."),
    ] = False,
    players: Annotated[
        list[Path] | None, typer.Option(help="Recordings with ground_truth.json; repeatable.")
    ] = None,
    talking: Annotated[
        Path | None,
        typer.Option(
            help="Pictures of people in speech, PERSON_NUMBER.jpg: how often half of them"
            " reads as surprised."
        ),
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder of the report.")] = Path("runs/report"),
) -> None:
    """Write report.html and report.json; at least one set to measure on is needed."""
    from emotion_game.training.classifier import evaluate as evaluate
    from emotion_game.training.classifier.sources import Sources
    from emotion_game.training.data.pictures import default_split
    from emotion_game.training.report import classifier as report

    if not (ferplus or pictures or folders or talking or players):
        raise TrainingError(
            "There is nothing to measure on.",
            hint="Give --ferplus, --pictures, --folders, --talking or --players.",
        )
    own = Sources(
        folders=() if folders is None else (folders,),
        find_faces=find_faces,
        people=people,
        people_by_name=people_by_name,
    )
    bundles = [model] if against is None else [model, against]
    classifiers = [ExpressionClassifier(folder) for folder in bundles]
    console = Console(stderr=True)
    show = partial(track, console=console)
    found, set_name = None, ""
    if pictures is not None:
        split = split or default_split(pictures)
        set_name = f"{pictures.name}, {'all' if split == 'all' else f'people of the {split} half'}"
        found = evaluate.detect_faces(
            pictures, YoloDetector(), lambda files: show(files, description="Detecting"), split
        )
    talkers = (
        None
        if talking is None
        else evaluate.detect_talking(
            talking, YoloDetector(), lambda files: show(files, description="Who talks")
        )
    )
    spoken: list[Reading] = []
    scores = _surprise_thresholds()
    seen = _watch(players or [], classifiers, show)
    reports: list[ModelReport] = []
    for folder, classifier, players_seen in zip(bundles, classifiers, seen, strict=True):
        readings = []
        if ferplus is not None:
            readings.append(_read_ferplus(ferplus, classifier, show))
        if found is not None:
            readings.append(_read_pictures(set_name, found, classifier, show))
        if folders is not None:
            readings.append(_read_folders(folders, own, classifier, show))
        if talking is not None and talkers is not None:
            spoken.append(
                _read_pictures(
                    f"{talking.name}, people of the test half", talkers, classifier, show
                )
            )
        limits = classifier.bundle.thresholds
        reports.append(
            report.ModelReport(
                str(folder),
                classifier.bundle,
                evaluate.measure_cost(folder, classifier),
                [
                    (evaluate.figures(reading, limits), reading)
                    for reading in show(readings, description="Resampling")
                ],
                [_judge(each) for each in players_seen],
                None if talkers is None else evaluate.talk_figures(spoken[-1], scores),
            )
        )
    differences = []
    if len(reports) == 2:
        for (_, one), (_, other) in zip(reports[0].sets, reports[1].sets, strict=True):
            differences += evaluate.compare(one, other)
        if talkers is not None:
            differences += evaluate.compare_talk(spoken[0], spoken[1], scores)
    report.write_report(out, shlex.join(["python", *sys.argv]), reports, differences)
    for figures, _ in reports[0].sets:
        areas = ", ".join(
            f"AUC {name} {area.value:.4f} ({area.low:.4f} to {area.high:.4f})"
            for name, area in figures.auc.items()
            if area is not None
        )
        typer.echo(
            f"{figures.name}: {figures.faces} faces, {figures.missed} without a found face,"
            f" accuracy {figures.accuracy.value:.4f} ({figures.accuracy.low:.4f} to"
            f" {figures.accuracy.high:.4f}), {areas}, ECE {figures.calibration_error:.4f}"
        )
    if (talk := reports[0].talking) is not None:
        shares = ", ".join(
            f"{share.value:.2%} ({share.low:.2%} to {share.high:.2%}) at {score:g} or more"
            for score, share in talk.alarms.items()
        )
        typer.echo(f"{talk.name}: {talk.faces} faces in speech, surprised: {shares}")
    for each in differences:
        typer.echo(
            f"{each.set_name}, {each.figure}: {each.difference.value:+.4f}"
            f" ({each.difference.low:+.4f} to {each.difference.high:+.4f}) to {against}"
        )
    typer.echo(f"{out / 'report.html'}")


def _surprise_thresholds() -> set[float]:
    from emotion_game.app import game_settings

    rules = game_settings(None).rounds.values()
    return {rule.threshold for rule in rules if ("surprise", 1.0) in rule.weights}


def _read_ferplus(
    folder: Path, classifier: ExpressionClassifier, show: Callable[..., Iterable[Any]]
) -> Reading:
    import numpy as np

    from emotion_game.training.classifier import evaluate as evaluate
    from emotion_game.training.data.faces import load_ferplus

    faces = load_ferplus(folder, "valid", classifier.crop)
    probabilities = evaluate.classify_all(
        classifier, faces, lambda pictures: show(pictures, description="FER+ valid")
    )
    measures = (*evaluate.picture_measures(faces.pictures), evaluate.agreement(faces))
    return evaluate.Reading(
        "FER+ valid", probabilities, faces.majority(), np.arange(len(faces)), measures
    )


def _read_folders(
    folder: Path, own: Sources, classifier: ExpressionClassifier, show: Callable[..., Iterable[Any]]
) -> Reading:
    import numpy as np

    from emotion_game.training.classifier import evaluate as evaluate
    from emotion_game.training.data.folders import load_class_folders, splits_in
    from emotion_game.vision.crop import CropSpec

    splits = splits_in(folder)
    crop = classifier.crop
    faces = load_class_folders(
        folder / splits[-1] if splits else folder,
        crop if own.find_faces else CropSpec(crop.size_px, detail_px=crop.detail_px),
        detector=YoloDetector() if own.find_faces else None,
        person_of=own.person_of(),
        least_classes=1,
        progress=lambda files: show(files, description=f"Reading {folder.name}"),
    )
    probabilities = evaluate.classify_all(
        classifier, faces, lambda pictures: show(pictures, description=folder.name)
    )
    return evaluate.Reading(
        f"{folder.name}{f', {splits[-1]}' if splits else ''}",
        probabilities,
        faces.majority(),
        np.array(faces.groups or faces.files),
        evaluate.picture_measures(faces.pictures),
    )


def _read_pictures(
    name: str,
    found: DetectedFaces,
    classifier: ExpressionClassifier,
    show: Callable[..., Iterable[Any]],
) -> Reading:
    import numpy as np

    from emotion_game.training.classifier import evaluate as evaluate

    faces = found.cut(classifier.crop)
    probabilities = evaluate.classify_all(
        classifier, faces, lambda pictures: show(pictures, description=name)
    )
    widths_px = np.array([box[2] for box in found.boxes_px])
    measures = (
        *evaluate.picture_measures(faces.pictures),
        evaluate.thirds("face width in the picture (px)", widths_px),
    )
    return evaluate.Reading(
        name, probabilities, found.labels, np.array(found.persons), measures, found.missed
    )


def _watch(
    folders: list[Path],
    classifiers: list[ExpressionClassifier],
    show: Callable[..., Iterable[Any]],
) -> list[list[Recordings]]:
    """Return, for each classifier, what it saw in each folder."""
    if not folders:
        return [[] for _ in classifiers]
    from emotion_game.app import game_settings, make_analyser
    from emotion_game.tools.recordings import watch

    analyser = make_analyser(game_settings(None))
    if len(classifiers) > 1:
        analyser.detector = RememberingDetector(analyser.detector)
    seen = []
    for classifier in classifiers:
        analyser.classifier = classifier
        seen.append(
            [watch(analyser, folder, partial(show, description=folder.name)) for folder in folders]
        )
    return seen


def _judge(recordings: Recordings) -> PlayerFigures:
    from emotion_game.app import game_settings
    from emotion_game.game.judge import find_losses
    from emotion_game.game.modes import score
    from emotion_game.tools.tallies import Tally, tally
    from emotion_game.training.report.classifier import PlayerFigures, Timeline

    settings = game_settings(None)
    rules, modes = settings.rounds, settings.modes
    levels = [
        {
            "mode": mode,
            "level": level,
            "threshold": each.threshold,
            **tally([recordings], modes[mode], each, min_length_s=1.0).figures(),
        }
        for (mode, level), each in rules.items()
    ]
    pictured = []
    for name, segments in recordings.truth.items():
        for mode in modes.values():
            each = rules[mode.name, 1]
            readings = [
                (seen.t_s, score(seen.emotions, each.weights)) for seen in recordings.seen[name]
            ]
            losses, timeline = find_losses(readings, each)
            counted = Tally(each.hold_s)
            counted.add(recordings.folder / name, losses, segments, mode, min_length_s=1.0)
            line = Timeline(
                name,
                mode.name,
                each.threshold,
                timeline,
                [(part.from_s, part.until_s, part.label) for part in segments],
                mode.truth,
                [loss.lost_s for loss in losses],
            )
            # Faulty recordings first, then those in which something had to be caught.
            pictured.append((-len(counted.notes), -counted.shown, line))
    pictured.sort(key=lambda entry: entry[:2])
    return PlayerFigures(
        recordings.folder.name,
        recordings.face_share(),
        levels,
        [line for _, _, line in pictured[:PICTURED]],
    )


if __name__ == "__main__":
    run_script(main)
