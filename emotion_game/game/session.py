"""The state machine of the game: ``step(state, event, now_s, rules) -> (state, commands)``.

No clock, camera or window: time comes in as an argument, frames come in as observations stamped
with the time of capture, and commands are data that the app carries out. A recorded list of
events therefore replays to the same result, always.

The decisions that are easy to get wrong, each with a test:

- A round starts at the clip's first shown picture, not at the command to play it.
- Observations captured before a phase began are ignored: nobody loses by a stale grin.
- No face is no evidence: a short gap is grace, a long one pauses the clip, a longer one (or many
  short ones together) forfeits. Hiding never wins.
- A camera fault, a starved pipeline or a sleeping computer voids the round; it never decides it.
- When the clip ends while the emotion is being shown or the face is away, the round goes into
  overtime: it is won when the face is back and calm, lost when the hold becomes full.
- A break is granted only while the ring is empty and the clip runs: nobody laughs a round off. It
  takes no time of the round, and the player has the usual grace after it.
- Again and next level skip the baseline while the same player has stayed before the camera (never
  away for longer than ``same_player_s``) and the baseline is younger than ``baseline_valid_s``.
- A marathon ends with the first laugh. Whatever else ends it (a fault, leaving, a face gone) counts
  the clips that were survived; in its first clip it ends as any round does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from emotion_game.game import duel
from emotion_game.game.duel import DuelState
from emotion_game.game.events import (
    Again,
    Back,
    CameraFailed,
    ChoosePlayer,
    ClipEnded,
    ClipFailed,
    ClipStarted,
    Command,
    Event,
    GoOn,
    NextLevel,
    NoClips,
    Observed,
    Pause,
    PauseClip,
    PlayClip,
    ResumeClip,
    SaveResult,
    Slept,
    Start,
    StartDuel,
    StopClip,
    Tick,
)
from emotion_game.game.judge import RoundRules, read, read_baseline, remove_baseline
from emotion_game.game.marathon import harder, level_of
from emotion_game.game.points import round_points
from emotion_game.game.states import (
    Calibration,
    Countdown,
    Finished,
    Marathon,
    Menu,
    Paused,
    Playing,
    Ready,
    Running,
    Starting,
    State,
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
AnyState = State | DuelState
Step = tuple[AnyState, tuple[Command, ...]]


def rules_of(state: Running, rules: RuleBook) -> RoundRules:
    """Return the numbers that hold in a state: a marathon's grow harder clip by clip."""
    own = rules[state.mode, state.level]
    return own if state.marathon is None else harder(own, state.marathon.stage)


# --- The rules --------------------------------------------------------------------------------


def step(state: AnyState, event: Event, now_s: float, rules: RuleBook) -> Step:
    """Advance the game by one event; the rules of a duel are in ``duel``.

    Args:
        state: where the game is.
        event: what happened; one that does not fit the state changes nothing.
        now_s: monotonic time of the event, same clock as the observations.
        rules: the numbers of every mode and level.

    Returns:
        The new state and what the app must do, in order.
    """
    match state:
        case Menu():
            if isinstance(event, Start):
                run = Marathon() if event.marathon else None
                level = LEVELS[0] if event.marathon else event.level
                return _get_ready(event.mode, level, run, now_s)
            if isinstance(event, StartDuel):
                return duel.begin(event.mode, event.level, now_s)
            return state, ()
        case Finished():
            return _step_finished(state, event, now_s, rules)
        case Paused():
            return _step_paused(state, event, now_s, rules)
        case Ready() | Countdown() | Starting() | Playing():
            return _step_running(state, event, now_s, rules)
        case _:
            return duel.step(state, event, now_s, rules)


def next_level(result: RoundResult) -> int | None:
    """Return the level a winner may go up to, or None."""
    won = result.outcome is Outcome.WON and not result.stage
    return result.level + 1 if won and result.level < LEVELS[-1] else None


def can_pause(state: AnyState) -> bool:
    """Return whether a break would be granted now."""
    match state:
        case Ready() | Countdown():
            return True
        case Playing():
            judgement = state.judgement
            return not state.over and not judgement.showing and judgement.held_s <= 0.0
        case Menu() | Starting() | Paused() | Finished():
            return False
    return duel.can_pause(state)


