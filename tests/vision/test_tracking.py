from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
import pytest

from emotion_game.settings import PlayerTrackSettings
from emotion_game.vision.detector import BoxPx, Face, iou
from emotion_game.vision.tracking import Followed, PlayerTrack
from emotion_game.vision.yolo_detector import YoloDetector

SETTINGS = PlayerTrackSettings(
    smallest_face=0.0, detect_hz=10.0, forget_s=5.0, box_smoothing_s=0.08
)
STEP_S = 1 / 30
GROUND = cv2.resize(
    np.random.default_rng(1).integers(70, 130, (24, 32, 3), dtype=np.uint8), (640, 480)
)


@dataclass
class Person:
    """A drawn head with hair and clothes of its own; later people stand in front."""

    seed: int
    x_px: float
    y_px: float = 150.0
    width_px: float = 90.0
    here: bool = True
    face: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        rng = np.random.default_rng(self.seed)
        skin = rng.integers(120, 200, 3)
        blobs = rng.integers(-60, 60, (9, 8, 1)) + skin
        self.face = cv2.resize(np.clip(blobs, 0, 255).astype(np.uint8), (120, 140))
        self.hair, self.clothes = (tuple(int(n) for n in rng.integers(0, 256, 3)) for _ in range(2))

    @property
    def box(self) -> BoxPx:
        return (self.x_px, self.y_px, self.width_px, self.width_px * 1.2)

    def paint(self, picture: np.ndarray) -> None:
        x, y, width, height = self.box

        def fill(left: float, top: float, wide: float, tall: float, colour) -> None:
            low = (round(x + left * width), round(y + top * height))
            high = (round(x + (left + wide) * width), round(y + (top + tall) * height))
            cv2.rectangle(picture, low, high, colour, -1)

        fill(-0.1, -0.35, 1.2, 0.9, self.hair)
        fill(-0.5, 1.1, 2.0, 2.5, self.clothes)
        scale = width / 120
        affine = np.array([[scale, 0, x], [0, height / 140, y]])
        cv2.warpAffine(
            self.face,
            affine,
            (picture.shape[1], picture.shape[0]),
            dst=picture,
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_TRANSPARENT,
        )


class Scene:
    """People before a camera; also the detector, which finds who is not hidden by another."""

    def __init__(self, *people: Person, settings: PlayerTrackSettings = SETTINGS) -> None:
        self.people = list(people)
        self.track = PlayerTrack(settings)
        self.asked = 0
        self.t_s = 0.0
        self.blind = False
        self.light = 1.0

    def detect(self, _: np.ndarray) -> list[Face]:
        self.asked += 1
        seen: Sequence[Person] = [] if self.blind else [each for each in self.people if each.here]
        return [
            Face(each.box, 0.9)
            for number, each in enumerate(seen)
            if not any(iou(each.box, front.box) > 0.25 for front in seen[number + 1 :])
        ]

    def picture(self) -> np.ndarray:
        picture = GROUND.copy()
        for each in self.people:
            if each.here:
                each.paint(picture)
        noise = np.random.default_rng(round(self.t_s * 1000)).normal(0, 2, picture.shape)
        return np.clip(picture * self.light + noise, 0, 255).astype(np.uint8)

    def look(self, step_s: float = STEP_S) -> Followed:
        self.t_s += step_s
        return self.track.follow(self.picture(), self.t_s, self)

    def player(self, step_s: float = STEP_S) -> BoxPx | None:
        return self.look(step_s).players_px[0]


def at(box: BoxPx | None, person: Person, least_iou: float = 0.6) -> bool:
    return box is not None and iou(box, person.box) > least_iou


# --- One player -----------------------------------------------------------------------------------


def test_the_largest_face_at_the_start_is_the_player():
    small, large = Person(1, 100), Person(2, 400, width_px=130)
    scene = Scene(small, large)
    assert at(scene.player(), large)
    assert scene.look().faces == 2


