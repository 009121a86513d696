"""What the game tells whoever watches over it, and what it does at their order."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from emotion_game.addresses import safe_name
from emotion_game.game import events, states
from emotion_game.game.types import RoundResult
from emotion_game.monitor import GameStatus, LastRound, Order

if TYPE_CHECKING:
    from emotion_game.app.game import Game

#: In these nobody is in a round.
_IDLE = states.Menu | states.Finished


def last_round(result: RoundResult) -> LastRound:
    """Return a round that has just finished as an operator wants to know it."""
    return LastRound(
        finished_at=datetime.now(UTC),
        mode=result.mode,
        level=result.level,
        outcome=result.outcome,
        reason=result.reason,
        clip_id=result.clip_id,
        decided_s=max(0.0, result.decided_s),
    )


def status_of(game: Game, now_s: float) -> GameStatus:
    """Return how the game is."""
    faults = []
    if game.feed.camera.is_lost():
        why = game.feed.camera.error
        faults.append(why.message if why is not None else "The camera gives no picture.")
    if not game.stage.player.sound:
        faults.append("There is no sound device.")
    if game.scores is not None and game.scores.trouble:
        faults.append(game.scores.trouble)
    bundle = game.analyser.classifier.bundle
    return GameStatus(
        screen=game.screen_name,
        in_round=not isinstance(game.state, _IDLE),
        camera=safe_name(game.feed.camera.spec),
        camera_working=not game.feed.camera.is_lost() and game.feed.newest is not None,
        frame_rate_hz=game.feed.rate_hz(now_s),
        rounds=len(game.results),
        last_round=game.last_round,
        volume=0.0 if game.preferences.muted else game.preferences.volume,
        clip_player=game.stage.player.name,
        model=f"{bundle.name} {bundle.version}",
        waiting_results=0 if game.scores is None else game.scores.waiting(),
        faults=tuple(faults),
    )


def carry_out(game: Game, order: Order, now_s: float) -> None:
    """Do what the operator orders."""
    match order.kind:
        case "end":
            game.running = False
        case "volume":
            game.prefer(volume=order.value, muted=False)
            game.set_volume()
        case "void_round" if not isinstance(game.state, _IDLE):
            game.step(events.Back(), now_s)
