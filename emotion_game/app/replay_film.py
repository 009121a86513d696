"""The instant replay: some seconds of player and clip around the moment that decided a round.

In memory alone, and gone with the result screen, unless the player presses save.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from emotion_game.clips.player import ClipFrame
from emotion_game.game.types import RelativeBox
from emotion_game.screens.moment import SPEEDS, MomentView

#: Length of the replay before and after the moment, seconds.
BEFORE_S = 2.2
AFTER_S = 0.8
#: At most this many pictures a second; the inference thread gives no more on most machines.
RATE_HZ = 15
#: The pictures are kept so high at most, in I420, half the size of BGR: about 40 MB for 3 s.
PLAYER_PX, CLIP_PX = 480, 360
#: How long the loop rests on its last picture.
REST_S = 0.7
#: What is shown of the player: so many heights of the face, so much wider than high.
_AROUND, _SHAPE = 1.9, 1.4
_WHOLE: RelativeBox = (0.0, 0.0, 1.0, 1.0)

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Packed:
    """A picture in half the memory: I420, (height * 3 / 2, width) uint8; both sides are even."""

    planes: Picture

    @classmethod
    def of(cls, picture: Picture, highest_px: int, order: str = "BGR") -> Packed:
        """Pack (height, width, 3|4) uint8, at most ``highest_px`` high; takes about 1 ms."""
        small = _shrink(picture, highest_px)
        code = {
            "RGB": cv2.COLOR_RGB2YUV_I420,
            "BGR": cv2.COLOR_BGR2YUV_I420,
            "BGRA": cv2.COLOR_BGRA2YUV_I420,
        }[order]
        return cls(np.asarray(cv2.cvtColor(small, code), np.uint8))

    def bgr(self) -> Picture:
        """Return it as (height, width, 3) uint8 BGR."""
        return np.asarray(cv2.cvtColor(self.planes, cv2.COLOR_YUV2BGR_I420), np.uint8)


@dataclass(frozen=True, slots=True)
class Still:
    """One picture of the replay: player (unmirrored) and clip, and where the faces are."""

    t_s: float
    clip_t_s: float
    player: Packed
    clip: Packed | None
    faces: tuple[RelativeBox, ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """A replay that is complete.

    Attributes:
        stills: in order of time, at least one.
        decisive_s: when the round was decided, on the stills' clock.
        lost: somebody lost; otherwise it is a closest call.
        window: the part of the player's pictures that is shown, in shares.
    """

    stills: tuple[Still, ...]
    decisive_s: float
    lost: bool = True
    window: RelativeBox = _WHOLE

    def span_s(self) -> float:
        """Return how long the replay is."""
        return max(self.stills[-1].t_s - self.stills[0].t_s, 1.0 / RATE_HZ)

    def place(self, since_s: float, speed: float | None) -> tuple[float, float]:
        """Return where the loop is ``since_s`` seconds after it began, and how fast it runs.

        Args:
            since_s: seconds.
            speed: 1 as it was; None: each of ``SPEEDS`` in turn.
        """
        span_s = self.span_s()
        turns = SPEEDS if speed is None else (speed,)
        at_s = since_s % sum(span_s / each + REST_S for each in turns)
        for each in turns:
            if at_s < span_s / each + REST_S:
                return min(at_s * each, span_s), each
            at_s -= span_s / each + REST_S
        return span_s, turns[-1]  # a rounding beyond the last one

    def at(self, at_s: float) -> int:
        """Return the number of the picture that is shown ``at_s`` after the first."""
        first = self.stills[0].t_s
        return max(0, sum(still.t_s - first <= at_s for still in self.stills) - 1)

    def cut(self, picture: Picture) -> Picture:
        """Return the part of a player's picture that is shown, as a view."""
        height, width = picture.shape[:2]
        x, y, wide, tall = self.window
        top, left = round(y * height), round(x * width)
        return picture[top : top + round(tall * height), left : left + round(wide * width)]

    def view(
        self, since_s: float, speed: float | None = None, last: MomentView | None = None
    ) -> MomentView:
        """Return what the loop shows ``since_s`` seconds after it began; see :meth:`place`.

        ``last`` is the view before, of the same moment: pictures are unpacked once.
        """
        at_s, runs = self.place(since_s, speed)
        number = self.at(at_s)
        if last is not None and last.frame_id == number:
            return replace(last, share=at_s / self.span_s(), speed=runs)
        still = self.stills[number]
        decisive_s = self.decisive_s - self.stills[0].t_s
        return MomentView(
            player=self.cut(still.player.bgr()),
            clip=None if still.clip is None else still.clip.bgr(),
            frame_id=number,
            t_s=still.clip_t_s,
            share=at_s / self.span_s(),
            decisive_share=min(1.0, max(0.0, decisive_s / self.span_s())),
            lost=self.lost,
            speed=runs,
        )


