"""The instant replay on the result screen, and its saving in the background."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from emotion_game.app.moment_film import MomentOrder
from emotion_game.app.moment_poster import About
from emotion_game.app.moment_saver import MomentProcess, Saving
from emotion_game.app.notices import Notices
from emotion_game.app.replay_film import Moment, MomentRecorder
from emotion_game.clips.player import ClipFrame
from emotion_game.errors import GameError
from emotion_game.game.states import Playing
from emotion_game.game.types import RelativeBox
from emotion_game.screens.moment import MomentView
from emotion_game.ui.notices import NoticeKind
from emotion_game.vision.pipeline import FrameAnalysis

log = logging.getLogger(__name__)


class InstantReplay:
    """The replay of the round that was played last.

    Args:
        notices: where it is said what was saved.
        folder: where replays are saved; it is made when one is.
        start_saving: saves one beside the game.
    """

    def __init__(
        self,
        notices: Notices,
        folder: Path,
        start_saving: Callable[[MomentOrder], Saving] = MomentProcess,
    ) -> None:
        self.file = ""
        self._folder = folder
        self._notices = notices
        self._recorder = MomentRecorder()
        self._moment: Moment | None = None
        self._view: MomentView | None = None
        self._since_s: float | None = None
        self._speed: float | None = None
        self._growing = False
        self._wanted: tuple[About, Path | None] | None = None
        self._clip: ClipFrame | None = None
        self._clip_t_s = 0.0
        self._saving: tuple[Moment, Saving] | None = None
        self._start_saving = start_saving

    def close(self) -> None:
        """Give up what is being saved."""
        if self._saving is not None:
            self._saving[1].stop()

    def clear(self) -> None:
        """Forget every picture."""
        self._recorder.clear()
        self._moment, self._view, self._clip, self.file = None, None, None, ""
        self._since_s = self._speed = None
        self._growing, self._wanted = False, None

    def play(self, seen: FrameAnalysis, playing: Playing, clip: ClipFrame | None) -> None:
        """Remember one picture of the running round."""
        t_s = seen.observation.t_s
        self._clip, self._clip_t_s = clip, playing.clip_time_s(t_s)
        score = _excitement(playing)
        self._recorder.add(t_s, self._clip_t_s, seen.picture, clip, score, _faces(seen))

    def decide(self, now_s: float, *, decisive: bool, lost: bool) -> None:
        """The round is over; one that a fault or an absence ended has no moment.

        Args:
            now_s: when.
            decisive: whether there is a moment.
            lost: the moment is now; otherwise it is the closest call of the round.
        """
        if decisive:
            self._recorder.decide(now_s, lost=lost)
            # It is shown at once, so that nothing on the screen moves when the rest comes.
            self._moment = self._recorder.moment()
            self._growing = self._moment is not None
        else:
            self._recorder.clear()

    def react(self, seen: FrameAnalysis) -> None:
        """Take the player's reaction, until the replay is complete."""
        if not self._growing:
            return
        t_s = seen.observation.t_s
        self._recorder.add(t_s, self._clip_t_s, seen.picture, self._clip, None, _faces(seen))
        self._moment = self._recorder.moment()
        self._view = None  # every share of the loop is another now
        self._growing = not self._recorder.complete(t_s)
        if self._wanted is not None and not self._growing:
            self.save(*self._wanted)

    def view(self, now_s: float) -> MomentView | None:
        """Return what the loop shows now; it begins when it is first asked for."""
        if self._moment is None:
            return None
        if self._since_s is None:
            self._since_s = now_s
        self._view = self._moment.view(now_s - self._since_s, self._speed, self._view)
        return self._view

    def set_speed(self, speed: float) -> None:
        """Begin the loop again at this speed, and keep to it; before, each comes in turn."""
        self._speed, self._since_s = speed, None

    @property
    def saving(self) -> float | None:
        """How far the saving of this round's replay is, 0..1; None: it is not being saved."""
        if self._wanted is not None:
            return 0.0
        if self._saving is None or self._saving[0] is not self._moment:
            return None
        return self._saving[1].share

    def save(self, about: About, clip: Path | None) -> None:
        """Save the replay among the player's videos, beside the game, once it is complete; once.

        Args:
            about: what it says.
            clip: the clip's file; None where there is none.
        """
        self._wanted = (about, clip) if self._growing else None
        if self._moment is None or self._growing or self._saving is not None or self.file:
            return
        stem = f"straight-face-{datetime.now():%Y%m%d-%H%M%S}"
        order = MomentOrder(self._moment, about, clip, self._folder, stem)
        self._saving = (self._moment, self._start_saving(order))

    def watch(self) -> None:
        """Say how the saving went."""
        if self._saving is None or not self._saving[1].done():
            return
        (moment, saving), self._saving = self._saving, None
        try:
            file = str(saving.result()[0])
        except GameError as error:
            log.error("%s", error)
            self._notices.say(NoticeKind.MOMENT_NOT_SAVED, str(self._folder))
            return
        self._notices.say(NoticeKind.MOMENT_SAVED, file)
        if moment is self._moment:  # else its screen is gone already
            self.file = file


def _faces(seen: FrameAnalysis) -> tuple[RelativeBox, ...]:
    return tuple(each.box for each in seen.observations if each.box is not None)


def _excitement(playing: Playing) -> float | None:
    """Return the score that is highest now; None without a face."""
    scores = [side.judgement.smoothed for side in playing.sides_in if not side.hidden]
    return max((score for score in scores if score is not None), default=None)
