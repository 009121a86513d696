"""The state machine of the game: ``step(state, event, now_s, rules) -> (state, commands)``.

No clock, camera or window: time comes in as an argument, frames come in as observations stamped
with the time of capture, and commands are data that the app carries out. A recorded list of
events therefore replays to the same result, always.

A round has one side or several, each with a baseline, a judge and a hold of its own. What differs
between one player and several is a :class:`Policy`: when the round ends, and after how many clips.

The decisions that are easy to get wrong, each with a test:

- A round starts at the clip's first shown picture, not at the command to play it.
- Observations captured before a phase began are ignored: nobody loses by a stale grin.
- No face is no evidence: a short gap is grace, a long one pauses the clip, a longer one (or many
  short ones together) puts the player out. Hiding never wins. While the clip waits for one player,
  nothing counts for the others.
- A camera fault, a starved pipeline or a sleeping computer voids the round; it never decides it.
- When the clip ends while the emotion is being shown or a face is away, the round goes into
  overtime: it is survived when all are back and calm, decided when a hold becomes full.
- The countdown waits, in its last second, for who still shows the emotion: nobody loses by a laugh
  from before the clip. It waits for a bounded time; then the round is void, as without a baseline.
- A break is granted only while every ring is empty and the clip runs: nobody laughs a round off. It
  takes no time of the round; after it there is a countdown, and then the usual grace.
- Again and next level skip the baseline while the same player has stayed before the camera (never
  away for longer than ``same_player_s``) and the baseline is younger than ``baseline_valid_s``.
- A marathon ends with the first laugh. Whatever else ends it (a fault, leaving, a face gone) counts
  the clips that were survived; in its first clip it ends as any round does.
- Of several players the last straight face wins. Who has a baseline need not wait with a straight
  face for the others'. If the last ones fill their rings in one picture, who began last stays in;
  at the same time it is a draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from emotion_game.game.events import (
    Again,
    Back,
    CameraFailed,
    ChoosePlayers,
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
    StopClip,
    Tick,
)
from emotion_game.game.judge import (
    Judgement,
    RoundRules,
    read,
    read_baseline,
    remove_baseline,
)
from emotion_game.game.marathon import harder, level_of
from emotion_game.game.modes import score
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
    Round,
    Running,
    Side,
    Starting,
    State,
)
from emotion_game.game.types import (
    LEVELS,
    CurvePoint,
    MatchResult,
    ModeName,
    Observation,
    Outcome,
    Reason,
    RoundResult,
)

RuleBook = Mapping[tuple[ModeName, int], RoundRules]
Step = tuple[State, tuple[Command, ...]]


@dataclass(frozen=True, slots=True)
class Policy:
    """What ends a round.

    Attributes:
        decided_at: the round is decided when no more than so many players are in.
        clips: it is over after so many clips with more players in; None: it has no end.
    """

    decided_at: int
    clips: int | None


ALONE = Policy(decided_at=0, clips=1)
MARATHON = Policy(decided_at=0, clips=None)
LAST_STRAIGHT_FACE = Policy(decided_at=1, clips=3)


def policy_of(state: Round) -> Policy:
    """Return what ends this round."""
    if state.marathon is not None:
        return MARATHON
    return ALONE if len(state.sides) == 1 else LAST_STRAIGHT_FACE


def rules_of(state: Round, rules: RuleBook) -> RoundRules:
    """Return the numbers that hold in a state: they grow harder clip by clip."""
    return harder(rules[state.mode, state.level], state.stage)


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
    match state:
        case Menu():
            return _begin(event, now_s) if isinstance(event, Start) else (state, ())
        case Finished():
            return _step_finished(state, event, now_s, rules)
        case Paused():
            return _step_paused(state, event, now_s, rules)
        case Ready() | Countdown() | Starting() | Playing():
            return _step_running(state, event, now_s, rules)
        case _:
            assert_never(state)


def next_level(result: RoundResult) -> int | None:
    """Return the level a winner may go up to, or None."""
    won = result.outcome is Outcome.WON and not result.stage
    return result.level + 1 if won and result.level < LEVELS[-1] else None


def can_pause(state: State) -> bool:
    """Return whether a break would be granted now."""
    match state:
        case Ready() | Countdown():
            return True
        case Playing(over=False):
            return not any(
                side.judgement.showing or side.judgement.held_s > 0.0 for side in state.sides_in
            )
        case _:
            return False


# --- Before and after a round -----------------------------------------------------------------


def _begin(event: Start, now_s: float) -> Step:
    if event.marathon:
        return _get_ready(event.mode, LEVELS[0], event.players, Marathon(), now_s)
    return _get_ready(event.mode, event.level, event.players, None, now_s)


def _get_ready(
    mode: ModeName, level: int, players: int, marathon: Marathon | None, now_s: float
) -> Step:
    ready = Ready(
        mode=mode,
        level=level,
        began_s=now_s,
        seen_s=now_s,
        sides=(Side(),) * players,
        marathon=marathon,
    )
    return ready, (ChoosePlayers(players),)


def _step_finished(state: Finished, event: Event, now_s: float, rules: RuleBook) -> Step:
    result, known = state.result, state.calibration
    if isinstance(event, Back):
        return Menu(), ()
    if isinstance(result, MatchResult):
        if isinstance(event, Again):
            return _get_ready(result.mode, result.level, len(result.out_s), None, now_s)
        return state, ()
    match event:
        case Again():
            level = LEVELS[0] if result.stage else result.level
            return _next_round(result, known, level, now_s, rules)
        case NextLevel() if (higher := next_level(result)) is not None:
            return _next_round(result, known, higher, now_s, rules)
        case Slept():
            return replace(state, calibration=None), ()
        case Observed() if known is not None:
            if not known.is_valid(event.t_s, rules[result.mode, result.level]):
                return replace(state, calibration=None), ()
            if event.sides[0].box is not None:
                known = replace(known, face_s=max(known.face_s, event.t_s))
            return replace(state, calibration=known), ()
    return state, ()


def _next_round(
    result: RoundResult, known: Calibration | None, level: int, now_s: float, rules: RuleBook
) -> Step:
    marathon = Marathon() if result.stage else None
    if known is None or not known.is_valid(now_s, rules[result.mode, level]):
        return _get_ready(result.mode, level, 1, marathon, now_s)
    countdown = Countdown(
        mode=result.mode,
        level=level,
        began_s=now_s,
        seen_s=now_s,
        sides=(Side(neutral=known.value, calibrated_s=known.taken_s),),
        marathon=marathon,
    )
    return countdown, ()


# --- A break ----------------------------------------------------------------------------------


def _pause(state: Ready | Countdown | Playing, now_s: float) -> Step:
    if not isinstance(state, Playing):
        return Paused(state, now_s), ()
    # Whoever was out of sight has hidden until now; the clip may be waiting already.
    sides = tuple(
        replace(side, hidden_s=side.hidden_s + (now_s - side.face_s), face_s=now_s, hidden=False)
        if side.hidden
        else replace(side, face_s=now_s)
        for side in state.sides
    )
    held = replace(_resumed(state, now_s), sides=sides)
    return Paused(held, now_s), (PauseClip(),) if state.paused_s is None else ()


def _step_paused(state: Paused, event: Event, now_s: float, rules: RuleBook) -> Step:
    held = state.held
    match event:
        case GoOn() | Pause():
            if isinstance(held, Ready):
                return _get_ready(held.mode, held.level, len(held.sides), held.marathon, now_s)
            if isinstance(held, Countdown):
                return replace(_settling(held), began_s=now_s, seen_s=now_s, waited_s=0.0), ()
            countdown = Countdown(
                mode=held.mode,
                level=held.level,
                began_s=now_s,
                seen_s=now_s,
                sides=held.sides,
                stage=held.stage,
                marathon=held.marathon,
                resumes=replace(held, paused_s=state.since_s),
            )
            return _settling(countdown), ()
        case Back():
            return _leave(held, now_s, rules)
        case ClipFailed() if isinstance(_clip_of(held), Playing):
            return _void(held, Reason.CLIP_FAULT, now_s, rules)
    return state, ()


def _settling(countdown: Countdown) -> Countdown:
    """Return a countdown that has seen nobody yet."""
    sides = tuple(replace(side, judgement=Judgement()) for side in countdown.sides)
    return replace(countdown, sides=sides)


def _clip_of(state: Running) -> Running:
    """Return the clip that a countdown goes on with; other states are themselves."""
    if isinstance(state, Countdown) and state.resumes is not None:
        return state.resumes
    return state


# --- A running round --------------------------------------------------------------------------


def _step_running(state: Running, event: Event, now_s: float, rules: RuleBook) -> Step:
    numbers = rules_of(state, rules)
    match state, event:
        case _, Back():
            return _leave(state, now_s, rules)
        case ((Ready() | Countdown() | Playing()), Pause()) if can_pause(state):
            return _pause(state, now_s)
        case Ready(), Slept():
            return _get_ready(state.mode, state.level, len(state.sides), state.marathon, now_s)
        case _, Slept():
            return _void(state, Reason.INTERRUPTED, now_s, rules)
        case _, CameraFailed():
            return _void(state, Reason.CAMERA_FAULT, now_s, rules)
        case _, Tick() if now_s - state.seen_s > numbers.starved_s:
            return _void(state, Reason.STARVED, now_s, rules)
        case _, Observed(seen) if event.t_s <= state.seen_s or len(seen) != len(state.sides):
            return state, ()  # captured before this phase, or read for another number of players
        case Ready(), Observed(seen):
            return _take_baselines(state, seen, now_s, numbers)
        case Ready(), Tick() if now_s - state.began_s > numbers.ready_timeout_s:
            return _void(state, Reason.NOT_READY, now_s, rules)
        case Countdown(), Observed(seen):
            return _watch_countdown(state, seen, now_s, numbers)
        case Starting(), Observed():
            return replace(state, seen_s=event.t_s), ()
        case Countdown(resumes=Playing()), ClipFailed():
            return _void(state, Reason.CLIP_FAULT, now_s, rules)
        case Countdown(restless=True), Tick() if (
            now_s - state.began_s > numbers.countdown_s + numbers.settle_s
        ):
            return _void(state, Reason.NOT_READY, now_s, rules)
        case Countdown(restless=False), Tick() if state.left_s(now_s, numbers) <= 0.0:
            if state.resumes is not None:
                return _go_on(state.resumes, now_s), (ResumeClip(),)
            starting = Starting(
                mode=state.mode,
                level=state.level,
                began_s=now_s,
                seen_s=state.seen_s,
                sides=state.sides,
                stage=state.stage,
                marathon=state.marathon,
            )
            return starting, (PlayClip(state.mode, state.level),)
        case Starting(), ClipStarted():
            return _start_clip(state, event, now_s), ()
        case Starting(), ClipFailed():
            return replace(state, began_s=now_s), (PlayClip(state.mode, state.level),)
        case Starting(), NoClips():
            return _void(state, Reason.NO_CLIP, now_s, rules)
        case Starting(), Tick() if now_s - state.began_s > numbers.clip_start_timeout_s:
            return _void(state, Reason.CLIP_FAULT, now_s, rules)
        case Playing(over=False), ClipFailed():
            return _void(state, Reason.CLIP_FAULT, now_s, rules)
        case Playing(over=False), ClipEnded():
            return _end_clip(state, now_s, rules)
        case Playing(), Observed(seen):
            return _judge(state, seen, now_s, rules)
        case Playing(), Tick():
            # A player that neither ends nor fails must not keep the round for ever.
            overrun_s = state.clip_time_s(now_s) - state.duration_s
            if not state.over and overrun_s > numbers.clip_start_timeout_s:
                return _void(state, Reason.CLIP_FAULT, now_s, rules)
            return _check_sides(state, now_s, rules)
        case _:
            return state, ()


def _watch_countdown(
    state: Countdown, seen: Sequence[Observation], now_s: float, numbers: RoundRules
) -> Step:
    """See who is calm; while somebody is not, the last second does not end."""
    sides = tuple(
        replace(
            side,
            judgement=read(side.judgement, each.t_s, _above_neutral(side, each, numbers), numbers),
        )
        if side.is_in
        else side
        for side, each in zip(state.sides, seen, strict=True)
    )
    state = replace(state, seen_s=seen[0].t_s, sides=sides)
    missing_s = min(1.0, numbers.countdown_s) - state.left_s(now_s, numbers)
    if state.restless and missing_s > 0.0:
        state = replace(state, waited_s=state.waited_s + missing_s)
    return state, ()


def _above_neutral(side: Side, seen: Observation, numbers: RoundRules) -> float | None:
    """Return how far a player's score lies above the own neutral; None without a face."""
    raw = score(seen.emotions, numbers.weights)
    return None if raw is None else remove_baseline(raw, side.neutral)


