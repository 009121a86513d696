"""Playing: the clip, and whether the face holds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pygame import Rect

from emotion_game.screens.words import level_name
from emotion_game.ui import theme
from emotion_game.ui.i18n import Translator
from emotion_game.ui.icons import Icon
from emotion_game.ui.intents import Intent
from emotion_game.ui.layout import Button, Layout, columns, contain, is_tall, rows
from emotion_game.ui.live import Order, Picture
from emotion_game.ui.mascot import STRAINED
from emotion_game.ui.painter import Painter
from emotion_game.ui.pictures import Pictures
from emotion_game.ui.text import Weight
from emotion_game.ui.view import Screen, View
from emotion_game.ui.widgets import clock, draw_meter, draw_progress, nearness

#: Share of a wide window that the clip takes in both directions: a 16:9 clip fits exactly.
_CLIP_SHARE = 0.79
#: The mascot's feeling while the ring fills: on the brink, not yet laughing.
_BRINK = 0.69


@dataclass(frozen=True, slots=True)
class ClipScreen(Screen):
    """A clip plays, for one player or several.

    Attributes:
        pixels: newest picture of the clip, (height, width, 3|4) uint8.
        order: its channel order as pygame names it.
        frame_id: changes when ``pixels`` does.
        clip_t_s: how much of the clip has played.
        duration_s: of the clip.
        threshold: from which score, 0..1, the emotion counts as shown.
    """

    # A clip is seen from its first picture to its last.
    at_once: ClassVar[bool] = True

    level: int
    pixels: NDArray[np.uint8] | None
    order: Order
    frame_id: int
    clip_t_s: float
    duration_s: float
    threshold: float

    def escape(self) -> Intent:
        """See :class:`Screen`: nobody loses a round by one key."""
        return Intent.STOP


@dataclass(frozen=True, slots=True)
class PlayingView(ClipScreen):
    """A clip plays for one player.

    Attributes:
        score: smoothed score 0..1; None without a face.
        hold_share: how full the hold is, 0..1; the round is lost at 1.
        paused: the clip waits for the player's face.
        forfeit_in_s: seconds until the round is forfeited; None while the face is seen.
        stage: which clip of a marathon this is, from 1; 0 outside a marathon.
        can_pause: ``PAUSE`` would be obeyed now.
        shows_clock: the player sees how much of the clip is left.
    """

    score: float | None
    hold_share: float
    paused: bool
    forfeit_in_s: float | None
    stage: int = 0
    can_pause: bool = False
    shows_clock: bool = True

    def lay_out(self, view: View, size_px: tuple[int, int], tr: Translator) -> Layout:
        """Place the clip, and around two of its sides the camera, the ring and the meter."""
        unit = theme.unit_px(size_px)
        width, height = size_px
        pad = round(theme.GAP * unit)
        if is_tall(size_px):
            clip = Rect(0, 0, width - 2 * pad, round((width - 2 * pad) * 9 / 16))
            clip.topleft = (pad, pad)
            below = Rect(0, clip.bottom, width, height - clip.bottom).inflate(-4 * pad, -3 * pad)
            meter, middle, words, tools = rows(below, (2.2, 5, 1.1, 0.9), 2 * pad)
            camera, ring = columns(middle, (1.2, 1), 2 * pad)
        else:
            clip = Rect(pad, pad, round(width * _CLIP_SHARE), round(height * _CLIP_SHARE))
            under = Rect(clip.left, clip.bottom + pad, clip.width, height - clip.bottom - 2 * pad)
            meter = under.inflate(-2 * pad, 0)
            side = Rect(clip.right + pad, pad, width - clip.right - 2 * pad, height - 2 * pad)
            camera_height = min(round(side.width * 0.75), side.height // 3)
            camera = Rect(side.left, side.top, side.width, camera_height)
            rest = Rect(
                side.left, camera.bottom + pad, side.width, side.bottom - camera.bottom - pad
            )
            ring, words, tools = rows(rest, (3.3, 1.6, 0.95), pad)
        # Notices stand on the clip's lower edge: everything below it is needed to read the round.
        toast = Rect(0, 0, clip.width - 4 * pad, round(theme.TOAST * unit))
        toast.midbottom = (clip.centerx, clip.bottom - pad)
        regions = {
            "clip": clip,
            "toast": toast,
            "meter": meter,
            "camera": camera,
            "ring": ring,
            "words": words,
        }
        if self.can_pause:
            pause, stop = columns(tools, (1, 1), pad // 2)
            return Layout(
                regions,
                (
                    Button("pause", pause, "", Intent.PAUSE, icon=Icon.PAUSE),
                    Button("stop", stop, "", Intent.STOP, icon=Icon.STOP),
                ),
            )
        return Layout(regions, (Button("stop", tools, tr("Stop"), Intent.STOP, icon=Icon.STOP),))

    def draw(self, painter: Painter, view: View, layout: Layout, pictures: Pictures) -> None:
        """Draw one frame of the round."""
        regions, palette = layout.regions, painter.palette
        painter.around(regions["clip"], palette.ground)
        warned = max(nearness(self.score, self.threshold), float(self.hold_share > 0))
        _glow(painter, regions["clip"], warned)
        draw_clip(painter, regions["clip"], self, pictures.clip)
        pictures.camera.show(painter, regions["camera"], view.camera)
        _draw_hold(painter, regions["ring"], regions["words"], self)
        _draw_meter(painter, regions["meter"], self)
        if self.paused or self.forfeit_in_s is not None:
            draw_call(painter, regions["clip"], self.forfeit_in_s, paused=self.paused)


def _glow(painter: Painter, area: Rect, warned: float) -> None:
    """Frame the clip; near the limit the frame grows and beats."""
    palette = painter.palette
    reach = painter.px(theme.OUTLINE)
    if warned > 0:
        swing = 1.0 if painter.still else theme.pulse(painter.now_s, 0.5)
        beat = painter.px(theme.GAP * 0.85 * warned * (0.5 + 0.5 * swing))
        painter.around(area, palette.danger, beat)
    painter.around(area, palette.outline, reach)


def draw_clip(painter: Painter, area: Rect, screen: ClipScreen, clip: Picture) -> None:
    """Draw the clip's newest picture in ``area``, black around it where its shape differs."""
    if screen.pixels is None:
        painter.surface.fill((0, 0, 0), area)
        painter.text(painter.tr("Here it comes…"), area, theme.HEAD, (255, 255, 255), lines=2)
        return
    height, width = screen.pixels.shape[:2]
    place = contain(area, width, height)
    if area.width - place.width <= 2 and area.height - place.height <= 2:
        place = area  # a pixel of black at the edge would only flicker on resizing
    else:
        painter.surface.fill((0, 0, 0), area)
    clip.show(painter, place, screen.pixels, screen.order, frame=screen.frame_id)


