"""The camera check: is this picture good enough to judge a face by? Pure; time is an argument.

One picture gives one verdict; the advice on the screen changes only when a verdict has stayed for
``settle_s``, so that it does not flicker, and the check passes when all was good for ``good_s``.
A limit that was crossed is left behind only by a margin (hysteresis).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from emotion_game.game.types import RelativeBox


class CheckAdvice(StrEnum):
    """What the camera check tells the player; in order of what to mend first."""

    WAITING = "waiting"  # no picture yet
    SLOW = "slow"  # too few pictures a second
    NO_FACE = "no_face"
    NEED_MORE = "need_more"  # several play, and not all of them are in the picture
    SEVERAL = "several"  # more faces as large as the players' than there are players
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

    darkest: float = 0.12
    brightest: float = 0.92
    smallest_face: float = 0.1
    largest_face: float = 0.85
    edge: float = 0.005
    bystander: float = 0.7
    steady_share: float = 0.7
    least_rate_hz: float = 4.0
    window_s: float = 2.0
    margin: float = 0.1
    settle_s: float = 0.5
    good_s: float = 1.5


@dataclass(frozen=True, slots=True)
class FrameQuality:
    """What one picture shows, for the check.

    Attributes:
        t_s: time of capture.
        light: mean brightness of the whole picture, 0..1.
        faces: the players' faces; none where nobody is seen, and while not all have come.
        face_light: median brightness of the darkest of them, 0..1; None without a face. The median,
            so that glasses may glare.
        bystander: width of the widest other face as a share of the player's; 0 without one.
        others: how many other faces there are.
    """

    t_s: float
    light: float
    faces: tuple[RelativeBox, ...] = ()
    face_light: float | None = None
    bystander: float = 0.0
    others: int = 0

    @property
    def present(self) -> int:
        """How many faces are in the picture."""
        return len(self.faces) + self.others


@dataclass(frozen=True, slots=True)
class Check:
    """The check's memory.

    Attributes:
        advice: what the screen shows.
        verdict: what the newest picture would say, since ``verdict_s``.
        good_s: since when all has been good; ``None`` while it is not.
        t_s: time of the newest picture.
        seen: (time, whether enough faces were found) of the last ``window_s``.
        players: how many players there must be.
        present: how many faces were in the newest picture.
        right_s: when ``advice`` was last what a picture said.
    """

    advice: CheckAdvice = CheckAdvice.WAITING
    verdict: CheckAdvice = CheckAdvice.WAITING
    verdict_s: float = 0.0
    good_s: float | None = None
    t_s: float | None = None
    seen: tuple[tuple[float, bool], ...] = ()
    players: int = 1
    present: int = 0
    right_s: float = 0.0

    def progress(self, rules: CheckRules) -> float:
        """Return how much of the good time has passed, 0..1; at 1 the check is passed."""
        if self.good_s is None or self.t_s is None:
            return 0.0
        return min(1.0, (self.t_s - self.good_s) / rules.good_s)


def update(check: Check, sight: FrameQuality, rules: CheckRules) -> Check:
    """Take one picture into account; one not newer than the last changes nothing."""
    if check.t_s is not None and sight.t_s <= check.t_s:
        return check
    recent = (each for each in check.seen if sight.t_s - each[0] <= rules.window_s)
    seen = (*recent, (sight.t_s, len(sight.faces) >= check.players))
    verdict = _verdict(check, sight, seen, rules)
    if check.t_s is None:
        check = replace(check, right_s=sight.t_s)
    since_s = check.verdict_s if verdict is check.verdict else sight.t_s
    advice, good_s = check.advice, check.good_s
    right_s = sight.t_s if verdict is advice else check.right_s
    settled = sight.t_s - since_s >= rules.settle_s
    # Verdicts that change all the time never settle; then the newest is better than an old one.
    if settled or sight.t_s - right_s >= 3 * rules.settle_s:
        advice, right_s = verdict, sight.t_s
        if verdict is not CheckAdvice.GOOD:
            good_s = None
        elif good_s is None:
            good_s = since_s
    return Check(
        advice, verdict, since_s, good_s, sight.t_s, seen, check.players, sight.present, right_s
    )


def _verdict(
    check: Check, sight: FrameQuality, seen: tuple[tuple[float, bool], ...], rules: CheckRules
) -> CheckAdvice:
    def above(value: float, limit: float, advice: CheckAdvice) -> bool:
        """Return whether a value is too high; advice that is shown goes only by the margin."""
        shown = advice in (check.advice, check.verdict)
        return value > limit * (1.0 - rules.margin if shown else 1.0)

    def below(value: float, limit: float, advice: CheckAdvice) -> bool:
        shown = advice in (check.advice, check.verdict)
        return value < limit * (1.0 + rules.margin if shown else 1.0)

    span_s = seen[-1][0] - seen[0][0]
    if span_s >= rules.window_s / 2 and below(
        (len(seen) - 1) / span_s, rules.least_rate_hz, CheckAdvice.SLOW
    ):
        return CheckAdvice.SLOW
    if sight.face_light is None or len(sight.faces) < check.players:
        return _without_face(check, sight, seen, rules)
    if above(sight.bystander, rules.bystander, CheckAdvice.SEVERAL):
        return CheckAdvice.SEVERAL
    if below(sight.face_light, rules.darkest, CheckAdvice.TOO_DARK):
        return CheckAdvice.TOO_DARK
    if above(sight.face_light, rules.brightest, CheckAdvice.TOO_BRIGHT):
        return CheckAdvice.TOO_BRIGHT
    for left, top, width, height in sight.faces:
        if below(width, rules.smallest_face, CheckAdvice.TOO_FAR):
            return CheckAdvice.TOO_FAR
        if above(height, rules.largest_face, CheckAdvice.TOO_NEAR):
            return CheckAdvice.TOO_NEAR
        room = min(left, top, 1.0 - left - width, 1.0 - top - height)
        if below(room, rules.edge, CheckAdvice.OFF_CENTRE):
            return CheckAdvice.OFF_CENTRE
    share = sum(found for _, found in seen) / len(seen)
    if below(share, rules.steady_share, CheckAdvice.TURN):
        return CheckAdvice.TURN
    return CheckAdvice.GOOD


def _without_face(
    check: Check, sight: FrameQuality, seen: tuple[tuple[float, bool], ...], rules: CheckRules
) -> CheckAdvice:
    """Say why there may be no face: no light, a face that turns away, or nobody."""
    if sight.light < rules.darkest:
        return CheckAdvice.TOO_DARK
    if sight.light > rules.brightest:
        return CheckAdvice.TOO_BRIGHT
    if any(found for _, found in seen):
        return CheckAdvice.TURN
    return CheckAdvice.NEED_MORE if 0 < sight.present < check.players else CheckAdvice.NO_FACE
