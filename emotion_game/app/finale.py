"""How a round ended, for the room to see, before its result: the face that gave way, or the joy.

The rules have decided and the result is saved when a finale begins: it only shows what is
remembered of that instant, and nothing that happens meanwhile can change or lose anything.
"""

from __future__ import annotations

from dataclasses import dataclass

from emotion_game.clips.player import ClipFrame
from emotion_game.game import states
from emotion_game.game.types import MatchResult, Outcome, Reason, RoundResult
from emotion_game.vision.pipeline import FrameAnalysis

#: The clip stands still for so long; the face grows over it meanwhile.
FREEZE_S = 0.8
#: From the decision to the result, if nobody presses anything.
CAUGHT_S = FREEZE_S + 1.4
TRIUMPH_S = 2.4


@dataclass(frozen=True, slots=True)
class Instant:
    """What was shown and seen just before the newest observation was judged.

    Attributes:
        playing: the rules' state.
        clip: the clip's picture on the screen; None before its first.
        seen: the observation and its picture.
    """

    playing: states.Playing
    clip: ClipFrame | None
    seen: FrameAnalysis


@dataclass(frozen=True, slots=True)
class Finale:
    """What is shown between the last instant of a round and its result.

    Attributes:
        result: of the round.
        ends_s: when the result is shown, on the game's clock.
        instant: the last of the round; None where a player won.
        caught: the numbers of the players who gave way in it; nobody where a player won.
    """

    result: RoundResult | MatchResult
    ends_s: float
    instant: Instant | None = None
    caught: tuple[int, ...] = ()


def finale_of(
    result: RoundResult | MatchResult, instant: Instant | None, now_s: float
) -> Finale | None:
    """Return the finale of a round that has just been decided; None: its result comes at once.

    Args:
        result: of the round.
        instant: the last of the round; None where nothing was seen.
        now_s: on the game's clock.
    """
    if isinstance(result, RoundResult) and result.reason is Reason.CLIP_ENDED:
        won = result.outcome is Outcome.WON
        return Finale(result, now_s + TRIUMPH_S) if won else None
    if instant is None or result.reason is not Reason.HELD:
        return None
    caught: tuple[int, ...] = (0,)
    if isinstance(result, MatchResult):
        caught = tuple(
            number
            for number, side in enumerate(instant.playing.sides)
            if side.is_in and result.out_s[number] is not None
        )
    return Finale(result, now_s + CAUGHT_S, instant, caught) if caught else None
