"""Who is who from frame to frame: a bystander's laugh must not count, nor a player get lost.

Detecting costs more than following, so faces are detected ``detect_hz`` times a second and
followed by optical flow in between; a face that no longer looks like itself is looked for at once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from emotion_game.settings import PlayerTrackSettings
from emotion_game.vision.appearance import Appearance
from emotion_game.vision.crop import to_gray
from emotion_game.vision.detector import BoxPx, Face, FaceDetector, iou

#: Width of the picture in which motion is followed.
_FLOW_PX = 320
_POINTS_A_SIDE = 6
#: A point that does not come back to within this when followed backwards has slipped.
_SLIP_PX = 1.0
_PATCH_PX = 24
#: A face whose picture correlates less with the one that was detected is looked for again.
_LOOKS_LIKE_ITSELF = 0.6
#: Appearance distances, see ``Appearance.distance``.
_ALIKE, _NOT_THE_SAME = 0.2, 0.42
#: How much of each detection goes into what a person is remembered to look like; more of the
#: first ones, so that none of them counts for all.
_LEARN = 0.05
#: Without a detection for this long, a track's place means little.
_PLACE_S = 1.0
#: A face that turns up so soon after a player was last detected is his own: nobody leaves and is
#: replaced in less time, but two blurred pictures at 10 Hz fit in. Appearance cannot decide it:
#: after a jump one of a hundred players is as far from himself as the limit above, in a change of
#: light one of ten; of the people of one photograph three of ten are.
_JUMP_S = 0.4
#: A face first seen this close to a side of the picture, and narrower than this, walks in; in
#: shares of the picture's width.
_EDGE, _COMING_IN = 0.02, 1 / 3


@dataclass(frozen=True, slots=True)
class Followed:
    """What one frame shows.

    Attributes:
        players_px: each player's smoothed box, None while away.
        others_px: boxes of the other faces in the picture.
        detected: the detector was asked; otherwise motion was followed.
    """

    players_px: tuple[BoxPx | None, ...]
    others_px: tuple[BoxPx, ...]
    detected: bool

    @property
    def faces(self) -> int:
        """How many faces are in the picture."""
        return sum(box is not None for box in self.players_px) + len(self.others_px)


@dataclass(slots=True)
class _Person:
    """A face with its history, from its first detection, ``since_s``, to its last, ``seen_s``.

    ``came_in``: at first it was cut by a side of the picture, as of somebody who walks in.
    ``before``: who a player was until he jumped here.
    """

    box_px: BoxPx
    appearance: Appearance
    patch: NDArray[np.float32]
    since_s: float
    seen_s: float
    came_in: bool
    detections: int = 1
    present: bool = True
    before: _Person | None = None
    smoothed_px: BoxPx | None = None


class PlayerTrack:
    """Follow the players among all faces.

    The largest faces are the players, as many as there are to be, from left to right of the
    mirrored picture that players see; several are chosen once all have come. A player who is
    away is taken back where he left, when he looks like himself, or after a jump: when a face
    turns up in any place and size at the moment he is missed. Whoever was seen beside him is
    not him, and nobody else takes his place for ``forget_s``.

    Args:
        settings: how.
    """

    def __init__(self, settings: PlayerTrackSettings) -> None:
        self._settings = settings
        self._people: list[_Person] = []
        self._players: list[_Person | None] = [None]
        self._gray: NDArray[np.uint8] | None = None
        self._t_s = -math.inf
        self._detected_s = -math.inf

    def reset(self, players: int = 1) -> None:
        """Forget everybody; the largest faces of the next picture are the players.

        Args:
            players: how many, 1 or more.
        """
        self._people = []
        self._players = [None] * players
        self._gray = None
        self._detected_s = -math.inf

    def follow(self, picture: NDArray[Any], t_s: float, detector: FaceDetector) -> Followed:
        """Find the players in the next picture.

        Args:
            picture: (height, width[, 3|4]) uint8, BGR.
            t_s: its time of capture.
            detector: asked when it is due, or when a face was lost.
        """
        scale = min(1.0, _FLOW_PX / picture.shape[1])
        gray = _reduced(picture, scale)
        step_s = t_s - self._t_s
        due = t_s - self._detected_s >= 1.0 / self._settings.detect_hz - 1e-6
        before = self._gray
        waiting = any(player is None or not player.present for player in self._players)
        detect = (
            due
            or waiting
            or before is None
            or before.shape != gray.shape
            or not 0.0 <= step_s < 0.5
        )
        if before is not None and before.shape == gray.shape and step_s > 0.0:
            for person in self._people:
                if person.present and not _move(person, before, gray, scale):
                    detect = True
        if detect:
            self._meet(detector.detect(picture), picture, gray, scale, t_s)
            self._detected_s = t_s
        self._gray, self._t_s = gray, t_s
        for player in self._players:
            if player is not None and player.present:
                player.smoothed_px = self._smooth(player, step_s)
        return Followed(
            tuple(
                player.smoothed_px if player is not None and player.present else None
                for player in self._players
            ),
            tuple(
                person.box_px
                for person in self._people
                if person.present and all(person is not player for player in self._players)
            ),
            detect,
        )

    def _meet(
        self,
        faces: Sequence[Face],
        picture: NDArray[Any],
        gray: NDArray[np.uint8],
        scale: float,
        t_s: float,
    ) -> None:
        """Give every detected face its person, by place and appearance, the surest first."""
        colour = picture if picture.ndim == 3 and picture.shape[2] == 3 else None
        found = [
            _Person(
                face.box_px,
                Appearance(()) if colour is None else Appearance.of(colour, face.box_px),
                _patch(gray, face.box_px, scale),
                t_s,
                t_s,
                _is_coming_in(face.box_px, picture.shape[1]),
            )
            for face in faces
        ]
        pairs = sorted(
            (
                (fit, number, person)
                for number, face in enumerate(found)
                for person in self._people
                if (fit := _fit(person, face, t_s - person.seen_s)) > 0.0
            ),
            key=lambda pair: -pair[0],
        )
        for person in self._people:
            person.present = False
        left = set(range(len(found)))
        for _, number, person in pairs:
            if number in left and not person.present:
                left.discard(number)
                _take(person, found[number])
        newcomers = [found[number] for number in sorted(left)]
        self._people += newcomers
        for number in range(len(self._players)):
            self._take_back(number)
        self._choose(t_s)
        self._people = [
            person
            for person in self._people
            if person.present
            or t_s - person.seen_s < self._settings.forget_s
            or any(person is player for player in self._players)
        ]

    def _take_back(self, number: int) -> None:
        """Find a player among those who turned up since he was last seen.

        They are looked at again at every detection: the first picture after a jump may be blurred.
        """
        player = self._players[number]
        if player is None:
            return
        if player.before is not None and (who := self._who_stayed(player, player.before)):
            _take(player.before, who)
            self._players[number] = player.before
            self._people = [each for each in self._people if each is not who] + [player.before]
            player.before = None
            return
        if player.present:
            return
        newcomers = self._newcomers(player.seen_s)
        rivals = [
            person
            for person in self._people
            if not person.present
            and person is not player
            and all(person is not newcomer for newcomer in newcomers)
        ]
        meant = [
            person
            for person in newcomers
            if _jumped(player, person, rivals) or _recognised(player, person, rivals)
        ]
        for person in meant:
            if person.present and not any(
                _beside(person, other) for other in meant if other is not person
            ):
                player.before, person.before = None, player
                self._players[number] = person
                # The player's own places on the way there are nobody else's.
                self._people = [
                    each
                    for each in self._people
                    if each is person
                    or (each is not player and all(each is not other for other in meant))
                ]
                return

    def _who_stayed(self, player: _Person, before: _Person) -> _Person | None:
        """Return who is where a player jumped from, and more like him than who he is held for.

        He had hidden his face just when somebody else turned up.
        """
        apart = before.appearance.distance(player.appearance)
        for person in self._newcomers(before.seen_s):
            gone_s = person.since_s - before.seen_s
            if (
                person.present
                and gone_s <= _PLACE_S
                and _fit(before, person, gone_s) > 0.0
                and before.appearance.distance(person.appearance) < apart
            ):
                return person
        return None

    def _newcomers(self, since_s: float) -> list[_Person]:
        """Return who was seen only after a time and plays no part."""
        return [
            person
            for person in self._people
            if person.since_s > since_s and all(person is not each for each in self._players)
        ]

    def _choose(self, t_s: float) -> None:
        """Fill the places of players who were never there, or are away for too long."""
        free = [
            number
            for number, player in enumerate(self._players)
            if player is None
            or (not player.present and t_s - player.seen_s > self._settings.forget_s)
        ]
        others = [
            person
            for person in self._people
            if person.present and all(person is not player for player in self._players)
        ]
        others.sort(key=lambda person: -person.box_px[2] * person.box_px[3])
        if len(free) > len(others) and all(player is None for player in self._players):
            return  # a match begins when all are there
        chosen = others[: len(free)]
        # In the mirrored picture the face further right in the camera's is on the left.
        chosen.sort(key=lambda person: -person.box_px[0])
        for number, person in zip(free, chosen, strict=False):
            self._players[number] = person

    def _smooth(self, player: _Person, step_s: float) -> BoxPx:
        before, found = player.smoothed_px, player.box_px
        constant_s = self._settings.box_smoothing_s
        if before is None or constant_s == 0.0 or iou(before, found) < 0.5:
            return found
        share = 1.0 - math.exp(-step_s / constant_s)
        x, y, width, height = (
            was + (now - was) * share for was, now in zip(before, found, strict=True)
        )
        return x, y, width, height


def _fit(person: _Person, face: _Person, gone_s: float) -> float:
    """Return how well a detected face fits a person; 0 where it cannot be them."""
    overlap = iou(person.box_px, face.box_px)
    apart = person.appearance.distance(face.appearance) if person.appearance.regions else 0.0
    growth = face.box_px[2] / person.box_px[2]
    if gone_s <= _PLACE_S:
        # Where it was a moment ago, whatever the light does to its colours.
        if person.present and overlap > 0.3:
            return 2.0 + overlap - apart
        # A head moves about one width in half a second.
        near = _widths_apart(person.box_px, face.box_px) < min(2.0, 0.6 + 1.5 * gone_s)
        if near and 0.6 < growth < 1.7 and apart < _NOT_THE_SAME:
            return 1.0 + overlap - apart
    elif overlap > 0.1 and 0.5 < growth < 2.0 and apart < _NOT_THE_SAME:
        return 0.5 + overlap - apart
    if apart < _ALIKE and person.appearance.regions and 0.4 < growth < 2.5:
        return 1.0 - apart
    return 0.0


def _jumped(player: _Person, person: _Person, rivals: Sequence[_Person]) -> bool:
    """Return whether a newcomer is a player who moved too fast to be followed.

    Time decides, not place and size. Appearance only refuses who is plainly different, for light
    and blur change with the jump; and the newcomer must be nobody who just walks in, and neither
    look like nor be nearer to anybody else who is away.
    """
    apart = player.appearance.distance(person.appearance)
    way = _widths_apart(person.box_px, player.box_px)
    return (
        person.since_s - player.seen_s <= _JUMP_S
        and not person.came_in
        and apart < _NOT_THE_SAME
        and all(
            rival.appearance.distance(person.appearance) >= apart
            and _widths_apart(person.box_px, rival.box_px) >= way
            for rival in rivals
        )
    )


def _recognised(player: _Person, person: _Person, rivals: Sequence[_Person]) -> bool:
    """Return whether a newcomer looks like a player, and like nobody else who is away."""
    apart = player.appearance.distance(person.appearance)
    return (
        bool(player.appearance.regions)
        and apart < _ALIKE
        and all(rival.appearance.distance(person.appearance) >= apart for rival in rivals)
    )


def _beside(one: _Person, other: _Person) -> bool:
    """Return whether two were in view at one time: then they are two people."""
    return max(one.since_s, other.since_s) <= min(one.seen_s, other.seen_s)


def _is_coming_in(box_px: BoxPx, width_px: int) -> bool:
    x, _, width, _ = box_px
    edge_px = _EDGE * width_px
    at_a_side = x <= edge_px or x + width >= width_px - edge_px
    return at_a_side and width < _COMING_IN * width_px


def _take(person: _Person, face: _Person) -> None:
    """Bring a person up to date with the face that was found to be theirs."""
    gone_s = face.seen_s - person.seen_s
    if gone_s > _PLACE_S:
        person.smoothed_px = None
    person.detections += 1
    share = max(_LEARN, 1.0 / person.detections)
    person.appearance = (
        person.appearance.mixed(face.appearance, share)
        if person.appearance.regions
        else face.appearance
    )
    person.box_px, person.patch, person.seen_s = face.box_px, face.patch, face.seen_s
    person.present = True


def _move(
    person: _Person,
    before: NDArray[np.uint8],
    gray: NDArray[np.uint8],
    scale: float,
) -> bool:
    """Move a person's box with the motion of the picture; False when it looks lost.

    Median Flow (Kalal et al., 2010): a grid of points is followed forwards and backwards;
    those that do not come back are left out, the median of the others moves and scales the box.
    """
    x, y, width, height = (value * scale for value in person.box_px)
    across = np.linspace(x + 0.15 * width, x + 0.85 * width, _POINTS_A_SIDE)
    down = np.linspace(y + 0.15 * height, y + 0.85 * height, _POINTS_A_SIDE)
    points = np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 1, 2).astype(np.float32)
    side = 15 if width >= 60 else max(5, int(width / 4)) | 1
    window = (side, side)
    there = _flow(before, gray, points, window)
    back = _flow(gray, before, there, window)
    good = np.linalg.norm((back - points).reshape(-1, 2), axis=1) < _SLIP_PX
    if good.sum() < len(points) / 3:
        return False
    start, end = points.reshape(-1, 2)[good], there.reshape(-1, 2)[good]
    shift = np.median(end - start, axis=0)
    spread, spread_now = (
        np.median(np.linalg.norm(each - np.median(each, axis=0), axis=1)) for each in (start, end)
    )
    growth = float(np.clip(spread_now / max(spread, 1e-3), 0.9, 1.1))
    centre = (x + width / 2 + float(shift[0]), y + height / 2 + float(shift[1]))
    moved = (
        (centre[0] - width * growth / 2) / scale,
        (centre[1] - height * growth / 2) / scale,
        width * growth / scale,
        height * growth / scale,
    )
    likeness = float(np.mean(person.patch * _patch(gray, moved, scale)))
    if likeness < _LOOKS_LIKE_ITSELF:
        return False
    person.box_px = moved
    return True


def _flow(
    before: NDArray[np.uint8],
    after: NDArray[np.uint8],
    points: NDArray[np.float32],
    window_px: tuple[int, int],
) -> NDArray[np.float32]:
    """Follow (n, 1, 2) points from one gray picture to the next (Lucas and Kanade, 1981)."""
    found, _, _ = cv2.calcOpticalFlowPyrLK(
        before, after, points, points.copy(), winSize=window_px, maxLevel=2
    )
    return np.asarray(found, np.float32)


def _patch(gray: NDArray[np.uint8], box_px: BoxPx, scale: float) -> NDArray[np.float32]:
    """Return the face as a small patch with mean 0 and deviation 1, for correlation."""
    x, y, width, height = (value * scale for value in box_px)
    small = cv2.getRectSubPix(
        gray,
        (max(2, round(width)), max(2, round(height))),
        (x + width / 2, y + height / 2),
    )
    patch = cv2.resize(small, (_PATCH_PX, _PATCH_PX), interpolation=cv2.INTER_AREA)
    levels = patch.astype(np.float32) - patch.mean()
    return np.asarray(levels / max(float(levels.std()), 1.0), np.float32)


def _reduced(picture: NDArray[Any], scale: float) -> NDArray[np.uint8]:
    if scale < 1.0:
        size = (round(picture.shape[1] * scale), max(1, round(picture.shape[0] * scale)))
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(to_gray(picture))


def _widths_apart(a: BoxPx, b: BoxPx) -> float:
    across = (a[0] + a[2] / 2) - (b[0] + b[2] / 2)
    down = (a[1] + a[3] / 2) - (b[1] + b[3] / 2)
    return math.hypot(across, down) / a[2]
