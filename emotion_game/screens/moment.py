"""The instant replay: the player beside the clip, around the moment that decided."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pygame import Rect

from emotion_game.ui import theme
from emotion_game.ui.i18n import Translator
from emotion_game.ui.icons import Icon
from emotion_game.ui.intents import Intent
from emotion_game.ui.layout import contain, rows
from emotion_game.ui.live import frame_picture
from emotion_game.ui.painter import Painter
from emotion_game.ui.pictures import Pictures

#: This near to the decisive picture (share of the loop), the frame is marked.
_NEAR = 0.04


@dataclass(frozen=True, slots=True)
class MomentView:
    """One picture of the instant replay: the player beside the clip, looped.

    Attributes:
        player: (height, width, 3) uint8 BGR, unmirrored; shown mirrored, as in the game.
        clip: (height, width, 3) uint8 BGR, or None where the clip showed nothing.
        frame_id: changes when the pictures do.
        t_s: clip time of this picture.
        share: how far the loop is, 0..1.
        decisive_share: where in the loop the round was decided, 0..1.
    """

    player: NDArray[np.uint8]
    clip: NDArray[np.uint8] | None
    frame_id: int
    t_s: float
    share: float
    decisive_share: float


def save_spec(tr: Translator, *, saved: bool) -> tuple[str, str, Intent, Icon]:
    """Return name, label, intent and icon of the button that saves the replay, or says it is."""
    if saved:
        return "save", tr("Saved"), Intent.SAVE_MOMENT, Icon.CHECK
    return "save", tr("Save the moment"), Intent.SAVE_MOMENT, Icon.SAVE


def draw_moment(painter: Painter, area: Rect, moment: MomentView, pictures: Pictures) -> None:
    """Draw both pictures side by side or one above the other, whichever is larger, and the loop."""
    palette, tr = painter.palette, painter.tr
    painter.card(area)
    inner = area.inflate(-painter.px(4), -painter.px(3.4)).move(0, -painter.px(0.4))
    caption = Rect(inner.left, inner.top, inner.width, painter.px(4.6))
    loop = Rect(inner.left, inner.bottom - painter.px(2.6), inner.width, painter.px(1.6))
    body = Rect(inner.left, caption.bottom, inner.width, loop.top - caption.bottom)
    body = body.inflate(0, -painter.px(1.6))
    side = caption.height
    painter.icon(
        Icon.AGAIN,
        Rect(caption.left, caption.top, side, side).inflate(-side // 4, -side // 4),
        palette.accent,
    )
    words = Rect(caption.left + side + painter.px(0.8), caption.top, 0, side)
    words.width = caption.right - words.left
    painter.text(tr("Instant replay"), words, theme.BODY, align="left")
    painter.text(tr("{seconds} s", seconds=f"{moment.t_s:.1f}"), words, theme.BODY, align="right")

    height, width = moment.player.shape[:2]
    shapes = [width / height]
    if moment.clip is not None:
        shapes.append(moment.clip.shape[1] / moment.clip.shape[0])
    now = abs(moment.share - moment.decisive_share) < _NEAR
    gap = painter.px(1)
    for number, place in enumerate(_places(body, shapes, gap)):
        picture = pictures.moment_clip if number else pictures.moment_player
        pixels = moment.clip if number else moment.player
        assert pixels is not None
        picture.show(painter, place, pixels, "BGR", frame=moment.frame_id, mirrored=number == 0)
        frame_picture(painter, place, palette.danger if now else None)
    edge = loop.height // 2
    painter.panel(loop, palette.ground, edge)
    done = Rect(
        loop.left, loop.top, max(loop.height, round(loop.width * moment.share)), loop.height
    )
    painter.panel(done.clip(loop), palette.accent, edge)
    flag = Rect(0, 0, painter.px(4), painter.px(4))
    flag.midbottom = (loop.left + round(loop.width * moment.decisive_share), loop.bottom)
    painter.icon(Icon.FLAG, flag.clamp(area), palette.danger)


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