def _go_on(held: Playing, now_s: float) -> Playing:
    """Return the clip after a break."""
    sides = tuple(replace(side, face_s=now_s) for side in held.sides)
    return replace(_resumed(held, now_s), seen_s=now_s, sides=sides)


def _leave(state: Running, now_s: float, rules: RuleBook) -> Step:
    state = _clip_of(state)
    if state.marathon is not None and state.stage > 1:
        return _void(state, Reason.STOPPED, now_s, rules)
    stops = isinstance(state, Starting | Playing)
    return Menu(), (StopClip(),) if stops else ()


def _take_baselines(
    state: Ready, seen: Sequence[Observation], now_s: float, numbers: RoundRules
) -> Step:
    sides = tuple(
        side
        if side.baseline.progress(numbers) >= 1.0
        else replace(
            side,
            baseline=read_baseline(
                side.baseline, each.t_s, score(each.emotions, numbers.weights), numbers, each.box
            ),
        )
        for side, each in zip(state.sides, seen, strict=True)
    )
    seen_s = seen[0].t_s
    if any(side.baseline.progress(numbers) < 1.0 for side in sides):
        return replace(state, seen_s=seen_s, sides=sides), ()
    countdown = Countdown(
        mode=state.mode,
        level=state.level,
        began_s=now_s,
        seen_s=seen_s,
        sides=tuple(Side(neutral=side.baseline.value(), calibrated_s=now_s) for side in sides),
        marathon=state.marathon,
    )
    return countdown, ()


