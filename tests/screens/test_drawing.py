from __future__ import annotations

import dataclasses
import importlib
import inspect
import pkgutil
from itertools import combinations, pairwise
from typing import get_args

import numpy as np
import pygame
import pytest
from fontTools.ttLib import TTFont
from modes_for_tests import MODES
from pygame import Rect
from scripts_under_test import contact_sheet

from emotion_game import screens
from emotion_game.app.sound_cues import MUSIC
from emotion_game.game.check import CheckAdvice
from emotion_game.game.modes import FaceName, MotifName, MusicName, PaletteName
from emotion_game.game.struggle import nearness
from emotion_game.game.types import Outcome, Reason
from emotion_game.paths import FONTS
from emotion_game.screens.check import CheckView
from emotion_game.screens.result import explanation, headline
from emotion_game.screens.title import TitleView
from emotion_game.ui import mascot, sprites, theme
from emotion_game.ui import text as text_module
from emotion_game.ui.i18n import Translator
from emotion_game.ui.icons import FONT, Icon, icon, letters
from emotion_game.ui.intents import TypeKey
from emotion_game.ui.layout import columns, contain, rows
from emotion_game.ui.live import CameraStatus, CameraView
from emotion_game.ui.modes import ModeStyles
from emotion_game.ui.notices import (
    Notice,
    NoticeKind,
)
from emotion_game.ui.painter import Painter
from emotion_game.ui.text import (
    Cache,
    Typesetter,
    Weight,
    balance,
    printable,
    shorten_middle,
    straight_face,
    wrap,
)
from emotion_game.ui.view import (
    Screen,
    View,
)
from emotion_game.ui.widgets import keypad
from emotion_game.ui.window import opening_size

SIZES = [(800, 480), (960, 540), (960, 620), (1280, 720), (1080, 1920), (2560, 1080)]
ONE_OF_EACH = ("title-hint", "options-off", "ready-still", "playing-calm", "result-full")
#: Least side of what can be touched, units: 48 px at 720p.
TOUCH = 6.7
#: The review is for the operator with a keyboard: eight rows, not for fingers.
FOR_FINGERS = ("review",)
#: Names that other people choose; only these may end in an ellipsis.
GIVEN = (
    *contact_sheet.LONG_TITLE.values(),
    contact_sheet.LONG_CAMERA,
    "/home/booth",
    "/media",
    "WWWWWWWWWWWW",
)
LANGUAGES = ["en", "ko"]


def colours(window):
    """Count the colours of some pixels: an empty screen has few."""
    some = pygame.surfarray.pixels3d(window.surface)[::13, ::17]
    return len(np.unique(some.reshape(-1, 3), axis=0))


def pixels(window):
    return pygame.surfarray.array3d(window.surface)


@pytest.fixture
def still(open_window):
    """Open a window in which time stands still."""

    def open_still(size_px=(1280, 720)):
        window = open_window(size_px)
        window.painter.clock = lambda: 0.0
        return window

    return open_still


@pytest.mark.parametrize("size_px", SIZES, ids=str)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_keeps_its_parts_apart_and_its_words_whole(still, size_px, language):
    window = still(size_px)
    area = Rect((0, 0), size_px)
    unit = theme.unit_px(size_px)
    cut = record_cut_text(window)
    for name, moving in contact_sheet.samples(language):
        view = dataclasses.replace(moving, reduced_motion=True)  # points have counted up
        window.draw(view)
        assert colours(window) > 4, name
        assert not [text for text in cut if not any(given[:20] in text for given in GIVEN)], name
        cut.clear()
        layout = window.layout(view)
        for button in layout.buttons:
            assert area.contains(button.rect), (name, button.name)
            least = 5 if name.startswith(FOR_FINGERS) else TOUCH
            assert min(button.rect.size) >= int(least * unit), (name, button.name, button.rect)
        for region, rect in layout.regions.items():
            assert area.contains(rect), (name, region)
            for button in layout.buttons:
                assert not rect.colliderect(button.rect), (name, region, button.name)
        for one, other in combinations(layout.buttons, 2):
            assert not one.rect.colliderect(other.rect), (name, one.name, other.name)


