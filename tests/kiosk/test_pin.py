from __future__ import annotations

import pytest

from emotion_game.errors import GameError
from emotion_game.kiosk.pin import Attempts, hash_pin, is_pin, is_token, new_token


def test_only_the_right_pin_opens():
    kept = hash_pin("29176")
    assert "29176" not in kept
    assert hash_pin("29176") != kept
    assert is_pin("29176", kept)
    for wrong in ("29177", "", "2917", "２９１７６", "29176" * 40):
        assert not is_pin(wrong, kept)


@pytest.mark.parametrize("kept", ["", "29176", "scrypt$99$" + "0" * 32 + "$" + "0" * 64])
def test_an_empty_or_strange_hash_lets_nobody_in(kept):
    assert not is_pin("29176", kept)
    assert not is_pin("", kept)


@pytest.mark.parametrize(
    "pin", ["", "12", "1234", "4321", "7890", "0000", "12345678901234", "12a4", "１２３７", "-123"]
)
def test_a_pin_that_is_none_or_guessed_first_is_refused(pin):
    with pytest.raises(GameError):
        hash_pin(pin)


def test_tokens():
    token, kept = new_token()
    assert is_token(token, kept)
    assert not is_token(token + "x", kept)
    assert not is_token("", "")


def test_wrong_tries_cost_ever_longer_waits():
    attempts, waits = Attempts(), []
    for n in range(12):
        attempts = attempts.after(False, 1000.0 * n)
        waits.append(attempts.wait_s(1000.0 * n))
    assert waits[:6] == [0.0, 0.0, 10.0, 20.0, 40.0, 80.0]
    assert waits[-1] == 900.0
    assert attempts.wait_s(11_000.0 + 899.0) == pytest.approx(1.0)
    assert attempts.after(True, 12_000.0) == Attempts()
