"""Moving test players from stills: films of people whose expression changes before a camera.

Recordings of surprised players are rare, pictures are not. A film fades between pictures of one
person, seen by a camera that sways, flickers and makes noise. What such a film cannot show:
speech, the way from one expression to the next, turned heads. It tells whether the game reads
these faces steadily, not how people really startle.
"""

from __future__ import annotations

import json
import math
import shutil
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from emotion_game.errors import TrainingError
from emotion_game.training.data.faces import largest_face
from emotion_game.training.data.pictures import LabelledPicture
from emotion_game.training.data.tables import picture_file
from emotion_game.vision.crop import to_gray
from emotion_game.vision.detector import BoxPx, FaceDetector
from emotion_game.vision.pictures import read_picture

WIDTH_PX, HEIGHT_PX, RATE_HZ = 640, 480, 25
#: The canvas a face is put on is larger than the film, so that the camera may sway over it.
_CANVAS_PX = (960, 720)
#: What a label is called in a ground truth of recordings.
SEGMENT_LABEL = {"happiness": "smile"}
#: Expressions that must lose in neither mode.
CALM = ("neutral", "anger", "sadness")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a film: one picture and its label, for some seconds."""

    file: str
    label: str
    length_s: float


@dataclass(frozen=True, slots=True)
class Film:
    """What happens in one film.

    Attributes:
        name: file name without suffix.
        parts: one after the other.
        mixed: whether the pictures show different people.
    """

    name: str
    parts: tuple[Part, ...]
    mixed: bool = False

    def segments(self) -> list[list[Any]]:
        """Return ``[from_s, until_s, label]`` for each part, as a ground truth holds them.

        A part begins when it starts to fade in.
        """
        times = np.cumsum([0.0, *(part.length_s for part in self.parts)]).round(3).tolist()
        return [
            [begin, end, SEGMENT_LABEL.get(part.label, part.label)]
            for part, begin, end in zip(self.parts, times, times[1:], strict=False)
        ]


def plan_films(
    pictures: Sequence[LabelledPicture], each: int, rng: np.random.Generator
) -> list[Film]:
    """Decide which films can be made.

    - ``surprise_*``, ``happy_*``: neutral, then the emotion for 1.6 to 2.6 s, then neutral; once
      for every picture of the emotion (at most three) of a person who has a neutral one too.
    - ``calm_*``: neutral, angry and sad pictures of one person.
    - ``mixed_*``: surprise of a person without a neutral picture between neutral pictures of
      somebody else; the face changes more than any real one does.

    Args:
        pictures: with their persons.
        each: most films of each of the four kinds.
        rng: chooses persons and lengths.
    """
    by_person: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for picture in pictures:
        by_person[picture.person][picture.label].append(picture.file)
    films = [
        *_events(by_person, "surprise", "surprise", each, rng),
        *_events(by_person, "happy", "happiness", each, rng),
    ]
    calm = [
        person
        for person, labels in by_person.items()
        if sum(len(labels[label]) for label in CALM) >= 2
    ]
    for person in _some(calm, each, rng):
        choices = [(file, label) for label in CALM for file in by_person[person][label]]
        order = rng.permutation(len(choices))[:4]
        parts = [
            Part(file, label, _length_s(rng, 2.0, 3.0))
            for file, label in (choices[index] for index in order)
        ]
        films.append(Film(f"calm_{_plain(person)}", tuple(parts)))
    lonely = [
        person
        for person, labels in by_person.items()
        if labels["surprise"] and not labels["neutral"]
    ]
    calm_files = [file for labels in by_person.values() for file in labels["neutral"]]
    if calm_files:
        for person in _some(lonely, each, rng):
            neutral = [calm_files[int(rng.integers(len(calm_files)))]]
            surprised = by_person[person]["surprise"]
            name = f"mixed_{_plain(person)}"
            films.append(Film(name, _there_and_back(neutral, surprised, "surprise", rng), True))
    return films


def _events(
    by_person: dict[str, dict[str, list[str]]],
    kind: str,
    label: str,
    each: int,
    rng: np.random.Generator,
) -> list[Film]:
    able = [person for person, labels in by_person.items() if labels["neutral"] and labels[label]]
    return [
        Film(
            f"{kind}_{_plain(person)}",
            _there_and_back(by_person[person]["neutral"], by_person[person][label], label, rng),
        )
        for person in _some(able, each, rng)
    ]


def _there_and_back(
    neutral: list[str], shown: list[str], label: str, rng: np.random.Generator
) -> tuple[Part, ...]:
    calm = [neutral[index] for index in rng.permutation(len(neutral))]
    parts = [Part(calm[0], "neutral", _length_s(rng, 2.5, 3.5))]
    for number, file in enumerate(shown[:3], start=1):
        parts.append(Part(file, label, _length_s(rng, 1.6, 2.6)))
        parts.append(Part(calm[number % len(calm)], "neutral", _length_s(rng, 2.0, 3.0)))
    return tuple(parts)


def _some(persons: list[str], most: int, rng: np.random.Generator) -> list[str]:
    return [persons[index] for index in sorted(rng.permutation(len(persons))[:most])]


def _length_s(rng: np.random.Generator, least_s: float, most_s: float) -> float:
    return round(float(rng.uniform(least_s, most_s)), 2)


def _plain(name: str) -> str:
    return "".join(each if each.isalnum() or each in "-_" else "_" for each in name)


@dataclass(frozen=True, slots=True)
class Shot:
    """How one film is taken.

    Attributes:
        face_px: width of the detector's box of the face.
        fade_s: length of a change of expression.
        gain: of the brightness, around the middle of the gray values; 1 = as the picture.
        flicker: standard deviation of the brightness from frame to frame, share.
        noise: standard deviation of the sensor noise, gray values 0..255.
        blur_sigma_px: of the lens.
        quality: H.264's crf; 23 is good, 32 is poor.
        sway_px: how far the camera moves to each side.
        tilt_deg: how far it rolls.
    """

    face_px: float
    fade_s: float
    gain: float
    flicker: float
    noise: float
    blur_sigma_px: float
    quality: int
    sway_px: float
    tilt_deg: float


def choose_shot(rng: np.random.Generator) -> Shot:
    """Draw a webcam: near or far, bright or dim, good or cheap."""
    return Shot(
        face_px=float(rng.uniform(120, 260)),
        fade_s=float(rng.uniform(0.2, 0.3)),
        gain=float(rng.uniform(0.65, 1.15)),
        flicker=float(rng.uniform(0.0, 0.03)),
        noise=float(rng.uniform(1.5, 7.0)),
        blur_sigma_px=float(rng.uniform(0.3, 1.5)),
        quality=int(rng.integers(23, 33)),
        sway_px=float(rng.uniform(4, 20)),
        tilt_deg=float(rng.uniform(0.5, 4.0)),
    )


def place_faces(
    stills: Sequence[tuple[NDArray[Any], BoxPx]], face_px: float
) -> list[NDArray[np.float32]]:
    """Return a gray canvas (720, 960) for each picture, the face in the middle.

    All canvases have the wall and the light of the first: its edge carried on and blurred, and
    the mean and standard deviation of the gray values in its face. At a camera, the face alone
    changes.

    Args:
        stills: pictures of any channels with the box of the face.
        face_px: width of that box on the canvas.
    """
    placed = [_place(to_gray(picture), box_px, face_px) for picture, box_px in stills]
    first, _ = placed[0]
    wall = cv2.GaussianBlur(first, (0, 0), 40)
    middle = _middle(face_px)
    mean, spread = float(first[middle].mean()), float(first[middle].std())
    canvases = []
    for sharp, share in placed:
        face = sharp[middle]
        # Not stretched past double: a flat picture would become all noise.
        gain = min(2.0, spread / max(1.0, float(face.std())))
        lit = (sharp - face.mean()) * gain + mean
        canvases.append(np.asarray(lit * share + wall * (1 - share), dtype=np.float32))
    return canvases


def _place(
    gray: NDArray[np.uint8], box_px: BoxPx, face_px: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the picture on the canvas and how much of it shows there, 0..1."""
    x, y, width, height = box_px
    scale = face_px / width
    across, down = _CANVAS_PX
    matrix = np.array(
        [
            [scale, 0, across / 2 - (x + width / 2) * scale],
            [0, scale, down / 2 - (y + height / 2) * scale],
        ]
    )
    sharp = cv2.warpAffine(
        gray, matrix, _CANVAS_PX, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    inside = cv2.warpAffine(np.full(gray.shape, 255, np.uint8), matrix, _CANVAS_PX)
    rim_px = 2 * round(0.04 * face_px) + 1
    inside = cv2.GaussianBlur(
        cv2.erode(inside, np.ones((rim_px, rim_px), np.uint8)), (0, 0), 0.02 * face_px
    )
    return sharp.astype(np.float32), inside.astype(np.float32) / 255.0


def _middle(face_px: float) -> tuple[slice, slice]:
    across, down = _CANVAS_PX[0] // 2, _CANVAS_PX[1] // 2
    half = round(face_px / 2)
    return slice(down - half, down + half), slice(across - half, across + half)


def take_film(
    faces: Sequence[NDArray[np.float32]],
    lengths_s: Sequence[float],
    shot: Shot,
    rng: np.random.Generator,
    path: Path,
) -> None:
    """Write one film, H.264, 640 x 480 at 25 Hz.

    Args:
        faces: a canvas of :func:`place_faces` for each part.
        lengths_s: of each part.
        shot: the camera.
        rng: of the noise and of where the camera sways.
        path: the file; it appears once it is complete.
    """
    begins_s = np.cumsum([0.0, *lengths_s])
    phases = rng.uniform(0, 2 * math.pi, 4)
    rates_hz = rng.uniform(0.1, 0.45, 4)
    half = path.with_name(f"{path.stem}.part{path.suffix}")
    try:
        with av.open(str(half), "w") as container:
            stream = container.add_stream(
                "libx264", rate=RATE_HZ, options={"crf": str(shot.quality), "preset": "veryfast"}
            )
            stream.width, stream.height, stream.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
            for index in range(round(begins_s[-1] * RATE_HZ)):
                t_s = index / RATE_HZ
                part = int(np.searchsorted(begins_s, t_s, side="right")) - 1
                share = min(1.0, (t_s - begins_s[part]) / shot.fade_s) if part else 1.0
                face: NDArray[Any] = faces[part]
                if share < 1.0:
                    face = cv2.addWeighted(face, share, faces[part - 1], 1 - share, 0)
                sway = np.sin(2 * math.pi * rates_hz * t_s + phases)
                frame = _take(face, sway, shot, rng)
                container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="gray")))
            container.mux(stream.encode(None))
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def _take(
    face: NDArray[Any], sway: NDArray[np.float64], shot: Shot, rng: np.random.Generator
) -> NDArray[np.uint8]:
    centre = (_CANVAS_PX[0] / 2, _CANVAS_PX[1] / 2)
    matrix = cv2.getRotationMatrix2D(centre, shot.tilt_deg * sway[0], 1 + 0.03 * sway[1])
    matrix[0, 2] += WIDTH_PX / 2 - centre[0] + shot.sway_px * sway[2]
    matrix[1, 2] += HEIGHT_PX / 2 - centre[1] + 0.6 * shot.sway_px * sway[3]
    frame = cv2.warpAffine(face, matrix, (WIDTH_PX, HEIGHT_PX), borderMode=cv2.BORDER_REPLICATE)
    frame = cv2.GaussianBlur(frame, (0, 0), shot.blur_sigma_px)
    light = shot.gain * (1 + rng.normal(0, shot.flicker))
    noise = rng.standard_normal(frame.shape, dtype=np.float32) * shot.noise
    return np.asarray(np.clip(frame * light + noise, 0, 255), dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class MadeFilms:
    """What :func:`make_films` wrote.

    Attributes:
        films: those made, in the order planned.
        without_face: planned films of which a picture shows no face that the detector finds;
            they are left out.
    """

    films: tuple[Film, ...]
    without_face: tuple[str, ...]


def make_films(
    pictures: Path,
    films: Sequence[Film],
    folder: Path,
    detector: FaceDetector,
    seed: int,
    progress: Callable[[list[Film]], Any] = list,
) -> MadeFilms:
    """Write the films and ``ground_truth.json``: same people in ``folder``, others in ``mixed/``.

    The folder appears once it is complete.

    Args:
        pictures: the folder the films' files lie in.
        films: see :func:`plan_films`.
        folder: must not exist yet.
        detector: finds the face to align the pictures by.
        seed: of cameras and noise; each film has its own stream of numbers.
        progress: wraps the loop over the films.

    Raises:
        TrainingError: when the folder exists or no film can be made.
        PictureError: when a picture cannot be read.
    """
    if folder.exists():
        raise TrainingError(f"{folder} exists already.", hint="Name a new folder, or delete it.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    truth: dict[str, dict[str, Any]] = {}
    mixed_truth: dict[str, dict[str, Any]] = {}
    made, without_face = [], []
    try:
        (part / "mixed").mkdir(parents=True)
        for number, film in enumerate(progress(list(films))):
            rng = np.random.default_rng([seed, number])
            shot = choose_shot(rng)
            stills = []
            for each in film.parts:
                picture = read_picture(picture_file(pictures, each.file))
                box_px = largest_face(detector, picture)
                if box_px is not None:
                    stills.append((picture, box_px))
            if len(stills) < len(film.parts):
                without_face.append(film.name)
                continue
            faces = place_faces(stills, shot.face_px)
            place, table = (part / "mixed", mixed_truth) if film.mixed else (part, truth)
            name = f"{film.name}.mp4"
            take_film(faces, [each.length_s for each in film.parts], shot, rng, place / name)
            table[name] = {
                "segments": film.segments(),
                "mixed": film.mixed,
                "pictures": [each.file for each in film.parts],
                "face_px": round(shot.face_px),
            }
            made.append(film)
        if not made:
            raise TrainingError(
                f"No film could be made from {pictures}.",
                hint="A film needs a person with a neutral picture and another one.",
            )
        for place, table in ((part, truth), (part / "mixed", mixed_truth)):
            text = json.dumps(table, indent=1, ensure_ascii=False)
            (place / "ground_truth.json").write_text(text + "\n", "utf-8")
        part.replace(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return MadeFilms(tuple(made), tuple(without_face))