def record_cut_text(window):
    """Return a list that gets every text that did not fit its box whole."""
    typesetter, cut = window.painter.typesetter, []
    fit = typesetter.fit

    def watched(text, *box):
        size_px, lines = fit(text, *box)
        if "".join("".join(lines).split()) != "".join(printable(text).split()):
            cut.append(text)
        return size_px, lines

    typesetter.fit = watched
    return cut


def test_a_large_screen_draws_too(still):
    window = still((3840, 2160))
    for name, view in contact_sheet.samples("ko"):
        if name in ONE_OF_EACH:
            window.draw(view)
            assert colours(window) > 4, name


@pytest.mark.parametrize("size_px", [(400, 300), (300, 450)])
def test_windows_are_raised_to_the_least_size(open_window, size_px):
    assert open_window(size_px).size_px == theme.MIN_SIZE_PX


def test_a_new_frame_is_shown_and_an_old_one_is_not_drawn_again(window):
    view = next(view for name, view in contact_sheet.samples("en") if name == "playing-calm")
    place = window.layout(view).regions["clip"].center

    def shown(frame_id, colour):
        picture = np.full((72, 128, 3), colour, np.uint8)
        screen = dataclasses.replace(view.screen, pixels=picture, frame_id=frame_id)
        window.draw(dataclasses.replace(view, screen=screen))
        return tuple(window.surface.get_at(place))[:3]

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
    assert tuple(window.surface.get_at(centre))[:3] == (10, 20, 30)


def test_a_round_does_not_begin_with_the_last_frame_of_the_round_before(window):
    samples = dict(contact_sheet.samples("en"))
    playing = samples["playing-calm"]
    window.draw(playing)
    window.draw(samples["countdown"])
    black = dataclasses.replace(playing.screen, pixels=np.zeros((72, 128, 3), np.uint8))
    window.draw(dataclasses.replace(playing, screen=black))
    centre = window.layout(playing).regions["clip"].center
    assert tuple(window.surface.get_at(centre))[:3] == (0, 0, 0)