def test_nobody_there_and_then_somebody():
    player = Person(1, 200, here=False)
    scene = Scene(player)
    assert scene.player() is None
    player.here = True
    # Waiting for a player, the detector is asked on every frame.
    assert at(scene.player(), player)


def test_a_larger_bystander_never_becomes_the_player():
    player, bystander = Person(1, 100), Person(2, 420, here=False, width_px=140, y_px=100)
    scene = Scene(player, bystander)
    for number in range(150):
        bystander.here = number > 20
        player.x_px = 100 + 20 * math.sin(number / 10)
        assert at(scene.player(), player)
        if number == 60:
            player.here = False
            for _ in range(60):
                assert scene.player() is None
            player.here = True


def test_a_player_who_changes_seats_is_followed():
    player, bystander = Person(1, 400), Person(2, 520)
    player.width_px = 100
    scene = Scene(player, bystander)
    for _ in range(80):
        player.x_px -= 4.0
        assert at(scene.player(), player)


@pytest.mark.parametrize("in_front", [True, False])
def test_the_player_stays_the_player_across_a_crossing(in_front):
    player, bystander = Person(1, 60, width_px=100), Person(2, 300)
    scene = Scene(*((bystander, player) if in_front else (player, bystander)))
    assert at(scene.player(), player)
    for _ in range(110):
        player.x_px += 4.0
        box = scene.player()
        # Hidden is away; the bystander in front of him is nobody's stand-in.
        assert box is None or iou(box, player.box) > iou(box, bystander.box) or in_front
    assert at(scene.player(), player)


def test_two_people_who_change_sides_keep_their_names():
    player, bystander = Person(1, 80, width_px=100), Person(2, 460)
    scene = Scene(player, bystander)
    for _ in range(100):
        player.x_px += 3.8
        bystander.x_px -= 3.8
        scene.look()
    assert at(scene.player(), player)
    assert player.x_px > bystander.x_px


def test_a_bystander_alone_is_not_the_player_until_the_player_is_forgotten():
    player, bystander = Person(1, 100, width_px=110), Person(2, 400)
    scene = Scene(player, bystander)
    scene.look()
    player.here = False
    for _ in range(49):
        assert scene.player(0.1) is None
    for _ in range(3):
        box = scene.player(0.1)
    assert at(box, bystander)


def test_a_player_who_comes_back_elsewhere_is_recognised_by_looks():
    player, bystander = Person(1, 100, width_px=110), Person(2, 400)
    scene = Scene(player, bystander)
    for _ in range(10):
        scene.look()
    player.here = False
    for _ in range(20):
        assert scene.player(0.1) is None
    player.here, player.x_px, bystander.x_px = True, 450, 150
    assert at(scene.player(0.1), player)


def test_a_flash_of_light_does_not_make_the_player_a_stranger():
    player = Person(1, 200)
    scene = Scene(player)
    for number in range(60):
        scene.light = 1.0 if number % 7 else 1.8
        player.x_px = 200 + 10 * math.sin(number / 5)
        box = scene.player()
    assert at(box, player)


def test_a_head_in_quick_motion_is_still_the_player():
    player = Person(1, 200)
    scene = Scene(player)
    scene.look()
    # The detector missed a blurred head for 0.3 s; it is back two thirds of a width further on.
    scene.blind = True
    for _ in range(8):
        player.x_px += 8.0
        scene.look()
    scene.blind = False
    assert at(scene.player(), player)


def test_a_false_hit_inside_the_face_is_not_the_player():
    scene = Scene(Person(1, 200))
    scene.look()
    mouth = Person(3, 230, 210, 30)
    scene.people.append(mouth)
    scene.people[0].here = False
    assert scene.player(0.1) is None


def test_reset_makes_the_largest_face_the_player():
    player, bystander = Person(1, 100, width_px=80), Person(2, 400, width_px=120, here=False)
    scene = Scene(player, bystander)
    scene.look()
    bystander.here = True
    assert at(scene.player(0.2), player)
    scene.track.reset()
    assert at(scene.player(), bystander)


