"""How buttons look. All share the outline and the hard shadow; the focus is a frame around them."""

from __future__ import annotations

from typing import assert_never

from pygame import Rect

from emotion_game.ui import theme
from emotion_game.ui.icons import Icon
from emotion_game.ui.layout import Button, ButtonStyle, columns, inside, rows
from emotion_game.ui.painter import Align, Painter
from emotion_game.ui.text import Weight
from emotion_game.ui.theme import Colour

#: A label shrinks to this share before it takes two lines.
_SHRINKS = 0.75
_FLAT = (ButtonStyle.SWITCH, ButtonStyle.KEY, ButtonStyle.SMALL, ButtonStyle.TAB)


def draw_button(painter: Painter, button: Button, *, focused: bool, hovered: bool) -> None:
    """Draw a button; the focus is a double frame, a selected choice has a check mark."""
    if button.style is ButtonStyle.MODE and button.mode is not None:
        before, painter.palette = painter.palette, painter.palette_for(button.mode)
        try:
            _draw(painter, button, focused=focused, hovered=hovered, frame=before.text)
        finally:
            painter.palette = before
        return
    _draw(painter, button, focused=focused, hovered=hovered, frame=painter.palette.text)


def _draw(painter: Painter, button: Button, *, focused: bool, hovered: bool, frame: Colour) -> None:
    palette, area = painter.palette, button.rect
    fill = palette.hover if hovered else palette.raised
    ink = palette.text
    if button.style is ButtonStyle.MAIN or (button.style is ButtonStyle.TAB and button.selected):
        fill = theme.mix(palette.accent, palette.on_accent, 0.16) if hovered else palette.accent
        ink = palette.on_accent
    elif button.style is ButtonStyle.MODE:
        fill = theme.mix(palette.ray, palette.hover, 0.5) if hovered else palette.ray
    depth = theme.SHADOW * (0.6 if button.style in _FLAT else 1.2)
    if focused:
        _focus_frame(painter, area, frame)
    painter.card(area, fill, shadow=depth, frame=palette.accent if button.selected else None)
    face = Rect(area.left, area.top, area.width, area.height - painter.px(depth))
    match button.style:
        case ButtonStyle.MODE:
            _mode_poster(painter, button, face)
        case ButtonStyle.LEVEL:
            _level_choice(painter, button, face)
        case ButtonStyle.CARD:
            _card(painter, button, face)
        case ButtonStyle.SWITCH:
            _switch(painter, button, face)
        case ButtonStyle.KEY:
            _key(painter, button, face)
        case ButtonStyle.MAIN | ButtonStyle.PLAIN | ButtonStyle.SMALL | ButtonStyle.TAB:
            _icon_and_label(painter, button, face, ink)
        case _:
            assert_never(button.style)
    if button.share is not None:
        bar = face.inflate(-2 * painter.px(1.2), 0)
        bar.top, bar.height = face.bottom - painter.px(2.2), painter.px(1.4)
        painter.panel(bar, palette.hover, bar.height // 2)
        bar.width = max(bar.height, round(bar.width * button.share))
        painter.panel(bar, palette.accent, bar.height // 2)
    if button.selected and button.style is not ButtonStyle.TAB:
        side = painter.px(5.6)
        badge = Rect(0, 0, side, side)
        badge.topright = (face.right - painter.px(1), face.top + painter.px(1))
        painter.badge(Icon.CHECK, badge, palette.accent, palette.on_accent)


def _focus_frame(painter: Painter, area: Rect, ink: Colour) -> None:
    """Frame the button that Enter presses; the frame breathes, so that it is found at a glance."""
    palette = painter.palette
    swing = 0.0 if painter.still else theme.pulse(painter.now_s)
    gap, wide = painter.px(0.45), painter.px(0.65 + 0.35 * swing)
    radius = painter.px(theme.RADIUS)
    outer = area.inflate(2 * (gap + wide), 2 * (gap + wide))
    painter.panel(outer, ink, radius + gap + wide)
    painter.panel(area.inflate(2 * gap, 2 * gap), palette.ground, radius + gap)


def _icon_and_label(painter: Painter, button: Button, area: Rect, ink: Colour) -> None:
    size = {ButtonStyle.MAIN: theme.LARGE, ButtonStyle.SMALL: theme.SMALL}.get(
        button.style, theme.BODY
    )
    inner = area.inflate(-painter.px(2.4), -painter.px(1))
    icon = button.icon
    if button.style is ButtonStyle.TAB and button.selected:
        icon = Icon.CHECK  # colour alone does not tell
    if icon is None:
        painter.text(button.label, inner, size, ink, lines=2)
        return
    # A little smaller on one line reads better than on two beside neighbours with one.
    room = inner.width - min(painter.px(size * 1.1), inner.height) - painter.px(1.3)
    shrinks = painter.width_of(button.label, size * _SHRINKS) <= room
    lines = 1 if shrinks else 2
    if not button.label:
        painter.icon(icon, inside(inner, painter.px(7), painter.px(5.6)), ink)
        return
    side = min(painter.px(size * 1.1), inner.height)
    gap = painter.px(1.3)
    words = min(painter.width_of(button.label, size), inner.width - side - gap)
    start = inner.centerx - (side + gap + words) // 2
    sign = Rect(start, inner.centery - side // 2, side, side)
    painter.icon(icon, sign, ink)
    label = Rect(sign.right + gap, inner.top, words, inner.height)
    painter.text(button.label, label, size, ink, lines=lines, align="left")


def _mode_poster(painter: Painter, button: Button, area: Rect) -> None:
    assert button.mode is not None
    palette = painter.palette
    inner = area.inflate(-painter.px(4), -painter.px(3))
    beside = inner.width > 1.25 * inner.height
    # One of many: the words take what the mascot need not have.
    small = inner.height < painter.px(30) if beside else inner.width < painter.px(42)
    if beside:
        shares, gap = ((1, 1.8), 1.5) if small else ((1, 1.35), 2.5)
        face, words = columns(inner, shares, painter.px(gap))
    else:
        face, words = rows(inner, (1.1 if small else 1.5, 1), painter.px(1))
    painter.mascot(face, button.mode, 1.0)
    if beside:
        words = inside(words, words.width, painter.px(38))
    upper, lower = rows(words, (2, 1), painter.px(1))
    size = theme.POSTER if beside else theme.TITLE
    if small:
        size = theme.TITLE if words.width > painter.px(50) else theme.HEAD
    painter.text(button.label, upper, size, palette.accent, lines=2)
    board = inside(lower, lower.width, painter.px(10))
    painter.panel(board, palette.accent)
    painter.text(
        button.note,
        board.inflate(-painter.px(2.4), -painter.px(0.8)),
        theme.LARGE,
        palette.on_accent,
        lines=2,
    )
    if button.crowned:
        side = painter.px(5.6 if small else 8)
        badge = Rect(0, 0, side, side)
        # On the mascot's side: the name may reach into every other corner.
        badge.topleft = (area.left + painter.px(1.4), area.top + painter.px(1.4))
        painter.badge(Icon.CROWN, badge, palette.accent, palette.on_accent)


def _level_choice(painter: Painter, button: Button, area: Rect) -> None:
    palette = painter.palette
    inner = area.inflate(-painter.px(3.4), -painter.px(2.6))
    wide = inner.width > 2.2 * inner.height
    if wide:
        stars, words = columns(inner, (1, 1.5), painter.px(2))
        name, note = rows(words, (1.4, 1), 0)
    else:
        stars, name, note = rows(inner, (1.2, 1.25, 1.1), painter.px(0.6))
    step = min(stars.height, stars.width // 3, painter.px(11))
    start = stars.centerx - 3 * step // 2
    for index in range(3):
        kind = Icon.STAR if index < button.level else Icon.STAR_EMPTY
        place = Rect(start + index * step, stars.centery - step // 2, step, step)
        painter.icon(kind, place.inflate(-step // 8, -step // 8), palette.accent)
    align: Align = "left" if wide else "center"
    painter.text(button.label, name, theme.HEAD * 1.2, align=align)
    painter.text(
        button.note, note, theme.BODY, palette.muted, weight=Weight.MEDIUM, lines=2, align=align
    )


def _card(painter: Painter, button: Button, area: Rect) -> None:
    palette = painter.palette
    inner = area.inflate(-painter.px(5), -painter.px(2.4))
    side = min(inner.height, painter.px(9))
    if button.icon is not None:
        sign = Rect(inner.left, inner.centery - side // 2, side, side)
        painter.badge(button.icon, sign, palette.accent, palette.on_accent)
        inner = Rect(sign.right + painter.px(2), inner.top, inner.right - sign.right, inner.height)
        inner.width = area.right - painter.px(1.7) - inner.left
    if not button.note:
        painter.text(button.label, inner, theme.LARGE, lines=2, align="left")
        return
    upper, lower = rows(inner, (1.25, 1), 0)
    painter.text(button.label, upper, theme.LARGE, align="left")
    painter.text(
        button.note, lower, theme.SMALL, palette.muted, weight=Weight.MEDIUM, lines=2, align="left"
    )


def _switch(painter: Painter, button: Button, area: Rect) -> None:
    """Draw an option: what it is on the left, how it stands on the right."""
    palette = painter.palette
    inner = area.inflate(-painter.px(4.4), -painter.px(1.4))
    side = min(inner.height, painter.px(5))
    if button.icon is not None:
        sign = Rect(inner.left, inner.centery - side // 2, side, side)
        painter.icon(button.icon, sign, palette.text)
    left = inner.left + side + painter.px(1.8)
    if button.on is None:
        label, value = columns(
            Rect(left, inner.top, inner.right - left, inner.height), (1, 1.2), painter.px(1)
        )
        painter.text(button.label, label, theme.BODY, align="left")
        painter.text(
            button.value, value, theme.BODY, palette.accent, align="right", weight=Weight.BOLD
        )
        return
    pill = Rect(0, 0, painter.px(15), min(inner.height, painter.px(6)))
    pill.midright = (inner.right, inner.centery)
    label = Rect(left, inner.top, pill.left - left - painter.px(1), inner.height)
    painter.text(button.label, label, theme.BODY, align="left", lines=2)
    fill = palette.accent if button.on else palette.panel
    painter.framed(pill, fill, palette.outline, painter.px(theme.OUTLINE), pill.height // 2)
    knob = Rect(0, 0, pill.height, pill.height)
    knob.midright = pill.midright
    if not button.on:
        knob.midleft = pill.midleft
    painter.framed(
        knob, palette.raised, palette.outline, painter.px(theme.OUTLINE), pill.height // 2
    )
    words = Rect(pill.left, pill.top, pill.width - knob.width, pill.height)
    if not button.on:
        words.right = pill.right
    painter.text(
        button.value,
        words.inflate(-painter.px(1), 0),
        theme.SMALL,
        palette.on_accent if button.on else palette.muted,
    )


def _key(painter: Painter, button: Button, area: Rect) -> None:
    ink = painter.palette.text
    if button.icon is not None:
        painter.icon(button.icon, inside(area, painter.px(5), painter.px(5)), ink)
        return
    size = theme.HEAD if len(button.label) == 1 else theme.BODY
    painter.text(button.label, area.inflate(-painter.px(1), 0), size, ink)