def _start_clip(state: Starting, event: ClipStarted, now_s: float) -> Playing:
    return Playing(
        mode=state.mode,
        level=state.level,
        began_s=now_s,
        # Whatever was captured before the first picture is not about this clip.
        seen_s=now_s,
        sides=tuple(
            replace(side, face_s=now_s, hidden=False, hidden_s=0.0, judgement=Judgement(), curve=())
            if side.is_in
            else side
            for side in state.sides
        ),
        stage=state.stage,
        marathon=state.marathon,
        clip_id=event.clip_id,
        duration_s=event.duration_s,
    )


def _judge(state: Playing, seen: Sequence[Observation], now_s: float, rules: RuleBook) -> Step:
    numbers = rules_of(state, rules)
    commands: tuple[Command, ...] = ()
    here = all(
        each.emotions is not None
        for side, each in zip(state.sides, seen, strict=True)
        if side.is_in
    )
    if here and state.paused_s is not None:
        state = _resumed(state, now_s)
        commands = () if state.over else (ResumeClip(),)
    sides = tuple(
        _read_side(side, each, state, numbers) if side.is_in else side
        for side, each in zip(state.sides, seen, strict=True)
    )
    state = replace(state, seen_s=seen[0].t_s, sides=sides)
    after, more = _check_sides(state, now_s, rules)
    if not isinstance(after, Playing):
        return after, more
    if after.over and here and not any(side.judgement.showing for side in after.sides_in):
        return _survive(after, now_s, rules)
    return after, (*commands, *more)


