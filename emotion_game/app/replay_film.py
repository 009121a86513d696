"""The instant replay: some seconds of player and clip around the moment that decided a round.

In memory alone, and gone with the result screen, unless the player presses save.
"""

from __future__ import annotations

import io
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import av
import cv2
import numpy as np
import platformdirs
from numpy.typing import NDArray

from emotion_game.clips.player import ClipFrame
from emotion_game.errors import GameError
from emotion_game.files import write_beside
from emotion_game.screens.moment import MomentView

#: Length of the replay before and after the moment, seconds.
BEFORE_S = 2.2
AFTER_S = 0.8
#: At most this many pictures a second; the inference thread gives no more on most machines.
RATE_HZ = 15
#: Both pictures are kept this high; about 30 MB for 3 s.
HEIGHT_PX = 270
#: How long the loop rests on its last picture.
REST_S = 0.7

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Still:
    """One picture of the replay: player (unmirrored) and clip, BGR, ``HEIGHT_PX`` high."""

    t_s: float
    clip_t_s: float
    player: Picture
    clip: Picture | None


@dataclass(frozen=True, slots=True)
class Moment:
    """A replay that is complete.

    Attributes:
        stills: in order of time, at least one.
        decisive_s: when the round was decided, on the stills' clock.
    """

    stills: tuple[Still, ...]
    decisive_s: float

    def span_s(self) -> float:
        """Return how long the replay is."""
        return max(self.stills[-1].t_s - self.stills[0].t_s, 1.0 / RATE_HZ)

    def view(self, since_s: float) -> MomentView:
        """Return what the loop shows ``since_s`` seconds after it began."""
        first, span_s = self.stills[0].t_s, self.span_s()
        at_s = min(since_s % (span_s + REST_S), span_s)
        number = sum(still.t_s - first <= at_s for still in self.stills) - 1
        still = self.stills[max(0, number)]
        return MomentView(
            player=still.player,
            clip=still.clip,
            frame_id=max(0, number),
            t_s=still.clip_t_s,
            share=at_s / span_s,
            decisive_share=min(1.0, max(0.0, (self.decisive_s - first) / span_s)),
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

    def add(
        self,
        t_s: float,
        clip_t_s: float,
        player: Picture,
        clip: ClipFrame | None,
        score: float | None,
    ) -> None:
        """Take one picture, captured at ``t_s``, of the round or of what follows it."""
        if self._ring and t_s - self._ring[-1].t_s < 0.8 / RATE_HZ:
            return
        small = None if clip is None else _to_bgr(_shrink(clip.pixels), clip.order)
        self._ring.append(Still(t_s, clip_t_s, _shrink(player), small))
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
        return Moment(stills, at_s) if stills else None

    def complete(self, now_s: float) -> bool:
        """Return whether the replay holds all of the reaction."""
        return self._decisive_s is not None and now_s - self._decisive_s >= AFTER_S


def moments_folder() -> Path:
    """Return where saved replays go; the folder may not exist yet."""
    return platformdirs.user_videos_path() / "Straight Face"


def save_moment(moment: Moment, folder: Path, now: datetime) -> Path:
    """Write a replay as an MP4, the player (mirrored, as in the game) beside the clip, twice over.

    Raises:
        GameError: when it cannot be written; nothing of it is left.
    """
    path = folder / f"straight-face-{now:%Y%m%d-%H%M%S}.mp4"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_beside(path, _film(moment))
    except (OSError, av.FFmpegError) as error:
        raise GameError(
            f"Cannot save the replay in {folder}: {error.strerror or error}.",
            hint="Free some space there, or make the folder writable.",
        ) from error
    return path


def _film(moment: Moment) -> bytes:
    """Return a replay as an MP4 file of some hundred kilobytes."""
    made = io.BytesIO()
    first = _side_by_side(moment.stills[0], moment.stills)
    span_s = moment.span_s() + REST_S
    with av.open(made, "w", format="mp4") as container:
        stream = container.add_stream(
            "libx264", rate=RATE_HZ, options={"crf": "20", "preset": "veryfast"}
        )
        stream.width, stream.height = first.shape[1], first.shape[0]
        stream.pix_fmt = "yuv420p"
        for number in range(round(2 * span_s * RATE_HZ)):
            at_s = (number / RATE_HZ) % span_s + moment.stills[0].t_s
            still = max(
                (each for each in moment.stills if each.t_s <= at_s),
                key=lambda each: each.t_s,
                default=moment.stills[0],
            )
            picture = _side_by_side(still, moment.stills)
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return made.getvalue()


def _side_by_side(still: Still, stills: tuple[Still, ...]) -> Picture:
    """Return player and clip as one picture whose size is even and the same for all stills."""
    clips = [each.clip for each in stills if each.clip is not None]
    parts = [still.player[:, ::-1]]
    if clips:
        parts.append(still.clip if still.clip is not None else np.zeros_like(clips[0]))
    width = sum(part.shape[1] for part in parts)
    page: Picture = np.zeros((HEIGHT_PX, width + width % 2, 3), np.uint8)
    left = 0
    for part in parts:
        page[: part.shape[0], left : left + part.shape[1]] = part
        left += part.shape[1]
    return page


def _shrink(picture: Picture) -> Picture:
    """Reduce a picture to ``HEIGHT_PX``: about 1 ms, where one exact resize takes 4 ms."""
    height, width = picture.shape[:2]
    if height >= 2 * HEIGHT_PX:
        half = (width // 2, height // 2)
        picture = np.asarray(cv2.resize(picture, half, interpolation=cv2.INTER_AREA), np.uint8)
    size = (max(2, round(width * HEIGHT_PX / height)), HEIGHT_PX)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def _to_bgr(picture: Picture, order: str) -> Picture:
    return np.ascontiguousarray(picture[..., :3] if order != "RGB" else picture[..., ::-1])
