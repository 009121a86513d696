from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotion_game.paths import FONTS
from emotion_game.scores import NicknameError, NicknameFault, clean_nickname
from emotion_game.scores.nicknames import ALLOWED, nickname_key
from emotion_game.scores.score import NICKNAME_LENGTH

INNOCENT = """
    Scunthorpe class assassin Sussex Essex Middlesex cockpit Hancock peacock Dickens grass bass
    pass Nigeria Niger shiitake therapist title Titus analyst Cassandra Matsushita Yamashita Nazir
    Rabbit cucumber document Hitch bushido Mishka Vancouver Assam Japan Raccoon tycoon spicy grape
    prickly assist kitty fukuoka Fukuda swank Wankel pussycat Uranus Kim Ünal Åse O'Neil Jack!
    kkkkk 7175 시바견 시발역 시발점 민지 ㅋㅋㅋ ㅎㅎ ㅇㅇ ㅗㅜㅑ 아저씨 아저씨발 날씨바람
    새끼손가락 새끼고양이 바보지 보지마 자지마 미니미니 가보자 시바 졸라 병아리 빙그레 섹시 씨앗
    씨름 시방 이시바시 18세 3개년 할머니
"""
INNOCENT_PHRASES = [
    "다시 발차기",
    "다시 바람",
    "Push it",
    "his hit",
    "wish it",
    "Rabbit Chan",
    "Kim 455",
]
SLURS = """
    fuck FUCK f.u.c.k fuuuck fück fvck F*U*C*K sh1t $hit b1tch biiitch a55 @ss ass BigAss ass69
    a.s.s cunt n1gg3r niggggger nigga faggot slut whore nazi Hitler asshole pusssy tlqkf shibal
    시발 씨발 씨빨 시1발 시.발 시@발 쉬발 ㅅㅂ ㅆㅂ ㅅㅣㅂㅏㄹ 시바ㄹ 시이발 씨이이발 ㅅ1발 ㅅ|발
    시발놈 야이시발 시발ㅋㅋ 병신 븅신 병.신 ㅂㅕㅇㅅㅣㄴ ㅂㅅ ㅄ ㅄㅋㅋ 개새끼 ㄱㅅㄲ 지랄 존나
    좆 미친놈 미친년아 니애미 느금마 보지 섹스 섹1스 창녀 ㅗ 씹 김치녀 한남충 쪽바리
"""
DISGUISED = [
    *("f u c k", "fu ck", "big ass", "dumb ass", "s h i t", "시 발", "ㅅ ㅂ", "ㅅ ㅣ ㅂ ㅏ ㄹ"),
    *(
        "개 새끼",
        "병 신",
        "ｆｕｃｋ",
        "ｓｈｉｔ",
        "f\u200buck",
        "시\u200b발",
        "시\u3164발",
        "시\u00ad발",
    ),
    *(unicodedata.normalize("NFD", "씨발"), "𝐟𝐮𝐜𝐤", "ⓕⓤⓒⓚ"),
]


def fault(nickname):
    with pytest.raises(NicknameError) as refused:
        clean_nickname(nickname)
    return refused.value.fault


@pytest.mark.parametrize("nickname", [*INNOCENT.split(), *INNOCENT_PHRASES])
def test_innocent_names_pass_unchanged(nickname):
    assert clean_nickname(nickname) == nickname


@pytest.mark.parametrize("nickname", [*SLURS.split(), *DISGUISED])
def test_slurs_are_refused_plain_and_in_disguise(nickname):
    assert fault(nickname) is NicknameFault.WORD


@pytest.mark.parametrize("nickname", ["", "   ", "\u200b\u200d", "\u3164", "\u00a0"])
def test_a_nickname_of_nothing_visible_is_empty(nickname):
    assert fault(nickname) is NicknameFault.EMPTY


def test_a_nickname_has_at_most_twelve_characters():
    assert clean_nickname("가나다라마바사아자차카타") == "가나다라마바사아자차카타"
    assert fault("가나다라마바사아자차카타파") is NicknameFault.TOO_LONG
    # Composed syllables are counted, not the jamo they may arrive as.
    assert len(clean_nickname(unicodedata.normalize("NFD", "가나다라마바사아자차카타"))) == 12


@pytest.mark.parametrize(
    "nickname", ["Kim🦆", "a\nb", "a\x00b", "a\tb", "Ким", "漢字", "e\u0301\u0301", "ᄏ"]
)
def test_characters_that_the_screen_cannot_show_are_refused(nickname):
    assert fault(nickname) is NicknameFault.CHARACTER


def test_spaces_are_tidied_and_full_width_letters_made_plain():
    assert clean_nickname("  Kim   Ｍｉｎ\u3000ji ") == "Kim Min ji"


def test_the_font_shows_every_allowed_character():
    fonttools = pytest.importorskip("fontTools.ttLib", reason="fontTools is not installed")
    for file in sorted(FONTS.glob("*.otf")):
        shown = fonttools.TTFont(file).getBestCmap()
        missing = [
            hex(code) for low, high in ALLOWED for code in range(low, high + 1) if code not in shown
        ]
        assert missing == [], file.name


def test_one_player_may_write_a_nickname_in_several_ways():
    assert nickname_key("Kim  MinJi ") == nickname_key("kim minji")
    assert nickname_key(unicodedata.normalize("NFD", "민지")) == nickname_key("민지")
    assert nickname_key("Kim") != nickname_key("Kin")


@given(st.text(max_size=30) | st.text("fuckshit시발ㅅㅂㅣㅏ .1\u200b", max_size=14))
def test_any_text_is_either_refused_or_clean_for_good(text):
    try:
        nickname = clean_nickname(text)
    except NicknameError:
        return
    assert 1 <= len(nickname) <= NICKNAME_LENGTH
    assert nickname.isprintable()
    assert clean_nickname(nickname) == nickname
