"""Look through labelled pictures: counts, faults, copies, and what the training would refuse."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Column, Table
from rich.text import Text

from emotion_game import paths
from emotion_game.cli import run_script
from emotion_game.errors import TrainingError
from emotion_game.game.types import EMOTIONS
from emotion_game.settings import load_settings

if TYPE_CHECKING:
    from emotion_game.training.data.checks import Survey

#: How many faults and leaks the tables show; --json has all.
SHOWN = 20


def main(
    ferplus: Annotated[Path | None, typer.Option(help="labels.csv with votes, images/.")] = None,
    folders: Annotated[
        Path | None, typer.Option(help="Class folders, or train/ and valid/ with class folders.")
    ] = None,
    pictures: Annotated[
        Path | None, typer.Option(help="labels.csv (file,label[,person][,split]), images/.")
    ] = None,
    fer2013: Annotated[Path | None, typer.Option(help="Kaggle's fer2013.csv.")] = None,
    people: Annotated[
        Path | None, typer.Option(help="For --folders: CSV (file,person), files from its folder.")
    ] = None,
    people_by_name: Annotated[
        bool, typer.Option("--people-by-name", help="For --folders: files are PERSON_NUMBER.")
    ] = False,
    find_faces: Annotated[
        bool, typer.Option("--find-faces", help="List pictures without a found face.")
    ] = False,
    near: Annotated[
        int | None,
        typer.Option(min=0, max=24, help="Bits of 64 in which the hashes of copies may differ."),
    ] = None,
    config: Annotated[
        Path, typer.Option(help="Training settings (TOML): how the training would split.")
    ] = (paths.CONFIGS / "training" / "expression.toml"),
    json_: Annotated[bool, typer.Option("--json", help="Print JSON to stdout.")] = False,
) -> None:
    """Check one source of data; exit 1 when anything is wrong with it."""
    from emotion_game.training.classifier.config import TrainingSettings
    from emotion_game.training.classifier.sources import Sources, refusal
    from emotion_game.training.data import checks as checks
    from emotion_game.training.data.folders import people_from_table, person_from_name
    from emotion_game.vision.bundle import load_bundle
    from emotion_game.vision.yolo_detector import YoloDetector

    if sum(each is not None for each in (ferplus, folders, pictures, fer2013)) != 1:
        raise typer.BadParameter("name one of --ferplus, --folders, --pictures, --fer2013")
    if people and people_by_name:
        raise typer.BadParameter("--people and --people-by-name exclude each other")
    settings = load_settings(config, TrainingSettings)
    person_of = people_from_table(people) if people else None
    if people_by_name:
        person_of = person_from_name
    with Progress(console=Console(stderr=True)) as bar:

        def show(what: str) -> Callable[[Sequence[Any]], Iterable[Any]]:
            return lambda items: bar.track(items, description=what)

        progress = show("Reading pictures")

        if ferplus is not None:
            readings = checks.read_ferplus(ferplus, progress)
        elif folders is not None:
            readings = checks.read_folders(folders, person_of, progress)
        elif pictures is not None:
            readings = checks.read_pictures(pictures, progress)
        else:
            assert fer2013 is not None
            readings = checks.read_fer2013(fer2013, progress)
        found = checks.survey(
            readings,
            checks.NEAR_BITS if near is None else near,
            YoloDetector() if find_faces else None,
        )
        source = ferplus or folders or pictures or fer2013
        # What is wrong so far is refused anyway, and told better.
        if found.good and found.counts:
            refused = refusal(
                Sources(
                    ferplus=ferplus,
                    fer2013=fer2013,
                    pictures=pictures,
                    folders=(folders,) if folders else (),
                    find_faces=find_faces,
                    people=people,
                    people_by_name=people_by_name,
                ),
                settings,
                load_bundle(paths.MODELS / "expression").input.crop(),
                YoloDetector(),
                show,
            )
            if refused:
                fault = f"train_classifier.py would refuse it: {refused.removesuffix('.')}"
                found.faults.append((str(source), fault))
    if json_:
        print(json.dumps({"source": str(source), "good": found.good, **asdict(found)}))
    else:
        _show(found)
    if not found.counts:
        raise TrainingError(f"{source} has no usable picture.", hint=_first_fault(found))
    told = []
    if found.faults:
        told.append(f"{len(found.faults)} fault(s): {_first_fault(found)}.")
    if found.leaks:
        told.append(checks.describe_leaks(found.leaks))
    if told:
        raise TrainingError(f"{source}: {' '.join(told)}", hint=" ".join(found.remedies))


def _first_fault(found: Survey) -> str:
    return found.faults[0][1].removesuffix(".") if found.faults else ""


def _show(found: Survey) -> None:
    console = Console()
    table = Table("", *found.counts)
    for emotion in EMOTIONS:
        table.add_row(emotion, *(str(counts[emotion]) for counts in found.counts.values()))
    table.add_section()
    table.add_row("all", *(str(sum(counts.values())) for counts in found.counts.values()))
    table.add_row("same picture again", *(str(found.doubles[split]) for split in found.counts))
    table.add_row(
        "left out (no majority)", *(str(found.left_out.get(split, 0)) for split in found.counts)
    )
    console.print(table)
    # File names go in as Text: in plain strings rich would take [brackets] for markup.
    if found.faults:
        table = Table(Column(f"{len(found.faults)} fault(s)", overflow="fold"))
        for _, fault in found.faults[:SHOWN]:
            table.add_row(Text(fault))
        _print(table, len(found.faults))
    if found.leaks:
        files = Column("files", overflow="fold")
        table = Table(f"{len(found.leaks)} leak(s)", "splits", files, "bits", "likeness")
        for leak in found.leaks[:SHOWN]:
            figures = (
                ("", "") if leak.likeness is None else (str(leak.bits), f"{leak.likeness:.2f}")
            )
            table.add_row(
                leak.kind.value, "\n".join(leak.splits), Text("\n".join(leak.files)), *figures
            )
        _print(table, len(found.leaks))
    for remedy in found.remedies:
        console.print(f"- {remedy}", highlight=False, soft_wrap=True)


def _print(table: Table, rows: int) -> None:
    if rows > SHOWN:
        table.caption = f"the first {SHOWN} of {rows}; --json lists all"
    Console().print(table)


if __name__ == "__main__":
    run_script(main)
