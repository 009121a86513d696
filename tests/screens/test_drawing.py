from __future__ import annotations

import dataclasses
from itertools import combinations, pairwise

import numpy as np
import pygame
import pytest
from pygame import Rect
from scripts_under_test import contact_sheet

from emotion_game.game.types import Mode, Outcome, Reason
from emotion_game.screens import theme
from emotion_game.screens.i18n import Translator
from emotion_game.screens.layout import columns, contain, rows
from emotion_game.screens.result import explanation, headline
from emotion_game.screens.text import Cache, Typesetter, Weight, shorten_middle, wrap
from emotion_game.screens.view import CameraStatus, CameraView, MenuView, Notice, NoticeKind, View

SIZES = [(960, 540), (1280, 720), (1920, 1080), (1080, 1920), (2560, 1080), (3840, 2160)]
ONE_OF_EACH = ("menu-happy", "ready-still", "countdown", "playing-calm", "result-won")
LANGUAGES = ["en", "ko"]


def pixels(window):
    return pygame.surfarray.array3d(window._window.get_surface())


@pytest.mark.parametrize("size_px", SIZES, ids=str)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_draws_and_keeps_its_parts_apart(open_window, size_px, language):
    window = open_window(size_px)
    area = Rect((0, 0), size_px)
    for name, view in contact_sheet.samples(language):
        window.draw(view)
        assert len(np.unique(pixels(window).reshape(-1, 3)[::97], axis=0)) > 4, name
        layout = window.layout(view)
        for button in layout.buttons:
            assert area.contains(button.rect), (name, button.name)
            assert min(button.rect.size) >= 5 * theme.unit_px(size_px), (name, button.name)
        for region, rect in layout.regions.items():
            assert area.contains(rect), (name, region)
            for button in layout.buttons:
                assert not rect.colliderect(button.rect), (name, region, button.name)
        for one, other in combinations(layout.buttons, 2):
            assert not one.rect.colliderect(other.rect), (name, one.name, other.name)


@pytest.mark.parametrize("size_px", [(400, 300), (300, 500)])
def test_windows_are_raised_to_the_least_size(open_window, size_px):
    assert open_window(size_px).size_px == theme.MIN_SIZE_PX


def test_a_new_frame_is_shown_and_an_old_one_is_not_drawn_again(window):
    view = next(view for name, view in contact_sheet.samples("en") if name == "playing-calm")
    place = window.layout(view).regions["clip"].center

    def shown(frame_id, colour):
        picture = np.full((72, 128, 3), colour, np.uint8)
        screen = dataclasses.replace(view.screen, pixels=picture, frame_id=frame_id)
        window.draw(dataclasses.replace(view, screen=screen))
        return tuple(window._window.get_surface().get_at(place))[:3]

    assert shown(1, (250, 10, 20)) == (20, 10, 250)
    assert shown(1, (1, 2, 3)) == (20, 10, 250)
    assert shown(2, (1, 2, 3)) == (3, 2, 1)


@pytest.mark.parametrize(
    ("order", "pixel"), [("BGR", (30, 20, 10)), ("RGB", (10, 20, 30)), ("BGRA", (30, 20, 10, 0))]
)
def test_channel_orders_and_a_fourth_channel_that_is_no_opacity(window, order, pixel):
    view = next(view for name, view in contact_sheet.samples("en") if name == "playing-calm")
    picture = np.full((90, 160, len(pixel)), pixel, np.uint8)
    screen = dataclasses.replace(view.screen, pixels=picture, order=order, frame_id=99)
    window.draw(dataclasses.replace(view, screen=screen))
    centre = window.layout(view).regions["clip"].center
    assert tuple(window._window.get_surface().get_at(centre))[:3] == (10, 20, 30)


def test_a_round_does_not_begin_with_the_last_frame_of_the_round_before(window):
    samples = dict(contact_sheet.samples("en"))
    playing = samples["playing-calm"]
    window.draw(playing)
    window.draw(samples["countdown"])
    black = dataclasses.replace(playing.screen, pixels=np.zeros((72, 128, 3), np.uint8))
    window.draw(dataclasses.replace(playing, screen=black))
    centre = window.layout(playing).regions["clip"].center
    assert tuple(window._window.get_surface().get_at(centre))[:3] == (0, 0, 0)


