"""A duel: two players before one camera, each with a baseline and a ring; pure, as ``session`` is.

- Both baselines must be complete; who is ready first need not wait with a straight face.
- Whose ring is full first is out, and the other has won. Two rings full in one picture: who began
  first is out; at the same time it is a draw.
- A face that is gone makes the clip wait, and nothing counts for either. Who stays away is out, as
  in a single round; both away is a draw.
- When the clip ends and both are calm, the next clip follows, harder as in a marathon; after
  ``CLIPS`` clips it is a draw.
- A fault voids the duel. A bystander never counts: only the two faces chosen at the start come
  here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

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
    NoClips,
    ObservedTwo,
    Pause,
    PauseClip,
    PlayClip,
    ResumeClip,
    SaveDuel,
    Slept,
    StopClip,
    Tick,
)
from emotion_game.game.judge import (
    Baseline,
    Judgement,
    RoundRules,
    read,
    read_baseline,
    remove_baseline,
)
from emotion_game.game.marathon import harder
from emotion_game.game.states import Menu
from emotion_game.game.types import CurvePoint, DuelResult, Mode, Observation, Reason

#: After so many clips with both players in, it is a draw.
CLIPS = 3

Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class DuelReady:
    """Both baselines are being taken."""

    mode: Mode
    level: int
    began_s: float
    seen_s: float
    baselines: tuple[Baseline, Baseline] = (Baseline(), Baseline())


@dataclass(frozen=True, slots=True)
class DuelCountdown:
    """3, 2, 1; ``clip`` counts from 1."""

    mode: Mode
    level: int
    began_s: float
    seen_s: float
    neutral: Pair
    clip: int = 1


@dataclass(frozen=True, slots=True)
class DuelStarting:
    """The clip was asked for and shows no picture yet."""

    mode: Mode
    level: int
    began_s: float
    seen_s: float
    neutral: Pair
    clip: int = 1


@dataclass(frozen=True, slots=True)
class Side:
    """One player while the clip plays; attributes as in ``states.Playing``."""

    face_s: float
    hidden_s: float = 0.0
    hidden: bool = False
    judgement: Judgement = field(default_factory=Judgement)
    curve: tuple[CurvePoint, ...] = ()

    def forfeit_in_s(self, now_s: float, rules: RoundRules) -> float:
        """Return the seconds after which this player is out if the face does not come back."""
        gap_s = now_s - self.face_s
        return max(0.0, min(rules.forfeit_s, rules.hidden_total_s - self.hidden_s) - gap_s)


@dataclass(frozen=True, slots=True)
class DuelPlaying:
    """The clip plays, or waits for a face; attributes as in ``states.Playing``."""

    mode: Mode
    level: int
    began_s: float
    seen_s: float
    neutral: Pair
    clip: int
    clip_id: str
    duration_s: float
    sides: tuple[Side, Side]
    paused_s: float | None = None
    waited_s: float = 0.0
    over: bool = False

    def clip_time_s(self, now_s: float) -> float:
        """Return the clip's time at ``now_s``, pauses left out."""
        until_s = now_s if self.paused_s is None else min(now_s, self.paused_s)
        return max(0.0, until_s - self.began_s - self.waited_s)


DuelRunning = DuelReady | DuelCountdown | DuelStarting | DuelPlaying


@dataclass(frozen=True, slots=True)
class DuelPaused:
    """The players take a break; no time passes in ``held``."""

    held: DuelReady | DuelCountdown | DuelPlaying
    since_s: float


@dataclass(frozen=True, slots=True)
class DuelFinished:
    """The duel is decided and saved."""

    result: DuelResult


DuelState = DuelRunning | DuelPaused | DuelFinished
Step = tuple[Menu | DuelState, tuple[Command, ...]]
RuleBook = Mapping[tuple[Mode, int], RoundRules]


def rules_of(state: DuelRunning, rules: RuleBook) -> RoundRules:
    """Return the numbers that hold in a state: each further clip is harder."""
    clip = 1 if isinstance(state, DuelReady) else state.clip
    return harder(rules[state.mode, state.level], clip)