# --- Before and after a round -----------------------------------------------------------------


def _get_ready(mode: Mode, level: int, marathon: Marathon | None, now_s: float) -> Step:
    ready = Ready(mode, level, began_s=now_s, seen_s=now_s, marathon=marathon)
    return ready, (ChoosePlayer(),)


def _step_finished(state: Finished, event: Event, now_s: float, rules: RuleBook) -> Step:
    result = state.result
    match event:
        case Again():
            level = LEVELS[0] if result.stage else result.level
            return _next_round(state, level, now_s, rules)
        case NextLevel() if (higher := next_level(result)) is not None:
            return _next_round(state, higher, now_s, rules)
        case Back():
            return Menu(), ()
        case Slept():
            return replace(state, calibration=None), ()
        case Observed(observation) if (known := state.calibration) is not None:
            if not known.is_valid(observation.t_s, rules[result.mode, result.level]):
                return replace(state, calibration=None), ()
            if observation.box is not None:
                known = replace(known, face_s=max(known.face_s, observation.t_s))
            return replace(state, calibration=known), ()
    return state, ()


def _next_round(state: Finished, level: int, now_s: float, rules: RuleBook) -> Step:
    mode, known = state.result.mode, state.calibration
    run = Marathon() if state.result.stage else None
    if known is None or not known.is_valid(now_s, rules[mode, level]):
        return _get_ready(mode, level, run, now_s)
    return Countdown(mode, level, now_s, now_s, known.value, known.taken_s, run), ()


# --- A break ----------------------------------------------------------------------------------


def _pause(state: Ready | Countdown | Playing, now_s: float, rules: RuleBook) -> Step:
    if not isinstance(state, Playing):
        return Paused(state, now_s), ()
    # Whoever was out of sight has hidden until now; the clip may be waiting already.
    hidden_s = state.hidden_s + (now_s - state.face_s if state.hidden else 0.0)
    waited_s = 0.0 if state.paused_s is None else now_s - state.paused_s
    held = replace(
        state, hidden_s=hidden_s, waited_s=state.waited_s + waited_s, paused_s=None, face_s=now_s
    )
    return Paused(held, now_s), (PauseClip(),) if state.paused_s is None else ()


def _step_paused(state: Paused, event: Event, now_s: float, rules: RuleBook) -> Step:
    held = state.held
    match event:
        case GoOn() | Pause():
            away_s = now_s - state.since_s
            if isinstance(held, Playing):
                waited_s = held.waited_s + away_s
                back = replace(held, waited_s=waited_s, seen_s=now_s, face_s=now_s)
                return back, (ResumeClip(),)
            if isinstance(held, Ready):
                return _get_ready(held.mode, held.level, held.marathon, now_s)
            return replace(held, began_s=held.began_s + away_s, seen_s=now_s), ()
        case Back():
            return _leave(held, now_s, rules)
        case ClipFailed() if isinstance(held, Playing):
            return _decide(held, Outcome.VOID, Reason.CLIP_FAULT, now_s, rules)
    return state, ()


# --- A running round --------------------------------------------------------------------------


