"""Events as lines of JSON: a recorded round replays to the same result, always.

A line is ``[seconds, event name, values...]``. It holds times, scores and boxes, never a picture.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields

from emotion_game.game import events, session, states
from emotion_game.game.events import Event
from emotion_game.game.session import RuleBook
from emotion_game.game.states import State
from emotion_game.game.types import Mode, Observation, RoundResult

_KINDS: dict[str, type[Event]] = {
    kind.__name__: kind
    for kind in (
        events.Start,
        events.Again,
        events.NextLevel,
        events.Back,
        events.Pause,
        events.GoOn,
        events.Tick,
        events.Slept,
        events.Observed,
        events.ClipStarted,
        events.ClipEnded,
        events.ClipFailed,
        events.NoClips,
        events.CameraFailed,
    )
}


def encode(event: Event, now_s: float) -> str:
    """Return one line, without its end, for an event at ``now_s``."""
    values: list[object]
    if isinstance(event, events.Observed):
        seen = event.observation
        values = [seen.t_s, seen.emotions, seen.box, seen.faces]
    else:
        values = [getattr(event, each.name) for each in fields(event)]
    return json.dumps([now_s, type(event).__name__, *values], separators=(",", ":"))


def decode(line: str) -> tuple[float, Event]:
    """Return (seconds, event) of one line.

    Raises:
        ValueError: when the line is no recorded event.
    """
    try:
        now_s, name, *values = json.loads(line)
        if name == events.Observed.__name__:
            t_s, emotions, box, faces = values
            observation = Observation(t_s, emotions and tuple(emotions), box and tuple(box), faces)
            return now_s, events.Observed(observation)
        if name == events.Start.__name__:
            mode, level, *marathon = values  # older records hold no marathon
            return now_s, events.Start(Mode(mode), level, *marathon)
        return now_s, _KINDS[name](*values)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"no recorded event: {line[:80]!r}") from error


def replay(lines: Iterable[str], rules: RuleBook) -> tuple[State, list[RoundResult]]:
    """Run recorded events through the rules; return the last state and the results."""
    state: State = states.Menu()
    results: list[RoundResult] = []
    for line in lines:
        now_s, event = decode(line)
        state, commands = session.step(state, event, now_s, rules)
        results += [each.result for each in commands if isinstance(each, events.SaveResult)]
    return state, results
