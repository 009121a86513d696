"""The state machine of the game: ``step(state, event, now_s, rules) -> (state, commands)``.

No clock, camera or window: time comes in as an argument, frames come in as observations stamped
with the time of capture, and commands are data that the app carries out. A recorded list of
events therefore replays to the same result, always.

The decisions that are easy to get wrong, each with a test:

- A round starts at the clip's first shown picture, not at the command to play it.
- Observations captured before a phase began are ignored: nobody loses by a stale grin.
- No face is no evidence: a short gap is grace, a long one pauses the clip, a longer one (or many
  short ones together) forfeits. Hiding never wins.
- A camera fault or a starved pipeline voids the round; it never decides it.
- When the clip ends while the emotion is being shown or the face is away, the round goes into
  overtime: it is won when the face is back and calm, lost when the hold becomes full.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from emotion_game.game.judge import (
    Baseline,
    Judgement,
    RoundRules,
    read,
    read_baseline,
    remove_baseline,
)
from emotion_game.game.types import (
    LEVELS,
    CurvePoint,
    Mode,
    Observation,
    Outcome,
    Reason,
    RoundResult,
)

RuleBook = Mapping[tuple[Mode, int], RoundRules]

# --- Events -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Start:
    """The player starts a round from the menu."""

    mode: Mode
    level: int


@dataclass(frozen=True, slots=True)
class Again:
    """The player wants the same mode and level once more."""


@dataclass(frozen=True, slots=True)
class NextLevel:
    """The player goes up a level after a win."""


@dataclass(frozen=True, slots=True)
class Back:
    """The player leaves for the menu; a running round ends without a result."""


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed."""


@dataclass(frozen=True, slots=True)
class Observed:
    """A frame was read."""

    observation: Observation


@dataclass(frozen=True, slots=True)
class ClipStarted:
    """The clip's first picture is on the screen now."""

    clip_id: str
    duration_s: float


@dataclass(frozen=True, slots=True)
class ClipEnded:
    """The clip has shown its last picture."""


@dataclass(frozen=True, slots=True)
class ClipFailed:
    """The clip cannot be played (on)."""


@dataclass(frozen=True, slots=True)
class NoClips:
    """No playable clip of the mode and level is left."""


@dataclass(frozen=True, slots=True)
class CameraFailed:
    """The camera or the pipeline behind it has failed."""


Event = (
    Start
    | Again
    | NextLevel
    | Back
    | Tick
    | Observed
    | ClipStarted
    | ClipEnded
    | ClipFailed
    | NoClips
    | CameraFailed
)

# --- Commands ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChoosePlayer:
    """Forget whom the camera followed; the largest face becomes the player."""


@dataclass(frozen=True, slots=True)
class PlayClip:
    """Draw a clip of this mode and level and play it."""

    mode: Mode
    level: int


@dataclass(frozen=True, slots=True)
class PauseClip:
    """Hold the clip."""


@dataclass(frozen=True, slots=True)
class ResumeClip:
    """Let the clip go on."""


@dataclass(frozen=True, slots=True)
class StopClip:
    """End the clip."""


@dataclass(frozen=True, slots=True)
class SaveResult:
    """Keep this result."""

    result: RoundResult


Command = ChoosePlayer | PlayClip | PauseClip | ResumeClip | StopClip | SaveResult

# --- States -----------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class Countdown:
    """3, 2, 1."""

    mode: Mode
    level: int
    began_s: float
    seen_s: float
    baseline: float


@dataclass(frozen=True, slots=True)
class Starting:
    """The clip was asked for and shows no picture yet."""

    mode: Mode
    level: int
    began_s: float
    seen_s: float
    baseline: float


@dataclass(frozen=True, slots=True)
class Playing:
    """The clip plays, or waits for the player's face.

    Attributes:
        began_s: when the clip's first picture was shown.
        seen_s: capture time of the newest observation, with or without a face.
        baseline: the player's neutral score.
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
    clip_id: str
    duration_s: float
    face_s: float
    hidden_s: float = 0.0
    paused_s: float | None = None
    waited_s: float = 0.0
    over: bool = False
    judgement: Judgement = field(default_factory=Judgement)
    curve: tuple[CurvePoint, ...] = ()

    def clip_time_s(self, now_s: float) -> float:
        """Return the clip's time at ``now_s``, pauses left out."""
        until_s = now_s if self.paused_s is None else min(now_s, self.paused_s)
        return max(0.0, until_s - self.began_s - self.waited_s)

    def forfeit_in_s(self, now_s: float, rules: RoundRules) -> float:
        """Return the seconds after which the round is forfeited if no face comes back."""
        gap_s = now_s - self.face_s
        return max(0.0, min(rules.forfeit_s, rules.hidden_total_s - self.hidden_s) - gap_s)


