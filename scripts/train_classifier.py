"""Train the expression classifier; see docs/retraining.md."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from emotion_game import paths
from emotion_game.cli import run_script
from emotion_game.game.types import EMOTIONS
from emotion_game.settings import load_settings
from emotion_game.training.classifier.config import TrainingSettings

if TYPE_CHECKING:
    from emotion_game.training.data.faces import LabelledFaces

console = Console(stderr=True)


def main(
    ferplus: Annotated[
        Path | None, typer.Option(help="FER+ folder: labels.csv and images/.")
    ] = None,
    pictures: Annotated[
        Path | None,
        typer.Option(help="Whole pictures of people: labels.csv (file,person,label), images/."),
    ] = None,
    folders: Annotated[
        list[Path] | None,
        typer.Option(help="Class folders: DIR/happiness/*.png ...; may be given again."),
    ] = None,
    fer2013: Annotated[Path | None, typer.Option(help="FER2013's CSV.")] = None,
    find_faces: Annotated[
        bool, typer.Option("--find-faces", help="The class folders hold whole pictures.")
    ] = False,
    talking: Annotated[
        Path | None,
        typer.Option(
            help="Pictures of people in speech, PERSON_NUMBER.jpg: the teacher labels them,"
            " but nobody is surprised."
        ),
    ] = None,
    people: Annotated[
        Path | None,
        typer.Option(help="CSV (file,person) of the class folders: split by person."),
    ] = None,
    people_by_name: Annotated[
        bool,
        typer.Option("--people-by-name", help="Files of the class folders are PERSON_NUMBER."),
    ] = False,
    run: Annotated[Path, typer.Option(help="Folder for checkpoints and curves.")] = Path(
        "runs/expression"
    ),
    config: Annotated[Path, typer.Option(help="Training settings (TOML).")] = (
        paths.CONFIGS / "training" / "expression.toml"
    ),
    backbone_weights: Annotated[
        Path | None, typer.Option(help="Weights file of the backbone, without top.")
    ] = None,
    start_from: Annotated[
        Path | None, typer.Option(help="Go on from a whole .keras model instead.")
    ] = None,
    teacher: Annotated[
        list[Path] | None,
        typer.Option(
            help="Bundle whose answers are mixed into the labels, or label who talks; of"
            " several the mean."
        ),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run.")] = False,
    drop_leaks: Annotated[
        bool, typer.Option("--drop-leaks", help="Leave out what is also in the held-back part.")
    ] = False,
    allow_leaks: Annotated[
        bool, typer.Option("--allow-leaks", help="Train in spite of such leaks.")
    ] = False,
) -> None:
    """Train the expression classifier phase by phase."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    settings = load_settings(config, TrainingSettings)
    import keras

    from emotion_game.training.classifier.distillation import Teachers
    from emotion_game.training.classifier.fit import estimate_s, fit
    from emotion_game.training.classifier.networks import build_network
    from emotion_game.training.classifier.runs import (
        FINAL_MODEL,
        START_MODEL,
        check_claim,
        load_network,
        outcome_of,
        steps_of,
        stoppable,
    )
    from emotion_game.training.classifier.sources import Origin, Sources, load_training
    from emotion_game.training.classifier.verdict import judge, write_verdict
    from emotion_game.training.data.checks import drop_leaks as without_leaks
    from emotion_game.training.data.checks import refuse_leaks
    from emotion_game.training.distributed import folder_of_worker, strategy_from_environment
    from emotion_game.training.progress import ProgressBar
    from emotion_game.training.report.curves import plot_run
    from emotion_game.vision.bundle import load_bundle
    from emotion_game.vision.yolo_detector import YoloDetector

    strategy = strategy_from_environment()

    def bar(what: str) -> Callable[[Sequence[Any]], Iterable[Any]]:
        return lambda items: track(items, what, console=console)

    folder = folder_of_worker(run, strategy)
    check_claim(folder, settings, resume)
    sources = Sources(
        ferplus=ferplus,
        fer2013=fer2013,
        pictures=pictures,
        folders=tuple(folders or ()),
        find_faces=find_faces,
        people=people,
        talking=talking,
        people_by_name=people_by_name,
    )
    keras.utils.set_random_seed(settings.seed)
    with strategy.scope():
        network = (
            build_network(settings.network, backbone_weights)
            if start_from is None
            else load_network(start_from)
        )
    teach = Teachers(teacher) if teacher else None
    train, held = load_training(
        sources,
        settings,
        load_bundle(paths.MODELS / "expression").input.crop(),
        YoloDetector(),
        teach,
        bar,
    )
    if drop_leaks:
        train = without_leaks(train, held)
    refuse_leaks(train, held, allow=allow_leaks)
    _show_counts(train, held)
    total_s = 0.0
    for phase in settings.phase:
        steps = steps_of(len(train), settings.batch_size, phase.epochs)
        seconds = estimate_s(network, phase, settings, steps, teach)
        total_s += seconds
        console.print(
            f"{phase.name}: {len(train)} faces x {phase.epochs} epochs / batch"
            f" {settings.batch_size} = {steps} steps at {phase.image_px} px,"
            f" {about(seconds)}"
        )
    console.print(f"{about(total_s)} in all on this machine as busy as it is")
    with stoppable(run):
        fit(
            network,
            train,
            held,
            settings,
            run,
            teach=teach,
            resume=resume,
            origin=Origin(sources, start_from),
            callbacks=lambda phase, steps: [ProgressBar(phase, steps, console)],
        )
    curves = folder / "curves.png"
    plot_run(folder, curves)
    for phase in settings.phase:
        outcome = outcome_of(folder, phase)
        if outcome is not None and not outcome.helped:
            console.print(
                f"{phase.name}: none of {outcome.epochs} epochs was better on the held-back faces"
                " than what the phase began with, so that is kept"
            )
    verdict = judge(load_network(folder / START_MODEL), load_network(folder / FINAL_MODEL), held)
    write_verdict(folder, verdict)
    console.print(verdict.sentence(), highlight=False, soft_wrap=True)
    if start_from is not None and not verdict.helped:
        console.print(
            f"The start model stays the better choice: {start_from}"
            f" (also in {folder / START_MODEL}). More pictures, of more people, may help.",
            highlight=False,
            soft_wrap=True,
        )
    console.print(f"model: {folder / FINAL_MODEL}, curves: {curves}")


def about(seconds: float) -> str:
    """Return a time as people say it."""
    return "under a minute" if seconds < 60 else f"about {seconds / 60:.0f} min"


def _show_counts(*parts: LabelledFaces) -> None:
    table = Table("emotion", "train", "held back")
    counts = [part.majority().tolist() for part in parts]
    for index, name in enumerate(EMOTIONS):
        table.add_row(name, *(str(each.count(index)) for each in counts))
    table.add_row("all", *(str(len(each)) for each in counts))
    console.print(table)


if __name__ == "__main__":
    run_script(main)
