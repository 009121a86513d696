"""Nicknames that may stand on a screen where children look: length, characters, no slurs.

The lists are short and in plain sight, so that an operator can read and mend them; a hashed list
could not be searched for parts of words. Libraries were weighed: better-profanity (English only,
last release 2020) compares whole words against a list that also bars harmless ones, and knows no
Hangul.

English: each letter also matches its look-alikes (``1``, ``!`` for i), repeated letters count once,
and most words count only where a word begins and ends, which lets Scunthorpe and class pass.
Korean: loose jamo are put together (ㅅㅣ발), drawn-out vowels shortened (시이발) and everything
between the syllables of a word taken out (시1발).
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from itertools import groupby

from emotion_game.scores.score import NICKNAME_LENGTH, ScoreError


class NicknameFault(StrEnum):
    """What is wrong with a nickname; the screen has words for each in both languages."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    CHARACTER = "character"
    WORD = "word"


_MESSAGES = {
    NicknameFault.EMPTY: "The nickname is empty.",
    NicknameFault.TOO_LONG: f"The nickname is longer than {NICKNAME_LENGTH} characters.",
    NicknameFault.CHARACTER: "The nickname has a character that cannot be shown.",
    NicknameFault.WORD: "This nickname cannot be used.",
}


class NicknameError(ScoreError):
    """A nickname is refused; ``fault`` says why."""

    def __init__(self, fault: NicknameFault) -> None:
        super().__init__(_MESSAGES[fault], hint="Choose another one.")
        self.fault = fault


# --- Form -----------------------------------------------------------------------------------------

#: What the game's font shows and a keyboard gives: first and last code point of each range.
ALLOWED = (
    (0x0020, 0x007E),  # Basic Latin
    (0x00A1, 0x00AC),  # Latin-1 without the soft hyphen
    (0x00AE, 0x0148),  # Latin-1, Latin Extended-A without the deprecated n with apostrophe
    (0x014A, 0x017F),
    (0x3131, 0x3163),  # Hangul compatibility jamo, as a Korean keyboard gives them
    (0xAC00, 0xD7A3),  # Hangul syllables
)


def clean_nickname(given: str) -> str:
    """Return a nickname as it is stored and shown: composed, without outer and double spaces.

    Zero-width and other invisible characters are left out, full-width letters become plain ones.

    Raises:
        NicknameError: when it is empty, longer than 12 characters, has characters that the game's
            font lacks (emoji, say), or holds a slur.
    """
    composed = "".join(_compose(character) for character in given if not _invisible(character))
    nickname = " ".join(unicodedata.normalize("NFC", composed).split(" ")).strip()
    nickname = re.sub(" {2,}", " ", nickname)
    if not nickname:
        raise NicknameError(NicknameFault.EMPTY)
    if len(nickname) > NICKNAME_LENGTH:
        raise NicknameError(NicknameFault.TOO_LONG)
    if not all(any(low <= ord(c) <= high for low, high in ALLOWED) for c in nickname):
        raise NicknameError(NicknameFault.CHARACTER)
    if is_offensive(nickname):
        raise NicknameError(NicknameFault.WORD)
    return nickname


def nickname_key(nickname: str) -> str:
    """Return what two spellings of one nickname have in common: Kim and KIM are one player."""
    return unicodedata.normalize("NFC", " ".join(nickname.split()).casefold())


def _invisible(character: str) -> bool:
    # Cf: zero-width space and joiners, soft hyphen, direction marks. The Hangul fillers are
    # letters to Unicode, but show nothing.
    return unicodedata.category(character) == "Cf" or character in "\u115f\u1160\u3164\uffa0"


def _compose(character: str) -> str:
    # NFKC would turn the keyboard's ㅋ into a leading consonant that waits for its vowel.
    if "\u3131" <= character <= "\u318e":
        return character
    return unicodedata.normalize("NFKC", character)


# --- Words ----------------------------------------------------------------------------------------