def test_the_camera_is_shown_mirrored(window):
    picture = np.zeros((48, 64, 3), np.uint8)
    picture[:, :32] = (0, 0, 255)
    camera = CameraView("0", CameraStatus.WORKING, picture)
    view = View(MenuView(Mode.HAPPY, 1, {}), camera, "en")
    window.draw(view)
    box = window.layout(view).regions["camera"]
    surface = window._window.get_surface()
    assert surface.get_at((box.centerx + box.width // 5, box.centery))[0] == 255
    assert surface.get_at((box.centerx - box.width // 5, box.centery))[0] == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_recording_is_said_on_the_camera_picture(window, language):
    view = dict(contact_sheet.samples(language))["playing-recording"]
    window.draw(view)
    recording = pixels(window)
    window.draw(dataclasses.replace(view, camera=dataclasses.replace(view.camera, recording=False)))
    changed = np.argwhere((pixels(window) != recording).any(axis=2))
    box = window.layout(view).regions["camera"]
    assert len(changed) > 100
    assert (changed.min(axis=0) >= box.topleft).all()
    assert (changed.max(axis=0) < box.center).all()


@pytest.mark.parametrize("kind", NoticeKind)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_notice_shows_in_its_strip_and_nowhere_else(window, kind, language):
    for name, view in contact_sheet.samples(language):
        if name not in ONE_OF_EACH:
            continue
        bare = dataclasses.replace(view, notices=())
        window.draw(bare)
        before = pixels(window)
        window.draw(dataclasses.replace(view, notices=(Notice(kind, "name " * 30),)))
        changed = np.argwhere((pixels(window) != before).any(axis=2))
        strip = window.layout(view).regions["toast"]
        assert len(changed) > 100, name
        assert (changed.min(axis=0) >= strip.topleft).all(), name
        assert (changed.max(axis=0) < strip.bottomright).all(), name


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("reason", Reason)
def test_every_result_has_words(mode, language, outcome, reason):
    tr = Translator(language)
    result = contact_sheet.result(mode, outcome, reason)
    assert headline(result, tr)
    sentence = explanation(result, tr)
    assert "{" not in sentence
    if outcome is Outcome.LOST:
        assert "31.4" in sentence


@pytest.mark.parametrize("text", ["", "   ", "a\x00b\nc", "\udcff\udcfe", "😀" * 40, "w" * 500])
def test_any_name_can_be_drawn(window, text):
    samples = dict(contact_sheet.samples("ko"))
    lost = samples["result-lost"]
    window.draw(dataclasses.replace(lost, screen=dataclasses.replace(lost.screen, clip_title=text)))
    menu = samples["menu-happy"]
    camera = dataclasses.replace(menu.camera, name=text)
    window.draw(
        dataclasses.replace(
            menu, camera=camera, notices=(Notice(NoticeKind.CAMERA_FAILED, text),) * 3
        )
    )


@pytest.mark.parametrize("length", [1, 2])
def test_short_curves_and_clips_of_unknown_length_draw(window, length):
    lost = dict(contact_sheet.samples("en"))["result-lost"]
    result = lost.screen.result
    short = dataclasses.replace(result, curve=result.curve[:length], duration_s=0.0)
    window.draw(dataclasses.replace(lost, screen=dataclasses.replace(lost.screen, result=short)))


@pytest.mark.parametrize("palette", [theme.WARM, theme.COLD], ids=["warm", "cold"])
def test_text_stands_out_from_its_ground(palette):
    def luminance(colour):
        shares = [c / 255 for c in colour]
        linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(one, other):
        light, dark = sorted((luminance(one), luminance(other)), reverse=True)
        return (light + 0.05) / (dark + 0.05)

    pairs = [(palette.on_accent, palette.accent), (palette.on_danger, palette.danger)]
    for ground in (palette.ground, palette.ray, palette.panel):
        pairs += [(ink, ground) for ink in (palette.text, palette.muted, palette.danger)]
        pairs += [(ink, ground) for ink in (palette.accent, palette.safe)]
    pairs += [(palette.text, palette.raised), (palette.text, palette.hover)]
    pairs += [(palette.muted, palette.raised)]
    for ink, ground in pairs:
        assert contrast(ink, ground) >= 4.5 or (
            ink == palette.danger and contrast(ink, ground) >= 4.0
        ), (ink, ground)


def test_text_fits_its_box_or_ends_in_an_ellipsis(window):
    typesetter = Typesetter()
    for words in ("한국어는 낱말 사이에서 줄을 바꿔요 " * 8, "unbreakable" * 20, "a b"):
        size_px, lines = typesetter.fit(words, Weight.BOLD, 40, 300, 100, 2)
        font = typesetter.font(Weight.BOLD, size_px)
        assert len(lines) * font.get_linesize() <= 100
        assert all(font.size(line)[0] <= 300 for line in lines)
        assert "".join(lines).replace(" ", "") == words.replace(" ", "") or lines[-1][-1] == "…"


def test_korean_wraps_between_words(window):
    font = Typesetter().font(Weight.MEDIUM, 30)
    words = "카메라에 얼굴을 보여 주세요"
    assert " ".join(wrap(words, font, 200)) == words


def test_every_hangul_syllable_is_in_both_fonts(window):
    typesetter = Typesetter()
    everything = [chr(point) for point in (*range(0x20, 0x7F), *range(0xAC00, 0xD7A4), 0x2026)]
    for weight in Weight:
        assert None not in typesetter.font(weight, 20).metrics("".join(everything))


def test_names_are_cut_in_the_middle():
    assert shorten_middle("short", 5) == "short"
    assert shorten_middle("0123456789", 7) == "012…789"


def test_cuts_fill_the_area_and_keep_the_gaps():
    area = Rect(7, 11, 101, 53)
    across = columns(area, (1, 2, 3), 5)
    assert across[0].left == area.left
    assert across[-1].right == area.right
    assert [b.left - a.right for a, b in pairwise(across)] == [5, 5]
    down = rows(area, (2, 1), 3)
    assert (down[0].top, down[1].bottom) == (area.top, area.bottom)
    assert contain(Rect(0, 0, 100, 100), 16, 9).size == (100, 56)


def test_the_cache_forgets_what_was_used_longest_ago():
    cache: Cache[str, int] = Cache(2)
    made = []

    def get(key):
        return cache.get(key, lambda: made.append(key) or len(made))

    for key in "abacab":
        get(key)
    assert "".join(made) == "abcb"