def _step_running(state: Running, event: Event, now_s: float, rules: RuleBook) -> Step:
    numbers = rules_of(state, rules)
    match state, event:
        case _, Back():
            return _leave(state, now_s, rules)
        case ((Ready() | Countdown() | Playing()), Pause()) if can_pause(state):
            return _pause(state, now_s, rules)
        case Ready(), Slept():
            return _get_ready(state.mode, state.level, state.marathon, now_s)
        case _, Slept():
            return _decide(state, Outcome.VOID, Reason.INTERRUPTED, now_s, rules)
        case _, CameraFailed():
            return _decide(state, Outcome.VOID, Reason.CAMERA_FAULT, now_s, rules)
        case _, Tick() if now_s - state.seen_s > numbers.starved_s:
            return _decide(state, Outcome.VOID, Reason.STARVED, now_s, rules)
        case _, Observed(observation) if observation.t_s <= state.seen_s:
            return state, ()
        case Ready(), Observed(observation):
            return _take_baseline(state, observation, now_s, rules)
        case Ready(), Tick():
            if now_s - state.began_s > numbers.ready_timeout_s:
                return _decide(state, Outcome.VOID, Reason.NOT_READY, now_s, rules)
        case ((Countdown() | Starting()), Observed(observation)):
            return replace(state, seen_s=observation.t_s), ()
        case Countdown(mode, level), Tick():
            if now_s - state.began_s >= numbers.countdown_s:
                starting = Starting(
                    mode,
                    level,
                    now_s,
                    state.seen_s,
                    state.baseline,
                    state.calibrated_s,
                    state.marathon,
                )
                return starting, (PlayClip(mode, level),)
        case Starting(), ClipStarted(clip_id, duration_s):
            playing = Playing(
                mode=state.mode,
                level=state.level,
                began_s=now_s,
                # Whatever was captured before the first picture is not about this clip.
                seen_s=now_s,
                baseline=state.baseline,
                calibrated_s=state.calibrated_s,
                clip_id=clip_id,
                duration_s=duration_s,
                face_s=now_s,
                marathon=state.marathon,
            )
            return playing, ()
        case Starting(mode, level), ClipFailed():
            return replace(state, began_s=now_s), (PlayClip(mode, level),)
        case Starting(), NoClips():
            return _decide(state, Outcome.VOID, Reason.NO_CLIP, now_s, rules)
        case Starting(), Tick():
            if now_s - state.began_s > numbers.clip_start_timeout_s:
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
            if not state.over and overrun_s > numbers.clip_start_timeout_s:
                return _decide(state, Outcome.VOID, Reason.CLIP_FAULT, now_s, rules)
            return _check_face(state, now_s, rules)
    return state, ()


def _leave(state: Running, now_s: float, rules: RuleBook) -> Step:
    if state.marathon is not None and state.marathon.stage > 1:
        return _decide(state, Outcome.VOID, Reason.STOPPED, now_s, rules)
    stops = isinstance(state, Starting | Playing)
    return Menu(), (StopClip(),) if stops else ()


def _take_baseline(state: Ready, observation: Observation, now_s: float, rules: RuleBook) -> Step:
    numbers = rules_of(state, rules)
    score = observation.score(state.mode)
    baseline = read_baseline(state.baseline, observation.t_s, score, numbers, observation.box)
    if baseline.progress(numbers) < 1.0:
        return replace(state, seen_s=observation.t_s, baseline=baseline), ()
    countdown = Countdown(
        state.mode, state.level, now_s, observation.t_s, baseline.value(), now_s, state.marathon
    )
    return countdown, ()


def _judge(state: Playing, observation: Observation, now_s: float, rules: RuleBook) -> Step:
    numbers = rules_of(state, rules)
    raw = observation.score(state.mode)
    if raw is None:
        point = CurvePoint(state.clip_time_s(observation.t_s), None)
        curve = state.curve if state.paused_s is not None else (*state.curve, point)
        return _check_face(replace(state, seen_s=observation.t_s, curve=curve), now_s, rules)
    gap_s = observation.t_s - state.face_s
    commands: tuple[Command, ...] = ()
    # Only what was seen to be empty is hiding: a slow camera's gaps are its own.
    if state.hidden and gap_s > numbers.max_step_s:
        state = replace(state, hidden_s=state.hidden_s + gap_s)
    if state.paused_s is not None:
        state = replace(state, waited_s=state.waited_s + now_s - state.paused_s, paused_s=None)
        commands = () if state.over else (ResumeClip(),)
    clip_s = state.clip_time_s(observation.t_s)
    score = remove_baseline(raw, state.baseline)
    judgement = read(state.judgement, clip_s, score, numbers)
    state = replace(
        state,
        seen_s=observation.t_s,
        face_s=observation.t_s,
        judgement=judgement,
        curve=(*state.curve, CurvePoint(clip_s, judgement.smoothed)),
    )
    if judgement.lost_s is not None:
        return _decide(state, Outcome.LOST, Reason.HELD, now_s, rules)
    if state.hidden_s > numbers.hidden_total_s:
        return _decide(state, Outcome.FORFEIT, Reason.FACE_GONE, now_s, rules)
    if state.over and not judgement.showing:
        return _survive(state, now_s, rules)
    return state, commands