@dataclass(frozen=True, slots=True)
class Finished:
    """The round is decided and saved."""

    result: RoundResult


State = Menu | Ready | Countdown | Starting | Playing | Finished
Step = tuple[State, tuple[Command, ...]]

# --- The rules --------------------------------------------------------------------------------


def step(state: State, event: Event, now_s: float, rules: RuleBook) -> Step:
    """Advance the game by one event.

    Args:
        state: where the game is.
        event: what happened; one that does not fit the state changes nothing.
        now_s: monotonic time of the event, same clock as the observations.
        rules: the numbers of every mode and level.

    Returns:
        The new state and what the app must do, in order.
    """
    match state, event:
        case Menu(), Start(mode, level):
            return _get_ready(mode, level, now_s)
        case Finished(result), Again():
            return _get_ready(result.mode, result.level, now_s)
        case Finished(result), NextLevel() if (higher := next_level(result)) is not None:
            return _get_ready(result.mode, higher, now_s)
        case Finished(), Back():
            return Menu(), ()
        case ((Menu() | Finished()), _):
            return state, ()
        case ((Starting() | Playing()), Back()):
            return Menu(), (StopClip(),)
        case _, Back():
            return Menu(), ()
        case _, CameraFailed():
            return _decide(state, Outcome.VOID, Reason.CAMERA_FAULT, now_s, rules)
        case _, Tick() if now_s - state.seen_s > rules[state.mode, state.level].starved_s:
            return _decide(state, Outcome.VOID, Reason.STARVED, now_s, rules)
        case _, Observed(observation) if observation.t_s <= state.seen_s:
            return state, ()
        case Ready(), Observed(observation):
            return _take_baseline(state, observation, now_s, rules)
        case Ready(), Tick():
            if now_s - state.began_s > rules[state.mode, state.level].ready_timeout_s:
                return _decide(state, Outcome.VOID, Reason.NOT_READY, now_s, rules)
        case ((Countdown() | Starting()), Observed(observation)):
            return replace(state, seen_s=observation.t_s), ()
        case Countdown(mode, level), Tick():
            if now_s - state.began_s >= rules[mode, level].countdown_s:
                starting = Starting(mode, level, now_s, state.seen_s, state.baseline)
                return starting, (PlayClip(mode, level),)
        case Starting(), ClipStarted(clip_id, duration_s):
            playing = Playing(
                mode=state.mode,
                level=state.level,
                began_s=now_s,
                # Whatever was captured before the first picture is not about this clip.
                seen_s=now_s,
                baseline=state.baseline,
                clip_id=clip_id,
                duration_s=duration_s,
                face_s=now_s,
            )
            return playing, ()
        case Starting(mode, level), ClipFailed():
            return replace(state, began_s=now_s), (PlayClip(mode, level),)
        case Starting(), NoClips():
            return _decide(state, Outcome.VOID, Reason.NO_CLIP, now_s, rules)
        case Starting(), Tick():
            if now_s - state.began_s > rules[state.mode, state.level].clip_start_timeout_s:
                return _decide(state, Outcome.VOID, Reason.CLIP_FAULT, now_s, rules)
        case Playing(over=False), ClipFailed():
            return _decide(state, Outcome.VOID, Reason.CLIP_FAULT, now_s, rules)
        case Playing(over=False), ClipEnded():
            return _end_clip(state, now_s, rules)
        case Playing(), Observed(observation):
            return _judge(state, observation, now_s, rules)
        case Playing(), Tick():
            # A player that neither ends nor fails must not keep the round for ever.
            overrun_s = state.clip_time_s(now_s) - state.duration_s
            if not state.over and overrun_s > rules[state.mode, state.level].clip_start_timeout_s:
                return _decide(state, Outcome.VOID, Reason.CLIP_FAULT, now_s, rules)
            return _check_face(state, now_s, rules)
    return state, ()


def next_level(result: RoundResult) -> int | None:
    """Return the level a winner may go up to, or None."""
    may = result.outcome is Outcome.WON and result.level < LEVELS[-1]
    return result.level + 1 if may else None


def _get_ready(mode: Mode, level: int, now_s: float) -> Step:
    return Ready(mode, level, began_s=now_s, seen_s=now_s), (ChoosePlayer(),)


def _take_baseline(state: Ready, observation: Observation, now_s: float, rules: RuleBook) -> Step:
    round_rules = rules[state.mode, state.level]
    score = observation.score(state.mode)
    baseline = read_baseline(state.baseline, observation.t_s, score, round_rules)
    if baseline.progress(round_rules) < 1.0:
        return replace(state, seen_s=observation.t_s, baseline=baseline), ()
    countdown = Countdown(state.mode, state.level, now_s, observation.t_s, baseline.value())
    return countdown, ()