# --- A jump ---------------------------------------------------------------------------------------


def twin(of: Person, x_px: float, **how: float | bool) -> Person:
    """Return somebody else with the same hair and clothes: the face alone tells them apart."""
    person = Person(of.seed + 50, x_px, **how)  # type: ignore[arg-type]
    person.hair, person.clothes = of.hair, of.clothes
    return person


def seated(*people: Person, step_s: float = 0.1) -> Scene:
    """Return a scene in which everybody has been in view for half a second."""
    scene = Scene(*people)
    for _ in range(round(0.5 / step_s)):
        scene.look(step_s)
    return scene


JUMPS = {
    "back": (255, 170, 36),
    "back and aside": (450, 120, 45),
    "near": (100, 60, 225),
    "near and aside": (330, 60, 200),
    "aside": (420, 150, 90),
    "down": (200, 330, 90),
}


@pytest.mark.parametrize("rate_hz", [10, 30])
@pytest.mark.parametrize("missed", [0, 2])
@pytest.mark.parametrize("place", JUMPS.values(), ids=JUMPS)
@pytest.mark.parametrize("watched", [False, True])
def test_a_player_who_jumps_is_read_at_once(place, missed, rate_hz, watched):
    player, bystander = Person(1, 200), Person(2, 10, 20, 70, here=watched)
    scene = seated(bystander, player, step_s=1 / rate_hz)
    scene.blind = True
    for _ in range(missed):  # blurred on the way
        scene.look(1 / rate_hz)
    scene.blind = False
    player.x_px, player.y_px, player.width_px = place
    for _ in range(4):
        assert at(scene.player(1 / rate_hz), player)


def test_a_player_who_keeps_jumping_is_read_every_time():
    player = Person(1, 200)
    scene = seated(player)
    for place in [*JUMPS.values(), *reversed(JUMPS.values())]:
        player.x_px, player.y_px, player.width_px = place
        assert at(scene.player(0.1), player)


def test_a_jump_in_a_flash_is_found_when_the_light_is_back():
    player = Person(1, 200)
    scene = seated(player)
    player.x_px, player.y_px, player.width_px = JUMPS["back and aside"]
    scene.light = 2.5
    scene.look(0.1)
    scene.light = 1.0
    boxes = [scene.player(0.1) for _ in range(3)]
    assert at(boxes[-1], player)


@pytest.mark.parametrize("away_s", [0.5, 2.0])
@pytest.mark.parametrize("place", JUMPS.values(), ids=JUMPS)
def test_who_comes_later_is_a_stranger(place, away_s):
    player = Person(1, 200)
    stranger = Person(2, *place, here=False)
    scene = seated(player, stranger)
    player.here = False
    for _ in range(round(away_s / 0.1)):
        assert scene.player(0.1) is None
    stranger.here = True
    for _ in range(15):
        assert scene.player(0.1) is None


@pytest.mark.parametrize("place", JUMPS.values(), ids=JUMPS)
def test_who_looks_plainly_different_did_not_jump(place):
    player, stranger = Person(1, 200), Person(2, *place, here=False)
    scene = seated(player, stranger)
    player.here, stranger.here = False, True
    for _ in range(15):
        assert scene.player(0.1) is None


@pytest.mark.parametrize("place", JUMPS.values(), ids=JUMPS)
def test_a_bystander_who_jumps_when_the_player_leaves_is_still_the_bystander(place):
    player = Person(1, 200)
    bystander = twin(player, 520, width_px=60)
    scene = seated(player, bystander)
    player.here = False
    bystander.x_px, bystander.y_px, bystander.width_px = place
    for _ in range(15):
        assert scene.player(0.1) is None


def test_of_two_who_turn_up_at_once_neither_is_the_player():
    player = Person(1, 300)
    one, two = (twin(player, x_px, y_px=150, width_px=50, here=False) for x_px in (60, 500))
    scene = seated(player, one, two)
    player.here, one.here, two.here = False, True, True
    for number in range(15):
        one.here = number < 5  # nor when one of them has gone
        assert scene.player(0.1) is None