def _check_face(state: Playing, now_s: float, rules: RuleBook) -> Step:
    numbers = rules_of(state, rules)
    gap_s = now_s - state.face_s
    # Without a newer observation the gap may be the pipeline's, not the player's.
    if not state.hidden:
        return state, ()
    if state.forfeit_in_s(now_s, numbers) <= 0.0:
        return _decide(state, Outcome.FORFEIT, Reason.FACE_GONE, now_s, rules)
    if gap_s > numbers.grace_s and state.paused_s is None and not state.over:
        return replace(state, paused_s=now_s), (PauseClip(),)
    return state, ()


def _end_clip(state: Playing, now_s: float, rules: RuleBook) -> Step:
    numbers = rules_of(state, rules)
    if state.clip_time_s(now_s) < state.duration_s * numbers.clip_min_share:
        return _decide(state, Outcome.VOID, Reason.CLIP_FAULT, now_s, rules)
    away = now_s - state.face_s > numbers.grace_s or state.hidden
    if away or state.judgement.showing:
        waited_s = 0.0 if state.paused_s is None else now_s - state.paused_s
        return replace(state, over=True, paused_s=None, waited_s=state.waited_s + waited_s), ()
    return _survive(state, now_s, rules)


def _survive(state: Playing, now_s: float, rules: RuleBook) -> Step:
    """Win the round, or go on to the marathon's next clip."""
    if state.marathon is None:
        return _decide(state, Outcome.WON, Reason.CLIP_ENDED, now_s, rules)
    won = _result(state, Outcome.WON, Reason.CLIP_ENDED, now_s, rules)
    stage = state.marathon.stage + 1
    run = Marathon(stage, round_points(won), state.marathon.survived_s + state.duration_s)
    level = level_of(stage, rules[state.mode, state.level])
    countdown = Countdown(
        state.mode, level, now_s, state.seen_s, state.baseline, state.calibrated_s, run
    )
    return countdown, (StopClip(),)


def _decide(
    state: Running, outcome: Outcome, reason: Reason, now_s: float, rules: RuleBook
) -> Step:
    result = _result(state, outcome, reason, now_s, rules)
    calibration = None
    if isinstance(state, Playing) and reason not in (Reason.CAMERA_FAULT, Reason.INTERRUPTED):
        calibration = Calibration(state.baseline, state.calibrated_s, state.face_s)
    commands: tuple[Command, ...] = ()
    if isinstance(state, Starting | Playing):
        commands = (StopClip(),)
    return Finished(result, calibration), (*commands, SaveResult(result))


def _result(
    state: Running, outcome: Outcome, reason: Reason, now_s: float, rules: RuleBook
) -> RoundResult:
    numbers = rules_of(state, rules)
    result = RoundResult(
        mode=state.mode,
        level=state.level,
        outcome=outcome,
        reason=reason,
        clip_id="",
        duration_s=0.0,
        decided_s=0.0,
        began_s=None,
        baseline=0.0 if isinstance(state, Ready) else state.baseline,
        threshold=numbers.threshold,
        hold_s=numbers.hold_s,
        curve=(),
    )
    run = state.marathon
    if run is not None:
        result = replace(
            result, stage=run.stage, earlier_points=run.points, earlier_s=run.survived_s
        )
        if run.stage > 1 and outcome not in (Outcome.WON, Outcome.LOST):
            # The clips before were survived, whatever became of this one.
            return replace(result, outcome=Outcome.WON, stage=run.stage - 1)
    if isinstance(state, Playing):
        lost = outcome is Outcome.LOST
        lost_s = state.judgement.lost_s
        result = replace(
            result,
            clip_id=state.clip_id,
            duration_s=state.duration_s,
            decided_s=lost_s if lost and lost_s is not None else state.clip_time_s(now_s),
            began_s=state.judgement.began_s if lost else None,
            curve=state.curve,
        )
    return result
