"""The instant replay on the result screen, and its saving in the background."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from emotion_game.app.notices import Notices
from emotion_game.app.replay_film import Moment, MomentRecorder, save_moment
from emotion_game.clips.player import ClipFrame
from emotion_game.errors import GameError
from emotion_game.game.states import Playing
from emotion_game.screens.moment import MomentView
from emotion_game.ui.notices import NoticeKind
from emotion_game.vision.pipeline import FrameAnalysis

log = logging.getLogger(__name__)


class InstantReplay:
    """The replay of the round that was played last.

    Args:
        notices: where it is said what was saved.
        folder: where replays are saved; it is made when one is.
    """

    def __init__(self, notices: Notices, folder: Path) -> None:
        self.file = ""
        self._folder = folder
        self._notices = notices
        self._recorder = MomentRecorder()
        self._moment: Moment | None = None
        self._since_s = 0.0
        self._growing = False
        self._wanted = False
        self._clip: ClipFrame | None = None
        self._clip_t_s = 0.0
        self._saving: tuple[Moment, Future[Path]] | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="replay")

    def close(self) -> None:
        """Finish what is being saved."""
        self._thread.shutdown(wait=True)

    def clear(self) -> None:
        """Forget every picture."""
        self._recorder.clear()
        self._moment, self._clip, self.file = None, None, ""
        self._growing = self._wanted = False

    def play(self, seen: FrameAnalysis, playing: Playing, clip: ClipFrame | None) -> None:
        """Remember one picture of the running round."""
        t_s = seen.observation.t_s
        self._clip, self._clip_t_s = clip, playing.clip_time_s(t_s)
        self._recorder.add(t_s, self._clip_t_s, seen.picture, clip, _excitement(playing))

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
            self._moment, self._since_s = self._recorder.moment(), now_s
            self._growing = self._moment is not None
        else:
            self._recorder.clear()

    def react(self, seen: FrameAnalysis) -> None:
        """Take the player's reaction, until the replay is complete."""
        if not self._growing:
            return
        t_s = seen.observation.t_s
        self._recorder.add(t_s, self._clip_t_s, seen.picture, self._clip, None)
        self._moment = self._recorder.moment()
        self._growing = not self._recorder.complete(t_s)
        if self._wanted and not self._growing:
            self.save()

    def view(self, now_s: float) -> MomentView | None:
        """Return what the loop shows now."""
        return None if self._moment is None else self._moment.view(now_s - self._since_s)

    def save(self) -> None:
        """Write the replay to the player's videos, in the background, once it is complete; once."""
        self._wanted = self._growing
        if (
            self._moment is not None
            and not self._growing
            and self._saving is None
            and not self.file
        ):
            saving = self._thread.submit(save_moment, self._moment, self._folder, datetime.now())
            self._saving = (self._moment, saving)

    def watch(self) -> None:
        """Say how the saving went."""
        if self._saving is None or not self._saving[1].done():
            return
        (moment, saving), self._saving = self._saving, None
        try:
            file = str(saving.result())
        except GameError as error:
            log.error("%s", error)
            self._notices.say(NoticeKind.MOMENT_NOT_SAVED, str(self._folder))
            return
        self._notices.say(NoticeKind.MOMENT_SAVED, file)
        if moment is self._moment:  # else its screen is gone already
            self.file = file


def _excitement(playing: Playing) -> float | None:
    """Return the score that is highest now; None without a face."""
    scores = [side.judgement.smoothed for side in playing.sides_in if not side.hidden]
    return max((score for score in scores if score is not None), default=None)