def _read_side(side: Side, seen: Observation, state: Playing, numbers: RoundRules) -> Side:
    above = _above_neutral(side, seen, numbers)
    waits = state.paused_s is not None
    clip_s = state.clip_time_s(seen.t_s)
    if above is None:
        curve = side.curve if waits else (*side.curve, CurvePoint(clip_s, None))
        return replace(side, hidden=True, curve=curve)
    gap_s = seen.t_s - side.face_s
    # Only what was seen to be empty is hiding: a slow camera's gaps are its own.
    hidden_s = side.hidden_s + (gap_s if side.hidden and gap_s > numbers.max_step_s else 0.0)
    # While the clip waits for another player, its time stands still and no reading counts.
    judgement = read(side.judgement, clip_s, above, numbers)
    curve = side.curve if waits else (*side.curve, CurvePoint(clip_s, judgement.smoothed))
    return replace(
        side,
        face_s=seen.t_s,
        hidden=False,
        hidden_s=hidden_s,
        judgement=judgement,
        curve=curve,
    )


def _check_sides(state: Playing, now_s: float, rules: RuleBook) -> Step:
    """See who is out, and whether the clip must wait."""
    numbers = rules_of(state, rules)
    for find_out, reason in ((_laughed, Reason.HELD), (_gone, Reason.FACE_GONE)):
        out_s = find_out(state, now_s, numbers)
        if not out_s:
            continue
        sides = tuple(
            replace(side, out_s=out_s.get(number, side.out_s))
            for number, side in enumerate(state.sides)
        )
        state = replace(state, sides=sides)
        if len(state.sides_in) <= policy_of(state).decided_at:
            return _decide(state, reason, now_s, rules)
    away_s = max((now_s - side.face_s for side in state.sides_in if side.hidden), default=0.0)
    if away_s > numbers.grace_s and state.paused_s is None and not state.over:
        return replace(state, paused_s=now_s), (PauseClip(),)
    return state, ()


