from __future__ import annotations

import io
import string
import subprocess
import sys

import pygame.system
import pytest
from babel.messages.pofile import read_po
from modes_for_tests import MODES
from scripts_under_test import SCRIPTS

from emotion_game.errors import GameError
from emotion_game.paths import LOCALE
from emotion_game.ui import i18n
from emotion_game.ui.i18n import OWN_NAMES, Translator, default_language
from emotion_game.ui.modes import ModeStyles
from emotion_game.ui.notices import NOTICES, NoticeKind


def catalogue(language):
    with (LOCALE / language / "LC_MESSAGES" / "emotion_game.po").open("rb") as file:
        return [message for message in read_po(file, locale=language) if message.id]


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def forms(words):
    return [words] if isinstance(words, str) else list(words)


def test_template_and_compiled_catalogues_are_up_to_date():
    command = [sys.executable, str(SCRIPTS / "update_locale.py"), "--check"]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=SCRIPTS.parent,
        env={"PYTHONPATH": str(SCRIPTS.parent), "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_a_message_is_found_wherever_python_puts_it():
    import update_locale

    source = io.BytesIO(
        b"""# what tr("stands") in a comment is none
label = tr("plain")
f"{tr('inside')} {value:{mark('deep')}}"
view.tr("one " "piece", count=1)
plural("one", "many", 2)
tr(variable); tr(f"{made} up"); other("no message"); plural("alone")
"""
    )
    assert sorted(map(str, update_locale.messages_in(source))) == sorted(
        ["plain", "inside", "deep", "one piece", "('one', 'many')"]
    )


@pytest.mark.parametrize("language", OWN_NAMES)
def test_every_message_is_translated_with_the_same_placeholders(language):
    messages = catalogue(language)
    assert len(messages) > 50
    for message in messages:
        assert not message.fuzzy
        wanted = set().union(*(fields(form) for form in forms(message.id)))
        for form in forms(message.string):
            assert form.strip(), message.id
            assert fields(form) == wanted, message.id


def test_korean_is_korean():
    for message in catalogue("ko"):
        for form in forms(message.string):
            assert any("가" <= letter <= "힣" for letter in form), message.id


@pytest.mark.parametrize(("count", "words"), [(0, "0 clips"), (1, "1 clip"), (2, "2 clips")])
def test_plurals(count, words):
    assert Translator("en").plural("{count} clip", "{count} clips", count) == words
    assert Translator("ko").plural("{count} clip", "{count} clips", count) == f"영상 {count}개"


def test_translating_fills_in_values():
    assert Translator("ko")("Out at {seconds} s", seconds="{0}") == "{0}초에 탈락"
    styles = ModeStyles(MODES)
    assert Translator("ko", styles).mode("happy", "rule") == "웃으면 져요!"
    assert Translator("en", styles).mode("surprise", "lost") == "You flinched!"
    assert Translator("en", styles).mode("forgotten", "name") == "forgotten"


def test_every_notice_has_words():
    assert set(NOTICES) == set(NoticeKind)


@pytest.mark.parametrize("content", [None, b"no catalogue at all"])
def test_a_missing_or_broken_catalogue_is_an_error(monkeypatch, tmp_path, content):
    monkeypatch.setattr(i18n, "LOCALE", tmp_path)
    if content is not None:
        folder = tmp_path / "ko" / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "emotion_game.mo").write_bytes(content)
    with pytest.raises(GameError, match=r"emotion_game\.mo") as caught:
        Translator("ko")
    assert caught.value.hint


@pytest.mark.parametrize(
    ("environment", "preferred", "language"),
    [
        ({"LANG": "ko_KR.UTF-8"}, [], "ko"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "C"}, [], "en"),
        ({"LC_ALL": "", "LANG": "Korean_Korea.949"}, [], "ko"),
        ({}, [{"language": "ko", "country": "KR"}], "ko"),
        ({}, [{"language": "de", "country": None}], "en"),
        ({}, [], "en"),
    ],
)
def test_the_system_chooses_the_language(monkeypatch, environment, preferred, language):
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setattr(pygame.system, "get_pref_locales", lambda: preferred)
    assert default_language() == language