def feeling_of(score: float | None, threshold: float, hold_share: float) -> float | None:
    """Return what the mascot feels with a player of that score; see ``mascot.Pose``."""
    if score is None:
        return None
    if score >= threshold or hold_share > 0:
        return _BRINK
    return STRAINED * score / max(threshold, 0.001)


def _draw_hold(painter: Painter, area: Rect, words: Rect, screen: PlayingView) -> None:
    """Draw the mascot inside the ring that fills while the player shows the emotion."""
    palette, tr = painter.palette, painter.tr
    side = min(area.size)
    gone = screen.score is None and screen.forfeit_in_s is not None
    # Before the first reading nobody is missing yet.
    score = 0.0 if screen.score is None and not gone else screen.score
    feeling = feeling_of(score, screen.threshold, screen.hold_share)
    painter.ring(area, screen.hold_share, 0.12, palette.danger)
    face = Rect(0, 0, round(side * 0.66), round(side * 0.66))
    face.center = area.center
    if feeling == _BRINK and not painter.still:
        face.x += round(side * 0.012 * math.sin(painter.now_s * 60))
    painter.mascot(face, screen.mode, feeling)
    if gone:
        text, fill, ink, icon = tr("Where are you?"), palette.panel, palette.text, Icon.NO_FACE
    elif feeling == _BRINK:
        text, fill, ink = tr.mode(screen.mode, "alarm"), palette.danger, palette.on_danger
        icon = Icon.WARNING
    elif nearness(screen.score, screen.threshold) > 0:
        text, fill, ink, icon = tr("Close!"), palette.panel, palette.danger, Icon.WARNING
    else:
        text, fill, ink, icon = tr("Straight face"), palette.panel, palette.safe, Icon.CHECK
    painter.card(words, fill, shadow=0.5)
    inner = words.inflate(-painter.px(2), -painter.px(1.6))
    if inner.width > 4 * inner.height:
        sign, label = columns(inner, (1, 3.4), painter.px(1))
    else:
        sign, label = rows(inner, (1, 1.35), painter.px(0.4))
    painter.icon(icon, sign, ink)
    painter.text(text, label, theme.LARGE, ink, lines=2)