#: Bad wherever they stand, even with spaces or signs between the letters. The last two are what
#: the keys of 시발 and 병신 give on an English keyboard.
_ENGLISH_ALWAYS = "fuck nigger nigga faggot asshole tlqkf qudtls"
#: Bad within a word, unless it is one of ``_ENGLISH_INNOCENT``.
_ENGLISH_INSIDE = "shit bitch cunt whore slut wank rapist pussy hitler"
#: Bad as a word alone: within others they are harmless (class, Sussex, cockpit, Nazir).
_ENGLISH_WHOLE = """
    arse ass asses bastard blowjob boobs chink cock cocks coon cum dick dicks dildo dumbass fag fags
    fatass fuk gook gooks jackass jap japs jizz kike nazi nazis niga paki penis piss porn porno
    prick rape retard sex spic tits titties tranny twat vagina
    sibal shibal ssibal ssibbal byungsin byeongsin gaesaekki
"""
#: The last ones end Japanese names: Yamashita, Takeshita, Kinoshita, Matsushita.
_ENGLISH_INNOCENT = """
    scunthorpe swank wankel therapist pussycat mishit shitake shiitake
    ishita ashita eshita oshita ushita
"""
_LOOK_ALIKES = {
    **{"a": "a4@", "b": "b8", "c": "c(", "e": "e3", "g": "g9", "i": "i1!|", "l": "l1!|"},
    **{"o": "o0", "s": "s5$", "t": "t7+", "u": "uv", "z": "z2"},
}
_BETWEEN = r"[^a-z0-9]*"

#: Bad wherever they stand in a run of Hangul, unless it is one of ``_KOREAN_INNOCENT``.
_KOREAN_INSIDE = """
    시발 씨발 씨빨 시빨 쉬발 쉬빨 씨팔 시팔 씨바 씹새 씹년 씹놈 씹할 씹창 병신 븅신 빙신 지랄 좆
    존나 썅 쌍년 쌍놈 개새끼 개세끼 개색기 개색끼 이새끼 저새끼 그새끼 씨새끼 새끼야 니애미 니에미
    느금마 니미럴 엠창 미친놈 미친년 미친새끼 창녀 창년 화냥년 호로새끼 후레자식 보지년 섹스 불알
    뒈져 짱깨 쪽바리 쪽발이 깜둥이 김치녀 된장녀 한남충 맘충 틀딱 히틀러
"""
#: Bad as a word alone: within others they are harmless (바보지, 미니미, 새끼손가락).
_KOREAN_WHOLE = "새끼 보지 자지 니미 느금 씹 개놈"
_KOREAN_INNOCENT = """
    시발역 시발점 다시발 씨발라 아저씨발 아저씨바 아가씨바 날씨바 글씨바 솜씨바 불씨바 김씨바 씨바닥
    지랄까
"""
#: Words by their first consonants.
_JAMO_RUNS = re.compile(r"(?:ㅅㅂ|ㅆㅂ|ㅂㅅ|ㅄ|ㅈㄹ|ㅈㄴ|ㄱㅅㄲ|ㅅㄲ|ㅗ)+[ㅋㅎㅠㅜ]*")


def is_offensive(nickname: str) -> bool:
    """Return whether a nickname holds a slur in English or Korean, plainly or in disguise."""
    return _is_offensive_english(nickname) or _is_offensive_korean(nickname)


def _pattern(words: str, between: str = "") -> str:
    """Return an expression of the words: look-alikes of each letter, each as often as one likes."""
    spelled = []
    for word in words.split():
        parts = []
        for letter, run in groupby(word):
            likes = f"[{re.escape(_LOOK_ALIKES.get(letter, letter))}]"
            # "nigger" needs both its g's: Niger is a country.
            parts.append(between.join([likes] * len(list(run))) + f"(?:{between}{likes})*")
        spelled.append(between.join(parts))
    return "|".join(spelled)


_ALWAYS = re.compile(_pattern(_ENGLISH_ALWAYS, _BETWEEN))
_INSIDE = re.compile(_pattern(_ENGLISH_INSIDE))
# Only a letter makes a word longer: ass69 is no other word than ass.
_WHOLE = re.compile(rf"(?<![a-z])(?:{_pattern(_ENGLISH_WHOLE)})(?![a-z])")
_INNOCENT = re.compile("|".join(_ENGLISH_INNOCENT.split()))


