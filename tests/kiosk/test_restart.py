from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from emotion_game.kiosk.restart import History, after_failure, is_hanging
from emotion_game.kiosk.settings import RestartSettings

RULES = RestartSettings()


def failures(*steps, rules=RULES):
    """Let the game fail; each step is (time, how long it had run). Return every verdict."""
    history, verdicts = History(), []
    for now_s, ran_s in steps:
        history, verdict = after_failure(history, now_s, ran_s, rules)
        verdicts.append(verdict)
    return verdicts


def test_waits_double_and_the_fifth_failure_puts_out_of_service():
    verdicts = failures(*((10.0 * n, 5.0) for n in range(5)))
    assert [each.wait_s for each in verdicts] == [0.1, 0.2, 0.4, 0.8, 60.0]
    assert [each.out_of_service for each in verdicts] == [False] * 4 + [True]


def test_a_single_failure_an_hour_never_puts_out_of_service():
    verdicts = failures(*((3600.0 * n, 3590.0) for n in range(50)))
    assert {each.wait_s for each in verdicts} == {0.1}
    assert not any(each.out_of_service for each in verdicts)


def test_after_an_outage_one_failure_is_enough_and_waits_grow():
    steps = [(10.0 * n, 5.0) for n in range(5)] + [(1000.0 * n, 5.0) for n in range(1, 7)]
    verdicts = failures(*steps)
    assert all(each.out_of_service for each in verdicts[4:])
    assert [each.wait_s for each in verdicts[4:]] == [
        60.0,
        120.0,
        240.0,
        480.0,
        600.0,
        600.0,
        600.0,
    ]


def test_a_long_good_run_after_an_outage_clears_the_slate():
    steps = [(10.0 * n, 5.0) for n in range(5)] + [(5000.0, RULES.within_s)]
    assert failures(*steps)[-1].wait_s == 0.1


@given(st.lists(st.tuples(st.floats(0, 1e5), st.floats(0, 1e5)), max_size=60))
def test_every_wait_is_bounded(steps):
    now_s = 0.0
    timed = []
    for gap_s, ran_s in steps:
        now_s += gap_s
        timed.append((now_s, ran_s))
    for verdict in failures(*timed):
        longest_s = RULES.retry_longest_s if verdict.out_of_service else RULES.longest_wait_s
        assert 0.0 <= verdict.wait_s <= longest_s


def test_back_within_five_seconds_of_the_last_sign_of_life():
    assert RULES.hang_s + RULES.first_wait_s < 5.0


def test_hanging_is_silence_since_the_start_or_the_newest_beat():
    assert not is_hanging(29.0, 0.0, None, RULES)
    assert is_hanging(31.0, 0.0, None, RULES)
    assert not is_hanging(100.0, 0.0, 98.0, RULES)
    assert is_hanging(100.0, 0.0, 96.0, RULES)
    # Woken up: the older beat does not count against it.
    assert not is_hanging(100.0, 99.0, 10.0, RULES)
