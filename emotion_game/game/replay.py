"""Events as lines of JSON: a recorded round replays to the same result, always.

A line is ``[seconds, event name, values...]``. It holds times, scores and boxes, never a picture.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from emotion_game.game import events, session, states
from emotion_game.game.events import Event
from emotion_game.game.session import AnyState, RuleBook
from emotion_game.game.types import Mode, Observation, RoundResult

_KINDS: dict[str, type[Event]] = {
    kind.__name__: kind
    for kind in (
        events.Start,
        events.StartDuel,
        events.Again,
        events.NextLevel,
        events.Back,
        events.Pause,
        events.GoOn,
        events.Tick,
        events.Slept,
        events.Observed,
        events.ObservedTwo,
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
        values = _of(event.observation)
    elif isinstance(event, events.ObservedTwo):
        values = [_of(event.left), _of(event.right)]
    else:
        values = [getattr(event, each.name) for each in fields(event)]
    return json.dumps([now_s, type(event).__name__, *values], separators=(",", ":"))


def decode(line: str) -> tuple[float, Event]:
    """Return (seconds, event) of one line.

    Raises:
        ValueError: when the line is no recorded event.
    """
    try:
        # An editor on Windows puts a mark before the first line.
        now_s, name, *values = json.loads(line.removeprefix("\ufeff"))
        if name == events.Observed.__name__:
            return now_s, events.Observed(_observation(values))
        if name == events.ObservedTwo.__name__:
            left, right = values
            return now_s, events.ObservedTwo(_observation(left), _observation(right))
        if name == events.StartDuel.__name__:
            mode, level = values
            return now_s, events.StartDuel(Mode(mode), level)
        if name == events.Start.__name__:
            mode, level, *marathon = values  # older records hold no marathon
            return now_s, events.Start(Mode(mode), level, *marathon)
        return now_s, _KINDS[name](*values)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"no recorded event: {line[:80]!r}") from error


def _of(seen: Observation) -> list[object]:
    # Plain numbers, whatever a network's library calls its own.
    emotions = None if seen.emotions is None else [float(share) for share in seen.emotions]
    box = None if seen.box is None else [float(share) for share in seen.box]
    return [seen.t_s, emotions, box, seen.faces]


def _observation(values: list[Any]) -> Observation:
    t_s, emotions, box, faces = values
    return Observation(t_s, emotions and tuple(emotions), box and tuple(box), faces)


def replay(lines: Iterable[str], rules: RuleBook) -> tuple[AnyState, list[RoundResult]]:
    """Run recorded events through the rules; return the last state and the results."""
    state: AnyState = states.Menu()
    results: list[RoundResult] = []
    for line in filter(str.strip, lines):
        now_s, event = decode(line)
        state, commands = session.step(state, event, now_s, rules)
        results += [each.result for each in commands if isinstance(each, events.SaveResult)]
    return state, results