def begin(mode: Mode, level: int, now_s: float) -> Step:
    """Begin a duel with both baselines."""
    return DuelReady(mode, level, now_s, now_s), (ChoosePlayer(players=2),)


def can_pause(state: DuelState) -> bool:
    """Return whether a break would be granted now: only while both rings are empty."""
    match state:
        case DuelReady() | DuelCountdown():
            return True
        case DuelPlaying(sides=sides, over=False):
            return not any(side.judgement.showing or side.judgement.held_s > 0.0 for side in sides)
    return False


def step(state: DuelState, event: Event, now_s: float, rules: RuleBook) -> Step:
    """Advance a duel by one event; see ``session.step``."""
    match state:
        case DuelFinished(result):
            if isinstance(event, Again):
                return begin(result.mode, result.level, now_s)
            return (Menu(), ()) if isinstance(event, Back) else (state, ())
        case DuelPaused():
            return _step_paused(state, event, now_s, rules)
        case _:
            return _step_running(state, event, now_s, rules)


def _step_paused(state: DuelPaused, event: Event, now_s: float, rules: RuleBook) -> Step:
    held, away_s = state.held, now_s - state.since_s
    match event:
        case GoOn() | Pause():
            if isinstance(held, DuelReady):
                return begin(held.mode, held.level, now_s)
            if isinstance(held, DuelCountdown):
                return replace(held, began_s=held.began_s + away_s, seen_s=now_s), ()
            one, other = (replace(side, face_s=now_s, hidden=False) for side in held.sides)
            waited_s = held.waited_s + away_s
            back = replace(held, waited_s=waited_s, seen_s=now_s, sides=(one, other))
            return back, (ResumeClip(),)
        case Back():
            return Menu(), (StopClip(),) if isinstance(held, DuelPlaying) else ()
        case ClipFailed() if isinstance(held, DuelPlaying):
            return _void(held, Reason.CLIP_FAULT, rules)
    return state, ()


def _step_running(state: DuelRunning, event: Event, now_s: float, rules: RuleBook) -> Step:
    numbers = rules_of(state, rules)
    match state, event:
        case _, Back():
            stops = isinstance(state, DuelStarting | DuelPlaying)
            return Menu(), (StopClip(),) if stops else ()
        case ((DuelReady() | DuelCountdown() | DuelPlaying()), Pause()) if can_pause(state):
            return _pause(state, now_s)
        case DuelReady(), Slept():
            return begin(state.mode, state.level, now_s)
        case _, Slept():
            return _void(state, Reason.INTERRUPTED, rules)
        case _, CameraFailed():
            return _void(state, Reason.CAMERA_FAULT, rules)
        case _, Tick() if now_s - state.seen_s > numbers.starved_s:
            return _void(state, Reason.STARVED, rules)
        case _, ObservedTwo(left, _) if left.t_s <= state.seen_s:
            return state, ()
        case DuelReady(), ObservedTwo(left, right):
            return _take_baselines(state, (left, right), now_s, numbers)
        case DuelReady(), Tick() if now_s - state.began_s > numbers.ready_timeout_s:
            return _void(state, Reason.NOT_READY, rules)
        case ((DuelCountdown() | DuelStarting()), ObservedTwo(left, _)):
            return replace(state, seen_s=left.t_s), ()
        case DuelCountdown(mode, level, _, seen_s, neutral, clip), Tick():
            if now_s - state.began_s >= numbers.countdown_s:
                starting = DuelStarting(mode, level, now_s, seen_s, neutral, clip)
                return starting, (PlayClip(mode, level),)
        case DuelStarting(mode, level, _, _, neutral, clip), ClipStarted(clip_id, duration_s):
            # Whatever was captured before the first picture is not about this clip.
            sides = (Side(now_s), Side(now_s))
            playing = DuelPlaying(
                mode, level, now_s, now_s, neutral, clip, clip_id, duration_s, sides
            )
            return playing, ()
        case DuelStarting(mode, level), ClipFailed():
            return replace(state, began_s=now_s), (PlayClip(mode, level),)
        case DuelStarting(), NoClips():
            return _void(state, Reason.NO_CLIP, rules)
        case DuelStarting(), Tick() if now_s - state.began_s > numbers.clip_start_timeout_s:
            return _void(state, Reason.CLIP_FAULT, rules)
        case DuelPlaying(over=False), ClipFailed():
            return _void(state, Reason.CLIP_FAULT, rules)
        case DuelPlaying(over=False), ClipEnded():
            return _end_clip(state, now_s, rules)
        case DuelPlaying(), ObservedTwo(left, right):
            return _judge(state, (left, right), now_s, rules)
        case DuelPlaying(), Tick():
            overrun_s = state.clip_time_s(now_s) - state.duration_s
            if not state.over and overrun_s > numbers.clip_start_timeout_s:
                return _void(state, Reason.CLIP_FAULT, rules)
            return _check_faces(state, now_s, rules)
    return state, ()


