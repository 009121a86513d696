"""The camera check: is this picture good enough to judge a face by? Pure; time is an argument.

One picture gives one verdict; the advice on the screen changes only when a verdict has stayed for
``settle_s``, so that it does not flicker, and the check passes when all was good for ``good_s``.
A limit that was crossed is left behind only by a margin (hysteresis).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CheckAdvice(StrEnum):
    """What the camera check tells the player; in order of what to mend first."""

    WAITING = "waiting"  # no picture yet
    SLOW = "slow"  # too few pictures a second
    NO_FACE = "no_face"
    NEED_TWO = "need_two"  # a duel needs two players in the picture
    SEVERAL = "several"  # several faces as large as the player's
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    TOO_FAR = "too_far"
    TOO_NEAR = "too_near"
    OFF_CENTRE = "off_centre"  # at the edge of the picture
    TURN = "turn"  # the face is seen only now and then: turn to the screen
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class CheckRules:
    """The limits of the camera check.

    Attributes:
        darkest: least mean brightness of the face, 0..1.
        brightest: highest mean brightness of the face, 0..1.
        smallest_face: least width of the face in shares of the picture's width.
        largest_face: highest height of the face in shares of the picture's height.
        edge: least distance of the face from the picture's edges, share of width and height.
        bystander: another face this share as wide as the player's counts as a second player.
        steady_share: share of the pictures of ``window_s`` in which the face must be found.
        least_rate_hz: least pictures read a second.
        window_s: how far back face share is looked at.
        margin: how far (relative) a limit must be cleared before its advice goes.
        settle_s: a new advice must have been right for so long.
        good_s: the check passes when all was good for so long.
    """

    darkest: float
    brightest: float
    smallest_face: float
    largest_face: float
    edge: float
    bystander: float
    steady_share: float
    least_rate_hz: float
    window_s: float
    margin: float
    settle_s: float
    good_s: float