def _laughed(state: Playing, _now_s: float, _numbers: RoundRules) -> dict[int, float]:
    """Return whose ring is full, by number, and since when."""
    full_s = {
        number: side.judgement.lost_s
        for number, side in enumerate(state.sides)
        if side.is_in and side.judgement.lost_s is not None
    }
    if len(full_s) == len(state.sides_in) > 1:
        # A slow picture may show all rings full: who began last has held out longest.
        began_s = {number: state.sides[number].judgement.began_s or 0.0 for number in full_s}
        last = [number for number in full_s if began_s[number] == max(began_s.values())]
        if len(last) == 1:
            del full_s[last[0]]
    return full_s


def _gone(state: Playing, now_s: float, numbers: RoundRules) -> dict[int, float]:
    """Return who has stayed away for too long, by number, and the clip's time now."""
    return {
        number: state.clip_time_s(now_s)
        for number, side in enumerate(state.sides)
        if side.is_in
        and (
            side.hidden_s > numbers.hidden_total_s
            # Without a newer observation the gap may be the pipeline's, not the player's.
            or (side.hidden and side.forfeit_in_s(now_s, numbers) <= 0.0)
        )
    }


def _end_clip(state: Playing, now_s: float, rules: RuleBook) -> Step:
    numbers = rules_of(state, rules)
    if state.clip_time_s(now_s) < state.duration_s * numbers.clip_min_share:
        return _void(state, Reason.CLIP_FAULT, now_s, rules)
    if any(
        side.hidden or side.judgement.showing or now_s - side.face_s > numbers.grace_s
        for side in state.sides_in
    ):
        return replace(_resumed(state, now_s), over=True), ()
    return _survive(state, now_s, rules)


def _resumed(state: Playing, now_s: float) -> Playing:
    """Return the state with its clip going on."""
    if state.paused_s is None:
        return state
    waited_s = state.waited_s + now_s - state.paused_s
    return replace(state, waited_s=waited_s, paused_s=None)


