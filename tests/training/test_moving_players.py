"""Films made of two public-domain portraits."""

from __future__ import annotations

import json

import cv2
import numpy as np
import pytest

from emotion_game.errors import TrainingError
from emotion_game.training.data import moving_players as moving
from emotion_game.training.data.pictures import LabelledPicture
from emotion_game.vision.camera import read_video
from emotion_game.vision.detector import Face, HaarDetector


def pictures(**labels_of):
    """Return one picture for each label of each person."""
    return [
        LabelledPicture(f"{person}_{number}.jpg", label, person)
        for person, labels in labels_of.items()
        for number, label in enumerate(labels)
    ]


TABLE = pictures(
    Ann=["neutral", "surprise", "surprise"],
    Bob=["neutral", "happiness"],
    Cleo=["anger", "sadness", "neutral"],
    Dan=["surprise"],
    Eve=["fear"],
)


def plan(each=9, seed=1):
    return {film.name: film for film in moving.plan_films(TABLE, each, np.random.default_rng(seed))}


def test_films_are_of_one_person_unless_they_say_so():
    films = plan()
    assert set(films) == {"surprise_Ann", "happy_Bob", "calm_Cleo", "mixed_Dan"}
    for film in films.values():
        people = {part.file.split("_")[0] for part in film.parts}
        assert film.mixed == (len(people) > 1)
    labels = [part.label for part in films["surprise_Ann"].parts]
    assert labels == ["neutral", "surprise", "neutral", "surprise", "neutral"]
    assert {part.label for part in films["calm_Cleo"].parts} == {"anger", "sadness", "neutral"}
    assert [part.file for part in films["mixed_Dan"].parts][1] == "Dan_0.jpg"


def test_plans_repeat_by_seed_and_are_bounded():
    assert plan() == plan()
    assert plan(seed=2) != plan()
    many = pictures(**{f"P{number}": ["neutral", "surprise"] for number in range(9)})
    assert len(moving.plan_films(many, 4, np.random.default_rng(0))) == 4


def test_the_ground_truth_is_in_the_words_of_recordings():
    film = moving.Film("x", (moving.Part("a", "neutral", 2.5), moving.Part("b", "happiness", 1.75)))
    assert film.segments() == [[0.0, 2.5, "neutral"], [2.5, 4.25, "smile"]]


@pytest.fixture(scope="module")
def portraits(tmp_path_factory, astronaut, hopper):
    folder = tmp_path_factory.mktemp("portraits")
    cv2.imwrite(str(folder / "calm.png"), hopper)
    cv2.imwrite(str(folder / "smiling.png"), astronaut)
    cv2.imwrite(str(folder / "nobody.png"), np.full((80, 80), 128, np.uint8))
    return folder


def film(name, *files, mixed=False, length_s=0.6):
    labels = {"smiling.png": "happiness"}
    parts = [moving.Part(file, labels.get(file, "neutral"), length_s) for file in files]
    return moving.Film(name, tuple(parts), mixed)


def test_films_show_the_faces_in_turn_and_come_with_their_ground_truth(tmp_path, portraits):
    from emotion_game.tools.recordings import read_ground_truth

    films = [
        film("two", "calm.png", "smiling.png"),
        film("other", "smiling.png", "calm.png", mixed=True),
        film("none", "calm.png", "nobody.png"),
    ]
    out = tmp_path / "films"
    made = moving.make_films(portraits, films, out, HaarDetector(), seed=5)
    assert [each.name for each in made.films] == ["two", "other"]
    assert made.without_face == ("none",)
    truth = read_ground_truth(out / "ground_truth.json")
    assert [segment.label for segment in truth["two.mp4"]] == ["neutral", "smile"]
    told = json.loads((out / "mixed" / "ground_truth.json").read_text("utf-8"))["other.mp4"]
    assert told["mixed"] is True
    assert told["pictures"] == ["smiling.png", "calm.png"]
    frames = [picture for _, picture in read_video(out / "two.mp4")]
    assert len(frames) == round(1.2 * moving.RATE_HZ)
    assert frames[0].shape == (moving.HEIGHT_PX, moving.WIDTH_PX, 3)

    def apart(one, other):
        return float(np.abs(frames[one].astype(int) - frames[other]).mean())

    assert apart(5, 25) > 2 * apart(5, 8)
    # The player's face is there, as wide as the ground truth says.
    width_px = json.loads((out / "ground_truth.json").read_text("utf-8"))["two.mp4"]["face_px"]
    faces = HaarDetector().detect(frames[5])
    assert max(face.box_px[2] for face in faces) == pytest.approx(width_px, rel=0.2)


def test_the_light_and_the_wall_stay_when_the_face_changes():
    rng = np.random.default_rng(0)
    bright = rng.integers(150, 250, (100, 100)).astype(np.uint8)
    dim = rng.integers(20, 60, (100, 100)).astype(np.uint8)
    box_px = (20.0, 20.0, 60.0, 60.0)
    first, second = moving.place_faces([(bright, box_px), (dim, box_px)], 200.0)
    middle = np.s_[300:420, 420:540]
    assert second[middle].mean() == pytest.approx(first[middle].mean(), abs=4)
    np.testing.assert_allclose(first[:60, :60], second[:60, :60])


def test_nothing_is_left_when_no_film_can_be_made(tmp_path, portraits):
    class Blind:
        def detect(self, picture) -> list[Face]:
            return []

    with pytest.raises(TrainingError, match="No film could be made"):
        moving.make_films(portraits, [film("x", "calm.png")], tmp_path / "out", Blind(), seed=1)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "out").mkdir()
    with pytest.raises(TrainingError, match="exists already"):
        moving.make_films(portraits, [], tmp_path / "out", HaarDetector(), seed=1)
