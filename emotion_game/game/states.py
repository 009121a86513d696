"""Where a game of one player can be. A duel has states of its own, see ``duel``."""

from __future__ import annotations

from dataclasses import dataclass, field

from emotion_game.game.judge import Baseline, Judgement, RoundRules
from emotion_game.game.types import CurvePoint, Mode, RoundResult


@dataclass(frozen=True, slots=True)
class Marathon:
    """How far a marathon has come.

    Attributes:
        stage: which clip it is, from 1.
        points: of the clips that were survived.
        survived_s: their length together.
    """

    stage: int = 1
    points: int = 0
    survived_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """A player's baseline, kept for the next round.

    Attributes:
        value: the neutral score.
        taken_s: when it was taken.
        face_s: when the player's face was last seen.
    """

    value: float
    taken_s: float
    face_s: float

    def is_valid(self, now_s: float, rules: RoundRules) -> bool:
        """Return whether the same player is still here and the baseline is young enough."""
        here = now_s - self.face_s <= rules.same_player_s
        return here and now_s - self.taken_s <= rules.baseline_valid_s


@dataclass(frozen=True, slots=True)
class Menu:
    """No round."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The neutral baseline is being taken."""

    mode: Mode
    level: int
    began_s: float
    seen_s: float
    baseline: Baseline = field(default_factory=Baseline)
    marathon: Marathon | None = None


@dataclass(frozen=True, slots=True)
class Countdown:
    """3, 2, 1; ``calibrated_s`` is when the baseline was taken."""

    mode: Mode
    level: int
    began_s: float
    seen_s: float
    baseline: float
    calibrated_s: float
    marathon: Marathon | None = None


@dataclass(frozen=True, slots=True)
class Starting:
    """The clip was asked for and shows no picture yet."""

    mode: Mode
    level: int
    began_s: float
    seen_s: float
    baseline: float
    calibrated_s: float
    marathon: Marathon | None = None


@dataclass(frozen=True, slots=True)
class Playing:
    """The clip plays, or waits for the player's face.

    Attributes:
        began_s: when the clip's first picture was shown.
        seen_s: capture time of the newest observation, with or without a face.
        baseline: the player's neutral score.
        calibrated_s: when that was taken.
        clip_id: the clip.
        duration_s: the clip's length.
        face_s: when a face was last seen.
        hidden_s: all finished gaps without a face.
        paused_s: since when the clip waits; ``None`` while it plays.
        waited_s: all finished pauses.
        over: the clip has ended and the round is in overtime.
        judgement: the judge's memory, in clip time.
        curve: smoothed scores so far, in clip time.
    """

    mode: Mode
    level: int
    began_s: float
    seen_s: float
    baseline: float
    calibrated_s: float
    clip_id: str
    duration_s: float
    face_s: float
    hidden_s: float = 0.0
    paused_s: float | None = None
    waited_s: float = 0.0
    over: bool = False
    judgement: Judgement = field(default_factory=Judgement)
    curve: tuple[CurvePoint, ...] = ()
    marathon: Marathon | None = None

    @property
    def hidden(self) -> bool:
        """Whether the newest observation showed no face."""
        return self.seen_s > self.face_s

    def clip_time_s(self, now_s: float) -> float:
        """Return the clip's time at ``now_s``, pauses left out."""
        until_s = now_s if self.paused_s is None else min(now_s, self.paused_s)
        return max(0.0, until_s - self.began_s - self.waited_s)

    def forfeit_in_s(self, now_s: float, rules: RoundRules) -> float:
        """Return the seconds after which the round is forfeited if no face comes back."""
        gap_s = now_s - self.face_s
        return max(0.0, min(rules.forfeit_s, rules.hidden_total_s - self.hidden_s) - gap_s)


Running = Ready | Countdown | Starting | Playing


@dataclass(frozen=True, slots=True)
class Paused:
    """The player takes a break; no time passes in ``held``."""

    held: Ready | Countdown | Playing
    since_s: float


@dataclass(frozen=True, slots=True)
class Finished:
    """The round is decided and saved; ``calibration`` lets the same player go on at once."""

    result: RoundResult
    calibration: Calibration | None = None


State = Menu | Running | Paused | Finished