class MomentRecorder:
    """Keep the newest seconds of a round, and of all of them the most exciting.

    A lost round's moment is the loss; a won one's is the highest score, the closest call.
    """

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._ring: deque[Still] = deque()
        self._peak = 0.0
        self._decisive_s: float | None = None
        self._peak_stills: tuple[Still, ...] = ()
        self._peak_s: float | None = None
        self._closest = False
        self._window: RelativeBox | None = None

    def add(
        self,
        t_s: float,
        clip_t_s: float,
        player: Picture,
        clip: ClipFrame | None,
        score: float | None,
        faces: tuple[RelativeBox, ...] = (),
    ) -> None:
        """Take one picture, captured at ``t_s``, of the round or of what follows it."""
        if self._ring and t_s - self._ring[-1].t_s < 0.8 / RATE_HZ:
            return
        small = None if clip is None else Packed.of(clip.pixels, CLIP_PX, clip.order)
        self._ring.append(Still(t_s, clip_t_s, Packed.of(player, PLAYER_PX), small, faces))
        # What is on the screen already stays; only the reaction is added to it.
        while self._decisive_s is None and t_s - self._ring[0].t_s > BEFORE_S + AFTER_S:
            self._ring.popleft()
        if score is not None and score > self._peak:
            self._peak, self._peak_s = score, t_s
        if self._peak_s is not None and t_s - self._peak_s <= AFTER_S:
            self._peak_stills = tuple(self._ring)

    def decide(self, t_s: float, *, lost: bool) -> None:
        """The round was decided at ``t_s``; what follows is the player's reaction."""
        self._decisive_s = t_s
        self._closest = not lost

    def moment(self) -> Moment | None:
        """Return the replay as far as it goes by now; None before the decision, or without one.

        It grows until ``complete``, always from the same first picture.
        """
        if self._decisive_s is None:
            return None
        stills, at_s = tuple(self._ring), self._decisive_s
        if self._closest:
            if self._peak_s is None:
                return None
            stills, at_s = self._peak_stills, self._peak_s
        stills = tuple(still for still in stills if still.t_s >= at_s - BEFORE_S)
        if not stills:
            return None
        if self._window is None:
            self._window = _window(stills)
        return Moment(stills, at_s, not self._closest, self._window)

    def complete(self, now_s: float) -> bool:
        """Return whether the replay holds all of the reaction."""
        return self._decisive_s is not None and now_s - self._decisive_s >= AFTER_S


def _window(stills: tuple[Still, ...]) -> RelativeBox:
    """Return the part of the pictures, in shares, that shows all faces and a little around them."""
    faces = [face for still in stills for face in still.faces]
    if not faces:
        return _WHOLE
    high, wide = stills[0].player.planes.shape
    shape = wide / (high * 2 / 3)  # of the whole picture
    left, top = (min(face[axis] for face in faces) for axis in (0, 1))
    right, bottom = (max(face[axis] + face[axis + 2] for face in faces) for axis in (0, 1))
    tallest = max(face[3] for face in faces)
    height = max(bottom - top + (_AROUND - 1) * tallest, (right - left) * 1.3 * shape / _SHAPE)
    height = min(1.0, max(height, 0.3))
    width = min(1.0, height * _SHAPE / shape)
    x = min(max((left + right - width) / 2, 0.0), 1.0 - width)
    y = min(max((top + bottom - height) / 2, 0.0), 1.0 - height)
    return (x, y, width, height)


def _shrink(picture: Picture, highest_px: int) -> Picture:
    """Reduce a picture to that height, both sides even: 1 ms, where an exact resize takes 4."""
    height, width = picture.shape[:2]
    if height >= 2 * highest_px:
        half = (width // 2, height // 2)
        picture = np.asarray(cv2.resize(picture, half, interpolation=cv2.INTER_AREA), np.uint8)
    tall = min(height, highest_px) // 2 * 2
    size = (max(2, round(width * tall / height / 2) * 2), max(2, tall))
    if picture.shape[1::-1] == size:
        return picture
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR), np.uint8)