def test_who_walks_in_while_the_player_hides_is_not_the_player():
    player = Person(1, 200)
    passer = twin(player, 600, here=False)
    scene = seated(passer, player)
    player.here, passer.here = False, True
    for _ in range(15):
        passer.x_px = max(400, passer.x_px - 20)
        assert scene.player(0.1) is None


@pytest.mark.parametrize("hidden_s", [0.1, 0.3, 0.6])
def test_a_player_held_for_somebody_else_is_taken_back_where_he_stayed(hidden_s):
    player = Person(1, 200)
    bystander = twin(player, 420, here=False)
    scene = seated(bystander, player)
    player.here, bystander.here = False, True
    for _ in range(round(hidden_s / 0.1)):
        assert at(scene.player(0.1), bystander)
    player.here = True
    for _ in range(10):
        found = scene.look(0.1)
        assert at(found.players_px[0], player)
        assert len(found.others_px) == 1
        assert at(found.others_px[0], bystander)


def test_who_stands_where_the_player_jumped_from_is_not_the_player():
    player = Person(1, 200)
    behind = twin(player, 220, y_px=170, width_px=45, here=False)
    scene = seated(behind, player)
    player.x_px, behind.here = 420, True
    for _ in range(20):
        assert at(scene.player(0.1), player)


def test_a_player_whose_first_picture_is_spoilt_is_recognised_by_the_next():
    player = Person(1, 200)
    scene = seated(player)
    player.here = False
    for _ in range(20):
        assert scene.player(0.1) is None
    player.here, player.x_px, scene.light = True, 450, 0.4
    assert scene.player(0.1) is None
    scene.light = 1.0
    boxes = [scene.player(0.1) for _ in range(10)]
    assert at(boxes[-1], player)


@pytest.mark.parametrize("rate_hz", [10, 30])
@pytest.mark.parametrize("change", [0.4, 2.5])
def test_portraits_that_jump_before_the_detector_are_read_at_once(
    hopper, astronaut, change, rate_hz
):
    detector = YoloDetector(smallest_face=0.08)
    for portrait in (hopper, astronaut):
        x, y, width, height = detector.detect(portrait)[0].box_px
        track = PlayerTrack(SETTINGS)
        for number in range(rate_hz):
            jumped = number > rate_hz // 2
            # Faces of 0.14 and 0.35 of the picture's width, or the other way round.
            scale = 640 * (0.22 * math.sqrt(change if jumped else 1 / change)) / width
            at_x = 220 + 60 * jumped
            affine = np.array(
                [
                    [scale, 0, at_x - scale * (x + width / 2)],
                    [0, scale, 220 - scale * (y + height / 2)],
                ]
            )
            picture = cv2.warpAffine(
                portrait, affine, (640, 480), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE
            )
            assert track.follow(picture, number / rate_hz, detector).players_px[0] is not None


# --- How often, how still -------------------------------------------------------------------------


def test_the_detector_is_asked_ten_times_a_second_while_all_is_calm():
    player = Person(1, 200)
    scene = Scene(player)
    for number in range(90):
        player.x_px = 200 + 25 * math.sin(number / 15)
        assert at(scene.player(), player, 0.8)
    assert 29 <= scene.asked <= 33


def test_motion_is_followed_between_detections():
    player = Person(1, 200)
    scene = Scene(player, settings=SETTINGS.model_copy(update={"detect_hz": 1.0}))
    for number in range(28):
        player.x_px = 200 + 3.0 * number
        player.width_px = 90 + 0.5 * number
        assert at(scene.player(), player, 0.75)
    assert scene.asked == 1


def test_a_face_that_looks_lost_is_looked_for_at_once():
    player = Person(1, 100)
    scene = Scene(player, settings=SETTINGS.model_copy(update={"detect_hz": 1.0}))
    scene.look()
    scene.look()
    assert scene.asked == 1
    player.here = False
    assert scene.player() is None
    assert scene.asked == 2


