"""Faces of wrong calls: asked for, remembered while a round is played, kept when it is marked."""

from __future__ import annotations

import logging
from pathlib import Path

from emotion_game.app.notices import Notices
from emotion_game.game.modes import Modes
from emotion_game.game.states import Playing
from emotion_game.game.types import RoundResult
from emotion_game.misreads import FaceMemory, Misreads, RecordError, crop_to_keep
from emotion_game.screens.record_question import Consent
from emotion_game.ui.notices import NoticeKind
from emotion_game.vision.classifier import ExpressionClassifier
from emotion_game.vision.crop import crop_face
from emotion_game.vision.pipeline import FrameAnalysis

log = logging.getLogger(__name__)


class CallKeeper:
    """Consent and faces of the running round; both belong to one round.

    Args:
        folder: where marked faces go; None: nobody is asked and nothing is remembered.
        notices: where it is said what was kept.
        modes: the modes; which faces decided a round depends on its mode's emotions.
    """

    def __init__(self, folder: Path | None, notices: Notices, modes: Modes) -> None:
        self._modes = modes
        self._calls = None if folder is None else Misreads(folder)
        self._notices = notices
        self._faces = FaceMemory()
        self._given = Consent.ASKED

    @property
    def consent(self) -> Consent | None:
        """What the player said; None where nobody is asked."""
        return None if self._calls is None else self._given

    @property
    def recording(self) -> bool:
        """Whether the faces of this round are remembered."""
        return self.consent is Consent.GIVEN

    def answer(self, consent: Consent) -> None:
        """The player agrees or refuses."""
        self._given = consent

    def next_round(self) -> None:
        """Ask anew and forget every face."""
        self._given = Consent.ASKED
        self._faces.clear()

    def next_clip(self) -> None:
        """Forget the faces of the clip before, whose times would be taken for this one's."""
        self._faces.clear()

    def remember(
        self, seen: FrameAnalysis, playing: Playing, classifier: ExpressionClassifier
    ) -> None:
        """Keep the player's face in memory, with consent only."""
        box_px, emotions = seen.box_px, seen.observation.emotions
        if not self.recording or box_px is None or emotions is None:
            return
        t_s = seen.observation.t_s
        if t_s > playing.seen_s:
            spec = crop_to_keep(classifier.crop)
            self._faces.add(
                playing.clip_time_s(t_s), emotions, lambda: crop_face(seen.picture, box_px, spec)
            )

    def count(self, result: RoundResult) -> int:
        """Return how many faces would be kept if this call were marked."""
        return len(self._faces.behind(result, self._modes[result.mode].weights))

    def mark(self, result: RoundResult, classifier: ExpressionClassifier) -> None:
        """Write the faces behind a call that the operator marks as wrong."""
        faces = self._faces.behind(result, self._modes[result.mode].weights)
        if self._calls is None or not faces:
            return
        bundle = classifier.bundle
        try:
            count = self._calls.keep(result, faces, f"{bundle.name} {bundle.version}")
        except RecordError as error:
            # The faces stay in memory until the next round, so it can be tried again.
            log.error("%s", error)
            self._notices.say(NoticeKind.FACES_NOT_KEPT, str(self._calls.folder))
            return
        self._faces.clear()
        self._notices.say(NoticeKind.FACES_KEPT, str(count))
