"""Where a game can be. A round has one side a player: one, two or more are the same states."""

from __future__ import annotations

from dataclasses import dataclass, field

from emotion_game.game.judge import Baseline, Judgement, RoundRules
from emotion_game.game.types import CurvePoint, MatchResult, ModeName, RoundResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One player of a round.

    Attributes:
        baseline: the neutral baseline while it is taken.
        neutral: the player's own neutral score, 0..1, once it was taken.
        calibrated_s: when it was taken.
        face_s: when the player's face was last seen.
        hidden: whether the newest observation showed no face.
        hidden_s: all finished gaps without a face in this clip.
        judgement: the judge's memory, in clip time.
        curve: smoothed scores so far, in clip time.
        out_s: clip time at which the player was out; None while in.
    """

    baseline: Baseline = field(default_factory=Baseline)
    neutral: float = 0.0
    calibrated_s: float = 0.0
    face_s: float = 0.0
    hidden: bool = False
    hidden_s: float = 0.0
    judgement: Judgement = field(default_factory=Judgement)
    curve: tuple[CurvePoint, ...] = ()
    out_s: float | None = None

    @property
    def is_in(self) -> bool:
        """Whether the player is still in the round."""
        return self.out_s is None

    def forfeit_in_s(self, now_s: float, rules: RoundRules) -> float:
        """Return the seconds after which the player is out if the face does not come back."""
        gap_s = now_s - self.face_s
        return max(0.0, min(rules.forfeit_s, rules.hidden_total_s - self.hidden_s) - gap_s)


@dataclass(frozen=True, slots=True)
class Marathon:
    """What a marathon has earned with the clips before this one.

    Attributes:
        points: of the clips that were survived.
        survived_s: their length together.
    """

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What every phase of a round knows.

    Attributes:
        began_s: when this phase began; of ``Playing``, when the clip's first picture was shown.
        seen_s: capture time of the newest observation, with or without a face.
        sides: the players, from left to right of the mirrored screen.
        stage: which clip of the round this is, from 1.
        marathon: clips without end; None: one clip, or a match's.
    """

    mode: ModeName
    level: int
    began_s: float
    seen_s: float
    sides: tuple[Side, ...]
    stage: int = 1
    marathon: Marathon | None = None

    @property
    def sides_in(self) -> tuple[Side, ...]:
        """The players who are not out."""
        return tuple(side for side in self.sides if side.is_in)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready(Round):
    """The neutral baselines are being taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Countdown(Round):
    """3, 2, 1; it waits for players who still show the emotion.

    Attributes:
        waited_s: how long it has waited for calm, altogether.
        resumes: the clip goes on where it was, after a break; None: a new clip begins.
    """

    waited_s: float = 0.0
    resumes: Playing | None = None

    @property
    def restless(self) -> bool:
        """Whether a player shows the emotion."""
        return any(side.judgement.showing for side in self.sides_in)

    def left_s(self, now_s: float, rules: RoundRules) -> float:
        """Return the seconds until the clip, if everybody stays calm."""
        return max(0.0, rules.countdown_s - (now_s - self.began_s - self.waited_s))


@dataclass(frozen=True, slots=True, kw_only=True)
class Starting(Round):
    """The clip was asked for and shows no picture yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Playing(Round):
    """The clip plays, or waits for a player's face.

    Attributes:
        clip_id: the clip.
        duration_s: the clip's length.
        paused_s: since when the clip waits; ``None`` while it plays.
        waited_s: all finished pauses.
        over: the clip has ended and the round is in overtime.
    """

    clip_id: str
    duration_s: float
    paused_s: float | None = None
    waited_s: float = 0.0
    over: bool = False

    def clip_time_s(self, now_s: float) -> float:
        """Return the clip's time at ``now_s``, pauses left out."""
        until_s = now_s if self.paused_s is None else min(now_s, self.paused_s)
        return max(0.0, until_s - self.began_s - self.waited_s)


Running = Ready | Countdown | Starting | Playing


@dataclass(frozen=True, slots=True)
class Paused:
    """The players take a break; no time passes in ``held``."""

    held: Ready | Countdown | Playing
    since_s: float


@dataclass(frozen=True, slots=True)
class Finished:
    """The round is decided and saved; ``calibration`` lets the same player go on at once."""

    result: RoundResult | MatchResult
    calibration: Calibration | None = None


State = Menu | Running | Paused | Finished
