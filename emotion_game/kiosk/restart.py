"""When to start the game again, and when to give up for a while: pure, time as an argument."""

from __future__ import annotations

from dataclasses import dataclass

from emotion_game.kiosk.settings import RestartSettings

_MOST_DOUBLINGS = 30


@dataclass(frozen=True, slots=True)
class History:
    """What is remembered of earlier failures.

    Attributes:
        failed_s: when the newest failures were, monotonic.
        outages: how often in a row the booth was put out of service.
    """

    failed_s: tuple[float, ...] = ()
    outages: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Wait this long before the next start, and show the out-of-service screen or not."""

    wait_s: float
    out_of_service: bool


def after_failure(
    history: History, now_s: float, ran_s: float, rules: RestartSettings
) -> tuple[History, Verdict]:
    """Decide what follows a crash, a hang or an unwanted end of the game.

    After an outage one more failure is enough for the next outage, until the game has run for
    ``within_s`` without one.

    Args:
        history: of the failures before this one.
        now_s: when it failed, monotonic.
        ran_s: how long the game had run.
        rules: the numbers.
    """
    if ran_s >= rules.within_s:
        history = History()
    recent = (*(t for t in history.failed_s if now_s - t < rules.within_s), now_s)
    if history.outages or len(recent) >= rules.failures:
        wait_s = _doubled(rules.retry_first_s, history.outages, rules.retry_longest_s)
        return History(recent[-rules.failures :], history.outages + 1), Verdict(wait_s, True)
    wait_s = _doubled(rules.first_wait_s, len(recent) - 1, rules.longest_wait_s)
    return History(recent), Verdict(wait_s, False)


def is_hanging(
    now_s: float, started_s: float, beat_s: float | None, rules: RestartSettings
) -> bool:
    """Say whether a running game must be taken for dead.

    Args:
        now_s: now, monotonic.
        started_s: when it was started, or when this machine woke up, if that was later.
        beat_s: when it gave its newest sign of life; None: never yet.
        rules: the numbers.
    """
    if beat_s is None:
        return now_s - started_s > rules.start_s
    return now_s - max(beat_s, started_s) > rules.hang_s


def _doubled(first_s: float, times: int, longest_s: float) -> float:
    return min(longest_s, first_s * 2.0 ** min(times, _MOST_DOUBLINGS))