def test_a_still_face_has_a_still_box():
    scene = Scene(Person(1, 200))
    boxes = np.array([scene.player() for _ in range(60)])
    assert (boxes.std(axis=0) / 90 < 0.01).all()


def test_the_box_leads_over_to_the_detectors():
    scene = Scene(Person(1, 200), settings=SETTINGS.model_copy(update={"box_smoothing_s": 0.0}))
    assert scene.player() == pytest.approx(scene.people[0].box)


def test_gray_and_alpha_pictures_and_a_new_size_are_followed_too():
    player = Person(1, 200)
    scene = Scene(player)
    scene.look()
    for code in (cv2.COLOR_BGR2GRAY, cv2.COLOR_BGR2BGRA):
        picture = cv2.cvtColor(scene.picture(), code)
        scene.t_s += STEP_S
        assert at(scene.track.follow(picture, scene.t_s, scene).players_px[0], player)
    larger = cv2.resize(scene.picture(), (1280, 960))
    scene.t_s += STEP_S
    assert scene.track.follow(larger, scene.t_s, scene).players_px[0] is not None


def test_time_that_jumps_back_is_survived():
    scene = Scene(Person(1, 200))
    scene.look(10.0)
    scene.t_s = 0.0
    assert at(scene.player(), scene.people[0])


# --- Two players ----------------------------------------------------------------------------------


def duel(*people: Person) -> Scene:
    scene = Scene(*people)
    scene.track.reset(players=2)
    return scene


def test_the_two_largest_faces_play_a_duel_the_left_one_of_the_mirror_first():
    left, middle, right = Person(1, 60), Person(2, 300, width_px=50), Person(3, 480)
    scene = duel(left, middle, right)
    first, second = scene.look().players_px
    assert at(first, right)
    assert at(second, left)


def test_a_duel_waits_for_the_second_player():
    one, two = Person(1, 60), Person(2, 400, here=False)
    scene = duel(one, two)
    assert scene.look().players_px == (None, None)
    two.here = True
    first, second = scene.look().players_px
    assert at(first, two)
    assert at(second, one)


def test_a_bystander_never_takes_part_in_a_duel():
    one, two, third = Person(1, 60), Person(2, 480), Person(3, 270, width_px=120, here=False)
    scene = duel(one, two, third)
    scene.look()
    third.here, two.here = True, False
    for _ in range(30):
        first, second = scene.look(0.1).players_px
        assert first is None
        assert at(second, one)
    two.here = True
    first, second = scene.look(0.1).players_px
    assert at(first, two)
    assert at(second, one)


@pytest.mark.parametrize("rate_hz", [10, 30])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((430, 170, 36), (95, 170, 36)),
        ((340, 90, 160), (60, 60, 160)),
        ((470, 150, 90), (95, 170, 36)),
    ],
    ids=["both back", "both near", "one aside, one back"],
)
def test_players_of_a_duel_who_jump_together_keep_their_sides(first, second, rate_hz):
    one, two = Person(1, 80), Person(2, 420)
    scene = duel(one, two)
    for _ in range(rate_hz):
        scene.look(1 / rate_hz)
    two.x_px, two.y_px, two.width_px = first
    one.x_px, one.y_px, one.width_px = second
    for _ in range(rate_hz):
        boxes = scene.look(1 / rate_hz).players_px
        assert at(boxes[0], two)
        assert at(boxes[1], one)


def test_a_player_of_a_duel_who_jumps_while_the_other_is_away_keeps_the_side():
    one, two = Person(1, 80), Person(2, 420)
    scene = duel(one, two)
    for _ in range(10):
        scene.look(0.1)
    two.here, one.x_px, one.width_px = False, 110, 40
    for _ in range(20):
        first, second = scene.look(0.1).players_px
        assert first is None
        assert at(second, one)
