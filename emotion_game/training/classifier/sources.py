"""All the faces of one run: every source that was named, split into train and held back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from emotion_game.errors import PictureError, TrainingError
from emotion_game.files import read_text, write_beside
from emotion_game.training.classifier.config import TrainingSettings
from emotion_game.training.classifier.distillation import load_talking
from emotion_game.training.classifier.runs import SOURCES
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
    PersonOf,
    load_class_folders,
    people_from_table,
    person_from_name,
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
        people_by_name: the files of the class folders are named ``PERSON_NUMBER``.
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
    people_by_name: bool = False

    def given(self) -> bool:
        """Return whether there is any source that can be held back from."""
        return bool(self.ferplus or self.fer2013 or self.pictures or self.folders)

    def person_of(self) -> PersonOf | None:
        """Return who tells whose face a file of the class folders shows; None: nobody.

        Raises:
            TrainingError: when the table cannot be read, or there are two who tell.
        """
        if self.people is not None and self.people_by_name:
            raise TrainingError("--people and --people-by-name exclude each other.")
        if self.people_by_name:
            return person_from_name
        return None if self.people is None else people_from_table(self.people)


@dataclass(frozen=True, slots=True)
class Origin:
    """What a run was made of besides its settings; ``sources.json`` in its folder.

    Attributes:
        sources: where the faces came from.
        start_from: the model that the training went on from; None: it began anew.
    """

    sources: Sources
    start_from: Path | None = None

    def write(self, run_folder: Path) -> None:
        """Write it beside its place, with whole paths, then rename it.

        Raises:
            TrainingError: when it cannot be written.
        """
        whole = _ORIGIN.validate_python(
            {
                "sources": {
                    each.name: _whole(getattr(self.sources, each.name))
                    for each in fields(self.sources)
                },
                "start_from": _whole(self.start_from),
            }
        )
        path = run_folder / SOURCES
        try:
            write_beside(path, _ORIGIN.dump_json(whole, indent=1))
        except OSError as error:
            raise TrainingError(f"Cannot write {path}: {error.strerror or error}.") from error

    @classmethod
    def read(cls, run_folder: Path) -> Origin | None:
        """Read it; None where a run of an earlier release has none.

        Raises:
            TrainingError: when it is malformed.
        """
        path = run_folder / SOURCES
        if not path.exists():
            return None
        try:
            return _ORIGIN.validate_json(read_text(path, TrainingError))
        except ValidationError as error:
            raise TrainingError(
                f"{path} does not name the sources of a run: {error.errors()[0]['msg']}.",
                hint="Name them again: --folders and so on.",
            ) from error


_ORIGIN = TypeAdapter(Origin)


def _whole(value: Any) -> Any:
    if isinstance(value, Path):
        return value.resolve()
    return tuple(map(_whole, value)) if isinstance(value, tuple) else value


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
    person_of = sources.person_of()

    def halves(faces: LabelledFaces) -> tuple[LabelledFaces, LabelledFaces]:
        return hold_back(faces, settings.data.held_back_share, settings.seed)

    def from_folder(folder: Path) -> LabelledFaces:
        return load_class_folders(
            folder,
            game_crop if sources.find_faces else seen,
            detector=detector if sources.find_faces else None,
            person_of=person_of,
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
            split = split_by_seed if person_of is None else split_by_person
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