def _draw_meter(painter: Painter, area: Rect, screen: PlayingView) -> None:
    """Draw the score with its limit, and the clip's time."""
    palette, tr = painter.palette, painter.tr
    captions, bar, _, progress = rows(area, (3.5, 5, 0.4, 1.5), painter.px(0.7))
    if not screen.shows_clock:
        captions, bar = rows(area, (3.5, 5), painter.px(0.7))
    left, middle, right = columns(captions, (1.2, 2, 1), painter.px(1))
    painter.text(tr.mode(screen.mode, "meter"), left, theme.BODY * 1.1, align="left")
    name = f"{tr.mode(screen.mode, 'name')} · {level_name(screen.level, tr)}"
    if screen.stage:
        name = tr("Marathon · clip {number}", number=screen.stage)
    painter.text(name, middle, theme.BODY, palette.muted, weight=Weight.MEDIUM)
    draw_meter(painter, bar, screen.score, screen.threshold)
    limit_label(painter, bar, screen.threshold)
    if not screen.shows_clock:
        return
    times = f"{clock(screen.clip_t_s)} / {clock(screen.duration_s)}"
    painter.text(times, right, theme.BODY, palette.muted, weight=Weight.MEDIUM, align="right")
    share = screen.clip_t_s / screen.duration_s if screen.duration_s > 0 else 0.0
    draw_progress(painter, progress, share)


def limit_label(painter: Painter, bar: Rect, threshold: float) -> None:
    """Write "Limit" on its own ground beside the limit's line, on the side with more room."""
    words = painter.tr("Limit")
    width = painter.width_of(words, theme.BODY) + painter.px(2.4)
    height = min(painter.px(5), bar.height - painter.px(1.6))
    limit_x = bar.left + round(bar.width * min(max(threshold, 0.0), 1.0))
    label = Rect(limit_x + painter.px(1.4), 0, width, height)
    if label.right > bar.right - painter.px(1):
        label.right = limit_x - painter.px(1.4)
    label.centery = bar.centery
    palette = painter.palette
    painter.framed(label, palette.danger, palette.on_danger, painter.px(0.35), height // 3)
    painter.text(words, label, theme.BODY, palette.on_danger)


def draw_call(painter: Painter, area: Rect, forfeit_in_s: float | None, *, paused: bool) -> None:
    """Call the player back before the camera, with the seconds that are left.

    While the clip still plays (grace) a strip at its top has to do; a waiting clip is covered.
    """
    palette, tr = painter.palette, painter.tr
    words = tr("Show your face!")
    if not paused:
        strip = Rect(0, 0, min(area.width, painter.px(80)), painter.px(11))
        strip.midtop = (area.centerx, area.top + painter.px(1.5))
        painter.card(strip, palette.danger, shadow=0.6)
        sign, label = columns(strip.inflate(-painter.px(4), -painter.px(2)), (1, 6), painter.px(1))
        painter.icon(Icon.NO_FACE, sign, palette.on_danger)
        painter.text(words, label, theme.HEAD, palette.on_danger)
        return
    painter.veil(area, palette.outline if palette.patterned else palette.ground, 0.72)
    box = area.inflate(-area.width // 4, -area.height // 2)
    box.height = max(box.height, painter.px(32))
    box.width = max(box.width, min(area.width, painter.px(84)))
    box.center = area.center
    painter.card(box, palette.panel, shadow=1.2)
    inner = box.inflate(-painter.px(6), -painter.px(5))
    sign, right = columns(inner, (1, 3.2), painter.px(3))
    upper, lower = rows(right, (1.4, 1), painter.px(1))
    painter.text(words, upper, theme.TITLE, lines=2, align="left")
    if forfeit_in_s is None:
        painter.icon(Icon.NO_FACE, sign, palette.danger)
        return
    seconds = max(0, math.ceil(forfeit_in_s))
    share = forfeit_in_s - math.floor(forfeit_in_s) or 1.0
    painter.ring(sign, share, 0.12, palette.danger)
    painter.text(str(seconds), sign, theme.TITLE, palette.danger)
    left = tr.plural("You lose in {count} second", "You lose in {count} seconds", seconds)
    painter.text(left, lower, theme.LARGE, palette.danger, lines=2, align="left")
