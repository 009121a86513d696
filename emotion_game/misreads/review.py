"""``emotion-game review``: label the kept faces of wrong calls, one key each."""

from __future__ import annotations

import logging
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from emotion_game.errors import PictureError
from emotion_game.game.modes import Modes
from emotion_game.game.types import EMOTIONS
from emotion_game.misreads.store import Misreads, RecordError
from emotion_game.screens.review import ReviewDoneView, ReviewView
from emotion_game.ui.i18n import Language
from emotion_game.ui.intents import Intent, Label, UserIntent
from emotion_game.ui.live import CameraStatus, CameraView
from emotion_game.ui.notices import (
    Notice,
    NoticeKind,
)
from emotion_game.ui.view import View
from emotion_game.ui.window import Window
from emotion_game.vision.crop import Picture

log = logging.getLogger(__name__)

_FRAME_S = 1 / 60
_NOTICE_S = 6.0


@dataclass(frozen=True, slots=True)
class _Labelled:
    emotion: str


@dataclass(frozen=True, slots=True)
class _Deleted:
    content: bytes


@dataclass(frozen=True, slots=True)
class _Skipped:
    pass


class Review:
    """The kept faces in a row and what was done with each; every step can be taken back.

    Args:
        calls: the folder; its pictures are read once, at the beginning. One that cannot be
            read is named in the log and left where it is.

    Raises:
        RecordError: when what is known of the calls cannot be read.
    """

    def __init__(self, calls: Misreads) -> None:
        self._calls = calls
        self._faces: list[tuple[str, Picture]] = []
        for name in calls.waiting():
            try:
                self._faces.append((name, calls.read(name)))
            except PictureError as error:
                log.warning("%s It is left out.", error)
        self._known = {
            picture.file: (call, picture) for call in calls.calls() for picture in call.pictures
        }
        self._done: list[_Labelled | _Deleted | _Skipped] = []

    @property
    def name(self) -> str:
        """File name of the picture to look at; "" when none is left."""
        return "" if self.finished else self._faces[len(self._done)][0]

    @property
    def finished(self) -> bool:
        """Whether no picture is left to look at."""
        return len(self._done) == len(self._faces)

    def label(self, emotion: str) -> None:
        """Move the picture to the class folder of ``emotion``.

        Raises:
            RecordError: when it cannot be moved; it is still the one to look at.
        """
        self._calls.label(self.name, emotion)
        self._done.append(_Labelled(emotion))

    def delete(self) -> None:
        """Delete the picture.

        Raises:
            RecordError: when that fails; it is still the one to look at.
        """
        self._done.append(_Deleted(self._calls.delete(self.name)))

    def skip(self) -> None:
        """Leave the picture for another time."""
        self._done.append(_Skipped())

    def undo(self) -> None:
        """Take the last step back, if there is one.

        Raises:
            RecordError: when the picture cannot be put back.
        """
        if not self._done:
            return
        name = self._faces[len(self._done) - 1][0]
        match self._done[-1]:
            case _Labelled(emotion):
                self._calls.unlabel(name, emotion)
            case _Deleted(content):
                self._calls.restore(name, content)
            case _Skipped():
                pass
            case _ as never:
                assert_never(never)
        self._done.pop()

    def screen(self) -> ReviewView | ReviewDoneView:
        """Return what the screen shows now."""
        if self.finished:
            return ReviewDoneView(
                mode="",
                labelled=self.labelled(),
                deleted=sum(isinstance(deed, _Deleted) for deed in self._done),
                skipped=sum(isinstance(deed, _Skipped) for deed in self._done),
                next_step=next_step(self._calls),
            )
        name, picture = self._faces[len(self._done)]
        call, kept = self._known.get(name, (None, None))
        return ReviewView(
            mode="" if call is None else call.mode,
            picture=picture,
            emotions=None
            if kept is None
            else tuple(kept.emotions.get(emotion, 0.0) for emotion in EMOTIONS),
            about=None
            if call is None
            else (call.level, call.outcome, f"{call.time.astimezone():%Y-%m-%d %H:%M}"),
            number=len(self._done) + 1,
            total=len(self._faces),
            can_undo=bool(self._done),
        )

    def labelled(self) -> dict[str, int]:
        """Count the pictures of this session by the emotion they were given."""
        return Counter(deed.emotion for deed in self._done if isinstance(deed, _Labelled))


def next_step(calls: Misreads) -> str:
    """Return the command that trains with the labelled pictures."""
    return (
        f'python scripts/train_classifier.py --ferplus DATA --folders "{calls.reviewed}"'
        f' --people "{calls.people}" --drop-leaks'
    )


class ReviewWindow:
    """The review in a window.

    Args:
        review: what is shown and done.
        language: of the screen; the player's key L changes it.
        offscreen: draw in memory only.

    Raises:
        ScreenError: no window can be opened.
    """

    def __init__(
        self, review: Review, language: Language, modes: Modes, *, offscreen: bool = False
    ) -> None:
        self._review = review
        self._language: Language = language
        self._running = True
        self._notice: tuple[float, Notice] | None = None
        self._window = Window(modes, offscreen=offscreen, language=language)

    def run(self) -> None:
        """Show picture after picture until the reviewer closes the window."""
        try:
            while self._running:
                began_s = time.monotonic()
                self.turn()
                time.sleep(max(0.0, _FRAME_S - (time.monotonic() - began_s)))
        finally:
            self.close()

    def turn(self) -> None:
        """Do what the reviewer has asked for since the last turn, and draw."""
        for intent in self._window.handle_events(self._view()):
            self.obey(intent)
        self._window.draw(self._view())

    def close(self) -> None:
        """Close the window."""
        self._window.close()

    def leaf_through(self, folder: Path | None) -> None:
        """Draw the screen of every picture and the last one; nothing is labelled.

        Args:
            folder: where to save the screens; None saves none.

        Raises:
            ScreenError: when they cannot be written.
        """
        try:
            while True:
                name = Path(self._review.name).stem or "done"
                self._window.draw(self._view())
                if folder is not None:
                    self._window.screenshot(folder / f"review-{name}.png")
                if self._review.finished:
                    return
                self._review.skip()
        finally:
            self.close()

    def obey(self, intent: UserIntent) -> None:
        """Do what the reviewer wants; what cannot be done is said on the screen."""
        name = self._review.name
        try:
            match intent:
                case Label(emotion) if name:
                    self._review.label(emotion)
                case Intent.DELETE if name:
                    self._review.delete()
                case Intent.SKIP if name:
                    self._review.skip()
                case Intent.UNDO:
                    self._review.undo()
                case Intent.BACK | Intent.QUIT:
                    self._running = False
                case Intent.TOGGLE_LANGUAGE:
                    self._language = "en" if self._language == "ko" else "ko"
                case Intent.TOGGLE_FULLSCREEN:
                    self._window.set_fullscreen(not self._window.fullscreen)
                case _:
                    pass  # not here
        except RecordError as error:
            log.error("%s", error)
            notice = Notice(NoticeKind.PICTURE_NOT_FILED, name)
            self._notice = (time.monotonic() + _NOTICE_S, notice)

    def _view(self) -> View:
        if self._notice is not None and self._notice[0] < time.monotonic():
            self._notice = None
        return View(
            screen=self._review.screen(),
            camera=CameraView("", CameraStatus.STARTING),
            language=self._language,
            notices=() if self._notice is None else (self._notice[1],),
        )
