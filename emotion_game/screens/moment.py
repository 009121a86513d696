"""The instant replay: the player beside the clip, around the moment that decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pygame
from numpy.typing import NDArray
from pygame import Rect

from emotion_game.game.types import RoundResult
from emotion_game.ui import theme
from emotion_game.ui.i18n import Translator
from emotion_game.ui.icons import Icon
from emotion_game.ui.intents import Intent, ReplaySpeed
from emotion_game.ui.layout import Button, ButtonStyle, contain, rows
from emotion_game.ui.painter import Painter
from emotion_game.ui.pictures import Pictures
from emotion_game.ui.theme import Colour

#: How fast it may run: as it was, slow, slower.
SPEEDS = (1.0, 0.5, 0.25)
#: This near to the decisive picture (share of the loop), the frame is marked.
_NEAR = 0.04


@dataclass(frozen=True, slots=True)
class MomentView:
    """One picture of the instant replay: the player beside the clip, looped.

    Attributes:
        player: what is shown of the player, (height, width, 3) uint8 BGR, unmirrored; shown
            mirrored, as in the game.
        clip: (height, width, 3) uint8 BGR, or None where the clip showed nothing.
        frame_id: changes when the pictures do.
        t_s: clip time of this picture.
        share: how far the loop is, 0..1.
        decisive_share: where in the loop the round was decided, 0..1.
        lost: somebody lost there; otherwise it was the closest call.
        speed: at which the loop runs, one of ``SPEEDS``.
    """

    player: NDArray[np.uint8]
    clip: NDArray[np.uint8] | None
    frame_id: int
    t_s: float
    share: float
    decisive_share: float
    lost: bool = True
    speed: float = 1.0


def save_spec(tr: Translator, saved: str, saving: float | None) -> tuple[str, str, Intent, Icon]:
    """Return name, label, intent and icon of the button that saves the replay, or says it is.

    Args:
        tr: speaks.
        saved: where it was; "" until then.
        saving: how far that is, 0..1; None: it is not asked for.
    """
    if saving is not None:
        return "save", f"{saving:.0%}", Intent.SAVE_MOMENT, Icon.SAVE
    if saved:
        return "save", tr("Saved"), Intent.SAVE_MOMENT, Icon.CHECK
    return "save", tr("Save the moment"), Intent.SAVE_MOMENT, Icon.SAVE


def speed_buttons(tr: Translator, places: Sequence[Rect], now: float) -> tuple[Button, ...]:
    """Return the three speeds as buttons in ``places``; the present one is marked."""
    labels = (tr("Normal"), tr("Slow"), tr("Slower"))
    return tuple(
        Button(
            f"speed.{number}",
            place,
            label,
            ReplaySpeed(speed),
            ButtonStyle.TAB,
            selected=speed == now,
        )
        for number, (label, place, speed) in enumerate(zip(labels, places, SPEEDS, strict=True))
    )


def draw_moment(
    painter: Painter,
    area: Rect,
    moment: MomentView,
    mode: str,
    pictures: Pictures,
    result: RoundResult | None = None,
) -> None:
    """Draw player and clip in step, side by side or one above the other, whichever is larger.

    Under them runs the score's curve with the present moment on it; without a result, the loop.
    """
    palette, tr = painter.palette, painter.tr
    painter.card(area)
    inner = area.inflate(-painter.px(3), -painter.px(2.6)).move(0, -painter.px(0.4))
    under = painter.px(3.4) if result is None else min(painter.px(9), inner.height // 4)
    strip = Rect(inner.left, inner.bottom - under, inner.width, under)
    body = Rect(inner.left, inner.top, inner.width, strip.top - inner.top - painter.px(1.2))
    height, width = moment.player.shape[:2]
    shapes = [width / height]
    if moment.clip is not None:
        shapes.append(moment.clip.shape[1] / moment.clip.shape[0])
    mark = palette.danger if moment.lost else palette.accent
    now = abs(moment.share - moment.decisive_share) < _NEAR
    places = _places(body, shapes, painter.px(1))
    for number, place in enumerate(places):
        picture = pictures.moment_clip if number else pictures.moment_player
        pixels = moment.clip if number else moment.player
        assert pixels is not None
        picture.show(painter, place, pixels, "BGR", frame=moment.frame_id, mirrored=number == 0)
        edge = painter.px(theme.OUTLINE * (3 if now else 1))
        pygame.draw.rect(painter.surface, mark if now else palette.outline, place, edge)
    caption = tr("Instant replay") if moment.lost else tr.mode(mode, "nearly")
    _label(painter, places[0], caption, Icon.AGAIN, left=True)
    _label(painter, places[-1], tr("{seconds} s", seconds=f"{moment.t_s:.1f}"), None, left=False)
    if result is None:
        _draw_loop(painter, strip, moment, mark)
    else:
        pictures.plot.strip(painter, strip, result, moment.t_s)


def _label(painter: Painter, picture: Rect, words: str, icon: Icon | None, *, left: bool) -> None:
    """Write a word into an upper corner of a picture, on a ground of its own."""
    palette, pad = painter.palette, painter.px(1)
    side = painter.px(3) if icon is not None else 0
    room = picture.width - 4 * pad - side
    wide = min(room, painter.width_of(words, theme.BODY) + pad)
    sign = Rect(0, picture.top + pad, wide + side + 2 * pad, painter.px(5.4))
    sign.left = picture.left + pad if left else picture.right - pad - sign.width
    painter.panel(sign, palette.panel, painter.px(1))
    if icon is not None:
        painter.icon(
            icon, Rect(sign.left + pad, sign.centery - side // 2, side, side), palette.accent
        )
    label = Rect(sign.left + pad + side, sign.top, sign.width - side - 2 * pad, sign.height)
    painter.text(words, label, theme.BODY)


def _draw_loop(painter: Painter, area: Rect, moment: MomentView, mark: Colour) -> None:
    """Draw how far the loop is, and where it was decided."""
    palette = painter.palette
    loop = Rect(area.left, area.centery - painter.px(0.8), area.width, painter.px(1.6))
    edge = loop.height // 2
    painter.panel(loop, palette.ground, edge)
    done = Rect(
        loop.left, loop.top, max(loop.height, round(loop.width * moment.share)), loop.height
    )
    painter.panel(done.clip(loop), palette.accent, edge)
    flag = Rect(0, 0, painter.px(4), painter.px(4))
    flag.midbottom = (loop.left + round(loop.width * moment.decisive_share), loop.bottom)
    painter.icon(Icon.FLAG if moment.lost else Icon.CHECK, flag.clamp(area), mark)


def _places(area: Rect, shapes: list[float], gap_px: int) -> list[Rect]:
    """Return where pictures of these width-to-height ratios stand: beside or above each other."""
    beside_height = min(area.height, (area.width - gap_px * (len(shapes) - 1)) / sum(shapes))
    above_width = min(
        area.width, (area.height - gap_px * (len(shapes) - 1)) / sum(1 / shape for shape in shapes)
    )
    beside = beside_height**2 * sum(shapes)
    above = above_width**2 * sum(1 / shape for shape in shapes)
    if beside >= above:
        widths = [beside_height * shape for shape in shapes]
        block = contain(area, sum(widths) + gap_px * (len(shapes) - 1), beside_height)
        left, places = block.left, []
        for width in widths:
            places.append(Rect(left, block.top, int(width), block.height))
            left += int(width) + gap_px
        return places
    heights = [above_width / shape for shape in shapes]
    block = contain(area, above_width, sum(heights) + gap_px * (len(shapes) - 1))
    return rows(block, heights, gap_px)