def _survive(state: Playing, now_s: float, rules: RuleBook) -> Step:
    """End the round with its clip, or go on with another one."""
    clips = policy_of(state).clips
    if clips is not None and state.stage >= clips:
        return _decide(state, Reason.CLIP_ENDED, now_s, rules)
    stage, level, marathon = state.stage + 1, state.level, state.marathon
    if marathon is not None:
        won = _round_result(state, Outcome.WON, Reason.CLIP_ENDED, now_s, rules)
        marathon = Marathon(round_points(won), marathon.survived_s + state.duration_s)
        level = level_of(stage, rules[state.mode, state.level])
    countdown = Countdown(
        mode=state.mode,
        level=level,
        began_s=now_s,
        seen_s=state.seen_s,
        sides=state.sides,
        stage=stage,
        marathon=marathon,
    )
    return _settling(countdown), (StopClip(),)


# --- The end ----------------------------------------------------------------------------------

_OUTCOMES = {
    Reason.HELD: Outcome.LOST,
    Reason.FACE_GONE: Outcome.FORFEIT,
    Reason.CLIP_ENDED: Outcome.WON,
}


def _decide(state: Playing, reason: Reason, now_s: float, rules: RuleBook) -> Step:
    """End a round by what its players did."""
    if len(state.sides) == 1:
        result = _round_result(state, _OUTCOMES[reason], reason, now_s, rules)
        return _finish(state, result)
    left = [number for number, side in enumerate(state.sides) if side.is_in]
    winner = left[0] if len(left) == 1 else None
    return _finish(state, replace(_match_result(state, reason, rules), winner=winner))


def _void(state: Running, reason: Reason, now_s: float, rules: RuleBook) -> Step:
    """End a round by what no player did."""
    state = _clip_of(state)
    if len(state.sides) == 1:
        return _finish(state, _round_result(state, Outcome.VOID, reason, now_s, rules))
    return _finish(state, replace(_match_result(state, reason, rules), void=True))


def _finish(state: Running, result: RoundResult | MatchResult) -> Step:
    calibration = None
    fault = result.reason in (Reason.CAMERA_FAULT, Reason.INTERRUPTED)
    if isinstance(state, Playing) and isinstance(result, RoundResult) and not fault:
        (side,) = state.sides
        calibration = Calibration(side.neutral, side.calibrated_s, side.face_s)
    stops: tuple[Command, ...] = ()
    if isinstance(state, Starting | Playing):
        stops = (StopClip(),)
    return Finished(result, calibration), (*stops, SaveResult(result))


def _round_result(
    state: Running, outcome: Outcome, reason: Reason, now_s: float, rules: RuleBook
) -> RoundResult:
    (side,) = state.sides
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
        baseline=side.neutral,
        threshold=numbers.threshold,
        hold_s=numbers.hold_s,
        curve=(),
    )
    run = state.marathon
    if run is not None:
        result = replace(
            result, stage=state.stage, earlier_points=run.points, earlier_s=run.survived_s
        )
        if state.stage > 1 and outcome not in (Outcome.WON, Outcome.LOST):
            # The clips before were survived, whatever became of this one.
            return replace(result, outcome=Outcome.WON, stage=state.stage - 1)
    if isinstance(state, Playing):
        lost = outcome is Outcome.LOST
        lost_s = side.judgement.lost_s
        result = replace(
            result,
            clip_id=state.clip_id,
            duration_s=state.duration_s,
            decided_s=lost_s if lost and lost_s is not None else state.clip_time_s(now_s),
            began_s=side.judgement.began_s if lost else None,
            curve=side.curve,
        )
    return result


def _match_result(state: Running, reason: Reason, rules: RuleBook) -> MatchResult:
    playing = state if isinstance(state, Playing) else None
    return MatchResult(
        mode=state.mode,
        level=state.level,
        winner=None,
        void=False,
        reason=reason,
        clips=0 if isinstance(state, Ready) else state.stage,
        clip_id="" if playing is None else playing.clip_id,
        duration_s=0.0 if playing is None else playing.duration_s,
        threshold=rules_of(state, rules).threshold,
        out_s=tuple(side.out_s for side in state.sides),
        curves=tuple(() if playing is None else side.curve for side in state.sides),
    )
