"""All the faces of one run: every source that was named, split into train and held back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from emotion_game.errors import PictureError, TrainingError
from emotion_game.training.classifier.config import TrainingSettings
from emotion_game.training.classifier.distillation import load_talking
from emotion_game.training.data.checks import refuse_leaks
from emotion_game.training.data.faces import (
    FaceCutter,
    LabelledFaces,
    Teach,
    hold_back,
    join,
    load_ferplus,
    load_pictures,
)
from emotion_game.training.data.fer2013 import load_fer2013
from emotion_game.training.data.folders import (
    load_class_folders,
    people_from_table,
    split_by_person,
    split_by_seed,
    splits_in,
)
from emotion_game.vision.crop import CropSpec
from emotion_game.vision.detector import FaceDetector

Bar = Callable[[str], Callable[[Sequence[Any]], Iterable[Any]]]


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the faces come from; every one is optional, one at least is needed.

    Attributes:
        ferplus: see :func:`load_ferplus`; its split "train".
        fer2013: see :func:`load_fer2013`; its split "train".
        pictures: see :func:`load_pictures`; the people of its half "train".
        folders: see :func:`load_class_folders`. Where a folder holds ``train`` and ``valid``,
            the latter is held back; otherwise a share of it is.
        find_faces: the class folders hold whole pictures, not cut faces.
        people: CSV with the columns file and person, for the class folders.
        talking: see :func:`load_talking`; only :func:`load_training` takes it, and holds nothing
            of it back, for its labels are no truth to choose by.
    """

    ferplus: Path | None = None
    fer2013: Path | None = None
    pictures: Path | None = None
    folders: tuple[Path, ...] = ()
    find_faces: bool = False
    people: Path | None = None
    talking: Path | None = None


def load_sources(
    sources: Sources,
    settings: TrainingSettings,
    crop: CropSpec,
    detector: FaceDetector,
    bar: Bar = lambda what: list,
) -> tuple[LabelledFaces, LabelledFaces]:
    """Return the faces to train on and those held back for choices.

    Args:
        sources: where from.
        settings: size of the faces, share held back, crops of whole pictures, seed.
        crop: the game's crop, for whole pictures.
        detector: the game's detector, for whole pictures.
        bar: makes a progress bar with a title.

    Raises:
        TrainingError: no source, or a fault of one of them.
    """
    game_crop = replace(crop, size_px=settings.network.size_px)
    # FER+, FER2013 and cut faces are taken whole, with no more detail than the game's crops.
    seen = CropSpec(size_px=settings.network.size_px, detail_px=crop.detail_px)

    cutter = _cutter(settings, crop, detector)

    def halves(faces: LabelledFaces) -> tuple[LabelledFaces, LabelledFaces]:
        return hold_back(faces, settings.data.held_back_share, settings.seed)

    def from_folder(folder: Path) -> LabelledFaces:
        return load_class_folders(
            folder,
            game_crop if sources.find_faces else seen,
            detector=detector if sources.find_faces else None,
            person_of=None if sources.people is None else people_from_table(sources.people),
            least_classes=2 if alone else 1,
            progress=bar(f"Reading {folder.name}"),
        )

    others = (sources.ferplus, sources.fer2013, sources.pictures, *sources.folders)
    # What a booth got wrong is often all of one emotion; beside another source that is enough.
    alone = sum(source is not None for source in others) == 1
    parts: list[tuple[LabelledFaces, LabelledFaces]] = []
    if sources.ferplus is not None:
        parts.append(halves(load_ferplus(sources.ferplus, "train", seen)))
    if sources.fer2013 is not None:
        parts.append(halves(load_fer2013(sources.fer2013, "train", seen)))
    if sources.pictures is not None:
        faces = load_pictures(
            sources.pictures, cutter, split="train", progress=bar("Finding faces")
        )
        parts.append(halves(faces))
    for folder in sources.folders:
        if splits := splits_in(folder):
            if missing := {"train", "valid"} - set(splits):
                raise TrainingError(
                    f"{folder} has {', '.join(splits)}, but no {' and no '.join(sorted(missing))}.",
                    hint="Expected train and valid, or class folders.",
                )
            parts.append((from_folder(folder / "train"), from_folder(folder / "valid")))
        else:
            faces = from_folder(folder)
            split = split_by_person if sources.people else split_by_seed
            parts.append(split(faces, settings.data.held_back_share, settings.seed))
    if not parts:
        raise TrainingError(
            "No data was given.", hint="Name --ferplus, --fer2013, --pictures or --folders."
        )
    return join([train for train, _ in parts]), join([held for _, held in parts])


def refusal(
    sources: Sources,
    settings: TrainingSettings,
    crop: CropSpec,
    detector: FaceDetector,
    bar: Bar = lambda what: list,
) -> str:
    """Return why the training would refuse these sources; "" when it would take them.

    The sources are loaded and held against each other just as for a training.

    Args:
        sources: where from.
        settings: see :func:`load_sources`.
        crop: see :func:`load_sources`.
        detector: see :func:`load_sources`.
        bar: see :func:`load_sources`.
    """
    try:
        refuse_leaks(*load_sources(sources, settings, crop, detector, bar))
    except (PictureError, TrainingError) as error:
        return str(error)
    return ""


def load_training(
    sources: Sources,
    settings: TrainingSettings,
    crop: CropSpec,
    detector: FaceDetector,
    teach: Teach | None = None,
    bar: Bar = lambda what: list,
) -> tuple[LabelledFaces, LabelledFaces]:
    """Like :func:`load_sources`, with the teachers' part in the faces to train on.

    Args:
        sources: where from.
        settings: see :func:`load_sources`; also the teachers' share.
        crop: see :func:`load_sources`.
        detector: see :func:`load_sources`.
        teach: labels those who talk. Of the other labels its share is taken away: ``fit`` asks
            it for that part at every step.
        bar: see :func:`load_sources`.

    Raises:
        TrainingError: see :func:`load_sources` and :func:`load_talking`; or no teacher where one
            is needed.
    """
    share = settings.data.teacher_share
    if teach is None and (share or sources.talking is not None):
        raise TrainingError(
            "No teacher was given, but people who talk have no labels of their own."
            if sources.talking is not None
            else f"No teacher was given, but data.teacher_share is {share}.",
            hint="Name a bundle with --teacher, e.g. models/expression.",
        )
    train, held = load_sources(sources, settings, crop, detector, bar)
    train = replace(train, shares=(1 - share) * train.shares)
    if sources.talking is not None and teach is not None:
        # Their labels stay whole: of the teachers' answers the surprise must not come back.
        cutter = _cutter(settings, crop, detector)
        talk = load_talking(sources.talking, cutter, teach, bar("Finding who talks"))
        train = join([train, talk])
    return train, held


def _cutter(settings: TrainingSettings, crop: CropSpec, detector: FaceDetector) -> FaceCutter:
    return FaceCutter(
        replace(crop, size_px=settings.network.size_px),
        detector,
        settings.data.crops_a_picture,
        settings.data.box_noise,
        settings.seed,
    )
