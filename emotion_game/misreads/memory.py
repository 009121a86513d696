"""The faces of the running round, in memory alone until an operator marks the call as wrong."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from emotion_game.game.modes import Weights, score
from emotion_game.game.types import Outcome, RoundResult
from emotion_game.vision.crop import CropSpec, Picture

#: Least time between two faces of a round.
_STEP_S = 0.2
#: Five minutes of faces, at most about 14 MB.
_MOST_IN_MEMORY = 1500
#: How much of a losing hold is kept, back from the decision.
_HOLD_S = 1.5
#: How many faces of a round that was won are kept.
_MOST_OF_A_WIN = 8


def crop_to_keep(spec: CropSpec) -> CropSpec:
    """Return the crop to keep of a network's face: its detail, and no pixel more.

    A kept picture that training reads with ``spec`` is then the very input that the network was
    given in the game; kept at ``size_px`` it would be reduced and enlarged a second time.
    """
    return replace(spec, size_px=spec.detail_px or spec.size_px, detail_px=0)


@dataclass(frozen=True, slots=True)
class SeenFace:
    """One face of a round.

    Attributes:
        t_s: clip time, seconds.
        emotions: 8 probabilities in the order of ``EMOTIONS``.
        picture: (side, side, 1) uint8 gray, see :func:`crop_to_keep`.
    """

    t_s: float
    emotions: tuple[float, ...]
    picture: Picture


class FaceMemory:
    """The faces of the running round: at most five a second, the oldest forgotten first."""

    def __init__(self) -> None:
        self._faces: deque[SeenFace] = deque(maxlen=_MOST_IN_MEMORY)

    def add(self, t_s: float, emotions: tuple[float, ...], cut: Callable[[], Picture]) -> None:
        """Remember the face seen at clip time ``t_s``; ``cut`` is called only if it is time."""
        if not self._faces or t_s - self._faces[-1].t_s >= _STEP_S:
            # A copy, since a crop may be a window into the whole frame.
            self._faces.append(SeenFace(t_s, emotions, cut().copy()))

    def clear(self) -> None:
        """Forget every face."""
        self._faces.clear()

    def behind(self, result: RoundResult, weights: Weights) -> tuple[SeenFace, ...]:
        """Return the faces that decided a round whose mode weighs emotions so, in order of time.

        Lost: those of the hold, up to 1.5 s back. Won: the eight that scored highest. Any other
        end is no call on an expression: none.
        """
        if result.outcome is Outcome.LOST and result.began_s is not None:
            since_s = max(result.began_s, result.decided_s - _HOLD_S)
            held = tuple(face for face in self._faces if face.t_s >= since_s)
            # A hold shorter than the step may have no face of its own.
            return held or tuple(self._faces)[-1:]
        if result.outcome is Outcome.WON:
            highest = sorted(
                self._faces, key=lambda face: score(face.emotions, weights) or 0.0, reverse=True
            )
            return tuple(sorted(highest[:_MOST_OF_A_WIN], key=lambda face: face.t_s))
        return ()