def test_the_camera_is_shown_mirrored(window):
    picture = np.zeros((48, 64, 3), np.uint8)
    picture[:, :32] = (0, 0, 255)
    camera = CameraView("0", CameraStatus.WORKING, picture)
    view = View(CheckView("happy", 1, CheckAdvice.GOOD, 0.5), camera, "en")
    window.draw(view)
    box = window.layout(view).regions["camera"]
    surface = window.surface
    assert surface.get_at((box.centerx + box.width // 5, box.centery))[0] == 255
    assert surface.get_at((box.centerx - box.width // 5, box.centery))[0] == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_recording_is_said_on_the_camera_picture(still, language):
    window = still()
    view = dict(contact_sheet.samples(language))["playing-recording"]
    window.draw(view)
    recording = pixels(window)
    window.draw(dataclasses.replace(view, camera=dataclasses.replace(view.camera, recording=False)))
    changed = np.argwhere((pixels(window) != recording).any(axis=2))
    box = window.layout(view).regions["camera"]
    assert len(changed) > 100
    assert (changed.min(axis=0) >= box.topleft).all()
    assert (changed.max(axis=0) < box.bottomright).all()


def draw_notice(window, view, kind):
    """Draw a notice with a long name and check that nothing but its strip changes."""
    window.draw(dataclasses.replace(view, notices=()))
    before = pixels(window)
    window.draw(dataclasses.replace(view, notices=(Notice(kind, "name " * 30),)))
    changed = np.argwhere((pixels(window) != before).any(axis=2))
    strip = window.layout(view).regions["toast"]
    assert len(changed) > 100
    assert (changed.min(axis=0) >= strip.topleft).all()
    assert (changed.max(axis=0) < strip.bottomright).all()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_notice_shows_in_its_strip_and_nowhere_else(still, language):
    window = still()
    view = dict(contact_sheet.samples(language))["title-hint"]
    for kind in NoticeKind:
        draw_notice(window, view, kind)


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_every_screen_has_room_for_notices(still, name):
    draw_notice(still(), dict(contact_sheet.samples("ko"))[name], NoticeKind.CLIP_SKIPPED)


def all_screens(kind):
    """Return every class below ``kind`` that can be shown."""
    below = kind.__subclasses__()
    shown = [] if inspect.isabstract(kind) else [kind]
    return [*shown, *(screen for each in below for screen in all_screens(each))]


def test_every_screen_is_in_the_samples_and_so_in_these_tests():
    for module in pkgutil.iter_modules(screens.__path__):
        importlib.import_module(f"{screens.__name__}.{module.name}")
    shown = {type(view.screen) for _, view in contact_sheet.samples("en")}
    assert {screen.__name__ for screen in all_screens(Screen)} == {
        screen.__name__ for screen in shown
    }


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("reason", Reason)
def test_every_result_has_words(mode, language, outcome, reason):
    tr = Translator(language, ModeStyles(MODES))
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
    options = samples["options-off"]
    screen = dataclasses.replace(options.screen, camera=text)
    notices = (Notice(NoticeKind.CAMERA_FAILED, text),) * 3
    window.draw(dataclasses.replace(options, screen=screen, notices=notices))
    scores = samples["scores"]
    rows = tuple(dataclasses.replace(row, nickname=text) for row in scores.screen.rows)
    window.draw(dataclasses.replace(scores, screen=dataclasses.replace(scores.screen, rows=rows)))


@pytest.mark.parametrize("length", [1, 2])
def test_short_curves_and_clips_of_unknown_length_draw(window, length):
    lost = dict(contact_sheet.samples("en"))["result-lost"]
    result = lost.screen.result
    short = dataclasses.replace(result, curve=result.curve[:length], duration_s=0.0)
    window.draw(dataclasses.replace(lost, screen=dataclasses.replace(lost.screen, result=short)))


@pytest.mark.parametrize("high_contrast", [False, True])
@pytest.mark.parametrize("name", get_args(PaletteName))
def test_text_stands_out_from_its_ground(name, high_contrast):
    palette = (theme.PLAIN_PALETTES if high_contrast else theme.PALETTES)[name]
    pairs = [(palette.on_accent, palette.accent), (palette.on_danger, palette.danger)]
    for ground in (palette.ground, palette.ray, palette.panel):
        inks = (palette.text, palette.muted, palette.danger, palette.accent, palette.safe)
        pairs += [(ink, ground) for ink in inks]
    pairs += [(palette.text, palette.raised), (palette.text, palette.hover)]
    pairs += [(palette.muted, palette.raised), (palette.accent, palette.raised)]
    least = 7.0 if high_contrast else 4.5
    for ink, ground in pairs:
        assert theme.contrast(ink, ground) >= least, (ink, ground)


def test_contrast_is_that_of_wcag():
    assert theme.contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21.0)
    assert theme.contrast((255, 255, 255), (118, 118, 118)) == pytest.approx(4.54, abs=0.01)


def test_easing_starts_and_ends_in_place():
    for ease in (theme.ease_out, theme.ease_in_out):
        assert ease(0.0) == pytest.approx(0.0, abs=1e-9)
        assert ease(1.0) == pytest.approx(1.0)
        assert ease(7.0) == pytest.approx(1.0)
    assert theme.pulse(0.0) == 0.0
    assert theme.pulse(theme.PULSE_S / 2) == pytest.approx(1.0)


def test_text_fits_its_box_or_ends_in_an_ellipsis(window):
    typesetter = Typesetter()
    for words in ("한국어는 낱말 사이에서 줄을 바꿔요 " * 8, "unbreakable" * 20, "a b"):
        size_px, lines = typesetter.fit(words, Weight.BOLD, 40, 300, 100, 2)
        font = typesetter.font(Weight.BOLD, size_px)
        assert size_px >= 40 * Typesetter.SMALLEST - 1
        assert len(lines) * font.get_linesize() <= 100
        assert all(font.size(line)[0] <= 300 for line in lines)
        assert "".join(lines).replace(" ", "") == words.replace(" ", "") or lines[-1][-1] == "…"


def test_korean_wraps_between_words(window):
    font = Typesetter().font(Weight.MEDIUM, 30)
    words = "카메라에 얼굴을 보여 주세요"
    assert " ".join(wrap(words, lambda text: font.size(text)[0], 200)) == words


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("아직 웃으면 안 돼요! 표정 풀기", ["아직 웃으면 안 돼요!", "표정 풀기"]),
        ("Hold still. Straight face!", ["Hold still.", "Straight face!"]),
        ("one two three four five six", ["one two three", "four five six"]),
        ("oneword", []),
        ("unbreakable " + "x" * 30, []),
    ],
)
def test_two_lines_break_after_a_sentence_or_are_alike(words, lines):
    assert balance(words, len, 20) == lines


def test_every_hangul_syllable_is_in_both_fonts(window):
    everything = {*range(0x20, 0x7F), *range(0xAC00, 0xD7A4), 0x2026, *range(0x3131, 0x3164)}
    for weight in Weight:
        assert everything <= set(TTFont(FONTS / weight).getBestCmap())


def test_letters_that_no_font_has_become_a_straight_face(window, monkeypatch):
    monkeypatch.setattr(text_module, "_SYSTEM_FOLDERS", ())
    typesetter = Typesetter()
    assert typesetter._runs("왕 👑漢") == [("", "왕 "), ("straight face", "👑漢")]
    word = typesetter.width("왕 ", Weight.BOLD, 30)
    assert typesetter.width("왕 👑漢", Weight.BOLD, 30) == word + 2 * 30
    line = typesetter.line("왕 👑漢", Weight.BOLD, 30, (255, 255, 255))
    assert line.get_width() == word + 2 * 30
    face = pygame.surfarray.array_alpha(straight_face(30, (255, 255, 255)))
    drawn = pygame.surfarray.array_alpha(line)[word : word + 30]
    assert (drawn > 0).sum() >= (face > 0).sum() * 0.95


def test_joiners_of_emoji_leave_no_trace():
    assert printable("👨\u200d👩\u200d👧") == "👨👩👧"
    assert printable("❤\ufe0f👍🏽") == "❤👍"


def test_a_system_font_takes_what_ours_lacks(window):
    typesetter = Typesetter()
    files = text_module._system_fonts()
    if not files:
        pytest.skip("none of the known system fonts is installed")
    assert typesetter._home("♥") == ""
    home = typesetter._home("⛄")
    assert home == "straight face" or home in files
    assert typesetter.line("⛄", Weight.BOLD, 30, (9, 9, 9)).get_width() == typesetter.width(
        "⛄", Weight.BOLD, 30
    )


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


def begin(painter, surface, screen, **options):
    painter.begin(surface, "happy", Translator("en"), screen=screen, **options)
    painter.ground()
    painter.mascot(Rect(20, 20, 200, 200), "happy", 0.4)


def frame(painter, surface, screen, **options):
    begin(painter, surface, screen, **options)
    painter.finish()
    return pygame.surfarray.array3d(surface)


@pytest.fixture
def painter(window):
    """Return a painter whose time is set by hand, and what it paints on."""
    now = [100.0]
    painter = Painter(ModeStyles(MODES), clock=lambda: now[0])
    return painter, pygame.Surface((960, 540)), now


def test_the_ground_and_the_mascot_move_unless_less_motion_is_wanted(painter):
    brush, surface, now = painter
    for still in (True, False):
        before = frame(brush, surface, TitleView, reduced_motion=still)
        now[0] += 5.0
        after = frame(brush, surface, TitleView, reduced_motion=still)
        assert (before == after).all() == still


def test_a_new_screen_is_wiped_in_and_then_stands(painter):
    brush, surface, now = painter
    old = frame(brush, surface, TitleView)
    begin(brush, surface, CheckView)
    surface.fill((1, 2, 3))
    brush.finish()
    share = (pygame.surfarray.array3d(surface) == old).all(axis=2).mean()
    assert share > 0.8
    now[0] += theme.TRANSITION_S / 2
    begin(brush, surface, CheckView)
    surface.fill((1, 2, 3))
    brush.finish()
    half = pygame.surfarray.array3d(surface)
    new = (half == (1, 2, 3)).all(axis=2).mean()
    assert 0.1 < new < 0.9
    now[0] += theme.TRANSITION_S
    begin(brush, surface, CheckView)
    surface.fill((1, 2, 3))
    brush.finish()
    assert (pygame.surfarray.array3d(surface) == (1, 2, 3)).all()


@pytest.mark.parametrize(
    ("before", "after", "reduced_motion", "wiped"),
    [
        ("title-hint", "options-off", False, True),
        ("title-hint", "options-off", True, False),
        ("countdown", "playing-calm", False, False),
        ("playing-calm", "paused", False, False),
        ("paused", "countdown", False, False),
    ],
)
def test_clips_and_pauses_come_at_once(still, before, after, reduced_motion, wiped):
    window, samples = still(), dict(contact_sheet.samples("en"))
    window.draw(dataclasses.replace(samples[before], reduced_motion=reduced_motion))
    old = pixels(window)
    window.draw(dataclasses.replace(samples[after], reduced_motion=reduced_motion))
    kept = (pixels(window) == old).all(axis=2).mean()
    assert (kept > 0.8) == wiped


@pytest.mark.parametrize("face", get_args(FaceName))
def test_the_mascot_shows_what_it_feels(window, face):
    def drawn(feeling):
        picture = mascot.draw(120, mascot.Pose(face, feeling, beat_s=0.4), theme.WARM)
        return pygame.image.tobytes(picture, "RGBA")

    shown = [drawn(feeling) for feeling in (0.0, 0.3, mascot.STRAINED, 1.0, None)]
    assert len(set(shown)) == len(shown)
    assert drawn(mascot.BREAKS) == drawn(1.0)


def test_near_the_limit_is_said_before_it_is_crossed():
    assert nearness(None, 0.5) == 0.0
    assert nearness(0.3, 0.5) == 0.0
    assert 0.0 < nearness(0.45, 0.5) < 1.0
    assert nearness(0.5, 0.5) == nearness(0.9, 0.5) == 1.0


def test_every_icon_draws_inside_its_square(window):
    for kind in Icon:
        for side in (15, 64, 201):
            picture = icon(kind, side, (255, 255, 255))
            assert picture.get_size() == (side, side), kind
            inked = picture.get_bounding_rect()
            assert max(inked.size) > 0.55 * side, kind
            assert abs(inked.centerx - side / 2) <= 1.5, kind
            assert abs(inked.centery - side / 2) <= 1.5, kind


def test_the_font_of_icons_is_made_from_the_list():
    """Else a new icon shifts all that follow it: run ``scripts/media/make_icons.py``."""
    symbols = TTFont(FONT).getBestCmap()
    assert symbols == {ord(letter): kind.value for kind, letter in letters().items()}


def test_a_keypad_fills_its_area_and_may_bind_digits():
    area = Rect(10, 20, 300, 200)
    plain = keypad(area, ["123", "45"], TypeKey, 4)
    assert [button.name for button in plain] == ["key.1", "key.2", "key.3", "key.4", "key.5"]
    assert not any(button.keys for button in plain)
    assert len({button.rect.size for button in plain}) == 1
    assert all(area.contains(button.rect) for button in plain)
    bound = keypad(area, ["1"], TypeKey, 4, digits_press=True)[0]
    assert bound.keys == (pygame.K_1, pygame.K_KP1)
    assert bound.intent == TypeKey("1")


def test_the_toolkit_has_all_that_a_mode_may_choose():
    for offered, names in (
        (theme.PALETTES, PaletteName),
        (theme.PLAIN_PALETTES, PaletteName),
        (mascot.FACES, FaceName),
        (sprites.MOTIFS, MotifName),
        (MUSIC, MusicName),
    ):
        assert set(offered) == set(get_args(names))


@pytest.mark.parametrize("motif", get_args(MotifName))
def test_every_motif_strews_the_ground_with_something_of_its_own(window, motif):
    tiles = {name: sprites.tile(120, theme.WARM, name) for name in get_args(MotifName)}
    pictures = {name: pygame.image.tobytes(tile, "RGB") for name, tile in tiles.items()}
    assert len(set(pictures.values())) == len(pictures)
    assert len(set(pictures[motif])) > 3


#: Nearly square, small, and turned: what a laptop, an old projector and a dragged window have.
ODD_SIZES = [(800, 600), (1024, 768), (1280, 800), (800, 800), (800, 1000), (800, 1280)]


@pytest.mark.parametrize("size_px", ODD_SIZES, ids=str)
@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_whole_in_windows_of_other_shapes(still, size_px, language):
    window = still(size_px)
    cut = record_cut_text(window)
    for name, moving in contact_sheet.samples(language):
        if not name.endswith(("-of-5", "-of-6")):  # so many modes want a usual screen
            window.draw(dataclasses.replace(moving, reduced_motion=True))
        assert not [text for text in cut if not any(given[:20] in text for given in GIVEN)], name
        for button in window.layout(moving).buttons:
            assert min(button.rect.size) >= 5 * theme.unit_px(size_px), (name, button)


@pytest.mark.parametrize("size_px", [*SIZES, *ODD_SIZES], ids=str)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_crown_covers_a_name(still, monkeypatch, size_px, language):
    window = still(size_px)
    badges, names = [], []
    painter = window.painter
    write, badge = painter.text, painter.badge
    monkeypatch.setattr(painter, "text", lambda *a, **k: names.append(write(*a, **k)))
    monkeypatch.setattr(
        painter, "badge", lambda kind, rect, *ink: badges.append(rect) or badge(kind, rect, *ink)
    )
    for name, view in contact_sheet.samples(language):
        if isinstance(view.screen, TitleView):
            crowned = dataclasses.replace(view.screen, crowns=frozenset(view.screen.modes))
            window.draw(dataclasses.replace(view, screen=crowned, reduced_motion=True))
            assert len(badges) == len(view.screen.modes)
            for rect in badges:
                assert rect.collidelist(names) == -1, name
            badges.clear()
            names.clear()


@pytest.mark.parametrize(
    "desktop_px", [(1920, 1080), (1366, 768), (1280, 720), (1024, 768), (1080, 1920), (800, 480)]
)
def test_a_window_opens_with_room_for_its_frame(desktop_px):
    width, height = opening_size(desktop_px)
    assert width / height == pytest.approx(16 / 9, rel=0.01)
    assert width <= min(1280, 0.9 * desktop_px[0])
    # A title bar and a task bar are 85 px high on most desktops.
    assert height <= min(720, desktop_px[1] - 80) or desktop_px[1] < 600
    assert opening_size(desktop_px, offscreen=True) == (1280, 720)


def test_a_bar_of_buttons_reads_as_one_line(still, monkeypatch):
    window = still((960, 540))
    seen = []
    painter = window.painter
    write = painter.text
    monkeypatch.setattr(
        painter,
        "text",
        lambda words, *a, lines=1, **k: (
            seen.append((words, lines)) or write(words, *a, lines=lines, **k)
        ),
    )
    view = dict(contact_sheet.samples("en"))["result-full"]
    window.draw(view)
    lines = dict(seen)
    buttons = window.layout(view).buttons
    lowest = max(button.rect.bottom for button in buttons)
    labels = [button.label for button in buttons if button.rect.bottom == lowest]
    assert {"Enter a name", "Save the moment"} < set(labels)
    assert {lines[label] for label in labels} == {1}