def _judge(state: Playing, observation: Observation, now_s: float, rules: RuleBook) -> Step:
    round_rules = rules[state.mode, state.level]
    raw = observation.score(state.mode)
    if raw is None:
        point = CurvePoint(state.clip_time_s(observation.t_s), None)
        curve = state.curve if state.paused_s is not None else (*state.curve, point)
        return _check_face(replace(state, seen_s=observation.t_s, curve=curve), now_s, rules)
    gap_s = observation.t_s - state.face_s
    commands: tuple[Command, ...] = ()
    # Only what was seen to be empty is hiding: a slow camera's gaps are its own.
    if state.seen_s > state.face_s and gap_s > round_rules.max_step_s:
        state = replace(state, hidden_s=state.hidden_s + gap_s)
    if state.paused_s is not None:
        state = replace(state, waited_s=state.waited_s + now_s - state.paused_s, paused_s=None)
        commands = () if state.over else (ResumeClip(),)
    clip_s = state.clip_time_s(observation.t_s)
    score = remove_baseline(raw, state.baseline)
    judgement = read(state.judgement, clip_s, score, round_rules)
    state = replace(
        state,
        seen_s=observation.t_s,
        face_s=observation.t_s,
        judgement=judgement,
        curve=(*state.curve, CurvePoint(clip_s, judgement.smoothed)),
    )
    if judgement.lost_s is not None:
        return _decide(state, Outcome.LOST, Reason.HELD, now_s, rules)
    if state.hidden_s > round_rules.hidden_total_s:
        return _decide(state, Outcome.FORFEIT, Reason.FACE_GONE, now_s, rules)
    if state.over and not judgement.showing:
        return _decide(state, Outcome.WON, Reason.CLIP_ENDED, now_s, rules)
    return state, commands


def _check_face(state: Playing, now_s: float, rules: RuleBook) -> Step:
    round_rules = rules[state.mode, state.level]
    gap_s = now_s - state.face_s
    # Without a newer observation the gap may be the pipeline's, not the player's.
    if state.seen_s <= state.face_s:
        return state, ()
    if state.forfeit_in_s(now_s, round_rules) <= 0.0:
        return _decide(state, Outcome.FORFEIT, Reason.FACE_GONE, now_s, rules)
    if gap_s > round_rules.grace_s and state.paused_s is None and not state.over:
        return replace(state, paused_s=now_s), (PauseClip(),)
    return state, ()


def _end_clip(state: Playing, now_s: float, rules: RuleBook) -> Step:
    round_rules = rules[state.mode, state.level]
    if state.clip_time_s(now_s) < state.duration_s * round_rules.clip_min_share:
        return _decide(state, Outcome.VOID, Reason.CLIP_FAULT, now_s, rules)
    away = now_s - state.face_s > round_rules.grace_s or state.seen_s > state.face_s
    if away or state.judgement.showing:
        waited_s = 0.0 if state.paused_s is None else now_s - state.paused_s
        return replace(state, over=True, paused_s=None, waited_s=state.waited_s + waited_s), ()
    return _decide(state, Outcome.WON, Reason.CLIP_ENDED, now_s, rules)


def _decide(
    state: Ready | Countdown | Starting | Playing,
    outcome: Outcome,
    reason: Reason,
    now_s: float,
    rules: RuleBook,
) -> Step:
    round_rules = rules[state.mode, state.level]
    result = RoundResult(
        mode=state.mode,
        level=state.level,
        outcome=outcome,
        reason=reason,
        clip_id="",
        duration_s=0.0,
        decided_s=0.0,
        began_s=None,
        baseline=0.0,
        threshold=round_rules.threshold,
        hold_s=round_rules.hold_s,
        curve=(),
    )
    if isinstance(state, Countdown | Starting):
        result = replace(result, baseline=state.baseline)
    if isinstance(state, Playing):
        lost = outcome is Outcome.LOST
        result = replace(
            result,
            clip_id=state.clip_id,
            duration_s=state.duration_s,
            decided_s=state.judgement.lost_s
            if lost and state.judgement.lost_s is not None
            else state.clip_time_s(now_s),
            began_s=state.judgement.began_s if lost else None,
            baseline=state.baseline,
            curve=state.curve,
        )
    stops = isinstance(state, Starting | Playing)
    commands: tuple[Command, ...] = (StopClip(),) if stops else ()
    return Finished(result), (*commands, SaveResult(result))