def _pause(state: DuelReady | DuelCountdown | DuelPlaying, now_s: float) -> Step:
    if not isinstance(state, DuelPlaying):
        return DuelPaused(state, now_s), ()
    one, other = (
        replace(side, hidden_s=side.hidden_s + (now_s - side.face_s if side.hidden else 0.0))
        for side in state.sides
    )
    waited_s = 0.0 if state.paused_s is None else now_s - state.paused_s
    held = replace(state, sides=(one, other), waited_s=state.waited_s + waited_s, paused_s=None)
    return DuelPaused(held, now_s), (PauseClip(),) if state.paused_s is None else ()


def _take_baselines(
    state: DuelReady, seen: tuple[Observation, Observation], now_s: float, numbers: RoundRules
) -> Step:
    one, other = (
        baseline
        if baseline.progress(numbers) >= 1.0
        else read_baseline(baseline, each.t_s, each.score(state.mode), numbers, each.box)
        for baseline, each in zip(state.baselines, seen, strict=True)
    )
    seen_s = seen[0].t_s
    if min(one.progress(numbers), other.progress(numbers)) < 1.0:
        return replace(state, seen_s=seen_s, baselines=(one, other)), ()
    neutral = (one.value(), other.value())
    return DuelCountdown(state.mode, state.level, now_s, seen_s, neutral), ()


def _judge(
    state: DuelPlaying, seen: tuple[Observation, Observation], now_s: float, rules: RuleBook
) -> Step:
    numbers = rules_of(state, rules)
    commands: tuple[Command, ...] = ()
    here = all(each.emotions is not None for each in seen)
    if state.paused_s is not None and here:
        state = replace(state, waited_s=state.waited_s + now_s - state.paused_s, paused_s=None)
        commands = () if state.over else (ResumeClip(),)
    clip_s = state.clip_time_s(seen[0].t_s)
    one, other = (
        _read_side(side, each, neutral, clip_s, state, numbers)
        for side, each, neutral in zip(state.sides, seen, state.neutral, strict=True)
    )
    state = replace(state, seen_s=seen[0].t_s, sides=(one, other))
    after, more = _check_faces(state, now_s, rules)
    if not isinstance(after, DuelPlaying):
        return after, more
    if state.over and here and not (one.judgement.showing or other.judgement.showing):
        return _next_clip(state, now_s, rules)
    return after, (*commands, *more)


def _read_side(
    side: Side,
    seen: Observation,
    neutral: float,
    clip_s: float,
    state: DuelPlaying,
    numbers: RoundRules,
) -> Side:
    raw = seen.score(state.mode)
    waits = state.paused_s is not None
    if raw is None:
        curve = side.curve if waits else (*side.curve, CurvePoint(clip_s, None))
        return replace(side, hidden=True, curve=curve)
    gap_s = seen.t_s - side.face_s
    hidden_s = side.hidden_s + (gap_s if side.hidden and gap_s > numbers.max_step_s else 0.0)
    # While the clip waits for the other, its time stands still and no reading counts.
    judgement = read(side.judgement, clip_s, remove_baseline(raw, neutral), numbers)
    curve = side.curve if waits else (*side.curve, CurvePoint(clip_s, judgement.smoothed))
    return Side(seen.t_s, hidden_s, hidden=False, judgement=judgement, curve=curve)


