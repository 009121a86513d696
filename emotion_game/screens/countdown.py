"""The countdown to the clip."""

from __future__ import annotations

import math

from pygame import Rect

from emotion_game.screens import consent, theme
from emotion_game.screens.i18n import Translator
from emotion_game.screens.layout import Button, Layout, is_tall, page, rows, toast_strip
from emotion_game.screens.live import CameraPicture
from emotion_game.screens.menu import MODE_RULES
from emotion_game.screens.painter import Painter
from emotion_game.screens.sprites import Icon
from emotion_game.screens.view import CountdownView, Intent, View


def lay_out(screen: CountdownView, size_px: tuple[int, int], tr: Translator) -> Layout:
    """Place the number in the middle, the rule below, the camera and the way back aside."""
    unit = theme.unit_px(size_px)
    question = consent.lay_out(screen.consent, page(size_px), size_px, tr)
    whole = question.rest
    number, rule = rows(whole, (4.4, 1), round(theme.GAP * unit))
    small = round((30 if is_tall(size_px) else 26) * unit)
    camera = Rect(whole.right - small, whole.top, small, round(small * 0.75))
    back = Rect(whole.left, whole.top, round(26 * unit), round(8.5 * unit))
    if is_tall(size_px):
        number = number.inflate(0, -2 * camera.height - 2)
    else:
        number = number.inflate(-2 * small - 2, 0)
    button = Button("back", back, tr("Menu"), Intent.BACK, icon=Icon.BACK)
    toast = toast_strip(size_px)
    regions = {"number": number, "rule": rule, "camera": camera, "toast": toast}
    return Layout(regions | question.regions, (button, *question.buttons))


def draw(
    painter: Painter, screen: CountdownView, view: View, layout: Layout, camera: CameraPicture
) -> None:
    """Draw the number in a ring that empties every second; the mascot while the clip opens."""
    painter.ground()
    regions, palette = layout.regions, painter.palette
    number = regions["number"]
    rest = screen.seconds_left
    if rest > 0:
        share = rest - math.floor(rest) or 1.0
        painter.ring(number, share, 0.06, palette.accent)
        painter.text(str(math.ceil(rest)), number, theme.GIANT)
    else:
        face, words = rows(number, (3, 1), 0)
        painter.mascot(face, screen.mode, 0.0)
        painter.text(painter.tr("Here it comes…"), words, theme.TITLE)
    painter.text(
        painter.tr(MODE_RULES[screen.mode]), regions["rule"], theme.TITLE, palette.accent, lines=2
    )
    camera.show(painter, regions["camera"], view.camera)
    consent.draw(painter, layout)
