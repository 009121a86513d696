"""Playing: the clip, and whether the face holds."""

from __future__ import annotations

import math

from pygame import Rect

from emotion_game.game.types import Mode
from emotion_game.screens import theme
from emotion_game.screens.i18n import Translator, mark
from emotion_game.screens.layout import Button, Layout, columns, contain, is_tall, rows
from emotion_game.screens.live import CameraPicture, Picture
from emotion_game.screens.menu import LEVEL_NAMES, MODE_NAMES
from emotion_game.screens.painter import Painter
from emotion_game.screens.sprites import Icon
from emotion_game.screens.text import Weight
from emotion_game.screens.view import Intent, PlayingView, View
from emotion_game.screens.widgets import clock, draw_meter

METERS: dict[Mode, str] = {Mode.HAPPY: mark("Laugh meter"), Mode.SURPRISE: mark("Flinch meter")}
ALARMS: dict[Mode, str] = {Mode.HAPPY: mark("Stop laughing!"), Mode.SURPRISE: mark("Stay calm!")}

#: Share of a wide window that the clip takes in both directions: a 16:9 clip fits exactly.
_CLIP_SHARE = 0.8


def lay_out(size_px: tuple[int, int], tr: Translator) -> Layout:
    """Place the clip, and around two of its sides the camera, the ring and the meter."""
    unit = theme.unit_px(size_px)
    width, height = size_px
    pad = round(theme.GAP * unit)
    if is_tall(size_px):
        clip = Rect(0, 0, width, round(width * 0.62))
        below = Rect(0, clip.bottom, width, height - clip.bottom).inflate(-4 * pad, -4 * pad)
        meter, middle, words, stop = rows(below, (2.2, 5, 1, 1), 2 * pad)
        camera, ring = columns(middle, (1.2, 1), 2 * pad)
        stop = stop.inflate(-stop.width // 2, 0)
    else:
        clip = Rect(0, 0, round(width * _CLIP_SHARE), round(height * _CLIP_SHARE))
        under = Rect(0, clip.bottom, clip.width, height - clip.bottom)
        meter = under.inflate(-4 * pad, -2 * pad)
        side = Rect(clip.right, 0, width - clip.width, height).inflate(-2 * pad, -2 * pad)
        camera_height = min(round(side.width * 0.75), side.height // 3)
        camera = Rect(side.left, side.top, side.width, camera_height)
        rest = Rect(side.left, camera.bottom + pad, side.width, side.bottom - camera.bottom - pad)
        ring, words, stop = rows(rest, (3.4, 1.5, 1.1), pad)
    # Notices stand on the clip's lower edge: everything below it is needed to read the round.
    toast = Rect(0, 0, clip.width - 2 * pad, round(theme.TOAST * unit))
    toast.midbottom = (clip.centerx, clip.bottom - pad)
    regions = {
        "clip": clip,
        "toast": toast,
        "meter": meter,
        "camera": camera,
        "ring": ring,
        "words": words,
    }
    button = Button("stop", stop, tr("Stop"), Intent.BACK, icon=Icon.STOP)
    return Layout(regions, (button,))


def draw(
    painter: Painter,
    screen: PlayingView,
    view: View,
    layout: Layout,
    camera: CameraPicture,
    clip: Picture,
) -> None:
    """Draw one frame of the round."""
    regions, palette = layout.regions, painter.palette
    painter.surface.fill(palette.ground)
    _draw_clip(painter, regions["clip"], screen, clip)
    camera.show(painter, regions["camera"], view.camera)
    _draw_hold(painter, regions["ring"], regions["words"], screen)
    _draw_meter(painter, regions["meter"], screen)
    if screen.paused or screen.forfeit_in_s is not None:
        _draw_call(painter, regions["clip"], screen)


def _draw_clip(painter: Painter, area: Rect, screen: PlayingView, clip: Picture) -> None:
    if screen.pixels is None:
        painter.surface.fill((0, 0, 0), area)
        painter.text(painter.tr("Here it comes…"), area, theme.HEAD, lines=2)
        return
    height, width = screen.pixels.shape[:2]
    place = contain(area, width, height)
    if area.width - place.width <= 2 and area.height - place.height <= 2:
        place = area  # a pixel of black at the edge would only flicker on resizing
    else:
        painter.surface.fill((0, 0, 0), area)
    clip.show(painter, place, screen.pixels, screen.order, frame=screen.frame_id)


def _draw_hold(painter: Painter, area: Rect, words: Rect, screen: PlayingView) -> None:
    """Draw the mascot inside the ring that fills while the player shows the emotion."""
    palette = painter.palette
    side = min(area.size)
    painter.ring(area, screen.hold_share, 0.11, palette.danger)
    face = Rect(0, 0, round(side * 0.62), round(side * 0.62))
    face.center = area.center
    if screen.score is None:
        feeling, text, ink = None, painter.tr("Where are you?"), palette.text
    elif screen.score >= screen.threshold or screen.hold_share > 0:
        feeling, text, ink = 0.8, painter.tr(ALARMS[screen.mode]), palette.danger
    else:
        feeling = 0.55 * screen.score / max(screen.threshold, 0.001)
        text, ink = painter.tr("Straight face"), palette.safe
    painter.mascot(face, screen.mode, feeling)
    painter.text(text, words, theme.LARGE, ink, lines=2)


def _draw_meter(painter: Painter, area: Rect, screen: PlayingView) -> None:
    """Draw the score with its limit, and the clip's time."""
    palette, tr = painter.palette, painter.tr
    captions, bar, _, progress = rows(area, (4, 5, 0.8, 0.7), painter.px(0.6))
    left, middle, right = columns(captions, (1.3, 2, 1), painter.px(1))
    painter.text(tr(METERS[screen.mode]), left, theme.BODY, align="left")
    name = f"{tr(MODE_NAMES[screen.mode])} · {screen.level} {tr(LEVEL_NAMES[screen.level])}"
    painter.text(name, middle, theme.SMALL, palette.muted, weight=Weight.MEDIUM)
    times = f"{clock(screen.clip_t_s)} / {clock(screen.duration_s)}"
    painter.text(times, right, theme.BODY, palette.muted, weight=Weight.MEDIUM, align="right")
    draw_meter(painter, bar, screen.score, screen.threshold)
    limit_x = bar.left + round(bar.width * screen.threshold)
    label = Rect(
        limit_x + painter.px(1.6), bar.top, bar.right - limit_x - painter.px(3), bar.height
    )
    painter.text(tr("Limit"), label, theme.BODY, align="left")
    painter.panel(progress, palette.raised, progress.height // 2)
    if screen.duration_s > 0:
        share = min(max(screen.clip_t_s / screen.duration_s, 0.0), 1.0)
        done = Rect(progress.left, progress.top, round(progress.width * share), progress.height)
        painter.panel(done, palette.accent, progress.height // 2)


def _draw_call(painter: Painter, area: Rect, screen: PlayingView) -> None:
    """Call the player back before the camera, with the seconds that are left."""
    palette, tr = painter.palette, painter.tr
    if screen.paused:
        painter.veil(area, palette.ground, 0.72)
    box = area.inflate(-area.width // 4, -area.height // 2)
    box.height = max(box.height, painter.px(30))
    box.width = max(box.width, min(area.width, painter.px(70)))
    box.center = area.center
    painter.framed(box, palette.panel, palette.danger, painter.px(0.8))
    inner = box.inflate(-painter.px(6), -painter.px(4))
    sign, words = columns(inner, (1, 3.2), painter.px(2))
    painter.icon(Icon.NO_FACE, sign, palette.danger)
    upper, lower = rows(words, (1.4, 1), painter.px(1))
    painter.text(tr("Show your face!"), upper, theme.TITLE, lines=2, align="left")
    if screen.forfeit_in_s is not None:
        seconds = max(0, math.ceil(screen.forfeit_in_s))
        left = tr.plural("You lose in {count} second", "You lose in {count} seconds", seconds)
        painter.text(left, lower, theme.LARGE, palette.danger, lines=2, align="left")
