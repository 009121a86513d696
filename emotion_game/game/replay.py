"""Events as lines of JSON: a recorded round replays to the same result, always.

A line is ``[seconds, event name, values...]``. It holds times, scores and boxes, never a picture.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields

from emotion_game.game import session
from emotion_game.game.session import Event, RuleBook, State
from emotion_game.game.types import Mode, Observation, RoundResult

_KINDS: dict[str, type[Event]] = {
    kind.__name__: kind
    for kind in (
        session.Start,
        session.Again,
        session.NextLevel,
        session.Back,
        session.Tick,
        session.Observed,
        session.ClipStarted,
        session.ClipEnded,
        session.ClipFailed,
        session.NoClips,
        session.CameraFailed,
    )
}


def encode(event: Event, now_s: float) -> str:
    """Return one line, without its end, for an event at ``now_s``."""
    values: list[object]
    if isinstance(event, session.Observed):
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
        if name == session.Observed.__name__:
            t_s, emotions, box, faces = values
            observation = Observation(t_s, emotions and tuple(emotions), box and tuple(box), faces)
            return now_s, session.Observed(observation)
        if name == session.Start.__name__:
            mode, level = values
            return now_s, session.Start(Mode(mode), level)
        return now_s, _KINDS[name](*values)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"no recorded event: {line[:80]!r}") from error


def replay(lines: Iterable[str], rules: RuleBook) -> tuple[State, list[RoundResult]]:
    """Run recorded events through the rules; return the last state and the results."""
    state: State = session.Menu()
    results: list[RoundResult] = []
    for line in lines:
        now_s, event = decode(line)
        state, commands = session.step(state, event, now_s, rules)
        results += [each.result for each in commands if isinstance(each, session.SaveResult)]
    return state, results
