"""A small keyboard for nicknames: Latin, Hangul and digits; jamo are put together to syllables.

Hangul as on a Korean two-set keyboard (KS X 5002): one key a jamo, and a consonant that ends a
syllable moves on to the next one when a vowel follows (간 + ㅏ = 가나). The composition is that of
the Unicode Standard, section 3.12: syllable = AC00 + (initial * 21 + vowel) * 28 + final.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto

INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
FINALS = "\0ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_FIRST_SYLLABLE = 0xAC00
#: Jamo that two keys make.
_PAIRS = {
    "ㅗㅏ": "ㅘ", "ㅗㅐ": "ㅙ", "ㅗㅣ": "ㅚ", "ㅜㅓ": "ㅝ", "ㅜㅔ": "ㅞ", "ㅜㅣ": "ㅟ",
    "ㅡㅣ": "ㅢ", "ㄱㅅ": "ㄳ", "ㄴㅈ": "ㄵ", "ㄴㅎ": "ㄶ", "ㄹㄱ": "ㄺ", "ㄹㅁ": "ㄻ",
    "ㄹㅂ": "ㄼ", "ㄹㅅ": "ㄽ", "ㄹㅌ": "ㄾ", "ㄹㅍ": "ㄿ", "ㄹㅎ": "ㅀ", "ㅂㅅ": "ㅄ",
}  # fmt: skip
_PARTS = {whole: (pair[0], pair[1]) for pair, whole in _PAIRS.items()}


class Keys(Enum):
    """Which keys there are."""

    LATIN = auto()
    HANGUL = auto()
    DIGITS = auto()


_ROWS: dict[Keys, tuple[str, ...]] = {
    Keys.LATIN: ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    Keys.HANGUL: ("ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ", "ㅁㄴㅇㄹㅎㅗㅓㅏㅣ", "ㅋㅌㅊㅍㅠㅜㅡ"),
    Keys.DIGITS: ("1234567890", "-_.!?&+*#", "~@()'/"),
}
_SHIFTED = dict(zip("ㅂㅈㄷㄱㅅㅐㅔ", "ㅃㅉㄸㄲㅆㅒㅖ", strict=True))
_HANGUL_OF = dict(zip("".join(_ROWS[Keys.LATIN]), "".join(_ROWS[Keys.HANGUL]), strict=True))
_ORDER = tuple(Keys)


@dataclass(frozen=True, slots=True)
class Keyboard:
    """What was typed, and the keys as they stand.

    Attributes:
        longest: letters that fit; a key beyond is not taken.
        shifted: upper case, or doubled consonants; goes off after one letter.
    """

    text: str = ""
    keys: Keys = Keys.LATIN
    shifted: bool = False
    longest: int = 12

    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Return the keys row by row, as they would type now."""
        return tuple(tuple(self._cap(key) for key in row) for row in _ROWS[self.keys])

    def press(self, key: str) -> Keyboard:
        """Type one key of :meth:`rows`, or a space."""
        text = type_key(self.text, key)
        return self if len(text) > self.longest else replace(self, text=text, shifted=False)

    def press_real(self, letter: str) -> Keyboard:
        """Type a letter of a real keyboard; while Hangul is shown, its key types the jamo."""
        if self.keys is Keys.HANGUL and letter.lower() in _HANGUL_OF:
            jamo = _HANGUL_OF[letter.lower()]
            return self.press(_SHIFTED.get(jamo, jamo) if letter.isupper() else jamo)
        return self.press(letter) if len(letter) == 1 and letter.isprintable() else self

    def erase(self) -> Keyboard:
        """Take back the last key: of a syllable its last jamo, else the last letter."""
        return replace(self, text=erase_key(self.text))

    def shift(self) -> Keyboard:
        """Turn the shift over."""
        return replace(self, shifted=not self.shifted)

    def switch(self) -> Keyboard:
        """Go on to the next kind of keys."""
        following = _ORDER[(_ORDER.index(self.keys) + 1) % len(_ORDER)]
        return replace(self, keys=following, shifted=False)

    def _cap(self, key: str) -> str:
        return _SHIFTED.get(key, key.upper()) if self.shifted else key


def type_key(text: str, key: str) -> str:
    """Return ``text`` with one key typed after it; jamo join the syllable before."""
    if not text or (key not in VOWELS and key not in INITIALS):
        return text + key
    head, last = text[:-1], text[-1]
    initial, vowel, final = _split(last)
    if key in VOWELS:
        if initial and not vowel:
            return head + _join(initial, key)
        if vowel and not final and (pair := _PAIRS.get(vowel + key)):
            return head + (_join(initial, pair) if initial else pair)
        if final:
            # The consonant that ended the syllable begins the next one.
            stays, moves = _PARTS.get(final, ("", final))
            return head + _join(initial, vowel, stays) + _join(moves, key)
        return text + key
    if initial and vowel and not final and key in FINALS:
        return head + _join(initial, vowel, key)
    if final and (pair := _PAIRS.get(final + key)):
        return head + _join(initial, vowel, pair)
    return text + key


def erase_key(text: str) -> str:
    """Return ``text`` without its last key."""
    if not text:
        return text
    head, last = text[:-1], text[-1]
    initial, vowel, final = _split(last)
    if final:
        return head + _join(initial, vowel, _PARTS[final][0] if final in _PARTS else "")
    if vowel in _PARTS:
        left = _PARTS[vowel][0]
        return head + (_join(initial, left) if initial else left)
    return head + initial if initial and vowel else head


def _split(letter: str) -> tuple[str, str, str]:
    """Return initial, vowel and final of a syllable or a loose jamo; "" for what it lacks."""
    if "가" <= letter <= "힣":
        number = ord(letter) - _FIRST_SYLLABLE
        final = FINALS[number % 28].strip("\0")
        return INITIALS[number // 588], VOWELS[number // 28 % 21], final
    if letter in INITIALS:
        return letter, "", ""
    return ("", letter, "") if letter in VOWELS else ("", "", "")


def _join(initial: str, vowel: str, final: str = "") -> str:
    place = (INITIALS.index(initial) * 21 + VOWELS.index(vowel)) * 28
    return chr(_FIRST_SYLLABLE + place + FINALS.index(final or "\0"))