def _is_offensive_english(nickname: str) -> bool:
    # fück is fuck.
    bare = "".join(
        c for c in unicodedata.normalize("NFKD", nickname) if not unicodedata.combining(c)
    )
    # BigAss is two words.
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", bare)
    spellings = {bare.casefold(), words.casefold()}
    # "a s s" and "a.s.s" are one word; "his hit" stays two.
    parts = re.split(r"[\s._\-*~,/']+", bare.casefold())
    if len(parts) > 1 and all(len(part) <= 1 for part in parts):
        spellings.add("".join(parts))
    return any(
        _ALWAYS.search(spelling)
        or _INSIDE.search(_INNOCENT.sub(" ", spelling))
        # 455 may be read as a word, but is a number.
        or any(not found.group().isdigit() for found in _WHOLE.finditer(spelling))
        for spelling in spellings
    )


_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS = "\0ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_FIRST_SYLLABLE = 0xAC00
#: What stands in for the vowel ㅣ between a consonant and a syllable: ㅅ1발.
_LIKE_I = re.compile(rf"(?<=[{_INITIALS}])[1il|!]")


def _is_offensive_korean(nickname: str) -> bool:
    tokens = _LIKE_I.sub("ㅣ", nickname.casefold()).split()
    # "시 발" is one word; "다시 발차기" stays two.
    if len(tokens) > 1 and all(len(token) == 1 for token in tokens):
        tokens.append("".join(tokens))
    for token in tokens:
        letters = "".join(c for c in token if "\u3131" <= c <= "\u3163" or "가" <= c <= "힣")
        if letters and _JAMO_RUNS.fullmatch(letters):
            return True
        whole = _join_jamo(letters)
        for word in (whole, _shorten(whole)):
            if word in _KOREAN_WHOLE.split():
                return True
            for innocent in _KOREAN_INNOCENT.split():
                word = word.replace(innocent, " ")
            if any(bad in word for bad in _KOREAN_INSIDE.split()):
                return True
    return False


def _join_jamo(letters: str) -> str:
    """Put loose jamo together to syllables: ㅅㅣㅂㅏㄹ and 시바ㄹ are 시발."""
    done: list[str] = []
    for place, letter in enumerate(letters):
        before = done[-1] if done else ""
        follows = letters[place + 1 : place + 2]
        if letter in _VOWELS and before and before in _INITIALS:
            done[-1] = chr(
                _FIRST_SYLLABLE
                + (_INITIALS.index(before) * len(_VOWELS) + _VOWELS.index(letter)) * len(_FINALS)
            )
        elif (
            letter in _FINALS
            and _is_open(before)
            # A consonant before a vowel begins the next syllable.
            and not (follows and follows in _VOWELS)
        ):
            done[-1] = chr(ord(before) + _FINALS.index(letter))
        else:
            done.append(letter)
    return "".join(done)


def _shorten(word: str) -> str:
    """Leave out syllables that only draw out the vowel before them: 시이발 is 시발."""
    done = ""
    for syllable in word:
        drawn_out = (
            done
            and _is_open(done[-1])
            and _is_open(syllable)
            and _initial(syllable) == "ㅇ"
            and _vowel(syllable) == _vowel(done[-1])
        )
        if not drawn_out:
            done += syllable
    return done


def _is_open(syllable: str) -> bool:
    """Return whether this is a syllable without a final consonant."""
    return "가" <= syllable <= "힣" and (ord(syllable) - _FIRST_SYLLABLE) % len(_FINALS) == 0


def _initial(syllable: str) -> str:
    return _INITIALS[(ord(syllable) - _FIRST_SYLLABLE) // (len(_VOWELS) * len(_FINALS))]


def _vowel(syllable: str) -> str:
    return _VOWELS[(ord(syllable) - _FIRST_SYLLABLE) // len(_FINALS) % len(_VOWELS)]
