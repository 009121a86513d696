"""The parts that screens are made of: meter, notices, table, keypad, headers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pygame
from pygame import Rect

from emotion_game.screens import sprites, theme
from emotion_game.screens.buttons import draw_button
from emotion_game.screens.i18n import mark
from emotion_game.screens.icons import Icon
from emotion_game.screens.kiosk_view import ScoreRow
from emotion_game.screens.layout import Button, Look, columns, rows
from emotion_game.screens.painter import Align, Painter
from emotion_game.screens.text import Weight, shorten_middle
from emotion_game.screens.view import Notice, NoticeKind, UserIntent

__all__ = [
    "LONGEST_NAME",
    "NOTICES",
    "clock",
    "draw_advice",
    "draw_button",
    "draw_meter",
    "draw_notices",
    "draw_poster",
    "draw_progress",
    "draw_table",
    "keypad",
    "nearness",
]

NOTICES: dict[NoticeKind, tuple[Icon, str]] = {
    NoticeKind.NO_CAMERA_DEMO: (Icon.CAMERA, mark("No camera: a demo player stands in")),
    NoticeKind.CAMERA_FAILED: (Icon.CAMERA, mark("Camera {detail} does not work")),
    NoticeKind.NO_VLC: (Icon.FILM, mark("No VLC: using the built-in player")),
    NoticeKind.NO_SOUND: (Icon.SOUND_OFF, mark("No sound device: playing silently")),
    NoticeKind.CLIP_SKIPPED: (Icon.FILM, mark("Skipped a broken clip: {detail}")),
    NoticeKind.NO_CLIPS: (Icon.FILM, mark("No clips for {detail} yet")),
    NoticeKind.FACES_KEPT: (Icon.CHECK, mark("Pictures kept: {detail}")),
    NoticeKind.FACES_NOT_KEPT: (Icon.WARNING, mark("No pictures kept, cannot write to {detail}")),
    NoticeKind.PICTURE_NOT_FILED: (Icon.WARNING, mark("Left where it is: {detail}")),
    NoticeKind.SCORES_WAIT: (Icon.TROPHY, mark("The score board is away: kept for later")),
    NoticeKind.SCORE_NOT_KEPT: (Icon.WARNING, mark("Score not saved, cannot write to {detail}")),
    NoticeKind.MOMENT_SAVED: (Icon.CHECK, mark("Saved: {detail}")),
    NoticeKind.MOMENT_NOT_SAVED: (Icon.WARNING, mark("Not saved, cannot write to {detail}")),
    NoticeKind.PREFERENCES_NOT_KEPT: (
        Icon.WARNING,
        mark("Options hold until the end, cannot write {detail}"),
    ),
    NoticeKind.GAMEPAD_FOUND: (Icon.GAMEPAD, mark("Gamepad: {detail}")),
    NoticeKind.GAMEPAD_LOST: (Icon.GAMEPAD, mark("Gamepad unplugged: {detail}")),
    NoticeKind.CANNOT_PAUSE: (Icon.PAUSE, mark("No pause right now")),
}

#: Letters of a name (camera, clip) that are shown among other words.
LONGEST_NAME = 30

#: Notices shown side by side; of more, the newest.
NOTICES_AT_ONCE = 2

_DIGITS = tuple("0123456789")
_KEYPAD = (pygame.K_KP0, *range(pygame.K_KP1, pygame.K_KP9 + 1))

#: From this share of the threshold on, the score is near it.
NEAR = 0.7


def nearness(score: float | None, threshold: float) -> float:
    """Return how near the score is to the limit: 0 up to ``NEAR`` of it, 1 at it and above."""
    if score is None or threshold <= 0:
        return 0.0
    return min(1.0, max(0.0, (score / threshold - NEAR) / (1 - NEAR)))


def draw_meter(painter: Painter, area: Rect, score: float | None, threshold: float) -> None:
    """Draw the score (0..1) as a bar with the limit as a line across it.

    Beyond the limit the ground is striped, so that the forbidden part shows without colours.
    """
    palette, surface = painter.palette, painter.surface
    near = nearness(score, threshold)
    radius = area.height // 3
    edge = painter.px(theme.OUTLINE)
    if near > 0:
        swing = 1.0 if painter.still else theme.pulse(painter.now_s, 0.5)
        reach = round(painter.px(1.2) * near * (0.45 + 0.55 * swing))
        painter.panel(area.inflate(2 * reach, 2 * reach), palette.danger, radius + reach)
    painter.framed(area, palette.panel, palette.outline, edge, radius)
    inner = area.inflate(-2 * edge, -2 * edge)
    limit_x = inner.left + round(inner.width * min(max(threshold, 0.0), 1.0))
    beyond = Rect(limit_x, inner.top, max(0, inner.right - radius // 2 - limit_x), inner.height)
    if beyond.width > 0:
        pattern = painter.keep(
            ("stripes", beyond.size, palette.danger),
            lambda: sprites.stripes(beyond.size, palette.danger, 120, painter.px(3)),
        )
        surface.blit(pattern, beyond)
    if score is not None and score > 0:
        over = score >= threshold
        inset = painter.px(0.5)
        bar = inner.inflate(-2 * inset, -2 * inset)
        bar.width = max(bar.height // 2, round(bar.width * min(score, 1.0)))
        painter.panel(bar, palette.danger if over else palette.safe, bar.height // 3)
    line = Rect(0, 0, painter.px(1.5), area.height + painter.px(2.6))
    line.center = (limit_x, area.centery)
    painter.panel(line, palette.outline, line.width // 2)
    painter.panel(line.inflate(-painter.px(0.7), -painter.px(0.7)), palette.danger, line.width // 4)


def draw_progress(painter: Painter, area: Rect, share: float) -> None:
    """Draw how far something is, 0..1, as an outlined bar."""
    palette = painter.palette
    edge = painter.px(theme.OUTLINE * 0.7)
    radius = area.height // 2
    painter.framed(area, palette.panel, palette.outline, edge, radius)
    inner = area.inflate(-2 * edge, -2 * edge)
    inner.width = round(inner.width * min(max(share, 0.0), 1.0))
    if inner.width > 0:
        painter.panel(inner, palette.accent, inner.height // 2)


def draw_advice(
    painter: Painter, area: Rect, icon: Icon, words: str, *, good: bool, share: float = 0.0
) -> None:
    """Draw one advice to the player; bad news stands on the danger colour, with its own sign.

    ``share`` (0..1) is how soon good news goes on by itself, as a bar at the lower edge.
    """
    palette = painter.palette
    painter.card(area, palette.panel if good else palette.danger)
    ink = palette.text if good else palette.on_danger
    inner = area.inflate(-painter.px(6), -painter.px(3.4))
    if good and share > 0:
        inner.height -= painter.px(2.4)
        bar = Rect(inner.left, inner.bottom, inner.width, painter.px(2))
        draw_progress(painter, bar, share)
    side = min(painter.px(8.5), inner.height, inner.width // 4)
    sign = Rect(inner.left, inner.centery - side // 2, side, side)
    painter.icon(icon, sign, palette.safe if good else ink)
    left = sign.right + painter.px(2.2)
    label = Rect(left, inner.top, inner.right - left, inner.height)
    size = theme.HEAD if area.width > painter.px(62) else theme.LARGE
    painter.text(words, label, size, ink, lines=3, align="left")


def draw_notices(painter: Painter, area: Rect, notices: tuple[Notice, ...]) -> None:
    """Draw the newest notices side by side in the strip ``area``."""
    shown = notices[-NOTICES_AT_ONCE:]
    if not shown:
        return
    palette = painter.palette
    for notice, place in zip(shown, columns(area, [1] * len(shown), painter.px(2)), strict=True):
        kind, words = NOTICES[notice.kind]
        message = painter.tr(words, detail=shorten_middle(notice.detail, LONGEST_NAME))
        pad = painter.px(1.6)
        side = min(painter.px(theme.BODY), place.height - 2)
        needed = painter.width_of(message, theme.SMALL, Weight.MEDIUM) + side + 4 * pad
        place = Rect(place.left, place.top, min(place.width, needed), place.height)
        painter.card(place, shadow=0.4)
        sign = Rect(place.left + pad, place.centery - side // 2, side, side)
        painter.icon(kind, sign, palette.accent)
        left = sign.right + pad
        inner = place.inflate(0, -painter.px(1.8)).move(0, -painter.px(0.2))
        label = Rect(left, inner.top, place.right - pad - left, inner.height)
        painter.text(
            message, label, theme.SMALL, palette.text, weight=Weight.MEDIUM, lines=2, align="left"
        )


def draw_poster(
    painter: Painter, text: str, area: Rect, size: float = theme.TITLE, align: Align = "left"
) -> Rect:
    """Draw a screen's headline: the mode's second colour with a hard shadow."""
    shadow = painter.poster_shadow
    return painter.text(text, area, size, painter.palette.accent, align=align, shadow=shadow)


def draw_table(
    painter: Painter,
    area: Rect,
    entries: Sequence[ScoreRow],
    places: int = 10,
    nameless: str = "",
    size: float = theme.BODY * 1.08,
) -> None:
    """Draw a leaderboard of up to ``places`` rows in one card; one's own row stands out.

    ``nameless`` is what stands for a player without a nickname; ``size`` is that of the letters.
    """
    palette = painter.palette
    painter.card(area)
    inner = area.inflate(-painter.px(3.4), -painter.px(4))
    for entry, place in zip(entries, rows(inner, [1] * places, painter.px(0.4)), strict=False):
        ink = palette.text
        if entry.own:
            painter.panel(place, palette.accent, place.height // 3)
            ink = palette.on_accent
        row = place.inflate(-painter.px(2), 0)
        rank, name, points = columns(row, (0.9, 6, 2.2), painter.px(1.4))
        if entry.rank == 1:
            side = min(rank.height, painter.px(max(5.4, size * 1.4)))
            sign = Rect(rank.left, rank.centery - side // 2, side, side)
            painter.icon(Icon.CROWN, sign, ink if entry.own else palette.accent)
        else:
            painter.text(f"{entry.rank}", rank, size, ink, align="left")
        painter.text(entry.nickname or nameless, name, size, ink, align="left")
        painter.text(f"{entry.points:,}", points, size, ink, align="right")


def keypad(
    area: Rect,
    keys: Sequence[Sequence[str]],
    intent_of: Callable[[str], UserIntent],
    gap_px: int,
    *,
    digits_press: bool = False,
) -> tuple[Button, ...]:
    """Place rows of keys in ``area``, every key equally wide; each is named "key.X".

    With ``digits_press``, digits of a real keyboard press the same keys (a PIN).
    """
    widest = max((len(row) for row in keys), default=1)
    width = (area.width - gap_px * (widest - 1)) // widest
    buttons = []
    for row, strip in zip(keys, rows(area, [1] * len(keys), gap_px), strict=True):
        taken = len(row) * width + gap_px * (len(row) - 1)
        left = area.left + (area.width - taken) // 2
        for number, key in enumerate(row):
            place = Rect(left + number * (width + gap_px), strip.top, width, strip.height)
            codes: tuple[int, ...] = ()
            if digits_press and key in _DIGITS:
                codes = (pygame.K_0 + int(key), _KEYPAD[int(key)])
            buttons.append(Button(f"key.{key}", place, key, intent_of(key), Look.KEY, keys=codes))
    return tuple(buttons)


def clock(seconds: float) -> str:
    """Return ``seconds`` as minutes and seconds, "1:05"."""
    whole = max(0, int(seconds))
    return f"{whole // 60}:{whole % 60:02d}"
