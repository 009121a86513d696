"""One finished round as the score board keeps it. Never a picture."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from emotion_game.errors import GameError
from emotion_game.game.points import composure, round_points
from emotion_game.game.types import MARATHON_LEVEL, Outcome, Reason, RoundResult
from emotion_game.settings import StrictModel

BOOTH_LENGTH = 60
#: A clip is named MODE/LEVEL/file, and a file name may have 255 characters.
CLIP_ID_LENGTH = 300
VERSION_LENGTH = 80
NICKNAME_LENGTH = 12
#: Text that every database and every CSV file takes.
_NO_CONTROL_CHARACTERS = r"^[^\x00-\x1f\x7f]*$"


class ScoreError(GameError):
    """The score board cannot be reached, read or written, or refuses what it was given."""


Utc = Annotated[AwareDatetime, AfterValidator(lambda moment: moment.astimezone(UTC))]
Seconds = Annotated[float, Field(ge=0.0, le=1e6)]


def _text(length: int, shortest: int = 0) -> StringConstraints:
    return StringConstraints(min_length=shortest, max_length=length, pattern=_NO_CONTROL_CHARACTERS)


class Score(StrictModel):
    """One finished round.

    Attributes:
        id: made by the game when the round ended; the same id is the same round, and counts once.
        finished_at: when the round ended, UTC.
        level: ``MARATHON_LEVEL`` for a marathon.
        booth: which machine it was played on.
        clip_id: the clip's name in the catalogue; "" when no clip had started.
        clip_duration_s: length of the clip.
        decided_s: clip time at which the round was decided.
        points: see :mod:`emotion_game.game.points`.
        composure: room between the score and the threshold, 0..1.
        nickname: as :func:`~emotion_game.scores.nicknames.clean_nickname` gave it, or None.
        rules_version: names the rules that judged the round.
        model_version: names the classifier that read the face.
    """

    id: UUID
    finished_at: Utc
    booth: Annotated[str, _text(BOOTH_LENGTH, 1)]
    mode: str
    level: Annotated[int, Field(ge=1, le=1000)]
    outcome: Outcome
    reason: Reason
    clip_id: Annotated[str, _text(CLIP_ID_LENGTH)]
    clip_duration_s: Seconds
    decided_s: Seconds
    points: Annotated[int, Field(ge=0, le=1_000_000)]
    composure: Annotated[float, Field(ge=0.0, le=1.0)]
    nickname: Annotated[str, _text(NICKNAME_LENGTH, 1)] | None = None
    rules_version: Annotated[str, _text(VERSION_LENGTH)]
    model_version: Annotated[str, _text(VERSION_LENGTH)]

    @classmethod
    def of(
        cls,
        result: RoundResult,
        *,
        score_id: UUID,
        finished_at: datetime,
        booth: str,
        rules_version: str,
        model_version: str,
    ) -> Self:
        """Make the score of a round; counts its points and composure.

        Args:
            result: the round, as the rules decided it.
            score_id: a fresh ``uuid4()``, made once a round.
            finished_at: with a time zone.
            booth: any text; cut to what a database takes, as are the versions.
            rules_version: any text.
            model_version: any text.
        """
        return cls(
            id=score_id,
            finished_at=finished_at,
            booth=_plain(booth, BOOTH_LENGTH) or "booth",
            mode=result.mode,
            level=MARATHON_LEVEL if result.stage else result.level,
            outcome=result.outcome,
            reason=result.reason,
            clip_id=_plain(result.clip_id, CLIP_ID_LENGTH),
            clip_duration_s=result.duration_s,
            decided_s=max(0.0, result.decided_s),
            points=round_points(result),
            composure=composure(result.curve, result.threshold),
            rules_version=_plain(rules_version, VERSION_LENGTH),
            model_version=_plain(model_version, VERSION_LENGTH),
        )


def _plain(text: str, length: int) -> str:
    """Return text that can be stored: a file name may hold line breaks and broken characters."""
    encodable = text.encode("utf-8", "replace").decode("utf-8")
    return "".join("?" if c < " " or c == "\x7f" else c for c in encodable)[:length]
