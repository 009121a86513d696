from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotion_game.game.keyboard import INITIALS, VOWELS, Keyboard, Keys, erase_key, type_key


def typed(keys: str) -> str:
    text = ""
    for key in keys:
        text = type_key(text, key)
    return text


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("ㄱㅣㅁㅊㅣ", "김치"),
        ("ㅎㅏㄴㄱㅡㄹ", "한글"),
        ("ㄱㅏㄴㅏ", "가나"),
        ("ㄷㅏㄹㄱ", "닭"),
        ("ㄷㅏㄹㄱㅣ", "달기"),
        ("ㅇㅗㅏㅇ", "왕"),
        ("ㅇㅡㅣㅅㅏ", "의사"),
        ("ㄱㅏㅂㅅ", "값"),
        ("ㄱㅏㅂㅅㅣ", "갑시"),
        ("ㅃㅏㄹㄱㅏㅇ", "빨강"),
        ("ㅂㅏㄸ", "바ㄸ"),  # no syllable ends with it
        ("ㅋㅋㅋ", "ㅋㅋㅋ"),
        ("ㅜㅓ", "ㅝ"),
        ("ㅏㅏ", "ㅏㅏ"),
        ("aㅏ", "aㅏ"),
        ("Kim 2", "Kim 2"),
    ],
)
def test_keys_make_syllables(keys, text):
    assert typed(keys) == text
    assert unicodedata.normalize("NFC", text) == text


def test_erase_takes_back_one_key_at_a_time():
    steps, text = [], "닭의"
    while text:
        text = erase_key(text)
        steps.append(text)
    assert steps == ["닭으", "닭ㅇ", "닭", "달", "다", "ㄷ", ""]
    assert erase_key("") == ""


@given(st.text(st.sampled_from(INITIALS + VOWELS + "aZ1 "), max_size=14))
def test_every_text_can_be_erased_and_stays_what_the_board_takes(keys):
    text = typed(keys)
    assert all(c in "aZ1 " or "ㄱ" <= c <= "ㅣ" or "가" <= c <= "힣" for c in text)
    for _ in range(3 * len(keys)):
        text = erase_key(text)
    assert text == ""


def test_the_keyboard():
    keyboard = Keyboard(longest=3)
    assert keyboard.rows()[0][0] == "q"
    keyboard = keyboard.shift()
    assert keyboard.rows()[0][0] == "Q"
    keyboard = keyboard.press("Q")
    assert (keyboard.text, keyboard.shifted) == ("Q", False)
    keyboard = keyboard.switch()
    assert keyboard.keys is Keys.HANGUL
    assert keyboard.shift().rows()[0][:2] == ("ㅃ", "ㅉ")
    assert keyboard.press_real("r").press_real("k").text == "Q가"
    assert keyboard.press_real("R").text == "Qㄲ"
    full = keyboard.press("ㄱ").press("ㅏ").press("a")
    assert full.text == "Q가a"
    assert full.press("b") == full
    assert full.erase().text == "Q가"
    assert keyboard.switch().keys is Keys.DIGITS
    assert keyboard.switch().switch().keys is Keys.LATIN
    assert keyboard.press_real("\n") == keyboard


def test_a_full_text_still_takes_what_fits_its_last_syllable():
    keyboard = Keyboard(text="가나다", keys=Keys.HANGUL, longest=3)
    assert keyboard.press("ㄹ").text == "가나달"
    assert keyboard.press("ㄹ").press("ㅏ").text == "가나달"
