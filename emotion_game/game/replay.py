"""Events as lines of JSON: a recorded round replays to the same result, always.

A line is ``[seconds, event name, values...]``. It holds times, scores and boxes, never a picture.
Records of earlier versions, which knew one player or two, are read as they were meant.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from emotion_game.game import events, states
from emotion_game.game.events import Event
from emotion_game.game.round import RuleBook, step
from emotion_game.game.types import MatchResult, Observation, RoundResult

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
        sides = [_of(seen) for seen in event.sides]
        values = sides[0] if len(sides) == 1 else [*sides]
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
        match name:
            case "Observed" | "ObservedTwo":  # the second for two players, until 0.1
                sides = values if isinstance(values[0], list) else [values]
                return now_s, events.Observed(tuple(_observation(seen) for seen in sides))
            case "Start":
                mode, level, *rest = values  # older records hold no marathon, or no players
                if not isinstance(mode, str):
                    raise TypeError("a mode is a name")
                return now_s, events.Start(mode, level, *rest)
            case "StartDuel":  # until 0.1
                mode, level = values
                return now_s, events.Start(mode, level, players=2)
            case _:
                return now_s, _KINDS[name](*values)
    except (IndexError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"no recorded event: {line[:80]!r}") from error


def _of(seen: Observation) -> list[object]:
    # Plain numbers, whatever a network's library calls its own.
    emotions = None if seen.emotions is None else [float(share) for share in seen.emotions]
    box = None if seen.box is None else [float(share) for share in seen.box]
    return [seen.t_s, emotions, box, seen.faces]


def _observation(values: list[Any]) -> Observation:
    t_s, emotions, box, faces = values
    return Observation(t_s, emotions and tuple(emotions), box and tuple(box), faces)


def replay(
    lines: Iterable[str], rules: RuleBook
) -> tuple[states.State, list[RoundResult | MatchResult]]:
    """Run recorded events through the rules; return the last state and the results.

    Raises:
        ValueError: when a line is no event, or of a mode or level that the rules do not have.
    """
    state: states.State = states.Menu()
    results: list[RoundResult | MatchResult] = []
    for line in filter(str.strip, lines):
        now_s, event = decode(line)
        if isinstance(event, events.Start) and (event.mode, event.level) not in rules:
            raise ValueError(f"no rules for the mode {event.mode!r}, level {event.level}")
        state, commands = step(state, event, now_s, rules)
        results += [each.result for each in commands if isinstance(each, events.SaveResult)]
    return state, results