def _check_faces(state: DuelPlaying, now_s: float, rules: RuleBook) -> Step:
    """See whether somebody is out, and whether the clip must wait."""
    numbers = rules_of(state, rules)

    def laughed(side: Side) -> bool:
        return side.judgement.lost_s is not None

    def gone(side: Side) -> bool:
        return side.hidden_s > numbers.hidden_total_s or (
            side.hidden and side.forfeit_in_s(now_s, numbers) <= 0.0
        )

    for is_out, reason in ((laughed, Reason.HELD), (gone, Reason.FACE_GONE)):
        if any(is_out(side) for side in state.sides):
            return _decide(state, is_out, reason, now_s, rules)
    away_s = max((now_s - side.face_s for side in state.sides if side.hidden), default=0.0)
    if away_s > numbers.grace_s and state.paused_s is None and not state.over:
        return replace(state, paused_s=now_s), (PauseClip(),)
    return state, ()


def _end_clip(state: DuelPlaying, now_s: float, rules: RuleBook) -> Step:
    numbers = rules_of(state, rules)
    if state.clip_time_s(now_s) < state.duration_s * numbers.clip_min_share:
        return _void(state, Reason.CLIP_FAULT, rules)
    if any(
        side.hidden or side.judgement.showing or now_s - side.face_s > numbers.grace_s
        for side in state.sides
    ):
        waited_s = 0.0 if state.paused_s is None else now_s - state.paused_s
        return replace(state, over=True, paused_s=None, waited_s=state.waited_s + waited_s), ()
    return _next_clip(state, now_s, rules)


def _next_clip(state: DuelPlaying, now_s: float, rules: RuleBook) -> Step:
    if state.clip >= CLIPS:
        return _decide(state, lambda side: False, Reason.CLIP_ENDED, now_s, rules)
    countdown = DuelCountdown(
        state.mode, state.level, now_s, state.seen_s, state.neutral, state.clip + 1
    )
    return countdown, (StopClip(),)


def _decide(
    state: DuelPlaying,
    is_out: Callable[[Side], bool],
    reason: Reason,
    now_s: float,
    rules: RuleBook,
) -> Step:
    one, other = (is_out(side) for side in state.sides)
    if one and other and reason is Reason.HELD:
        began = [side.judgement.began_s or 0.0 for side in state.sides]
        one, other = began[0] <= began[1], began[1] <= began[0]
    out_s = tuple(
        (side.judgement.lost_s if reason is Reason.HELD else state.clip_time_s(now_s))
        if out
        else None
        for out, side in zip((one, other), state.sides, strict=True)
    )
    result = replace(
        _result(state, reason, rules),
        winner=None if one == other else int(one),
        out_s=(out_s[0], out_s[1]),
    )
    return DuelFinished(result), (StopClip(), SaveDuel(result))


def _void(state: DuelRunning, reason: Reason, rules: RuleBook) -> Step:
    result = replace(_result(state, reason, rules), void=True)
    stops: tuple[Command, ...] = ()
    if isinstance(state, DuelStarting | DuelPlaying):
        stops = (StopClip(),)
    return DuelFinished(result), (*stops, SaveDuel(result))


def _result(state: DuelRunning, reason: Reason, rules: RuleBook) -> DuelResult:
    playing = state if isinstance(state, DuelPlaying) else None
    return DuelResult(
        mode=state.mode,
        level=state.level,
        winner=None,
        void=False,
        reason=reason,
        clips=0 if isinstance(state, DuelReady) else state.clip,
        clip_id="" if playing is None else playing.clip_id,
        duration_s=0.0 if playing is None else playing.duration_s,
        threshold=rules_of(state, rules).threshold,
        out_s=(None, None),
        curves=((), ()) if playing is None else (playing.sides[0].curve, playing.sides[1].curve),
    )
